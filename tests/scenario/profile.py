#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""profile.py NASKAH: an agency's profile is checked, packed and put in force; old letters keep theirs."""
import os
import shutil
import sys
import tempfile

from tap import Naskah, run_cases, tool

SOURCE = os.environ["NASKAH_SOURCE"]
PROFILES = os.path.join(SOURCE, "templates", "profiles")
SAMPLE = os.path.join(SOURCE, "templates", "letters", "surat-dinas.sample.xml")
NAMES = ("demo", "kementerian", "pendidikan", "kabupaten", "desa")
WORK = {}

# what is changed in kabupaten.xml, and the finding: tag, severity, line, words
FAULTS = (
    ('font="Arial" size="12pt"', 'font="Wingdings" size="12pt"',
     ("profile-font", "error", 23, "'Wingdings' (regular) is not known")),
    ('file="kabupaten.png" width="20mm"', 'file="tiada.png" width="20mm"',
     ("profile-emblem", "error", 11, "there is no emblem 'tiada.png'")),
    ('height="24.5mm"', 'height="30mm"', ("profile-emblem", "warning", 11, "its height is 24.5 mm")),
    ('width="20mm" height="24.5mm"', 'width="60mm" height="73.5mm"',
     ("profile-emblem", "warning", 11, "102 pixels an inch")),
    ('left="30mm"', 'left="25mm"', ("profile-minimum", "warning", 22, "smaller than the 30 mm")),
    ('top="25mm"', 'top="15mm"', ("profile-margins", "error", 22, "at least 20 mm")),
    ('kinds="nota-dinas memorandum', 'kinds="nota-dins memorandum',
     ("profile-kind", "warning", 24, "'nota-dins' is no family")),
    ("<pattern>{kka}/{seq}/{unit1}", "<pattern>{kka}/{sek}/{unit1}", ("series", "error", 95, "byte 6")),
    ("<pattern>{kka}/{seq}/{unit1}[.{unit2}]</pattern>", "", ("xml-schema", "error", 95, "pattern")),
    ('kind="nota-dinas" series="nota-dinas"', 'kind="nota-dinas" series="nota"',
     ("profile-series", "error", 112, "no series 'nota'")),
    ('    <use kind="surat-dinas" series="keluar"/>\n', "",
     ("profile-series", "warning", 94, "'surat-dinas' get no number")),
    ('<label field="class">', '<label field="warna">', ("xml-schema", "error", 30, "warna")),
    ('<page-number before', '<page-number size="70pt" before', ("profile-page", "warning", 8, "head-rest")),
)


def read(name):
    with open(os.path.join(PROFILES, f"{name}.xml"), encoding="utf-8") as file:
        return file.read()


def write(name, text):
    path = os.path.join(WORK["folder"], name)
    with open(path, "w", encoding="utf-8") as file:
        file.write(text)
    return path


def shipped_ones_are_good(naskah):
    """The shipped profiles have no fault."""
    for name in NAMES:
        told = naskah.ask("profile", "check", os.path.join(PROFILES, f"{name}.xml"), office=False)
        assert not [issue for issue in told["issues"] if issue["severity"] == "error"], told
        assert not [issue for issue in told["issues"] if issue["tag"] == "profile-page"], told


def faults_are_explained(naskah):
    """Each fault of a profile has its tag, its line and what to do, in both languages."""
    text = read("kabupaten")
    for old, new, (tag, severity, line, words) in FAULTS:
        assert text.count(old) >= 1, old
        path = write("rusak.xml", text.replace(old, new, 1))
        told = naskah.ask("profile", "check", path, office=False, status=1 if severity == "error" else 0)
        found = [issue for issue in told["issues"] if issue["tag"] == tag and words in issue["text"]]
        assert found and found[0]["severity"] == severity and found[0]["file"] == path, (new, told)
        assert found[0]["line"] == line, (new, found)
    path = write("rusak.xml", text.replace('"Arial"', '"Wingdings"'))
    out, _ = naskah.run("profile", "check", path, office=False, status=1, language="id_ID.UTF-8")
    assert ":23:3: huruf (font) 'Wingdings'" in out, out


def what_is_no_profile_is_refused(naskah):
    """What is no profile, or not there, is refused with the right status."""
    naskah.refuse(1, ["start tag expected"], "profile", "check", write("a.txt", "naskah"), office=False)
    naskah.refuse(3, ["tiada.xml"], "profile", "check", "tiada.xml", office=False)
    naskah.refuse(2, ["profile check FILE"], "profile", "check", office=False)
    naskah.run("profile", "check", SAMPLE, status=1, office=False)
    naskah.refuse(3, ["lain.png"], "profile", "pack", "-o", write("b.xml", ""),
                  write("lain.xml", read("desa").replace("desa.png", "lain.png")), office=False)


