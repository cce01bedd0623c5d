/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/limits.h"
#include "base/message.h"
#include "sample-pdf.h"
#include "worker/worker.h"

#include <dirent.h>
#include <errno.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/wait.h>

static void
test_text_of_each_page(void)
{
    g_autoptr(GBytes) pdf = sample_pages(3);
    g_autoptr(GPtrArray) pages = NULL;
    g_autoptr(GError) error = NULL;

    g_assert_true(nsk_worker_text(pdf, NULL, &pages, &error));
    g_assert_no_error(error);
    g_assert_cmpuint(pages->len, ==, 3);
    for (guint i = 0; i < 3; i++) {
        g_autofree char *wanted = g_strdup_printf("Halaman %u", i + 1);

        g_assert_cmpstr(g_strstrip(g_ptr_array_index(pages, i)), ==, wanted);
    }
}

static void
test_info_tells_sizes_and_fonts(void)
{
    g_autoptr(GBytes) pdf = sample_pages(2);
    g_autoptr(NskWorkerInfo) info = NULL;
    g_autoptr(GError) error = NULL;

    g_assert_true(nsk_worker_info(pdf, NULL, &info, &error));
    g_assert_no_error(error);
    g_assert_cmpuint(info->n_pages, ==, 2);
    g_assert_cmpfloat_with_epsilon(info->pages[0].width, 595, 0.001);
    g_assert_cmpfloat_with_epsilon(info->pages[0].height, 842, 0.001);
    g_assert_cmpfloat_with_epsilon(info->pages[1].width, 842, 0.001);
    g_assert_cmpuint(info->n_fonts, ==, 1);
    g_assert_cmpstr(info->fonts[0].name, ==, "Helvetica");
    g_assert_false(info->fonts[0].embedded);
    g_assert_false(info->fonts[0].subset);
}

static void
test_scan_tells_scripts_and_text(void)
{
    g_autoptr(GBytes) pdf = sample_pages(2);
    g_autoptr(GPtrArray) pages = NULL;
    g_autoptr(GError) error = NULL;
    bool scripts = true;

    g_assert_true(nsk_worker_scan(pdf, &scripts, &pages, &error));
    g_assert_no_error(error);
    g_assert_false(scripts);
    g_assert_cmpuint(pages->len, ==, 2);
    g_assert_cmpstr(g_strstrip(g_ptr_array_index(pages, 1)), ==, "Halaman 2");
}

static void
test_info_sees_an_embedded_subset(void)
{
    SamplePdf sample = sample_begin();
    g_autoptr(NskWorkerInfo) info = NULL;
    g_autoptr(GError) error = NULL;

    sample_add(&sample, "<</Type /Catalog /Pages 2 0 R>>");
    sample_add(&sample, "<</Type /Pages /Count 1 /Kids [3 0 R]>>");
    sample_add(&sample, "<</Type /Page /Parent 2 0 R /MediaBox [0 0 300 300] "
                        "/Resources <</Font <</F1 5 0 R>>>> /Contents 4 0 R>>");
    sample_add_stream(&sample, "", "BT /F1 12 Tf (a) Tj ET");
    sample_add(&sample, "<</Type /Font /Subtype /TrueType /BaseFont /ABCDEF+Contoh "
                        "/FirstChar 97 /LastChar 97 /Widths [500] /FontDescriptor 6 0 R>>");
    sample_add(&sample, "<</Type /FontDescriptor /FontName /ABCDEF+Contoh /Flags 32 "
                        "/FontFile2 7 0 R>>");
    sample_add_stream(&sample, "", "none");

    g_autoptr(GBytes) pdf = sample_end(&sample, "");
    g_assert_true(nsk_worker_info(pdf, NULL, &info, &error));
    g_assert_no_error(error);
    g_assert_cmpuint(info->n_fonts, ==, 1);
    g_assert_cmpstr(info->fonts[0].name, ==, "ABCDEF+Contoh");
    g_assert_true(info->fonts[0].embedded);
    g_assert_true(info->fonts[0].subset);
}

