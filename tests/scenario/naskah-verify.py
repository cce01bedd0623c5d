#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""naskah-verify.py NASKAH VERIFY: an evidence file is judged by naskah-verify alone, and so is every way in
which somebody may change one: bytes of the zip, the bag, METS, and all of it made to fit again.  TAP on
standard output."""
import base64
import copy
import hashlib
import io
import json
import os
import re
import shutil
import struct
import subprocess
import sys
import tempfile
import xml.etree.ElementTree as ET
import zipfile
import zlib

from dispatch import WORK, send
from tamper import ed25519
from tap import Naskah, run_cases

VERIFY = os.path.abspath(sys.argv[2])
JOURNAL, LETTER = "representations/journal/data/", "representations/letter/data/"
VERSIONS = "representations/versions/data/versions.json"
METS, XLINK = "{http://www.loc.gov/METS/}", "{http://www.w3.org/1999/xlink}"
FORBIDDEN = ("sqlite", "git2", "curl", "microhttpd", "poppler", "p11-kit", "sodium")


def sha(data):
    return hashlib.sha256(data).hexdigest()


# --- Files of our own making


def zip_of(members, flags=0x800, comment=b""):
    """The plain form of the program, of [(name, bytes)]; other forms by the options."""
    body, directory = b"", b""
    for name, data in members:
        common = struct.pack("<HHHHHIIIHH", 20, flags, 0, 0, 0x21, zlib.crc32(data), len(data), len(data),
                             len(name.encode()), 0)
        directory += (struct.pack("<IH", 0x02014b50, 0x314) + common
                      + struct.pack("<HHHII", 0, 0, 0, 0o100644 << 16, len(body)) + name.encode())
        body += struct.pack("<I", 0x04034b50) + common + name.encode() + data
    end = struct.pack("<IHHHHIIH", 0x06054b50, 0, 0, len(members), len(members), len(directory), len(body), len(comment))
    return body + directory + end + comment


def mets_of(root, files):
    """METS with the digests and sizes of the files as they are now, without those that are gone."""
    ET.register_namespace("", "http://www.loc.gov/METS/")
    mets = ET.fromstring(files["METS.xml"])
    for group in list(mets.iter()):
        for file in group.findall(METS + "file"):
            if file.find(METS + "FLocat").get(XLINK + "href") not in files:
                group.remove(file)
    for holder in mets.iter():
        place = holder if holder.tag == METS + "mdRef" else holder.find(METS + "FLocat")
        path = place.get(XLINK + "href") if place is not None else None
        if path in files and (holder.tag in (METS + "mdRef", METS + "file")):
            holder.set("CHECKSUM", sha(files[path]))
            holder.set("SIZE", str(len(files[path])))
    return ET.tostring(mets)


def bag_of(root, files):
    """Members of a bag of the package's files."""
    payload = sorted((f"data/{root}/{path}", data) for path, data in files.items())
    info = ("Bag-Software-Agent: uji\nBagging-Date: 2026-01-01\n" f"External-Identifier: {root}\n"
            f"Payload-Oxum: {sum(len(data) for _, data in payload)}.{len(payload)}\n").encode()
    tags = [("bagit.txt", b"BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n"), ("bag-info.txt", info),
            ("manifest-sha256.txt", "".join(f"{sha(data)}  {path}\n" for path, data in payload).encode())]
    last = "".join(f"{sha(data)}  {path}\n" for path, data in tags).encode()
    return dict([*payload, *tags, ("tagmanifest-sha256.txt", last)])


def whole(root, files, told=True):
    """A file in which everything fits again."""
    files = dict(files)
    if told:
        files["METS.xml"] = mets_of(root, files)
    return zip_of([(f"{root}/{path}", data) for path, data in bag_of(root, files).items()])


def retag(bag):
    """The tag manifest is made to fit the other tags."""
    names = ("bagit.txt", "bag-info.txt", "manifest-sha256.txt")
    bag["tagmanifest-sha256.txt"] = "".join(f"{sha(bag[name])}  {name}\n" for name in names if name in bag).encode()
    return bag


def as_zip(bag):
    root = WORK["root"]
    return zip_of([(f"{root}/{path}", data) for path, data in bag.items()])


# --- Asking


