#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""lasting.py NASKAH: signatures with time stamps of an authority that is away and comes back, that
are completed and told of; and parafs with a certificate, which a correction leaves standing or voids.
The authority is made here with openssl, and answers on this machine alone."""
import datetime
import json
import os
import re
import sys
import tempfile
import time

from authority import Authority
from tap import Naskah, run_cases, serving, tool

LETTER = """<letter xmlns="urn:naskah:letter:1" kind="surat-dinas" xml:lang="id">
<security>biasa</security><urgency>biasa</urgency><classification>KP.08.1</classification>
<subject>Undangan Rapat</subject><to><position ref="kepala-biro-sdm"/></to>{}
<signatories><signatory position="kepala-biro-umum" capacity="definitive"/></signatories>
<body><p>{}</p></body></letter>
"""
REVIEWERS = ('<reviewers><reviewer position="kepala-subbagian-persuratan"/>'
             '<reviewer position="kepala-bagian-tata-usaha"/></reviewers>')
WORK = {}


def profile(naskah, addition):
    source = os.path.join(os.path.dirname(__file__), "../../templates/profiles/demo.xml")
    with open(source, encoding="utf-8") as file:
        text = file.read().replace("  <numbering", f"  {addition}\n  <numbering", 1)
    path = os.path.join(WORK["folder"], "profil.xml")
    with open(path, "w", encoding="utf-8") as file:
        file.write(text)
    logo = os.path.join(WORK["folder"], "demo.png")
    if not os.path.exists(logo):
        with open(os.path.join(os.path.dirname(source), "demo.png"), "rb") as one, \
                open(logo, "wb") as other:
            other.write(one.read())
    naskah.run("profile", "deploy", path, person="wening")


def letter(naskah, reviewers="", words="Rapat diadakan di Aula Tirta."):
    path = os.path.join(WORK["folder"], "surat.xml")
    with open(path, "w", encoding="utf-8") as file:
        file.write(LETTER.format(reviewers, words))
    made = naskah.ask("letter", "new", path, "--position", "staf-persuratan",
                      person="damar")["letter"]
    naskah.ask("letter", "submit", made, person="damar")
    return made


def secret(word):
    path = os.path.join(WORK["folder"], "sandi")
    with open(path, "w", encoding="utf-8") as file:
        file.write(word + "\n")
    return "--passphrase-file", path


def sign(naskah, made, **options):
    shown = naskah.ask("task", "sign", made, person="sekar")
    return naskah.run("task", "sign", made, "--confirm", shown["sha256"], *secret("rahasia"),
                      person="sekar", **options)


def level(naskah, made):
    path = os.path.join(WORK["folder"], "hasil.pdf")
    naskah.run("letter", "export", made, "-o", path, person="sekar")
    found = naskah.ask("verify", path)
    assert found["verdict"] == "valid", found
    return found["signatures"][0]["level"]


def waits_for_its_stamp(naskah):
    """A time stamp that is asked for and missing keeps the letter waiting, and everybody sees it."""
    naskah.run("init", naskah.folder, "--demo", "--empty", office=False)
    authority = WORK["authority"]
    authority.issue("sekar", "Sekar Wulandari", "leaf", 20)
    authority.p12("sekar", os.path.join(naskah.folder, "keys", "sekar.p12"), "rahasia")
    with open(os.path.join(authority.folder, "root.pem"), encoding="utf-8") as one, \
            open(os.path.join(naskah.folder, "trust", "uji.pem"), "w", encoding="utf-8") as other:
        other.write(one.read())
    profile(naskah, '<signing level="T"/>')
    made = WORK["letter"] = letter(naskah)
    _, said = sign(naskah, made, status=75)
    assert "certificate stamps" in said and "kept" in said, said
    shown = naskah.ask("letter", "show", made, person="damar")
    assert shown["state"] == "signing" and shown["signings"][0]["state"] == "checked", shown
    assert shown["tasks"][0]["signing"] == "time-stamp", shown
    task = naskah.ask("task", "list", person="sekar")["tasks"][0]
    assert task["signing"] == "time-stamp", task
    words, _ = naskah.run("letter", "show", made, person="damar", language="id_ID.UTF-8")
    assert "menunggu cap waktu" in words or "waiting for the time stamp" in words, words
    naskah.refuse(1, ["no address"], "certificate", "stamps", "ftp://contoh")
    naskah.run("certificate", "stamps", authority.url, "--hosts", "127.0.0.1")
    naskah.refuse(75, ["kept"], "task", "sign", made, "--resume", person="sekar")
    actions = [entry["action"] for entry in
               naskah.ask("letter", "history", made, person="damar")["entries"]]
    assert actions[-2:] == ["signature-checked", "signature-checked"], actions


def is_stamped_when_it_is_back(naskah):
    """When the authority is back the same signature is stamped, without another passphrase."""
    made = WORK["letter"]
    with WORK["authority"].there():
        done = naskah.ask("task", "sign", made, "--resume", person="sekar")
    assert done["state"] == "archived", done
    assert level(naskah, made) == "PAdES-BASELINE-T", level(naskah, made)


def is_completed_by_itself(naskah):
    """The server completes a signature to LTA; until then doctor and letter say what is missing."""
    profile(naskah, '<signing level="LTA"/>')
    with WORK["authority"].there():
        made = letter(naskah)
        sign(naskah, made)
        before = naskah.ask("letter", "show", made, person="damar")["preservation"]
        assert (before["wanted"], before["level"]) == ("LTA", "T"), before
        with serving(naskah):
            for _ in range(120):
                found = naskah.ask("letter", "show", made, person="damar")["preservation"]
                if found["level"] == "LTA":
                    break
                time.sleep(0.5)
    assert found["level"] == "LTA" and found["tries"] == 0 and found["renew_before"], found
    assert level(naskah, made) == "PAdES-BASELINE-LTA", level(naskah, made)
    last = naskah.ask("letter", "history", made, person="damar")["entries"][-1]
    assert last["action"] == "signature-extended" and last["actor"] == "naskah-preserve", last


def certifies_where_the_profile_says(naskah):
    """The first signature allows further signatures and nothing else, if the profile wants that."""
    for switch, certifies in (('certify="yes"', True), ("", False)):
        profile(naskah, f'<signing level="B" {switch}/>')
        made = letter(naskah)
        sign(naskah, made)
        path = os.path.join(WORK["folder"], "tersertifikasi.pdf")
        naskah.run("letter", "export", made, "-o", path, person="sekar")
        found = naskah.ask("verify", path)
        assert found["verdict"] == "valid", found
        assert found["signatures"][0]["certifies"] == certifies, found
        with open(path, "rb") as file:
            assert (b"/DocMDP" in file.read()) == certifies


def clock_is_wrong(naskah):
    """With a clock that is wrong nobody signs: the certificate is not good then, and that is said"""
    profile(naskah, '<signing level="B"/>')
    for days in (-3, 60):
        made = letter(naskah)
        moment = datetime.datetime.now(datetime.timezone.utc) + datetime.timedelta(days=days)
        at = ("--at", moment.strftime("%Y-%m-%d %H:%M"))
        shown = naskah.ask("task", "sign", made, person="sekar")["sha256"]
        _, said = naskah.run("task", "sign", made, "--confirm", shown, *secret("rahasia"), *at,
                             person="sekar", status=7)
        assert "set the clock right" in said, said
        found = naskah.ask("letter", "show", made, person="damar")
        assert (found["state"], found["signings"][0]["state"]) == ("signing", "expired"), found
        actions = [entry["action"] for entry in
                   naskah.ask("letter", "history", made, person="damar")["entries"]]
        assert actions[-1] == "signature-expired", actions
        assert naskah.ask("task", "sign", made, person="sekar")["sha256"] == shown
        sign(naskah, made)
        assert level(naskah, made) == "PAdES-BASELINE-B"


def fails_visibly(naskah):
    """What cannot be completed is tried again, and doctor names it."""
    with WORK["authority"].there():
        made = letter(naskah)
        sign(naskah, made)
    with serving(naskah):
        for _ in range(120):
            found = naskah.ask("letter", "show", made, person="damar")["preservation"]
            if found["tries"] > 0:
                break
            time.sleep(0.5)
    assert found["level"] == "T" and found["tries"] > 0 and found["fault"], found
    out, _ = naskah.run("doctor", "--json", status=1)
    tags = [issue["tag"] for issue in json.loads(out.splitlines()[-1])["issues"]]
    assert "signature-not-lasting" in tags, tags
    assert level(naskah, made) == "PAdES-BASELINE-T"


def certificates_end(naskah):
    """Certificates that end soon are told of, and the exit status says so."""
    out, _ = naskah.run("certificate", "status", "--json", status=1)
    rows = json.loads(out.splitlines()[-1])["certificates"]
    kinds = {row["what"] for row in rows}
    assert {"holder", "root", "time-stamp"} <= kinds, rows
    own = [row for row in rows if row["person"] == "sekar"]
    assert own[0]["warning"] == "30" and own[0]["days"] in (19, 20), own
    words, _ = naskah.run("certificate", "status", status=1)
    assert "Sekar Wulandari" in words and "Cap Waktu Uji" in words, words


def paraf_needs_a_certificate(naskah):
    """A paraf with a certificate: not without, told when the passphrase is wrong, kept and checked."""
    profile(naskah, '<paraf positions="kepala-subbagian-persuratan" by="certificate"/>')
    made = WORK["paraf"] = letter(naskah, REVIEWERS)
    naskah.refuse(1, ["--sign"], "task", "approve", made, person="kirana")
    naskah.refuse(7, ["passphrase"], "task", "approve", made, *secret("salah"), person="kirana")
    with open(os.path.join(naskah.folder, "keys", "passphrase"), encoding="utf-8") as file:
        word = file.read().strip()
    naskah.refuse(4, ["somebody else"], "task", "approve", made, "--key",
                  os.path.join(naskah.folder, "keys", "budi.p12"), *secret(word), person="kirana")
    naskah.ask("task", "approve", made, *secret(word), person="kirana")
    actions = [entry["action"] for entry in
               naskah.ask("letter", "history", made, person="damar")["entries"]]
    assert actions == ["letter-created", "letter-submitted", "paraf-refused", "paraf-refused",
                       "paraf-given"], actions
    out, _ = naskah.run("doctor", "--json", status=1)
    bad = [issue for issue in json.loads(out.splitlines()[-1])["issues"]
           if issue["severity"] == "error"]
    assert not bad, bad


def correct(naskah, made, words):
    path = os.path.join(WORK["folder"], "koreksi.xml")
    with open(path, "w", encoding="utf-8") as file:
        file.write(LETTER.format(REVIEWERS, words))
    return naskah.ask("task", "correct", made, path, person="budi")


def a_correction_leaves_parafs_standing(naskah):
    """A superior's correction leaves a paraf standing for its version, and shows what changed."""
    made = WORK["paraf"]
    correct(naskah, made, "Rapat diadakan di Aula Samudra.")
    parafs = naskah.ask("letter", "show", made, person="kirana")["parafs"]
    first = [paraf for paraf in parafs if paraf["person"] == "kirana"][0]
    assert first["holds"] and "Samudra" in first["difference"], parafs
    assert first["version"] < naskah.ask("letter", "show", made, person="kirana")["version"], first
    words, _ = naskah.run("letter", "show", made, person="kirana")
    assert "Samudra" in words, words