static guint32
png_number(GBytes *png, gsize offset)
{
    const guint8 *data = g_bytes_get_data(png, NULL);

    g_assert_cmpuint(g_bytes_get_size(png), >, offset + 4);
    data += offset;
    return (guint32)data[0] << 24 | (guint32)data[1] << 16 | (guint32)data[2] << 8 | data[3];
}

static void
test_preview_has_the_width_asked(void)
{
    static const unsigned widths[] = { 1, 100, 595, 1240, 4000 };
    g_autoptr(GBytes) pdf = sample_pages(2);

    for (size_t i = 0; i < G_N_ELEMENTS(widths); i++) {
        g_autoptr(GBytes) png = NULL;
        g_autoptr(GError) error = NULL;

        g_assert_true(nsk_worker_preview(pdf, 0, widths[i], &png, &error));
        g_assert_no_error(error);
        g_assert_cmpmem(g_bytes_get_data(png, NULL), 8, "\x89PNG\r\n\x1a\n", 8);
        g_assert_cmpuint(png_number(png, 16), ==, widths[i]);
        g_assert_cmpuint(png_number(png, 20), ==, (widths[i] * 842 + 297) / 595);
    }
}

static void
test_preview_shows_what_is_on_the_page(void)
{
    g_autoptr(GBytes) blank = sample_page("0 0 100 100", "", "");
    g_autoptr(GBytes) inked = sample_page("0 0 100 100", "", "0 0 50 100 re f");
    g_autoptr(GBytes) text = sample_pages(1);
    g_autoptr(GBytes) a = NULL;
    g_autoptr(GBytes) b = NULL;
    g_autoptr(GBytes) again = NULL;
    g_autoptr(GBytes) c = NULL;

    g_assert_true(nsk_worker_preview(blank, 0, 100, &a, NULL));
    g_assert_true(nsk_worker_preview(inked, 0, 100, &b, NULL));
    g_assert_true(nsk_worker_preview(inked, 0, 100, &again, NULL));
    g_assert_true(nsk_worker_preview(text, 0, 100, &c, NULL));
    g_assert_false(g_bytes_equal(a, b));
    g_assert_true(g_bytes_equal(b, again));
    /* a font that is not embedded was found and drawn */
    g_assert_cmpuint(g_bytes_get_size(c), >, g_bytes_get_size(a) + 50);
}

static void
test_import_is_picture_text_and_marks(void)
{
    g_autoptr(GBytes) pdf = sample_page("0 0 300 200",
                                        "/Font <</F1 <</Type /Font /Subtype /Type1 "
                                        "/BaseFont /Helvetica>>>>",
                                        "BT /F1 10 Tf 20 150 Td (Nomor ${nomor} dan) Tj 0 -20 Td "
                                        "(harga $ {5} ${X} ${a) Tj ET");
    g_autoptr(NskWorkerImport) page = NULL;
    g_autoptr(GError) error = NULL;

    g_assert_true(nsk_worker_import(pdf, 0, 72, &page, &error));
    g_assert_no_error(error);
    g_assert_cmpuint(page->n_pages, ==, 1);
    g_assert_cmpfloat_with_epsilon(page->width, 300, 0.001);
    g_assert_cmpuint(page->lines->len, ==, 2);
    const NskWorkerText *line = &g_array_index(page->lines, NskWorkerText, 0);
    g_assert_cmpstr(line->text, ==, "Nomor ${nomor} dan");
    g_assert_cmpfloat_with_epsilon(line->x, 20, 2);
    g_assert_true(line->y > 35 && line->y + line->height < 57);
    g_assert_cmpuint(page->marks->len, ==, 1);
    const NskWorkerText *mark = &g_array_index(page->marks, NskWorkerText, 0);
    g_assert_cmpstr(mark->text, ==, "${nomor}");
    g_assert_cmpfloat_with_epsilon(mark->size, 10, 0.1);
    g_assert_nonnull(strstr(mark->font, "Helvetica"));
    g_assert_true(mark->x > line->x + 25 && mark->x + mark->width < line->x + line->width - 10);
    /* up to "dan" */
    g_assert_true(mark->room > mark->width && mark->room < mark->width + 5);
    /* grey, eight bits: ISO/IEC 15948, 11.2.2 */
    const uint8_t *png = g_bytes_get_data(page->png, NULL);
    g_assert_cmpuint(png[24], ==, 8);
    g_assert_cmpuint(png[25], ==, 0);
}

