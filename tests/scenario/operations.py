#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""operations.py NASKAH: what people do to tasks and workflows beside doing the tasks, on the
command line, used rightly and wrongly; and what happens without anybody."""
import concurrent.futures
import datetime
import json
import os
import sqlite3
import sys
import tempfile
import time

import models
from serve import Server, alone
from tap import Naskah, run_cases

SOURCE = os.environ["NASKAH_SOURCE"]
SAMPLE = os.path.join(SOURCE, "templates/letters/surat-dinas.sample.xml")
SHIPPED = os.path.join(SOURCE, "workflows/surat-keluar.bpmn")
WORK = {}


def write(name, text):
    path = os.path.join(WORK["folder"], name)
    with open(path, "w", encoding="utf-8") as file:
        file.write(text)
    return path


def deploy(naskah, model):
    return naskah.ask("workflow", "deploy", write("uji.bpmn", model), person="damar")["version"]


def draft(naskah):
    return naskah.ask("letter", "new", SAMPLE, "--position", "staf-persuratan",
                      person="damar")["letter"]


def submitted(naskah):
    letter = draft(naskah)
    naskah.run("letter", "submit", letter, person="damar")
    return letter


def changed(*pairs):
    """The sample with other words."""
    with open(SAMPLE, encoding="utf-8") as file:
        text = file.read()
    for old, new in pairs:
        assert old in text, old
        text = text.replace(old, new)
    return write("lain.xml", text)


def actions(naskah, letter):
    """The whole history, which must hold."""
    history = naskah.ask("letter", "history", letter, person="damar")
    assert history["verified"], history
    return [entry["action"] for entry in history["entries"]]


def state(naskah, letter):
    return naskah.ask("letter", "show", letter, person="damar")["state"]


def tasks(naskah, person, letter):
    """The person's tasks of the letter."""
    return [task["task"] for task in naskah.ask("task", "list", person=person)["tasks"]
            if task["letter"] == letter]


def refused(naskah, status, person, arguments, english, indonesian):
    """The same exit status and the same thing said, in both languages."""
    naskah.refuse(status, [english], *arguments, person=person)
    naskah.refuse(status, [indonesian], *arguments, person=person, language="id_ID.UTF-8")


def is_well(naskah):
    report = naskah.ask("doctor")
    assert [issue for issue in report["issues"] if issue["severity"] == "error"] == [], report


def usage(naskah):
    """What is written wrongly is exit 2, and says how it is written, in both languages."""
    for words, written in ((("task", "recall"), "naskah task recall LETTER|TASK"),
                           (("task", "claim", "a", "b"), "naskah task claim TASK"),
                           (("task", "assign", "a"), "naskah task assign TASK PERSON"),
                           (("task", "reassign", "a"), "naskah task reassign TASK POSITION"),
                           (("task", "delegate", "a"), "naskah task delegate TASK POSITION"),
                           (("task", "return-to", "a"), "naskah task return-to TASK STAGE"),
                           (("task", "add", "a"), "naskah task add TASK POSITION"),
                           (("task", "correct", "a"), "naskah task correct TASK|LETTER FILE"),
                           (("letter", "urge"), "naskah letter urge LETTER"),
                           (("letter", "message", "a"), "naskah letter message LETTER NAME"),
                           (("incident", "retry"), "naskah incident retry LETTER/KEY"),
                           (("workflow", "migrate"), "naskah workflow migrate WORKFLOW")):
        for language in ("C.UTF-8", "id_ID.UTF-8"):
            naskah.refuse(2, [written, "--help"], *words, person="damar", language=language)
    naskah.run("task", "add", "a", "b", "--place", "satu", person="damar", status=2)
    naskah.run("letter", "message", "a", "b", "--keep", "lama", person="damar", status=2)


