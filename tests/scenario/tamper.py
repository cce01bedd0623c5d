#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""tamper.py NASKAH: what somebody with the folder, the database and root can do to an office, each found.

Every case begins with a copy of the same office, of which an auditor keeps an export of the log, and
changes it past the program.  Who may be as thorough as he likes, and has the key of the log too, is
found by what was kept elsewhere alone."""
import base64
import contextlib
import hashlib
import json
import os
import re
import shutil
import sqlite3
import subprocess
import sys
import tempfile

from tap import Naskah, run_cases

WORK = {}
WIDTH = 256  # hashes of a tile


def sha(data):
    return hashlib.sha256(data).digest()


def leaf_hash(entry):
    return sha(b"\0" + entry)


def node(left, right):
    return sha(b"\1" + left + right)


def root(hashes):
    """RFC 6962, section 2.1."""
    if not hashes:
        return sha(b"")
    if len(hashes) == 1:
        return hashes[0]
    split = 1 << (len(hashes) - 1).bit_length() - 1
    return node(root(hashes[:split]), root(hashes[split:]))


def peaks(hashes):
    found, at = [], 0
    for bit in reversed(range(len(hashes).bit_length())):
        if len(hashes) >> bit & 1:
            found.append(root(hashes[at:at + (1 << bit)]))
            at += 1 << bit
    return found


def ed25519(secret, text, folder):
    """By openssl: (the public key, the signature)."""
    der = bytes.fromhex("302e020100300506032b657004220420") + secret
    key, message = os.path.join(folder, "k.der"), os.path.join(folder, "m")
    with open(key, "wb") as file:
        file.write(der)
    with open(message, "wb") as file:
        file.write(text)
    public = subprocess.run(["openssl", "pkey", "-inform", "DER", "-in", key, "-pubout", "-outform", "DER"],
                            capture_output=True, check=True).stdout[-32:]
    signature = subprocess.run(["openssl", "pkeyutl", "-sign", "-rawin", "-keyform", "DER", "-inkey", key, "-in",
                                message], capture_output=True, check=True).stdout
    return public, signature


class Forger:
    """Changes an office past the program."""

    def __init__(self, folder):
        self.folder = folder
        self.base = sqlite3.connect(os.path.join(folder, "office.db"), isolation_level=None)
        self.base.execute("PRAGMA foreign_keys = OFF")
        # what the schema forbids hinders nobody who may change the schema
        self.triggers = self.rows("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")
        for name, _ in self.triggers:
            self.base.execute(f"DROP TRIGGER {name}")

    def close(self):
        """The schema is as it was."""
        for _, sql in self.triggers:
            self.base.execute(sql)
        self.base.close()

    def path(self, *names):
        return os.path.join(self.folder, *names)

    def rows(self, statement, *values):
        return self.base.execute(statement, values).fetchall()

    def letter(self, n=0):
        """A letter with many entries, none of them the first or last of the log."""
        return self.rows("SELECT letter FROM journal WHERE letter NOT LIKE 'office/%' GROUP BY letter"
                         " HAVING count(*) >= 6 ORDER BY letter LIMIT 1 OFFSET ?", n + 2)[0][0]

    def entries(self, letter):
        return self.rows("SELECT letter_seq, entry FROM journal WHERE letter = ? ORDER BY letter_seq", letter)

    def last(self, letter):
        return self.entries(letter)[-1][0]

    def change(self, letter, seq, old=b'"level":"demo"', new=b'"level":"sesi"', rehash=True):
        entry, = self.rows("SELECT entry FROM journal WHERE letter = ? AND letter_seq = ?", letter, seq)[0]
        assert old in entry, entry
        self.put(letter, seq, entry.replace(old, new, 1), rehash)

    def put(self, letter, seq, entry, rehash=True):
        self.rows("UPDATE journal SET entry = ? WHERE letter = ? AND letter_seq = ?", entry, letter, seq)
        if rehash:
            self.rows("UPDATE journal SET hash = ? WHERE letter = ? AND letter_seq = ?", sha(entry), letter, seq)

    def rechain(self, letter):
        """Makes the chain of the letter whole again."""
        prev, seq = "0" * 64, 0
        for old, entry in self.entries(letter):
            seq += 1
            record = json.loads(entry)
            record["prev"], record["letter_seq"], record["letter"] = prev, seq, letter
            entry = json.dumps(record, separators=(",", ":"), sort_keys=True, ensure_ascii=False).encode()
            prev = sha(entry).hex()
            self.rows("UPDATE journal SET letter_seq = ?, entry = ?, hash = ? WHERE letter = ? AND letter_seq = ?",
                      seq, entry, sha(entry), letter, old)

    def leaves(self):
        return [leaf_hash(entry) for entry, in self.rows(
            "SELECT j.entry FROM journal_leaf l JOIN journal j ON j.letter = l.letter"
            " AND j.letter_seq = l.letter_seq ORDER BY l.leaf")]

    def close_gaps(self):
        """Leaves that count from 0 again."""
        kept = self.rows("SELECT l.letter, l.letter_seq FROM journal_leaf l JOIN journal j ON j.letter = l.letter"
                         " AND j.letter_seq = l.letter_seq ORDER BY l.leaf")
        self.rows("DELETE FROM journal_leaf")
        self.base.executemany("INSERT INTO journal_leaf (leaf, letter, letter_seq) VALUES (?, ?, ?)",
                              [(n, *row) for n, row in enumerate(kept)])

    def regrow(self):
        hashes = self.leaves()
        self.rows("UPDATE journal_tree SET size = ?, edge = ?", len(hashes), b"".join(peaks(hashes)))

    def write_tiles(self):
        level, hashes = 0, self.leaves()
        shutil.rmtree(self.path("log", "tile"))
        while hashes:
            for n in range(0, len(hashes), WIDTH):
                part = hashes[n:n + WIDTH]
                name = f"{n // WIDTH:03d}" + (f".p/{len(part)}" if len(part) < WIDTH else "")
                path = self.path("log", "tile", str(level), name)
                os.makedirs(os.path.dirname(path), exist_ok=True)
                with open(path, "wb") as file:
                    file.write(b"".join(part))
            hashes = [root(hashes[n:n + WIDTH]) for n in range(0, len(hashes) - WIDTH + 1, WIDTH)]
            level += 1

    def sign(self, secret=None):
        """Signs the tree as it is, as the office does, with its key or another."""
        key = self.path("keys", "log.key")
        if secret is None:
            with open(key, "rb") as file:
                secret = file.read()
        else:
            with open(key, "wb") as file:
                file.write(secret)
        origin = self.rows("SELECT value FROM setting WHERE name = 'origin'")[0][0]
        hashes = self.leaves()
        text = f"{origin}\n{len(hashes)}\n{base64.b64encode(root(hashes)).decode()}\n"
        public, signature = ed25519(secret, text.encode(), WORK["folder"])
        number = sha(origin.encode() + b"\n\x01" + public)[:4]
        note = f"{text}\n\u2014 {origin} {base64.b64encode(number + signature).decode()}\n"
        self.rows("UPDATE journal_tree SET checkpoint = ?", note)
        with open(self.path("log", "checkpoint"), "w", encoding="utf-8") as file:
            file.write(note)

    def rewrite(self, secret=None):
        """Everything that is in the office follows from its journal again."""
        self.close_gaps()
        self.regrow()
        self.write_tiles()
        self.sign(secret)

    def flip(self, path, at=10):
        with open(path, "r+b") as file:
            file.seek(at)
            byte = file.read(1)[0]
            file.seek(at)
            file.write(bytes([byte ^ 1]))

    def repository(self):
        return next(self.path("repositories", name) for name in sorted(os.listdir(self.path("repositories")))
                    if name.startswith("biro-umum"))

    def reference(self):
        """A letter's ref, with its newest and its first version, which is another."""
        for line in self.git("for-each-ref", "--format=%(refname) %(objectname)", "refs/letters").splitlines():
            ref, oid = line.split()
            first = self.git("rev-list", "--max-parents=0", oid)
            if first != oid:
                return ref, oid, first
        raise AssertionError("no letter has two versions")

    def git(self, *command, text=None):
        return subprocess.run(["git", "-C", self.repository(), *command], capture_output=True, text=True, check=True,
                              input=text).stdout.strip()


