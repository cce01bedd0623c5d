#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""web.py NASKAH: `naskah serve --listen`, as who looks after a server uses it."""
import json
import os
import re
import shutil
import signal
import socket
import ssl
import subprocess
import sys
import tempfile
import threading
import time

from tap import Naskah, run_cases, tool

SOURCE = os.environ["NASKAH_SOURCE"]
WORK = {}


class Server:
    """A running `naskah serve --listen`."""

    running = []

    def __init__(self, naskah, *options, listen="127.0.0.1:0"):
        self.child = subprocess.Popen(
            [naskah.program, "serve", "--dir", naskah.folder, "--listen", listen, *options],
            stderr=subprocess.PIPE, stdin=subprocess.DEVNULL)
        Server.running.append(self.child)
        self.said = []
        self.address = self.wait_for("browsers are served at ")
        self.admin = self.wait_for("health and figures are told at ") if "--admin" in options else ""

    def wait_for(self, words):
        """What stands behind @words in the next line that begins with them."""
        while True:
            line = self.child.stderr.readline().decode()
            assert line, f"ended: {self.said}"
            self.said.append(json.loads(line))
            if self.said[-1]["msg"].startswith(words):
                return self.said[-1]["msg"][len(words):]

    def stop(self):
        """The lines that it wrote since."""
        self.child.send_signal(signal.SIGTERM)
        rest = self.child.stderr.read().decode()
        self.child.stderr.close()
        assert self.child.wait(60) == 0 and "ERROR" not in rest, rest
        return [json.loads(line) for line in rest.splitlines()]


class Logged(Server):
    """One whose log is read while it runs."""

    def __init__(self, naskah, *options):
        super().__init__(naskah, *options)
        self.lines = []
        self.reader = threading.Thread(target=lambda: self.lines.extend(self.child.stderr), daemon=True)
        self.reader.start()

    def stop(self):
        self.child.send_signal(signal.SIGTERM)
        status = self.child.wait(60)
        self.reader.join(60)
        text = b"".join(self.lines).decode()
        assert status == 0 and "ERROR" not in text, text[-3000:]
        return [json.loads(line) for line in text.splitlines()]


def alone(case):
    """No server outlives its case."""
    def run(naskah):
        try:
            case(naskah)
        finally:
            for child in Server.running:
                child.kill()
                child.wait()
            Server.running.clear()
    run.__doc__ = case.__doc__
    return run


def connect(address):
    if address.startswith("unix:"):
        peer = socket.socket(socket.AF_UNIX)
        peer.connect(address[len("unix:"):])
    else:
        peer = socket.create_connection(("127.0.0.1", int(address.rsplit(":", 1)[1])))
        if address.startswith("https:"):
            context = ssl.create_default_context()
            context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
            peer = context.wrap_socket(peer, server_hostname="surat.example.go.id")
    peer.settimeout(30)
    return peer


def ask(address, path, *headers, method="GET", host="surat.example.go.id",
        content=""):
    """(status, headers, content) of one request on a connection of its own."""
    lines = [f"{method} {path} HTTP/1.1", f"Host: {host}", "Connection: close", *headers, "", content]
    with connect(address) as peer:
        peer.sendall("\r\n".join(lines).encode())
        data = b""
        while block := peer.recv(65536):
            data += block
    head, _, content = data.partition(b"\r\n\r\n")
    rows = head.decode().split("\r\n")
    named = {name.lower(): value for name, _, value in (row.partition(": ") for row in rows[1:])}
    return int(rows[0].split()[1]), named, content.decode()


def made_certificate(name):
    """A certificate that signs itself, and its key."""
    cert, key = (os.path.join(WORK["folder"], f"{name}.{part}") for part in ("pem", "key"))
    tool("openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1",
         "-nodes", "-keyout", key, "-out", cert, "-days", "2", "-subj", f"/CN={name}")
    return cert, key


