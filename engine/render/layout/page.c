/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Pages: which master a page has (section 6.4), where the flow is broken, and what stands in the
 * regions around it.
 *
 * 1. A page ends at the weakest break that fits, and among equals at the last one.  So a keep of
 * any strength wins over a full page, and nothing is kept at the price of overflowing.
 * 2. Space is shrunk only to bring the end of the flow onto a page; elsewhere pages are ragged at
 *    the bottom.
 * 3. Every page takes at least one box, so that the loop ends; a box higher than its page sticks
 * out with a warning.
 * 4. Numbers that the flow itself prints are those of the pass before; passes are repeated until
 * they stay the same, at most MAX_PASSES times.
 */
#include "base/limits.h"
#include "base/message.h"
#include "render/layout/page-private.h"

#include <string.h>

#define MAX_PASSES 4

typedef struct {
    NskLayout *layout;
    NskFoNode *sequence;
    const NskVList *list;
    const NskFoNode *master; /* simple-page-master or page-sequence-master */
    int number;              /* of the next page */
    unsigned index;          /* of the next page in the sequence */
} Pager;

static bool
fits(const NskVList *list, size_t from, size_t to, NskMpt room)
{
    return nsk_vlist_height(list, from, to) <= room;
}

static size_t
next_forced(const NskVList *list, size_t from)
{
    size_t at = from + 1;

    while (at + 1 < list->n &&
           !(list->items[at].kind == NSK_V_GLUE && list->items[at].forced != NSK_W_NONE_OF_THEM))
        at++;
    return at;
}

/* What a message about the break at @at names: the glue that ends the list has no object. */
static const NskFoNode *
node_at(const Pager *self, size_t at)
{
    const NskFoNode *node = self->list->items[at].node;

    return node != NULL ? node : self->sequence;
}

/* The break that ends a page of @room that begins at @from, not behind @limit. */
static size_t
choose_break(const Pager *self, size_t from, size_t limit, NskMpt room)
{
    const NskVList *list = self->list;
    size_t best = 0, first = 0;
    int penalty = G_MAXINT;

    for (size_t at = from + 1; at <= limit; at++) {
        const NskVItem *item = &list->items[at];

        if (item->kind != NSK_V_GLUE)
            continue;
        if (first == 0)
            first = at;
        if (list->sums[at] - list->sums[from + 1] > room)
            break;
        if (fits(list, from, at, room) && item->penalty <= penalty) {
            best = at;
            penalty = item->penalty;
        }
    }
    if (best == 0) {
        nsk_fo_warning(self->layout->tree, node_at(self, first), "fo-overflow",
                       nsk_tr("this is higher than a whole page and sticks out of it"));
        return first;
    }
    if (penalty >= NSK_NEVER)
        nsk_fo_warning(
            self->layout->tree, node_at(self, best), "fo-keep",
            nsk_tr("what is to be kept together here does not fit on one page; it is broken"));
    return best;
}

static NskPage *
add_page(Pager *self, bool last, bool blank, GError **error)
{
    NskLayout *layout = self->layout;
    NskPageQuery query = { .index = self->index,
                           .number = self->number,
                           .last = last,
                           .blank = blank };

    if (layout->pages->len >= NSK_LIMIT_PAGES) {
        g_set_error(error, NSK_ERROR, NSK_ERROR_LIMIT, nsk_tr("%s: more than %d pages"),
                    layout->tree->file, NSK_LIMIT_PAGES);
        return NULL;
    }

    NskPage *page = g_new0(NskPage, 1);
    page->areas = g_array_new(FALSE, TRUE, sizeof(NskArea));
    g_ptr_array_add(layout->pages, page);
    page->master = nsk_master_choose(layout, self->master, &query);
    page->sequence = self->sequence;
    page->number = self->number++;
    page->blank = blank;
    page->width = nsk_fo_length(page->master, NSK_P_PAGE_WIDTH, 0);
    page->height = nsk_fo_length(page->master, NSK_P_PAGE_HEIGHT, 0);
    self->index++;
    return page;
}

static NskMpt
room_of(const Pager *self, bool last)
{
    NskPageQuery query = { .index = self->index, .number = self->number, .last = last };

    return nsk_master_body(nsk_master_choose(self->layout, self->master, &query)).height;
}

/* How much of the shrink there is the rest of the flow needs to fit; -1 if it does not fit. */
static double
shrink_to_end(const NskVList *list, size_t from, size_t to, NskMpt room)
{
    int64_t over = nsk_vlist_height(list, from, to) - room;
    int64_t shrink = list->shrinks[to] - list->shrinks[from + 1];

    if (over <= 0)
        return 0;
    return over <= shrink ? (double)over / (double)shrink : -1;
}

static bool
add_blank_page(Pager *self, NskFoWord forced, GError **error)
{
    bool even = self->number % 2 == 0;

    if ((forced == NSK_W_EVEN_PAGE && !even) || (forced == NSK_W_ODD_PAGE && even))
        return add_page(self, false, true, error) != NULL;
    return true;
}

