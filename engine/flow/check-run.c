/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * One move of the token game: from what just happened to all rests that may follow it, as the step
 * function goes from rest to rest (BPMN 2.0.2, 13.4).  Where a condition is not known the run is
 * split in two, and either half remembers what it decided, so that the same question gets the same
 * answer.
 *
 * An inclusive gateway is tested when no other token moves (13.4.3; reference: FlowNode.reach).
 */
#include "flow/check-net-private.h"

#include <string.h>

#define UNDECIDED  0U
#define FALSE_CELL 1U
#define TRUE_CELL  2U

typedef struct {
    CheckNet *net;
    const NetWatch *watch;
    GArray *runs; /* of NetRun: halves that wait; of the net */
    bool over;    /* the run that is made has ended */
} Game;

/* What counts of a run, which is a fraction of its size. */
static void
copy_run(const CheckNet *net, NetRun *to, const NetRun *from)
{
    memcpy(to->words, from->words, net->n_words * sizeof *to->words);
    memcpy(to->queue, from->queue, MIN(from->n_queue, NET_QUEUE) * sizeof *to->queue);
    memcpy(to->trail, from->trail, from->n_trail * sizeof *to->trail);
    to->n_queue = from->n_queue;
    to->n_trail = from->n_trail;
    to->n_visits = from->n_visits;
    to->outcome = from->outcome;
}

/* The other half of a run that is split in two; borrowed until the next. */
static NetRun *
add_half(Game *game, const NetRun *run)
{
    NetRun *half;

    g_array_set_size(game->runs, game->runs->len + 1);
    half = &g_array_index(game->runs, NetRun, game->runs->len - 1);
    copy_run(game->net, half, run);
    return half;
}

void
nsk_check_run_push(NetRun *run, unsigned token)
{
    /* What is too much is seen by the count. */
    if (run->n_queue < NET_QUEUE)
        run->queue[run->n_queue] = (uint16_t)token;
    run->n_queue++;
}

void
nsk_check_run_visit(CheckNet *net, NetRun *run, unsigned index)
{
    const NetNode *node = net_node(net, index);

    net->seen[index] = true;
    if (!node->helper && run->n_trail < NET_TRAIL)
        run->trail[run->n_trail++] = (uint16_t)node->node;
    run->n_visits++;
}

static void
end_run(Game *game, NetRun *run, NetEndType type, unsigned node)
{
    const NetEnd end = { type, node };

    game->watch->end(game->watch->data, run, &end);
    game->over = true;
}

/* Puts a token into a cell that should be empty. */
static void
put(Game *game, NetRun *run, unsigned cell, unsigned node)
{
    if (net_cell(run->words, cell) != 0) {
        end_run(game, run, NET_TWICE, node);
        return;
    }
    net_set_cell(run->words, cell, 1);
}

static void
split(Game *game, NetRun *run, unsigned cell, unsigned token)
{
    NetRun *other = add_half(game, run);

    nsk_check_run_push(other, token);
    net_set_cell(other->words, cell, FALSE_CELL);
    nsk_check_run_push(run, token);
    net_set_cell(run->words, cell, TRUE_CELL);
}

/* 1 true, 0 false, -1: not decided yet, in *out_cell. */
static int
decide(const Game *game, const NetRun *run, const NetEdge *edge, unsigned *out_cell)
{
    int value = nsk_check_condition_value(game->net->checker, edge->condition, run->outcome);
    unsigned cell = game->net->condition_cell[edge->condition];

    if (value < 0) {
        *out_cell = cell;
        if (net_cell(run->words, cell) == UNDECIDED)
            return -1;
        value = net_cell(run->words, cell) == TRUE_CELL ? 1 : 0;
    }
    return edge->negated ? 1 - value : value;
}

/* What remains of several flows may be any of them. */
static void
leave_freely(Game *game, NetRun *run, const NetNode *node)
{
    for (guint i = 1; i < node->out->len; i++)
        nsk_check_run_push(add_half(game, run), net_at(node->out, i));
    nsk_check_run_push(run, net_at(node->out, 0));
}

/* Whether nothing but the outcome decides at the gateway, so that no true flow is certain. */
static bool
is_exact(const CheckNet *net, const NetNode *node)
{
    for (guint i = 0; i < node->out->len; i++) {
        const NetEdge *edge = net_edge(net, net_at(node->out, i));

        if (edge->condition == FLOW_NONE ||
            !((CheckCondition *)g_ptr_array_index(net->checker->conditions, edge->condition))
                 ->of_outcome)
            return false;
    }
    return true;
}

/* No flow is true.  Where that depends on more than the outcome it is thought not to happen: the
 * rules warn of a gateway without default. */
static void
leave_nowhere(Game *game, NetRun *run, const NetNode *node)
{
    if (is_exact(game->net, node))
        end_run(game, run, NET_STUCK, node->node);
    else
        game->over = true;
}

