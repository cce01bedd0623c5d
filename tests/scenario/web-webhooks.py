#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""web-webhooks.py NASKAH: other programs are told what happens (Standard Webhooks).  The receiver is a
real one on this machine, which checks each signature by itself, and takes, refuses, is silent, leads
elsewhere or never ends, as each case wants."""
import base64
import hashlib
import hmac
import http.client
import http.server
import json
import os
import re
import signal
import sqlite3
import ssl
import sys
import tempfile
import threading
import time

from importlib import import_module
from tap import Naskah, run_cases, tool
from web import Logged, alone

api = import_module("web-api")
pages_of = import_module("web-pages")
WORK = {}
PATH = "/api/v1/webhooks"
DAY = 24 * 3600 * 1000000


class Receiver:
    """Keeps what it is sent, and answers as the case wants."""

    def __init__(self, certificate=None):
        self.got, self.secret, self.answer = [], None, (200, b"", {})
        self.hold = None  # an event: silent until it is set
        self.endless = False
        outer = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_POST(self):
                body = self.rfile.read(int(self.headers["Content-Length"]))
                outer.got.append((self.path, dict((k.lower(), v) for k, v in self.headers.items()), body))
                if outer.hold is not None:
                    outer.hold.wait(120)
                    return
                status, content, headers = outer.answer
                self.send_response(status)
                for name, value in headers.items():
                    self.send_header(name, value)
                if outer.endless:
                    self.end_headers()
                    try:
                        while True:
                            self.wfile.write(b"x" * 65536)
                    except OSError:
                        return
                self.send_header("Content-Length", str(len(content)))
                self.end_headers()
                self.wfile.write(content)

            do_GET = do_POST

            def log_message(self, *_):
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        self.scheme = "http"
        if certificate is not None:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(*certificate)
            self.server.socket = context.wrap_socket(self.server.socket, server_side=True)
            self.scheme = "https"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    @property
    def url(self):
        return f"{self.scheme}://127.0.0.1:{self.server.server_port}/terima"

    def wait(self, count, seconds=300):
        end = time.monotonic() + seconds
        while len(self.got) < count and time.monotonic() < end:
            time.sleep(0.1)
        assert len(self.got) >= count, f"{len(self.got)} requests, expected {count}"
        return self.got

    def close(self):
        if self.hold is not None:
            self.hold.set()
        self.server.shutdown()
        self.server.server_close()


def proof(secret, headers, body):
    """As the specification has it, by this program's own means."""
    key = base64.b64decode(secret.removeprefix("whsec_"))
    text = headers["webhook-id"].encode() + b"." + headers["webhook-timestamp"].encode() + b"." + body
    return "v1," + base64.b64encode(hmac.new(key, text, hashlib.sha256).digest()).decode()


def check(request, *secrets):
    """The content of a request, whose signatures are those of the secrets in that order."""
    _, headers, body = request
    assert headers["webhook-signature"].split(" ") == [proof(one, headers, body) for one in secrets], headers
    assert headers["webhook-id"].startswith("msg_") and len(headers["webhook-id"]) == 40, headers
    assert abs(int(headers["webhook-timestamp"]) - time.time()) < 300, headers
    assert headers["content-type"] == "application/json", headers
    return json.loads(body)


def good(status, method, path, body=None, **headers):
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return api.good(status, method, path, body, token=WORK["token"], headers=named)


def bad(status, code, method, path, body=None, token=None, **headers):
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return api.bad(status, code, method, path, body, token=token or WORK["token"], headers=named)


def database(*statement):
    with sqlite3.connect(os.path.join(WORK["naskah"].folder, "office.db"), timeout=60) as rows:
        return rows.execute(*statement).fetchall()


def add(receiver, *events, **more):
    _, made = good(201, "POST", PATH, dict(label="Uji", url=receiver.url, events=list(events), **more))
    api.valid(made, {"$ref": "#/components/schemas/WebhookMade"})
    receiver.secret = made["secret"]
    return made["id"]


def remove(webhook):
    etag = good(200, "GET", f"{PATH}/{webhook}")[0]["etag"].replace("-gz", "")
    good(200, "DELETE", f"{PATH}/{webhook}", If_Match=etag)


