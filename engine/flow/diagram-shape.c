/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Drawing the shapes of BPMN (BPMN 2.0.2, section 7.5 and the tables of sections 9 to 11). */
#include "base/message.h"
#include "flow/diagram-private.h"

#include <string.h>

#define THIN  1.5
#define THICK 4.0

/* Colours and outline of one shape, with its state. */
typedef struct {
    const char *fill;
    const char *stroke;
    const char *ink;
    double width;
    const char *dashes;
} Look;

static Look
look_of(const Diagram *self, const DiagramShape *shape)
{
    const NskFlowMark *mark = nsk_diagram_mark_of(self, shape->id);
    const DiagramStatus *status = mark != NULL ? nsk_diagram_status(mark->status) : NULL;

    if (status != NULL)
        return (Look){ status->fill, status->stroke, DIAGRAM_INK, status->width, status->dashes };
    return (Look){ shape->fill != NULL ? shape->fill : DIAGRAM_GROUND,
                   shape->stroke != NULL ? shape->stroke : DIAGRAM_INK,
                   shape->ink != NULL ? shape->ink : DIAGRAM_INK, THIN, NULL };
}

static unsigned
depth_of(NskXmlNode *node)
{
    unsigned depth = 0;

    for (NskXmlNode *at = nsk_xml_parent(node); at != NULL; at = nsk_xml_parent(at))
        depth++;
    return depth;
}

int
nsk_diagram_layer(const DiagramShape *shape)
{
    int depth = (int)depth_of(shape->element);

    if (shape->band != NULL)
        return DIAGRAM_LAYER_NODES + 2;
    if (shape->kind->class == DIAGRAM_POOL)
        return DIAGRAM_LAYER_POOLS;
    if (shape->kind->class == DIAGRAM_LANE)
        return DIAGRAM_LAYER_LANES + depth;
    if (shape->kind->class == DIAGRAM_GROUP)
        return DIAGRAM_LAYER_GROUPS;
    if (nsk_diagram_is_scope(shape->element) && shape->is_expanded)
        return DIAGRAM_LAYER_SCOPES + depth;
    return DIAGRAM_LAYER_NODES + (nsk_diagram_is_boundary(shape->element) ? 1 : 0);
}

/* "user task: Periksa dan paraf. waiting: ..." for those who do not see the picture. */
static char *
describe(const DiagramGroup *group)
{
    GString *text = g_string_new(nsk_tr(group->kind->word));

    if (*group->name != '\0')
        g_string_append_printf(text, ": %s", group->name);
    if (group->words != NULL)
        g_string_append_printf(text, ". %s", group->words);
    return g_string_free(text, FALSE);
}

NskXmlNode *
nsk_diagram_add_group(NskXmlNode *svg, const DiagramGroup *group)
{
    g_autofree char *words = describe(group);
    const char *name = nsk_xml_name(group->element);
    g_autofree char *class = g_strdup_printf("bpmn %s%s%s", name, group->status != NULL ? " " : "",
                                             group->status != NULL ? group->status : "");
    NskXmlNode *node = nsk_svg_add(svg, "g");

    nsk_xml_set_attr(node, "class", class);
    if (*group->id != '\0')
        nsk_xml_set_attr(node, "data-id", group->id);
    nsk_xml_set_attr(node, "role", "img");
    nsk_xml_set_attr(node, "aria-label", words);
    (void)nsk_xml_add_text_element(node, "title", words);
    return node;
}

static NskXmlNode *
add_shape_group(const Diagram *self, NskXmlNode *svg, const DiagramShape *shape)
{
    const NskFlowMark *mark = nsk_diagram_mark_of(self, shape->id);
    g_autofree char *words = mark != NULL ? nsk_diagram_mark_words(mark) : NULL;
    DiagramGroup group = { .kind = shape->kind,
                           .element = shape->element,
                           .id = shape->id,
                           .name = shape->name,
                           .status = mark != NULL ? nsk_diagram_status(mark->status)->name : NULL,
                           .words = words };

    return nsk_diagram_add_group(svg, &group);
}

/* --- Names --- */