def judge(data, *options, key=True, status=None):
    """(exit status, the answer)."""
    path = os.path.join(WORK["folder"], "uji.zip")
    with open(path, "wb") as file:
        file.write(data)
    ask = [VERIFY, path, "--json", *options]
    if key:
        ask += ["--key", WORK["key"], "--trust", WORK["trust"]]
    done = subprocess.run(ask, capture_output=True, text=True, env=dict(os.environ, LC_ALL="C.UTF-8"))
    assert done.returncode in (0, 4, 5) and "ERROR" not in done.stderr, (done.returncode, done.stderr[-2000:])
    assert status is None or done.returncode == status, (done.returncode, done.stdout)
    return done.returncode, json.loads(done.stdout)


def must_refuse(name, data, reason):
    status, told = judge(data)
    words = " ".join(told["wrong"])
    assert status == 4 and told["verdict"] == "not-proven", (name, told)
    assert reason in words, (name, reason, words)


# --- Cases


def begin(naskah):
    """A genuine file is proved by the log's key and the roots of the signers."""
    naskah.run("init", naskah.folder, "--demo", "--empty", office=False)
    letter = WORK["root"] = send(naskah)
    other = send(naskah)
    # its last entry is that it was taken out, which makes no version: it can be left out of a file
    naskah.run("archive", "export", letter, "-o", os.path.join(WORK["folder"], "dulu.zip"), person="damar")
    naskah.run("audit", "day")
    for name, which in (("bukti", letter), ("lain", other)):
        path = os.path.join(WORK["folder"], name + ".zip")
        naskah.run("archive", "export", which, "-o", path, person="damar")
        with zipfile.ZipFile(path) as file:
            head = f"{which}/data/{which}/"
            WORK[name] = {entry[len(head):]: file.read(entry) for entry in file.namelist() if entry.startswith(head)}
        with open(path, "rb") as file:
            WORK[name + ".zip"] = file.read()
    WORK["key"] = WORK["bukti"]["representations/comparison/data/log.vkey"].decode().strip()
    WORK["trust"] = os.path.join(WORK["folder"], "akar.pem")
    shutil.copy(os.path.join(naskah.folder, "trust/demo-root.pem"), WORK["trust"])
    shutil.rmtree(naskah.folder)  # nothing of the office is needed from here on
    _, told = judge(WORK["bukti.zip"], status=0)
    assert told["verdict"] == "proven" and told["letter"] == letter and told["notes"] == [], told
    assert any("Sekar" in text for text in told["proved"]), told
    assert any("and no more" in text for text in told["proved"]), told
    assert judge(whole(letter, WORK["bukti"]))[1]["verdict"] == "proven"  # so our own files are good ones


def less_is_told(_naskah):
    """Without a key or roots the verdict says what it does not prove."""
    _, told = judge(WORK["bukti.zip"], key=False, status=5)
    assert told["verdict"] == "proven-with-notes" and len(told["notes"]) == 2, told
    assert "--key" in told["notes"][0] and "--trust" in told["notes"][1], told
    key = os.path.join(WORK["folder"], "kunci")
    with open(key, "w", encoding="ascii") as file:
        file.write(WORK["key"] + "\n")
    _, told = judge(WORK["bukti.zip"], "--key", key, key=False, status=5)
    assert len(told["notes"]) == 1 and "vouches" in told["notes"][0], told


def zips(_naskah):
    """A zip in any other form than the program's own is refused."""
    good, root = WORK["bukti.zip"], WORK["root"]
    members = [(f"{root}/{path}", data) for path, data in bag_of(root, WORK["bukti"]).items()]
    deflated = io.BytesIO()
    with zipfile.ZipFile(deflated, "w", zipfile.ZIP_DEFLATED) as file:
        for name, data in members:
            file.writestr(name, data)
    middle = good.index(b"letter-created")
    cases = {
        "flipped": (good[:middle] + b"X" + good[middle + 1:], "damaged"),
        "cut off": (good[:-100], "does not end"), "cut before": (good[100:], "directory"),
        "empty": (b"", "too small"), "a PDF": (WORK["bukti"][f"{LETTER}{root}.pdf"], "does not end"),
        "something before": (b"PK" + good, "directory"), "something behind": (good + b"\0" * 22, "does not end"),
        "a comment": (zip_of(members, comment=b"x"), "does not end"),
        "compressed": (deflated.getvalue(), "compressed"),
        "encrypted": (zip_of(members, flags=0x801), "encrypted"),
        "twins": (zip_of(members + members[-1:]), "one name"),
        "twins by case": (zip_of(members + [(members[-1][0].upper(), b"")]), "case"),
        "traversal": (zip_of(members + [(f"{root}/../../etc/passwd", b"")]), "leads elsewhere"),
        "absolute": (zip_of(members + [("/etc/passwd", b"")]), "leads elsewhere"),
        "other slashes": (zip_of(members + [(f"{root}\\x", b"")]), "leads elsewhere"),
        "hidden": (zip_of(members + [(f"{root}/.git/config", b"")]), "leads elsewhere"),
        "another root": (zip_of(members + [("lain/bagit.txt", b"")]), "no place"),
        "no bag": (zip_of(members[:3]), "bagit.txt"),
    }
    for name, (data, reason) in cases.items():
        must_refuse(name, data, reason)