def a_correction_voids_where_the_profile_says(naskah):
    """Where the profile says so a correction voids the paraf."""
    profile(naskah, '<paraf by="sign-in" corrected="void"/>')
    made = letter(naskah, REVIEWERS)
    naskah.ask("task", "approve", made, person="kirana")
    correct(naskah, made, "Rapat diadakan di Aula Samudra.")
    parafs = naskah.ask("letter", "show", made, person="kirana")["parafs"]
    assert [paraf["holds"] for paraf in parafs if paraf["person"] == "kirana"] == [False], parafs
    assert not [paraf for paraf in parafs if "difference" in paraf], parafs


def words_of(naskah, made, person):
    path = os.path.join(WORK["folder"], "halaman.pdf")
    naskah.run("letter", "export", made, "-o", path, person=person)
    return " ".join(tool("pdftotext", "-layout", path, "-").split())


def parafs_are_seen_where_the_profile_says(naskah):
    """Where the profile says so the signed pages tell who gave a paraf and when, and of nobody else."""
    profile(naskah, '<signing level="B"/><paraf positions="kepala-subbagian-persuratan" by="sign-in"'
                    ' visible="yes"/>')
    made = letter(naskah, REVIEWERS)
    naskah.ask("task", "approve", made, person="kirana")
    assert "Paraf elektronik" not in words_of(naskah, made, "kirana"), "a draft shows it"
    naskah.ask("task", "approve", made, person="budi")
    sign(naskah, made)
    words = words_of(naskah, made, "sekar")
    printed = words[words.index("Paraf elektronik"):]
    shown = naskah.ask("letter", "show", made, person="sekar")
    day = str(int(shown["date"][8:]))
    assert re.match(rf"Paraf elektronik Nama Tanggal Kepala Subbagian Persuratan Kirana \w+ {day} ",
                    printed), printed
    assert "Kepala Bagian Tata Usaha" not in printed, printed
    hidden = letter(naskah, REVIEWERS)
    profile(naskah, '<signing level="B"/>')
    other = letter(naskah, REVIEWERS)
    for one in (hidden, other):
        naskah.ask("task", "approve", one, person="kirana")
        naskah.ask("task", "approve", one, person="budi")
        sign(naskah, one)
    assert "Paraf elektronik" in words_of(naskah, hidden, "sekar"), "a letter keeps its profile"
    assert "Paraf" not in words_of(naskah, other, "sekar")


def main():
    tool("openssl", "version")
    with tempfile.TemporaryDirectory() as work:
        WORK["folder"] = work
        folder = os.path.join(work, "otoritas")
        os.mkdir(folder)
        WORK["authority"] = Authority(folder)
        run_cases([waits_for_its_stamp, is_stamped_when_it_is_back, is_completed_by_itself,
                   fails_visibly, certificates_end, paraf_needs_a_certificate,
                   a_correction_leaves_parafs_standing, a_correction_voids_where_the_profile_says,
                   parafs_are_seen_where_the_profile_says, certifies_where_the_profile_says, clock_is_wrong],
                  Naskah(sys.argv[1], os.path.join(work, "kantor")))


main()
