/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/clock.h"

static void
test_dates_are_strict(void)
{
    static const struct {
        const char *text;
        bool ok;
    } cases[] = {
        { "2026-07-22", true },   { "2024-02-29", true },
        { "2026-02-29", false },  { "2026-7-22", false },
        { "2026-07-22 ", false }, { "0999-01-01", false },
        { "2026-13-01", false },  { "", false },
        { "2026-04-31", false },
    };

    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        NskDate date = { 0 };
        g_autoptr(GError) error = NULL;

        g_test_message("'%s'", cases[i].text);
        if (cases[i].ok) {
            g_assert_true(nsk_date_parse(cases[i].text, &date, &error));
            g_autofree char *again = nsk_date_format(date);
            g_assert_cmpstr(again, ==, cases[i].text);
        } else {
            g_assert_false(nsk_date_parse(cases[i].text, &date, &error));
            g_assert_error(error, NSK_ERROR, NSK_ERROR_INVALID);
            g_assert_false(nsk_date_is_set(date));
        }
    }
}

static void
test_instants_round_trip(void)
{
    static const NskInstant cases[] = { 0, 1, 1784711445000042, -1, -1500000 };

    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        NskInstant at = 7;
        g_autofree char *text = nsk_instant_format(cases[i]);

        g_assert_true(nsk_instant_parse(text, &at, NULL));
        g_assert_cmpint(at, ==, cases[i]);
    }
}

static void
test_a_day_begins_by_the_zone(void)
{
    NskInstant at;
    NskDate date;
    int minutes;

    /* 17:30 UTC is already the next day in Jayapura (+9), and in Jakarta (+7) */
    g_assert_true(nsk_instant_parse("2026-07-22T17:30:00.000000Z", &at, NULL));
    g_assert_true(nsk_date_at(at, "Asia/Jakarta", &date, NULL));
    g_assert_cmpint(date.day, ==, 23);
    g_assert_true(nsk_date_at(at, "UTC", &date, NULL));
    g_assert_cmpint(date.day, ==, 22);
    g_assert_true(nsk_zone_offset(at, "Asia/Jayapura", &minutes, NULL));
    g_assert_cmpint(minutes, ==, 540);
    g_assert_false(nsk_date_at(at, "Asia/Nowhere", &date, NULL));
}

static void
test_civil_times_are_those_of_the_zone(void)
{
    static const struct {
        const char *text;
        const char *zone;
        const char *instant; /* NULL: refused */
    } cases[] = {
        { "2026-07-22 09:15", "Asia/Jakarta", "2026-07-22T02:15:00.000000Z" },
        { "2026-07-22T09:15", "Asia/Jayapura", "2026-07-22T00:15:00.000000Z" },
        { "2026-01-01 00:00", "Asia/Makassar", "2025-12-31T16:00:00.000000Z" },
        { "2026-07-22 24:00", "Asia/Jakarta", NULL },
        { "2026-07-22 09:60", "Asia/Jakarta", NULL },
        { "2026-02-30 09:00", "Asia/Jakarta", NULL },
        { "2026-07-22 9:15", "Asia/Jakarta", NULL },
        { "2026-07-22 09:15Z", "Asia/Jakarta", NULL },
        { "2026-07-22", "Asia/Jakarta", NULL },
        { "2026-07-22 09:15", "Asia/Nowhere", NULL },
    };

    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        NskInstant at = 7;
        g_autoptr(GError) error = NULL;
        bool read = nsk_civil_parse(cases[i].text, cases[i].zone, &at, &error);

        g_test_message("'%s'", cases[i].text);
        if (cases[i].instant) {
            g_autofree char *instant = nsk_instant_format(at);
            g_autofree char *again = nsk_civil_format(at, cases[i].zone, NULL);

            g_assert_no_error(error);
            g_assert_true(read);
            g_assert_cmpstr(instant, ==, cases[i].instant);
            g_assert_cmpint(strncmp(again, cases[i].text, 10), ==, 0);
            g_assert_cmpstr(again + 11, ==, cases[i].text + 11);
        } else {
            g_assert_false(read);
            g_assert_error(error, NSK_ERROR, NSK_ERROR_INVALID);
            g_assert_cmpint(at, ==, 7);
        }
    }
}

