/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A page of a stranger's PDF as it goes into a letter: its picture, its lines of text, and the
 * marked places in it, such as ${nomor}.
 *
 * The picture is a PNG, in grey where the page has no colour, which is a quarter of the size. Pages
 * that are larger than paper get fewer dots an inch.  What scripts, forms and links of the file
 * would do ends here: only what is seen goes on.
 */
#include "base/limits.h"
#include "base/message.h"
#include "worker/child-poppler.h"

#include <cairo.h>
#include <math.h>
#include <poppler.h>
#include <string.h>

#define POINTS_PER_INCH 72.0
#define EDGE            18 /* points that stay free at the right edge of a page */

typedef PopplerPage Page;
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Page, g_object_unref)
typedef PopplerDocument Document;
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Document, g_object_unref)
G_DEFINE_AUTOPTR_CLEANUP_FUNC(cairo_surface_t, cairo_surface_destroy)

static cairo_surface_t *
draw(PopplerPage *page, double width, double height, double scale)
{
    int columns = (int)fmax(1, floor(width * scale));
    int rows = (int)fmax(1, floor(height * scale));
    cairo_surface_t *surface = cairo_image_surface_create(CAIRO_FORMAT_RGB24, columns, rows);
    cairo_t *cairo = cairo_create(surface);

    cairo_set_source_rgb(cairo, 1, 1, 1);
    cairo_paint(cairo);
    cairo_scale(cairo, columns / width, rows / height);
    poppler_page_render_for_printing(page, cairo);
    cairo_destroy(cairo);
    cairo_surface_flush(surface);
    return surface;
}

/* The same picture in grey; NULL if it has colour. */
static cairo_surface_t *
make_grey(cairo_surface_t *surface)
{
    int columns = cairo_image_surface_get_width(surface);
    int rows = cairo_image_surface_get_height(surface);
    g_autoptr(cairo_surface_t) grey = cairo_image_surface_create(CAIRO_FORMAT_A8, columns, rows);
    unsigned char *to = cairo_image_surface_get_data(grey);
    const unsigned char *from = cairo_image_surface_get_data(surface);

    if (to == NULL || from == NULL)
        return NULL;
    for (int y = 0; y < rows; y++) {
        const unsigned char *source = from + (ptrdiff_t)y * cairo_image_surface_get_stride(surface);
        unsigned char *target = to + (ptrdiff_t)y * cairo_image_surface_get_stride(grey);

        for (int x = 0; x < columns; x++, source += 4) {
            if (source[0] != source[1] || source[1] != source[2])
                return NULL;
            target[x] = source[0];
        }
    }
    cairo_surface_mark_dirty(grey);
    return g_steal_pointer(&grey);
}

static bool
put_picture(PopplerPage *page, double dots, GByteArray *message, GError **error)
{
    double width;
    double height;

    if (!nsk_worker_page_size(page, &width, &height, error))
        return false;
    double scale = dots / POINTS_PER_INCH;
    /* what a letter can print: four bytes a pixel while it is unpacked */
    double most = sqrt((NSK_LIMIT_IMAGE_MEMORY / 4.0 - 1) / (width * height));
    double side = (NSK_LIMIT_IMAGE_SIDE - 1) / fmax(width, height);
    g_autoptr(cairo_surface_t) surface = draw(page, width, height, fmin(scale, fmin(most, side)));
    g_autoptr(cairo_surface_t) grey = make_grey(surface);
    g_autoptr(GByteArray) png = g_byte_array_new();

    if (cairo_surface_status(surface) != CAIRO_STATUS_SUCCESS ||
        cairo_surface_write_to_png_stream(grey != NULL ? grey : surface, nsk_worker_append_png,
                                          png) != CAIRO_STATUS_SUCCESS) {
        g_set_error(error, NSK_ERROR, NSK_ERROR_LIMIT,
                    nsk_tr("page %d of the PDF cannot be drawn, or its picture is too large; save "
                           "the file with smaller pictures"),
                    poppler_page_get_index(page) + 1);
        return false;
    }
    nsk_worker_put_number(message, (uint32_t)lround(width * 1000));
    nsk_worker_put_number(message, (uint32_t)lround(height * 1000));
    nsk_worker_put_data(message, png->data, png->len);
    return true;
}

