/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Telling webhooks.
 *
 * A row is taken in one change, sent with no transaction open, and told in another: a crash between
 * them sends it again, with the same webhook-id and the same words.
 *
 * A round takes some rows of each webhook.  Those of one are its lane: they are sent one after the
 * other, until one fails or the lane's time is over; the rest waits for another round.  Lanes run
 * side by side, so an address that is slow or silent does not keep others from being told, and a
 * round ends within LANE_US and one TIMEOUT_MS.
 *
 * Of the office a lane uses its clock, its service and, under the round's lock, its key; what is in
 * the database was read before and is written after.
 */
#include "base/message.h"
#include "net/net.h"
#include "office/door-private.h"
#include "office/hook-private.h"
#include "office/mail-private.h"

#include <string.h>

#define SHARE       16 /* rows of a webhook in a round */
#define LANES       8  /* at once */
#define LANE_US     ((int64_t)10 * G_TIME_SPAN_SECOND)
#define MOST_ROUNDS 32
#define TIMEOUT_MS  10000
#define ANSWER_SIZE 65536 /* bytes; nothing is read out of it */
#define KEPT        ((int64_t)30 * G_TIME_SPAN_DAY)

typedef struct {
    NskOffice *office;
    char **hosts; /* that may be private */
    char *ca;
    char *site;      /* where people open the pages; "" is not known */
    GHashTable *ids; /* NskHookRow of each webhook of this round */
    GPtrArray *rows; /* NskHookDelivery, those of a webhook together */
    GMutex lock;     /* of the office's key */
    bool more;       /* a webhook may have further rows */
} Round;

/* The rows of one webhook. */
typedef struct {
    Round *round;
    guint begin, end; /* in its rows */
} Lane;

static void
round_clear(Round *self)
{
    g_clear_pointer(&self->hosts, g_strfreev);
    g_clear_pointer(&self->ca, g_free);
    g_clear_pointer(&self->site, g_free);
    g_clear_pointer(&self->rows, g_ptr_array_unref);
    g_clear_pointer(&self->ids, g_hash_table_unref);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Round, round_clear)

/* --- What is said ---------------------------------------------------------------------------- */

static void
set_links(const Round *self, const NskHookDelivery *row, NskJson *data)
{
    g_autofree char *name =
        row->task[0] != '\0' ? g_strconcat(row->letter, "/", row->task, NULL) : NULL;
    g_autofree char *path =
        name != NULL ? nsk_office_task_path(name) : g_strconcat("/surat/", row->letter, NULL);
    g_autofree char *link = g_strconcat(self->site, path, NULL);
    g_autofree char *escaped = name != NULL ? g_uri_escape_string(name, "/", FALSE) : NULL;
    g_autofree char *api = name != NULL ? g_strconcat("/api/v1/tasks/", escaped, NULL)
                                        : g_strconcat("/api/v1/letters/", row->letter, NULL);

    nsk_json_set_text(data, "letter", row->letter);
    if (name != NULL)
        nsk_json_set_text(data, "task", name);
    nsk_json_set_text(data, "link", link);
    nsk_json_set_text(data, "api", api);
}

static char **
make_headers(Round *self, const NskHookSigning *signing, const char *body, GError **error)
{
    g_mutex_lock(&self->lock);
    char **headers = nsk_hook_headers(self->office, signing, body, error);
    g_mutex_unlock(&self->lock);
    return headers;
}

static char *
make_body(const Round *self, const NskHookDelivery *row)
{
    g_autoptr(NskJson) body = nsk_json_object();
    NskJson *data = nsk_json_object();
    g_autofree char *at = nsk_instant_format(row->at);

    nsk_json_set_text(body, "type", row->type);
    nsk_json_set_text(body, "timestamp", at);
    nsk_json_set(body, "data", data);
    if (row->letter[0] != '\0')
        set_links(self, row, data);
    return nsk_json_canonical(body);
}

/* --- Sending --------------------------------------------------------------------------------- */

