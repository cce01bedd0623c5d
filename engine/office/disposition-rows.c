/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Dispositions and their receivers in the database. */
#include "office/disposition-private.h"

#include <string.h>

static const char sql_list_dispositions[] =
    "SELECT n, task, state, giver, person, capacity, proposer, instructions, note, due, at,"
    " recalled, why, from_n, from_k FROM disposition WHERE letter = $1 ORDER BY n";
static const char sql_list_receivers[] =
    "SELECT n, k, position, lead, task, state, read, reader, answered, doer, urged, report"
    " FROM disposition_receiver WHERE letter = $1 ORDER BY n, k";
static const char sql_book[] =
    "SELECT d.letter, d.n, d.at FROM disposition d JOIN letter l ON l.id = d.letter"
    " LEFT JOIN position p ON p.id = d.giver"
    " WHERE d.at >= $2 AND d.at < $3 AND (d.at, d.letter, d.n) > ($4, $5, $6)"
    " AND d.state IN ('given', 'recalled') AND (l.unit = $1 OR p.unit = $1)"
    " ORDER BY d.at, d.letter, d.n LIMIT $7";
static const char sql_next_n[] =
    "SELECT coalesce(max(n), 0) + 1 FROM disposition WHERE letter = $1";
static const char sql_add_disposition[] =
    "INSERT INTO disposition (letter, n, task, state, giver, person, capacity, proposer,"
    " instructions, note, due, at, from_n, from_k)"
    " VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)";
static const char sql_add_receiver[] =
    "INSERT INTO disposition_receiver (letter, n, k, position, lead, task, state)"
    " VALUES ($1, $2, $3, $4, $5, $6, $7)";
static const char sql_set_read[] = "UPDATE disposition_receiver SET read = $4, reader = $5,"
                                   " state = CASE state WHEN 'waiting' THEN 'read' ELSE state END"
                                   " WHERE letter = $1 AND n = $2 AND k = $3 AND read IS NULL";
static const char sql_set_urged[] =
    "UPDATE disposition_receiver SET urged = $4 WHERE letter = $1 AND n = $2 AND k = $3";
static const char sql_drop_proposal[] = "UPDATE disposition SET state = 'dropped'"
                                        " WHERE letter = $1 AND task = $2 AND state = 'proposed'";
static const char sql_restore_note[] = "UPDATE disposition SET note = $4"
                                       " WHERE letter = $1 AND task = $2 AND at = $3";
static const char sql_restore_why[] = "UPDATE disposition SET why = $4"
                                      " WHERE letter = $1 AND task = $2 AND recalled = $3";
static const char sql_restore_report[] =
    "UPDATE disposition_receiver SET report = $4 WHERE letter = $1 AND task = $2"
    " AND answered = $3 AND state IN ('done', 'noted', 'returned', 'recalled')";

void
nsk_disposition_row_free(gpointer row)
{
    NskDispositionRow *self = row;

    if (self == NULL)
        return;
    char *owned[] = { self->task,     self->state,        self->giver, self->person, self->capacity,
                      self->proposer, self->instructions, self->note,  self->due,    self->why };
    for (size_t i = 0; i < G_N_ELEMENTS(owned); i++)
        g_free(owned[i]);
    g_free(self);
}

void
nsk_receiver_row_free(gpointer row)
{
    NskReceiverRow *self = row;

    if (self == NULL)
        return;
    char *owned[] = { self->position, self->state,  self->report,
                      self->task,     self->reader, self->doer };
    for (size_t i = 0; i < G_N_ELEMENTS(owned); i++)
        g_free(owned[i]);
    g_free(self);
}

bool
nsk_receiver_is_open(const NskReceiverRow *self)
{
    static const char *const open[] = { "waiting", "read", "working", "disposed", NULL };

    return self->task != NULL && g_strv_contains(open, self->state);
}