/* 13.4.2: the first flow that is true. */
static void
leave_exclusive(Game *game, NetRun *run, unsigned index)
{
    const NetNode *node = net_node(game->net, index);
    unsigned chosen = FLOW_NONE;

    for (guint i = 0; i < node->out->len; i++) {
        const NetEdge *edge = net_edge(game->net, net_at(node->out, i));
        unsigned cell = FLOW_NONE;
        int value;

        if (edge->is_default) {
            chosen = net_at(node->out, i);
            continue;
        }
        value = edge->condition == FLOW_NONE ? 1 : decide(game, run, edge, &cell);
        if (value < 0) {
            split(game, run, cell, index | NET_LEAVE);
            return;
        }
        if (value > 0) {
            nsk_check_run_push(run, net_at(node->out, i));
            return;
        }
    }
    if (chosen == FLOW_NONE)
        leave_nowhere(game, run, node);
    else
        nsk_check_run_push(run, chosen);
}

/* 13.4.3: all flows that are true; the default if none of those with a condition is. */
static void
leave_inclusive(Game *game, NetRun *run, unsigned index)
{
    const NetNode *node = net_node(game->net, index);
    unsigned otherwise = FLOW_NONE;
    bool taken = false;

    for (guint i = 0; i < node->out->len; i++) {
        const NetEdge *edge = net_edge(game->net, net_at(node->out, i));
        unsigned cell = FLOW_NONE;

        if (edge->condition != FLOW_NONE && decide(game, run, edge, &cell) < 0) {
            split(game, run, cell, index | NET_LEAVE);
            return;
        }
    }
    for (guint i = 0; i < node->out->len; i++) {
        const NetEdge *edge = net_edge(game->net, net_at(node->out, i));
        unsigned cell;

        if (edge->is_default)
            otherwise = net_at(node->out, i);
        else if (edge->condition == FLOW_NONE || decide(game, run, edge, &cell) > 0)
            nsk_check_run_push(run, net_at(node->out, i));
        taken = taken || (edge->condition != FLOW_NONE && decide(game, run, edge, &cell) > 0) ||
                (edge->condition == FLOW_NONE && !edge->is_default);
    }
    if (!taken && otherwise == FLOW_NONE)
        leave_nowhere(game, run, node);
    else if (!taken)
        nsk_check_run_push(run, otherwise);
}

static void
leave(Game *game, NetRun *run, unsigned index)
{
    const NetNode *node = net_node(game->net, index);

    if (node->out->len == 0)
        return;
    if (net_edge(game->net, net_at(node->out, 0))->free) {
        leave_freely(game, run, node);
        return;
    }
    if (node->kind == NET_XOR) {
        leave_exclusive(game, run, index);
        return;
    }
    if (node->kind == NET_OR) {
        leave_inclusive(game, run, index);
        return;
    }
    for (guint i = 0; i < node->out->len; i++)
        nsk_check_run_push(run, net_at(node->out, i));
}

static void
clear_tokens(const CheckNet *net, NetRun *run)
{
    for (unsigned i = 0; i < net->n_words; i++)
        run->words[i] &= ~net->tokens[i];
    run->n_queue = 0;
}

/* An error end event: the event sub-process that catches it, or out of the level (10.5.6). */
static void
throw_error(Game *game, NetRun *run, unsigned index)
{
    CheckNet *net = game->net;
    const NskFlow *flow = net->checker->flow;
    const FlowNode *node = nsk_flow_node(flow, index);
    unsigned best = FLOW_NONE;

    for (guint i = 0; i < net->handlers->len; i++) {
        const NetAlternative *handler = &g_array_index(net->handlers, NetAlternative, i);
        unsigned body = nsk_flow_node(flow, net_node(net, handler->node)->node)->body;
        const FlowNode *start = nsk_flow_node(flow, net_at(nsk_flow_level(flow, body)->starts, 0));

        if (start->about != FLOW_ABOUT_ERROR)
            continue;
        if (g_strcmp0(start->event_name, node->event_name) == 0)
            best = i;
        else if (start->event_name == NULL && best == FLOW_NONE)
            best = i;
    }
    clear_tokens(net, run);
    if (best == FLOW_NONE) {
        end_run(game, run, NET_THROWN, index);
        return;
    }
    const NetAlternative *handler = &g_array_index(net->handlers, NetAlternative, best);
    net_set_cell(run->words, handler->fired, 1);
    nsk_check_run_visit(net, run, handler->node);
    put(game, run, net_node(net, handler->node)->cell, index);
}

static void
end_event(Game *game, NetRun *run, const NetNode *node)
{
    FlowAbout about = nsk_flow_node(game->net->checker->flow, node->node)->about;

    if (about == FLOW_ABOUT_ERROR) {
        throw_error(game, run, node->node);
    } else if (about == FLOW_ABOUT_TERMINATE) {
        clear_tokens(game->net, run);
        end_run(game, run, NET_FINISHED, node->node);
    }
}

static bool
is_full(const CheckNet *net, const NetRun *run, const NetNode *node)
{
    for (guint i = 0; i < node->in->len; i++) {
        if (net_cell(run->words, net_edge(net, net_at(node->in, i))->cell) == 0)
            return false;
    }
    return true;
}