/* Where lines of @w begin in the label of the file.  That was measured with another font, so it may
 * be too narrow: a name to the left or right of its shape grows away from it. */
static double
label_x(const DiagramShape *shape, double w)
{
    const DiagramBox *box = &shape->box;
    const DiagramBox *label = &shape->label;
    double centre = label->x + label->w / 2;

    if (shape->label_starts)
        return label->x;
    if (centre > box->x + box->w)
        return MAX(label->x, centre - w / 2);
    if (centre < box->x)
        return MIN(label->x + label->w, centre + w / 2) - w;
    return centre - w / 2;
}

/* Lines of a name beside its shape, with where they stand; NULL if there is none. */
static char **
beside(const DiagramShape *shape, DiagramBox *out_box)
{
    const DiagramBox *box = &shape->box;
    double width = shape->label_starts ? shape->label.w : MAX(shape->label.w, DIAGRAM_LABEL_WIDTH);
    char **lines = NULL;
    DiagramBox size = { 0 };

    if (*shape->name == '\0' || shape->kind->class == DIAGRAM_POOL ||
        shape->kind->class == DIAGRAM_LANE || shape->kind->class == DIAGRAM_ACTIVITY ||
        shape->kind->class == DIAGRAM_NOTE || shape->kind->class == DIAGRAM_OTHER)
        return NULL;
    lines = nsk_diagram_wrap(shape->name, DIAGRAM_LABEL_SIZE, width, DIAGRAM_LINES_MOST);
    size = nsk_diagram_measure(lines, DIAGRAM_LABEL_SIZE);
    out_box->w = size.w;
    out_box->h = size.h;
    out_box->x = box->x + box->w / 2 - size.w / 2;
    out_box->y = shape->kind->class == DIAGRAM_GROUP ? box->y + 4 : box->y + box->h + 4;
    if (shape->label.w > 0) {
        out_box->x = label_x(shape, size.w);
        out_box->y = shape->label.y;
    }
    return lines;
}

DiagramBox
nsk_diagram_shape_label(const DiagramShape *shape)
{
    DiagramBox box = { .w = -1 };
    g_auto(GStrv) lines = beside(shape, &box);

    return box;
}

static void
draw_name_beside(NskXmlNode *group, const DiagramShape *shape, const Look *look)
{
    DiagramBox box = { 0 };
    g_auto(GStrv) lines = beside(shape, &box);
    DiagramType type = { look->ink, DIAGRAM_LABEL_SIZE,
                         shape->label_starts ? DIAGRAM_START : DIAGRAM_MIDDLE, false, false };

    if (lines != NULL)
        nsk_svg_lines(group, lines,
                      (DiagramPoint){ shape->label_starts ? box.x : box.x + box.w / 2, box.y },
                      &type);
}

/* What a name inside a shape goes out of the way of. */
typedef struct {
    DiagramBox boxes[DIAGRAM_ATTACHED_MOST + 1];
    unsigned n;
} Obstacles;

/* Where lines of that size begin in @room, near its middle; false if there they would lie over an
 * obstacle.  Those above the middle push the lines down, those below it up; where none is in the
 * way, lines may be higher than the room. */
static bool
place_name(const DiagramBox *room,
           const Obstacles *obstacles,
           const DiagramBox *size,
           double *out_y)
{
    double top = room->y;
    double bottom = room->y + room->h;
    double middle = room->y + (room->h - size->h) / 2;
    double left = room->x + (room->w - size->w) / 2;
    bool is_free = true;

    for (unsigned i = 0; i < obstacles->n; i++) {
        const DiagramBox *box = &obstacles->boxes[i];

        if (box->x + box->w <= left || box->x >= left + size->w)
            continue;
        is_free = false;
        if (box->y + box->h / 2 < room->y + room->h / 2)
            top = MAX(top, box->y + box->h);
        else
            bottom = MIN(bottom, box->y);
    }
    *out_y = MAX(MIN(middle, bottom - size->h), top);
    return is_free || size->h <= bottom - top;
}

