/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * CSV tables (RFC 4180).
 *
 *     file   = [BOM] *(row (LF | CRLF))       the last line may lack its end
 *     row    = field *("," field)             blank lines are left out
 *     field  = text without , " CR LF  |  DQUOTE *(any | DQUOTE DQUOTE) DQUOTE
 *
 * A fault spoils its row only: reading goes on at the next line, so that all faults are found in
 * one run.  A quote that is never closed spoils the rest of the file.
 */
#include "base/limits.h"
#include "base/message.h"
#include "directory/directory-private.h"

#include <string.h>

#define MAX_FIELDS 64

typedef struct {
    const char *name;
    const char *at;
    const char *end;
    unsigned line;
    NskIssues *issues;
} Reader;

static void
csv_row_free(gpointer data)
{
    NskCsvRow *row = data;

    g_strfreev(row->fields);
    g_free(row);
}

static bool
add_fault(Reader *reader, unsigned line, const char *what)
{
    g_autofree char *file = g_strdup(reader->name);
    NskIssue place = { .tag = "csv", .severity = NSK_SEVERITY_ERROR, .file = file, .line = line };

    nsk_issues_add(reader->issues, &place, "%s", nsk_tr(what));
    return false;
}

static bool
is_at_row_end(const Reader *reader)
{
    return reader->at == reader->end || *reader->at == '\n' ||
           (*reader->at == '\r' && reader->at + 1 < reader->end && reader->at[1] == '\n');
}

/* Moves behind the end of this line. */
static void
skip_line(Reader *reader)
{
    const char *lf = memchr(reader->at, '\n', (size_t)(reader->end - reader->at));

    reader->at = lf != NULL ? lf + 1 : reader->end;
    reader->line++;
}

/* Reads a quoted field, the cursor on its first quote. */
static bool
read_quoted(Reader *reader, GString *field)
{
    unsigned begin = reader->line;

    for (reader->at++; reader->at < reader->end; reader->at++) {
        if (*reader->at == '"') {
            if (reader->at + 1 == reader->end || reader->at[1] != '"') {
                reader->at++;
                return true;
            }
            reader->at++;
        }
        reader->line += *reader->at == '\n';
        g_string_append_c(field, *reader->at);
    }
    return add_fault(reader, begin, N_("a quoted field is not closed; add the missing quote"));
}

static bool
read_plain(Reader *reader, GString *field)
{
    while (!is_at_row_end(reader) && *reader->at != ',') {
        if (*reader->at == '"')
            return add_fault(reader, reader->line,
                             N_("a quote stands inside a field; put the whole field in quotes and "
                                "double the quote"));
        g_string_append_c(field, *reader->at++);
    }
    return true;
}

/* Reads one field; the cursor is then on a comma or the end of the row. */
static bool
read_field(Reader *reader, GPtrArray *fields)
{
    g_autoptr(GString) field = g_string_new(NULL);
    bool quoted = reader->at < reader->end && *reader->at == '"';

    if (!(quoted ? read_quoted(reader, field) : read_plain(reader, field)))
        return false;
    if (!is_at_row_end(reader) && *reader->at != ',')
        return add_fault(reader, reader->line, N_("text follows a closing quote; put it inside"));
    if (field->len > NSK_LIMIT_TEXT)
        return add_fault(reader, reader->line, N_("a field is over 4000 bytes; shorten it"));
    if (memchr(field->str, '\0', field->len) != NULL ||
        !g_utf8_validate(field->str, (gssize)field->len, NULL))
        return add_fault(reader, reader->line,
                         N_("a field is not UTF-8 text; save the file as UTF-8"));
    if (fields->len == MAX_FIELDS)
        return add_fault(reader, reader->line, N_("there are over 64 fields"));
    g_ptr_array_add(fields, g_string_free(g_steal_pointer(&field), FALSE));
    return true;
}

/* Reads a row up to its end, which is not passed.  Returns NULL if it had a fault. */
static NskCsvRow *
read_row(Reader *reader)
{
    unsigned line = reader->line;
    g_autoptr(GPtrArray) fields = g_ptr_array_new_with_free_func(g_free);

    for (;;) {
        if (!read_field(reader, fields))
            return NULL;
        if (is_at_row_end(reader))
            break;
        reader->at++; /* the comma */
    }
    g_ptr_array_add(fields, NULL);
    NskCsvRow *row = g_new(NskCsvRow, 1);
    row->fields = (char **)g_ptr_array_free(g_steal_pointer(&fields), FALSE);
    row->line = line;
    return row;
}

GPtrArray *
nsk_csv_read(const char *name, const void *data, size_t size, NskIssues *issues)
{
    static const char bom[] = "\xef\xbb\xbf";
    GPtrArray *rows = g_ptr_array_new_with_free_func(csv_row_free);
    Reader reader = { .name = name, .at = data, .line = 1, .issues = issues };

    reader.end = reader.at + size;
    if (size >= 3 && memcmp(data, bom, 3) == 0)
        reader.at += 3;
    while (reader.at < reader.end) {
        if (!is_at_row_end(&reader)) {
            NskCsvRow *row = read_row(&reader);

            if (row != NULL)
                g_ptr_array_add(rows, row);
            if (rows->len > NSK_LIMIT_CSV_ROWS) {
                (void)add_fault(&reader, reader.line, N_("the table has too many rows; split it"));
                break;
            }
        }
        skip_line(&reader);
    }
    return rows;
}
