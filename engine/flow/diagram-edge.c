/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Drawing the lines between shapes (BPMN 2.0.2, sections 7.5, 8.4.1, 8.4.13, 9.4). */
#include "base/message.h"
#include "flow/diagram-private.h"

#include <math.h>
#include <string.h>

#define THIN        1.5
#define TAKEN_WIDTH 3.5
#define TAKEN_INK   "#174f86"
#define CORNER      5.0  /* radius */
#define HEAD        10.0 /* length of an arrow head */
#define LABEL_SHADE "0.85"

typedef struct {
    const char *ink;
    double width;
} Look;

static DiagramPoint
point_at(const DiagramEdge *edge, unsigned index)
{
    return g_array_index(edge->points, DiagramPoint, index);
}

static DiagramPoint
last_point(const DiagramEdge *edge)
{
    return point_at(edge, edge->points->len - 1);
}

static double
distance(DiagramPoint a, DiagramPoint b)
{
    return sqrt((a.x - b.x) * (a.x - b.x) + (a.y - b.y) * (a.y - b.y));
}

/* The point @length from @a towards @b. */
static DiagramPoint
along(DiagramPoint a, DiagramPoint b, double length)
{
    double whole = distance(a, b);

    if (whole < 0.01)
        return a;
    return (DiagramPoint){ a.x + (b.x - a.x) * length / whole, a.y + (b.y - a.y) * length / whole };
}

/* @along on the way from @a to @b, and @aside to its right. */
static DiagramPoint
offset(DiagramPoint a, DiagramPoint b, double length, double aside)
{
    double whole = MAX(distance(a, b), 0.01);
    DiagramPoint at = along(a, b, length);

    return (DiagramPoint){ at.x - (b.y - a.y) / whole * aside, at.y + (b.x - a.x) / whole * aside };
}

/* The line with round corners, ending @cut before its last point. */
static char *
line_data(const DiagramEdge *edge, double cut)
{
    unsigned last = edge->points->len - 1;
    GString *path = g_string_new(NULL);

    nsk_svg_append(path, "M", point_at(edge, 0));
    for (unsigned i = 1; i < last; i++) {
        DiagramPoint before = point_at(edge, i - 1);
        DiagramPoint corner = point_at(edge, i);
        DiagramPoint after = point_at(edge, i + 1);
        double radius = MIN(CORNER, MIN(distance(before, corner), distance(corner, after)) / 2);

        nsk_svg_append(path, "L", along(corner, before, radius));
        nsk_svg_append(path, "Q", corner);
        nsk_svg_append(path, " ", along(corner, after, radius));
    }
    nsk_svg_append(path, "L", along(last_point(edge), point_at(edge, last - 1), cut));
    return g_string_free(path, FALSE);
}

/* An arrow head at @tip for a line that comes from @from; open heads are not closed. */
static void
draw_head(NskXmlNode *group, DiagramPoint tip, DiagramPoint from, const DiagramPen *pen)
{
    bool is_open = pen->fill == NULL;
    g_autoptr(GString) path = g_string_new(NULL);

    nsk_svg_append(path, "M", offset(tip, from, HEAD, HEAD * 0.45));
    nsk_svg_append(path, "L", tip);
    nsk_svg_append(path, "L", offset(tip, from, HEAD, -HEAD * 0.45));
    if (!is_open)
        g_string_append_c(path, 'Z');
    (void)nsk_svg_path(group, path->str, pen);
}

static bool
is_default(const Diagram *self, const DiagramEdge *edge)
{
    NskXmlNode *source = nsk_diagram_find(self, nsk_xml_attr(edge->element, "sourceRef"));
    const char *flow = source != NULL ? nsk_xml_attr(source, "default") : NULL;

    return flow != NULL && nsk_diagram_find(self, flow) == edge->element;
}

/* A condition is shown at the flow only where no gateway shows it. */
static bool
is_conditional(const Diagram *self, const DiagramEdge *edge)
{
    NskXmlNode *source = nsk_diagram_find(self, nsk_xml_attr(edge->element, "sourceRef"));
    const DiagramKind *kind = source != NULL ? nsk_diagram_kind(source) : NULL;

    return kind != NULL && kind->class == DIAGRAM_ACTIVITY &&
           nsk_xml_child(edge->element, "conditionExpression") != NULL;
}

