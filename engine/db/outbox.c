/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The outbox: rows (topic, letter), claimed by workers.
 *
 *   free      ready is 0, or has passed        claimed   worker is set, ready is the lease's end
 *   resting   worker is '', ready lies ahead: its last try failed
 *
 * Claiming takes rows from the front of the index (topic, ready, at): those that never failed
 * first, the oldest of them first.  No cursor is kept, so that workers of one topic do not wait
 * for each other where the database can skip locked rows.
 *
 * INVARIANTS
 *   (1) Only the worker in the row may end a claim; a worker whose lease ran out and whose row
 *       another one took changes nothing any more.
 *   (2) A row goes only at the generation that was claimed: a change that came later is not lost.
 *   (3) Tries are counted at the claim, so that work that kills its worker counts too.
 *   (4) A clock that was set back frees rows no later than the asker's lease or the longest rest
 *       allow; workers of a topic have the same lease.
 */
#include "base/message.h"
#include "db/db-private.h"

#include <string.h>

#define MOST_LEASE  ((int64_t)3600 * G_USEC_PER_SEC)
#define LEAST_REST  ((int64_t)G_USEC_PER_SEC)
#define MOST_REST   ((int64_t)600 * G_USEC_PER_SEC)
#define FAULT_LIMIT 500 /* bytes of a fault that are kept */

static const char sql_add_row[] =
    "INSERT INTO outbox (topic, letter, body, at) VALUES ($1, $2, $3, $4)"
    " ON CONFLICT (topic, letter) DO UPDATE SET generation = generation + 1, latest = excluded.at,"
    " body = CASE WHEN excluded.body = ''"
    " OR instr(' ' || body || ' ', ' ' || excluded.body || ' ') > 0 THEN body"
    " WHEN body = '' THEN excluded.body ELSE body || ' ' || excluded.body END";
static const char sql_free_future[] =
    "UPDATE outbox SET ready = 0, worker = '' WHERE topic = $1 AND ready > $2";
static const char sql_claim_rows[] =
    "UPDATE outbox SET worker = $2, ready = $4, tries = tries + 1 WHERE topic = $1 AND letter IN"
    " (SELECT letter FROM outbox INDEXED BY outbox_ready WHERE topic = $1 AND ready <= $3"
    " ORDER BY ready, at, letter LIMIT $5)"
    " RETURNING letter, body, generation, tries";
static const char sql_remove_row[] = "DELETE FROM outbox WHERE topic = $1 AND letter = $2"
                                     " AND worker = $3 AND generation = $4";
static const char sql_free_renewed[] =
    "UPDATE outbox SET ready = 0, worker = '', tries = 0, fault = NULL, at = coalesce(latest, at)"
    " WHERE topic = $1 AND letter = $2 AND worker = $3";
static const char sql_rest_row[] = "UPDATE outbox SET ready = $4, worker = '', fault = $5"
                                   " WHERE topic = $1 AND letter = $2 AND worker = $3";
static const char sql_release_row[] =
    "UPDATE outbox SET ready = 0, worker = '', tries = max(0, tries - 1)"
    " WHERE topic = $1 AND letter = $2 AND worker = $3";
static const char sql_list_lag[] =
    "SELECT topic, count(*), min(at), count(fault), max(tries) FROM outbox"
    " GROUP BY topic ORDER BY topic";
static const char sql_list_stuck[] =
    "SELECT topic, letter, at, tries, fault FROM outbox WHERE tries >= $1 OR at < $2"
    " ORDER BY at, topic, letter LIMIT $3";

bool
nsk_outbox_add(NskDbTxn *txn,
               const char *topic,
               const char *letter,
               const char *word,
               NskInstant at,
               GError **error)
{
    return nsk_db_exec(
        txn, sql_add_row,
        NSK_DB_PARAMS(NSK_DB_TEXT(topic), NSK_DB_TEXT(letter), NSK_DB_TEXT(word), NSK_DB_INT(at)),
        NULL, error);
}

static void
free_row(gpointer data)
{
    NskOutboxRow *row = data;

    g_free(row->letter);
    g_free(row->body);
    g_free(row->fault);
    g_free(row);
}

static gpointer
make_row(NskDbRows *from)
{
    NskOutboxRow *row = g_new0(NskOutboxRow, 1);

    row->letter = g_strdup(nsk_db_rows_text(from, 0));
    row->body = g_strdup(nsk_db_rows_text(from, 1));
    row->generation = nsk_db_rows_int(from, 2);
    row->tries = nsk_db_rows_int(from, 3);
    return row;
}

GPtrArray *
nsk_outbox_claim(NskDbTxn *txn, const NskOutboxClaim *claim, GError **error)
{
    int64_t farthest = claim->now + MAX(claim->lease, MOST_REST);

    g_assert(claim->lease > 0 && claim->lease <= MOST_LEASE);
    if (!nsk_db_exec(txn, sql_free_future,
                     NSK_DB_PARAMS(NSK_DB_TEXT(claim->topic), NSK_DB_INT(farthest)), NULL, error))
        return NULL;
    NskDbRows *rows = nsk_db_query(
        txn, sql_claim_rows,
        NSK_DB_PARAMS(NSK_DB_TEXT(claim->topic), NSK_DB_TEXT(claim->worker), NSK_DB_INT(claim->now),
                      NSK_DB_INT(claim->now + claim->lease), NSK_DB_INT(claim->limit)),
        error);
    return nsk_db_collect(rows, make_row, free_row, error);
}

