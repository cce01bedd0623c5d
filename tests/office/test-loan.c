/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Loans of records, and what they open. */
#include "fixture.h"
#include "office/loan.h"

#include <string.h>

static NskJson *
try_act(Fixture *f, const char *person, const NskLoanAct *act, GError **error)
{
    NskJson *result = NULL;

    f->now += 60 * G_USEC_PER_SEC;
    fixture_as(f, person);
    return nsk_office_loan(f->office, act, &result, error) ? result : NULL;
}

static NskJson *
act(Fixture *f, const char *person, NskLoanAct what)
{
    g_autoptr(GError) error = NULL;
    NskJson *result = try_act(f, person, &what, &error);

    g_assert_no_error(error);
    return result;
}

/* Done, and then it stands so. */
static void
step(Fixture *f, const char *person, NskLoanAct what, const char *state)
{
    g_autoptr(NskJson) result = act(f, person, what);

    g_assert_cmpstr(nsk_json_get_text(result, "state"), ==, state);
}

static void
refuse(Fixture *f, const char *person, NskLoanAct what, int code, const char *said)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(NskJson) result = try_act(f, person, &what, &error);

    g_assert_null(result);
    fixture_refused(&error, code, said);
}

static char *
ask(Fixture *f, const char *person, const char *until)
{
    g_autoptr(NskJson) made = act(f, person,
                                  (NskLoanAct){ .act = "ask",
                                                .unit = "biro-umum",
                                                .what = "Undangan rapat",
                                                .until = until,
                                                .note = "Pemeriksaan." });

    g_assert_cmpstr(nsk_json_get_text(made, "state"), ==, "asked");
    return g_strdup(nsk_json_get_text(made, "loan"));
}

static char *
ended_letter(Fixture *f)
{
    NskJson *result = NULL;
    g_autoptr(GError) error = NULL;
    char *letter = fixture_draft(f, &(Words){ 0 });

    fixture_as(f, "damar");
    g_assert_true(nsk_office_letter_withdraw(f->office, letter, "Batal.", &result, &error));
    g_assert_no_error(error);
    nsk_json_unref(result);
    return letter;
}

static void
assert_open(Fixture *f, const char *person, const char *letter, bool open)
{
    NskJson *shown = NULL;
    g_autoptr(GError) error = NULL;

    fixture_as(f, person);
    bool read = nsk_office_letter_show(f->office, letter, &shown, &error);
    g_assert_cmpint(read, ==, open);
    if (read)
        nsk_json_unref(shown);
    else
        fixture_refused(&error, NSK_ERROR_NOT_FOUND, "");
}

static guint
count(Fixture *f, const char *person, bool overdue)
{
    NskJson *list = NULL;
    g_autoptr(GError) error = NULL;

    fixture_as(f, person);
    g_assert_true(nsk_office_loan_list(f->office, overdue, &list, &error));
    g_assert_no_error(error);
    guint n = (guint)nsk_json_length(nsk_json_get(list, "loans"));
    nsk_json_unref(list);
    return n;
}

static void
test_a_letter_is_open_while_it_is_lent(Fixture *f, gconstpointer data)
{
    NskJson *history = NULL;
    g_autoptr(GError) error = NULL;

    (void)data;
    f->now = fixture_morning("2026-07-20");
    g_autofree char *letter = ended_letter(f);
    g_autofree char *loan = ask(f, "naufal", "2026-07-22");
    assert_open(f, "naufal", letter, false);
    g_assert_cmpuint(count(f, "naufal", false), ==, 1);
    g_assert_cmpuint(count(f, "wening", false), ==, 1);
    g_assert_cmpuint(count(f, "kirana", false), ==, 0);
    const NskLoanAct grant = { .act = "grant", .loan = loan, .letter = letter };
    refuse(f, "kirana", grant, NSK_ERROR_NOT_FOUND, "there is no loan");
    refuse(f, "naufal", grant, NSK_ERROR_DENIED, "arsiparis-umum");
    refuse(f, "wening", (NskLoanAct){ .act = "give", .loan = loan }, NSK_ERROR_CONFLICT, "step");
    step(f, "wening", grant, "granted");
    assert_open(f, "naufal", letter, false);
    step(f, "wening", (NskLoanAct){ .act = "give", .loan = loan }, "given");
    assert_open(f, "naufal", letter, true);
    assert_open(f, "handoko", letter, false);
    fixture_as(f, "naufal");
    g_assert_false(nsk_office_letter_history(f->office, letter, &history, &error));
    fixture_refused(&error, NSK_ERROR_DENIED, "for those who made it");
    f->now = fixture_morning("2026-07-22");
    assert_open(f, "naufal", letter, true);
    f->now = fixture_morning("2026-07-23");
    assert_open(f, "naufal", letter, false);
    g_assert_cmpuint(count(f, "wening", true), ==, 0); /* no paper has to come back */
    f->now = fixture_morning("2026-07-21");
    step(f, "wening", (NskLoanAct){ .act = "return", .loan = loan }, "returned");
    assert_open(f, "naufal", letter, false);
    refuse(f, "wening", (NskLoanAct){ .act = "return", .loan = loan }, NSK_ERROR_CONFLICT, "step");
}

