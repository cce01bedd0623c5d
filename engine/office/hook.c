/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Webhooks, as who looks after the office sets them. */
#include "office/hook.h"

#include "base/bytes.h"
#include "base/id.h"
#include "base/message.h"
#include "office/admin-private.h"
#include "office/door-private.h"
#include "office/hook-private.h"

#include <string.h>

#define MOST_HOOKS  50
#define LABEL_LIMIT 100 /* bytes */
#define MOST_HOURS  168
#define HOUR        ((int64_t)3600 * G_USEC_PER_SEC)

/* --- Telling --------------------------------------------------------------------------------- */

static void
set_moment(NskJson *result, const char *name, NskInstant at)
{
    g_autofree char *text = at != 0 ? nsk_instant_format(at) : NULL;

    nsk_json_set_text(result, name, text);
}

static NskJson *
tell_hook(const NskHookRow *row, NskInstant now)
{
    NskJson *result = nsk_json_object();
    NskJson *events = nsk_json_array();
    g_auto(GStrv) types = g_strsplit(row->events, " ", -1);

    for (char **type = types; *type != NULL && row->events[0] != '\0'; type++)
        nsk_json_add_text(events, *type);
    nsk_json_set_text(result, "id", row->id);
    nsk_json_set_text(result, "label", row->label);
    nsk_json_set_text(result, "url", row->url);
    nsk_json_set(result, "events", events);
    nsk_json_set_bool(result, "active", row->active);
    nsk_json_set_text(result, "why", row->why[0] != '\0' ? row->why : NULL);
    nsk_json_set_text(result, "person", row->person);
    set_moment(result, "made", row->made);
    nsk_json_set_int(result, "version", row->version);
    set_moment(result, "failing", row->failing);
    set_moment(result, "old_secret_until", row->old_until > now ? row->old_until : 0);
    nsk_json_set_int(result, "waiting", row->waiting);
    return result;
}

/* To others than who looks after the office there are no webhooks. */
static bool
check(NskOffice *self, NskDbTxn *txn, GError **error)
{
    bool may = !nsk_admin_comes_by_door(self);

    if (!may && !nsk_admin_find(txn, self->person, nsk_clock_now(self->clock), &may, error))
        return false;
    if (!may)
        g_set_error_literal(error, NSK_ERROR, NSK_ERROR_NOT_FOUND,
                            nsk_tr("there is no such page here"));
    return may;
}

static NskDbTxn *
look(NskOffice *self, GError **error)
{
    g_autoptr(NskDbTxn) txn = nsk_db_snapshot(self->reader, error);

    return txn != NULL && check(self, txn, error) ? g_steal_pointer(&txn) : NULL;
}

bool
nsk_office_hook_list(NskOffice *self, NskJson **out_result, GError **error)
{
    g_autoptr(NskDbTxn) txn = look(self, error);
    g_autoptr(GPtrArray) rows = txn != NULL ? nsk_hook_list(txn, error) : NULL;

    if (rows == NULL)
        return false;
    NskJson *list = nsk_json_array();
    for (guint i = 0; i < rows->len; i++)
        nsk_json_add(list, tell_hook(rows->pdata[i], nsk_clock_now(self->clock)));
    *out_result = nsk_json_object();
    nsk_json_set(*out_result, "webhooks", list);
    return true;
}

bool
nsk_office_hook_show(NskOffice *self, const char *id, NskJson **out_result, GError **error)
{
    g_autoptr(NskDbTxn) txn = look(self, error);
    g_autoptr(NskHookRow) row = txn != NULL ? nsk_hook_load(txn, id, error) : NULL;

    if (row == NULL)
        return false;
    *out_result = tell_hook(row, nsk_clock_now(self->clock));
    return true;
}

bool
nsk_office_hook_deliveries(NskOffice *self,
                           const NskHookAsk *ask,
                           NskJson **out_result,
                           GError **error)
{
    g_autoptr(NskDbTxn) txn = look(self, error);
    g_autoptr(NskHookRow) row = txn != NULL ? nsk_hook_load(txn, ask->id, error) : NULL;
    NskJson *result = row != NULL ? nsk_hook_tell_deliveries(txn, ask, error) : NULL;

    if (result != NULL)
        *out_result = result;
    return result != NULL;
}

/* --- Changing -------------------------------------------------------------------------------- */

