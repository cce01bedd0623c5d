#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""national.py NASKAH: letters that correct or revoke one that was sent, and what a letter is called in
the national application."""
import os
import sqlite3
import sys
import tempfile

from dispatch import HEAD, PARTIES, WORK, actions, send, sign, write
from tap import Naskah, run_cases


def tables(naskah):
    database = sqlite3.connect(f"file:{naskah.folder}/office.db?mode=ro", uri=True)
    rows = [database.execute(f"SELECT * FROM {table} ORDER BY 1, 2").fetchall()
            for table in ("reader", "letter_link", "letter_external", "delivery")]
    database.close()
    return rows


def follow(naskah, relation, first, subject):
    """A letter to somebody else that corrects or revokes the first one; drafted."""
    path = write("ralat.xml", HEAD.format(subject=subject, security="biasa",
                                          to='<position ref="sekretaris-utama"/>'))
    return naskah.ask("letter", "new", path, "--position", "staf-persuratan", relation, first,
                      person="damar")["letter"]


def corrected(naskah):
    """A ralat that is sent marks the first letter, and whoever had that one may read it."""
    naskah.run("init", naskah.folder, "--demo", "--empty", office=False)
    WORK["first"] = send(naskah)
    holder = naskah.ask("letter", "show", WORK["first"], person="sekar")
    assert holder["state"] == "archived"
    second = follow(naskah, "--corrects", WORK["first"], "Ralat Permintaan Data")
    assert "letter-corrected" not in actions(naskah, WORK["first"])
    before = set(tables(naskah)[0])
    naskah.run("letter", "submit", second, person="damar")
    sign(naskah, second)
    assert actions(naskah, WORK["first"])[-1] == "letter-corrected"
    new = {row for row in set(tables(naskah)[0]) - before if row[1] == second}
    assert {row[0] for row in new} >= {"kepala-biro-sdm", "kepala-biro-keuangan"}, new
    links = naskah.ask("letter", "show", WORK["first"], person="damar")["links"]
    assert [(link["direction"], link["type"], link["letter"]) for link in links] == [
        ("from", "corrects", second)], links
    WORK["second"] = second


def revoked(naskah):
    """A letter that revokes marks the first one as well; its own history stays whole."""
    third = follow(naskah, "--revokes", WORK["first"], "Pencabutan Permintaan Data")
    naskah.run("letter", "submit", third, person="damar")
    sign(naskah, third)
    assert actions(naskah, WORK["first"])[-1] == "letter-revoked"
    assert naskah.ask("letter", "history", WORK["first"], person="damar")["verified"]


def refused(naskah):
    """What was not sent, or is not one's own, is neither corrected nor revoked."""
    path = write("draf.xml", HEAD.format(subject="Draf", to=PARTIES, security="biasa"))
    draft = naskah.ask("letter", "new", path, "--position", "staf-persuratan",
                       person="damar")["letter"]
    new = ("letter", "new", path, "--position", "staf-persuratan")
    naskah.refuse(6, ["not sent"], *new, "--corrects", draft, person="damar")
    naskah.refuse(3, ["no letter"], *new, "--revokes", "no-such", person="damar")
    naskah.refuse(3, ["no letter"], "letter", "new", path, "--revokes", WORK["first"],
                  person="arkan")


def external(naskah):
    """Number and id of the national application are entered, replaced, and belong to one letter."""
    first, second = WORK["first"], WORK["second"]
    enter = ("letter", "record-external")
    naskah.run(*enter, first, "--number", "B/1/2026", "--id", "88127", person="wening")
    naskah.run(*enter, first, "--number", "B/2/2026", "--id", "88127", person="wening")
    naskah.run(*enter, first, "--number", "X-9", "--system", "simpeg", person="damar")
    naskah.refuse(6, ["88127"], *enter, second, "--number", "B/3/2026", "--id", "88127",
                  person="wening")
    naskah.refuse(2, ["--number"], *enter, second, person="wening")
    for bad in ("", "a\nb", "x" * 300):
        naskah.refuse(1, ["--number"], *enter, second, "--number", bad, person="wening")
    naskah.refuse(1, ["--system"], *enter, second, "--number", "1", "--system", "A B",
                  person="wening")
    naskah.refuse(3, ["no letter"], *enter, first, "--number", "1", person="arkan")
    rows = [row[:4] for row in tables(naskah)[2]]
    assert rows == [(first, "nasional", "B/2/2026", "88127"), (first, "simpeg", "X-9", "")], rows
    assert actions(naskah, first)[-3:] == ["external-recorded"] * 3


def exported(naskah):
    """For the national application there are the signed pages, and what its operators type."""
    folder = os.path.join(WORK["folder"], "nasional")
    result = naskah.ask("letter", "export", WORK["first"], "--for-national", "-o", folder,
                        person="wening")
    fields = {field["label"]: field["value"] for field in result["fields"]}
    assert fields["Hal"] == "Permintaan Data" and fields["Klasifikasi"] == "KP.08.1", fields
    assert len(fields["NIP"]) == 18 and "(eksternal)" in fields["Tujuan"], fields
    assert "B/2/2026" in fields["Nomor di aplikasi lain"] or "X-9" in str(fields), fields
    with open(os.path.join(folder, "isian.txt"), encoding="utf-8") as file:
        assert "Hal: Permintaan Data\n" in file.read()
    with open(os.path.join(folder, "surat.pdf"), "rb") as file:
        assert file.read(5) == b"%PDF-"
    draft = naskah.ask("letter", "new", os.path.join(WORK["folder"], "draf.xml"), "--position",
                       "staf-persuratan", person="damar")["letter"]
    naskah.refuse(6, ["not sent"], "letter", "export", draft, "--for-national", "-o", folder,
                  person="damar")


def rebuilt(naskah):
    """Readers, links and names elsewhere come again from histories."""
    before = tables(naskah)
    naskah.run("rebuild")
    assert tables(naskah) == before


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as base:
        WORK["folder"] = base
        run_cases([corrected, revoked, refused, external, exported, rebuilt],
                  Naskah(sys.argv[1], os.path.join(base, "office")))