def bags(_naskah):
    """A bag that tells of other files than there are is refused, and names the first."""
    root = WORK["root"]
    path = f"data/{root}/{JOURNAL}events.jsonl"

    def changed(**change):
        bag = bag_of(root, WORK["bukti"])
        for name, data in change.items():
            name = {"manifest": "manifest-sha256.txt", "events": path, "bagit": "bagit.txt", "info": "bag-info.txt",
                    "tags": "tagmanifest-sha256.txt", "fetch": "fetch.txt", "extra": f"data/{root}/lebih.txt"}[name]
            if data is None:
                del bag[name]
            else:
                bag[name] = data(bag.get(name, b""))
        return bag

    line = f"{sha(b'')}  "
    cases = {
        "changed": (changed(events=lambda data: data.replace(b"damar", b"sekar", 1)), "its digest is another"),
        "removed": (retag(changed(events=None)), "counts other"),
        "removed and counted": (retag(changed(events=None, info=lambda data: re.sub(
            rb"Oxum: (\d+)\.(\d+)", lambda m: b"Oxum: %d.%d" % (
                int(m[1]) - len(WORK["bukti"][JOURNAL + "events.jsonl"]), int(m[2]) - 1), data))), "is not there"),
        "added": (retag(changed(extra=lambda _: b"", info=lambda data: re.sub(
            rb"(Oxum: \d+)\.(\d+)", lambda m: m[1] + b".%d" % (int(m[2]) + 1), data))), "no manifest tells"),
        "fetch.txt": (changed(fetch=lambda _: b"https://example.org/x 1 data/x\n"), "no place"),
        "told twice": (retag(changed(manifest=lambda data: data + data.splitlines(keepends=True)[0])), "twice"),
        "a path outside": (retag(changed(manifest=lambda data: data + line.encode() + b"../../etc/passwd\n")), "not there"),
        "a tag in the payload's manifest": (retag(changed(manifest=lambda data: data + (
            f"{sha(b'')}  x\n").encode())), "not there"),
        "an odd line": (retag(changed(manifest=lambda data: b"x\n" + data)), "cannot be read"),
        "no end": (retag(changed(manifest=lambda data: data[:-1])), "cannot be read"),
        "another version": (retag(changed(bagit=lambda data: data.replace(b"1.0", b"9.0"))), "bagit.txt"),
        "no tag manifest": (changed(tags=None), "tagmanifest"),
        "no manifest": (retag(changed(manifest=None)), "manifest"),
        "a tag changed": (changed(info=lambda data: data.replace(b"uji", b"uju")), "digest"),
    }
    for name, (bag, reason) in cases.items():
        must_refuse(name, as_zip(bag), reason)


def packages(_naskah):
    """METS tells of every file, and of no other."""
    root = WORK["root"]
    files = dict(WORK["bukti"])
    files[LETTER + "lebih.txt"] = b"lebih"
    must_refuse("a file that METS does not tell of", whole(root, files), "every file")
    files = dict(WORK["bukti"])
    del files["schemas/letter.rng"]
    must_refuse("a file that only METS tells of", whole(root, files, told=False), "METS tells of it")
    files = dict(WORK["bukti"])
    files["documentation/README.txt"] += b"."
    must_refuse("another digest", whole(root, files, told=False), "another digest")
    files = {path: data for path, data in WORK["bukti"].items() if path != "METS.xml"}
    must_refuse("no METS", whole(root, files, told=False), "METS.xml")
    files = dict(WORK["bukti"], **{"METS.xml": WORK["bukti"]["METS.xml"].replace(root.encode(), b"x" * 36)})
    must_refuse("METS of another letter", whole(root, files, told=False), "another letter")
    files = dict(WORK["bukti"], **{"METS.xml": WORK["bukti"]["METS.xml"][:-20]})
    must_refuse("METS cut off", whole(root, files, told=False), "METS.xml")


