/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Who may know of a letter, and who may do a task.
 *
 * A letter is read through positions: those on its route, the addressees' and copies' once it was
 * sent, what assists one of these (secret letters not), and the archivist of its unit.  To somebody
 * else it does not exist: the answer is "not found", not "denied".
 */
#include "base/message.h"
#include "office/office-private.h"

#include <string.h>

/* Whether one of the person's readings opens @row. */
static bool
reading_opens(NskDbTxn *txn,
              const NskLetterRow *row,
              const NskReading *reading,
              bool *out_opens,
              GError **error)
{
    if (reading->as == NSK_READS_AS_ARCHIVIST) {
        *out_opens = strcmp(reading->unit, row->unit) == 0 && !nsk_letter_row_is_secret(row);
        return true;
    }
    if (reading->as == NSK_READS_AS_ASSISTANT && nsk_letter_row_is_secret(row)) {
        *out_opens = false;
        return true;
    }
    return nsk_reader_has(txn, row->id, reading->position, out_opens, error);
}

static bool
may_read(NskOffice *self, NskDbTxn *txn, const NskLetterRow *row, bool *out_may, GError **error)
{
    NskDate today;

    if (!nsk_office_today(txn, row->unit, nsk_clock_now(self->clock), &today, error))
        return false;
    g_autoptr(GPtrArray) readings = nsk_directory_readings(txn, self->person, today, error);
    if (readings == NULL)
        return false;
    *out_may = false;
    for (guint i = 0; i < readings->len && !*out_may; i++) {
        if (!reading_opens(txn, row, g_ptr_array_index(readings, i), out_may, error))
            return false;
    }
    return true;
}

NskLetterRow *
nsk_access_letter(NskOffice *self, NskDbTxn *txn, const char *text, GError **error)
{
    g_autoptr(GPtrArray) ids = nsk_letter_row_search(txn, text, error);
    g_autoptr(NskLetterRow) found = NULL;

    if (ids == NULL)
        return NULL;
    for (guint i = 0; i < ids->len; i++) {
        bool may = false;
        g_autoptr(NskLetterRow) row = nsk_letter_row_load(txn, g_ptr_array_index(ids, i), error);

        if (row == NULL || !may_read(self, txn, row, &may, error))
            return NULL;
        if (may && found != NULL) {
            g_set_error(error, NSK_ERROR, NSK_ERROR_INVALID,
                        nsk_tr("'%s' may mean several letters; write the whole id"), text);
            return NULL;
        }
        if (may)
            found = g_steal_pointer(&row);
    }
    if (found == NULL)
        g_set_error(error, NSK_ERROR, NSK_ERROR_NOT_FOUND,
                    nsk_tr("there is no letter '%s', or it is not one you may read"), text);
    return g_steal_pointer(&found);
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
 * assistant.  A refusal stays in @refusal, the words of the last one being as good as any. */
static bool
may_do_from(NskOffice *self, NskDbTxn *txn, NskDuty *duty, const char *position, GError **refusal)
{
    bool assists = false;

    if (nsk_directory_may_act(txn, self->person, position, duty->today, &duty->capacity, refusal)) {
        duty->position = g_strdup(position);
        return true;
    }
    if (strcmp(duty->task->role, "draft") != 0 || nsk_letter_row_is_secret(duty->row) ||
        !nsk_directory_is_assistant(txn, self->person, position, duty->today, &assists, NULL) ||
        !assists)
        return false;
    g_clear_error(refusal);
    duty->position = g_strdup(position);
    duty->capacity = NSK_CAPACITY_DEFINITIVE;
    duty->assisting = true;
    return true;
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
            return true;
    }
    g_assert(refusal != NULL); /* a task lies in front of at least one position */
    g_prefix_error(&refusal, nsk_tr("the task '%s' is not yours: "), duty->task->name);
    g_propagate_error(error, g_steal_pointer(&refusal));
    return false;
}

/* The one waiting task of the letter that the person may do. */
static NskTaskRow *
only_task(NskOffice *self, NskDbTxn *txn, const NskLetterRow *row, GError **error)
{
    g_autoptr(GPtrArray) tasks = nsk_task_list_letter(txn, row->id, error);

    if (tasks == NULL)
        return NULL;
    if (tasks->len == 0) {
        g_set_error(error, NSK_ERROR, NSK_ERROR_CONFLICT,
                    nsk_tr("nothing waits to be done with this letter (its state is '%s')"),
                    nsk_office_word(row->state));
        return NULL;
    }
    for (guint i = 0; i < tasks->len; i++) {
        NskTaskRow *task = g_ptr_array_index(tasks, i);
        NskDuty trial = { .row = (NskLetterRow *)(uintptr_t)row, .task = task };
        bool mine = fill_duty(self, txn, &trial, NULL);

        g_free(trial.position);
        if (mine)
            return g_ptr_array_steal_index(tasks, i);
    }
    return g_ptr_array_steal_index(tasks, 0); /* whose refusal then says why */
}

NskDuty *
nsk_access_duty(NskOffice *self, NskDbTxn *txn, const char *task, GError **error)
{
    g_autoptr(NskDuty) duty = g_new0(NskDuty, 1);
    const char *slash = strchr(task, '/');

    /* a number has slashes too: the key is what follows an id */
    g_autofree char *head = slash != NULL ? g_strndup(task, (size_t)(slash - task)) : NULL;
    bool has_key = head != NULL && strchr(slash, '#') != NULL;
    duty->row = nsk_access_letter(self, txn, has_key ? head : task, error);
    if (duty->row == NULL)
        return NULL;
    duty->task = has_key ? nsk_task_load(txn, duty->row->id, slash + 1, error)
                         : only_task(self, txn, duty->row, error);
    if (duty->task == NULL || !fill_duty(self, txn, duty, error))
        return NULL;
    return g_steal_pointer(&duty);
}
