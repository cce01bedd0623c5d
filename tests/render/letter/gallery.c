/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Renders every kind that has a sample in every built-in profile, as it goes out: with number, date
 * and room for its signatures.
 *
 *     gallery SOURCE OUT      writes OUT/PROFILE/KIND.pdf
 *
 * and OUT/PROFILE/letter-NAME.pdf of tests/data/letters, which are harder.  The document of an
 * uploaded kind is tests/data/uploads/KIND.fo, rendered and then read by the worker like anybody's
 * PDF.
 *
 * The number is what the profile's series of the kind writes for the seventeenth letter.
 */
#include <naskah/number-scheme.h>

#include "base/resource.h"
#include "demo-job.h"
#include "registry/registry.h"
#include "worker/worker.h"

#include <stdio.h>
#include <string.h>

#define LETTER_DATE "2026-08-03"

enum { SEQ = 17, YEAR = 2026, MONTH = 8, DOTS_PER_INCH = 200, MOST_PAGES = 4 };

static int
compare_names(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* Names of the files of @folder that end in @ending, without it; sorted. */
static GPtrArray *
list(const char *source, const char *folder, const char *ending)
{
    g_autoptr(GError) error = NULL;
    g_autofree char *path = g_build_filename(source, folder, NULL);
    g_autoptr(GDir) dir = g_dir_open(path, 0, &error);
    GPtrArray *names = g_ptr_array_new_with_free_func(g_free);
    const char *name;

    g_assert_no_error(error);
    while ((name = g_dir_read_name(dir)) != NULL) {
        if (g_str_has_suffix(name, ending))
            g_ptr_array_add(names, g_strndup(name, strlen(name) - strlen(ending)));
    }
    g_ptr_array_sort(names, compare_names);
    return names;
}

static char *
number_of(DemoForms *forms, const DemoJob *draft)
{
    g_autoptr(GError) error = NULL;
    NskXmlNode *letter = nsk_xml_doc_get_root(draft->doc);
    const char *kind = nsk_kind_get_id(draft->job.kind);
    const NskProfileSeries *of_profile = nsk_profile_find_series(forms->profile, kind);
    const char *codes[2];
    g_autofree char *security = nsk_xml_child_text(letter, "security");
    g_autofree char *kka = nsk_xml_child_text(letter, "classification");

    if (of_profile == NULL)
        return g_strdup_printf("%d", SEQ);
    const NskSeriesText text = { of_profile->name,         of_profile->scope, of_profile->taken,
                                 of_profile->max_lag_days, of_profile->width, of_profile->start,
                                 of_profile->pattern };
    g_autoptr(NskSeries) series = nsk_series_new(&text, &error);
    g_assert_no_error(error);
    demo_job_unit_codes(forms, draft, codes);
    const NskNumberParts parts = {
        .seq = SEQ,
        .year = YEAR,
        .month = MONTH,
        .security = nsk_profile_get_class_code(forms->profile, security),
        .kind = nsk_kind_get_code(draft->job.kind),
        .unit = codes[1] != NULL ? codes[1] : codes[0],
        .units = { codes[0], codes[1], NULL },
        .kka = kka,
    };
    char *number = nsk_number_scheme_format(nsk_series_get_scheme(series), &parts, &error);
    g_assert_no_error(error);
    return number;
}

/* The sample with number and date, where the engine writes them. */
static GBytes *
numbered(DemoForms *forms, const DemoJob *draft)
{
    static const char before[] = "</subject>";
    g_autofree char *number = number_of(forms, draft);
    g_autofree char *text =
        g_strndup(g_bytes_get_data(draft->letter, NULL), g_bytes_get_size(draft->letter));
    const char *at = strstr(text, before);

    g_assert_nonnull(at);
    at += strlen(before);
    char *whole = g_strdup_printf("%.*s<number>%s</number><date>%s</date>%s", (int)(at - text),
                                  text, number, LETTER_DATE, at);
    return g_bytes_new_take(whole, strlen(whole));
}

static bool
write_pdf(NskRenderer *renderer, DemoJob *job, const char *folder, const char *name)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(GBytes) pdf = NULL;
    g_autoptr(NskIssues) issues = nsk_issues_new();
    g_autofree char *path = g_strdup_printf("%s/%s.pdf", folder, name);

    job->job.draft = false;
    if (!nsk_render_letter(renderer, &job->job, issues, &pdf, &error)) {
        (void)fprintf(stderr, "%s: %s\n", path, error->message);
        return false;
    }
    for (guint i = 0; i < issues->len; i++) {
        g_autofree char *line = nsk_issue_format(g_ptr_array_index(issues, i));

        (void)fprintf(stderr, "%s: %s\n", path, line);
    }
    g_file_set_contents(path, g_bytes_get_data(pdf, NULL), (gssize)g_bytes_get_size(pdf), &error);
    g_assert_no_error(error);
    return true;
}

