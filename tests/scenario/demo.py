#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""demo.py NASKAH: runs the demo, and lets strangers' tools judge what it made."""
import json
import os
import re
import sys
import tempfile

from tap import Naskah, run_cases, tool

EVENTS = ["letter-created", "letter-submitted", "letter-returned", "letter-edited",
          "letter-submitted", "paraf-given", "paraf-given", "number-taken", "pages-frozen",
          "signature-authorised", "signature-sent", "signature-answered", "letter-signed", "letter-dispatched", "letter-archived"]
MADE = {}


def runs_through(naskah):
    """The demo runs through and ends with one JSON object."""
    MADE.update(naskah.ask("demo", "--once"))
    assert set(MADE) == {"letter", "pdf", "repository", "office", "trust"}, MADE
    for name in ("pdf", "repository", "office", "trust"):
        assert os.path.exists(MADE[name]), f"{name}: {MADE[name]}"


def speaks_indonesian(naskah):
    """The demo speaks Indonesian where the machine does."""
    with tempfile.TemporaryDirectory() as folder:
        other = Naskah(naskah.program, os.path.join(folder, "kantor"))
        out, _ = other.run("demo", "--once", language="id_ID.UTF-8")
    assert "konsep" in out.lower() and "paraf" in out.lower(), out


def signature_holds(_):
    """pdfsig says that the signature is valid and covers the whole document."""
    said = tool("pdfsig", "-nocert", MADE["pdf"])
    assert said.count("Signature Validation: Signature is Valid.") == 1, said
    assert "Total document signed" in said and "ETSI.CAdES.detached" in said, said
    assert "(DEMO)" in said, said


def fonts_are_embedded(_):
    """pdffonts shows every font embedded and subset."""
    rows = tool("pdffonts", MADE["pdf"]).splitlines()[2:]
    assert rows
    for row in rows:
        assert re.search(r" yes yes yes +\d+ +\d+$", row) and re.match(r"[A-Z]{6}\+", row), row


def structure_is_sound(_):
    """qpdf finds no fault."""
    assert "No syntax or stream encoding errors" in tool("qpdf", "--check", MADE["pdf"])


def text_reads_back(_):
    """pdftotext reads two pages back, in order."""
    text = tool("pdftotext", "-layout", MADE["pdf"], "-")
    assert text.count("\f") == 2, "not two pages"
    at = -1
    for words in ("BADAN PENGELOLA AIR TANAH NUSANTARA", "Nomor", "Yth.", "Dalam rangka",
                  "Hari/Tanggal", "Laboratorium", "Rabu, 29 Juli 2026",
                  "Setiap peserta membawa", "Demikian kami sampaikan", "Kepala Biro Umum,",
                  "Dr. Sekar Wulandari", "Tembusan:", "Deputi Bidang Konservasi"):
        found = text.find(words, at + 1)
        assert found > at, f"'{words}' is missing or out of order"
        at = found
    assert "Kamis, 29 Juli" not in text
    first, second = text.split("\f")[:2]
    assert re.search(r"- ?2 ?-", second) and not re.search(r"- ?1 ?-", first)


def history_is_in_git(_):
    """git log shows each step with its trailers, and git fsck is clean."""
    ref = f"refs/letters/{MADE['letter']}"
    log = tool("git", "-C", MADE["repository"], "log", "--reverse",
               "--format=%(trailers:key=Event,valueonly,separator=%x2C)|"
               "%(trailers:key=Actor,valueonly,separator=%x2C)|"
               "%(trailers:key=Journal,valueonly,separator=%x2C)|%an|%s", ref)
    rows = [row.split("|") for row in log.splitlines()]
    assert [row[0] for row in rows] == EVENTS, log
    for number, row in enumerate(rows, 1):
        assert row[1] and row[2] == f"{MADE['letter']}/{number}" and row[3] and row[4], row
    assert tool("git", "-C", MADE["repository"], "fsck", "--strict", "--full") == ""
    names = tool("git", "-C", MADE["repository"], "ls-tree", "--name-only", ref).split()
    assert names == [f"{MADE['letter']}.{kind}" for kind in ("json", "pdf", "xml")], names
    record = tool("git", "-C", MADE["repository"], "show", f"{ref}:{MADE['letter']}.json")
    kept = json.loads(record)
    form = kept.pop("form")  # stands first, so that a reader knows what follows
    rest = json.dumps(kept, separators=(",", ":"), sort_keys=True, ensure_ascii=False)
    assert record == f'{{"form":{form},{rest[1:]}', record
    assert kept["letter"][0]["state"] == "archived", record
    assert all(task.get("closed") for task in kept["task"]) and kept["inbox"] == [], record
    # it has ids, never the name of anybody, nor why a letter went back
    for words in ("Sekar Wulandari", "Budi", "Tanggal 29 Juli"):
        assert words not in record, record


def repository_is_what_was_signed(_):
    """The PDF in the repository is the exported one, byte for byte."""
    with open(MADE["pdf"], "rb") as file:
        exported = file.read()
    import subprocess
    stored = subprocess.run(["git", "-C", MADE["repository"], "show",
                             f"refs/letters/{MADE['letter']}:{MADE['letter']}.pdf"],
                            capture_output=True, check=True).stdout
    assert stored == exported


def verdicts(naskah):
    """verify: valid with the demo authority, indeterminate without, invalid when a byte is flipped."""
    words = naskah.run("verify", MADE["pdf"], "--trust", MADE["trust"], office=False)[0]
    assert "poppler" in words, words
    told = naskah.ask("verify", MADE["pdf"], "--trust", MADE["trust"], office=False)["poppler"]
    assert not told["differs"] and "problem" not in told, told
    naskah.run("verify", MADE["pdf"], office=False, status=5)
    with open(MADE["pdf"], "rb") as file:
        data = bytearray(file.read())
    with tempfile.NamedTemporaryFile(suffix=".pdf") as copy:
        for place in range(len(data) // 20, len(data), len(data) // 9):
            changed = bytearray(data)
            changed[place] ^= 0x10
            copy.seek(0)
            copy.write(changed)
            copy.flush()
            naskah.run("verify", copy.name, "--trust", MADE["trust"], office=False, status=4)
        # a blank in place of a digit of the signature, which covers all but itself
        changed = bytearray(data)
        changed[data.rindex(b"00>")] = 0x20
        copy.seek(0)
        copy.write(changed)
        copy.flush()
        naskah.run("verify", copy.name, "--trust", MADE["trust"], office=False, status=4)


def office_is_well(naskah):
    """doctor finds nothing, and the office answers."""
    report = naskah.ask("doctor")
    assert [i for i in report["issues"] if i["severity"] == "error"] == [], report
    assert report["letters"] == 1 and report["waiting"] == 0, report
    history = naskah.ask("letter", "history", MADE["letter"], person="budi")
    assert [entry["action"] for entry in history["entries"]] == EVENTS
    assert history["entries"][2]["reason"].startswith("Tanggal 29 Juli 2026")


def main():
    with tempfile.TemporaryDirectory(prefix="naskah-demo-test-") as work:
        naskah = Naskah(sys.argv[1], os.path.join(work, "kantor"))
        run_cases([runs_through, signature_holds, fonts_are_embedded, structure_is_sound,
                   text_reads_back, history_is_in_git, repository_is_what_was_signed, verdicts,
                   office_is_well, speaks_indonesian], naskah)


main()
