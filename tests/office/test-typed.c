/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What is typed and not stored: whose it is, how long it lasts, and who is writing. */
#include "fixture.h"
#include "office/typed.h"

#include <string.h>

#define SECOND ((int64_t)G_USEC_PER_SEC)
#define DAY    (24 * 3600 * SECOND)
#define SECRET "kalimat yang belum boleh dibaca"

static NskJson *
typed_form(const char *text)
{
    NskJson *form = nsk_json_object();

    nsk_json_set_text(form, "text", text);
    return form;
}

/* As fixture_as(), with the clock as it is. */
static void
as(Fixture *f, const char *person)
{
    g_autoptr(GError) error = NULL;

    g_assert_true(nsk_office_act_as(f->office, person, &error));
    g_assert_no_error(error);
}

/* Keeps @text as @person; who writes then, NULL for a new letter. */
static NskJson *
keep(Fixture *f, const char *person, const char *letter, const char *text, bool take_over)
{
    NskJson *lease;
    g_autoptr(GError) error = NULL;
    g_autoptr(NskJson) form = typed_form(text);
    const NskTypedPlace place = { .letter = letter, .kind = "surat-dinas" };

    as(f, person);
    g_assert_true(nsk_office_typed_keep(f->office, &place, form, take_over, &lease, &error));
    g_assert_no_error(error);
    return lease;
}

static void
assert_kept(Fixture *f, const char *person, const char *letter, const char *text)
{
    NskJson *found;
    g_autoptr(GError) error = NULL;
    const NskTypedPlace place = { .letter = letter, .kind = "surat-dinas" };

    as(f, person);
    g_assert_true(nsk_office_typed_find(f->office, &place, &found, &error));
    g_assert_no_error(error);
    g_autoptr(NskJson) owned = found;
    g_assert_cmpstr(owned != NULL ? nsk_json_get_text(nsk_json_get(owned, "form"), "text") : NULL,
                    ==, text);
}

static void
assert_lease(NskJson *lease, const char *person, bool mine)
{
    g_assert_nonnull(lease);
    g_assert_nonnull(strstr(nsk_json_get_text(lease, "person"), person));
    g_assert_cmpint(nsk_json_get_bool(lease, "mine", !mine), ==, mine);
    nsk_json_unref(lease);
}

static NskJson *
find_lease(Fixture *f, const char *person, const char *letter)
{
    NskJson *lease;
    g_autoptr(GError) error = NULL;

    as(f, person);
    g_assert_true(nsk_office_lease_find(f->office, letter, &lease, &error));
    g_assert_no_error(error);
    return lease;
}

static void
drop(Fixture *f, const char *person, const char *letter)
{
    g_autoptr(GError) error = NULL;
    const NskTypedPlace place = { .letter = letter, .kind = "surat-dinas" };

    as(f, person);
    g_assert_true(nsk_office_typed_drop(f->office, &place, &error));
    g_assert_no_error(error);
}

static void
test_it_is_its_writers_alone(Fixture *f, gconstpointer data)
{
    g_autofree char *letter = fixture_draft(f, &(Words){ 0 });

    (void)data;
    nsk_json_unref(keep(f, "damar", letter, SECRET, false));
    g_assert_null(keep(f, "damar", NULL, "surat baru", false));
    nsk_json_unref(keep(f, "damar", letter, SECRET " lagi", false));
    assert_kept(f, "damar", letter, SECRET " lagi");
    assert_kept(f, "damar", NULL, "surat baru");
    assert_kept(f, "sekar", letter, NULL);
    assert_kept(f, "sekar", NULL, NULL);
    drop(f, "sekar", letter);
    assert_kept(f, "damar", letter, SECRET " lagi");
    drop(f, "damar", letter);
    assert_kept(f, "damar", letter, NULL);
    assert_kept(f, "damar", NULL, "surat baru");
}

/* The key is of person and letter: a row that was moved is opened by nobody. */
static void
test_a_moved_row_is_not_opened(Fixture *f, gconstpointer data)
{
    static const char move[] = "UPDATE typed SET person = 'sekar' WHERE place = $1";
    static const char back[] = "UPDATE typed SET person = 'damar' WHERE place = $1";
    static const char seen[] = "UPDATE typed SET place = place || '-terbaca' WHERE place = $1"
                               " AND instr(sealed, CAST('" SECRET "' AS BLOB)) > 0";
    g_autofree char *letter = fixture_draft(f, &(Words){ 0 });

    (void)data;
    nsk_json_unref(keep(f, "damar", letter, SECRET, false));
    fixture_tamper(f, move, letter);
    assert_kept(f, "sekar", letter, NULL);
    assert_kept(f, "damar", letter, NULL);
    fixture_tamper(f, back, letter);
    fixture_tamper(f, seen, letter);
    assert_kept(f, "damar", letter, SECRET);
}

