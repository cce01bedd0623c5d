/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A reader's copy of a PDF: each page a little smaller, below it a line that says whose copy it is,
 * and the same across the page, pale, where the page stays readable.
 *
 *     +-----------------+
 *     |  the page       |
 *     |   /  mark 2  /  |   multiplied with what is there: what is black stays black
 *     |   /  mark 2  /  |
 *     +-----------------+
 *     |  mark 1         |   in a band of its own: it covers nothing
 *     +-----------------+
 *
 * The marks are the two pages of a PDF of our own, with its fonts in it; the process needs none.
 * Text stays text.  What can not be seen stays out: scripts, links, forms, attached files.  The
 * same file and marks give the same bytes.
 */
#include "base/limits.h"
#include "base/message.h"
#include "worker/child-poppler.h"

#include <cairo-pdf.h>
#include <math.h>
#include <string.h>

#define EDGE      18.0 /* points that stay free beside and below the line */
#define GAP       4.0  /* points between the page and the line */
#define TURN      (-M_PI / 6)
#define ROWS      3   /* marks across a page */
#define REACH     0.8 /* how much of the page's shorter side one of them takes */
#define MOST_BAND 0.2 /* of the page's height */
#define MARKS     2

typedef PopplerDocument Document;
typedef PopplerPage Page;
typedef cairo_surface_t Surface;
typedef cairo_t Drawing;
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Document, g_object_unref)
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Page, g_object_unref)
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Surface, cairo_surface_destroy)
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Drawing, cairo_destroy)

typedef struct {
    PopplerPage *page;
    double width, height; /* points */
} Mark;

typedef struct {
    Mark line, across;
    Surface *pdf;
    Drawing *drawing;
} Marking;

static cairo_status_t
append(void *to, const unsigned char *bytes, unsigned size)
{
    GByteArray *array = to;

    if (size > (unsigned)NSK_LIMIT_WORKER_REPLY - 1024 - array->len)
        return CAIRO_STATUS_WRITE_ERROR;
    g_byte_array_append(array, bytes, size);
    return CAIRO_STATUS_SUCCESS;
}

static bool
open_mark(PopplerDocument *marks, unsigned index, Mark *out, GError **error)
{
    out->page = nsk_worker_open_page(marks, index, error);
    return out->page != NULL && nsk_worker_page_size(out->page, &out->width, &out->height, error);
}

/* Draws the mark where the drawing's origin is, onto what is there. */
static void
draw_mark(Drawing *drawing, const Mark *mark)
{
    cairo_push_group(drawing);
    poppler_page_render(mark->page, drawing);
    cairo_pop_group_to_source(drawing);
    cairo_set_operator(drawing, CAIRO_OPERATOR_MULTIPLY);
    cairo_paint(drawing);
}

static void
draw_across(const Marking *self, double width, double height)
{
    double scale = REACH * fmin(width, height) / self->across.width;

    for (int row = 0; row < ROWS; row++) {
        cairo_save(self->drawing);
        cairo_translate(self->drawing, width / 2, height * (row + 0.5) / ROWS);
        cairo_rotate(self->drawing, TURN);
        cairo_scale(self->drawing, scale, scale);
        cairo_translate(self->drawing, -self->across.width / 2, -self->across.height / 2);
        draw_mark(self->drawing, &self->across);
        cairo_restore(self->drawing);
    }
}

/* The line at its place; returns the height that is left for the page. */
static double
draw_line(const Marking *self, double width, double height)
{
    double most = (MOST_BAND * height - GAP) / (self->line.height + EDGE);
    double scale = fmin(width / (self->line.width + 2 * EDGE), most);

    cairo_save(self->drawing);
    cairo_translate(self->drawing, (width - self->line.width * scale) / 2,
                    height - (self->line.height + EDGE / 2) * scale);
    cairo_scale(self->drawing, scale, scale);
    draw_mark(self->drawing, &self->line);
    cairo_restore(self->drawing);
    return height - (self->line.height + EDGE / 2 + GAP) * scale;
}

