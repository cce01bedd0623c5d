/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Page-sequences to pages: which master each has (section 6.4), what fills it, and how often all is
 * done until the numbers in it are right.
 *
 * 1. Numbers that the flow itself prints are those of the pass before; passes are repeated until
 *    they stay the same, at most MAX_PASSES times.
 * 2. A short document keeps its pages and is drawn at the end.  Of a long one nothing is kept but
 *    the numbers: as soon as it turns out to be long its pages are drawn one by one, in a pass of
 *    their own if anything on them depends on later ones.  The flow is then built and
 *    forgotten by pieces too, so that memory does not grow with its text.
 */
#include "base/limits.h"
#include "base/message.h"
#include "render/layout/page-private.h"

#include <string.h>

#define MAX_PASSES 4
#define KEPT_PAGES 24 /* of a document that is not long */
#define AHEAD      3  /* pages of content that the fate of one page may depend on */

/* Memory of a stretch of the flow. */
typedef struct {
    NskArena *arena;
    size_t end; /* items of the flow that lie before its end, counted from the flow's start */
} Generation;

typedef struct {
    NskLayout *layout;
    NskFoNode *sequence;
    const NskFoNode *master; /* simple-page-master or page-sequence-master */
    int number;              /* of the next page */
    unsigned index;          /* of the next page in the sequence */
    NskMpt width;            /* of the body for which the flow is built */
    GArray *segments;        /* NskSegment */
    NskCursor at;
    GArray *rests;             /* NskRest */
    const NskVList *separator; /* over footnotes; NULL for none */
    GArray *generations;       /* Generation */
    size_t gone;               /* items that have been forgotten */
    bool warned;
    bool failed; /* layout->error is set */
} Pager;

/* ---- one page ---- */

static void
free_page(NskPage *page)
{
    g_array_unref(page->areas);
    g_array_unref(page->marks);
    g_array_unref(page->layers);
    g_free(page);
}

/* From here on pages are not kept. */
static void
become_long(NskLayout *layout)
{
    GPtrArray *pages = layout->pages;

    layout->is_long = true;
    layout->draws = !layout->looks_ahead;
    for (guint i = 0; i < pages->len && layout->draws; i++) {
        NskPage *page = g_ptr_array_index(pages, i);

        nsk_static_lay(layout, page);
        if (layout->error == NULL && !layout->tree->failed)
            nsk_draw_page(layout, page, &layout->error);
    }
    g_ptr_array_set_size(pages, 0);
}

/* The page is filled: it is kept, drawn, or only counted. */
static void
finish_page(NskLayout *layout, NskPage *page)
{
    if (!layout->is_long) {
        g_ptr_array_add(layout->pages, page);
        if (!layout->keeps_all && layout->pages->len > KEPT_PAGES)
            become_long(layout);
        return;
    }
    if (layout->draws && layout->error == NULL && !layout->tree->failed) {
        nsk_static_lay(layout, page);
        if (layout->error == NULL && !layout->tree->failed)
            nsk_draw_page(layout, page, &layout->error);
    }
    free_page(page);
}

static NskPage *
new_page(Pager *self, const NskFoNode *master, bool blank)
{
    NskLayout *layout = self->layout;

    if (layout->n_pages >= NSK_LIMIT_PAGES) {
        g_set_error(&layout->error, NSK_ERROR, NSK_ERROR_LIMIT, nsk_tr("%s: more than %d pages"),
                    layout->tree->file, NSK_LIMIT_PAGES);
        return NULL;
    }

    NskPage *page = g_new0(NskPage, 1);
    page->areas = g_array_new(FALSE, TRUE, sizeof(NskArea));
    page->marks = g_array_new(FALSE, TRUE, sizeof(NskMark));
    page->layers = g_array_new(FALSE, TRUE, sizeof(NskLayer));
    page->index = layout->n_pages++;
    page->master = master;
    page->sequence = self->sequence;
    page->number = self->number++;
    page->blank = blank;
    page->width = nsk_fo_length(page->master, NSK_P_PAGE_WIDTH, 0);
    page->height = nsk_fo_length(page->master, NSK_P_PAGE_HEIGHT, 0);
    if (self->index++ == 0)
        nsk_place_record(layout, page, nsk_fo_text(self->sequence, NSK_P_ID), 0);
    nsk_place_record(layout, page, nsk_fo_text(self->sequence, NSK_P_ID), 0);
    return page;
}