/* The document of an uploaded kind; what its pages point into goes to @owned. */
static size_t
upload(const char *kind, NskRenderPage *out_pages, GPtrArray *owned)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(GBytes) pdf = NULL;
    g_autoptr(NskIssues) issues = nsk_issues_new();
    g_autofree char *path =
        g_strdup_printf("%s/tests/data/uploads/%s.fo", g_getenv("NASKAH_SOURCE"), kind);
    g_autofree char *fo = NULL;
    unsigned n_pages = 1;
    gsize size;

    g_assert_true(g_file_get_contents(path, &fo, &size, &error));
    g_autoptr(NskXmlDoc) doc = nsk_xml_parse(path, fo, size, &error);
    g_assert_no_error(error);
    const NskRenderFile file = { .fo = doc, .folder = "." };
    g_assert_true(nsk_render_file(&file, issues, &pdf, &error));
    for (unsigned i = 0; i < n_pages; i++) {
        NskWorkerImport *page = NULL;

        bool ok = nsk_worker_import(pdf, i, DOTS_PER_INCH, &page, &error);
        g_assert_no_error(error);
        g_assert_true(ok);
        n_pages = page->n_pages;
        g_assert_cmpuint(n_pages, <=, MOST_PAGES);
        GArray *marks = g_array_new(FALSE, FALSE, sizeof(NskRenderText));
        for (guint m = 0; m < page->marks->len; m++) {
            const NskWorkerText *of = &g_array_index(page->marks, NskWorkerText, m);
            NskRenderText mark = { of->x,    of->y,    of->width, of->height,
                                   of->room, of->text, of->size,  of->font };

            g_array_append_val(marks, mark);
        }
        out_pages[i] = (NskRenderPage){ .n = i + 1,
                                        .of = n_pages,
                                        .width = page->width,
                                        .height = page->height,
                                        .png = page->png,
                                        .marks = (const NskRenderText *)(void *)marks->data,
                                        .n_marks = marks->len };
        g_ptr_array_add(owned, page);
        g_ptr_array_add(owned, marks);
    }
    return n_pages;
}

static void
free_upload(GPtrArray *owned)
{
    for (guint i = 0; i < owned->len; i += 2) {
        nsk_worker_import_free(g_ptr_array_index(owned, i));
        g_array_unref(g_ptr_array_index(owned, i + 1));
    }
    g_ptr_array_unref(owned);
}

/* Only what goes out has a gallery: kinds that come in have no signatory of ours. */
static bool
write_kind(DemoForms *forms, NskRenderer *renderer, const char *kind, const char *folder)
{
    g_autofree char *name = g_strconcat(kind, ".sample", NULL);

    if (nsk_kind_requires(demo_forms_kind(forms, kind), "received"))
        return true;
    g_autoptr(DemoJob) draft = demo_job_new(forms, name);
    g_autoptr(DemoJob) job = demo_job_new_for(forms, name, numbered(forms, draft));
    NskRenderPage pages[MOST_PAGES];
    GPtrArray *owned = g_ptr_array_new();
    if (nsk_kind_is_uploaded(job->job.kind)) {
        job->job.pages = pages;
        job->job.n_pages = upload(kind, pages, owned);
    }
    bool ok = write_pdf(renderer, job, folder, kind);
    free_upload(owned);
    return ok;
}

static bool
write_profile(NskRenderer *renderer, const char *source, const char *profile, const char *out)
{
    g_autoptr(DemoForms) forms = demo_forms_new();
    g_autoptr(GPtrArray) kinds = list(source, "templates/letters", ".sample.xml");
    g_autoptr(GPtrArray) letters = list(source, "tests/data/letters", ".xml");
    g_autofree char *folder = g_build_filename(out, profile, NULL);
    bool ok = true;

    demo_forms_use_profile(forms, profile);
    g_assert_cmpint(g_mkdir_with_parents(folder, 0755), ==, 0);
    for (guint i = 0; i < kinds->len; i++)
        ok = write_kind(forms, renderer, g_ptr_array_index(kinds, i), folder) && ok;
    for (guint i = 0; i < letters->len; i++) {
        const char *name = g_ptr_array_index(letters, i);
        g_autoptr(DemoJob) job = demo_job_new(forms, name);
        g_autofree char *file = g_strconcat("letter-", name, NULL);

        ok = write_pdf(renderer, job, folder, file) && ok;
    }
    return ok;
}

int
main(int argc, char **argv)
{
    g_autoptr(GError) error = NULL;
    bool ok = true;

    if (argc != 3) {
        (void)fprintf(stderr, "usage: %s SOURCE OUT\n", argv[0]);
        return 2;
    }
    g_setenv("NASKAH_SOURCE", argv[1], TRUE);
    g_autoptr(GPtrArray) profiles = list(argv[1], "templates/profiles", ".xml");
    g_autoptr(NskRenderer) renderer = nsk_renderer_new(&error);
    g_assert_no_error(error);
    for (guint i = 0; i < profiles->len; i++)
        ok = write_profile(renderer, argv[1], g_ptr_array_index(profiles, i), argv[2]) && ok;
    return ok ? 0 : 1;
}
