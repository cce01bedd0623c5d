/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What WordprocessingML says of looks: indents, spaces and tabs of paragraphs (17.3.1), sizes and
 * fonts of runs (17.3.2), pages of sections (17.6), borders of tables (17.4).
 *
 * Every length is bounded where it is read, so that sums of them stay small.
 */
#include "docx/docx-private.h"

#include <string.h>

#define MOST_LENGTH 31680 /* 22 inches, the largest page that Word makes */
#define MOST_SHEETS 500   /* sections beyond go on like the last */
#define LEAST_TEXT  1440  /* of a page, whatever its margins say */

int
nsk_docx_twips(const char *text, int least, int most, int fallback)
{
    gint64 number;

    if (text == NULL || !g_ascii_string_to_signed(text, 10, G_MININT, G_MAXINT, &number, NULL))
        return fallback;
    return (int)CLAMP(number, least, most);
}

static int
length_of(const NskXmlNode *node, const char *name, int least, int fallback)
{
    return nsk_docx_twips(nsk_docx_attr(node, name), least, MOST_LENGTH, fallback);
}

static void
read_indent(NskDocxLayout *self, const NskXmlNode *node)
{
    int hanging = length_of(node, "hanging", 0, 0);

    self->left = length_of(node, "start", 0, length_of(node, "left", 0, self->left));
    self->right = length_of(node, "end", 0, length_of(node, "right", 0, self->right));
    if (nsk_docx_attr(node, "hanging") != NULL)
        self->first = -MIN(hanging, self->left);
    else
        self->first = length_of(node, "firstLine", 0, self->first);
}

static void
read_spacing(NskDocxLayout *self, const NskXmlNode *node)
{
    const char *rule = nsk_docx_attr(node, "lineRule");

    self->before = length_of(node, "before", 0, self->before);
    self->after = length_of(node, "after", 0, self->after);
    if (nsk_docx_attr(node, "line") == NULL)
        return;
    self->line = CLAMP(length_of(node, "line", 0, 240), 120, 2400);
    self->line_is_set = g_strcmp0(rule, "exact") == 0;
}

static NskDocxAlign
tab_align(const char *value)
{
    if (g_strcmp0(value, "center") == 0)
        return NSK_DOCX_ALIGN_CENTRE;
    return g_strcmp0(value, "right") == 0 || g_strcmp0(value, "end") == 0 ? NSK_DOCX_ALIGN_RIGHT
                                                                          : NSK_DOCX_ALIGN_NONE;
}

static void
drop_tab(NskDocxLayout *self, int at)
{
    for (unsigned i = 0; i < self->n_tabs; i++) {
        if (self->tabs[i].at != at)
            continue;
        memmove(&self->tabs[i], &self->tabs[i + 1], (self->n_tabs - i - 1) * sizeof(self->tabs[0]));
        self->n_tabs--;
        return;
    }
}

static void
read_tab(NskDocxLayout *self, const NskXmlNode *node)
{
    const char *value = nsk_docx_attr(node, "val");
    int at = length_of(node, "pos", 0, 0);
    unsigned i = self->n_tabs;

    drop_tab(self, at);
    if (g_strcmp0(value, "clear") == 0 || g_strcmp0(value, "bar") == 0 || at == 0 ||
        self->n_tabs == NSK_DOCX_MOST_TABS)
        return;
    for (i = self->n_tabs++; i > 0 && self->tabs[i - 1].at > at; i--)
        self->tabs[i] = self->tabs[i - 1];
    self->tabs[i] = (NskDocxTab){ at, tab_align(value) };
}

static void
read_switch(const NskXmlNode *node, const char *name, bool *out)
{
    if (strcmp(nsk_xml_name(node), name) == 0)
        *out = nsk_docx_is_on(node);
}

