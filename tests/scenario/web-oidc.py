#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""web-oidc.py NASKAH: signing in by a provider of identities, which may be a bad one."""
import html
import http.client
import json
import os
import re
import socket
import sys
import tempfile
import urllib.parse
from importlib import import_module

from oidc import CLIENT, Provider
from tap import Naskah, run_cases
from web import Server

signin = import_module("web-signin")
WORK = {}
ISSUER_CASES = {  # before anything of the provider is known
    "other-issuer": "description is of another provider",
    "no-token-place": "no good address as 'token_endpoint'",
    "place-in-clear": "no good address as 'token_endpoint'",
    "place-of-script": "no good address as 'authorization_endpoint'",
    "description-elsewhere": "does not answer as it should",
    "description-broken": "cannot be read",
}
TOKEN_CASES = {
    "other-nonce": "'nonce': it answers another question",
    "no-nonce": "'nonce': it answers another question",
    "other-iss": "'iss': another provider made it",
    "other-aud": "'aud': it is not for this office",
    "many-aud": "'azp': it is not for this office",
    "other-azp": "'azp': it is not for this office",
    "expired": "'exp': its time is over",
    "lasting": "'exp': it lasts too long",
    "no-exp": "'exp': it lasts too long",
    "to-come": "'iat': it is from a time to come",
    "no-sub": "'sub': it names nobody",
    "number-sub": "'sub': it names nobody",
    "logout": "'events': it is no ID token",
    "other-access": "'at_hash': another token came with it",
    "none": "its algorithm is none of",
    "hs256": "its algorithm is none of",
    "unknown-alg": "its algorithm is none of",
    "other-kid": "its key is not in the provider's set",
    "own-key": "its key is not in the provider's set",
    "forged": "its signature does not hold",
    "critical": "it demands an extension",
    "twice": "does not hold JSON claims",
    "mix-up": "of another identity provider than the one asked",
    "no-iss": "of another identity provider than the one asked",
    "access-denied": "you did not agree",
    "other-state": "was not begun in this browser",
    "refuses-client": "refused the office: invalid_client",
    "elsewhere": "does not answer as it should",
    "huge": "does not answer as it should",
    "slow": "does not answer as it should",
    "no-token": "gave no ID token",
    "other-kind": "gave no ID token",
}


def free_port():
    with socket.socket() as peer:
        peer.bind(("127.0.0.1", 0))
        return peer.getsockname()[1]


def serve(naskah):
    provider, port = WORK["provider"], free_port()
    provider.pages = f"http://localhost:{port}"
    server = Server(naskah, "--site", provider.pages, listen=f"127.0.0.1:{port}")
    provider.office = server.address
    WORK["server"] = server
    return server


def browser():
    return signin.Browser(WORK["server"].address, "en")


def told(page):
    return html.unescape(page.content)


def at_provider(url):
    """Where the provider sends the browser, which is whom it says that it is."""
    at = urllib.parse.urlsplit(url)
    peer = http.client.HTTPConnection(at.netloc, timeout=60)
    peer.request("GET", f"{at.path}?{at.query}")
    answer = peer.getresponse()
    answer.read()
    peer.close()
    assert answer.status == 302, (answer.status, WORK["provider"].fault)
    back = urllib.parse.urlsplit(answer.headers["Location"])
    assert f"{back.scheme}://{back.netloc}" == WORK["provider"].pages, back
    return f"{back.path}?{back.query}"


def come_back(guest, way="/masuk/sso?ke=/surat"):
    """The address that the browser comes back to."""
    page = guest.get(way)
    assert page.status == 303 and page.to.startswith(WORK["provider"].issuer + "/authorize?"), (page.to, page.content)
    return at_provider(page.to)


def enter(guest):
    return guest.get(come_back(guest))


def be(bad="", who="subjek-1", **more):
    provider = WORK["provider"]
    provider.bad, provider.who, provider.more, provider.fault = bad, who, more, None
    signin.forgive(WORK["naskah"])


def inside(person):
    guest = browser()
    assert guest.sign_in(person, WORK["password"]).status == 303
    return guest


