#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""outage.py NASKAH: signing with services that are away, slow, wrong or dishonest (tests/signer).
Whatever they do, the letter stays what it was or is rightly signed, everybody sees where it stands,
and its history tells every try."""
import os
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import time

from tap import Naskah, run_cases, serving

SECRET = "rahasia-uji"  # of the files that the services sign with
PASSPHRASE, NIK = "rahasia \"uji\" \\ é", "3175000000000001"
PIN, CODE = "246810", "135790"
SERVICES = os.path.join(os.path.dirname(os.path.abspath(__file__)), "../signer/services.py")
LETTER = """<letter xmlns="urn:naskah:letter:1" kind="surat-dinas" xml:lang="id">
<security>biasa</security><urgency>biasa</urgency><classification>KP.08.1</classification>
<subject>Undangan Rapat</subject><to><position ref="kepala-biro-sdm"/></to>
<signatories><signatory position="kepala-biro-umum" capacity="definitive"/></signatories>
<body><p>Rapat diadakan di Aula Tirta.</p></body></letter>
"""
WORK = {}


def path(name):
    return os.path.join(WORK["folder"], name)


def write(name, text, mode=0o600):
    with open(path(name), "w", encoding="utf-8") as file:
        file.write(text)
    os.chmod(path(name), mode)
    return path(name)


def today(*lines):
    write("today", "".join(line + "\n" for line in lines))


def asked(end):
    try:
        with open(path("asked"), encoding="utf-8") as file:
            return sum(line.rstrip().endswith(end) for line in file)
    except FileNotFoundError:
        return 0


def letter(naskah):
    made = naskah.ask("letter", "new", write("surat.xml", LETTER), "--position", "staf-persuratan",
                      person="damar")["letter"]
    naskah.ask("letter", "submit", made, person="damar")
    return made


def secrets(word=PASSPHRASE, code=None):
    given = ("--passphrase-file", write("sandi", word + "\n"))
    return given + (("--code-file", write("kode", code + "\n")) if code else ())


def confirm(naskah, made, given=None, status=0):
    shown = naskah.ask("task", "sign", made, person="sekar")
    return naskah.run("task", "sign", made, "--confirm", shown["sha256"], *(given or secrets()),
                      person="sekar", status=status)


def signing(naskah, made):
    shown = naskah.ask("letter", "show", made, person="damar")
    return shown["state"], shown["signings"][0]["state"], shown["signings"][0]["waits"]


def actions(naskah, made):
    entries = naskah.ask("letter", "history", made, person="damar")["entries"]
    return [entry["action"] for entry in entries if entry["action"].startswith("signature-")]


def evidence(naskah, made):
    database = sqlite3.connect(f"file:{naskah.folder}/office.db?mode=ro", uri=True)
    found = database.execute("SELECT count(*) FROM signing_evidence WHERE letter = ?", (made,))
    count = found.fetchone()[0]
    database.close()
    return count


def is_signed(naskah, made):
    assert signing(naskah, made) == ("archived", "stored", ""), signing(naskah, made)
    out = path("hasil.pdf")
    naskah.run("letter", "export", made, "-o", out, person="sekar")
    assert naskah.ask("verify", out)["verdict"] == "valid"


def key(naskah, person, name):
    """The demo key of a person under the passphrase that the services know."""
    with open(os.path.join(naskah.folder, "keys", "passphrase"), encoding="utf-8") as file:
        own = file.read().strip()
    source = os.path.join(naskah.folder, "keys", person + ".p12")
    subprocess.run(["openssl", "pkcs12", "-in", source, "-nodes", "-passin", f"pass:{own}", "-out",
                    path("kunci.pem")], check=True, capture_output=True)
    subprocess.run(["openssl", "pkcs12", "-export", "-in", path("kunci.pem"), "-passout",
                    f"pass:{SECRET}", "-out", path(name)], check=True, capture_output=True)
    subprocess.run(["openssl", "pkcs12", "-in", source, "-nokeys", "-clcerts", "-passin",
                    f"pass:{own}", "-out", path(person + ".pem")], check=True, capture_output=True)


def credentials(naskah, name, text):
    folder = os.path.join(naskah.folder, "signers")
    os.makedirs(folder, mode=0o700, exist_ok=True)
    file = os.path.join(folder, name + ".conf")
    with open(file, "w", encoding="utf-8") as out:
        out.write(text)
    os.chmod(file, 0o600)


def is_told_of_its_signers(naskah):
    """An office is told of a service and of whose key it has."""
    naskah.run("init", naskah.folder, "--demo", "--empty", office=False)
    key(naskah, "sekar", "key.p12")
    key(naskah, "budi", "other.p12")
    WORK["services"] = subprocess.Popen(
        [sys.executable, "-B", SERVICES, WORK["folder"], os.environ["NASKAH_SERVICE_TOOL"], "http"],
        stdout=subprocess.PIPE, text=True)
    base = f"http://127.0.0.1:{WORK['services'].stdout.readline().strip()}"
    credentials(naskah, "bsre", "user naskah\npassword uji\n")
    credentials(naskah, "csc", "bearer demo-token\n")
    naskah.run("signer", "add", "bsre", "bsre", f"url={base}", "version=2", "timeout=3")
    naskah.run("signer", "add", "csc", "csc", f"url={base}/csc/v2", "timeout=3")
    naskah.run("signer", "assign", "sekar", "bsre", NIK, "--certificate", path("sekar.pem"))
    today()
    made = letter(naskah)
    confirm(naskah, made)
    is_signed(naskah, made)


def waits_for_the_service(naskah):
    """An outage leaves the letter waiting for the service; when it is back it is signed."""
    made = letter(naskah)
    today("pdf busy")
    confirm(naskah, made, status=75)
    assert signing(naskah, made) == ("signing", "authorised", "service"), signing(naskah, made)
    assert naskah.ask("task", "list", person="sekar")["tasks"][0]["signing"] == "service"
    os.environ["LANGUAGE"] = "id"
    words, _ = naskah.run("letter", "show", made, person="damar", language="id_ID.UTF-8")
    listed, _ = naskah.run("task", "list", person="sekar", language="id_ID.UTF-8")
    del os.environ["LANGUAGE"]
    assert "menunggu layanan tanda tangan" in words, words
    assert "menunggu layanan tanda tangan" in listed, listed
    today()
    confirm(naskah, made)
    is_signed(naskah, made)
    assert "signature-waiting" in actions(naskah, made)


def asks_before_it_tries_again(naskah):
    """Where nobody knows what the service did it is asked before another try."""
    made = letter(naskah)
    today("pdf silent")
    confirm(naskah, made, status=75)
    assert signing(naskah, made)[1] == "unknown", signing(naskah, made)
    before = asked("/user/check/status") + asked("/status")
    today("status broken")
    confirm(naskah, made, status=75)
    assert signing(naskah, made)[1] == "unknown", signing(naskah, made)
    today()
    confirm(naskah, made)
    assert asked("/user/check/status") + asked("/status") > before
    is_signed(naskah, made)
    assert "signature-unknown" in actions(naskah, made)


def refuses(naskah, how):
    made = letter(naskah)
    shown = naskah.ask("task", "sign", made, person="sekar")["sha256"]
    today(f"pdf {how}")
    confirm(naskah, made, status=4)
    assert signing(naskah, made)[:2] == ("signing", "refused"), signing(naskah, made)
    assert evidence(naskah, made) == 1 and actions(naskah, made)[-1] == "signature-refused"
    assert naskah.ask("task", "sign", made, person="sekar")["sha256"] == shown
    today()
    confirm(naskah, made)
    is_signed(naskah, made)


def refuses_what_was_saved_anew(naskah):
    """A PDF that the service saved anew is evidence, and the letter unharmed."""
    if shutil.which("qpdf") is None:
        return
    refuses(naskah, "resaved")


def refuses_another_persons_certificate(naskah):
    """A signature with another person's certificate is evidence, and the letter unharmed."""
    refuses(naskah, "other")


