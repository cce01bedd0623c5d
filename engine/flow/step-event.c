/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Events (BPMN 2.0.2, 10.5 and 13.5): what is listened to, what is thrown, what happens then.
 *
 * A subscription belongs to the item that listens: a token at an intermediate event or event-based
 * gateway, an activity with a boundary event, a scope with an event sub-process.  It goes when its
 * owner goes.  Errors, escalations and compensation are not listened to: their catchers are found
 * when they are thrown.
 */
#include "base/message.h"
#include "flow/step-private.h"

#include <string.h>

bool
nsk_flow_run_listens(const FlowRun *self, unsigned owner, unsigned node)
{
    for (guint i = 0; i < self->state->subs->len; i++) {
        const FlowSub *sub = nsk_flow_sub_at(self->state, i);

        if (sub->owner == owner && sub->node == node)
            return true;
    }
    return false;
}

NskFlowAction *
nsk_flow_run_tell_sub(FlowRun *self, unsigned id)
{
    const FlowSub *sub = nsk_flow_state_sub(self->state, id);
    const FlowNode *node = nsk_flow_node(self->flow, sub->node);
    NskFlowAction *action;

    if (node->about == FLOW_ABOUT_CONDITION)
        return NULL;
    action = nsk_flow_run_act_at(self, NSK_FLOW_ARM, sub->node, id);
    action->arm = node->about == FLOW_ABOUT_TIMER     ? NSK_FLOW_REST_TIMER
                  : node->about == FLOW_ABOUT_MESSAGE ? NSK_FLOW_REST_MESSAGE
                                                      : NSK_FLOW_REST_SIGNAL;
    action->due = sub->turn.due;
    action->message = g_strdup(node->event_name);
    return action;
}

static bool
arm_timer(FlowRun *self, FlowSub *sub, GError **error)
{
    const FlowNode *node = nsk_flow_node(self->flow, sub->node);
    unsigned id = sub->id;
    FlowTime time;

    sub->turns = 1;
    if (self->decider != NULL) {
        sub->turns = node->timer->kind == FLOW_TIME_CYCLE ? -1 : 1;
        return true;
    }
    if (!nsk_flow_run_time(self, node->timer, sub->owner, sub->node, &time, error) ||
        !nsk_flow_time_first(&time, self->facts->now, self->facts, &sub->turn, error))
        return nsk_flow_run_fail(self, NSK_FLOW_FAULT_EXPRESSION, sub->node);
    sub->turns = time.kind == FLOW_TIME_CYCLE ? time.turns : 1;
    (void)nsk_flow_run_tell_sub(self, id);
    return true;
}

/* The time of the subscription by the facts as they are now; false if it stays as it is, also
 * because its time cannot be told any more. */
static bool
find_turn(FlowRun *self, const FlowSub *sub, FlowTurn *out_turn)
{
    FlowTime time;
    const FlowNode *node = nsk_flow_node(self->flow, sub->node);
    NskInstant from = sub->turn.grid;

    if (node->about != FLOW_ABOUT_TIMER || node->timer->kind == FLOW_TIME_CYCLE ||
        !nsk_flow_run_time(self, node->timer, sub->owner, sub->node, &time, NULL))
        return false;
    if (time.kind == FLOW_TIME_DATE)
        from = self->facts->now;
    /* one that was armed before its beginning was kept */
    else if (from == 0)
        return false;
    return nsk_flow_time_first(&time, from, self->facts, out_turn, NULL) &&
           out_turn->due != sub->turn.due;
}

bool
nsk_flow_run_reckon(FlowRun *self, GError **error)
{
    unsigned changed = 0;

    for (guint i = 0; i < self->state->subs->len; i++) {
        FlowTurn turn;
        FlowSub *sub = &g_array_index(self->state->subs, FlowSub, i);

        if (!find_turn(self, sub, &turn))
            continue;
        sub->turn = turn;
        (void)nsk_flow_run_tell_sub(self, sub->id);
        changed++;
    }
    if (changed > 0)
        return true;
    g_set_error(error, NSK_ERROR, NSK_ERROR_CONFLICT,
                nsk_tr("no timer of the workflow '%s' depends on the calendar"),
                nsk_flow_get_id(self->flow));
    return nsk_flow_run_fail(self, NSK_FLOW_FAULT_NO_SUBSCRIPTION, FLOW_NONE);
}

