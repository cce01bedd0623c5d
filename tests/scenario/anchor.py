#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""anchor.py NASKAH VERIFY: the newest checkpoint of the log gets a time stamp of an authority outside, once
a day and by itself; what is changed afterwards, with the office's own key as well, is found by it.  The
authority is made here with openssl, and answers on this machine alone."""
import base64
import contextlib
import importlib
import json
import os
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import time
import zipfile

import tamper
from authority import Authority
from dispatch import WORK, send
from tap import Naskah, run_cases, serving

evidence = importlib.import_module("naskah-verify")
SAMPLE = os.path.join(os.path.dirname(__file__), "../../templates/letters/surat-dinas.sample.xml")


def base(naskah):
    return contextlib.closing(sqlite3.connect(os.path.join(naskah.folder, "office.db"), isolation_level=None))


def ask(naskah, statement, *values):
    with base(naskah) as db:
        return db.execute(statement, values).fetchall()


def write(naskah):
    naskah.run("letter", "new", SAMPLE, person="damar")


def due(naskah):
    """The day is over."""
    ask(naskah, "UPDATE anchor_due SET due = 0")


def wait_for(naskah, holds):
    """Until what the command tells is so."""
    for _ in range(240):
        told = naskah.ask("audit", "anchor")
        if holds(told):
            return told
        time.sleep(0.5)
    raise AssertionError(told)


def copy(naskah, name):
    folder = os.path.join(WORK["folder"], name)
    shutil.copytree(naskah.folder, folder)
    return Naskah(naskah.program, folder)


def killed(naskah, point):
    child = subprocess.run([naskah.program, "audit", "anchor", "--now", "--dir", naskah.folder],
                           env=dict(os.environ, NASKAH_FAULT=f"{point}:1:kill"), capture_output=True, check=False,
                           stdin=subprocess.DEVNULL)
    assert child.returncode == -9, (child.returncode, child.stderr)


def anchor_file(naskah):
    with open(os.path.join(naskah.folder, "log", "anchor"), encoding="utf-8") as file:
        return json.load(file)


def tags(naskah):
    return {issue["tag"]: issue["text"] for issue in naskah.ask("audit", "verify", status=4)["issues"]}


# --- Getting them


def needs_an_authority(naskah):
    """Without an authority, and with one that nobody vouches for, nothing is kept, and that is told."""
    naskah.run("init", naskah.folder, "--demo", "--empty", office=False)
    WORK["root"] = [send(naskah) for _ in range(3)][0]
    words, _ = naskah.run("audit", "anchor")
    assert "certificate stamps" in words, words
    naskah.refuse(1, ["certificate stamps"], "audit", "anchor", "--now")
    naskah.run("certificate", "stamps", WORK["authority"].url, "--hosts", "127.0.0.1")
    naskah.refuse(75, ["127.0.0.1"], "audit", "anchor", "--now")
    with WORK["authority"].there():
        naskah.refuse(4, ["Cap Waktu Uji", "trust"], "audit", "anchor", "--now")
    assert naskah.ask("audit", "anchor")["count"] == 0
    shutil.copy(os.path.join(WORK["authority"].folder, "root.pem"), os.path.join(naskah.folder, "trust", "uji.pem"))
    assert "anchored" not in naskah.ask("audit", "verify")


def comes_by_itself(naskah):
    """A server has the newest checkpoint stamped once a day."""
    with WORK["authority"].there(), serving(naskah):
        told = wait_for(naskah, lambda told: told["count"] == 1)
    size, checkpoint = ask(naskah, "SELECT size, checkpoint FROM anchor")[0]
    first = told["anchors"][0]
    assert "Cap Waktu Uji" in first["authority"] and first["entries"] == size, told
    assert anchor_file(naskah)["checkpoint"] == checkpoint
    tries, at = ask(naskah, "SELECT tries, due FROM anchor_due")[0]
    assert tries == 0 and at > (time.time() + 23 * 3600) * 1e6, (tries, at)
    said = naskah.ask("audit", "verify")
    assert said["anchors"] == 1 and said["anchored"] == first["at"] and not said["issues"], said


def blocks_nothing(naskah):
    """While the authority is away people work on, doctor tells of it, and later it goes on by itself."""
    due(naskah)
    with serving(naskah):
        write(naskah)
        told = wait_for(naskah, lambda told: told["tries"] > 0)
        assert told["count"] == 1 and told["fault"], told
        write(naskah)
    child, _ = naskah.run("doctor", "--json", status=1)
    assert "log-not-anchored" in child, child
    naskah.run("audit", "day")  # what the server has written is signed, so the next stamp covers it
    due(naskah)
    with WORK["authority"].there(), serving(naskah):
        told = wait_for(naskah, lambda told: told["count"] == 2)
    assert told["tries"] == 0 and told["fault"] == "", told
    naskah.run("doctor")
    with WORK["authority"].there():  # nothing is new
        assert naskah.ask("audit", "anchor", "--now")["count"] == 2


def is_killed(naskah):
    """A process that dies on the way keeps the whole anchor or none, and the next one puts the file right."""
    write(naskah)
    before = anchor_file(naskah)
    with WORK["authority"].there():
        killed(naskah, "anchor.made")
        assert naskah.ask("audit", "anchor")["count"] == 2 and anchor_file(naskah) == before
        killed(naskah, "anchor.stored")
        assert naskah.ask("audit", "anchor")["count"] == 3 and anchor_file(naskah) == before
        assert naskah.ask("audit", "anchor", "--now")["count"] == 3
    assert anchor_file(naskah) != before and not naskah.ask("audit", "verify")["issues"]


def is_restored(naskah):
    """A backup with time stamps is put back, its keys after it, and goes on."""
    place = os.path.join(WORK["folder"], "cadangan")
    naskah.run("backup", place)
    naskah.run("backup", "--keys", place + "-kunci")
    office = Naskah(naskah.program, os.path.join(WORK["folder"], "pulih"))
    for part in (place, place + "-kunci"):
        office.run("restore", part, "--dir", office.folder, office=False)
    write(office)
    said = office.ask("audit", "verify")
    assert not said["issues"] and said["anchors"] == 3, said


# --- What they find


def shut(naskah, words):
    """Nothing is written any more, what is there can be read."""
    naskah.run("task", "list", person="damar")
    naskah.refuse(4, [words], "letter", "new", SAMPLE, person="damar")
    assert words in tags(naskah)["log"], tags(naskah)


def an_older_database(naskah):
    """An older database, with the log's files of then, is told from the newest anchor."""
    older = copy(naskah, "lama")
    write(naskah)
    with WORK["authority"].there():
        naskah.run("audit", "anchor", "--now")
    shutil.copy(os.path.join(naskah.folder, "log", "anchor"), os.path.join(older.folder, "log", "anchor"))
    shut(older, "older database")