static const NskFoNode *
master_of(const Pager *self, bool last, bool blank)
{
    NskPageQuery query = { .index = self->index,
                           .number = self->number,
                           .last = last,
                           .blank = blank };

    return nsk_master_choose(self->layout, self->master, &query);
}

static bool
add_blank_page(Pager *self)
{
    NskPage *page = new_page(self, master_of(self, false, true), true);

    if (page == NULL)
        return false;
    finish_page(self->layout, page);
    return self->layout->error == NULL;
}

static bool
make_side(Pager *self, NskFoWord forced)
{
    bool even = self->number % 2 == 0;

    if ((forced == NSK_W_EVEN_PAGE && !even) || (forced == NSK_W_ODD_PAGE && even))
        return add_blank_page(self);
    return true;
}

static NskFill
fill_for(const Pager *self, const NskFoNode *master)
{
    const NskFoNode *body = nsk_master_body(master);
    NskViewport view = nsk_master_viewport(master, body);

    return (NskFill){ .layout = self->layout,
                      .segments = (const NskSegment *)(const void *)self->segments->data,
                      .n_segments = self->segments->len,
                      .start = self->at,
                      .rests = self->rests,
                      .width = view.area.width,
                      .height = view.area.height,
                      .columns =
                          (unsigned)CLAMP(nsk_fo_integer(body, NSK_P_COLUMN_COUNT, 1), 1, 20),
                      .gap = nsk_fo_length(body, NSK_P_COLUMN_GAP, view.area.width),
                      .separator = self->separator != NULL ? nsk_vlist_full(self->separator) : 0,
                      .fallback = self->sequence };
}

static void
fill(const Pager *self, const NskFoNode *master, bool short_of_end, NskFilled *out)
{
    NskFill request = fill_for(self, master);
    GPtrArray *issues = self->layout->options->issues;

    /* an earlier try is void, and so is what it found fault with */
    g_ptr_array_set_size(issues, (gint)self->layout->n_issues);
    request.short_of_end = short_of_end;
    nsk_fill_page(&request, out);
}

/* Fills the page; returns its master.  Whether it is the last depends on how much it holds. */
static const NskFoNode *
choose_fill(Pager *self, NskFilled *out)
{
    const NskFoNode *common = master_of(self, false, false), *last = master_of(self, true, false);

    self->layout->n_issues = self->layout->options->issues->len;
    fill(self, common, false, out);
    if (!out->end || out->rests->len > 0 || last == common)
        return common;
    fill(self, last, false, out);
    if (out->end && out->rests->len == 0)
        return last;
    /* what fits on a common page but not on a last one leaves something over for the last */
    fill(self, common, true, out);
    return common;
}

static void
place_parts(NskLayout *layout, NskPage *page, const GArray *parts, const NskViewport *view)
{
    for (guint i = 0; i < parts->len; i++) {
        const NskPart *part = &g_array_index(parts, NskPart, i);
        NskTarget target = { .page = page, .shrink = part->shrink, .rl = view->rl };
        NskMpt x = view->rl ? view->area.width - part->x - part->width : part->x;

        target.area = (NskPdfRect){ view->area.x + x, view->area.y + part->y, part->width,
                                    MAX(part->height, view->area.height - part->y) };
        nsk_place(layout, part->list, part->from, part->to, &target);
    }
}

static void
place_notes(Pager *self, NskPage *page, const NskFilled *filled, const NskViewport *view)
{
    NskTarget target = { .page = page, .area = view->area, .rl = view->rl };

    if (filled->notes->len == 0)
        return;
    if (self->separator != NULL) {
        self->layout->artifact = true;
        target.area.y +=
            g_array_index(filled->notes, NskPart, 0).y - nsk_vlist_full(self->separator);
        target.area.width = view->area.width;
        nsk_place(self->layout, self->separator, 0, self->separator->n - 1, &target);
        self->layout->artifact = false;
    }
    place_parts(self->layout, page, filled->notes, view);
}

static void
place_page(Pager *self, NskPage *page, const NskFilled *filled)
{
    const NskFoNode *body = nsk_master_body(page->master);
    NskViewport view = nsk_master_viewport(page->master, body), inner;
    NskFoWord align = nsk_fo_word(body, NSK_P_DISPLAY_ALIGN);
    NskMpt rest = view.area.height - filled->used;

    nsk_static_begin(page, body, &view);
    inner = view;
    if (filled->notes->len == 0 && rest > 0 && align == NSK_W_CENTER)
        inner.area.y += rest / 2;
    if (filled->notes->len == 0 && rest > 0 && align == NSK_W_AFTER)
        inner.area.y += rest;
    place_parts(self->layout, page, filled->floats, &inner);
    place_parts(self->layout, page, filled->parts, &inner);
    place_notes(self, page, filled, &view);
    nsk_static_end(page, &view);
}

