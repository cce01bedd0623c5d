/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Letters for the screen: the same words as their pages, escaped, and structure around them. */
#include "base/resource.h"
#include "demo-job.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

typedef struct {
    DemoForms *forms;
    NskRenderer *renderer;
} Fixture;

static void
setup(Fixture *f, G_GNUC_UNUSED gconstpointer data)
{
    g_autoptr(GError) error = NULL;

    f->forms = demo_forms_new();
    f->renderer = nsk_renderer_new(&error);
    g_assert_no_error(error);
}

static void
teardown(Fixture *f, G_GNUC_UNUSED gconstpointer data)
{
    nsk_renderer_free(f->renderer);
    demo_forms_free(f->forms);
}

static char *
html_of(Fixture *f, const DemoJob *job)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(GBytes) html = NULL;
    bool ok = nsk_render_letter_html(f->renderer, &job->job, &html, &error);

    g_assert_no_error(error);
    g_assert_true(ok);
    return g_strndup(g_bytes_get_data(html, NULL), g_bytes_get_size(html));
}

static void
replace_all(char **text, const char *pattern, const char *with)
{
    g_autoptr(GRegex) regex = g_regex_new(pattern, G_REGEX_MULTILINE | G_REGEX_DOTALL, 0, NULL);
    char *replaced = g_regex_replace_literal(regex, *text, -1, 0, with, 0, NULL);

    g_assert_nonnull(replaced);
    g_free(*text);
    *text = replaced;
}

static const char blanks[] = "[\\s\\x{a0}]+";

/* The words that a reader is given, one blank between. */
static char *
words_of_html(const char *html)
{
    char *text = g_strdup(strstr(html, "<body>"));

    replace_all(&text, "</?(b|i|u|sub|sup|span|a)( [^>]*)?>", "");
    replace_all(&text, "<[^>]*>", " ");
    replace_all(&text, "&lt;", "<");
    replace_all(&text, "&gt;", ">");
    replace_all(&text, "&quot;", "\"");
    replace_all(&text, "&nbsp;", " ");
    replace_all(&text, "&amp;", "&");
    replace_all(&text, "\\bKONSEP\\b", " ");
    replace_all(&text, blanks, " ");
    return g_strstrip(text);
}

/* The words of the pages without what stands on each of them. */
static char *
words_of_pages(Fixture *f, const DemoJob *job)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(GBytes) pdf = NULL;
    char *file = NULL, *text = NULL;
    int fd = g_file_open_tmp("naskah-html-XXXXXX", &file, &error);
    const char *const command[] = { "pdftotext", "-raw", file, "-", NULL };

    g_assert_no_error(error);
    g_assert_cmpint(close(fd), ==, 0);
    g_assert_true(nsk_render_letter(f->renderer, &job->job, NULL, &pdf, &error));
    g_assert_no_error(error);
    g_assert_true(g_file_set_contents(file, g_bytes_get_data(pdf, NULL),
                                      (gssize)g_bytes_get_size(pdf), NULL));
    g_assert_true(g_spawn_sync(NULL, (char **)(uintptr_t)command, NULL, G_SPAWN_SEARCH_PATH, NULL,
                               NULL, &text, NULL, NULL, &error));
    g_assert_no_error(error);
    (void)remove(file);
    g_free(file);
    replace_all(&text, "^\\f?- \\d+ -$", " ");
    replace_all(&text, "\\bKONSEP\\b", " ");
    replace_all(&text, blanks, " ");
    return g_strstrip(text);
}

static void
test_words(Fixture *f, G_GNUC_UNUSED gconstpointer data)
{
    static const char *const letters[] = { "surat-dinas.sample",    "nota-dinas.sample",
                                           "surat-tugas.sample",    "surat-edaran.sample",
                                           "surat-undangan.sample", "keputusan.sample" };

    for (size_t i = 0; i < G_N_ELEMENTS(letters); i++) {
        g_autoptr(DemoJob) job = demo_job_new(f->forms, letters[i]);
        g_autofree char *html = html_of(f, job);
        g_autofree char *screen = words_of_html(html);
        g_autofree char *pages = words_of_pages(f, job);

        g_assert_cmpuint(strlen(screen), >, 500);
        g_assert_cmpstr(screen, ==, pages);
    }
}

/* How often @part stands in @text. */
static unsigned
count(const char *text, const char *part)
{
    unsigned n = 0;

    for (; (text = strstr(text, part)) != NULL; text += strlen(part))
        n++;
    return n;
}

