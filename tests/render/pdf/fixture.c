/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fixture.h"

#include "base/bytes.h"

#include <glib/gstdio.h>
#include <string.h>

static NskFontSet *fonts;

const NskFontSet *
fixture_fonts(void)
{
    g_autoptr(GError) error = NULL;

    if (!fonts)
        fonts = nsk_font_set_open(NULL, &error);
    g_assert_no_error(error);
    return fonts;
}

void
fixture_end(void)
{
    g_clear_pointer(&fonts, nsk_font_set_free);
}

const NskFont *
fixture_font(const char *family, bool bold, bool italic)
{
    g_autoptr(GError) error = NULL;
    const NskFont *font = nsk_font_set_find(fixture_fonts(), family, bold, italic, &error);

    g_assert_no_error(error);
    return font;
}

NskPdf *
fixture_new(void)
{
    NskPdfInfo info = { .title = "Undangan rapat \xe2\x80\x93 2026",
                        .language = "id",
                        .author = "Biro Umum (Arunika)",
                        .subject = "Rapat & persiapan",
                        .date = G_GINT64_CONSTANT(1784685600) * G_USEC_PER_SEC,
                        .offset_minutes = 420 };

    return nsk_pdf_new(&info);
}

NskPdf *
fixture_page(void)
{
    g_autoptr(GError) error = NULL;
    NskPdf *pdf = fixture_new();

    g_assert_true(nsk_pdf_page_begin(pdf, NSK_MM(210), NSK_MM(297), &error));
    g_assert_no_error(error);
    return pdf;
}

GBytes *
fixture_finish(NskPdf *pdf)
{
    g_autoptr(GError) error = NULL;
    GBytes *bytes = nsk_pdf_finish(pdf, &error);

    g_assert_no_error(error);
    return bytes;
}

NskMpt
fixture_text(NskPdf *pdf, const NskFont *font, NskMpt size, NskMpt x, NskMpt y, const char *text)
{
    g_autoptr(GArray) glyphs = g_array_new(FALSE, FALSE, sizeof(NskGlyph));
    NskShape shape = { .text = text, .size = strlen(text), .font_size = size, .language = "id" };
    NskMpt width = nsk_font_shape(font, &shape, glyphs);
    NskPdfText run = { .font = font,
                       .font_size = size,
                       .x = x,
                       .y = y,
                       .text = text,
                       .size = strlen(text),
                       .glyphs = (const NskGlyph *)(const void *)glyphs->data,
                       .n_glyphs = glyphs->len };

    nsk_pdf_text(pdf, &run);
    return width;
}

char *
fixture_run(GBytes *pdf, const char *const *argv)
{
    g_autoptr(GError) error = NULL;
    g_autofree char *folder = g_dir_make_tmp("naskah-XXXXXX", &error);
    g_autofree char *path = g_build_filename(folder, "surat.pdf", NULL);
    g_autofree char *program = g_find_program_in_path(argv[0]);
    g_autofree char *errors = NULL;
    g_autoptr(GPtrArray) command = g_ptr_array_new_with_free_func(g_free);
    char *output = NULL;
    int status = 0;

    if (!program) {
        g_rmdir(folder);
        g_test_skip("a program of the check is not installed");
        return NULL;
    }
    g_assert_true(
        nsk_file_write(path, g_bytes_get_data(pdf, NULL), g_bytes_get_size(pdf), 0600, &error));
    for (size_t i = 0; argv[i]; i++)
        g_ptr_array_add(command, g_strdup(g_str_equal(argv[i], "FILE") ? path : argv[i]));
    g_ptr_array_add(command, NULL);
    g_assert_true(g_spawn_sync(NULL, (char **)command->pdata, NULL, G_SPAWN_SEARCH_PATH, NULL, NULL,
                               &output, &errors, &status, &error));
    g_assert_no_error(error);
    if (status != 0)
        g_error("%s: status %d: %s%s", argv[0], status, output, errors);
    g_unlink(path);
    g_rmdir(folder);
    return output;
}

void
fixture_assert_has(const char *text, const char *part)
{
    if (!strstr(text, part))
        g_error("expected '%s' in '%s'", part, text);
}

bool
fixture_contains(GBytes *pdf, const char *part)
{
    size_t size;
    const char *bytes = g_bytes_get_data(pdf, &size);

    return memmem(bytes, size, part, strlen(part)) != NULL;
}

GBytes *
fixture_picture(GBytes *pdf, size_t *out_width)
{
    g_autoptr(GError) error = NULL;
    g_autofree char *folder = g_dir_make_tmp("naskah-XXXXXX", &error);
    g_autofree char *prefix = g_build_filename(folder, "gambar", NULL);
    g_autofree char *path = g_strconcat(prefix, ".ppm", NULL);
    const char *const argv[] = { "pdftoppm", "-singlefile", "-r", "72", "FILE", prefix, NULL };
    g_autofree char *said = fixture_run(pdf, argv);
    g_autoptr(GBytes) file = said ? nsk_file_read(path, 1 << 24, &error) : NULL;
    size_t size;

    g_unlink(path);
    g_rmdir(folder);
    if (!said)
        return NULL;
    g_assert_no_error(error);
    const char *text = g_bytes_get_data(file, &size);
    g_assert_true(g_str_has_prefix(text, "P6\n"));
    *out_width = g_ascii_strtoull(text + 3, NULL, 10);
    const char *pixels = g_strstr_len(text, 40, "\n255\n") + 5;
    return g_bytes_new_from_bytes(file, (size_t)(pixels - text), size - (size_t)(pixels - text));
}
