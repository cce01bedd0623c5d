/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fixture.h"

#include <glib/gstdio.h>
#include <stdio.h>
#include <string.h>

#define SECOND ((NskInstant)G_USEC_PER_SEC)

static void
assert_finds(Fixture *f, const char *text, const char *positions, const char *letters)
{
    g_autofree char *found = fixture_find(f, text, positions);

    if (strcmp(found, letters) != 0)
        g_test_message("'%s' for %s", text, positions);
    g_assert_cmpstr(found, ==, letters);
}

static void
test_indonesian_words_are_found(Fixture *f, G_GNUC_UNUSED gconstpointer data)
{
    static const struct {
        const char *text, *letters;
    } cases[] = {
        { "undangan", "L1" },
        { "UNDANGAN rapat", "L1" },
        { "005/12/BU/2026", "L1" },
        { "005-12 bu 2026", "L1" },
        { "005/13/BU/2026", "" },
        { "\"12/BU\"", "L1" },
        { "undang-undang", "L2" },
        { "\"undang undang\" cipta", "L2" },
        { "undang*", "L2 L1" },
        { "resume", "L2" },
        { "r\xc3\xa9sum\xc3\xa9", "L2" },
        { "Rp1.250.000", "L2" },
        { "\"rapat kerja\"", "L1" },
        { "\"kerja rapat\"", "" },
        { "aula tirta", "L1" },
        { "biro keuangan", "L1" },
        { "tirta cipta", "" },
    };

    fixture_put(f, "L1",
                &(NskSearchDoc){ .begun = NOW,
                                 .subject = "Undangan Rapat",
                                 .number = "005/12/BU/2026",
                                 .parties = "Kepala Biro Keuangan; ",
                                 .body = "Rapat kerja diadakan di Aula Tirta." },
                "p");
    fixture_put(f, "L2",
                &(NskSearchDoc){ .begun = NOW + SECOND,
                                 .subject = "R\xc3\xa9sum\xc3\xa9 Undang-Undang Cipta Kerja",
                                 .body = "Biaya Rp1.250.000,00" },
                "p");
    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++)
        assert_finds(f, cases[i].text, "p", cases[i].letters);
}

static void
test_only_readers_find(Fixture *f, G_GNUC_UNUSED gconstpointer data)
{
    static const char *const keeps[] = { "biro-umum", NULL };
    static const char *const none[] = { NULL };
    g_autoptr(GError) error = NULL;
    NskSearchHit hit;
    bool has;

    fixture_put(f, "L1", &(NskSearchDoc){ .body = "rapat", .unit = "biro-umum" }, "a b");
    /* text that looks like the token of a reader opens nothing */
    fixture_put(f, "L2", &(NskSearchDoc){ .body = "rapat \xee\x80\x80p63 p63" }, "b");
    assert_finds(f, "rapat", "a", "L1");
    assert_finds(f, "rapat", "b", "L2 L1");
    assert_finds(f, "rapat", "c", "");
    assert_finds(f, "rapat", "c a", "L1");
    assert_finds(f, "rapat", "biro-umum", ""); /* a position of the unit's name */
    assert_finds(f, "\xee\x80\x80p62", "c", "");
    assert_finds(f, "\xee\x80\x80p61", "b", "");
    assert_finds(f, "p63", "b", "L2");
    g_autoptr(NskSearchQuery) query = nsk_search_query_parse("rapat", false, &error);
    g_assert_no_error(error);
    NskSearchAsker archivist = { none, keeps };
    NskSearchAsker nobody = { none, NULL };
    g_autoptr(NskSearchRows) rows = nsk_search_find(f->index, query, &archivist, 0, &error);
    g_assert_no_error(error);
    g_assert_true(nsk_search_rows_next(rows, &hit, &has, &error) && has);
    g_assert_cmpstr(hit.letter, ==, "L1");
    g_assert_true(nsk_search_rows_next(rows, &hit, &has, &error) && !has);
    g_clear_pointer(&rows, nsk_search_rows_free);
    rows = nsk_search_find(f->index, query, &nobody, 0, &error);
    g_assert_no_error(error);
    g_assert_true(nsk_search_rows_next(rows, &hit, &has, &error) && !has);
}

/* An archivist of everything, and whoever holds the last of many positions. */
static void
test_many_positions_may_be_asked_for(Fixture *f, G_GNUC_UNUSED gconstpointer data)
{
    g_autoptr(GString) all = g_string_new("p-0");

    for (int i = 1; i < 2000; i++)
        g_string_append_printf(all, " p-%d", i);
    fixture_put(f, "L1", &(NskSearchDoc){ .body = "rapat kerja tahunan" }, "p-1999");
    assert_finds(f, "rapat kerja", all->str, "L1");
    assert_finds(f, "rapat kerja tahunan", all->str, "L1");
}