typedef struct {
    NskOffice *office;
    const char *id;
    const NskHookWish *wish;
    const NskHookReplay *replay;
    NskInstant since;
    int64_t version;
    int64_t hours;
    NskInstant now;
} Change;

static bool
record(const Change *change, NskDbTxn *txn, const char *action, GError **error)
{
    const NskDoorEvent event = { .origin = change->office->origin,
                                 .auth = change->office->auth,
                                 .action = action,
                                 .actor = change->office->person,
                                 .detail = change->id,
                                 .now = change->now };

    return nsk_door_record(txn, &event, error);
}

/* The webhook, of the version that was seen. */
static NskHookRow *
load(const Change *change, NskDbTxn *txn, bool any_version, GError **error)
{
    g_autoptr(NskHookRow) row =
        check(change->office, txn, error) ? nsk_hook_load(txn, change->id, error) : NULL;

    if (row == NULL || any_version || row->version == change->version)
        return g_steal_pointer(&row);
    g_set_error_literal(error, NSK_ERROR, NSK_ERROR_CONFLICT,
                        nsk_tr("somebody changed this webhook meanwhile; look at it again"));
    return NULL;
}

static char *
answer_of(const Change *change, NskDbTxn *txn, GError **error)
{
    g_autoptr(NskHookRow) row = nsk_hook_load(txn, change->id, error);
    g_autoptr(NskJson) result = row != NULL ? tell_hook(row, change->now) : NULL;

    if (result == NULL)
        return NULL;
    /* the number alone: the secret itself is in no answer that is kept */
    nsk_json_set_int(result, "secret", row->secret);
    return nsk_json_canonical(result);
}

/* In the order of nsk_hook_types, each once; NULL for one that there is not.  Owned. */
static char *
read_events(const char *text, GError **error)
{
    g_auto(GStrv) asked = g_strsplit(text, " ", -1);
    GString *events = g_string_new(NULL);

    for (char **type = asked; *type != NULL; type++) {
        if (**type == '\0' || g_strv_contains(nsk_hook_types, *type))
            continue;
        g_autofree char *known = g_strjoinv(", ", (char **)(uintptr_t)nsk_hook_types);
        g_set_error(error, NSK_ERROR, NSK_ERROR_INVALID,
                    nsk_tr("there is no event '%.100s'; there are %s"), *type, known);
        g_string_free(events, TRUE);
        return NULL;
    }
    for (const char *const *type = nsk_hook_types; *type != NULL; type++)
        if (g_strv_contains((const char *const *)asked, *type))
            g_string_append_printf(events, "%s%s", events->len > 0 ? " " : "", *type);
    return g_string_free(events, FALSE);
}

static bool
check_wish(NskDbTxn *txn, const NskHookWish *wish, GError **error)
{
    g_auto(GStrv) hosts = NULL;
    g_autofree char *ca = NULL;

    if (wish->label[strspn(wish->label, " \t\r\n")] == '\0' || strlen(wish->label) > LABEL_LIMIT ||
        !g_utf8_validate(wish->label, -1, NULL)) {
        g_set_error(error, NSK_ERROR, NSK_ERROR_INVALID,
                    nsk_tr("say in up to %d characters what the webhook is for"), LABEL_LIMIT);
        return false;
    }
    return nsk_hook_load_settings(txn, &hosts, &ca, error) &&
           nsk_hook_check_url(wish->url, hosts, error);
}

static bool
check_room(NskDbTxn *txn, GError **error)
{
    g_autoptr(GPtrArray) rows = nsk_hook_list(txn, error);

    if (rows == NULL)
        return false;
    if (rows->len < MOST_HOOKS)
        return true;
    g_set_error(error, NSK_ERROR, NSK_ERROR_LIMIT,
                nsk_tr("there are %d webhooks already; take one out first"), MOST_HOOKS);
    return false;
}

/* The row before what is wished; a new one if it has no id yet. */
static NskHookRow *
row_to_change(const Change *change, NskDbTxn *txn, GError **error)
{
    if (change->wish->id != NULL)
        return load(change, txn, false, error);
    if (!check(change->office, txn, error) || !check_room(txn, error))
        return NULL;
    NskHookRow *row = g_new0(NskHookRow, 1);
    row->id = g_strdup(change->id);
    row->person = g_strdup(change->office->person);
    row->made = change->now;
    row->secret = 1;
    return row;
}

