/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * write-pages SAMPLES FOLDER: makes a page of each sample NAME.json, or NAME+CASE.json, in both
 * languages, and the files that they name.
 */
#include "page/page.h"

#include <stdio.h>
#include <string.h>

#define FRAME "frame.json"

static NskJson *
read_json(const char *folder, const char *file)
{
    gsize size;
    g_autofree char *text = NULL;
    g_autoptr(GError) error = NULL;
    g_autofree char *path = g_build_filename(folder, file, NULL);

    if (!g_file_get_contents(path, &text, &size, &error))
        g_error("%s", error->message);
    NskJson *json = nsk_json_parse(text, size, &error);
    if (json == NULL)
        g_error("%s: %s", path, error->message);
    return json;
}

static void
write_file(const char *folder, const char *name, GBytes *bytes)
{
    g_autoptr(GError) error = NULL;
    g_autofree char *path = g_build_filename(folder, name, NULL);

    if (!g_file_set_contents(path, g_bytes_get_data(bytes, NULL), (gssize)g_bytes_get_size(bytes),
                             &error))
        g_error("%s", error->message);
}

/* Files that the page names. */
static void
write_assets(const char *folder, GBytes *html)
{
    const char *type;
    g_autofree char *text = g_strndup(g_bytes_get_data(html, NULL), g_bytes_get_size(html));
    const char *at = text;

    while ((at = strstr(at, "\"/aset/")) != NULL) {
        at += strlen("\"/aset/");
        g_autofree char *name = g_strndup(at, strcspn(at, "\""));
        g_autoptr(GBytes) bytes = nsk_page_asset(name, &type, NULL);
        g_assert_nonnull(bytes);
        write_file(folder, name, bytes);
    }
}

static void
write_page(const char *folder, const char *sample, NskPageFrame *frame, const NskJson *view)
{
    g_autoptr(GError) error = NULL;
    g_autofree char *page = g_strndup(sample, strcspn(sample, "+."));
    g_autofree char *stem = g_strndup(sample, strcspn(sample, "."));
    g_autofree char *file = g_strdup_printf("%s-%s.html", stem, frame->language);
    g_autoptr(GBytes) html = nsk_page_render(page, frame, view, &error);

    if (html == NULL)
        g_error("%s: %s", sample, error->message);
    write_file(folder, file, html);
    write_assets(folder, html);
}

int
main(int argc, char *argv[])
{
    static const char *const languages[] = { "id", "en" };
    const char *file;

    g_assert_cmpint(argc, ==, 3);
    g_autoptr(NskJson) facts = read_json(argv[1], FRAME);
    NskPageFrame frame = { .path = "/",
                           .theme = "light",
                           .zone = "Asia/Jakarta",
                           .token = "contoh",
                           .facts = facts };
    g_autoptr(GDir) dir = g_dir_open(argv[1], 0, NULL);
    while ((file = g_dir_read_name(dir)) != NULL) {
        if (strcmp(file, FRAME) == 0)
            continue;
        g_autoptr(NskJson) view = read_json(argv[1], file);
        for (size_t i = 0; i < G_N_ELEMENTS(languages); i++) {
            frame.language = languages[i];
            write_page(argv[2], file, &frame, view);
        }
    }
    return 0;
}
