#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""certified-copy.py NASKAH: a certified copy of a signed letter is a letter of its own, with number, stamp and
signature; its bytes and its certifier are checked, and the history of the original tells of it."""
import hashlib
import html
import os
import re
import sqlite3
import sys
import tempfile

from browser import Browser
from dispatch import WORK, send, write
from tap import Naskah, run_cases, serving, tool
from web import Server, alone

INSIDE = '<position ref="kepala-biro-sdm"/>'
WHOM, WHY = "Melati Rekayasari", "Kelengkapan berkas beasiswa <S2>"
PASSWORD = "air tanah di sumur nomor tujuh"
SIGNER = r'(<signatory [^>]*position=")[^"]*'
ASK = ("--for", WHOM, "--purpose", WHY)


def exported(naskah, letter, name, person="wening"):
    path = os.path.join(WORK["folder"], name)
    naskah.run("letter", "export", letter, "-o", path, person=person)
    return path


def digest(path):
    with open(path, "rb") as file:
        return hashlib.sha256(file.read()).hexdigest()


def sign(naskah, letter, person="wening"):
    pages = naskah.ask("task", "sign", letter, person=person)
    return naskah.ask("task", "sign", letter, "--confirm", pages["sha256"], "--passphrase-file",
                      os.path.join(naskah.folder, "keys/passphrase"), person=person)


def entries(naskah, letter, action):
    told = naskah.ask("letter", "history", letter, person="damar")
    assert told["verified"], told
    return [entry for entry in told["entries"] if entry["action"] == action]


def is_made(naskah):
    """Anybody who may read the letter asks for a copy; it waits for the archivist alone, and says what it is of."""
    naskah.run("init", naskah.folder, "--demo", "--empty", office=False)
    WORK["letter"] = send(naskah, subject="Permintaan Data", to=INSIDE)
    WORK["original"] = exported(naskah, WORK["letter"], "asli.pdf")
    before = digest(WORK["original"])
    naskah.refuse(1, ["--for", "--purpose"], "copy", "new", WORK["letter"], "--for", WHOM, person="damar")
    naskah.refuse(3, ["no letter"], "copy", "new", WORK["letter"], *ASK, person="rangga")
    with serving(naskah):
        made = naskah.ask("copy", "new", WORK["letter"], *ASK, "--position", "staf-persuratan", person="damar")
        assert (made["certifier"], made["original"]) == ("arsiparis-umum", WORK["letter"]), made
        assert made["next"][0]["positions"] == ["arsiparis-umum"], made
        WORK["copy"] = made["letter"]
        naskah.refuse(3, ["no letter"], "task", "sign", WORK["copy"], person="sekar")
        naskah.refuse(7, ["is not yours", "Arsiparis"], "task", "sign", WORK["copy"], person="damar")
        assert not naskah.ask("copy", "list", WORK["letter"], person="damar")["copies"]
        assert not entries(naskah, WORK["letter"], "copy-certified")
        done = sign(naskah, WORK["copy"])
        assert done["state"] == "archived", done
    assert digest(exported(naskah, WORK["letter"], "lagi.pdf")) == before


def is_a_letter_of_its_own(naskah):
    """It has a number of its own series, the stamp on every page, and a signature that a PDF reader accepts."""
    shown = naskah.ask("letter", "show", WORK["copy"], person="wening")
    first = naskah.ask("letter", "show", WORK["letter"], person="wening")
    assert shown["number"].startswith("SAL-1/") and shown["number"] != first["number"], shown["number"]
    path = exported(naskah, WORK["copy"], "salinan.pdf")
    said = tool("pdfsig", "-nocert", path)
    assert said.count("Signature #") == 1 and "Signature is Valid" in said and "Total document signed" in said, said
    tool("qpdf", "--check", path)
    assert naskah.ask("verify", path)["verdict"] == "valid"
    pages = int(re.search(r"Pages:\s+(\d+)", tool("pdfinfo", WORK["original"])).group(1))
    sheets = tool("pdftotext", "-layout", path, "-").split("\f")[:-1]
    assert len(sheets) == 1 + pages, len(sheets)
    assert all("SALINAN sesuai dengan aslinya" in sheet for sheet in sheets), sheets
    flat = re.sub(r"\s+", " ", tool("pdftotext", "-raw", path, "-"))
    for words in (WHOM, WHY, first["number"], shown["number"], "Wening Purbasari", f"/v/{WORK['letter']}",
                  "Bersama ini kami sampaikan"):
        assert words in flat, (words, flat)
    sha256 = digest(WORK["original"])
    assert sha256[:32] in flat and sha256[32:] in flat, flat
    picture = os.path.join(WORK["folder"], "halaman")
    tool("pdftocairo", "-png", "-r", "150", "-f", "1", "-l", "1", "-singlefile", path, picture)
    attached = os.path.join(WORK["folder"], "terlampir.pdf")
    naskah.run("letter", "export", WORK["copy"], "--attachment", "naskah-asli.pdf", "-o", attached, person="wening")
    assert digest(attached) == sha256


def is_told(naskah):
    """The original's history says who certified it, for whom and why, in words that can be erased."""
    [entry] = entries(naskah, WORK["letter"], "copy-certified")
    assert entry["position"] == "arsiparis-umum", entry
    number = naskah.ask("letter", "show", WORK["copy"], person="wening")["number"]
    for words in (number, "Wening Purbasari", WHOM, WHY):
        assert words in entry["reason"], (words, entry)
    rows = sqlite3.connect(os.path.join(naskah.folder, "office.db"))
    whole = rows.execute("SELECT entry FROM journal WHERE letter = ? AND letter_seq = ?",
                         (WORK["letter"], entry["seq"])).fetchone()[0]
    rows.close()
    assert b"copy-certified" in bytes(whole) and WHOM.encode() not in bytes(whole), whole
    [copy] = naskah.ask("copy", "list", WORK["letter"], person="wening")["copies"]
    assert (copy["letter"], copy["recipient"], copy["purpose"]) == (WORK["copy"], WHOM, WHY), copy
    assert copy["position"] == "arsiparis-umum" and copy["number"] == number, copy


