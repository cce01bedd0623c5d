/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Any text as a search: it is refused as such, or the index takes it, and nobody finds by it what
 * he may not read. */
#include "archive/archive.h"

#include <glib/gstdio.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static char *folder;
static NskSearch *search;

static void
close_index(void)
{
    static const char *const names[] = { "s.db", "s.db-wal", "s.db-shm", "s.db.writer" };

    g_clear_pointer(&search, nsk_search_free);
    for (size_t i = 0; i < G_N_ELEMENTS(names); i++) {
        g_autofree char *path = g_build_filename(folder, names[i], NULL);

        (void)g_unlink(path);
    }
    (void)g_rmdir(folder);
    g_clear_pointer(&folder, g_free);
}

static void
open_index(void)
{
    static const char *const positions[] = { "other", NULL };
    NskSearchDoc doc = { .begun = G_USEC_PER_SEC,
                         .version = 1,
                         .subject = "Undangan Rapat",
                         .number = "005/12/BU/2026",
                         .body = "rapat kerja di aula",
                         .positions = positions,
                         .unit = "biro-umum" };
    NskSearchChange change = { "L1", &doc };

    folder = g_dir_make_tmp("naskah-fuzz-XXXXXX", NULL);
    g_assert_nonnull(folder);
    g_autofree char *path = g_build_filename(folder, "s.db", NULL);
    search = nsk_search_open(path, NSK_DB_WRITE, NULL);
    g_assert_nonnull(search);
    g_assert_true(nsk_search_apply(search, &change, 1, NULL, NULL));
    (void)atexit(close_index);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const char *const mine[] = { "mine", NULL };
    static const char *const other[] = { "other", NULL };
    NskSearchAsker askers[] = { { mine, mine }, { other, NULL } };
    g_autofree char *text = g_strndup((const char *)data, size);
    g_autoptr(GError) error = NULL;
    g_autoptr(NskSearchQuery) query = nsk_search_query_parse(text, false, &error);

    if (search == NULL)
        open_index();
    if (query == NULL) {
        g_assert_true(g_error_matches(error, NSK_ERROR, NSK_ERROR_INVALID) ||
                      g_error_matches(error, NSK_ERROR, NSK_ERROR_LIMIT));
        return 0;
    }
    for (size_t i = 0; i < G_N_ELEMENTS(askers); i++) {
        NskSearchHit hit;
        bool has = false;
        g_autoptr(NskSearchRows) rows = nsk_search_find(search, query, &askers[i], 0, &error);

        g_assert_no_error(error);
        g_assert_true(nsk_search_rows_next(rows, &hit, &has, &error));
        g_assert_no_error(error);
        g_assert_true(!has || i == 1);
        g_autofree char *snippet = has ? nsk_search_rows_snippet(rows, &error) : NULL;
        g_assert_true(!has || g_utf8_validate(snippet, -1, NULL));
    }
    return 0;
}
