/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Checks of the graph: degrees, reachability from the start and to an end, circles in which nobody
 * ever waits.  All are linear in nodes and edges.  Whether a definition can get stuck in other ways
 * does not arise without parallel paths.
 */
#include "base/message.h"
#include "flow/flow-private.h"

#include <string.h>

typedef struct {
    const NskFlow *flow;
    bool *seen;
    bool backwards;
} Walk;

static unsigned
edge_at(const GArray *edges, guint i)
{
    return g_array_index(edges, unsigned, i);
}

/* Marks all nodes that can be reached from @from; no recursion, the graph is a stranger's. */
static void
walk(Walk *self, unsigned from)
{
    g_autoptr(GArray) stack = g_array_new(FALSE, FALSE, sizeof(unsigned));

    if (self->seen[from])
        return;
    self->seen[from] = true;
    g_array_append_val(stack, from);
    while (stack->len > 0) {
        const FlowNode *node = nsk_flow_node(self->flow, edge_at(stack, stack->len - 1));
        const GArray *edges = self->backwards ? node->in : node->out;

        g_array_set_size(stack, stack->len - 1);
        for (guint i = 0; i < edges->len; i++) {
            const FlowEdge *edge = nsk_flow_edge(self->flow, edge_at(edges, i));
            unsigned next = self->backwards ? edge->source : edge->target;

            if (!self->seen[next])
                g_array_append_val(stack, next);
            self->seen[next] = true;
        }
    }
}

static void
check_start(FlowReader *self)
{
    const NskFlow *flow = self->flow;
    bool started = false;

    for (unsigned i = 0; i < flow->nodes->len; i++) {
        const FlowNode *node = nsk_flow_node(flow, i);

        if (node->kind != FLOW_START_EVENT)
            continue;
        if (node->in->len > 0)
            nsk_flow_issue(
                self, node->element, "flow-start",
                nsk_tr("a flow leads into the startEvent '%s'; lead it to the element behind"),
                node->task.id);
        if (started)
            nsk_flow_issue(self, node->element, "flow-start",
                           nsk_tr("'%s' is a second startEvent; keep one"), node->task.id);
        started = true;
    }
    if (!started)
        nsk_xml_issue(self->doc, nsk_xml_doc_get_root(self->doc), self->issues, "flow-start",
                      nsk_tr("the process '%s' has no startEvent; add one"), nsk_flow_get_id(flow));
}

static void
check_gateway_edge(FlowReader *self, const FlowNode *node, unsigned index)
{
    const FlowEdge *edge = nsk_flow_edge(self->flow, index);

    if (index == node->default_edge && edge->has_condition)
        nsk_flow_issue(
            self, edge->element, "flow-condition",
            nsk_tr("the default flow '%s' of exclusiveGateway '%s' has a condition, which would "
                   "be ignored; remove it or choose another default"),
            edge->id, node->task.id);
    else if (index != node->default_edge && !edge->has_condition && node->out->len > 1)
        nsk_flow_issue(
            self, edge->element, "flow-condition",
            nsk_tr("sequenceFlow '%s' leaves exclusiveGateway '%s' without a condition; give it "
                   "one or make it the default flow"),
            edge->id, node->task.id);
}

static void
check_ways_out(FlowReader *self, const FlowNode *node)
{
    const char *what = nsk_xml_name(node->element);

    if (node->kind == FLOW_END_EVENT && node->out->len > 0)
        nsk_flow_issue(self, node->element, "flow-end",
                       nsk_tr("a flow leaves the endEvent '%s'; nothing comes after an end"),
                       node->task.id);
    if (node->kind == FLOW_END_EVENT || node->kind == FLOW_UNSUPPORTED)
        return;
    if (node->out->len == 0)
        nsk_flow_issue(self, node->element, "flow-end",
                       nsk_tr("no flow leaves the %s '%s'; lead it on to an endEvent"), what,
                       node->task.id);
    else if (node->kind != FLOW_EXCLUSIVE && node->out->len > 1)
        nsk_flow_issue(self, node->element, "flow-unsupported",
                       nsk_tr("%u flows leave the %s '%s', which would go all ways at once; put an "
                              "exclusiveGateway behind it"),
                       node->out->len, what, node->task.id);
    for (guint i = 0; node->kind == FLOW_EXCLUSIVE && i < node->out->len; i++)
        check_gateway_edge(self, node, edge_at(node->out, i));
}

/* Refused elements without a way in may be begun by something that is refused as well. */
static void
check_reachable(FlowReader *self)
{
    const NskFlow *flow = self->flow;
    g_autofree bool *seen = g_new0(bool, flow->nodes->len + 1);
    Walk forwards = { .flow = flow, .seen = seen };

    const GArray *starts = nsk_flow_level(flow, 0)->starts;

    if (starts->len == 0)
        return;
    walk(&forwards, g_array_index(starts, unsigned, 0));
    for (unsigned i = 0; i < flow->nodes->len; i++) {
        if (nsk_flow_node(flow, i)->kind == FLOW_UNSUPPORTED)
            walk(&forwards, i);
    }
    for (unsigned i = 0; i < flow->nodes->len; i++) {
        const FlowNode *node = nsk_flow_node(flow, i);

        if (!seen[i] && node->kind != FLOW_START_EVENT)
            nsk_flow_issue(
                self, node->element, "flow-unreachable",
                nsk_tr("no way leads from the start to the %s '%s'; join it or remove it"),
                nsk_xml_name(node->element), node->task.id);
    }
}

