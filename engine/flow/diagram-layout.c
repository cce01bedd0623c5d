/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A layout of our own for what has no diagram data: each connected part of a level is laid out by
 * itself, parts stand side by side and beneath each other, what is in an open sub-process stands in
 * it, pools stand one beneath the other.
 */
#include "flow/diagram-level.h"

#include <math.h>
#include <string.h>

#define PART_GAP    40.0  /* between parts of a level, and between pools */
#define SHELF_WIDTH 800.0 /* up to which small parts stand side by side, if none is wider */
#define POOL_WIDTH  600.0
#define POOL_HEIGHT 60.0 /* of one whose process is not shown */
#define POOL_MARGIN 20.0
#define NOTE_WIDTH  130.0
#define NOTE_LINES  12
#define MESSAGE_GAP 20.0 /* from a pool to the turn of a message flow */

/* One level while its things are sorted. */
typedef struct {
    const Diagram *diagram;
    NskXmlNode *scope;
    GPtrArray *nodes;     /* elements that are nodes */
    GHashTable *index_of; /* element of a node or its boundary event -> index + 1 */
    GPtrArray *edges;     /* elements of sequence flows, and associations between nodes */
    GArray *parts;        /* of unsigned: the part of each node */
    GPtrArray *artifacts; /* elements */
    GHashTable *host_of;  /* element of an artifact -> index of its node + 1 */
    GPtrArray *lanes;     /* elements that have no lanes in them */
    GHashTable *lane_of;  /* element -> index of its lane + 1 */
    unsigned lane_depth;  /* how deep lanes lie in lanes */
} Sorter;

static DiagramPicture *lay_out_scope(const Diagram *diagram, NskXmlNode *scope);

static unsigned
index_of(const Sorter *self, NskXmlNode *element)
{
    return GPOINTER_TO_UINT(g_hash_table_lookup(self->index_of, element));
}

/* --- Artifacts --- */

DiagramBox
nsk_diagram_artifact_size(const Diagram *self, NskXmlNode *element)
{
    const DiagramKind *kind = nsk_diagram_kind(element);
    g_autofree char *name = nsk_diagram_name(self, element);
    bool is_note = kind->class == DIAGRAM_NOTE;
    g_auto(GStrv) lines =
        nsk_diagram_wrap(name, DIAGRAM_LABEL_SIZE, is_note ? NOTE_WIDTH - 10 : DIAGRAM_LABEL_WIDTH,
                         is_note ? NOTE_LINES : DIAGRAM_LINES_MOST);
    DiagramBox size = nsk_diagram_measure(lines, DIAGRAM_LABEL_SIZE);

    if (is_note)
        return (DiagramBox){ 0, 0, NOTE_WIDTH, MAX(size.h, 20) + 8 };
    return (DiagramBox){ 0, 0, MAX(kind->w, size.w), kind->h + size.h + 4 };
}

void
nsk_diagram_place_artifact(const Diagram *self,
                           DiagramPicture *picture,
                           NskXmlNode *element,
                           DiagramPoint corner)
{
    DiagramShape *shape = nsk_diagram_add_shape(self, picture, element);
    DiagramBox size = nsk_diagram_artifact_size(self, element);
    bool is_note = shape->kind->class == DIAGRAM_NOTE;
    double w = is_note ? size.w : shape->kind->w;

    double h = is_note ? size.h : shape->kind->h;

    shape->box = (DiagramBox){ corner.x + (size.w - w) / 2, corner.y + size.h - h, w, h };
    if (!is_note && *shape->name != '\0') /* over it: lines come from beneath */
        shape->label = (DiagramBox){ corner.x, corner.y, size.w, size.h - h };
}

