#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""evidence-file.py NASKAH: the evidence file of a letter, read and checked without a word of the program:
zip, bag, METS, PREMIS, entries, proofs, the log's signature.  TAP on standard output."""
import base64
import hashlib
import hmac
import importlib
import json
import os
import re
import sys
import tempfile
import xml.etree.ElementTree as ET
import zipfile

from dispatch import HEAD, PARTIES, WORK, send, write
from tap import Naskah, run_cases, tool

witness = importlib.import_module("witness-server")
METS, XLINK = "{http://www.loc.gov/METS/}", "{http://www.w3.org/1999/xlink}"
PREMIS = "{http://www.loc.gov/premis/v3}"
JOURNAL = "representations/journal/data/"
ED25519_KEY = bytes.fromhex("302a300506032b6570032100")  # DER in front of the 32 bytes


def sha(data):
    return hashlib.sha256(data).digest()


def read_zip(path):
    """(id, {path in the bag: bytes}); names that leave the bag, or come twice, are none."""
    with zipfile.ZipFile(path) as file:
        names = file.namelist()
        assert len(names) == len(set(names)), names
        assert all(entry.compress_type == zipfile.ZIP_STORED for entry in file.infolist())
        roots = {name.split("/")[0] for name in names}
        assert len(roots) == 1 and not any(".." in name or name.startswith("/") for name in names), names
        root = roots.pop()
        return root, {name[len(root) + 1:]: file.read(name) for name in names}


def check_manifest(bag, name, parts):
    said = dict(reversed(line.split("  ", 1)) for line in bag[name].decode().splitlines())
    assert set(said) == parts, (set(said) ^ parts)
    assert all(hashlib.sha256(bag[path]).hexdigest() == digest for path, digest in said.items()), name


def check_bag(root, bag):
    """RFC 8493; the files of the information package."""
    assert bag["bagit.txt"] == b"BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n"
    payload = {path for path in bag if path.startswith("data/")}
    tags = {path for path in bag if "/" not in path} - {"tagmanifest-sha256.txt"}
    assert tags == {"bagit.txt", "bag-info.txt", "manifest-sha256.txt"}, tags
    check_manifest(bag, "manifest-sha256.txt", payload)
    check_manifest(bag, "tagmanifest-sha256.txt", tags)
    oxum = re.search(rb"^Payload-Oxum: (\d+)\.(\d+)$", bag["bag-info.txt"], re.M)
    assert (int(oxum[1]), int(oxum[2])) == (sum(len(bag[path]) for path in payload), len(payload))
    head = f"data/{root}/"
    assert all(path.startswith(head) for path in payload)
    return {path[len(head):]: bag[path] for path in payload}


def check_mets(root, files):
    """Every file but METS itself is referred to once, with its size and digest."""
    mets = ET.fromstring(files["METS.xml"])
    assert mets.get("OBJID") == root
    told = {}
    for holder in mets.iter():
        if holder.tag == METS + "mdRef":
            told[holder.get(XLINK + "href")] = holder
        elif holder.tag == METS + "file":
            told[holder.find(METS + "FLocat").get(XLINK + "href")] = holder
    assert set(told) == set(files) - {"METS.xml"}, set(told) ^ set(files)
    for path, holder in told.items():
        assert holder.get("CHECKSUM") == hashlib.sha256(files[path]).hexdigest(), path
        assert int(holder.get("SIZE")) == len(files[path]), path
    ids = [node.get("ID") for node in mets.iter() if node.get("ID")]
    assert len(ids) == len(set(ids)), ids
    ends = {node.get("FILEID") for node in mets.iter(METS + "fptr")}
    assert ends <= set(ids), ends