def health(naskah):
    """Health is told to everybody, details and figures at the admin's address alone."""
    server = Server(naskah, "--admin", "127.0.0.1:0")
    for path in ("/livez", "/readyz"):
        assert ask(server.address, path)[2] == "ok\n"
        assert ask(server.address, path, method="HEAD")[2] == ""
    assert ask(server.address, "/metrics")[0] == 404
    details = json.loads(ask(server.admin, "/readyz")[2])
    assert details == {"disk": "ok", "office": "ok", "open": "ok", "queue": "ok"}, details
    ask(server.address, "/v/Budi%20Santoso?nip=198001012005011001")
    figures = ask(server.admin, "/metrics")[2]
    assert 'naskah_http_requests_total{route="/livez",method="GET",code="200"} 2\n' in figures, figures
    assert 'le="+Inf"' in figures and "naskah_changes_total " in figures
    for line in figures.splitlines():
        assert re.fullmatch(r'# (HELP|TYPE) .*|[a-z_]+(\{[^{}]*\})? [0-9.]+', line) or "{" in line, line
    lines = server.stop()
    text = json.dumps(lines)
    assert "Budi" not in text and "198001" not in text and "127.0.0.1" not in text, text
    routes = [line["route"] for line in lines if line["msg"] == "request"]
    assert "/livez" in routes and all(line["request"] for line in lines if "route" in line), lines


def commands(naskah):
    """Commands write beside it, and letters are made while it serves."""
    server = Server(naskah)
    letter = naskah.ask("letter", "new", os.path.join(SOURCE, "templates/letters/surat-dinas.sample.xml"),
                        "--position", "staf-persuratan", person="damar")["letter"]
    assert letter in str(naskah.ask("letter", "show", letter, person="damar"))
    assert ask(server.address, "/readyz")[0] == 200
    server.stop()


def refusals(naskah):
    """It does not listen publicly without a certificate or a proxy, nor with half of one."""
    cert, key = made_certificate("refusals")
    listen = ("serve", "--listen")
    naskah.refuse(7, ["0.0.0.0:0", "certificate", "proxy"], *listen, "0.0.0.0:0")
    naskah.refuse(7, ["told on this machine alone"], *listen, "127.0.0.1:0", "--admin", "0.0.0.0:0")
    naskah.refuse(1, ["is no address"], *listen, "localhost:80")
    naskah.refuse(1, ["together"], *listen, "127.0.0.1:0", "--tls-cert", cert)
    naskah.refuse(1, ["PEM"], *listen, "127.0.0.1:0", "--tls-cert", key, "--tls-key", key)
    naskah.refuse(1, ["--listen"], "serve", "--proxy", "127.0.0.1")
    naskah.refuse(1, ["no address of a proxy"], *listen, "127.0.0.1:0", "--proxy", "example.go.id")
    with socket.create_server(("127.0.0.1", 0)) as taken:
        naskah.refuse(75, ["cannot listen"], *listen, f"127.0.0.1:{taken.getsockname()[1]}")


def tls(naskah):
    """It serves by TLS, and takes a new certificate without ending."""
    cert, key = made_certificate("satu")
    server = Server(naskah, "--tls-cert", cert, "--tls-key", key, listen="0.0.0.0:0")

    def seen():
        port = int(server.address.rsplit(":", 1)[1])
        return ssl.get_server_certificate(("127.0.0.1", port))

    with open(cert, encoding="ascii") as file:
        assert seen().split() == file.read().split()
    status, headers, _ = ask(server.address, "/livez")
    assert status == 200 and "strict-transport-security" in headers
    with socket.create_connection(("127.0.0.1", int(server.address.rsplit(":", 1)[1]))) as plain:
        plain.sendall(b"GET /livez HTTP/1.1\r\nHost: a\r\n\r\n")
        plain.settimeout(30)
        try:
            assert b"200 OK" not in plain.recv(1000)
        except ConnectionResetError:
            pass
    for old, new in zip((cert, key), made_certificate("dua")):
        os.replace(new, old)
    server.child.send_signal(signal.SIGHUP)
    server.wait_for("the certificate was read again")
    with open(cert, encoding="ascii") as file:
        assert seen().split() == file.read().split()
    with open(cert, "w", encoding="ascii") as file:
        file.write("no certificate")
    server.child.send_signal(signal.SIGHUP)
    server.wait_for("cannot serve with the certificate")
    assert ask(server.address, "/livez")[0] == 200
    server.stop()


