/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A body read from plain text, line by line:
 *
 *     Paragraphs are parted by an empty line;          p, br
 *     a new line in one is a new line.
 *     -> in the middle <-                              p align="center"
 *     1. first                                         ol; "1)" "(1)" "a." "a)" "(a)" "i." as well
 *        a. what stands further in belongs to it       ol in li
 *     - first                                          ul
 *     Day : Monday                                     rows
 *     | one | two |                                    table
 *     |--- 3 ---|--- 20mm ---|                         what is above is its head; widths of columns
 *     # Heading, ## Heading below it, # alone          section, and its end
 *     [[1: ...]]                                       the block that was kept, see plain-write.c
 *     **b** ~~i~~ __u__ ^^sup^^ ,,sub,,                within lines; a backslash takes the meaning
 *
 * INVARIANTS
 *   (1) Every text gives a body; what is no sign is text.
 *   (2) A list of another sign below an item without an empty line between is within that item, as
 *       people write it, and the sign of an outer list goes on with that.
 *   (3) Depth is at most PLAIN_DEPTH.
 */
#include "letter/plain-private.h"

#include <string.h>

#define LABEL_MAX 60 /* bytes of the label of a row */

const NskPlainMark nsk_plain_marks[5] = {
    { "b", '*' }, { "i", '~' }, { "u", '_' }, { "sup", '^' }, { "sub", ',' },
};

/* --- Markers --------------------------------------------------------------------------------- */

static unsigned
roman_to_number(const char *text, size_t length)
{
    static const struct {
        char sign;
        unsigned value;
    } signs[] = { { 'i', 1 }, { 'v', 5 }, { 'x', 10 }, { 'l', 50 } };
    unsigned total = 0, last = 0;

    for (size_t i = length; i > 0; i--) {
        unsigned value = 0;

        for (size_t s = 0; s < G_N_ELEMENTS(signs); s++) {
            if (signs[s].sign == text[i - 1])
                value = signs[s].value;
        }
        if (value == 0)
            return 0;
        total = value < last ? total - MIN(value, total) : total + value;
        last = MAX(last, value);
    }
    return total;
}

static unsigned
digits_to_number(const char *text, size_t length)
{
    unsigned n = 0;

    for (size_t i = 0; i < length; i++)
        n = n * 10 + (unsigned)g_ascii_digit_value(text[i]);
    return length <= 3 ? n : 0;
}

/* The type of an ol whose signs look like this one. */
static const char *
find_type(bool open, char sign, bool is_number)
{
    if (open)
        return is_number ? "(1)" : "(a)";
    if (sign == ')')
        return is_number ? "1)" : "a)";
    return is_number ? "1" : "a";
}

bool
nsk_plain_marker(const char *line, const char *within, NskPlainMarker *out_marker)
{
    bool open = line[0] == '(';
    const char *begin = line + (open ? 1 : 0);
    size_t digits = strspn(begin, "0123456789");
    size_t letters = digits == 0 ? strspn(begin, "abcdefghijklmnopqrstuvwxyz") : 0;
    size_t length = digits + letters;
    char sign = begin[length];
    const char *end = begin + length + 1;

    if ((line[0] == '-' || g_str_has_prefix(line, "•")) && within == NULL)
        within = "";
    if (line[0] == '-' || g_str_has_prefix(line, "•")) {
        end = line + (line[0] == '-' ? 1 : strlen("•"));
        *out_marker = (NskPlainMarker){ "", 1, (size_t)(end - line) };
    } else {
        if (length == 0 || length > 5 || sign == '\0' ||
            (open ? sign != ')' : strchr(".)", sign) == NULL))
            return false;
        unsigned roman = letters > 0 ? roman_to_number(begin, letters) : 0;
        bool is_roman = roman > 0 && !open && sign == '.' &&
                        (g_strcmp0(within, "i") == 0 || letters > 1 ||
                         (begin[0] == 'i' && g_strcmp0(within, "a") != 0));
        if (letters > 1 && !is_roman)
            return false;
        unsigned n = digits > 0 ? digits_to_number(begin, digits)
                     : is_roman ? roman
                                : (unsigned)(begin[0] - 'a') + 1;
        if (n == 0)
            return false;
        *out_marker = (NskPlainMarker){ is_roman ? "i" : find_type(open, sign, digits > 0), n,
                                        (size_t)(end - line) };
    }
    if (*end != ' ' && *end != '\0')
        return false;
    out_marker->length += strspn(end, " ");
    return true;
}

