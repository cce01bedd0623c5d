#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""attack-signin.py NASKAH: guessing, luring and stealing at each step of the way in."""
import concurrent.futures
import os
import re
import sys
import tempfile
import urllib.parse
from importlib import import_module

import web
from attack import Office, Peer
from tap import Naskah, run_cases

signin = import_module("web-signin")
WORK = {}
MINUTE = 60 * 10**6  # microseconds


def forgive():
    WORK["office"].query("DELETE FROM login_try")


def grow_old(person, column, minutes):
    WORK["office"].query(f"UPDATE session SET {column} = {column} - ? WHERE person = ?", minutes * MINUTE, person)


def begin(naskah):
    """An office, where Kirana has a second factor."""
    office = WORK["office"] = Office(naskah)
    kirana = office.person("kirana")
    page = kirana.get("/profil/kode")
    secret = re.search(r'nsk-proof">([A-Z2-7]{32})<', page.text)[1]
    made = kirana.ask("POST", "/profil/kode", {**page.fields(), "kode": signin.code_of(secret, signin.now_step())})
    recovery = re.findall(r"<code>([a-z0-9-]{19})</code>", made.text)
    assert made.status == 200 and len(recovery) == 10, made
    WORK.update(secret=secret, recovery=recovery, kirana=kirana)


def first_step(peer, to="/profil"):
    answer = peer.sign_in("kirana", WORK["office"].password, to)
    assert answer.status == 303 and answer.to.startswith("/masuk/kode?ke="), answer
    return answer


def at_once(count, act):
    """What so many who try in the same moment are answered."""
    with concurrent.futures.ThreadPoolExecutor(count) as pool:
        return [answer.status for answer in pool.map(act, range(count))]


def many(_naskah):
    """Guesses that come all at once are no more than those that come one by one."""
    office = WORK["office"]
    for name in ("sekar", "tidak-ada"):
        forgive()
        told = at_once(24, lambda n, name=name: Peer(office.server).sign_in(name, f"tebakan nomor {n}"))
        assert set(told) == {422, 429} and told.count(422) <= 6, (name, told)
    forgive()
    tickets = []
    for _ in range(3):
        peer = Peer(office.server)
        first_step(peer)
        tickets.append(peer)
    right = signin.code_of(WORK["secret"], signin.now_step())
    wrong = f"{(int(right) + 500000) % 10**6:06d}"
    told = at_once(30, lambda n: tickets[n % 3].ask("POST", "/masuk/kode", {"kode": wrong, "ke": "/profil"}))
    assert set(told) == {422, 429} and told.count(422) <= 6, told
    shut = tickets[0].ask("POST", "/masuk/kode", {"kode": wrong, "ke": "/profil"})
    assert shut.status == 429 and int(shut.headers["retry-after"]) >= 1, shut
    # the right one waits as well, so that the answer tells nothing
    assert tickets[0].ask("POST", "/masuk/kode", {"kode": WORK["recovery"][0]}).status == 429
    assert not tickets[0].is_in()


def again(_naskah):
    """Who has a stolen session cannot guess the password in it, and the person is not shut out."""
    office = WORK["office"]
    forgive()
    victim = office.person("budi")
    thief = Peer(office.server, source="127.0.0.9")
    thief.cookies["sesi"] = victim.cookies["sesi"]
    token = thief.csrf()
    told = at_once(24, lambda n: thief.ask("POST", "/masuk/ulang", {"csrf": token, "sandi": f"tebakan {n}"}))
    assert set(told) == {422, 429} and told.count(422) <= 6, told
    office.query("UPDATE login_try SET failures = failures + 10")
    assert thief.ask("POST", "/masuk/ulang", {"csrf": token, "sandi": office.password}).status == 429
    change = {"csrf": token, "sandi": office.password, "sandi-baru": "kata sandi si pencuri", "sandi-lagi":
              "kata sandi si pencuri"}
    assert thief.ask("POST", "/profil/sandi", change).status == 429
    # on the person's own device nothing is in the way, and it ends the thief's session
    assert victim.act("/masuk/ulang", sandi=office.password).status == 303
    assert victim.is_in() and not thief.is_in()