/* A piece of text with the box around it. */
typedef struct {
    GString *text;
    double x1, y1, x2, y2;
    const PopplerTextAttributes *look; /* of a mark; NULL: unknown */
} Piece;

static void
clear_piece(Piece *self)
{
    g_string_truncate(self->text, 0);
    self->x1 = self->y1 = G_MAXDOUBLE;
    self->x2 = self->y2 = -G_MAXDOUBLE;
    self->look = NULL;
}

static void
add_character(Piece *self, gunichar c, const PopplerRectangle *box)
{
    g_string_append_unichar(self->text, c);
    if (g_unichar_isspace(c))
        return;
    self->x1 = fmin(self->x1, fmin(box->x1, box->x2));
    self->x2 = fmax(self->x2, fmax(box->x1, box->x2));
    self->y1 = fmin(self->y1, fmin(box->y1, box->y2));
    self->y2 = fmax(self->y2, fmax(box->y1, box->y2));
}

static uint32_t
milli(double points)
{
    return (uint32_t)lround(fmin(fmax(points, 0), 4000000.0) * 1000);
}

/* Adds the piece, unless there is nothing to be seen of it.  @right: where the next text begins. */
static unsigned
put_piece(Piece *self, double right, GByteArray *list)
{
    unsigned put = self->x2 > self->x1 && self->y2 > self->y1 ? 1 : 0;

    if (put > 0) {
        const char *raw = self->look != NULL ? self->look->font_name : NULL;
        g_autofree char *font = g_utf8_make_valid(raw != NULL ? raw : "", -1);

        nsk_worker_put_number(list, milli(self->x1));
        nsk_worker_put_number(list, milli(self->y1));
        nsk_worker_put_number(list, milli(self->x2 - fmax(self->x1, 0)));
        nsk_worker_put_number(list, milli(self->y2 - fmax(self->y1, 0)));
        nsk_worker_put_number(list, milli(fmax(right, self->x2) - fmax(self->x1, 0)));
        nsk_worker_put_number(list, milli(self->look != NULL ? self->look->font_size : 0));
        nsk_worker_put_text(list, font);
        nsk_worker_put_text(list, g_strstrip(self->text->str));
    }
    clear_piece(self);
    return put;
}

typedef struct {
    const char *text;
    const PopplerRectangle *boxes; /* of its characters */
    guint n_boxes;
    GList *looks; /* PopplerTextAttributes */
    double width; /* points, of the page */
    Piece line, mark;
    GByteArray *lines, *marks;
    unsigned n_lines, n_marks;
} Reading;

/* Whether the box stands beside the mark: lines may lie close enough to reach into each other. */
static bool
is_beside(const Piece *mark, const PopplerRectangle *box)
{
    double top = fmin(box->y1, box->y2);
    double bottom = fmax(box->y1, box->y2);
    double shared = fmin(bottom, mark->y2) - fmax(top, mark->y1);

    return shared > fmin(bottom - top, mark->y2 - mark->y1) / 2;
}

/* Where the text begins that stands next at the right of the mark, in whatever order it comes. */
static double
find_right(const Reading *self)
{
    double right = self->width - EDGE;
    guint at = 0;

    for (const char *p = self->text; *p != '\0' && at < self->n_boxes;
         p += g_utf8_skip[(unsigned char)*p], at++) {
        const PopplerRectangle *box = &self->boxes[at];
        double x = fmin(box->x1, box->x2);

        if (x > self->mark.x2 - 0.5 && x < right && !g_unichar_isspace(g_utf8_get_char(p)) &&
            is_beside(&self->mark, box))
            right = x;
    }
    return right;
}

