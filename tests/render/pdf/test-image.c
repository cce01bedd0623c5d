/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/bytes.h"
#include "base/limits.h"
#include "fixture.h"
#include "render/pdf/pdf-private.h"

#include <string.h>

/* A PNG in the making; rows are given with their filter bytes. */
typedef struct {
    const char *name;
    uint32_t width, height;
    uint8_t bits, type, interlace;
    const char *palette;
    size_t palette_size;
    const char *transparency;
    size_t transparency_size;
    const char *rows;
    size_t rows_size;
    NskPdfColour expected[4]; /* of the quarters: top left, top right, bottom left, bottom right */
} Png;

static void
put_u32(GByteArray *to, uint32_t value)
{
    uint8_t bytes[4] = { (uint8_t)(value >> 24), (uint8_t)(value >> 16), (uint8_t)(value >> 8),
                         (uint8_t)value };

    g_byte_array_append(to, bytes, 4);
}

static void
put_chunk(GByteArray *to, const char *name, const void *data, size_t size)
{
    unsigned start = to->len;

    put_u32(to, (uint32_t)size);
    g_byte_array_append(to, (const uint8_t *)name, 4);
    if (size > 0)
        g_byte_array_append(to, data, size);
    put_u32(to, libdeflate_crc32(0, to->data + start + 4, size + 4));
}

static void
put_head(GByteArray *to, const Png *png)
{
    g_autoptr(GByteArray) head = g_byte_array_new();
    uint8_t rest[5] = { png->bits, png->type, 0, 0, png->interlace };

    put_u32(head, png->width);
    put_u32(head, png->height);
    g_byte_array_append(head, rest, sizeof rest);
    g_byte_array_append(to, (const uint8_t *)"\x89PNG\r\n\x1a\n", 8);
    put_chunk(to, "IHDR", head->data, head->len);
}

static GBytes *
make_png(const Png *png)
{
    GByteArray *to = g_byte_array_new();
    struct libdeflate_compressor *deflate = libdeflate_alloc_compressor(6);
    uint8_t packed[4096];
    size_t n = libdeflate_zlib_compress(deflate, png->rows, png->rows_size, packed, sizeof packed);
    static const uint8_t physical[9] = { 0, 0, 0x1e, 0xc3, 0, 0, 0x0f, 0x61, 1 };

    libdeflate_free_compressor(deflate);
    put_head(to, png);
    put_chunk(to, "pHYs", physical, sizeof physical); /* 200 and 100 dots an inch */
    if (png->palette)
        put_chunk(to, "PLTE", png->palette, png->palette_size);
    if (png->transparency)
        put_chunk(to, "tRNS", png->transparency, png->transparency_size);
    put_chunk(to, "IDAT", packed, n / 2); /* in two pieces, as big files have */
    put_chunk(to, "IDAT", packed + n / 2, n - n / 2);
    put_chunk(to, "IEND", NULL, 0);
    return g_byte_array_free_to_bytes(to);
}

#define ROWS(text) .rows = text, .rows_size = sizeof text - 1

