/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What all parts of a run use: visits, actions, and taking items away.
 */
#include "flow/step-private.h"

#include <string.h>

bool
nsk_flow_run_fail(FlowRun *self, NskFlowFaultClass class, unsigned node)
{
    if (self->fault.class == NSK_FLOW_FAULT_NONE) {
        self->fault.class = class;
        if (node != FLOW_NONE)
            self->fault.node = nsk_flow_node(self->flow, node)->task.id;
    }
    return false;
}

const char *
nsk_flow_fault_name(NskFlowFaultClass class)
{
    static const char *const names[] = {
        [NSK_FLOW_FAULT_NONE] = "",
        [NSK_FLOW_FAULT_OTHER] = "other",
        [NSK_FLOW_FAULT_NO_FLOW] = "no_flow",
        [NSK_FLOW_FAULT_UNDEFINED_VARIABLE] = "undefined_variable",
        [NSK_FLOW_FAULT_NO_SUBSCRIPTION] = "no_subscription",
        [NSK_FLOW_FAULT_NO_NONE_START] = "no_none_start",
        [NSK_FLOW_FAULT_SUSPENDED] = "suspended",
        [NSK_FLOW_FAULT_EXPRESSION] = "expression",
        [NSK_FLOW_FAULT_NOBODY] = "nobody",
        [NSK_FLOW_FAULT_UNCAUGHT] = "uncaught",
        [NSK_FLOW_FAULT_DEADLOCK] = "deadlock",
    };

    return (size_t) class < G_N_ELEMENTS(names) ? names[class] : "other";
}

void
nsk_flow_run_visit(FlowRun *self, unsigned node, unsigned edge, unsigned scope)
{
    const FlowVisit visit = { .node = node, .scope = scope, .edge = edge };

    g_array_append_val(self->visits, visit);
}

void
nsk_flow_run_follow(FlowRun *self, unsigned edge, unsigned scope)
{
    nsk_flow_run_visit(self, nsk_flow_edge(self->flow, edge)->target, edge, scope);
}

void
nsk_flow_run_touch(FlowRun *self, unsigned scope)
{
    g_array_append_val(self->touched, scope);
}

bool
nsk_flow_run_is_empty(const FlowRun *self, unsigned scope)
{
    for (guint i = 1; i < self->state->items->len; i++) {
        if (nsk_flow_item_at(self->state, i)->scope == scope)
            return false;
    }
    for (guint i = self->visited; i < self->visits->len; i++) {
        const FlowVisit *visit = &g_array_index(self->visits, FlowVisit, i);

        if (visit->scope == scope && visit->node != FLOW_NONE)
            return false;
    }
    return true;
}

NskFlowAction *
nsk_flow_run_act(FlowRun *self, NskFlowActionType type)
{
    NskFlowAction *action = g_new0(NskFlowAction, 1);

    action->type = type;
    g_ptr_array_add(self->actions, action);
    return action;
}

NskFlowAction *
nsk_flow_run_act_at(FlowRun *self, NskFlowActionType type, unsigned node, unsigned id)
{
    NskFlowAction *action = nsk_flow_run_act(self, type);
    const FlowNode *at = nsk_flow_node(self->flow, node);

    action->key = nsk_flow_key(at->task.id, id);
    action->node = g_strdup(at->task.id);
    action->process = g_strdup(at->task.process);
    return action;
}

void
nsk_flow_run_incident(FlowRun *self,
                      unsigned id,
                      unsigned node,
                      NskFlowFaultClass class,
                      const char *words)
{
    NskFlowAction *action = nsk_flow_run_act_at(self, NSK_FLOW_OPEN_INCIDENT, node, id);

    action->reason = g_strdup(nsk_flow_fault_name(class));
    action->message = g_strdup(words != NULL ? words : "");
    nsk_flow_state_add_incident(self->state, id, action->reason, action->message);
}

static void
close_incident(FlowRun *self, unsigned id, unsigned node)
{
    if (self->state->incidents->len > 0 && nsk_flow_state_remove_incident(self->state, id))
        (void)nsk_flow_run_act_at(self, NSK_FLOW_CLOSE_INCIDENT, node, id);
}

