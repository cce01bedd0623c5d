#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Prepares every SQL constant of the engine against a fresh schema, and lets no code build SQL by
formatting: a statement is a constant and its values are bound."""
import re
import sqlite3

import common

CONSTANT = re.compile(r"static const char (sql_\w+)\[\]\s*=\s*((?:\s*\"(?:\\.|[^\"\\])*\")+)\s*;")
STRING = re.compile(r"\"((?:\\.|[^\"\\])*)\"")
BUILT = re.compile(r"printf[^;]*\"[^\"]*\b(SELECT|INSERT INTO|DELETE FROM|UPDATE \w+ SET)\b", re.S)
CONTROL = ("PRAGMA", "BEGIN", "COMMIT", "ROLLBACK", "SAVEPOINT", "RELEASE")


def same_numbers(root):
    """Two steps of one number: the second would be passed over where the first was done."""
    seen = {}
    for step in sorted((root / "engine").glob("*/schema/*.sql")):
        key = step.parent, step.name[:4]
        if key in seen:
            yield f"{step}:1: has the number of {seen[key].name}"
        seen[key] = step


def check(root):
    yield from same_numbers(root)
    database = sqlite3.connect(":memory:")
    for step in sorted((root / "engine").glob("*/schema/*.sql")):
        try:
            database.executescript(step.read_text())
        except sqlite3.Error as fault:
            yield f"{step}:1: {fault}"
    for path in common.c_files(root, ("engine",)):
        text = common.blank_out(path.read_text(), keep_strings=True)
        for match in CONSTANT.finditer(text):
            sql = "".join(STRING.findall(match.group(2)))
            line = text.count("\n", 0, match.start()) + 1
            if sql.startswith(CONTROL):
                continue
            names = {str(n): None for n in range(1, sql.count("$") + 1)}
            try:
                database.execute("EXPLAIN " + sql, names)
            except sqlite3.Error as fault:
                yield f"{path}:{line}: {match.group(1)}: {fault}"
        for match in BUILT.finditer(text):
            line = text.count("\n", 0, match.start()) + 1
            yield f"{path}:{line}: SQL built by formatting"


common.main(check)
