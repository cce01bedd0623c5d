/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What joins nodes other than sequence flows: boundary events and their hosts (BPMN 2.0.2, 10.5.4),
 * the two ends of a link (10.5.5), compensation and its handlers (10.7), and what may stand behind
 * an event-based gateway (10.6.6).
 */
#include "base/message.h"
#include "flow/read-private.h"

#include <string.h>

static FlowNode *
node_at(const FlowReader *self, unsigned index)
{
    return g_ptr_array_index(self->flow->nodes, index);
}

/* The node that a reference names, in the process that is being read; FLOW_NONE if there is none.
 */
static unsigned
find_node(const FlowReader *self, const char *ref)
{
    unsigned index = nsk_flow_node_index(self->flow, self->process, ref);

    if (index == FLOW_NONE && ref != NULL)
        index = nsk_flow_node_index(self->flow, self->process, nsk_flow_local_name(ref));
    return index;
}

static void
attach_boundary(FlowReader *self, unsigned index)
{
    FlowNode *node = node_at(self, index);
    const char *ref = nsk_xml_attr(node->element, "attachedToRef");
    unsigned found = find_node(self, ref);
    FlowNode *host = found != FLOW_NONE ? node_at(self, found) : NULL;

    if (host != NULL && host->kind == FLOW_UNSUPPORTED)
        return;
    if (host == NULL || !nsk_flow_is_activity(host)) {
        nsk_flow_issue(self, node->element, host == NULL ? "flow-reference" : "flow-event",
                       nsk_tr("boundaryEvent '%s' is attached to '%s', which is no activity; "
                              "attach it to a task, sub-process or call activity"),
                       node->task.id, ref != NULL ? ref : "");
        return;
    }
    if (host->level != node->level) {
        nsk_flow_issue(self, node->element, "flow-crossing",
                       nsk_tr("boundaryEvent '%s' is attached to '%s', which lies in another "
                              "sub-process; put both into one"),
                       node->task.id, host->task.id);
        return;
    }
    node->partner = found;
    if (node->about != FLOW_ABOUT_COMPENSATION)
        g_array_append_val(host->boundary, index);
}

static bool
is_link(const FlowNode *node, FlowNodeKind kind)
{
    return node->kind == kind && node->about == FLOW_ABOUT_LINK && node->event_name != NULL;
}

/* Where a link leads that jumps; of the place that it leads to, whether it is the only one. */
static void
attach_link(FlowReader *self, unsigned index, unsigned first)
{
    FlowNode *node = node_at(self, index);

    for (unsigned i = first; i < self->flow->nodes->len; i++) {
        const FlowNode *other = node_at(self, i);

        if (other->level != node->level || !is_link(other, FLOW_CATCH_EVENT) ||
            strcmp(other->event_name, node->event_name) != 0)
            continue;
        if (node->kind == FLOW_THROW_EVENT) {
            node->partner = i;
            return;
        }
        if (i >= index)
            return;
        nsk_flow_issue(self, node->element, "flow-event",
                       nsk_tr("'%s' and '%s' are both where the link '%s' leads to; keep one"),
                       other->task.id, node->task.id, node->event_name);
        return;
    }
    nsk_flow_issue(self, node->element, "flow-event",
                   nsk_tr("the link '%s' of '%s' leads nowhere; draw an intermediateCatchEvent "
                          "with a link of that name in the same process or sub-process"),
                   node->event_name, node->task.id);
}

/* The other end of the association of a boundary event; NULL if there is none. */
static const char *
find_associated(const FlowReader *self, const FlowNode *node)
{
    NskXmlNode *child = nsk_xml_first(nsk_xml_parent(node->element));

    for (; child != NULL; child = nsk_xml_next(child)) {
        const char *source = nsk_xml_attr(child, "sourceRef");
        const char *target = nsk_xml_attr(child, "targetRef");
        const char *other = NULL;

        if (!nsk_xml_is(child, BPMN_NS, "association") || source == NULL || target == NULL)
            continue;
        if (strcmp(nsk_flow_local_name(source), node->task.id) == 0)
            other = target;
        else if (strcmp(nsk_flow_local_name(target), node->task.id) == 0)
            other = source;
        if (other != NULL && find_node(self, other) != FLOW_NONE)
            return other;
    }
    return NULL;
}

