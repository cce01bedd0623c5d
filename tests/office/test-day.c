/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The day's map of the log: one a day, of all that is signed, and found when it is wrong. */
#include "fixture.h"

static const Words words = { 0 };

/* How many days the log tells of. */
static int64_t
count_days(Fixture *f)
{
    g_autoptr(GError) error = NULL;
    g_autofree char *path = g_build_filename(f->dir, "office.db", NULL);
    g_autoptr(NskDb) db = nsk_db_open(path, NSK_DB_READ, &error);
    g_assert_no_error(error);
    g_autoptr(NskDbTxn) txn = nsk_db_snapshot(db, &error);
    g_autoptr(NskDbRows) rows =
        nsk_db_query(txn,
                     "SELECT count(*) FROM journal WHERE letter = 'office/log'"
                     " AND instr(entry, 'day-mapped') > 0",
                     NSK_DB_NO_PARAMS, &error);
    bool has_row = false;

    g_assert_true(nsk_db_rows_next(rows, &has_row, &error) && has_row);
    return nsk_db_rows_int(rows, 0);
}

static NskJson *
close_day(Fixture *f)
{
    NskJson *result = NULL;
    g_autoptr(GError) error = NULL;

    g_assert_true(nsk_office_audit_day(f->office, &result, &error));
    g_assert_no_error(error);
    return result;
}

static void
check_clean(Fixture *f)
{
    const NskAuditVerify ask = { .against = NULL };
    g_autoptr(GError) error = NULL;
    g_autoptr(NskJson) result = NULL;
    g_autoptr(NskIssues) issues = nsk_issues_new();

    g_assert_true(nsk_office_audit_verify(f->office, &ask, issues, &result, &error));
    g_assert_no_error(error);
    g_assert_cmpuint(issues->len, ==, 0);
}

static void
test_one_a_day(Fixture *f, G_GNUC_UNUSED gconstpointer data)
{
    g_autoptr(GError) error = NULL;
    g_autofree char *letter = fixture_draft(f, &words);
    g_autoptr(NskJson) first = close_day(f);

    g_assert_cmpint(count_days(f), ==, 1);
    g_autofree char *other = fixture_draft(f, &words);
    for (int i = 0; i < 3; i++)
        g_assert_true(nsk_office_map_day(f->office, &error));
    g_assert_cmpint(count_days(f), ==, 1);

    f->now = fixture_morning("2026-07-23");
    g_autoptr(NskJson) next = close_day(f);
    g_assert_cmpint(count_days(f), ==, 2);
    /* the letter, and the log's own history */
    g_assert_cmpint(nsk_json_get_int(next, "histories", 0), ==,
                    nsk_json_get_int(first, "histories", 0) + 2);
    g_assert_cmpstr(nsk_json_get_text(next, "map"), !=, nsk_json_get_text(first, "map"));
    check_clean(f);
}

/* The office did not run for a week: the next day covers it. */
static void
test_after_a_week(Fixture *f, G_GNUC_UNUSED gconstpointer data)
{
    g_autofree char *letter = fixture_draft(f, &words);
    g_autoptr(NskJson) first = close_day(f);

    f->now = fixture_morning("2026-07-29");
    g_autofree char *other = fixture_draft(f, &words);
    g_autoptr(NskJson) next = close_day(f);
    g_assert_cmpint(count_days(f), ==, 2);
    g_assert_cmpint(nsk_json_get_int(next, "entries", 0), >, nsk_json_get_int(first, "entries", 0));
    check_clean(f);
}

/* In Jakarta a day begins at 17.00 UTC of the day before. */
static void
test_midnight(Fixture *f, G_GNUC_UNUSED gconstpointer data)
{
    g_autoptr(GError) error = NULL;
    g_autofree char *letter = fixture_draft(f, &words);
    g_autoptr(NskJson) first = close_day(f);
    NskInstant morning = fixture_morning("2026-07-23");

    f->now = morning - (NskInstant)9 * 3600 * G_USEC_PER_SEC - 1;
    g_assert_true(nsk_office_map_day(f->office, &error));
    g_assert_cmpint(count_days(f), ==, 1);
    f->now = morning - (NskInstant)9 * 3600 * G_USEC_PER_SEC;
    g_assert_true(nsk_office_map_day(f->office, &error));
    g_assert_cmpint(count_days(f), ==, 2);
}

int
main(int argc, char **argv)
{
    static const FixtureTest tests[] = {
        { "/office/day/one-a-day-of-all-that-is-signed", test_one_a_day, NULL },
        { "/office/day/a-week-without-a-server-is-covered-by-the-next", test_after_a_week, NULL },
        { "/office/day/a-day-begins-at-midnight-in-jakarta", test_midnight, NULL },
    };

    return fixture_main(argc, argv, tests, G_N_ELEMENTS(tests));
}
