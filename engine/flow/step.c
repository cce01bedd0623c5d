/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The step function: one event moves an instance from where it rests to where it rests next.
 *
 * 1. The run works on a copy of the state; what the caller gave is never changed.
 * 2. A run ends: each visit and each scope that closes counts, NSK_LIMIT_FLOW_STEPS at most.
 * 3. When nothing is left in the process, the instance is over, and END is the last action.
 * 4. Tokens that wait for each other while nothing else is alive are an incident at once.
 */
#include "base/limits.h"
#include "base/message.h"
#include "flow/step-private.h"

#include <string.h>

#define MAX_REASON 64
#define MAX_ID     900000000U

static void
action_free(gpointer data)
{
    NskFlowAction *action = data;

    g_free(action->key);
    g_free(action->node);
    g_free(action->name);
    g_strfreev(action->outcomes);
    g_strfreev(action->positions);
    g_free(action->service);
    g_free(action->reason);
    g_free(action->process);
    g_free(action->message);
    g_free(action);
}

typedef bool (*Enter)(FlowRun *self, const FlowVisit *visit, GError **error);

static bool
enter_activity(FlowRun *self, const FlowVisit *visit, GError **error)
{
    return nsk_flow_run_activity(self, visit->node, visit->scope, error);
}

static bool
enter_start(FlowRun *self, const FlowVisit *visit, GError **error)
{
    return nsk_flow_run_leave(self, visit->node, visit->scope, error);
}

static const Enter enter_table[] = {
    [FLOW_START_EVENT] = enter_start,
    [FLOW_END_EVENT] = nsk_flow_run_end,
    [FLOW_CATCH_EVENT] = nsk_flow_run_catch,
    [FLOW_THROW_EVENT] = nsk_flow_run_throw,
    [FLOW_BOUNDARY_EVENT] = enter_start,
    [FLOW_USER_TASK] = enter_activity,
    [FLOW_SERVICE_TASK] = enter_activity,
    [FLOW_RECEIVE_TASK] = enter_activity,
    [FLOW_SEND_TASK] = enter_activity,
    [FLOW_PASS_TASK] = enter_activity,
    [FLOW_EXCLUSIVE] = nsk_flow_run_exclusive,
    [FLOW_PARALLEL] = nsk_flow_run_parallel,
    [FLOW_INCLUSIVE] = nsk_flow_run_inclusive,
    [FLOW_EVENT_GATEWAY] = nsk_flow_run_event_gateway,
    [FLOW_SUB_PROCESS] = enter_activity,
    [FLOW_CALL_ACTIVITY] = enter_activity,
    [FLOW_UNSUPPORTED] = NULL,
};

static bool
count_step(FlowRun *self, unsigned node, GError **error)
{
    if (self->steps++ < NSK_LIMIT_FLOW_STEPS)
        return true;
    g_set_error(error, NSK_ERROR, NSK_ERROR_LIMIT,
                nsk_tr("the workflow '%s' makes more than %d steps at once; have it corrected"),
                nsk_flow_get_id(self->flow), NSK_LIMIT_FLOW_STEPS);
    return nsk_flow_run_fail(self, NSK_FLOW_FAULT_OTHER, node);
}

/* A visit adds less than the bound, so a state that was written can be read (state-json.c). */
static bool
check_room(FlowRun *self, unsigned node, GError **error)
{
    const NskFlowState *state = self->state;

    if (MAX(MAX(state->items->len, state->subs->len), state->done->len) < NSK_LIMIT_FLOW_TOKENS)
        return true;
    g_set_error(error, NSK_ERROR, NSK_ERROR_LIMIT,
                nsk_tr("the workflow '%s' would have more than %d things to do at a time, at '%s'"),
                nsk_flow_get_id(self->flow), NSK_LIMIT_FLOW_TOKENS,
                nsk_flow_node(self->flow, node)->task.id);
    return nsk_flow_run_fail(self, NSK_FLOW_FAULT_OTHER, node);
}

static bool
make_visit(FlowRun *self, const FlowVisit *visit, GError **error)
{
    if (visit->node == FLOW_NONE)
        return true;
    if (!count_step(self, visit->node, error) || !check_room(self, visit->node, error))
        return false;
    if (self->decider != NULL && self->decider->visit != NULL)
        self->decider->visit(self->decider->data, visit->node, visit->edge, visit->scope);
    return enter_table[nsk_flow_node(self->flow, visit->node)->kind](self, visit, error);
}

