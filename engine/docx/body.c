/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The body of a draft: paragraphs, lists, lines of label and content, parts with a heading.
 *
 * 1. Of the headings that a document has, the two highest levels become sections; a lower one is a
 *    paragraph in bold.  What is in a table or a list is never a heading.
 * 2. A list goes on as long as its numbers do; one that Word counts on begins with "start".
 * 3. Lines "LABEL<tab>: TEXT" become rows; those with a blank in place of the tab only if another
 *    such line stands beside them.
 */
#include "base/limits.h"
#include "base/message.h"
#include "docx/docx-private.h"

#include <string.h>

#define MAX_NEST  4    /* lists in each other that a letter may have */
#define MAX_LINE  1000 /* bytes of a text that must be on one line */
#define MAX_LABEL 60

static bool
is_hidden_sign(gunichar c)
{
    return (c >= 0x7f && c <= 0x9f) || c == 0xad || (c >= 0x200b && c <= 0x200f) ||
           (c >= 0x2028 && c <= 0x202e) || (c >= 0x2060 && c <= 0x2069) || c == 0xfeff ||
           (c >= 0xe0000 && c <= 0xe007f);
}

/* Appends what of @text can be seen, with blanks for tabs. */
static void
append_seen(GString *out, const char *text, gsize size)
{
    for (const char *c = text; c < text + size; c += g_utf8_skip[(unsigned char)*c]) {
        gunichar sign = g_utf8_get_char(c);

        if (sign == '\t' || sign == '\n' || sign == '\r')
            g_string_append_c(out, ' ');
        else if (!is_hidden_sign(sign))
            g_string_append_unichar(out, sign);
    }
}

char *
nsk_docx_clean(const char *text, gssize size)
{
    g_autoptr(GString) seen = g_string_new(NULL);
    GString *folded = g_string_new(NULL);

    append_seen(seen, text, size < 0 ? strlen(text) : (gsize)size);
    for (const char *c = seen->str; *c != '\0' && folded->len < MAX_LINE;
         c += g_utf8_skip[(unsigned char)*c]) {
        if (*c != ' ')
            g_string_append_unichar(folded, g_utf8_get_char(c));
        else if (folded->len > 0 && folded->str[folded->len - 1] != ' ')
            g_string_append_c(folded, ' ');
    }
    g_strchomp(folded->str);
    return g_string_free(folded, FALSE);
}

bool
nsk_docx_is_blank(const NskDocxParagraph *paragraph)
{
    const char *text = paragraph->text->str;
    g_autofree char *clean = NULL;

    if (text[strspn(text, " \t\n\xc2\xa0")] == '\0')
        return true;
    clean = nsk_docx_clean(text, -1);
    return *clean == '\0';
}

static void
add_marked(NskXmlNode *node, const char *text, unsigned marks)
{
    static const struct {
        unsigned mark;
        const char *element;
    } known[] = {
        { NSK_DOCX_BOLD, "b" },  { NSK_DOCX_ITALIC, "i" }, { NSK_DOCX_UNDERLINE, "u" },
        { NSK_DOCX_SUB, "sub" }, { NSK_DOCX_SUP, "sup" },
    };

    for (size_t i = 0; i < G_N_ELEMENTS(known); i++) {
        if ((marks & known[i].mark) != 0)
            node = nsk_xml_add(node, NULL, known[i].element);
    }
    nsk_xml_add_text(node, text);
}

/* A stretch of one look; its line breaks stand outside of the marks. */
static void
add_stretch(NskXmlNode *node, const char *text, gsize size, unsigned marks)
{
    while (size > 0) {
        const char *end = memchr(text, '\n', size);
        gsize n = end != NULL ? (gsize)(end - text) : size;
        g_autoptr(GString) seen = g_string_new(NULL);

        append_seen(seen, text, n);
        if (seen->len > 0)
            add_marked(node, seen->str, marks);
        if (end != NULL)
            nsk_xml_add(node, NULL, "br");
        text += end != NULL ? n + 1 : n;
        size -= end != NULL ? n + 1 : n;
    }
}