static void
draw_sequence(const Diagram *self, NskXmlNode *group, const DiagramEdge *edge, const Look *look)
{
    DiagramPoint a = point_at(edge, 0);
    DiagramPoint b = point_at(edge, 1);
    DiagramPen line = { NULL, look->ink, look->width, NULL };
    DiagramPen head = { look->ink, look->ink, 1, NULL };
    DiagramPen diamond = { DIAGRAM_GROUND, look->ink, THIN, NULL };
    g_autofree char *data = line_data(edge, HEAD * 0.7);
    g_autoptr(GString) mark = g_string_new(NULL);

    (void)nsk_svg_path(group, data, &line);
    draw_head(group, last_point(edge), point_at(edge, edge->points->len - 2), &head);
    if (is_default(self, edge)) {
        nsk_svg_append(mark, "M", offset(a, b, 7, -5));
        nsk_svg_append(mark, "L", offset(a, b, 13, 5));
        line.width = THIN;
        (void)nsk_svg_path(group, mark->str, &line);
    } else if (is_conditional(self, edge)) {
        nsk_svg_append(mark, "M", a);
        nsk_svg_append(mark, "L", offset(a, b, 8, 5));
        nsk_svg_append(mark, "L", along(a, b, 16));
        nsk_svg_append(mark, "L", offset(a, b, 8, -5));
        g_string_append_c(mark, 'Z');
        (void)nsk_svg_path(group, mark->str, &diamond);
    }
}

/* An envelope in the middle of a message flow that shows its message. */
static void
draw_envelope(NskXmlNode *group, const DiagramEdge *edge, const Look *look)
{
    unsigned middle = (edge->points->len - 1) / 2;
    DiagramPoint a = point_at(edge, middle);
    DiagramPoint b = point_at(edge, middle + 1);
    DiagramStamp stamp = {
        { (a.x + b.x) / 2, (a.y + b.y) / 2 }, 13, look->ink, DIAGRAM_GROUND, false, 0
    };
    DiagramBox box = { stamp.centre.x - 11, stamp.centre.y - 8, 22, 16 };
    DiagramPen ground = { DIAGRAM_GROUND, NULL, 0, NULL };

    nsk_svg_box(group, &box, 0, &ground);
    nsk_svg_symbol(group, "messageEventDefinition", &stamp);
}

static void
draw_message_flow(NskXmlNode *group, const DiagramEdge *edge, const Look *look)
{
    DiagramPen line = { NULL, look->ink, look->width, "8 5" };
    DiagramPen end = { DIAGRAM_GROUND, look->ink, THIN, NULL };
    g_autofree char *data = line_data(edge, HEAD);

    (void)nsk_svg_path(group, data, &line);
    nsk_svg_circle(group, along(point_at(edge, 0), point_at(edge, 1), 3.5), 3.5, &end);
    draw_head(group, last_point(edge), point_at(edge, edge->points->len - 2), &end);
    if (edge->has_message)
        draw_envelope(group, edge, look);
}

static void
draw_association(NskXmlNode *group, const DiagramEdge *edge, const Look *look)
{
    const char *direction = nsk_xml_attr(edge->element, "associationDirection");
    bool is_data = edge->kind->class == DIAGRAM_DATA_FLOW;
    bool is_both = g_strcmp0(direction, "Both") == 0;
    DiagramPen line = { NULL, look->ink, look->width, "1.5 4" };
    DiagramPen head = { NULL, look->ink, THIN, NULL };
    g_autofree char *data = line_data(edge, 0);

    (void)nsk_svg_path(group, data, &line);
    if (is_data || is_both || g_strcmp0(direction, "One") == 0)
        draw_head(group, last_point(edge), point_at(edge, edge->points->len - 2), &head);
    if (is_both)
        draw_head(group, point_at(edge, 0), point_at(edge, 1), &head);
}

/* Two lines side by side. */
static void
draw_link(NskXmlNode *group, const DiagramEdge *edge, const Look *look)
{
    DiagramPen outer = { NULL, look->ink, 5, NULL };
    DiagramPen inner = { NULL, DIAGRAM_GROUND, 2.5, NULL };
    g_autofree char *data = line_data(edge, 0);

    (void)nsk_svg_path(group, data, &outer);
    (void)nsk_svg_path(group, data, &inner);
}

