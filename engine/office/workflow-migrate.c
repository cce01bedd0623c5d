/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Letters on their way, moved to the version of their workflow that is in force: each in a change
 * of its own, whole or not at all.
 */
#include "base/message.h"
#include "office/advance-private.h"

#include <string.h>

#define MAX_MOVES 500

static const char sql_letters[] =
    "SELECT id FROM letter WHERE workflow = $1 AND workflow_version <> $2"
    " AND state <> 'archived' AND state <> 'withdrawn' ORDER BY id";

typedef struct {
    NskOffice *office;
    const NskInstanceMove *move;
    NskVersionMove version;
    const char *letter; /* of this change */
    NskInstant now;
    GArray *moves; /* NskFlowMove; borrowed from plan */
    NskJson *plan;
} Work;

static bool
apply_move(NskDbTxn *txn, void *data, G_GNUC_UNUSED char **out_answer, GError **error)
{
    NskDate today;
    Work *work = data;
    g_autoptr(NskLetterRow) row = nsk_letter_row_load(txn, work->letter, error);

    if (row == NULL || !nsk_office_today(txn, row->unit, work->now, &today, error))
        return false;
    NskAct act = { work->office, txn, row, work->now, today, NULL };
    return strcmp(row->workflow_version, work->version.version) == 0 ||
           nsk_advance_version(&act, &work->version, error);
}

/* The members of the plan.  Errors: INVALID. */
static bool
read_plan(Work *work, GError **error)
{
    const char *text = work->move->plan;

    work->moves = g_array_new(FALSE, FALSE, sizeof(NskFlowMove));
    if (text == NULL || text[0] == '\0')
        return true;
    work->plan = nsk_json_parse(text, strlen(text), error);
    size_t n = work->plan != NULL ? nsk_json_length(work->plan) : 0;
    for (size_t i = 0; i < n && n <= MAX_MOVES; i++) {
        const NskJson *item = nsk_json_at(work->plan, i);
        NskFlowMove move = { nsk_json_get_text(item, "from"), nsk_json_get_text(item, "to") };

        if (move.from == NULL || move.to == NULL)
            n = MAX_MOVES + 1;
        else
            g_array_append_val(work->moves, move);
    }
    if (work->plan == NULL || n > MAX_MOVES) {
        if (error != NULL && *error == NULL)
            g_set_error(error, NSK_ERROR, NSK_ERROR_INVALID,
                        nsk_tr("a plan is a JSON list of at most %d members such as "
                               "{\"from\": \"paraf\", \"to\": \"periksa\"}"),
                        MAX_MOVES);
        return false;
    }
    work->version.moves = (const NskFlowMove *)(void *)work->moves->data;
    work->version.n_moves = work->moves->len;
    return true;
}

/* Ids of the letters, and the version in force, owned. */
static GPtrArray *
find_letters(Work *work, char **out_version, GError **error)
{
    g_autoptr(NskDbTxn) txn = nsk_db_snapshot(work->office->reader, error);

    *out_version =
        txn != NULL ? nsk_rule_current(txn, "workflow", work->move->workflow, error) : NULL;
    if (*out_version == NULL)
        return NULL;
    if (work->move->letter == NULL)
        return nsk_db_list_texts(
            txn, sql_letters,
            NSK_DB_PARAMS(NSK_DB_TEXT(work->move->workflow), NSK_DB_TEXT(*out_version)), error);
    g_autoptr(NskLetterRow) row = nsk_access_letter(work->office, txn, work->move->letter, error);
    if (row == NULL)
        return NULL;
    if (strcmp(row->workflow, work->move->workflow) != 0) {
        g_set_error(error, NSK_ERROR, NSK_ERROR_INVALID,
                    nsk_tr("letter %s goes by the workflow '%s', not '%s'"), row->id, row->workflow,
                    work->move->workflow);
        return NULL;
    }
    GPtrArray *letters = g_ptr_array_new_with_free_func(g_free);
    g_ptr_array_add(letters, g_strdup(row->id));
    return letters;
}

static bool
move_one(Work *work, NskJson *item, GError **error)
{
    g_autoptr(GError) fault = NULL;
    g_autoptr(NskDbTxn) txn = NULL;
    bool ok;

    if (work->version.dry_run) {
        txn = nsk_db_snapshot(work->office->reader, error);
        if (txn == NULL)
            return false;
        ok = apply_move(txn, work, NULL, &fault);
    } else {
        ok = nsk_office_commit(work->office, apply_move, work, NULL, &fault);
    }
    nsk_json_set_text(item, "letter", work->letter);
    if (ok)
        nsk_json_set_text(item, "done", work->version.dry_run ? "would-move" : "moved");
    else
        nsk_json_set_text(item, "error", fault->message);
    return true;
}

static bool
move_all(Work *work, NskJson **out_result, GError **error)
{
    int64_t failed = 0;
    g_autofree char *version = NULL;
    g_autoptr(GPtrArray) letters = find_letters(work, &version, error);
    g_autoptr(NskJson) result = nsk_json_object();
    NskJson *results = nsk_json_array();

    nsk_json_set(result, "results", results);
    work->version.version = version;
    for (guint i = 0; letters != NULL && i < letters->len; i++) {
        NskJson *item = nsk_json_object();

        nsk_json_add(results, item);
        work->letter = g_ptr_array_index(letters, i);
        if (!move_one(work, item, error))
            return false;
        failed += nsk_json_get(item, "error") != NULL ? 1 : 0;
    }
    nsk_json_set_int(result, "failed", failed);
    nsk_json_set_text(result, "version", version);
    if (letters != NULL)
        *out_result = g_steal_pointer(&result);
    return letters != NULL;
}

bool
nsk_do_workflow_migrate(NskOffice *self, const void *arguments, NskJson **out, GError **error)
{
    const NskInstanceMove *move = arguments;
    Work work = { .office = self,
                  .move = move,
                  .version = { .dry_run = move->dry_run != 0 },
                  .now = nsk_clock_now(self->clock) };
    /* what was moved is not moved again, so the changes need no request to be repeated safely */
    bool ok = nsk_office_set_request(self, NULL, error) && read_plan(&work, error) &&
              move_all(&work, out, error);

    g_clear_pointer(&work.moves, g_array_unref);
    g_clear_pointer(&work.plan, nsk_json_unref);
    return ok;
}
