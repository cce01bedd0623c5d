/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The rows of webhooks and of what they are told.
 *
 * INVARIANTS
 *   (1) A row of webhook_delivery is written in the change that it tells of, so that none is lost
 *       and none tells of what did not happen.
 *   (2) Its event is its webhook-id for ever, in each try and each replay.
 *   (3) Of a secret letter there is no row; if it became secret later, the row is withheld.
 */
#include "base/id.h"
#include "base/message.h"
#include "office/hook-private.h"

#include <string.h>

#define SECOND     ((int64_t)G_USEC_PER_SEC)
#define MINUTE     (60 * SECOND)
#define HOUR       (60 * MINUTE)
#define DAY        (24 * HOUR)
#define LEASE      (10 * MINUTE) /* of a row that is being sent; after it, it is sent again */
#define GIVE_UP    (3 * DAY)     /* a delivery */
#define END_AFTER  (5 * DAY)     /* a webhook that nothing reached since */
#define MOST_WAIT  (6 * HOUR)
#define GONE       410
#define ATTEMPTS   5
#define PAGE       50
#define MOST_PAGE  200
#define FAULT_SIZE 500

const char *const nsk_hook_types[] = {
    "letter.created",       "letter.submitted",  "letter.returned",      "letter.withdrawn",
    "letter.signed",        "letter.sent",       "letter.archived",      "letter.published",
    "paraf.given",          "number.taken",      "task.created",         "incoming.registered",
    "incoming.readdressed", "disposition.given", "disposition.taken",    "disposition.done",
    "disposition.returned", "disposition.none",  "disposition.recalled", NULL,
};

/* What the journal calls it, and what other programs do. */
static const struct {
    const char *action;
    const char *type;
} names[] = {
    { "letter-created", "letter.created" },
    { "letter-submitted", "letter.submitted" },
    { "letter-returned", "letter.returned" },
    { "letter-withdrawn", "letter.withdrawn" },
    { "letter-signed", "letter.signed" },
    { "paper-signature-confirmed", "letter.signed" },
    { "letter-dispatched", "letter.sent" },
    { "letter-archived", "letter.archived" },
    { "letter-published", "letter.published" },
    { "paraf-given", "paraf.given" },
    { "number-taken", "number.taken" },
    { "letter-registered", "incoming.registered" },
    { "letter-readdressed", "incoming.readdressed" },
    { "disposition-given", "disposition.given" },
    { "disposition-taken-up", "disposition.taken" },
    { "disposition-done", "disposition.done" },
    { "disposition-answered", "disposition.done" },
    { "disposition-returned", "disposition.returned" },
    { "disposition-none", "disposition.none" },
    { "disposition-recalled", "disposition.recalled" },
};

static const char sql_note[] =
    "INSERT INTO webhook_delivery (webhook, event, type, letter, task, at, queued, ready, tries,"
    " state) SELECT w.id, $1, $2, l.id, $4, $5, $5, $5, 0, 'waiting' FROM webhook w"
    " JOIN letter l ON l.id = $3 WHERE w.active = 1 AND l.security <> 'rahasia'"
    " AND l.security <> 'sangat-rahasia'"
    " AND (w.events = '' OR instr(' ' || w.events || ' ', ' ' || $2 || ' ') > 0)";
static const char sql_ping[] =
    "INSERT INTO webhook_delivery (webhook, event, type, letter, task, at, queued, ready, tries,"
    " state) VALUES ($1, $2, 'webhook.ping', '', '', $3, $3, $3, 0, 'waiting')";
static const char sql_load[] =
    "SELECT w.id, w.label, w.url, w.events, w.why, w.person, w.active, w.made, w.version, w.secret,"
    " w.old_until, w.failing, (SELECT count(*) FROM webhook_delivery d WHERE d.webhook = w.id"
    " AND d.state = 'waiting') FROM webhook w WHERE w.id = $1";
static const char sql_list[] =
    "SELECT w.id, w.label, w.url, w.events, w.why, w.person, w.active, w.made, w.version, w.secret,"
    " w.old_until, w.failing, (SELECT count(*) FROM webhook_delivery d WHERE d.webhook = w.id"
    " AND d.state = 'waiting') FROM webhook w ORDER BY w.id";
