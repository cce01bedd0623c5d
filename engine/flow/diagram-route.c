/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Lines of an own layout: all horizontal and vertical.  A line runs in its rows through the columns
 * and turns between them, each turn on a track of its own where others turn at the same height.
 * At gateways lines leave and come by the upper and lower corner where nothing is in the way; ways
 * back go over what they pass, and lines of boundary events beneath it.
 */
#include "flow/diagram-level.h"

#include <math.h>

#define TRACKS_MOST 40
#define SIDE_STEP   12.0 /* between two lines at one side of an activity */
#define TOP_STEP    14.0
#define CORNER_ROOM 12.0 /* where the corners of an activity are round */
#define BORDER_STEP 18.0 /* radius of a boundary event */
#define LOOP_ROOM   14.0
#define LABEL_OVER  5.0
#define FAR         1000000

/* A way from left to right, as it stands in the picture. */
typedef struct {
    const DiagramWay *way;
    LevelEdge *edge;
    unsigned left; /* index of a node */
    unsigned right;
    unsigned first; /* column */
    unsigned last;
} Run;

static Run
run_of(const Level *self, unsigned index)
{
    const DiagramWay *way = nsk_level_way(self, index);
    unsigned left = way->is_back ? way->target : way->source;
    unsigned right = way->is_back ? way->source : way->target;

    return (Run){ way,   nsk_level_edge(self, index),        left,
                  right, nsk_level_cell(self, left)->column, nsk_level_cell(self, right)->column };
}

static bool
is_routed(const DiagramWay *way)
{
    return !way->is_loose && way->source != way->target;
}

/* The row of the way in one of its columns; at its ends that of the node, if it has none there. */
static unsigned
row_at(const Level *self, const Run *run, unsigned column)
{
    const DiagramWay *way = run->way;

    if (column >= way->from && column < way->from + way->rows->len)
        return g_array_index(way->rows, unsigned, column - way->from);
    return nsk_level_cell(self, column == run->first ? run->left : run->right)->row;
}

/* The same, where the line is drawn: one that leaves by a corner is in its next row at once. */
static unsigned
drawn_row(const Level *self, const Run *run, unsigned column)
{
    bool is_plain = !run->way->is_back && !run->way->is_under;

    if (is_plain && column == run->first && run->edge->left_port == BY_CORNER)
        return row_at(self, run, column + 1);
    if (!run->way->is_back && column == run->last && run->edge->right_port == BY_CORNER)
        return row_at(self, run, column - 1);
    return row_at(self, run, column);
}

/* --- Ports --- */

/* What stands in a cell: a node (FAR and more), a line, or nothing; by column and row. */
typedef struct {
    GHashTable *cells;
    unsigned n_rows;
} Occupied;

static gpointer
key_of(const Occupied *self, unsigned column, unsigned row)
{
    return GSIZE_TO_POINTER((gsize)column * self->n_rows + row + 1);
}

static void
occupy(const Occupied *self, unsigned column, unsigned row, unsigned by)
{
    g_hash_table_insert(self->cells, key_of(self, column, row), GUINT_TO_POINTER(by + 1));
}

/* Whether @node can send a line straight up or down from its row to @row in its column.  Lines may
 * be crossed; other nodes, and what other nodes send up and down, may not. */
static bool
is_free(const Level *level, const Occupied *self, unsigned node, unsigned row)
{
    const DiagramCell *cell = nsk_level_cell(level, node);
    int step = row > cell->row ? 1 : -1;

    for (unsigned at = cell->row; at != row;) {
        at = (unsigned)((int)at + step);
        unsigned by =
            GPOINTER_TO_UINT(g_hash_table_lookup(self->cells, key_of(self, cell->column, at)));

        if (by > 0 && by - 1 != node && (by - 1 < FAR || at == row))
            return false;
    }
    return true;
}

static void
take_corner(Level *level, const Occupied *self, unsigned node, unsigned row)
{
    const DiagramCell *cell = nsk_level_cell(level, node);
    int step = row > cell->row ? 1 : -1;

    for (unsigned at = cell->row; at != row;) {
        at = (unsigned)((int)at + step);
        occupy(self, cell->column, at, node);
    }
    if (step > 0)
        nsk_level_node(level, node)->has_bottom = true;
    else
        nsk_level_node(level, node)->has_top = true;
}

