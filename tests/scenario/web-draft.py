#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""web-draft.py NASKAH: letters that are written in a browser without scripts."""
import html
import importlib.util
import os
import re
import sys
import tempfile

from tap import Naskah, run_cases
from web import Server, alone

SPEC = importlib.util.spec_from_file_location(
    "pages", os.path.join(os.path.dirname(os.path.abspath(__file__)), "web-pages.py"))
PAGES = importlib.util.module_from_spec(SPEC)
SPEC.loader.exec_module(PAGES)
WORK = PAGES.WORK

TEXT = """Dengan hormat kami sampaikan:

1. Jadwal diubah
   a. Senin
   b. Selasa
2. Peserta **tetap**

Hari : Senin
Tempat : Aula

| Nama | Jumlah |
|---|
| Air | 3 |"""


def form(browser):
    """What the form has typed into it, besides what is hidden."""
    fields = browser.fields()
    for tag in re.findall(r'<input [^>]*id="[^>]*>', browser.page):
        value = re.search(r' value="([^"]*)"', tag)
        fields[re.search(r' name="([^"]*)"', tag)[1]] = html.unescape(value[1]) if value else ""
    for tag, name, value in re.findall(r'<textarea( [^>]*name="([a-z]+)"[^>]*)>(.*?)</textarea>', browser.page, re.S):
        if " disabled=" in tag:  # without its script nothing is sent for the editor
            continue
        fields[name] = html.unescape(value).removeprefix("\n")
    for name, body in re.findall(r'<select [^>]*name="([a-z]+)"[^>]*>(.*?)</select>', browser.page, re.S):
        chosen = re.search(r'value="([^"]*)" selected', body) or re.search(r'value="([^"]*)"', body)
        fields[name] = chosen[1]
    return fields


def stored(naskah, letter):
    path = os.path.join(WORK["folder"], f"baca-{os.urandom(4).hex()}.xml")
    naskah.run("letter", "export", letter, "--xml", "-o", path, person="damar")
    with open(path, encoding="utf-8") as file:
        return file.read()


def begin(browser, **typed):
    browser.get("/draf/baru?jenis=surat-dinas")
    return browser.post("/draf/baru", **dict(
        form(browser), hal="Jadwal baru", kepada="Dinas Pengairan; u.p. Sekretaris; Bandung", isi=TEXT,
        penandatangan="Kepala Biro Umum", klasifikasi="KP.08.1", jabatan="staf-persuratan", **typed))


def new(naskah):
    """A clerk chooses a kind, fills the form in, and finds the letter as it was typed."""
    server = Server(naskah)
    damar = PAGES.visitor(naskah, server, "damar")
    assert "/draf/baru?jenis=surat-dinas" in damar.get("/draf/baru"), damar.page
    assert "surat-masuk" not in damar.page
    page = damar.get("/draf/baru?jenis=surat-dinas")
    assert damar.status == 200 and 'name="isi"' in page, page
    page = begin(damar, urgensi="segera")
    assert damar.status == 200 and "Surat sudah disimpan" in page, (damar.status, page)
    letter = re.search(r'action="/draf/([^"]+)"', page)[1]
    xml = stored(naskah, letter)
    assert "<urgency>segera</urgency>" in xml and "<attention>Sekretaris</attention>" in xml, xml
    for part in ("<ol type=\"a\">", "<b>tetap</b>", '<row label="Hari">Senin</row>', "<th>Nama</th>"):
        assert part in xml, (part, xml)
    assert form(damar)["isi"].strip() == TEXT.strip(), form(damar)["isi"]
    before = stored(naskah, letter)
    damar.post(f"/draf/{letter}", **dict(form(damar), tembusan="kepala-biro-keuangan"))
    assert damar.status == 200 and "Surat sudah disimpan" in damar.page, damar.page
    after = stored(naskah, letter)
    assert '<position ref="kepala-biro-keuangan"/>' in after, after
    assert re.sub(r"\s*<copies>.*</copies>", "", after, flags=re.S) == before, (before, after)
    assert f"/draf/{letter}" in damar.get(f"/surat/{letter}")
    assert f"/draf/{letter}" in damar.get(PAGES.task_of(damar, "Jadwal baru"))
    assert damar.send("GET", "/draf/baru?jenis=%3Cb%3E") == 404 and "<b>" not in damar.page
    server.stop()


