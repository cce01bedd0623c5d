/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Signing sessions: what is cut off, refused, given up or overtaken.  (The first answer of a signer
 * is cut off in each test that says so; tests/fault/signing.py cuts at every other point.) */
#include "fixture.h"

#include <string.h>

static const char sql_evidence[] = "SELECT count(*) FROM signing_evidence WHERE letter = $1";
static const char sql_answers[] = "SELECT count(*) FROM signing_answer";

#define MINUTE ((int64_t)60 * G_USEC_PER_SEC)

static int64_t
count(Fixture *f, const char *sql, const char *letter)
{
    bool has_row = false;
    g_autoptr(GError) error = NULL;
    g_autofree char *path = g_build_filename(f->dir, "office.db", NULL);
    g_autoptr(NskDb) db = nsk_db_open(path, NSK_DB_READ, &error);
    g_assert_no_error(error);
    g_autoptr(NskDbTxn) txn = nsk_db_snapshot(db, &error);
    g_autoptr(NskDbRows) rows =
        letter != NULL ? nsk_db_query(txn, sql, NSK_DB_PARAMS(NSK_DB_TEXT(letter)), &error)
                       : nsk_db_query(txn, sql, NSK_DB_NO_PARAMS, &error);

    g_assert_true(nsk_db_rows_next(rows, &has_row, &error));
    g_assert_true(has_row);
    return nsk_db_rows_int(rows, 0);
}

static char *
to_signatory(Fixture *f, const char *signatories)
{
    char *letter = fixture_draft(f, &(Words){ .reviewers = "", .signatories = signatories });
    g_autoptr(NskJson) done = fixture_act(f, "damar", letter, "submit", NULL);

    g_assert_cmpstr(nsk_json_get_text(done, "state"), ==, "signing");
    return letter;
}

static char *
to_sekar(Fixture *f)
{
    return to_signatory(f, NULL);
}

static void
assert_signing(Fixture *f, const char *letter, const char *state, const char *waits)
{
    g_autoptr(NskJson) shown = fixture_show(f, "damar", letter);
    const NskJson *row = nsk_json_at(nsk_json_get(shown, "signings"), 0);

    g_assert_cmpstr(nsk_json_get_text(row, "state"), ==, state);
    g_assert_cmpstr(nsk_json_get_text(row, "waits"), ==, waits);
}

static void
confirm_fails(Fixture *f, const char *person, const NskSignAct *act, int code, const char *said)
{
    GError *error = NULL;
    NskJson *result = NULL;

    g_assert_false(fixture_confirm(f, person, act, &result, &error));
    g_assert_null(result);
    fixture_refused(&error, code, said);
}

/* The answer is stored, and then the program is cut off: only the first time in a program. */
static bool
cut_off(Fixture *f, const char *person, const char *letter)
{
    g_autofree char *shown = fixture_prepare(f, person, letter);
    const NskSignAct act = { letter, shown, NULL, f->passphrase, NULL };
    g_autoptr(GError) error = NULL;
    g_autoptr(NskJson) result = NULL;

    if (fixture_confirm(f, person, &act, &result, &error)) {
        g_test_skip("needs -Dfaults=true");
        return false;
    }
    g_assert_error(error, NSK_ERROR, NSK_ERROR_IO);
    assert_signing(f, letter, "answered", "");
    g_assert_cmpint(count(f, sql_answers, NULL), ==, 1);
    return true;
}

static void
test_an_answer_needs_no_second_secret(Fixture *f, gconstpointer data)
{
    g_autofree char *letter = to_sekar(f);
    g_autoptr(GError) error = NULL;
    g_autoptr(NskJson) result = NULL;

    (void)data;
    if (!cut_off(f, "sekar", letter))
        return;
    fixture_as(f, "sekar");
    g_assert_true(nsk_office_sign_resume(f->office, letter, &result, &error));
    g_assert_no_error(error);
    g_assert_cmpstr(nsk_json_get_text(result, "state"), ==, "archived");
    assert_signing(f, letter, "stored", "");
    g_assert_cmpint(count(f, sql_answers, NULL), ==, 0);
    g_assert_cmpint(count(f, sql_evidence, letter), ==, 0);
}