/* A name in @room; smaller if it is too long, or would lie over something. */
static void
draw_name_clear(NskXmlNode *group,
                const char *name,
                const DiagramBox *room,
                const Obstacles *obstacles,
                const char *ink)
{
    static const double sizes[] = { DIAGRAM_FONT_SIZE, 11, 10 };

    for (size_t i = 0; i < G_N_ELEMENTS(sizes); i++) {
        double leading = sizes[i] * DIAGRAM_LEADING;
        unsigned most = (unsigned)CLAMP(room->h / leading, 1, DIAGRAM_LINES_MOST);
        double width = MAX(room->w, sizes[i]);
        g_auto(GStrv) all = nsk_diagram_wrap(name, sizes[i], width, most + 1);
        bool is_last = i + 1 == G_N_ELEMENTS(sizes);
        g_auto(GStrv) lines = NULL;
        DiagramType type = { ink, sizes[i], DIAGRAM_MIDDLE, false, false };
        double y;

        if (g_strv_length(all) > most && !is_last)
            continue;
        lines = nsk_diagram_wrap(name, sizes[i], width, most);
        DiagramBox size = nsk_diagram_measure(lines, sizes[i]);
        if (!place_name(room, obstacles, &size, &y) && !is_last)
            continue;
        nsk_svg_lines(group, lines, (DiagramPoint){ room->x + room->w / 2, y }, &type);
        return;
    }
}

/* A name in the middle of @room. */
static void
draw_name_inside(NskXmlNode *group, const char *name, const DiagramBox *room, const char *ink)
{
    const Obstacles none = { .n = 0 };

    draw_name_clear(group, name, room, &none, ink);
}

/* A name in the band at the left side, reading upwards, or at the top of an upright one. */
static void
draw_name_in_band(NskXmlNode *group, const DiagramShape *shape, const Look *look)
{
    const DiagramBox *box = &shape->box;
    double length = shape->is_horizontal ? box->h : box->w;
    g_auto(GStrv) lines =
        nsk_diagram_wrap(shape->name, DIAGRAM_FONT_SIZE, MAX(length - 8, DIAGRAM_FONT_SIZE), 2);
    DiagramBox size = nsk_diagram_measure(lines, DIAGRAM_FONT_SIZE);
    double inset = (DIAGRAM_BAND - size.h) / 2;
    DiagramType type = { look->ink, DIAGRAM_FONT_SIZE, DIAGRAM_MIDDLE, false,
                         shape->is_horizontal };
    DiagramPoint at = { box->x + box->w / 2, box->y + inset };

    if (shape->is_horizontal)
        at = (DiagramPoint){ box->x + inset, box->y + box->h / 2 };
    nsk_svg_lines(group, lines, at, &type);
}

/* --- Containers --- */

static void
draw_pool(const Diagram *self, NskXmlNode *group, const DiagramShape *shape, const Look *look)
{
    DiagramPen pen = { look->fill, look->stroke, look->width, NULL };
    DiagramPen line = { NULL, look->stroke, look->width, NULL };
    const DiagramBox *box = &shape->box;
    DiagramBox room = { box->x + 8, box->y + 4, box->w - 16, box->h - 8 };
    g_autoptr(GString) path = g_string_new(NULL);

    nsk_svg_box(group, box, 0, &pen);
    nsk_diagram_draw_markers(self, group, shape, look->stroke);
    if (shape->kind->class == DIAGRAM_POOL &&
        nsk_diagram_find_root(self, nsk_xml_attr(shape->element, "processRef")) == NULL) {
        draw_name_inside(group, shape->name, &room, look->ink);
        return;
    }
    draw_name_in_band(group, shape, look);
    if (shape->kind->class == DIAGRAM_LANE)
        return;
    if (shape->is_horizontal) {
        nsk_svg_append(path, "M", (DiagramPoint){ box->x + DIAGRAM_BAND, box->y });
        nsk_svg_append(path, "L", (DiagramPoint){ box->x + DIAGRAM_BAND, box->y + box->h });
    } else {
        nsk_svg_append(path, "M", (DiagramPoint){ box->x, box->y + DIAGRAM_BAND });
        nsk_svg_append(path, "L", (DiagramPoint){ box->x + box->w, box->y + DIAGRAM_BAND });
    }
    (void)nsk_svg_path(group, path->str, &line);
}

