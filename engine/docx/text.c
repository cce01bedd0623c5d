/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The text of a paragraph: what stands in runs, whatever lies around the runs.
 *
 * 1. Text is what Word prints with all changes accepted: no <w:del>, no hidden text, of a field its
 *    result and not its code.
 * 2. Of two forms of one thing (mc:AlternateContent) the first is read.
 * 3. Whatever holds runs and is not known is looked through.
 */
#include "base/message.h"
#include "docx/docx-private.h"

#include <string.h>

#define MAX_FIELDS 64

/* Unless the last run has the same marks. */
static void
add_run(GArray *runs, guint at, unsigned marks)
{
    const NskDocxRun run = { at, marks };

    if (runs->len == 0 || g_array_index(runs, NskDocxRun, runs->len - 1).marks != marks)
        g_array_append_val(runs, run);
}

static void
append(NskDocxWriter *self, const char *text, unsigned marks)
{
    NskDocxParagraph *paragraph = self->paragraph;
    guint at = (guint)paragraph->text->len;
    g_autofree char *upper = (marks & NSK_DOCX_CAPS) != 0 ? g_utf8_strup(text, -1) : NULL;

    if (strpbrk(self->fields->str, "cpnPN") != NULL || *text == '\0')
        return;
    add_run(paragraph->runs, at, marks & NSK_DOCX_KEPT);
    add_run(paragraph->looks, at, marks & ~(unsigned)NSK_DOCX_CAPS);
    g_string_append(paragraph->text, upper != NULL ? upper : text);
}

/* Signs of fonts that have no letters; what others mean nobody can know. */
static const char *
symbol_of(const char *code)
{
    static const struct {
        unsigned code;
        const char *sign;
    } known[] = {
        { 0x6f, "☐" }, { 0x71, "❑" }, { 0x76, "❖" }, { 0xa7, "▪" }, { 0xa8, "☐" }, { 0xb7, "•" },
        { 0xd8, "➢" }, { 0xe0, "→" }, { 0xfb, "✗" }, { 0xfc, "✓" }, { 0xfd, "☒" }, { 0xfe, "☑" },
    };
    guint64 number = 0;

    if (code == NULL || !g_ascii_string_to_unsigned(code, 16, 0, 0xffff, &number, NULL))
        return NULL;
    for (size_t i = 0; i < G_N_ELEMENTS(known); i++) {
        if ((number & 0xff) == known[i].code && (number < 0x100 || number >= 0xf000))
            return known[i].sign;
    }
    return NULL;
}

static void
append_symbol(NskDocxWriter *self, const NskXmlNode *node, unsigned marks)
{
    const char *sign = symbol_of(nsk_docx_attr(node, "char"));

    if (sign != NULL) {
        append(self, sign, marks);
        return;
    }
    append(self, "\xef\xbf\xbd", marks);
    nsk_docx_lose(self->reader->docx, &self->paragraph->place,
                  nsk_tr("a sign of the font '%s' has no letter; U+FFFD stands for it"),
                  nsk_docx_attr(node, "font") != NULL ? nsk_docx_attr(node, "font") : "?");
}

/* A field of page numbers in a header or footer says another number on each page: 'p' while its
 * code is read, 'P' over the number that some page had; 'n' and 'N' of the count of pages. */
static void
note_field(NskDocxWriter *self, const char *code)
{
    GString *fields = self->fields;
    char *open = fields->len > 0 ? &fields->str[fields->len - 1] : NULL;
    NskDocxStoryKind story = self->paragraph->place.story;

    code += strspn(code, " \t");
    if (open == NULL || *open != 'c' || (story != NSK_DOCX_HEADER && story != NSK_DOCX_FOOTER))
        return;
    if (g_str_has_prefix(code, "PAGE") && !g_ascii_isalpha(code[4]))
        *open = 'p';
    else if (g_str_has_prefix(code, "NUMPAGES") || g_str_has_prefix(code, "SECTIONPAGES"))
        *open = 'n';
}

