#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""registers.py NASKAH: registers and agenda books of a unit, gapless, as rows, CSV and pages, and
what they do not show to whom."""
import csv
import os
import subprocess
import sys
import tempfile

from dispatch import HEAD, PARTIES, WORK, send, write
from tap import Naskah, run_cases


def listed(naskah, book, person="wening", *options):
    return naskah.ask("register", "list", book, *options, person=person)["rows"]


def outgoing(naskah):
    """Every number stands in the register of outgoing letters, void and reserved ones too."""
    naskah.run("init", naskah.folder, "--demo", "--empty", office=False)
    WORK["sent"] = send(naskah)
    path = write("surat.xml", HEAD.format(subject="Ditarik", to=PARTIES, security="biasa"))
    for note in (None, "salah alamat"):
        letter = naskah.ask("letter", "new", path, "--position", "staf-persuratan",
                            person="damar")["letter"]
        naskah.run("letter", "submit", letter, person="damar")
        naskah.ask("task", "sign", letter, person="sekar")  # takes a number
        if note:
            naskah.run("letter", "withdraw", letter, "--note", note, person="damar")
    send(naskah, subject="Sangat Tertutup", security="rahasia")
    rows = listed(naskah, "outgoing")
    assert [row["seq"] for row in rows] == ["1", "2", "3", "4"], rows
    assert [row["entry"] for row in rows] == ["bound", "reserved", "void", "bound"], rows
    assert [row["state"] for row in rows] == ["archived", "signing", "withdrawn", "archived"], rows
    assert rows[2]["note"] == "salah alamat" and rows[0]["sent"] and not rows[1]["sent"], rows
    assert "PT Sumber Rekaan" in rows[0]["to"] and rows[0]["subject"] == "Permintaan Data", rows


def secret(naskah):
    """Of a secret letter the office sees the number alone; who may read it sees all."""
    row = listed(naskah, "outgoing")[3]
    assert row["number"] and row["subject"] == row["to"] == "", row
    row = listed(naskah, "outgoing", "sekar", "--unit", "biro-umum")[3]
    assert row["subject"] == "Sangat Tertutup" and row["to"], row
    every = listed(naskah, "expedition")
    assert len(every) == 10 and all(not row["to"] for row in every[5:]), every


def expedition(naskah):
    """The expedition book has a line for each party, in the order in which letters were sent."""
    naskah.run("dispatch", "send", WORK["sent"], "to-2", "--channel", "courier", "--tracking",
               "=KX(1)", person="wening")
    rows = listed(naskah, "expedition")
    assert [row["seq"] for row in rows] == [str(n) for n in range(1, 11)], rows
    sent = [row for row in rows if row["state"] == "sent"]
    assert len(sent) == 1 and sent[0]["channel"] == "courier" and sent[0]["tracking"] == "=KX(1)"


def written(naskah):
    """A register is written as CSV, where no cell is a formula, and as pages."""
    for book in ("outgoing", "incoming", "expedition"):
        table, pages = (os.path.join(WORK["folder"], book + end) for end in (".csv", ".pdf"))
        naskah.run("register", "list", book, "--csv", table, "--pdf", pages, person="wening",
                   language="id_ID.UTF-8")
        with open(table, encoding="utf-8", newline="") as file:
            rows = list(csv.reader(file))
        assert len(rows) == 1 + len(listed(naskah, book)), rows
        assert not any(cell.startswith("=") for row in rows for cell in row), rows
        said = subprocess.run(["pdftotext", "-layout", pages, "-"], capture_output=True, check=True,
                              text=True).stdout
        assert "Biro Umum" in said and "2026" in said, said
        assert all(row[1].split("/")[0] in said for row in rows[1:]), said


def years(naskah):
    """Another year is empty, and a year that is none is refused."""
    assert listed(naskah, "outgoing", "wening", "--year", "2031") == []
    assert listed(naskah, "expedition", "wening", "--year", "2031") == []
    for year in ("1", "99999", "-5"):
        naskah.refuse(1, ["--year"], "register", "list", "outgoing", f"--year={year}",
                      person="wening")


def refusals(naskah):
    """A register is for who keeps it, and for the officials of the unit."""
    naskah.refuse(1, ["outgoing", "expedition"], "register", "list", "apa-saja", person="wening")
    naskah.refuse(7, ["biro-umum"], "register", "list", "outgoing", "--unit", "biro-umum",
                  person="damar")
    naskah.refuse(7, ["biro-umum"], "register", "list", "outgoing", "--unit", "biro-umum",
                  person="arkan")
    naskah.refuse(3, ["no-such"], "register", "list", "outgoing", "--unit", "no-such",
                  person="wening")
    naskah.run("register", "list", "outgoing", "--unit", "biro-umum", person="budi")


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as base:
        WORK["folder"] = base
        run_cases([outgoing, secret, expedition, written, years, refusals],
                  Naskah(sys.argv[1], os.path.join(base, "office")))
