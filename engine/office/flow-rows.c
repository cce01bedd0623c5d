/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What a workflow asks the office to keep: what it listens to, incidents, and messages that came
 * before anything listened to them.
 */
#include "base/limits.h"
#include "base/message.h"
#include "office/advance-private.h"

static const char sql_put_wait[] =
    "INSERT INTO wait (letter, key, type, name, due) VALUES ($1, $2, $3, $4, $5)"
    " ON CONFLICT (letter, key) DO UPDATE SET due = excluded.due,"
    " held = CASE held WHEN 1 THEN 1 END"; /* until the letter goes on */
static const char sql_drop_wait[] = "DELETE FROM wait WHERE letter = $1 AND key = $2";
static const char sql_hears[] =
    "SELECT 1 FROM wait WHERE letter = $1 AND type = 'message' AND name = $2 LIMIT 1";
static const char sql_hold[] = "UPDATE wait SET held = CASE $2 WHEN 1 THEN 1 END"
                               " WHERE letter = $1 AND held IS CASE $2 WHEN 1 THEN NULL ELSE 1 END";
static const char sql_hold_key[] = "UPDATE wait SET held = 2 WHERE letter = $1 AND key = $2";
static const char sql_list_signal[] =
    "SELECT DISTINCT letter FROM wait WHERE name = $2 AND type = 'signal' AND letter <> $1"
    " ORDER BY letter LIMIT $3";
static const char sql_list_due[] =
    "SELECT letter, key, due FROM wait WHERE due IS NOT NULL AND held IS NULL AND due <= $1"
    " AND (due, letter, key) > ($2, $3, $4) ORDER BY due, letter, key LIMIT $5";
static const char sql_forget_messages[] = "DELETE FROM message WHERE letter = $1 AND until <= $2";
static const char sql_count_messages[] = "SELECT count(*) FROM message WHERE letter = $1";
static const char sql_put_message[] =
    "INSERT INTO message (letter, n, name, at, until) VALUES ($1,"
    " (SELECT coalesce(max(n), 0) + 1 FROM message WHERE letter = $1), $2, $3, $4)";
static const char sql_find_message[] =
    "SELECT n FROM message WHERE letter = $1 AND name = $2 AND until > $3 ORDER BY n LIMIT 1";
static const char sql_drop_message[] = "DELETE FROM message WHERE letter = $1 AND n = $2";
static const char sql_open_incident[] =
    "INSERT INTO incident (letter, key, node, class, reason, opened)"
    " VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (letter, key)"
    " DO UPDATE SET class = excluded.class, reason = excluded.reason, opened = excluded.opened";
static const char sql_close_incident[] = "DELETE FROM incident WHERE letter = $1 AND key = $2";
static const char sql_letter_incidents[] =
    "SELECT letter, key, node, class, reason, opened FROM incident WHERE letter = $1"
    " ORDER BY key LIMIT $2";
static const char sql_all_incidents[] =
    "SELECT letter, key, node, class, reason, opened FROM incident ORDER BY letter, key LIMIT $1";

/* --- Listening. ------------------------------------------------------------------------------- */

bool
nsk_wait_put(NskDbTxn *txn, const char *letter, const NskFlowAction *action, GError **error)
{
    bool is_timer = action->arm == NSK_FLOW_REST_TIMER;
    const char *type = is_timer                               ? "timer"
                       : action->arm == NSK_FLOW_REST_MESSAGE ? "message"
                                                              : "signal";

    return nsk_db_exec(txn, sql_put_wait,
                       NSK_DB_PARAMS(NSK_DB_TEXT(letter), NSK_DB_TEXT(action->key),
                                     NSK_DB_TEXT(type),
                                     NSK_DB_TEXT(is_timer ? "" : action->message),
                                     is_timer ? NSK_DB_INT(action->due) : NSK_DB_NULL),
                       NULL, error);
}

bool
nsk_wait_drop(NskDbTxn *txn, const char *letter, const char *key, GError **error)
{
    return nsk_db_exec(txn, sql_drop_wait, NSK_DB_PARAMS(NSK_DB_TEXT(letter), NSK_DB_TEXT(key)),
                       NULL, error);
}

bool
nsk_wait_hears(NskDbTxn *txn, const char *letter, const char *name, bool *out, GError **error)
{
    g_autoptr(NskDbRows) rows =
        nsk_db_query(txn, sql_hears, NSK_DB_PARAMS(NSK_DB_TEXT(letter), NSK_DB_TEXT(name)), error);

    return rows != NULL && nsk_db_rows_next(rows, out, error);
}

bool
nsk_wait_hold(NskDbTxn *txn, const char *letter, bool hold, GError **error)
{
    return nsk_db_exec(txn, sql_hold, NSK_DB_PARAMS(NSK_DB_TEXT(letter), NSK_DB_INT(hold)), NULL,
                       error);
}

GPtrArray *
nsk_wait_list_signal(NskDbTxn *txn,
                     const char *letter,
                     const char *name,
                     unsigned limit,
                     GError **error)
{
    return nsk_db_list_texts(
        txn, sql_list_signal,
        NSK_DB_PARAMS(NSK_DB_TEXT(letter), NSK_DB_TEXT(name), NSK_DB_INT(limit)), error);
}

void
nsk_due_timer_free(gpointer timer)
{
    NskDueTimer *self = timer;

    g_free(self->letter);
    g_free(self->key);
    g_free(self);
}

static gpointer
make_timer(NskDbRows *row)
{
    NskDueTimer *timer = g_new(NskDueTimer, 1);

    *timer = (NskDueTimer){ .letter = g_strdup(nsk_db_rows_text(row, 0)),
                            .key = g_strdup(nsk_db_rows_text(row, 1)),
                            .due = nsk_db_rows_int(row, 2) };
    return timer;
}

