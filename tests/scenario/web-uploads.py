#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""web-uploads.py NASKAH: files that come in pieces, while the line breaks and the server dies."""
import hashlib
import http.client
import json
import os
import sqlite3
import sys
import tempfile
import threading

from browser import sign_in
from tap import Naskah, run_cases
from web import SOURCE, Server, alone

OFFICE = {}  # tokens by person
SCOPES = {"damar": ["letters:write", "letters:read"], "wening": ["incoming:write"], "kirana": ["letters:read"]}
PATH = "/api/v1/uploads"
PIECE = "application/offset+octet-stream"


class Faulty(Server):
    """A server that dies, or fails, at a place."""

    def __init__(self, naskah, fault):
        os.environ["NASKAH_FAULT"] = fault
        try:
            super().__init__(naskah)
        finally:
            del os.environ["NASKAH_FAULT"]

    def died(self):
        self.child.stderr.read()
        self.child.stderr.close()
        return self.child.wait(120)


def ask(server, method, path, body=None, person="damar", headers=(), raw=None):
    """(status, headers by small name, content: parsed if it is JSON); None if the server died."""
    host, port = server.address.removeprefix("http://").split(":")
    peer = http.client.HTTPConnection(host, int(port), timeout=120)
    sent = dict(headers, Authorization=f"Bearer {OFFICE[person]}")
    data = raw
    if body is not None:
        data = json.dumps(body).encode()
        sent.setdefault("Content-Type", "application/json")
    try:
        peer.request(method, path, body=data, headers=sent)
        answer = peer.getresponse()
        content = answer.read()
    except (ConnectionError, http.client.HTTPException):
        return None, {}, None
    finally:
        peer.close()
    named = {name.lower(): value for name, value in answer.getheaders()}
    if content and "json" in named.get("content-type", ""):
        content = json.loads(content)
    return answer.status, named, content


def good(status, *args, **options):
    got, headers, content = ask(*args, **options)
    assert got == status, (args[1:3], got, content)
    return headers, content


def begin(server, data, name="lampiran.bin", person="damar", sha256=None):
    """The path of a new upload for @data."""
    headers, made = good(201, server, "POST", PATH, {
        "name": name, "size": len(data), "sha256": sha256 or hashlib.sha256(data).hexdigest()}, person)
    assert headers["location"] == f"{PATH}/{made['upload']}" and headers["upload-offset"] == "0", headers
    return headers["location"]


def send(server, path, data, offset, person="damar"):
    return ask(server, "PATCH", path, raw=data, person=person,
               headers={"Content-Type": PIECE, "Upload-Offset": str(offset)})


def offset_of(server, path):
    headers, _ = good(200, server, "HEAD", path)
    assert headers["tus-resumable"] == "1.0.0", headers
    return int(headers["upload-offset"])


def send_all(server, path, data, piece):
    """The rest, from where the server says that it has it."""
    at = offset_of(server, path)
    while at < len(data):
        status, headers, content = send(server, path, data[at:at + piece], at)
        assert status == 204, (at, status, content)
        at = int(headers["upload-offset"])
    return good(200, server, "GET", path)[1]


def give_token(naskah, person):
    OFFICE[person] = naskah.ask("token", "make", *SCOPES[person], "--label", "uji", person=person)["token"]


def browse(naskah, server, person):
    """The person in a browser; his new password has ended his tokens."""
    browser = sign_in(naskah, server.address, person)
    if person in SCOPES:
        give_token(naskah, person)
    return browser


@alone
def comes_in_pieces(naskah):
    """A file comes in pieces, each where the last one ended, and is what was promised."""
    naskah.run("init", naskah.folder, "--demo", "--empty", office=False)
    for person in SCOPES:
        give_token(naskah, person)
    data = os.urandom(3_000_000)
    server = Server(naskah)
    path = begin(server, data)
    assert send(server, path, data[:1000], 0)[0] == 204
    assert good(200, server, "GET", PATH)[1]["uploads"][0]["offset"] == 1000
    # lost count: nothing changes, and the right number is told
    for wrong in (0, 999, 1001, 3_000_000):
        status, headers, content = send(server, path, b"x" * 50, wrong)
        assert (status, headers["upload-offset"], content["code"]) == (409, "1000", "conflict"), content
        assert "1000" in content["detail"], content
    status, _, content = send(server, path, data, 1000)
    assert status == 413 and content["code"] == "limit", content  # behind the file's end
    whole = send_all(server, path, data, 700_000)
    assert whole["sha256"] == hashlib.sha256(data).hexdigest() and whole["offset"] == len(data), whole
    file = os.path.join(naskah.folder, "uploads", whole["upload"])
    assert os.stat(file).st_mode & 0o777 == 0o600 and os.stat(os.path.dirname(file)).st_mode & 0o777 == 0o700
    good(204, server, "DELETE", path)
    good(404, server, "GET", path)
    assert not os.path.exists(file)
    server.stop()