bool
nsk_flow_run_arm(FlowRun *self, unsigned owner, unsigned index, GError **error)
{
    const FlowNode *node = nsk_flow_node(self->flow, index);
    FlowSub *sub;

    if (node->about != FLOW_ABOUT_TIMER && node->about != FLOW_ABOUT_MESSAGE &&
        node->about != FLOW_ABOUT_SIGNAL && node->about != FLOW_ABOUT_CONDITION)
        return true;
    sub = nsk_flow_state_add_sub(self->state, owner, index);
    if (node->about == FLOW_ABOUT_TIMER)
        return arm_timer(self, sub, error);
    (void)nsk_flow_run_tell_sub(self, sub->id);
    return true;
}

bool
nsk_flow_run_arm_boundary(FlowRun *self, unsigned id, GError **error)
{
    const FlowItem *item = nsk_flow_state_item(self->state, id);
    const GArray *boundary = nsk_flow_node(self->flow, item->node)->boundary;

    for (guint i = 0; i < boundary->len; i++) {
        if (!nsk_flow_run_arm(self, id, g_array_index(boundary, unsigned, i), error))
            return false;
    }
    return true;
}

void
nsk_flow_run_throw_message(FlowRun *self, const FlowNode *node)
{
    if (node->about != FLOW_ABOUT_MESSAGE)
        return;

    NskFlowAction *action = nsk_flow_run_act(self, NSK_FLOW_THROW_MESSAGE);
    action->node = g_strdup(node->task.id);
    action->process = g_strdup(node->task.process);
    action->message = g_strdup(node->event_name);
}

/* What listens at this moment hears it; what begins to listen because of it does not. */
bool
nsk_flow_run_signal(FlowRun *self, const char *name, GError **error)
{
    g_autoptr(GArray) ids = g_array_new(FALSE, FALSE, sizeof(unsigned));

    for (guint i = 0; i < self->state->subs->len; i++) {
        const FlowSub *sub = nsk_flow_sub_at(self->state, i);
        const FlowNode *node = nsk_flow_node(self->flow, sub->node);

        if (node->about == FLOW_ABOUT_SIGNAL && strcmp(node->event_name, name) == 0)
            g_array_append_val(ids, sub->id);
    }
    for (guint i = 0; i < ids->len; i++) {
        unsigned id = g_array_index(ids, unsigned, i);

        if (nsk_flow_state_sub(self->state, id) != NULL && !nsk_flow_run_fire(self, id, error))
            return false;
    }
    return true;
}

static bool
throw_signal(FlowRun *self, const FlowNode *node, GError **error)
{
    NskFlowAction *action = nsk_flow_run_act(self, NSK_FLOW_THROW_SIGNAL);

    action->node = g_strdup(node->task.id);
    action->process = g_strdup(node->task.process);
    action->message = g_strdup(node->event_name);
    return nsk_flow_run_signal(self, node->event_name, error);
}

static bool
is_alive(const FlowRun *self, unsigned scope)
{
    return nsk_flow_state_item(self->state, scope) != NULL;
}

/* Whether what is thrown took the thrower with it is seen from its visit, which is marked while
 * the throw is going on. */
static bool
throw_from(FlowRun *self, const FlowVisit *visit, bool *out_alive, GError **error)
{
    const FlowNode *node = nsk_flow_node(self->flow, visit->node);
    guint mark = self->visits->len;
    bool ok = true;

    /* a token of its own, so that a scope that is cleared is seen to be */
    nsk_flow_run_visit(self, visit->node, FLOW_NONE, visit->scope);
    if (node->about == FLOW_ABOUT_SIGNAL)
        ok = throw_signal(self, node, error);
    else if (node->about == FLOW_ABOUT_ESCALATION)
        ok = nsk_flow_run_escalation(self, node->event_name, visit->scope, error);
    else
        nsk_flow_run_throw_message(self, node);
    FlowVisit *token = &g_array_index(self->visits, FlowVisit, mark);
    *out_alive = token->node != FLOW_NONE && is_alive(self, visit->scope);
    token->node = FLOW_NONE;
    return ok;
}

bool
nsk_flow_run_throw(FlowRun *self, const FlowVisit *visit, GError **error)
{
    const FlowNode *node = nsk_flow_node(self->flow, visit->node);
    bool alive = true;

    if (!nsk_flow_run_map(self, node->outputs, visit->scope, visit->scope, visit->node, error))
        return false;
    if (node->about == FLOW_ABOUT_COMPENSATION)
        return nsk_flow_run_compensate(self, visit, error);
    if (node->about == FLOW_ABOUT_LINK) {
        nsk_flow_run_visit(self, node->partner, FLOW_NONE, visit->scope);
        return true;
    }
    if (!throw_from(self, visit, &alive, error))
        return false;
    return !alive || nsk_flow_run_leave(self, visit->node, visit->scope, error);
}

