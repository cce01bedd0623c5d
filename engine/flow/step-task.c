/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Activities (BPMN 2.0.2, 13.3): what happens when a token comes, and when the work is done.
 *
 * An activity with a loop is entered by its body (step-loop.c), whose instances come here again
 * with a scope of the kind INSTANCE.  Boundary events of such an activity belong to the body.
 */
#include "base/limits.h"
#include "base/message.h"
#include "flow/step-private.h"

static unsigned
count_depth(const NskFlowState *state, unsigned scope)
{
    const FlowItem *item = nsk_flow_state_item(state, scope);
    unsigned depth = 0;

    for (; item->kind != FLOW_SCOPE_ROOT; item = nsk_flow_state_item(state, item->scope))
        depth++;
    return depth;
}

static bool
check_depth(FlowRun *self, unsigned node, unsigned scope, GError **error)
{
    if (count_depth(self->state, scope) > NSK_LIMIT_FLOW_DEPTH) {
        g_set_error(error, NSK_ERROR, NSK_ERROR_LIMIT,
                    nsk_tr("the workflow '%s' would be more than %d scopes deep, at '%s'; see that "
                           "no process calls itself for ever"),
                    nsk_flow_get_id(self->flow), NSK_LIMIT_FLOW_DEPTH,
                    nsk_flow_node(self->flow, node)->task.id);
        return nsk_flow_run_fail(self, NSK_FLOW_FAULT_OTHER, node);
    }
    return true;
}

/* Boundary events, unless they are those of the body around. */
static bool
listen(FlowRun *self, unsigned id, GError **error)
{
    const FlowItem *item = nsk_flow_state_item(self->state, id);

    if (nsk_flow_node(self->flow, item->node)->boundary->len == 0 ||
        nsk_flow_state_item(self->state, item->scope)->kind == FLOW_SCOPE_INSTANCE)
        return true;
    return nsk_flow_run_arm_boundary(self, id, error);
}

/* When something is due that was opened now. */
static bool
find_due(FlowRun *self,
         const FlowTimer *timer,
         unsigned scope,
         unsigned node,
         NskInstant *out_due,
         GError **error)
{
    FlowTime time;
    FlowTurn turn;

    *out_due = 0;
    if (timer == NULL || self->decider != NULL)
        return true;
    if (!nsk_flow_run_time(self, timer, scope, node, &time, error))
        return false;
    if (!nsk_flow_time_first(&time, self->facts->now, self->facts, &turn, error))
        return false;
    *out_due = turn.due;
    return true;
}

static bool
tell_user_task(FlowRun *self, unsigned id, GError **error)
{
    const FlowItem item = *nsk_flow_state_item(self->state, id);
    const FlowNode *node = nsk_flow_node(self->flow, item.node);
    g_auto(GStrv) positions = nsk_flow_run_positions(self, node, item.scope, error);
    NskInstant due;
    NskInstant follow_up;

    if (positions == NULL)
        return nsk_flow_run_fail(self, NSK_FLOW_FAULT_NOBODY, item.node);
    if (!find_due(self, node->due, item.scope, item.node, &due, error) ||
        !find_due(self, node->follow_up, item.scope, item.node, &follow_up, error))
        return nsk_flow_run_fail(self, NSK_FLOW_FAULT_EXPRESSION, item.node);

    NskFlowAction *action = nsk_flow_run_act_at(self, NSK_FLOW_OPEN_TASK, item.node, id);
    action->name = g_strdup(node->task.name);
    action->role = node->task.role;
    action->outcomes = g_strdupv(node->outcomes);
    action->positions = g_steal_pointer(&positions);
    action->due = due;
    action->follow_up = follow_up;
    action->priority = node->task.priority;
    return true;
}

bool
nsk_flow_run_tell_task(FlowRun *self, unsigned id, GError **error)
{
    const FlowItem *item = nsk_flow_state_item(self->state, id);
    const FlowNode *node = nsk_flow_node(self->flow, item->node);

    if (node->kind == FLOW_USER_TASK)
        return tell_user_task(self, id, error);

    NskFlowAction *action = nsk_flow_run_act_at(self, NSK_FLOW_OPEN_TASK, item->node, id);
    action->name = g_strdup(node->task.name);
    action->positions = g_new0(char *, 1);
    return true;
}

static bool
open_user_task(FlowRun *self, unsigned index, unsigned scope, GError **error)
{
    unsigned id = nsk_flow_state_add_item(self->state, scope, index, FLOW_AT_TASK)->id;

    return nsk_flow_run_tell_task(self, id, error) && listen(self, id, error);
}

void
nsk_flow_run_ask_service(FlowRun *self, const FlowItem *item)
{
    NskFlowAction *action = nsk_flow_run_act_at(self, NSK_FLOW_SERVICE, item->node, item->id);
    const FlowNode *node = nsk_flow_node(self->flow, item->node);

    action->name = g_strdup(node->task.name);
    action->service = g_strdup(node->task.service);
}