static const Png kinds[] = {
    { .name = "grey of 1 bit",
      .bits = 1,
      .type = 0,
      ROWS("\0\x40\0\x80"),
      .expected = { 0x000000, 0xffffff, 0xffffff, 0x000000 } },
    { .name = "grey of 2 bits",
      .bits = 2,
      .type = 0,
      ROWS("\0\x10\0\xb0"),
      .expected = { 0x000000, 0x555555, 0xaaaaaa, 0xffffff } },
    { .name = "grey of 4 bits",
      .bits = 4,
      .type = 0,
      ROWS("\0\x05\0\xaf"),
      .expected = { 0x000000, 0x555555, 0xaaaaaa, 0xffffff } },
    { .name = "grey of 8 bits, filtered",
      .bits = 8,
      .type = 0,
      ROWS("\1\x10\x20\2\x10\x10"),
      .expected = { 0x101010, 0x303030, 0x202020, 0x404040 } },
    { .name = "grey of 16 bits",
      .bits = 16,
      .type = 0,
      ROWS("\0\0\0\x55\x55\0\xaa\xaa\xff\xff"),
      .expected = { 0x000000, 0x555555, 0xaaaaaa, 0xffffff } },
    { .name = "RGB of 8 bits",
      .bits = 8,
      .type = 2,
      ROWS("\0\xff\0\0\0\xff\0\0\0\0\xff\xff\xff\xff"),
      .expected = { 0xff0000, 0x00ff00, 0x0000ff, 0xffffff } },
    { .name = "RGB of 16 bits",
      .bits = 16,
      .type = 2,
      ROWS("\0\xff\xff\0\0\0\0\0\0\xff\xff\0\0\0\0\0\0\0\xff\xff\xff\xff\xff\xff\xff\xff"),
      .expected = { 0xff0000, 0x00ff00, 0x0000ff, 0xffffff } },
    { .name = "palette of 1 bit",
      .bits = 1,
      .type = 3,
      .palette = "\x80\0\0\0\x80\0",
      .palette_size = 6,
      ROWS("\0\x40\0\x80"),
      .expected = { 0x800000, 0x008000, 0x008000, 0x800000 } },
    { .name = "palette of 8 bits",
      .bits = 8,
      .type = 3,
      .palette = "\x80\0\0\0\x80\0\0\0\x80\x40\x40\x40",
      .palette_size = 12,
      ROWS("\0\0\1\0\2\3"),
      .expected = { 0x800000, 0x008000, 0x000080, 0x404040 } },
    { .name = "palette with transparency",
      .bits = 8,
      .type = 3,
      .palette = "\x80\0\0\0\x80\0\0\0\x80\x40\x40\x40",
      .palette_size = 12,
      .transparency = "\xff\0",
      .transparency_size = 2,
      ROWS("\0\0\1\0\2\3"),
      .expected = { 0x800000, 0xffffff, 0x000080, 0x404040 } },
    { .name = "grey with a transparent value",
      .bits = 8,
      .type = 0,
      .transparency = "\0\x40",
      .transparency_size = 2,
      ROWS("\0\x20\x40\0\x60\x80"),
      .expected = { 0x202020, 0xffffff, 0x606060, 0x808080 } },
    { .name = "grey with alpha",
      .bits = 8,
      .type = 4,
      ROWS("\0\0\xff\0\0\0\x60\xff\x80\xff"),
      .expected = { 0x000000, 0xffffff, 0x606060, 0x808080 } },
    { .name = "RGB with alpha",
      .bits = 8,
      .type = 6,
      ROWS("\0\xff\0\0\xff\0\xff\0\xff\0\0\0\xff\xff\xff\xff\0\0"),
      .expected = { 0xff0000, 0x00ff00, 0x0000ff, 0xffffff } },
    { .name = "RGB with alpha, opaque",
      .bits = 8,
      .type = 6,
      ROWS("\0\xff\0\0\xff\0\xff\0\xff\0\0\0\xff\xff\xff\xff\0\xff"),
      .expected = { 0xff0000, 0x00ff00, 0x0000ff, 0xffff00 } },
    { .name = "RGB with alpha of 16 bits",
      .bits = 16,
      .type = 6,
      ROWS("\0\xff\xff\0\0\0\0\xff\xff\0\0\xff\xff\0\0\xff\xff"
           "\0\0\0\0\0\xff\xff\xff\xff\x80\x80\x80\x80\x80\x80\xff\xff"),
      .expected = { 0xff0000, 0x00ff00, 0x0000ff, 0x808080 } },
    { .name = "interlaced RGB",
      .bits = 8,
      .type = 2,
      .interlace = 1,
      ROWS("\0\xff\0\0\0\0\xff\0\0\0\0\xff\x80\x80\x80"),
      .expected = { 0xff0000, 0x00ff00, 0x0000ff, 0x808080 } },
};

/* The image on a page of 80 by 80 points, drawn and looked at. */
static void
check_picture(const char *name, GBytes *file, const NskPdfColour *expected, unsigned tolerance)
{
    static const char *const argv[] = { "qpdf", "--check", "FILE", NULL };
    g_autoptr(GError) error = NULL;
    g_autoptr(NskPdf) pdf = fixture_new();
    NskPdfRect whole = { 0, 0, 80000, 80000 };
    NskPdfImage image;
    size_t width = 0;

    g_assert_true(nsk_pdf_page_begin(pdf, 80000, 80000, &error));
    g_assert_true(nsk_pdf_image_load(pdf, file, &image, &error));
    g_assert_no_error(error);
    nsk_pdf_image_draw(pdf, &image, &whole);
    g_autoptr(GBytes) bytes = fixture_finish(pdf);
    g_autofree char *said = fixture_run(bytes, argv);
    g_autoptr(GBytes) picture = fixture_picture(bytes, &width);
    if (!picture)
        return;
    const uint8_t *pixels = g_bytes_get_data(picture, NULL);
    g_assert_cmpuint(width, ==, 80);
    for (unsigned i = 0; i < 4; i++) {
        const uint8_t *p = pixels + ((20 + i / 2 * 40) * width + 20 + i % 2 * 40) * 3;

        for (unsigned c = 0; c < 3; c++) {
            int difference = p[c] - (int)(expected[i] >> (16 - 8 * c) & 255);

            if ((unsigned)ABS(difference) > tolerance)
                g_error("%s: quarter %u is %02x%02x%02x, not %06x", name, i, p[0], p[1], p[2],
                        expected[i]);
        }
    }
}