/* --- Within lines ---------------------------------------------------------------------------- */

static size_t
run_length(const char *at)
{
    size_t n = 1;

    while (at[n] == at[0])
        n++;
    return n;
}

/* Whether the mark that begins at @at ends somewhere in its line. */
static bool
is_closed(const char *at)
{
    for (const char *c = at + 2; *c != '\0'; c++) {
        if (*c == '\\' && c[1] != '\0') {
            c++;
        } else if (*c == at[0]) {
            size_t run = run_length(c);

            if (run == 2)
                return true;
            c += run - 1;
        }
    }
    return false;
}

static void
flush_text(NskXmlNode *node, GString *text)
{
    if (text->len > 0)
        nsk_xml_add_text(node, text->str);
    g_string_truncate(text, 0);
}

static const NskPlainMark *
find_mark(const char *at)
{
    for (size_t i = 0; i < G_N_ELEMENTS(nsk_plain_marks); i++) {
        if (nsk_plain_marks[i].sign == at[0])
            return at[1] == at[0] && at[2] != at[0] ? &nsk_plain_marks[i] : NULL;
    }
    return NULL;
}

/* @line with its marks; "\n" is a new line in it. */
static void
read_inline(NskXmlNode *node, const char *line)
{
    g_autoptr(GString) text = g_string_new(NULL);
    NskXmlNode *at = node;
    unsigned depth = 0;

    for (const char *c = line; *c != '\0'; c++) {
        const NskPlainMark *mark = find_mark(c);

        if (*c == '\\' && c[1] != '\0' && strchr("\\*~_^,|:", c[1]) != NULL) {
            g_string_append_c(text, *++c);
        } else if (*c == '\n') {
            flush_text(at, text);
            nsk_xml_add(at, NULL, "br");
        } else if (mark != NULL && at != node && strcmp(nsk_xml_name(at), mark->element) == 0) {
            flush_text(at, text);
            at = nsk_xml_parent(at);
            depth--;
            c++;
        } else if (mark != NULL && depth < G_N_ELEMENTS(nsk_plain_marks) && is_closed(c)) {
            flush_text(at, text);
            at = nsk_xml_add(at, NULL, mark->element);
            depth++;
            c++;
        } else if (strchr("*~_^,", *c) != NULL) {
            size_t run = run_length(c);

            g_string_append_len(text, c, (gssize)run);
            c += run - 1;
        } else {
            g_string_append_c(text, *c);
        }
    }
    flush_text(at, text);
}

/* --- Lines ----------------------------------------------------------------------------------- */

typedef struct {
    const char *text; /* without the blanks before it; "" for an empty line */
    unsigned indent;
    bool after_empty;
} Line;

typedef struct {
    GArray *lines; /* Line; empty ones are left out */
    guint at;
    const GPtrArray *kept;
} Reader;

/* The lists that an item stands in, the innermost first. */
typedef struct _Outer {
    const char *type;
    unsigned indent;
    const struct _Outer *next;
} Outer;

static void
split_lines(char **texts, GArray *lines)
{
    bool after_empty = true;

    for (char **text = texts; *text != NULL; text++) {
        Line line = { g_strchomp(*text), 0, after_empty };

        for (; *line.text == ' ' || *line.text == '\t'; line.text++)
            line.indent += *line.text == '\t' ? 4 : 1;
        after_empty = *line.text == '\0';
        if (!after_empty)
            g_array_append_val(lines, line);
    }
}

static const Line *
peek(const Reader *self)
{
    return self->at < self->lines->len ? &g_array_index(self->lines, Line, self->at) : NULL;
}

