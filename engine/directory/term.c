/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Terms in working days, with stops: the legal term of a decision (UU 30/2014, article 53).
 *
 * The day on which the clock starts does not count, the day on which it stops does.  So every
 * working day counts once, also if the clock stops and starts on the same day, and a stretch can be
 * cut anywhere without changing the sum.
 *
 *     last      the day on which the term is used up; a decision may still be made
 *     deemed    the day after it, from whose beginning on the application counts as granted
 *     warn      so many working days before deemed; so is escalate
 *
 * A year whose calendar nobody has loaded yet must not stop a clock: Monday to Friday count then.
 */
#include "base/message.h"
#include "directory/directory.h"

/* Whether the day counts. */
static bool
works(const NskCalendar *calendar, NskDate date, bool *out_works, GError **error)
{
    g_autoptr(GError) fault = NULL;

    if (nsk_calendar_is_working_day(calendar, date, out_works, &fault))
        return true;
    if (!g_error_matches(fault, NSK_ERROR, NSK_ERROR_NOT_FOUND)) {
        g_propagate_error(error, g_steal_pointer(&fault));
        return false;
    }
    *out_works = nsk_date_weekday(date) <= 5;
    return true;
}

bool
nsk_term_move(const NskCalendar *calendar,
              NskDate date,
              int days,
              NskDate *out_date,
              GError **error)
{
    int step = days < 0 ? -1 : 1;
    bool counts;

    for (int64_t left = (int64_t)days * step; left > 0;) {
        date = nsk_date_add_days(date, step);
        if (!works(calendar, date, &counts, error))
            return false;
        left -= counts ? 1 : 0;
    }
    *out_date = date;
    return true;
}

bool
nsk_term_spend(const NskCalendar *calendar,
               NskDate from,
               NskDate until,
               int *out_days,
               GError **error)
{
    int days = 0;
    bool counts;

    while (nsk_date_compare(from, until) < 0) {
        from = nsk_date_add_days(from, 1);
        if (!works(calendar, from, &counts, error))
            return false;
        days += counts ? 1 : 0;
    }
    *out_days = days;
    return true;
}

bool
nsk_term_run(const NskCalendar *calendar,
             const NskTerm *term,
             NskDate from,
             int spent,
             NskTermDays *out_days,
             GError **error)
{
    NskTermDays days;

    if (term->days < 1 || term->days > NSK_TERM_MAX || term->warn < 0 || term->escalate < 0 ||
        term->warn > NSK_TERM_MAX || term->escalate > NSK_TERM_MAX || spent < 0) {
        g_set_error(error, NSK_ERROR, NSK_ERROR_INVALID,
                    nsk_tr("a term has 1 to %d working days, and is warned of at most as many "
                           "before its end"),
                    NSK_TERM_MAX);
        return false;
    }
    if (!nsk_term_move(calendar, from, MAX(term->days - spent, 0), &days.last, error))
        return false;
    days.deemed = nsk_date_add_days(days.last, 1);
    if (!nsk_term_move(calendar, days.deemed, -term->warn, &days.warn, error) ||
        !nsk_term_move(calendar, days.deemed, -term->escalate, &days.escalate, error))
        return false;
    *out_days = days;
    return true;
}
