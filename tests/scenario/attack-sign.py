#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""attack-sign.py NASKAH: what is done once is done once, by whom and as it was shown: double clicks,
two at once, repeated keys, a server that is killed in between, and fields that nobody may set."""
import concurrent.futures
import json
import os
import sys
import tempfile
import uuid

import web
from attack import Office
from tap import Naskah, run_cases

WORK = {}


def begin(naskah):
    """An office whose people are signed in."""
    office = WORK["office"] = Office(naskah)
    for name in ("damar", "kirana", "budi", "sekar"):
        WORK[name] = office.person(name)
    with open(os.path.join(naskah.folder, "keys/passphrase"), encoding="utf-8") as file:
        WORK["secret"] = file.readline().strip()


def at_once(acts):
    with concurrent.futures.ThreadPoolExecutor(len(acts)) as pool:
        return list(pool.map(lambda act: act(), acts))


def shown(letter):
    return WORK["office"].program("damar").get(f"/api/v1/letters/{letter}").json()


def acts_of(letter):
    entries = WORK["office"].query("SELECT CAST(entry AS TEXT) FROM journal WHERE letter = ?", letter)
    return [json.loads(entry)["action"] for entry, in entries]


def place_of(letter, person):
    """The page of the letter's task."""
    path, _ = WORK["office"].task(letter, person)
    return f"/tugas/{letter}/" + path.rsplit("/", 1)[1].replace("%23", "~")


def to_sign(*change):
    """(letter, its task's page) of one that Sekar is to sign."""
    office = WORK["office"]
    letter = office.new_letter(*change)
    for person, outcome in (("damar", "submit"), ("kirana", "approve"), ("budi", "approve")):
        office.decide(letter, person, outcome)
    return letter, place_of(letter, "sekar")


def prepared(place):
    """The form under the pages that are shown, with the passphrase."""
    sekar = WORK["sekar"]
    fields = sekar.ask("POST", f"{place}/siapkan", {"csrf": sekar.csrf()}).fields()
    assert len(fields["sha256"]) == 64, fields
    return dict(fields, sandi=WORK["secret"])


ONCE = ("number-taken", "pages-frozen", "signature-sent", "signature-answered", "letter-signed")


def twice(_naskah):
    """Who presses "sign" twice, or in two windows, has signed once."""
    sekar = WORK["sekar"]
    for same in (True, False):
        letter, place = to_sign()
        form = prepared(place)
        forms = [form if same else dict(form, permintaan=str(uuid.uuid4())) for _ in range(6)]
        if not same:
            forms = [form] + [dict(form, permintaan=form["permintaan"][:-2] + f"{n:02x}") for n in range(5)]
        answers = at_once([lambda f=one: sekar.ask("POST", f"{place}/tanda-tangan", f) for one in forms])
        told = [answer.status for answer in answers]
        assert told.count(303) >= 1 and set(told) <= {303, 409, 422, 503}, (told, answers)
        assert same or told.count(303) == 1, told
        assert sekar.ask("POST", f"{place}/tanda-tangan", form).status in (303, 409)
        made = acts_of(letter)
        assert len(answers) == 6 and set(ONCE) <= set(made), made  # each press may have said yes
        assert all(made.count(act) == 1 for act in ONCE), made
        assert WORK["office"].query("SELECT count(*) FROM register_entry WHERE letter = ?", letter) == [(1,)]


def two(_naskah):
    """Of two who decide at once one decides, and the other is told what was decided."""
    office = WORK["office"]
    first, second = WORK["kirana"], office.person("kirana")
    for _ in range(3):
        letter = office.new_letter()
        office.decide(letter, "damar", "submit")
        place = place_of(letter, "kirana")
        forms = [dict(peer.get(place).fields()) for peer in (first, second)]
        answers = at_once([
            lambda: first.ask("POST", place, dict(forms[0], keputusan="approve")),
            lambda: second.ask("POST", place, dict(forms[1], keputusan="return", catatan="perbaiki dulu"))])
        assert sorted(answer.status for answer in answers) == [303, 409], answers
        loser = next(answer for answer in answers if answer.status == 409)
        assert "selesai" in loser.text or "sudah" in loser.text, loser
        made = acts_of(letter)
        assert made.count("paraf-given") + made.count("letter-returned") == 1, made