void
nsk_docx_layout_apply(NskDocxLayout *self, const NskXmlNode *properties)
{
    const NskXmlNode *node = properties != NULL ? nsk_xml_first(properties) : NULL;

    for (; node != NULL; node = nsk_xml_next(node)) {
        const char *name = nsk_xml_name(node);

        read_switch(node, "pageBreakBefore", &self->on_new_page);
        read_switch(node, "keepNext", &self->keep_next);
        read_switch(node, "keepLines", &self->keep_lines);
        read_switch(node, "contextualSpacing", &self->contextual);
        if (strcmp(name, "ind") == 0)
            read_indent(self, node);
        else if (strcmp(name, "spacing") == 0)
            read_spacing(self, node);
        else if (strcmp(name, "jc") == 0)
            self->justified = g_strcmp0(nsk_docx_attr(node, "val"), "both") == 0;
        else if (strcmp(name, "tabs") == 0) {
            for (const NskXmlNode *tab = nsk_xml_first(node); tab != NULL; tab = nsk_xml_next(tab))
                read_tab(self, tab);
        }
    }
}

static NskDocxFamily
family_of(const char *name)
{
    static const struct {
        const char *part;
        NskDocxFamily family;
    } known[] = {
        { "bookman", NSK_DOCX_FAMILY_BOOKMAN },  { "courier", NSK_DOCX_FAMILY_MONO },
        { "consolas", NSK_DOCX_FAMILY_MONO },    { "mono", NSK_DOCX_FAMILY_MONO },
        { "times", NSK_DOCX_FAMILY_SERIF },      { "serif", NSK_DOCX_FAMILY_SERIF },
        { "cambria", NSK_DOCX_FAMILY_SERIF },    { "georgia", NSK_DOCX_FAMILY_SERIF },
        { "garamond", NSK_DOCX_FAMILY_SERIF },   { "palatino", NSK_DOCX_FAMILY_SERIF },
        { "antiqua", NSK_DOCX_FAMILY_SERIF },    { "roman", NSK_DOCX_FAMILY_SERIF },
        { "schoolbook", NSK_DOCX_FAMILY_SERIF },
    };
    g_autofree char *lower = g_ascii_strdown(name, -1);

    if (strstr(lower, "sans") != NULL && strstr(lower, "mono") == NULL)
        return NSK_DOCX_FAMILY_SANS;
    for (size_t i = 0; i < G_N_ELEMENTS(known); i++) {
        if (strstr(lower, known[i].part) != NULL)
            return known[i].family;
    }
    return NSK_DOCX_FAMILY_SANS;
}

unsigned
nsk_docx_look_apply(const NskXmlNode *properties, unsigned marks)
{
    const NskXmlNode *size = properties != NULL ? nsk_xml_child(properties, "sz") : NULL;
    const NskXmlNode *fonts = properties != NULL ? nsk_xml_child(properties, "rFonts") : NULL;
    const char *name = fonts != NULL ? nsk_docx_attr(fonts, "ascii") : NULL;
    NskDocxFamily family = NSK_DOCX_FAMILY_NONE;

    if (size != NULL) {
        unsigned half = nsk_docx_number(nsk_docx_attr(size, "val"), 3276, 0);

        if (half > 0)
            marks = (marks & ((1u << NSK_DOCX_SIZE_SHIFT) - 1)) | CLAMP(half, 2u, 400u)
                                                                      << NSK_DOCX_SIZE_SHIFT;
    }
    /* fonts of the theme are not read: those that Word comes with have no serifs */
    if (fonts != NULL && nsk_docx_attr(fonts, "asciiTheme") != NULL)
        family = NSK_DOCX_FAMILY_SANS;
    else if (name != NULL)
        family = family_of(name);
    if (family != NSK_DOCX_FAMILY_NONE)
        marks = (marks & ~NSK_DOCX_FAMILY_MASK) | (unsigned)family << NSK_DOCX_FAMILY_SHIFT;
    return marks;
}