static bool
apply_put(NskDbTxn *txn, void *data, char **out_answer, GError **error)
{
    const Change *change = data;
    const NskHookWish *wish = change->wish;
    g_autoptr(NskHookRow) row = row_to_change(change, txn, error);
    g_autofree char *events =
        row != NULL && check_wish(txn, wish, error) ? read_events(wish->events, error) : NULL;

    if (events == NULL)
        return false;
    /* what is switched on anew begins anew */
    if (wish->active != row->active)
        row->failing = 0;
    row->version++;
    row->active = wish->active;
    g_free(row->label);
    g_free(row->url);
    g_free(row->events);
    g_free(row->why);
    row->label = g_strdup(wish->label);
    row->url = g_strdup(wish->url);
    row->events = g_steal_pointer(&events);
    row->why = g_strdup(wish->active ? "" : "person");
    if (!nsk_hook_save(txn, row, error) ||
        !record(change, txn, wish->id == NULL ? "webhook-added" : "webhook-changed", error))
        return false;
    *out_answer = answer_of(change, txn, error);
    return *out_answer != NULL;
}

/* Does it, and gives the answer with its secret in words if that is asked. */
static bool
commit(NskOffice *self,
       bool (*apply)(NskDbTxn *, void *, char **, GError **),
       Change *change,
       bool with_secret,
       NskJson **out_result,
       GError **error)
{
    g_autofree char *answer = NULL;

    if (!nsk_office_commit(self, apply, change, &answer, error))
        return false;
    g_autoptr(NskJson) result = nsk_office_read_answer(answer, error);
    if (result == NULL)
        return false;
    int64_t n = nsk_json_get_int(result, "secret", 1);
    const char *id = nsk_json_get_text(result, "id");
    char *secret = with_secret ? nsk_hook_secret(self, id, n, error) : NULL;
    if (with_secret && secret == NULL)
        return false;
    nsk_json_set_text(result, "secret", secret);
    if (secret != NULL)
        nsk_wipe(secret, strlen(secret));
    g_free(secret);
    *out_result = g_steal_pointer(&result);
    return true;
}

bool
nsk_office_hook_put(NskOffice *self, const NskHookWish *wish, NskJson **out_result, GError **error)
{
    g_autofree char *fresh = nsk_id_new(self->clock);
    Change change = { .office = self,
                      .id = wish->id != NULL ? wish->id : fresh,
                      .wish = wish,
                      .version = wish->version,
                      .now = nsk_clock_now(self->clock) };

    NSK_REQUEST(self, "webhook-put", wish->id != NULL ? wish->id : "", wish->label, wish->url,
                wish->events, wish->active ? "1" : "0");
    return commit(self, apply_put, &change, wish->id == NULL, out_result, error);
}

static bool
apply_remove(NskDbTxn *txn, void *data, char **out_answer, GError **error)
{
    const Change *change = data;
    g_autoptr(NskHookRow) row = load(change, txn, false, error);

    if (row == NULL || !nsk_hook_delete(txn, change->id, error) ||
        !record(change, txn, "webhook-removed", error))
        return false;
    g_autoptr(NskJson) result = nsk_json_object();
    nsk_json_set_text(result, "id", change->id);
    *out_answer = nsk_json_canonical(result);
    return true;
}

bool
nsk_office_hook_remove(NskOffice *self,
                       const char *id,
                       int64_t version,
                       NskJson **out_result,
                       GError **error)
{
    g_autofree char *answer = NULL;
    Change change = { .office = self,
                      .id = id,
                      .version = version,
                      .now = nsk_clock_now(self->clock) };

    NSK_REQUEST(self, "webhook-remove", id);
    if (!nsk_office_commit(self, apply_remove, &change, &answer, error))
        return false;
    *out_result = nsk_office_read_answer(answer, error);
    return *out_result != NULL;
}

static bool
apply_renew(NskDbTxn *txn, void *data, char **out_answer, GError **error)
{
    const Change *change = data;
    g_autoptr(NskHookRow) row = load(change, txn, true, error);

    if (row == NULL)
        return false;
    row->secret++;
    row->version++;
    row->old_until = change->hours > 0 ? change->now + change->hours * HOUR : 0;
    if (!nsk_hook_save(txn, row, error) || !record(change, txn, "webhook-secret-renewed", error))
        return false;
    *out_answer = answer_of(change, txn, error);
    return *out_answer != NULL;
}

