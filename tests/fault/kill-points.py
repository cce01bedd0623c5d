#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""kill-points.py NASKAH LOAD: kills 64 clients at the numbered points of a change, while a batch of
several changes is at work, and of the projector beside them, and examines the office after each.
Once a point; five times, at other passes of it, with NASKAH_LONG."""
import random
import sys

from office_under_load import LONG, NotPassed, Office, Tap, work_folder

# point: passes among which the kill comes at random, and what the load must do to pass it
POINTS = {
    "commit.apply": (70, 250), "commit.before": (4, 12), "commit.after": (4, 12),
    "record.row": (70, 200), "record.commit": (70, 200), "record.entry": (70, 200),
    "sign.reserved": (1, 2), "sign.rendered": (1, 1), "sign.bound": (1, 1),
    "project.folder": (1, 1), "project.pack": (1, 2), "project.idx": (1, 2), "project.refs": (1, 2),
    "project.done": (1, 2), "project.midx": (1, 1), "project.merge": (1, 1), "project.drop": (1, 1),
}
RARE = ("project.merge", "project.midx")  # need more packs than a short load makes
SECONDS = 15
ROUNDS = 5 if LONG else 1


def kill_at(office, point, nth):
    if point in RARE and not LONG:
        raise NotPassed("only in a long run")
    child = office.start("--sign", "--project", f"--seconds={SECONDS}",
                         environment={"NASKAH_FAULT": f"{point}:{nth}:kill"})
    child.communicate(timeout=300)
    if child.returncode == 0 and point in RARE:
        raise NotPassed("the load does not come there")
    assert child.returncode == -9, f"the load ended with {child.returncode}"
    return f"pass {nth}: {office.examine(1)}"


def main():
    tap, total = Tap(), 0
    with work_folder() as work:
        template = Office(sys.argv[1], sys.argv[2], work, "template").make()
        for point, passes in POINTS.items():
            for _ in range(ROUNDS):
                office = template.clone(work, "office")
                tap.run(f"killed at {point}", kill_at, office, point, random.randint(*passes))
                total += len(office.acks)
                office.remove()
    tap.say(f"{total} acknowledged changes, all of them checked and there")
    tap.end()


main()
