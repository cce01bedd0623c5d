#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""appearance.py NASKAH: signatures that show what their certificates say, where the profile wants it:
one and two on a page, in every form of the mark, on A4 and F4, of long names and on uploaded pages.
TAP on standard output."""
import os
import re
import sys
import tempfile
import time

from authority import Authority
from tap import Naskah, run_cases, serving, tool

SOURCE = os.environ["NASKAH_SOURCE"]
LETTER = """<letter xmlns="urn:naskah:letter:1" kind="{kind}" xml:lang="id">
<security>biasa</security><urgency>biasa</urgency><classification>KP.08.1</classification>
<subject>Undangan Rapat</subject><to list="inline"><position ref="kepala-balai-sagara"/></to>
<signatories>{signatories}</signatories>
<body>{body}</body></letter>
"""
TWO_PARTIES = """<rows><row label="Nama">Nastiti Candraresmi</row><row label="Jabatan">Kepala Bagian</row></rows>
<rows><row label="Nama">Sekar Wulandari</row><row label="Jabatan">Kepala Biro</row></rows>
<p>Pada hari ini keduanya bersepakat.</p>"""
WORK = {}
DOCUMENT = """<fo:root xmlns:fo="http://www.w3.org/1999/XSL/Format" font-family="Arial"><fo:layout-master-set>
<fo:simple-page-master master-name="p" page-width="210mm" page-height="297mm"><fo:region-body
region-name="b"/></fo:simple-page-master></fo:layout-master-set><fo:page-sequence master-reference="p">
<fo:flow flow-name="b"><fo:block space-before="40mm" space-before.conditionality="retain">${{nomor}}</fo:block>
<fo:block-container absolute-position="fixed" left="{x}mm" top="{y}mm" width="40mm" height="9mm"><fo:block
>${{ttd}}</fo:block></fo:block-container></fo:flow></fo:page-sequence></fo:root>"""
HOLDERS = {"kepala-badan": "bramantya", "sekretaris-utama": "larasati",
           "kepala-bagian-tata-usaha": "budi", "kepala-biro-umum": "sekar"}
SIGNERS = {"kepala-biro-umum": "sekar", "kepala-bagian-rumah-tangga": "nastiti"}


def deploy(naskah, name="demo", form=None, level="B", appearance="certificate"):
    with open(os.path.join(SOURCE, f"templates/profiles/{name}.xml"), encoding="utf-8") as file:
        text = file.read()
    signing = f'<signing level="{level}" appearance="{appearance}"/>'
    text = text.replace("  <numbering", f"  {signing}\n  <numbering", 1)
    if form:
        text = re.sub("<mark( form=\"[a-z]+\")?>", f'<mark form="{form}">', text)
    path = os.path.join(WORK["folder"], f"{name}.xml")
    with open(path, "w", encoding="utf-8") as file:
        file.write(text)
    with open(os.path.join(SOURCE, f"templates/profiles/{name}.png"), "rb") as one, \
            open(os.path.join(WORK["folder"], f"{name}.png"), "wb") as other:
        other.write(one.read())
    naskah.run("profile", "deploy", path, person="wening")


def letter(naskah, *positions, body="<p>Rapat diadakan di Aula Tirta.</p>", kind="surat-dinas",
           file=None):
    path = os.path.join(WORK["folder"], "surat.xml")
    roles = ("pihak-pertama", "pihak-kedua") if len(positions) > 1 else ("",)
    signatories = "".join(f'<signatory position="{position}" capacity="definitive"'
                          f'{role and f" role={chr(34)}{role}{chr(34)}"}/>'
                          for position, role in zip(positions, roles))
    with open(path, "w", encoding="utf-8") as out:
        out.write(LETTER.format(kind=kind, signatories=signatories, body=body))
    made = naskah.ask("letter", "new", path, "--position", "staf-persuratan",
                      person="damar")["letter"]
    if file:
        naskah.run("letter", "attach", made, file, "--title", "Dokumen", person="damar")
    naskah.ask("letter", "submit", made, person="damar")
    return made


def secret_file(word):
    path = os.path.join(WORK["folder"], "sandi")
    with open(path, "w", encoding="utf-8") as file:
        file.write(word + "\n")
    return path


def sign(naskah, made, *positions):
    for position in positions:
        person = SIGNERS[position]
        shown = naskah.ask("task", "sign", made, person=person)
        file = os.path.join(naskah.folder, "keys", "passphrase")
        naskah.ask("task", "sign", made, "--confirm", shown["sha256"],
                   "--passphrase-file", file, person=person)


def export(naskah, made, name="rupa"):
    """The signed letter's file, which is judged by us, poppler and qpdf."""
    path = os.path.join(WORK["folder"], f"{name}.pdf")
    naskah.run("letter", "export", made, "-o", path, person="damar")
    found = naskah.ask("verify", path)
    assert found["verdict"] == "valid", found
    told = tool("pdfsig", "-nocert", path)  # which cannot judge time stamps of documents
    assert told.count("Signature is Valid") == told.count("ETSI.CAdES.detached") > 0, told
    tool("qpdf", "--check", path)
    return path


