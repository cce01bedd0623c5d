#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""incoming.py NASKAH: letters that come in, on the command line: the agenda, doubles, a scan of
many pages, two who register at once, kills in between.  TAP on standard output.  Kills need a build
with -Dfaults=true and are skipped in any other."""
import json
import os
import subprocess
import sys
import tempfile

from tap import Naskah, run_cases

ABOUT = ["--subject", "Permohonan Narasumber", "--to", "kepala-biro-umum", "--channel", "pos",
         "--classification", "KP.08.1"]
FO = """<root xmlns="http://www.w3.org/1999/XSL/Format" font-family="Arial" language="id">
<layout-master-set><simple-page-master master-name="a" page-width="210mm" page-height="297mm">
<region-body margin="20mm"/></simple-page-master></layout-master-set>
<page-sequence master-reference="a"><flow flow-name="xsl-region-body">%s</flow></page-sequence>
</root>"""
KILLS = ["record.row:1", "record.commit:1", "record.entry:1", "record.row:2", "record.entry:2"]


def path(naskah, name):
    return os.path.join(os.path.dirname(naskah.folder), name)


def register(naskah, *args, person="wening", sender="Dinas Pengairan"):
    return naskah.ask("incoming", "register", *args, "--from", sender, *ABOUT, person=person)


def listed(naskah):
    return naskah.ask("incoming", "list", "--all", person="wening")["letters"]


def agenda_is_gapless(naskah, count):
    numbers = sorted(int(letter["agenda"].split("/")[0][2:]) for letter in listed(naskah))
    assert numbers == list(range(1, count + 1)), numbers
    naskah.run("doctor")


def the_day_of_a_letter(naskah):
    """A letter is registered, shown, passed on, read, and has a receipt."""
    naskah.run("init", naskah.folder, "--demo", "--empty", office=False)
    answer = register(naskah, "--number", "400.3/118/DPA", "--date", "2026-07-14")
    assert answer["agenda"].startswith("A-1/SU/BU/"), answer
    shown, _ = naskah.run("incoming", "show", answer["agenda"], person="wening")
    assert "400.3/118/DPA" in shown and "Dinas Pengairan" in shown, shown
    naskah.run("incoming", "forward", answer["agenda"], person="wening")
    tasks = naskah.ask("task", "list", person="sekar")
    assert any(task["letter"] == answer["letter"] for task in tasks["tasks"]), tasks
    receipt = path(naskah, "receipt.pdf")
    naskah.run("incoming", "receipt", answer["letter"], "-o", receipt, person="wening")
    with open(receipt, "rb") as file:
        assert file.read(5) == b"%PDF-"


def refusals(naskah):
    """What cannot be is refused in one sentence, and nothing is stored."""
    before = len(listed(naskah))
    text = path(naskah, "no.pdf")
    with open(text, "w", encoding="utf-8") as file:
        file.write("Yth. Bapak")
    base = ["incoming", "register", "--from", "Dinas X"]
    naskah.refuse(1, ["no PDF"], *base, text, *ABOUT, person="wening")
    naskah.refuse(7, ["TU of no unit"], *base, *ABOUT, person="galih")
    naskah.refuse(1, ["--channel"], *base, "--subject", "x", "--to", "kepala-biro-umum",
                  person="wening")
    naskah.refuse(1, ["envelope"], *base, *ABOUT, "--security", "rahasia", "--unopened",
                  person="wening")
    naskah.refuse(6, ["--duplicate-of"], "incoming", "register", "--from", "dinas pengairan",
                  "--number", "400.3/118/dpa", *ABOUT, person="damar")
    naskah.refuse(3, ["may know of"], "incoming", "show", "A-999/X", person="wening")
    assert len(listed(naskah)) == before


def many_pages(naskah):
    """A scan of 300 pages is taken, and found by a word of its last."""
    fo, scan = path(naskah, "a.fo"), path(naskah, "scan.pdf")
    pages = "".join(f'<block break-before="page">Halaman {n} berkas sumur pantau</block>'
                    for n in range(299))
    with open(fo, "w", encoding="utf-8") as file:
        file.write(FO % (pages + '<block break-before="page">kelulut terakhir</block>'))
    naskah.run("render", fo, "-o", scan, office=False)
    answer = register(naskah, scan, "--number", "300")
    assert naskah.seconds < 120, naskah.seconds
    found = naskah.ask("archive", "search", "kelulut", person="wening")
    assert [hit["letter"] for hit in found["hits"]] == [answer["letter"]], found
    naskah.refuse(6, ["the same file"], "incoming", "register", scan, "--from", "Lain", *ABOUT,
                  person="wening")


def two_at_once(naskah):
    """Of two who register the same letter at once one wins, and the other is told."""
    command = [naskah.program, "incoming", "register", "--dir", naskah.folder, "--json", "--from",
               "Dinas Kembar", "--number", "77", *ABOUT]
    children = [subprocess.Popen([*command, "--as", person], stdout=subprocess.PIPE,
                                 stderr=subprocess.PIPE, text=True,
                                 env=dict(os.environ, LC_ALL="C.UTF-8"))
                for person in ("wening", "damar")]
    ends = [(child.communicate(), child.returncode) for child in children]
    codes = sorted(code for _, code in ends)
    assert codes in ([0, 6], [0, 75]), ends
    assert sum(letter["number"] == "77" for letter in listed(naskah)) == 1


def kills(naskah):
    """The agenda has no gap, wherever a registration is killed."""
    for number, point in enumerate(KILLS):
        before = len(listed(naskah))
        command = [naskah.program, "incoming", "register", "--dir", naskah.folder, "--as", "wening",
                   "--from", "Dinas Putus", "--number", f"p{number}", *ABOUT]
        child = subprocess.run(command, capture_output=True, text=True,
                               env=dict(os.environ, LC_ALL="C.UTF-8",
                                        NASKAH_FAULT=point + ":kill"))
        if child.returncode == 0:
            return
        assert child.returncode == -9, child.stderr
        assert len(listed(naskah)) == before
        register(naskah, "--number", f"p{number}", sender="Dinas Putus")
    agenda_is_gapless(naskah, len(listed(naskah)))


def made_again(naskah):
    """The index of letters that came in is the same when it is made again."""
    before = listed(naskah)
    naskah.run("rebuild")
    assert listed(naskah) == before
    agenda_is_gapless(naskah, len(before))


def main():
    with tempfile.TemporaryDirectory() as folder:
        naskah = Naskah(sys.argv[1], os.path.join(folder, "office"))
        run_cases([the_day_of_a_letter, refusals, many_pages, two_at_once, kills, made_again],
                  naskah)


if __name__ == "__main__":
    main()
