/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Gateways, and the ways out of everything else (BPMN 2.0.2, 13.3.1 and 13.4).
 *
 * The inclusive join (13.4.3, 10.6.3) is enabled if some way in holds a token, and for every token
 * of its scope that could still reach an empty way in without passing the gateway there is also
 * such a path to a way in that holds one.  Which node reaches which way in was worked out
 * beforehand (graph.c), so the test costs a few bits a token.  It is made when nothing else moves:
 * after every change of tokens, whatever caused it.
 */
#include "base/message.h"
#include "flow/step-private.h"

static unsigned
edge_at(const GArray *edges, guint i)
{
    return g_array_index(edges, unsigned, i);
}

/* 1: true or without condition, 0: false, -1: error. */
static int
test_edge(FlowRun *self, const FlowNode *node, unsigned index, unsigned scope, GError **error)
{
    const FlowEdge *edge = nsk_flow_edge(self->flow, index);
    const FlowAsk ask = { .type = FLOW_ASK_EDGE,
                          .node = edge->source,
                          .edge = index,
                          .expression = edge->condition,
                          .scope = scope };

    if (index == node->default_edge)
        return 0;
    if (edge->condition == NULL)
        return 1;
    return nsk_flow_run_test(self, &ask, error);
}

static bool
set_no_flow(FlowRun *self, unsigned index, GError **error)
{
    const FlowNode *node = nsk_flow_node(self->flow, index);
    g_autofree char *what = nsk_flow_describe(node->element);

    g_set_error(
        error, NSK_ERROR, NSK_ERROR_INVALID,
        nsk_tr("the workflow '%s' has no way on at %s (%s): none of its conditions is true and "
               "it has no default flow; have the workflow corrected"),
        nsk_flow_get_id(self->flow), what, node->task.name);
    return nsk_flow_run_fail(self, NSK_FLOW_FAULT_NO_FLOW, index);
}

/* All ways whose conditions are true; the default flow if none is (13.3.1, 13.4.3). */
static bool
split(FlowRun *self, unsigned index, unsigned scope, GError **error)
{
    const FlowNode *node = nsk_flow_node(self->flow, index);
    bool found = false;

    for (guint i = 0; i < node->out->len; i++) {
        int result = test_edge(self, node, edge_at(node->out, i), scope, error);

        if (result < 0)
            return false;
        if (result == 0)
            continue;
        found = true;
        nsk_flow_run_follow(self, edge_at(node->out, i), scope);
    }
    if (found)
        return true;
    if (node->default_edge == FLOW_NONE)
        return set_no_flow(self, index, error);
    nsk_flow_run_follow(self, node->default_edge, scope);
    return true;
}

bool
nsk_flow_run_leave(FlowRun *self, unsigned index, unsigned scope, GError **error)
{
    if (nsk_flow_node(self->flow, index)->out->len > 0)
        return split(self, index, scope, error);
    nsk_flow_run_touch(self, scope);
    return true;
}

/* 13.4.2: the first true condition in the file's order; the default flow if none is. */
bool
nsk_flow_run_exclusive(FlowRun *self, const FlowVisit *visit, GError **error)
{
    const FlowNode *node = nsk_flow_node(self->flow, visit->node);

    if (node->out->len == 0)
        nsk_flow_run_touch(self, visit->scope);
    for (guint i = 0; i < node->out->len; i++) {
        int result = test_edge(self, node, edge_at(node->out, i), visit->scope, error);

        if (result < 0)
            return false;
        if (result > 0) {
            nsk_flow_run_follow(self, edge_at(node->out, i), visit->scope);
            return true;
        }
    }
    if (node->default_edge == FLOW_NONE)
        return node->out->len == 0 || set_no_flow(self, visit->node, error);
    nsk_flow_run_follow(self, node->default_edge, visit->scope);
    return true;
}

static void
wait_for_others(FlowRun *self, const FlowVisit *visit)
{
    nsk_flow_state_add_item(self->state, visit->scope, visit->node, FLOW_AT_JOIN)->edge =
        visit->edge;
}

/* The oldest token that came to the gateway by that flow; 0 if there is none. */
static unsigned
find_token(const NskFlowState *state, unsigned node, unsigned scope, unsigned edge)
{
    for (guint i = 1; i < state->items->len; i++) {
        const FlowItem *item = nsk_flow_item_at(state, i);

        if (item->kind == FLOW_AT_JOIN && item->node == node && item->scope == scope &&
            item->edge == edge)
            return item->id;
    }
    return 0;
}

/* One token from each way in that holds one. */
static void
take_tokens(FlowRun *self, unsigned index, unsigned scope)
{
    const FlowNode *node = nsk_flow_node(self->flow, index);

    for (guint i = 0; i < node->in->len; i++) {
        unsigned id = find_token(self->state, index, scope, edge_at(node->in, i));

        if (id != 0)
            nsk_flow_run_remove(self, id);
    }
}

static bool
go_all_ways(FlowRun *self, unsigned index, unsigned scope)
{
    const FlowNode *node = nsk_flow_node(self->flow, index);

    for (guint i = 0; i < node->out->len; i++)
        nsk_flow_run_follow(self, edge_at(node->out, i), scope);
    if (node->out->len == 0)
        nsk_flow_run_touch(self, scope);
    return true;
}

