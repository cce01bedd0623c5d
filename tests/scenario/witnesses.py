#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""witnesses.py NASKAH VERIFY: two real witnesses cosign the log of an office by themselves.  One that is
away holds nothing up; one that lies costs nothing; who puts an older database back with all its files,
or rewrites it with the log's own key, is found, and nothing is written any more."""
import base64
import contextlib
import hashlib
import http.server
import importlib
import json
import os
import shutil
import signal
import sqlite3
import subprocess
import sys
import tempfile
import threading
import time

import tamper
from dispatch import WORK, send
from tap import Naskah, run_cases, serving, tool

evidence = importlib.import_module("naskah-verify")
reader = importlib.import_module("evidence-file")
server = importlib.import_module("witness-server")
SAMPLE = os.path.join(os.path.dirname(__file__), "../../templates/letters/surat-dinas.sample.xml")
FIRST, SECOND = "saksi.example/1", "arsip.example/1"


def ask(naskah, statement, *values):
    with contextlib.closing(sqlite3.connect(os.path.join(naskah.folder, "office.db"), isolation_level=None)) as db:
        return db.execute(statement, values).fetchall()


def write(naskah):
    return naskah.ask("letter", "new", SAMPLE, person="damar")


def due(naskah):
    """Their minute is over."""
    ask(naskah, "UPDATE witness SET due = 0")


def told(naskah, name=FIRST):
    return {row["name"]: row for row in naskah.ask("audit", "witness")["witnesses"]}[name]


def wait_for(naskah, holds):
    """Until what the command tells is so."""
    for _ in range(480):
        rows = naskah.ask("audit", "witness")
        if holds({row["name"]: row for row in rows["witnesses"]}, rows):
            return rows
        time.sleep(0.5)
    raise AssertionError(rows)


def copy(naskah, name):
    folder = os.path.join(WORK["folder"], name)
    shutil.copytree(naskah.folder, folder)
    return Naskah(naskah.program, folder)


def witness(naskah, name):
    """That witness, answering where it did before."""
    folder = os.path.join(WORK["folder"], name.split(".", maxsplit=1)[0])
    found = server.Witness(naskah.program, folder, name, WORK.get(name, 0))
    WORK[name], WORK["key", name] = found.port, found.key
    return found


@contextlib.contextmanager
def there(naskah, *names):
    found = [witness(naskah, name) for name in names]
    try:
        yield found
    finally:
        assert [one.end(signal.SIGTERM) for one in found] == [0] * len(found)


def tags(naskah):
    found = {}
    for issue in naskah.ask("audit", "verify", status=4)["issues"]:
        found.setdefault(issue["tag"], issue["text"])
    return found


def newest(naskah):
    return ask(naskah, "SELECT size, checkpoint, vkey FROM cosignature ORDER BY size DESC, vkey")[0]


# --- Getting cosignatures


def are_named(naskah):
    """A witness is named by key and address, and that is recorded; what is none is said."""
    naskah.run("init", naskah.folder, "--demo", "--empty", office=False)
    WORK["root"] = [send(naskah) for _ in range(3)][0]
    words, _ = naskah.run("audit", "witness")
    assert "audit witness add" in words, words
    naskah.refuse(3, ["audit witness add"], "audit", "witness", "now")
    with there(naskah, FIRST, SECOND):
        pass
    key, url = WORK["key", FIRST], f"http://127.0.0.1:{WORK[FIRST]}"
    own = naskah.ask("audit", "verify")["key"]
    naskah.refuse(1, ["key of a log"], "audit", "witness", "add", own, url)
    naskah.refuse(1, ["NAME+ID+KEY"], "audit", "witness", "add", FIRST, url)
    for wrong in ("127.0.0.1", "ftp://127.0.0.1", url + "/?a", "http://a:b@127.0.0.1", url + "#a"):
        naskah.refuse(1, [], "audit", "witness", "add", key, wrong)
    naskah.refuse(2, ["add KEY URL"], "audit", "witness", "add", key)
    naskah.run("audit", "witness", "add", key, url + "/")
    other = WORK["key", SECOND].split("+", 2)
    naskah.refuse(6, ["another key"], "audit", "witness", "add", renamed(FIRST, other[2]), url)
    naskah.run("audit", "witness", "add", WORK["key", SECOND], f"http://127.0.0.1:{WORK[SECOND]}")
    naskah.run("audit", "witness", "remove", SECOND)
    naskah.refuse(3, ["no witness"], "audit", "witness", "remove", SECOND)
    naskah.run("audit", "witness", "add", WORK["key", SECOND], f"http://127.0.0.1:{WORK[SECOND]}")
    actions = [json.loads(entry)["action"] for entry, in ask(
        naskah, "SELECT entry FROM journal WHERE letter = 'office/log' ORDER BY letter_seq")]
    assert [name for name in actions if name.startswith("witness")] == [
        "witness-added", "witness-added", "witness-removed", "witness-added"], actions
    row = told(naskah)
    assert row["url"] == url and row["entries"] == 0 and row["tries"] == 0, row
    assert "cosigned" not in naskah.ask("audit", "verify")


