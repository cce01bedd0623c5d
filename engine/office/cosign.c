/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Witnesses of the log: who they are, when they are asked, and what is kept of them.
 *
 *   checkpoint -> witness -> its signature under it -> row -> file beside the database
 *
 * Who puts an older database back, with all files beside it, and with the office's own key, cannot
 * make the witnesses forget.  What they signed here is what a database is compared with at the
 * start (log-compare.c), and what letters carry in their evidence.
 */
#include "base/bytes.h"
#include "base/fault.h"
#include "base/message.h"
#include "net/net.h"
#include "office/cosign-private.h"

#include <string.h>

#define MINUTE         ((int64_t)60 * G_USEC_PER_SEC)
#define HOUR           (60 * MINUTE)
#define MOST_WITNESSES 16
#define MOST_URL       1000
#define FILE_MODE      0600
#define PART           "naskah-log" /* who acts, in the journal */

/* --- Loading ---------------------------------------------------------------------------------- */

typedef struct {
    NskOffice *office;
    NskInstant now;
    NskLogState state;
    GPtrArray *witnesses;
    GPtrArray *newest; /* NskCosigned of this generation */
} Round;

static void
round_clear(Round *self)
{
    nsk_log_state_clear(&self->state);
    g_clear_pointer(&self->witnesses, g_ptr_array_unref);
    g_clear_pointer(&self->newest, g_ptr_array_unref);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Round, round_clear)

static bool
load(Round *self, GError **error)
{
    g_autoptr(NskDbTxn) txn = nsk_db_snapshot(self->office->reader, error);

    self->now = nsk_clock_now(self->office->clock);
    if (txn == NULL || !nsk_log_load(txn, &self->state, error))
        return false;
    self->witnesses = nsk_witness_rows(txn, error);
    self->newest =
        self->witnesses != NULL ? nsk_cosigned_newest(txn, self->state.generation, error) : NULL;
    return self->newest != NULL;
}

static const NskCosigned *
find_newest(const Round *self, const char *vkey)
{
    for (guint i = 0; i < self->newest->len; i++) {
        const NskCosigned *row = self->newest->pdata[i];

        if (strcmp(row->vkey, vkey) == 0)
            return row;
    }
    return NULL;
}

/* --- Asking ----------------------------------------------------------------------------------- */

static bool
apply_signed(NskDbTxn *txn, void *data, G_GNUC_UNUSED char **out_answer, GError **error)
{
    const NskWitnessAsk *ask = data;
    NskWitnessRow row = *ask->witness;

    row.due = ask->now + MINUTE;
    row.tries = 0;
    row.fault = (char *)(uintptr_t) "";
    row.claims = 0;
    return nsk_cosigned_keep(txn, ask->signed_, error) && nsk_witness_save(txn, &row, error);
}

typedef struct {
    const NskWitnessAsk *ask;
    const char *fault;
} Failed;

static bool
apply_failed(NskDbTxn *txn, void *data, G_GNUC_UNUSED char **out_answer, GError **error)
{
    const Failed *failed = data;
    const NskWitnessAsk *ask = failed->ask;
    NskWitnessRow row = *ask->witness;

    row.due = ask->now + MIN(MINUTE << MIN(row.tries, 9), 6 * HOUR);
    row.tries++;
    row.fault = (char *)(uintptr_t)failed->fault;
    row.claims = ask->claims;
    return (ask->contrary == NULL || nsk_cosigned_keep(txn, ask->contrary, error)) &&
           nsk_witness_save(txn, &row, error);
}

/* What is durable becomes the file, also if the process died before. */
static bool
publish(NskOffice *self, GError **error)
{
    size_t size;
    g_auto(Round) round = { .office = self };
    g_autofree char *path = nsk_office_path(self->dir, NSK_COSIGNED_FILE);
    g_autoptr(GBytes) file = nsk_file_read(path, NSK_NOTE_MOST_SIZE, NULL);
    const char *data = file != NULL ? g_bytes_get_data(file, &size) : NULL;

    if (!load(&round, error))
        return false;
    if (round.newest->len == 0)
        return true;
    const char *text = ((const NskCosigned *)round.newest->pdata[0])->checkpoint;
    if (data != NULL && size == strlen(text) && memcmp(data, text, size) == 0)
        return true;
    return nsk_file_write(path, text, strlen(text), FILE_MODE, error);
}

