/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Checks of the graph of one process, level by level: where tokens start, which ways lead in and
 * out (BPMN 2.0.2, 8.4.13, 10.5.2, 10.5.3, 10.6), and that every node can be reached (13.3.4).
 * All are linear in nodes and edges.  Whether tokens can get stuck is for nsk_flow_check().
 */
#include "base/message.h"
#include "flow/read-private.h"

#include <string.h>

static unsigned
edge_at(const GArray *edges, guint i)
{
    return g_array_index(edges, unsigned, i);
}

static const FlowNode *
owner_of(const FlowReader *self, const FlowLevel *level)
{
    return level->owner != FLOW_NONE ? nsk_flow_node(self->flow, level->owner) : NULL;
}

/* Nodes that no flow leads into, because something else starts them. */
static bool
starts_otherwise(const FlowNode *node)
{
    return node->kind == FLOW_START_EVENT || node->kind == FLOW_BOUNDARY_EVENT ||
           node->kind == FLOW_EVENT_SUB_PROCESS || node->compensates ||
           (node->kind == FLOW_CATCH_EVENT && node->about == FLOW_ABOUT_LINK);
}

/* Nodes that no flow leaves. */
static bool
ends_otherwise(const FlowNode *node)
{
    return node->kind == FLOW_END_EVENT || node->kind == FLOW_EVENT_SUB_PROCESS ||
           node->compensates ||
           (node->kind == FLOW_THROW_EVENT && node->about == FLOW_ABOUT_LINK) ||
           (node->kind == FLOW_BOUNDARY_EVENT && node->about == FLOW_ABOUT_COMPENSATION);
}

static void
check_ends(FlowReader *self, const FlowNode *node)
{
    g_autofree char *owner = NULL;

    if (node->in->len > 0 && starts_otherwise(node)) {
        owner = nsk_flow_describe(node->element);
        nsk_flow_issue(self, node->element,
                       node->kind == FLOW_START_EVENT ? "flow-start" : "flow-event",
                       nsk_tr("a flow leads into %s, which is not begun that way; lead it to the "
                              "element behind"),
                       owner);
    }
    if (node->out->len > 0 && ends_otherwise(node)) {
        g_free(owner);
        owner = nsk_flow_describe(node->element);
        nsk_flow_issue(
            self, node->element, node->kind == FLOW_END_EVENT ? "flow-end" : "flow-event",
            nsk_tr("a flow leaves %s, behind which nothing comes; begin it elsewhere"), owner);
    }
}

/* 10.3.5: an event sub-process begins by one event. */
static void
check_handler_starts(FlowReader *self, const FlowNode *owner, const FlowLevel *level)
{
    if (level->starts->len == 1)
        return;
    nsk_flow_issue(self, owner->element, "flow-start",
                   nsk_tr("the event sub-process '%s' has %u start events; give it one that says "
                          "what it waits for"),
                   owner->task.id, level->starts->len);
}

static void
check_plain_starts(FlowReader *self, const FlowLevel *level)
{
    bool found = false;

    for (guint i = 0; i < level->starts->len; i++) {
        const FlowNode *node = nsk_flow_node(self->flow, edge_at(level->starts, i));

        if (node->about != FLOW_ABOUT_NONE)
            continue;
        if (found)
            nsk_flow_issue(self, node->element, "flow-start",
                           nsk_tr("'%s' is a second startEvent without a trigger; keep one"),
                           node->task.id);
        found = true;
    }
}

/* 13.3.4: without a start event all begins that nothing leads to. */
static void
find_initial(FlowReader *self, unsigned index)
{
    const FlowLevel *level = nsk_flow_level(self->flow, index);

    for (unsigned i = 0; i < self->flow->nodes->len; i++) {
        const FlowNode *node = nsk_flow_node(self->flow, i);

        if (node->level == index && node->in->len == 0 && !starts_otherwise(node))
            g_array_append_val(level->initial, i);
    }
    if (level->initial->len == 0 && level->owner == FLOW_NONE)
        nsk_flow_issue(self, nsk_flow_level_element(self, index), "flow-start",
                       nsk_tr("the process '%s' has no startEvent; add one"),
                       nsk_flow_process(self->flow, level->process)->id);
}

static void
check_starts(FlowReader *self, unsigned index)
{
    const FlowLevel *level = nsk_flow_level(self->flow, index);
    const FlowNode *owner = owner_of(self, level);

    if (owner != NULL && owner->kind == FLOW_EVENT_SUB_PROCESS)
        check_handler_starts(self, owner, level);
    else if (level->starts->len == 0)
        find_initial(self, index);
    else
        check_plain_starts(self, level);
}