def named(naskah):
    """The owner of the folder names the provider; until then nobody sees a word of it."""
    provider = WORK["provider"]
    serve(naskah)
    assert "/masuk/sso" not in browser().get("/masuk").content
    assert browser().get("/masuk/sso").status == 422
    WORK["server"].stop()
    for issuer, words in (("http://sso.example.go.id", "no issuer"), ("sso.example.go.id", "no issuer"),
                          ("https://sso.example.go.id/#a", "no issuer"), ("https://a@sso.example.go.id", "no issuer")):
        naskah.refuse(1, [words], "sso", "provider", issuer, "--client", CLIENT, "--name", "SSO Uji")
    for claim in ("email", "preferred_username", "Sub", ""):
        naskah.refuse(1, ["for ever"], "sso", "provider", provider.issuer, "--client", CLIENT, "--name", "SSO Uji",
                      "--claim", claim)
    naskah.run("sso", "provider", provider.issuer, "--client", CLIENT, "--name", "SSO <Uji>")
    shown = naskah.ask("sso", "show")
    assert shown["issuer"] == provider.issuer and shown["claim"] == "sub", shown
    assert shown["keys"][0]["crv"] == "P-521" and "d" not in shown["keys"][0], shown
    naskah.run("sso", "provider", provider.issuer, "--client", CLIENT, "--name", "SSO <Uji>")
    assert naskah.ask("sso", "show")["keys"] == shown["keys"]  # a provider knows it
    naskah.run("account", "appoint", "ratna")
    assert os.stat(os.path.join(naskah.folder, "keys/sso.key")).st_mode & 0o777 == 0o600
    serve(naskah)
    page = browser().get("/masuk?ke=/surat")
    assert 'href="/masuk/sso?ke=/surat"' in page.content and "Sign in with SSO &lt;Uji&gt;" in page.content, page.content


def misdescribed(_naskah):
    """A description that cannot be believed leads nobody to the provider."""
    for bad, words in ISSUER_CASES.items():
        be(bad)
        page = browser().get("/masuk/sso")
        assert page.status == 422 and words in told(page), (bad, page.status, told(page))


CHECK_CASES = {
    "": "knows the office by its name and key",
    "other-issuer": "calls itself 'http://127.0.0.1:9'",
    "no-token-place": "no good address as 'token_endpoint'",
    "place-of-script": "no good address as 'authorization_endpoint'",
    "description-broken": "cannot be read",
    "description-elsewhere": "status 302",
    "no-pkce": "knows no PKCE by S256",
    "secrets-alone": "does not know an office by its key (private_key_jwt)",
    "other-algorithms": "signs by no algorithm that is believed",
    "huge-keys": "cannot be asked",
    "no-keys": "no key",
    "refuses-client": "does not know the office as 'naskah-uji'",
    "takes-anything": "takes a code that it never gave",
    "out-of-order": "status 503",
}


def tried(naskah):
    """Who looks after the office tries the provider, and is told in words what is to be mended."""
    page = WORK["ratna"] = inside("ratna")
    assert inside("budi").get("/kelola/penyedia").status == 404
    assert "Identity provider" in page.get("/kelola").content
    shown = page.get("/kelola/penyedia")
    for words in (WORK["provider"].issuer, CLIENT, f'{WORK["provider"].pages}/masuk/sso/kembali', "P-521"):
        assert words in told(shown), words
    assert '"d"' not in told(shown)
    for bad, words in CHECK_CASES.items():
        be(bad)
        answer = page.act("/kelola/penyedia", tindakan="uji")
        assert answer.status == 200 and words in told(answer), (bad, told(answer))
        assert ("The connection works" in answer.content) == (bad == ""), bad
        if bad in ("", "refuses-client"):  # the same by the command, beside the server
            checks = naskah.ask("sso", "check", status=0 if bad == "" else 1)
            assert checks["good"] == (bad == "") and any(words in one["says"] for one in checks["checks"]), checks
    be()
    assert not WORK["provider"].told, "nobody was sent to it"


