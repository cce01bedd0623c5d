/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How long something lay before somebody: the minutes of working days, in the zone of the office.
 */
#include "office/work-private.h"

#define SECOND G_TIME_SPAN_SECOND
#define DAY    ((int64_t)G_TIME_SPAN_DAY)

bool
nsk_work_day_start(const char *zone, NskDate date, NskInstant *out_at, GError **error)
{
    g_autoptr(GDateTime) utc = g_date_time_new_utc(date.year, date.month, date.day, 0, 0, 0);
    NskInstant at = g_date_time_to_unix(utc) * SECOND;
    int minutes;

    /* the zones of the country have one offset all year */
    if (!nsk_zone_offset(at, zone, &minutes, error))
        return false;
    *out_at = at - minutes * G_TIME_SPAN_MINUTE;
    return true;
}

static bool
is_working_day(const NskCalendar *calendar, NskDate date)
{
    bool is;

    if (nsk_calendar_is_working_day(calendar, date, &is, NULL))
        return is;
    return nsk_date_weekday(date) <= 5;
}

static bool
is_away(const GPtrArray *turns, NskDate date)
{
    for (guint i = 0; turns != NULL && i < turns->len; i++) {
        const NskTurn *turn = g_ptr_array_index(turns, i);

        if (turn->what == NSK_TURN_LEAVE && nsk_date_compare(turn->from, date) <= 0 &&
            (!nsk_date_is_set(turn->until) || nsk_date_compare(date, turn->until) <= 0))
            return true;
    }
    return false;
}

bool
nsk_work_minutes(const NskWorkDays *self,
                 NskInstant from,
                 NskInstant until,
                 int64_t *out_minutes,
                 GError **error)
{
    NskInstant begins;
    NskDate day;
    int64_t counted = 0;

    if (!nsk_date_at(from, self->zone, &day, error) ||
        !nsk_work_day_start(self->zone, day, &begins, error))
        return false;
    for (; begins < until; begins += DAY, day = nsk_date_add_days(day, 1)) {
        if (is_working_day(self->calendar, day) && !is_away(self->turns, day))
            counted += MIN(until, begins + DAY) - MAX(from, begins);
    }
    *out_minutes = counted / G_TIME_SPAN_MINUTE;
    return true;
}
