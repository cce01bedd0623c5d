#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Sizes of functions and files: a function over 100 lines, over 6 parameters or nested deeper than
4 blocks fails, and so does a .c file of 1,000 lines.  Prints the statistics of the engine.

It relies on the house format: a function's name, and its closing brace, stand at column one.
A switch that is a table may be longer if it is marked with the comment "size: table"; a callback
whose parameters a library fixes is marked "size: callback"."""
import re
import statistics

import common

MAX_LINES, MAX_PARAMETERS, MAX_NESTING, MAX_FILE = 100, 6, 4, 1000
HEAD = re.compile(r"^([a-zA-Z_]\w*)\(([^;{}]*?)\)\s*\n\{", re.M)


def functions(text):
    """(name, line, parameters, body) of each function definition in blanked text."""
    for match in HEAD.finditer(text):
        end = text.find("\n}", match.end() - 1)
        if end >= 0:
            line = text.count("\n", 0, match.start()) + 1
            yield match.group(1), line, match.group(2), text[match.start():end + 2]


def nesting(body):
    depth = deepest = 0
    for char in body:
        depth += (char == "{") - (char == "}")
        deepest = max(deepest, depth)
    return deepest - 1


def parameters(text):
    text = text.strip()
    depth, count = 0, 0 if text in ("", "void") else 1
    for char in text:
        depth += (char == "(") - (char == ")")
        count += char == "," and depth == 0
    return count


def check(root):
    lengths = []
    for path in common.c_files(root):
        raw = path.read_text()
        if path.suffix == ".c" and raw.count("\n") >= MAX_FILE:
            yield f"{path}:1: {raw.count(chr(10))} lines; split the file (limit {MAX_FILE - 1})"
        for name, line, params, body in functions(common.blank_out(raw)):
            lines = body.count("\n") + 1
            here = raw.splitlines()[line - 1:line - 1 + lines]
            if "engine" in path.relative_to(root).parts:
                lengths.append(lines)
            if lines > MAX_LINES and not any("size: table" in row for row in here):
                yield f"{path}:{line}: {name}() has {lines} lines (limit {MAX_LINES})"
            if parameters(params) > MAX_PARAMETERS and not any("size: callback" in row for row in here):
                yield f"{path}:{line}: {name}() has {parameters(params)} parameters (limit {MAX_PARAMETERS})"
            if nesting(body) > MAX_NESTING:
                yield f"{path}:{line}: {name}() nests {nesting(body)} blocks (limit {MAX_NESTING})"
    if len(lengths) > 1:
        cuts = statistics.quantiles(lengths, n=100)
        print(f"# {len(lengths)} functions, lines: median {statistics.median(lengths):.0f}, "
              f"p95 {cuts[94]:.0f}, p99 {cuts[98]:.0f}, longest {max(lengths)}")


common.main(check)
