#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""web-import.py NASKAH: an older archive that lies ready on the server is taken in from a page: looked
at first, with its report; beside a server that stops; by TU of the unit alone."""
import csv
import io
import os
import re
import sqlite3
import sys
import tempfile
import time

from browser import sign_in
from tap import Naskah, run_cases
from web import Logged, alone

HEAD = "id,nomor,tanggal,asal,tujuan,hal,klasifikasi,berkas"
ROWS = 120
PDF = (b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>"
       b"endobj\n3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]>>endobj\ntrailer<</Root 1 0 R>>\n")
ENDED = ">(Selesai|terhenti)<"


def put(naskah, unit, archive, name, rows, files=()):
    folder = os.path.join(naskah.folder, "import", unit, archive)
    os.makedirs(folder, exist_ok=True)
    with open(os.path.join(folder, name), "w", encoding="utf-8") as file:
        file.write("\n".join([HEAD, *rows]) + "\n")
    for one in files:
        with open(os.path.join(folder, one), "wb") as file:
            file.write(PDF)


def row(number, **changes):
    cells = {"id": f"L-{number}", "nomor": f"{number}/AL/2011", "tanggal": "2011-03-14", "asal": "Dinas",
             "tujuan": "Biro Umum", "hal": f"Sumur {number}", "klasifikasi": "KP.08.1",
             "berkas": f"{number}.pdf", **changes}
    return ",".join(cells.values())


def tables(browser):
    """What may be chosen."""
    return re.findall(r'name="tabel" type="radio" value="([^"]+)"', browser.get("/arsip/impor"))


def follow(browser, **fields):
    """Begins with the form of the page, and gives the page of that when it has ended."""
    browser.post("/arsip/impor", follow=False, **fields)
    place = browser.place
    assert place.startswith("/arsip/impor/"), (browser.status, browser.page)
    while not re.search(ENDED, browser.get(place)):
        time.sleep(0.2)
    return place


def imported(naskah):
    """The old numbers of what is there."""
    database = sqlite3.connect(f"file:{naskah.folder}/office.db?mode=ro", uri=True)
    rows = database.execute("SELECT number FROM letter_external").fetchall()
    database.close()
    return sorted(one for one, in rows)


def looked(naskah):
    """TU chooses a table of its unit, looks, takes in, and reads what was refused and why."""
    naskah.run("init", naskah.folder, "--demo", "--empty", office=False)
    put(naskah, "biro-umum", "arsip-2011", "daftar.csv", [
        row(1), row(2, tanggal="14/03/2011"), row(3, berkas="tidak-ada.pdf"), row(4, hal="<b>Tebal</b>")],
        ["1.pdf", "2.pdf", "4.pdf"])
    put(naskah, "biro-sdm", "rahasia-kami", "lain.csv", [row(9)])
    put(naskah, "biro-umum", ".sampah", "buang.csv", [])
    os.makedirs(os.path.join(naskah.folder, "import/biro-umum/kosong"))
    server = Logged(naskah)
    wening = sign_in(naskah, server.address, "wening")
    assert tables(wening) == ["biro-umum/arsip-2011/daftar.csv"], wening.page
    for bad in ("", "biro-umum/arsip-2011", "biro-umum/../daftar.csv", "biro-umum/arsip-2011/lain.csv",
                "biro-umum/arsip-2011/1.pdf", "biro-umum/arsip-2011/../x.csv", "biro-umum/.sampah/buang.csv"):
        wening.get("/arsip/impor")
        wening.post("/arsip/impor", tabel=bad, cara="ambil")
        assert wening.status in (404, 422) and "/arsip/impor/" not in wening.place, (bad, wening.status)
    wening.get("/arsip/impor")
    follow(wening, tabel="biro-umum/arsip-2011/daftar.csv", sistem="sisurat", cara="lihat")
    assert "Dari 4 baris, 2 dapat dimasukkan, 0 sudah ada, 2 akan ditolak" in wening.page, wening.page
    assert imported(naskah) == []
    place = follow(wening, cara="ambil")
    assert "2 dimasukkan, 0 sudah ada, 2 ditolak" in wening.page, wening.page
    assert "tidak ada di dalam folder" in wening.page and "14/03/2011" in wening.page, wening.page
    assert wening.send("GET", f"{place}/ditolak.csv") == 200 and "csv" in wening.type
    report = list(csv.reader(io.StringIO(wening.page.lstrip("\ufeff"))))[1:]
    assert [(one[0], one[1]) for one in report] == [("3", "L-2"), ("4", "L-3")], report
    assert imported(naskah) == ["1/AL/2011", "4/AL/2011"]
    wening.get("/arsip/impor")
    assert wening.page.count('href="/arsip/impor/') == 2 and "hanya diperiksa" in wening.page, wening.page
    # nobody else sees it, and who is no TU takes nothing in
    galih = sign_in(naskah, server.address, "galih")
    assert tables(galih) == [] and 'href="/arsip/impor/' not in galih.page, galih.page
    for path in (place, f"{place}/ditolak.csv"):
        galih.get(path)
        assert galih.status == 404, (path, galih.status)
    galih.get("/profil")
    galih.post("/arsip/impor", tabel="biro-umum/arsip-2011/daftar.csv", cara="ambil")
    assert galih.status == 403, (galih.status, galih.page)
    server.stop()


def stopped(naskah):
    """A table is taken in once at a time; the server stops in the middle, and the rest comes after."""
    rows = [row(number) for number in range(100, 100 + ROWS)]
    put(naskah, "biro-umum", "besar", "banyak.csv", rows, [f"{number}.pdf" for number in range(100, 100 + ROWS)])
    server = Logged(naskah)
    wening = sign_in(naskah, server.address, "wening")
    fields = {"tabel": "biro-umum/besar/banyak.csv", "sistem": "sisurat", "cara": "ambil"}
    wening.get("/arsip/impor")
    wening.post("/arsip/impor", follow=False, **fields)
    place = wening.place
    wening.get("/arsip/impor")
    wening.post("/arsip/impor", follow=False, **fields)
    assert wening.status == 422 and "sedang dimasukkan" in wening.page, wening.page

    def done():
        found = re.search(r'nsk-follow__done">([0-9]+)<', wening.get(place))
        return int(found[1]) if found else ROWS
    while done() == 0:
        time.sleep(0.05)
    server.stop()
    before = imported(naskah)
    assert 2 < len(before) < ROWS + 2, before
    server = Logged(naskah)
    wening = sign_in(naskah, server.address, "wening")
    wening.get(place)
    assert wening.status == 404 and "mulai lagi" in wening.page, wening.page
    wening.get("/arsip/impor")
    follow(wening, **fields)
    there = len(before) - 2
    assert f"{ROWS - there} dimasukkan, {there} sudah ada, 0 ditolak" in wening.page, wening.page
    server.stop()
    assert imported(naskah) == sorted(["1/AL/2011", "4/AL/2011"] + [f"{n}/AL/2011" for n in range(100, 100 + ROWS)])
    naskah.run("doctor")


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as base:
        run_cases([alone(looked), alone(stopped)], Naskah(sys.argv[1], os.path.join(base, "office")))
