/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Placing one connected part of a process: sizes of what is in rows and columns of the grid give
 * the places.  A column is as wide as its widest thing, a row as high as its highest; rows that
 * only lines pass are low.
 */
#include "flow/diagram-level.h"

#include <math.h>

#define GAP           25.0 /* before and behind the turns between two columns */
#define ROW_GAP       36.0 /* between rows of things; with a task of 80 the rows are 116 apart */
#define LINE_ROOM     7.0  /* over and under a row that only lines pass */
#define LINE_GAP      9.0
#define LANE_PADDING  16.0
#define LANE_SMALLEST 90.0
#define SLOT          116.0 /* of a boundary event with a name */
#define SLOT_SMALL    46.0
#define EVENT         36.0
#define EVENT_INSET   5.0 /* of a boundary event in its slot */
#define EVENT_LABEL   (SLOT - EVENT - 4)
#define ARTIFACT_GAP  22.0
#define LOOP_ROOM     16.0
#define PADDING       20.0 /* in an open sub-process */
#define SCOPE_HEAD    24.0

LevelNode *
nsk_level_node(const Level *self, unsigned index)
{
    return &g_array_index(self->nodes, LevelNode, index);
}

LevelEdge *
nsk_level_edge(const Level *self, unsigned index)
{
    return &g_array_index(self->edges, LevelEdge, index);
}

DiagramCell *
nsk_level_cell(const Level *self, unsigned index)
{
    return &g_array_index(self->grid->cells, DiagramCell, index);
}

DiagramWay *
nsk_level_way(const Level *self, unsigned index)
{
    return &g_array_index(self->grid->ways, DiagramWay, index);
}

Level *
nsk_level_new(const Diagram *diagram, NskXmlNode *scope)
{
    Level *self = g_new0(Level, 1);

    self->diagram = diagram;
    self->scope = scope;
    self->nodes = g_array_new(FALSE, TRUE, sizeof(LevelNode));
    self->edges = g_array_new(FALSE, TRUE, sizeof(LevelEdge));
    self->grid = nsk_diagram_grid_new();
    self->lane_ends = g_array_new(FALSE, FALSE, sizeof(double));
    return self;
}

void
nsk_level_free(Level *self)
{
    if (self == NULL)
        return;
    for (unsigned i = 0; i < self->nodes->len; i++) {
        LevelNode *node = nsk_level_node(self, i);

        nsk_diagram_picture_free(node->inside);
        g_clear_pointer(&node->artifacts, g_ptr_array_unref);
        g_strfreev(node->lines);
    }
    for (unsigned i = 0; i < self->edges->len; i++) {
        if (nsk_level_edge(self, i)->turns != NULL)
            g_array_free(nsk_level_edge(self, i)->turns, TRUE);
    }
    g_array_free(self->nodes, TRUE);
    g_array_free(self->edges, TRUE);
    g_array_free(self->lane_ends, TRUE);
    nsk_diagram_grid_free(self->grid);
    g_free(self->columns);
    g_free(self->rows);
    g_free(self->starts);
    g_free(self->n_tracks);
    g_free(self->labels);
    g_free(self);
}

unsigned
nsk_level_add_node(Level *self, NskXmlNode *element, DiagramPicture *inside)
{
    const DiagramKind *kind = nsk_diagram_kind(element);
    g_autofree char *name = nsk_diagram_name(self->diagram, element);
    LevelNode node = { .element = element, .inside = inside, .w = kind->w, .h = kind->h };
    DiagramCell cell = { 0 };

    if (inside != NULL) {
        node.w = inside->w + 2 * PADDING;
        node.h = inside->h + SCOPE_HEAD + PADDING;
    }
    node.boundary = g_hash_table_lookup(self->diagram->boundary, element);
    if (*name != '\0' && kind->class != DIAGRAM_ACTIVITY) {
        node.lines =
            nsk_diagram_wrap(name, DIAGRAM_LABEL_SIZE, DIAGRAM_LABEL_WIDTH, DIAGRAM_LINES_MOST);
        node.label = nsk_diagram_measure(node.lines, DIAGRAM_LABEL_SIZE);
    }
    g_array_append_val(self->nodes, node);
    g_array_append_val(self->grid->cells, cell);
    return self->nodes->len - 1;
}