def words_of(path):
    return " ".join(tool("pdftotext", "-layout", path, "-").split())


def place_of(path):
    """Where the words of the appearance stand: (left, top, right, bottom) in points of each line."""
    page = tool("pdftotext", "-bbox-layout", path, "-")
    lines = re.findall(r'<line xMin="([\d.]+)" yMin="([\d.]+)" xMax="([\d.]+)" yMax="([\d.]+)">(.*?)</line>',
                       page, re.S)
    return {" ".join(re.findall(r">([^<]+)</word>", text)): tuple(map(float, box))
            for *box, text in lines}


def stays_as_it_is(naskah):
    """Without the switch the field shows nothing and the mark has its words."""
    naskah.run("init", naskah.folder, "--demo", "--empty", office=False)
    deploy(naskah, appearance="none")
    made = letter(naskah, "kepala-biro-umum")
    sign(naskah, made, "kepala-biro-umum")
    words = words_of(export(naskah, made))
    assert words.count("Ditandatangani secara elektronik oleh:") == 1 and "Penerbit" not in words, words
    assert "WIB" not in words, words


def shows_name_post_agency_and_time(naskah):
    """The field names who signed, as what, of which agency, when, and whose certificate it is; the
    words of the mark are not there twice, and the QR code stays."""
    deploy(naskah)
    made = letter(naskah, "kepala-biro-umum")
    sign(naskah, made, "kepala-biro-umum")
    path = export(naskah, made)
    found = place_of(path)
    lines = [line for line in found if line in words_of(path)]
    for wanted in ("Ditandatangani secara elektronik oleh:", "Sekar Wulandari (DEMO)",
                   "Kepala Biro Umum", "DEMO Naskah, not for real use",
                   "Penerbit: DEMO Naskah Issuer, not for real use"):
        assert lines.count(wanted) == 1, (wanted, lines)
    assert re.search(r"\d+ [A-Z][a-z]+ \d{4} \d\d\.\d\d WIB", words_of(path)), words_of(path)
    name = found["Sekar Wulandari (DEMO)"]
    printed = found["Dr. Sekar Wulandari, S.H., M.Si."]
    assert name[0] > printed[0] + 50 and name[3] < printed[1], (name, printed)  # beside the QR code


def shows_two_side_by_side(naskah):
    """Two signatures on one page show each its own, in columns that do not touch; all forms, A4 and F4."""
    for name, form in (("demo", None), ("kabupaten", None), ("kementerian", "box"),
                       ("pendidikan", None), ("kabupaten", "plain")):
        deploy(naskah, name, form)
        made = letter(naskah, "kepala-bagian-rumah-tangga", "kepala-biro-umum", body=TWO_PARTIES,
                      kind="berita-acara")
        sign(naskah, made, "kepala-bagian-rumah-tangga", "kepala-biro-umum")
        found = place_of(export(naskah, made))
        first, second = found["Nastiti Candraresmi (DEMO)"], found["Sekar Wulandari (DEMO)"]
        assert abs(first[1] - second[1]) < 45 and first[2] < second[0], (name, form, first, second)
        right = max(box[2] for line, box in found.items() if line.startswith("Penerbit"))
        assert right < 609 - 56, (name, form, right)


def has_room_in_a_corner(naskah):
    """In a document that is uploaded a mark in a corner moves the signature inwards, on to the page."""
    deploy(naskah)
    for x, y in ((5, 3), (190, 3), (190, 285), (5, 285)):
        paths = [os.path.join(WORK["folder"], name) for name in ("unggah.fo", "unggah.pdf")]
        with open(paths[0], "w", encoding="utf-8") as file:
            file.write(DOCUMENT.format(x=x, y=y))
        naskah.run("render", paths[0], "-o", paths[1], office=False)
        made = letter(naskah, "kepala-biro-umum", kind="sop", file=paths[1])
        for task in iter(lambda: naskah.ask("letter", "show", made, person="damar")["tasks"], []):
            if task[0]["role"] == "sign":
                break
            naskah.run("task", "approve", made, person=HOLDERS[task[0]["positions"][0]])
        sign(naskah, made, "kepala-biro-umum")
        found = place_of(export(naskah, made))
        for line in ("Sekar Wulandari (DEMO)", "Penerbit: DEMO Naskah Issuer, not for real use"):
            left, top, right, bottom = found[line]
            assert 0 < left < right < 595 and 0 < top < bottom < 842, (x, y, found)