static void
check_width(Pager *self, const NskFoNode *master)
{
    NskViewport view = nsk_master_viewport(master, nsk_master_body(master));

    if (self->warned || view.area.width == self->width)
        return;
    self->warned = true;
    nsk_fo_warning(
        self->layout->tree, master, "fo-width",
        nsk_tr("its region-body is %dpt wide and that of the sequence's first page %dpt; "
               "the flow keeps the width of the first"),
        view.area.width / 1000, self->width / 1000);
}

/* Places the next page.  False after a failure. */
static bool
next_page(Pager *self)
{
    NskFilled filled = { 0 };
    const NskFoNode *master = choose_fill(self, &filled);
    NskPage *page = new_page(self, master, false);
    NskFoWord forced = filled.forced;

    if (page == NULL) {
        nsk_filled_clear(&filled);
        return false;
    }
    check_width(self, master);
    place_page(self, page, &filled);
    self->at = filled.next;
    g_array_unref(self->rests);
    self->rests = g_steal_pointer(&filled.rests);
    nsk_filled_clear(&filled);
    finish_page(self->layout, page);
    return self->layout->error == NULL && make_side(self, forced);
}

/* ---- the flow, by pieces ---- */

static void
free_generations(Pager *self)
{
    while (self->generations->len > 0 &&
           g_array_index(self->generations, Generation, 0).end <= self->gone) {
        nsk_arena_free(g_array_index(self->generations, Generation, 0).arena);
        g_array_remove_index(self->generations, 0);
    }
}

/* Height of content that is there for certain. */
static bool
is_decided(const Pager *self, const NskVList *list)
{
    NskFill request = fill_for(self, master_of(self, false, false));
    int64_t known = list->sums[list->n] - list->sums[self->at.at];

    return known > (int64_t)AHEAD * request.columns * MAX(request.height, 1000);
}

/* NskSink: lays out the pages that nothing to come can change. */
static size_t
take_pages(void *data, const NskVList *list)
{
    Pager *self = data;
    NskSegment *segment = &g_array_index(self->segments, NskSegment, 0);
    Generation generation = { self->layout->arena, self->gone + list->n };

    segment->list = list;
    self->at = (NskCursor){ 0, 0 };
    while (!self->failed && is_decided(self, list))
        self->failed = !next_page(self);
    if (self->layout->is_long && self->at.at > 0) {
        g_array_append_val(self->generations, generation);
        self->layout->arena = nsk_arena_new();
        self->gone += self->at.at;
        free_generations(self);
    } else {
        self->gone += self->at.at;
    }
    return self->at.at;
}

static void
add_segment(Pager *self, NskFoNode *flow, NskFoNode *first, const NskFoNode *end, NskMpt width)
{
    NskSegment segment = { .span = first != NULL && nsk_fo_word(first, NSK_P_SPAN) == NSK_W_ALL };
    NskBuilder *builder = nsk_builder_new(self->layout, segment.span ? self->width : width);

    nsk_block_range(builder, flow, first, end);
    segment.list = nsk_builder_finish(builder);
    g_array_append_val(self->segments, segment);
}

static bool
spans_any(const NskFoNode *flow)
{
    for (const NskFoNode *child = flow->first; child != NULL; child = child->next) {
        if (nsk_fo_word(child, NSK_P_SPAN) == NSK_W_ALL)
            return true;
    }
    return false;
}

/* Children of the flow that span alike are one segment. */
static void
build_segments(Pager *self, NskFoNode *flow, NskMpt width)
{
    NskFoNode *first = flow->first;

    while (first != NULL && self->layout->error == NULL) {
        NskFoNode *end = first->next;

        while (end != NULL && nsk_fo_word(end, NSK_P_SPAN) == nsk_fo_word(first, NSK_P_SPAN))
            end = end->next;
        add_segment(self, flow, first, end, width);
        first = end;
    }
    self->at = (NskCursor){ 0, 0 };
}

static void
build_stream(Pager *self, NskFoNode *flow, NskMpt width)
{
    NskSegment segment = { 0 };
    NskBuilder *builder = nsk_builder_new(self->layout, width);

    g_array_append_val(self->segments, segment);
    nsk_builder_set_sink(builder, take_pages, self);
    nsk_block_range(builder, flow, flow->first, NULL);
    g_array_index(self->segments, NskSegment, 0).list = nsk_builder_finish(builder);
    self->at = (NskCursor){ 0, 0 };
}

