/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Page masters (XSL 1.1, section 6.4): which one a page has, and where its regions lie. */
#include "base/message.h"
#include "render/layout/page-private.h"

#include <string.h>

static const NskFoNode *
find_named(const NskLayout *layout, const char *name)
{
    const NskFoNode *set = layout->tree->root->first;

    while (set != NULL && set->tag != NSK_FO_LAYOUT_MASTER_SET)
        set = set->next;
    for (const NskFoNode *node = set != NULL ? set->first : NULL; node != NULL; node = node->next) {
        if (strcmp(nsk_fo_text(node, NSK_P_MASTER_NAME), name) == 0)
            return node;
    }
    return NULL;
}

static const NskFoNode *
find_region(const NskFoNode *page_master, NskFoTag tag)
{
    const NskFoNode *region = page_master->first;

    while (region != NULL && region->tag != tag)
        region = region->next;
    return region;
}

/* Section 6.4.14 to 6.4.18: borders and padding of regions are 0; a page is never turned whole. */
static void
check_regions(NskLayout *layout, const NskFoNode *master)
{
    if (nsk_fo_integer(master, NSK_P_REFERENCE_ORIENTATION, 0) != 0)
        nsk_fo_error(layout->tree, master, "fo-value",
                     nsk_tr("a page master cannot be turned; turn its regions, or swap page-width "
                            "and page-height"));
    for (const NskFoNode *region = master->first; region != NULL; region = region->next) {
        for (int side = 0; side < 4; side++) {
            if (nsk_fo_border_width(region, side) != 0 ||
                nsk_fo_length(region, NSK_P_PADDING_BEFORE + (NskFoProperty)side, 1000) != 0)
                nsk_fo_error(layout->tree, region, "fo-value",
                             nsk_tr("%s cannot have a border or padding; put its content into a "
                                    "block that has them"),
                             nsk_fo_tag_name(region->tag));
        }
    }
}

static bool
check_simple(NskLayout *layout, const NskFoNode *from, const NskFoNode *master)
{
    const char *name = nsk_fo_text(from, NSK_P_MASTER_REFERENCE);

    if (master == NULL || master->tag != NSK_FO_SIMPLE_PAGE_MASTER) {
        nsk_fo_error(layout->tree, from, "fo-master",
                     nsk_tr("there is no simple-page-master named '%s'"), name);
        return false;
    }
    if (find_region(master, NSK_FO_REGION_BODY) == NULL) {
        nsk_fo_error(layout->tree, master, "fo-master",
                     nsk_tr("simple-page-master needs a region-body"));
        return false;
    }
    check_regions(layout, master);
    return true;
}

/* Every reference of a page-sequence-master must lead to a usable simple-page-master. */
static bool
check_references(NskLayout *layout, const NskFoNode *node)
{
    for (const NskFoNode *child = node->first; child != NULL; child = child->next) {
        bool ok =
            child->tag == NSK_FO_REPEATABLE_ALTERNATIVES
                ? check_references(layout, child)
                : check_simple(layout, child,
                               find_named(layout, nsk_fo_text(child, NSK_P_MASTER_REFERENCE)));

        if (!ok)
            return false;
    }
    if (node->first == NULL)
        nsk_fo_error(layout->tree, node, "fo-master", nsk_tr("%s names no page master"),
                     nsk_fo_tag_name(node->tag));
    return node->first != NULL;
}

const NskFoNode *
nsk_master_find(NskLayout *layout, NskFoNode *sequence)
{
    const NskFoNode *master = find_named(layout, nsk_fo_text(sequence, NSK_P_MASTER_REFERENCE));

    if (master != NULL && master->tag == NSK_FO_PAGE_SEQUENCE_MASTER)
        return check_references(layout, master) ? master : NULL;
    return check_simple(layout, sequence, master) ? master : NULL;
}

static bool
matches(const NskFoNode *condition, const NskPageQuery *query)
{
    NskFoWord position = nsk_fo_word(condition, NSK_P_PAGE_POSITION);
    NskFoWord parity = nsk_fo_word(condition, NSK_P_ODD_OR_EVEN);
    NskFoWord blank = nsk_fo_word(condition, NSK_P_BLANK_OR_NOT);
    bool first = query->index == 0;

    if ((position == NSK_W_FIRST && !first) || (position == NSK_W_LAST && !query->last) ||
        (position == NSK_W_REST && (first || query->last)) ||
        (position == NSK_W_ONLY && !(first && query->last)))
        return false;
    if ((parity == NSK_W_ODD && query->number % 2 == 0) ||
        (parity == NSK_W_EVEN && query->number % 2 != 0))
        return false;
    return !((blank == NSK_W_BLANK && !query->blank) || (blank == NSK_W_NOT_BLANK && query->blank));
}

/* The reference of one sub-sequence for a page; the last one if no condition holds. */
static const NskFoNode *
reference_of(const NskFoNode *sub, const NskPageQuery *query)
{
    if (sub->tag != NSK_FO_REPEATABLE_ALTERNATIVES)
        return sub;
    for (const NskFoNode *condition = sub->first; condition != NULL; condition = condition->next) {
        if (matches(condition, query))
            return condition;
    }
    return sub->last;
}

