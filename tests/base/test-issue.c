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

/* @warnings, then @errors, then @later warnings: what is left of them, and of which severity the
 * note at the end is. */
static void
test_a_flood_is_cut_and_counted(void)
{
    static const struct {
        int warnings, errors, later;
        unsigned kept_errors;
        const char *note; /* how it begins; NULL: there is none */
        NskSeverity severity;
    } cases[] = {
        { 0, 200, 0, 200, NULL, NSK_SEVERITY_WARNING },
        { 150, 50, 0, 50, NULL, NSK_SEVERITY_WARNING },
        { 201, 0, 0, 0, "1 more", NSK_SEVERITY_WARNING },
        { 0, 100000, 0, 200, "99800 more", NSK_SEVERITY_ERROR },
        { 200, 1, 0, 1, "1 more", NSK_SEVERITY_WARNING },
        { 5000, 3, 7, 3, "4810 more", NSK_SEVERITY_WARNING },
        { 250, 200, 0, 200, "250 more", NSK_SEVERITY_WARNING },
        { 250, 201, 0, 200, "251 more", NSK_SEVERITY_ERROR },
    };

    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        NskIssue wrong = { "t-wrong", NSK_SEVERITY_ERROR, NULL, 0, 0, NULL };
        NskIssue odd = { "t-odd", NSK_SEVERITY_WARNING, NULL, 0, 0, NULL };
        unsigned errors = 0;
        g_autoptr(NskIssues) issues = nsk_issues_new();

        for (int n = 0; n < cases[i].warnings; n++)
            nsk_issues_add(issues, &odd, "%d", n);
        for (int n = 0; n < cases[i].errors; n++)
            nsk_issues_add(issues, &wrong, "%d", n);
        for (int n = 0; n < cases[i].later; n++)
            nsk_issues_add(issues, &odd, "%d", n);
        g_assert_cmpuint(issues->len, ==, cases[i].note != NULL ? 201 : 200);
        for (unsigned n = 0; n < 200; n++) {
            const NskIssue *issue = g_ptr_array_index(issues, n);

            /* those kept are the first of their sort, in the order found */
            if (issue->severity == NSK_SEVERITY_ERROR) {
                g_autofree char *text = g_strdup_printf("%u", errors++);
                g_assert_cmpstr(issue->text, ==, text);
            }
        }
        g_assert_cmpuint(errors, ==, cases[i].kept_errors);
        g_assert_true(nsk_issues_has_error(issues) == (errors > 0));
        const NskIssue *last = g_ptr_array_index(issues, issues->len - 1);
        g_assert_true((strcmp(last->tag, "issues-cut") == 0) == (cases[i].note != NULL));
        if (cases[i].note != NULL) {
            g_assert_true(g_str_has_prefix(last->text, cases[i].note));
            g_assert_true(last->severity == cases[i].severity);
        }
    }
}

static void
test_lists_are_joined(void)
{
    char file[] = "a.xml";
    NskIssue wrong = { "t-wrong", NSK_SEVERITY_ERROR, file, 3, 7, NULL };
    NskIssue odd = { "t-odd", NSK_SEVERITY_WARNING, NULL, 0, 0, NULL };
    g_autoptr(NskIssues) from = nsk_issues_new();
    g_autoptr(NskIssues) to = nsk_issues_new();

    nsk_issues_add(to, &odd, "first");
    nsk_issues_add(from, &wrong, "%s", "100 %s of %n");
    nsk_issues_add(from, &odd, "last");
    nsk_issues_add_all(to, from);
    nsk_issues_add_all(NULL, from);
    g_assert_cmpuint(from->len, ==, 2);
    g_assert_cmpuint(to->len, ==, 3);
    const NskIssue *copied = g_ptr_array_index(to, 1);
    g_assert_cmpstr(copied->text, ==, "100 %s of %n");
    g_assert_cmpstr(copied->file, ==, "a.xml");
    g_assert_true(copied->file != file && copied->severity == NSK_SEVERITY_ERROR);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/base/issue/errors-become-one-error", test_errors_become_one_error);
    g_test_add_func("/base/issue/a-flood-is-cut-and-counted", test_a_flood_is_cut_and_counted);
    g_test_add_func("/base/issue/lists-are-joined", test_lists_are_joined);
    return g_test_run();
}
