#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""web-admin.py NASKAH: deputies, administration and what else an office's pages have, over HTTP; what
is done there is seen by the commands, and who may not is told that there is nothing."""
import datetime
import os
import re
import sys
import tempfile
import time

from importlib import import_module
from tap import Naskah, run_cases
from web import Server, alone

pages = import_module("web-pages")
WORK = pages.WORK
visitor = pages.visitor
Browser = pages.Browser


def day(ahead):
    now = datetime.datetime.now(datetime.timezone.utc) + datetime.timedelta(hours=7)
    return (now.date() + datetime.timedelta(days=ahead)).isoformat()


def turns(naskah, person):
    found = naskah.ask("duty", "list", "--date", day(-1), "--until", day(60), "--person", person, person=person)
    return [(turn["what"], turn["from"], turn.get("until"), turn.get("substitute")) for turn in found["turns"]]


def deputies(naskah):
    """Absences are entered and ended by who is away; a name that means several is asked for again."""
    server = Server(naskah)
    budi = visitor(naskah, server, "budi")
    page = budi.get("/wakil")
    assert budi.status == 200 and "Kepala Bagian Tata Usaha dan Kearsipan" in page and "Plh." in page, page
    budi.post("/wakil", macam="leave", dari=day(3), sampai=day(5), pengganti="a")
    assert budi.status == 422 and "beberapa orang" in budi.page, budi.page
    budi.get("/wakil")
    budi.post("/wakil", macam="leave", dari=day(3), sampai=day(5), pengganti="<b>siapa")
    assert budi.status == 422 and "<b>" not in budi.page and "&lt;b&gt;siapa" in budi.page
    budi.get("/wakil")
    budi.post("/wakil", macam="leave", dari="", sampai="", pengganti="")
    assert budi.status == 422 and "dari-salah" in budi.page, budi.page
    budi.get("/wakil")
    budi.post("/wakil", macam="leave", dari=day(3), sampai=day(5), pengganti="Kirana")
    assert budi.status == 200 and "Sudah dicatat" in budi.page and "Kirana" in budi.page, budi.page
    assert turns(naskah, "budi") == [("leave", day(3), day(5), "kirana")], turns(naskah, "budi")
    kirana = visitor(naskah, server, "kirana")
    assert "Budi Hargotama" in kirana.get("/wakil")
    budi.get("/wakil")
    budi.post("/wakil/akhir", macam="leave", dari=day(3))
    assert budi.status == 200 and turns(naskah, "budi") == [], budi.page
    budi.post("/wakil", macam="travel", dari=day(0), sampai="", pengganti="")
    assert turns(naskah, "budi") == [("travel", day(0), None, None)], turns(naskah, "budi")
    budi.post("/wakil/akhir", macam="travel", dari=day(0))
    assert turns(naskah, "budi") == []
    budi.get("/wakil")
    fields = dict(budi.fields(), macam="leave", dari=day(9))
    del fields["csrf"]
    assert budi.send("POST", "/wakil", fields) == 403
    server.stop()


def handovers(naskah):
    """A position's open work is listed on a page and confirmed by both."""
    server = Server(naskah)
    damar, kirana = (visitor(naskah, server, person) for person in ("damar", "kirana"))
    damar.get("/wakil")
    damar.post("/wakil/serah", jabatan="staf-persuratan", penerima="-")
    assert damar.status == 422, damar.status
    damar.get("/wakil")
    damar.post("/wakil/serah", jabatan="staf-persuratan", penerima="wening")
    if damar.status == 422:
        assert "govuk-error-summary" in damar.page
    assert kirana.send("GET", "/wakil/serah/tidak-ada") == 404
    server.stop()


ADMIN = ("", "/orang", "/orang?cari=budi", "/orang/budi", "/jabatan", "/mandat", "/akun", "/muat",
         "/aturan/profil", "/aturan/templat", "/aturan/alur", "/aturan/kalender", "/aturan/profil/pasang",
         "/aturan/alur/pasang", "/aturan/kalender/pasang", "/kesehatan", "/kesehatan?periksa=1", "/kunci",
         "/nomor", "/riwayat", "/riwayat?orang=ratna", "/riwayat?surat=office/directory",
         "/orang/budi/akun/sandi", "/orang/budi/akun/kunci",
         "/orang/budi/akhiri?jabatan=kepala-bagian-tata-usaha&dari=2020-08-03&macam=definitive")


