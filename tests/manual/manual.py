#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The manual: it names what there is, says the same in both languages, and is well formed in each
of its forms."""
import pathlib
import re
import shutil
import subprocess
import sys
import xml.etree.ElementTree as ElementTree

SOURCE = pathlib.Path(__file__).resolve().parent.parent.parent
sys.path.insert(0, str(SOURCE / "tests" / "scenario"))
from tap import Naskah, run_cases  # noqa: E402

NS = "{urn:naskah:manual:1}"
LANG = "{http://www.w3.org/XML/1998/namespace}lang"
COMMON = {"--dir", "--as", "--at", "--request", "--json"}
PAGES = sorted(path.stem for path in (SOURCE / "templates" / "manual").glob("*.xml"))


def page(naskah, name, language, *options):
    return naskah.ask("help", name, "--language", language, *options, office=False)


def test_overview(naskah):
    """the overview names every command there is, and none that there is not"""
    out, _ = naskah.run("--help", office=False)
    single, grouped = out[out.index("Commands:"):].split("\n\n")[:2]
    names = set(re.findall(r"^    ([a-z]+)  ", single, re.M))
    groups = re.findall(r"^    ([a-z]+)((?: +[a-z-]+)+(?:\n {8,}.*)*)", grouped, re.M)
    for group, members in groups:
        listed, _ = naskah.run(group, "--help", office=False)
        found = re.findall(rf"^    {group} ([a-z-]+) +\S", listed, re.M)
        assert found == members.split(), (group, found, members)
        names |= {f"{group} {member}" for member in found}
    assert len(names) > 20, names
    for language in ("id", "en"):
        text = page(naskah, "naskah", language)["text"]
        told = set(re.findall(r"^    naskah ([a-z]+(?: [a-z-]+)?)$", text, re.M))
        assert told == names, (language, told ^ names)


def test_languages(naskah):
    """both languages have the same sections, with the same lists, examples and paragraphs"""
    for name in PAGES:
        root = ElementTree.parse(SOURCE / "templates" / "manual" / f"{name}.xml").getroot()
        assert root.get("name") == name, name
        shapes = {}
        for text in root:
            shapes[text.get(LANG)] = [
                (section.get("id"), [(block.tag, len(block.findall(f"{NS}item")))
                                     for block in section]) for section in text]
        assert list(shapes) == ["id", "en"] and shapes["id"] == shapes["en"], (name, shapes)
        terms = [[item.get("term") for item in text.iter(f"{NS}item")
                  if re.match(r"[a-z]+_|--|naskah ", item.get("term"))] for text in root]
        assert terms[0] == terms[1], name


def test_terminal(naskah):
    """every page is shown, in lines that fit"""
    for name in PAGES:
        for language in ("id", "en"):
            shown = page(naskah, name, language)
            assert shown["page"] == name and shown["pages"] == PAGES, shown
            lines = shown["text"].splitlines()
            assert len(lines) > 20 and max(map(len, lines)) <= 80, (name, language)
            assert not re.search(r"[<>]|[ \t]$", shown["text"], re.M), (name, language)
    english, _ = naskah.run("help", "bench", office=False)
    indonesian, _ = naskah.run("help", "bench", office=False, language="id_ID.UTF-8")
    assert "CHOOSING A MACHINE" in english and "MEMILIH MESIN" in indonesian


def test_roff(naskah):
    """every page is a man page"""
    for name in PAGES:
        for language in ("id", "en"):
            text = page(naskah, name, language, "--roff")["text"]
            title = "NASKAH" if name == "naskah" else f"NASKAH-{name.upper()}"
            assert text.startswith(f'.TH "{title}" 1 '), text[:40]
            requests = set(re.findall(r"^\.(\w+)", text, re.M))
            assert requests <= {"TH", "SH", "PP", "TP", "nf", "fi", "RS", "RE"}, requests
            assert text.count(".nf") == text.count(".fi") and not re.search(r"\\e(?!$)", text, re.M), name
            if shutil.which("groff"):
                done = subprocess.run(["groff", "-man", "-ww", "-K", "utf8", "-Tutf8", "-z"],
                                      input=text, capture_output=True, text=True)
                assert done.returncode == 0 and not done.stderr, (name, done.stderr)


def options_of(text):
    return set(re.findall(r"^    (?:-\w, )?(--[a-z0-9-]+)", text, re.M)) - COMMON


def test_options(naskah):
    """the page of a command explains its options, and none that it does not have"""
    commands = [name for name in PAGES
                if not name.startswith("workflow-") and name not in ("bpmn", "naskah")]
    assert len(commands) >= 6, commands
    for name in commands:
        words = ["workflow", name] if name == "simulate" else name.split("-")
        out, _ = naskah.run(*words, "--help", office=False)
        own = options_of(out)
        members = re.findall(rf"^    {name} ([a-z-]+) +\S", out, re.M)
        for member in members:
            own |= options_of(naskah.run(name, member, "--help", office=False)[0])
        root = ElementTree.parse(SOURCE / "templates" / "manual" / f"{name}.xml").getroot()
        told = {item.get("term").split()[0] for item in root.iter(f"{NS}item")
                if item.get("term").startswith("--")}
        # the page of a group explains those that need it
        assert told <= own if members else told == own, (name, told ^ own)


def test_bench(naskah):
    """the page of the bench explains the figures that it prints"""
    text = page(naskah, "bench", "en")["text"]
    for key in ("changes_per_s p50_ms p99_ms batch_mean bytes_per_version cpu_us_per_change"
                " raw_append_fdatasync_per_s raw_sqlite_commit_per_s ratio_raw p50_us p99_us"
                " warm_p50_ms cold_p50_ms hits_mean").split():
        assert re.search(rf"\b{key}\b", text), key


def test_access(naskah):
    """the page on access prints the rules that the program has"""
    for language, locale in (("id", "id_ID.UTF-8"), ("en", "C.UTF-8")):
        table, _ = naskah.run("access", "rules", office=False, language=locale)
        text = page(naskah, "access", language)["text"]
        told = [line.strip() for line in text.split("\n")]
        for line in table.strip().split("\n"):
            assert line.strip() in told, (language, line)


def test_refusals(naskah):
    """a page that is not there is refused, and those there are are named"""
    naskah.refuse(3, ["no page 'kopi'", ", ".join(PAGES)], "help", "kopi", office=False)
    naskah.refuse(3, ["no page '../schema/letter'"], "help", "../schema/letter", office=False)
    naskah.refuse(2, ["--language"], "help", "--language", "fr", office=False)


run_cases([test_overview, test_languages, test_terminal, test_roff, test_options, test_bench,
           test_access, test_refusals], Naskah(sys.argv[1], ""))
