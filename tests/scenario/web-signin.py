#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""web-signin.py NASKAH: the way in, as people and those who would like to be them use it."""
import base64
import contextlib
import hashlib
import hmac
import html
import http.client
import json
import os
import re
import sqlite3
import struct
import sys
import tempfile
import time
import urllib.parse

from tap import Naskah, run_cases
from web import Server, alone, ask

HOST = "surat.example.go.id"
ORIGIN = f"http://{HOST}"
MINUTE = 60 * 10**6  # microseconds
NEW = "empat kata yang panjang"
WORK = {}


class Page:
    def __init__(self, status, headers, content):
        self.status, self.headers, self.content = status, headers, content
        self.to = headers.get("location", "")

    def field(self, name):
        found = re.search(rf'<input [^>]*name="{name}"[^>]*>', self.content)
        assert found, f"no field {name}: {self.content}"
        return html.unescape(re.search(r'value="([^"]*)"', found[0])[1])

    def faults(self):
        return re.findall(r'class="govuk-error-message"[^>]*>([^<]*)<', self.content)


class Browser:
    """Keeps cookies, and sends forms as a browser does."""

    def __init__(self, address, language="id"):
        self.port = int(address.rsplit(":", 1)[1])
        self.cookies = {"lang": language}

    def send(self, method, path, fields=None, **changed):
        """@changed: headers in place of the usual ones; None: without it."""
        headers = {"Host": HOST, "Accept": "text/html", "User-Agent": "Peramban/1.0",
                   "Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items())}
        body = None
        if method != "GET":
            headers |= {"Origin": ORIGIN, "Sec-Fetch-Site": "same-origin",
                        "Content-Type": "application/x-www-form-urlencoded"}
            body = urllib.parse.urlencode(fields or {})
        for name, value in changed.items():
            headers[name.replace("_", "-")] = value
        peer = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        with contextlib.closing(peer):
            peer.request(method, path, body, {k: v for k, v in headers.items() if v is not None})
            answer = peer.getresponse()
            content = answer.read().decode()
            for name, value in answer.getheaders():
                if name.lower() == "set-cookie":
                    self.keep(value)
            named = {name.lower(): value for name, value in answer.getheaders()}
            return Page(answer.status, named, content)

    def keep(self, line):
        name, _, value = line.split(";")[0].partition("=")
        assert "HttpOnly" in line and "SameSite=Lax" in line and "Path=/" in line, line
        if "Max-Age=0" in line:
            self.cookies.pop(name, None)
        else:
            self.cookies[name] = value

    def get(self, path, **changed):
        return self.send("GET", path, **changed)

    def post(self, path, fields=None, **changed):
        return self.send("POST", path, fields, **changed)

    def sign_in(self, name, password, to="/profil"):
        return self.post("/masuk", {"nama": name, "sandi": password, "ke": to})

    def csrf(self):
        return self.get("/profil").field("csrf")

    def act(self, path, **fields):
        """A form of a page of this session."""
        return self.post(path, {"csrf": self.csrf(), **fields})

    def is_in(self):
        return self.get("/profil").status == 200


def rows(naskah, statement, *values):
    with contextlib.closing(sqlite3.connect(os.path.join(naskah.folder, "office.db"), 30)) as base:
        with base:
            return base.execute(statement, values).fetchall()


def grow_old(naskah, person, **columns):
    """Moves moments of the person's sessions back by minutes."""
    for column, minutes in columns.items():
        rows(naskah, f"UPDATE session SET {column} = {column} - ? WHERE person = ?",
             minutes * MINUTE, person)


def forgive(naskah):
    """Forgets who failed, so that a slow or quick machine makes no difference to what follows."""
    rows(naskah, "DELETE FROM login_try")


def code_of(secret, step):
    key = base64.b32decode(secret + "=" * (-len(secret) % 8))
    digest = hmac.new(key, struct.pack(">Q", step), hashlib.sha1).digest()
    at = digest[-1] & 15
    return f"{(struct.unpack('>I', digest[at:at + 4])[0] & 0x7fffffff) % 10**6:06d}"


def now_step():
    """The step of now, with time left in it."""
    while time.time() % 30 > 25:
        time.sleep(1)
    return int(time.time()) // 30


def inside(naskah, server, person):
    browser = Browser(server.address)
    page = browser.sign_in(person, WORK["password"])
    assert (page.status, page.to) == (303, "/profil"), (page.status, page.content)
    return browser


def given(naskah):
    """A password that was given opens nothing but the page that changes it."""
    server = Server(naskah)
    made = naskah.ask("account", "reset", "damar")
    assert made["person"] == "damar" and len(made["password"]) >= 16, made
    assert "damar" in naskah.run("account", "list")[0]
    browser = Browser(server.address)
    page = browser.sign_in("  Damar ", made["password"], "/surat")  # blanks and capitals are one
    assert (page.status, page.to) == (303, "/profil/sandi"), page.content
    assert browser.get("/profil").to == "/profil/sandi"
    before = browser.cookies["sesi"]
    token = browser.get("/profil/sandi").field("csrf")

    def change(old, new, again=None):
        return browser.post("/profil/sandi", {"csrf": token, "sandi": old, "sandi-baru": new,
                                              "sandi-lagi": new if again is None else again})

    assert change("salah salah salah", NEW).status == 422
    for new, again in (("pendek", None), ("damardamar", "lain"), ("1234567890", None),
                       (made["password"], None), ("", None)):
        page = change(made["password"], new, again)
        assert page.status == 422 and page.faults(), (new, page.content)
        assert f'value="{new}"' not in page.content
    page = change(made["password"], NEW)
    assert (page.status, page.to) == (303, "/profil?pesan=sandi"), page.content
    assert browser.is_in() and browser.cookies["sesi"] != before
    stale = Browser(server.address)
    stale.cookies["sesi"] = before  # ended by the change
    assert not stale.is_in()
    assert Browser(server.address).sign_in("damar", made["password"]).status == 422
    assert Browser(server.address).sign_in("damar", NEW).status == 303
    server.stop()


def tokens(naskah):
    """A token known before signing in is worth nothing after it; each proof makes another."""
    server = Server(naskah)
    browser = Browser(server.address)
    browser.cookies["sesi"] = "ab" * 32  # an attacker's
    browser.sign_in("sekar", WORK["password"])
    earlier = browser.cookies["sesi"]
    browser.sign_in("sekar", WORK["password"])
    first = browser.cookies["sesi"]
    old = Browser(server.address)
    old.cookies["sesi"] = earlier
    assert first not in (earlier, "ab" * 32) and not old.is_in()
    assert first != "ab" * 32 and re.fullmatch("[0-9a-f]{64}", first)
    twin = Browser(server.address)
    twin.cookies = dict(browser.cookies)
    form = browser.csrf()
    grow_old(naskah, "sekar", proved=6)
    page = browser.get("/profil/kode")
    assert page.to == "/masuk/ulang?ke=/profil/kode", page.to
    assert browser.get(page.to).field("ke") == "/profil/kode"
    assert browser.act("/masuk/ulang", sandi="salah", ke="/profil/kode").status == 422
    page = browser.act("/masuk/ulang", sandi=WORK["password"], ke="/profil/kode")
    assert (page.status, page.to) == (303, "/profil/kode") and browser.cookies["sesi"] != first
    assert not twin.is_in() and browser.is_in()
    # a form that stood open in another tab is good still
    assert browser.post("/profil/sesi", {"csrf": form}).status == 303
    assert rows(naskah, "SELECT count(*) FROM session WHERE hex(token) = ?", first.upper()) == [(0,)]
    server.stop()


def forms(naskah):
    """A change that did not come from a form of this session is refused."""
    server = Server(naskah)
    browser, other = inside(naskah, server, "sekar"), inside(naskah, server, "budi")
    good = browser.csrf()
    strangers = ({"Origin": "http://lain.example"}, {"Origin": "null"},
                 {"Origin": ORIGIN + ".lain.example"}, {"Sec_Fetch_Site": "cross-site"},
                 {"Sec_Fetch_Site": "same-site"}, {"Sec_Fetch_Site": "none"},
                 {"Origin": "https://" + HOST}, {"Origin": None, "Sec_Fetch_Site": None})
    for changed in strangers:
        page = browser.post("/keluar", {"csrf": good}, **changed)
        assert page.status == 403, (changed, page.status)
        assert Browser(server.address).post("/masuk", {"nama": "sekar", "sandi": WORK["password"]},
                                            **changed).status == 403, changed
    for bad in ("", "x", other.csrf(), good[:-1], good + "0", "." * 200, "a" * 5000,
                good.replace(".", ".."), good.upper()):
        assert browser.post("/keluar", {"csrf": bad}).status == 403, bad
    assert browser.post("/keluar").status == 403
    assert browser.get("/keluar").status == 405 and browser.is_in()
    assert browser.post("/keluar", X_CSRF_Token=browser.csrf()).to == "/"
    assert not browser.is_in() and other.is_in()
    server.stop()


def guesses(naskah):
    """Guessing is slowed, tells nothing of who has an account, and does not shut the person out."""
    server = Server(naskah)
    known = inside(naskah, server, "sekar")
    device = known.cookies["perangkat"]
    told = []
    for name in ("sekar", "tidak-ada", "<script>alert(1)</script>", "sekar' OR 1=1 --"):
        page = Browser(server.address).sign_in(name, "salah-salah-salah")
        assert page.status == 422 and "<script>alert" not in page.content, page.content
        told.append(page.faults())
    assert all(one == told[0] for one in told), told
    # the same browser guesses on: five are free
    thief = Browser(server.address)
    waits = [thief.sign_in("sekar", f"tebakan nomor {number}") for number in range(7)]
    assert 429 in [page.status for page in waits], [page.status for page in waits]
    shut = [page for page in waits if page.status == 429][0]
    assert int(shut.headers["retry-after"]) >= 1 and shut.faults()
    # the waits grow: as if some minutes of guessing had gone by
    rows(naskah, "UPDATE login_try SET failures = failures + 8")
    # even the right password waits there now, and does not on the person's own device
    assert thief.sign_in("sekar", WORK["password"]).status == 429
    mine = Browser(server.address)
    mine.cookies["perangkat"] = device
    assert mine.sign_in("sekar", WORK["password"]).status == 303
    # somebody else's device is none of hers
    budi = Browser(server.address)
    budi.cookies["perangkat"] = "cd" * 32
    assert budi.sign_in("sekar", WORK["password"]).status == 429
    for name, password in (("", "x"), ("sekar", ""), ("a" * 5000, "b"), ("sekar", "b" * 60000)):
        assert Browser(server.address).sign_in(name, password).status in (413, 422, 429)
    forgive(naskah)
    server.stop()


def ends(naskah):
    """Sessions end: by signing out, from the list, by time, and when the account is locked."""
    server = Server(naskah)
    first, second, third = (inside(naskah, server, "budi") for _ in range(3))
    ids = [row[0] for row in rows(naskah, "SELECT id FROM session WHERE person = 'budi'")]
    assert len(ids) >= 3
    stranger = inside(naskah, server, "sekar")
    stranger.act("/profil/sesi", sesi=ids[0])  # of somebody else: nothing happens
    assert all(one.is_in() for one in (first, second, third))
    page = first.get("/profil")
    assert "Peramban/1.0" in page.content and page.content.count('name="sesi"') >= 2
    token = second.cookies["sesi"]
    assert second.act("/keluar").to == "/" and "sesi" not in second.cookies
    second.cookies["sesi"] = token
    assert not second.is_in()
    assert first.act("/profil/sesi").to == "/profil?pesan=sesi"
    assert first.is_in() and not third.is_in()
    grow_old(naskah, "budi", seen=31)
    assert not first.is_in()
    fourth = inside(naskah, server, "budi")
    grow_old(naskah, "budi", begun=12 * 60 + 1)
    assert not fourth.is_in()
    fifth = inside(naskah, server, "budi")
    naskah.run("account", "lock", "budi")
    assert not fifth.is_in() and "  terkunci" in naskah.run("account", "list", language="id_ID.UTF-8")[0]
    assert Browser(server.address).sign_in("budi", WORK["password"]).status == 422
    naskah.refuse(6, ["already"], "account", "add", "budi")
    naskah.refuse(3, ["tidak-ada"], "account", "reset", "tidak-ada")
    server.stop()


def mine(naskah):
    """A person sees what happened to his account and no other, and ends what was not he."""
    server = Server(naskah)
    browser, thief = inside(naskah, server, "budi"), inside(naskah, server, "budi")
    thief.get("/profil", User_Agent="Pencuri/2.0")
    Browser(server.address).post("/masuk", {"nama": "budi", "sandi": "tebakan", "ke": "/"},
                                 User_Agent="Mozilla/5.0 (Linux; Android 14) <b>Chrome/1</b>")
    token = naskah.ask("token", "make", "letters:read", "--label", "laporan", "--as", "budi")["token"]
    page = browser.get("/profil/riwayat").content
    assert page.count("127.0.0.1") == 4 and "Chrome, Android" in page and "gagal masuk" in page, page
    assert "token dibuat" in page and "<b>Chrome" not in page
    assert "Chrome, Android" not in inside(naskah, server, "sekar").get("/profil/riwayat").content
    assert browser.post("/profil/riwayat", {}).status == 403 and thief.is_in()
    page = browser.act("/profil/riwayat")
    assert page.to == "/profil/sandi?pesan=bukan-saya", page.content
    assert "kata sandi baru" in browser.get(page.to).content
    assert browser.is_in() and not thief.is_in()
    assert rows(naskah, "SELECT count(*) FROM api_token WHERE person = 'budi'") == [(0,)], token
    assert rows(naskah, "SELECT count(*) FROM login_device WHERE person = 'budi'") == [(0,)]
    assert "orang lain" in browser.get("/profil/riwayat").content
    rows(naskah, "UPDATE login_event SET at = at - ? WHERE person = 'budi'", 91 * 24 * 60 * MINUTE)
    assert "gagal masuk" not in browser.get("/profil/riwayat").content
    inside(naskah, server, "budi")
    assert rows(naskah, "SELECT count(*) FROM login_event WHERE person = 'budi'") == [(1,)]
    server.stop()


def mails(naskah):
    """Whom to tell by mail is the person's choice, and asked only where mail is sent."""
    server = Server(naskah)
    assert 'name="surel"' not in inside(naskah, server, "sekar").get("/profil").content
    server.stop()
    naskah.run("mail", "server", "smtp://127.0.0.1:9", "--from", "naskah@example.go.id", "--site",
               "https://" + HOST)
    server = Server(naskah)
    browser = inside(naskah, server, "sekar")
    assert re.search('id="surel-now"[^>]*checked', browser.get("/profil").content)
    assert browser.act("/profil/surel", surel="daily", bahasa="en").to == "/profil?pesan=surel"
    page = browser.get("/profil").content
    assert re.search('id="surel-daily"[^>]*checked', page) and not re.search('surel-now"[^>]*checked', page)
    assert rows(naskah, "SELECT tasks, language FROM mail_choice WHERE person = 'sekar'") == [("daily", "en")]
    for wish in ({"surel": "setiap-jam"}, {"bahasa": "jv"}):
        assert browser.act("/profil/surel", **wish).status in (400, 422), wish
    server.stop()
    naskah.run("mail", "server", "--off")


def ways(naskah):
    """Nobody is sent to another server, and comes back to what he asked for."""
    server = Server(naskah)
    browser = Browser(server.address)
    assert browser.get("/profil?a=1&b=2").to == "/masuk?ke=/profil%3Fa%3D1%26b%3D2"
    assert browser.get(browser.get("/profil?a=1").to).field("ke") == "/profil?a=1"
    for evil in ("//lain.example", "/\\lain.example", "https://lain.example", "\\\\lain.example",
                 "/\t/lain.example", "javascript:alert(1)", "/%0d%0aX: y\r\nSet-Cookie: a=b", "",
                 "lain.example", "/../..\\x"):
        page = Browser(server.address).sign_in("sekar", WORK["password"], evil)
        assert page.status == 303 and page.to == "/" and "x" not in page.headers, (evil, page.to)
        asked = browser.get("/masuk?ke=" + urllib.parse.quote(evil))
        assert asked.status == 400 or asked.field("ke") == "/", evil
    server.stop()


def codes(naskah):
    """A second factor: each code and each recovery code lets in once."""
    server = Server(naskah)
    browser = inside(naskah, server, "kirana")
    page = browser.get("/profil/kode")
    secret = re.search(r'nsk-proof">([A-Z2-7]{32})<', page.content)[1]
    assert "<svg" in page.content and page.headers.get("content-encoding") is None

    def confirm(ticket, code):
        return browser.act("/profil/kode", tiket=ticket, kode=code)

    wrong = confirm(page.field("tiket"), "000000" if code_of(secret, now_step()) != "000000" else "1")
    assert wrong.status == 422 and secret in wrong.content  # the picture stays the same
    other = inside(naskah, server, "sekar")
    assert other.act("/profil/kode", tiket=page.field("tiket"),
                     kode=code_of(secret, now_step())).status == 422
    for ticket in ("", "x", page.field("tiket")[:-1] + "0", "a." * 300):
        assert confirm(ticket, code_of(secret, now_step())).status == 422
    assert rows(naskah, "SELECT count(*) FROM login_code") == [(0,)]
    step = now_step()
    page = confirm(page.field("tiket"), code_of(secret, step))
    recovery = re.findall(r"<code>([a-z0-9-]{19})</code>", page.content)
    assert page.status == 200 and len(set(recovery)) == 10, page.content
    browser.act("/keluar")

    def first(browser):
        forgive(naskah)
        page = browser.sign_in("kirana", WORK["password"])
        assert page.to == "/masuk/kode?ke=/profil" and "sesi" not in browser.cookies, page.to
        assert not browser.is_in()

    first(browser)
    assert browser.get("/masuk/kode?ke=/profil").field("ke") == "/profil"
    send = lambda one, code: one.post("/masuk/kode", {"kode": code, "ke": "/profil"})
    assert send(browser, code_of(secret, step)).status == 422  # that of the confirmation
    assert send(browser, code_of(secret, step + 1)).to == "/profil" and browser.is_in()
    again = Browser(server.address)
    first(again)
    assert send(again, code_of(secret, step + 1)).status == 422
    assert send(again, recovery[0].upper().replace("-", " ")).to == "/profil" and again.is_in()
    third = Browser(server.address)
    first(third)
    assert send(third, recovery[0]).status == 422
    ticket = third.cookies["langkah"]
    for bad in (ticket[:-1] + ("0" if ticket[-1] != "0" else "1"), ticket.replace("kirana", "sekar"), "x"):
        third.cookies["langkah"] = bad
        assert send(third, recovery[1]).to == "/masuk?ke=/profil" and "langkah" not in third.cookies
    assert "9 " in browser.get("/profil").content  # are left
    # proving again asks for the code, and the password alone does not do
    forgive(naskah)
    grow_old(naskah, "kirana", proved=6)
    assert browser.act("/profil/kode/akhir").to == "/masuk/ulang?ke=/profil"
    assert browser.act("/masuk/ulang", sandi=WORK["password"]).status == 422
    assert browser.act("/masuk/ulang", kode=recovery[2]).status == 303
    assert browser.act("/profil/kode/akhir").to == "/profil?pesan=kode-akhir"
    forgive(naskah)
    assert Browser(server.address).sign_in("kirana", WORK["password"]).to == "/profil"
    WORK["secrets"] = [secret, *recovery, *browser.cookies.values(), NEW]
    server.stop()


def told(naskah):
    """What happened at the door is in the journal, and no secret is anywhere it should not be."""
    server = Server(naskah, "--admin", "127.0.0.1:0")
    browser = inside(naskah, server, "sekar")
    figures = ask(server.admin, "/metrics")[2]
    browser.act("/keluar")
    text = json.dumps(server.stop()) + json.dumps(server.said) + figures
    secrets = [WORK["password"], *WORK["secrets"], *(v for v in browser.cookies.values() if len(v) > 20)]
    for secret in secrets:
        assert len(secret) < 10 or secret not in text, secret
    assert "sekar" not in text and "127.0.0.1" not in re.sub(r'"msg": "[^"]*"', "", text), text
    with open(os.path.join(naskah.folder, "office.db"), "rb") as file:
        kept = file.read()
    for secret in secrets:
        assert len(secret) < 10 or secret.encode() not in kept, secret
    entries = [json.loads(row[0]) for row in rows(
        naskah, "SELECT CAST(entry AS TEXT) FROM journal WHERE letter = 'office/door'")]
    done = {json.dumps(entry) for entry in entries}
    for action in ("signed-in", "signed-out", "sign-in-failed", "password-changed", "proof-given",
                   "codes-begun", "codes-ended", "session-ended", "account-reset", "account-locked"):
        assert any(f'"{action}"' in entry for entry in done), action
    assert not naskah.run("doctor")[1].count("office/door")
    keys = os.path.join(WORK["folder"], "kunci")
    naskah.run("backup", keys, "--keys")
    assert os.path.exists(os.path.join(keys, "keys", "door.key"))
    assert os.stat(os.path.join(naskah.folder, "keys", "door.key")).st_mode & 0o777 == 0o600
    naskah.run("rebuild")


def main():
    with tempfile.TemporaryDirectory() as folder:
        WORK["folder"] = folder
        naskah = Naskah(sys.argv[1], os.path.join(folder, "kantor"))
        out, _ = naskah.run("init", naskah.folder, "--demo", "--empty", "--json", office=False)
        WORK["password"] = json.loads(out.splitlines()[-1])["password"]
        run_cases([alone(case) for case in (given, tokens, forms, guesses, mine, mails, ways, codes, ends, told)],
                  naskah)


if __name__ == "__main__":
    main()