def changed(naskah):
    """Its settings are changed on the page, by who proved just now that it is he, into the history."""
    ratna, provider = WORK["ratna"], WORK["provider"]
    good = {"penerbit": provider.issuer, "klien": CLIENT, "nama": "SSO <Uji>", "klaim": "sub"}
    for wrong, words in (({"penerbit": "http://127.0.0.1:9"}, "this is no issuer"),  # the owner names those alone
                         ({"penerbit": "sso.example.go.id"}, "this is no issuer"), ({"penerbit": ""}, "no issuer"),
                         ({"penerbit": "https://sso.example.go.id/?a=<b>"}, "this is no issuer"),
                         ({"klien": ""}, "client ID"), ({"nama": ""}, "what people call"),
                         ({"nama": "x" * 101}, "what people call"), ({"klaim": "email"}, "for ever"),
                         ({"klaim": "<script>"}, "for ever")):
        page = ratna.act("/kelola/penyedia", tindakan="ubah", **(good | wrong))
        assert page.status == 422 and words in told(page), (wrong, page.status, told(page))
        assert "<script>" not in page.content and "=<b>" not in page.content
    assert ratna.act("/kelola/penyedia", tindakan="lain").status == 404
    assert naskah.ask("sso", "show")["client"] == CLIENT
    page = ratna.act("/kelola/penyedia", tindakan="ubah", **(good | {"klien": "kantor-lain"}))
    assert page.to == "/kelola/penyedia?pesan=penyedia", told(page)
    assert naskah.ask("sso", "show")["client"] == "kantor-lain"
    page = ratna.act("/kelola/penyedia", tindakan="uji")
    assert "does not know the office as 'kantor-lain'" in told(page), told(page)
    ratna.act("/kelola/penyedia", tindakan="lepas")
    assert naskah.ask("sso", "show")["issuer"] is None
    assert "/masuk/sso" not in browser().get("/masuk").content
    assert ratna.act("/kelola/penyedia", tindakan="uji").status == 404
    # what this machine's own addresses are is the owner's to say, so the page cannot bring it back
    page = ratna.act("/kelola/penyedia", tindakan="ubah", **good)
    assert page.status == 422, page.to
    said = [json.loads(row[0]) for row in signin.rows(
        naskah, "SELECT CAST(entry AS TEXT) FROM journal WHERE letter = 'office/settings' ORDER BY letter_seq")]
    mine = [entry["actor"]["id"] for entry in said if entry["action"] == "provider-set"]
    assert mine[-2:] == ["ratna", "ratna"] and "naskah-sso" in mine, mine
    assert "office/settings" not in naskah.run("doctor")[1]
    signin.grow_old(naskah, "ratna", proved=6)
    assert ratna.act("/kelola/penyedia", tindakan="lepas").to == "/masuk/ulang?ke=/kelola/penyedia"
    WORK["said"] = WORK["server"].stop()
    naskah.run("sso", "provider", provider.issuer, "--client", CLIENT, "--name", "SSO <Uji>")
    serve(naskah)


def linked(naskah):
    """A link is made by who is inside and shows it; by an address of mail or a name nobody is found."""
    be(email="sekar@example.go.id", email_verified=True, preferred_username="sekar", name="Sekar", nip="1")
    guest = browser()
    page = enter(guest)
    assert page.status == 422 and "no account of this office is linked" in told(page), told(page)
    assert not guest.is_in()
    sekar = inside("sekar")
    signin.grow_old(naskah, "sekar", proved=6)
    assert sekar.act("/profil/sso").to == "/masuk/ulang?ke=/profil"
    sekar.act("/masuk/ulang", sandi=WORK["password"])
    assert sekar.post("/profil/sso", {}).status == 403  # from a form of hers alone
    assert sekar.get("/profil/sso").status in (404, 405)
    page = sekar.act("/profil/sso")
    href = html.unescape(re.search(r'href="(http://127[^"]+)"', page.content)[1])
    asked = dict(urllib.parse.parse_qsl(urllib.parse.urlsplit(href).query))
    assert asked["prompt"] == "login" and asked["max_age"] == "300", asked
    back = at_provider(href)
    # who has only the address has nothing; neither has somebody else who is inside, nor the way in
    assert browser().get(back).to.startswith("/masuk?ke=")
    budi = inside("budi")
    budi.cookies["sso"] = sekar.cookies["sso"]
    page = budi.get(back)
    assert page.status == 422 and "not begun in this browser" in told(page), told(page)
    wrong = browser()
    wrong.cookies["sso"] = sekar.cookies["sso"]
    assert "not begun in this browser" in told(wrong.get(back.replace("/profil/", "/masuk/")))
    page = sekar.get(back)
    assert (page.status, page.to) == (303, "/profil?pesan=sso"), (page.to, told(page), WORK["provider"].fault)
    assert "Undo the link" in sekar.get("/profil").content
    # nobody else can have the same identity
    page = budi.act("/profil/sso")
    page = budi.get(at_provider(html.unescape(re.search(r'href="(http://127[^"]+)"', page.content)[1])))
    assert page.status == 422 and "belongs to an account here already" in told(page), told(page)


