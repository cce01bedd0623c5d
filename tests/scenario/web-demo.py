#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""web-demo.py NASKAH: the living demo: `naskah demo --listen`, its six steps, and that no other
office has them."""
import html
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request

from browser import Browser
from tap import Naskah, run_cases
from web import Server, alone

ADDRESSES = ("/coba", "/coba/kop", "/coba/kop.png", "/coba/kop.pdf", "/coba/ti", "/coba/pindaian.pdf", "/coba/surat.pdf", "/coba/surat-diubah.pdf")
POSTS = ("/coba/ti", "/coba/ti/layanan", "/coba/csc/v2/info", "/coba/kop", "/coba/masuk", "/coba/langkah", "/coba/lagi")


class Demo:
    """A running `naskah demo --listen`."""

    def __init__(self, naskah, folder, listen="127.0.0.1:0"):
        self.child = subprocess.Popen(
            [naskah.program, "demo", "--dir", folder, "--listen", listen],
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, stdin=subprocess.DEVNULL, text=True,
            env=dict(os.environ, LC_ALL="C.UTF-8"))
        Server.running.append(self.child)
        self.address = self.wait_for_address()

    def wait_for_address(self):
        while True:
            line = self.child.stdout.readline()
            assert line, self.child.stderr.read()
            found = re.search(r"Open (http://\S+) ", line)
            if found:
                return found[1]

    def stop(self, number=signal.SIGINT):
        self.child.send_signal(number)
        said, faults = self.child.communicate(timeout=60)
        assert self.child.returncode == 0 and "ERROR" not in faults, (said, faults)


def served(naskah):
    """the demo office, made once and used by the other cases"""
    return Demo(naskah, naskah.folder)


def forms(page):
    """The forms of a page: address, hidden fields."""
    found = []
    for action, inner in re.findall(r'<form action="([^"]+)" method="post">(.*?)</form>', page, re.S):
        fields = {re.search(r'name="([^"]*)"', tag)[1]: html.unescape(re.search(r'value="([^"]*)"', tag)[1])
                  for tag in re.findall(r'<input [^>]*type="hidden"[^>]*>', inner)}
        found.append((action, fields))
    return found


def done(browser):
    """How many steps the page ticks."""
    return browser.page.count("govuk-tag--green")


def go_on(browser):
    """Presses the button of the step that is to be done now."""
    browser.get("/coba")
    assert browser.status == 200 and "DEMO" in browser.page, browser.page
    action, fields = forms(browser.page)[0]
    assert action in ("/coba/langkah", "/coba/masuk"), browser.page
    browser.send("POST", action, fields)
    if browser.status == 303:
        browser.get(browser.place)
    assert browser.status == 200, (action, fields, browser.status, browser.page)
    return fields


def decide(browser, **typed):
    """On the page of a task."""
    place = re.search(r'<form[^>]* action="(/tugas/[^"]+)"', browser.page)[1]
    browser.post(place, **typed)
    assert browser.status == 200, (typed, browser.page)


def steps(naskah):
    """six steps by their buttons: each is ticked when it has happened, and not before"""
    demo = served(naskah)
    browser = Browser(demo.address)
    assert browser.send("GET", "/") == 303 and browser.place == "/coba"
    browser.get("/coba")
    assert done(browser) == 0
    assert browser.send("GET", "/coba/pindaian.pdf") == 200 and "pdf" in browser.type
    assert browser.send("GET", "/coba/surat.pdf") == 409
    assert go_on(browser)["langkah"] == "register" and done(browser) == 1, browser.page
    assert go_on(browser)["orang"] == "sekar" and "DEMO" in browser.page
    browser.get("/coba")
    assert done(browser) == 1, "looking is not disposing"
    go_on(browser)
    decide(browser, keputusan="dispose", penerima="kepala-bagian-tata-usaha")
    assert go_on(browser)["langkah"] == "reply"
    browser.get("/coba")
    assert done(browser) == 2
    assert go_on(browser)["orang"] == "damar" and "lima belas" in browser.page
    decide(browser, keputusan="submit")
    assert go_on(browser)["orang"] == "kirana"
    decide(browser, keputusan="return", catatan="50 bukan lima belas")
    assert go_on(browser)["langkah"] == "correct" and "lima puluh" in browser.page
    decide(browser, keputusan="submit")
    browser.get("/coba")
    assert done(browser) == 3
    assert go_on(browser)["orang"] == "kirana"
    decide(browser, keputusan="approve")
    sign(demo, browser)
    verify(browser)
    browser.send("POST", "/coba/lagi", {})
    browser.get("/coba")
    assert browser.status == 200 and done(browser) == 0
    demo.stop()


def switch(browser, state):
    assert browser.send("POST", "/coba/ti/layanan", {"layanan": state}) == 303
    browser.get("/coba/ti")
    assert browser.status == 200, browser.page
    return "<strong class=\"govuk-tag govuk-tag--red\"" in browser.page


def sign(demo, browser):
    """While the signing service is off the letter waits; a wrong passphrase is none."""
    browser.get("/coba")
    passphrase = re.search(r'<code class="nsk-proof">([^<]+)</code>', browser.page)[1]
    assert done(browser) == 4
    assert go_on(browser)["orang"] == "sekar"
    place = re.search(r'action="(/tugas/[^"]+)/siapkan"', browser.page)[1]
    other = Browser(demo.address)
    assert other.send("POST", "/coba/ti/layanan", {"layanan": "x"}) == 400
    browser.post(place + "/siapkan")
    assert switch(other, "mati")
    browser.post(place + "/tanda-tangan", sandi=passphrase, kode="")
    assert browser.status == 422 and "tidak ada yang ditandatangani" in browser.page, browser.page
    assert switch(other, "mati") and re.search(r"ditanya [1-9]\d* kali", other.page), other.page
    assert not switch(other, "hidup")
    for word, steps_done in ((passphrase + "x", 4), (passphrase, 5)):
        browser.post(place + "/tanda-tangan", sandi=word, kode="")
        other.get("/coba")
        assert done(other) == steps_done, (browser.page, other.page)
    browser.get("/coba")


def verify(browser):
    assert go_on(browser)["langkah"] == "check"
    assert done(browser) == 6 and "asli, tidak berubah" in browser.page, browser.page
    assert "tidak asli" in browser.page
    for name in ("surat", "surat-diubah"):
        assert browser.send("GET", f"/coba/{name}.pdf") == 200 and "pdf" in browser.type


def again(naskah):
    """a second start uses the same office, a port that is taken is no obstacle, kill -9 is none
    either, and who is signed in stays so"""
    taken = socket.create_server(("127.0.0.1", 0))
    port = taken.getsockname()[1]
    demo = Demo(naskah, naskah.folder, f"127.0.0.1:{port}")
    assert demo.address != f"http://127.0.0.1:{port}"
    browser = Browser(demo.address)
    browser.send("POST", "/coba/masuk", {"orang": "sekar", "ke": "//evil.example/"})
    assert browser.status == 303 and browser.place == "/", browser.place
    assert browser.get("/beranda") and browser.status == 200
    children = f"/proc/{demo.child.pid}/task/{demo.child.pid}/children"
    with open(children, encoding="ascii") as file:
        (child,) = file.read().split()
    os.kill(int(child), signal.SIGKILL)
    assert demo.wait_for_address() == demo.address, "it comes back by itself, where it was"
    assert browser.get("/beranda") and browser.status == 200
    demo.stop(signal.SIGTERM)
    taken.close()


def cut_off(naskah):
    """a demo office that was cut off while it was made is none: the next start makes it anew"""
    folder = naskah.folder + "-putus"
    child = subprocess.Popen([naskah.program, "demo", "--dir", folder, "--listen", "127.0.0.1:0"],
                             stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, stdin=subprocess.DEVNULL)
    Server.running.append(child)
    while not os.path.exists(folder + ".half/office.db"):
        assert child.poll() is None
        time.sleep(0.01)
    with open(f"/proc/{child.pid}/task/{child.pid}/children", encoding="ascii") as file:
        maker = int(file.read())
    child.kill()
    os.kill(maker, signal.SIGKILL)
    child.communicate(timeout=60)
    assert not os.path.exists(folder)
    demo = Demo(naskah, folder)
    assert "Coba" in Browser(demo.address).get("/coba") and not os.path.exists(folder + ".half")
    demo.stop()


def facts(page):
    return re.findall(r'<dt[^>]*>([^<]*)</dt>\s*<dd[^>]*>([^<]*)</dd>', page)


def killed(naskah):
    """the server is killed while four write: it comes back, and all that was answered is there"""
    demo = served(naskah)
    browser = Browser(demo.address)
    browser.get("/coba/ti")
    memory = int(re.search(r"(\d+) MiB", browser.page)[1])
    assert browser.status == 200 and memory > 5 and not facts(browser.page)
    assert browser.send("POST", "/coba/ti", {}) == 303
    assert browser.send("POST", "/coba/ti", {}) == 303, "a second press is the same run"
    assert "kill" not in forms(browser.get("/coba/ti")), browser.page
    assert demo.wait_for_address() == demo.address
    browser.get("/coba/ti")
    told = [int(value) for _, value in facts(browser.page)]
    answered, there, lost, rate, away = told
    assert browser.status == 200 and lost == 0 and there >= answered >= 20, browser.page
    assert rate >= 10 and 0 < away < 30000, told
    assert answered < 4000, "nobody was writing any more"
    assert "Tidak ada yang hilang" in browser.page
    print(f"# {told}")
    demo.stop()


def images(demo):
    """How many pictures the pages of the letter under one's own letterhead have."""
    with urllib.request.urlopen(demo.address + "/coba/kop.pdf", timeout=60) as answer:
        data = answer.read()
    done = subprocess.run(["pdfimages", "-list", "-"], input=data, capture_output=True, check=True)
    return sum(b" image " in line for line in done.stdout.splitlines())


