/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The file's own diagram data (BPMN 2.0.2, section 12: BPMN DI).
 *
 * Nothing in it is believed.  A plane is used if every number in it is finite and of a size that a
 * person could have drawn, and every node of its processes has a shape at a place of its own; else
 * the picture is laid out by the program, with a warning that says why.  What is missing without
 * hiding a node (a line, a label, an annotation) is made up for.
 */
#include "base/message.h"
#include "flow/diagram-private.h"

#include <math.h>
#include <string.h>

#define DI_NS       "http://www.omg.org/spec/BPMN/20100524/DI"
#define DC_NS       "http://www.omg.org/spec/DD/20100524/DC"
#define BIOCOLOR_NS "http://bpmn.io/schema/bpmn/biocolor/1.0"
#define COLOR_NS    "http://www.omg.org/spec/BPMN/non-normative/color/1.0"

#define FARTHEST    100000.0 /* of a coordinate from 0 */
#define LARGEST     20000.0  /* side of a shape */
#define SMALLEST    1.0
#define POINTS_MOST 200 /* of an edge */

typedef struct {
    const Diagram *diagram;
    NskXmlNode *plane;
    NskXmlNode *root;
    DiagramPicture *picture;
    GPtrArray *edges; /* BPMNEdge elements, read when all shapes are known */
    bool is_broken;   /* a warning said why */
} Reader;

static void give_up(Reader *self, NskXmlNode *at, const char *format, ...) G_GNUC_PRINTF(3, 4);

/* The first reason is told, and no more. */
static void
give_up(Reader *self, NskXmlNode *at, const char *format, ...)
{
    va_list args;

    va_start(args, format);
    g_autofree char *text = g_strdup_vprintf(format, args);
    va_end(args);
    if (!self->is_broken)
        nsk_diagram_warn(self->diagram, at, "%s", text);
    self->is_broken = true;
}

/* A number of the diagram data; false if it is none or @most is less. */
static bool
read_number(NskXmlNode *node, const char *attribute, double most, double *out_value)
{
    const char *text = nsk_xml_attr(node, attribute);
    char *end = NULL;
    double value = text != NULL ? g_ascii_strtod(text, &end) : 0;

    if (text == NULL || end == text || *end != '\0' || !isfinite(value) || fabs(value) > most)
        return false;
    *out_value = value;
    return true;
}

static bool
read_bounds(NskXmlNode *holder, double smallest, DiagramBox *out_box)
{
    NskXmlNode *bounds = nsk_xml_child(holder, "Bounds");
    DiagramBox box = { 0 };

    if (bounds == NULL || !read_number(bounds, "x", FARTHEST, &box.x) ||
        !read_number(bounds, "y", FARTHEST, &box.y) ||
        !read_number(bounds, "width", LARGEST, &box.w) ||
        !read_number(bounds, "height", LARGEST, &box.h) || box.w < smallest || box.h < smallest)
        return false;
    *out_box = box;
    return true;
}

/* A colour "#rgb" or "#rrggbb", or NULL: nothing else of the file becomes a style. */
static const char *
read_colour(NskXmlNode *node, const char *biocolor, const char *color)
{
    const char *text = nsk_xml_attr_ns(node, COLOR_NS, color);

    if (text == NULL)
        text = nsk_xml_attr_ns(node, BIOCOLOR_NS, biocolor);
    if (text == NULL || text[0] != '#' || (strlen(text) != 4 && strlen(text) != 7))
        return NULL;
    for (const char *p = text + 1; *p != '\0'; p++) {
        if (!g_ascii_isxdigit(*p))
            return NULL;
    }
    return text;
}

static void
read_label(NskXmlNode *node, DiagramBox *label)
{
    NskXmlNode *holder = nsk_xml_child(node, "BPMNLabel");

    if (holder != NULL && !read_bounds(holder, 0, label))
        label->w = 0;
}

/* Whether @element is to be drawn: all, but of a foreign plane only what belongs to the process. */
static bool
is_wanted(const Reader *self, NskXmlNode *element)
{
    NskXmlNode *at = element;
    NskXmlNode *owner =
        nsk_diagram_find_root(self->diagram, nsk_xml_attr(self->plane, "bpmnElement"));

    if (owner == self->root || !nsk_xml_is(self->root, DIAGRAM_BPMN_NS, "process"))
        return true;
    while (at != NULL && at != self->root)
        at = nsk_xml_parent(at);
    return at == self->root ||
           (nsk_xml_is(element, DIAGRAM_BPMN_NS, "participant") &&
            nsk_diagram_find_root(self->diagram, nsk_xml_attr(element, "processRef")) ==
                self->root);
}

