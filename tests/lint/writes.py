#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""One way to write: nothing opens a handle that writes, or a transaction that does, but the module
of the database and the files listed here, each for its reason.  Everything else is a change that
goes through the office's service (nsk_office_commit)."""
import re

import common

ALLOWED = {
    "engine/archive/write.c": "the search index is a file of its own, made from the office",
    "engine/bench/": "makes offices of its own, to be thrown away",
    "engine/office/init.c": "an office that nobody can know of yet",
    "engine/office/keep-records.c": "a step of migrating, under the lock, before anybody is let in",
    "engine/office/rebuild.c": "makes the index tables anew under the lock: one change of its own",
    "engine/office/render-job.c": "a directory in memory, for letters without an office",
    "engine/office/search-index.c": "opens the search index to write",
    "engine/office/service.c": "the service: owns the one writer",
}
CODE = re.compile(r"\b(nsk_db_commit|nsk_db_commit_batch|nsk_db_writer_open|nsk_db_writer_commit|"
                  r"NSK_DB_WRITE|nsk_db_open_raw|nsk_db_lock_writer)\b")
SQL = re.compile(r'"\s*(BEGIN|SAVEPOINT|COMMIT|PRAGMA query_only)\b')


def is_allowed(name):
    return name.startswith("engine/db/") or any(
        name == path or path.endswith("/") and name.startswith(path) for path in ALLOWED)


def check(root):
    for path in common.c_files(root, ("engine",)):
        name = str(path.relative_to(root))
        if is_allowed(name) or path.suffix == ".h":
            continue
        text = common.blank_out(path.read_text(), keep_strings=True)
        bare = common.blank_out(path.read_text())
        for number, (line, code) in enumerate(zip(text.splitlines(), bare.splitlines()), 1):
            match = CODE.search(code) or SQL.search(line)
            if match:
                yield (f"{path}:{number}: {match.group(1)}: writes past the office's service; use "
                       "nsk_office_commit, or give a reason in tests/lint/writes.py")


common.main(check)
