#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""signer.py NASKAH: an office is told of its signers, and of who signs with which key, on the
command line."""
import os
import subprocess
import sys
import tempfile

from tap import Naskah, run_cases, serving

WORK = {}


def openssl(*words):
    subprocess.run(["openssl", *words], check=True, stdout=subprocess.DEVNULL,
                   stderr=subprocess.DEVNULL)


def makes_an_office(naskah):
    """a new office has no signers, and says what people sign with"""
    naskah.run("init", naskah.folder, "--demo", "--empty", office=False)
    assert naskah.ask("signer", "list") == {"signers": []}
    out, _ = naskah.run("signer", "list")
    assert "keys" in out, out


def takes_a_signer(naskah):
    """a signer is added with its settings, and changed by adding it again"""
    added = naskah.ask("signer", "add", "berkas", "pkcs12")
    assert added == {"signer": "berkas", "kind": "pkcs12"}, added
    naskah.ask("signer", "add", "berkas", "pkcs12", "folder=keys")
    naskah.ask("signer", "add", "layanan", "bsre", "url=https://esign.example", "version=2",
               "batch=5")
    naskah.ask("signer", "add", "kartu", "pkcs11", "module=/tiada/modul.so", "environment=A=1",
               "environment=B=2", "environment=C=3")
    signers = {one["signer"]: one for one in naskah.ask("signer", "list")["signers"]}
    assert sorted(signers) == ["berkas", "kartu", "layanan"], signers
    assert signers["berkas"]["settings"] == {"folder": "keys"}
    assert signers["layanan"]["settings"] == {"url": "https://esign.example", "version": 2,
                                              "batch": 5}
    assert signers["kartu"]["settings"]["environment"] == ["A=1", "B=2", "C=3"]


def refuses_what_is_wrong(naskah):
    """what is wrong with a signer is told with the name of the setting"""
    for words, says in ((("x", "pkcs13"), "pkcs13"), (("x", "csc"), "url"),
                        (("x", "csc", "url=ftp://a"), "url"), (("X!", "pkcs12"), "X!"),
                        (("x", "pkcs11", "module=m.so"), "module"),
                        (("x", "pkcs11", "module=/m.so", "environment=LD_PRELOAD=/x"),
                         "environment"),
                        (("x", "bsre", "url=https://a", "version=7"), "version"),
                        (("x", "pkcs12", "sandi=rahasia"), "sandi")):
        naskah.refuse(1, [says], "signer", "add", *words)
    naskah.refuse(2, ["NAME=VALUE"], "signer", "add", "x", "pkcs12", "folder")
    naskah.refuse(3, ["tiada"], "signer", "assign", "sekar", "tiada", "kunci")
    naskah.refuse(3, ["bukan-orang"], "signer", "assign", "bukan-orang", "berkas", "sekar.p12")
    naskah.refuse(3, ["tiada.p12"], "signer", "assign", "sekar", "berkas", "tiada.p12")
    naskah.refuse(1, ["modul.so"], "signer", "assign", "sekar", "kartu", "id=a1")
    naskah.refuse(2, ["--none"], "signer", "assign", "sekar", "berkas")
    naskah.refuse(3, ["tiada"], "signer", "check", "tiada")


def assigns_a_key(naskah):
    """a key is assigned, checked, given another certificate, and taken away"""
    key = naskah.ask("signer", "assign", "sekar", "berkas", "sekar.p12")
    assert key["certificate"] == {}, key  # a file shows its certificate to its passphrase alone
    checked = naskah.ask("signer", "check")
    assert checked["failed"] == 0 and checked["keys"][0]["state"] == "ready", checked
    assert checked["keys"][0]["proof"] == "passphrase", checked
    naskah.refuse(6, ["pkcs12"], "signer", "add", "berkas", "csc", "url=https://a")


def wants_the_persons_certificate(naskah):
    """a certificate that is given must bear the person's name"""
    pem = os.path.join(WORK["folder"], "cert.pem")
    for name, status in (("Budi Santoso", 4), ("Sekar Wulandari", 0)):
        openssl("req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes",
                "-days", "30", "-subj", f"/O=DEMO/CN={name} (DEMO)", "-keyout",
                os.path.join(WORK["folder"], "key.pem"), "-out", pem)
        words = ("signer", "assign", "sekar", "berkas", "sekar.p12", "--certificate", pem)
        if status:
            naskah.refuse(status, [name], *words)
        else:
            assert naskah.ask(*words)["certificate"]["days"] in (29, 30)
    gone = naskah.ask("signer", "assign", "sekar", "--none")
    assert gone["signer"] is None and gone["had"] is True, gone
    assert naskah.ask("signer", "check") == {"failed": 0, "keys": []}


def works_through_a_server(naskah):
    """while a server runs, it is the server that asks the signer"""
    with serving(naskah):
        naskah.ask("signer", "add", "lain", "pkcs12")
        naskah.ask("signer", "assign", "sekar", "lain", "sekar.p12")
        naskah.refuse(3, ["tiada.p12"], "signer", "assign", "sekar", "lain", "tiada.p12")
        assert naskah.ask("signer", "check", "sekar")["failed"] == 0


def hides_a_nik(naskah):
    """a NIK is not shown whole"""
    pem = os.path.join(WORK["folder"], "cert.pem")
    naskah.ask("signer", "assign", "sekar", "layanan", "3175000000000001", "--certificate", pem)
    out, _ = naskah.run("signer", "list", "--json")
    assert "3175000000000001" not in out and "...0001" in out, out


def main():
    with tempfile.TemporaryDirectory(prefix="naskah-signer-") as work:
        WORK["folder"] = work
        naskah = Naskah(sys.argv[1], os.path.join(work, "kantor"))
        run_cases([makes_an_office, takes_a_signer, refuses_what_is_wrong, assigns_a_key,
                   wants_the_persons_certificate, works_through_a_server, hides_a_nik], naskah)


main()
