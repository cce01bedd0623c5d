/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Makes a net smaller without changing whether it is sound, or what a letter goes through in it.
 * The rules are the reductions of workflow nets (van der Aalst; Murata 1989), on gateways; a branch
 * is a flow, or two with a node between them that rests and changes nothing:
 *
 *   sequence   a node that does not rest, with one way in and one out, becomes its flow; of two
 *              nodes in a row that rest one goes
 *   choice     of two branches from an exclusive split to the same exclusive merge one goes
 *   parallel   of two branches from a parallel split to the same parallel join one goes
 *   loop       a flow from an exclusive split back to the merge before its one branch goes
 *   merge      two exclusive gateways in a row become one, as do two parallel ones
 *   inclusive  an inclusive split all of whose branches go to a join of nothing else is one branch
 *
 * 1. A gateway whose conditions are asked elsewhere, or by outcome in a way that matters, stays.
 * 2. Where a token could rest before on a way, it still can: so a second token is still seen.
 * 3. merged_into[] leads from every part that is gone to one that is passed whenever it would be.
 */
#include "flow/check-net-private.h"

static unsigned
edge_id(const CheckNet *net, unsigned edge)
{
    return net->nodes->len + edge;
}

static void
merge_seen(CheckNet *net, unsigned gone, unsigned into)
{
    while (net->merged_into[into] != into)
        into = net->merged_into[into];
    if (gone != into)
        net->merged_into[gone] = into;
}

static void
drop(GArray *array, unsigned value)
{
    for (guint i = array->len; i-- > 0;) {
        if (net_at(array, i) == value)
            g_array_remove_index(array, i);
    }
}

static void
remove_edge(CheckNet *net, unsigned index)
{
    NetEdge *edge = net_edge(net, index);

    edge->gone = true;
    drop(net_node(net, edge->source)->out, index);
    drop(net_node(net, edge->target)->in, index);
}

static bool
is_split(const NetNode *node)
{
    return node->out->len > 1;
}

static bool
is_merge(const NetNode *node)
{
    return node->in->len > 1;
}

/* Whether the gateway's ways out are any of them, whatever the conditions. */
static bool
is_free(const CheckNet *net, const NetNode *node)
{
    return node->kind == NET_XOR && (!is_split(node) || net_edge(net, net_at(node->out, 0))->free);
}

/* Whether an outcome is asked for from @start on before anybody rests. */
static bool
asks_outcome_from(const CheckNet *net, unsigned start)
{
    g_autofree bool *seen = g_new0(bool, net->nodes->len);
    g_autoptr(GArray) stack = g_array_new(FALSE, FALSE, sizeof(unsigned));

    g_array_append_val(stack, start);
    while (stack->len > 0) {
        unsigned index = net_at(stack, stack->len - 1);
        const NetNode *node = net_node(net, index);

        g_array_set_size(stack, stack->len - 1);
        if (seen[index] || node->kind == NET_REST)
            continue;
        seen[index] = true;
        for (guint i = 0; i < node->out->len; i++) {
            const NetEdge *edge = net_edge(net, net_at(node->out, i));

            if (edge->condition != FLOW_NONE && !edge->free &&
                ((CheckCondition *)g_ptr_array_index(net->checker->conditions, edge->condition))
                    ->of_outcome)
                return true;
            g_array_append_val(stack, edge->target);
        }
    }
    return false;
}

/* The flow that the gateway takes after that outcome; FLOW_NONE: none, or more is to be known. */
static unsigned
choose(const CheckNet *net, const NetNode *node, unsigned outcome)
{
    unsigned otherwise = FLOW_NONE;

    for (guint i = 0; i < node->out->len; i++) {
        const NetEdge *edge = net_edge(net, net_at(node->out, i));
        int value;

        if (edge->is_default) {
            otherwise = net_at(node->out, i);
            continue;
        }
        if (edge->condition == FLOW_NONE)
            return FLOW_NONE;
        value = nsk_check_condition_value(net->checker, edge->condition, outcome);
        if (value < 0)
            return FLOW_NONE;
        if ((value != 0) != edge->negated)
            return net_at(node->out, i);
    }
    return otherwise;
}

/* Whether each way out is that of an outcome of the one user task before, each outcome has its way,
 * and the letter does not depend on it. */
