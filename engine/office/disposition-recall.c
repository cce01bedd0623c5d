/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Taking a disposition back, also from those who have read it, as long as they have not answered;
 * and undoing one that was a slip, at once and before anybody has seen it.
 *
 *     from all        the workflow goes back to where it was before the giving
 *     from one        his task is ended as if he had only taken note, by who gave it; those beside
 * him go on, and behind the last the giver looks at what the others answered
 */
#include "base/message.h"
#include "office/deed-private.h"
#include "office/disposition-give.h"
#include "office/disposition-private.h"

#include <string.h>

static const char sql_set_recalled[] =
    "UPDATE disposition SET state = 'recalled', recalled = $3 WHERE letter = $1 AND n = $2";

/* Whether the receiver is one from whom it is to be taken. */
static bool
is_meant(const NskDispositionWork *self,
         const NskDispositionRow *given,
         const NskReceiverRow *receiver)
{
    return receiver->n == given->n && strcmp(receiver->state, "recalled") != 0 &&
           (self->asked->receivers == NULL ||
            strcmp(self->asked->receivers, receiver->position) == 0);
}

/* "2026-07-22 10:15" in the zone of the letter's unit. */
static char *
local_time(NskDispositionWork *self, const NskLetterRow *row, NskInstant at)
{
    g_autoptr(NskUnit) unit = nsk_directory_get_unit(self->txn, row->unit, NULL);

    return nsk_civil_format(at, unit != NULL ? unit->zone : "UTC", NULL);
}

static bool
check_unanswered(NskDispositionWork *self,
                 const NskLetterRow *row,
                 const NskTree *tree,
                 const NskDispositionRow *given,
                 GError **error)
{
    for (guint i = 0; i < tree->receivers->len; i++) {
        const NskReceiverRow *receiver = g_ptr_array_index(tree->receivers, i);

        if (!is_meant(self, given, receiver) || receiver->answered == 0)
            continue;
        g_autoptr(NskPerson) person = nsk_directory_get_person(self->txn, receiver->doer, NULL);
        g_autofree char *at = local_time(self, row, receiver->answered);
        g_set_error(error, NSK_ERROR, NSK_ERROR_CONFLICT,
                    nsk_tr("the disposition cannot be recalled any more: %s (%s) answered on %s, "
                           "it is %s; speak with him, or give it again when it comes back"),
                    person != NULL ? person->printed : receiver->doer, receiver->position, at,
                    nsk_office_word_of("disposition", receiver->state));
        return false;
    }
    return true;
}

const NskDispositionRow *
nsk_disposition_find_given(const NskTree *tree, const char *person, const char *key)
{
    for (guint i = tree->dispositions->len; i > 0; i--) {
        const NskDispositionRow *row = g_ptr_array_index(tree->dispositions, i - 1);

        if (strcmp(row->state, "given") == 0 && g_strcmp0(row->person, person) == 0 &&
            (key == NULL || strcmp(row->task, key) == 0))
            return row;
    }
    return NULL;
}

const NskReceiverRow *
nsk_disposition_find_reader(const NskTree *tree, const NskDispositionRow *given)
{
    for (guint i = 0; i < tree->receivers->len; i++) {
        const NskReceiverRow *receiver = g_ptr_array_index(tree->receivers, i);

        if (receiver->n == given->n && receiver->read != 0)
            return receiver;
    }
    return NULL;
}

/* Undoing is for who sees his slip at once, as long as nobody else saw it. */
static bool
check_unseen(NskDispositionWork *self,
             const NskLetterRow *row,
             const NskTree *tree,
             const NskDispositionRow *given,
             GError **error)
{
    const NskReceiverRow *reader = nsk_disposition_find_reader(tree, given);

    if (reader != NULL) {
        g_autoptr(NskPerson) person = nsk_directory_get_person(self->txn, reader->reader, NULL);
        g_autofree char *at = local_time(self, row, reader->read);

        g_set_error(error, NSK_ERROR, NSK_ERROR_CONFLICT,
                    nsk_tr("it is too late to undo the disposition: %s opened it on %s; take it "
                           "back instead, at the letter, as long as nobody has answered"),
                    person != NULL ? person->printed : reader->reader, at);
        return false;
    }
    if (self->now - given->at <= NSK_DISPOSITION_UNDO)
        return true;
    g_set_error(error, NSK_ERROR, NSK_ERROR_CONFLICT,
                nsk_tr("it is too late to undo the disposition: that is possible for %d minutes; "
                       "take it back instead, at the letter, as long as nobody has answered"),
                (int)(NSK_DISPOSITION_UNDO / G_USEC_PER_SEC / 60));
    return false;
}

/* "LETTER" of "LETTER/KEY", and KEY, which is NULL if there is none; owned. */
static char *
split_task(const char *task, const char **out_key)
{
    const char *slash = strchr(task, '#') != NULL ? strchr(task, '/') : NULL;

    *out_key = slash != NULL ? slash + 1 : NULL;
    return slash != NULL ? g_strndup(task, (size_t)(slash - task)) : g_strdup(task);
}

/* What of the disposition still stands. */
typedef struct {
    guint meant;   /* receivers from whom it is to be taken */
    guint others;  /* who keep it */
    bool was_part; /* it was taken from somebody alone before */
} Standing;

