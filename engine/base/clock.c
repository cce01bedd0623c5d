/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/clock.h"

#include "base/message.h"

#include <stdio.h>
#include <string.h>

#define DAY_SECONDS  86400
#define FIRST_SECOND G_GINT64_CONSTANT(-62135596800) /* the year 1 */
#define LAST_SECOND  G_GINT64_CONSTANT(253402300799) /* the end of the year 9999 */

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

/* Writes @value with exactly @n digits; returns what follows them.  Formats take ten times as long,
 * and every change writes some times and dates. */
static char *
put_digits(char *at, unsigned value, unsigned n)
{
    for (unsigned i = n; i > 0; i--, value /= 10)
        at[i - 1] = (char)('0' + value % 10);
    return at + n;
}

static char *
put_date(char *at, unsigned year, unsigned month, unsigned day)
{
    at = put_digits(at, year, 4);
    *at++ = '-';
    at = put_digits(at, month, 2);
    *at++ = '-';
    return put_digits(at, day, 2);
}

/* The civil date of a day counted from 1970-01-01.  The year begins in March, so that the day that
 * comes and goes is its last; 400 years are always as many days. */
static void
civil_date(int64_t days, unsigned *out_year, unsigned *out_month, unsigned *out_day)
{
    int64_t since = days + 719468; /* since 0000-03-01 */
    int64_t era = (since >= 0 ? since : since - 146096) / 146097;
    int64_t in_era = since - era * 146097;
    int64_t year = (in_era - in_era / 1460 + in_era / 36524 - in_era / 146096) / 365;
    int64_t in_year = in_era - (365 * year + year / 4 - year / 100);
    int64_t month = (5 * in_year + 2) / 153;

    *out_day = (unsigned)(in_year - (153 * month + 2) / 5 + 1);
    *out_month = (unsigned)(month < 10 ? month + 3 : month - 9);
    *out_year = (unsigned)(year + era * 400 + (*out_month <= 2 ? 1 : 0));
}

/* Floor of @a / @b. */
static int64_t
divide(int64_t a, int64_t b)
{
    return a / b - (a % b < 0 ? 1 : 0);
}

/* Whether years have four digits then: from 0001 to 9999. */
static bool
is_in_range(int64_t seconds)
{
    return seconds >= FIRST_SECOND && seconds <= LAST_SECOND;
}