@alone
def bad_ones_are_refused(naskah):
    """What is wrong is told, in two languages; who did not begin an upload knows of none."""
    data = b"surat" * 100
    server = Server(naskah)
    path = begin(server, data)
    for body, code in (({"name": "a/b.pdf", "size": 1}, 422), ({"name": "..", "size": 1}, 422),
                       ({"name": "", "size": 1}, 422), ({"name": "a", "size": 0}, 422),
                       ({"name": "a", "size": -5}, 422), ({"name": "a", "size": 200 * 1024 * 1024 + 1}, 413),
                       ({"name": "a", "size": 5, "sha256": "X" * 64}, 422), ({"name": "a"}, 422),
                       ({"name": "a", "size": 5, "person": "sekar"}, 422)):
        got, headers, content = ask(server, "POST", PATH, body)
        assert got == code and headers["content-type"] == "application/problem+json", (body, got, content)
        assert content.get("detail"), content
    english = ask(server, "POST", PATH, {"name": "a", "size": 0}, headers={"Accept-Language": "en"})[2]
    indonesian = ask(server, "POST", PATH, {"name": "a", "size": 0})[2]
    assert "is empty" in english["detail"] and "kosong" in indonesian["detail"], (english, indonesian)
    headers = {"Content-Type": PIECE, "Upload-Offset": "0"}
    assert ask(server, "PATCH", path, raw=data, headers=dict(headers, **{"Content-Type": "text/plain"}))[0] == 415
    for offset in ("-1", "x", "", "99999999999999999999", "1e3"):
        assert ask(server, "PATCH", path, raw=data, headers=dict(headers, **{"Upload-Offset": offset}))[0] == 400
    assert ask(server, "PATCH", path, raw=data, headers={"Content-Type": PIECE})[0] == 400
    # another's does not exist, and a token for reading uploads nothing
    for method in ("GET", "HEAD", "DELETE"):
        assert ask(server, method, path, person="wening")[0] == 404, method
    assert send(server, path, data, 0, person="wening")[0] == 404
    assert ask(server, "GET", f"{PATH}/..%2foffice.db")[0] in (400, 404)
    assert ask(server, "POST", PATH, {"name": "a", "size": 5}, person="kirana")[2]["code"] == "scope"
    assert good(200, server, "GET", PATH, person="wening")[1]["uploads"] == []
    # other bytes than were promised: refused at the end, and gone
    assert send(server, path, b"lain!" * 100, 0)[2]["code"] == "untrusted"
    good(404, server, "GET", path)
    # nobody fills the disk
    status = [ask(server, "POST", PATH, {"name": f"{n}", "size": 1})[0] for n in range(21)]
    assert status == [201] * 20 + [413], status
    for one in good(200, server, "GET", PATH)[1]["uploads"]:
        good(204, server, "DELETE", f"{PATH}/{one['upload']}")
    big = [ask(server, "POST", PATH, {"name": f"{n}", "size": 200 * 1024 * 1024})[0] for n in range(6)]
    assert big[-1] in (413, 503) and big[0] in (201, 503), big
    for one in good(200, server, "GET", PATH)[1]["uploads"]:
        good(204, server, "DELETE", f"{PATH}/{one['upload']}")
    server.stop()