void
nsk_level_add_edge(Level *self, NskXmlNode *element, unsigned source, unsigned target)
{
    g_autofree char *name = nsk_diagram_name(self->diagram, element);
    NskXmlNode *from = NULL;
    NskXmlNode *to = NULL;
    LevelEdge edge = { .element = element };
    DiagramWay way = { .source = source, .target = target };

    (void)nsk_diagram_ends(self->diagram, element, &from, &to);
    edge.from = from;
    way.is_under = from != nsk_level_node(self, source)->element;
    if (*name != '\0') {
        g_auto(GStrv) lines =
            nsk_diagram_wrap(name, DIAGRAM_LABEL_SIZE, DIAGRAM_LABEL_WIDTH, DIAGRAM_LINES_MOST);
        DiagramBox size = nsk_diagram_measure(lines, DIAGRAM_LABEL_SIZE);

        edge.label_w = size.w;
        edge.label_h = size.h;
    }
    if (source == target && way.is_under)
        nsk_level_node(self, source)->has_under_loop = true;
    else if (source == target)
        nsk_level_node(self, source)->has_loop = true;
    g_array_append_val(self->edges, edge);
    g_array_append_val(self->grid->ways, way);
}

/* --- Room --- */

static bool
has_named(const Level *self, const GPtrArray *elements)
{
    for (unsigned i = 0; i < elements->len; i++) {
        g_autofree char *name = nsk_diagram_name(self->diagram, g_ptr_array_index(elements, i));

        if (*name != '\0')
            return true;
    }
    return false;
}

/* Whether the markers of an activity stand where boundary events would cover them. */
static bool
has_markers(const LevelNode *node)
{
    DiagramShape shape = { .element = node->element,
                           .kind = nsk_diagram_kind(node->element),
                           .is_expanded = node->inside != NULL };

    return nsk_diagram_draws_markers(&shape);
}

static double
slot_of(const Level *self, const LevelNode *node)
{
    return has_named(self, node->boundary) || has_markers(node) ? SLOT : SLOT_SMALL;
}

static char **
wrap_boundary_name(const Level *self, NskXmlNode *event)
{
    g_autofree char *name = nsk_diagram_name(self->diagram, event);

    return nsk_diagram_wrap(name, DIAGRAM_LABEL_SIZE, EVENT_LABEL, DIAGRAM_LINES_MOST);
}

/* Boundary events make their activity as wide as they need, and take room beneath it.  Markers
 * stand in the middle: it is kept away from the first half of a slot. */
static void
add_boundary_room(const Level *self, LevelNode *node)
{
    unsigned n = node->boundary != NULL ? node->boundary->len : 0;
    double slot = n > 0 ? slot_of(self, node) : 0;

    if (n == 0)
        return;
    node->w = MAX(node->w, (n - 1) * slot + SLOT_SMALL);
    if (has_markers(node))
        node->w = MAX(node->w, n * slot + (n % 2 == 1 ? slot / 3 : slot * 4 / 3));
    node->right = node->w / 2;
    for (unsigned i = 0; i < n; i++) {
        g_auto(GStrv) lines = wrap_boundary_name(self, g_ptr_array_index(node->boundary, i));
        DiagramBox size = nsk_diagram_measure(lines, DIAGRAM_LABEL_SIZE);
        double x = i * slot + EVENT_INSET + EVENT + 2 - node->w / 2;

        node->down = MAX(node->down, MAX(EVENT / 2 + 4, size.h + 6));
        node->right = MAX(node->right, x + size.w);
    }
}

/* Data and annotations that belong to a node stand over it, to the right of its middle. */
static void
add_artifact_room(const Level *self, LevelNode *node, double *up, double *right)
{
    double x = 16;

    for (unsigned i = 0; node->artifacts != NULL && i < node->artifacts->len; i++) {
        NskXmlNode *element = g_ptr_array_index(node->artifacts, i);
        DiagramBox size = nsk_diagram_artifact_size(self->diagram, element);

        *up = MAX(*up, ARTIFACT_GAP + size.h);
        x += size.w + 12;
    }
    *right = MAX(*right, x);
}

bool
nsk_level_label_is_over(const LevelNode *node)
{
    bool is_gateway = nsk_diagram_kind(node->element)->class == DIAGRAM_GATEWAY;

    if (is_gateway)
        return !node->has_top || node->has_bottom;
    return node->has_bottom && !node->has_top;
}