static bool
is_covered(const CheckNet *net, const NetNode *node)
{
    const NetNode *before;
    const FlowNode *task;
    g_autofree bool *chosen = g_new0(bool, net->edges->len + 1);

    if (node->in->len != 1)
        return false;
    before = net_node(net, net_edge(net, net_at(node->in, 0))->source);
    task = nsk_flow_node(net->checker->flow, before->node);
    if (before->kind != NET_REST || task->kind != FLOW_USER_TASK || before->alternatives->len > 0 ||
        nsk_check_concerns_letter(net->checker, before->node))
        return false;
    for (size_t i = 0; task->task.outcomes[i] != NULL; i++) {
        unsigned edge = choose(net, node, nsk_check_outcome(net->checker, task->task.outcomes[i]));

        if (edge == FLOW_NONE)
            return false;
        chosen[edge] = true;
    }
    for (guint i = 0; i < node->out->len; i++) {
        if (!chosen[net_at(node->out, i)] ||
            asks_outcome_from(net, net_edge(net, net_at(node->out, i))->target))
            return false;
    }
    return true;
}

/* Whether nothing else in the level depends on what is decided at the gateway. */
static bool
decides_alone(const CheckNet *net, const NetNode *node)
{
    bool any_of_outcome = false;

    for (guint i = 0; i < node->out->len; i++) {
        const NetEdge *edge = net_edge(net, net_at(node->out, i));
        const CheckCondition *condition;

        if (edge->condition == FLOW_NONE)
            continue;
        condition = g_ptr_array_index(net->checker->conditions, edge->condition);
        if (condition->kept && !condition->of_outcome)
            return false;
        for (guint k = 0; k < i; k++) {
            if (net_edge(net, net_at(node->out, k))->condition == edge->condition &&
                net_edge(net, net_at(node->out, k))->negated == edge->negated)
                return false;
        }
        any_of_outcome = any_of_outcome || condition->of_outcome;
    }
    return !any_of_outcome || is_covered(net, node);
}

static void
set_free(CheckNet *net, NetNode *node)
{
    for (guint i = 0; i < node->out->len; i++) {
        NetEdge *edge = net_edge(net, net_at(node->out, i));

        edge->free = true;
        edge->condition = FLOW_NONE;
        edge->is_default = false;
    }
}

static void
free_gateways(CheckNet *net)
{
    g_autofree bool *can = g_new0(bool, net->nodes->len);

    for (unsigned i = 0; i < net->nodes->len; i++) {
        const NetNode *node = net_node(net, i);

        can[i] = node->kind == NET_XOR && is_split(node) && decides_alone(net, node);
    }
    for (unsigned i = 0; i < net->nodes->len; i++) {
        if (can[i])
            set_free(net, net_node(net, i));
    }
}

/* Whether what the node does changes nothing in the level but where tokens are. */
static bool
does_nothing(const CheckNet *net, const NetNode *node)
{
    return node->writes == 0 && !nsk_check_concerns_letter(net->checker, node->node) &&
           nsk_check_body(nsk_flow_node(net->checker->flow, node->node)) == FLOW_NONE;
}

/* Whether leaving the node out of the game changes nothing but the number of markings. */
static bool
is_neutral(const CheckNet *net, const NetNode *node)
{
    const FlowNode *flow_node = nsk_flow_node(net->checker->flow, node->node);

    if (node->kind == NET_PASS)
        return flow_node->kind != FLOW_START_EVENT && node->in->len > 0;
    if (node->kind != NET_REST)
        return node->kind != NET_END;
    return node->alternatives->len == 0 && does_nothing(net, node);
}

static bool
is_start(const CheckNet *net, unsigned index)
{
    for (guint i = 0; i < net->starts->len; i++) {
        if (net_at(net->starts, i) == index)
            return true;
    }
    return false;
}

/* Takes the place of @gone among the ways into @node. */
static void
replace_in(NetNode *node, unsigned gone, unsigned by)
{
    for (guint i = 0; i < node->in->len; i++) {
        if (net_at(node->in, i) == gone)
            g_array_index(node->in, unsigned, i) = by;
    }
}

/* A node that goes into the flow before it. */
static void
remove_node(CheckNet *net, unsigned index)
{
    NetNode *node = net_node(net, index);
    unsigned in = net_at(node->in, 0);
    unsigned out = net_at(node->out, 0);

    net_edge(net, in)->target = net_edge(net, out)->target;
    net_edge(net, in)->slot = net_edge(net, out)->slot;
    replace_in(net_node(net, net_edge(net, out)->target), out, in);
    net_edge(net, out)->gone = true;
    node->gone = true;
    g_array_set_size(node->in, 0);
    g_array_set_size(node->out, 0);
    merge_seen(net, index, edge_id(net, in));
    merge_seen(net, edge_id(net, out), edge_id(net, in));
}

static bool
fold_sequence(CheckNet *net, unsigned index)
{
    const NetNode *node = net_node(net, index);
    const NetEdge *in;
    const NetEdge *out;

    if (node->gone || node->in->len != 1 || node->out->len != 1 || is_start(net, index) ||
        !is_neutral(net, node))
        return false;
    in = net_edge(net, net_at(node->in, 0));
    out = net_edge(net, net_at(node->out, 0));
    if (in == out)
        return false;
    if (node->kind == NET_REST &&
        ((net_node(net, in->source)->kind != NET_REST &&
          net_node(net, out->target)->kind != NET_REST) ||
         in->source == index || out->target == index || asks_outcome_from(net, out->target)))
        return false;
    remove_node(net, index);
    return true;
}

