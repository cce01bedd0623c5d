#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""web-api.py NASKAH: the API of `naskah serve`, as programs use and abuse it.  Every operation of the
description is done as its example says, and each answer is held against its schema."""
import http.client
import json
import os
import re
import sys
import tempfile
import threading
import time
import urllib.parse

import jsonschema

from tap import Naskah, run_cases
from web import Logged, Server

SOURCE = os.environ["NASKAH_SOURCE"]
SAMPLES = os.path.join(SOURCE, "templates/letters")
with open(os.path.join(SOURCE, "templates/api/openapi.json"), encoding="utf-8") as FILE:
    API = json.load(FILE)
OPERATIONS = {operation["operationId"]: (method.upper(), path, operation)
              for path, methods in API["paths"].items() for method, operation in methods.items()}
OFFICE = {}  # tokens by person; "server"; "session": what only somebody who signed in may do
IN_PERSON = {"listTokens", "makeToken", "revokeToken"}


def sample(kind):
    with open(os.path.join(SAMPLES, f"{kind}.sample.xml"), encoding="utf-8") as file:
        return file.read()


def ask(method, path, body=None, person="damar", headers=(), token=None, raw=None):
    """(status, headers by small name, content: parsed if it is JSON)."""
    host, port = OFFICE["server"].address.removeprefix("http://").split(":")
    peer = http.client.HTTPConnection(host, int(port), timeout=60)
    sent = dict(headers)
    secret = token if token is not None else OFFICE["tokens"].get(person)
    if secret:
        sent.setdefault("Authorization", f"Bearer {secret}")
    data = raw
    if body is not None:
        data = json.dumps(body).encode()
        sent.setdefault("Content-Type", "application/json")
    try:
        peer.request(method, path, body=data, headers=sent)
    except BrokenPipeError:
        pass  # refused before it was sent whole
    answer = peer.getresponse()
    content = answer.read()
    named = {}
    for name, value in answer.getheaders():
        named[name.lower()] = f"{named[name.lower()]}, {value}" if name.lower() in named else value
    peer.close()
    if "json" in named.get("content-type", ""):
        content = json.loads(content)
    return answer.status, named, content


def good(status, *args, **options):
    got, headers, content = ask(*args, **options)
    assert got == status, (args, got, content)
    return headers, content


def bad(status, code, *args, **options):
    """A problem of that status and code, whole as RFC 9457 has it."""
    got, headers, content = ask(*args, **options)
    assert got == status and headers["content-type"] == "application/problem+json", (args, got, content)
    assert content["code"] == code and content["status"] == status, (args, content)
    assert content["type"] == f"urn:naskah:problem:{code}" and content["title"], content
    valid(content, {"$ref": "#/components/schemas/Problem"})
    return content


def valid(value, schema):
    whole = dict(schema, components=API["components"])
    faults = [f"{fault.json_path}: {fault.message}"
              for fault in jsonschema.Draft202012Validator(whole).iter_errors(value)]
    assert not faults, (schema, faults)


def new_letter(person="damar", kind="surat-dinas", change=None):
    xml = sample(kind)
    for old, new in change or ():
        assert old in xml, old
        xml = xml.replace(old, new)
    _, made = good(201, "POST", "/api/v1/letters", {"xml": xml, "position": "staf-persuratan"}, person)
    return made["letter"]


def tag(path, person="damar"):
    headers, _ = good(200, "GET", path, person=person)
    return headers["etag"].replace("-gz", "")


def open_task(letter, person):
    """(path, ETag) of the one task of the letter that waits for the person."""
    _, page = good(200, "GET", "/api/v1/tasks?limit=500", person=person)
    names = [task["task"] for task in page["tasks"] if task["letter"] == letter]
    assert len(names) == 1, page
    path = "/api/v1/tasks/" + urllib.parse.quote(names[0])
    return path, tag(path, person)


def decide(letter, person, outcome, status=200, **more):
    path, etag = open_task(letter, person)
    return good(status, "POST", path + "/decision", dict(outcome=outcome, **more), person,
                headers={"If-Match": etag})[1]


def in_review():
    letter = new_letter()
    decide(letter, "damar", "submit")
    return letter


def register(**more):
    OFFICE["registered"] = OFFICE.get("registered", 0) + 1
    body = dict(channel="pos", origin="Dinas Pengairan", subject="Permohonan Narasumber",
                number=f"{OFFICE['registered']}/DP/2026", classification="KP.08.1",
                to=["kepala-biro-umum"], **more)
    return good(201, "POST", "/api/v1/incoming", body, "wening")[1]["letter"]


def passed_on():
    letter = register()
    path, _ = open_task(letter, "wening")
    good(200, "POST", path.replace("/tasks/", "/incoming/") + "/forwarding", {"act": "forward"}, "wening")
    return letter


def begin(naskah):
    """An office with a server, where programs have tokens."""
    naskah.run("init", naskah.folder, "--demo", "--empty", office=False)
    OFFICE["server"] = Logged(naskah)
    OFFICE["folder"] = naskah.folder
    OFFICE["tokens"] = {
        person: naskah.ask("token", "make", "letters:read", "letters:write", "tasks:decide",
                           "incoming:write", "archive:read", "records:write", "webhooks", "--label", "uji",
                           person=person)["token"]
        for person in ("damar", "kirana", "budi", "sekar", "wening", "naufal")}
    naskah.run("account", "appoint", "ratna")
    naskah.run("records", "load", os.path.join(SOURCE, "templates/records/kementerian.csv"))
    OFFICE["tokens"]["ratna"] = naskah.ask("token", "make", "webhooks", "--label", "uji", person="ratna")["token"]
    _, shown = good(200, "GET", "/api/v1/openapi.json", person="")
    assert shown == API
    listed = naskah.ask("token", "list", person="damar")["tokens"]
    assert len(listed) == 1 and "token" not in listed[0], listed


def scenes():
    """How each operation finds what it is about: operation -> (person, what stands for the ids and
    the tag of its example)."""
    def draft():
        letter = new_letter()
        return "damar", {"letter": letter}, tag(f"/api/v1/letters/{letter}")

    def review():
        letter = in_review()
        path, etag = open_task(letter, "kirana")
        return "kirana", {"letter": letter, "key": urllib.parse.unquote(path.rsplit("/", 1)[1])}, etag

    def came():
        letter = register()
        path, _ = open_task(letter, "wening")
        key = urllib.parse.unquote(path.rsplit("/", 1)[1])
        return "wening", {"letter": letter, "key": key}, tag(f"/api/v1/incoming/{letter}", "wening")

    def disposed():
        letter = passed_on()
        good(200, "POST", f"/api/v1/letters/{letter}/dispositions",
             {"act": "give", "receivers": ["kepala-bagian-tata-usaha"]}, "sekar")
        return "sekar", {"letter": letter}, None

    def changed():
        who, facts, etag = draft()
        text = sample("surat-dinas").replace("Demikian kami sampaikan.", "Sekian.")
        good(200, "PUT", f"/api/v1/letters/{facts['letter']}", {"xml": text}, headers={"If-Match": etag})
        return who, facts, None

    def attached():
        who, facts, etag = draft()
        path = f"/api/v1/letters/{facts['letter']}"
        good(200, "PUT", f"{path}/attachments/daftar.txt", raw=b"satu\n",
             headers={"If-Match": etag, "Content-Type": "text/plain"})
        return who, facts, tag(path)

    found = {name: draft for name in OPERATIONS}
    found.update({name: review for name in ("showTask", "decide", "decideMany", "actOnTask")})
    found.update({name: came for name in ("showIncoming", "putScan", "showReceipt", "forwardIncoming",
                                          "listIncoming", "showRegister", "showRegisterCsv",
                                          "showRegisterPdf", "registerIncoming", "listDeliveries")})
    def job():
        who, facts, etag = review()
        body = body_of(OPERATIONS["decideMany"][2], facts, etag)
        headers, _ = good(202, "POST", "/api/v1/tasks/decisions", body, who,
                          headers={"Prefer": "respond-async"})
        return who, {"id": headers["location"].rsplit("/", 1)[1]}, None

    def uploading():
        _, made = good(201, "POST", "/api/v1/uploads", {"name": "a.txt", "size": 11})
        return "damar", {"upload": made["upload"]}, None

    found.update({name: uploading for name in ("showUpload", "addToUpload", "deleteUpload")})
    def sent():
        who, facts, etag = draft()
        path = "/api/v1/uploads/" + uploading()[1]["upload"]
        good(204, "PATCH", path, raw=b"hello world", headers={
            "Content-Type": "application/offset+octet-stream", "Upload-Offset": "0"})
        return who, dict(facts, upload=path.rsplit("/", 1)[1]), etag

    found["attachUpload"] = sent
    def hook():
        headers, made = good(201, "POST", "/api/v1/webhooks", {"label": "Uji", "url": "https://surat.example/"},
                             "ratna")
        path = headers["location"]
        return "ratna", {"id": made["id"], "event": good(200, "POST", f"{path}/ping", person="ratna")[1][
            "event"]}, tag(path, "ratna")

    found.update({name: hook for name in OPERATIONS if "Webhook" in name})
    def kept(code="KP.08.1", *acts):
        def make():
            letter = new_letter()
            good(200, "POST", f"/api/v1/letters/{letter}/withdrawal", {"reason": "batal"},
                 headers={"If-Match": tag(f"/api/v1/letters/{letter}")})
            headers, made = good(201, "POST", "/api/v1/files", {
                "unit": "biro-umum", "scheme": "kementerian", "code": code, "title": "Uji"}, "wening")
            path = headers["location"]
            for act in acts:
                good(200, "POST", f"{path}/{act}", {}, "wening", headers={"If-Match": tag(path, "wening")})
            return "wening", {"id": made["berkas"], "letter": letter}, tag(path, "wening")
        return make

    found.update({name: kept() for name in ("listFiles", "openFile", "showFile", "fillFile", "closeFile",
                                            "listClassifications", "showClassification")})
    found["dateFile"] = kept("PL.01", "closing")
    def ready(begun=True):
        where = os.path.join(OFFICE["folder"], "import/biro-umum/arsip-2011")
        os.makedirs(where, exist_ok=True)
        with open(os.path.join(where, "daftar.csv"), "w", encoding="utf-8") as table:
            table.write("id,asal,tujuan,hal,klasifikasi,berkas\nA-1,Dinas,Umum,Sumur,KP.08.1,tidak-ada.pdf\n")
        facts = {}

        def at_work():
            told = good(200, "GET", "/api/v1/archive/imports", person="wening")[1]["imports"]
            return [one for one in told if one["state"] not in ("done", "failed")]
        while at_work():
            time.sleep(0.05)
        if begun:
            headers, _ = good(201, "POST", "/api/v1/archive/imports", {
                "unit": "biro-umum", "archive": "arsip-2011", "table": "daftar.csv"}, "wening")
            facts["id"] = headers["location"].rsplit("/", 1)[1]
        return "wening", facts, None

    found.update({name: ready for name in ("listImports", "showImport", "followImport")})
    found["beginImport"] = lambda: ready(False)
    found.update(showJob=job, followJob=job, showChanges=changed, showAttachment=attached, deleteAttachment=attached,
                 showDispositions=disposed, showSheet=disposed, actOnLetter=lambda: (
                     "damar", {"letter": in_review()}, None),
                 showBoard=lambda: ("sekar", {}, None),
                 dispose=lambda: ("sekar", {"letter": passed_on()}, None))
    return found


def fill(operation, path, facts, etag, token):
    """Path and headers of the example."""
    headers, query = {}, {}
    for parameter in operation.get("parameters", ()):
        parameter = (API["components"]["parameters"][parameter["$ref"].rsplit("/", 1)[1]]
                     if "$ref" in parameter else parameter)
        name, value = parameter["name"], parameter.get("example")
        if parameter["in"] == "path":
            value = facts.get(name, value)
            path = path.replace("{" + name + "}", urllib.parse.quote(str(value), safe=""))
        elif parameter["in"] == "query" and value is not None:
            query[name] = value
        elif name == "If-Match":
            headers[name] = etag
        elif name == "Idempotency-Key":
            headers[name] = token
        elif parameter["in"] == "header" and value is not None:
            headers[name] = str(value)
    return path + ("?" + urllib.parse.urlencode(query) if query else ""), headers


def body_of(operation, facts, etag):
    """The example's body, of this office."""
    content = operation.get("requestBody", {}).get("content", {})
    if "application/json" not in content:
        return None
    body = content["application/json"]["example"]
    valid(body, content["application/json"]["schema"])
    body = json.loads(json.dumps(body))
    if "xml" in body:
        body["xml"] = sample("surat-dinas")
    if "upload" in body:
        body["upload"] = facts["upload"]
    if "letter" in body:
        body["letter"] = facts["letter"]
    for one in body.get("decisions", ()):
        one.update(task=f"{facts['letter']}/{facts['key']}", content=etag.strip('"'))
    return body


