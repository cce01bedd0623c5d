/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Retention from the day of its trigger. */
#include "records/records.h"

static NskDate
day(const char *text)
{
    NskDate date;

    g_assert_true(nsk_date_parse(text, &date, NULL));
    return date;
}

static void
assert_day(NskDate found, const char *expected)
{
    g_autofree char *text = nsk_date_format(found);

    g_assert_cmpstr(text, ==, expected);
}

static void
test_days(void)
{
    static const struct {
        NskTrigger trigger;
        unsigned active, inactive;
        const char *from, *inactive_from, *due_from;
    } cases[] = {
        /* the day itself does not count */
        { NSK_TRIGGER_CLOSED, 1, 2, "2026-07-20", "2027-07-21", "2029-07-21" },
        /* nothing to keep: over on the next day */
        { NSK_TRIGGER_CLOSED, 0, 0, "2026-07-20", "2026-07-21", "2026-07-21" },
        { NSK_TRIGGER_CLOSED, 0, 1, "2026-07-20", "2026-07-21", "2027-07-21" },
        /* at the end of a month and of a year */
        { NSK_TRIGGER_CONTRACT, 2, 8, "2026-12-31", "2029-01-01", "2037-01-01" },
        { NSK_TRIGGER_CONTRACT, 1, 0, "2026-04-30", "2027-05-01", "2027-05-01" },
        /* on a leap day: all of the year up to 28 February */
        { NSK_TRIGGER_LEFT, 1, 3, "2024-02-29", "2025-03-01", "2028-03-01" },
        /* on the day before one: never shorter, and the same again where there is such a day */
        { NSK_TRIGGER_LEFT, 1, 3, "2024-02-28", "2025-03-01", "2028-02-29" },
        { NSK_TRIGGER_CLOSED, 4, 4, "2024-02-28", "2028-02-29", "2032-02-29" },
        /* the year before one */
        { NSK_TRIGGER_CLOSED, 1, 0, "2023-02-28", "2024-03-01", "2024-03-01" },
        /* 2100 is no leap year */
        { NSK_TRIGGER_CLOSED, 4, 0, "2096-02-28", "2100-03-01", "2100-03-01" },
        /* a budget year ends in December, whatever day of it is named */
        { NSK_TRIGGER_BUDGET, 2, 10, "2026-03-05", "2029-01-01", "2039-01-01" },
        { NSK_TRIGGER_BUDGET, 2, 10, "2026-12-31", "2029-01-01", "2039-01-01" },
    };

    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        NskRetention kept;
        const NskRecordClass class = { .code = "A",
                                       .name = "a",
                                       .has_rule = true,
                                       .trigger = cases[i].trigger,
                                       .active = cases[i].active,
                                       .inactive = cases[i].inactive };

        g_assert_true(nsk_retention_reckon(&class, day(cases[i].from), &kept));
        assert_day(kept.inactive_from, cases[i].inactive_from);
        assert_day(kept.due_from, cases[i].due_from);
    }
}

static void
test_without_end(void)
{
    NskRetention kept;
    const NskRecordClass class = { .has_rule = true, .active = 100, .inactive = 100 };

    g_assert_false(nsk_retention_reckon(&class, (NskDate){ 0 }, &kept));
    g_assert_false(nsk_retention_reckon(&class, day("9850-01-01"), &kept));
    g_assert_false(nsk_retention_reckon(&class, day("9999-12-31"), &kept));
}

static void
test_states(void)
{
    NskRetention kept = { .inactive_from = day("2027-07-21"), .due_from = day("2029-07-21") };
    static const struct {
        const char *today;
        NskRecordState state;
    } cases[] = {
        { "2026-07-20", NSK_RECORD_ACTIVE },   { "2027-07-20", NSK_RECORD_ACTIVE },
        { "2027-07-21", NSK_RECORD_INACTIVE }, { "2029-07-20", NSK_RECORD_INACTIVE },
        { "2029-07-21", NSK_RECORD_DUE },      { "2040-01-01", NSK_RECORD_DUE },
    };

    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_assert_cmpint(nsk_retention_state(true, &kept, day(cases[i].today)), ==, cases[i].state);
        g_assert_cmpint(nsk_retention_state(false, &kept, day(cases[i].today)), ==,
                        NSK_RECORD_OPEN);
    }
    g_assert_cmpint(nsk_retention_state(true, NULL, day("2040-01-01")), ==, NSK_RECORD_WAITING);
    g_assert_cmpstr(nsk_record_state_name(NSK_RECORD_DUE), ==, "due");
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/records/retention/days", test_days);
    g_test_add_func("/records/retention/without-end", test_without_end);
    g_test_add_func("/records/retention/states", test_states);
    return g_test_run();
}
