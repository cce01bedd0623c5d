#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""serve.py NASKAH: a server, commands beside it, and what becomes of both when one is killed."""
import concurrent.futures
import json
import os
import pwd
import re
import shutil
import signal
import socket
import sqlite3
import struct
import subprocess
import sys
import tempfile
import time

from tap import Naskah, run_cases, tool

SOURCE = os.environ["NASKAH_SOURCE"]
SAMPLE = os.path.join(SOURCE, "templates/letters/surat-dinas.sample.xml")
WORK = {}


class Server:
    """A running `naskah serve`."""

    running = []

    def __init__(self, naskah, folder=None, environment=()):
        self.folder = folder or naskah.folder
        self.path = os.path.join(self.folder, "naskah.sock")
        self.child = subprocess.Popen([naskah.program, "serve", "--dir", self.folder],
                                      env=dict(os.environ, **dict(environment)),
                                      stderr=subprocess.PIPE, stdin=subprocess.DEVNULL)
        Server.running.append(self.child)
        self.said = self.child.stderr.readline().decode()
        assert "open" in self.said, self.said

    def stop(self, number=signal.SIGTERM, status=0):
        self.child.send_signal(number)
        rest = self.child.stderr.read().decode()
        self.child.stderr.close()
        assert self.child.wait(60) == status, f"{self.child.returncode}: {rest}"
        assert "ERROR" not in rest, rest
        return rest


def alone(case):
    """No server outlives its case."""
    def run(naskah):
        try:
            case(naskah)
        finally:
            for child in Server.running:
                child.kill()
                child.wait()
            Server.running.clear()
    run.__doc__ = case.__doc__
    return run


def frame(value, *parts):
    text = json.dumps(value).encode()
    body = b"".join(struct.pack(">I", len(part)) + part for part in parts)
    return b"NskF" + struct.pack(">HHII", 1, len(parts), len(text), len(body)) + text + body


def connect(path):
    peer = socket.socket(socket.AF_UNIX)
    peer.connect(path)  # waits while others connect
    peer.settimeout(60)
    return peer


def answer_of(peer):
    data = b""
    while block := peer.recv(65536):
        data += block
    return json.loads(data[16:16 + struct.unpack(">I", data[8:12])[0]])


def say(path, data):
    """What the server answers to these bytes."""
    with connect(path) as peer:
        peer.sendall(data)
        peer.shutdown(socket.SHUT_WR)
        return answer_of(peer)


def draft(naskah, *options):
    return naskah.ask("letter", "new", SAMPLE, "--position", "staf-persuratan", *options,
                      person="damar")["letter"]


def wait_for_repository(naskah, letter, subject):
    """The server's worker shows a letter in the repositories within some seconds."""
    git = os.path.join(naskah.folder, "repositories/biro-umum-2026.git")
    for _ in range(300):
        log = subprocess.run(["git", "--git-dir", git, "log", "--format=%s",
                              f"refs/letters/{letter}"], capture_output=True, text=True, check=False)
        if subject in log.stdout:
            return
        time.sleep(0.1)
    raise AssertionError(f"not projected: {letter}: {log.stdout}{log.stderr}")


def passphrase(naskah):
    return os.path.join(naskah.folder, "keys/passphrase")


def whole_life(naskah):
    """A letter's whole life by commands beside the server, which the server's worker projects."""
    server = Server(naskah)
    letter = draft(naskah)
    other = os.path.join(WORK["folder"], "lain.xml")
    with open(SAMPLE, encoding="utf-8") as old, open(other, "w", encoding="utf-8") as new:
        new.write(old.read().replace("Juli 2026", "Agustus 2026"))
    for words, person in ((("letter", "submit"), "damar"), (("task", "approve"), "kirana"),
                          (("task", "return", "--note", "salah tanggal"), "budi"),
                          (("letter", "edit", letter, other), "damar"),
                          (("letter", "submit"), "damar"), (("task", "approve"), "kirana"),
                          (("task", "approve"), "budi")):
        arguments = words if letter in words else (*words[:2], letter, *words[2:])
        naskah.ask(*arguments, person=person)
    shown = naskah.ask("task", "sign", letter, person="sekar")
    done = naskah.ask("task", "sign", letter, "--confirm", shown["sha256"], "--passphrase-file",
                      passphrase(naskah), "--key", os.path.join(naskah.folder, "keys/sekar.p12"),
                      person="sekar")
    assert done["state"] == "archived", done
    assert naskah.ask("letter", "history", letter, person="sekar")["verified"]
    wait_for_repository(naskah, letter, "File the letter in the archive")
    assert server.child.poll() is None
    rest = server.stop()
    assert "again" not in rest, rest
    assert not os.path.exists(server.path)