GPtrArray *
nsk_wait_list_due(NskDbTxn *txn,
                  NskInstant now,
                  const NskDueTimer *after,
                  unsigned limit,
                  GError **error)
{
    NskDbRows *rows = nsk_db_query(
        txn, sql_list_due,
        NSK_DB_PARAMS(NSK_DB_INT(now), NSK_DB_INT(after != NULL ? after->due : INT64_MIN),
                      NSK_DB_TEXT(after != NULL ? after->letter : ""),
                      NSK_DB_TEXT(after != NULL ? after->key : ""), NSK_DB_INT(limit)),
        error);

    return nsk_db_collect(rows, make_timer, nsk_due_timer_free, error);
}

/* --- Messages. -------------------------------------------------------------------------------- */

/* Fails if the letter has as many messages as it may. */
static bool
check_room(NskAct *act, GError **error)
{
    bool has_row = false;
    g_autoptr(NskDbRows) rows =
        nsk_db_query(act->txn, sql_count_messages, NSK_DB_PARAMS(NSK_DB_TEXT(act->row->id)), error);

    if (rows == NULL || !nsk_db_rows_next(rows, &has_row, error))
        return false;
    if (!has_row || nsk_db_rows_int(rows, 0) < NSK_LIMIT_FLOW_MESSAGES)
        return true;
    g_set_error(error, NSK_ERROR, NSK_ERROR_LIMIT,
                nsk_tr("letter %s has %d messages already that nothing listens to; see 'naskah "
                       "letter show'"),
                act->row->id, NSK_LIMIT_FLOW_MESSAGES);
    return false;
}

bool
nsk_message_put(NskAct *act, const char *name, int64_t ttl, GError **error)
{
    return nsk_db_exec(act->txn, sql_forget_messages,
                       NSK_DB_PARAMS(NSK_DB_TEXT(act->row->id), NSK_DB_INT(act->now)), NULL,
                       error) &&
           check_room(act, error) &&
           nsk_db_exec(act->txn, sql_put_message,
                       NSK_DB_PARAMS(NSK_DB_TEXT(act->row->id), NSK_DB_TEXT(name),
                                     NSK_DB_INT(act->now), NSK_DB_INT(act->now + ttl)),
                       NULL, error);
}

bool
nsk_message_find(NskAct *act, const char *name, int64_t *out_n, GError **error)
{
    bool has_row = false;
    g_autoptr(NskDbRows) rows = nsk_db_query(
        act->txn, sql_find_message,
        NSK_DB_PARAMS(NSK_DB_TEXT(act->row->id), NSK_DB_TEXT(name), NSK_DB_INT(act->now)), error);

    if (rows == NULL || !nsk_db_rows_next(rows, &has_row, error))
        return false;
    *out_n = has_row ? nsk_db_rows_int(rows, 0) : 0;
    return true;
}

bool
nsk_message_drop(NskDbTxn *txn, const char *letter, int64_t n, GError **error)
{
    return nsk_db_exec(txn, sql_drop_message, NSK_DB_PARAMS(NSK_DB_TEXT(letter), NSK_DB_INT(n)),
                       NULL, error);
}

/* --- Incidents. ------------------------------------------------------------------------------- */

bool
nsk_incident_open(NskAct *act, const NskFlowAction *action, const char *reason, GError **error)
{
    return nsk_db_exec(act->txn, sql_open_incident,
                       NSK_DB_PARAMS(NSK_DB_TEXT(act->row->id), NSK_DB_TEXT(action->key),
                                     NSK_DB_TEXT(action->node != NULL ? action->node : ""),
                                     NSK_DB_TEXT(action->reason), NSK_DB_TEXT(reason),
                                     NSK_DB_INT(act->now)),
                       NULL, error) &&
           nsk_db_exec(act->txn, sql_hold_key,
                       NSK_DB_PARAMS(NSK_DB_TEXT(act->row->id), NSK_DB_TEXT(action->key)), NULL,
                       error);
}

bool
nsk_incident_close(NskDbTxn *txn, const char *letter, const char *key, GError **error)
{
    return nsk_db_exec(txn, sql_close_incident,
                       NSK_DB_PARAMS(NSK_DB_TEXT(letter), NSK_DB_TEXT(key)), NULL, error);
}

void
nsk_incident_row_free(gpointer incident)
{
    NskIncidentRow *self = incident;

    g_free(self->letter);
    g_free(self->key);
    g_free(self->node);
    g_free(self->class);
    g_free(self->reason);
    g_free(self);
}

static gpointer
make_incident(NskDbRows *row)
{
    NskIncidentRow *incident = g_new(NskIncidentRow, 1);

    *incident = (NskIncidentRow){ .letter = g_strdup(nsk_db_rows_text(row, 0)),
                                  .key = g_strdup(nsk_db_rows_text(row, 1)),
                                  .node = g_strdup(nsk_db_rows_text(row, 2)),
                                  .class = g_strdup(nsk_db_rows_text(row, 3)),
                                  .reason = g_strdup(nsk_db_rows_text(row, 4)),
                                  .opened = nsk_db_rows_int(row, 5) };
    return incident;
}

GPtrArray *
nsk_incident_list(NskDbTxn *txn, const char *letter, unsigned limit, GError **error)
{
    NskDbRows *rows =
        letter != NULL
            ? nsk_db_query(txn, sql_letter_incidents,
                           NSK_DB_PARAMS(NSK_DB_TEXT(letter), NSK_DB_INT(limit)), error)
            : nsk_db_query(txn, sql_all_incidents, NSK_DB_PARAMS(NSK_DB_INT(limit)), error);

    return nsk_db_collect(rows, make_incident, nsk_incident_row_free, error);
}
