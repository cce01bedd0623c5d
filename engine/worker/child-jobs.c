/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The jobs over poppler, inside the locked process.  child-import.c and child-opinion.c see
 * poppler, too; no other file does. */
#include "base/limits.h"
#include "base/message.h"
#include "worker/child-poppler.h"

#include <cairo.h>
#include <math.h>
#include <poppler.h>
#include <string.h>

/* poppler 22.12 gives its types no clean-up; names of our own, should a later one do so */
typedef PopplerDocument Document;
typedef PopplerPage Page;
typedef PopplerFontInfo FontInfo;
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Document, g_object_unref)
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Page, g_object_unref)
G_DEFINE_AUTOPTR_CLEANUP_FUNC(FontInfo, g_object_unref)

#define MAX_SIDE 4000000.0 /* points; what 1/1000 point in 32 bits can tell */

static void
set_open_error(const GError *cause, GError **error)
{
    if (g_error_matches(cause, POPPLER_ERROR, POPPLER_ERROR_ENCRYPTED))
        g_set_error_literal(error, NSK_ERROR, NSK_ERROR_UNSUPPORTED,
                            nsk_tr("the PDF is encrypted with a password; save it without one"));
    else
        g_set_error_literal(error, NSK_ERROR, NSK_ERROR_INVALID,
                            nsk_tr("the PDF is damaged and cannot be read; save it anew"));
}

PopplerDocument *
nsk_worker_open_pdf(GBytes *pdf, const NskWorkerRequest *request, GError **error)
{
    g_autoptr(GError) cause = NULL;
    g_autoptr(Document) document = poppler_document_new_from_bytes(pdf, NULL, &cause);

    if (document == NULL) {
        set_open_error(cause, error);
        return NULL;
    }

    int n = poppler_document_get_n_pages(document);
    if (n < 1) {
        g_set_error_literal(
            error, NSK_ERROR, NSK_ERROR_INVALID,
            nsk_tr("the PDF has no page that can be read; it is damaged, save it anew"));
        return NULL;
    }
    if ((unsigned)n > MIN(request->pages, (unsigned)NSK_LIMIT_PAGES)) {
        g_set_error(error, NSK_ERROR, NSK_ERROR_LIMIT,
                    nsk_tr("the PDF has %d pages; at most %u are read"), n, request->pages);
        return NULL;
    }
    return g_steal_pointer(&document);
}

PopplerPage *
nsk_worker_open_page(PopplerDocument *document, unsigned index, GError **error)
{
    int n = poppler_document_get_n_pages(document);
    PopplerPage *page = NULL;

    if (index >= (unsigned)n) {
        g_set_error(error, NSK_ERROR, NSK_ERROR_NOT_FOUND,
                    nsk_tr("the PDF has %d pages; there is no page %u"), n, index + 1);
        return NULL;
    }
    page = poppler_document_get_page(document, (int)index);
    if (page == NULL)
        g_set_error(error, NSK_ERROR, NSK_ERROR_INVALID,
                    nsk_tr("page %u of the PDF cannot be read; the file is damaged, save it anew"),
                    index + 1);
    return page;
}

bool
nsk_worker_page_size(PopplerPage *page, double *out_width, double *out_height, GError **error)
{
    double width = 0;
    double height = 0;

    poppler_page_get_size(page, &width, &height);
    if (!(width > 0 && width <= MAX_SIDE && height > 0 && height <= MAX_SIDE)) {
        g_set_error(
            error, NSK_ERROR, NSK_ERROR_INVALID,
            nsk_tr("page %d of the PDF has no possible size; the file is damaged, save it anew"),
            poppler_page_get_index(page) + 1);
        return false;
    }
    *out_width = width;
    *out_height = height;
    return true;
}

