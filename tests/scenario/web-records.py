#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""web-records.py NASKAH: files of records on pages, as an archivist keeps them without scripts."""
import html
import os
import re
import sys
import tempfile

from browser import Browser
from tap import Naskah, run_cases
from web import Server, alone

SOURCE = os.environ["NASKAH_SOURCE"]
SCHEME = os.path.join(SOURCE, "templates/records/kementerian.csv")
WORK = {}
PASSWORD = "air tanah di sumur nomor tujuh"


def visitor(naskah, server, person):
    """@person, signed in with a password that he gave himself."""
    browser = Browser(server.address)
    if person not in WORK["known"]:
        first = naskah.ask("account", "reset", person)["password"]
        browser.get("/masuk")
        browser.post("/masuk", nama=person, sandi=first)
        browser.get("/profil/sandi")
        browser.post("/profil/sandi", sandi=first, **{"sandi-baru": PASSWORD, "sandi-lagi": PASSWORD})
        WORK["known"].add(person)
    else:
        browser.get("/masuk")
        browser.post("/masuk", nama=person, sandi=PASSWORD)
    assert browser.get("/beranda") and browser.status == 200, (browser.status, browser.page)
    return browser


def said(browser):
    """What the page says, as one line."""
    text = re.sub(r"<[^>]+>", " ", browser.page[browser.page.index("<main"):])
    return re.sub(r"\s+", " ", html.unescape(text))


def ended_letter(naskah, subject):
    """A letter whose way has ended."""
    with open(os.path.join(SOURCE, "templates/letters/surat-dinas.sample.xml"), encoding="utf-8") as file:
        text = file.read()
    path = os.path.join(WORK["folder"], "surat.xml")
    with open(path, "w", encoding="utf-8") as file:
        file.write(re.sub(r"<subject>[^<]*</subject>", f"<subject>{subject}</subject>", text))
    letter = naskah.ask("letter", "new", path, "--position", "staf-persuratan", person="damar")["letter"]
    naskah.run("letter", "withdraw", letter, "--note", "Batal.", person="damar")
    return letter


def classes(naskah):
    """The classification is told to everybody, and says so while there is none."""
    server = Server(naskah)
    damar = visitor(naskah, server, "damar")
    damar.get("/arsip/klasifikasi")
    assert "Belum ada klasifikasi" in said(damar), damar.page
    naskah.run("records", "load", SCHEME)
    damar.get("/arsip/klasifikasi")
    assert "KP.09 Berkas perseorangan" in said(damar), said(damar)
    assert "Aktif 1 tahun, inaktif 10 tahun" in said(damar), said(damar)
    assert "/arsip/berkas/baru" not in damar.page  # he keeps none
    damar.get("/arsip/klasifikasi?kelas=HM")
    assert "HM.01" in said(damar) and "KP.09" not in said(damar), said(damar)
    damar.get("/arsip/klasifikasi?kata=kontrak")
    assert "PL.01" in said(damar) and "HM.01" not in said(damar), said(damar)
    damar.get("/arsip/klasifikasi?kata=%3Cscript%3Ealert(1)%3C/script%3E")
    assert "<script>alert" not in damar.page and "Tidak ada kelas" in said(damar)
    assert damar.send("GET", "/arsip/klasifikasi?skema=tidak-ada") == 404


def strangers(naskah):
    """Who keeps no files sees none, opens none, and does not learn which there are."""
    server = Server(naskah)
    made = naskah.ask("berkas", "open", "biro-umum", "kementerian", "HM.00", "Rahasia dapur", person="wening")
    damar = visitor(naskah, server, "damar")
    damar.get("/arsip/berkas")
    assert "Anda tidak mengelola berkas" in said(damar) and "Rahasia dapur" not in damar.page
    assert damar.send("GET", f"/arsip/berkas/{made['berkas']}") == 404, damar.page
    assert "Rahasia dapur" not in damar.page
    for path in ("surat", "tutup", "tanggal"):
        damar.get("/wakil")  # whose forms carry the session's mark
        damar.post(f"/arsip/berkas/{made['berkas']}/{path}", follow=False, surat="x", tanggal="2026-01-01")
        assert damar.status in (403, 404) and "Rahasia dapur" not in damar.page, (path, damar.status)
    damar.get("/wakil")
    damar.post("/arsip/berkas/baru", judul="x", unit="biro-umum", skema="kementerian", kode="HM.00")
    assert damar.status == 422 and "arsiparis-umum" in said(damar), said(damar)
    state = naskah.ask("berkas", "show", made["berkas"], person="wening")["state"]
    assert state == "open", state


