#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""packages.py NASKAH FOLDER: what E-ARK's validator and the Library of Congress's bagit say of the
evidence files that NASKAH writes of a demo office's letter.

E-ARK's validator reads four vocabularies from the network when it is loaded; where they cannot be
had, those terms that a package of ours may use stand in for them, which is said: its rules are
judged all the same, whether our terms are in the vocabularies is not."""
import io
import json
import os
import subprocess
import sys
import urllib.request
import zipfile
from pathlib import Path

import bagit

TERMS = ("Mixed", "MIXED", "OTHER", "AIP", "NEW", "CURRENT")
FETCH = urllib.request.urlopen
MISSING = set()


def fetch(address, *args, **options):
    try:
        return FETCH(address, *args, **options)
    except OSError:
        MISSING.add(address)
        return io.BytesIO("".join(f"<Term>{term}</Term>\n" for term in TERMS).encode())


def export(program, office, letter, path):
    subprocess.run([program, "archive", "export", letter, "-o", path, "--dir", office, "--as", "sekar"],
                   check=True, stdout=subprocess.DEVNULL)
    folder = path.removesuffix(".zip")
    with zipfile.ZipFile(path) as file:
        file.extractall(folder)
    return os.path.join(folder, letter)


def judge(validator, package):
    """The statuses and the errors of E-ARK's report."""
    report = json.loads(validator.PackageValidator(package).validation_report.model_dump_json())
    found = [message for part in (report["structure"]["messages"],
                                  report["metadata"]["schema_results"]["messages"],
                                  report["metadata"]["schematron_results"]["messages"])
             for message in part if message["severity"] == "Error"]
    return [report["structure"]["status"], report["metadata"]["schema_results"]["status"],
            report["metadata"]["schematron_results"]["status"]], found


def main():
    program, folder = sys.argv[1:]
    office = os.path.join(folder, "office")
    said = subprocess.run([program, "demo", "--once", "--json", "--dir", office], check=True,
                          capture_output=True, text=True, stdin=subprocess.DEVNULL).stdout
    letter = json.loads(said.splitlines()[-1])["letter"]
    urllib.request.urlopen = fetch
    from eark_validator import packages as validator
    wrong = 0
    subprocess.run([program, "audit", "day", "--dir", office], check=True, capture_output=True)  # its files too
    for number in (1, 2):  # the second tells of the first
        bag = export(program, office, letter, os.path.join(folder, f"{number}.zip"))
        try:
            bagit.Bag(bag).validate()
            print(f"package {number}: bagit {bagit.VERSION}: valid")
        except bagit.BagError as fault:
            print(f"package {number}: bagit {bagit.VERSION}: {fault}")
            wrong += 1
        statuses, errors = judge(validator, Path(bag, "data", letter))
        print(f"package {number}: E-ARK: {', '.join(statuses)}; {len(errors)} errors")
        for error in errors:
            print(f"    {error['rule_id']}: {error['message']}")
        wrong += statuses != ["WellFormed", "VALID", "VALID"] or bool(errors)
    for address in sorted(MISSING):
        print(f"not run: the vocabulary {address} (not to be had)")
    sys.exit(1 if wrong else 0)


if __name__ == "__main__":
    main()