static void
test_every_kind_of_png_is_drawn(void)
{
    for (size_t i = 0; i < G_N_ELEMENTS(kinds); i++) {
        Png png = kinds[i];

        png.width = png.height = 2;
        g_autoptr(GBytes) file = make_png(&png);
        check_picture(png.name, file, png.expected, 1);
    }
}

static void
test_ordinary_pngs_go_in_as_they_are(void)
{
    Png png = kinds[5];
    g_auto(NskPdfPixels) pixels = { 0 };
    g_autoptr(GError) error = NULL;

    png.width = png.height = 2;
    g_autoptr(GBytes) file = make_png(&png);
    g_assert_true(nsk_pdf_png_read(file, &pixels, &error));
    g_assert_no_error(error);
    g_assert_cmpuint(pixels.channels, ==, 3);
    g_assert_null(pixels.alpha);
    size_t size, n;
    const uint8_t *bytes = g_bytes_get_data(file, &size);
    const uint8_t *part = g_bytes_get_data(pixels.data, &n);
    g_assert_nonnull(memmem(bytes, size, part, n / 2)); /* the first IDAT */
}

static void
test_opaque_alpha_is_left_out(void)
{
    for (unsigned i = 12; i <= 13; i++) {
        Png png = kinds[i];
        g_auto(NskPdfPixels) pixels = { 0 };

        png.width = png.height = 2;
        g_autoptr(GBytes) file = make_png(&png);
        g_assert_true(nsk_pdf_png_read(file, &pixels, NULL));
        g_assert_cmpint(pixels.alpha != NULL, ==, i == 12);
    }
}

static GBytes *
read_jpeg(const char *name)
{
    g_autoptr(GError) error = NULL;
    g_autofree char *path = g_test_build_filename(G_TEST_DIST, "render", "pdf", "data", name, NULL);
    GBytes *bytes = nsk_file_read(path, 100000, &error);

    g_assert_no_error(error);
    return bytes;
}

static void
test_the_resolution_gives_the_natural_size(void)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(NskPdf) pdf = fixture_page();
    Png png = kinds[0];
    NskPdfImage image, again;

    png.width = png.height = 2;
    g_autoptr(GBytes) file = make_png(&png);
    g_assert_true(nsk_pdf_image_load(pdf, file, &image, &error));
    g_assert_cmpuint(image.width, ==, 2);
    g_assert_cmpint(image.print_width, ==, 720);
    g_assert_cmpint(image.print_height, ==, 1440);
    g_autoptr(GBytes) same = make_png(&png);
    g_assert_true(nsk_pdf_image_load(pdf, same, &again, &error));
    g_assert_cmpuint(image.id, ==, again.id);
    g_autoptr(GBytes) jpeg = read_jpeg("rgb.jpg");
    g_assert_true(nsk_pdf_image_load(pdf, jpeg, &again, &error));
    g_assert_cmpuint(again.id, ==, 1);
    g_assert_cmpint(again.print_width, ==, 5760);
    g_assert_cmpint(again.print_height, ==, 11520);
}

static void
test_jpegs_are_drawn(void)
{
    static const NskPdfColour colours[] = { 0xff0000, 0x00ff00, 0x0000ff, 0xffffff };
    static const NskPdfColour greys[] = { 0x000000, 0x555555, 0xaaaaaa, 0xffffff };
    g_autoptr(GBytes) rgb = read_jpeg("rgb.jpg");
    g_autoptr(GBytes) progressive = read_jpeg("progressive.jpg");
    g_autoptr(GBytes) grey = read_jpeg("grey.jpg");
    g_autoptr(GBytes) cmyk = read_jpeg("cmyk.jpg");

    check_picture("cmyk", cmyk, colours, 12);
    check_picture("rgb", rgb, colours, 8);
    check_picture("progressive", progressive, colours, 8);
    check_picture("grey", grey, greys, 8);
}