def repeated(_naskah):
    """Requests of one key at once are one request; with another body they are refused."""
    office, program = WORK["office"], WORK["office"].program("damar")
    with open(os.path.join(os.environ["NASKAH_SOURCE"], "templates/letters/surat-dinas.sample.xml"),
              encoding="utf-8") as file:
        body = {"xml": file.read(), "position": "staf-persuratan"}
    before = office.query("SELECT count(*) FROM letter")
    key = {"Idempotency_Key": "serempak-1"}
    answers = at_once([lambda: program.json("POST", "/api/v1/letters", body, **key)] * 10)
    assert {answer.status for answer in answers} <= {201, 409}, answers
    made = {answer.json()["letter"] for answer in answers if answer.status == 201}
    assert len(made) == 1 and office.query("SELECT count(*) FROM letter")[0][0] == before[0][0] + 1, made
    bodies = [dict(body, xml=body["xml"] + "\n" * n) for n in range(1, 9)]
    key = {"Idempotency_Key": "serempak-2"}
    answers = at_once([lambda b=one: program.json("POST", "/api/v1/letters", b, **key) for one in bodies])
    told = sorted(answer.status for answer in answers)
    assert told == [201] + [422] * 7, told
    assert office.query("SELECT count(*) FROM letter")[0][0] == before[0][0] + 2


def killed(naskah):
    """A server that dies between the pages and the signature changes nothing: one signature follows."""
    office = WORK["office"]
    letter, place = to_sign()
    form = prepared(place)
    office.server.child.kill()
    office.server.child.wait()
    office = WORK["office"] = Office(naskah)
    for name in ("damar", "kirana", "budi", "sekar"):
        WORK[name].host, WORK[name].origin = office.server.address.split("//")[1], office.server.address
    assert shown(letter)["state"] not in ("signed", "archived"), shown(letter)
    answer = WORK["sekar"].ask("POST", f"{place}/tanda-tangan", form)
    assert answer.status == 303 and answer.to.startswith("/tugas"), answer
    assert WORK["sekar"].ask("POST", f"{place}/tanda-tangan", form).status in (303, 409)
    assert office.query("SELECT count(*) FROM register_entry WHERE letter = ?", letter) == [(1,)]
    made = acts_of(letter)
    assert all(made.count(act) == 1 for act in ONCE), made
    naskah.run("doctor")


def other(_naskah):
    """Nothing is signed but what was shown, by whom it was shown to, with a proof that is fresh."""
    office, sekar = WORK["office"], WORK["sekar"]
    letter, place = to_sign()
    form = prepared(place)
    elsewhere, there = to_sign(("Pelaksanaan Bimbingan", "Pengadaan Bimbingan"))
    for wrong in ("0" * 64, "", "x", form["sha256"][:-1], form["sha256"] + "0", prepared(there)["sha256"],
                  form["sha256"].upper()[:63] + "Z"):
        answer = sekar.ask("POST", f"{place}/tanda-tangan", dict(form, sha256=wrong, permintaan=str(uuid.uuid4())))
        assert answer.status in (409, 422), (wrong, answer)
    for name in ("damar", "kirana", "budi"):
        peer = WORK[name]
        answer = peer.ask("POST", f"{place}/tanda-tangan", dict(form, csrf=peer.csrf()))
        assert answer.status in (403, 404, 409, 422), (name, answer)
    program = office.program("sekar")
    for outcome in ("sign", "signed", "approve", "tanda-tangan", ""):
        path, etag = office.task(letter, "sekar")
        answer = program.json("POST", path + "/decision", {"outcome": outcome}, If_Match=etag)
        assert answer.status in (403, 409, 422), (outcome, answer)
        answer = sekar.ask("POST", place, {"csrf": sekar.csrf(), "keputusan": outcome or "x", "sandi": WORK["secret"]})
        assert answer.status in (403, 409, 422), (outcome, answer)
    answer = program.ask("POST", f"{place}/tanda-tangan", form)
    assert answer.status in (303, 401) and not answer.to.startswith("/tugas"), answer
    office.query("UPDATE session SET proved = proved - ? WHERE person = 'sekar'", 6 * 60 * 10**6)
    answer = sekar.ask("POST", f"{place}/tanda-tangan", form)
    assert answer.status == 303 and answer.to.startswith("/masuk/ulang?ke=/tugas/"), answer
    for one in (letter, elsewhere):
        assert shown(one)["state"] not in ("signed", "archived"), shown(one)
        assert not any("signed" in act for act in acts_of(one)), acts_of(one)
    assert sekar.act("/masuk/ulang", sandi=office.password).status == 303