/* The element that a shape or edge stands for; NULL if it is not to be drawn. */
static NskXmlNode *
element_of(const Reader *self, NskXmlNode *node)
{
    const char *ref = nsk_xml_attr(node, "bpmnElement");
    NskXmlNode *element = nsk_diagram_find(self->diagram, ref);

    if (element == NULL)
        nsk_diagram_warn(self->diagram, node,
                         nsk_tr("the diagram data has a %s for '%s', which there is not; it is "
                                "passed over"),
                         nsk_xml_name(node), ref != NULL ? ref : "");
    return element != NULL && is_wanted(self, element) ? element : NULL;
}

static void
read_shape(Reader *self, NskXmlNode *node)
{
    NskXmlNode *element = element_of(self, node);
    const char *band = nsk_xml_attr(node, "participantBandKind");
    DiagramShape *shape = NULL;

    if (element == NULL || nsk_diagram_is_edge(nsk_diagram_kind(element)) ||
        (band == NULL && nsk_diagram_shape_of(self->picture, element) != NULL))
        return;
    shape = nsk_diagram_add_shape(self->diagram, self->picture, element);
    if (!read_bounds(node, SMALLEST, &shape->box)) {
        give_up(self, node,
                nsk_tr("the bounds of '%s' cannot be drawn; the picture is laid out by the program "
                       "instead"),
                shape->id);
        return;
    }
    read_label(node, &shape->label);
    shape->is_horizontal = nsk_diagram_is_true(node, "isHorizontal", true);
    shape->is_expanded = nsk_diagram_is_true(node, "isExpanded", false);
    shape->is_expanded_given = nsk_xml_attr(node, "isExpanded") != NULL;
    shape->is_marked = nsk_diagram_is_true(node, "isMarkerVisible", false);
    shape->band = band;
    shape->fill = read_colour(node, "fill", "background-color");
    shape->stroke = read_colour(node, "stroke", "border-color");
    shape->ink = read_colour(node, "stroke", "color");
}

static void
read_points(Reader *self, NskXmlNode *node, DiagramEdge *edge)
{
    for (NskXmlNode *point = nsk_xml_first(node); point != NULL; point = nsk_xml_next(point)) {
        DiagramPoint at = { 0 };

        if (strcmp(nsk_xml_name(point), "waypoint") != 0)
            continue;
        if (!read_number(point, "x", FARTHEST, &at.x) ||
            !read_number(point, "y", FARTHEST, &at.y) || edge->points->len >= POINTS_MOST) {
            give_up(self, point,
                    nsk_tr("the line of '%s' cannot be drawn; the picture is laid out by the "
                           "program instead"),
                    edge->id);
            return;
        }
        nsk_points_add(edge->points, at.x, at.y);
    }
}

/* Cuts an end that lies inside its shape at the shape's border. */
static void
clip_ends(const DiagramEdge *edge)
{
    DiagramPoint *points = (DiagramPoint *)(void *)edge->points->data;
    unsigned last = edge->points->len - 1;

    if (edge->source != NULL && nsk_shape_holds(edge->source, points[0]) &&
        !nsk_shape_holds(edge->source, points[1]))
        points[0] = nsk_shape_cut(edge->source, points[0], points[1]);
    if (edge->target != NULL && nsk_shape_holds(edge->target, points[last]) &&
        !nsk_shape_holds(edge->target, points[last - 1]))
        points[last] = nsk_shape_cut(edge->target, points[last], points[last - 1]);
}

static void
read_edge(Reader *self, NskXmlNode *node)
{
    NskXmlNode *element = element_of(self, node);
    DiagramEdge *edge = NULL;

    if (element == NULL || !nsk_diagram_is_edge(nsk_diagram_kind(element)) ||
        g_hash_table_contains(self->picture->by_element, element))
        return;
    edge = nsk_diagram_add_edge(self->diagram, self->picture, element);
    read_points(self, node, edge);
    read_label(node, &edge->label);
    edge->stroke = read_colour(node, "stroke", "border-color");
    edge->ink = read_colour(node, "stroke", "color");
    edge->has_message = nsk_xml_attr(node, "messageVisibleKind") != NULL;
    if (edge->points->len >= 2)
        clip_ends(edge);
    else if (edge->source != NULL && edge->target != NULL)
        nsk_edge_straighten(edge);
    else
        g_ptr_array_remove(self->picture->edges, edge);
}

static void
read_children(Reader *self)
{
    for (NskXmlNode *node = nsk_xml_first(self->plane); node != NULL && !self->is_broken;
         node = nsk_xml_next(node)) {
        if (nsk_xml_is(node, DI_NS, "BPMNShape"))
            read_shape(self, node);
        else if (nsk_xml_is(node, DI_NS, "BPMNEdge"))
            g_ptr_array_add(self->edges, node);
    }
    for (unsigned i = 0; i < self->edges->len && !self->is_broken; i++)
        read_edge(self, g_ptr_array_index(self->edges, i));
}

