#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""backup.py NASKAH: backups made, taken back, and refused when a bit of them is not as it was."""
import fcntl
import hashlib
import json
import os
import pathlib
import random
import shutil
import sqlite3
import subprocess
import sys
import tempfile

from tap import Naskah, run_cases, tool

SOURCE = pathlib.Path(os.environ["NASKAH_SOURCE"])
STEPS = {int(file.name[:4]): file for file in sorted((SOURCE / "engine/db/schema").glob("*.sql"))}
NEWEST = max(STEPS)
SAMPLE = str(SOURCE / "templates/letters/surat-dinas.sample.xml")
FIRST_OFFICE = 6  # the first schema that an office could be made with
WORK = {}


def path(name):
    return os.path.join(WORK["folder"], name)


def image(folder, skip=()):
    """Every file below a folder with its bytes; a lock says only who took it last."""
    return {os.path.relpath(os.path.join(top, name), folder):
            pathlib.Path(top, name).read_bytes()
            for top, _, names in os.walk(folder) for name in names
            if name not in skip and not name.endswith(".writer")}


def seal(backup, change):
    """Changes a backup's manifest and makes its digest fit again."""
    file = pathlib.Path(backup, "manifest.json")
    manifest = json.loads(file.read_text())
    change(manifest)
    file.write_text(json.dumps(manifest))
    digest = hashlib.sha256(file.read_bytes()).hexdigest()
    pathlib.Path(backup, "manifest.sha256").write_text(f"{digest}  manifest.json\n")


def copy_of(backup, name):
    shutil.rmtree(path(name), ignore_errors=True)
    shutil.copytree(backup, path(name))
    return path(name)


def sound(naskah):
    """The doctor finds nothing but, after a restore, that numbers may be in doubt."""
    result = subprocess.run([naskah.program, "doctor", "--dir", naskah.folder, "--json"],
                            capture_output=True, text=True, check=False)
    tags = {issue["tag"] for issue in json.loads(result.stdout)["issues"]}
    assert tags <= {"numbers-in-doubt"}, tags
    return "numbers-in-doubt" in tags


def healthy(naskah, folder):
    """The doctor finds nothing, the letter's history holds, the repositories are whole."""
    other = Naskah(naskah.program, folder)
    sound(other)
    for letter in WORK["letters"]:
        history = other.ask("letter", "history", letter, person="sekar")
        assert history["verified"] and history["entries"], history
    for repository in os.listdir(os.path.join(folder, "repositories")):
        git = os.path.join(folder, "repositories", repository)
        if repository.endswith(".git"):
            tool("git", "--git-dir", git, "fsck", "--strict")
    refs = subprocess.run(["git", "--git-dir", os.path.join(folder, "repositories/biro-umum-2026.git"),
                           "for-each-ref"], capture_output=True, text=True, check=True).stdout
    assert all(letter in refs for letter in WORK["letters"]), refs
    return other


def backs_up(naskah):
    """A backup is a folder of ordinary files without keys, and says what is in it."""
    naskah.run("demo", "--once")
    database = sqlite3.connect(f"file:{naskah.folder}/office.db?mode=ro", uri=True)
    WORK["letters"] = [row[0] for row in database.execute("SELECT id FROM letter")]
    entries = database.execute("SELECT count(*) FROM journal").fetchone()[0]
    database.close()
    assert len(WORK["letters"]) == 1
    WORK["backup"] = path("cadangan")
    told = naskah.ask("backup", WORK["backup"])
    manifest = json.loads(pathlib.Path(WORK["backup"], "manifest.json").read_text())
    assert (told["letters"], told["entries"]) == (1, entries) == (
        manifest["letters"], manifest["entries"])
    assert told["bytes"] == sum(file["size"] for file in manifest["files"])
    files = image(WORK["backup"])
    assert set(files) == {file["path"] for file in manifest["files"]} | {
        "manifest.json", "manifest.sha256"}
    assert "office.db" in files and not any("keys" in name or ".p12" in name for name in files)
    for file in manifest["files"]:
        assert hashlib.sha256(files[file["path"]]).hexdigest() == file["sha256"]
    tool("sh", "-c", f"cd {WORK['backup']} && sha256sum -c manifest.sha256")
    assert told["manifest_sha256"] == hashlib.sha256(files["manifest.json"]).hexdigest()
    WORK["sha256"] = told["manifest_sha256"]
    said, _ = naskah.run("backup", path("kedua"))
    assert "--keys" in said, said
    assert oct(os.stat(WORK["backup"]).st_mode)[-3:] == "700"


