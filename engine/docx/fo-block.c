/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Paragraphs as formatting objects.
 *
 * 1. Space between paragraphs is what is below the upper and what is above the lower, as Word adds
 *    them.
 * 2. XSL-FO has no tabs: what they part stands in the columns of a table, which begin where the
 *    tabs would.  How far a text reaches is guessed by the widths of common letters; the labels of
 *    lists are parted from their items in the same way.
 * 3. A paragraph that says nothing is a blank line: it makes room for signatures.
 */
#include "docx/docx-private.h"

#include <string.h>

#define TAB_EVERY   720
#define MOST_PIECES 16
#define LEAST_WIDTH 720 /* of the last column */
#define LEAST_GAP   40  /* twips between a text and the next */

typedef struct {
    int after;
    unsigned style;
    bool contextual;
    bool breaks;
} Above; /* of the block before */

void
nsk_docx_set_length(NskXmlNode *node, const char *name, int twips)
{
    char text[G_ASCII_DTOSTR_BUF_SIZE + 3];

    g_ascii_formatd(text, G_ASCII_DTOSTR_BUF_SIZE, "%.2f", twips / 20.0);
    strncat(text, "pt", 3);
    nsk_xml_set_attr(node, name, text);
}

static int
size_of(unsigned look) /* twips */
{
    return (int)(look >> NSK_DOCX_SIZE_SHIFT) * 10;
}

static const char *
family_name(unsigned look)
{
    static const char *const names[] = {
        [NSK_DOCX_FAMILY_NONE] = "Times New Roman",
        [NSK_DOCX_FAMILY_SERIF] = "Times New Roman",
        [NSK_DOCX_FAMILY_SANS] = "Arial",
        [NSK_DOCX_FAMILY_MONO] = "Courier New",
        [NSK_DOCX_FAMILY_BOOKMAN] = "Bookman Old Style",
    };

    return names[(look & NSK_DOCX_FAMILY_MASK) >> NSK_DOCX_FAMILY_SHIFT];
}

/* --- Runs --- */

static void
add_number(NskXmlNode *node, bool count)
{
    NskXmlNode *number = nsk_xml_add(node, NULL, count ? "page-number-citation" : "page-number");

    if (count)
        nsk_xml_set_attr(number, "ref-id", "end");
}

/* Text, with numbers of pages in it. */
static void
add_text(NskXmlNode *node, const char *text, gsize size)
{
    g_autofree char *whole = g_strndup(text, size);
    char *rest = whole;

    for (char *at = strstr(rest, "\xee\x80"); at != NULL; at = strstr(at, "\xee\x80")) {
        bool count = strncmp(at, NSK_DOCX_PAGE_COUNT, 3) == 0;

        if (!count && strncmp(at, NSK_DOCX_PAGE_NUMBER, 3) != 0) {
            at += 3;
            continue;
        }
        *at = '\0';
        nsk_xml_add_text(node, rest);
        add_number(node, count);
        rest = at += 3;
    }
    nsk_xml_add_text(node, rest);
}

/* @node, or an inline in it of what @look has beyond @base. */
static NskXmlNode *
begin_inline(NskXmlNode *node, unsigned look, unsigned base)
{
    const unsigned lines = NSK_DOCX_UNDERLINE | NSK_DOCX_STRUCK;
    const unsigned level = NSK_DOCX_SUB | NSK_DOCX_SUP;
    unsigned changed = look ^ base;

    if ((changed | (look & (lines | level))) == 0)
        return node;
    node = nsk_xml_add(node, NULL, "inline");
    if ((changed & NSK_DOCX_BOLD) != 0)
        nsk_xml_set_attr(node, "font-weight", (look & NSK_DOCX_BOLD) != 0 ? "bold" : "normal");
    if ((changed & NSK_DOCX_ITALIC) != 0)
        nsk_xml_set_attr(node, "font-style", (look & NSK_DOCX_ITALIC) != 0 ? "italic" : "normal");
    if ((look & lines) == lines)
        nsk_xml_set_attr(node, "text-decoration", "underline line-through");
    else if ((look & lines) != 0)
        nsk_xml_set_attr(node, "text-decoration",
                         (look & NSK_DOCX_STRUCK) != 0 ? "line-through" : "underline");
    if ((look & level) != 0)
        nsk_xml_set_attr(node, "baseline-shift", (look & NSK_DOCX_SUP) != 0 ? "super" : "sub");
    if ((changed & NSK_DOCX_FAMILY_MASK) != 0)
        nsk_xml_set_attr(node, "font-family", family_name(look));
    if ((look & level) != 0)
        nsk_docx_set_length(node, "font-size", size_of(look) * 2 / 3);
    else if (size_of(look) != size_of(base))
        nsk_docx_set_length(node, "font-size", size_of(look));
    return node;
}

