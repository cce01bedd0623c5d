/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Where a page or column ends.
 *
 * 1. At the weakest break that fits, and among equals at the last one.  So a keep of any strength
 *    wins over a full page, and nothing is kept at the price of overflowing.
 * 2. What a break leaves on the page brings its footnotes along: they must fit too.
 */
#include "render/layout/page-private.h"

/* The least of a note that is worth putting on a page. */
static int64_t
least_of(const NskNote *note)
{
    const NskVList *list = note->list;

    for (size_t at = 1; at < list->n; at++) {
        if (list->items[at].kind == NSK_V_GLUE && list->items[at].page_penalty < NSK_NEVER)
            return nsk_vlist_height(list, 0, at);
    }
    return nsk_vlist_full(list);
}

int64_t
nsk_choose_notes(const NskVList *list, size_t from, size_t to)
{
    int64_t height = 0;

    for (size_t i = 0; i < list->n_anchors; i++) {
        const NskAnchor *anchor = &list->anchors[i];

        if (anchor->item >= from && anchor->item < to && !anchor->note->is_float)
            height += nsk_vlist_full(anchor->note->list);
    }
    return height;
}

size_t
nsk_choose_break(const NskSearch *self, int *out_penalty)
{
    const NskVList *list = self->list;
    int64_t notes = self->notes, cut = self->notes;
    size_t best = 0, anchor = 0;
    int least = G_MAXINT;

    while (anchor < list->n_anchors && list->anchors[anchor].item < self->from)
        anchor++;
    for (size_t at = self->from + 1; at <= self->limit; at++) {
        const NskVItem *item = &list->items[at];
        int penalty = self->column ? item->penalty : item->page_penalty;

        if (item->kind != NSK_V_GLUE)
            continue;
        if (list->sums[at] - list->sums[self->from + 1] > self->room)
            break;
        for (; anchor < list->n_anchors && list->anchors[anchor].item < at; anchor++) {
            const NskNote *note = list->anchors[anchor].note;

            if (note->is_float || self->in_columns)
                continue;
            /* only the last one is cut */
            cut = notes + least_of(note);
            notes += nsk_vlist_full(note->list);
        }

        int64_t below = self->split ? cut : notes;
        int64_t need =
            nsk_vlist_height(list, self->from, at) + (below > 0 ? below + self->separator : 0);
        /* a note that has to be cut gets the most of the page */
        if (need <= self->room &&
            (penalty < least || (penalty == least && !(self->split && notes > cut)))) {
            best = at;
            least = penalty;
        }
    }
    *out_penalty = least;
    return best;
}