def renamed(name, key):
    """A vkey of that name."""
    block = base64.b64decode(key)
    number = hashlib.sha256(name.encode() + b"\n" + block).digest()[:4]
    return f"{name}+{number.hex()}+{key}"


def must_know_the_log(naskah):
    """A witness that was not told of the log says so, and what is to be done."""
    with there(naskah, FIRST):
        naskah.run("audit", "witness", "now", status=75)
    row, rows = told(naskah), naskah.ask("audit", "witness")
    assert f"naskah witness add {rows['origin']} {rows['key']}" in row["fault"] and row["tries"] == 1, row
    assert told(naskah, SECOND)["fault"], rows
    for name in (FIRST, SECOND):
        tool(naskah.program, "witness", "add", rows["origin"], rows["key"], "--dir",
             os.path.join(WORK["folder"], name.split(".", maxsplit=1)[0]))


def come_by_themselves(naskah):
    """A server has every new checkpoint cosigned, once a minute at most."""
    due(naskah)
    with there(naskah, FIRST, SECOND), serving(naskah):
        rows = wait_for(naskah, lambda found, _: all(row["entries"] for row in found.values()))
        write(naskah)
        for at, in ask(naskah, "SELECT max(at) FROM cosignature GROUP BY vkey"):
            assert ask(naskah, "SELECT min(due) FROM witness")[0][0] >= at + 59 * 10 ** 6, at
    assert all(row["tries"] == 0 and row["fault"] == "" for row in rows["witnesses"]), rows
    for size, checkpoint, vkey in ask(naskah, "SELECT size, checkpoint, vkey FROM cosignature"):
        head, line = checkpoint.rsplit("\n", 2)[:2]
        assert int(checkpoint.split("\n")[1]) == size
        server.check_cosignature(WORK["folder"], vkey, head + "\n", line + "\n")
    with open(os.path.join(naskah.folder, "log", "cosigned"), encoding="utf-8") as file:
        assert file.read() == newest(naskah)[1]
    said = naskah.ask("audit", "verify")
    assert said["cosignatures"] >= 2 and said["cosigned"] and not said["issues"], said


def one_is_away(naskah):
    """While one is away the other goes on, work goes on, doctor tells of it, and later it catches up."""
    due(naskah)
    before = told(naskah, SECOND)["entries"]
    with there(naskah, FIRST), serving(naskah):
        write(naskah)
        rows = wait_for(naskah, lambda found, rows: found[SECOND]["tries"] and found[FIRST]["entries"] > before)
        write(naskah)
    away = {row["name"]: row for row in rows["witnesses"]}[SECOND]
    assert away["entries"] == before and away["fault"] and away["claims"] == 0, away
    child, _ = naskah.run("doctor", "--json", status=1)
    assert "log-not-cosigned" in child and SECOND in child, child
    with there(naskah, FIRST, SECOND):
        rows = naskah.ask("audit", "witness", "now")
    assert all(row["entries"] == rows["entries"] and row["tries"] == 0 for row in rows["witnesses"]), rows
    naskah.run("doctor")


def is_killed(naskah):
    """A process that dies on the way is put right by the next; the witness' own size is believed."""
    def killed(point):
        child = subprocess.run([naskah.program, "audit", "witness", "now", "--dir", naskah.folder],
                               env=dict(os.environ, NASKAH_FAULT=f"{point}:1:kill"), capture_output=True,
                               check=False, stdin=subprocess.DEVNULL)
        assert child.returncode == -9, (child.returncode, child.stderr)

    def shown():
        with open(os.path.join(naskah.folder, "log", "cosigned"), encoding="utf-8") as file:
            return file.read()

    with there(naskah, FIRST, SECOND):
        write(naskah)
        size, text = newest(naskah)[0], shown()
        killed("cosign.signed")  # it signed, and nobody here knows
        assert newest(naskah)[0] == size
        write(naskah)
        killed("cosign.stored")
        assert newest(naskah)[0] > size and shown() == text
        rows = naskah.ask("audit", "witness", "now")
        assert all(row["entries"] == rows["entries"] for row in rows["witnesses"]), rows
        assert shown() == newest(naskah)[1] and not naskah.ask("audit", "verify")["issues"]
    kept = ask(naskah, "SELECT count(*) FROM cosignature")[0][0]
    assert kept <= 4, kept  # the last of each day; this may run at midnight