static void
test_pages_follow_one_another(Fixture *f, G_GNUC_UNUSED gconstpointer data)
{
    g_autoptr(GError) error = NULL;
    static const char *const positions[] = { "p", NULL };
    NskSearchAsker asker = { positions, NULL };
    g_autoptr(NskSearchQuery) query = nsk_search_query_parse("rapat kerja", false, &error);
    int64_t after = 0;
    int n = 0;

    /* three begun in each millisecond */
    for (int i = 0; i < 60; i++) {
        g_autofree char *id = g_strdup_printf("L%02d", i);

        fixture_put(f, id, &(NskSearchDoc){ .begun = NOW + i / 3 * 1000, .body = "rapat kerja" },
                    i % 2 == 0 ? "p" : "q");
    }
    for (bool has = true; has;) {
        NskSearchHit hit;
        g_autoptr(NskSearchRows) rows = nsk_search_find(f->index, query, &asker, after, &error);

        g_assert_no_error(error);
        for (int k = 0; k < 7 && has; k++) {
            g_assert_true(nsk_search_rows_next(rows, &hit, &has, &error));
            if (!has)
                break;
            g_assert_cmpint(hit.key, >, after);
            /* within the same few milliseconds the order is any */
            g_assert_cmpint(ABS((int)g_ascii_strtoll(hit.letter + 1, NULL, 10) - (58 - 2 * n)), <=,
                            60);
            after = hit.key;
            n++;
        }
    }
    g_assert_cmpint(n, ==, 30);
}

static void
test_an_older_version_does_not_come_back(Fixture *f, G_GNUC_UNUSED gconstpointer data)
{
    fixture_put(f, "L1", &(NskSearchDoc){ .version = 2, .body = "pertama" }, "p");
    fixture_put(f, "L1", &(NskSearchDoc){ .version = 3, .body = "kedua" }, "p");
    assert_finds(f, "pertama", "p", "");
    assert_finds(f, "kedua", "p", "L1");
    fixture_put(f, "L1", &(NskSearchDoc){ .version = 2, .body = "pertama" }, "p q");
    assert_finds(f, "pertama", "p", "");
    assert_finds(f, "kedua", "q", "");
    fixture_put(f, "L1", &(NskSearchDoc){ .version = 3, .body = "kedua" }, "p q");
    assert_finds(f, "kedua", "q", "L1");
    fixture_put(f, "L1", &(NskSearchDoc){ .version = 3, .body = "kedua" }, "q");
    assert_finds(f, "kedua", "p", "");
}

static void
test_a_removed_letter_is_not_found(Fixture *f, G_GNUC_UNUSED gconstpointer data)
{
    g_autoptr(GError) error = NULL;

    fixture_put(f, "L1", &(NskSearchDoc){ .body = "rapat" }, "p");
    fixture_put(f, "L2", &(NskSearchDoc){ .body = "rapat" }, "p");
    g_assert_true(nsk_search_remove(f->index, "L1", &error));
    g_assert_true(nsk_search_remove(f->index, "L1", &error));
    g_assert_true(nsk_search_remove(f->index, "never-there", &error));
    assert_finds(f, "rapat", "p", "L2");
    assert_finds(f, "rap*", "p", "L2");
}

/* A word of the @i-th letter. */
static char *
filler(int i, int k)
{
    return g_strdup_printf("kata%04d%03d", i, k % 200);
}

static void
put_fillers(Fixture *f, int first, int last)
{
    for (int i = first; i < last; i++) {
        g_autofree char *id = g_strdup_printf("F%04d", i);
        g_autoptr(GString) body = g_string_new("rapat");

        for (int k = 0; k < 120; k++) {
            g_autofree char *word = filler(i % 50, i + k * 7);

            g_string_append_printf(body, " %s", word);
        }
        fixture_put(f, id, &(NskSearchDoc){ .begun = NOW + i * SECOND, .body = body->str }, "p");
    }
}

/*
 * Words that are in one letter, or in a version that was replaced, among hundreds: after the purge
 * neither they nor their first three letters (which the index of beginnings keeps) are anywhere in
 * the file or its log.
 */
