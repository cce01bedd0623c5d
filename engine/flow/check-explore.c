/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * All markings that a level can come to, breadth first, so that the way to a fault is a shortest
 * one.  From each, every node that rests may be done, with each of its outcomes, or be left by a
 * boundary event; timers are untimed, so what waits for one may go on at any moment.
 *
 * 1. A level that does not concern the letter is explored once, for the letter 0.
 * 2. A body that is asked for while it is explored itself (a recursive call) gives what is known so
 *    far; the outermost such body is explored again until nothing new is known, then once more,
 *    and what can only be said when all is known is said then.
 * 3. The work is counted in token moves, not by a clock: the same file gives the same findings on
 *    any machine.
 */
#include "flow/check-explore-private.h"

#include <string.h>

static void
on_arrive(void *data, NetRun *run, unsigned node)
{
    Explore *self = data;
    FlowLetter letter = net_letter(self->net, run->words);

    nsk_explore_prove_letter(self, letter, run, node);
    net_set_letter(self->net, run->words, nsk_check_letter_arrive(self->checker, letter, node));
}

static void
finish(Explore *self, const NetRun *run, unsigned node)
{
    FlowLetter letter = net_letter(self->net, run->words);

    if (self->at != CHECK_START)
        g_array_index(self->states.finishes, uint8_t, self->at) = 1;
    nsk_explore_warn_of_terminate(self, run, node);
    letters_add(&self->summary->exits, letter);
    if (self->net->level != 0 || self->net->is_aside || self->way != NULL || node == FLOW_NONE ||
        !nsk_check_letter_ends_wrong(self->checker, letter))
        return;
    g_autofree char *way = nsk_explore_way(self, run);
    nsk_check_letter_tell_end(self->checker, letter, node, way);
}

static void
on_end(void *data, NetRun *run, const NetEnd *end)
{
    Explore *self = data;

    switch (end->type) {
    case NET_RESTS:
        (void)nsk_check_states_add(&self->states, run, self->at);
        letters_add(&self->summary->during, net_letter(self->net, run->words));
        return;
    case NET_FINISHED:
        finish(self, run, end->node);
        return;
    case NET_THROWN:
        if (self->at != CHECK_START)
            g_array_index(self->states.finishes, uint8_t, self->at) = 1;
        letters_add(&self->summary->during, net_letter(self->net, run->words));
        if (self->net->level == 0 && self->way == NULL)
            nsk_explore_tell_uncaught(self, end->node);
        return;
    case NET_TWICE:
        nsk_explore_tell_twice(self, run, end->node);
        return;
    case NET_STUCK:
        if (self->at != CHECK_START)
            g_array_index(self->states.finishes, uint8_t, self->at) = 1;
        nsk_explore_tell_stuck(self, run, end->node);
        return;
    case NET_TOO_MUCH:
        self->too_much = true;
        return;
    }
}

static void
play(Explore *self, const NetRun *run)
{
    const NetWatch watch = { on_arrive, on_end, self };

    nsk_check_run(self->net, run, &watch);
}

/* A run that takes the token from the node that rests. */
static void
begin(const Explore *self, NetRun *run, const NetNode *node)
{
    memset(run, 0, offsetof(NetRun, queue));
    run->n_queue = run->n_trail = run->n_visits = run->outcome = 0;
    memcpy(run->words, nsk_check_states_words(&self->states, self->at),
           self->net->n_words * sizeof *run->words);
    for (unsigned slot = 0; slot < NET_KEPT; slot++) {
        if ((node->writes >> slot & 1) != 0 && self->net->kept_cells[slot] != FLOW_NONE)
            net_set_cell(run->words, self->net->kept_cells[slot], 0);
    }
}

static void
take(NetRun *run, const NetNode *node)
{
    net_set_cell(run->words, node->cell, 0);
    for (guint i = 0; i < node->alternatives->len; i++) {
        const NetAlternative *other = &g_array_index(node->alternatives, NetAlternative, i);

        if (!other->interrupts)
            net_set_cell(run->words, other->fired, 0);
    }
}

