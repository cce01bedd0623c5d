#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""living.py NASKAH: a demo office has a past: letters in every state, which all that looks at an
office finds in order."""
import glob
import os
import sqlite3
import sys
import tempfile

from tap import Naskah, run_cases, tool

PEOPLE = ("damar", "kirana", "budi", "sekar", "wening", "nastiti", "taufan", "galih", "arkan",
          "gendis", "wahyu", "jatmiko", "citra", "rangga", "naufal", "anindita", "markus")


def rows(naskah, sql):
    with sqlite3.connect(f"file:{naskah.folder}/office.db?mode=ro", uri=True) as database:
        return database.execute(sql).fetchall()


def states(naskah):
    """forty letters, in every state that a letter can be in"""
    found = dict(rows(naskah, "SELECT state, count(*) FROM letter GROUP BY state"))
    assert sum(found.values()) == 40, found
    assert {"draft", "review", "signing", "archived", "withdrawn", "received"} <= set(found), found
    assert rows(naskah, "SELECT count(*) FROM incident") == [(0,)]
    kept = {kind for kind, in rows(naskah, "SELECT DISTINCT kind FROM letter")}
    assert {"surat-dinas", "nota-dinas", "surat-masuk", "permohonan-izin"} <= kept, kept


def month(naskah):
    """its history goes over weeks, and every letter's holds"""
    first, last = rows(naskah, "SELECT min(at), max(at) FROM journal")[0]
    assert (last - first) / 86400e6 > 25, (first, last)
    for letter, person in rows(naskah, "SELECT id, drafter_person FROM letter"):
        assert naskah.ask("letter", "history", letter, person=person)["verified"], letter


def inboxes(naskah):
    """people have work before them, some of it late"""
    waiting = {person: naskah.ask("task", "list", person=person)["tasks"] for person in PEOPLE}
    busy = {person for person, tasks in waiting.items() if tasks}
    assert len(busy) >= 8, busy
    report = naskah.ask("report", "work", "--unit", "biro-umum", "--from", "2020-01-01",
                        person="sekar")
    assert report["overdue"] >= 1 and report["letters_signed"] >= 1, report
    assert report["drafted"] >= 10 and report["reviewed"] >= 10, report


def in_order(naskah):
    """the doctor finds nothing, git finds nothing, and the index can be made again"""
    naskah.run("doctor")
    for repository in glob.glob(os.path.join(naskah.folder, "repositories", "*.git")):
        tool("git", "--git-dir", repository, "fsck", "--strict")
    before = rows(naskah, "SELECT id, state, number FROM letter ORDER BY id")
    naskah.run("rebuild")
    assert rows(naskah, "SELECT id, state, number FROM letter ORDER BY id") == before


def signed(naskah):
    """a letter of last week is valid to whoever trusts the demo's authority"""
    (letter, person), = rows(naskah, "SELECT id, drafter_person FROM letter WHERE state = 'archived'"
                                     " AND number IS NOT NULL AND kind = 'surat-dinas' LIMIT 1")
    path = os.path.join(naskah.folder, "surat.pdf")
    naskah.run("letter", "export", letter, "-o", path, person=person)
    out, _ = naskah.run("verify", path, "--trust",
                        os.path.join(naskah.folder, "trust/demo-root.pem"), office=False)
    assert out.count("VALID") == 1, out


def main():
    with tempfile.TemporaryDirectory() as folder:
        naskah = Naskah(sys.argv[1], os.path.join(folder, "kantor"))
        made = naskah.ask("init", naskah.folder, "--demo", office=False)
        assert made["letters"] == 40, made
        run_cases([states, month, inboxes, signed, in_order], naskah)


if __name__ == "__main__":
    main()
