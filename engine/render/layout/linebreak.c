/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Choosing line ends: the total fit of Knuth and Plass ("Breaking Paragraphs into Lines", 1981)
 * over possible breaks with prefix sums, with the measures of Apache FOP, so that both end lines
 * alike:
 *
 *     a line's ratio is slack / stretch, or slack / shrink if it is too long; under -1 it never
 * fits its demerits are (1 + 100 |ratio|^3 + penalty)^2, and 50 more where two hyphens stand one
 * under the other, and where a loose line follows a tight one it is tried with ratios up to 1 and
 * no hyphens; then with hyphens, or else up to 5; then up to 20, and where nothing fits the least
 * bad line is taken
 *
 * 1. Lines but the first are of one width, so four active nodes a break are enough, one for each
 *    fitness of the line that ends there.
 * 2. A node leaves when lines from it have become too long, so the number of active ones is bounded
 *    by the breaks that one line can hold, and the time is linear in the paragraph.
 * 3. Every forced step ends at a later break, so the last is reached.
 * 4. A forced break ends a part of the paragraph that is fitted by itself.
 */
#include "render/layout/layout.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define NO_BREAK UINT32_MAX /* beginning of the part */
#define NO_NODE  UINT32_MAX
#define EXTRA    50.0 /* demerits of two hyphens in a row, and of unlike lines */
#define HUGE_SUM 1e15 /* demerits of what the hyphenation ladder forbids */

typedef struct {
    double demerits;
    double ratio;
    uint32_t at;       /* the break where its line ends */
    uint32_t previous; /* node */
    int fitness;       /* 0 tight, 1 normal, 2 loose, 3 very loose */
    int hyphens;       /* lines in a row that end in one, up to here */
} Node;

typedef struct {
    const NskBreak *breaks;
    uint32_t start, end; /* breaks of the part; the last is its end */
    NskBreak origin;     /* what the part begins with */
    const NskLineShape *shape;
    bool is_first;
    GArray *nodes;  /* of Node */
    GArray *active; /* of node numbers */
    double tolerance;
    bool hyphens;
    bool force;
    uint32_t deactivated, too_short, too_long, forced; /* nodes of the search for the least bad */
} Fit;

static Node *
node_at(const Fit *self, uint32_t index)
{
    return &g_array_index(self->nodes, Node, index);
}

static const NskBreak *
break_of(const Fit *self, const Node *node)
{
    return node->at == NO_BREAK ? &self->origin : &self->breaks[node->at];
}

static uint32_t
add_node(Fit *self, const Node *node)
{
    g_array_append_vals(self->nodes, node, 1);
    return self->nodes->len - 1;
}

static int64_t
line_slack(const Fit *self, const Node *from, uint32_t to)
{
    const NskBreak *a = break_of(self, from), *b = &self->breaks[to];
    bool first = self->is_first && from->at == NO_BREAK;
    int64_t width = first ? self->shape->first_width : self->shape->width;

    if (b->forced)
        width -= self->shape->last_indent;
    return width - (b->width_end - a->width_next + b->hyphen);
}

/* The adjustment ratio; below -1 too long. */
static double
line_ratio(const Fit *self, const Node *from, uint32_t to)
{
    const NskBreak *a = break_of(self, from), *b = &self->breaks[to];
    int64_t slack = line_slack(self, from, to);
    int64_t shrink = b->shrink_end - a->shrink_next;
    int64_t stretch = b->stretch_end - a->stretch_next +
                      (b->forced ? self->shape->last_stretch : self->shape->stretch);

    if (slack == 0)
        return 0;
    if (slack > 0)
        return stretch > 0 ? (double)slack / (double)stretch : 1000;
    return shrink > 0 ? (double)slack / (double)shrink : -1000;
}

static int
fitness_of(double ratio)
{
    return ratio < -0.5 ? 0 : ratio <= 0.5 ? 1 : ratio <= 1 ? 2 : 3;
}

