/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The workflow of a letter: makes a step and carries out what the step asks for, all in one change.
 *
 *   event -> step -> actions: tasks, what to listen to, incidents     done at once
 *                             services, messages, incidents to tell   queued
 *   queue -> one by one, each a step and an entry of the history of its own
 *
 * until somebody has to act, something has to come, or the letter's life is over.
 *
 * INVARIANTS
 *   (1) The last entry of a change carries the letter's record, so what is queued is known to lead
 *       to an entry before the entry in front of it is written.
 *   (2) A message goes to one receiver: it lies among the letter's messages until that receiver's
 *       step has taken it.
 *   (3) Where nobody stands behind the event, what fails is told to the caller, who repeats the
 *       change with it among @failures: then it is an incident.
 */
#include "base/limits.h"
#include "base/message.h"
#include "office/clock-private.h"
#include "office/disposition-private.h"

#include <string.h>

/* What a step left to be done. */
typedef enum { PENDING_SERVICE, PENDING_MESSAGE, PENDING_INCIDENT } PendingType;
typedef struct {
    PendingType type;
    char *key;    /* of a service or an incident */
    char *name;   /* of the service or the message */
    char *reason; /* of an incident */
} Pending;

typedef struct {
    NskAct *act;
    const NskAdvance *advance;
    GQueue pending; /* owned Pending */
    bool opened;    /* a task was opened */
    unsigned steps;
    unsigned missed; /* turns of a cycle that passed unseen */
} Run;

static void
pending_free(gpointer data)
{
    Pending *pending = data;

    if (pending == NULL)
        return;
    g_free(pending->key);
    g_free(pending->name);
    g_free(pending->reason);
    g_free(pending);
}

static void
run_clear(Run *run)
{
    g_queue_clear_full(&run->pending, pending_free);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC(Pending, pending_free)
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Run, run_clear)

/* --- Actions. --------------------------------------------------------------------------------- */

/* The state of a letter in front of a task of that role. */
static const char *
state_for(NskFlowRole role, const char *otherwise)
{
    switch (role) {
    case NSK_FLOW_ROLE_DRAFT:
        return "draft";
    case NSK_FLOW_ROLE_REVIEW:
        return "review";
    case NSK_FLOW_ROLE_SIGN:
    case NSK_FLOW_ROLE_CONFIRM:
        return "signing";
    case NSK_FLOW_ROLE_NONE:
    default:
        return otherwise;
    }
}

void
nsk_act_set_state(NskAct *act, const char *state)
{
    g_autofree char *old = act->row->state;

    act->row->state = g_strdup(state);
}

static void
queue(Run *run, PendingType type, const char *key, const char *name, const char *reason)
{
    Pending *pending = g_new(Pending, 1);

    *pending = (Pending){ type, g_strdup(key), g_strdup(name), g_strdup(reason) };
    g_queue_push_tail(&run->pending, pending);
}

/* A receive task is nobody's: the message that it waits for is listened to. */
static bool
open_task(Run *run, const NskFlowAction *action, const NskFlowEvent *event, GError **error)
{
    NskAct *act = run->act;

    if (action->outcomes == NULL || action->positions == NULL || action->positions[0] == NULL)
        return true;
    run->opened = true;
    nsk_act_set_state(act, state_for(action->role, act->row->state));
    return nsk_task_open(act->txn, act->row->id, action, act->now, error) &&
           nsk_follow_open(act, action, event, run->advance, error) &&
           nsk_notice_tell(act, NULL, error);
}

static bool
close_task(Run *run, const NskFlowAction *action, const NskFlowEvent *event, GError **error)
{
    NskAct *act = run->act;
    bool done = action->how == NSK_FLOW_DONE;
    NskTaskEnd end = { done ? event->outcome : NULL, run->advance->person, act->now };

    /* a service is no row */
    if (event->type == NSK_FLOW_SERVICE_DONE && g_strcmp0(action->key, event->key) == 0)
        return true;
    for (GList *link = run->pending.head; link != NULL; link = link->next) {
        Pending *pending = link->data;

        if (pending->type == PENDING_SERVICE && strcmp(pending->key, action->key) == 0) {
            g_queue_delete_link(&run->pending, link);
            pending_free(pending);
            return true;
        }
    }
    return nsk_task_close(act->txn, act->row->id, action->key, &end, error) &&
           nsk_follow_close(act, action->key, &end, run->advance, error);
}

