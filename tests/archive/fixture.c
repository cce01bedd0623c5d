/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fixture.h"

#include <glib/gstdio.h>
#include <string.h>

void
fixture_set_up(Fixture *f, G_GNUC_UNUSED gconstpointer data)
{
    g_autoptr(GError) error = NULL;

    f->folder = g_dir_make_tmp("naskah-search-XXXXXX", &error);
    g_assert_no_error(error);
    f->path = g_build_filename(f->folder, "search.db", NULL);
    f->index = nsk_search_open(f->path, NSK_DB_WRITE, &error);
    g_assert_no_error(error);
    g_assert_nonnull(f->index);
}

void
fixture_tear_down(Fixture *f, G_GNUC_UNUSED gconstpointer data)
{
    static const char *const endings[] = { "", "-wal", "-shm", ".writer" };

    nsk_search_free(f->index);
    for (size_t i = 0; i < G_N_ELEMENTS(endings); i++) {
        g_autofree char *path = g_strconcat(f->path, endings[i], NULL);

        (void)g_unlink(path);
    }
    g_assert_cmpint(g_rmdir(f->folder), ==, 0);
    g_free(f->folder);
    g_free(f->path);
}

void
fixture_put(Fixture *f, const char *letter, const NskSearchDoc *doc, const char *positions)
{
    g_autoptr(GError) error = NULL;
    g_auto(GStrv) words = g_strsplit(positions, " ", -1);
    NskSearchDoc whole = *doc;
    NskSearchChange change = { letter, &whole };

    whole.positions = (const char *const *)words;
    whole.begun = doc->begun != 0 ? doc->begun : NOW;
    whole.version = doc->version != 0 ? doc->version : 1;
    g_assert_true(nsk_search_apply(f->index, &change, 1, NULL, &error));
    g_assert_no_error(error);
}

char *
fixture_find(Fixture *f, const char *text, const char *positions)
{
    g_autoptr(GError) error = NULL;
    bool has = true;
    NskSearchHit hit;
    GString *found = g_string_new(NULL);
    g_auto(GStrv) words = g_strsplit(positions, " ", -1);
    NskSearchAsker asker = { (const char *const *)words, NULL };
    g_autoptr(NskSearchQuery) query = nsk_search_query_parse(text, false, &error);
    g_assert_no_error(error);
    g_autoptr(NskSearchRows) rows = nsk_search_find(f->index, query, &asker, 0, &error);

    g_assert_no_error(error);
    while (has) {
        g_assert_true(nsk_search_rows_next(rows, &hit, &has, &error));
        g_assert_no_error(error);
        if (has)
            g_string_append_printf(found, "%s%s", found->len > 0 ? " " : "", hit.letter);
    }
    return g_string_free(found, FALSE);
}

unsigned
fixture_count_bytes(const Fixture *f, const char *bytes)
{
    static const char *const endings[] = { "", "-wal" };
    unsigned count = 0;

    for (size_t i = 0; i < G_N_ELEMENTS(endings); i++) {
        gsize size = 0;
        g_autofree char *data = NULL;
        g_autofree char *path = g_strconcat(f->path, endings[i], NULL);

        if (!g_file_get_contents(path, &data, &size, NULL))
            continue;
        for (const char *c = data;
             (c = memmem(c, size - (size_t)(c - data), bytes, strlen(bytes))) != NULL; c++)
            count++;
    }
    return count;
}
