/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Scopes (BPMN 2.0.2, 13.3.4, 13.3.5, 13.5.4, 13.5.6): processes, sub-processes, called processes,
 * event sub-processes: how they begin, and how they end when nothing is left in them.
 */
#include "base/message.h"
#include "flow/step-private.h"

static unsigned
index_at(const GArray *indices, guint i)
{
    return g_array_index(indices, unsigned, i);
}

unsigned
nsk_flow_start_of(const NskFlow *flow, unsigned handler)
{
    const FlowNode *node = nsk_flow_node(flow, handler);
    const GArray *starts = nsk_flow_level(flow, node->body)->starts;

    return starts->len > 0 ? index_at(starts, 0) : FLOW_NONE;
}

static bool
arm_handlers(FlowRun *self, unsigned scope, const FlowLevel *level, GError **error)
{
    for (guint i = 0; i < level->handlers->len; i++) {
        unsigned start = nsk_flow_start_of(self->flow, index_at(level->handlers, i));

        if (start != FLOW_NONE && !nsk_flow_run_arm(self, scope, start, error))
            return false;
    }
    return true;
}

/* An interrupting event sub-process that runs has taken the place of all others. */
static bool
is_interrupted(const FlowRun *self, unsigned scope)
{
    for (guint i = 1; i < self->state->items->len; i++) {
        const FlowItem *item = nsk_flow_item_at(self->state, i);

        if (item->kind == FLOW_SCOPE_EVENT && item->scope == scope &&
            nsk_flow_node(self->flow, nsk_flow_start_of(self->flow, item->node))->interrupting)
            return true;
    }
    return false;
}

bool
nsk_flow_run_rearm(FlowRun *self, unsigned scope, GError **error)
{
    const FlowItem *item = nsk_flow_state_item(self->state, scope);
    bool has_handlers = item->kind == FLOW_SCOPE_ROOT || item->kind == FLOW_SCOPE_SUB ||
                        item->kind == FLOW_SCOPE_CALL || item->kind == FLOW_SCOPE_EVENT;
    const GArray *handlers =
        has_handlers ? nsk_flow_level(self->flow, nsk_flow_item_level(self->flow, item))->handlers
                     : NULL;

    if (handlers == NULL || handlers->len == 0 || is_interrupted(self, scope))
        return true;
    for (guint i = 0; i < handlers->len; i++) {
        unsigned start = nsk_flow_start_of(self->flow, index_at(handlers, i));

        if (start != FLOW_NONE && !nsk_flow_run_listens(self, scope, start) &&
            !nsk_flow_run_arm(self, scope, start, error))
            return false;
    }
    return true;
}

static bool
has_none_start(const FlowRun *self, const FlowLevel *level, unsigned *out_start)
{
    for (guint i = 0; i < level->starts->len; i++) {
        unsigned start = index_at(level->starts, i);

        if (nsk_flow_node(self->flow, start)->about == FLOW_ABOUT_NONE) {
            *out_start = start;
            return true;
        }
    }
    return false;
}

bool
nsk_flow_run_open(FlowRun *self, unsigned scope, unsigned start, GError **error)
{
    unsigned index = nsk_flow_item_level(self->flow, nsk_flow_state_item(self->state, scope));
    const FlowLevel *level = nsk_flow_level(self->flow, index);

    if (level->handlers->len > 0 && !arm_handlers(self, scope, level, error))
        return false;
    if (start != FLOW_NONE || has_none_start(self, level, &start)) {
        nsk_flow_run_visit(self, start, FLOW_NONE, scope);
        return true;
    }
    if (level->starts->len > 0) {
        const FlowProcess *process = nsk_flow_process(self->flow, level->process);

        g_set_error(error, NSK_ERROR, NSK_ERROR_INVALID,
                    nsk_tr("the process '%s' has no start event without a trigger; begin it with "
                           "what it waits for, or add one"),
                    process->id);
        return nsk_flow_run_fail(self, NSK_FLOW_FAULT_NO_NONE_START, FLOW_NONE);
    }
    for (guint i = 0; i < level->initial->len; i++)
        nsk_flow_run_visit(self, index_at(level->initial, i), FLOW_NONE, scope);
    nsk_flow_run_touch(self, scope);
    return true;
}

/* The instance is over. */
static void
end_instance(FlowRun *self)
{
    const char *reason = self->terminated ? "terminated" : "completed";
    NskFlowAction *action;

    nsk_flow_run_remove(self, 0);
    g_array_set_size(self->state->done, 0);
    g_array_set_size(self->state->variables, 0);
    action = nsk_flow_run_act(self, NSK_FLOW_END);
    if (self->end_node != FLOW_NONE) {
        const FlowNode *node = nsk_flow_node(self->flow, self->end_node);

        action->node = g_strdup(node->task.id);
        action->name = g_strdup(node->task.name);
        action->process = g_strdup(node->task.process);
    }
    action->reason = g_strdup(reason);
    self->state->end = g_ref_string_new(reason);
}

bool
nsk_flow_run_close(FlowRun *self, unsigned id, GError **error)
{
    const FlowItem *item = nsk_flow_state_item(self->state, id);
    unsigned scope;

    if (item == NULL || item->kind < FLOW_SCOPE_ROOT || !nsk_flow_run_is_empty(self, id))
        return true;
    if (item->kind == FLOW_SCOPE_SUB || item->kind == FLOW_SCOPE_CALL)
        return nsk_flow_run_complete(self, id, error);
    if (item->kind == FLOW_SCOPE_INSTANCE)
        return nsk_flow_run_instance_done(self, id, error);
    if (item->kind == FLOW_SCOPE_UNDO)
        return nsk_flow_run_undo(self, id, error);
    if (item->kind == FLOW_SCOPE_EVENT) {
        scope = item->scope;
        nsk_flow_run_remove(self, id);
        nsk_flow_run_touch(self, scope);
    } else if (item->kind == FLOW_SCOPE_ROOT) {
        end_instance(self);
    }
    return true; /* a body goes by its last instance */
}

/* The other event sub-processes of a scope that one has interrupted, but not its boundary events.
 */
static void
disarm_handlers(FlowRun *self, unsigned scope)
{
    for (guint i = self->state->subs->len; i > 0; i--) {
        const FlowSub *sub = nsk_flow_sub_at(self->state, i - 1);

        if (sub->owner == scope && nsk_flow_node(self->flow, sub->node)->kind == FLOW_START_EVENT)
            (void)nsk_flow_run_disarm(self, sub->id);
    }
}

bool
nsk_flow_run_handler(FlowRun *self, unsigned scope, unsigned start, GError **error)
{
    const FlowNode *node = nsk_flow_node(self->flow, start);

    if (node->interrupting && node->about != FLOW_ABOUT_COMPENSATION) {
        nsk_flow_run_clear(self, scope);
        disarm_handlers(self, scope);
    }

    unsigned id = nsk_flow_state_add_item(self->state, scope, node->activity, FLOW_SCOPE_EVENT)->id;
    return nsk_flow_run_map(self, node->outputs, id, id, start, error) &&
           nsk_flow_run_open(self, id, start, error);
}

/* 13.5.6: all tokens of the scope die, and then it is complete. */
void
nsk_flow_run_terminate(FlowRun *self, unsigned scope)
{
    nsk_flow_run_clear(self, scope);
    disarm_handlers(self, scope);
    if (scope == 0)
        self->terminated = true;
}