PDF = b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[3 0 R]" \
      b"/Count 1>>endobj\n3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]>>endobj\n" \
      b"trailer<</Root 1 0 R>>\n"


def replay(number, name, stages):
    """One operation: what the example asks, and what is answered."""
    method, path, operation = OPERATIONS[name]
    (status, answer), = [(int(status), answer) for status, answer in operation["responses"].items()
                         if "$ref" not in answer and status != "202"]
    kind, media = next(iter(answer.get("content", {"": {}}).items()))
    if "example" in media:
        valid(media["example"], media["schema"])
    person, facts, etag = stages[name]()
    where, headers = fill(operation, path, facts, etag, f"contoh-{number}")
    body, raw = body_of(operation, facts, etag), None
    if "requestBody" in operation and body is None:
        headers["Content-Type"] = next(iter(operation["requestBody"]["content"]))
        raw = PDF if "scan" in path else b"satu\n"
    got, named, content = ask(method, where, body, person, headers, raw=raw)
    assert got == status, (name, got, content)
    assert {header.lower() for header in answer.get("headers", {})} <= set(named), (name, named)
    if not kind:
        assert not content, (name, content)
        return
    assert named["content-type"].split(";")[0] == kind, (name, named)
    if kind == "application/json" and name != "describe":
        valid(content, media["schema"])
    if status == 201:
        good(200, "GET", named["location"], person=person)
    if "Idempotency-Key" in headers:  # the answer got lost, and it is asked again
        again = ask(method, where, body, person, headers, raw=raw)
        for one in (content, again[2]):
            one.pop("warnings", None)  # of what was new then
        assert (again[0], again[2]) == (status, content), (name, again, content)


