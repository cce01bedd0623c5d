/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * JPEG (ITU-T T.81, JFIF) for a PDF: the file goes in as it is, without decoding.
 *
 * Its segments are walked to learn size and colours and to see that it is whole.  Application data
 * (camera, place, time, thumbnail) and comments stay out: an official letter should not say where a
 * photograph was taken.  Only JFIF's and Adobe's segments stay, which decoders need.
 *
 * Of four colours (cyan, magenta, yellow, black) Adobe's programs write the complements and mark
 * the file as theirs; a file without the mark has them as they are.
 */
#include "base/message.h"
#include "pdf-private.h"

#include <string.h>

enum {
    SOF0 = 0xc0,
    SOF2 = 0xc2,
    SOI = 0xd8,
    EOI = 0xd9,
    SOS = 0xda,
    DQT = 0xdb,
    APP0 = 0xe0,
    APP14 = 0xee,
    APP15 = 0xef,
    COM = 0xfe
};

typedef struct {
    const uint8_t *bytes;
    size_t size;
    size_t at;
    GByteArray *kept;
    NskPdfPixels pixels;
    bool has_tables, has_scan;
} Jpeg;

static bool
fail(GError **error, const char *what)
{
    g_set_error(error, NSK_ERROR, NSK_ERROR_INVALID,
                nsk_tr("the JPEG is damaged: %s; save it again"), nsk_tr(what));
    return false;
}

static unsigned
get_u16(const uint8_t *p)
{
    return (unsigned)p[0] << 8 | p[1];
}

static bool
is_frame(unsigned marker)
{
    return marker >= SOF0 && marker <= 0xcf && marker != 0xc4 && marker != 0xc8 && marker != 0xcc;
}

/* Start of frame (T.81, B.2.2). */
static bool
read_frame(Jpeg *self, unsigned marker, const uint8_t *p, size_t size, GError **error)
{
    if (size < 6 || size != 6 + 3 * (size_t)p[5] || self->pixels.width != 0)
        return fail(error, N_("its frame header is not one"));
    if (marker > SOF2 || p[0] != 8) {
        g_set_error(
            error, NSK_ERROR, NSK_ERROR_UNSUPPORTED,
            nsk_tr("this kind of JPEG (lossless, arithmetic or 12 bits) cannot be printed; save "
                   "it as an ordinary one"));
        return false;
    }
    if (p[5] != 1 && p[5] != 3 && p[5] != 4) {
        g_set_error(error, NSK_ERROR, NSK_ERROR_UNSUPPORTED,
                    nsk_tr("the JPEG has %u colours, which no standard names; save it as RGB"),
                    p[5]);
        return false;
    }
    self->pixels.height = get_u16(p + 1);
    self->pixels.width = get_u16(p + 3);
    self->pixels.channels = p[5];
    return nsk_pdf_check_size(self->pixels.width, self->pixels.height, 8u * p[5], error);
}

/* JFIF's density (ITU-T T.871, 10.1) as pixels a metre. */
static void
read_density(Jpeg *self, const uint8_t *p, size_t size)
{
    unsigned scale;

    if (size < 12 || memcmp(p, "JFIF", 5) != 0 || p[7] == 0)
        return;
    scale = p[7] == 1 ? 3937 : 10000;
    self->pixels.x_ppm = get_u16(p + 8) * scale / 100;
    self->pixels.y_ppm = get_u16(p + 10) * scale / 100;
}

/* After a scan's header: entropy-coded bytes up to the next marker that is none of theirs. */
static void
skip_scan(Jpeg *self)
{
    size_t from = self->at;

    while (self->at + 1 < self->size) {
        unsigned next = self->bytes[self->at + 1];

        if (self->bytes[self->at] == 0xff && next != 0 && next != 0xff &&
            !(next >= 0xd0 && next <= 0xd7))
            break;
        self->at++;
    }
    g_byte_array_append(self->kept, self->bytes + from, (guint)(self->at - from));
}

/* One segment with a length; @self->at is behind its marker. */
static bool
read_segment(Jpeg *self, unsigned marker, GError **error)
{
    const uint8_t *p = self->bytes + self->at;
    size_t n;

    if (self->size - self->at < 2 || get_u16(p) < 2 || get_u16(p) > self->size - self->at)
        return fail(error, N_("it ends too early"));
    n = get_u16(p);
    if (is_frame(marker) && !read_frame(self, marker, p + 2, n - 2, error))
        return false;
    if (marker == APP0)
        read_density(self, p + 2, n - 2);
    if (marker == APP14 && n >= 7 && memcmp(p + 2, "Adobe", 5) == 0)
        self->pixels.inverted = true;
    self->has_tables = self->has_tables || marker == DQT;
    if (!(marker > APP0 && marker <= APP15 && marker != APP14) && marker != COM)
        g_byte_array_append(self->kept, p - 2, (guint)n + 2);
    self->at += n;
    if (marker == SOS) {
        if (self->pixels.width == 0 || !self->has_tables)
            return fail(error, N_("its pixels come before its header"));
        self->has_scan = true;
        skip_scan(self);
    }
    return true;
}

static bool
read_segments(Jpeg *self, GError **error)
{
    static const uint8_t begin[2] = { 0xff, SOI }, end[2] = { 0xff, EOI };

    g_byte_array_append(self->kept, begin, 2);
    self->at = 2;
    for (;;) {
        if (self->size - self->at < 2)
            return fail(error, N_("it ends too early"));
        if (self->bytes[self->at] != 0xff)
            return fail(error, N_("a segment does not begin where it should"));
        unsigned marker = self->bytes[self->at + 1];
        if (marker == 0xff) { /* fill byte */
            self->at++;
            continue;
        }
        self->at += 2;
        if (marker == EOI)
            break;
        if (marker < SOF0 || (marker >= 0xd0 && marker <= SOI))
            return fail(error, N_("a segment does not begin where it should"));
        if (!read_segment(self, marker, error))
            return false;
    }
    if (!self->has_scan)
        return fail(error, N_("it has no pixels"));
    g_byte_array_append(self->kept, end, 2);
    return true;
}

bool
nsk_pdf_jpeg_read(GBytes *file, NskPdfPixels *out_pixels, GError **error)
{
    g_autoptr(GByteArray) kept = g_byte_array_new();
    Jpeg self = { .kept = kept };

    self.bytes = g_bytes_get_data(file, &self.size);
    if (self.size < 4)
        return fail(error, N_("it ends too early"));
    if (!read_segments(&self, error))
        return false;
    *out_pixels = self.pixels;
    out_pixels->bits = 8;
    out_pixels->jpeg = true;
    out_pixels->data = g_byte_array_free_to_bytes(g_steal_pointer(&kept));
    return true;
}