static void
attach_handler(FlowReader *self, FlowNode *node)
{
    unsigned index = find_node(self, find_associated(self, node));
    FlowNode *handler = index != FLOW_NONE ? node_at(self, index) : NULL;
    FlowNode *host = node->partner != FLOW_NONE ? node_at(self, node->partner) : NULL;

    if (handler == NULL || !nsk_flow_is_activity(handler) || !handler->compensates ||
        handler->level != node->level) {
        nsk_flow_issue(self, node->element, "flow-event",
                       nsk_tr("boundaryEvent '%s' has no handler; draw an association from it to "
                              "an activity with isForCompensation=\"true\" beside it"),
                       node->task.id);
        return;
    }
    if (host == NULL)
        return;
    if (host->handler != FLOW_NONE)
        nsk_flow_issue(self, node->element, "flow-event",
                       nsk_tr("'%s' has two compensation events; keep one"), host->task.id);
    host->handler = index;
    handler->partner = node->partner;
}

/* 10.5.5: beside the event, or beside the event sub-process that it stands in. */
static bool
is_visible(const FlowReader *self, const FlowNode *node, const FlowNode *target)
{
    unsigned index = node->level;

    while (index != FLOW_NONE) {
        const FlowLevel *level = nsk_flow_level(self->flow, index);

        if (target->level == index)
            return true;
        if (level->owner == FLOW_NONE ||
            nsk_flow_node(self->flow, level->owner)->kind != FLOW_EVENT_SUB_PROCESS)
            return false;
        index = level->parent;
    }
    return false;
}

/* What a compensation event that throws names. */
static void
attach_compensated(FlowReader *self, FlowNode *node)
{
    const NskXmlNode *element = nsk_xml_child(node->element, "compensateEventDefinition");
    const char *ref = element != NULL ? nsk_xml_attr(element, "activityRef") : NULL;
    unsigned index = find_node(self, ref);
    g_autofree char *owner = NULL;

    if (ref == NULL)
        return;
    owner = nsk_flow_describe(node->element);
    if (index == FLOW_NONE || !nsk_flow_is_activity(node_at(self, index)) ||
        !is_visible(self, node, node_at(self, index))) {
        nsk_flow_issue(self, element, "flow-reference",
                       nsk_tr("%s compensates '%s', which is no activity beside it; name one that "
                              "is"),
                       owner, ref);
        return;
    }
    node->partner = index;
}

/* 10.3.5: only a sub-process that is done can be undone from inside. */
static void
check_compensating_handler(FlowReader *self, const FlowNode *node)
{
    unsigned around = nsk_flow_level(self->flow, node->level)->parent;

    if (around == FLOW_NONE || nsk_flow_level(self->flow, around)->owner != FLOW_NONE)
        return;
    nsk_flow_issue(self, node->element, "flow-event",
                   nsk_tr("startEvent '%s' waits for compensation of the whole process, which "
                          "never comes; put its subProcess into the sub-process that it undoes"),
                   node->task.id);
}

/* An activity for compensation runs only when it is asked for. */
static void
check_compensator(FlowReader *self, const FlowNode *node)
{
    g_autofree char *owner = NULL;

    if (!node->compensates || node->partner != FLOW_NONE)
        return;
    owner = nsk_flow_describe(node->element);
    nsk_flow_issue(self, node->element, "flow-event",
                   nsk_tr("%s is for compensation, but no boundary event leads to it; draw an "
                          "association from one, or remove isForCompensation"),
                   owner);
}

