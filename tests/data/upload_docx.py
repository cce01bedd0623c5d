# SPDX-License-Identifier: GPL-3.0-or-later
"""Documents of uploaded kinds as a word processor writes them: styles, numbered chapters, tabs, tables,
page numbers, and the marks for number, day and signature."""
import docx

P, RUN = docx.paragraph, docx.run
CENTRED, JUSTIFIED = '<w:jc w:val="center"/>', '<w:jc w:val="both"/>'
DEFAULTS = ('<w:docDefaults><w:rPrDefault><w:rPr><w:rFonts w:ascii="Bookman Old Style"/><w:sz w:val="24"/>'
            '</w:rPr></w:rPrDefault></w:docDefaults>')
GRID = ('<w:style w:type="table" w:styleId="TableGrid"><w:name w:val="Table Grid"/><w:tblPr><w:tblBorders>'
        '<w:top w:val="single"/></w:tblBorders></w:tblPr></w:style></w:styles>')
COLUMNS = ('<w:tabs><w:tab w:val="left" w:pos="1701"/><w:tab w:val="left" w:pos="1985"/><w:tab w:val="left" '
           'w:pos="2410"/></w:tabs><w:ind w:left="2410" w:hanging="2410"/>' + JUSTIFIED)
BLOCK = '<w:ind w:left="4536"/>'
# One mark in three runs, as a spelling checker leaves it.
NUMBER = (RUN("NOMOR ") + RUN("$", "<w:b/>") + '<w:proofErr w:type="spellStart"/>' + RUN("{nom")
          + '<w:bookmarkStart w:id="0" w:name="x"/>' + RUN("or}"))
SIGNATURE = [P("Ditetapkan di Arunika", BLOCK), P("pada tanggal ${tanggal}", BLOCK), P(""),
             P("${jabatan},", BLOCK), P("${ttd}", BLOCK), *[P("", BLOCK)] * 5, P("${nama}", BLOCK),
             P("NIP ${nip}", BLOCK), P("${qr}")]


def level(number, form, text, left, hanging):
    return (f'<w:lvl w:ilvl="{number}"><w:start w:val="1"/><w:numFmt w:val="{form}"/><w:lvlText '
            f'w:val="{text}"/><w:pPr><w:ind w:left="{left}" w:hanging="{hanging}"/></w:pPr></w:lvl>')


def numbering():
    """List 1: chapters; 2: articles; 3: paragraphs with letters and digits in them."""
    lists = (level(0, "upperRoman", "BAB %1", 0, 0), level(0, "decimal", "Pasal %1", 0, 0),
             level(0, "decimal", "(%1)", 567, 567) + level(1, "lowerLetter", "%2.", 1134, 567)
             + level(2, "decimal", "%2.%3)", 1701, 567))
    return (f"<w:numbering {docx.SPACES}>"
            + "".join(f'<w:abstractNum w:abstractNumId="{i}">{text}</w:abstractNum>'
                      for i, text in enumerate(lists))
            + "".join(f'<w:num w:numId="{i + 1}"><w:abstractNumId w:val="{i}"/></w:num>' for i in range(3))
            + "</w:numbering>")


def item(text, number, depth=0, properties=JUSTIFIED):
    return P(text, f'{properties}<w:numPr><w:ilvl w:val="{depth}"/><w:numId w:val="{number}"/></w:numPr>')


def field(code):
    kinds = ("begin", "separate", "end")
    begin, separate, end = (f'<w:r><w:fldChar w:fldCharType="{kind}"/></w:r>' for kind in kinds)
    return f"{begin}<w:r><w:instrText> {code} </w:instrText></w:r>{separate}{RUN('77')}{end}"


def ruled(*rows, **more):
    return docx.table(*rows, **more).replace(
        "<w:tblPr/>", '<w:tblPr><w:tblStyle w:val="TableGrid"/></w:tblPr>')


def pack(*blocks, **more):
    """A DOCX of these blocks, with numbers of pages at its foot."""
    foot = P(RUN("- ") + field("PAGE") + RUN(" dari ") + f'<w:fldSimple w:instr="NUMPAGES">{RUN("88")}'
             "</w:fldSimple>" + RUN(" -"), CENTRED)
    parts = docx.parts(*blocks, footer=foot, **more)
    parts["word/styles.xml"] = docx.STYLES.replace("<w:style ", DEFAULTS + "<w:style ", 1).replace(
        "</w:styles>", GRID)
    parts["word/numbering.xml"] = numbering()
    parts["word/document.xml"] = parts["word/document.xml"].replace(
        "<w:sectPr>", f'<w:sectPr><w:footerReference w:type="default" r:id="rId{4 if "header" in more else 3}"/>'
        + ('<w:headerReference w:type="default" r:id="rId3"/>' if "header" in more else ""))
    return docx.pack(parts)


def regulation(signature=None):
    """The blocks of a regulation, of three pages."""
    rows = [(str(i), f"Berkas kegiatan {i} beserta daftarnya", "2 tahun", "5 tahun") for i in range(1, 9)]
    rule = "Ketentuan lebih lanjut mengenai hal ini diatur dengan keputusan Sekretaris Utama. "
    return [
        P(RUN("PERATURAN KEPALA BADAN PENGELOLA AIR TANAH NUSANTARA", "<w:b/>"), CENTRED),
        P(NUMBER, CENTRED), P("TENTANG", CENTRED),
        P(RUN("TATA KELOLA ARSIP DINAMIS", '<w:b/><w:sz w:val="28"/>'),
          CENTRED + '<w:spacing w:after="240"/>'),
        P("Menimbang\t:\ta.\tbahwa arsip dinamis perlu dikelola dengan tertib;", COLUMNS),
        P("\t\tb.\tbahwa untuk itu perlu menetapkan Peraturan Kepala Badan;", COLUMNS),
        P("MEMUTUSKAN:", CENTRED),
        item("", 1, properties=CENTRED), P(RUN("KETENTUAN UMUM", "<w:b/>"), CENTRED),
        item("", 2, properties=CENTRED),
        item("Arsip adalah rekaman kegiatan dalam berbagai bentuk dan media.", 3),
        item("Arsip dinamis meliputi:", 3), item("arsip vital; dan", 3, 1), item("arsip aktif:", 3, 1),
        item("berkas; dan", 3, 2), item("daftar berkas.", 3, 2),
        P(RUN("Setiap unit kerja memelihara arsip menurut ") + RUN("jadwal retensi", "<w:i/>")
          + RUN(" dengan tabel berikut."), JUSTIFIED + '<w:ind w:firstLine="720"/>'),
        ruled(("No.", "Jenis Arsip", "Aktif", "Inaktif"), *rows, widths=(700, 4900, 1700, 1700), head=1),
        item("", 1, properties=CENTRED + "<w:pageBreakBefore/>"),
        *[item(rule * 6, 3) for _ in range(8)],
        *(SIGNATURE if signature is None else signature)]
