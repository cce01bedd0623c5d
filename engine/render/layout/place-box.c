/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Rectangles: backgrounds, borders, turned and clipped areas, and containers placed out of the flow
 * (XSL 1.1, sections 6.5.3, 7.6 and 7.8).
 */
#include "render/layout/place-private.h"

NskArea *
nsk_place_area(NskPage *page, NskAreaKind kind, NskFoNode *owner, const NskPdfRect *rect)
{
    NskArea area = { .kind = kind, .owner = owner, .rect = *rect };

    g_array_append_val(page->areas, area);
    return &g_array_index(page->areas, NskArea, page->areas->len - 1);
}

NskMpt
nsk_place_left(const NskTarget *target, NskMpt x, NskMpt width)
{
    return target->rl ? target->area.x + target->area.width - x - width : target->area.x + x;
}

void
nsk_place_border(NskPage *page, const NskPdfRect *band, const NskEdge *edge, int side)
{
    if (edge->width <= 0 || band->width <= 0 || band->height <= 0)
        return;

    NskArea *area = nsk_place_area(page, NSK_AREA_LINE, NULL, band);
    area->color = edge->color;
    area->line.style = edge->style;
    area->line.side = side;
}

NskEdge
nsk_place_edge(const NskFoNode *node, int side)
{
    const NskFoValue *color;

    if (!nsk_fo_is_set(node, NSK_P_BORDER_BEFORE_STYLE + (NskFoProperty)side))
        return (NskEdge){ .style = NSK_W_NONE };
    color = nsk_fo_get(node, NSK_P_BORDER_BEFORE_COLOR + (NskFoProperty)side);
    return (NskEdge){ .width = nsk_fo_border_width(node, side),
                      .style = nsk_fo_word(node, NSK_P_BORDER_BEFORE_STYLE + (NskFoProperty)side),
                      .color = color->kind == NSK_V_COLOR ? color->color
                                                          : nsk_fo_get(node, NSK_P_COLOR)->color };
}

guint
nsk_place_background(NskPage *page, const NskFoNode *node, const NskPdfRect *rect)
{
    const NskFoValue *color = nsk_fo_get(node, NSK_P_BACKGROUND_COLOR);
    const char *image = nsk_fo_text(node, NSK_P_BACKGROUND_IMAGE);
    guint before = page->areas->len;

    if (nsk_fo_word(node, NSK_P_VISIBILITY) != NSK_W_VISIBLE)
        return 0;
    if (color->kind == NSK_V_COLOR)
        nsk_place_area(page, NSK_AREA_FILL, NULL, rect)->color = color->color;
    if (image[0] != '\0' && g_strcmp0(image, "none") != 0)
        nsk_place_area(page, NSK_AREA_TILES, NULL, rect)->object = node;
    return page->areas->len - before;
}

void
nsk_place_edges(NskPage *page, const NskFoNode *node, const NskPdfRect *box)
{
    if (nsk_fo_word(node, NSK_P_VISIBILITY) != NSK_W_VISIBLE)
        return;
    for (int side = 0; side < 4; side++) {
        NskEdge edge = nsk_place_edge(node, side);
        NskPdfRect band = *box;

        if (side < 2)
            band.height = edge.width;
        else
            band.width = edge.width;
        if (side == 1)
            band.y += box->height - edge.width;
        if (side == 3)
            band.x += box->width - edge.width;
        nsk_place_border(page, &band, &edge, side);
    }
}

/* ---- turned and clipped ---- */

void
nsk_place_turn(NskPage *page, const NskPdfRect *box, int turn)
{
    NskPdfRect origin = { box->x, box->y, box->width, box->height };

    if (turn == 90 || turn == 180)
        origin.y += box->height;
    if (turn == 180 || turn == 270)
        origin.x += box->width;
    nsk_place_area(page, NSK_AREA_TURN, NULL, &origin)->turn = 360 - turn;
    if (page->turned++ == 0)
        page->turned_y = box->y;
}

void
nsk_place_clip(NskPage *page, const NskPdfRect *box)
{
    nsk_place_area(page, NSK_AREA_CLIP, NULL, box)->turn = 0;
    page->turned += page->turned > 0 ? 1 : 0;
}

void
nsk_place_pop(NskPage *page)
{
    nsk_place_area(page, NSK_AREA_POP, NULL, &(NskPdfRect){ 0 });
    page->turned -= page->turned > 0 ? 1 : 0;
}

static NskMpt
offset_of(NskFoWord align, NskMpt rest)
{
    if (rest <= 0)
        return 0;
    return align == NSK_W_AFTER ? rest : align == NSK_W_CENTER ? rest / 2 : 0;
}

void
nsk_place_turned(NskLayout *self,
                 NskPage *page,
                 const NskVList *list,
                 const NskPdfRect *box,
                 int turn,
                 NskFoWord align)
{
    NskTarget inner = { .page = page, .area = *box, .rl = list->rl };

    if (turn != 0) {
        nsk_place_turn(page, box, turn);
        inner.area = (NskPdfRect){ 0, 0, box->width, box->height };
    }
    if (turn == 90 || turn == 270) {
        inner.area.width = box->height;
        inner.area.height = box->width;
    }
    inner.area.y += offset_of(align, inner.area.height - nsk_vlist_full(list));
    nsk_place(self, list, 0, list->n - 1, &inner);
    if (turn != 0)
        nsk_place_pop(page);
}

/* ---- containers out of the flow ---- */

static void
add_layer(NskPage *page, const NskFoNode *node, guint from)
{
    const NskFoValue *z = nsk_fo_get(node, NSK_P_Z_INDEX);
    NskLayer layer = { .from = from, .to = page->areas->len };

    if (z->kind != NSK_V_NUMBER || page->turned > 0)
        return;
    layer.z = (int)CLAMP(z->number, -100000, 100000);
    g_array_append_val(page->layers, layer);
}

/* Its offsets are those of the content rectangle (section 7.6.5). */
void
nsk_place_out(NskLayout *self, const NskTarget *target, const NskOut *out)
{
    NskPage *page = target->page;
    NskPdfRect area = target->area, box, inner;
    guint from = page->areas->len;

    if (out->fixed)
        area = (NskPdfRect){ 0, 0, page->width, page->height };
    inner = (NskPdfRect){ area.x + out->x, area.y + out->y, out->width, out->height };
    if (out->from_right)
        inner.x = area.x + area.width - out->x - inner.width;
    if (out->from_bottom)
        inner.y = area.y + area.height - out->y - inner.height;
    box = (NskPdfRect){ inner.x - out->inset[2], inner.y - out->inset[0],
                        inner.width + out->inset[2] + out->inset[3],
                        inner.height + out->inset[0] + out->inset[1] };
    nsk_place_background(page, out->node, &box);
    nsk_place_edges(page, out->node, &box);
    if (out->clip)
        nsk_place_clip(page, &inner);
    nsk_place_turned(self, page, out->list, &inner, out->turn,
                     nsk_fo_word(out->node, NSK_P_DISPLAY_ALIGN));
    if (out->clip)
        nsk_place_pop(page);
    add_layer(page, out->node, from);
}
