/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A body as plain text, which people change in any program: plain-read.c says how it is written.
 *
 * INVARIANTS
 *   (1) Nothing is lost: a block is written only if reading it gives the same block; another is
 *       kept, and a line "[[2: table, kept as it is]]" stands in its place.
 *   (2) The whole is read once more; if that is not the same body, all its blocks are kept.
 */
#include "base/message.h"
#include "letter/plain-private.h"

#include <string.h>

typedef struct {
    GString *out;
    GPtrArray *kept; /* borrowed NskXmlNode */
    bool keep_all;
} Writer;

static bool write_content(GString *out, const NskXmlNode *node, unsigned indent, unsigned depth);

static void
add_indent(GString *out, unsigned indent)
{
    for (unsigned i = 0; i < indent; i++)
        g_string_append_c(out, ' ');
}

/* --- Within lines ---------------------------------------------------------------------------- */

static void
write_text(GString *out, const char *text)
{
    for (const char *c = text; *c != '\0'; c++) {
        bool doubled = strchr("*~_^,", *c) != NULL && (c[1] == *c || (c > text && c[-1] == *c));

        if (doubled || *c == '\\' || *c == '|' || (*c == ':' && c > text && c[-1] == ' '))
            g_string_append_c(out, '\\');
        g_string_append_c(out, *c);
    }
}

static bool
write_inline(GString *out, const NskXmlNode *node, unsigned indent)
{
    for (NskXmlNode *child = nsk_xml_first_any(node); child != NULL;
         child = nsk_xml_next_any(child)) {
        const NskPlainMark *mark = NULL;

        if (nsk_xml_is_text(child)) {
            write_text(out, nsk_xml_text_in_place(child));
            continue;
        }
        if (strcmp(nsk_xml_name(child), "br") == 0) {
            g_string_append_c(out, '\n');
            add_indent(out, indent);
            continue;
        }
        for (size_t i = 0; i < G_N_ELEMENTS(nsk_plain_marks); i++) {
            if (strcmp(nsk_plain_marks[i].element, nsk_xml_name(child)) == 0)
                mark = &nsk_plain_marks[i];
        }
        if (mark == NULL)
            return false;
        const char sign[] = { mark->sign, mark->sign, '\0' };
        g_string_append(out, sign);
        if (!write_inline(out, child, indent))
            return false;
        g_string_append(out, sign);
    }
    return true;
}

/* --- Blocks ---------------------------------------------------------------------------------- */

static bool
has_blocks(const NskXmlNode *node)
{
    static const char *const blocks[] = { "p", "ol", "ul", "table", "rows", NULL };
    const NskXmlNode *first = nsk_xml_first(node);

    return first != NULL && g_strv_contains(blocks, nsk_xml_name(first));
}

static bool
write_paragraph(GString *out, const NskXmlNode *node, unsigned indent)
{
    const char *align = nsk_xml_attr(node, "align");
    g_autoptr(GString) text = g_string_new(NULL);
    NskPlainMarker marker;

    if (!write_inline(text, node, indent))
        return false;
    if (align != NULL) {
        g_string_append_printf(out, "-> %s <-\n", text->str);
        return strcmp(align, "center") == 0;
    }
    if (nsk_plain_marker(text->str, NULL, &marker) || text->str[0] == '#' ||
        g_str_has_prefix(text->str, "[[") || g_str_has_prefix(text->str, "-> "))
        g_string_append_c(out, '\\');
    g_string_append_printf(out, "%s\n", text->str);
    return text->len > 0;
}

static char *
write_roman(unsigned n)
{
    static const struct {
        const char *sign;
        unsigned value;
    } signs[] = { { "xl", 40 }, { "x", 10 }, { "ix", 9 }, { "v", 5 }, { "iv", 4 }, { "i", 1 } };
    GString *text = g_string_new(NULL);

    for (size_t i = 0; i < G_N_ELEMENTS(signs); i++) {
        /* "ix" and "iv" stand before what they are less than */
        while (n >= signs[i].value) {
            g_string_append(text, signs[i].sign);
            n -= signs[i].value;
        }
    }
    return g_string_free(text, FALSE);
}