static bool
check_room(const GByteArray *message, size_t more, GError **error)
{
    if (more <= (size_t)NSK_LIMIT_WORKER_REPLY - 8 - message->len)
        return true;
    g_set_error(error, NSK_ERROR, NSK_ERROR_LIMIT,
                nsk_tr("what the file gives is larger than %d bytes; split the file"),
                NSK_LIMIT_WORKER_REPLY);
    return false;
}

static char *
take_text(PopplerPage *page)
{
    g_autofree char *raw = poppler_page_get_text(page);

    return g_utf8_make_valid(raw != NULL ? raw : "", -1);
}

bool
nsk_worker_do_text(GBytes *pdf,
                   const NskWorkerRequest *request,
                   GByteArray *message,
                   GError **error)
{
    g_autoptr(Document) document = nsk_worker_open_pdf(pdf, request, error);

    if (document == NULL)
        return false;

    unsigned n = (unsigned)poppler_document_get_n_pages(document);
    nsk_worker_put_number(message, n);
    for (unsigned i = 0; i < n; i++) {
        g_autoptr(Page) page = nsk_worker_open_page(document, i, error);
        g_autofree char *text = page != NULL ? take_text(page) : NULL;

        if (page == NULL || !check_room(message, strlen(text) + 4 * (size_t)(n - i), error))
            return false;
        nsk_worker_put_text(message, text);
    }
    return true;
}

static bool
put_pages(PopplerDocument *document, GByteArray *message, GError **error)
{
    unsigned n = (unsigned)poppler_document_get_n_pages(document);

    nsk_worker_put_number(message, n);
    for (unsigned i = 0; i < n; i++) {
        g_autoptr(Page) page = nsk_worker_open_page(document, i, error);
        double width;
        double height;

        if (page == NULL || !nsk_worker_page_size(page, &width, &height, error))
            return false;
        nsk_worker_put_number(message, (uint32_t)lround(width * 1000));
        nsk_worker_put_number(message, (uint32_t)lround(height * 1000));
    }
    return true;
}

static unsigned
put_fonts(PopplerFontsIter *fonts, GByteArray *message)
{
    unsigned n = 0;

    do {
        const char *raw = poppler_fonts_iter_get_full_name(fonts);
        g_autofree char *name = g_utf8_make_valid(raw != NULL ? raw : "", -1);
        uint32_t flags = 0;

        if (poppler_fonts_iter_is_embedded(fonts))
            flags |= NSK_WORKER_FLAG_EMBEDDED;
        if (poppler_fonts_iter_is_subset(fonts))
            flags |= NSK_WORKER_FLAG_SUBSET;
        nsk_worker_put_text(message, name);
        nsk_worker_put_number(message, flags);
        n++;
    } while (n < NSK_WORKER_MOST_FONTS && poppler_fonts_iter_next(fonts));
    return n;
}

/* poppler knows the scripts of names, pages and forms, but not one that opening the file runs. */
static bool
has_scripts(PopplerDocument *document, GBytes *pdf)
{
    static const char word[] = "/JavaScript";
    gsize size;
    const char *bytes = g_bytes_get_data(pdf, &size);

    return poppler_document_has_javascript(document) ||
           (size > 0 && memmem(bytes, size, word, strlen(word)) != NULL);
}

bool
nsk_worker_do_info(GBytes *pdf,
                   const NskWorkerRequest *request,
                   GByteArray *message,
                   GError **error)
{
    g_autoptr(Document) document = nsk_worker_open_pdf(pdf, request, error);

    if (document == NULL || !put_pages(document, message, error))
        return false;

    g_autoptr(GByteArray) list = g_byte_array_new();
    g_autoptr(FontInfo) scan = poppler_font_info_new(document);
    PopplerFontsIter *fonts = NULL;
    unsigned n = 0;
    if (poppler_font_info_scan(scan, poppler_document_get_n_pages(document), &fonts)) {
        n = put_fonts(fonts, list);
        poppler_fonts_iter_free(fonts);
    }
    if (!check_room(message, list->len + 8, error))
        return false;
    nsk_worker_put_number(message, n);
    g_byte_array_append(message, list->data, list->len);
    nsk_worker_put_number(message, has_scripts(document, pdf) ? 1 : 0);
    return true;
}

