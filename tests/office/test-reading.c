/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Every reading of a secret letter is an event, once. */
#include "fixture.h"
#include "office/access.h"

#include <string.h>

#define MINUTE (60 * (NskInstant)G_USEC_PER_SEC)

static const char sql_stop[] = "CREATE TRIGGER stop BEFORE INSERT ON reading BEGIN"
                               " SELECT RAISE(ABORT, 'full'); END";
static const char sql_ahead[] =
    "UPDATE reader_copy SET at = at + 1000000000000 WHERE letter = $1 AND what = 'screen'";

static const Words secret = { .security = "rahasia", .reviewers = "" };

/* "person:how:version ..." of the list of readings, as damar sees it; his look at it is left out.
 */
static char *
readings(Fixture *f, const char *letter)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(NskJson) result = NULL;
    GString *text = g_string_new(NULL);

    fixture_as(f, "damar");
    g_assert_true(nsk_office_access_readings(f->office, letter, &result, &error));
    g_assert_no_error(error);
    const NskJson *list = nsk_json_get(result, "readings");
    for (size_t i = 0; i < nsk_json_length(list); i++) {
        const NskJson *row = nsk_json_at(list, i);
        const char *how = nsk_json_get_text(row, "how");

        g_assert_cmpstr(nsk_json_get_text(row, "by"), ==, "demo");
        if (strcmp(how, "history") != 0)
            g_string_append_printf(text, "%s%s:%s:%d", text->len > 0 ? " " : "",
                                   nsk_json_get_text(row, "person"), how,
                                   (int)nsk_json_get_int(row, "version", -1));
    }
    return g_string_free(text, FALSE);
}

static void
assert_readings(Fixture *f, const char *letter, const char *expected)
{
    g_autofree char *found = readings(f, letter);

    g_assert_cmpstr(found, ==, expected);
}

static void
look(Fixture *f, const char *person, const char *letter)
{
    g_autoptr(NskJson) shown = fixture_show(f, person, letter);

    g_assert_nonnull(nsk_json_get_text(shown, "subject"));
}

static void
take(Fixture *f, const char *person, const char *letter, int form)
{
    g_autoptr(GBytes) bytes = fixture_export(f, person, letter, form);

    g_assert_cmpuint(g_bytes_get_size(bytes), >, 100);
}

static void
test_a_reading_is_told_once(Fixture *f, gconstpointer data)
{
    g_autofree char *letter = fixture_draft(f, &secret);

    (void)data;
    f->now += 60 * MINUTE;
    look(f, "sekar", letter);
    look(f, "sekar", letter);
    take(f, "sekar", letter, NSK_EXPORT_HTML);
    take(f, "sekar", letter, NSK_EXPORT_PREVIEW);
    assert_readings(f, letter, "sekar:opened:1");
    take(f, "sekar", letter, NSK_EXPORT_PDF);
    take(f, "sekar", letter, NSK_EXPORT_PDF);
    assert_readings(f, letter, "sekar:opened:1 sekar:taken:1");
    /* another file is another copy */
    take(f, "sekar", letter, NSK_EXPORT_XML);
    assert_readings(f, letter, "sekar:opened:1 sekar:taken:1 sekar:taken:1");
    look(f, "damar", letter);
    f->now += 16 * MINUTE;
    look(f, "sekar", letter);
    assert_readings(f, letter,
                    "sekar:opened:1 sekar:taken:1 sekar:taken:1 damar:opened:1 sekar:opened:1");
    /* a row of the index that is ahead of its time hides nothing */
    fixture_tamper(f, sql_ahead, letter);
    look(f, "sekar", letter);
    assert_readings(f, letter,
                    "sekar:opened:1 sekar:taken:1 sekar:taken:1 damar:opened:1 sekar:opened:1 "
                    "sekar:opened:1");
}

