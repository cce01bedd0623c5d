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

/* Four inks on paper as red, green and blue light (7.10.5): each is let through by its own ink and
 * by black. */
static NskPdfRef
write_inks(NskPdf *self)
{
    static const char function[] = "{1 exch sub 4 1 roll 1 exch sub 3 index mul 3 1 roll "
                                   "1 exch sub 3 index mul 3 1 roll 1 exch sub 3 index mul "
                                   "3 1 roll 4 -1 roll pop}";

    if (self->inks == 0) {
        self->inks = nsk_pdf_out_reserve(&self->out);
        nsk_pdf_out_stream(&self->out, self->inks,
                           "/FunctionType 4/Domain[0 1 0 1 0 1 0 1]/Range[0 1 0 1 0 1]", function,
                           sizeof function - 1);
    }
    return self->inks;
}

/* DeviceCMYK beside an sRGB output intent is no PDF/A (ISO 19005-3, 6.2.4.3); the four inks by
 * name, with their own way to RGB, are. */
static void
put_inks(NskPdf *self, GString *to, const NskPdfPixels *pixels)
{
    nsk_pdf_put(to, "[/DeviceN[/Cyan/Magenta/Yellow/Black]/DeviceRGB ");
    nsk_pdf_put_ref(to, write_inks(self));
    nsk_pdf_put(to, pixels->inverted ? "]/Decode[1 0 1 0 1 0 1 0]" : "]");
}

static void
put_colour_space(NskPdf *self, GString *to, const NskPdfPixels *pixels)
{
    size_t size;
    const uint8_t *palette;

    if (pixels->channels == 4) {
        put_inks(self, to, pixels);
        return;
    }
    if (!pixels->palette) {
        nsk_pdf_put(to, pixels->channels == 1 ? "/DeviceGray" : "/DeviceRGB");
        return;
    }
    palette = g_bytes_get_data(pixels->palette, &size);
    g_string_append_printf(to, "[/Indexed/DeviceRGB %zu<", size / 3 - 1);
    for (size_t i = 0; i < size; i++)
        g_string_append_printf(to, "%02X", palette[i]);
    nsk_pdf_put(to, ">]");
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
    nsk_pdf_put(dict, "/DeviceGray");
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
    put_colour_space(self, dict, pixels);
    if (pixels->jpeg)
        nsk_pdf_put(dict, "/Filter/DCTDecode");
    else
        put_rows(dict, pixels->width, pixels->palette ? 1 : pixels->channels, pixels->bits);
    if (pixels->alpha) {
        nsk_pdf_put(dict, "/SMask ");
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
bool
nsk_pdf_check_room(const NskPdf *self, size_t size, GError **error)
{
    if (self->out.bytes->len + size <= NSK_LIMIT_PDF_SIZE)
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
        if (!nsk_pdf_check_room(self, g_bytes_get_size(data), error) ||
            !read_pixels(data, &pixels, error))
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

void
nsk_pdf_image_draw(NskPdf *self, const NskPdfImage *image, const NskPdfRect *rect)
{
    GString *to = nsk_pdf_content(self);
    NskPdfRect box = nsk_pdf_flip(self, rect);

    g_assert(image->id < self->images->len);
    if (self->marked && self->states->len == 0)
        nsk_pdf_structure_add_box(self->structure, self->marked, &box);
    nsk_pdf_put(to, "q ");
    nsk_pdf_put_mpt(to, box.width);
    nsk_pdf_put(to, " 0 0 ");
    nsk_pdf_put_mpt(to, box.height);
    g_string_append_c(to, ' ');
    nsk_pdf_put_mpt(to, box.x);
    g_string_append_c(to, ' ');
    nsk_pdf_put_mpt(to, box.y);
    nsk_pdf_put(to, " cm/I");
    nsk_pdf_put_int(to, image->id);
    nsk_pdf_put(to, " Do Q\n");
}
