/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Who is to do a task.
 *
 *   claim, unclaim       one of those before whom it lies takes it upon himself, or leaves it again
 *   assign               the superior, or who may do it, says which person of them is to
 *   reassign             it goes over to another position for good
 *   delegate, hand-back  another position works at it and gives it back; only then is it done
 *
 * By what right somebody claimed (definitive, Pj., Plt., Plh.) is in the entry: a substitution by
 * period is the directory's at that moment, and stays in the history.  A paraf and a signature are
 * of whom the letter names, so these tasks do not go over to others.
 */
#include "base/message.h"
#include "office/deed-private.h"
#include "office/mail-private.h"

#include <string.h>

static const char sql_assign[] = "UPDATE task SET assignee = $3 WHERE letter = $1 AND key = $2";
static const char sql_own[] = "UPDATE task SET owner = $3 WHERE letter = $1 AND key = $2";
static const char sql_clear_places[] = "DELETE FROM inbox WHERE letter = $1 AND key = $2";
static const char sql_add_place[] =
    "INSERT INTO inbox (position, opened, letter, key, drafting) VALUES ($1, $2, $3, $4, $5)";

static bool
set_assignee(NskDeedWork *self, const NskDuty *duty, const char *person, GError **error)
{
    return nsk_db_exec(self->txn, sql_assign,
                       NSK_DB_PARAMS(NSK_DB_TEXT(duty->row->id), NSK_DB_TEXT(duty->task->key),
                                     NSK_DB_TEXT(person)),
                       NULL, error);
}

/* Puts the task before @position alone. */
static bool
put_before(NskDeedWork *self, const NskDuty *duty, const char *position, GError **error)
{
    const NskTaskRow *task = duty->task;

    return nsk_db_exec(self->txn, sql_clear_places,
                       NSK_DB_PARAMS(NSK_DB_TEXT(duty->row->id), NSK_DB_TEXT(task->key)), NULL,
                       error) &&
           nsk_db_exec(self->txn, sql_add_place,
                       NSK_DB_PARAMS(NSK_DB_TEXT(position), NSK_DB_INT(task->opened),
                                     NSK_DB_TEXT(duty->row->id), NSK_DB_TEXT(task->key),
                                     NSK_DB_INT(strcmp(task->role, "draft") == 0)),
                       NULL, error) &&
           set_assignee(self, duty, NULL, error) &&
           nsk_mail_ask(self->txn, duty->row->id, self->now, error);
}

static bool
set_owner(NskDeedWork *self, const NskDuty *duty, const char *position, GError **error)
{
    return nsk_db_exec(self->txn, sql_own,
                       NSK_DB_PARAMS(NSK_DB_TEXT(duty->row->id), NSK_DB_TEXT(duty->task->key),
                                     NSK_DB_TEXT(position)),
                       NULL, error);
}

/* Writes what was done into the history, and to whom, and sets the answer. */
static bool
record(NskDeedWork *self, NskDuty *duty, const char *action, const char *sentence, GError **error)
{
    NskAct act = nsk_deed_act(self, duty->row, duty->today);
    NskJournalText to = { "to", self->deed->to };
    NskEvent event = { .action = action,
                       .sentence = sentence,
                       .position = duty->position,
                       .capacity = duty->assisting ? NULL : nsk_capacity_name(duty->capacity),
                       .on_behalf_of = duty->assisting ? duty->position : NULL,
                       .task = duty->task->key,
                       .state_from = duty->row->state,
                       .reason = self->deed->note,
                       .texts = &to,
                       .n_texts = self->deed->to != NULL ? 1 : 0 };

    if (!nsk_record(&act, &event, error))
        return false;
    self->answer = nsk_act_answer(&act, duty->task->key, self->deed->deed, error);
    return self->answer != NULL;
}

bool
nsk_deed_claim(NskDeedWork *self, GError **error)
{
    g_autoptr(NskDuty) duty = nsk_access_duty(self->office, self->txn, self->deed->task, error);

    if (duty == NULL)
        return false;
    if (duty->task->assignee != NULL) {
        g_set_error(error, NSK_ERROR, NSK_ERROR_CONFLICT,
                    nsk_tr("the task '%s' is with you already"), duty->task->name);
        return false;
    }
    return set_assignee(self, duty, self->office->person, error) &&
           record(self, duty, "task-claimed", "Take a task upon oneself", error);
}

bool
nsk_deed_unclaim(NskDeedWork *self, GError **error)
{
    g_autoptr(NskDuty) duty = nsk_access_duty(self->office, self->txn, self->deed->task, error);

    if (duty == NULL)
        return false;
    if (duty->task->assignee == NULL) {
        g_set_error(error, NSK_ERROR, NSK_ERROR_CONFLICT,
                    nsk_tr("nobody has taken the task '%s' upon himself"), duty->task->name);
        return false;
    }
    return set_assignee(self, duty, NULL, error) &&
           record(self, duty, "task-unclaimed", "Leave a task to the others again", error);
}

/* Whether the person stands above one of the positions before which the task lies; then he acts
 * from there. */