static gpointer
make_disposition(NskDbRows *rows)
{
    NskDispositionRow *row = g_new0(NskDispositionRow, 1);
    char **texts[] = { &row->task,         &row->state,    &row->giver,
                       &row->person,       &row->capacity, &row->proposer,
                       &row->instructions, &row->note,     &row->due };
    int column = 1;

    row->n = nsk_db_rows_int(rows, 0);
    for (size_t i = 0; i < G_N_ELEMENTS(texts); i++)
        *texts[i] = g_strdup(nsk_db_rows_text(rows, column++));
    row->at = nsk_db_rows_int(rows, column++);
    row->recalled = nsk_db_rows_int(rows, column++);
    row->why = g_strdup(nsk_db_rows_text(rows, column++));
    row->from_n = nsk_db_rows_int(rows, column++);
    row->from_k = nsk_db_rows_int(rows, column);
    return row;
}

static gpointer
make_receiver(NskDbRows *rows)
{
    NskReceiverRow *row = g_new0(NskReceiverRow, 1);

    row->n = nsk_db_rows_int(rows, 0);
    row->k = nsk_db_rows_int(rows, 1);
    row->position = g_strdup(nsk_db_rows_text(rows, 2));
    row->lead = nsk_db_rows_int(rows, 3) != 0;
    row->task = g_strdup(nsk_db_rows_text(rows, 4));
    row->state = g_strdup(nsk_db_rows_text(rows, 5));
    row->read = nsk_db_rows_int(rows, 6);
    row->reader = g_strdup(nsk_db_rows_text(rows, 7));
    row->answered = nsk_db_rows_int(rows, 8);
    row->doer = g_strdup(nsk_db_rows_text(rows, 9));
    row->urged = nsk_db_rows_int(rows, 10);
    row->report = g_strdup(nsk_db_rows_text(rows, 11));
    return row;
}

GPtrArray *
nsk_disposition_list(NskDbTxn *txn, const char *letter, GError **error)
{
    NskDbRows *rows =
        nsk_db_query(txn, sql_list_dispositions, NSK_DB_PARAMS(NSK_DB_TEXT(letter)), error);

    return nsk_db_collect(rows, make_disposition, nsk_disposition_row_free, error);
}

GPtrArray *
nsk_receiver_list(NskDbTxn *txn, const char *letter, GError **error)
{
    NskDbRows *rows =
        nsk_db_query(txn, sql_list_receivers, NSK_DB_PARAMS(NSK_DB_TEXT(letter)), error);

    return nsk_db_collect(rows, make_receiver, nsk_receiver_row_free, error);
}

void
nsk_disposition_place_free(gpointer place)
{
    NskDispositionPlace *self = place;

    g_free(self->letter);
    g_free(self);
}

static gpointer
make_place(NskDbRows *rows)
{
    NskDispositionPlace *place = g_new0(NskDispositionPlace, 1);

    place->letter = g_strdup(nsk_db_rows_text(rows, 0));
    place->n = nsk_db_rows_int(rows, 1);
    place->at = nsk_db_rows_int(rows, 2);
    return place;
}

GPtrArray *
nsk_disposition_book(NskDbTxn *txn, const NskDispositionBookAsk *ask, GError **error)
{
    const NskDispositionPlace *after = ask->after;
    NskDbRows *rows = nsk_db_query(
        txn, sql_book,
        NSK_DB_PARAMS(NSK_DB_TEXT(ask->unit), NSK_DB_INT(ask->from), NSK_DB_INT(ask->until),
                      NSK_DB_INT(after != NULL ? after->at : 0),
                      NSK_DB_TEXT(after != NULL ? after->letter : ""),
                      NSK_DB_INT(after != NULL ? after->n : 0), NSK_DB_INT(ask->limit)),
        error);

    return nsk_db_collect(rows, make_place, nsk_disposition_place_free, error);
}

static bool
find_next_n(NskDbTxn *txn, const char *letter, int64_t *out_n, GError **error)
{
    bool has_row = false;
    g_autoptr(NskDbRows) rows =
        nsk_db_query(txn, sql_next_n, NSK_DB_PARAMS(NSK_DB_TEXT(letter)), error);

    if (rows == NULL || !nsk_db_rows_next(rows, &has_row, error))
        return false;
    *out_n = nsk_db_rows_int(rows, 0);
    return true;
}

static NskDbValue
place_value(int64_t n)
{
    return n != 0 ? NSK_DB_INT(n) : NSK_DB_NULL;
}

