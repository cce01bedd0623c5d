#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""disposition.py NASKAH: a letter that came in goes down, is answered, and what must not be is
refused, on the command line."""
import csv
import os
import subprocess
import sys
import tempfile

from tap import Naskah, run_cases

MADE = {}


def comes_in(naskah):
    """A letter is registered and passed on to the head."""
    naskah.run("init", naskah.folder, "--demo", "--empty", office=False)
    made = naskah.ask("incoming", "register", "--from", "Dinas Pengairan Kabupaten Arunika",
                      "--place", "Arunika", "--number", "400.3/118/DPA", "--date", "2026-07-14",
                      "--subject", "Permohonan Narasumber", "--to", "kepala-badan", "--unit",
                      "bpatn", "--channel", "pos", "--classification", "KP.08.1",
                      person="pramesti")
    MADE["letter"] = made["letter"]
    naskah.run("incoming", "forward", MADE["letter"], person="pramesti")


def goes_down(naskah):
    """The head gives it to two, the lead first, as tata usaha has prepared it."""
    letter = MADE["letter"]
    naskah.run("disposition", "propose", letter, "sekretaris-utama", "deputi-bidang-pemantauan",
               "-i", "saran", "-i", "kaji", "--due", "3", "--note", "Mohon bahas.",
               person="handoko")
    naskah.run("disposition", "confirm", letter, person="bramantya")
    words, _ = naskah.run("disposition", "show", letter, person="larasati")
    assert "Saran/pendapat" in words and "Mohon bahas." in words, words
    assert "Deputi" in words  # the lead knows whom he leads
    words, _ = naskah.run("disposition", "show", letter, person="tirta")
    assert "Sekretaris Utama" not in words, words


def bad_input_is_refused(naskah):
    """Upwards, in a circle, to oneself, to nobody: a sentence each, and nothing is changed."""
    letter = MADE["letter"]
    before = naskah.ask("disposition", "show", letter, person="bramantya")
    give = ("disposition", "give", letter)
    naskah.refuse(1, ["down to you"], *give, "kepala-badan", person="larasati")
    naskah.refuse(1, ["gives it"], *give, "sekretaris-utama", person="larasati")
    naskah.refuse(3, ["no position 'tiada'"], *give, "tiada", person="larasati")
    naskah.refuse(1, ["no instruction", "tindak-lanjut"], *give, "kepala-biro-umum", "-i", "tari",
                  person="larasati")
    naskah.refuse(1, ["no time to answer"], *give, "kepala-biro-umum", "--due", "-1",
                  person="larasati")
    naskah.refuse(7, ["not yours"], "disposition", "none", letter, person="handoko")
    naskah.refuse(3, ["no letter"], "disposition", "show", letter, person="naufal")
    assert naskah.ask("disposition", "show", letter, person="bramantya") == before


def sheet_is_printed(naskah):
    """The sheet is a page with the lead, the ticks and the giver."""
    path = os.path.join(os.path.dirname(naskah.folder), "disposisi.pdf")
    naskah.run("disposition", "sheet", MADE["letter"], "-o", path, person="bramantya")
    with open(path, "rb") as file:
        assert file.read(5) == b"%PDF-"


def is_answered(naskah):
    """Once one has answered, it is recalled no more; the others are urged, and the head accepts."""
    letter = MADE["letter"]
    naskah.run("disposition", "done", letter, "--note", "Narasumber dikirim.", person="larasati")
    naskah.refuse(6, ["Larasati", "cannot be recalled"], "disposition", "recall", letter,
                  person="bramantya")
    naskah.run("disposition", "urge", letter, person="bramantya")
    naskah.refuse(6, ["less than an hour"], "disposition", "urge", letter, person="bramantya")
    naskah.run("disposition", "none", letter, person="tirta")
    naskah.run("disposition", "done", letter, person="bramantya")
    shown = naskah.ask("letter", "show", letter, person="bramantya")
    assert shown["state"] == "archived", shown


def stands_in_the_book(naskah):
    """The book of dispositions has a line for each receiver, for those who may see it."""
    rows = naskah.ask("register", "list", "disposition", "--unit", "bpatn",
                      person="pramesti")["rows"]
    assert [row["seq"] for row in rows] == ["1", "2"], rows
    assert [row["lead"] for row in rows] == ["lead", ""], rows
    assert [row["state"] for row in rows] == ["done", "noted"], rows
    assert all(row["done"] and "Bramantya" in row["giver"] and row["number"].startswith("A-1/")
               for row in rows), rows
    assert rows[0]["instructions"] == "Saran/pendapat; Pelajari/kaji; Mohon bahas.", rows
    assert rows[0]["due"] and rows[0]["subject"] == "Permohonan Narasumber", rows
    pages, table = (os.path.join(os.path.dirname(naskah.folder), "buku." + end)
                    for end in ("pdf", "csv"))
    naskah.run("register", "list", "disposition", "--unit", "bpatn", "--csv", table, "--pdf",
               pages, person="pramesti", language="id_ID.UTF-8")
    said = subprocess.run(["pdftotext", "-layout", pages, "-"], capture_output=True, check=True,
                          text=True).stdout
    assert "Buku disposisi" in said and "Sekretaris" in said, said
    with open(table, encoding="utf-8", newline="") as file:
        cells = list(csv.reader(file))
    assert len(cells) == 3 and cells[1][6] == "utama" and cells[1][9] == "selesai", cells
    words, _ = naskah.run("register", "list", "disposition", "--unit", "bpatn", person="pramesti")
    assert "in the lead" in words and "noted" in words, words
    assert naskah.ask("register", "list", "disposition", "--unit", "bpatn", "--year", "2031",
                      person="pramesti")["rows"] == []
    naskah.refuse(7, ["bpatn"], "register", "list", "disposition", "--unit", "bpatn",
                  person="naufal")


def secret_ones_do_not(naskah):
    """Of a secret letter the book of tata usaha says nothing, that of the head all."""
    made = naskah.ask("incoming", "register", "--unopened", "--security", "rahasia", "--from",
                      "Inspektorat Arunika", "--to", "kepala-badan", "--unit", "bpatn", "--channel",
                      "kurir", "--classification", "PW.01", person="pramesti")
    naskah.run("incoming", "forward", made["letter"], person="pramesti")
    naskah.run("disposition", "give", made["letter"], "sekretaris-utama", person="bramantya")
    book = ("register", "list", "disposition", "--unit", "bpatn")
    assert len(naskah.ask(*book, person="pramesti")["rows"]) == 2
    assert len(naskah.ask(*book, person="bramantya")["rows"]) == 3


def notes_stay(naskah):
    """A note is shown with the letter."""
    naskah.run("letter", "note", MADE["letter"], "Pelajari untuk tahun depan.", person="larasati")
    words, _ = naskah.run("letter", "show", MADE["letter"], person="bramantya")
    assert "Pelajari untuk tahun depan." in words, words


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as place:
        run_cases([comes_in, goes_down, bad_input_is_refused, sheet_is_printed, is_answered,
                   notes_stay, stands_in_the_book, secret_ones_do_not], Naskah(sys.argv[1], os.path.join(place, "kantor")))
