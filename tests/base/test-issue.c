/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <naskah/issue.h>

#include <string.h>

static void
test_errors_become_one_error(void)
{
    char file[] = "a.xml";
    NskIssue wrong = { "t-wrong", NSK_SEVERITY_ERROR, file, 3, 7, NULL };
    NskIssue odd = { "t-odd", NSK_SEVERITY_WARNING, file, 0, 0, NULL };
    g_autoptr(GError) error = NULL;
    g_autoptr(NskIssues) issues = nsk_issues_new();

    nsk_issues_add(issues, &odd, "looks odd");
    g_assert_true(nsk_issues_to_error(issues, &error));
    nsk_issues_add(issues, &wrong, "no '%s' here", "p");
    g_assert_false(nsk_issues_to_error(issues, &error));
    g_assert_error(error, NSK_ERROR, NSK_ERROR_INVALID);
    g_assert_cmpstr(error->message, ==, "a.xml:3:7: no 'p' here [t-wrong]");
}

static void
test_a_flood_is_cut(void)
{
    NskIssue wrong = { "t-wrong", NSK_SEVERITY_ERROR, NULL, 0, 0, NULL };
    g_autoptr(NskIssues) issues = nsk_issues_new();

    for (int i = 0; i < 100000; i++)
        nsk_issues_add(issues, &wrong, "%d", i);
    g_assert_cmpuint(issues->len, ==, 200);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/base/issue/errors-become-one-error", test_errors_become_one_error);
    g_test_add_func("/base/issue/a-flood-is-cut", test_a_flood_is_cut);
    return g_test_run();
}
