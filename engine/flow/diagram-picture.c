/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A picture as a list of shapes and edges with their places. */
#include "flow/diagram-private.h"

#include <stdint.h>

static void
free_shape(gpointer shape)
{
    g_free(((DiagramShape *)shape)->name);
    g_free(shape);
}

static void
free_edge(gpointer edge)
{
    g_free(((DiagramEdge *)edge)->name);
    g_array_free(((DiagramEdge *)edge)->points, TRUE);
    g_free(edge);
}

DiagramPicture *
nsk_diagram_picture_new(NskXmlNode *root)
{
    DiagramPicture *self = g_new0(DiagramPicture, 1);

    self->root = root;
    self->shapes = g_ptr_array_new_with_free_func(free_shape);
    self->edges = g_ptr_array_new_with_free_func(free_edge);
    self->by_element = g_hash_table_new(NULL, NULL);
    return self;
}

void
nsk_diagram_picture_free(DiagramPicture *self)
{
    if (self == NULL)
        return;
    g_ptr_array_unref(self->shapes);
    g_ptr_array_unref(self->edges);
    g_hash_table_unref(self->by_element);
    g_free(self);
}

DiagramShape *
nsk_diagram_add_shape(const Diagram *diagram, DiagramPicture *self, NskXmlNode *element)
{
    DiagramShape *shape = g_new0(DiagramShape, 1);
    const DiagramKind *kind = nsk_diagram_kind(element);

    shape->element = element;
    shape->kind = kind != NULL ? kind : nsk_diagram_other_kind();
    shape->id = nsk_diagram_id(element);
    shape->name = nsk_diagram_name(diagram, element);
    shape->is_horizontal = true;
    shape->is_expanded = true;
    g_ptr_array_add(self->shapes, shape);
    if (!g_hash_table_contains(self->by_element, element))
        g_hash_table_insert(self->by_element, element, shape);
    return shape;
}

DiagramEdge *
nsk_diagram_add_edge(const Diagram *diagram, DiagramPicture *self, NskXmlNode *element)
{
    DiagramEdge *edge = g_new0(DiagramEdge, 1);
    NskXmlNode *source = NULL;
    NskXmlNode *target = NULL;

    edge->element = element;
    edge->kind = nsk_diagram_kind(element);
    edge->id = nsk_diagram_id(element);
    edge->name = nsk_diagram_name(diagram, element);
    edge->points = g_array_new(FALSE, FALSE, sizeof(DiagramPoint));
    if (nsk_diagram_ends(diagram, element, &source, &target)) {
        edge->source = nsk_diagram_shape_of(self, source);
        edge->target = nsk_diagram_shape_of(self, target);
    }
    g_ptr_array_add(self->edges, edge);
    if (!g_hash_table_contains(self->by_element, element))
        g_hash_table_insert(self->by_element, element, NULL);
    return edge;
}

DiagramShape *
nsk_diagram_shape_of(const DiagramPicture *self, NskXmlNode *element)
{
    return g_hash_table_lookup(self->by_element, element);
}

void
nsk_diagram_note_attached(const Diagram *self, DiagramPicture *picture)
{
    for (unsigned i = 0; i < picture->shapes->len; i++) {
        DiagramShape *shape = g_ptr_array_index(picture->shapes, i);
        const GPtrArray *events = g_hash_table_lookup(self->boundary, shape->element);

        shape->n_attached = 0;
        for (unsigned k = 0; events != NULL && k < events->len; k++) {
            const DiagramShape *event = nsk_diagram_shape_of(picture, g_ptr_array_index(events, k));

            if (event != NULL && shape->n_attached < DIAGRAM_ATTACHED_MOST)
                shape->attached[shape->n_attached++] = event->box;
        }
    }
}

static void
move_box(DiagramBox *box, double dx, double dy)
{
    box->x += dx;
    box->y += dy;
}

void
nsk_diagram_picture_move(DiagramPicture *self, double dx, double dy)
{
    for (unsigned i = 0; i < self->shapes->len; i++) {
        DiagramShape *shape = g_ptr_array_index(self->shapes, i);

        move_box(&shape->box, dx, dy);
        move_box(&shape->label, dx, dy);
    }
    for (unsigned i = 0; i < self->edges->len; i++) {
        DiagramEdge *edge = g_ptr_array_index(self->edges, i);

        nsk_points_move(edge->points, dx, dy);
        move_box(&edge->label, dx, dy);
    }
}

void
nsk_diagram_picture_take(DiagramPicture *self, DiagramPicture *other, double dx, double dy)
{
    nsk_diagram_picture_move(other, dx, dy);
    for (unsigned i = 0; i < other->shapes->len; i++) {
        const DiagramShape *shape = g_ptr_array_index(other->shapes, i);

        if (!g_hash_table_contains(self->by_element, shape->element))
            g_hash_table_insert(self->by_element, shape->element, (gpointer)(uintptr_t)shape);
    }
    for (unsigned i = 0; i < other->edges->len; i++) {
        const DiagramEdge *edge = g_ptr_array_index(other->edges, i);

        if (!g_hash_table_contains(self->by_element, edge->element))
            g_hash_table_insert(self->by_element, edge->element, NULL);
    }
    g_ptr_array_extend_and_steal(self->shapes, g_steal_pointer(&other->shapes));
    g_ptr_array_extend_and_steal(self->edges, g_steal_pointer(&other->edges));
    g_hash_table_unref(other->by_element);
    g_free(other);
}

DiagramBox
nsk_diagram_picture_bounds(const DiagramPicture *self)
{
    DiagramBox bounds = { .w = -1 };

    for (unsigned i = 0; i < self->shapes->len; i++) {
        const DiagramShape *shape = g_ptr_array_index(self->shapes, i);
        DiagramBox label = nsk_diagram_shape_label(shape);

        nsk_box_join(&bounds, &shape->box);
        nsk_box_join(&bounds, &label);
    }
    for (unsigned i = 0; i < self->edges->len; i++) {
        const DiagramEdge *edge = g_ptr_array_index(self->edges, i);
        DiagramBox label = nsk_diagram_edge_label(edge);

        for (unsigned k = 0; k < edge->points->len; k++) {
            const DiagramPoint *point = &g_array_index(edge->points, DiagramPoint, k);
            DiagramBox dot = { point->x, point->y, 0, 0 };

            nsk_box_join(&bounds, &dot);
        }
        nsk_box_join(&bounds, &label);
    }
    return bounds;
}