def refusals(naskah):
    """What is refused is refused with the same words and exit status with a server and without."""
    letter = draft(naskah)
    wrong = os.path.join(WORK["folder"], "salah.xml")
    with open(wrong, "w", encoding="utf-8") as file:
        file.write("<letter>")
    cases = [(1, "damar", ("letter", "new", wrong, "--position", "staf-persuratan")),
             (7, "damar", ("letter", "new", SAMPLE, "--position", "sekretaris-utama")),
             (3, "damar", ("letter", "submit", "tidak-ada")),
             (7, "kirana", ("task", "approve", letter)),
             (6, "damar", ("letter", "edit", letter, SAMPLE, "--base", "7")),
             (1, "damar", ("letter", "withdraw", letter)),
             (3, "nobody", ("letter", "submit", letter)),
             (7, None, ("letter", "submit", letter)),
             (1, "damar", ("letter", "submit", letter, "--request", "a b")),
             (1, "damar", ("task", "sign", letter, "--confirm", "00", "--passphrase-file", wrong))]
    for language in ("C.UTF-8", "id_ID.UTF-8"):
        alone = [naskah.run(*words, person=person, status=status, language=language)
                 for status, person, words in cases]
        server = Server(naskah)
        beside = [naskah.run(*words, person=person, status=status, language=language)
                  for status, person, words in cases]
        server.stop()
        assert alone == beside, [pair for pair in zip(alone, beside) if pair[0] != pair[1]]


def approve(naskah, letter, person):
    return subprocess.run([naskah.program, "task", "approve", letter, "--as", person, "--dir",
                           naskah.folder], capture_output=True, check=False).returncode


def at_once(naskah):
    """Many processes write at once; of two who do the same task at the same instant, one does it."""
    server = Server(naskah)
    with concurrent.futures.ThreadPoolExecutor(8) as pool:
        letters = list(pool.map(lambda _: draft(naskah), range(6)))
        assert len(set(letters)) == 6
        list(pool.map(lambda letter: naskah.run("letter", "submit", letter, person="damar"),
                      letters))
        assert set(pool.map(lambda letter: approve(naskah, letter, "kirana"), letters[:3])) == {0}
        # kirana reviews some letters while budi reviews others, and each tries twice
        acts = [(letter, "budi") for letter in letters[:3]] + [(letter, "kirana")
                                                               for letter in letters[3:]]
        told = list(pool.map(lambda act: approve(naskah, *act), acts + acts))
        for first, second in zip(told[:6], told[6:]):
            assert min(first, second) == 0 and max(first, second) in (3, 6, 7), told
    for letter, parafs in zip(letters, [2] * 3 + [1] * 3):
        actions = [entry["action"] for entry in
                   naskah.ask("letter", "history", letter, person="damar")["entries"]]
        assert actions.count("paraf-given") == parafs, actions
    server.stop()


def repeated(naskah):
    """A repeated request gets the first answer, through the server and beside it."""
    first = draft(naskah, "--request", "ulang-1")
    server = Server(naskah)
    assert draft(naskah, "--request", "ulang-1") == first
    second = draft(naskah, "--request", "ulang-2")
    assert draft(naskah, "--request", "ulang-2") == second != first
    server.stop()
    assert draft(naskah, "--request", "ulang-2") == second