/* The bytes of the paragraph's text, and which look they have. */
typedef struct {
    const NskDocxParagraph *paragraph;
    gsize from, to;
} Range;

static void
each_look(const Range *range,
          void (*call)(const char *text, gsize size, unsigned look, void *data),
          void *data)
{
    const GArray *looks = range->paragraph->looks;

    for (guint i = 0; i < looks->len; i++) {
        const NskDocxRun *run = &g_array_index(looks, NskDocxRun, i);
        gsize end = i + 1 < looks->len ? g_array_index(looks, NskDocxRun, i + 1).at : range->to;
        gsize start = MAX(run->at, range->from);

        end = MIN(end, range->to);
        if (start < end)
            call(range->paragraph->text->str + start, end - start, run->marks, data);
    }
}

typedef struct {
    NskXmlNode *node;
    unsigned base;
} Target;

static void
add_look(const char *text, gsize size, unsigned look, void *data)
{
    const Target *target = data;

    add_text(begin_inline(target->node, look, target->base), text, size);
}

/* --- Widths --- */

/* In thousandths of the font's size. */
static int
letter_width(gunichar c)
{
    if (c < 0x80 && strchr("iIjl.,:;'|!()[] ft/-", (int)c) != NULL)
        return 310;
    if (c < 0x80 && strchr("mwMW", (int)c) != NULL)
        return 830;
    return g_unichar_isupper(c) ? 700 : 510;
}

static void
add_width(const char *text, gsize size, unsigned look, void *data)
{
    gint64 *width = data;
    gint64 whole = 0;

    for (const char *c = text; c < text + size; c += g_utf8_skip[(unsigned char)*c])
        whole += letter_width(g_utf8_get_char(c));
    if ((look & NSK_DOCX_BOLD) != 0)
        whole = whole * 108 / 100;
    *width += whole * size_of(look) / 1000;
}

static int
range_width(const Range *range)
{
    gint64 width = 0;

    each_look(range, add_width, &width);
    return (int)MIN(width, G_MAXINT / 4);
}

static int
label_width(const char *label, unsigned look)
{
    gint64 width = 0;

    add_width(label, strlen(label), look, &width);
    return (int)width;
}

/* --- A block --- */

static const char *
align_name(const NskDocxParagraph *paragraph)
{
    if (paragraph->align == NSK_DOCX_ALIGN_CENTRE)
        return "center";
    if (paragraph->align == NSK_DOCX_ALIGN_RIGHT)
        return "end";
    return paragraph->layout.justified ? "justify" : "start";
}

/* What is above it, and which page it is on. */
static void
set_place(NskXmlNode *node, const NskDocxParagraph *paragraph, const Above *above)
{
    const NskDocxLayout *layout = &paragraph->layout;
    bool close = layout->contextual && above->contextual && layout->style == above->style;
    int space = close ? 0 : layout->before + above->after;

    if (space > 0)
        nsk_docx_set_length(node, "space-before", space);
    if (layout->on_new_page || above->breaks)
        nsk_xml_set_attr(node, "break-before", "page");
    if (layout->keep_next)
        nsk_xml_set_attr(node, "keep-with-next.within-page", "always");
    if (layout->keep_lines)
        nsk_xml_set_attr(node, "keep-together.within-page", "always");
}

