/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What goes on one page: floats at the top, stretches of the flow in one or more columns beneath
 * each other, footnotes at the bottom.  Nothing is drawn here, so a page can be tried in more than
 * one way.
 *
 * 1. A page takes at least one box of the flow, so that the loop over pages ends; a box higher than
 *    its page sticks out with a warning.
 * 2. Space is shrunk only to bring the end of the flow onto a page; elsewhere pages are ragged at
 *    the bottom.
 * 3. Columns are of one height where the flow goes on beneath them with something that spans them.
 * 4. A footnote is cut, or its rest left to the next page, only if its line could not move.
 * 5. A float that does not fit over its line goes to the top of the next page.
 */
#include "base/message.h"
#include "render/layout/page-private.h"

#define MAX_COLUMNS 20
#define MAX_TRIES   6

typedef struct {
    const NskFill *fill;
    NskFilled *out;
    int64_t notes;    /* height of the footnotes of the page so far */
    int64_t reserved; /* room kept for footnotes of later columns */
    NskMpt y;
    bool has_box;
} Filler;

void
nsk_filled_clear(NskFilled *self)
{
    g_clear_pointer(&self->floats, g_array_unref);
    g_clear_pointer(&self->parts, g_array_unref);
    g_clear_pointer(&self->notes, g_array_unref);
    g_clear_pointer(&self->rests, g_array_unref);
}

static void
set_up(NskFilled *out)
{
    nsk_filled_clear(out);
    *out = (NskFilled){ .floats = g_array_new(FALSE, TRUE, sizeof(NskPart)),
                        .parts = g_array_new(FALSE, TRUE, sizeof(NskPart)),
                        .notes = g_array_new(FALSE, TRUE, sizeof(NskPart)),
                        .rests = g_array_new(FALSE, TRUE, sizeof(NskRest)) };
}

size_t
nsk_fill_next_forced(const NskVList *list, size_t from)
{
    size_t at = from + 1;

    while (at + 1 < list->n &&
           !(list->items[at].kind == NSK_V_GLUE && list->items[at].forced != NSK_W_NONE_OF_THEM))
        at++;
    return at;
}

static const NskFoNode *
node_at(const Filler *self, const NskVList *list, size_t at)
{
    return list->items[at].node != NULL ? list->items[at].node : self->fill->fallback;
}

static int64_t
room_left(const Filler *self)
{
    return (int64_t)self->fill->height - self->y;
}

static int64_t
notes_with(const Filler *self, int64_t more)
{
    int64_t notes = MAX(self->notes + more, self->reserved);

    return notes > 0 ? notes + self->fill->separator : 0;
}

/* How much of the shrink there is the rest of the flow needs to fit; -1 if it does not fit. */
static double
shrink_to_fit(const Filler *self, const NskVList *list, size_t from, size_t to)
{
    int64_t over = nsk_vlist_height(list, from, to) +
                   notes_with(self, nsk_choose_notes(list, from, to)) - room_left(self);
    int64_t shrink = list->shrinks[to] - list->shrinks[from + 1];

    if (over <= 0)
        return 0;
    return over <= shrink ? (double)over / (double)shrink : -1;
}

static void
add_part(Filler *self, const NskVList *list, size_t from, size_t to, unsigned column, double shrink)
{
    const NskFill *fill = self->fill;
    NskPart part = { list, from, to, .width = list->width, .shrink = shrink, .y = self->y };
    int64_t height = nsk_vlist_height(list, from, to) -
                     (int64_t)(shrink * (double)(list->shrinks[to] - list->shrinks[from + 1]));

    part.x = (NskMpt)column * (list->width + fill->gap);
    part.height = (NskMpt)CLAMP(height, 0, G_MAXINT / 4);
    g_array_append_val(self->out->parts, part);
    self->has_box = true;
    for (size_t i = 0; i < list->n_anchors; i++) {
        const NskAnchor *anchor = &list->anchors[i];
        NskRest rest = { .note = anchor->note };

        if (anchor->item < from || anchor->item >= to || anchor->note->is_float)
            continue;
        g_array_append_val(self->out->rests, rest);
        self->notes += nsk_vlist_full(anchor->note->list);
    }
}

static size_t
first_glue(const NskVList *list, size_t from)
{
    size_t at = from + 1;

    while (at + 1 < list->n && list->items[at].kind != NSK_V_GLUE)
        at++;
    return at;
}