def deliveries(webhook, query=""):
    _, page = good(200, "GET", f"{PATH}/{webhook}/deliveries{query}")
    api.valid(page, {"$ref": "#/components/schemas/WebhookDeliveries"})
    return page["deliveries"]


def settled(webhook, event, state, seconds=300):
    """The delivery, once it is in that state."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        for row in deliveries(webhook):
            if row["event"] == event and row["state"] == state and row["attempts"]:
                return row
        time.sleep(0.2)
    raise AssertionError(f"not {state}: {deliveries(webhook)}")


def ping(webhook):
    return good(200, "POST", f"{PATH}/{webhook}/ping")[1]["event"]


def tried(webhook, event, count=1, seconds=300):
    """The delivery, once it was tried so often and waits."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        for row in deliveries(webhook):
            if row["event"] == event and len(row["attempts"]) >= count:
                return row
        time.sleep(0.2)
    raise AssertionError(f"not tried: {deliveries(webhook)}")


def made_certificate(name, folder):
    """A certificate of this machine that signs itself, and its key."""
    cert, key = (os.path.join(folder, f"{name}.{part}") for part in ("pem", "key"))
    tool("openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes",
         "-keyout", key, "-out", cert, "-days", "2", "-subj", f"/CN={name}", "-addext",
         "subjectAltName=IP:127.0.0.1")
    return cert, key


def begin(naskah):
    """A server, and a program of who looks after the office."""
    naskah.run("init", naskah.folder, "--demo", "--empty", office=False)
    naskah.run("account", "appoint", "ratna")
    folder = os.path.dirname(naskah.folder)
    WORK.update(known=made_certificate("dikenal", folder), other=made_certificate("asing", folder))
    naskah.run("webhook", "hosts", "127.0.0.1", "--ca", os.path.relpath(WORK["known"][0]))
    naskah.run("mail", "gateway", "http://127.0.0.1:9/", "--site", "http://127.0.0.1:1")
    pages_of.WORK.update(known=set())
    shown = naskah.ask("webhook", "hosts")
    assert shown == {"hosts": ["127.0.0.1"], "ca": WORK["known"][0]}, shown
    WORK["naskah"] = naskah
    WORK["token"] = naskah.ask("token", "make", "webhooks", "--label", "uji", person="ratna")["token"]
    api.OFFICE["tokens"] = {
        person: naskah.ask("token", "make", "letters:read", "letters:write", "tasks:decide",
                           "incoming:write", "archive:read", "--label", "uji", person=person)["token"]
        for person in ("damar", "kirana", "budi", "sekar", "wening")}
    WORK["stranger"] = naskah.ask("token", "make", "webhooks", "--label", "uji", person="damar")["token"]
    api.OFFICE["server"] = WORK["server"] = Logged(naskah)


def told(_naskah):
    """What happens is told with ids and a link alone, each once, signed; secret letters never."""
    receiver = Receiver()
    webhook = add(receiver)
    chosen = Receiver()
    other = add(chosen, "letter.submitted")
    letter = api.new_letter()
    api.decide(letter, "damar", "submit")
    secret = api.new_letter(change=[("<security>biasa<", "<security>rahasia<")])
    api.decide(secret, "damar", "submit")
    came = api.register()
    receiver.wait(6)
    last = ping(webhook)
    settled(webhook, last, "sent")
    found = [check(one, receiver.secret) for one in receiver.got]
    types = [(one["type"], one["data"].get("letter")) for one in found]
    for expected in (("letter.created", letter), ("letter.submitted", letter), ("task.created", letter),
                     ("incoming.registered", came), ("task.created", came), ("webhook.ping", None)):
        assert expected in types, (expected, types)
    assert all(name != secret for _, name in types), types
    assert secret not in json.dumps(database("SELECT letter FROM webhook_delivery"))
    whole = b"".join(body for _, _, body in receiver.got).decode()
    for word in ("Undangan", "Permohonan", "Dinas", "damar", "kirana", "kepala-", "subject", "name"):
        assert word not in whole, (word, whole)
    for one in found:
        assert set(one) == {"type", "timestamp", "data"}, one
        assert set(one["data"]) <= {"letter", "task", "link", "api"}, one
        if one["type"] == "task.created":
            status, _, _ = api.ask("GET", one["data"]["api"], person="kirana" if one["data"]["letter"] == letter
                                   else "wening")
            assert status in (200, 404), one  # 404: the draft's own task is done
    ids = [headers["webhook-id"] for _, headers, _ in receiver.got]
    assert len(ids) == len(set(ids)), ids
    (only,) = chosen.wait(1)
    assert check(only, chosen.secret)["type"] == "letter.submitted"
    rows = deliveries(webhook)
    assert [row["event"] for row in rows] == sorted((row["event"] for row in rows), reverse=True)
    assert {"msg_" + row["event"] for row in rows} == set(ids)
    for one in (webhook, other):
        remove(one)
    assert good(200, "GET", PATH)[1] == {"webhooks": []}
    receiver.close()
    chosen.close()


