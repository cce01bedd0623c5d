#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""web-records.py NASKAH: files of records on pages, as an archivist keeps them without scripts."""
import html
import os
import re
import sqlite3
import sys
import tempfile

from browser import Browser
from tap import Naskah, run_cases
from web import Server, alone

SOURCE = os.environ["NASKAH_SOURCE"]
SCHEME = os.path.join(SOURCE, "templates/records/kementerian.csv")
WORK = {}
STRANGER = "galih"
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


# --- Disposal. ---


def due_file(naskah, code, title, *letters):
    """A file whose retention has been over for long, by the end of its contract."""
    made = naskah.ask("berkas", "open", "biro-umum", "susut", code, title, person="wening")["berkas"]
    for letter in letters:
        naskah.run("berkas", "add", made, letter, person="wening")
    naskah.run("berkas", "close", made, "--date", "2010-06-30", person="wening")
    return made


def scheme_of_disposal(naskah):
    path = os.path.join(WORK["folder"], "susut.csv")
    with open(path, "w", encoding="utf-8") as file:
        file.write("code,name,trigger,active,inactive,fate\nSU,Susut,,,,\nSU.01,Pendek,contract,1,1,destroy\n"
                   "SU.02,Panjang,contract,2,10,destroy\nSU.03,Nilai,contract,1,1,review\n"
                   "SU.04,Berjalan,contract,1,90,permanent\n")
    naskah.run("records", "load", path)


def moves_and_holds(naskah):
    """What is due is listed by what is to be done; a move is entered once; a hold needs a reason."""
    scheme_of_disposal(naskah)
    server = Server(naskah)
    wening = visitor(naskah, server, "wening")
    moved = due_file(naskah, "SU.04", "Sumur bor")
    wening.get("/arsip/penyusutan")
    assert "Harus dipindahkan ke pusat arsip" in said(wening) and "Sumur bor" in said(wening), said(wening)
    wening.get(f"/arsip/berkas/{moved}")
    wening.post(f"/arsip/berkas/{moved}/pindah")
    assert wening.status == 200 and "sudah dipindahkan ke pusat arsip" in said(wening), said(wening)
    assert "/pindah" not in wening.page and naskah.ask("berkas", "show", moved, person="wening")["moved"]
    wening.post(f"/arsip/berkas/{moved}/pindah")
    assert wening.status == 409, (wening.status, said(wening))
    wening.get(f"/arsip/berkas/{moved}")
    wening.post(f"/arsip/berkas/{moved}/tahan", tahan="  ")
    assert wening.status == 422 and "Tuliskan alasannya" in said(wening), said(wening)
    for why in ("Perkara 12", "Audit"):
        wening.get(f"/arsip/berkas/{moved}")
        wening.post(f"/arsip/berkas/{moved}/tahan", tahan=why)
        assert wening.status == 200 and "Berkas ditahan." in said(wening), said(wening)
    assert "Perkara 12" not in said(wening)  # why stands in the history alone
    wening.post(f"/arsip/berkas/{moved}/lepas", nomor="2", lepas="Audit selesai")
    holds = naskah.ask("berkas", "show", moved, person="wening")["holds"]
    assert [hold["n"] for hold in holds] == [1], holds
    wening.post(f"/arsip/berkas/{moved}/lepas", nomor="2", lepas="Lagi")
    assert wening.status == 422, (wening.status, said(wening))
    wening.get(f"/arsip/berkas/{moved}")
    wening.post(f"/arsip/berkas/{moved}/lepas", nomor="1", lepas="Putusan tetap")
    assert naskah.ask("berkas", "show", moved, person="wening")["holds"] == []
    assert wening.get("/arsip/penyusutan?per=kemarin") and wening.status == 422, wening.status
    damar = visitor(naskah, server, "damar")
    damar.get("/arsip/penyusutan")
    assert "Tidak ada yang perlu Anda kerjakan di sini" in said(damar) and "Sumur bor" not in damar.page


def proposal_of(browser):
    return re.search(r"/arsip/penyusutan/([0-9a-f-]{36})", browser.page)[1]


