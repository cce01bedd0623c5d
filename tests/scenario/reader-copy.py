#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""reader-copy.py NASKAH: whatever of a secret letter leaves for a person says on each page whose copy it
is, and stands in a register; the signed bytes stay whole.  TAP on standard output."""
import hashlib
import os
import re
import sqlite3
import sys
import tempfile

from dispatch import HEAD, PARTIES, WORK, send, sign, write
from tap import Naskah, run_cases, tool

NUMBER = re.compile(r"SALINAN BACA ([0-9A-HJKMNP-TV-Z]{5}-[0-9A-HJKMNP-TV-Z]{5}-\d+)")
PARAGRAPH = "<p>Bersama ini kami sampaikan hal tersebut di atas.</p>"
DAY = "2026-07-22"  # of the demo office


def export(naskah, letter, name, *options, person, **more):
    path = os.path.join(WORK["folder"], name)
    naskah.run("letter", "export", letter, "-o", path, *options, person=person, **more)
    with open(path, "rb") as file:
        return path, file.read()


def pages_of(path):
    return tool("pdftotext", "-layout", path, "-").split("\f")[:-1]


def number_on(path):
    """The number on the copy, which is the same on each page, below what the page says."""
    pages = pages_of(path)
    numbers = [NUMBER.search(page).group(1) for page in pages]
    assert pages and len(set(numbers)) == 1, numbers
    return numbers[0]


def picture(path, page):
    stem = path + ".seen"
    tool("pdftoppm", "-r", "100", "-gray", "-f", str(page), "-l", str(page), path, stem)
    found, = [name for name in os.listdir(WORK["folder"]) if name.startswith(os.path.basename(stem))]
    with open(os.path.join(WORK["folder"], found), "rb") as file:
        head, size, most, pixels = file.read().split(b"\n", 3)
    os.unlink(os.path.join(WORK["folder"], found))
    width, height = map(int, size.split())
    assert (head, most, len(pixels)) == (b"P5", b"255", width * height), (head, size, most)
    return width, height, pixels


def marked_on_each_page(naskah):
    """Each page of a copy says whose it is, where and when; its words stay words."""
    naskah.run("init", naskah.folder, "--demo", "--empty", office=False)
    path = write("panjang.xml", HEAD.format(subject="Kelulut Madu", to=PARTIES, security="rahasia").replace(
        PARAGRAPH, PARAGRAPH * 60))
    WORK["letter"] = letter = naskah.ask("letter", "new", path, person="sekar")["letter"]
    draft, _ = export(naskah, letter, "konsep.pdf", person="sekar")
    number_on(draft)
    naskah.run("letter", "submit", letter, person="sekar")
    sign(naskah, letter)
    copy, _ = export(naskah, letter, "salinan.pdf", person="galih")
    pages = pages_of(copy)
    assert len(pages) > 2 and sum(page.count("Bersama ini") for page in pages) == 60, len(pages)
    for page in pages:
        line = " ".join(page[page.index("SALINAN BACA"):].split())
        assert "Galih" in line and "Kepala Biro Sumber Daya Manusia" in line, line
        assert f"/v/{letter}" in line or letter in line, line
        assert re.search(r"\d+ \w+ 20\d\d \d\d\.\d\d WIB", line), line
    WORK["number"] = number_on(copy)
    assert naskah.ask("verify", copy, status=5)["verdict"] == "unsigned"
    assert WORK["number"] in tool("pdfinfo", copy)


def covers_nothing(naskah):
    """The pale mark darkens white paper and leaves black what is black; each page keeps its size."""
    letter = WORK["letter"]
    copy, _ = export(naskah, letter, "salinan.pdf", person="galih")
    whole, _ = export(naskah, letter, "asli.pdf", "--original", person="sekar")
    for page in (1, 2):
        width, height, marked = picture(copy, page)
        plain = picture(whole, page)
        assert (width, height) == plain[:2]
        pale = sum(180 <= value < 250 for value in marked) / len(marked)
        dark = sum(value < 100 for value in marked), sum(value < 100 for value in plain[2])
        assert 0.02 < pale < 0.25, pale
        # text a little smaller, and a line more
        assert 0.7 < dark[0] / max(dark[1], 1) < 1.6, (page, dark)


def original_is_whole(naskah):
    """The signed bytes go to who signs or sends them; to others they are refused."""
    letter = WORK["letter"]
    _, whole = export(naskah, letter, "asli.pdf", "--original", person="sekar")
    told = naskah.ask("verify", os.path.join(WORK["folder"], "asli.pdf"))
    assert told["verdict"] == "valid", told
    rows = naskah.ask("access", "copies", letter, person="sekar")["readings"]
    originals = [row for row in rows if row["what"] == "original"]
    assert originals and {row["person"] for row in originals} == {"sekar"}, rows
    assert hashlib.sha256(whole).hexdigest() in {row["sha256"] for row in originals}, originals
    base = ("letter", "export", letter, "-o", os.path.join(WORK["folder"], "x.pdf"), "--original")
    naskah.refuse(7, ["is secret", "reader's copy"], *base, person="galih")
    naskah.refuse(3, ["no letter"], *base, person="damar")
    assert not os.path.exists(os.path.join(WORK["folder"], "x.pdf"))
    # of a letter that is not secret it is what everybody gets
    other = send(naskah, subject="Terbuka")
    assert export(naskah, other, "a.pdf", person="galih")[1] == export(naskah, other, "b.pdf", "--original",
                                                                       person="galih")[1]
    assert "SALINAN BACA" not in tool("pdftotext", os.path.join(WORK["folder"], "a.pdf"), "-")


def same_copy_same_bytes(naskah):
    """Asked again within a quarter of an hour it is the same copy; later, or by another, a new one."""
    letter = WORK["letter"]
    again = [export(naskah, letter, "lagi.pdf", "--at", f"{DAY} 10:{minute:02}", person="galih")
             for minute in (0, 1, 13, 17, 59)]  # the seconds are those of the clock
    first = number_on(again[0][0])
    assert [bytes_ == again[0][1] for _, bytes_ in again] == [True, True, True, False, False]
    numbers = {first, number_on(export(naskah, letter, "x1.pdf", "--at", f"{DAY} 12:00", person="galih")[0]),
               number_on(export(naskah, letter, "x2.pdf", "--at", f"{DAY} 12:00", person="sekar")[0])}
    assert len(numbers) == 3 and len({number.rsplit("-", 1)[0] for number in numbers}) == 1, numbers


def told_whose_it_is(naskah):
    """A copy that was found names who was given it, however it is typed; others learn nothing."""
    number = WORK["number"]
    told = naskah.ask("access", "copy", number, person="sekar")
    assert (told["person"], told["letter"], told["what"]) == ("galih", WORK["letter"], "pages"), told
    sloppy = number.lower().replace("0", "o").replace("1", "l")
    assert naskah.ask("access", "copy", f" {sloppy} ", person="sekar") == told
    # it is the entry of that number in the letter's history
    entries = naskah.ask("letter", "history", WORK["letter"], person="sekar")["entries"]
    entry, = [entry for entry in entries if entry["seq"] == told["entry"]]
    assert (entry["actor"], entry["action"]) == ("galih", "letter-taken"), entry
    assert number.endswith(f"-{entry['seq']}"), number
    said, _ = naskah.run("access", "copies", WORK["letter"], person="sekar")
    assert number in said and "Galih" in said, said
    for person in ("damar", "galih"):  # one is nobody, the other sees no history
        naskah.refuse(3, ["no copy has the number"], "access", "copy", number, person=person)
    for wrong in ("", "x", number[:-1], number + "9", "0" * 2000, "7KQ2M'--"):
        naskah.refuse(3, ["no copy has the number"], "access", "copy", wrong, person="sekar")
    naskah.refuse(3, ["no letter"], "access", "copies", WORK["letter"], person="damar")


def pictures_and_files(naskah):
    """No way round: pictures are marked, and PDFs that are attached; what cannot be marked is told."""
    letter = send(naskah, subject="Lampiran", security="rahasia")
    one = export(naskah, letter, "1.png", "--page", "1", person="sekar")[1]
    two = export(naskah, letter, "2.png", "--page", "1", person="galih")[1]
    assert one != two and one[:4] == two[:4] == b"\x89PNG"
    path = write("lampiran.xml", HEAD.format(subject="Berlampiran", to=PARTIES, security="sangat-rahasia"))
    letter = naskah.ask("letter", "new", path, person="sekar")["letter"]
    scan, text = os.path.join(WORK["folder"], "asli.pdf"), write("catatan.txt", "kelulut")
    for file in (scan, text):
        naskah.run("letter", "attach", letter, file, person="sekar")
    kept, _ = export(naskah, letter, "lampiran.pdf", "--attachment", "asli.pdf", person="sekar")
    number = number_on(kept)
    assert naskah.ask("access", "copy", number, person="sekar")["what"] == "file"
    assert export(naskah, letter, "c.txt", "--attachment", "catatan.txt", person="sekar")[1] == b"kelulut"
    rows = naskah.ask("access", "copies", letter, person="sekar")["readings"]
    assert [row["what"] for row in rows] == ["file", "file"], rows
    assert rows[0]["number"] == number, rows


def register_is_proved(naskah):
    """The register is made again from the histories, and one that says otherwise is found."""
    letter, number = WORK["letter"], WORK["number"]
    before = naskah.ask("access", "copies", letter, person="sekar")["readings"]
    database = os.path.join(naskah.folder, "office.db")
    with sqlite3.connect(database) as db:
        db.execute("UPDATE reader_copy SET person = 'sekar' WHERE number = ?", (number,))
    # whose it is, is read from the history
    assert naskah.ask("access", "copy", number, person="sekar")["person"] == "galih"
    naskah.run("doctor", status=1)
    with sqlite3.connect(database) as db:
        db.execute("DELETE FROM reader_copy")
    naskah.run("rebuild")
    naskah.run("doctor")
    after = naskah.ask("access", "copies", letter, person="sekar")["readings"]
    assert after == before and naskah.ask("access", "copy", number, person="sekar")["person"] == "galih"


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as base:
        WORK["folder"] = base
        run_cases([marked_on_each_page, covers_nothing, original_is_whole, same_copy_same_bytes,
                   told_whose_it_is, pictures_and_files, register_is_proved],
                  Naskah(sys.argv[1], os.path.join(base, "office")))