def recall(naskah):
    """What was just done is taken back by who did it, while nobody has touched what comes next."""
    letter = draft(naskah)
    refused(naskah, 6, "damar", ("task", "recall", letter), "you have done nothing",
            "Anda belum melakukan apa pun")
    naskah.run("letter", "submit", letter, person="damar")
    naskah.run("task", "approve", letter, person="kirana")
    refused(naskah, 6, "budi", ("task", "recall", letter), "you have done nothing",
            "Anda belum melakukan apa pun")
    refused(naskah, 3, "arkan", ("task", "recall", letter), "there is no letter",
            "tidak ada surat")
    naskah.run("task", "recall", letter, "--note", "salah tekan", person="kirana")
    assert tasks(naskah, "budi", letter) == [] and len(tasks(naskah, "kirana", letter)) == 1
    naskah.run("task", "approve", letter, person="kirana")
    naskah.run("task", "claim", letter, person="budi")
    refused(naskah, 6, "kirana", ("task", "recall", letter), "taken up what comes next",
            "sudah diambil seseorang")
    assert actions(naskah, letter) == ["letter-created", "letter-submitted", "paraf-given",
                                       "task-recalled", "paraf-given", "task-claimed"]
    other = submitted(naskah)
    for person in ("kirana", "budi"):
        naskah.run("task", "approve", other, person=person)
    refused(naskah, 6, "kirana", ("task", "recall", other), "somebody has gone on",
            "sudah ada yang melanjutkan")


def correct(naskah):
    """A reviewer changes the draft in his own task and approves in the same act."""
    letter = draft(naskah)
    other = changed(("Juli 2026", "Agustus 2026"))
    refused(naskah, 1, "damar", ("task", "correct", letter, other), "naskah letter edit",
            "naskah letter edit")
    naskah.run("letter", "submit", letter, person="damar")
    refused(naskah, 7, "damar", ("task", "correct", letter, other), "not yours", "bukan")
    refused(naskah, 7, "budi", ("task", "correct", letter, other), "not yours", "bukan")
    refused(naskah, 1, "kirana", ("task", "correct", letter, write("rusak.xml", "<letter>")),
            "rusak.xml", "rusak.xml")
    refused(naskah, 3, "kirana", ("task", "correct", letter, other + ".tiada"), ".tiada", ".tiada")
    result = naskah.ask("task", "correct", letter, other, "--note", "bulan dibetulkan",
                        person="kirana")
    assert result["state"] == "review", result
    assert actions(naskah, letter)[-2:] == ["letter-edited", "paraf-given"]
    assert len(tasks(naskah, "budi", letter)) == 1
    out, _ = naskah.run("letter", "diff", letter, "2", person="damar")
    assert "{+Agustus+}" in out, out


def claim(naskah):
    """Of several before whom a task lies, one takes it, leaves it, or is given it by the superior."""
    deploy(naskah, models.SHARED)
    letter = submitted(naskah)
    task = tasks(naskah, "kirana", letter)[0]
    assert tasks(naskah, "budi", letter) == [task]
    refused(naskah, 6, "kirana", ("task", "unclaim", task), "nobody has taken",
            "tidak sedang diambil siapa pun")
    naskah.run("task", "claim", task, person="kirana")
    refused(naskah, 6, "kirana", ("task", "claim", task), "with you already", "sudah ada pada Anda")
    refused(naskah, 7, "budi", ("task", "approve", task), "is doing", "sedang mengerjakan")
    refused(naskah, 7, "damar", ("task", "claim", task), "not yours", "bukan")
    naskah.run("task", "unclaim", task, person="kirana")
    refused(naskah, 7, "budi", ("task", "assign", task, "damar"), "Damar", "Damar")
    refused(naskah, 3, "budi", ("task", "assign", task, "tiada"), "tiada", "tiada")
    naskah.run("task", "assign", task, "budi", person="sekar")
    refused(naskah, 7, "kirana", ("task", "approve", task), "is doing", "sedang mengerjakan")
    naskah.run("task", "approve", task, person="budi")
    assert state(naskah, letter) == "archived"


