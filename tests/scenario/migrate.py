#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""migrate.py NASKAH: an office of every older schema becomes one of the newest, rows and all, and a
kill at any point of the way leaves the old schema or the newest.

The schemas are the files of engine/db/schema as they are.  Rows are made to fit whatever tables a
schema has: values are drawn from the words and numbers that its CHECKs name until SQLite takes
them, and references lead to rows of the other table.  So a new file needs nothing here."""
import itertools
import os
import pathlib
import random
import re
import shutil
import sqlite3
import subprocess
import sys
import tempfile

from tap import Naskah, run_cases

SOURCE = pathlib.Path(os.environ["NASKAH_SOURCE"])
STEPS = {int(file.name[:4]): file.read_text()
         for file in sorted((SOURCE / "engine/db/schema").glob("*.sql"))}
NEWEST = max(STEPS)
ROWS = 4          # of each table, as far as its constraints allow
DRAWS = 60_000    # after which a row is given up
MARKERS = itertools.count(1)
# Columns that were taken away for good, each with the reason why nothing is lost by it.
GIVEN_UP = {("head", "ref"): "follows from the letter's id"}
# Tables whose rows went elsewhere: what they held must be found there.
MOVED = {"signing_answer": "an answer without a session is evidence"}
WORK = {}


# --- an office of an older schema ------------------------------------------------------------------

def columns_of(database, table):
    """Name, declared type, whether it may be NULL, place in the primary key.  That a key of text may
    be NULL is a quirk of SQLite's older tables, of which no program of ours made use."""
    return [(name, kind, not needed and not key, key) for _, name, kind, needed, _, key in
            database.execute(f"PRAGMA table_info('{table}')")]


def tables_of(database):
    """Every table after those that it refers to."""
    waiting = [row[0] for row in database.execute(
        "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%'")]
    done = []
    while waiting:
        for table in waiting:
            wanted = {row[2] for row in database.execute(f"PRAGMA foreign_key_list('{table}')")}
            if wanted <= set(done) | {table}:
                done.append(table)
                waiting.remove(table)
                break
        else:
            raise AssertionError(f"tables refer to each other in a circle: {waiting}")
    return done


def draw(dice, kind, may_be_null, words, sizes, length):
    """A value for a column; a text of so many characters where its CHECK asks for that."""
    if may_be_null and dice.random() < 0.3:
        return None
    if "INT" in kind:
        return dice.choice([0, 1, 2, 3, next(MARKERS) + 1000])
    marker = f"nilai-{next(MARKERS)}"
    if "BLOB" in kind:
        size = dice.choice(sizes + [32])
        return (marker.encode() + bytes(size))[:size] if size >= 12 else marker.encode()
    if length is not None:
        return marker.ljust(length, "0")
    return dice.choice(words + [marker] * 3 + ["", "2026-07-22"])


def references(database, table):
    """[{column: column of the other table}], with the other table's name."""
    groups = {}
    for number, _, other, column, target, *_ in database.execute(
            f"PRAGMA foreign_key_list('{table}')"):
        groups.setdefault((number, other), {})[column] = target
    return [(other, pairs) for (_, other), pairs in groups.items()]


def fill(database, table, dice):
    """Puts up to ROWS rows into a table; at least one."""
    sql = database.execute("SELECT sql FROM sqlite_schema WHERE name = ?", (table,)).fetchone()[0]
    sql = re.sub(r"--[^\n]*", "", sql)
    words = re.findall(r"'([^']*)'", sql)
    lengths = {name: int(n) for name, n in re.findall(r"\blength\((\w+)\) = (\d+)", sql)}
    sizes = [int(n) for n in re.findall(r"= *(\d+)", sql) if 0 < int(n) < 100]
    columns = columns_of(database, table)
    links = references(database, table)
    names = ", ".join(name for name, *_ in columns)
    marks = ", ".join("?" * len(columns))
    made = 0
    for _ in range(DRAWS):
        row = {name: draw(dice, kind, null, words, sizes, lengths.get(name))
               for name, kind, null, _ in columns}
        for other, pairs in links:
            targets = database.execute(
                f"SELECT {', '.join(pairs.values())} FROM {other}").fetchall()
            row.update(zip(pairs, dice.choice(targets)))
        try:
            database.execute(f"INSERT INTO {table} ({names}) VALUES ({marks})", list(row.values()))
        except sqlite3.IntegrityError:
            continue
        made += 1
        if made == ROWS:
            break
    # some have the one row that they take from their step
    found, = database.execute(f"SELECT count(*) FROM {table}").fetchone()
    assert found, f"no row found that the table {table} takes"
    return made


