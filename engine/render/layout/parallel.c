/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Columns that run side by side: a list item's label and body, the cells of a row.  Together they
 * can be broken where each has come to a break of its own.
 *
 * 1. The steps rise: offset is how much of the unbroken height lies before the break, that is the
 *    height less what the tallest rest needs.
 * 2. extra makes up for columns whose part before the break is taller than that.
 * 3. No step leaves a column that has something without anything before the first break, so a label
 *    never stands without its text.
 */
#include "base/message.h"
#include "render/layout/layout.h"

#include <stdlib.h>
#include <string.h>

#define MAX_STEP_CELLS 2000000

typedef struct {
    int64_t height; /* of the part before */
    size_t at;
} Candidate;

/* Height of what comes before the break at glue @at, and of what comes after it. */
static int64_t
part_before(const NskColumn *column, size_t at)
{
    if (at == 0)
        return 0;
    return column->before + nsk_vlist_height(column->list, 0, at) +
           (at + 1 == column->list->n ? column->after : column->cut_after);
}

static int64_t
part_after(const NskColumn *column, size_t at)
{
    const NskVList *list = column->list;

    if (at + 1 >= list->n)
        return 0;
    return (at > 0 ? column->cut_before : column->before) +
           nsk_vlist_height(list, at, list->n - 1) + column->after;
}

static bool
is_break(const NskVList *list, size_t at)
{
    return at > 0 && at + 1 < list->n && list->items[at].kind == NSK_V_GLUE;
}

static bool
is_forced(const NskVList *list, size_t at)
{
    return list->items[at].kind == NSK_V_GLUE && list->items[at].forced != NSK_W_NONE_OF_THEM;
}

static int
compare_candidates(const void *a, const void *b)
{
    const Candidate *left = a, *right = b;

    return left->height < right->height ? -1 : left->height > right->height;
}

/* All heights at which a column can break, and the least height that gives each a part. */
static GArray *
collect(const NskParallel *self, int64_t *out_least)
{
    GArray *found = g_array_new(FALSE, FALSE, sizeof(Candidate));

    *out_least = 0;
    for (size_t c = 0; c < self->n_columns; c++) {
        const NskColumn *column = &self->columns[c];
        bool first = true;

        for (size_t at = 1; at < column->list->n; at++) {
            Candidate candidate = { .at = at };
            bool last = at + 1 == column->list->n;

            if (!last && (!is_break(column->list, at) ||
                          (column->list->items[at].page_penalty >= NSK_NEVER &&
                           !is_forced(column->list, at))))
                continue;
            candidate.height = part_before(column, at);
            if (first)
                *out_least = MAX(*out_least, candidate.height);
            first = false;
            if (!last)
                g_array_append_val(found, candidate);
        }
    }
    g_array_sort(found, compare_candidates);
    return found;
}

/* The farthest allowed break of @column from @from on whose part is not over @height. */
static size_t
advance_column(const NskColumn *column, size_t from, int64_t height, int *penalty)
{
    const NskVList *list = column->list;
    size_t best = from;

    for (size_t at = from + 1; at < list->n; at++) {
        if (list->items[at].kind != NSK_V_GLUE)
            continue;
        if (part_before(column, at) > height)
            break;
        if (at + 1 == list->n || list->items[at].page_penalty < NSK_NEVER || is_forced(list, at))
            best = at;
        if (is_forced(list, at))
            break;
    }
    if (is_break(list, best))
        *penalty = MAX(*penalty, list->items[best].page_penalty);
    return best;
}

static void
measure_step(const NskParallel *self, NskStep *step)
{
    int64_t before = 0, after = 0;

    step->forced = NSK_W_NONE_OF_THEM;
    for (size_t c = 0; c < self->n_columns; c++) {
        before = MAX(before, part_before(&self->columns[c], step->at[c]));
        after = MAX(after, part_after(&self->columns[c], step->at[c]));
        if (is_break(self->columns[c].list, step->at[c]) &&
            is_forced(self->columns[c].list, step->at[c]))
            step->forced = self->columns[c].list->items[step->at[c]].forced;
    }
    step->offset = (NskMpt)MAX(0, self->height - after);
    step->extra = (NskMpt)CLAMP(before - step->offset, 0, G_MAXINT / 4);
}

static void
add_ends(NskLayout *layout, NskParallel *self, size_t max_steps)
{
    self->steps = NSK_ARENA_NEW(layout->arena, NskStep, max_steps);
    self->steps[0].at = NSK_ARENA_NEW(layout->arena, size_t, self->n_columns);
    self->n_steps = 1;
}

