/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How long something lay before somebody: the minutes of working days, in the zone of the office.
 */
#include "office/work-private.h"

#define SECOND G_TIME_SPAN_SECOND
#define DAY    ((int64_t)G_TIME_SPAN_DAY)

static bool
is_away(const GPtrArray *turns, NskDate date)
{
    for (guint i = 0; turns != NULL && i < turns->len; i++) {
        const NskTurn *turn = g_ptr_array_index(turns, i);

        if ((turn->what == NSK_TURN_LEAVE || turn->what == NSK_TURN_TRAVEL) &&
            nsk_date_compare(turn->from, date) <= 0 &&
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
        !nsk_civil_moment(day, 0, self->zone, &begins, error))
        return false;
    for (; begins < until; begins += DAY, day = nsk_date_add_days(day, 1)) {
        if (nsk_calendar_works(self->calendar, day) && !is_away(self->turns, day))
            counted += MIN(until, begins + DAY) - MAX(from, begins);
    }
    *out_minutes = counted / G_TIME_SPAN_MINUTE;
    return true;
}
