/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Building vertical lists: what is between two boxes becomes one glue.
 *
 * 1. Spaces between two boxes are resolved together (section 4.3.1): forcing ones add up; else
 *    the highest precedence wins, then the largest optimum.  At a page's end and beginning those
 *    before the first (after the last) retained one are discarded.
 * 2. A glue stands where the fewest frames are open, so that a break there cuts no more frames than
 *    it must.
 * 3. Its penalty is the strongest of: keep-together of what surrounds both boxes, keep-with-next
 *    of what ended, keep-with-previous of what began, and what the caller asks for.
 * 4. Padding and borders are boxes that cannot be parted from what they surround.
 */
#include "base/message.h"
#include "render/layout/layout.h"

#include <string.h>

#define SINK_ITEMS 500 /* what a list has before it is offered to its sink */

typedef struct {
    NskMpt min, opt, max;
    int precedence;
    bool force;
    bool retain;
    bool after;  /* of something that ended */
    guint place; /* number of events before it */
} Space;

/* Strengths of keeps: of breaks between columns, and of breaks between pages. */
typedef struct {
    int column, page;
} Keep;

struct _NskBuilder {
    NskLayout *layout;
    NskMpt width;
    NskVList *list;
    GArray *items;    /* NskVItem */
    GArray *sums;     /* int64_t: height of all items before, and of all */
    GArray *shrinks;  /* the same of shrink */
    GArray *anchors;  /* NskAnchor */
    GPtrArray *notes; /* NskNote: floats that wait for the next box */
    GArray *events;   /* NskVItem: OPEN, CLOSE and OUT since the last box */
    GArray *spaces;   /* Space since the last box */
    NskFrame *frame;
    NskFrame *box_frame; /* open when the last box was added */
    Keep keep;           /* of what is open now */
    Keep break_keep;     /* the least since the last box */
    Keep adjacent;       /* keep-with-next and -previous since the last box */
    bool after_pad;      /* the last box was padding before */
    bool has_box;
    size_t n_boxes;
    NskFoWord forced;
    const NskTable *table, *next_table;
    NskMpt lead; /* that the next glue needs more */
    NskSink sink;
    void *sink_data;
};

int64_t
nsk_vlist_height(const NskVList *self, size_t from, size_t to)
{
    return self->items[from].lead + self->sums[to] - self->sums[from + 1] + self->items[to].trail;
}

NskMpt
nsk_vlist_full(const NskVList *self)
{
    return (NskMpt)CLAMP(nsk_vlist_height(self, 0, self->n - 1), 0, G_MAXINT / 2);
}

static NskBuilder *
builder_alloc(void)
{
    NskBuilder *self = g_new0(NskBuilder, 1);

    self->items = g_array_new(FALSE, TRUE, sizeof(NskVItem));
    self->sums = g_array_new(FALSE, TRUE, sizeof(int64_t));
    self->shrinks = g_array_new(FALSE, TRUE, sizeof(int64_t));
    self->anchors = g_array_new(FALSE, TRUE, sizeof(NskAnchor));
    self->notes = g_ptr_array_new();
    self->events = g_array_new(FALSE, TRUE, sizeof(NskVItem));
    self->spaces = g_array_new(FALSE, TRUE, sizeof(Space));
    return self;
}

void
nsk_builder_free(void *builder)
{
    NskBuilder *self = builder;

    g_array_unref(self->items);
    g_array_unref(self->sums);
    g_array_unref(self->shrinks);
    g_array_unref(self->anchors);
    g_ptr_array_unref(self->notes);
    g_array_unref(self->events);
    g_array_unref(self->spaces);
    g_free(self);
}

/* Keeps the builder and its arrays for the next list: there are as many lists as cells. */
static void
put_back(NskBuilder *self)
{
    NskBuilder old = *self;

    *self = (NskBuilder){ .items = old.items,
                          .sums = old.sums,
                          .shrinks = old.shrinks,
                          .anchors = old.anchors,
                          .notes = old.notes,
                          .events = old.events,
                          .spaces = old.spaces };
    g_array_set_size(self->items, 0);
    g_array_set_size(self->sums, 0);
    g_array_set_size(self->shrinks, 0);
    g_array_set_size(self->anchors, 0);
    g_ptr_array_set_size(self->notes, 0);
    g_array_set_size(self->events, 0);
    g_array_set_size(self->spaces, 0);
    g_ptr_array_add(old.layout->builders, self);
}

