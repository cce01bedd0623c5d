# SPDX-License-Identifier: GPL-3.0-or-later
"""DOCX files as Word and LibreOffice write them, made without either; what tests and seeds share."""
import io
import zipfile
from xml.sax.saxutils import escape

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
STRICT = "http://purl.oclc.org/ooxml/wordprocessingml/main"
R = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006/relationships"
TYPES = "http://schemas.openxmlformats.org/package/2006/content-types"
MC = "http://schemas.openxmlformats.org/markup-compatibility/2006"
SPACES = (f'xmlns:w="{W}" xmlns:r="{R}" xmlns:mc="{MC}" xmlns:m="http://schemas.openxmlformats.org/'
          'officeDocument/2006/math" xmlns:wps="http://schemas.microsoft.com/office/word/2010/'
          'wordprocessingShape" xmlns:v="urn:schemas-microsoft-com:vml"')

CONTENT_TYPES = (
    f'<?xml version="1.0" encoding="UTF-8" standalone="yes"?><Types xmlns="{TYPES}">'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    '<Default Extension="xml" ContentType="application/xml"/><Override PartName="/word/document.xml" '
    'ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/>'
    '</Types>')

STYLES = (
    f'<w:styles {SPACES}><w:style w:type="paragraph" w:default="1" w:styleId="Normal"><w:name '
    'w:val="Normal"/></w:style>'
    '<w:style w:type="paragraph" w:styleId="Judul1"><w:name w:val="heading 1"/><w:basedOn w:val='
    '"Normal"/><w:pPr><w:outlineLvl w:val="0"/></w:pPr><w:rPr><w:b/></w:rPr></w:style>'
    '<w:style w:type="paragraph" w:styleId="Judul2"><w:name w:val="heading 2"/><w:basedOn w:val='
    '"Judul1"/><w:pPr><w:outlineLvl w:val="1"/></w:pPr></w:style>'
    '<w:style w:type="paragraph" w:styleId="Tebal"><w:name w:val="Tebal"/><w:rPr><w:b/></w:rPr>'
    '</w:style></w:styles>')


def levels(*forms):
    return "".join(
        f'<w:lvl w:ilvl="{i}"><w:start w:val="1"/><w:numFmt w:val="{kind}"/><w:lvlText w:val="{text}"/>'
        '</w:lvl>' for i, (kind, text) in enumerate(forms))


NUMBERING = (
    f'<w:numbering {SPACES}><w:abstractNum w:abstractNumId="0">'
    + levels(("decimal", "%1."), ("lowerLetter", "%2)"), ("decimal", "(%3)"), ("lowerRoman", "%4."),
             ("decimal", "%5."), ("decimal", "%6."))
    + '</w:abstractNum><w:abstractNum w:abstractNumId="1">' + levels(("bullet", "\uf0b7"))
    + '</w:abstractNum><w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num><w:num w:numId="2">'
      '<w:abstractNumId w:val="1"/></w:num></w:numbering>')


def run(text, properties=""):
    return f'<w:r>{f"<w:rPr>{properties}</w:rPr>" if properties else ""}<w:t xml:space="preserve">' \
           f'{escape(text)}</w:t></w:r>'


def paragraph(content, properties=""):
    """@content: text, or runs as XML."""
    inner = content if content.startswith("<") else run(content) if content else ""
    inner = inner.replace("\t", '</w:t></w:r><w:r><w:tab/></w:r><w:r><w:t xml:space="preserve">')
    return f'<w:p>{f"<w:pPr>{properties}</w:pPr>" if properties else ""}{inner}</w:p>'


def item(text, level=0, number=1):
    return paragraph(text, f'<w:numPr><w:ilvl w:val="{level}"/><w:numId w:val="{number}"/></w:numPr>')


def heading(text, level=1):
    return paragraph(text, f'<w:pStyle w:val="Judul{level}"/>')


def cell(content, properties=""):
    inner = content if content.startswith("<w:") else paragraph(content)
    return f'<w:tc>{f"<w:tcPr>{properties}</w:tcPr>" if properties else ""}{inner}</w:tc>'


def table(*rows, widths=(), head=0):
    """@rows: of cells; one that begins with "<w:tc" is XML."""
    grid = "".join(f'<w:gridCol w:w="{width}"/>' for width in widths)
    out = f"<w:tbl><w:tblPr/><w:tblGrid>{grid}</w:tblGrid>"
    for i, cells in enumerate(rows):
        marked = "<w:trPr><w:tblHeader/></w:trPr>" if i < head else ""
        out += f'<w:tr>{marked}{"".join(c if c.startswith("<w:tc") else cell(c) for c in cells)}</w:tr>'
    return out + "</w:tbl>"


