#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Small runs of every bench: what they say and what they leave.  How fast they are is not tested:
that depends on the machine.  NSK_LONG=1 makes them bigger."""
import json
import os
import pathlib
import re
import sqlite3
import sys
import tempfile

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "scenario"))
from tap import Naskah, run_cases  # noqa: E402

KEYS = {
    "commit": "changes_per_s p50_ms p99_ms batch_mean fsyncs fsyncs_per_change bytes_per_version"
              " cpu_us_per_change raw_append_fdatasync_per_s raw_sqlite_commit_per_s ratio_raw"
              " anonymous_mb changes clients seconds letters",
    "inbox": "p50_us p99_us rows_mean groups waiting letters tasks fill_s calls cpu_us_per_call"
             " anonymous_mb",
    "history": "warm_p50_ms warm_p99_ms cold_p50_ms cold_p99_ms open_p50_ms open_p99_ms"
               " cold_left_mb entries_mean letters database_mb fill_changes_per_s warm_calls"
               " cold_calls cpu_us_per_call",
    "search": "p50_ms p99_ms hits_mean letters readable index_mb indexed_per_s calls"
              " cpu_us_per_call",
    "journal": "changes_per_s_alone changes_per_s_proved cost_percent sequenced_per_s open_ms"
               " proof_p50_ms proof_p99_ms proof_bytes proofs verified_per_s verify_cpu_us entries"
               " letters database_mb",
    "flow": "memory_completions_per_s state_bytes durable_completions_per_s durable_p50_ms"
            " durable_p99_ms durable_completions batch_mean fsyncs_per_completion"
            " cpu_us_per_completion open_p50_ms open_mb waiting raw_append_fdatasync_per_s clients"
            " seconds",
    "render": "letter_p50_ms letter_p99_ms letter_cpu_ms pdf_bytes peak_mb table_ms table_pages"
              " two_threads process_ms report_s report_pages report_30_mb report_100_mb"
              " report_300_mb letters",
    "day": "days_per_s day_s cpu_s_per_day p50_ms p99_ms acts days incoming dispositions outgoing"
           " clients anonymous_mb",
}
LETTERS = 20000 if os.environ.get("NSK_LONG") else 300


def bench(program, root, name, *options):
    """Runs one bench in a new folder; its result and the program set to its office."""
    folder = str(pathlib.Path(root) / name)
    naskah = Naskah(program, folder)
    out, err = naskah.run("bench", name, "--folder", folder, "--seconds", "1", "--clients", "4",
                          "--json", *options, office=False)
    assert out.count("\n") == 1 and err == "", (out, err)
    result = json.loads(out)
    assert set(result) == set(KEYS[name].split()), sorted(result)
    for key, value in result.items():
        # noise may make it seem a gain
        assert (value >= 0 or key == "cost_percent") and round(value, 3) == value, f"{key}: {value}"
        assert len(repr(value).partition(".")[2]) <= 3, f"{key}: {value!r}"
    return result, naskah


def assert_clean(naskah):
    found = naskah.ask("doctor")
    errors = [issue for issue in found["issues"] if issue["severity"] == "error"]
    assert not errors, errors[:3]


def assert_index_alone(naskah):
    """Nothing is wrong but that the rows have no history."""
    found = naskah.ask("doctor", status=1)
    tags = {issue["tag"] for issue in found["issues"] if issue["severity"] == "error"}
    assert tags <= {"index-differs", "issues-cut"}, tags


def test_commit(program, root):
    """commit counts what it wrote, and the office has it"""
    result, naskah = bench(program, root, "commit", "--letters", "8")
    assert result["changes"] > 0 and result["clients"] == 4 and result["letters"] == 8, result
    assert result["p50_ms"] <= result["p99_ms"], result
    assert result["fsyncs"] >= 1 and 1 <= result["batch_mean"] <= 4, result
    assert abs(result["ratio_raw"] - result["changes_per_s"]
               / result["raw_append_fdatasync_per_s"]) < 0.01, result
    assert 500 < result["bytes_per_version"] < 100000, result
    assert_clean(naskah)


def test_inbox(program, root):
    """inbox lists what waits, a page at a time"""
    result, naskah = bench(program, root, "inbox", "--letters", str(LETTERS))
    assert result["letters"] == LETTERS and result["tasks"] == 3 * LETTERS, result
    assert result["groups"] == 6 and result["waiting"] <= LETTERS / 5, result
    assert result["rows_mean"] <= 20 and result["calls"] >= 1, result
    assert 0 < result["p50_us"] <= result["p99_us"], result
    assert_index_alone(naskah)
    pieces, after = [], []
    while True:
        page = naskah.ask("task", "list", "--limit", "7", *after, person="penguji")
        pieces += [task["task"] for task in page["tasks"]]
        if page["next"] is None:
            break
        after = ["--after", page["next"]]
    whole = naskah.ask("task", "list", "--limit", "500", person="penguji")
    assert pieces[:500] == [task["task"] for task in whole["tasks"]], pieces
    assert len(set(pieces)) == len(pieces) <= result["waiting"], pieces


def test_history(program, root):
    """history reads letters that the use cases wrote, also from the disk"""
    result, naskah = bench(program, root, "history", "--letters", str(LETTERS // 10))
    assert result["letters"] == LETTERS // 10 and result["entries_mean"] == 4, result
    assert result["warm_calls"] >= 1 and result["cold_calls"] >= 1, result
    assert 0 < result["warm_p50_ms"] <= result["warm_p99_ms"], result
    assert 0 < result["cold_p50_ms"] <= result["cold_p99_ms"], result
    assert_clean(naskah)


def test_search(program, root):
    """search finds what the asker may read, and nothing else"""
    letters = LETTERS // 10
    result, naskah = bench(program, root, "search", "--letters", str(letters))
    assert result["letters"] == letters and result["readable"] == (letters + 99) // 100, result
    assert result["hits_mean"] <= min(20, result["readable"]) and result["calls"] >= 1, result
    assert_clean(naskah)
    mine = naskah.ask("archive", "search", "rencana", "--limit", "100", person="nastiti")
    assert len(mine["hits"]) == min(result["readable"], 100), mine
    everybodys = naskah.ask("archive", "search", "rencana", "--limit", "100", person="budi")
    assert len(everybodys["hits"]) == min(letters, 100), len(everybodys["hits"])


def test_journal(program, root):
    """journal proves every entry that it wrote, and those of the letters before"""
    result, naskah = bench(program, root, "journal", "--letters", str(LETTERS))
    assert result["letters"] == LETTERS and result["entries"] > LETTERS, result
    assert result["changes_per_s_alone"] > 0 and result["changes_per_s_proved"] > 0, result
    assert 500 < result["proof_bytes"] < 3072 and result["proofs"] >= 1, result
    verdict = naskah.ask("audit", "verify")
    assert verdict["entries"] == verdict["proved"] == result["entries"], (verdict, result)


def test_flow(program, root):
    """flow counts tasks that the office knows of as done"""
    result, naskah = bench(program, root, "flow", "--letters", "20", "--clients", "16")
    assert result["waiting"] == 20 and 0 < result["state_bytes"] < 1024, result
    assert 0 < result["durable_p50_ms"] <= result["durable_p99_ms"], result
    with sqlite3.connect(f"file:{naskah.folder}/office.db?mode=ro", uri=True) as db:
        done, = db.execute("SELECT count(*) FROM task t JOIN head h ON h.letter = t.letter"
                           " WHERE t.closed IS NOT NULL").fetchone()
        parafs, = db.execute("SELECT count(*) FROM paraf").fetchone()
    assert done == result["durable_completions"] and 0 < parafs < done, (done, parafs, result)
    assert_index_alone(naskah)


def test_day(program, root):
    """day does whole days, of which everything is kept"""
    result, naskah = bench(program, root, "day")
    days = result["days"]
    assert days >= 1 and result["days_per_s"] > 0, result
    with sqlite3.connect(f"file:{naskah.folder}/office.db?mode=ro", uri=True) as db:
        kinds = dict(db.execute("SELECT kind, count(*) FROM letter WHERE state = 'archived'"
                                " GROUP BY kind"))
        given, = db.execute("SELECT count(*) FROM journal WHERE CAST(entry AS TEXT)"
                            " LIKE '%\"action\":\"disposition-given\"%'").fetchone()
    assert kinds == {"surat-masuk": 200 * days, "nota-dinas": 80 * days}, (kinds, days)
    assert given == 300 * days, given
    assert_clean(naskah)


def test_render(program, root):
    """render makes pages of letters that differ, each part in a process of its own"""
    result, naskah = bench(program, root, "render", "--letters", "4")
    assert result["letters"] == 4 and result["table_pages"] in (15, 16), result
    assert 270 <= result["report_pages"] <= 330, result
    assert result["letter_p50_ms"] <= result["letter_p99_ms"], result
    assert 20000 < result["pdf_bytes"] < 100000, result
    folder = pathlib.Path(naskah.folder)
    assert (folder / "letter.pdf").read_bytes().startswith(b"%PDF-"), list(folder.iterdir())
    out, _ = naskah.run("bench", "render", "--part", "report", "--letters", "2", "--json",
                        office=False)
    assert set(json.loads(out)) == {"report_s", "report_pages", "report_mb"}, out
    naskah.refuse(1, ["no part 'paper'"], "bench", "render", "--part", "paper", office=False)


def test_words(program, root):
    """the table has a line a figure, in both languages"""
    for language, word in (("C.UTF-8", "durable changes"), ("id_ID.UTF-8", "perubahan")):
        folder = str(pathlib.Path(root) / language)
        out, _ = Naskah(program, folder).run("bench", "commit", "--folder", folder, "--seconds",
                                             "1", "--clients", "2", office=False,
                                             language=language)
        lines = out.splitlines()
        assert len(lines) == 12 and lines[0].startswith(word), out
        # numbers stand under each other
        ends = {re.match(r"\S.*?  +[\d.]+(?=  |$)", line).end() for line in lines}
        assert len(ends) == 1, out


def test_refusals(program, root):
    """a folder that is there, and options that mean nothing, are refused in a sentence"""
    naskah = Naskah(program, root)
    taken = pathlib.Path(root) / "taken"
    taken.mkdir()
    (taken / "file").write_text("mine")
    for name in KEYS:
        naskah.refuse(6, ["taken"], "bench", name, "--folder", str(taken), "--letters", "1",
                      office=False)
    assert [path.name for path in taken.iterdir()] == ["file"]
    for options in (["--clients", "0"], ["--clients", "1025"], ["--seconds", "0"],
                    ["--letters", "10000001"], ["--letters", "0"]):
        naskah.refuse(2, ["--clients is 1 to 1024"], "bench", "inbox", "--folder",
                      str(pathlib.Path(root) / "none"), *options, office=False)
    naskah.refuse(2, ["no bench 'disk'", "history"], "bench", "disk", office=False)
    assert not (pathlib.Path(root) / "none").exists()


with tempfile.TemporaryDirectory(prefix="naskah-bench-") as folder:
    sys.exit(run_cases([test_commit, test_inbox, test_history, test_search, test_journal, test_flow, test_day,
                        test_render, test_words,
                        test_refusals], sys.argv[1], folder))