static void
test_a_stranger_keeps_nothing(Fixture *f, gconstpointer data)
{
    NskJson *lease;
    g_autoptr(GError) error = NULL;
    g_autofree char *letter = fixture_draft(f, &(Words){ 0 });
    g_autoptr(NskJson) form = typed_form("x");
    const NskTypedPlace place = { .letter = letter };
    const NskTypedPlace odd = { .kind = "tiada" };

    (void)data;
    as(f, "wahyu");
    g_assert_false(nsk_office_typed_keep(f->office, &place, form, true, &lease, &error));
    fixture_refused(&error, NSK_ERROR_NOT_FOUND, "");
    g_assert_false(nsk_office_lease_find(f->office, letter, &lease, &error));
    fixture_refused(&error, NSK_ERROR_NOT_FOUND, "");
    g_assert_false(nsk_office_typed_keep(f->office, &odd, form, false, &lease, &error));
    g_assert_nonnull(error);
    g_assert_null(find_lease(f, "damar", letter));
}

static void
test_what_is_signed_takes_nothing(Fixture *f, gconstpointer data)
{
    NskJson *lease;
    g_autoptr(GError) error = NULL;
    g_autofree char *letter = fixture_to_signatory(f, &(Words){ 0 });
    g_autoptr(NskJson) done = fixture_sign(f, "sekar", letter);
    g_autoptr(NskJson) form = typed_form("x");
    const NskTypedPlace place = { .letter = letter };

    (void)data;
    as(f, "damar");
    g_assert_false(nsk_office_typed_keep(f->office, &place, form, false, &lease, &error));
    fixture_refused(&error, NSK_ERROR_CONFLICT, "no draft any more");
}

static void
test_one_writes_at_a_time(Fixture *f, gconstpointer data)
{
    g_autofree char *letter = fixture_draft(f, &(Words){ 0 });

    (void)data;
    g_assert_null(find_lease(f, "damar", letter));
    assert_lease(keep(f, "damar", letter, "satu", false), "Damar", true);
    g_autoptr(NskJson) first = find_lease(f, "damar", letter);
    g_autofree char *since = g_strdup(nsk_json_get_text(first, "since"));
    f->now += NSK_LEASE_TIME - SECOND;
    assert_lease(keep(f, "sekar", letter, "dua", false), "Damar", false);
    assert_kept(f, "sekar", letter, "dua"); /* what he types is kept all the same */
    assert_lease(keep(f, "damar", letter, "tiga", false), "Damar", true);
    f->now += NSK_LEASE_TIME - SECOND;
    g_autoptr(NskJson) renewed = find_lease(f, "sekar", letter);
    g_assert_cmpstr(nsk_json_get_text(renewed, "since"), ==, since);
    assert_lease(keep(f, "sekar", letter, "empat", true), "Sekar", true);
    assert_lease(keep(f, "damar", letter, "lima", false), "Sekar", false);
    assert_kept(f, "damar", letter, "lima");
    drop(f, "damar", letter); /* ends only his own */
    assert_lease(find_lease(f, "damar", letter), "Sekar", false);
    drop(f, "sekar", letter);
    g_assert_null(find_lease(f, "damar", letter));
}

static void
test_a_lease_ends_by_itself(Fixture *f, gconstpointer data)
{
    g_autofree char *letter = fixture_draft(f, &(Words){ 0 });

    (void)data;
    nsk_json_unref(keep(f, "damar", letter, "satu", false));
    f->now += NSK_LEASE_TIME + SECOND;
    g_assert_null(find_lease(f, "sekar", letter));
    assert_lease(keep(f, "sekar", letter, "dua", false), "Sekar", true);
}

static void
test_what_is_old_is_forgotten(Fixture *f, gconstpointer data)
{
    g_autoptr(GError) error = NULL;
    g_autofree char *letter = fixture_draft(f, &(Words){ 0 });

    (void)data;
    nsk_json_unref(keep(f, "damar", letter, "lama", false));
    f->now += 20 * DAY;
    g_assert_null(keep(f, "damar", NULL, "baru", false));
    f->now += 11 * DAY;
    g_assert_true(nsk_office_forget_typed(f->office, &error));
    g_assert_no_error(error);
    assert_kept(f, "damar", letter, NULL);
    assert_kept(f, "damar", NULL, "baru");
    g_assert_true(nsk_office_forget_typed(f->office, &error));
    g_assert_no_error(error);
}

static const FixtureTest tests[] = {
    { "/office/typed/it-is-its-writers-alone", test_it_is_its_writers_alone, NULL },
    { "/office/typed/a-moved-row-is-not-opened", test_a_moved_row_is_not_opened, NULL },
    { "/office/typed/a-stranger-keeps-nothing", test_a_stranger_keeps_nothing, NULL },
    { "/office/typed/what-is-signed-takes-nothing", test_what_is_signed_takes_nothing, NULL },
    { "/office/typed/one-writes-at-a-time", test_one_writes_at_a_time, NULL },
    { "/office/typed/a-lease-ends-by-itself", test_a_lease_ends_by_itself, NULL },
    { "/office/typed/what-is-old-is-forgotten", test_what_is_old_is_forgotten, NULL },
};

int
main(int argc, char **argv)
{
    return fixture_main(argc, argv, tests, G_N_ELEMENTS(tests));
}