/* The complements are Adobe's alone: without its mark full ink is 255. */
static void
test_inks_are_inverted_where_adobe_says_so(void)
{
    static const NskPdfColour black[] = { 0, 0, 0, 0 };
    enum { MARK = 2, MARK_SIZE = 16 };
    g_autoptr(GBytes) file = read_jpeg("cmyk.jpg");
    g_autoptr(GByteArray) plain = g_byte_array_new();
    gsize size;
    const uint8_t *bytes = g_bytes_get_data(file, &size);
    g_auto(NskPdfPixels) pixels = { 0 };

    g_assert_cmpmem(bytes + MARK + 4, 5, "Adobe", 5);
    g_assert_true(nsk_pdf_jpeg_read(file, &pixels, NULL));
    g_assert_true(pixels.inverted && pixels.channels == 4);
    g_byte_array_append(plain, bytes, MARK);
    g_byte_array_append(plain, bytes + MARK + MARK_SIZE, (guint)(size - MARK - MARK_SIZE));
    g_autoptr(GBytes) unmarked = g_byte_array_free_to_bytes(g_steal_pointer(&plain));
    check_picture("cmyk without Adobe's mark", unmarked, black, 12);
}

static void
test_where_a_photograph_was_taken_stays_out(void)
{
    g_autoptr(GBytes) file = read_jpeg("rgb.jpg");
    g_auto(NskPdfPixels) pixels = { 0 };

    g_assert_true(fixture_contains(file, "GPS-tempat-rahasia"));
    g_assert_true(fixture_contains(file, "catatan"));
    g_assert_true(nsk_pdf_jpeg_read(file, &pixels, NULL));
    g_assert_false(fixture_contains(pixels.data, "GPS-tempat-rahasia"));
    g_assert_false(fixture_contains(pixels.data, "catatan"));
    g_assert_true(fixture_contains(pixels.data, "JFIF"));
}

/* Loads what must be refused. */
static void
refuse(GBytes *file, int code, const char *words)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(NskPdf) pdf = fixture_page();
    NskPdfImage image = { .id = 77 };

    g_assert_false(nsk_pdf_image_load(pdf, file, &image, &error));
    g_assert_error(error, NSK_ERROR, code);
    fixture_assert_has(error->message, words);
    g_assert_cmpuint(image.id, ==, 77);
}

static void
test_what_is_no_image_is_refused(void)
{
    static const struct {
        const char *bytes;
        size_t size;
        int code;
    } cases[] = {
        { "", 0, NSK_ERROR_UNSUPPORTED },
        { "GIF89a", 6, NSK_ERROR_UNSUPPORTED },
        { "<svg/>", 6, NSK_ERROR_UNSUPPORTED },
        { "\x89PNG\r\n\x1a\n", 8, NSK_ERROR_INVALID },
        { "\xff\xd8", 2, NSK_ERROR_INVALID },
        { "\xff\xd8\xff\xd9", 4, NSK_ERROR_INVALID },
        { "\xff\xd8\xff\xe0\0\1\xff\xd9", 8, NSK_ERROR_INVALID },
        { "\xff\xd8\xff\xda\0\2\xff\xd9", 8, NSK_ERROR_INVALID },
    };

    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(GBytes) file = g_bytes_new_static(cases[i].bytes, cases[i].size);

        refuse(file, cases[i].code, "save it");
    }
    g_autoptr(GBytes) big =
        g_bytes_new_take(g_malloc0(NSK_LIMIT_IMAGE_SIZE + 1), NSK_LIMIT_IMAGE_SIZE + 1);
    refuse(big, NSK_ERROR_LIMIT, "scale it down");
}

static void
test_broken_pngs_are_refused_with_words(void)
{
    static const Png good = { .width = 2,
                              .height = 2,
                              .bits = 8,
                              .type = 2,
                              ROWS("\0\xff\0\0\0\xff\0\0\0\0\xff\xff\xff\xff") };
    Png bad[13];
    static const int
        codes[] = { [0] = NSK_ERROR_INVALID, [1] = NSK_ERROR_LIMIT, [2] = NSK_ERROR_LIMIT };
    static const char *const words[] = {
        "empty",
        "scale it down",
        "scale it down",
        "pixels are missing",
        "not of this",
        "not of this",
        "not of this",
        "palette is missing",
        "cannot be unpacked",
        "cannot be unpacked",
        "cannot be unpacked",
        "palette is not one",
        "pixels are missing",
    };

    for (size_t i = 0; i < G_N_ELEMENTS(bad); i++)
        bad[i] = good;
    bad[0].height = 0;
    bad[1].width = 30001;
    bad[2].width = bad[2].height = 29000;
    bad[3].width = bad[3].height = 5000;
    bad[4].type = 1;
    bad[5].bits = 4;
    bad[6].interlace = 2;
    bad[7].type = 3;
    bad[8].rows = "\5\xff\0\0\0\xff\0\5\0\0\xff\xff\xff\xff"; /* no such filter */
    bad[9].rows_size--;
    bad[10].width = 3;
    bad[11].palette = "abcd";
    bad[11].palette_size = 4;
    bad[12].width = bad[12].height = 5000; /* through libpng */
    bad[12].interlace = 1;
    for (size_t i = 0; i < G_N_ELEMENTS(bad); i++) {
        g_autoptr(GBytes) file = make_png(&bad[i]);

        refuse(file, i < G_N_ELEMENTS(codes) ? codes[i] : NSK_ERROR_INVALID, words[i]);
    }
}

