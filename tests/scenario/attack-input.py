#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""attack-input.py NASKAH: requests that are too large, malformed, or more than one, to the whole server
and behind the sample of nginx.  Each is refused with its status, and the server goes on."""
import json
import os
import re
import shutil
import sys
import tempfile

import web
from attack import FORM, MADE_UP, Office, Peer
from tap import Naskah, run_cases

WORK = {}
SECOND = b"GET /readyz HTTP/1.1\r\nHost: kantor\r\nConnection: close\r\n\r\n"


def begin(naskah):
    """An office and people in it."""
    office = WORK["office"] = Office(naskah)
    WORK["damar"], WORK["ratna"] = office.person("damar"), office.person("ratna")
    WORK["letter"] = office.new_letter()


def raw(request, address=None):
    """What the server answers to bytes until it closes, or says nothing more for a while."""
    address = address or WORK["office"].server.address
    with web.connect(address) as peer:
        peer.settimeout(3)
        data = b""
        try:
            peer.sendall(request)
            while block := peer.recv(65536):
                data += block
        except (ConnectionResetError, BrokenPipeError, TimeoutError, OSError):
            pass
    return data


def statuses(data):
    return [int(status) for status in re.findall(rb"HTTP/1\.1 (\d{3}) ", data)]


def status_of(peer, path, headers):
    """0: closed without an answer, which is what becomes of more names than there is memory for."""
    try:
        return peer.get(path, **headers).status
    except AssertionError as fault:
        assert "without an answer" in str(fault), fault
        return 0


def large(_naskah):
    """What is too large is refused by its name: address, headers, cookies, fields, bodies."""
    damar = WORK["damar"]
    cases = [
        ("/arsip?kata=" + "a" * 20000, {}, (414, 431, 400)),
        ("/" + "a/" * 40, {}, (400, 404)),
        ("/arsip", {"X_Besar": "a" * 20000}, (431, 400)),
        ("/arsip", {f"X_{n}": "a" for n in range(150)}, (431,)),
        ("/arsip", {"Cookie": "; ".join(f"k{n}=v" for n in range(700))}, (200, 303, 431)),
        ("/arsip", {"Cookie": "sesi=" + "a" * 12000}, (303, 431)),
        ("/arsip?" + "&".join(f"k{n}=v" for n in range(510)), {}, (0, 400)),
        ("/arsip?" + "&".join(f"k{n}=v" for n in range(900)), {}, (0, 400)),
        ("/arsip?" + "a&" * 8000, {}, (0, 400, 431)),
        ("/arsip", {"Accept_Language": ",".join("id;q=0.1" for _ in range(1200))}, (200, 303, 431)),
        ("/arsip", {"If_None_Match": ",".join('"a"' for _ in range(2000))}, (200, 303, 431)),
        ("/arsip", {"Range": "bytes=" + ",".join("0-1" for _ in range(2000))}, (200, 303, 431)),
        ("/arsip", {"X_Forwarded_For": ",".join("1.2.3.4" for _ in range(1500))}, (200, 303, 431)),
    ]
    for path, headers, expected in cases:
        status = status_of(damar, path, headers)
        assert status in expected, (path[:60], list(headers)[:1], status)
    fields = {f"k{n}": "v" for n in range(2000)}
    for path in ("/masuk", "/tampilan", "/draf/baru"):
        answer = damar.ask("POST", path, fields)
        assert answer.status in (400, 403, 413, 422), (path, answer)
        answer = damar.ask("POST", path, b"a=" + b"b" * 3_000_000, Content_Type=FORM)
        assert answer.status == 413, (path, answer.status)
    mark = "x" * 60
    part = f'--{mark}\r\nContent-Disposition: form-data; name="k"\r\n\r\nv\r\n'.encode()
    for body in (part * 3000 + f"--{mark}--\r\n".encode(), b"--" + mark.encode() + b"\r\n" + b"X-A: b\r\n" * 5000,
                 f'--{mark}\r\nContent-Disposition: form-data; name="{"n" * 70000}"\r\n\r\nv\r\n--{mark}--\r\n'.encode()):
        answer = damar.ask("POST", "/v", body, Content_Type=f"multipart/form-data; boundary={mark}")
        assert answer.status in (400, 413, 422), answer


def deep(_naskah):
    """Values that are deep, doubled or endless are refused, whatever carries them."""
    office = WORK["office"]
    program = office.program("damar")
    path = f"/api/v1/letters/{WORK['letter']}/notes"
    for body in (b"[" * 200000, b'{"text":' * 10000 + b"1" + b"}" * 10000, b'{"text":"a","text":"b"}',
                 b'{"text":1e999999}', b'{"text":"\\ud800"}', b'{"text":"\xed\xa0\x80"}', b'{"text":"a\\u0000b"}',
                 b'\xef\xbb\xbf{"text":"a"}', b"\xff\xfe{\x00}\x00", b'{"__proto__":{"text":"a"}}', b'{"text":["a"]}',
                 b'{"text":NaN}', b'{"text":"a"}' * 2, b"{" + b'"a":1,' * 50000 + b'"text":"a"}'):
        answer = program.ask("POST", path, body, Content_Type="application/json")
        assert answer.status in (400, 413, 422), (body[:40], answer)
    head = '<?xml version="1.0"?>'
    for xml in (head + '<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]><letter xmlns="urn:naskah:letter:1">&b;</letter>',
                head + '<!DOCTYPE a [' + "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10 if n else "x"}">' for n in range(12)) +
                ']><letter>&e11;</letter>', "<a>" * 5000, "<letter" + "".join(f' a{n}="b"' for n in range(20000)) + "/>",
                head + '<?xml-stylesheet href="http://lain.example/x.xsl"?><letter/>',
                '<letter xmlns:xi="http://www.w3.org/2001/XInclude"><xi:include href="/etc/passwd" parse="text"/></letter>'):
        answer = program.json("POST", "/api/v1/letters", {"xml": xml, "position": "staf-persuratan"})
        assert answer.status in (400, 413, 422) and "root:" not in answer.text, (xml[:60], answer)


def headers(_naskah):
    """Nothing that is sent becomes a header of an answer, and what is shown back is text."""
    damar, guest = WORK["damar"], Peer(WORK["office"].server)
    for evil in ("%0d%0aX-Jahat:%201", "%0aX-Jahat:%201", "%e5%98%8a%e5%98%8dX-Jahat:%201", "%00", "%0d", "%c4%8d%c4%8a"):
        for path in (f"/arsip?kata={evil}", f"/masuk?ke=/{evil}", f"/v?kode={evil}", f"/bahasa/{evil}",
                     f"/bahasa/id?lang={evil}", f"/arsip?pesan={evil}", f"/profil?{evil}", f"/aset/{evil}",
                     f"/tugas?jenis={evil}", f"/laporan?unit={evil}", f"/api/v1/letters?text={evil}"):
            for peer in (damar, guest):
                answer = peer.get(path)
                assert "x-jahat" not in answer.headers and answer.status < 500, (path, answer)
                assert "\r" not in answer.to and "\n" not in answer.to, (path, answer.to)
    for evil in ("kantor/../x", "kantor@lain", "kantor\\lain", "kan tor", "kantor:80:80", "<b>", "kantor#x", "", "a" * 300):
        data = raw(f"GET / HTTP/1.1\r\nHost: {evil}\r\nConnection: close\r\n\r\n".encode())
        status = statuses(data)
        assert status in ([400], [200]) and (status == [400] or evil == "kantor:80:80"), (evil, data[:300])
    shown = guest.get("/masuk?ke=%2Fx%22%3E%3Cscript%3Ealert(1)%3C%2Fscript%3E")
    assert "<script>alert" not in shown.text and shown.status == 200, shown
    answer = guest.get("/profil", traceparent="00-x\"},{\"level\":\"x-00-00", User_Agent='a"b\\c<script>')
    assert answer.status == 303, answer
    for name, value in guest.get("/").headers.items():
        assert "\r" not in value, (name, value)


# What a proxy and the server could read in two ways; each is one request at most.
TWICE = (
    b"POST /masuk HTTP/1.1\r\nHost: kantor\r\nContent-Length: 0\r\nContent-Length: 60\r\n\r\n",
    b"POST /masuk HTTP/1.1\r\nHost: kantor\r\nContent-Length : 60\r\n\r\n",
    b"POST /masuk HTTP/1.1\r\nHost: kantor\r\nContent-Length: +60\r\n\r\n",
    b"POST /masuk HTTP/1.1\r\nHost: kantor\r\nContent-Length: 6,60\r\n\r\n",
    b"POST /masuk HTTP/1.1\r\nHost: kantor\r\nContent-Length: 0x3c\r\n\r\n",
    b"POST /masuk HTTP/1.1\r\nHost: kantor\r\nContent-Length: 18446744073709551616\r\n\r\n",
    b"POST /masuk HTTP/1.1\r\nHost: kantor\r\nContent-Length: 60\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
    b"POST /masuk HTTP/1.1\r\nHost: kantor\r\nTransfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\n\r\n0\r\n\r\n",
    b"POST /masuk HTTP/1.1\r\nHost: kantor\r\nTransfer-Encoding: xchunked\r\nContent-Length: 3\r\n\r\n0\r\n\r\n",
    b"POST /masuk HTTP/1.1\r\nHost: kantor\r\nTransfer-Encoding:\x0bchunked\r\nContent-Length: 3\r\n\r\n0\r\n\r\n",
    b"POST /masuk HTTP/1.1\r\nHost: kantor\r\nTransfer-Encoding: chunked, identity\r\n\r\n0\r\n\r\n",
    b"POST /masuk HTTP/1.1\r\nHost: kantor\r\nX: a\nContent-Length: 60\r\n\r\n",
    b"POST /masuk HTTP/1.1\r\nHost: kantor\r\n Content-Length: 60\r\n\r\n",
    b"POST /masuk HTTP/1.1\r\nHost: kantor\r\nX: a\r\n\tContent-Length: 60\r\n\r\n",
    b"POST /masuk HTTP/1.1\r\nHost: kantor\r\nX\x00: a\r\nContent-Length: 60\r\n\r\n",
    b"GET /livez HTTP/1.1\r\nHost: kantor\r\nHost: lain\r\n\r\n",
    b"GET http://lain/livez HTTP/1.1\r\nHost: kantor\r\n\r\n",
    b"GET /livez HTTP/1.2\r\nHost: kantor\r\n\r\n",
    b"GET /livez  HTTP/1.1\r\nHost: kantor\r\n\r\n",
    b"GET /livez\tHTTP/1.1\r\nHost: kantor\r\n\r\n",
    b"GET /livez HTTP/1.1\r\nHost kantor\r\n\r\n",
    b"CONNECT lain:443 HTTP/1.1\r\nHost: lain\r\n\r\n",
    b"TRACE / HTTP/1.1\r\nHost: kantor\r\n\r\n",
    b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
    b"GET /livez HTTP/1.1\r\nHost: kantor\r\nUpgrade: h2c\r\nConnection: Upgrade, HTTP2-Settings\r\nHTTP2-Settings: A\r\n",
    b"\r\n\r\n\r\nGET /livez HTTP/1.1\r\n\r\n",
    b"POST /masuk HTTP/1.1\r\nHost: kantor\r\nTransfer-Encoding: chunked\r\nContent-Type: x\r\n\r\n-1\r\nabc\r\n0\r\n\r\n",
    b"POST /masuk HTTP/1.1\r\nHost: kantor\r\nTransfer-Encoding: chunked\r\n\r\nFFFFFFFFFFFFFFFFF\r\nabc\r\n0\r\n\r\n",
    b"POST /masuk HTTP/1.1\r\nHost: kantor\r\nTransfer-Encoding: chunked\r\n\r\n3\nabc\n0\n\n",
)


def send_twice(address):
    """What is answered to each, where a request stands behind it."""
    told = [(bytes_, raw(bytes_ + SECOND, address)) for bytes_ in TWICE]
    faults = [(bytes_, data[:300]) for bytes_, data in told
              if any(status >= 500 and status not in (501, 505) for status in statuses(data))]
    assert not faults, faults
    return told


def smuggled(_naskah):
    """No malformed request is two."""
    office = WORK["office"]
    whole = (b"\r\n", b"GET /livez HTTP/1.1\r\nHost: kantor\r\nUp")  # whose rest is no second request
    faults = [(bytes_, data[:300]) for bytes_, data in send_twice(office.server.address)
              if 200 in statuses(data)[1:] and not bytes_.startswith(whole)]
    assert not faults, faults
    assert WORK["damar"].is_in()


def proxied(naskah):
    """Behind the sample for nginx the server sees as many requests as nginx does."""
    if shutil.which("nginx") is None:
        print("# nginx is not installed: its sample was not run")
        return
    server = web.Logged(naskah, "--proxy", "127.0.0.1")
    address, _, child = web.start_nginx(server)
    assert web.ask_when_up(address)[0] == 200
    answers = sum(statuses(data).count(200) for _, data in send_twice(address))
    assert web.ask(address, "/livez")[0] == 200
    child.terminate()
    child.wait()
    seen = [line for line in server.stop() if line.get("status") == 200]
    assert answers >= 3 and len(seen) == answers + 2, (answers, seen)  # two were ours


def uploads(_naskah):
    """A file's name leads nowhere, and a letter's attachment stays below the letter."""
    office = WORK["office"]
    program = office.program("damar")
    path = f"/api/v1/letters/{WORK['letter']}"
    etag = program.get(path).headers["etag"].replace("-gz", "")
    for name in ("..", "%2e%2e%2fx.txt", "..%5cx.txt", "a%00.txt", "%c0%ae%c0%ae.txt", ".git", ".hidden", "con%0a.txt", "a/b",
                 "x" * 300 + ".txt", "%ff.txt", "%e2%80%ae.txt", "letter.xml%00", "-rf", "%20", "*"):
        answer = program.ask("PUT", f"{path}/attachments/{name}", b"abc", Content_Type="text/plain", If_Match=etag)
        assert 400 <= answer.status < 500, (name, answer)
    shown = program.get(path)
    assert shown.headers["etag"].replace("-gz", "") == etag
    found = [os.path.join(base, name) for base, _, names in os.walk(os.path.dirname(office.naskah.folder))
             for name in names if name in ("x.txt", ".hidden", "-rf")]
    assert not found, found
    ratna = WORK["ratna"]
    for kind in ("../../x", "text/html", 'x"; y="'):
        answer = ratna.ask("PUT", f"{path}/attachments/y.txt", b"<script>", Content_Type=kind)
        assert 400 <= answer.status < 500, answer
    for code in (MADE_UP + "/../..", "%2e%2e/office.db", MADE_UP + "%00", "..;/" + MADE_UP, MADE_UP + ".json"):
        assert Peer(office.server).get(f"/v/{code}").status in (400, 404), code


def last(_naskah):
    """The server stood it all."""
    office = WORK["office"]
    assert WORK["damar"].is_in()
    lines = office.server.stop()
    faults = [line for line in lines if line.get("status", 0) >= 500 and line["status"] not in (501, 503)]
    assert not faults, json.dumps(faults[:5])
    assert all("\\n" not in json.dumps(line.get("reason", "")) for line in lines)


def main():
    with tempfile.TemporaryDirectory() as folder:
        web.WORK["folder"] = folder
        naskah = Naskah(os.path.abspath(sys.argv[1]), os.path.join(folder, "kantor"))
        try:
            run_cases([begin, large, deep, headers, smuggled, uploads, last, proxied], naskah)
        finally:
            for child in web.Server.running:
                child.kill()


if __name__ == "__main__":
    main()
