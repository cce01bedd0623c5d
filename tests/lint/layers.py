#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Checks every #include of the engine against engine/layers.conf."""
import re

import common

INCLUDE = re.compile(r'\s*#\s*include\s*([<"])([^>"]+)')


def read_rules(path):
    """module -> modules it may include; [(header regex, modules that may include it)]"""
    allowed, owners = {}, []
    for line in path.read_text().splitlines():
        words = line.split("#")[0].split()
        if words and words[0] == "module":
            allowed[words[1]] = set(words[3:]) | {words[1]}
        elif words and words[0] == "only":
            owners.append((re.compile(words[1]), set(words[3:])))
    return allowed, owners


def check(root):
    engine = root / "engine"
    allowed, owners = read_rules(engine / "layers.conf")
    for path in common.c_files(root, ("engine",)):
        module = path.relative_to(engine).parts[0]
        if module not in allowed:
            yield f"{path}:1: module '{module}' has no row in layers.conf"
            continue
        for number, line in enumerate(path.read_text().splitlines(), 1):
            match = INCLUDE.match(line)
            if not match:
                continue
            quote, name = match.groups()
            target = name.split("/")[0] if "/" in name else module
            if quote == '"' and target not in allowed[module]:
                yield f"{path}:{number}: {module} may not include {name}"
            if quote == '"' and target != module and name.endswith("-private.h"):
                yield f"{path}:{number}: {name} is private to {target}"
            for regex, modules in owners:
                if quote == "<" and regex.match(name) and module not in modules:
                    yield f"{path}:{number}: only {', '.join(sorted(modules))} may include <{name}>"


common.main(check)