/* Takes one token from each way in that has one. */
static void
fire(Game *game, NetRun *run, unsigned index)
{
    const NetNode *node = net_node(game->net, index);

    for (guint i = 0; i < node->in->len; i++)
        net_set_cell(run->words, net_edge(game->net, net_at(node->in, i))->cell, 0);
    nsk_check_run_visit(game->net, run, index);
    nsk_check_run_push(run, index | NET_LEAVE);
}

static void
arrive(Game *game, NetRun *run, unsigned edge_index)
{
    CheckNet *net = game->net;
    const NetEdge *edge = net_edge(net, edge_index);
    const NetNode *node = net_node(net, edge->target);

    net->seen[net->nodes->len + edge_index] = true;
    if (edge->cell != FLOW_NONE) {
        put(game, run, edge->cell, node->node);
        if (!game->over && node->kind == NET_AND && is_full(net, run, node))
            fire(game, run, edge->target);
        return;
    }
    nsk_check_run_visit(net, run, edge->target);
    if (node->kind == NET_REST) {
        game->watch->arrive(game->watch->data, run, node->node);
        put(game, run, node->cell, node->node);
    } else if (node->kind == NET_END) {
        end_event(game, run, node);
    } else {
        nsk_check_run_push(run, edge->target | NET_LEAVE);
    }
}

static bool
leads_to(const uint64_t *reach, unsigned node)
{
    return (reach[node / 64] >> (node % 64) & 1) != 0;
}

/* Whether a token that stands at @from keeps the gateway waiting: it can come to a flow without
 * token, but to none with one. */
static bool
is_awaited(const CheckNet *net, const NetRun *run, const NetNode *gateway, unsigned from)
{
    const FlowNode *node = nsk_flow_node(net->checker->flow, gateway->node);
    bool empty = false;

    for (guint i = 0; i < gateway->in->len; i++) {
        const NetEdge *edge = net_edge(net, net_at(gateway->in, i));

        if (!leads_to(g_ptr_array_index(node->reach, edge->slot), from))
            continue;
        if (net_cell(run->words, edge->cell) != 0)
            return false;
        empty = true;
    }
    return empty;
}

static bool
is_any_awaited(const CheckNet *net, const NetRun *run, const NetNode *gateway)
{
    for (unsigned i = 0; i < net->nodes->len; i++) {
        const NetNode *node = net_node(net, i);
        bool has_token = node->cell != FLOW_NONE && net_cell(run->words, node->cell) != 0;

        if (node->gone || node == gateway)
            continue;
        for (guint k = 0; k < node->in->len && !has_token; k++) {
            unsigned cell = net_edge(net, net_at(node->in, k))->cell;

            has_token = cell != FLOW_NONE && net_cell(run->words, cell) != 0;
        }
        if (has_token && is_awaited(net, run, gateway, node->node))
            return true;
    }
    return false;
}

/* The first inclusive gateway that is ready; FLOW_NONE. */
static unsigned
find_ready(const CheckNet *net, const NetRun *run)
{
    for (guint i = 0; i < net->joins->len; i++) {
        const NetNode *node = net_node(net, net_at(net->joins, i));
        bool has_token = false;

        for (guint k = 0; k < node->in->len; k++)
            has_token =
                has_token || net_cell(run->words, net_edge(net, net_at(node->in, k))->cell) != 0;
        if (has_token && !is_any_awaited(net, run, node))
            return net_at(net->joins, i);
    }
    return FLOW_NONE;
}

static void
rest(Game *game, NetRun *run)
{
    CheckNet *net = game->net;
    uint64_t tokens = 0;

    for (unsigned i = 0; i < net->n_words; i++) {
        tokens |= run->words[i] & net->tokens[i];
        run->words[i] &= net->kept[i];
    }
    end_run(game, run, tokens == 0 ? NET_FINISHED : NET_RESTS,
            run->n_trail > 0 ? run->trail[run->n_trail - 1] : FLOW_NONE);
}

static void
make_run(Game *game, NetRun *run)
{
    game->over = false;
    while (!game->over) {
        if (run->n_queue > NET_QUEUE || run->n_visits > NET_VISITS) {
            end_run(game, run, NET_TOO_MUCH, FLOW_NONE);
        } else if (run->n_queue > 0) {
            unsigned token = run->queue[--run->n_queue];

            game->net->checker->work--;
            if ((token & NET_LEAVE) != 0)
                leave(game, run, token & ~NET_LEAVE);
            else
                arrive(game, run, token);
        } else {
            unsigned ready = find_ready(game->net, run);

            if (ready == FLOW_NONE)
                rest(game, run);
            else
                fire(game, run, ready);
        }
    }
}

void
nsk_check_run(CheckNet *net, const NetRun *first, const NetWatch *watch)
{
    Game game = { .net = net, .watch = watch, .runs = net->halves };
    NetRun run;

    copy_run(net, &run, first);
    make_run(&game, &run);
    while (net->halves->len > 0 && net->checker->work > 0) {
        copy_run(net, &run, &g_array_index(net->halves, NetRun, net->halves->len - 1));
        g_array_set_size(net->halves, net->halves->len - 1);
        make_run(&game, &run);
    }
    g_array_set_size(net->halves, 0);
}