def lured(_naskah):
    """At no step does the address lead to another server, nor can it write a header."""
    office = WORK["office"]
    evils = ("//lain.example", "/\\lain.example", "https://lain.example", "https:lain.example", "http:/lain.example",
             "\\\\lain.example", "/\t/lain.example", "\t//lain.example", "javascript:alert(1)", "data:text/html,x",
             "/x\r\nX-Jahat: 1", "/x\nX-Jahat: 1", "lain.example", "@lain.example", "///lain.example", "/ /lain",
             "/\x7f/lain", "")
    coded = ("/%2f%2flain.example", "/%5clain.example", "/%0d%0aX-Jahat:%201", "%2f%2flain.example")
    for evil in (*evils, *coded):
        forgive()
        for step in ("/masuk", "/masuk/kode", "/masuk/ulang"):
            peer = Peer(office.server)
            if step == "/masuk/kode":
                first_step(peer, evil)
            elif step == "/masuk/ulang":
                peer = office.person("damar")
            shown = peer.get(f"{step}?ke={urllib.parse.quote(evil, safe='')}")
            assert shown.status == 400 or is_home(shown.fields()["ke"], evil), (step, evil, shown)
            if step == "/masuk":
                done = peer.sign_in("damar", office.password, evil)
            elif step == "/masuk/kode":
                done = peer.ask("POST", step, {"kode": WORK["recovery"].pop() if evil == "//lain.example" else "x",
                                               "ke": evil})
                assert done.status in (303, 422), done
            else:
                done = peer.act(step, sandi=office.password, ke=evil)
            assert "x-jahat" not in done.headers and "lain.example" not in done.to.split("%")[0], (step, evil, done)
            assert done.status == 422 or done.status == 303 and is_home(done.to, evil), (step, evil, done)
        asked = Peer(office.server).get("/profil?" + urllib.parse.quote(evil, safe=""))
        assert asked.status == 303 and asked.to.startswith("/masuk?ke=/profil"), asked
        back = Peer(office.server).get("/bahasa/id", Referer=f"http://{evil.strip()}" if evil.isprintable() else None)
        assert back.status == 303 and back.to == "/", (evil, back)
    host = Peer(office.server).get("/profil", Host="lain.example")
    assert host.status == 303 and host.to.startswith("/masuk"), host


def is_home(to, evil):
    """A place of this server: the first page, or the evil one as the plain path that it is."""
    return to == "/" or to == evil and to.startswith("/") and to[1:2] not in ("/", "\\") and to.isprintable()


def lured_in(_naskah):
    """Nobody is brought in as somebody else by another site's form, with or without a ticket."""
    office = WORK["office"]
    forgive()
    attacker = Peer(office.server)
    first_step(attacker)
    for headers in ({"Origin": "http://lain.example"}, {"Sec_Fetch_Site": "cross-site"}, {"Origin": "null"},
                    {"Sec_Fetch_Site": "same-site"}, {"Origin": None, "Sec_Fetch_Site": None},
                    {"Origin": office.server.address.replace("http:", "https:")},
                    {"Origin": office.server.address + "0"}):
        victim = Peer(office.server)
        answer = victim.ask("POST", "/masuk", {"nama": "naufal", "sandi": office.password}, **headers)
        assert answer.status == 403 and "sesi" not in victim.cookies, (headers, answer)
        victim.cookies["langkah"] = attacker.cookies["langkah"]
        answer = victim.ask("POST", "/masuk/kode", {"kode": WORK["recovery"][0]}, **headers)
        assert answer.status == 403 and "sesi" not in victim.cookies, (headers, answer)
        inside = office.person("damar")
        answer = inside.ask("POST", "/masuk/ulang", {"csrf": inside.csrf(), "sandi": office.password}, **headers)
        assert answer.status == 403 and inside.is_in(), (headers, answer)
    assert WORK["office"].query("SELECT count(*) FROM login_recovery")[0][0] >= 9


def tickets(_naskah):
    """The ticket between password and code is of one person, for some minutes, and no session."""
    office = WORK["office"]
    forgive()
    peer = Peer(office.server)
    first_step(peer)
    ticket = peer.cookies["langkah"]
    for name in ("sesi", "perangkat"):
        other = Peer(office.server)
        other.cookies[name] = ticket
        assert not other.is_in()
    for bad in (ticket[:-1], ticket + "0", ticket.replace("kirana", "sekar"), ticket.split(".")[0], "." * 399,
                "a" * 5000, ticket.upper(), "kirana:99999999999999999:0." + "0" * 64):
        forger = Peer(office.server)
        forger.cookies["langkah"] = bad
        answer = forger.ask("POST", "/masuk/kode", {"kode": WORK["recovery"][0], "ke": "/profil"})
        assert answer.status in (303, 431, 400) and "sesi" not in forger.cookies, (bad, answer)
        assert answer.status != 303 or answer.to.startswith("/masuk?"), answer
    naskah = office.naskah
    program = office.program("kirana", "letters:read")
    assert program.get("/api/v1/me").status == 200
    naskah.run("account", "reset", "kirana")  # the password is another: the ticket is worth nothing
    answer = peer.ask("POST", "/masuk/kode", {"kode": WORK["recovery"][0], "ke": "/profil"})
    assert answer.status == 303 and answer.to.startswith("/masuk?") and not peer.is_in(), answer
    assert not WORK["kirana"].is_in(), "sessions outlive the password"
    assert program.get("/api/v1/me").status == 401, "tokens of programs outlive it"