NskBuilder *
nsk_builder_new(NskLayout *layout, NskMpt width)
{
    GPtrArray *spare = layout->builders;
    NskBuilder *self =
        spare->len > 0 ? g_ptr_array_steal_index(spare, spare->len - 1) : builder_alloc();

    self->layout = layout;
    self->width = width;
    self->list = NSK_ARENA_NEW(layout->depth == 0 ? layout->document : layout->arena, NskVList, 1);
    self->list->width = width;
    g_array_set_size(self->sums, 1);
    g_array_set_size(self->shrinks, 1);
    layout->depth++;
    return self;
}

NskLayout *
nsk_builder_layout(NskBuilder *self)
{
    return self->layout;
}

NskMpt
nsk_builder_width(const NskBuilder *self)
{
    return self->width;
}

/* Section 4.3.1 over the spaces from @from up to @to. */
static Space
resolve(const GArray *spaces, guint from, guint to)
{
    Space best = { .precedence = -1 };
    bool force = false;

    for (guint i = from; i < to; i++)
        force |= g_array_index(spaces, Space, i).force;
    for (guint i = from; i < to; i++) {
        const Space *space = &g_array_index(spaces, Space, i);

        if (force && space->force) {
            best.min += space->min;
            best.opt += space->opt;
            best.max += space->max;
        } else if (force || space->precedence < best.precedence) {
            continue;
        } else if (space->precedence > best.precedence || space->opt > best.opt) {
            best = *space;
        } else if (space->opt == best.opt) {
            best.min = MAX(best.min, space->min);
            best.max = MIN(best.max, space->max);
        }
    }
    return best;
}

/* The number of spaces that belong before a break behind event number @place. */
static guint
split_spaces(const GArray *spaces, guint place)
{
    guint n = 0;

    while (n < spaces->len) {
        const Space *space = &g_array_index(spaces, Space, n);

        if (space->place > place || (space->place == place && !space->after))
            break;
        n++;
    }
    return n;
}

/* How many events to pass until the fewest frames are open; *out_frame is the innermost there. */
static guint
find_place(const NskBuilder *self, const NskFrame **out_frame)
{
    guint place = 0;
    int depth = 0, least = 0;
    const NskFrame *frame = self->box_frame;

    *out_frame = frame;
    for (guint i = 0; i < self->events->len; i++) {
        const NskVItem *event = &g_array_index(self->events, NskVItem, i);

        if (event->kind == NSK_V_OPEN) {
            depth++;
            frame = event->frame;
        } else if (event->kind == NSK_V_CLOSE) {
            depth--;
            frame = event->frame->parent;
        }
        /* what is placed out of the flow stays with the box before it */
        if (event->kind != NSK_V_OPEN && depth <= least) {
            least = depth;
            place = i + 1;
            *out_frame = frame;
        }
    }
    return place;
}

static Keep
keep_max(Keep a, Keep b)
{
    return (Keep){ MAX(a.column, b.column), MAX(a.page, b.page) };
}

static Keep
keep_min(Keep a, Keep b)
{
    return (Keep){ MIN(a.column, b.column), MIN(a.page, b.page) };
}

/* Adds @n items to the list. */
static void
append(NskBuilder *self, const NskVItem *items, guint n)
{
    int64_t sum = g_array_index(self->sums, int64_t, self->sums->len - 1);
    int64_t shrink = g_array_index(self->shrinks, int64_t, self->shrinks->len - 1);

    g_array_append_vals(self->items, items, n);
    for (guint i = 0; i < n; i++) {
        sum += items[i].height;
        shrink += items[i].shrink;
        g_array_append_val(self->sums, sum);
        g_array_append_val(self->shrinks, shrink);
    }
}