/* Who reads is in nobody's way: no version, no change, and the history holds. */
static void
test_a_reading_changes_nothing(Fixture *f, gconstpointer data)
{
    g_autofree char *letter = fixture_draft(f, &secret);
    g_autoptr(NskJson) before = fixture_show(f, "damar", letter);
    f->now += 60 * MINUTE;
    g_autoptr(NskJson) after = fixture_show(f, "sekar", letter);
    Words words = secret;

    (void)data;
    g_assert_cmpstr(nsk_json_get_text(before, "changed"), ==, nsk_json_get_text(after, "changed"));
    g_assert_cmpint(nsk_json_get_int(after, "version", 0), ==, 1);
    words.text = "Lain.";
    g_autoptr(NskJson) edited = fixture_edit(f, "damar", letter, &words);
    f->now += 60 * MINUTE;
    look(f, "sekar", letter);
    assert_readings(f, letter, "damar:opened:1 sekar:opened:1 sekar:opened:2");
    g_autofree char *actions = fixture_actions(f, "damar", letter);
    g_assert_nonnull(strstr(actions, "letter-created letter-opened letter-opened "));
    g_assert_nonnull(strstr(actions, "history-opened"));
    g_autofree char *faults = fixture_doctor(f);
    g_assert_cmpstr(faults, ==, "");
}

static void
test_readings_of_other_letters_are_nobodys_affair(Fixture *f, gconstpointer data)
{
    g_autofree char *letter = fixture_draft(f, &(Words){ .security = "terbatas" });

    (void)data;
    look(f, "damar", letter);
    take(f, "sekar", letter, NSK_EXPORT_PDF);
    assert_readings(f, letter, "");
    g_autofree char *actions = fixture_actions(f, "damar", letter);
    g_assert_cmpstr(actions, ==, "letter-created");
}

static void
test_a_stranger_leaves_no_reading(Fixture *f, gconstpointer data)
{
    g_autofree char *letter = fixture_draft(f, &secret);

    (void)data;
    g_assert_false(fixture_finds(f, "wening", letter));
    g_assert_false(fixture_finds(f, "taufan", letter));
    assert_readings(f, letter, "");
}

/* What cannot be recorded is not shown. */
static void
test_what_cannot_be_recorded_is_not_shown(Fixture *f, gconstpointer data)
{
    g_autofree char *letter = fixture_draft(f, &secret);
    g_autofree char *other = fixture_draft(f, &(Words){ 0 });
    g_autoptr(GError) error = NULL;
    g_autoptr(NskJson) result = NULL;
    g_autoptr(GBytes) bytes = NULL;
    NskExport what = { .form = NSK_EXPORT_PDF };

    (void)data;
    fixture_tamper(f, sql_stop, NULL);
    fixture_as(f, "damar");
    g_assert_false(nsk_office_letter_show(f->office, letter, &result, &error));
    g_assert_nonnull(strstr(error->message, "is secret, and it is shown only after its reading"));
    g_clear_error(&error);
    g_assert_null(result);
    g_assert_false(nsk_office_letter_export(f->office, letter, &what, &bytes, &error));
    g_assert_null(bytes);
    g_assert_nonnull(strstr(error->message, "is secret, and it is shown only after its reading"));
    g_clear_error(&error);
    g_assert_false(nsk_office_letter_history(f->office, letter, &result, &error));
    g_assert_nonnull(error);
    look(f, "damar", other);
}

int
main(int argc, char **argv)
{
    static const FixtureTest tests[] = {
        { "/office/reading/is-told-once", test_a_reading_is_told_once, NULL },
        { "/office/reading/changes-nothing", test_a_reading_changes_nothing, NULL },
        { "/office/reading/of-other-letters-are-nobodys-affair",
          test_readings_of_other_letters_are_nobodys_affair, NULL },
        { "/office/reading/a-stranger-leaves-none", test_a_stranger_leaves_no_reading, NULL },
        { "/office/reading/what-cannot-be-recorded-is-not-shown",
          test_what_cannot_be_recorded_is_not_shown, NULL },
    };

    return fixture_main(argc, argv, tests, G_N_ELEMENTS(tests));
}
