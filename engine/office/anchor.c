/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Anchors: once a day an authority outside puts the time on the newest checkpoint of the log (RFC
 * 3161).  Who changes the history later, with the office's own key as well, cannot have a token of
 * that day over the changed one.
 *
 *   checkpoint -> token -> its certificate leads to a root that the office trusts -> row -> file
 *
 * The file beside the database is what a database that was put back is compared with.  An authority
 * that is away is asked again after a pause that grows; nothing waits for it.
 */
#include "journal/anchor.h"

#include "base/bytes.h"
#include "base/fault.h"
#include "base/message.h"
#include "office/anchor-private.h"
#include "office/preserve-private.h"

#include <string.h>

#define MINUTE    ((int64_t)60 * G_USEC_PER_SEC)
#define DAY       (24 * 60 * MINUTE)
#define FILE_MODE 0600
#define MOST_FILE (256 * 1024)
#define MOST_ROWS 100

static const char sql_list[] =
    "SELECT generation, size, checkpoint, token, at FROM anchor ORDER BY n";
static const char sql_find[] = "SELECT generation, size, checkpoint, token, at FROM anchor"
                               " WHERE generation = $1 ORDER BY size DESC LIMIT 1";
static const char sql_add[] =
    "INSERT INTO anchor (generation, size, checkpoint, token, at) VALUES ($1, $2, $3, $4, $5)";
static const char sql_due[] = "SELECT due, tries, fault FROM anchor_due";
static const char sql_set_due[] = "UPDATE anchor_due SET due = $1, tries = $2, fault = $3";

/* --- Rows and file ---------------------------------------------------------------------------- */

void
nsk_anchor_free(NskAnchor *self)
{
    if (self == NULL)
        return;
    g_free(self->checkpoint);
    g_clear_pointer(&self->token, g_bytes_unref);
    g_free(self);
}

static void
free_anchor(gpointer anchor)
{
    nsk_anchor_free(anchor);
}

static gpointer
make_anchor(NskDbRows *rows)
{
    size_t size;
    NskAnchor *self = g_new0(NskAnchor, 1);
    const void *token = nsk_db_rows_blob(rows, 3, &size);

    self->generation = nsk_db_rows_int(rows, 0);
    self->size = nsk_db_rows_int(rows, 1);
    self->checkpoint = g_strdup(nsk_db_rows_text(rows, 2));
    self->token = g_bytes_new(token, size);
    self->at = nsk_db_rows_int(rows, 4);
    return self;
}

GPtrArray *
nsk_anchor_list(NskDbTxn *txn, GError **error)
{
    return nsk_db_collect(nsk_db_query(txn, sql_list, NSK_DB_NO_PARAMS, error), make_anchor,
                          free_anchor, error);
}

bool
nsk_anchor_find(NskDbTxn *txn, int64_t generation, NskAnchor **out_anchor, GError **error)
{
    bool has_row = false;
    g_autoptr(NskDbRows) rows =
        nsk_db_query(txn, sql_find, NSK_DB_PARAMS(NSK_DB_INT(generation)), error);

    if (rows == NULL || !nsk_db_rows_next(rows, &has_row, error))
        return false;
    *out_anchor = has_row ? make_anchor(rows) : NULL;
    return true;
}

NskAnchor *
nsk_anchor_read(const char *dir, GError **error)
{
    size_t size;
    g_autofree char *path = nsk_office_path(dir, NSK_ANCHOR_FILE);
    g_autoptr(GBytes) bytes = nsk_file_read(path, MOST_FILE, NULL);
    const char *data = bytes != NULL ? g_bytes_get_data(bytes, &size) : NULL;
    g_autoptr(NskJson) json = data != NULL ? nsk_json_parse(data, size, NULL) : NULL;
    const char *token = json != NULL ? nsk_json_get_text(json, "token") : NULL;
    const char *checkpoint = json != NULL ? nsk_json_get_text(json, "checkpoint") : NULL;
    GBytes *der = token != NULL ? nsk_base64url_read(token) : NULL;

    if (bytes == NULL)
        return NULL;
    if (der == NULL || checkpoint == NULL) {
        g_clear_pointer(&der, g_bytes_unref);
        g_set_error(error, NSK_ERROR, NSK_ERROR_CORRUPT, nsk_tr("'%s' is not what was written"),
                    path);
        return NULL;
    }
    NskAnchor *self = g_new0(NskAnchor, 1);
    self->checkpoint = g_strdup(checkpoint);
    self->token = der;
    return self;
}