/* One line of Word's is as high as its font says, about 1.15 of its size. */
static void
set_font(NskXmlNode *node, const NskDocxParagraph *paragraph, unsigned base)
{
    const NskDocxLayout *layout = &paragraph->layout;
    int line = layout->line > 0 ? layout->line : 240;
    char text[G_ASCII_DTOSTR_BUF_SIZE];

    nsk_docx_set_length(node, "font-size", size_of(base));
    nsk_xml_set_attr(node, "font-family", family_name(base));
    if ((base & NSK_DOCX_BOLD) != 0)
        nsk_xml_set_attr(node, "font-weight", "bold");
    if ((base & NSK_DOCX_ITALIC) != 0)
        nsk_xml_set_attr(node, "font-style", "italic");
    if (layout->line_is_set)
        nsk_docx_set_length(node, "line-height", line);
    else
        nsk_xml_set_attr(node, "line-height",
                         g_ascii_formatd(text, sizeof text, "%.3f", line / 240.0 * 1.15));
}

static unsigned
base_of(const NskDocxParagraph *paragraph)
{
    unsigned look = paragraph->looks->len > 0 ? g_array_index(paragraph->looks, NskDocxRun, 0).marks
                                              : paragraph->look;

    return look & ~(unsigned)(NSK_DOCX_UNDERLINE | NSK_DOCX_STRUCK | NSK_DOCX_SUB | NSK_DOCX_SUP);
}

/* A block with a text, or with a blank: an empty one would have no height. */
static NskXmlNode *
add_block(NskXmlNode *parent, const Range *range, const char *label)
{
    NskXmlNode *block = nsk_xml_add(parent, NULL, "block");
    Target target = { block, base_of(range->paragraph) };

    set_font(block, range->paragraph, target.base);
    if (label != NULL)
        nsk_xml_add_text(block, label);
    each_look(range, add_look, &target);
    if (range->from == range->to && (label == NULL || *label == '\0'))
        nsk_xml_add_text(block, "\xc2\xa0");
    return block;
}

/* --- Pieces between tabs --- */

typedef struct {
    Range range;
    const char *label; /* instead of a text; else NULL */
    int width;         /* of its text, guessed */
    int start, end;    /* of its column */
    NskDocxAlign align;
} Piece;

/* The next tab behind @at; Word has one every half inch behind the last that is set. */
static NskDocxTab
next_tab(const NskDocxLayout *layout, int at)
{
    NskDocxTab next = { G_MAXINT, NSK_DOCX_ALIGN_NONE };

    for (unsigned i = 0; i < layout->n_tabs && next.at == G_MAXINT; i++) {
        if (layout->tabs[i].at >= at)
            next = layout->tabs[i];
    }
    if (layout->left >= at && layout->left < next.at)
        next = (NskDocxTab){ layout->left, NSK_DOCX_ALIGN_NONE };
    if (next.at == G_MAXINT)
        next.at = (at + TAB_EVERY - 1) / TAB_EVERY * TAB_EVERY;
    return next;
}

/* Places the columns; false if they would not fit. */
static bool
place_pieces(const NskDocxLayout *layout, Piece *pieces, size_t n, int width)
{
    int limit = width - layout->right;
    int end = 0;

    pieces[0].start = MAX(layout->left + layout->first, 0);
    for (size_t i = 0;; i++) {
        Piece *piece = &pieces[i];
        Piece *next = piece + 1;

        if (piece->align == NSK_DOCX_ALIGN_NONE)
            end = piece->start + piece->width;
        if (i + 1 == n)
            break;
        NskDocxTab tab = next_tab(layout, end + (piece->width > 0 ? LEAST_GAP : 1));
        int need = next->width * 13 / 10 + LEAST_WIDTH / 2; /* the rest is for the text before */
        int half = MIN(MIN(tab.at - end, limit - tab.at), need / 2);
        next->align = tab.align;
        next->start = tab.align == NSK_DOCX_ALIGN_NONE    ? tab.at
                      : tab.align == NSK_DOCX_ALIGN_RIGHT ? MAX(end, tab.at - need)
                                                          : tab.at - half;
        next->end = tab.align == NSK_DOCX_ALIGN_RIGHT ? tab.at : tab.at + half;
        if (tab.align != NSK_DOCX_ALIGN_NONE)
            end = next->end;
        if (piece->align == NSK_DOCX_ALIGN_NONE)
            piece->end = next->start;
        if (next->start >= limit || (tab.align != NSK_DOCX_ALIGN_NONE && next->end <= next->start))
            return false;
    }
    if (pieces[n - 1].align == NSK_DOCX_ALIGN_NONE)
        pieces[n - 1].end = limit;
    return pieces[n - 1].end <= width && (pieces[n - 1].align != NSK_DOCX_ALIGN_NONE ||
                                          limit - pieces[n - 1].start >= LEAST_WIDTH);
}