static bool
is_done(const Pager *self)
{
    return self->rests->len == 0 &&
           (self->at.segment >= self->segments->len ||
            (self->at.segment + 1 == self->segments->len &&
             self->at.at + 1 >=
                 g_array_index(self->segments, NskSegment, self->at.segment).list->n));
}

static void
build_and_place(Pager *self, NskFoNode *flow)
{
    NskFill request = fill_for(self, master_of(self, false, false));
    NskMpt width = request.width;

    if (request.columns > 1)
        width =
            MAX(1, (width - (NskMpt)(request.columns - 1) * request.gap) / (NskMpt)request.columns);
    self->width = self->layout->note_width = request.width;
    if (request.columns > 1 && spans_any(flow))
        build_segments(self, flow, width);
    else
        build_stream(self, flow, width);
    self->layout->note_width = 0;
    while (!self->failed && self->layout->error == NULL && !is_done(self))
        self->failed = !next_page(self);
}

/* ---- one sequence ---- */

static NskFoNode *
find_flow(NskLayout *layout, NskFoNode *sequence)
{
    for (NskFoNode *child = sequence->first; child != NULL; child = child->next) {
        if (child->tag == NSK_FO_FLOW)
            return child;
    }
    nsk_fo_error(layout->tree, sequence, "fo-element", nsk_tr("page-sequence needs a flow"));
    return NULL;
}

/* The first number of a sequence that could begin with @number. */
static int
first_number(const NskFoNode *sequence, int number)
{
    NskFoWord word = nsk_fo_word(sequence, NSK_P_INITIAL_PAGE_NUMBER);
    bool even = number % 2 == 0;

    if ((word == NSK_W_AUTO_ODD && even) || (word == NSK_W_AUTO_EVEN && !even))
        return number + 1;
    return MAX(1, nsk_fo_integer(sequence, NSK_P_INITIAL_PAGE_NUMBER, number));
}

/* Section 7.27.9: whether a blank page has to follow the last one. */
static bool
needs_page(const Pager *self)
{
    NskFoWord word = nsk_fo_word(self->sequence, NSK_P_FORCE_PAGE_COUNT);
    const NskFoNode *next = self->sequence->next;
    bool even_count = self->index % 2 == 0, last_even = (self->number - 1) % 2 == 0;

    if (word == NSK_W_EVEN || word == NSK_W_ODD)
        return even_count != (word == NSK_W_EVEN);
    if (word == NSK_W_END_ON_EVEN || word == NSK_W_END_ON_ODD)
        return last_even != (word == NSK_W_END_ON_EVEN);
    if (word == NSK_W_NO_FORCE || next == NULL ||
        nsk_fo_word(next, NSK_P_INITIAL_PAGE_NUMBER) == NSK_W_AUTO)
        return false;
    /* the last page and the first of the next sequence must not be of the same side */
    return (first_number(next, self->number) % 2 == 0) == last_even;
}

static const NskVList *
make_separator(NskLayout *layout, NskFoNode *sequence, NskMpt width)
{
    NskFoNode *content = nsk_static_find(sequence, "xsl-footnote-separator");
    NskArena *arena = layout->arena;
    const NskVList *list = NULL;

    if (content == NULL)
        return NULL;
    layout->arena = layout->document;
    list = nsk_block_list(layout, content, width);
    layout->arena = arena;
    nsk_vlist_refuse_breaks(layout, list);
    return list;
}

static bool
check_room(Pager *self)
{
    NskFill request = fill_for(self, master_of(self, false, false));

    if (request.width > 0 && request.height > 0)
        return true;
    nsk_fo_error(self->layout->tree, self->master, "fo-value",
                 nsk_tr("the margins leave no room for the region-body"));
    return false;
}

static void
place_flow(Pager *self, NskFoNode *flow)
{
    NskFill request = fill_for(self, master_of(self, false, false));

    self->separator = make_separator(self->layout, self->sequence, request.width);
    build_and_place(self, flow);
    if (self->layout->error == NULL && needs_page(self))
        add_blank_page(self);
}

static void
pager_clear(Pager *self)
{
    self->gone = G_MAXSIZE;
    free_generations(self);
    g_array_unref(self->generations);
    g_array_unref(self->segments);
    g_array_unref(self->rests);
    if (self->layout->is_long) {
        nsk_arena_free(self->layout->arena);
        self->layout->arena = nsk_arena_new();
    }
}

