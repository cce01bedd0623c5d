/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/bytes.h"
#include "base/resource.h"

#include <string.h>

static void
test_a_file_is_as_it_was_when_the_program_was_built(void)
{
    static const char *const paths[] = { "templates/schema/letter.rng",
                                         "templates/profiles/demo.png", "templates/messages/id.po",
                                         "templates/letters/surat-dinas.xml" };
    g_autofree char *root = g_strdup(g_getenv("NASKAH_SOURCE"));

    for (size_t i = 0; i < G_N_ELEMENTS(paths); i++) {
        g_autoptr(GError) error = NULL;
        g_autofree char *path = g_build_filename(root, paths[i], NULL);
        g_autoptr(GBytes) from = nsk_file_read(path, 1 << 24, &error);
        g_assert_no_error(error);
        g_autoptr(GBytes) built_in = nsk_resource_load(paths[i], &error);
        g_assert_no_error(error);
        g_assert_true(g_bytes_equal(from, built_in));
        g_assert_true(nsk_resource_holds(paths[i], g_bytes_get_data(built_in, NULL)));
        g_assert_false(nsk_resource_holds(paths[i], g_bytes_get_data(from, NULL)));
    }
}

static void
test_what_is_not_there_is_named(void)
{
    static const char *const paths[] = { "",
                                         "templates",
                                         "templates/",
                                         "/templates/schema/letter.rng",
                                         "templates/schema/letter.rn",
                                         "zzz",
                                         "templates/schema/letter.rng/" };

    for (size_t i = 0; i < G_N_ELEMENTS(paths); i++) {
        g_autoptr(GError) error = NULL;

        g_assert_null(nsk_resource_load(paths[i], &error));
        g_assert_error(error, NSK_ERROR, NSK_ERROR_NOT_FOUND);
        g_assert_nonnull(strstr(error->message, paths[i]));
        g_assert_false(nsk_resource_holds(paths[i], NULL));
    }
}

static void
test_a_folder_is_listed_in_order(void)
{
    g_autoptr(GError) error = NULL;
    g_auto(GStrv) names = nsk_resource_list("templates", &error);
    g_assert_no_error(error);
    guint n = g_strv_length(names);

    for (guint i = 1; i < n; i++)
        g_assert_cmpstr(names[i - 1], <, names[i]);
    g_assert_true(g_strv_contains((const char *const *)names, "letters/"));
    g_auto(GStrv) letters = nsk_resource_list("templates/letters", &error);
    g_assert_no_error(error);
    g_assert_true(g_strv_contains((const char *const *)letters, "surat-dinas.xml"));
    g_assert_false(g_strv_contains((const char *const *)letters, ""));
    static const char *const missing[] = { "templates/letter", "templates/letters/common.xsl",
                                           "no" };
    for (size_t i = 0; i < G_N_ELEMENTS(missing); i++) {
        g_assert_null(nsk_resource_list(missing[i], &error));
        g_assert_error(error, NSK_ERROR, NSK_ERROR_NOT_FOUND);
        g_clear_error(&error);
    }
}

#define ADD(NAME, FUNCTION) g_test_add_func("/base/resource/" NAME, FUNCTION)

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    ADD("a-file-is-as-it-was-when-the-program-was-built",
        test_a_file_is_as_it_was_when_the_program_was_built);
    ADD("what-is-not-there-is-named", test_what_is_not_there_is_named);
    ADD("a-folder-is-listed-in-order", test_a_folder_is_listed_in_order);
    return g_test_run();
}
