/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What people do with dispositions; each act is one change, and moves the letter's workflow:
 *
 *     give, confirm     outcome "dispose" of a task of reading, the receivers as a fact of the step
 *     done              outcome "done", of a task of reading after "follow-up"; "accept" of a task
 *                       of checking what the others answered
 *     none, return      outcomes "file", "return"
 *     recall            taken back while nobody has answered (disposition-recall.c)
 *     undo              the same at once, while nobody has seen it
 *     propose, read, urge   leave the workflow as it is
 */
#include "base/message.h"
#include "office/deed-private.h"
#include "office/disposition-give.h"
#include "office/disposition-private.h"

#include <string.h>

#define URGE_PAUSE ((int64_t)3600 * G_USEC_PER_SEC)

/* --- Answers. --------------------------------------------------------------------------------- */

bool
nsk_task_has_outcome(const NskTaskRow *task, const char *outcome)
{
    g_auto(GStrv) outcomes = g_strsplit(task->outcomes, " ", -1);

    return g_strv_contains((const char *const *)outcomes, outcome);
}

bool
nsk_disposition_set_wrong_task(const NskDuty *duty, GError **error)
{
    g_set_error(error, NSK_ERROR, NSK_ERROR_INVALID,
                nsk_tr("the task '%s' is not one of a disposition for which that can be said; it "
                       "may end with: %s"),
                duty->task->name, duty->task->outcomes);
    return false;
}

/* What an act of the duty is recorded with. */
static NskAdvance
advance_of(const NskDispositionWork *self, const NskDuty *duty, const char *outcome)
{
    NskAdvance advance = {
        .flow_event = { .type = NSK_FLOW_COMPLETE, .key = duty->task->key, .outcome = outcome },
        .person = self->office->person
    };

    advance.record = (NskEvent){ .position = duty->position,
                                 .capacity = nsk_capacity_name(duty->capacity),
                                 .task = duty->task->key,
                                 .state_from = duty->row->state };
    return advance;
}

bool
nsk_disposition_step(NskDispositionWork *self,
                     NskDuty *duty,
                     const NskDispositionStep *step,
                     GError **error)
{
    g_autofree char *state = g_strdup(duty->row->state);
    NskAct act = { .office = self->office,
                   .txn = self->txn,
                   .row = duty->row,
                   .now = self->now,
                   .today = duty->today };
    NskAdvance advance = advance_of(self, duty, step->outcome);

    advance.record.state_from = state;
    advance.record.action = step->action;
    advance.record.sentence = step->sentence;
    advance.record.reason = step->words;
    advance.record.texts = step->texts;
    advance.record.n_texts = step->n_texts;
    advance.giving = step->giving;
    advance.takes_back = step->takes_back;
    advance.receivers = step->receivers;
    return nsk_advance(&act, &advance, error);
}

bool
nsk_disposition_go_on(NskDispositionWork *self, NskDuty *duty, GError **error)
{
    g_auto(NskTree) tree = { 0 };

    if (!nsk_tree_load(&tree, self->txn, duty->row->id, error))
        return false;
    for (guint i = tree.receivers->len; i > 0; i--) {
        const NskReceiverRow *row = g_ptr_array_index(tree.receivers, i - 1);

        if (strcmp(row->position, duty->position) != 0 || row->task == NULL ||
            row->answered != self->now || strcmp(row->task, duty->task->key) == 0)
            continue;
        NskTaskRow *next = nsk_task_load(self->txn, duty->row->id, row->task, error);
        if (next == NULL)
            return false;
        nsk_task_row_free(duty->task);
        duty->task = next;
        return true;
    }
    g_set_error(error, NSK_ERROR, NSK_ERROR_CONFLICT,
                nsk_tr("the workflow of letter %s gave you nothing more to do"), duty->row->id);
    return false;
}