static void
finish(NskLayout *layout, NskParallel *self)
{
    NskStep *end = &self->steps[self->n_steps++];

    end->at = NSK_ARENA_NEW(layout->arena, size_t, self->n_columns);
    end->offset = self->height;
    for (size_t c = 0; c < self->n_columns; c++)
        end->at[c] = self->columns[c].list->n - 1;
}

static bool
is_finished(const NskParallel *self, const NskStep *step)
{
    for (size_t c = 0; c < self->n_columns; c++) {
        if (step->at[c] + 1 < self->columns[c].list->n)
            return false;
    }
    return true;
}

static void
add_steps(NskLayout *layout, NskParallel *self, const GArray *candidates, int64_t least)
{
    /* a row of very many cells is broken more coarsely */
    guint stride = 1 + (guint)(candidates->len * self->n_columns / MAX_STEP_CELLS);

    for (guint i = 0; i < candidates->len; i += stride) {
        int64_t height = g_array_index(candidates, Candidate, i).height;
        const NskStep *before = &self->steps[self->n_steps - 1];
        NskStep *step = &self->steps[self->n_steps];

        if (height < least ||
            (i > 0 && height == g_array_index(candidates, Candidate, i - 1).height))
            continue;
        step->at = NSK_ARENA_NEW(layout->arena, size_t, self->n_columns);
        step->penalty = 0;
        for (size_t c = 0; c < self->n_columns; c++)
            step->at[c] = advance_column(&self->columns[c], before->at[c], height, &step->penalty);
        if (is_finished(self, step))
            break;
        measure_step(self, step);
        if (step->offset < before->offset)
            step->offset = before->offset;
        self->n_steps++;
    }
}

static NskMpt
full_height(const NskParallel *self)
{
    int64_t height = 0;

    for (size_t c = 0; c < self->n_columns; c++) {
        const NskColumn *column = &self->columns[c];

        height = MAX(height, column->before + nsk_vlist_full(column->list) + column->after);
    }
    return (NskMpt)MIN(height, G_MAXINT / 4);
}

static void
set_bottoms(NskParallel *self)
{
    for (size_t c = 0; c < self->n_columns; c++) {
        self->columns[c].top = 0;
        self->columns[c].bottom = self->height;
    }
}

void
nsk_parallel_step(NskLayout *layout, NskParallel *self, NskMpt min_height)
{
    int64_t least = 0;

    self->height = MAX(min_height, full_height(self));
    set_bottoms(self);

    g_autoptr(GArray) candidates = collect(self, &least);
    add_ends(layout, self, candidates->len + 2);
    add_steps(layout, self, candidates, least);
    finish(layout, self);
}

void
nsk_parallel_fix(NskLayout *layout, NskParallel *self, NskMpt height)
{
    self->height = MAX(0, height);
    for (size_t c = 0; c < self->n_columns; c++)
        nsk_vlist_refuse_breaks(layout, self->columns[c].list);
    set_bottoms(self);
    add_ends(layout, self, 2);
    finish(layout, self);
}

/* A break behind the rows that end at @row: cells that reach over it are broken where they can. */
static void
set_row_step(const NskParallel *self, NskMpt row, NskStep *step)
{
    for (size_t c = 0; c < self->n_columns; c++) {
        const NskColumn *column = &self->columns[c];

        if (column->bottom <= row) {
            step->at[c] = column->list->n - 1;
        } else if (column->top < row) {
            step->at[c] = advance_column(column, step->at[c], row - column->top, &step->penalty);
        }
    }
    step->offset = row;
    step->extra = 0;
}

void
nsk_parallel_step_rows(NskLayout *layout, NskParallel *self, const NskMpt *rows, size_t n)
{
    add_ends(layout, self, n + 2);
    for (size_t c = 0; c < self->n_columns; c++)
        nsk_vlist_refuse_breaks(layout, self->columns[c].list);
    for (size_t r = 1; r < n; r++) {
        const NskStep *before = &self->steps[self->n_steps - 1];
        NskStep *step = &self->steps[self->n_steps++];

        step->at = NSK_ARENA_NEW(layout->arena, size_t, self->n_columns);
        memcpy(step->at, before->at, self->n_columns * sizeof *step->at);
        step->penalty = 0;
        set_row_step(self, rows[r], step);
    }
    finish(layout, self);
}