static bool
is_artifact(NskXmlNode *element, GHashTable *referenced)
{
    const DiagramKind *kind = nsk_diagram_kind(element);

    if (kind == NULL ||
        (strcmp(kind->name, "dataObject") == 0 && g_hash_table_contains(referenced, element)))
        return false;
    return kind->class == DIAGRAM_DATA || kind->class == DIAGRAM_STORE ||
           kind->class == DIAGRAM_NOTE || kind->class == DIAGRAM_GROUP;
}

static void
list_artifacts(Sorter *self)
{
    g_autoptr(GHashTable) referenced = g_hash_table_new(NULL, NULL);
    NskXmlNode *inputs = nsk_xml_child(self->scope, "ioSpecification");

    for (NskXmlNode *child = nsk_xml_first(self->scope); child != NULL;
         child = nsk_xml_next(child)) {
        NskXmlNode *object = nsk_diagram_find(self->diagram, nsk_xml_attr(child, "dataObjectRef"));

        if (object != NULL)
            g_hash_table_add(referenced, object);
    }
    for (NskXmlNode *child = nsk_xml_first(self->scope); child != NULL;
         child = nsk_xml_next(child)) {
        if (is_artifact(child, referenced))
            g_ptr_array_add(self->artifacts, child);
    }
    for (NskXmlNode *child = inputs != NULL ? nsk_xml_first(inputs) : NULL; child != NULL;
         child = nsk_xml_next(child)) {
        if (is_artifact(child, referenced))
            g_ptr_array_add(self->artifacts, child);
    }
}

/* Notes that an artifact belongs to the node at the other end of @edge. */
static void
note_host(Sorter *self, NskXmlNode *edge)
{
    NskXmlNode *ends[2] = { NULL };

    if (!nsk_diagram_ends(self->diagram, edge, &ends[0], &ends[1]))
        return;
    for (unsigned i = 0; i < 2; i++) {
        NskXmlNode *artifact = ends[i];
        unsigned index = index_of(self, ends[1 - i]);
        const DiagramKind *kind = nsk_diagram_kind(artifact);

        if (index > 0 && kind != NULL && !nsk_diagram_is_flow_node(kind) &&
            nsk_xml_parent(artifact) == self->scope &&
            !g_hash_table_contains(self->host_of, artifact))
            g_hash_table_insert(self->host_of, artifact, GUINT_TO_POINTER(index));
    }
}

static void
find_hosts(Sorter *self)
{
    for (NskXmlNode *child = nsk_xml_first(self->scope); child != NULL;
         child = nsk_xml_next(child)) {
        if (nsk_xml_is(child, DIAGRAM_BPMN_NS, "association"))
            note_host(self, child);
        if (!nsk_diagram_is_flow_node(nsk_diagram_kind(child)))
            continue;
        for (NskXmlNode *inner = nsk_xml_first(child); inner != NULL; inner = nsk_xml_next(inner)) {
            const DiagramKind *kind = nsk_diagram_kind(inner);

            if (kind != NULL && kind->class == DIAGRAM_DATA_FLOW)
                note_host(self, inner);
        }
    }
}

/* --- Nodes, edges and their parts --- */

static void
list_nodes(Sorter *self)
{
    for (NskXmlNode *child = nsk_xml_first(self->scope); child != NULL;
         child = nsk_xml_next(child)) {
        NskXmlNode *host = nsk_diagram_find(self->diagram, nsk_xml_attr(child, "attachedToRef"));
        GPtrArray *boundary = NULL;
        gpointer index = NULL;

        if (!nsk_diagram_is_flow_node(nsk_diagram_kind(child)))
            continue;
        if (nsk_diagram_is_boundary(child) && host != NULL) {
            boundary = g_hash_table_lookup(self->diagram->boundary, host);
            if (boundary != NULL && g_ptr_array_find(boundary, child, NULL))
                continue;
        }
        g_ptr_array_add(self->nodes, child);
        index = GUINT_TO_POINTER(self->nodes->len);
        g_hash_table_insert(self->index_of, child, index);
        boundary = g_hash_table_lookup(self->diagram->boundary, child);
        for (unsigned i = 0; boundary != NULL && i < boundary->len; i++)
            g_hash_table_insert(self->index_of, g_ptr_array_index(boundary, i), index);
    }
}

