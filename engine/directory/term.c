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

NskDate
nsk_term_move(const NskCalendar *calendar, NskDate date, int days)
{
    int step = days < 0 ? -1 : 1;

    for (int64_t left = (int64_t)days * step; left > 0;) {
        date = nsk_date_add_days(date, step);
        left -= nsk_calendar_works(calendar, date) ? 1 : 0;
    }
    return date;
}

int
nsk_term_spend(const NskCalendar *calendar, NskDate from, NskDate until)
{
    int days = 0;

    while (nsk_date_compare(from, until) < 0) {
        from = nsk_date_add_days(from, 1);
        days += nsk_calendar_works(calendar, from) ? 1 : 0;
    }
    return days;
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
    days.last = nsk_term_move(calendar, from, MAX(term->days - spent, 0));
    days.deemed = nsk_date_add_days(days.last, 1);
    days.warn = nsk_term_move(calendar, days.deemed, -term->warn);
    days.escalate = nsk_term_move(calendar, days.deemed, -term->escalate);
    *out_days = days;
    return true;
}