/* The pieces of a line; tabs behind the last are nothing. */
static size_t
split_line(const Range *line, const char *label, Piece pieces[MOST_PIECES])
{
    const char *text = line->paragraph->text->str;
    gsize to = line->to;
    gsize from = line->from;
    size_t n = 0;

    while (to > from && text[to - 1] == '\t')
        to--;
    memset(pieces, 0, MOST_PIECES * sizeof *pieces);
    if (label != NULL) {
        pieces[n].range = (Range){ line->paragraph, from, from };
        pieces[n].label = label;
        pieces[n++].width = label_width(label, base_of(line->paragraph));
    }
    for (; n < MOST_PIECES; n++) {
        const char *tab = n + 1 < MOST_PIECES ? memchr(text + from, '\t', to - from) : NULL;
        gsize end = tab != NULL ? (gsize)(tab - text) : to;

        pieces[n].range = (Range){ line->paragraph, from, end };
        pieces[n].width = range_width(&pieces[n].range);
        if (tab == NULL)
            return n + 1;
        from = end + 1;
    }
    return n;
}

static void
add_column(NskXmlNode *table, int width)
{
    nsk_docx_set_length(nsk_xml_add(table, NULL, "table-column"), "column-width", width);
}

static const char *
piece_align(const Piece *piece, bool last)
{
    if (piece->align == NSK_DOCX_ALIGN_CENTRE)
        return "center";
    if (piece->align == NSK_DOCX_ALIGN_RIGHT)
        return "end";
    return last && piece->range.paragraph->layout.justified ? "justify" : "start";
}

/* A table of one row. */
static NskXmlNode *
add_pieces(NskXmlNode *parent, const Piece *pieces, size_t n)
{
    NskXmlNode *table = nsk_xml_add(parent, NULL, "table");
    int at = 0;

    nsk_xml_set_attr(table, "table-layout", "fixed");
    nsk_docx_set_length(table, "width", pieces[n - 1].end);
    for (size_t i = 0; i < n; i++) {
        if (pieces[i].start > at)
            add_column(table, pieces[i].start - at);
        add_column(table, MAX(pieces[i].end - pieces[i].start, 1));
        at = MAX(pieces[i].end, pieces[i].start + 1);
    }
    NskXmlNode *row = nsk_xml_add(nsk_xml_add(table, NULL, "table-body"), NULL, "table-row");
    at = 0;
    for (size_t i = 0; i < n; i++) {
        if (pieces[i].start > at)
            nsk_xml_add(nsk_xml_add(row, NULL, "table-cell"), NULL, "block");
        NskXmlNode *cell = nsk_xml_add(row, NULL, "table-cell");
        NskXmlNode *block = add_block(cell, &pieces[i].range, pieces[i].label);
        nsk_xml_set_attr(block, "text-align", piece_align(&pieces[i], i + 1 == n));
        at = MAX(pieces[i].end, pieces[i].start + 1);
    }
    return table;
}

/* --- Paragraphs --- */

static bool
says_nothing(const Piece *pieces, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        if (pieces[i].label != NULL || pieces[i].range.from < pieces[i].range.to)
            return false;
    }
    return true;
}