/* A break on a page where not all fits; 0 to leave the page as it is. */
static size_t
break_list(const Filler *self, NskSearch *search)
{
    int penalty = 0;
    size_t best = nsk_choose_break(search, &penalty);

    if (best == 0 && search->list->n_anchors > 0 && !self->has_box) {
        search->split = true;
        best = nsk_choose_break(search, &penalty);
    }
    if (best == 0 && !self->has_box) {
        best = first_glue(search->list, search->from);
        nsk_fo_warning(self->fill->layout->tree, node_at(self, search->list, best), "fo-overflow",
                       nsk_tr("this is higher than a whole page and sticks out of it"));
    } else if (best != 0 && penalty >= NSK_NEVER && best != search->limit) {
        if (self->has_box)
            return 0;
        nsk_fo_warning(
            self->fill->layout->tree, node_at(self, search->list, best), "fo-keep",
            nsk_tr("what is to be kept together here does not fit on one page; it is broken"));
    }
    return best;
}

/* Ends the page behind glue @at of the segment. */
static void
end_page(Filler *self, size_t segment, size_t at)
{
    const NskVList *list = self->fill->segments[segment].list;

    self->out->next = (NskCursor){ segment, at };
    self->out->forced = list->items[at].forced;
}

/* Room for a list that begins on this page, and what is known of it. */
static NskSearch
search_of(const Filler *self, const NskVList *list, size_t from, size_t limit)
{
    return (NskSearch){ .list = list,
                        .from = from,
                        .limit = limit,
                        .room = room_left(self),
                        .notes = self->notes,
                        .separator = self->fill->separator };
}

/* ---- one column ---- */

/* True if the page goes on beneath. */
static bool
fill_single(Filler *self, size_t segment, size_t from)
{
    const NskVList *list = self->fill->segments[segment].list;
    size_t limit = nsk_fill_next_forced(list, from), to = limit;
    bool last = segment + 1 == self->fill->n_segments && limit + 1 == list->n;
    bool leave = last && self->fill->short_of_end;
    double shrink = leave ? -1 : shrink_to_fit(self, list, from, limit);

    if (shrink < 0) {
        NskSearch search = search_of(self, list, from, leave ? limit - 1 : limit);

        to = break_list(self, &search);
        shrink = 0;
    }
    if (to == 0) {
        end_page(self, segment, from);
        return false;
    }
    add_part(self, list, from, to, 0, shrink);
    self->y = nsk_add(self->y,
                      g_array_index(self->out->parts, NskPart, self->out->parts->len - 1).height);
    if (to + 1 < list->n) {
        end_page(self, segment, to);
        return false;
    }
    return true;
}

/* ---- columns ---- */

typedef struct {
    size_t ends[MAX_COLUMNS]; /* the glue that ends each column */
    unsigned n;
    NskMpt height;
    bool done; /* the list has come to its end */
    bool stop; /* a page break is forced behind the last column */
} Columns;

static bool
is_page_break(NskFoWord forced)
{
    return forced != NSK_W_NONE_OF_THEM && forced != NSK_W_COLUMN;
}

static bool
fill_one_column(Filler *self, const NskVList *list, size_t from, int64_t room, Columns *out)
{
    bool last = out->n + 1 == self->fill->columns;
    size_t limit = nsk_fill_next_forced(list, from);
    NskSearch search = search_of(self, list, from, limit);
    size_t to = limit;

    search.room = room;
    search.notes = 0;
    search.column = !last;
    search.in_columns = true;
    if (nsk_vlist_height(list, from, limit) > room) {
        int penalty;

        to = nsk_choose_break(&search, &penalty);
        if (to != 0 && penalty >= NSK_NEVER && self->has_box && out->n == 0)
            to = 0;
        if (to == 0 && out->n == 0 && !self->has_box)
            to = break_list(self, &search);
    }
    if (to == 0)
        return false;
    out->ends[out->n++] = to;
    out->height = MAX(out->height, (NskMpt)nsk_vlist_height(list, from, to));
    out->done = to + 1 == list->n;
    out->stop = to == limit && is_page_break(list->items[to].forced);
    return !out->done && !out->stop;
}

static Columns
try_columns(Filler *self, const NskVList *list, size_t from, int64_t room)
{
    Columns columns = { 0 };

    while (columns.n < self->fill->columns && fill_one_column(self, list, from, room, &columns))
        from = columns.ends[columns.n - 1];
    return columns;
}

