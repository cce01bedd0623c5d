/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The tree of dispositions of a letter, and who sees what of it.
 *
 *     forwarded  TU -> head                    the first, by the workflow
 *     given      head -> bureau, directorate   by the task of reading that lay before the head
 *     given      bureau -> subdivision         ...
 *
 * Who received the letter sees his own branch and all that is below it, but not the branches beside
 * him; who registered the letter or keeps the unit's archive sees all of it.
 */
#include "office/access-private.h"
#include "office/disposition-private.h"

#include <string.h>

bool
nsk_tree_load(NskTree *self, NskDbTxn *txn, const char *letter, GError **error)
{
    self->dispositions = nsk_disposition_list(txn, letter, error);
    self->receivers = self->dispositions != NULL ? nsk_receiver_list(txn, letter, error) : NULL;
    self->own = g_ptr_array_new();
    return self->receivers != NULL;
}

void
nsk_tree_clear(NskTree *self)
{
    g_clear_pointer(&self->own, g_ptr_array_unref);
    g_clear_pointer(&self->readings, g_ptr_array_unref);
    g_clear_pointer(&self->dispositions, g_ptr_array_unref);
    g_clear_pointer(&self->receivers, g_ptr_array_unref);
}

bool
nsk_tree_look(NskTree *self,
              NskOffice *office,
              NskDbTxn *txn,
              const NskLetterRow *row,
              GError **error)
{
    NskDate today;

    if (!nsk_office_today(txn, row->unit, nsk_clock_now(office->clock), &today, error))
        return false;
    g_autoptr(GPtrArray) readings = nsk_directory_readings(txn, office->person, today, error);
    if (readings != NULL)
        nsk_tree_look_through(self, readings, row);
    return readings != NULL;
}

void
nsk_tree_look_through(NskTree *self, GPtrArray *readings, const NskLetterRow *row)
{
    static const NskTie ties[] = { [NSK_READS_AS_HOLDER] = NSK_TIE_NAMED,
                                   [NSK_READS_AS_ASSISTANT] = NSK_TIE_HELPS,
                                   [NSK_READS_AS_ARCHIVIST] = NSK_TIE_KEEPS,
                                   [NSK_READS_AS_SUBSTITUTE] = NSK_TIE_COVERS };
    bool secret = nsk_letter_row_is_secret(row);

    self->readings = g_ptr_array_ref(readings);
    for (guint i = 0; i < self->readings->len; i++) {
        const NskReading *reading = g_ptr_array_index(self->readings, i);

        if (nsk_access_most(row->security, ties[reading->as]) == NSK_READER_NONE)
            continue;
        if (reading->as == NSK_READS_AS_ARCHIVIST)
            self->sees_all = self->sees_all || strcmp(reading->unit, row->unit) == 0;
        else if (strcmp(reading->position, row->drafter) == 0 && !secret)
            self->sees_all = true;
        else
            g_ptr_array_add(self->own, reading->position);
    }
}

NskDispositionRow *
nsk_tree_disposition(const NskTree *self, int64_t n)
{
    for (guint i = 0; i < self->dispositions->len; i++) {
        NskDispositionRow *row = g_ptr_array_index(self->dispositions, i);

        if (row->n == n)
            return row;
    }
    return NULL;
}

NskReceiverRow *
nsk_tree_find_task(const NskTree *self, const char *task)
{
    /* a task lies before one receiver at a time; the last has it */
    for (guint i = self->receivers->len; i > 0; i--) {
        NskReceiverRow *row = g_ptr_array_index(self->receivers, i - 1);

        if (g_strcmp0(row->task, task) == 0)
            return row;
    }
    return NULL;
}

NskReceiverRow *
nsk_tree_giver(const NskTree *self, int64_t n)
{
    const NskDispositionRow *disposition = nsk_tree_disposition(self, n);

    for (guint i = 0; disposition != NULL && i < self->receivers->len; i++) {
        NskReceiverRow *row = g_ptr_array_index(self->receivers, i);

        if (row->n == disposition->from_n && row->k == disposition->from_k)
            return row;
    }
    return NULL;
}

bool
nsk_tree_is_below(const NskTree *self, const NskReceiverRow *receiver, const NskReceiverRow *above)
{
    /* numbers fall on the way up, so that it ends */
    while (receiver != NULL && receiver != above)
        receiver = nsk_tree_giver(self, receiver->n);
    return receiver != NULL;
}

bool
nsk_tree_is_own(const NskTree *self, const char *position)
{
    return g_ptr_array_find_with_equal_func(self->own, position, g_str_equal, NULL);
}

bool
nsk_tree_sees(const NskTree *self, const NskReceiverRow *receiver)
{
    return (receiver->task != NULL && nsk_tree_is_own(self, receiver->position)) ||
           nsk_tree_is_above(self, receiver);
}

bool
nsk_tree_is_above(const NskTree *self, const NskReceiverRow *receiver)
{
    if (self->sees_all)
        return true;
    while ((receiver = nsk_tree_giver(self, receiver->n)) != NULL) {
        if (nsk_tree_is_own(self, receiver->position))
            return true;
    }
    return false;
}

/* Whether the task is, or was, one of a branch of the tree: the receiver, or NULL. */
static const NskReceiverRow *
find_branch(const NskTree *self, const char *task)
{
    const NskReceiverRow *row = nsk_tree_find_task(self, task);

    /* an earlier task of a receiver who gave it on */
    for (guint i = 0; row == NULL && i < self->dispositions->len; i++) {
        const NskDispositionRow *disposition = g_ptr_array_index(self->dispositions, i);

        if (strcmp(disposition->task, task) == 0)
            row = nsk_tree_giver(self, disposition->n);
    }
    return row;
}

bool
nsk_tree_shows_task(const NskTree *self, const char *task)
{
    const NskReceiverRow *row = find_branch(self, task);

    return self->sees_all || row == NULL || nsk_tree_sees(self, row);
}