static void
test_papers_are_overdue(Fixture *f, gconstpointer data)
{
    (void)data;
    f->now = fixture_morning("2026-07-20");
    g_autofree char *loan = ask(f, "naufal", "2026-07-22");
    refuse(f, "wening", (NskLoanAct){ .act = "grant", .loan = loan }, NSK_ERROR_INVALID,
           "where the paper");
    step(f, "wening", (NskLoanAct){ .act = "grant", .loan = loan, .place = "Rak 3" }, "granted");
    step(f, "wening", (NskLoanAct){ .act = "give", .loan = loan }, "given");
    refuse(f, "naufal", (NskLoanAct){ .act = "withdraw", .loan = loan }, NSK_ERROR_CONFLICT,
           "step");
    f->now = fixture_morning("2026-07-22");
    g_assert_cmpuint(count(f, "wening", true), ==, 0);
    f->now = fixture_morning("2026-07-23");
    g_assert_cmpuint(count(f, "wening", true), ==, 1);
    g_assert_cmpuint(count(f, "naufal", true), ==, 1);
    step(f, "wening", (NskLoanAct){ .act = "return", .loan = loan }, "returned");
    g_assert_cmpuint(count(f, "wening", true), ==, 0);
}

static void
test_what_is_refused(Fixture *f, gconstpointer data)
{
    (void)data;
    f->now = fixture_morning("2026-07-20");
    NskLoanAct bad = { .act = "ask",
                       .unit = "biro-umum",
                       .what = "Undangan",
                       .until = "2026-07-19",
                       .note = "Pemeriksaan." };
    refuse(f, "naufal", bad, NSK_ERROR_INVALID, "today or later");
    bad.until = "besok";
    refuse(f, "naufal", bad, NSK_ERROR_INVALID, "besok");
    bad.until = "2026-07-22";
    bad.note = " ";
    refuse(f, "naufal", bad, NSK_ERROR_INVALID, "and why");
    bad.note = "Pemeriksaan.";
    bad.unit = "tidak-ada";
    refuse(f, "naufal", bad, NSK_ERROR_NOT_FOUND, "tidak-ada");
    g_autofree char *own = ask(f, "wening", "2026-07-22");
    refuse(f, "wening", (NskLoanAct){ .act = "grant", .loan = own, .place = "Rak" },
           NSK_ERROR_DENIED, "to himself");
    step(f, "wening", (NskLoanAct){ .act = "withdraw", .loan = own }, "withdrawn");
    g_autofree char *loan = ask(f, "naufal", "2026-07-22");
    refuse(f, "wening", (NskLoanAct){ .act = "refuse", .loan = loan }, NSK_ERROR_INVALID, "why");
    refuse(f, "wening", (NskLoanAct){ .act = "burn", .loan = loan }, NSK_ERROR_INVALID, "'burn'");
    refuse(f, "wening", (NskLoanAct){ .act = "withdraw", .loan = loan }, NSK_ERROR_DENIED,
           "who made it");
    step(f, "wening", (NskLoanAct){ .act = "refuse", .loan = loan, .note = "Sedang diperbaiki." },
         "refused");
    refuse(f, "wening", (NskLoanAct){ .act = "give", .loan = loan }, NSK_ERROR_CONFLICT, "step");
}

static const FixtureTest tests[] = {
    { "/loan/a-letter-is-open-while-it-is-lent", test_a_letter_is_open_while_it_is_lent, NULL },
    { "/loan/papers-are-overdue", test_papers_are_overdue, NULL },
    { "/loan/what-is-refused", test_what_is_refused, NULL },
};

int
main(int argc, char **argv)
{
    return fixture_main(argc, argv, tests, G_N_ELEMENTS(tests));
}
