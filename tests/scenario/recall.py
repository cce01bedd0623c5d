#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""recall.py NASKAH: dispositions that are seen by opening the letter, and taken back: from all, from
one alone, after they were read, and when it is too late.  TAP on standard output."""
import os
import sys
import tempfile

from tap import Naskah, run_cases, serving

LEAD, SECOND, THIRD = "sekretaris-utama", "deputi-bidang-pemantauan", "deputi-bidang-konservasi"
PEOPLE = {LEAD: "larasati", SECOND: "tirta", THIRD: "anindita"}
MADE = {}


def given(naskah, number):
    """A letter that the head has given to three."""
    letter = naskah.ask("incoming", "register", "--from", "Dinas Pengairan", "--number", number,
                        "--subject", "Permohonan", "--to", "kepala-badan", "--unit", "bpatn",
                        "--channel", "pos", "--classification", "KP.08.1",
                        person="pramesti")["letter"]
    naskah.run("incoming", "forward", letter, person="pramesti")
    naskah.run("disposition", "give", letter, LEAD, SECOND, THIRD, person="bramantya")
    return letter


def receivers(naskah, letter, person="bramantya"):
    top = naskah.ask("disposition", "show", letter, person=person)["dispositions"][0]
    below = top["receivers"][0]["dispositions"]
    return below[-1]["state"], {one["position"]: one for one in below[-1]["receivers"]}


def states(naskah, letter):
    return [receivers(naskah, letter)[1][position]["state"] for position in (LEAD, SECOND, THIRD)]


def waits_for(naskah, person, letter):
    tasks = naskah.ask("task", "list", person=person)["tasks"]
    return [task["name"] for task in tasks if task["letter"] == letter]


def seen_by_opening(naskah):
    """Whoever opens a letter that was given to him has read it, however he opens it."""
    naskah.run("init", naskah.folder, "--demo", "--empty", office=False)
    MADE["letter"] = letter = given(naskah, "1")
    naskah.run("letter", "show", letter, person="pramesti")  # it is not before TU
    naskah.run("letter", "show", letter, person="bramantya")
    assert states(naskah, letter) == ["waiting"] * 3
    naskah.run("letter", "show", letter, person=PEOPLE[LEAD])
    naskah.run("incoming", "show", letter, person=PEOPLE[SECOND])
    assert states(naskah, letter) == ["read", "read", "waiting"]
    naskah.run("letter", "export", letter, "--xml", person=PEOPLE[THIRD])
    assert states(naskah, letter) == ["read"] * 3
    entries = naskah.ask("letter", "history", letter, person="bramantya")["entries"]
    before = len(entries)
    assert sum(entry["action"] == "disposition-read" for entry in entries) == 3, entries
    naskah.run("letter", "show", letter, person=PEOPLE[LEAD])  # once is enough
    assert len(naskah.ask("letter", "history", letter, person="bramantya")["entries"]) == before


def from_one_alone(naskah):
    """It is taken from one who has read it; the others keep theirs, and all of it leaves a trace."""
    letter = MADE["letter"]
    recall = ("disposition", "recall", letter)
    naskah.refuse(6, ["no disposition"], *recall, person=PEOPLE[LEAD])
    naskah.refuse(6, ["kepala-biro-umum"], *recall, "--from", "kepala-biro-umum",
                  person="bramantya")
    naskah.run(*recall, "--from", SECOND, "--note", "bukan bidangnya", person="bramantya")
    assert states(naskah, letter) == ["read", "recalled", "read"]
    assert receivers(naskah, letter)[1][SECOND]["report"] == "bukan bidangnya"
    assert receivers(naskah, letter)[0] == "given"
    assert waits_for(naskah, PEOPLE[SECOND], letter) == []
    assert waits_for(naskah, PEOPLE[LEAD], letter) != []
    naskah.refuse(6, ["stands"], *recall, "--from", SECOND, person="bramantya")
    words, _ = naskah.run("letter", "history", letter, person="bramantya")
    assert "disposition recalled" in words and "bukan bidangnya" in words, words
    naskah.run("letter", "show", letter, person=PEOPLE[SECOND])  # what he saw he may see


def the_others_go_on(naskah):
    """The last answer brings the letter back to the giver, who may give it once more."""
    letter = MADE["letter"]
    naskah.run("disposition", "done", letter, "--note", "selesai", person=PEOPLE[LEAD])
    naskah.refuse(6, ["Larasati", "cannot be recalled"], "disposition", "recall", letter,
                  person="bramantya")
    naskah.run("disposition", "recall", letter, "--from", THIRD, person="bramantya")
    assert states(naskah, letter) == ["done", "recalled", "recalled"]
    assert waits_for(naskah, "bramantya", letter) == ["Periksa hasil"]
    naskah.run("disposition", "give", letter, SECOND, person="bramantya")
    naskah.run("disposition", "done", letter, "--note", "beres", person=PEOPLE[SECOND])
    naskah.run("disposition", "done", letter, person="bramantya")
    assert naskah.ask("letter", "show", letter, person="bramantya")["state"] == "archived"


def from_all(naskah):
    """It is taken from all, at once or one after the other, and is the giver's again."""
    letter = given(naskah, "2")
    naskah.run("letter", "show", letter, person=PEOPLE[LEAD])
    naskah.run("disposition", "recall", letter, "--note", "keliru", person="bramantya")
    assert receivers(naskah, letter)[0] == "recalled"
    assert states(naskah, letter) == ["recalled"] * 3
    assert waits_for(naskah, "bramantya", letter) == ["Baca dan disposisikan"]
    letter = given(naskah, "3")
    naskah.run("disposition", "recall", letter, "--from", LEAD, person="bramantya")
    naskah.run("disposition", "recall", letter, person="bramantya")
    assert receivers(naskah, letter)[0] == "recalled"
    assert states(naskah, letter) == ["recalled"] * 3
    assert waits_for(naskah, "bramantya", letter) == ["Periksa hasil"]
    naskah.run("disposition", "give", letter, LEAD, person="bramantya")
    MADE["again"] = letter


