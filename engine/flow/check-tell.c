/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What is found while a net is explored, in words, each with a shortest way to it.
 */
#include "base/message.h"
#include "flow/check-explore-private.h"

char *
nsk_explore_way(const Explore *self, const NetRun *run)
{
    return nsk_check_states_way(&self->states, self->at, run, self->way);
}

void
nsk_explore_prove_letter(Explore *self, FlowLetter letter, const NetRun *run, unsigned node)
{
    g_autofree char *way = NULL;

    if (!nsk_check_letter_is_wrong(self->checker, letter, node))
        return;
    way = nsk_explore_way(self, run);
    nsk_check_letter_tell(self->checker, letter, node, way);
}

void
nsk_explore_tell_twice(Explore *self, const NetRun *run, unsigned node)
{
    g_autofree char *way = nsk_explore_way(self, run);
    g_autofree char *name = nsk_check_name(self->checker, node);
    const CheckPlace place = { .node = node, .edge = FLOW_NONE, .tag = "flow-twice", .way = way };

    self->broken = true;
    nsk_check_tell(self->checker, &place,
                   nsk_tr("a second token comes to %s while the first is still there, so that it "
                          "would be done twice; join the parallel paths before it with a gateway "
                          "of the kind that split them"),
                   name);
}

void
nsk_explore_tell_stuck(Explore *self, const NetRun *run, unsigned node)
{
    g_autofree char *way = nsk_explore_way(self, run);
    g_autofree char *name = nsk_check_name(self->checker, node);
    const CheckPlace place = { .node = node,
                               .edge = FLOW_NONE,
                               .tag = "flow-condition",
                               .way = way };

    if (self->mover == FLOW_NONE ||
        nsk_check_body(check_node(self->checker, self->mover)) != FLOW_NONE)
        return;
    nsk_check_tell(self->checker, &place,
                   nsk_tr("no flow of %s is true after the outcome '%s' of '%s'; add a flow for it "
                          "or a default flow"),
                   name, (const char *)g_ptr_array_index(self->checker->outcomes, run->outcome),
                   check_node(self->checker, self->mover)->task.id);
}

/* A signing that a terminate end event takes away. */
void
nsk_explore_warn_of_terminate(Explore *self, const NetRun *run, unsigned node)
{
    const Checker *checker = self->checker;
    const uint64_t *words;

    if (self->at == CHECK_START || node == FLOW_NONE ||
        check_node(checker, node)->about != FLOW_ABOUT_TERMINATE)
        return;
    words = nsk_check_states_words(&self->states, self->at);
    for (unsigned i = 0; i < self->net->nodes->len; i++) {
        const NetNode *other = net_node(self->net, i);

        if (other->cell == FLOW_NONE || other->node == self->mover ||
            checker->effects[other->node] != EFFECT_SIGN || net_cell(words, other->cell) == 0)
            continue;
        g_autofree char *way = nsk_explore_way(self, run);
        g_autofree char *name = nsk_check_name(checker, node);
        const CheckPlace place = { .node = node,
                                   .edge = FLOW_NONE,
                                   .tag = "flow-terminate",
                                   .severity = NSK_SEVERITY_WARNING,
                                   .way = way };
        nsk_check_tell(self->checker, &place,
                       nsk_tr("%s ends everything while '%s' still waits for a signature; use an "
                              "end event that ends only its own path"),
                       name, check_node(checker, other->node)->task.id);
    }
}

void
nsk_explore_tell_uncaught(Explore *self, unsigned node)
{
    const FlowNode *event = check_node(self->checker, node);
    g_autofree char *name = nsk_check_name(self->checker, node);
    const CheckPlace place = { .node = node,
                               .edge = FLOW_NONE,
                               .tag = "flow-uncaught",
                               .severity = NSK_SEVERITY_WARNING };

    nsk_check_tell(self->checker, &place,
                   nsk_tr("nothing catches the error '%s' of %s, so it would become an incident; "
                          "put an event sub-process for it into the process"),
                   event->event_name, name);
}

static bool
leads(const CheckNet *net, unsigned from, unsigned edge)
{
    g_autofree bool *seen = g_new0(bool, net->nodes->len);
    g_autoptr(GArray) stack = g_array_new(FALSE, FALSE, sizeof(unsigned));

    g_array_append_val(stack, from);
    while (stack->len > 0) {
        unsigned index = net_at(stack, stack->len - 1);
        const NetNode *node = net_node(net, index);

        g_array_set_size(stack, stack->len - 1);
        if (seen[index])
            continue;
        seen[index] = true;
        for (guint i = 0; i < node->out->len; i++) {
            if (net_at(node->out, i) == edge)
                return true;
            g_array_append_val(stack, net_edge(net, net_at(node->out, i))->target);
        }
    }
    return false;
}