void
nsk_docx_add_inline(NskXmlNode *node, const NskDocxParagraph *paragraph, gsize from)
{
    gsize whole = paragraph->text->len;

    while (whole > from && strchr(" \t\n", paragraph->text->str[whole - 1]) != NULL)
        whole--;
    from += strspn(paragraph->text->str + from, " \t\n");
    for (guint i = 0; i < paragraph->runs->len; i++) {
        const NskDocxRun *run = &g_array_index(paragraph->runs, NskDocxRun, i);
        gsize end = i + 1 < paragraph->runs->len
                        ? g_array_index(paragraph->runs, NskDocxRun, i + 1).at
                        : whole;
        gsize start = MAX(run->at, from);

        end = MIN(end, whole);
        if (start < end)
            add_stretch(node, paragraph->text->str + start, end - start, run->marks);
    }
}

static void
add_paragraph(NskDocxDrafter *self, NskXmlNode *parent, const NskDocxParagraph *paragraph)
{
    NskXmlNode *p = nsk_xml_add(parent, NULL, "p");
    bool strong = paragraph->heading > 0 || paragraph->title;

    if (paragraph->align == NSK_DOCX_ALIGN_CENTRE || paragraph->title)
        nsk_xml_set_attr(p, "align", "center");
    else if (paragraph->align == NSK_DOCX_ALIGN_RIGHT)
        nsk_docx_warn(self->docx->name, self->issues, "docx-lost", &paragraph->place,
                      nsk_tr("the paragraph stands on the right; a letter's do not"));
    nsk_docx_add_inline(strong ? nsk_xml_add(p, NULL, "b") : p, paragraph, 0);
}

/* --- Lists --- */

static const NskDocxParagraph *
item_at(const GPtrArray *blocks, guint index)
{
    const NskDocxBlock *block = index < blocks->len ? g_ptr_array_index(blocks, index) : NULL;

    return block != NULL && block->paragraph != NULL && block->paragraph->listed ? block->paragraph
                                                                                 : NULL;
}

static NskXmlNode *
begin_list(NskXmlNode *parent, const NskDocxParagraph *item)
{
    NskXmlNode *list = nsk_xml_add(parent, NULL, item->list_type != NULL ? "ol" : "ul");
    g_autofree char *start = g_strdup_printf("%u", item->number);

    if (item->list_type == NULL)
        return list;
    if (strcmp(item->list_type, "1") != 0)
        nsk_xml_set_attr(list, "type", item->list_type);
    if (item->number > 1)
        nsk_xml_set_attr(list, "start", start);
    return list;
}

static bool
goes_on(const NskDocxParagraph *last, const NskDocxParagraph *item)
{
    if (last->depth != item->depth)
        return true; /* flattened */
    return last->list == item->list && g_strcmp0(last->list_type, item->list_type) == 0 &&
           (item->list_type == NULL || item->number == last->number + 1);
}

static guint
add_level(NskDocxDrafter *self,
          NskXmlNode *parent,
          const GPtrArray *blocks,
          guint index,
          unsigned nest)
{
    const NskDocxParagraph *item = item_at(blocks, index);
    const NskDocxParagraph *last = NULL; /* of this level */
    unsigned depth = item->depth;
    NskXmlNode *list = begin_list(parent, item);
    NskXmlNode *li = NULL;

    for (; item != NULL; item = item_at(blocks, index)) {
        const NskDocxParagraph *next = item_at(blocks, index + 1);

        if (li != NULL && item->depth > depth && nest < MAX_NEST) {
            index = add_level(self, li, blocks, index, nest + 1);
            continue;
        }
        if (last != NULL && (item->depth < depth || !goes_on(last, item)))
            break;
        if (item->depth > depth)
            nsk_docx_warn(self->docx->name, self->issues, "docx-lost", &item->place,
                          nsk_tr("the list is more than %d deep; this item stands in the fourth"),
                          MAX_NEST);
        li = nsk_xml_add(list, NULL, "li");
        bool holds_list = next != NULL && next->depth > depth && nest < MAX_NEST;
        nsk_docx_add_inline(holds_list ? nsk_xml_add(li, NULL, "p") : li, item, 0);
        last = item;
        index++;
    }
    return index;
}