char *
nsk_instant_format(NskInstant at)
{
    unsigned year, month, day;
    int64_t seconds = divide(at, G_USEC_PER_SEC);
    int64_t days = divide(seconds, DAY_SECONDS);
    unsigned in_day = (unsigned)(seconds - days * DAY_SECONDS);

    if (!is_in_range(seconds))
        return g_strdup("out of range");
    char *text = g_malloc(sizeof "0000-00-00T00:00:00.000000Z");
    civil_date(days, &year, &month, &day);
    char *to = put_date(text, year, month, day);
    *to++ = 'T';
    to = put_digits(to, in_day / 3600, 2);
    *to++ = ':';
    to = put_digits(to, in_day / 60 % 60, 2);
    *to++ = ':';
    to = put_digits(to, in_day % 60, 2);
    *to++ = '.';
    to = put_digits(to, (unsigned)(at - seconds * G_USEC_PER_SEC), 6);
    *to++ = 'Z';
    *to = '\0';
    return text;
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

static unsigned
read_digits(const char *at, unsigned n)
{
    unsigned value = 0;

    for (unsigned i = 0; i < n; i++)
        value = value * 10 + (unsigned)(at[i] - '0');
    return value;
}

bool
nsk_date_parse(const char *text, NskDate *out_date, GError **error)
{
    bool shaped = has_shape(text, "0000-00-00");
    unsigned year = shaped ? read_digits(text, 4) : 0;
    unsigned month = shaped ? read_digits(text + 5, 2) : 0;
    unsigned day = shaped ? read_digits(text + 8, 2) : 0;

    if (year >= 1000 && g_date_valid_dmy((GDateDay)day, (GDateMonth)month, (GDateYear)year)) {
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
    char text[sizeof "0000-00-00"];

    if (date.year > 9999)
        return g_strdup_printf("%u-%02u-%02u", date.year, date.month, date.day);
    *put_date(text, date.year, date.month, date.day) = '\0';
    return g_strdup(text);
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

/* Seconds by which the zone is before UTC at @at. */
static bool
find_offset(NskInstant at, const char *zone, int *out_seconds, GError **error)
{
    GTimeZone *tz = find_zone(zone);

    if (tz == NULL) {
        g_set_error(error, NSK_ERROR, NSK_ERROR_INVALID,
                    nsk_tr("'%s' is not a time zone; write a name such as Asia/Jakarta"), zone);
        return false;
    }
    int interval = g_time_zone_find_interval(tz, G_TIME_TYPE_UNIVERSAL, at / G_USEC_PER_SEC);
    *out_seconds = g_time_zone_get_offset(tz, interval);
    return true;
}

bool
nsk_date_at(NskInstant at, const char *zone, NskDate *out_date, GError **error)
{
    int offset;
    unsigned year, month, day;

    if (!find_offset(at, zone, &offset, error))
        return false;
    civil_date(divide(at / G_USEC_PER_SEC + offset, DAY_SECONDS), &year, &month, &day);
    *out_date = (NskDate){ (uint16_t)year, (uint8_t)month, (uint8_t)day };
    return true;
}

bool
nsk_zone_offset(NskInstant at, const char *zone, int *out_minutes, GError **error)
{
    int offset;

    if (!find_offset(at, zone, &offset, error))
        return false;
    *out_minutes = offset / 60;
    return true;
}

bool
nsk_civil_moment(NskDate date, int minute, const char *zone, NskInstant *out_at, GError **error)
{
    g_autoptr(GDateTime) utc = g_date_time_new_utc(date.year, date.month, date.day, 0, 0, 0);
    NskInstant as_utc = (g_date_time_to_unix(utc) + (int64_t)minute * 60) * G_USEC_PER_SEC;
    int offset;

    /* the offset is that of the moment itself, which is known but for the offset */
    if (!find_offset(as_utc, zone, &offset, error) ||
        !find_offset(as_utc - (int64_t)offset * G_USEC_PER_SEC, zone, &offset, error))
        return false;
    *out_at = as_utc - (int64_t)offset * G_USEC_PER_SEC;
    return true;
}

bool
nsk_civil_parse(const char *text, const char *zone, NskInstant *out_at, GError **error)
{
    NskDate date;
    g_autofree char *day = g_strndup(text, strlen("0000-00-00"));

    if ((has_shape(text, "0000-00-00 00:00") || has_shape(text, "0000-00-00T00:00")) &&
        nsk_date_parse(day, &date, NULL)) {
        int hour = g_ascii_digit_value(text[11]) * 10 + g_ascii_digit_value(text[12]);
        int minute = g_ascii_digit_value(text[14]) * 10 + g_ascii_digit_value(text[15]);

        if (hour < 24 && minute < 60)
            return nsk_civil_moment(date, hour * 60 + minute, zone, out_at, error);
    }
    g_set_error(error, NSK_ERROR, NSK_ERROR_INVALID,
                nsk_tr("'%s' is no moment; write day and hour as 2026-07-22 09:00"), text);
    return false;
}

char *
nsk_civil_format(NskInstant at, const char *zone, GError **error)
{
    int offset;

    if (!find_offset(at, zone, &offset, error))
        return NULL;
    char *text = nsk_instant_format(at + (int64_t)offset * G_USEC_PER_SEC);
    text[strlen("0000-00-00")] = ' ';
    text[strlen("0000-00-00 00:00")] = '\0';
    return text;
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