def write_many(naskah, acknowledged, until):
    """Makes drafts until told otherwise; keeps what was answered, and the ids of what was not."""
    lost = []
    while not until():
        child = subprocess.run(
            [naskah.program, "letter", "new", SAMPLE, "--position", "staf-persuratan", "--as",
             "damar", "--json", "--dir", naskah.folder], capture_output=True, text=True, check=False,
            timeout=120)
        if child.returncode == 0:
            acknowledged.append(json.loads(child.stdout.splitlines()[-1])["letter"])
        else:
            assert child.returncode == 75, child
            lost += re.findall(r"--request (\S+)", json.loads(child.stdout)["error"]["message"])
    return lost


def letters_of(naskah):
    with sqlite3.connect(f"file:{naskah.folder}/office.db?mode=ro", uri=True) as database:
        return {row[0] for row in database.execute("SELECT id FROM letter")}


def under_load(naskah, number, status):
    """Ends a server under the load of four processes, and looks at what they were told."""
    server, acknowledged, stopped = Server(naskah), [], []

    def wait_for(count):
        while len(acknowledged) < count:
            time.sleep(0.05)
            assert all(not one.done() for one in running), [one.result() for one in running]

    with concurrent.futures.ThreadPoolExecutor(4) as pool:
        running = [pool.submit(write_many, naskah, acknowledged, lambda: bool(stopped))
                   for _ in range(4)]
        try:
            wait_for(8)
            before = len(acknowledged)
            server.stop(number, status)
            wait_for(before + 4)  # they go on by themselves
        finally:
            stopped.append(True)
        lost = [request for one in running for request in one.result()]
    assert set(acknowledged) <= letters_of(naskah)
    print(f"# {len(acknowledged)} changes acknowledged, {before} before the end of the server; "
          f"{len(lost)} answers lost")
    return acknowledged, lost


def killed(naskah):
    """A server killed under load: what was acknowledged is there, and lost answers can be had."""
    for _ in range(3):
        _, lost = under_load(naskah, signal.SIGKILL, -signal.SIGKILL)
        assert os.path.exists(os.path.join(naskah.folder, "naskah.sock"))  # nobody listens there
        for request in lost:
            first = draft(naskah, "--request", request)
            assert draft(naskah, "--request", request) == first
    server = Server(naskah)
    letter = draft(naskah)
    server.stop()
    assert letter in letters_of(naskah)


def stopped(naskah):
    """A server stopped under load: every answer is true, and none is lost."""
    for _ in range(2):
        _, lost = under_load(naskah, signal.SIGTERM, 0)
        assert not lost, lost
    naskah.run("doctor")


def two_servers(naskah):
    """A second server, and a writer beside one that holds the lock, are told who does."""
    server = Server(naskah)
    naskah.refuse(75, [str(server.child.pid)], "serve")
    os.rename(server.path, server.path + ".away")  # as if it did not listen
    naskah.refuse(75, [str(server.child.pid)], "letter", "new", SAMPLE, "--position",
                  "staf-persuratan", person="damar")
    os.rename(server.path + ".away", server.path)
    naskah.ask("task", "list", person="damar")  # readers do not wait
    assert naskah.seconds < 9, naskah.seconds
    server.stop()


def bad_peers(naskah):
    """Garbage gets one sentence; silent and greedy peers hold nobody up."""
    server = Server(naskah)
    good = frame({"do": "task-act", "as": "damar", "arguments": {}, "request": "x"})
    for data in (b"GET / HTTP/1.1\r\nHost: x\r\n\r\n", good[:-1], good + b"x" * 3, os.urandom(4096),
                 frame({"do": "tidak-ada", "as": "damar"}), good, frame({"do": 7, "as": []}),
                 frame({"do": "task-act", "as": "damar", "arguments": {"task": 9}}),
                 frame({"do": "task-act", "as": "damar", "arguments": {"task": 0, "outcome": 0}},
                       b"no nul"),
                 frame({"do": "letter-new", "as": "damar", "arguments": {"xml": 0}}, b"")):
        error = say(server.path, data)["error"]
        assert error["message"] and "\n" not in error["message"], error
    silent = [connect(server.path) for _ in range(300)]
    halves = [connect(server.path) for _ in range(40)]
    for peer in halves:
        peer.sendall(good[:20])
    began = time.monotonic()
    draft(naskah)
    took = time.monotonic() - began
    assert took < 9, took
    with silent[-1] as peer:
        assert answer_of(peer)["error"]["code"] == 4
    for peer in silent + halves:
        peer.close()
    draft(naskah)
    server.stop()