static void
list_edges(Sorter *self)
{
    for (NskXmlNode *child = nsk_xml_first(self->scope); child != NULL;
         child = nsk_xml_next(child)) {
        const DiagramKind *kind = nsk_diagram_kind(child);
        NskXmlNode *source = NULL;
        NskXmlNode *target = NULL;

        if (kind != NULL &&
            (kind->class == DIAGRAM_SEQUENCE || kind->class == DIAGRAM_ASSOCIATION) &&
            nsk_diagram_ends(self->diagram, child, &source, &target) &&
            index_of(self, source) > 0 && index_of(self, target) > 0)
            g_ptr_array_add(self->edges, child);
    }
}

static void
get_ends(const Sorter *self, NskXmlNode *edge, unsigned *out_source, unsigned *out_target)
{
    NskXmlNode *source = NULL;
    NskXmlNode *target = NULL;

    (void)nsk_diagram_ends(self->diagram, edge, &source, &target);
    *out_source = index_of(self, source) - 1;
    *out_target = index_of(self, target) - 1;
}

static unsigned
find_part(GArray *parts, unsigned node)
{
    while (g_array_index(parts, unsigned, node) != node) {
        unsigned next = g_array_index(parts, unsigned, node);

        g_array_index(parts, unsigned, node) = g_array_index(parts, unsigned, next);
        node = next;
    }
    return node;
}

/* Each node's part is named by the first node in it. */
static void
find_parts(Sorter *self)
{
    for (unsigned i = 0; i < self->nodes->len; i++)
        g_array_append_val(self->parts, i);
    for (unsigned i = 0; i < self->edges->len; i++) {
        unsigned source = 0;
        unsigned target = 0;

        get_ends(self, g_ptr_array_index(self->edges, i), &source, &target);
        source = find_part(self->parts, source);
        target = find_part(self->parts, target);
        g_array_index(self->parts, unsigned, MAX(source, target)) = MIN(source, target);
    }
    for (unsigned i = 0; i < self->nodes->len; i++)
        g_array_index(self->parts, unsigned, i) =
            self->lanes->len > 0 ? 0 : find_part(self->parts, i);
}

/* --- Lanes --- */

/* Lists the lanes beneath @set that have none in them; nodes belong to the innermost that names
 * them. */
static void
list_lanes(Sorter *self, NskXmlNode *set, unsigned depth)
{
    self->lane_depth = MAX(self->lane_depth, depth + 1);
    for (NskXmlNode *lane = nsk_xml_first(set); lane != NULL; lane = nsk_xml_next(lane)) {
        NskXmlNode *inner = nsk_xml_child(lane, "childLaneSet");
        unsigned first = self->lanes->len;

        if (!nsk_xml_is(lane, DIAGRAM_BPMN_NS, "lane"))
            continue;
        if (inner != NULL && nsk_xml_child(inner, "lane") != NULL)
            list_lanes(self, inner, depth + 1);
        if (self->lanes->len == first)
            g_ptr_array_add(self->lanes, lane);
        for (NskXmlNode *ref = nsk_xml_first(lane); ref != NULL; ref = nsk_xml_next(ref)) {
            g_autofree char *id = nsk_xml_text_folded(ref);
            NskXmlNode *node = nsk_diagram_find(self->diagram, id);

            if (nsk_xml_is(ref, DIAGRAM_BPMN_NS, "flowNodeRef") && node != NULL &&
                !g_hash_table_contains(self->lane_of, node))
                g_hash_table_insert(self->lane_of, node, GUINT_TO_POINTER(first + 1));
        }
    }
}