/* One of the bands of a choreography task: who takes part. */
static void
draw_band(NskXmlNode *group, const DiagramShape *shape, const Look *look)
{
    bool is_initiating = !g_str_has_suffix(shape->band, "non_initiating");
    DiagramPen pen = { is_initiating ? DIAGRAM_GROUND : "#d9d9d9", look->stroke, look->width,
                       NULL };
    DiagramBox room = shape->box;

    nsk_svg_box(group, &shape->box, 4, &pen);
    draw_name_inside(group, shape->name, &room, look->ink);
}

/* --- Activities --- */

static bool
is_event_scope(const DiagramShape *shape)
{
    return nsk_diagram_is_true(shape->element, "triggeredByEvent", false);
}

static void
draw_outline(NskXmlNode *group, const DiagramShape *shape, const Look *look)
{
    const char *name = nsk_xml_name(shape->element);
    const DiagramBox *box = &shape->box;
    bool is_call = g_str_has_prefix(name, "call");
    DiagramPen pen = { look->fill, look->stroke, is_call ? MAX(look->width, THICK) : look->width,
                       is_event_scope(shape) ? "2 3" : look->dashes };

    nsk_svg_box(group, box, 10, &pen);
    if (strcmp(name, "transaction") == 0 && box->w > 8 && box->h > 8) {
        DiagramBox inner = { box->x + 3, box->y + 3, box->w - 6, box->h - 6 };
        DiagramPen line = { NULL, look->stroke, THIN, NULL };

        nsk_svg_box(group, &inner, 7, &line);
    }
}

/* The symbol of a task's type, and events on its border. */
static void
note_obstacles(const DiagramShape *shape, Obstacles *out_obstacles)
{
    const DiagramBox *box = &shape->box;

    out_obstacles->n = 0;
    if (shape->kind->symbol != NULL && box->h > 60)
        out_obstacles->boxes[out_obstacles->n++] = (DiagramBox){ box->x + 5, box->y + 5, 20, 20 };
    for (unsigned i = 0; i < shape->n_attached; i++)
        out_obstacles->boxes[out_obstacles->n++] = shape->attached[i];
}

static void
draw_activity(const Diagram *self, NskXmlNode *group, const DiagramShape *shape, const Look *look)
{
    const DiagramBox *box = &shape->box;
    DiagramBox room = { box->x + 8, box->y + 4, box->w - 16, box->h - 8 };
    bool has_markers = nsk_diagram_draws_markers(shape);
    Obstacles obstacles;

    draw_outline(group, shape, look);
    if (nsk_diagram_is_scope(shape->element) && shape->is_expanded) {
        room.h = DIAGRAM_FONT_SIZE * DIAGRAM_LEADING;
        room.y += 2;
    } else if (has_markers && room.h > 30) {
        room.h -= 16;
    }
    if (shape->kind->symbol != NULL && room.h > 50 && !has_markers) {
        room.y += 10;
        room.h -= 10;
    }
    note_obstacles(shape, &obstacles);
    draw_name_clear(group, shape->name, &room, &obstacles, look->ink);
    nsk_diagram_draw_markers(self, group, shape, look->stroke);
}

/* --- Events and gateways --- */

static void
draw_event(const Diagram *self, NskXmlNode *group, const DiagramShape *shape, const Look *look)
{
    const char *name = nsk_xml_name(shape->element);
    bool is_start = strcmp(name, "startEvent") == 0;
    bool is_end = strcmp(name, "endEvent") == 0;
    bool is_quiet =
        !nsk_diagram_is_true(shape->element, is_start ? "isInterrupting" : "cancelActivity", true);
    const char *dashes = is_quiet ? "5 3" : NULL;
    const char *symbol = nsk_diagram_event_symbol(self, shape->element);
    DiagramPoint centre = nsk_box_centre(&shape->box);
    double radius = MIN(shape->box.w, shape->box.h) / 2;
    double width = is_end ? MAX(look->width, 3.5) : look->width;
    DiagramPen pen = { look->fill, look->stroke, width, dashes };
    DiagramPen inner = { NULL, look->stroke, THIN, dashes };
    DiagramStamp stamp = {
        centre, radius * 0.55, look->stroke, look->fill, nsk_diagram_is_throwing(shape->element), 0
    };

    nsk_svg_circle(group, centre, is_end ? radius - 1 : radius, &pen);
    if (!is_start && !is_end)
        nsk_svg_circle(group, centre, radius - 3, &inner);
    if (symbol != NULL)
        nsk_svg_symbol(group, symbol, &stamp);
}