static void
judge(NskHookDelivery *row, const NskNetAnswer *answer)
{
    row->status = answer->status;
    row->retry_after = answer->retry_after;
    if (answer->status >= 200 && answer->status < 300)
        return;
    row->fault = answer->status >= 300 && answer->status < 400
                     ? g_strdup_printf(nsk_tr("it answers with status %d, which leads elsewhere; "
                                              "give the address where it leads"),
                                       answer->status)
                     : g_strdup_printf(nsk_tr("it answers with status %d"), answer->status);
}

static bool
ask(Round *self, NskHookDelivery *row, GError **error)
{
    NskInstant now = nsk_clock_now(&nsk_clock_system);
    const NskHookRow *hook = row->hook;
    const NskHookSigning signing = { hook->id, hook->secret,
                                     hook->old_until > nsk_clock_now(self->office->clock),
                                     row->event, now };
    g_autofree char *body = make_body(self, row);
    g_auto(GStrv) headers = make_headers(self, &signing, body, error);
    const NskNetPiece piece = { body, strlen(body) };
    g_auto(NskNetAnswer) answer = { .end = NSK_NET_UNSENT };

    if (headers == NULL)
        return false;
    const NskNetRequest request = { .url = hook->url,
                                    .post = true,
                                    .type = "application/json",
                                    .pieces = &piece,
                                    .n_pieces = 1,
                                    .headers = (const char *const *)headers,
                                    .secret = true,
                                    .public_only = true,
                                    .near = (const char *const *)self->hosts,
                                    .ca = self->ca,
                                    .timeout_ms = TIMEOUT_MS,
                                    .limit = ANSWER_SIZE };
    if (!nsk_net_ask(&request, &answer, error))
        return false;
    judge(row, &answer);
    return true;
}

static void
send_row(Round *self, NskHookDelivery *row)
{
    g_autoptr(GError) fault = NULL;
    int64_t began = g_get_monotonic_time();

    row->began = nsk_clock_now(self->office->clock);
    if (!ask(self, row, &fault))
        row->fault = g_strdup(fault->message);
    row->took = (g_get_monotonic_time() - began) / G_TIME_SPAN_MILLISECOND;
}

static void
send_lane(gpointer data, G_GNUC_UNUSED gpointer pool_data)
{
    const Lane *lane = data;
    Round *self = lane->round;
    int64_t until = g_get_monotonic_time() + LANE_US;
    bool goes_on = true;

    for (guint i = lane->begin; i < lane->end; i++) {
        NskHookDelivery *row = self->rows->pdata[i];

        goes_on = goes_on && g_get_monotonic_time() < until &&
                  !nsk_office_service_is_stopping(self->office->service);
        row->untried = !goes_on;
        if (row->secret || row->untried)
            continue;
        send_row(self, row);
        goes_on = row->fault == NULL;
    }
}

/* Until every lane is through. */
static bool
send_lanes(Round *self, GError **error)
{
    g_autoptr(GArray) lanes = g_array_new(FALSE, FALSE, sizeof(Lane));
    GThreadPool *pool = g_thread_pool_new(send_lane, NULL, LANES, FALSE, error);

    if (pool == NULL)
        return false;
    for (guint i = 0; i < self->rows->len; i++) {
        NskHookDelivery *row = self->rows->pdata[i];
        Lane *last = lanes->len > 0 ? &g_array_index(lanes, Lane, lanes->len - 1) : NULL;

        row->hook = g_hash_table_lookup(self->ids, row->webhook);
        if (last != NULL && row->hook == ((NskHookDelivery *)self->rows->pdata[last->begin])->hook)
            last->end = i + 1;
        else
            g_array_append_val(lanes, ((Lane){ self, i, i + 1 }));
    }
    for (guint i = 0; i < lanes->len; i++)
        (void)g_thread_pool_push(pool, &g_array_index(lanes, Lane, i), NULL);
    g_thread_pool_free(pool, FALSE, TRUE);
    return true;
}

/* --- Rounds ---------------------------------------------------------------------------------- */