static bool
is_superior(NskDeedWork *self, NskDuty *duty, bool *out_is, GError **error)
{
    *out_is = false;
    for (int i = 0; duty->task->positions[i] != NULL && !*out_is; i++) {
        g_autoptr(NskPosition) position =
            nsk_directory_get_position(self->txn, duty->task->positions[i], error);

        if (position == NULL)
            return false;
        if (position->superior[0] == '\0' ||
            !nsk_deed_check_holder(self, position->superior, duty->today, &duty->capacity, NULL))
            continue;
        duty->position = g_strdup(position->superior);
        *out_is = true;
    }
    return true;
}

/* The task for one who may say who is to do it: who may do it himself, or his superior. */
static NskDuty *
find_managed(NskDeedWork *self, GError **error)
{
    bool is = false;
    g_autoptr(GError) refusal = NULL;
    NskDuty *own = nsk_access_duty(self->office, self->txn, self->deed->task, &refusal);

    if (own != NULL)
        return own;
    g_autoptr(NskDuty) duty = nsk_deed_find_task(self, NULL);
    if (duty != NULL && !duty->task->closed && !is_superior(self, duty, &is, error))
        return NULL;
    if (is)
        return g_steal_pointer(&duty);
    g_propagate_error(error, g_steal_pointer(&refusal));
    return NULL;
}

bool
nsk_deed_assign(NskDeedWork *self, GError **error)
{
    NskCapacity capacity;
    bool may = false;
    g_autoptr(GError) refusal = NULL;
    g_autoptr(NskDuty) duty = find_managed(self, error);

    if (duty == NULL)
        return false;
    for (int i = 0; duty->task->positions[i] != NULL && !may; i++) {
        g_clear_error(&refusal);
        may = nsk_directory_may_act(self->txn, self->deed->to, duty->task->positions[i],
                                    duty->today, &capacity, &refusal);
    }
    if (!may) {
        g_propagate_error(error, g_steal_pointer(&refusal));
        return false;
    }
    return set_assignee(self, duty, self->deed->to, error) &&
           nsk_mail_ask(self->txn, duty->row->id, self->now, error) &&
           record(self, duty, "task-assigned", "Give a task to somebody", error);
}

/* Errors: INVALID for a task that is somebody's by the letter itself; NOT_FOUND. */
static bool
check_move(NskDeedWork *self, const NskDuty *duty, GError **error)
{
    g_autoptr(NskPosition) position = nsk_directory_get_position(self->txn, self->deed->to, error);

    if (position == NULL)
        return false;
    if (strcmp(duty->task->role, "review") != 0 && strcmp(duty->task->role, "sign") != 0)
        return true;
    g_set_error(error, NSK_ERROR, NSK_ERROR_INVALID,
                nsk_tr("the letter itself names who does the task '%s'; return it to its drafter, "
                       "who changes that, or let a substitute be named in the directory"),
                duty->task->name);
    return false;
}

bool
nsk_deed_reassign(NskDeedWork *self, GError **error)
{
    g_autoptr(NskDuty) duty = find_managed(self, error);

    return duty != NULL && check_move(self, duty, error) &&
           put_before(self, duty, self->deed->to, error) && set_owner(self, duty, NULL, error) &&
           record(self, duty, "task-reassigned", "Hand a task over", error);
}

bool
nsk_deed_delegate(NskDeedWork *self, GError **error)
{
    g_autoptr(NskDuty) duty = nsk_access_duty(self->office, self->txn, self->deed->task, error);
    g_autoptr(NskPosition) position =
        duty != NULL ? nsk_directory_get_position(self->txn, self->deed->to, error) : NULL;

    if (position == NULL)
        return false;
    if (duty->task->owner != NULL || strcmp(position->id, duty->position) == 0) {
        g_set_error(error, NSK_ERROR, NSK_ERROR_CONFLICT,
                    duty->task->owner != NULL
                        ? nsk_tr("the task '%s' is delegated already; hand it back first")
                        : nsk_tr("the task '%s' is with that position already"),
                    duty->task->name);
        return false;
    }
    return set_owner(self, duty, duty->position, error) &&
           put_before(self, duty, position->id, error) &&
           record(self, duty, "task-delegated", "Have another work at a task", error);
}

bool
nsk_deed_hand_back(NskDeedWork *self, GError **error)
{
    bool is_owner;
    NskCapacity capacity;
    g_autoptr(NskDuty) own = nsk_deed_find_task(self, NULL);

    /* who delegated it may also take it back */
    is_owner = own != NULL && !own->task->closed && own->task->owner != NULL &&
               nsk_deed_check_holder(self, own->task->owner, own->today, &capacity, NULL);
    if (is_owner) {
        own->position = g_strdup(own->task->owner);
        own->capacity = capacity;
    }
    g_autoptr(NskDuty) duty =
        is_owner ? g_steal_pointer(&own)
                 : nsk_access_duty(self->office, self->txn, self->deed->task, error);
    if (duty == NULL)
        return false;
    if (duty->task->owner == NULL) {
        g_set_error(error, NSK_ERROR, NSK_ERROR_CONFLICT, nsk_tr("the task '%s' was not delegated"),
                    duty->task->name);
        return false;
    }
    return put_before(self, duty, duty->task->owner, error) && set_owner(self, duty, NULL, error) &&
           record(self, duty, "task-handed-back", "Give a task back", error);
}