/* The least height at which the columns still take all to the end. */
static Columns
balance(Filler *self, const NskVList *list, size_t from, int64_t room)
{
    int64_t low = nsk_vlist_height(list, from, list->n - 1) / self->fill->columns, high = room;
    bool has_box = self->has_box;

    self->has_box = true; /* no warnings while trying */
    while (low < high) {
        int64_t middle = (low + high) / 2;

        if (try_columns(self, list, from, middle).done)
            high = middle;
        else
            low = middle + 1;
    }
    self->has_box = has_box;
    return try_columns(self, list, from, high);
}

static int64_t
notes_of(const NskVList *list, size_t from, const Columns *columns)
{
    return columns->n > 0 ? nsk_choose_notes(list, from, columns->ends[columns->n - 1]) : 0;
}

static bool
fill_columns(Filler *self, size_t segment, size_t from)
{
    const NskVList *list = self->fill->segments[segment].list;
    bool more = segment + 1 < self->fill->n_segments;
    Columns columns = { 0 };

    for (int i = 0; i < MAX_TRIES; i++) {
        columns = try_columns(self, list, from, room_left(self) - notes_with(self, 0));

        int64_t need = self->notes + notes_of(list, from, &columns);
        if (need <= MAX(self->reserved, self->notes))
            break;
        self->reserved = need;
    }
    if (columns.done && more)
        columns = balance(self, list, from, room_left(self) - notes_with(self, 0));
    if (columns.n == 0 || (columns.done && !more && self->fill->short_of_end)) {
        end_page(self, segment, from);
        return false;
    }
    for (unsigned c = 0; c < columns.n; c++) {
        add_part(self, list, from, columns.ends[c], c, 0);
        from = columns.ends[c];
    }
    self->y = nsk_add(self->y, columns.height);
    if (!columns.done) {
        end_page(self, segment, from);
        return false;
    }
    return true;
}

/* ---- footnotes ---- */

/* Puts a note, or what of it fits into @room; returns the height taken. */
static int64_t
put_note(Filler *self, const NskRest *rest, int64_t room, bool must)
{
    const NskVList *list = rest->note->list;
    NskSearch search = { .list = list, .from = rest->from, .limit = list->n - 1, .room = room };
    NskPart part = { .list = list, .from = rest->from, .to = list->n - 1, .width = list->width };
    int penalty = 0;

    if (nsk_vlist_height(list, part.from, part.to) > room) {
        part.to = nsk_choose_break(&search, &penalty);
        if (part.to == 0 && must)
            part.to = first_glue(list, rest->from);
    }
    if (part.to == 0)
        return -1;
    part.height = (NskMpt)nsk_vlist_height(list, part.from, part.to);
    g_array_append_val(self->out->notes, part);
    return part.height;
}

/* Stacks the footnotes at the bottom; what does not fit goes to the next page. */
static void
put_notes(Filler *self)
{
    GArray *rests = self->out->rests;
    GArray *later = g_array_new(FALSE, TRUE, sizeof(NskRest));
    int64_t room = room_left(self) - self->fill->separator;
    NskMpt sum = 0;

    for (guint i = 0; i < rests->len; i++) {
        NskRest rest = g_array_index(rests, NskRest, i);
        bool alone = !self->has_box && self->out->notes->len == 0;
        int64_t taken =
            later->len == 0 && !rest.note->is_float ? put_note(self, &rest, room, alone) : -1;

        if (taken >= 0) {
            room -= taken;
            sum = nsk_add(sum, (NskMpt)taken);
            rest.from = g_array_index(self->out->notes, NskPart, self->out->notes->len - 1).to;
        }
        if (taken < 0 || rest.from + 1 < rest.note->list->n)
            g_array_append_val(later, rest);
    }

    NskMpt y = self->fill->height - sum;
    for (guint i = 0; i < self->out->notes->len; i++) {
        NskPart *part = &g_array_index(self->out->notes, NskPart, i);

        part->y = y;
        y = nsk_add(y, part->height);
    }
    g_array_unref(rests);
    self->out->rests = later;
}

/* ---- floats ---- */

static bool
put_float(Filler *self, const NskNote *note, bool must)
{
    NskPart part = { .list = note->list, .to = note->list->n - 1, .width = note->list->width };

    part.y = self->y;
    part.height = nsk_vlist_full(note->list);
    if (!must && part.height + notes_with(self, 0) > room_left(self))
        return false;
    g_array_append_val(self->out->floats, part);
    self->y = nsk_add(self->y, part.height);
    return true;
}