/* "3. ", "(c) ", "iv. "; NULL for a type that has no such sign. */
static char *
write_marker(const char *type, unsigned n)
{
    if (type == NULL || (type[0] != '1' && type[0] != 'i' && n > 26 && strchr(type, 'a') != NULL))
        return NULL;
    if (strcmp(type, "i") == 0) {
        g_autofree char *roman = n < 50 ? write_roman(n) : NULL;
        return roman != NULL ? g_strconcat(roman, ". ", NULL) : NULL;
    }
    g_autofree char *sign = strchr(type, '1') != NULL ? g_strdup_printf("%u", n)
                                                      : g_strdup_printf("%c", 'a' + (int)n - 1);
    const char *end = type[0] == '(' || strlen(type) > 1 ? ") " : ". ";
    return g_strconcat(type[0] == '(' ? "(" : "", sign, end, NULL);
}

static bool
write_list(GString *out, const NskXmlNode *node, unsigned indent, unsigned depth)
{
    bool numbered = strcmp(nsk_xml_name(node), "ol") == 0;
    const char *start = nsk_xml_attr(node, "start");
    guint64 n = 1;

    if (start != NULL && !g_ascii_string_to_unsigned(start, 10, 1, 999, &n, NULL))
        return false;
    for (NskXmlNode *item = nsk_xml_first(node); item != NULL; item = nsk_xml_next(item), n++) {
        g_autofree char *marker =
            numbered ? write_marker(nsk_xml_attr(node, "type"), (unsigned)n) : g_strdup("- ");

        if (marker == NULL)
            return false;
        if (item != nsk_xml_first(node))
            add_indent(out, indent);
        g_string_append(out, marker);
        if (!write_content(out, item, indent + 3, depth))
            return false;
    }
    return true;
}

static bool
write_rows(GString *out, const NskXmlNode *node, unsigned indent, unsigned depth)
{
    for (NskXmlNode *row = nsk_xml_first(node); row != NULL; row = nsk_xml_next(row)) {
        if (row != nsk_xml_first(node))
            add_indent(out, indent);
        g_string_append_printf(out, "%s : ", nsk_xml_attr(row, "label"));
        if (!write_content(out, row, indent + 3, depth))
            return false;
    }
    return true;
}

static bool
write_table_rows(GString *out, const NskXmlNode *part, unsigned indent, bool *is_first)
{
    for (NskXmlNode *tr = nsk_xml_first(part); tr != NULL; tr = nsk_xml_next(tr)) {
        if (!*is_first)
            add_indent(out, indent);
        *is_first = false;
        g_string_append_c(out, '|');
        for (NskXmlNode *cell = nsk_xml_first(tr); cell != NULL; cell = nsk_xml_next(cell)) {
            g_string_append_c(out, ' ');
            if (has_blocks(cell) || !write_inline(out, cell, indent))
                return false;
            g_string_append(out, " |");
        }
        g_string_append_c(out, '\n');
    }
    return true;
}

static bool
write_table(GString *out, const NskXmlNode *node, unsigned indent)
{
    const NskXmlNode *head = nsk_xml_child(node, "thead");
    bool is_first = true;

    if (head != NULL && !write_table_rows(out, head, indent, &is_first))
        return false;
    if (head != NULL || nsk_xml_child(node, "col") != NULL) {
        if (!is_first)
            add_indent(out, indent);
        is_first = false;
        g_string_append_c(out, '|');
        for (NskXmlNode *col = nsk_xml_child(node, "col");
             col != NULL && strcmp(nsk_xml_name(col), "col") == 0; col = nsk_xml_next(col))
            g_string_append_printf(out, "--- %s ---|", nsk_xml_attr(col, "width"));
        g_string_append(out, nsk_xml_child(node, "col") == NULL ? "---|\n" : "\n");
    }
    return write_table_rows(out, nsk_xml_child(node, "tbody"), indent, &is_first);
}

/* A block without what is before it in its first line. */
static bool
write_block(GString *out, const NskXmlNode *node, unsigned indent, unsigned depth)
{
    const char *name = nsk_xml_name(node);

    if (depth >= PLAIN_DEPTH)
        return false;
    if (strcmp(name, "p") == 0)
        return write_paragraph(out, node, indent);
    if (strcmp(name, "table") == 0)
        return write_table(out, node, indent);
    if (strcmp(name, "rows") == 0)
        return write_rows(out, node, indent, depth + 1);
    return write_list(out, node, indent, depth + 1);
}