/* The node of a line from @from to the break @to. */
static Node
make_node(const Fit *self, uint32_t from_index, uint32_t to, double ratio)
{
    const Node *from = node_at(self, from_index);
    const NskBreak *b = &self->breaks[to];
    double size = fabs(ratio), cost = 1 + 100 * size * size * size + b->penalty;
    Node node = { .demerits = cost * cost + from->demerits,
                  .ratio = ratio,
                  .at = to,
                  .previous = from_index,
                  .fitness = fitness_of(ratio),
                  .hyphens = b->flagged ? from->hyphens + 1 : 0 };

    if (node.hyphens > 1)
        node.demerits += EXTRA;
    if (self->shape->ladder > 0 && node.hyphens > self->shape->ladder)
        node.demerits += HUGE_SUM;
    if (abs(node.fitness - from->fitness) > 1)
        node.demerits += EXTRA;
    return node;
}

static void
keep_better(Fit *self, uint32_t *slot, const Node *node, bool or_equal)
{
    if (*slot == NO_NODE)
        *slot = add_node(self, node);
    else if (node->demerits < node_at(self, *slot)->demerits ||
             (or_equal && node->demerits == node_at(self, *slot)->demerits))
        *node_at(self, *slot) = *node;
}

static void
deactivate(Fit *self, uint32_t index)
{
    const Node *node = node_at(self, index), *other;

    if (self->deactivated != NO_NODE) {
        other = node_at(self, self->deactivated);
        /* the beginning lies before every break */
        if (node->at + 1 < other->at + 1 ||
            (node->at == other->at && node->demerits >= other->demerits))
            return;
    }
    self->deactivated = index;
}

static void
add_best(Fit *self, const Node best[4])
{
    double least = INFINITY;

    for (int i = 0; i < 4; i++)
        least = MIN(least, best[i].demerits);
    for (int i = 0; i < 4 && isfinite(least); i++) {
        if (best[i].demerits <= least + EXTRA) {
            uint32_t index = add_node(self, &best[i]);

            g_array_append_val(self->active, index);
        }
    }
}

/* Tries the lines that end at @to from every active node; those that have become too long leave. */
static void
visit_break(Fit *self, uint32_t to)
{
    bool end = self->breaks[to].forced;
    Node best[4] = { { INFINITY, 0, 0, 0, 0, 0 },
                     { INFINITY, 0, 0, 0, 0, 0 },
                     { INFINITY, 0, 0, 0, 0, 0 },
                     { INFINITY, 0, 0, 0, 0, 0 } };
    guint kept = 0, n = self->active->len;

    self->deactivated = self->too_long = NO_NODE;
    for (guint i = 0; i < n; i++) {
        uint32_t index = g_array_index(self->active, uint32_t, i);
        double ratio = line_ratio(self, node_at(self, index), to);
        bool fits = ratio >= -1 && ratio <= self->tolerance;
        Node node = make_node(self, index, to, ratio);

        if (ratio < -1 || end)
            deactivate(self, index);
        else
            g_array_index(self->active, uint32_t, kept++) = index;
        if (fits && node.demerits < best[node.fitness].demerits)
            best[node.fitness] = node;
        if (self->force && ratio <= -1)
            keep_better(self, &self->too_long, &node, false);
        else if (self->force && ratio > self->tolerance)
            keep_better(self, &self->too_short, &node, true);
    }
    g_array_set_size(self->active, kept);
    add_best(self, best);
}

/* Goes on from the least bad line when no line fits; the break after which to go on. */
static uint32_t
go_on(Fit *self, uint32_t to)
{
    uint32_t last = node_at(self, self->forced)->at, chosen;

    if (self->deactivated != NO_NODE && self->deactivated != self->forced) {
        if (node_at(self, self->deactivated)->ratio > 0)
            self->too_short = self->deactivated;
        else
            self->too_long = self->deactivated;
    }
    chosen = self->too_short;
    if (chosen == NO_NODE || node_at(self, chosen)->at == last)
        chosen = self->too_long;
    if (chosen == NO_NODE || (last != NO_BREAK && node_at(self, chosen)->at <= last) ||
        node_at(self, chosen)->at == NO_BREAK) {
        Node node = make_node(self, self->forced, to, -1);

        chosen = add_node(self, &node);
    }
    self->forced = chosen;
    self->too_short = NO_NODE;
    node_at(self, chosen)->demerits = 0;
    g_array_set_size(self->active, 0);
    g_array_append_val(self->active, chosen);
    return node_at(self, chosen)->at;
}

