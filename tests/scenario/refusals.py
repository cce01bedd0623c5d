#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""refusals.py NASKAH: bad input and lack of authority on the command line: one clear sentence, the
right exit status, and nothing changed."""
import os
import re
import resource
import sqlite3
import subprocess
import sys
import tempfile

from tap import Naskah, run_cases

SOURCE = os.environ["NASKAH_SOURCE"]
SAMPLE = os.path.join(SOURCE, "templates/letters/surat-dinas.sample.xml")
WORK = {}


def write(name, text):
    path = os.path.join(WORK["folder"], name)
    with open(path, "w", encoding="utf-8") as file:
        file.write(text)
    return path


def sample():
    with open(SAMPLE, encoding="utf-8") as file:
        return file.read()


def contents(naskah):
    """All that must not change by a refused command."""
    database = sqlite3.connect(f"file:{naskah.folder}/office.db?mode=ro", uri=True)
    rows = [database.execute(f"SELECT * FROM {table} ORDER BY 1, 2").fetchall()
            for table in ("letter", "task", "inbox", "paraf", "signing", "journal", "register_entry")]
    database.close()
    return rows


def unchanged(case):
    def run(naskah):
        before = contents(naskah)
        case(naskah)
        assert contents(naskah) == before, "something changed"
    run.__doc__ = case.__doc__
    return run


def makes_an_office(naskah):
    """An office is made, once."""
    naskah.run("init", naskah.folder, "--demo", "--empty", office=False)
    naskah.refuse(6, ["already"], "init", naskah.folder, "--demo", "--empty", office=False)
    WORK["letter"] = naskah.ask("letter", "new", SAMPLE, "--position", "staf-persuratan",
                                person="damar")["letter"]


def fails_to_make_an_office(naskah):
    """An office that cannot be made to its end, the disk being full, leaves nothing behind."""
    empty = os.path.join(WORK["folder"], "empty")
    os.mkdir(empty)
    for limit in (1024, 50_000, 150_000):  # bytes of a file
        for folder, gone in ((empty, os.path.join(empty, "keys")),
                             (os.path.join(WORK["folder"], "new/deep/office/"),
                              os.path.join(WORK["folder"], "new"))):
            child = subprocess.run(
                [naskah.program, "init", folder, "--demo", "--empty"], capture_output=True, check=False,
                restore_signals=False,  # a file too large is an error, not a signal
                preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit)))
            assert child.returncode not in (0, -25), f"{limit}: {child}"
            assert not os.path.exists(gone), f"{limit}: {child} {os.listdir(gone)}"
    assert os.listdir(empty) == []
    naskah.run("init", empty, "--demo", "--empty", office=False)


@unchanged
def usage(naskah):
    """Wrong usage is exit 2, with how it is written."""
    naskah.run("nothing", status=2)
    naskah.refuse(2, ["naskah letter show LETTER"], "letter", "show")
    naskah.refuse(2, ["--frob"], "letter", "show", "x", "--frob")
    out, _ = naskah.run("task", "sign", "--help", office=False)
    assert out.index("Examples:") < out.index("Options:")


@unchanged
def not_found(naskah):
    """What is not there, or may not be known of, is exit 3."""
    naskah.refuse(3, ["no letter"], "letter", "show", "no-such-letter", person="damar")
    naskah.refuse(3, ["no letter"], "letter", "show", WORK["letter"], person="arkan")
    naskah.refuse(3, ["no-such"], "letter", "show", WORK["letter"], person="no-such")
    naskah.refuse(3, ["naskah init"], "task", "list", "--dir", "/nonexistent", "--as", "damar",
                  office=False)
    naskah.refuse(3, ["/nonexistent.pdf"], "verify", "/nonexistent.pdf", office=False)
    naskah.refuse(3, ["surat-dinas"], "letter", "new", "--kind", "surat-sakti", person="damar")


@unchanged
def not_permitted(naskah):
    """Somebody else's task, and acting without an account, are exit 7."""
    naskah.refuse(7, ["not yours"], "letter", "submit", WORK["letter"], person="kirana")
    naskah.refuse(7, ["not yours"], "letter", "edit", WORK["letter"], SAMPLE, person="sekar")
    naskah.refuse(7, ["--as"], "task", "list")


