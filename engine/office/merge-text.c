/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Texts with places, filled line by line.
 *
 *     text   = *(any | place)
 *     place  = "${" column "}"          blanks around the name are left out
 *
 * The text is XML that is not read yet: what is put into it is escaped, so that a field can be
 * nothing but text there, in an element as well as in an attribute.
 */
#include "base/message.h"
#include "office/merge-private.h"

#include <string.h>

/* A piece of the text, and the column whose field follows it. */
typedef struct {
    const char *text;
    size_t size;
    int column; /* -1: none, the end */
} Piece;

struct _NskMergeText {
    GBytes *xml;    /* what the pieces point into */
    GArray *pieces; /* Piece */
    char **columns;
};

typedef struct {
    NskMergeText *text;
    const char *name;
    const char *at, *end;
    unsigned line;
    bool *used; /* a column each */
    NskIssues *issues;
} Reader;

static void
add_issue(NskIssues *issues,
          const char *file,
          unsigned line,
          NskSeverity severity,
          const char *words)
{
    g_autofree char *name = g_strdup(file);
    NskIssue place = { "merge", severity, name, line, 0, NULL };

    nsk_issues_add(issues, &place, "%s", words);
}

static void
fail_place(const Reader *reader, const char *words)
{
    add_issue(reader->issues, reader->name, reader->line, NSK_SEVERITY_ERROR, words);
}

static int
find_column(char *const *columns, const char *name)
{
    for (int i = 0; columns[i] != NULL; i++) {
        if (strcmp(columns[i], name) == 0)
            return i;
    }
    return -1;
}

/* Reads the place at the cursor; false if it is none that can be filled. */
static bool
read_place(Reader *reader, int *out_column)
{
    const char *close = memchr(reader->at, '}', (size_t)(reader->end - reader->at));

    if (close == NULL || memchr(reader->at, '\n', (size_t)(close - reader->at)) != NULL) {
        fail_place(reader, nsk_tr("a place '${' is not closed on its line; write ${COLUMN}"));
        return false;
    }
    g_autofree char *column =
        g_strstrip(g_strndup(reader->at + 2, (size_t)(close - reader->at) - 2));
    reader->at = close + 1;
    *out_column = find_column(reader->text->columns, column);
    if (*out_column >= 0) {
        reader->used[*out_column] = true;
        return true;
    }
    g_autofree char *words = g_strdup_printf(
        nsk_tr("the table has no column '%s'; name it in the table's first line"), column);
    fail_place(reader, words);
    return false;
}

static const char *
find_next(Reader *reader)
{
    for (; reader->at < reader->end; reader->at++) {
        reader->line += *reader->at == '\n';
        if (*reader->at == '$' && reader->at + 1 < reader->end && reader->at[1] == '{')
            return reader->at;
    }
    return reader->end;
}

static bool
read_pieces(Reader *reader)
{
    bool ok = true;

    for (;;) {
        const char *begin = reader->at;
        const char *next = find_next(reader);
        Piece piece = { begin, (size_t)(next - begin), -1 };

        if (next < reader->end && !read_place(reader, &piece.column)) {
            ok = false;
            if (reader->at == next)
                return false;
        }
        g_array_append_val(reader->text->pieces, piece);
        if (next == reader->end)
            return ok;
    }
}

/* What a table says and no letter does is seldom meant. */
static void
warn_of_columns(const Reader *reader, const char *table)
{
    for (int i = 0; reader->text->columns[i] != NULL; i++) {
        if (reader->used[i])
            continue;
        g_autofree char *words =
            g_strdup_printf(nsk_tr("the text has no place for the column '%s': ${%s}"),
                            reader->text->columns[i], reader->text->columns[i]);
        add_issue(reader->issues, table, 1, NSK_SEVERITY_WARNING, words);
    }
}

static bool
check_columns(char *const *columns, const char *table, NskIssues *issues)
{
    bool ok = true;

    for (int i = 0; columns[i] != NULL; i++) {
        if (columns[i][0] != '\0' && find_column(columns, columns[i]) == i)
            continue;
        g_autofree char *words = g_strdup_printf(
            nsk_tr("the column '%s' has no name, or that of another; name each once"), columns[i]);
        add_issue(issues, table, 1, NSK_SEVERITY_ERROR, words);
        ok = false;
    }
    return ok;
}

NskMergeText *
nsk_merge_text_new(const char *name,
                   GBytes *xml,
                   const char *table,
                   char *const *columns,
                   NskIssues *issues)
{
    size_t size;
    const char *data = g_bytes_get_data(xml, &size);
    g_autoptr(NskMergeText) self = g_new0(NskMergeText, 1);

    self->xml = g_bytes_ref(xml);
    self->pieces = g_array_new(FALSE, FALSE, sizeof(Piece));
    self->columns = g_new0(char *, g_strv_length((char **)(uintptr_t)columns) + 1);
    for (int i = 0; columns[i] != NULL; i++)
        self->columns[i] = g_strstrip(g_strdup(columns[i]));
    g_autofree bool *used = g_new0(bool, g_strv_length(self->columns) + 1);
    Reader reader = { self, name, data, data != NULL ? data + size : NULL, 1, used, issues };
    if (!check_columns(self->columns, table, issues) || !read_pieces(&reader))
        return NULL;
    warn_of_columns(&reader, table);
    return g_steal_pointer(&self);
}

void
nsk_merge_text_free(NskMergeText *self)
{
    if (self == NULL)
        return;
    g_bytes_unref(self->xml);
    g_array_unref(self->pieces);
    g_strfreev(self->columns);
    g_free(self);
}

/* A field as it stands in XML; control characters are none of XML's. */
static void
append_escaped(GString *out, const char *text)
{
    g_autofree char *plain = g_strdup(text);

    for (char *at = plain; *at != '\0'; at++) {
        if ((unsigned char)*at < ' ')
            *at = ' ';
    }
    g_autofree char *escaped = g_markup_escape_text(plain, -1);
    g_string_append(out, escaped);
}

static bool
has_fields(const NskMergeText *self, const char *table, const NskCsvRow *line, NskIssues *issues)
{
    guint wanted = g_strv_length(self->columns);
    guint n = g_strv_length(line->fields);

    if (n == wanted)
        return true;
    g_autofree char *words =
        g_strdup_printf(nsk_tr("the line has %u fields and the table %u columns"), n, wanted);
    add_issue(issues, table, line->line, NSK_SEVERITY_ERROR, words);
    return false;
}

GBytes *
nsk_merge_text_fill(const NskMergeText *self,
                    const char *table,
                    const NskCsvRow *line,
                    NskIssues *issues)
{
    bool ok = has_fields(self, table, line, issues);
    g_autoptr(GString) out = g_string_sized_new(g_bytes_get_size(self->xml) + 256);

    for (guint i = 0; ok && i < self->pieces->len; i++) {
        const Piece *piece = &g_array_index(self->pieces, Piece, i);

        g_string_append_len(out, piece->text, (gssize)piece->size);
        if (piece->column < 0)
            continue;
        const char *field = line->fields[piece->column];
        if (field[strspn(field, " \t\r\n")] == '\0') {
            g_autofree char *words = g_strdup_printf(nsk_tr("the field of column '%s' is empty"),
                                                     self->columns[piece->column]);

            add_issue(issues, table, line->line, NSK_SEVERITY_ERROR, words);
            ok = false;
        }
        append_escaped(out, field);
    }
    return ok ? g_string_free_to_bytes(g_steal_pointer(&out)) : NULL;
}