# --- Tamperings ---------------------------------------------------------------------------------
# Each gives the entry that has to be named as the first wrong one: (letter, number), or None.

CASES = []


def case(finder, *tags):
    """@finder: "verify", "against" (with the export that was kept) or "doctor"; one of @tags is told."""
    def add(function):
        CASES.append((function.__name__.replace("_", " "), finder, set(tags), function))
        return function
    return add


@case("verify", "audit-entry")
def an_entry_is_edited(f):
    f.change(f.letter(), 3, rehash=False)
    return f.letter(), 3


@case("verify", "audit-proved")
def an_entry_and_its_hash_are_edited(f):
    f.change(f.letter(), 3)
    return f.letter(), 3


@case("verify", "audit-proved")
def the_last_entry_of_a_letter_is_edited_with_its_hash(f):
    seq = f.last(f.letter())
    f.change(f.letter(), seq)
    return f.letter(), seq


@case("verify", "audit-proved")
def an_entry_is_edited_and_the_chain_made_whole(f):
    f.change(f.letter(), 2)
    f.rechain(f.letter())
    return f.letter(), 2


@case("verify", "audit-root")
def a_chain_and_the_tiles_are_made_whole(f):
    f.change(f.letter(), 2)
    f.rechain(f.letter())
    f.write_tiles()


