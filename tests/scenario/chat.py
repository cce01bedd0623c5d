#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""chat.py NASKAH: who chose a chat in place of mail is told by the gateway, with nothing of the letter.
The gateway is a real one on this machine, which checks each signature by itself."""
import json
import os
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time

from importlib import import_module
from tap import Naskah, run_cases, serving

hooks = import_module("web-webhooks")
WORK = {}
SITE = "https://surat.example.go.id"
PERSON = "budi"
LETTER = """<letter xmlns="urn:naskah:letter:1" kind="surat-dinas" xml:lang="id">
<security>{security}</security><urgency>segera</urgency>
<classification>KP.08.1</classification>
<subject>Mutasi Pejabat Yang Tertutup</subject><to><position ref="kepala-biro-sdm"/></to>
<reviewers><reviewer position="kepala-bagian-tata-usaha"/></reviewers>
<signatories><signatory position="kepala-biro-umum" capacity="definitive"/></signatories>
<body><p>Isi yang tidak boleh keluar.</p></body></letter>
"""


def submit(naskah, security="biasa"):
    path = os.path.join(WORK["folder"], "surat.xml")
    with open(path, "w", encoding="utf-8") as file:
        file.write(LETTER.format(security=security))
    letter = naskah.ask("letter", "new", path, person="damar")["letter"]
    naskah.ask("letter", "submit", letter, person="damar")
    return letter


def database(naskah, *statement):
    with sqlite3.connect(os.path.join(naskah.folder, "office.db"), timeout=60) as rows:
        return rows.execute(*statement).fetchall()


def settle(naskah, sql, seconds=200):
    """Waits until the statement finds something."""
    end = time.monotonic() + seconds
    while not (found := database(naskah, sql)):
        assert time.monotonic() < end, sql
        time.sleep(0.1)
    return found


def approve(naskah, letter):
    naskah.ask("task", "approve", letter, person=PERSON)


def gateway(naskah, receiver):
    naskah.run("webhook", "hosts", "127.0.0.1")
    answer = naskah.ask("mail", "gateway", receiver.url, "--site", SITE)
    receiver.secret = answer["secret"]
    assert answer["url"] == receiver.url and answer["secret"].startswith("whsec_"), answer


def told(naskah):
    """A sentence and a link are sent to the number that the person gave, signed, once."""
    receiver = WORK["receiver"] = hooks.Receiver()
    gateway(naskah, receiver)
    assert naskah.ask("mail", "choose", "--chat", "0812-3456 7890", "--language", "id", person=PERSON) == {
        "tasks": "now", "language": "id", "address": f"{PERSON}@bpatn.example", "sends": True, "chats": True,
        "handle": "+6281234567890"}
    naskah.refuse(2, ["--renew"], "mail", "gateway", "--off", "--renew")
    receiver.old, receiver.secret = receiver.secret, naskah.ask("mail", "gateway", "--renew")["secret"]
    assert receiver.secret.startswith("whsec_") and receiver.secret != receiver.old
    assert naskah.ask("mail", "gateway", receiver.url)["secret"] == receiver.secret  # named again it stays
    with serving(naskah):
        letter = submit(naskah, "rahasia")
        settle(naskah, f"SELECT 1 FROM mail WHERE person = '{PERSON}' AND done IS NOT NULL AND fault = ''")
        approve(naskah, letter)
    (request,) = receiver.got
    content = hooks.check(request, receiver.secret, receiver.old)
    link = content["data"]["link"]
    assert content["type"] == "notice" and link.startswith(f"{SITE}/tugas/{letter}/"), content
    assert content["data"] == {"to": "+6281234567890", "language": "id", "link": link,
                               "text": f"Satu tugas menunggu Anda di Naskah; masuklah untuk melihatnya: {link}"}
    (mail,), = database(naskah, "SELECT id FROM mail WHERE person = ?", (PERSON,))
    assert request[1]["webhook-id"] == "msg_" + mail
    for word in ("Mutasi", "Tertutup", "boleh", "kepala-biro", "Budi"):
        assert word not in request[2].decode(), word


def again(naskah):
    """What may have come is sent again with its id, also after the server was killed; words are the same."""
    receiver = WORK["receiver"]
    receiver.got.clear()
    receiver.answer = (503, b"", {})
    naskah.ask("mail", "choose", "--language", "en", person=PERSON)
    with serving(naskah):
        letter = submit(naskah)
        settle(naskah, f"SELECT 1 FROM mail WHERE person = '{PERSON}' AND done IS NULL AND fault LIKE '%503%'")
    receiver.hold = hooks.threading.Event()
    count = len(receiver.got)
    database(naskah, "UPDATE mail SET ready = 0 WHERE done IS NULL AND person = ?", (PERSON,))
    child = subprocess.Popen([naskah.program, "serve", "--dir", naskah.folder], stderr=subprocess.DEVNULL,
                             stdin=subprocess.DEVNULL)
    receiver.wait(count + 1)
    child.send_signal(signal.SIGKILL)
    child.wait(60)
    receiver.hold.set()
    receiver.hold, receiver.answer = None, (202, b"", {})
    database(naskah, "UPDATE mail SET ready = 0 WHERE done IS NULL AND person = ?", (PERSON,))
    with serving(naskah):
        receiver.wait(count + 2)
        settle(naskah, f"SELECT 1 FROM mail WHERE person = '{PERSON}' AND fault = '' AND tries > 2"
                       " AND done IS NOT NULL")
        approve(naskah, letter)
    bodies = {body for _, _, body in receiver.got}
    ids = {headers["webhook-id"] for _, headers, _ in receiver.got}
    assert len(receiver.got) == count + 2 and len(bodies) == 1 and len(ids) == 1, receiver.got
    text = hooks.check(receiver.got[-1], receiver.secret, receiver.old)["data"]["text"]
    assert text.startswith("One task waits for you in Naskah;"), text


def refused(naskah):
    """A number that the gateway does not take is given up; handles and addresses are looked at."""
    receiver = WORK["receiver"]
    receiver.got.clear()
    receiver.answer = (422, b"", {})
    with serving(naskah):
        letter = submit(naskah)
        settle(naskah, f"SELECT 1 FROM mail WHERE person = '{PERSON}' AND done IS NOT NULL AND fault LIKE '%422%'")
        approve(naskah, letter)
    assert len(receiver.got) == 1, receiver.got
    for handle in ("12", "budi hargotama", "+62 812 abc", "x" * 65, "a\nb", "00812345678", "<b>"):
        naskah.refuse(1, ["0812-3456-7890"], "mail", "choose", "--chat", handle, person=PERSON)
    assert naskah.ask("mail", "choose", "--chat", "@budi.h", person=PERSON)["handle"] == "@budi.h"
    assert naskah.ask("mail", "choose", "daily", person=PERSON)["handle"] == "@budi.h"
    assert naskah.ask("mail", "choose", "now", "--chat", "", person=PERSON)["handle"] is None
    naskah.refuse(1, ["https://"], "mail", "gateway", "http://gerbang.example/", "--site", SITE)
    naskah.refuse(1, ["--site"], "mail", "gateway", receiver.url, "--site", "javascript:alert(1)")
    naskah.refuse(2, ["--off"], "mail", "gateway")
    naskah.run("mail", "gateway", "--off")
    naskah.ask("mail", "choose", "--chat", "0812-3456-7890", person=PERSON)
    receiver.got.clear()
    asked = "SELECT letter FROM outbox WHERE topic = 'mail' ORDER BY letter"  # what was left then
    before = database(naskah, asked)
    with serving(naskah):
        approve(naskah, submit(naskah))
    assert receiver.got == [] and database(naskah, asked) == before


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as folder:
        WORK["folder"] = folder
        office = Naskah(sys.argv[1], os.path.join(folder, "kantor"))
        office.run("init", office.folder, "--demo", "--empty", office=False)
        run_cases([told, again, refused], office)