/* The last node of the best way through the part, or NO_NODE. */
static uint32_t
run(Fit *self, double tolerance, bool hyphens, bool force)
{
    Node first = { .at = NO_BREAK, .previous = NO_NODE, .fitness = 1 };

    self->tolerance = tolerance;
    self->hyphens = hyphens;
    self->force = force;
    self->too_short = NO_NODE;
    g_array_set_size(self->nodes, 0);
    g_array_set_size(self->active, 0);
    self->forced = add_node(self, &first);
    g_array_append_val(self->active, self->forced);
    for (uint32_t to = self->start; to <= self->end; to++) {
        if (self->breaks[to].flagged && !self->hyphens)
            continue;
        visit_break(self, to);
        if (self->active->len == 0 && !force)
            return NO_NODE;
        if (self->active->len == 0)
            to = go_on(self, to);
    }

    uint32_t best = NO_NODE;
    for (guint i = 0; i < self->active->len; i++) {
        uint32_t index = g_array_index(self->active, uint32_t, i);

        if (best == NO_NODE || node_at(self, index)->demerits < node_at(self, best)->demerits)
            best = index;
    }
    return best;
}

static void
fit_part(Fit *self, GArray *chosen)
{
    bool hyphens = self->shape->hyphens;
    guint before = chosen->len;
    uint32_t node = run(self, 1, false, false);

    if (node == NO_NODE)
        node = run(self, hyphens ? 1 : 5, hyphens, false);
    if (node == NO_NODE)
        node = run(self, 20, hyphens, true);
    for (; node_at(self, node)->at != NO_BREAK; node = node_at(self, node)->previous)
        g_array_append_val(chosen, node_at(self, node)->at);
    for (guint i = before, j = chosen->len - 1; i < j; i++, j--) {
        uint32_t other = g_array_index(chosen, uint32_t, i);

        g_array_index(chosen, uint32_t, i) = g_array_index(chosen, uint32_t, j);
        g_array_index(chosen, uint32_t, j) = other;
    }
}

/* Whether the part is one line. */
static bool
is_one_line(const Fit *self)
{
    Node first = { .at = NO_BREAK };

    return self->start == self->end || self->shape->no_wrap ||
           line_slack(self, &first, self->end) >= 0;
}

size_t
nsk_linebreak_choose(NskArena *arena,
                     const NskBreak *breaks,
                     size_t n_breaks,
                     const NskLineShape *shape,
                     uint32_t **out_chosen)
{
    Fit fit = { .breaks = breaks, .shape = shape, .is_first = true };
    g_autoptr(GArray) chosen = g_array_new(FALSE, FALSE, sizeof(uint32_t));
    g_autoptr(GArray) nodes = g_array_new(FALSE, FALSE, sizeof(Node));
    g_autoptr(GArray) active = g_array_new(FALSE, FALSE, sizeof(uint32_t));

    g_assert(n_breaks > 0 && n_breaks < NO_BREAK && breaks[n_breaks - 1].forced);
    fit.nodes = nodes;
    fit.active = active;
    while (fit.start < n_breaks) {
        fit.end = fit.start;
        while (!breaks[fit.end].forced)
            fit.end++;
        if (is_one_line(&fit))
            g_array_append_val(chosen, fit.end);
        else
            fit_part(&fit, chosen);
        fit.origin = breaks[fit.end];
        fit.start = fit.end + 1;
        fit.is_first = false;
    }
    *out_chosen = NSK_ARENA_NEW(arena, uint32_t, chosen->len);
    memcpy(*out_chosen, chosen->data, chosen->len * sizeof(uint32_t));
    return chosen->len;
}