@case("verify", "audit-checkpoint", "log")
def chain_tiles_and_tree_are_made_whole(f):
    f.change(f.letter(), 2)
    f.rechain(f.letter())
    f.write_tiles()
    f.regrow()


@case("verify", "audit-entry")
def the_kept_hash_is_edited(f):
    f.rows("UPDATE journal SET hash = zeroblob(32) WHERE letter = ? AND letter_seq = 2", f.letter())
    return f.letter(), 2


@case("verify", "audit-proved")
def who_did_it_is_another(f):
    record = json.loads(f.entries(f.letter())[3][1])
    f.change(f.letter(), 4, f'"id":"{record["actor"]["id"]}"'.encode(), b'"id":"orang-lain"')
    return f.letter(), 4


@case("verify", "audit-proved")
def when_it_happened_is_another(f):
    record = json.loads(f.entries(f.letter())[1][1])
    f.change(f.letter(), 2, record["time"].encode(), b"2020-01-01T00:00:00.000000Z")
    return f.letter(), 2


@case("verify", "audit-gap")
def an_entry_in_the_middle_is_deleted(f):
    f.rows("DELETE FROM journal WHERE letter = ? AND letter_seq = 3", f.letter())
    return f.letter(), 3


@case("verify", "audit-leaf")
def the_end_of_a_letter_is_cut_off(f):
    seq = f.last(f.letter())
    f.rows("DELETE FROM journal WHERE letter = ? AND letter_seq = ?", f.letter(), seq)
    return f.letter(), seq


@case("verify", "audit-gap", "audit-leaf")
def the_first_entry_of_a_letter_is_deleted(f):
    f.rows("DELETE FROM journal WHERE letter = ? AND letter_seq = 1", f.letter())
    return f.letter(), 1


@case("verify", "audit-leaf")
def a_letter_is_deleted_from_the_journal(f):
    letter = f.letter()
    f.rows("DELETE FROM journal WHERE letter = ?", letter)
    return letter, 1


@case("verify", "audit-leaf")
def the_end_of_a_letter_is_cut_off_with_its_leaf(f):
    seq = f.last(f.letter())
    f.rows("DELETE FROM journal WHERE letter = ? AND letter_seq = ?", f.letter(), seq)
    f.rows("DELETE FROM journal_leaf WHERE letter = ? AND letter_seq = ?", f.letter(), seq)


@case("verify", "audit-proved")
def an_entry_is_deleted_and_the_places_moved_up(f):
    f.rows("DELETE FROM journal WHERE letter = ? AND letter_seq = ?", f.letter(), f.last(f.letter()))
    f.close_gaps()


@case("verify", "audit-leaf")
def an_entry_is_added_at_the_end_of_a_letter(f):
    letter, seq = f.letter(), f.last(f.letter()) + 1
    entry = f.entries(letter)[-1][1]
    f.rows("INSERT INTO journal (letter, letter_seq, at, entry, hash) VALUES (?, ?, 1, ?, ?)", letter, seq, entry,
           sha(entry))
    f.rechain(letter)
    return letter, seq