static bool
arm(Run *run, const NskFlowAction *action, GError **error)
{
    run->missed += action->missed;
    if (action->arm == NSK_FLOW_REST_MESSAGE)
        queue(run, PENDING_MESSAGE, NULL, action->message, NULL);
    return nsk_wait_put(run->act->txn, run->act->row->id, action, error);
}

/* The letter that this one refers to, and that listens to the message; *out_id: owned, or NULL. */
static bool
find_hearer(const NskAct *act, const char *name, char **out_id, GError **error)
{
    bool hears = false;
    g_autoptr(NskLetter) letter = nsk_office_read_letter(act->txn, act->row->id, error);

    if (letter == NULL)
        return false;
    const NskLetterFacts *facts = nsk_letter_get_facts(letter);
    for (size_t i = 0; i < facts->n_references; i++) {
        const char *id = facts->references[i].letter;

        if (id != NULL && !nsk_wait_hears(act->txn, id, name, &hears, error))
            return false;
        if (hears) {
            *out_id = g_strdup(id);
            return true;
        }
    }
    return true;
}

/* To this letter's own workflow if it listens, else to that of a letter that it refers to, which is
 * told after this change; else it waits for this letter's to listen. */
static bool
throw_message(Run *run, const char *name, GError **error)
{
    NskAct *act = run->act;
    bool hears = false;
    g_autofree char *other = NULL;
    g_autofree char *word = nsk_flow_word('m', name);

    if (!nsk_wait_hears(act->txn, act->row->id, name, &hears, error) ||
        (!hears && !find_hearer(act, name, &other, error)))
        return false;
    if (other != NULL)
        return nsk_outbox_add(act->txn, NSK_FLOW_TOPIC, other, word, act->now, error);
    queue(run, PENDING_MESSAGE, NULL, name, NULL);
    return nsk_message_put(act, name, NSK_MESSAGE_TTL, error);
}

/* Those who hear the signal are told after this change, each in one of its own. */
static bool
throw_signal(Run *run, const char *name, GError **error)
{
    NskAct *act = run->act;
    g_autofree char *word = nsk_flow_word('s', name);
    g_autoptr(GPtrArray) letters =
        nsk_wait_list_signal(act->txn, act->row->id, name, NSK_LIMIT_FLOW_HEARERS + 1, error);

    if (letters == NULL)
        return false;
    if (letters->len > NSK_LIMIT_FLOW_HEARERS) {
        g_set_error(
            error, NSK_ERROR, NSK_ERROR_LIMIT,
            nsk_tr("over %d letters listen to the signal '%s'; tell them in smaller groups"),
            NSK_LIMIT_FLOW_HEARERS, name);
        return false;
    }
    for (guint i = 0; i < letters->len; i++) {
        if (!nsk_outbox_add(act->txn, NSK_FLOW_TOPIC, g_ptr_array_index(letters, i), word, act->now,
                            error))
            return false;
    }
    return true;
}

/* What the caller knows of why @key failed. */
static const NskFlowFailure *
find_failure(const Run *run, const char *key)
{
    const GPtrArray *failures = run->advance->failures;

    for (guint i = 0; failures != NULL && key != NULL && i < failures->len; i++) {
        const NskFlowFailure *failure = g_ptr_array_index(failures, i);

        if (strcmp(failure->key, key) == 0)
            return failure;
    }
    return NULL;
}

static bool
open_incident(Run *run, const NskFlowAction *action, const NskFlowEvent *event, GError **error)
{
    const NskFlowFailure *failure =
        event->type == NSK_FLOW_INCIDENT ? find_failure(run, event->key) : NULL;
    const char *words = failure != NULL           ? failure->words
                        : action->message != NULL ? action->message
                                                  : action->reason;

    queue(run, PENDING_INCIDENT, action->key, NULL, words);
    if (!nsk_incident_open(run->act, action, words, error))
        return false;
    /* what is being tried again is not asked for anew */
    if (strcmp(action->reason, NSK_FAILED_SERVICE) != 0 ||
        run->advance->flow_event.type == NSK_FLOW_RETRY)
        return true;
    g_autofree char *word = nsk_flow_word('r', action->key);
    return nsk_outbox_add(run->act->txn, NSK_FLOW_TOPIC, run->act->row->id, word, run->act->now,
                          error);
}

