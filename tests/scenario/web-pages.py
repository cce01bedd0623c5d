#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""web-pages.py NASKAH: pages of people who are signed in, over HTTP and without scripts."""
import html
import os
import re
import sys
import tempfile
import time

from browser import Browser
from tap import Naskah, run_cases
from web import Server, alone

SOURCE = os.environ["NASKAH_SOURCE"]
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


def new_letter(naskah, subject="Rapat"):
    with open(os.path.join(SOURCE, "templates/letters/surat-dinas.sample.xml"), encoding="utf-8") as file:
        text = file.read()
    path = os.path.join(WORK["folder"], "surat.xml")
    with open(path, "w", encoding="utf-8") as file:
        file.write(re.sub(r"<subject>[^<]*</subject>", f"<subject>{subject}</subject>", text))
    return naskah.ask("letter", "new", path, "--position", "staf-persuratan", person="damar")["letter"]


def task_of(browser, subject):
    """The address of the task whose letter has that subject."""
    page = browser.get("/tugas")
    found = re.findall(r'class="nsk-task"><a href="([^"]+)">.*?<b>([^<]*)<', page, re.S)
    return next((path for path, name in found if html.unescape(name) == subject), None)


def strangers(naskah):
    """Who is not signed in is sent to the door and back; who is, gets his own desk."""
    server = Server(naskah)
    browser = Browser(server.address)
    for path in ("/beranda", "/tugas", "/masuk-surat", "/arsip", "/ekspedisi", "/register", "/surat/x"):
        assert browser.send("GET", path) == 303 and browser.place.startswith("/masuk?ke="), path
    browser = visitor(naskah, server, "damar")
    assert browser.send("GET", "/") == 303 and browser.place == "/beranda"
    for path in ("/tugas", "/tugas?jenis=paraf", "/tugas?mendesak=1", "/tugas?jenis=%3Cx%3E", "/arsip",
                 "/masuk-surat"):
        browser.get(path)
        assert browser.status == 200 and "<x>" not in browser.page, (path, browser.page[:3000])
    assert browser.send("GET", "/surat/01890a5d-ac96-774b-bcce-b302099a8057") == 404
    assert browser.send("GET", "/tugas/x/y~1") == 404
    server.stop()


def decisions(naskah):
    """A draft is submitted, returned for a reason, submitted again and gets its paraf; what changed
    is told, and what was done is done once."""
    server = Server(naskah)
    letter = new_letter(naskah, "Uji &amp; Periksa")
    damar, kirana = (visitor(naskah, server, person) for person in ("damar", "kirana"))
    place = task_of(damar, "Uji & Periksa")
    page = damar.get(place)
    assert "Ajukan konsep" in page and "nsk-letter" in page and "Uji &amp; Periksa" in page, page
    assert "Disetujui" not in page and "<script>" not in page
    damar.post(place, keputusan="submit")
    assert damar.status == 200 and task_of(damar, "Uji & Periksa") is None, damar.page
    place = task_of(kirana, "Uji & Periksa")
    kirana.get(place)
    kirana.post(place, keputusan="return", catatan=" ")
    assert kirana.status == 422 and "govuk-error" in kirana.page, (kirana.status, kirana.page)
    assert kirana.send("POST", place, {"keputusan": "approve"}) == 403, "no csrf"
    kirana.get(place)
    kirana.send("POST", place, dict(kirana.fields(), keputusan="approve", isi="0" * 64))
    assert kirana.status == 409, (kirana.status, kirana.page)
    kirana.get(place)
    first = dict(kirana.fields(), keputusan="approve", catatan="")
    assert kirana.send("POST", place, first) == 303 and "paraf" in kirana.place
    assert kirana.send("POST", place, first) == 303, "the same request again is the same answer"
    again = dict(first, permintaan="01890a5d-ac96-774b-bcce-b302099a8057")
    assert kirana.send("POST", place, again) == 409 and "sudah selesai" in kirana.page, kirana.page
    page = kirana.get(f"/surat/{letter}")
    assert kirana.status == 200 and "paraf dibubuhkan" in page.lower() and "<h1" in page, page
    for _ in range(100):  # what was just done is proved within a second
        page = kirana.get(f"/surat/{letter}/riwayat")
        if "Setiap dari" in page:
            break
        time.sleep(0.1)
    assert "Bukti catatan" in page and "Setiap dari" in page, page
    proof = kirana.get(f"/surat/{letter}/bukti/1")
    assert kirana.status == 200 and proof.startswith("c2sp.org/tlog-proof@v1\n") and "\nindex " in proof, proof
    for number in ("0", "99", "x", "-1"):
        assert kirana.send("GET", f"/surat/{letter}/bukti/{number}") == 404, number
    assert kirana.get(f"/surat/{letter}/banding?dari=1&ke=2") and kirana.status == 200
    kirana.get(f"/surat/{letter}")
    kirana.post(f"/surat/{letter}/catatan", catatan="<b>dicek</b>")
    assert "&lt;b&gt;dicek&lt;/b&gt;" in kirana.page and "Catatan Anda tersimpan" in kirana.page
    assert kirana.send("GET", f"/surat/{letter}/berkas.pdf") == 200 and "pdf" in kirana.type
    assert kirana.send("GET", f"/surat/{letter}/halaman/1") == 200 and "png" in kirana.type
    assert kirana.send("GET", f"/surat/{letter}/halaman/x") == 404
    server.stop()