@case("verify", "audit-proved", "audit-leaf")
def an_entry_is_put_in_between(f):
    letter = f.letter()
    f.rows("UPDATE journal SET letter_seq = letter_seq + 1000 WHERE letter = ? AND letter_seq >= 3", letter)
    entry = f.entries(letter)[1][1]
    f.rows("INSERT INTO journal (letter, letter_seq, at, entry, hash) VALUES (?, 3, 1, ?, ?)", letter, entry, sha(entry))
    f.rechain(letter)
    return letter, 3


@case("verify", "audit-place", "audit-chain")
def two_entries_of_a_letter_change_places(f):
    letter = f.letter()
    for old, new in ((3, 1003), (4, 3), (1003, 4)):
        f.rows("UPDATE journal SET letter_seq = ? WHERE letter = ? AND letter_seq = ?", new, letter, old)
    return letter, 3


@case("verify", "audit-place")
def entries_of_two_letters_change_places(f):
    one, two = f.letter(), f.letter(1)
    for old, new in ((one, "x"), (two, one), ("x", two)):
        f.rows("UPDATE journal SET letter = ? WHERE letter = ? AND letter_seq = 2", new, old)
    return one, 2


@case("verify", "audit-leaf")
def a_history_is_copied_to_a_letter_that_never_was(f):
    f.rows("INSERT INTO journal SELECT '0' || substr(letter, 2, 34) || 'z', letter_seq, at, entry, hash"
           " FROM journal WHERE letter = ?", f.letter())
    f.rechain(f.rows("SELECT letter FROM journal WHERE letter LIKE '%z'")[0][0])


@case("verify", "audit-proved")
def two_places_are_exchanged(f):
    one, two = (f.rows("SELECT leaf FROM journal_leaf WHERE letter = ? AND letter_seq = ?", f.letter(), n)[0][0]
                for n in (2, 3))
    for old, new in ((one, -1), (two, one), (-1, two)):
        f.rows("UPDATE journal_leaf SET leaf = ? WHERE leaf = ?", new, old)


@case("verify", "audit-leaf")
def a_place_is_deleted(f):
    f.rows("DELETE FROM journal_leaf WHERE letter = ? AND letter_seq = 2", f.letter())
    return None


@case("verify", "log", "error")
def the_size_of_the_log_is_made_smaller(f):
    """By size and edge: the edge has a hash for each bit of the size, or the row is none."""
    f.rows("UPDATE journal_tree SET size = size - 1")


@case("verify", "audit-checkpoint", "log")
def the_edge_of_the_tree_is_edited(f):
    edge, = f.rows("SELECT edge FROM journal_tree")[0]
    f.rows("UPDATE journal_tree SET edge = ?", bytes([edge[0] ^ 1]) + edge[1:])


@case("verify", "log", "audit-checkpoint")
def the_checkpoint_tells_of_another_root(f):
    note, = f.rows("SELECT checkpoint FROM journal_tree")[0]
    lines = note.split("\n")
    lines[2] = base64.b64encode(b"x" * 32).decode()
    f.rows("UPDATE journal_tree SET checkpoint = ?", "\n".join(lines))


@case("verify", "log")
def the_checkpoint_is_emptied_and_entries_edited(f):
    f.change(f.letter(), 2)
    f.rechain(f.letter())
    f.regrow()
    f.rows("UPDATE journal_tree SET checkpoint = ''")


@case("verify", "log", "audit-checkpoint")
def another_generation_is_claimed(f):
    f.rows("UPDATE journal_tree SET generation = 2")


@case("verify", "audit-proved", "audit-tile")
def a_tile_is_edited(f):
    f.flip(f.path("log", "tile", "0", "000"), 3 * 32)


@case("verify", "audit-tile")
def a_tile_is_deleted(f):
    os.unlink(f.path("log", "tile", "0", "000"))


@case("verify", "audit-tile")
def a_tile_is_cut_short(f):
    os.truncate(f.path("log", "tile", "0", "000"), 32 * 255)


