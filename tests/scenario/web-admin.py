#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""web-admin.py NASKAH: deputies, administration and what else an office's pages have, over HTTP; what
is done there is seen by the commands, and who may not is told that there is nothing."""
import datetime
import os
import sys
import tempfile

from importlib import import_module
from tap import Naskah, run_cases
from web import Server, alone

pages = import_module("web-pages")
WORK = pages.WORK
visitor = pages.visitor


def day(ahead):
    now = datetime.datetime.now(datetime.timezone.utc) + datetime.timedelta(hours=7)
    return (now.date() + datetime.timedelta(days=ahead)).isoformat()


def turns(naskah, person):
    found = naskah.ask("duty", "list", "--date", day(-1), "--until", day(60), "--person", person, person=person)
    return [(turn["what"], turn["from"], turn.get("until"), turn.get("substitute")) for turn in found["turns"]]


def deputies(naskah):
    """Absences are entered and ended by who is away; a name that means several is asked for again."""
    server = Server(naskah)
    budi = visitor(naskah, server, "budi")
    page = budi.get("/wakil")
    assert budi.status == 200 and "Kepala Bagian Tata Usaha dan Kearsipan" in page and "Plh." in page, page
    budi.post("/wakil", macam="leave", dari=day(3), sampai=day(5), pengganti="a")
    assert budi.status == 422 and "beberapa orang" in budi.page, budi.page
    budi.get("/wakil")
    budi.post("/wakil", macam="leave", dari=day(3), sampai=day(5), pengganti="<b>siapa")
    assert budi.status == 422 and "<b>" not in budi.page and "&lt;b&gt;siapa" in budi.page
    budi.get("/wakil")
    budi.post("/wakil", macam="leave", dari="", sampai="", pengganti="")
    assert budi.status == 422 and "dari-salah" in budi.page, budi.page
    budi.get("/wakil")
    budi.post("/wakil", macam="leave", dari=day(3), sampai=day(5), pengganti="Kirana")
    assert budi.status == 200 and "Sudah dicatat" in budi.page and "Kirana" in budi.page, budi.page
    assert turns(naskah, "budi") == [("leave", day(3), day(5), "kirana")], turns(naskah, "budi")
    kirana = visitor(naskah, server, "kirana")
    assert "Budi Hargotama" in kirana.get("/wakil")
    budi.get("/wakil")
    budi.post("/wakil/akhir", macam="leave", dari=day(3))
    assert budi.status == 200 and turns(naskah, "budi") == [], budi.page
    budi.post("/wakil", macam="travel", dari=day(0), sampai="", pengganti="")
    assert turns(naskah, "budi") == [("travel", day(0), None, None)], turns(naskah, "budi")
    budi.post("/wakil/akhir", macam="travel", dari=day(0))
    assert turns(naskah, "budi") == []
    budi.get("/wakil")
    fields = dict(budi.fields(), macam="leave", dari=day(9))
    del fields["csrf"]
    assert budi.send("POST", "/wakil", fields) == 403
    server.stop()


def handovers(naskah):
    """A position's open work is listed on a page and confirmed by both."""
    server = Server(naskah)
    damar, kirana = (visitor(naskah, server, person) for person in ("damar", "kirana"))
    damar.get("/wakil")
    damar.post("/wakil/serah", jabatan="staf-persuratan", penerima="-")
    assert damar.status == 422, damar.status
    damar.get("/wakil")
    damar.post("/wakil/serah", jabatan="staf-persuratan", penerima="wening")
    if damar.status == 422:
        assert "govuk-error-summary" in damar.page
    assert kirana.send("GET", "/wakil/serah/tidak-ada") == 404
    server.stop()


CASES = [deputies, handovers]


def main():
    with tempfile.TemporaryDirectory() as folder:
        WORK.update(folder=folder, known=set())
        naskah = Naskah(sys.argv[1], os.path.join(folder, "kantor"))
        naskah.run("init", naskah.folder, "--demo", "--empty", office=False)
        run_cases([alone(case) for case in CASES], naskah)


if __name__ == "__main__":
    main()