/* Where the rows of the lane or lanes in @lane lie, and its box; returns the next lane. */
static unsigned
place_lane(const Sorter *self,
           const Level *level,
           NskXmlNode *lane,
           unsigned first,
           DiagramPicture *picture)
{
    NskXmlNode *inner = nsk_xml_child(lane, "childLaneSet");
    unsigned depth = 0;
    unsigned next = first;
    DiagramShape *shape = nsk_diagram_add_shape(self->diagram, picture, lane);
    double top = first > 0 ? g_array_index(level->lane_ends, double, first - 1) : 0;

    for (NskXmlNode *at = nsk_xml_parent(lane); at != self->scope; at = nsk_xml_parent(at))
        depth += nsk_xml_is(at, DIAGRAM_BPMN_NS, "lane");
    for (NskXmlNode *child = inner != NULL ? nsk_xml_first(inner) : NULL; child != NULL;
         child = nsk_xml_next(child)) {
        if (nsk_xml_is(child, DIAGRAM_BPMN_NS, "lane"))
            next = place_lane(self, level, child, next, picture);
    }
    next = MAX(next, first + 1);
    shape->box = (DiagramBox){ depth * DIAGRAM_BAND, top, picture->w - depth * DIAGRAM_BAND,
                               g_array_index(level->lane_ends, double, next - 1) - top };
    return next;
}

/* --- A level --- */

/* Moves the nodes, edges and artifacts of one part into a level of its own. */
static Level *
make_level(Sorter *self, unsigned part)
{
    Level *level = nsk_level_new(self->diagram, self->scope);
    g_autofree unsigned *places = g_new0(unsigned, self->nodes->len);

    for (unsigned i = 0; i < self->nodes->len; i++) {
        NskXmlNode *element = g_ptr_array_index(self->nodes, i);
        unsigned lane = GPOINTER_TO_UINT(g_hash_table_lookup(self->lane_of, element));

        if (g_array_index(self->parts, unsigned, i) != part)
            continue;
        places[i] = nsk_level_add_node(
            level, element,
            nsk_diagram_is_scope(element) ? lay_out_scope(self->diagram, element) : NULL);
        nsk_level_cell(level, places[i])->lane = lane > 0 ? lane - 1 : self->lanes->len;
        if (self->lanes->len > 0)
            level->grid->n_lanes =
                MAX(level->grid->n_lanes,
                    MAX(self->lanes->len, nsk_level_cell(level, places[i])->lane + 1));
    }
    for (unsigned i = 0; i < self->edges->len; i++) {
        unsigned source = 0;
        unsigned target = 0;

        get_ends(self, g_ptr_array_index(self->edges, i), &source, &target);
        if (g_array_index(self->parts, unsigned, source) == part)
            nsk_level_add_edge(level, g_ptr_array_index(self->edges, i), places[source],
                               places[target]);
    }
    for (unsigned i = 0; i < self->artifacts->len; i++) {
        gpointer element = g_ptr_array_index(self->artifacts, i);
        unsigned host = GPOINTER_TO_UINT(g_hash_table_lookup(self->host_of, element));
        LevelNode *node = NULL;

        if (host == 0 || g_array_index(self->parts, unsigned, host - 1) != part)
            continue;
        node = nsk_level_node(level, places[host - 1]);
        if (node->artifacts == NULL)
            node->artifacts = g_ptr_array_new();
        g_ptr_array_add(node->artifacts, element);
    }
    return level;
}

/* Puts pictures side by side and beneath each other into one. */
typedef struct {
    DiagramPicture *picture;
    double limit;
    double x;
    double y;
    double height; /* of the present row */
} Shelf;

static void
put(Shelf *self, DiagramPicture *part)
{
    double w = part->w;
    double h = part->h;

    if (self->x > 0 && self->x + w > self->limit) {
        self->y += self->height + PART_GAP;
        self->x = self->height = 0;
    }
    nsk_diagram_picture_take(self->picture, part, self->x, self->y);
    self->picture->w = MAX(self->picture->w, self->x + w);
    self->picture->h = MAX(self->picture->h, self->y + h);
    self->height = MAX(self->height, h);
    self->x += w + PART_GAP;
}