@alone
def goes_on_after_a_kill(naskah):
    """The server dies in the middle of a piece, before and after it is kept: the upload goes on."""
    data = os.urandom(2_000_000)
    piece = 300_000
    server = Server(naskah)
    path = begin(server, data)
    assert send(server, path, data[:piece], 0)[0] == 204
    server.child.kill()  # with nothing under way
    server.child.wait()
    kept = piece
    for fault, taken in (("upload.written:1:kill", False), ("upload.received:1:kill", True),
                         ("upload.written:2:kill", True)):
        server = Faulty(naskah, fault)
        assert offset_of(server, path) == kept, fault
        at, status = kept, 204
        while status == 204 and at < kept + taken * piece + piece:
            status = send(server, path, data[at:at + piece], at)[0]
            at += piece if status == 204 else 0
        if status == 204:  # built without places where it dies: it is killed between pieces
            server.child.kill()
            server.child.wait()
            kept = at
            continue
        assert status is None and server.died() == -9, (fault, status)
        kept += piece if taken else 0
        assert at == kept - (piece if "received" in fault else 0), (fault, at, kept)
    server = Server(naskah)
    assert offset_of(server, path) == kept, kept
    whole = send_all(server, path, data, piece)
    assert whole["sha256"] == hashlib.sha256(data).hexdigest(), whole
    with open(os.path.join(naskah.folder, "uploads", whole["upload"]), "rb") as file:
        assert file.read() == data
    OFFICE["whole"] = path, data
    server.stop()


