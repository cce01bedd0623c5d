#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""odd-day.py NASKAH: what goes wrong in an office's day, on the command line and beside a server: bad
scans and doubles, receivers who are away or have left, two who register the same letter at once, a
table that is cut off.  A sentence each; nothing is lost, and nothing is done twice."""
import concurrent.futures
import datetime
import os
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time

from dispatch import WORK, write
from incoming import ABOUT, FO
from merge import FEW, TEXT
from tap import Naskah, run_cases, serving

MADE = {}
LINES = 150
TODAY = datetime.datetime.now(datetime.timezone(datetime.timedelta(hours=7))).date()
WORDS = "Pemantauan sumur musim kemarau menunjukkan penurunan muka air tanah di sebelas titik, " \
    "sehingga kami memohon seorang narasumber untuk memberi bimbingan teknis kepada petugas " \
    "lapangan di kabupaten kami pada bulan depan dengan biaya anggaran daerah menurut peraturan"


def day(offset):
    return (TODAY + datetime.timedelta(days=offset)).isoformat()


def render(naskah, name, text):
    fo, pdf = (os.path.join(WORK["folder"], name + end) for end in (".fo", ".pdf"))
    with open(fo, "w", encoding="utf-8") as file:
        file.write(FO % f"<block>{text}</block>")
    naskah.run("render", fo, "-o", pdf, office=False)
    return pdf


def letters(naskah):
    return naskah.ask("incoming", "list", "--all", person="wening")["letters"]


def bad_scans(naskah):
    """What is no PDF, a cut off or an empty one is refused beside a server too; nothing is registered."""
    naskah.run("init", naskah.folder, "--demo", "--empty", office=False)
    MADE["scan"] = scan = render(naskah, "surat", WORDS)
    whole = open(scan, "rb").read()
    bad = [write("kosong.pdf", b""), write("teks.pdf", b"Yth. Bapak"),
           write("putus.pdf", whole[:len(whole) // 3]),
           write("gambar.pdf", b"\x89PNG\r\n\x1a\n" + b"\0" * 400)]
    with serving(naskah):
        for path in bad:
            naskah.refuse(1, ["no PDF"], "incoming", "register", path, "--from", "Dinas X", *ABOUT,
                          person="wening")
        naskah.refuse(3, ["tiada.pdf"], "incoming", "register", "/tiada.pdf", "--from", "Dinas X",
                      *ABOUT, person="wening")
        assert letters(naskah) == []
        MADE["letter"] = naskah.ask("incoming", "register", scan, "--from", "Dinas Pengairan",
                                    "--number", "118", *ABOUT, person="wening")["letter"]


def doubles(naskah):
    """The same number, the same file, nearly the same words: each is told, by the server as well."""
    base = ("incoming", "register")
    near = render(naskah, "mirip", WORDS + " yang berlaku")

    def all_refused():
        naskah.refuse(6, [MADE["letter"], "the same number"], *base, "--from", "DINAS  pengairan",
                      "--number", "118", *ABOUT, person="damar")
        naskah.refuse(6, [MADE["letter"], "the same file"], *base, MADE["scan"], "--from", "Lain",
                      *ABOUT, person="wening")
        naskah.refuse(6, [MADE["letter"], "nearly the same words"], *base, near, "--from", "Lain",
                      *ABOUT, person="wening")
    all_refused()
    with serving(naskah):
        all_refused()
        other = naskah.ask(*base, near, "--from", "Lain", "--duplicate-of", MADE["letter"], *ABOUT,
                           person="wening")
        links = naskah.ask("letter", "show", other["letter"], person="wening")["links"]
        assert [link["letter"] for link in links] == [MADE["letter"]], links


def two_at_once(naskah):
    """Of six processes that register the same letter through a server at once one wins."""
    def register(person):
        return subprocess.run([naskah.program, "incoming", "register", "--dir", naskah.folder, "--as",
                               person, "--from", "Dinas Kembar", "--number", "77", *ABOUT],
                              capture_output=True, text=True,
                              env=dict(os.environ, LC_ALL="C.UTF-8"))
    with serving(naskah), concurrent.futures.ThreadPoolExecutor(6) as pool:
        ends = list(pool.map(register, ["wening", "damar"] * 3))
    assert sorted(end.returncode for end in ends) == [0, 6, 6, 6, 6, 6], ends
    assert all("--duplicate-of" in end.stderr for end in ends if end.returncode == 6), ends
    listed = [letter for letter in letters(naskah) if letter["number"] == "77"]
    assert len(listed) == 1, listed
    numbers = sorted(int(letter["agenda"].split("/")[0][2:]) for letter in letters(naskah))
    assert numbers == list(range(1, len(numbers) + 1)), numbers


def who_left(naskah):
    """A letter goes to positions: not to one who left, nor to oneself, nor round in a circle."""
    letter = naskah.ask("incoming", "register", "--from", "Dinas Edar", "--subject", "Edar", "--to",
                        "kepala-badan", "--unit", "bpatn", "--channel", "pos", "--classification",
                        "KP.08.1", person="pramesti")["letter"]
    MADE["given"] = letter
    naskah.run("incoming", "forward", letter, person="pramesti")
    give = ("disposition", "give", letter)
    directory = ('<directory xmlns="urn:naskah:directory:1"><units/><positions/><people/><holdings>'
                 '<holding person="galih" position="kepala-biro-sdm" capacity="plt" '
                 f'from="2026-03-02" until="{day(-1)}"/>'
                 '<holding person="handoko" position="kepala-subbagian-tu-pimpinan" '
                 f'capacity="definitive" from="2026-03-02" until="{day(-1)}"/></holdings><mandates/><assistants/>'
                 "</directory>")
    naskah.run("directory", "load", write("keluar.xml", directory))
    with serving(naskah):
        naskah.refuse(1, ["holds no position today"], *give, "handoko", person="bramantya")
        naskah.refuse(1, ["nobody holds it today"], *give, "kepala-biro-sdm", person="bramantya")
        naskah.refuse(1, ["gives it"], *give, "kepala-badan", person="bramantya")
        naskah.refuse(1, ["gives it"], *give, "bramantya", person="bramantya")
        naskah.refuse(1, ["named twice"], *give, "sekretaris-utama", "larasati",
                      person="bramantya")
        naskah.run(*give, "sekretaris-utama", person="bramantya")
        naskah.run(*give, "kepala-biro-umum", person="larasati")
        for back in ("sekretaris-utama", "kepala-badan"):
            naskah.refuse(1, ["down to you"], *give, back, person="sekar")
        naskah.refuse(1, ["gives it"], *give, "sekar", person="sekar")


def who_is_away(naskah):
    """To one who is away it goes with a warning; it is told until somebody is there, and not lost."""
    letter = MADE["given"]
    naskah.run("duty", "leave", "budi", day(-1), day(3), person="budi")
    answer = naskah.ask("disposition", "give", letter, "kepala-bagian-tata-usaha", person="sekar")
    assert len(answer["warnings"]) == 1 and day(4) in answer["warnings"][0], answer
    why = [task["why"] for task in naskah.ask("task", "orphans", person="sekar")["tasks"]
           if task["letter"] == letter]
    assert why == ["away"], why
    assert "nobody is there" in naskah.run("letter", "show", letter, person="sekar")[0]
    naskah.run("disposition", "recall", letter, person="sekar")
    _, said = naskah.run("disposition", "give", letter, "kepala-bagian-tata-usaha", person="sekar")
    assert "warning:" in said and day(4) in said, said
    later = ("--at", f"{day(4)} 09:00")
    naskah.run("disposition", "done", letter, "--note", "sudah", *later, person="budi")
    naskah.run("disposition", "done", letter, *later, person="sekar")
    naskah.refuse(6, ["cannot be recalled"], "disposition", "recall", letter, *later,
                  person="larasati")


def table_is_cut_off(naskah):
    """A table that is cut off by a kill goes on where it was: each line makes one letter, once."""
    lines = [f'"Kepala Desa {n}",Arunika\r\n' for n in range(LINES)]
    text = write("undangan.xml", TEXT)
    table = write("desa.csv", FEW.splitlines(True)[0] + "".join(lines))
    command = [naskah.program, "letter", "merge", text, table, "--position", "staf-persuratan",
               "--dir", naskah.folder, "--as", "damar", "--json"]
    with serving(naskah):
        child = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
                                 env=dict(os.environ, LC_ALL="C.UTF-8"))
        database = sqlite3.connect(f"file:{naskah.folder}/office.db?mode=ro", uri=True)
        while child.poll() is None and not database.execute(
                "SELECT count(*) > 4 FROM letter_batch").fetchone()[0]:
            time.sleep(0.01)
        database.close()
        child.send_signal(signal.SIGKILL)
        child.wait()
        rest = naskah.ask("letter", "merge", text, table, "--position", "staf-persuratan",
                          person="damar")
        again = naskah.ask("letter", "merge", text, table, "--position", "staf-persuratan",
                           person="damar")
    assert rest["made"] + rest["there"] == LINES and again["made"] == 0, (rest["made"], rest["there"])
    print(f"# {rest['there']} of {LINES} were there after the kill", flush=True)
    assert len({item["letter"] for item in again["letters"]}) == LINES
    naskah.run("doctor")


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as folder:
        WORK["folder"] = folder
        run_cases([bad_scans, doubles, two_at_once, who_left, who_is_away, table_is_cut_off],
                  Naskah(sys.argv[1], os.path.join(folder, "office")))