def examples(_naskah):
    """Every operation that is described does what its example says."""
    faults, stages = [], scenes()
    for number, (name, (method, path, _)) in enumerate(OPERATIONS.items()):
        if name in IN_PERSON:
            bad(403, "scope", method, path.replace("{id}", "x"), {} if method == "POST" else None)
        elif name not in ("deliver", "showDeliveries"):  # of letters that were sent: below
            try:
                replay(number, name, stages)
            except AssertionError as fault:
                faults.append(f"{name}: {fault}"[:1500])
    assert not faults, "\n".join(faults)


def sending(naskah):
    """The book of a letter is kept."""
    letter = in_review()
    for person in ("kirana", "budi"):
        decide(letter, person, "approve")
    task = [one["task"] for one in naskah.ask("task", "list", person="sekar")["tasks"]
            if one["letter"] == letter][0]
    prepared = naskah.ask("task", "sign", task, person="sekar")
    phrase = os.path.join(naskah.folder, "keys/passphrase")
    naskah.run("task", "sign", task, "--confirm", prepared["sha256"], "--passphrase-file", phrase,
               person="sekar")
    for name in ("showDeliveries", "deliver"):
        method, path, operation = OPERATIONS[name]
        where, headers = fill(operation, path, {"letter": letter}, None, "kirim")
        status, _, content = ask(method, where, {"step": "send", "channel": "email"}
                                 if method == "POST" else None, "damar", headers)
        if name == "showDeliveries":
            assert status == 200, content
            valid(content, {"$ref": "#/components/schemas/Deliveries"})
        else:  # all of them are positions of the office, to whom nothing is sent
            assert status in (200, 409, 422), content