static void
add_label_room(const LevelNode *node, double *up, double *down, double *right)
{
    if (node->lines == NULL)
        return;
    if (!nsk_level_label_is_over(node))
        *down = MAX(*down, node->label.h + 6);
    else
        *up = MAX(*up, node->label.h + 6);
    *right =
        MAX(*right, node->has_top && node->has_bottom ? 10 + node->label.w : node->label.w / 2);
}

static void
measure_nodes(const Level *self)
{
    for (unsigned i = 0; i < self->nodes->len; i++) {
        LevelNode *node = nsk_level_node(self, i);
        double up = 0;
        double right = 0;

        node->down = node->right = 0;
        add_boundary_room(self, node);
        add_artifact_room(self, node, &up, &right);
        node->right = MAX(node->right, node->w / 2);
        add_label_room(node, &up, &node->down, &node->right);
        node->left = MAX(node->w, node->label.w) / 2;
        node->right = MAX(node->right, right);
        if (node->has_loop) {
            up = MAX(up, LOOP_ROOM);
            node->right = MAX(node->right, node->w / 2 + LOOP_ROOM);
        }
        if (node->has_under_loop) {
            node->down = MAX(node->down, EVENT);
            node->left = MAX(node->left, node->w / 2 + LOOP_ROOM);
        }
        node->up = node->h / 2 + up;
        node->down += node->h / 2;
    }
}

/* --- Rows and columns --- */

static void
set_columns(Level *self)
{
    unsigned n = self->grid->n_columns;
    g_autofree double *lefts = g_new0(double, n);
    g_autofree double *rights = g_new0(double, n);
    double x = 0;

    for (unsigned i = 0; i < self->nodes->len; i++) {
        const LevelNode *node = nsk_level_node(self, i);
        unsigned column = nsk_level_cell(self, i)->column;

        lefts[column] = MAX(lefts[column], node->left);
        rights[column] = MAX(rights[column], node->right);
    }
    self->columns = g_new0(double, n);
    self->starts = g_new0(double, n);
    for (unsigned i = 0; i < n; i++) {
        self->columns[i] = x + lefts[i];
        x = self->columns[i] + rights[i];
        self->w = x;
        self->starts[i] = x + GAP + self->labels[i];
        x = self->starts[i] + self->n_tracks[i] * LEVEL_TRACK + GAP;
    }
}

/* What stands over and under the line of each row. */
static void
measure_rows(const Level *self, double *ups, double *downs, bool *is_line)
{
    for (unsigned i = 0; i < self->grid->n_rows; i++) {
        ups[i] = downs[i] = LINE_ROOM;
        is_line[i] = true;
    }
    for (unsigned i = 0; i < self->nodes->len; i++) {
        const LevelNode *node = nsk_level_node(self, i);
        unsigned row = nsk_level_cell(self, i)->row;

        ups[row] = MAX(ups[row], node->up);
        downs[row] = MAX(downs[row], node->down);
        is_line[row] = false;
    }
    for (unsigned i = 0; i < self->edges->len; i++) {
        const LevelEdge *edge = nsk_level_edge(self, i);
        unsigned row = nsk_level_label_row(self, i);

        if (edge->label_w > 0)
            ups[row] = MAX(ups[row], edge->label_h + 6);
    }
}

static bool
starts_lane(const DiagramGrid *grid, unsigned row)
{
    for (unsigned i = 0; i < grid->lane_starts->len; i++) {
        if (g_array_index(grid->lane_starts, unsigned, i) == row)
            return true;
    }
    return false;
}

