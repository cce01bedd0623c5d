/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Classification schemes as tables. */
#include "records/records.h"

#include <string.h>

#define HEAD "code,name,trigger,active,inactive,fate\n"

static void
test_shipped(void)
{
    static const struct {
        const char *file, *code;
        NskTrigger trigger;
        unsigned active, inactive;
        NskFate fate;
    } cases[] = {
        { "wilayah", "000.1.3", NSK_TRIGGER_BUDGET, 2, 3, NSK_FATE_DESTROY },
        { "wilayah", "800.2", NSK_TRIGGER_LEFT, 1, 10, NSK_FATE_REVIEW },
        { "kementerian", "OT.01", NSK_TRIGGER_CLOSED, 2, 5, NSK_FATE_PERMANENT },
        { "kementerian", "PL.01", NSK_TRIGGER_CONTRACT, 2, 8, NSK_FATE_REVIEW },
    };

    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        gsize size;
        g_autofree char *text = NULL;
        g_autoptr(GError) error = NULL;
        g_autoptr(NskIssues) issues = nsk_issues_new();
        g_autofree char *path = g_strdup_printf("%s/templates/records/%s.csv",
                                                g_getenv("NASKAH_SOURCE"), cases[i].file);

        g_assert_true(g_file_get_contents(path, &text, &size, NULL));
        g_autoptr(NskClassScheme) scheme = nsk_class_scheme_parse(path, text, size, issues, &error);
        g_assert_no_error(error);
        const NskRecordClass *class = nsk_class_scheme_find(scheme, cases[i].code);
        g_assert_nonnull(class);
        g_assert_true(class->has_rule);
        g_assert_cmpint(class->trigger, ==, cases[i].trigger);
        g_assert_cmpuint(class->active, ==, cases[i].active);
        g_assert_cmpuint(class->inactive, ==, cases[i].inactive);
        g_assert_cmpint(class->fate, ==, cases[i].fate);
        g_assert_null(nsk_class_scheme_find(scheme, "XX"));
    }
}

static void
test_headings_and_order(void)
{
    static const char text[] = "fate,inactive,active,trigger,name,code\n"
                               "destroy,3,2,closed,\"Bawah, satu\",A.1\n"
                               ",,,,Atas,A\n";
    g_autoptr(NskIssues) issues = nsk_issues_new();
    g_autoptr(NskClassScheme) scheme =
        nsk_class_scheme_parse("t.csv", text, strlen(text), issues, NULL);

    g_assert_nonnull(scheme);
    g_assert_cmpuint(nsk_class_scheme_size(scheme), ==, 2);
    g_assert_cmpstr(nsk_class_scheme_at(scheme, 0)->code, ==, "A");
    g_assert_false(nsk_class_scheme_at(scheme, 0)->has_rule);
    g_assert_cmpstr(nsk_class_scheme_at(scheme, 1)->name, ==, "Bawah, satu");
}

static void
test_faults(void)
{
    static const struct {
        const char *text;
        unsigned line;
        const char *said;
    } cases[] = {
        { "", 1, "no rows" },
        { HEAD, 1, "no rows" },
        { "code,name,active,inactive,fate\nA,a\n", 1, "'trigger' is missing" },
        { HEAD "A,a\nA.1.2,b\n", 3, "'A.1' above 'A.1.2'" },
        { HEAD "A,a\nB,b\nA,c\n", 4, "first in line 2" },
        { HEAD "A,a,closed,1,,destroy\n", 2, "a part of a retention rule" },
        { HEAD "A,a,soon,1,1,destroy\n", 2, "'soon' is no trigger" },
        { HEAD "A,a,closed,1,1,burn\n", 2, "'burn' is no fate" },
        { HEAD "A,a,closed,-1,1,destroy\n", 2, "'-1' in the column 'active'" },
        { HEAD "A,a,closed,1,101,destroy\n", 2, "'101' in the column 'inactive'" },
        { HEAD "A..1,a\n", 2, "'A..1' is no code" },
        { HEAD ".A,a\n", 2, "'.A' is no code" },
        { HEAD "A/../B,a\n", 2, "is no code" },
        { HEAD "A,\n", 2, "the name of 'A'" },
        { HEAD "A,\"a\n", 2, "not closed" },
    };

    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(GError) error = NULL;
        g_autoptr(NskIssues) issues = nsk_issues_new();
        g_autoptr(NskClassScheme) scheme =
            nsk_class_scheme_parse("t.csv", cases[i].text, strlen(cases[i].text), issues, &error);
        bool found = false;

        g_assert_null(scheme);
        g_assert_error(error, NSK_ERROR, NSK_ERROR_INVALID);
        for (guint k = 0; k < issues->len; k++) {
            const NskIssue *issue = g_ptr_array_index(issues, k);

            found = found ||
                    (issue->line == cases[i].line && strstr(issue->text, cases[i].said) != NULL);
        }
        if (!found)
            g_test_message("no '%s' in line %u of %s", cases[i].said, cases[i].line,
                           error->message);
        g_assert_true(found);
    }
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/records/scheme/shipped", test_shipped);
    g_test_add_func("/records/scheme/headings-and-order", test_headings_and_order);
    g_test_add_func("/records/scheme/faults", test_faults);
    return g_test_run();
}
