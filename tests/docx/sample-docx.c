/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sample-docx.h"

#include <string.h>

#define W                 "xmlns:w=\"http://schemas.openxmlformats.org/wordprocessingml/2006/main\""
#define REL(type, target) "<Relationship Id=\"a\" Type=\"urn:x/" type "\" Target=\"" target "\"/>"
#define LEVEL(n, format, text)                                                                     \
    "<w:lvl w:ilvl=\"" n "\"><w:start w:val=\"1\"/><w:numFmt w:val=\"" format                      \
    "\"/><w:lvlText w:val=\"" text "\"/></w:lvl>"
#define NUM(id, of, more)                                                                          \
    "<w:num w:numId=\"" id "\"><w:abstractNumId w:val=\"" of "\"/>" more "</w:num>"

/* Styles "H1" to "H3"; "Daftar" is of list 1; "A" and "B" are based on each other. */
static const char styles[] =
    "<w:styles " W ">"
    "<w:style w:type=\"paragraph\" w:default=\"1\" w:styleId=\"N\"><w:name "
    "w:val=\"Normal\"/></w:style>"
    "<w:style w:styleId=\"H1\"><w:name w:val=\"heading 1\"/><w:rPr><w:b/></w:rPr></w:style>"
    "<w:style w:styleId=\"H2\"><w:name w:val=\"Heading 2\"/><w:basedOn w:val=\"H1\"/></w:style>"
    "<w:style w:styleId=\"H3\"><w:name w:val=\"x\"/><w:pPr><w:outlineLvl "
    "w:val=\"2\"/></w:pPr></w:style>"
    "<w:style w:styleId=\"Daftar\"><w:name w:val=\"y\"/><w:pPr><w:numPr><w:numId "
    "w:val=\"1\"/></w:numPr>"
    "</w:pPr></w:style>"
    "<w:style w:styleId=\"A\"><w:name w:val=\"A\"/><w:basedOn "
    "w:val=\"B\"/><w:rPr><w:i/></w:rPr></w:style>"
    "<w:style w:styleId=\"B\"><w:name w:val=\"B\"/><w:basedOn w:val=\"A\"/></w:style></w:styles>";

/* 1 and 3 count together, 4 begins anew, 2 has bullets, 9 names a list that is not there. */
static const char numbering[] = "<w:numbering " W "><w:abstractNum w:abstractNumId=\"0\">" LEVEL(
    "0",
    "decimal",
    "%1.") LEVEL("1", "lowerLetter", "%2)") LEVEL("2", "decimal", "(%3)")
    LEVEL("3", "lowerRoman", "%4") LEVEL("4", "decimal", "%5.")
        LEVEL("12", "decimal", "%5.") "</w:abstractNum><w:abstractNum w:abstractNumId=\"1\">" LEVEL(
            "0",
            "bullet",
            "") "</w:abstractNum>" NUM("1", "0", "") NUM("2", "1", "") NUM("3", "0", "")
            NUM("4",
                "0",
                "<w:lvlOverride w:ilvl=\"0\"><w:startOverride w:val=\"5\"/></w:lvlOverride>")
                NUM("9", "77", "") "</w:numbering>";

void
sample_put(GHashTable *parts, const char *name, const char *text)
{
    g_hash_table_replace(parts, g_strdup(name),
                         text != NULL ? g_bytes_new(text, strlen(text)) : NULL);
}

static void
free_part(void *bytes)
{
    if (bytes != NULL)
        g_bytes_unref(bytes);
}

GHashTable *
sample_parts(const char *blocks)
{
    GHashTable *parts = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, free_part);
    g_autofree char *document =
        g_strdup_printf("<w:document " W "><w:body>%s<w:sectPr/></w:body></w:document>", blocks);

    sample_put(parts, "_rels/.rels",
               "<Relationships>" REL("officeDocument", "word/document.xml") "</Relationships>");
    sample_put(parts, "word/_rels/document.xml.rels",
               "<Relationships>" REL("styles", "styles.xml")
                   REL("numbering", "/word/./x/../numbering.xml") "</Relationships>");
    sample_put(parts, "word/document.xml", document);
    sample_put(parts, "word/styles.xml", styles);
    sample_put(parts, "word/numbering.xml", numbering);
    return parts;
}

NskDocx *
sample_read(const char *blocks, NskIssues *issues)
{
    g_autoptr(GHashTable) parts = sample_parts(blocks);
    g_autoptr(GError) error = NULL;
    NskDocx *docx = nsk_docx_read("a.docx", parts, issues, &error);

    g_assert_no_error(error);
    return docx;
}

bool
sample_said(const NskIssues *issues, const char *tag, const char *words)
{
    for (guint i = 0; i < issues->len; i++) {
        const NskIssue *issue = g_ptr_array_index(issues, i);

        if (strcmp(issue->tag, tag) == 0 && strstr(issue->text, words) != NULL)
            return true;
    }
    return false;
}