/* All letters that leave, or are found in, the body when @letter comes in. */
static FlowLetters
pass_body(Explore *self, const NetNode *node, FlowLetter letter, bool interrupted)
{
    Checker *checker = self->checker;
    const FlowNode *host = check_node(checker, node->node);
    unsigned body = nsk_check_body(host);
    bool repeats = host->loop.type != FLOW_LOOP_NONE;
    FlowLetters out = { { 0 } };
    FlowLetters done = { { 0 } };
    g_autoptr(GArray) pending = g_array_new(FALSE, FALSE, sizeof(FlowLetter));

    if (body == FLOW_NONE) {
        letters_add(&out, letter);
        return out;
    }
    g_array_append_val(pending, letter);
    while (pending->len > 0) {
        FlowLetter in = g_array_index(pending, FlowLetter, pending->len - 1);
        FlowLetter asked = checker->effects_in[body] ? in : 0;

        g_array_set_size(pending, pending->len - 1);
        if (letters_has(&done, in))
            continue;
        letters_add(&done, in);
        g_autofree char *way = nsk_explore_way(self, NULL);
        const CheckSummary *summary = nsk_check_level(checker, body, asked, way);
        for (unsigned i = 0; i < N_LETTERS; i++) {
            FlowLetter next = checker->effects_in[body] ? (FlowLetter)i : in;

            if (interrupted && letters_has(&summary->during, i))
                letters_add(&out, next);
            if (!letters_has(&summary->exits, i))
                continue;
            if (!interrupted)
                letters_add(&out, next);
            if (repeats)
                g_array_append_val(pending, next);
        }
    }
    if (interrupted)
        letters_add(&out, letter);
    return out;
}

/* Who may end with which outcome, as far as anything asks for it. */
static bool
asks_outcome(const Explore *self, unsigned node)
{
    uint8_t effect = self->checker->effects[node];

    return self->net->asks_outcome || effect == EFFECT_REVIEW || effect == EFFECT_SIGN ||
           effect == EFFECT_CONFIRM;
}

static void
complete_with(Explore *self, unsigned index, unsigned outcome)
{
    const NetNode *node = net_node(self->net, index);
    NetRun run;

    begin(self, &run, node);
    FlowLetter letter = net_letter(self->net, run.words);
    FlowLetters letters = pass_body(self, node, letter, false);

    /* Again, because something beside it may have happened meanwhile. */
    nsk_explore_prove_letter(self, letter, &run, node->node);

    for (unsigned i = 0; i < N_LETTERS; i++) {
        if (!letters_has(&letters, i))
            continue;
        begin(self, &run, node);
        take(&run, node);
        run.outcome = outcome;
        net_set_letter(self->net, run.words,
                       nsk_check_letter_done(self->checker, (FlowLetter)i, node->node, outcome));
        nsk_check_run_push(&run, index | NET_LEAVE);
        play(self, &run);
    }
}

/* Whether an event that interrupts nothing has not happened at the node. */
static bool
owes_event(const Explore *self, const NetNode *node)
{
    const uint64_t *words = nsk_check_states_words(&self->states, self->at);

    for (guint i = 0; i < node->alternatives->len; i++) {
        const NetAlternative *other = &g_array_index(node->alternatives, NetAlternative, i);

        if (!other->interrupts && net_cell(words, other->fired) == 0)
            return true;
    }
    return false;
}

static void
complete(Explore *self, unsigned index)
{
    const NetNode *node = net_node(self->net, index);
    const FlowNode *flow_node = check_node(self->checker, node->node);
    const GPtrArray *outcomes = self->checker->outcomes;

    self->mover = node->node;
    /* An event-based gateway is only left by its events, unless they became a choice behind it. */
    if ((flow_node->kind == FLOW_EVENT_GATEWAY && node->alternatives->len > 0) ||
        (self->forced && owes_event(self, node)))
        return;
    if (flow_node->kind == FLOW_USER_TASK) {
        size_t n = asks_outcome(self, node->node) ? G_MAXUINT : 1;

        for (size_t i = 0; i < n && flow_node->task.outcomes[i] != NULL; i++)
            complete_with(self, index,
                          nsk_check_outcome(self->checker, flow_node->task.outcomes[i]));
        return;
    }
    complete_with(self, index, 0);
    if (nsk_check_body(flow_node) == FLOW_NONE || !self->net->asks_outcome)
        return;
    for (unsigned i = 1; i < outcomes->len; i++)
        complete_with(self, index, i);
}