static bool
take_action(Run *run, const NskFlowAction *action, const NskFlowEvent *event, GError **error)
{
    NskAct *act = run->act;

    switch (action->type) {
    case NSK_FLOW_OPEN_TASK:
        return open_task(run, action, event, error);
    case NSK_FLOW_CLOSE_TASK:
        return close_task(run, action, event, error);
    case NSK_FLOW_SERVICE:
        queue(run, PENDING_SERVICE, action->key, action->service, NULL);
        return true;
    case NSK_FLOW_ARM:
        return arm(run, action, error);
    case NSK_FLOW_DISARM:
        run->missed += action->missed;
        return nsk_wait_drop(act->txn, act->row->id, action->key, error);
    case NSK_FLOW_THROW_MESSAGE:
        return throw_message(run, action->message, error);
    case NSK_FLOW_THROW_SIGNAL:
        return throw_signal(run, action->message, error);
    case NSK_FLOW_OPEN_INCIDENT:
        return open_incident(run, action, event, error);
    case NSK_FLOW_CLOSE_INCIDENT:
        return nsk_incident_close(act->txn, act->row->id, action->key, error);
    case NSK_FLOW_END:
    default:
        return true;
    }
}

/* --- Steps. ----------------------------------------------------------------------------------- */

/* Tells the caller what failed, if nobody stands behind it and it may become an incident. */
static void
note_failure(const Run *run, const char *key, const char *class, const GError *fault)
{
    bool passing = g_error_matches(fault, NSK_ERROR, NSK_ERROR_BUSY) ||
                   g_error_matches(fault, NSK_ERROR, NSK_ERROR_IO) ||
                   g_error_matches(fault, NSK_ERROR, NSK_ERROR_CONFLICT);

    if (run->advance->failures == NULL || key == NULL || passing || find_failure(run, key) != NULL)
        return;
    NskFlowFailure *failure = g_new(NskFlowFailure, 1);
    *failure = (NskFlowFailure){ g_strdup(key), g_strdup(class), g_strdup(fault->message) };
    g_ptr_array_add(run->advance->failures, failure);
}

void
nsk_flow_failure_free(gpointer failure)
{
    NskFlowFailure *self = failure;

    g_free(self->key);
    g_free(self->class);
    g_free(self->words);
    g_free(self);
}

const char *
nsk_letter_start(const NskFlow *flow, bool *out_none)
{
    const char *node = NULL;
    unsigned found = 0;

    *out_none = false;
    for (size_t i = 0; i < nsk_flow_get_n_triggers(flow); i++) {
        NskFlowTrigger trigger = nsk_flow_get_trigger(flow, i);

        if (trigger.type == NSK_FLOW_REST_MESSAGE && ++found == 1)
            node = trigger.node;
    }
    if (nsk_flow_has_plain_start(flow))
        return NULL;
    *out_none = found != 1;
    return found == 1 ? node : NULL;
}

/* The step itself; *out_actions: owned. */
static bool
make_step(Run *run, const NskFlowEvent *event, GPtrArray **out_actions, GError **error)
{
    NskAct *act = run->act;
    NskFlowEvent own = *event;
    NskFlowFault why = { 0 };
    bool none;
    size_t flow_size = strlen(act->row->flow);
    g_auto(NskSeen) seen = { 0 };
    g_autoptr(NskFlowState) before = NULL;
    g_autoptr(NskFlowState) after = NULL;
    g_autoptr(GError) fault = NULL;
    const NskFlow *flow = nsk_office_flow(act->office, act->txn, act->row->workflow,
                                          act->row->workflow_version, error);

    if (flow == NULL || !nsk_seen_fill(&seen, act, event->outcome, error))
        return false;
    nsk_seen_add_receivers(&seen, run->advance->receivers);
    if (flow_size > 0 && (before = nsk_flow_state_parse(act->row->flow, flow_size, error)) == NULL)
        return false;
    if (event->type == NSK_FLOW_START)
        own.node = nsk_letter_start(flow, &none);
    NskFlowStep step = { .flow = flow,
                         .state = before,
                         .event = &own,
                         .facts = &seen.facts,
                         .fault = &why };
    if (!nsk_flow_step(&step, &after, out_actions, &fault)) {
        if (run->steps == 1 && run->advance->passed != NULL)
            *run->advance->passed = g_error_matches(fault, NSK_ERROR, NSK_ERROR_CONFLICT);
        note_failure(run, event->key, nsk_flow_fault_name(why.class), fault);
        g_propagate_error(error, g_steal_pointer(&fault));
        return false;
    }
    g_free(act->row->flow);
    act->row->flow = nsk_flow_state_format(after);
    return true;
}

