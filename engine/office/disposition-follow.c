/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What the workflow of a letter that came in does to its tree of dispositions.
 *
 * Whoever does a task, and however (a disposition, `task return`, the sender's withdrawal, a
 * recall), the workflow closes tasks and opens others, and the tree follows from here alone:
 *
 *   a task closes                its receiver has answered, as the outcome says; without an outcome
 *                                it was taken from him; or it is who gave it that ends it
 *   a task opens by a giving     it lies before one of the receivers just named
 *   ... by another act of his    it is the next of the one who acted, or of the one above him,
 * whose last receiver has answered a task of reading opens and  the letter was passed on to him:
 * the top of the tree nobody is known for it
 *
 * A branch has a position once, so that the way up from the one who acted tells whose a task is.
 */
#include "office/disposition-private.h"

#include <string.h>

#define READING "dispose" /* the outcome that makes a task one of reading */

static const char sql_close[] =
    "UPDATE disposition_receiver SET state = $3, answered = $4, doer = $5, report = $6,"
    " read = coalesce(read, $4), reader = coalesce(reader, $5)"
    " WHERE letter = $1 AND task = $2 AND state IN ('waiting', 'read', 'working', 'disposed')";
static const char sql_take_away[] =
    "UPDATE disposition_receiver SET state = 'recalled'"
    " WHERE letter = $1 AND task = $2 AND state IN ('waiting', 'read', 'working', 'disposed')";
static const char sql_take_back[] =
    "UPDATE disposition_receiver SET state = 'recalled', answered = $3, doer = $4, report = $5"
    " WHERE letter = $1 AND task = $2 AND state IN ('waiting', 'read')";
static const char sql_set_task[] = "UPDATE disposition_receiver SET task = $4, state = $5"
                                   " WHERE letter = $1 AND n = $2 AND k = $3";
static const char sql_set_due[] = "UPDATE task SET due = $3 WHERE letter = $1 AND key = $2";
static const char sql_set_recalled[] =
    "UPDATE disposition SET state = 'recalled', recalled = $3, why = $4"
    " WHERE letter = $1 AND task = $2 AND state = 'given'";

/* What an outcome makes of its receiver.  An outcome that is not here leaves him as he is. */
static const struct {
    const char *outcome, *state;
    bool is_last; /* his words are a report */
} answers[] = {
    { "dispose", "disposed", false }, { "follow-up", "working", false }, { "done", "done", true },
    { "accept", "done", true },       { "again", "read", false },        { "file", "noted", true },
    { "return", "returned", true },
};

/* Only letters that came in have such a tree, and only while they are handled. */
static bool
has_tree(const NskAct *act)
{
    return strcmp(act->row->state, "received") == 0;
}

bool
nsk_follow_close(NskAct *act,
                 const char *key,
                 const NskTaskEnd *end,
                 const NskAdvance *advance,
                 GError **error)
{
    const char *letter = act->row->id;
    const char *words = advance->record.reason != NULL ? advance->record.reason : "";

    if (!has_tree(act))
        return true;
    if (end->outcome == NULL)
        return nsk_db_exec(act->txn, sql_take_away,
                           NSK_DB_PARAMS(NSK_DB_TEXT(letter), NSK_DB_TEXT(key)), NULL, error);
    if (advance->takes_back)
        return nsk_db_exec(act->txn, sql_take_back,
                           NSK_DB_PARAMS(NSK_DB_TEXT(letter), NSK_DB_TEXT(key),
                                         NSK_DB_INT(end->now), NSK_DB_TEXT(end->person),
                                         NSK_DB_TEXT(words)),
                           NULL, error);
    for (size_t i = 0; i < G_N_ELEMENTS(answers); i++) {
        if (strcmp(answers[i].outcome, end->outcome) != 0)
            continue;
        return nsk_db_exec(act->txn, sql_close,
                           NSK_DB_PARAMS(NSK_DB_TEXT(letter), NSK_DB_TEXT(key),
                                         NSK_DB_TEXT(answers[i].state), NSK_DB_INT(end->now),
                                         NSK_DB_TEXT(end->person != NULL ? end->person : ""),
                                         NSK_DB_TEXT(answers[i].is_last ? words : "")),
                           NULL, error);
    }
    return true;
}

/* The end of the day @due in the zone of the letter's unit. */
static bool
end_of_day(NskAct *act, const char *due, NskInstant *out_at, GError **error)
{
    NskDate date;
    g_autoptr(NskUnit) unit = nsk_directory_get_unit(act->txn, act->row->unit, error);

    return unit != NULL && nsk_date_parse(due, &date, error) &&
           nsk_civil_moment(nsk_date_add_days(date, 1), 0, unit->zone, out_at, error);
}

/* The task lies before the receiver from now on, until the day that the giver said. */
static bool
put_task(NskAct *act,
         const NskTree *tree,
         const NskReceiverRow *receiver,
         const char *key,
         const char *state,
         GError **error)
{
    NskInstant due;
    const NskDispositionRow *disposition = nsk_tree_disposition(tree, receiver->n);
    const char *letter = act->row->id;

    if (!nsk_db_exec(act->txn, sql_set_task,
                     NSK_DB_PARAMS(NSK_DB_TEXT(letter), NSK_DB_INT(receiver->n),
                                   NSK_DB_INT(receiver->k), NSK_DB_TEXT(key), NSK_DB_TEXT(state)),
                     NULL, error) ||
        !nsk_reader_add(act->txn, letter, receiver->position, error))
        return false;
    if (disposition == NULL || disposition->due == NULL)
        return true;
    return end_of_day(act, disposition->due, &due, error) &&
           nsk_db_exec(act->txn, sql_set_due,
                       NSK_DB_PARAMS(NSK_DB_TEXT(letter), NSK_DB_TEXT(key), NSK_DB_INT(due)), NULL,
                       error);
}

