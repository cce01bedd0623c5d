# SPDX-License-Identifier: GPL-3.0-or-later
"""Those who attack a server: its routes, people in sessions, programs with tokens, and what an attack
left behind."""
import contextlib
import hashlib
import html
import http.client
import json
import os
import re
import sqlite3
import subprocess
import time
import urllib.parse

from web import Logged

SOURCE = os.environ["NASKAH_SOURCE"]
SCOPES = ("letters:read", "letters:write", "tasks:decide", "incoming:write", "archive:read", "records:write",
          "webhooks")
MADE_UP = "01890a5d-ac96-774b-bcce-b302099a8057"
FORM = "application/x-www-form-urlencoded"


def routes():
    """Every route of the server: method, path, body, scope (of the API), visit."""
    said = subprocess.run([os.environ["NASKAH_ROUTES"]], capture_output=True, text=True, check=True)
    return [json.loads(line) for line in said.stdout.splitlines()]


def fill(path, **facts):
    """The path with a value for each piece in braces; what no fact names is made up."""
    return re.sub(r"\{(\w+)\}", lambda piece: facts.get(piece[1], MADE_UP), path)


class Answer:
    def __init__(self, status, headers, data):
        self.status, self.headers, self.data = status, headers, data
        self.text = data.decode("utf-8", "replace")
        self.to = headers.get("location", "")

    def json(self):
        return json.loads(self.text)

    def fields(self):
        """What the hidden fields of its forms carry; the last of a name counts."""
        return {re.search(r'name="([^"]*)"', tag)[1]: html.unescape(re.search(r'value="([^"]*)"', tag)[1])
                for tag in re.findall(r'<input [^>]*type="hidden"[^>]*>', self.text)}

    def __repr__(self):
        return f"{self.status} {self.to} {self.text[:1500]}"