static void
draw_gateway_symbol(NskXmlNode *group, const DiagramShape *shape, const Look *look)
{
    const char *symbol = shape->kind->symbol;
    DiagramPoint centre = nsk_box_centre(&shape->box);
    double side = MIN(shape->box.w, shape->box.h);
    DiagramStamp stamp = { centre, side * 0.24, look->stroke, look->fill, false, 2.5 };
    DiagramPen line = { NULL, look->stroke, THIN, NULL };
    bool is_parallel = g_strcmp0(nsk_xml_attr(shape->element, "eventGatewayType"), "Parallel") == 0;

    if (strcmp(symbol, "event-based") == 0) {
        nsk_svg_circle(group, centre, side * 0.3, &line);
        if (!nsk_diagram_is_true(shape->element, "instantiate", false))
            nsk_svg_circle(group, centre, side * 0.24, &line);
        symbol = is_parallel ? "parallelMultiple" : "multiple";
        stamp.radius = side * 0.17;
        stamp.width = 0;
    } else if (strcmp(symbol, "exclusive") == 0 || strcmp(symbol, "parallel") == 0) {
        stamp.width = 0;
        if (strcmp(symbol, "exclusive") == 0 && !shape->is_marked)
            return;
    }
    nsk_svg_symbol(group, symbol, &stamp);
}

static void
draw_gateway(NskXmlNode *group, const DiagramShape *shape, const Look *look)
{
    const DiagramBox *box = &shape->box;
    DiagramPoint centre = nsk_box_centre(box);
    DiagramPen pen = { look->fill, look->stroke, look->width, look->dashes };
    g_autoptr(GString) path = g_string_new(NULL);

    nsk_svg_append(path, "M", (DiagramPoint){ centre.x, box->y });
    nsk_svg_append(path, "L", (DiagramPoint){ box->x + box->w, centre.y });
    nsk_svg_append(path, "L", (DiagramPoint){ centre.x, box->y + box->h });
    nsk_svg_append(path, "L", (DiagramPoint){ box->x, centre.y });
    g_string_append_c(path, 'Z');
    (void)nsk_svg_path(group, path->str, &pen);
    draw_gateway_symbol(group, shape, look);
}

/* --- Data and artifacts --- */

static void
draw_data(const Diagram *self, NskXmlNode *group, const DiagramShape *shape, const Look *look)
{
    const DiagramBox *box = &shape->box;
    const char *name = nsk_xml_name(shape->element);
    NskXmlNode *object = nsk_diagram_find(self, nsk_xml_attr(shape->element, "dataObjectRef"));
    double fold = MIN(box->w, box->h) / 4;
    double right = box->x + box->w;
    DiagramPen pen = { look->fill, look->stroke, look->width, NULL };
    DiagramStamp many = {
        { box->x + box->w / 2, box->y + box->h - 8 }, 5, look->stroke, look->fill, false, 0
    };
    DiagramStamp arrow = { { box->x + 10, box->y + 9 },     6, look->stroke, look->fill,
                           strcmp(name, "dataOutput") == 0, 0 };
    g_autoptr(GString) path = g_string_new(NULL);

    nsk_svg_append(path, "M", (DiagramPoint){ box->x, box->y });
    nsk_svg_append(path, "L", (DiagramPoint){ right - fold, box->y });
    nsk_svg_append(path, "L", (DiagramPoint){ right, box->y + fold });
    nsk_svg_append(path, "L", (DiagramPoint){ right, box->y + box->h });
    nsk_svg_append(path, "L", (DiagramPoint){ box->x, box->y + box->h });
    nsk_svg_append(path, "ZM", (DiagramPoint){ right - fold, box->y });
    nsk_svg_append(path, "L", (DiagramPoint){ right - fold, box->y + fold });
    nsk_svg_append(path, "L", (DiagramPoint){ right, box->y + fold });
    (void)nsk_svg_path(group, path->str, &pen);
    if (nsk_diagram_is_true(object != NULL ? object : shape->element, "isCollection", false))
        nsk_svg_symbol(group, "parallel-instances", &many);
    if (strcmp(name, "dataInput") == 0 || strcmp(name, "dataOutput") == 0)
        nsk_svg_symbol(group, "linkEventDefinition", &arrow);
}