/* Says what the field says, instead of what was kept of it; fields in fields say nothing. */
static void
say_field(NskDocxWriter *self, char *open, unsigned marks)
{
    bool is_page = *open == 'p';

    if (*open != 'p' && *open != 'n')
        return;
    *open = 'r';
    append(self, is_page ? NSK_DOCX_PAGE_NUMBER : NSK_DOCX_PAGE_COUNT, marks);
    *open = is_page ? 'P' : 'N';
}

static void
follow_field(NskDocxWriter *self, const NskXmlNode *node, unsigned marks)
{
    const char *type = nsk_docx_attr(node, "fldCharType");
    GString *fields = self->fields;
    char *open = fields->len > 0 ? &fields->str[fields->len - 1] : NULL;

    if (g_strcmp0(type, "begin") == 0 && fields->len < MAX_FIELDS) {
        g_string_append_c(fields, 'c');
    } else if (g_strcmp0(type, "separate") == 0 && open != NULL) {
        say_field(self, open, marks);
        *open = *open == 'c' ? 'r' : *open;
    } else if (g_strcmp0(type, "end") == 0 && open != NULL) {
        say_field(self, open, marks);
        g_string_truncate(fields, fields->len - 1);
    }
}

/* A field in one element. */
static void
read_simple_field(NskDocxWriter *self, const NskXmlNode *node)
{
    const char *code = nsk_docx_attr(node, "instr");

    g_string_append_c(self->fields, 'c');
    note_field(self, code != NULL ? code : "");
    char *open = &self->fields->str[self->fields->len - 1];
    say_field(self, open, self->marks);
    *open = *open == 'c' ? 'r' : *open;
    for (const NskXmlNode *child = nsk_xml_first(node); child != NULL; child = nsk_xml_next(child))
        nsk_docx_read_inline(self, child);
    g_string_truncate(self->fields, self->fields->len - 1);
}

/* Pictures, drawings, embedded objects: text boxes in them are stories. */
static bool
read_boxes(NskDocxWriter *self, const NskXmlNode *node)
{
    bool found = false;

    for (const NskXmlNode *child = nsk_xml_first(node); child != NULL;
         child = nsk_xml_next(child)) {
        if (strcmp(nsk_xml_name(child), "txbxContent") == 0) {
            (void)nsk_docx_read_story(self->reader, child, NSK_DOCX_BOX, ++self->reader->boxes);
            found = true;
        } else if (strcmp(nsk_xml_name(child), "Fallback") != 0) {
            found = read_boxes(self, child) || found;
        }
    }
    return found;
}

static void
read_drawing(NskDocxWriter *self, const NskXmlNode *node)
{
    const NskDocxPlace *place = &self->paragraph->place;

    if (read_boxes(self, node))
        nsk_docx_lose(self->reader->docx, place,
                      nsk_tr("a text box hangs here; write its text into the letter"));
    else
        nsk_docx_lose(self->reader->docx, place, nsk_tr("a picture or drawing is left out"));
}

/* A page that ends within a paragraph ends before its text, or behind it. */
static void
break_page(NskDocxWriter *self)
{
    if (self->paragraph->text->len == 0)
        self->paragraph->layout.on_new_page = true;
    else
        self->paragraph->layout.ends_page = true;
    nsk_docx_lose_in_letter(self->reader->docx, &self->paragraph->place,
                            nsk_tr("a page break is left out; the program breaks pages by itself"));
}

/* Elements that stand for a sign, or for something that a letter does not have. */
static bool
read_sign(NskDocxWriter *self, const NskXmlNode *node, unsigned marks)
{
    static const struct {
        const char *element;
        const char *sign;
    } signs[] = {
        { "tab", "\t" },
        { "ptab", "\t" },
        { "cr", "\n" },
        { "noBreakHyphen", "\xe2\x80\x91" },
    };
    const char *name = nsk_xml_name(node);

    for (size_t i = 0; i < G_N_ELEMENTS(signs); i++) {
        if (strcmp(name, signs[i].element) == 0) {
            append(self, signs[i].sign, marks);
            return true;
        }
    }
    if (strcmp(name, "br") != 0)
        return false;
    const char *type = nsk_docx_attr(node, "type");
    if (type == NULL || strcmp(type, "textWrapping") == 0)
        append(self, "\n", marks);
    else
        break_page(self);
    return true;
}

