#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Calls and words that may not stand in the source, each with what to use instead."""
import re

import common

CALLS = {
    r"\b(strcpy|strcat|stpcpy)\(": "copy with g_strdup, g_strlcpy or GString",
    r"\b(sprintf|vsprintf)\(": "g_strdup_printf or g_snprintf",
    r"\b(atoi|atol|atof)\(": "g_ascii_string_to_signed and its kin, which see errors",
    r"\bstrtok(_r)?\(": "g_strsplit",
    r"(?<![\w])gets\(": "fgets",
    r"\b(system|popen)\(": "g_spawn_sync with an argument vector",
    r"\b(localtime|gmtime|asctime|ctime)(_r)?\(": "base/clock.h",
    r"\b(rand|srand|random|srandom)\(": "nsk_random",
    r"\b(strtod|strtof)\(": "g_ascii_strtod, which does not depend on the locale",
    r"\bsqlite3_mprintf\(": "constants and bound values",
    r"\b(alloca|g_alloca|g_newa)\(": "the heap",
    r"\btmpnam\(|\bmktemp\(": "g_mkstemp_full",
    r"\bassert\(": "g_assert",
}
WORDS = {
    r"\bgoto\b": "g_autoptr and an early return",
    r"\b(TODO|FIXME|XXX|HACK)\b": "an issue",
}
OUTPUT = re.compile(r"\b(printf|puts|putchar|g_print|g_printerr)\(")
EXIT = re.compile(r"(?<![\w])(exit|_exit|abort)\(")
PRINTERS = ("cli", "worker", "signer", "verify")


def check(root):
    for path in common.c_files(root):
        relative = path.relative_to(root)
        raw = path.read_text()
        if not raw.startswith("/* SPDX-License-Identifier: GPL-3.0-or-later */\n"):
            yield f"{path}:1: begin with the SPDX line"
        code = common.blank_out(raw).splitlines()
        for number, line in enumerate(code, 1):
            for pattern, instead in CALLS.items():
                if re.search(pattern, line):
                    yield f"{path}:{number}: banned: {line.strip()}; use {instead}"
            if relative.parts[0] == "engine" and relative.parts[1] not in PRINTERS:
                if OUTPUT.search(line) or EXIT.search(line):
                    yield f"{path}:{number}: only {' and '.join(PRINTERS)} print or exit: {line.strip()}"
        for number, line in enumerate(raw.splitlines(), 1):
            for pattern, instead in WORDS.items():
                if re.search(pattern, line):
                    yield f"{path}:{number}: banned word: {line.strip()}; use {instead}"


common.main(check)
