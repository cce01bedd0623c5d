/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Images as XObjects (ISO 32000-1, 8.9).  An image is written when it is loaded, once for the same
 * bytes, and drawn any number of times.
 */
#include "base/limits.h"
#include "base/message.h"
#include "pdf-private.h"

#include <string.h>

void
nsk_pdf_pixels_clear(NskPdfPixels *self)
{
    g_clear_pointer(&self->data, g_bytes_unref);
    g_clear_pointer(&self->palette, g_bytes_unref);
    g_clear_pointer(&self->alpha, g_bytes_unref);
}

bool
nsk_pdf_check_size(uint64_t width, uint64_t height, uint64_t bits_a_pixel, GError **error)
{
    if (width == 0 || height == 0) {
        g_set_error(error, NSK_ERROR, NSK_ERROR_INVALID,
                    nsk_tr("the image is empty; save it again"));
        return false;
    }
    if (width > NSK_LIMIT_IMAGE_SIDE || height > NSK_LIMIT_IMAGE_SIDE ||
        width * height * bits_a_pixel / 8 > NSK_LIMIT_IMAGE_MEMORY) {
        g_set_error(error, NSK_ERROR, NSK_ERROR_LIMIT,
                    nsk_tr("the image has %llu x %llu pixels, too many to print; scale it down"),
                    (unsigned long long)width, (unsigned long long)height);
        return false;
    }
    return true;
}

static bool
read_pixels(GBytes *data, NskPdfPixels *out_pixels, GError **error)
{
    static const uint8_t png[8] = { 0x89, 'P', 'N', 'G', '\r', '\n', 0x1a, '\n' };
    size_t size;
    const uint8_t *bytes = g_bytes_get_data(data, &size);

    if (size > NSK_LIMIT_IMAGE_SIZE) {
        g_set_error(error, NSK_ERROR, NSK_ERROR_LIMIT,
                    nsk_tr("the image file has %zu bytes and the limit is %d; scale it down"), size,
                    NSK_LIMIT_IMAGE_SIZE);
        return false;
    }
    if (size >= sizeof png && memcmp(bytes, png, sizeof png) == 0)
        return nsk_pdf_png_read(data, out_pixels, error);
    if (size >= 2 && bytes[0] == 0xff && bytes[1] == 0xd8)
        return nsk_pdf_jpeg_read(data, out_pixels, error);
    g_set_error(error, NSK_ERROR, NSK_ERROR_UNSUPPORTED,
                nsk_tr("the image is neither PNG nor JPEG; save it as one of them"));
    return false;
}

/* The dictionary's entries that PNG rows need (7.4.4.4). */
static void
put_rows(GString *to, unsigned width, unsigned channels, unsigned bits)
{
    g_string_append_printf(to,
                           "/Filter/FlateDecode/DecodeParms<</Predictor 15/Colors %u"
                           "/BitsPerComponent %u/Columns %u>>",
                           channels, bits, width);
}

static void
put_colour_space(GString *to, const NskPdfPixels *pixels)
{
    size_t size;
    const uint8_t *palette;

    if (!pixels->palette) {
        g_string_append(to, pixels->channels == 1 ? "/DeviceGray" : "/DeviceRGB");
        return;
    }
    palette = g_bytes_get_data(pixels->palette, &size);
    g_string_append_printf(to, "[/Indexed/DeviceRGB %zu<", size / 3 - 1);
    for (size_t i = 0; i < size; i++)
        g_string_append_printf(to, "%02X", palette[i]);
    g_string_append(to, ">]");
}

static void
put_image(GString *to, const NskPdfPixels *pixels, unsigned bits)
{
    g_string_append_printf(to,
                           "/Type/XObject/Subtype/Image/Width %u/Height %u/BitsPerComponent %u"
                           "/ColorSpace",
                           pixels->width, pixels->height, bits);
}

static NskPdfRef
write_alpha(NskPdf *self, const NskPdfPixels *pixels)
{
    NskPdfRef ref = nsk_pdf_out_reserve(&self->out);
    g_autoptr(GString) dict = g_string_new(NULL);

    put_image(dict, pixels, 8);
    g_string_append(dict, "/DeviceGray");
    put_rows(dict, pixels->width, 1, 8);
    nsk_pdf_out_stream(&self->out, ref, dict->str, g_bytes_get_data(pixels->alpha, NULL),
                       g_bytes_get_size(pixels->alpha));
    return ref;
}

