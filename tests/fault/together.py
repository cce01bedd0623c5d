#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""together.py NASKAH LOAD: other programs beside 64 clients on one office, and a wrong clock."""
import json
import os
import subprocess
import sys
import time

from office_under_load import CLIENTS, Office, Tap, work_folder

HOLD_MS = 1500  # for which one change holds up the writer, again and again
SLOW = 10       # seconds that a command that reads may take on a busy machine


def refuse_second(office):
    child = office.begin()
    other = subprocess.run([office.load, "--clients=1", "--changes=1", office.folder, office.log + "2"],
                           env=dict(os.environ, LC_ALL="C.UTF-8"), capture_output=True, text=True)
    assert other.returncode == 1 and other.stderr.startswith("load: "), other.stderr
    assert not os.path.exists(office.log + "2"), "the second one began"
    office.wait_for_answers(CLIENTS)
    child.terminate()
    counted = office.end(child)
    return (f"the second: \"{other.stderr.strip()[6:]}\"; the first went on: {counted['changes']} changes; "
            f"{office.examine(1)}")


def read_beside(office):
    """Commands that read, while others write and batches are held."""
    letter = office.any_letter()
    child = office.begin(f"--hold={HOLD_MS}")
    asked = [["letter", "show", letter], ["task", "list"], ["letter", "history", letter], ["doctor"]]
    slowest, count, end = 0, 0, time.monotonic() + 2 * HOLD_MS / 1000
    while time.monotonic() < end or count < len(asked):
        ask = asked[count % len(asked)]
        person = [] if ask == ["doctor"] else ["--as", "damar"]
        begun = time.monotonic()
        result = office.run(office.naskah, *ask, "--dir", office.folder, "--json", *person)
        slowest = max(slowest, time.monotonic() - begun)
        assert "error" not in json.loads(result.stdout.splitlines()[-1]), result.stdout
        count += 1
    child.terminate()
    counted = office.end(child)
    assert slowest < SLOW, f"a reader waited for {slowest:.1f} s"
    return f"{count} commands read, the slowest in {slowest * 1000:.0f} ms, beside {counted['changes']} changes"


def jump(office):
    """The clock of the load goes back by an hour five times a second."""
    child = office.begin("--jump=3600", "--project", "--sign")
    office.wait_for_answers(4 * CLIENTS)
    child.terminate()
    counted = office.end(child)
    database = office.open_database()
    back = sum(row[0] for row in database.execute(
        "SELECT count(*) FROM journal a JOIN journal b ON b.letter = a.letter"
        " AND b.letter_seq = a.letter_seq + 1 WHERE b.at < a.at"))
    database.close()
    assert back > 0, "the clock was never seen to go back"
    return f"{counted['changes']} changes, {back} of them earlier than the one before; {office.examine(1)}"


def main():
    tap = Tap()
    with work_folder() as work:
        template = Office(sys.argv[1], sys.argv[2], work, "template").make()
        for name, case in (("a second writer is refused", refuse_second),
                           ("readers are not blocked", read_beside),
                           ("the clock set back by an hour", jump)):
            office = template.clone(work, "office")
            tap.run(name, case, office)
            office.remove()
    tap.end()


main()
