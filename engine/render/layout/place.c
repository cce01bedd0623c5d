/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * From a range of a vertical list to areas with positions.
 *
 * 1. A frame's background and border reach from its first to its last box in the range; a frame
 * that goes on from or to another page has no border and padding at that side.
 * 2. Backgrounds come before what lies on them: their area is reserved when the frame's first box
 * is placed and gets its height at the end.
 * 3. Repeated headers and footers, and all of static content, belong to no structure element.
 */
#include "render/layout/place-private.h"

#define MAX_FRAMES 220

/* A frame that is open while a range is placed. */
typedef struct {
    const NskFrame *frame;
    NskMpt top, bottom;
    guint fill; /* index of the reserved area + 1; 0 for none */
    bool begun;
    bool continued;
} Open;

typedef struct {
    NskLayout *layout;
    const NskVList *list;
    const NskTarget *target;
    size_t to;
    NskMpt y;
    Open open[MAX_FRAMES];
    size_t n_open;
} Placer;

NskArea *
nsk_place_area(NskPage *page, NskAreaKind kind, NskFoNode *owner, const NskPdfRect *rect)
{
    NskArea area = { .kind = kind, .owner = owner, .rect = *rect };

    g_array_append_val(page->areas, area);
    return &g_array_index(page->areas, NskArea, page->areas->len - 1);
}

void
nsk_place_border(NskPage *page, const NskPdfRect *band, const NskEdge *edge, bool vertical)
{
    if (edge->width <= 0 || band->width <= 0 || band->height <= 0)
        return;

    NskArea *area = nsk_place_area(page, NSK_AREA_LINE, NULL, band);
    area->color = edge->color;
    area->line.style = edge->style;
    area->line.vertical = vertical;
}

NskEdge
nsk_place_edge(const NskFoNode *node, int side)
{
    const NskFoValue *color = nsk_fo_get(node, NSK_P_BORDER_BEFORE_COLOR + (NskFoProperty)side);

    return (NskEdge){ .width = nsk_fo_border_width(node, side),
                      .style = nsk_fo_word(node, NSK_P_BORDER_BEFORE_STYLE + (NskFoProperty)side),
                      .color = color->kind == NSK_V_COLOR ? color->color
                                                          : nsk_fo_get(node, NSK_P_COLOR)->color };
}

void
nsk_place_record(NskLayout *self, const NskPage *page, const void *key, NskMpt y)
{
    gpointer number = GINT_TO_POINTER(page->number + 1);

    if (!g_hash_table_contains(self->first_pages, key)) {
        NskPlace *place = NSK_ARENA_NEW(self->arena, NskPlace, 1);

        place->page = self->pages->len - 1;
        place->y = y;
        g_hash_table_insert(self->first_pages, (gpointer)(uintptr_t)key, number);
        g_hash_table_insert(self->destinations, (gpointer)(uintptr_t)key, place);
    }
    g_hash_table_insert(self->last_pages, (gpointer)(uintptr_t)key, number);
}

/* ---- frames ---- */

static NskPdfRect
frame_rect(const Placer *self, const Open *open)
{
    const NskFrame *frame = open->frame;
    NskMpt start = frame->border[2] + frame->padding[2], end = frame->border[3] + frame->padding[3];

    return (NskPdfRect){ self->target->area.x + frame->x - start, open->top,
                         frame->width + start + end, open->bottom - open->top };
}

static void
begin_frames(Placer *self)
{
    for (size_t i = 0; i < self->n_open; i++) {
        Open *open = &self->open[i];
        const NskFoValue *color;

        if (open->begun)
            continue;
        open->begun = true;
        open->top = self->y;
        color = nsk_fo_get(open->frame->node, NSK_P_BACKGROUND_COLOR);
        if (open->frame->visible && color->kind == NSK_V_COLOR) {
            NskPdfRect rect = frame_rect(self, open);
            NskArea *fill = nsk_place_area(self->target->page, NSK_AREA_FILL, NULL, &rect);

            fill->color = color->color;
            open->fill = self->target->page->areas->len;
        }
    }
}

static void
end_box(Placer *self, NskMpt height)
{
    self->y = nsk_add(self->y, height);
    for (size_t i = 0; i < self->n_open; i++)
        self->open[i].bottom = self->y;
}

static void
push_frame(Placer *self, const NskFrame *frame, bool continued)
{
    if (self->n_open < MAX_FRAMES)
        self->open[self->n_open++] = (Open){ .frame = frame, .continued = continued };
}