static NskPdfRef
write_pixels(NskPdf *self, const NskPdfPixels *pixels)
{
    NskPdfRef ref = nsk_pdf_out_reserve(&self->out);
    g_autoptr(GString) dict = g_string_new(NULL);

    put_image(dict, pixels, pixels->bits);
    put_colour_space(dict, pixels);
    if (pixels->jpeg)
        g_string_append(dict, "/Filter/DCTDecode");
    else
        put_rows(dict, pixels->width, pixels->palette ? 1 : pixels->channels, pixels->bits);
    if (pixels->alpha) {
        g_string_append(dict, "/SMask ");
        nsk_pdf_put_ref(dict, write_alpha(self, pixels));
    }
    nsk_pdf_out_stream(&self->out, ref, dict->str, g_bytes_get_data(pixels->data, NULL),
                       g_bytes_get_size(pixels->data));
    return ref;
}

/* Pixels to a length at a resolution; 96 an inch if it is unknown or absurd. */
static NskMpt
natural_size(unsigned pixels, unsigned a_metre)
{
    uint64_t length;

    if (a_metre < 400 || a_metre > 400000)
        return (NskMpt)(pixels * 750u);
    length = ((uint64_t)pixels * 72 * 1000 * 10000 + 127 * (uint64_t)a_metre) / 254 / a_metre;
    return (NskMpt)MIN(length, G_MAXINT32);
}

/* Images are written at once, so many of them must not pass what the whole may have. */
static bool
check_room(const NskPdf *self, GBytes *data, GError **error)
{
    if (self->out.bytes->len + g_bytes_get_size(data) <= NSK_LIMIT_PDF_SIZE)
        return true;
    g_set_error(
        error, NSK_ERROR, NSK_ERROR_LIMIT,
        nsk_tr("the images of the document have more than %d bytes together; scale them down"),
        NSK_LIMIT_PDF_SIZE);
    return false;
}

bool
nsk_pdf_image_load(NskPdf *self, GBytes *data, NskPdfImage *out_image, GError **error)
{
    g_auto(NskPdfPixels) pixels = { 0 };
    NskPdfImage *image = g_hash_table_lookup(self->images_by_data, data);

    if (!image) {
        if (!check_room(self, data, error) || !read_pixels(data, &pixels, error))
            return false;
        NskPdfRef ref = write_pixels(self, &pixels);
        image = g_new0(NskPdfImage, 1);
        *image = (NskPdfImage){ .id = self->images->len,
                                .width = pixels.width,
                                .height = pixels.height,
                                .print_width = natural_size(pixels.width, pixels.x_ppm),
                                .print_height = natural_size(pixels.height, pixels.y_ppm) };
        g_array_append_val(self->images, ref);
        g_hash_table_insert(self->images_by_data, g_bytes_ref(data), image);
    }
    *out_image = *image;
    return true;
}

/* A form of the unit square, so that it is drawn as pixels are (ISO 32000-1, 8.10). */
bool
nsk_pdf_form_load(NskPdf *self, const NskPdfForm *form, NskPdfImage *out_image, GError **error)
{
    NskPdfRef ref;
    g_autoptr(GString) dict = g_string_new("/Type/XObject/Subtype/Form/BBox[0 0 ");
    char text[64];

    g_assert(form->width > 0 && form->height > 0);
    if (!check_room(self, form->content, error))
        return false;
    ref = nsk_pdf_out_reserve(&self->out);
    nsk_pdf_put_mpt(dict, form->width);
    g_string_append_c(dict, ' ');
    nsk_pdf_put_mpt(dict, form->height);
    g_string_append(dict, "]/Matrix[");
    g_string_append(dict, g_ascii_formatd(text, sizeof text, "%.9f 0 0 ", 1000.0 / form->width));
    g_string_append(dict, g_ascii_formatd(text, sizeof text, "%.9f 0 0]", 1000.0 / form->height));
    g_string_append(dict, "/Resources<<>>");
    nsk_pdf_out_deflated(&self->out, ref, dict->str, g_bytes_get_data(form->content, NULL),
                         g_bytes_get_size(form->content));
    *out_image = (NskPdfImage){ .id = self->images->len,
                                .width = 1,
                                .height = 1,
                                .print_width = form->width,
                                .print_height = form->height };
    g_array_append_val(self->images, ref);
    return true;
}

void
nsk_pdf_image_draw(NskPdf *self, const NskPdfImage *image, const NskPdfRect *rect)
{
    GString *to = nsk_pdf_content(self);
    NskPdfRect box = nsk_pdf_flip(self, rect);

    g_assert(image->id < self->images->len);
    if (self->marked && self->states->len == 0)
        nsk_pdf_structure_add_box(self->structure, self->marked, &box);
    g_string_append(to, "q ");
    nsk_pdf_put_mpt(to, box.width);
    g_string_append(to, " 0 0 ");
    nsk_pdf_put_mpt(to, box.height);
    g_string_append_c(to, ' ');
    nsk_pdf_put_mpt(to, box.x);
    g_string_append_c(to, ' ');
    nsk_pdf_put_mpt(to, box.y);
    g_string_append(to, " cm/I");
    nsk_pdf_put_int(to, image->id);
    g_string_append(to, " Do Q\n");
}