static void
drop_subs(FlowRun *self, unsigned owner)
{
    for (guint i = self->state->subs->len; i > 0; i--) {
        const FlowSub *sub = nsk_flow_sub_at(self->state, i - 1);

        if (sub->owner == owner)
            (void)nsk_flow_run_disarm(self, sub->id);
    }
}

NskFlowAction *
nsk_flow_run_disarm(FlowRun *self, unsigned id)
{
    const FlowSub *sub = nsk_flow_state_sub(self->state, id);
    NskFlowAction *action = NULL;

    if (sub == NULL)
        return NULL;
    close_incident(self, id, sub->node);
    if (nsk_flow_node(self->flow, sub->node)->about != FLOW_ABOUT_CONDITION)
        action = nsk_flow_run_act_at(self, NSK_FLOW_DISARM, sub->node, id);
    nsk_flow_state_remove_sub(self->state, id);
    return action;
}

static bool
is_logged(const NskFlowState *state, unsigned id)
{
    for (guint i = 0; i < state->done->len; i++) {
        if (g_array_index(state->done, FlowDone, i).id == id)
            return true;
    }
    return false;
}

static void
take_away(FlowRun *self, unsigned id, NskFlowHow how)
{
    const FlowItem *found = nsk_flow_state_item(self->state, id);

    if (found == NULL)
        return;
    const FlowItem item = *found;
    if (item.kind == FLOW_AT_TASK)
        nsk_flow_run_act_at(self, NSK_FLOW_CLOSE_TASK, item.node, id)->how = how;
    drop_subs(self, id);
    close_incident(self, id, item.node);
    if (self->state->variables->len > 0 && !is_logged(self->state, id))
        nsk_flow_state_forget(self->state, id);
    nsk_flow_state_remove_item(self->state, id);
}

void
nsk_flow_run_remove(FlowRun *self, unsigned id)
{
    take_away(self, id, NSK_FLOW_DONE);
}

/* Marks, in the order of ids, all that is beneath @scope: an item is behind its scope. */
static GArray *
find_inside(const NskFlowState *state, unsigned scope)
{
    GArray *ids = g_array_new(FALSE, FALSE, sizeof(unsigned));

    for (guint i = 1; i < state->items->len; i++) {
        const FlowItem *item = nsk_flow_item_at(state, i);
        bool inside = item->scope == scope;

        for (guint k = 0; !inside && k < ids->len; k++)
            inside = g_array_index(ids, unsigned, k) == item->scope;
        if (inside)
            g_array_append_val(ids, item->id);
    }
    return ids;
}

static void
drop_visits(FlowRun *self, unsigned scope)
{
    for (guint i = self->visited; i < self->visits->len; i++) {
        FlowVisit *visit = &g_array_index(self->visits, FlowVisit, i);

        if (visit->scope == scope)
            visit->node = FLOW_NONE;
    }
}

/* What was done in a scope that is given up is forgotten with it. */
static void
drop_log(FlowRun *self, unsigned scope)
{
    for (guint i = self->state->done->len; i > 0; i--) {
        const FlowDone *done =
            i <= self->state->done->len ? &g_array_index(self->state->done, FlowDone, i - 1) : NULL;

        if (done != NULL && done->scope == scope)
            nsk_flow_state_drop_done(self->state, done->id);
    }
}

void
nsk_flow_run_clear(FlowRun *self, unsigned scope)
{
    g_autoptr(GArray) ids = find_inside(self->state, scope);

    drop_visits(self, scope);
    for (guint i = ids->len; i > 0; i--) {
        unsigned id = g_array_index(ids, unsigned, i - 1);

        drop_visits(self, id);
        drop_log(self, id);
        take_away(self, id, NSK_FLOW_CANCELLED);
    }
}

void
nsk_flow_run_cancel(FlowRun *self, unsigned id)
{
    const FlowItem *item = nsk_flow_state_item(self->state, id);

    if (item == NULL)
        return;
    unsigned scope = item->scope;
    nsk_flow_run_clear(self, id);
    drop_log(self, id);
    take_away(self, id, NSK_FLOW_CANCELLED);
    nsk_flow_run_touch(self, scope);
}