def pages(_naskah):
    """The log of deliveries comes in pages, the newest first."""
    receiver = Receiver()
    webhook = add(receiver)
    events = [ping(webhook) for _ in range(5)]
    settled(webhook, events[-1], "sent")
    got, path = [], f"{PATH}/{webhook}/deliveries?limit=2"
    while path:
        headers, page = good(200, "GET", path)
        got += [row["event"] for row in page["deliveries"]]
        link = headers.get("link", "")
        path = link.split(">")[0][1:] if 'rel="next"' in link else None
    assert got == events[::-1], (got, events)
    assert deliveries(webhook, "?state=failed") == []
    bad(400, "query", "GET", f"{PATH}/{webhook}/deliveries?state=x")
    bad(400, "query", "GET", f"{PATH}/{webhook}/deliveries?after=x")
    remove(webhook)
    receiver.close()


def failing(_naskah):
    """What fails is tried again with the same id, later and later; what is said of it is kept."""
    receiver = Receiver()
    receiver.answer = (500, b"rusak", {})
    webhook = add(receiver)
    event = ping(webhook)
    row = tried(webhook, event)
    assert row["state"] == "waiting" and row["attempts"][0]["status"] == 500, row
    assert good(200, "GET", f"{PATH}/{webhook}")[1]["failing"] is not None
    first, = database("SELECT ready - (SELECT at FROM webhook_attempt a WHERE a.event = d.event) FROM"
                      " webhook_delivery d WHERE event = ?", (event,))[0]
    assert 4_000_000 < first < 60_000_000, first
    receiver.answer = (503, b"", {"Retry-After": "7200"})
    receiver.wait(2)
    tried(webhook, event, 2)
    second, = database("SELECT ready - (SELECT max(at) FROM webhook_attempt a WHERE a.event = d.event)"
                       " FROM webhook_delivery d WHERE event = ?", (event,))[0]
    assert second > 7000_000_000, second
    receiver.answer = (204, b"", {})
    good(200, "POST", f"{PATH}/{webhook}/deliveries/{event}/replay")
    receiver.wait(3)
    row = settled(webhook, event, "sent")
    assert [one["status"] for one in row["attempts"]] == [204, 503, 500], row
    ids = {headers["webhook-id"] for _, headers, _ in receiver.got}
    assert ids == {"msg_" + event} and len(receiver.got) == 3, receiver.got
    assert len({body for _, _, body in receiver.got}) == 1
    for one in receiver.got:
        check(one, receiver.secret)
    assert good(200, "GET", f"{PATH}/{webhook}")[1]["failing"] is None
    remove(webhook)
    receiver.close()


def side_by_side(_naskah):
    """Receivers that are silent do not keep another one from being told."""
    silent = [Receiver() for _ in range(6)]
    receiver = Receiver()
    webhooks = []
    for one in silent:
        one.hold = threading.Event()
        webhooks.append(add(one))
    webhooks.append(add(receiver))
    began = time.monotonic()
    events = [ping(webhook) for webhook in webhooks]
    receiver.wait(1, 40)  # each of the others is silent for ten seconds
    assert time.monotonic() - began < 40
    settled(webhooks[-1], events[-1], "sent")
    for one, webhook, event in zip(silent, webhooks, events):
        tried(webhook, event)
        one.hold.set()
        one.hold = None
        remove(webhook)
        one.close()
    remove(webhooks[-1])
    receiver.close()


