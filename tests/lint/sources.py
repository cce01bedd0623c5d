#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Every rule of the shipped kinds says where it comes from: a regulation and its part.

    source="REGULATION, PART"      several with "; " between

PART is an article, chapter or annex that is known, and then stands in the table below; else what the
regulation says it about ("tentang ..."), since an article that nobody has seen is not to be cited.
Two names are no regulations: Kelaziman, what offices do without a text that could be named; Naskah,
what the program itself needs to work."""
import pathlib
import re

import common

# the regulations, with the parts of them that are known
KNOWN = {
    "Bapanas 3/2022": ("Pasal 33", "Pasal 39", "Pasal 45"),
    "Kelaziman": (),
    "Kemdikbud 3/2021": ("Contoh Format Instruksi Menteri", "Contoh Format Keputusan Sekjen"),
    "Kemenko Polhukam 2/2017": (),
    "Naskah": (),
    "Pedoman Surat Dinas IPB": (),
    "Perbup Aceh Timur": (),
    "Perbup Katingan": ("Lampiran",),
    "Perbup Klaten 90/2019": (),
    "Perbup Ngawi": (),
    "Permendagri 1/2023": ("Pasal 44",),
    "Permendikdasmen 2/2026": ("Pasal 13",),
    "PermenPAN 80/2012": (),
    "Permenhan 16/2009": ("Pasal 30",),
    "SE BKN 2/SE/VII/2019": (),
    "TND BKKBN": (),
    "TND Jawa Barat": (),
    "TND Kemnaker": (),
    "TND Polri": (),
    "TND Setneg": ("Bab II",),
    "UU 30/2014": ("Pasal 14",),
}
ELEMENT = re.compile(r"<(rule|slot|signatories)\b((?:\s+[\w:]+=\"[^\"]*\")+)\s*/?>")


def fault(source):
    """What is wrong with a source; None if nothing."""
    for one in source.split("; "):
        name, comma, part = one.partition(", ")
        if name not in KNOWN:
            return f"'{name}' is no regulation that is known; add it to the table with its parts"
        if not comma or not part:
            return f"'{one}' says no part; write '{name}, tentang ...' if no article is known"
        if part not in KNOWN[name] and not part.startswith("tentang "):
            return f"'{part}' is no known part of {name}; write 'tentang ...' instead"
    return None


def needs_source(element, attributes):
    return element != "signatories" or re.search(r"\b(min|echelon)=", attributes)


def check(root):
    root = pathlib.Path(root)
    for folder in ("templates/letters", "templates/rules"):
        for path in sorted((root / folder).glob("*.xml")):
            text = path.read_text()
            for found in ELEMENT.finditer(text):
                element, attributes = found.groups()
                if not needs_source(element, attributes):
                    continue
                line = text.count("\n", 0, found.start()) + 1
                source = re.search(r'\bsource="([^"]*)"', attributes)
                said = fault(source.group(1)) if source else "it has no source"
                if said:
                    yield f"{path}:{line}: {element}: {said}"


common.main(check)