def emblems_are_packed(naskah):
    """A profile and the emblem beside it become one file, which an office can be made with."""
    own = write("instansi.xml", read("kabupaten").replace("kabupaten.png", "lambang-kami.png"))
    shutil.copy(os.path.join(PROFILES, "kabupaten.png"), os.path.join(WORK["folder"], "lambang-kami.png"))
    os.mkdir(os.path.join(WORK["folder"], "lain"))
    packed = os.path.join(WORK["folder"], "lain", "instansi.xml")
    naskah.run("profile", "pack", own, "-o", packed, office=False)
    naskah.run("profile", "check", packed, office=False)
    again = os.path.join(WORK["folder"], "lain", "lagi.xml")
    naskah.run("profile", "pack", packed, "-o", again, office=False)
    with open(packed, "rb") as one, open(again, "rb") as two:
        assert one.read() == two.read()
    other = Naskah(naskah.program, os.path.join(WORK["folder"], "kantor-2"))
    other.run("init", other.folder, "--demo", "--empty", "--profile", own, office=False)
    letter = other.ask("letter", "new", SAMPLE, "--position", "staf-persuratan", person="damar")["letter"]
    pdf = os.path.join(WORK["folder"], "kop.pdf")
    other.run("letter", "export", letter, "-o", pdf, person="damar")
    assert "240   294" in tool("pdfimages", "-list", pdf), "the emblem is not on the page"


def size_of(pdf):
    return [line.split(":")[1].split("pts")[0].strip() for line in tool("pdfinfo", pdf).splitlines()
            if line.startswith("Page size")][0]


def old_letters_keep_theirs(naskah):
    """A new profile is for new letters: an old one prints as before, to the byte."""
    naskah.run("init", naskah.folder, "--demo", "--empty", office=False)
    write_letter = ("letter", "new", SAMPLE, "--position", "staf-persuratan")
    old = naskah.ask(*write_letter, person="damar")["letter"]
    before, after, new = (os.path.join(WORK["folder"], name) for name in ("1.pdf", "2.pdf", "3.pdf"))
    naskah.run("letter", "export", old, "-o", before, person="damar")

    regency = os.path.join(PROFILES, "kabupaten.xml")
    bad = write("buruk.xml", read("kabupaten").replace("{kka}/{seq}/{unit1}", "{kka}/{unit1}"))
    naskah.refuse(1, [":95:"], "profile", "deploy", bad, person="damar")
    stranger = write("asing.xml", read("kabupaten").replace('positions="kepala-badan"', 'positions="gubernur"'))
    told = naskah.ask("profile", "check", stranger, status=1)
    assert told["issues"][-1]["tag"] == "profile-position", told
    naskah.refuse(1, ["gubernur"], "profile", "deploy", stranger, person="damar")
    version = naskah.ask("profile", "deploy", regency, person="damar")["version"]
    assert len(version) >= 8, version

    naskah.run("letter", "export", old, "-o", after, person="damar")
    with open(before, "rb") as one, open(after, "rb") as two:
        assert one.read() == two.read(), "the old letter looks different"
    letter = naskah.ask(*write_letter, person="damar")["letter"]
    naskah.run("letter", "export", letter, "-o", new, person="damar")
    assert size_of(after).startswith("595.2") and size_of(new).startswith("609.449 x 935.433"), size_of(new)
    pages = tool("pdftotext", "-layout", new, "-").split("\f")
    catch = [line.split() for line in pages[0].splitlines() if line.endswith(" ...")]
    second = [line.split() for line in pages[1].splitlines() if line.strip()]
    beginning = next(line for line in second if line[0] != "KONSEP" and line[0][0] != "-")
    assert catch and catch[0][:-1] == beginning[:len(catch[0]) - 1], (catch, beginning)
    assert " ...\n" not in pages[1], "a word to catch on the last page"
    assert "BPATN" not in tool("pdftotext", "-l", "1", new, "-")
    naskah.run("doctor")


def main():
    with tempfile.TemporaryDirectory() as folder:
        WORK["folder"] = folder
        return run_cases([shipped_ones_are_good, faults_are_explained, what_is_no_profile_is_refused,
                          emblems_are_packed, old_letters_keep_theirs],
                         Naskah(sys.argv[1], os.path.join(folder, "kantor")))


if __name__ == "__main__":
    sys.exit(main())