@case("verify", "audit-tile")
def a_tile_above_is_edited(f):
    f.flip(f.path("log", "tile", "1", "000.p", "1"))


@case("verify", "audit-key", "audit-checkpoint", "log")
def the_key_of_the_log_is_another(f):
    with open(f.path("keys", "log.key"), "wb") as file:
        file.write(os.urandom(32))


@case("verify", "audit-key", "log")
def the_key_of_the_log_is_gone(f):
    os.unlink(f.path("keys", "log.key"))


@case("verify", "log")
def an_older_database_is_put_back(f):
    f.close()
    f.triggers = []
    shutil.copy(os.path.join(WORK["older"], "office.db"), f.path("office.db"))


@case("verify", "log")
def the_checkpoint_beside_the_database_is_of_another_office(f):
    with open(f.path("log", "checkpoint"), encoding="utf-8") as file:
        note = file.read()
    with open(f.path("log", "checkpoint"), "w", encoding="utf-8") as file:
        file.write(note.replace("naskah-", "lainya-"))


# what only somebody who kept something elsewhere can tell

@case("against", "audit-root")
def an_older_office_is_put_back_whole(f):
    f.close()
    f.triggers = []
    shutil.rmtree(f.folder)
    shutil.copytree(WORK["first"], f.folder)


@case("against", "audit-root")
def everything_is_rewritten_and_signed_with_the_stolen_key(f):
    f.change(f.letter(), 2)
    f.rechain(f.letter())
    f.rewrite()


@case("against", "audit-root")
def a_letter_is_taken_out_and_all_of_it_signed_with_the_stolen_key(f):
    letter = f.letter()
    f.rows("DELETE FROM journal WHERE letter = ?", letter)
    f.rows("DELETE FROM journal_leaf WHERE letter = ?", letter)
    f.rewrite()


@case("against", "audit-checkpoint")
def everything_is_rewritten_and_signed_with_another_key(f):
    f.change(f.letter(), 2)
    f.rechain(f.letter())
    f.rewrite(os.urandom(32))


@case("verify", "audit-day")
def the_end_of_a_letter_is_cut_off_and_all_of_it_signed_with_the_stolen_key(f):
    letter = f.letter()
    f.rows("DELETE FROM journal WHERE letter = ? AND letter_seq = ?", letter, f.last(letter))
    f.rewrite()


@case("verify", "audit-day")
def a_days_map_of_other_histories_is_signed_with_the_stolen_key(f):
    day = next(seq for seq, entry in f.entries("office/log") if b'"day-mapped"' in entry)
    entry = dict(f.entries("office/log"))[day]
    f.put("office/log", day, re.sub(rb'("kind":"day-map","sha256":")....', rb"\g<1>0000", entry))
    f.rechain("office/log")
    f.rewrite()


@case("against", "audit-root")
def the_end_of_the_log_is_cut_off_and_signed_again(f):
    size = len(f.leaves())
    for letter, seq in f.rows("SELECT letter, letter_seq FROM journal_leaf WHERE leaf >= ?", size - 20):
        f.rows("DELETE FROM journal WHERE letter = ? AND letter_seq = ?", letter, seq)
    f.rewrite()


# what lies beside the log, which the entries tell of

@case("doctor", "journal-time", "journal-entry")
def the_time_beside_an_entry_is_another(f):
    f.rows("UPDATE journal SET at = at + 1 WHERE letter = ? AND letter_seq = 2", f.letter())


def kept_text(f):
    return f.rows("SELECT letter, letter_seq FROM journal_text WHERE letter NOT LIKE 'office/%' LIMIT 1")[0]


@case("doctor", "journal-text")
def a_reason_is_edited(f):
    f.rows("UPDATE journal_text SET text = 'lain' WHERE letter = ? AND letter_seq = ?", *kept_text(f))


@case("doctor", "journal-text")
def the_salt_of_a_reason_is_edited(f):
    f.rows("UPDATE journal_text SET salt = zeroblob(16) WHERE letter = ? AND letter_seq = ?", *kept_text(f))


def signed(f):
    return f.rows("SELECT id FROM letter WHERE state = 'archived' ORDER BY id LIMIT 1")[0][0]