static void
test_import_keeps_colour_and_bounds(void)
{
    g_autoptr(GBytes) pdf = sample_page("0 0 40000 40000", "", "1 0 0 rg 0 0 20000 20000 re f");
    g_autoptr(NskWorkerImport) page = NULL;
    g_autoptr(NskWorkerImport) none = NULL;
    g_autoptr(GError) error = NULL;

    g_assert_true(nsk_worker_import(pdf, 0, 200, &page, &error));
    g_assert_no_error(error);
    const uint8_t *png = g_bytes_get_data(page->png, NULL);
    unsigned width = (unsigned)(png[16] << 24 | png[17] << 16 | png[18] << 8 | png[19]);
    g_assert_cmpuint(png[25], ==, 2);
    g_assert_cmpuint((guint64)width * width * 4, <=, NSK_LIMIT_IMAGE_MEMORY);
    g_assert_cmpuint(width, >, 5000);
    g_assert_cmpuint(page->lines->len, ==, 0);
    g_assert_false(nsk_worker_import(pdf, 1, 200, &none, &error));
    g_assert_error(error, NSK_ERROR, NSK_ERROR_NOT_FOUND);
}

/* Two pages: "Baris 7" on a line, "Silang 7" to be set across. */
static GBytes *
sample_marks(void)
{
    static const char *const words[] = { "Baris 7", "Silang 7" };
    SamplePdf pdf = sample_begin();

    sample_add(&pdf, "<</Type /Catalog /Pages 2 0 R>>");
    sample_add(&pdf, "<</Type /Pages /Count 2 /Kids [5 0 R 7 0 R]>>");
    sample_add(&pdf, "<</Type /Font /Subtype /Type1 /BaseFont /Helvetica>>");
    sample_add(&pdf, "<</Font <</F1 3 0 R>>>>");
    for (unsigned i = 0; i < G_N_ELEMENTS(words); i++) {
        g_autofree char *page = g_strdup_printf("<</Type /Page /Parent 2 0 R /MediaBox [0 0 500 %u]"
                                                " /Resources 4 0 R /Contents %u 0 R>>",
                                                i == 0 ? 20 : 60, 6 + 2 * i);
        g_autofree char *content =
            g_strdup_printf("0.8 g BT /F1 %u Tf 5 5 Td (%s) Tj ET", i == 0 ? 12 : 40, words[i]);

        sample_add(&pdf, page);
        sample_add_stream(&pdf, "", content);
    }
    return sample_end(&pdf, "");
}

static GBytes *
make_copy(GBytes *pdf, unsigned page)
{
    g_autoptr(GBytes) marks = sample_marks();
    const NskWorkerMark what = { .pdf = pdf, .marks = marks, .title = "Salinan 7", .page = page };
    g_autoptr(GError) error = NULL;
    GBytes *copy = NULL;

    g_assert_true(nsk_worker_mark(&what, NULL, &copy, &error));
    g_assert_no_error(error);
    return copy;
}

static void
test_a_copy_is_marked_on_each_page(void)
{
    g_autoptr(GBytes) pdf = sample_pages(3);
    g_autoptr(GBytes) copy = make_copy(pdf, 0);
    g_autoptr(GBytes) again = make_copy(pdf, 0);
    g_autoptr(NskWorkerInfo) info = NULL;
    g_autoptr(GPtrArray) pages = NULL;

    g_assert_true(g_bytes_equal(copy, again));
    g_assert_true(nsk_worker_text(copy, NULL, &pages, NULL));
    g_assert_cmpuint(pages->len, ==, 3);
    for (guint i = 0; i < pages->len; i++) {
        g_autofree char *wanted = g_strdup_printf("Halaman %u", i + 1);

        g_assert_nonnull(strstr(g_ptr_array_index(pages, i), wanted));
        g_assert_nonnull(strstr(g_ptr_array_index(pages, i), "Baris 7"));
    }
    g_assert_true(nsk_worker_info(copy, NULL, &info, NULL));
    g_assert_cmpfloat_with_epsilon(info->pages[0].width, 595, 0.1);
    g_assert_cmpfloat_with_epsilon(info->pages[0].height, 842, 0.1);
    g_assert_cmpfloat_with_epsilon(info->pages[1].width, 842, 0.1);
    g_autoptr(GBytes) second = make_copy(pdf, 2);
    g_autoptr(GPtrArray) one = NULL;
    g_assert_true(nsk_worker_text(second, NULL, &one, NULL));
    g_assert_cmpuint(one->len, ==, 1);
    g_assert_nonnull(strstr(g_ptr_array_index(one, 0), "Halaman 2"));
}

