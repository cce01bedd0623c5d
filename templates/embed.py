#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""embed.py LIST OUTPUT DEPFILE FOLDER...: writes the files of naskah.gresource.xml as C.

The list has the form that GLib's own tool reads.  That tool's result needs GIO, whose libraries take
a twentieth of the time that one letter does."""
import pathlib
import re
import sys
import xml.etree.ElementTree as tree

LINE = 100  # bytes of a file on one line of C
COMMENT = re.compile(rb"<!--.*?-->", re.DOTALL)
BLANKS = re.compile(rb"(?<!<xsl:text)>\s+<")


def spell(data):
    """@data as string literals; a digit behind an octal number of three digits is no part of it."""
    for at in range(0, len(data), LINE):
        yield '"' + "".join(
            chr(b) if 32 <= b < 127 and chr(b) not in '"\\?' else f"\\{b:03o}" for b in data[at:at + LINE]) + '"'


def load(path):
    """Of a stylesheet what XSLT does not drop by itself (3.4): a program reads it at every start."""
    data = path.read_bytes()
    return BLANKS.sub(b"><", COMMENT.sub(b"", data)) if path.suffix == ".xsl" else data


def find(name, folders):
    for folder in folders:
        if (folder / name).is_file():
            return folder / name
    sys.exit(f"embed.py: there is no file '{name}'")


def main(listing, output, depfile, *folders):
    folders = [pathlib.Path(folder) for folder in folders]
    files = {}
    for entry in tree.parse(listing).getroot().iter("file"):
        files[entry.get("alias", entry.text)] = find(entry.text, folders)
    paths = sorted(files, key=str.encode)
    out = ['#include "base/data.h"', "", "const NskDataFile nsk_data_files[] = {"]
    for path in paths:
        data = load(files[path])
        out += [f'{{ "{path}", {len(data)},', *(spell(data) if data else ['""']), "},"]
    out += ["};", f"const size_t nsk_data_n_files = {len(paths)};", ""]
    pathlib.Path(output).write_text("\n".join(out))
    pathlib.Path(depfile).write_text(f"{output}: {' '.join(str(file) for file in files.values())}\n")


main(*sys.argv[1:])
