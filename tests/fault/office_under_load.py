# SPDX-License-Identifier: GPL-3.0-or-later
"""What the tests with a load share: an office, the load beside it, and the look at what is left.

An examination asserts that nothing that was acknowledged is missing: the request, the journal's
entry with its hash, the version in git, the number in its register; that doctor finds no error (so
that the journal's chains and all objects hold); that registers have no gap; that the repositories,
brought up to date, are those that are made from the database alone, and that git finds no fault in
them."""
import collections
import hashlib
import json
import os
import random
import shutil
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time

LONG = bool(os.environ.get("NASKAH_LONG"))
CLIENTS = 64
SEED = int(os.environ.get("NASKAH_SEED") or time.time_ns() % 10**9)  # of what the tests draw
ACTIONS = {"new": "letter-created", "edit": "letter-edited", "submit": "letter-submitted",
           "approve": "paraf-given", "return": "letter-returned", "withdraw": "letter-withdrawn"}
LEASE_OVER = 600  # seconds after which no claim of a dead worker holds

Ack = collections.namedtuple("Ack", "request action letter version oid seq hash number")


class Office:
    """An office in a folder of its own, with the log of what it acknowledged beside it."""

    def __init__(self, naskah, load, work, name="office"):
        self.naskah, self.load = naskah, load
        self.folder = os.path.join(work, name)
        self.log = os.path.join(work, name + ".log")
        self.copy = os.path.join(work, name + ".rebuilt")
        self.seed = random.randrange(1, 2**31)
        self.acks = []
        self.requests = set()  # that the office was made with
        self.has_copies = True  # the repositories are there

    def make(self):
        """A demo office with some letters at different steps of their way."""
        self.run(self.naskah, "init", "--demo", "--empty", "--dir", self.folder)
        self.end(self.start("--clients=4", "--changes=30", "--sign"))
        os.unlink(self.log)
        return self

    def clone(self, work, name):
        """A copy of an office that nobody has open."""
        other = Office(self.naskah, self.load, work, name)
        shutil.copytree(self.folder, other.folder)
        database = other.open_database()
        other.requests = {row[0] for row in database.execute("SELECT id FROM request")}
        database.close()
        return other

    def remove(self):
        for path in (self.folder, self.copy):
            shutil.rmtree(path, ignore_errors=True)
        if os.path.exists(self.log):
            os.unlink(self.log)

    def run(self, *command, status=0, environment=None):
        result = subprocess.run(command, env=dict(os.environ, LC_ALL="C.UTF-8", **environment or {}),
                                stdin=subprocess.DEVNULL, capture_output=True, text=True)
        assert status is None or result.returncode == status, (
            f"{' '.join(command)}: exit {result.returncode}, expected {status}\n"
            f"{result.stdout}{result.stderr}")
        return result

    def start(self, *options, environment=None):
        """The load, at work."""
        self.seed += 1
        child = subprocess.Popen(
            [self.load, f"--seed={self.seed}", *options, self.folder, self.log],
            env=dict(os.environ, LC_ALL="C.UTF-8", **environment or {}), stdout=subprocess.PIPE,
            stderr=subprocess.PIPE, text=True)
        return child

    def begin(self, *options, environment=None):
        child = self.start(*options, environment=environment)
        line = child.stdout.readline()
        assert line == "ready\n", f"the load does not begin: {line}{child.stderr.read()}"
        return child

    def wait_for_answers(self, count, seconds=30):
        """Until there are @count more answers in the log, or for so long."""
        begun = time.monotonic()
        count += len(self.read_log()[0])
        while len(self.read_log()[0]) < count and time.monotonic() < begun + seconds:
            time.sleep(0.01)
        return time.monotonic() - begun

    def end(self, child, killed=False):
        """Waits for the load; what it counted."""
        out, err = child.communicate(timeout=120)
        expected = -signal.SIGKILL if killed else 0
        assert child.returncode == expected, f"the load ended with {child.returncode}\n{out}{err}"
        return None if killed else json.loads(out.splitlines()[-1])

    # --- what is left ---

    def read_log(self):
        """Acknowledged changes, and what nobody should be answered."""
        acks, odd = [], []
        text = open(self.log).read() if os.path.exists(self.log) else ""
        for line in text[:text.rfind("\n") + 1].splitlines():
            kind, rest = line.split(" ", 1)
            if kind == "ack":
                acks.append(Ack(*rest.split(" ", 7)))
            elif kind == "odd":
                odd.append(rest)
        return acks, odd

    def findings(self):
        """What the doctor finds, and the whole report."""
        result = self.run(self.naskah, "doctor", "--dir", self.folder, "--json", status=None)
        report = json.loads(result.stdout.splitlines()[-1])
        assert "issues" in report, f"doctor: {report}{result.stderr}"
        return report["issues"], report

    def doctor(self):
        """What waits in the outbox may be late, by a clock that was set back; else nothing is wrong."""
        issues, report = self.findings()
        wrong = [issue for issue in issues
                 if not issue["tag"].startswith(("outbox-stuck", "sandbox-"))
                 and (self.has_copies or not issue["tag"].startswith("store-repository-"))]
        assert not wrong, f"doctor: {wrong}"
        return report

    def open_database(self):
        database = sqlite3.connect(f"file:{self.folder}/office.db?mode=ro", uri=True)
        database.execute("BEGIN")
        return database

    def any_letter(self):
        database = self.open_database()
        letter, = database.execute("SELECT id FROM letter WHERE drafter_person = 'damar'").fetchone()
        database.close()
        return letter

    def examine_acks(self, runs):
        """@runs: how often the load was killed.  Returns how many acknowledged changes were found."""
        acks, odd = self.read_log()
        assert not odd, f"{len(odd)} odd answers, the first: {odd[0]}"
        database = self.open_database()
        requests = {row[0] for row in database.execute("SELECT id FROM request")}
        entries, actions = {}, collections.Counter()
        for letter, seq, digest, entry in database.execute(
                "SELECT letter, letter_seq, hash, entry FROM journal"):
            assert hashlib.sha256(entry).digest() == digest, f"entry {letter}/{seq}"
            entries[letter, seq] = digest.hex().upper()
            actions[letter, json.loads(entry)["action"]] += 1
        commits = {(letter, oid.hex().upper()) for letter, oid in database.execute(
            "SELECT h.letter, o.oid FROM object o JOIN head h ON h.n = o.history WHERE o.kind = 1")}
        versions = dict(database.execute("SELECT letter, version FROM head"))
        numbers = set(database.execute("SELECT letter, number FROM register_entry"))
        database.close()
        done = collections.Counter()
        for ack in acks:
            assert ack.request in requests, f"lost: {ack}"
            if ack.number != "-":
                assert (ack.letter, ack.number) in numbers, f"lost number: {ack}"
            if ack.action == "agenda":
                continue
            assert entries.get((ack.letter, int(ack.seq))) == ack.hash, f"lost entry: {ack}"
            assert (ack.letter, ack.oid) in commits, f"lost version: {ack}"
            assert versions[ack.letter] >= int(ack.version), f"lost version: {ack}"
            done[ack.letter, ACTIONS.get(ack.action)] += 1
        for (letter, action), count in done.items():
            assert action is None or actions[letter, action] >= count, f"lost {action} of {letter}"
        unanswered = len(requests - self.requests) - len({ack.request for ack in acks})
        assert unanswered <= runs * CLIENTS, f"{unanswered} changes that nobody was told of"
        self.acks = acks
        return len(acks)

    def examine_registers(self):
        """Each register is one run without gap and without a number given twice."""
        database = self.open_database()
        count = 0
        for unit, series, scope, first, last in database.execute(
                "SELECT unit, series, scope, first_seq, last_seq FROM register_counter").fetchall():
            found = [row[0] for row in database.execute(
                "SELECT seq FROM register_entry WHERE unit = ? AND series = ? AND scope = ?"
                " ORDER BY seq", (unit, series, scope))]
            assert found == list(range(first, last + 1)), f"register {unit} {series} {scope}: {found}"
            count += len(found)
        database.close()
        return count

    def repositories(self, folder):
        """{name: (refs, objects that they reach)}; git must find no fault."""
        state = {}
        for name in sorted(os.listdir(folder)):
            if not name.endswith(".git"):
                continue
            path = os.path.join(folder, name)
            fsck = self.run("git", "-C", path, "fsck", "--strict", "--full")
            words = [line for line in (fsck.stdout + fsck.stderr).splitlines()
                     if not line.startswith(("notice:", "dangling ", "Checking ", "Verifying "))]
            assert not words, f"git fsck: {words}"
            refs = self.run("git", "-C", path, "for-each-ref").stdout
            objects = self.run("git", "-C", path, "rev-list", "--objects", "--no-object-names",
                               "--all").stdout
            if refs:
                state[name] = refs, set(objects.split())
        return state

    def examine_repositories(self):
        """Brings them up to date and compares them with what the database makes."""
        self.run(self.load, "--finish", f"--shift={LEASE_OVER}", self.folder)
        found = self.repositories(os.path.join(self.folder, "repositories"))
        shutil.rmtree(self.copy, ignore_errors=True)
        self.run(self.load, f"--rebuild={self.copy}", self.folder)
        assert found == self.repositories(self.copy), "the repositories are not those of a rebuild"
        reached = set().union(*(objects for _, objects in found.values()))
        for ack in self.acks:
            assert ack.oid == "-" or ack.oid.lower() in reached, f"not in git: {ack}"
        assert self.doctor()["waiting"] == 0, "the outbox is not done"
        return len(reached)

    def examine(self, runs):
        self.doctor()
        acks = self.examine_acks(runs)
        numbers = self.examine_registers()
        objects = self.examine_repositories()
        return f"{acks} acknowledged, all there; {numbers} numbers without gap; {objects} objects in git"


