#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""template-docx.py NASKAH: the tags of a DOCX are listed, its text becomes a draft, and files that no
word processor writes are refused."""
import io
import os
import struct
import sys
import tempfile
import xml.etree.ElementTree as ElementTree
import zipfile

SOURCE = os.environ["NASKAH_SOURCE"]
sys.path.insert(0, os.path.join(SOURCE, "tests", "data"))
import docx  # noqa: E402
from tap import Naskah, run_cases  # noqa: E402

NS = "{urn:naskah:letter:1}"
WORK = {}

P, RUN = docx.paragraph, docx.run


def write(content, name="contoh.docx"):
    path = os.path.join(WORK["folder"], name)
    with open(path, "wb") as file:
        file.write(content)
    return path


def tags_of(naskah, content, *options, status=0, **more):
    told = naskah.ask("template", "docx", write(content), *options, status=status,
                      office=more.pop("office", False), **more)
    return {tag["tag"]: tag for tag in told["tags"]}, told["issues"]


def draft_of(naskah, content, *options):
    """The draft as XML, and the findings."""
    out = os.path.join(WORK["folder"], "konsep.xml")
    told = naskah.ask("template", "docx", write(content), "--convert", "-o", out, *options,
                      office=False)
    return ElementTree.parse(out).getroot(), told["issues"]


def text_of(node):
    return " ".join("".join(node.itertext()).split())


def said(issues, tag, *words):
    """Whether a finding of the tag has all the words."""
    return any(issue["tag"] == tag and all(word in issue["text"] for word in words)
               for issue in issues)


def split_runs_are_whole(naskah):
    """a tag that Word cut into runs, with marks and controls between, is one tag in its place"""
    cut = {
        "proofErr": RUN("${") + '<w:proofErr w:type="spellStart"/>' + RUN("nomor_naskah", "<w:i/>")
        + '<w:proofErr w:type="spellEnd"/>' + RUN("}"),
        "letters": "".join(RUN(sign) for sign in "${nomor_naskah}"),
        "smart tag": RUN("${nomor") + '<w:smartTag w:uri="x" w:element="y">' + RUN("_naskah")
        + "</w:smartTag>" + RUN("}"),
        "control": "<w:sdt><w:sdtPr><w:alias w:val='x'/></w:sdtPr><w:sdtContent>" + RUN("${nomor")
        + "</w:sdtContent></w:sdt>" + RUN("_naskah}"),
        "inserted": RUN("${nomor") + '<w:ins w:id="1" w:author="A">' + RUN("_naskah") + "</w:ins>"
        + '<w:del w:id="2" w:author="A"><w:r><w:delText>_lama</w:delText></w:r></w:del>' + RUN("}"),
        "link": '<w:hyperlink r:id="rId9">' + RUN("${nomor_naskah") + "</w:hyperlink>" + RUN("}"),
        "field": '<w:fldSimple w:instr=" MERGEFIELD x ">' + RUN("${nomor_naskah}") + "</w:fldSimple>",
        "code": '<w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText> IF ${salah} '
        '</w:instrText></w:r><w:r><w:fldChar w:fldCharType="separate"/></w:r>' + RUN("${nomor_naskah}")
        + '<w:r><w:fldChar w:fldCharType="end"/></w:r>',
        "soft": RUN("${nomor_") + "<w:r><w:softHyphen/><w:lastRenderedPageBreak/></w:r>"
        + RUN("naskah}"),
        "hidden": RUN("${nomor_") + RUN("rahasia", "<w:vanish/>") + RUN("naskah}"),
    }
    for name, runs in cut.items():
        tags, _ = tags_of(naskah, docx.docx(P("pembuka"), P(runs)))
        assert list(tags) == ["${nomor_naskah}"], (name, tags)
        assert tags["${nomor_naskah}"]["places"] == ["body, paragraph 2"], (name, tags)


def every_place_is_told(naskah):
    """tags in tables, headers, footers, notes and text boxes have their places, and are counted"""
    box = ('<w:r><mc:AlternateContent><mc:Choice Requires="wps"><w:drawing><wps:txbx><w:txbxContent>'
           f'{P("${hal}")}</w:txbxContent></wps:txbx></w:drawing></mc:Choice><mc:Fallback><w:pict>'
           f'<v:textbox><w:txbxContent>{P("${hal}")}</w:txbxContent></v:textbox></w:pict>'
           '</mc:Fallback></mc:AlternateContent></w:r>')
    content = docx.docx(
        P("${hal} dan ${hal}"), docx.table(("a", "b"), ("c", "${hal}")), P(box + RUN("x")),
        header=P("") + P("${hal}"), footer=P("${hal}"),
        footnotes='<w:footnote w:type="separator" w:id="-1">' + P("${salah}") + "</w:footnote>"
        '<w:footnote w:id="1">' + P("${hal}") + "</w:footnote>")
    tags, issues = tags_of(naskah, content)
    assert tags["${hal}"]["count"] == 7 and not issues, (tags, issues)
    assert sorted(tags["${hal}"]["places"]) == [
        "body, paragraph 1", "body, paragraph 1", "body, table 1, row 2, cell 2, paragraph 1",
        "footer 1, paragraph 1", "footnote 1, paragraph 1", "header 1, paragraph 2",
        "text box 1, paragraph 1"], tags
    out, _ = naskah.run("template", "docx", write(content), office=False, language="id_ID.UTF-8")
    assert "isi, tabel 1, baris 2, sel 2, paragraf 1" in out and "kotak teks 1" in out, out


def faults_are_told(naskah):
    """unknown and broken tags are errors with their place and the name that may be meant"""
    cases = (
        ("${nomer_naskah}", "docx-tag-unknown", "${nomor_naskah}"),
        ("${Nomor_Naskah}", "docx-tag-unknown", "${nomor_naskah}"),
        ("${nomor-naskah}", "docx-tag-unknown", "${nomor_naskah}"),
        ("${nomor_surat}", "docx-tag-unknown", "${nomor_naskah}"),
        ("${perihal}", "docx-tag-unknown", "${hal}"),
        ("${kota}", "docx-tag-unknown", None),
        ("${ttd_pengirim0}", "docx-tag-unknown", "${ttd_pengirim}"),
        ("${ nomor_naskah }", "docx-tag-broken", "blanks"),
        ("${nomor naskah}", "docx-tag-broken", "blanks"),
        ("${nomor_naskah\u00a0}", "docx-tag-broken", "blanks"),
        ("${nomor\u200b_naskah}", "docx-tag-broken", "cannot be seen"),
        ("${nomor_naskah", "docx-tag-broken", "'}' is missing"),
        ("${nomor_naskah dan lain-lain", "docx-tag-broken", "'}' is missing"),
        ("${nomor_${hal}}", "docx-tag-broken", "within a tag"),
        ("${\u201cnomor_naskah\u201d}", "docx-tag-broken", "quotes"),
        ("${'hal'}", "docx-tag-broken", "quotes"),
        ("${}", "docx-tag-broken", "no name"),
        ("$ {nomor_naskah}", "docx-tag-broken", "between '$' and '{'"),
        ("$(nomor_naskah)", "docx-tag-broken", "brackets"),
        ("{nomor_naskah}", "docx-tag-broken", "'$' is missing"),
        ("$nomor_naskah}", "docx-tag-broken", "'{' is missing"),
    )
    for text, tag, words in cases:
        tags, issues = tags_of(naskah, docx.docx(P(f"Teks {text}")), status=1)
        assert len(tags) == 1 and len(issues) == 1, (text, tags, issues)
        assert issues[0]["severity"] == "error" and issues[0]["tag"] == tag, (text, issues)
        assert "body, paragraph 1" in issues[0]["text"] and (words or "kota") in issues[0]["text"], issues
        assert words is not None or "perhaps" not in issues[0]["text"], issues
    for text in ("US$ 100 {a}", "harga $5 (lima)", "{catatan}", "a { b } c", "$", "{", "100$ [hal 2]"):
        tags, issues = tags_of(naskah, docx.docx(P(text)))
        assert not tags and not issues, (text, tags, issues)
    tags, _ = tags_of(naskah, docx.docx(P("${ttd_pengirim2} ${nip_pengirim1}")))
    assert [tag["signatory"] for tag in tags.values()] == [2, 1], tags
    tags, _ = tags_of(naskah, docx.docx(P("${nomor} ${tanggal} ${nama} ${nip_1} ${jabatan_2} ${ttd} ${qr}")))
    assert [tag["means"] for tag in tags.values()] == [
        "number", "date", "signatory-name", "signatory-nip", "signatory-post", "signature", "qr"], tags
    naskah.refuse(3, ["tiada-jenis"], "template", "docx", write(docx.docx(P("x"))), "--kind",
                  "tiada-jenis", office=False)
    _, issues = tags_of(naskah, docx.docx(P("${ttd_pengirim3}")), "--kind", "surat-dinas", status=1)
    assert said(issues, "docx-tag-unfilled", "signatory 3"), issues


def an_invitation_becomes_a_draft(naskah):
    """a template becomes a draft that the letter check accepts once the fillers are written over"""
    letter, issues = draft_of(naskah, docx.docx(*docx.template()))
    assert letter.get("kind") == "surat-dinas"
    for name, words in (("urgency", "segera"), ("subject", "Undangan Rapat Penataan Arsip"),
                        ("place", "Arunika"), ("to", "Kepala Biro Keuangan Arunika"),
                        ("copies", "Sekretaris Utama Kepala Biro Umum")):
        assert text_of(letter.find(NS + name)) == words, (name, text_of(letter.find(NS + name)))
    body = letter.find(NS + "body")
    assert [child.tag[len(NS):] for child in body] == ["p", "rows", "p", "ol", "table", "p"], body
    assert body[0].find(NS + "b").text == "rapat penataan arsip"
    assert [row.get("label") for row in body[1]] == ["Hari/tanggal", "Waktu", "Tempat"]
    assert len(body[3]) == 3 and body[3][1].find(NS + "ol").get("type") == "a)"
    assert "BADAN" not in text_of(body) and "${" not in text_of(body)
    assert said(issues, "docx-printed", "BADAN PENGELOLA") and said(issues, "docx-fill", "<signatories>")
    path = os.path.join(WORK["folder"], "konsep.xml")
    told = naskah.ask("letter", "check", path, status=1, office=False)
    assert [issue["tag"] for issue in told["issues"]] == ["rule-placeholder"], told
    draft_of(naskah, docx.docx(*docx.template()), "--classification", "KP.08.1")
    assert not naskah.ask("letter", "check", path, office=False)["issues"]


def what_word_writes(naskah):
    """lists, tables, headings, marks and signs of Word become those of a letter"""
    merge, on = '<w:vMerge w:val="restart"/>', "<w:vMerge/>"
    letter, issues = draft_of(naskah, docx.docx(
        docx.heading("I. Pendahuluan"), P("Isi."), docx.heading("Umum", 2),
        docx.item("satu", 0, 2), docx.item("dua", 0, 2),
        docx.heading("Penutup"),
        docx.item("satu"), P("sela yang tidak bernomor dan cukup panjang"), docx.item("dua"),
        docx.table((docx.cell("Kepala", '<w:gridSpan w:val="2"/>'), "c"),
                   (docx.cell("tinggi", merge), "b", "c"), (docx.cell("", on), "b2"),
                   widths=(1000, 3000, 6000), head=1),
        docx.table(("Nama", ":", "Damar"), ("NIP", ":", "198102202006041005")),
        P(RUN("a") + RUN("2", '<w:vertAlign w:val="superscript"/>') + RUN("miring", "<w:i/><w:u w:val='single'/>")
          + RUN("tebal", '<w:rStyle w:val="Tebal"/>') + RUN("tidak", '<w:b w:val="0"/>')
          + '<w:r><w:br/></w:r>' + RUN("baris") + '<w:r><w:sym w:font="Wingdings" w:char="F0FC"/></w:r>'
          '<w:r><w:noBreakHyphen/></w:r>' + RUN("kecil", "<w:caps/>")),
        P("kanan", '<w:jc w:val="right"/>')))
    body = letter.find(NS + "body")
    assert [child.get("title") for child in body] == ["Pendahuluan", "Penutup"], body
    inner = body[0].find(NS + "section")
    assert inner.get("title") == "Umum" and len(inner.find(NS + "ul")) == 2
    lists = body[1].findall(NS + "ol")
    assert len(lists) == 2 and lists[1].get("start") == "2", lists
    table = body[1].find(NS + "table")
    assert [col.get("width") for col in table.findall(NS + "col")] == ["10", "30", "60"]
    assert table.find(NS + "thead")[0][0].get("colspan") == "2"
    rows = table.find(NS + "tbody")
    assert rows[0][0].get("rowspan") == "2" and [len(row) for row in rows] == [3, 2], rows
    assert [row.get("label") for row in body[1].find(NS + "rows")] == ["Nama", "NIP"]
    marked = body[1].findall(NS + "p")[1]
    assert marked.find(NS + "sup").text == "2" and marked.find(f"{NS}i/{NS}u").text == "miring"
    assert marked.find(NS + "b").text == "tebal" and "baris✓\u2011KECIL" in text_of(marked)
    assert said(issues, "docx-lost", "on the right"), issues


def losses_are_told(naskah):
    """what a letter cannot hold is told with its place"""
    _, issues = draft_of(naskah, docx.docx(
        P("<w:r><w:drawing/></w:r>" + RUN("teks")),
        P(RUN("x") + '<w:r><w:footnoteReference w:id="1"/></w:r><w:r><w:br w:type="page"/></w:r>'
          + RUN("rahasia", "<w:vanish/>") + RUN("coret", "<w:strike/>")),
        docx.table((docx.cell(docx.table(("dalam",)) + P("")), "b")),
        P("<m:oMath><m:r><m:t>x+1</m:t></m:r></m:oMath>"), P("isi ${kota} kosong"),
        '<w:altChunk r:id="rId7"/>', header=P("kop")))
    for words in (("paragraph 1", "picture"), ("paragraph 2", "footnote"), ("paragraph 2", "page break"),
                  ("paragraph 2", "hidden"), ("paragraph 2", "struck"), ("cell 1", "table within"),
                  ("paragraph 3", "'x+1'"), ("another file",)):
        assert said(issues, "docx-lost", *words), (words, issues)
    assert said(issues, "docx-fill", "${kota}") and said(issues, "docx-printed", "header 1"), issues


def strict_and_zip64(naskah):
    """the other namespace of the standard, other names of parts, and zip64 are read"""
    files = docx.parts(P("${hal}"))
    files["word/document.xml"] = files["word/document.xml"].replace(docx.W, docx.STRICT)
    files["naskah/isi.xml"] = files.pop("word/document.xml")
    files["_rels/.rels"] = docx.relations(("officeDocument", "/naskah/isi.xml"))
    del files["word/_rels/document.xml.rels"]
    assert list(tags_of(naskah, docx.pack(files))[0]) == ["${hal}"]
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as package:
        for name, content in docx.parts(P("${hal}")).items():
            with package.open(name, "w", force_zip64=True) as part:
                part.write(content.encode())
    assert list(tags_of(naskah, out.getvalue())[0]) == ["${hal}"]


def packages_with_more(naskah):
    """macros and what lies outside are told and not touched; tracked changes as well"""
    files = docx.parts(P(RUN("a") + "<w:ins>" + RUN("b") + "</w:ins><w:del>" + RUN("c") + "</w:del>"),
                       links=(("attachedTemplate", "http://127.0.0.1:1/x.dotm", True),
                              ("image", "file:///etc/passwd", True),
                              ("hyperlink", "https://contoh.example", True)))
    files["word/vbaProject.bin"] = b"\0" * 100
    files["word/embeddings/oleObject1.bin"] = b"x"
    files["word/media/besar.png"] = b"\0" * (40 << 20)  # never unpacked
    _, issues = tags_of(naskah, docx.pack(files))
    assert said(issues, "docx-macro", "vbaProject.bin") and said(issues, "docx-macro", "oleObject1")
    assert said(issues, "docx-external", "127.0.0.1") and said(issues, "docx-external", "passwd")
    assert not said(issues, "docx-external", "contoh.example")
    assert said(issues, "docx-tracked", "1 insertions and 1 deletions"), issues


def patched(content, old, new):
    assert content.count(old) >= 1
    return content.replace(old, new)


def encrypted(content):
    """The same with the bit of encryption in every header."""
    data = bytearray(content)
    for mark, at in ((b"PK\3\4", 6), (b"PK\1\2", 8)):
        found = data.find(mark)
        while found >= 0:
            data[found + at] |= 1
            found = data.find(mark, found + 4)
    return bytes(data)


def hostile_packages(naskah):
    """bombs, twins, paths, encryption, damage and other files are refused in bounded time and memory"""
    good = docx.docx(P("teks yang cukup panjang agar dapat dirusak " * 5))
    bomb = docx.parts(P("x"))
    bomb["word/document.xml"] = docx.document(P("x" * (7 << 20)))
    large = docx.parts(P("x"))
    large["word/other.xml"] = os.urandom(5 << 20).hex()
    many = docx.parts(P("x"))
    many.update({f"word/a{i}.bin": b"" for i in range(2100)})
    sum_up = docx.parts(P("x"))
    sum_up.update({f"word/a{i}.xml": os.urandom(2 << 19).hex() * 3 for i in range(5)})
    twins = list(docx.parts(P("x")).items()) + [("word/Document.xml", docx.document(P("y")))]
    cases = [
        ("unpacks to more than", 1, docx.pack(bomb)),
        ("at most 8388608 of a part", 1, docx.pack(large)),
        ("25165824 of all", 1, docx.pack(sum_up)),
        ("1 to 2000", 1, docx.pack(many)),
        ("twice", 1, docx.pack(twins)),
        ("no word processor writes", 1, docx.pack({**docx.parts(P("x")), "../../etc/cron.d/x": "x"})),
        ("no word processor writes", 1, docx.pack({**docx.parts(P("x")), "/etc/x": "x"})),
        ("no word processor writes", 1, docx.pack({**docx.parts(P("x")), "word\\x.xml": "x"})),
        ("encrypted", 1, encrypted(good)),
        ("damaged", 1, good[:-30]), ("damaged", 1, good[:200] + good[300:]),
        ("an ODT file", 1, docx.pack([("mimetype", "application/vnd.oasis.opendocument.text")],
                                     stored=("mimetype",))),
        ("an old .doc", 1, b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600),
        ("an RTF file", 1, b"{\\rtf1 x}"), ("a PDF", 1, b"%PDF-1.7\n"), ("an empty file", 1, b""),
        ("something else", 1, b"hello"),
        ("which of its parts", 1, docx.pack({"a.xml": "<a/>"})),
        ("has no part", 1, docx.pack({"_rels/.rels": docx.ROOT})),
        ("<w:body>", 1, docx.pack({**docx.parts(P("x")), "word/document.xml": "<a/>"})),
        ("DOCTYPE", 1, docx.pack({**docx.parts(P("x")), "word/document.xml":
                                  '<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>'})),
        ("deep", 1, docx.pack({**docx.parts(P("x")), "word/document.xml": docx.document(
            P("<w:sdt><w:sdtContent>" * 300 + "</w:sdtContent></w:sdt>" * 300))})),
        ("packed in a way", 1, _lzma()),
    ]
    crc = bytearray(good)
    crc[good.find(b"PK\1\2") + 16] ^= 0xff
    cases.append(("damaged", 1, bytes(crc)))
    size = bytearray(docx.pack(docx.parts(P("x"))))
    for mark, at in ((b"PK\3\4", 22), (b"PK\1\2", 24)):
        found = size.find(mark)
        struct.pack_into("<I", size, found + at, struct.unpack_from("<I", size, found + at)[0] + 5)
    cases.append(("damaged", 1, bytes(size)))
    for words, status, content in cases:
        naskah.refuse(status, [words], "template", "docx", write(content), office=False)
        assert naskah.seconds < 20, (words, naskah.seconds)
    naskah.refuse(3, ["tiada.docx"], "template", "docx", os.path.join(WORK["folder"], "tiada.docx"),
                  office=False)
    naskah.refuse(1, ["name of a position"], "template", "docx", write(good), "--convert", "-o", "-",
                  "--to", "Kepala Biro", office=False)
    out, _ = naskah.run("template", "docx", write(good), "--convert", "-o", "-", office=False)
    assert ElementTree.fromstring(out.encode()).tag == NS + "letter", out  # and nothing behind it
    for options in (["--convert"], ["-o", "x"], ["--to", "x"]):
        naskah.refuse(2, [], "template", "docx", write(good), *options, office=False)


def _lzma():
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_LZMA) as package:
        for name, content in docx.parts(P("x")).items():
            package.writestr(name, content)
    return out.getvalue()


def a_draft_is_a_letter(naskah):
    """in an office: the draft is a letter, and the tags that it has no value for are told"""
    naskah.run("init", naskah.folder, "--demo", "--empty", office=False)
    content = docx.docx(*docx.template(), P("${ttd_pengirim2} ${sifat} ${hal}"))
    out = os.path.join(WORK["folder"], "surat.xml")
    naskah.run("template", "docx", write(content), "--convert", "-o", out, "--classification",
               "KP.08.1", "--signatory", "kepala-biro-umum", person=WORK["clerk"])
    text = open(out, encoding="utf-8").read()
    assert "(isi" not in text and "isi-jabatan" not in text, text
    letter = naskah.ask("letter", "new", out, person=WORK["clerk"])["letter"]
    tags, issues = tags_of(naskah, content, "--letter", letter, office=True, person=WORK["clerk"],
                           status=1)
    assert tags["${hal}"]["value"] == "Undangan Rapat Penataan Arsip", tags
    assert tags["${sifat}"]["value"] == "biasa" and tags["${nomor_naskah}"]["value"] is None
    assert len(tags["${nip_pengirim}"]["value"]) == 18, tags
    kinds = {issue["text"].split("'")[1]: issue["severity"] for issue in issues
             if issue["tag"] == "docx-tag-unfilled"}
    assert kinds == {"${nomor_naskah}": "warning", "${tanggal_naskah}": "warning",
                     "${ttd_pengirim}": "warning", "${ttd_pengirim2}": "error"}, kinds
    naskah.refuse(3, ["tidak-ada"], "template", "docx", write(content), "--letter", "tidak-ada",
                  person=WORK["clerk"])


def main():
    with tempfile.TemporaryDirectory() as folder:
        WORK["folder"], WORK["clerk"] = folder, "damar"
        naskah = Naskah(sys.argv[1], os.path.join(folder, "kantor"))
        run_cases([split_runs_are_whole, every_place_is_told, faults_are_told,
                   an_invitation_becomes_a_draft, what_word_writes, losses_are_told, strict_and_zip64,
                   packages_with_more, hostile_packages, a_draft_is_a_letter], naskah)


if __name__ == "__main__":
    main()
