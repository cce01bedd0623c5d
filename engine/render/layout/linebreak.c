/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Choosing line ends.
 *
 * Justified text: the total fit of Knuth and Plass ("Breaking Paragraphs into Lines", 1981) over
 * possible breaks with prefix sums, in a ladder of tolerances: without hyphens a blank may stretch
 * to its limit, then with hyphens, then looser and looser; at last a line may stick out.
 *
 * 1. A line's ratio is slack / stretch or slack / shrink; under -1 it does not fit.
 * 2. One active node a break is enough, for all lines but the first are of one width.
 * 3. The number of active nodes is bounded by the breaks that one line can hold, so the time is
 *    linear in the paragraph.
 * 4. Every step makes progress: if nothing fits, the shortest line possible is taken.
 *
 * Ragged text: first fit.
 */
#include "render/layout/layout.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* beginning of a paragraph */
#define NO_BREAK UINT32_MAX

typedef struct {
    double demerits;
    uint32_t previous; /* break where the line before ended, or NO_BREAK */
    int fitness;       /* 0 tight, 1 normal, 2 loose, 3 very loose */
    bool reached;
} Node;

typedef struct {
    const NskBreak *breaks;
    size_t n;
    const NskLineShape *shape;
    Node *nodes; /* one a break, and one for the beginning at the end */
    double tolerance;
    bool hyphens;
    bool emergency;
} Fit;

typedef struct {
    double tolerance;
    bool hyphens;
    bool emergency;
} Rung;

/* In units of a blank's stretch, half its width. */
static const Rung ladder[] = {
    { 1.0, false, false }, { 1.0, true, false }, { 2.0, false, false },
    { 2.0, true, false },  { 6.0, true, false }, { 1e6, true, true },
};

static const NskBreak start_break = { 0 };

static const NskBreak *
break_at(const Fit *self, uint32_t index)
{
    return index == NO_BREAK ? &start_break : &self->breaks[index];
}

static Node *
node_at(const Fit *self, uint32_t index)
{
    return &self->nodes[index == NO_BREAK ? self->n : index];
}

static int64_t
line_slack(const Fit *self, uint32_t from, size_t to)
{
    const NskBreak *a = break_at(self, from), *b = &self->breaks[to];
    int64_t width = from == NO_BREAK ? self->shape->first_width : self->shape->width;

    return width - (b->width_end - a->width_next + b->hyphen);
}

/* The adjustment ratio; below -1 too long. */
static double
line_ratio(const Fit *self, uint32_t from, size_t to)
{
    const NskBreak *a = break_at(self, from), *b = &self->breaks[to];
    int64_t slack = line_slack(self, from, to);
    int64_t stretch = b->stretch_end - a->stretch_next, shrink = b->shrink_end - a->shrink_next;

    if (slack >= 0 && b->forced)
        return 0;
    if (slack >= 0)
        return stretch > 0 ? (double)slack / (double)stretch : slack == 0 ? 0 : 1e5;
    if (shrink <= 0)
        return -1e5;
    return (double)slack / (double)shrink;
}

static int
fitness_of(double ratio)
{
    return ratio < -0.5 ? 0 : ratio <= 0.5 ? 1 : ratio <= 1 ? 2 : 3;
}

static void
try_line(Fit *self, uint32_t from, size_t to, double ratio)
{
    const Node *a = node_at(self, from);
    const NskBreak *b = &self->breaks[to];
    Node *node = &self->nodes[to];
    double badness = 100 * pow(MIN(fabs(ratio), 1e4), 3);
    double demerits = (1 + badness) * (1 + badness) + (double)b->penalty * b->penalty;
    int fitness = fitness_of(ratio);

    if (b->hyphen > 0 && from != NO_BREAK && break_at(self, from)->hyphen > 0)
        demerits += 10000; /* two hyphens one under the other */
    if (to + 1 == self->n && from != NO_BREAK && break_at(self, from)->hyphen > 0)
        demerits += 5000; /* a piece of a word alone in the last line */
    if (from != NO_BREAK && abs(fitness - a->fitness) > 1)
        demerits += 5000;
    demerits += a->demerits;
    if (node->reached && node->demerits <= demerits)
        return;
    *node = (Node){ demerits, from, fitness, true };
}

