#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""card.py NASKAH: signing with a card (SoftHSM2) that is pulled out, also in the middle of a batch,
and put in again.  A card that is away is its token's folder elsewhere."""
import glob
import os
import shutil
import subprocess
import sys
import tempfile

from tap import Naskah, run_cases, serving

PIN = "246810"
MODULES = glob.glob("/usr/lib/softhsm/libsofthsm2.so") + glob.glob(
    "/usr/lib/*/softhsm/libsofthsm2.so")
LETTER = """<letter xmlns="urn:naskah:letter:1" kind="surat-dinas" xml:lang="id">
<security>biasa</security><urgency>biasa</urgency><classification>KP.08.1</classification>
<subject>Undangan Rapat</subject><to><position ref="kepala-biro-sdm"/></to>
<signatories><signatory position="kepala-biro-umum" capacity="definitive"/></signatories>
<body><p>Rapat diadakan di Aula Tirta.</p></body></letter>
"""
WORK = {}


def path(name):
    return os.path.join(WORK["folder"], name)


def write(name, text):
    with open(path(name), "w", encoding="utf-8") as file:
        file.write(text)
    return path(name)


def command(*words):
    subprocess.run(words, check=True, capture_output=True,
                   env=dict(os.environ, SOFTHSM2_CONF=path("softhsm2.conf")))


def pull_out():
    os.rename(path("tokens"), path("away"))
    os.mkdir(path("tokens"))


def put_in():
    os.rmdir(path("tokens"))
    os.rename(path("away"), path("tokens"))


def letter(naskah):
    made = naskah.ask("letter", "new", write("surat.xml", LETTER), "--position", "staf-persuratan",
                      person="damar")["letter"]
    naskah.ask("letter", "submit", made, person="damar")
    return made


def confirm(naskah, made, **options):
    shown = naskah.ask("task", "sign", made, person="sekar")
    return naskah.run("task", "sign", made, "--confirm", shown["sha256"], "--passphrase-file",
                      write("pin", PIN + "\n"), person="sekar", **options)


def signing(naskah, made):
    shown = naskah.ask("letter", "show", made, person="damar")
    return shown["state"], shown["signings"][0]["state"], shown["signings"][0]["waits"]


def actions(naskah, made):
    entries = naskah.ask("letter", "history", made, person="damar")["entries"]
    return [entry["action"] for entry in entries if entry["action"].startswith("signature-")]


def is_signed(naskah, made):
    assert signing(naskah, made) == ("archived", "stored", ""), signing(naskah, made)
    naskah.run("letter", "export", made, "-o", path("hasil.pdf"), person="sekar")
    found = naskah.ask("verify", path("hasil.pdf"))
    assert found["verdict"] == "valid" and len(found["signatures"]) == 1, found


def has_no_signature(naskah, made):
    """What is kept of the letter is not signed, not even by halves."""
    naskah.run("letter", "export", made, "-o", path("hasil.pdf"), person="damar")
    found = naskah.ask("verify", path("hasil.pdf"), status=5)
    assert found["verdict"] == "unsigned" and not found["signatures"], found


def signs_with_a_card(naskah):
    """A person signs with the key in a card"""
    naskah.run("init", naskah.folder, "--demo", "--empty", office=False)
    os.mkdir(path("tokens"))
    write("softhsm2.conf", f"directories.tokendir = {path('tokens')}\nobjectstore.backend = file\n"
                           "log.level = ERROR\nslots.removable = true\n")
    with open(os.path.join(naskah.folder, "keys", "passphrase"), encoding="utf-8") as file:
        own = file.read().strip()
    p12 = os.path.join(naskah.folder, "keys", "sekar.p12")
    command("openssl", "pkcs12", "-in", p12, "-nocerts", "-nodes", "-passin", f"pass:{own}", "-out",
            path("kunci.pem"))
    command("openssl", "pkcs8", "-topk8", "-nocrypt", "-in", path("kunci.pem"), "-out",
            path("kunci.p8"))
    command("openssl", "pkcs12", "-in", p12, "-nokeys", "-passin", f"pass:{own}", "-out",
            path("sekar.pem"))
    command("softhsm2-util", "--init-token", "--free", "--label", "kartu", "--pin", PIN, "--so-pin",
            "12345678")
    command("softhsm2-util", "--import", path("kunci.p8"), "--token", "kartu", "--label", "sekar",
            "--id", "a1", "--pin", PIN, "--force")
    environment = (f"environment=SOFTHSM2_CONF={path('softhsm2.conf')}",
                   f"environment=BAD_MODULE={path('today')}",
                   f"environment=BAD_MODULE_OF={MODULES[0]}")
    naskah.run("signer", "add", "kartu", "pkcs11", f"module={os.environ['NASKAH_BAD_MODULE']}",
               "token=kartu", *environment)
    naskah.run("signer", "assign", "sekar", "kartu", "id=a1", "--certificate", path("sekar.pem"))
    made = letter(naskah)
    confirm(naskah, made)
    is_signed(naskah, made)