/* 13.4.1: one token from every way in; those beyond stay for another time. */
bool
nsk_flow_run_parallel(FlowRun *self, const FlowVisit *visit, G_GNUC_UNUSED GError **error)
{
    const FlowNode *node = nsk_flow_node(self->flow, visit->node);

    if (node->in->len < 2 || visit->edge == FLOW_NONE)
        return go_all_ways(self, visit->node, visit->scope);
    wait_for_others(self, visit);
    for (guint i = 0; i < node->in->len; i++) {
        if (find_token(self->state, visit->node, visit->scope, edge_at(node->in, i)) == 0)
            return true;
    }
    take_tokens(self, visit->node, visit->scope);
    return go_all_ways(self, visit->node, visit->scope);
}

bool
nsk_flow_run_inclusive(FlowRun *self, const FlowVisit *visit, GError **error)
{
    const FlowNode *node = nsk_flow_node(self->flow, visit->node);

    if (node->in->len < 2 || visit->edge == FLOW_NONE)
        return node->out->len == 0 ? go_all_ways(self, visit->node, visit->scope)
                                   : split(self, visit->node, visit->scope, error);
    wait_for_others(self, visit);
    return true;
}

static bool
reaches(const FlowNode *gateway, guint way, unsigned node)
{
    const uint64_t *bits = g_ptr_array_index(gateway->reach, way);

    return (bits[node / 64] >> (node % 64) & 1) != 0;
}

/* Whether the token at @node keeps the gateway waiting; @filled tells which ways in hold a token.
 */
static bool
is_awaited(const FlowNode *gateway, const bool *filled, unsigned node)
{
    bool reaches_empty = false;

    for (guint i = 0; i < gateway->in->len; i++) {
        if (!reaches(gateway, i, node))
            continue;
        if (filled[i])
            return false;
        reaches_empty = true;
    }
    return reaches_empty;
}

/* The items of one scope: places in the list of all that are sorted by scope. */
typedef struct {
    const FlowItem *items;
    guint count;
} Siblings;

static bool
holds_token(const Siblings *self, unsigned index, unsigned edge)
{
    for (guint i = 0; i < self->count; i++) {
        const FlowItem *item = &self->items[i];

        if (item->kind == FLOW_AT_JOIN && item->node == index && item->edge == edge)
            return true;
    }
    return false;
}

static bool
is_enabled(const FlowRun *self, const Siblings *siblings, unsigned index)
{
    const FlowNode *gateway = nsk_flow_node(self->flow, index);
    g_autofree bool *filled = g_new0(bool, gateway->in->len);

    for (guint i = 0; i < gateway->in->len; i++)
        filled[i] = holds_token(siblings, index, edge_at(gateway->in, i));
    for (guint i = 0; i < siblings->count; i++) {
        const FlowItem *item = &siblings->items[i];

        if (item->node != index && is_awaited(gateway, filled, item->node))
            return false;
    }
    return true;
}

/* The first gateway of a scope that is enabled; FLOW_NONE. */
static unsigned
find_enabled(const FlowRun *self, const Siblings *siblings)
{
    unsigned tested = FLOW_NONE;

    for (guint i = 0; i < siblings->count; i++) {
        const FlowItem *item = &siblings->items[i];

        if (item->kind != FLOW_AT_JOIN || item->node == tested ||
            nsk_flow_node(self->flow, item->node)->kind != FLOW_INCLUSIVE)
            continue;
        tested = item->node;
        if (is_enabled(self, siblings, tested))
            return tested;
    }
    return FLOW_NONE;
}

static bool
fire(FlowRun *self, unsigned index, unsigned scope, GError **error)
{
    take_tokens(self, index, scope);
    if (nsk_flow_node(self->flow, index)->out->len == 0)
        return go_all_ways(self, index, scope);
    return split(self, index, scope, error);
}

static int
compare_scopes(gconstpointer a, gconstpointer b)
{
    const FlowItem *one = a;
    const FlowItem *other = b;

    if (one->scope != other->scope)
        return one->scope < other->scope ? -1 : 1;
    return one->id < other->id ? -1 : one->id > other->id;
}

static guint
count_siblings(const GArray *sorted, guint first)
{
    unsigned scope = g_array_index(sorted, FlowItem, first).scope;
    guint end = first;

    while (end < sorted->len && g_array_index(sorted, FlowItem, end).scope == scope)
        end++;
    return end - first;
}

static bool
has_inclusive(const FlowRun *self)
{
    for (guint i = 1; i < self->state->items->len; i++) {
        const FlowItem *item = nsk_flow_item_at(self->state, i);

        if (item->kind == FLOW_AT_JOIN &&
            nsk_flow_node(self->flow, item->node)->kind == FLOW_INCLUSIVE)
            return true;
    }
    return false;
}

/* One in each scope at most: scopes do not see each other's tokens. */
bool
nsk_flow_run_join(FlowRun *self, bool *out_fired, GError **error)
{
    *out_fired = false;
    if (!has_inclusive(self))
        return true;

    g_autoptr(GArray) sorted = g_array_copy(self->state->items);
    g_array_remove_index(sorted, 0); /* the root */
    g_array_sort(sorted, compare_scopes);
    for (guint first = 0; first < sorted->len;) {
        const Siblings siblings = { &g_array_index(sorted, FlowItem, first),
                                    count_siblings(sorted, first) };
        unsigned found = find_enabled(self, &siblings);

        if (found != FLOW_NONE && !fire(self, found, siblings.items[0].scope, error))
            return false;
        *out_fired = *out_fired || found != FLOW_NONE;
        first += siblings.count;
    }
    return true;
}