def faults(naskah):
    """What is wrong is told at its field, nothing is stored, and nothing that was typed is lost."""
    server = Server(naskah)
    damar = PAGES.visitor(naskah, server, "damar")
    damar.get("/draf/baru?jenis=surat-dinas")
    typed = dict(form(damar), hal="", kepada="Kepala\nTiada", isi="<script>x</script>\n\n[[9: x]]", klasifikasi="?")
    damar.post("/draf/baru", follow=False, **typed)
    assert damar.status == 422, damar.status
    for field in ("hal", "kepada", "penandatangan"):
        assert f'id="{field}-salah"' in damar.page, (field, damar.page)
    assert "ketik hal surat" in damar.page and "beberapa jabatan" in damar.page
    assert "&#x27;Tiada&#x27;" in damar.page or "'Tiada'" in damar.page
    assert "<script>x" not in damar.page
    again = form(damar)
    assert again["isi"] == typed["isi"] and again["kepada"] == typed["kepada"], again
    damar.post("/draf/baru", follow=False, **dict(again, hal="A", kepada="Dinas X; Bandung",
                                                  penandatangan="Kepala Biro Umum", klasifikasi="K P?"))
    assert damar.status == 422 and 'id="klasifikasi-salah"' in damar.page, (damar.status, damar.page)
    assert damar.send("POST", "/draf/baru", {"jenis": "surat-dinas"}) == 403, "no csrf"
    assert "A" not in [name for name in re.findall(r'class="nsk-task"><a [^>]*>.*?<b>([^<]*)<', damar.get("/tugas"))]
    server.stop()


def conflict(naskah):
    """Two change the same version: the second sees both, and stores only when he says so."""
    server = Server(naskah)
    damar = PAGES.visitor(naskah, server, "damar")
    page = begin(damar)
    letter = re.search(r'action="/draf/([^"]+)"', page)[1]
    mine = form(damar)
    damar.post(f"/draf/{letter}", **dict(mine, isi="Punya mereka."))
    assert damar.status == 200
    damar.send("POST", f"/draf/{letter}", dict(mine, isi="Punya saya."))
    assert damar.status == 409 and "Punya mereka." in damar.page and "Punya saya." in damar.page, damar.page
    assert "Punya mereka." in stored(naskah, letter)
    damar.post(f"/draf/{letter}", **form(damar))
    assert damar.status == 200 and "Punya saya." in stored(naskah, letter), damar.page
    kirana = PAGES.visitor(naskah, server, "kirana")
    kirana.get(f"/draf/{letter}")
    kirana.post(f"/draf/{letter}", follow=False, **dict(form(kirana), isi="Punya kirana."))
    assert kirana.status == 422 and "Punya kirana." in kirana.page, (kirana.status, kirana.page)
    assert "Punya kirana." not in stored(naskah, letter)
    assert kirana.send("GET", "/draf/01890a5d-ac96-774b-bcce-b302099a8057") == 404
    damar.post(f"/draf/{letter}", **dict(form(damar), aksi="periksa", isi="Hanya dilihat."))
    assert damar.status == 200 and "Belum ada yang disimpan" in damar.page, damar.page
    assert "Punya saya." in stored(naskah, letter)
    fields = dict(form(damar), badan="<body xmlns='urn:naskah:letter:1'><p>Dari <b>penyunting</b></p></body>")
    damar.send("POST", f"/draf/{letter}/periksa", fields)
    assert damar.status == 200 and "json" in damar.type and '"whole":true' in damar.page, damar.page
    damar.post(f"/draf/{letter}", **fields)
    assert "<p>Dari <b>penyunting</b></p>" in stored(naskah, letter), damar.page
    typed = form(damar)
    damar.send("POST", f"/draf/{letter}/pratinjau", dict(typed, halaman="7"))
    assert damar.status == 200 and damar.type == "image/png", (damar.status, damar.type)
    damar.send("POST", f"/draf/{letter}/pratinjau", dict(typed, hal=""))
    assert damar.status == 200 and '"field":"hal"' in damar.page, damar.page
    assert "Dari <b>penyunting</b>" in stored(naskah, letter), "a look stored something"
    damar.get(f"/draf/{letter}")
    for odd in ("<body", "<letter/>", "<body xmlns='urn:naskah:letter:1'><script>x</script></body>", "<!DOCTYPE x><x/>"):
        damar.get(f"/draf/{letter}")
        damar.post(f"/draf/{letter}", follow=False, **dict(form(damar), badan=odd))
        assert damar.status in (422, 303), (odd, damar.status, damar.page)
        assert "script" not in stored(naskah, letter)
    server.stop()