static void
test_three_wrong_passphrases_rest(Fixture *f, gconstpointer data)
{
    g_autofree char *letter = to_sekar(f);
    g_autofree char *shown = fixture_prepare(f, "sekar", letter);
    const NskSignAct wrong = { letter, shown, NULL, "salah", NULL };
    const NskSignAct right = { letter, shown, NULL, f->passphrase, NULL };
    g_autoptr(GError) error = NULL;
    g_autoptr(NskJson) result = NULL;

    (void)data;
    for (int i = 0; i < 3; i++)
        confirm_fails(f, "sekar", &wrong, NSK_ERROR_DENIED, "passphrase");
    assert_signing(f, letter, "refused", "secret");
    confirm_fails(f, "sekar", &right, NSK_ERROR_BUSY, "too many wrong passphrases");
    f->now += 16 * MINUTE;
    fixture_reopen(f, NULL); /* the helper counts by a clock of its own */
    g_assert_true(fixture_confirm(f, "sekar", &right, &result, &error));
    g_assert_no_error(error);
    g_autofree char *actions = fixture_actions(f, "sekar", letter);
    g_assert_nonnull(strstr(actions, "pages-frozen signature-refused signature-refused "
                                     "signature-refused signature-authorised signature-sent "
                                     "signature-answered letter-signed"));
}

static void
test_tries_are_counted_in_a_row(Fixture *f, gconstpointer data)
{
    g_autofree char *letter = to_sekar(f);
    g_autofree char *shown = fixture_prepare(f, "sekar", letter);
    const NskSignAct wrong = { letter, shown, NULL, "salah", NULL };
    g_autoptr(NskJson) back = NULL;

    (void)data;
    confirm_fails(f, "sekar", &wrong, NSK_ERROR_DENIED, "passphrase");
    confirm_fails(f, "sekar", &wrong, NSK_ERROR_DENIED, "passphrase");
    assert_signing(f, letter, "prepared", "");
    g_autoptr(NskJson) done = fixture_sign(f, "sekar", letter);
    g_assert_cmpstr(nsk_json_get_text(done, "state"), ==, "archived");
}

static void
test_what_does_not_wait_cannot_be_given_up(Fixture *f, gconstpointer data)
{
    g_autofree char *letter = to_sekar(f);
    GError *error = NULL;
    NskJson *result = NULL;

    (void)data;
    g_autofree char *shown = fixture_prepare(f, "sekar", letter);
    g_assert_nonnull(shown);
    fixture_as(f, "sekar");
    g_assert_false(nsk_office_sign_cancel(f->office, letter, &result, &error));
    fixture_refused(&error, NSK_ERROR_CONFLICT, "waits for its signer");
    fixture_as(f, "damar");
    g_assert_false(nsk_office_sign_cancel(f->office, letter, &result, &error));
    fixture_refused(&error, NSK_ERROR_DENIED, "not yours");
}

/* --- Several. ----------------------------------------------------------------------------------
 */

typedef struct {
    char *letters[3];
    char *digest;
} Three;

static void
three_clear(Three *self)
{
    for (int i = 0; i < 3; i++)
        g_free(self->letters[i]);
    g_free(self->digest);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Three, three_clear)

static void
prepare_three(Fixture *f, Three *three)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(NskJson) shown = NULL;

    for (int i = 0; i < 3; i++)
        three->letters[i] = to_sekar(f);
    fixture_as(f, "sekar");
    g_assert_true(nsk_office_sign_prepare_all(f->office, (const char *const *)three->letters, 3,
                                              &shown, &error));
    g_assert_no_error(error);
    three->digest = g_strdup(nsk_json_get_text(shown, "digest"));
    g_assert_nonnull(three->digest);
}

static NskJson *
confirm_three(Fixture *f, const Three *three)
{
    g_autoptr(GError) error = NULL;
    NskJson *result = NULL;
    const NskSignAct act = { NULL, three->digest, NULL, f->passphrase, NULL };

    fixture_as(f, "sekar");
    bool ok = nsk_office_sign_confirm_all(f->office, (const char *const *)three->letters, 3, &act,
                                          &result, &error);
    g_assert_no_error(error);
    g_assert_true(ok);
    return result;
}

static const NskJson *
result_of(const NskJson *answer, size_t i)
{
    return nsk_json_get(nsk_json_at(nsk_json_get(answer, "results"), i), "result");
}

static void
test_a_half_done_batch_goes_on(Fixture *f, gconstpointer data)
{
    g_auto(Three) three = { 0 };

    (void)data;
    prepare_three(f, &three);
    g_autoptr(NskJson) one = fixture_sign(f, "sekar", three.letters[1]);
    g_assert_nonnull(one);
    g_autoptr(NskJson) rest = confirm_three(f, &three);
    g_assert_cmpint(nsk_json_get_int(rest, "failed", -1), ==, 0);
    g_assert_true(nsk_json_get_bool(result_of(rest, 1), "already", false));
    g_assert_cmpstr(nsk_json_get_text(result_of(rest, 0), "state"), ==, "archived");
    g_assert_cmpstr(nsk_json_get_text(result_of(rest, 2), "state"), ==, "archived");
    /* and once more there is nothing left to do */
    g_autoptr(NskJson) again = confirm_three(f, &three);
    g_assert_cmpint(nsk_json_get_int(again, "failed", -1), ==, 0);
    for (size_t i = 0; i < 3; i++)
        g_assert_true(nsk_json_get_bool(result_of(again, i), "already", false));
}