/* One of those named in the giving that this step carries out; NULL: none. */
static const NskReceiverRow *
find_named(const NskTree *tree, int64_t giving, const char *position)
{
    for (guint i = 0; giving != 0 && i < tree->receivers->len; i++) {
        const NskReceiverRow *row = g_ptr_array_index(tree->receivers, i);

        if (row->n == giving && row->task == NULL && strcmp(row->position, position) == 0)
            return row;
    }
    return NULL;
}

/* The one who acted, or who is above him, of that position; NULL: none. */
static const NskReceiverRow *
find_upward(const NskTree *tree, const char *acted, const char *position)
{
    const NskReceiverRow *row = acted != NULL ? nsk_tree_find_task(tree, acted) : NULL;

    while (row != NULL && strcmp(row->position, position) != 0)
        row = nsk_tree_giver(tree, row->n);
    return row;
}

/* The last of that position who waits for others to answer, where no person acted. */
static const NskReceiverRow *
find_waiting(const NskTree *tree, const char *position)
{
    for (guint i = tree->receivers->len; i > 0; i--) {
        const NskReceiverRow *row = g_ptr_array_index(tree->receivers, i - 1);

        if (strcmp(row->state, "disposed") == 0 && strcmp(row->position, position) == 0)
            return row;
    }
    return NULL;
}

/* The letter is passed on by the workflow itself: the top of the tree. */
static bool
add_top(NskAct *act,
        const NskTree *tree,
        const NskFlowAction *action,
        const char *acted,
        const NskAdvance *advance,
        GError **error)
{
    const NskEvent *record = &advance->record;
    NskDispositionRow row = {
        .task = (char *)(uintptr_t)(acted != NULL ? acted : ""),
        .state = (char *)(uintptr_t) "forwarded",
        .giver = (char *)(uintptr_t)(record->position != NULL ? record->position : ""),
        .person = (char *)(uintptr_t)advance->person,
        .capacity = (char *)(uintptr_t)record->capacity,
        .instructions = (char *)(uintptr_t) "",
        .note = (char *)(uintptr_t) "",
        .at = act->now
    };
    NskReceiverRow receiver = { .k = 1,
                                .position = action->positions[0],
                                .state = (char *)(uintptr_t) "waiting",
                                .task = action->key };

    for (guint i = 0; i < tree->dispositions->len; i++) {
        const NskDispositionRow *other = g_ptr_array_index(tree->dispositions, i);

        if (strcmp(other->state, "forwarded") == 0 && other->at == act->now)
            row.n = other->n;
    }
    for (guint i = 0; i < tree->receivers->len; i++) {
        const NskReceiverRow *other = g_ptr_array_index(tree->receivers, i);

        if (other->n == row.n)
            receiver.k = other->k + 1;
    }
    if (row.n == 0 && !nsk_disposition_add(act->txn, act->row->id, &row, NULL, error))
        return false;
    receiver.n = row.n;
    return nsk_receiver_add(act->txn, act->row->id, &receiver, error) &&
           nsk_reader_add(act->txn, act->row->id, receiver.position, error);
}

/* What the giver took back is his to read again. */
static bool
note_recall(NskAct *act, const char *acted, const NskAdvance *advance, GError **error)
{
    const char *why = advance->record.reason;

    return nsk_db_exec(act->txn, sql_set_recalled,
                       NSK_DB_PARAMS(NSK_DB_TEXT(act->row->id), NSK_DB_TEXT(acted),
                                     NSK_DB_INT(act->now), NSK_DB_TEXT(why != NULL ? why : "")),
                       NULL, error);
}

bool
nsk_follow_open(NskAct *act,
                const NskFlowAction *action,
                const NskFlowEvent *event,
                const NskAdvance *advance,
                GError **error)
{
    g_auto(NskTree) tree = { 0 };
    const char *position = action->positions[0];
    bool is_reading = g_strv_contains((const char *const *)action->outcomes, READING);
    const NskReceiverRow *receiver;

    if (!has_tree(act))
        return true;
    if (!nsk_tree_load(&tree, act->txn, act->row->id, error))
        return false;
    receiver =
        event->type == NSK_FLOW_COMPLETE ? find_named(&tree, advance->giving, position) : NULL;
    if (receiver != NULL)
        return put_task(act, &tree, receiver, action->key, "waiting", error);
    receiver = find_upward(&tree, event->key, position);
    if (receiver == NULL)
        receiver = find_waiting(&tree, position);
    if (receiver == NULL)
        return !is_reading || add_top(act, &tree, action, event->key, advance, error);
    if (event->type == NSK_FLOW_RECALL && !note_recall(act, event->key, advance, error))
        return false;
    return put_task(act, &tree, receiver, action->key, is_reading ? "read" : receiver->state,
                    error);
}