def disposal(naskah):
    """A proposal goes from its archivist to its opinion, and to the head of the agency, who must show that it
    is he; never to who proposed it; and at last to the command, which the page names."""
    server = Server(naskah)
    letter = ended_letter(naskah, "Undangan zaitun")
    due = due_file(naskah, "SU.01", "Zaitun 2009", letter)
    wening = visitor(naskah, server, "wening")
    wening.get("/arsip/penyusutan")
    assert f'value="{due}"' in wening.page and "boleh diusulkan musnah" in said(wening), said(wening)
    wening.post("/arsip/penyusutan", nasib="destroy")
    assert wening.status == 422 and "Centang paling sedikit satu" in said(wening), said(wening)
    wening.post("/arsip/penyusutan", nasib="transfer", berkas=due)
    assert wening.status == 409, (wening.status, said(wening))
    wening.post("/arsip/penyusutan", nasib="destroy", berkas=due)
    assert wening.status == 200 and "Usul sudah dibuat" in said(wening), said(wening)
    proposal = naskah.ask("records", "proposals", person="wening")["disposals"][0]["disposal"]
    path = f"/arsip/penyusutan/{proposal}"
    assert "Undangan zaitun" in said(wening) and "/putusan" not in wening.page and "/pendapat" not in wening.page
    wening.post(f"{path}/pendapat", pendapat="setuju", alasan="Ya")
    assert wening.status == 422, (wening.status, said(wening))  # not of his own
    wening.get(f"/arsip/berkas/{due}")
    assert path in wening.page, said(wening)
    damar = visitor(naskah, server, "damar")
    for address in (path, f"{path}/putusan"):
        damar.send("GET", address)
        assert damar.status == 404 and "zaitun" not in damar.page.lower(), (address, damar.status, damar.page)
    bramantya = visitor(naskah, server, "bramantya")
    bramantya.get(f"{path}/putusan")
    assert "hilang" not in said(bramantya) and "untuk selamanya" in said(bramantya), said(bramantya)
    bramantya.post(f"{path}/putusan", putusan="setuju")
    assert bramantya.status == 409, (bramantya.status, said(bramantya))  # nobody has agreed yet
    budi = visitor(naskah, server, "budi")
    budi.get(path)
    budi.post(f"{path}/pendapat", pendapat="setuju", alasan="")
    assert budi.status == 422 and "Pilih pendapat Anda" in said(budi), said(budi)
    budi.post(f"{path}/pendapat", pendapat="setuju", alasan="<i>Tidak</i> bernilai guna")
    assert "Pendapat Anda sudah dicatat" in said(budi) and "setuju : Budi" in said(budi), said(budi)
    assert "bernilai guna" not in said(budi)  # why stands in the history alone
    prove_and_decide(naskah, bramantya, path)
    wening.get(path)
    wening.post(f"{path}/berita-acara")
    assert "Konsep berita acara sudah dibuat" in said(wening), said(wening)
    assert "naskah records destroy" not in said(wening)  # it is not signed
    record = naskah.ask("records", "proposals", proposal, person="wening")["letter"]
    assert f"/surat/{record}" in wening.page, wening.page
    WORK.update(proposal=proposal, record=record, gone=letter, due=due)


def prove_and_decide(naskah, bramantya, path):
    """Six minutes after he came in he has to prove that it is he; a refusal needs a reason."""
    rows = sqlite3.connect(os.path.join(naskah.folder, "office.db"))
    rows.execute("UPDATE session SET proved = proved - 360000000")
    rows.commit()
    rows.close()
    bramantya.send("GET", f"{path}/putusan")
    assert bramantya.place == f"/masuk/ulang?ke={path}/putusan", (bramantya.status, bramantya.place)
    bramantya.get("/wakil")  # whose forms carry the session's mark
    bramantya.post(f"{path}/putusan", follow=False, putusan="setuju")
    assert bramantya.status == 303 and bramantya.place.startswith("/masuk/ulang"), bramantya.place
    bramantya.get(f"{path}/putusan")
    bramantya.post("/masuk/ulang", sandi=PASSWORD, ke=f"{path}/putusan")
    assert "Saya menyetujuinya" in said(bramantya), said(bramantya)
    bramantya.post(f"{path}/putusan", putusan="tolak", alasan="")
    assert bramantya.status == 422 and "Tuliskan mengapa Anda menolaknya" in said(bramantya), said(bramantya)
    bramantya.post(f"{path}/putusan", alasan="")
    assert bramantya.status == 422 and "Pilih apakah Anda" in said(bramantya), said(bramantya)
    bramantya.post(f"{path}/putusan", putusan="setuju")
    assert bramantya.status == 200 and "Usul disetujui." in said(bramantya), said(bramantya)
    assert "/putusan" not in bramantya.page


