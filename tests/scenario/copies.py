#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""copies.py NASKAH: one letter with one number to many: a printed copy for each, on which he stands
alone, and numbered copies of a secret letter.  TAP on standard output."""
import hashlib
import os
import sys
import tempfile

from dispatch import HEAD, OUTSIDERS, PARTIES, WORK, send, sign, write
from tap import Naskah, run_cases, tool

MANY = "".join(f"<outsider><name>Kepala Dinas {n:03}</name><place>Arunika</place></outsider>"
               for n in range(1, 31))


def text_of(path):
    return tool("pdftotext", "-layout", path, "-")


def copies_of(naskah, letter, folder, person="damar"):
    path = os.path.join(WORK["folder"], folder)
    files = naskah.ask("letter", "export", letter, "--copies", "-o", path, person=person)["files"]
    assert files == [os.path.join(path, name) for name in sorted(os.listdir(path))], files
    return files


def each_has_his_own(naskah):
    """Each addressee has a copy of his own with the number of the letter; tembusan have the whole."""
    naskah.run("init", naskah.folder, "--demo", "--empty", office=False)
    draft = naskah.ask("letter", "new", write("konsep.xml", HEAD.format(
        subject="Konsep", to=PARTIES, security="biasa")), "--position", "staf-persuratan",
                       person="damar")["letter"]
    naskah.refuse(6, ["no copies yet"], "letter", "export", draft, "--copy", "1", person="damar")
    naskah.run("letter", "submit", draft, person="damar")
    naskah.ask("task", "sign", draft, person="sekar")  # the pages are there, and not signed
    naskah.refuse(6, ["no copies yet"], "letter", "export", draft, "--copy", "1", person="sekar")
    WORK["letter"] = letter = send(naskah)
    number = naskah.ask("letter", "show", letter, person="damar")["number"]
    files = copies_of(naskah, letter, "salinan")
    assert len(files) == 5, files
    names = ("Kepala Biro Sumber Daya Manusia", *OUTSIDERS)
    for n, file in enumerate(files):
        said = text_of(file)
        assert number in said and "Sekar" in said, said
        assert [name in said for name in names] == [n in (i, 3, 4) for i in range(3)], said
        assert "pemeriksaan" not in said and "Salinan" not in said, said
    assert naskah.ask("verify", files[1], office=False, status=5)["verdict"] == "unsigned"


def made_again_the_same(naskah):
    """A copy made again has the same bytes, also by its number alone, and after the signer has left."""
    letter, again = WORK["letter"], os.path.join(WORK["folder"], "lagi.pdf")
    naskah.run("letter", "export", letter, "--copy", "2", "-o", again, "--at", "2031-03-03 09:00",
               person="damar")
    digests = [hashlib.sha256(open(path, "rb").read()).hexdigest()
               for path in (again, os.path.join(WORK["folder"], "salinan/salinan-002.pdf"))]
    assert digests[0] == digests[1]


def secret_ones_are_numbered(naskah):
    """Copies of a secret letter say which they are and of how many; all have the distribution list."""
    letter = send(naskah, subject="Rahasia", security="rahasia")
    files = copies_of(naskah, letter, "rahasia", person="sekar")
    for n, file in enumerate(files, 1):
        said = text_of(file)
        assert f"Salinan nomor {n} dari 5" in said and said.count("Salinan nomor") == 1, said
        listed = said[said.index("DAFTAR DISTRIBUSI"):]
        for name in ("Kepala Biro Sumber Daya Manusia", *OUTSIDERS, "Arsip Daerah Kota Arunika"):
            assert name in listed, said
        assert listed.count("Penerima surat") == 3 and listed.count("Tembusan") == 2, said
    whole = os.path.join(WORK["folder"], "rahasia.pdf")
    naskah.run("letter", "export", letter, "--original", "-o", whole, person="sekar")
    assert "Salinan nomor menurut daftar distribusi" in text_of(whole)
    assert naskah.ask("verify", whole)["verdict"] == "valid"
    naskah.refuse(3, ["no letter"], "letter", "export", letter, "--copy", "1", person="wening")


def own_numbers(naskah):
    """A secret letter may say which number each copy has; the list is in the order of the numbers."""
    numbered = ('<position ref="kepala-biro-sdm" copy="9"/>'
                '<outsider copy="2"><name>Direktur PT Sumber Rekaan</name></outsider>')
    whole = HEAD.replace('<position ref="kepala-biro-keuangan"/><outsider>',
                         '<position ref="kepala-biro-keuangan" copy="1"/><outsider copy="4">')
    refused = write("terbuka.xml", whole.format(subject="x", to=numbered, security="biasa"))
    said, _ = naskah.run("letter", "check", refused, status=1, person="sekar")
    assert said.count("[letter-copy-number]") == 4, said
    path = write("bernomor.xml", whole.format(subject="Bernomor", to=numbered, security="rahasia"))
    letter = naskah.ask("letter", "new", path, person="sekar")["letter"]
    naskah.run("letter", "submit", letter, person="sekar")
    sign(naskah, letter)
    folder = os.path.join(WORK["folder"], "bernomor")
    copies = naskah.ask("letter", "export", letter, "--copies", "-o", folder, person="sekar")["copies"]
    assert [(copy["number"], copy["role"]) for copy in copies] == [(9, "to"), (2, "to"), (1, "copy"),
                                                                  (4, "copy")], copies
    assert sorted(os.listdir(folder)) == [f"salinan-00{n}.pdf" for n in (1, 2, 4, 9)]
    said = text_of(os.path.join(folder, "salinan-009.pdf"))
    assert "Salinan nomor 9 dari 9" in said, said
    listed = said[said.index("DAFTAR DISTRIBUSI"):]
    places = [listed.index(name) for name in ("Kepala Biro Perencanaan", "Direktur PT Sumber", "Arsip Daerah",
                                              "Kepala Biro Sumber")]
    assert places == sorted(places), listed


def long_list(naskah):
    """Of a letter whose addressees are on an attached list each copy is for one, without the list."""
    letter = send(naskah, subject="Edaran", to=MANY)
    whole = os.path.join(WORK["folder"], "semua.pdf")
    naskah.run("letter", "export", letter, "-o", whole, person="damar")
    assert text_of(whole).count("Kepala Dinas 0") == 30
    files = copies_of(naskah, letter, "banyak")
    assert len(files) == 32, files
    for n in (1, 15, 30):
        said = text_of(files[n - 1])
        assert said.count("Kepala Dinas 0") == 1 and f"Kepala Dinas {n:03}" in said, said


def bad_input(naskah):
    """What is no copy is refused, and who only received the letter makes none."""
    letter = WORK["letter"]
    base = ("letter", "export", letter, "-o", os.path.join(WORK["folder"], "x.pdf"))
    naskah.refuse(3, ["no copy 6", "5"], *base, "--copy", "6", person="damar")
    naskah.refuse(2, ["--copy"], *base, "--copy=-1", person="damar")
    naskah.refuse(7, ["sent to you"], *base, "--copy", "1", person="galih")
    taken = write("berkas", "bukan folder")
    naskah.refuse(75, ["folder"], "letter", "export", letter, "--copies", "-o", taken,
                  person="damar")


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as base:
        WORK["folder"] = base
        run_cases([each_has_his_own, made_again_the_same, secret_ones_are_numbered, own_numbers, long_list,
                   bad_input], Naskah(sys.argv[1], os.path.join(base, "office")))
