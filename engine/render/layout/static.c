/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What stands in the regions around the body: static content, and in it what markers in the flow
 * have left (XSL 1.1, sections 6.4.14 to 6.4.18, 6.13.5 and 6.13.6).
 *
 * 1. Pages come here in order, each once, when their body is complete.
 * 2. A marker's content is copied to where it is retrieved and inherits from there.
 */
#include "base/message.h"
#include "render/layout/page-private.h"

#include <string.h>

NskFoNode *
nsk_static_find(const NskFoNode *sequence, const char *name)
{
    for (NskFoNode *child = sequence->first; child != NULL; child = child->next) {
        if (child->tag == NSK_FO_STATIC_CONTENT &&
            strcmp(nsk_fo_text(child, NSK_P_FLOW_NAME), name) == 0)
            return child;
    }
    return NULL;
}

/* ---- markers ---- */

static NskFoNode *
marker_of(const NskFoNode *parent, const char *name)
{
    for (NskFoNode *child = parent->first; child != NULL; child = child->next) {
        if (child->tag == NSK_FO_MARKER &&
            strcmp(nsk_fo_text(child, NSK_P_MARKER_CLASS), name) == 0)
            return child;
    }
    return NULL;
}

/* Which of the page's areas wins, by retrieve-position. */
static NskFoNode *
find_on_page(const NskPage *page, const char *name, NskFoWord position)
{
    bool first =
        position == NSK_W_FIRST_STARTING_WITHIN_PAGE || position == NSK_W_FIRST_INCLUDING_CARRYOVER;
    bool starting =
        position == NSK_W_FIRST_STARTING_WITHIN_PAGE || position == NSK_W_LAST_STARTING_WITHIN_PAGE;
    bool any = position == NSK_W_FIRST_INCLUDING_CARRYOVER;
    NskFoNode *second = NULL;

    for (guint i = 0; i < page->marks->len; i++) {
        guint at = first ? i : page->marks->len - 1 - i;
        const NskMark *mark = &g_array_index(page->marks, NskMark, at);
        NskFoNode *marker = marker_of(mark->node, name);

        if (marker == NULL)
            continue;
        if (any || (starting ? mark->starts : mark->ends))
            return marker;
        if (second == NULL)
            second = marker;
    }
    return second;
}

typedef struct {
    NskFoNode *marker;
    const NskFoNode *sequence;
} Carried;

static NskFoNode *
find_marker(const NskLayout *layout, const NskFoNode *retrieve)
{
    const char *name = nsk_fo_text(retrieve, NSK_P_RETRIEVE_CLASS);
    NskFoWord boundary = nsk_fo_word(retrieve, NSK_P_RETRIEVE_BOUNDARY);
    NskFoNode *found =
        find_on_page(layout->page, name, nsk_fo_word(retrieve, NSK_P_RETRIEVE_POSITION));
    const Carried *carried = g_hash_table_lookup(layout->carried, name);

    if (found != NULL || boundary == NSK_W_PAGE || carried == NULL)
        return found;
    if (boundary == NSK_W_PAGE_SEQUENCE && carried->sequence != layout->page->sequence)
        return NULL;
    return carried->marker;
}

/* What the page's markers are for the pages behind it: those that end last. */
static void
carry_on(NskLayout *layout, const NskPage *page)
{
    for (guint i = 0; i < page->marks->len; i++) {
        const NskFoNode *node = g_array_index(page->marks, NskMark, i).node;

        for (NskFoNode *marker = node->first; marker != NULL; marker = marker->next) {
            const char *name = nsk_fo_text(marker, NSK_P_MARKER_CLASS);
            Carried *carried;

            if (marker->tag != NSK_FO_MARKER)
                continue;
            carried = g_hash_table_lookup(layout->carried, name);
            if (carried == NULL) {
                carried = NSK_ARENA_NEW(layout->document, Carried, 1);
                g_hash_table_insert(layout->carried, (gpointer)(uintptr_t)name, carried);
            }
            carried->marker = find_on_page(page, name, NSK_W_LAST_ENDING_WITHIN_PAGE);
            carried->sequence = page->sequence;
        }
    }
}

