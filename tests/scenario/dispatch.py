#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""dispatch.py NASKAH: a signed letter on its way to outsiders and copies: what went how, what shows
that it arrived, what came back, and nothing sent twice."""
import os
import sqlite3
import sys
import tempfile

from tap import Naskah, run_cases

WORK = {}
HEAD = """<?xml version="1.0" encoding="UTF-8"?>
<letter xmlns="urn:naskah:letter:1" kind="surat-dinas" xml:lang="id">
  <security>{security}</security><urgency>biasa</urgency><classification>KP.08.1</classification>
  <subject>{subject}</subject>
  <to>{to}</to>
  <copies><position ref="kepala-biro-keuangan"/><outsider><name>Arsip Daerah Kota Arunika</name></outsider></copies>
  <signatories><signatory position="kepala-biro-umum" capacity="definitive"/></signatories>
  <body><p>Bersama ini kami sampaikan hal tersebut di atas.</p></body>
</letter>
"""
OUTSIDERS = ("Kepala Dinas Tata Air Kota Arunika", "Direktur PT Sumber Rekaan")
PARTIES = '<position ref="kepala-biro-sdm"/>' + "".join(
    f"<outsider><name>{name}</name><place>Arunika</place></outsider>" for name in OUTSIDERS)


def write(name, text):
    path = os.path.join(WORK["folder"], name)
    with open(path, "wb") as file:
        file.write(text if isinstance(text, bytes) else text.encode())
    return path


def sign(naskah, letter):
    passphrase = os.path.join(naskah.folder, "keys/passphrase")
    pages = naskah.ask("task", "sign", letter, person="sekar")
    naskah.run("task", "sign", letter, "--confirm", pages["sha256"], "--passphrase-file", passphrase,
               person="sekar")


def send(naskah, subject="Permintaan Data", to=PARTIES, security="biasa"):
    path = write("surat.xml", HEAD.format(subject=subject, to=to, security=security))
    letter = naskah.ask("letter", "new", path, "--position", "staf-persuratan",
                        person="damar")["letter"] if security == "biasa" else \
        naskah.ask("letter", "new", path, person="sekar")["letter"]
    naskah.run("letter", "submit", letter, person="damar" if security == "biasa" else "sekar")
    sign(naskah, letter)
    return letter


def book(naskah, letter, person="wening"):
    rows = naskah.ask("dispatch", "list", letter, person=person)["deliveries"]
    return {row["party"]: row for row in rows}


def actions(naskah, letter):
    entries = naskah.ask("letter", "history", letter, person="damar")["entries"]
    return [entry["action"] for entry in entries]


def begins(naskah):
    """What goes to positions is there when the letter is sent; outsiders wait for a channel."""
    naskah.run("init", naskah.folder, "--demo", "--empty", office=False)
    path = write("konsep.xml", HEAD.format(subject="Konsep", to=PARTIES, security="biasa"))
    draft = naskah.ask("letter", "new", path, "--position", "staf-persuratan", person="damar")
    naskah.refuse(6, ["not sent yet"], "dispatch", "send", draft["letter"], "--channel", "post",
                  person="wening")
    WORK["letter"] = send(naskah)
    rows = book(naskah, WORK["letter"])
    assert list(rows) == ["to-1", "to-2", "to-3", "copy-1", "copy-2"], rows
    assert [row["state"] for row in rows.values()] == ["delivered", "waiting", "waiting", "delivered",
                                                       "waiting"], rows
    assert rows["to-1"]["channel"] == "internal" and rows["to-1"]["position"] == "kepala-biro-sdm"
    assert [rows[key]["name"] for key in ("to-2", "to-3")] == list(OUTSIDERS), rows
    waiting = naskah.ask("dispatch", "list", person="wening")["deliveries"]
    assert [row["party"] for row in waiting] == ["copy-2", "to-2", "to-3"], waiting


def goes_and_arrives(naskah):
    """A letter goes by several channels, one comes back and goes again, and each is proved."""
    letter = WORK["letter"]
    naskah.run("dispatch", "send", letter, "to-2", "--channel", "courier", "--tracking", "KX-0417",
               person="wening")
    sent = naskah.ask("dispatch", "send", letter, "--channel", "post", person="wening")
    assert [row["party"] for row in sent["deliveries"]] == ["to-3", "copy-2"], sent
    naskah.run("dispatch", "return", letter, "to-3", "--note", "alamat tidak dikenal",
               person="wening")
    naskah.run("dispatch", "send", letter, "to-3", "--channel", "hand", person="damar")
    photo = write("resi.jpg", b"\xff\xd8\xff\xe0" + b"resi" * 50)
    naskah.run("dispatch", "proof", letter, "to-2", "--receiver", "Bagian Umum", "--file", photo,
               person="wening")
    large = write("resi-besar.png", b"\x89PNG\r\n\x1a\n" + b"\0" * (1 << 20))
    naskah.run("dispatch", "proof", letter, "to-3", "--file", large, person="wening")
    naskah.run("dispatch", "proof", letter, "--receiver", "Loket", person="wening")
    rows = book(naskah, letter)
    assert all(row["state"] == "delivered" for row in rows.values()), rows
    assert rows["to-2"]["tracking"] == "KX-0417" and rows["to-2"]["receiver"] == "Bagian Umum", rows
    assert rows["to-3"]["tries"] == 2 and rows["to-3"]["channel"] == "hand", rows
    for party, file in (("to-2", photo), ("to-3", large)):
        copy = os.path.join(WORK["folder"], "salinan")
        naskah.run("dispatch", "proof", letter, party, "-o", copy, person="damar")
        with open(copy, "rb") as one, open(file, "rb") as other:
            assert one.read() == other.read(), party
    assert actions(naskah, letter)[-8:] == ["delivery-sent"] * 3 + ["delivery-returned",
                                            "delivery-sent"] + ["delivery-proved"] * 3
    assert naskah.ask("dispatch", "list", person="wening")["deliveries"] == []
    assert len(naskah.ask("dispatch", "list", "--all", person="wening")["deliveries"]) == 5


def pages_of_the_book(naskah):
    """A unit's book is read piece by piece: nothing twice, nothing left out."""
    WORK["second"] = send(naskah, subject="Permintaan Kedua")
    every = naskah.ask("dispatch", "list", "--all", person="wening")["deliveries"]
    seen, after = [], []
    while True:
        page = naskah.ask("dispatch", "list", "--all", "--limit", "3", *after, person="wening")
        seen += page["deliveries"]
        if page["next"] is None:
            break
        after = ["--after", page["next"]]
    assert seen == every and len(every) == 10, (len(seen), len(every))