# --- In the evidence


def export(naskah, letter):
    """(path, the files in it)."""
    path = os.path.join(WORK["folder"], "bukti.zip")
    naskah.run("archive", "export", letter, "-o", path, person="damar")
    return path, *reader.check_evidence(path)[1:]


def told_of(data, *names, status=None, **options):
    words = [word for name in names for word in ("--witness", WORK["key", name])]
    return evidence.judge(data, *words, status=status, **options)[1]


def in_the_evidence(naskah):
    """The evidence of a letter has what every witness cosigned; who is named must have cosigned it."""
    path, files, entries = export(naskah, WORK["root"])
    with open(path, "rb") as file:
        data = file.read()
    WORK["key"] = files["representations/comparison/data/log.vkey"].decode().strip()
    WORK["trust"] = os.path.join(naskah.folder, "trust", "demo-root.pem")
    keys = [WORK["key", name] for name in (FIRST, SECOND)]
    assert reader.check_cosigned(files, entries, keys) == dict.fromkeys((FIRST, SECOND), len(entries))
    told = told_of(data, FIRST, SECOND, status=0)
    assert told["cosigned"] == 2 and not told["notes"], told
    for name in (FIRST, SECOND):
        assert any(name in text and f"{len(entries)} of {len(entries)}" in text for text in told["proved"]), told
    told = told_of(data, status=5)
    assert sum("--witness" in text for text in told["notes"]) == 2 and told["cosigned"] == 0, told
    told = told_of(data, SECOND, status=5)
    assert FIRST in " ".join(told["notes"]) and SECOND not in " ".join(told["notes"]), told
    WORK["key", "lain"] = renamed("lain.example/1", keys[0].split("+", 2)[2])
    assert "lain.example/1" in " ".join(told_of(data, FIRST, "lain", status=4)["wrong"])
    child = subprocess.run([evidence.VERIFY, path, "--witness", WORK["key"]], capture_output=True, check=False)
    assert child.returncode == 2 and b"not of a witness" in child.stderr, child.stderr
    is_changed(naskah, files, keys)


def is_changed(naskah, files, keys):
    """Cosignatures, their checkpoints and proofs, changed in every way."""
    place = evidence.JOURNAL + "cosigned/1/"
    note, growth = files[place + "checkpoint"].decode(), files[place + "growth.txt"]
    head, first, second = note.rsplit("\n", 3)[:3]
    assert first.split(" ")[1] != second.split(" ")[1], note
    mine = first if first.split(" ")[1] == FIRST else second

    def wrong(line, at=-1):
        mark, name, blob = line.split(" ")
        blob = bytearray(base64.b64decode(blob))
        blob[at] ^= 1
        return f"{mark} {name} {base64.b64encode(blob).decode()}"

    def refused(words, *names, **changes):
        changed = dict(files)
        for name, content in changes.items():
            full = place + {"note": "checkpoint", "growth": "growth.txt"}[name]
            if content is None:
                del changed[full]
            else:
                changed[full] = content if isinstance(content, bytes) else content.encode()
        told = told_of(evidence.whole(WORK["root"], changed), *names, status=4)
        assert words in " ".join(told["wrong"]), (words, told)

    origin, size, _ = note.split("\n")[:3]
    refused("does not hold", FIRST, note=note.replace(mine, wrong(mine)))
    refused("does not hold", FIRST, note=note.replace(mine, wrong(mine, 11)))  # the time
    refused("has cosigned nothing", FIRST, note=note.replace(mine, wrong(mine, 0)))  # whose it is
    refused("has cosigned nothing", FIRST, note=note.replace(mine + "\n", ""))
    refused("has cosigned nothing", FIRST, note=None, growth=None)
    for names in ((), (FIRST,)):
        refused("did not grow", *names, growth=growth + base64.b64encode(bytes(32)) + b"\n")
        refused("line 1", *names, growth=b"bukan sidik\n")
        refused("growth.txt: it is missing", *names, growth=None)
        refused("checkpoint", *names, note="bukan catatan\n")
        refused("does not hold", *names, note=note.replace(f"\n{size}\n", f"\n{int(size) - 1}\n", 1))
        refused("did not sign", *names, note=f"{origin}\n{size}\n" + note.split("\n")[2] + f"\n\n{first}\n{second}\n")
    # an older one that the log did sign, with the proof of this one
    older = next((text for at, text in ask(naskah, "SELECT size, checkpoint FROM cosignature ORDER BY size")
                  if at < int(size)), None)
    if older is not None:
        refused("did not grow", note=older)
    # what is newer than the cosignature is told; a letter that is newer altogether has none
    path, _, entries = export(naskah, WORK["root"])
    with open(path, "rb") as file:
        told = told_of(file.read(), FIRST, SECOND, status=5)
    assert sum("newer" in text for text in told["notes"]) == 2, told
    is_dated(naskah, keys)
    path, later, entries = export(naskah, send(naskah))
    assert set(reader.check_cosigned(later, entries, keys).values()) == {0}
    with open(path, "rb") as file:
        told = told_of(file.read(), FIRST, status=4)
    assert "no" in told["wrong"][0] and FIRST in told["wrong"][0], told