static bool
make_visits(FlowRun *self, GError **error)
{
    while (self->visited < self->visits->len) {
        const FlowVisit visit = g_array_index(self->visits, FlowVisit, self->visited);

        self->visited++;
        if (!make_visit(self, &visit, error))
            return false;
    }
    g_array_set_size(self->visits, 0);
    self->visited = 0;
    return true;
}

/* Closes one scope that may be empty, the one that was left last first. */
static bool
close_one(FlowRun *self, GError **error)
{
    unsigned scope = g_array_index(self->touched, unsigned, self->touched->len - 1);

    g_array_set_size(self->touched, self->touched->len - 1);
    return count_step(self, FLOW_NONE, error) && nsk_flow_run_close(self, scope, error);
}

static bool
is_waiting(const NskFlowState *state)
{
    if (state->subs->len > 0 || state->incidents->len > 0 || state->items->len == 0)
        return true;
    for (guint i = 1; i < state->items->len; i++) {
        if (nsk_flow_item_at(state, i)->kind == FLOW_AT_TASK)
            return true;
    }
    return false;
}

/* The first token that waits for others for ever. */
static void
report_deadlock(FlowRun *self)
{
    guint chosen = 1;

    if (is_waiting(self->state) || self->state->items->len < 2)
        return;
    for (guint i = self->state->items->len - 1; i >= 1; i--) {
        if (nsk_flow_item_at(self->state, i)->kind == FLOW_AT_JOIN)
            chosen = i;
    }
    const FlowItem *item = nsk_flow_item_at(self->state, chosen);
    nsk_flow_run_incident(self, item->id, item->node, NSK_FLOW_FAULT_DEADLOCK, NULL);
}

bool
nsk_flow_run_settle(FlowRun *self, GError **error)
{
    bool moved = true;

    while (moved) {
        if (!make_visits(self, error))
            return false;
        moved = self->touched->len > 0;
        if (moved && !close_one(self, error))
            return false;
        if (!moved && !nsk_flow_run_join(self, &moved, error))
            return false;
        if (!moved && !nsk_flow_run_conditions(self, &moved, error))
            return false;
        if (moved && !count_step(self, FLOW_NONE, error))
            return false;
    }
    report_deadlock(self);
    return true;
}

static bool
set_not_open(FlowRun *self, const char *key, GError **error)
{
    g_set_error(
        error, NSK_ERROR, NSK_ERROR_CONFLICT,
        nsk_tr("'%s' is not open any more, somebody was faster; read the letter's tasks again"),
        key != NULL ? key : "");
    return nsk_flow_run_fail(self, NSK_FLOW_FAULT_NO_SUBSCRIPTION, FLOW_NONE);
}

FlowItem *
nsk_flow_run_find(FlowRun *self, const char *key, GError **error)
{
    FlowItem *item = nsk_flow_state_item(self->state, nsk_flow_key_id(key));

    if (item != NULL && item->kind == FLOW_AT_TASK &&
        nsk_flow_key_is(key, nsk_flow_node(self->flow, item->node)->task.id, item->id))
        return item;
    (void)set_not_open(self, key, error);
    return NULL;
}

static FlowSub *
find_sub(FlowRun *self, const char *key)
{
    FlowSub *sub = nsk_flow_state_sub(self->state, nsk_flow_key_id(key));

    if (sub != NULL && nsk_flow_key_is(key, nsk_flow_node(self->flow, sub->node)->task.id, sub->id))
        return sub;
    return NULL;
}

static bool
check_outcome(FlowRun *self, const FlowNode *node, GError **error)
{
    const NskFlowEvent *event = self->event;

    if (self->decider != NULL || self->facts->simulated || node->kind != FLOW_USER_TASK)
        return true;
    if (event->outcome != NULL &&
        g_strv_contains((const char *const *)node->outcomes, event->outcome))
        return true;

    g_autofree char *allowed = g_strjoinv(", ", node->outcomes);
    g_set_error(error, NSK_ERROR, NSK_ERROR_INVALID,
                nsk_tr("the task '%s' (%s) cannot end in '%s'; it ends in one of: %s"),
                node->task.id, node->task.name, event->outcome != NULL ? event->outcome : "",
                allowed);
    return nsk_flow_run_fail(self, NSK_FLOW_FAULT_OTHER, FLOW_NONE);
}

/* A task that somebody did, or a service that was carried out. */
static bool
complete(FlowRun *self, bool is_service, GError **error)
{
    const FlowItem *item = nsk_flow_run_find(self, self->event->key, error);

    if (item == NULL)
        return false;
    const FlowNode *node = nsk_flow_node(self->flow, item->node);
    unsigned id = item->id;
    if ((node->kind == FLOW_SERVICE_TASK) != is_service)
        return set_not_open(self, self->event->key, error);
    return check_outcome(self, node, error) && nsk_flow_run_set_all(self, id, error) &&
           nsk_flow_run_complete(self, id, error);
}