static const char sql_save[] =
    "INSERT INTO webhook (id, label, url, events, active, why, person, made, version, secret,"
    " old_until, failing) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)"
    " ON CONFLICT (id) DO UPDATE SET label = excluded.label, url = excluded.url,"
    " events = excluded.events, active = excluded.active, why = excluded.why,"
    " version = excluded.version, secret = excluded.secret, old_until = excluded.old_until,"
    " failing = excluded.failing";
static const char sql_delete_attempts[] = "DELETE FROM webhook_attempt WHERE webhook = $1";
static const char sql_delete_deliveries[] = "DELETE FROM webhook_delivery WHERE webhook = $1";
static const char sql_delete[] = "DELETE FROM webhook WHERE id = $1";
static const char sql_requeue_one[] =
    "UPDATE webhook_delivery SET state = 'waiting', done = NULL, tries = 0, queued = $3, ready = $3"
    " WHERE webhook = $1 AND event = $2 AND state <> 'withheld'";
static const char sql_requeue_since[] =
    "UPDATE webhook_delivery SET state = 'waiting', done = NULL, tries = 0, queued = $3, ready = $3"
    " WHERE webhook = $1 AND at >= $2 AND state <> 'withheld' AND type <> 'webhook.ping'";
static const char sql_page[] =
    "SELECT event, type, letter, task, at, state, tries, done FROM webhook_delivery"
    " WHERE webhook = $1 AND event < $2 AND (state = $3 OR $3 = '') ORDER BY event DESC LIMIT $4";
static const char sql_attempts[] =
    "SELECT at, took, status, fault FROM webhook_attempt WHERE webhook = $1 AND event = $2"
    " ORDER BY n DESC LIMIT $3";
static const char sql_ready[] =
    "SELECT d.webhook, d.event, d.type, d.letter, d.task, d.at, d.queued, d.tries,"
    " coalesce(l.security, '') FROM webhook_delivery d INDEXED BY webhook_delivery_waiting"
    " LEFT JOIN letter l ON l.id = d.letter WHERE d.webhook = $1 AND d.state = 'waiting'"
    " AND d.ready <= $2 ORDER BY d.ready, d.event LIMIT $3";
static const char sql_take[] = "UPDATE webhook_delivery SET ready = $3, tries = tries + 1"
                               " WHERE webhook = $1 AND event = $2";
static const char sql_put_back[] =
    "UPDATE webhook_delivery SET ready = $3, tries = max(0, tries - 1)"
    " WHERE webhook = $1 AND event = $2 AND state = 'waiting'";
static const char sql_wait[] = "UPDATE webhook_delivery SET ready = $3"
                               " WHERE webhook = $1 AND event = $2 AND state = 'waiting'";
static const char sql_end[] = "UPDATE webhook_delivery SET state = $3, done = $4"
                              " WHERE webhook = $1 AND event = $2";
static const char sql_attempt[] =
    "INSERT INTO webhook_attempt (webhook, event, n, at, took, status, fault)"
    " SELECT $1, $2, coalesce(max(n), 0) + 1, $3, $4, $5, $6 FROM webhook_attempt"
    " WHERE webhook = $1 AND event = $2";
static const char sql_reached[] =
    "UPDATE webhook SET failing = NULL WHERE id = $1 AND failing IS NOT NULL";
static const char sql_failed[] = "UPDATE webhook SET failing = coalesce(failing, $2) WHERE id = $1";
static const char sql_switch_off[] =
    "UPDATE webhook SET active = 0, why = $2, version = version + 1 WHERE id = $1 AND active = 1"
    " AND ($2 = 'gone' OR failing < $3)";
static const char sql_forget_attempts[] =
    "DELETE FROM webhook_attempt WHERE EXISTS (SELECT 1 FROM webhook_delivery d"
    " WHERE d.webhook = webhook_attempt.webhook AND d.event = webhook_attempt.event"
    " AND d.done < $1)";
static const char sql_forget[] = "DELETE FROM webhook_delivery WHERE done < $1";
static const char sql_find_ended[] =
    "SELECT label FROM webhook WHERE active = 0 AND (why = 'failing' OR why = 'gone') ORDER BY id"
    " LIMIT 1";

/* --- What happens ---------------------------------------------------------------------------- */