static void
test_a_batch_that_is_not_what_was_shown_signs_nothing(Fixture *f, gconstpointer data)
{
    g_auto(Three) three = { 0 };
    GError *error = NULL;
    NskJson *result = NULL;

    (void)data;
    prepare_three(f, &three);
    const NskSignAct act = { NULL, three.digest, NULL, f->passphrase, NULL };
    const char *twice[] = { three.letters[0], three.letters[0], three.letters[2] };
    fixture_as(f, "sekar");
    g_assert_false(nsk_office_sign_confirm_all(f->office, (const char *const *)three.letters, 2,
                                               &act, &result, &error));
    fixture_refused(&error, NSK_ERROR_CONFLICT, "nothing was signed");
    g_assert_false(nsk_office_sign_confirm_all(f->office, twice, 3, &act, &result, &error));
    fixture_refused(&error, NSK_ERROR_CONFLICT, "nothing was signed");
    g_autoptr(NskJson) back = fixture_act(f, "sekar", three.letters[2], "return", "Ganti.");
    fixture_as(f, "sekar");
    g_assert_false(nsk_office_sign_confirm_all(f->office, (const char *const *)three.letters, 3,
                                               &act, &result, &error));
    fixture_refused(&error, NSK_ERROR_CONFLICT, "nothing was signed");
    for (int i = 0; i < 2; i++)
        assert_signing(f, three.letters[i], "prepared", NULL);
}

static void
test_a_wrong_secret_is_told_to_each_of_a_batch(Fixture *f, gconstpointer data)
{
    g_auto(Three) three = { 0 };
    g_autoptr(GError) error = NULL;
    g_autoptr(NskJson) result = NULL;

    (void)data;
    prepare_three(f, &three);
    const NskSignAct act = { NULL, three.digest, NULL, "salah", NULL };
    fixture_as(f, "sekar");
    g_assert_true(nsk_office_sign_confirm_all(f->office, (const char *const *)three.letters, 3,
                                              &act, &result, &error));
    g_assert_cmpint(nsk_json_get_int(result, "failed", -1), ==, 3);
    const NskJson *first = nsk_json_at(nsk_json_get(result, "results"), 0);
    g_assert_cmpint(nsk_json_get_int(first, "code", -1), ==, NSK_ERROR_DENIED);
    for (int i = 0; i < 3; i++)
        assert_signing(f, three.letters[i], "prepared", "");
}

/* --- A mandate that ends. ----------------------------------------------------------------------
 */

static void
test_a_mandate_that_ended_signs_nothing(Fixture *f, gconstpointer data)
{
    g_autofree char *letter = to_signatory(f, "kepala-biro-keuangan:plh");
    g_autofree char *shown = fixture_prepare(f, "maheswari", letter);
    const NskSignAct act = { letter, shown, NULL, f->passphrase, NULL };

    (void)data;
    f->now = fixture_morning("2026-07-27"); /* her mandate ended on the 24th */
    confirm_fails(f, "maheswari", &act, NSK_ERROR_NOT_FOUND, "may read");
    assert_signing(f, letter, "prepared", NULL);
}

int
main(int argc, char **argv)
{
    static const FixtureTest tests[] = {
        { "/office/session/an-answer-needs-no-second-secret", test_an_answer_needs_no_second_secret,
          NULL },
        { "/office/session/three-wrong-passphrases-rest", test_three_wrong_passphrases_rest, NULL },
        { "/office/session/tries-are-counted-in-a-row", test_tries_are_counted_in_a_row, NULL },
        { "/office/session/what-does-not-wait-cannot-be-given-up",
          test_what_does_not_wait_cannot_be_given_up, NULL },
        { "/office/session/a-half-done-batch-goes-on", test_a_half_done_batch_goes_on, NULL },
        { "/office/session/a-batch-that-is-not-what-was-shown-signs-nothing",
          test_a_batch_that_is_not_what_was_shown_signs_nothing, NULL },
        { "/office/session/a-wrong-secret-is-told-to-each-of-a-batch",
          test_a_wrong_secret_is_told_to_each_of_a_batch, NULL },
        { "/office/session/a-mandate-that-ended-signs-nothing",
          test_a_mandate_that_ended_signs_nothing, NULL },
    };

    g_assert_true(g_setenv("NASKAH_FAULT", "sign.answered:1:fail", TRUE));
    return fixture_main(argc, argv, tests, G_N_ELEMENTS(tests));
}
