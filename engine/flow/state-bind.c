/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A state that was read names nodes; the step wants indices, and to be certain that the state is
 * one of this definition.  So it is bound once: every name is looked up, every item is checked
 * against the kind of its node and the level of its scope.
 *
 * 1. In a bound state every item lies in a scope whose level its node is in; every subscription is
 *    of a node that its owner can listen at.
 */
#include "base/limits.h"
#include "base/message.h"
#include "flow/state-private.h"

#include <string.h>

/* The level of what a handler of compensation compensates: that of the thrower, or around the event
 * sub-process that throws. */
static unsigned
undo_level(const NskFlow *flow, const FlowNode *node)
{
    const FlowLevel *level = nsk_flow_level(flow, node->level);

    if (node->kind == FLOW_SUB_PROCESS)
        return node->body;
    if (level->owner != FLOW_NONE &&
        nsk_flow_node(flow, level->owner)->kind == FLOW_EVENT_SUB_PROCESS)
        return level->parent;
    return node->level;
}

unsigned
nsk_flow_item_level(const NskFlow *flow, const FlowItem *item)
{
    const FlowNode *node = item->node != FLOW_NONE ? nsk_flow_node(flow, item->node) : NULL;

    switch (item->kind) {
    case FLOW_SCOPE_ROOT:
        return 0;
    case FLOW_SCOPE_SUB:
    case FLOW_SCOPE_EVENT:
    case FLOW_SCOPE_CALL:
        return node->body;
    case FLOW_SCOPE_BODY:
    case FLOW_SCOPE_INSTANCE:
        return node->level;
    case FLOW_SCOPE_UNDO:
        return undo_level(flow, node);
    case FLOW_AT_TASK:
    case FLOW_AT_EVENT:
    case FLOW_AT_JOIN:
    case FLOW_AT_FAULT:
    default:
        return FLOW_NONE;
    }
}

/* The index that a name "id" or "process/id" stands for. */
static unsigned
find_node(const NskFlow *flow, const char *name)
{
    const char *slash = strchr(name, '/');

    if (slash == NULL)
        return nsk_flow_node_index(flow, 0, name);
    for (unsigned i = 1; i < flow->processes->len; i++) {
        const char *id = nsk_flow_process(flow, i)->id;

        if (strlen(id) == (size_t)(slash - name) && strncmp(id, name, (size_t)(slash - name)) == 0)
            return nsk_flow_node_index(flow, i, slash + 1);
    }
    return FLOW_NONE;
}

/* The flow into @node of that name. */
static unsigned
find_edge(const NskFlow *flow, const FlowNode *node, const char *name)
{
    const char *slash = strchr(name, '/');
    const char *id = slash != NULL ? slash + 1 : name;

    for (guint i = 0; i < node->in->len; i++) {
        unsigned edge = g_array_index(node->in, unsigned, i);

        if (strcmp(nsk_flow_edge(flow, edge)->id, id) == 0)
            return edge;
    }
    return FLOW_NONE;
}

static bool
throws_compensation(const FlowNode *node)
{
    return (node->kind == FLOW_THROW_EVENT || node->kind == FLOW_END_EVENT) &&
           node->about == FLOW_ABOUT_COMPENSATION;
}

/* Whether an item of that kind can be at that node. */
static bool
kind_fits(const FlowItem *item, const FlowNode *node)
{
    switch (item->kind) {
    case FLOW_AT_TASK:
        return node->kind == FLOW_USER_TASK || node->kind == FLOW_SERVICE_TASK ||
               node->kind == FLOW_RECEIVE_TASK;
    case FLOW_AT_EVENT:
        return node->kind == FLOW_CATCH_EVENT || node->kind == FLOW_EVENT_GATEWAY;
    case FLOW_AT_JOIN:
        return (node->kind == FLOW_PARALLEL || node->kind == FLOW_INCLUSIVE) &&
               item->edge != FLOW_NONE;
    case FLOW_AT_FAULT:
        return node->kind == FLOW_END_EVENT;
    case FLOW_SCOPE_SUB:
        return node->kind == FLOW_SUB_PROCESS;
    case FLOW_SCOPE_EVENT:
        return node->kind == FLOW_EVENT_SUB_PROCESS;
    case FLOW_SCOPE_CALL:
        return node->kind == FLOW_CALL_ACTIVITY;
    case FLOW_SCOPE_BODY:
    case FLOW_SCOPE_INSTANCE:
        return nsk_flow_is_activity(node) && node->loop.type != FLOW_LOOP_NONE;
    case FLOW_SCOPE_UNDO:
        return throws_compensation(node) || node->kind == FLOW_SUB_PROCESS;
    case FLOW_SCOPE_ROOT:
    default:
        return false;
    }
}

/* Whether the item can be in its scope. */
static bool
place_fits(const NskFlow *flow, const FlowItem *item, const FlowItem *scope)
{
    const FlowNode *node = nsk_flow_node(flow, item->node);

    if (item->kind == FLOW_SCOPE_INSTANCE)
        return scope->kind == FLOW_SCOPE_BODY && scope->node == item->node;
    if (scope->kind == FLOW_SCOPE_BODY)
        return false;
    if (scope->kind == FLOW_SCOPE_INSTANCE)
        return scope->node == item->node && item->kind != FLOW_SCOPE_BODY &&
               item->kind != FLOW_SCOPE_UNDO;
    if (node->loop.type != FLOW_LOOP_NONE && item->kind != FLOW_SCOPE_BODY &&
        item->kind != FLOW_SCOPE_UNDO && item->target == 0)
        return false;
    return nsk_flow_item_level(flow, scope) == node->level;
}

