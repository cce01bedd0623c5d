/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What people type is words, and never syntax. */
#include "fixture.h"

#include <string.h>

static char *
join(const NskSearchQuery *query)
{
    GString *all = g_string_new(NULL);

    for (size_t i = 0; i < nsk_search_query_count(query); i++)
        g_string_append_printf(all, "%s%s", i > 0 ? " & " : "", nsk_search_query_match(query, i));
    return g_string_free(all, FALSE);
}

static void
test_words_phrases_and_beginnings_are_told_apart(void)
{
    static const struct {
        const char *text, *match;
    } cases[] = {
        { "rapat", "\"rapat\"" },
        { "  rapat   kerja ", "\"rapat\" & \"kerja\"" },
        { "\"rapat kerja\"", "\"rapat kerja\"" },
        { "\"rapat kerja", "\"rapat kerja\"" },
        { "\"rapat kerja\"anggaran", "\"rapat kerja\" & \"anggaran\"" },
        { "005/12/BU/2026", "\"005 12 BU 2026\"" },
        { "undang-undang", "\"undang undang\"" },
        { "angg*", "\"angg\" *" },
        { "\"rapat ker\"*", "\"rapat ker\" *" },
        { "angg***", "\"angg\" *" },
        { "*rapat", "\"rapat\"" },
        { "rapat /// kerja", "\"rapat\" & \"kerja\"" },
        { "rapat/*", "\"rapat\"" },
        { "a*b", "\"a b\"" },
        { "rapat AND kerja", "\"rapat\" & \"AND\" & \"kerja\"" },
        { "subject:rapat", "\"subject rapat\"" },
        { "NEAR(a b, 2)", "\"NEAR a\" & \"b\" & \"2\"" },
        { "-{reader}:p6b", "\"reader p6b\"" },
        { "\xee\x80\x80p6162", "\"p6162\"" },
        { "r\xc3\xa9sum\xc3\xa9", "\"r\xc3\xa9sum\xc3\xa9\"" },
        { "rapat\nkerja\ttahunan", "\"rapat\" & \"kerja\" & \"tahunan\"" },
        { "\"\"rapat\"\"", "\"rapat\"" },
    };

    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(GError) error = NULL;
        g_autoptr(NskSearchQuery) query = nsk_search_query_parse(cases[i].text, false, &error);

        g_test_message("%s", cases[i].text);
        g_assert_no_error(error);
        g_autofree char *match = join(query);
        g_assert_cmpstr(match, ==, cases[i].match);
    }
}

static void
test_what_is_no_search_is_refused_with_a_sentence(void)
{
    g_autofree char *longest = g_strnfill(1001, 'a');
    const struct {
        const char *text;
        int code;
        const char *said;
    } cases[] = {
        { "", NSK_ERROR_INVALID, "at least one word" },
        { "   ", NSK_ERROR_INVALID, "at least one word" },
        { "\"\" * // \xc2\xb7", NSK_ERROR_INVALID, "at least one word" },
        { "\xcc\x81", NSK_ERROR_INVALID, "at least one word" }, /* an accent alone */
        { "\xee\x80\x80", NSK_ERROR_INVALID, "at least one word" },
        { "an*", NSK_ERROR_INVALID, "at least 3 letters" },
        { "\"rapat an\"*", NSK_ERROR_INVALID, "at least 3 letters" },
        { "\xff\xfe", NSK_ERROR_INVALID, "UTF-8" },
        { longest, NSK_ERROR_LIMIT, "too long" },
        { "a b c d e f g h i j k l m n o p q", NSK_ERROR_LIMIT, "17 words" },
        { "1/2/3/4/5/6/7/8/9/10/11/12/13/14/15/16/17", NSK_ERROR_LIMIT, "17 words" },
    };

    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(GError) error = NULL;
        g_autoptr(NskSearchQuery) query = nsk_search_query_parse(cases[i].text, false, &error);

        g_assert_null(query);
        g_assert_error(error, NSK_ERROR, cases[i].code);
        g_assert_nonnull(strstr(error->message, cases[i].said));
    }
}

static void
test_no_input_is_syntax_to_the_index(Fixture *f, G_GNUC_UNUSED gconstpointer data)
{
    static const char *const texts[] = {
        "\" OR 1",
        "a\" OR \"b",
        "rapat)",
        "(rapat",
        "rapat OR kerja",
        "rapat NOT kerja",
        "{subject}: rapat",
        "^rapat",
        "rapat + kerja",
        "rapat';DROP TABLE doc;--",
        "NULL",
        "$1",
        "word",
        "rowid:1",
        "\\\"",
        "rapat\"*\"",
        "***",
        "\xf0\x9e\xa4\x80\xf0\x9e\xa4\x81 rapat",
        "\xe2\x80\x9crapat\xe2\x80\x9d",
        "\xe1\xb8\x9b\xcc\xa3",
        "'",
        "''rapat''",
    };

    fixture_put(f, "L1", &(NskSearchDoc){ .subject = "Undangan", .body = "rapat kerja" }, "p");
    for (size_t i = 0; i < G_N_ELEMENTS(texts); i++) {
        g_autoptr(GError) error = NULL;
        g_autoptr(NskSearchQuery) query = nsk_search_query_parse(texts[i], false, &error);

        g_test_message("%s", texts[i]);
        if (query == NULL) {
            g_assert_error(error, NSK_ERROR, NSK_ERROR_INVALID);
            continue;
        }
        g_autofree char *nobody = fixture_find(f, texts[i], "other");
        g_assert_cmpstr(nobody, ==, "");
        g_autofree char *found = fixture_find(f, texts[i], "p");
        g_assert_true(strcmp(found, "") == 0 || strcmp(found, "L1") == 0);
    }
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/archive/query/words-phrases-and-beginnings-are-told-apart",
                    test_words_phrases_and_beginnings_are_told_apart);
    g_test_add_func("/archive/query/what-is-no-search-is-refused-with-a-sentence",
                    test_what_is_no_search_is_refused_with_a_sentence);
    g_test_add("/archive/query/no-input-is-syntax-to-the-index", Fixture, NULL, fixture_set_up,
               test_no_input_is_syntax_to_the_index, fixture_tear_down);
    return g_test_run();
}