const char *
nsk_hook_type_of(const char *action)
{
    for (size_t i = 0; i < G_N_ELEMENTS(names); i++)
        if (strcmp(names[i].action, action) == 0)
            return names[i].type;
    return NULL;
}

bool
nsk_hook_note(NskDbTxn *txn, const NskHookEvent *event, GError **error)
{
    g_autofree char *id = nsk_id_new(&nsk_clock_system);

    return nsk_db_exec(
        txn, sql_note,
        NSK_DB_PARAMS(NSK_DB_TEXT(id), NSK_DB_TEXT(event->type), NSK_DB_TEXT(event->letter),
                      NSK_DB_TEXT(event->task != NULL ? event->task : ""), NSK_DB_INT(event->at)),
        NULL, error);
}

bool
nsk_hook_add_ping(NskDbTxn *txn,
                  const char *id,
                  const NskClock *clock,
                  char **out_event,
                  GError **error)
{
    g_autofree char *event = nsk_id_new(&nsk_clock_system);

    if (!nsk_db_exec(
            txn, sql_ping,
            NSK_DB_PARAMS(NSK_DB_TEXT(id), NSK_DB_TEXT(event), NSK_DB_INT(nsk_clock_now(clock))),
            NULL, error))
        return false;
    *out_event = g_steal_pointer(&event);
    return true;
}

/* --- Webhooks -------------------------------------------------------------------------------- */

void
nsk_hook_row_free(NskHookRow *self)
{
    if (self == NULL)
        return;
    g_free(self->id);
    g_free(self->label);
    g_free(self->url);
    g_free(self->events);
    g_free(self->why);
    g_free(self->person);
    g_free(self);
}

static void
free_row(gpointer row)
{
    nsk_hook_row_free(row);
}

static gpointer
make_row(NskDbRows *rows)
{
    NskHookRow *row = g_new0(NskHookRow, 1);

    row->id = g_strdup(nsk_db_rows_text(rows, 0));
    row->label = g_strdup(nsk_db_rows_text(rows, 1));
    row->url = g_strdup(nsk_db_rows_text(rows, 2));
    row->events = g_strdup(nsk_db_rows_text(rows, 3));
    row->why = g_strdup(nsk_db_rows_text(rows, 4));
    row->person = g_strdup(nsk_db_rows_text(rows, 5));
    row->active = nsk_db_rows_int(rows, 6) != 0;
    row->made = nsk_db_rows_int(rows, 7);
    row->version = nsk_db_rows_int(rows, 8);
    row->secret = nsk_db_rows_int(rows, 9);
    row->old_until = nsk_db_rows_is_null(rows, 10) ? 0 : nsk_db_rows_int(rows, 10);
    row->failing = nsk_db_rows_is_null(rows, 11) ? 0 : nsk_db_rows_int(rows, 11);
    row->waiting = nsk_db_rows_int(rows, 12);
    return row;
}

NskHookRow *
nsk_hook_load(NskDbTxn *txn, const char *id, GError **error)
{
    g_autoptr(GPtrArray) rows =
        nsk_db_collect(nsk_db_query(txn, sql_load, NSK_DB_PARAMS(NSK_DB_TEXT(id)), error), make_row,
                       free_row, error);

    if (rows == NULL)
        return NULL;
    if (rows->len > 0)
        return g_ptr_array_steal_index(rows, 0);
    g_set_error_literal(error, NSK_ERROR, NSK_ERROR_NOT_FOUND, nsk_tr("there is no such webhook"));
    return NULL;
}

GPtrArray *
nsk_hook_list(NskDbTxn *txn, GError **error)
{
    return nsk_db_collect(nsk_db_query(txn, sql_list, NSK_DB_NO_PARAMS, error), make_row, free_row,
                          error);
}

static NskDbValue
moment(NskInstant at)
{
    return at != 0 ? NSK_DB_INT(at) : NSK_DB_NULL;
}

bool
nsk_hook_save(NskDbTxn *txn, const NskHookRow *row, GError **error)
{
    return nsk_db_exec(
        txn, sql_save,
        NSK_DB_PARAMS(NSK_DB_TEXT(row->id), NSK_DB_TEXT(row->label), NSK_DB_TEXT(row->url),
                      NSK_DB_TEXT(row->events), NSK_DB_INT(row->active), NSK_DB_TEXT(row->why),
                      NSK_DB_TEXT(row->person), NSK_DB_INT(row->made), NSK_DB_INT(row->version),
                      NSK_DB_INT(row->secret), moment(row->old_until), moment(row->failing)),
        NULL, error);
}

