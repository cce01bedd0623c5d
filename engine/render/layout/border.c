/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Drawing of borders and rules by their style (XSL 1.1, section 7.8.20), and of background images
 * (section 7.8.3 to 7.8.6).
 */
#include "base/message.h"
#include "render/layout/layout.h"

#define MAX_TILES 20000

static bool
is_vertical(const NskArea *area)
{
    return area->line.side >= 2;
}

/* One of @n equal stripes along the line, counted from its left or top. */
static NskPdfRect
stripe(const NskArea *area, int i, int n)
{
    NskPdfRect rect = area->rect;

    if (is_vertical(area)) {
        rect.x += rect.width * i / n;
        rect.width = area->rect.width * (i + 1) / n - area->rect.width * i / n;
    } else {
        rect.y += rect.height * i / n;
        rect.height = area->rect.height * (i + 1) / n - area->rect.height * i / n;
    }
    return rect;
}

/* Each part of the colour a third of the way to black, or to white. */
static NskPdfColour
shade(NskPdfColour color, bool dark)
{
    NskPdfColour result = 0;

    for (int shift = 16; shift >= 0; shift -= 8) {
        NskPdfColour part = color >> shift & 0xff;

        part = dark ? part * 2 / 3 : part + (255 - part) / 3;
        result |= part << shift;
    }
    return result;
}

static void
draw_stripe(NskPdf *pdf, const NskArea *area, int i, int n, NskPdfColour color)
{
    NskPdfRect rect = stripe(area, i, n);

    nsk_pdf_fill_rect(pdf, &rect, color);
}

/* Carved and raised styles: light comes from the top left. */
static void
draw_relief(NskPdf *pdf, const NskArea *area)
{
    bool lit = area->line.side == 0 || area->line.side == 2;
    bool sunken = area->line.style == NSK_W_GROOVE || area->line.style == NSK_W_INSET;
    bool two = area->line.style == NSK_W_GROOVE || area->line.style == NSK_W_RIDGE;

    if (!two) {
        nsk_pdf_fill_rect(pdf, &area->rect, shade(area->color, lit == sunken));
        return;
    }
    draw_stripe(pdf, area, 0, 2, shade(area->color, sunken));
    draw_stripe(pdf, area, 1, 2, shade(area->color, !sunken));
}

static void
draw_dashes(NskPdf *pdf, const NskArea *area)
{
    const NskPdfRect *rect = &area->rect;
    bool vertical = is_vertical(area);
    NskPdfLine line = { .width = vertical ? rect->width : rect->height, .colour = area->color };

    line.x1 = rect->x + (vertical ? rect->width / 2 : 0);
    line.x2 = vertical ? line.x1 : rect->x + rect->width;
    line.y1 = rect->y + (vertical ? 0 : rect->height / 2);
    line.y2 = vertical ? rect->y + rect->height : line.y1;
    line.round = area->line.style == NSK_W_DOTTED;
    line.dash_on = line.round ? 1 : 3 * line.width;
    line.dash_off = 2 * line.width;
    nsk_pdf_line(pdf, &line);
}

void
nsk_border_draw(NskPdf *pdf, const NskArea *area)
{
    NskFoWord style = area->line.style;

    if (style == NSK_W_DOUBLE) {
        draw_stripe(pdf, area, 0, 3, area->color);
        draw_stripe(pdf, area, 2, 3, area->color);
    } else if (style == NSK_W_DASHED || style == NSK_W_DOTTED) {
        draw_dashes(pdf, area);
    } else if (style == NSK_W_GROOVE || style == NSK_W_RIDGE || style == NSK_W_INSET ||
               style == NSK_W_OUTSET) {
        draw_relief(pdf, area);
    } else {
        nsk_pdf_fill_rect(pdf, &area->rect, area->color);
    }
}

/* ---- background images ---- */

/* Where the first tile lies: percentages set off against the image's own length. */
static NskMpt
position(const NskFoNode *node, NskFoProperty property, NskMpt rest)
{
    NskFoWord word = nsk_fo_word(node, property);

    if (word == NSK_W_CENTER)
        return rest / 2;
    if (word == NSK_W_RIGHT || word == NSK_W_BOTTOM)
        return rest;
    return nsk_fo_length(node, property, rest);
}

/* The part of the row from @start with tiles of @size that covers @length; all of it if it is not
 * repeated. */
static void
spread(bool repeat, NskMpt size, NskMpt length, NskMpt *start, NskMpt *end)
{
    if (!repeat) {
        *end = *start + 1;
        return;
    }
    *start %= size;
    if (*start > 0)
        *start -= size;
    *end = length;
}

void
nsk_tiles_draw(NskLayout *self, const NskArea *area)
{
    const NskFoNode *node = area->object;
    const NskPdfImage *image = nsk_object_load(self, node, NSK_P_BACKGROUND_IMAGE);
    NskFoWord repeat = nsk_fo_word(node, NSK_P_BACKGROUND_REPEAT);
    const NskPdfRect *box = &area->rect;

    if (image == NULL || image->print_width <= 0 || image->print_height <= 0 || box->width <= 0 ||
        box->height <= 0)
        return;

    NskPdfRect tile = { 0, 0, image->print_width, image->print_height };
    NskMpt left = position(node, NSK_P_BACKGROUND_POSITION_H, box->width - tile.width), right;
    NskMpt top = position(node, NSK_P_BACKGROUND_POSITION_V, box->height - tile.height), bottom;
    spread(repeat == NSK_W_REPEAT || repeat == NSK_W_REPEAT_X, tile.width, box->width, &left,
           &right);
    spread(repeat == NSK_W_REPEAT || repeat == NSK_W_REPEAT_Y, tile.height, box->height, &top,
           &bottom);
    if ((int64_t)((right - left) / tile.width + 1) * ((bottom - top) / tile.height + 1) >
        MAX_TILES) {
        nsk_fo_warning(self->tree, node, "fo-image",
                       nsk_tr("the background image is too small to be repeated so often; it is "
                              "left out"));
        return;
    }
    nsk_pdf_push_clip(self->pdf, box);
    for (NskMpt y = top; y < bottom; y += tile.height) {
        for (NskMpt x = left; x < right; x += tile.width) {
            tile.x = box->x + x;
            tile.y = box->y + y;
            nsk_pdf_image_draw(self->pdf, image, &tile);
        }
    }
    nsk_pdf_pop(self->pdf);
}