static void
fill_glue(const NskBuilder *self, NskVItem *glue, guint place)
{
    guint n = self->spaces->len, middle = split_spaces(self->spaces, place);
    guint retained = middle, first = middle;
    Space all = resolve(self->spaces, 0, n);

    while (retained > 0 && !g_array_index(self->spaces, Space, retained - 1).retain)
        retained--;
    while (first < n && !g_array_index(self->spaces, Space, first).retain)
        first++;
    glue->height = all.opt;
    glue->shrink = CLAMP(all.opt - all.min, 0, G_MAXINT);
    glue->trail = resolve(self->spaces, 0, retained).opt;
    glue->lead = resolve(self->spaces, first, n).opt;
}

/* Puts the glue for all that is pending, among the pending events. */
static void
flush(NskBuilder *self, int penalty, NskMpt extra, const NskFoNode *node)
{
    NskVItem glue = { .kind = NSK_V_GLUE, .node = node, .table = self->table };
    const NskFrame *frame;
    guint place = find_place(self, &frame);

    fill_glue(self, &glue, place);
    glue.frame = frame;
    glue.penalty = MIN(MAX(penalty, keep_max(self->break_keep, self->adjacent).column), NSK_NEVER);
    if (self->after_pad)
        glue.penalty = NSK_NEVER;
    glue.page_penalty =
        MIN(MAX(glue.penalty, keep_max(self->break_keep, self->adjacent).page), NSK_NEVER);
    glue.forced = self->has_box ? self->forced : NSK_W_NONE_OF_THEM;
    glue.trail += extra;
    if (self->table != NULL) {
        glue.lead += self->table->header_height;
        glue.trail += self->table->footer_height;
    }
    glue.lead += self->lead;
    self->lead = 0;
    if (!self->has_box) {
        place = 0; /* a list begins with its glue */
        glue.height = glue.shrink = 0;
        glue.lead = resolve(self->spaces, 0, self->spaces->len).opt;
        for (guint i = 0; i < self->spaces->len; i++) {
            if (g_array_index(self->spaces, Space, i).retain) {
                glue.lead = resolve(self->spaces, i, self->spaces->len).opt;
                break;
            }
            glue.lead = 0;
        }
        glue.frame = NULL;
        self->list->forced[0] = self->forced;
    }
    if (glue.frame != NULL) {
        glue.lead += glue.frame->retained[0];
        glue.trail += glue.frame->retained[1];
    }
    g_array_insert_vals(self->events, place, &glue, 1);
    append(self, (const NskVItem *)(const void *)self->events->data, self->events->len);
    g_array_set_size(self->events, 0);
    g_array_set_size(self->spaces, 0);
}

/* The note belongs to the last item. */
static void
add_anchor(NskBuilder *self, const NskNote *note)
{
    NskAnchor anchor = { .item = self->items->len - 1, .note = note };

    g_array_append_val(self->anchors, anchor);
}

static void
add_box(NskBuilder *self, const NskVItem *item, int penalty, NskMpt extra)
{
    flush(self, penalty, extra, item->node);
    append(self, item, 1);
    for (guint i = 0; i < self->notes->len; i++)
        add_anchor(self, g_ptr_array_index(self->notes, i));
    g_ptr_array_set_size(self->notes, 0);
    self->box_frame = self->frame;
    self->n_boxes++;
    self->break_keep = self->keep;
    self->adjacent = (Keep){ 0 };
    self->after_pad = false;
    self->has_box = true;
    self->forced = NSK_W_NONE_OF_THEM;
    self->table = self->next_table;
}

void
nsk_builder_box(NskBuilder *self, const NskVItem *item, int penalty, NskMpt extra)
{
    add_box(self, item, penalty, extra);
    if (item->kind == NSK_V_LINE) {
        for (size_t i = 0; i < item->line->n_notes; i++)
            add_anchor(self, item->line->notes[i]);
    }
}

void
nsk_builder_keep(NskBuilder *self, bool column)
{
    self->adjacent.page = NSK_NEVER;
    if (column)
        self->adjacent.column = NSK_NEVER;
}

void
nsk_builder_set_lead(NskBuilder *self, NskMpt lead)
{
    self->lead = lead;
}

void
nsk_builder_note(NskBuilder *self, NskNote *note)
{
    g_ptr_array_add(self->notes, note);
}

