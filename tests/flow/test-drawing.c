/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The drawings of the shipped workflows: what an editor opens is whole and in order.  Everything is
 * drawn once, lines run straight from border to border, and nothing lies on anything else.
 */
#include "base/resource.h"
#include "xml/xml.h"

#include <string.h>

#define BPMN_NS "http://www.omg.org/spec/BPMN/20100524/MODEL"
#define FOLDER  "workflows"
#define NEAR    0.6 /* points are written rounded */

typedef struct {
    double x;
    double y;
    double w;
    double h;
} Rect;

/* A flow node with its shape. */
typedef struct {
    const NskXmlNode *element;
    const NskXmlNode *shape;
    Rect bounds;
} Part;

typedef struct {
    NskXmlDoc *doc;
    GPtrArray *parts; /* of Part, of one process after another */
    GPtrArray *edges; /* of NskXmlNode, the sequence flows */
} Drawing;

static const char *
id_of(const NskXmlNode *element)
{
    return nsk_xml_attr(element, "id");
}

static double
number(const NskXmlNode *node, const char *name)
{
    const char *text = nsk_xml_attr(node, name);
    char *end = NULL;

    g_assert_nonnull(text);
    double value = g_ascii_strtod(text, &end);
    g_assert_cmpint(*end, ==, '\0');
    g_assert_true(value >= -1000 && value <= 10000);
    return value;
}

static Rect
read_bounds(const NskXmlNode *holder)
{
    const NskXmlNode *node = nsk_xml_child(holder, "Bounds");

    g_assert_nonnull(node);
    Rect rect = { number(node, "x"), number(node, "y"), number(node, "width"),
                  number(node, "height") };
    g_assert_true(rect.w > 0 && rect.h > 0);
    return rect;
}

/* The one shape or edge of the element. */
static const NskXmlNode *
find_drawn(const NskXmlDoc *doc, const char *id, const char *kind)
{
    const NskXmlNode *found = NULL;
    NskXmlNode *diagram = nsk_xml_first(nsk_xml_doc_get_root(doc));

    for (; diagram != NULL; diagram = nsk_xml_next(diagram)) {
        NskXmlNode *plane = nsk_xml_child(diagram, "BPMNPlane");
        NskXmlNode *drawn = plane != NULL ? nsk_xml_first(plane) : NULL;

        for (; drawn != NULL; drawn = nsk_xml_next(drawn)) {
            if (g_strcmp0(nsk_xml_attr(drawn, "bpmnElement"), id) != 0)
                continue;
            if (found != NULL)
                g_error("%s is drawn twice", id);
            found = drawn;
        }
    }
    if (found == NULL || !g_str_equal(nsk_xml_name(found), kind))
        g_error("%s has no %s", id, kind);
    return found;
}

static bool
is_flow_node(const NskXmlNode *element)
{
    static const char *const endings[] = { "Task", "Event", "Gateway", "Process", "Activity" };

    if (strcmp(nsk_xml_ns(element), BPMN_NS) != 0 || nsk_xml_is(element, BPMN_NS, "process"))
        return false;
    for (size_t i = 0; i < G_N_ELEMENTS(endings); i++) {
        if (g_str_has_suffix(nsk_xml_name(element), endings[i]))
            return true;
    }
    return nsk_xml_is(element, BPMN_NS, "task");
}

static void
gather(Drawing *self, const NskXmlNode *level)
{
    for (NskXmlNode *child = nsk_xml_first(level); child != NULL; child = nsk_xml_next(child)) {
        if (nsk_xml_is(child, BPMN_NS, "sequenceFlow"))
            g_ptr_array_add(self->edges, child);
        if (!is_flow_node(child))
            continue;
        Part *part = g_new0(Part, 1);
        part->element = child;
        part->shape = find_drawn(self->doc, id_of(child), "BPMNShape");
        part->bounds = read_bounds(part->shape);
        g_ptr_array_add(self->parts, part);
        gather(self, child);
    }
}

