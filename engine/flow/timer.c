/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Times of timers: ISO 8601 dates, durations and repeating intervals (BPMN 2.0.2, 10.5.5.2), read
 * strictly, and when they come.
 *
 * Instants are UTC.  Years, months, days and a date without zone are civil, in the zone of the
 * letter's unit: a day later is the same time of day, whatever the zone does in between.  Days of a
 * duration may be working days, which the caller's calendar knows.  A month later is the same day
 * of the month, or its last.
 *
 * 1. The numbers of a duration are bounded, so that no sum overflows; the interval of a cycle is
 *    longer than nothing.
 * 2. A cycle keeps to its grid: turns are counted from its first date, not from the moment at which
 *    one was seen, nor from the turn before: the month after 31 January has no 31st, the month
 * after that has.  Working days and hours are counted from the turn before, which is the same.
 * 3. Turns that passed unseen are counted and not made up for.
 */
#include "base/message.h"
#include "flow/flow-private.h"

#include <string.h>

#define SECOND_US  INT64_C(1000000)
#define MINUTE_US  (60 * SECOND_US)
#define HOUR_US    (60 * MINUTE_US)
#define DAY_US     (24 * HOUR_US)
#define MAX_NUMBER 100000
#define MAX_TURNS  100000

static bool
set_bad(GError **error, FlowTimeKind kind, const char *text)
{
    static const char *const samples[] = {
        [FLOW_TIME_DATE] = N_("a date such as 2026-07-22 or 2026-07-22T09:00:00+07:00"),
        [FLOW_TIME_DURATION] = N_("a duration such as P3D, PT2H30M or P1M"),
        [FLOW_TIME_CYCLE] = N_("a cycle such as R3/PT12H or R/2026-07-22T09:00:00+07:00/P1D"),
    };

    g_set_error(error, NSK_ERROR, NSK_ERROR_INVALID, nsk_tr("'%s' is not %s (ISO 8601)"), text,
                nsk_tr(samples[kind]));
    return false;
}

/* Digits, exactly @digits of them if that is not 0. */
static bool
read_number(const char **at, unsigned digits, unsigned *out_number)
{
    const char *p = *at;
    unsigned number = 0;

    while (g_ascii_isdigit(*p) && number <= MAX_NUMBER)
        number = number * 10 + (unsigned)(*p++ - '0');
    if (p == *at || number > MAX_NUMBER || (digits != 0 && p != *at + digits))
        return false;
    *at = p;
    *out_number = number;
    return true;
}

/* ".5" as microseconds. */
static bool
read_fraction(const char **at, int64_t *out_us)
{
    const char *p = *at;
    int64_t unit = SECOND_US;

    *out_us = 0;
    if (*p != '.' && *p != ',')
        return true;
    for (p++; g_ascii_isdigit(*p); p++) {
        unit /= 10;
        *out_us += unit * (*p - '0');
    }
    if (p == *at + 1)
        return false;
    *at = p;
    return true;
}

static bool
add_part(FlowTime *time, char letter, bool in_time, unsigned number)
{
    if (in_time && letter == 'H')
        time->us += number * HOUR_US;
    else if (in_time && letter == 'M')
        time->us += number * MINUTE_US;
    else if (in_time && letter == 'S')
        time->us += number * SECOND_US;
    else if (!in_time && letter == 'Y')
        time->months += number * 12;
    else if (!in_time && letter == 'M')
        time->months += number;
    else if (!in_time && letter == 'W')
        time->days += number * 7;
    else if (!in_time && letter == 'D')
        time->days += number;
    else
        return false;
    return true;
}

/* P1Y2M3W4DT5H6M7.5S: each letter at most once, in this order. */
static bool
read_duration(const char *at, FlowTime *time)
{
    const char *order = "YMWD";
    bool in_time = false;
    bool any = false;

    if (*at++ != 'P')
        return false;
    while (*at != '\0') {
        unsigned number;
        int64_t fraction;

        if (*at == 'T' && !in_time) {
            in_time = true;
            order = "HMS";
            at++;
        }
        if (!read_number(&at, 0, &number) || !read_fraction(&at, &fraction))
            return false;

        const char *found = *at != '\0' ? strchr(order, *at) : NULL;
        if (found == NULL || (fraction != 0 && *at != 'S') || !add_part(time, *at, in_time, number))
            return false;
        time->us += fraction;
        order = found + 1;
        any = true;
        at++;
    }
    return any;
}

static bool
read_interval(const char *at, FlowTime *time)
{
    return read_duration(at, time) && (time->us > 0 || time->days > 0 || time->months > 0);
}

static int64_t
days_of(NskDate date)
{
    /* civil days since 1970-01-01; years begin in March, so that the odd day is the last */
    int64_t year = date.month <= 2 ? date.year - 1 : date.year;
    int64_t month = (date.month + 9) % 12;
    int64_t day = (153 * month + 2) / 5 + date.day - 1;

    return 365 * year + year / 4 - year / 100 + year / 400 + day - 719468;
}