/* A cylinder: @depth is how much of its lid is seen. */
static void
draw_store(NskXmlNode *group, const DiagramShape *shape, const Look *look)
{
    const DiagramBox *box = &shape->box;
    double depth = box->h / 8;
    double right = box->x + box->w;
    DiagramPen pen = { look->fill, look->stroke, look->width, NULL };
    g_autoptr(GString) path = g_string_new(NULL);

    nsk_svg_append(path, "M", (DiagramPoint){ box->x, box->y + depth });
    nsk_svg_append(path, "C", (DiagramPoint){ box->x, box->y - depth / 3 });
    nsk_svg_append(path, " ", (DiagramPoint){ right, box->y - depth / 3 });
    nsk_svg_append(path, " ", (DiagramPoint){ right, box->y + depth });
    nsk_svg_append(path, "L", (DiagramPoint){ right, box->y + box->h - depth });
    nsk_svg_append(path, "C", (DiagramPoint){ right, box->y + box->h + depth / 3 });
    nsk_svg_append(path, " ", (DiagramPoint){ box->x, box->y + box->h + depth / 3 });
    nsk_svg_append(path, " ", (DiagramPoint){ box->x, box->y + box->h - depth });
    nsk_svg_append(path, "ZM", (DiagramPoint){ box->x, box->y + depth });
    nsk_svg_append(path, "C", (DiagramPoint){ box->x, box->y + depth * 2.3 });
    nsk_svg_append(path, " ", (DiagramPoint){ right, box->y + depth * 2.3 });
    nsk_svg_append(path, " ", (DiagramPoint){ right, box->y + depth });
    (void)nsk_svg_path(group, path->str, &pen);
}

static void
draw_note(NskXmlNode *group, const DiagramShape *shape, const Look *look)
{
    const DiagramBox *box = &shape->box;
    double foot = MIN(box->w, 12);
    DiagramPen pen = { NULL, look->stroke, look->width, NULL };
    DiagramType type = { look->ink, DIAGRAM_LABEL_SIZE, DIAGRAM_START, false, false };
    unsigned most = (unsigned)CLAMP(box->h / (DIAGRAM_LABEL_SIZE * DIAGRAM_LEADING), 1, 200);
    g_auto(GStrv) lines = nsk_diagram_wrap(shape->name, DIAGRAM_LABEL_SIZE,
                                           MAX(box->w - 10, DIAGRAM_LABEL_SIZE), most);
    g_autoptr(GString) path = g_string_new(NULL);

    nsk_svg_append(path, "M", (DiagramPoint){ box->x + foot, box->y });
    nsk_svg_append(path, "L", (DiagramPoint){ box->x, box->y });
    nsk_svg_append(path, "L", (DiagramPoint){ box->x, box->y + box->h });
    nsk_svg_append(path, "L", (DiagramPoint){ box->x + foot, box->y + box->h });
    (void)nsk_svg_path(group, path->str, &pen);
    nsk_svg_lines(group, lines, (DiagramPoint){ box->x + 6, box->y + 3 }, &type);
}

static void
draw_message(NskXmlNode *group, const DiagramShape *shape, const Look *look)
{
    const DiagramBox *box = &shape->box;
    DiagramPen pen = { look->fill, look->stroke, look->width, NULL };
    g_autoptr(GString) path = g_string_new(NULL);

    nsk_svg_box(group, box, 0, &pen);
    nsk_svg_append(path, "M", (DiagramPoint){ box->x, box->y });
    nsk_svg_append(path, "L", (DiagramPoint){ box->x + box->w / 2, box->y + box->h * 0.6 });
    nsk_svg_append(path, "L", (DiagramPoint){ box->x + box->w, box->y });
    pen.fill = NULL;
    (void)nsk_svg_path(group, path->str, &pen);
}

