#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""web-verify.py NASKAH: anybody checks a letter by its file or the file's digest; a file that is made to
do harm costs its own answer and nothing else, and too many of them wait."""
import glob
import hashlib
import os
import shutil
import stat
import sys
import tempfile
import time

import routes
from attack import Peer
from browser import Browser
from tap import Naskah, run_cases
from web import Server, alone, ask

SOURCE = os.environ["NASKAH_SOURCE"]
WORK = {}


def begin(naskah):
    """An office whose circular was signed and published."""
    naskah.run("init", naskah.folder, "--demo", "--empty", office=False)
    letter = WORK["letter"] = routes.begin(naskah, "surat-edaran")
    routes.submit(naskah, letter)
    for person in ("wahyu", "galih", "budi"):
        routes.approve(naskah, letter, person)
    assert routes.sign(naskah, letter, "larasati")["state"] == "archived"
    with open(os.path.join(naskah.folder, "public", f"{letter}.pdf"), "rb") as file:
        WORK["pdf"] = file.read()


def flipped(pdf):
    middle = len(pdf) // 3
    return pdf[:middle] + bytes([pdf[middle] ^ 1]) + pdf[middle + 1:]


def verdicts(naskah):
    """A file is judged by its signatures, wherever it came from."""
    server = Server(naskah)
    guest = Browser(server.address)
    for data, status, words in ((WORK["pdf"], 200, "asli dan tidak berubah"),
                                (flipped(WORK["pdf"]), 200, "diubah"), (b"bukan PDF", 422, "bukan PDF"),
                                (None, 422, "pilihlah dulu")):
        guest.post_file("/v", "berkas", data)
        assert guest.status == status and words in guest.page, (words, guest.status, guest.page)
    server.stop()


def digests(naskah):
    """A digest tells what its letter's code tells, and nothing of what was not published."""
    server = Server(naskah)
    peer = Peer(server)
    hex_digest = hashlib.sha256(WORK["pdf"]).hexdigest()
    found = peer.get(f"/v/berkas/{hex_digest}")
    assert found.status == 200 and 'id="hasil"' in found.text and "Berkas ini asli" in found.text, found
    assert f"/v/{WORK['letter']}/surat.pdf" in found.text and "SE-1/" in found.text, found
    other = peer.get(f"/v/berkas/{hashlib.sha256(flipped(WORK['pdf'])).hexdigest()}")
    assert other.status == 404 and 'id="hasil"' in other.text and "SE-1/" not in other.text, other
    for odd in (hex_digest.upper(), hex_digest[:-1], "..%2foffice.db", "0" * 63 + "/"):
        assert peer.get(f"/v/berkas/{odd}").status in (400, 404), odd
    server.stop()


def earlier_office(naskah):
    """What was published before there were digests is found by them after the server's start."""
    folder = os.path.join(naskah.folder, "public", "digest")
    shutil.rmtree(folder)
    os.makedirs(folder + ".new")  # somebody was killed over it
    with open(os.path.join(naskah.folder, "public", "lain.json"), "w", encoding="ascii") as file:
        file.write('{"letter":"../../office.db","sha256":"../x"}')
    server = Server(naskah)
    path = f"/v/berkas/{hashlib.sha256(WORK['pdf']).hexdigest()}"
    while Peer(server).get(path).status != 200:
        time.sleep(0.1)
    assert os.listdir(folder) == [hashlib.sha256(WORK["pdf"]).hexdigest()], os.listdir(folder)
    server.stop()


def sick_worker(script):
    """A program in place of the worker that does as a file may have it do."""
    path = os.path.join(WORK["folder"], "naskah-worker")
    with open(path, "w", encoding="ascii") as file:
        file.write(f"#!/bin/sh\n{script}\n")
    os.chmod(path, os.stat(path).st_mode | stat.S_IXUSR)
    os.environ["NASKAH_WORKER"] = path