def hand_over(naskah):
    """A task goes over to another position for good, or is worked at there and comes back."""
    letter = submitted(naskah)
    task = tasks(naskah, "kirana", letter)[0]
    refused(naskah, 1, "kirana", ("task", "reassign", task, "kepala-biro-keuangan"), "--note",
            "--note")
    refused(naskah, 3, "kirana", ("task", "delegate", task, "tiada"), "tiada", "tiada")
    refused(naskah, 6, "kirana", ("task", "hand-back", task), "was not delegated",
            "tidak didelegasikan")
    naskah.run("task", "delegate", task, "kepala-biro-keuangan", person="kirana")
    assert tasks(naskah, "wahyu", letter) == [task] and tasks(naskah, "budi", letter) == []
    refused(naskah, 7, "wahyu", ("task", "approve", task), "hand-back", "hand-back")
    refused(naskah, 6, "wahyu", ("task", "delegate", task, "kepala-biro-umum"), "delegated already",
            "sudah didelegasikan")
    naskah.run("task", "hand-back", task, "--note", "sudah diperiksa", person="wahyu")
    assert tasks(naskah, "wahyu", letter) == []
    naskah.run("task", "reassign", task, "kepala-biro-keuangan", "--note", "cuti", person="kirana")
    assert tasks(naskah, "kirana", letter) == []
    naskah.run("task", "approve", task, person="wahyu")
    assert actions(naskah, letter)[2:] == ["task-delegated", "task-handed-back", "task-reassigned",
                                           "task-done", "letter-archived"]
    naskah.run("workflow", "deploy", SHIPPED, person="damar")
    letter = submitted(naskah)
    refused(naskah, 1, "kirana", ("task", "reassign", letter, "kepala-biro-keuangan", "--note", "x"),
            "names who does", "menyebut siapa")


def urge(naskah):
    """Those who have a letter are reminded, once an hour."""
    letter = submitted(naskah)
    naskah.run("letter", "urge", letter, "--note", "rapat besok", person="damar")
    refused(naskah, 6, "damar", ("letter", "urge", letter), "less than an hour ago",
            "kurang dari satu jam")
    refused(naskah, 3, "arkan", ("letter", "urge", letter), "there is no letter", "tidak ada surat")
    assert actions(naskah, letter)[-1] == "letter-urged"


def return_to(naskah):
    """A letter goes back to a stage where it was, with the reason."""
    letter = submitted(naskah)
    naskah.run("task", "approve", letter, person="kirana")
    refused(naskah, 1, "budi", ("task", "return-to", letter, "konsep"), "--note", "--note")
    refused(naskah, 1, "budi", ("task", "return-to", letter, "kirim", "--note", "x"),
            "it can go back to: konsep, paraf", "konsep, paraf")
    refused(naskah, 7, "kirana", ("task", "return-to", letter, "konsep", "--note", "x"), "not yours",
            "bukan")
    naskah.run("task", "return-to", letter, "konsep", "--note", "tanggal salah", person="budi")
    assert state(naskah, letter) == "draft"
    entry = naskah.ask("letter", "history", letter, person="damar")["entries"][-1]
    assert entry["action"] == "letter-returned" and entry["reason"] == "tanggal salah", entry


def add(naskah):
    """One more position joins a task that several do; the letter waits for it as for the others."""
    plain = submitted(naskah)
    refused(naskah, 6, "kirana", ("task", "add", plain, "kepala-biro-keuangan"), "paraf", "paraf")
    deploy(naskah, models.PARALLEL)
    letter = submitted(naskah)
    mine = tasks(naskah, "kirana", letter)[0]
    refused(naskah, 3, "kirana", ("task", "add", mine, "tiada"), "tiada", "tiada")
    refused(naskah, 7, "damar", ("task", "add", mine, "kepala-biro-keuangan"), "not yours", "bukan")
    naskah.run("task", "add", mine, "kepala-biro-keuangan", person="kirana")
    for person in ("kirana", "budi"):
        naskah.run("task", "approve", letter, person=person)
    assert state(naskah, letter) == "review"
    naskah.run("task", "approve", letter, person="wahyu")
    assert state(naskah, letter) == "archived"


def rest(naskah):
    """A letter that rests lets nothing through until it is resumed."""
    deploy(naskah, models.SHARED)
    letter = submitted(naskah)
    refused(naskah, 1, "damar", ("letter", "suspend", letter), "--note", "--note")
    refused(naskah, 7, "kirana", ("letter", "suspend", letter, "--note", "x"), "Kirana", "Kirana")
    refused(naskah, 6, "damar", ("letter", "resume", letter), "not suspended", "tidak")
    naskah.run("letter", "suspend", letter, "--note", "menunggu anggaran", person="damar")
    refused(naskah, 6, "damar", ("letter", "suspend", letter, "--note", "x"), "suspended",
            "ditangguhkan")
    refused(naskah, 6, "kirana", ("task", "approve", letter), "suspended", "ditangguhkan")
    naskah.run("letter", "resume", letter, person="damar")
    naskah.run("task", "approve", letter, person="kirana")
    assert state(naskah, letter) == "archived"