/* "Label : content"; NULL if it is none, else where the blanks before the colon begin. */
static const char *
find_colon(const char *line)
{
    const char *colon = strstr(line, " :");

    if (colon == NULL || colon == line || colon - line > LABEL_MAX ||
        (colon[2] != ' ' && colon[2] != '\0') || memchr(line, '\\', (size_t)(colon - line)) != NULL)
        return NULL;
    while (colon > line && colon[-1] == ' ')
        colon--;
    return colon;
}

static bool
is_special(const char *line)
{
    NskPlainMarker marker;

    return line[0] == '|' || line[0] == '#' || g_str_has_prefix(line, "[[") ||
           g_str_has_prefix(line, "-> ") || find_colon(line) != NULL ||
           nsk_plain_marker(line, NULL, &marker);
}

/* The lines that go on with a paragraph, joined. */
static char *
join_lines(Reader *self, const char *first, unsigned indent)
{
    GString *text = g_string_new(first);
    const Line *line;

    while ((line = peek(self)) != NULL && !line->after_empty && line->indent >= indent &&
           !is_special(line->text)) {
        g_string_append_printf(text, "%s%s", text->len > 0 ? "\n" : "",
                               line->text + (line->text[0] == '\\' && is_special(line->text + 1)));
        self->at++;
    }
    return g_string_free(text, FALSE);
}

static void
read_paragraph(Reader *self, NskXmlNode *parent)
{
    const Line *line = peek(self);
    size_t length = strlen(line->text);

    self->at++;
    if (g_str_has_prefix(line->text, "-> ") && g_str_has_suffix(line->text, " <-") && length > 6) {
        g_autofree char *middle = g_strndup(line->text + 3, length - 6);
        NskXmlNode *p = nsk_xml_add(parent, NULL, "p");

        nsk_xml_set_attr(p, "align", "center");
        read_inline(p, g_strstrip(middle));
        return;
    }
    bool escaped = line->text[0] == '\\' && is_special(line->text + 1);
    g_autofree char *text = join_lines(self, line->text + escaped, line->indent);
    read_inline(nsk_xml_add(parent, NULL, "p"), text);
}

/* --- Tables ---------------------------------------------------------------------------------- */

/* The cells of a line; NULL-terminated, freed with g_strfreev(). */
static char **
split_cells(const char *line)
{
    g_autoptr(GStrvBuilder) cells = g_strv_builder_new();
    g_autoptr(GString) cell = g_string_new(NULL);

    for (const char *c = line + 1; *c != '\0'; c++) {
        if (*c == '\\' && c[1] != '\0') {
            g_string_append_c(cell, *c++);
            g_string_append_c(cell, *c);
        } else if (*c == '|') {
            g_strv_builder_add(cells, g_strstrip(cell->str));
            g_string_truncate(cell, 0);
        } else {
            g_string_append_c(cell, *c);
        }
    }
    if (cell->str[strspn(cell->str, " ")] != '\0')
        g_strv_builder_add(cells, g_strstrip(cell->str));
    return g_strv_builder_end(cells);
}

/* "|--- 3 ---|": parts the head, and may have widths. */
static bool
is_rule(const char *line)
{
    return strlen(line) > 3 && strstr(line, "---") != NULL &&
           strspn(line, "|- 0123456789m") == strlen(line);
}

/* Adds the columns if every one has a width. */
static void
read_widths(NskXmlNode *table, const char *line)
{
    g_auto(GStrv) cells = split_cells(line);

    for (char **cell = cells; *cell != NULL; cell++) {
        g_strdelimit(*cell, "-", ' ');
        g_strstrip(*cell);
        if (!g_ascii_isdigit((*cell)[0]))
            return;
    }
    for (char **cell = cells; *cell != NULL; cell++)
        nsk_xml_set_attr(nsk_xml_add(table, NULL, "col"), "width", *cell);
}

static void
read_rows_of_table(NskXmlNode *part, Reader *self, guint end, const char *cell_name)
{
    for (; self->at < end; self->at++) {
        NskXmlNode *tr = nsk_xml_add(part, NULL, "tr");
        g_auto(GStrv) cells = split_cells(peek(self)->text);

        for (char **cell = cells; *cell != NULL; cell++)
            read_inline(nsk_xml_add(tr, NULL, cell_name), *cell);
        if (cells[0] == NULL)
            nsk_xml_add(tr, NULL, cell_name);
    }
}

