#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""routes.py NASKAH: an office runs the shipped workflows of outgoing letters from draft to archive,
with real signatures, and the history of each is printed."""
import glob
import hashlib
import json
import os
import sqlite3
import sys
import tempfile

from tap import Naskah, run_cases, tool

SOURCE = os.environ["NASKAH_SOURCE"]
CLERK, CLERK_AT = "damar", "staf-persuratan"
WORK = {}


def sample(kind):
    with open(os.path.join(SOURCE, f"templates/letters/{kind}.sample.xml"), encoding="utf-8") as file:
        return file.read()


def write(name, text):
    path = os.path.join(WORK["folder"], name)
    with open(path, "w", encoding="utf-8") as file:
        file.write(text)
    return path


def begin(naskah, kind, *changes, person=CLERK, position=CLERK_AT):
    text = sample(kind)
    for old, new in changes:
        assert old in text, old
        text = text.replace(old, new)
    path = write(f"{kind}.xml", text)
    return naskah.ask("letter", "new", path, "--position", position, person=person)["letter"]


def submit(naskah, letter, person=CLERK):
    return naskah.ask("letter", "submit", letter, person=person)


def approve(naskah, letter, person):
    return naskah.ask("task", "approve", letter, person=person)


def do(naskah, letter, outcome, person, *more):
    return naskah.ask("task", "do", letter, outcome, *more, person=person)


def sign(naskah, letter, person):
    shown = naskah.ask("task", "sign", letter, person=person)
    return naskah.ask("task", "sign", letter, "--confirm", shown["sha256"], "--passphrase-file",
                      os.path.join(naskah.folder, "keys", "passphrase"), person=person)


def names(result):
    """Which tasks are open, by their ids in the workflow."""
    return sorted(task["task"].split("/")[1].split("#")[0] for task in result["next"])


def show(naskah, letter, person=CLERK):
    return naskah.ask("letter", "show", letter, person=person)


def tell(naskah, letter, person=CLERK):
    """Prints the history, and returns its actions."""
    history = naskah.ask("letter", "history", letter, person=person)
    assert history["verified"]
    for entry in history["entries"]:
        print(f"#   {entry['seq']:2} {entry['action']:26} {entry['name']}"
              + (f" ({entry['reason']})" if entry["reason"] else ""))
    return [entry["action"] for entry in history["entries"]]


def export(naskah, letter, person=CLERK):
    path = os.path.join(WORK["folder"], f"{letter}.pdf")
    naskah.run("letter", "export", letter, "-o", path, person=person)
    return path


def digest(path):
    with open(path, "rb") as file:
        return hashlib.sha256(file.read()).hexdigest()


def rows(naskah, query, *values):
    database = sqlite3.connect(f"file:{naskah.folder}/office.db?mode=ro", uri=True)
    found = database.execute(query, values).fetchall()
    database.close()
    return found


def scanned(name, source, *options):
    """The printed pages through another program: what a scanner gives, as far as a program can tell."""
    path = os.path.join(WORK["folder"], name)
    tool("pdftocairo", "-pdf", *options, source, path)
    return path


def checks_clean(naskah):
    """Every shipped workflow is found sound, and its scenarios hold."""
    models = sorted(glob.glob(os.path.join(SOURCE, "workflows", "*.bpmn")))
    naskah.run("workflow", "check", *models, office=False)
    for model in models:
        naskah.run("workflow", "simulate", model, model.replace(".bpmn", ".json"), office=False)


def makes_an_office(naskah):
    """An office is made, and has a kind for each route; samples are without fault and render."""
    naskah.run("init", naskah.folder, "--demo", "--empty", office=False)
    for path in sorted(glob.glob(os.path.join(SOURCE, "templates/letters/*.sample.xml"))):
        naskah.run("letter", "check", path)
        with open(path, encoding="utf-8") as file:
            if "<received" in file.read():
                continue  # what came in has no pages of ours
        pdf = os.path.join(WORK["folder"], "sample.pdf")
        naskah.run("render", path, "-o", pdf)
        assert "Pages:" in tool("pdfinfo", pdf)


def outgoing_with_coordination(naskah):
    """surat-keluar: coordination parafs are asked for at the same time, and one return ends them."""
    letter = begin(naskah, "surat-dinas", ("<signatories>", "<coordinators>"
                   '<coordinator position="kepala-biro-keuangan"/>'
                   '<coordinator position="kepala-biro-sdm"/></coordinators><signatories>'))
    submit(naskah, letter)
    approve(naskah, letter, "kirana")
    result = approve(naskah, letter, "budi")
    assert names(result) == ["koordinasi", "koordinasi"], result
    approve(naskah, letter, "wahyu")
    result = naskah.ask("task", "return", letter, "--note", "jadwal bertabrakan", person="galih")
    assert result["state"] == "draft" and names(result) == ["konsep"], result
    # a paraf on the same content still holds: only who has not given his is asked again
    result = submit(naskah, letter)
    assert names(result) == ["koordinasi"] and result["next"][0]["positions"] == ["kepala-biro-sdm"]
    assert names(approve(naskah, letter, "galih")) == ["tanda-tangan"]
    assert sign(naskah, letter, "sekar")["state"] == "archived"
    actions = tell(naskah, letter)
    assert actions.count("paraf-given") == 4 and actions[-1] == "letter-archived", actions
    naskah.run("verify", export(naskah, letter))


def coordinator_edit_voids(naskah):
    """A changed content voids the parafs of coordinators as those of reviewers."""
    change = ("<signatories>", '<coordinators><coordinator position="kepala-biro-keuangan"/>'
              "</coordinators><signatories>")
    letter = begin(naskah, "surat-dinas", change)
    submit(naskah, letter)
    approve(naskah, letter, "kirana")
    approve(naskah, letter, "budi")
    approve(naskah, letter, "wahyu")
    naskah.run("task", "return", letter, "--note", "hal diperjelas", person="sekar")
    text = sample("surat-dinas").replace(*change).replace("Penataan Arsip Dinamis Tahun 2026",
                                                          "Penataan Arsip Tahun 2026")
    voided = naskah.ask("letter", "edit", letter, write("changed.xml", text), person=CLERK)["voided"]
    assert len(voided) == 3, voided


def memo(naskah):
    """nota-dinas: the shortest route."""
    letter = begin(naskah, "nota-dinas")
    submit(naskah, letter)
    approve(naskah, letter, "budi")
    assert sign(naskah, letter, "sekar")["state"] == "archived"
    tell(naskah, letter)


def invitation(naskah):
    """surat-undangan: waits for the working day before, and is told of a calling off."""
    letter = begin(naskah, "surat-undangan")
    submit(naskah, letter)
    approve(naskah, letter, "budi")
    result = sign(naskah, letter, "sekar")
    assert result["state"] == "signed" and result["next"] == [], result
    (due,), = rows(naskah, "SELECT due FROM wait WHERE letter = ? AND type = 'timer'", letter)
    # the working day before 9 December 2026 is the 8th: it begins at 00:00 WIB
    assert due == 1796662800 * 1_000_000, due
    result = naskah.ask("letter", "message", letter, "undangan-dibatalkan", person=CLERK)
    assert result["state"] == "archived", result
    actions = tell(naskah, letter)
    assert actions[-2:] == ["notice-given", "letter-archived"], actions
    assert rows(naskah, "SELECT count(*) FROM outbox WHERE topic = 'mail'") == [(1,)]
    naskah.run("doctor")


def invitation_past(naskah):
    """surat-undangan: a reminder whose day is past is given when the workflow is next looked at."""
    letter = begin(naskah, "surat-undangan", ('day="2026-12-09" time="09:00" until="2026-12-09"',
                                               'day="2026-08-04" remind="2026-08-03"'))
    submit(naskah, letter)
    approve(naskah, letter, "budi")
    sign(naskah, letter, "sekar")
    naskah.run("workflow", "run")
    assert show(naskah, letter)["state"] == "archived"
    tell(naskah, letter)


def assignment(naskah):
    """surat-tugas: the desk looks, two report, a report goes back without touching the letter."""
    letter = begin(naskah, "surat-tugas", ('begins="2026-12-01" ends="2026-12-04"',
                                            'begins="2026-08-03" ends="2026-08-04"'))
    assert names(submit(naskah, letter)) == ["paraf"]
    assert names(approve(naskah, letter, "kirana")) == ["cek-pegawai"]
    assert names(approve(naskah, letter, "galih")) == ["tanda-tangan"]
    assert sign(naskah, letter, "sekar")["state"] == "signed"
    signed = digest(export(naskah, letter))
    naskah.run("workflow", "run")
    assert names({"next": show(naskah, letter)["tasks"]}) == ["laporan", "laporan"]
    do(naskah, letter, "submit", "budi")
    assert names(do(naskah, letter, "submit", "wening")) == ["terima-laporan"]
    result = do(naskah, letter, "return", "sekar", "--note", "foto belum ada")
    assert names(result) == ["laporan", "laporan"] and result["number"], result
    assert digest(export(naskah, letter)) == signed
    do(naskah, letter, "submit", "budi")
    do(naskah, letter, "submit", "wening")
    assert do(naskah, letter, "accept", "sekar")["state"] == "archived"
    actions = tell(naskah, letter)
    assert "content-unlocked" not in actions and "letter-returned" not in actions, actions


def circular(naskah):
    """surat-edaran: the desks that the letter names are asked, and it is published."""
    letter = begin(naskah, "surat-edaran")
    assert names(submit(naskah, letter)) == ["telaah-kepegawaian", "telaah-keuangan"]
    approve(naskah, letter, "wahyu")
    assert names(approve(naskah, letter, "galih")) == ["paraf"]
    approve(naskah, letter, "budi")
    assert sign(naskah, letter, "larasati")["state"] == "archived"
    actions = tell(naskah, letter)
    assert "letter-published" in actions and "letter-dispatched" in actions, actions
    public = os.path.join(naskah.folder, "public", letter)
    assert digest(public + ".pdf") == digest(export(naskah, letter))
    with open(public + ".json", encoding="utf-8") as file:
        words = json.load(file)
    assert words["number"].startswith("SE-1/") and words["sha256"] == digest(public + ".pdf"), words
    naskah.run("verify", public + ".pdf")


def circular_of_class(naskah):
    """surat-edaran: what is not for the public cannot be one."""
    letter = begin(naskah, "surat-edaran", ("<security>biasa", "<security>terbatas"))
    naskah.refuse(1, ["kind-public"], "letter", "submit", letter, person=CLERK)
    unknown = begin(naskah, "surat-edaran", ('desk="keuangan"', 'desk="pengadaan"'))
    naskah.refuse(1, ["pengadaan"], "letter", "submit", unknown, person=CLERK)


def decision(naskah):
    """keputusan: legal review, copies, publication; rejected, it is filed unsigned."""
    letter = begin(naskah, "keputusan")
    assert names(submit(naskah, letter)) == ["telaah-hukum"]
    assert names(approve(naskah, letter, "larasati")) == ["paraf"]
    approve(naskah, letter, "sekar")
    assert names(sign(naskah, letter, "bramantya")) == ["salinan"]
    result = do(naskah, letter, "done", "larasati")
    assert result["state"] == "archived" and result["number"].startswith("1 TAHUN 20"), result
    tell(naskah, letter)
    assert os.path.exists(os.path.join(naskah.folder, "public", letter + ".pdf"))
    rejected = begin(naskah, "keputusan")
    submit(naskah, rejected)
    result = do(naskah, rejected, "reject", "larasati", "--note", "dasar hukum tidak ada")
    assert result["state"] == "archived" and result["number"] is None, result
    tell(naskah, rejected)
    assert not os.path.exists(os.path.join(naskah.folder, "public", rejected + ".pdf"))


def to_print(naskah):
    """A paper letter that is ready to be printed."""
    letter = begin(naskah, "surat-konvensional")
    submit(naskah, letter)
    approve(naskah, letter, "budi")
    result = approve(naskah, letter, "sekar")
    assert names(result) == ["cetak"] and result["number"], result
    return letter, result["number"]


def on_paper(naskah):
    """surat-konvensional: printed with number and code, signed, scanned, confirmed by another."""
    letter, number = to_print(naskah)
    pages = os.path.join(WORK["folder"], "cetak.pdf")
    first = naskah.ask("letter", "print", letter, "-o", pages, person="wening")
    assert first["number"] == number and first["sha256"] == digest(pages)
    text = tool("pdftotext", "-layout", pages, "-")
    assert number in text and letter in text and "elektronik" not in text, text
    again = naskah.ask("letter", "print", letter, "-o", pages, person="kirana")
    assert again["sha256"] == first["sha256"]
    naskah.refuse(1, ["waits for no scan"], "task", "scan", letter, pages, person="wening")
    assert names(do(naskah, letter, "done", "wening")) == ["unggah"]
    # what is no scan of it
    naskah.refuse(1, ["the scan cannot be used"], "task", "scan", letter,
                  write("bukan.pdf", "bukan PDF"), person="wening")
    naskah.refuse(1, ["that was printed"], "task", "scan", letter, pages, person="wening")
    naskah.refuse(1, ["naskah task scan"], "task", "do", letter, "upload", person="wening")
    naskah.refuse(7, ["not yours"], "task", "scan", letter, scanned("s.pdf", pages), person="damar")
    result = naskah.ask("task", "scan", letter, scanned("s.pdf", pages), person="wening")
    assert names(result) == ["cocokkan"] and result["pages"] == first["pages"], result
    naskah.refuse(1, ["--note"], "task", "do", letter, "mismatch", person="kirana")
    assert names(do(naskah, letter, "mismatch", "kirana", "--note", "halaman miring")) == ["unggah"]
    scan = scanned("s2.pdf", pages, "-r", "200")
    naskah.run("task", "scan", letter, scan, person="wening")
    naskah.refuse(7, ["not yours"], "task", "do", letter, "match", person="wening")
    result = do(naskah, letter, "match", "kirana")
    assert result["state"] == "archived", result
    actions = tell(naskah, letter)
    assert actions.count("paper-scanned") == 2 and "paper-signature-confirmed" in actions, actions
    assert digest(export(naskah, letter)) == digest(scan)
    out, _ = naskah.run("letter", "show", letter, person=CLERK)
    assert "[x] on paper" in out, out
    verdict = naskah.ask("verify", scan, status=5)
    assert verdict["verdict"] == "unsigned" and verdict["paper"]["number"] == number, verdict
    out, _ = naskah.run("verify", scan, status=5)
    assert "ON PAPER" in out and "Sekar" in out, out
    entry, = rows(naskah, "SELECT state, pdf FROM register_entry WHERE letter = ?", letter)
    assert entry == (1, digest(scan)), entry


def refused_on_paper(naskah):
    """surat-konvensional: what the official does not sign loses its number, for the reason given."""
    letter, number = to_print(naskah)
    naskah.run("letter", "print", letter, "-o", os.path.join(WORK["folder"], "c.pdf"), person="wening")
    do(naskah, letter, "done", "wening")
    naskah.refuse(1, ["--note"], "task", "do", letter, "refuse", person="wening")
    result = do(naskah, letter, "refuse", "wening", "--note", "pejabat tidak jadi menandatangani")
    assert result["state"] == "archived", result
    assert "number-voided" in tell(naskah, letter)
    entry, = rows(naskah, "SELECT state, reason FROM register_entry WHERE letter = ?", letter)
    assert entry == (2, "pejabat tidak jadi menandatangani"), entry
    _, following = to_print(naskah)
    assert following != number


def rebuilt(naskah):
    """All of it comes again from git and the journal; what is wrong would be found."""
    tables = ("letter", "route", "signing", "register_entry", "reader", "wait", "task", "inbox")
    before = [rows(naskah, f"SELECT * FROM {table} ORDER BY 1, 2, 3") for table in tables]
    naskah.run("rebuild")
    for table, old in zip(tables, before):
        assert rows(naskah, f"SELECT * FROM {table} ORDER BY 1, 2, 3") == old, table
    naskah.run("doctor")


def main():
    with tempfile.TemporaryDirectory(prefix="naskah-") as folder:
        WORK["folder"] = folder
        naskah = Naskah(sys.argv[1], os.path.join(folder, "kantor"))
        run_cases([checks_clean, makes_an_office, outgoing_with_coordination, coordinator_edit_voids,
                   memo, invitation, invitation_past, assignment, circular, circular_of_class,
                   decision, on_paper, refused_on_paper, rebuilt], naskah)


if __name__ == "__main__":
    main()