static void
test_dates_print_in_indonesian(void)
{
    NskDate date = { 2026, 8, 7 };
    g_autofree char *text = nsk_date_format_id(date);

    g_assert_cmpstr(text, ==, "7 Agustus 2026");
    g_assert_cmpint(nsk_date_weekday(date), ==, 5);
    date = nsk_date_add_days(date, 30);
    g_autofree char *later = nsk_date_format(date);
    g_assert_cmpstr(later, ==, "2026-09-06");
    g_assert_cmpint(nsk_date_compare(date, (NskDate){ 2026, 9, 7 }), <, 0);
}

/* An instant between the years 1 and 9999. */
static NskInstant
draw_instant(GRand *rand)
{
    double seconds = g_rand_double_range(rand, -62135596800.0, 253402300799.0);

    return (NskInstant)seconds * G_USEC_PER_SEC + g_rand_int_range(rand, 0, G_USEC_PER_SEC);
}

static void
test_times_are_those_of_glib(void)
{
    g_autoptr(GRand) rand = g_rand_new_with_seed(3);
    static const NskInstant ends[] = { -62135596800000000, 253402300799999999, -1, 0,
                                       951782399999999,    951868800000000 };

    for (unsigned i = 0; i < 20000; i++) {
        NskInstant at = i < G_N_ELEMENTS(ends) ? ends[i] : draw_instant(rand);
        int64_t micro = (at % G_USEC_PER_SEC + G_USEC_PER_SEC) % G_USEC_PER_SEC;
        g_autoptr(GDateTime) time = g_date_time_new_from_unix_utc((at - micro) / G_USEC_PER_SEC);
        g_autofree char *text = nsk_instant_format(at);
        g_autofree char *expected =
            g_strdup_printf("%04d-%02d-%02dT%02d:%02d:%02d.%06dZ", g_date_time_get_year(time),
                            g_date_time_get_month(time), g_date_time_get_day_of_month(time),
                            g_date_time_get_hour(time), g_date_time_get_minute(time),
                            g_date_time_get_second(time), (int)micro);

        g_assert_cmpstr(text, ==, expected);
    }
}

static void
test_days_in_zones_are_those_of_glib(void)
{
    static const char *const zones[] = { "Asia/Jakarta", "Asia/Jayapura", "UTC", "Europe/Berlin",
                                         "America/New_York" };
    g_autoptr(GRand) rand = g_rand_new_with_seed(4);

    for (unsigned i = 0; i < 20000; i++) {
        NskDate date;
        int minutes;
        const char *zone = zones[i % G_N_ELEMENTS(zones)];
        NskInstant at = (NskInstant)g_rand_double_range(rand, 0, 4102444800.0) * G_USEC_PER_SEC;
        g_autoptr(GTimeZone) tz = g_time_zone_new_identifier(zone);
        g_autoptr(GDateTime) utc = g_date_time_new_from_unix_utc(at / G_USEC_PER_SEC);
        g_autoptr(GDateTime) local = g_date_time_to_timezone(utc, tz);

        g_assert_true(nsk_date_at(at, zone, &date, NULL));
        g_assert_true(nsk_zone_offset(at, zone, &minutes, NULL));
        g_assert_cmpint(date.year, ==, g_date_time_get_year(local));
        g_assert_cmpint(date.month, ==, g_date_time_get_month(local));
        g_assert_cmpint(date.day, ==, g_date_time_get_day_of_month(local));
        g_assert_cmpint(minutes, ==, g_date_time_get_utc_offset(local) / (60 * G_USEC_PER_SEC));
    }
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/base/clock/dates-are-strict", test_dates_are_strict);
    g_test_add_func("/base/clock/instants-round-trip", test_instants_round_trip);
    g_test_add_func("/base/clock/a-day-begins-by-the-zone", test_a_day_begins_by_the_zone);
    g_test_add_func("/base/clock/civil-times-are-those-of-the-zone",
                    test_civil_times_are_those_of_the_zone);
    g_test_add_func("/base/clock/dates-print-in-indonesian", test_dates_print_in_indonesian);
    g_test_add_func("/base/clock/times-are-those-of-glib", test_times_are_those_of_glib);
    g_test_add_func("/base/clock/days-in-zones-are-those-of-glib",
                    test_days_in_zones_are_those_of_glib);
    return g_test_run();
}