def rests_after_three_wrong_passphrases(naskah):
    """Three wrong passphrases rest the signature; each try stands in the history."""
    made = letter(naskah)
    for _ in range(3):
        confirm(naskah, made, given=secrets("salah"), status=7)
    confirm(naskah, made, status=75)
    assert signing(naskah, made) == ("signing", "refused", "secret"), signing(naskah, made)
    assert actions(naskah, made).count("signature-refused") == 3, actions(naskah, made)


def goes_on_with_a_half_done_batch(naskah):
    """Of a batch that was half done the rest is done by the same command."""
    made = [letter(naskah) for _ in range(4)]
    digest = naskah.ask("task", "sign", *made, person="sekar")["digest"]
    command = ("task", "sign", *made, "--confirm", digest, *secrets())
    today("pdf half")
    naskah.run(*command, "--json", person="sekar", status=75)
    states = [signing(naskah, one)[1] for one in made]
    assert "stored" in states or "unknown" in states, states
    today()
    done = naskah.ask(*command, person="sekar")
    assert done["failed"] == 0, done
    for one in made:
        is_signed(naskah, one)


def needs_one_authorisation(naskah):
    """Where the signer allows it a batch needs one authorisation."""
    naskah.run("signer", "assign", "sekar", "csc", "kunci-1")
    before = asked("/credentials/authorize")
    made = [letter(naskah) for _ in range(3)]
    digest = naskah.ask("task", "sign", *made, person="sekar")["digest"]
    done = naskah.ask("task", "sign", *made, "--confirm", digest, *secrets(PIN, CODE),
                      person="sekar")
    assert done["failed"] == 0, done
    assert asked("/credentials/authorize") == before + 1
    for one in made:
        is_signed(naskah, one)


