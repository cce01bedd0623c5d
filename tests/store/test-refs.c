/* SPDX-License-Identifier: GPL-3.0-or-later */
/* packed-refs: changed lines are merged into the old text, and a text that is not ours is told. */
#include "fixture.h"
#include "store/store-private.h"

#include <string.h>

#define HEAD  "# pack-refs with: peeled fully-peeled sorted \n"
#define OID_1 "1111111111111111111111111111111111111111"
#define OID_2 "2222222222222222222222222222222222222222"

static char *
refs_file(const char *folder)
{
    return g_build_filename(folder, "packed-refs", NULL);
}

static void
clear_change(gpointer data)
{
    g_free(((NskRefChange *)data)->ref);
}

/* Merges @changes into the refs of @folder. */
static void
merge(const char *folder, const GArray *changes)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(NskRefs) old = nsk_refs_open(folder, &error);
    g_autoptr(NskRefWriter) writer = nsk_ref_writer_new(folder, &error);

    g_assert_no_error(error);
    g_assert_true(old->sound);
    g_assert_true(nsk_ref_writer_merge(writer, old, changes, &error));
    g_assert_true(nsk_ref_writer_finish(writer, &error));
}

static void
test_a_text_that_is_not_ours_is_told(void)
{
    static const struct {
        const char *what, *text;
        bool sound;
        size_t n;
    } table[] = {
        { "nothing", "", false, 0 },
        { "head alone", HEAD, true, 0 },
        { "one", HEAD OID_1 " refs/a\n", true, 1 },
        { "two", HEAD OID_1 " refs/a\n" OID_2 " refs/b\n", true, 2 },
        { "a prefix comes first", HEAD OID_1 " refs/a\n" OID_2 " refs/a-b\n", true, 2 },
        { "another head", "# pack-refs with: peeled \n" OID_1 " refs/a\n", false, 0 },
        { "no head", OID_1 " refs/a\n", false, 0 },
        { "not sorted", HEAD OID_1 " refs/b\n" OID_2 " refs/a\n", false, 0 },
        { "twice", HEAD OID_1 " refs/a\n" OID_1 " refs/a\n", false, 0 },
        { "cut off", HEAD OID_1 " refs/a\n" OID_2 " refs/b", false, 0 },
        { "cut off in the id", HEAD OID_1 " refs/a\n2222", false, 0 },
        { "peeled", HEAD OID_1 " refs/a\n^" OID_2 "\n", false, 0 },
        { "capitals", HEAD "ABCDEFABCDEFABCDEFABCDEFABCDEFABCDEFABCD refs/a\n", false, 0 },
        { "no ref", HEAD OID_1 " \n", false, 0 },
        { "another place", HEAD OID_1 " heads/a\n", false, 0 },
        { "a blank in it", HEAD OID_1 " refs/a b\n", false, 0 },
        { "an empty line", HEAD "\n", false, 0 },
    };
    char *folder = fixture_folder();
    g_autofree char *file = refs_file(folder);

    for (size_t i = 0; i < G_N_ELEMENTS(table); i++) {
        g_autoptr(GError) error = NULL;

        g_test_message("%s", table[i].what);
        g_assert_true(g_file_set_contents(file, table[i].text, -1, NULL));
        g_autoptr(NskRefs) refs = nsk_refs_open(folder, &error);
        g_assert_no_error(error);
        g_assert_true(refs->sound == table[i].sound);
        g_assert_true(!table[i].sound || refs->n == table[i].n);
        git_oid oid;
        g_assert_true(nsk_refs_find(refs, "refs/a", &oid) == (table[i].sound && table[i].n > 0));
    }
    fixture_remove(folder);
}

static void
test_no_text_is_no_fault(void)
{
    char *folder = fixture_folder();
    g_autoptr(GError) error = NULL;
    g_autoptr(NskRefs) refs = nsk_refs_open(folder, &error);

    g_assert_no_error(error);
    g_assert_false(refs->sound);
    fixture_remove(folder);
}

/* What a merge has to give: @all (ref -> oid text) in order. */
static char *
expected_text(GTree *all)
{
    GString *text = g_string_new(HEAD);

    for (GTreeNode *at = g_tree_node_first(all); at != NULL; at = g_tree_node_next(at))
        g_string_append_printf(text, "%s %s\n", (const char *)g_tree_node_value(at),
                               (const char *)g_tree_node_key(at));
    return g_string_free(text, FALSE);
}

