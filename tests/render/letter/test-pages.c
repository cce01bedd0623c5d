/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/resource.h"
#include "demo-job.h"

#include <string.h>

/* Pages of uploaded PDFs in letters: as the worker would give them. */

#define MARK(text, y)                                                                              \
    {                                                                                              \
        60, y, 50, 12, 200, text, 0, NULL                                                          \
    }

static const NskRenderText lines[] = {
    { 60, 40, 300, 12, 0, "PERATURAN KEPALA BADAN", 0, NULL },
    { 60, 60, 120, 12, 0, "NOMOR ${nomor}", 0, NULL },
    { 60, 80, 300, 12, 0, "Aksara \xea\xa6\xa9 dan tanda \x01 yang tidak dicetak", 0, NULL },
};
static const NskRenderText good[] = { MARK("${nomor}", 60), MARK("${tanggal}", 300),
                                      MARK("${ttd}", 320), MARK("${nama_1}", 400),
                                      MARK("${qr}", 500) };
static const NskRenderText no_number[] = { MARK("${ttd_1}", 320) };
static const NskRenderText no_place[] = { MARK("${nomor}", 60) };
static const NskRenderText two_places[] = { MARK("${nomor}", 60), MARK("${ttd}", 320),
                                            MARK("${ttd_1}", 420) };
static const NskRenderText stranger[] = { MARK("${nomor}", 60), MARK("${ttd}", 320),
                                          MARK("${nama_2}", 420) };
static const NskRenderText unknown[] = { MARK("${nomor}", 60), MARK("${ttd}", 320),
                                         MARK("${penerima}", 420) };

static GBytes *
picture(void)
{
    g_autoptr(GError) error = NULL;
    GBytes *png = nsk_resource_load("templates/profiles/demo.png", &error);

    g_assert_no_error(error);
    return png;
}

static DemoJob *
final_job(DemoForms *forms, const char *kind)
{
    g_autoptr(GError) error = NULL;
    g_autofree char *path = g_strdup_printf("templates/letters/%s.sample.xml", kind);
    g_autoptr(GBytes) bytes = nsk_resource_load(path, &error);

    g_assert_no_error(error);
    g_autofree char *text = g_strndup(g_bytes_get_data(bytes, NULL), g_bytes_get_size(bytes));
    g_auto(GStrv) parts = g_strsplit(text, "</subject>", 2);
    char *numbered = g_strconcat(parts[0], "</subject><number>7 TAHUN 2026</number>",
                                 "<date>2026-12-01</date>", parts[1], NULL);
    return demo_job_new_for(forms, path, g_bytes_new_take(numbered, strlen(numbered)));
}

static NskRenderPage
page_of(GBytes *png, const NskRenderText *marks, size_t n_marks)
{
    return (NskRenderPage){ .n = 1,
                            .of = 1,
                            .width = 595.276,
                            .height = 841.89,
                            .png = png,
                            .lines = lines,
                            .n_lines = G_N_ELEMENTS(lines),
                            .marks = marks,
                            .n_marks = n_marks };
}

static char *
fo_of(NskRenderer *renderer, const NskRenderJob *job)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(GBytes) fo = NULL;

    g_assert_true(nsk_render_letter_fo(renderer, job, &fo, &error));
    g_assert_no_error(error);
    return g_strndup(g_bytes_get_data(fo, NULL), g_bytes_get_size(fo));
}

static void
test_a_document_gets_what_is_known(void)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(GBytes) png = picture();
    g_autoptr(GBytes) pdf = NULL;
    g_autoptr(NskIssues) issues = nsk_issues_new();
    g_autoptr(DemoForms) forms = demo_forms_new();
    g_autoptr(DemoJob) job = final_job(forms, "peraturan");
    g_autoptr(NskRenderer) renderer = nsk_renderer_new(&error);
    const NskRenderPage page = page_of(png, good, G_N_ELEMENTS(good));

    g_assert_no_error(error);
    job->job.pages = &page;
    job->job.n_pages = 1;
    g_autofree char *fo = fo_of(renderer, &job->job);
    g_assert_nonnull(strstr(fo, "7 TAHUN 2026</"));
    g_assert_nonnull(strstr(fo, "1\xc2\xa0"
                                "Desember\xc2\xa0"
                                "2026"));
    g_assert_nonnull(strstr(fo, "signatory-1"));
    g_assert_nonnull(strstr(fo, "Bramantya"));
    g_assert_nonnull(strstr(fo, "page-width=\"595.276pt\""));
    /* text lies below the picture, and holds only what our fonts have */
    g_assert_true(strstr(fo, "PERATURAN KEPALA BADAN") < strstr(fo, "url(page-1)"));
    g_assert_nonnull(strstr(fo, "Aksara   dan tanda   yang tidak dicetak"));
    g_assert_true(nsk_render_letter(renderer, &job->job, issues, &pdf, &error));
    g_assert_no_error(error);
    for (guint i = 0; i < issues->len; i++)
        g_test_message("%s", ((NskIssue *)g_ptr_array_index(issues, i))->text);
    g_assert_cmpuint(issues->len, ==, 0);
}