def refuses_a_key_of_a_page(naskah):
    """A key that a page of the service lets in is refused with what to do, before anything is sent"""
    made = letter(naskah)
    shown = naskah.ask("task", "sign", made, person="sekar")["sha256"]
    sent = asked("/signatures/signHash")
    for day in ("info page", "info riddle"):
        today(day)
        told = naskah.ask("signer", "check", "csc", status=1)["keys"][0]
        assert told["state"] == "settings" and "'explicit'" in told["error"], told
        naskah.refuse(1, ["'explicit'"], "signer", "assign", "sekar", "csc", "kunci-1")
        naskah.refuse(1, ["'explicit'"], "task", "sign", made, "--confirm", shown,
                      *secrets(PIN, CODE), person="sekar")
    today()
    assert asked("/signatures/signHash") == sent
    confirm(naskah, made, given=secrets(PIN, CODE))
    is_signed(naskah, made)


def polls_without_a_secret(naskah):
    """What the service does later is fetched without another secret."""
    made = letter(naskah)
    today("signHash waiting", "signPolling waiting")
    confirm(naskah, made, given=secrets(PIN, CODE), status=75)
    assert signing(naskah, made)[1:] == ("sent", "service"), signing(naskah, made)
    today("signHash waiting")
    for _ in range(40):
        out = subprocess.run([naskah.program, "task", "sign", made, "--resume", "--dir",
                              naskah.folder, "--as", "sekar"], capture_output=True, text=True)
        if out.returncode == 0:
            break
        assert out.returncode == 75, out.stderr
        time.sleep(0.5)
    today()
    is_signed(naskah, made)


def gives_up(naskah):
    """A signature that waits can be given up, and given anew."""
    made = letter(naskah)
    today("signHash waiting", "signPolling waiting")
    confirm(naskah, made, given=secrets(PIN, CODE), status=75)
    assert naskah.ask("task", "sign", made, "--cancel", person="sekar")["signing"] == "prepared"
    today()
    confirm(naskah, made, given=secrets(PIN, CODE))
    is_signed(naskah, made)
    assert "signature-cancelled" in actions(naskah, made)


def keeps_a_late_answer_as_evidence(naskah):
    """What the service answers after a withdrawal is evidence, and never the letter."""
    made = letter(naskah)
    today("signHash waiting", "signPolling waiting")
    confirm(naskah, made, given=secrets(PIN, CODE), status=75)
    naskah.ask("letter", "withdraw", made, "--note", "batal", person="damar")
    today()
    with serving(naskah):
        for _ in range(80):
            if evidence(naskah, made) == 1:
                break
            time.sleep(0.5)
    assert signing(naskah, made)[:2] == ("withdrawn", "late"), signing(naskah, made)
    assert evidence(naskah, made) == 1 and actions(naskah, made)[-1] == "signature-late"


def main():
    if subprocess.run([sys.argv[1], "signer", "list", "--help"], capture_output=True).returncode:
        print("1..0 # SKIP this program has no command 'signer'")
        return
    with tempfile.TemporaryDirectory() as work:
        WORK["folder"] = os.path.join(work, "layanan")
        os.mkdir(WORK["folder"])
        try:
            run_cases([is_told_of_its_signers, waits_for_the_service, asks_before_it_tries_again,
                       refuses_what_was_saved_anew, refuses_another_persons_certificate,
                       rests_after_three_wrong_passphrases, goes_on_with_a_half_done_batch,
                       needs_one_authorisation, refuses_a_key_of_a_page, polls_without_a_secret, gives_up,
                       keeps_a_late_answer_as_evidence],
                      Naskah(sys.argv[1], os.path.join(work, "kantor")))
        finally:
            if "services" in WORK:
                WORK["services"].kill()
                WORK["services"].wait()


main()