/* What is black stays so under a pale mark, and what is white shows it. */
static void
test_a_mark_covers_nothing(void)
{
    g_autoptr(GBytes) black = sample_page("0 0 595 842", "", "0 0 595 842 re f");
    g_autoptr(GBytes) white = sample_page("0 0 595 842", "", "");
    g_autoptr(GBytes) black_copy = make_copy(black, 0);
    g_autoptr(GBytes) white_copy = make_copy(white, 0);
    g_autoptr(NskWorkerImport) dark = NULL;
    g_autoptr(NskWorkerImport) light = NULL;

    g_assert_true(nsk_worker_import(black_copy, 0, 72, &dark, NULL));
    g_assert_true(nsk_worker_import(white_copy, 0, 72, &light, NULL));
    g_assert_cmpuint(light->lines->len, >, 1);
    /* a black page is two flat areas and one line: nothing of what lies across it is seen */
    g_assert_cmpuint(g_bytes_get_size(dark->png), <, g_bytes_get_size(light->png) / 2);
}

static void
test_what_cannot_be_copied_is_refused(void)
{
    g_autoptr(GBytes) pdf = sample_pages(2);
    g_autoptr(GBytes) marks = sample_marks();
    g_autoptr(GBytes) few = sample_page("0 0 500 20", "", "");
    g_autoptr(GBytes) none = g_bytes_new_static("%PDF-1.7\nabc", 12);
    const NskWorkerMark wrong[] = {
        { .pdf = none, .marks = marks, .title = "" },
        { .pdf = pdf, .marks = none, .title = "" },
        { .pdf = pdf, .marks = few, .title = "" },
        { .pdf = pdf, .marks = marks, .title = "", .page = 3 },
    };

    for (size_t i = 0; i < G_N_ELEMENTS(wrong); i++) {
        g_autoptr(GBytes) copy = NULL;
        g_autoptr(GError) error = NULL;

        g_assert_false(nsk_worker_mark(&wrong[i], NULL, &copy, &error));
        g_assert_error(error, NSK_ERROR, (i < 2 ? NSK_ERROR_INVALID : NSK_ERROR_NOT_FOUND));
        g_assert_null(copy);
    }
}

static void
test_preview_refuses(void)
{
    g_autoptr(GBytes) pdf = sample_pages(2);
    g_autoptr(GBytes) strip = sample_page("0 0 1 100000", "", "");
    const struct {
        GBytes *pdf;
        unsigned page;
        unsigned width_px;
        int code;
        const char *message;
    } cases[] = {
        { pdf, 2, 100, NSK_ERROR_NOT_FOUND, "there is no page 3" },
        { pdf, G_MAXUINT, 100, NSK_ERROR_NOT_FOUND, "2 pages" },
        { pdf, 0, 0, NSK_ERROR_INVALID, "1 to 4000" },
        { pdf, 0, 4001, NSK_ERROR_INVALID, "1 to 4000" },
        { strip, 0, 1000, NSK_ERROR_LIMIT, "narrower" },
    };

    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(GBytes) png = NULL;
        g_autoptr(GError) error = NULL;

        g_assert_false(
            nsk_worker_preview(cases[i].pdf, cases[i].page, cases[i].width_px, &png, &error));
        g_assert_error(error, NSK_ERROR, cases[i].code);
        g_assert_nonnull(strstr(error->message, cases[i].message));
        g_assert_null(png);
    }
}

