/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Marked content, graphics state, rectangles and lines (ISO 32000-1, 8.4, 8.5 and 14.6).
 *
 * 1. Every operator that draws stands in a marked-content sequence, an element's or an artifact's.
 * 2. Sequences do not reach across saving and restoring of the graphics state, nor pages.
 */
#include "pdf-private.h"

#include <math.h>

/* Opens a sequence for the marked element; it stands for @text if that is given. */
static void
open_content(NskPdf *self, const char *text, size_t size)
{
    NskPdfPage *page = self->page;

    nsk_pdf_content_end(self);
    self->is_open = true;
    self->opened = self->marked;
    if (self->marked == NSK_PDF_ARTIFACT) {
        nsk_pdf_put(page->content, "/Artifact BMC\n");
        return;
    }
    unsigned id =
        nsk_pdf_structure_add_content(self->structure, self->marked, page->key, page->ref);
    g_string_append_c(page->content, '/');
    nsk_pdf_put(page->content, nsk_pdf_structure_get_role(self->structure, self->marked));
    nsk_pdf_put(page->content, "<</MCID ");
    nsk_pdf_put_int(page->content, id);
    if (text) {
        nsk_pdf_put(page->content, "/ActualText");
        nsk_pdf_put_utf16(page->content, text, size, true);
    }
    nsk_pdf_put(page->content, ">>BDC\n");
}

GString *
nsk_pdf_content(NskPdf *self)
{
    g_assert(self->page);
    if (!self->is_open || self->opened != self->marked)
        open_content(self, NULL, 0);
    return self->page->content;
}

void
nsk_pdf_content_for(NskPdf *self, const char *text, size_t size)
{
    g_assert(self->page);
    open_content(self, text, size);
}

void
nsk_pdf_content_end(NskPdf *self)
{
    if (self->is_open)
        nsk_pdf_put(self->page->content, "EMC\n");
    self->is_open = false;
}

NskPdfElement
nsk_pdf_element_add(NskPdf *self, NskPdfElement parent, const NskPdfTag *tag)
{
    NskPdfElement element = nsk_pdf_structure_add(self->structure, parent, tag);

    if (self->is_open && self->opened == parent)
        nsk_pdf_content_end(self); /* what follows in the parent stands after the child */
    return element;
}

void
nsk_pdf_mark(NskPdf *self, NskPdfElement element)
{
    self->marked = element;
}

/* Components as thousandths. */
static void
put_colour(GString *to, NskPdfColour colour, const char *grey, const char *rgb)
{
    unsigned parts[3] = { colour >> 16 & 255, colour >> 8 & 255, colour & 255 };
    unsigned n = parts[0] == parts[1] && parts[1] == parts[2] ? 1 : 3;

    for (unsigned i = 0; i < n; i++) {
        nsk_pdf_put_mpt(to, (parts[i] * 1000 + 127) / 255);
        g_string_append_c(to, ' ');
    }
    nsk_pdf_put(to, n == 1 ? grey : rgb);
}

void
nsk_pdf_set_fill(NskPdf *self, NskPdfColour colour)
{
    if (self->state.fill == colour)
        return;
    put_colour(self->page->content, colour, "g\n", "rg\n");
    self->state.fill = colour;
}

static void
set_stroke(NskPdf *self, NskPdfColour colour)
{
    if (self->state.stroke == colour)
        return;
    put_colour(self->page->content, colour, "G\n", "RG\n");
    self->state.stroke = colour;
}

NskPdfRect
nsk_pdf_flip(const NskPdf *self, const NskPdfRect *rect)
{
    NskPdfRect flipped = *rect;

    flipped.y = (NskMpt)(self->state.bottom - rect->y - rect->height);
    return flipped;
}

static void
put_numbers(GString *to, const int64_t *values, size_t n, const char *operator)
{
    for (size_t i = 0; i < n; i++) {
        nsk_pdf_put_mpt(to, values[i]);
        g_string_append_c(to, ' ');
    }
    nsk_pdf_put(to, operator);
}

static void
put_rect(NskPdf *self, GString *to, const NskPdfRect *rect)
{
    NskPdfRect it = nsk_pdf_flip(self, rect);
    const int64_t values[] = { it.x, it.y, it.width, it.height };

    put_numbers(to, values, G_N_ELEMENTS(values), "re\n");
}