static void
check_can_end(FlowReader *self)
{
    const NskFlow *flow = self->flow;
    g_autofree bool *seen = g_new0(bool, flow->nodes->len + 1);
    Walk backwards = { .flow = flow, .seen = seen, .backwards = true };

    for (unsigned i = 0; i < flow->nodes->len; i++) {
        FlowNodeKind kind = nsk_flow_node(flow, i)->kind;

        if (kind == FLOW_END_EVENT || kind == FLOW_UNSUPPORTED)
            walk(&backwards, i);
    }
    for (unsigned i = 0; i < flow->nodes->len; i++) {
        const FlowNode *node = nsk_flow_node(flow, i);

        if (!seen[i] && node->out->len > 0)
            nsk_flow_issue(self, node->element, "flow-end",
                           nsk_tr("no way leads from the %s '%s' to an endEvent; add one"),
                           nsk_xml_name(node->element), node->task.id);
    }
}

static bool
is_waiting(const FlowNode *node)
{
    return node->kind == FLOW_USER_TASK || node->kind == FLOW_SERVICE_TASK ||
           node->kind == FLOW_UNSUPPORTED;
}

/* From a node that was left over, back along others left over: after as many steps as there are
 * nodes the walk is on a circle for certain. */
static const FlowNode *
find_on_circle(const NskFlow *flow, const unsigned *ways_in, unsigned from)
{
    const FlowNode *node = nsk_flow_node(flow, from);

    for (unsigned step = 0; step < flow->nodes->len; step++) {
        for (guint i = 0; i < node->in->len; i++) {
            unsigned source = nsk_flow_edge(flow, edge_at(node->in, i))->source;

            if (ways_in[source] > 0 && !is_waiting(nsk_flow_node(flow, source))) {
                node = nsk_flow_node(flow, source);
                break;
            }
        }
    }
    return node;
}

/*
 * Kahn's topological sort over the edges that leave nodes which do not wait: takes away node after
 * node without a way in; what is left lies on a circle, or behind one.
 */
static void
sort_away(const NskFlow *flow, unsigned *ways_in)
{
    g_autoptr(GArray) ready = g_array_new(FALSE, FALSE, sizeof(unsigned));

    for (unsigned i = 0; i < flow->edges->len; i++) {
        const FlowEdge *edge = nsk_flow_edge(flow, i);

        if (!is_waiting(nsk_flow_node(flow, edge->source)))
            ways_in[edge->target]++;
    }
    for (unsigned i = 0; i < flow->nodes->len; i++) {
        if (ways_in[i] == 0)
            g_array_append_val(ready, i);
    }
    for (guint done = 0; done < ready->len; done++) {
        const FlowNode *node = nsk_flow_node(flow, edge_at(ready, done));

        for (guint i = 0; !is_waiting(node) && i < node->out->len; i++) {
            unsigned next = nsk_flow_edge(flow, edge_at(node->out, i))->target;

            if (--ways_in[next] == 0)
                g_array_append_val(ready, next);
        }
    }
}

static void
check_circles(FlowReader *self)
{
    const NskFlow *flow = self->flow;
    g_autofree unsigned *ways_in = g_new0(unsigned, flow->nodes->len + 1);
    unsigned i = 0;

    sort_away(flow, ways_in);
    while (i < flow->nodes->len && ways_in[i] == 0)
        i++;
    if (i == flow->nodes->len)
        return;

    const FlowNode *node = find_on_circle(flow, ways_in, i);
    nsk_flow_issue(
        self, node->element, "flow-cycle",
        nsk_tr("at %s '%s' the process goes in a circle in which nobody has anything to do; put "
               "a task for somebody into it"),
        nsk_xml_name(node->element), node->task.id);
}

/* What a picture needs is no matter of running, so its lack is a warning. */
static void
check_diagram(FlowReader *self)
{
    const NskXmlNode *root = nsk_xml_doc_get_root(self->doc);
    NskIssue place = { .tag = "flow-diagram",
                       .severity = NSK_SEVERITY_WARNING,
                       .file = (char *)(uintptr_t)nsk_xml_doc_get_name(self->doc) };

    if (nsk_xml_child(root, "BPMNDiagram") == NULL)
        nsk_issues_add(
            self->issues, &place,
            nsk_tr("the workflow has no diagram, so that no editor shows it; lay it out in one"));
}

void
nsk_flow_check_graph(FlowReader *self)
{
    if (self->flow->processes->len == 0)
        return;
    check_start(self);
    for (unsigned i = 0; i < self->flow->nodes->len; i++)
        check_ways_out(self, nsk_flow_node(self->flow, i));
    check_reachable(self);
    check_can_end(self);
    check_circles(self);
    check_diagram(self);
}