/* Puts the warnings, if there are any, into the answer. */
static bool
add_warnings(NskDispositionWork *self, GError **error)
{
    if (self->warnings == NULL)
        return true;
    g_autoptr(NskJson) answer = nsk_json_parse(self->answer, strlen(self->answer), error);
    if (answer == NULL)
        return false;
    nsk_json_set(answer, "warnings", nsk_json_ref(self->warnings));
    g_free(self->answer);
    self->answer = nsk_json_canonical(answer);
    return true;
}

bool
nsk_disposition_set_answer(NskDispositionWork *self, const NskDuty *duty, GError **error)
{
    NskAct act = { .office = self->office,
                   .txn = self->txn,
                   .row = duty->row,
                   .now = self->now,
                   .today = duty->today };

    g_free(self->answer);
    self->answer = nsk_act_answer(&act, duty->task->key, self->asked->act, error);
    return self->answer != NULL && add_warnings(self, error);
}

bool
nsk_disposition_answer(NskDispositionWork *self,
                       NskDuty *duty,
                       const NskDispositionStep *step,
                       GError **error)
{
    return nsk_disposition_step(self, duty, step, error) &&
           nsk_disposition_set_answer(self, duty, error);
}

static bool
do_done(NskDispositionWork *self, GError **error)
{
    static const NskDispositionStep take_up = { .outcome = "follow-up",
                                                .action = "disposition-taken-up",
                                                .sentence = "Take the letter in hand" };
    NskDispositionStep step = { .outcome = "done",
                                .action = "disposition-done",
                                .sentence = "Say what was done about the letter",
                                .words = self->asked->note };
    g_autoptr(NskDuty) duty = nsk_access_duty(self->office, self->txn, self->asked->task, error);

    if (duty == NULL || !nsk_duty_check_kept(duty, error))
        return false;
    if (nsk_task_has_outcome(duty->task, "accept"))
        step.outcome = "accept";
    else if (nsk_task_has_outcome(duty->task, "follow-up") &&
             (!nsk_disposition_step(self, duty, &take_up, error) ||
              !nsk_disposition_go_on(self, duty, error)))
        return false;
    if (!nsk_task_has_outcome(duty->task, step.outcome))
        return nsk_disposition_set_wrong_task(duty, error);
    return nsk_disposition_answer(self, duty, &step, error);
}

static bool
do_simple(NskDispositionWork *self, const NskDispositionStep *step, GError **error)
{
    g_autoptr(NskDuty) duty = nsk_access_duty(self->office, self->txn, self->asked->task, error);

    if (duty == NULL || !nsk_duty_check_kept(duty, error))
        return false;
    if (!nsk_task_has_outcome(duty->task, NSK_OUTCOME_READING))
        return nsk_disposition_set_wrong_task(duty, error);
    return nsk_disposition_answer(self, duty, step, error);
}

static bool
do_return(NskDispositionWork *self, GError **error)
{
    return do_simple(self,
                     &(NskDispositionStep){ .outcome = "return",
                                            .action = "disposition-returned",
                                            .sentence = "Return the letter to who gave it",
                                            .words = self->asked->note },
                     error);
}

static bool
do_none(NskDispositionWork *self, GError **error)
{
    return do_simple(self,
                     &(NskDispositionStep){ .outcome = "file",
                                            .action = "disposition-none",
                                            .sentence = "The letter needs no disposition",
                                            .words = self->asked->note },
                     error);
}

/* --- Reading, urging. ------------------------------------------------------------------------- */

/* Writes what happened to the receivers @chosen into the history, and sets the answer. */
static bool
record(NskDispositionWork *self, NskLetterRow *row, NskEvent *event, GError **error)
{
    NskDate today;

    if (!nsk_office_today(self->txn, row->unit, self->now, &today, error))
        return false;
    NskAct act = { .office = self->office,
                   .txn = self->txn,
                   .row = row,
                   .now = self->now,
                   .today = today };
    event->state_from = row->state;
    if (event->action != NULL && !nsk_record(&act, event, error))
        return false;
    self->answer = nsk_act_answer(&act, NULL, self->asked->act, error);
    return self->answer != NULL;
}