/* Places the page that begins at *at, and moves *at to where the next begins. */
static bool
next_page(Pager *self, size_t *at, GError **error)
{
    const NskVList *list = self->list;
    size_t end = next_forced(list, *at), to = end;
    bool last = end + 1 == list->n;
    double shrink = shrink_to_end(list, *at, end, room_of(self, last));

    if (shrink < 0) {
        shrink = last ? shrink_to_end(list, *at, end, room_of(self, false)) : -1;
        /* what fits on a common page but not on a last one leaves something over for the last */
        to = choose_break(self, *at, shrink >= 0 ? end - 1 : end, room_of(self, false));
        last = to + 1 == list->n;
        shrink = 0;
    }

    NskPage *page = add_page(self, last, false, error);
    if (page == NULL)
        return false;

    NskTarget target = { .page = page, .area = nsk_master_body(page->master), .shrink = shrink };
    if (self->index == 1)
        nsk_place_record(self->layout, page, nsk_fo_text(self->sequence, NSK_P_ID), 0);
    nsk_place(self->layout, list, *at, to, &target);
    nsk_place_record(self->layout, page, nsk_fo_text(self->sequence, NSK_P_ID), 0);
    *at = to;
    return last || add_blank_page(self, list->items[to].forced, error);
}

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

static bool
lay_sequence(NskLayout *layout, NskFoNode *sequence, int *number, GError **error)
{
    Pager pager = { .layout = layout, .sequence = sequence };
    NskFoNode *flow = find_flow(layout, sequence);
    size_t at = 0;

    pager.master = nsk_master_find(layout, sequence);
    pager.number = nsk_fo_integer(sequence, NSK_P_INITIAL_PAGE_NUMBER, *number);
    if (flow == NULL || pager.master == NULL)
        return true;

    NskPageQuery query = { .number = pager.number };
    NskPdfRect body = nsk_master_body(nsk_master_choose(layout, pager.master, &query));
    if (body.width <= 0 || body.height <= 0) {
        nsk_fo_error(layout->tree, pager.master, "fo-value",
                     nsk_tr("the margins leave no room for the region-body"));
        return true;
    }
    pager.list = nsk_block_list(layout, flow, body.width);
    if (layout->error != NULL)
        return true;
    while (at + 1 < pager.list->n) {
        if (!next_page(&pager, &at, error))
            return false;
    }
    *number = pager.number;
    return true;
}

/* ---- the other regions ---- */

static NskFoNode *
find_static(const NskPage *page, const char *name)
{
    for (NskFoNode *child = page->sequence->first; child != NULL; child = child->next) {
        if (child->tag == NSK_FO_STATIC_CONTENT &&
            strcmp(nsk_fo_text(child, NSK_P_FLOW_NAME), name) == 0)
            return child;
    }
    return NULL;
}

static void
lay_region(NskLayout *layout, NskPage *page, const NskFoNode *region)
{
    NskFoNode *content = find_static(page, nsk_master_region_name(region));
    NskPdfRect area = nsk_master_region(page->master, region);
    NskTarget target = { .page = page, .area = area };

    if (content == NULL || area.width <= 0)
        return;

    NskVList *list = nsk_block_list(layout, content, area.width);
    NskMpt rest = area.height - nsk_vlist_full(list);
    NskFoWord align = nsk_fo_word(region, NSK_P_DISPLAY_ALIGN);

    if (rest < 0)
        nsk_fo_warning(layout->tree, content, "fo-overflow",
                       nsk_tr("the content of %s is %dpt higher than its region"),
                       nsk_master_region_name(region), (999 - rest) / 1000);
    if (rest > 0 && align == NSK_W_CENTER)
        target.area.y += rest / 2;
    if (align == NSK_W_AFTER)
        target.area.y += rest;
    nsk_place(layout, list, 0, list->n - 1, &target);
}

static void
lay_static(NskLayout *layout)
{
    layout->artifact = true;
    for (guint i = 0; i < layout->pages->len && layout->error == NULL; i++) {
        NskPage *page = g_ptr_array_index(layout->pages, i);

        layout->page = page;
        for (NskFoNode *region = page->master->first; region != NULL; region = region->next) {
            if (region->tag != NSK_FO_REGION_BODY)
                lay_region(layout, page, region);
        }
    }
    layout->artifact = false;
    layout->page = NULL;
}

/* ---- passes ---- */

static bool
lay_flows(NskLayout *self, GError **error)
{
    int number = 1;

    for (NskFoNode *node = self->tree->root->first; node != NULL; node = node->next) {
        if (node->tag == NSK_FO_PAGE_SEQUENCE && !lay_sequence(self, node, &number, error))
            return false;
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
begin_pass(NskLayout *self)
{
    g_ptr_array_set_size(self->pages, 0);
    g_clear_pointer(&self->old_first_pages, g_hash_table_unref);
    g_clear_pointer(&self->old_last_pages, g_hash_table_unref);
    self->old_first_pages = self->first_pages;
    self->old_last_pages = self->last_pages;
    self->first_pages = g_hash_table_new(NULL, NULL);
    self->last_pages = g_hash_table_new(NULL, NULL);
    g_hash_table_remove_all(self->destinations);
    self->unsettled = false;
}

bool
nsk_page_layout(NskLayout *self, GError **error)
{
    for (int pass = 0; pass < MAX_PASSES; pass++) {
        begin_pass(self);
        if (!lay_flows(self, error))
            return false;
        if (self->tree->failed || !self->unsettled ||
            (same_numbers(self->first_pages, self->old_first_pages) &&
             same_numbers(self->last_pages, self->old_last_pages)))
            break;
    }
    lay_static(self);
    if (self->error != NULL) {
        g_propagate_error(error, g_steal_pointer(&self->error));
        return false;
    }
    return true;
}