static bool
fail_service(FlowRun *self, GError **error)
{
    const FlowItem *item = nsk_flow_run_find(self, self->event->key, error);
    bool caught = false;

    if (item == NULL)
        return false;
    const FlowItem service = *item;
    if (nsk_flow_node(self->flow, service.node)->kind != FLOW_SERVICE_TASK)
        return set_not_open(self, self->event->key, error);
    if (self->event->name != NULL &&
        !nsk_flow_run_error(self, self->event->name, service.id, &caught, error))
        return false;
    if (!caught && nsk_flow_state_incident_of(self->state, service.id) == NULL)
        nsk_flow_run_incident(self, service.id, service.node, NSK_FLOW_FAULT_UNCAUGHT,
                              self->event->name);
    return true;
}

/* The start event that the event names; FLOW_NONE: the one without trigger. */
static bool
find_start(FlowRun *self, unsigned *out_start, GError **error)
{
    const NskFlowEvent *event = self->event;
    const GArray *starts = nsk_flow_level(self->flow, 0)->starts;

    *out_start = FLOW_NONE;
    if (event->node == NULL && event->name == NULL)
        return true;
    for (guint i = 0; i < starts->len; i++) {
        unsigned index = g_array_index(starts, unsigned, i);
        const FlowNode *node = nsk_flow_node(self->flow, index);
        bool named = node->about == FLOW_ABOUT_MESSAGE || node->about == FLOW_ABOUT_SIGNAL;

        if (event->node != NULL ? strcmp(node->task.id, event->node) == 0
                                : named && g_strcmp0(node->event_name, event->name) == 0) {
            *out_start = index;
            return true;
        }
    }
    g_set_error(error, NSK_ERROR, NSK_ERROR_INVALID,
                nsk_tr("the workflow '%s' has no start event for '%s'"),
                nsk_flow_get_id(self->flow), event->node != NULL ? event->node : event->name);
    return nsk_flow_run_fail(self, NSK_FLOW_FAULT_NO_SUBSCRIPTION, FLOW_NONE);
}

static bool
start(FlowRun *self, GError **error)
{
    unsigned index;

    if (!find_start(self, &index, error) || !nsk_flow_run_set_all(self, 0, error))
        return false;
    if (index != FLOW_NONE &&
        !nsk_flow_run_map(self, nsk_flow_node(self->flow, index)->outputs, 0, 0, index, error))
        return false;
    return nsk_flow_run_open(self, 0, index, error);
}

static bool
set_nothing_waits(FlowRun *self, const char *what, GError **error)
{
    g_set_error(error, NSK_ERROR, NSK_ERROR_CONFLICT,
                nsk_tr("nothing in the workflow '%s' waits for '%s'"), nsk_flow_get_id(self->flow),
                what != NULL ? what : "");
    return nsk_flow_run_fail(self, NSK_FLOW_FAULT_NO_SUBSCRIPTION, FLOW_NONE);
}

/* For the subscription of the key, or the oldest of the name. */
static bool
deliver(FlowRun *self, GError **error)
{
    const NskFlowEvent *event = self->event;
    const FlowSub *chosen = event->key != NULL ? find_sub(self, event->key) : NULL;

    for (guint i = 0; event->key == NULL && chosen == NULL && i < self->state->subs->len; i++) {
        const FlowSub *sub = nsk_flow_sub_at(self->state, i);
        const FlowNode *node = nsk_flow_node(self->flow, sub->node);

        if (node->about == FLOW_ABOUT_MESSAGE && g_strcmp0(node->event_name, event->name) == 0)
            chosen = sub;
    }
    if (chosen == NULL || nsk_flow_node(self->flow, chosen->node)->about != FLOW_ABOUT_MESSAGE)
        return set_nothing_waits(self, event->key != NULL ? event->key : event->name, error);
    unsigned id = chosen->id;
    return nsk_flow_run_set_all(self, chosen->owner, error) && nsk_flow_run_fire(self, id, error);
}

static bool
fire_timer(FlowRun *self, GError **error)
{
    const FlowSub *sub = find_sub(self, self->event->key);

    if (sub == NULL || nsk_flow_node(self->flow, sub->node)->about != FLOW_ABOUT_TIMER)
        return set_nothing_waits(self, self->event->key, error);
    if (self->facts->now >= sub->turn.due)
        return nsk_flow_run_fire(self, sub->id, error);

    g_autofree char *due = nsk_instant_format(sub->turn.due);
    g_set_error(error, NSK_ERROR, NSK_ERROR_CONFLICT, nsk_tr("the timer '%s' is not due before %s"),
                self->event->key, due);
    return nsk_flow_run_fail(self, NSK_FLOW_FAULT_OTHER, FLOW_NONE);
}