def bodies(_naskah):
    """No body has other members than are described, and none is read in two ways."""
    letter = new_letter()
    for name, (method, path, operation) in OPERATIONS.items():
        content = operation.get("requestBody", {}).get("content", {})
        if "application/json" not in content or name in IN_PERSON:
            continue
        media = content["application/json"]
        where = path.replace("{letter}", letter).replace("{key}", "paraf%231")
        options = {"headers": {"If-Match": '"x"'}}
        refused = bad(422, "members", method, where, dict(media["example"], signature="x"), **options)
        assert refused["errors"] == [{"pointer": "/signature", "detail": refused["errors"][0]["detail"]}]
        wrong = {member: {} for member in media["schema"]["properties"]}
        refused = bad(422, "members", method, where, wrong, headers=dict(
            options["headers"], **{"Accept-Language": "en"}))
        assert {error["detail"] for error in refused["errors"]} == {"this is of another type"}, refused
        if "required" not in media["schema"]:
            continue
        refused = bad(422, "members", method, where, {}, **options)
        missing = {error["pointer"][1:] for error in refused["errors"]}
        assert missing == set(media["schema"]["required"]), (name, refused)
    path = f"/api/v1/letters/{letter}/notes"
    kind = {"Content-Type": "application/json"}
    for text in (b"", b"[]", b"1", b"{", b'{"text": "a", "text": "b"}', b'{"text": "\xff"}',
                 b'{"text": "a"} x', b"[" * 100000, b'{"text":' * 5000 + b"1" + b"}" * 5000):
        bad(400, "json", "POST", path, raw=text, headers=kind)
    bad(413, "body-size", "POST", path, raw=b'{"text": "' + b"a" * 1048577 + b'"}', headers=kind)
    for wrong in ("text/plain", "application/x-www-form-urlencoded", "application/jsonp",
                  "application/json; charset=utf-16", ""):
        bad(415, "type", "POST", path, raw=b'{"text": "a"}', headers={"Content-Type": wrong})
    bad(400, "query", "GET", "/api/v1/tasks?limit=0")
    bad(400, "query", "GET", "/api/v1/tasks?limit=1e3")
    bad(400, "query", "GET", "/api/v1/tasks?posisi=x")
    bad(413, "body", "GET", "/api/v1/tasks", {"a": 1})