@unchanged
def malformed_xml(naskah):
    """A letter that is no XML is refused with file, line and column."""
    path = write("broken.xml", sample().replace("</subject>", "</subjek>"))
    said = naskah.refuse(1, [path], "letter", "new", path, person="damar")
    assert re.search(r"broken\.xml:\d+:\d+: ", said), said


@unchanged
def schema_faults(naskah):
    """What breaks the schema is refused with its place, what is wrong, and what is allowed."""
    path = write("schema.xml", sample().replace("<body>", "<body><pp>x</pp>")
                 .replace("<urgency>segera</urgency>", "<urgency>kilat</urgency>"))
    said = naskah.refuse(1, ["pp", "allowed", "ol", "kilat", "segera"], "letter", "new", path,
                         person="damar")
    assert len(re.findall(r"schema\.xml:\d+:\d+: ", said)) >= 2, said
    out, _ = naskah.run("letter", "check", path, office=False, status=1)
    assert len(re.findall(r"schema\.xml:\d+:\d+: ", out)) >= 2, out


@unchanged
def many_checks(naskah):
    """Of many letters all are checked: one that cannot be read hides no findings of another."""
    bad = write("bad.xml", sample().replace("<body>", "<body><pp>x</pp>"))
    mangled = write("mangled.xml", "<letter")
    for files in ((bad, "/nonexistent.xml"), ("/nonexistent.xml", bad)):
        out, err = naskah.run("letter", "check", *files, person="damar", status=3)
        assert "bad.xml:" in out and "/nonexistent.xml" in err, out + err
    _, err = naskah.run("letter", "check", bad, mangled, office=False, status=1)
    assert "mangled.xml" in err, err
    # a file needs nobody; a letter of the office, also behind a file, needs who may read it
    naskah.run("letter", "check", SAMPLE)
    naskah.run("letter", "check", SAMPLE, WORK["letter"], status=7)
    naskah.run("letter", "check", SAMPLE, WORK["letter"], SAMPLE, person="damar")


@unchanged
def trust_is_named(naskah):
    """An office that is not there is said so: it is no lack of trust in a signer."""
    for folder in ("/nonexistent", WORK["folder"]):
        naskah.refuse(3, [folder], "verify", SAMPLE, "--dir", folder, office=False)


@unchanged
def hostile_xml(naskah):
    """A DOCTYPE, 10,000 nested elements and a file of 100 MB are refused quickly and in little
    memory."""
    head = '<?xml version="1.0"?>\n'
    doctype = write("doctype.xml", head + '<!DOCTYPE letter [<!ENTITY a "&#38;b;">]>\n'
                    + sample().split("?>", 1)[1])
    deep = write("deep.xml", '<letter xmlns="urn:naskah:letter:1">' + "<p>" * 10000 + "</p>" * 10000
                 + "</letter>")
    big = os.path.join(WORK["folder"], "big.xml")
    with open(big, "wb") as file:
        file.truncate(100_000_000)
    for path, word in ((doctype, "DOCTYPE"), (deep, "deep"), (big, "100000000")):
        before = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
        for command in (("letter", "check", path), ("render", path)):
            naskah.refuse(1, [word], *command, office=False)
            assert naskah.seconds < 10, f"{path}: {naskah.seconds} s"
        peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
        assert peak <= max(before, 400_000), f"{path}: {peak} KiB"


@unchanged
def faulty_content(naskah):
    """A letter with an unknown position, or a signatory who may not sign, is not submitted."""
    path = write("position.xml", sample().replace('ref="kepala-biro-sdm"', 'ref="kepala-biro-awan"'))
    out, _ = naskah.run("letter", "check", path, person="damar", status=1)
    assert "kepala-biro-awan" in out and re.search(r"position\.xml:\d+:\d+: ", out), out
    path = write("signatory.xml", sample().replace(
        '<signatory position="kepala-biro-umum" capacity="definitive"/>',
        '<signatory position="deputi-bidang-pemantauan" capacity="an" '
        'mandate="an-deputi-pemantauan"/>'))
    out, _ = naskah.run("letter", "check", path, person="damar", status=1)
    assert "2026-06-30" in out, out  # the day the mandate ended


def number_by_hand(naskah):
    """A drafter writes no number, and changes nobody's kind of letter."""
    path = write("number.xml", sample().replace("<to list", "<number>1/2/3</number>\n  <to list"))
    before = contents(naskah)
    naskah.refuse(1, ["number"], "letter", "new", path, person="damar")
    assert contents(naskah) == before


