#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""rebuild.py NASKAH LOAD: kills a rebuild of the index with SIGKILL at every fault point that it
passes, where the index is lost and where it is whole.  After each kill the index is the old one or
the new one, row by row and never between, a rebuild that is repeated makes it whole, and the
repositories are as the database says.  Fewer points of a kind unless NASKAH_LONG."""
import collections
import os
import sys

import sqlite3

from office_under_load import LONG, Office, Tap, work_folder

KEPT = {"account", "administrator", "anchor", "anchor_due", "api_token", "blob", "chat_choice", "cosignature", "head", "journal", "journal_leaf",
        "journal_pending", "journal_text", "journal_tree", "letter_lease", "login", "login_answered",
        "login_code", "login_device", "login_event", "login_passkey", "login_recovery", "login_subject",
        "login_try", "mail",
        "mail_choice", "mail_item", "object", "outbox", "preservation", "request", "saved_search", "session",
        "signer", "signer_key", "signing_answer", "signing_evidence", "signing_session", "typed", "upload",
        "webhook", "webhook_attempt", "webhook_delivery", "witness"}
STEP = 1 if LONG else 12  # one point in so many, but
FIRST = 5                 # each of those before and around the commit,
LAST = 1                  # and the last


def rows(folder):
    """Every index table with its rows."""
    database = sqlite3.connect(os.path.join(folder, "office.db"))
    names = [row[0] for row in database.execute(
        "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%'")]
    found = {name: sorted(map(repr, database.execute(f"SELECT * FROM {name}")))
             for name in names if name not in KEPT}
    database.close()
    return found


def lose_index(folder):
    database = sqlite3.connect(os.path.join(folder, "office.db"))
    for name in rows(folder):
        database.execute(f"DELETE FROM {name}")
    database.commit()
    database.close()


def count_points(template, work):
    office = template.clone(work, "office")
    count = os.path.join(work, "count")
    office.run(office.naskah, "rebuild", "--dir", office.folder,
               environment={"NASKAH_FAULT_COUNT": count})
    office.remove()
    with open(count) as file:
        return int(file.read())


def kill(template, work, nth, lost, whole, left):
    office = template.clone(work, "office")
    if lost:
        lose_index(office.folder)
    before = rows(office.folder)
    result = office.run(office.naskah, "rebuild", "--dir", office.folder, status=None,
                        environment={"NASKAH_FAULT": f"*:{nth}:kill"})
    assert result.returncode == -9, f"not killed: {result.returncode} {result.stderr}"
    after = rows(office.folder)
    assert after in (before, whole), [name for name in after if after[name] != whole[name]]
    which = "new" if after == whole else "old"
    left[which if lost else "either"] += 1
    office.run(office.naskah, "rebuild", "--dir", office.folder)
    assert rows(office.folder) == whole, "the rebuild that is repeated makes another index"
    objects = office.examine_repositories()
    office.doctor()
    office.remove()
    return f"the {which} index; repeated, {sum(map(len, whole.values()))} rows and {objects} objects"


def main():
    tap, left = Tap(), collections.Counter()
    with work_folder() as work:
        template = Office(sys.argv[1], sys.argv[2], work, "template").make()
        template.run(template.naskah, "rebuild", "--dir", template.folder)
        whole = rows(template.folder)
        points = count_points(template, work)
        for nth in range(1, points + 1):
            if nth <= FIRST or nth % STEP == 0 or nth > points - LAST:
                lost = nth <= FIRST or nth % 2 == 0
                tap.run(f"killed at point {nth} of {points}", kill, template, work, nth, lost, whole,
                        left)
        tap.say(f"{sum(left.values())} kills of {points} points: {left['old']} left the old index, "
                f"{left['new']} the new one, {left['either']} where both are the same; none between")
    tap.end()


main()