def entered(naskah):
    """Who is linked comes in, as herself alone, and what she may do follows from her positions."""
    be(groups=["kepala-dinas", "admin"], roles=["admin"])
    guest = browser()
    back = come_back(guest)
    kept = dict(guest.cookies)
    page = guest.get(back)
    assert (page.status, page.to) == (303, "/surat"), (page.to, told(page), WORK["provider"].fault)
    assert guest.is_in() and "sso" not in guest.cookies
    assert guest.get("/kelola").status == 404
    assert "prompt" not in WORK["provider"].told[-1]
    # the same address again is worth nothing, with the cookie or without
    for cookies in (kept, {"lang": "en"}):
        again = browser()
        again.cookies = dict(cookies)
        page = again.get(back)
        assert page.status == 422 and not again.is_in(), page
        assert ("was used already" if "sso" in cookies else "not begun in this browser") in told(page), told(page)
    said = [action for action, in signin.rows(naskah, "SELECT action FROM login_event WHERE person = 'sekar'")]
    assert "signed-in-by-provider" in said and "provider-linked" in said, said
    assert "signed in by an identity provider" in told(guest.get("/profil/riwayat"))
    # nothing that proves anything is in the database
    with open(os.path.join(naskah.folder, "office.db"), "rb") as file:
        data = file.read()
    assert urllib.parse.parse_qs(back)["code"][0].encode() not in data
    # a tampered ticket
    guest = browser()
    back = come_back(guest)
    guest.cookies["sso"] = guest.cookies["sso"].replace(":0:", ":1:", 1)
    assert "not begun in this browser" in told(guest.get(back))


def misbehaved(_naskah):
    """Whatever the provider does wrong lets nobody in, and is told in words."""
    assert len(TOKEN_CASES) + len(ISSUER_CASES) >= 35
    for bad, words in TOKEN_CASES.items():
        be(bad)
        guest = browser()
        page = enter(guest)
        assert page.status == 422 and words in told(page), (bad, page.status, told(page))
        assert not guest.is_in() and "sso" not in guest.cookies, bad
    be()
    guest = browser()
    assert enter(guest).to == "/surat" and guest.is_in()


def entries(naskah):
    """Of whom the history says that a sign-in failed."""
    said = [json.loads(row[0]) for row in signin.rows(
        naskah, "SELECT CAST(entry AS TEXT) FROM journal WHERE letter = 'office/door' ORDER BY letter_seq")]
    return [entry["actor"]["id"] for entry in said if entry["action"] == "sign-in-failed"]


def counted(naskah):
    """Failures are in the history, and who makes many waits; nobody waits for what others did."""
    provider = WORK["provider"]
    be(who="subjek-baru")
    before = len(entries(naskah))
    assert enter(browser()).status == 422
    assert entries(naskah)[before:] == ["naskah-sso"], entries(naskah)[before:]
    with open(os.path.join(naskah.folder, "office.db"), "rb") as file:
        assert b"subjek-baru" not in file.read()
    # what is no failure of who comes is no entry
    for bad in ("other-state", "slow"):
        be(bad)
        enter(browser())
    assert len(entries(naskah)) == before + 1
    # 51 failures in a day, of which each comes by a browser that nobody knows
    be(who="subjek-baru")
    signin.rows(naskah, "UPDATE login_try SET failures = 50")
    assert enter(browser()).status == 422
    known = inside("sekar")
    guest = browser()
    back = come_back(guest)
    provider.asked.clear()
    signin.rows(naskah, "UPDATE login_try SET failures = 60")
    page = guest.get(back)
    assert page.status == 429 and "too many tries" in told(page), (page.status, told(page))
    assert int(page.headers["retry-after"]) > 0 and "/token" not in provider.asked, provider.asked
    assert len(entries(naskah)) == before + 2
    # a password from the same place, and a device that was let in before, do not wait
    assert inside("budi").is_in()
    provider.who = "subjek-1"
    known.cookies.pop("sesi")
    assert enter(known).to == "/surat", provider.fault
    be()