def document(*blocks):
    return (f'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n<w:document {SPACES}><w:body>'
            f'{"".join(blocks)}<w:sectPr><w:pgSz w:w="11906" w:h="16838"/></w:sectPr></w:body>'
            '</w:document>')


def relations(*rows):
    """@rows: type, target, and True for one outside."""
    out = f'<?xml version="1.0" encoding="UTF-8"?><Relationships xmlns="{PACKAGE}">'
    for i, (kind, target, *outside) in enumerate(rows):
        mode = ' TargetMode="External"' if outside else ""
        out += f'<Relationship Id="rId{i + 1}" Type="{R}/{kind}" Target="{escape(target)}"{mode}/>'
    return out + "</Relationships>"


ROOT = relations(("officeDocument", "word/document.xml"))


def parts(*blocks, **more):
    """The parts of a document by name; @more: header, footer, footnotes as XML of their blocks."""
    links = [("styles", "styles.xml"), ("numbering", "numbering.xml")]
    made = {"[Content_Types].xml": CONTENT_TYPES, "_rels/.rels": ROOT,
            "word/document.xml": document(*blocks), "word/styles.xml": STYLES,
            "word/numbering.xml": NUMBERING}
    for name, element in (("header", "hdr"), ("footer", "ftr"), ("footnotes", "footnotes")):
        if name in more:
            file = f"{name}1.xml" if name != "footnotes" else "footnotes.xml"
            made[f"word/{file}"] = f"<w:{element} {SPACES}>{more[name]}</w:{element}>"
            links.append((name, file))
    made["word/_rels/document.xml.rels"] = relations(*links, *more.get("links", ()))
    return made


def pack(files, stored=()):
    """A package; @files: bytes or text by name, or pairs for twins."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as package:
        for name, content in files.items() if isinstance(files, dict) else files:
            info = zipfile.ZipInfo(name, (2026, 7, 22, 8, 0, 0))
            info.compress_type = zipfile.ZIP_STORED if name in stored else zipfile.ZIP_DEFLATED
            package.writestr(info, content)
    return out.getvalue()


def docx(*blocks, **more):
    return pack(parts(*blocks, **more))


def template():
    """An invitation as an office's template has it."""
    split = (run("${nomor") + '<w:proofErr w:type="spellStart"/>' + run("_nas", "<w:b/>")
             + '<w:proofErr w:type="spellEnd"/><w:bookmarkStart w:id="0" w:name="x"/>' + run("kah}"))
    centred = '<w:jc w:val="center"/>'
    return (
        paragraph("BADAN PENGELOLA AIR TANAH NUSANTARA", centred),
        paragraph("Jalan Mata Air Nomor 7, Arunika", centred),
        paragraph(run("Nomor\t: ") + split + run("\tArunika, ${tanggal_naskah}")),
        paragraph("Sifat\t: Segera"),
        paragraph("Lampiran\t: -"),
        paragraph("Hal\t: Undangan Rapat Penataan Arsip"),
        paragraph(""),
        paragraph("Yth. Kepala Biro Keuangan"),
        paragraph("di Arunika"),
        paragraph(""),
        paragraph(run("Dalam rangka menertibkan arsip dinamis, kami mengundang Saudara untuk hadir pada ")
                  + run("rapat penataan arsip", "<w:b/>") + run(" yang akan diselenggarakan pada:")),
        paragraph("Hari/tanggal\t: Senin, 3 Agustus 2026"),
        paragraph("Waktu\t: pukul 09.00 WIB"),
        paragraph("Tempat\t: Aula Tirta"),
        paragraph("Dengan agenda:"),
        item("Pembukaan;"),
        item("Paparan, terdiri atas:"),
        item("daftar berkas; dan", 1),
        item("jadwal retensi.", 1),
        item("Penutup."),
        table(("No.", "Nama"), ("1.", "Damar Wulandari")),
        paragraph("Atas perhatian dan kehadiran Saudara, kami ucapkan terima kasih."),
        paragraph("${jabatan_pengirim},"),
        paragraph("${ttd_pengirim}"),
        paragraph("${nama_pengirim}"),
        paragraph("NIP ${nip_pengirim}"),
        paragraph("Tembusan:"),
        item("Sekretaris Utama;"),
        item("Kepala Biro Umum."),
    )