def restores(naskah):
    """What is restored is the office, history, signed pages and repositories."""
    naskah.ask("restore", WORK["backup"], "--dir", path("baru"), "--sha256", WORK["sha256"],
               office=False)
    other = healthy(naskah, path("baru"))
    pdf = path("surat.pdf")
    other.run("letter", "export", WORK["letters"][0], "-o", pdf, person="sekar")
    other.run("verify", pdf)
    assert os.listdir(path("baru/keys")) == []
    assert oct(os.stat(path("baru")).st_mode)[-3:] == "700"
    other.run("letter", "new", str(SOURCE / "templates/letters/surat-dinas.sample.xml"),
              "--position", "staf-persuratan", person="damar")


def restores_keys(naskah):
    """Keys are a backup of their own, and go back to their own office only."""
    naskah.ask("backup", "--keys", path("kunci"))
    files = image(path("kunci"))
    assert all(name.startswith(("keys/", "manifest.")) for name in files), list(files)
    naskah.run("restore", path("kunci"), "--dir", path("baru"), office=False)
    assert image(path("baru/keys")) == image(os.path.join(naskah.folder, "keys"))
    naskah.refuse(6, ["--replace"], "restore", path("kunci"), "--dir", path("baru"), office=False)
    told = naskah.ask("restore", path("kunci"), "--dir", path("baru"), "--replace", office=False)
    assert image(told["aside"]) == image(path("baru/keys"))
    assert not os.path.exists(path("baru/keys.restoring"))
    naskah.run("init", path("lain"), "--demo", "--empty", office=False)
    naskah.refuse(6, ["keys of the office"], "restore", path("kunci"), "--dir", path("lain"),
                  "--replace", office=False)
    naskah.refuse(3, ["naskah init"], "restore", path("kunci"), "--dir", path("tiada"), office=False)


def restores_signers(naskah):
    """Signers and who signs with which key are of the office; what services know it by of its keys"""
    secret = "bearer rahasia-layanan-7351\n"
    folder = os.path.join(naskah.folder, "signers")
    os.mkdir(folder, 0o700)
    pathlib.Path(folder, "layanan.conf").write_text(secret)
    os.chmod(os.path.join(folder, "layanan.conf"), 0o600)
    naskah.ask("signer", "add", "layanan", "csc", "url=https://csc.example/v2", "batch=7")
    naskah.ask("signer", "add", "berkas", "pkcs12")
    naskah.ask("signer", "assign", "sekar", "berkas", "sekar.p12")
    told = naskah.ask("signer", "list")
    naskah.ask("backup", path("penanda"))
    naskah.ask("backup", "--keys", path("penanda-kunci"))
    plain = image(path("penanda"))
    assert not any(b"rahasia-layanan-7351" in content for content in plain.values())
    assert not any(name.startswith("signers") for name in plain), list(plain)
    assert image(path("penanda-kunci"))["signers/layanan.conf"] == secret.encode()
    naskah.ask("restore", path("penanda"), "--dir", path("penanda-baru"), office=False)
    other = Naskah(naskah.program, path("penanda-baru"))
    assert other.ask("signer", "list") == told and len(told["signers"]) == 2, told
    naskah.ask("restore", path("penanda-kunci"), "--dir", path("penanda-baru"), office=False)
    put = path("penanda-baru/signers/layanan.conf")
    assert pathlib.Path(put).read_text() == secret and oct(os.stat(put).st_mode)[-3:] == "600"
    assert other.ask("signer", "check")["failed"] == 0
    assert not os.path.exists(path("penanda-baru/keys.restoring"))
    shutil.rmtree(path("penanda-baru/keys"))
    naskah.refuse(6, ["signers", "--replace"], "restore", path("penanda-kunci"), "--dir",
                  path("penanda-baru"), office=False)
    pathlib.Path(put).write_text("bearer lain\n")
    naskah.ask("restore", path("penanda-kunci"), "--dir", path("penanda-baru"), "--replace",
               office=False)
    assert pathlib.Path(put).read_text() == secret
    aside = [name for name in os.listdir(path("penanda-baru")) if name.startswith("signers.before")]
    assert pathlib.Path(path("penanda-baru"), aside[0], "layanan.conf").read_text() == "bearer lain\n"
    shutil.rmtree(folder)