static bool
remove_row(NskDbTxn *txn, const NskOutboxClaim *claim, const NskOutboxRow *row, GError **error)
{
    int64_t changed = 0;

    if (!nsk_db_exec(txn, sql_remove_row,
                     NSK_DB_PARAMS(NSK_DB_TEXT(claim->topic), NSK_DB_TEXT(row->letter),
                                   NSK_DB_TEXT(claim->worker), NSK_DB_INT(row->generation)),
                     &changed, error))
        return false;
    return changed > 0 ||
           nsk_db_exec(txn, sql_free_renewed,
                       NSK_DB_PARAMS(NSK_DB_TEXT(claim->topic), NSK_DB_TEXT(row->letter),
                                     NSK_DB_TEXT(claim->worker)),
                       NULL, error);
}

/* How long a row rests that was tried so often: 1, 2, 4 seconds and so on. */
static int64_t
rest_after(int64_t tries)
{
    int64_t rest = LEAST_REST;

    for (int64_t i = 1; i < tries && rest < MOST_REST; i++)
        rest *= 2;
    return MIN(rest, MOST_REST);
}

static bool
rest_row(NskDbTxn *txn, const NskOutboxClaim *claim, const NskOutboxRow *row, GError **error)
{
    g_autofree char *valid = g_utf8_make_valid(row->fault, -1);

    if (strlen(valid) > FAULT_LIMIT) {
        char *stop = g_utf8_find_prev_char(valid, valid + FAULT_LIMIT);

        *(stop != NULL ? stop : valid) = '\0';
    }
    return nsk_db_exec(txn, sql_rest_row,
                       NSK_DB_PARAMS(NSK_DB_TEXT(claim->topic), NSK_DB_TEXT(row->letter),
                                     NSK_DB_TEXT(claim->worker),
                                     NSK_DB_INT(claim->now + rest_after(row->tries)),
                                     NSK_DB_TEXT(valid)),
                       NULL, error);
}

bool
nsk_outbox_done(NskDbTxn *txn,
                const NskOutboxClaim *claim,
                NskOutboxRow *const *rows,
                size_t n,
                GError **error)
{
    for (size_t i = 0; i < n; i++) {
        if (rows[i]->fault == NULL ? !remove_row(txn, claim, rows[i], error)
                                   : !rest_row(txn, claim, rows[i], error))
            return false;
    }
    return true;
}

bool
nsk_outbox_release(NskDbTxn *txn,
                   const NskOutboxClaim *claim,
                   NskOutboxRow *const *rows,
                   size_t n,
                   GError **error)
{
    for (size_t i = 0; i < n; i++) {
        if (!nsk_db_exec(txn, sql_release_row,
                         NSK_DB_PARAMS(NSK_DB_TEXT(claim->topic), NSK_DB_TEXT(rows[i]->letter),
                                       NSK_DB_TEXT(claim->worker)),
                         NULL, error))
            return false;
    }
    return true;
}

static void
free_lag(gpointer data)
{
    g_free(((NskOutboxLag *)data)->topic);
    g_free(data);
}

static gpointer
make_lag(NskDbRows *row)
{
    NskOutboxLag *lag = g_new0(NskOutboxLag, 1);

    lag->topic = g_strdup(nsk_db_rows_text(row, 0));
    lag->waiting = nsk_db_rows_int(row, 1);
    lag->oldest = nsk_db_rows_int(row, 2);
    lag->failing = nsk_db_rows_int(row, 3);
    lag->tries = nsk_db_rows_int(row, 4);
    return lag;
}

GPtrArray *
nsk_outbox_lag(NskDbTxn *txn, GError **error)
{
    return nsk_db_collect(nsk_db_query(txn, sql_list_lag, NSK_DB_NO_PARAMS, error), make_lag,
                          free_lag, error);
}

static void
free_stuck(gpointer data)
{
    NskOutboxStuck *stuck = data;

    g_free(stuck->topic);
    g_free(stuck->letter);
    g_free(stuck->fault);
    g_free(stuck);
}

static gpointer
make_stuck(NskDbRows *row)
{
    NskOutboxStuck *stuck = g_new0(NskOutboxStuck, 1);

    stuck->topic = g_strdup(nsk_db_rows_text(row, 0));
    stuck->letter = g_strdup(nsk_db_rows_text(row, 1));
    stuck->at = nsk_db_rows_int(row, 2);
    stuck->tries = nsk_db_rows_int(row, 3);
    stuck->fault = g_strdup(nsk_db_rows_text(row, 4));
    return stuck;
}

GPtrArray *
nsk_outbox_list_stuck(NskDbTxn *txn,
                      int64_t tries,
                      NskInstant since,
                      unsigned limit,
                      GError **error)
{
    NskDbRows *rows =
        nsk_db_query(txn, sql_list_stuck,
                     NSK_DB_PARAMS(NSK_DB_INT(tries), NSK_DB_INT(since), NSK_DB_INT(limit)), error);

    return nsk_db_collect(rows, make_stuck, free_stuck, error);
}
