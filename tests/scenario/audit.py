#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""audit.py NASKAH: the verification of the whole journal is killed in the middle and goes on; what it
skips then, and what it does not."""
import os
import shutil
import sqlite3
import subprocess
import sys
import tempfile

from tap import Naskah, run_cases

EVERY = 40  # entries
WORK = {}


def kept(naskah):
    return os.path.join(naskah.folder, "log", "audit")


def verify(naskah, *options, status=0):
    return naskah.ask("audit", "verify", "--every", str(EVERY), *options, status=status)


def interrupt(naskah, times=2):
    """Kills a verification when it has kept where it is as often as that."""
    child = subprocess.run([naskah.program, "audit", "verify", "--every", str(EVERY), "--dir", naskah.folder],
                           env=dict(os.environ, NASKAH_FAULT=f"audit-kept:{times}:kill"), capture_output=True,
                           check=False, stdin=subprocess.DEVNULL)
    assert child.returncode == -9 and os.path.exists(kept(naskah)), (child.returncode, child.stderr)


def copy(naskah, name):
    folder = os.path.join(WORK["folder"], name)
    shutil.copytree(naskah.folder, folder)
    return Naskah(naskah.program, folder)


def change(naskah, which):
    """Edits an entry past the program, of the letter that comes first or last."""
    base = sqlite3.connect(os.path.join(naskah.folder, "office.db"), isolation_level=None)
    triggers = base.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'").fetchall()
    for name, _ in triggers:
        base.execute(f"DROP TRIGGER {name}")
    letter, seq, entry = base.execute("SELECT letter, letter_seq, entry FROM journal ORDER BY letter"
                                      f" {which}, letter_seq DESC LIMIT 1").fetchone()
    base.execute("UPDATE journal SET entry = ? WHERE letter = ? AND letter_seq = ?",
                 (entry.replace(b'"action":"', b'"action":"x', 1), letter, seq))
    for _, sql in triggers:
        base.execute(sql)
    base.close()
    return letter, seq


def it_goes_on(naskah):
    """A verification that was killed goes on where it was, and ends as one that was not."""
    whole = verify(naskah)
    assert whole["entries"] > 5 * EVERY and "skipped" not in whole and not whole["issues"], whole
    assert not os.path.exists(kept(naskah))
    interrupt(naskah)
    rest = verify(naskah, "--resume")
    assert 2 * EVERY <= rest.pop("skipped") < whole["entries"] and rest.pop("since"), rest
    assert rest == whole and not os.path.exists(kept(naskah)), (rest, whole)
    assert "skipped" not in verify(naskah, "--resume")


def it_is_killed_again(naskah):
    """One that goes on and is killed goes on from there."""
    interrupt(naskah, 1)
    child = subprocess.run([naskah.program, "audit", "verify", "--every", str(EVERY), "--resume", "--dir",
                            naskah.folder], env=dict(os.environ, NASKAH_FAULT="audit-kept:2:kill"),
                           capture_output=True, check=False, stdin=subprocess.DEVNULL)
    assert child.returncode == -9, child.stderr
    rest = verify(naskah, "--resume")
    assert rest["skipped"] >= 3 * EVERY and not rest["issues"], rest


def without_the_word_it_begins_anew(naskah):
    """Who does not say --resume has every entry read."""
    interrupt(naskah)
    assert "skipped" not in verify(naskah)
    assert not os.path.exists(kept(naskah))


def what_was_wrong_is_found_again(naskah):
    """An entry that was changed is found by a verification that goes on, and named."""
    for which in ("ASC", "DESC"):
        office = copy(naskah, f"salah-{which}")
        letter, seq = change(office, which)
        interrupt(office, 1)
        said = verify(office, "--resume", status=4)
        assert (said["first"]["letter"], said["first"]["entry"]) == (letter, seq), said
        assert "skipped" not in said, said  # all of it was read, so that all is named


def what_is_changed_afterwards(naskah):
    """An entry that is changed after it was read is found by the next whole run; until then it is told since when."""
    office = copy(naskah, "kemudian")
    interrupt(office, 4)
    letters = {change(office, "ASC")[0]}
    said = verify(office, "--resume")
    assert said["since"] and said["skipped"] > 0 and not said["issues"], said
    assert verify(office, status=4)["first"]["letter"] in letters


def what_was_written_meanwhile(naskah):
    """Letters that got entries meanwhile are read again, and new ones too."""
    office = copy(naskah, "sementara")
    interrupt(office, 4)
    before = verify(copy(office, "sementara-utuh"))["entries"]
    for _ in range(2):
        office.run("letter", "new", WORK["sample"], person="damar")
    said = verify(office, "--resume")
    assert said["entries"] > before and said["skipped"] > 0 and not said["issues"], said
    assert said["entries"] == verify(office)["entries"]


def it_is_not_believed(naskah):
    """A file that somebody wrote or changed, or that is of another database, is not gone on with."""
    def forge(office):
        with open(kept(office), "r+b") as file:
            text = file.read()
            at = text.index(b'"n":-1')
            file.seek(at)
            file.write(b'"n":10')

    def cut(office):
        os.truncate(kept(office), os.path.getsize(kept(office)) - 7)

    def empty(office):
        os.truncate(kept(office), 0)

    def other_key(office):
        with open(os.path.join(office.folder, "log", "audit"), "r+b") as file:
            file.seek(-1, os.SEEK_END)
            last = file.read(1)[0]
            file.seek(-1, os.SEEK_END)
            file.write(bytes([last ^ 1]))

    def other_file(office):
        path = os.path.join(office.folder, "office.db")
        shutil.copy(path, path + ".lain")
        os.rename(path + ".lain", path)

    for n, act in enumerate((forge, cut, empty, other_key, other_file)):
        office = copy(naskah, f"palsu-{n}")
        interrupt(office)
        act(office)
        said = verify(office, "--resume")
        assert "skipped" not in said and not said["issues"], (act.__name__, said)


def a_tile_is_changed_meanwhile(naskah):
    """Leaves of what is skipped come from tiles: one that was changed is found and named."""
    office = copy(naskah, "ubin")
    interrupt(office)
    folder = os.path.join(office.folder, "log", "tile", "0")
    tile = next(os.path.join(at, name) for at, _, names in os.walk(folder) for name in names)
    with open(tile, "r+b") as file:
        first = file.read(1)[0]
        file.seek(0)
        file.write(bytes([first ^ 1]))
    said = verify(office, "--resume", status=4)
    assert {issue["tag"] for issue in said["issues"]} & {"audit-proved", "audit-tile"}, said


def what_was_kept_elsewhere(naskah):
    """What was kept elsewhere is compared with every entry."""
    export = os.path.join(WORK["folder"], "brankas")
    naskah.run("audit", "export", export)
    interrupt(naskah)
    naskah.refuse(1, ["--resume", "--against"], "audit", "verify", "--resume", "--against", export)
    assert "skipped" not in verify(naskah, "--against", export)
    naskah.refuse(1, ["--every"], "audit", "verify", "--every", "-1")


def a_folder_that_is_read_only(naskah):
    """Where nothing can be kept, the journal is verified all the same."""
    office = copy(naskah, "hanya-baca")
    os.unlink(kept(office))
    os.mkdir(kept(office))  # as root may write anywhere
    assert not verify(office)["issues"] and not verify(office, "--resume")["issues"]


def main():
    with tempfile.TemporaryDirectory() as folder:
        naskah = Naskah(sys.argv[1], os.path.join(folder, "kantor"))
        source = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
        WORK.update(folder=folder, sample=os.path.join(source, "templates/letters/surat-dinas.sample.xml"))
        naskah.run("init", naskah.folder, "--demo", office=False)
        for _ in range(3):
            naskah.run("letter", "new", WORK["sample"], person="damar")
        run_cases([it_goes_on, it_is_killed_again, without_the_word_it_begins_anew, what_was_wrong_is_found_again,
                   what_is_changed_afterwards, what_was_written_meanwhile, it_is_not_believed,
                   a_tile_is_changed_meanwhile, what_was_kept_elsewhere, a_folder_that_is_read_only], naskah)


if __name__ == "__main__":
    main()