static unsigned
repeats_of(const NskFoNode *sub)
{
    if (sub->tag == NSK_FO_SINGLE_REFERENCE)
        return 1;
    return (unsigned)nsk_fo_integer(sub, NSK_P_MAXIMUM_REPEATS, G_MAXINT);
}

const NskFoNode *
nsk_master_choose(NskLayout *layout, const NskFoNode *master, const NskPageQuery *query)
{
    const NskFoNode *sub = master->first;
    unsigned before = query->index;

    if (master->tag == NSK_FO_SIMPLE_PAGE_MASTER)
        return master;
    while (sub->next != NULL && before >= repeats_of(sub)) {
        before -= repeats_of(sub);
        sub = sub->next;
    }
    return find_named(layout, nsk_fo_text(reference_of(sub, query), NSK_P_MASTER_REFERENCE));
}

static NskPdfRect
inset(const NskPdfRect *rect, const NskFoNode *node)
{
    NskMpt top = nsk_fo_length(node, NSK_P_MARGIN_TOP, rect->height);
    NskMpt left = nsk_fo_length(node, NSK_P_MARGIN_LEFT, rect->width);

    return (NskPdfRect){ rect->x + left, rect->y + top,
                         rect->width - left - nsk_fo_length(node, NSK_P_MARGIN_RIGHT, rect->width),
                         rect->height - top -
                             nsk_fo_length(node, NSK_P_MARGIN_BOTTOM, rect->height) };
}

static NskPdfRect
page_rect(const NskFoNode *page_master)
{
    NskPdfRect page = { 0, 0, nsk_fo_length(page_master, NSK_P_PAGE_WIDTH, 0),
                        nsk_fo_length(page_master, NSK_P_PAGE_HEIGHT, 0) };

    return inset(&page, page_master);
}

const NskFoNode *
nsk_master_body(const NskFoNode *page_master)
{
    return find_region(page_master, NSK_FO_REGION_BODY);
}

static NskMpt
extent_of(const NskFoNode *page_master, NskFoTag tag, NskMpt reference)
{
    const NskFoNode *region = find_region(page_master, tag);

    return region != NULL ? nsk_fo_length(region, NSK_P_EXTENT, reference) : 0;
}

static bool
takes_corners(const NskFoNode *region)
{
    return region != NULL && nsk_fo_word(region, NSK_P_PRECEDENCE) == NSK_W_TRUE;
}

static NskPdfRect
outer_region(const NskFoNode *page_master, const NskFoNode *region)
{
    NskPdfRect page = page_rect(page_master), rect = page;
    NskMpt extent = nsk_fo_length(region, NSK_P_EXTENT, 0);
    NskMpt start = extent_of(page_master, NSK_FO_REGION_START, page.width);
    NskMpt end = extent_of(page_master, NSK_FO_REGION_END, page.width);
    const NskFoNode *before = find_region(page_master, NSK_FO_REGION_BEFORE);
    const NskFoNode *after = find_region(page_master, NSK_FO_REGION_AFTER);

    if (region == before || region == after) {
        if (!takes_corners(region)) {
            rect.x += start;
            rect.width -= start + end;
        }
        rect.height = extent;
        if (region == after)
            rect.y = page.y + page.height - extent;
        return rect;
    }
    if (takes_corners(before)) {
        rect.y += nsk_fo_length(before, NSK_P_EXTENT, page.height);
        rect.height -= nsk_fo_length(before, NSK_P_EXTENT, page.height);
    }
    if (takes_corners(after))
        rect.height -= nsk_fo_length(after, NSK_P_EXTENT, page.height);
    rect.width = extent;
    if (region->tag == NSK_FO_REGION_END)
        rect.x = page.x + page.width - extent;
    return rect;
}

NskViewport
nsk_master_viewport(const NskFoNode *page_master, const NskFoNode *region)
{
    NskViewport view = { .turn = nsk_fo_integer(region, NSK_P_REFERENCE_ORIENTATION, 0),
                         .rl = nsk_block_is_rl(region) };
    NskPdfRect page = page_rect(page_master);

    view.box = region->tag == NSK_FO_REGION_BODY ? inset(&page, region)
                                                 : outer_region(page_master, region);
    view.area = view.box;
    if (view.turn != 0)
        view.area.x = view.area.y = 0;
    if (view.turn == 90 || view.turn == 270) {
        view.area.width = view.box.height;
        view.area.height = view.box.width;
    }
    return view;
}

const char *
nsk_master_region_name(const NskFoNode *region)
{
    static const struct {
        NskFoTag tag;
        const char *name;
    } names[] = { { NSK_FO_REGION_BODY, "xsl-region-body" },
                  { NSK_FO_REGION_BEFORE, "xsl-region-before" },
                  { NSK_FO_REGION_AFTER, "xsl-region-after" },
                  { NSK_FO_REGION_START, "xsl-region-start" },
                  { NSK_FO_REGION_END, "xsl-region-end" } };
    const char *name = nsk_fo_text(region, NSK_P_REGION_NAME);

    for (size_t i = 0; name[0] == '\0' && i < G_N_ELEMENTS(names); i++) {
        if (names[i].tag == region->tag)
            return names[i].name;
    }
    return name;
}
