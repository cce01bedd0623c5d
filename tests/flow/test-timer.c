/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "flow-helper.h"
#include "flow/flow-private.h"

static NskInstant
at(const char *text)
{
    g_autofree char *whole = g_strconcat(text, ".000000Z", NULL);
    g_autoptr(GError) error = NULL;
    NskInstant instant;

    (void)nsk_instant_parse(whole, &instant, &error);
    g_assert_no_error(error);
    return instant;
}

static void
expect_instant(NskInstant got, const char *wanted)
{
    g_autofree char *text = nsk_instant_format(got);
    g_autofree char *whole = g_strconcat(wanted, ".000000Z", NULL);

    g_assert_cmpstr(text, ==, whole);
}

static FlowTime
parse(FlowTimeKind kind, const char *text)
{
    g_autoptr(GError) error = NULL;
    FlowTime time = { 0 };

    g_assert_true(nsk_flow_time_parse(kind, text, &time, &error));
    return time;
}

static int
west_indonesia(G_GNUC_UNUSED void *data, G_GNUC_UNUSED NskInstant instant)
{
    return 7 * 60;
}

/* A zone that goes from +1 to +2 hours at 2026-03-29T01:00Z and back at 2026-10-25T01:00Z. */
static int
summer_zone(G_GNUC_UNUSED void *data, NskInstant instant)
{
    return instant >= at("2026-03-29T01:00:00") && instant < at("2026-10-25T01:00:00") ? 120 : 60;
}

/* 17 August 2026 is a Monday and a holiday. */
static bool
with_holiday(G_GNUC_UNUSED void *data,
             NskDate from,
             int days,
             NskDate *out_date,
             G_GNUC_UNUSED GError **error)
{
    while (days > 0) {
        from = nsk_date_add_days(from, 1);
        if (nsk_date_weekday(from) <= 5 && !(from.month == 8 && from.day == 17))
            days--;
    }
    *out_date = from;
    return true;
}

static void
test_words_are_read(void)
{
    static const struct {
        FlowTimeKind kind;
        const char *text;
        FlowTime wanted;
    } rows[] = {
        { FLOW_TIME_DURATION, "P3D", { .days = 3 } },
        { FLOW_TIME_DURATION,
          "P1Y2M3W4DT5H6M7.5S",
          { .months = 14, .days = 25, .us = INT64_C(18367500000) } },
        { FLOW_TIME_DURATION, "PT36H", { .us = INT64_C(129600000000) } },
        { FLOW_TIME_CYCLE, "R3/PT10H", { .us = INT64_C(36000000000), .turns = 3 } },
        { FLOW_TIME_CYCLE, "R/P1M", { .months = 1, .turns = -1 } },
        { FLOW_TIME_CYCLE, "P1D", { .days = 1, .turns = 1 } },
        { FLOW_TIME_CYCLE,
          "R2/2026-01-01T00:00:00Z/P1D",
          { .has_start = true, .start = INT64_C(1767225600000000), .days = 1, .turns = 2 } },
        { FLOW_TIME_DATE,
          "2026-01-01",
          { .has_start = true, .local = true, .start = INT64_C(1767225600000000) } },
        { FLOW_TIME_DATE,
          "2026-01-01T07:00:00+07:00",
          { .has_start = true, .start = INT64_C(1767225600000000) } },
        { FLOW_TIME_DATE,
          "2025-12-31T16:30-07:30",
          { .has_start = true, .start = INT64_C(1767225600000000) } },
        { FLOW_TIME_DATE,
          "2026-01-01T00:00:00.25Z",
          { .has_start = true, .start = INT64_C(1767225600250000) } },
    };

    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
        FlowTime time = parse(rows[i].kind, rows[i].text);

        g_assert_cmpint(time.kind, ==, rows[i].kind);
        g_assert_cmpuint(time.months, ==, rows[i].wanted.months);
        g_assert_cmpuint(time.days, ==, rows[i].wanted.days);
        g_assert_cmpint(time.us, ==, rows[i].wanted.us);
        g_assert_cmpint(time.turns, ==, rows[i].wanted.turns);
        g_assert_cmpint(time.start, ==, rows[i].wanted.start);
        g_assert_true(time.has_start == rows[i].wanted.has_start);
        g_assert_true(time.local == rows[i].wanted.local);
    }
}