bool
nsk_hook_delete(NskDbTxn *txn, const char *id, GError **error)
{
    return nsk_db_exec(txn, sql_delete_attempts, NSK_DB_PARAMS(NSK_DB_TEXT(id)), NULL, error) &&
           nsk_db_exec(txn, sql_delete_deliveries, NSK_DB_PARAMS(NSK_DB_TEXT(id)), NULL, error) &&
           nsk_db_exec(txn, sql_delete, NSK_DB_PARAMS(NSK_DB_TEXT(id)), NULL, error);
}

/* --- What they were told ---------------------------------------------------------------------- */

bool
nsk_hook_requeue(NskDbTxn *txn,
                 const NskHookReplay *replay,
                 NskInstant since,
                 NskInstant now,
                 int64_t *out_n,
                 GError **error)
{
    if (replay->event == NULL)
        return nsk_db_exec(
            txn, sql_requeue_since,
            NSK_DB_PARAMS(NSK_DB_TEXT(replay->id), NSK_DB_INT(since), NSK_DB_INT(now)), out_n,
            error);
    if (!nsk_db_exec(
            txn, sql_requeue_one,
            NSK_DB_PARAMS(NSK_DB_TEXT(replay->id), NSK_DB_TEXT(replay->event), NSK_DB_INT(now)),
            out_n, error))
        return false;
    if (*out_n > 0)
        return true;
    g_set_error_literal(error, NSK_ERROR, NSK_ERROR_NOT_FOUND,
                        nsk_tr("this webhook was not told of such an event, or it is kept no "
                               "more"));
    return false;
}

static void
set_moment(NskJson *row, const char *name, NskDbRows *rows, int column)
{
    g_autofree char *text = nsk_instant_format(nsk_db_rows_int(rows, column));

    nsk_json_set_text(row, name, nsk_db_rows_is_null(rows, column) ? NULL : text);
}

static void
set_word(NskJson *row, const char *name, const char *word)
{
    nsk_json_set_text(row, name, word[0] != '\0' ? word : NULL);
}

static bool
add_attempts(NskDbTxn *txn, const char *webhook, NskJson *delivery, GError **error)
{
    bool has_row = true;
    NskJson *list = nsk_json_array();
    g_autoptr(NskDbRows) rows = nsk_db_query(
        txn, sql_attempts,
        NSK_DB_PARAMS(NSK_DB_TEXT(webhook), NSK_DB_TEXT(nsk_json_get_text(delivery, "event")),
                      NSK_DB_INT(ATTEMPTS)),
        error);

    nsk_json_set(delivery, "attempts", list);
    while (rows != NULL && nsk_db_rows_next(rows, &has_row, error)) {
        if (!has_row)
            return true;
        NskJson *row = nsk_json_object();
        set_moment(row, "at", rows, 0);
        nsk_json_set_int(row, "took", nsk_db_rows_int(rows, 1));
        nsk_json_set_int(row, "status", nsk_db_rows_int(rows, 2));
        set_word(row, "fault", nsk_db_rows_text(rows, 3));
        nsk_json_add(list, row);
    }
    return false;
}

static NskJson *
tell_delivery(NskDbRows *rows)
{
    NskJson *row = nsk_json_object();

    nsk_json_set_text(row, "event", nsk_db_rows_text(rows, 0));
    nsk_json_set_text(row, "type", nsk_db_rows_text(rows, 1));
    set_word(row, "letter", nsk_db_rows_text(rows, 2));
    set_word(row, "task", nsk_db_rows_text(rows, 3));
    set_moment(row, "at", rows, 4);
    nsk_json_set_text(row, "state", nsk_db_rows_text(rows, 5));
    nsk_json_set_int(row, "tries", nsk_db_rows_int(rows, 6));
    set_moment(row, "done", rows, 7);
    return row;
}