def refusals(naskah):
    """Nothing is sent twice, proved before it went, or entered by who may not."""
    letter, second = WORK["letter"], WORK["second"]
    before = book(naskah, second), book(naskah, letter)
    post = ("--channel", "post")
    naskah.refuse(6, ["to-2"], "dispatch", "send", letter, "to-2", *post, person="wening")
    naskah.refuse(6, ["nothing of letter"], "dispatch", "send", letter, *post, person="wening")
    naskah.refuse(6, ["to-2"], "dispatch", "proof", second, "to-2", "--receiver", "x", person="wening")
    naskah.refuse(1, ["position of this office"], "dispatch", "send", second, "to-1", *post,
                  person="wening")
    # one party at fault: none is sent
    naskah.refuse(3, ["to-9"], "dispatch", "send", second, "to-2", "to-9", *post, person="wening")
    naskah.refuse(3, ["to-2"], "dispatch", "send", second, "to-2", "to-2", *post, person="wening")
    naskah.refuse(1, ["--channel"], "dispatch", "send", second, person="wening")
    naskah.refuse(1, ["--channel"], "dispatch", "send", second, "--channel", "internal",
                  person="wening")
    naskah.refuse(1, ["--tracking"], "dispatch", "send", second, *post, "--tracking", "a\nb",
                  person="wening")
    naskah.refuse(1, ["--note"], "dispatch", "return", second, "to-2", person="wening")
    naskah.refuse(1, ["--receiver"], "dispatch", "proof", second, "to-2", person="wening")
    for name, text in (("a.exe", b"MZ" * 10), ("kosong", b"")):
        naskah.refuse(1, ["JPEG"], "dispatch", "proof", second, "to-2", "--file", write(name, text),
                      person="wening")
    naskah.refuse(3, ["/nonexistent"], "dispatch", "proof", second, "to-2", "--file",
                  "/nonexistent.jpg", person="wening")
    naskah.refuse(3, ["no file"], "dispatch", "proof", second, "to-2", "-o", "/dev/null",
                  person="wening")
    naskah.refuse(7, ["TU"], "dispatch", "list", person="damar")
    naskah.refuse(7, ["TU"], "dispatch", "send", second, *post, person="sekar")
    naskah.refuse(3, ["no letter"], "dispatch", "send", second, *post, person="arkan")
    naskah.refuse(1, ["--after"], "dispatch", "list", "--after", "x/y", person="wening")
    assert (book(naskah, second), book(naskah, letter)) == before


def repeated(naskah):
    """A repeated request sends nothing twice."""
    second = WORK["second"]
    ask = ("dispatch", "send", second, "to-2", "--channel", "post", "--request", "kirim-1")
    first = naskah.ask(*ask, person="wening")
    assert naskah.ask(*ask, person="wening") == first
    assert book(naskah, second)["to-2"]["tries"] == 1
    naskah.refuse(6, ["request id"], "dispatch", "send", second, "to-3", "--channel", "post",
                  "--request", "kirim-1", person="wening")


def secret(naskah):
    """A secret letter is in no unit's book; who drafted it keeps its own."""
    letter = send(naskah, subject="Rahasia Negara", security="rahasia")
    every = naskah.ask("dispatch", "list", "--all", person="wening")["deliveries"]
    assert letter not in {row["letter"] for row in every}, every
    naskah.refuse(3, ["no letter"], "dispatch", "send", letter, "--channel", "courier",
                  person="wening")
    naskah.run("dispatch", "send", letter, "--channel", "courier", person="sekar")
    assert book(naskah, letter, "sekar")["to-2"]["state"] == "sent"


def rebuilt(naskah):
    """The book comes again from histories, word for word."""
    def rows():
        database = sqlite3.connect(f"file:{naskah.folder}/office.db?mode=ro", uri=True)
        found = database.execute("SELECT * FROM delivery ORDER BY 1, 2, 3").fetchall()
        database.close()
        return found
    before = rows()
    assert len(before) == 15
    naskah.run("rebuild")
    assert rows() == before
    naskah.run("doctor")


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as base:
        WORK["folder"] = base
        run_cases([begins, goes_and_arrives, pages_of_the_book, refusals, repeated, secret, rebuilt],
                  Naskah(sys.argv[1], os.path.join(base, "office")))
