/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What is done to the workflow of a letter as a whole, and its incidents. */
#include "base/message.h"
#include "office/deed-private.h"

#include <string.h>

#define URGE_PAUSE    ((int64_t)3600 * G_USEC_PER_SEC)
#define MAX_INCIDENTS 500

static const char sql_stages[] =
    "SELECT DISTINCT substr(key, 1, instr(key, '#') - 1) FROM task WHERE letter = $1"
    " AND outcome IS NOT NULL ORDER BY opened";

/* --- Urging. ---------------------------------------------------------------------------------- */

static bool
check_not_urged(NskDeedWork *self, const NskLetterRow *row, GError **error)
{
    g_autoptr(GPtrArray) entries = nsk_journal_read(self->txn, row->id, error);

    for (guint i = entries != NULL ? entries->len : 0; i > 0; i--) {
        const NskJournalEvent *event = &((const NskJournalEntry *)entries->pdata[i - 1])->event;

        if (event->at <= self->now - URGE_PAUSE)
            break;
        if (strcmp(event->action, "letter-urged") == 0) {
            g_set_error_literal(error, NSK_ERROR, NSK_ERROR_CONFLICT,
                                nsk_tr("the letter was urged less than an hour ago"));
            return false;
        }
    }
    return entries != NULL;
}

/* Through which position the person has the letter: its drafter's if he may. */
static void
fill_drafter(NskDeedWork *self, const NskLetterRow *row, NskDate today, NskEvent *event)
{
    NskCapacity capacity;

    if (!nsk_deed_check_holder(self, row->drafter, today, &capacity, NULL))
        return;
    event->position = row->drafter;
    event->capacity = nsk_capacity_name(capacity);
}

bool
nsk_deed_urge(NskDeedWork *self, GError **error)
{
    NskDate today;
    g_autoptr(NskLetterRow) row =
        nsk_access_route(self->office, self->txn, self->deed->task, error);
    g_autoptr(GPtrArray) tasks =
        row != NULL ? nsk_task_list_letter(self->txn, row->id, error) : NULL;

    if (tasks == NULL || !nsk_office_today(self->txn, row->unit, self->now, &today, error) ||
        !check_not_urged(self, row, error))
        return false;
    if (tasks->len == 0) {
        g_set_error(error, NSK_ERROR, NSK_ERROR_CONFLICT, nsk_tr("nobody has letter %s before him"),
                    row->id);
        return false;
    }
    NskAct act = nsk_deed_act(self, row, today);
    NskEvent event = { .action = "letter-urged",
                       .sentence = "Remind those who have the letter",
                       .state_from = row->state,
                       .reason = self->deed->note,
                       .kept = NSK_RECORD_SAME };
    fill_drafter(self, row, today, &event);
    if (!nsk_record(&act, &event, error))
        return false;
    self->answer = nsk_act_answer(&act, NULL, self->deed->deed, error);
    return self->answer != NULL;
}

/* --- Going back, adding. ---------------------------------------------------------------------- */

/* The stage must be one where the letter was.  Errors: INVALID, naming those. */
static bool
check_stage(NskDeedWork *self, const NskLetterRow *row, GError **error)
{
    g_autoptr(GPtrArray) stages =
        nsk_db_list_texts(self->txn, sql_stages, NSK_DB_PARAMS(NSK_DB_TEXT(row->id)), error);

    if (stages == NULL)
        return false;
    if (g_ptr_array_find_with_equal_func(stages, self->deed->to, g_str_equal, NULL))
        return true;
    g_ptr_array_add(stages, NULL);
    g_autofree char *names = g_strjoinv(", ", (char **)stages->pdata);
    g_set_error(error, NSK_ERROR, NSK_ERROR_INVALID,
                nsk_tr("letter %s was never at '%s'; it can go back to: %s"), row->id,
                self->deed->to, names);
    return false;
}

/* What an event of the person's own task is recorded with. */
static NskAdvance
advance_of_duty(NskDeedWork *self, const NskDuty *duty, NskFlowEvent event)
{
    NskAdvance advance = { .flow_event = event, .person = self->office->person };

    advance.record =
        (NskEvent){ .position = duty->position,
                    .capacity = duty->assisting ? NULL : nsk_capacity_name(duty->capacity),
                    .on_behalf_of = duty->assisting ? duty->position : NULL,
                    .task = duty->task->key,
                    .reason = self->deed->note };
    return advance;
}

