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
#define NOTE_WIDTH  150.0
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
is_said(const char *text)
{
    return text != NULL && *text != '\0';
}

char *
nsk_diagram_mark_words(const NskFlowMark *mark)
{
    bool is_over = mark->status == NSK_FLOW_MARK_DONE || mark->status == NSK_FLOW_MARK_CANCELLED;
    GString *text = g_string_new(nsk_tr(nsk_diagram_status(mark->status)->word));

    if (is_said(mark->who))
        g_string_append_printf(text, ": %s", mark->who);
    if (is_said(mark->since)) {
        g_string_append(text, "; ");
        g_string_append_printf(text, is_over ? nsk_tr("at %s") : nsk_tr("since %s"), mark->since);
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

/* Marks are numbered in the order given; nodes that the file does not have have no number. */
static unsigned
number_of(const Diagram *self, const NskFlowMark *mark)
{
    unsigned number = 0;

    for (const NskFlowMark *at = self->ask->marks; at <= mark; at++) {
        if (nsk_diagram_find(self, at->node) != NULL &&
            g_hash_table_lookup(self->marks, at->node) == at)
            number++;
    }
    return number;
}

/* The symbol in a circle, and the number beside it. */
static DiagramBox
draw_badge(NskXmlNode *group, DiagramPoint centre, const NskFlowMark *mark, unsigned number)
{
    const DiagramStatus *status = nsk_diagram_status(mark->status);
    g_autofree char *text = g_strdup_printf("%u", number);
    double w = nsk_diagram_text_width(text, NOTE_SIZE) + 6;
    DiagramBox box = { centre.x - BADGE, centre.y - BADGE, 2 * BADGE + w, 2 * BADGE };
    DiagramPen pen = { DIAGRAM_GROUND, status->stroke, 1.5, NULL };
    DiagramStamp stamp = { centre, BADGE * 0.62, status->stroke, DIAGRAM_GROUND, false, 2 };
    DiagramType type = { status->stroke, NOTE_SIZE, DIAGRAM_START, true, false };

    nsk_svg_box(group, &box, BADGE, &pen);
    nsk_svg_symbol(group, status->symbol, &stamp);
    nsk_svg_text(group, text, (DiagramPoint){ centre.x + BADGE - 1, centre.y + NOTE_SIZE * 0.36 },
                 &type);
    return box;
}

/* Whether a note at @box would cover a shape, a name or another note. */
static bool
is_free(const DiagramPicture *picture, const GArray *notes, const DiagramBox *box)
{
    for (unsigned i = 0; i < picture->shapes->len; i++) {
        const DiagramShape *shape = g_ptr_array_index(picture->shapes, i);
        DiagramBox label = nsk_diagram_shape_label(shape);
        bool is_container = nsk_diagram_layer(shape) < DIAGRAM_LAYER_NODES;

        if ((!is_container && nsk_box_meets(&shape->box, box)) ||
            (label.w >= 0 && nsk_box_meets(&label, box)))
            return false;
    }
    for (unsigned i = 0; i < picture->edges->len; i++) {
        const DiagramEdge *edge = g_ptr_array_index(picture->edges, i);
        DiagramBox label = nsk_diagram_edge_label(edge);

        if ((label.w >= 0 && nsk_box_meets(&label, box)) || nsk_edge_meets(edge, box))
            return false;
    }
    for (unsigned i = 0; i < notes->len; i++) {
        if (nsk_box_meets(&g_array_index(notes, DiagramBox, i), box))
            return false;
    }
    return true;
}

/* Who, beneath or over a node that is not over, where nothing is covered by it. */
static void
draw_note(const DiagramPicture *picture,
          NskXmlNode *group,
          const DiagramShape *shape,
          const NskFlowMark *mark,
          GArray *notes)
{
    const DiagramStatus *status = nsk_diagram_status(mark->status);
    g_autofree char *words = nsk_diagram_mark_words(mark);
    g_auto(GStrv) lines = nsk_diagram_wrap(words, NOTE_SIZE, NOTE_WIDTH - 8, NOTE_LINES);
    DiagramBox size = nsk_diagram_measure(lines, NOTE_SIZE);
    DiagramPoint centre = nsk_box_centre(&shape->box);
    DiagramBox box = { centre.x - size.w / 2 - 4, shape->box.y + shape->box.h + NOTE_GAP,
                       size.w + 8, size.h + 4 };
    DiagramPen pen = { DIAGRAM_GROUND, status->stroke, 1, NULL };
    DiagramType type = { DIAGRAM_INK, NOTE_SIZE, DIAGRAM_MIDDLE, false, false };

    if (!is_free(picture, notes, &box)) {
        box.y = shape->box.y - NOTE_GAP - BADGE - box.h;
        if (!is_free(picture, notes, &box))
            return;
    }
    nsk_svg_box(group, &box, 3, &pen);
    nsk_svg_lines(group, lines, (DiagramPoint){ box.x + box.w / 2, box.y + 2 }, &type);
    g_array_append_val(notes, box);
}

DiagramBox
nsk_diagram_draw_marks(const Diagram *self, NskXmlNode *svg, const DiagramPicture *picture)
{
    g_autoptr(GArray) notes = g_array_new(FALSE, FALSE, sizeof(DiagramBox));
    DiagramBox bounds = { .w = -1 };
    NskXmlNode *group = NULL;

    for (unsigned i = 0; i < picture->shapes->len; i++) {
        const DiagramShape *shape = g_ptr_array_index(picture->shapes, i);
        const NskFlowMark *mark = nsk_diagram_mark_of(self, shape->id);
        DiagramBox badge = { 0 };

        if (mark == NULL)
            continue;
        if (group == NULL) {
            group = nsk_svg_add(svg, "g");
            nsk_xml_set_attr(group, "class", "marks");
            nsk_xml_set_attr(group, "aria-hidden", "true"); /* said by the nodes themselves */
        }
        badge = draw_badge(group, (DiagramPoint){ shape->box.x + shape->box.w, shape->box.y }, mark,
                           number_of(self, mark));
        g_array_append_val(notes, badge);
        if (mark->status != NSK_FLOW_MARK_DONE && mark->status != NSK_FLOW_MARK_CANCELLED)
            draw_note(picture, group, shape, mark, notes);
    }
    for (unsigned i = 0; i < notes->len; i++)
        nsk_box_join(&bounds, &g_array_index(notes, DiagramBox, i));
    return bounds;
}

/* One row of the list; returns its height. */
static double
draw_row(const Diagram *self,
         NskXmlNode *group,
         DiagramPoint top,
         const NskFlowMark *mark,
         DiagramBox *bounds)
{
    NskXmlNode *element = nsk_diagram_find(self, mark->node);
    g_autofree char *name = nsk_diagram_name(self, element);
    g_autofree char *words = nsk_diagram_mark_words(mark);
    g_autofree char *text =
        g_strdup_printf("%s \xe2\x80\x93 %s", *name != '\0' ? name : mark->node, words);
    g_auto(GStrv) lines = nsk_diagram_wrap(text, LIST_SIZE, LIST_WIDTH, LIST_LINES);
    DiagramBox size = nsk_diagram_measure(lines, LIST_SIZE);
    DiagramType type = { DIAGRAM_INK, LIST_SIZE, DIAGRAM_START, false, false };
    DiagramBox row = { top.x, top.y, LIST_INDENT + size.w, MAX(size.h, 2 * BADGE) + 4 };

    (void)draw_badge(group, (DiagramPoint){ top.x + BADGE, top.y + BADGE }, mark,
                     number_of(self, mark));
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

        if (nsk_diagram_find(self, mark->node) == NULL ||
            g_hash_table_lookup(self->marks, mark->node) != mark)
            continue;
        if (group == NULL) {
            group = nsk_svg_add(svg, "g");
            nsk_xml_set_attr(group, "class", "list");
        }
        top.y += draw_row(self, group, top, mark, &bounds);
    }
    return bounds;
}
