/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Finding a letter for who may know of it, and who may do a task.
 *
 * Who may read is judged in access-judge.c.  To somebody else a letter does not exist: the answer
 * is "not found", not "denied".  Those whom it was only sent to see the letter, not how it came to
 * be; they know of it, so the answer to that is "denied".
 */
#include "base/id.h"
#include "base/message.h"
#include "office/access-private.h"

#include <string.h>

static const char sql_last_doer[] =
    "SELECT person, name FROM task WHERE letter = $1 AND outcome IS NOT NULL"
    " AND substr(key, 1, length($2) + 1) = $2 || '#' ORDER BY closed DESC LIMIT 1";

bool
nsk_access_level_today(NskOffice *self,
                       NskDbTxn *txn,
                       const NskLetterRow *row,
                       NskReaderLevel *out_level,
                       GError **error)
{
    NskDate today;
    NskOpening lent;

    if (!nsk_office_today(txn, row->unit, nsk_clock_now(self->clock), &today, error))
        return false;
    g_autoptr(GPtrArray) readings = nsk_directory_readings(txn, self->person, today, error);
    if (readings == NULL || !nsk_access_level(txn, row, readings, out_level, error))
        return false;
    if (*out_level != NSK_READER_NONE)
        return true;
    if (!nsk_access_open_lent(txn, row, self->person, today, &lent, error))
        return false;
    *out_level = lent.level;
    return true;
}

NskLetterRow *
nsk_access_letter_level(NskOffice *self,
                        NskDbTxn *txn,
                        const char *text,
                        NskReaderLevel *out_level,
                        GError **error)
{
    NskReaderLevel level;
    g_autoptr(GPtrArray) ids = nsk_letter_row_search(txn, text, error);
    g_autoptr(NskLetterRow) found = NULL;

    if (ids == NULL)
        return NULL;
    for (guint i = 0; i < ids->len; i++) {
        g_autoptr(NskLetterRow) row = nsk_letter_row_load(txn, g_ptr_array_index(ids, i), error);

        if (row == NULL || !nsk_access_level_today(self, txn, row, &level, error))
            return NULL;
        if (level == NSK_READER_NONE)
            continue;
        if (found != NULL) {
            g_set_error(error, NSK_ERROR, NSK_ERROR_INVALID,
                        nsk_tr("'%s' may mean several letters; write the whole id"), text);
            return NULL;
        }
        found = g_steal_pointer(&row);
        *out_level = level;
    }
    if (found == NULL && !nsk_residual_refuse(self, txn, text, error))
        g_set_error(error, NSK_ERROR, NSK_ERROR_NOT_FOUND,
                    nsk_tr("there is no letter '%s', or it is not one you may read"), text);
    return g_steal_pointer(&found);
}

NskLetterRow *
nsk_access_letter(NskOffice *self, NskDbTxn *txn, const char *text, GError **error)
{
    NskReaderLevel level;

    return nsk_access_letter_level(self, txn, text, &level, error);
}

NskLetterRow *
nsk_access_route(NskOffice *self, NskDbTxn *txn, const char *text, GError **error)
{
    NskReaderLevel level;
    g_autoptr(NskLetterRow) row = nsk_access_letter_level(self, txn, text, &level, error);

    if (row == NULL || level == NSK_READER_ROUTE)
        return g_steal_pointer(&row);
    g_set_error(error, NSK_ERROR, NSK_ERROR_DENIED,
                nsk_tr("letter %s was sent to you; its versions and its history are for those who "
                       "made it"),
                row->id);
    return NULL;
}

void
nsk_duty_free(NskDuty *self)
{
    if (self == NULL)
        return;
    nsk_letter_row_free(self->row);
    nsk_task_row_free(self->task);
    g_free(self->position);
    g_free(self);
}

/* Whether the person may do the task from @position: as holder, or where drafting is asked, as an
 * assistant or substitute.  A refusal stays in @refusal, the words of the last one being as good as
 * any. */
