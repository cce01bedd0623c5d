#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""kill-load.py NASKAH LOAD [KILLS]: kills 64 clients and the projector beside them with SIGKILL at
random moments, and examines the office after each kill.  The same office goes on for several kills,
so that what is killed has been recovered before.  16 kills, or as many as a minute has room for; 200
with NASKAH_LONG."""
import random
import sys
import time

from office_under_load import LONG, Deadline, Office, Tap, work_folder

KILLS = int(sys.argv[3]) if len(sys.argv) > 3 else 200 if LONG else 16
LIVES = 8        # kills of one office before the next
LEAST, SECONDS = 5, 50
MOST_ANSWERS = 400  # the kill comes at random among so many answers,
PATIENCE = 3        # or after so many seconds


def kill(office, nth):
    child = office.begin("--sign", "--project")
    waited = office.wait_for_answers(random.randrange(MOST_ANSWERS), PATIENCE)
    time.sleep(random.uniform(0, 0.05))
    child.kill()
    office.end(child, killed=True)
    return f"after {1000 * waited:.0f} ms of load, {office.examine(nth)}"


def main():
    tap, total, kills = Tap(), 0, 0
    in_time = Deadline(SECONDS)
    with work_folder() as work:
        template = Office(sys.argv[1], sys.argv[2], work, "template").make()
        while kills < KILLS and (in_time or kills < LEAST):
            office = template.clone(work, f"office-{kills}")
            for nth in range(1, LIVES + 1):
                kills += 1
                before = len(office.acks)
                if not tap.run(f"kill {kills}", kill, office, nth):
                    break
                total += len(office.acks) - before
                if kills >= KILLS or not (in_time or kills < LEAST):
                    break
            office.remove()
    tap.say(f"{kills} kills, {total} acknowledged changes, all of them checked and there")
    tap.end()


main()