static void
put_artifacts(const Sorter *self, Shelf *shelf)
{
    shelf->x = shelf->height = 0;
    shelf->y = shelf->picture->h > 0 ? shelf->picture->h + PART_GAP / 2 : 0;
    for (unsigned i = 0; i < self->artifacts->len; i++) {
        NskXmlNode *element = g_ptr_array_index(self->artifacts, i);
        DiagramPicture *part = NULL;
        DiagramBox size = nsk_diagram_artifact_size(self->diagram, element);

        if (g_hash_table_contains(self->host_of, element))
            continue;
        part = nsk_diagram_picture_new(self->scope);
        nsk_diagram_place_artifact(self->diagram, part, element, (DiagramPoint){ 0, 0 });
        part->w = size.w;
        part->h = size.h;
        put(shelf, part);
    }
}

static DiagramPicture *
place_parts(Sorter *self)
{
    g_autoptr(GPtrArray) parts = g_ptr_array_new();
    Shelf shelf = { nsk_diagram_picture_new(self->scope), SHELF_WIDTH, 0, 0, 0 };

    for (unsigned i = 0; i < self->nodes->len; i++) {
        g_autoptr(Level) level = NULL;
        DiagramPicture *part = NULL;

        if (g_array_index(self->parts, unsigned, i) != i)
            continue;
        level = make_level(self, i);
        part = nsk_diagram_picture_new(self->scope);
        nsk_level_place(level, part);
        shelf.limit = MAX(shelf.limit, part->w);
        g_ptr_array_add(parts, part);
    }
    for (unsigned i = 0; i < parts->len; i++)
        put(&shelf, g_ptr_array_index(parts, i));
    put_artifacts(self, &shelf);
    return shelf.picture;
}

/* All in one part, in bands. */
static DiagramPicture *
place_in_lanes(Sorter *self)
{
    DiagramPicture *picture = nsk_diagram_picture_new(self->scope);
    DiagramPicture *inside = nsk_diagram_picture_new(self->scope);
    NskXmlNode *set = nsk_xml_child(self->scope, "laneSet");
    double indent = self->lane_depth * DIAGRAM_BAND + POOL_MARGIN;
    g_autoptr(Level) level = make_level(self, 0);
    unsigned next = 0;
    Shelf shelf = { picture, SHELF_WIDTH, 0, 0, 0 };

    if (self->nodes->len > 0)
        nsk_level_place(level, inside);
    for (unsigned i = level->lane_ends->len; i < self->lanes->len; i++) {
        inside->h += 90;
        g_array_append_val(level->lane_ends, inside->h);
    }
    picture->w = indent + MAX(inside->w, POOL_WIDTH / 2) + POOL_MARGIN;
    picture->h = inside->h;
    for (NskXmlNode *lane = nsk_xml_first(set); lane != NULL; lane = nsk_xml_next(lane)) {
        if (nsk_xml_is(lane, DIAGRAM_BPMN_NS, "lane"))
            next = place_lane(self, level, lane, next, picture);
    }
    nsk_diagram_picture_take(picture, inside, indent, 0);
    put_artifacts(self, &shelf);
    return picture;
}