@case("doctor", "index-differs")
def a_letter_is_in_another_state(f):
    f.rows("UPDATE letter SET state = 'draft' WHERE id = ?", signed(f))


@case("doctor", "index-differs")
def a_paraf_is_of_another_person(f):
    f.rows("UPDATE paraf SET person = 'sekar' WHERE letter = (SELECT min(letter) FROM paraf) AND n = 1")


@case("doctor", "index-differs")
def a_paraf_is_taken_away(f):
    f.rows("DELETE FROM paraf WHERE letter = (SELECT min(letter) FROM paraf) AND n = 1")


@case("doctor", "index-differs")
def a_void_paraf_holds_again(f):
    f.rows("UPDATE paraf SET voided = 1792640400002000 WHERE letter = (SELECT min(letter) FROM paraf) AND n = 1")


@case("doctor", "index-differs")
def a_number_of_the_register_is_another(f):
    f.rows("UPDATE register_entry SET number = number || 'x' WHERE seq = (SELECT min(seq) FROM register_entry)")


@case("doctor", "index-differs")
def a_number_is_free_again(f):
    f.rows("DELETE FROM register_entry WHERE letter = ?", signed(f))


@case("doctor", "index-differs")
def a_task_was_done_by_another(f):
    f.rows("UPDATE task SET person = 'bagas' WHERE letter = ? AND key = 'konsep#1'", signed(f))


@case("doctor", "index-differs")
def a_task_waits_again(f):
    f.rows("UPDATE task SET closed = NULL, outcome = NULL, person = NULL WHERE letter = ? AND key = 'konsep#1'",
           signed(f))


@case("doctor", "index-differs")
def a_letter_was_never_delivered(f):
    f.rows("DELETE FROM delivery WHERE letter = (SELECT min(letter) FROM delivery)")


@case("doctor", "index-differs")
def somebody_holds_another_position(f):
    f.rows("UPDATE holding SET person = 'bagas' WHERE position = 'kepala-biro-umum'")


@case("doctor", "reader-unfounded")
def somebody_makes_himself_a_reader(f):
    f.rows("INSERT INTO reader (position, letter, level) VALUES ('direktur-pelayaran-rakyat', ?, 'route')", signed(f))


@case("doctor", "reader-unfounded")
def somebody_who_received_a_letter_makes_its_history_his(f):
    f.rows("UPDATE reader SET level = 'route' WHERE level = 'delivery' AND letter ="
           " (SELECT min(letter) FROM reader WHERE level = 'delivery')")


@case("doctor", "reader-missing")
def a_reader_is_taken_away(f):
    f.rows("DELETE FROM reader WHERE letter = ? AND position = (SELECT drafter FROM letter WHERE id = ?)", signed(f),
           signed(f))


@case("doctor", "index-differs")
def somebody_lends_himself_a_letter(f):
    f.rows("INSERT INTO loan (id, unit, person, what, why, until, state, letter, asked, given, given_by) VALUES"
           " ('01a2092f-ec1c-779f-b142-aee67aea3960', 'biro-umum', 'naufal', 'Undangan', 'Audit', '2099-01-01',"
           " 'given', ?, 1, 1, 'wening')", signed(f))


@case("doctor", "index-differs")
def a_loan_is_of_another_letter(f):
    f.rows("UPDATE loan SET letter = ? WHERE state = 'given'", signed(f))


@case("doctor", "index-differs")
def a_loan_that_came_back_goes_on(f):
    f.rows("UPDATE loan SET state = 'given', ended = NULL, ended_by = NULL WHERE state = 'returned'")


@case("doctor", "index-differs")
def somebody_puts_himself_on_the_route(f):
    f.rows("INSERT INTO route (letter, role, n, position, capacity, mandate, says)"
           " VALUES (?, 'reviewer', 99, 'direktur-pelayaran-rakyat', '', '', '')", signed(f))


@case("doctor", "index-differs")
def a_secret_letter_becomes_an_ordinary_one(f):
    f.rows("UPDATE letter SET security = 'biasa' WHERE id = ?", WORK["secret"])


