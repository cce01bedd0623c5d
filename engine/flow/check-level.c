/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A level and what runs beside it: the main course, what follows boundary events that are apart
 * from it, and event sub-processes.  Each is explored as a small net first (check-fold.c).  If that
 * shows anything wrong, or is too much, it is explored as it is drawn, so that the way to the fault
 * can be told.
 */
#include "base/message.h"
#include "flow/check-explore-private.h"

/* What was passed in the net is alive in the definition. */
static void
mark_visited(const CheckNet *net)
{
    for (unsigned i = 0; i < net->nodes->len; i++) {
        unsigned seen = i;

        while (net->merged_into[seen] != seen)
            seen = net->merged_into[seen];
        if (net->seen[seen])
            net->checker->visited[net_node(net, i)->node] = true;
    }
}

typedef struct {
    Checker *checker;
    unsigned level;
    unsigned aside;
    FlowLetter letter;
    const char *way;
    CheckSummary *summary;
} Part;

static CheckVerdict
explore(const Part *part, bool fold)
{
    g_autoptr(CheckNet) net = nsk_check_net_new(part->checker, part->level, part->aside);
    CheckVerdict verdict = CHECK_UNPROVED;

    if (fold)
        nsk_check_net_fold(net);
    if (nsk_check_net_lay_out(net))
        verdict = nsk_check_explore(net, part->letter, part->summary, part->way);
    if (verdict != CHECK_UNPROVED)
        mark_visited(net);
    return verdict;
}

/* Not with all the work that is left, because what follows wants some. */
static CheckVerdict
explore_with_half(const Part *part, bool fold)
{
    Checker *checker = part->checker;
    int64_t kept = checker->work / 2;
    CheckVerdict verdict;

    checker->work -= kept;
    verdict = explore(part, fold);
    checker->work = MAX(checker->work, 0) + kept;
    return verdict;
}

static CheckVerdict
explore_quietly(const Part *part)
{
    Checker *checker = part->checker;
    CheckVerdict verdict;

    checker->quiet = true;
    checker->noticed = false;
    verdict = explore_with_half(part, true);
    checker->quiet = false;
    return checker->noticed ? CHECK_BROKEN : verdict;
}

static void
warn_unproved(const Part *part)
{
    Checker *checker = part->checker;
    unsigned owner = nsk_flow_level(checker->flow, part->level)->owner;
    const CheckPlace place = { .node = part->aside != FLOW_NONE ? part->aside : owner,
                               .edge = FLOW_NONE,
                               .tag = "flow-unproved",
                               .severity = NSK_SEVERITY_WARNING };
    const FlowProcess *process =
        nsk_flow_process(checker->flow, nsk_flow_level(checker->flow, part->level)->process);

    nsk_check_tell(checker, &place,
                   nsk_tr("not proved: '%s' can stand in more ways than are looked through; put "
                          "parts of it into sub-processes, which are proved one by one"),
                   place.node != FLOW_NONE ? check_node(checker, place.node)->task.id
                                           : process->id);
}

static void
prove(const Part *part)
{
    Checker *checker = part->checker;
    CheckVerdict small = explore_quietly(part);
    CheckVerdict verdict = small;

    if (small != CHECK_SOUND)
        verdict = explore_with_half(part, false);
    if (verdict == CHECK_UNPROVED && small == CHECK_BROKEN)
        verdict = explore(part, true);
    /* What is not known, or was told already, may not raise alarms elsewhere. */
    if (verdict != CHECK_SOUND)
        letters_add(&part->summary->exits, part->letter);
    if (verdict == CHECK_UNPROVED)
        warn_unproved(part);
    checker->broken[part->level] = checker->broken[part->level] || verdict != CHECK_SOUND;
}

static void
prove_all(Checker *self, unsigned level, FlowLetter letter, const char *way, CheckSummary *summary)
{
    g_autoptr(GArray) asides = nsk_check_net_asides(self, level);
    const GArray *handlers = nsk_flow_level(self->flow, level)->handlers;
    Part part = { self, level, FLOW_NONE, letter, way, summary };

    prove(&part);
    for (guint i = 0; i < asides->len; i++) {
        CheckSummary own = { .pass = summary->pass };

        part.aside = net_at(asides, i);
        part.letter = 0;
        part.summary = &own;
        prove(&part);
    }
    for (guint i = 0; i < handlers->len; i++) {
        unsigned handler = net_at(handlers, i);

        if (!nsk_check_can_begin(self, handler) || nsk_check_concerns_letter(self, handler))
            continue;
        self->visited[handler] = true;
        (void)nsk_check_level(self, check_node(self, handler)->body, 0, way);
    }
    self->explored[level] = true;
}

static CheckSummary *
find_summary(Checker *self, unsigned level, FlowLetter letter)
{
    gpointer key = GUINT_TO_POINTER(level * N_LETTERS + letter + 1);
    CheckSummary *summary = g_hash_table_lookup(self->summaries, key);

    if (summary == NULL) {
        summary = g_new0(CheckSummary, 1);
        g_hash_table_insert(self->summaries, key, summary);
    }
    return summary;
}

static bool
is_same(const FlowLetters *a, const FlowLetters *b)
{
    return a->bits[0] == b->bits[0] && a->bits[1] == b->bits[1];
}

/* Once; whether more is known afterwards. */
static bool
learn(Checker *self, unsigned level, FlowLetter letter, const char *way, CheckSummary *summary)
{
    const CheckSummary before = *summary;

    prove_all(self, level, letter, way, summary);
    return !is_same(&before.exits, &summary->exits) || !is_same(&before.during, &summary->during);
}

/* What depends on nothing that is being explored is done at once; a recursion is gone through until
 * nothing new is known. */
static void
settle(Checker *self, unsigned level, FlowLetter letter, const char *way, CheckSummary *summary)
{
    unsigned outer = self->lowest_busy;

    summary->busy = ++self->depth;
    self->lowest_busy = G_MAXUINT;
    while (learn(self, level, letter, way, summary) && self->lowest_busy != G_MAXUINT)
        self->pass++;
    summary->is_done = self->lowest_busy >= summary->busy;
    if (self->lowest_busy == summary->busy) {
        self->lowest_busy = G_MAXUINT;
        summary->busy = 0;
        self->pass++;
        (void)learn(self, level, letter, way, summary);
    }
    summary->busy = 0;
    summary->pass = self->pass;
    self->depth--;
    self->lowest_busy = MIN(self->lowest_busy, outer);
}

const CheckSummary *
nsk_check_level(Checker *self, unsigned level, FlowLetter letter, const char *way)
{
    CheckSummary *summary = find_summary(self, level, letter);
    bool quiet = self->quiet;
    bool noticed = self->noticed;

    if (summary->busy > 0)
        self->lowest_busy = MIN(self->lowest_busy, summary->busy);
    if (summary->busy > 0 || summary->is_done || summary->pass == self->pass)
        return summary;
    self->quiet = false;
    settle(self, level, letter, way, summary);
    self->quiet = quiet;
    self->noticed = noticed;
    return summary;
}