void
nsk_builder_set_table(NskBuilder *self, const NskTable *table)
{
    self->next_table = table;
    if (table == NULL)
        self->table = NULL;
}

void
nsk_builder_out(NskBuilder *self, const NskOut *out)
{
    NskVItem item = { .kind = NSK_V_OUT, .node = out->node, .out = out };

    g_array_append_val(self->events, item);
}

/* What the columns of a slice anchor. */
static void
add_slice_anchors(NskBuilder *self, const NskParallel *parallel, const NskStep *step)
{
    for (size_t c = 0; c < parallel->n_columns; c++) {
        const NskVList *list = parallel->columns[c].list;

        for (size_t i = 0; i < list->n_anchors; i++) {
            const NskAnchor *anchor = &list->anchors[i];

            if (anchor->item >= step[0].at[c] && anchor->item < step[1].at[c])
                add_anchor(self, anchor->note);
        }
    }
}

/* The strongest of the breaks that meet: a column, a page, a page of one side. */
static void
ask_break(NskBuilder *self, NskFoWord word)
{
    if (word == NSK_W_NONE_OF_THEM || word == NSK_W_AUTO)
        return;
    if (self->forced == NSK_W_NONE_OF_THEM || self->forced == NSK_W_COLUMN ||
        (self->forced == NSK_W_PAGE && word != NSK_W_COLUMN))
        self->forced = word;
}

/* A break at the very beginning (0) or end (1) of a column is one before or after them all. */
static void
ask_breaks(NskBuilder *self, const NskParallel *parallel, int end)
{
    for (size_t c = 0; c < parallel->n_columns; c++) {
        const NskColumn *column = &parallel->columns[c];

        if (end == 0 ? column->top == 0 : column->bottom == parallel->height)
            ask_break(self, column->list->forced[end]);
    }
}

void
nsk_builder_parallel(NskBuilder *self, const NskParallel *parallel, int penalty)
{
    ask_breaks(self, parallel, 0);
    for (size_t k = 0; k + 1 < parallel->n_steps; k++) {
        const NskStep *step = &parallel->steps[k];
        NskVItem item = { .kind = NSK_V_SLICE,
                          .node = parallel->node,
                          .parallel = parallel,
                          .step = (unsigned)k,
                          .height = parallel->steps[k + 1].offset - step->offset };

        if (k > 0 && step->forced != NSK_W_NONE_OF_THEM)
            self->forced = step->forced;
        add_box(self, &item, k == 0 ? penalty : step->penalty, k == 0 ? 0 : step->extra);
        add_slice_anchors(self, parallel, step);
    }
    ask_breaks(self, parallel, 1);
}

NskMpt
nsk_vlist_baseline(const NskVList *list)
{
    for (size_t i = 0; i < list->n; i++) {
        const NskVItem *item = &list->items[i];

        if (item->kind == NSK_V_SLICE)
            break;
        if (item->kind == NSK_V_LINE)
            return list->items[0].lead + (NskMpt)(list->sums[i] - list->sums[1]) +
                   item->line->baseline;
    }
    return -1;
}

/* ---- frames ---- */

static void
add_space(NskBuilder *self, const NskFoNode *node, NskFoProperty first, bool after)
{
    Space space = { .after = after, .place = self->events->len };
    const NskFoValue *precedence = nsk_fo_get(node, first + 3);

    space.min = nsk_fo_length(node, first, self->width);
    space.opt = nsk_fo_length(node, first + 1, self->width);
    space.max = nsk_fo_length(node, first + 2, self->width);
    space.min = MIN(space.min, space.opt);
    space.max = MAX(space.max, space.opt);
    space.force = precedence->word == NSK_W_FORCE;
    space.precedence = space.force ? 0 : (int)CLAMP(precedence->number, 0, 1000000);
    space.retain = nsk_fo_word(node, first + 4) == NSK_W_RETAIN;
    if (space.opt != 0 || space.min != 0 || space.max != 0 || space.force)
        g_array_append_val(self->spaces, space);
}

static void
add_forced(NskBuilder *self, const NskFoNode *node, NskFoProperty property)
{
    ask_break(self, nsk_fo_word(node, property));
}

