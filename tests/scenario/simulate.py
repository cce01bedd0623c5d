#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""simulate.py NASKAH: naskah workflow simulate, as its users run it."""
import json
import os
import sys
import tempfile

from tap import Naskah, run_cases

SCENARIOS = os.path.join(os.environ["NASKAH_SOURCE"], "tests/flow/scenarios")
NESTED = os.path.join(SCENARIOS, "inclusive/nested")
WORK = {}

MODEL = """<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" id="d"
    xmlns:camunda="http://camunda.org/schema/1.0/bpmn">
  <process id="p" isExecutable="true">
    <startEvent id="s"/>
    <userTask id="a" camunda:candidateUsers="kepala-biro-umum, tidak-ada"/>
    <endEvent id="e"/>
    <sequenceFlow id="f1" sourceRef="s" targetRef="a"/>
    <sequenceFlow id="f2" sourceRef="a" targetRef="e"/>
  </process>
</definitions>
"""


def write(name, content):
    path = os.path.join(WORK["folder"], name)
    with open(path, "w", encoding="utf-8") as file:
        file.write(content if isinstance(content, str) else json.dumps(content))
    return path


def scenario(*steps, **keys):
    return {"models": ["p.bpmn"], "scenarios": [{"name": "x", "steps": list(steps)}], **keys}


def simulate(naskah, *args, **options):
    return naskah.run("workflow", "simulate", *args, office=False, **options)


def holds(naskah):
    """What holds is told step by step, with exit status 0"""
    out, err = simulate(naskah, NESTED + ".bpmn", NESTED + ".json")
    assert "1. start p" in out and "'d#" in out and out.count("all as expected") == 3, out
    assert "Everything is as expected." in err, err
    alone, _ = simulate(naskah, NESTED + ".json")
    assert alone == out


def holds_as_json(naskah):
    """With --json there is one line, in the stated form"""
    out, err = simulate(naskah, "--json", NESTED + ".json")
    result = json.loads(out)
    assert out.count("\n") == 1 and err == "" and result["ok"] is True
    assert [one["name"] for one in result["scenarios"]] == ["all", "only inside", "only outside"]
    first = result["scenarios"][0]
    assert set(first) == {"name", "ok", "steps", "failed_step", "expected", "got"}, first
    assert first["steps"] == 11 and first["failed_step"] is None, first


def fails(naskah):
    """What does not hold is told with step and difference, with exit status 1"""
    path = write("wrong.json", scenario({"start": None}, {"expect_active": ["b"]}))
    out, err = simulate(naskah, path, status=1)
    assert 'FAILED at step 2: expected ["b"], got ["a"]' in out, out
    assert "Not everything is as expected." in err, err
    out, _ = simulate(naskah, path, "--json", status=1)
    one = json.loads(out)["scenarios"][0]
    assert (one["ok"], one["failed_step"], one["expected"], one["got"]) == (False, 1, ["b"], ["a"])
    _, err = simulate(naskah, path, status=1, language="id_ID.UTF-8")
    assert "Tidak semuanya" in err, err


def refused_models(naskah):
    """Models that are refused are exit status 1, with the element"""
    folder = os.path.join(SCENARIOS, "refuse")
    path = os.path.join(folder, "complex-gateway")
    simulate(naskah, path + ".json")
    wrong = write("refused.json", scenario({"start": None}, models=["none.bpmn"]))
    out, _ = simulate(naskah, path + ".bpmn", write("alone.json", {"scenarios": []}), status=1)
    assert "complexGateway" in out and "rumit" in out, out
    naskah.refuse(3, ["none.bpmn"], "workflow", "simulate", wrong, office=False)


def other_folder(naskah):
    """Models are found beside the scenario file, or else beside the model that is named"""
    call = os.path.join(SCENARIOS, "call-activity", "other-file")
    steps = [{"start": None}, {"expect_active": ["number"]}]
    path = write("elsewhere.json", scenario(
        *steps, models=["other-file.bpmn", "other-file-shared.bpmn"]))
    simulate(naskah, call + ".bpmn", path)
    naskah.refuse(3, ["other-file"], "workflow", "simulate", path, office=False)


def bad_files(naskah):
    """A file that is no scenario is told in a sentence"""
    for name, content, words in (
            ("no.json", "{", ["no.json", "JSON"]),
            ("empty.json", "", ["empty.json", "JSON"]),
            ("list.json", "[]", ["object"]),
            ("step.json", scenario({"jump": "a"}), ["step 1", "jump"]),
            ("key.json", scenario({"start": None, "var": {}}), ["step 1", "var"]),
            ("deep.json", "[" * 100000, ["JSON"])):
        naskah.refuse(1, words, "workflow", "simulate", write(name, content), office=False)
    naskah.refuse(3, ["gone.json"], "workflow", "simulate", "gone.json", office=False)
    naskah.refuse(1, ["4194304"], "workflow", "simulate", write("big.json", " " * (4 << 20) + "1"),
                  office=False)


def who(naskah):
    """With --who the trace names who would get each task today"""
    naskah.run("init", naskah.folder, "--demo", "--empty", office=False)
    path = write("who.json", scenario({"start": None}, {"expect_active": ["a"]}))
    out, _ = naskah.run("workflow", "simulate", "--who", path, person="damar")
    lines = [line for line in out.splitlines() if "is for" in line]
    assert len(lines) == 2 and "is for kepala-biro-umum: " in lines[0], out
    assert "no position 'tidak-ada'" in lines[1], out
    tasks = naskah.ask("workflow", "simulate", "--who", path, person="damar")["scenarios"][0]["tasks"]
    assert [task["position"] for task in tasks] == ["kepala-biro-umum", "tidak-ada"], tasks
    assert tasks[0]["node"] == "a" and tasks[0]["who"] in lines[0], tasks
    out, _ = naskah.run("workflow", "simulate", path, person="damar")
    assert "is for" not in out, out
    naskah.refuse(3, ["office"], "workflow", "simulate", "--who", path, "--dir",
                  os.path.join(WORK["folder"], "none"), office=False)


def main():
    with tempfile.TemporaryDirectory(prefix="naskah-simulate-") as work:
        WORK["folder"] = work
        write("p.bpmn", MODEL)
        run_cases([holds, holds_as_json, fails, refused_models, other_folder, bad_files, who],
                  Naskah(sys.argv[1], os.path.join(work, "kantor")))


main()