bool
nsk_disposition_add(NskDbTxn *txn,
                    const char *letter,
                    NskDispositionRow *row,
                    char *const *receivers,
                    GError **error)
{
    if (!find_next_n(txn, letter, &row->n, error) ||
        !nsk_db_exec(txn, sql_add_disposition,
                     NSK_DB_PARAMS(NSK_DB_TEXT(letter), NSK_DB_INT(row->n), NSK_DB_TEXT(row->task),
                                   NSK_DB_TEXT(row->state), NSK_DB_TEXT(row->giver),
                                   NSK_DB_TEXT(row->person), NSK_DB_TEXT(row->capacity),
                                   NSK_DB_TEXT(row->proposer), NSK_DB_TEXT(row->instructions),
                                   NSK_DB_TEXT(row->note), NSK_DB_TEXT(row->due),
                                   NSK_DB_INT(row->at), place_value(row->from_n),
                                   place_value(row->from_k)),
                     NULL, error))
        return false;
    for (int i = 0; receivers != NULL && receivers[i] != NULL; i++) {
        NskReceiverRow receiver = { .n = row->n,
                                    .k = i + 1,
                                    .position = receivers[i],
                                    .lead = i == 0 && receivers[1] != NULL,
                                    .state = (char *)(uintptr_t) "waiting" };

        if (!nsk_receiver_add(txn, letter, &receiver, error))
            return false;
    }
    return true;
}

bool
nsk_receiver_add(NskDbTxn *txn, const char *letter, const NskReceiverRow *row, GError **error)
{
    return nsk_db_exec(txn, sql_add_receiver,
                       NSK_DB_PARAMS(NSK_DB_TEXT(letter), NSK_DB_INT(row->n), NSK_DB_INT(row->k),
                                     NSK_DB_TEXT(row->position), NSK_DB_INT(row->lead),
                                     NSK_DB_TEXT(row->task), NSK_DB_TEXT(row->state)),
                       NULL, error);
}

bool
nsk_receiver_set_read(NskDbTxn *txn,
                      const char *letter,
                      const NskReceiverRow *row,
                      const char *person,
                      NskInstant at,
                      GError **error)
{
    return nsk_db_exec(txn, sql_set_read,
                       NSK_DB_PARAMS(NSK_DB_TEXT(letter), NSK_DB_INT(row->n), NSK_DB_INT(row->k),
                                     NSK_DB_INT(at), NSK_DB_TEXT(person)),
                       NULL, error);
}

bool
nsk_receiver_set_urged(NskDbTxn *txn,
                       const char *letter,
                       const NskReceiverRow *row,
                       NskInstant at,
                       GError **error)
{
    return nsk_db_exec(
        txn, sql_set_urged,
        NSK_DB_PARAMS(NSK_DB_TEXT(letter), NSK_DB_INT(row->n), NSK_DB_INT(row->k), NSK_DB_INT(at)),
        NULL, error);
}

bool
nsk_proposal_drop(NskDbTxn *txn, const char *letter, const char *task, GError **error)
{
    return nsk_db_exec(txn, sql_drop_proposal,
                       NSK_DB_PARAMS(NSK_DB_TEXT(letter), NSK_DB_TEXT(task)), NULL, error);
}

bool
nsk_disposition_restore_words(NskDbTxn *txn,
                              const char *letter,
                              const NskJournalEvent *event,
                              GError **error)
{
    static const struct {
        const char *action, *sql;
    } words[] = {
        { "disposition-proposed", sql_restore_note },
        { "disposition-given", sql_restore_note },
        { "disposition-recalled", sql_restore_why },
        { "task-recalled", sql_restore_why },
        { "disposition-recalled", sql_restore_report }, /* from one alone */
        { "disposition-done", sql_restore_report },
        { "disposition-none", sql_restore_report },
        { "disposition-returned", sql_restore_report },
        { "disposition-answered", sql_restore_report },
        { "task-done", sql_restore_report },
        { "letter-returned", sql_restore_report },
    };

    for (size_t i = 0; event->task != NULL && i < G_N_ELEMENTS(words); i++) {
        if (strcmp(words[i].action, event->action) == 0 &&
            !nsk_db_exec(txn, words[i].sql,
                         NSK_DB_PARAMS(NSK_DB_TEXT(letter), NSK_DB_TEXT(event->task),
                                       NSK_DB_INT(event->at), NSK_DB_TEXT(event->reason)),
                         NULL, error))
            return false;
    }
    return true;
}
