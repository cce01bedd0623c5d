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

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/base/clock/dates-are-strict", test_dates_are_strict);
    g_test_add_func("/base/clock/instants-round-trip", test_instants_round_trip);
    g_test_add_func("/base/clock/a-day-begins-by-the-zone", test_a_day_begins_by_the_zone);
    g_test_add_func("/base/clock/dates-print-in-indonesian", test_dates_print_in_indonesian);
    return g_test_run();
}