static NskFoNode *
copy_children(NskArena *arena, const NskFoNode *from, NskFoNode *parent)
{
    NskFoNode *first = NULL, *last = NULL;

    for (const NskFoNode *child = from->first; child != NULL; child = child->next) {
        NskFoNode *copy = nsk_arena_copy(arena, child, sizeof *copy, 1);

        copy->parent = parent;
        copy->next = NULL;
        if (child->traits != NULL) {
            copy->traits = nsk_arena_copy(arena, child->traits, sizeof *copy->traits, 1);
            copy->traits->values = NULL; /* it inherits from elsewhere now */
        }
        copy->first = copy_children(arena, child, copy);
        copy->last = NULL;
        if (last != NULL)
            last->next = copy;
        else
            first = copy;
        last = copy;
    }
    return first;
}

/* Puts what is retrieved beneath every retrieve-marker, or takes it away again. */
static void
retrieve_all(NskLayout *layout, NskFoNode *node, bool put)
{
    for (NskFoNode *child = node->first; child != NULL; child = child->next) {
        if (child->tag != NSK_FO_RETRIEVE_MARKER) {
            retrieve_all(layout, child, put);
            continue;
        }

        const NskFoNode *marker = put ? find_marker(layout, child) : NULL;
        child->first = marker != NULL ? copy_children(layout->arena, marker, child) : NULL;
    }
}

/* ---- regions ---- */

void
nsk_static_begin(NskPage *page, const NskFoNode *region, const NskViewport *view)
{
    nsk_place_background(page, region, &view->box);
    if (view->turn != 0)
        nsk_place_turn(page, &view->box, view->turn);
}

void
nsk_static_end(NskPage *page, const NskViewport *view)
{
    if (view->turn != 0)
        nsk_place_pop(page);
}

static void
lay_content(NskLayout *layout, NskPage *page, NskFoNode *content, const NskFoNode *region)
{
    NskViewport view = nsk_master_viewport(page->master, region);
    NskTarget target = { .page = page, .rl = view.rl };
    NskVList *list = nsk_block_list(layout, content, view.area.width);
    NskMpt rest = view.area.height - nsk_vlist_full(list);
    NskFoWord align = nsk_fo_word(region, NSK_P_DISPLAY_ALIGN);
    bool clip = nsk_fo_word(region, NSK_P_OVERFLOW) == NSK_W_HIDDEN && rest < 0;

    nsk_vlist_refuse_breaks(layout, list);
    if (rest < 0)
        nsk_fo_warning(layout->tree, content, "fo-overflow",
                       nsk_tr("the content of %s is %dpt higher than its region"),
                       nsk_master_region_name(region), (999 - rest) / 1000);
    target.area = view.area;
    if (clip)
        nsk_place_clip(page, &target.area);
    if (rest > 0 && align == NSK_W_CENTER)
        target.area.y += rest / 2;
    if (align == NSK_W_AFTER)
        target.area.y += rest;
    nsk_place(layout, list, 0, list->n - 1, &target);
    if (clip)
        nsk_place_pop(page);
}

static void
lay_region(NskLayout *layout, NskPage *page, const NskFoNode *region)
{
    NskFoNode *content = nsk_static_find(page->sequence, nsk_master_region_name(region));
    NskViewport view = nsk_master_viewport(page->master, region);

    if (view.area.width <= 0)
        return;
    nsk_static_begin(page, region, &view);
    if (content != NULL) {
        retrieve_all(layout, content, true);
        lay_content(layout, page, content, region);
        retrieve_all(layout, content, false);
    }
    nsk_static_end(page, &view);
}

void
nsk_static_lay(NskLayout *layout, NskPage *page)
{
    NskMpt note_width = layout->note_width;

    layout->artifact = true;
    layout->page = page;
    layout->note_width = 0; /* a page may be finished while its flow is still being built */
    for (NskFoNode *region = page->master->first; region != NULL && layout->error == NULL;
         region = region->next) {
        if (region->tag != NSK_FO_REGION_BODY)
            lay_region(layout, page, region);
    }
    carry_on(layout, page);
    layout->artifact = false;
    layout->page = NULL;
    layout->note_width = note_width;
}
