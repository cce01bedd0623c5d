/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Letters that refer to each other. */
#include "fixture.h"
#include "office/office-private.h"

#include <string.h>

/* A draft of damar that refers to @target. */
static char *
draft_to(Fixture *f, const char *type, const char *target, const char *subject)
{
    g_autofree char *references = g_strdup_printf("%s:%s", type, target);

    return fixture_draft(f, &(Words){ .subject = subject, .references = references });
}

/* "direction type letter subject" of each link that @person is shown. */
static char *
links_of(Fixture *f, const char *person, const char *letter)
{
    g_autoptr(NskJson) shown = fixture_show(f, person, letter);
    const NskJson *links = nsk_json_get(shown, "links");
    g_autoptr(GString) words = g_string_new(NULL);

    for (size_t i = 0; i < nsk_json_length(links); i++) {
        const NskJson *link = nsk_json_at(links, i);
        const char *subject = nsk_json_get_text(link, "subject");

        g_string_append_printf(words, "%s%s %s %s %s", i > 0 ? "; " : "",
                               nsk_json_get_text(link, "direction"),
                               nsk_json_get_text(link, "type"), nsk_json_get_text(link, "letter"),
                               subject != NULL ? subject : "-");
    }
    return g_string_free(g_steal_pointer(&words), FALSE);
}

static void
test_each_is_found_from_the_other(Fixture *f, gconstpointer data)
{
    g_autofree char *first = fixture_draft(f, &(Words){ .subject = "Permintaan" });
    g_autofree char *answer = draft_to(f, "answers", first, "Jawaban");
    g_autofree char *from = links_of(f, "damar", first);
    g_autofree char *to = links_of(f, "damar", answer);
    g_autofree char *said_from = g_strdup_printf("from answers %s Jawaban", answer);
    g_autofree char *said_to = g_strdup_printf("to answers %s Permintaan", first);

    (void)data;
    g_assert_cmpstr(from, ==, said_from);
    g_assert_cmpstr(to, ==, said_to);
}

static void
test_a_new_version_says_what_is_linked(Fixture *f, gconstpointer data)
{
    g_autofree char *first = fixture_draft(f, &(Words){ .subject = "Satu" });
    g_autofree char *second = fixture_draft(f, &(Words){ .subject = "Dua" });
    g_autofree char *letter = draft_to(f, "corrects", first, "Ralat");
    g_autofree char *references = g_strdup_printf("about:%s", second);
    g_autoptr(NskJson) result =
        fixture_edit(f, "damar", letter, &(Words){ .references = references });

    (void)data;
    g_autofree char *none = links_of(f, "damar", first);
    g_autofree char *to = links_of(f, "damar", letter);
    g_autofree char *said = g_strdup_printf("to about %s Dua", second);
    g_assert_cmpstr(none, ==, "");
    g_assert_cmpstr(to, ==, said);
}

static void
test_who_may_not_read_a_letter_is_not_told_of_it(Fixture *f, gconstpointer data)
{
    g_autoptr(GBytes) own = fixture_letter(&(Words){ .subject = "Rahasia Dapur",
                                                     .reviewers = "kepala-bagian-kinerja",
                                                     .signatories = "kepala-biro-sdm:plt" });
    g_autofree char *hidden = fixture_draft_of(f, "taufan", NULL, own);
    g_autofree char *letter = draft_to(f, "revokes", hidden, "Pencabutan");
    g_autofree char *to = links_of(f, "damar", letter);
    g_autofree char *from = links_of(f, "taufan", hidden);
    g_autofree char *said = g_strdup_printf("to revokes %s -", hidden);

    (void)data;
    g_assert_cmpstr(to, ==, said);
    g_assert_cmpstr(from, ==, "");
}

static const FixtureTest tests[] = {
    { "/office/link/each-letter-is-found-from-the-other", test_each_is_found_from_the_other, NULL },
    { "/office/link/a-new-version-says-what-is-linked", test_a_new_version_says_what_is_linked,
      NULL },
    { "/office/link/who-may-not-read-a-letter-is-not-told-of-it",
      test_who_may_not_read_a_letter_is_not_told_of_it, NULL },
};

int
main(int argc, char **argv)
{
    return fixture_main(argc, argv, tests, G_N_ELEMENTS(tests));
}