static void
assert_text_fails(GBytes *pdf, const NskWorkerLimits *limits, int code, const char *message)
{
    g_autoptr(GPtrArray) pages = NULL;
    g_autoptr(GError) error = NULL;

    g_assert_false(nsk_worker_text(pdf, limits, &pages, &error));
    g_test_message("%s", error->message);
    g_assert_error(error, NSK_ERROR, code);
    g_assert_nonnull(strstr(error->message, message));
    g_assert_null(pages);
}

static void
test_what_is_no_pdf_is_refused(void)
{
    static const char *const bad[] = { "", "Hello", "PK\x03\x04 a zip", "<html>%PD" };

    for (size_t i = 0; i < G_N_ELEMENTS(bad); i++) {
        g_autoptr(GBytes) bytes = g_bytes_new_static(bad[i], strlen(bad[i]));

        assert_text_fails(bytes, NULL, NSK_ERROR_INVALID, "not a PDF");
    }
}

/* What is wrong with a file is said in the language of whoever asks. */
static void
test_faults_are_told_in_the_callers_language(void)
{
    static const char damaged[] = "%PDF-1.7\n";
    g_autoptr(GBytes) pdf = sample_pages(2);
    g_autoptr(GBytes) bad = g_bytes_new_static(damaged, strlen(damaged));
    static const struct {
        const char *language, *damaged, *page;
    } cases[] = {
        { "id", "PDF ini rusak dan tidak dapat dibaca; simpanlah ulang",
          "PDF ini memiliki 2 halaman; tidak ada halaman 5" },
        { "en", "the PDF is damaged and cannot be read; save it anew",
          "the PDF has 2 pages; there is no page 5" },
    };

    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        const char *before = nsk_language_use(cases[i].language);
        g_autoptr(GError) error = NULL;
        g_autoptr(GError) other = NULL;
        g_autoptr(GPtrArray) pages = NULL;
        g_autoptr(GBytes) png = NULL;

        g_assert_false(nsk_worker_text(bad, NULL, &pages, &error));
        g_assert_cmpstr(error->message, ==, cases[i].damaged);
        g_assert_false(nsk_worker_preview(pdf, 4, 100, &png, &other));
        g_assert_cmpstr(other->message, ==, cases[i].page);
        (void)nsk_language_use(before);
    }
}

static void
test_damaged_files_are_refused(void)
{
    static const char *const bad[] = {
        "%PDF-1.7\n",
        "%PDF-1.7\ntrailer <</Root 1 0 R>>\n%%EOF",
        "%PDF-1.7\n1 0 obj <</Type /Catalog /Pages 1 0 R>> endobj trailer <</Root 1 0 R>>",
        "%PDF-1.7\nxref\n0 99999999\ntrailer <</Size 99999999 /Root 1 0 R>>\nstartxref\n9\n%%EOF",
    };

    for (size_t i = 0; i < G_N_ELEMENTS(bad); i++) {
        g_autoptr(GBytes) bytes = g_bytes_new_static(bad[i], strlen(bad[i]));

        assert_text_fails(bytes, NULL, NSK_ERROR_INVALID, "damaged");
    }
}

static void
test_truncated_files_never_hang_or_crash_the_caller(void)
{
    g_autoptr(GBytes) pdf = sample_pages(2);
    gsize size = g_bytes_get_size(pdf);

    for (gsize cut = 10; cut < size; cut += size / 12) {
        g_autoptr(GBytes) part = g_bytes_new_from_bytes(pdf, 0, cut);
        g_autoptr(GPtrArray) pages = NULL;
        g_autoptr(GError) error = NULL;
        bool done = nsk_worker_text(part, NULL, &pages, &error);

        /* poppler mends what it can; either way there is an answer in words */
        g_assert_true(done ? pages != NULL : error != NULL && error->domain == NSK_ERROR);
        if (!done)
            g_assert_error(error, NSK_ERROR, NSK_ERROR_INVALID);
    }
}