static void
test_a_document_that_cannot_be_filled_is_refused(void)
{
    static const struct {
        const NskRenderText *marks;
        size_t n;
        const char *said;
    } cases[] = {
        { no_number, G_N_ELEMENTS(no_number), "no mark ${nomor}" },
        { no_place, G_N_ELEMENTS(no_place), "no mark ${ttd}" },
        { two_places, G_N_ELEMENTS(two_places), "${ttd} 2 times" },
        { stranger, G_N_ELEMENTS(stranger), "'${nama_2}', which nothing fills" },
        { unknown, G_N_ELEMENTS(unknown), "'${penerima}', which nothing fills" },
        { NULL, 0, "no mark ${nomor}" },
    };
    g_autoptr(GBytes) png = picture();
    g_autoptr(DemoForms) forms = demo_forms_new();
    g_autoptr(DemoJob) job = final_job(forms, "peraturan");
    g_autoptr(NskRenderer) renderer = nsk_renderer_new(NULL);

    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(GError) error = NULL;
        g_autoptr(GBytes) pdf = NULL;
        const NskRenderPage page = page_of(png, cases[i].marks, cases[i].n);

        g_test_message("%s", cases[i].said);
        job->job.pages = &page;
        job->job.n_pages = 1;
        g_assert_false(nsk_render_letter(renderer, &job->job, NULL, &pdf, &error));
        g_assert_error(error, NSK_ERROR, NSK_ERROR_INVALID);
        g_assert_nonnull(strstr(error->message, cases[i].said));
        /* a draft shows what there is */
        job->job.draft = true;
        g_clear_error(&error);
        g_assert_true(nsk_render_letter(renderer, &job->job, NULL, &pdf, &error));
        g_assert_no_error(error);
        job->job.draft = false;
    }
    g_autoptr(GError) error = NULL;
    g_autoptr(GBytes) pdf = NULL;
    job->job.n_pages = 0;
    g_assert_false(nsk_render_letter(renderer, &job->job, NULL, &pdf, &error));
    g_assert_error(error, NSK_ERROR, NSK_ERROR_INVALID);
    g_assert_nonnull(strstr(error->message, "its first attached file"));
}

static void
test_pages_of_an_attachment_are_pages_of_the_letter(void)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(GBytes) png = picture();
    g_autoptr(GBytes) pdf = NULL;
    g_autoptr(DemoForms) forms = demo_forms_new();
    g_autoptr(GBytes) sample =
        nsk_resource_load("templates/letters/surat-dinas.sample.xml", &error);
    g_autoptr(NskRenderer) renderer = nsk_renderer_new(NULL);

    g_assert_no_error(error);
    g_autofree char *text = g_strndup(g_bytes_get_data(sample, NULL), g_bytes_get_size(sample));
    g_auto(GStrv) parts = g_strsplit(text, "<reviewers>", 2);
    char *with = g_strconcat(
        parts[0],
        "<attachments><attachment title=\"Peta\"><file name=\"peta.pdf\" size=\"9\" sha256=\""
        "3f1c0a9d5e7b2846f0c1d2e3a4b5968778695a4b3c2d1e0f48261b7e5d9a0c3f\"/></attachment>"
        "</attachments><reviewers>",
        parts[1], NULL);
    g_autoptr(DemoJob) job =
        demo_job_new_for(forms, "surat.xml", g_bytes_new_take(with, strlen(with)));
    NskRenderPage pages[] = { page_of(png, unknown, G_N_ELEMENTS(unknown)), page_of(png, NULL, 0) };
    pages[0].of = pages[1].of = pages[1].n = 2;
    pages[1].width = 841.89;
    pages[1].height = 595.276;
    job->job.pages = pages;
    job->job.n_pages = G_N_ELEMENTS(pages);
    g_autofree char *fo = fo_of(renderer, &job->job);
    g_assert_nonnull(strstr(fo, "Peta · halaman 1 dari 2"));
    g_assert_nonnull(strstr(fo, "Peta · halaman 2 dari 2"));
    g_assert_nonnull(strstr(fo, "1 (satu) berkas"));
    g_assert_null(strstr(fo, "berkas terpisah"));
    g_assert_nonnull(strstr(fo, "page-height=\"210mm\""));
    g_assert_true(nsk_render_letter(renderer, &job->job, NULL, &pdf, &error));
    g_assert_no_error(error);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/render/pages/a-document-gets-what-is-known",
                    test_a_document_gets_what_is_known);
    g_test_add_func("/render/pages/a-document-that-cannot-be-filled-is-refused",
                    test_a_document_that_cannot_be_filled_is_refused);
    g_test_add_func("/render/pages/pages-of-an-attachment-are-pages-of-the-letter",
                    test_pages_of_an_attachment_are_pages_of_the_letter);
    return g_test_run();
}
