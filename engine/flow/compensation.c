/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Compensation (BPMN 2.0.2, 10.5.5.1 and 13.5.5): undoing what was completed.
 *
 * What can be undone is logged when it completes, with the scope that it was in.  A sub-process
 * that is done keeps its log and its variables, so that its insides can be undone later.  Only what
 * is done is undone: what lies in a scope that is still active belongs to that scope, and a
 * multi-instance hands the log of its instances on when its body is done.
 *
 * A thrower is a scope of the kind UNDO: it takes the log of its target backwards, one handler at a
 * time, strictly in reverse order of completion, and is over when nothing from before the throw is
 * left.  A sub-process without a handler of its own is undone by a scope UNDO inside, or by its
 * compensation event sub-process.
 */
#include "flow/step-private.h"

static bool
is_kept(const NskFlowState *state, unsigned scope)
{
    for (guint i = 0; i < state->done->len; i++) {
        if (g_array_index(state->done, FlowDone, i).scope == scope)
            return true;
    }
    return false;
}

/* The start of the event sub-process that compensates what the sub-process did; FLOW_NONE. */
static unsigned
find_handler(const NskFlow *flow, unsigned body)
{
    const FlowLevel *level = nsk_flow_level(flow, body);

    for (guint i = 0; i < level->handlers->len; i++) {
        const FlowNode *handler = nsk_flow_node(flow, g_array_index(level->handlers, unsigned, i));
        const GArray *starts = nsk_flow_level(flow, handler->body)->starts;
        unsigned start = starts->len > 0 ? g_array_index(starts, unsigned, 0) : FLOW_NONE;

        if (start != FLOW_NONE && nsk_flow_node(flow, start)->about == FLOW_ABOUT_COMPENSATION)
            return start;
    }
    return FLOW_NONE;
}

/* An activity that is done and is no longer of use to anybody takes its log with it. */
static void
drop_inside(FlowRun *self, unsigned id)
{
    for (guint i = self->state->done->len; i > 0; i--) {
        if (i <= self->state->done->len &&
            g_array_index(self->state->done, FlowDone, i - 1).scope == id)
            nsk_flow_state_drop_done(self->state,
                                     g_array_index(self->state->done, FlowDone, i - 1).id);
    }
}

void
nsk_flow_run_log(FlowRun *self, unsigned index, unsigned scope, unsigned id)
{
    const FlowNode *node = nsk_flow_node(self->flow, index);
    const FlowItem *around = nsk_flow_state_item(self->state, scope);
    bool is_sub = node->kind == FLOW_SUB_PROCESS;

    if (id == 0 || node->compensates)
        return;
    if (around->kind == FLOW_SCOPE_INSTANCE)
        scope = around->scope;
    if (node->handler != FLOW_NONE) {
        drop_inside(self, id);
        nsk_flow_state_add_done(self->state, id, scope, index);
    } else if (is_sub &&
               (is_kept(self->state, id) || find_handler(self->flow, node->body) != FLOW_NONE)) {
        nsk_flow_state_add_done(self->state, id, scope, index);
    } else {
        drop_inside(self, id);
    }
}

/* Whose log a thrower in @scope means: the nearest scope with activities, around an event
 * sub-process; inside of compensation that of the sub-process that is undone. */
static unsigned
find_target(const NskFlowState *state, unsigned scope)
{
    const FlowItem *item = nsk_flow_state_item(state, scope);

    while (item->kind == FLOW_SCOPE_EVENT || item->kind == FLOW_SCOPE_INSTANCE ||
           item->kind == FLOW_SCOPE_BODY)
        item = nsk_flow_state_item(state, item->scope);
    return item->kind == FLOW_SCOPE_UNDO ? item->target : item->id;
}

/* After the last handler. */
static bool
leave_thrower(FlowRun *self, const FlowItem *item, GError **error)
{
    const FlowNode *node = nsk_flow_node(self->flow, item->node);

    if (node->kind == FLOW_SUB_PROCESS || item->released || node->kind == FLOW_END_EVENT) {
        nsk_flow_run_touch(self, item->scope);
        return true;
    }
    return nsk_flow_run_leave(self, item->node, item->scope, error);
}

bool
nsk_flow_run_compensate(FlowRun *self, const FlowVisit *visit, GError **error)
{
    const FlowNode *node = nsk_flow_node(self->flow, visit->node);
    unsigned target = find_target(self->state, visit->scope);
    FlowItem *item =
        nsk_flow_state_add_item(self->state, visit->scope, visit->node, FLOW_SCOPE_UNDO);
    unsigned id = item->id;

    item->target = target;
    item->mark = self->state->next;
    item->released = !node->waits;
    nsk_flow_run_touch(self, id);
    if (node->waits || node->kind == FLOW_END_EVENT)
        return true;
    return nsk_flow_run_leave(self, visit->node, visit->scope, error);
}

/* The last entry of the log that the thrower has still to undo; false if there is none. */
static bool
take_last(FlowRun *self, const FlowItem *undo, FlowDone *out_done)
{
    const FlowNode *thrower = nsk_flow_node(self->flow, undo->node);
    unsigned only = thrower->kind == FLOW_SUB_PROCESS ? FLOW_NONE : thrower->partner;

    for (guint i = self->state->done->len; i > 0; i--) {
        const FlowDone done = g_array_index(self->state->done, FlowDone, i - 1);

        if (done.scope == undo->target && done.serial < undo->mark &&
            (only == FLOW_NONE || done.node == only)) {
            g_array_remove_index(self->state->done, i - 1);
            *out_done = done;
            return true;
        }
    }
    return false;
}

/* A sub-process is undone from inside, with the variables that it had. */
static bool
undo_inside(FlowRun *self, const FlowItem *undo, const FlowDone *done, GError **error)
{
    unsigned start = find_handler(self->flow, nsk_flow_node(self->flow, done->node)->body);
    FlowItem *inner = nsk_flow_state_add_item(self->state, undo->id, done->node, FLOW_SCOPE_UNDO);
    unsigned id = inner->id;

    inner->target = done->id;
    inner->mark = self->state->next;
    for (guint i = 0; i < self->state->variables->len; i++) {
        FlowVariable *variable = &g_array_index(self->state->variables, FlowVariable, i);

        if (variable->scope == done->id)
            variable->scope = id;
    }
    if (start == FLOW_NONE) {
        nsk_flow_run_touch(self, id);
        return true;
    }
    inner->handled = true;
    return nsk_flow_run_handler(self, id, start, error);
}

bool
nsk_flow_run_undo(FlowRun *self, unsigned id, GError **error)
{
    const FlowItem item = *nsk_flow_state_item(self->state, id);
    FlowDone done;

    if (item.handled || !take_last(self, &item, &done)) {
        if (item.handled)
            drop_inside(self, item.target);
        nsk_flow_run_remove(self, id);
        return leave_thrower(self, &item, error);
    }
    if (nsk_flow_node(self->flow, done.node)->handler == FLOW_NONE)
        return undo_inside(self, &item, &done, error);
    nsk_flow_state_forget(self->state, done.id);
    nsk_flow_run_visit(self, nsk_flow_node(self->flow, done.node)->handler, FLOW_NONE, id);
    return true;
}