def build(folder, schema):
    """An office's database of that schema, with rows in every table."""
    os.makedirs(folder)
    database = sqlite3.connect(os.path.join(folder, "office.db"))
    database.execute("PRAGMA page_size = 16384")
    database.execute("PRAGMA journal_mode = WAL")
    for number, sql in STEPS.items():
        if number <= schema:
            database.executescript(sql)
    database.execute(f"PRAGMA user_version = {schema}")
    database.execute("PRAGMA foreign_keys = ON")
    dice = random.Random(schema)
    made = sum(fill(database, table, dice) for table in tables_of(database))
    database.commit()
    database.close()
    return made


# --- what is compared ------------------------------------------------------------------------------

def look(file):
    """(schema number, schema text, {table: (columns, keys, rows)}) of a sound database."""
    database = sqlite3.connect(f"file:{file}?mode=ro", uri=True)
    assert database.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
    assert database.execute("PRAGMA foreign_key_check").fetchall() == []
    number = database.execute("PRAGMA user_version").fetchone()[0]
    text = sorted((kind, name, " ".join((sql or "").split())) for kind, name, sql in
                  database.execute("SELECT type, name, sql FROM sqlite_schema"))
    tables = {}
    for table in tables_of(database):
        columns = columns_of(database, table)  # without those that are computed
        names = ", ".join(name for name, *_ in columns)
        tables[table] = ([name for name, *_ in columns],
                         [name for name, _, _, key in columns if key],
                         database.execute(f"SELECT {names} FROM {table}").fetchall())
    database.close()
    return number, text, tables


def is_remade(table, schema):
    """Whether a later step drops, renames or changes rows of the table."""
    later = "\n".join(sql for number, sql in STEPS.items() if number > schema)
    return re.search(rf"\b(DROP TABLE|UPDATE|DELETE FROM|INTO|ALTER TABLE \w+ RENAME TO) {table}\b",
                     later) is not None


def project(table, wanted):
    columns, _, rows = table
    places = [columns.index(name) for name in wanted]
    return [tuple(row[place] for place in places) for row in rows]


def compare(before, after, schema):
    """Rows are kept: as they were, or, in a table that was made anew, by what they have in common
    with those of before; and no text or bytes of a column that went away are lost."""
    kept = 0
    everything = {value for columns, _, rows in after.values() for row in rows for value in row}
    for name, table in before.items():
        if name in after:
            new = after[name]
            wanted = [column for column in table[0] if column in new[0]]
            keys = [column for column in new[1] if column in table[0]]
            if name in MOVED and is_remade(name, schema):
                assert not new[2] or project(table, wanted) == project(new, wanted), name
            elif is_remade(name, schema) and keys:
                assert set(project(table, keys)) == set(project(new, keys)), name
            elif is_remade(name, schema):  # under another key; what nothing leads to may be left out
                assert set() < set(project(new, wanted)) <= set(project(table, wanted)), name
            else:
                assert sorted(project(table, wanted), key=repr) == sorted(
                    project(new, wanted), key=repr), name
        gone = [column for column in table[0] if (name, column) not in GIVEN_UP
                and (name in MOVED or name not in after or column not in after[name][0])]
        for row in project(table, gone):
            lost = [value for value in row
                    if isinstance(value, (str, bytes)) and value and value not in everything]
            assert not lost, f"{name}: {lost} of {gone} are lost"
        kept += len(table[2])
    return kept


# --- the cases -------------------------------------------------------------------------------------

def migrate(naskah, folder, fault=None, count=None, options=()):
    environment = dict(os.environ, LC_ALL="C.UTF-8")
    environment.pop("NASKAH_FAULT", None)
    if fault:
        environment["NASKAH_FAULT"] = fault
    if count:
        environment["NASKAH_FAULT_COUNT"] = count
    return subprocess.run([naskah.program, "migrate", "--dir", folder, "--json", *options],
                          env=environment, capture_output=True, text=True, check=False)


def old_office(schema):
    """A copy of the office of that schema, made once."""
    ready = os.path.join(WORK["folder"], f"schema-{schema}")
    if not os.path.exists(ready):
        WORK["rows"] = WORK.get("rows", 0) + build(ready, schema)
    folder = os.path.join(WORK["folder"], "kantor")
    shutil.rmtree(folder, ignore_errors=True)
    shutil.copytree(ready, folder)
    return folder