static bool
end_with_error(FlowRun *self, const FlowVisit *visit, GError **error)
{
    const FlowNode *node = nsk_flow_node(self->flow, visit->node);
    bool caught;

    if (!nsk_flow_run_error(self, node->event_name, visit->scope, &caught, error))
        return false;
    if (caught)
        return true;

    unsigned id =
        nsk_flow_state_add_item(self->state, visit->scope, visit->node, FLOW_AT_FAULT)->id;
    nsk_flow_run_incident(self, id, visit->node, NSK_FLOW_FAULT_UNCAUGHT, node->event_name);
    return true;
}

bool
nsk_flow_run_end(FlowRun *self, const FlowVisit *visit, GError **error)
{
    const FlowNode *node = nsk_flow_node(self->flow, visit->node);
    bool alive = true;

    self->end_node = visit->node;
    if (!nsk_flow_run_map(self, node->outputs, visit->scope, visit->scope, visit->node, error))
        return false;
    if (node->about == FLOW_ABOUT_ERROR)
        return end_with_error(self, visit, error);
    if (node->about == FLOW_ABOUT_COMPENSATION)
        return nsk_flow_run_compensate(self, visit, error);
    if (node->about == FLOW_ABOUT_TERMINATE)
        nsk_flow_run_terminate(self, visit->scope);
    else if (!throw_from(self, visit, &alive, error))
        return false;
    nsk_flow_run_touch(self, visit->scope);
    return true;
}

/* A link that is jumped to listens to nothing. */
bool
nsk_flow_run_catch(FlowRun *self, const FlowVisit *visit, GError **error)
{
    const FlowNode *node = nsk_flow_node(self->flow, visit->node);

    if (node->about == FLOW_ABOUT_LINK || node->about == FLOW_ABOUT_NONE)
        return nsk_flow_run_leave(self, visit->node, visit->scope, error);

    unsigned id =
        nsk_flow_state_add_item(self->state, visit->scope, visit->node, FLOW_AT_EVENT)->id;
    return nsk_flow_run_arm(self, id, visit->node, error);
}

/* A receive task behind the gateway is open like others, but the first to come closes the rest. */
static bool
open_racer(FlowRun *self, unsigned gateway, unsigned index, GError **error)
{
    unsigned scope = nsk_flow_state_item(self->state, gateway)->scope;
    FlowItem *item = nsk_flow_state_add_item(self->state, scope, index, FLOW_AT_TASK);
    unsigned id = item->id;

    item->target = gateway;
    return nsk_flow_run_tell_task(self, id, error) && nsk_flow_run_arm(self, id, index, error);
}

void
nsk_flow_run_end_race(FlowRun *self, unsigned gateway, unsigned winner)
{
    for (guint i = self->state->items->len; i > 1; i--) {
        const FlowItem *item =
            i <= self->state->items->len ? nsk_flow_item_at(self->state, i - 1) : NULL;

        if (item != NULL && item->kind == FLOW_AT_TASK && item->target == gateway &&
            item->id != winner)
            nsk_flow_run_cancel(self, item->id);
    }
    nsk_flow_run_remove(self, gateway);
}

/* 13.4.4: all targets are listened to by one token. */
bool
nsk_flow_run_event_gateway(FlowRun *self, const FlowVisit *visit, GError **error)
{
    const FlowNode *node = nsk_flow_node(self->flow, visit->node);
    unsigned id =
        nsk_flow_state_add_item(self->state, visit->scope, visit->node, FLOW_AT_EVENT)->id;

    for (guint i = 0; i < node->out->len; i++) {
        unsigned target = nsk_flow_edge(self->flow, g_array_index(node->out, unsigned, i))->target;
        bool is_task = nsk_flow_node(self->flow, target)->kind == FLOW_RECEIVE_TASK;

        if (!(is_task ? open_racer(self, id, target, error)
                      : nsk_flow_run_arm(self, id, target, error)))
            return false;
    }
    return true;
}

/* Sets a cycle to its next turn; false in *out_again if there is none.  *out_missed counts the
 * turns that passed unseen. */
static bool
turn(FlowRun *self, FlowSub *sub, bool *out_again, unsigned *out_missed, GError **error)
{
    const FlowNode *node = nsk_flow_node(self->flow, sub->node);
    FlowTime time;

    *out_again = false;
    if (self->decider != NULL) {
        *out_again = sub->turns < 0;
        return true;
    }
    if (sub->turns == 1)
        return true;
    if (!nsk_flow_run_time(self, node->timer, sub->owner, sub->node, &time, error))
        return false;
    if (time.kind != FLOW_TIME_CYCLE) /* of a definition that was another when it was armed */
        return true;
    if (!nsk_flow_time_next(&time, self->facts, &sub->turn, out_missed, error))
        return nsk_flow_run_fail(self, NSK_FLOW_FAULT_EXPRESSION, sub->node);
    if (sub->turns > 0) {
        *out_missed = MIN(*out_missed, (unsigned)sub->turns - 1);
        sub->turns -= 1 + (int)*out_missed;
    }
    *out_again = sub->turns != 0;
    return true;
}