static bool
is_gateway(const Level *self, unsigned node)
{
    return nsk_diagram_kind(nsk_level_node(self, node)->element)->class == DIAGRAM_GATEWAY;
}

/* Ways back, and those of boundary events, have a row of their own over or under their ends. */
static void
set_outer_ports(Level *self, const Run *run)
{
    const DiagramWay *way = run->way;
    LevelNode *left = nsk_level_node(self, run->left);
    LevelNode *right = nsk_level_node(self, run->right);

    run->edge->left_port = BY_CORNER;
    if (!way->is_back)
        return;
    run->edge->right_port = BY_CORNER;
    if (way->is_under) {
        left->has_bottom = true;
    } else {
        left->has_top = true;
        right->has_top = right->sends_top = true;
    }
}

static void
set_left_port(Level *self, const Run *run, const Occupied *occupied)
{
    unsigned row = row_at(self, run, run->first + 1);

    if (!is_gateway(self, run->left) || row == nsk_level_cell(self, run->left)->row ||
        !is_free(self, occupied, run->left, row))
        return;
    run->edge->left_port = BY_CORNER;
    take_corner(self, occupied, run->left, row);
    if (row < nsk_level_cell(self, run->left)->row)
        nsk_level_node(self, run->left)->sends_top = true;
    else
        nsk_level_node(self, run->left)->sends_bottom = true;
}

static void
set_right_port(Level *self, const Run *run, const Occupied *occupied)
{
    unsigned row = drawn_row(self, run, run->last - 1);
    const LevelNode *node = nsk_level_node(self, run->right);
    unsigned own = nsk_level_cell(self, run->right)->row;

    if (!is_gateway(self, run->right) || row == own ||
        (row < own ? node->sends_top : node->sends_bottom) ||
        !is_free(self, occupied, run->right, row))
        return;
    run->edge->right_port = BY_CORNER;
    take_corner(self, occupied, run->right, row);
}

static void
set_ports(Level *self)
{
    g_autoptr(GHashTable) cells = g_hash_table_new(NULL, NULL);
    Occupied occupied = { cells, self->grid->n_rows };

    for (unsigned i = 0; i < self->edges->len; i++) {
        Run run = run_of(self, i);

        for (unsigned k = 0; is_routed(run.way) && k < run.way->rows->len; k++)
            occupy(&occupied, run.way->from + k, g_array_index(run.way->rows, unsigned, k),
                   FAR + i);
    }
    for (unsigned i = 0; i < self->nodes->len; i++)
        occupy(&occupied, nsk_level_cell(self, i)->column, nsk_level_cell(self, i)->row, i);
    for (unsigned i = 0; i < self->edges->len; i++) {
        Run run = run_of(self, i);

        if (!is_routed(run.way))
            continue;
        if (run.way->is_back || run.way->is_under)
            set_outer_ports(self, &run);
        else
            set_left_port(self, &run, &occupied);
    }
    for (unsigned i = 0; i < self->edges->len; i++) {
        Run run = run_of(self, i);

        if (is_routed(run.way) && !run.way->is_back)
            set_right_port(self, &run, &occupied);
    }
}

/* --- Tracks --- */

typedef struct {
    LevelEdge *edge;
    unsigned place; /* in its turns */
    unsigned gap;
    unsigned from; /* row on the left */
    unsigned to;
    int track;
} Turn;

/* So that lines which turn the same way do not cross: of those that go down, lower ones turn
 * first; of those that go up, higher ones. */
static int
by_gap(gconstpointer a, gconstpointer b)
{
    const Turn *x = a;
    const Turn *y = b;
    bool x_down = x->to > x->from;
    bool y_down = y->to > y->from;

    if (x->gap != y->gap)
        return x->gap < y->gap ? -1 : 1;
    if (x_down != y_down)
        return x_down ? 1 : -1;
    if (x->from != y->from)
        return (x->from < y->from) == x_down ? 1 : -1;
    return x->to == y->to ? 0 : (x->to < y->to) == x_down ? 1 : -1;
}

