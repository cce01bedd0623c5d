/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "registry/registry.h"

#include <string.h>

static void
test_reads_what_the_profile_says(void)
{
    static const char text[] = "<p xmlns='urn:naskah:profile:1'>"
                               "<series name='keluar' scope='year unit' taken='paper' "
                               "max-lag-days='3' width='4' start='7'>"
                               "<pattern>{seq}/{unit}/{year}</pattern></series></p>";
    NskNumberParts parts = { .seq = 12, .year = 2026, .unit = "BU" };
    g_autoptr(GError) error = NULL;
    g_autoptr(NskIssues) issues = nsk_issues_new();
    g_autoptr(NskXmlDoc) doc = nsk_xml_parse("p.xml", text, strlen(text), &error);
    g_assert_no_error(error);
    g_autoptr(NskSeries) series =
        nsk_series_read(doc, nsk_xml_first(nsk_xml_doc_get_root(doc)), issues);

    g_assert_cmpuint(issues->len, ==, 0);
    g_assert_nonnull(series);
    g_assert_cmpstr(nsk_series_get_name(series), ==, "keluar");
    g_assert_cmpuint(nsk_series_get_scope(series), ==, NSK_SCOPE_UNIT | NSK_SCOPE_YEAR);
    g_assert_cmpint(nsk_series_get_taken(series), ==, NSK_TAKEN_PAPER);
    g_assert_cmpint(nsk_series_get_max_lag_days(series), ==, 3);
    g_autofree char *number =
        nsk_number_scheme_format(nsk_series_get_scheme(series), &parts, &error);
    g_assert_no_error(error);
    g_assert_cmpstr(number, ==, "0012/BU/2026");
}

static void
test_absent_attributes_have_defaults(void)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(NskSeries) series =
        nsk_series_new(&(NskSeriesText){ .name = "a", .pattern = "{seq:2}" }, &error);

    g_assert_no_error(error);
    g_assert_cmpuint(nsk_series_get_scope(series), ==, NSK_SCOPE_YEAR);
    g_assert_cmpint(nsk_series_get_taken(series), ==, NSK_TAKEN_SIGNING);
    g_assert_cmpint(nsk_series_get_max_lag_days(series), ==, -1);
}

static void
test_month_implies_year(void)
{
    g_autoptr(NskSeries) series =
        nsk_series_new(&(NskSeriesText){ .name = "a", .scope = "month", .pattern = "{seq}" }, NULL);

    g_assert_cmpuint(nsk_series_get_scope(series), ==, NSK_SCOPE_MONTH | NSK_SCOPE_YEAR);
}

static void
test_width_leaves_a_given_width(void)
{
    g_autoptr(NskSeries) series =
        nsk_series_new(&(NskSeriesText){ .name = "a", .width = "5", .pattern = "{seq:2}" }, NULL);

    g_assert_cmpstr(nsk_number_scheme_get_pattern(nsk_series_get_scheme(series)), ==, "{seq:2}");
}

static void
test_faults_are_named(void)
{
    static const struct {
        NskSeriesText text;
        const char *words;
    } cases[] = {
        { { .pattern = "{seq}" }, "not a name" },
        { { .name = "A b", .pattern = "{seq}" }, "'A b' is not a name" },
        { { .name = "a" }, "series 'a': there is no pattern" },
        { { .name = "a", .pattern = "x" }, "0 {seq} fields" },
        { { .name = "a", .pattern = "{seq}", .scope = "yearly" }, "'yearly' in the scope" },
        { { .name = "a", .pattern = "{seq}", .scope = "year year" }, "there twice" },
        { { .name = "a", .pattern = "{seq}", .taken = "later" }, "cannot be taken 'later'" },
        { { .name = "a", .pattern = "{seq}", .max_lag_days = "-1" }, "max-lag-days is '-1'" },
        { { .name = "a", .pattern = "{seq}", .max_lag_days = "367" }, "from 0 to 366" },
        { { .name = "a", .pattern = "{seq}", .width = "0" }, "width is '0'" },
        { { .name = "a", .pattern = "{seq}", .start = "0" }, "start is '0'" },
        { { .name = "a", .pattern = "{seq}", .start = "1000000000" }, "start is" },
    };

    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(GError) error = NULL;
        g_autoptr(NskSeries) series = nsk_series_new(&cases[i].text, &error);

        g_assert_error(error, NSK_ERROR, NSK_ERROR_INVALID);
        g_assert_nonnull(strstr(error->message, cases[i].words));
        g_assert_null(series);
    }
}

static void
test_fault_in_a_profile_has_its_line(void)
{
    static const char text[] = "<p>\n<series name='x'><pattern>{no}</pattern></series></p>";
    g_autoptr(NskIssues) issues = nsk_issues_new();
    g_autoptr(NskXmlDoc) doc = nsk_xml_parse("p.xml", text, strlen(text), NULL);
    g_autoptr(NskSeries) series =
        nsk_series_read(doc, nsk_xml_first(nsk_xml_doc_get_root(doc)), issues);

    g_assert_null(series);
    g_assert_cmpuint(issues->len, ==, 1);
    const NskIssue *issue = g_ptr_array_index(issues, 0);
    g_assert_cmpstr(issue->tag, ==, "series");
    g_assert_cmpuint(issue->line, ==, 2);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/registry/series/is-what-the-profile-says", test_reads_what_the_profile_says);
    g_test_add_func("/registry/series/absent-attributes-have-defaults",
                    test_absent_attributes_have_defaults);
    g_test_add_func("/registry/series/month-implies-year", test_month_implies_year);
    g_test_add_func("/registry/series/width-leaves-a-given-width", test_width_leaves_a_given_width);
    g_test_add_func("/registry/series/faults-are-named", test_faults_are_named);
    g_test_add_func("/registry/series/fault-in-a-profile-has-its-line",
                    test_fault_in_a_profile_has_its_line);
    return g_test_run();
}