def is_dated(naskah, keys):
    """Each entry is told with the first cosignature over it."""
    kept = ask(naskah, "SELECT * FROM cosignature ORDER BY size DESC, vkey LIMIT 2")
    with there(naskah, FIRST, SECOND):
        naskah.run("audit", "witness", "now")
    for row in kept:  # those of a day are one row; these are as if of another
        ask(naskah, "INSERT INTO cosignature VALUES (?, ?, ?, ?, ?)", *row)
    path, files, entries = export(naskah, WORK["root"])
    assert set(reader.check_cosigned(files, entries, keys).values()) == {len(entries)}
    assert {name for name in files if name.startswith(evidence.JOURNAL + "cosigned/")} == {
        f"{evidence.JOURNAL}cosigned/{n}/{name}" for n in (1, 2) for name in ("checkpoint", "growth.txt")}, sorted(files)
    with open(path, "rb") as file:
        data = file.read()
    told = told_of(data, FIRST, SECOND, status=0)
    said = [text for text in told["proved"] if FIRST in text]
    assert len(said) == 2 and "the first" in said[0], told
    first, second = (int(text.split("the first ")[1].split(" ")[0]) for text in said)
    assert 0 < first < second == len(entries), said
    changed = dict(files)
    place = evidence.JOURNAL + "cosigned/2/"
    changed[place + "growth.txt"] = files[evidence.JOURNAL + "cosigned/1/growth.txt"]
    assert "did not grow" in " ".join(told_of(evidence.whole(WORK["root"], changed), status=4)["wrong"])
    assert sum("--witness" in text for text in told_of(data, status=5)["notes"]) == 2


def is_restored(naskah):
    """A backup that is put back by command is a log of its own, which witnesses are told of anew."""
    place = os.path.join(WORK["folder"], "cadangan")
    naskah.run("backup", place)
    naskah.run("backup", "--keys", place + "-kunci")
    office = Naskah(naskah.program, os.path.join(WORK["folder"], "pulih"))
    office.run("restore", place, "--dir", office.folder, office=False)
    office.run("restore", place + "-kunci", "--dir", office.folder, office=False)
    office.run("audit", "day")  # the restore itself is signed
    origin, key = (office.ask("audit", "witness")[name] for name in ("origin", "key"))
    assert origin.endswith("/2"), origin
    with there(naskah, FIRST, SECOND):
        office.run("audit", "witness", "now", status=75)
        assert f"naskah witness add {origin} {key}" in told(office)["fault"]
        for name in (FIRST, SECOND):
            tool(naskah.program, "witness", "add", origin, key, "--dir",
                 os.path.join(WORK["folder"], name.split(".", maxsplit=1)[0]))
        rows = office.ask("audit", "witness", "now")
        assert all(row["entries"] == rows["entries"] for row in rows["witnesses"]), rows
    assert not office.ask("audit", "verify")["issues"]
    office.run("letter", "new", SAMPLE, person="damar")


# --- What they find


def shut(naskah, *words):
    """Nothing is written any more, what is there can be read."""
    naskah.run("task", "list", person="damar")
    naskah.refuse(4, words, "letter", "new", SAMPLE, person="damar")
    assert all(word in tags(naskah)["log"] for word in words), tags(naskah)