/* The log is another than the one that was signed: from now on nothing is written. */
static bool
raise_alarm(NskOffice *self, const char *name, GError **error)
{
    g_autofree char *alarm = NULL;

    if (!publish(self, error) || !nsk_log_compare(self->dir, self->reader, &alarm, error))
        return false;
    if (alarm == NULL)
        return true;
    nsk_office_service_raise_alarm(self->service, alarm);
    g_set_error(error, NSK_ERROR, NSK_ERROR_UNTRUSTED, "'%s': %s", name, alarm);
    return false;
}

/* What fails at the witness is kept and told; false only if it cannot be kept, or is grave. */
static bool
ask_one(const Round *round, const NskWitnessRow *witness, const NskLogNoteKey *log, GError **error)
{
    const NskCosigned *before = find_newest(round, witness->vkey);
    g_auto(NskWitnessAsk) ask = { .office = round->office,
                                  .state = &round->state,
                                  .log = log,
                                  .now = round->now,
                                  .witness = witness,
                                  .before = before != NULL ? before->size : 0 };
    g_autoptr(GError) fault = NULL;

    if (nsk_witness_ask(&ask, &fault))
        return NSK_FAULT("cosign.signed", error) &&
               nsk_office_commit(round->office, apply_signed, &ask, NULL, error) &&
               NSK_FAULT("cosign.stored", error);
    Failed failed = { &ask, fault->message };
    if (!nsk_office_commit(round->office, apply_failed, &failed, NULL, error))
        return false;
    if (ask.contrary != NULL)
        return raise_alarm(round->office, witness->name, error);
    if (ask.claims != 0 && ask.claims != witness->claims) {
        g_set_error(error, NSK_ERROR, NSK_ERROR_UNTRUSTED, "'%s': %s", witness->name,
                    fault->message);
        return false;
    }
    return true;
}

/* There is something new; or it is so long ago that an older database may have been put in the
 * place of the one that the witness knows. */
static bool
is_due(const Round *round, const NskWitnessRow *witness)
{
    const NskCosigned *before = find_newest(round, witness->vkey);

    return round->now >= witness->due &&
           (before == NULL || (uint64_t)before->size < round->state.tree.size ||
            round->now - before->at >= HOUR);
}

static bool
ask_all(Round *round, bool at_once, GError **error)
{
    g_auto(NskLogKey) key = { 0 };
    NskOffice *office = round->office;
    g_autofree char *origin = nsk_log_origin(office->origin, round->state.generation);

    if (!nsk_log_key_load(office->dir, origin, &key, error))
        return false;
    bool ok = true;
    for (guint i = 0; i < round->witnesses->len; i++) {
        const NskWitnessRow *witness = round->witnesses->pdata[i];
        NskOfficeService *service = office->service;

        if (service != NULL && (nsk_office_service_is_stopping(service) ||
                                nsk_office_service_get_alarm(service) != NULL))
            break;
        if ((at_once || is_due(round, witness)) &&
            !ask_one(round, witness, &key.key, ok ? error : NULL))
            ok = false;
    }
    return publish(office, ok ? error : NULL) && ok;
}

bool
nsk_office_run_witnesses(NskOffice *self, GError **error)
{
    g_auto(Round) round = { .office = self };

    if (self->service != NULL && nsk_office_service_get_alarm(self->service) != NULL)
        return true; /* nothing could be kept */
    if (!load(&round, error))
        return false;
    return round.witnesses->len == 0 || round.state.checkpoint == NULL ||
           ask_all(&round, false, error);
}