@alone
def many_at_once(naskah):
    """Two who send the same piece at once: one is taken, and the file is right."""
    data = os.urandom(1_500_000)
    server = Server(naskah)
    path = begin(server, data)
    seen = []

    def work():
        at = 0
        while at < len(data):
            status, headers, content = send(server, path, data[at:at + 100_000], at)
            seen.append(status)
            assert status in (204, 409, 503), (status, content)
            if status != 503:
                at = int(headers["upload-offset"])

    threads = [threading.Thread(target=work) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert seen.count(204) == 15, seen
    assert good(200, server, "GET", path)[1]["sha256"] == hashlib.sha256(data).hexdigest()
    server.stop()


@alone
def is_forgotten(naskah):
    """What is over goes away with its file, as does a file that nobody knows of; a lost file is sent
    again from its beginning."""
    path, data = OFFICE["whole"]
    name = path.rsplit("/", 1)[1]
    folder = os.path.join(naskah.folder, "uploads")
    server = Server(naskah)
    os.truncate(os.path.join(folder, name), 5000)
    shown = good(200, server, "GET", path)[1]
    assert shown["offset"] == 5000 and shown["sha256"] is None, shown
    assert send_all(server, path, data, 1_000_000)["sha256"] == hashlib.sha256(data).hexdigest()
    server.stop()
    with open(os.path.join(folder, "stray"), "wb") as file:
        file.write(b"x")
    with sqlite3.connect(os.path.join(naskah.folder, "office.db")) as database:
        database.execute("UPDATE upload SET until = 1")
    database.close()
    server = Server(naskah)
    assert ask(server, "GET", path)[0] == 404
    gone = threading.Event()
    while os.listdir(folder):  # the server's worker does it when it begins
        gone.wait(0.1)
    server.stop()


@alone
def goes_with_a_letter(naskah):
    """A file that came in pieces goes with a letter, and one from a form without scripts; both are
    shown, taken out again, and bound by a paraf."""
    sample = os.path.join(SOURCE, "templates/letters/surat-dinas.sample.xml")
    letter = naskah.ask("letter", "new", sample, "--position", "staf-persuratan", person="damar")["letter"]
    data = os.urandom(1_200_000)
    server = Server(naskah)
    path = begin(server, data, "Daftar Peserta.bin")
    upload = path.rsplit("/", 1)[1]
    address = f"/api/v1/letters/{letter}"
    etag = good(200, server, "GET", address)[0]["etag"].replace("-gz", "")
    send(server, path, data[:100], 0)
    body = {"upload": upload, "title": "Daftar Peserta"}
    status, _, content = ask(server, "POST", f"{address}/attachments", body, headers={"If-Match": etag})
    assert status == 422 and "100" in content["detail"], content  # not all of it is there
    send_all(server, path, data, 1_000_000)
    key = {"If-Match": etag, "Idempotency-Key": "lampiran-1"}
    made = good(200, server, "POST", f"{address}/attachments", body, headers=key)[1]
    assert made["sha256"] == hashlib.sha256(data).hexdigest(), made
    assert good(200, server, "POST", f"{address}/attachments", body, headers=key)[1]["sha256"] == made["sha256"]
    one, = good(200, server, "GET", f"{address}/attachments")[1]["attachments"]
    assert one == {"name": "Daftar-Peserta.bin", "title": "Daftar Peserta", "size": len(data),
                   "sha256": made["sha256"]}, one
    assert upload not in str(good(200, server, "GET", PATH)[1]["uploads"])  # a letter has it
    damar = browse(naskah, server, "damar")
    page = damar.get(f"/surat/{letter}")
    assert "Daftar Peserta" in page and f"/surat/{letter}/lampiran/Daftar-Peserta.bin" in page, page
    damar.send("GET", f"/surat/{letter}/lampiran/Daftar-Peserta.bin")
    assert damar.status == 200 and damar.data == data, damar.status
    files = f"/surat/{letter}/lampiran"
    damar.get(files)
    page = damar.post_file(files, "berkas", b"satu,dua\n", judul="Tabel <b>A</b>")
    assert damar.status == 200 and "&lt;b&gt;" in page and "<b>A" not in page, page
    damar.get(files)
    page = damar.post_file(files, "berkas", None, judul="")
    assert damar.status == 422 and 'href="#berkas"' in page, (damar.status, page)
    damar.get(files)
    page = damar.post_file(files, "berkas", None, **{"berkas-unggahan": "01981f2e-5a50-7c3a-9d1e-3f1b5a6c7d80"})
    assert damar.status == 422 and "mulailah lagi" in page, (damar.status, page)
    damar.get(files)
    page = damar.post(f"{files}-lepas", nama="pindai.pdf")
    assert "Tabel" not in page and "Daftar Peserta" in page, page
    naskah.ask("letter", "submit", letter, person="damar")
    kirana = browse(naskah, server, "kirana")
    assert "lampiran-lepas" not in kirana.get(files) and "Daftar Peserta" in kirana.page, kirana.page
    kirana.post_file(files, "berkas", b"x", judul="")
    assert kirana.status in (403, 409), kirana.status  # it is not with who writes it
    naufal = browse(naskah, server, "naufal")
    for where in (files, f"{files}/Daftar-Peserta.bin"):
        assert naufal.send("GET", where) == 404, where  # who may not know of the letter
    server.stop()


@alone
def a_scan_comes_in_pieces(naskah):
    """A letter that came in is registered with a scan that was uploaded before, from a page and a
    program; what is no PDF is told."""
    server = Server(naskah)
    pdf = (b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[3 0 R]"
           b"/Count 1>>endobj\n3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]>>endobj\n"
           b"trailer<</Root 1 0 R>>\n")
    path = begin(server, pdf, "pindai.pdf", "wening")
    assert send(server, path, pdf, 0, "wening")[0] == 204
    body = {"channel": "pos", "origin": "Dinas Pengairan", "subject": "Undangan", "number": "7/DP/2026",
            "classification": "KP.08.1", "to": ["kepala-biro-umum"]}
    mine = dict(body, upload=path.rsplit("/", 1)[1])
    made = good(201, server, "POST", "/api/v1/incoming", mine, "wening")[1]
    wening = browse(naskah, server, "wening")
    assert wening.send("GET", f"/surat/{made['letter']}/berkas.pdf") == 200 and wening.data == pdf
    other = begin(server, b"bukan", "x.pdf", "wening")
    send(server, other, b"bukan", 0, "wening")
    status, _, content = ask(server, "POST", "/api/v1/incoming", dict(
        body, number="8", upload=other.rsplit("/", 1)[1]), "wening")
    assert status == 422, content
    foreign = begin(server, pdf)  # of somebody else
    assert ask(server, "POST", "/api/v1/incoming", dict(
        body, number="9", upload=foreign.rsplit("/", 1)[1]), "wening")[0] == 404
    server.stop()


def main():
    with tempfile.TemporaryDirectory() as work:
        run_cases([comes_in_pieces, bad_ones_are_refused, goes_on_after_a_kill, many_at_once,
                   goes_with_a_letter, a_scan_comes_in_pieces, is_forgotten],
                  Naskah(sys.argv[1], os.path.join(work, "kantor")))


main()
