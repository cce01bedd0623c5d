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
    guint fill; /* index of the first reserved area + 1; 0 for none */
    guint n_fills;
    struct {
        NskMpt x, y;
    } shift; /* of relative-position */
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

void
nsk_place_record(NskLayout *self, const NskPage *page, const void *key, NskMpt y)
{
    gpointer number = GINT_TO_POINTER(page->number + 1);

    if (!g_hash_table_contains(self->first_pages, key)) {
        NskPlace *place = NSK_ARENA_NEW(self->document, NskPlace, 1);

        place->page = page->index;
        place->y = page->turned > 0 ? page->turned_y : y;
        g_hash_table_insert(self->first_pages, (gpointer)(uintptr_t)key, number);
        g_hash_table_insert(self->destinations, (gpointer)(uintptr_t)key, place);
    }
    g_hash_table_insert(self->last_pages, (gpointer)(uintptr_t)key, number);
}

/* ---- frames ---- */

static NskMpt
left_of(const Placer *self, NskMpt x, NskMpt width)
{
    return nsk_place_left(self->target, x, width);
}

static NskPdfRect
frame_rect(const Placer *self, const Open *open)
{
    const NskFrame *frame = open->frame;
    NskMpt start = frame->border[2] + frame->padding[2], end = frame->border[3] + frame->padding[3];
    NskMpt width = frame->width + start + end;

    return (NskPdfRect){ left_of(self, frame->x - start, width) + open->shift.x,
                         open->top + open->shift.y, width, open->bottom - open->top };
}

static bool
has_background(const NskFoNode *node)
{
    return nsk_fo_get(node, NSK_P_BACKGROUND_COLOR)->kind == NSK_V_COLOR ||
           nsk_fo_is_set(node, NSK_P_BACKGROUND_IMAGE);
}

static void
begin_frames(Placer *self)
{
    for (size_t i = 0; i < self->n_open; i++) {
        Open *open = &self->open[i];

        if (open->begun)
            continue;
        open->begun = true;
        open->top = open->bottom = self->y;
        if (open->frame->visible && has_background(open->frame->node)) {
            NskPdfRect rect = frame_rect(self, open);

            open->fill = self->target->page->areas->len + 1;
            open->n_fills = nsk_place_background(self->target->page, open->frame->node, &rect);
        }
        /* what is retained at a cut stands before whatever goes on */
        if (open->continued)
            self->y = nsk_add(self->y, nsk_frame_retained(open->frame, 0));
    }
}

static void
end_box(Placer *self, NskMpt height)
{
    self->y = nsk_add(self->y, height);
    for (size_t i = 0; i < self->n_open; i++)
        self->open[i].bottom = self->y;
}

/* Section 7.6.2: what is placed relatively moves, and the room it had stays. */
static void
shift_frame(const Placer *self, Open *open)
{
    const NskFoNode *node = open->frame->node;
    NskMpt width = self->target->area.width, height = self->target->area.height;

    if (nsk_fo_word(node, NSK_P_RELATIVE_POSITION) != NSK_W_RELATIVE)
        return;
    open->shift.x = nsk_fo_is_set(node, NSK_P_LEFT) ? nsk_fo_length(node, NSK_P_LEFT, width)
                                                    : -nsk_fo_length(node, NSK_P_RIGHT, width);
    open->shift.y = nsk_fo_is_set(node, NSK_P_TOP) ? nsk_fo_length(node, NSK_P_TOP, height)
                                                   : -nsk_fo_length(node, NSK_P_BOTTOM, height);
}

static void
push_frame(Placer *self, const NskFrame *frame, bool continued)
{
    if (self->n_open < MAX_FRAMES)
        self->open[self->n_open++] = (Open){ .frame = frame, .continued = continued };
    shift_frame(self, &self->open[self->n_open - 1]);
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

        bool cut = (side == 0 && open->continued) || (side == 1 && goes_on);

        edge.width = open->frame->border[side];
        if (cut && nsk_fo_word(open->frame->node, NSK_P_BORDER_BEFORE_CONDITIONALITY +
                                                      (NskFoProperty)side) != NSK_W_RETAIN)
            continue;
        if (side < 2)
            band.height = edge.width;
        else
            band.width = edge.width;
        if (side == 1)
            band.y = rect.y + rect.height - edge.width;
        if (side == (self->target->rl ? 2 : 3))
            band.x = rect.x + rect.width - edge.width;
        nsk_place_border(page, &band, &edge, side);
    }
}

static bool
is_hidden(const NskFoNode *node)
{
    return nsk_fo_word(node, NSK_P_VISIBILITY) != NSK_W_VISIBLE;
}

static NskMpt
outer_retained(const NskFrame *frame)
{
    return frame->parent != NULL ? frame->parent->retained[1] : 0;
}

/* Remembers for retrieve-marker that the object begins, goes on or ends here. */
static void
mark_frame(const Placer *self, NskFoNode *node, bool starts, bool ends)
{
    GArray *marks = self->target->page->marks;
    NskMark mark = { node, starts, ends };

    if (node->first == NULL || node->first->tag != NSK_FO_MARKER || self->layout->artifact)
        return;
    for (guint i = marks->len; i > 0 && !starts; i--) {
        NskMark *known = &g_array_index(marks, NskMark, i - 1);

        if (known->node != node)
            continue;
        known->ends |= ends;
        return;
    }
    g_array_append_val(marks, mark);
}

