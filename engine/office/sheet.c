/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Sheets: as XSL-FO for the renderer, and as CSV.
 *
 * A cell that begins with = + - @ or a control character is a formula to a table calculator, and
 * may have been written by a stranger: an apostrophe makes it a text.  A number stays one.
 */
#include "base/message.h"
#include "office/sheet-private.h"

#include <string.h>

#define FO_NS   "http://www.w3.org/1999/XSL/Format"
#define BORDER  "0.5pt solid #404040"
#define PADDING "0.8mm 1.2mm"
#define MARGIN  "18mm"

/* --- PDF ------------------------------------------------------------------------------------- */

/* Adds an element with attributes: pairs of name and value, then NULL. */
static NskXmlNode *add(NskXmlNode *parent, const char *name, ...) G_GNUC_NULL_TERMINATED;

static NskXmlNode *
add(NskXmlNode *parent, const char *name, ...)
{
    NskXmlNode *node = nsk_xml_add(parent, NULL, name);
    const char *attr;
    va_list pairs;

    va_start(pairs, name);
    while ((attr = va_arg(pairs, const char *)) != NULL)
        nsk_xml_set_attr(node, attr, va_arg(pairs, const char *));
    va_end(pairs);
    return node;
}

static const char *
or_dash(const char *text)
{
    return text != NULL && text[0] != '\0' ? text : "–";
}

static void
add_masters(NskXmlNode *root, bool landscape)
{
    NskXmlNode *set = add(root, "layout-master-set", NULL);
    NskXmlNode *page = add(set, "simple-page-master", "master-name", "sheet", "page-width",
                           landscape ? "297mm" : "210mm", "page-height",
                           landscape ? "210mm" : "297mm", "margin-left", MARGIN, "margin-right",
                           MARGIN, "margin-top", "15mm", "margin-bottom", "8mm", NULL);

    (void)add(page, "region-body", "region-name", "body", "margin-bottom", "10mm", NULL);
    (void)add(page, "region-after", "region-name", "foot", "extent", "6mm", "display-align",
              "after", NULL);
}

static void
add_foot(NskXmlNode *sequence, const NskSheet *sheet)
{
    NskXmlNode *foot = add(sequence, "static-content", "flow-name", "foot", NULL);
    NskXmlNode *line = add(foot, "block", "font-size", "8pt", "text-align", "end", NULL);

    nsk_xml_add_text(line, sheet->title);
    nsk_xml_add_text(line, " – ");
    (void)add(line, "page-number", NULL);
}

static void
add_columns(NskXmlNode *table, const NskSheet *sheet)
{
    for (size_t i = 0; i < sheet->n_columns; i++) {
        g_autofree char *width =
            g_strdup_printf("proportional-column-width(%u)", MAX(sheet->columns[i].weight, 1));

        (void)add(table, "table-column", "column-width", width, NULL);
    }
}

static void
add_cell(NskXmlNode *row, const char *text, bool end, bool head)
{
    NskXmlNode *cell = add(row, "table-cell", "border", BORDER, "padding", PADDING, NULL);
    NskXmlNode *block = add(cell, "block", "text-align", end ? "end" : "start", "font-weight",
                            head ? "bold" : "normal", NULL);

    nsk_xml_add_text(block, text);
}

static void
add_table(NskXmlNode *flow, const NskSheet *sheet)
{
    NskXmlNode *table = add(flow, "table", "table-layout", "fixed", "width", "100%",
                            "border-collapse", "collapse", "space-before", "4mm", NULL);

    add_columns(table, sheet);
    NskXmlNode *head = add(add(table, "table-header", NULL), "table-row", NULL);
    for (size_t i = 0; i < sheet->n_columns; i++)
        add_cell(head, sheet->columns[i].title, sheet->columns[i].end, true);
    NskXmlNode *body = add(table, "table-body", NULL);
    for (guint n = 0; n < sheet->rows->len; n++) {
        const char *const *texts = g_ptr_array_index(sheet->rows, n);
        NskXmlNode *row = add(body, "table-row", "keep-together.within-page", "always", NULL);

        for (size_t i = 0; i < sheet->n_columns; i++)
            add_cell(row, texts[i], sheet->columns[i].end, false);
    }
}