def hostile(_naskah):
    """An answer that leads elsewhere, has no end or never comes is a failure, and hurts nobody else."""
    elsewhere = Receiver()
    receiver = Receiver()
    webhook = add(receiver)
    receiver.answer = (302, b"", {"Location": elsewhere.url})
    row = tried(webhook, ping(webhook))
    assert row["attempts"][0]["status"] == 302 and elsewhere.got == [], row
    remove(webhook)
    receiver.close()

    receiver = Receiver()
    receiver.endless = True
    webhook = add(receiver)
    row = tried(webhook, ping(webhook))
    assert "65536" in row["attempts"][0]["fault"] and row["attempts"][0]["took"] < 11_000, row
    remove(webhook)
    receiver.close()

    silent, patient = Receiver(), Receiver()
    silent.hold = threading.Event()
    bad_one, good_one = add(silent), add(patient)
    events = [ping(bad_one) for _ in range(3)]
    silent.wait(1)
    settled(good_one, ping(good_one), "sent")
    row = tried(bad_one, events[0])
    assert row["attempts"][0]["status"] == 0 and row["attempts"][0]["took"] >= 9_000, row
    # the others of that webhook were not tried in vain
    assert len(silent.got) <= 2, silent.got
    for one in (bad_one, good_one):
        remove(one)
    for one in (silent, patient, elsewhere):
        one.close()


def encrypted(_naskah):
    """A receiver is told over TLS if its certificate holds; else it gets nothing."""
    known, other = Receiver(WORK["known"]), Receiver(WORK["other"])
    webhooks = [add(known), add(other)]
    settled(webhooks[0], ping(webhooks[0]), "sent")
    assert check(known.got[0], known.secret)["type"] == "webhook.ping"
    row = tried(webhooks[1], ping(webhooks[1]))
    assert "certificate" in row["attempts"][0]["fault"] or "sertifikat" in row["attempts"][0]["fault"], row
    assert row["attempts"][0]["status"] == 0 and other.got == [], row
    for one in webhooks:
        remove(one)
    known.close()
    other.close()


def replayed(_naskah):
    """All since a moment is told once more, with the ids of before."""
    receiver = Receiver()
    webhook = add(receiver, "letter.created")
    letters = [api.new_letter() for _ in range(3)]
    receiver.wait(3)
    settled(webhook, deliveries(webhook)[0]["event"], "sent")
    first = {headers["webhook-id"]: body for _, headers, body in receiver.got}
    second = min(row["at"] for row in deliveries(webhook) if row["letter"] == letters[1])
    moment = second[:19] + "Z"
    _, answer = good(200, "POST", f"{PATH}/{webhook}/replay", {"since": moment})
    assert 2 <= answer["queued"] <= 3, answer
    receiver.wait(3 + answer["queued"])
    for _, headers, body in receiver.got[3:]:
        assert first[headers["webhook-id"]] == body
    bad(404, "not-found", "POST", f"{PATH}/{webhook}/deliveries/{webhook}/replay")
    for moment in ("kemarin", "", "2026-07-22", "2026-13-01T00:00:00Z"):
        bad(422, "invalid", "POST", f"{PATH}/{webhook}/replay", {"since": moment})
    remove(webhook)
    receiver.close()


def rotated(_naskah):
    """A new secret is good beside that of before, until its hours are over."""
    receiver = Receiver()
    webhook = add(receiver)
    old = receiver.secret
    _, answer = good(200, "POST", f"{PATH}/{webhook}/secret", {"hours": 2})
    new = answer["secret"]
    assert new != old and answer["old_secret_until"], answer
    settled(webhook, ping(webhook), "sent")
    check(receiver.got[-1], new, old)
    database("UPDATE webhook SET old_until = 1 WHERE id = ?", (webhook,))
    settled(webhook, ping(webhook), "sent")
    check(receiver.got[-1], new)
    _, answer = good(200, "POST", f"{PATH}/{webhook}/secret", {"hours": 0})
    settled(webhook, ping(webhook), "sent")
    check(receiver.got[-1], answer["secret"])
    bad(422, "invalid", "POST", f"{PATH}/{webhook}/secret", {"hours": 169})
    stored = json.dumps([database(f"SELECT * FROM {table}") for table in ("webhook", "setting")], default=repr)
    for one in (old, new, answer["secret"]):
        assert one not in stored and one.removeprefix("whsec_") not in stored
    remove(webhook)
    receiver.close()