def incidents(naskah):
    """What failed without anybody is listed and told, and goes on once its cause is gone."""
    assert "No workflow has an incident" in naskah.run("incident", "list", person="damar")[0]
    deploy(naskah, models.STUCK)
    letter = draft(naskah)
    time.sleep(1.2)
    naskah.run("workflow", "run")
    found = naskah.ask("incident", "list", person="damar")["incidents"]
    assert [(item["letter"], item["node"], item["class"]) for item in found] == [
        (letter, "lewat", "no_flow")], found
    assert naskah.ask("incident", "list", person="arkan")["incidents"] == []
    refused(naskah, 1, "damar", ("incident", "retry", letter), "LETTER/KEY", "SURAT/KUNCI")
    refused(naskah, 6, "damar", ("incident", "retry", f"{letter}/lewat#99"), "lewat#99", "lewat#99")
    refused(naskah, 3, "arkan", ("incident", "retry", found[0]["task"]), "there is no letter",
            "tidak ada surat")
    naskah.run("incident", "retry", found[0]["task"], person="damar")
    naskah.run("workflow", "run")  # it is due again, and fails again
    assert len(naskah.ask("incident", "list", letter, person="damar")["incidents"]) == 1
    urgent = changed(("<urgency>segera", "<urgency>biasa"))
    naskah.run("letter", "edit", letter, urgent, person="damar")
    naskah.run("incident", "retry", found[0]["task"], person="damar")
    naskah.run("workflow", "run")
    assert naskah.ask("incident", "list", person="damar")["incidents"] == []
    assert len(tasks(naskah, "damar", letter)) == 2
    assert actions(naskah, letter).count("incident-opened") == 2
    is_well(naskah)


def several(naskah):
    """Several tasks in one command: each has a result of its own; one that fails is exit 1."""
    deploy(naskah, models.SHARED)
    ready = [submitted(naskah) for _ in range(2)]
    waiting = draft(naskah)
    out = naskah.ask("task", "approve", ready[0], waiting, ready[1], person="kirana", status=1)
    assert out["failed"] == 1, out
    assert [item["task"] for item in out["results"]] == [ready[0], waiting, ready[1]], out
    assert [("error" in item, "result" in item) for item in out["results"]] == [
        (False, True), (True, False), (False, True)], out
    assert [state(naskah, letter) for letter in (*ready, waiting)] == ["archived"] * 2 + ["draft"]
    more = [submitted(naskah) for _ in range(3)]
    assert naskah.ask("task", "approve", *more, person="budi")["failed"] == 0
    # by hand it reads a line a task
    out, _ = naskah.run("task", "approve", more[0], waiting, person="budi", status=1,
                        language="id_ID.UTF-8")
    assert len(out.splitlines()) == 2 and all(letter in out for letter in (more[0], waiting)), out


def message(naskah):
    """A message waits for who listens later; who may not see the letter sends none."""
    deploy(naskah, models.LISTENING)
    letter = draft(naskah)
    refused(naskah, 3, "arkan", ("letter", "message", letter, "balasan"), "there is no letter",
            "tidak ada surat")
    naskah.run("letter", "message", letter, "balasan", "--keep", "3600", person="damar")
    naskah.run("letter", "submit", letter, person="damar")
    assert state(naskah, letter) == "archived"
    late = submitted(naskah)
    naskah.run("letter", "message", late, "balasan", person="damar")
    assert state(naskah, late) == "archived"
    short = draft(naskah)
    naskah.run("letter", "message", short, "balasan", "--keep", "1", person="damar")
    time.sleep(1.2)
    naskah.run("letter", "submit", short, person="damar")
    assert state(naskah, short) != "archived"