def check_key(text, note):
    """The log's signature under its checkpoint, by openssl; (origin, size, root)."""
    name, number, key = text.strip().split("+", 2)
    key = base64.b64decode(key)
    assert key[0] == 1 and sha(name.encode() + b"\n" + key)[:4].hex() == number
    body, lines = note.decode().split("\n\n", 1)
    body += "\n"
    blobs = [base64.b64decode(line.split(" ")[2]) for line in lines.splitlines()
             if line.startswith(f"— {name} ")]
    signatures = [blob[4:] for blob in blobs if blob[:4].hex() == number]
    assert len(signatures) == 1, lines
    with tempfile.TemporaryDirectory() as folder:
        parts = {"key": ED25519_KEY + key[1:], "text": body.encode(), "signature": signatures[0]}
        for part, data in parts.items():
            with open(os.path.join(folder, part), "wb") as file:
                file.write(data)
        tool("openssl", "pkeyutl", "-verify", "-rawin", "-pubin", "-keyform", "DER",
             *(word for option, part in (("-inkey", "key"), ("-in", "text"), ("-sigfile", "signature"))
               for word in (option, os.path.join(folder, part))))
    origin, size, root = body.splitlines()[:3]
    assert origin == name
    return int(size), base64.b64decode(root)


def climb(leaf, index, size, path):
    """RFC 9162, section 2.1.3.2."""
    left, last, at = index, size - 1, leaf
    for step in path:
        assert last > 0
        if left & 1 or left == last:
            at = sha(b"\1" + step + at)
            while not left & 1 and left:
                left, last = left >> 1, last >> 1
        else:
            at = sha(b"\1" + at + step)
        left, last = left >> 1, last >> 1
    assert last == 0
    return at