/* Lines of the name, with where they stand; NULL if there is none. */
static char **
list_lines(const DiagramEdge *edge, DiagramBox *out_box)
{
    double width = edge->label_starts ? edge->label.w : MAX(edge->label.w, DIAGRAM_LABEL_WIDTH);
    unsigned middle = (edge->points->len - 1) / 2;
    DiagramPoint a = point_at(edge, middle);
    DiagramPoint b = point_at(edge, MIN(middle + 1, edge->points->len - 1));
    bool is_flat = fabs(a.x - b.x) >= fabs(a.y - b.y);
    char **lines = NULL;
    DiagramBox size = { 0 };

    if (*edge->name == '\0')
        return NULL;
    lines = nsk_diagram_wrap(edge->name, DIAGRAM_LABEL_SIZE, width, DIAGRAM_LINES_MOST);
    size = nsk_diagram_measure(lines, DIAGRAM_LABEL_SIZE);
    *out_box = size;
    out_box->x = (a.x + b.x) / 2 + (is_flat ? -size.w / 2 : 5);
    out_box->y = (a.y + b.y) / 2 - (is_flat ? size.h + 4 : size.h / 2);
    if (edge->label.w > 0) {
        out_box->x = edge->label.x + (edge->label_starts ? 0 : (edge->label.w - size.w) / 2);
        out_box->y = edge->label.y;
    }
    return lines;
}

DiagramBox
nsk_diagram_edge_label(const DiagramEdge *edge)
{
    DiagramBox box = { .w = -1 };
    g_auto(GStrv) lines = list_lines(edge, &box);

    return box;
}

void
nsk_diagram_draw_edge_name(NskXmlNode *svg, const DiagramEdge *edge)
{
    DiagramBox box = { .w = -1 };
    g_auto(GStrv) lines = list_lines(edge, &box);
    DiagramPen ground = { DIAGRAM_GROUND, NULL, 0, NULL };
    DiagramType type = { edge->ink != NULL ? edge->ink : DIAGRAM_INK, DIAGRAM_LABEL_SIZE,
                         DIAGRAM_MIDDLE, false, false };
    NskXmlNode *group = NULL;

    if (lines == NULL)
        return;
    group = nsk_svg_add(svg, "g");
    nsk_xml_set_attr(group, "class", "name");
    nsk_xml_set_attr(group, "aria-hidden", "true"); /* said by the line itself */
    nsk_xml_set_attr(nsk_svg_box(group, &box, 0, &ground), "fill-opacity", LABEL_SHADE);
    nsk_svg_lines(group, lines, (DiagramPoint){ box.x + box.w / 2, box.y }, &type);
}

/* How often a flow was taken, at its beginning. */
static void
draw_count(NskXmlNode *group, const DiagramEdge *edge, unsigned count)
{
    g_autofree char *text = g_strdup_printf("%u\xc3\x97", count);
    double w = nsk_diagram_text_width(text, 10) + 8;
    DiagramPoint a = point_at(edge, 0);
    DiagramPoint centre = along(a, point_at(edge, 1), MIN(24, distance(a, point_at(edge, 1)) / 2));
    DiagramBox box = { centre.x - w / 2, centre.y - 7, w, 14 };
    DiagramPen pen = { DIAGRAM_GROUND, TAKEN_INK, 1, NULL };
    DiagramType type = { TAKEN_INK, 10, DIAGRAM_MIDDLE, true, false };

    nsk_svg_box(group, &box, 7, &pen);
    nsk_svg_text(group, text, (DiagramPoint){ centre.x, centre.y + 3.5 }, &type);
}

static char *
words_of(const NskFlowTaken *taken)
{
    if (taken == NULL)
        return NULL;
    return taken->count > 1 ? g_strdup_printf(nsk_tr("taken %u times"), taken->count)
                            : g_strdup(nsk_tr("taken"));
}

void
nsk_diagram_draw_edge(const Diagram *self, NskXmlNode *svg, const DiagramEdge *edge)
{
    const NskFlowTaken *taken = g_hash_table_lookup(self->taken, edge->id);
    g_autofree char *words = words_of(taken);
    DiagramGroup about = { .kind = edge->kind,
                           .element = edge->element,
                           .id = edge->id,
                           .name = edge->name,
                           .status = taken != NULL ? "taken" : NULL,
                           .words = words };
    NskXmlNode *group = nsk_diagram_add_group(svg, &about);
    Look look = { edge->stroke != NULL ? edge->stroke : DIAGRAM_INK, THIN };

    if (taken != NULL)
        look = (Look){ TAKEN_INK, TAKEN_WIDTH };
    if (edge->kind->class == DIAGRAM_SEQUENCE)
        draw_sequence(self, group, edge, &look);
    else if (edge->kind->class == DIAGRAM_MESSAGE_FLOW)
        draw_message_flow(group, edge, &look);
    else if (edge->kind->class == DIAGRAM_CONVERSATION_LINK)
        draw_link(group, edge, &look);
    else
        draw_association(group, edge, &look);
    if (taken != NULL && taken->count > 1)
        draw_count(group, edge, taken->count);
}