def leave(guest):
    """Signs out; the address at the provider that is offered, or None."""
    page = guest.act("/keluar")
    assert "sesi" not in guest.cookies and not guest.is_in()
    if page.status == 303:
        assert page.to == "/", page.to
        return None
    assert page.status == 200 and "SSO <Uji>" in told(page), told(page)
    return html.unescape(re.search(r'href="(http://127[^"]+)"', page.content)[1])


def left(naskah):
    """Who came in by the provider is offered to sign out of it; whatever it does, he is out here."""
    provider = WORK["provider"]
    be()
    guest = browser()
    assert enter(guest).to == "/surat"
    token = list(provider.given)[-1]
    for name in ("office.db", "office.db-wal"):
        with open(os.path.join(naskah.folder, name), "rb") as file:
            assert token.split(".")[2].encode() not in file.read(), name
    url = leave(guest)
    assert url.startswith(provider.issuer + "/end?"), url
    back = at_provider(url)
    assert provider.ended == ["subjek-1"] and back.startswith("/keluar/sso/kembali?state="), back
    kept = dict(guest.cookies)
    for cookies, way, well in ((kept, back, True), ({"lang": "en"}, back, False),
                               (kept, back + "0", False), (kept, "/keluar/sso/kembali", False)):
        guest.cookies = dict(cookies)
        page = guest.get(way)
        assert page.status == 200 and ("signed out here and there" in told(page)) == well, (way, told(page))
        assert "sso-keluar" not in guest.cookies and "Sign in" in page.content
    assert leave(inside("sekar")) is None  # who came by a password has nothing to sign out of
    # an hour later, and after the server was started anew, the way is found as well, or not
    for bad, offered in (("", True), ("no-end", False), ("end-of-script", False), ("other-issuer", False)):
        be()
        guest = browser()
        assert enter(guest).to == "/surat"
        WORK["said"] += WORK["server"].stop()
        be(bad)
        serve(naskah)
        guest.port = int(WORK["server"].address.rsplit(":", 1)[1])
        assert (leave(guest) is not None) == offered, bad
    WORK["said"] += WORK["server"].stop()
    be()
    serve(naskah)


def rotated(_naskah):
    """A provider that signs by a new key is asked for its keys again, once."""
    provider = WORK["provider"]
    be()
    provider.published, provider.by = [provider.second], provider.second
    be("huge-keys")
    page = enter(browser())
    assert page.status == 422 and "does not answer as it should" in told(page), told(page)
    be()
    provider.asked.clear()
    guest = browser()
    assert enter(guest).to == "/surat", provider.fault
    assert provider.asked == ["/authorize", "/token", "/keys"], provider.asked
    provider.asked.clear()
    assert enter(browser()).to == "/surat"
    assert provider.asked == ["/authorize", "/token"], provider.asked


def proved(naskah):
    """Before what weighs the provider asks again who it is, and says when."""
    be(auth_time=1000)
    guest = browser()
    assert enter(guest).to == "/surat"  # in, by a sign-in at the provider of long ago
    assert guest.get("/profil/kode").to == "/masuk/ulang?ke=/profil/kode"
    page = guest.get("/masuk/ulang?ke=/profil/kode")
    way = re.search(r'href="(/masuk/ulang/sso[^"]*)"', page.content)[1]
    for bad, who, words in (("no-auth-time", "subjek-1", "did not prove just now"),
                            ("old-auth-time", "subjek-1", "did not prove just now"),
                            ("auth-time-to-come", "subjek-1", "did not prove just now"),
                            ("other-nonce", "subjek-1", "it answers another question"),
                            ("", "subjek-2", "no account of this office is linked")):
        be(bad, who)
        page = guest.get(come_back(guest, way))
        assert page.status == 422 and words in told(page), (bad, told(page))
        assert guest.get("/profil/kode").status == 303
    naskah.run("sso", "link", "budi", "subjek-2")
    be(who="subjek-2")
    page = guest.get(come_back(guest, way))
    assert page.status == 422 and "somebody else's identity" in told(page), told(page)
    assert entries(naskah)[-1] == "sekar", entries(naskah)
    be()
    before = guest.cookies["sesi"]
    back = come_back(guest, way)
    assert WORK["provider"].told[-1]["prompt"] == "login" and WORK["provider"].told[-1]["max_age"] == "300"
    page = guest.get(back)
    assert (page.status, page.to) == (303, "/profil/kode"), told(page)
    assert guest.get("/profil/kode").status == 200 and guest.cookies["sesi"] != before
    be(auth_time=None)  # a provider that does not say when
    guest = browser()
    assert enter(guest).to == "/surat" and guest.get("/profil/kode").status == 303


