/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "directory/directory-private.h"

#include <string.h>

/* All rows as "line:field|field" lines. */
static char *
show(const GPtrArray *rows)
{
    g_autoptr(GString) text = g_string_new(NULL);

    for (guint i = 0; i < rows->len; i++) {
        const NskCsvRow *row = g_ptr_array_index(rows, i);
        g_autofree char *fields = g_strjoinv("|", row->fields);

        g_string_append_printf(text, "%u:%s\n", row->line, fields);
    }
    return g_string_free(g_steal_pointer(&text), FALSE);
}

static void
test_reads_rfc_4180(void)
{
    static const struct {
        const char *text;
        const char *rows;
    } cases[] = {
        { "", "" },
        { "\n\r\n\n", "" },
        { "a", "1:a\n" },
        { "a,b,c\n1,2,3\n", "1:a|b|c\n2:1|2|3\n" },
        { "a,b\r\n1,2\r\n", "1:a|b\n2:1|2\n" },
        { "a,,\n,,c", "1:a||\n2:||c\n" },
        { ",", "1:|\n" },
        { "\"a,b\",\"c\"\"d\"\n", "1:a,b|c\"d\n" },
        { "\"two\nlines\",x\ny,z\n", "1:two\nlines|x\n3:y|z\n" },
        { "\"\",x", "1:|x\n" },
        { "\xef\xbb\xbfid,name\n", "1:id|name\n" },
        { "a b , c\n", "1:a b | c\n" },
        { "a\rb\n", "1:a\rb\n" },
        { "\n\na\n", "3:a\n" },
        { "\xc3\xa9,x", "1:\xc3\xa9|x\n" },
    };

    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(NskIssues) issues = nsk_issues_new();
        g_autoptr(GPtrArray) rows =
            nsk_csv_read("t.csv", cases[i].text, strlen(cases[i].text), issues);
        g_autofree char *shown = show(rows);

        g_assert_cmpuint(issues->len, ==, 0);
        g_assert_cmpstr(shown, ==, cases[i].rows);
    }
}

static void
test_fault_spoils_its_row_only(void)
{
    static const struct {
        const char *text;
        size_t size;
        unsigned line;
        const char *words;
        const char *rows;
    } cases[] = {
        { "a\nb\"c\nd\n", 0, 2, "inside a field", "1:a\n3:d\n" },
        { "a\n\"b\"c,x\nd\n", 0, 2, "follows a closing quote", "1:a\n3:d\n" },
        { "a\n\"b\nd\n", 0, 2, "is not closed", "1:a\n" },
        { "a\n\xff,x\nd\n", 0, 2, "not UTF-8", "1:a\n3:d\n" },
        { "a\nb\0c\nd\n", 8, 2, "not UTF-8", "1:a\n3:d\n" },
        { "\"", 0, 1, "is not closed", "" },
    };

    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(NskIssues) issues = nsk_issues_new();
        size_t size = cases[i].size > 0 ? cases[i].size : strlen(cases[i].text);
        g_autoptr(GPtrArray) rows = nsk_csv_read("t.csv", cases[i].text, size, issues);
        g_autofree char *shown = show(rows);

        g_assert_cmpuint(issues->len, ==, 1);
        const NskIssue *issue = g_ptr_array_index(issues, 0);
        g_assert_cmpstr(issue->tag, ==, "csv");
        g_assert_cmpstr(issue->file, ==, "t.csv");
        g_assert_cmpuint(issue->line, ==, cases[i].line);
        g_assert_nonnull(strstr(issue->text, cases[i].words));
        g_assert_cmpstr(shown, ==, cases[i].rows);
    }
}

static void
test_all_faults_are_reported(void)
{
    static const char text[] = "a\nb\"\n\"c\"d\ne\n\xff\n";
    g_autoptr(NskIssues) issues = nsk_issues_new();
    g_autoptr(GPtrArray) rows = nsk_csv_read("t.csv", text, strlen(text), issues);

    g_assert_cmpuint(issues->len, ==, 3);
    g_assert_cmpuint(rows->len, ==, 2);
}

static void
test_sizes_are_bounded(void)
{
    g_autoptr(NskIssues) issues = nsk_issues_new();
    g_autofree char *commas = g_strnfill(64, ',');
    g_autofree char *wide = g_strnfill(4001, 'x');
    g_autofree char *text = g_strconcat(commas, "\n", wide, "\n", commas + 1, "\n", NULL);
    g_autoptr(GPtrArray) rows = nsk_csv_read("t.csv", text, strlen(text), issues);

    g_assert_cmpuint(issues->len, ==, 2);
    g_assert_cmpuint(rows->len, ==, 1); /* 64 fields are allowed */
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/directory/csv/reads-rfc-4180", test_reads_rfc_4180);
    g_test_add_func("/directory/csv/fault-spoils-its-row-only", test_fault_spoils_its_row_only);
    g_test_add_func("/directory/csv/all-faults-are-reported", test_all_faults_are_reported);
    g_test_add_func("/directory/csv/sizes-are-bounded", test_sizes_are_bounded);
    return g_test_run();
}