static DiagramPicture *
lay_out_scope(const Diagram *diagram, NskXmlNode *scope)
{
    g_autoptr(GPtrArray) nodes = g_ptr_array_new();
    g_autoptr(GHashTable) indices = g_hash_table_new(NULL, NULL);
    g_autoptr(GPtrArray) edges = g_ptr_array_new();
    g_autoptr(GArray) parts = g_array_new(FALSE, FALSE, sizeof(unsigned));
    g_autoptr(GPtrArray) artifacts = g_ptr_array_new();
    g_autoptr(GHashTable) hosts = g_hash_table_new(NULL, NULL);
    g_autoptr(GPtrArray) lanes = g_ptr_array_new();
    g_autoptr(GHashTable) lane_of = g_hash_table_new(NULL, NULL);
    Sorter self = { diagram,   scope, nodes, indices, edges, parts,
                    artifacts, hosts, lanes, lane_of, 0 };
    NskXmlNode *set = nsk_xml_child(scope, "laneSet");

    list_nodes(&self);
    list_edges(&self);
    list_artifacts(&self);
    find_hosts(&self);
    if (set != NULL)
        list_lanes(&self, set, 0);
    find_parts(&self);
    if (nodes->len == 0 && artifacts->len == 0 && lanes->len == 0)
        return NULL;
    return lanes->len > 0 ? place_in_lanes(&self) : place_parts(&self);
}

/* --- Pools --- */

static void
put_pool(const Diagram *diagram, DiagramPicture *picture, NskXmlNode *pool)
{
    NskXmlNode *process = nsk_diagram_process_of(diagram, pool);
    DiagramPicture *inside = process != NULL ? lay_out_scope(diagram, process) : NULL;
    bool has_lanes = process != NULL && nsk_xml_child(process, "laneSet") != NULL;
    double margin = has_lanes ? 0 : POOL_MARGIN;
    double top = picture->h > 0 ? picture->h + PART_GAP : 0;
    DiagramShape *shape = nsk_diagram_add_shape(diagram, picture, pool);

    shape->box = (DiagramBox){ 0, top, POOL_WIDTH, POOL_HEIGHT };
    if (inside != NULL) {
        shape->box.w = inside->w + DIAGRAM_BAND + 2 * margin;
        shape->box.h = inside->h + 2 * margin;
        nsk_diagram_picture_take(picture, inside, DIAGRAM_BAND + margin, top + margin);
    }
    picture->w = MAX(picture->w, shape->box.w);
    picture->h = top + shape->box.h;
}

/* A lane that does not lie in a sub-process. */
static bool
is_pool_lane(const DiagramShape *shape)
{
    NskXmlNode *at = shape->element;

    if (shape->kind->class != DIAGRAM_LANE)
        return false;
    while (at != NULL && !nsk_diagram_is_scope(at))
        at = nsk_xml_parent(at);
    return at == NULL;
}

/* All pools, and the lanes in them, are as wide as the widest. */
static void
widen_pools(const DiagramPicture *picture)
{
    for (unsigned i = 0; i < picture->shapes->len; i++) {
        DiagramShape *shape = g_ptr_array_index(picture->shapes, i);

        if (shape->kind->class == DIAGRAM_POOL || is_pool_lane(shape))
            shape->box.w = picture->w - shape->box.x;
    }
}

static DiagramPicture *
lay_out_collaboration(const Diagram *diagram, NskXmlNode *root)
{
    DiagramPicture *picture = nsk_diagram_picture_new(root);
    Shelf shelf = { picture, SHELF_WIDTH, 0, 0, 0 };

    for (NskXmlNode *child = nsk_xml_first(root); child != NULL; child = nsk_xml_next(child)) {
        if (nsk_xml_is(child, DIAGRAM_BPMN_NS, "participant"))
            put_pool(diagram, picture, child);
    }
    widen_pools(picture);
    shelf.y = picture->h > 0 ? picture->h + PART_GAP : 0;
    for (NskXmlNode *child = nsk_xml_first(root); child != NULL; child = nsk_xml_next(child)) {
        const DiagramKind *kind = nsk_diagram_kind(child);
        DiagramBox size = { 0 };
        DiagramPicture *part = NULL;

        if (kind == NULL || nsk_diagram_is_edge(kind) || kind->class == DIAGRAM_POOL)
            continue;
        part = nsk_diagram_picture_new(root);
        size = nsk_diagram_artifact_size(diagram, child);
        nsk_diagram_place_artifact(diagram, part, child, (DiagramPoint){ 0, 0 });
        part->w = size.w;
        part->h = size.h;
        put(&shelf, part);
    }
    return picture;
}