static void
read_run_child(NskDocxWriter *self, const NskXmlNode *node, unsigned marks)
{
    static const char *const drawings[] = { "drawing", "pict", "object", NULL };
    const char *name = nsk_xml_name(node);

    if (strcmp(name, "t") == 0) {
        g_autofree char *text = nsk_xml_text(node);

        append(self, text, marks);
    } else if (strcmp(name, "sym") == 0) {
        append_symbol(self, node, marks);
    } else if (strcmp(name, "fldChar") == 0) {
        follow_field(self, node, marks);
    } else if (strcmp(name, "instrText") == 0) {
        g_autofree char *code = nsk_xml_text(node);

        note_field(self, code);
    } else if (g_strv_contains(drawings, name)) {
        read_drawing(self, node);
    } else if (strcmp(name, "footnoteReference") == 0 || strcmp(name, "endnoteReference") == 0) {
        nsk_docx_lose(self->reader->docx, &self->paragraph->place,
                      nsk_tr("a footnote hangs here; write its text into the letter"));
    } else if (strcmp(name, "AlternateContent") == 0) {
        const NskXmlNode *choice = nsk_xml_first(node);
        const NskXmlNode *first = choice != NULL ? nsk_xml_first(choice) : NULL;

        for (; first != NULL; first = nsk_xml_next(first))
            read_run_child(self, first, marks);
    } else {
        (void)read_sign(self, node, marks);
    }
}

static void
read_run(NskDocxWriter *self, const NskXmlNode *run)
{
    unsigned marks =
        nsk_docx_styles_run(self->reader->styles, nsk_xml_child(run, "rPr"), self->marks);

    if ((marks & NSK_DOCX_HIDDEN) != 0) {
        nsk_docx_lose(self->reader->docx, &self->paragraph->place,
                      nsk_tr("hidden text is left out"));
        return;
    }
    if ((marks & NSK_DOCX_STRUCK) != 0)
        nsk_docx_lose_in_letter(self->reader->docx, &self->paragraph->place,
                                nsk_tr("text that is struck through is kept, without its line"));
    for (const NskXmlNode *node = nsk_xml_first(run); node != NULL; node = nsk_xml_next(node))
        read_run_child(self, node, marks);
}

static void
read_formula(NskDocxWriter *self, const NskXmlNode *node)
{
    g_autofree char *text = nsk_xml_text_folded(node);

    append(self, text, self->marks);
    nsk_docx_lose(self->reader->docx, &self->paragraph->place,
                  nsk_tr("a formula is kept as '%s'; look whether it still says what it said"),
                  text);
}

static void
note_change(NskDocxWriter *self, unsigned *count)
{
    NskDocxReader *reader = self->reader;

    if (reader->insertions + reader->deletions == 0)
        reader->first_change = self->paragraph->place;
    (*count)++;
}

void
nsk_docx_read_inline(NskDocxWriter *self, const NskXmlNode *node)
{
    static const char *const passed_over[] = { "pPr",        "rPr",         "sdtPr", "sdtEndPr",
                                               "smartTagPr", "customXmlPr", "rt",    NULL };
    const char *name = nsk_xml_name(node);

    if (strcmp(name, "r") == 0) {
        read_run(self, node);
        return;
    }
    if (strcmp(name, "del") == 0 || strcmp(name, "moveFrom") == 0) {
        note_change(self, &self->reader->deletions);
        return;
    }
    if (strcmp(name, "oMath") == 0) {
        read_formula(self, node);
        return;
    }
    if (strcmp(name, "fldSimple") == 0) {
        read_simple_field(self, node);
        return;
    }
    if (g_strv_contains(passed_over, name))
        return;
    if (strcmp(name, "ins") == 0 || strcmp(name, "moveTo") == 0)
        note_change(self, &self->reader->insertions);
    if (strcmp(name, "AlternateContent") == 0) {
        const NskXmlNode *choice = nsk_xml_first(node);

        if (choice != NULL)
            nsk_docx_read_inline(self, choice);
        return;
    }
    for (const NskXmlNode *child = nsk_xml_first(node); child != NULL; child = nsk_xml_next(child))
        nsk_docx_read_inline(self, child);
}