def check_journal(root, files):
    """The chain, its numbers, and the proof of every entry against one signed root."""
    lines = files[JOURNAL + "events.jsonl"].split(b"\n")
    assert lines.pop() == b""
    note = files[JOURNAL + "checkpoint"]
    size, top = check_key(files["representations/comparison/data/log.vkey"].decode(), note)
    before, entries = b"\0" * 32, []
    for number, line in enumerate(lines, 1):
        entry = json.loads(line)
        assert json.dumps(entry, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode() == line
        assert entry["letter"] == root and entry["letter_seq"] == number, entry
        assert entry["prev"] == before.hex(), number
        before = sha(line)
        head, checkpoint = files[f"{JOURNAL}proofs/{number:06}.tlog-proof"].split(b"\n\n", 1)
        assert checkpoint == note
        words = head.decode().split("\n")
        assert words[0] == "c2sp.org/tlog-proof@v1", words
        index = int(words[1].removeprefix("index "))
        assert climb(sha(b"\0" + line), index, size, [base64.b64decode(word) for word in words[2:]]) == top
        entries.append(entry)
    for line in files[JOURNAL + "texts.jsonl"].splitlines():
        text = json.loads(line)
        entry = entries[text["seq"] - 1]
        said = entry["reason_hash"] if text["name"] == "reason" else entry["texts"][text["name"]]
        salt = bytes.fromhex(text["salt"])
        assert hmac.digest(salt, text["text"].encode(), "sha256").hex() == said, text
    return entries


def check_day(root, files, entries):
    """What the newest day's map says of the history: how many entries it had; None without one."""
    if JOURNAL + "day.jsonl" not in files:
        return None
    line = files[JOURNAL + "day.jsonl"].removesuffix(b"\n")
    day = json.loads(line)
    assert (day["letter"], day["action"], day["log"]) == ("office/log", "day-mapped", entries[0]["log"]), day
    size, top = check_key(files["representations/comparison/data/log.vkey"].decode(), files[JOURNAL + "checkpoint"])
    head, _ = files[JOURNAL + "day.tlog-proof"].split(b"\n\n", 1)
    words = head.decode().split("\n")
    index = int(words[1].removeprefix("index "))
    assert climb(sha(b"\0" + line), index, size, [base64.b64decode(word) for word in words[2:]]) == top
    bound = {thing["kind"]: thing for thing in day["object"]}
    assert index >= bound["log"]["size"]
    lines = files[JOURNAL + "day.map"].decode().splitlines()
    assert lines[0] == "naskah-day-map@v1"
    events, last = int(lines[1].removeprefix("events ")), base64.b64decode(lines[2])
    place = sha(b"\2" + root.encode())
    at = sha(b"\3" + place + events.to_bytes(8, "big") + last)
    for depth, step in reversed(list(enumerate(reversed([base64.b64decode(text) for text in lines[3:]])))):
        right = place[depth // 8] >> (7 - depth % 8) & 1
        at = sha(b"\1" + (step + at if right else at + step))
    assert at.hex() == bound["day-map"]["sha256"], "the map of the day says something else"
    assert events <= len(entries), "entries were left out"
    assert sha(files[JOURNAL + "events.jsonl"].split(b"\n")[events - 1]) == last
    return events


def check_growth(old, before, size, top, path):
    """RFC 9162, section 2.1.4.2."""
    if old == size:
        assert not path and before == top, (old, path)
        return
    assert 0 < old < size, (old, size)
    steps = ([before] if old & (old - 1) == 0 else []) + path
    left, last, early, late = old - 1, size - 1, steps[0], steps[0]
    while left & 1:
        left, last = left >> 1, last >> 1
    for step in steps[1:]:
        assert last > 0
        if left & 1 or left == last:
            early, late = sha(b"\1" + step + early), sha(b"\1" + step + late)
            while not left & 1 and left:
                left, last = left >> 1, last >> 1
        else:
            late = sha(b"\1" + late + step)
        left, last = left >> 1, last >> 1
    assert (early, late, last) == (before, top, 0), "the log did not grow from there"


def check_cosigned(files, entries, keys):
    """Of each witness of those keys how many entries of the letter it cosigned; the log grew from there."""
    vkey = files["representations/comparison/data/log.vkey"].decode()
    size, top = check_key(vkey, files[JOURNAL + "checkpoint"])
    places = [int(files[f"{JOURNAL}proofs/{n:06}.tlog-proof"].split(b"\n")[1].split(b" ")[1])
              for n in range(1, len(entries) + 1)]
    found = {}
    for path in sorted(path for path in files if path.startswith(JOURNAL + "cosigned/") and path.endswith("/checkpoint")):
        note = files[path]
        old, before = check_key(vkey, note)
        proof = files[path.removesuffix("checkpoint") + "growth.txt"].decode().splitlines()
        check_growth(old, before, size, top, [base64.b64decode(line) for line in proof])
        for line in note.decode().split("\n\n", 1)[1].splitlines():
            for key in keys:
                if line.startswith(f"\u2014 {key.split('+')[0]} "):
                    witness.check_cosignature(WORK["folder"], key, note.decode(), line)
                    name = key.split("+")[0]
                    found[name] = max(found.get(name, 0), sum(place < old for place in places))
    return found


def last_of(entries, kind):
    return [thing["sha256"] for entry in entries for thing in entry["object"] if thing["kind"] == kind][-1]


def check_evidence(path):
    root, bag = read_zip(path)
    files = check_bag(root, bag)
    check_mets(root, files)
    entries = check_journal(root, files)
    for path, data in files.items():
        if path.endswith(".xml"):
            ET.fromstring(data)
    events = ET.fromstring(files["metadata/preservation/premis.xml"]).iter(PREMIS + "event")
    assert [event.find(PREMIS + "eventType").text for event in events] == [entry["action"] for entry in entries]
    versions = json.loads(files["representations/versions/data/versions.json"])
    assert [version["commit"] for version in versions] == [entry["commit"] for entry in entries]
    newest = {file["name"]: file["sha256"] for file in versions[-1]["files"]}
    for path, data in files.items():
        if path.startswith("representations/letter/data/"):
            assert newest[os.path.basename(path)] == hashlib.sha256(data).hexdigest(), path
    return root, files, entries


def export(naskah, letter, name, person="damar"):
    path = os.path.join(WORK["folder"], name)
    said = naskah.ask("archive", "export", letter, "-o", path, person=person)
    assert said["file"] == path and said["size"] == os.path.getsize(path)
    return path


def signed_letter_proves_itself(naskah):
    """Zip, bag, METS, PREMIS, chain, proofs and signature of a signed letter's evidence hold."""
    naskah.run("init", naskah.folder, "--demo", "--empty", office=False)
    WORK["letter"] = letter = send(naskah)
    path = export(naskah, letter, "bukti-pertama.zip")
    assert check_day(*check_evidence(path)) is None
    naskah.run("audit", "day")
    path = export(naskah, letter, "bukti.zip")
    root, files, entries = check_evidence(path)
    assert root == letter and check_day(root, files, entries) == len(entries)
    pdf = files[f"representations/letter/data/{letter}.pdf"]
    xml = files[f"representations/letter/data/{letter}.xml"]
    assert hashlib.sha256(pdf).hexdigest() == last_of(entries, "pdf")
    assert hashlib.sha256(xml).hexdigest() == last_of(entries, "letter")
    flow, version = entries[-1]["workflow"].split("@")
    assert f"representations/workflow/data/{flow}-{version}.bpmn" in files, sorted(files)
    whole = os.path.join(WORK["folder"], "surat.pdf")
    with open(whole, "wb") as file:
        file.write(pdf)
    root_file = os.path.join(naskah.folder, "trust", "demo-root.pem")
    assert naskah.ask("verify", whole, "--trust", root_file, office=False)["verdict"] == "valid"


def taking_it_out_is_told(naskah):
    """What was taken out stands in the history with its digest; the next file proves that too."""
    path = os.path.join(WORK["folder"], "bukti.zip")
    entry = naskah.ask("letter", "history", WORK["letter"], person="damar")["entries"][-1]
    assert entry["action"] == "evidence-exported" and entry["actor"] == "damar", entry
    assert entry["position"] == "staf-persuratan", entry
    _, _, entries = check_evidence(export(naskah, WORK["letter"], "lagi.zip", person="sekar"))
    with open(path, "rb") as file:
        assert last_of(entries, "evidence") == hashlib.sha256(file.read()).hexdigest()
    assert not naskah.ask("audit", "verify")["issues"]


def only_for_readers(naskah):
    """Who may not read the history gets no file, and nothing is told."""
    before = len(naskah.ask("letter", "history", WORK["letter"], person="damar")["entries"])
    path = os.path.join(WORK["folder"], "tidak.zip")
    naskah.refuse(3, ["may read"], "archive", "export", WORK["letter"], "-o", path, person="yosefina")
    naskah.refuse(2, ["-o FILE.zip"], "archive", "export", WORK["letter"], person="damar")
    assert not os.path.exists(path)
    assert len(naskah.ask("letter", "history", WORK["letter"], person="damar")["entries"]) == before


def unsigned_pages_stay(naskah):
    """Pages that nobody has signed are not in the file of who is not to sign them."""
    draft = naskah.ask("letter", "new", write("konsep.xml", HEAD.format(
        subject="Konsep", to=PARTIES, security="terbatas")), "--position", "staf-persuratan",
                       person="damar")["letter"]
    naskah.run("letter", "submit", draft, person="damar")
    naskah.ask("task", "sign", draft, person="sekar")
    _, files, _ = check_evidence(export(naskah, draft, "konsep.zip"))
    assert f"representations/letter/data/{draft}.xml" in files
    assert f"representations/letter/data/{draft}.pdf" not in files


def main():
    with tempfile.TemporaryDirectory() as folder:
        WORK["folder"] = folder
        naskah = Naskah(sys.argv[1], os.path.join(folder, "kantor"))
        run_cases([signed_letter_proves_itself, taking_it_out_is_told, only_for_readers,
                   unsigned_pages_stay], naskah)


if __name__ == "__main__":
    main()