static bool
read_page(NskDbTxn *txn, const NskHookAsk *ask, int64_t limit, NskJson *list, GError **error)
{
    bool has_row = true;
    g_autoptr(NskDbRows) rows = nsk_db_query(
        txn, sql_page,
        NSK_DB_PARAMS(NSK_DB_TEXT(ask->id), NSK_DB_TEXT(ask->after != NULL ? ask->after : "g"),
                      NSK_DB_TEXT(ask->state != NULL ? ask->state : ""), NSK_DB_INT(limit + 1)),
        error);

    while (rows != NULL && nsk_db_rows_next(rows, &has_row, error)) {
        if (!has_row)
            return true;
        nsk_json_add(list, tell_delivery(rows));
    }
    return false;
}

NskJson *
nsk_hook_tell_deliveries(NskDbTxn *txn, const NskHookAsk *ask, GError **error)
{
    int64_t limit = ask->limit > 0 ? MIN(ask->limit, MOST_PAGE) : PAGE;
    g_autoptr(NskJson) all = nsk_json_array();
    g_autoptr(NskJson) result = nsk_json_object();
    NskJson *list = nsk_json_array();
    const char *next = NULL;

    nsk_json_set(result, "deliveries", list);
    if (!read_page(txn, ask, limit, all, error))
        return NULL;
    for (size_t i = 0; i < nsk_json_length(all) && i < (size_t)limit; i++) {
        NskJson *row = nsk_json_at(all, i);

        if (!add_attempts(txn, ask->id, row, error))
            return NULL;
        nsk_json_add(list, nsk_json_ref(row));
        if (nsk_json_length(all) > (size_t)limit)
            next = nsk_json_get_text(row, "event");
    }
    nsk_json_set_text(result, "next", next);
    return g_steal_pointer(&result);
}

/* --- Sending --------------------------------------------------------------------------------- */

void
nsk_hook_delivery_free(gpointer data)
{
    NskHookDelivery *self = data;

    if (self == NULL)
        return;
    g_free(self->webhook);
    g_free(self->event);
    g_free(self->type);
    g_free(self->letter);
    g_free(self->task);
    g_free(self->fault);
    g_free(self);
}

static gpointer
make_delivery(NskDbRows *rows)
{
    NskHookDelivery *self = g_new0(NskHookDelivery, 1);

    self->webhook = g_strdup(nsk_db_rows_text(rows, 0));
    self->event = g_strdup(nsk_db_rows_text(rows, 1));
    self->type = g_strdup(nsk_db_rows_text(rows, 2));
    self->letter = g_strdup(nsk_db_rows_text(rows, 3));
    self->task = g_strdup(nsk_db_rows_text(rows, 4));
    self->at = nsk_db_rows_int(rows, 5);
    self->queued = nsk_db_rows_int(rows, 6);
    self->tries = nsk_db_rows_int(rows, 7);
    self->secret = nsk_security_is_secret(nsk_db_rows_text(rows, 8));
    return self;
}

GPtrArray *
nsk_hook_claim(NskDbTxn *txn, const char *webhook, NskInstant now, int limit, GError **error)
{
    g_autoptr(GPtrArray) rows = nsk_db_collect(
        nsk_db_query(txn, sql_ready,
                     NSK_DB_PARAMS(NSK_DB_TEXT(webhook), NSK_DB_INT(now), NSK_DB_INT(limit)),
                     error),
        make_delivery, nsk_hook_delivery_free, error);

    for (guint i = 0; rows != NULL && i < rows->len; i++) {
        const NskHookDelivery *row = rows->pdata[i];

        if (!nsk_db_exec(txn, sql_take,
                         NSK_DB_PARAMS(NSK_DB_TEXT(row->webhook), NSK_DB_TEXT(row->event),
                                       NSK_DB_INT(now + LEASE)),
                         NULL, error))
            return NULL;
    }
    return g_steal_pointer(&rows);
}

/* How long a delivery rests that was tried so often, as the specification advises. */
static int64_t
rest_after(const NskHookDelivery *delivery)
{
    static const int64_t rests[] = { 5 * SECOND,  30 * SECOND, 2 * MINUTE, 10 * MINUTE,
                                     30 * MINUTE, HOUR,        2 * HOUR,   4 * HOUR };
    int64_t rest =
        delivery->tries < (int64_t)G_N_ELEMENTS(rests) ? rests[delivery->tries] : MOST_WAIT;

    return MAX(rest, MIN((int64_t)delivery->retry_after * SECOND, MOST_WAIT));
}