/* What an item or row holds, behind its sign. */
static bool
write_content(GString *out, const NskXmlNode *node, unsigned indent, unsigned depth)
{
    NskXmlNode *child = nsk_xml_first(node);

    if (!has_blocks(node)) {
        bool ok = write_inline(out, node, indent);

        g_string_append_c(out, '\n');
        return ok;
    }
    if (strcmp(nsk_xml_name(child), "p") == 0) {
        if (!write_inline(out, child, indent) || nsk_xml_attr(child, "align") != NULL)
            return false;
        child = nsk_xml_next(child);
    }
    g_string_append_c(out, '\n');
    for (const char *last = ""; child != NULL; child = nsk_xml_next(child)) {
        if (last[0] != '\0' || strcmp(nsk_xml_name(child), "p") == 0)
            g_string_append_c(out, '\n');
        add_indent(out, indent);
        if (!write_block(out, child, indent, depth))
            return false;
        last = nsk_xml_name(child);
    }
    return true;
}

/* --- The body -------------------------------------------------------------------------------- */

static bool
is_same(const NskXmlNode *a, const NskXmlNode *b)
{
    g_autoptr(GBytes) one = nsk_xml_canonical(a, NULL);
    g_autoptr(GBytes) other = nsk_xml_canonical(b, NULL);

    return one != NULL && other != NULL && g_bytes_equal(one, other);
}

/* Whether @text means exactly @node. */
static bool
means(const char *text, const NskXmlNode *node)
{
    g_autoptr(NskXmlDoc) doc = nsk_xml_doc_new(NSK_LETTER_NS, "body");
    NskXmlNode *root = nsk_xml_doc_get_root(doc);

    nsk_plain_read_into(root, text, NULL);
    NskXmlNode *first = nsk_xml_first(root);
    return first != NULL && nsk_xml_next(first) == NULL && is_same(first, node);
}

static const char *
describe(const NskXmlNode *node)
{
    const char *name = nsk_xml_name(node);

    if (strcmp(name, "table") == 0)
        return nsk_tr("table, kept as it is");
    if (strcmp(name, "ol") == 0 || strcmp(name, "ul") == 0)
        return nsk_tr("list, kept as it is");
    return nsk_tr("part, kept as it is");
}

static void
write_kept(Writer *self, const NskXmlNode *node)
{
    g_autoptr(GString) text = g_string_new(NULL);

    if (!self->keep_all && write_block(text, node, 0, 0) && means(text->str, node)) {
        g_string_append(self->out, text->str);
        return;
    }
    g_ptr_array_add(self->kept, (gpointer)(uintptr_t)node);
    g_string_append_printf(self->out, "[[%u: %s]]\n", self->kept->len, describe(node));
}

static void
write_sections(Writer *self, const NskXmlNode *node, const char *sign)
{
    bool in_section = false;

    for (NskXmlNode *child = nsk_xml_first(node); child != NULL; child = nsk_xml_next(child)) {
        bool is_section = strcmp(nsk_xml_name(child), "section") == 0 && !self->keep_all;

        if (self->out->len > 0)
            g_string_append_c(self->out, '\n');
        if (is_section) {
            g_string_append_printf(self->out, "%s %s\n", sign, nsk_xml_attr(child, "title"));
            write_sections(self, child, "##");
        } else {
            if (in_section)
                g_string_append_printf(self->out, "%s\n\n", sign);
            write_kept(self, child);
        }
        in_section = is_section;
    }
}

/* The text of @body; the kept blocks are added to @kept. */
static char *
write_body(const NskXmlNode *body, GPtrArray *kept)
{
    Writer self = { g_string_new(NULL), kept, false };
    g_autoptr(NskXmlDoc) again = nsk_xml_doc_new(NSK_LETTER_NS, "body");

    write_sections(&self, body, "#");
    nsk_plain_read_into(nsk_xml_doc_get_root(again), self.out->str, kept);
    if (!is_same(nsk_xml_doc_get_root(again), body)) {
        self.keep_all = true;
        g_ptr_array_set_size(kept, 0);
        g_string_truncate(self.out, 0);
        write_sections(&self, body, "#");
    }
    return g_string_free(self.out, FALSE);
}

char *
nsk_letter_plain_write(const NskXmlNode *body)
{
    g_autoptr(GPtrArray) kept = g_ptr_array_new();

    return write_body(body, kept);
}

void
nsk_letter_plain_read(NskXmlNode *parent, const char *text, const NskXmlNode *base)
{
    g_autoptr(GPtrArray) kept = g_ptr_array_new();
    g_autofree char *before = base != NULL ? write_body(base, kept) : NULL;

    nsk_plain_read_into(parent, text, kept);
}