static bool
has_shape_inside(const Reader *self, NskXmlNode *scope)
{
    for (NskXmlNode *child = nsk_xml_first(scope); child != NULL; child = nsk_xml_next(child)) {
        if (nsk_diagram_shape_of(self->picture, child) != NULL)
            return true;
    }
    return false;
}

/* Two nodes at one place: one of them cannot be seen. */
static void
check_place(Reader *self, GHashTable *places, const DiagramShape *shape)
{
    DiagramPoint centre = nsk_box_centre(&shape->box);
    char *key = g_strdup_printf("%ld %ld", lround(centre.x), lround(centre.y));

    if (!g_hash_table_add(places, key))
        give_up(self, shape->element,
                nsk_tr("'%s' hides another element or is hidden by it; the picture is laid out by "
                       "the program instead"),
                shape->id);
}

/* Checks that every node of a level is drawn; sub-processes that are drawn open with what is in
 * them. */
static void
check_level(Reader *self, GHashTable *places, NskXmlNode *scope)
{
    for (NskXmlNode *child = nsk_xml_first(scope); child != NULL && !self->is_broken;
         child = nsk_xml_next(child)) {
        DiagramShape *shape = nsk_diagram_shape_of(self->picture, child);

        if (!nsk_diagram_is_flow_node(nsk_diagram_kind(child)))
            continue;
        if (shape == NULL) {
            give_up(self, child,
                    nsk_tr("the diagram data does not show '%s'; the picture is laid out by the "
                           "program instead"),
                    nsk_diagram_id(child));
            return;
        }
        check_place(self, places, shape);
        if (!nsk_diagram_is_scope(child))
            continue;
        if (!shape->is_expanded_given)
            shape->is_expanded = has_shape_inside(self, child);
        if (shape->is_expanded)
            check_level(self, places, child);
    }
}

static void
check_root(Reader *self)
{
    g_autoptr(GHashTable) places = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);

    if (!nsk_xml_is(self->root, DIAGRAM_BPMN_NS, "collaboration")) {
        check_level(self, places, self->root);
        return;
    }
    for (NskXmlNode *child = nsk_xml_first(self->root); child != NULL;
         child = nsk_xml_next(child)) {
        NskXmlNode *process = nsk_diagram_process_of(self->diagram, child);

        if (process != NULL)
            check_level(self, places, process);
    }
}

/* Draws straight what is said of two shapes and has no line. */
static void
add_missing_edges(Reader *self, NskXmlNode *scope)
{
    for (NskXmlNode *child = nsk_xml_first(scope); child != NULL; child = nsk_xml_next(child)) {
        const DiagramKind *kind = nsk_diagram_kind(child);
        NskXmlNode *source = NULL;
        NskXmlNode *target = NULL;

        if (nsk_diagram_is_scope(child))
            add_missing_edges(self, child);
        if (!nsk_diagram_is_edge(kind) || kind->class == DIAGRAM_DATA_FLOW ||
            g_hash_table_contains(self->picture->by_element, child) ||
            !nsk_diagram_ends(self->diagram, child, &source, &target) || source == target ||
            nsk_diagram_shape_of(self->picture, source) == NULL ||
            nsk_diagram_shape_of(self->picture, target) == NULL)
            continue;
        nsk_edge_straighten(nsk_diagram_add_edge(self->diagram, self->picture, child));
        nsk_diagram_warn(self->diagram, child,
                         nsk_tr("the diagram data has no line for '%s'; it is drawn straight"),
                         nsk_diagram_id(child));
    }
}

static void
complete(Reader *self)
{
    add_missing_edges(self, self->root);
    if (!nsk_xml_is(self->root, DIAGRAM_BPMN_NS, "collaboration"))
        return;
    for (NskXmlNode *child = nsk_xml_first(self->root); child != NULL;
         child = nsk_xml_next(child)) {
        NskXmlNode *process = nsk_diagram_process_of(self->diagram, child);

        if (process != NULL)
            add_missing_edges(self, process);
    }
}

DiagramPicture *
nsk_diagram_read_plane(const Diagram *diagram, NskXmlNode *plane, NskXmlNode *root)
{
    g_autoptr(DiagramPicture) picture = nsk_diagram_picture_new(root);
    g_autoptr(GPtrArray) edges = g_ptr_array_new();
    Reader self = { diagram, plane, root, picture, edges, false };

    read_children(&self);
    if (!self.is_broken)
        check_root(&self);
    if (self.is_broken)
        return NULL;
    complete(&self);
    return g_steal_pointer(&picture);
}