static bool
is_awaitable(const FlowNode *node)
{
    return (node->kind == FLOW_CATCH_EVENT && node->about != FLOW_ABOUT_LINK) ||
           (node->kind == FLOW_RECEIVE_TASK && node->boundary->len == 0 &&
            node->loop.type == FLOW_LOOP_NONE);
}

/* One of the ways out of an event-based gateway. */
static void
check_awaited(FlowReader *self, const FlowNode *gateway, const FlowNode *target)
{
    g_autofree char *owner = nsk_flow_describe(target->element);

    if (target->kind == FLOW_UNSUPPORTED)
        return;
    if (!is_awaitable(target))
        nsk_flow_issue(self, gateway->element, "flow-event",
                       nsk_tr("eventBasedGateway '%s' leads to %s; it may lead only to events that "
                              "wait for a message, timer, signal or condition, and to receive "
                              "tasks without boundary events or loop"),
                       gateway->task.id, owner);
    else if (target->in->len > 1)
        nsk_flow_issue(self, target->element, "flow-event",
                       nsk_tr("%s stands behind eventBasedGateway '%s' and has other ways in; it "
                              "may have only that one"),
                       owner, gateway->task.id);
    else if (target->kind == FLOW_RECEIVE_TASK && target->about != FLOW_ABOUT_MESSAGE)
        nsk_flow_issue(self, target->element, "flow-event",
                       nsk_tr("%s stands behind eventBasedGateway '%s' and names no message; give "
                              "it a messageRef"),
                       owner, gateway->task.id);
}

static void
check_event_gateway(FlowReader *self, const FlowNode *node)
{
    bool task = false;
    bool message = false;

    for (guint i = 0; i < node->out->len; i++) {
        const FlowEdge *edge = nsk_flow_edge(self->flow, g_array_index(node->out, unsigned, i));
        const FlowNode *target = node_at(self, edge->target);

        check_awaited(self, node, target);
        task = task || target->kind == FLOW_RECEIVE_TASK;
        message =
            message || (target->kind == FLOW_CATCH_EVENT && target->about == FLOW_ABOUT_MESSAGE);
    }
    if (task && message)
        nsk_flow_issue(
            self, node->element, "flow-event",
            nsk_tr("eventBasedGateway '%s' leads to receive tasks and to message events; "
                   "use one of the two"),
            node->task.id);
    if (node->out->len == 0)
        nsk_flow_issue(self, node->element, "flow-event",
                       nsk_tr("eventBasedGateway '%s' waits for nothing; lead it to events"),
                       node->task.id);
}

static void
attach_node(FlowReader *self, unsigned index, unsigned first)
{
    FlowNode *node = node_at(self, index);

    if (node->kind == FLOW_BOUNDARY_EVENT && node->about == FLOW_ABOUT_COMPENSATION)
        attach_handler(self, node);
    else if (is_link(node, FLOW_THROW_EVENT) || is_link(node, FLOW_CATCH_EVENT))
        attach_link(self, index, first);
    else if (node->kind == FLOW_START_EVENT && node->about == FLOW_ABOUT_COMPENSATION)
        check_compensating_handler(self, node);
    else if (node->about == FLOW_ABOUT_COMPENSATION)
        attach_compensated(self, node);
    else if (node->kind == FLOW_EVENT_GATEWAY)
        check_event_gateway(self, node);
}

void
nsk_flow_attach(FlowReader *self)
{
    unsigned first = 0;

    while (first < self->flow->nodes->len &&
           nsk_flow_level(self->flow, node_at(self, first)->level)->process != self->process)
        first++;
    for (unsigned i = first; i < self->flow->nodes->len; i++) {
        if (node_at(self, i)->kind == FLOW_BOUNDARY_EVENT)
            attach_boundary(self, i);
    }
    for (unsigned i = first; i < self->flow->nodes->len; i++)
        attach_node(self, i, first);
    for (unsigned i = first; i < self->flow->nodes->len; i++)
        check_compensator(self, node_at(self, i));
}