def administrators(naskah):
    """Only who was named sees /kelola, while he holds a position; for others there is nothing."""
    server = Server(naskah)
    budi, ratna = (visitor(naskah, server, person) for person in ("budi", "ratna"))
    assert "/kelola" not in budi.get("/beranda") and "/kelola" in ratna.get("/beranda")
    for path in ADMIN:
        assert budi.send("GET", "/kelola" + path) == 404, (path, budi.status)
        page = ratna.get("/kelola" + path)
        assert ratna.status == 200 and "<h1" in page, (path, ratna.status, page[:2000])
    ratna.get("/kelola/orang")
    csrf = budi.get("/wakil") and budi.fields()["csrf"]
    for path in ("/orang", "/orang/damar/jabatan", "/orang/damar/akhiri", "/orang/damar/akun/sandi",
                 "/kunci", "/muat", "/aturan/profil/pasang"):
        assert budi.send("POST", "/kelola" + path, {"csrf": csrf}) == 404, path
        assert Browser(server.address).send("POST", "/kelola" + path, {"x": "y"}) in (303, 403), path
    assert ratna.send("GET", "/kelola/aturan/lain") == 404
    assert ratna.send("GET", "/kelola/aturan/templat/pasang") == 404
    assert ratna.send("GET", "/kelola/orang/tidak-ada") == 404
    naskah.run("account", "dismiss", "ratna")
    assert ratna.send("GET", "/kelola") == 404
    naskah.run("account", "appoint", "budi")
    assert budi.send("GET", "/kelola") == 200
    accounts = {row["person"]: row for row in naskah.ask("account", "list")["accounts"]}
    assert accounts["budi"]["administers"] and not accounts["ratna"]["administers"]
    naskah.run("account", "dismiss", "budi")
    naskah.run("account", "appoint", "ratna")
    server.stop()


def people(naskah):
    """A person is added, gets a position and an account, and loses both; commands see each step."""
    server = Server(naskah)
    ratna = visitor(naskah, server, "ratna")
    ratna.get("/kelola/orang")
    ratna.post("/kelola/orang", nama="Wiraguna <b>", id="WIRA")
    assert ratna.status == 422 and "<b>" not in ratna.page and "govuk-error-summary" in ratna.page, ratna.page
    ratna.get("/kelola/orang")
    ratna.post("/kelola/orang", nama="Wiraguna Pratamayuda", id="wira", nip="199001012015011999")
    assert ratna.status == 200 and "Wiraguna Pratamayuda" in ratna.page, (ratna.status, ratna.page)
    ratna.post("/kelola/orang/wira/jabatan", jabatan="tidak-ada", macam="definitive", dari=day(0))
    assert ratna.status == 422 and "tidak-ada" in ratna.page, ratna.page
    ratna.get("/kelola/orang/wira")
    ratna.post("/kelola/orang/wira/jabatan", jabatan="staf-persuratan", macam="definitive", dari=day(-3))
    assert ratna.status == 200 and "Pengadministrasi Persuratan" in ratna.page, ratna.page
    found = [row for row in naskah.ask("directory", "list", "people", "wira")["rows"] if row["id"] == "wira"]
    assert [held["position"] for held in found[0]["positions"]] == ["staf-persuratan"], found
    ratna.get("/kelola/orang/wira/akun/buat")
    page = ratna.post("/kelola/orang/wira/akun/buat")
    password = page.split('class="nsk-proof">')[1].split("<")[0]
    wira = Browser(server.address)
    wira.get("/masuk")
    wira.post("/masuk", nama="wira", sandi=password)
    assert "/profil/sandi" in wira.page or "sandi-baru" in wira.page, wira.page
    ratna.get("/kelola/orang/wira/akun/kunci")
    ratna.post("/kelola/orang/wira/akun/kunci")
    assert "terkunci" in ratna.page, ratna.page
    assert wira.send("GET", "/profil/sandi") == 303, "locked out at once"
    accounts = {row["person"]: row["state"] for row in naskah.ask("account", "list")["accounts"]}
    assert accounts["wira"] == "locked", accounts
    ratna.get("/kelola/orang/ratna/akun/sandi")
    ratna.post("/kelola/orang/ratna/akun/sandi")
    assert ratna.status == 422 and "profil" in ratna.page, "nobody resets himself here"
    ratna.get(f"/kelola/orang/wira/akhiri?jabatan=staf-persuratan&dari={day(-3)}&macam=definitive")
    ratna.post("/kelola/orang/wira/akhiri", sampai=day(-1))
    assert ratna.status == 200 and "berakhir" in ratna.page, ratna.page
    found = [row for row in naskah.ask("directory", "list", "people", "wira")["rows"] if row["id"] == "wira"]
    assert found[0]["positions"] == [], found
    page = ratna.get("/kelola/riwayat?orang=ratna")
    assert page.count("direktori dimuat") == 3 and "akun dikunci" in page, page
    assert ratna.send("GET", "/kelola/riwayat.csv?orang=ratna") == 200 and "csv" in ratna.type
    assert ratna.page.count('"directory-loaded"') == 3, ratna.page
    assert ratna.send("GET", "/kelola/riwayat?dari=kemarin") == 422
    assert ratna.send("GET", "/kelola/riwayat?setelah=x") == 422
    assert "directory-loaded" not in (ratna.send("GET", f"/kelola/riwayat.csv?sampai={day(-1)}") and ratna.page)
    server.stop()


