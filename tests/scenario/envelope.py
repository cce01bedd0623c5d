#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""envelope.py NASKAH: what is registered of a letter is corrected, and a secret letter is opened by
who it is for, on the command line and through a server.  TAP on standard output."""
import os
import sys
import tempfile

from incoming import ABOUT, FO, path
from tap import Naskah, run_cases, serving

MADE = {}
SECRET = "Temuan Tersembunyi"


def render(naskah, name, text):
    fo, pdf = path(naskah, name + ".fo"), path(naskah, name + ".pdf")
    with open(fo, "w", encoding="utf-8") as file:
        file.write(FO % f"<block>{text}</block>")
    naskah.run("render", fo, "-o", pdf, office=False)
    return pdf


def show(naskah, letter, person="wening"):
    return naskah.ask("incoming", "show", letter, person=person)


def correct(naskah, *args, person="wening", note="salah ketik"):
    return naskah.ask("incoming", "correct", *args, "--note", note, person=person)


def is_corrected(naskah):
    """TU corrects what it entered: a new version, with the reason, under the same agenda number."""
    naskah.run("init", naskah.folder, "--demo", "--empty", office=False)
    made = naskah.ask("incoming", "register", render(naskah, "satu", "Undangan rapat sumur"),
                      "--from", "Dinas Pengairan", "--number", "400.3/118/DPA", "--date",
                      "2026-07-14", *ABOUT, person="wening")
    MADE["letter"] = letter = made["letter"]
    before = show(naskah, letter)
    answer = correct(naskah, made["agenda"], "--number", "400.3/181/DPA", "--from",
                     "Dinas Pengairan Kabupaten Arunika", "--place", "Arunika", "--date",
                     "2026-07-15", "--due", "2026-12-01", "--channel", "kurir", "--summary",
                     "Minta narasumber.", "--subject", "Permohonan Narasumber Bimtek")
    assert answer["agenda"] == made["agenda"] and answer["changed"] == [
        "channel", "number", "date", "due", "origin", "place", "summary", "subject"], answer
    after = show(naskah, "400.3/181/DPA")
    assert (after["letter"], after["agenda"]) == (letter, made["agenda"]), after
    assert (after["date"], after["channel"], after["place"], after["due"], after["summary"]) == (
        "2026-07-15", "kurir", "Arunika", "2026-12-01", "Minta narasumber."), after
    assert before["at"] == after["at"] and before["to"] == after["to"]
    history = naskah.ask("letter", "history", letter, person="wening")["entries"]
    assert history[-1]["action"] == "registration-corrected", history[-1]
    words, _ = naskah.run("letter", "history", letter, person="wening")
    assert "salah ketik" in words, words
    words, _ = naskah.run("letter", "diff", letter, person="wening")
    assert "400.3/118/DPA" in words and "400.3/181/DPA" in words, words
    naskah.refuse(3, ["came in"], "incoming", "show", "400.3/118/DPA", person="wening")


def odd_dates_are_told(naskah):
    """A date that can hardly be right is entered as it stands on the letter, with a warning."""
    made = naskah.ask("incoming", "register", "--from", "Dinas Tanggal", "--number", "9", "--date",
                      "2031-01-01", "--due", "2020-01-01", *ABOUT, person="wening")
    assert len(made["warnings"]) == 2, made
    _, said = naskah.run("incoming", "correct", made["letter"], "--date", "2032-01-01", "--note",
                         "x", person="wening")
    assert "later than the day it came" in said and said.count("warning:") == 2, said
    fixed = correct(naskah, made["letter"], "--date", "2026-07-14", "--due", "2031-01-01")
    assert fixed["warnings"] == [], fixed


def more_is_corrected(naskah):
    """Words are taken away, the time and the scan are others; the old scan is found no more."""
    letter = MADE["letter"]
    answer = correct(naskah, letter, "--summary", "", "--place", "", "--received",
                     "2026-11-02 08:30", "--scan", render(naskah, "dua", "Kelulut di halaman dua"))
    assert answer["changed"] == ["place", "summary", "at", "scan"], answer
    shown = show(naskah, letter)
    assert shown["place"] is None and shown["summary"] is None, shown
    assert shown["at"] == "2026-11-02T01:30:00.000000Z", shown
    search = ("archive", "search")
    assert naskah.ask(*search, "sumur", person="wening")["hits"] == []
    assert len(naskah.ask(*search, "kelulut", person="wening")["hits"]) == 1
    naskah.run("doctor")


def what_stays_is_refused(naskah):
    """What cannot be corrected, and who may not, is refused in a sentence; nothing is changed."""
    letter, before = MADE["letter"], show(naskah, MADE["letter"])
    base = ("incoming", "correct", letter)
    note = ("--note", "x")
    naskah.refuse(1, ["--note"], *base, "--number", "9", person="wening")
    naskah.refuse(1, ["different"], *base, *note, person="wening")
    naskah.refuse(1, ["different"], *base, "--number", "400.3/181/DPA", *note, person="wening")
    naskah.refuse(1, ["without origin"], *base, "--from", "", *note, person="wening")
    naskah.refuse(1, ["channel 'merpati'"], *base, "--channel", "merpati", *note, person="wening")
    naskah.refuse(1, ["2031-01-01"], *base, "--received", "2031-01-01 08:00", *note,
                  person="wening")
    naskah.refuse(1, ["kemarin"], *base, "--received", "kemarin", *note, person="wening")
    naskah.refuse(1, ["date"], *base, "--date", "2026-02-30", *note, person="wening")
    naskah.refuse(2, ["--security"], *base, "--security", "rahasia", *note, person="wening")
    naskah.refuse(3, ["came in"], *base, "--number", "9", *note, person="sekar")
    naskah.run("incoming", "forward", letter, person="wening")
    naskah.refuse(7, ["TU"], *base, "--number", "9", *note, person="sekar")
    before = show(naskah, letter)
    naskah.refuse(3, ["came in"], *base, "--number", "9", *note, person="galih")
    naskah.refuse(6, ["not registered by its envelope"], "incoming", "open", letter, "--subject",
                  "x", person="sekar")
    text = path(naskah, "no.pdf")
    with open(text, "w", encoding="utf-8") as file:
        file.write("Yth.")
    naskah.refuse(1, ["no PDF"], *base, "--scan", text, *note, person="wening")
    other = naskah.ask("incoming", "register", "--from", "Dinas Lain", "--number", "5", *ABOUT,
                       person="wening")["letter"]
    naskah.refuse(6, [other], *base, "--from", "dinas lain", "--number", "5", *note,
                  person="wening")
    assert show(naskah, letter) == before
    correct(naskah, letter, "--from", "dinas lain", "--number", "5", "--not-duplicate")
    correct(naskah, letter, "--from", "Dinas Pengairan", "--number", "6")


def secret_is_opened(naskah):
    """Who a secret letter is for opens it; tata usaha sees nothing of what is in it, ever."""
    made = naskah.ask("incoming", "register", "--unopened", "--security", "rahasia", "--from",
                      "Inspektorat", "--to", "kepala-biro-umum", "--channel", "kurir",
                      "--classification", "PW.01", "--number", "R-1", person="wening")
    MADE["secret"] = letter = made["letter"]
    scan = render(naskah, "rahasia", SECRET)
    command = ("incoming", "open", letter, scan, "--subject", SECRET)
    naskah.refuse(3, ["came in"], *command, person="sekar")  # it was not passed on
    naskah.refuse(7, ["addressed to"], *command, person="wening")
    naskah.refuse(1, ["envelope"], "incoming", "correct", letter, "--subject", "x", "--note", "x",
                  person="wening")
    correct(naskah, letter, "--number", "R-12/IW")
    naskah.run("incoming", "forward", letter, person="wening")
    for person in ("wening", "damar"):
        naskah.refuse(7, ["addressed to"], *command, person=person)
    naskah.refuse(1, ["--subject"], "incoming", "open", letter, scan, person="sekar")
    answer = naskah.ask(*command, "--summary", "Tiga temuan.", "--date", "2026-07-01",
                        person="sekar")
    assert answer["agenda"] == made["agenda"], answer
    shown = show(naskah, letter, "sekar")
    assert (shown["subject"], shown["summary"], shown["security"], shown["unopened"]) == (
        SECRET, "Tiga temuan.", "rahasia", False), shown
    assert (shown["file"], shown["number"]) == ("naskah-masuk.pdf", "R-12/IW"), shown
    naskah.refuse(6, ["is open"], *command, person="sekar")


def secret_stays_so(naskah):
    """No list, book, receipt, search or export gives the letter away to tata usaha."""
    letter = MADE["secret"]
    for person in ("wening", "damar"):
        shown = show(naskah, letter, person)
        assert not {"subject", "summary", "file"} & set(shown), shown
        assert shown["number"] is None and shown["date"] is None, shown
        naskah.refuse(3, ["no letter"], "letter", "show", letter, person=person)
        naskah.refuse(3, ["no letter"], "letter", "export", letter, "--attachment",
                      "naskah-masuk.pdf", person=person)
        for command in (("incoming", "list", "--all"), ("task", "list"), ("task", "orphans")):
            said, _ = naskah.run(*command, "--json", person=person)
            assert SECRET not in said, said
        assert naskah.ask("archive", "search", "tersembunyi", person=person)["hits"] == []
    assert naskah.ask("archive", "search", "tersembunyi", person="sekar")["hits"] == []
    said, _ = naskah.run("register", "list", "incoming", person="wening")
    assert SECRET not in said, said
    receipt = path(naskah, "receipt.pdf")
    naskah.run("incoming", "receipt", letter, "-o", receipt, person="wening")
    said, _ = naskah.run("register", "list", "incoming", "--unit", "biro-umum", person="sekar")
    assert SECRET in said, said
    naskah.refuse(7, ["addressed to"], "incoming", "correct", letter, "--subject", "x", "--note",
                  "x", person="wening")
    naskah.refuse(7, ["addressed to"], "incoming", "correct", letter, "--number", "x", "--note",
                  "x", person="wening")
    correct(naskah, letter, "--channel", "pos")
    correct(naskah, letter, "--subject", SECRET + " (2)", person="sekar")
    said = "".join(open(os.path.join(folder, name), "rb").read().decode("latin-1")
                   for folder, _, names in os.walk(os.path.join(naskah.folder, "repositories"))
                   for name in names)
    assert letter not in said  # no repository shows it


def through_the_server(naskah):
    """The server does the same, and refuses the same."""
    with serving(naskah):
        answer = correct(naskah, MADE["letter"], "--number", "7", "--scan",
                         render(naskah, "tiga", "Halaman ketiga yang benar"))
        assert answer["changed"] == ["number", "scan"], answer
        naskah.refuse(1, ["different"], "incoming", "correct", MADE["letter"], "--number", "7",
                      "--note", "x", person="wening")
        made = naskah.ask("incoming", "register", "--unopened", "--security", "sangat-rahasia",
                          "--from", "Inspektorat", "--to", "kepala-biro-umum", "--channel",
                          "kurir", "--classification", "PW.01", person="wening")
        naskah.run("incoming", "forward", made["letter"], person="wening")
        naskah.refuse(7, ["addressed to"], "incoming", "open", made["letter"], "--subject", "x",
                      person="wening")
        naskah.run("incoming", "open", made["letter"], "--subject", "Isi", person="sekar")
        naskah.refuse(6, ["is open"], "incoming", "open", made["letter"], "--subject", "Isi",
                      person="sekar")


def is_made_again(naskah):
    """All of it is the same when the index is made again."""
    people = ("wening", "sekar")
    before = [naskah.ask("incoming", "list", "--all", person=person) for person in people]
    naskah.run("rebuild")
    assert [naskah.ask("incoming", "list", "--all", person=person) for person in people] == before
    naskah.run("doctor")


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as folder:
        run_cases([is_corrected, odd_dates_are_told, more_is_corrected, what_stays_is_refused, secret_is_opened,
                   secret_stays_so, through_the_server, is_made_again],
                  Naskah(sys.argv[1], os.path.join(folder, "office")))
