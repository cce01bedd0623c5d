/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Boxes, lines and the borders of shapes. */
#include "flow/diagram-private.h"

#include <math.h>

DiagramPoint
nsk_box_centre(const DiagramBox *box)
{
    return (DiagramPoint){ box->x + box->w / 2, box->y + box->h / 2 };
}

void
nsk_box_join(DiagramBox *self, const DiagramBox *other)
{
    double right = MAX(self->x + self->w, other->x + other->w);
    double bottom = MAX(self->y + self->h, other->y + other->h);

    if (other->w < 0)
        return;
    if (self->w < 0) {
        *self = *other;
        return;
    }
    self->x = MIN(self->x, other->x);
    self->y = MIN(self->y, other->y);
    self->w = right - self->x;
    self->h = bottom - self->y;
}

bool
nsk_box_meets(const DiagramBox *a, const DiagramBox *b)
{
    return a->x < b->x + b->w && b->x < a->x + a->w && a->y < b->y + b->h && b->y < a->y + a->h;
}

bool
nsk_box_holds(const DiagramBox *self, DiagramPoint point)
{
    return point.x > self->x && point.x < self->x + self->w && point.y > self->y &&
           point.y < self->y + self->h;
}

void
nsk_points_add(GArray *points, double x, double y)
{
    DiagramPoint point = { x, y };
    const DiagramPoint *last =
        points->len > 0 ? &g_array_index(points, DiagramPoint, points->len - 1) : NULL;

    if (last == NULL || fabs(last->x - x) > 0.01 || fabs(last->y - y) > 0.01)
        g_array_append_val(points, point);
}

void
nsk_points_move(GArray *points, double dx, double dy)
{
    for (unsigned i = 0; i < points->len; i++) {
        g_array_index(points, DiagramPoint, i).x += dx;
        g_array_index(points, DiagramPoint, i).y += dy;
    }
}

/* How far along the way from the middle to @d outside the border is, as a part of it. */
static double
border_part(const DiagramShape *shape, DiagramPoint d)
{
    double a = shape->box.w / 2;
    double b = shape->box.h / 2;
    double x = fabs(d.x);
    double y = fabs(d.y);

    if (shape->kind->class == DIAGRAM_EVENT)
        return MIN(a, b) / sqrt(x * x + y * y);
    if (shape->kind->class == DIAGRAM_GATEWAY)
        return 1 / (x / a + y / b);
    return MIN(x > 0 ? a / x : HUGE_VAL, y > 0 ? b / y : HUGE_VAL);
}

DiagramPoint
nsk_shape_border(const DiagramShape *shape, DiagramPoint from)
{
    DiagramPoint centre = nsk_box_centre(&shape->box);
    DiagramPoint d = { from.x - centre.x, from.y - centre.y };
    double part = 0;

    if (fabs(d.x) < 0.01 && fabs(d.y) < 0.01)
        return (DiagramPoint){ centre.x, shape->box.y };
    part = border_part(shape, d);
    return (DiagramPoint){ centre.x + d.x * part, centre.y + d.y * part };
}

bool
nsk_shape_holds(const DiagramShape *shape, DiagramPoint point)
{
    DiagramPoint centre = nsk_box_centre(&shape->box);
    DiagramPoint d = { point.x - centre.x, point.y - centre.y };

    return (fabs(d.x) < 0.01 && fabs(d.y) < 0.01) || border_part(shape, d) > 1.02;
}

DiagramPoint
nsk_shape_cut(const DiagramShape *shape, DiagramPoint inside, DiagramPoint outside)
{
    for (unsigned i = 0; i < 24; i++) {
        DiagramPoint middle = { (inside.x + outside.x) / 2, (inside.y + outside.y) / 2 };

        if (nsk_shape_holds(shape, middle))
            inside = middle;
        else
            outside = middle;
    }
    return outside;
}

void
nsk_edge_straighten(DiagramEdge *edge)
{
    DiagramPoint from = nsk_shape_border(edge->source, nsk_box_centre(&edge->target->box));
    DiagramPoint to = nsk_shape_border(edge->target, nsk_box_centre(&edge->source->box));

    g_array_set_size(edge->points, 0);
    g_array_append_val(edge->points, from);
    g_array_append_val(edge->points, to);
}

/* Cuts the part [*t0, *t1] of a line to where @p + t * @d lies between @low and @high. */
static bool
clip(double p, double d, double low, double high, double *t0, double *t1)
{
    if (fabs(d) < 1e-9)
        return p > low && p < high;
    double a = (low - p) / d;
    double b = (high - p) / d;

    *t0 = MAX(*t0, MIN(a, b));
    *t1 = MIN(*t1, MAX(a, b));
    return *t0 < *t1;
}

bool
nsk_edge_meets(const DiagramEdge *edge, const DiagramBox *box)
{
    for (unsigned i = 1; i < edge->points->len; i++) {
        const DiagramPoint *a = &g_array_index(edge->points, DiagramPoint, i - 1);
        const DiagramPoint *b = &g_array_index(edge->points, DiagramPoint, i);
        double t0 = 0;
        double t1 = 1;

        if (clip(a->x, b->x - a->x, box->x, box->x + box->w, &t0, &t1) &&
            clip(a->y, b->y - a->y, box->y, box->y + box->h, &t0, &t1))
            return true;
    }
    return false;
}