def upload(browser, path, name, content, **fields):
    """@content as the file of a form."""
    edge = "x-batas-x"
    fields = dict(browser.fields(), **fields)
    parts = [f'--{edge}\r\nContent-Disposition: form-data; name="{key}"\r\n\r\n{value}\r\n'
             for key, value in fields.items()]
    parts.append(f'--{edge}\r\nContent-Disposition: form-data; name="berkas"; filename="{name}"\r\n'
                 f'Content-Type: application/xml\r\n\r\n{content}\r\n--{edge}--\r\n')
    return browser.send_body("POST", path, "".join(parts).encode(), f"multipart/form-data; boundary={edge}")


def shown(browser, table, name="orang.csv", status=200):
    """What the page says that a table would change, and the fields of the decision."""
    browser.get("/kelola/muat")
    assert upload(browser, "/kelola/muat", name, table) == status, browser.page
    found = re.search(r'name="sidik" type="hidden" value="([0-9a-f]{64})"', browser.page)
    # a browser gives the lines of a form back with CR LF
    return {"tindakan": "ubah", "nama": name, "isi": table.replace("\n", "\r\n"), "sidik": found[1] if found else ""}


def tables(naskah, ratna):
    """A table in CSV is shown before it is taken; what a column that is not there says stays."""
    def person(name):
        return ratna.get(f"/kelola/orang/{name}")

    before = re.search(r"NIP[^0-9]*(\d{18})", person("budi"))[1]
    one = "id,name,printed\nbudi,Budi Baru,Budi Baru\nsari-uji,Sari <b>Dewanti</b>,Sari\n"
    fields = shown(ratna, one)
    for words in ("Baru: 1. Berubah: 1. Tetap: 0.", "Budi Baru", "people: sari-uji", "Sari &lt;b&gt;"):
        assert words in ratna.page, (words, ratna.page)
    assert "Budi Baru" not in person("budi")  # nothing is changed yet
    ratna.get("/kelola/muat")
    ratna.post("/kelola/muat", **(fields | {"sidik": "0" * 64}))
    assert ratna.status == 409 and "sudah berubah" in ratna.page and "Budi Baru" not in person("budi"), ratna.page
    ratna.get("/kelola/muat")
    ratna.post("/kelola/muat", **(fields | {"isi": one.replace("Budi Baru", "Budi Lain")}))
    assert ratna.status == 409 and "Budi Lain" not in person("budi"), ratna.status
    fields = shown(ratna, one)
    ratna.post("/kelola/muat", **fields)
    assert ratna.status == 200 and "Budi Baru" in person("budi") and before in person("budi"), ratna.page
    assert ratna.send("GET", "/kelola/orang/sari-uji") == 200
    shown(ratna, one)
    assert "semuanya sudah ada" in ratna.page, ratna.page
    for table, words in (("id;name\nx;y\n", "titik koma"), ("a,b\n1,2\n", "tidak menyebut kolom"),
                         ("", "pilih berkas"),
                         ("id,name\nX Y,Nama\n", "orang.csv:2"), ("id,name\nx\n", "orang.csv:2"),
                         ("person,position,capacity,from\nbudi,tidak-ada,definitive,2026-01-01\n", "orang.csv:2"),
                         ("id,name,name\nx,y,z\n", "'name'")):
        assert shown(ratna, table, status=422)["sidik"] == "" and words in ratna.page, (table, ratna.page)


