#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Every kind of letter in every profile, against what was recorded in tests/expected.

    gallery.py GALLERY            compares, as a test
    gallery.py GALLERY --write    records; then look at the pictures before you commit them

GALLERY is the program of tests/render/letter/gallery.c.  For each PROFILE/LETTER there are

    LETTER.txt   each line of text: its baseline, font and size, and where each word begins (points
                 from the upper left corner); words must be the same, places within half a point
    LETTER.png   the pages side by side, 360 pixels wide, 216 colours; 1 in 200 pixels may differ

Besides, qpdf must find no fault in any file, and each font must be embedded, cut down to what is used,
and known by its letters.

A letter that has no record yet is skipped and named, until COMPLETE says that all are recorded.
"""
import pathlib
import re
import struct
import subprocess
import sys
import tempfile
import zlib
from html import unescape

SOURCE = pathlib.Path(__file__).resolve().parent.parent.parent
EXPECTED = SOURCE / "tests" / "expected"
COMPLETE = True
WIDTH, GAP = 360, 6
POINTS = 0.5
PIXELS = 1 / 200
GREY = 4 * 36 + 4 * 6 + 4  # the colour of the gap between pages
# a byte of red, green, blue to its share of an index into 6 x 6 x 6 colours
SHARES = [bytes((value * 5 + 127) // 255 * weight for value in range(256)) for weight in (36, 6, 1)]
PALETTE = bytes(51 * (index // weight % 6) for index in range(216) for weight in (36, 6, 1))

PAGE = re.compile(r'<page id="[^"]*" width="([^"]*)" height="([^"]*)">')
FONT = re.compile(r'<font name="([^"]*)" size="([^"]*)">')
CHAR = re.compile(r'<char .*? x="([^"]*)" y="([^"]*)" .*?c="([^"]*)"/>')


def run(*command):
    return subprocess.run(command, capture_output=True, check=True).stdout


def words_of(chars):
    """Words of a line as (x, text)."""
    words = []
    for x, character in chars:
        if character.isspace():
            words.append(None)
        elif words and words[-1]:
            words[-1][1].append(character)
        else:
            words.append((x, [character]))
    return [(word[0], "".join(word[1])) for word in words if word]


def text_of(pdf):
    """The text with its places, a line each."""
    rows, chars, font, y = [], [], "", 0.0
    for line in run("mutool", "draw", "-q", "-F", "stext", str(pdf)).decode().splitlines():
        if match := CHAR.match(line):
            chars.append((float(match[1]), unescape(match[3])))
            y = float(match[2])
        elif match := FONT.match(line):
            font = f"{match[1].split('+')[-1]} {float(match[2]):g}"
        elif line.startswith("</font"):
            words = words_of(chars)
            if words:
                rows.append(f"{y:.1f} {font} | " + " | ".join(f"{x:.1f} {word}" for x, word in words))
            chars = []
        elif match := PAGE.match(line):
            rows.append(f"page {float(match[1]):.1f} {float(match[2]):.1f}")
    return rows


def pages_of(pdf):
    """The pages as (width, height, RGB bytes)."""
    data = run("pdftoppm", "-scale-to-x", str(WIDTH), "-scale-to-y", "-1", str(pdf))
    pages, at = [], 0
    while at < len(data):
        head = re.compile(rb"P6\s+(\d+)\s+(\d+)\s+255\s").match(data, at)
        width, height = int(head[1]), int(head[2])
        pages.append((width, height, data[head.end():head.end() + 3 * width * height]))
        at = head.end() + 3 * width * height
    return pages


def picture_of(pdf):
    """The pages side by side, as rows of indices."""
    columns = []
    for width, height, data in pages_of(pdf):
        total = sum(int.from_bytes(data[part::3].translate(SHARES[part]), "big") for part in range(3))
        columns.append((width, total.to_bytes(width * height, "big")))
    height = min(len(data) // width for width, data in columns)
    gap = bytes([GREY]) * GAP
    return [gap.join(data[row * width:(row + 1) * width] for width, data in columns)
            for row in range(height)]


def chunk(name, data):
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))


def write_png(path, rows):
    head = struct.pack(">IIBBBBB", len(rows[0]), len(rows), 8, 3, 0, 0, 0)
    path.write_bytes(b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"PLTE", PALETTE) +
                     chunk(b"IDAT", zlib.compress(b"".join(b"\0" + row for row in rows), 9)) +
                     chunk(b"IEND", b""))


def read_png(path):
    """What write_png() wrote."""
    data, at, packed, width = path.read_bytes(), 8, b"", 0
    while at < len(data):
        size, name = struct.unpack(">I4s", data[at:at + 8])
        if name == b"IHDR":
            width = struct.unpack(">I", data[at + 8:at + 12])[0]
        elif name == b"IDAT":
            packed += data[at + 8:at + 8 + size]
        at += size + 12
    raw = zlib.decompress(packed)
    return [raw[row + 1:row + 1 + width] for row in range(0, len(raw), width + 1)]


def parts_of(row):
    """What of a row must be the same, and the places in it."""
    heads, rests = zip(*(part.partition(" ")[::2] for part in row.split(" | ")))
    if heads[0] == "page":
        return "page", [float(size) for size in rests[0].split()]
    return rests, [float(head) for head in heads]


def differs_text(now, then):
    """What is different, or None."""
    for number, (a, b) in enumerate(zip(now, then), 1):
        if a == b:
            continue
        (words, places), (old_words, old_places) = parts_of(a), parts_of(b)
        if words != old_words or len(places) != len(old_places) or any(
                abs(x - y) > POINTS for x, y in zip(places, old_places)):
            return f"line {number}: was '{b}', is '{a}'"
    if len(now) != len(then):
        return f"has {len(now)} lines of text, had {len(then)}"
    return None


def differs_picture(now, then):
    if [len(row) for row in now] != [len(row) for row in then]:
        return "the picture has another size: other paper, or more or fewer pages"
    wrong = sum(sum(x != y for x, y in zip(a, b)) for a, b in zip(now, then) if a != b)
    if wrong > PIXELS * len(now) * len(now[0]):
        return f"{wrong} pixels of the picture are different"
    return None


def fault_of(pdf):
    """What qpdf finds wrong with the file, or a font that is not all there, or None."""
    done = subprocess.run(["qpdf", "--check", str(pdf)], capture_output=True, text=True, check=False)
    if done.returncode != 0:
        return f"qpdf: {done.stdout}{done.stderr}".strip().replace("\n", "; ")
    fonts = run("pdffonts", str(pdf)).decode().splitlines()[2:]
    for font in fonts:
        if not re.search(r" Identity-H +yes yes yes ", font):
            return f"a font is not embedded, cut down and read as Unicode: {font}"
    return None if fonts else "the letter has no font"


def compare(pdf, name):
    text, picture = EXPECTED / f"{name}.txt", EXPECTED / f"{name}.png"
    return (differs_text(text_of(pdf), text.read_text().splitlines())
            or differs_picture(picture_of(pdf), read_png(picture)) or fault_of(pdf))


def record(pdf, name):
    path = EXPECTED / f"{name}.txt"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("\n".join(text_of(pdf)) + "\n")
    write_png(path.with_suffix(".png"), picture_of(pdf))


def test(pdfs, left_over, said):
    print(f"1..{len(pdfs) + 1}")
    failed = 0
    for number, (name, pdf) in enumerate(sorted(pdfs.items()), 1):
        if not (EXPECTED / f"{name}.txt").exists():
            state = "not ok" if COMPLETE else "ok"
            failed += COMPLETE
            print(f"{state} {number} {name}" + ("" if COMPLETE else " # SKIP") +
                  " has no record yet: run gallery.py with --write")
            continue
        fault = compare(pdf, name)
        failed += fault is not None
        print(f"{'ok' if fault is None else 'not ok'} {number} {name}")
        if fault:
            print(f"# {fault}; look at it, and record it with --write if it is right")
    for line in said.splitlines():
        print(f"# {line}")
    for name in left_over:
        print(f"# {name}: is in tests/expected, but there is no such letter any more")
    good = not COMPLETE or not (said or left_over)
    print(f"{'ok' if good else 'not ok'} {len(pdfs) + 1} nothing is said about any page, and no record is left over")
    return 1 if failed or not good else 0


def main():
    with tempfile.TemporaryDirectory() as folder:
        made = subprocess.run([sys.argv[1], str(SOURCE), folder], capture_output=True, text=True)
        said = made.stderr + ("" if made.returncode == 0 else f"exit {made.returncode}\n")
        pdfs = {f"{path.parent.name}/{path.stem}": path for path in pathlib.Path(folder).glob("*/*.pdf")}
        recorded = {f"{path.parent.name}/{path.stem}" for path in EXPECTED.glob("*/*.txt")}
        if "--write" not in sys.argv:
            return test(pdfs, sorted(recorded - set(pdfs)), said.replace(folder + "/", ""))
        for name, pdf in pdfs.items():
            record(pdf, name)
        for name in recorded - set(pdfs):
            for ending in (".txt", ".png"):
                (EXPECTED / f"{name}{ending}").unlink()
        print(f"{len(pdfs)} letters are in {EXPECTED}\n{said}", end="")
        return 0


if __name__ == "__main__":
    sys.exit(main())