static void
test_structure(Fixture *f, G_GNUC_UNUSED gconstpointer data)
{
    g_autoptr(DemoJob) job = demo_job_new(f->forms, "surat-dinas.sample");
    g_autofree char *html = html_of(f, job);

    g_assert_true(g_str_has_prefix(html, "<!DOCTYPE html"));
    g_assert_cmpuint(count(html, "<html lang=\"id\">"), ==, 1);
    g_assert_cmpuint(count(html, "<main "), ==, 1);
    g_assert_cmpuint(count(html, "<header "), ==, 1);
    g_assert_cmpuint(count(html, "<h1>"), ==, 1);
    g_assert_cmpuint(count(html, "<title>Pelaksanaan Bimbingan Teknis"), ==, 1);
    g_assert_cmpuint(count(html, "<table aria-label=\""), ==, 1);
    g_assert_cmpuint(count(html, "<th scope=\"col\""), ==, 5);
    g_assert_cmpuint(count(html, "<td"), ==, 25);
    g_assert_cmpuint(count(html, "<ol role=\"list\">"), ==, 4);
    g_assert_cmpuint(count(html, "alt=\"Lambang Badan"), ==, 1);
    /* nothing runs and nothing comes from outside */
    g_assert_cmpuint(count(html, "<script"), ==, 0);
    g_assert_cmpuint(count(html, "<link"), ==, 0);
    g_assert_cmpuint(count(html, "default-src 'none'"), ==, 1);
    g_assert_cmpuint(count(html, "src=\"data:image/png;base64,"), ==, 1);
    g_assert_cmpuint(count(html, " src=\""), ==, 1);
    g_assert_cmpuint(count(html, "url("), ==, 0);
}

static void
test_final(Fixture *f, G_GNUC_UNUSED gconstpointer data)
{
    g_autoptr(DemoJob) job = demo_job_new(f->forms, "singkat");

    job->job.draft = true;
    job->job.qr_text = NULL;
    g_autofree char *draft = html_of(f, job);
    job->job.draft = false;
    job->job.qr_text = "https://naskah.bpatn.example/v/1?a=1&b=2";
    g_autofree char *html = html_of(f, job);
    g_assert_cmpuint(count(html, "<section class=\"signature\""), ==, 1);
    g_assert_cmpuint(
        count(html, "<a href=\"https://naskah.bpatn.example/v/1?a=1&amp;b=2\" class=\"qr\""), ==,
        1);
    g_assert_cmpuint(count(html, "<svg role=\"img\" aria-label=\"Kode QR: "), ==, 1);
    g_assert_cmpuint(count(html, "<footer>"), ==, 1);
    g_assert_cmpuint(count(html, "KONSEP"), ==, 0);
    g_assert_cmpuint(count(draft, "KONSEP"), ==, 1);
    g_assert_cmpuint(count(draft, "<svg"), ==, 0);
}

/* What looks like HTML in a letter is words of it. */
static void
test_escaping(Fixture *f, G_GNUC_UNUSED gconstpointer data)
{
    static const char evil[] = "&lt;script&gt;alert(1)&lt;/script&gt;&lt;img src=x onerror=y&gt; "
                               "&amp;amp; \"' --&gt; &lt;/style&gt;";
    g_autoptr(DemoJob) plain = demo_job_new(f->forms, "surat-dinas.sample");
    gsize size;
    const char *xml = g_bytes_get_data(plain->letter, &size);
    g_autofree char *text = g_strndup(xml, size);
    g_autofree char *inside = g_strconcat("<subject>", evil, NULL);

    replace_all(&text, "Dalam rangka", evil);
    replace_all(&text, "<subject>", inside);
    g_autoptr(DemoJob) job =
        demo_job_new_for(f->forms, "surat-dinas.sample", g_bytes_new(text, strlen(text)));
    g_autofree char *html = html_of(f, job);
    g_assert_cmpuint(count(html, "<script"), ==, 0);
    g_assert_cmpuint(count(html, "<img"), ==, 1);
    g_assert_cmpuint(count(html, "</style>"), ==, 1);
    g_assert_cmpuint(count(html, "&lt;script&gt;alert(1)&lt;/script&gt;"), >=, 3);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add("/render/html/the-screen-has-the-words-of-the-pages-in-their-order", Fixture, NULL,
               setup, test_words, teardown);
    g_test_add("/render/html/headings-lists-tables-and-landmarks-are-there", Fixture, NULL, setup,
               test_structure, teardown);
    g_test_add("/render/html/a-signed-letter-has-its-code-and-statement", Fixture, NULL, setup,
               test_final, teardown);
    g_test_add("/render/html/words-are-never-markup", Fixture, NULL, setup, test_escaping,
               teardown);
    return g_test_run();
}
