/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "store/store-private.h"

#include <string.h>

#define OID_A "\x11\x11\x11\x11\x11\x11\x11\x11\x11\x11\x11\x11\x11\x11\x11\x11\x11\x11\x11\x11"
#define HEX_A "1111111111111111111111111111111111111111"
#define HEX_B "2222222222222222222222222222222222222222"
#define AUTHOR                                                                                     \
    "author A <a@b> 1 +0000\ncommitter A <a@b> 1 +0000\n\n"                                        \
    "x\n"

/* Bytes of a literal that may hold NULs. */
#define BYTES(LITERAL) g_bytes_new_static(LITERAL, sizeof(LITERAL) - 1)

static void
test_a_tree_reads_back(void)
{
    g_autoptr(GBytes) bytes =
        BYTES("100644 a.pdf\0" OID_A "100644 a.xml\0" OID_A "100644 b\0" OID_A);
    g_autoptr(GError) error = NULL;
    g_autoptr(GArray) tree = nsk_tree_parse(bytes, &error);

    g_assert_no_error(error);
    g_assert_cmpuint(tree->len, ==, 3);
    g_assert_cmpstr(g_array_index(tree, NskTreeEntry, 1).name, ==, "a.xml");
    g_assert_cmpmem(g_array_index(tree, NskTreeEntry, 2).oid.id, 20, OID_A, 20);
    g_autoptr(GBytes) again = nsk_tree_format(tree);
    g_assert_true(g_bytes_equal(bytes, again));
    g_autoptr(GBytes) empty = BYTES("");
    g_autoptr(GArray) none = nsk_tree_parse(empty, &error);
    g_assert_no_error(error);
    g_assert_cmpuint(none->len, ==, 0);
}

static void
test_trees_of_another_form_are_refused(void)
{
    GBytes *const table[] = {
        BYTES("1"),
        BYTES("100644 "),
        BYTES("100644 a"),
        BYTES("100644 a\0"),
        BYTES("100644 a\0" HEX_A "x"),
        BYTES("100644 a\0" OID_A "1"),
        BYTES("100755 a\0" OID_A),
        BYTES("120000 a\0" OID_A),
        BYTES("40000 a\0" OID_A),
        BYTES("100644 \0" OID_A),
        BYTES("100644 .git\0" OID_A),
        BYTES("100644 a/b\0" OID_A),
        BYTES("100644 b\0" OID_A "100644 a\0" OID_A),
        BYTES("100644 a\0" OID_A "100644 a\0" OID_A),
    };

    for (size_t i = 0; i < G_N_ELEMENTS(table); i++) {
        g_autoptr(GError) error = NULL;

        g_test_message("tree %zu", i);
        g_assert_null(nsk_tree_parse(table[i], &error));
        g_assert_error(error, NSK_ERROR, NSK_ERROR_CORRUPT);
        g_bytes_unref(table[i]);
    }
}

static void
test_a_commit_names_tree_and_parent(void)
{
    static const git_oid zero = { { 0 } };
    g_autoptr(GBytes) first = BYTES("tree " HEX_A "\n" AUTHOR);
    g_autoptr(GBytes) second = BYTES("tree " HEX_A "\nparent " HEX_B "\n" AUTHOR);
    NskCommitLinks links;

    g_assert_true(nsk_commit_parse(first, &links, NULL));
    g_assert_true(git_oid_streq(&links.tree, HEX_A) == 0);
    g_assert_true(git_oid_equal(&links.parent, &zero));
    g_assert_true(nsk_commit_parse(second, &links, NULL));
    g_assert_true(git_oid_streq(&links.parent, HEX_B) == 0);
}

static void
test_commits_of_another_form_are_refused(void)
{
    GBytes *const table[] = {
        BYTES(""),
        BYTES("tree"),
        BYTES("tree " HEX_A),
        BYTES("tree " HEX_A "\n"),
        BYTES("tree " HEX_A " " AUTHOR),
        BYTES("tree 111111111111111111111111111111111111111G\n" AUTHOR),
        BYTES("tree AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA\n" AUTHOR),
        BYTES("parent " HEX_A "\n" AUTHOR),
        BYTES("tree " HEX_A "\nparent " HEX_B "\nparent " HEX_A "\n" AUTHOR),
        BYTES("tree " HEX_A "\nparent 22\n" AUTHOR),
        BYTES("tree " HEX_A "\nauthor"),
    };

    for (size_t i = 0; i < G_N_ELEMENTS(table); i++) {
        NskCommitLinks links;
        g_autoptr(GError) error = NULL;

        g_test_message("commit %zu", i);
        g_assert_false(nsk_commit_parse(table[i], &links, &error));
        g_assert_error(error, NSK_ERROR, NSK_ERROR_CORRUPT);
        g_bytes_unref(table[i]);
    }
}

static void
test_offsets_are_written_as_git_writes_them(void)
{
    static const struct {
        int minutes;
        const char *text;
    } table[] = { { 0, " +0000\n" },   { 420, " +0700\n" },  { 345, " +0545\n" },
                  { -30, " -0030\n" }, { -210, " -0330\n" }, { 840, " +1400\n" } };

    for (size_t i = 0; i < G_N_ELEMENTS(table); i++) {
        NskStoreCommit commit = { .message = "x",
                                  .author_name = "A",
                                  .author_email = "a@b",
                                  .at = 1999999,
                                  .offset_minutes = table[i].minutes };
        NskCommitLinks links = { 0 };
        g_autoptr(GBytes) bytes = nsk_commit_format(&commit, &links);
        g_autofree char *text = g_strndup(g_bytes_get_data(bytes, NULL), g_bytes_get_size(bytes));
        g_autofree char *author = g_strconcat("author A <a@b> 1", table[i].text, NULL);

        g_assert_nonnull(strstr(text, author));
    }
}

static void
test_names_of_files_are_plain(void)
{
    static const char *const good[] = { "a", "0", "Surat_1.xml", "a-b.c" };
    static const char *const bad[] = { "",   ".",   "..",   ".git", "-a",    "a/b",      "a\\b",
                                       "a ", "a:b", "a\nb", "a..b", "git~1", "\xc3\xa9", "_a" };

    for (size_t i = 0; i < G_N_ELEMENTS(good); i++)
        g_assert_true(nsk_file_name_is_valid(good[i]));
    for (size_t i = 0; i < G_N_ELEMENTS(bad); i++)
        g_assert_false(nsk_file_name_is_valid(bad[i]));
    g_autofree char *longest = g_strnfill(NSK_FILE_NAME_MAX, 'a');
    g_autofree char *longer = g_strnfill(NSK_FILE_NAME_MAX + 1, 'a');
    g_assert_true(nsk_file_name_is_valid(longest));
    g_assert_false(nsk_file_name_is_valid(longer));
}

#define ADD(NAME, FUNCTION) g_test_add_func("/store/form/" NAME, FUNCTION)

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    ADD("a-tree-reads-back", test_a_tree_reads_back);
    ADD("trees-of-another-form-are-refused", test_trees_of_another_form_are_refused);
    ADD("a-commit-names-tree-and-parent", test_a_commit_names_tree_and_parent);
    ADD("commits-of-another-form-are-refused", test_commits_of_another_form_are_refused);
    ADD("offsets-are-written-as-git-writes-them", test_offsets_are_written_as_git_writes_them);
    ADD("names-of-files-are-plain", test_names_of_files_are_plain);
    return g_test_run();
}