static bool
may_do_from(NskOffice *self, NskDbTxn *txn, NskDuty *duty, const char *position, GError **refusal)
{
    bool assists = false;

    if (nsk_directory_may_act(txn, self->person, position, duty->today, &duty->capacity, refusal)) {
        duty->position = g_strdup(position);
        return true;
    }
    if (strcmp(duty->task->role, "draft") != 0 ||
        nsk_access_most(duty->row->security, NSK_TIE_HELPS) == NSK_READER_NONE ||
        !nsk_directory_is_assistant(txn, self->person, position, duty->today, &assists, NULL) ||
        (!assists &&
         !nsk_directory_is_substitute(txn, self->person, position, duty->today, &assists, NULL)) ||
        !assists)
        return false;
    g_clear_error(refusal);
    duty->position = g_strdup(position);
    duty->capacity = NSK_CAPACITY_DEFINITIVE;
    duty->assisting = true;
    return true;
}

/* What somebody took upon himself, or was given, is his; his assistants may go on preparing it. */
static bool
check_assignee(NskOffice *self, NskDbTxn *txn, const NskDuty *duty, GError **error)
{
    const char *assignee = duty->task->assignee;

    if (assignee == NULL || strcmp(assignee, self->person) == 0 || duty->assisting)
        return true;
    g_autoptr(NskPerson) person = nsk_directory_get_person(txn, assignee, NULL);
    g_set_error(error, NSK_ERROR, NSK_ERROR_DENIED,
                nsk_tr("%s is doing the task '%s'; let him give it up with 'naskah task unclaim', "
                       "or the superior assign it anew"),
                person != NULL ? person->printed : assignee, duty->task->name);
    return false;
}

/* Who did the task @id of the letter last is somebody else. */
static bool
check_other_doer(NskOffice *self,
                 NskDbTxn *txn,
                 const NskDuty *duty,
                 const char *id,
                 GError **error)
{
    bool has_row = false;
    g_autoptr(NskDbRows) rows = nsk_db_query(
        txn, sql_last_doer, NSK_DB_PARAMS(NSK_DB_TEXT(duty->row->id), NSK_DB_TEXT(id)), error);

    if (rows == NULL || !nsk_db_rows_next(rows, &has_row, error))
        return false;
    if (!has_row || g_strcmp0(nsk_db_rows_text(rows, 0), self->person) != 0)
        return true;
    g_set_error(error, NSK_ERROR, NSK_ERROR_DENIED,
                nsk_tr("you did '%s' of this letter, and its workflow wants another person for "
                       "'%s'"),
                nsk_db_rows_text(rows, 1), duty->task->name);
    return false;
}

/* Separation of duties, as the workflow declares it. */
static bool
check_separate(NskOffice *self, NskDbTxn *txn, const NskDuty *duty, GError **error)
{
    const NskFlow *flow =
        nsk_office_flow(self, txn, duty->row->workflow, duty->row->workflow_version, error);
    g_autofree char *id = g_strndup(duty->task->key, strcspn(duty->task->key, "#"));
    const NskFlowTask *task = flow != NULL ? nsk_flow_find_task(flow, id) : NULL;

    for (int i = 0; task != NULL && task->separate != NULL && task->separate[i] != NULL; i++) {
        if (!check_other_doer(self, txn, duty, task->separate[i], error))
            return false;
    }
    return flow != NULL;
}

static bool
fill_duty(NskOffice *self, NskDbTxn *txn, NskDuty *duty, GError **error)
{
    g_autoptr(GError) refusal = NULL;

    if (duty->task->closed) {
        g_set_error(error, NSK_ERROR, NSK_ERROR_CONFLICT,
                    nsk_tr("the task '%s' of this letter is done already; see 'naskah letter show "
                           "%s' for what is waiting now"),
                    duty->task->name, duty->row->id);
        return false;
    }
    if (!nsk_office_today(txn, duty->row->unit, nsk_clock_now(self->clock), &duty->today, error))
        return false;
    for (int i = 0; duty->task->positions[i] != NULL; i++) {
        g_clear_error(&refusal);
        if (may_do_from(self, txn, duty, duty->task->positions[i], &refusal))
            return check_assignee(self, txn, duty, error) && check_separate(self, txn, duty, error);
    }
    g_assert(refusal != NULL); /* a task lies in front of at least one position */
    g_prefix_error(&refusal, nsk_tr("the task '%s' is not yours: "), duty->task->name);
    g_propagate_error(error, g_steal_pointer(&refusal));
    return false;
}