guint
nsk_docx_add_list(NskDocxDrafter *self, NskXmlNode *parent, const GPtrArray *blocks, guint index)
{
    return add_level(self, parent, blocks, index, 1);
}

/* --- Rows --- */

bool
nsk_docx_split_label(const char *line, NskDocxLabel *out)
{
    const char *colon = strchr(line, ':');
    gsize start = strspn(line, " \t");
    gsize end = colon != NULL ? (gsize)(colon - line) : 0;

    while (end > start && strchr(" \t", line[end - 1]) != NULL)
        end--;
    if (end <= start || end - start > MAX_LABEL || memchr(line + start, '\n', end - start) != NULL)
        return false;
    *out = (NskDocxLabel){ start, end, (gsize)(colon - line), 0 };
    out->value = out->colon + 1 + strspn(colon + 1, " \t");
    return true;
}

/* How much it looks like a row: 0 not at all, 1 if its neighbour does, 2 by itself. */
static unsigned
likeness(const GPtrArray *blocks, guint index, NskDocxLabel *out)
{
    const NskDocxBlock *block = index < blocks->len ? g_ptr_array_index(blocks, index) : NULL;
    const NskDocxParagraph *paragraph = block != NULL ? block->paragraph : NULL;

    if (paragraph == NULL || paragraph->listed || paragraph->heading > 0 ||
        strchr(paragraph->text->str, '\n') != NULL ||
        !nsk_docx_split_label(paragraph->text->str, out) || out->colon == out->end)
        return 0;
    g_autofree char *label =
        nsk_docx_clean(paragraph->text->str + out->start, (gssize)(out->end - out->start));
    if (*label == '\0')
        return 0;
    return memchr(paragraph->text->str + out->end, '\t', out->colon - out->end) != NULL ? 2 : 1;
}

static bool
is_row(const GPtrArray *blocks, guint index, NskDocxLabel *out)
{
    NskDocxLabel ignored;
    unsigned like = likeness(blocks, index, out);

    return like == 2 || (like == 1 && ((index > 0 && likeness(blocks, index - 1, &ignored) > 0) ||
                                       likeness(blocks, index + 1, &ignored) > 0));
}

static guint
add_rows(NskXmlNode *parent, const GPtrArray *blocks, guint index)
{
    NskXmlNode *rows = nsk_xml_add(parent, NULL, "rows");
    NskDocxLabel label;

    for (; is_row(blocks, index, &label); index++) {
        const NskDocxBlock *block = g_ptr_array_index(blocks, index);
        const char *text = block->paragraph->text->str;
        g_autofree char *words =
            nsk_docx_clean(text + label.start, (gssize)(label.end - label.start));
        NskXmlNode *row = nsk_xml_add(rows, NULL, "row");

        nsk_xml_set_attr(row, "label", words);
        nsk_docx_add_inline(row, block->paragraph, label.value);
    }
    return index;
}

/* --- Blocks --- */

/* Those that say something. */
static GPtrArray *
filter_blocks(const GPtrArray *blocks, const bool *taken)
{
    GPtrArray *kept = g_ptr_array_new();

    for (guint i = 0; i < blocks->len; i++) {
        NskDocxBlock *block = g_ptr_array_index(blocks, i);

        if ((taken == NULL || !taken[i]) &&
            (block->table != NULL || !nsk_docx_is_blank(block->paragraph)))
            g_ptr_array_add(kept, block);
    }
    return kept;
}

