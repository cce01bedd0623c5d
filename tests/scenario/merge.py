#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""merge.py NASKAH: letters made of one text and a table of addressees: faults are told line by line
before anything is made, nothing is made or sent twice, and all are signed in one confirmation."""
import os
import sqlite3
import sys
import tempfile

from dispatch import WORK, write
from tap import Naskah, run_cases

LINES = 5000
TEXT = """<?xml version="1.0" encoding="UTF-8"?>
<letter xmlns="urn:naskah:letter:1" kind="surat-dinas" xml:lang="id">
  <security>biasa</security><urgency>biasa</urgency><classification>KP.08.1</classification>
  <subject>Undangan untuk ${ nama }</subject>
  <to><outsider><name>${nama}</name><place>${kota}</place></outsider></to>
  <signatories><signatory position="kepala-biro-umum" capacity="definitive"/></signatories>
  <body><p>Kami mengundang ${nama} di ${kota}.</p></body>
</letter>
"""
HEAD = "nama,kota\r\n"
FEW = HEAD + 'Kepala Dinas <Satu> & "Dua",Arunika\r\n'.replace('"Dua"', "Dua") + \
    '"Direktur, PT Rekaan",Sagara\r\n"Ketua ""Paguyuban""",Arunika\r\n'


def letters(naskah):
    database = sqlite3.connect(f"file:{naskah.folder}/office.db?mode=ro", uri=True)
    rows = [database.execute(f"SELECT * FROM {table} ORDER BY 1").fetchall()
            for table in ("letter", "letter_batch", "register_entry")]
    database.close()
    return rows


def merge(naskah, text, table, *options, **more):
    return naskah.ask("letter", "merge", text, table, "--position", "staf-persuratan", *options,
                      person="damar", **more)


def refuse(naskah, words, text, table, *options):
    before = letters(naskah)
    said = naskah.refuse(1, words, "letter", "merge", text, table, "--position", "staf-persuratan",
                         *options, person="damar")
    assert letters(naskah) == before, "something was made"
    return said


def many_lines(naskah):
    """Of 5,000 addressees two lines are at fault: they are named, and nothing is made."""
    naskah.run("init", naskah.folder, "--demo", "--empty", office=False)
    WORK["text"] = write("undangan.xml", TEXT)
    rows = [f"Kepala Desa Rekaan {n},Kecamatan {n % 40}\n" for n in range(LINES)]
    rows[4311 - 2] = "Kepala Desa Tanpa Kecamatan,\n"
    rows[4400 - 2] = "Kepala Desa Rekaan 7,Kecamatan 7\n"  # line 9 again
    table = write("penerima.csv", "nama,kota\n" + "".join(rows))
    said = refuse(naskah, ["penerima.csv:4311", "kota", "penerima.csv:4400", "line 9"],
                  WORK["text"], table)
    assert said.count("penerima.csv:") == 2, said
    print(f"# {LINES} lines checked in {naskah.seconds:.1f} s", flush=True)


def made_once(naskah):
    """The same files make the same letters, once; what was cut off is made to its end."""
    table = write("sedikit.csv", FEW)
    assert merge(naskah, WORK["text"], table, "--check")["made"] == 0
    first = merge(naskah, WORK["text"], table)
    assert (first["lines"], first["made"], first["there"]) == (3, 3, 0), first
    again = merge(naskah, WORK["text"], table)
    assert (again["made"], again["there"]) == (0, 3), again
    assert again["letters"] == first["letters"] and again["batch"] == first["batch"]
    assert [item["line"] for item in first["letters"]] == [2, 3, 4], first
    subjects = [naskah.ask("letter", "show", item["letter"], person="damar")["subject"]
                for item in first["letters"]]
    assert subjects == ["Undangan untuk Kepala Dinas <Satu> & Dua",
                        "Undangan untuk Direktur, PT Rekaan",
                        'Undangan untuk Ketua "Paguyuban"'], subjects
    # one of the batch was not made yet
    WORK["batch"] = merge(naskah, WORK["text"], write("satu.csv", "".join(FEW.splitlines(True)[:2])),
                          "--batch", "undangan")["batch"]
    rest = merge(naskah, WORK["text"], table, "--batch", "undangan")
    assert (rest["made"], rest["there"]) == (2, 1), rest
    # the name again for other letters: nobody is taken for served
    other = write("lain.csv", FEW.replace("PT Rekaan", "PT Karangan"))
    refuse(naskah, ["lain.csv:3", "batch 'undangan'"], WORK["text"], other, "--batch", "undangan")


