/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "directory/directory.h"

#include <string.h>

static NskCalendar *
shipped(void)
{
    g_autoptr(GError) error = NULL;
    NskCalendar *calendar = nsk_calendar_load_shipped(&error);

    g_assert_no_error(error);
    return calendar;
}

static NskDate
day(const char *text)
{
    NskDate date;

    g_assert_true(nsk_date_parse(text, &date, NULL));
    return date;
}

static void
test_months_of_2026(void)
{
    static const int days[] = { 20, 18, 17, 21, 16, 20, 23, 19, 22, 22, 21, 21 };
    g_autoptr(NskCalendar) calendar = shipped();
    g_autoptr(GError) error = NULL;
    int all;

    for (uint8_t month = 1; month <= 12; month++) {
        NskDate first = { 2026, month, 1 };
        NskDate next =
            month < 12 ? (NskDate){ 2026, (uint8_t)(month + 1), 1 } : (NskDate){ 2027, 1, 1 };
        int n;

        g_assert_true(nsk_calendar_working_days_between(calendar, nsk_date_add_days(first, -1),
                                                        nsk_date_add_days(next, -1), &n, &error));
        g_assert_no_error(error);
        g_assert_cmpint(n, ==, days[month - 1]);
    }
    g_assert_true(nsk_calendar_working_days_between(calendar, day("2025-12-31"), day("2026-12-31"),
                                                    &all, &error));
    g_assert_cmpint(all, ==, 240);
}

static void
test_adding_days(void)
{
    static const struct {
        const char *from;
        int days;
        const char *to;
    } cases[] = {
        { "2026-03-17", 5, "2026-03-31" },  { "2026-02-13", 2, "2026-02-19" },
        { "2026-05-13", 1, "2026-05-18" },  { "2026-07-22", 0, "2026-07-22" },
        { "2026-07-24", 1, "2026-07-27" },  { "2026-07-25", 1, "2026-07-27" },
        { "2026-03-31", -5, "2026-03-17" }, { "2026-07-27", -1, "2026-07-24" },
        { "2025-12-31", 1, "2026-01-02" },
    };
    g_autoptr(NskCalendar) calendar = shipped();

    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(GError) error = NULL;
        NskDate to;

        g_assert_true(nsk_calendar_add_working_days(calendar, day(cases[i].from), cases[i].days,
                                                    &to, &error));
        g_assert_no_error(error);
        g_autofree char *text = nsk_date_format(to);
        g_assert_cmpstr(text, ==, cases[i].to);
    }
}

static void
test_between_is_the_inverse_of_adding(void)
{
    g_autoptr(NskCalendar) calendar = shipped();

    for (int days = -20; days <= 40; days++) {
        NskDate from = { 2026, 3, 17 }; /* a working day */
        NskDate to;
        int back;

        g_assert_true(nsk_calendar_add_working_days(calendar, from, days, &to, NULL));
        g_assert_true(nsk_calendar_working_days_between(calendar, from, to, &back, NULL));
        g_assert_cmpint(back, ==, days);
    }
}

static void
test_longest_gap_is_in_march(void)
{
    g_autoptr(NskCalendar) calendar = shipped();

    for (NskDate at = { 2026, 3, 18 }; at.day <= 24; at = nsk_date_add_days(at, 1)) {
        bool works = true;

        g_assert_true(nsk_calendar_is_working_day(calendar, at, &works, NULL));
        g_assert_false(works);
    }
    g_assert_cmpstr(nsk_calendar_get_holiday(calendar, day("2026-08-17")), ==,
                    "Proklamasi Kemerdekaan");
    g_assert_null(nsk_calendar_get_holiday(calendar, day("2026-08-18")));
    g_assert_null(nsk_calendar_get_holiday(calendar, day("1999-08-18")));
}

static void
test_year_without_data_is_an_error(void)
{
    g_autoptr(NskCalendar) calendar = shipped();
    g_autoptr(GError) error = NULL;
    NskDate to = { 0 };
    bool works;
    int n;

    g_assert_false(nsk_calendar_is_working_day(calendar, day("2027-01-04"), &works, &error));
    g_assert_error(error, NSK_ERROR, NSK_ERROR_NOT_FOUND);
    g_assert_nonnull(strstr(error->message, "2027"));
    g_clear_error(&error);
    g_assert_false(nsk_calendar_add_working_days(calendar, day("2026-12-31"), 1, &to, &error));
    g_assert_nonnull(strstr(error->message, "2027"));
    g_assert_false(nsk_date_is_set(to));
    g_clear_error(&error);
    g_assert_false(
        nsk_calendar_add_working_days(calendar, day("2026-01-01"), INT_MIN, &to, &error));
    g_assert_nonnull(strstr(error->message, "2025"));
    g_clear_error(&error);
    g_assert_false(nsk_calendar_working_days_between(calendar, day("2026-12-01"), day("2027-01-01"),
                                                     &n, &error));
    g_assert_error(error, NSK_ERROR, NSK_ERROR_NOT_FOUND);
}