static bool
apply_claim(NskDbTxn *txn, void *data, G_GNUC_UNUSED char **out_answer, GError **error)
{
    Round *self = data;

    GHashTableIter iter;
    gpointer value;

    g_clear_pointer(&self->rows, g_ptr_array_unref);
    self->rows = g_ptr_array_new_with_free_func(nsk_hook_delivery_free);
    self->more = false;
    g_hash_table_iter_init(&iter, self->ids);
    while (g_hash_table_iter_next(&iter, NULL, &value)) {
        const NskHookRow *hook = value;
        NskInstant now = nsk_clock_now(self->office->clock);

        if (!hook->active || hook->waiting == 0)
            continue;
        GPtrArray *rows = nsk_hook_claim(txn, hook->id, now, SHARE, error);
        if (rows == NULL)
            return false;
        self->more = self->more || rows->len == SHARE;
        g_ptr_array_extend_and_steal(self->rows, rows);
    }
    return true;
}

/* The history tells which part of the program switched it off. */
static bool
record_end(const Round *self, NskDbTxn *txn, const NskHookDelivery *row, GError **error)
{
    const NskDoorEvent event = { .origin = self->office->origin,
                                 .action = "webhook-switched-off",
                                 .actor = "naskah-webhook",
                                 .detail = row->webhook,
                                 .now = nsk_clock_now(self->office->clock) };

    return nsk_door_record(txn, &event, error);
}

static bool
apply_settle(NskDbTxn *txn, void *data, G_GNUC_UNUSED char **out_answer, GError **error)
{
    const Round *self = data;

    for (guint i = 0; i < self->rows->len; i++) {
        bool ended;
        const NskHookDelivery *row = self->rows->pdata[i];

        if (!nsk_hook_settle(txn, row, nsk_clock_now(self->office->clock), &ended, error) ||
            (ended && !record_end(self, txn, row, error)))
            return false;
    }
    return true;
}

static void
free_hook(gpointer row)
{
    nsk_hook_row_free(row);
}

/* As it stands now: a secret that was renewed is used from the next round on. */
static bool
load_round(Round *self, bool *out_any, GError **error)
{
    g_autoptr(NskDbTxn) txn = nsk_db_snapshot(self->office->reader, error);
    g_autoptr(GPtrArray) hooks = txn != NULL ? nsk_hook_list(txn, error) : NULL;

    round_clear(self);
    if (hooks == NULL || !nsk_hook_load_settings(txn, &self->hosts, &self->ca, error) ||
        !nsk_mail_site_find(txn, &self->site, error))
        return false;
    self->ids = g_hash_table_new_full(g_str_hash, g_str_equal, NULL, free_hook);
    *out_any = false;
    while (hooks->len > 0) {
        NskHookRow *row = g_ptr_array_steal_index_fast(hooks, hooks->len - 1);

        *out_any = *out_any || (row->active && row->waiting > 0);
        g_hash_table_insert(self->ids, row->id, row);
    }
    return true;
}

bool
nsk_office_run_hooks(NskOffice *self, GError **error)
{
    g_auto(Round) round = { .office = self }; /* a mutex that is zero is a good one */
    bool more = true;

    for (int i = 0; more && i < MOST_ROUNDS; i++) {
        if (nsk_office_service_is_stopping(self->service))
            break;
        if (!load_round(&round, &more, error))
            return false;
        if (!more)
            break;
        if (!nsk_office_commit(self, apply_claim, &round, NULL, error))
            return false;
        more = round.more;
        if (round.rows->len > 0 && (!send_lanes(&round, error) ||
                                    !nsk_office_commit(self, apply_settle, &round, NULL, error)))
            return false;
    }
    return true;
}

static bool
apply_forget(NskDbTxn *txn, void *data, G_GNUC_UNUSED char **out_answer, GError **error)
{
    const NskOffice *self = data;

    return nsk_hook_forget(txn, nsk_clock_now(self->clock) - KEPT, error);
}

bool
nsk_office_forget_hooks(NskOffice *self, GError **error)
{
    return nsk_office_commit(self, apply_forget, self, NULL, error);
}
