/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Where an instance stands, drawn on its picture: each state has a colour, an outline, a symbol and
 * a word.  A node that was reached gets a badge with a number; beside it, where there is room, whom
 * it waits for; and a list beneath the picture says all of it in words, by the numbers.
 */
#include "base/message.h"
#include "flow/diagram-private.h"

#include <math.h>

#define BADGE       9.0 /* radius */
#define NOTE_SIZE   10.0
#define NOTES_MOST  200 /* of a picture */
#define NOTE_LINES  4
#define NOTE_GAP    4.0
#define LIST_SIZE   12.0
#define LIST_WIDTH  700.0
#define LIST_INDENT 56.0
#define LIST_LINES  6

static const DiagramStatus statuses[] = {
    [NSK_FLOW_MARK_DONE] = { "done", N_("done"), "done", "#e7f3e8", "#1b6b2f", 2, NULL },
    [NSK_FLOW_MARK_WAITING] = { "waiting", N_("waiting"), "waiting", "#fff3c9", "#7a5600", 3.5,
                                NULL },
    [NSK_FLOW_MARK_OVERDUE] = { "overdue", N_("overdue"), "overdue", "#ffdcc9", "#a33a00", 4.5,
                                NULL },
    [NSK_FLOW_MARK_INCIDENT] = { "incident", N_("incident"), "incident", "#fbd9dc", "#a8071a", 4.5,
                                 "10 4" },
    [NSK_FLOW_MARK_CANCELLED] = { "cancelled", N_("cancelled"), "cancelled", "#ececec", "#5c5c5c",
                                  2, "3 3" },
};

const DiagramStatus *
nsk_diagram_status(NskFlowMarkStatus status)
{
    g_return_val_if_fail((size_t)status < G_N_ELEMENTS(statuses), &statuses[0]);
    return &statuses[status];
}

const NskFlowMark *
nsk_diagram_mark_of(const Diagram *self, const char *id)
{
    return *id != '\0' ? g_hash_table_lookup(self->marks, id) : NULL;
}

static bool
is_over(const NskFlowMark *mark)
{
    return mark->status == NSK_FLOW_MARK_DONE || mark->status == NSK_FLOW_MARK_CANCELLED;
}

static bool
is_said(const char *text)
{
    return text != NULL && *text != '\0';
}

char *
nsk_diagram_mark_words(const NskFlowMark *mark)
{
    bool has_ended = is_over(mark);
    GString *text = g_string_new(nsk_tr(nsk_diagram_status(mark->status)->word));

    if (is_said(mark->who))
        g_string_append_printf(text, ": %s", mark->who);
    if (is_said(mark->since)) {
        g_string_append(text, "; ");
        g_string_append_printf(text, has_ended ? nsk_tr("at %s") : nsk_tr("since %s"), mark->since);
    }
    if (is_said(mark->due)) {
        g_string_append(text, "; ");
        g_string_append_printf(text, nsk_tr("due %s"), mark->due);
    }
    if (mark->count > 1) {
        g_string_append(text, "; ");
        g_string_append_printf(text, nsk_tr("%u times"), mark->count);
    }
    if (is_said(mark->note))
        g_string_append_printf(text, "; %s", mark->note);
    return g_string_free(text, FALSE);
}

static unsigned
number_of(const Diagram *self, const NskFlowMark *mark)
{
    return GPOINTER_TO_UINT(g_hash_table_lookup(self->numbers, mark));
}

/* The symbol in a circle, with the number and, if it is to be @spelt, the word behind it; from
 * @at.x on, around the height @at.y. */
static DiagramBox
draw_badge(const Diagram *self,
           NskXmlNode *group,
           DiagramPoint at,
           const NskFlowMark *mark,
           bool spelt)
{
    const DiagramStatus *status = nsk_diagram_status(mark->status);
    g_autofree char *text = g_strdup_printf("%u%s%s", number_of(self, mark), spelt ? " " : "",
                                            spelt ? nsk_tr(status->word) : "");
    double w = nsk_diagram_text_width(text, NOTE_SIZE) * 1.08 + 6; /* it is bold */
    DiagramBox box = { at.x, at.y - BADGE, 2 * BADGE + w, 2 * BADGE };
    DiagramPen pen = { DIAGRAM_GROUND, status->stroke, 1.5, NULL };
    DiagramStamp stamp = { { at.x + BADGE, at.y }, BADGE * 0.62, status->stroke,
                           DIAGRAM_GROUND,         false,        2 };
    DiagramType type = { status->stroke, NOTE_SIZE, DIAGRAM_START, true, false };

    nsk_svg_box(group, &box, BADGE, &pen);
    nsk_svg_symbol(group, status->symbol, &stamp);
    nsk_svg_text(group, text, (DiagramPoint){ at.x + 2 * BADGE - 1, at.y + NOTE_SIZE * 0.36 },
                 &type);
    return box;
}