/* Those that the person has not seen yet, of the positions that he holds. */
static bool
do_read(NskDispositionWork *self, GError **error)
{
    NskDate today;
    NskCapacity capacity;
    NskEvent event = { 0 };
    g_auto(NskTree) tree = { 0 };
    g_autoptr(NskLetterRow) row =
        nsk_access_letter(self->office, self->txn, self->asked->task, error);

    if (row == NULL || !nsk_tree_load(&tree, self->txn, row->id, error) ||
        !nsk_office_today(self->txn, row->unit, self->now, &today, error))
        return false;
    for (guint i = 0; i < tree.receivers->len; i++) {
        const NskReceiverRow *receiver = g_ptr_array_index(tree.receivers, i);

        if (receiver->task == NULL || receiver->read != 0 || !nsk_receiver_is_open(receiver) ||
            !nsk_directory_may_act(self->txn, self->office->person, receiver->position, today,
                                   &capacity, NULL))
            continue;
        if (!nsk_receiver_set_read(self->txn, row->id, receiver, self->office->person, self->now,
                                   error))
            return false;
        event = (NskEvent){ .action = "disposition-read",
                            .sentence = "The letter was seen",
                            .position = receiver->position,
                            .capacity = nsk_capacity_name(capacity),
                            .task = receiver->task };
    }
    return record(self, row, &event, error);
}

/* Whether the receiver is one to be urged by the person. */
static bool
is_urgeable(const NskDispositionWork *self, const NskTree *tree, const NskReceiverRow *receiver)
{
    return nsk_receiver_is_open(receiver) && strcmp(receiver->state, "disposed") != 0 &&
           (self->asked->receivers == NULL ||
            strcmp(self->asked->receivers, receiver->position) == 0) &&
           nsk_tree_is_above(tree, receiver);
}

/* Marks those who are urged; *out_names: their positions. */
static bool
urge_all(NskDispositionWork *self,
         const NskLetterRow *row,
         const NskTree *tree,
         GString *names,
         GError **error)
{
    bool found = false;

    for (guint i = 0; i < tree->receivers->len; i++) {
        const NskReceiverRow *receiver = g_ptr_array_index(tree->receivers, i);

        if (!is_urgeable(self, tree, receiver))
            continue;
        found = true;
        if (receiver->urged > self->now - URGE_PAUSE)
            continue;
        g_string_append_printf(names, "%s%s", names->len > 0 ? " " : "", receiver->position);
        if (!nsk_receiver_set_urged(self->txn, row->id, receiver, self->now, error))
            return false;
    }
    if (names->len > 0)
        return true;
    g_set_error(error, NSK_ERROR, NSK_ERROR_CONFLICT,
                found ? nsk_tr("those who have letter %s from you were urged less than an hour ago")
                      : nsk_tr("nobody has a disposition of letter %s from you still to answer"),
                row->id);
    return false;
}

/* The position from which the person looks down on the tree; NULL: none of the tree. */
static const char *
find_place(const NskTree *tree)
{
    for (guint i = 0; i < tree->receivers->len; i++) {
        const NskReceiverRow *receiver = g_ptr_array_index(tree->receivers, i);

        if (receiver->task != NULL && nsk_tree_is_own(tree, receiver->position))
            return receiver->position;
    }
    return NULL;
}

static bool
do_urge(NskDispositionWork *self, GError **error)
{
    g_auto(NskTree) tree = { 0 };
    g_autoptr(GString) names = g_string_new(NULL);
    g_autoptr(NskLetterRow) row =
        nsk_access_letter(self->office, self->txn, self->asked->task, error);

    if (row == NULL || !nsk_tree_load(&tree, self->txn, row->id, error) ||
        !nsk_tree_look(&tree, self->office, self->txn, row, error) ||
        !urge_all(self, row, &tree, names, error))
        return false;
    NskJournalText to = { "to", names->str };
    NskEvent event = { .action = "disposition-urged",
                       .sentence = "Remind those who have a disposition to answer",
                       .position = find_place(&tree),
                       .reason = self->asked->note,
                       .texts = &to,
                       .n_texts = 1 };
    return record(self, row, &event, error);
}