static NskXmlNode *
add_plain(NskXmlNode *parent, const Range *line, const char *label)
{
    const NskDocxLayout *layout = &line->paragraph->layout;
    g_autofree char *before =
        label != NULL && *label != '\0' ? g_strconcat(label, " ", NULL) : NULL;
    NskXmlNode *block = add_block(parent, line, before);

    nsk_xml_set_attr(block, "text-align", align_name(line->paragraph));
    if (layout->left > 0)
        nsk_docx_set_length(block, "start-indent", layout->left);
    if (layout->right > 0)
        nsk_docx_set_length(block, "end-indent", layout->right);
    if (layout->first != 0)
        nsk_docx_set_length(block, "text-indent", layout->first);
    return block;
}

/* A line with tabs, or with the label of an item. */
static NskXmlNode *
add_line(NskXmlNode *parent, const Range *line, const char *label, int width)
{
    const NskDocxLayout *layout = &line->paragraph->layout;
    bool tabs =
        memchr(line->paragraph->text->str + line->from, '\t', line->to - line->from) != NULL;
    bool starts = line->paragraph->align == NSK_DOCX_ALIGN_NONE;
    Piece pieces[MOST_PIECES];

    if (!starts || (!tabs && (label == NULL || *label == '\0' || layout->first >= 0)))
        return add_plain(parent, line, label);
    size_t n = split_line(line, label != NULL && *label != '\0' ? label : NULL, pieces);
    if (n < 2 || !place_pieces(layout, pieces, n, width))
        return add_plain(parent, line, label);
    if (says_nothing(pieces, n - 1) && pieces[n - 1].align == NSK_DOCX_ALIGN_NONE) {
        NskXmlNode *block = add_block(parent, &pieces[n - 1].range, NULL);

        nsk_docx_set_length(block, "start-indent", pieces[n - 1].start);
        return block;
    }
    return add_pieces(parent, pieces, n);
}

/* Each line by itself if there are tabs, for they begin anew on each. */
static void
add_paragraph(NskXmlNode *parent, const NskDocxParagraph *paragraph, int width, Above *above)
{
    const char *text = paragraph->text->str;
    bool apart = strchr(text, '\t') != NULL;
    Range line = { paragraph, 0, 0 };
    const char *label = paragraph->label;
    bool first = true;

    do {
        const char *end = apart ? strchr(text + line.from, '\n') : NULL;

        line.to = end != NULL ? (gsize)(end - text) : paragraph->text->len;
        NskXmlNode *node = add_line(parent, &line, label, width);
        if (first)
            set_place(node, paragraph, above);
        first = false;
        label = NULL;
        line.from = line.to + 1;
    } while (line.to < paragraph->text->len);
    *above = (Above){ paragraph->layout.after, paragraph->layout.style,
                      paragraph->layout.contextual, paragraph->layout.ends_page };
}

void
nsk_docx_add_flow(NskDocxPager *self, NskXmlNode *parent, const GPtrArray *blocks, int width)
{
    Above above = { 0 };

    for (guint i = 0; i < blocks->len; i++) {
        const NskDocxBlock *block = g_ptr_array_index(blocks, i);

        if (block->paragraph != NULL) {
            add_paragraph(parent, block->paragraph, width, &above);
            continue;
        }
        nsk_docx_add_fo_table(self, parent, block->table, width, above.after);
        above = (Above){ .breaks = false };
    }
    if (nsk_xml_first(parent) == NULL)
        nsk_xml_add(parent, NULL, "block");
}

int
nsk_docx_flow_height(const GPtrArray *blocks)
{
    int height = 0;

    for (guint i = 0; i < blocks->len && height < 20000; i++) {
        const NskDocxBlock *block = g_ptr_array_index(blocks, i);
        const NskDocxLayout *layout = block->paragraph != NULL ? &block->paragraph->layout : NULL;

        if (layout == NULL)
            height += 400 * (int)MIN(block->table->rows->len, 50);
        else
            height += layout->before + layout->after +
                      size_of(base_of(block->paragraph)) * MAX(layout->line, 240) / 240 * 115 / 100;
    }
    return height;
}