bool
nsk_deed_return_to(NskDeedWork *self, GError **error)
{
    g_autoptr(NskDuty) duty = nsk_access_duty(self->office, self->txn, self->deed->task, error);

    if (duty == NULL || !nsk_duty_check_kept(duty, error) || !check_stage(self, duty->row, error))
        return false;
    NskAct act = nsk_deed_act(self, duty->row, duty->today);
    g_autofree char *state = g_strdup(duty->row->state);
    NskJournalText stage = { "to", self->deed->to };
    NskFlowEvent event = { .type = NSK_FLOW_RETURN_TO,
                           .key = duty->task->key,
                           .node = self->deed->to };
    NskAdvance advance = advance_of_duty(self, duty, event);
    advance.record.action = "letter-returned";
    advance.record.sentence = "Return the letter to an earlier stage";
    advance.record.state_from = state;
    if (!nsk_unlock(&act, &advance.record, error))
        return false;
    advance.record.texts = &stage;
    advance.record.n_texts = 1;
    return nsk_deed_advance(self, &act, &advance, error);
}

bool
nsk_deed_add(NskDeedWork *self, GError **error)
{
    g_autoptr(NskDuty) duty = nsk_access_duty(self->office, self->txn, self->deed->task, error);
    g_autoptr(NskPosition) position =
        duty != NULL ? nsk_directory_get_position(self->txn, self->deed->to, error) : NULL;

    if (position == NULL)
        return false;
    NskAct act = nsk_deed_act(self, duty->row, duty->today);
    g_autofree char *state = g_strdup(duty->row->state);
    g_autofree char *node = g_strndup(duty->task->key, strcspn(duty->task->key, "#"));
    NskJournalText to = { "to", position->id };
    NskFlowEvent event = { .type = NSK_FLOW_ADD_INSTANCE,
                           .key = duty->task->key,
                           .node = node,
                           .name = position->id,
                           .place = (unsigned)CLAMP(self->deed->number, 0, G_MAXINT) };
    NskAdvance advance = advance_of_duty(self, duty, event);
    advance.record.action = "reviewer-added";
    advance.record.sentence = "Let one more position do the task";
    advance.record.state_from = state;
    advance.record.texts = &to;
    advance.record.n_texts = 1;
    return nsk_deed_advance(self, &act, &advance, error);
}

/* --- Suspending. ------------------------------------------------------------------------------ */

static bool
hold(NskDeedWork *self, bool suspend, GError **error)
{
    NskDate today;
    NskCapacity capacity;
    g_autoptr(NskLetterRow) row =
        nsk_access_letter(self->office, self->txn, self->deed->task, error);

    if (row == NULL || !nsk_office_today(self->txn, row->unit, self->now, &today, error) ||
        !nsk_deed_check_holder(self, row->drafter, today, &capacity, error))
        return false;
    NskAct act = nsk_deed_act(self, row, today);
    g_autofree char *state = g_strdup(row->state);
    NskAdvance advance = { .flow_event = { .type = suspend ? NSK_FLOW_SUSPEND : NSK_FLOW_RESUME },
                           .person = self->office->person };
    advance.record =
        (NskEvent){ .action = suspend ? "letter-suspended" : "letter-resumed",
                    .sentence = suspend ? "Let the letter rest" : "Let the letter go on",
                    .position = row->drafter,
                    .capacity = nsk_capacity_name(capacity),
                    .state_from = state,
                    .reason = self->deed->note };
    return nsk_wait_hold(self->txn, row->id, suspend, error) &&
           nsk_deed_advance(self, &act, &advance, error);
}

bool
nsk_deed_suspend(NskDeedWork *self, GError **error)
{
    return hold(self, true, error);
}

bool
nsk_deed_resume(NskDeedWork *self, GError **error)
{
    return hold(self, false, error);
}

/* --- Incidents and messages. ------------------------------------------------------------------ */

