/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "flow/diagram-grid.h"
#include "flow/diagram-private.h"

#define LEVEL_TRACK 10.0 /* between the turns of two lines */

/*
 * One connected part of a process or sub-process while it is laid out.  Nodes and edges have the
 * indices of the cells and ways of the grid.
 */
typedef struct {
    NskXmlNode *element;
    DiagramPicture *inside;    /* of an open sub-process; owned until it is placed */
    const GPtrArray *boundary; /* elements of boundary events; borrowed; NULL: none */
    GPtrArray *artifacts;      /* elements that stand over the node; owned; NULL: none */
    char **lines;              /* of a name beside it; owned; NULL: none */
    DiagramBox label;          /* width and height of that */
    double w;
    double h;
    double left; /* room from the middle of the shape */
    double right;
    double up;
    double down;
    bool has_top; /* a line comes or goes there */
    bool has_bottom;
    bool sends_top; /* a line goes there */
    bool sends_bottom;
    bool has_loop;       /* a line leads to where it comes from */
    bool has_under_loop; /* the same, from a boundary event */
    DiagramBox box;      /* where it is */
} LevelNode;

/* How a line leaves or comes to a node. */
typedef enum {
    BY_SIDE,   /* right when leaving, left when coming */
    BY_CORNER, /* straight up or down in the node's column */
} LevelPort;

typedef struct {
    NskXmlNode *element;
    NskXmlNode *from;    /* the node, or the boundary event on it */
    LevelPort left_port; /* at the left end of the way, as it stands in the picture */
    LevelPort right_port;
    double left_offset; /* of the point from the middle of the side */
    double right_offset;
    GArray *turns;  /* of int: the track of its turn behind each column; -1: none; owned */
    double label_w; /* 0: it has no name */
    double label_h;
} LevelEdge;

typedef struct {
    const Diagram *diagram;
    NskXmlNode *scope;
    GArray *nodes; /* of LevelNode */
    GArray *edges; /* of LevelEdge */
    DiagramGrid *grid;
    double *columns;    /* x of the middle of each column; out */
    double *rows;       /* y of each row; out */
    double *starts;     /* x of the first track behind each column; out */
    unsigned *n_tracks; /* behind each column; out */
    double *labels;     /* room for names of lines behind each column; out */
    double w;           /* out */
    double h;           /* out */
    GArray *lane_ends;  /* of double: where each lane ends; out */
} Level;

Level *nsk_level_new(const Diagram *diagram, NskXmlNode *scope);
void nsk_level_free(Level *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Level, nsk_level_free)

LevelNode *nsk_level_node(const Level *self, unsigned index);
LevelEdge *nsk_level_edge(const Level *self, unsigned index);
DiagramCell *nsk_level_cell(const Level *self, unsigned index);
DiagramWay *nsk_level_way(const Level *self, unsigned index);

/* Adds a node of its usual size; returns its index.  @inside is taken over. */
unsigned nsk_level_add_node(Level *self, NskXmlNode *element, DiagramPicture *inside);
void nsk_level_add_edge(Level *self, NskXmlNode *element, unsigned source, unsigned target);

/* Whether the name of a node stands over it. */
bool nsk_level_label_is_over(const LevelNode *node);
/* Gives everything its place and adds it to @picture, which gets its size. */
void nsk_level_place(Level *self, DiagramPicture *picture);

/* --- diagram-route.c --- */

/* Decides how each line leaves, turns and comes; counts the tracks. */
void nsk_level_route(Level *self);
/* The row over whose line the name of a line stands. */
unsigned nsk_level_label_row(const Level *self, unsigned index);
/* The corners of a line, once all has its place, into @edge with the place of its name. */
void nsk_level_draw_way(const Level *self, unsigned index, DiagramEdge *edge);

/* --- diagram-layout.c --- */

/* What an artifact or data object takes with its name. */
DiagramBox nsk_diagram_artifact_size(const Diagram *self, NskXmlNode *element);
void nsk_diagram_place_artifact(const Diagram *self,
                                DiagramPicture *picture,
                                NskXmlNode *element,
                                DiagramPoint corner);
