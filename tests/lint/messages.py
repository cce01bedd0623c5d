#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Every sentence marked nsk_tr("...") or N_("...") in the source, or says="..." in a schema, has an
Indonesian one in templates/messages/id.po with the same conversions in the same order, as has every
sentence <w:t> or <w:attr> of a page; and no entry there is left over or stands twice."""
import re
import xml.etree.ElementTree

import common

STRINGS = r'((?:\s*"(?:\\.|[^"\\])*")+)'
MARKED = re.compile(r"\b(?:nsk_tr|N_)\(" + STRINGS + r"\s*\)")
ENTRY = re.compile(r"^msgid" + STRINGS + r"[^\n]*\nmsgstr" + STRINGS, re.M)
SAYS = re.compile(r'\bsays="([^"]*)"')
STRING = re.compile(r'"((?:\\.|[^"\\])*)"')
WORDS = "{urn:naskah:words:1}"
HOLE = re.compile(r"\{\d+\}")
CONVERSION = re.compile(r"%[-+ #0]*\d*(?:\.\d+|\.\*)?(?:z|l|ll|h)?[a-zA-Z]")


def joined(text):
    return "".join(STRING.findall(text))


def sentence_of(words):
    """As engine/page/words.c reads it: {1}, {2} ... for what stands in it, white space as a blank."""
    text = words.text or ""
    for number, hole in enumerate(words, 1):
        text += f"{{{number}}}{hole.tail or ''}"
    return re.sub(r"[ \t\n\r]+", " ", text)


def of_pages(root):
    for path in sorted((root / "templates/pages").glob("*.xsl")):
        for tag in ("t", "attr"):
            for words in xml.etree.ElementTree.parse(path).iter(WORDS + tag):
                yield path, 1, sentence_of(words)


def marked(root):
    """(file, line, sentence) of each sentence that the catalogue must have."""
    for path in common.c_files(root, ("engine",)):
        source = common.blank_out(path.read_text(), keep_strings=True)
        for match in MARKED.finditer(source):
            yield path, source.count("\n", 0, match.start()) + 1, joined(match.group(1))
    for path in sorted((root / "templates/schema").glob("*.rng")):
        source = path.read_text()
        for match in SAYS.finditer(source):
            yield path, source.count("\n", 0, match.start()) + 1, match.group(1)
    yield from of_pages(root)


def check(root):
    catalogue = root / "templates/messages/id.po"
    text = catalogue.read_text()
    known = {}
    for match in ENTRY.finditer(text):
        line = text.count("\n", 0, match.start()) + 1
        english, indonesian = joined(match.group(1)), joined(match.group(2))
        if not english:
            continue
        if english in known:
            yield f"{catalogue}:{line}: here twice, first in line {known[english]}"
        known[english] = line
        if CONVERSION.findall(english) != CONVERSION.findall(indonesian):
            yield f"{catalogue}:{line}: other conversions than the English sentence"
        if sorted(HOLE.findall(english)) != sorted(HOLE.findall(indonesian)):
            yield f"{catalogue}:{line}: other {{n}} than the English sentence"
        if not indonesian:
            yield f"{catalogue}:{line}: not translated"
    used = set()
    for path, line, english in marked(root):
        used.add(english)
        if english not in known:
            yield f"{path}:{line}: not in id.po: {english}"
    for english, line in known.items():
        if english not in used:
            yield f"{catalogue}:{line}: left over: {english}"


common.main(check)
