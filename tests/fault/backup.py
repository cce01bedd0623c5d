#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""backup.py NASKAH: backups and restores that are killed at every fault point, that fail there, that
meet a full disk, and backups of an office that others write to.  TAP on standard output."""
import json
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
import threading
import time

sys.path.insert(0, os.path.join(os.path.dirname(__file__), "../scenario"))
from tap import Naskah, run_cases  # noqa: E402

SOURCE = pathlib.Path(os.environ["NASKAH_SOURCE"])
SAMPLE = str(SOURCE / "templates/letters/surat-dinas.sample.xml")
WRITERS = 3
BACKUPS = 5
FAILS = 4         # one point in so many is made to fail as well, all of them near the end
SECONDS = 60      # after which a backup under load would be late
WORK = {}


def path(name):
    return os.path.join(WORK["folder"], name)


def run(naskah, *args, fault=None, count=None, **how):
    environment = dict(os.environ, LC_ALL="C.UTF-8")
    for name, value in (("NASKAH_FAULT", fault), ("NASKAH_FAULT_COUNT", count)):
        environment.pop(name, None)
        if value:
            environment[name] = value
    return subprocess.run([*how.pop("before", ()), naskah.program, *args, "--json"], env=environment,
                          capture_output=True, text=True, check=False, **how)


def count_points(naskah, *args):
    result = run(naskah, *args, count=path("count"))
    assert result.returncode == 0, result.stderr
    return int(pathlib.Path(path("count")).read_text())


def letters_of(naskah, folder):
    """How many letters the office has, if the doctor finds nothing."""
    result = run(naskah, "doctor", "--dir", folder)
    report = json.loads(result.stdout)
    # after a restore, until somebody confirms them, numbers are in doubt
    wrong = [issue for issue in report["issues"] if issue["tag"] != "numbers-in-doubt"]
    assert not wrong, result.stdout + result.stderr
    return report["letters"]


def remove(*names):
    for name in names:
        shutil.rmtree(path(name), ignore_errors=True)


def beside(name):
    """What lies beside a folder, by the ends of the names."""
    return sorted(other[len(name):] for other in os.listdir(WORK["folder"])
                  if other.startswith(name + "."))


def new_letter(naskah, folder):
    result = run(naskah, "letter", "new", SAMPLE, "--position", "staf-persuratan", "--dir", folder,
                 "--as", "damar")
    return json.loads(result.stdout)["letter"] if result.returncode == 0 else None


def says_why(result, status=75):
    """It failed with that status, and one sentence; no report of a sanitizer is one."""
    assert result.returncode == status, f"{result.returncode}: {result.stderr}"
    assert re.fullmatch(r"naskah: [^\n]+\n", result.stderr), result.stderr


def prepare(naskah):
    """Two states of an office: with one letter in the backup, with two afterwards."""
    naskah.run("demo", "--once")
    naskah.run("backup", path("awal"))
    assert new_letter(naskah, naskah.folder)
    assert letters_of(naskah, naskah.folder) == 2


def killed_backup(naskah):
    """A backup killed, or failing, at any point has no name; repeating it works."""
    points = count_points(naskah, "backup", path("cadangan"), "--dir", naskah.folder)
    named = 0
    for nth in range(1, points + 1):
        for way in ("kill", "fail"):
            remove("cadangan", "cadangan.part", "baru")
            result = run(naskah, "backup", path("cadangan"), "--dir", naskah.folder,
                         fault=f"*:{nth}:{way}")
            if way == "kill":
                assert result.returncode == -9, result
            else:
                says_why(result)
            if os.path.exists(path("cadangan")):
                named += 1  # the last point: it has its name, and is whole
            else:
                # between the end of the marking and the naming a whole backup waits for its name
                stuck = (os.path.exists(path("cadangan.part"))
                         and not os.path.exists(path("cadangan.part/unfinished")))
                assert way == "kill" or not os.path.exists(path("cadangan.part"))
                if stuck:
                    naskah.refuse(6, ["in the way"], "backup", path("cadangan"))
                    os.rename(path("cadangan.part"), path("cadangan"))
                else:
                    naskah.run("backup", path("cadangan"))
            naskah.run("restore", path("cadangan"), "--dir", path("baru"), office=False)
            assert letters_of(naskah, path("baru")) == 2
    assert named == 2, named
    print(f"# {points} points, each killed and failed")


def killed_restore(naskah):
    """A restore to a new place killed at any point: no office or a whole one."""
    remove("baru")
    points = count_points(naskah, "restore", path("awal"), "--dir", path("baru"))
    made = 0
    for nth in range(1, points + 1):
        for name in [name for name in os.listdir(WORK["folder"]) if name.startswith("baru")]:
            remove(name)
        result = run(naskah, "restore", path("awal"), "--dir", path("baru"), fault=f"*:{nth}:kill")
        assert result.returncode == -9, result
        if os.path.exists(path("baru")):
            made += 1
        else:
            naskah.run("restore", path("awal"), "--dir", path("baru"), office=False)
        assert letters_of(naskah, path("baru")) == 1
        assert not os.path.exists(path("baru.restoring"))
    print(f"# {points} points; {made} times the office was there already")


def killed_replace(naskah):
    """A restore over an office: at any point the old or the new one is there, and the old is kept."""
    remove("lama")
    shutil.copytree(naskah.folder, path("lama"))
    shutil.copytree(path("lama"), path("ganti"))
    points = count_points(naskah, "restore", path("awal"), "--dir", path("ganti"), "--replace")
    counts, harmless = {1: 0, 2: 0}, 0
    for nth in range(1, points + 1):
        for way in ("kill", "fail") if nth % FAILS == 0 or nth > points - FAILS else ("kill",):
            for name in [name for name in os.listdir(WORK["folder"]) if name.startswith("ganti")]:
                remove(name)
            shutil.copytree(path("lama"), path("ganti"))
            result = run(naskah, "restore", path("awal"), "--dir", path("ganti"), "--replace",
                         fault=f"*:{nth}:{way}")
            # 0: work of the outbox, which may be done later, failed
            assert result.returncode == -9 if way == "kill" else result.returncode in (0, 75), result
            harmless += result.returncode == 0
            letters = letters_of(naskah, path("ganti"))
            counts[letters] += 1
            if way == "fail":
                assert letters == 1 or beside("ganti") == [], beside("ganti")
            if letters == 1:  # the new one: the old one lies beside it, whole
                aside = [name for name in beside("ganti") if "before" in name or
                         name == ".restoring" and not os.path.exists(path("ganti.restoring/unfinished"))]
                assert len(aside) == 1, beside("ganti")
                assert letters_of(naskah, path("ganti") + aside[0]) == 2
            naskah.run("restore", path("awal"), "--dir", path("ganti"), "--replace", office=False)
            assert letters_of(naskah, path("ganti")) == 1
            assert not os.path.exists(path("ganti.restoring"))
            # everything that ever was an office there is still kept
            kept = [letters_of(naskah, path("ganti") + name) for name in beside("ganti")]
            assert 2 in kept, kept
    assert harmless <= 6, harmless
    print(f"# {points} points, each killed, and one in {FAILS} failed: {counts[2]} times the old office, "
          f"{counts[1]} times the new one, {harmless} times the failure did not matter")


def full_disk(naskah):
    """A full disk is told in a sentence and leaves nothing under the name."""
    import resource
    tried = 0
    size = os.path.getsize(path("awal/office.db"))
    for limit in (100, 20_000, size // 2, size - 1):
        remove("penuh")
        says_why(run(naskah, "backup", path("penuh"), "--dir", naskah.folder, restore_signals=False,
                     preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))))
        assert not os.path.exists(path("penuh")) and not beside("penuh")
        tried += 1
    for place, options in (("baru", ()), ("ganti", ("--replace",))):
        if place == "baru":
            remove("baru")
        before = letters_of(naskah, path(place)) if options else 0
        says_why(run(naskah, "restore", path("awal"), "--dir", path(place), *options,
                     restore_signals=False, preexec_fn=lambda: resource.setrlimit(
                         resource.RLIMIT_FSIZE, (size // 2, size // 2))))
        assert not os.path.exists(path(place + ".restoring"))
        assert letters_of(naskah, path(place)) == before if options else not os.path.exists(path(place))
        tried += 1
    print(f"# {tried} times with files that may not grow")


def small_disk(naskah):
    """The same on a small file system."""
    size = os.path.getsize(path("awal/office.db"))
    tried = 0
    for room in (size // 2, size + 4096, 4 * size):
        # a file system of its own for this process alone, if the machine lets it have one
        script = (f"mount -t tmpfs -o size={room} tmpfs \"$0\" || exit 99; \"$@\"; code=$?; "
                  "ls -A \"$0\" >&3; exit $code")
        os.makedirs(path("kecil"), exist_ok=True)
        with tempfile.TemporaryFile() as listing:
            result = run(naskah, "backup", path("kecil/cadangan"), "--dir", naskah.folder,
                         before=("unshare", "-rm", "sh", "-c", script.replace(">&3", f">&{listing.fileno()}"),
                                 path("kecil")), pass_fds=[listing.fileno()])
            if result.returncode in (1, 99) and "naskah" not in result.stderr:
                print(f"# no file system of our own here: {result.stderr.strip()}")
                return
            listing.seek(0)
            left = listing.read().decode().split()
        if room < 4 * size:
            says_why(result)
            assert re.search("full|space|disk", result.stderr), result.stderr
            assert left == [], left
        else:
            assert result.returncode == 0 and left == ["cadangan"], (result, left)
        tried += 1
    print(f"# {tried} sizes of disk")


def under_load(naskah):
    """Every change acknowledged before a backup began is in it, and what is restored is sound."""
    known, stop, lock = [], threading.Event(), threading.Lock()

    def write():
        while not stop.is_set():
            letter = new_letter(naskah, naskah.folder)
            if letter:
                with lock:
                    known.append(letter)

    threads = [threading.Thread(target=write) for _ in range(WRITERS)]
    for thread in threads:
        thread.start()
    looked_for = during = 0
    try:
        for number in range(BACKUPS):
            remove("ramai", "baru")
            time.sleep(0.5)
            with lock:
                before = list(known)
            began = time.monotonic()
            naskah.run("backup", path("ramai"))
            assert time.monotonic() - began < SECONDS
            with lock:
                during += len(known) - len(before)
            naskah.run("restore", path("ramai"), "--dir", path("baru"), office=False)
            assert letters_of(naskah, path("baru")) >= len(before)
            for letter in before[-10:]:
                shown = json.loads(run(naskah, "letter", "history", letter, "--dir", path("baru"),
                                       "--as", "damar").stdout)
                assert shown["verified"], shown
            refs = subprocess.run(
                ["git", "--git-dir", path("baru/repositories/biro-umum-2026.git"), "for-each-ref"],
                capture_output=True, text=True, check=True).stdout
            missing = [letter for letter in before if letter not in refs]
            assert not missing, f"backup {number}: {missing}"
            looked_for += len(before)
    finally:
        stop.set()
        for thread in threads:
            thread.join()
    print(f"# {BACKUPS} backups, {looked_for} acknowledged letters looked for, {len(known)} made, "
          f"{during} of them while a backup ran")


def main():
    with tempfile.TemporaryDirectory(prefix="naskah-backup-") as folder:
        WORK["folder"] = folder
        run_cases([prepare, killed_backup, killed_restore, killed_replace, full_disk, small_disk,
                   under_load], Naskah(sys.argv[1], os.path.join(folder, "kantor")))


main()