def scopes(naskah):
    """A token does what it is for, until it ends, and never signs."""
    reads = naskah.ask("token", "make", "letters:read", "--label", "baca", person="damar")
    letter = in_review()
    for name, (method, path, operation) in OPERATIONS.items():
        needs = operation["security"][0]["token"] if operation["security"] else []
        where = path.replace("{letter}", letter).replace("{key}", "paraf%231")
        if needs and needs != ["letters:read"]:
            problem = bad(403, "scope", method, where, token=reads["token"])
            assert needs[0] in problem["detail"], problem
        if operation["security"]:
            status, headers, _ = ask(method, where, token="")
            assert status == 401 and headers["www-authenticate"].startswith("Bearer"), (name, status)
    good(200, "GET", "/api/v1/me", token=reads["token"])
    naskah.run("token", "revoke", reads["id"], person="damar")
    for token in (reads["token"], reads["token"][:-1], "naskah_", "x" * 5000, OFFICE["tokens"]["damar"] + "0"):
        bad(401, "token", "GET", "/api/v1/me", token=token)
    for person in ("kirana", "budi"):
        decide(letter, person, "approve")
    path, etag = open_task(letter, "sekar")
    for outcome in ("sign", "approve", "signed"):
        problem = bad(422, "invalid", "POST", path + "/decision", {"outcome": outcome}, "sekar",
                      headers={"If-Match": etag})
        assert "task sign" in problem["detail"] or problem["detail"], problem
    assert naskah.ask("letter", "show", letter, person="damar")["state"] != "signed"


def ended(naskah):
    """A token that has ended is refused."""
    made = naskah.ask("token", "make", "letters:read", "--label", "lama", "--days", "1", "--at",
                      "2026-01-05 09:00", person="damar")
    bad(401, "token", "GET", "/api/v1/me", token=made["token"])
    naskah.refuse(1, ["366"], "token", "make", "letters:read", "--label", "x", "--days", "367", person="damar")


def strangers(naskah):
    """What somebody may not know of is not there, whatever he asks."""
    letter = in_review()
    secret = new_letter(change=[("<security>biasa<", "<security>rahasia<"),
                                ("Pelaksanaan Bimbingan", "Kelulut Bimbingan")])
    for name, (method, path, operation) in OPERATIONS.items():
        if "{letter}" not in path or "requestBody" in operation and method == "PUT":
            continue
        where = path.replace("{letter}", letter).replace("{key}", "paraf%232")
        where = where.replace("{name}", "daftar.txt")
        body = operation.get("requestBody", {}).get("content", {}).get("application/json", {}).get("example")
        status, _, content = ask(method, where, body, "naufal", {"If-Match": '"' + "a" * 64 + '"'})
        assert status == 404, (name, status, content)
        other = ask(method, where.replace(letter, letter[:-4] + "0000"), body, "naufal",
                    {"If-Match": '"' + "a" * 64 + '"'})
        assert other[0] == 404 and other[2]["code"] == content["code"], (name, other)
    for odd in ("x", "..", "%2e%2e%2fkeys", letter[:35], letter.upper(), "0%00"):
        status, _, content = ask("GET", "/api/v1/letters/" + odd)
        assert status in (400, 404), (odd, status, content)
    for person in ("damar", "naufal"):
        _, found = good(200, "GET", "/api/v1/letters?text=kelulut", person=person)
        assert found["hits"] == [] and secret not in json.dumps(found), found
    _, page = good(200, "GET", "/api/v1/tasks", person="naufal")
    assert page["tasks"] == [], page


def keys(_naskah):
    """One Idempotency-Key is one request."""
    key = {"Idempotency-Key": "kunci-1"}
    body = {"xml": sample("surat-dinas"), "position": "staf-persuratan"}
    first = good(201, "POST", "/api/v1/letters", body, headers=key)[1]
    assert good(201, "POST", "/api/v1/letters", body, headers=key)[1] == first
    bad(422, "idempotency-key", "POST", "/api/v1/letters", dict(body, xml=body["xml"] + "\n"), headers=key)
    other = good(201, "POST", "/api/v1/incoming",
                 {"channel": "pos", "origin": "Dinas A", "subject": "Hal", "classification": "KP.08.1",
                  "to": ["kepala-biro-umum"]}, "wening", headers=key)[1]  # another person's key
    assert other["letter"] != first["letter"]
    letter = in_review()
    path, etag = open_task(letter, "kirana")
    key = {"Idempotency-Key": "kunci-2", "If-Match": etag}
    done = good(200, "POST", path + "/decision", {"outcome": "approve"}, "kirana", headers=key)[1]
    assert good(200, "POST", path + "/decision", {"outcome": "approve"}, "kirana", headers=key)[1] == done
    bad(422, "idempotency-key", "POST", path + "/decision", {"outcome": "return", "note": "salah"}, "kirana",
        headers=key)
    bad(409, "conflict", "POST", path + "/decision", {"outcome": "approve"}, "kirana",
        headers={"If-Match": etag})
    for wrong in ("a b", "x" * 256):
        bad(400, "idempotency-key", "POST", path + "/decision", {"outcome": "approve"}, "kirana",
            headers={"If-Match": etag, "Idempotency-Key": wrong})