def rules(naskah):
    """Files of rules are checked and put in force; faults are told by line, and change nothing."""
    server = Server(naskah)
    ratna = visitor(naskah, server, "ratna")

    def read(*path):
        with open(os.path.join(pages.SOURCE, *path), encoding="utf-8") as file:
            return file.read()

    flow = read("workflows", sorted(name for name in os.listdir(os.path.join(pages.SOURCE, "workflows"))
                                    if name.endswith(".bpmn"))[0])
    before = ratna.get("/kelola/aturan/alur").count("<tr")
    ratna.get("/kelola/aturan/alur/pasang")
    assert upload(ratna, "/kelola/aturan/alur/pasang", "a.bpmn", flow, tindakan="periksa") == 200, ratna.page
    assert "belum ada yang diubah" in ratna.page, ratna.page
    ratna.get("/kelola/aturan/alur/pasang")
    assert upload(ratna, "/kelola/aturan/alur/pasang", "a.bpmn", flow.replace("</", "<!", 1), tindakan="pasang") == 422
    assert "a.bpmn:" in ratna.page, ratna.page
    assert ratna.get("/kelola/aturan/alur").count("<tr") == before
    ratna.get("/kelola/aturan/alur/pasang")
    assert upload(ratna, "/kelola/aturan/alur/pasang", "a.bpmn", flow + "\n<!-- baru -->", tindakan="pasang") == 200, ratna.page
    assert "Berlaku untuk surat" in ratna.page and ratna.get("/kelola/aturan/alur").count("<tr") == before + 1
    profile = ratna.get("/kelola/aturan/profil").split('href="/kelola/aturan/profil/agency/')[1].split('"')[0]
    assert ratna.send("GET", f"/kelola/aturan/profil/agency/{profile}") == 200
    text = ratna.page
    ratna.get("/kelola/aturan/profil/pasang")
    assert upload(ratna, "/kelola/aturan/profil/pasang", "p.xml", text, tindakan="periksa") == 200, ratna.page
    ratna.get("/kelola/aturan/profil/pasang")
    assert upload(ratna, "/kelola/aturan/profil/pasang", "p.xml", text.replace("<numbering", "<numberink", 1),
                  tindakan="pasang") == 422 and "p.xml:" in ratna.page, ratna.page
    ratna.get("/kelola/muat")
    assert upload(ratna, "/kelola/muat", "d.xml", "<directory/>") == 422, ratna.page
    tables(naskah, ratna)
    ratna.get("/kelola/muat")
    assert upload(ratna, "/kelola/muat", "", "") == 422 and "pilih berkas" in ratna.page, ratna.page
    naskah.run("backup", os.path.join(WORK["folder"], "cadangan"))
    page = ratna.get("/kelola/kesehatan?periksa=1")
    assert "belum diketahui" not in page and "Yang salah" in page, page
    ratna.get("/kelola/kunci")
    page = ratna.post("/kelola/kunci")
    assert ratna.status == 200 and "Kesiapan" in page, page
    diagram = ratna.get("/kelola/aturan/alur").split('href="/kelola/aturan/alur/')[2].split('"')[0]
    assert ratna.send("GET", f"/kelola/aturan/alur/{diagram.removesuffix('/gambar')}/gambar") == 200, diagram
    assert "svg" in ratna.type and "<script" not in ratna.page
    server.stop()


def known_by(damar, year):
    """Letters are found by what they are known by; lists are of the same letters, and of no others."""
    for query, count in (("penerima=Keuangan", 2), ("penerima=kepala-biro-keuangan", 2),
                         ("klasifikasi=KP.08", 2), ("klasifikasi=KP.0", 0), ("penerima=tidak-ada", 0), ("sifat=biasa", 2),
                         (f"dari={year}-01-01&sampai={year}-12-31", 2), ("sampai=1999-12-31", 0),
                         ("klasifikasi=ZZ", 0), ("kata=pantau&kata=", 2)):
        page = damar.get(f"/arsip?{query}" if "kata" in query else f"/arsip?kata=pantau&{query}")
        assert page.count('href="/surat/') == count, (query, page)
        assert (f'/arsip.csv?' in page) == (count > 0), (query, page)
    for wrong, field in (("dari=kemarin", "dari"), ("sampai=2026-02-30", "sampai"), ("pejabat=Tidak+Ada+Orangnya", "pejabat")):
        page = damar.get("/arsip?kata=pantau&" + wrong)
        assert damar.status == 422 and f'id="{field}-salah"' in page, (wrong, page)
    damar.get("/arsip?kata=pantau&pengirim=%22%3E%3Cb%3E")
    assert damar.status == 200 and "<b>" not in damar.page and "&quot;>&lt;b>" in damar.page, damar.page
    lines = damar.get("/arsip.csv?kata=pantau").splitlines()
    assert damar.status == 200 and "csv" in damar.type and len(lines) == 3, lines
    assert "Sumur pantau lama" in lines[1] and "Sumur pantau baru" in lines[2], lines
    assert len(damar.get("/arsip.csv?kata=pantau&sampai=1999-12-31").splitlines()) == 1, damar.page
    assert damar.send("GET", "/arsip.pdf?kata=pantau") == 200 and "pdf" in damar.type, damar.type


