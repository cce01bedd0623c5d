/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A level of the definition as a net in normal form: which nodes belong to it, the merges and
 * splits that the file leaves unsaid, and the cells that tokens lie in.
 *
 * What a boundary event begins that interrupts nothing and whose way never meets the main course
 * again is no part of it (an "aside"): a token there and the tokens of the main course do not see
 * each other, so each is explored by itself.  It is part of it if it concerns the letter or ends
 * all with a terminate or error event.
 */
#include "flow/check-net-private.h"

bool
nsk_check_rests(const FlowNode *node)
{
    switch (node->kind) {
    case FLOW_USER_TASK:
    case FLOW_SERVICE_TASK:
    case FLOW_RECEIVE_TASK:
    case FLOW_EVENT_GATEWAY:
    case FLOW_SUB_PROCESS:
    case FLOW_EVENT_SUB_PROCESS:
    case FLOW_CALL_ACTIVITY:
        return true;
    case FLOW_CATCH_EVENT:
        return node->about != FLOW_ABOUT_LINK;
    case FLOW_START_EVENT:
    case FLOW_END_EVENT:
    case FLOW_THROW_EVENT:
    case FLOW_BOUNDARY_EVENT:
    case FLOW_SEND_TASK:
    case FLOW_PASS_TASK:
    case FLOW_EXCLUSIVE:
    case FLOW_PARALLEL:
    case FLOW_INCLUSIVE:
    case FLOW_UNSUPPORTED:
        return false;
    }
    return false;
}

unsigned
nsk_check_body(const FlowNode *node)
{
    bool has = node->kind == FLOW_SUB_PROCESS || node->kind == FLOW_EVENT_SUB_PROCESS ||
               node->kind == FLOW_CALL_ACTIVITY;

    return has ? node->body : FLOW_NONE;
}

bool
nsk_check_is_apart(const FlowNode *node)
{
    return node->compensates ||
           (node->kind == FLOW_BOUNDARY_EVENT && node->about == FLOW_ABOUT_COMPENSATION);
}

static NetKind
kind_of(const CheckNet *self, unsigned index)
{
    const FlowNode *node = nsk_flow_node(self->checker->flow, index);

    if (node->kind == FLOW_EXCLUSIVE)
        return NET_XOR;
    if (node->kind == FLOW_PARALLEL)
        return NET_AND;
    if (node->kind == FLOW_INCLUSIVE)
        return NET_OR;
    if (node->kind == FLOW_END_EVENT)
        return NET_END;
    return nsk_check_rests(node) ? NET_REST : NET_PASS;
}

unsigned
nsk_check_net_add_node(CheckNet *self, unsigned index, NetKind kind, bool helper)
{
    NetNode *node = g_new0(NetNode, 1);

    node->kind = kind;
    node->node = index;
    node->helper = helper;
    node->cell = FLOW_NONE;
    node->in = g_array_new(FALSE, FALSE, sizeof(unsigned));
    node->out = g_array_new(FALSE, FALSE, sizeof(unsigned));
    node->alternatives = g_array_new(FALSE, FALSE, sizeof(NetAlternative));
    g_ptr_array_add(self->nodes, node);
    return self->nodes->len - 1;
}

NetEdge *
nsk_check_net_add_edge(CheckNet *self, unsigned source, unsigned target, unsigned flow_edge)
{
    NetEdge *edge = g_new0(NetEdge, 1);
    unsigned index = self->edges->len;

    edge->source = source;
    edge->target = target;
    edge->edge = flow_edge;
    edge->condition = FLOW_NONE;
    edge->cell = FLOW_NONE;
    g_ptr_array_add(self->edges, edge);
    g_array_append_val(net_node(self, source)->out, index);
    g_array_append_val(net_node(self, target)->in, index);
    return edge;
}

/* Which nodes a walk from the nodes on @stack comes to; events that interrupt nothing only if
 * @all. */