/*
 * Tries the lines that end at @to from every active node; those that have become too long leave.
 * Returns the new number of active nodes.
 */
static size_t
visit_break(Fit *self, size_t to, uint32_t *active, size_t n_active)
{
    bool forced = self->breaks[to].forced;
    size_t kept = 0;
    uint32_t last = n_active > 0 ? active[n_active - 1] : NO_BREAK;

    for (size_t i = 0; i < n_active; i++) {
        double ratio = line_ratio(self, active[i], to);

        if (ratio >= -1 && ratio <= self->tolerance)
            try_line(self, active[i], to, ratio);
        if (ratio >= -1 && !forced)
            active[kept++] = active[i];
    }
    if (self->emergency && !self->nodes[to].reached && kept == 0 && n_active > 0)
        try_line(self, last, to, -10);
    if (self->nodes[to].reached)
        active[kept++] = (uint32_t)to;
    return kept;
}

static bool
run_rung(Fit *self, const Rung *rung, uint32_t *active)
{
    size_t n_active = 1;

    self->tolerance = rung->tolerance;
    self->hyphens = rung->hyphens;
    self->emergency = rung->emergency;
    memset(self->nodes, 0, (self->n + 1) * sizeof *self->nodes);
    active[0] = NO_BREAK;
    for (size_t to = 0; to < self->n && n_active > 0; to++) {
        if (self->breaks[to].hyphen > 0 && !self->hyphens)
            continue;
        n_active = visit_break(self, to, active, n_active);
    }
    return self->nodes[self->n - 1].reached;
}

static size_t
trace_back(const Fit *self, NskArena *arena, uint32_t **out_chosen)
{
    size_t count = 0;

    for (uint32_t at = (uint32_t)(self->n - 1); at != NO_BREAK; at = self->nodes[at].previous)
        count++;
    *out_chosen = NSK_ARENA_NEW(arena, uint32_t, count);

    size_t i = count;
    for (uint32_t at = (uint32_t)(self->n - 1); at != NO_BREAK; at = self->nodes[at].previous)
        (*out_chosen)[--i] = at;
    return count;
}

static size_t
total_fit(Fit *self, NskArena *arena, uint32_t **out_chosen)
{
    g_autofree uint32_t *active = g_new(uint32_t, self->n + 1);

    for (size_t i = 0; i < G_N_ELEMENTS(ladder); i++) {
        if (ladder[i].hyphens && !ladder[i].emergency && !self->shape->hyphens)
            continue;
        if (run_rung(self, &ladder[i], active))
            break;
    }
    g_assert(self->nodes[self->n - 1].reached);
    return trace_back(self, arena, out_chosen);
}

static size_t
first_fit(const Fit *self, NskArena *arena, uint32_t **out_chosen)
{
    uint32_t from = NO_BREAK;
    size_t count = 0, next = 0;

    *out_chosen = NSK_ARENA_NEW(arena, uint32_t, self->n);
    while (next < self->n) {
        size_t chosen = next;

        for (size_t to = next; to < self->n; to++) {
            if (to > next && line_slack(self, from, to) < 0)
                break;
            chosen = to;
            if (self->breaks[to].forced)
                break;
        }
        (*out_chosen)[count++] = (uint32_t)chosen;
        from = (uint32_t)chosen;
        next = chosen + 1;
    }
    return count;
}

size_t
nsk_linebreak_choose(NskArena *arena,
                     const NskBreak *breaks,
                     size_t n_breaks,
                     const NskLineShape *shape,
                     uint32_t **out_chosen)
{
    Fit fit = { .breaks = breaks, .n = n_breaks, .shape = shape };

    g_assert(n_breaks > 0 && breaks[n_breaks - 1].forced);
    if (!shape->justify)
        return first_fit(&fit, arena, out_chosen);

    g_autofree Node *nodes = g_new0(Node, n_breaks + 1);
    fit.nodes = nodes;
    return total_fit(&fit, arena, out_chosen);
}
