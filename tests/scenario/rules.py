#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""rules.py NASKAH: every rule of every kind of letter is broken once.  The samples are good letters;
each change below makes a bad one, which "naskah letter check" must find by the rule's name, and the
sample itself must not be found.  A rule without a change here fails, so a new one needs its own."""
import os
import pathlib
import re
import sys
import tempfile
import xml.etree.ElementTree

from tap import Naskah, run_cases

SOURCE = pathlib.Path(os.environ["NASKAH_SOURCE"])
KIND = "{urn:naskah:kind:1}"
EVERY = "surat-dinas"  # of which the rules for letters of every kind are broken

SIGNER = r'(<signatory position=")[^"]*'
OPENED = "<security>biasa</security>"
COPY = (r"</to>\s*(<copies>.*?</copies>)?",
        r'<position ref="arsiparis-umum"/></to><copies><position ref="arsiparis-umum"/></copies>')
DOCUMENT = (r'(<file [^>]*name="[^"]*)\.pdf"', r'\1.odt"')
OUTSIDER = r"(<to[^>]*>)"


def outsider(name, place=""):
    where = f"<place>{place}</place>" if place else ""
    return (OUTSIDER, rf"\1<outsider><name>{name}</name>{where}</outsider>")


def attached(attributes):
    return (r"(\s*<reviewers>)", rf"<attachments><attachment {attributes}><p>Isi</p></attachment></attachments>\1")


# kind/rule: what is replaced by what, as regular expressions; the first place alone
BROKEN = {
    "letter/attachment-dash": attached('title="-"'),
    "letter/attachment-unit": attached('title="Daftar" count="2" unit="2 (dua) berkas"'),
    "letter/addressee-lead": outsider("Yth. Kepala Dinas Pengairan"),
    "letter/addressee-post": outsider("Dr. Sari Melati, S.T."),
    "letter/place-di": outsider("Kepala Dinas Pengairan", "di Arunika"),
    "letter/subject-label": ("<subject>", "<subject>Perihal: "),
    "letter/subject-stop": ("</subject>", ".</subject>"),
    "letter/nip-dots": ("<body>", "<body><p>Sari, NIP. 198102202006041005, menjelaskan.</p>"),
    "letter/placeholder": (r"(<subject>).*?(</subject>)", r"\1(isi hal surat)\2"),
    "letter/tag-left": ("<body>", "<body><p>Nomor ${nomor_naskah} tanggal ini.</p>"),
    "letter/acting-directive": None,  # of letters that an acting official signs; see below
    "letter/pj-mandate": ('capacity="definitive"', 'capacity="pj" mandate="an-biro-umum"'),
    "berita-acara/two-parties": ('label="Nama"', 'label="Pihak"'),
    "berita-acara/day-in-words": ("tanggal satu bulan Desember tahun dua ribu dua puluh enam",
                                  "1/12/2026"),
    "instruksi/own-hand": ('capacity="definitive"', 'capacity="plh"'),
    "keputusan/consideration": (r'(<row label="Menimbang">).*?(</row>)', r"\1 \2"),
    "keputusan/grounds": (r'<row label="Mengingat">.*?</row>', ""),
    "keputusan/dicta": ('label="KESATU"', 'label="KEDUA A"'),
    "keputusan/copy-not-addressee": COPY,
    "laporan/order": (r'(<section title="Hasil yang Dicapai">.*?</section>)\s*'
                      r'(<section title="Simpulan dan Saran">.*?</section>)', r"\2\1"),
    "laporan/upwards": (SIGNER, r"\1kepala-biro-umum"),
    "memorandum/short": ("<p>Terima kasih.</p>", "<p>Terima kasih.</p>" * 9),
    "memorandum/not-to-oneself": (SIGNER, r"\1kepala-bagian-tata-usaha"),
    "memorandum/no-attachment": (r"(\s*<signatories>)",
                                 r'<attachments><attachment title="Daftar"><p>Isi</p></attachment></attachments>\1'),
    "nota-dinas/copy-not-addressee": COPY,
    "nota-dinas/not-to-oneself": None,
    "notula/decisions": (r'(<section title="Keputusan">).*?</table>',
                         r'\1<table><col width="1"/><col width="1"/><tbody>'
                         "<tr><td>Jaringan</td><td>Biro Umum</td></tr></tbody></table>"),
    "pengumuman/public": (OPENED, "<security>terbatas</security>"),
    "pengumuman/no-address": ("<p>Dalam rangka", "<p>Yth. seluruh pegawai, dalam rangka"),
    "peraturan/document-pdf": DOCUMENT,
    "peraturan/own-hand": ('capacity="definitive"', 'capacity="plh"'),
    "perjanjian/document-pdf": DOCUMENT,
    "permohonan-izin/secret-unopened": (OPENED, "<security>rahasia</security>"),
    "permohonan-izin/date-later": ('date="2026-07-17"', 'date="2026-07-27"'),
    "permohonan-izin/due-later": ('date="2026-07-17"', 'date="2026-07-17" due="2026-07-01"'),
    "rekomendasi/recommends": None,
    "sop/document-pdf": DOCUMENT,
    "salinan/one-original": (r' letter="[^"]*"', ""),
    "salinan/signed-pages": ("</attachments>", '<attachment title="Daftar"><p>Isi</p></attachment></attachments>'),
    "salinan/not-secret": (OPENED, "<security>rahasia</security>"),
    "surat-dinas/closing": ("</body>", "<ul><li>Terima kasih</li></ul></body>"),
    "surat-dinas/copy-not-addressee": COPY,
    "surat-dinas/long-list": ("</to>", '<position ref="arsiparis-umum"/><position ref="sekretaris-'
                              'utama"/><position ref="arsiparis-teknis"/></to>'),
    "surat-edaran/public": (OPENED, "<security>terbatas</security>"),
    "surat-edaran/copy-not-addressee": COPY,
    "surat-izin/grants": None,
    "surat-keterangan/signer-and-subject": ('label="Nama"', 'label="Pegawai"'),
    "surat-keterangan/statement": (r"<p>adalah pegawai.*?</p>\s*<p>Demikian.*?</p>", ""),
    "surat-konvensional/not-secret": (OPENED, "<security>rahasia</security>"),
    "surat-konvensional/copy-not-addressee": COPY,
    "surat-kuasa/both-named": ('label="Nama"', 'label="Pemberi"'),
    "surat-kuasa/gives": ("MEMBERI KUASA KEPADA", "MENUNJUK"),
    "surat-kuasa/purpose": (r"<p>untuk mengambil.*?</p>\s*<p>.*?</p>",
                            "<p>Surat kuasa ini berlaku sampai tanggal 31 Desember 2026.</p>"),
    "arsip-lama/not-secret": (OPENED, "<security>rahasia</security>"),
    "surat-masuk/secret-unopened": (OPENED, "<security>sangat-rahasia</security>"),
    "surat-masuk/date-later": ('date="2026-07-14"', 'date="2026-07-24"'),
    "surat-masuk/due-later": ('due="2026-07-31"', 'due="2026-07-01"'),
    "surat-pengantar/columns": (r"<thead>.*?</thead>", ""),
    "surat-pengantar/class-of-content": ("<td>Daftar penilaian", "<td>Daftar rahasia penilaian"),
    "surat-perintah/not-to-oneself": None,
    "surat-pernyataan/declares": ("menyatakan", "memberitahukan"),
    "surat-pernyataan/own-hand": ('capacity="definitive"', 'capacity="an"'),
    "surat-tugas/assignee-addressed": ('<assignee position="arsiparis-umum"/>',
                                       '<assignee position="arsiparis-teknis"/>'),
    "surat-tugas/copy-not-addressee": ('<copies><position ref="[^"]*"',
                                       '<copies><position ref="arsiparis-umum"'),
    "surat-undangan/copy-not-addressee": COPY,
    "telaahan-staf/order": (r'(<section title="Kesimpulan">.*?</section>)\s*'
                            r'(<section title="Saran">.*?</section>)', r"\2\1"),
    "undangan-internal/clock-dot": ("09.00 WIB", "09:00 WIB"),
}
# Where one place is not enough.
SEVERAL = {
    "letter/acting-directive": ("keputusan", [('capacity="definitive"', 'capacity="plh"')]),
    "nota-dinas/not-to-oneself": ("nota-dinas", "signer-is-addressee"),
    "rekomendasi/recommends": ("rekomendasi", [('(?i)(?<!kind=")rekomendasi', "saran")] * 30),
    "surat-izin/grants": ("surat-izin", [("(?i)memberi izin", "MENYETUJUI")] * 5),
    "surat-perintah/not-to-oneself": ("surat-perintah", "signer-is-addressee"),
}
WORK = {}


def rules():
    """kind/rule of each rule that there is; the kind is "letter" for those of every kind."""
    for path in [SOURCE / "templates/rules/letter.xml",
                 *sorted((SOURCE / "templates/letters").glob("*.xml"))]:
        root = xml.etree.ElementTree.parse(path).getroot()
        for rule in root.iter(KIND + "rule"):
            yield f"{root.get('id') or 'letter'}/{rule.get('name')}"


def sample(kind):
    return (SOURCE / f"templates/letters/{kind}.sample.xml").read_text()


def signer_is_addressee(text):
    addressee = re.search(r'<to[^>]*>\s*<position ref="([^"]*)"', text).group(1)
    return re.sub(SIGNER, rf"\g<1>{addressee}", text, count=1)


def broken(name):
    """(the good letter, the bad one)."""
    kind = name.split("/")[0]
    kind = EVERY if kind == "letter" else kind
    changes = [BROKEN[name]]
    if name in SEVERAL:
        kind, changes = SEVERAL[name]
    good = bad = sample(kind)
    if changes == "signer-is-addressee":
        return good, signer_is_addressee(good)
    for old, new in changes:
        bad = re.sub(old, new, bad, count=1, flags=re.S)
    return good, bad


def findings(naskah, text):
    path = os.path.join(WORK["folder"], "surat.xml")
    pathlib.Path(path).write_text(text)
    command = ["letter", "check", path]
    try:
        answer = naskah.ask(*command, office=False)
    except AssertionError:  # it has errors
        answer = naskah.ask(*command, office=False, status=1)
    return {issue["tag"] for issue in answer["issues"]}, answer


def every_rule(naskah):
    """Every rule is there to be broken, and finds what breaks it."""
    known = list(rules())
    assert sorted(known) == sorted(BROKEN), set(known) ^ set(BROKEN)
    missed = []
    for name in known:
        good, bad = broken(name)
        tag = name.split("/")[1]
        assert good != bad, f"{name}: nothing was changed"
        before, _ = findings(naskah, good)
        after, answer = findings(naskah, bad)
        if not any(found.endswith(tag) for found in after) or any(
                found.endswith(tag) for found in before):
            missed.append((name, before, answer["issues"]))
    assert not missed, "\n".join(map(str, missed))
    print(f"# {len(known)} rules")


# What only an office knows: (tag, kind, what is replaced by what).
OF_OFFICE = [
    ("letter-authority", "instruksi", (SIGNER, r"\1kepala-subbagian-persuratan")),
    ("letter-authority", "surat-perintah", (SIGNER, r"\1kepala-subbagian-persuratan")),
    ("letter-directory", EVERY, ('<position ref="kepala-biro-sdm"', '<position ref="tiada"')),
    ("letter-directory", EVERY, (SIGNER, r"\1tiada")),
    ("letter-desk", EVERY, (r"(\s*<signatories>)",
                            r'<consultants><consultant desk="tiada"/></consultants>\1')),
    ("letter-date", EVERY, ("</subject>", "</subject><date>2026-01-05</date>")),
]


def rules_of_an_office(naskah):
    """What only the office's directory and profile can tell is found in a draft of it."""
    naskah.run("init", naskah.folder, "--demo", "--empty", office=False)
    for tag, kind, (old, new) in OF_OFFICE:
        bad = re.sub(old, new, sample(kind), count=1, flags=re.S)
        path = os.path.join(WORK["folder"], "surat.xml")
        pathlib.Path(path).write_text(bad)
        letter = naskah.ask("letter", "new", path, person="damar")["letter"]
        tags = {issue["tag"] for issue in
                naskah.ask("letter", "check", letter, person="damar", status=1)["issues"]}
        assert tags == {tag}, (tag, kind, tags)


def main():
    with tempfile.TemporaryDirectory(prefix="naskah-rules-") as folder:
        WORK["folder"] = folder
        run_cases([every_rule, rules_of_an_office],
                  Naskah(sys.argv[1], os.path.join(folder, "kantor")))


main()