static void
walk(const Checker *checker, GArray *stack, bool *seen, bool all)
{
    while (stack->len > 0) {
        unsigned index = net_at(stack, stack->len - 1);
        const FlowNode *node = check_node(checker, index);

        g_array_set_size(stack, stack->len - 1);
        if (seen[index])
            continue;
        seen[index] = true;
        for (guint i = 0; i < node->out->len; i++)
            g_array_append_val(stack, nsk_flow_edge(checker->flow, net_at(node->out, i))->target);
        for (guint i = 0; i < node->boundary->len; i++) {
            unsigned event = net_at(node->boundary, i);

            if (all || check_node(checker, event)->interrupting)
                g_array_append_val(stack, event);
        }
        if (node->kind == FLOW_THROW_EVENT && node->about == FLOW_ABOUT_LINK)
            g_array_append_val(stack, node->partner);
    }
}

static bool
ends_all(const FlowNode *node)
{
    return node->kind == FLOW_END_EVENT &&
           (node->about == FLOW_ABOUT_TERMINATE || node->about == FLOW_ABOUT_ERROR);
}

/* Whether what follows @event is apart from the main course. */
static bool
is_aside(const Checker *checker, unsigned event, const bool *main_course)
{
    g_autofree bool *seen = g_new0(bool, checker->flow->nodes->len + 1);
    g_autoptr(GArray) stack = g_array_new(FALSE, FALSE, sizeof(unsigned));

    g_array_append_val(stack, event);
    walk(checker, stack, seen, true);
    for (unsigned i = 0; i < checker->flow->nodes->len; i++) {
        if (seen[i] && (main_course[i] || ends_all(check_node(checker, i)) ||
                        nsk_check_concerns_letter(checker, i)))
            return false;
    }
    return true;
}

static void
push_starts(const Checker *checker, unsigned level, GArray *stack)
{
    const FlowLevel *body = nsk_flow_level(checker->flow, level);
    const GArray *starts = body->starts->len > 0 ? body->starts : body->initial;

    for (guint i = 0; i < starts->len; i++)
        g_array_append_val(stack, g_array_index(starts, unsigned, i));
}

/* Takes those of @events that are not apart into the main course; whether there was one. */
static bool
join_main_course(const Checker *checker, GArray *events, bool *main_course)
{
    g_autoptr(GArray) stack = g_array_new(FALSE, FALSE, sizeof(unsigned));

    for (guint i = events->len; i-- > 0;) {
        unsigned event = net_at(events, i);

        if (is_aside(checker, event, main_course))
            continue;
        g_array_append_val(stack, event);
        g_array_remove_index(events, i);
    }
    if (stack->len == 0)
        return false;
    walk(checker, stack, main_course, false);
    return true;
}

GArray *
nsk_check_net_asides(Checker *checker, unsigned level)
{
    GArray *asides = g_array_new(FALSE, FALSE, sizeof(unsigned));
    g_autofree bool *main_course = g_new0(bool, checker->flow->nodes->len + 1);
    g_autoptr(GArray) stack = g_array_new(FALSE, FALSE, sizeof(unsigned));

    push_starts(checker, level, stack);
    walk(checker, stack, main_course, false);
    for (unsigned i = 0; i < checker->flow->nodes->len; i++) {
        const FlowNode *node = check_node(checker, i);

        if (node->level == level && node->kind == FLOW_BOUNDARY_EVENT && !node->interrupting &&
            nsk_check_can_happen(checker, i))
            g_array_append_val(asides, i);
    }
    while (join_main_course(checker, asides, main_course))
        continue;
    return asides;
}

/* The nodes of the level that the net is of. */
static bool *
find_members(const CheckNet *self, unsigned aside, const GArray *asides)
{
    const NskFlow *flow = self->checker->flow;
    bool *seen = g_new0(bool, flow->nodes->len + 1);
    g_autoptr(GArray) stack = g_array_new(FALSE, FALSE, sizeof(unsigned));

    for (guint i = 0; i < asides->len; i++)
        seen[net_at(asides, i)] = net_at(asides, i) != aside;
    if (aside != FLOW_NONE)
        g_array_append_val(stack, aside);
    else
        push_starts(self->checker, self->level, stack);
    walk(self->checker, stack, seen, true);
    for (guint i = 0; i < asides->len; i++)
        seen[net_at(asides, i)] = net_at(asides, i) == aside;
    return seen;
}

static unsigned
count_ways(const CheckNet *self, const GArray *edges, const bool *members)
{
    unsigned n = 0;

    for (guint i = 0; i < edges->len; i++)
        n += members[nsk_flow_edge(self->checker->flow, net_at(edges, i))->source] ? 1 : 0;
    return n;
}