static void
test_wrong_words_are_refused(void)
{
    static const struct {
        FlowTimeKind kind;
        const char *text;
    } rows[] = {
        { FLOW_TIME_DURATION, "" },
        { FLOW_TIME_DURATION, "3D" },
        { FLOW_TIME_DURATION, "P" },
        { FLOW_TIME_DURATION, "PT" },
        { FLOW_TIME_DURATION, "P1DT" },
        { FLOW_TIME_DURATION, "-P1D" },
        { FLOW_TIME_DURATION, "P1H" },
        { FLOW_TIME_DURATION, "PT1D" },
        { FLOW_TIME_DURATION, "P1D2M" },
        { FLOW_TIME_DURATION, "P1D1D" },
        { FLOW_TIME_DURATION, "PT1S1H" },
        { FLOW_TIME_DURATION, "P1.5D" },
        { FLOW_TIME_DURATION, "PT1.S" },
        { FLOW_TIME_DURATION, "P999999999D" },
        { FLOW_TIME_DURATION, "P1D " },
        { FLOW_TIME_DURATION, "2026-01-01" },
        { FLOW_TIME_CYCLE, "R0/P1D" },
        { FLOW_TIME_CYCLE, "R3" },
        { FLOW_TIME_CYCLE, "R/PT0S" },
        { FLOW_TIME_CYCLE, "R-1/P1D" },
        { FLOW_TIME_CYCLE, "R3/P1D/2026-01-01" },
        { FLOW_TIME_CYCLE, "R3/2026-01-01" },
        { FLOW_TIME_CYCLE, "0 0 9 * * ?" },
        { FLOW_TIME_DATE, "2026-02-30" },
        { FLOW_TIME_DATE, "2026-01-01T" },
        { FLOW_TIME_DATE, "2026-01-01T24:00" },
        { FLOW_TIME_DATE, "2026-01-01T09" },
        { FLOW_TIME_DATE, "2026-01-01T09:00+7" },
        { FLOW_TIME_DATE, "2026-01-01T09:00+15:00" },
        { FLOW_TIME_DATE, "besok" },
    };

    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
        g_autoptr(GError) error = NULL;
        FlowTime time;

        g_assert_false(nsk_flow_time_parse(rows[i].kind, rows[i].text, &time, &error));
        g_assert_error(error, NSK_ERROR, NSK_ERROR_INVALID);
        g_assert_nonnull(strstr(error->message, "ISO 8601"));
    }
}