int
nsk_docx_borders(const NskXmlNode *properties, const char *name)
{
    const NskXmlNode *borders = properties != NULL ? nsk_xml_child(properties, name) : NULL;
    const NskXmlNode *node = borders != NULL ? nsk_xml_first(borders) : NULL;

    for (; node != NULL; node = nsk_xml_next(node)) {
        const char *value = nsk_docx_attr(node, "val");

        if (value != NULL && strcmp(value, "none") != 0 && strcmp(value, "nil") != 0)
            return 1;
    }
    return borders != NULL ? 0 : -1;
}

/* --- Sections --- */

/* A margin and the one across from it leave room for text. */
static void
bound_margins(int whole, int *one, int *other)
{
    int room = whole - LEAST_TEXT;

    *one = MIN(*one, room);
    *other = MIN(*other, room - *one);
}

static void
read_edge(const NskXmlNode *node, const char *element, char *edges[2])
{
    static const char relations[] =
        "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
    static const char strict[] = "http://purl.oclc.org/ooxml/officeDocument/relationships";
    const char *type = nsk_docx_attr(node, "type");
    const char *id = nsk_xml_attr_ns(node, relations, "id");
    size_t which = g_strcmp0(type, "first") == 0 ? 1 : 0;

    if (id == NULL)
        id = nsk_xml_attr_ns(node, strict, "id");
    if (strcmp(nsk_xml_name(node), element) != 0 || id == NULL || g_strcmp0(type, "even") == 0)
        return;
    g_free(edges[which]);
    edges[which] = g_strdup(id);
}

static void
read_sheet(NskDocxSheet *self, const NskXmlNode *node)
{
    const char *name = nsk_xml_name(node);

    read_edge(node, "headerReference", self->headers);
    read_edge(node, "footerReference", self->footers);
    if (strcmp(name, "pgSz") == 0) {
        self->width = length_of(node, "w", 2 * LEAST_TEXT, self->width);
        self->height = length_of(node, "h", 2 * LEAST_TEXT, self->height);
    } else if (strcmp(name, "pgMar") == 0) {
        /* less than 0: the head may lie in the text, which we do not do */
        self->top = ABS(length_of(node, "top", -MOST_LENGTH, self->top));
        self->bottom = ABS(length_of(node, "bottom", -MOST_LENGTH, self->bottom));
        self->left = length_of(node, "left", 0, self->left);
        self->right = length_of(node, "right", 0, self->right);
        self->header = length_of(node, "header", 0, self->header);
        self->footer = length_of(node, "footer", 0, self->footer);
    } else if (strcmp(name, "titlePg") == 0) {
        self->first_differs = nsk_docx_is_on(node);
    } else if (strcmp(name, "type") == 0) {
        self->continues = g_strcmp0(nsk_docx_attr(node, "val"), "continuous") == 0;
    } else if (strcmp(name, "pgNumType") == 0) {
        self->start = nsk_docx_number(nsk_docx_attr(node, "start"), 9999, 0);
    }
}

bool
nsk_docx_add_sheet(NskDocx *self, const NskXmlNode *properties)
{
    NskDocxSheet sheet = { .width = 11906,
                           .height = 16838,
                           .top = 1440,
                           .right = 1440,
                           .bottom = 1440,
                           .left = 1440,
                           .header = 708,
                           .footer = 708 };
    const NskXmlNode *node = properties != NULL ? nsk_xml_first(properties) : NULL;

    if (self->sheets->len >= MOST_SHEETS)
        return false;
    if (self->sheets->len > 0) { /* heads and feet go on */
        const NskDocxSheet *last =
            &g_array_index(self->sheets, NskDocxSheet, self->sheets->len - 1);

        for (size_t i = 0; i < G_N_ELEMENTS(sheet.headers); i++) {
            sheet.headers[i] = g_strdup(last->headers[i]);
            sheet.footers[i] = g_strdup(last->footers[i]);
        }
    }
    for (; node != NULL; node = nsk_xml_next(node))
        read_sheet(&sheet, node);
    bound_margins(sheet.width, &sheet.left, &sheet.right);
    bound_margins(sheet.height, &sheet.top, &sheet.bottom);
    g_array_append_val(self->sheets, sheet);
    return true;
}