/* What comes with the signal is for the process, and for called processes that hear it. */
static bool
signal_all(FlowRun *self, GError **error)
{
    const char *name = self->event->name;

    if (name == NULL)
        return set_nothing_waits(self, NULL, error);
    if (!nsk_flow_run_set_all(self, 0, error))
        return false;
    for (guint i = 0; self->event->n_variables > 0 && i < self->state->subs->len; i++) {
        const FlowSub *sub = nsk_flow_sub_at(self->state, i);
        const FlowNode *node = nsk_flow_node(self->flow, sub->node);

        if (node->about == FLOW_ABOUT_SIGNAL && strcmp(node->event_name, name) == 0 &&
            !nsk_flow_run_set_all(self, sub->owner, error))
            return false;
    }
    return nsk_flow_run_signal(self, name, error);
}

static bool
cancel(FlowRun *self, GError **error)
{
    const char *given = self->event->reason;
    const char *reason = given != NULL ? given : "cancelled";

    if (*reason == '\0' || strlen(reason) > MAX_REASON || !g_utf8_validate(reason, -1, NULL)) {
        g_set_error(
            error, NSK_ERROR, NSK_ERROR_INVALID,
            nsk_tr("the reason for giving up the workflow '%s' is not a word of 1 to %d bytes"),
            nsk_flow_get_id(self->flow), MAX_REASON);
        return false;
    }
    nsk_flow_run_clear(self, 0);
    nsk_flow_run_remove(self, 0);
    g_array_set_size(self->state->done, 0);
    g_array_set_size(self->state->variables, 0);
    self->state->suspended = false;
    self->state->end = g_ref_string_new(reason);
    nsk_flow_run_act(self, NSK_FLOW_END)->reason = g_strdup(reason);
    return true;
}

static bool
suspend(FlowRun *self, bool suspended, GError **error)
{
    if (self->state->suspended != suspended) {
        self->state->suspended = suspended;
        return true;
    }
    g_set_error(error, NSK_ERROR, NSK_ERROR_CONFLICT,
                suspended ? nsk_tr("the workflow '%s' is suspended already")
                          : nsk_tr("the workflow '%s' is not suspended"),
                nsk_flow_get_id(self->flow));
    return nsk_flow_run_fail(self, NSK_FLOW_FAULT_SUSPENDED, FLOW_NONE);
}

bool
nsk_flow_run_dispatch(FlowRun *self, GError **error)
{
    switch (self->event->type) {
    case NSK_FLOW_START:
        return start(self, error);
    case NSK_FLOW_COMPLETE:
        return complete(self, false, error);
    case NSK_FLOW_SERVICE_DONE:
        return complete(self, true, error);
    case NSK_FLOW_SERVICE_FAILED:
        return fail_service(self, error);
    case NSK_FLOW_MESSAGE:
        return deliver(self, error);
    case NSK_FLOW_SIGNAL:
        return signal_all(self, error);
    case NSK_FLOW_TIMER:
        return fire_timer(self, error);
    case NSK_FLOW_FACTS:
        return nsk_flow_run_set_all(self, 0, error);
    case NSK_FLOW_CANCEL:
        return cancel(self, error);
    case NSK_FLOW_RECALL:
        return nsk_flow_run_recall(self, error);
    case NSK_FLOW_RETURN_TO:
        return nsk_flow_run_return(self, error);
    case NSK_FLOW_ADD_INSTANCE:
        return nsk_flow_run_add_instance(self, error);
    case NSK_FLOW_INCIDENT:
        return nsk_flow_run_report(self, error);
    case NSK_FLOW_RETRY:
        return nsk_flow_run_retry(self, error);
    case NSK_FLOW_RECKON:
        return nsk_flow_run_reckon(self, error);
    case NSK_FLOW_SUSPEND:
        return suspend(self, true, error);
    case NSK_FLOW_RESUME:
        return suspend(self, false, error);
    default:
        g_assert_not_reached();
    }
}