static void
test_first_time(void)
{
    static const struct {
        FlowTimeKind kind;
        const char *text;
        bool working;
        const char *from;
        const char *wanted;
    } rows[] = {
        { FLOW_TIME_DURATION, "PT90M", false, "2026-07-22T02:00:00", "2026-07-22T03:30:00" },
        { FLOW_TIME_DURATION, "P1M", false, "2026-01-31T02:00:00", "2026-02-28T02:00:00" },
        { FLOW_TIME_DURATION, "P1Y", false, "2028-02-29T02:00:00", "2029-02-28T02:00:00" },
        { FLOW_TIME_DURATION, "P1DT1H", false, "2026-12-31T20:00:00", "2027-01-01T21:00:00" },
        /* 18:00 in UTC is 01:00 of the next day there: Friday 14 August; three working days over a
         * week-end and the holiday are Thursday */
        { FLOW_TIME_DURATION, "P3D", true, "2026-08-13T18:00:00", "2026-08-19T18:00:00" },
        { FLOW_TIME_DURATION, "P1D", true, "2026-08-14T02:00:00", "2026-08-18T02:00:00" },
        { FLOW_TIME_DATE, "2026-07-22", false, "2026-01-01T00:00:00", "2026-07-21T17:00:00" },
        { FLOW_TIME_DATE, "2020-07-22T09:00:00Z", false, "2026-01-01T00:00:00",
          "2020-07-22T09:00:00" },
        { FLOW_TIME_CYCLE, "R/2026-01-01T00:00:00Z/P1D", false, "2025-06-01T00:00:00",
          "2026-01-01T00:00:00" },
        /* the grid of a start that has passed */
        { FLOW_TIME_CYCLE, "R/2026-01-01T00:00:00Z/PT10H", false, "2026-01-02T00:00:00",
          "2026-01-02T06:00:00" },
        { FLOW_TIME_CYCLE, "R/2026-01-05T09:00:00/P7D", false, "2026-02-01T00:00:00",
          "2026-02-02T02:00:00" },
    };
    const NskFlowFacts facts = { .zone_minutes = west_indonesia, .add_working_days = with_holiday };

    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
        FlowTime time = parse(rows[i].kind, rows[i].text);
        g_autoptr(GError) error = NULL;
        FlowTurn turn = { 0 };

        time.working = rows[i].working;
        (void)nsk_flow_time_first(&time, at(rows[i].from), &facts, &turn, &error);
        g_assert_no_error(error);
        expect_instant(turn.due, rows[i].wanted);
    }
}

/* A day later is the same time of day, whatever the clocks do. */
static void
test_days_keep_the_time_of_day(void)
{
    const NskFlowFacts facts = { .zone_minutes = summer_zone };
    FlowTime day = parse(FLOW_TIME_DURATION, "P1D");
    FlowTime hours = parse(FLOW_TIME_DURATION, "PT24H");
    FlowTurn turn;

    g_assert_true(nsk_flow_time_first(&day, at("2026-03-28T08:00:00"), &facts, &turn, NULL));
    expect_instant(turn.due, "2026-03-29T07:00:00");
    g_assert_true(nsk_flow_time_first(&hours, at("2026-03-28T08:00:00"), &facts, &turn, NULL));
    expect_instant(turn.due, "2026-03-29T08:00:00");
    g_assert_true(nsk_flow_time_first(&day, at("2026-10-24T07:00:00"), &facts, &turn, NULL));
    expect_instant(turn.due, "2026-10-25T08:00:00");
}

static void
test_cycle_keeps_its_grid_and_counts_what_it_missed(void)
{
    static const struct {
        const char *text;
        const char *last;
        const char *now;
        const char *wanted;
        unsigned missed;
    } rows[] = {
        { "R/PT10H", "2026-01-01T00:00:00", "2026-01-01T00:00:00", "2026-01-01T10:00:00", 0 },
        { "R/PT10H", "2026-01-01T00:00:00", "2026-01-01T09:59:59", "2026-01-01T10:00:00", 0 },
        { "R/PT10H", "2026-01-01T00:00:00", "2026-01-02T01:00:00", "2026-01-02T06:00:00", 2 },
        { "R/P1D", "2026-01-01T02:00:00", "2026-01-01T02:00:05", "2026-01-02T02:00:00", 0 },
        { "R/P1D", "2026-01-01T02:00:00", "2026-01-31T03:00:00", "2026-02-01T02:00:00", 30 },
        { "R/P1M", "2026-01-15T02:00:00", "2026-03-16T03:00:00", "2026-04-15T02:00:00", 2 },
    };

    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
        const NskFlowFacts facts = { .now = at(rows[i].now) };
        FlowTime time = parse(FLOW_TIME_CYCLE, rows[i].text);
        FlowTurn turn = { .due = at(rows[i].last) };
        unsigned missed = 99;

        g_assert_true(nsk_flow_time_next(&time, &facts, &turn, &missed, NULL));
        expect_instant(turn.due, rows[i].wanted);
        g_assert_cmpuint(missed, ==, rows[i].missed);
    }
}

