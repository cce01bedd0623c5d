/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "office/office-private.h"

#include <stdlib.h>
#include <string.h>

static int
by_opened(const void *a, const void *b)
{
    const NskTaskRow *first = *(NskTaskRow *const *)a;
    const NskTaskRow *second = *(NskTaskRow *const *)b;

    if (first->opened != second->opened)
        return first->opened < second->opened ? -1 : 1;
    return strcmp(first->letter, second->letter);
}

/* Whether a task is shown through a reading: an assistant prepares, but no secret letters; paraf
 * and signature are the holder's own. */
static bool
is_shown(NskDbTxn *txn,
         const NskReading *reading,
         const NskTaskRow *task,
         bool *out_shown,
         GError **error)
{
    *out_shown = reading->as == NSK_READS_AS_HOLDER;
    if (reading->as != NSK_READS_AS_ASSISTANT || strcmp(task->role, "draft") != 0)
        return true;
    g_autoptr(NskLetterRow) letter = nsk_letter_row_load(txn, task->letter, error);
    if (letter == NULL)
        return false;
    *out_shown = !nsk_letter_row_is_secret(letter);
    return true;
}

/* Adds to @tasks what waits in front of a position, each task once. */
static bool
add_waiting(NskDbTxn *txn,
            const NskReading *reading,
            GHashTable *seen,
            GPtrArray *tasks,
            GError **error)
{
    g_autoptr(GPtrArray) found = nsk_task_list_position(txn, reading->position, error);

    if (found == NULL)
        return false;
    while (found->len > 0) {
        g_autoptr(NskTaskRow) task = g_ptr_array_steal_index(found, 0);
        bool shown;

        if (!is_shown(txn, reading, task, &shown, error))
            return false;
        if (shown && g_hash_table_add(seen, g_strdup_printf("%s/%s", task->letter, task->key)))
            g_ptr_array_add(tasks, g_steal_pointer(&task));
    }
    return true;
}

NskJson *
nsk_task_to_json(const NskTaskRow *task)
{
    g_autofree char *id = g_strdup_printf("%s/%s", task->letter, task->key);
    g_autofree char *opened = nsk_instant_format(task->opened);
    g_auto(GStrv) outcomes = g_strsplit(task->outcomes, " ", -1);
    NskJson *row = nsk_json_object();
    NskJson *list = nsk_json_array();
    NskJson *positions = nsk_json_array();

    for (int i = 0; outcomes[i] != NULL; i++)
        nsk_json_add_text(list, outcomes[i]);
    for (int i = 0; task->positions[i] != NULL; i++)
        nsk_json_add_text(positions, task->positions[i]);
    nsk_json_set_text(row, "task", id);
    nsk_json_set_text(row, "letter", task->letter);
    nsk_json_set_text(row, "name", task->name);
    nsk_json_set_text(row, "role", task->role);
    nsk_json_set_text(row, "opened", opened);
    nsk_json_set(row, "positions", positions);
    nsk_json_set(row, "outcomes", list);
    return row;
}

static bool
describe_tasks(NskDbTxn *txn, GPtrArray *tasks, NskJson *list, GError **error)
{
    for (guint i = 0; i < tasks->len; i++) {
        const NskTaskRow *task = g_ptr_array_index(tasks, i);
        g_autoptr(NskLetterRow) letter = nsk_letter_row_load(txn, task->letter, error);

        if (letter == NULL)
            return false;
        NskJson *row = nsk_task_to_json(task);
        nsk_json_set_text(row, "subject", letter->subject);
        nsk_json_set_text(row, "kind", letter->kind);
        nsk_json_set_text(row, "urgency", letter->urgency);
        nsk_json_set_text(row, "position", task->position);
        nsk_json_add(list, row);
    }
    return true;
}

bool
nsk_office_task_list(NskOffice *self, NskJson **out_result, GError **error)
{
    NskDate today;
    g_autoptr(GHashTable) seen = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    g_autoptr(GPtrArray) tasks = g_ptr_array_new_with_free_func(nsk_task_row_free);
    g_autoptr(NskDbTxn) txn = nsk_db_snapshot(self->reader, error);

    /* Jakarta's is the last of the country's zones to begin a day.  Tasks lie in units of all
     * three, so in the two hours around a change of holder the list may show one too many or too
     * few; what decides is the unit's own zone, in which a task is checked again when it is done */
    if (txn == NULL || !nsk_date_at(nsk_clock_now(self->clock), "Asia/Jakarta", &today, error))
        return false;
    g_autoptr(GPtrArray) readings = nsk_directory_readings(txn, self->person, today, error);
    if (readings == NULL)
        return false;
    for (guint i = 0; i < readings->len; i++) {
        const NskReading *reading = g_ptr_array_index(readings, i);

        if (reading->as != NSK_READS_AS_ARCHIVIST && !add_waiting(txn, reading, seen, tasks, error))
            return false;
    }
    if (tasks->len > 1)
        qsort(tasks->pdata, tasks->len, sizeof tasks->pdata[0], by_opened);
    g_autoptr(NskJson) list = nsk_json_array();
    if (!describe_tasks(txn, tasks, list, error))
        return false;
    NskJson *result = nsk_json_object();
    nsk_json_set(result, "tasks", g_steal_pointer(&list));
    *out_result = result;
    return true;
}