/* Whether a token could still have come by @edge, had an event that interrupts nothing happened. */
static bool
is_up_to_an_event(const CheckNet *net, unsigned edge)
{
    for (unsigned i = 0; i < net->nodes->len; i++) {
        const GArray *others = net_node(net, i)->alternatives;

        for (guint k = 0; k < others->len; k++) {
            const NetAlternative *other = &g_array_index(others, NetAlternative, k);

            if (!other->interrupts && leads(net, other->node, edge))
                return true;
        }
    }
    return false;
}

/* "'a', 'b'": flows without token, of a gateway that waits. */
static char *
list_missing(const Explore *self, const NetNode *node, const uint64_t *words, bool *out_event)
{
    const CheckNet *net = self->net;
    GString *text = g_string_new(NULL);

    *out_event = true;
    for (guint i = 0; i < node->in->len; i++) {
        const NetEdge *edge = net_edge(net, net_at(node->in, i));

        if (net_cell(words, edge->cell) != 0)
            continue;
        *out_event = *out_event && is_up_to_an_event(net, net_at(node->in, i));
        g_string_append_printf(
            text, "%s'%s'", text->len > 0 ? ", " : "",
            edge->edge != FLOW_NONE ? nsk_flow_edge(self->checker->flow, edge->edge)->id : "");
    }
    return g_string_free(text, FALSE);
}

void
nsk_explore_doubt_free(gpointer data)
{
    CheckDoubt *doubt = data;

    g_free(doubt->missing);
    g_free(doubt->way);
    g_free(doubt);
}

/* One for each gateway: the first, which has the shortest way. */
static void
add_doubt(Explore *self, unsigned node, const char *missing)
{
    CheckDoubt *doubt;

    for (guint i = 0; i < self->doubts->len; i++) {
        if (((const CheckDoubt *)g_ptr_array_index(self->doubts, i))->node == node)
            return;
    }
    doubt = g_new0(CheckDoubt, 1);
    doubt->node = node;
    doubt->missing = g_strdup(missing);
    doubt->way = nsk_explore_way(self, NULL);
    g_ptr_array_add(self->doubts, doubt);
}

void
nsk_explore_tell_doubt(Explore *self, const CheckDoubt *doubt)
{
    g_autofree char *name = nsk_check_name(self->checker, doubt->node);
    const CheckPlace place = { .node = doubt->node,
                               .edge = FLOW_NONE,
                               .tag = "flow-deadlock",
                               .severity = NSK_SEVERITY_WARNING,
                               .way = doubt->way };

    nsk_check_tell(self->checker, &place,
                   nsk_tr("%s waits for ever for a token on %s if a boundary event does not happen "
                          "in time; do not make the main course wait for it"),
                   name, doubt->missing);
}

void
nsk_explore_tell_deadlock(Explore *self, const NetNode *node, const uint64_t *words)
{
    bool by_event;
    g_autofree char *missing = list_missing(self, node, words, &by_event);
    g_autofree char *way = NULL;
    g_autofree char *name = nsk_check_name(self->checker, node->node);
    CheckPlace place = { .node = node->node, .edge = FLOW_NONE, .tag = "flow-deadlock" };

    self->broken = true;
    if (by_event && !self->forced) {
        self->checker->noticed = true;
        add_doubt(self, node->node, missing);
        return;
    }
    way = nsk_explore_way(self, NULL);
    place.way = way;
    nsk_check_tell(self->checker, &place,
                   nsk_tr("%s waits for ever for a token on %s, which can no longer come; join "
                          "there what was split by a gateway of the same kind, or make it an "
                          "exclusiveGateway"),
                   name, missing);
}

void
nsk_explore_tell_endless(Explore *self, uint32_t index)
{
    const uint64_t *words = nsk_check_states_words(&self->states, index);
    unsigned i = 0;

    while (net_node(self->net, i)->cell == FLOW_NONE ||
           net_cell(words, net_node(self->net, i)->cell) == 0)
        i++;
    self->at = index;
    g_autofree char *way = nsk_explore_way(self, NULL);
    g_autofree char *name = nsk_check_name(self->checker, net_node(self->net, i)->node);
    const CheckPlace place = { .node = net_node(self->net, i)->node,
                               .edge = FLOW_NONE,
                               .tag = "flow-livelock",
                               .way = way };
    self->broken = true;
    nsk_check_tell(self->checker, &place,
                   nsk_tr("once %s is reached no way leads to an end any more, whatever anybody "
                          "does; lead a way out of there to an end event"),
                   name);
}