static GArray *
list_turns(const Level *self)
{
    GArray *turns = g_array_new(FALSE, FALSE, sizeof(Turn));

    for (unsigned i = 0; i < self->edges->len; i++) {
        Run run = run_of(self, i);

        run.edge->turns = g_array_new(FALSE, FALSE, sizeof(int));
        for (unsigned column = run.first; is_routed(run.way) && column < run.last; column++) {
            Turn turn = { run.edge,
                          column - run.first,
                          column,
                          drawn_row(self, &run, column),
                          drawn_row(self, &run, column + 1),
                          -1 };

            g_array_append_val(run.edge->turns, turn.track);
            if (turn.from != turn.to)
                g_array_append_val(turns, turn);
        }
    }
    g_array_sort(turns, by_gap);
    return turns;
}

static bool
overlaps(const Turn *a, const Turn *b)
{
    return MAX(MIN(a->from, a->to), MIN(b->from, b->to)) <=
           MIN(MAX(a->from, a->to), MAX(b->from, b->to));
}

/* The first track on which no turn before, from @start on, is at the same height. */
static int
find_track(const GArray *turns, unsigned start, unsigned index)
{
    const Turn *turn = &g_array_index(turns, Turn, index);
    bool is_taken[TRACKS_MOST] = { false };
    int track = 0;

    for (unsigned i = start; i < index; i++) {
        const Turn *other = &g_array_index(turns, Turn, i);

        if (overlaps(turn, other))
            is_taken[other->track] = true;
    }
    while (track < TRACKS_MOST - 1 && is_taken[track])
        track++;
    return track;
}

static void
set_tracks(Level *self)
{
    g_autoptr(GArray) turns = list_turns(self);
    unsigned start = 0;

    for (unsigned i = 0; i < turns->len; i++) {
        Turn *turn = &g_array_index(turns, Turn, i);

        if (turn->gap != g_array_index(turns, Turn, start).gap)
            start = i;
        turn->track = find_track(turns, start, i);
        g_array_index(turn->edge->turns, int, turn->place) = turn->track;
        self->n_tracks[turn->gap] = MAX(self->n_tracks[turn->gap], (unsigned)turn->track + 1);
    }
}

/* --- Places at the sides --- */

typedef enum { LEFT, RIGHT, TOP, BOTTOM } Side;

typedef struct {
    unsigned node;
    Side side;
    int64_t key; /* order along the side, from the left or from above */
    bool is_straight;
    double *offset;
} End;

static int
by_side(gconstpointer a, gconstpointer b)
{
    const End *x = a;
    const End *y = b;

    if (x->node != y->node)
        return x->node < y->node ? -1 : 1;
    if (x->side != y->side)
        return x->side < y->side ? -1 : 1;
    return x->key < y->key ? -1 : x->key > y->key;
}

/* The ends of one line at the sides of activities. */
static void
add_ends(const Level *self, const Run *run, GArray *ends)
{
    const DiagramWay *way = run->way;
    int64_t from = drawn_row(self, run, run->first);
    int64_t to = drawn_row(self, run, run->last);
    bool is_outer = way->is_back || way->is_under;
    End left = { .node = run->left, .side = RIGHT, .offset = &run->edge->left_offset };
    End right = { .node = run->right, .side = LEFT, .offset = &run->edge->right_offset };

    if (!is_outer) {
        left.key = row_at(self, run, run->first + 1);
        left.is_straight = left.key == nsk_level_cell(self, run->left)->row;
        if (run->edge->left_port == BY_SIDE)
            g_array_append_val(ends, left);
    } else if (way->is_back) {
        left.side = way->is_under ? BOTTOM : TOP;
        left.key = way->is_under ? FAR - from : FAR + from;
        g_array_append_val(ends, left);
    }
    if (way->is_back && !way->is_under) {
        right.side = TOP;
        right.key = -FAR - to;
        g_array_append_val(ends, right);
    } else if (!way->is_back && run->edge->right_port == BY_SIDE) {
        right.key = drawn_row(self, run, run->last - 1);
        right.is_straight = right.key == nsk_level_cell(self, run->right)->row;
        g_array_append_val(ends, right);
    }
}

