#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""web-incoming.py NASKAH: TU registers letters that came in, at a page and without scripts."""
import hashlib
import os
import sys
import tempfile

from browser import sign_in
from tap import Naskah, run_cases
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
        run_cases([is_registered_with_its_scan, a_double_is_asked_about, faults_are_told_at_their_field,
                   a_secret_letter_stays_closed, others_may_not],
                  Naskah(sys.argv[1], os.path.join(work, "kantor")))


main()
