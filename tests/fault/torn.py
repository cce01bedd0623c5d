#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""torn.py NASKAH LOAD [CASES]: damages the end of a write-ahead log as a power cut might.

An office is killed under load with a log that was never copied back.  Then, again and again, the log
is cut at a random byte, or filled with garbage or zeros from there, or has bits flipped behind it.
SQLite keeps the transactions before the first damaged frame.  Each time the office must be, in all
its tables, what it is with the log cut exactly there, and doctor must find nothing; what had been
acknowledged before that moment is there.  40 cases; 200 with NASKAH_LONG."""
import hashlib
import random
import shutil
import struct
import sys

from office_under_load import LONG, Office, Tap, work_folder

CASES = int(sys.argv[3]) if len(sys.argv) > 3 else 200 if LONG else 40
HEAD, FRAME_HEAD = 32, 24  # bytes, https://www.sqlite.org/fileformat2.html#walformat
ANSWERS = 500
GO_ON_EVERY = 20


def read_frames(log):
    """Ends of the frames of a log, and which of them end a transaction."""
    _, _, page, _, salt = struct.unpack(">IIII8s", log[:24])
    ends, commits, at = [], [], HEAD
    while at + FRAME_HEAD + page <= len(log) and log[at + 8:at + 16] == salt:
        size = struct.unpack(">I", log[at + 4:at + 8])[0]
        at += FRAME_HEAD + page
        ends.append(at)
        if size > 0:
            commits.append(at)
    return ends, commits


def damage(log, at, how):
    if how == "cut":
        return log[:at]
    if how == "zeros":
        return log[:at] + bytes(len(log) - at)
    if how == "garbage":
        return log[:at] + random.randbytes(random.choice((1, 100, len(log) - at)))
    flipped = bytearray(log)
    for place in [at] + random.choices(range(at, len(log)), k=3):
        flipped[place] ^= 1 << random.randrange(8)
    return bytes(flipped)


class Torn:
    def __init__(self, office, work):
        self.office, self.work = office, work
        with open(office.folder + "/office.db-wal", "rb") as file:
            self.log = file.read()
        self.ends, self.commits = read_frames(self.log)
        self.states = {}

    def place(self, log):
        """The office as it was before the log was, with that log."""
        other = Office(self.office.naskah, self.office.load, self.work, "torn")
        other.remove()
        shutil.copytree(self.office.folder, other.folder,
                        ignore=shutil.ignore_patterns("*-shm", "*-wal", "repositories", "search*"))
        with open(other.folder + "/office.db-wal", "wb") as file:
            file.write(log)
        other.requests = self.office.requests
        other.has_copies = False
        return other

    def place_whole(self):
        """With the log as it was left, all that was acknowledged is there."""
        other = self.place(self.log)
        shutil.copy(self.office.log, other.log)
        other.doctor()
        return other.examine_acks(1)

    def digest(self, office):
        """Of every row of every table, and how many requests there are."""
        database = office.open_database()
        sha = hashlib.sha256()
        for name, in database.execute("SELECT name FROM sqlite_master WHERE type = 'table'"
                                      " AND name NOT LIKE 'sqlite%' ORDER BY name").fetchall():
            for row in database.execute(f"SELECT * FROM {name} ORDER BY 1, 2"):
                sha.update(repr(row).encode())
        requests, = database.execute("SELECT count(*) FROM request").fetchone()
        database.close()
        return sha.hexdigest(), requests

    def state_at(self, end):
        if end not in self.states:
            self.states[end] = self.digest(self.place(self.log[:end]))
        return self.states[end]

    def expected_end(self, damaged, same):
        """The last transaction before the first frame that is not as it was; @same: bytes that are."""
        while same < len(damaged) and damaged[same] == self.log[same]:
            same += 1
        whole = [end for end in self.commits if end <= same]
        return whole[-1] if whole else 0

    def try_one(self, nth):
        how = random.choice(("cut", "zeros", "garbage", "flip"))
        at = random.randrange(HEAD, len(self.log))
        damaged = damage(self.log, at, how)
        end = self.expected_end(damaged, at)
        expected = self.state_at(end)
        torn = self.place(damaged)
        torn.doctor()
        assert self.digest(torn) == expected, f"{how} at {at}: not the state of {end}"
        torn.examine_registers()
        if nth % GO_ON_EVERY == 0:
            torn.end(torn.start("--clients=2", "--changes=4"))
            torn.doctor()
        return f"{how} at byte {at} of {len(self.log)}: as at {end}, {expected[1]} changes, doctor clean"


def main():
    tap = Tap()
    with work_folder() as work:
        template = Office(sys.argv[1], sys.argv[2], work, "template").make()
        office = template.clone(work, "office")
        child = office.begin("--pin")
        office.wait_for_answers(ANSWERS)
        child.kill()
        office.end(child, killed=True)
        torn = Torn(office, work)
        tap.say(f"a log of {len(torn.ends)} pages, {len(torn.commits)} transactions, "
                f"{len(office.read_log()[0])} acknowledged changes")
        tap.run("the whole log", lambda: f"{torn.place_whole()} acknowledged, all there")
        for nth in range(1, CASES + 1):
            tap.run(f"tail {nth}", torn.try_one, nth)
        tap.say(f"{CASES} damaged tails, each an earlier whole state")
    tap.end()


main()
