# SPDX-License-Identifier: GPL-3.0-or-later
"""What the lint checks share: which files there are, and C text without comments and literals."""
import pathlib
import re

SOURCE_FOLDERS = ("engine", "include", "tests")

_TOKEN = re.compile(r'//[^\n]*|/\*.*?\*/|"(?:\\.|[^"\\\n])*"|\'(?:\\.|[^\'\\\n])*\'', re.S)


def c_files(root, folders=SOURCE_FOLDERS):
    """Every .c and .h file of the project, samples of the lint tests left out."""
    for folder in folders:
        for path in sorted((root / folder).rglob("*.[ch]")):
            if "samples" not in path.relative_to(root).parts:
                yield path


def blank_out(text, keep_strings=False):
    """The same text with comments (and literals) made blank, lines and columns kept."""
    def blank(match):
        token = match.group(0)
        if keep_strings and token[0] in "\"'":
            return token
        return re.sub(r"[^\n]", " ", token)
    return _TOKEN.sub(blank, text)


def main(check):
    """Runs check(root), which yields one line for each breach; prints them all."""
    import sys
    breaches = list(check(pathlib.Path(sys.argv[1]).resolve()))
    for line in breaches:
        print(line)
    sys.exit(1 if breaches else 0)
