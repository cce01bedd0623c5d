#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""archive-import.py NASKAH: the archive of a former system is taken in from a table and a folder: what
is at fault is refused with row and reason, a killed run goes on where it was, numbers and ids are
found, the office stays whole.  TAP on standard output."""
import csv
import io
import os
import sqlite3
import subprocess
import sys
import tempfile

from tap import Naskah, run_cases, serving

ROWS = 200
HEAD = ["id", "nomor", "tanggal", "asal", "tempat", "tujuan", "hal", "ringkasan", "klasifikasi",
        "keamanan", "berkas"]
KILLS = ["record.row:3", "record.commit:20", "record.entry:47"]
WORK = {}


def path(name):
    return os.path.join(WORK["folder"], name)


def pdf(words, more="", trailer="", objects=()):
    """A PDF of one page that says @words; @more goes into its catalogue, @trailer into its trailer."""
    stream = f"BT /F1 12 Tf 72 720 Td ({words}) Tj ET".encode()
    parts = [f"<</Type/Catalog/Pages 2 0 R{more}>>".encode(),
             b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
             b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R"
             b"/Resources<</Font<</F1 5 0 R>>>>>>",
             b"<</Length %d>>stream\n%s\nendstream" % (len(stream), stream),
             b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>", *objects]
    out, at = bytearray(b"%PDF-1.4\n"), []
    for number, part in enumerate(parts, 1):
        at.append(len(out))
        out += b"%d 0 obj%s\nendobj\n" % (number, part)
    table = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(at) + 1)
    out += b"".join(b"%010d 00000 n \n" % place for place in at)
    out += f"trailer<</Size {len(at) + 1}/Root 1 0 R{trailer}>>\nstartxref\n{table}\n%%EOF\n".encode()
    return bytes(out)


def write(name, data):
    place = path(name)
    os.makedirs(os.path.dirname(place), exist_ok=True)
    with open(place, "wb") as file:
        file.write(data if isinstance(data, bytes) else data.encode())
    return place


def row(number, **changes):
    cells = dict(zip(HEAD, [
        f"SIS-{number:05}", f"045/{number}/DPA/2011", f"20{11 + number % 5}-03-{1 + number % 28:02}",
        f"Dinas Rekaan {number % 7}", "Arunika", "Kepala Biro Umum", f"Laporan sumur {number}",
        "", "KP.08.1", "", f"2011/{number:05}.pdf"]))
    cells.update(changes)
    return cells


def table(name, rows, head=None):
    text = io.StringIO()
    writer = csv.DictWriter(text, head or HEAD)
    writer.writeheader()
    writer.writerows(rows)
    return write(name, text.getvalue())


def command(source, *options):
    return ["archive", "import", source, "--files", path("pindaian"), "--system", "sisurat", *options]


def take(naskah, source, *options, status=0):
    return naskah.ask(*command(source, *options), person="wening", status=status)


def former(naskah):
    """What is stored of a former system, and the entries about it."""
    database = sqlite3.connect(f"file:{naskah.folder}/office.db?mode=ro", uri=True)
    rows = database.execute("SELECT e.id, e.number, l.state, l.kind, i.agenda FROM letter_external e"
                            " JOIN letter l ON l.id = e.letter JOIN incoming i ON i.letter = l.id"
                            " ORDER BY e.id").fetchall()
    entries = database.execute("SELECT count(*) FROM journal WHERE instr(CAST(entry AS TEXT),"
                               " 'letter-imported') > 0").fetchone()[0]
    others = database.execute("SELECT count(*) FROM task").fetchone()[0]
    database.close()
    return rows, entries, others


def make(naskah):
    """An archive of some hundred letters is looked at, and nothing is taken in."""
    naskah.run("init", naskah.folder, "--demo", "--empty", office=False)
    for number in range(ROWS):
        write(f"pindaian/2011/{number:05}.pdf", pdf(f"berkas lama nomor{number} kelulut{number}"))
    WORK["table"] = table("daftar.csv", [row(number) for number in range(ROWS)])
    seen = take(naskah, WORK["table"], "--dry-run")
    assert (seen["rows"], seen["imported"], seen["refused"]) == (ROWS, ROWS, 0), seen
    assert former(naskah)[0] == []


def killed(naskah):
    """Killed at any place, it goes on where it was, and nothing is there twice."""
    before = 0
    for point in KILLS:
        child = subprocess.run([naskah.program, *command(WORK["table"]), "--dir", naskah.folder,
                                "--as", "wening"], capture_output=True, text=True,
                               env=dict(os.environ, LC_ALL="C.UTF-8", NASKAH_FAULT=point + ":kill"))
        if child.returncode == 0:  # a build without faults
            break
        assert child.returncode == -9, child.stderr
        there = len(former(naskah)[0])
        assert before < there < ROWS, (point, before, there)
        before = there
    done = take(naskah, WORK["table"])
    assert (done["there"], done["imported"], done["refused"]) == (before, ROWS - before, 0), done
    rows, entries, tasks = former(naskah)
    assert [r[0] for r in rows] == [f"SIS-{number:05}" for number in range(ROWS)], rows[:3]
    assert {r[2:] for r in rows} == {("archived", "arsip-lama", None)}, rows[:3]
    assert rows[17][1] == "045/17/DPA/2011" and (entries, tasks) == (ROWS, 0), (entries, tasks)
    again = take(naskah, WORK["table"])
    assert (again["there"], again["imported"]) == (ROWS, 0), again
    naskah.run("doctor")


def found(naskah):
    """A letter is found by its former number, its id and the words of its PDF; it tells how it came."""
    for words in ("045/17/DPA/2011", "SIS-00017", "kelulut17"):
        hits = naskah.ask("archive", "search", words, person="wening")["hits"]
        assert [hit["subject"] for hit in hits] == ["Laporan sumur 17"], (words, hits)
    letter = hits[0]["letter"]
    for name in ("045/17/DPA/2011", "SIS-00017"):
        assert naskah.ask("incoming", "show", name, person="wening")["letter"] == letter
    shown = naskah.ask("incoming", "show", letter, person="wening")
    assert shown["number"] == "045/17/DPA/2011" and shown["origin"] == "Dinas Rekaan 3", shown
    told, _ = naskah.run("letter", "history", letter, person="wening")
    assert "not witnessed" in told and told.count("\n") < 12, told
    told, _ = naskah.run("letter", "history", letter, person="wening", language="id_ID.UTF-8")
    # who is not TU of the unit does not find it
    assert naskah.ask("archive", "search", "kelulut17", person="galih")["hits"] == []
    naskah.refuse(3, ["may know"], "incoming", "show", "SIS-00017", person="galih")


def filtered(naskah):
    """Letters are found by period, sender, addressee, classification and year, without a word."""
    def count(*options, person="wening"):
        return len(naskah.ask("archive", "search", *options, "--limit", "100", person=person)["hits"])
    mine = [number for number in range(ROWS) if number % 7 == 3 and number % 5 == 2]
    assert count("--sender", "dinas rekaan 3", "--year", "2013") == len(mine)
    days = [f"20{11 + n % 5}-03-{1 + n % 28:02}" for n in range(ROWS)]
    among = [day for day in days if "2012-03-05" <= day <= "2012-03-09"]
    assert count("--from", "2012-03-05", "--until", "2012-03-09") == len(among) > 0
    assert count("kelulut17", "--until", "2012-12-31") == 0 and count("kelulut17", "--year", "2013") == 1
    assert count("kelulut17", "--classification", "KP.08") == 1
    assert count("kelulut17", "--classification", "KP.0") == 0
    assert count("kelulut17", "--to", "biro umum") == 1 and count("kelulut17", "--to", "lain") == 0
    assert count("kelulut17", "--person", "sekar") == 0
    assert count("--year", "2013", person="galih") == 0
    told = naskah.ask("archive", "search", "--year", "2013", "--facets", person="wening")
    years = [f for f in told["facets"] if f["name"] == "year"][0]["values"]
    assert [(y["value"], y["n"]) for y in years] == [("2013", ROWS // 5)], years
    hit = naskah.ask("archive", "search", "kelulut17", person="wening")["hits"][0]
    assert (hit["number"], hit["date"]) == ("045/17/DPA/2011", days[17]), hit
    naskah.refuse(1, ["no date"], "archive", "search", "x", "--from", "2012", person="wening")
    naskah.refuse(2, ["at least one word"], "archive", "search", person="wening")


def daftar(naskah):
    """The list of archives of a year has what was filed then, as rows, table and pages."""
    rows = naskah.ask("register", "list", "archive", "--year", "2013", person="wening")["rows"]
    mine = [number for number in range(ROWS) if number % 5 == 2]
    assert sorted(r["number"] for r in rows) == sorted(f"045/{n}/DPA/2011" for n in mine), rows[:2]
    assert [r["date"] for r in rows] == sorted(r["date"] for r in rows), rows[:3]
    assert rows[0]["note"].startswith("sisurat: SIS-") and rows[0]["files"] == "1", rows[0]
    for kind, begin in (("--pdf", b"%PDF-"), ("--csv", b"No.,")):
        naskah.run("register", "list", "archive", "--year", "2013", kind, path("daftar"), person="wening")
        with open(path("daftar"), "rb") as file:
            assert file.read(len(begin)) == begin
    naskah.refuse(7, ["TU"], "register", "list", "archive", "--unit", "biro-umum", person="galih")


def bad_rows():
    """(row, column that is named, words of why)."""
    good = row(900, berkas="baik.pdf")
    write("pindaian/baik.pdf", pdf("baik"))
    write("pindaian/teks.pdf", "Yth. Bapak")
    write("pindaian/rusak.pdf", pdf("rusak")[:120] + b"\x00" * 64)
    write("pindaian/skrip.pdf", pdf("skrip", "/OpenAction 6 0 R",
                                    objects=[b"<</S/JavaScript/JS(app.alert\\(1\\))>>"]))
    write("pindaian/sandi.pdf", pdf(
        "sandi", trailer="/Encrypt<</Filter/Standard/V 1/R 2/Length 40/P -4/O<" + "41" * 32 + ">/U<"
        + "42" * 32 + ">>>/ID[<00><00>]"))
    write("pindaian/kosong.pdf", b"")
    write("rahasia-lain.pdf", pdf("lain"))
    os.symlink(path("rahasia-lain.pdf"), path("pindaian/taut.pdf"))
    os.mkdir(path("pindaian/folder.pdf"))

    def bad(number, what, words, **changes):
        return {**good, "id": f"X-{number}", "nomor": f"X/{number}", **changes}, what, words
    return [
        bad(1, "berkas", "no such file", berkas="tidak-ada.pdf"),
        bad(2, "berkas", "no PDF", berkas="teks.pdf"),
        bad(3, "berkas", "no PDF", berkas="rusak.pdf"),
        bad(4, "berkas", "scripts", berkas="skrip.pdf"),
        bad(5, "berkas", "password", berkas="sandi.pdf"),
        bad(6, "berkas", "no PDF", berkas="kosong.pdf"),
        bad(7, "berkas", "leads out", berkas="../rahasia-lain.pdf"),
        bad(8, "berkas", "leads out", berkas=path("rahasia-lain.pdf")),
        bad(9, "berkas", "link out", berkas="taut.pdf"),
        bad(10, "berkas", "no file", berkas="folder.pdf"),
        bad(11, "berkas", "leads out", berkas="2011/../../rahasia-lain.pdf"),
        bad(12, "tanggal", "no date", tanggal="14/03/2011"),
        bad(13, "tanggal", "no date", tanggal="2011-02-30"),
        bad(14, "tanggal", "still to come", tanggal="2999-01-01"),
        bad(15, "klasifikasi", "classification", klasifikasi="tidak tahu"),
        bad(16, "klasifikasi", "empty", klasifikasi=""),
        bad(17, "keamanan", "security class", keamanan="penting"),
        bad(18, "keamanan", "envelope", keamanan="rahasia"),
        bad(19, "hal", "bytes", hal="x" * 1001),
        bad(20, "asal", "line break", asal="Dinas\nDua"),
        ({**good, "id": "SIS-00900"}, None, None),
        ({**good, "id": "SIS-00900", "nomor": "lain"}, "id", "same id"),
        ({**good, "id": "SIS-00003"}, "id", "taken in before"),
        ({**good, "id": ""}, "id", "empty"),
        bad(21, "id", "bytes", id="i" * 201),
    ]


def refused(naskah):
    """Whatever is at fault costs its own row, and the report says row, what, why, and what to do."""
    cases = bad_rows()
    source = table("buruk.csv", [case[0] for case in cases])
    with open(source, "ab") as file:  # lines that are no rows
        file.write(b"X-90,\xff\xfe,,,,,,,,,\r\nX-91,zu,kurz\r\nX-92,a\"b,,,,,,,,,\r\n")
    before = len(former(naskah)[0])
    for options in (("--dry-run",), ()):
        done = take(naskah, source, *options, "--report", path("ditolak.csv"), status=1)
        assert (done["imported"], done["refused"]) == (1, len(cases) + 2), done
    assert len(former(naskah)[0]) == before + 1
    with open(path("ditolak.csv"), encoding="utf-8", newline="") as file:
        report = list(csv.reader(file))[1:]
    line, expected = 2, []
    for cells, what, words in cases:
        if what is not None:
            expected.append((line, what, words))
        line += 2 if "\n" in cells["asal"] else 1
    expected += [(line, "", "UTF-8"), (line + 1, "", "fewer fields"), (line + 2, "", "quote")]
    assert len(report) == len(expected), "\n".join(map(str, report))
    for got, (number, what, words) in zip(report, expected):
        assert (int(got[0]), got[2]) == (number, what) and got[4], (got, number)
        assert words in got[3] + got[4], (got, words)
    # a second time nothing more, and the good row is there
    again = take(naskah, source, status=1)
    assert (again["imported"], again["there"]) == (0, 1), again


def no_tables(naskah):
    """What is no table, no folder or nobody's archive is refused as a whole."""
    good = table("satu.csv", [row(1)])
    cases = (
        (write("kosong.csv", ""), ["no table"]),
        (table("asing.csv", [], head=["id", "warna"]), ["'warna'", "first line"]),
        (table("kurang.csv", [], head=["id", "asal"]), ["no column", "tujuan*"]),
        (write("dua.csv", "id,asal,sender\r\n"), ["twice"]),
        (write("biner.csv", bytes(range(256)) * 400), []),
        (write("utf16.csv", ",".join(HEAD).encode("utf-16")), []),
    )
    before = len(former(naskah)[0])
    for source, words in cases:
        naskah.refuse(1, words, *command(source), person="wening")
    naskah.refuse(3, ["--files"], "archive", "import", good, "--files", path("tidak-ada"),
                  person="wening")
    naskah.refuse(7, ["TU"], *command(good), person="galih")
    naskah.refuse(1, ["--system"], "archive", "import", good, "--files", path("pindaian"), "--system",
                  "Bukan Nama", person="wening")
    naskah.refuse(1, ["archive import"], "incoming", "register", "--kind", "arsip-lama", "--from", "X",
                  "--subject", "X", "--to", "kepala-biro-umum", "--channel", "pos",
                  "--classification", "KP.08.1", person="wening")
    assert len(former(naskah)[0]) == before


def beside_a_server(naskah):
    """Through a server it does the same, a large file among them; another system has ids of its own."""
    large = pdf("besar sekali") + b"%" + b"x" * 2_000_000
    write("pindaian/besar.pdf", large)
    source = table("server.csv", [row(1, id="B-1", berkas="besar.pdf"), row(2)])
    with serving(naskah):
        done = naskah.ask("archive", "import", source, "--files", path("pindaian"), "--system", "lain",
                          person="wening")
        assert (done["imported"], done["refused"]) == (2, 0), done
        again = naskah.ask("archive", "import", source, "--files", path("pindaian"), "--system", "lain",
                           person="wening")
        assert (again["imported"], again["there"]) == (0, 2), again


def rebuilt(naskah):
    """What is taken in comes again from histories, and is found again."""
    before = former(naskah)[0]
    naskah.run("rebuild")
    assert former(naskah)[0] == before
    naskah.run("doctor")
    hits = naskah.ask("archive", "search", "SIS-00017", person="wening")["hits"]
    assert len(hits) == 1, hits


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as base:
        WORK["folder"] = base
        run_cases([make, killed, found, filtered, daftar, refused, no_tables, beside_a_server, rebuilt],
                  Naskah(sys.argv[1], os.path.join(base, "office")))