def second(naskah):
    """Who has a second factor here is asked for it, as after a password."""
    be(who="subjek-2")
    budi = inside("budi")
    page = budi.get("/profil/kode")
    secret = re.search(r'nsk-proof">([A-Z2-7]{32})<', page.content)[1]
    step = signin.now_step()
    page = budi.act("/profil/kode", tiket=page.field("tiket"), kode=signin.code_of(secret, step))
    assert page.status == 200, page.content
    recovery = re.findall(r"<code>([a-z0-9-]{19})</code>", page.content)
    guest = browser()
    page = enter(guest)
    assert (page.status, page.to) == (303, "/masuk/kode?ke=/surat"), page.to
    assert not guest.is_in()
    assert guest.post("/masuk/kode", {"kode": recovery[0], "ke": "/surat"}).to == "/surat" and guest.is_in()
    assert "/masuk/ulang/sso" not in guest.get("/masuk/ulang").content


def locked(naskah):
    """A locked account stays shut; a new password, and the person, undo the link."""
    naskah.run("account", "lock", "budi")
    be(who="subjek-2")
    guest = browser()
    page = enter(guest)
    assert page.status == 422 and "account is locked" in told(page) and not guest.is_in(), told(page)
    assert entries(naskah)[-1] == "budi", entries(naskah)
    naskah.run("account", "reset", "budi")
    assert "no account of this office is linked" in told(enter(browser()))
    be()
    sekar = inside("sekar")
    assert sekar.act("/profil/sso/akhir").to == "/profil?pesan=sso-akhir"
    assert "Link my account" in sekar.get("/profil").content
    assert "no account of this office is linked" in told(enter(browser()))
    naskah.refuse(3, ["no account"], "sso", "link", "tidak-ada", "x")
    naskah.run("sso", "link", "sekar", "subjek-1")
    assert enter(browser()).to == "/surat"
    naskah.run("sso", "unlink", "sekar")
    assert enter(browser()).status == 422


def claimed(naskah):
    """Another claim can name people; and without a provider nothing is left of it."""
    reasons = [line.get("reason", "") for line in WORK["said"] + WORK["server"].stop()]
    for cause in ("status 302", "status 307", "more than", "did not answer in time"):  # for who looks after the office
        assert any(cause in reason for reason in reasons), (cause, reasons)
    naskah.run("sso", "provider", WORK["provider"].issuer, "--client", CLIENT, "--name", "SSO", "--claim", "nip")
    naskah.run("sso", "link", "sekar", "198001012005012001")
    serve(naskah)
    be(nip="198001012005012001", sub="apa-saja")
    assert enter(browser()).to == "/surat"
    for nip in ("198001012005012002", "", "a\nb", None, ["198001012005012001"]):
        be(nip=nip)
        page = enter(browser())
        assert page.status == 422 and ("not say who you are" in told(page) or "is linked" in told(page)), told(page)
    WORK["server"].stop()
    naskah.run("sso", "provider", "--off")
    serve(naskah)
    assert "/masuk/sso" not in browser().get("/masuk").content
    assert browser().get("/masuk/sso").status == 422
    WORK["server"].stop()


def main():
    with tempfile.TemporaryDirectory() as folder:
        naskah = WORK["naskah"] = Naskah(sys.argv[1], os.path.join(folder, "kantor"))
        naskah.run("init", naskah.folder, "--demo", "--empty", office=False)
        with open(os.path.join(naskah.folder, "keys/demo-password"), encoding="ascii") as file:
            WORK["password"] = file.read().strip()
        WORK["provider"] = Provider(folder)
        try:
            run_cases([named, misdescribed, tried, changed, linked, entered, misbehaved, counted, left, rotated, proved,
                       second, locked, claimed], naskah)
        finally:
            for child in Server.running:
                child.kill()
                child.wait()
            WORK["provider"].stop()


if __name__ == "__main__":
    main()