static void
pop_frame(Placer *self, bool goes_on)
{
    Open *open = &self->open[--self->n_open];

    if (goes_on && open->begun)
        open->bottom =
            nsk_add(open->bottom, open->frame->retained[1] - outer_retained(open->frame));
    if (open->begun && open->frame->visible && !is_hidden(open->frame->node)) {
        NskPdfRect rect = frame_rect(self, open);

        for (guint i = 0; i < open->n_fills; i++)
            g_array_index(self->target->page->areas, NskArea, open->fill - 1 + i).rect = rect;
        draw_borders(self, open, goes_on);
    }
    mark_frame(self, open->frame->node, false, !goes_on);
}

static void
push_chain(Placer *self, const NskFrame *frame)
{
    if (frame == NULL)
        return;
    push_chain(self, frame->parent);
    push_frame(self, frame, true);
    mark_frame(self, frame->node, false, false);
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
    mark_frame(self, item->frame->node, true, false);
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
place_content(Placer *self, const Slices *slices, size_t c, const NskPdfRect *rect)
{
    const NskColumn *column = &slices->parallel->columns[c];
    size_t from = slices->parallel->steps[slices->from].at[c];
    size_t to = slices->parallel->steps[slices->to].at[c];
    NskTarget inner = { .page = self->target->page, .area = *rect, .rl = column->list->rl };

    if (from >= to)
        return;
    if (column->clip)
        nsk_place_clip(inner.page, rect);
    if (column->turn != 0) {
        nsk_place_turned(self->layout, inner.page, column->list, rect, column->turn, column->align);
    } else {
        inner.area.y += (from > 0 ? column->cut_before : column->before) +
                        align_offset(column, slices, rect->height);
        nsk_place(self->layout, column->list, from, to, &inner);
    }
    if (column->clip)
        nsk_place_pop(inner.page);
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
    NskPdfRect rect = { left_of(self, column->x, column->width), self->y + top, column->width,
                        bottom - top };
    bool starts = column->node != NULL && first->at[c] == 0;

    if ((slices->from > 0 && column->bottom <= first->offset) ||
        (slices->to + 1 < parallel->n_steps && column->top >= last->offset))
        return;
    if (column->node != NULL && !self->layout->artifact)
        nsk_place_area(self->target->page, NSK_AREA_ELEMENT, column->node, &rect);
    if (column->cell != NULL)
        nsk_place_cell_back(self->target, column->cell, &rect);
    if (column->node != NULL) {
        record_id(self, column->node);
        mark_frame(self, column->node, starts, last->at[c] + 1 == column->list->n);
    }
    place_content(self, slices, c, &rect);
    if (column->cell != NULL)
        nsk_place_cell_edges(
            self->target, column->cell, &rect,
            (slices->page_end || column->bottom > last->offset ? NSK_CELL_CLOSED : 0) |
                (first->offset > column->top ? NSK_CELL_CONTINUED : 0) |
                (last->offset < column->bottom ? NSK_CELL_GOES_ON : 0));
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

/* ---- the range ---- */

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

static void
place_line(Placer *self, const NskLine *line)
{
    NskTarget target = *self->target;
    NskMpt y = self->y;

    for (size_t i = 0; i < self->n_open; i++) {
        target.area.x += self->open[i].shift.x;
        y = nsk_add(y, self->open[i].shift.y);
    }
    nsk_place_line(self->layout, line, &target, y);
}

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
        place_line(self, item->line);
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
        nsk_place_out(self->layout, self->target, item->out);
        break;
    }
    return i;
}

void
nsk_place(NskLayout *self, const NskVList *list, size_t from, size_t to, const NskTarget *target)
{
    g_autofree Placer *placer = g_new(Placer, 1);
    const NskVItem *start = &list->items[from], *end = &list->items[to];
    bool continued = from > 0 || list->continued;

    /* the frames lie behind what is set here and are large */
    placer->layout = self;
    placer->list = list;
    placer->target = target;
    placer->to = to;
    placer->y = target->area.y;
    placer->n_open = 0;
    if (continued)
        push_chain(placer, start->frame);
    /* the lead holds what frames retain and the table's header, which come first */
    if (continued && ((start->frame != NULL && start->frame->retained[0] > 0) ||
                      (start->table != NULL && start->table->header != NULL)))
        begin_frames(placer);
    if (start->table != NULL && continued)
        place_repeated(placer, start->table->header, placer->y);
    placer->y = nsk_add(target->area.y, start->lead);
    for (size_t i = from + 1; i < to; i++)
        i = place_item(placer, i);
    if (end->table != NULL && to + 1 < list->n) {
        place_repeated(placer, end->table->footer, placer->y);
        end_box(placer, end->table->footer_height);
    }
    while (placer->n_open > 0)
        pop_frame(placer, true);
}