static bool
write_file(const char *dir, const NskAnchor *anchor, GError **error)
{
    size_t size;
    const void *der = g_bytes_get_data(anchor->token, &size);
    g_autofree char *token = nsk_base64url(der, size);
    g_autofree char *path = nsk_office_path(dir, NSK_ANCHOR_FILE);
    g_autoptr(NskJson) json = nsk_json_object();

    nsk_json_set_text(json, "checkpoint", anchor->checkpoint);
    nsk_json_set_text(json, "token", token);
    g_autofree char *text = nsk_json_canonical(json);
    return nsk_file_write(path, text, strlen(text), FILE_MODE, error);
}

/* --- Getting one ------------------------------------------------------------------------------ */

typedef struct {
    NskOffice *office;
    NskInstant now;
    NskStampSource source;
    NskLogState state;
    NskInstant due;
    int64_t tries;
    char *fault;
    NskAnchor *before; /* the newest; NULL: none */
    NskAnchor *made;
} Work;

static void
work_clear(Work *self)
{
    nsk_stamp_source_clear(&self->source);
    nsk_log_state_clear(&self->state);
    g_free(self->fault);
    nsk_anchor_free(self->before);
    nsk_anchor_free(self->made);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Work, work_clear)

static bool
load_due(NskDbTxn *txn, Work *work, GError **error)
{
    bool has_row = false;
    g_autoptr(NskDbRows) rows = nsk_db_query(txn, sql_due, NSK_DB_NO_PARAMS, error);

    if (rows == NULL || !nsk_db_rows_next(rows, &has_row, error))
        return false;
    if (has_row) {
        work->due = nsk_db_rows_int(rows, 0);
        work->tries = nsk_db_rows_int(rows, 1);
        work->fault = g_strdup(nsk_db_rows_text(rows, 2));
    }
    return true;
}

static bool
load(Work *work, GError **error)
{
    g_autoptr(NskDbTxn) txn = nsk_db_snapshot(work->office->reader, error);

    return txn != NULL && nsk_stamp_source_load(txn, &work->source, error) &&
           nsk_log_load(txn, &work->state, error) && load_due(txn, work, error) &&
           nsk_anchor_find(txn, work->state.generation, &work->before, error);
}

/* There is a checkpoint that no anchor covers. */
static bool
has_news(const Work *work)
{
    return work->state.checkpoint != NULL &&
           (work->before == NULL || (uint64_t)work->before->size < work->state.tree.size);
}

/* One that this office could not judge later is none. */
static bool
check_trust(const Work *work, NskInstant *out_at, GError **error)
{
    g_auto(NskAnchorVerdict) verdict = { 0 };
    g_autoptr(NskTrust) trust = nsk_office_load_trust(work->office->dir, NULL, error);

    if (trust == NULL || !nsk_anchor_check(work->made->checkpoint, work->made->token, trust,
                                           MAX(work->now, g_get_real_time()), &verdict, error))
        return false;
    *out_at = verdict.at;
    if (verdict.trusted)
        return true;
    g_set_error(error, NSK_ERROR, NSK_ERROR_UNTRUSTED,
                nsk_tr("nobody here vouches for the time-stamp authority '%s'; put the "
                       "certificate of its root into the folder 'trust' of the office"),
                verdict.authority);
    return false;
}

static bool
make(Work *work, GError **error)
{
    uint8_t imprint[NSK_SHA256_SIZE];
    const char *note = work->state.checkpoint;

    nsk_sha256(note, strlen(note), imprint);
    GBytes *token = nsk_stamp_source_ask(&work->source, imprint, error);
    if (token == NULL)
        return false;
    work->made = g_new0(NskAnchor, 1);
    *work->made = (NskAnchor){ .generation = work->state.generation,
                               .size = (int64_t)work->state.tree.size,
                               .checkpoint = g_strdup(note),
                               .token = token };
    return check_trust(work, &work->made->at, error) && NSK_FAULT("anchor.made", error);
}

static bool
set_due(NskDbTxn *txn, NskInstant due, int64_t tries, const char *fault, GError **error)
{
    return nsk_db_exec(txn, sql_set_due,
                       NSK_DB_PARAMS(NSK_DB_INT(due), NSK_DB_INT(tries), NSK_DB_TEXT(fault)), NULL,
                       error);
}

static bool
apply_made(NskDbTxn *txn, void *data, G_GNUC_UNUSED char **out_answer, GError **error)
{
    const Work *work = data;
    const NskAnchor *made = work->made;
    size_t size;
    const void *token = g_bytes_get_data(made->token, &size);

    return nsk_db_exec(txn, sql_add,
                       NSK_DB_PARAMS(NSK_DB_INT(made->generation), NSK_DB_INT(made->size),
                                     NSK_DB_TEXT(made->checkpoint), NSK_DB_BLOB(token, size),
                                     NSK_DB_INT(made->at)),
                       NULL, error) &&
           set_due(txn, work->now + DAY, 0, "", error);
}