static void
interrupt(Explore *self, unsigned index, const NetAlternative *other)
{
    const NetNode *node = net_node(self->net, index);
    NetRun run;

    self->mover = net_node(self->net, other->node)->node;
    begin(self, &run, node);
    if (!other->interrupts && net_cell(run.words, other->fired) != 0)
        return;
    FlowLetters letters = pass_body(self, node, net_letter(self->net, run.words), true);

    for (unsigned i = 0; i < N_LETTERS; i++) {
        if (!letters_has(&letters, i))
            continue;
        begin(self, &run, node);
        if (other->interrupts)
            take(&run, node);
        else
            net_set_cell(run.words, other->fired, 1);
        net_set_letter(self->net, run.words, (FlowLetter)i);
        nsk_check_run_visit(self->net, &run, other->node);
        nsk_check_run_push(&run, other->node | NET_LEAVE);
        play(self, &run);
    }
}

static bool
may_fail(const Explore *self, const uint64_t *words)
{
    for (unsigned i = 0; i < self->net->nodes->len; i++) {
        const NetNode *node = net_node(self->net, i);
        const FlowNode *flow_node = check_node(self->checker, node->node);

        if (!node->gone && node->cell != FLOW_NONE && net_cell(words, node->cell) != 0 &&
            (flow_node->kind == FLOW_SERVICE_TASK || nsk_check_body(flow_node) != FLOW_NONE))
            return true;
    }
    return false;
}

static bool
is_handled(const Explore *self, const uint64_t *words)
{
    for (guint i = 0; i < self->net->handlers->len; i++) {
        const NetAlternative *handler = &g_array_index(self->net->handlers, NetAlternative, i);

        if (handler->interrupts && net_cell(words, handler->fired) != 0)
            return true;
    }
    return false;
}

static const FlowNode *
start_of(const Explore *self, unsigned handler)
{
    const NskFlow *flow = self->checker->flow;
    unsigned body = check_node(self->checker, handler)->body;

    return nsk_flow_node(flow, net_at(nsk_flow_level(flow, body)->starts, 0));
}

/* An event sub-process begins, of those that concern this net. */
static void
handle(Explore *self, const NetAlternative *handler)
{
    const NetNode *node = net_node(self->net, handler->node);
    NetRun run;

    begin(self, &run, node);
    self->mover = node->node;
    if (net_cell(run.words, handler->fired) != 0 || is_handled(self, run.words) ||
        (start_of(self, node->node)->about == FLOW_ABOUT_ERROR && !may_fail(self, run.words)))
        return;
    for (unsigned i = 0; handler->interrupts && i < self->net->n_words; i++)
        run.words[i] &= ~self->net->tokens[i];
    net_set_cell(run.words, handler->fired, 1);
    nsk_check_run_visit(self->net, &run, handler->node);
    on_arrive(self, &run, node->node);
    net_set_cell(run.words, node->cell, 1);
    play(self, &run);
}

/* Nothing in the marking can go on: tokens that wait for others. */
static void
stand_still(Explore *self, const uint64_t *words)
{
    for (unsigned i = 0; i < self->net->nodes->len; i++) {
        const NetNode *node = net_node(self->net, i);
        bool waits = false;

        for (guint k = 0; k < node->in->len && !node->gone; k++) {
            unsigned cell = net_edge(self->net, net_at(node->in, k))->cell;

            waits = waits || (cell != FLOW_NONE && net_cell(words, cell) != 0);
        }
        if (waits)
            nsk_explore_tell_deadlock(self, node, words);
    }
    g_array_index(self->states.finishes, uint8_t, self->at) = 1;
}

