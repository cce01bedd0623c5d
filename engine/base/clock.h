/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <naskah/error.h>

#include <stdbool.h>
#include <stdint.h>

/* Microseconds since 1970-01-01T00:00:00Z, without leap seconds. */
typedef int64_t NskInstant;

/* Where the time comes from.  Passed in, so that tests own it.  Any thread. */
typedef struct {
    NskInstant (*now)(void *data);
    void *data;
} NskClock;

/* A civil date of the Gregorian calendar; no time, no zone.  All zero means "none". */
typedef struct {
    uint16_t year; /* 1000 to 9999 */
    uint8_t month; /* 1 to 12 */
    uint8_t day;   /* 1 to 31 */
} NskDate;

/* The machine's clock. */
extern const NskClock nsk_clock_system;

NskInstant nsk_clock_now(const NskClock *clock);

/* "2026-07-22T09:00:00.000000Z".  Freed with g_free(). */
char *nsk_instant_format(NskInstant at);
/* Reads what nsk_instant_format() writes.  Errors: INVALID. */
bool nsk_instant_parse(const char *text, NskInstant *out_at, GError **error);

/* Strict "2026-07-22".  Errors: INVALID, also for a day that does not exist. */
bool nsk_date_parse(const char *text, NskDate *out_date, GError **error);
/* "2026-07-22".  Freed with g_free(). */
char *nsk_date_format(NskDate date);
/* "22 Juli 2026", as letters print it.  Freed with g_free(). */
char *nsk_date_format_id(NskDate date);
/* The civil date at @at in @zone (an IANA name such as "Asia/Jakarta").  Errors: INVALID for an
 * unknown zone. */
bool nsk_date_at(NskInstant at, const char *zone, NskDate *out_date, GError **error);
/* The zone's offset from UTC at @at, in minutes east.  Errors: INVALID for an unknown zone. */
bool nsk_zone_offset(NskInstant at, const char *zone, int *out_minutes, GError **error);
/* The moment of @minute (of the day, from 0) on @date in @zone.  Errors: INVALID for an unknown
 * zone. */
bool
nsk_civil_moment(NskDate date, int minute, const char *zone, NskInstant *out_at, GError **error);
/* Reads "2026-07-22 09:15" (or "2026-07-22T09:15") in @zone.  Errors: INVALID. */
bool nsk_civil_parse(const char *text, const char *zone, NskInstant *out_at, GError **error);
/* "2026-07-22 09:15", as people of @zone read @at.  Freed with g_free().  Errors: INVALID for an
 * unknown zone. */
char *nsk_civil_format(NskInstant at, const char *zone, GError **error);
/* Negative, zero, positive as @a is before, the same as, after @b. */
int nsk_date_compare(NskDate a, NskDate b);
bool nsk_date_is_set(NskDate date);
/* 1 is Monday, 7 is Sunday. */
int nsk_date_weekday(NskDate date);
/* @days may be negative. */
NskDate nsk_date_add_days(NskDate date, int days);