static void
test_deep_nesting_is_survived(void)
{
    g_autoptr(GString) deep = g_string_new(NULL);
    g_autoptr(GPtrArray) pages = NULL;
    g_autoptr(GError) error = NULL;

    for (unsigned i = 0; i < 200000; i++)
        g_string_append(deep, "[<</A ");

    g_autoptr(GBytes) pdf = sample_page("0 0 100 100", "", deep->str);
    if (!nsk_worker_text(pdf, NULL, &pages, &error))
        g_assert_true(g_error_matches(error, NSK_ERROR, NSK_ERROR_IO) ||
                      g_error_matches(error, NSK_ERROR, NSK_ERROR_INVALID));
}

static void
test_encrypted_files_are_named(void)
{
    SamplePdf sample = sample_begin();

    sample_add(&sample, "<</Type /Catalog /Pages 2 0 R>>");
    sample_add(&sample, "<</Type /Pages /Count 1 /Kids [3 0 R]>>");
    sample_add(&sample, "<</Type /Page /Parent 2 0 R /MediaBox [0 0 100 100]>>");
    sample_add(&sample, "<</Filter /Standard /V 1 /R 2 /P -4 "
                        "/O <0102030405060708091011121314151617181920212223242526272829303132> "
                        "/U <3231302928272625242322212019181716151413121110090807060504030201>>>");
    g_autoptr(GBytes) pdf = sample_end(&sample, "/Encrypt 4 0 R /ID [<01> <01>]");
    assert_text_fails(pdf, NULL, NSK_ERROR_UNSUPPORTED, "encrypted");
}

static void
test_too_many_pages_are_refused(void)
{
    g_autoptr(GBytes) pdf = sample_pages(5);
    NskWorkerLimits limits = { .pages = 4 };

    assert_text_fails(pdf, &limits, NSK_ERROR_LIMIT, "5 pages; at most 4");
}

static void
test_impossible_sizes_are_refused(void)
{
    g_autoptr(GBytes) pdf = sample_page("0 0 9000000 9000000", "", "");
    g_autoptr(NskWorkerInfo) info = NULL;
    g_autoptr(GError) error = NULL;

    g_assert_false(nsk_worker_info(pdf, NULL, &info, &error));
    g_assert_error(error, NSK_ERROR, NSK_ERROR_INVALID);
}

static void
test_bomb_is_stopped_by_the_clock(void)
{
    g_autoptr(GBytes) pdf = sample_bomb();
    NskWorkerLimits limits = { .wall_ms = 700 };
    int64_t began = g_get_monotonic_time();

    assert_text_fails(pdf, &limits, NSK_ERROR_LIMIT, "longer than 700 ms");
    g_assert_cmpint(g_get_monotonic_time() - began, <, 5 * G_USEC_PER_SEC);
}

static void
test_bomb_is_stopped_by_computing_time(void)
{
    g_autoptr(GBytes) pdf = sample_bomb();
    NskWorkerLimits limits = { .cpu_seconds = 1 };

    assert_text_fails(pdf, &limits, NSK_ERROR_LIMIT, "1 s of computing");
}

static unsigned
count_open_files(void)
{
    DIR *folder = opendir("/proc/self/fd");
    unsigned n = 0;

    while (readdir(folder) != NULL)
        n++;
    closedir(folder);
    return n;
}

static void
test_nothing_is_left_behind(void)
{
    g_autoptr(GBytes) pdf = sample_pages(1);
    g_autoptr(GBytes) bomb = sample_bomb();
    NskWorkerLimits limits = { .wall_ms = 300 };
    unsigned before = count_open_files();

    for (unsigned i = 0; i < 3; i++) {
        g_autoptr(GPtrArray) pages = NULL;
        g_autoptr(GPtrArray) none = NULL;

        g_assert_true(nsk_worker_text(pdf, NULL, &pages, NULL));
        g_assert_false(nsk_worker_text(bomb, &limits, &none, NULL));
    }
    g_assert_cmpuint(count_open_files(), ==, before);
    g_assert_cmpint(waitpid(-1, NULL, WNOHANG), ==, -1);
    g_assert_cmpint(errno, ==, ECHILD);
}

