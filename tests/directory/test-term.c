/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Terms in working days, with stops. */
#include "directory/directory.h"

static NskDate
day(const char *text)
{
    NskDate date;

    g_assert_true(nsk_date_parse(text, &date, NULL));
    return date;
}

static void
assert_day(NskDate found, const char *expected)
{
    g_autofree char *text = nsk_date_format(found);

    g_assert_cmpstr(text, ==, expected);
}

static NskCalendar *
shipped(void)
{
    g_autoptr(GError) error = NULL;
    NskCalendar *calendar = nsk_calendar_load_shipped(&error);

    g_assert_no_error(error);
    return calendar;
}

static void
test_days_of_a_term(void)
{
    static const struct {
        NskTerm term;
        const char *from;
        int spent;
        const char *warn, *escalate, *last, *deemed;
    } cases[] = {
        /* a week without a holiday: Monday, four days */
        { { 4, 2, 1 }, "2026-08-03", 0, "2026-08-06", "2026-08-07", "2026-08-07", "2026-08-08" },
        { { 5, 2, 1 }, "2026-08-03", 0, "2026-08-07", "2026-08-10", "2026-08-10", "2026-08-11" },
        /* over Nyepi and Lebaran, with joint leave: +5 from 17 March is 31 March */
        { { 5, 2, 1 }, "2026-03-17", 0, "2026-03-30", "2026-03-31", "2026-03-31", "2026-04-01" },
        /* over the Lunar new year: +2 from 13 February is 19 February */
        { { 2, 2, 1 }, "2026-02-13", 0, "2026-02-18", "2026-02-19", "2026-02-19", "2026-02-20" },
        /* +1 from 13 May is 18 May */
        { { 1, 1, 0 }, "2026-05-13", 0, "2026-05-18", "2026-05-19", "2026-05-18", "2026-05-19" },
        /* begun on a holiday, and on a Saturday */
        { { 1, 1, 1 }, "2026-08-17", 0, "2026-08-18", "2026-08-18", "2026-08-18", "2026-08-19" },
        { { 1, 1, 1 }, "2026-08-01", 0, "2026-08-03", "2026-08-03", "2026-08-03", "2026-08-04" },
        /* with days used up before: the last one left, none left, more than there were */
        { { 5, 2, 1 }, "2026-08-03", 4, "2026-08-03", "2026-08-04", "2026-08-04", "2026-08-05" },
        { { 5, 2, 1 }, "2026-08-03", 5, "2026-07-31", "2026-08-03", "2026-08-03", "2026-08-04" },
        { { 5, 2, 1 }, "2026-08-03", 9, "2026-07-31", "2026-08-03", "2026-08-03", "2026-08-04" },
        /* into a year that has no calendar */
        { { 5, 2, 1 }, "2030-12-27", 0, "2031-01-02", "2031-01-03", "2031-01-03", "2031-01-04" },
    };
    g_autoptr(NskCalendar) calendar = shipped();

    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        NskTermDays days;
        g_autoptr(GError) error = NULL;

        g_test_message("case %zu", i);
        g_assert_true(nsk_term_run(calendar, &cases[i].term, day(cases[i].from), cases[i].spent,
                                   &days, &error));
        g_assert_no_error(error);
        assert_day(days.last, cases[i].last);
        assert_day(days.deemed, cases[i].deemed);
        assert_day(days.warn, cases[i].warn);
        assert_day(days.escalate, cases[i].escalate);
    }
}

static void
test_bad_terms_are_refused(void)
{
    static const struct {
        NskTerm term;
        int spent;
    } cases[] = {
        { { 0, 0, 0 }, 0 },   { { 367, 0, 0 }, 0 }, { { 5, -1, 0 }, 0 },
        { { 5, 0, 400 }, 0 }, { { 5, 2, 1 }, -1 },
    };
    g_autoptr(NskCalendar) calendar = shipped();

    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        NskTermDays days;
        g_autoptr(GError) error = NULL;

        g_assert_false(nsk_term_run(calendar, &cases[i].term, day("2026-08-03"), cases[i].spent,
                                    &days, &error));
        g_assert_error(error, NSK_ERROR, NSK_ERROR_INVALID);
    }
}

/* However a stretch is cut, the pieces have its sum: every working day counts once. */
static void
test_a_stretch_can_be_cut_anywhere(void)
{
    int whole;
    g_autoptr(NskCalendar) calendar = shipped();
    NskDate from = day("2026-03-02");
    NskDate until = day("2026-04-30");

    whole = nsk_term_spend(calendar, from, until);
    g_assert_cmpint(whole, ==, 37); /* 17 of March, 21 of April, but for the 2nd of March itself */
    for (NskDate cut = from; nsk_date_compare(cut, until) <= 0; cut = nsk_date_add_days(cut, 1)) {
        int first = nsk_term_spend(calendar, from, cut);
        int second = nsk_term_spend(calendar, cut, until);

        g_assert_cmpint(first + second, ==, whole);
    }
    g_assert_cmpint(nsk_term_spend(calendar, until, from), ==, 0);
}

/* A stop moves the end by the working days that it lasted, and by nothing if it is over at once. */
static void
test_a_stop_moves_the_end(void)
{
    static const struct {
        const char *stop, *start, *last;
    } cases[] = {
        { "2026-08-05", "2026-08-05", "2026-08-10" }, /* the same day: as if there was no stop */
        { "2026-08-05", "2026-08-06", "2026-08-11" }, { "2026-08-05", "2026-08-12", "2026-08-18" },
        { "2026-08-07", "2026-08-09", "2026-08-10" }, /* over a weekend */
        { "2026-08-03", "2026-08-10", "2026-08-18" }, /* at once: nothing was used up */
        { "2026-08-10", "2026-08-20", "2026-08-20" }, /* on the last day: nothing is left */
    };
    const NskTerm term = { 5, 2, 1 };
    g_autoptr(NskCalendar) calendar = shipped();

    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        int spent;
        NskTermDays days;

        g_test_message("case %zu", i);
        spent = nsk_term_spend(calendar, day("2026-08-03"), day(cases[i].stop));
        g_assert_true(nsk_term_run(calendar, &term, day(cases[i].start), spent, &days, NULL));
        assert_day(days.last, cases[i].last);
    }
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/directory/term/days-of-a-term", test_days_of_a_term);
    g_test_add_func("/directory/term/bad-terms-are-refused", test_bad_terms_are_refused);
    g_test_add_func("/directory/term/a-stretch-can-be-cut-anywhere",
                    test_a_stretch_can_be_cut_anywhere);
    g_test_add_func("/directory/term/a-stop-moves-the-end", test_a_stop_moves_the_end);
    return g_test_run();
}
