#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""uploads.py NASKAH: PDFs and DOCX that are uploaded: as pages of a letter, and as the document itself,
from the draft to the archive; and such as are refused.  TAP on standard output."""
import os
import sys
import tempfile

from tap import Naskah, run_cases, tool

SOURCE = os.environ["NASKAH_SOURCE"]
sys.path.insert(0, os.path.join(SOURCE, "tests/data"))
import docx  # noqa: E402
import upload_docx  # noqa: E402

WORK = {}
HEAD = """<?xml version="1.0" encoding="UTF-8"?>
<letter xmlns="urn:naskah:letter:1" kind="{kind}" xml:lang="id">
  <security>biasa</security><urgency>biasa</urgency><classification>KP.08.1</classification>
  <subject>{subject}</subject>
  <to><position ref="kepala-biro-sdm"/></to>
  <reviewers><reviewer position="{reviewer}"/></reviewers>
  <signatories><signatory position="{position}" capacity="definitive"/></signatories>
  <body><p>Naskah ini diunggah sebagai berkas PDF.</p></body>
</letter>
"""
HOLDERS = {"kepala-badan": "bramantya", "sekretaris-utama": "larasati", "kepala-biro-umum": "sekar",
           "staf-persuratan": "damar", "arsiparis-umum": "wening", "arsiparis-badan": "pramesti",
           "arsiparis-sekretariat": "ilham", "kepala-biro-sdm": "galih",
           "kepala-bagian-tata-usaha": "budi"}
REVIEWERS = {"kepala-badan": "sekretaris-utama", "sekretaris-utama": "kepala-biro-umum",
             "kepala-biro-umum": "kepala-bagian-tata-usaha"}


def path_of(name):
    return os.path.join(WORK["folder"], name)


def write(name, data):
    with open(path_of(name), "wb") as file:
        file.write(data if isinstance(data, bytes) else data.encode())
    return path_of(name)


def pdf(pages, box="0 0 595 842", extra="", name="lampiran.pdf"):
    """A PDF of pages that each say a line."""
    kids = " ".join(f"{4 + 2 * n} 0 R" for n in range(len(pages)))
    objects = [f"<< /Type /Catalog /Pages 2 0 R {extra} >>",
               f"<< /Type /Pages /Kids [{kids}] /Count {len(pages)} >>",
               "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>"]
    for n, text in enumerate(pages):
        content = f"BT /F1 12 Tf 72 700 Td ({text}) Tj ET"
        objects += [f"<< /Type /Page /Parent 2 0 R /MediaBox [{box}] /Contents {5 + 2 * n} 0 R "
                    "/Resources << /Font << /F1 3 0 R >> >> >>",
                    f"<< /Length {len(content)} >>\nstream\n{content}\nendstream"]
    data, places = "%PDF-1.7\n", []
    for n, text in enumerate(objects, 1):
        places.append(len(data))
        data += f"{n} 0 obj\n{text}\nendobj\n"
    table = "".join(f"{place:010} 00000 n \n" for place in places)
    data += (f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n{table}trailer\n"
             f"<< /Size {len(objects) + 1} /Root 1 0 R >>\nstartxref\n{len(data)}\n%%EOF\n")
    return write(name, data)


def begin(naskah, kind, position, subject, file=None, title="Dokumen"):
    path = write("surat.xml", HEAD.format(kind=kind, position=position, subject=subject,
                                          reviewer=REVIEWERS[position]))
    letter = naskah.ask("letter", "new", path, "--position", "staf-persuratan",
                        person="damar")["letter"]
    if file:
        naskah.run("letter", "attach", letter, file, "--title", title, person="damar")
    return letter


def sign(naskah, letter, person):
    pages = naskah.ask("task", "sign", letter, person=person)
    naskah.run("task", "sign", letter, "--confirm", pages["sha256"], "--passphrase-file",
               os.path.join(naskah.folder, "keys/passphrase"), person=person)


def go(naskah, letter):
    """Submits it and does every task as the one before whom it lies: reviewed, signed, archived."""
    naskah.run("letter", "submit", letter, person="damar")
    roles = []
    for _ in range(12):
        shown = naskah.ask("letter", "show", letter, person="damar")
        if not shown["tasks"]:
            assert shown["state"] == "archived" and shown["number"], shown
            assert roles[0] == "review" and roles.count("review") == 1 and "sign" in roles, roles
            return shown
        task = shown["tasks"][0]
        person = HOLDERS[task["positions"][0]]
        roles.append(task["role"])
        if task["role"] == "sign":
            sign(naskah, letter, person)
        elif task["role"] == "review":
            naskah.run("task", "approve", letter, person=person)
        else:
            naskah.run("task", "do", letter, task["outcomes"][0], person=person)
    raise AssertionError(shown)


def export(naskah, letter, name):
    path = path_of(name)
    naskah.run("letter", "export", letter, "-o", path, person="damar")
    tool("qpdf", "--check", path)
    return path


def pages_of(path):
    return tool("pdftotext", "-layout", path, "-").split("\f")[:-1]


def attached_pages(naskah):
    """Pages of an attached PDF are pages of the signed letter; its numbers go on, its words stay."""
    naskah.run("init", naskah.folder, "--demo", "--empty", office=False)
    file = pdf(["Halaman lampiran kesatu", "Halaman lampiran kedua"])
    WORK["letter"] = letter = begin(naskah, "surat-dinas", "kepala-biro-umum", "Data Air", file)
    shown = go(naskah, letter)
    path = export(naskah, letter, "surat.pdf")
    texts = pages_of(path)
    assert len(texts) == 3, texts
    for n, (text, words) in enumerate(zip(texts[1:], ("kesatu", "kedua")), 1):
        assert f"Halaman lampiran {words}" in text and f"halaman {n} dari 2" in text, text
        assert shown["number"] in text and f"{n + 1}-" in text.replace(" ", ""), text
    assert naskah.ask("verify", path)["verdict"] == "valid"
    naskah.run("rebuild")
    for words, found in (("lampiran kesatu", [letter]), ("lampiran ketiga", [])):
        hits = naskah.ask("archive", "search", words, person="damar")["hits"]
        assert [hit["letter"] for hit in hits] == found, hits


KINDS = (("peraturan", "kepala-badan", "Bramantya"), ("sop", "kepala-biro-umum", "Sekar"),
         ("perjanjian", "sekretaris-utama", "Larasati"))


def finished(naskah, letter, name, kind):
    """The words of the signed pages, by page."""
    shown = go(naskah, letter)
    path = export(naskah, letter, f"{kind}-jadi.pdf")
    pages = pages_of(path)
    said = "".join(pages)
    assert shown["number"] in said and name in said and "2026" in said, said
    assert "${" not in said, said
    assert naskah.ask("verify", path)["verdict"] == "valid"
    return pages


def uploaded_kinds(naskah):
    """A document that is uploaded gets number, day, code and signature in its marked places."""
    for kind, position, name in KINDS:
        file = path_of(f"{kind}.pdf")
        naskah.run("render", os.path.join(SOURCE, f"tests/data/uploads/{kind}.fo"), "-o", file,
                   office=False)
        letter = begin(naskah, kind, position, f"Naskah {kind}", file)
        assert len(finished(naskah, letter, name, kind)) == len(pages_of(file))


def uploaded_docx(naskah):
    """The same in a DOCX: chapters, lists, tables and numbers of pages are as a word processor has them."""
    file = write("peraturan.docx", upload_docx.pack(*upload_docx.regulation()))
    for kind, position, name in KINDS:
        letter = begin(naskah, kind, position, f"Naskah {kind}", file)
        assert naskah.ask("letter", "check", letter, person="damar")["issues"] == []
        pages = finished(naskah, letter, name, kind)
        assert len(pages) == 3, pages
        for number, page in enumerate(pages, 1):
            assert f"- {number} dari 3 -" in page, page
        said = "\n".join(" ".join(line.split()) for page in pages for line in page.splitlines())
        for line in ("BAB I", "BAB II", "Pasal 1", "(1) Arsip adalah rekaman kegiatan dalam berbagai",
                     "a. arsip vital; dan", "b.1) berkas; dan", "Menimbang : a. bahwa arsip dinamis perlu",
                     "8 Berkas kegiatan 8 beserta daftarnya 2 tahun 5 tahun"):
            assert line in said, (line, said)
        preview = path_of("halaman.png")
        naskah.run("letter", "export", letter, "--page", "1", "-o", preview, person="damar")
        with open(preview, "rb") as picture:
            assert picture.read(8) == b"\x89PNG\r\n\x1a\n"
    naskah.run("rebuild")
    hits = naskah.ask("archive", "search", "rekaman kegiatan dalam berbagai bentuk", person="damar")["hits"]
    assert len(hits) == len(KINDS), hits


def refused(naskah):
    """What cannot become pages is refused with a sentence when it is attached."""
    letter = begin(naskah, "surat-dinas", "kepala-biro-umum", "Berkas")
    plain = pdf(["Satu"], name="biasa.pdf")
    locked = path_of("terkunci.pdf")
    tool("qpdf", "--encrypt", "rahasia", "rahasia", "256", "--", plain, locked)
    damaged = write("rusak.pdf", b"%PDF-1.7\n" + bytes(range(256)) * 40)
    many = pdf(["x"] * 5000, name="banyak.pdf")
    for file, words in ((locked, "password"), (damaged, "damaged"), (many, "pages")):
        naskah.refuse(1, [words, os.path.basename(file)], "letter", "attach", letter, file,
                      person="damar")


def harmless(naskah):
    """A huge page fits its sheet, and scripts stay out of what is signed."""
    file = pdf(["Luas"], box="0 0 14400 14400", name="luas.pdf",
               extra="/OpenAction << /S /JavaScript /JS (app.alert\\(1\\)) >>")
    letter = begin(naskah, "surat-dinas", "kepala-biro-umum", "Peta", file, "Peta")
    go(naskah, letter)
    path = export(naskah, letter, "peta.pdf")
    shape = tool("pdfinfo", path)
    assert "JavaScript:      no" in shape and "595" in shape, shape


def marks_of(naskah, letter, words):
    """The document is told by check and refused by submit, before anybody takes a number for it."""
    issues = naskah.ask("letter", "check", letter, person="damar", status=1)["issues"]
    assert {issue["tag"] for issue in issues} == {"document-mark"}, issues
    said = "\n".join(issue["text"] for issue in issues)
    assert len(issues) == len(words) and all(word in said for word in words), (words, said)
    naskah.refuse(1, words, "letter", "submit", letter, person="damar")
    shown = naskah.ask("letter", "show", letter, person="damar")
    assert shown["state"] == "draft" and not shown["number"], shown


def unmarked(naskah):
    """A document without its marks, with one twice or one that nothing fills cannot be submitted."""
    paragraph = docx.paragraph
    cases = (
        (pdf(["SOP"], name="kosong.pdf"), ("${nomor}", "${ttd}")),
        (pdf(["${nomor} ${ttd} ${ttd}"], name="dua.pdf"), ("${ttd} 2 times",)),
        (pdf(["${nomor}", "${ttd} ${nama_2}"], name="lain.pdf"), ("page 2 of the document has the mark '${nama_2}'",)),
        (write("kosong.docx", docx.docx(paragraph("SOP"))), ("${nomor}", "${ttd}")),
        (write("kepala.docx", upload_docx.pack(
            paragraph("Satu"), paragraph("Dua", "<w:pageBreakBefore/>"),
            header=paragraph("${nomor} ${ttd}"))), ("${ttd} 2 times",)),
        (write("rusak.docx", docx.docx(paragraph("${nomor ${ttd} $(nomor)"))), ("${nomor}",)),
    )
    for file, words in cases:
        letter = begin(naskah, "sop", "kepala-biro-umum", "Tanpa Tanda")
        warnings = naskah.ask("letter", "attach", letter, file, "--title", "SOP", person="damar")["warnings"]
        assert all(any(word in warning for warning in warnings) for word in words), warnings
        marks_of(naskah, letter, words)


def no_document(naskah):
    """What cannot become the document is refused when it is attached, and what is lost of it is told."""
    paragraph = docx.paragraph
    letter = begin(naskah, "sop", "kepala-biro-umum", "Bukan Naskah")
    whole = docx.docx(paragraph("${nomor} ${ttd}"))
    for name, data, words in (
            ("sop.txt", b"SOP", "PDF or a DOCX"), ("sop.docx", b"PK", "no DOCX"),
            ("potong.docx", whole[:len(whole) // 2], "damaged"), ("pdf.docx", b"%PDF-1.7\n", "in .pdf"),
            ("lama.docx", b"\xd0\xcf\x11\xe0" * 300, "password"),
            ("lain.docx", docx.pack({"a.xml": "<a/>"}), "which of its parts"),
            ("panjang.docx", docx.docx(*[paragraph("x", "<w:pageBreakBefore/>")] * 201), "201 pages")):
        naskah.refuse(1, [words, name], "letter", "attach", letter, write(name, data), person="damar")
    drawing = "<w:r><w:drawing/></w:r>"
    file = write("gambar.docx", docx.docx(paragraph(drawing), paragraph("${nomor} ${ttd}")))
    warnings = naskah.ask("letter", "attach", letter, file, person="damar")["warnings"]
    assert len(warnings) == 1 and "body, paragraph 1: a picture" in warnings[0], warnings
    # of other kinds it goes beside the letter
    letter = begin(naskah, "surat-dinas", "kepala-biro-umum", "Berkas Lain")
    assert "warnings" not in naskah.ask("letter", "attach", letter, file, person="damar")


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as base:
        WORK["folder"] = base
        run_cases([attached_pages, uploaded_kinds, uploaded_docx, refused, harmless, unmarked, no_document],
                  Naskah(sys.argv[1], os.path.join(base, "office")))