static NskFrame *
frame_new(NskBuilder *self, NskFoNode *node)
{
    NskFrame *frame = NSK_ARENA_NEW(self->layout->document, NskFrame, 1);
    NskMpt start = nsk_fo_length(node, NSK_P_START_INDENT, self->width);
    NskMpt end = nsk_fo_length(node, NSK_P_END_INDENT, self->width);

    frame->parent = self->frame;
    frame->node = node;
    if (frame->parent != NULL)
        memcpy(frame->retained, frame->parent->retained, sizeof frame->retained);
    frame->x = start;
    frame->width = MAX(0, self->width - start - end);
    /* the cells draw what rows look like, and collapsed borders */
    if (node->tag == NSK_FO_TABLE_ROW)
        return frame;
    frame->visible = nsk_fo_get(node, NSK_P_BACKGROUND_COLOR)->kind == NSK_V_COLOR ||
                     nsk_fo_is_set(node, NSK_P_BACKGROUND_IMAGE);
    if (node->tag == NSK_FO_TABLE && nsk_fo_word(node, NSK_P_BORDER_COLLAPSE) != NSK_W_SEPARATE)
        return frame;
    for (int side = 0; side < 4; side++) {
        frame->border[side] = nsk_fo_border_width(node, side);
        frame->padding[side] =
            MAX(0, nsk_fo_length(node, NSK_P_PADDING_BEFORE + (NskFoProperty)side, self->width));
        frame->visible |= frame->border[side] > 0;
    }
    for (int side = 0; side < 2; side++)
        frame->retained[side] += nsk_frame_retained(frame, side);
    return frame;
}

NskMpt
nsk_frame_retained(const NskFrame *self, int side)
{
    NskFoProperty border = NSK_P_BORDER_BEFORE_CONDITIONALITY + (NskFoProperty)side;
    NskFoProperty padding = NSK_P_PADDING_BEFORE_CONDITIONALITY + (NskFoProperty)side;

    return (nsk_fo_word(self->node, border) == NSK_W_RETAIN ? self->border[side] : 0) +
           (nsk_fo_word(self->node, padding) == NSK_W_RETAIN ? self->padding[side] : 0);
}

static Keep
keep_of(const NskFoNode *node, NskFoProperty column)
{
    return (Keep){ nsk_fo_keep(node, column), nsk_fo_keep(node, column + 1) };
}

static void
add_pad(NskBuilder *self, NskFrame *frame, int side)
{
    NskVItem pad = { .kind = NSK_V_PAD,
                     .node = frame->node,
                     .frame = frame,
                     .height = frame->border[side] + frame->padding[side] };

    if (pad.height == 0)
        return;
    add_box(self, &pad, side == 0 ? 0 : NSK_NEVER, 0);
    self->after_pad = side == 0;
}

static bool
has_space(const NskFoNode *node, NskFoProperty first)
{
    return nsk_fo_is_set(node, first + 1);
}

/* A block without content is an area all the same: spaces before and after it do not meet. */
static void
add_empty(NskBuilder *self, const NskFrame *frame)
{
    NskVItem pad = { .kind = NSK_V_PAD, .node = frame->node, .frame = frame };

    add_box(self, &pad, 0, 0);
}

void
nsk_builder_open(NskBuilder *self, NskFoNode *node)
{
    NskFrame *frame = frame_new(self, node);
    NskVItem item = { .kind = NSK_V_OPEN, .node = node, .frame = frame };
    Keep previous = keep_of(node, NSK_P_KEEP_PREVIOUS_COLUMN);

    if (!self->has_box && self->frame == NULL)
        self->break_keep = self->keep = keep_of(node->parent, NSK_P_KEEP_TOGETHER_COLUMN);
    add_space(self, node, NSK_P_SPACE_BEFORE_MIN, false);
    add_forced(self, node, NSK_P_BREAK_BEFORE);
    self->adjacent = keep_max(self->adjacent, previous);
    g_array_append_val(self->events, item);
    frame->boxes_before = self->n_boxes;
    self->frame = frame;
    self->keep = keep_of(node, NSK_P_KEEP_TOGETHER_COLUMN);
    add_pad(self, frame, 0);
}