bool
nsk_deed_retry(NskDeedWork *self, GError **error)
{
    NskDate today;
    const char *slash = strchr(self->deed->task, '/');
    g_autofree char *letter = slash != NULL
                                  ? g_strndup(self->deed->task, (size_t)(slash - self->deed->task))
                                  : g_strdup(self->deed->task);
    g_autoptr(NskLetterRow) row = nsk_access_route(self->office, self->txn, letter, error);

    if (row == NULL || !nsk_office_today(self->txn, row->unit, self->now, &today, error))
        return false;
    if (slash == NULL) {
        g_set_error(error, NSK_ERROR, NSK_ERROR_INVALID,
                    nsk_tr("write which incident is meant, as LETTER/KEY, not '%s'; see 'naskah "
                           "incident list'"),
                    self->deed->task);
        return false;
    }
    NskAct act = nsk_deed_act(self, row, today);
    g_autofree char *state = g_strdup(row->state);
    NskAdvance advance = { .flow_event = { .type = NSK_FLOW_RETRY, .key = slash + 1 },
                           .person = self->office->person };
    advance.record = (NskEvent){ .action = "incident-retried",
                                 .sentence = "What failed is tried again",
                                 .task = slash + 1,
                                 .state_from = state,
                                 .reason = self->deed->note };
    fill_drafter(self, row, today, &advance.record);
    return nsk_deed_advance(self, &act, &advance, error);
}

bool
nsk_deed_message(NskDeedWork *self, GError **error)
{
    NskDate today;
    int64_t ttl =
        self->deed->number > 0
            ? MIN(self->deed->number, NSK_MESSAGE_TTL_MAX / G_USEC_PER_SEC) * G_USEC_PER_SEC
            : NSK_MESSAGE_TTL;
    g_autoptr(NskLetterRow) row =
        nsk_access_route(self->office, self->txn, self->deed->task, error);

    if (row == NULL || !nsk_office_today(self->txn, row->unit, self->now, &today, error))
        return false;
    NskAct act = nsk_deed_act(self, row, today);
    g_autofree char *state = g_strdup(row->state);
    NskJournalText name = { "to", self->deed->to };
    NskAdvance advance = { .flow_event = { .type = NSK_FLOW_MESSAGE, .name = self->deed->to },
                           .person = self->office->person };
    advance.record = (NskEvent){ .action = "message-sent",
                                 .sentence = "A message comes for the workflow",
                                 .state_from = state,
                                 .reason = self->deed->note,
                                 .texts = &name,
                                 .n_texts = 1 };
    fill_drafter(self, row, today, &advance.record);
    if (!nsk_advance_message(&act, &advance, ttl, error))
        return false;
    self->answer = nsk_act_answer(&act, NULL, self->deed->deed, error);
    return self->answer != NULL;
}

static NskJson *
incident_to_json(const NskIncidentRow *row)
{
    NskJson *json = nsk_json_object();
    g_autofree char *task = g_strdup_printf("%s/%s", row->letter, row->key);
    g_autofree char *opened = nsk_instant_format(row->opened);

    nsk_json_set_text(json, "task", task);
    nsk_json_set_text(json, "letter", row->letter);
    nsk_json_set_text(json, "node", row->node);
    nsk_json_set_text(json, "class", row->class);
    nsk_json_set_text(json, "reason", row->reason);
    nsk_json_set_text(json, "opened", opened);
    return json;
}

bool
nsk_office_incidents(NskOffice *self, const char *letter, NskJson **out_result, GError **error)
{
    g_autoptr(NskJson) result = nsk_json_object();
    NskJson *list = nsk_json_array();
    g_autoptr(NskLetterRow) row = NULL;
    g_autoptr(NskDbTxn) txn = nsk_db_snapshot(self->reader, error);

    nsk_json_set(result, "incidents", list);
    if (txn == NULL ||
        (letter != NULL && (row = nsk_access_route(self, txn, letter, error)) == NULL))
        return false;
    g_autoptr(GPtrArray) incidents =
        nsk_incident_list(txn, row != NULL ? row->id : NULL, MAX_INCIDENTS, error);
    for (guint i = 0; incidents != NULL && i < incidents->len; i++) {
        const NskIncidentRow *incident = g_ptr_array_index(incidents, i);
        g_autoptr(NskLetterRow) seen = nsk_access_route(self, txn, incident->letter, NULL);

        if (seen != NULL)
            nsk_json_add(list, incident_to_json(incident));
    }
    if (incidents != NULL)
        *out_result = g_steal_pointer(&result);
    return incidents != NULL;
}