class NotPassed(Exception):
    """A test point that cannot be made here, and why."""


class Tap:
    """Test points as they come; the plan is said at the end."""

    def __init__(self):
        self.count = self.failed = 0
        random.seed(SEED)
        self.say(f"NASKAH_SEED={SEED}")

    def run(self, name, case, *args):
        """@case returns words on what it did."""
        self.count += 1
        try:
            print(f"ok {self.count} {name}: {case(*args)}", flush=True)
            return True
        except NotPassed as why:
            print(f"ok {self.count} {name} # SKIP {why}", flush=True)
            return True
        except (AssertionError, KeyError, ValueError, IndexError, OSError,
                sqlite3.Error, subprocess.TimeoutExpired) as fault:
            self.failed += 1
            text = f"{type(fault).__name__}: {fault}".replace("\n", "\n# ")
            print(f"not ok {self.count} {name}\n# {text}", flush=True)
            return False

    def say(self, text):
        print(f"# {text}", flush=True)

    def end(self):
        print(f"1..{self.count}", flush=True)
        sys.exit(1 if self.failed else 0)


def work_folder():
    return tempfile.TemporaryDirectory(prefix="naskah-fault-")


class Deadline:
    """True while there is time, or in a long run."""

    def __init__(self, seconds):
        self.end = time.monotonic() + seconds

    def __bool__(self):
        return LONG or time.monotonic() < self.end