static void
draw_conversation(NskXmlNode *group, const DiagramShape *shape, const Look *look)
{
    const DiagramBox *box = &shape->box;
    double side = box->w / 4;
    double middle = box->y + box->h / 2;
    const char *name = nsk_xml_name(shape->element);
    DiagramPen pen = { look->fill, look->stroke,
                       g_str_has_prefix(name, "call") ? THICK : look->width, NULL };
    DiagramStamp plus = { nsk_box_centre(box), 6, look->stroke, look->fill, false, 0 };
    g_autoptr(GString) path = g_string_new(NULL);

    nsk_svg_append(path, "M", (DiagramPoint){ box->x, middle });
    nsk_svg_append(path, "L", (DiagramPoint){ box->x + side, box->y });
    nsk_svg_append(path, "L", (DiagramPoint){ box->x + box->w - side, box->y });
    nsk_svg_append(path, "L", (DiagramPoint){ box->x + box->w, middle });
    nsk_svg_append(path, "L", (DiagramPoint){ box->x + box->w - side, box->y + box->h });
    nsk_svg_append(path, "L", (DiagramPoint){ box->x + side, box->y + box->h });
    g_string_append_c(path, 'Z');
    (void)nsk_svg_path(group, path->str, &pen);
    if (g_str_has_prefix(name, "sub"))
        nsk_svg_symbol(group, "plus", &plus);
}

/* An element that has no shape of its own in BPMN: its name in the file says what it is. */
static void
draw_other(NskXmlNode *group, const DiagramShape *shape, const Look *look)
{
    const DiagramBox *box = &shape->box;
    DiagramPen pen = { look->fill, look->stroke, look->width, "6 4" };
    DiagramBox room = { box->x + 4, box->y + 4, box->w - 8, box->h - 8 };
    g_autofree char *text = g_strdup_printf("%s %s", nsk_xml_name(shape->element), shape->name);

    nsk_svg_box(group, box, 0, &pen);
    draw_name_inside(group, text, &room, look->ink);
}

static void
draw_artifact(const Diagram *self, NskXmlNode *group, const DiagramShape *shape, const Look *look)
{
    DiagramPen frame = { NULL, look->stroke, look->width, "8 4 2 4" };

    if (shape->kind->class == DIAGRAM_DATA)
        draw_data(self, group, shape, look);
    else if (shape->kind->class == DIAGRAM_STORE)
        draw_store(group, shape, look);
    else if (shape->kind->class == DIAGRAM_NOTE)
        draw_note(group, shape, look);
    else if (shape->kind->class == DIAGRAM_MESSAGE)
        draw_message(group, shape, look);
    else if (shape->kind->class == DIAGRAM_CONVERSATION)
        draw_conversation(group, shape, look);
    else if (shape->kind->class == DIAGRAM_GROUP)
        nsk_svg_box(group, &shape->box, 10, &frame);
    else
        draw_other(group, shape, look);
}

void
nsk_diagram_draw_shape(const Diagram *self, NskXmlNode *svg, const DiagramShape *shape)
{
    Look look = look_of(self, shape);
    NskXmlNode *group = add_shape_group(self, svg, shape);

    if (shape->band != NULL)
        draw_band(group, shape, &look);
    else if (shape->kind->class == DIAGRAM_POOL || shape->kind->class == DIAGRAM_LANE)
        draw_pool(self, group, shape, &look);
    else if (shape->kind->class == DIAGRAM_ACTIVITY)
        draw_activity(self, group, shape, &look);
    else if (shape->kind->class == DIAGRAM_EVENT)
        draw_event(self, group, shape, &look);
    else if (shape->kind->class == DIAGRAM_GATEWAY)
        draw_gateway(group, shape, &look);
    else
        draw_artifact(self, group, shape, &look);
    draw_name_beside(group, shape, &look);
}