static bool
has_condition(const CheckNet *self, const GArray *edges)
{
    for (guint i = 0; i < edges->len; i++) {
        if (nsk_flow_edge(self->checker->flow, net_at(edges, i))->condition != NULL)
            return true;
    }
    return false;
}

/* The node, and what stands before and behind it in the normal form. */
static void
add_member(CheckNet *self, unsigned index, const bool *members)
{
    const FlowNode *node = nsk_flow_node(self->checker->flow, index);
    NetKind kind = kind_of(self, index);
    bool gateway = kind == NET_XOR || kind == NET_AND || kind == NET_OR;
    unsigned own;

    if (!gateway && count_ways(self, node->in, members) > 1) {
        self->entry[index] = nsk_check_net_add_node(self, index, NET_XOR, true);
        own = nsk_check_net_add_node(self, index, kind, false);
        (void)nsk_check_net_add_edge(self, self->entry[index], own, FLOW_NONE);
    } else {
        own = nsk_check_net_add_node(self, index, kind, false);
        self->entry[index] = own;
    }
    self->exit[index] = own;
    if (gateway || node->kind == FLOW_EVENT_GATEWAY || node->out->len < 2)
        return;
    self->exit[index] = nsk_check_net_add_node(
        self, index, has_condition(self, node->out) ? NET_OR : NET_AND, true);
    (void)nsk_check_net_add_edge(self, own, self->exit[index], FLOW_NONE);
}

static unsigned
slot_of(const FlowNode *node, unsigned edge)
{
    unsigned slot = 0;

    while (slot < node->in->len && g_array_index(node->in, unsigned, slot) != edge)
        slot++;
    return slot;
}

static void
add_flow(CheckNet *self, unsigned index)
{
    const NskFlow *flow = self->checker->flow;
    const FlowEdge *from = nsk_flow_edge(flow, index);
    const FlowNode *source = nsk_flow_node(flow, from->source);
    unsigned exit = self->exit[from->source];
    NetEdge *edge = nsk_check_net_add_edge(self, exit, self->entry[from->target], index);
    NetKind kind = net_node(self, exit)->kind;

    edge->slot = slot_of(nsk_flow_node(flow, from->target), index);
    if (kind != NET_XOR && kind != NET_OR)
        return;
    edge->is_default = source->default_edge == index;
    if (!edge->is_default)
        edge->condition = nsk_check_condition(self->checker, index, &edge->negated);
}

static void
add_alternative(GArray *to, unsigned node, bool interrupts)
{
    const NetAlternative alternative = { node, interrupts, FLOW_NONE };

    g_array_append_val(to, alternative);
}

/* Boundary events of a node, targets of an event-based gateway. */
static void
add_alternatives(CheckNet *self, unsigned index, const bool *members)
{
    const NskFlow *flow = self->checker->flow;
    const FlowNode *node = nsk_flow_node(flow, index);
    NetNode *own = net_node(self, self->exit[index]);

    if (own->helper)
        own = net_node(self, net_edge(self, net_at(own->in, 0))->source);
    if (node->kind == FLOW_EVENT_GATEWAY) {
        for (guint i = 0; i < node->out->len; i++) {
            unsigned target = nsk_flow_edge(flow, net_at(node->out, i))->target;
            unsigned to = self->entry[target];

            net_node(self, to)->kind = NET_PASS;
            add_alternative(own->alternatives, to, true);
        }
        return;
    }
    for (guint i = 0; i < node->boundary->len; i++) {
        unsigned event = net_at(node->boundary, i);

        if (members[event] && nsk_check_can_happen(self->checker, event))
            add_alternative(own->alternatives, self->entry[event],
                            nsk_flow_node(flow, event)->interrupting);
    }
}

static void
add_links(CheckNet *self, unsigned index)
{
    const FlowNode *node = nsk_flow_node(self->checker->flow, index);

    if (node->kind == FLOW_THROW_EVENT && node->about == FLOW_ABOUT_LINK)
        (void)nsk_check_net_add_edge(self, self->exit[index], self->entry[node->partner],
                                     FLOW_NONE);
}

/* Event sub-processes: those that interrupt, and those that concern the letter; another runs beside
 * the level and changes nothing in it. */