def hostile(naskah):
    """A worker that dies, lies, floods or hangs ends in a sentence, and the server goes on."""
    worker = os.environ.get("NASKAH_WORKER")
    lie = r"printf '\000\000\000\014\000\000\000\000\000\000\000\004true'"
    try:
        for script, words in (("kill -9 $$", "tidak dapat diperiksa"), ("exit 3", "tidak dapat diperiksa"),
                              (lie, "tidak dapat diperiksa"), ("exec cat /dev/zero", "dihentikan"),
                              ("exec sleep 600", "dihentikan")):
            sick_worker(script)
            server = Server(naskah)
            guest = Browser(server.address)
            guest.post_file("/v", "berkas", WORK["pdf"])
            assert guest.status == 422 and words in guest.page, (script, guest.status, guest.page)
            assert ask(server.address, "/readyz")[2] == "ok\n", script
            server.stop()
    finally:
        os.environ.pop("NASKAH_WORKER")
        if worker:
            os.environ["NASKAH_WORKER"] = worker


def damaged(naskah):
    """Files that once broke a reader, and pieces of a letter, each get a verdict or a sentence."""
    server = Server(naskah)
    files = [WORK["pdf"][:size] for size in (10, 1000, len(WORK["pdf"]) // 2, len(WORK["pdf"]) - 9)]
    for path in sorted(glob.glob(os.path.join(SOURCE, "tests/fuzz/corpus/pdf/*")))[:10]:
        with open(path, "rb") as file:
            files.append(file.read() or b"x")
    for data in files:
        guest = Browser(server.address)
        guest.post_file("/v", "berkas", data)
        assert guest.status in (200, 422), (data[:40], guest.status, guest.page)
        assert "asli dan tidak berubah" not in guest.page, data[:40]
    server.stop()


def send_until_refused(peer):
    """How many files were taken before one was turned away, and that answer."""
    mark = "batas"
    body = (f'--{mark}\r\nContent-Disposition: form-data; name="berkas"; filename="a.pdf"\r\n\r\nx\r\n'
            f"--{mark}--\r\n").encode()
    for count in range(400):
        answer = peer.ask("POST", "/v", body, Content_Type=f"multipart/form-data; boundary={mark}")
        if answer.status == 429:
            return count, answer
        assert answer.status == 422, answer
    raise AssertionError("nobody was turned away")


def flood(naskah):
    """Who sends too many waits some seconds; others, codes and digests do not."""
    server = Server(naskah, "--admin", "127.0.0.1:0")
    peer, other = Peer(server), Peer(server, source="127.0.0.2")
    count, answer = send_until_refused(peer)
    assert count >= 30 and 1 <= int(answer.headers["retry-after"]) <= 2, (count, answer)
    assert "tunggu" in answer.text and "kode pada surat" in answer.text, answer
    assert other.ask("POST", "/v", b"", Content_Type="multipart/form-data; boundary=x").status != 429
    assert peer.get(f"/v/{WORK['letter']}").status == 200
    assert peer.get(f"/v/berkas/{hashlib.sha256(WORK['pdf']).hexdigest()}").status == 200
    large = peer.ask("POST", "/v", b"x" * 4_000_000, Content_Type="multipart/form-data; boundary=x")
    assert large.status in (422, 429, 400), large
    guest = Browser(server.address)
    while guest.post_file("/v", "berkas", WORK["pdf"]) and guest.status == 429:
        time.sleep(1)
    assert guest.status == 200 and "asli dan tidak berubah" in guest.page, guest.page
    assert 'naskah_http_refused_total{reason="pace"}' in ask(server.admin, "/metrics")[2]
    server.stop()


def main():
    with tempfile.TemporaryDirectory(prefix="naskah-") as folder:
        WORK["folder"] = routes.WORK["folder"] = folder
        naskah = Naskah(sys.argv[1], os.path.join(folder, "kantor"))
        run_cases([begin] + [alone(case) for case in (verdicts, digests, earlier_office, hostile, damaged,
                                                      flood)], naskah)


if __name__ == "__main__":
    main()
