#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""pictures.py NASKAH: pictures of pages are kept by what is on the page, within a bound, for nobody
who may not read the letter, and never of a secret one.  TAP on standard output."""
import hashlib
import os
import sys
import tempfile

from dispatch import WORK, send
from tap import Naskah, run_cases

LIMIT = 64 * 1024 * 1024


def cache(naskah):
    return os.path.join(naskah.folder, "cache", "preview")


def kept(naskah):
    return sorted(os.listdir(cache(naskah))) if os.path.isdir(cache(naskah)) else []


def picture(naskah, letter, width=200, person="damar", page=1):
    path = os.path.join(WORK["folder"], "halaman.png")
    naskah.run("letter", "export", letter, "--page", str(page), "--width", str(width), "-o", path,
               person=person)
    with open(path, "rb") as file:
        return file.read()


def are_kept_by_content(naskah):
    """A picture is kept once under the digest of its pages, for its owner's eyes alone."""
    naskah.run("init", naskah.folder, "--demo", "--empty", office=False)
    WORK["letter"] = letter = send(naskah)
    first = picture(naskah, letter)
    pdf = os.path.join(WORK["folder"], "surat.pdf")
    naskah.run("letter", "export", letter, "-o", pdf, person="damar")
    with open(pdf, "rb") as file:
        digest = hashlib.sha256(file.read()).hexdigest()
    assert kept(naskah) == [f"{digest}-1-200.png"], kept(naskah)
    path = os.path.join(cache(naskah), kept(naskah)[0])
    assert os.stat(path).st_mode & 0o777 == 0o600, oct(os.stat(path).st_mode)
    assert os.stat(cache(naskah)).st_mode & 0o777 == 0o700
    before = os.stat(path).st_ino
    assert picture(naskah, letter) == first and os.stat(path).st_ino == before
    with open(path, "rb") as file:
        assert file.read() == first
    WORK["path"], WORK["bytes"] = path, first


def damage_is_mended(naskah):
    """What is no picture any more is made again."""
    for junk in (b"", b"bukan gambar", WORK["bytes"][:5]):
        with open(WORK["path"], "wb") as file:
            file.write(junk)
        assert picture(naskah, WORK["letter"]) == WORK["bytes"]
        with open(WORK["path"], "rb") as file:
            assert file.read() == WORK["bytes"]


def others_see_none(naskah):
    """Who may not read the letter gets no picture, though one is kept, and leaves none."""
    before, out = kept(naskah), os.path.join(WORK["folder"], "curian.png")
    for page in ("1", "2", "99"):
        for width in ("200", "333"):
            naskah.refuse(3, ["no letter"], "letter", "export", WORK["letter"], "--page", page,
                          "--width", width, "-o", out, person="tirta")
    assert not os.path.exists(out) and kept(naskah) == before


def bad_questions(naskah):
    """Pages and widths that there are not."""
    before, out = kept(naskah), os.path.join(WORK["folder"], "x.png")
    base = ("letter", "export", WORK["letter"], "-o", out)
    for status, *what in ((3, "--page", "99"), (2, "--page=-1"), (2, "--page", "1", "--width", "100000")):
        naskah.refuse(status, [], *base, *what, person="damar")
    assert not os.path.exists(out) and kept(naskah) == before


def secret_ones_are_not(naskah):
    """Nothing of a secret letter is kept, however often it is looked at."""
    letter, before = send(naskah, subject="Rahasia", security="rahasia"), kept(naskah)
    assert picture(naskah, letter, person="sekar") == picture(naskah, letter, person="sekar")
    assert kept(naskah) == before
    naskah.refuse(3, ["no letter"], "letter", "export", letter, "--page", "1", "-o",
                  os.path.join(WORK["folder"], "x.png"), person="wening")
    assert kept(naskah) == before


def has_a_bound(naskah):
    """What was not looked at for the longest time goes when there is too much."""
    for n in range(8):
        path = os.path.join(cache(naskah), f"{n:064x}-1-100.png")
        with open(path, "wb") as file:
            file.truncate(LIMIT // 8)
        os.utime(path, (1000 + n, 1000 + n))
    os.utime(WORK["path"], (1, 1))
    picture(naskah, WORK["letter"])  # looked at: young again
    picture(naskah, WORK["letter"], width=150)
    left = kept(naskah)
    assert sum(os.path.getsize(os.path.join(cache(naskah), name)) for name in left) <= LIMIT
    assert os.path.basename(WORK["path"]) in left and any(n.endswith("-150.png") for n in left), left
    assert [name for name in left if name.startswith("0" * 60)] == [
        f"{n:064x}-1-100.png" for n in range(1, 8)], left
    # what lies in the way is passed over, and the picture is there all the same
    os.rename(cache(naskah), cache(naskah) + ".lain")
    with open(cache(naskah), "wb"):
        pass
    assert picture(naskah, WORK["letter"]) == WORK["bytes"]
    os.unlink(cache(naskah))


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as base:
        WORK["folder"] = base
        run_cases([are_kept_by_content, damage_is_mended, others_see_none, bad_questions,
                   secret_ones_are_not, has_a_bound],
                  Naskah(sys.argv[1], os.path.join(base, "office")))