static bool
read_clock(const char **at, int64_t *out_us)
{
    unsigned hour;
    unsigned minute;
    unsigned second = 0;
    int64_t fraction = 0;

    if (!read_number(at, 2, &hour) || *(*at)++ != ':' || !read_number(at, 2, &minute))
        return false;
    if (**at == ':') {
        (*at)++;
        if (!read_number(at, 2, &second) || !read_fraction(at, &fraction))
            return false;
    }
    *out_us = hour * HOUR_US + minute * MINUTE_US + second * SECOND_US + fraction;
    return hour < 24 && minute < 60 && second < 60;
}

/* "Z", "+07:00" or nothing. */
static bool
read_zone(const char **at, bool *out_local, int64_t *out_us)
{
    unsigned hour;
    unsigned minute;
    int sign = **at == '-' ? -1 : 1;

    *out_us = 0;
    *out_local = **at == '\0';
    if (**at == '\0')
        return true;
    if (**at == 'Z') {
        (*at)++;
        return true;
    }
    if (*(*at)++ != (sign < 0 ? '-' : '+') || !read_number(at, 2, &hour) || *(*at)++ != ':' ||
        !read_number(at, 2, &minute) || hour > 14 || minute > 59)
        return false;
    *out_us = sign * (hour * HOUR_US + minute * MINUTE_US);
    return true;
}

static bool
read_date(const char *at, FlowTime *time)
{
    g_autofree char *day = g_strndup(at, 10);
    int64_t clock = 0;
    int64_t zone = 0;
    NskDate date;

    if (strlen(day) != 10 || !nsk_date_parse(day, &date, NULL))
        return false;
    at += 10;
    time->has_start = true;
    time->local = true;
    if (*at == 'T') {
        at++;
        if (!read_clock(&at, &clock) || !read_zone(&at, &time->local, &zone))
            return false;
    }
    time->start = days_of(date) * DAY_US + clock - zone;
    return *at == '\0';
}

static bool
read_cycle(const char *text, FlowTime *time)
{
    const char *at = text + 1;
    const char *slash = strchr(text, '/');
    const char *second = slash != NULL ? strchr(slash + 1, '/') : NULL;
    unsigned turns;

    time->turns = 1;
    if (*text != 'R')
        return read_interval(text, time);
    time->turns = -1;
    if (at != slash) {
        if (!read_number(&at, 0, &turns))
            return false;
        time->turns = (int)turns;
    }
    if (slash == NULL || at != slash || time->turns == 0)
        return false;
    if (second == NULL)
        return read_interval(slash + 1, time);

    g_autofree char *start = g_strndup(slash + 1, (gsize)(second - slash - 1));
    return read_date(start, time) && read_interval(second + 1, time);
}

bool
nsk_flow_time_parse(FlowTimeKind kind, const char *text, FlowTime *out_time, GError **error)
{
    FlowTime time = { .kind = kind };
    bool good = strlen(text) < 100;

    if (good && kind == FLOW_TIME_DATE)
        good = read_date(text, &time);
    else if (good && kind == FLOW_TIME_DURATION)
        good = read_duration(text, &time);
    else if (good)
        good = read_cycle(text, &time);
    if (!good) {
        g_autofree char *shown = g_strndup(text, MIN(strlen(text), 80));
        g_autofree char *valid = g_utf8_make_valid(shown, -1);

        return set_bad(error, kind, valid);
    }
    *out_time = time;
    return true;
}

static int64_t
zone_us(const NskFlowFacts *facts, NskInstant at)
{
    return facts->zone_minutes != NULL ? facts->zone_minutes(facts->data, at) * MINUTE_US : 0;
}

/* The instant of a civil time: the zone's offset is asked for where it would be, twice, so that it
 * is right on either side of a change. */
static NskInstant
from_civil(const NskFlowFacts *facts, int64_t civil)
{
    NskInstant near = civil - zone_us(facts, civil);

    return civil - zone_us(facts, near);
}

static bool
set_too_far(GError **error)
{
    g_set_error_literal(error, NSK_ERROR, NSK_ERROR_INVALID,
                        nsk_tr("a timer of the workflow lies beyond the year 9999"));
    return false;
}

static NskDate
add_months(NskDate date, unsigned months)
{
    static const uint8_t lengths[] = { 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 };
    unsigned count = (unsigned)date.month - 1 + months;
    unsigned year = date.year + count / 12;
    unsigned month = count % 12;
    bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
    unsigned last = month == 1 && leap ? 29 : lengths[month];

    return (NskDate){ .year = (uint16_t)year,
                      .month = (uint8_t)(month + 1),
                      .day = (uint8_t)MIN(date.day, last) };
}

/* Monday to Friday. */
static NskDate
add_week_days(NskDate date, unsigned days)
{
    while (days > 0) {
        date = nsk_date_add_days(date, 1);
        if (nsk_date_weekday(date) <= 5)
            days--;
    }
    return date;
}

