#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""mail.py NASKAH: people are told by mail what waits for them.  The mail server is a real one on this
machine (aiosmtpd), which takes, refuses, or falls silent as each case wants."""
import email
import email.policy
import os
import re
import signal
import sqlite3
import ssl
import subprocess
import sys
import tempfile
import time

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult

from tap import Naskah, run_cases, serving, tool

LETTER = """<letter xmlns="urn:naskah:letter:1" kind="surat-dinas" xml:lang="id">
<security>{security}</security><urgency>{urgency}</urgency>
<classification>KP.08.1</classification>
<subject>Mutasi Pejabat Yang Tertutup</subject><to><position ref="kepala-biro-sdm"/></to>
<reviewers><reviewer position="kepala-bagian-tata-usaha"/></reviewers>
<signatories><signatory position="kepala-biro-umum" capacity="definitive"/></signatories>
<body><p>{text}</p></body></letter>
"""
REVIEWER = "budi"
SITE = "https://surat.example.go.id"
WORK = {}


class Post:
    """Keeps what it is given, or does what the case wants."""

    def __init__(self):
        self.mails, self.answer, self.silent = [], "250 OK", 0

    async def handle_DATA(self, _server, _session, envelope):
        if envelope.rcpt_tos[0] == f"{REVIEWER}@bpatn.example":  # others have tasks as well
            self.mails.append(envelope)
        if self.silent:
            time.sleep(self.silent)
        return self.answer

    def wait(self, count, seconds=40):
        end = time.monotonic() + seconds
        while len(self.mails) < count and time.monotonic() < end:
            time.sleep(0.1)
        assert len(self.mails) == count, f"{len(self.mails)} mails, expected {count}"
        return [email.message_from_bytes(one.content, policy=email.policy.default)
                for one in self.mails]


class Mailing:
    """A mail server for some lines."""

    def __init__(self, host="127.0.0.1", **options):
        self.post = Post()
        self.controller = Controller(self.post, hostname=host, port=0, **options)

    def __enter__(self):
        # the port is known once it listens
        self.controller.port = free_port()
        self.controller.start()
        return self.post, self.controller.port

    def __exit__(self, *_):
        self.controller.stop()


def free_port():
    import socket
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return one.getsockname()[1]


def name_server(naskah, url, *more, status=0):
    return naskah.run("mail", "server", url, "--from", "naskah@bpatn.example", "--site", SITE, *more,
                      status=status)


def submit(naskah, urgency="biasa", security="biasa", text="Isi yang tidak boleh keluar."):
    path = os.path.join(WORK["folder"], "surat.xml")
    with open(path, "w", encoding="utf-8") as file:
        file.write(LETTER.format(urgency=urgency, security=security, text=text))
    letter = naskah.ask("letter", "new", path, person="damar")["letter"]
    naskah.ask("letter", "submit", letter, person="damar")
    return letter


def database(naskah, *statement):
    with sqlite3.connect(os.path.join(naskah.folder, "office.db")) as rows:
        return rows.execute(*statement).fetchall()


def approve(naskah, letter):
    naskah.ask("task", "approve", letter, person=REVIEWER)


def told(naskah):
    """Who a task waits for is told once, with nothing of the letter in the mail, and a link."""
    with Mailing() as (post, port):
        name_server(naskah, f"smtp://127.0.0.1:{port}")
        with serving(naskah):
            first = submit(naskah)
            assert post.mails == []
            second = submit(naskah, urgency="segera")
            (mail,) = post.wait(1)
        assert str(mail["to"]) == f"{REVIEWER}@bpatn.example"
        text = mail.get_content()
        assert "2 tugas menunggu Anda" in text and f"{SITE}/tugas" in text.split(), text
        whole = post.mails[0].content.decode() + text
        for word in ("Mutasi", "Tertutup", "tidak boleh", first, second, "kepala-biro"):
            assert word not in whole, word
        assert mail["auto-submitted"] == "auto-generated"
        assert str(mail["subject"]) == "Ada tugas yang menunggu Anda"
        # once, however often the letter changes and the server begins anew
        with serving(naskah):
            naskah.ask("letter", "note", first, "sudah saya cek", person="damar")
            time.sleep(2)
        post.wait(1)
        for letter in (first, second):
            approve(naskah, letter)


def single(naskah):
    """One task is linked to; the link survives the way through the mail."""
    with Mailing() as (post, port):
        name_server(naskah, f"smtp://127.0.0.1:{port}")
        with serving(naskah):
            letter = submit(naskah, urgency="segera", security="rahasia")
            (mail,) = post.wait(1)
            link = rf"^{SITE}/tugas/{letter}/[A-Za-z0-9_-]+~\d+\r?$"
            assert re.search(link, mail.get_content(), re.M), mail.get_content()
            approve(naskah, letter)


def done_before(naskah):
    """What was done before the mail goes is not told of."""
    with Mailing() as (post, port):
        name_server(naskah, f"smtp://127.0.0.1:{port}")
        with serving(naskah):
            letter = submit(naskah)
            end = time.monotonic() + 20
            while not database(naskah, "SELECT 1 FROM mail_item WHERE letter = ?", (letter,)):
                assert time.monotonic() < end
                time.sleep(0.1)
            approve(naskah, letter)
        database(naskah, "UPDATE mail SET ready = 0 WHERE done IS NULL AND person = ?", (REVIEWER,))
        with serving(naskah):
            end = time.monotonic() + 20
            while database(naskah, "SELECT 1 FROM mail WHERE done IS NULL AND person = ?", (REVIEWER,)):
                assert time.monotonic() < end
                time.sleep(0.1)
        assert post.mails == []


def choices(naskah):
    """Each person says how often, in which language; the mail of the day comes once."""
    with Mailing() as (post, port):
        name_server(naskah, f"smtp://127.0.0.1:{port}")
        assert naskah.ask("mail", "choose", person=REVIEWER) == {
            "tasks": "now", "language": "id", "address": f"{REVIEWER}@bpatn.example", "sends": True,
            "chats": False, "handle": None}
        naskah.refuse(1, ["hourly", "daily"], "mail", "choose", "hourly", person=REVIEWER)
        naskah.ask("mail", "choose", "daily", "--language", "en", person=REVIEWER)
        letter = submit(naskah, urgency="segera")
        with serving(naskah):
            time.sleep(2)
        hour = time.gmtime(time.time() + 7 * 3600).tm_hour
        mails = post.wait(1 if hour >= 7 else 0)
        for mail in mails:
            assert str(mail["subject"]) == "What waits for you today"
            assert "One task waits for you." in mail.get_content(), mail.get_content()
        with serving(naskah):
            naskah.ask("mail", "choose", "never", person=REVIEWER)  # through the server
            approve(naskah, letter)
            submit(naskah, urgency="segera")
            time.sleep(2)
        post.wait(len(mails))
        naskah.ask("mail", "choose", "now", "--language", "id", person=REVIEWER)


def again(naskah):
    """A mail that may have come is sent again, the same to its last byte; a crash loses none."""
    with Mailing() as (post, port):
        name_server(naskah, f"smtp://127.0.0.1:{port}")
        post.answer = "451 not now"
        with serving(naskah):
            submit(naskah, urgency="segera")
            post.wait(1)
        status = naskah.ask("mail", "status", status=1)
        assert status["failing"] == 1 and "did not take" in status["faults"][0]["fault"], status
        post.answer, post.silent = "250 OK", 3
        database(naskah, "UPDATE mail SET ready = 0 WHERE done IS NULL")
        child = subprocess.Popen([naskah.program, "serve", "--dir", naskah.folder],
                                 stderr=subprocess.DEVNULL, stdin=subprocess.DEVNULL)
        post.wait(2)
        child.send_signal(signal.SIGKILL)  # after it gave the mail away, before it knows
        child.wait()
        post.silent = 0
        database(naskah, "UPDATE mail SET ready = 0 WHERE done IS NULL")
        with serving(naskah):
            post.wait(3)
            time.sleep(1)
        contents = {one.content for one in post.mails}
        assert len(contents) == 1, contents
        assert naskah.ask("mail", "status")["failing"] == 0


def refused(naskah):
    """A mail that is refused for good is not tried again, and told of."""
    with Mailing() as (post, port):
        name_server(naskah, f"smtp://127.0.0.1:{port}")
        post.answer = "550 no such person"
        with serving(naskah):
            submit(naskah, urgency="segera")
            post.wait(1)
            time.sleep(2)
        (row,) = naskah.ask("mail", "status", status=1)["faults"]
        assert row["done"] and "(550)" in row["fault"], row
        database(naskah, "DELETE FROM mail WHERE fault <> ''")


def certificate(name, *san):
    cert, key = (os.path.join(WORK["folder"], f"{name}.{part}") for part in ("pem", "key"))
    tool("openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1",
         "-nodes", "-keyout", key, "-out", cert, "-days", "2", "-subj", "/CN=Surel Uji", "-addext",
         "subjectAltName=" + ",".join(san))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(cert, key)
    return cert, context


def encrypted(naskah):
    """User and password go over verified TLS alone; a server without encryption gets nothing."""
    cert, context = certificate("surel", "IP:127.0.0.1", "IP:::ffff:127.0.0.1")
    other, _ = certificate("lain", "IP:127.0.0.1")
    password = os.path.join(WORK["folder"], "sandi")
    with open(password, "w", encoding="utf-8") as file:
        file.write("rahasia-surel\n")
    seen = []

    def let_in(_server, _session, _envelope, _mechanism, data):
        seen.append((data.login, data.password))
        return AuthResult(success=True)

    options = dict(authenticator=let_in, auth_required=True, auth_require_tls=True)
    account = ("--user", "naskah", "--password-file", password)
    with Mailing(tls_context=context, require_starttls=True, **options) as (post, port):
        url = f"smtp://[::ffff:127.0.0.1]:{port}"
        name_server(naskah, url, "--ca", other, *account)
        with serving(naskah):
            submit(naskah, urgency="segera")
            end = time.monotonic() + 20
            while not seen_fault(naskah):
                assert time.monotonic() < end
                time.sleep(0.2)
        assert "certificate" in naskah.ask("mail", "status", status=1)["faults"][0]["fault"]
        assert post.mails == [] and seen == []
        name_server(naskah, url, "--ca", cert, *account)
        database(naskah, "UPDATE mail SET ready = 0 WHERE done IS NULL")
        with serving(naskah):
            post.wait(1)
        assert seen == [(b"naskah", b"rahasia-surel")], seen
    with Mailing() as (post, port):
        name_server(naskah, f"smtp://[::ffff:127.0.0.1]:{port}", "--ca", cert)
        with serving(naskah):
            submit(naskah, urgency="segera")
            end = time.monotonic() + 20
            while not seen_fault(naskah):
                assert time.monotonic() < end
                time.sleep(0.2)
        assert post.mails == []
        assert "no encryption" in naskah.ask("mail", "status", status=1)["faults"][0]["fault"]
    database(naskah, "DELETE FROM mail WHERE fault <> ''")
    assert not os.path.exists(os.path.join(naskah.folder, "keys/mail-password"))  # of a server before


def seen_fault(naskah):
    return bool(database(naskah, "SELECT 1 FROM mail WHERE fault <> ''"))


def bad(naskah):
    """Bad settings are refused with words, and change nothing."""
    good = ("--from", "naskah@bpatn.example", "--site", SITE)
    for words, arguments in (
            (["no address of a mail server"], ("http://127.0.0.1", *good)),
            (["no address of a mail server"], ("smtp://naskah:sandi@127.0.0.1", *good)),
            (["no address of mail"], ("smtp://127.0.0.1", "--from", "naskah\r\nBcc: x@y.z", *good[2:])),
            (["no address of mail"], ("smtp://127.0.0.1", "--from", "naskah@", *good[2:])),
            (["--site"], ("smtp://127.0.0.1", *good[:2])),
            (["--site"], ("smtp://127.0.0.1", *good[:2], "--site", "javascript:alert(1)"))):
        naskah.refuse(1, words, "mail", "server", *arguments)
    naskah.refuse(2, ["--off"], "mail", "server")
    naskah.run("mail", "server", "--off")
    assert naskah.ask("mail", "status")["server"]["url"] is None
    with serving(naskah):
        submit(naskah, urgency="segera")
        time.sleep(1.5)
    assert database(naskah, "SELECT count(*) FROM outbox WHERE topic = 'mail'") == [(0,)]


def main():
    with tempfile.TemporaryDirectory() as folder:
        WORK["folder"] = folder
        naskah = Naskah(sys.argv[1], os.path.join(folder, "kantor"))
        naskah.run("init", naskah.folder, "--demo", "--empty", office=False)
        run_cases([told, single, done_before, choices, again, refused, encrypted, bad], naskah)


main()