def refuses_a_place(naskah):
    """A backup never replaces anything and never lies in the office; a restore asks first."""
    before = image(WORK["backup"])
    naskah.refuse(6, ["exists already"], "backup", WORK["backup"])
    assert image(WORK["backup"]) == before
    naskah.refuse(1, ["in the office itself"], "backup", os.path.join(naskah.folder, "b"))
    naskah.refuse(1, ["in the office itself"], "backup", os.path.join(naskah.folder, "trust/b"))
    naskah.refuse(3, [], "backup", path("no/such/folder"))
    before = image(path("baru"))
    naskah.refuse(6, ["--replace"], "restore", WORK["backup"], "--dir", path("baru"), office=False)
    assert image(path("baru")) == before
    os.makedirs(path("pribadi"))
    pathlib.Path(path("pribadi"), "catatan").write_text("x")
    naskah.refuse(6, ["no office"], "restore", WORK["backup"], "--dir", path("pribadi"), "--replace",
                  office=False)
    naskah.refuse(6, ["not a folder"], "restore", WORK["backup"], "--dir", path("pribadi/catatan"),
                  office=False)
    naskah.refuse(3, ["no whole backup"], "restore", path("pribadi"), "--dir", path("x"),
                  office=False)
    naskah.refuse(2, ["naskah restore BACKUP"], "restore", "--dir", path("x"), office=False)
    os.makedirs(path("kosong"))
    naskah.run("restore", WORK["backup"], "--dir", path("kosong"), office=False)
    healthy(naskah, path("kosong"))


def replaces(naskah):
    """--replace keeps what was there under another name; links lead to the office itself."""
    os.symlink("baru", path("tautan"))
    before = image(path("baru"))
    told = naskah.ask("restore", WORK["backup"], "--dir", path("tautan"), "--replace", office=False)
    assert os.path.islink(path("tautan"))
    assert told["aside"].startswith(path("baru") + ".before-"), told
    assert image(told["aside"]) == before
    healthy(naskah, path("baru"))
    sound(Naskah(naskah.program, told["aside"]))


def waits_for_no_writer(naskah):
    """While somebody writes to the office it is not replaced; a backup can be made all the same."""
    before = image(path("baru"))
    with open(path("baru/office.db.writer"), "w", encoding="utf-8") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        naskah.refuse(75, ["another process"], "restore", WORK["backup"], "--dir", path("baru"),
                      "--replace", office=False)
        naskah.run("backup", path("ketiga"), "--dir", path("baru"), office=False)
    after = image(path("baru"))
    assert json.loads(after.pop("last-backup.json")), "it does not say when the last backup was made"
    assert after == before
    assert not os.path.exists(path("baru.restoring"))


def refused(naskah, backup, words, status=4, *more):
    """A restore of the backup is refused, to an empty place and over an office."""
    for place, options in ((path("tempat"), ()), (path("baru"), ("--replace",))):
        naskah.refuse(status, words, "restore", backup, "--dir", place, *options, *more, office=False)
        assert not os.path.exists(path("tempat")) and not os.path.exists(place + ".restoring")
    assert image(path("baru")) == WORK["before"], "the office changed"