def switched_off(naskah):
    """What fails for days, or says that it is gone, is switched off, and the doctor says so."""
    receiver = Receiver()
    receiver.answer = (500, b"", {})
    webhook = add(receiver)
    event = ping(webhook)
    tried(webhook, event)
    database("UPDATE webhook SET failing = failing - ? WHERE id = ?", (6 * DAY, webhook))
    database("UPDATE webhook_delivery SET ready = 0, queued = queued - ? WHERE event = ?", (4 * DAY, event))
    row = settled(webhook, event, "failed")
    assert len(row["attempts"]) >= 2, row
    _, shown = good(200, "GET", f"{PATH}/{webhook}")
    assert not shown["active"] and shown["why"] == "failing", shown
    assert any("switched off" in json.dumps(one) or "dimatikan" in json.dumps(one)
               for one in naskah.ask("doctor", status=1)["issues"])
    count = len(receiver.got)
    api.new_letter()
    assert database("SELECT count(*) FROM webhook_delivery WHERE letter <> ''") == [(0,)]
    receiver.answer = (200, b"", {})
    headers, shown = good(200, "GET", f"{PATH}/{webhook}")
    good(200, "PUT", f"{PATH}/{webhook}", {"label": "Lagi", "url": receiver.url},
         If_Match=headers["etag"].replace("-gz", ""))
    assert len(receiver.got) == count
    settled(webhook, ping(webhook), "sent")
    receiver.answer = (410, b"", {})
    row = settled(webhook, ping(webhook), "failed")
    _, shown = good(200, "GET", f"{PATH}/{webhook}")
    assert row["tries"] == 1 and shown["why"] == "gone", (row, shown)
    remove(webhook)
    receiver.close()


def refused(_naskah):
    """Addresses that are not for webhooks, states that were not seen, strangers: each is refused."""
    receiver = Receiver()
    for url in ("http://surat.example/x", "ftp://127.0.0.1/", "https://budi:sandi@surat.example/",
                "https://surat.example/#x", "surat", "", "https://" + "a" * 3000):
        bad(422, "invalid", "POST", PATH, {"label": "Uji", "url": url})
    bad(422, "invalid", "POST", PATH, {"label": " ", "url": receiver.url})
    bad(422, "invalid", "POST", PATH, {"label": "Uji", "url": receiver.url, "events": ["letter.gone"]})
    bad(422, "members", "POST", PATH, {"label": "Uji", "url": receiver.url, "secret": "whsec_x"})
    for hidden in ("https://127.0.0.2:1/", "https://[::ffff:10.0.0.1]:1/", "https://169.254.169.254/",
                   "https://0x7f000002:1/", "https://localhost:1/"):
        _, made = good(201, "POST", PATH, {"label": "Uji", "url": hidden})
        row = tried(made["id"], ping(made["id"]))
        fault = row["attempts"][0]["fault"]
        assert "private address" in fault or "alamat privat" in fault, row
        remove(made["id"])
    webhook = add(receiver)
    path = f"{PATH}/{webhook}"
    headers, _ = good(200, "GET", path)
    etag = headers["etag"].replace("-gz", "")
    wish = {"label": "Lain", "url": receiver.url, "active": False}
    bad(428, "if-match", "PUT", path, wish)
    bad(412, "stale", "PUT", path, wish, If_Match='"' + "0" * 64 + '"')
    bad(412, "stale", "DELETE", path, If_Match='"' + "0" * 64 + '"')
    first = good(200, "PUT", path, wish, If_Match=etag, Idempotency_Key="ubah-1")[1]
    again = good(200, "PUT", path, wish, If_Match=etag, Idempotency_Key="ubah-1")[1]
    assert first == again and first["why"] == "person" and first["version"] == 2, (first, again)
    bad(412, "stale", "PUT", path, wish, If_Match=etag)
    bad(422, "idempotency-key", "PUT", path, dict(wish, label="x"), If_Match=etag, Idempotency_Key="ubah-1")
    one = good(201, "POST", PATH, {"label": "Dua", "url": receiver.url}, Idempotency_Key="buat-1")[1]
    two = good(201, "POST", PATH, {"label": "Dua", "url": receiver.url}, Idempotency_Key="buat-1")[1]
    assert one == two, (one, two)
    remove(one["id"])
    # who does not look after the office finds nothing, whatever his token is for
    for method, where, body in (("GET", PATH, None), ("GET", path, None), ("POST", PATH, wish),
                                ("POST", path + "/ping", None), ("POST", path + "/secret", {"hours": 1}),
                                ("GET", path + "/deliveries", None), ("PUT", path, wish), ("DELETE", path, None)):
        bad(404, "not-found", method, where, body, token=WORK["stranger"], If_Match=etag)
    bad(403, "scope", "GET", PATH, token=api.OFFICE["tokens"]["damar"])
    assert good(200, "GET", path)[1]["version"] == 2
    assert receiver.got == []
    remove(webhook)
    receiver.close()