def several(naskah):
    """Several get a paraf in one act, of those that were opened and no others."""
    server = Server(naskah)
    names = [f"Serempak {n}" for n in range(3)]
    damar, kirana = (visitor(naskah, server, person) for person in ("damar", "kirana"))
    for name in names:
        new_letter(naskah, name)
        place = task_of(damar, name)
        damar.get(place)
        damar.post(place, keputusan="submit")
    places = [task_of(kirana, name) for name in names]
    tasks = [place.removeprefix("/tugas/").replace("~", "#") for place in places]
    assert 'name="tugas"' not in kirana.get("/tugas?jenis=paraf"), kirana.page
    for place in places[:2]:
        kirana.get(place)
    page = kirana.get("/tugas?jenis=paraf")
    assert page.count('name="tugas"') == 2, page
    csrf = kirana.fields()["csrf"]
    kirana.send("POST", "/tugas", [("csrf", csrf), ("tugas", tasks[0]), ("tugas", tasks[2])])
    assert kirana.status == 422 and task_of(kirana, names[0]), kirana.page
    kirana.send("POST", "/tugas", [("csrf", csrf), ("tugas", tasks[0]), ("tugas", tasks[1])])
    assert kirana.status == 200 and "2 dari 2" in kirana.page, kirana.page
    assert task_of(kirana, names[0]) is None and task_of(kirana, names[2])
    server.stop()


def signature(naskah):
    """An official sees the pages, mistypes, signs, and a second press changes nothing."""
    server = Server(naskah)
    letter = new_letter(naskah, "Untuk ditandatangani")
    people = [visitor(naskah, server, person) for person in ("damar", "kirana", "budi", "sekar")]
    for browser, decision in zip(people, ("submit", "approve", "approve")):
        place = task_of(browser, "Untuk ditandatangani")
        browser.get(place)
        browser.post(place, keputusan=decision)
        assert browser.status == 200, browser.page
    sekar = people[-1]
    place = task_of(sekar, "Untuk ditandatangani")
    assert "Buat halaman dan tanda tangani" in sekar.get(place)
    page = sekar.post(f"{place}/siapkan")
    assert sekar.status == 200 and "halaman/1" in page and sekar.fields()["sha256"], page
    sekar.post(f"{place}/tanda-tangan", sandi="salah")
    assert sekar.status == 422 and "salah" not in sekar.fields().values(), (sekar.status, sekar.page)
    with open(os.path.join(naskah.folder, "keys/passphrase"), encoding="utf-8") as file:
        secret = file.readline().strip()
    form = dict(sekar.fields(), sandi=secret)
    assert sekar.send("POST", f"{place}/tanda-tangan", form) == 303, (sekar.status, sekar.page)
    assert "tanda-tangan" in sekar.place and secret not in sekar.page
    assert "telah ditandatangani" in sekar.get(sekar.place)
    assert sekar.send("POST", f"{place}/tanda-tangan", form) in (303, 409), sekar.page
    form["permintaan"] = "01890a5d-ac96-774b-bcce-b302099a8058"
    assert sekar.send("POST", f"{place}/tanda-tangan", form) == 409, (sekar.status, sekar.page)
    assert sekar.send("GET", f"/surat/{letter}/berkas.pdf") == 200
    check_by_file(server, sekar.data)
    server.stop()


def check_by_file(server, pdf):
    """Anybody gives the file: what was signed is genuine, and a flipped byte is caught."""
    guest = Browser(server.address)
    middle = len(pdf) // 3
    flipped = pdf[:middle] + bytes([pdf[middle] ^ 1]) + pdf[middle + 1:]
    for data, status, words in ((pdf, 200, "asli dan tidak berubah"), (flipped, 200, "diubah"),
                                (b"bukan PDF", 422, "bukan PDF"),
                                (None, 422, "pilihlah dulu")):
        assert "name=\"berkas\"" in guest.get("/"), guest.page
        guest.post_file("/v", "berkas", data)
        assert guest.status == status and words in guest.page, (words, guest.status, guest.page)
        assert data == pdf or "asli dan tidak berubah" not in guest.page, guest.page