static void
test_purged_words_are_nowhere_in_the_files(Fixture *f, G_GNUC_UNUSED gconstpointer data)
{
    static const char *const gone[] = { "zqxwortel", "vjqbayam", "wqjkubis", "xvqterong" };
    static const char *const starts[] = { "zqx", "vjq", "wqj", "xvq" };
    g_autoptr(GError) error = NULL;

    put_fillers(f, 0, 150);
    fixture_put(f, "L1",
                &(NskSearchDoc){ .begun = NOW + SECOND / 2,
                                 .subject = "Panen zqxwortel",
                                 .number = "vjqbayam/1",
                                 .parties = "Kelompok wqjkubis",
                                 .body = "rapat zqxwortel dan zqxwortel" },
                "p");
    fixture_put(f, "L2", &(NskSearchDoc){ .version = 1, .body = "rapat xvqterong" }, "p");
    put_fillers(f, 150, 300);
    fixture_put(f, "L2", &(NskSearchDoc){ .version = 2, .body = "rapat kedua" }, "p");
    for (size_t i = 0; i < G_N_ELEMENTS(gone); i++)
        g_assert_cmpuint(fixture_count_bytes(f, starts[i]), >, 0);
    g_assert_true(nsk_search_remove(f->index, "L1", &error));
    g_assert_no_error(error);
    put_fillers(f, 300, 330);
    g_assert_true(nsk_search_purge(f->index, &error));
    g_assert_no_error(error);
    for (size_t i = 0; i < G_N_ELEMENTS(gone); i++) {
        g_assert_cmpuint(fixture_count_bytes(f, gone[i]), ==, 0);
        g_assert_cmpuint(fixture_count_bytes(f, starts[i]), ==, 0);
        assert_finds(f, gone[i], "p", "");
    }
    assert_finds(f, "kedua", "p", "L2");
    g_autofree char *rest = fixture_find(f, "rapat", "p");
    g_auto(GStrv) letters = g_strsplit(rest, " ", -1);
    g_assert_cmpuint(g_strv_length(letters), ==, 331);
}

static void
test_progress_is_kept(Fixture *f, G_GNUC_UNUSED gconstpointer data)
{
    g_autoptr(GError) error = NULL;
    NskSearchProgress progress;
    char middle[] = "0198-5";

    g_assert_true(nsk_search_get_progress(f->index, &progress, &error));
    g_assert_false(progress.whole);
    g_assert_cmpstr(progress.letter, ==, "");
    g_free(progress.letter);
    g_assert_true(
        nsk_search_apply(f->index, NULL, 0, &(NskSearchProgress){ false, middle }, &error));
    g_clear_pointer(&f->index, nsk_search_free);
    f->index = nsk_search_open(f->path, NSK_DB_WRITE, &error);
    g_assert_no_error(error);
    g_assert_true(nsk_search_get_progress(f->index, &progress, &error));
    g_assert_false(progress.whole);
    g_assert_cmpstr(progress.letter, ==, "0198-5");
    g_free(progress.letter);
}

static void
assert_refused(GError **error, int code)
{
    g_assert_error(*error, NSK_ERROR, code);
    g_assert_nonnull(strstr((*error)->message, "naskah rebuild"));
    g_clear_error(error);
}

static void
test_what_is_no_index_is_said_to_need_a_rebuild(Fixture *f, G_GNUC_UNUSED gconstpointer data)
{
    g_autofree char *garbage = g_strnfill(100000, 'x');
    GError *error = NULL;

    g_clear_pointer(&f->index, nsk_search_free);
    g_assert_true(nsk_search_destroy(f->path, &error));
    g_assert_null(nsk_search_open(f->path, NSK_DB_READ, &error));
    assert_refused(&error, NSK_ERROR_NOT_FOUND);
    g_assert_true(g_file_set_contents(f->path, garbage, -1, NULL));
    g_assert_null(nsk_search_open(f->path, NSK_DB_READ, &error));
    assert_refused(&error, NSK_ERROR_CORRUPT);
    g_assert_null(nsk_search_open(f->path, NSK_DB_WRITE, &error));
    assert_refused(&error, NSK_ERROR_CORRUPT);
    g_assert_true(g_file_set_contents(f->path, "", 0, NULL));
    g_assert_null(nsk_search_open(f->path, NSK_DB_READ, &error));
    assert_refused(&error, NSK_ERROR_UNSUPPORTED);
    g_assert_true(nsk_search_destroy(f->path, &error));
    f->index = nsk_search_open(f->path, NSK_DB_WRITE, &error);
    g_assert_no_error(error);
}