def on_pages(naskah):
    """Who looks after the office adds, tries, replays, changes and removes a webhook on pages."""
    receiver = Receiver()
    ratna = pages_of.visitor(naskah, WORK["server"], "ratna")
    # who has a new password has no tokens of before
    WORK["token"] = naskah.ask("token", "make", "webhooks", "--label", "uji", person="ratna")["token"]
    ratna.get("/kelola/webhook")
    assert ratna.status == 200 and "/kelola/webhook/baru" in ratna.page, ratna.page
    ratna.get("/kelola/webhook/baru")
    ratna.post("/kelola/webhook/baru", nama="Gerbang <b>SPBE", alamat="http://surat.example/x")
    assert ratna.status == 422 and "https://" in ratna.page and "<b>" not in ratna.page, ratna.page
    ratna.post("/kelola/webhook/baru", nama="Gerbang <b>SPBE", alamat=receiver.url, **{"p-letter.created": "1"})
    assert ratna.status == 200 and "<b>" not in ratna.page, ratna.page
    receiver.secret = re.search(r"whsec_[A-Za-z0-9+/=]+", ratna.page)[0]
    path = re.search(r'action="(/kelola/webhook/[0-9a-f-]{36})"', ratna.page)[1]
    webhook = path.rsplit("/", 1)[1]
    assert "whsec_" not in ratna.get(path) and ratna.status == 200
    assert good(200, "GET", f"{PATH}/{webhook}")[1]["events"] == ["letter.created"]
    ratna.post(path, tindakan="coba")
    assert ratna.status == 200, ratna.page
    (row,) = deliveries(webhook)
    settled(webhook, row["event"], "sent")
    assert "webhook.ping" in ratna.get(path) and "sampai" in ratna.page, ratna.page
    ratna.post(path, tindakan="ulang", peristiwa=row["event"])
    assert ratna.status == 200, ratna.page
    receiver.wait(2)
    assert {headers["webhook-id"] for _, headers, _ in receiver.got} == {"msg_" + row["event"]}
    check(receiver.got[-1], receiver.secret)
    letter = api.new_letter()
    receiver.wait(3)
    assert check(receiver.got[2], receiver.secret)["data"]["letter"] == letter
    settled(webhook, deliveries(webhook)[0]["event"], "sent")
    ratna.get(path)
    ratna.post(path, tindakan="sejak", sejak="")
    assert ratna.status == 422, ratna.page
    ratna.get(path)
    ratna.post(path, tindakan="sejak", sejak="2020-01-01")
    receiver.wait(4)
    assert receiver.got[3][1]["webhook-id"] == receiver.got[2][1]["webhook-id"]
    ratna.get(path)
    ratna.post(path, tindakan="ubah", nama="Lain", alamat=receiver.url, versi="7")
    assert ratna.status == 422, ratna.page
    ratna.get(path)
    ratna.post(path, tindakan="ubah", nama="Lain", alamat=receiver.url)
    assert ratna.status == 200 and good(200, "GET", f"{PATH}/{webhook}")[1]["why"] == "person"
    ratna.post(path, tindakan="rahasia")
    assert ratna.status == 200 and "whsec_" in ratna.page and receiver.secret not in ratna.page
    ratna.get(path)
    assert ratna.send("POST", path, dict(ratna.fields(), tindakan="lain")) == 404
    ratna.get(path)
    ratna.post(path, tindakan="hapus")
    assert ratna.status == 200 and "Lain" not in ratna.get("/kelola/webhook")
    assert ratna.send("GET", path) == 404
    damar = pages_of.visitor(naskah, WORK["server"], "damar")
    assert damar.send("GET", "/kelola/webhook") == 404
    # a chat in place of mail
    assert "obrolan" in damar.get("/profil"), damar.page
    damar.post("/profil/surel", surel="now", bahasa="id", jalan="obrolan", nomor="12<b>")
    assert damar.status == 422 and "0812-3456-7890" in damar.page and "12&lt;b&gt;" in damar.page, damar.page
    assert "Jalan" not in damar.page and "<b>" not in damar.page
    damar.get("/profil")
    damar.post("/profil/surel", surel="now", bahasa="id", jalan="obrolan", nomor="0812 3456 7890")
    assert damar.status == 200 and "+6281234567890" in damar.page, damar.page
    assert naskah.ask("mail", "choose", person="damar")["handle"] == "+6281234567890"
    damar.post("/profil/surel", surel="daily", bahasa="en", jalan="surel", nomor="0812 3456 7890")
    chosen = naskah.ask("mail", "choose", person="damar")
    assert (chosen["handle"], chosen["tasks"], chosen["language"]) == (None, "daily", "en"), chosen
    receiver.close()