/* Spreads the ends [start, end) of one side; one that goes straight on stays in the middle. */
static void
spread(const Level *self, const GArray *ends, unsigned start, unsigned end)
{
    const End *first = &g_array_index(ends, End, start);
    const LevelNode *node = nsk_level_node(self, first->node);
    bool is_side = first->side == LEFT || first->side == RIGHT;
    double most = MAX((is_side ? node->h : node->w) / 2 - CORNER_ROOM, 0);
    double middle = (start + end - 1) / 2.0;

    if (nsk_diagram_kind(node->element)->class != DIAGRAM_ACTIVITY)
        return;
    for (unsigned i = end; i-- > start;) {
        if (g_array_index(ends, End, i).is_straight)
            middle = i;
    }
    for (unsigned i = start; i < end; i++) {
        double offset = (i - middle) * (is_side ? SIDE_STEP : TOP_STEP);

        *g_array_index(ends, End, i).offset = CLAMP(offset, -most, most);
    }
}

static void
set_offsets(const Level *self)
{
    g_autoptr(GArray) ends = g_array_new(FALSE, FALSE, sizeof(End));
    unsigned start = 0;

    for (unsigned i = 0; i < self->edges->len; i++) {
        Run run = run_of(self, i);

        if (is_routed(run.way))
            add_ends(self, &run, ends);
    }
    g_array_sort(ends, by_side);
    for (unsigned i = 1; i <= ends->len; i++) {
        const End *first = &g_array_index(ends, End, start);

        if (i < ends->len && g_array_index(ends, End, i).node == first->node &&
            g_array_index(ends, End, i).side == first->side)
            continue;
        spread(self, ends, start, i);
        start = i;
    }
}

/* Names stand at the beginning of a line: those of lines that lead on, behind their column. */
static void
set_label_room(Level *self)
{
    for (unsigned i = 0; i < self->edges->len; i++) {
        Run run = run_of(self, i);

        if (run.edge->label_w > 0 && !run.way->is_back)
            self->labels[run.first] = MAX(self->labels[run.first], run.edge->label_w);
    }
}

void
nsk_level_route(Level *self)
{
    self->n_tracks = g_new0(unsigned, self->grid->n_columns);
    self->labels = g_new0(double, self->grid->n_columns);
    set_ports(self);
    set_tracks(self);
    set_offsets(self);
    set_label_room(self);
}

unsigned
nsk_level_label_row(const Level *self, unsigned index)
{
    Run run = run_of(self, index);

    if (!is_routed(run.way))
        return nsk_level_cell(self, run.way->source)->row;
    return drawn_row(self, &run, run.way->is_back ? run.last : run.first);
}

/* --- Corners --- */

/* Where the line from a boundary event begins, beneath it. */
static DiagramPoint
event_point(const DiagramEdge *edge)
{
    const DiagramBox *box = &edge->source->box;

    return (DiagramPoint){ box->x + box->w / 2, box->y + box->h };
}

/* From @box up or down to the height @y. */
static DiagramPoint
corner_point(const DiagramBox *box, double offset, double y)
{
    double centre = box->y + box->h / 2;

    return (DiagramPoint){ box->x + box->w / 2 + offset, y > centre ? box->y + box->h : box->y };
}

static void
reverse(GArray *points)
{
    for (unsigned i = 0, k = points->len; i + 1 < k; i++) {
        DiagramPoint point = g_array_index(points, DiagramPoint, --k);

        g_array_index(points, DiagramPoint, k) = g_array_index(points, DiagramPoint, i);
        g_array_index(points, DiagramPoint, i) = point;
    }
}

/* The left end, up to the height at which the line runs first; returns that. */
static double
begin_line(const Level *self, const Run *run, DiagramEdge *edge)
{
    const DiagramBox *box = &nsk_level_node(self, run->left)->box;
    double y = self->rows[drawn_row(self, run, run->first)];
    DiagramPoint at = { 0 };

    if (run->edge->left_port == BY_SIDE) {
        y = box->y + box->h / 2 + run->edge->left_offset;
        nsk_points_add(edge->points, box->x + box->w, y);
        return y;
    }
    at = run->way->is_under && !run->way->is_back ? event_point(edge)
                                                  : corner_point(box, run->edge->left_offset, y);
    nsk_points_add(edge->points, at.x, at.y);
    nsk_points_add(edge->points, at.x, y);
    return y;
}

