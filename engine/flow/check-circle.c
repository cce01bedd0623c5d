/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Circles that no human and no event from outside takes part in: between services, which are done
 * at once, the process would run round as fast as they are.  A service that failed and is led back
 * to itself by its error event is the usual one.
 *
 * Found by taking away, again and again, nodes that nothing leads to any more (Kahn 1962); what is
 * left lies on a circle, or behind one.
 */
#include "base/message.h"
#include "flow/check-private.h"

static unsigned
at(const GArray *array, guint i)
{
    return g_array_index(array, unsigned, i);
}

static bool breaks_circle(const NskFlow *flow, const FlowNode *node, unsigned depth);

/* Whether something inside waits for somebody; a body that does not on one of its ways is rare
 * enough to be let pass. */
static bool
has_wait(const NskFlow *flow, unsigned level, unsigned depth)
{
    for (unsigned i = 0; i < flow->nodes->len; i++) {
        if (nsk_flow_node(flow, i)->level == level &&
            breaks_circle(flow, nsk_flow_node(flow, i), depth + 1))
            return true;
    }
    return false;
}

/* Whether a token that passes the node waits there for a human or an event. */
static bool
breaks_circle(const NskFlow *flow, const FlowNode *node, unsigned depth)
{
    unsigned body = nsk_check_body(node);

    if (body != FLOW_NONE)
        return depth > flow->levels->len || has_wait(flow, body, depth);
    if (node->kind == FLOW_BOUNDARY_EVENT)
        return node->about == FLOW_ABOUT_TIMER || node->about == FLOW_ABOUT_MESSAGE ||
               node->about == FLOW_ABOUT_SIGNAL || node->about == FLOW_ABOUT_CONDITION;
    return nsk_check_rests(node) && node->kind != FLOW_SERVICE_TASK;
}

/* Calls @visit for each node that a token comes to from @index next. */
static void
each_next(const NskFlow *flow, unsigned index, void (*visit)(void *data, unsigned next), void *data)
{
    const FlowNode *node = nsk_flow_node(flow, index);

    for (guint i = 0; i < node->out->len; i++)
        visit(data, nsk_flow_edge(flow, at(node->out, i))->target);
    for (guint i = 0; i < node->boundary->len; i++)
        visit(data, at(node->boundary, i));
    if (node->kind == FLOW_THROW_EVENT && node->about == FLOW_ABOUT_LINK)
        visit(data, node->partner);
}

typedef struct {
    const NskFlow *flow;
    unsigned *ways_in;
    bool *waits;
    GArray *ready;
} Sort;

static void
count_way(void *data, unsigned next)
{
    Sort *self = data;

    self->ways_in[next]++;
}

static void
take_way(void *data, unsigned next)
{
    Sort *self = data;

    if (--self->ways_in[next] == 0)
        g_array_append_val(self->ready, next);
}

/* From a node that is left, back along others that are: after as many steps as there are nodes one
 * stands on the circle. */
typedef struct {
    const Sort *sort;
    unsigned to;
    unsigned from;
} Back;

static void
find_back(void *data, unsigned next)
{
    Back *self = data;

    if (next == self->to)
        self->from = self->from == FLOW_NONE ? self->to : self->from;
}

static unsigned
step_back(const Sort *sort, unsigned to)
{
    for (unsigned i = 0; i < sort->flow->nodes->len; i++) {
        Back back = { sort, to, FLOW_NONE };

        if (sort->ways_in[i] == 0 || sort->waits[i])
            continue;
        each_next(sort->flow, i, find_back, &back);
        if (back.from != FLOW_NONE)
            return i;
    }
    return to;
}

static void
tell_circle(Checker *self, const Sort *sort, unsigned left)
{
    unsigned service;

    for (unsigned i = 0; i < self->flow->nodes->len; i++)
        left = step_back(sort, left);
    service = left;
    for (unsigned i = 0; i < self->flow->nodes->len; i++) {
        if (check_node(self, service)->kind == FLOW_SERVICE_TASK)
            break;
        service = step_back(sort, service);
    }
    g_autofree char *name = nsk_check_name(self, service);
    const CheckPlace place = { .node = service, .edge = FLOW_NONE, .tag = "flow-livelock" };

    nsk_check_tell(self, &place,
                   nsk_tr("%s lies on a circle on which no human acts and nothing is waited for, "
                          "so that the process would run round without a pause; put a user task or "
                          "a timer into it"),
                   name);
}

void
nsk_check_circles(Checker *self)
{
    const NskFlow *flow = self->flow;
    g_autofree unsigned *ways_in = g_new0(unsigned, flow->nodes->len + 1);
    g_autofree bool *waits = g_new0(bool, flow->nodes->len + 1);
    g_autoptr(GArray) ready = g_array_new(FALSE, FALSE, sizeof(unsigned));
    Sort sort = { flow, ways_in, waits, ready };

    for (unsigned i = 0; i < flow->nodes->len; i++) {
        waits[i] = breaks_circle(flow, nsk_flow_node(flow, i), 0);
        if (!waits[i])
            each_next(flow, i, count_way, &sort);
    }
    for (unsigned i = 0; i < flow->nodes->len; i++) {
        if (ways_in[i] == 0)
            g_array_append_val(ready, i);
    }
    for (guint done = 0; done < ready->len; done++) {
        if (!waits[at(ready, done)])
            each_next(flow, at(ready, done), take_way, &sort);
    }
    for (unsigned i = 0; i < flow->nodes->len; i++) {
        if (ways_in[i] > 0) {
            tell_circle(self, &sort, i);
            return;
        }
    }
}