static Standing
count(const NskDispositionWork *self, const NskTree *tree, const NskDispositionRow *given)
{
    Standing standing = { 0 };

    for (guint i = 0; i < tree->receivers->len; i++) {
        const NskReceiverRow *receiver = g_ptr_array_index(tree->receivers, i);

        if (receiver->n != given->n)
            continue;
        if (strcmp(receiver->state, "recalled") == 0)
            standing.was_part = true;
        else if (is_meant(self, given, receiver))
            standing.meant++;
        else
            standing.others++;
    }
    return standing;
}

/* Takes it from all: as if it had not been given. */
static bool
take_all(NskDispositionWork *self,
         const NskLetterRow *row,
         const NskDispositionRow *given,
         GError **error)
{
    g_autofree char *task = g_strconcat(row->id, "/", given->task, NULL);
    NskDeed deed = { .deed = "recall", .task = task, .note = self->asked->note };
    NskDeedWork work = { .office = self->office,
                         .deed = &deed,
                         .txn = self->txn,
                         .now = self->now,
                         .action = "disposition-recalled" };
    bool ok = nsk_deed_recall(&work, error);

    self->answer = work.answer;
    return ok;
}

/* Ends the task of one receiver, in the name of who gave it. */
static bool
take_one(NskDispositionWork *self, NskDuty *duty, const NskReceiverRow *receiver, GError **error)
{
    NskJournalText from = { "from", receiver->position };
    NskDispositionStep step = { .outcome = "file",
                                .action = "disposition-recalled",
                                .sentence = "Take the letter back from one of those who have it",
                                .words = self->asked->note,
                                .texts = &from,
                                .n_texts = 1,
                                .takes_back = true };

    g_clear_pointer(&duty->task, nsk_task_row_free);
    duty->task = nsk_task_load(self->txn, duty->row->id, receiver->task, error);
    if (duty->task == NULL)
        return false;
    if (!nsk_task_has_outcome(duty->task, step.outcome))
        return nsk_disposition_set_wrong_task(duty, error);
    return nsk_disposition_step(self, duty, &step, error);
}

static bool
take_each(NskDispositionWork *self,
          NskLetterRow *row,
          const NskTree *tree,
          const NskDispositionRow *given,
          GError **error)
{
    bool all = count(self, tree, given).others == 0;
    g_autoptr(NskDuty) duty = g_new0(NskDuty, 1);

    duty->row = nsk_letter_row_load(self->txn, row->id, error);
    duty->position = g_strdup(given->giver);
    if (duty->row == NULL ||
        !nsk_office_today(self->txn, row->unit, self->now, &duty->today, error) ||
        !nsk_directory_may_act(self->txn, self->office->person, given->giver, duty->today,
                               &duty->capacity, error))
        return false;
    for (guint i = 0; i < tree->receivers->len; i++) {
        const NskReceiverRow *receiver = g_ptr_array_index(tree->receivers, i);

        if (is_meant(self, given, receiver) && !take_one(self, duty, receiver, error))
            return false;
    }
    if (all && !nsk_db_exec(
                   self->txn, sql_set_recalled,
                   NSK_DB_PARAMS(NSK_DB_TEXT(row->id), NSK_DB_INT(given->n), NSK_DB_INT(self->now)),
                   NULL, error))
        return false;
    return nsk_disposition_set_answer(self, duty, error);
}

static bool
set_not_meant(const NskDispositionWork *self, const NskLetterRow *row, GError **error)
{
    if (self->asked->receivers == NULL)
        g_set_error(error, NSK_ERROR, NSK_ERROR_CONFLICT,
                    nsk_tr("you have given no disposition of letter %s that stands; who gave it "
                           "may recall it"),
                    row->id);
    else
        g_set_error(error, NSK_ERROR, NSK_ERROR_CONFLICT,
                    nsk_tr("'%s' has no disposition of letter %s from you that stands"),
                    self->asked->receivers, row->id);
    return false;
}

static bool
take_back(NskDispositionWork *self, bool unseen, GError **error)
{
    const char *key;
    g_auto(NskTree) tree = { 0 };
    g_autofree char *letter = split_task(self->asked->task, &key);
    g_autoptr(NskLetterRow) row = nsk_access_letter(self->office, self->txn, letter, error);

    if (row == NULL || !nsk_tree_load(&tree, self->txn, row->id, error))
        return false;
    const NskDispositionRow *given = nsk_disposition_find_given(&tree, self->office->person, key);
    Standing standing = given != NULL ? count(self, &tree, given) : (Standing){ 0 };
    if (standing.meant == 0)
        return set_not_meant(self, row, error);
    if (!check_unanswered(self, row, &tree, given, error) ||
        (unseen && !check_unseen(self, row, &tree, given, error)))
        return false;
    return standing.others == 0 && !standing.was_part ? take_all(self, row, given, error)
                                                      : take_each(self, row, &tree, given, error);
}

bool
nsk_disposition_recall(NskDispositionWork *self, GError **error)
{
    return take_back(self, false, error);
}

bool
nsk_disposition_undo(NskDispositionWork *self, GError **error)
{
    return take_back(self, true, error);
}