def letterhead(naskah):
    """somebody's own letterhead: faults at their fields, then a letter that bears it"""
    demo = served(naskah)
    browser = Browser(demo.address)
    browser.get("/coba/kop")
    typed = {"nama": "Dinas <b>Arsip</b> & Pustaka", "alamat": "Jalan Contoh 1", "kontak": "Telepon 1",
             "pola": "{seq}/ARS/{year}", "hal": "Undangan", "isi": "Baris <satu> & dua"}
    assert browser.status == 200, browser.page
    assert browser.send("GET", "/coba/kop.pdf") == 404, browser.status
    for name, wrong in (("nama", " "), ("isi", "x" * 3000), ("pola", "{tidak-ada}"), ("pola", "}{"),
                        ("hal", "a\x01b")):
        browser.send("POST", "/coba/kop", dict(typed, **{name: wrong}))
        assert browser.status == 422 and f'id="{name}-salah"' in browser.page, (name, browser.page)
    assert browser.send("POST", "/coba/kop", typed) == 200 and "kop.png" in browser.page, browser.page
    shown = re.search(r'id="nama"[^"]*"?[^>]*value="([^"]*)"', browser.page)
    assert shown and html.unescape(shown[1]) == typed["nama"], browser.page
    action, fields = forms(browser.page)[0]
    browser_of_damar = Browser(demo.address)
    browser_of_damar.send("POST", action, fields)
    page = browser_of_damar.get(browser_of_damar.place)
    assert "Baris &lt;satu&gt; &amp; dua" in page and "${" not in page, page
    assert browser.send("GET", "/coba/kop.png") == 200 and "png" in browser.type, browser.page
    assert browser.send("GET", "/coba/kop.pdf") == 200 and "pdf" in browser.type
    assert images(demo) == 0, "there is a picture already"
    emblem = os.path.join(os.environ["NASKAH_SOURCE"], "templates/profiles/desa.png")
    with open(emblem, "rb") as file:
        png = file.read()
    for data in (b"GIF89a" + png, png[:200], png[:30], png[:-40] + b"x" * 40, png + b"\0" * 600000):
        browser.get("/coba/kop")
        browser.post_file("/coba/kop", "lambang", data, **typed)
        assert browser.status in (413, 422), (len(data), browser.page)
        assert browser.status == 413 or 'id="lambang-salah"' in browser.page, (len(data), browser.page)
    for data in (png, None):  # sent once, it is there the next time
        browser.get("/coba/kop")
        browser.post_file("/coba/kop", "lambang", data, **typed)
        assert browser.status == 200, browser.page
        assert images(demo) == 1, "the emblem is not on the page"
    demo.stop()


