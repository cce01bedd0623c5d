/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Sheets: tables that are printed, and opened in a table calculator. */
#include "fixture.h"
#include "office/sheet-private.h"

#include <string.h>

static const NskSheetColumn columns[] = { { "Nomor", 1, true }, { "Hal", 4, false } };

static GPtrArray *
make_rows(guint n)
{
    GPtrArray *rows = g_ptr_array_new_with_free_func((GDestroyNotify)g_strfreev);

    for (guint i = 1; i <= n; i++) {
        g_autofree char *row = g_strdup_printf("%u|Undangan rapat ke-%u", i, i);

        g_ptr_array_add(rows, g_strsplit(row, "|", 0));
    }
    return rows;
}

static void
test_csv(G_GNUC_UNUSED Fixture *f, G_GNUC_UNUSED gconstpointer data)
{
    static const char *const texts[] = {
        "-12,5|satu, dua", "1|=HYPERLINK(\"http://x\")", "2|kata \"kutip\"\nbaru", "+62|-lanjut",
        "|@jabatan",
    };
    g_autoptr(GPtrArray) rows = g_ptr_array_new_with_free_func((GDestroyNotify)g_strfreev);

    for (size_t i = 0; i < G_N_ELEMENTS(texts); i++)
        g_ptr_array_add(rows, g_strsplit(texts[i], "|", 0));
    NskSheet sheet = { .title = "Buku", .columns = columns, .n_columns = 2, .rows = rows };
    g_autoptr(GBytes) csv = nsk_sheet_to_csv(&sheet);
    g_autofree char *text = g_strndup(g_bytes_get_data(csv, NULL), g_bytes_get_size(csv));
    g_assert_cmpstr(text, ==,
                    "Nomor,Hal\r\n"
                    "\"-12,5\",\"satu, dua\"\r\n"
                    "1,\"'=HYPERLINK(\"\"http://x\"\")\"\r\n"
                    "2,\"kata \"\"kutip\"\"\nbaru\"\r\n"
                    "+62,'-lanjut\r\n"
                    ",'@jabatan\r\n");
}

static void
test_pages(Fixture *f, G_GNUC_UNUSED gconstpointer data)
{
    g_autoptr(GPtrArray) rows = make_rows(120);
    const NskSheetFact facts[] = { { "Unit", "Biro Umum" }, { "Catatan", "" } };
    NskSheet sheet = { .title = "Buku agenda surat masuk",
                       .subtitle = "2026",
                       .facts = facts,
                       .n_facts = 2,
                       .columns = columns,
                       .n_columns = 2,
                       .rows = rows,
                       .note = "Dibuat oleh kantor" };
    g_autoptr(GBytes) first = NULL;
    g_autoptr(GBytes) again = NULL;

    fixture_as(f, "damar");
    g_assert_true(nsk_sheet_to_pdf(f->office, &sheet, &first, NULL));
    g_assert_true(nsk_sheet_to_pdf(f->office, &sheet, &again, NULL));
    g_assert_true(g_bytes_equal(first, again));
    g_autofree char *path = fixture_path(f, "sheet.pdf");
    g_autofree char *text = NULL;
    const char *command[] = { "pdftotext", "-layout", path, "-", NULL };
    g_assert_true(g_file_set_contents(path, g_bytes_get_data(first, NULL),
                                      (gssize)g_bytes_get_size(first), NULL));
    g_assert_true(g_spawn_sync(NULL, (char **)(gpointer)command, NULL, G_SPAWN_SEARCH_PATH, NULL,
                               NULL, &text, NULL, NULL, NULL));
    g_auto(GStrv) pages = g_strsplit(text, "\f", 0);
    g_assert_cmpuint(g_strv_length(pages), ==, 4); /* the last is what follows the last page */
    for (int i = 0; i < 3; i++)
        g_assert_nonnull(strstr(pages[i], "Nomor"));
    g_assert_nonnull(strstr(pages[0], "Biro Umum"));
    g_assert_nonnull(strstr(pages[2], "Undangan rapat ke-120"));
    g_assert_nonnull(strstr(pages[2], "Dibuat oleh kantor"));
}

static const FixtureTest tests[] = {
    { "/office/sheet/csv-is-safe-in-a-table-calculator", test_csv, NULL },
    { "/office/sheet/a-long-table-goes-over-pages-the-same-each-time", test_pages, NULL },
};

int
main(int argc, char **argv)
{
    return fixture_main(argc, argv, tests, G_N_ELEMENTS(tests));
}