/* One step of the workflow and what it asks for, but for what is queued. */
static bool
step_once(Run *run, const NskFlowEvent *event, GError **error)
{
    g_autoptr(GPtrArray) actions = NULL;
    const NskFlowFailure *failure = find_failure(run, event->key);
    NskFlowEvent instead = { .type = NSK_FLOW_INCIDENT, .key = event->key };

    if (run->steps++ >= NSK_LIMIT_FLOW_CHAIN) {
        g_set_error(error, NSK_ERROR, NSK_ERROR_LIMIT,
                    nsk_tr("the workflow of letter %s takes over %d steps without anybody; it has "
                           "to wait for somebody or something in between"),
                    run->act->row->id, NSK_LIMIT_FLOW_CHAIN);
        return false;
    }
    if (failure != NULL) {
        instead.name = failure->class;
        event = &instead;
    }
    if (!make_step(run, event, &actions, error))
        return false;
    for (guint i = 0; i < actions->len; i++) {
        if (!take_action(run, g_ptr_array_index(actions, i), event, error))
            return false;
    }
    return true;
}

/* Whether what is queued leads to anything still. */
static bool
is_due(Run *run, const Pending *pending, bool *out_due, GError **error)
{
    int64_t n = 0;

    *out_due = true;
    if (pending->type != PENDING_MESSAGE)
        return true;
    if (!nsk_message_find(run->act, pending->name, &n, error))
        return false;
    *out_due = n > 0;
    return n == 0 ||
           nsk_wait_hears(run->act->txn, run->act->row->id, pending->name, out_due, error);
}

/* The next of the queue that leads to something; *out_next: owned, NULL at the end. */
static bool
find_next(Run *run, Pending **out_next, GError **error)
{
    *out_next = NULL;
    for (;;) {
        bool due = false;
        g_autoptr(Pending) pending = g_queue_pop_head(&run->pending);

        if (pending == NULL)
            return true;
        if (!is_due(run, pending, &due, error))
            return false;
        if (due) {
            *out_next = g_steal_pointer(&pending);
            return true;
        }
    }
}

static bool
do_service(Run *run, const Pending *pending, NskEvent *event, GError **error)
{
    g_autoptr(GError) fault = NULL;
    NskFlowEvent done = { .type = NSK_FLOW_SERVICE_DONE, .key = pending->key };

    if (find_failure(run, pending->key) != NULL) {
        event->action = "service-failed";
        event->sentence = "A service of the workflow failed";
        return step_once(run, &done, error);
    }
    event->reason = run->advance->record.reason;
    bool served = nsk_service_do(run->act, pending->name, event, &fault);
    if (event->reason == run->advance->record.reason)
        event->reason = NULL;
    if (served)
        /* the step comes before the record, which is to say where the workflow stands after it */
        return step_once(run, &done, error);
    note_failure(run, pending->key, NSK_FAILED_SERVICE, fault);
    g_propagate_error(error, g_steal_pointer(&fault));
    return false;
}

static bool
deliver_message(Run *run, const Pending *pending, NskEvent *event, GError **error)
{
    int64_t n = 0;
    NskFlowEvent message = { .type = NSK_FLOW_MESSAGE, .name = pending->name };

    event->action = "message-received";
    event->sentence = "The workflow receives a message";
    if (!nsk_message_find(run->act, pending->name, &n, error) ||
        !nsk_message_drop(run->act->txn, run->act->row->id, n, error) ||
        !step_once(run, &message, error))
        return false;
    /* a second one of that name may wait for a second listener */
    queue(run, PENDING_MESSAGE, NULL, pending->name, NULL);
    return true;
}

static bool
do_pending(Run *run, const Pending *pending, NskEvent *event, GError **error)
{
    switch (pending->type) {
    case PENDING_SERVICE:
        return do_service(run, pending, event, error);
    case PENDING_MESSAGE:
        return deliver_message(run, pending, event, error);
    case PENDING_INCIDENT:
    default:
        event->action = "incident-opened";
        event->sentence = "The workflow cannot go on by itself";
        event->reason = pending->reason;
        return true;
    }
}

/* Does all that is queued, from @taken on, which is NULL if nothing is. */
static bool
do_queue(Run *run, Pending *taken, GError **error)
{
    g_autoptr(Pending) pending = taken;

    while (pending != NULL) {
        g_autofree char *state = g_strdup(run->act->row->state);
        g_autoptr(Pending) next = NULL;
        NskEvent event = { .task = pending->key, .state_from = state };

        if (!do_pending(run, pending, &event, error) || !find_next(run, &next, error))
            return false;
        event.kept = next != NULL ? NSK_RECORD_LATER : NSK_RECORD_WRITE;
        if (!nsk_record(run->act, &event, error))
            return false;
        pending_free(pending);
        pending = g_steal_pointer(&next);
    }
    return true;
}