class Peer:
    """Somebody who sends requests: as nobody, in a session, or with a token."""

    def __init__(self, server, token=None, source="127.0.0.1"):
        self.host = server.address.split("//")[1]
        self.origin = server.address
        self.cookies, self.token, self.source = {"lang": "id"}, token, source

    def ask(self, method, path, body=None, **changed):
        """@body: a form's fields, bytes, or nothing.  @changed: headers besides, or in place of, what
        a browser sends; None: without it."""
        sent = {"Accept": "text/html", "User-Agent": "Peramban/1.0",
                "Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items())}
        if self.token:
            sent = {"Accept": "application/json", "Authorization": f"Bearer {self.token}"}
        if method != "GET" and not self.token:
            sent |= {"Origin": self.origin, "Sec-Fetch-Site": "same-origin"}
        if isinstance(body, (dict, list)):
            sent["Content-Type"] = FORM
            body = urllib.parse.urlencode(body, doseq=True).encode()
        for name, value in changed.items():
            sent[name.replace("_", "-")] = value
        sent = {name: value for name, value in sent.items() if value is not None}
        peer = http.client.HTTPConnection(self.host, timeout=120, source_address=(self.source, 0))
        with contextlib.closing(peer):
            try:
                peer.request(method, path, body, sent)
            except (BrokenPipeError, ConnectionResetError):
                pass  # refused before it was sent whole
            try:
                answer = peer.getresponse()
            except http.client.RemoteDisconnected as fault:
                raise AssertionError(f"{method} {path}: closed without an answer") from fault
            named = {}
            for name, value in answer.getheaders():
                name = name.lower()
                named[name] = f"{named[name]}\n{value}" if name in named else value
            data = answer.read()
        for line in named.get("set-cookie", "").splitlines():
            name, _, value = line.split(";")[0].partition("=")
            if "Max-Age=0" in line:
                self.cookies.pop(name, None)
            else:
                self.cookies[name] = value
        return Answer(answer.status, named, data)

    def get(self, path, **changed):
        return self.ask("GET", path, **changed)

    def json(self, method, path, value=None, **changed):
        """What the API answers a program."""
        body = None if value is None else json.dumps(value).encode()
        kind = {} if value is None else {"Content-Type": "application/json"}
        return self.ask(method, path, body, **(kind | changed))

    def sign_in(self, name, password, to="/profil"):
        return self.ask("POST", "/masuk", {"nama": name, "sandi": password, "ke": to})

    def csrf(self):
        return self.get("/profil").fields()["csrf"]

    def act(self, path, **fields):
        """A form of a page of this session."""
        return self.ask("POST", path, {"csrf": self.csrf(), **fields})

    def is_in(self):
        return self.get("/profil").status == 200


class Office:
    """A demo office without letters, and its server."""

    def __init__(self, naskah, *options):
        self.naskah, self.options, self.tokens = naskah, options, {}
        if not os.path.exists(os.path.join(naskah.folder, "office.db")):
            naskah.run("init", naskah.folder, "--demo", "--empty", office=False)
        with open(os.path.join(naskah.folder, "keys/demo-password"), encoding="ascii") as file:
            self.password = file.read().strip()
        self.server = Logged(naskah, "--admin", "127.0.0.1:0", *options)

    def person(self, name):
        """@name in a session that began just now."""
        peer = Peer(self.server)
        answer = peer.sign_in(name, self.password)
        assert answer.status == 303 and answer.to == "/profil", answer
        return peer

    def program(self, name, *scopes):
        """A program with a token of @name, for everything or for @scopes."""
        key = (name, scopes)
        if key not in self.tokens:
            self.tokens[key] = self.naskah.ask("token", "make", *(scopes or SCOPES), "--label", "uji",
                                               person=name)["token"]
        return Peer(self.server, self.tokens[key])

    def query(self, statement, *values):
        with contextlib.closing(sqlite3.connect(os.path.join(self.naskah.folder, "office.db"), 60)) as base:
            with base:
                return base.execute(statement, values).fetchall()

    def state(self):
        """What there is, table by table, once followers have done what there was to do; but when
        somebody was seen last, what failed at the door, and who read a secret letter that he may."""
        passing = {"session", "login_try", "lease", "api_answer", "reading"}
        for _ in range(300):
            if self.query("SELECT (SELECT count(*) FROM outbox) + (SELECT count(*) FROM journal_pending)") == [(0,)]:
                break
            time.sleep(0.1)
        tables = [name for name, in self.query("SELECT name FROM sqlite_master WHERE type = 'table'")]
        found = {name: self.query(f'SELECT count(*) FROM "{name}"')[0][0]
                 for name in tables if name not in passing}
        read = self.query("SELECT count(*) FROM journal WHERE substr(CAST(entry AS TEXT), 12, 14) IN"
                          " ('letter-opened\"', 'letter-taken\",', 'history-opened')")[0][0]
        found["journal"] -= read
        found["journal_leaf"] -= read
        return found

    def new_letter(self, *change, person="damar", position="staf-persuratan", kind="surat-dinas"):
        with open(os.path.join(SOURCE, f"templates/letters/{kind}.sample.xml"), encoding="utf-8") as file:
            xml = file.read()
        for old, new in change:
            assert old in xml, old
            xml = xml.replace(old, new)
        made = self.program(person).json("POST", "/api/v1/letters", {"xml": xml, "position": position})
        assert made.status == 201, made
        return made.json()["letter"]

    def task(self, letter, person):
        """(address in the API, ETag) of the one task of the letter that waits for the person."""
        program = self.program(person)
        page = program.json("GET", "/api/v1/tasks?limit=500").json()
        names = [task["task"] for task in page["tasks"] if task["letter"] == letter]
        assert len(names) == 1, page
        path = "/api/v1/tasks/" + urllib.parse.quote(names[0])
        return path, program.json("GET", path).headers["etag"].replace("-gz", "")

    def decide(self, letter, person, outcome, **more):
        path, etag = self.task(letter, person)
        answer = self.program(person).json("POST", path + "/decision", dict(outcome=outcome, **more),
                                           If_Match=etag)
        assert answer.status == 200, answer


def digest(value):
    return hashlib.sha256(json.dumps(value, sort_keys=True).encode()).hexdigest()