def states(_naskah):
    """What is written says which state was seen, and a stale one changes nothing."""
    letter = new_letter()
    path = f"/api/v1/letters/{letter}"
    seen = tag(path)
    text = sample("surat-dinas").replace("Demikian kami sampaikan.", "Sekian.")
    for wrong in (None, "*"):
        bad(428, "if-match", "PUT", path, {"xml": text}, headers={"If-Match": wrong} if wrong else {})
    for wrong in ("x", f"W/{seen}", f"{seen}, {seen}", '""'):
        bad(400, "if-match", "PUT", path, {"xml": text}, headers={"If-Match": wrong})
    good(200, "PUT", path, {"xml": text}, headers={"If-Match": seen})
    status, headers, _ = ask("PUT", path, {"xml": text + "\n"}, headers={"If-Match": seen})
    assert status == 412 and "/changes" in headers["link"], (status, headers)
    _, shown = good(200, "GET", path)
    assert shown["version"] == 2, shown
    _, changes = good(200, "GET", path + "/changes")
    assert "Sekian" in json.dumps(changes), changes
    status, _, _ = ask("GET", path, headers={"If-None-Match": tag(path)})
    assert status == 304
    bad(412, "stale", "POST", path + "/withdrawal", {"reason": "keliru"}, headers={"If-Match": seen})
    decide(letter, "damar", "submit")
    task, etag = open_task(letter, "kirana")
    bad(428, "if-match", "POST", task + "/decision", {"outcome": "approve"}, "kirana")
    bad(412, "stale", "POST", task + "/decision", {"outcome": "approve"}, "kirana",
        headers={"If-Match": '"' + "0" * 64 + '"'})
    bad(412, "stale", "POST", task + "/decision", {"outcome": "approve"}, "kirana",
        headers={"If-Match": etag[:9] + '"'})
    _, results = good(200, "POST", "/api/v1/tasks/decisions", {"decisions": [
        {"task": f"{letter}/paraf#9", "outcome": "approve", "content": etag.strip('"')},
        {"task": task.removeprefix("/api/v1/tasks/").replace("%23", "#"), "outcome": "approve",
         "content": etag.strip('"')}]}, "kirana")
    valid(results, {"$ref": "#/components/schemas/Results"})
    assert results["failed"] == 1 and results["results"][0]["problem"]["status"] in (404, 409), results


