/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * PNG (ISO/IEC 15948) for a PDF.
 *
 * The rows of an ordinary PNG are what a PDF's Flate filter with PNG predictors reads, so its IDAT
 * data go in as they are.  What a PDF has no words for (transparency, interlacing) is unpacked by
 * libpng and packed again as colour rows and alpha rows.
 *
 * 1. Sizes are checked before anything is unpacked, against the limits and against the file's own
 *    size: deflate never makes more than 1032 bytes of one.
 * 2. Data that go in as they are have been unpacked once to see that they are whole.
 * 3. libpng sees only IHDR, PLTE, tRNS and IDAT, so no other chunk can be used against it, and both
 *    ways treat the colours alike (as sRGB).
 */
#include "base/limits.h"
#include "base/message.h"
#include "pdf-private.h"

#include <png.h>
#include <string.h>

enum { GREY = 0, RGB = 2, PALETTE = 3, GREY_ALPHA = 4, RGB_ALPHA = 6 };

typedef struct {
    unsigned width, height, bits, type, interlace;
    unsigned x_ppm, y_ppm;
    const uint8_t *palette;
    size_t palette_size;
    bool has_transparency;
    bool has_end;
    GByteArray *data;     /* all IDAT data */
    GByteArray *critical; /* a PNG of the chunks that libpng is to see */
} Png;

static void
png_clear(Png *png)
{
    g_clear_pointer(&png->data, g_byte_array_unref);
    g_clear_pointer(&png->critical, g_byte_array_unref);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Png, png_clear)

static bool
fail(GError **error, const char *what)
{
    g_set_error(error, NSK_ERROR, NSK_ERROR_INVALID,
                nsk_tr("the PNG is damaged: %s; save it again"), nsk_tr(what));
    return false;
}

