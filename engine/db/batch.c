/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The one way to write: a batch of changes in one transaction and one fsync.
 *
 * INVARIANTS
 *   (1) A change that fails leaves no trace and its mates are not touched.  Few fail, and fewer
 *       after they have written; a savepoint for each would copy every page that each touches.  So
 *       a batch is first tried without; when a change fails that has written, all is rolled back
 *       and done again with a savepoint a change.
 *   (2) A change's request id is stored with its answer in the same transaction: after a crash the
 *       caller repeats the request and learns which of "done" and "not done" it was.
 *   (3) Nothing is answered before COMMIT has returned.
 */
#include "base/fault.h"
#include "base/message.h"
#include "db/db-private.h"

#include <string.h>

static const char sql_begin_write[] = "BEGIN IMMEDIATE";
static const char sql_commit[] = "COMMIT";
static const char sql_open_savepoint[] = "SAVEPOINT change";
static const char sql_keep_savepoint[] = "RELEASE change";
static const char sql_drop_savepoint[] = "ROLLBACK TO change";
static const char sql_find_request[] = "SELECT answer, act FROM request WHERE id = $1";
static const char sql_add_request[] =
    "INSERT INTO request (id, at, answer, act) VALUES ($1, $2, $3, $4)";
static const char sql_forget_requests[] =
    "DELETE FROM request WHERE id IN"
    " (SELECT id FROM request WHERE at < $1 ORDER BY at, id LIMIT $2)";

bool
nsk_db_find_request(NskDbTxn *txn,
                    const NskRequest *request,
                    bool *out_found,
                    char **out_answer,
                    GError **error)
{
    g_autoptr(NskDbRows) rows =
        nsk_db_query(txn, sql_find_request, NSK_DB_PARAMS(NSK_DB_TEXT(request->id)), error);

    if (rows == NULL || !nsk_db_rows_next(rows, out_found, error))
        return false;
    if (!*out_found)
        return true;
    if (strcmp(nsk_db_rows_text(rows, 1), request->act) != 0) {
        g_set_error_literal(error, NSK_ERROR, NSK_ERROR_CONFLICT,
                            nsk_tr("this request id was used for something else before; repeat the "
                                   "command with a new one"));
        return false;
    }
    *out_answer = g_strdup(nsk_db_rows_text(rows, 0));
    return true;
}

bool
nsk_db_forget_requests(NskDbTxn *txn,
                       NskInstant before,
                       unsigned limit,
                       int64_t *out_gone,
                       GError **error)
{
    return nsk_db_exec(txn, sql_forget_requests,
                       NSK_DB_PARAMS(NSK_DB_INT(before), NSK_DB_INT(limit)), out_gone, error);
}

static bool
apply_new(NskDbTxn *txn, const NskChange *change, char **out_answer, GError **error)
{
    g_autofree char *answer = NULL;

    if (!change->apply(txn, change->data, &answer, error)) {
        g_assert(error == NULL || *error != NULL);
        return false;
    }
    if (change->request.id != NULL &&
        !nsk_db_exec(txn, sql_add_request,
                     NSK_DB_PARAMS(NSK_DB_TEXT(change->request.id), NSK_DB_INT(g_get_real_time()),
                                   NSK_DB_TEXT(answer), NSK_DB_TEXT(change->request.act)),
                     NULL, error))
        return false;
    *out_answer = g_steal_pointer(&answer);
    return true;
}

/* Whether the request was done before; its answer, or its refusal, then is in @result. */
static bool
is_answered(NskDbTxn *txn, const NskChange *change, NskChangeResult *result)
{
    bool found = false;

    return change->request.id != NULL &&
           (!nsk_db_find_request(txn, &change->request, &found, &result->answer, &result->error) ||
            found);
}

/*
 * Applies one change.  *out_torn: it failed after it had written, so all must be rolled back; or
 * SQLite has done so already, be it behind the back of an apply that looked away, and nothing more
 * may be written, since each statement would now be a transaction of its own.
 */
static void
apply_bare(NskDbTxn *txn, const NskChange *change, NskChangeResult *result, bool *out_torn)
{
    if (is_answered(txn, change, result))
        return;
    int64_t before = sqlite3_total_changes64(txn->db->handle);
    bool ok = apply_new(txn, change, &result->answer, &result->error);
    *out_torn = (!ok && sqlite3_total_changes64(txn->db->handle) != before) ||
                sqlite3_get_autocommit(txn->db->handle) != 0;
}

/*
 * Applies one change in a savepoint.  Its own failure goes into @result; returns false with @error
 * set only if the transaction as a whole cannot go on.
 */