def searches(naskah):
    """Counts narrow the archive down and lead back; searches are kept by each for himself."""
    server = Server(naskah)
    letter = pages.new_letter(naskah, "Sumur pantau baru")
    pages.new_letter(naskah, "Sumur pantau lama")
    damar, kirana = (visitor(naskah, server, person) for person in ("damar", "kirana"))
    for _ in range(40):
        page = damar.get("/arsip?kata=pantau")
        if page.count('href="/surat/') >= 2:
            break
        time.sleep(0.5)
    assert "jenis=surat-dinas" in page and "(2)" in page, page
    year = day(0)[:4]
    page = damar.get(f"/arsip?kata=pantau&jenis=surat-dinas&tahun={year}&status=draft")
    assert page.count('href="/surat/') == 2 and "kata=pantau&amp;tahun=" in page, page
    assert 'href="/surat/' not in damar.get("/arsip?kata=pantau&jenis=nota-dinas")
    assert 'href="/surat/' not in damar.get("/arsip?kata=pantau&tahun=1999")
    assert "<b>" not in damar.get("/arsip?kata=pantau&jenis=%3Cb%3E")
    known_by(damar, year)
    damar.get(f"/arsip?kata=pantau&tahun={year}")
    damar.post("/simpan", tempat="arsip", nama='Pantau "x" & y')
    assert damar.status == 200 and 'Pantau "x" &amp; y<' in damar.page and "tersimpan" in damar.page, damar.page
    assert "Pantau" not in kirana.get("/arsip")
    for wrong in ({"tempat": "lain"}, {"kueri": "kata=x\r\nX: y"}, {"kueri": '"><b>'}, {"nama": " "}, {"nama": "x" * 200}):
        damar.get(f"/arsip?kata=pantau&tahun={year}")
        damar.post("/simpan", **dict({"tempat": "arsip", "nama": "Salah"}, **wrong))
        assert damar.status in (400, 422), (wrong, damar.status)
    damar.get("/tugas?jenis=konsep")
    damar.post("/simpan", tempat="tugas", nama="Punyaku 77")
    assert "Punyaku 77" in damar.page and "Punyaku 77" not in damar.get("/arsip")
    damar.get("/tugas")
    damar.post("/simpan/hapus", tempat="tugas", nama="Punyaku 77")
    assert "Punyaku 77" not in damar.get("/tugas")
    page = damar.get(f"/alur/{letter}")
    assert damar.status == 200 and "menunggu di sini" in page and "Pengadministrasi Persuratan" in page, page
    assert damar.send("GET", f"/alur/{letter}/gambar.svg") == 200 and "svg" in damar.type
    stranger = visitor(naskah, server, "jatmiko")
    assert stranger.send("GET", f"/alur/{letter}") == 404
    assert len(stranger.get("/arsip.csv?kata=pantau").splitlines()) == 1, stranger.page
    assert stranger.send("GET", f"/alur/{letter}/gambar.svg") == 404
    assert "Tidak ada yang sedang berjalan" in damar.get("/pekerjaan") and "semua=1" not in damar.page
    ratna = visitor(naskah, server, "ratna")
    assert ratna.get("/pekerjaan?semua=1") and ratna.status == 200 and "Hanya milik saya" in ratna.page
    assert damar.send("GET", "/bantuan/konsep") == 200 and 'id="warga"' not in damar.page
    assert damar.send("GET", "/bantuan/lain") == 404
    server.stop()


CASES = [deputies, handovers, administrators, people, rules, searches]


def main():
    with tempfile.TemporaryDirectory() as folder:
        WORK.update(folder=folder, known=set())
        naskah = Naskah(sys.argv[1], os.path.join(folder, "kantor"))
        naskah.run("init", naskah.folder, "--demo", "--empty", office=False)
        run_cases([alone(case) for case in CASES], naskah)


if __name__ == "__main__":
    main()