static bool
open_service(FlowRun *self, unsigned index, unsigned scope, GError **error)
{
    const FlowItem *item = nsk_flow_state_add_item(self->state, scope, index, FLOW_AT_TASK);
    unsigned id = item->id;

    nsk_flow_run_ask_service(self, item);
    return listen(self, id, error);
}

/* It waits for its message; whoever knows that it came may say so by completing it. */
static bool
open_receive_task(FlowRun *self, unsigned index, unsigned scope, GError **error)
{
    const FlowNode *node = nsk_flow_node(self->flow, index);
    unsigned id = nsk_flow_state_add_item(self->state, scope, index, FLOW_AT_TASK)->id;

    if (!nsk_flow_run_tell_task(self, id, error))
        return false;
    if (node->about == FLOW_ABOUT_MESSAGE && !nsk_flow_run_arm(self, id, index, error))
        return false;
    return listen(self, id, error);
}

static bool
open_scope(FlowRun *self, unsigned index, unsigned scope, FlowItemKind kind, GError **error)
{
    const FlowNode *node = nsk_flow_node(self->flow, index);
    unsigned id = nsk_flow_state_add_item(self->state, scope, index, kind)->id;

    if (kind == FLOW_SCOPE_CALL && !nsk_flow_run_map(self, node->inputs, scope, id, index, error))
        return false;
    return listen(self, id, error) && nsk_flow_run_open(self, id, FLOW_NONE, error);
}

/* The activity proper, without loop. */
static bool
begin(FlowRun *self, unsigned index, unsigned scope, GError **error)
{
    const FlowNode *node = nsk_flow_node(self->flow, index);

    if (!check_depth(self, index, scope, error))
        return false;
    if (node->kind == FLOW_USER_TASK)
        return open_user_task(self, index, scope, error);
    if (node->kind == FLOW_SERVICE_TASK)
        return open_service(self, index, scope, error);
    if (node->kind == FLOW_RECEIVE_TASK)
        return open_receive_task(self, index, scope, error);
    if (node->kind == FLOW_SUB_PROCESS)
        return open_scope(self, index, scope, FLOW_SCOPE_SUB, error);
    if (node->kind == FLOW_CALL_ACTIVITY)
        return open_scope(self, index, scope, FLOW_SCOPE_CALL, error);
    if (node->kind == FLOW_SEND_TASK)
        nsk_flow_run_throw_message(self, node);
    if (!nsk_flow_run_map(self, node->outputs, scope, scope, index, error))
        return false;
    return nsk_flow_run_finish(self, index, scope, self->state->next++, error);
}

bool
nsk_flow_run_activity(FlowRun *self, unsigned node, unsigned scope, GError **error)
{
    const FlowItem *item = nsk_flow_state_item(self->state, scope);

    if (nsk_flow_node(self->flow, node)->loop.type != FLOW_LOOP_NONE &&
        item->kind != FLOW_SCOPE_INSTANCE)
        return nsk_flow_run_loop(self, node, scope, error);
    return begin(self, node, scope, error);
}

bool
nsk_flow_run_finish(FlowRun *self, unsigned index, unsigned scope, unsigned id, GError **error)
{
    const FlowNode *node = nsk_flow_node(self->flow, index);
    FlowItemKind kind = nsk_flow_state_item(self->state, scope)->kind;

    nsk_flow_run_log(self, index, scope, id);
    if (kind == FLOW_SCOPE_INSTANCE || node->compensates) {
        nsk_flow_run_touch(self, scope);
        return true;
    }
    return nsk_flow_run_leave(self, index, scope, error);
}

/* What an activity sets when it is done; of a called process it was set before. */
static bool
set_outputs(FlowRun *self, const FlowItem *item, GError **error)
{
    const FlowNode *node = nsk_flow_node(self->flow, item->node);

    if (item->kind == FLOW_SCOPE_CALL)
        return nsk_flow_run_map_out(self, item->id, error);
    if (item->kind == FLOW_SCOPE_BODY || node->outputs->len == 0)
        return true;
    return nsk_flow_run_map(self, node->outputs, item->id, item->scope, item->node, error);
}

bool
nsk_flow_run_complete(FlowRun *self, unsigned id, GError **error)
{
    const FlowItem item = *nsk_flow_state_item(self->state, id);

    if (!set_outputs(self, &item, error))
        return false;
    if (item.kind == FLOW_AT_TASK && item.target != 0)
        nsk_flow_run_end_race(self, item.target, id);
    if (item.kind == FLOW_SCOPE_BODY) {
        nsk_flow_run_remove(self, id);
        return nsk_flow_run_leave(self, item.node, item.scope, error);
    }
    /* logged first, so that a sub-process keeps its variables for its handlers */
    nsk_flow_run_log(self, item.node, item.scope, id);
    nsk_flow_run_remove(self, id);
    return nsk_flow_run_finish(self, item.node, item.scope, 0, error);
}
