#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""rebuild.py NASKAH: an index that is lost or wrong is made again, whole or not at all."""
import os
import shutil
import signal
import sqlite3
import subprocess
import sys
import tempfile

from tap import Naskah, run_cases, tool

KEPT = {"account", "administrator", "anchor", "anchor_due", "api_token", "blob", "chat_choice", "cosignature", "head", "journal", "journal_leaf",
        "journal_pending", "journal_text", "journal_tree", "letter_lease", "login", "login_answered",
        "login_code", "login_device", "login_event", "login_passkey", "login_recovery", "login_subject",
        "login_try", "mail",
        "mail_choice", "mail_item", "object", "outbox", "preservation", "request", "saved_search", "session",
        "signer", "signer_key", "signing_answer", "signing_evidence", "signing_session", "typed", "upload",
        "webhook", "webhook_attempt", "webhook_delivery", "witness"}
POINTS = ("rebuild.emptied", "rebuild.filled", "commit.before", "rebuild.committed")
WORK = {}


def open_database(naskah):
    return sqlite3.connect(os.path.join(naskah.folder, "office.db"))


def rows(naskah):
    """Every table with its rows."""
    database = open_database(naskah)
    names = [row[0] for row in database.execute(
        "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%'")]
    found = {name: sorted(map(repr, database.execute(f"SELECT * FROM {name}"))) for name in names}
    database.close()
    return found


def differ(one, other, skip=("outbox",)):
    return [name for name in one if name not in skip and one[name] != other[name]]


def empty(naskah):
    """Loses the whole index."""
    database = open_database(naskah)
    for name in rows(naskah):
        if name not in KEPT:
            database.execute(f"DELETE FROM {name}")
    database.commit()
    database.close()


def lives(naskah):
    """The demo makes an office."""
    WORK.update(naskah.ask("demo", "--once"))
    naskah.ask("letter", "history", WORK["letter"], person="budi")
    WORK["rows"] = rows(naskah)
    assert len(WORK["rows"]["task"]) > 3 and len(WORK["rows"]["person"]) == 30


def comes_back(naskah):
    """An emptied index has the same rows again."""
    empty(naskah)
    naskah.refuse(4, ["naskah init"], "letter", "show", WORK["letter"], "--as", "budi")
    told = naskah.ask("rebuild")
    assert told["letters"] == 1 and told["damaged"] == [] and told["issues"] == [], told
    assert differ(WORK["rows"], rows(naskah)) == []
    naskah.run("doctor")


def shows_again(naskah):
    """The repositories and the search index are made again too."""
    ref = f"refs/letters/{WORK['letter']}"
    before = tool("git", "-C", WORK["repository"], "rev-parse", ref)
    hits = naskah.ask("archive", "search", "rapat", person="budi")
    assert hits["hits"], hits
    shutil.rmtree(os.path.join(naskah.folder, "repositories"))
    os.remove(os.path.join(naskah.folder, "search.db"))
    naskah.run("rebuild")
    assert naskah.ask("archive", "search", "rapat", person="budi") == hits
    assert tool("git", "-C", WORK["repository"], "rev-parse", ref) == before
    assert tool("git", "-C", WORK["repository"], "fsck", "--strict", "--full") == ""


def survives_kills(naskah):
    """Killed anywhere, it leaves the rows that were there or those that are right."""
    killed = 0
    for point in POINTS:
        empty(naskah)
        lost = rows(naskah)
        env = dict(os.environ, NASKAH_FAULT=f"{point}:1:kill", LC_ALL="C.UTF-8")
        ended = subprocess.run([naskah.program, "rebuild", "--dir", naskah.folder], env=env,
                               capture_output=True).returncode
        assert ended in (0, -signal.SIGKILL), ended
        killed += ended != 0
        now = rows(naskah)
        assert differ(WORK["rows"], now) == [] or differ(lost, now) == [], point
        naskah.run("rebuild")
        assert differ(WORK["rows"], rows(naskah)) == [], point
    print(f"# killed {killed} times at {len(POINTS)} points")


def waits_for_no_writer(naskah):
    """While somebody writes it is refused."""
    import fcntl
    with open(os.path.join(naskah.folder, "office.db.writer"), "r+") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        naskah.refuse(75, [], "rebuild")


def keeps_damaged(naskah):
    """A damaged letter stops it, or keeps its rows."""
    database = open_database(naskah)
    database.execute("UPDATE object SET data = zeroblob(length(data)) WHERE kind = 3 AND history ="
                     " (SELECT n FROM head WHERE letter = ?)", (WORK["letter"],))
    database.execute("DELETE FROM holding")
    database.commit()
    database.close()
    before = rows(naskah)
    _, said = naskah.run("rebuild", status=4)
    assert WORK["letter"] in said and "--skip-damaged" in said, said
    assert rows(naskah) == before
    out, _ = naskah.run("rebuild", "--skip-damaged", "--json", status=4)
    assert WORK["letter"] in out.splitlines()[-1], out
    now = rows(naskah)
    assert differ(WORK["rows"], now, skip=("object", "outbox")) == []


def main():
    with tempfile.TemporaryDirectory(prefix="naskah-rebuild-") as folder:
        run_cases([lives, comes_back, shows_again, survives_kills, waits_for_no_writer,
                   keeps_damaged], Naskah(sys.argv[1], os.path.join(folder, "kantor")))


main()