def what_is_left(naskah):
    """Once signed the page names the command; afterwards page and letter tell what is left."""
    server = Server(naskah)
    naskah.run("letter", "submit", WORK["record"], person="wening")
    for person in ("budi", "wening"):
        pages = naskah.ask("task", "sign", WORK["record"], person=person)
        naskah.run("task", "sign", WORK["record"], "--confirm", pages["sha256"], "--passphrase-file",
                   os.path.join(naskah.folder, "keys/passphrase"), person=person)
    wening = visitor(naskah, server, "wening")
    wening.get(f"/arsip/penyusutan/{WORK['proposal']}")
    command = re.search(r"naskah (records destroy [0-9a-f-]{36} --confirm [0-9a-f]{8})", said(wening))
    assert command, said(wening)
    naskah.run(*command[1].split(), person="wening")
    wening.get(f"/arsip/penyusutan/{WORK['proposal']}")
    assert "sudah dimusnahkan" in said(wening) and f"/arsip/musnah/{WORK['gone']}" in wening.page, said(wening)
    assert "zaitun" not in said(wening).replace("Zaitun 2009", ""), said(wening)
    assert wening.send("GET", f"/surat/{WORK['gone']}") == 410
    assert f'href="/arsip/musnah/{WORK["gone"]}"' in wening.page, wening.page
    wening.get(f"/arsip/musnah/{WORK['gone']}")
    left = naskah.ask("records", "residual", WORK["gone"], person="wening")
    assert wening.status == 200 and left["content"] in said(wening), said(wening)
    assert "surat dimusnahkan setelah retensinya habis" in said(wening), said(wening)
    assert f"/surat/{WORK['record']}" in wening.page
    wening.get(f"/arsip/berkas/{WORK['due']}")
    assert f"/arsip/musnah/{WORK['gone']}" in wening.page and "/tahan" not in wening.page, said(wening)
    galih = visitor(naskah, server, STRANGER)
    assert galih.send("GET", f"/arsip/musnah/{WORK['gone']}") == 404, galih.status
    assert galih.send("GET", f"/arsip/musnah/{'0' * 40}") == 404, galih.status


def consent_and_refusal(naskah):
    """Ten years of retention need a consent, which the page asks for; what was refused or withdrawn may be
    proposed again; of files that are assessed the archivist chooses."""
    server = Server(naskah)
    wening = visitor(naskah, server, "wening")
    long = due_file(naskah, "SU.02", "Panjang 2009", ended_letter(naskah, "Panjang"))
    wening.get("/arsip/penyusutan")
    wening.post("/arsip/penyusutan", nasib="destroy", berkas=long)
    assert wening.status == 200, said(wening)
    first = proposals(naskah, "proposed")[0]
    wening.post(f"/arsip/penyusutan/{first}/tarik")
    assert "Usul ditarik." in said(wening), said(wening)
    wening.get("/arsip/penyusutan")
    wening.post("/arsip/penyusutan", nasib="destroy", berkas=long)
    path = f"/arsip/penyusutan/{proposals(naskah, 'proposed')[0]}"
    budi = visitor(naskah, server, "budi")
    budi.get(path)
    budi.post(f"{path}/pendapat", pendapat="setuju", alasan="Ya")
    bramantya = visitor(naskah, server, "bramantya")
    bramantya.get(f"{path}/putusan")
    assert 'name="persetujuan"' in bramantya.page, said(bramantya)
    bramantya.post(f"{path}/putusan", putusan="setuju", persetujuan="")
    assert bramantya.status == 409 and 'name="persetujuan"' in bramantya.page, said(bramantya)
    bramantya.post(f"{path}/putusan", putusan="tolak", alasan="Masih diperlukan")
    assert bramantya.status == 200 and "Usul ditolak." in said(bramantya), said(bramantya)
    review = due_file(naskah, "SU.03", "Nilai 2009", ended_letter(naskah, "Nilai"))
    wening.get("/arsip/penyusutan")
    wening.post("/arsip/penyusutan", nasib="review", berkas=review)
    assert "Usul untuk menilai kembali" in said(wening), said(wening)
    assert naskah.ask("records", "proposals", proposals(naskah, "proposed")[0], person="wening")["form"] == "review"