static void
add_handlers(CheckNet *self)
{
    Checker *checker = self->checker;
    const FlowLevel *level = nsk_flow_level(checker->flow, self->level);

    for (guint i = 0; i < level->handlers->len; i++) {
        unsigned handler = net_at(level->handlers, i);
        const FlowLevel *body =
            nsk_flow_level(checker->flow, nsk_flow_node(checker->flow, handler)->body);
        bool interrupts;

        if (!nsk_check_can_begin(checker, handler))
            continue;
        interrupts = nsk_flow_node(checker->flow, net_at(body->starts, 0))->interrupting;
        if (!interrupts && !nsk_check_concerns_letter(checker, handler))
            continue;
        self->entry[handler] = nsk_check_net_add_node(self, handler, NET_REST, false);
        self->exit[handler] = self->entry[handler];
        add_alternative(self->handlers, self->entry[handler], interrupts);
    }
}

static void
fill(CheckNet *self, const bool *members)
{
    const NskFlow *flow = self->checker->flow;

    for (unsigned i = 0; i < flow->nodes->len; i++) {
        if (members[i])
            add_member(self, i, members);
    }
    for (unsigned i = 0; i < flow->nodes->len; i++) {
        const FlowNode *node = nsk_flow_node(flow, i);

        if (!members[i])
            continue;
        for (guint k = 0; k < node->out->len && node->kind != FLOW_EVENT_GATEWAY; k++)
            add_flow(self, net_at(node->out, k));
        add_links(self, i);
    }
    for (unsigned i = 0; i < flow->nodes->len; i++) {
        if (members[i])
            add_alternatives(self, i, members);
    }
}

static void
find_starts(CheckNet *self, unsigned aside)
{
    const FlowLevel *level = nsk_flow_level(self->checker->flow, self->level);
    const GArray *starts = level->starts->len > 0 ? level->starts : level->initial;

    if (aside != FLOW_NONE) {
        g_array_append_val(self->starts, self->entry[aside]);
        return;
    }
    self->all_at_once = level->starts->len == 0;
    for (guint i = 0; i < starts->len; i++)
        g_array_append_val(self->starts, self->entry[g_array_index(starts, unsigned, i)]);
}

/* Which kept conditions change when the node is done, by their order among the kept. */
static void
find_writes(CheckNet *self, NetNode *node)
{
    const GPtrArray *conditions = self->checker->conditions;
    unsigned slot = 0;

    for (unsigned i = 0; i < conditions->len && slot < NET_KEPT && node->kind == NET_REST; i++) {
        if (!((const CheckCondition *)g_ptr_array_index(conditions, i))->kept)
            continue;
        if (nsk_check_may_write(self->checker, node->node, i))
            node->writes |= UINT32_C(1) << slot;
        slot++;
    }
}

static void
node_free(gpointer data)
{
    NetNode *node = data;

    g_array_unref(node->in);
    g_array_unref(node->out);
    g_array_unref(node->alternatives);
    g_free(node);
}

static unsigned *
new_indices(size_t n)
{
    unsigned *indices = g_new(unsigned, n + 1);

    for (size_t i = 0; i <= n; i++)
        indices[i] = FLOW_NONE;
    return indices;
}

CheckNet *
nsk_check_net_new(Checker *checker, unsigned level, unsigned aside)
{
    CheckNet *self = g_new0(CheckNet, 1);
    g_autoptr(GArray) asides = nsk_check_net_asides(checker, level);
    g_autofree bool *members = NULL;

    self->checker = checker;
    self->level = level;
    self->is_aside = aside != FLOW_NONE;
    self->nodes = g_ptr_array_new_with_free_func(node_free);
    self->edges = g_ptr_array_new_with_free_func(g_free);
    self->starts = g_array_new(FALSE, FALSE, sizeof(unsigned));
    self->joins = g_array_new(FALSE, FALSE, sizeof(unsigned));
    self->halves = g_array_new(FALSE, FALSE, sizeof(NetRun));
    self->handlers = g_array_new(FALSE, FALSE, sizeof(NetAlternative));
    self->entry = new_indices(checker->flow->nodes->len);
    self->exit = new_indices(checker->flow->nodes->len);
    self->condition_cell = new_indices(checker->conditions->len);
    members = find_members(self, aside, asides);
    fill(self, members);
    find_starts(self, aside);
    if (aside == FLOW_NONE)
        add_handlers(self);
    for (unsigned i = 0; i < self->nodes->len; i++)
        find_writes(self, net_node(self, i));
    return self;
}