def migrate(naskah):
    """Letters move to the version in force, by a plan where names differ; a dry run moves nothing."""
    old = deploy(naskah, models.SHARED)
    letter, other = submitted(naskah), submitted(naskah)
    new = deploy(naskah, models.RENAMED)
    assert old != new
    move = ("workflow", "migrate", "surat-keluar", "--letter", letter)
    told = naskah.ask(*move, person="damar", status=1)["results"]
    assert told[0]["letter"] == letter and "urus" in told[0]["error"], told
    refused(naskah, 1, "damar", (*move, "--plan", write("buruk.json", "{")), "", "")
    refused(naskah, 1, "damar", (*move, "--plan", write("buruk.json", '["urus"]')), "a JSON list",
            "daftar JSON")
    refused(naskah, 3, "damar", (*move, "--plan", "tiada.json"), "tiada.json", "tiada.json")
    refused(naskah, 3, "damar", ("workflow", "migrate", "tiada"), "tiada", "tiada")
    plan = write("pindah.json", json.dumps([{"from": "urus", "to": "kerjakan"}]))
    dry = naskah.ask(*move, "--plan", plan, "--dry-run", person="damar")["results"]
    assert dry == [{"letter": letter, "done": "would-move"}], dry
    assert tasks(naskah, "kirana", letter)[0].split("/")[1].startswith("urus#")
    moved = naskah.ask(*move, "--plan", plan, person="damar")["results"]
    assert moved == [{"letter": letter, "done": "moved"}], moved
    naskah.run("task", "approve", letter, person="kirana")
    assert state(naskah, letter) == "archived"
    assert tasks(naskah, "kirana", other)[0].split("/")[1].startswith("urus#")
    # letters of other versions, which the plan does not fit, stay where they are
    out = naskah.ask("workflow", "migrate", "surat-keluar", "--plan", plan, person="damar", status=1)
    assert {"letter": other, "done": "moved"} in out["results"] and out["failed"] > 0, out
    assert "workflow-changed" in actions(naskah, letter)
    is_well(naskah)


def preview(naskah):
    """The way of a letter is told before it goes there, by the directory of today."""
    naskah.run("workflow", "deploy", SHIPPED, person="damar")
    letter = submitted(naskah)
    before = actions(naskah, letter)
    look = ("workflow", "simulate", "--who", "--letter", letter)
    told = naskah.ask(*look, person="kirana")
    assert [(step["node"], step["outcome"],
             [(place["position"], [holder["person"] for holder in place["holders"]])
              for place in step["positions"]]) for step in told["steps"]] == [
                  ("paraf", "approve", [("kepala-subbagian-persuratan", ["kirana"])]),
                  ("paraf", "approve", [("kepala-bagian-tata-usaha", ["budi"])]),
                  ("tanda-tangan", "sign", [("kepala-biro-umum", ["sekar"])])], told
    assert told["ended"] and told["waits"] == [] and told["workflow"] == "surat-keluar", told
    naskah.run("task", "approve", letter, person="kirana")
    assert len(naskah.ask(*look, person="budi")["steps"]) == 2
    out, _ = naskah.run(*look, person="budi", language="id_ID.UTF-8")
    assert "kepala-biro-umum: Dr. Sekar Wulandari" in out and "akhir jalannya" in out, out
    # another workflow, from its start: whom the letter does not name is told
    other = write("lain.bpmn", models.process(
        models.START, models.user("konsep"),
        models.user("urus", "selesai", None, "$consultants/consultant/@position"), models.ARCHIVE,
        models.flow("mulai", "konsep", "urus", "arsip")))
    out, _ = naskah.run("workflow", "simulate", other, "--letter", letter, person="budi")
    assert "1. konsep" in out and "before nobody" in out, out
    listening = write("dengar.bpmn", models.LISTENING)
    told = naskah.ask("workflow", "simulate", listening, "--letter", letter, person="budi")
    assert not told["ended"] and [wait["node"] for wait in told["waits"]] == ["tunggu"], told
    round_about = write("putar.bpmn", models.process(
        models.START, models.user("konsep"), '<exclusiveGateway id="lagi" default="lagi-konsep"/>',
        models.ARCHIVE, models.flow("mulai", "konsep", "lagi", "konsep"),
        models.flow("lagi", "arsip", when="$letter/@number = 'x'")))
    refused(naskah, 1, "budi", ("workflow", "simulate", round_about, "--letter", letter),
            "goes round for ever", "berputar")
    refused(naskah, 3, "arkan", look, "there is no letter", "tidak ada surat")
    refused(naskah, 2, "budi", (*look, "a.bpmn", "b.json"), "takes the place of the scenario",
            "menggantikan skenario")
    refused(naskah, 2, "budi", ("workflow", "simulate"), "name a scenario", "sebutkan skenario")
    assert actions(naskah, letter)[:-1] == before


