#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""every-kind.py NASKAH: every kind of letter that is shipped, from its sample to the signed and archived
letter, through one office with a server; two letters at a time.  TAP on standard output."""
import glob
import os
import re
import sys
import tempfile
import xml.etree.ElementTree
from concurrent.futures import ThreadPoolExecutor

from tap import Naskah, run_cases, serving, tool

SOURCE = os.environ["NASKAH_SOURCE"]
LETTERS = os.path.join(SOURCE, "templates", "letters")
DIRECTORY = "{urn:naskah:directory:1}"
LETTER = "{urn:naskah:letter:1}"
WORK = {}
UPLOADED = ("peraturan", "perjanjian", "sop")
INCOMING = ("permohonan-izin", "surat-masuk")
IMPORTED = ("arsip-lama",)  # archive-import.py
COPIES = ("salinan",)  # certified-copy.py
PAPER = ("surat-konvensional",)
# kinds whose pages have no line for the subject
UNNAMED = ("notula", "surat-keterangan", "surat-kuasa", "surat-pengantar", "surat-perintah", "surat-pernyataan",
           "surat-tugas")
# kinds that are known by their title and day, and print no number
UNNUMBERED = ("laporan", "notula")
# kinds that are archived only after the day that they are about
AWAITED = ("surat-tugas", "surat-undangan", "undangan-internal")
MOST_STEPS = 16


def kinds():
    return sorted(os.path.basename(path)[:-len(".sample.xml")]
                  for path in glob.glob(os.path.join(LETTERS, "*.sample.xml")))


def signed_kinds():
    return [kind for kind in kinds() if kind not in UPLOADED + INCOMING + IMPORTED + COPIES + PAPER]


def path_of(name):
    return os.path.join(WORK["folder"], name)


def holders():
    """Who holds each position today, definitive before acting."""
    found = {}
    root = xml.etree.ElementTree.parse(os.path.join(SOURCE, "templates/demo/directory.xml")).getroot()
    for row in root.iter(DIRECTORY + "holding"):
        if row.get("from") <= WORK["today"] <= row.get("until", "9999"):
            if row.get("capacity") == "definitive" or row.get("position") not in found:
                found[row.get("position")] = row.get("person")
    return found


def sample(kind):
    with open(os.path.join(LETTERS, f"{kind}.sample.xml"), encoding="utf-8") as file:
        return file.read()


def parts(kind):
    """The subject, the names of what the body says in its order, and the posts that sign."""
    root = xml.etree.ElementTree.fromstring(sample(kind))
    words = []
    for text in root.find(LETTER + "body").itertext():
        words += re.findall(r"\w{4,}", text)
    signs = [row.get("position") for row in root.find(LETTER + "signatories")]
    return " ".join(root.find(LETTER + "subject").text.split()), words, signs


def begin(naskah, kind):
    """A draft of the sample, by the staff of the unit that it comes from."""
    text = sample(kind)
    if kind in UPLOADED:  # the document is attached below
        text = re.sub(r"<attachments>.*?</attachments>", "", text, flags=re.S)
    path = path_of(f"{kind}.xml")
    with open(path, "w", encoding="utf-8") as file:
        file.write(text)
    letter = naskah.ask("letter", "new", path, "--position", "staf-persuratan",
                        person="damar")["letter"]
    if kind in UPLOADED:
        document = path_of(f"{kind}.pdf")
        naskah.run("render", os.path.join(SOURCE, f"tests/data/uploads/{kind}.fo"), "-o", document,
                   office=False)
        naskah.run("letter", "attach", letter, document, "--title", parts(kind)[0], person="damar")
    found = naskah.ask("letter", "check", letter, person="damar")
    assert not found["issues"], (kind, found)
    return letter, naskah.ask("letter", "submit", letter, person="damar")


def act(naskah, letter, task):
    """Does one task as the one before whom it lies; returns the answer, with what comes next."""
    person = WORK["holders"][task["positions"][0]]
    if task["role"] == "sign":
        pages = naskah.ask("task", "sign", letter, person=person)
        return naskah.ask("task", "sign", letter, "--confirm", pages["sha256"], "--passphrase-file",
                          os.path.join(naskah.folder, "keys/passphrase"), person=person)
    if task["role"] == "review":
        return naskah.ask("task", "approve", letter, person=person)
    # what came in is filed where that is possible, and not given on for ever
    outcome = "file" if "file" in task["outcomes"] else task["outcomes"][0]
    return naskah.ask("task", "do", letter, outcome, person=person)


def go(naskah, letter, answer):
    """Does every task until nothing waits; returns the last answer and which were done."""
    done = []
    while answer["next"]:
        task = answer["next"][0]
        if task["outcomes"][:1] == ["answered"]:  # the letter that answers ends it
            return answer, done
        done.append(task["role"])
        assert len(done) < MOST_STEPS, (letter, done)
        answer = act(naskah, letter, task)
    return answer, done


def check_words(kind, said):
    """All words of the body are there, in their order."""
    at, flat = 0, re.sub(r"\s+", " ", said)
    for word in parts(kind)[1]:
        found = flat.find(word, at)
        assert found >= 0, (kind, word, flat[at:at + 200])
        at = found
    return flat


def about(kind, subject):
    """What a title with "TENTANG" says of the subject: not once more which kind of letter it is."""
    subject = subject.lower()
    return subject[len(kind) + 1:] if subject.startswith(kind + " ") else subject


def check_signed(naskah, kind, letter, number):
    path = path_of(f"{kind}-jadi.pdf")
    naskah.run("letter", "export", letter, "-o", path, person="damar")
    tool("qpdf", "--check", path)
    subject, _, signs = parts(kind)
    said = tool("pdftotext", path, "-")
    flat = re.sub(r"\s+", " ", said)
    assert (number in flat) != (kind in UNNUMBERED) and "${" not in flat, (kind, number, flat)
    assert f"Title:           {subject}\n" in tool("pdfinfo", path), (kind, tool("pdfinfo", path))
    if kind not in UPLOADED:
        assert kind in UNNAMED or about(kind, subject) in flat.lower(), (kind, subject, flat)
        check_words(kind, tool("pdftotext", "-raw", path, "-"))
    verdict = naskah.ask("verify", path)
    assert verdict["verdict"] == "valid" and len(verdict["signatures"]) == len(signs), (kind, verdict)


def live(naskah, kind):
    """The whole life of one; returns what went wrong, or nothing."""
    try:
        letter, answer = begin(naskah, kind)
        last, done = go(naskah, letter, answer)
        assert last["state"] == ("signed" if kind in AWAITED else "archived"), (kind, last)
        shown = naskah.ask("letter", "show", letter, person="damar")
        assert done.count("sign") == len(parts(kind)[2]), (kind, done)
        assert done.count("review") >= sample(kind).count("<reviewer "), (kind, done)
        check_signed(naskah, kind, letter, shown["number"])
        WORK["numbers"].append((kind, shown["number"], shown["state"]))
    except (AssertionError, KeyError, ValueError, IndexError, TypeError) as fault:
        return f"{kind}: {type(fault).__name__}: {fault}"
    return None


def live_all(naskah, some):
    with serving(naskah), ThreadPoolExecutor(2) as pool:
        faults = [fault for fault in pool.map(lambda kind: live(naskah, kind), some) if fault]
    assert not faults, "\n".join(faults)


def composed(naskah):
    """Every kind that we compose goes from its sample to a valid signature, with number and words."""
    naskah.run("init", naskah.folder, "--demo", "--empty", office=False)
    WORK["holders"], WORK["numbers"] = holders(), []
    assert len(kinds()) == 29, kinds()
    live_all(naskah, signed_kinds())


def uploaded(naskah):
    """So does every kind whose document is uploaded."""
    live_all(naskah, UPLOADED)


def on_paper(naskah):
    """What is signed on paper is printed, scanned, compared by another, and archived."""
    letter, answer = begin(naskah, "surat-konvensional")
    for _ in range(2):
        answer = act(naskah, letter, answer["next"][0])
    pages, scan = path_of("cetak.pdf"), path_of("pindaian.pdf")
    printed = naskah.ask("letter", "print", letter, "-o", pages, person="wening")
    flat = re.sub(r"\s+", " ", tool("pdftotext", pages, "-"))
    assert printed["number"] in flat and parts("surat-konvensional")[0] in flat, flat
    naskah.run("task", "do", letter, "done", person="wening")
    tool("pdftocairo", "-pdf", pages, scan)
    naskah.run("task", "scan", letter, scan, person="wening")
    assert naskah.ask("task", "do", letter, "match", person="kirana")["state"] == "archived"
    assert naskah.ask("verify", scan, status=5)["paper"]["number"] == printed["number"]


def that_came_in(naskah):
    """What comes in is registered and archived, or decided on."""
    for kind in INCOMING:
        answer = naskah.ask("incoming", "register", "--kind", kind, "--from", "PT Tirta Rekaan",
                            "--number", f"21/{kind}/2026", "--date", WORK["today"], "--subject", f"Perihal {kind}", "--channel",
                            "loket", "--classification", "KP.08.1", "--to", "kepala-biro-umum",
                            person="wening")
        letter = answer["letter"]
        assert answer["agenda"], answer
        last, done = go(naskah, letter, answer)
        if kind == "surat-masuk":
            assert last["state"] == "archived", last
        else:  # it is decided on, and waits for the licence
            assert len(done) > 1 and last["next"][0]["outcomes"] == ["answered"], (done, last)


def numbers_are_apart(naskah):
    """All have a number, and no two of one series the same; the history of the last holds."""
    made = {kind: number for kind, number, _ in WORK["numbers"]}
    assert len(made) == len(signed_kinds()) + len(UPLOADED), made
    print("\n".join(f"# {kind:20} {number:32} {state}" for kind, number, state in sorted(WORK["numbers"])))
    naskah.run("doctor")


if __name__ == "__main__":
    import datetime
    WORK["today"] = datetime.date.today().isoformat()
    with tempfile.TemporaryDirectory() as base:
        WORK["folder"] = base
        run_cases([composed, uploaded, on_paper, that_came_in, numbers_are_apart], Naskah(sys.argv[1], os.path.join(base, "office")))