def typed(naskah):
    """What was typed and not stored is offered to its writer alone, by plain forms, and guarded by its version."""
    server = Server(naskah)
    damar = PAGES.visitor(naskah, server, "damar")
    begin(damar)
    letter = re.search(r'action="/draf/([0-9a-f-]{36})"', damar.page)[1]
    mine = form(damar)
    damar.send("POST", f"/draf/{letter}/ketikan", dict(mine, isi="Belum disimpan."))
    assert damar.status == 200 and '"mine":true' in damar.page, (damar.status, damar.page)
    assert "Belum disimpan." not in stored(naskah, letter)
    damar.get(f"/draf/{letter}")
    assert "Ada ketikan yang belum disimpan" in damar.page and "Belum disimpan." not in damar.page, damar.page
    kirana = PAGES.visitor(naskah, server, "kirana")
    kirana.get(f"/draf/{letter}")
    assert "Sedang disunting oleh Damar" in kirana.page and "belum disimpan" not in kirana.page, kirana.page
    kirana.get(f"/draf/{letter}?lanjut=1")
    assert "Belum disimpan." not in kirana.page, kirana.page
    kirana.post(f"/draf/{letter}/ambil-alih", **dict(form(kirana), isi="Ketikan kirana."))
    assert kirana.status == 200 and "Ketikan kirana." in kirana.page, kirana.page
    assert "Sekarang Anda yang menyunting" in kirana.page and "disunting oleh Damar" not in kirana.page, kirana.page
    damar.get(f"/draf/{letter}")
    assert "Sedang disunting oleh Kirana" in damar.page, damar.page
    wahyu = PAGES.visitor(naskah, server, "wahyu")
    wahyu.get("/draf/baru?jenis=surat-dinas")
    for act in ("ketikan", "ambil-alih", "buang", "pratinjau"):
        assert wahyu.send("POST", f"/draf/{letter}/{act}", form(wahyu) or mine) == 404, (act, wahyu.status)
        wahyu.get("/draf/baru?jenis=surat-dinas")
    # somebody stored a newer one meanwhile: what goes on is of the version that it was typed into
    damar.post(f"/draf/{letter}", **dict(mine, isi="Versi baru."))
    assert damar.status == 200 and "Versi baru." in stored(naskah, letter)
    damar.get(f"/draf/{letter}")
    assert "Ada ketikan yang belum disimpan" not in damar.page, "what is stored is not kept besides"
    damar.send("POST", f"/draf/{letter}/ketikan", dict(mine, csrf=form(damar)["csrf"], isi="Ketikan lama."))
    damar.get(f"/draf/{letter}?lanjut=1")
    assert "Ketikan lama." in damar.page and form(damar)["versi"] == mine["versi"], damar.page
    damar.send("POST", f"/draf/{letter}", form(damar))
    assert damar.status == 409 and "Versi baru." in damar.page and "Ketikan lama." in damar.page, damar.status
    damar.get(f"/draf/{letter}")
    damar.post(f"/draf/{letter}/buang", csrf=form(damar)["csrf"])
    assert damar.status == 200 and "Ada ketikan" not in damar.page, damar.page
    # a new letter that was never stored
    damar.get("/draf/baru?jenis=surat-dinas")
    damar.send("POST", "/draf/baru/ketikan", dict(form(damar), hal="Baru diketik", isi="Surat baru."))
    assert damar.status == 200, (damar.status, damar.page)
    damar.get("/draf/baru?jenis=surat-dinas")
    assert "Ada ketikan yang belum disimpan" in damar.page and "Baru diketik" not in damar.page, damar.page
    damar.get("/draf/baru?jenis=surat-dinas&lanjut=1")
    assert "Baru diketik" in damar.page and "Surat baru." in damar.page, damar.page
    damar.post("/draf/baru", **dict(form(damar), kepada="Dinas Pengairan; Bandung", klasifikasi="KP.08.1",
                                    penandatangan="Kepala Biro Umum", jabatan="staf-persuratan"))
    assert damar.status == 200 and "Surat sudah disimpan" in damar.page, damar.page
    damar.get("/draf/baru?jenis=surat-dinas")
    assert "Ada ketikan" not in damar.page, damar.page
    server.stop()


def main():
    with tempfile.TemporaryDirectory() as folder:
        WORK.update(folder=folder, known=set())
        naskah = Naskah(sys.argv[1], os.path.join(folder, "kantor"))
        naskah.run("init", naskah.folder, "--demo", "--empty", office=False)
        run_cases([alone(case) for case in (new, faults, conflict, typed)], naskah)


if __name__ == "__main__":
    main()
