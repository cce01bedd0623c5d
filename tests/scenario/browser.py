# SPDX-License-Identifier: GPL-3.0-or-later
"""Somebody who uses the pages over HTTP, without scripts."""
import html
import http.client
import re
import urllib.parse


class Browser:
    """Somebody with a browser: cookies, forms, and where he comes from."""

    def __init__(self, address):
        self.host = address.removeprefix("http://")
        self.cookies, self.page, self.status = {}, "", 0

    def send(self, method, path, fields=None):
        peer = http.client.HTTPConnection(self.host, timeout=60)
        headers = {"Accept": "text/html", "Accept-Language": "id", "Origin": f"http://{self.host}",
                   "Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items())}
        body = None
        if fields is not None:
            body = urllib.parse.urlencode(fields)
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        return self.ask(peer, method, path, body, headers)

    def send_body(self, method, path, body, kind):
        """@body as it is."""
        peer = http.client.HTTPConnection(self.host, timeout=60)
        headers = {"Accept": "text/html", "Accept-Language": "id", "Origin": f"http://{self.host}",
                   "Content-Type": kind,
                   "Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items())}
        return self.ask(peer, method, path, body, headers)

    def ask(self, peer, method, path, body, headers):
        if body is not None:
            headers["Sec-Fetch-Site"] = "same-origin"
        peer.request(method, path, body, headers)
        answer = peer.getresponse()
        data = answer.read()
        for name, value in answer.getheaders():
            if name.lower() == "set-cookie":
                cookie, _, rest = value.partition(";")
                key, _, text = cookie.partition("=")
                self.cookies[key] = text
        self.status, self.type = answer.status, answer.getheader("Content-Type", "")
        self.page, self.data = data.decode("utf-8", "replace"), data
        self.place = answer.getheader("Location", "")
        peer.close()
        return self.status

    def get(self, path):
        self.send("GET", path)
        for _ in range(3):
            if self.status != 303:
                break
            self.send("GET", self.place)
        return self.page

    def fields(self):
        """What the hidden fields of the page's forms carry; the last of a name counts."""
        hidden = re.findall(r'<input [^>]*type="hidden"[^>]*>', self.page)
        return {re.search(r'name="([^"]*)"', tag)[1]: html.unescape(re.search(r'value="([^"]*)"', tag)[1])
                for tag in hidden}

    def post(self, path, follow=True, **typed):
        self.send("POST", path, dict(self.fields(), **typed))
        if follow and self.status == 303:
            self.get(self.place)
        return self.page

    def post_file(self, path, field, data, **typed):
        """A form with a file; @data None: none was chosen.  A list is a field several times."""
        parts, mark = [], "batas-formulir-7f3a"
        for name, value in dict(self.fields(), **typed).items():
            for one in value if isinstance(value, list) else [value]:
                parts.append(f'--{mark}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{one}\r\n'
                             .encode())
        parts.append(f'--{mark}\r\nContent-Disposition: form-data; name="{field}"; '
                     f'filename="{"" if data is None else "pindai.pdf"}"\r\n'
                     "Content-Type: application/pdf\r\n\r\n".encode() + (data or b"") + b"\r\n")
        body = b"".join(parts) + f"--{mark}--\r\n".encode()
        self.send_body("POST", path, body, f"multipart/form-data; boundary={mark}")
        if self.status == 303:
            self.get(self.place)
        return self.page


def sign_in(naskah, address, person):
    """@person in a browser, with a password that he gave himself just now."""
    browser, password = Browser(address), "sumur bor nomor tujuh belas"
    first = naskah.ask("account", "reset", person)["password"]
    browser.get("/masuk")
    browser.post("/masuk", nama=person, sandi=first)
    browser.get("/profil/sandi")
    browser.post("/profil/sandi", sandi=first, **{"sandi-baru": password, "sandi-lagi": password})
    assert browser.get("/beranda") and browser.status == 200, (browser.status, browser.page)
    return browser