static bool
apply_saved(NskDbTxn *txn, const NskChange *change, NskChangeResult *result, GError **error)
{
    if (is_answered(txn, change, result))
        return true;
    if (!nsk_db_control(txn->db, sql_open_savepoint, error))
        return false;
    bool ok = apply_new(txn, change, &result->answer, &result->error);
    if (!ok && sqlite3_get_autocommit(txn->db->handle) != 0) {
        /* the savepoint is gone with all the rest, and this is why */
        g_propagate_error(error, g_steal_pointer(&result->error));
        return false;
    }
    if (ok)
        return nsk_db_control(txn->db, sql_keep_savepoint, error);
    nsk_memo_drop(txn->db);
    return nsk_db_control(txn->db, sql_drop_savepoint, error) &&
           nsk_db_control(txn->db, sql_keep_savepoint, error);
}

static void
clear_results(NskChangeResult *results, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        g_clear_pointer(&results[i].answer, g_free);
        g_clear_error(&results[i].error);
    }
}

/* Commits; a COMMIT that failed inside SQLite may or may not have reached the disk. */
static bool
finish(NskDb *self, GError **error)
{
    g_autoptr(GError) fault = NULL;

    if (!NSK_FAULT("commit.before", error))
        return false;
    if (nsk_db_control(self, sql_commit, &fault))
        return true;
    if (sqlite3_get_autocommit(self->handle))
        g_set_error(error, NSK_ERROR, NSK_ERROR_UNCERTAIN,
                    nsk_tr("%s; it is not known whether the change was stored"), fault->message);
    else
        g_propagate_error(error, g_steal_pointer(&fault));
    return false;
}

/* The changes of a commit and what becomes of them; all borrowed. */
typedef struct {
    NskDbTxn *txn;
    const NskChange *changes;
    size_t n;
    NskChangeResult *results;
} Batch;

/* Without savepoints.  *out_torn: a change failed in the middle, and all is to be done again. */
static bool
run_bare(const Batch *batch, bool *out_torn, GError **error)
{
    if (!nsk_db_control(batch->txn->db, sql_begin_write, error))
        return false;
    for (size_t i = 0; i < batch->n && !*out_torn; i++) {
        if (!NSK_FAULT("commit.apply", error))
            return false;
        const char *language = nsk_language_use(batch->changes[i].language);
        apply_bare(batch->txn, &batch->changes[i], &batch->results[i], out_torn);
        nsk_language_use(language);
    }
    return *out_torn || finish(batch->txn->db, error);
}

static bool
run_saved(const Batch *batch, GError **error)
{
    if (!nsk_db_control(batch->txn->db, sql_begin_write, error))
        return false;
    for (size_t i = 0; i < batch->n; i++) {
        const char *language = nsk_language_use(batch->changes[i].language);
        bool ok = apply_saved(batch->txn, &batch->changes[i], &batch->results[i], error);

        nsk_language_use(language);
        if (!ok)
            return false;
    }
    return finish(batch->txn->db, error);
}

static bool
run_batch(const Batch *batch, GError **error)
{
    bool torn = false;

    if (!run_bare(batch, &torn, error))
        return false;
    if (!torn)
        return true;
    nsk_db_roll_back(batch->txn->db);
    if (batch->n == 1 && batch->results[0].error != NULL) /* nobody else was in it */
        return true;
    clear_results(batch->results, batch->n);
    return run_saved(batch, error);
}

bool
nsk_db_commit_batch(NskDb *self,
                    const NskChange *changes,
                    size_t n,
                    NskChangeResult *results,
                    GError **error)
{
    NskDbTxn txn = { self, true };

    g_assert(self->mode == NSK_DB_WRITE);
    g_assert(self->txn == NULL);
    for (size_t i = 0; i < n; i++)
        results[i] = (NskChangeResult){ 0 };
    self->txn = &txn;
    bool ok = run_batch(&(Batch){ &txn, changes, n, results }, error);
    self->txn = NULL;
    if (!ok) {
        clear_results(results, n);
        nsk_db_roll_back(self);
    }
    return ok && NSK_FAULT("commit.after", error);
}

bool
nsk_db_take_result(NskChangeResult *result, char **out_answer, GError **error)
{
    if (result->error != NULL) {
        g_propagate_error(error, result->error);
        return false;
    }
    if (out_answer != NULL)
        *out_answer = result->answer;
    else
        g_free(result->answer);
    return true;
}

bool
nsk_db_commit(NskDb *self, const NskChange *change, char **out_answer, GError **error)
{
    NskChangeResult result;

    return nsk_db_commit_batch(self, change, 1, &result, error) &&
           nsk_db_take_result(&result, out_answer, error);
}