def unix(naskah):
    """It serves on a socket, which is gone afterwards; one that a dead server left is no hindrance."""
    path = os.path.join(WORK["folder"], "web.sock")
    server = Server(naskah, listen=f"unix:{path}")
    assert ask(server.address, "/livez")[0] == 200
    server.child.kill()
    server.child.wait()
    assert os.path.exists(path)
    server = Server(naskah, listen=f"unix:{path}")
    assert ask(server.address, "/livez")[0] == 200
    server.stop()
    assert not os.path.exists(path)


def pages(naskah):
    """Anybody sees whose office it is, in two languages, and checks a published letter by its code."""
    folder = os.path.join(naskah.folder, "public")
    code, hidden = "01890a5d-ac96-774b-bcce-b302099a8057", "01890a5d-ac96-774b-bcce-b302099a8058"
    facts = {"letter": code, "agency": "Badan <Air> & Tanah", "unit": "Biro Umum", "number": "B-17/2026",
             "date": "2026-07-22", "subject": "Rapat", "kind": "surat-edaran", "rahasia": "jangan",
             "sha256": "ab" * 32}
    os.makedirs(folder, exist_ok=True)
    for ending, text in (("json", json.dumps(facts)), ("pdf", "%PDF-1.7 uji")):
        with open(os.path.join(folder, f"{code}.{ending}"), "w", encoding="utf-8") as file:
            file.write(text)
    server = Server(naskah)

    def get(path, *headers):
        return ask(server.address, path, *headers)

    status, headers, home = get("/", "Accept: text/html")
    assert status == 200 and ' lang="id">' in home and "Badan Pengelola Air Tanah Nusantara" in home
    assert "Official letters of" in get("/", "Accept-Language: en")[2]
    assert ' lang="en">' in get("/", "Cookie: lang=en")[2]
    status, headers, _ = get("/bahasa/en", "Referer: http://surat.example.go.id/v/x")
    assert (status, headers["location"]) == (303, "/v/x") and "lang=en" in headers["set-cookie"]
    for evil in ("http://lain/", "http://surat.example.go.id.lain/x", "http://surat.example.go.id//lain"):
        assert get("/bahasa/id", f"Referer: {evil}")[1]["location"] == "/", evil
    for asset in re.findall(r'"(/aset/[^"]+)"', home):
        status, headers, content = get(asset)
        assert status == 200 and "immutable" in headers["cache-control"] and content, asset
        assert get(asset, f"If-None-Match: {headers['etag']}")[0] == 304
    assert get("/aset/naskah-00000000.css")[0] == 404 and get("/aset/..%2fnaskah.css")[0] == 400
    status, headers, page = get(f"/v/{code}")
    assert status == 200 and "Badan &lt;Air&gt; &amp; Tanah" in page and "B-17/2026" in page, page
    assert "jangan" not in page
    status, headers, content = get(f"/v/{code}/surat.pdf")
    assert (status, content) == (200, "%PDF-1.7 uji") and "sandbox" in headers["content-security-policy"]
    assert get(f"/v/{code}/surat.pdf", f"If-None-Match: {headers['etag']}")[0] == 304
    for path in (f"/v/{hidden}", "/v/office.db", "/v/%3Cscript%3E", "/v/..", f"/v/{hidden}/surat.pdf"):
        status, _, content = get(path, "Accept: text/html")
        assert status in (400, 404) and "<script>" not in content, (path, status)
    assert get(f"/v?kode=%20naskah:{code.upper()}")[1]["location"] == f"/v/{code}"
    assert get(f"/v?kode=https://lain/v/{code}")[1]["location"] == f"/v/{code}"
    assert get("/v?kode=%0d%0aX:%20y")[1]["location"].startswith("/")
    assert get("/v?kode=..")[1]["location"] == "/" and get("/v")[1]["location"] == "/"
    server.stop()


