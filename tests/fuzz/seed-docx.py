#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Writes the seeds of fuzz-docx.c into corpus/docx: packages, and documents alone."""
import pathlib
import sys

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "data"))
import docx  # noqa: E402

P, RUN = docx.paragraph, docx.run
BOX = ("<w:r><mc:AlternateContent><mc:Choice><w:drawing><w:txbxContent>" + P("${hal}")
       + "</w:txbxContent></w:drawing></mc:Choice></mc:AlternateContent></w:r>")
RICH = (
    docx.heading("I. Umum"), P("isi"), docx.heading("Rinci", 2), docx.item("a"), docx.item("b", 1),
    docx.item("c", 2, 2),
    docx.table((docx.cell("k", '<w:gridSpan w:val="2"/>'),),
               (docx.cell("t", '<w:vMerge w:val="restart"/>'), "b"),
               (docx.cell("", "<w:vMerge/>"), "c"), widths=(1, 2), head=1),
    docx.table(("Nama", ":", "isi"),), P("Hari\t: Senin"), P("Waktu : siang"), P("Tempat : aula"),
    P(RUN("x") + BOX + "<w:ins>" + RUN("${no", "<w:b/><w:i/>") + "</w:ins><w:del>" + RUN("y")
      + "</w:del>" + RUN("mor_naskah}", "<w:caps/>") + '<w:r><w:br/><w:tab/><w:sym w:char="F0FC"/></w:r>'
      '<w:r><w:fldChar w:fldCharType="begin"/><w:instrText>X</w:instrText><w:fldChar '
      'w:fldCharType="separate"/></w:r>' + RUN("z") + '<w:r><w:fldChar w:fldCharType="end"/></w:r>',
      '<w:jc w:val="center"/>'))

SEEDS = {
    "template": b"0" + docx.docx(*docx.template(), header=P("kop"), footer=P("${hal}")),
    "rich": b"0" + docx.docx(*RICH),
    "stored": b"0" + docx.pack(docx.parts(P("x")), stored=("word/document.xml",)),
    "document-template": b"1" + docx.document(*docx.template()).encode(),
    "document-rich": b"1" + docx.document(*RICH).encode(),
    "document-faults": b"1" + docx.document(
        *(P(text) for text in ("${ hal }", "${hal", "$(hal)", "{hal}", "$hal}", "${a${hal}}", "${\u201chal\u201d}"))
    ).encode(),
}
(HERE / "corpus" / "docx").mkdir(exist_ok=True)
for name, content in SEEDS.items():
    (HERE / "corpus" / "docx" / name).write_bytes(content)
