#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""must-fail.py CHECK SAMPLE-FOLDER: runs a lint check on its failing sample.  Every line of the
sample that is marked "expect: TEXT" must be reported, at that line, with that text."""
import pathlib
import re
import subprocess
import sys

check, folder = sys.argv[1], pathlib.Path(sys.argv[2]).resolve()
result = subprocess.run([sys.executable, check, str(folder)], capture_output=True, text=True)
missing = 0 if result.returncode == 1 else 1
for path in sorted(folder.rglob("*.*")):
    for number, line in enumerate(path.read_text().splitlines(), 1):
        match = re.search(r"expect: (.*?) ?(\*/|$)", line)
        if match and not any(f"{path}:{number}:" in row and match.group(1) in row
                             for row in result.stdout.splitlines()):
            print(f"not reported: {path}:{number}: {match.group(1)}")
            missing += 1
print(result.stdout + result.stderr)
sys.exit(1 if missing else 0)