def a_rewritten_history(naskah):
    """A history that was rewritten with the log's own key is not the one that has a time stamp."""
    office = copy(naskah, "tulis-ulang")
    forger = tamper.Forger(office.folder)
    letter = forger.letter()
    forger.change(letter, 2)
    forger.rechain(letter)
    forger.rewrite()
    forger.close()
    shut(office, "time stamp")
    assert "rewritten" in tags(office)["audit-anchor"], tags(office)
    # also with the file taken away: the database has it too
    os.unlink(os.path.join(office.folder, "log", "anchor"))
    shut(office, "time stamp")


def a_broken_file(naskah):
    """A file that is no anchor, or has the token of another, is no answer to who asks what was there."""
    for n, change in enumerate((lambda _: "{}", lambda _: "bukan apa-apa", lambda text: text[:-40],
                                lambda text: json.dumps(dict(json.loads(text), token=first_token(naskah))))):
        office = copy(naskah, f"berkas-{n}")
        path = os.path.join(office.folder, "log", "anchor")
        with open(path, encoding="utf-8") as file:
            text = file.read()
        with open(path, "w", encoding="utf-8") as file:
            file.write(change(text))
        shut(office, "not what was written")


def first_token(naskah):
    token, = ask(naskah, "SELECT token FROM anchor ORDER BY n")[0]
    return base64.urlsafe_b64encode(token).rstrip(b"=").decode()


def stamp(authority, text):
    """A token over the text, as that authority gives it."""
    path = os.path.join(authority.folder, "teks")
    with open(path, "wb") as file:
        file.write(text)
    authority.ssl("ts", "-query", "-data", "teks", "-sha256", "-cert", "-out", "q2.tsq")
    with open(os.path.join(authority.folder, "q2.tsq"), "rb") as file:
        reply = authority.stamp(file.read())
    with open(os.path.join(authority.folder, "r2.tsr"), "wb") as file:
        file.write(reply)
    authority.ssl("ts", "-reply", "-in", "r2.tsr", "-token_out", "-out", "t2.tst")
    with open(os.path.join(authority.folder, "t2.tst"), "rb") as file:
        return file.read()


