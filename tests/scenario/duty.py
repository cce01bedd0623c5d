#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""duty.py NASKAH: who is away and who is there, what nobody is there for, positions that change
hands, and the legal clock, on the command line."""
import datetime
import os
import re
import signal
import subprocess
import sys
import tempfile

from tap import Naskah, run_cases

SOURCE = os.environ["NASKAH_SOURCE"]
SAMPLE = os.path.join(SOURCE, "templates/letters/surat-dinas.sample.xml")
WORK = {}
TODAY = datetime.datetime.now(datetime.timezone(datetime.timedelta(hours=7))).date()


def day(offset):
    return (TODAY + datetime.timedelta(days=offset)).isoformat()


def directory_file(*holdings):
    """A file of holdings: (person, position, capacity, from[, until])."""
    rows = "".join(
        f'<holding person="{row[0]}" position="{row[1]}" capacity="{row[2]}" from="{row[3]}"'
        + (f' until="{row[4]}"' if len(row) > 4 else "") + "/>" for row in holdings)
    path = os.path.join(WORK["folder"], "mutasi.xml")
    with open(path, "w", encoding="utf-8") as file:
        file.write('<directory xmlns="urn:naskah:directory:1"><units/><positions/><people/>'
                   f"<holdings>{rows}</holdings><mandates/><assistants/></directory>")
    return path


def directory(naskah, *holdings):
    return naskah.run("directory", "load", directory_file(*holdings))


def orphans(naskah, person):
    return [task["why"] for task in naskah.ask("task", "orphans", person=person)["tasks"]]


def makes_an_office(naskah):
    """A letter waits for the signature of the head of Biro Umum."""
    naskah.run("init", naskah.folder, "--demo", "--empty", office=False)
    letter = naskah.ask("letter", "new", SAMPLE, "--position", "staf-persuratan",
                        person="damar")["letter"]
    naskah.run("letter", "submit", letter, person="damar")
    for reviewer in ("kirana", "budi"):
        naskah.run("task", "approve", letter, person=reviewer)
    assert naskah.ask("letter", "show", letter, person="sekar")["state"] == "signing"
    WORK["letter"] = letter


def leave_is_seen(naskah):
    """Who is away is shown, with whom he is stood in for; and for how long."""
    out, _ = naskah.run("duty", "show", "kepala-biro-umum", person="wening")
    assert "its holder is there" in out, out
    told = naskah.ask("duty", "leave", "sekar", day(-1), day(3), "--note", "cuti", person="sekar")
    assert told["positions"][0]["presence"] == "away", told
    out, _ = naskah.run("duty", "show", "kepala-biro-umum", person="wening")
    assert "nobody stands in" in out and day(4) in out, out
    assert naskah.ask("duty", "show", "kepala-biro-umum", "--date", day(4),
                      person="wening")["presence"] == "holder"
    turns = naskah.ask("duty", "list", "--person", "sekar", person="wening")["turns"]
    assert [turn["until"] for turn in turns] == [day(3)], turns
    assert "cuti" not in naskah.run("duty", "list", person="wening")[0]  # why is not for all


def what_is_left_is_told(naskah):
    """A task of one who is away is told to those it concerns, and to the administrator."""
    assert orphans(naskah, "larasati") == ["away"]  # the superior
    assert orphans(naskah, "damar") == ["away"]     # whose letter it is
    assert orphans(naskah, "arkan") == []
    assert "nobody is there" in naskah.run("letter", "show", WORK["letter"], person="damar")[0]
    out, _ = naskah.run("doctor", status=1)
    assert "task-orphan" in out and WORK["letter"] in out, out
    out, _ = naskah.run("task", "orphans", person="larasati")
    assert "without a Plh." in out and "sekretaris-utama" in out, out


def a_substitute_sees(naskah):
    """A substitute is shown the task, and neither signs nor returns."""
    letter = WORK["letter"]
    naskah.refuse(3, ["no letter"], "letter", "show", letter, person="nastiti")
    naskah.run("duty", "leave", "sekar", day(-1), day(3), "--substitute", "nastiti",
               person="wening")
    tasks = naskah.ask("task", "list", person="nastiti")["tasks"]
    assert [(task["letter"], task["as"]) for task in tasks] == [(letter, "substitute")], tasks
    naskah.refuse(7, ["not yours"], "task", "sign", letter, person="nastiti")
    naskah.refuse(7, ["not yours"], "task", "return", letter, "--note", "x", person="nastiti")
    assert orphans(naskah, "larasati") == []
    out, _ = naskah.run("task", "list", person="nastiti")
    assert "stand in" in out, out


def a_plh_acts(naskah):
    """A Plh. does what the holder would."""
    directory(naskah, ("budi", "kepala-biro-umum", "plh", day(-1), day(3)))
    shown = naskah.ask("duty", "show", "kepala-biro-umum", person="wening")
    assert shown["presence"] == "acting" and shown["people"][0]["person"] == "budi", shown
    assert WORK["letter"] in [task["letter"]
                              for task in naskah.ask("task", "list", person="budi")["tasks"]]


def a_plh_and_the_holder(naskah):
    """Who is on leave leaves it to the Plh.; who travels may act beside him."""
    letter = WORK["letter"]
    naskah.refuse(7, ["on leave since", "Budi", "duty end"], "task", "return", letter, "--note", "x",
                  person="sekar")
    naskah.run("duty", "end", "sekar", day(-1), person="sekar")
    naskah.run("duty", "travel", "sekar", day(-1), day(3), "--substitute", "nastiti",
               person="wening")
    shown = naskah.ask("duty", "show", "kepala-biro-umum", person="wening")
    assert shown["presence"] == "holder", shown
    assert [(one["person"], one["travels"], one["away"]) for one in shown["people"]] == [
        ("budi", False, False), ("sekar", True, False)], shown
    out, _ = naskah.run("duty", "show", "kepala-biro-umum", person="wening")
    assert "to be reached, back on " + day(4) in out, out
    assert letter in [task["letter"]
                      for task in naskah.ask("task", "list", person="nastiti")["tasks"]]
    assert naskah.ask("task", "sign", letter, person="sekar")["sha256"]
    naskah.refuse(1, ["before it begins"], "duty", "travel", "sekar", day(10), day(9),
                  person="sekar")
    naskah.run("duty", "end", "sekar", day(-1), "--what", "travel", person="sekar")
    naskah.run("duty", "leave", "sekar", day(-1), day(3), "--substitute", "nastiti",
               person="wening")


def tu_sees_the_inbox(naskah):
    """TU sees the inbox of its position, and does not paraf or sign."""
    for person, right in (("damar", "assistant"), ("wening", "archivist")):
        tasks = naskah.ask("task", "list", "--position", "kepala-biro-umum", person=person)["tasks"]
        assert [task["as"] for task in tasks] == [right], tasks
        naskah.refuse(7, ["not yours"], "task", "sign", WORK["letter"], person=person)
    naskah.refuse(7, ["Kepala Biro Umum"], "task", "list", "--position", "kepala-biro-umum",
                  person="arkan")


def bad_turns(naskah):
    """Bad turns are refused in one sentence, and change nothing."""
    before = naskah.ask("duty", "list", "--date", day(-30), "--until", day(30), person="wening")
    leave = ("duty", "leave")
    naskah.refuse(1, ["own substitute"], *leave, "sekar", day(9), day(10), "--substitute", "sekar",
                  person="sekar")
    naskah.refuse(3, ["nobody"], *leave, "sekar", day(9), day(10), "--substitute", "nobody",
                  person="sekar")
    naskah.refuse(3, ["nobody"], *leave, "nobody", day(9), person="sekar")
    naskah.refuse(1, ["before it begins"], *leave, "sekar", day(10), day(9), person="sekar")
    naskah.refuse(1, ["first day comes first"], "duty", "list", "--date", day(9), "--until",
                  day(8), person="sekar")
    naskah.refuse(1, ["besok"], *leave, "sekar", "besok", person="sekar")
    naskah.refuse(7, ["superior"], *leave, "sekar", day(9), day(10), person="arkan")
    naskah.refuse(1, ["25.00"], "duty", "assign", "staf-persuratan", "damar", day(0), day(0),
                  "--hours", "25.00-26.00", person="kirana")
    naskah.refuse(3, ["duty list"], "duty", "end", "budi", day(1), person="budi")
    naskah.refuse(3, ["no-such"], "duty", "show", "no-such", person="wening")
    after = naskah.ask("duty", "list", "--date", day(-30), "--until", day(30), person="wening")
    assert after == before


def shifts(naskah):
    """A night shift is on duty until the morning."""
    naskah.run("duty", "assign", "staf-persuratan", "damar", day(10), day(10), "--hours",
               "22.00-06.00", person="kirana")
    for offset, time, on_duty in ((10, "21.59", False), (10, "22.00", True), (11, "05.59", True),
                                  (11, "06.00", False)):
        people = naskah.ask("duty", "show", "staf-persuratan", "--date", day(offset), "--time",
                            time, person="wening")["people"]
        assert people[0]["on_duty"] is on_duty, (time, people)


def handed_over_by_the_server(naskah):
    """The directory, a handover, an absence and a report, all while the server runs."""
    directory(naskah, ("gendis", "kepala-bagian-rumah-tangga", "definitive", day(1)),
              ("nastiti", "kepala-bagian-rumah-tangga", "definitive", "2023-04-03", day(0)))
    naskah.refuse(1, ["no-such"], "directory", "load",
                  directory_file(("nastiti", "no-such", "definitive", day(1))))
    handover = naskah.ask("handover", "prepare", "kepala-bagian-rumah-tangga", "--from", "nastiti",
                          "--to", "gendis", person="nastiti")["handover"]
    naskah.run("handover", "confirm", handover, person="nastiti")
    naskah.run("handover", "confirm", handover, person="gendis")
    shown = naskah.ask("handover", "show", handover, person="gendis")
    assert shown["state"] == "complete", shown
    naskah.run("duty", "travel", "kirana", day(0), day(1), person="kirana")
    assert naskah.ask("duty", "show", "kepala-subbagian-persuratan",
                      person="wening")["people"][0]["travels"] is True
    naskah.run("duty", "end", "kirana", day(0), "--what", "travel", person="kirana")
    told = naskah.ask("report", "work", "--unit", "biro-umum", "--from", day(0), "--until", day(0),
                      person="sekar")
    assert told["reviewed"] == 2 and told["drafted"] == 1, told


def through_a_server(naskah):
    """The roster is changed through a server as well, and the same request only once."""
    server = subprocess.Popen([naskah.program, "serve", "--dir", naskah.folder],
                              stderr=subprocess.PIPE, stdin=subprocess.DEVNULL)
    try:
        assert b"open" in server.stderr.readline()
        for _ in range(2):
            naskah.run("duty", "leave", "budi", day(20), day(21), "--request", "cuti-budi",
                       person="budi")
        turns = naskah.ask("duty", "list", "--date", day(20), person="wening")["turns"]
        assert [turn["person"] for turn in turns] == ["budi"], turns
        naskah.run("duty", "end", "budi", day(20), person="budi")
        handed_over_by_the_server(naskah)
    finally:
        server.send_signal(signal.SIGTERM)
        server.wait(60)
        server.stderr.close()


def hands_change(naskah):
    """A position is handed over by a list that both confirm."""
    letter = WORK["letter"]
    naskah.refuse(1, ["does not hold"], "handover", "prepare", "kepala-biro-umum", "--from",
                  "sekar", "--to", "galih", person="sekar")
    naskah.run("handover", "prepare", "kepala-biro-umum", "--from", "sekar", person="sekar",
               status=2)
    directory(naskah, ("budi", "kepala-biro-umum", "plh", day(-1), day(0)),
              ("sekar", "kepala-biro-umum", "definitive", "2023-01-02", day(0)),
              ("galih", "kepala-biro-umum", "definitive", day(1)))
    made = naskah.ask("handover", "prepare", "kepala-biro-umum", "--from", "sekar", "--to", "galih",
                      person="damar")
    assert [item["letter"] for item in made["items"]] == [letter], made
    handover = made["handover"]
    naskah.refuse(7, ["two who hand it over"], "handover", "confirm", handover, person="damar")
    naskah.refuse(7, ["superior"], "handover", "show", handover, person="arkan")
    naskah.run("handover", "confirm", handover, person="sekar")
    naskah.refuse(6, ["already"], "handover", "confirm", handover, person="sekar")
    out, _ = naskah.run("handover", "confirm", handover, person="galih")
    assert "confirmed by both" in out, out
    listed = naskah.ask("handover", "list", "kepala-biro-umum", person="wening")["handovers"]
    assert [row["state"] for row in listed] == ["complete"], listed
    shown = naskah.ask("handover", "show", handover, person="galih")
    naskah.run("rebuild")
    assert naskah.ask("handover", "show", handover, person="galih") == shown


def the_clock_runs(naskah):
    """The clock of an application runs from when its file is complete, and stands still."""
    letter = naskah.ask(
        "incoming", "register", "--kind", "permohonan-izin", "--channel", "loket", "--from",
        "PT Tirta Bening Sagara", "--number", "021/TBS/VII/2026", "--subject",
        "Permohonan Izin Sumur Bor", "--classification", "PI.01.2", "--to", "kepala-biro-umum",
        person="wening")["letter"]
    naskah.refuse(3, ["no legal clock"], "clock", "show", letter, person="wening")
    naskah.run("task", "do", letter, "complete", person="kirana")
    clock = naskah.ask("clock", "show", letter, person="wening")
    assert (clock["state"], clock["term"], clock["spent"], clock["left"]) == ("running", 5, 0, 5)
    listed = naskah.ask("clock", "list", person="wening")["clocks"]
    assert [row["letter"] for row in listed] == [letter], listed
    naskah.run("task", "do", letter, "incomplete", "--note", "peta belum ada",
               person="tirta")
    out, _ = naskah.run("clock", "show", letter, person="wening")
    assert "stands still" in out and "peta belum ada" in out, out
    naskah.refuse(3, ["no letter"], "clock", "show", letter, person="arkan")
    naskah.run("doctor")


def application(naskah, number):
    """An application whose file is complete tomorrow: its id, and its clock then."""
    letter = naskah.ask(
        "incoming", "register", "--kind", "permohonan-izin", "--channel", "loket", "--from",
        "PT Sumur Jernih", "--number", number, "--subject", f"Permohonan Izin {number}",
        "--classification", "PI.01.2", "--to", "kepala-bagian-tata-usaha", "--not-duplicate",
        person="wening")["letter"]
    at = f"{day(1)} 09:00"
    naskah.run("task", "do", letter, "complete", "--at", at, person="kirana")
    clock = naskah.ask("clock", "show", letter, "--at", at, person="wening")
    assert clock["state"] == "running" and clock["alarm"] == "" and clock["spent"] == 0, clock
    assert clock["warn"] < clock["escalate"] == clock["last"] < clock["deemed"], clock
    return letter, clock


def send_decision(naskah, letter, at):
    """The decision is a letter of its own that answers the application: its id."""
    path = os.path.join(WORK["folder"], "keputusan.xml")
    naskah.run("letter", "new", "--kind", "surat-dinas", "--reply-to", letter, "-o", path,
               "--at", at, person="wening")
    with open(path, encoding="utf-8") as file:
        text = file.read()
    assert letter in text, text
    text = re.sub(r"<signatories.*(</body>|<body/>)", """<signatories>
    <signatory position="kepala-bagian-tata-usaha" capacity="definitive"/></signatories>
  <body><p>Permohonan izin dikabulkan.</p></body>""", text, flags=re.S)
    with open(path, "w", encoding="utf-8") as file:
        file.write(re.sub(r"<classification>.*?</classification>|<classification/>",
                          "<classification>PI.01.2</classification>", text))
    decision = naskah.ask("letter", "new", path, "--position", "arsiparis-umum", "--at", at,
                          person="wening")["letter"]
    naskah.run("letter", "submit", decision, "--at", at, person="wening")
    pages = naskah.ask("task", "sign", decision, "--at", at, person="budi")["sha256"]
    naskah.run("task", "sign", decision, "--confirm", pages, "--passphrase-file",
               os.path.join(naskah.folder, "keys/passphrase"), "--at", at, person="budi")
    return decision


def is_linked(naskah, letter, decision):
    """Each names the other, and the history of the application the decision."""
    for one, other, person in ((letter, decision, "wening"), (decision, letter, "wening")):
        links = naskah.ask("letter", "show", one, person=person)["links"]
        assert [(link["type"], link["letter"]) for link in links] == [("answers", other)], links
    shown = naskah.ask("clock", "show", letter, person="wening")
    assert shown["decision"]["letter"] == decision and shown["decision"]["number"], shown
    entry = [entry for entry in naskah.ask("letter", "history", letter, person="wening")["entries"]
             if entry["action"] == "application-decided"][0]
    assert shown["decision"]["number"] in entry["reason"], entry


def a_permit_is_decided(naskah):
    """An application is decided in time: from the desk to the signed decision."""
    letter, clock = application(naskah, "1/2026")
    naskah.run("task", "do", letter, "grant", "--at", clock["warn"] + " 10:00", person="tirta")
    naskah.refuse(1, ["no letter that answers", "--reply-to"], "task", "do", letter, "answered",
                  "--at", clock["warn"] + " 11:00", person="wening")
    decision = send_decision(naskah, letter, clock["last"] + " 10:00")
    # told days later: it was sent in time all the same
    naskah.run("workflow", "run", "--at", day(60) + " 08:00")
    is_linked(naskah, letter, decision)
    after = naskah.ask("clock", "show", letter, "--at", day(60) + " 09:00", person="wening")
    assert (after["state"], after["spent"], after["ended"]) == ("ended", 5, clock["last"]), after
    assert sum(task["days"] for task in after["held"]) == 5, after
    assert after["sums"]["deputi-bidang-pemantauan"]["days"] == 4, after
    history = naskah.ask("letter", "history", letter, person="wening")
    actions = [entry["action"] for entry in history["entries"]]
    assert history["verified"] and actions[-2:] == ["application-decided",
                                                    "letter-archived"], actions


def who_is_told(naskah, at, told):
    """What each of these has in his list of terms that end."""
    for person, letter in told.items():
        notices = naskah.ask("task", "list", "--at", at, person=person)["notices"]
        assert [notice["letter"] for notice in notices] == [letter] * bool(letter), (at, person)


def a_permit_is_deemed_granted(naskah):
    """Nobody decides: two warnings, then the permit must be issued."""
    letter, clock = application(naskah, "2/2026")
    told = {"warn": {"tirta": letter, "bramantya": None, "larasati": None},
            "escalate": {"tirta": letter, "bramantya": letter, "larasati": None},
            "deemed": {"tirta": letter, "bramantya": letter, "larasati": letter}}
    for alarm in ("warn", "escalate"):
        at = clock[alarm] + " 09:00"
        naskah.refuse(3, ["no letter"], "clock", "show", letter, "--at", at, person="bramantya")
        naskah.run("workflow", "run", "--at", at)
        seen = naskah.ask("clock", "show", letter, "--at", at, person="wening")
        assert (seen["state"], seen["alarm"]) == ("running", alarm), (at, seen)
        who_is_told(naskah, at, told[alarm])
        task, = [task for task in naskah.ask("task", "list", "--at", at, person="tirta")["tasks"]
                 if task["letter"] == letter]
        assert (task["alarm"], task["deemed"]) == (alarm, clock["deemed"]), task
    out, _ = naskah.run("task", "list", "--at", at, person="bramantya")
    assert "LAST DAY" in out and "lies with deputi-bidang-pemantauan: 5 working days" in out, out
    naskah.run("workflow", "run", "--at", clock["deemed"] + " 00:10")
    at = clock["deemed"] + " 09:00"
    who_is_told(naskah, at, told["deemed"])
    seen = naskah.ask("clock", "show", letter, "--at", at, person="wening")
    assert (seen["state"], seen["spent"], seen["deemed"]) == ("deemed", 5, clock["deemed"]), seen
    decision = send_decision(naskah, letter, clock["deemed"] + " 10:00")
    naskah.run("workflow", "run", "--at", clock["deemed"] + " 10:01")
    is_linked(naskah, letter, decision)
    assert naskah.ask("letter", "show", letter, person="wening")["state"] == "archived"
    who_is_told(naskah, at, dict.fromkeys(told["deemed"]))
    actions = [entry["action"] for entry in
               naskah.ask("letter", "history", letter, person="wening")["entries"]]
    told = [entry["reason"] for entry in
            naskah.ask("letter", "history", letter, person="wening")["entries"]
            if entry["action"] == "notice-given"]
    assert told == ["deputi-bidang-pemantauan", "deputi-bidang-pemantauan kepala-badan"], told
    assert actions.count("notice-given") == 2 and "deemed-granted" in actions, actions
    naskah.run("doctor")


def calendar(*holidays):
    """The file of the year in which the clock runs, with more holidays; its path."""
    with open(os.path.join(SOURCE, "templates/calendar/2026.xml"), encoding="utf-8") as file:
        text = file.read()
    found = re.search(r'<holiday [^>]*date="[^"]*"[^>]*/>', text).group(0)
    more = "".join(re.sub(r'date="[^"]*"', f'date="{date}"', found) for date in holidays)
    path = os.path.join(WORK["folder"], "kalender.xml")
    with open(path, "w", encoding="utf-8") as file:
        file.write(text.replace(found, found + more, 1))
    return path


def the_calendar_changes(naskah):
    """A day that becomes a holiday moves the clock's times, and the history says so."""
    letter, clock = application(naskah, "3/2026")
    before = naskah.ask("letter", "history", letter, person="wening")["entries"]
    if clock["deemed"] >= "2026-12-24":
        return  # the shipped calendar ends soon, and there is no later one to change
    answer = naskah.ask("calendar", "load", calendar(clock["warn"]), "--at", f"{day(1)} 10:00")
    assert answer["year"] == "2026" and answer["letters"] >= 1, answer
    after = naskah.ask("clock", "show", letter, "--at", f"{day(1)} 10:01", person="wening")
    assert after["warn"] > clock["warn"] and after["deemed"] > clock["deemed"], (clock, after)
    entries = naskah.ask("letter", "history", letter, person="wening")["entries"]
    assert [entry["action"] for entry in entries[len(before):]] == ["timers-reckoned"], entries
    naskah.run("workflow", "run", "--at", clock["escalate"] + " 09:00")
    seen = naskah.ask("clock", "show", letter, "--at", clock["escalate"] + " 09:00",
                      person="wening")
    assert seen["alarm"] == "warn", (clock, after, seen)
    # the same once more changes nothing
    naskah.run("calendar", "load", calendar(clock["warn"]))
    actions = [entry["action"] for entry in
               naskah.ask("letter", "history", letter, person="wening")["entries"]]
    assert actions.count("timers-reckoned") == 1 and actions.count("notice-given") == 1, actions
    naskah.run("rebuild")
    naskah.run("doctor")


def bad_calendars(naskah):
    """A calendar with a fault is refused, and changes nothing."""
    path = calendar("2026-13-01")
    naskah.refuse(1, ["2026-13-01"], "calendar", "load", path)
    naskah.refuse(1, ["urn:naskah:calendar:1"], "calendar", "load", SAMPLE)
    naskah.refuse(3, ["no-such.xml"], "calendar", "load", "no-such.xml")


def main():
    with tempfile.TemporaryDirectory(prefix="naskah-duty-") as work:
        WORK["folder"] = work
        naskah = Naskah(sys.argv[1], os.path.join(work, "kantor"))
        run_cases([makes_an_office, leave_is_seen, what_is_left_is_told, a_substitute_sees,
                   a_plh_acts, a_plh_and_the_holder, tu_sees_the_inbox, bad_turns, shifts, through_a_server,
                   hands_change, the_clock_runs, a_permit_is_decided,
                   a_permit_is_deemed_granted, the_calendar_changes, bad_calendars], naskah)


main()