def card_is_away(naskah):
    """A card that is not there is asked for; the letter waits, and is signed when it is back"""
    made = letter(naskah)
    pull_out()
    _, said = confirm(naskah, made, status=3)
    assert "'kartu' is not there; put it in and try again" in said, said
    _, said = confirm(naskah, made, status=3, language="id_ID.UTF-8")
    assert "tidak ada; pasang lalu coba lagi" in said, said
    assert signing(naskah, made) == ("signing", "prepared", ""), signing(naskah, made)
    assert actions(naskah, made) == ["signature-refused"] * 2, actions(naskah, made)
    has_no_signature(naskah, made)
    told = naskah.ask("signer", "check", status=1)
    assert told["failed"] == 1 and told["keys"][0]["state"] == "absent", told
    put_in()
    assert naskah.ask("signer", "check")["keys"][0]["state"] == "ready"
    confirm(naskah, made)
    is_signed(naskah, made)


def sign_batch(naskah, made, status=0):
    digest = naskah.ask("task", "sign", *made, person="sekar")["digest"]
    return naskah.run("task", "sign", *made, "--confirm", digest, "--passphrase-file",
                      write("pin", PIN + "\n"), person="sekar", status=status)


def pulled_out_of_a_batch(naskah):
    """A card that is pulled out in the middle of a batch: each letter is signed or not, and told so"""
    made = [letter(naskah) for _ in range(4)]
    write("today", "removed 2\n")
    out, said = sign_batch(naskah, made, status=3)
    assert "2 of 4" in said + out and (said + out).count("not there any more") == 2, (out, said)
    for one in made[:2]:
        is_signed(naskah, one)
    for one in made[2:]:
        assert signing(naskah, one) == ("signing", "prepared", ""), signing(naskah, one)
        assert actions(naskah, one)[-1] == "signature-refused", actions(naskah, one)
        has_no_signature(naskah, one)
    write("today", "")
    sign_batch(naskah, made[2:])
    for one in made:
        is_signed(naskah, one)


def pulled_out_of_a_server(naskah):
    """The same while a server has the module open, which sees a card that comes back"""
    with serving(naskah):
        made = letter(naskah)
        confirm(naskah, made)
        is_signed(naskah, made)
        pull_out()
        made = letter(naskah)
        confirm(naskah, made, status=3)
        assert signing(naskah, made) == ("signing", "prepared", ""), signing(naskah, made)
        put_in()
        confirm(naskah, made)
        is_signed(naskah, made)


def pin_pad_is_refused(naskah):
    """A reader that takes the PIN on its own keys is refused with what to do, when it is looked at"""
    made = letter(naskah)
    write("today", "pad\n")
    told = naskah.ask("signer", "check", status=1)["keys"][0]
    assert told["state"] == "settings" and "reader" in told["error"], told
    naskah.refuse(1, ["reader without keys"], "signer", "assign", "sekar", "kartu", "id=a1")
    _, said = confirm(naskah, made, status=1)
    assert "reader without keys" in said, said
    write("today", "")
    confirm(naskah, made)
    is_signed(naskah, made)


def main():
    if not MODULES or not shutil.which("softhsm2-util"):
        print("1..0 # SKIP this machine has no SoftHSM2")
        return
    with tempfile.TemporaryDirectory(prefix="naskah-card-") as work:
        WORK["folder"] = work
        run_cases([signs_with_a_card, card_is_away, pulled_out_of_a_batch, pulled_out_of_a_server,
                   pin_pad_is_refused],
                  Naskah(sys.argv[1], path("kantor")))


main()