/* 10.6.2: a way out of a choice without condition would hide those behind it. */
static void
check_choice(FlowReader *self, const FlowNode *node)
{
    for (guint i = 0; node->kind == FLOW_EXCLUSIVE && node->out->len > 1 && i < node->out->len;
         i++) {
        const FlowEdge *edge = nsk_flow_edge(self->flow, edge_at(node->out, i));

        if (edge->has_condition || edge_at(node->out, i) == node->default_edge)
            continue;
        nsk_flow_issue(
            self, edge->element, "flow-condition",
            nsk_tr("sequenceFlow '%s' leaves exclusiveGateway '%s' without a condition; give it "
                   "one or make it the default flow"),
            edge->id, node->task.id);
    }
    if (node->default_edge == FLOW_NONE)
        return;
    const FlowEdge *edge = nsk_flow_edge(self->flow, node->default_edge);
    if (edge->has_condition)
        nsk_flow_warn(self, edge->element, "flow-condition",
                      nsk_tr("the default flow '%s' of %s '%s' has a condition, which is never "
                             "asked; remove it or choose another default"),
                      edge->id, nsk_xml_name(node->element), node->task.id);
}

typedef struct {
    const NskFlow *flow;
    bool *seen;
    GArray *stack;
} Walk;

static void
walk_to(Walk *self, unsigned index)
{
    if (index == FLOW_NONE || self->seen[index])
        return;
    self->seen[index] = true;
    g_array_append_val(self->stack, index);
}

/* Flows, boundary events and links; no recursion, the graph is a stranger's. */
static void
walk_from(Walk *self, const FlowNode *node)
{
    for (guint i = 0; i < node->out->len; i++)
        walk_to(self, nsk_flow_edge(self->flow, edge_at(node->out, i))->target);
    for (guint i = 0; i < node->boundary->len; i++)
        walk_to(self, edge_at(node->boundary, i));
    if (node->kind == FLOW_THROW_EVENT && node->about == FLOW_ABOUT_LINK)
        walk_to(self, node->partner);
}

/* What cannot be judged is thought to be reached: refused elements, and what else is told of. */
static bool
is_begun(const FlowNode *node)
{
    return node->kind == FLOW_UNSUPPORTED || node->kind == FLOW_START_EVENT ||
           node->kind == FLOW_EVENT_SUB_PROCESS || node->compensates ||
           (node->kind == FLOW_BOUNDARY_EVENT &&
            (node->about == FLOW_ABOUT_COMPENSATION || node->partner == FLOW_NONE));
}

static void
check_reachable(FlowReader *self)
{
    const NskFlow *flow = self->flow;
    g_autofree bool *seen = g_new0(bool, flow->nodes->len + 1);
    g_autoptr(GArray) stack = g_array_new(FALSE, FALSE, sizeof(unsigned));
    Walk walk = { .flow = flow, .seen = seen, .stack = stack };

    for (unsigned i = 0; i < flow->nodes->len; i++) {
        if (is_begun(nsk_flow_node(flow, i)))
            walk_to(&walk, i);
    }
    for (unsigned i = 0; i < flow->levels->len; i++) {
        const GArray *initial = nsk_flow_level(flow, i)->initial;

        for (guint k = 0; k < initial->len; k++)
            walk_to(&walk, edge_at(initial, k));
    }
    while (stack->len > 0) {
        unsigned index = edge_at(stack, stack->len - 1);

        g_array_set_size(stack, stack->len - 1);
        walk_from(&walk, nsk_flow_node(flow, index));
    }
    for (unsigned i = 0; i < flow->nodes->len; i++) {
        const FlowNode *node = nsk_flow_node(flow, i);

        if (!seen[i] && nsk_flow_level(flow, node->level)->process == self->process)
            nsk_flow_issue(
                self, node->element, "flow-unreachable",
                nsk_tr("no way leads from the start to the %s '%s'; join it or remove it"),
                nsk_xml_name(node->element), node->task.id);
    }
}

void
nsk_flow_check_graph(FlowReader *self)
{
    for (unsigned i = 0; i < self->flow->levels->len; i++) {
        if (nsk_flow_level(self->flow, i)->process == self->process)
            check_starts(self, i);
    }
    for (unsigned i = 0; i < self->flow->nodes->len; i++) {
        const FlowNode *node = nsk_flow_node(self->flow, i);

        if (nsk_flow_level(self->flow, node->level)->process != self->process)
            continue;
        check_ends(self, node);
        check_choice(self, node);
    }
    check_reachable(self);
}