/* Section 5.3: what is cut has no border at the cut. */
static void
draw_borders(Placer *self, const Open *open, bool goes_on)
{
    NskPdfRect rect = frame_rect(self, open);
    NskPage *page = self->target->page;

    for (int side = 0; side < 4; side++) {
        NskEdge edge = nsk_place_edge(open->frame->node, side);
        NskPdfRect band = rect;

        edge.width = open->frame->border[side];
        if ((side == 0 && open->continued) || (side == 1 && goes_on))
            continue;
        if (side < 2)
            band.height = edge.width;
        else
            band.width = edge.width;
        if (side == 1)
            band.y = rect.y + rect.height - edge.width;
        if (side == 3)
            band.x = rect.x + rect.width - edge.width;
        nsk_place_border(page, &band, &edge, side >= 2);
    }
}

static void
pop_frame(Placer *self, bool goes_on)
{
    Open *open = &self->open[--self->n_open];

    if (!open->begun || !open->frame->visible)
        return;
    if (open->fill > 0)
        g_array_index(self->target->page->areas, NskArea, open->fill - 1).rect =
            frame_rect(self, open);
    draw_borders(self, open, goes_on);
}

static void
push_chain(Placer *self, const NskFrame *frame)
{
    if (frame == NULL)
        return;
    push_chain(self, frame->parent);
    push_frame(self, frame, true);
}

static void
record_id(Placer *self, NskFoNode *node)
{
    if (nsk_fo_is_set(node, NSK_P_ID) && !self->layout->artifact)
        nsk_place_record(self->layout, self->target->page, nsk_fo_text(node, NSK_P_ID), self->y);
}

static void
open_frame(Placer *self, const NskVItem *item)
{
    NskPdfRect rect = { self->target->area.x, self->y, 0, 0 };

    push_frame(self, item->frame, false);
    if (!self->layout->artifact)
        nsk_place_area(self->target->page, NSK_AREA_ELEMENT, item->frame->node, &rect);
    record_id(self, item->frame->node);
}

/* ---- columns ---- */

typedef struct {
    const NskParallel *parallel;
    size_t from, to; /* steps */
    NskMpt height;   /* on this page */
    bool page_end;   /* nothing of the list follows on this page */
} Slices;

static NskMpt
align_offset(const NskColumn *column, const Slices *slices, NskMpt room)
{
    NskMpt rest;

    if (slices->from > 0 || slices->to + 1 < slices->parallel->n_steps)
        return 0;
    rest = room - column->before - column->after - nsk_vlist_full(column->list);
    if (rest <= 0)
        return 0;
    return column->align == NSK_W_AFTER ? rest : column->align == NSK_W_CENTER ? rest / 2 : 0;
}

static void
place_column(Placer *self, const Slices *slices, size_t c)
{
    const NskParallel *parallel = slices->parallel;
    const NskColumn *column = &parallel->columns[c];
    const NskStep *first = &parallel->steps[slices->from], *last = &parallel->steps[slices->to];
    NskMpt top = MAX(column->top, first->offset) - first->offset;
    NskMpt bottom =
        column->bottom >= last->offset ? slices->height : column->bottom - first->offset;
    NskPdfRect rect = { self->target->area.x + column->x, self->y + top, column->list->width,
                        bottom - top };

    if ((slices->from > 0 && column->bottom <= first->offset) ||
        (slices->to + 1 < parallel->n_steps && column->top >= last->offset))
        return;
    if (column->node != NULL && !self->layout->artifact)
        nsk_place_area(self->target->page, NSK_AREA_ELEMENT, column->node, &rect);
    if (column->cell != NULL)
        nsk_place_cell_back(self->target, column->cell, &rect);
    if (column->node != NULL)
        record_id(self, column->node);

    NskTarget inner = { .page = self->target->page, .area = rect };
    inner.area.y += column->before + align_offset(column, slices, rect.height);
    if (first->at[c] < last->at[c])
        nsk_place(self->layout, column->list, first->at[c], last->at[c], &inner);
    if (column->cell != NULL)
        nsk_place_cell_edges(self->target, column->cell, &rect,
                             slices->page_end || column->bottom > last->offset);
}

/* Whether no box of the range follows item @at. */
static bool
is_last_box(const Placer *self, size_t at)
{
    for (size_t i = at + 1; i < self->to; i++) {
        if (self->list->items[i].kind == NSK_V_GLUE)
            return false;
    }
    return true;
}

/* Places the run of slices of one parallel that begins with item @i; returns the last item of it.
 */