static void
set_rows(Level *self)
{
    const DiagramGrid *grid = self->grid;
    g_autofree double *ups = g_new0(double, grid->n_rows);
    g_autofree double *downs = g_new0(double, grid->n_rows);
    g_autofree bool *is_line = g_new0(bool, grid->n_rows);
    bool has_lanes = grid->n_lanes > 0;
    double y = has_lanes ? LANE_PADDING : 0;
    double lane_start = 0;

    measure_rows(self, ups, downs, is_line);
    self->rows = g_new0(double, grid->n_rows);
    for (unsigned i = 0; i < grid->n_rows; i++) {
        bool ends_lane = has_lanes && (i + 1 == grid->n_rows || starts_lane(grid, i + 1));

        self->rows[i] = y + ups[i];
        y = self->rows[i] + downs[i];
        self->h = y;
        if (ends_lane) {
            y = MAX(y + LANE_PADDING, lane_start + LANE_SMALLEST);
            g_array_append_val(self->lane_ends, y);
            self->h = lane_start = y;
            y += LANE_PADDING;
        } else if (i + 1 < grid->n_rows) {
            y += is_line[i] || is_line[i + 1] ? LINE_GAP : ROW_GAP;
        }
    }
}

/* --- Shapes --- */

static void
place_boundary(const Level *self, DiagramPicture *picture, const LevelNode *node)
{
    double slot = node->boundary != NULL ? slot_of(self, node) : 0;

    for (unsigned i = 0; node->boundary != NULL && i < node->boundary->len; i++) {
        NskXmlNode *event = g_ptr_array_index(node->boundary, i);
        DiagramShape *shape = nsk_diagram_add_shape(self->diagram, picture, event);
        double x = node->box.x + i * slot + EVENT_INSET;
        double bottom = node->box.y + node->box.h;

        shape->box = (DiagramBox){ x, bottom - EVENT / 2, EVENT, EVENT };
        shape->label = (DiagramBox){ x + EVENT + 2, bottom + 5, EVENT_LABEL, 0 };
        shape->label_starts = true;
    }
}

static void
place_artifacts(const Level *self, DiagramPicture *picture, const LevelNode *node)
{
    double x = node->box.x + node->box.w / 2 + 16;

    for (unsigned i = 0; node->artifacts != NULL && i < node->artifacts->len; i++) {
        NskXmlNode *element = g_ptr_array_index(node->artifacts, i);
        DiagramBox size = nsk_diagram_artifact_size(self->diagram, element);

        nsk_diagram_place_artifact(self->diagram, picture, element,
                                   (DiagramPoint){ x, node->box.y - ARTIFACT_GAP - size.h });
        x += size.w + 12;
    }
}

static void
place_label(const LevelNode *node, DiagramShape *shape)
{
    double centre = node->box.x + node->box.w / 2;
    bool is_aside = node->has_top && node->has_bottom;

    if (node->lines == NULL)
        return;
    shape->label.w = DIAGRAM_LABEL_WIDTH;
    shape->label.x = is_aside ? centre + 10 : centre - DIAGRAM_LABEL_WIDTH / 2;
    shape->label_starts = is_aside;
    shape->label.y = nsk_level_label_is_over(node) ? node->box.y - node->label.h - 4
                                                   : node->box.y + node->box.h + 4;
}

static void
place_nodes(Level *self, DiagramPicture *picture)
{
    for (unsigned i = 0; i < self->nodes->len; i++) {
        LevelNode *node = nsk_level_node(self, i);
        const DiagramCell *cell = nsk_level_cell(self, i);
        DiagramShape *shape = nsk_diagram_add_shape(self->diagram, picture, node->element);

        node->box = (DiagramBox){ self->columns[cell->column] - node->w / 2,
                                  self->rows[cell->row] - node->h / 2, node->w, node->h };
        shape->box = node->box;
        shape->is_marked = true;
        shape->is_expanded = node->inside != NULL;
        place_label(node, shape);
        place_boundary(self, picture, node);
        place_artifacts(self, picture, node);
        if (node->inside != NULL) {
            double x = node->box.x + (node->box.w - node->inside->w) / 2;

            nsk_diagram_picture_take(picture, g_steal_pointer(&node->inside), x,
                                     node->box.y + SCOPE_HEAD);
        }
    }
}

void
nsk_level_place(Level *self, DiagramPicture *picture)
{
    nsk_diagram_grid_arrange(self->grid);
    nsk_level_route(self);
    measure_nodes(self);
    set_columns(self);
    set_rows(self);
    place_nodes(self, picture);
    for (unsigned i = 0; i < self->edges->len; i++)
        nsk_level_draw_way(
            self, i,
            nsk_diagram_add_edge(self->diagram, picture, nsk_level_edge(self, i)->element));
    picture->w = MAX(picture->w, self->w);
    picture->h = MAX(picture->h, self->h);
}
