#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""witness-server.py NASKAH: a real witness is asked over HTTP about the log of a real office; what
it signs is checked without a word of the program.  TAP on standard output."""
import base64
import hashlib
import http.client
import os
import pathlib
import signal
import subprocess
import sys
import tempfile

from tap import Naskah, run_cases, tool

ED25519_KEY = bytes.fromhex("302a300506032b6570032100")  # DER in front of the 32 bytes
NAME = "saksi.example/1"
SAMPLE = str(pathlib.Path(__file__).resolve().parents[2] /
             "templates/letters/surat-dinas.sample.xml")


class Witness:
    """The program as a witness, on a port of its own, or on that of before."""

    def __init__(self, program, folder, name=NAME, port=0):
        self.child = subprocess.Popen(
            [program, "witness", "serve", "--dir", folder, "--name", name, "--listen",
             f"127.0.0.1:{port}"], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
            stdin=subprocess.DEVNULL)
        self.key = self.child.stdout.readline().decode().strip()
        address = self.child.stdout.readline().decode().strip()
        assert address.startswith("http://127.0.0.1:"), (self.key, address)
        self.port = int(address.rsplit(":", 1)[1])

    def ask(self, body, method="POST", path="/add-checkpoint"):
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=300)
        connection.request(method, path, body.encode() if body is not None else None)
        answer = connection.getresponse()
        result = answer.status, answer.getheader("Content-Type"), answer.read().decode()
        connection.close()
        return result

    def end(self, number):
        self.child.send_signal(number)
        status = self.child.wait(300)
        self.child.stdout.close()
        return status


def leaves_of(folder, size):
    """The hashes of all entries, from the tiles of an export."""
    leaves = b""
    for tile in range((size + 255) // 256):
        width = min(256, size - 256 * tile)
        name = os.path.join(folder, "tile", "0", f"{tile:03}")
        name += f".p/{width}" if width < 256 else ""
        with open(name, "rb") as file:
            leaves += file.read()
    return [leaves[i:i + 32] for i in range(0, len(leaves), 32)]


def root_of(leaves):
    if len(leaves) == 1:
        return leaves[0]
    half = 1 << (len(leaves) - 1).bit_length() - 1
    return hashlib.sha256(b"\1" + root_of(leaves[:half]) + root_of(leaves[half:])).digest()


def growth(old, leaves, whole=True):
    """RFC 6962 section 2.1.2."""
    if old == len(leaves):
        return [] if whole else [root_of(leaves)]
    half = 1 << (len(leaves) - 1).bit_length() - 1
    if old <= half:
        return growth(old, leaves[:half], whole) + [root_of(leaves[half:])]
    return growth(old - half, leaves[half:], False) + [root_of(leaves[:half])]


def request(old, leaves, checkpoint):
    proof = growth(old, leaves) if old else []
    lines = "".join(base64.b64encode(node).decode() + "\n" for node in proof)
    return f"old {old}\n{lines}\n{checkpoint}"


def check_cosignature(folder, key, checkpoint, answer):
    """By OpenSSL: c2sp.org/tlog-cosignature."""
    name, _, public = key.split("+", 2)
    dash, said, signature = answer.rstrip("\n").split(" ")
    public, signature = base64.b64decode(public), base64.b64decode(signature)
    assert (dash, said, public[0]) == ("\u2014", name, 4), answer
    assert signature[:4] == hashlib.sha256(name.encode() + b"\n" + public).digest()[:4]
    time = int.from_bytes(signature[4:12], "big")
    text = checkpoint[:checkpoint.rindex("\n\n") + 1]
    parts = {"key": ED25519_KEY + public[1:], "signature": signature[12:],
             "text": f"cosignature/v1\ntime {time}\n{text}".encode()}
    for part, data in parts.items():
        with open(os.path.join(folder, part), "wb") as file:
            file.write(data)
    tool("openssl", "pkeyutl", "-verify", "-pubin", "-keyform", "DER", "-rawin", "-inkey",
         f"{folder}/key", "-sigfile", f"{folder}/signature", "-in", f"{folder}/text")


class Log:
    """The log of an office as it is exported twice, with a letter in between."""

    def __init__(self, naskah, folder):
        naskah.run("letter", "new", SAMPLE, "--position", "staf-persuratan", person="damar")
        self.early = self.export(naskah, folder + "/early")
        naskah.run("letter", "new", SAMPLE, "--position", "staf-persuratan", person="damar")
        self.late = self.export(naskah, folder + "/late")
        self.key = naskah.ask("audit", "verify")["key"]
        self.origin = self.late[1].splitlines()[0]

    @staticmethod
    def export(naskah, folder):
        naskah.run("audit", "export", folder)
        with open(folder + "/checkpoint", encoding="utf-8") as file:
            checkpoint = file.read()
        return leaves_of(folder, int(checkpoint.splitlines()[1])), checkpoint


def newest(place):
    """Where the witness shows what it signed last (c2sp.org/tlog-witness, monitoring)."""
    return f"/{hashlib.sha256(place['log'].origin.encode()).hexdigest()}/checkpoint"


def add_early(place):
    """A witness that was told of the log signs it from nothing"""
    witness = Witness(place["naskah"].program, place["dir"])
    leaves, checkpoint = place["log"].early
    try:
        status, _, said = witness.ask(request(0, leaves, checkpoint))
        assert status == 404 and NAME not in said, (status, said)
        tool(place["naskah"].program, "witness", "add", place["log"].origin, place["log"].key,
             "--dir", place["dir"])
        status, kind, said = witness.ask(request(0, leaves, checkpoint))
        assert status == 200 and kind.startswith("text/plain"), (status, kind, said)
        check_cosignature(place["folder"], witness.key, checkpoint, said)
        assert witness.ask(None, "GET", newest(place)) == (200, kind, checkpoint + said)
    finally:
        place["key"] = witness.key
        assert witness.end(signal.SIGKILL) == -signal.SIGKILL


def refuse(place):
    """After kill -9 it has its key and state, and signs nothing that does not continue it"""
    witness = Witness(place["naskah"].program, place["dir"])
    early, late = place["log"].early, place["log"].late
    old = len(early[0])
    good = request(old, *late)
    assert witness.key == place["key"]
    try:
        status, _, shown = witness.ask(None, "GET", newest(place))
        assert status == 200 and shown.startswith(early[1]), (status, shown)
        assert witness.ask(request(0, *late)) == (409, "text/x.tlog.size", f"{old}\n")
        lines = good.split("\n")
        assert len(lines[1]) == 44, good  # a proof is there to be changed
        lines[1] = base64.b64encode(bytes(32)).decode()
        size, root = late[1].split("\n")[1:3]
        for status, body in (
                (422, "\n".join(lines)),
                (403, good.replace(f"\n{root}\n", "\n" + base64.b64encode(bytes(32)).decode() + "\n")),
                (403, good.replace(f"\n{size}\n{root}", f"\n{int(size) + 1}\n{root}")),
                (404, good.replace(place["log"].origin + "\n", "lain.example/log\n")),
                (400, good[:-1]), (400, "old " + good), (400, ""), (400, "\0" * 100),
                (413, "old 1\n" + "x" * 100000)):
            answer = witness.ask(body)
            assert answer[0] == status and "saksi.example/1 " not in answer[2], (status, answer)
        assert witness.ask(None, "GET")[0] == 405 and witness.ask("x", path="/")[0] in (404, 405)
        status, _, said = witness.ask(good)
        assert status == 200, (status, said)
        check_cosignature(place["folder"], witness.key, late[1], said)
        assert witness.ask(request(old, *late))[:2] == (409, "text/x.tlog.size")
        assert witness.ask(None, "GET", newest(place))[2] == late[1] + said
        for path in ("/" + "0" * 64, "/" + "0" * 63, "/...", newest(place)[:-11].upper()):
            assert witness.ask(None, "GET", path + "/checkpoint")[0] == 404, path
    finally:
        assert witness.end(signal.SIGTERM) == 0


def words(place):
    """What is wrong with a command is said"""
    naskah = place["naskah"]
    naskah.refuse(1, ["directory of a witness"], "witness", "serve", "--listen", "127.0.0.1:0",
                  "--name", NAME)
    assert not os.path.exists(os.path.join(naskah.folder, "witness.key"))
    other = Naskah(naskah.program, place["folder"] + "/none")
    other.refuse(1, ["--name"], "witness", "serve", "--listen", "127.0.0.1:0")
    other.refuse(1, ["NAME+ID+KEY"], "witness", "add", "x", "y")
    assert not os.path.exists(other.folder)


def main():
    with tempfile.TemporaryDirectory(prefix="naskah-witness-") as folder:
        naskah = Naskah(sys.argv[1], folder + "/office")
        naskah.run("init", naskah.folder, "--demo", office=False)
        run_cases([add_early, refuse, words],
                  {"naskah": naskah, "folder": folder, "dir": folder + "/saksi",
                   "log": Log(naskah, folder)})


if __name__ == "__main__":
    main()