def keeping(naskah):
    """An archivist opens a file, puts letters in from both sides, closes it, and reads until when."""
    server = Server(naskah)
    wening = visitor(naskah, server, "wening")
    wening.get("/arsip")
    assert 'href="/arsip/berkas"' in wening.page, wening.page
    wening.get("/arsip/berkas/baru?skema=kementerian&kode=KP.08.1")
    assert 'value="KP.08.1"' in wening.page, wening.page
    wening.post("/arsip/berkas/baru", judul="<b>Pelatihan</b>", unit="biro-umum", skema="kementerian", kode="KP")
    assert wening.status == 422 and "<b>Pelatihan" not in wening.page, said(wening)
    assert "&lt;b>Pelatihan" in wening.page and "judul" in said(wening).lower(), wening.page
    wening.post("/arsip/berkas/baru", judul="Pelatihan 2026", unit="biro-umum", skema="kementerian", kode="KP.08.1")
    assert wening.status == 200 and "Terbuka: retensinya belum berjalan." in said(wening), said(wening)
    berkas = re.search(r'action="/arsip/berkas/([0-9a-f-]+)/surat"', wening.page)[1]
    first, second = ended_letter(naskah, "Undangan satu"), ended_letter(naskah, "Undangan dua")
    wening.post(f"/arsip/berkas/{berkas}/surat", surat="tidak ada")
    assert wening.status == 422 and 'value="tidak ada"' in wening.page, said(wening)
    wening.post(f"/arsip/berkas/{berkas}/surat", surat=first)
    assert "Surat sudah masuk ke berkas." in said(wening) and "Undangan satu" in said(wening), said(wening)
    wening.get(f"/surat/{second}")
    assert f'<option value="{berkas}"' in wening.page, wening.page
    wening.post(f"/surat/{second}/berkas", berkas=berkas)
    assert "Undangan dua" in said(wening), said(wening)
    wening.get(f"/surat/{second}")
    assert "Disimpan dalam berkas" in said(wening) and "<option" not in wening.page.split("arsipkan")[1].split("<h2")[0], said(wening)
    wening.post(f"/arsip/berkas/{berkas}/surat", surat=second)
    assert wening.status == 409, (wening.status, said(wening))
    wening.get(f"/arsip/berkas/{berkas}")
    wening.post(f"/arsip/berkas/{berkas}/tutup")
    shown = naskah.ask("berkas", "show", berkas, person="wening")
    year = int(shown["counted"][:4])
    day = re.search(r"Aktif sampai (\d+) \w+ (\d+), karena dihitung", said(wening))
    assert day and (int(day[1]), int(day[2])) == (int(shown["counted"][8:]), year + 2), (shown, said(wening))
    assert "Masukkan surat" not in said(wening)
    damar = visitor(naskah, server, "damar")
    damar.get(f"/surat/{second}")
    assert damar.status == 200 and berkas not in damar.page  # where it is kept is for who keeps it


def days(naskah):
    """A file whose retention counts from a contract waits for its day, which is entered once."""
    server = Server(naskah)
    wening = visitor(naskah, server, "wening")
    wening.get("/arsip/berkas/baru")
    wening.post("/arsip/berkas/baru", judul="Pompa", unit="biro-umum", skema="kementerian", kode="PL.01")
    berkas = re.search(r'action="/arsip/berkas/([0-9a-f-]+)/surat"', wening.page)[1]
    wening.post(f"/arsip/berkas/{berkas}/tutup", tanggal="")
    assert "retensinya belum berjalan" in said(wening), said(wening)
    wening.post(f"/arsip/berkas/{berkas}/tanggal", tanggal="2999-01-01")
    assert wening.status == 422 and 'value="2999-01-01"' in wening.page, said(wening)
    wening.post(f"/arsip/berkas/{berkas}/tanggal", tanggal="2010-06-30")
    assert "Retensi habis pada 30 Juni 2020, karena dihitung" in said(wening), said(wening)
    assert "/tanggal" not in wening.page
    listed = {state: wening.get(f"/arsip/berkas?kata=pompa&status={state}").count(berkas)
              for state in ("open", "waiting", "active", "inactive", "due")}
    assert listed == {"open": 0, "waiting": 0, "active": 0, "inactive": 0, "due": 1}, listed
    assert berkas in wening.get("/arsip/berkas?kode=PL") and berkas not in wening.get("/arsip/berkas?kode=P")
    assert berkas not in wening.get("/arsip/berkas?kata=kompresor")
    assert wening.get("/arsip/berkas?status=hilang") and wening.status == 422, wening.status
    wening.get("/bahasa/en")
    wening.get(f"/arsip/berkas/{berkas}")
    assert "Retention was over on 30 June 2020, because it counts" in said(wening), said(wening)


def main():
    with tempfile.TemporaryDirectory() as folder:
        WORK.update(folder=folder, known=set())
        naskah = Naskah(sys.argv[1], os.path.join(folder, "kantor"))
        naskah.run("init", naskah.folder, "--demo", "--empty", office=False)
        run_cases([alone(case) for case in (classes, strangers, keeping, days)], naskah)


if __name__ == "__main__":
    main()
