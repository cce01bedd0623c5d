#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""projector.py NASKAH LOAD: kills the projector with SIGKILL at points of its own, drawn at random,
while letters come, and takes packs, indexes, refs and whole repositories away from it.  After each,
the repositories, brought up to date, are those that are made from the database alone, and git finds
no fault in them.  12 kills and 6 losses; 100 and 24 with NASKAH_LONG."""
import collections
import os
import random
import shutil
import sys

from office_under_load import LEASE_OVER, LONG, Office, Tap, work_folder

KILLS, LOSSES = (100, 24) if LONG else (12, 6)
POINTS = {  # and among how many passes the kill comes
    "project.folder": 1, "project.pack": 1, "project.idx": 1, "project.refs": 1, "project.done": 1,
    "project.drop": 2,
}
LEAVING = ("project.drop",)  # only where a repository is written anew


def repositories(office):
    folder = os.path.join(office.folder, "repositories")
    return sorted(os.path.join(folder, name) for name in os.listdir(folder) if name.endswith(".git"))


def write_some(office):
    """Changes that nobody projects meanwhile."""
    office.end(office.start("--clients=4", "--changes=4"))


def heal(office):
    """As a server does when it starts."""
    office.run(office.load, "--finish", "--heal", f"--shift={LEASE_OVER}", office.folder)


def kill(office, counts):
    point = random.choice(list(POINTS))
    write_some(office)
    if point in LEAVING:  # a mark of an unfinished run: all is written anew
        open(os.path.join(random.choice(repositories(office)), "naskah-leaving"), "w").close()
    if point == "project.folder":
        shutil.rmtree(random.choice(repositories(office)))
    result = office.run(office.load, "--finish", "--heal", office.folder, status=None, environment={
        "NASKAH_FAULT": f"{point}:{random.randint(1, POINTS[point])}:kill"})
    assert result.returncode in (0, -9), result.stderr
    counts["killed" if result.returncode == -9 else "not passed"] += 1
    counts[point] += result.returncode == -9
    heal(office)
    return f"at {point}: {office.examine_repositories()} objects in git"


def lose_pack(path, endings):
    folder = os.path.join(path, "objects", "pack")
    packs = sorted({name.rsplit(".", 1)[0] for name in os.listdir(folder) if name.startswith("pack-")})
    pack = random.choice(packs)
    for ending in endings:
        os.unlink(os.path.join(folder, pack + ending))


LOSE = {
    "a pack": lambda path: lose_pack(path, (".pack", ".idx")),
    "an index": lambda path: lose_pack(path, (".idx",)),
    "all objects": lambda path: shutil.rmtree(os.path.join(path, "objects")),
    "the refs": lambda path: os.unlink(os.path.join(path, "packed-refs")),
    "the hooks": lambda path: shutil.rmtree(os.path.join(path, "hooks")),
    "all of it": shutil.rmtree,
}


def lose(office, what):
    path = random.choice(repositories(office))
    LOSE[what](path)
    tags = {issue["tag"] for issue in office.findings()[0]}
    silent = what == "the hooks"  # git reads it as before
    assert silent or any(tag.startswith("store-repository-") for tag in tags), tags
    heal(office)
    if what == "the hooks":
        write_some(office)
    return (f"{what} of {os.path.basename(path)}, found by doctor{' not' if silent else ''}: "
            f"{office.examine_repositories()} objects in git")


def main():
    tap, counts = Tap(), collections.Counter()
    with work_folder() as work:
        office = Office(sys.argv[1], sys.argv[2], work, "template").make().clone(work, "office")
        office.run(office.load, "--finish", office.folder)
        while counts["killed"] < KILLS and tap.run(f"kill {counts['killed'] + 1}", kill, office, counts):
            pass
        tap.say(f"the projector was killed {counts.pop('killed', 0)} times, "
                f"{counts.pop('not passed', 0)} times it did not come to the point; "
                f"{', '.join(f'{count} at {point}' for point, count in sorted(counts.items()))}")
        for nth in range(1, LOSSES + 1):
            what = list(LOSE)[nth % len(LOSE)]
            if not tap.run(f"loss {nth}", lose, office, what):
                break
        tap.say(f"{LOSSES} losses, each made good; git fsck --strict clean after each")
    tap.end()


main()
