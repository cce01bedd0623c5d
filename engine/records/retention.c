/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "records/records.h"

#define LAST_YEAR 9999

static const char *const state_names[] = {
    [NSK_RECORD_OPEN] = "open",     [NSK_RECORD_WAITING] = "waiting",
    [NSK_RECORD_ACTIVE] = "active", [NSK_RECORD_INACTIVE] = "inactive",
    [NSK_RECORD_DUE] = "due",
};

const char *
nsk_record_state_name(NskRecordState self)
{
    return state_names[self];
}

static bool
is_leap(unsigned year)
{
    return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
}

/* The same day @years later, or 1 March if that year has no 29 February. */
static bool
add_years(NskDate *date, unsigned years)
{
    unsigned year = date->year + years;

    if (year > LAST_YEAR)
        return false;
    date->year = (uint16_t)year;
    if (date->month == 2 && date->day == 29 && !is_leap(year)) {
        date->month = 3;
        date->day = 1;
    }
    return true;
}

bool
nsk_retention_reckon(const NskRecordClass *of, NskDate trigger, NskRetention *out)
{
    if (!nsk_date_is_set(trigger) || trigger.year >= LAST_YEAR)
        return false;
    if (of->trigger == NSK_TRIGGER_BUDGET) {
        trigger.month = 12;
        trigger.day = 31;
    }
    /* both are counted from the same first day, that a leap day is not lost twice */
    out->inactive_from = nsk_date_add_days(trigger, 1);
    out->due_from = out->inactive_from;
    return add_years(&out->inactive_from, of->active) &&
           add_years(&out->due_from, of->active + of->inactive);
}

NskRecordState
nsk_retention_state(bool closed, const NskRetention *retention, NskDate today)
{
    if (!closed)
        return NSK_RECORD_OPEN;
    if (retention == NULL)
        return NSK_RECORD_WAITING;
    if (nsk_date_compare(today, retention->due_from) >= 0)
        return NSK_RECORD_DUE;
    return nsk_date_compare(today, retention->inactive_from) >= 0 ? NSK_RECORD_INACTIVE
                                                                  : NSK_RECORD_ACTIVE;
}
