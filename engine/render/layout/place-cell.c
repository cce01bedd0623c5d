/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Backgrounds and borders of table cells.  With collapsed borders the cell's rectangle reaches to
 * the middles of its edges, and an edge between two cells is drawn once: by the cell below or after
 * it, but at a page's end by the one above.
 */
#include "render/layout/place-private.h"

static NskPdfRect
cell_rect(const NskTarget *target, const NskCell *cell, const NskPdfRect *rect)
{
    return (NskPdfRect){ nsk_place_left(target, cell->x, cell->width), rect->y, cell->width,
                         rect->height };
}

void
nsk_place_cell_back(const NskTarget *target, const NskCell *cell, const NskPdfRect *rect)
{
    NskPdfRect box = cell_rect(target, cell, rect);

    for (size_t i = 0; i < G_N_ELEMENTS(cell->backgrounds) && box.height > 0; i++) {
        if (cell->backgrounds[i] != NULL)
            nsk_place_background(target->page, cell->backgrounds[i], &box);
    }
}

/* Separate borders end where a cell is cut, unless they are retained. */
static bool
is_cut(const NskCell *cell, int side, unsigned flags)
{
    unsigned cut = side == 0 ? NSK_CELL_CONTINUED : side == 1 ? NSK_CELL_GOES_ON : 0;

    return !cell->collapsed && (flags & cut) != 0 &&
           nsk_fo_word(cell->node, NSK_P_BORDER_BEFORE_CONDITIONALITY + (NskFoProperty)side) !=
               NSK_W_RETAIN;
}

void
nsk_place_cell_edges(const NskTarget *target,
                     const NskCell *cell,
                     const NskPdfRect *rect,
                     unsigned flags)
{
    NskPdfRect box = cell_rect(target, cell, rect);

    for (int side = 0; side < 4; side++) {
        const NskEdge *edge = &cell->edges[side];
        NskPdfRect band = box;
        NskMpt out = cell->collapsed ? edge->width / 2 : 0;

        if (side == 1 && !cell->draw_after && (flags & NSK_CELL_CLOSED) == 0)
            continue;
        if (is_cut(cell, side, flags))
            continue;
        if (side == 3 && !cell->draw_end)
            continue;
        if (side < 2) {
            /* the corners belong to the horizontal edges */
            NskMpt left = cell->collapsed ? cell->edges[target->rl ? 3 : 2].width / 2 : 0;
            NskMpt right = cell->collapsed ? cell->edges[target->rl ? 2 : 3].width / 2 : 0;

            band.x -= left;
            band.width += left + right;
            band.height = edge->width;
            band.y = side == 0 ? box.y - out : box.y + box.height - edge->width + out;
        } else {
            band.width = edge->width;
            band.x =
                (side == 2) != target->rl ? box.x - out : box.x + box.width - edge->width + out;
        }
        nsk_place_border(target->page, &band, edge, side);
    }
}