@unchanged
def conflict(naskah):
    """A change made from an old version is exit 6."""
    naskah.refuse(6, ["version"], "letter", "edit", WORK["letter"], SAMPLE, "--base", "99",
                  person="damar")


def repeated_request(naskah):
    """A repeated request id gets the first answer, and makes nothing twice."""
    arguments = ("letter", "new", SAMPLE, "--position", "staf-persuratan", "--request", "r-1")
    first = naskah.ask(*arguments, person="damar")
    second = naskah.ask(*arguments, person="damar")
    assert first == second, (first, second)
    naskah.refuse(6, ["request id"], "letter", "new", SAMPLE, "--position", "arsiparis-umum",
                  "--request", "r-1", person="wening")
    naskah.refuse(6, ["request id"], "letter", "withdraw", first["letter"], "--note", "uji",
                  "--request", "r-1", person="damar")
    naskah.refuse(1, ["request id"], "task", "list", "--request", "", person="damar")
    naskah.run("letter", "withdraw", first["letter"], "--note", "uji – ditarik", person="damar")


def pages_and_keys(naskah):
    """Signing asks for the pages that were shown and for one's own key."""
    letter = WORK["letter"]
    passphrase = os.path.join(naskah.folder, "keys/passphrase")
    wrong = write("wrong", "salah\n")
    naskah.run("letter", "submit", letter, person="damar")
    naskah.refuse(7, ["not yours"], "letter", "edit", letter, SAMPLE, person="damar")
    naskah.refuse(1, ["--note"], "task", "return", letter, person="kirana")
    naskah.refuse(6, ["content"], "task", "approve", letter, "--content", "00000000",
                  person="kirana")
    seen = naskah.ask("letter", "show", letter, person="kirana")["content"]
    naskah.run("task", "approve", letter, "--content", seen[:16], person="kirana")
    naskah.refuse(7, ["not yours"], "task", "approve", letter, person="kirana")
    naskah.run("task", "approve", letter, person="budi")
    naskah.refuse(1, ["task sign"], "task", "approve", letter, person="sekar")
    pages = naskah.ask("task", "sign", letter, person="sekar")
    assert pages["pages"] == 2 and naskah.ask("task", "sign", letter, person="sekar") == pages
    before = contents(naskah)
    sign = ("task", "sign", letter, "--confirm")
    naskah.refuse(1, ["64"], *sign, "abc", "--passphrase-file", passphrase, person="sekar")
    naskah.refuse(6, ["pages"], *sign, "0" * 64, "--passphrase-file", passphrase, person="sekar")
    assert contents(naskah) == before, "a refused signature left a trace"
    shown = naskah.ask("letter", "show", letter, person="sekar")
    naskah.refuse(7, ["passphrase"], *sign, pages["sha256"], "--passphrase-file", wrong,
                  person="sekar")
    now = naskah.ask("letter", "show", letter, person="sekar")
    for fact in ("content", "number", "date", "state"):
        assert now[fact] == shown[fact], fact
    entries = naskah.ask("letter", "history", letter, person="sekar")["entries"]
    assert entries[-1]["action"] == "signature-refused", "the try is told"
    other = os.path.join(naskah.folder, "keys/budi.p12")
    naskah.refuse(4, ["somebody else"], *sign, pages["sha256"], "--passphrase-file", passphrase,
                  "--key", other, person="sekar")
    naskah.run(*sign, pages["sha256"], "--passphrase-file", passphrase, person="sekar")


@unchanged
def after_the_signature(naskah):
    """A signed letter is not edited, returned, withdrawn or signed again."""
    letter = WORK["letter"]
    naskah.refuse(6, ["nothing waits"], "letter", "edit", letter, SAMPLE, person="damar")
    naskah.refuse(6, ["nothing waits"], "task", "return", letter, "--note", "x", person="sekar")
    naskah.refuse(6, ["signed this letter already"], "task", "sign", letter, person="sekar")
    naskah.refuse(6, ["filed"], "letter", "withdraw", letter, "--note", "x", person="damar")