/* On the upper right corner of a node; what is not over says so in a word. */
static DiagramBox
draw_node_badge(const Diagram *self,
                NskXmlNode *group,
                const DiagramShape *shape,
                const NskFlowMark *mark)
{
    const DiagramStatus *status = nsk_diagram_status(mark->status);
    bool spelt = !is_over(mark);
    DiagramPoint at = { shape->box.x + shape->box.w - BADGE, shape->box.y };

    if (spelt && shape->kind->class == DIAGRAM_ACTIVITY)
        at.x -= nsk_diagram_text_width(nsk_tr(status->word), NOTE_SIZE);
    return draw_badge(self, group, at, mark, spelt);
}

/* --- Notes beside nodes --- */

/* What a note must not cover: shapes, names, and other notes; lines are looked at one by one. */
typedef struct {
    const DiagramPicture *picture;
    GArray *boxes; /* of DiagramBox */
} Obstacles;

static void
list_obstacles(Obstacles *self)
{
    for (unsigned i = 0; i < self->picture->shapes->len; i++) {
        const DiagramShape *shape = g_ptr_array_index(self->picture->shapes, i);
        DiagramBox label = nsk_diagram_shape_label(shape);

        if (nsk_diagram_layer(shape) >= DIAGRAM_LAYER_NODES)
            g_array_append_val(self->boxes, shape->box);
        if (label.w >= 0)
            g_array_append_val(self->boxes, label);
    }
    for (unsigned i = 0; i < self->picture->edges->len; i++) {
        DiagramBox label = nsk_diagram_edge_label(g_ptr_array_index(self->picture->edges, i));

        if (label.w >= 0)
            g_array_append_val(self->boxes, label);
    }
}

static bool
is_free(const Obstacles *self, const DiagramBox *box)
{
    for (unsigned i = 0; i < self->boxes->len; i++) {
        if (nsk_box_meets(&g_array_index(self->boxes, DiagramBox, i), box))
            return false;
    }
    for (unsigned i = 0; i < self->picture->edges->len; i++) {
        if (nsk_edge_meets(g_ptr_array_index(self->picture->edges, i), box))
            return false;
    }
    return true;
}

/* Looks for room of the size of @box beneath and over @shape. */
static bool
find_room(const Obstacles *self, const DiagramShape *shape, DiagramBox *box)
{
    box->x = nsk_box_centre(&shape->box).x - box->w / 2;
    box->y = shape->box.y + shape->box.h + NOTE_GAP;
    if (is_free(self, box))
        return true;
    box->y = shape->box.y - NOTE_GAP - BADGE - box->h;
    return is_free(self, box);
}

/* Whom a node waits for and until when, where nothing is covered by it; the list has it anyway. */
static void
draw_note(const Obstacles *self,
          NskXmlNode *group,
          const DiagramShape *shape,
          const NskFlowMark *mark)
{
    static const double widths[] = { 130, 170, 210, 260 };
    const DiagramStatus *status = nsk_diagram_status(mark->status);
    g_autofree char *words = nsk_diagram_mark_words(mark);

    for (size_t i = 0; i < G_N_ELEMENTS(widths); i++) {
        g_auto(GStrv) lines = nsk_diagram_wrap(words, NOTE_SIZE, widths[i], NOTE_LINES);
        DiagramBox size = nsk_diagram_measure(lines, NOTE_SIZE);
        DiagramBox box = { 0, 0, size.w + 8, size.h + 4 };
        DiagramPen pen = { DIAGRAM_GROUND, status->stroke, 1, NULL };
        DiagramType type = { DIAGRAM_INK, NOTE_SIZE, DIAGRAM_MIDDLE, false, false };

        if (!find_room(self, shape, &box))
            continue;
        nsk_svg_box(group, &box, 3, &pen);
        nsk_svg_lines(group, lines, (DiagramPoint){ box.x + box.w / 2, box.y + 2 }, &type);
        g_array_append_val(self->boxes, box);
        return;
    }
}