void
nsk_docx_add_plain(NskDocxDrafter *self, NskXmlNode *parent, const GPtrArray *blocks)
{
    static const char
        *const aligns[] = { [NSK_DOCX_ALIGN_CENTRE] = "center", [NSK_DOCX_ALIGN_RIGHT] = "right" };
    g_autoptr(GPtrArray) kept = filter_blocks(blocks, NULL);
    const NskDocxBlock *first = kept->len > 0 ? g_ptr_array_index(kept, 0) : NULL;

    if (kept->len == 1 && !first->paragraph->listed) {
        if (first->paragraph->align != NSK_DOCX_ALIGN_NONE &&
            strcmp(nsk_xml_name(parent), "row") != 0)
            nsk_xml_set_attr(parent, "align", aligns[first->paragraph->align]);
        nsk_docx_add_inline(parent, first->paragraph, 0);
        return;
    }
    for (guint i = 0; i < kept->len;) {
        const NskDocxBlock *block = g_ptr_array_index(kept, i);

        if (block->paragraph->listed) {
            i = nsk_docx_add_list(self, parent, kept, i);
        } else {
            add_paragraph(self, parent, block->paragraph);
            i++;
        }
    }
}

/* The open sections; [0] is the body. */
typedef struct {
    NskXmlNode *nodes[3];
    unsigned depth;
    bool levels[10]; /* those that the document has */
} Outline;

static void
close_sections(Outline *self, unsigned depth)
{
    for (; self->depth > depth; self->depth--) {
        if (nsk_xml_first(self->nodes[self->depth]) == NULL)
            nsk_xml_add(self->nodes[self->depth], NULL, "p");
    }
}

/* A number that somebody typed before a heading: the kind numbers sections. */
static const char *
skip_number(const char *title)
{
    gsize n = strspn(title, "IVX");

    if (n == 0)
        n = strspn(title, "0123456789");
    if (n == 0 && g_ascii_isupper(*title))
        n = 1;
    if (n > 0 && n <= 5 && (title[n] == '.' || title[n] == ')') && title[n + 1] == ' ' &&
        title[n + 2] != '\0')
        return title + n + 2;
    return title;
}

/* False if the heading is too low for a section. */
static bool
begin_section(Outline *self, const NskDocxParagraph *heading)
{
    g_autofree char *title = nsk_docx_clean(heading->text->str, -1);
    unsigned rank = 1;

    for (unsigned level = 1; level < heading->heading; level++)
        rank += self->levels[level];
    if (rank > 2)
        return false;
    close_sections(self, MIN(rank - 1, self->depth));
    NskXmlNode *section = nsk_xml_add(self->nodes[self->depth], NULL, "section");
    nsk_xml_set_attr(section, "title", skip_number(title));
    self->nodes[++self->depth] = section;
    return true;
}

static void
find_levels(const GPtrArray *blocks, Outline *outline)
{
    for (guint i = 0; i < blocks->len; i++) {
        const NskDocxBlock *block = g_ptr_array_index(blocks, i);

        if (block->paragraph != NULL && block->paragraph->heading > 0)
            outline->levels[block->paragraph->heading] = true;
    }
}

/* Adds the block at @index, and those that belong to it; gives the index behind. */
static guint
add_block(NskDocxDrafter *self, Outline *outline, const GPtrArray *blocks, guint index)
{
    const NskDocxBlock *block = g_ptr_array_index(blocks, index);
    NskXmlNode *parent = outline->nodes[outline->depth];
    NskDocxLabel label;

    if (block->table != NULL) {
        nsk_docx_add_table(self, parent, block->table);
        return index + 1;
    }
    if (block->paragraph->heading > 0) {
        if (!begin_section(outline, block->paragraph))
            add_paragraph(self, parent, block->paragraph);
        return index + 1;
    }
    if (block->paragraph->listed)
        return nsk_docx_add_list(self, parent, blocks, index);
    if (is_row(blocks, index, &label))
        return add_rows(parent, blocks, index);
    add_paragraph(self, parent, block->paragraph);
    return index + 1;
}

void
nsk_docx_add_body(NskDocxDrafter *self, NskXmlNode *body)
{
    g_autoptr(GPtrArray) kept = filter_blocks(self->blocks, self->taken);
    Outline outline = { .nodes = { body } };

    find_levels(kept, &outline);
    for (guint i = 0; i < kept->len;)
        i = add_block(self, &outline, kept, i);
    close_sections(&outline, 0);
    if (nsk_xml_first(body) == NULL)
        nsk_xml_add(body, NULL, "p");
}