def every_schema(naskah):
    """An office of each older schema becomes the newest, with every row."""
    fresh = os.path.join(WORK["folder"], "baru")
    naskah.run("init", fresh, "--demo", "--empty", office=False)
    number, text, _ = look(os.path.join(fresh, "office.db"))
    assert number == NEWEST
    WORK["text"] = text
    kept = 0
    for schema in [number for number in STEPS if number < NEWEST]:
        folder = old_office(schema)
        before = look(f"{folder}/office.db")
        result = migrate(naskah, folder)
        assert result.returncode == 0, result.stderr
        after = look(f"{folder}/office.db")
        assert after[:2] == (NEWEST, text), f"from schema {schema}"
        kept += compare(before[2], after[2], schema)
        copy = look(f"{folder}/office.db.schema-{schema}")
        assert copy == before, "the copy is not the database as it was"
        again = migrate(naskah, folder)
        assert again.returncode == 0 and f'"from":{NEWEST}' in again.stdout, again.stdout
        assert look(f"{folder}/office.db") == after
    print(f"# {WORK['rows']} rows made, {kept} compared, from {len(STEPS) - 1} schemas to {NEWEST}")


def points_of(schema, count):
    """Every point from the oldest schema and from the last; in between, where the same code goes
    the same way, three that move on from schema to schema.  All of them in the long run."""
    everything = range(1, count + 1)
    if os.environ.get("NASKAH_LONG") or schema in (min(STEPS), NEWEST - 1):
        return everything
    return sorted({1 + (schema + turn * count // 3) % count for turn in range(3)})


def killed(naskah):
    """Killed anywhere, or failing anywhere, a migration leaves the old schema or the newest."""
    points = old = new = 0
    count = os.path.join(WORK["folder"], "count")
    for schema in [number for number in STEPS if number < NEWEST]:
        folder = old_office(schema)
        before = look(f"{folder}/office.db")
        migrate(naskah, folder, count=count)
        if not os.path.exists(count):
            print("# this build has no fault points")
            return
        for nth in points_of(schema, int(pathlib.Path(count).read_text())):
            for way in ("kill", "fail") if schema == min(STEPS) else ("kill",):
                folder = old_office(schema)
                result = migrate(naskah, folder, fault=f"*:{nth}:{way}")
                assert result.returncode == (-9 if way == "kill" else 75), result
                number, text, tables = look(f"{folder}/office.db")
                points += 1
                if number == NEWEST:
                    new += 1
                    assert text == WORK["text"]
                    compare(before[2], tables, schema)
                else:
                    old += 1
                    assert (number, text, tables) == before, f"schema {schema}, point {nth}"
                if way == "fail":
                    assert not [name for name in os.listdir(folder) if name.endswith(".part")]
                result = migrate(naskah, folder)
                assert result.returncode == 0, result.stderr
                assert look(f"{folder}/office.db")[:2] == (NEWEST, WORK["text"])
                assert not [name for name in os.listdir(folder) if name.endswith(".part")
                            and number != NEWEST]
    print(f"# {points} kills and failures: {old} left the old schema, {new} the newest")


def refused(naskah):
    """Rows that refer to nothing, a newer schema and a full disk are refused and change nothing."""
    schema = NEWEST - 1 if NEWEST - 1 in STEPS else max(n for n in STEPS if n < NEWEST)
    folder = old_office(schema)
    database = sqlite3.connect(f"{folder}/office.db")
    database.execute("INSERT INTO inbox (position, opened, letter, key) VALUES ('p', 1, 'x', 'y')")
    database.commit()
    before = list(database.iterdump())
    naskah.refuse(4, ["inbox", "not there"], "migrate", "--dir", folder, office=False)
    assert list(database.iterdump()) == before
    database.close()
    folder = old_office(schema)
    before = look(f"{folder}/office.db")
    room = os.path.getsize(f"{folder}/office.db") - 1
    full = subprocess.run(
        [naskah.program, "migrate", "--dir", folder], capture_output=True, text=True, check=False,
        restore_signals=False, preexec_fn=lambda: limit_files(room))
    assert full.returncode == 75 and "copy" in full.stderr, full
    assert look(f"{folder}/office.db") == before
    assert not [name for name in os.listdir(folder) if "schema" in name]
    result = migrate(naskah, folder, options=["--no-copy"])
    assert result.returncode == 0 and '"copy":null' in result.stdout, result
    assert not [name for name in os.listdir(folder) if "schema" in name]
    database = sqlite3.connect(f"{folder}/office.db")
    database.execute("PRAGMA user_version = 9999")
    database.close()
    naskah.refuse(1, ["newer program"], "migrate", "--dir", folder, office=False)
    naskah.refuse(3, ["naskah init"], "migrate", "--dir", os.path.join(folder, "none"), office=False)


def limit_files(size):
    import resource
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, size))


def main():
    with tempfile.TemporaryDirectory(prefix="naskah-migrate-") as folder:
        WORK["folder"] = folder
        run_cases([every_schema, killed, refused], Naskah(sys.argv[1], folder))


main()
