/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>
#include <stdbool.h>

/*
 * Rows and columns for the things of one level (a process or sub-process) and the ways between
 * them: the layered method of Sugiyama, Tagawa and Toda (1981), reading from left to right.
 *
 * 1. A thing has a cell of its own, and stands to the right of all that lead to it forwards.
 * 2. A way has a cell of its own in every column that it passes between its ends; a way that leads
 *    back has one over each end as well, and one that leaves at the lower side one beneath its
 *    source (and beneath its target, if it leads back).
 * 3. Between a thing and those cells over and beneath it there is no other.
 * 4. Things of a lower lane stand above those of a higher one.
 */
typedef struct {
    unsigned lane;
    unsigned column; /* out */
    unsigned row;    /* out */
} DiagramCell;

typedef struct {
    unsigned source; /* index of a cell */
    unsigned target;
    bool is_under; /* leaves at the lower side, as from a boundary event */
    bool is_back;  /* out; leads to the left, or to where it came from */
    bool is_loose; /* out; has no rows: the level is too wide for all its ways */
    unsigned from; /* out; column of the first of rows */
    GArray *rows;  /* out; of unsigned, one a column; owned */
} DiagramWay;

typedef struct {
    GArray *cells; /* of DiagramCell */
    GArray *ways;  /* of DiagramWay */
    unsigned n_lanes;
    unsigned n_columns;  /* out */
    unsigned n_rows;     /* out */
    GArray *lane_starts; /* out; of unsigned: the first row of each lane */
} DiagramGrid;

DiagramGrid *nsk_diagram_grid_new(void);
void nsk_diagram_grid_free(DiagramGrid *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(DiagramGrid, nsk_diagram_grid_free)

/* Fills what is out.  At least one cell. */
void nsk_diagram_grid_arrange(DiagramGrid *self);