def rows_are_changed(naskah):
    """Tokens that were swapped, made by somebody else, moved in time, or are of another tree are found."""
    first, second = ask(naskah, "SELECT n, token, checkpoint FROM anchor ORDER BY n")[:2]
    folder = os.path.join(WORK["folder"], "lain-lain")
    os.mkdir(folder)
    stranger = Authority(folder)

    def swapped(office):
        ask(office, "UPDATE anchor SET token = ? WHERE n = ?", second[1], first[0])

    def strange(office):
        ask(office, "UPDATE anchor SET token = ? WHERE n = ?", stamp(stranger, first[2].encode()), first[0])

    def moved(office):
        ask(office, "UPDATE anchor SET at = at - 1000000 WHERE n = ?", first[0])

    def broken(office):
        ask(office, "UPDATE anchor SET token = x'3003020101' WHERE n = ?", first[0])

    def other_size(office):
        ask(office, "UPDATE anchor SET size = size - 1 WHERE n = ?", first[0])

    def other_tree(office):
        # who has the log's key signs another tree, and the authority knows nothing of it
        forger = tamper.Forger(office.folder)
        origin, size, _ = first[2].split("\n")[:3]
        text = f"{origin}\n{size}\n{base64.b64encode(tamper.sha(b'lain')).decode()}\n"
        with open(os.path.join(office.folder, "keys", "log.key"), "rb") as file:
            public, signature = tamper.ed25519(file.read(), text.encode(), WORK["folder"])
        number = tamper.sha(origin.encode() + b"\n\x01" + public)[:4]
        note = f"{text}\n\u2014 {origin} {base64.b64encode(number + signature).decode()}\n"
        forger.rows("UPDATE anchor SET checkpoint = ?, token = ? WHERE n = ?", note,
                    stamp(WORK["authority"], note.encode()), first[0])
        forger.close()

    for act, words in ((swapped, "not one of this checkpoint"), (strange, "vouches"), (moved, "another time"),
                       (broken, "not one of this checkpoint"), (other_size, "another log"),
                       (other_tree, "rewritten")):
        office = copy(naskah, f"baris-{act.__name__}")
        act(office)
        found = tags(office)
        if act is other_tree:  # the authority stamped it later than the row says
            assert words in found["audit-anchor"] or "another time" in found["audit-anchor"], found
        else:
            assert words in found["audit-anchor"], (act.__name__, found)


# --- In the evidence


def in_the_evidence(naskah):
    """The evidence of a letter has the newest anchor, and naskah-verify judges it."""
    path = os.path.join(WORK["folder"], "bukti.zip")
    naskah.run("archive", "export", WORK["root"], "-o", path, person="damar")
    with zipfile.ZipFile(path) as file:
        head = f"{WORK['root']}/data/{WORK['root']}/"
        files = {name[len(head):]: file.read(name) for name in file.namelist() if name.startswith(head)}
    with open(path, "rb") as file:
        data = file.read()
    WORK["key"] = files["representations/comparison/data/log.vkey"].decode().strip()
    WORK["trust"] = os.path.join(naskah.folder, "trust", "demo-root.pem")
    stamps = ("--trust", os.path.join(naskah.folder, "trust", "uji.pem"))
    place = evidence.JOURNAL + "anchor/"
    assert {place + name for name in ("checkpoint", "token.tst", "growth.txt")} <= set(files), sorted(files)
    _, told = evidence.judge(data, *stamps, status=0)
    assert any("Cap Waktu Uji" in text for text in told["proved"]), told
    _, told = evidence.judge(data, status=5)
    assert any("Cap Waktu Uji" in text for text in told["notes"]), told

    def refused(words, **changes):
        changed = dict(files)
        for name, content in changes.items():
            full = place + {"note": "checkpoint", "token": "token.tst", "growth": "growth.txt"}[name]
            if content is None:
                del changed[full]
            else:
                changed[full] = content
        status, told = evidence.judge(evidence.whole(WORK["root"], changed), *stamps)
        assert status == 4 and words in " ".join(told["wrong"]), (words, told)

    token, = ask(naskah, "SELECT token FROM anchor ORDER BY n")[0]
    older, = ask(naskah, "SELECT checkpoint FROM anchor ORDER BY n")[0]
    growth = files[place + "growth.txt"]
    refused("not one of this checkpoint", token=token)
    refused("not one of this checkpoint", token=b"\x30\x00")
    refused("did not grow", note=older.encode(), token=token)
    refused("did not grow", growth=growth + base64.b64encode(bytes(32)) + b"\n")
    refused("line 1", growth=b"bukan sidik\n" + growth)
    refused("line 1", growth=b"A" * 5000)
    refused("checkpoint", note=b"bukan catatan\n")
    refused("does not hold", note=older.encode().replace(b"\n", b"\n1", 1))


def main():
    with tempfile.TemporaryDirectory() as folder:
        place = os.path.join(folder, "ca")
        os.mkdir(place)
        WORK.update(folder=folder, authority=Authority(place))
        tamper.WORK.update(folder=folder)
        naskah = Naskah(sys.argv[1], os.path.join(folder, "kantor"))
        run_cases([needs_an_authority, comes_by_itself, blocks_nothing, is_killed, is_restored, an_older_database,
                   a_rewritten_history, a_broken_file, rows_are_changed, in_the_evidence], naskah)


if __name__ == "__main__":
    main()