bool
nsk_office_ask_witnesses(NskOffice *self, GError **error)
{
    g_auto(Round) round = { .office = self };

    if (nsk_office_get_service(self, error) == NULL || !load(&round, error))
        return false;
    if (round.witnesses->len > 0 && round.state.checkpoint != NULL)
        return ask_all(&round, true, error);
    g_set_error_literal(error, NSK_ERROR, NSK_ERROR_NOT_FOUND,
                        round.witnesses->len == 0
                            ? nsk_tr("the office has no witness; 'naskah audit witness add KEY "
                                     "URL' names one")
                            : nsk_tr("nothing of the log is signed yet; the next change signs it"));
    return false;
}

/* --- Who they are ----------------------------------------------------------------------------- */

typedef struct {
    NskOffice *office;
    NskWitnessRow row;
    NskInstant now;
} Change;

/* An act of who looks after the office, as other settings are. */
static bool
record(const Change *change, NskDbTxn *txn, const char *action, const char *words, GError **error)
{
    NskJournalNext next;
    const NskJournalEvent entry = { .origin = change->office->origin,
                                    .letter = NSK_LOG_HISTORY,
                                    .at = change->now,
                                    .actor = PART,
                                    .action = action,
                                    .reason = words };

    return nsk_journal_next(txn, NSK_LOG_HISTORY, &next, error) &&
           nsk_journal_append(txn, &entry, &next, error);
}

static const NskWitnessRow *
find_row(const GPtrArray *rows, const char *name)
{
    for (guint i = 0; i < rows->len; i++) {
        const NskWitnessRow *row = rows->pdata[i];

        if (strcmp(row->name, name) == 0)
            return row;
    }
    return NULL;
}

static bool
apply_add(NskDbTxn *txn, void *data, G_GNUC_UNUSED char **out_answer, GError **error)
{
    const Change *change = data;
    NskWitnessRow row = change->row;
    g_autoptr(GPtrArray) rows = nsk_witness_rows(txn, error);
    const NskWitnessRow *old = rows != NULL ? find_row(rows, row.name) : NULL;

    if (rows == NULL)
        return false;
    if (old != NULL && strcmp(old->vkey, row.vkey) != 0) {
        g_set_error(error, NSK_ERROR, NSK_ERROR_CONFLICT,
                    nsk_tr("there is a witness '%s' with another key; a witness never changes its "
                           "key: remove that one first if it was a wrong one"),
                    row.name);
        return false;
    }
    if (old == NULL && rows->len >= MOST_WITNESSES) {
        g_set_error(error, NSK_ERROR, NSK_ERROR_LIMIT,
                    nsk_tr("there are %d witnesses already; remove one first"), MOST_WITNESSES);
        return false;
    }
    row.since = old != NULL ? old->since : change->now;
    g_autofree char *words = g_strdup_printf("%s %s", row.vkey, row.url);
    return nsk_witness_save(txn, &row, error) && record(change, txn, "witness-added", words, error);
}

/* What paths are put behind.  Owned; NULL: it is none. */
static char *
read_url(const char *url, GError **error)
{
    size_t size = strlen(url);

    while (size > 0 && url[size - 1] == '/')
        size--;
    g_autofree char *base = g_strndup(url, size);
    if (size > MOST_URL || strchr(url, '?') != NULL || !nsk_net_check_url(base, NULL, error)) {
        if (error != NULL && *error == NULL)
            g_set_error_literal(error, NSK_ERROR, NSK_ERROR_INVALID,
                                nsk_tr("the address of a witness is what goes before "
                                       "'/add-checkpoint', of 1000 bytes at most"));
        return NULL;
    }
    return g_steal_pointer(&base);
}

bool
nsk_office_add_witness(NskOffice *self, const char *vkey, const char *url, GError **error)
{
    NskLogNoteKey key;

    if (!nsk_log_note_key_parse(vkey, &key, error))
        return false;
    if (key.kind != NSK_NOTE_COSIGNATURE) {
        g_set_error_literal(error, NSK_ERROR, NSK_ERROR_INVALID,
                            nsk_tr("this is the key of a log; that of a witness is what 'naskah "
                                   "witness serve' prints when it begins"));
        return false;
    }
    g_autofree char *base = read_url(url, error);
    if (base == NULL)
        return false;
    Change change = { .office = self,
                      .row = { .name = key.name,
                               .vkey = (char *)(uintptr_t)vkey,
                               .url = base,
                               .fault = (char *)(uintptr_t) "" },
                      .now = nsk_clock_now(self->clock) };
    return nsk_office_commit(self, apply_add, &change, NULL, error);
}

