/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The list of archives (daftar arsip) of a unit and year: what it has filed, by the day that the
 * letter bears, what was taken in from an older archive among it.
 *
 * A filed letter has no number that could have a gap, so what who asks may not read is not there at
 * all.
 */
#include "base/message.h"
#include "office/delivery-private.h"
#include "office/register-private.h"

#include <string.h>

/* a letter without a day stands in the year in which it was begun */
static const char sql_list[] =
    "SELECT l.id, CASE WHEN l.letter_date IS NOT NULL THEN l.letter_date"
    " WHEN i.dated IS NOT NULL THEN i.dated ELSE '' END AS day"
    " FROM letter l LEFT JOIN incoming i ON i.letter = l.id"
    " WHERE l.unit = $1 AND l.state = 'archived' AND (CASE"
    " WHEN l.letter_date IS NOT NULL THEN substr(l.letter_date, 1, 4) = $2"
    " WHEN i.dated IS NOT NULL AND i.dated <> '' THEN substr(i.dated, 1, 4) = $2"
    " ELSE l.created >= $3 AND l.created < $4 END) ORDER BY day, l.created, l.id";
static const char sql_list_former[] =
    "SELECT system || ': ' || CASE WHEN id <> '' THEN id ELSE number END FROM letter_external"
    " WHERE letter = $1 ORDER BY system";

/* The agenda number, then what other systems call it, parted by semicolons; owned. */
static char *
list_names(NskDbTxn *txn, const char *letter, const char *agenda, GError **error)
{
    g_autoptr(GString) text = g_string_new(agenda);
    g_autoptr(GPtrArray) names =
        nsk_db_list_texts(txn, sql_list_former, NSK_DB_PARAMS(NSK_DB_TEXT(letter)), error);

    for (guint i = 0; names != NULL && i < names->len; i++)
        g_string_append_printf(text, "%s%s", text->len > 0 ? "; " : "",
                               (const char *)g_ptr_array_index(names, i));
    return names != NULL ? g_string_free(g_steal_pointer(&text), FALSE) : NULL;
}

/* Who wrote it: who sent it, or the positions that signed; owned. */
static char *
list_writers(NskDbTxn *txn, const NskLetterFacts *facts)
{
    GString *text = g_string_new(facts->received != NULL ? facts->received->origin.name : NULL);

    for (size_t i = 0; i < facts->n_signatories; i++) {
        const char *id = facts->signatories[i].position;
        g_autoptr(NskPosition) position = nsk_directory_get_position(txn, id, NULL);

        g_string_append_printf(text, "%s%s", text->len > 0 ? "; " : "",
                               position != NULL ? position->title : id);
    }
    return g_string_free(text, FALSE);
}

bool
nsk_book_add_archived(NskBook *book, const NskLetterRow *row, const char *day, GError **error)
{
    g_autoptr(NskIncomingRow) incoming = NULL;
    g_autoptr(NskLetter) letter = nsk_office_read_letter(book->txn, row->id, error);

    if (letter == NULL || !nsk_incoming_find(book->txn, row->id, &incoming, error))
        return false;
    const NskLetterFacts *facts = nsk_letter_get_facts(letter);
    g_autofree char *seq = g_strdup_printf("%u", book->rows->len + 1);
    g_autofree char *from = list_writers(book->txn, facts);
    g_autofree char *to = nsk_book_list_addressees(book, facts);
    g_autofree char *files = g_strdup_printf("%zu", facts->n_attachments);
    g_autofree char *names =
        list_names(book->txn, row->id, incoming != NULL ? incoming->agenda : NULL, error);
    const char *number = row->number == NULL && incoming != NULL ? incoming->number : row->number;
    const char *texts[] = { seq, facts->classification, number,        day,   from,
                            to,  row->subject,          row->security, files, names };

    return names != NULL && nsk_book_add(book, texts, error);
}

static bool
add_if_readable(NskBook *book, const char *id, const char *day, GError **error)
{
    bool may = false;
    g_autoptr(NskLetterRow) row = nsk_letter_row_load(book->txn, id, error);

    return row != NULL && nsk_book_may_read(book, row, &may, error) &&
           (!may || nsk_book_add_archived(book, row, day, error));
}

bool
nsk_book_list_archive(NskBook *book, GError **error)
{
    NskInstant from, until;
    bool has_row = true;
    g_autofree char *year = g_strdup_printf("%04d", book->year);

    if (!nsk_book_span(book, &from, &until, error))
        return false;
    g_autoptr(NskDbRows) rows =
        nsk_db_query(book->txn, sql_list,
                     NSK_DB_PARAMS(NSK_DB_TEXT(book->unit->id), NSK_DB_TEXT(year), NSK_DB_INT(from),
                                   NSK_DB_INT(until)),
                     error);
    while (rows != NULL) {
        if (!nsk_db_rows_next(rows, &has_row, error))
            return false;
        if (!has_row)
            return true;
        g_autofree char *id = g_strdup(nsk_db_rows_text(rows, 0));
        g_autofree char *day = g_strdup(nsk_db_rows_text(rows, 1));
        if (!add_if_readable(book, id, day, error))
            return false;
    }
    return false;
}