/* Bytes of the file changed at many places: errors at most, and never a letter of somebody else. */
static void
test_damage_opens_nothing(Fixture *f, G_GNUC_UNUSED gconstpointer data)
{
    gsize size = 0;
    g_autofree char *whole = NULL;
    unsigned refused = 0;
    g_autoptr(GError) error = NULL;
    g_autoptr(NskSearchQuery) query = nsk_search_query_parse("rapat kerja", false, &error);
    static const char *const positions[] = { "p", NULL };
    NskSearchAsker asker = { positions, NULL };

    put_fillers(f, 0, 40);
    fixture_put(f, "L1", &(NskSearchDoc){ .body = "rapat kerja" }, "p");
    g_assert_true(nsk_search_purge(f->index, &error));
    g_clear_pointer(&f->index, nsk_search_free);
    g_assert_true(g_file_get_contents(f->path, &whole, &size, NULL));
    for (gsize at = 100; at < size; at += size / 60) {
        g_autofree char *copy = g_memdup2(whole, size);
        g_autoptr(GError) fault = NULL;
        bool has = true;
        NskSearchHit hit;

        memset(copy + at, 0xa5, MIN(64, size - at));
        g_assert_true(g_file_set_contents(f->path, copy, (gssize)size, NULL));
        g_autoptr(NskSearch) index = nsk_search_open(f->path, NSK_DB_READ, &fault);
        g_autoptr(NskSearchRows) rows =
            index != NULL ? nsk_search_find(index, query, &asker, 0, &fault) : NULL;
        while (rows != NULL && has && nsk_search_rows_next(rows, &hit, &has, &fault)) {
            if (has) {
                g_autofree char *snippet = nsk_search_rows_snippet(rows, NULL);
            }
        }
        refused += fault != NULL;
    }
    g_test_message("%u of 60 were noticed", refused);
    g_assert_cmpuint(refused, >, 0);
}

static void
test_an_index_that_was_replaced_is_stale(Fixture *f, G_GNUC_UNUSED gconstpointer data)
{
    g_autoptr(GError) error = NULL;

    fixture_put(f, "L1", &(NskSearchDoc){ .body = "rapat" }, "p");
    g_clear_pointer(&f->index, nsk_search_free);
    g_autoptr(NskSearch) reader = nsk_search_open(f->path, NSK_DB_READ, &error);
    g_assert_no_error(error);
    g_assert_false(nsk_search_is_stale(reader));
    g_assert_true(nsk_search_destroy(f->path, &error));
    g_assert_true(nsk_search_is_stale(reader));
    f->index = nsk_search_open(f->path, NSK_DB_WRITE, &error);
    g_assert_no_error(error);
    g_assert_true(nsk_search_is_stale(reader));
    fixture_put(f, "L2", &(NskSearchDoc){ .body = "rapat" }, "p");
    /* closing the handle of the old file takes nothing from the new one */
    g_clear_pointer(&reader, nsk_search_free);
    g_clear_pointer(&f->index, nsk_search_free);
    f->index = nsk_search_open(f->path, NSK_DB_WRITE, &error);
    g_assert_no_error(error);
    assert_finds(f, "rapat", "p", "L2");
}

static void
test_a_snippet_shows_the_word(Fixture *f, G_GNUC_UNUSED gconstpointer data)
{
    static const struct {
        const char *text, *has;
    } cases[] = {
        { "aula", "di Aula Tirta" },
        { "tirt*", "di Aula Tirta" },
        { "resume", "r\xc3\xa9sum\xc3\xa9 panjang" },
        { "keuangan", "Kepala Biro Keuangan" },
        { "undangan", "Awal surat ini" },
    };
    g_autoptr(GString) body = g_string_new("Awal surat ini ");

    for (int i = 0; i < 40; i++)
        g_string_append(body, "kalimat pengisi yang biasa \xe2\x80\x94 ");
    g_string_append(body, "diadakan di Aula Tirta, ");
    for (int i = 0; i < 40; i++)
        g_string_append(body, "kalimat pengisi yang biasa ");
    g_string_append(body, "r\xc3\xa9sum\xc3\xa9 panjang.");
    fixture_put(f, "L1",
                &(NskSearchDoc){ .subject = "Undangan",
                                 .parties = "Kepala Biro Keuangan; ",
                                 .body = body->str },
                "p");
    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(GError) error = NULL;
        static const char *const positions[] = { "p", NULL };
        NskSearchAsker asker = { positions, NULL };
        NskSearchHit hit;
        bool has = false;
        g_autoptr(NskSearchQuery) query = nsk_search_query_parse(cases[i].text, false, &error);
        g_autoptr(NskSearchRows) rows = nsk_search_find(f->index, query, &asker, 0, &error);

        g_assert_true(nsk_search_rows_next(rows, &hit, &has, &error) && has);
        g_autofree char *snippet = nsk_search_rows_snippet(rows, &error);
        g_assert_no_error(error);
        g_test_message("%s: %s", cases[i].text, snippet);
        g_assert_nonnull(strstr(snippet, cases[i].has));
        g_assert_cmpuint(strlen(snippet), <, 280);
        g_assert_true(g_utf8_validate(snippet, -1, NULL));
    }
}

