/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What an instance waits for, told to the outside.
 */
#include "flow/state-private.h"

static void
rest_free(gpointer data)
{
    NskFlowRest *rest = data;

    g_free(rest->key);
    g_free(rest);
}

static NskFlowRest *
rest_new(const NskFlow *flow, NskFlowRestType type, unsigned index, unsigned id)
{
    const FlowNode *node = nsk_flow_node(flow, index);
    NskFlowRest *rest = g_new0(NskFlowRest, 1);

    rest->type = type;
    rest->key = type == NSK_FLOW_REST_JOIN ? NULL : nsk_flow_key(node->task.id, id);
    rest->node = node->task.id;
    rest->process = node->task.process;
    rest->name = "";
    return rest;
}

static void
add_item(GPtrArray *rests, const NskFlow *flow, const FlowItem *item)
{
    NskFlowRestType type = NSK_FLOW_REST_JOIN;

    if (item->kind != FLOW_AT_TASK && item->kind != FLOW_AT_JOIN)
        return;
    if (item->kind == FLOW_AT_TASK) {
        FlowNodeKind kind = nsk_flow_node(flow, item->node)->kind;

        type = kind == FLOW_USER_TASK      ? NSK_FLOW_REST_USER
               : kind == FLOW_RECEIVE_TASK ? NSK_FLOW_REST_RECEIVE
                                           : NSK_FLOW_REST_SERVICE;
    }
    g_ptr_array_add(rests, rest_new(flow, type, item->node, item->id));
}

static void
add_sub(GPtrArray *rests, const NskFlow *flow, const FlowSub *sub)
{
    const FlowNode *node = nsk_flow_node(flow, sub->node);
    NskFlowRestType type = NSK_FLOW_REST_CONDITION;
    NskFlowRest *rest;

    if (node->about == FLOW_ABOUT_TIMER)
        type = NSK_FLOW_REST_TIMER;
    else if (node->about == FLOW_ABOUT_MESSAGE)
        type = NSK_FLOW_REST_MESSAGE;
    else if (node->about == FLOW_ABOUT_SIGNAL)
        type = NSK_FLOW_REST_SIGNAL;
    rest = rest_new(flow, type, sub->node, sub->id);
    if (node->event_name != NULL)
        rest->name = node->event_name;
    rest->due = sub->turn.due;
    rest->beside = node->kind == FLOW_BOUNDARY_EVENT || node->kind == FLOW_START_EVENT;
    g_ptr_array_add(rests, rest);
}

static const char *
class_name(const char *what)
{
    for (unsigned i = 0; i <= NSK_FLOW_FAULT_DEADLOCK; i++) {
        const char *name = nsk_flow_fault_name((NskFlowFaultClass)i);

        if (g_str_equal(name, what))
            return name;
    }
    return nsk_flow_fault_name(NSK_FLOW_FAULT_OTHER);
}

static void
add_incident(GPtrArray *rests, const NskFlowState *state, const FlowIncident *incident)
{
    const FlowItem *item = nsk_flow_state_item(state, incident->id);
    const FlowSub *sub = nsk_flow_state_sub(state, incident->id);
    unsigned node = item != NULL ? item->node : sub != NULL ? sub->node : FLOW_NONE;

    if (node == FLOW_NONE)
        return;
    NskFlowRest *rest = rest_new(state->flow, NSK_FLOW_REST_INCIDENT, node, incident->id);
    rest->name = class_name(incident->what);
    g_ptr_array_add(rests, rest);
}

GPtrArray *
nsk_flow_state_get_rests(const NskFlowState *self, const NskFlow *flow, GError **error)
{
    g_autoptr(NskFlowState) state = nsk_flow_state_bind(self, flow, error);
    g_autoptr(GPtrArray) rests = g_ptr_array_new_with_free_func(rest_free);
    guint s = 0;

    if (state == NULL)
        return NULL;
    for (guint i = 1; i < state->items->len; i++) {
        const FlowItem *item = nsk_flow_item_at(state, i);

        while (s < state->subs->len && nsk_flow_sub_at(state, s)->id < item->id)
            add_sub(rests, flow, nsk_flow_sub_at(state, s++));
        add_item(rests, flow, item);
    }
    while (s < state->subs->len)
        add_sub(rests, flow, nsk_flow_sub_at(state, s++));
    for (guint i = 0; i < state->incidents->len; i++)
        add_incident(rests, state, &g_array_index(state->incidents, FlowIncident, i));
    return g_steal_pointer(&rests);
}

NskFlowFaultClass
nsk_flow_state_incident(const NskFlowState *self, const char **out_node)
{
    if (self->incidents->len == 0 || self->flow == NULL)
        return NSK_FLOW_FAULT_NONE;

    const FlowIncident *incident = &g_array_index(self->incidents, FlowIncident, 0);
    const FlowItem *item = nsk_flow_state_item(self, incident->id);
    const FlowSub *sub = nsk_flow_state_sub(self, incident->id);
    unsigned node = item != NULL ? item->node : sub != NULL ? sub->node : FLOW_NONE;
    *out_node = node != FLOW_NONE ? nsk_flow_node(self->flow, node)->task.id : NULL;
    for (unsigned i = 1; i <= NSK_FLOW_FAULT_DEADLOCK; i++) {
        if (g_str_equal(nsk_flow_fault_name((NskFlowFaultClass)i), incident->what))
            return (NskFlowFaultClass)i;
    }
    return NSK_FLOW_FAULT_OTHER;
}