/* What the flow leads to, over a node that rests and changes nothing; *out_rest: that node, or
 * FLOW_NONE. */
static unsigned
follow_branch(const CheckNet *net, unsigned edge, unsigned *out_rest)
{
    unsigned target = net_edge(net, edge)->target;
    const NetNode *node = net_node(net, target);
    unsigned behind;

    *out_rest = FLOW_NONE;
    if (node->kind != NET_REST || node->in->len != 1 || node->out->len != 1 ||
        !is_neutral(net, node))
        return target;
    behind = net_edge(net, net_at(node->out, 0))->target;
    if (behind == target || asks_outcome_from(net, behind))
        return target;
    *out_rest = target;
    return behind;
}

static void
remove_branch(CheckNet *net, unsigned edge, unsigned rest, unsigned kept)
{
    if (rest != FLOW_NONE)
        remove_node(net, rest);
    remove_edge(net, edge);
    merge_seen(net, edge_id(net, edge), edge_id(net, kept));
}

/* Two branches between the same gateways of one kind. */
static bool
fold_double(CheckNet *net, unsigned index)
{
    const NetNode *node = net_node(net, index);

    if (node->gone || !is_split(node) || (node->kind != NET_AND && !is_free(net, node)))
        return false;
    for (guint i = 0; i < node->out->len; i++) {
        unsigned edge = net_at(node->out, i);
        unsigned rest;
        unsigned target = follow_branch(net, edge, &rest);

        for (guint k = i + 1; k < node->out->len; k++) {
            unsigned other = net_at(node->out, k);
            unsigned other_rest;

            if (follow_branch(net, other, &other_rest) != target || target == index ||
                net_node(net, target)->kind != node->kind)
                continue;
            if (rest == FLOW_NONE)
                remove_branch(net, edge, rest, other);
            else
                remove_branch(net, other, other_rest, edge);
            return true;
        }
    }
    return false;
}

/* The node before the free split @node, over a node that rests and changes nothing. */
static unsigned
find_before(const CheckNet *net, const NetNode *node)
{
    unsigned before = net_edge(net, net_at(node->in, 0))->source;
    const NetNode *rest = net_node(net, before);

    if (rest->kind == NET_REST && rest->in->len == 1 && is_neutral(net, rest))
        before = net_edge(net, net_at(rest->in, 0))->source;
    return before;
}

/* A flow from a free split back to the merge before it, or to itself. */
static bool
fold_loop(CheckNet *net, unsigned index)
{
    const NetNode *node = net_node(net, index);
    unsigned before;

    if (node->gone || !is_split(node) || !is_free(net, node) || node->in->len == 0)
        return false;
    before = node->in->len == 1 ? find_before(net, node) : index;
    for (guint i = 0; i < node->out->len; i++) {
        unsigned edge = net_at(node->out, i);
        const NetNode *merge = net_node(net, before);

        if (net_edge(net, edge)->target != before || merge->kind != NET_XOR ||
            (before != index && merge->out->len != 1) || merge->in->len < 2)
            continue;
        remove_edge(net, edge);
        merge_seen(net, edge_id(net, edge), index);
        return true;
    }
    return false;
}

/* The gateway @index into the one behind it, @next, over their one flow. */
static void
move_ways(CheckNet *net, unsigned index, unsigned next, unsigned edge)
{
    NetNode *from = net_node(net, index);
    NetNode *to = net_node(net, next);

    remove_edge(net, edge);
    for (guint i = 0; i < from->in->len; i++) {
        net_edge(net, net_at(from->in, i))->target = next;
        g_array_append_val(to->in, g_array_index(from->in, unsigned, i));
    }
    for (guint i = 0; i < from->out->len; i++) {
        net_edge(net, net_at(from->out, i))->source = next;
        g_array_append_val(to->out, g_array_index(from->out, unsigned, i));
    }
    g_array_set_size(from->in, 0);
    g_array_set_size(from->out, 0);
    from->gone = true;
    merge_seen(net, index, next);
    merge_seen(net, edge_id(net, edge), next);
}

