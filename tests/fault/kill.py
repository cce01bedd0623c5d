#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""kill.py NASKAH SHARD SHARDS: kills the demo with SIGKILL at every fault point that it passes, one
after another, and looks at what is left.  TAP on standard output, a case a fault point.

After each kill: an office that had been made opens again, doctor finds no error, every step that
the demo had called done is in the letter's history, the history checks, a signed letter verifies,
and whoever was cut off can finish: the letter ends signed and filed under one number."""
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile

NASKAH, SHARD, SHARDS = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])

# entries in the letter's journal once the demo has called a step done
ENTRIES_AFTER = {1: 0, 2: 1, 3: 2, 4: 3, 5: 4, 6: 5, 7: 6, 8: 7, 9: 9, 10: 15}
MADE = 1      # the step after which the office exists
WHOLE = 15    # entries of a whole life


def run(*args, fault=None, count=None, check=True):
    environment = dict(os.environ, LC_ALL="C.UTF-8")
    environment.pop("NASKAH_FAULT", None)
    if fault:
        environment["NASKAH_FAULT"] = fault
    if count:
        environment["NASKAH_FAULT_COUNT"] = count
    result = subprocess.run([NASKAH, *args], env=environment, capture_output=True, text=True)
    if check and result.returncode != 0:
        raise AssertionError(f"naskah {' '.join(args)}: exit {result.returncode}\n{result.stderr}")
    return result


def ask(folder, *args, person="sekar", check=True):
    result = run(*args, "--dir", folder, "--as", person, "--json", check=check)
    return json.loads(result.stdout.splitlines()[-1]) if result.stdout else {}


def count_points(folder):
    path = os.path.join(folder, "count")
    run("demo", "--once", "--dir", os.path.join(folder, "whole"), count=path)
    return int(open(path).read())


def find_letter(folder):
    """The one letter of the office, through the tasks and repositories of those who know it."""
    for person in ("damar", "kirana", "budi", "sekar"):
        for task in ask(folder, "task", "list", person=person)["tasks"]:
            return task["letter"]
    import sqlite3
    database = sqlite3.connect(f"file:{folder}/office.db?mode=ro", uri=True)
    rows = database.execute("SELECT id FROM letter").fetchall()
    database.close()
    assert len(rows) <= 1, "more than one letter"
    return rows[0][0] if rows else None


def finish(folder, letter):
    """Lets everybody do what still waits; returns the letter as it ends."""
    passphrase = os.path.join(folder, "keys", "passphrase")
    for _ in range(8):
        shown = ask(folder, "letter", "show", letter)
        if not shown["tasks"]:
            return shown
        task = shown["tasks"][0]
        position = task["positions"][0]
        if task["role"] == "draft":
            ask(folder, "letter", "submit", letter, person="damar")
        elif task["role"] == "review":
            person = {"kepala-subbagian-persuratan": "kirana",
                      "kepala-bagian-tata-usaha": "budi"}[position]
            ask(folder, "task", "approve", letter, person=person)
        else:
            pages = ask(folder, "task", "sign", letter)
            ask(folder, "task", "sign", letter, "--confirm", pages["sha256"],
                "--passphrase-file", passphrase)
    raise AssertionError("the letter does not come to its end")


def examine(folder, steps_done):
    opened = run("doctor", "--dir", folder, "--json", check=False)
    report = json.loads(opened.stdout.splitlines()[-1])
    if steps_done < MADE and opened.returncode != 0:
        assert "error" in report and report["error"]["message"], "no words"
        return "no office yet"
    assert opened.returncode == 0, report
    errors = [issue for issue in report["issues"] if issue["severity"] == "error"]
    assert not errors, errors
    letter = find_letter(folder)
    expected = ENTRIES_AFTER[min(steps_done, 10)] if steps_done else 0
    if letter is None:
        assert expected == 0, "the letter is lost"
        return "no letter yet"
    history = ask(folder, "letter", "history", letter)
    assert history["verified"]
    assert len(history["entries"]) >= expected, (
        f"{len(history['entries'])} entries, {expected} were acknowledged")
    number = ask(folder, "letter", "show", letter)["number"]
    ended = finish(folder, letter)
    assert ended["state"] == "archived", ended["state"]
    assert number in (None, ended["number"]), f"number {number} became {ended['number']}"
    pdf = os.path.join(folder, "after.pdf")
    run("letter", "export", letter, "--dir", folder, "--as", "sekar", "-o", pdf)
    run("verify", pdf, "--trust", os.path.join(folder, "trust/demo-root.pem"))
    run("doctor", "--dir", folder)
    return f"{len(history['entries'])} of at least {expected} entries, finished as {ended['number']}"


def kill_at(work, nth):
    folder = os.path.join(work, "office")
    shutil.rmtree(folder, ignore_errors=True)
    result = run("demo", "--once", "--dir", folder, fault=f"*:{nth}:kill", check=False)
    assert result.returncode == -9, f"not killed: {result.returncode}\n{result.stderr}"
    steps_done = len(re.findall(r"^ +done in ", result.stdout, re.M))
    return f"{steps_done} steps done, {examine(folder, steps_done)}"


def main():
    failed = 0
    with tempfile.TemporaryDirectory(prefix="naskah-kill-") as work:
        points = count_points(work)
        mine = range(1 + SHARD, points + 1, SHARDS)
        print(f"1..{len(mine)}", flush=True)
        for case, nth in enumerate(mine, 1):
            try:
                print(f"ok {case} killed at point {nth} of {points}: {kill_at(work, nth)}",
                      flush=True)
            except (AssertionError, KeyError, ValueError, IndexError) as fault:
                failed += 1
                text = str(fault).replace("\n", "\n# ")
                print(f"not ok {case} killed at point {nth} of {points}\n# {text}", flush=True)
    sys.exit(1 if failed else 0)


main()