def say_as(uid, path, data):
    """The answer to another account."""
    reader, writer = os.pipe()
    child = os.fork()
    if child == 0:
        try:
            os.setgroups([])
            os.setresgid(uid, uid, uid)
            os.setresuid(uid, uid, uid)
            os.write(writer, json.dumps(say(path, data)).encode())
        finally:
            os._exit(0)
    os.close(writer)
    with os.fdopen(reader) as pipe:
        text = pipe.read()
    os.waitpid(child, 0)
    return json.loads(text) if text else None


def strangers(naskah):
    """An account that belongs to nobody is refused; one of a person acts as that person."""
    server = Server(naskah)
    assert os.stat(server.path).st_mode & 0o777 == 0o600
    letter = draft(naskah)
    act = frame({"do": "task-act", "arguments": {"task": 0, "outcome": 1}, "language": "id"},
                letter.encode() + b"\0", b"submit\0")
    answer = say(server.path, act)
    own = pwd.getpwuid(os.getuid()).pw_name
    assert answer["error"]["code"] == 3 and own in answer["error"]["message"], answer
    assert "akun" in answer["error"]["message"], answer  # in the language asked for
    if os.getuid() == 0:
        nobody = pwd.getpwnam("nobody").pw_uid
        assert say_as(nobody, server.path, act) is None  # not even a connection
        os.chmod(naskah.folder, 0o711)
        os.chmod(WORK["folder"], 0o711)
        os.chmod(server.path, 0o666)
        answer = say_as(nobody, server.path, act)
        assert answer["error"]["code"] == 3 and "nobody" in answer["error"]["message"], answer
        os.chmod(naskah.folder, 0o700)
    server.stop()


def another_day(naskah):
    """A demo's people may act on another day, with a server and without; nobody else's may."""
    for day in ("2027-01-04", "2027-01-05"):
        server = Server(naskah) if day.endswith("5") else None
        letter = draft(naskah, "--at", f"{day} 09:30")
        entry = naskah.ask("letter", "history", letter, person="damar")["entries"][0]
        assert entry["at"].startswith(f"{day}T02:30"), entry
        naskah.refuse(1, ["2027-01-04 9 o'clock"], "letter", "submit", letter, "--at",
                      "2027-01-04 9 o'clock", person="damar")
        if server:
            server.stop()
    serious = Naskah(naskah.program, os.path.join(WORK["folder"], "bukan-demo"))
    naskah.run("init", serious.folder, "--directory",
               os.path.join(SOURCE, "templates/demo/directory.xml"), "--person", "damar",
               office=False)
    serious.refuse(7, ["demo offices only"], "letter", "new", SAMPLE, "--position",
                   "staf-persuratan", "--at", "2027-01-04 09:30")


def deep_folder(naskah):
    """An office may lie deeper than the address of a socket is long; a service manager is told."""
    folder = os.path.join(WORK["folder"], *["kantor-yang-sangat-dalam"] * 8, "kantor")
    shutil.copytree(naskah.folder, folder, ignore=shutil.ignore_patterns("*.sock*"))
    deep = Naskah(naskah.program, folder)
    path = os.path.join(WORK["folder"], "notify")
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as manager:
        manager.bind(path)
        manager.settimeout(30)
        server = Server(deep, environment={"NOTIFY_SOCKET": path})
        assert manager.recv(100) == b"READY=1"
        assert draft(deep) in letters_of(deep)
        server.stop(signal.SIGINT)
        assert manager.recv(100) == b"STOPPING=1"
    tool(naskah.program, "doctor", "--dir", folder)


def main():
    with tempfile.TemporaryDirectory() as folder:
        WORK["folder"] = folder
        naskah = Naskah(sys.argv[1], os.path.join(folder, "kantor"))
        naskah.run("init", naskah.folder, "--demo", "--empty", office=False)
        cases = [whole_life, refusals, at_once, repeated, killed, stopped, two_servers, bad_peers,
                 strangers, another_day, deep_folder]
        run_cases([alone(case) for case in cases], naskah)


if __name__ == "__main__":
    main()