def killed(naskah):
    """A server that is killed between a request and its record sends it again with the same id."""
    receiver = Receiver()
    receiver.hold = threading.Event()
    webhook = add(receiver)
    event = ping(webhook)
    receiver.wait(1)
    server = WORK["server"]
    server.child.send_signal(signal.SIGKILL)
    server.child.wait(60)
    receiver.hold.set()
    receiver.hold = None
    (state, tries), = database("SELECT state, tries FROM webhook_delivery WHERE event = ?", (event,))
    assert (state, tries) == ("waiting", 1), (state, tries)
    assert database("SELECT count(*) FROM webhook_attempt WHERE event = ?", (event,)) == [(0,)]
    # whose claim ends in minutes: this is not waited for
    database("UPDATE webhook_delivery SET ready = 0 WHERE event = ?", (event,))
    api.OFFICE["server"] = WORK["server"] = Logged(naskah)
    row = settled(webhook, event, "sent")
    assert row["tries"] == 2, row
    ids = [headers["webhook-id"] for _, headers, _ in receiver.got]
    assert ids == ["msg_" + event] * 2 and receiver.got[0][2] == receiver.got[1][2], receiver.got
    for one in receiver.got:
        check(one, receiver.secret)
    remove(webhook)
    receiver.close()


def end(_naskah):
    """The log and the histories have no secret and no address of a receiver."""
    lines = json.dumps(WORK["server"].stop())
    assert "whsec_" not in lines and "/terima" not in lines, lines[-3000:]
    actions = {row[0] for row in database("SELECT json_extract(CAST(entry AS TEXT), '$.action') FROM journal"
                                          " WHERE letter = 'office/door'")}
    assert {"webhook-added", "webhook-changed", "webhook-removed", "webhook-replayed",
            "webhook-secret-renewed", "webhook-switched-off"} <= actions, actions


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as folder:
        sys.exit(run_cases([begin, told, pages, failing, side_by_side, hostile, encrypted, replayed, rotated, switched_off, refused,
                            on_pages, killed, end], Naskah(sys.argv[1], os.path.join(folder, "kantor"))))
