#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""attack-secret.py NASKAH: a secret letter is written, reviewed, returned, signed; who may not read it
sees, wherever he looks and whatever he asks, what he saw before it was there."""
import json
import os
import re
import sys
import tempfile

import web
from attack import Office, Peer, routes
from tap import Naskah, run_cases

WORD = "kelulut"  # in everything that is secret, and in nothing else
STRANGERS = ("naufal", "wening")
WORK = {}
# what is changed by the time alone
PASSING = (r'(name="(?:csrf|permintaan|tiket)"[^>]*value=")[^"]*', r'(value=")[^"]*("[^>]*name="(?:csrf|permintaan)")',
           r'("(?:instance|request)":")[^"]*', r"(\d+ (?:detik|menit) (?:yang )?lalu)", r"(\d{2}[.:]\d{2}(?:[.:]\d{2})?)")


def settled(text):
    for pattern in PASSING:
        text = re.sub(pattern, "_", text)
    return text


QUESTIONS = {
    "/arsip": ("?kata=kelulut", "?kata=kelulut*", "?kata=kel", "?kata=%22kelulut+madu%22", "?kata=rahasia",
               "?jenis=surat-dinas", "?sifat=rahasia", "?tahun=2026", "?kata=KP.08.1", "?klasifikasi=KP.08.1",
               "?pengirim=kelulut", "?penerima=kelulut", "?dari=2000-01-01&sampai=2999-12-31"),
    "/arsip.csv": ("?kata=kelulut", "?sifat=rahasia", "?klasifikasi=KP.08.1", "?dari=2000-01-01"),
    "/tugas": ("", "?jenis=paraf", "?mendesak=1"),
    "/masuk-surat": ("", "?kata=kelulut"),
    "/arsip/berkas": ("", "?kata=kelulut"),
    "/arsip/penyusutan": ("", "?per=2060-01-01"),
    "/register": ("?buku=outgoing", "?buku=incoming"),
    "/register.csv": ("?buku=outgoing", "?buku=incoming"),
    "/ekspedisi": ("", "?kata=kelulut"),
    "/api/v1/letters": ("?text=kelulut", "?text=kelu*", "?security=rahasia", "?kind=surat-dinas", "?text=madu",
                        "?classification=KP.08.1", "?year=2026", "?limit=200", "?text=kelulut&limit=1",
                        "?year=2026&facets=true", "?sender=kelulut&facets=true", "?from=2000-01-01&facets=true"),
    "/api/v1/registers/outgoing": ("", "/csv"),
    "/api/v1/registers/incoming": ("", "/csv"),
    "/api/v1/files": ("", "?text=kelulut"),
    "/api/v1/board": ("", "?text=kelulut"),
    "/api/v1/deliveries": ("", "?text=kelulut"),
    "/api/v1/tasks": ("", "?role=review", "?text=kelulut"),
    "/api/v1/incoming": ("", "?text=kelulut"),
}
OTHERS = ("/beranda", "/laporan", "/pekerjaan", "/wakil", "/draf/baru", "/", "/bantuan", "/laporan/menunggu.csv",
          "/laporan/umur.csv", "/laporan/penyelesaian.csv", "/laporan/volume.csv")


def look(name):
    """Everything that the person sees, page by page."""
    office, seen = WORK["office"], {}
    session, program = WORK["sessions"].get(name) or office.person(name), office.program(name)
    WORK["sessions"][name] = session
    for path in OTHERS:
        seen[path] = session.get(path)
    for path, queries in QUESTIONS.items():
        for query in queries:
            peer = program if path.startswith("/api/") else session
            seen[path + query] = peer.get(path + query)
    for address, answer in seen.items():
        assert answer.status < 500, (name, address, answer)
        assert answer.status != 401, (name, address, answer)
    return {address: (answer.status, settled(answer.text)) for address, answer in seen.items()}


def without(text, address):
    """What somebody asked for is told back to him."""
    return text if WORD not in address else text.replace(WORD, "")


def begin(naskah):
    """An office with letters that are no secret, and what strangers see of it."""
    office = WORK["office"] = Office(naskah)
    WORK["sessions"] = {}
    for _ in range(2):
        letter = office.new_letter()
        office.decide(letter, "damar", "submit")
    for name in STRANGERS:
        office.program(name)
        WORK[name] = look(name)
    known = {route["path"] for route in routes() if route["method"] == "GET"}
    for path in (*OTHERS, *QUESTIONS):
        assert path in known or path.startswith(("/laporan/", "/api/v1/registers/")), path


def unchanged(stage):
    """Strangers see what they saw, and never the word."""
    for name in STRANGERS:
        for address, (status, text) in look(name).items():
            was_status, was_text = WORK[name][address]
            assert WORD not in without(text.lower(), address), (stage, name, address, text)
            assert WORK["letter"] not in text, (stage, name, address, text)
            if "register" in address:  # numbers without gaps are told to who keeps the book, and nothing else
                assert status == was_status, (address, text)
                continue
            assert (status, text) == (was_status, was_text), (stage, name, address, difference(was_text, text))


def difference(old, new):
    at = next((i for i, pair in enumerate(zip(old, new)) if pair[0] != pair[1]), min(len(old), len(new)))
    return old[max(0, at - 200):at + 200], new[max(0, at - 200):at + 200]


def make_letter(security):
    office = WORK["office"]
    letter = office.new_letter(
        ("<security>biasa<", f"<security>{security}<"), ("Pelaksanaan Bimbingan", "Kelulut Madu Bimbingan"),
        ("Demikian kami sampaikan.", "Panen kelulut madu dirahasiakan."))
    path = f"/api/v1/letters/{letter}"
    damar = office.program("damar")
    etag = damar.get(path).headers["etag"].replace("-gz", "")
    put = damar.ask("PUT", path + "/attachments/kelulut.txt", b"kelulut\n", Content_Type="text/plain", If_Match=etag)
    assert put.status == 200, put
    return letter


def written(security):
    def case(_naskah):
        office = WORK["office"]
        WORK["letter"] = letter = make_letter(security)
        unchanged("draft")
        office.decide(letter, "damar", "submit")
        unchanged("review")
        office.decide(letter, "kirana", "return", note="kelulut belum benar")
        note = office.program("damar").json("POST", f"/api/v1/letters/{letter}/notes", {"text": "soal kelulut"})
        assert note.status == 200, note
        unchanged("returned")
        office.decide(letter, "damar", "submit")
        for person in ("kirana", "budi"):
            office.decide(letter, person, "approve")
        unchanged("to be signed")
        sign(letter)
        unchanged("signed")
        hit = office.program("damar").get("/api/v1/letters?text=kelulut").json()
        assert [one["letter"] for one in hit["hits"]].count(letter) <= 1, hit
        shown = office.program("damar").get(f"/api/v1/letters/{letter}").json()
        assert WORD in json.dumps(shown).lower() and shown["state"] != "review", shown
    case.__doc__ = f"Nobody who may not knows of a letter that is {security}, from its draft to its signature."
    return case


def sign(letter):
    office = WORK["office"]
    sekar, program = office.person("sekar"), office.program("sekar")
    tasks = program.get("/api/v1/tasks?limit=500").json()["tasks"]
    place, = [f"/tugas/{letter}/{task['task'].rsplit('/', 1)[1].replace('#', '~')}"
              for task in tasks if task["letter"] == letter]
    fields = sekar.ask("POST", f"{place}/siapkan", {"csrf": sekar.csrf()}).fields()
    with open(os.path.join(office.naskah.folder, "keys/passphrase"), encoding="utf-8") as file:
        fields["sandi"] = file.readline().strip()
    answer = sekar.ask("POST", f"{place}/tanda-tangan", fields)
    assert answer.status == 303, answer


def hidden(_naskah):
    """Each address of the letter itself is a letter that never was, with HEAD as with GET."""
    office, letter = WORK["office"], WORK["letter"]
    guest = Peer(office.server)
    for name in (*STRANGERS, "ratna"):
        session, program = office.person(name), office.program(name)
        for ending in ("", "/riwayat", "/banding", "/berkas.pdf", "/halaman/1", "/halaman/2"):
            for method in ("GET", "HEAD"):
                answer = session.ask(method, f"/surat/{letter}{ending}")
                assert answer.status == 404 and "etag" not in answer.headers, (name, ending, answer)
                assert answer.headers["cache-control"] == "no-store", answer.headers
        for path in (f"/alur/{letter}", f"/alur/{letter}/gambar.svg", f"/masuk-surat/{letter}", f"/draf/{letter}"):
            assert session.get(path).status == 404, (name, path)
        for ending in ("", "/xml", "/html", "/pdf", "/pages/1", "/history", "/changes", "/findings", "/dispositions",
                       "/dispositions/sheet", "/deliveries", "/attachments/kelulut.txt"):
            for method in ("GET", "HEAD"):
                answer = program.ask(method, f"/api/v1/letters/{letter}{ending}", If_None_Match="*")
                assert answer.status == 404 and "etag" not in answer.headers, (name, ending, answer)
    for path in (f"/v/{letter}", f"/v/{letter}/surat.pdf"):
        assert guest.get(path).status == 404, path
    assert guest.get(f"/v?kode={letter}").status == 303


def readings_of(letter, person):
    told = WORK["office"].naskah.ask("access", "readings", letter, person="damar")["readings"]
    return [(row["how"], row["by"]) for row in told if row["person"] == person]


def recorded(_naskah):
    """Each reading is told once, by whatever door, and those who may not read have none."""
    office, letter = WORK["office"], WORK["letter"]
    path, api = f"/surat/{letter}", f"/api/v1/letters/{letter}"
    before = len(readings_of(letter, "budi"))
    session, program = office.person("budi"), office.program("budi")
    for address in (path, f"{path}/halaman/1", f"{path}/halaman/1?lebar=400", f"{path}/berkas.pdf", f"{path}/riwayat"):
        assert session.get(address).status in (200, 404), address
    for ending in ("", "/pdf", "/html", "/history", "/changes"):
        assert program.get(api + ending).status == 200, ending
    office.naskah.run("letter", "show", letter, person="budi")
    told = readings_of(letter, "budi")[before:]
    assert len(told) <= 3 and len({how for how, _ in told}) == len(told), told
    # he read it before this by his tasks, through the API or on pages; its file and history only now
    assert {"taken", "history"} <= {how for how, _ in readings_of(letter, "budi")}, told
    assert {by for _, by in readings_of(letter, "budi")} <= {"session", "token", "demo"}, told
    for name in STRANGERS:
        assert not readings_of(letter, name), name
    readers = office.naskah.ask("access", "readers", letter, person="damar")["readers"]
    assert not {reader["person"] for reader in readers} & {*STRANGERS, "ratna"}, readers


def administrator(_naskah):
    """Who looks after the office keeps it running, and reads no secret letter in doing so."""
    office, letter = WORK["office"], WORK["letter"]
    ratna = office.person("ratna")
    for path in ("/kelola", "/kelola/riwayat", f"/kelola/riwayat?surat={letter}", "/kelola/riwayat.csv",
                 "/kelola/nomor", "/kelola/kesehatan", "/kelola/kesehatan?periksa=1", "/kelola/kunci",
                 "/kelola/orang", "/kelola/mandat"):
        answer = ratna.get(path)
        assert answer.status == 200 and WORD not in answer.text.lower(), (path, answer)
    for address, (_, text) in look("ratna").items():
        assert WORD not in without(text.lower(), address), (address, text)


def traces(_naskah):
    """Neither figures nor log nor what waits to be sent has a word of it."""
    office = WORK["office"]
    figures = web.ask(office.server.admin, "/metrics")[2] + web.ask(office.server.admin, "/readyz")[2]
    assert WORD not in figures.lower() and WORK["letter"] not in figures, figures
    for table in ("outbox", "mail", "mail_item", "message", "notice", "request", "incident", "session", "login_try"):
        rows = repr(office.query(f"SELECT * FROM {table}")).lower()
        assert WORD not in rows, (table, rows)
    lines = office.server.stop()
    text = json.dumps(lines).lower()
    assert WORD not in text and WORK["letter"] not in text, [line for line in lines if WORD in json.dumps(line).lower()]
    assert not [line for line in lines if line.get("status", 0) >= 500], text[-3000:]


def main():
    with tempfile.TemporaryDirectory() as folder:
        naskah = Naskah(os.path.abspath(sys.argv[1]), os.path.join(folder, "kantor"))
        try:
            run_cases([begin, written("rahasia"), hidden, written("sangat-rahasia"), hidden, recorded,
                       administrator, traces],
                      naskah)
        finally:
            for child in web.Server.running:
                child.kill()


if __name__ == "__main__":
    main()