bool
nsk_worker_do_scan(GBytes *pdf,
                   const NskWorkerRequest *request,
                   GByteArray *message,
                   GError **error)
{
    g_autoptr(Document) document = nsk_worker_open_pdf(pdf, request, error);

    if (document == NULL)
        return false;

    unsigned n = (unsigned)poppler_document_get_n_pages(document);
    nsk_worker_put_number(message, has_scripts(document, pdf) ? 1 : 0);
    nsk_worker_put_number(message, n);
    for (unsigned i = 0; i < n; i++) {
        double width;
        double height;
        g_autoptr(Page) page = nsk_worker_open_page(document, i, error);

        if (page == NULL || !nsk_worker_page_size(page, &width, &height, error))
            return false;
        g_autofree char *text = take_text(page);
        bool fits = check_room(message, strlen(text) + 4 * (size_t)(n - i), NULL);
        nsk_worker_put_text(message, fits ? text : "");
    }
    return true;
}

cairo_status_t
nsk_worker_append_png(void *data, const unsigned char *bytes, unsigned size)
{
    GByteArray *png = data;

    if (size > (unsigned)NSK_LIMIT_WORKER_REPLY - 1024 - png->len)
        return CAIRO_STATUS_WRITE_ERROR;
    g_byte_array_append(png, bytes, size);
    return CAIRO_STATUS_SUCCESS;
}

static bool
draw_page(PopplerPage *page, int width_px, int height_px, GByteArray *png)
{
    cairo_surface_t *surface = cairo_image_surface_create(CAIRO_FORMAT_RGB24, width_px, height_px);
    cairo_t *cairo = cairo_create(surface);
    double width = 1;
    double height = 1;

    poppler_page_get_size(page, &width, &height);
    cairo_set_source_rgb(cairo, 1, 1, 1);
    cairo_paint(cairo);
    cairo_scale(cairo, width_px / width, height_px / height);
    poppler_page_render(page, cairo);
    cairo_destroy(cairo);

    bool done = cairo_surface_status(surface) == CAIRO_STATUS_SUCCESS &&
                cairo_surface_write_to_png_stream(surface, nsk_worker_append_png, png) ==
                    CAIRO_STATUS_SUCCESS;
    cairo_surface_destroy(surface);
    return done;
}

bool
nsk_worker_do_preview(GBytes *pdf,
                      const NskWorkerRequest *request,
                      GByteArray *message,
                      GError **error)
{
    g_autoptr(Document) document = nsk_worker_open_pdf(pdf, request, error);
    g_autoptr(Page) page =
        document != NULL ? nsk_worker_open_page(document, request->page, error) : NULL;
    g_autoptr(GByteArray) png = g_byte_array_new();
    double width;
    double height;

    if (page == NULL || !nsk_worker_page_size(page, &width, &height, error))
        return false;

    double height_px = fmax(1, round(request->width_px * height / width));
    if (request->width_px * height_px > NSK_LIMIT_PREVIEW_PIXELS || height_px > G_MAXINT16) {
        g_set_error(error, NSK_ERROR, NSK_ERROR_LIMIT,
                    nsk_tr("the picture of page %u would be %u x %.0f pixels; at most %d are "
                           "drawn, ask for a narrower one"),
                    request->page + 1, request->width_px, height_px, NSK_LIMIT_PREVIEW_PIXELS);
        return false;
    }
    if (!draw_page(page, (int)request->width_px, (int)height_px, png)) {
        g_set_error(error, NSK_ERROR, NSK_ERROR_IO, nsk_tr("page %u of the PDF cannot be drawn"),
                    request->page + 1);
        return false;
    }
    nsk_worker_put_data(message, png->data, png->len);
    return true;
}