static void
read_table(Reader *self, NskXmlNode *parent)
{
    NskXmlNode *table = nsk_xml_add(parent, NULL, "table");
    guint begin = self->at, rule = G_MAXUINT, end = begin;

    for (; end < self->lines->len; end++) {
        const Line *line = &g_array_index(self->lines, Line, end);

        if (line->text[0] != '|' || (end > begin && line->after_empty))
            break;
        if (rule == G_MAXUINT && is_rule(line->text))
            rule = end;
    }
    if (rule != G_MAXUINT) {
        read_widths(table, g_array_index(self->lines, Line, rule).text);
        if (rule > begin)
            read_rows_of_table(nsk_xml_add(table, NULL, "thead"), self, rule, "th");
        self->at = rule + 1;
    }
    NskXmlNode *body = nsk_xml_add(table, NULL, "tbody");
    read_rows_of_table(body, self, end, "td");
    if (nsk_xml_first(body) == NULL)
        nsk_xml_add(nsk_xml_add(body, NULL, "tr"), NULL, "td");
}

/* --- Lists and rows -------------------------------------------------------------------------- */

static void read_blocks(Reader *self, NskXmlNode *parent, unsigned indent, const Outer *outer);

static unsigned
depth_of(const Outer *outer)
{
    unsigned depth = 0;

    for (; outer != NULL; outer = outer->next)
        depth++;
    return depth;
}

/* Whether the line goes on with one of the lists that are open. */
static bool
goes_on(const Line *line, const Outer *outer)
{
    for (; outer != NULL; outer = outer->next) {
        NskPlainMarker marker;

        if (line->indent <= outer->indent && nsk_plain_marker(line->text, outer->type, &marker) &&
            strcmp(marker.type, outer->type) == 0)
            return true;
    }
    return false;
}

/* Whether the line is within what began at @indent: further in, or, right below it, a list of
 * another sign. */
static bool
is_within(const Line *line, unsigned indent, const Outer *outer)
{
    NskPlainMarker marker;

    if (goes_on(line, outer))
        return false;
    return line->indent > indent ||
           (!line->after_empty && line->indent == indent && depth_of(outer) < PLAIN_DEPTH &&
            outer != NULL && outer->type != NULL && nsk_plain_marker(line->text, NULL, &marker));
}

/* An item or row: its line, and what is within it. */
static void
read_content(Reader *self, NskXmlNode *node, const char *first, unsigned indent, const Outer *outer)
{
    g_autofree char *text = join_lines(self, first, indent + 1);
    const Line *line = peek(self);

    if (line == NULL || depth_of(outer) >= PLAIN_DEPTH || !is_within(line, indent, outer)) {
        read_inline(node, text);
        return;
    }
    if (text[0] != '\0')
        read_inline(nsk_xml_add(node, NULL, "p"), text);
    while ((line = peek(self)) != NULL && is_within(line, indent, outer))
        read_blocks(self, node, line->indent, outer);
}

static void
read_list(Reader *self, NskXmlNode *parent, const Outer *outer)
{
    const Line *line = peek(self);
    NskPlainMarker marker, next;

    if (!nsk_plain_marker(line->text, NULL, &marker))
        return;
    const Outer here = { marker.type, line->indent, outer };
    NskXmlNode *list = nsk_xml_add(parent, NULL, marker.type[0] != '\0' ? "ol" : "ul");
    unsigned n = marker.n;
    if (marker.type[0] != '\0')
        nsk_xml_set_attr(list, "type", marker.type);
    if (n > 1) {
        g_autofree char *start = g_strdup_printf("%u", n);
        nsk_xml_set_attr(list, "start", start);
    }
    do {
        next = marker;
        self->at++;
        read_content(self, nsk_xml_add(list, NULL, "li"), line->text + marker.length, here.indent,
                     &here);
        n++;
        line = peek(self);
    } while (line != NULL && line->indent == here.indent &&
             nsk_plain_marker(line->text, here.type, &marker) &&
             strcmp(marker.type, next.type) == 0 &&
             (!line->after_empty || marker.type[0] == '\0' || marker.n == n));
}