def tampered(naskah):
    """One bit anywhere, a file cut, longer or missing: refused, naming the file."""
    WORK["before"] = image(path("baru"))
    dice = random.Random(7)
    tried = 0
    for name, content in sorted(image(WORK["backup"]).items()):
        known = name if name != "manifest.sha256" else "manifest.json"
        places = {0, len(content) - 1} | {dice.randrange(len(content)) for _ in range(6)}
        damages = [content[:at] + bytes([content[at] ^ 1 << dice.randrange(8)]) + content[at + 1:]
                   for at in sorted(places)]
        damages += [content[:-1], content[:len(content) // 2], b"", content + b"\0", None]
        for damage in damages:
            backup = copy_of(WORK["backup"], "rusak")
            target = pathlib.Path(backup, name)
            if damage is None:
                target.unlink()
            else:
                target.write_bytes(damage)
            missing_manifest = damage is None and name.startswith("manifest")
            too_large = name == "manifest.sha256" and damage is not None and len(damage) > 256
            refused(naskah, backup, [known if not missing_manifest else name],
                    3 if missing_manifest else 1 if too_large else 4)
            tried += 1
    print(f"# {tried} damaged backups refused")


def forged(naskah):
    """A manifest that was made anew is refused for what the database or the noted digest says."""
    def listed(change):
        backup = copy_of(WORK["backup"], "palsu")
        seal(backup, change)
        return backup

    def without_database(manifest):
        manifest["files"] = [row for row in manifest["files"] if row["path"] != "office.db"]

    def first_path(value):
        def change(manifest):
            manifest["files"][0]["path"] = value
        return change

    refused(naskah, listed(without_database), ["no database"])
    refused(naskah, listed(lambda m: m.update(letters=7)), ["manifest tells of"])
    refused(naskah, listed(lambda m: m.update(origin="naskah-x")), ["manifest tells of"])
    refused(naskah, listed(lambda m: m.pop("files")), ["manifest.json"])
    refused(naskah, listed(lambda m: m.update(format="x")), ["manifest.json"])
    for bad in ("../office.db", "/etc/passwd", "keys/a", "trust/../../x", "trust//x", "", "trust",
                "blob/./x", "office.db/x"):
        refused(naskah, listed(first_path(bad)), ["manifest.json"])
    refused(naskah, listed(lambda m: m.update(schema=9999)), ["newer program"], 1)
    refused(naskah, listed(lambda m: m.update(version=2)), ["newer program"], 1)
    refused(naskah, WORK["backup"], ["whose SHA-256"], 4, "--sha256", "0" * 64)

    # a database that was changed by somebody who makes all digests anew: the journal tells
    backup = copy_of(WORK["backup"], "palsu")
    database = sqlite3.connect(os.path.join(backup, "office.db"))
    database.executescript("PRAGMA journal_mode = DELETE; DROP TRIGGER journal_is_not_changed;"
                           "UPDATE journal SET entry = replace(entry, 'damar', 'rahmi');")
    database.close()
    content = pathlib.Path(backup, "office.db").read_bytes()

    def fit(manifest):
        for row in manifest["files"]:
            if row["path"] == "office.db":
                row.update(size=len(content), sha256=hashlib.sha256(content).hexdigest())
    seal(backup, fit)
    refused(naskah, backup, ["office.db"])


def older_schemas(naskah):
    """A backup of each older schema becomes an office of the newest."""
    older = [n for n in STEPS if FIRST_OFFICE <= n < NEWEST]
    for n in older:
        backup = copy_of(WORK["backup"], "lama")
        file = pathlib.Path(backup, "office.db")
        file.unlink()
        database = sqlite3.connect(file)
        for number, step in STEPS.items():
            if number <= n:
                database.executescript(step.read_text())
        database.executescript(f"PRAGMA user_version = {n};"
                               "INSERT INTO setting VALUES ('demo', 'yes'), ('origin', 'naskah-lama');")
        database.close()
        content = file.read_bytes()

        def fit(manifest):
            manifest.update(schema=n, origin="naskah-lama", letters=0, entries=0)
            for row in manifest["files"]:
                if row["path"] == "office.db":
                    row.update(size=len(content), sha256=hashlib.sha256(content).hexdigest())
        seal(backup, fit)
        place = path(f"dari-{n}")
        told = naskah.ask("restore", backup, "--dir", place, office=False)
        assert (told["from"], told["to"]) == (n, NEWEST), told
        sound(Naskah(naskah.program, place))
    print(f"# schemas {older} restored as {NEWEST}")


def numbers_in_doubt(naskah):
    """Numbers given after the backup are in doubt until the last of each register is confirmed."""
    database = sqlite3.connect(f"file:{naskah.folder}/office.db?mode=ro", uri=True)
    unit, series, scope, last = database.execute(
        "SELECT unit, series, scope, last_seq FROM register_counter").fetchone()
    database.close()
    which = f"{unit}/{series}/{scope}"
    for name in ("ragu", "pasti"):
        shutil.rmtree(path(name), ignore_errors=True)
    doubtful, sure = (Naskah(naskah.program, path(name)) for name in ("ragu", "pasti"))
    sure.run("restore", WORK["backup"], "--numbers-known")
    assert not sound(sure)
    sure.refuse(6, ["no number of this office is in doubt"], "register", "confirm")
    said, _ = doubtful.run("restore", WORK["backup"])
    assert "naskah register confirm" in said, said
    assert sound(doubtful)
    doubtful.run("rebuild")
    assert sound(doubtful), "a rebuild forgets the doubt"
    doubtful.refuse(1, ["is no register with its last number"], "register", "confirm", "--last", "x")
    doubtful.refuse(6, ["cannot go back"], "register", "confirm", "--last",
                    f"{which}:{last - 1}")
    assert sound(doubtful), "what was refused changed something"
    told = doubtful.ask("register", "confirm", "--last", f"{which}:{last + 7}")
    assert [row["last"] for row in told["registers"]] == [last + 7], told
    assert not sound(doubtful)
    doubtful.run("rebuild")
    assert not sound(doubtful)
    database = sqlite3.connect(f"file:{path('ragu')}/office.db?mode=ro", uri=True)
    assert database.execute("SELECT from_seq, to_seq FROM register_skip").fetchall() == [
        (last + 1, last + 7)]
    assert database.execute("SELECT last_seq FROM register_counter").fetchone() == (last + 7,)
    database.close()


def damaged_office(naskah):
    """Of a damaged office no backup is made, and the older one is left alone."""
    damages = ("UPDATE object SET data = zeroblob(length(data)) WHERE kind = 3",
               "DELETE FROM register_entry", "DELETE FROM inbox",
               "UPDATE journal SET hash = zeroblob(32) WHERE letter_seq = 1")
    before = image(WORK["backup"])
    for damage in damages:
        shutil.rmtree(path("rusak"), ignore_errors=True)
        shutil.copytree(naskah.folder, path("rusak"))
        other = Naskah(naskah.program, path("rusak"))
        waiting = other.ask("letter", "new", SAMPLE, "--position", "staf-persuratan", person="damar")
        assert waiting["letter"]
        database = sqlite3.connect(path("rusak/office.db"))
        for name, in database.execute("SELECT name FROM sqlite_schema WHERE type = 'trigger'").fetchall():
            database.execute(f"DROP TRIGGER {name}")
        assert database.execute(damage).rowcount > 0, damage
        database.commit()
        database.close()
        other.refuse(4, ["the office is damaged", "no backup was made"], "backup", path("dari-rusak"))
        assert not [name for name in os.listdir(WORK["folder"]) if name.startswith("dari-rusak")]
        other.refuse(6, ["exists already"], "backup", WORK["backup"])
        assert image(WORK["backup"]) == before
    other.run("backup", "--keys", path("kunci-rusak"))
    print(f"# {len(damages)} damaged offices, no backup of any")


def main():
    with tempfile.TemporaryDirectory(prefix="naskah-backup-") as folder:
        WORK["folder"] = folder
        run_cases([backs_up, restores, restores_keys, restores_signers, refuses_a_place, replaces,
                   waits_for_no_writer, tampered, forged, older_schemas, numbers_in_doubt, damaged_office],
                  Naskah(sys.argv[1], os.path.join(folder, "kantor")))


main()
