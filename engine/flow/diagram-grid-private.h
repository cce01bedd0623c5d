/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "flow/diagram-grid.h"

/* What the two steps of the layered method share: order in columns, then rows. */
#define NONE G_MAXUINT

/* What takes a cell: a thing, or a way that passes. */
typedef struct {
    unsigned cell; /* NONE: a way */
    unsigned lane;
    unsigned column;
    unsigned order; /* in its column */
    unsigned kept;  /* the same, of the best order so far */
    unsigned near;  /* order of its neighbour on the side that is looked at; NONE: it has none */
    unsigned unit;
    unsigned block;
} Vertex;

/* Vertices of one column that stand next to each other: a thing with what goes over and under. */
typedef struct {
    unsigned lane;
    unsigned column;
    GArray *vertices; /* of unsigned, from above */
    unsigned start;   /* order of the first of them */
    double key;
    double sum;      /* of the places of neighbours */
    unsigned count;  /* of them */
    unsigned serial; /* in the order found, to sort stably */
} Unit;

/* A step from one column to the next; `way` says whose. */
typedef struct {
    unsigned left;
    unsigned right;
} Segment;

typedef struct {
    DiagramGrid *grid;
    GArray *vertices;   /* of Vertex; those of cells come first, by index */
    GPtrArray *units;   /* of Unit */
    GPtrArray *columns; /* of GPtrArray of Unit, in order */
    GPtrArray *steps;   /* of GArray of Segment: those that end in column + 1 */
    GPtrArray *chains;  /* of GArray of unsigned: vertices of each way, from left; may be empty */
    GArray *block_rows; /* of unsigned */
    GArray *block_lanes;
    GPtrArray *block_vertices; /* of GArray of unsigned */
} Arrange;

static inline DiagramCell *
get_cell(const DiagramGrid *grid, unsigned index)
{
    return &g_array_index(grid->cells, DiagramCell, index);
}

static inline DiagramWay *
get_way(const DiagramGrid *grid, unsigned index)
{
    return &g_array_index(grid->ways, DiagramWay, index);
}

static inline Vertex *
get_vertex(const Arrange *self, unsigned index)
{
    return &g_array_index(self->vertices, Vertex, index);
}

/* Gives each vertex of the ordered columns a block, and each block a row. */
void nsk_diagram_set_rows(Arrange *self);
/* The row of a vertex then. */
unsigned nsk_diagram_row_of(const Arrange *self, unsigned vertex);