static Drawing *
load(const char *file)
{
    g_autofree char *path = g_strconcat(FOLDER "/", file, NULL);
    g_autoptr(GError) error = NULL;
    g_autoptr(GBytes) bytes = nsk_resource_load(path, &error);
    Drawing *self = g_new0(Drawing, 1);
    gsize size;

    g_assert_no_error(error);
    const void *data = g_bytes_get_data(bytes, &size);
    self->doc = nsk_xml_parse(path, data, size, &error);
    g_assert_no_error(error);
    self->parts = g_ptr_array_new_with_free_func(g_free);
    self->edges = g_ptr_array_new();
    NskXmlNode *child = nsk_xml_first(nsk_xml_doc_get_root(self->doc));
    for (; child != NULL; child = nsk_xml_next(child)) {
        if (nsk_xml_is(child, BPMN_NS, "process"))
            gather(self, child);
    }
    /* the shortest route has a beginning, an end and the way between */
    g_assert_cmpuint(self->parts->len, >=, 2);
    g_assert_cmpuint(self->edges->len, >=, 1);
    return self;
}

static void
drawing_free(Drawing *self)
{
    g_ptr_array_unref(self->parts);
    g_ptr_array_unref(self->edges);
    nsk_xml_doc_free(self->doc);
    g_free(self);
}

static const Part *
find_part(const Drawing *self, const char *id)
{
    for (guint i = 0; i < self->parts->len; i++) {
        const Part *part = g_ptr_array_index(self->parts, i);

        if (g_str_equal(id_of(part->element), id))
            return part;
    }
    g_error("there is no '%s'", id);
}

static bool
is_kind(const Part *part, const char *suffix)
{
    return g_str_has_suffix(nsk_xml_name(part->element), suffix);
}

static const NskXmlNode *
process_of(const NskXmlNode *element)
{
    while (!nsk_xml_is(element, BPMN_NS, "process"))
        element = nsk_xml_parent(element);
    return element;
}

/* A gateway's border is a diamond, an event's a circle, any other's a rectangle. */
static bool
is_on_border(const Part *part, double x, double y)
{
    const Rect *r = &part->bounds;
    double dx = ABS(x - r->x - r->w / 2);
    double dy = ABS(y - r->y - r->h / 2);

    if (is_kind(part, "Gateway"))
        return ABS(dx / (r->w / 2) + dy / (r->h / 2) - 1) < 0.05;
    if (is_kind(part, "Event"))
        return ABS(dx * dx + dy * dy - r->w * r->w / 4) < NEAR * r->w;
    return (ABS(dx - r->w / 2) < NEAR && dy <= r->h / 2 + NEAR) ||
           (ABS(dy - r->h / 2) < NEAR && dx <= r->w / 2 + NEAR);
}

static bool
overlap(const Rect *a, const Rect *b)
{
    return a->x < b->x + b->w && b->x < a->x + a->w && a->y < b->y + b->h && b->y < a->y + a->h;
}

static bool
is_inside(const Rect *a, const Rect *outer)
{
    return a->x >= outer->x && a->y >= outer->y && a->x + a->w <= outer->x + outer->w &&
           a->y + a->h <= outer->y + outer->h;
}

static void
check_edge(const Drawing *self, const NskXmlNode *flow)
{
    const NskXmlNode *edge = find_drawn(self->doc, id_of(flow), "BPMNEdge");
    const Part *source = find_part(self, nsk_xml_attr(flow, "sourceRef"));
    const Part *target = find_part(self, nsk_xml_attr(flow, "targetRef"));
    unsigned count = 0;
    double x = 0;
    double y = 0;

    for (NskXmlNode *point = nsk_xml_first(edge); point != NULL; point = nsk_xml_next(point)) {
        if (!g_str_equal(nsk_xml_name(point), "waypoint"))
            continue;
        double next_x = number(point, "x");
        double next_y = number(point, "y");
        if (count == 0 && !is_on_border(source, next_x, next_y))
            g_error("%s does not begin at its source", id_of(flow));
        if (count > 0 && ABS(next_x - x) > NEAR && ABS(next_y - y) > NEAR)
            g_error("%s runs askew", id_of(flow));
        x = next_x;
        y = next_y;
        count++;
    }
    g_assert_cmpuint(count, >=, 2);
    if (!is_on_border(target, x, y))
        g_error("%s does not end at its target", id_of(flow));
    if (nsk_xml_attr(flow, "name") != NULL)
        (void)read_bounds(nsk_xml_child(edge, "BPMNLabel"));
}