static bool
set_ready(NskDbTxn *txn,
          const char *sql,
          const NskHookDelivery *delivery,
          NskInstant ready,
          GError **error)
{
    return nsk_db_exec(txn, sql,
                       NSK_DB_PARAMS(NSK_DB_TEXT(delivery->webhook), NSK_DB_TEXT(delivery->event),
                                     NSK_DB_INT(ready)),
                       NULL, error);
}

static bool
end_delivery(NskDbTxn *txn,
             const NskHookDelivery *delivery,
             const char *state,
             NskInstant now,
             GError **error)
{
    return nsk_db_exec(txn, sql_end,
                       NSK_DB_PARAMS(NSK_DB_TEXT(delivery->webhook), NSK_DB_TEXT(delivery->event),
                                     NSK_DB_TEXT(state), NSK_DB_INT(now)),
                       NULL, error);
}

static bool
note_attempt(NskDbTxn *txn, const NskHookDelivery *delivery, GError **error)
{
    g_autofree char *fault = g_utf8_make_valid(delivery->fault != NULL ? delivery->fault : "", -1);

    if (strlen(fault) > FAULT_SIZE) {
        char *stop = g_utf8_find_prev_char(fault, fault + FAULT_SIZE);

        *(stop != NULL ? stop : fault) = '\0';
    }
    return nsk_db_exec(txn, sql_attempt,
                       NSK_DB_PARAMS(NSK_DB_TEXT(delivery->webhook), NSK_DB_TEXT(delivery->event),
                                     NSK_DB_INT(delivery->began), NSK_DB_INT(delivery->took),
                                     NSK_DB_INT(delivery->status), NSK_DB_TEXT(fault)),
                       NULL, error);
}

static bool
settle_failure(NskDbTxn *txn,
               const NskHookDelivery *delivery,
               NskInstant now,
               bool *out_ended,
               GError **error)
{
    int64_t ended = 0;
    bool over = delivery->status == GONE || now - delivery->queued > GIVE_UP;

    if (!nsk_db_exec(txn, sql_failed,
                     NSK_DB_PARAMS(NSK_DB_TEXT(delivery->webhook), NSK_DB_INT(delivery->began)),
                     NULL, error) ||
        !nsk_db_exec(txn, sql_switch_off,
                     NSK_DB_PARAMS(NSK_DB_TEXT(delivery->webhook),
                                   NSK_DB_TEXT(delivery->status == GONE ? "gone" : "failing"),
                                   NSK_DB_INT(now - END_AFTER)),
                     &ended, error))
        return false;
    *out_ended = ended > 0;
    return over ? end_delivery(txn, delivery, "failed", now, error)
                : set_ready(txn, sql_wait, delivery, now + rest_after(delivery), error);
}

bool
nsk_hook_settle(NskDbTxn *txn,
                const NskHookDelivery *delivery,
                NskInstant now,
                bool *out_ended,
                GError **error)
{
    *out_ended = false;
    if (delivery->secret)
        return end_delivery(txn, delivery, "withheld", now, error);
    if (delivery->untried)
        return set_ready(txn, sql_put_back, delivery, now + rest_after(delivery), error);
    if (!note_attempt(txn, delivery, error))
        return false;
    if (delivery->fault != NULL)
        return settle_failure(txn, delivery, now, out_ended, error);
    return end_delivery(txn, delivery, "sent", now, error) &&
           nsk_db_exec(txn, sql_reached, NSK_DB_PARAMS(NSK_DB_TEXT(delivery->webhook)), NULL,
                       error);
}

bool
nsk_hook_forget(NskDbTxn *txn, NskInstant before, GError **error)
{
    return nsk_db_exec(txn, sql_forget_attempts, NSK_DB_PARAMS(NSK_DB_INT(before)), NULL, error) &&
           nsk_db_exec(txn, sql_forget, NSK_DB_PARAMS(NSK_DB_INT(before)), NULL, error);
}

bool
nsk_hook_find_ended(NskDbTxn *txn, char **out_label, GError **error)
{
    g_autoptr(GPtrArray) labels = nsk_db_list_texts(txn, sql_find_ended, NSK_DB_NO_PARAMS, error);

    if (labels == NULL)
        return false;
    *out_label = labels->len > 0 ? g_strdup(labels->pdata[0]) : NULL;
    return true;
}