static void
end_line(const Level *self, const Run *run, DiagramEdge *edge, double y)
{
    const DiagramBox *box = &nsk_level_node(self, run->right)->box;
    DiagramPoint at = { 0 };

    if (run->edge->right_port == BY_SIDE) {
        double end = box->y + box->h / 2 + run->edge->right_offset;
        double turn = self->starts[run->last - 1];

        if (fabs(end - y) > 0.01) {
            nsk_points_add(edge->points, turn, y);
            nsk_points_add(edge->points, turn, end);
        }
        nsk_points_add(edge->points, box->x, end);
        return;
    }
    at = run->way->is_under && run->way->is_back ? event_point(edge)
                                                 : corner_point(box, run->edge->right_offset, y);
    nsk_points_add(edge->points, at.x, y);
    nsk_points_add(edge->points, at.x, at.y);
}

static void
draw_routed(const Level *self, const Run *run, DiagramEdge *edge)
{
    double y = begin_line(self, run, edge);

    for (unsigned column = run->first; column < run->last; column++) {
        int track = g_array_index(run->edge->turns, int, column - run->first);
        double x = self->starts[column] + track * LEVEL_TRACK;

        if (track < 0)
            continue;
        nsk_points_add(edge->points, x, y);
        y = self->rows[drawn_row(self, run, column + 1)];
        if (column + 1 == run->last && run->edge->right_port == BY_SIDE)
            y += run->edge->right_offset;
        nsk_points_add(edge->points, x, y);
    }
    end_line(self, run, edge, y);
    if (run->way->is_back)
        reverse(edge->points);
}

/* Over the corner and back, or from a boundary event around the left side. */
static void
draw_loop(const Level *self, const Run *run, DiagramEdge *edge)
{
    const DiagramBox *box = &nsk_level_node(self, run->left)->box;
    double middle = box->y + box->h / 2;
    double right = box->x + box->w;
    DiagramPoint at = { 0 };

    if (run->way->is_under) {
        at = event_point(edge);
        nsk_points_add(edge->points, at.x, at.y);
        nsk_points_add(edge->points, at.x, at.y + LOOP_ROOM);
        nsk_points_add(edge->points, box->x - LOOP_ROOM, at.y + LOOP_ROOM);
        nsk_points_add(edge->points, box->x - LOOP_ROOM, middle);
        nsk_points_add(edge->points, box->x, middle);
        return;
    }
    bool is_flat =
        nsk_diagram_kind(nsk_level_node(self, run->left)->element)->class == DIAGRAM_ACTIVITY;
    double rise = is_flat ? box->h / 4 : 0;
    nsk_points_add(edge->points, right, middle - rise);
    nsk_points_add(edge->points, right + LOOP_ROOM, middle - rise);
    nsk_points_add(edge->points, right + LOOP_ROOM, box->y - LOOP_ROOM);
    nsk_points_add(edge->points, right - box->w / (is_flat ? 4 : 2), box->y - LOOP_ROOM);
    nsk_points_add(edge->points, right - box->w / (is_flat ? 4 : 2), box->y);
}

static void
place_name(const Level *self, const Run *run, unsigned index, DiagramEdge *edge)
{
    DiagramPoint at = g_array_index(edge->points, DiagramPoint, 0);
    double y = self->rows[nsk_level_label_row(self, index)];
    bool is_side = !run->way->is_back && run->edge->left_port == BY_SIDE;

    if (run->edge->label_w <= 0 || !is_routed(run->way))
        return;
    edge->label.w = run->edge->label_w + 1;
    edge->label_starts = true;
    edge->label.x = run->way->is_back ? at.x - 8 - edge->label.w : at.x + 6;
    edge->label.y = (is_side ? at.y : y) - LABEL_OVER - run->edge->label_h;
}

void
nsk_level_draw_way(const Level *self, unsigned index, DiagramEdge *edge)
{
    Run run = run_of(self, index);

    if (run.way->source == run.way->target)
        draw_loop(self, &run, edge);
    else if (run.way->is_loose)
        nsk_edge_straighten(edge);
    else
        draw_routed(self, &run, edge);
    place_name(self, &run, index, edge);
}