def every_command_has_json(naskah):
    """Every command answers in JSON, and its errors too."""
    letter = WORK["letter"]
    number = naskah.ask("letter", "show", letter, person="sekar")["number"]
    assert naskah.ask("letter", "show", number, person="sekar")["letter"] == letter
    assert naskah.ask("letter", "history", letter, person="sekar")["verified"] is True
    assert naskah.ask("letter", "diff", letter, "1", "2", person="sekar")["changes"] == []
    assert naskah.ask("letter", "check", letter, person="sekar")["issues"] == []
    assert naskah.ask("task", "list", person="sekar")["tasks"] == []
    assert naskah.ask("doctor")["letters"] == 2
    assert naskah.ask("migrate")["from"] == naskah.ask("migrate")["to"]
    pdf = os.path.join(WORK["folder"], "surat.pdf")
    assert naskah.ask("letter", "export", letter, "-o", pdf, person="sekar")["size"] > 10000
    assert naskah.ask("verify", pdf)["verdict"] == "valid"
    assert naskah.ask("render", SAMPLE, "-o", pdf, office=False)["size"] > 10000
    assert naskah.ask("verify", pdf, status=5)["verdict"] == "unsigned"
    drawn = naskah.ask("template", "preview", "surat-dinas", "--sample", SAMPLE, "-o", pdf,
                       office=False)
    assert drawn["size"] > 10000 and drawn["ms"] >= 0, drawn
    naskah.refuse(3, ["tidak-ada"], "template", "preview", "tidak-ada", "-o", pdf, office=False)
    picture = os.path.join(WORK["folder"], "halaman.png")
    naskah.run("letter", "export", letter, "--page", "1", "-o", picture, person="sekar")
    with open(picture, "rb") as file:
        assert file.read(8) == b"\x89PNG\r\n\x1a\n"
    naskah.run("letter", "export", letter, "--page", "1", "--width", "320", "-o", picture,
               person="sekar")
    with open(picture, "rb") as file:
        assert int.from_bytes(file.read(20)[16:], "big") == 320
    kept = os.listdir(os.path.join(naskah.folder, "cache", "preview"))
    assert sorted(name.rsplit("-", 1)[1] for name in kept) == ["1000.png", "320.png"], kept
    page = os.path.join(WORK["folder"], "surat.html")
    naskah.run("letter", "export", letter, "--html", "-o", page, person="sekar")
    with open(page, encoding="utf-8") as file:
        text = file.read()
    assert "<main" in text and "KONSEP" not in text and "<script" not in text, text[-500:]
    fault = naskah.ask("letter", "show", "nothing", person="sekar", status=3)["error"]
    assert fault["exit"] == 3 and fault["message"], fault


@unchanged
def many_files(naskah):
    """Of many files, verify gives the worst verdict."""
    good = os.path.join(WORK["folder"], "baik.pdf")
    naskah.run("letter", "export", WORK["letter"], "-o", good, person="sekar")
    plain = os.path.join(WORK["folder"], "surat.pdf")
    with open(good, "rb") as file:
        data = bytearray(file.read())
    data[len(data) // 3] ^= 1
    bad = os.path.join(WORK["folder"], "buruk.pdf")
    with open(bad, "wb") as file:
        file.write(data)
    naskah.run("verify", good)
    naskah.run("verify", good, plain, status=5)
    naskah.run("verify", plain, bad, good, status=4)
    naskah.run("verify", SAMPLE, status=1)


def damaged_store(naskah):
    """A changed entry of the journal, or object of the store, is found: exit 4, and 1 by doctor."""
    path = os.path.join(naskah.folder, "office.db")
    database = sqlite3.connect(path)
    for (name,) in database.execute("SELECT name FROM sqlite_schema WHERE type = 'trigger'").fetchall():
        database.execute(f"DROP TRIGGER {name}")
    database.execute("UPDATE journal SET entry = replace(entry, 'kirana', 'kiraan')"
                     " WHERE letter = ? AND letter_seq = 3", (WORK["letter"],))
    database.commit()
    database.close()
    naskah.refuse(4, [WORK["letter"]], "letter", "history", WORK["letter"], person="sekar")
    out, _ = naskah.run("doctor", status=1)
    assert "journal-" in out, out


def main():
    with tempfile.TemporaryDirectory(prefix="naskah-refusals-") as work:
        WORK["folder"] = work
        naskah = Naskah(sys.argv[1], os.path.join(work, "kantor"))
        run_cases([makes_an_office, fails_to_make_an_office, usage, not_found, not_permitted,
                   malformed_xml, schema_faults, many_checks, trust_is_named, hostile_xml,
                   faulty_content, number_by_hand, conflict, repeated_request, pages_and_keys,
                   after_the_signature, every_command_has_json, many_files,
                   damaged_store], naskah)


main()