def forged_log(files):
    """The same history in a log of somebody's own: his key, his signature."""
    name = WORK["key"].split("+")[0]
    note = files[JOURNAL + "checkpoint"].decode()
    body = note.split("\n\n", 1)[0] + "\n"
    public, signature = ed25519(b"\7" * 32, body.encode(), WORK["folder"])
    key = b"\1" + public
    number = hashlib.sha256(name.encode() + b"\n" + key).digest()[:4]
    files["representations/comparison/data/log.vkey"] = (
        f"{name}+{number.hex()}+{base64.b64encode(key).decode()}\n").encode()
    forged = f"{body}\n— {name} {base64.b64encode(number + signature).decode()}\n"
    for path in list(files):
        if path.startswith(JOURNAL + "proofs/") or path == JOURNAL + "checkpoint":
            files[path] = files[path].replace(note.encode(), forged.encode())


def histories(_naskah):
    """Whatever is changed in history or letter, with every digest made to fit again, is found."""
    root, events = WORK["root"], JOURNAL + "events.jsonl"

    def lines(change):
        def do(files):
            files[events] = b"".join(line + b"\n" for line in change(files[events].split(b"\n")[:-1]))
        return do

    def put(path, change):
        def do(files):
            files[path] = change(files[path])
        return do

    def swap(a, b):
        def do(files):
            files[a], files[b] = files[b], files[a]
        return do

    proofs = JOURNAL + "proofs/00000%d.tlog-proof"
    flow = next(path for path in WORK["bukti"] if path.endswith(".bpmn"))
    pdf, xml, other = f"{LETTER}{root}.pdf", f"{LETTER}{root}.xml", WORK["lain"]
    other_root = next(path for path in other if path.endswith(".pdf"))
    def leave_out(files):
        """The last entry, and everything that tells of it, but for the day's map."""
        kept = files[events].split(b"\n")[:-2]
        assert len(json.loads(files[VERSIONS])) == len(kept) + 1
        files[events] = b"".join(line + b"\n" for line in kept)
        files[VERSIONS] = json.dumps(json.loads(files[VERSIONS])[:-1]).encode()
        del files[f"{JOURNAL}proofs/{len(kept) + 1:06}.tlog-proof"]

    def without_day(files):
        leave_out(files)
        for name in ("day.jsonl", "day.tlog-proof", "day.map"):
            del files[JOURNAL + name]

    day = JOURNAL + "day."
    cases = {
        "the last entry and all that tells of it": (leave_out, "left out"),
        "a day's map of another letter": (put(day + "map", lambda _: other[day + "map"]), "of this letter"),
        "a day's map with fewer entries": (put(day + "map", lambda data: re.sub(
            rb"events (\d+)", lambda m: b"events %d" % (int(m[1]) - 1), data)), "of this letter"),
        "a day's map that is none": (put(day + "map", lambda _: b"x"), "day.map"),
        "no day's map": (lambda files: files.pop(day + "map"), "day.map: it is missing"),
        "a day's map alone": (lambda files: files.pop(day + "jsonl"), "day.jsonl: it is missing"),
        "another day": (put(day + "jsonl", lambda data: re.sub(
            rb'("kind":"day-map","sha256":")....', rb"\g<1>0000", data)), "day.tlog-proof"),
        "an entry that is no day's": (put(day + "jsonl", lambda _: other[events].split(b"\n")[0] + b"\n"),
                                      "not the entry of a day"),
        "a day without its proof": (put(day + "tlog-proof", lambda _: WORK["bukti"][proofs % 1]), "day.tlog-proof"),
        "an entry changed": (put(events, lambda data: data.replace(b'"letter-signed"', b'"letter-burned"')),
                             "does not follow"),
        "the last entry changed": (lines(lambda all: all[:-1] + [all[-1].replace(b"archived", b"arch1ved")]),
                                   "is not in the log"),
        "an entry dropped": (lines(lambda all: all[:2] + all[3:]), "another number"),
        "the last entry dropped": (lines(lambda all: all[:-1]), "proofs of"),
        "the first entry dropped": (lines(lambda all: all[1:]), "another number"),
        "entries reordered": (lines(lambda all: all[:1] + [all[2], all[1]] + all[3:]), "another number"),
        "an entry twice": (lines(lambda all: all + all[-1:]), "another number"),
        "another spelling": (put(events, lambda data: data.replace(b'{"action"', b'{ "action"', 1)), "not written"),
        "no history": (put(events, lambda _: b""), "empty"),
        "no line's end": (put(events, lambda data: data[:-1]), "does not end"),
        "another letter's history": (put(events, lambda _: other[events]), "another letter"),
        "proofs exchanged": (swap(proofs % 1, proofs % 2), "is not in the log"),
        "another place": (put(proofs % 3, lambda data: re.sub(rb"index (\d+)", lambda m: b"index %d" % (
            int(m[1]) + 1), data)), "is not in the log"),
        "a proof of nothing": (put(proofs % 4, lambda _: b""), "000004"),
        "a shorter path": (put(proofs % 5, lambda data: b"\n".join(data.split(b"\n")[:2] + data.split(b"\n")[3:])),
                           "is not in the log"),
        "a checkpoint with more in it": (put(JOURNAL + "checkpoint", lambda data: data + b"x\n"),
                                "checkpoint"),
        "a log of his own": (forged_log, "checkpoint"),
        "words changed": (put(JOURNAL + "texts.jsonl", lambda data: data.replace(b"KP.08.1", b"KP.08.2", 1)),
                          "binds"),
        "words of no entry": (put(JOURNAL + "texts.jsonl", lambda data: data.replace(b'"seq":3', b'"seq":99')),
                              "no entry"),
        "the letter changed": (put(xml, lambda data: data.replace(b"<subjek>", b"<subjek> ").replace(
            b"</p>", b".</p>", 1)), "history tells"),
        "the pages changed": (put(pdf, lambda data: data[:2000] + b"X" + data[2001:]), "history tells"),
        "another letter's pages": (put(pdf, lambda _: other[other_root]), "history tells"),
        "something behind the pages": (put(pdf, lambda data: data + b"\n% x\n"), "history tells"),
        "a version's digest": (put(VERSIONS, lambda data: re.sub(rb'("name":"[^"]*\.xml","sha256":")....',
                                                                  rb"\g<1>0000", data, count=1)), "version 1"),
        "a version dropped": (put(VERSIONS, lambda data: json.dumps(json.loads(data)[1:]).encode()), "version 1"),
        "the last version dropped": (put(VERSIONS, lambda data: json.dumps(json.loads(data)[:-1]).encode()), "version 11"),
        "a version too many": (put(VERSIONS, lambda data: json.dumps(json.loads(data) + json.loads(data)[-1:]).encode()),
                               "versions of"),
        "a version's commit": (put(VERSIONS, lambda data: re.sub(rb'"commit":"....', b'"commit":"0000', data, count=1)),
                               "version 1"),
        "versions that are none": (put(VERSIONS, lambda _: b"["), "versions.json"),
        "another workflow": (put(flow, lambda data: data.replace(b"<", b" <", 1)), "workflow"),
    }
    for name, (change, reason) in cases.items():
        files = copy.copy(WORK["bukti"])
        change(files)
        must_refuse(name, whole(root, files), reason)
    assert len(cases) >= 25
    files = copy.copy(WORK["bukti"])
    without_day(files)
    _, told = judge(whole(root, files), status=5)
    assert "left out" in told["notes"][-1], told