def an_older_database(naskah):
    """An older database with all its files is found by what a witness shows, and by the file beside it."""
    older = copy(naskah, "lama")
    for _ in range(3):
        write(naskah)
    with there(naskah, FIRST, SECOND):
        naskah.run("audit", "witness", "now")
        # nothing on this machine knows better
        by_file, by_server, by_hand = (copy(older, f"lama-{n}") for n in range(3))
        assert not older.ask("audit", "verify")["issues"]
        older.run("letter", "new", SAMPLE, person="damar")
        said = by_hand.refuse(4, ["older database"], "audit", "witness", "now")
        assert FIRST in said or SECOND in said, said
        write(by_server)
        due(by_server)
        found_by_server(by_server)
    shut(by_hand, "older database", "entries, the database has", "naskah restore")
    shut(by_server, "older database")
    shutil.copy(os.path.join(naskah.folder, "log", "cosigned"), os.path.join(by_file.folder, "log", "cosigned"))
    shut(by_file, "older database", newest(naskah)[2].split("+")[0])


def found_by_server(office):
    """A server finds it while it runs, and writes nothing more."""
    child = subprocess.Popen([office.program, "serve", "--dir", office.folder], stderr=subprocess.PIPE,
                             stdin=subprocess.DEVNULL)
    try:
        for line in child.stderr:
            if b"older database" in line:
                break
        office.refuse(4, ["older database"], "letter", "new", SAMPLE, person="damar")
        child.send_signal(signal.SIGTERM)
        assert b"ERROR" not in child.stderr.read() and child.wait(60) == 0
    finally:
        child.kill()
        child.wait()
        child.stderr.close()


def a_rewritten_history(naskah):
    """A history that was rewritten with the log's own key is not the one that was cosigned."""
    office = copy(naskah, "tulis-ulang")
    forger = tamper.Forger(office.folder)
    letter = forger.letter()
    forger.change(letter, 2)
    forger.rechain(letter)
    forger.rewrite()
    forger.close()
    shut(office, "does not begin" if newest(naskah)[0] < size_of(office) else "another than", "the witness")
    assert "rewritten" in tags(office)["audit-cosigned"], tags(office)
    # also with file and rows taken away: the witnesses know it
    os.unlink(os.path.join(office.folder, "log", "cosigned"))
    ask(office, "DELETE FROM cosignature")
    assert set(tags(office)) == {"audit-day"}, tags(office)
    with there(naskah, FIRST, SECOND):
        office.refuse(4, ["cosigned"], "audit", "witness", "now")
    shut(office, "a witness cosigned")


def size_of(office):
    return ask(office, "SELECT size FROM journal_tree")[0][0]


def rows_are_changed(naskah):
    """Cosignatures that were forged, swapped, moved in time, or are of another tree are found."""
    rows = ask(naskah, "SELECT size, vkey, checkpoint FROM cosignature ORDER BY size")
    size, vkey, text = rows[0]
    head, line = text.rsplit("\n", 2)[:2]
    mark, name, blob = line.split(" ")
    forged = bytearray(base64.b64decode(blob))
    forged[-1] ^= 1
    other = next(row for row in rows if row[1] != vkey)

    def change(office, sets, *values):
        ask(office, f"UPDATE cosignature SET {sets} WHERE size = ? AND vkey = ?", *values, size, vkey)

    bad = f"{head}\n{mark} {name} {base64.b64encode(forged).decode()}\n"
    cases = {
        "a signature": (("checkpoint = ?", bad), "does not hold"),
        "nobody's": (("checkpoint = ?", head + "\n"), "did not sign"),
        "of another": (("vkey = ?", renamed("lain.example/1", other[1].split("+", 2)[2])), "did not sign"),
        "moved in time": (("at = at - 1000000",), "another time"),
        "of another size": (("size = size - 1",), "another log"),
        "no note": (("checkpoint = ?", "x"), "line feed"),
        "no log": (("checkpoint = ?", f"{head.split(chr(10) * 2)[0]}\n\n{line}\n"), "did not sign"),
    }
    for number, (what, ((sets, *values), words)) in enumerate(cases.items()):
        office = copy(naskah, f"baris-{number}")
        change(office, sets, *values)
        assert words in tags(office)["audit-cosigned"], (what, tags(office))


# --- Who lies