void
nsk_builder_close(NskBuilder *self, NskFoNode *node)
{
    NskFrame *frame = self->frame;
    NskVItem item = { .kind = NSK_V_CLOSE, .node = node, .frame = frame };

    g_assert(frame != NULL && frame->node == node);
    add_pad(self, frame, 1);
    if (self->n_boxes == frame->boxes_before && node->tag == NSK_FO_BLOCK &&
        (has_space(node, NSK_P_SPACE_BEFORE_MIN) || has_space(node, NSK_P_SPACE_AFTER_MIN)))
        add_empty(self, frame);
    g_array_append_val(self->events, item);
    self->frame = frame->parent;
    self->keep = keep_of(node->parent, NSK_P_KEEP_TOGETHER_COLUMN);
    self->break_keep = keep_min(self->break_keep, self->keep);
    self->adjacent = keep_max(self->adjacent, keep_of(node, NSK_P_KEEP_NEXT_COLUMN));
    add_space(self, node, NSK_P_SPACE_AFTER_MIN, true);
    add_forced(self, node, NSK_P_BREAK_AFTER);
}

/* ---- the end ---- */

/* Lets the list show what has been collected. */
static void
show(NskBuilder *self)
{
    NskVList *list = self->list;

    list->items = (NskVItem *)(void *)self->items->data;
    list->n = self->items->len;
    list->sums = (int64_t *)(void *)self->sums->data;
    list->shrinks = (int64_t *)(void *)self->shrinks->data;
    list->anchors = (NskAnchor *)(void *)self->anchors->data;
    list->n_anchors = self->anchors->len;
}

void
nsk_builder_set_sink(NskBuilder *self, NskSink sink, void *data)
{
    self->sink = sink;
    self->sink_data = data;
}

void
nsk_builder_checkpoint(NskBuilder *self)
{
    size_t gone;

    if (self->sink == NULL || self->items->len < SINK_ITEMS)
        return;
    show(self);
    gone = self->sink(self->sink_data, self->list);
    if (gone == 0)
        return;
    g_array_remove_range(self->items, 0, (guint)gone);
    g_array_remove_range(self->sums, 0, (guint)gone);
    g_array_remove_range(self->shrinks, 0, (guint)gone);
    while (self->anchors->len > 0 && g_array_index(self->anchors, NskAnchor, 0).item < gone)
        g_array_remove_index(self->anchors, 0);
    for (guint i = 0; i < self->anchors->len; i++)
        g_array_index(self->anchors, NskAnchor, i).item -= gone;
    self->list->continued = true;
}

static void
copy_out(NskBuilder *self)
{
    NskArena *arena = self->layout->arena;
    NskVList *list = self->list;

    show(self);
    list->items = nsk_arena_copy(arena, list->items, sizeof *list->items, list->n);
    list->sums = nsk_arena_copy(arena, list->sums, sizeof *list->sums, list->n + 1);
    list->shrinks = nsk_arena_copy(arena, list->shrinks, sizeof *list->shrinks, list->n + 1);
    list->anchors = nsk_arena_copy(arena, list->anchors, sizeof *list->anchors, list->n_anchors);
}

NskVList *
nsk_builder_finish(NskBuilder *self)
{
    NskVList *list = self->list;

    if (!self->has_box) {
        flush(self, 0, 0, NULL);
    }
    for (guint i = 0; i < self->notes->len; i++)
        add_anchor(self, g_ptr_array_index(self->notes, i));

    /* the last glue ends the list, so it comes after every event */
    NskVItem glue = { .kind = NSK_V_GLUE };
    guint retained = self->spaces->len;
    while (retained > 0 && !g_array_index(self->spaces, Space, retained - 1).retain)
        retained--;
    glue.trail = resolve(self->spaces, 0, retained).opt;
    self->list->forced[1] = self->has_box ? self->forced : NSK_W_NONE_OF_THEM;
    append(self, (const NskVItem *)(const void *)self->events->data, self->events->len);
    append(self, &glue, 1);
    copy_out(self);
    self->layout->depth--;
    put_back(self);
    return list;
}