bool
nsk_duty_check_kept(const NskDuty *duty, GError **error)
{
    if (duty->task->owner == NULL)
        return true;
    g_set_error(error, NSK_ERROR, NSK_ERROR_DENIED,
                nsk_tr("the task '%s' was delegated to you by '%s': work at it and give it back "
                       "with 'naskah task hand-back'"),
                duty->task->name, duty->task->owner);
    return false;
}

/* Whether the person may do @task, one of @row's. */
static bool
is_own(NskOffice *self, NskDbTxn *txn, const NskLetterRow *row, NskTaskRow *task)
{
    NskDuty trial = { .row = (NskLetterRow *)(uintptr_t)row, .task = task };
    bool own = fill_duty(self, txn, &trial, NULL);

    g_free(trial.position);
    return own;
}

bool
nsk_access_may_sign(NskOffice *self,
                    NskDbTxn *txn,
                    const NskLetterRow *row,
                    bool *out_may,
                    GError **error)
{
    g_autoptr(GPtrArray) tasks = nsk_task_list_letter(txn, row->id, error);

    if (tasks == NULL)
        return false;
    *out_may = false;
    for (guint i = 0; i < tasks->len && !*out_may; i++) {
        NskTaskRow *task = g_ptr_array_index(tasks, i);

        *out_may = strcmp(task->role, "sign") == 0 && is_own(self, txn, row, task);
    }
    return true;
}

/* The one waiting task of the letter that the person may do; of none, the first, whose refusal then
 * says why. */
static NskTaskRow *
only_task(NskOffice *self, NskDbTxn *txn, const NskLetterRow *row, GError **error)
{
    guint own = 0, n_own = 0;
    g_autoptr(GString) names = g_string_new(NULL);
    g_autoptr(GPtrArray) tasks = nsk_task_list_letter(txn, row->id, error);

    if (tasks == NULL)
        return NULL;
    if (tasks->len == 0) {
        g_set_error(error, NSK_ERROR, NSK_ERROR_CONFLICT,
                    nsk_tr("nothing waits to be done with this letter (its state is '%s')"),
                    nsk_office_word(row->state));
        return NULL;
    }
    for (guint i = 0; i < tasks->len && tasks->len > 1; i++) {
        NskTaskRow *task = g_ptr_array_index(tasks, i);

        if (!is_own(self, txn, row, task))
            continue;
        own = n_own++ == 0 ? i : own;
        g_string_append_printf(names, "%s%s/%s", n_own > 1 ? ", " : "", row->id, task->key);
    }
    if (n_own <= 1)
        return g_ptr_array_steal_index(tasks, own);
    g_set_error(error, NSK_ERROR, NSK_ERROR_INVALID,
                nsk_tr("several tasks of this letter are yours; write which one as LETTER/KEY: %s"),
                names->str);
    return NULL;
}

/* The duty of the letter's task @key (NULL: of the only one); takes over @row, which may be NULL.
 */
static NskDuty *
open_duty(NskOffice *self, NskDbTxn *txn, NskLetterRow *row, const char *key, GError **error)
{
    g_autoptr(NskDuty) duty = g_new0(NskDuty, 1);

    duty->row = row;
    if (row == NULL)
        return NULL;
    duty->task =
        key != NULL ? nsk_task_load(txn, row->id, key, error) : only_task(self, txn, row, error);
    if (duty->task == NULL || !fill_duty(self, txn, duty, error))
        return NULL;
    return g_steal_pointer(&duty);
}

NskDuty *
nsk_access_duty(NskOffice *self, NskDbTxn *txn, const char *task, GError **error)
{
    const char *slash = strchr(task, '/');

    /* a number has slashes too: the key is what follows an id */
    g_autofree char *head = slash != NULL ? g_strndup(task, (size_t)(slash - task)) : NULL;
    bool has_key = head != NULL && strchr(slash, '#') != NULL;
    const char *letter = has_key ? head : task;
    const char *key = has_key ? slash + 1 : NULL;

    /* who may do a task of a letter may know of it: only a refusal asks by what right, since then
     * the words depend on it */
    NskDuty *duty = nsk_id_is_valid(letter)
                        ? open_duty(self, txn, nsk_letter_row_load(txn, letter, NULL), key, NULL)
                        : NULL;
    if (duty != NULL)
        return duty;
    return open_duty(self, txn, nsk_access_letter(self, txn, letter, error), key, error);
}