def stands_alone(_naskah):
    """The program needs no database, no network, no reader of PDF pages; wrong use is told."""
    libraries = subprocess.run(["ldd", VERIFY], capture_output=True, text=True, check=True).stdout
    assert not [name for name in FORBIDDEN if name in libraries], libraries
    done = subprocess.run([VERIFY, "--version"], capture_output=True, text=True, check=True)
    assert re.match(r"naskah-verify \d", done.stdout), done.stdout
    path = os.path.join(WORK["folder"], "uji.zip")
    for args, status, words in (([], 2, "--help"), ([path, path], 2, "--help"), (["/tidak/ada.zip"], 1, "ada.zip"),
                                ([path, "--key", "x"], 2, "naskah-verify: "),
                                ([path, "--trust", "/tidak/ada.pem"], 2, "ada.pem"), (["--salah"], 2, "salah")):
        done = subprocess.run([VERIFY, *args], capture_output=True, text=True, env=dict(os.environ, LC_ALL="C.UTF-8"))
        assert (done.returncode, words in done.stderr) == (status, True), (args, done.returncode, done.stderr)
    with open(path, "wb") as file:
        file.write(WORK["bukti.zip"])
    told = subprocess.run([VERIFY, path], capture_output=True, text=True,
                          env=dict(os.environ, LC_ALL="id_ID.UTF-8", LANGUAGE="id")).stdout
    assert "TERBUKTI DENGAN CATATAN" in told, told


def main():
    with tempfile.TemporaryDirectory() as folder:
        WORK["folder"] = folder
        naskah = Naskah(sys.argv[1], os.path.join(folder, "kantor"))
        run_cases([begin, less_is_told, zips, bags, packages, histories, stands_alone], naskah)


if __name__ == "__main__":
    main()