static bool
is_on_page(const NskFilled *out, const NskNote *note)
{
    for (guint i = 0; i < out->parts->len; i++) {
        const NskPart *part = &g_array_index(out->parts, NskPart, i);

        for (size_t k = 0; k < part->list->n_anchors; k++) {
            const NskAnchor *anchor = &part->list->anchors[k];

            if (anchor->note == note && anchor->item >= part->from && anchor->item < part->to)
                return true;
        }
    }
    return false;
}

/* The floats that the page's lines ask for. */
static GPtrArray *
find_floats(const NskFilled *out)
{
    GPtrArray *found = g_ptr_array_new();

    for (guint i = 0; i < out->parts->len; i++) {
        const NskPart *part = &g_array_index(out->parts, NskPart, i);

        for (size_t k = 0; k < part->list->n_anchors; k++) {
            const NskAnchor *anchor = &part->list->anchors[k];

            if (anchor->note->is_float && anchor->item >= part->from && anchor->item < part->to)
                g_ptr_array_add(found, (gpointer)(uintptr_t)anchor->note);
        }
    }
    return found;
}

/* ---- the page ---- */

/* Height of the least of the flow that the page has to take. */
static int64_t
first_box(const Filler *self)
{
    const NskFill *fill = self->fill;
    const NskVList *list;

    if (fill->start.segment >= fill->n_segments)
        return 0;
    list = fill->segments[fill->start.segment].list;
    if (fill->start.at + 1 >= list->n)
        return 0;
    return nsk_vlist_height(list, fill->start.at, first_glue(list, fill->start.at));
}

static void
take_rests(Filler *self)
{
    const GArray *rests = self->fill->rests;

    for (guint i = 0; i < rests->len; i++) {
        const NskRest *rest = &g_array_index(rests, NskRest, i);
        const NskVList *list = rest->note->list;

        if (rest->note->is_float) {
            if (!put_float(self, rest->note, i == 0))
                g_array_append_val(self->out->rests, *rest);
            continue;
        }
        g_array_append_val(self->out->rests, *rest);
        self->notes += nsk_vlist_height(list, rest->from, list->n - 1);
    }
    /* the flow goes on however long the rests are: they yield to its first box */
    self->notes =
        MIN(self->notes, MAX(0, room_left(self) - self->fill->separator - first_box(self)));
}

/* Fills the page with the floats of @taken at its top besides those left over. */
static void
fill_with(const NskFill *self, const GPtrArray *taken, int64_t reserved, NskFilled *out)
{
    Filler filler = { .fill = self, .out = out, .reserved = reserved };
    size_t from = self->start.at;
    bool more = true;

    set_up(out);
    take_rests(&filler);
    for (guint i = 0; i < taken->len; i++)
        put_float(&filler, g_ptr_array_index(taken, i), true);
    for (size_t s = self->start.segment; more && s < self->n_segments; s++) {
        const NskSegment *segment = &self->segments[s];

        more = from + 1 >= segment->list->n ||
               (segment->span || self->columns == 1 ? fill_single(&filler, s, from)
                                                    : fill_columns(&filler, s, from));
        from = 0;
    }
    out->end = more;
    if (out->end)
        out->next = (NskCursor){ self->n_segments, 0 };
    out->used = filler.y;
    put_notes(&filler);
}

/* Floats stand on the page of their line, unless they would push it away. */
void
nsk_fill_page(const NskFill *self, NskFilled *out)
{
    g_autoptr(GPtrArray) taken = g_ptr_array_new();
    g_autoptr(GPtrArray) found = NULL;
    NskFilled trial = { 0 };

    fill_with(self, taken, 0, out);
    found = find_floats(out);
    for (guint i = 0; i < found->len; i++) {
        const NskNote *note = g_ptr_array_index(found, i);
        bool fits = is_on_page(out, note);

        if (!fits)
            continue;
        g_ptr_array_add(taken, g_ptr_array_index(found, i));
        fill_with(self, taken, 0, &trial);
        if (is_on_page(&trial, note) && trial.used <= self->height) {
            nsk_filled_clear(out);
            *out = trial;
            trial = (NskFilled){ 0 };
        } else {
            g_ptr_array_set_size(taken, (gint)taken->len - 1);
        }
    }
    for (guint i = 0; i < found->len; i++) {
        NskRest rest = { .note = g_ptr_array_index(found, i) };

        if (is_on_page(out, rest.note) && !g_ptr_array_find(taken, rest.note, NULL))
            g_array_append_val(out->rests, rest);
    }
    nsk_filled_clear(&trial);
}
