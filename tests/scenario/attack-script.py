#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""attack-script.py NASKAH: scripts in every text that somebody may write, kept and shown to others, or
shown back at once: on each page they are text."""
import html
import html.parser
import json
import os
import re
import sys
import tempfile
import urllib.parse

import web
from attack import Office, Peer, fill, routes
from tap import Naskah, run_cases

EVIL = "\"'><script>alert(7)</script><img src=x onerror=alert(8)>"
SHOWN = "&lt;script&gt;alert(7)"
FORMULA = "=HYPERLINK(\"http://lain.example\")"
WORK = {"shown": 0}


class Finder(html.parser.HTMLParser):
    """What a browser would run."""

    def __init__(self):
        super().__init__()
        self.found = []

    def handle_starttag(self, tag, attrs):
        named = dict(attrs)
        runs = [name for name, value in attrs
                if name.startswith("on") or re.match(r"\s*(javascript:|vbscript:|data:(?!image/(png|jpeg);))", value or "", re.I)]
        if runs or tag == "script" and "src" not in named or tag == "img" and named.get("src") == "x":
            self.found.append((tag, attrs))


def judge(answer, where):
    """What came as a page has the script as text alone, and nothing else is taken for a page."""
    kind = answer.headers.get("content-type", "")
    assert answer.status < 500, (where, answer)
    if kind or answer.data:
        assert answer.headers.get("x-content-type-options") == "nosniff", (where, answer.headers)
        assert "script-src" in answer.headers.get("content-security-policy", "") or \
            "default-src 'none'" in answer.headers.get("content-security-policy", ""), (where, answer.headers)
    if "html" not in kind and "svg" not in kind:
        return
    finder = Finder()
    finder.feed(answer.text)
    assert not finder.found, (where, finder.found)
    WORK["shown"] += SHOWN in answer.text


def written(_naskah):
    """Letters, notes, reasons, files, dispositions, searches and labels have a script in them."""
    office = WORK["office"] = Office(_naskah)
    evil = html.escape(EVIL)
    letter = WORK["letter"] = office.new_letter(("Pelaksanaan Bimbingan", evil + " Bimbingan"),
                                                ("Demikian kami sampaikan.", evil))
    damar, wening = office.program("damar"), office.program("wening")
    path = f"/api/v1/letters/{letter}"
    etag = damar.get(path).headers["etag"].replace("-gz", "")
    name = urllib.parse.quote('a"\'onerror=alert(8).txt', safe="")
    put = damar.ask("PUT", f"{path}/attachments/{name}", EVIL.encode(), Content_Type="text/plain", If_Match=etag)
    assert put.status in (200, 422), put
    office.decide(letter, "damar", "submit")
    assert office.program("kirana").json("POST", path + "/notes", {"text": EVIL}).status == 200
    office.decide(letter, "kirana", "return", note=EVIL)
    office.decide(letter, "damar", "submit")
    came = wening.json("POST", "/api/v1/incoming", {
        "channel": "pos", "origin": EVIL, "subject": FORMULA + EVIL, "number": EVIL[:60], "classification": "KP.08.1",
        "to": ["kepala-biro-umum"]})
    assert came.status == 201, came
    WORK["came"] = came.json()["letter"]
    task, _ = office.task(WORK["came"], "wening")
    passed = wening.json("POST", task.replace("/tasks/", "/incoming/") + "/forwarding", {"act": "forward", "note": EVIL})
    assert passed.status in (200, 422), passed
    if passed.status == 422:
        assert wening.json("POST", task.replace("/tasks/", "/incoming/") + "/forwarding",
                           {"act": "forward"}).status == 200
    given = office.program("sekar").json("POST", f"/api/v1/letters/{WORK['came']}/dispositions", {
        "act": "give", "receivers": ["kepala-bagian-tata-usaha"], "note": EVIL})
    assert given.status == 200, given
    people = WORK["people"] = {}
    for who in ("damar", "kirana", "budi", "sekar", "wening", "ratna"):
        people[who] = Peer(office.server)
        entered = people[who].ask("POST", "/masuk", {"nama": who, "sandi": office.password}, User_Agent=EVIL)
        assert entered.status == 303, entered
    for query in ("kata=alert", "kata=" + urllib.parse.quote(EVIL)):
        saved = people["damar"].act("/simpan", tempat="arsip", nama=EVIL, kueri=query)
        assert saved.status in (303, 400, 422) and "<script>" not in saved.to, saved
    made = people["damar"].json("POST", "/api/v1/me/tokens", {"label": EVIL[:60], "scopes": ["letters:read"], "days": 3},
                                X_CSRF_Token=people["damar"].csrf())
    assert made.status in (201, 422), made


def kept(_naskah):
    """On every page that shows what others wrote it is text."""
    office = WORK["office"]
    for who, peer in WORK["people"].items():
        tasks = office.program(who).get("/api/v1/tasks?limit=500").json()["tasks"]
        places = ["/tugas/" + task["task"].replace("#", "~") for task in tasks]
        for route in routes():
            if route["method"] != "GET" or "scope" in route:
                continue
            for letter in (WORK["letter"], WORK["came"]) if "{letter}" in route["path"] else (WORK["letter"],):
                places.append(fill(route["path"], letter=letter, key="x", person="damar", act="sandi", type="profil",
                                   name="menunggu.csv", n="1"))
        for place in places + ["/arsip?kata=alert", "/arsip?kata=bimbingan", "/register?buku=incoming",
                               "/tugas?jenis=paraf", "/masuk-surat?kata=alert", "/kelola/riwayat?orang=damar"]:
            judge(peer.get(place), (who, place))
        for ending in ("", "/xml", "/html", "/history", "/changes", "/findings", "/dispositions"):
            for letter in (WORK["letter"], WORK["came"]):
                judge(office.program(who).get(f"/api/v1/letters/{letter}{ending}"), (who, ending))
    assert WORK["shown"] >= 20, WORK["shown"]


NAMES = ("kata", "jenis", "buku", "tahun", "unit", "dari", "sampai", "pesan", "cari", "orang", "surat", "lang", "ke",
         "kode", "nama", "urut", "keamanan", "jabatan", "macam", "klasifikasi", "after", "sesudah", "kembali", "tema",
         "perihal", "isi", "catatan", "keputusan", "penerima", "instruksi", "tenggat", "pengganti", "asal", "nomor",
         "tanggal", "sandi", "tempat", "kueri", "id", "nip", "email", "templat", "kepada", "alasan", "label", "tujuan")


def reflected(_naskah):
    """What is sent with any address or form comes back as text, or not at all."""
    office, before = WORK["office"], WORK["shown"]
    query = urllib.parse.urlencode(dict.fromkeys(NAMES, EVIL))
    for who in ("damar", "ratna"):
        peer = WORK["people"][who]
        token = peer.csrf()
        for route in routes():
            if "scope" in route or route["path"] in ("/keluar", "/profil/sesi"):
                continue
            if (who == "ratna") != route["path"].startswith("/kelola"):
                continue
            path = fill(route["path"], letter=WORK["letter"], key="x", person="damar", act="sandi", type="profil")
            if route["method"] == "GET":
                judge(peer.get(f"{path}?{query}"), (who, path))
                for name in NAMES:  # a page that refuses one of them shows the others
                    judge(peer.get(f"{path}?{name}={urllib.parse.quote(EVIL)}"), (who, path, name))
            else:
                judge(peer.ask("POST", path, {**dict.fromkeys(NAMES, EVIL), "csrf": token}), (who, path))
        for odd in ("/" + urllib.parse.quote(EVIL, safe=""), "/v/" + urllib.parse.quote(EVIL, safe="")):
            judge(peer.get(odd), (who, odd))
    assert WORK["shown"] - before >= 5, (before, WORK["shown"])


def calculated(_naskah):
    """A table calculator that opens a list finds no formula in it."""
    office = WORK["office"]
    for who, address in (("wening", "/register.csv?buku=incoming"), ("ratna", "/kelola/riwayat.csv")):
        answer = WORK["people"][who].get(address)
        assert answer.status == 200 and "csv" in answer.headers["content-type"], answer
        assert answer.headers["content-disposition"].startswith("attachment"), answer.headers
        for line in answer.text.splitlines():
            assert not re.search(r'(^|,)"?[=+@]', line), line
    assert "HYPERLINK" in WORK["people"]["wening"].get("/register.csv?buku=incoming").text
    lines = office.server.stop()
    assert "alert(7)" not in json.dumps(lines)
    assert not [line for line in lines if line.get("status", 0) >= 500], lines[-5:]


def main():
    with tempfile.TemporaryDirectory() as folder:
        naskah = Naskah(os.path.abspath(sys.argv[1]), os.path.join(folder, "kantor"))
        try:
            run_cases([written, kept, reflected, calculated], naskah)
        finally:
            for child in web.Server.running:
                child.kill()


if __name__ == "__main__":
    main()