def together(_naskah):
    """Of many who decide one task at once, one does it."""
    letter = in_review()
    path, etag = open_task(letter, "kirana")
    answers = []

    def go(number):
        outcome = {"outcome": "approve"} if number % 2 else {"outcome": "return", "note": "perbaiki"}
        answers.append(ask("POST", path + "/decision", outcome, "kirana", {"If-Match": etag})[0])
    threads = [threading.Thread(target=go, args=(number,)) for number in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(answers) == [200] + [409] * 11, answers
    _, shown = good(200, "GET", f"/api/v1/letters/{letter}/history")
    acts = [entry["action"] for entry in shown["entries"]]
    assert acts.count("paraf-given") + acts.count("letter-returned") == 1, acts


def pages(_naskah):
    """A list goes on where its page ended, and forgets nothing."""
    for _ in range(3):
        in_review()
    _, whole = good(200, "GET", "/api/v1/tasks?limit=100", person="kirana")
    path, seen = "/api/v1/tasks?limit=2&role=review", []
    while path:
        headers, page = good(200, "GET", path, person="kirana")
        assert len(page["tasks"]) <= 2
        seen += [task["task"] for task in page["tasks"]]
        link = headers.get("link", "")
        assert ("next" in link) == (page["next"] is not None)
        path = link[1:link.index(">")] if link else None
        assert not path or "role=review" in path, path
    assert seen == [task["task"] for task in whole["tasks"] if task["role"] == "review"], seen


def fields(_naskah):
    """Of a list what is asked for alone, which a weak line is glad of; of one thing everything."""
    letter = in_review()
    _, whole = good(200, "GET", "/api/v1/tasks?limit=3", person="kirana")
    headers, page = good(200, "GET", "/api/v1/tasks?limit=3&fields=task,subject,nothing", person="kirana")
    assert page["tasks"] == [{name: task[name] for name in ("task", "subject")} for task in whole["tasks"]], page
    assert "notices" not in page or page["notices"] == [], page
    assert page["next"] == whole["next"] and ("next" in headers.get("link", "")) == bool(page["next"])
    assert not page["next"] or "fields=task" in headers["link"], headers
    bad(400, "query", "GET", f"/api/v1/letters/{letter}/changes?fields=name")


def jobs(naskah):
    """A job goes on after its answer, tells its steps, and is its person's alone."""
    letters = [in_review() for _ in range(5)]
    ones = [(path.removeprefix("/api/v1/tasks/").replace("%23", "#"), etag.strip('"'))
            for path, etag in (open_task(letter, "kirana") for letter in letters)]
    body = {"decisions": [{"task": task, "outcome": "approve", "content": content}
                          for task, content in ones + ones[:1]]}
    headers, begun = good(202, "POST", "/api/v1/tasks/decisions", body, "kirana",
                          headers={"Prefer": "respond-async", "Idempotency-Key": "pekerjaan"})
    assert begun["total"] == 6 and headers["preference-applied"] == "respond-async", begun
    last, event = "0", b""
    for _ in range(50):
        headers_of, event = good(200, "GET", headers["location"] + "/events", person="kirana",
                                 headers={"Last-Event-ID": last})
        assert headers_of["content-type"] == "text/event-stream" and event.endswith(b"\n\n"), event
        last = re.search(rb"^id: (\d+)$", event, re.M).group(1).decode()
        if b"event: done" in event:
            break
    assert b'"done":6,"failed":1,"total":6' in event, event
    _, shown = good(200, "GET", headers["location"], person="kirana")
    valid(shown, {"$ref": "#/components/schemas/Job"})
    valid({"failed": 1, "results": shown["results"]}, {"$ref": "#/components/schemas/Results"})
    bad(404, "not-found", "GET", headers["location"], person="damar")
    _, again = good(200, "POST", "/api/v1/tasks/decisions", body, "kirana",
                    headers={"Idempotency-Key": "pekerjaan"})  # as after a restart: the first answers
    assert again["failed"] == 1 and again["results"][:5] == shown["results"][:5], again
    assert naskah.ask("letter", "show", letters[0], person="damar")["state"] == "review"


def in_person(naskah):
    """Tokens are made and revoked by who signed in, from a page of the server alone."""
    with open(os.path.join(naskah.folder, "keys/demo-password"), encoding="ascii") as file:
        form = urllib.parse.urlencode({"nama": "damar", "sandi": file.read().strip()}).encode()
    here = {"Origin": OFFICE["server"].address}
    status, headers, _ = ask("POST", "/masuk", token="", raw=form, headers=dict(
        here, **{"Content-Type": "application/x-www-form-urlencoded"}))
    assert status == 303, status
    here["Cookie"] = "sesi=" + re.search(r"sesi=([^;]+)", headers["set-cookie"]).group(1)
    _, page = good(200, "GET", "/profil", token="", headers=here)
    field = re.search(rb'<input[^>]*name="csrf"[^>]*>', page).group(0)
    mark = re.search(rb'value="([^"]+)"', field).group(1).decode()
    wish = {"label": "pemindai", "scopes": ["letters:read"], "days": 3}
    path = "/api/v1/me/tokens"
    bad(403, "denied", "POST", path, wish, token="", headers=here)
    bad(403, "denied", "POST", path, wish, token="",
        headers=dict(here, Origin="https://lain.example", **{"X-CSRF-Token": mark}))
    here["X-CSRF-Token"] = mark
    bad(422, "invalid", "POST", path, dict(wish, scopes=["sign"]), token="", headers=here)
    bad(422, "invalid", "POST", path, dict(wish, days=400), token="", headers=here)
    _, made = good(201, "POST", path, wish, token="", headers=here)
    valid(made, {"$ref": "#/components/schemas/TokenMade"})
    _, listed = good(200, "GET", path, token="", headers=here)
    valid(listed, {"$ref": "#/components/schemas/Tokens"})
    assert made["token"] not in json.dumps(listed) and made["id"] in json.dumps(listed), listed
    good(200, "GET", "/api/v1/tasks", token=made["token"])
    bad(403, "scope", "GET", path, token=made["token"])
    bad(404, "not-found", "DELETE", path + "/" + "0" * 16, token="", headers=here)
    good(200, "DELETE", f"{path}/{made['id']}", token="", headers=here)
    bad(401, "token", "GET", "/api/v1/tasks", token=made["token"])


def words(_naskah):
    """Problems are told in the language that was asked for."""
    for language, title in (("id", "Tidak ada apa-apa di sini"), ("en", "There is nothing here")):
        problem = bad(404, "not-found", "GET", "/api/v1/letters/x", headers={"Accept-Language": language})
        assert problem["title"] != "" and (language == "id" or problem["title"] == title), problem
    english, indonesian = (bad(428, "if-match", "PUT", f"/api/v1/letters/{new_letter()}", {"xml": ""},
                               headers={"Accept-Language": language})["detail"] for language in ("en", "id"))
    assert english != indonesian, english


def last(naskah):
    """The server ends without a word of a fault, and its log has no token."""
    lines = OFFICE["server"].stop()
    text = json.dumps(lines)
    assert not any(token in text for token in OFFICE["tokens"].values())
    assert not [line for line in lines if line.get("status", 0) >= 500], text[-3000:]
    naskah.run("doctor")


def rates(naskah):
    """So many requests a minute of one token; the next is told when to come, and others go on."""
    OFFICE["server"] = Logged(naskah, "--per-token", "2")
    for left in (1, 0):
        headers, _ = good(200, "GET", "/api/v1/me")
        assert headers["ratelimit-policy"] == '"token";q=2;w=60', headers
        assert headers["ratelimit"].startswith(f'"token";r={left};t='), headers
    status, headers, problem = ask("GET", "/api/v1/me")
    assert (status, problem["code"]) == (429, "rate"), problem
    assert 1 <= int(headers["retry-after"]) <= 30 and headers["retry-after"] in problem["detail"], headers
    good(200, "GET", "/api/v1/me", person="kirana")
    OFFICE["server"].stop()


def files(_naskah):
    """Files of records: pages of a list, what was not seen, what is not kept, and what is no state."""
    made = [good(201, "POST", "/api/v1/files", {"unit": "biro-umum", "scheme": "kementerian", "code": code,
                                                "title": f"Daftar {n}"}, "wening")[1]["berkas"]
            for n, code in enumerate(("HM.00", "HM.01", "KP.01"))]
    where, seen = "/api/v1/files?text=daftar&limit=2", []
    while where:
        headers, page = good(200, "GET", where, person="wening")
        seen += [one["berkas"] for one in page["files"]]
        assert len(page["files"]) <= 2 and bool(page["next"]) == ("link" in headers), (headers, page)
        where = headers["link"].split("<")[1].split(">")[0] if page["next"] else None
    assert seen == made[::-1], (seen, made)
    below = good(200, "GET", "/api/v1/files?code=HM&text=daftar&state=open", person="wening")[1]["files"]
    assert [one["code"] for one in below] == ["HM.01", "HM.00"], below
    assert good(200, "GET", "/api/v1/files?code=H%25&state=open", person="wening")[1]["files"] == []
    assert good(200, "GET", "/api/v1/files", person="damar")[1] == {"files": [], "next": None}
    path = f"/api/v1/files/{made[0]}"
    old = tag(path, "wening")
    bad(404, "not-found", "GET", path, person="damar")
    bad(404, "not-found", "POST", path + "/closing", {}, "damar", headers={"If-Match": old})
    bad(428, "if-match", "POST", path + "/closing", {}, "wening")
    good(200, "POST", path + "/closing", {}, "wening", headers={"If-Match": old})
    bad(412, "stale", "POST", path + "/closing", {}, "wening", headers={"If-Match": old})
    bad(409, "conflict", "POST", path + "/closing", {}, "wening", headers={"If-Match": tag(path, "wening")})
    bad(422, "invalid", "GET", "/api/v1/files?state=lost", person="wening")
    bad(422, "invalid", "GET", "/api/v1/files?after=x", person="wening")
    bad(422, "invalid", "POST", "/api/v1/files", {"unit": "biro-umum", "scheme": "kementerian", "code": "KP",
                                                  "title": "x"}, "wening")
    found = good(200, "GET", "/api/v1/classifications/kementerian?text=PERSEORANGAN", person="damar")[1]["classes"]
    assert [one["code"] for one in found] == ["KP.09"] and found[0]["trigger"] == "left", found
    bad(404, "not-found", "GET", "/api/v1/classifications/tidak-ada", person="damar")


def main():
    with tempfile.TemporaryDirectory() as folder:
        naskah = Naskah(os.path.abspath(sys.argv[1]), os.path.join(folder, "kantor"))
        try:
            run_cases([begin, examples, sending, bodies, scopes, ended, strangers, keys, states, together,
                       pages, fields, files, jobs, in_person, words, last, rates], naskah)
        finally:
            for child in Server.running:
                child.kill()


if __name__ == "__main__":
    main()
