/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "render/layout/layout.h"

/* What the files that place areas share. */

/* An edge of width 0 or a band without room draws nothing. */
void nsk_place_border(NskPage *page, const NskPdfRect *band, const NskEdge *edge, int side);
/* Where a box at @x from the start of the target's reference area begins at the left. */
NskMpt nsk_place_left(const NskTarget *target, NskMpt x, NskMpt width);
/* Colour and image of @node behind @rect; returns how many areas that are. */
guint nsk_place_background(NskPage *page, const NskFoNode *node, const NskPdfRect *rect);
/* The border of @node just within @rect. */
void nsk_place_edges(NskPage *page, const NskFoNode *node, const NskPdfRect *rect);
/* Until nsk_place_pop() positions count from (0, 0) of what stands turned in @box. */
void nsk_place_turn(NskPage *page, const NskPdfRect *box, int turn);
/* Until nsk_place_pop() nothing outside @box is drawn. */
void nsk_place_clip(NskPage *page, const NskPdfRect *box);
void nsk_place_pop(NskPage *page);
/* A whole list in @box, which is upright; the list may not be. */
void nsk_place_turned(NskLayout *self,
                      NskPage *page,
                      const NskVList *list,
                      const NskPdfRect *box,
                      int turn,
                      NskFoWord align);
void nsk_place_out(NskLayout *self, const NskTarget *target, const NskOut *out);
/* Width, style and colour of the border of @node at @side: before, after, start, end. */
NskEdge nsk_place_edge(const NskFoNode *node, int side);
/* Remembers that @key (an id, or a node) is on @page. */
void nsk_place_record(NskLayout *self, const NskPage *page, const void *key, NskMpt y);
/* place-line.c */
void nsk_place_line(NskLayout *self, const NskLine *line, const NskTarget *target, NskMpt y);
/* place-cell.c; @rect is the cell's part on this page, over the cell's own columns. */
void nsk_place_cell_back(const NskTarget *target, const NskCell *cell, const NskPdfRect *rect);
enum {
    NSK_CELL_CLOSED = 1 << 0,    /* the edge after is drawn even if a cell below would */
    NSK_CELL_CONTINUED = 1 << 1, /* from the page before */
    NSK_CELL_GOES_ON = 1 << 2,   /* on the page after */
};
void nsk_place_cell_edges(const NskTarget *target,
                          const NskCell *cell,
                          const NskPdfRect *rect,
                          unsigned flags);
