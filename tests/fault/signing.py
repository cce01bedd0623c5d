#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""signing.py NASKAH: a signature is cut off with SIGKILL at each of its steps.  After each kill the
signatory finishes it under the same number; one whose mandate ended meanwhile signs nothing; and a
letter that went back is never signed by an answer that came before.  Doctor finds nothing then."""
import datetime
import json
import os
import shutil
import sqlite3
import subprocess
import sys
import tempfile

NASKAH = sys.argv[1]
POINTS = ["sign.reserved", "sign.rendered", "sign.bound", "sign.authorised", "sign.sent", "sign.made",
          "sign.answered", "sign.checked", "sign.stored"]
TODAY = datetime.datetime.now(datetime.timezone(datetime.timedelta(hours=7))).date()
# later than the machine's clock: maheswari stands in until the day after tomorrow
LATER = f"{TODAY + datetime.timedelta(days=7)} 09:00"
HOLDING = """<directory xmlns="urn:naskah:directory:1"><units/><positions/><people/><holdings>
<holding person="maheswari" position="kepala-biro-keuangan" capacity="plh" from="{}" until="{}"/>
</holdings><mandates/><assistants/></directory>
"""
LETTER = """<letter xmlns="urn:naskah:letter:1" kind="surat-dinas" xml:lang="id">
<security>biasa</security><urgency>biasa</urgency><classification>KP.08.1</classification>
<subject>Undangan Rapat</subject><to><position ref="kepala-biro-sdm"/></to>
<signatories><signatory position="{}" capacity="{}"/></signatories>
<body><p>Rapat diadakan di Aula Tirta.</p></body></letter>
"""


class Office:
    def __init__(self, folder):
        self.folder = folder

    def run(self, *args, person, at=None, fault=None):
        environment = dict(os.environ, LC_ALL="C.UTF-8")
        environment.pop("NASKAH_FAULT", None)
        if fault:
            environment["NASKAH_FAULT"] = fault + ":1:kill"
        moved = ("--at", at) if at else ()
        return subprocess.run([NASKAH, *args, "--dir", self.folder, "--as", person, *moved,
                               "--json"], env=environment, capture_output=True, text=True,
                              stdin=subprocess.DEVNULL)

    def ask(self, *args, **options):
        result = self.run(*args, **options)
        assert result.returncode == 0, f"{args}: exit {result.returncode}\n{result.stderr}"
        return json.loads(result.stdout.splitlines()[-1])

    def rows(self, sql, *values):
        database = sqlite3.connect(f"file:{self.folder}/office.db?mode=ro", uri=True)
        found = database.execute(sql, values).fetchall()
        database.close()
        return found

    def letter(self, position, capacity):
        path = os.path.join(self.folder, "surat.xml")
        with open(path, "w", encoding="utf-8") as file:
            file.write(LETTER.format(position, capacity))
        letter = self.ask("letter", "new", path, "--position", "staf-persuratan",
                          person="damar")["letter"]
        os.unlink(path)
        self.ask("letter", "submit", letter, person="damar")
        return letter

    def secret(self):
        return ("--passphrase-file", os.path.join(self.folder, "keys", "passphrase"))

    def sign(self, letter, person):
        shown = self.ask("task", "sign", letter, person=person)
        return self.ask("task", "sign", letter, "--confirm", shown["sha256"], *self.secret(),
                        person=person)

    def stand_in(self):
        path = os.path.join(self.folder, "wakil.xml")
        with open(path, "w", encoding="utf-8") as file:
            file.write(HOLDING.format(TODAY - datetime.timedelta(days=1),
                                      TODAY + datetime.timedelta(days=2)))
        subprocess.run([NASKAH, "directory", "load", path, "--dir", self.folder], check=True,
                       capture_output=True)
        os.unlink(path)

    def cut(self, letter, person, point):
        """Signs until the kill; the digest of the pages, if they were shown."""
        first = POINTS.index(point) <= POINTS.index("sign.bound")
        result = self.run("task", "sign", letter, person=person, fault=point if first else None)
        if first:
            assert result.returncode == -9, (point, result.returncode, result.stderr)
            return None
        shown = json.loads(result.stdout.splitlines()[-1])["sha256"]
        result = self.run("task", "sign", letter, "--confirm", shown, *self.secret(), person=person,
                          fault=point)
        assert result.returncode == -9, (point, result.returncode, result.stderr)
        return shown

    def examine(self):
        result = subprocess.run([NASKAH, "doctor", "--dir", self.folder, "--json"],
                                capture_output=True, text=True)
        found = json.loads(result.stdout.splitlines()[-1])["issues"]
        bad = [issue for issue in found if issue["severity"] == "error"]
        assert not bad, bad


def finishes(office, point):
    letter = office.letter("kepala-biro-umum", "definitive")
    office.cut(letter, "sekar", point)
    shown = office.ask("letter", "show", letter, person="damar")
    if point == "sign.stored":
        assert shown["state"] == "archived", shown
    else:
        number = shown["number"]
        office.sign(letter, "sekar")
        shown = office.ask("letter", "show", letter, person="damar")
        assert shown["state"] == "archived", shown
        assert number in (None, shown["number"]), (number, shown["number"])
    assert office.rows("SELECT count(*) FROM register_entry WHERE letter = ?", letter) == [(1,)]
    waiting = office.rows("SELECT count(*) FROM signing_answer WHERE letter = ?", letter)
    assert waiting == [(0,)], waiting
    path = os.path.join(office.folder, "hasil.pdf")
    office.run("letter", "export", letter, "-o", path, person="sekar")
    verdict = subprocess.run([NASKAH, "verify", path, "--dir", office.folder, "--json"],
                             capture_output=True, text=True)
    assert verdict.returncode == 0, (verdict.returncode, verdict.stdout, verdict.stderr)
    os.unlink(path)


def ends_with_its_mandate(office, point):
    letter = office.letter("kepala-biro-keuangan", "plh")
    shown = office.cut(letter, "maheswari", point)
    if point == "sign.stored":
        return
    for action in (["--confirm", shown or "0" * 64, *office.secret()], ["--resume"]):
        result = office.run("task", "sign", letter, *action, person="maheswari", at=LATER)
        assert result.returncode not in (0, -9), (point, action, result.stdout)
        assert "AddressSanitizer" not in result.stderr, result.stderr
    assert office.rows("SELECT count(*) FROM signing WHERE letter = ? AND state = 'stored'",
                       letter) == [(0,)]
    state = office.ask("letter", "show", letter, person="damar", at=LATER)["state"]
    assert state == "signing", state


def goes_back(office, point):
    letter = office.letter("kepala-biro-umum", "definitive")
    office.cut(letter, "sekar", point)
    if point == "sign.stored":
        return
    office.ask("letter", "withdraw", letter, "--note", "batal", person="damar")
    result = office.run("task", "sign", letter, "--resume", person="sekar")
    assert result.returncode not in (0, -9), result.stdout
    assert office.ask("letter", "show", letter, person="damar")["state"] == "withdrawn"
    kept = office.rows("SELECT count(*) FROM signing_evidence WHERE letter = ?", letter)
    assert kept == [(1 if point in ("sign.answered", "sign.checked") else 0,)], (point, kept)
    assert office.rows("SELECT count(*) FROM register_entry WHERE letter = ? AND state <> 2",
                       letter) == [(0,)]


def main():
    number, failed = 0, 0
    cases = [(what, point) for point in POINTS for what in (finishes, ends_with_its_mandate, goes_back)]
    print(f"1..{len(cases) + 1}", flush=True)
    with tempfile.TemporaryDirectory() as work:
        office = Office(os.path.join(work, "kantor"))
        subprocess.run([NASKAH, "init", office.folder, "--demo", "--empty"], check=True,
                       capture_output=True)
        office.stand_in()
        for what, point in cases + [(None, "")]:
            number += 1
            name = f"{what.__name__} {point}" if what else "doctor finds nothing"
            try:
                if what:
                    what(office, point)
                else:
                    office.examine()
                print(f"ok {number} {name}", flush=True)
            except (AssertionError, KeyError, ValueError, IndexError, OSError) as fault:
                failed += 1
                text = f"{type(fault).__name__}: {fault}".replace("\n", "\n# ")
                print(f"not ok {number} {name}\n# {text}", flush=True)
        shutil.rmtree(office.folder)
    sys.exit(1 if failed else 0)


main()