def faulty_files(naskah):
    """Tables and texts that do not fit are refused with file and line."""
    text = WORK["text"]
    cases = (
        (text, write("a.csv", "nama\nX\n"), ["undangan.xml:5", "kota"]),
        (text, write("b.csv", "nama,kota\nX,Y,Z\nX\n"), ["b.csv:2", "b.csv:3", "fields"]),
        (text, write("c.csv", "nama,nama\nX,Y\n"), ["c.csv:1"]),
        (text, write("d.csv", "nama,kota\n"), ["a line for"]),
        (text, write("e.csv", ""), ["first line"]),
        (text, write("f.csv", 'nama,kota\n"X,Y\n'), ["f.csv:2", "quote"]),
        (text, write("g.csv", b"nama,kota\n\xff\xfe,Y\n"), ["g.csv:2", "UTF-8"]),
        (write("h.xml", TEXT.replace("${nama}<", "${nama<")), write("h.csv", FEW), ["h.xml:5"]),
        (write("i.xml", TEXT.replace("<body>", "<body><x/>")), write("i.csv", FEW),
         ["i.csv:2", "i.csv:4"]),
        (write("j.xml", TEXT.replace("<outsider><name>${nama}</name><place>${kota}</place></outsider>",
                                     '<position ref="${nama}"/>').replace(" di ${kota}", "")),
         write("j.csv", "nama\nkepala-biro-sdm\ntidak-ada\n"), ["j.csv:3", "tidak-ada"]),
        (write("k.xml", "<letter"), write("k.csv", FEW), ["k.csv:2"]),
    )
    for xml, table, words in cases:
        refuse(naskah, words, xml, table)
    refuse(naskah, ["--batch"], text, write("l.csv", FEW), "--batch", "Bukan Nama")
    naskah.refuse(3, ["/nonexistent"], "letter", "merge", text, "/nonexistent.csv", person="damar")


def signed_together(naskah):
    """All letters of a batch are submitted, shown with their digests, and signed in one confirmation."""
    batch = WORK["batch"]
    passphrase = os.path.join(naskah.folder, "keys/passphrase")
    naskah.refuse(6, ["letter batch"], "task", "sign", "--batch", batch, person="damar")
    naskah.refuse(3, ["no batch"], "letter", "submit", "--batch", batch, person="arkan")
    done = naskah.ask("letter", "submit", "--batch", batch, person="damar")
    assert done["failed"] == 0 and len(done["results"]) == 3, done
    folder = os.path.join(WORK["folder"], "halaman")
    os.mkdir(folder)
    shown = naskah.ask("task", "sign", "--batch", batch, "-o", folder, person="sekar")
    assert shown["failed"] == 0 and len(os.listdir(folder)) == 3, shown
    digests = {item["result"]["sha256"] for item in shown["results"]}
    assert len(digests) == 3 and shown["digest"] not in digests
    sign = ("task", "sign", "--batch", batch, "--passphrase-file", passphrase, "--confirm")
    naskah.refuse(6, ["nothing was signed"], *sign, "0" * 64, person="sekar")
    naskah.refuse(6, ["nothing was signed"], *sign, digests.pop(), person="sekar")
    signed = naskah.ask(*sign, shown["digest"], person="sekar")
    assert signed["failed"] == 0, signed
    every = naskah.ask("letter", "batch", batch, person="damar")["letters"]
    assert [item["state"] for item in every] == ["archived"] * 3, every
    assert len({item["number"] for item in every}) == 3 and all(i["task"] is None for i in every)
    naskah.refuse(6, ["letter batch"], *sign, shown["digest"], person="sekar")


def rebuilt(naskah):
    """Which line made which letter comes again from histories."""
    before = letters(naskah)
    naskah.run("rebuild")
    assert letters(naskah) == before


def arguments(naskah):
    """A command is about letters or a batch, not both and not neither."""
    for command in (("task", "sign"), ("task", "approve"), ("letter", "submit")):
        naskah.refuse(2, ["--batch"], *command, person="damar")
        naskah.refuse(2, ["--batch"], *command, "x", "--batch", "y", person="damar")


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as base:
        WORK["folder"] = base
        run_cases([many_lines, made_once, faulty_files, signed_together, rebuilt, arguments],
                  Naskah(sys.argv[1], os.path.join(base, "office")))
