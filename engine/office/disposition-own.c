/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What a person can do about the dispositions of one letter: the tasks by which he disposes of it,
 * or may prepare that for another, with what is prepared; and what he has given, as long as it
 * stands.
 */
#include "base/message.h"
#include "office/disposition-give.h"

#include <string.h>

typedef struct {
    NskOffice *office;
    NskDbTxn *txn;
    const NskLetterRow *row;
    NskTree *tree;
    NskDate today;
} Own;

static void
set_time(NskJson *json, const char *key, NskInstant at)
{
    g_autofree char *text = nsk_instant_format(at);

    nsk_json_set_text(json, key, text);
}

static void
set_person(const Own *self, NskJson *json, const char *key, const char *id)
{
    g_autoptr(NskPerson) person = nsk_directory_get_person(self->txn, id, NULL);

    nsk_json_set_text(json, key, person != NULL ? person->printed : id);
}

static void
set_position(const Own *self, NskJson *json, const char *id)
{
    g_autoptr(NskPosition) position = nsk_directory_get_position(self->txn, id, NULL);

    nsk_json_set_text(json, "position", id);
    nsk_json_set_text(json, "title", position != NULL ? position->title : id);
}

/* --- What is given or prepared --------------------------------------------------------------- */

static NskJson *
list_instructions(const NskDispositionRow *row)
{
    NskJson *list = nsk_json_array();
    g_auto(GStrv) ids = g_strsplit(row->instructions, " ", -1);

    for (size_t i = 0; ids[i] != NULL; i++) {
        if (ids[i][0] != '\0')
            nsk_json_add_text(list, ids[i]);
    }
    return list;
}

static NskJson *
list_receivers(const Own *self, const NskDispositionRow *row)
{
    NskJson *list = nsk_json_array();

    for (guint i = 0; i < self->tree->receivers->len; i++) {
        const NskReceiverRow *receiver = g_ptr_array_index(self->tree->receivers, i);

        if (receiver->n != row->n || strcmp(receiver->state, "recalled") == 0)
            continue;
        NskJson *json = nsk_json_object();
        set_position(self, json, receiver->position);
        nsk_json_add(list, json);
    }
    return list;
}

static NskJson *
disposition_to_json(const Own *self, const NskDispositionRow *row)
{
    NskJson *json = nsk_json_object();

    nsk_json_set_int(json, "n", row->n);
    set_time(json, "at", row->at);
    nsk_json_set(json, "receivers", list_receivers(self, row));
    nsk_json_set(json, "instructions", list_instructions(row));
    if (row->note[0] != '\0')
        nsk_json_set_text(json, "note", row->note);
    if (row->due != NULL)
        nsk_json_set_text(json, "due", row->due);
    return json;
}

/* --- Tasks ----------------------------------------------------------------------------------- */

static NskJson *
find_proposal(const Own *self, const NskTaskRow *task)
{
    for (guint i = 0; i < self->tree->dispositions->len; i++) {
        const NskDispositionRow *row = g_ptr_array_index(self->tree->dispositions, i);

        if (strcmp(row->state, "proposed") != 0 || strcmp(row->task, task->key) != 0)
            continue;
        NskJson *json = disposition_to_json(self, row);
        set_person(self, json, "proposer", row->proposer);
        return json;
    }
    return NULL;
}

/* Adds the task, if it is one of reading that is the person's or may be prepared by him. */
static bool
add_task(const Own *self, const NskTaskRow *task, NskJson *list, GError **error)
{
    NskCapacity capacity;
    const char *position = task->positions[0];
    bool assists = false;

    if (!nsk_task_has_outcome(task, NSK_OUTCOME_READING) || position == NULL)
        return true;
    bool mine = nsk_directory_may_act(self->txn, self->office->person, position, self->today,
                                      &capacity, NULL);
    if (!nsk_letter_row_is_secret(self->row) &&
        !nsk_disposition_assists(self->office, self->txn, position, self->today, &assists, error))
        return false;
    if (!mine && !assists)
        return true;
    g_autofree char *name = g_strconcat(self->row->id, "/", task->key, NULL);
    NskJson *proposal = find_proposal(self, task);
    NskJson *json = nsk_json_object();
    nsk_json_set_text(json, "task", name);
    set_position(self, json, position);
    nsk_json_set_bool(json, "mine", mine);
    nsk_json_set_bool(json, "assists", assists);
    if (proposal != NULL)
        nsk_json_set(json, "proposal", proposal);
    nsk_json_add(list, json);
    return true;
}

static NskJson *
list_tasks(const Own *self, GError **error)
{
    g_autoptr(GPtrArray) tasks = nsk_task_list_letter(self->txn, self->row->id, error);
    g_autoptr(NskJson) list = nsk_json_array();

    for (guint i = 0; tasks != NULL && i < tasks->len; i++) {
        if (!add_task(self, g_ptr_array_index(tasks, i), list, error))
            return NULL;
    }
    return tasks != NULL ? g_steal_pointer(&list) : NULL;
}

/* --- What the person has given --------------------------------------------------------------- */

static NskJson *
find_given(const Own *self)
{
    const NskDispositionRow *row =
        nsk_disposition_find_given(self->tree, self->office->person, NULL);

    if (row == NULL)
        return NULL;
    NskJson *json = disposition_to_json(self, row);
    const NskReceiverRow *reader = nsk_disposition_find_reader(self->tree, row);
    NskInstant now = nsk_clock_now(self->office->clock);
    bool is_fresh = now - row->at <= NSK_DISPOSITION_UNDO;
    nsk_json_set_bool(json, "undo", reader == NULL && is_fresh);
    set_time(json, "until", row->at + NSK_DISPOSITION_UNDO);
    if (reader != NULL) {
        set_person(self, json, "reader", reader->reader);
        set_time(json, "read", reader->read);
    }
    return json;
}

bool
nsk_office_disposition_own(NskOffice *self,
                           const char *letter,
                           NskJson **out_result,
                           GError **error)
{
    g_auto(NskTree) tree = { 0 };
    g_autoptr(NskDbTxn) txn = nsk_db_snapshot(self->reader, error);
    g_autoptr(NskLetterRow) row = txn != NULL ? nsk_access_letter(self, txn, letter, error) : NULL;
    bool kept = row != NULL && nsk_reading_keep(self, &txn, row, NSK_READING_OPENED, error);
    Own own = { .office = self, .txn = txn, .row = row, .tree = &tree };

    if (!kept || !nsk_tree_load(&tree, txn, row->id, error) ||
        !nsk_office_today(txn, row->unit, nsk_clock_now(self->clock), &own.today, error))
        return false;
    NskJson *tasks = list_tasks(&own, error);
    if (tasks == NULL)
        return false;
    NskJson *given = find_given(&own);
    NskJson *result = nsk_json_object();
    nsk_json_set_text(result, "letter", row->id);
    nsk_json_set_text(result, "subject", row->subject);
    nsk_json_set(result, "tasks", tasks);
    if (given != NULL)
        nsk_json_set(result, "given", given);
    *out_result = result;
    return true;
}