static uint32_t
get_u32(const uint8_t *p)
{
    return (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 | (uint32_t)p[2] << 8 | p[3];
}

static unsigned
get_channels(unsigned type)
{
    static const unsigned channels[] = { 1, 0, 3, 1, 2, 0, 4 };

    return channels[type];
}

static bool
read_header(Png *png, const uint8_t *p, size_t size, GError **error)
{
    static const char *const depths[] = { "\1\2\4\x8\x10", "", "\x8\x10", "\1\2\4\x8",
                                          "\x8\x10",       "", "\x8\x10" };

    if (size != 13)
        return fail(error, N_("its header has the wrong size"));
    png->width = get_u32(p);
    png->height = get_u32(p + 4);
    png->bits = p[8];
    png->type = p[9];
    png->interlace = p[12];
    if (png->type > RGB_ALPHA || png->bits == 0 || png->bits > 16 ||
        !strchr(depths[png->type], (int)png->bits) || p[10] != 0 || p[11] != 0 ||
        png->interlace > 1)
        return fail(error, N_("its header is not of this format"));
    return nsk_pdf_check_size(png->width, png->height, MAX(32, get_channels(png->type) * png->bits),
                              error);
}

/* One chunk whose checksum is right.  @p and @size are its data. */
static bool
read_chunk(Png *png, const char *name, const uint8_t *p, size_t size, GError **error)
{
    bool is_header = memcmp(name, "IHDR", 4) == 0;

    if (is_header != (png->width == 0))
        return fail(error, N_("its header is not at the beginning"));
    if (is_header)
        return read_header(png, p, size, error);
    if (memcmp(name, "PLTE", 4) == 0) {
        if (png->palette || size == 0 || size % 3 != 0 || size / 3 > 256)
            return fail(error, N_("its palette is not one"));
        png->palette = p;
        png->palette_size = size;
    } else if (memcmp(name, "tRNS", 4) == 0) {
        png->has_transparency = true;
    } else if (memcmp(name, "pHYs", 4) == 0 && size == 9 && p[8] == 1) {
        png->x_ppm = get_u32(p);
        png->y_ppm = get_u32(p + 4);
    } else if (memcmp(name, "IDAT", 4) == 0) {
        g_byte_array_append(png->data, p, (guint)size);
    } else if (memcmp(name, "IEND", 4) == 0) {
        png->has_end = true;
    } else if (!(name[0] & 0x20)) {
        return fail(error, N_("it has a critical chunk that no standard names"));
    }
    return true;
}

static bool
is_for_libpng(const char *name)
{
    static const char *const names[] = { "IHDR", "PLTE", "tRNS", "IDAT", "IEND" };

    for (size_t i = 0; i < G_N_ELEMENTS(names); i++)
        if (memcmp(name, names[i], 4) == 0)
            return true;
    return false;
}

static bool
read_chunks(Png *png, const uint8_t *bytes, size_t size, GError **error)
{
    size_t at = 8;

    g_byte_array_append(png->critical, bytes, 8);
    while (!png->has_end) {
        if (size - at < 12)
            return fail(error, N_("it ends too early"));
        const uint8_t *p = bytes + at;
        size_t n = get_u32(p);
        if (n > size - at - 12)
            return fail(error, N_("it ends too early"));
        if (libdeflate_crc32(0, p + 4, n + 4) != get_u32(p + 8 + n))
            return fail(error, N_("a checksum is wrong"));
        const char *name = (const char *)p + 4;
        if (!read_chunk(png, name, p + 8, n, error))
            return false;
        if (is_for_libpng(name))
            g_byte_array_append(png->critical, p, (guint)n + 12);
        at += n + 12;
    }
    if (png->type == PALETTE && !png->palette)
        return fail(error, N_("its palette is missing"));
    return true;
}

static size_t
get_row_size(const Png *png)
{
    return ((size_t)png->width * get_channels(png->type) * png->bits + 7) / 8;
}

/* The IDAT data as they are, having looked whether they are whole. */
static bool
pass_through(const Png *png, NskPdfPixels *out, GError **error)
{
    size_t row = get_row_size(png) + 1, size = row * png->height, used = 0;
    g_autofree uint8_t *rows = NULL;
    struct libdeflate_decompressor *inflate;
    bool whole;

    if (size / 1100 > png->data->len)
        return fail(error, N_("its pixels are missing"));
    rows = g_malloc(size);
    inflate = libdeflate_alloc_decompressor();
    whole = inflate && libdeflate_zlib_decompress_ex(inflate, png->data->data, png->data->len, rows,
                                                     size, &used, NULL) == LIBDEFLATE_SUCCESS;
    libdeflate_free_decompressor(inflate);
    for (size_t y = 0; whole && y < png->height; y++)
        whole = rows[y * row] <= 4;
    if (!whole)
        return fail(error, N_("its pixels cannot be unpacked"));
    out->channels = png->type == RGB ? 3 : 1;
    out->bits = png->bits;
    out->data = g_bytes_new(png->data->data, used);
    if (png->type == PALETTE) {
        /* a palette longer than its index can say would be no PDF palette */
        size_t n = MIN(png->palette_size, (size_t)3 << png->bits);

        out->palette = g_bytes_new(png->palette, n);
    }
    return true;
}

/* Deflates rows, each after its difference to the one above (PNG's filter 2). */
static GBytes *
pack_rows(const uint8_t *pixels, size_t row, size_t height)
{
    struct libdeflate_compressor *compressor = libdeflate_alloc_compressor(6);
    size_t size = (row + 1) * height, bound = libdeflate_zlib_compress_bound(compressor, size);
    g_autofree uint8_t *filtered = g_malloc(size);
    uint8_t *packed = g_malloc(bound);

    for (size_t y = 0; y < height; y++) {
        uint8_t *to = filtered + y * (row + 1);
        const uint8_t *from = pixels + y * row;

        *to++ = 2;
        for (size_t x = 0; x < row; x++)
            to[x] = (uint8_t)(from[x] - (y > 0 ? from[x - row] : 0));
    }
    size_t n = libdeflate_zlib_compress(compressor, filtered, size, packed, bound);
    libdeflate_free_compressor(compressor);
    return g_bytes_new_take(g_realloc(packed, n), n);
}

/* Takes pixels of @channels colours and an alpha apart; alpha only where something shows through.
 */
static void
split(const uint8_t *pixels, const Png *png, unsigned channels, NskPdfPixels *out)
{
    size_t n = (size_t)png->width * png->height;
    g_autofree uint8_t *colour = g_malloc(n * channels);
    g_autofree uint8_t *alpha = g_malloc(n);
    bool opaque = true;

    for (size_t i = 0; i < n; i++, pixels += channels + 1) {
        memcpy(colour + i * channels, pixels, channels);
        alpha[i] = pixels[channels];
        opaque = opaque && alpha[i] == 255;
    }
    out->channels = channels;
    out->bits = 8;
    out->data = pack_rows(colour, (size_t)png->width * channels, png->height);
    if (!opaque)
        out->alpha = pack_rows(alpha, png->width, png->height);
}

/* Through libpng's simplified interface, which neither jumps nor prints. */
static bool
unpack(const Png *png, NskPdfPixels *out, GError **error)
{
    png_image image = { .version = PNG_IMAGE_VERSION };
    unsigned channels = png->type == GREY || png->type == GREY_ALPHA ? 1 : 3;
    g_autofree uint8_t *pixels = NULL;

    if (get_row_size(png) * png->height / 1100 > png->data->len)
        return fail(error, N_("its pixels are missing"));
    if (!png_image_begin_read_from_memory(&image, png->critical->data, png->critical->len))
        return fail(error, image.message);
    image.flags |= PNG_IMAGE_FLAG_16BIT_sRGB;
    image.format = channels == 1 ? PNG_FORMAT_GA : PNG_FORMAT_RGBA;
    pixels = g_malloc(PNG_IMAGE_SIZE(image));
    if (!png_image_finish_read(&image, NULL, pixels, 0, NULL)) {
        fail(error, image.message);
        png_image_free(&image);
        return false;
    }
    split(pixels, png, channels, out);
    return true;
}

bool
nsk_pdf_png_read(GBytes *file, NskPdfPixels *out_pixels, GError **error)
{
    g_auto(Png) png = { .data = g_byte_array_new(), .critical = g_byte_array_new() };
    g_auto(NskPdfPixels) pixels = { 0 };
    size_t size;
    const uint8_t *bytes = g_bytes_get_data(file, &size);

    if (size < 8 || !read_chunks(&png, bytes, size, error))
        return size < 8 ? fail(error, N_("it ends too early")) : false;
    bool plain = !png.interlace && !png.has_transparency &&
                 (png.type == GREY || png.type == RGB || png.type == PALETTE);
    if (!(plain ? pass_through(&png, &pixels, error) : unpack(&png, &pixels, error)))
        return false;
    pixels.width = png.width;
    pixels.height = png.height;
    pixels.x_ppm = png.x_ppm;
    pixels.y_ppm = png.y_ppm;
    *out_pixels = pixels;
    pixels = (NskPdfPixels){ 0 };
    return true;
}