def turns_of(naskah, letter):
    """The turns, in seconds since the letter began, at which its reminder fired."""
    entries = naskah.ask("letter", "history", letter, person="damar")["entries"]
    moments = [datetime.datetime.fromisoformat(entry["at"].replace("Z", "+00:00"))
               for entry in entries]
    return [int((moment - moments[0]).total_seconds())
            for moment, entry in zip(moments, entries) if entry["action"] == "timer-fired"]


def fires_once(naskah):
    """Of a server and commands that look at timers at the same time, one fires each turn."""
    deploy(naskah, models.REMINDED)
    letters = [draft(naskah) for _ in range(3)]
    with concurrent.futures.ThreadPoolExecutor(4) as pool:
        alone_at_it = list(pool.map(lambda _: naskah.ask("workflow", "run"), range(8)))
        server = Server(naskah)
        beside = list(pool.map(lambda _: naskah.ask("workflow", "run"), range(8)))
        assert "by itself" in naskah.run("workflow", "run")[0]
        # a change wakes the server's worker
        pool.map(lambda letter: naskah.run("letter", "urge", letter, person="damar"), letters)
        pool.map(lambda _: draft(naskah), range(4))
    time.sleep(2)
    server.stop()
    assert not any(told["served"] for told in alone_at_it), alone_at_it
    assert all(told["served"] and told["timers"] == 0 for told in beside), beside
    fired = [turns_of(naskah, letter) for letter in letters]
    assert sum(told["timers"] for told in alone_at_it) <= sum(map(len, fired)), (fired, alone_at_it)
    for turns in fired:
        assert turns and turns[0] >= 1 and len(set(turns)) == len(turns), fired
        assert turns == sorted(turns), fired
    is_well(naskah)


def survives_rebuild(naskah):
    """After a rebuild a timer fires, a message is taken, what failed is tried again, and what rests
    goes on."""
    deploy(naskah, models.RESTED)
    timed = submitted(naskah)
    deploy(naskah, models.LISTENING)
    heard, early = submitted(naskah), draft(naskah)
    naskah.run("letter", "message", early, "balasan", person="damar")
    deploy(naskah, models.STUCK)
    failed = draft(naskah)
    time.sleep(1.2)
    naskah.run("workflow", "run")
    deploy(naskah, models.SHARED)
    resting = submitted(naskah)
    naskah.run("letter", "suspend", resting, "--note", "menunggu", person="damar")
    # what was lost is made again from the histories alone
    database = sqlite3.connect(os.path.join(naskah.folder, "office.db"))
    for table in ("wait", "message", "incident", "inbox", "task"):
        database.execute(f"DELETE FROM {table}")
    database.commit()
    database.close()
    naskah.run("rebuild")
    is_well(naskah)
    refused(naskah, 6, "kirana", ("task", "approve", resting), "suspended", "ditangguhkan")
    naskah.run("letter", "resume", resting, person="damar")
    naskah.run("task", "approve", resting, person="kirana")
    naskah.run("letter", "message", heard, "balasan", person="damar")
    naskah.run("letter", "submit", early, person="damar")
    time.sleep(1)
    naskah.run("workflow", "run")
    assert [state(naskah, letter) for letter in (resting, heard, early, timed)] == ["archived"] * 4
    found = naskah.ask("incident", "list", failed, person="damar")["incidents"]
    assert len(found) == 1 and "pilih" in found[0]["reason"], found
    naskah.run("letter", "edit", failed, changed(("<urgency>segera", "<urgency>biasa")),
               person="damar")
    naskah.run("incident", "retry", found[0]["task"], person="damar")
    naskah.run("workflow", "run")
    assert len(tasks(naskah, "damar", failed)) == 2
    is_well(naskah)


def main():
    with tempfile.TemporaryDirectory() as folder:
        WORK["folder"] = folder
        naskah = Naskah(sys.argv[1], os.path.join(folder, "kantor"))
        naskah.run("init", naskah.folder, "--demo", "--empty", office=False)
        run_cases([usage, recall, correct, claim, hand_over, urge, return_to, add, rest, incidents,
                   several, message, migrate, preview, alone(fires_once), survives_rebuild], naskah)


if __name__ == "__main__":
    main()
