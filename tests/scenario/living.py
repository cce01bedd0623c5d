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


def roster(naskah):
    """somebody is on duty, on leave, travelling; a position has a Plt., a permit ends"""
    (today,), = rows(naskah, "SELECT max(since) FROM roster WHERE what = 'duty'")
    turns = naskah.ask("duty", "list", "--date", today, person="sekar")["turns"]
    assert {turn["what"] for turn in turns} == {"leave", "travel", "duty", "shift"}, turns
    on_duty = naskah.ask("duty", "show", "staf-persuratan", "--date", today, person="sekar")
    assert [one["person"] for one in on_duty["people"] if one["on_duty"]] == ["damar"], on_duty
    assert naskah.ask("duty", "show", "kepala-biro-sdm", person="larasati")["presence"] == "acting"
    at = f"{today} 17:00"
    shown = naskah.ask("duty", "show", "kepala-bagian-rumah-tangga", "--date", today,
                       person="sekar")
    assert shown["presence"] == "substitute", shown
    assert naskah.ask("task", "orphans", "--at", at, person="sekar")["tasks"] == []
    clocks = naskah.ask("clock", "list", "--at", at, person="wening")["clocks"]
    assert [clock["alarm"] in ("warn", "escalate") for clock in clocks] == [True], clocks
    notices = naskah.ask("task", "list", "--at", at, person="tirta")["notices"]
    assert [notice["letter"] for notice in notices] == [clocks[0]["letter"]], notices
    late = rows(naskah, "SELECT count(*) FROM disposition d JOIN disposition_receiver r"
                        " ON r.letter = d.letter AND r.n = d.n"
                        f" WHERE d.due < '{today}' AND r.answered IS NULL AND r.task IS NOT NULL")
    assert late[0][0] >= 1, late


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


def directory(naskah):
    """who there is can be asked by anybody who may open the folder"""
    people = naskah.ask("directory", "list", "people")["rows"]
    assert len(people) >= 30 and [row["id"] for row in people] == sorted(row["id"] for row in people)
    acting = [(row["id"], held["position"]) for row in people for held in row["positions"]
              if held["capacity"] == "plt"]
    assert acting, people
    held = naskah.ask("directory", "list", "positions", acting[0][1])["rows"]
    assert [holder["person"] for row in held for holder in row["holders"]
            if row["id"] == acting[0][1]] == [acting[0][0]], held
    units = naskah.ask("directory", "list", "units")["rows"]
    assert [row["id"] for row in units if not row["parent"]], units
    after = naskah.ask("directory", "list", "units", "--after", units[0]["id"])["rows"]
    assert after == units[1:]
    assert not naskah.ask("directory", "list", "people", "siapa%")["rows"]
    naskah.refuse(1, ["'letters'", "people, positions or units"], "directory", "list", "letters")
    naskah.refuse(7, ["directory list people"], "task", "list")


def named(naskah):
    """a letter that came in goes by its place in the agenda too, for who may read it"""
    letter, agenda = rows(naskah, "SELECT i.letter, i.agenda FROM incoming i JOIN letter l"
                                  " ON l.id = i.letter WHERE i.agenda IS NOT NULL"
                                  " AND l.security = 'biasa' ORDER BY i.at LIMIT 1")[0]
    for text in (letter, letter[-12:], agenda):
        assert naskah.ask("letter", "show", text, person="wening")["letter"] == letter, text
    naskah.refuse(3, [agenda], "letter", "show", agenda, person="markus")


def main():
    with tempfile.TemporaryDirectory() as folder:
        naskah = Naskah(sys.argv[1], os.path.join(folder, "kantor"))
        made = naskah.ask("init", naskah.folder, "--demo", office=False)
        assert made["letters"] == 40, made
        run_cases([states, month, roster, inboxes, signed, directory, named, in_order], naskah)


if __name__ == "__main__":
    main()