/* Its turns, each seen a second late. */
static void
expect_turns(FlowTime *time, const char *from, const char *const *wanted, FlowTurn *out_last)
{
    NskFlowFacts facts = { .now = at(from), .zone_minutes = west_indonesia };
    unsigned missed;

    g_assert_true(nsk_flow_time_first(time, facts.now, &facts, out_last, NULL));
    for (size_t i = 0; wanted[i] != NULL; i++) {
        expect_instant(out_last->due, wanted[i]);
        facts.now = out_last->due + G_USEC_PER_SEC;
        g_assert_true(nsk_flow_time_next(time, &facts, out_last, &missed, NULL));
        g_assert_cmpuint(missed, ==, 0);
    }
}

static void
test_months_are_counted_from_the_first_date(void)
{
    static const struct {
        const char *cycle, *from;
        const char *turns[8];
    } rows[] = {
        /* begun on the 31st: at the end of every month */
        { "R/P1M",
          "2027-10-31T02:00:00",
          { "2027-11-30T02:00:00", "2027-12-31T02:00:00", "2028-01-31T02:00:00",
            "2028-02-29T02:00:00", "2028-03-31T02:00:00", "2028-04-30T02:00:00" } },
        { "R/2026-12-31T09:00:00/P1M",
          "2026-07-22T02:00:00",
          { "2026-12-31T02:00:00", "2027-01-31T02:00:00", "2027-02-28T02:00:00",
            "2027-03-31T02:00:00" } },
        /* a start that has passed, in a month that is too short */
        { "R/2026-01-31T09:00:00/P1M",
          "2026-04-01T00:00:00",
          { "2026-04-30T02:00:00", "2026-05-31T02:00:00", "2026-06-30T02:00:00" } },
        /* the 31st there is the 30th in UTC */
        { "R/2026-08-31T01:00:00/P1M",
          "2026-07-22T02:00:00",
          { "2026-08-30T18:00:00", "2026-09-29T18:00:00", "2026-10-30T18:00:00" } },
        { "R/2028-02-29T09:00:00/P1Y",
          "2028-01-01T00:00:00",
          { "2028-02-29T02:00:00", "2029-02-28T02:00:00", "2030-02-28T02:00:00",
            "2031-02-28T02:00:00", "2032-02-29T02:00:00" } },
        { "R/P1M2D",
          "2026-12-29T02:00:00",
          { "2027-01-31T02:00:00", "2027-03-04T02:00:00", "2027-04-04T02:00:00" } },
        { "R/P3D", "2026-07-22T02:00:00", { "2026-07-25T02:00:00", "2026-07-28T02:00:00" } },
    };

    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
        FlowTime time = parse(FLOW_TIME_CYCLE, rows[i].cycle);
        FlowTurn last;

        expect_turns(&time, rows[i].from, rows[i].turns, &last);
        g_assert_cmpint(last.grid, >, 0);
    }
}

static void
test_end_of_the_month_outlives_downtime(void)
{
    FlowTime time = parse(FLOW_TIME_CYCLE, "R/P1M");
    NskFlowFacts facts = { .now = at("2026-01-31T02:00:00") };
    unsigned missed = 0;
    FlowTurn turn;

    g_assert_true(nsk_flow_time_first(&time, facts.now, &facts, &turn, NULL));
    expect_instant(turn.due, "2026-02-28T02:00:00");
    facts.now = at("2026-07-22T02:00:00");
    g_assert_true(nsk_flow_time_next(&time, &facts, &turn, &missed, NULL));
    expect_instant(turn.due, "2026-07-31T02:00:00");
    g_assert_cmpuint(missed, ==, 4);
    /* an expression that gives another interval by now: counted from where it stands */
    time = parse(FLOW_TIME_CYCLE, "R/P2M");
    facts.now = turn.due;
    g_assert_true(nsk_flow_time_next(&time, &facts, &turn, &missed, NULL));
    expect_instant(turn.due, "2026-09-30T02:00:00");
    g_assert_cmpuint(missed, ==, 0);
}