/* --- The table. ------------------------------------------------------------------------------- */

static const struct {
    const char *name;
    const char *needed; /* what must be said beside the letter: "to", "note"; NULL: nothing */
    bool (*run)(NskDispositionWork *, GError **);
} acts[] = {
    { "give", "to", nsk_disposition_give },
    { "propose", "to", nsk_disposition_propose },
    { "confirm", NULL, nsk_disposition_confirm },
    { "done", NULL, do_done },
    { "return", "note", do_return },
    { "none", NULL, do_none },
    { "recall", NULL, nsk_disposition_recall },
    { "undo", NULL, nsk_disposition_undo },
    { "urge", NULL, do_urge },
    { "read", NULL, do_read },
};

static bool
is_empty(const char *text)
{
    return text == NULL || text[0] == '\0';
}

/* The place of the act in the table.  Errors: INVALID. */
static bool
find_act(const NskDispositionAct *asked, size_t *out_i, GError **error)
{
    for (size_t i = 0; i < G_N_ELEMENTS(acts); i++) {
        if (g_strcmp0(acts[i].name, asked->act) != 0)
            continue;
        *out_i = i;
        if (g_strcmp0(acts[i].needed, "to") == 0 && is_empty(asked->receivers)) {
            g_set_error_literal(error, NSK_ERROR, NSK_ERROR_INVALID,
                                nsk_tr("say to whom the disposition goes, the lead first"));
            return false;
        }
        if (g_strcmp0(acts[i].needed, "note") == 0 && is_empty(asked->note)) {
            g_set_error_literal(error, NSK_ERROR, NSK_ERROR_INVALID,
                                nsk_tr("say why the letter goes back, with --note"));
            return false;
        }
        return true;
    }
    g_set_error(error, NSK_ERROR, NSK_ERROR_INVALID,
                nsk_tr("there is nothing called '%s' that could be done with a disposition"),
                asked->act != NULL ? asked->act : "");
    return false;
}

typedef struct {
    NskOffice *office;
    const NskDispositionAct *asked;
    size_t i;
    NskInstant now;
} Asked;

static bool
apply_act(NskDbTxn *txn, void *data, char **out_answer, GError **error)
{
    const Asked *asked = data;
    NskDispositionWork work = { .office = asked->office,
                                .asked = asked->asked,
                                .txn = txn,
                                .now = asked->now };

    bool ok = acts[asked->i].run(&work, error);

    g_clear_pointer(&work.warnings, nsk_json_unref);
    if (ok)
        *out_answer = work.answer;
    else
        g_free(work.answer);
    return ok;
}

static const char *
or_nothing(const char *text)
{
    return text != NULL ? text : "";
}

bool
nsk_do_disposition(NskOffice *self, const void *arguments, NskJson **out_result, GError **error)
{
    const NskDispositionAct *act = arguments;
    NskDispositionAct asked = *act;
    Asked work = { .office = self, .asked = &asked, .now = nsk_clock_now(self->clock) };
    g_autofree char *answer = NULL;

    /* words that say nothing are none */
    asked.note = is_empty(act->note) ? NULL : act->note;
    asked.due = is_empty(act->due) ? NULL : act->due;
    if (!find_act(act, &work.i, error))
        return false;
    NSK_REQUEST(self, "disposition", act->act, act->task, or_nothing(act->receivers),
                or_nothing(act->instructions), or_nothing(act->note), or_nothing(act->due));
    if (!nsk_office_commit(self, apply_act, &work, &answer, error))
        return false;
    *out_result = nsk_office_read_answer(answer, error);
    return *out_result != NULL;
}
