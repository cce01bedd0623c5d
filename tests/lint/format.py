#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Every C file is as clang-format 14 with the project's .clang-format leaves it."""
import re
import subprocess
import pathlib

import common

STYLE = pathlib.Path(__file__).resolve().parents[2] / ".clang-format"
MANY = 100  # files for one run, since starting it takes longer than a file


def check(root):
    version = subprocess.run(["clang-format", "--version"], capture_output=True, text=True).stdout
    if not re.search(r"version 14\.", version):
        yield f"clang-format 14 is needed, this is: {version.strip()}"
        return
    paths = [str(path) for path in common.c_files(root)]
    for start in range(0, len(paths), MANY):
        result = subprocess.run(["clang-format", f"--style=file:{STYLE}", "--dry-run",
                                 *paths[start:start + MANY]], capture_output=True, text=True,
                                check=True)
        faults = re.findall(r"^(.+?):\d+:\d+: warning: .*clang-format", result.stderr, re.MULTILINE)
        for path in dict.fromkeys(faults):
            yield f"{path}:1: run clang-format -i on it"


common.main(check)