/* An error from inside that nothing in the level catches ends the level, too. */
static void
escape(Explore *self, const NetNode *node)
{
    FlowLetters letters;
    NetRun run;

    if (!nsk_check_escapes(self->checker, node->node))
        return;
    begin(self, &run, node);
    letters = pass_body(self, node, net_letter(self->net, run.words), true);
    for (size_t i = 0; i < G_N_ELEMENTS(letters.bits); i++)
        self->summary->during.bits[i] |= letters.bits[i];
    g_array_index(self->states.finishes, uint8_t, self->at) = 1;
}

static void
expand(Explore *self)
{
    uint64_t words[NET_WORDS];
    bool moves = false;

    memcpy(words, nsk_check_states_words(&self->states, self->at),
           self->net->n_words * sizeof *words);
    for (unsigned i = 0; i < self->net->nodes->len; i++) {
        const NetNode *node = net_node(self->net, i);

        if (node->gone || node->cell == FLOW_NONE || net_cell(words, node->cell) == 0)
            continue;
        moves = true;
        complete(self, i);
        escape(self, node);
        for (guint k = 0; k < node->alternatives->len; k++)
            interrupt(self, i, &g_array_index(node->alternatives, NetAlternative, k));
    }
    if (!moves)
        stand_still(self, words);
    for (guint i = 0; i < self->net->handlers->len; i++)
        handle(self, &g_array_index(self->net->handlers, NetAlternative, i));
}

static void
start(Explore *self, FlowLetter letter)
{
    NetRun run = { .outcome = 0 };

    self->at = CHECK_START;
    self->mover = FLOW_NONE;
    net_set_letter(self->net, run.words, letter);
    if (self->net->starts->len == 0)
        letters_add(&self->summary->exits, letter);
    for (guint i = 0; i < self->net->starts->len; i++) {
        unsigned index = net_at(self->net->starts, i);
        const NetNode *node = net_node(self->net, index);

        if (node->kind == NET_REST) {
            nsk_check_run_visit(self->net, &run, index);
            on_arrive(self, &run, node->node);
            net_set_cell(run.words, node->cell, 1);
        } else {
            nsk_check_run_visit(self->net, &run, index);
            nsk_check_run_push(&run, index | NET_LEAVE);
        }
        if (self->net->all_at_once && i + 1 < self->net->starts->len)
            continue;
        play(self, &run);
        memset(&run, 0, sizeof run);
        net_set_letter(self->net, run.words, letter);
    }
}

static CheckVerdict
explore(Explore *self, FlowLetter letter)
{
    Checker *checker = self->checker;
    uint32_t endless = CHECK_START;

    nsk_check_states_init(&self->states, self->net);
    start(self, letter);
    for (self->at = 0; self->at < self->states.n && !self->too_much; self->at++) {
        /* What is wrong in quiet is looked at again, aloud. */
        if (checker->quiet && checker->noticed)
            break;
        self->too_much = self->states.n > checker->max_states || checker->work <= 0;
        if (!self->too_much)
            expand(self);
    }
    if (!self->too_much && !self->broken && !self->forced && checker->lowest_busy == G_MAXUINT)
        endless = nsk_check_states_find_endless(&self->states);
    if (endless != CHECK_START)
        nsk_explore_tell_endless(self, endless);
    nsk_check_states_clear(&self->states);
    if (self->too_much)
        return CHECK_UNPROVED;
    return self->broken || (checker->quiet && checker->noticed) ? CHECK_BROKEN : CHECK_SOUND;
}

CheckVerdict
nsk_check_explore(CheckNet *net, FlowLetter letter, CheckSummary *summary, const char *way)
{
    g_autoptr(GPtrArray) doubts = g_ptr_array_new_with_free_func(nsk_explore_doubt_free);
    Explore self = { .checker = net->checker,
                     .net = net,
                     .summary = summary,
                     .way = way,
                     .doubts = doubts };
    CheckVerdict verdict = explore(&self, letter);

    /* With all events happening: what is wrong then is wrong whatever happens. */
    if (doubts->len > 0) {
        Explore forced = self;

        forced.forced = true;
        forced.too_much = false;
        (void)explore(&forced, letter);
    }
    for (guint i = 0; i < doubts->len; i++)
        nsk_explore_tell_doubt(&self, g_ptr_array_index(doubts, i));
    return verdict;
}