/* What does not interrupt goes on listening, but for a timer that has had all its turns. */
static bool
keep_listening(FlowRun *self, unsigned id, GError **error)
{
    FlowSub *sub = nsk_flow_state_sub(self->state, id);
    NskFlowAction *action = NULL;
    unsigned missed = 0;
    bool again = false;

    if (nsk_flow_node(self->flow, sub->node)->about != FLOW_ABOUT_TIMER)
        return true;
    if (!turn(self, sub, &again, &missed, error))
        return false;
    if (!again)
        action = nsk_flow_run_disarm(self, id);
    else if (self->decider == NULL)
        action = nsk_flow_run_tell_sub(self, id);
    if (action != NULL)
        action->missed = missed;
    return true;
}

bool
nsk_flow_run_boundary(FlowRun *self, unsigned host, unsigned index, GError **error)
{
    const FlowNode *node = nsk_flow_node(self->flow, index);
    unsigned scope = nsk_flow_state_item(self->state, host)->scope;

    if (self->decider != NULL && self->decider->visit != NULL)
        self->decider->visit(self->decider->data, index, FLOW_NONE, scope);
    if (node->interrupting)
        nsk_flow_run_cancel(self, host);
    return nsk_flow_run_map(self, node->outputs, scope, scope, index, error) &&
           nsk_flow_run_leave(self, index, scope, error);
}

/* The token at an intermediate event or event-based gateway goes on from the event. */
static bool
go_on(FlowRun *self, const FlowSub *sub, GError **error)
{
    const FlowNode *node = nsk_flow_node(self->flow, sub->node);
    const FlowItem owner = *nsk_flow_state_item(self->state, sub->owner);

    if (self->decider != NULL && self->decider->visit != NULL && owner.node != sub->node)
        self->decider->visit(self->decider->data, sub->node, FLOW_NONE, owner.scope);
    nsk_flow_run_end_race(self, owner.id, 0);
    if (!nsk_flow_run_map(self, node->outputs, owner.scope, owner.scope, sub->node, error))
        return false;
    return nsk_flow_run_leave(self, sub->node, owner.scope, error);
}

bool
nsk_flow_run_fire(FlowRun *self, unsigned id, GError **error)
{
    const FlowSub sub = *nsk_flow_state_sub(self->state, id);
    const FlowNode *node = nsk_flow_node(self->flow, sub.node);
    const FlowItem *owner = nsk_flow_state_item(self->state, sub.owner);
    bool beside = node->kind == FLOW_BOUNDARY_EVENT || node->kind == FLOW_START_EVENT;

    if (!beside && owner->kind == FLOW_AT_TASK)
        return nsk_flow_run_complete(self, sub.owner, error);
    if (!beside)
        return go_on(self, &sub, error);
    if (node->interrupting)
        (void)nsk_flow_run_disarm(self, id);
    else if (!keep_listening(self, id, error))
        return false;
    if (node->kind == FLOW_BOUNDARY_EVENT)
        return nsk_flow_run_boundary(self, sub.owner, sub.node, error);
    return nsk_flow_run_handler(self, sub.owner, sub.node, error);
}

/* 10.5.5.3: a condition fires when it becomes true, and again when it was false in between. */
bool
nsk_flow_run_conditions(FlowRun *self, bool *out_fired, GError **error)
{
    *out_fired = false;
    for (guint i = 0; self->decider == NULL && i < self->state->subs->len; i++) {
        FlowSub *sub = &g_array_index(self->state->subs, FlowSub, i);
        const FlowNode *node = nsk_flow_node(self->flow, sub->node);
        const FlowAsk ask = { .node = sub->node,
                              .edge = FLOW_NONE,
                              .expression = node->condition,
                              .scope = sub->owner };

        if (node->about != FLOW_ABOUT_CONDITION)
            continue;
        int result = nsk_flow_run_test(self, &ask, error);
        if (result < 0)
            return false;
        bool came_true = result > 0 && !sub->was_true;
        sub->was_true = result > 0;
        if (!came_true)
            continue;
        *out_fired = true;
        return nsk_flow_run_fire(self, sub->id, error);
    }
    return true;
}