/* Badges on all nodes that were reached, then notes at those that are not over. */
static void
draw_badges(const Diagram *self, NskXmlNode *group, const Obstacles *obstacles)
{
    const DiagramPicture *picture = obstacles->picture;
    unsigned n_notes = 0;

    for (unsigned pass = 0; pass < 2; pass++) {
        for (unsigned i = 0; i < picture->shapes->len; i++) {
            const DiagramShape *shape = g_ptr_array_index(picture->shapes, i);
            const NskFlowMark *mark = nsk_diagram_mark_of(self, shape->id);
            DiagramBox badge = { 0 };

            if (mark == NULL)
                continue;
            if (pass == 0) {
                badge = draw_node_badge(self, group, shape, mark);
                g_array_append_val(obstacles->boxes, badge);
            } else if (!is_over(mark) && ++n_notes <= NOTES_MOST) {
                draw_note(obstacles, group, shape, mark);
            }
        }
    }
}

DiagramBox
nsk_diagram_draw_marks(const Diagram *self, NskXmlNode *svg, const DiagramPicture *picture)
{
    g_autoptr(GArray) boxes = g_array_new(FALSE, FALSE, sizeof(DiagramBox));
    Obstacles obstacles = { picture, boxes };
    DiagramBox bounds = { .w = -1 };
    NskXmlNode *group = NULL;
    unsigned n_before = 0;

    if (g_hash_table_size(self->marks) == 0)
        return bounds;
    group = nsk_svg_add(svg, "g");
    nsk_xml_set_attr(group, "class", "marks");
    nsk_xml_set_attr(group, "aria-hidden", "true"); /* said by the nodes themselves */
    list_obstacles(&obstacles);
    n_before = boxes->len;
    draw_badges(self, group, &obstacles);
    for (unsigned i = n_before; i < boxes->len; i++)
        nsk_box_join(&bounds, &g_array_index(boxes, DiagramBox, i));
    return bounds;
}

/* --- The list --- */

/* One row of the list; returns its height. */
static double
draw_row(const Diagram *self,
         NskXmlNode *group,
         DiagramPoint top,
         const NskFlowMark *mark,
         DiagramBox *bounds)
{
    NskXmlNode *element = nsk_diagram_find(self, mark->node);
    g_autofree char *name =
        element != NULL ? nsk_diagram_name(self, element) : g_strdup(mark->name);
    g_autofree char *words = nsk_diagram_mark_words(mark);
    g_autofree char *text =
        g_strdup_printf("%s \xe2\x80\x93 %s", *name != '\0' ? name : mark->node, words);
    g_auto(GStrv) lines = nsk_diagram_wrap(text, LIST_SIZE, LIST_WIDTH, LIST_LINES);
    DiagramBox size = nsk_diagram_measure(lines, LIST_SIZE);
    DiagramType type = { DIAGRAM_INK, LIST_SIZE, DIAGRAM_START, false, false };
    DiagramBox row = { top.x, top.y, LIST_INDENT + size.w, MAX(size.h, 2 * BADGE) + 4 };

    (void)draw_badge(self, group, (DiagramPoint){ top.x, top.y + BADGE }, mark, false);
    nsk_svg_lines(group, lines, (DiagramPoint){ top.x + LIST_INDENT, top.y + 2 }, &type);
    nsk_box_join(bounds, &row);
    return row.h;
}

DiagramBox
nsk_diagram_draw_list(const Diagram *self, NskXmlNode *svg, DiagramPoint top)
{
    DiagramBox bounds = { .w = -1 };
    NskXmlNode *group = NULL;

    for (size_t i = 0; i < self->ask->n_marks; i++) {
        const NskFlowMark *mark = &self->ask->marks[i];

        if (number_of(self, mark) == 0)
            continue;
        if (group == NULL) {
            group = nsk_svg_add(svg, "g");
            nsk_xml_set_attr(group, "class", "list");
        }
        top.y += draw_row(self, group, top, mark, &bounds);
    }
    return bounds;
}