def visitor(naskah, server, person):
    browser = Browser(server.address)
    first = naskah.ask("account", "reset", person)["password"]
    browser.get("/masuk")
    browser.post("/masuk", nama=person, sandi=first)
    browser.get("/profil/sandi")
    browser.post("/profil/sandi", sandi=first, **{"sandi-baru": PASSWORD, "sandi-lagi": PASSWORD})
    assert browser.get("/beranda") and browser.status == 200, (browser.status, browser.page)
    return browser


def main_part(browser):
    return browser.page[browser.page.find("<main"):][:2000]


def is_asked_for_on_a_page(naskah):
    """The letter's page leads to its copies; who leaves a field empty is told, and what was typed stays."""
    damar = visitor(naskah, Server(naskah), "damar")
    page = f"/surat/{WORK['letter']}/salinan"
    damar.get(f"/surat/{WORK['letter']}")
    assert page in damar.page, damar.page
    damar.get(page)
    assert damar.status == 200 and "SAL-1/" in damar.page, damar.page
    damar.post(page, untuk="Ratna <b>Karang</b>", keperluan="", jabatan="staf-persuratan")
    assert damar.status == 422 and "Tulislah untuk keperluan apa" in damar.page, (damar.status, main_part(damar))
    assert "<b>Karang" not in damar.page and "Ratna <b>Karang" in html.unescape(damar.page) and "--for" not in damar.page, main_part(damar)
    damar.post(page, untuk="Ratna <b>Karang</b>", keperluan="Lamaran", jabatan="staf-persuratan")
    assert damar.status == 200 and "Salinan Surat Dinas" in damar.page, (damar.status, main_part(damar))
    damar.get(f"/surat/{'0' * 8}-0000-7000-8000-{'0' * 12}/salinan")
    assert damar.status == 404, damar.status
    waiting = naskah.ask("task", "list", person="wening")
    assert any("Salinan" in (task.get("subject") or "") for task in waiting["tasks"]), waiting


def good_letter():
    with open(os.path.join(WORK["folder"], "surat.xml"), encoding="utf-8") as file:
        return file.read().replace("<security>rahasia", "<security>biasa")


def others_do_not_certify(naskah):
    """Who is not named to certify is refused with a sentence, and so are other bytes and other letters."""
    WORK["closed"] = send(naskah, subject="Rahasia", to=INSIDE, security="rahasia")
    made = naskah.ask("copy", "new", WORK["letter"], *ASK, "--position", "staf-persuratan", person="damar")["letter"]
    naskah.run("task", "return", made, "--note", "Coba lagi.", person="wening")
    draft = os.path.join(WORK["folder"], "konsep.xml")
    naskah.run("letter", "export", made, "--xml", "-o", draft, person="damar")
    with open(draft, encoding="utf-8") as file:
        good = file.read()

    def submit(text, *words):
        naskah.run("letter", "edit", made, write("ubah.xml", text), person="damar")
        naskah.refuse(1, words, "letter", "submit", made, person="damar")

    assert re.search(SIGNER, good), good
    submit(re.sub(SIGNER, r"\1kepala-biro-umum", good),
           "certified by 'arsiparis-umum' himself")
    submit(re.sub(r'(<reference [^>]*)letter="[^"]*"', rf'\1letter="{made}"', good), "certified copy itself")
    submit(re.sub(r'(<reference [^>]*)letter="[^"]*"', rf'\1letter="{WORK["closed"]}"', good), "by its id")
    naskah.run("letter", "edit", made, write("ubah.xml", good), person="damar")
    other = write("naskah-asli.pdf", open(WORK["original"], "rb").read() + b"\n")
    naskah.run("letter", "attach", made, other, person="damar")
    naskah.refuse(1, ["not the signed PDF"], "letter", "submit", made, person="damar")
    naskah.refuse(6, ["certified copy itself"], "copy", "new", WORK["copy"], *ASK, person="wening")
    draft = naskah.ask("letter", "new", write("baru.xml", good_letter()),
                       "--position", "staf-persuratan", person="damar")["letter"]
    naskah.refuse(6, ["no pages that were signed here"], "copy", "new", draft, *ASK, person="damar")
    naskah.refuse(6, ["is secret"], "copy", "new", WORK["closed"], *ASK, person="sekar")


def office_is_whole(naskah):
    """Rebuilt, the office says the same; the evidence of both letters is taken out."""
    assert naskah.ask("rebuild")["issues"] == []
    assert naskah.ask("doctor")["issues"] == []
    for letter in (WORK["letter"], WORK["copy"]):
        naskah.run("archive", "export", letter, "-o", os.path.join(WORK["folder"], letter + ".zip"), person="wening")
    naskah.run("audit", "verify")
    [copy] = naskah.ask("copy", "list", WORK["letter"], person="damar")["copies"]
    assert copy["letter"] == WORK["copy"], copy


if __name__ == "__main__":
    with tempfile.TemporaryDirectory(prefix="naskah-copy-") as folder:
        WORK["folder"] = folder
        run_cases([is_made, is_a_letter_of_its_own, is_told, alone(is_asked_for_on_a_page), others_do_not_certify,
                   office_is_whole], Naskah(sys.argv[1], os.path.join(folder, "kantor")))