static void
add_facts(NskXmlNode *flow, const NskSheet *sheet)
{
    NskXmlNode *table = add(flow, "table", "table-layout", "fixed", "width", "100%", "role", "Div",
                            "space-before", "3mm", NULL);

    (void)add(table, "table-column", "column-width", "45mm", NULL);
    (void)add(table, "table-column", "column-width", "4mm", NULL);
    (void)add(table, "table-column", "column-width", "proportional-column-width(1)", NULL);
    NskXmlNode *body = add(table, "table-body", "role", "Div", NULL);
    for (size_t i = 0; i < sheet->n_facts; i++) {
        const char *texts[] = { sheet->facts[i].label, ":", or_dash(sheet->facts[i].value) };
        NskXmlNode *row = add(body, "table-row", "role", "Div", NULL);

        for (size_t column = 0; column < G_N_ELEMENTS(texts); column++)
            nsk_xml_add_text(add(add(row, "table-cell", "role", "Div", NULL), "block", "text-align",
                                 "start", NULL),
                             texts[column]);
    }
}

static void
add_flow(NskXmlNode *sequence, const NskSheet *sheet)
{
    NskXmlNode *flow = add(sequence, "flow", "flow-name", "body", NULL);

    nsk_xml_add_text(add(flow, "block", "role", "H1", "font-size", "14pt", "font-weight", "bold",
                         "keep-with-next.within-page", "always", NULL),
                     sheet->title);
    if (sheet->subtitle != NULL)
        nsk_xml_add_text(add(flow, "block", "font-size", "10pt", "space-before", "1mm", NULL),
                         sheet->subtitle);
    if (sheet->n_facts > 0)
        add_facts(flow, sheet);
    if (sheet->n_columns > 0 && sheet->rows != NULL && sheet->rows->len > 0)
        add_table(flow, sheet);
    else if (sheet->n_columns > 0)
        nsk_xml_add_text(add(flow, "block", "space-before", "4mm", NULL),
                         nsk_tr("There is nothing to show."));
    if (sheet->note != NULL)
        nsk_xml_add_text(add(flow, "block", "space-before", "4mm", NULL), sheet->note);
}

bool
nsk_sheet_to_pdf(NskOffice *self, const NskSheet *sheet, GBytes **out_pdf, GError **error)
{
    NskRenderer *renderer = nsk_office_get_renderer(self, error);
    g_autoptr(NskXmlDoc) doc = nsk_xml_doc_new(FO_NS, "root");
    NskXmlNode *root = nsk_xml_doc_get_root(doc);

    if (renderer == NULL)
        return false;
    nsk_xml_set_attr(root, "font-family", "Arial");
    nsk_xml_set_attr(root, "font-size", "9pt");
    nsk_xml_set_attr(root, "line-height", "1.2");
    nsk_xml_set_attr(root, "language", nsk_language());
    add_masters(root, sheet->landscape);
    NskXmlNode *sequence = add(root, "page-sequence", "master-reference", "sheet", NULL);
    add_foot(sequence, sheet);
    add_flow(sequence, sheet);
    g_autoptr(GBytes) fo = nsk_xml_canonical(root, error);
    return fo != NULL && nsk_render_fo(renderer, sheet->title, fo, NULL, out_pdf, error);
}

/* --- CSV ------------------------------------------------------------------------------------- */

static bool
is_number(const char *text)
{
    size_t sign = text[0] == '-' || text[0] == '+' ? 1 : 0;

    return text[sign] != '\0' && strspn(text + sign, "0123456789.,") == strlen(text + sign);
}

static void
append_field(GString *csv, const char *text)
{
    bool formula = text[0] != '\0' && strchr("=+-@\t\r", text[0]) != NULL && !is_number(text);
    bool quoted = strpbrk(text, "\",\r\n") != NULL;

    if (quoted)
        g_string_append_c(csv, '"');
    if (formula)
        g_string_append_c(csv, '\'');
    for (; *text != '\0'; text++) {
        if (*text == '"')
            g_string_append_c(csv, '"');
        g_string_append_c(csv, *text);
    }
    if (quoted)
        g_string_append_c(csv, '"');
}

GBytes *
nsk_sheet_to_csv(const NskSheet *sheet)
{
    GString *csv = g_string_new(NULL);

    for (size_t i = 0; i < sheet->n_columns; i++) {
        g_string_append(csv, i > 0 ? "," : "");
        append_field(csv, sheet->columns[i].title);
    }
    g_string_append(csv, "\r\n");
    for (guint n = 0; sheet->rows != NULL && n < sheet->rows->len; n++) {
        const char *const *texts = g_ptr_array_index(sheet->rows, n);

        for (size_t i = 0; i < sheet->n_columns; i++) {
            g_string_append(csv, i > 0 ? "," : "");
            append_field(csv, texts[i]);
        }
        g_string_append(csv, "\r\n");
    }
    return g_string_free_to_bytes(csv);
}