/* --- What is left --- */

/* The pool in which a shape stands; the shape itself if it is in none. */
static const DiagramBox *
pool_of(const DiagramPicture *picture, const DiagramShape *shape)
{
    for (unsigned i = 0; i < picture->shapes->len; i++) {
        const DiagramShape *other = g_ptr_array_index(picture->shapes, i);

        if (other->kind->class == DIAGRAM_POOL &&
            nsk_box_holds(&other->box, nsk_box_centre(&shape->box)))
            return &other->box;
    }
    return &shape->box;
}

/* A message flow goes straight up or down, and turns between the pools. */
static void
draw_message(const DiagramPicture *picture, DiagramEdge *edge)
{
    const DiagramBox *source = &edge->source->box;
    const DiagramBox *target = &edge->target->box;
    bool goes_down = nsk_box_centre(target).y > nsk_box_centre(source).y;
    const DiagramBox *pool = pool_of(picture, edge->target);
    double turn = goes_down ? pool->y - MESSAGE_GAP : pool->y + pool->h + MESSAGE_GAP;
    double from = nsk_box_centre(source).x;
    double to = nsk_box_centre(target).x;

    if (edge->source->kind->class == DIAGRAM_POOL)
        from = CLAMP(to, source->x + DIAGRAM_BAND, source->x + source->w);
    else if (edge->target->kind->class == DIAGRAM_POOL)
        to = CLAMP(from, target->x + DIAGRAM_BAND, target->x + target->w);
    nsk_points_add(edge->points, from, goes_down ? source->y + source->h : source->y);
    if (fabs(from - to) > 0.01) {
        nsk_points_add(edge->points, from, turn);
        nsk_points_add(edge->points, to, turn);
    }
    nsk_points_add(edge->points, to, goes_down ? target->y : target->y + target->h);
    if (edge->points->len < 2)
        nsk_edge_straighten(edge);
}

/* Draws straight what joins shapes and has no line yet: associations, data flows, and flows that
 * lead from one level into another, which nobody can run. */
static void
add_rest(const Diagram *diagram, DiagramPicture *picture, NskXmlNode *node)
{
    for (NskXmlNode *child = nsk_xml_first(node); child != NULL; child = nsk_xml_next(child)) {
        NskXmlNode *process = nsk_diagram_process_of(diagram, child);
        NskXmlNode *source = NULL;
        NskXmlNode *target = NULL;
        DiagramEdge *edge = NULL;

        add_rest(diagram, picture, process != NULL ? process : child);
        if (!nsk_diagram_is_edge(nsk_diagram_kind(child)) ||
            g_hash_table_contains(picture->by_element, child) ||
            !nsk_diagram_ends(diagram, child, &source, &target) || source == target ||
            nsk_diagram_shape_of(picture, source) == NULL ||
            nsk_diagram_shape_of(picture, target) == NULL)
            continue;
        edge = nsk_diagram_add_edge(diagram, picture, child);
        if (edge->kind->class == DIAGRAM_MESSAGE_FLOW)
            draw_message(picture, edge);
        else
            nsk_edge_straighten(edge);
    }
}

DiagramPicture *
nsk_diagram_lay_out(const Diagram *self, NskXmlNode *root)
{
    bool is_process = nsk_diagram_is_scope(root) || nsk_xml_is(root, DIAGRAM_BPMN_NS, "process") ||
                      nsk_xml_is(root, DIAGRAM_BPMN_NS, "choreography");
    DiagramPicture *picture =
        is_process ? lay_out_scope(self, root) : lay_out_collaboration(self, root);

    if (picture == NULL)
        picture = nsk_diagram_picture_new(root);
    add_rest(self, picture, root);
    return picture;
}
