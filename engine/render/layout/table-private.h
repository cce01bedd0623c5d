/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "render/layout/layout.h"

/* What table-grid.c finds out about a table and table.c lays out. */

#define NSK_TABLE_MAX_COLUMNS 500
#define NSK_GRID_KNOWN        64 /* borders that are remembered; any number will do */

typedef struct {
    NskFoNode *node;
    unsigned row, column; /* of the whole table, from 0; rows in the order they print */
    unsigned rows, columns;
} NskGridCell;

typedef struct {
    NskFoNode *node;
    NskFoNode *part; /* table-header, -body or -footer */
    unsigned first_cell, n_cells;
    bool joined; /* a row span reaches from the row before into this one */
} NskGridRow;

/* The border that nodes with these traits have at a side. */
typedef struct {
    const NskFoTraits *traits;
    int side;
    NskEdge edge;
} NskKnownEdge;

typedef struct {
    NskFoNode *table;
    unsigned n_columns;
    NskMpt *x;           /* n_columns + 1: where columns begin in the reference area */
    NskFoNode **columns; /* the table-column of each; NULL for none */
    NskGridCell *cells;
    unsigned n_cells;
    NskGridRow *rows;
    unsigned n_rows;
    unsigned *owner; /* of each row and column: the cell's index + 1, 0 for none */
    bool collapsed;
    NskKnownEdge *known; /* NSK_GRID_KNOWN of them, by number of traits and side */
} NskGrid;

/* NULL with an issue reported. */
NskGrid *nsk_grid_new(NskLayout *layout, NskFoNode *table, NskMpt reference);
/* How much lower the content of row @row begins under a repeated header of @header rows than under
 * the row before it. */
NskMpt nsk_grid_lead(const NskGrid *self, unsigned row, unsigned header);
/* The edge of a cell at @side: with collapsed borders the winner of all that meet there. */
NskEdge nsk_grid_edge(const NskGrid *self, const NskGridCell *cell, int side);