def dispositions(naskah):
    """A head passes a letter on with what stands on the page, and takes it back."""
    server = Server(naskah)
    sekar = visitor(naskah, server, "sekar")
    letter = naskah.ask("incoming", "register", "--from", "Dinas Pengairan", "--subject", "Pinjam Data",
                        "--to", "kepala-biro-umum", "--channel", "pos", "--classification", "HM.02.04",
                        person="wening")["letter"]
    naskah.run("incoming", "forward", letter, person="wening")
    place = task_of(sekar, "Pinjam Data")
    page = sekar.get(place)
    receivers = re.findall(r'name="penerima" type="checkbox" value="([^"]+)"', page)
    assert "kepala-bagian-tata-usaha" in receivers and 'name="instruksi" type="checkbox" value="saran"' in page, page
    sekar.post(place, keputusan="dispose")
    assert sekar.status == 422, (sekar.status, sekar.page)
    sekar.post(place, keputusan="dispose", penerima="kepala-bagian-tata-usaha", instruksi="saran")
    assert sekar.status == 200 and "Disposisi diberikan" in sekar.page, (sekar.status, sekar.page)
    budi = visitor(naskah, server, "budi")
    assert "Saran/pendapat" in budi.get(task_of(budi, "Pinjam Data"))
    sekar.get(f"/surat/{letter}/diberikan")
    assert "sudah membukanya" in sekar.page and "/batal" not in sekar.page, sekar.page
    assert sekar.send("POST", f"/surat/{letter}/batal", {"csrf": csrf_of(sekar)}) == 409, sekar.page
    assert "Hargotama membukanya pada" in sekar.page.replace(", S.Sos., M.A.P.", ""), sekar.page
    sekar.get(f"/surat/{letter}")
    sekar.post(f"/surat/{letter}/tarik")
    assert sekar.status == 200 and "Disposisi ditarik" in sekar.page, sekar.page
    assert task_of(budi, "Pinjam Data") is None
    wening = visitor(naskah, server, "wening")
    assert "Pinjam Data" in wening.get("/masuk-surat")
    for _ in range(200):  # the index follows
        if "Pinjam Data" in wening.get("/arsip?kata=pinjam"):
            break
        time.sleep(0.1)
    assert "Pinjam Data" in wening.page, wening.page
    assert wening.get("/register?buku=incoming") and wening.status == 200, wening.page
    assert wening.send("GET", "/register.csv?buku=incoming") == 200 and "csv" in wening.type
    registers(naskah, wening)
    assert wening.send("GET", "/register?buku=%3Cb%3E") == 422 and "<b>" not in wening.page
    server.stop()


def registers(naskah, wening):
    """A book shows the lines of a month, or with some words, and goes on where a page ends."""
    row = naskah.ask("register", "list", "incoming", person="wening")["rows"][-1]
    year, month = row["at"][:4], int(row["at"][5:7])
    assert row["subject"] == "Pinjam Data", row

    def lines(more=""):
        page = wening.get(f"/register?buku=incoming&tahun={year}{more}")
        assert wening.status == 200, page
        return page.count("<tr") - 1 if "<tbody" in page else 0
    every = lines()
    assert every >= 1 and lines(f"&bulan={month}") == every and lines(f"&bulan={month % 12 + 1}") == 0
    assert "Tidak ada isi buku" in wening.page, wening.page
    assert lines("&kata=PINJAM+data") >= 1 and "Pinjam Data" in wening.page and lines("&kata=entah") == 0
    assert 'value="entah"' in wening.page and lines(f"&setelah={every}") == 0
    for bad in ("&bulan=13", "&bulan=x", "&setelah=-1"):  # as if it were not there
        assert lines(bad) == every, bad
    assert wening.send("GET", "/register?buku=incoming&unit=tidak-ada") == 422, wening.page
    for kind in ("pdf", "csv"):
        wening.get(f"/register?buku=incoming&tahun={year}&bulan={month}&kata=pinjam")
        href = re.search(f'href="(/register[.]{kind}[^"]+)"', wening.page).group(1).replace("&amp;", "&")
        assert wening.send("GET", href) == 200 and kind in wening.type, href


def csrf_of(browser):
    browser.get("/profil")
    return browser.fields()["csrf"]