#define HEAD "<calendar xmlns='urn:naskah:calendar:1' year='2027' version='1' source='x'>"
#define WEEK "<week><day n='1' start='07:30' end='16:00' break='60'/></week>"

static void
test_faults_are_found(void)
{
    static const struct {
        const char *text;
        const char *tag;
    } cases[] = {
        { HEAD "</calendar>", "xml-schema" },
        { HEAD WEEK "<holidays><holiday date='2027-02-30' name='x'/></holidays></calendar>",
          "calendar-date" },
        { HEAD WEEK "<holidays><holiday date='2026-02-03' name='x'/></holidays></calendar>",
          "calendar-date" },
        { HEAD WEEK "<holidays><holiday date='2027-02-03' name='x'/><leave date='2027-02-03' "
                    "name='y'/></holidays></calendar>",
          "calendar-double" },
        { HEAD "<week><day n='1' start='07:30' end='16:00' break='60'/><day n='1' start='07:30' "
               "end='16:00' break='60'/></week><holidays/></calendar>",
          "calendar-double" },
        { HEAD WEEK "<hours name='h' from='2027-03-02' until='2027-03-01'><day n='1' start='07:30' "
                    "end='16:00' break='60'/></hours><holidays/></calendar>",
          "calendar-date" },
    };

    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(GError) error = NULL;
        g_autoptr(NskIssues) issues = nsk_issues_new();
        g_autoptr(NskXmlDoc) doc =
            nsk_xml_parse("c.xml", cases[i].text, strlen(cases[i].text), &error);
        g_assert_no_error(error);
        g_autoptr(NskCalendar) calendar =
            nsk_calendar_read((const NskXmlDoc *const[]){ doc }, 1, issues, &error);

        g_assert_null(calendar);
        g_assert_error(error, NSK_ERROR, NSK_ERROR_INVALID);
        g_assert_cmpuint(issues->len, >=, 1);
        g_assert_cmpstr(((NskIssue *)g_ptr_array_index(issues, 0))->tag, ==, cases[i].tag);
    }
}

static void
test_year_twice_is_refused(void)
{
    static const char text[] = HEAD WEEK "<holidays/></calendar>";
    g_autoptr(GError) error = NULL;
    g_autoptr(NskIssues) issues = nsk_issues_new();
    g_autoptr(NskXmlDoc) doc = nsk_xml_parse("c.xml", text, strlen(text), &error);
    g_autoptr(NskCalendar) one =
        nsk_calendar_read((const NskXmlDoc *const[]){ doc }, 1, issues, &error);
    bool monday, tuesday;

    g_assert_no_error(error);
    g_assert_true(nsk_calendar_is_working_day(one, day("2027-01-04"), &monday, NULL));
    g_assert_true(nsk_calendar_is_working_day(one, day("2027-01-05"), &tuesday, NULL));
    g_assert_true(monday && !tuesday);
    g_assert_null(nsk_calendar_read((const NskXmlDoc *const[]){ doc, doc }, 2, issues, &error));
    g_assert_error(error, NSK_ERROR, NSK_ERROR_INVALID);
    g_assert_nonnull(strstr(error->message, "2027 is there twice"));
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/directory/calendar/months-of-2026-have-240-working-days",
                    test_months_of_2026);
    g_test_add_func("/directory/calendar/adding-skips-holidays-and-leave", test_adding_days);
    g_test_add_func("/directory/calendar/between-is-the-inverse-of-adding",
                    test_between_is_the_inverse_of_adding);
    g_test_add_func("/directory/calendar/longest-gap-is-in-march", test_longest_gap_is_in_march);
    g_test_add_func("/directory/calendar/year-without-data-is-an-error",
                    test_year_without_data_is_an_error);
    g_test_add_func("/directory/calendar/faults-are-found", test_faults_are_found);
    g_test_add_func("/directory/calendar/year-twice-is-refused", test_year_twice_is_refused);
    return g_test_run();
}