static bool
apply_remove(NskDbTxn *txn, void *data, G_GNUC_UNUSED char **out_answer, GError **error)
{
    const Change *change = data;
    const char *name = change->row.name;
    g_autoptr(GPtrArray) rows = nsk_witness_rows(txn, error);

    if (rows == NULL)
        return false;
    if (find_row(rows, name) != NULL)
        return nsk_witness_delete(txn, name, error) &&
               record(change, txn, "witness-removed", name, error);
    g_set_error(error, NSK_ERROR, NSK_ERROR_NOT_FOUND, nsk_tr("there is no witness '%s'"), name);
    return false;
}

bool
nsk_office_remove_witness(NskOffice *self, const char *name, GError **error)
{
    Change change = { .office = self,
                      .row = { .name = (char *)(uintptr_t)name },
                      .now = nsk_clock_now(self->clock) };

    return nsk_office_commit(self, apply_remove, &change, NULL, error);
}

/* --- Telling ---------------------------------------------------------------------------------- */

static NskJson *
tell_witness(const Round *round, const NskWitnessRow *row)
{
    NskJson *json = nsk_json_object();
    g_autofree char *since = nsk_instant_format(row->since);
    const NskCosigned *newest = find_newest(round, row->vkey);
    g_autofree char *at = newest != NULL ? nsk_instant_format(newest->at) : NULL;

    nsk_json_set_text(json, "name", row->name);
    nsk_json_set_text(json, "key", row->vkey);
    nsk_json_set_text(json, "url", row->url);
    nsk_json_set_text(json, "since", since);
    nsk_json_set_text(json, "at", at);
    nsk_json_set_int(json, "entries", newest != NULL ? newest->size : 0);
    nsk_json_set_int(json, "tries", row->tries);
    nsk_json_set_text(json, "fault", row->fault);
    nsk_json_set_int(json, "claims", row->claims);
    return json;
}

bool
nsk_office_witnesses(NskOffice *self, NskJson **out_result, GError **error)
{
    g_auto(Round) round = { .office = self };
    g_auto(NskLogKey) key = { 0 };

    if (!load(&round, error))
        return false;
    g_autofree char *origin = nsk_log_origin(self->origin, round.state.generation);
    g_autofree char *vkey =
        nsk_log_key_load(self->dir, origin, &key, NULL) ? nsk_log_note_key_format(&key.key) : NULL;
    NskJson *list = nsk_json_array();
    for (guint i = 0; i < round.witnesses->len; i++)
        nsk_json_add(list, tell_witness(&round, round.witnesses->pdata[i]));
    *out_result = nsk_json_object();
    nsk_json_set(*out_result, "witnesses", list);
    nsk_json_set_int(*out_result, "entries", (int64_t)round.state.tree.size);
    nsk_json_set_text(*out_result, "origin", origin);
    nsk_json_set_text(*out_result, "key", vkey);
    return true;
}

bool
nsk_witness_examine(NskDbTxn *txn, NskIssues *issues, GError **error)
{
    g_autoptr(GPtrArray) rows = nsk_witness_rows(txn, error);

    for (guint i = 0; rows != NULL && i < rows->len; i++) {
        const NskWitnessRow *row = rows->pdata[i];
        const NskIssue issue = { .tag = row->claims != 0 ? "log-doubted" : "log-not-cosigned",
                                 .severity =
                                     row->claims != 0 ? NSK_SEVERITY_ERROR : NSK_SEVERITY_WARNING };

        if (row->tries > 0)
            nsk_issues_add(issues, &issue,
                           nsk_tr("the witness '%s' has not cosigned the log in %d tries (%s); it "
                                  "is asked again by itself"),
                           row->name, (int)row->tries, row->fault);
    }
    return rows != NULL;
}