def fixed(_naskah):
    """A session that somebody laid under a browser is not the one that he has when he is in."""
    office = WORK["office"]
    forgive()
    attacker = office.person("naufal")
    laid = attacker.cookies["sesi"]
    victim = Peer(office.server)
    victim.cookies |= {"sesi": laid, "perangkat": "ab" * 32}
    assert victim.sign_in("damar", office.password).status == 303
    assert victim.cookies["sesi"] != laid and victim.cookies["perangkat"] != "ab" * 32
    assert "Damar" in victim.get("/profil").text
    assert not attacker.is_in(), "the laid session is ended with the sign-in"
    two = Peer(office.server)  # two cookies of the same name: the first counts, and no other
    answer = two.get("/profil", Cookie=f"sesi={'0' * 64}; sesi={victim.cookies['sesi']}")
    assert answer.status == 303, answer


def device(_naskah):
    """A stolen cookie of a device opens nothing, and guesses with it wait like any others."""
    office = WORK["office"]
    forgive()
    victim = office.person("sekar")
    thief = Peer(office.server, source="127.0.0.9")
    thief.cookies["perangkat"] = victim.cookies["perangkat"]
    assert not thief.is_in()
    told = [thief.sign_in("sekar", f"tebakan nomor {n}").status for n in range(8)]
    assert set(told) == {422, 429} and told.count(422) <= 6, told
    assert victim.is_in(), "who is inside stays inside"
    elsewhere = Peer(office.server, source="127.0.0.10")
    assert elsewhere.sign_in("sekar", office.password).status == 303, "another device of hers is free"


def cookies(_naskah):
    """Cookies are out of reach of scripts and other sites, and by TLS of other hosts as well."""
    office = WORK["office"]
    forgive()
    peer = Peer(office.server)
    for answer in (peer.sign_in("damar", office.password), peer.act("/masuk/ulang", sandi=office.password)):
        lines = answer.headers["set-cookie"].splitlines()
        assert lines and all("HttpOnly" in line and "SameSite=Lax" in line and "Path=/" in line and
                             "Domain" not in line for line in lines), lines
    token = peer.cookies["sesi"]
    page = peer.get("/profil")
    assert token not in page.text and page.headers["cache-control"] == "no-store", page.headers
    answer = peer.act("/keluar")
    assert "Max-Age=0" in answer.headers["set-cookie"] and "sesi" not in peer.cookies, answer.headers
    peer.cookies["sesi"] = token
    assert not peer.is_in()
    assert peer.ask("POST", "/keluar", {"csrf": "x"}).status in (303, 401, 403)
    assert office.query("SELECT count(*) FROM session WHERE hex(token) = ?", token.upper()) == [(0,)]


def dismissed(naskah):
    """Who is dismissed, loses his position, or is locked has lost it at once, in every open session."""
    office = WORK["office"]
    forgive()
    ratna, budi = office.person("ratna"), office.person("budi")
    program = office.program("budi")
    assert ratna.get("/kelola").status == 200, ratna.get("/kelola")
    naskah.run("account", "dismiss", "ratna")
    assert ratna.get("/kelola").status == 404 and ratna.get("/kelola/orang").status == 404
    naskah.run("account", "appoint", "ratna")
    letter = office.new_letter()
    office.decide(letter, "damar", "submit")
    office.decide(letter, "kirana", "approve")
    path, _ = office.task(letter, "budi")
    assert program.get(path).status == 200, path
    naskah.run("account", "lock", "budi")
    assert not budi.is_in() and budi.get("/tugas").status == 303, "session"
    assert [program.get(path).status, program.get("/api/v1/me").status] == [401, 401], "token"
    assert Peer(office.server).sign_in("budi", office.password).status == 422


def last(_naskah):
    """The server stood it all, and wrote down no secret."""
    office = WORK["office"]
    lines = office.server.stop()
    text = repr(lines)
    assert not [line for line in lines if line.get("status", 0) >= 500], text[-3000:]
    for secret in (office.password, WORK["secret"], *WORK["recovery"], *office.tokens.values()):
        assert secret not in text, secret


def main():
    with tempfile.TemporaryDirectory() as folder:
        naskah = Naskah(os.path.abspath(sys.argv[1]), os.path.join(folder, "kantor"))
        try:
            run_cases([begin, many, again, lured, lured_in, tickets, fixed, device, cookies, dismissed, last], naskah)
        finally:
            for child in web.Server.running:
                child.kill()


if __name__ == "__main__":
    main()