def display(naskah):
    """Anybody chooses how pages look, and finds help and what holds of their accessibility."""
    server = Server(naskah)
    form = "Content-Type: application/x-www-form-urlencoded"

    def choose(body):
        return ask(server.address, "/tampilan", form, "Sec-Fetch-Site: same-origin", f"Content-Length: {len(body)}", method="POST",
                   content=body)

    page = ask(server.address, "/tampilan", "Referer: http://surat.example.go.id/v/x?a=1",
               "Cookie: size=large; theme=dark")[2]
    assert 'data-size="large"' in page and 'data-theme="dark"' in page and 'value="/v/x?a=1"' in page
    status, headers, _ = choose("tema=contrast&ukuran=largest&bahasa=en&kembali=%2Fv%2Fx%3Fa%3D1")
    assert (status, headers["location"]) == (303, "/v/x?a=1"), (status, headers)
    status, headers, _ = choose("tema=%3Cx%3E&kembali=%2F%2Flain")
    assert headers["location"] == "/" and "set-cookie" not in headers, headers
    assert 'data-size="usual"' in ask(server.address, "/tampilan", "Cookie: size=%22onload")[2]
    for path in ("/bantuan", "/aksesibilitas"):
        assert "<h1" in ask(server.address, path)[2]
    server.stop()


def free_port():
    with socket.create_server(("127.0.0.1", 0)) as taken:
        return taken.getsockname()[1]


def start_nginx(server):
    """(address, port without TLS, process) of the sample for nginx before the server."""
    cert, key = made_certificate("nginx")
    plain, secure = free_port(), free_port()
    with open(os.path.join(SOURCE, "templates/proxy/nginx.conf"), encoding="utf-8") as file:
        sample = file.read()
    for old, new in (("127.0.0.1:8080", server.address.removeprefix("http://")),
                     ("listen 80;", f"listen 127.0.0.1:{plain};"),
                     ("listen 443 ", f"listen 127.0.0.1:{secure} "),
                     ("/etc/ssl/naskah/chain.pem", cert), ("/etc/ssl/naskah/key.pem", key)):
        assert old in sample, old
        sample = sample.replace(old, new)
    folder = os.path.join(WORK["folder"], "nginx")
    os.mkdir(folder)
    places = "".join(f"{name}_temp_path {folder}/{name};\n"
                     for name in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi"))
    config = os.path.join(folder, "nginx.conf")
    with open(config, "w", encoding="utf-8") as file:
        file.write(f"daemon off; pid {folder}/pid; error_log {folder}/error;\n"
                   f"events {{}}\nhttp {{ access_log off;\n{places}{sample}}}\n")
    child = subprocess.Popen(["nginx", "-p", folder, "-c", config], stdin=subprocess.DEVNULL,
                             stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    Server.running.append(child)
    return f"https://127.0.0.1:{secure}", plain, child


def ask_when_up(address, *headers):
    for _ in range(300):
        try:
            return ask(address, "/livez", *headers)
        except OSError:
            time.sleep(0.1)
    raise AssertionError(f"{address} does not answer")


def behind_nginx(naskah):
    """The sample for nginx serves by TLS, and says who asks."""
    if shutil.which("nginx") is None:
        print("# nginx is not installed: its sample was not run")
        return
    server = Server(naskah, "--proxy", "127.0.0.1", "--admin", "127.0.0.1:0")
    address, plain, child = start_nginx(server)
    status, headers, content = ask_when_up(address, "X-Forwarded-For: 1.2.3.4")
    assert (status, content) == (200, "ok\n"), (status, content)
    # nginx said that the browser came by TLS
    assert "strict-transport-security" in headers and "content-security-policy" in headers
    status, headers, _ = ask(f"http://127.0.0.1:{plain}", "/livez")
    assert status == 301 and headers["location"].startswith("https://"), headers
    with connect(address) as peer:  # nginx folds nothing into two
        peer.sendall(b"POST /livez HTTP/1.1\r\nHost: surat.example.go.id\r\nContent-Length: 0\r\n"
                     b"Content-Length: 40\r\n\r\nGET /readyz HTTP/1.1\r\nHost: a\r\n\r\n")
        assert b" 400 " in peer.recv(1000)
    child.terminate()
    child.wait()
    server.stop()


def main():
    with tempfile.TemporaryDirectory() as folder:
        WORK["folder"] = folder
        naskah = Naskah(sys.argv[1], os.path.join(folder, "kantor"))
        naskah.run("init", naskah.folder, "--demo", "--empty", office=False)
        run_cases([alone(case) for case in (health, commands, pages, display, refusals, tls, unix,
                                          behind_nginx)], naskah)


if __name__ == "__main__":
    main()