def proposals(naskah, state):
    return [one["disposal"] for one in naskah.ask("records", "proposals", person="wening")["disposals"]
            if one["state"] == state]


def loans(naskah):
    """Who needs something asks in words; its archivist lends a letter from its own page, which opens while it
    is lent; a paper that is late is shown; nobody else sees that there is a loan."""
    server = Server(naskah)
    letter = ended_letter(naskah, "Undangan kenari")
    naufal, wening = visitor(naskah, server, "naufal"), visitor(naskah, server, "wening")
    naufal.get("/arsip/pinjaman/baru")
    assert '<option value="biro-umum"' in naufal.page, naufal.page
    naufal.post("/arsip/pinjaman/baru", unit="biro-umum", perlu="<b>kenari</b>", sampai="2099-01-01", alasan=" ")
    assert naufal.status == 422 and "&lt;b>kenari" in naufal.page, said(naufal)
    naufal.post("/arsip/pinjaman/baru", unit="biro-umum", perlu="Undangan kenari", sampai="2099-01-01",
                alasan="Audit")
    assert "dilihat arsiparis unit itu" in said(naufal) and "Tarik permintaan" in said(naufal), said(naufal)
    assert "/kabul" not in naufal.page and letter not in naufal.page
    loan = naskah.ask("loan", "list", person="wening")["loans"][0]["loan"]
    galih = visitor(naskah, server, STRANGER)
    assert galih.send("GET", f"/arsip/pinjaman/{loan}") == 404 and "kenari" not in galih.page
    assert "kenari" not in galih.get("/arsip/pinjaman")
    naufal.post(f"/arsip/pinjaman/{loan}/kabul", surat=letter)
    assert naufal.status == 422, (naufal.status, said(naufal))  # not by himself
    wening.get(f"/surat/{letter}")
    assert f'<option value="{loan}"' in wening.page, said(wening)
    wening.post(f"/surat/{letter}/pinjam", pinjaman=loan)
    assert "Peminjaman dikabulkan" in said(wening), said(wening)
    assert naufal.send("GET", f"/surat/{letter}") == 404
    wening.post(f"/arsip/pinjaman/{loan}/serah")
    assert "Dicatat sudah diserahkan" in said(wening), said(wening)
    naufal.get(f"/arsip/pinjaman/{loan}")
    assert f"/surat/{letter}" in naufal.page
    naufal.get(f"/surat/{letter}")
    assert naufal.status == 200 and "Undangan kenari" in said(naufal), (naufal.status, said(naufal))
    wening.post(f"/arsip/pinjaman/{loan}/serah")
    assert wening.status == 409, (wening.status, said(wening))
    wening.get(f"/arsip/pinjaman/{loan}")
    wening.post(f"/arsip/pinjaman/{loan}/kembali")
    assert "Dicatat sudah kembali" in said(wening), said(wening)
    assert naufal.send("GET", f"/surat/{letter}") == 404
    assert wening.send("POST", f"/arsip/pinjaman/{loan}/bakar", wening.fields()) in (403, 404)
    wening.get("/arsip/pinjaman?terlambat=1")
    assert "Tidak ada peminjaman" in said(wening), said(wening)


def main():
    with tempfile.TemporaryDirectory() as folder:
        WORK.update(folder=folder, known=set())
        naskah = Naskah(sys.argv[1], os.path.join(folder, "kantor"))
        naskah.run("init", naskah.folder, "--demo", "--empty", office=False)
        run_cases([alone(case) for case in (classes, strangers, keeping, days, moves_and_holds, disposal,
                                           what_is_left, consent_and_refusal, loans)], naskah)


if __name__ == "__main__":
    main()