def refused(naskah):
    """what the page does not offer is refused: other people, other steps, other names of this
    machine, other sites"""
    demo = served(naskah)
    browser = Browser(demo.address)
    for path, fields in (("/coba/masuk", {"orang": "bramantya"}), ("/coba/masuk", {}),
                         ("/coba/langkah", {"langkah": "x"}), ("/coba/langkah", {})):
        assert browser.send("POST", path, fields) == 400, (path, browser.status)
    assert browser.send("POST", "/coba/langkah", {"langkah": "check"}) == 409
    host = browser.host
    for name, origin in (("evil.example", "http://evil.example"), (host, "http://evil.example")):
        peer = socket.create_connection(("127.0.0.1", int(host.rsplit(":", 1)[1])))
        peer.sendall((f"POST /coba/masuk HTTP/1.1\r\nHost: {name}\r\nOrigin: {origin}\r\n"
                      "Content-Type: application/x-www-form-urlencoded\r\nContent-Length: 11\r\n"
                      "Connection: close\r\n\r\norang=sekar").encode())
        answer = peer.recv(100)
        assert b" 403 " in answer, answer
        peer.close()
    demo.stop()
    for listen in ("0.0.0.0:0", "[::1]:8080", "unix:/tmp/x", "127.0.0.1", "127.0.0.1:99999"):
        naskah.refuse(7, [listen], "demo", "--dir", naskah.folder, "--listen", listen, office=False)


def real(naskah):
    """a server that is no demo has none of these addresses; an office that is none is no demo"""
    server = Server(naskah)
    browser = Browser(server.address)
    for path in ADDRESSES:
        assert browser.send("GET", path) == 404, path
    for path in POSTS:
        assert browser.send("POST", path, {"orang": "sekar"}) == 404, path
    assert "DEMO" not in browser.get("/")
    server.stop()
    folder = naskah.folder + "-nyata"
    shutil.rmtree(folder, ignore_errors=True)
    directory = os.path.join(os.environ["NASKAH_SOURCE"], "templates/demo/directory.xml")
    naskah.run("init", folder, "--directory", directory, office=False)
    child = subprocess.run([naskah.program, "demo", "--dir", folder, "--listen", "127.0.0.1:0"],
                           capture_output=True, timeout=60, check=False)
    assert child.returncode != 0 and b"Open http" not in child.stdout, child


def main():
    with tempfile.TemporaryDirectory() as folder:
        naskah = Naskah(sys.argv[1], os.path.join(folder, "kantor"))
        run_cases([alone(case) for case in (steps, again, cut_off, killed, letterhead, refused, real)], naskah)


if __name__ == "__main__":
    main()