/* --- Against a search that reads every text -------------------------------------------------- */

#define LETTERS 400

/* Word k is in about one of 2^(k/2) letters. */
static bool
has_word(unsigned letter, unsigned k)
{
    return (letter * 2654435761u >> (k % 7)) % (1u << (k / 2)) == 0;
}

static void
test_the_order_of_matching_changes_no_result(Fixture *f, G_GNUC_UNUSED gconstpointer data)
{
    g_autoptr(GRand) rand = g_rand_new_with_seed(7);

    for (unsigned i = 0; i < LETTERS; i++) {
        g_autofree char *id = g_strdup_printf("L%03u", i);
        g_autofree char *reader = g_strdup_printf("p%u q%u", i % 3, i % 20);
        g_autoptr(GString) body = g_string_new("");

        for (unsigned k = 0; k < 14; k++) {
            if (has_word(i, k))
                g_string_append_printf(body, " kata%u", k);
        }
        fixture_put(f, id, &(NskSearchDoc){ .begun = NOW + i * SECOND, .body = body->str }, reader);
    }
    for (int round = 0; round < 150; round++) {
        unsigned n = (unsigned)g_rand_int_range(rand, 1, 5);
        unsigned words[4];
        bool rare = g_rand_boolean(rand);
        unsigned holder = (unsigned)g_rand_int_range(rand, 0, rare ? 20 : 3);
        g_autoptr(GString) text = g_string_new(NULL);
        g_autoptr(GString) expected = g_string_new(NULL);
        g_autofree char *reader = g_strdup_printf("%c%u", rare ? 'q' : 'p', holder);

        for (unsigned k = 0; k < n; k++) {
            words[k] = (unsigned)g_rand_int_range(rand, 0, 14);
            g_string_append_printf(text, " kata%u", words[k]);
        }
        for (unsigned i = LETTERS; i-- > 0;) {
            bool all = i % (rare ? 20 : 3) == holder;

            for (unsigned k = 0; k < n; k++)
                all = all && has_word(i, words[k]);
            if (all)
                g_string_append_printf(expected, "%sL%03u", expected->len > 0 ? " " : "", i);
        }
        assert_finds(f, text->str, reader, expected->str);
    }
}

int
main(int argc, char **argv)
{
    static const struct {
        const char *path;
        void (*run)(Fixture *f, gconstpointer data);
    } tests[] = {
        { "indonesian-words-are-found", test_indonesian_words_are_found },
        { "only-readers-find", test_only_readers_find },
        { "many-positions-may-be-asked-for", test_many_positions_may_be_asked_for },
        { "pages-follow-one-another", test_pages_follow_one_another },
        { "an-older-version-does-not-come-back", test_an_older_version_does_not_come_back },
        { "a-removed-letter-is-not-found", test_a_removed_letter_is_not_found },
        { "purged-words-are-nowhere-in-the-files", test_purged_words_are_nowhere_in_the_files },
        { "progress-is-kept", test_progress_is_kept },
        { "what-is-no-index-is-said-to-need-a-rebuild",
          test_what_is_no_index_is_said_to_need_a_rebuild },
        { "damage-opens-nothing", test_damage_opens_nothing },
        { "an-index-that-was-replaced-is-stale", test_an_index_that_was_replaced_is_stale },
        { "a-snippet-shows-the-word", test_a_snippet_shows_the_word },
        { "the-order-of-matching-changes-no-result", test_the_order_of_matching_changes_no_result },
    };

    g_test_init(&argc, &argv, NULL);
    for (size_t i = 0; i < G_N_ELEMENTS(tests); i++) {
        g_autofree char *path = g_strconcat("/archive/search/", tests[i].path, NULL);

        g_test_add(path, Fixture, NULL, fixture_set_up, tests[i].run, fixture_tear_down);
    }
    return g_test_run();
}