class Liar(http.server.BaseHTTPRequestHandler):
    """Answers what it is told to, whatever it is asked."""

    answer = (500, "text/plain", b"x")

    def reply(self):
        status, kind, body = self.answer
        self.rfile.read(int(self.headers.get("Content-Length", 0)))
        if self.command == "POST":
            Liar.asked += 1
        self.send_response(status)
        self.send_header("Content-Type", kind)
        if status == 302:
            self.send_header("Location", f"http://127.0.0.1:{WORK[FIRST]}/add-checkpoint")
        self.end_headers()
        with contextlib.suppress(OSError):
            for piece in body if isinstance(body, list) else [body]:
                self.wfile.write(piece)
                self.wfile.flush()
                if isinstance(body, list):
                    Liar.stop.wait(1)

    do_GET = do_POST = reply
    asked, stop = 0, threading.Event()

    def log_message(self, *_):
        pass


def lies(naskah):
    """Whatever a witness answers, nothing is kept of it, others are asked, and work goes on."""
    office = copy(naskah, "pembohong")
    liar = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Liar)
    threading.Thread(target=liar.serve_forever, daemon=True).start()
    name = "aaa.example/1"  # is asked first
    vkey = renamed(name, WORK["key", SECOND].split("+", 2)[2])
    office.run("audit", "witness", "remove", SECOND)
    office.run("audit", "witness", "add", vkey, f"http://127.0.0.1:{liar.server_port}")
    size = size_of(office)
    good = newest(naskah)[1]
    line = good.rsplit("\n", 2)[1]
    text, kind = "text/plain", "text/x.tlog.size"
    cases = [
        (200, text, b"x"), (200, text, b""), (200, text, (line + "\n").encode()),
        (200, text, (line.replace(FIRST, name) + "\n").encode()), (200, text, b"\n\n" + good.encode()),
        (200, text, b"\0" * 100), (200, text, b"x" * 10_000_000), (200, text, [b"x"] * 60),
        (302, text, b""), (500, text, b"x"), (404, text, b"x"), (403, text, b"x"), (422, text, b"x"),
        (409, text, b"x"), (409, kind, b""), (409, kind, b"1" * 400 + b"\n"), (409, kind, b"-1\n"),
        (409, kind, b"0\n"), (409, kind, b"1\n"), (409, kind, f"{size + 10 ** 6}\n".encode()),
        (409, kind, b"4611686018427387904\n"), (409, kind, b"4611686018427387905\n"), (409, kind, good.encode()),
        (409, kind, b"x" * 10_000_000),
    ]
    claims = 0
    try:
        with there(naskah, FIRST):
            for answer in cases:
                Liar.answer, Liar.asked = answer, 0
                write(office)
                said = run_any(office)
                row, other = told(office, name), told(office)
                shown = (answer[0], answer[1], answer[2][:60], said, row)
                assert row["entries"] == 0 and row["fault"], shown
                assert 1 <= Liar.asked <= 2 and other["entries"] == size_of(office), shown
                claims += 1 if row["claims"] else 0
                write(office)
            # while one is silent for ten seconds people work on, and the server ends when it is told to
            Liar.answer, Liar.asked = (200, text, [b"x"] * 60), 0
            due(office)
            size = size_of(office)
            with serving(office):
                write(office)
                wait_for(office, lambda *_: Liar.asked)
                write(office)
                wait_for(office, lambda found, rows: found[FIRST]["entries"] > size)
    finally:
        Liar.stop.set()
        liar.shutdown()
        liar.server_close()
    assert claims == 3, claims
    assert not office.ask("audit", "verify")["issues"]
    # a bare word about another history is told as grave
    assert told(office, name)["claims"] == 0
    ask(office, "UPDATE witness SET claims = 7 WHERE name = ?", name)
    child, _ = office.run("doctor", "--json", status=1)
    assert "log-doubted" in child, child


def run_any(office):
    """Asks them; it may say that somebody did not sign, or that he claims another history."""
    child = subprocess.run([office.program, "audit", "witness", "now", "--dir", office.folder],
                           env=dict(os.environ, LC_ALL="C.UTF-8"), capture_output=True, check=False,
                           stdin=subprocess.DEVNULL)
    assert child.returncode in (4, 75) and b"ERROR" not in child.stderr, (child.returncode, child.stderr)
    return child.stdout, child.stderr


def main():
    with tempfile.TemporaryDirectory() as folder:
        WORK.update(folder=folder)
        tamper.WORK.update(folder=folder)
        naskah = Naskah(sys.argv[1], os.path.join(folder, "kantor"))
        run_cases([are_named, must_know_the_log, come_by_themselves, one_is_away, is_killed, in_the_evidence, is_restored,
                   an_older_database,
                   a_rewritten_history, rows_are_changed, lies], naskah)


if __name__ == "__main__":
    main()
