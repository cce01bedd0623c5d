#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""renewal.py NASKAH: the moment comes when the time stamp of a signature that lasts must be renewed,
and the copy on the public page follows what is added to a letter."""
import datetime
import hashlib
import json
import os
import shutil
import socket
import sys
import tempfile
import time
import urllib.request

from authority import Authority
from tap import Naskah, run_cases, serving, tool

SOURCE = os.environ["NASKAH_SOURCE"]
OLD_DAYS = 40  # the first time-stamp authority's certificate ends then, and the signer's before
WORK = {}


def path(name):
    return os.path.join(WORK["folder"], name)


def in_days(days):
    moment = datetime.datetime.now(datetime.timezone.utc) + datetime.timedelta(days=days)
    return moment.strftime("%Y-%m-%d %H:%M")


def digest(name):
    with open(name, "rb") as file:
        return hashlib.sha256(file.read()).hexdigest()


def kept(naskah):
    return naskah.ask("letter", "show", WORK["letter"], person="damar")["preservation"]


def extensions(naskah):
    entries = naskah.ask("letter", "history", WORK["letter"], person="damar")["entries"]
    return sum(entry["action"] == "signature-extended" for entry in entries)


def export(naskah, name):
    naskah.run("letter", "export", WORK["letter"], "-o", path(name), person="damar")
    return path(name)


def judged(naskah, pdf, *options, status=0):
    return naskah.ask("verify", pdf, *options, status=status)


def wait_for(what):
    for _ in range(240):
        if what():
            return
        time.sleep(0.5)
    raise AssertionError(f"in vain: {what}")


def public_copy(naskah):
    """The digest of the public copy, as its file and its words have it; None while they disagree."""
    public = os.path.join(naskah.folder, "public", WORK["letter"])
    if not os.path.exists(public + ".json"):
        return None
    with open(public + ".json", encoding="utf-8") as file:
        words = json.load(file)["sha256"]
    return words if words == digest(public + ".pdf") else None


def lasts_by_profile(naskah):
    """An office whose signatures are to last, with authorities of which one ends soon"""
    naskah.run("init", naskah.folder, "--demo", "--empty", office=False)
    authority = WORK["authority"]
    authority.issue("lama", "Cap Waktu Lama", "stamps", OLD_DAYS)
    authority.stamper = "lama"
    authority.issue("larasati", "Larasati Kusumaningdyah", "leaf", 20)
    authority.p12("larasati", os.path.join(naskah.folder, "keys", "larasati.p12"), "rahasia")
    shutil.copy(os.path.join(authority.folder, "root.pem"),
                os.path.join(naskah.folder, "trust", "uji.pem"))
    with open(os.path.join(SOURCE, "templates/profiles/demo.xml"), encoding="utf-8") as file:
        text = file.read().replace("  <numbering", '  <signing level="LTA"/>\n  <numbering', 1)
    with open(path("profil.xml"), "w", encoding="utf-8") as file:
        file.write(text)
    shutil.copy(os.path.join(SOURCE, "templates/profiles/demo.png"), path("demo.png"))
    naskah.run("profile", "deploy", path("profil.xml"), person="wening")
    naskah.run("certificate", "stamps", authority.url, "--hosts", "127.0.0.1")


def circular(naskah):
    """A circular that waits for its signature, and the digest of its pages"""
    made = naskah.ask("letter", "new",
                      os.path.join(SOURCE, "templates/letters/surat-edaran.sample.xml"),
                      "--position", "staf-persuratan", person="damar")["letter"]
    naskah.ask("letter", "submit", made, person="damar")
    for person in ("wahyu", "galih", "budi"):
        naskah.ask("task", "approve", made, person=person)
    with open(path("sandi"), "w", encoding="utf-8") as file:
        file.write("rahasia\n")
    return made, naskah.ask("task", "sign", made, person="larasati")["sha256"]


def sign_words(made, shown):
    return "task", "sign", made, "--confirm", shown, "--passphrase-file", path("sandi")


def is_signed_and_published(naskah):
    """A circular is signed with a time stamp and published; its signature is not complete yet"""
    WORK["letter"], shown = circular(naskah)
    with WORK["authority"].there():
        done = naskah.ask(*sign_words(WORK["letter"], shown), person="larasati")
    assert done["state"] == "archived", done
    assert kept(naskah)["level"] == "T"
    WORK["first"] = digest(export(naskah, "awal.pdf"))


def public_copy_follows_completion(naskah):
    """When the signature is completed, the public copy and its page become those of the whole letter"""
    with WORK["authority"].there(), serving(naskah):
        wait_for(lambda: kept(naskah)["level"] == "LTA")
        now = digest(export(naskah, "lta.pdf"))
        assert now != WORK["first"]
        wait_for(lambda: public_copy(naskah) == now)
    found = judged(naskah, path("lta.pdf"), "--dir", naskah.folder)
    assert found["signatures"][0]["level"] == "PAdES-BASELINE-LTA", found
    ends = datetime.datetime.fromisoformat(kept(naskah)["renew_before"][:19])
    left = (ends - datetime.datetime.utcnow()).days
    assert OLD_DAYS - 2 <= left <= OLD_DAYS, kept(naskah)


def would_end(naskah):
    """Without a renewal nobody could tell any more when it was signed, once the authority ended"""
    as_of = ("--at", in_days(OLD_DAYS + 20), "--dir", naskah.folder)
    assert judged(naskah, path("lta.pdf"), "--at", in_days(OLD_DAYS - 5),
                  "--dir", naskah.folder)["verdict"] == "valid"
    found = judged(naskah, path("lta.pdf"), *as_of, status=5)
    assert found["verdict"] == "indeterminate" and found["judged_as_of"] == as_of[1], found
    naskah.refuse(1, ["tomorrow"], "verify", path("lta.pdf"), "--at", "tomorrow")


def waits_for_its_moment(naskah):
    """Before its moment has come nothing is renewed"""
    with WORK["authority"].there(), serving(naskah):
        time.sleep(3)
        assert extensions(naskah) == 1 and digest(export(naskah, "lagi.pdf")) == digest(path("lta.pdf"))


def is_renewed(naskah):
    """When it has come the server renews it, by another authority, and the public page follows"""
    WORK["authority"].stamper = "tsa"
    with socket.create_server(("127.0.0.1", 0)) as free:
        address = f"127.0.0.1:{free.getsockname()[1]}"
    with WORK["authority"].there(), serving(naskah, "--at", in_days(2), "--listen", address):
        wait_for(lambda: extensions(naskah) == 2)
        now = digest(export(naskah, "baru.pdf"))
        wait_for(lambda: public_copy(naskah) == now)
        with urllib.request.urlopen(f"http://{address}/v/{WORK['letter']}", timeout=20) as answer:
            page = answer.read().decode()
        with urllib.request.urlopen(f"http://{address}/v/{WORK['letter']}/surat.pdf",
                                    timeout=20) as answer:
            sent = answer.read()
    assert now in page and digest(path("lta.pdf")) not in page, page
    assert hashlib.sha256(sent).hexdigest() == now
    with open(path("lta.pdf"), "rb") as one, open(path("baru.pdf"), "rb") as other:
        before, after = one.read(), other.read()
    assert after.startswith(before) and len(after) > len(before)


def outlives_its_authority(naskah):
    """The renewed letter is valid when signer and first authority have ended, also years later"""
    for days in (30, OLD_DAYS + 20, 2000):
        found = judged(naskah, path("baru.pdf"), "--at", in_days(days), "--dir", naskah.folder)
        assert found["verdict"] == "valid", (days, found)
        assert found["signatures"][0]["level"] == "PAdES-BASELINE-LTA", found
    words, _ = naskah.run("verify", path("baru.pdf"), "--at", in_days(2000), language="id_ID.UTF-8")
    assert "dinilai per" in words, words
    assert judged(naskah, path("baru.pdf"), "--at", in_days(3100), "--dir", naskah.folder,
                  status=5)["verdict"] == "indeterminate"


def revoked_is_refused(naskah):
    """A certificate that its authority has revoked signs nothing, and another one may"""
    made, shown = circular(naskah)
    WORK["authority"].revoke("larasati")
    with WORK["authority"].there():
        naskah.refuse(4, ["revoked"], *sign_words(made, shown), person="larasati")
    told = naskah.ask("letter", "show", made, person="damar")
    assert told["state"] == "signing" and told["signings"][0]["state"] == "refused", told
    entries = naskah.ask("letter", "history", made, person="damar")["entries"]
    assert entries[-1]["action"] == "signature-refused" and "revoked" in entries[-1]["reason"], entries[-1]
    WORK["refused"] = made, shown


def revoked_is_told(naskah):
    """What the authority could not be asked before the signature is found later, and told"""
    kept_before = WORK["letter"]
    made, shown = WORK["refused"]
    WORK["letter"] = made
    with WORK["authority"].there(status=False):
        naskah.ask(*sign_words(made, shown), person="larasati")
    with WORK["authority"].there(), serving(naskah):
        wait_for(lambda: kept(naskah)["tries"] > 0)
    assert kept(naskah)["level"] == "T" and "revoked" in kept(naskah)["fault"], kept(naskah)
    out, _ = naskah.run("doctor", "--json", status=1)
    told = json.loads(out.splitlines()[-1])["issues"]
    assert [issue for issue in told if issue["tag"] == "signature-not-lasting"
            and "revoked" in issue["text"]], told
    WORK["letter"] = kept_before


def main():
    tool("openssl", "version")
    with tempfile.TemporaryDirectory(prefix="naskah-renewal-") as work:
        WORK["folder"] = work
        os.mkdir(path("otoritas"))
        WORK["authority"] = Authority(path("otoritas"))
        run_cases([lasts_by_profile, is_signed_and_published, public_copy_follows_completion,
                   would_end, waits_for_its_moment, is_renewed, outlives_its_authority, revoked_is_refused,
                   revoked_is_told],
                  Naskah(sys.argv[1], path("kantor")))


main()