static size_t
place_slices(Placer *self, size_t i)
{
    const NskVItem *items = self->list->items;
    Slices slices = { .parallel = items[i].parallel, .from = items[i].step };
    size_t last = i;

    for (size_t j = i; j < self->to; j++) {
        if (items[j].kind == NSK_V_SLICE && items[j].parallel == slices.parallel)
            last = j;
        else if (items[j].kind != NSK_V_GLUE)
            break;
    }
    slices.to = items[last].step + 1;
    slices.height =
        slices.parallel->steps[slices.to].offset - slices.parallel->steps[slices.from].offset;
    slices.page_end = is_last_box(self, last);
    if (slices.page_end && slices.to + 1 < slices.parallel->n_steps)
        slices.height += slices.parallel->steps[slices.to].extra;
    begin_frames(self);
    for (size_t c = 0; c < slices.parallel->n_columns; c++)
        place_column(self, &slices, c);
    end_box(self, slices.height);
    return last;
}

/* ---- containers out of the flow ---- */

static void
place_out(Placer *self, const NskOut *out)
{
    const NskPage *page = self->target->page;
    NskPdfRect area = self->target->area;
    NskTarget inner = { .page = self->target->page };

    if (out->fixed)
        area = (NskPdfRect){ 0, 0, page->width, page->height };
    inner.area = (NskPdfRect){ area.x + out->x, area.y + out->y, out->width, out->height };
    if (out->from_right)
        inner.area.x = area.x + area.width - out->x - out->width;
    if (out->from_bottom)
        inner.area.y = area.y + area.height - out->y - out->height;

    const NskFoValue *color = nsk_fo_get(out->node, NSK_P_BACKGROUND_COLOR);
    if (color->kind == NSK_V_COLOR)
        nsk_place_area(inner.page, NSK_AREA_FILL, NULL, &inner.area)->color = color->color;
    for (int side = 0; side < 4; side++) {
        NskEdge edge = nsk_place_edge(out->node, side);
        NskPdfRect band = inner.area;

        if (side < 2)
            band.height = edge.width;
        else
            band.width = edge.width;
        if (side == 1)
            band.y += inner.area.height - edge.width;
        if (side == 3)
            band.x += inner.area.width - edge.width;
        nsk_place_border(inner.page, &band, &edge, side >= 2);
    }

    NskMpt rest = out->height - nsk_vlist_full(out->list);
    NskFoWord align = nsk_fo_word(out->node, NSK_P_DISPLAY_ALIGN);
    if (rest > 0 && align == NSK_W_CENTER)
        inner.area.y += rest / 2;
    if (rest > 0 && align == NSK_W_AFTER)
        inner.area.y += rest;
    nsk_place(self->layout, out->list, 0, out->list->n - 1, &inner);
}

static void
place_repeated(Placer *self, const NskVList *list, NskMpt y)
{
    NskTarget inner = *self->target;
    bool artifact = self->layout->artifact;

    if (list == NULL)
        return;
    inner.area.y = y;
    inner.shrink = 0;
    self->layout->artifact = true;
    nsk_place(self->layout, list, 0, list->n - 1, &inner);
    self->layout->artifact = artifact;
}

/* ---- the range ---- */

static size_t
place_item(Placer *self, size_t i)
{
    const NskVItem *item = &self->list->items[i];

    switch (item->kind) {
    case NSK_V_GLUE:
        self->y = nsk_add(self->y, item->height - (NskMpt)(item->shrink * self->target->shrink));
        break;
    case NSK_V_LINE:
        begin_frames(self);
        nsk_place_line(self->layout, item->line, self->target, self->y);
        end_box(self, item->height);
        break;
    case NSK_V_SLICE:
        return place_slices(self, i);
    case NSK_V_PAD:
        begin_frames(self);
        end_box(self, item->height);
        break;
    case NSK_V_OPEN:
        open_frame(self, item);
        break;
    case NSK_V_CLOSE:
        record_id(self, item->frame->node);
        pop_frame(self, false);
        break;
    case NSK_V_OUT:
        place_out(self, item->out);
        break;
    }
    return i;
}

void
nsk_place(NskLayout *self, const NskVList *list, size_t from, size_t to, const NskTarget *target)
{
    g_autofree Placer *placer = g_new0(Placer, 1);
    const NskVItem *start = &list->items[from], *end = &list->items[to];

    *placer =
        (Placer){ .layout = self, .list = list, .target = target, .to = to, .y = target->area.y };
    if (start->table != NULL && from > 0)
        place_repeated(placer, start->table->header, placer->y);
    placer->y = nsk_add(placer->y, start->lead);
    if (from > 0)
        push_chain(placer, start->frame);
    for (size_t i = from + 1; i < to; i++)
        i = place_item(placer, i);
    if (end->table != NULL && to + 1 < list->n) {
        place_repeated(placer, end->table->footer, placer->y);
        end_box(placer, end->table->footer_height);
    }
    while (placer->n_open > 0)
        pop_frame(placer, true);
}
