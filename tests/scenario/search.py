#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""search.py NASKAH: the search index killed at each of its fault points, and damaged, while the
office goes on.  TAP on standard output.  Kills need a build with -Dfaults=true and are skipped in
any other."""
import contextlib
import json
import os
import sqlite3
import subprocess
import sys
import tempfile

NASKAH = sys.argv[1]
LETTER = os.path.join(os.environ["NASKAH_SOURCE"], "templates/letters/surat-dinas.sample.xml")
POINTS = ["index.applied:1", "index.filled:1", "index.filled:2", "search.purge:1"]


def run(folder, *args, fault=None):
    environment = dict(os.environ, LC_ALL="C.UTF-8", NASKAH_DIR=folder)
    if fault:
        environment["NASKAH_FAULT"] = fault + ":kill"
    return subprocess.run([NASKAH, *args], env=environment, capture_output=True, text=True)


def search(folder, text, person="damar"):
    result = run(folder, "archive", "search", text, "--as", person, "--json")
    assert result.returncode == 0, result.stderr
    return [hit["letter"] for hit in json.loads(result.stdout)["hits"]]


def new_letter(folder, fault=None):
    result = run(folder, "letter", "new", LETTER, "--as", "damar", "--json", fault=fault)
    assert result.returncode in (0, -9), result.stderr
    return result


def killed(folder, point):
    """A letter is kept, whatever becomes of the index; the next change brings it in, once."""
    first = new_letter(folder, fault=point)
    if first.returncode == 0:
        return "skip"
    second = json.loads(new_letter(folder).stdout)["letter"]
    found = search(folder, "persuratan")
    assert len(found) == len(set(found)) == 2, found
    assert found[0] == second, found
    return None


def damaged(folder):
    """The office goes on without the index, and says how to get one."""
    new_letter(folder)
    path = os.path.join(folder, "search.db")
    with open(path, "r+b") as file:
        file.write(b"garbage" * 1000)
    result = new_letter(folder)
    assert result.returncode == 0, result.stderr
    result = run(folder, "letter", "new", LETTER, "--as", "damar")
    assert result.returncode == 0 and "naskah rebuild" in result.stderr, result.stderr
    result = run(folder, "archive", "search", "persuratan", "--as", "damar")
    assert result.returncode == 4 and "naskah rebuild" in result.stderr, result.stderr
    result = run(folder, "rebuild", "--json")
    assert result.returncode == 0, result.stderr
    assert len(search(folder, "persuratan")) == 3
    os.unlink(path)
    new_letter(folder)
    assert len(search(folder, "persuratan")) == 4


def older(folder):
    """The next change makes the index of an older program again, and a search waits for it."""
    new_letter(folder)
    with contextlib.closing(sqlite3.connect(os.path.join(folder, "search.db"))) as index:
        index.execute("PRAGMA user_version = 1")
    result = run(folder, "archive", "search", "persuratan", "--as", "damar")
    assert result.returncode == 1 and "naskah rebuild" in result.stderr, result.stderr
    new_letter(folder)
    assert len(search(folder, "persuratan")) == 2


def words(folder):
    """Words for people: what is found, by whom, and the next page."""
    ids = [json.loads(new_letter(folder).stdout)["letter"] for _ in range(3)]
    result = run(folder, "archive", "search", "bimbingan teknis", "--as", "damar", "--limit", "2")
    assert result.returncode == 0 and ids[2] in result.stdout and ids[0] not in result.stdout
    key = result.stdout.split("--after ")[1].split()[0]
    result = run(folder, "archive", "search", "bimbingan", "teknis", "--as", "damar", "--after", key)
    assert ids[0] in result.stdout and ids[1] not in result.stdout
    assert search(folder, "bimbingan teknis", "taufan") == []
    assert run(folder, "archive", "search", "teknis bimbingan", "--as", "damar").returncode == 0
    assert search(folder, "teknis bimbingan") == []
    for bad in (["archive", "search", "*"], ["archive", "search", "ab*"]):
        assert run(folder, *bad, "--as", "damar").returncode == 1
    assert run(folder, "archive", "search", "--as", "damar").returncode == 2


def main():
    cases = [("killed at " + point, lambda folder, point=point: killed(folder, point))
             for point in POINTS]
    cases += [("damaged", damaged), ("older", older), ("words", words)]
    print(f"1..{len(cases)}")
    for number, (name, case) in enumerate(cases, 1):
        with tempfile.TemporaryDirectory() as parent:
            folder = os.path.join(parent, "office")
            assert run(folder, "init", folder, "--demo", "--empty").returncode == 0
            outcome = case(folder)
        print(f"ok {number} - {name}" + (" # SKIP no fault points" if outcome else ""), flush=True)


main()