static bool
check_running(FlowRun *self, GError **error)
{
    const NskFlowState *state = self->state;
    NskFlowEventType type = self->event->type;

    if (state->end != NULL) {
        g_set_error(error, NSK_ERROR, NSK_ERROR_CONFLICT,
                    nsk_tr("the workflow '%s' is over (%s); read the letter again"),
                    nsk_flow_get_id(self->flow), state->end);
        return nsk_flow_run_fail(self, NSK_FLOW_FAULT_NO_SUBSCRIPTION, FLOW_NONE);
    }
    if (state->suspended && type != NSK_FLOW_CANCEL && type != NSK_FLOW_RESUME &&
        type != NSK_FLOW_RECKON && type != NSK_FLOW_SUSPEND) {
        g_set_error(error, NSK_ERROR, NSK_ERROR_CONFLICT,
                    nsk_tr("the workflow '%s' is suspended; resume it first"),
                    nsk_flow_get_id(self->flow));
        return nsk_flow_run_fail(self, NSK_FLOW_FAULT_SUSPENDED, FLOW_NONE);
    }
    if (state->next < MAX_ID)
        return true;
    g_set_error(error, NSK_ERROR, NSK_ERROR_LIMIT, nsk_tr("the workflow '%s' has run too long"),
                nsk_flow_get_id(self->flow));
    return nsk_flow_run_fail(self, NSK_FLOW_FAULT_OTHER, FLOW_NONE);
}

void
nsk_flow_run_begin(FlowRun *self)
{
    self->actions = g_ptr_array_new_with_free_func(action_free);
    self->visits = g_array_sized_new(FALSE, FALSE, sizeof(FlowVisit), 8);
    self->touched = g_array_new(FALSE, FALSE, sizeof(unsigned));
    self->end_node = FLOW_NONE;
}

void
nsk_flow_run_clear_up(FlowRun *self)
{
    g_clear_pointer(&self->actions, g_ptr_array_unref);
    g_clear_pointer(&self->visits, g_array_unref);
    g_clear_pointer(&self->touched, g_array_unref);
    g_clear_pointer(&self->state, nsk_flow_state_unref);
}

/* Everything changed that an event changes, or nothing. */
static bool
run(FlowRun *self, const NskFlowState *from, GError **error)
{
    self->state = from != NULL ? nsk_flow_state_bind(from, self->flow, error)
                               : nsk_flow_state_begin(self->flow, NULL);
    if (self->state == NULL)
        return nsk_flow_run_fail(self, NSK_FLOW_FAULT_OTHER, FLOW_NONE);
    if (!check_running(self, error) || !nsk_flow_run_dispatch(self, error))
        return nsk_flow_run_fail(self, NSK_FLOW_FAULT_OTHER, FLOW_NONE);
    if (self->state->end != NULL || self->state->suspended)
        return true;
    return nsk_flow_run_settle(self, error) ||
           nsk_flow_run_fail(self, NSK_FLOW_FAULT_OTHER, FLOW_NONE);
}

/* The facts with the event's outcome in them; NULL if they say the same already. */
static NskXmlDoc *
copy_facts(const NskFlowStep *step)
{
    const char *outcome = step->event->outcome != NULL ? step->event->outcome : "";
    const NskXmlNode *fact;

    if (step->facts == NULL || step->facts->facts == NULL)
        return NULL;
    fact = nsk_flow_find_fact(step->facts->facts, "outcome");
    if (fact != NULL && nsk_xml_first(fact) == NULL) {
        const char *said = nsk_xml_text_in_place(fact);

        if ((said != NULL && strcmp(said, outcome) == 0) ||
            (*outcome == '\0' && nsk_xml_first_any(fact) == NULL))
            return NULL;
    }

    NskXmlDoc *doc = nsk_xml_doc_copy(step->facts->facts);
    NskXmlNode *root = nsk_xml_doc_get_root(doc);
    NskXmlNode *said = nsk_flow_find_fact(root, "outcome");
    if (said == NULL)
        said = nsk_xml_add(root, "", "outcome");
    nsk_xml_set_text(said, outcome);
    return doc;
}

bool
nsk_flow_step(const NskFlowStep *step,
              NskFlowState **out_state,
              GPtrArray **out_actions,
              GError **error)
{
    g_autoptr(NskXmlDoc) copy = copy_facts(step);
    NskFlowFacts facts = { .facts = NULL };
    FlowRun self = { .flow = step->flow, .event = step->event, .facts = &facts };
    bool ok;

    g_assert((step->state == NULL) == (step->event->type == NSK_FLOW_START));
    if (step->facts != NULL)
        facts = *step->facts;
    if (copy != NULL)
        facts.facts = nsk_xml_doc_get_root(copy);
    nsk_flow_run_begin(&self);
    ok = run(&self, step->state, error);
    if (ok) {
        *out_state = g_steal_pointer(&self.state);
        *out_actions = g_steal_pointer(&self.actions);
    } else if (step->fault != NULL) {
        *step->fault = self.fault;
    }
    nsk_flow_run_clear_up(&self);
    return ok;
}