static int
compare_keys(gconstpointer a, gconstpointer b, gpointer data)
{
    (void)data;
    return strcmp(a, b);
}

static int
compare_changes(const void *a, const void *b)
{
    return strcmp(((const NskRefChange *)a)->ref, ((const NskRefChange *)b)->ref);
}

/* Twenty rounds of random changes: new refs and changed ones, some left out. */
static void
test_changes_are_merged_in_order(void)
{
    char *folder = fixture_folder();
    g_autofree char *file = refs_file(folder);
    g_autoptr(GTree) all = g_tree_new_full(compare_keys, NULL, g_free, g_free);
    g_autoptr(GError) damage = g_error_new_literal(NSK_ERROR, NSK_ERROR_CORRUPT, "damaged");

    g_assert_true(g_file_set_contents(file, HEAD, -1, NULL));
    for (int round = 0; round < 20; round++) {
        g_autoptr(GArray) changes = g_array_new(FALSE, FALSE, sizeof(NskRefChange));
        g_autoptr(GHashTable) seen = g_hash_table_new(NULL, NULL);

        g_array_set_clear_func(changes, clear_change);
        for (int i = 0; i < round; i++) {
            int number = g_test_rand_int_range(0, 100);
            NskRefChange change = { .ref = g_strdup_printf("refs/letters/%d", number) };
            char text[NSK_OID_LEN + 1];
            int fate = g_test_rand_int_range(0, 5);

            if (!g_hash_table_add(seen, GINT_TO_POINTER(number + 1))) {
                g_free(change.ref);
                continue;
            }
            for (size_t j = 0; fate != 0 && j < sizeof change.want.id; j++)
                change.want.id[j] = (unsigned char)g_test_rand_int_range(1, 256);
            change.fault = fate == 1 ? damage : NULL;
            if (fate > 1)
                g_tree_replace(all, g_strdup(change.ref),
                               g_strdup(nsk_oid_text(&change.want, text)));
            g_array_append_val(changes, change);
        }
        g_array_sort(changes, compare_changes);
        merge(folder, changes);
        g_autofree char *expected = expected_text(all);
        g_autofree char *text = NULL;
        g_assert_true(g_file_get_contents(file, &text, NULL, NULL));
        g_assert_cmpstr(text, ==, expected);
    }
    g_assert_cmpint(g_tree_nnodes(all), >, 50);
    fixture_remove(folder);
}

static void
test_every_ref_is_found(void)
{
    char *folder = fixture_folder();
    g_autofree char *file = refs_file(folder);
    g_autoptr(GString) text = g_string_new(HEAD);
    g_autoptr(GError) error = NULL;

    for (int i = 100; i < 1000; i += 3)
        g_string_append_printf(text, "%037d%03d refs/letters/%d\n", 0, i, i);
    g_assert_true(g_file_set_contents(file, text->str, -1, NULL));
    g_autoptr(NskRefs) refs = nsk_refs_open(folder, &error);
    for (int i = 0; i < 1100; i++) {
        g_autofree char *ref = g_strdup_printf("refs/letters/%d", i);
        g_autofree char *expected = g_strdup_printf("%037d%03d", 0, i);
        git_oid oid;
        char found[NSK_OID_LEN + 1];
        bool is_there = i >= 100 && i < 1000 && i % 3 == 1;

        g_assert_true(nsk_refs_find(refs, ref, &oid) == is_there);
        if (is_there)
            g_assert_cmpstr(nsk_oid_text(&oid, found), ==, expected);
    }
    fixture_remove(folder);
}

#define ADD(NAME, FUNCTION) g_test_add_func("/store/refs/" NAME, FUNCTION)

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    ADD("a-text-that-is-not-ours-is-told", test_a_text_that_is_not_ours_is_told);
    ADD("no-text-is-no-fault", test_no_text_is_no_fault);
    ADD("changes-are-merged-in-order", test_changes_are_merged_in_order);
    ADD("every-ref-is-found", test_every_ref_is_found);
    return g_test_run();
}
