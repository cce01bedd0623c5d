#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""web-incoming.py NASKAH: TU registers letters that came in, at a page and without scripts."""
import hashlib
import os
import struct
import sys
import tempfile

from browser import sign_in
from tap import Naskah, run_cases, tool
from web import Server, alone

WORK = {}
FORM = "/masuk-surat/baru"
TYPED = {"dari": "Dinas Pengairan Kabupaten Arunika", "nomor": "400.3/118/DPA",
         "tanggal": "2026-07-14", "hal": "Permohonan <b>Narasumber</b>", "klasifikasi": "KP.08.1",
         "cara": "pos", "urgensi": "segera", "sifat": "biasa", "ringkas": "", "tenggat": ""}
TO = ["Kepala Biro Umum", "", ""]


def letters(naskah):
    return naskah.ask("incoming", "list", "--all", person="wening")["letters"]


def a_pdf(naskah, words):
    """A PDF that says @words."""
    fo, pdf = (os.path.join(WORK["folder"], name) for name in ("pindai.fo", "pindai.pdf"))
    with open(fo, "w", encoding="utf-8") as file:
        file.write('<root xmlns="http://www.w3.org/1999/XSL/Format"><layout-master-set>'
                   '<simple-page-master master-name="p" page-width="210mm" page-height="297mm">'
                   '<region-body margin="20mm"/></simple-page-master></layout-master-set>'
                   f'<page-sequence master-reference="p"><flow flow-name="xsl-region-body"><block>{words}'
                   '</block></flow></page-sequence></root>')
    naskah.run("render", fo, "-o", pdf, office=False)
    with open(pdf, "rb") as file:
        return file.read()


@alone
def is_registered_with_its_scan(naskah):
    """A letter is registered with its scan, and gets its agenda number."""
    naskah.run("init", naskah.folder, "--demo", "--empty", office=False)
    scan = WORK["scan"] = a_pdf(naskah, "Mohon narasumber untuk lokakarya air tanah.")
    server = Server(naskah)
    wening = sign_in(naskah, server.address, "wening")
    assert FORM in wening.get("/masuk-surat"), wening.page
    assert "Kepala Biro Umum" in wening.get(FORM) and wening.status == 200, wening.page
    page = wening.post_file(FORM, "pindaian", scan, untuk=TO, **TYPED)
    assert wening.status == 200 and "Nomor agenda" in page, (wening.status, page)
    assert "<b>Narasumber" not in page and "&lt;b&gt;Narasumber" in page, page
    row, = letters(naskah)
    assert row["subject"] == TYPED["hal"] and row["urgency"] == "segera", row
    assert row["number"] == TYPED["nomor"] and row["agenda"] in page, (row, page)
    assert wening.send("GET", f"/surat/{row['letter']}/berkas.pdf") == 200, wening.page
    assert hashlib.sha256(wening.data).digest() == hashlib.sha256(scan).digest()
    assert wening.send("GET", f"/masuk-surat/{row['letter']}/tanda-terima.pdf") == 200, wening.page
    assert "/ekspedisi" in page and wening.send("GET", "/ekspedisi") == 200, page
    server.stop()


@alone
def a_double_is_asked_about(naskah):
    """What is in the agenda already is asked about once, and what was typed is still there."""
    server = Server(naskah)
    wening = sign_in(naskah, server.address, "wening")
    wening.get(FORM)
    page = wening.post_file(FORM, "pindaian", None, untuk=TO, **TYPED)
    assert wening.status == 409 and 'value="lain"' in page and "sudah terdaftar" in page, (wening.status, page)
    assert 'value="400.3/118/DPA"' in page and 'value="Kepala Biro Umum"' in page, page
    assert len(letters(naskah)) == 1
    page = wening.post_file(FORM, "pindaian", None, untuk=TO, ganda="lain", **TYPED)
    assert wening.status == 200, (wening.status, page)
    server.stop()
    assert len(letters(naskah)) == 2


def photograph(turn, beside=b""):
    """A JPEG of a page with words at its top left, as a camera held so stores it; @turn: what Exif
    calls that."""
    page, turned, jpeg = (os.path.join(WORK["folder"], name) for name in ("foto.pdf", "putar.pdf", "foto"))
    with open(page, "wb") as file:
        file.write(WORK["scan"])
    # upright once it is turned by so many degrees
    tool("qpdf", page, turned, f"--rotate={dict([(1, 0), (3, 180), (6, 270), (8, 90)])[turn]}")
    tool("pdftocairo", "-jpeg", "-r", "100", "-singlefile", turned, jpeg)
    with open(jpeg + ".jpg", "rb") as file:
        data = file.read()
    exif = (b"Exif\0\0II*\0\x08\0\0\0\x01\0" + struct.pack("<HHIHH", 0x0112, 3, 1, turn, 0) + b"\0\0\0\0" + beside)
    return data[:2] + b"\xff\xe1" + struct.pack(">H", len(exif) + 2) + exif + data[2:] + beside