bool
nsk_office_hook_renew(NskOffice *self,
                      const char *id,
                      int64_t hours,
                      NskJson **out_result,
                      GError **error)
{
    g_autofree char *words = g_strdup_printf("%" G_GINT64_FORMAT, hours);
    Change change = { .office = self, .id = id, .hours = hours, .now = nsk_clock_now(self->clock) };

    if (hours < 0 || hours > MOST_HOURS) {
        g_set_error(error, NSK_ERROR, NSK_ERROR_INVALID,
                    nsk_tr("the secret of before is good for 0 to %d hours more"), MOST_HOURS);
        return false;
    }
    NSK_REQUEST(self, "webhook-renew", id, words);
    return commit(self, apply_renew, &change, true, out_result, error);
}

/* --- Telling once more ------------------------------------------------------------------------ */

static bool
apply_ping(NskDbTxn *txn, void *data, char **out_answer, GError **error)
{
    const Change *change = data;
    g_autofree char *event = NULL;
    g_autoptr(NskHookRow) row = load(change, txn, true, error);

    if (row == NULL || !nsk_hook_add_ping(txn, change->id, change->office->clock, &event, error))
        return false;
    g_autoptr(NskJson) result = nsk_json_object();
    nsk_json_set_text(result, "id", change->id);
    nsk_json_set_text(result, "event", event);
    *out_answer = nsk_json_canonical(result);
    return true;
}

bool
nsk_office_hook_ping(NskOffice *self, const char *id, NskJson **out_result, GError **error)
{
    g_autofree char *answer = NULL;
    Change change = { .office = self, .id = id, .now = nsk_clock_now(self->clock) };

    NSK_REQUEST(self, "webhook-ping", id);
    if (!nsk_office_commit(self, apply_ping, &change, &answer, error))
        return false;
    *out_result = nsk_office_read_answer(answer, error);
    return *out_result != NULL;
}

static bool
apply_replay(NskDbTxn *txn, void *data, char **out_answer, GError **error)
{
    int64_t queued = 0;
    const Change *change = data;
    g_autoptr(NskHookRow) row = load(change, txn, true, error);

    if (row == NULL ||
        !nsk_hook_requeue(txn, change->replay, change->since, change->now, &queued, error) ||
        !record(change, txn, "webhook-replayed", error))
        return false;
    g_autoptr(NskJson) result = nsk_json_object();
    nsk_json_set_text(result, "id", change->id);
    nsk_json_set_int(result, "queued", queued);
    *out_answer = nsk_json_canonical(result);
    return true;
}

static bool
read_since(const NskHookReplay *replay, NskInstant *out_since, GError **error)
{
    g_autoptr(GTimeZone) zone = g_time_zone_new_utc();
    g_autoptr(GDateTime) at =
        replay->since != NULL ? g_date_time_new_from_iso8601(replay->since, zone) : NULL;

    if ((replay->event != NULL) == (replay->since != NULL) ||
        (replay->since != NULL && at == NULL)) {
        g_set_error_literal(error, NSK_ERROR, NSK_ERROR_INVALID,
                            nsk_tr("say either which event is told once more, or since when all "
                                   "are, such as 2026-07-22T09:00:00Z"));
        return false;
    }
    *out_since = at != NULL ? g_date_time_to_unix(at) * G_USEC_PER_SEC : 0;
    return true;
}

bool
nsk_office_hook_replay(NskOffice *self,
                       const NskHookReplay *replay,
                       NskJson **out_result,
                       GError **error)
{
    g_autofree char *answer = NULL;
    Change change = { .office = self,
                      .id = replay->id,
                      .replay = replay,
                      .now = nsk_clock_now(self->clock) };

    if (!read_since(replay, &change.since, error))
        return false;
    NSK_REQUEST(self, "webhook-replay", replay->id, replay->event != NULL ? replay->event : "",
                replay->since != NULL ? replay->since : "");
    if (!nsk_office_commit(self, apply_replay, &change, &answer, error))
        return false;
    *out_result = nsk_office_read_answer(answer, error);
    return *out_result != NULL;
}
