#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""attack-routes.py NASKAH: every address that the server has, tried by those who may not.  The table
of routes comes from the program itself, so that none can be forgotten."""
import json
import os
import re
import sys
import tempfile
import time
import urllib.parse

import web
from attack import MADE_UP, SCOPES, Office, Peer, fill, routes
from tap import Naskah, run_cases

WORK = {}
PUBLIC = {"/tampilan", "/v"}  # forms of anybody, which change nothing in the office
BODY = {"form": ("x=1", "application/x-www-form-urlencoded"), "memory": ("{}", "application/json"),
        "file": ("abc", "text/plain"), "none": (None, None)}


def send(peer, route, path, **changed):
    body, kind = BODY[route["body"]]
    if route["method"] == "GET":
        body, kind = None, None
    return peer.ask(route["method"], path, body and body.encode(), Content_Type=kind, **changed)


def begin(naskah):
    """A secret letter in review, one that came in, a session, a token and a job."""
    office = WORK["office"] = Office(naskah)
    secret = office.new_letter(("<security>biasa<", "<security>rahasia<"))
    path = f"/api/v1/letters/{secret}"
    damar = office.program("damar")
    etag = damar.json("GET", path).headers["etag"].replace("-gz", "")
    put = damar.ask("PUT", path + "/attachments/daftar.txt", b"satu\n", Content_Type="text/plain", If_Match=etag)
    assert put.status == 200, put
    office.decide(secret, "damar", "submit")
    task, etag = office.task(secret, "kirana")
    came = office.program("wening").json("POST", "/api/v1/incoming", {
        "channel": "pos", "origin": "Dinas Pengairan", "subject": "Permohonan", "number": "7/DP/2026",
        "classification": "KP.08.1", "to": ["kepala-biro-umum"]})
    assert came.status == 201, came
    job = office.program("kirana").json("POST", "/api/v1/tasks/decisions", {"decisions": [
        {"task": f"{secret}/x#1", "outcome": "approve", "content": etag.strip('"')}]}, Prefer="respond-async")
    assert job.status == 202, job
    WORK.update(letter=secret, came=came.json()["letter"], key=task.rsplit("/", 1)[1],
                job=job.headers["location"].rsplit("/", 1)[1],
                token=damar.ask("GET", "/api/v1/me").status and naskah.ask(
                    "token", "list", person="damar")["tokens"][0]["id"])
    while office.program("kirana").json("GET", job.headers["location"]).json()["state"] != "done":
        time.sleep(0.2)
    for name in ("damar", "kirana", "naufal", "ratna", "sekar"):
        WORK[name] = office.person(name)
        office.program(name)


def same(before):
    now = WORK["office"].state()
    fresh = WORK["office"].query("SELECT CAST(entry AS TEXT) FROM journal ORDER BY at DESC LIMIT ?",
                                 now["journal"] - before["journal"])
    changed = {name: (before[name], now[name]) for name in now if now[name] != before[name]}
    assert now == before, (changed, fresh)


def forgeries(peer, other):
    """How a form that is none of this session is sent: (its csrf, headers in place of a browser's)."""
    good = peer.csrf()
    return ((None, {}), (other.csrf(), {}), (good[:-1] + ("0" if good[-1] != "0" else "1"), {}),
            (good, {"Sec_Fetch_Site": "cross-site"}), (good, {"Sec_Fetch_Site": "same-site"}),
            (good, {"Origin": "http://lain.example"}), (good, {"Origin": "null"}),
            (good, {"Origin": None, "Sec_Fetch_Site": None}))


def csrf(_naskah):
    """Every change that did not come from a page of this session is refused, and changes nothing."""
    office, ratna = WORK["office"], WORK["ratna"]
    before, tried = office.state(), 0
    for token, headers in forgeries(ratna, WORK["sekar"]):
        for route in routes():
            if route["method"] == "GET" or not route["visit"]:
                continue
            path = fill(route["path"], letter=WORK["letter"], key=WORK["key"], person="budi", act="kunci",
                        type="profil", name="daftar.txt", id=WORK["token"])
            sent = dict(headers)
            if token is not None:
                sent["X_CSRF_Token"] = token
            answer = send(ratna, route, path, **sent)
            assert answer.status == 403, (route, token, headers, answer)
            tried += 1
    assert tried >= 8 * 35, tried
    same(before)
    assert ratna.is_in()
    for path in ("/masuk", "/masuk/kode", "/masuk/kunci"):  # nobody is made to come in as somebody else
        for headers in ({"Origin": "http://lain.example"}, {"Sec_Fetch_Site": "cross-site"},
                        {"Origin": None, "Sec_Fetch_Site": None}):
            guest = Peer(office.server)
            guest.cookies["langkah"] = "x"
            answer = guest.ask("POST", path, {"nama": "sekar", "sandi": office.password, "kode": "1"}, **headers)
            assert answer.status == 403 and "set-cookie" not in answer.headers, (path, headers, answer)
    anybody = {route["path"] for route in routes() if route["method"] != "GET" and not route["visit"]}
    assert anybody == PUBLIC | {"/masuk", "/masuk/kode", "/masuk/kunci"}, anybody
    for headers in ({"Origin": "http://lain.example"}, {"Sec_Fetch_Site": "cross-site"}):
        answer = Peer(office.server).ask("POST", "/tampilan", {"tema": "dark", "bahasa": "en"}, **headers)
        assert answer.status == 403 and "set-cookie" not in answer.headers, answer


def plain(answer, *names):
    """An answer without what names the one thing that was asked for, or the moment."""
    text = answer.text
    for name in names:
        text = text.replace(name, "NAME")
    text = re.sub(r'"(instance|request|trace_id)":"[^"]*"', "", text)
    text = re.sub(r'name="(permintaan|csrf)" (type="hidden" )?value="[^"]*"', "", text)
    text = re.sub(r'value="[^"]*" (type="hidden" )?name="(permintaan|csrf)"', "", text)
    text = re.sub(r"[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}", "ID", text)
    return text


def shown(answer):
    """The headers that could tell something."""
    return {name: value for name, value in answer.headers.items()
            if name not in ("date", "x-request-id", "content-length", "etag", "server-timing", "ratelimit")}


def others(_naskah):
    """What is somebody else's is not there: each address answers as it does for what was never made."""
    office = WORK["office"]
    before, tried = office.state(), 0
    faults = []
    for peer in (WORK["naufal"], office.program("naufal")):
        token = {"X_CSRF_Token": peer.csrf()} if peer.token is None else {}
        for route in routes():
            if not re.search(r"\{(letter|key|id)\}", route["path"]) or route["path"].startswith("/kelola"):
                continue
            if (peer.token is None) == ("scope" in route) or route["path"].startswith("/api/v1/me/tokens/"):
                continue
            for letter in (WORK["letter"], WORK["came"]):
                names = {"letter": letter, "key": WORK["key"], "id": WORK["job"], "name": "daftar.txt", "n": "1"}
                made_up = dict(names, letter=MADE_UP, id=MADE_UP)
                if "If-Match" not in token:
                    token["If_Match"] = '"' + "a" * 64 + '"'
                real = send(peer, route, fill(route["path"], **names), **token)
                none = send(peer, route, fill(route["path"], **made_up), **token)
                tried += 1
                if real.status != none.status or real.status not in (404, 422) or \
                        plain(real, letter, WORK["job"]) != plain(none, MADE_UP) or shown(real) != shown(none):
                    faults.append((route["method"], route["path"], real.status, none.status,
                                   plain(real, letter, WORK["job"])[:300], plain(none, MADE_UP)[:300]))
    assert not faults, json.dumps(faults[:8], indent=1)
    assert tried > 80, tried
    same(before)


def bodies(_naskah):
    """The same with a body that is whole: nothing of another's letter is answered or done."""
    office, faults = WORK["office"], []
    before, peer = office.state(), office.program("naufal")
    with open(os.path.join(os.environ["NASKAH_SOURCE"], "templates/api/openapi.json"), encoding="utf-8") as file:
        api = json.load(file)
    for path, methods in api["paths"].items():
        for method, operation in methods.items():
            content = operation.get("requestBody", {}).get("content", {})
            if "{letter}" not in path or method == "get":
                continue
            answers = []
            for letter in (WORK["letter"], MADE_UP):
                query = {one["name"]: one.get("example", "x") for one in operation.get("parameters", ())
                         if one.get("in") == "query"}
                where = fill(path, letter=letter, key=WORK["key"], name="daftar.txt")
                where += "?" + urllib.parse.urlencode(query)
                if "application/json" in content:
                    answer = peer.json(method.upper(), where, content["application/json"]["example"],
                                       If_Match='"' + "a" * 64 + '"')
                else:
                    answer = peer.ask(method.upper(), where, b"satu\n" if content else None,
                                      Content_Type=next(iter(content)) if content else None,
                                      If_Match='"' + "a" * 64 + '"')
                answers.append(answer)
            real, none = answers
            if (real.status, none.status) != (404, 404) or plain(real, WORK["letter"]) != plain(none, MADE_UP):
                faults.append((method, path, real.status, none.status, real.text[:300], none.text[:300]))
    many = [peer.json("POST", "/api/v1/tasks/decisions", {"decisions": [
        {"task": f"{letter}/paraf#1", "outcome": "approve", "content": "a" * 64}]})
            for letter in (WORK["letter"], MADE_UP)]
    assert plain(many[0], WORK["letter"]) == plain(many[1], MADE_UP), many
    naufal = WORK["naufal"]
    for path, fields in (("/surat/LETTER/catatan", {"catatan": "x"}), ("/surat/LETTER/tarik", {"alasan": "x"}),
                         ("/draf/LETTER", {"perihal": "x"}), ("/tugas/LETTER/" + WORK["key"], {"keputusan": "approve"})):
        real, none = (naufal.act(path.replace("LETTER", letter), **fields) for letter in (WORK["letter"], MADE_UP))
        if real.status != 404 or plain(real, WORK["letter"]) != plain(none, MADE_UP):
            faults.append((path, real.status, none.status, real.text[:300], none.text[:300]))
    assert not faults, json.dumps(faults[:8], indent=1)
    real = naufal.act("/profil/sesi", sesi=office.query("SELECT id FROM session WHERE person = 'damar'")[0][0])
    assert real.status == 303 and WORK["damar"].is_in(), real
    mine = {"X_CSRF_Token": naufal.csrf()}
    for name in (WORK["token"], "0" * 16):
        assert naufal.ask("DELETE", f"/api/v1/me/tokens/{name}", **mine).status == 404
    guest = Peer(office.server)
    for ending in ("", "/surat.pdf"):
        real, none = (guest.get(f"/v/{letter}{ending}") for letter in (WORK["letter"], MADE_UP))
        assert real.status == 404 and plain(real, WORK["letter"]) == plain(none, MADE_UP), (real, none)
    same(before)


def administration(_naskah):
    """Who does not look after the office finds no address of its administration."""
    damar = WORK["damar"]
    token = {"X_CSRF_Token": damar.csrf()}
    nothing = damar.get("/kelola-tidak-ada")
    for route in routes():
        if not route["path"].startswith("/kelola"):
            continue
        path = fill(route["path"], person="budi", act="kunci", type="profil", name="surat-dinas", version="1")
        answer = send(damar, route, path, **token)
        assert answer.status == 404, (route, answer)
        assert ("surat-dinas" in answer.text) == ("surat-dinas" in nothing.text), answer
        guest = send(Peer(WORK["office"].server), route, path)
        assert guest.status in (303, 401), (route, guest)
        program = send(WORK["office"].program("ratna"), route, path)
        assert program.status in (303, 401), (route, program)


def scopes(_naskah):
    """A token is good for what it names and nothing else, for no page, and for no signature."""
    office = WORK["office"]
    for route in routes():
        if route.get("scope"):
            rest = [scope for scope in SCOPES if scope != route["scope"]]
            path = fill(route["path"], letter=WORK["letter"], key=WORK["key"])
            answer = send(office.program("damar", *rest), route, path)
            assert answer.status == 403 and answer.json()["code"] == "scope", (route, answer)
            assert route["scope"] in answer.headers["www-authenticate"], answer.headers
        elif route["visit"] and "scope" not in route:
            answer = send(office.program("ratna"), route, fill(route["path"], letter=WORK["letter"]))
            assert answer.status in (303, 401), (route, answer)
            assert answer.status == 401 or answer.to.startswith("/masuk"), (route, answer)
    for scope in ("sign", "letters:*", "*", "admin", "", "letters:sign", "LETTERS:READ"):
        office.naskah.run("token", "make", scope, "--label", "x", person="damar", status=1)


def empty(_naskah):
    """Who may do something and sends a form without its fields is told so; nothing breaks."""
    office = WORK["office"]
    signing = office.new_letter()
    office.decide(signing, "damar", "submit")
    for person in ("kirana", "budi"):
        office.decide(signing, person, "approve")
    ours = {"damar": WORK["letter"], "kirana": WORK["letter"], "sekar": signing, "wening": WORK["came"],
            "ratna": WORK["came"]}
    for name, letter in ours.items():
        peer, program = office.person(name), office.program(name)
        token = {"X_CSRF_Token": peer.csrf(), "If_Match": '"' + "a" * 64 + '"'}
        tasks = program.json("GET", "/api/v1/tasks?limit=500").json()["tasks"]
        keys = [task["task"].rsplit("/", 1)[1] for task in tasks if task["letter"] == letter]
        for route in routes():
            if route["method"] == "GET" or route["path"] in ("/keluar", "/profil/sesi", "/profil/riwayat"):
                continue
            path = fill(route["path"], letter=letter, key=keys[0].replace("#", "%23") if keys else "x%231",
                        person="budi", act="kunci", type="profil", name="tidak-ada.txt", id=MADE_UP)
            for body in (b"", b"=", b"x", b"a=b&a=c&[]=1", b"[]", b"null", b'{"":null}'):
                kind = BODY[route["body"]][1]
                answer = (program if "scope" in route else peer).ask(
                    route["method"], path, body, Content_Type=kind, **token)
                assert answer.status < 500, (name, route, body, answer)
    shown = office.program("damar").json("GET", f"/api/v1/letters/{signing}").json()
    assert shown["state"] != "signed", shown


ODD = ("..", ".", "%2e%2e", "%2E.", "..%2f..%2fkeys", "%252e%252e%252fkeys", "..%5c..%5ckeys", "..;", "%00",
       "a%00.pdf", "%c0%ae%c0%ae", "%e0%80%af", "%ff", "%", "%zz", "%2fetc%2fpasswd", "office.db", "naskah.css%00",
       "....", "C:%5cx", "~", "%7e", "*", "a" * 3000, "%0d%0aX-A:%20b", "<script>", "%3Cscript%3E", "'%20OR%201=1--",
       "-1", "99999999999999999999", "../../../../etc/passwd", "%2e%2e/%2e%2e/office.db", "..%c1%9c..")


def ways(_naskah):
    """No address leads out of its place, whatever stands in its pieces."""
    office, ratna, faults = WORK["office"], WORK["ratna"], []
    before, tried = office.state(), 0
    headers = {"X_CSRF_Token": ratna.csrf(), "If_Match": '"' + "a" * 64 + '"'}
    for route in routes():
        pieces = re.findall(r"\{(\w+)\}", route["path"])
        if "scope" in route:
            peer, sent = office.program("damar"), {"If_Match": '"' + "a" * 64 + '"'}
        else:
            peer, sent = ratna, headers
        for piece in pieces:
            for odd in ODD:
                names = {"letter": WORK["letter"], "key": WORK["key"], "person": "budi", "type": "profil",
                         "name": "x", "n": "1", piece: odd}
                path = fill(route["path"], **names).replace("<", "%3C").replace(" ", "%20")
                answer = send(peer, route, path, **sent)
                tried += 1
                if not (400 <= answer.status < 500 or answer.status == 303):
                    faults.append((route["method"], route["path"], odd[:20], answer.status))
                assert answer.status != 303 or answer.to.startswith("/") and answer.to[1:2] != "/", answer
                assert "SQLite format" not in answer.text and "root:" not in answer.text, (route, odd)
                is_page = "html" in answer.headers.get("content-type", "")
                assert not (is_page and "<script>" in answer.text) and "x-a" not in answer.headers, (route, odd)
    assert not faults, faults
    assert tried > 2000, tried
    same(before)


def last(_naskah):
    """The server stood it all, and its log tells of nobody and nothing secret."""
    office = WORK["office"]
    assert office.person("sekar").is_in()
    lines = office.server.stop()
    text = json.dumps(lines)
    faults = [line for line in lines if line.get("status", 0) >= 500]
    assert not faults, faults[:5]
    for word in (*office.tokens.values(), office.password, WORK["letter"], "sekar", "naufal"):
        assert word not in text, word
    for name in ("damar", "ratna"):
        for cookie in WORK[name].cookies.values():
            assert len(cookie) < 20 or cookie not in text


def main():
    with tempfile.TemporaryDirectory() as folder:
        naskah = Naskah(os.path.abspath(sys.argv[1]), os.path.join(folder, "kantor"))
        try:
            run_cases([begin, csrf, others, bodies, administration, scopes, ways, empty, last], naskah)
        finally:
            print("".join(f"# {line}\n" for line in b"".join(WORK["office"].server.lines).decode().splitlines()
                          if not line.startswith("{")), end="")
            for child in web.Server.running:
                child.kill()


if __name__ == "__main__":
    main()