static bool
add_days(const FlowTime *time, const NskFlowFacts *facts, NskDate *date, GError **error)
{
    if (!time->working || time->days == 0)
        *date = nsk_date_add_days(*date, (int)time->days);
    else if (facts->add_working_days != NULL)
        return facts->add_working_days(facts->data, *date, (int)time->days, date, error);
    else
        *date = add_week_days(*date, time->days);
    return true;
}

/* Whether @n durations after the civil day @day the calendar still goes on; in years, so that
 * nothing overflows. */
static bool
is_within(const FlowTime *time, int64_t day, unsigned n)
{
    double years = time->months / 12.0 + time->days / (time->working ? 200.0 : 365.0) +
                   (double)time->us / ((double)DAY_US * 365.0);

    return (double)day / 365.0 + n * years < 9990 - 1970;
}

/* @from and @n durations, each counted from there; of working days one at most. */
static bool
add(const FlowTime *time,
    NskInstant from,
    unsigned n,
    const NskFlowFacts *facts,
    NskInstant *out_due,
    GError **error)
{
    int64_t civil = from + zone_us(facts, from);
    int64_t day = civil >= 0 ? civil / DAY_US : -((DAY_US - 1 - civil) / DAY_US);
    FlowTime whole = *time;

    if (from < 0 || !is_within(time, day, n))
        return set_too_far(error);
    whole.months *= n;
    whole.days *= n;
    whole.us *= n;
    if (whole.months == 0 && whole.days == 0) {
        *out_due = from + whole.us;
        return true;
    }

    NskDate date = nsk_date_add_days((NskDate){ 1970, 1, 1 }, (int)day);
    date = add_months(date, whole.months);
    if (!add_days(&whole, facts, &date, error))
        return false;
    *out_due = from_civil(facts, days_of(date) * DAY_US + (civil - day * DAY_US)) + whole.us;
    return true;
}

/* Whether the turns of the cycle are counted from its first date. */
static bool
has_grid(const FlowTime *time)
{
    return time->kind == FLOW_TIME_CYCLE && (time->months > 0 || time->days > 0) &&
           (!time->working || time->days == 0);
}

/* Its beginning is kept, from which it is reckoned anew when the calendar changes. */
static bool
in_working_days(const FlowTime *time)
{
    return time->kind == FLOW_TIME_DURATION && time->working && time->days > 0;
}

bool
nsk_flow_time_first(const FlowTime *time,
                    NskInstant from,
                    const NskFlowFacts *facts,
                    FlowTurn *out_turn,
                    GError **error)
{
    FlowTurn turn = { .grid = has_grid(time) || in_working_days(time) ? from : 0 };

    if (!time->has_start) {
        turn.nth = has_grid(time) ? 1 : 0;
        if (!add(time, from, 1, facts, &turn.due, error))
            return false;
        *out_turn = turn;
        return true;
    }

    NskInstant start = time->local ? from_civil(facts, time->start) : time->start;
    turn = (FlowTurn){ .due = start, .grid = has_grid(time) ? start : 0 };
    if (time->kind == FLOW_TIME_CYCLE && start < from) {
        unsigned missed;
        NskFlowFacts at = *facts;

        at.now = from;
        if (!nsk_flow_time_next(time, &at, &turn, &missed, error))
            return false;
    }
    *out_turn = turn;
    return true;
}

/* Whether the turn is on its grid; not so if the file's expression gives another time by now. */
static bool
is_on_grid(const FlowTime *time, const NskFlowFacts *facts, const FlowTurn *turn)
{
    NskInstant due;

    if (turn->grid == 0)
        return false;
    return turn->nth == 0 ? turn->due == turn->grid
                          : add(time, turn->grid, turn->nth, facts, &due, NULL) && due == turn->due;
}

/* Turn by turn. */
static bool
go_on(const FlowTime *time,
      const NskFlowFacts *facts,
      FlowTurn *turn,
      unsigned *out_missed,
      GError **error)
{
    bool counted = has_grid(time);
    unsigned missed = 0;
    FlowTurn at = *turn;

    if (!counted || !is_on_grid(time, facts, turn))
        at = (FlowTurn){ .due = turn->due, .grid = counted ? turn->due : 0 };
    for (;; missed++) {
        NskInstant from = counted ? at.grid : at.due;
        unsigned n = counted ? ++at.nth : 1;

        if (!add(time, from, n, facts, &at.due, error))
            return false;
        if (at.due > facts->now || missed >= MAX_TURNS)
            break;
    }
    *turn = at;
    *out_missed = missed;
    return true;
}

bool
nsk_flow_time_next(const FlowTime *time,
                   const NskFlowFacts *facts,
                   FlowTurn *turn,
                   unsigned *out_missed,
                   GError **error)
{
    NskInstant passed = facts->now - turn->due;

    if (time->months > 0 || time->days > 0 || passed <= 0)
        return go_on(time, facts, turn, out_missed, error);
    *out_missed = (unsigned)MIN(passed / time->us, MAX_NUMBER);
    *turn = (FlowTurn){ .due = facts->now - passed % time->us + time->us };
    return true;
}