def one_receiver_alone(naskah):
    """From the only one it is taken as from all; who went on with it has answered."""
    letter = MADE["again"]
    naskah.run("disposition", "recall", letter, "--from", LEAD, person="bramantya")
    assert waits_for(naskah, "bramantya", letter) == ["Periksa hasil"]  # where it was before
    naskah.run("disposition", "give", letter, LEAD, SECOND, person="bramantya")
    naskah.run("disposition", "give", letter, "kepala-biro-umum", person=PEOPLE[LEAD])
    naskah.refuse(6, ["cannot be recalled"], "disposition", "recall", letter, "--from", LEAD,
                  person="bramantya")
    naskah.run("disposition", "recall", letter, "--from", SECOND, person="bramantya")
    assert waits_for(naskah, "sekar", letter) != []


def through_the_server(naskah):
    """The server notes who has seen a letter, and takes one from one alone."""
    letter = given(naskah, "4")
    with serving(naskah):
        naskah.run("letter", "show", letter, person=PEOPLE[THIRD])
        naskah.run("disposition", "recall", letter, "--from", THIRD, person="bramantya")
        naskah.refuse(6, ["stands"], "disposition", "recall", letter, "--from", THIRD,
                      person="bramantya")
        naskah.run("disposition", "urge", letter, person="bramantya")
        naskah.refuse(6, ["less than an hour"], "disposition", "urge", letter, person="bramantya")
    assert states(naskah, letter) == ["waiting", "waiting", "recalled"]
    MADE["server"] = letter


def is_made_again(naskah):
    """The trees are the same when the index is made again."""
    letters = [MADE["letter"], MADE["again"], MADE["server"]]
    before = [naskah.ask("disposition", "show", letter, person="bramantya") for letter in letters]
    naskah.run("rebuild")
    assert before == [naskah.ask("disposition", "show", letter, person="bramantya")
                      for letter in letters]
    naskah.run("doctor")


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as folder:
        run_cases([seen_by_opening, from_one_alone, the_others_go_on, from_all, one_receiver_alone,
                   through_the_server, is_made_again],
                  Naskah(sys.argv[1], os.path.join(folder, "office")))