/* Working days go from turn to turn, over week-ends and the holiday. */
static void
test_cycle_of_working_days(void)
{
    FlowTime time = parse(FLOW_TIME_CYCLE, "R/P2D");
    NskFlowFacts facts = { .now = at("2026-08-13T02:00:00"), .add_working_days = with_holiday };
    static const char *const wanted[] = { "2026-08-18T02:00:00", "2026-08-20T02:00:00",
                                          "2026-08-24T02:00:00" };
    FlowTurn turn;
    unsigned missed;

    time.working = true;
    g_assert_true(nsk_flow_time_first(&time, facts.now, &facts, &turn, NULL));
    for (size_t i = 0; i < G_N_ELEMENTS(wanted); i++) {
        expect_instant(turn.due, wanted[i]);
        facts.now = turn.due;
        g_assert_true(nsk_flow_time_next(&time, &facts, &turn, &missed, NULL));
    }
    g_assert_cmpint(turn.grid, ==, 0);
}

static void
test_count_beyond_the_calendar_is_refused(void)
{
    static const char *const cycles[] = { "R/P99999Y", "R/P99999M", "R/P9000Y1DT1H" };
    NskFlowFacts facts = { .now = at("2026-08-13T02:00:00") };
    FlowTime month = parse(FLOW_TIME_CYCLE, "R/P1MT1000H");
    FlowTurn hostile = { .due = facts.now, .grid = 1, .nth = G_MAXINT32 };
    unsigned missed;

    for (size_t i = 0; i < G_N_ELEMENTS(cycles); i++) {
        FlowTime time = parse(FLOW_TIME_CYCLE, cycles[i]);
        FlowTurn turn = { .due = facts.now };
        g_autoptr(GError) error = NULL;

        g_assert_false(nsk_flow_time_next(&time, &facts, &turn, &missed, &error));
        g_assert_error(error, NSK_ERROR, NSK_ERROR_INVALID);
        g_assert_cmpint(turn.due, ==, facts.now);
    }
    /* what does not lie on its grid begins one */
    g_assert_true(nsk_flow_time_next(&month, &facts, &hostile, &missed, NULL));
    g_assert_cmpint(hostile.grid, ==, facts.now);
    g_assert_cmpuint(hostile.nth, ==, 1);
}

static void
test_time_beyond_the_calendar_is_refused(void)
{
    const NskFlowFacts facts = { 0 };
    FlowTime time = parse(FLOW_TIME_DURATION, "P9000Y");
    g_autoptr(GError) error = NULL;
    FlowTurn turn;

    g_assert_false(nsk_flow_time_first(&time, at("2026-01-01T00:00:00"), &facts, &turn, &error));
    g_assert_error(error, NSK_ERROR, NSK_ERROR_INVALID);
    g_assert_nonnull(strstr(error->message, "9999"));
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/flow/timer/words-are-read", test_words_are_read);
    g_test_add_func("/flow/timer/wrong-words-are-refused", test_wrong_words_are_refused);
    g_test_add_func("/flow/timer/first-time", test_first_time);
    g_test_add_func("/flow/timer/days-keep-the-time-of-day", test_days_keep_the_time_of_day);
    g_test_add_func("/flow/timer/cycle-keeps-its-grid-and-counts-what-it-missed",
                    test_cycle_keeps_its_grid_and_counts_what_it_missed);
    g_test_add_func("/flow/timer/months-are-counted-from-the-first-date",
                    test_months_are_counted_from_the_first_date);
    g_test_add_func("/flow/timer/end-of-the-month-outlives-downtime",
                    test_end_of_the_month_outlives_downtime);
    g_test_add_func("/flow/timer/cycle-of-working-days-goes-from-turn-to-turn",
                    test_cycle_of_working_days);
    g_test_add_func("/flow/timer/count-beyond-the-calendar-is-refused",
                    test_count_beyond_the_calendar_is_refused);
    g_test_add_func("/flow/timer/time-beyond-the-calendar-is-refused",
                    test_time_beyond_the_calendar_is_refused);
    return g_test_run();
}