@case("doctor", "index-differs")
def somebody_hides_that_he_will_read(f):
    f.rows("INSERT INTO reading (letter, person, how, at) VALUES (?, 'sekar', 'taken', 1790000000000000)",
           WORK["secret"])


@case("doctor", "index-differs")
def a_reading_is_forgotten(f):
    f.rows("DELETE FROM reading WHERE letter = ?", WORK["secret"])


@case("verify", "audit-gap", "audit-leaf")
def the_entry_of_a_reading_is_deleted(f):
    seq = f.last(WORK["secret"])
    f.rows("DELETE FROM journal WHERE letter = ? AND letter_seq = ?", WORK["secret"], seq)
    return WORK["secret"], seq


@case("doctor", "rule-differs")
def a_workflow_is_another(f):
    f.rows("UPDATE rule SET content = replace(CAST(content AS TEXT), 'reviewer', 'nobody')"
           " WHERE type = 'workflow' AND name = 'surat-keluar'")


@case("doctor", "rule-differs")
def an_older_rule_is_out_of_force(f):
    f.rows("UPDATE rule SET in_force = 0 WHERE type = 'kind' AND name = 'nota-dinas'")


@case("doctor", "index-differs")
def a_setting_is_another(f):
    f.rows("UPDATE setting SET value = value || 'x' WHERE name = (SELECT min(name) FROM setting)")


@case("doctor")
def the_content_of_a_version_is_that_of_another(f):
    one, = f.rows("SELECT min(n) FROM object WHERE kind = 3 AND size > 1000")
    two, = f.rows("SELECT max(n) FROM object WHERE kind = 3 AND size > 1000")
    f.rows("UPDATE object SET (size, codec, base, data) = (SELECT size, codec, base, data FROM object WHERE n = ?)"
           " WHERE n = ?", one[0], two[0])


@case("doctor")
def a_signed_pdf_is_swapped_for_a_draft(f):
    """The bytes of a PDF stand in its object; here they are those of another letter's."""
    one, two = f.rows("SELECT n FROM object WHERE kind = 3 AND size > 30000 ORDER BY n LIMIT 2")
    f.rows("UPDATE object SET (size, codec, base, data) = (SELECT size, codec, base, data FROM object WHERE n = ?)"
           " WHERE n = ?", one[0], two[0])


@case("doctor")
def a_version_is_deleted(f):
    f.rows("DELETE FROM object WHERE n = (SELECT max(n) FROM object WHERE kind = 1)")


@case("doctor")
def the_newest_version_of_a_letter_is_an_older_one(f):
    letter = signed(f)
    older = json.loads(f.entries(letter)[1][1])["commit"]
    f.rows("UPDATE head SET oid = ? WHERE letter = ?", bytes.fromhex(older), letter)


@case("doctor")
def a_letter_of_the_repository_points_to_an_older_version(f):
    ref, _, first = f.reference()
    f.git("update-ref", ref, first)


@case("doctor")
def history_of_the_repository_is_rewritten(f):
    ref, oid, _ = f.reference()
    text = f.git("cat-file", "commit", oid).replace("author ", "author Orang Lain ", 1) + "\n"
    f.git("update-ref", ref, f.git("hash-object", "-t", "commit", "-w", "--stdin", text=text))


# --- Running them -------------------------------------------------------------------------------

def told(naskah, finder):
    """What is found: exit status, tags, the first wrong entry."""
    command = {"verify": ["audit", "verify"], "against": ["audit", "verify", "--against", WORK["export"]],
               "doctor": ["doctor"]}[finder]
    child = subprocess.run([naskah.program, *command, "--json", "--dir", naskah.folder], capture_output=True,
                           text=True, check=False, stdin=subprocess.DEVNULL)
    assert "ERROR: " not in child.stderr and child.stdout, (child.returncode, child.stderr)
    found = json.loads(child.stdout.splitlines()[-1])
    first = found.get("first")
    if "error" in found:  # so wrong that nothing more can be looked at
        return child.returncode, [("error", found["error"]["message"])], None
    return (child.returncode, [(issue["tag"], issue.get("message", "")) for issue in found["issues"]],
            first and (first["letter"], first["entry"]))