def lasts(naskah):
    """An appearance stays as it was when the signature gets its time stamps."""
    authority = WORK["authority"]
    authority.issue("sekar", "Sekar Wulandari", "leaf", 20)
    authority.p12("sekar", os.path.join(naskah.folder, "keys", "sekar.p12"), "rahasia")
    with open(os.path.join(authority.folder, "root.pem"), encoding="utf-8") as one, \
            open(os.path.join(naskah.folder, "trust", "uji.pem"), "w", encoding="utf-8") as other:
        other.write(one.read())
    naskah.run("certificate", "stamps", authority.url, "--hosts", "127.0.0.1")
    deploy(naskah, "kabupaten", level="LTA")
    made = letter(naskah, "kepala-biro-umum")
    secret = "--passphrase-file", secret_file("rahasia")
    shown = naskah.ask("task", "sign", made, person="sekar")
    naskah.run("task", "sign", made, "--confirm", shown["sha256"], *secret, person="sekar", status=75)
    with authority.there():
        naskah.ask("task", "sign", made, "--resume", person="sekar")
        before = place_of(export(naskah, made))
        with serving(naskah):
            for _ in range(120):
                if naskah.ask("letter", "show", made, person="damar")["preservation"]["level"] == "LTA":
                    break
                time.sleep(0.5)
    path = export(naskah, made)
    assert naskah.ask("verify", path)["signatures"][0]["level"] == "PAdES-BASELINE-LTA"
    assert before == place_of(path) and "Penerbit: Akar Uji" in before, before
    # the certificate names no agency: the profile does
    assert words_of(path).count("Pemerintah Kabupaten Wanasari") == 1, words_of(path)


def begin_names(naskah, name, title):
    """The signatory and her post have other names, and a certificate says so."""
    with open(os.path.join(SOURCE, "templates/demo/directory.xml"), encoding="utf-8") as file:
        text = file.read()
    text = text.replace('name="Sekar Wulandari"', f'name="{name}"')
    text = text.replace('title="Kepala Biro Umum"', f'title="{title}"')
    path = os.path.join(WORK["folder"], "direktori.xml")
    with open(path, "w", encoding="utf-8") as file:
        file.write(text)
    naskah.run("directory", "load", path, person="wening")
    authority = WORK["authority"]
    authority.issue("sekar", name, "leaf", 20)
    authority.p12("sekar", os.path.join(naskah.folder, "keys", "sekar.p12"), "rahasia")


def has_room_for_long_names(naskah):
    """Long names are set smaller and end in an ellipsis at last; no line leaves the field or lies over
    another; names in other scripts are what they are."""
    deploy(naskah)
    for name, title, words in (
            ("Sekar Wulandari " + "WM" * 24, "Kepala Biro " + "dan Kearsipan " * 14, "…"),
            ("Sekar Wulandari \u0633\u0643\u0627\u0631", "Kepala Biro Umum", "Penerbit: Akar Uji"),
            ("Sekar Wulandari \u4e2d\u6587 \U0001f600", "Kepala Biro Umum", "Penerbit: Akar Uji")):
        begin_names(naskah, name, title.strip())
        made = letter(naskah, "kepala-biro-umum")
        shown = naskah.ask("task", "sign", made, person="sekar")
        naskah.run("task", "sign", made, "--confirm", shown["sha256"], "--passphrase-file",
                   secret_file("rahasia"), person="sekar")
        found = place_of(export(naskah, made))
        assert any(words in line for line in found), found
        left, top = found["Ditandatangani secara elektronik oleh:"][:2]
        below = found["NIP 198001012005012001"][1]
        boxes = sorted((box for box in found.values() if box[0] > left - 1 and top <= box[1] < below),
                       key=lambda box: box[1])
        assert len(boxes) >= 5 and all(box[2] < 595 - 56 for box in boxes), boxes
        middles = [(box[1] + box[3]) / 2 for box in boxes]  # other fonts reach further up and down
        assert all(one + 5 < other for one, other in zip(middles, middles[1:])), boxes


def main():
    with tempfile.TemporaryDirectory() as work:
        WORK["folder"] = work
        folder = os.path.join(work, "otoritas")
        os.mkdir(folder)
        WORK["authority"] = Authority(folder)
        run_cases([stays_as_it_is, shows_name_post_agency_and_time, shows_two_side_by_side,
                   has_room_in_a_corner, lasts, has_room_for_long_names],
                  Naskah(sys.argv[1], os.path.join(work, "kantor")))


if __name__ == "__main__":
    main()
