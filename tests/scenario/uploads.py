#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""uploads.py NASKAH: PDFs that are uploaded: as pages of a letter, and as the document itself, from the
draft to the archive; and such as are refused.  TAP on standard output."""
import os
import sys
import tempfile

from tap import Naskah, run_cases, tool

SOURCE = os.environ["NASKAH_SOURCE"]
WORK = {}
HEAD = """<?xml version="1.0" encoding="UTF-8"?>
<letter xmlns="urn:naskah:letter:1" kind="{kind}" xml:lang="id">
  <security>biasa</security><urgency>biasa</urgency><classification>KP.08.1</classification>
  <subject>{subject}</subject>
  <to><position ref="kepala-biro-sdm"/></to>
  <signatories><signatory position="{position}" capacity="definitive"/></signatories>
  <body><p>Naskah ini diunggah sebagai berkas PDF.</p></body>
</letter>
"""
HOLDERS = {"kepala-badan": "bramantya", "sekretaris-utama": "larasati", "kepala-biro-umum": "sekar",
           "staf-persuratan": "damar", "arsiparis-umum": "wening", "arsiparis-badan": "pramesti",
           "arsiparis-sekretariat": "ilham", "kepala-biro-sdm": "galih"}


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
    path = write("surat.xml", HEAD.format(kind=kind, position=position, subject=subject))
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
    """Does every task as the one before whom it lies, until nothing waits; returns the letter."""
    for _ in range(12):
        shown = naskah.ask("letter", "show", letter, person="damar")
        if not shown["tasks"]:
            return shown
        task = shown["tasks"][0]
        person = HOLDERS[task["positions"][0]]
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
    naskah.run("letter", "submit", letter, person="damar")
    shown = go(naskah, letter)
    assert shown["number"] and shown["state"] in ("signed", "archived"), shown
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


def uploaded_kinds(naskah):
    """A document that is uploaded gets number, day, code and signature in its marked places."""
    for kind, position, name in (("peraturan", "kepala-badan", "Bramantya"),
                                 ("sop", "kepala-biro-umum", "Sekar"),
                                 ("perjanjian", "sekretaris-utama", "Larasati")):
        file = path_of(f"{kind}.pdf")
        naskah.run("render", os.path.join(SOURCE, f"tests/data/uploads/{kind}.fo"), "-o", file,
                   office=False)
        letter = begin(naskah, kind, position, f"Naskah {kind}", file)
        naskah.run("letter", "submit", letter, person="damar")
        shown = go(naskah, letter)
        assert shown["number"] and shown["state"] in ("signed", "archived"), shown
        path = export(naskah, letter, f"{kind}-jadi.pdf")
        said = tool("pdftotext", "-layout", path, "-")
        assert shown["number"] in said and name in said and "2026" in said, said
        assert len(pages_of(path)) == len(pages_of(file))
        assert naskah.ask("verify", path)["verdict"] == "valid"


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
    naskah.run("letter", "submit", letter, person="damar")
    go(naskah, letter)
    path = export(naskah, letter, "peta.pdf")
    shape = tool("pdfinfo", path)
    assert "JavaScript:      no" in shape and "595" in shape, shape


def unmarked(naskah):
    """A document without its marks, or one that is no PDF, is not signed."""
    letter = begin(naskah, "sop", "kepala-biro-umum", "Tanpa Tanda", pdf(["SOP"], name="kosong.pdf"))
    naskah.run("letter", "submit", letter, person="damar")
    naskah.refuse(1, ["${nomor}"], "task", "sign", letter, person="sekar")
    letter = begin(naskah, "sop", "kepala-biro-umum", "Bukan PDF", write("sop.txt", "SOP"))
    naskah.refuse(1, ["PDF"], "letter", "submit", letter, person="damar")


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as base:
        WORK["folder"] = base
        run_cases([attached_pages, uploaded_kinds, refused, harmless, unmarked],
                  Naskah(sys.argv[1], os.path.join(base, "office")))