bool
nsk_advance(NskAct *act, const NskAdvance *advance, GError **error)
{
    g_auto(Run) run = { .act = act, .advance = advance, .pending = G_QUEUE_INIT };
    g_autoptr(Pending) next = NULL;
    NskEvent event = advance->record;

    if (!step_once(&run, &advance->flow_event, error))
        return false;
    if (!run.opened && advance->state_if_done != NULL)
        nsk_act_set_state(act, advance->state_if_done);
    if (!find_next(&run, &next, error))
        return false;
    g_autofree char *missed = g_strdup_printf("%u", run.missed);
    NskJournalText text = { "missed", missed };
    if (run.missed > 0 && event.n_texts == 0) {
        event.texts = &text;
        event.n_texts = 1;
    }
    event.kept = next != NULL ? NSK_RECORD_LATER : NSK_RECORD_WRITE;
    return nsk_record(act, &event, error) && do_queue(&run, g_steal_pointer(&next), error);
}

bool
nsk_advance_message(NskAct *act, const NskAdvance *advance, int64_t ttl, GError **error)
{
    g_auto(Run) run = { .act = act, .advance = advance, .pending = G_QUEUE_INIT };
    g_autoptr(Pending) next = NULL;
    NskEvent event = advance->record;

    queue(&run, PENDING_MESSAGE, NULL, advance->flow_event.name, NULL);
    if (!nsk_message_put(act, advance->flow_event.name, ttl, error) ||
        !find_next(&run, &next, error))
        return false;
    event.kept = next != NULL ? NSK_RECORD_LATER : NSK_RECORD_WRITE;
    return nsk_record(act, &event, error) && do_queue(&run, g_steal_pointer(&next), error);
}

/* The state under the other definition; *out_actions: owned. */
static bool
move_state(NskAct *act,
           const NskVersionMove *move,
           NskFlowState **out_state,
           GPtrArray **out_actions,
           GError **error)
{
    g_auto(NskSeen) seen = { 0 };
    g_autoptr(NskIssues) issues = nsk_issues_new();
    const NskLetterRow *row = act->row;
    const NskFlow *from =
        nsk_office_flow(act->office, act->txn, row->workflow, row->workflow_version, error);
    const NskFlow *to =
        from != NULL ? nsk_office_flow(act->office, act->txn, row->workflow, move->version, error)
                     : NULL;

    if (to == NULL || !nsk_seen_fill(&seen, act, NULL, error))
        return false;
    g_autoptr(NskFlowState) state = nsk_flow_state_parse(row->flow, strlen(row->flow), error);
    NskFlowMigration migration = { from, to, move->moves, move->n_moves, &seen.facts };
    g_autoptr(GError) fault = NULL;
    if (state == NULL)
        return false;
    if (nsk_flow_migrate(state, &migration, issues, out_state, out_actions, &fault))
        return true;
    /* the issues name what has no place */
    if (nsk_issues_to_error(issues, error))
        g_propagate_error(error, g_steal_pointer(&fault));
    return false;
}

bool
nsk_advance_version(NskAct *act, const NskVersionMove *move, GError **error)
{
    NskFlowEvent nothing = { .type = NSK_FLOW_FACTS };
    NskAdvance advance = { .person = act->office->person };
    g_auto(Run) run = { .act = act, .advance = &advance, .pending = G_QUEUE_INIT };
    g_autoptr(NskFlowState) after = NULL;
    g_autoptr(GPtrArray) actions = NULL;
    g_autoptr(Pending) next = NULL;
    g_autofree char *state = g_strdup(act->row->state);
    NskEvent event = { .action = "workflow-changed",
                       .sentence = "Move the letter to another version of its workflow",
                       .state_from = state };

    if (!move_state(act, move, &after, &actions, error))
        return false;
    if (move->dry_run)
        return true;
    g_free(act->row->flow);
    act->row->flow = nsk_flow_state_format(after);
    for (guint i = 0; i < actions->len; i++) {
        if (!take_action(&run, g_ptr_array_index(actions, i), &nothing, error))
            return false;
    }
    if (!nsk_letter_row_set_version(act->txn, act->row, move->version, error) ||
        !find_next(&run, &next, error))
        return false;
    event.kept = next != NULL ? NSK_RECORD_LATER : NSK_RECORD_WRITE;
    return nsk_record(act, &event, error) && do_queue(&run, g_steal_pointer(&next), error);
}