static gpointer
read_in_thread(gpointer data)
{
    GPtrArray *pages = NULL;

    g_assert_true(nsk_worker_text(data, NULL, &pages, NULL));
    return pages;
}

static void
test_jobs_run_side_by_side(void)
{
    g_autoptr(GBytes) pdf = sample_pages(2);
    GThread *threads[4];

    for (size_t i = 0; i < G_N_ELEMENTS(threads); i++)
        threads[i] = g_thread_new("job", read_in_thread, pdf);
    for (size_t i = 0; i < G_N_ELEMENTS(threads); i++) {
        g_autoptr(GPtrArray) pages = g_thread_join(threads[i]);

        g_assert_cmpuint(pages->len, ==, 2);
    }
}

static void
test_missing_program_is_named(void)
{
    g_autofree char *saved = g_strdup(g_getenv("NASKAH_WORKER"));
    g_autoptr(GBytes) pdf = sample_pages(1);

    g_setenv("NASKAH_WORKER", "/nowhere/naskah-worker", TRUE);
    assert_text_fails(pdf, NULL, NSK_ERROR_NOT_FOUND, "/nowhere/naskah-worker");
    g_unsetenv("NASKAH_WORKER");
    g_setenv("NASKAH_WORKER", saved, TRUE);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/worker/text/of-each-page", test_text_of_each_page);
    g_test_add_func("/worker/info/tells-sizes-and-fonts", test_info_tells_sizes_and_fonts);
    g_test_add_func("/worker/scan/tells-scripts-and-text", test_scan_tells_scripts_and_text);
    g_test_add_func("/worker/info/sees-an-embedded-subset", test_info_sees_an_embedded_subset);
    g_test_add_func("/worker/info/impossible-sizes-are-refused", test_impossible_sizes_are_refused);
    g_test_add_func("/worker/preview/has-the-width-asked", test_preview_has_the_width_asked);
    g_test_add_func("/worker/preview/shows-what-is-on-the-page",
                    test_preview_shows_what_is_on_the_page);
    g_test_add_func("/worker/preview/refuses", test_preview_refuses);
    g_test_add_func("/worker/mark/is-on-each-page", test_a_copy_is_marked_on_each_page);
    g_test_add_func("/worker/mark/covers-nothing", test_a_mark_covers_nothing);
    g_test_add_func("/worker/mark/what-cannot-be-copied-is-refused",
                    test_what_cannot_be_copied_is_refused);
    g_test_add_func("/worker/import/is-picture-text-and-marks",
                    test_import_is_picture_text_and_marks);
    g_test_add_func("/worker/import/keeps-colour-and-bounds", test_import_keeps_colour_and_bounds);
    g_test_add_func("/worker/hostile/what-is-no-pdf-is-refused", test_what_is_no_pdf_is_refused);
    g_test_add_func("/worker/hostile/faults-are-told-in-the-callers-language",
                    test_faults_are_told_in_the_callers_language);
    g_test_add_func("/worker/hostile/damaged-files-are-refused", test_damaged_files_are_refused);
    g_test_add_func("/worker/hostile/truncated-files-never-hang-or-crash-the-caller",
                    test_truncated_files_never_hang_or_crash_the_caller);
    g_test_add_func("/worker/hostile/deep-nesting-is-survived", test_deep_nesting_is_survived);
    g_test_add_func("/worker/hostile/encrypted-files-are-named", test_encrypted_files_are_named);
    g_test_add_func("/worker/hostile/too-many-pages-are-refused", test_too_many_pages_are_refused);
    g_test_add_func("/worker/hostile/bomb-is-stopped-by-the-clock",
                    test_bomb_is_stopped_by_the_clock);
    g_test_add_func("/worker/hostile/bomb-is-stopped-by-computing-time",
                    test_bomb_is_stopped_by_computing_time);
    g_test_add_func("/worker/process/nothing-is-left-behind", test_nothing_is_left_behind);
    g_test_add_func("/worker/process/jobs-run-side-by-side", test_jobs_run_side_by_side);
    g_test_add_func("/worker/process/missing-program-is-named", test_missing_program_is_named);
    return g_test_run();
}