static const PopplerTextAttributes *
find_look(const Reading *self, guint at)
{
    for (const GList *link = self->looks; link != NULL; link = link->next) {
        const PopplerTextAttributes *look = link->data;

        if ((int)at >= look->start_index && (int)at <= look->end_index)
            return look;
    }
    return NULL;
}

/* Whether the sign behind the mark, which ends at @end, belongs to it: a comma would else stand
 * where the name of the post goes on.  Places for pictures take none. */
static bool
has_tail(const Piece *mark, const char *end)
{
    return end[1] != '\0' && strchr(",.;:", end[1]) != NULL &&
           !g_str_has_prefix(mark->text->str, "${ttd") && strcmp(mark->text->str, "${qr}") != 0;
}

static void
end_line(Reading *self)
{
    if (self->n_lines < NSK_WORKER_MOST_LINES)
        self->n_lines += put_piece(&self->line, 0, self->lines);
    else
        clear_piece(&self->line);
}

/* Walks through the text; each character has its box. */
static void
read_text(Reading *self)
{
    guint at = 0;
    size_t left = 0; /* bytes of the mark that is being read */
    bool tail = false;

    for (const char *p = self->text; *p != '\0' && at < self->n_boxes;
         p += g_utf8_skip[(unsigned char)*p], at++) {
        gunichar c = g_utf8_get_char(p);

        if (c == '\n') {
            end_line(self);
            continue;
        }
        add_character(&self->line, c, &self->boxes[at]);
        if (left == 0 && (left = nsk_worker_mark_size(p)) > 0)
            self->mark.look = find_look(self, at);
        if (left == 0)
            continue;
        add_character(&self->mark, c, &self->boxes[at]);
        left--;
        tail = left == 0 && !tail && has_tail(&self->mark, p);
        left += tail ? 1 : 0;
        if (left == 0 && self->n_marks < NSK_WORKER_MOST_MARKS)
            self->n_marks += put_piece(&self->mark, find_right(self), self->marks);
    }
    end_line(self);
}

static void
put_text(PopplerPage *page, GByteArray *message)
{
    g_autofree char *raw = poppler_page_get_text(page);
    g_autofree char *text = g_utf8_make_valid(raw != NULL ? raw : "", -1);
    g_autofree PopplerRectangle *boxes = NULL;
    Reading reading = { .text = text, .lines = g_byte_array_new(), .marks = g_byte_array_new() };

    reading.line.text = g_string_new(NULL);
    reading.mark.text = g_string_new(NULL);
    clear_piece(&reading.line);
    clear_piece(&reading.mark);
    poppler_page_get_size(page, &reading.width, NULL);
    reading.looks = poppler_page_get_text_attributes(page);
    if (poppler_page_get_text_layout(page, &boxes, &reading.n_boxes)) {
        reading.boxes = boxes;
        read_text(&reading);
    }
    poppler_page_free_text_attributes(reading.looks);
    nsk_worker_put_number(message, reading.n_lines);
    g_byte_array_append(message, reading.lines->data, reading.lines->len);
    nsk_worker_put_number(message, reading.n_marks);
    g_byte_array_append(message, reading.marks->data, reading.marks->len);
    g_byte_array_unref(reading.lines);
    g_byte_array_unref(reading.marks);
    g_string_free(reading.line.text, TRUE);
    g_string_free(reading.mark.text, TRUE);
}

bool
nsk_worker_do_import(GBytes *pdf,
                     const NskWorkerRequest *request,
                     GByteArray *message,
                     GError **error)
{
    g_autoptr(Document) document = nsk_worker_open_pdf(pdf, request, error);
    g_autoptr(Page) page =
        document != NULL ? nsk_worker_open_page(document, request->page, error) : NULL;

    if (page == NULL)
        return false;
    nsk_worker_put_number(message, (uint32_t)poppler_document_get_n_pages(document));
    if (!put_picture(page, request->width_px, message, error))
        return false;
    put_text(page, message);
    return true;
}