EXTRA = {"state": "signed", "number": "B-1/2026", "nomor": "B-1/2026", "status": "archived", "author": "sekar",
         "person": "sekar", "orang": "sekar", "drafter": "sekar", "unit": "sekretariat-utama", "version": "99",
         "versi": "99", "letter": "x", "security": "biasa", "administers": "1", "scope": "sign", "as": "sekar",
         "sebagai": "sekar", "signed": "true", "task": "x", "positions": "kepala-biro-umum"}


def assigned(_naskah):
    """Fields that a form does not have set nothing."""
    office, damar = WORK["office"], WORK["damar"]
    letter = office.new_letter()
    before = shown(letter)
    place = place_of(letter, "damar")
    form = damar.get(f"/draf/{letter}").fields()
    answer = damar.ask("POST", f"/draf/{letter}", {**form, **EXTRA})
    assert answer.status in (303, 422), answer
    after = shown(letter)
    for member in ("state", "number", "security", "drafter", "unit"):
        assert after.get(member) == before.get(member), (member, before, after)
    answer = damar.ask("POST", place, {**damar.get(place).fields(), **EXTRA, "keputusan": "submit"})
    assert answer.status == 303, answer
    after = shown(letter)
    assert after["state"] == "review" and after["number"] is None, after
    kept = office.query("SELECT drafter_person FROM letter WHERE id = ?", letter)
    assert kept == [("damar",)], kept
    before = office.state()
    answer = damar.ask("POST", "/profil/sandi", {"csrf": damar.csrf(), **EXTRA, "sandi": "x", "sandi-baru": "y"})
    assert answer.status == 422 and office.state()["administrator"] == before["administrator"], answer
    answer = damar.json("POST", "/api/v1/me/tokens", {"label": "x", "scopes": ["letters:read"], "days": 3,
                                                     "person": "sekar"}, X_CSRF_Token=damar.csrf())
    assert answer.status == 422 and answer.json()["code"] == "members", answer
    many = damar.ask("POST", place, [("csrf", damar.csrf()), ("keputusan", "submit"), ("keputusan", "approve")])
    assert many.status in (404, 409, 422), many


def last(_naskah):
    """The server stood it all; no passphrase is in its log."""
    office = WORK["office"]
    lines = office.server.stop()
    text = json.dumps(lines)
    assert WORK["secret"] not in text and office.password not in text
    faults = [line for line in lines if line.get("status", 0) >= 500 and line["status"] != 503]
    assert not faults, faults[:5]


def main():
    with tempfile.TemporaryDirectory() as folder:
        naskah = Naskah(os.path.abspath(sys.argv[1]), os.path.join(folder, "kantor"))
        try:
            run_cases([begin, twice, two, repeated, killed, other, assigned, last], naskah)
        finally:
            for child in web.Server.running:
                child.kill()


if __name__ == "__main__":
    main()