static void
read_rows(Reader *self, NskXmlNode *parent, const Outer *outer)
{
    const Line *line = peek(self);
    NskXmlNode *rows = nsk_xml_add(parent, NULL, "rows");
    unsigned indent = line->indent;
    const char *colon = find_colon(line->text);

    do {
        const Outer here = { NULL, 0, outer };
        NskXmlNode *row = nsk_xml_add(rows, NULL, "row");
        g_autofree char *label = g_strndup(line->text, (size_t)(colon - line->text));
        const char *content = strchr(colon, ':') + 1;

        nsk_xml_set_attr(row, "label", label);
        self->at++;
        read_content(self, row, content + strspn(content, " "), indent,
                     depth_of(outer) < PLAIN_DEPTH ? outer : &here);
        line = peek(self);
        colon = line != NULL && !line->after_empty && line->indent == indent
                    ? find_colon(line->text)
                    : NULL;
    } while (colon != NULL);
}

/* --- Blocks ---------------------------------------------------------------------------------- */

/* "[[2: ...]]": the block that is kept under that number; false if there is none. */
static bool
read_kept(Reader *self, NskXmlNode *parent)
{
    const Line *line = peek(self);
    guint64 n = 0;
    g_autofree char *digits = g_strndup(line->text + 2, strspn(line->text + 2, "0123456789"));

    if (self->kept == NULL || self->kept->len == 0 || !g_str_has_suffix(line->text, "]]") ||
        !g_ascii_string_to_unsigned(digits, 10, 1, self->kept->len, &n, NULL))
        return false;
    (void)nsk_xml_add_copy(parent, g_ptr_array_index(self->kept, (guint)n - 1));
    self->at++;
    return true;
}

static void
read_block(Reader *self, NskXmlNode *parent, const Outer *outer)
{
    const Line *line = peek(self);
    NskPlainMarker marker;

    if (g_str_has_prefix(line->text, "[[") && read_kept(self, parent))
        return;
    if (line->text[0] == '|' && strlen(line->text) > 1)
        read_table(self, parent);
    else if (nsk_plain_marker(line->text, NULL, &marker))
        read_list(self, parent, outer);
    else if (find_colon(line->text) != NULL)
        read_rows(self, parent, outer);
    else
        read_paragraph(self, parent);
}

static void
read_blocks(Reader *self, NskXmlNode *parent, unsigned indent, const Outer *outer)
{
    const Line *line = peek(self);

    while (line != NULL) {
        read_block(self, parent, outer);
        line = peek(self);
        if (line != NULL && (line->indent < indent || goes_on(line, outer)))
            return;
    }
}

/* A heading: where what follows it goes. */
static NskXmlNode *
read_heading(NskXmlNode *body, NskXmlNode *at, const char *line)
{
    bool is_deep = line[1] == '#' && at != body;
    const char *title = line + strspn(line, "#");

    title += strspn(title, " ");
    while (at != body && !(is_deep && nsk_xml_parent(at) == body))
        at = nsk_xml_parent(at);
    if (*title == '\0')
        return at;
    NskXmlNode *section = nsk_xml_add(at, NULL, "section");
    nsk_xml_set_attr(section, "title", title);
    return section;
}

void
nsk_plain_read_into(NskXmlNode *parent, const char *text, const GPtrArray *kept)
{
    g_auto(GStrv) texts = g_strsplit(text, "\n", -1);
    g_autoptr(GArray) lines = g_array_new(FALSE, FALSE, sizeof(Line));
    Reader self = { lines, 0, kept };
    NskXmlNode *at = parent;
    const Line *line;

    split_lines(texts, lines);
    while ((line = peek(&self)) != NULL) {
        if (line->text[0] == '#') {
            at = read_heading(parent, at, line->text);
            self.at++;
        } else {
            read_block(&self, at, NULL);
        }
    }
}
