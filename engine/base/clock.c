/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/clock.h"

#include "base/message.h"

#include <stdio.h>
#include <string.h>

static const char *const month_names_id[] = { "Januari",   "Februari", "Maret",    "April",
                                              "Mei",       "Juni",     "Juli",     "Agustus",
                                              "September", "Oktober",  "November", "Desember" };

static NskInstant
system_now(G_GNUC_UNUSED void *data)
{
    return g_get_real_time();
}

const NskClock nsk_clock_system = { system_now, NULL };

NskInstant
nsk_clock_now(const NskClock *clock)
{
    return clock->now(clock->data);
}

char *
nsk_instant_format(NskInstant at)
{
    int64_t seconds = at / G_USEC_PER_SEC - (at % G_USEC_PER_SEC < 0 ? 1 : 0);
    g_autoptr(GDateTime) time = g_date_time_new_from_unix_utc(seconds);
    int year, month, day;

    if (time == NULL)
        return g_strdup("out of range");
    /* g_date_time_format() takes longer than the rest of a row of a list */
    g_date_time_get_ymd(time, &year, &month, &day);
    return g_strdup_printf("%04d-%02d-%02dT%02d:%02d:%02d.%06dZ", year, month, day,
                           g_date_time_get_hour(time), g_date_time_get_minute(time),
                           g_date_time_get_second(time), (int)(at - seconds * G_USEC_PER_SEC));
}

/* Whether @text has the shape of @pattern, in which 0 stands for any digit. */
static bool
has_shape(const char *text, const char *pattern)
{
    size_t i;

    for (i = 0; pattern[i] != '\0'; i++) {
        if (pattern[i] == '0' ? !g_ascii_isdigit(text[i]) : text[i] != pattern[i])
            return false;
    }
    return text[i] == '\0';
}

bool
nsk_instant_parse(const char *text, NskInstant *out_at, GError **error)
{
    if (has_shape(text, "0000-00-00T00:00:00.000000Z")) {
        g_autoptr(GDateTime) time = g_date_time_new_from_iso8601(text, NULL);

        if (time != NULL) {
            *out_at =
                g_date_time_to_unix(time) * G_USEC_PER_SEC + g_date_time_get_microsecond(time);
            return true;
        }
    }
    g_set_error(error, NSK_ERROR, NSK_ERROR_INVALID,
                nsk_tr("'%s' is not a time such as 2026-07-22T09:00:00.000000Z"), text);
    return false;
}

bool
nsk_date_parse(const char *text, NskDate *out_date, GError **error)
{
    unsigned year, month, day;

    if (has_shape(text, "0000-00-00") && sscanf(text, "%4u-%2u-%2u", &year, &month, &day) == 3 &&
        year >= 1000 && g_date_valid_dmy((GDateDay)day, (GDateMonth)month, (GDateYear)year)) {
        *out_date = (NskDate){ (uint16_t)year, (uint8_t)month, (uint8_t)day };
        return true;
    }
    g_set_error(error, NSK_ERROR, NSK_ERROR_INVALID,
                nsk_tr("'%s' is not a date; write year, month and day as in 2026-07-22"), text);
    return false;
}

char *
nsk_date_format(NskDate date)
{
    return g_strdup_printf("%04u-%02u-%02u", date.year, date.month, date.day);
}

char *
nsk_date_format_id(NskDate date)
{
    g_assert(nsk_date_is_set(date));
    return g_strdup_printf("%u %s %u", date.day, month_names_id[date.month - 1], date.year);
}

/* The zone, or NULL if there is none of that name.  Reading one from its file takes longer than all
 * else that is done with it, so those that were asked for are kept: there are a few hundred. */
static GTimeZone *
find_zone(const char *name)
{
    static GMutex lock;
    static GHashTable *known;

    g_mutex_lock(&lock);
    if (known == NULL)
        known = g_hash_table_new(g_str_hash, g_str_equal);
    GTimeZone *zone = g_hash_table_lookup(known, name);
    if (zone == NULL && (zone = g_time_zone_new_identifier(name)) != NULL)
        g_hash_table_insert(known, g_strdup(name), zone);
    g_mutex_unlock(&lock);
    return zone;
}

static GDateTime *
in_zone(NskInstant at, const char *zone, GError **error)
{
    GTimeZone *tz = find_zone(zone);

    if (tz == NULL) {
        g_set_error(error, NSK_ERROR, NSK_ERROR_INVALID,
                    nsk_tr("'%s' is not a time zone; write a name such as Asia/Jakarta"), zone);
        return NULL;
    }
    g_autoptr(GDateTime) utc = g_date_time_new_from_unix_utc(at / G_USEC_PER_SEC);
    return g_date_time_to_timezone(utc, tz);
}

bool
nsk_date_at(NskInstant at, const char *zone, NskDate *out_date, GError **error)
{
    g_autoptr(GDateTime) local = in_zone(at, zone, error);

    if (local == NULL)
        return false;
    *out_date =
        (NskDate){ (uint16_t)g_date_time_get_year(local), (uint8_t)g_date_time_get_month(local),
                   (uint8_t)g_date_time_get_day_of_month(local) };
    return true;
}

bool
nsk_zone_offset(NskInstant at, const char *zone, int *out_minutes, GError **error)
{
    g_autoptr(GDateTime) local = in_zone(at, zone, error);

    if (local == NULL)
        return false;
    *out_minutes = (int)(g_date_time_get_utc_offset(local) / (60 * G_USEC_PER_SEC));
    return true;
}

int
nsk_date_compare(NskDate a, NskDate b)
{
    if (a.year != b.year)
        return (int)a.year - (int)b.year;
    if (a.month != b.month)
        return (int)a.month - (int)b.month;
    return (int)a.day - (int)b.day;
}

bool
nsk_date_is_set(NskDate date)
{
    return date.year != 0;
}

static void
to_gdate(NskDate date, GDate *out)
{
    g_date_clear(out, 1);
    g_date_set_dmy(out, (GDateDay)date.day, (GDateMonth)date.month, (GDateYear)date.year);
}

int
nsk_date_weekday(NskDate date)
{
    GDate day;

    to_gdate(date, &day);
    return (int)g_date_get_weekday(&day);
}

NskDate
nsk_date_add_days(NskDate date, int days)
{
    GDate day;

    to_gdate(date, &day);
    if (days >= 0)
        g_date_add_days(&day, (guint)days);
    else
        g_date_subtract_days(&day, (guint)-days);
    return (NskDate){ (uint16_t)g_date_get_year(&day), (uint8_t)g_date_get_month(&day),
                      (uint8_t)g_date_get_day(&day) };
}