/* A receive task that races for an event-based gateway. */
static bool
race_fits(const NskFlowState *state, const FlowItem *item)
{
    const FlowItem *gateway = nsk_flow_state_item(state, item->target);

    if (item->kind != FLOW_AT_TASK || item->target == 0)
        return true;
    return nsk_flow_node(state->flow, item->node)->kind == FLOW_RECEIVE_TASK && gateway != NULL &&
           gateway->id < item->id && gateway->kind == FLOW_AT_EVENT &&
           gateway->scope == item->scope &&
           nsk_flow_node(state->flow, gateway->node)->kind == FLOW_EVENT_GATEWAY;
}

static bool
body_fits(const FlowItem *item)
{
    return item->kind != FLOW_SCOPE_BODY ||
           (item->total <= NSK_LIMIT_FLOW_INSTANCES && item->started <= item->total &&
            item->completed <= item->started && item->terminated <= item->started);
}

bool
nsk_flow_item_fits(const NskFlowState *self, const FlowItem *item)
{
    return kind_fits(item, nsk_flow_node(self->flow, item->node)) && body_fits(item) &&
           race_fits(self, item) &&
           place_fits(self->flow, item, nsk_flow_state_item(self, item->scope));
}

static bool
bind_item(const NskFlowState *from, NskFlowState *to, guint i)
{
    FlowItem *item = &g_array_index(to->items, FlowItem, i);
    const char *name = g_ptr_array_index(from->names, item->node);

    item->node = find_node(to->flow, name);
    if (item->node == FLOW_NONE)
        return false;

    const FlowNode *node = nsk_flow_node(to->flow, item->node);
    if (item->edge != FLOW_NONE) {
        item->edge = find_edge(to->flow, node, g_ptr_array_index(from->names, item->edge));
        if (item->edge == FLOW_NONE)
            return false;
    }
    return nsk_flow_item_fits(to, item);
}

/* Whether @owner can listen at @node. */
static bool
sub_fits(const NskFlow *flow, const FlowItem *owner, unsigned index)
{
    const FlowNode *node = nsk_flow_node(flow, index);
    bool listens = node->about == FLOW_ABOUT_TIMER || node->about == FLOW_ABOUT_MESSAGE ||
                   node->about == FLOW_ABOUT_SIGNAL || node->about == FLOW_ABOUT_CONDITION;

    if (!listens)
        return false;
    if (node->kind == FLOW_BOUNDARY_EVENT)
        return owner->node == node->partner && owner->kind != FLOW_SCOPE_INSTANCE &&
               owner->kind != FLOW_SCOPE_UNDO;
    if (node->kind == FLOW_START_EVENT)
        return node->activity != FLOW_NONE && owner->kind >= FLOW_SCOPE_ROOT &&
               owner->kind != FLOW_SCOPE_BODY && owner->kind != FLOW_SCOPE_INSTANCE &&
               nsk_flow_item_level(flow, owner) == nsk_flow_node(flow, node->activity)->level;
    if (owner->node == FLOW_NONE)
        return false;
    if (nsk_flow_node(flow, owner->node)->kind == FLOW_EVENT_GATEWAY)
        return node->level == nsk_flow_node(flow, owner->node)->level &&
               node->kind == FLOW_CATCH_EVENT;
    return owner->node == index && (owner->kind == FLOW_AT_EVENT || owner->kind == FLOW_AT_TASK);
}

bool
nsk_flow_sub_fits(const NskFlowState *self, const FlowSub *sub)
{
    return sub_fits(self->flow, nsk_flow_state_item(self, sub->owner), sub->node);
}

static bool
bind_rest(const NskFlowState *from, NskFlowState *to)
{
    for (guint i = 0; i < to->subs->len; i++) {
        FlowSub *sub = &g_array_index(to->subs, FlowSub, i);

        sub->node = find_node(to->flow, g_ptr_array_index(from->names, sub->node));
        if (sub->node == FLOW_NONE || !nsk_flow_sub_fits(to, sub))
            return false;
    }
    for (guint i = 0; i < to->done->len; i++) {
        FlowDone *done = &g_array_index(to->done, FlowDone, i);

        done->node = find_node(to->flow, g_ptr_array_index(from->names, done->node));
        if (done->node == FLOW_NONE || !nsk_flow_is_activity(nsk_flow_node(to->flow, done->node)))
            return false;
    }
    return true;
}

static bool
bind_all(const NskFlowState *from, NskFlowState *to)
{
    for (guint i = 1; i < to->items->len; i++) {
        if (!bind_item(from, to, i))
            return false;
    }
    return bind_rest(from, to);
}

NskFlowState *
nsk_flow_state_bind(const NskFlowState *self, const NskFlow *flow, GError **error)
{
    g_autoptr(NskFlowState) copy = nsk_flow_state_copy(self);
    bool fits = strcmp(self->process, nsk_flow_get_id(flow)) == 0;

    if (fits && self->flow != NULL && self->flow != flow) {
        /* of another reading of the definition: by its names */
        g_autofree char *json = nsk_flow_state_format(self);
        g_autoptr(NskFlowState) plain = nsk_flow_state_parse(json, strlen(json), error);

        return plain != NULL ? nsk_flow_state_bind(plain, flow, error) : NULL;
    }
    if (fits && self->flow == NULL) {
        copy->flow = nsk_flow_ref((NskFlow *)(uintptr_t)flow);
        g_clear_pointer(&copy->names, g_ptr_array_unref);
        fits = bind_all(self, copy);
    }
    if (fits)
        return g_steal_pointer(&copy);
    g_set_error(
        error, NSK_ERROR, NSK_ERROR_CORRUPT,
        nsk_tr("the stored state of the workflow '%s' does not fit the definition '%s'; run "
               "doctor"),
        self->process, nsk_flow_get_id(flow));
    return NULL;
}