def ink(pdf, page):
    """How much ink each quarter of a page has: top left, top right, bottom left, bottom right."""
    path = os.path.join(WORK["folder"], "hasil")
    with open(path + ".pdf", "wb") as file:
        file.write(pdf)
    tool("pdftoppm", "-gray", "-r", "30", "-f", str(page), "-l", str(page), "-singlefile", path + ".pdf", path)
    with open(path + ".pgm", "rb") as file:
        head, size, _, pixels = file.read().split(b"\n", 3)
    width, height = map(int, size.split())
    assert head == b"P5" and len(pixels) == width * height and height > width, (size, len(pixels))
    quarters = [0, 0, 0, 0]
    for at, pixel in enumerate(pixels):
        if pixel < 160:
            quarters[2 * (at // width >= height // 2) + (at % width >= width // 2)] += 1
    return quarters


def send_photos(wening, photos, **typed):
    """The form with photographs; the last of them as it was taken just now."""
    parts, mark = [], "batas-foto"
    for name, value in dict(wening.fields(), **{**TYPED, **typed}).items():
        parts.append(f'--{mark}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'.encode())
    parts.append(f'--{mark}\r\nContent-Disposition: form-data; name="untuk"\r\n\r\n{TO[0]}\r\n'.encode())
    for at, data in enumerate(photos):
        parts.append(f'--{mark}\r\nContent-Disposition: form-data; name="pindaian"; filename="{at}.jpg"\r\n'
                     "Content-Type: image/jpeg\r\n\r\n".encode() + data + b"\r\n")
    wening.send_body("POST", FORM, b"".join(parts) + f"--{mark}--\r\n".encode(),
                     f"multipart/form-data; boundary={mark}")
    if wening.status == 303:
        wening.get(wening.place)
    return wening.page


@alone
def photographs_become_a_scan(naskah):
    """Photographs of a telephone are one PDF, upright and in order, without where they were taken."""
    server = Server(naskah)
    wening = sign_in(naskah, server.address, "wening")
    photos = [photograph(turn, b"GPS-RAHASIA") for turn in (1, 3, 6, 8)]
    assert all(b"GPS-RAHASIA" in photo for photo in photos)
    wening.get(FORM)
    page = send_photos(wening, photos, hal="Surat yang difoto", nomor="F-1")
    assert wening.status == 200 and "Nomor agenda" in page, (wening.status, page)
    row, = [one for one in letters(naskah) if one["number"] == "F-1"]
    assert wening.send("GET", f"/surat/{row['letter']}/berkas.pdf") == 200, wening.page
    pdf = wening.data
    assert pdf.startswith(b"%PDF-") and b"GPS-RAHASIA" not in pdf and b"Exif" not in pdf
    assert len(pdf) < 4 * 600_000, len(pdf)
    for number in range(1, 5):
        quarters = ink(pdf, number)
        assert quarters[0] > 20 and sum(quarters[1:]) == 0, (number, quarters)
    wening.get(FORM)
    page = send_photos(wening, photos, hal="Surat yang difoto lagi", nomor="F-2", dari="Lain sekali")
    assert wening.status == 409 and "sudah terdaftar" in page, (wening.status, page[-3000:])
    server.stop()


@alone
def hostile_photographs_are_told(naskah):
    """A photograph that is damaged, endless or made to do harm is told, and nothing is stored."""
    server = Server(naskah)
    wening = sign_in(naskah, server.address, "wening")
    good = photograph(1)
    sof = good.index(b"\xff\xc0")
    huge = good[:sof + 5] + b"\xff\xff\xff\xff" + good[sof + 9:]
    png = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR" + struct.pack(">II", 60000, 60000) + b"\x08\x06\0\0\0" + b"\0" * 40
    loop = b"\xff\xd8\xff\xe1\0\x20Exif\0\0II*\0\xff\xff\xff\xff" + b"\xff" * 20 + good[2:]
    before = len(letters(naskah))
    cut = [good[:size] for size in (3, 10, 200, sof + 6, len(good) // 2, len(good) - 2000)]
    for photos in ([huge], [png], [png.replace(b"\xea\x60", b"\x10\0")], [good, b"\xff\xd8\xff" + os.urandom(5000)],
                   [good, WORK["scan"]], [b"GIF89a" + b"\0" * 100], *([good, one] for one in cut)):
        wening.get(FORM)
        page = send_photos(wening, photos, nomor="X-9", hal="Rusak")
        assert wening.status == 422 and ("foto" in page or "PDF" in page), (wening.status, page)
    heic = b"\0\0\0\x18ftypheic\0\0\0\0mif1heic" + b"\0" * 100
    for photos in ([heic], [good, heic], [heic.replace(b"heic", b"mif1")]):
        wening.get(FORM)
        page = send_photos(wening, photos, nomor="X-9", hal="Rusak")
        assert wening.status == 422 and "HEIC" in page and "JPEG" in page, (wening.status, page)
    assert len(letters(naskah)) == before
    wening.get(FORM)
    page = send_photos(wening, [loop], nomor="X-10", hal="Tanpa arah", dari="Dinas Lain")
    assert wening.status == 200, (wening.status, page)
    server.stop()


@alone
def faults_are_told_at_their_field(naskah):
    """What is missing or wrong is told at its field, and nothing is stored."""
    server = Server(naskah)
    wening = sign_in(naskah, server.address, "wening")
    before = len(letters(naskah))
    for wrong, field in (({"dari": " "}, "dari"), ({"hal": ""}, "hal"), ({"klasifikasi": ""}, "klasifikasi"),
                         ({"untuk": ["Kepala Biro Umun", "", ""]}, "untuk"),
                         ({"untuk": ["", "", ""]}, "untuk"), ({"tanggal": "14 Juli"}, None),
                         ({"cara": "merpati"}, None), ({"sifat": "ajaib"}, None),
                         ({"tenggat": "2026-02-30"}, None)):
        wening.get(FORM)
        page = wening.post_file(FORM, "pindaian", None, **dict({"untuk": TO, "nomor": "9"}, **dict(
            {name: text for name, text in TYPED.items() if name != "nomor"}, **wrong)))
        assert wening.status == 422, (wrong, wening.status, page)
        assert field is None or f'href="#{field}"' in page, (wrong, page)
        assert "Dinas Pengairan" in page or "dari" in wrong, (wrong, page)
    for scan in (b"bukan PDF", WORK["scan"][:700]):
        wening.get(FORM)
        page = wening.post_file(FORM, "pindaian", scan, untuk=TO, **dict(TYPED, nomor="10"))
        assert wening.status == 422 and "PDF" in page, (wening.status, page)
    server.stop()
    assert len(letters(naskah)) == before


@alone
def a_secret_letter_stays_closed(naskah):
    """A secret letter is registered by its envelope, and with a scan not at all."""
    server = Server(naskah)
    wening = sign_in(naskah, server.address, "wening")
    secret = dict(TYPED, sifat="rahasia", nomor="R-4", hal="Jangan terbaca")
    wening.get(FORM)
    page = wening.post_file(FORM, "pindaian", WORK["scan"], untuk=TO, **secret)
    assert wening.status == 422 and 'href="#pindaian"' in page, (wening.status, page)
    page = wening.post_file(FORM, "pindaian", None, untuk=TO, **secret)
    assert wening.status == 200 and "Jangan terbaca" not in page, (wening.status, page)
    server.stop()
    row = next(row for row in letters(naskah) if row["number"] == "R-4")
    assert row["unopened"] and "Jangan terbaca" not in str(row), row


@alone
def others_may_not(naskah):
    """Who is TU of no unit is not shown the button, and is refused with whom to ask."""
    server = Server(naskah)
    larasati = sign_in(naskah, server.address, "larasati")
    assert FORM not in larasati.get("/masuk-surat") and "/ekspedisi" not in larasati.page, larasati.page
    assert larasati.send("GET", FORM) == 403 and "TU" in larasati.page, larasati.page
    larasati.get("/profil")
    before = len(letters(naskah))
    larasati.post_file(FORM, "pindaian", None, untuk=TO, **TYPED)
    assert larasati.status == 403, larasati.status
    server.stop()
    assert len(letters(naskah)) == before


def main():
    with tempfile.TemporaryDirectory() as work:
        WORK["folder"] = work
        run_cases([is_registered_with_its_scan, a_double_is_asked_about, photographs_become_a_scan,
                   hostile_photographs_are_told, faults_are_told_at_their_field,
                   a_secret_letter_stays_closed, others_may_not],
                  Naskah(sys.argv[1], os.path.join(work, "kantor")))


main()