void
nsk_pdf_fill_rects(NskPdf *self, const NskPdfRect *rects, size_t n, NskPdfColour colour)
{
    GString *to = nsk_pdf_content(self);

    if (n == 0)
        return;
    nsk_pdf_set_fill(self, colour);
    for (size_t i = 0; i < n; i++) {
        put_rect(self, to, &rects[i]);
        if (self->marked && self->states->len == 0) {
            NskPdfRect box = nsk_pdf_flip(self, &rects[i]);

            nsk_pdf_structure_add_box(self->structure, self->marked, &box);
        }
    }
    nsk_pdf_put(to, "f\n");
}

void
nsk_pdf_fill_rect(NskPdf *self, const NskPdfRect *rect, NskPdfColour colour)
{
    nsk_pdf_fill_rects(self, rect, 1, colour);
}

void
nsk_pdf_line(NskPdf *self, const NskPdfLine *line)
{
    GString *to = nsk_pdf_content(self);
    const int64_t dash[] = { line->dash_on, line->dash_off };
    const int64_t width[] = { line->width };
    const int64_t from[] = { line->x1, self->state.bottom - line->y1 };
    const int64_t end[] = { line->x2, self->state.bottom - line->y2 };

    set_stroke(self, line->colour);
    put_numbers(to, width, 1, "w\n");
    if (line->dash_on > 0) {
        g_string_append_c(to, '[');
        put_numbers(to, dash, 2, "]0 d\n");
    }
    if (line->round)
        nsk_pdf_put(to, "1 J\n");
    put_numbers(to, from, 2, "m ");
    put_numbers(to, end, 2, "l S\n");
    if (line->dash_on > 0)
        nsk_pdf_put(to, "[]0 d\n");
    if (line->round)
        nsk_pdf_put(to, "0 J\n");
}

void
nsk_pdf_stroke_rect(NskPdf *self, const NskPdfRect *rect, NskMpt width, NskPdfColour colour)
{
    GString *to = nsk_pdf_content(self);
    const int64_t pen[] = { width };

    set_stroke(self, colour);
    put_numbers(to, pen, 1, "w\n");
    put_rect(self, to, rect);
    nsk_pdf_put(to, "S\n");
}

static GString *
push(NskPdf *self)
{
    g_assert(self->page);
    nsk_pdf_content_end(self);
    g_array_append_val(self->states, self->state);
    nsk_pdf_put(self->page->content, "q\n");
    return self->page->content;
}

void
nsk_pdf_push_turn(NskPdf *self, NskMpt x, NskMpt y, int angle)
{
    GString *to = push(self);
    double radians = angle * (G_PI / 180000.0);
    /* millionths, so that quarter turns are exact and the last bits of libm do not show */
    int64_t c = llround(cos(radians) * 1e6), s = llround(sin(radians) * 1e6);
    const int64_t parts[] = { c, -s, s, c };
    const int64_t place[] = { x, self->state.bottom - y };

    for (size_t i = 0; i < G_N_ELEMENTS(parts); i++) {
        int64_t size = ABS(parts[i]);

        nsk_pdf_put(to, parts[i] < 0 ? "-" : "");
        nsk_pdf_put_int(to, size / 1000000);
        if (size % 1000000 != 0)
            g_string_append_printf(to, ".%06d", (int)(size % 1000000));
        g_string_append_c(to, ' ');
    }
    put_numbers(to, place, 2, "cm\n");
    self->state.bottom = 0;
}

void
nsk_pdf_push_clip(NskPdf *self, const NskPdfRect *rect)
{
    GString *to = push(self);

    put_rect(self, to, rect);
    nsk_pdf_put(to, "W n\n");
}

void
nsk_pdf_pop(NskPdf *self)
{
    g_assert(self->page && self->states->len > 0);
    nsk_pdf_content_end(self);
    nsk_pdf_put(self->page->content, "Q\n");
    self->state = g_array_index(self->states, NskPdfState, self->states->len - 1);
    g_array_set_size(self->states, self->states->len - 1);
}
