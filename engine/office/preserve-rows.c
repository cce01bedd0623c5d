/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "office/preserve-private.h"

static const char sql_save[] =
    "INSERT INTO preservation (letter, wanted, level, due, renew, tries, fault, authority)"
    " VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT (letter) DO UPDATE SET"
    " wanted = excluded.wanted, level = excluded.level, due = excluded.due, renew = excluded.renew,"
    " tries = excluded.tries, fault = excluded.fault, authority = excluded.authority";
static const char sql_find[] =
    "SELECT letter, wanted, level, coalesce(due, 0), coalesce(renew, 0), tries, fault, authority"
    " FROM preservation WHERE letter = $1";
static const char sql_list_due[] =
    "SELECT letter, wanted, level, coalesce(due, 0), coalesce(renew, 0), tries, fault, authority"
    " FROM preservation WHERE due IS NOT NULL AND due <= $1 ORDER BY due, letter LIMIT $2";
static const char sql_list_failing[] =
    "SELECT letter, wanted, level, coalesce(due, 0), coalesce(renew, 0), tries, fault, authority"
    " FROM preservation WHERE due IS NOT NULL AND tries > 0 ORDER BY tries DESC, letter LIMIT $1";

void
nsk_preservation_free(gpointer row)
{
    NskPreservation *self = row;

    if (self == NULL)
        return;
    g_free(self->letter);
    g_free(self->wanted);
    g_free(self->level);
    g_free(self->fault);
    g_free(self->authority);
    g_free(self);
}

bool
nsk_preservation_save(NskDbTxn *txn, const NskPreservation *row, GError **error)
{
    return nsk_db_exec(
        txn, sql_save,
        NSK_DB_PARAMS(NSK_DB_TEXT(row->letter), NSK_DB_TEXT(row->wanted), NSK_DB_TEXT(row->level),
                      row->due != 0 ? NSK_DB_INT(row->due) : NSK_DB_NULL,
                      row->renew != 0 ? NSK_DB_INT(row->renew) : NSK_DB_NULL,
                      NSK_DB_INT(row->tries), NSK_DB_TEXT(row->fault), NSK_DB_TEXT(row->authority)),
        NULL, error);
}

static gpointer
make_row(NskDbRows *rows)
{
    NskPreservation *row = g_new(NskPreservation, 1);

    *row = (NskPreservation){ .letter = g_strdup(nsk_db_rows_text(rows, 0)),
                              .wanted = g_strdup(nsk_db_rows_text(rows, 1)),
                              .level = g_strdup(nsk_db_rows_text(rows, 2)),
                              .due = nsk_db_rows_int(rows, 3),
                              .renew = nsk_db_rows_int(rows, 4),
                              .tries = nsk_db_rows_int(rows, 5),
                              .fault = g_strdup(nsk_db_rows_text(rows, 6)),
                              .authority = g_strdup(nsk_db_rows_text(rows, 7)) };
    return row;
}

bool
nsk_preservation_find(NskDbTxn *txn, const char *letter, NskPreservation **out_row, GError **error)
{
    g_autoptr(GPtrArray) list =
        nsk_db_collect(nsk_db_query(txn, sql_find, NSK_DB_PARAMS(NSK_DB_TEXT(letter)), error),
                       make_row, nsk_preservation_free, error);

    if (list == NULL)
        return false;
    *out_row = list->len > 0 ? g_ptr_array_steal_index(list, 0) : NULL;
    return true;
}

GPtrArray *
nsk_preservation_list_due(NskDbTxn *txn, NskInstant now, unsigned limit, GError **error)
{
    return nsk_db_collect(
        nsk_db_query(txn, sql_list_due, NSK_DB_PARAMS(NSK_DB_INT(now), NSK_DB_INT(limit)), error),
        make_row, nsk_preservation_free, error);
}

GPtrArray *
nsk_preservation_list_failing(NskDbTxn *txn, unsigned limit, GError **error)
{
    return nsk_db_collect(
        nsk_db_query(txn, sql_list_failing, NSK_DB_PARAMS(NSK_DB_INT(limit)), error), make_row,
        nsk_preservation_free, error);
}