static void
lay_sequence(NskLayout *layout, NskFoNode *sequence, int *number)
{
    Pager pager = { .layout = layout, .sequence = sequence };
    NskFoNode *flow = find_flow(layout, sequence);

    pager.master = nsk_master_find(layout, sequence);
    pager.number = first_number(sequence, *number);
    if (flow == NULL || pager.master == NULL)
        return;
    pager.segments = g_array_new(FALSE, TRUE, sizeof(NskSegment));
    pager.rests = g_array_new(FALSE, TRUE, sizeof(NskRest));
    pager.generations = g_array_new(FALSE, TRUE, sizeof(Generation));
    if (check_room(&pager))
        place_flow(&pager, flow);
    *number = pager.number;
    pager_clear(&pager);
}

/* ---- passes ---- */

static bool
lay_flows(NskLayout *self, GError **error)
{
    int number = 1;

    for (NskFoNode *node = self->tree->root->first; node != NULL; node = node->next) {
        if (node->tag == NSK_FO_PAGE_SEQUENCE)
            lay_sequence(self, node, &number);
        if (self->error != NULL) {
            g_propagate_error(error, g_steal_pointer(&self->error));
            return false;
        }
    }
    return true;
}

static bool
same_numbers(GHashTable *a, GHashTable *b)
{
    GHashTableIter iter;
    gpointer key, value;

    if (a == NULL || b == NULL || g_hash_table_size(a) != g_hash_table_size(b))
        return false;
    g_hash_table_iter_init(&iter, a);
    while (g_hash_table_iter_next(&iter, &key, &value)) {
        if (g_hash_table_lookup(b, key) != value)
            return false;
    }
    return true;
}

static void
begin_pass(NskLayout *self, guint n_issues)
{
    g_ptr_array_set_size(self->pages, 0);
    g_ptr_array_set_size(self->options->issues, (gint)n_issues);
    self->n_pages = 0;
    g_hash_table_remove_all(self->carried);
    g_clear_pointer(&self->old_first_pages, g_hash_table_unref);
    g_clear_pointer(&self->old_last_pages, g_hash_table_unref);
    self->old_first_pages = self->first_pages;
    self->old_last_pages = self->last_pages;
    self->first_pages = g_hash_table_new(NULL, NULL);
    self->last_pages = g_hash_table_new(NULL, NULL);
    if (!self->draws)
        g_hash_table_remove_all(self->destinations);
    self->unsettled = false;
}

/* Whether a page may show what is known only when all pages are. */
static bool
looks_ahead(const NskFoNode *node, bool in_flow)
{
    for (; node != NULL; node = node->next) {
        if (node->tag == NSK_FO_BOOKMARK_TREE)
            continue; /* comes when all else is drawn */
        if (node->tag == NSK_FO_PAGE_NUMBER_CITATION ||
            node->tag == NSK_FO_PAGE_NUMBER_CITATION_LAST ||
            (node->tag == NSK_FO_PAGE_NUMBER && in_flow) ||
            nsk_fo_is_set(node, NSK_P_INTERNAL_DESTINATION))
            return true;
        if (looks_ahead(node->first, in_flow || node->tag == NSK_FO_FLOW))
            return true;
    }
    return false;
}

static bool
settle(NskLayout *self, guint n_issues, GError **error)
{
    for (int pass = 0; pass < MAX_PASSES; pass++) {
        begin_pass(self, n_issues);
        if (!lay_flows(self, error))
            return false;
        if (self->tree->failed || self->draws || !self->unsettled ||
            (same_numbers(self->first_pages, self->old_first_pages) &&
             same_numbers(self->last_pages, self->old_last_pages)))
            break;
    }
    return true;
}

bool
nsk_page_layout(NskLayout *self, GError **error)
{
    guint n_issues = self->options->issues->len;

    self->looks_ahead = looks_ahead(self->tree->root, false);
    if (!settle(self, n_issues, error))
        return false;
    if (self->is_long && !self->draws && !self->tree->failed) {
        self->draws = true;
        begin_pass(self, n_issues);
        if (!lay_flows(self, error))
            return false;
    }
    for (guint i = 0; i < self->pages->len && self->error == NULL; i++)
        nsk_static_lay(self, g_ptr_array_index(self->pages, i));
    if (self->error != NULL) {
        g_propagate_error(error, g_steal_pointer(&self->error));
        return false;
    }
    return true;
}

void
nsk_page_free(void *page)
{
    free_page(page);
}