/* Every beginning, and every byte changed, ends in an answer and never in a crash. */
static void
damage(GBytes *file, bool has_checksums)
{
    size_t size;
    const uint8_t *bytes = g_bytes_get_data(file, &size);

    for (size_t i = 0; i < size; i++) {
        g_autoptr(GBytes) part = g_bytes_new(bytes, i);
        g_autofree uint8_t *changed = g_memdup2(bytes, size);
        g_auto(NskPdfPixels) one = { 0 };
        g_auto(NskPdfPixels) two = { 0 };

        changed[i] ^= 0x55;
        g_autoptr(GBytes) other = g_bytes_new(changed, size);
        if (has_checksums) {
            g_assert_false(nsk_pdf_png_read(part, &one, NULL));
            if (i >= 8) /* the signature is looked at before */
                g_assert_false(nsk_pdf_png_read(other, &two, NULL));
        } else {
            g_assert_false(nsk_pdf_jpeg_read(part, &one, NULL));
            (void)nsk_pdf_jpeg_read(other, &two, NULL);
        }
    }
}

static void
test_damage_is_never_worse_than_an_error(void)
{
    Png plain = kinds[8], alpha = kinds[12];
    g_autoptr(GBytes) jpeg = read_jpeg("progressive.jpg");

    plain.width = plain.height = alpha.width = alpha.height = 2;
    g_autoptr(GBytes) one = make_png(&plain);
    g_autoptr(GBytes) two = make_png(&alpha);
    damage(one, true);
    damage(two, true);
    damage(jpeg, false);
}

static void
test_a_figure_has_its_box_and_words(void)
{
    g_autoptr(NskPdf) pdf = fixture_page();
    g_autoptr(GBytes) file = read_jpeg("rgb.jpg");
    NskPdfTag tag = { .role = NSK_PDF_FIGURE, .alt = "Lambang (Arunika)" };
    NskPdfRect rect = { 72000, 72000, 50000, 60000 };
    NskPdfImage image;

    g_assert_true(nsk_pdf_image_load(pdf, file, &image, NULL));
    nsk_pdf_mark(pdf, nsk_pdf_element_add(pdf, NSK_PDF_DOCUMENT, &tag));
    nsk_pdf_image_draw(pdf, &image, &rect);
    g_autoptr(GBytes) bytes = fixture_finish(pdf);
    g_assert_true(fixture_contains(bytes, "/S/Figure/P "));
    g_assert_true(fixture_contains(bytes, "/Alt(Lambang \\(Arunika\\))"));
    g_assert_true(fixture_contains(bytes, "/BBox[72 709.89 122 769.89]"));
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
#define ADD(path, test) g_test_add_func("/render/pdf/image/" path, test)
    ADD("every-kind-of-png-is-drawn", test_every_kind_of_png_is_drawn);
    ADD("ordinary-pngs-go-in-as-they-are", test_ordinary_pngs_go_in_as_they_are);
    ADD("opaque-alpha-is-left-out", test_opaque_alpha_is_left_out);
    ADD("the-resolution-gives-the-natural-size", test_the_resolution_gives_the_natural_size);
    ADD("jpegs-are-drawn", test_jpegs_are_drawn);
    ADD("inks-are-inverted-where-adobe-says-so", test_inks_are_inverted_where_adobe_says_so);
    ADD("where-a-photograph-was-taken-stays-out", test_where_a_photograph_was_taken_stays_out);
    ADD("what-is-no-image-is-refused", test_what_is_no_image_is_refused);
    ADD("broken-pngs-are-refused-with-words", test_broken_pngs_are_refused_with_words);
    ADD("damage-is-never-worse-than-an-error", test_damage_is_never_worse_than_an_error);
    ADD("a-figure-has-its-box-and-words", test_a_figure_has_its_box_and_words);
    int status = g_test_run();
    fixture_end();
    return status;
}