def prepared(naskah):
    """TU prepares a disposition; the head gives it with one button, undoes it, and changes it."""
    server = Server(naskah)
    sekar, budi, wening, naufal = (visitor(naskah, server, person)
                                   for person in ("sekar", "budi", "wening", "naufal"))
    letter = naskah.ask("incoming", "register", "--from", "Desa Sumber", "--subject", "Pinjam Kursi",
                        "--to", "kepala-biro-umum", "--channel", "pos", "--classification", "HM.02.04",
                        person="wening")["letter"]
    naskah.run("incoming", "forward", letter, person="wening")
    assert f"/surat/{letter}/usul" in wening.get(f"/surat/{letter}"), wening.page
    page = wening.get(f"/surat/{letter}/usul")
    assert 'value="kepala-bagian-tata-usaha"' in page and "Kepala Biro Umum" in page, page
    wening.post(f"/surat/{letter}/usul", penerima="entah", instruksi="saran", catatan="<b>Mohon</b>")
    assert wening.status == 422 and 'value="entah"' in wening.page, (wening.status, wening.page)
    assert re.search('value="saran" checked', wening.page) and "<b>Mohon" not in wening.page, wening.page
    wening.post(f"/surat/{letter}/usul", penerima="kepala-bagian-tata-usaha", instruksi="saran",
                catatan="<b>Mohon</b>")
    assert wening.status == 200 and "Disposisi sudah disiapkan" in wening.page, (wening.status, wening.page)
    for stranger in (naufal, budi):
        stranger.get(f"/surat/{letter}/usul")
        assert stranger.status in (403, 404) and "Mohon" not in stranger.page, stranger.page
    assert task_of(budi, "Pinjam Kursi") is None
    place = task_of(sekar, "Pinjam Kursi")
    page = sekar.get(place)
    assert "Disiapkan oleh Wening" in page and "&lt;b&gt;Mohon&lt;/b&gt;" in page, page
    assert 'checked="checked" name="penerima" type="checkbox" value="kepala-bagian-tata-usaha"' in page, page
    sekar.post(place, keputusan="confirm")
    assert sekar.status == 200 and "Disposisi diberikan" in sekar.page and "/batal" in sekar.page, sekar.page
    assert task_of(budi, "Pinjam Kursi") is not None
    sekar.get(f"/surat/{letter}/diberikan")
    sekar.post(f"/surat/{letter}/batal")
    assert sekar.status == 200 and "Disposisi dibatalkan" in sekar.page, sekar.page
    assert task_of(budi, "Pinjam Kursi") is None
    place = task_of(sekar, "Pinjam Kursi")
    sekar.get(place)
    sekar.post(place, keputusan="dispose", penerima="kepala-bagian-rumah-tangga", instruksi="saran")
    assert sekar.status == 200 and "Disposisi diberikan" in sekar.page, sekar.page
    assert "Rumah Tangga" in sekar.page and task_of(budi, "Pinjam Kursi") is None, sekar.page
    assert budi.send("POST", f"/surat/{letter}/batal", {"csrf": csrf_of(budi)}) in (403, 404, 409), budi.page
    assert "Rumah Tangga" in sekar.get(f"/surat/{letter}/diberikan") and "/batal" in sekar.page, sekar.page
    server.stop()


def figures(naskah):
    """Figures are of one's own positions, of a unit for its superior, and each chart has its table."""
    server = Server(naskah)
    damar, sekar = (visitor(naskah, server, person) for person in ("damar", "sekar"))
    page = damar.get("/laporan")
    assert damar.status == 200 and page.count('role="img"') >= 3 and page.count("<table") >= 3, page
    assert "tidak dihitung" in page and "<option value=\"biro-umum\"" not in page
    damar.get("/laporan?unit=biro-umum")
    assert damar.status == 422 and "atasan" in damar.page, (damar.status, damar.page)
    for query in ("dari=x", "dari=2026-13-40", "dari=1900-01-01", "unit=%3Cb%3E", "sampai=0000-00-00"):
        damar.get("/laporan?" + query)
        assert damar.status == 422 and "<b>" not in damar.page, (query, damar.status)
    page = sekar.get("/laporan?unit=biro-umum&dari=&sampai=")
    assert sekar.status == 200 and 'value="biro-umum" selected' in page, page
    for name in ("menunggu", "umur", "penyelesaian", "volume"):
        assert sekar.send("GET", f"/laporan/{name}.csv?unit=biro-umum") == 200 and "csv" in sekar.type, name
        assert len(sekar.page.splitlines()) > 1 and "Serempak" not in sekar.page, sekar.page
        assert damar.send("GET", f"/laporan/{name}.csv?unit=biro-umum") == 403, name
    assert damar.send("GET", "/laporan/apa.csv") == 404
    server.stop()


def main():
    with tempfile.TemporaryDirectory() as folder:
        WORK.update(folder=folder, known=set())
        naskah = Naskah(sys.argv[1], os.path.join(folder, "kantor"))
        naskah.run("init", naskah.folder, "--demo", "--empty", office=False)
        run_cases([alone(case) for case in (strangers, decisions, several, signature, dispositions, prepared,
                                            figures)], naskah)


if __name__ == "__main__":
    main()