static bool
mark_page(const Marking *self, PopplerPage *page, GError **error)
{
    double width, height;

    if (!nsk_worker_page_size(page, &width, &height, error))
        return false;
    cairo_pdf_surface_set_size(self->pdf, width, height);
    double room = draw_line(self, width, height);
    double scale = room / height;
    cairo_save(self->drawing);
    cairo_translate(self->drawing, (width - width * scale) / 2, 0);
    cairo_scale(self->drawing, scale, scale);
    poppler_page_render_for_printing(page, self->drawing);
    cairo_restore(self->drawing);
    draw_across(self, width, room);
    cairo_show_page(self->drawing);
    if (cairo_status(self->drawing) == CAIRO_STATUS_SUCCESS)
        return true;
    g_set_error(error, NSK_ERROR, NSK_ERROR_LIMIT,
                nsk_tr("page %d of the PDF cannot be drawn as a reader's copy, or the copy is too "
                       "large; save the file with smaller pictures"),
                poppler_page_get_index(page) + 1);
    return false;
}

/* @page: counted from 1; 0: all. */
static bool
mark_pages(const Marking *self, PopplerDocument *document, unsigned page, GError **error)
{
    unsigned n = (unsigned)poppler_document_get_n_pages(document);

    for (unsigned i = page > 0 ? page - 1 : 0; i < (page > 0 ? page : n); i++) {
        g_autoptr(Page) one = nsk_worker_open_page(document, i, error);

        if (one == NULL || !mark_page(self, one, error))
            return false;
    }
    cairo_surface_finish(self->pdf);
    if (cairo_surface_status(self->pdf) == CAIRO_STATUS_SUCCESS)
        return true;
    g_set_error(error, NSK_ERROR, NSK_ERROR_LIMIT,
                nsk_tr("what the file gives is larger than %d bytes; split the file"),
                NSK_LIMIT_WORKER_REPLY);
    return false;
}

static bool
draw_copy(PopplerDocument *document,
          PopplerDocument *marks,
          const char *title,
          const NskWorkerRequest *request,
          GByteArray *out,
          GError **error)
{
    g_autoptr(Surface) pdf = cairo_pdf_surface_create_for_stream(append, out, 595, 842);
    g_autoptr(Drawing) drawing = cairo_create(pdf);
    Marking self = { .pdf = pdf, .drawing = drawing };

    /* the same copy asked for again is the same file */
    cairo_pdf_surface_set_metadata(pdf, CAIRO_PDF_METADATA_CREATE_DATE, "2000-01-01T00:00:00Z");
    cairo_pdf_surface_set_metadata(pdf, CAIRO_PDF_METADATA_TITLE, title);
    bool ok = open_mark(marks, 0, &self.line, error) && open_mark(marks, 1, &self.across, error) &&
              mark_pages(&self, document, request->page, error);
    g_clear_object(&self.line.page);
    g_clear_object(&self.across.page);
    return ok;
}

bool
nsk_worker_do_mark(GBytes *file,
                   const NskWorkerRequest *request,
                   GByteArray *message,
                   GError **error)
{
    gsize size;
    const void *data = g_bytes_get_data(file, &size);
    NskWorkerReader reader = nsk_worker_reader(data, size);
    g_autofree char *title = nsk_worker_take_text(&reader);
    const uint8_t *mark_data = nsk_worker_take_data(&reader, &size);
    g_autoptr(GBytes) mark_pdf = g_bytes_new_static(mark_data, size);
    const uint8_t *pdf_data = nsk_worker_take_data(&reader, &size);
    g_autoptr(GBytes) pdf = g_bytes_new_static(pdf_data, size);
    const NskWorkerRequest few = { .pages = MARKS };

    if (!nsk_worker_reader_is_done(&reader)) {
        g_set_error_literal(error, NSK_ERROR, NSK_ERROR_IO, "the worker was given no copy to make");
        return false;
    }
    g_autoptr(Document) document = nsk_worker_open_pdf(pdf, request, error);
    g_autoptr(Document) marks =
        document != NULL ? nsk_worker_open_pdf(mark_pdf, &few, error) : NULL;
    g_autoptr(GByteArray) copy = g_byte_array_new();
    if (marks == NULL || !draw_copy(document, marks, title, request, copy, error))
        return false;
    nsk_worker_put_data(message, copy->data, copy->len);
    return true;
}
