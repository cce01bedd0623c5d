#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""day.py NASKAH: one working day of the demo office through the command line, beside its server:
letters that come in, dispositions, letters that go out, two handovers, a recall, a ralat and
signatures on paper.  At its end everything has to add up: registers, holders, and every figure of
the report, counted again from journal and git without a word of the program's own code.

A tenth of the day; the whole of it with NASKAH_LONG=1."""
import glob
import hashlib
import json
import os
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time

from tap import Naskah, run_cases, tool

SOURCE = os.environ["NASKAH_SOURCE"]
LONG = bool(os.environ.get("NASKAH_LONG"))
PART = 1 if LONG else 10
INCOMING, DISPOSITIONS, OUTGOING, PAPER = 200 // PART, 300 // PART, 80 // PART, 3
DAY = "2026-12-02"
WORK = {"minute": 8 * 60}
MINUTES = 540  # from eight to five
MOVES = (("nastiti", "2023-04-03", "kepala-bagian-rumah-tangga", "gendis"),
         ("kirana", "2021-03-01", "kepala-subbagian-persuratan", "arkan"))


class Day(Naskah):
    """Every command is at a moment of the day, each a little after the one before."""

    def run(self, *args, **options):
        if options.get("person"):
            WORK["minute"] += MINUTES / (20 * (INCOMING + DISPOSITIONS + OUTGOING))
            second = int(WORK["minute"] * 60) - 7 * 3600  # seven hours east
            clock = f"{second // 3600:02}:{second // 60 % 60:02}:{second % 60:02}.000000Z"
            args = (*args, "--at", f"{DAY}T{clock}")
        return super().run(*args, **options)


def write(name, text):
    path = os.path.join(WORK["folder"], name)
    with open(path, "w", encoding="utf-8") as file:
        file.write(text)
    return path


def sample(kind):
    with open(os.path.join(SOURCE, f"templates/letters/{kind}.sample.xml"), encoding="utf-8") as file:
        return file.read()


def rows(day, query, *values):
    database = sqlite3.connect(f"file:{day.folder}/office.db?mode=ro", uri=True)
    found = database.execute(query, values).fetchall()
    database.close()
    return found


def sign(day, letter, person):
    shown = day.ask("task", "sign", letter, person=person)
    return day.ask("task", "sign", letter, "--confirm", shown["sha256"], "--passphrase-file",
                   os.path.join(day.folder, "keys", "passphrase"), person=person)


def outgoing(day, *options, kind="nota-dinas"):
    path = write("surat.xml", sample(kind))
    letter = day.ask("letter", "new", path, "--position", "staf-persuratan", *options,
                     person="damar")["letter"]
    day.run("letter", "submit", letter, person="damar")
    return letter


def opens(day):
    """The office opens, and its server."""
    day.run("init", day.folder, "--demo", "--empty", office=False)
    listed = "".join(
        f'<holding person="{old}" position="{position}" capacity="definitive" from="{since}"'
        f' until="{DAY}"/><holding person="{new}" position="{position}" capacity="definitive"'
        f' from="2026-12-03"/>' for old, since, position, new in MOVES)
    day.run("directory", "load", write(
        "mutasi.xml", '<directory xmlns="urn:naskah:directory:1"><units/><positions/><people/>'
        f"<holdings>{listed}</holdings><mandates/><assistants/></directory>"))
    WORK["server"] = subprocess.Popen([day.program, "serve", "--dir", day.folder],
                                      stderr=subprocess.PIPE, stdin=subprocess.DEVNULL)
    assert b"open" in WORK["server"].stderr.readline()


def comes_in(day):
    """Letters come in, and are passed on to whom they are for."""
    WORK["in"] = []
    for n in range(INCOMING):
        answer = day.ask("incoming", "register", "--from", f"Pengirim {n}", "--number", f"{n}/X/12",
                         "--date", "2026-12-01", "--subject", f"Permohonan ke-{n}", "--to",
                         "kepala-biro-umum", "--channel", "pos", "--classification", "TU.01.1",
                         "--not-duplicate", person="wening")
        day.run("incoming", "forward", answer["letter"], person="wening")
        WORK["in"].append(answer["letter"])


def is_disposed_of(day):
    """Dispositions are given, given on, answered, and one is taken back."""
    below = ("kepala-bagian-tata-usaha", "budi"), ("kepala-bagian-rumah-tangga", "nastiti")
    given, n = 0, 0
    for n, letter in enumerate(WORK["in"]):
        position, person = below[n % 2]
        day.run("disposition", "give", letter, position, "--note", "Tindak lanjuti.", "--due", "3",
                person="sekar")
        given += 1
        if n == 0:  # taken back, and given to the other
            day.run("disposition", "recall", letter, person="sekar")
            position, person = below[1]
            day.run("disposition", "give", letter, position, "--note", "Bukan bagian TU.",
                    person="sekar")
            given += 1
        if given + len(WORK["in"]) - n <= DISPOSITIONS and person == "budi":
            day.run("disposition", "give", letter, "kepala-subbagian-persuratan", "--note",
                    "Siapkan jawaban.", person="budi")
            day.run("disposition", "done", letter, "--note", "Jawaban siap.", person="kirana")
            given += 1
        if n % 4 != 3:  # one in four stays open
            day.run("disposition", "done", letter, "--note", "Selesai.", person=person)
    WORK["given"] = given


def goes_out(day):
    """Letters go out; one paraf is recalled, one comes back, one is corrected by another."""
    WORK["out"] = []
    for n in range(OUTGOING):
        letter = outgoing(day)
        if n == 1:
            day.run("task", "return", letter, "--note", "Hal belum jelas.", person="budi")
            day.run("letter", "submit", letter, person="damar")
        day.run("task", "approve", letter, person="budi")
        if n == 0:
            day.run("task", "recall", letter, person="budi")
            day.run("task", "approve", letter, person="budi")
        assert sign(day, letter, "sekar")["state"] == "archived"
        WORK["out"].append(letter)
    ralat = outgoing(day, "--corrects", WORK["out"][0])
    day.run("task", "approve", ralat, person="budi")
    assert sign(day, ralat, "sekar")["state"] == "archived"
    links = day.ask("letter", "show", WORK["out"][0], person="damar")["links"]
    assert [link["type"] for link in links] == ["corrects"], links


def on_paper(day):
    """Letters are signed on paper, and a second person confirms each."""
    pages, scan = (os.path.join(WORK["folder"], name) for name in ("cetak.pdf", "pindai.pdf"))
    for _ in range(PAPER):
        letter = outgoing(day, kind="surat-konvensional")
        day.run("task", "approve", letter, person="budi")
        day.run("task", "approve", letter, person="sekar")
        day.run("letter", "print", letter, "-o", pages, person="wening")
        day.run("task", "do", letter, "done", person="wening")
        tool("pdftocairo", "-pdf", pages, scan)
        day.run("task", "scan", letter, scan, person="wening")
        assert day.ask("task", "do", letter, "match", person="kirana")["state"] == "archived"


def changes_hands(day):
    """Two positions change hands by a list that both confirm."""
    for old, _, position, new in MOVES:
        handover = day.ask("handover", "prepare", position, "--from", old, "--to", new,
                           person=old)["handover"]
        day.run("handover", "confirm", handover, person=old)
        day.run("handover", "confirm", handover, person=new)


def registers(day):
    """Every register is gapless, and says what the letters say."""
    entries = rows(day, "SELECT unit, series, scope, seq, letter, number FROM register_entry"
                        " ORDER BY 1, 2, 3, 4")
    by_register = {}
    for unit, series, scope, seq, letter, number in entries:
        by_register.setdefault((unit, series, scope), []).append(seq)
    for register, sequence in by_register.items():
        assert sequence == list(range(1, len(sequence) + 1)), (register, sequence)
    numbers = {letter: number for _, _, _, _, letter, number in entries}
    for letter, number in rows(day, "SELECT id, number FROM letter WHERE number IS NOT NULL"):
        assert numbers[letter] == number, letter
    counts = sorted(len(sequence) for sequence in by_register.values())
    assert INCOMING in counts, by_register.keys()
    assert sum(counts) == INCOMING + OUTGOING + 1 + PAPER, counts


def books(day):
    """Every book has as many lines as happened."""
    counts = {"incoming": INCOMING, "outgoing": OUTGOING + 1 + PAPER,
              "expedition": rows(day, "SELECT count(*) FROM delivery WHERE unit = 'biro-umum'")[0][0],
              "disposition": WORK["given"]}
    for book, count in counts.items():
        listed = day.ask("register", "list", book, "--unit", "biro-umum", "--year", DAY[:4],
                         person="wening")["rows"]
        assert len(listed) == count, (book, len(listed), count)
        numbers = [row["number"] for row in listed if row.get("number")]
        if book in ("incoming", "outgoing"):
            assert len(set(numbers)) == count, (book, numbers)


def holders(day):
    """Every task has somebody who is there for it, or is reported."""
    told = {task["task"] for task in day.ask("task", "orphans", person="bramantya")["tasks"]}
    told |= {task["task"] for task in day.ask("task", "orphans", person="sekar")["tasks"]}
    for letter, key in rows(day, "SELECT letter, key FROM task WHERE closed IS NULL"):
        positions = [position for position, in rows(
            day, "SELECT position FROM inbox WHERE letter = ? AND key = ?", letter, key)]
        held = rows(day, "SELECT count(*) FROM holding WHERE position IN (%s) AND since <= ?"
                         " AND until >= ?"
                    % ",".join("?" * len(positions)), *positions, DAY, DAY)
        assert positions and (held[0][0] > 0 or f"{letter}/{key}" in told), (letter, key)


# --- The report, counted again ---

def records(day):
    """The newest record of every letter, from git alone."""
    found = {}
    for repository in glob.glob(os.path.join(day.folder, "repositories", "*.git")):
        git = ["git", "--git-dir", repository]
        for ref in tool(*git, "for-each-ref", "--format=%(refname)", "refs/letters").split():
            letter = ref.rsplit("/", 1)[1]
            found[letter] = json.loads(tool(*git, "show", f"{ref}:{letter}.json"))
    return found


def percentile(values, rank):
    return sorted(values)[max(-(-len(values) * rank // 100), 1) - 1]


def count_again(day, positions):
    names = {"letter-created": "drafted", "paraf-given": "reviewed", "letter-signed":
             "letters_signed", "disposition-done": "disposed", "letter-returned": "returned"}
    figures = dict.fromkeys([*names.values(), "done", "late", "open", "overdue", "sent_back"], 0)
    tasks = {(letter, task["key"]): task for letter, record in WORK["records"].items()
             for task in record["task"]}
    held = []
    for entry, in rows(day, "SELECT CAST(entry AS TEXT) FROM journal WHERE letter NOT LIKE"
                            " 'office/%' ORDER BY letter, letter_seq"):
        entry = json.loads(entry)
        if entry["actor"]["position"] not in positions:
            continue
        if entry["action"] in names:
            figures[names[entry["action"]]] += 1
        task = tasks.get((entry["letter"], entry["task"]))
        stamp = rows(day, "SELECT at FROM journal WHERE letter = ? AND letter_seq = ?",
                     entry["letter"], entry["letter_seq"])[0][0]
        if task and task.get("closed") == stamp and task.get("outcome"):
            figures["done"] += 1
            figures["late"] += bool(task.get("due")) and stamp > task["due"]
            held.append((stamp - task["opened"]) // 60_000_000)
    middle = sorted(held)
    figures["held_median_minutes"] = (middle[len(held) // 2] + middle[(len(held) - 1) // 2]) // 2
    figures["held_p90_minutes"] = percentile(held, 90)
    figures["held"] = len(held)
    return figures


def count_open(day, positions, figures):
    """What waits at the end of the day, and what came back to who drafted it."""
    (end,), = rows(day, "SELECT max(at) FROM journal")
    for letter, record in WORK["records"].items():
        waiting = {task["key"]: task for task in record["task"] if not task.get("closed")}
        for place in record["inbox"]:
            if place["position"] in positions:
                figures["open"] += 1
                due = waiting[place["key"]].get("due")
                figures["overdue"] += bool(due) and due < end
        if record["letter"][0]["drafter"] in positions:
            figures["sent_back"] += rows(
                day, "SELECT count(*) FROM journal WHERE letter = ? AND"
                     " CAST(entry AS TEXT) LIKE '%\"action\":\"letter-returned\"%'", letter)[0][0]


def evidence(day):
    """Each line of the evidence is an entry of the journal; one that is changed is found."""
    told = day.ask("report", "work", "--person", "sekar", "--from", DAY, "--until", DAY,
                   "--evidence", person="sekar")
    signed = [line for line in told["evidence"] if line["action"] == "letter-signed"]
    assert len(signed) == told["letters_signed"] == OUTGOING + 1, told
    assert sum("minutes" in line for line in told["evidence"]) == told["done"], told
    for line in told["evidence"]:
        letter, seq = line["entry"].split("/")
        (entry,), = rows(day, "SELECT entry FROM journal WHERE letter = ? AND letter_seq = ?",
                         letter, int(seq))
        assert hashlib.sha256(entry).hexdigest() == line["hash"], line
        event = json.loads(entry)
        assert (event["action"], event["actor"]["id"]) == (line["action"], "sekar"), (event, line)
    letter, seq = signed[0]["entry"].split("/")
    database = sqlite3.connect(f"{day.folder}/office.db")
    for trigger, in database.execute("SELECT name FROM sqlite_schema WHERE type = 'trigger'"
                                     " AND tbl_name = 'journal'").fetchall():
        database.execute(f"DROP TRIGGER {trigger}")
    database.execute("UPDATE journal SET entry = CAST(replace(CAST(entry AS TEXT), 'sekar', 'wahyu')"
                     " AS BLOB) WHERE letter = ? AND letter_seq = ?", (letter, int(seq)))
    database.commit()
    database.close()
    for options in (), ("--evidence",), ("--form", "csv"):
        day.refuse(4, [letter], "report", "work", "--person", "sekar", "--from", DAY, "--until", DAY,
                   *options, person="sekar")
    out, _ = day.run("doctor", status=1)
    assert letter in out, out


def report(day):
    """Every figure of the report can be counted again from the journal and git."""
    for _ in range(600):  # until the repositories show all of it
        if rows(day, "SELECT count(*) FROM outbox WHERE topic <> 'mail'") == [(0,)]:
            break
        time.sleep(0.1)
    WORK["server"].send_signal(signal.SIGTERM)
    WORK["server"].stderr.read()
    assert WORK["server"].wait(60) == 0
    WORK["records"] = records(day)
    for unit in ("biro-umum", "biro-keuangan"):
        positions = {position for position, in rows(
            day, "SELECT id FROM position WHERE unit = ?", unit)}
        asker = {"biro-umum": "sekar", "biro-keuangan": "wahyu"}[unit]
        told = day.ask("report", "work", "--unit", unit, "--from", DAY, "--until", DAY,
                       person=asker)
        if unit == "biro-keuangan":
            assert told["done"] == 0 and told["drafted"] == 0, told
            continue
        counted = count_again(day, positions)
        count_open(day, positions, counted)
        assert counted == {key: told[key] for key in counted}, (counted, told)
        assert told["letters_signed"] == OUTGOING + 1 and told["drafted"] >= OUTGOING + 1 + PAPER
        print(f"# {len(WORK['records'])} letters, {counted}")
    day.run("doctor")


def main():
    with tempfile.TemporaryDirectory() as folder:
        WORK["folder"] = folder
        day = Day(sys.argv[1], os.path.join(folder, "kantor"))
        try:
            run_cases([opens, comes_in, is_disposed_of, goes_out, on_paper, changes_hands,
                       registers, books, holders, report, evidence], day)
        finally:
            if WORK.get("server"):
                WORK["server"].kill()


if __name__ == "__main__":
    main()