static bool
apply_failed(NskDbTxn *txn, void *data, G_GNUC_UNUSED char **out_answer, GError **error)
{
    const Work *work = data;

    return set_due(txn, work->now + MIN(MINUTE << MIN(work->tries, 9), DAY / 4), work->tries + 1,
                   work->fault, error);
}

/* What is durable becomes the file, also if the process died before. */
static bool
publish(const Work *work, const NskAnchor *newest, GError **error)
{
    g_autoptr(NskAnchor) file = nsk_anchor_read(work->office->dir, NULL);

    if (newest == NULL || (file != NULL && strcmp(file->checkpoint, newest->checkpoint) == 0))
        return true;
    return write_file(work->office->dir, newest, error);
}

static bool
run(Work *work, GError **error)
{
    if (!has_news(work))
        return publish(work, work->before, error);
    return make(work, error) && nsk_office_commit(work->office, apply_made, work, NULL, error) &&
           NSK_FAULT("anchor.stored", error) && publish(work, work->made, error);
}

bool
nsk_office_run_anchor(NskOffice *self, GError **error)
{
    g_auto(Work) work = { .office = self, .now = nsk_clock_now(self->clock) };
    g_autoptr(GError) fault = NULL;

    if (!load(&work, error))
        return false;
    if (work.source.url == NULL || work.source.url[0] == '\0' || work.now < work.due ||
        run(&work, &fault))
        return true;
    g_free(work.fault);
    work.fault = g_strdup(fault->message);
    return nsk_office_commit(self, apply_failed, &work, NULL, error);
}

bool
nsk_office_anchor_now(NskOffice *self, GError **error)
{
    g_auto(Work) work = { .office = self, .now = nsk_clock_now(self->clock) };

    if (!load(&work, error))
        return false;
    if (work.state.checkpoint != NULL)
        return run(&work, error);
    g_set_error_literal(error, NSK_ERROR, NSK_ERROR_NOT_FOUND,
                        nsk_tr("nothing of the log is signed yet; the next change signs it"));
    return false;
}

/* --- Telling ---------------------------------------------------------------------------------- */

static NskJson *
tell_anchor(const NskAnchor *anchor)
{
    NskJson *json = nsk_json_object();
    g_autofree char *at = nsk_instant_format(anchor->at);
    g_auto(NskAnchorVerdict) verdict = { 0 };
    bool holds = nsk_anchor_check(anchor->checkpoint, anchor->token, NULL, 0, &verdict, NULL);

    nsk_json_set_text(json, "at", at);
    nsk_json_set_int(json, "entries", anchor->size);
    nsk_json_set_text(json, "authority", holds ? verdict.authority : NULL);
    return json;
}

bool
nsk_office_anchors(NskOffice *self, NskJson **out_result, GError **error)
{
    Work due = { 0 };
    NskStampSource source = { 0 };
    g_autoptr(NskJson) result = nsk_json_object();
    g_autoptr(NskDbTxn) txn = nsk_db_snapshot(self->reader, error);
    g_autoptr(GPtrArray) list = txn != NULL ? nsk_anchor_list(txn, error) : NULL;

    if (list == NULL || !nsk_stamp_source_load(txn, &source, error) ||
        !load_due(txn, &due, error)) {
        nsk_stamp_source_clear(&source);
        return false;
    }
    NskJson *anchors = nsk_json_array();
    for (guint i = list->len > MOST_ROWS ? list->len - MOST_ROWS : 0; i < list->len; i++)
        nsk_json_add(anchors, tell_anchor(list->pdata[i]));
    nsk_json_set(result, "anchors", anchors);
    nsk_json_set_int(result, "count", list->len);
    nsk_json_set_text(result, "authority", source.url);
    nsk_json_set_int(result, "tries", due.tries);
    nsk_json_set_text(result, "fault", due.fault);
    work_clear(&due);
    nsk_stamp_source_clear(&source);
    *out_result = g_steal_pointer(&result);
    return true;
}

bool
nsk_anchor_examine(NskDbTxn *txn, NskIssues *issues, GError **error)
{
    g_auto(Work) work = { 0 };

    if (!load_due(txn, &work, error))
        return false;
    if (work.tries > 0)
        nsk_issues_add(issues,
                       &(NskIssue){ .tag = "log-not-anchored", .severity = NSK_SEVERITY_WARNING },
                       nsk_tr("the newest checkpoint of the log has no time stamp; %d tries in "
                              "vain (%s); it is tried again by itself"),
                       (int)work.tries, work.fault);
    return true;
}