def try_case(naskah, title, finder, tags, tamper):
    folder = os.path.join(WORK["folder"], "salinan")
    shutil.rmtree(folder, ignore_errors=True)
    shutil.copytree(WORK["office"], folder)
    forger = Forger(folder)
    wrong = tamper(forger)
    if forger.triggers:
        forger.close()
    copy = Naskah(naskah.program, folder)
    status, issues, first = told(copy, finder)
    assert status == (1 if finder == "doctor" else 4), (title, status, issues)
    assert issues and (not tags or {tag for tag, _ in issues} & tags), (title, issues)
    if wrong is not None:
        assert first == tuple(wrong), (title, first, wrong, issues)


def clean(naskah):
    """Before anybody touches it, nothing is wrong."""
    for finder in ("verify", "against", "doctor"):
        status, issues, first = told(naskah, finder)
        assert (status, first) == (0, None) and not issues, (finder, issues)
    forger = Forger(WORK["office"])
    with contextlib.closing(forger):
        size, edge = forger.rows("SELECT size, edge FROM journal_tree")[0]
        assert size == len(forger.leaves()) > WIDTH and edge == b"".join(peaks(forger.leaves()))


def shut(naskah):
    """An office of which an older database was put back is read, and not written to."""
    folder = os.path.join(WORK["folder"], "tutup")
    shutil.copytree(WORK["office"], folder)
    shutil.copy(os.path.join(WORK["older"], "office.db"), os.path.join(folder, "office.db"))
    copy = Naskah(naskah.program, folder)
    copy.run("task", "list", person="damar")
    err = copy.refuse(4, ["older database"], "letter", "new", WORK["sample"], person="damar")
    assert "restore" in err, err


def mended(naskah):
    """What somebody changed in a repository is put right from the database."""
    folder = os.path.join(WORK["folder"], "mendingan")
    shutil.copytree(WORK["office"], folder)
    forger, copy = Forger(folder), Naskah(naskah.program, folder)
    ref, oid, first = forger.reference()
    forger.git("update-ref", ref, first)
    forger.close()
    copy.run("rebuild")
    assert told(copy, "doctor")[:2] == (0, []), told(copy, "doctor")
    assert forger.git("rev-parse", ref) == oid


def make_case(title, finder, tags, tamper):
    def run(naskah):
        try_case(naskah, title, finder, tags, tamper)
    run.__doc__ = f"{title} ({finder})"
    return run


def prepare(program, folder):
    office = os.path.join(folder, "kantor")
    naskah = Naskah(program, office)
    source = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
    WORK.update(folder=folder, office=office, sample=os.path.join(source, "templates/letters/surat-dinas.sample.xml"))
    naskah.run("init", office, "--demo", office=False)

    def write(name):
        naskah.run("letter", "new", WORK["sample"], person="damar")
        if name:
            WORK[name] = os.path.join(folder, name)
            shutil.copytree(office, WORK[name])

    with open(WORK["sample"], encoding="utf-8") as file:
        text = file.read().replace("<security>biasa<", "<security>rahasia<")
    secret = os.path.join(folder, "rahasia.xml")
    with open(secret, "w", encoding="utf-8") as file:
        file.write(text)
    WORK["secret"] = naskah.ask("letter", "new", secret, person="damar")["letter"]
    naskah.run("letter", "show", WORK["secret"], person="damar")
    lent = naskah.ask("letter", "new", WORK["sample"], person="damar")["letter"]
    for ending in ((), ("return",)):
        loan = naskah.ask("loan", "ask", "biro-umum", "Undangan", "--until", "2099-01-01", "--reason", "Audit",
                          person="naufal")["loan"]
        naskah.run("loan", "grant", loan, lent, person="wening")
        for act in ("give", *ending):
            naskah.run("loan", act, loan, person="wening")
    write("first")
    write("older")
    naskah.run("audit", "day")
    WORK["export"] = os.path.join(folder, "brankas")
    naskah.run("audit", "export", WORK["export"])
    write(None)
    return naskah


def main():
    with tempfile.TemporaryDirectory() as folder:
        naskah = prepare(sys.argv[1], folder)
        run_cases([clean, shut, mended, *(make_case(*entry) for entry in CASES)], naskah)


if __name__ == "__main__":
    main()