/* Two gateways of a kind in a row: merges into a merge, a split into a split. */
static bool
fold_gateways(CheckNet *net, unsigned index)
{
    NetNode *node = net_node(net, index);

    if (node->gone || is_start(net, index) || (node->kind != NET_AND && node->kind != NET_XOR) ||
        node->in->len == 0)
        return false;
    if (node->out->len == 1) {
        unsigned edge = net_at(node->out, 0);
        unsigned next = net_edge(net, edge)->target;

        if (next == index || net_node(net, next)->kind != node->kind ||
            net_node(net, next)->out->len != 1)
            return false;
        move_ways(net, index, next, edge);
        return true;
    }
    for (guint i = 0; i < node->out->len && node->in->len == 1; i++) {
        unsigned edge = net_at(node->out, i);
        unsigned next = net_edge(net, edge)->target;
        const NetNode *other = net_node(net, next);

        if (next == index || other->kind != node->kind || other->in->len != 1 || !is_split(other) ||
            (node->kind == NET_XOR && (!is_free(net, node) || !is_free(net, other))))
            continue;
        remove_edge(net, edge);
        merge_seen(net, edge_id(net, edge), index);
        merge_seen(net, next, index);
        for (guint k = 0; k < other->out->len; k++) {
            net_edge(net, net_at(other->out, k))->source = index;
            g_array_append_val(node->out, g_array_index(other->out, unsigned, k));
        }
        g_array_set_size(other->out, 0);
        net_node(net, next)->gone = true;
        return true;
    }
    return false;
}

static bool
fold_inclusive(CheckNet *net, unsigned index)
{
    NetNode *node = net_node(net, index);
    unsigned kept = 0;
    unsigned rest;
    unsigned target;

    if (node->gone || node->kind != NET_OR || !is_split(node) || is_merge(node) ||
        !decides_alone(net, node))
        return false;
    target = follow_branch(net, net_at(node->out, 0), &rest);
    if (net_node(net, target)->kind != NET_OR || net_node(net, target)->in->len != node->out->len)
        return false;
    for (guint i = 0; i < node->out->len; i++) {
        if (follow_branch(net, net_at(node->out, i), &rest) != target)
            return false;
        kept = rest != FLOW_NONE ? i : kept;
    }
    kept = net_at(node->out, kept);
    for (guint i = node->out->len; i-- > 0;) {
        unsigned edge = net_at(node->out, i);

        if (edge == kept)
            continue;
        (void)follow_branch(net, edge, &rest);
        remove_branch(net, edge, rest, kept);
    }
    net_edge(net, kept)->condition = FLOW_NONE;
    net_edge(net, kept)->is_default = false;
    node->kind = NET_PASS;
    return true;
}

static bool
can_open(const CheckNet *net, const NetNode *node)
{
    if (node->kind != NET_REST || node->alternatives->len == 0 || !does_nothing(net, node) ||
        (node->out->len > 0 && asks_outcome_from(net, net_edge(net, net_at(node->out, 0))->target)))
        return false;
    for (guint i = 0; i < node->alternatives->len; i++) {
        const NetAlternative *other = &g_array_index(node->alternatives, NetAlternative, i);

        if (!other->interrupts || asks_outcome_from(net, other->node))
            return false;
    }
    return true;
}

static void
add_free(CheckNet *net, unsigned source, unsigned target)
{
    nsk_check_net_add_edge(net, source, target, FLOW_NONE)->free = true;
}

/* A node that may be left in several ways is one that is done, and then a choice. */
static void
open_alternatives(CheckNet *net)
{
    unsigned n = net->nodes->len;

    for (unsigned i = 0; i < n; i++) {
        NetNode *node = net_node(net, i);
        unsigned choice;

        if (!can_open(net, node))
            continue;
        choice = nsk_check_net_add_node(net, node->node, NET_XOR, true);
        if (node->out->len > 0) {
            NetEdge *edge = net_edge(net, net_at(node->out, 0));

            edge->source = choice;
            edge->free = true;
            g_array_append_val(net_node(net, choice)->out, g_array_index(node->out, unsigned, 0));
            g_array_set_size(node->out, 0);
        } else if (nsk_flow_node(net->checker->flow, node->node)->kind != FLOW_EVENT_GATEWAY) {
            add_free(net, choice, nsk_check_net_add_node(net, node->node, NET_PASS, true));
        }
        for (guint k = 0; k < node->alternatives->len; k++)
            add_free(net, choice, g_array_index(node->alternatives, NetAlternative, k).node);
        g_array_set_size(node->alternatives, 0);
        (void)nsk_check_net_add_edge(net, i, choice, FLOW_NONE);
    }
}

void
nsk_check_net_fold(CheckNet *net)
{
    bool more = true;

    open_alternatives(net);
    nsk_check_net_begin_merging(net);
    free_gateways(net);
    while (more) {
        more = false;
        for (unsigned i = 0; i < net->nodes->len; i++)
            more = fold_sequence(net, i) || fold_double(net, i) || fold_loop(net, i) ||
                   fold_gateways(net, i) || fold_inclusive(net, i) || more;
    }
}