void
nsk_check_net_free(CheckNet *self)
{
    if (self == NULL)
        return;
    g_ptr_array_unref(self->nodes);
    g_ptr_array_unref(self->edges);
    g_array_unref(self->joins);
    g_array_unref(self->halves);
    g_array_unref(self->starts);
    g_array_unref(self->handlers);
    g_free(self->entry);
    g_free(self->exit);
    g_free(self->condition_cell);
    g_free(self->merged_into);
    g_free(self->seen);
    g_free(self);
}

/* A new cell, of tokens if @tokens. */
static unsigned
new_cell(CheckNet *self, bool tokens, bool kept)
{
    unsigned cell = self->n_cells++;

    if (cell >= NET_CELLS)
        return cell;
    if (tokens)
        net_set_cell(self->tokens, cell, 3);
    if (kept)
        net_set_cell(self->kept, cell, 3);
    return cell;
}

/* One for each flow into a gateway that joins. */
static void
lay_out_joins(CheckNet *self)
{
    for (unsigned i = 0; i < self->nodes->len; i++) {
        const NetNode *node = net_node(self, i);

        if (node->gone || node->in->len < 2 || (node->kind != NET_AND && node->kind != NET_OR))
            continue;
        if (node->kind == NET_OR)
            g_array_append_val(self->joins, i);
        for (guint k = 0; k < node->in->len; k++)
            net_edge(self, net_at(node->in, k))->cell = new_cell(self, true, true);
    }
}

static void
lay_out_nodes(CheckNet *self)
{
    for (unsigned i = 0; i < self->nodes->len; i++) {
        NetNode *node = net_node(self, i);

        if (node->gone || node->kind != NET_REST)
            continue;
        node->cell = new_cell(self, true, true);
        for (guint k = 0; k < node->alternatives->len; k++) {
            NetAlternative *other = &g_array_index(node->alternatives, NetAlternative, k);

            if (!other->interrupts)
                other->fired = new_cell(self, false, true);
        }
    }
    for (guint i = 0; i < self->handlers->len; i++)
        g_array_index(self->handlers, NetAlternative, i).fired = new_cell(self, false, true);
}

/* Conditions have cells while a move is made; those of the kept ones last. */
static void
lay_out_conditions(CheckNet *self)
{
    unsigned slot = 0;

    for (unsigned i = 0; i < self->edges->len; i++) {
        const NetEdge *edge = net_edge(self, i);

        if (!edge->gone && edge->condition != FLOW_NONE)
            self->condition_cell[edge->condition] = 0;
    }
    for (unsigned i = 0; i < self->checker->conditions->len; i++) {
        const CheckCondition *condition = g_ptr_array_index(self->checker->conditions, i);
        bool used = self->condition_cell[i] != FLOW_NONE;
        bool kept = condition->kept && !condition->of_outcome && slot < NET_KEPT;

        self->asks_outcome = self->asks_outcome || (used && condition->of_outcome);
        if (used)
            self->condition_cell[i] = new_cell(self, false, kept);
        if (condition->kept && slot < NET_KEPT)
            self->kept_cells[slot++] = kept ? self->condition_cell[i] : FLOW_NONE;
    }
    while (slot < NET_KEPT)
        self->kept_cells[slot++] = FLOW_NONE;
}

bool
nsk_check_net_lay_out(CheckNet *self)
{
    nsk_check_net_begin_merging(self);
    lay_out_nodes(self);
    lay_out_joins(self);
    lay_out_conditions(self);
    if (self->n_cells > NET_CELLS)
        return false;
    self->n_words = (self->n_cells + 31) / 32 + 1;
    self->kept[self->n_words - 1] = UINT64_C(0xff);
    return true;
}

void
nsk_check_net_begin_merging(CheckNet *self)
{
    if (self->merged_into != NULL)
        return;
    self->merged_into = g_new(unsigned, self->nodes->len + self->edges->len + 1);
    for (unsigned i = 0; i < self->nodes->len + self->edges->len; i++)
        self->merged_into[i] = i;
    self->seen = g_new0(bool, self->nodes->len + self->edges->len + 1);
}