static void
test_lines_run_from_border_to_border(gconstpointer file)
{
    Drawing *self = load(file);

    for (guint i = 0; i < self->edges->len; i++)
        check_edge(self, g_ptr_array_index(self->edges, i));
    drawing_free(self);
}

/* Inside the sub-process that it is part of; a boundary event on the border of its host. */
static void
check_place(const Drawing *self, const Part *part)
{
    const NskXmlNode *outer = nsk_xml_parent(part->element);
    const char *host = nsk_xml_attr(part->element, "attachedToRef");
    const Rect *r = &part->bounds;

    if (!nsk_xml_is(outer, BPMN_NS, "process") &&
        !is_inside(r, &find_part(self, id_of(outer))->bounds))
        g_error("%s lies outside %s", id_of(part->element), id_of(outer));
    if (host != NULL && !is_on_border(find_part(self, host), r->x + r->w / 2, r->y + r->h / 2))
        g_error("%s does not sit on the border of %s", id_of(part->element), host);
}

static bool
may_touch(const Part *a, const Part *b)
{
    return process_of(a->element) != process_of(b->element) ||
           nsk_xml_parent(a->element) == b->element || nsk_xml_parent(b->element) == a->element ||
           g_strcmp0(nsk_xml_attr(b->element, "attachedToRef"), id_of(a->element)) == 0 ||
           g_strcmp0(nsk_xml_attr(a->element, "attachedToRef"), id_of(b->element)) == 0;
}

static void
test_nothing_lies_on_another(gconstpointer file)
{
    Drawing *self = load(file);

    for (guint i = 0; i < self->parts->len; i++) {
        const Part *a = g_ptr_array_index(self->parts, i);

        check_place(self, a);
        for (guint k = 0; k < i; k++) {
            const Part *b = g_ptr_array_index(self->parts, k);

            if (!may_touch(a, b) && overlap(&a->bounds, &b->bounds))
                g_error("%s lies on %s", id_of(a->element), id_of(b->element));
        }
    }
    drawing_free(self);
}

/* What has its name outside says where; the name lies on no shape but the sub-process around. */
static void
check_label(const Drawing *self, const Part *part)
{
    if ((!is_kind(part, "Event") && !is_kind(part, "Gateway")) ||
        nsk_xml_attr(part->element, "name") == NULL)
        return;
    Rect label = read_bounds(nsk_xml_child(part->shape, "BPMNLabel"));
    for (guint i = 0; i < self->parts->len; i++) {
        const Part *other = g_ptr_array_index(self->parts, i);

        if (process_of(other->element) != process_of(part->element) ||
            is_kind(other, "subProcess") || !overlap(&label, &other->bounds))
            continue;
        g_error("the name of %s lies on %s", id_of(part->element), id_of(other->element));
    }
}

static void
test_names_can_be_read(gconstpointer file)
{
    Drawing *self = load(file);

    for (guint i = 0; i < self->parts->len; i++)
        check_label(self, g_ptr_array_index(self->parts, i));
    drawing_free(self);
}

int
main(int argc, char **argv)
{
    static const struct {
        const char *path;
        GTestDataFunc test;
    } tests[] = {
        { "lines-run-from-border-to-border", test_lines_run_from_border_to_border },
        { "nothing-lies-on-another", test_nothing_lies_on_another },
        { "names-can-be-read", test_names_can_be_read },
    };
    g_auto(GStrv) files = nsk_resource_list(FOLDER, NULL);

    g_test_init(&argc, &argv, NULL);
    g_assert_nonnull(files);
    for (size_t i = 0; files[i] != NULL; i++) {
        for (size_t k = 0; k < G_N_ELEMENTS(tests); k++) {
            g_autofree char *path = g_strdup_printf("/flow/drawing/%s/%s", files[i], tests[k].path);

            g_test_add_data_func(path, files[i], tests[k].test);
        }
    }
    return g_test_run();
}
