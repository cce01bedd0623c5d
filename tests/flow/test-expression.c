/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What expressions see and what the functions give that XPath 1.0 has not. */
#include "flow/flow-private.h"

#include <string.h>

static const char context_text[] =
    "<context xmlns:b='http://www.omg.org/spec/BPMN/20100524/MODEL' xmlns:n='urn:naskah:bpmn:1'/>";
static const char facts_text[] =
    "<facts><letter kind='surat-dinas' ends='2026-08-17'/><clock deemed='2026-08-07'/>"
    "<signatories><signatory position='kepala'/></signatories><drafter position='konseptor'/>"
    "</facts>";

/* Variables of an instance: text, number and boolean; `letter` hides the fact. */
static bool
find_variable(G_GNUC_UNUSED void *data, const char *name, NskXPathValue *out_value)
{
    if (g_str_equal(name, "n")) {
        out_value->type = NSK_XPATH_NUMBER;
        out_value->number = 3;
    } else if (g_str_equal(name, "yes")) {
        out_value->type = NSK_XPATH_BOOL;
        out_value->boolean = true;
    } else if (g_str_equal(name, "day") || g_str_equal(name, "clock")) {
        out_value->type = NSK_XPATH_TEXT;
        out_value->text = g_strdup("2026-07-24");
    } else {
        return false;
    }
    return true;
}

/* Working days that leave out Thursdays as well as the weekend. */
static bool
add_working_days(void *data, NskDate from, int days, NskDate *out_date, GError **error)
{
    if (data != NULL) {
        g_set_error_literal(error, NSK_ERROR, NSK_ERROR_INVALID, "the calendar ends in 2027");
        return false;
    }
    while (days > 0) {
        from = nsk_date_add_days(from, 1);
        days -= nsk_date_weekday(from) <= 5 && nsk_date_weekday(from) != 4 ? 1 : 0;
    }
    *out_date = from;
    return true;
}

typedef struct {
    NskXmlDoc *context;
    NskXmlDoc *facts;
    NskFlow *flow;
    NskFlowFacts seen;
    bool undefined;
} World;

static NskXmlDoc *
parse(const char *text)
{
    g_autoptr(GError) error = NULL;
    NskXmlDoc *doc = nsk_xml_parse("x", text, strlen(text), &error);

    g_assert_no_error(error);
    return doc;
}

static void
set_up(World *self, G_GNUC_UNUSED gconstpointer data)
{
    self->context = parse(context_text);
    self->facts = parse(facts_text);
    self->flow = nsk_flow_new();
    self->seen = (NskFlowFacts){ .facts = nsk_xml_doc_get_root(self->facts),
                                 .today = { 2026, 7, 22 },
                                 .now = INT64_C(1784685600000000) };
}

static void
tear_down(World *self, G_GNUC_UNUSED gconstpointer data)
{
    nsk_flow_unref(self->flow);
    nsk_xml_doc_free(self->facts);
    nsk_xml_doc_free(self->context);
}

/* The text of what the expression gives; NULL with an error. */
static char *
evaluate(World *self, const char *text, GError **error)
{
    g_autoptr(NskXPath) expression =
        nsk_xpath_compile(text, nsk_xml_doc_get_root(self->context), error);
    FlowSight sight = { .flow = self->flow,
                        .facts = &self->seen,
                        .outcome = "",
                        .variable = find_variable };
    g_auto(NskXPathValue) value = { 0 };

    g_assert_nonnull(expression);
    if (!nsk_flow_evaluate(expression, &sight, &value, error)) {
        self->undefined = sight.undefined;
        return NULL;
    }
    return nsk_xpath_value_text(&value);
}

static void
test_values(World *self, G_GNUC_UNUSED gconstpointer data)
{
    static const struct {
        const char *expression;
        const char *wanted;
    } cases[] = {
        /* variables keep their type; facts are node sets */
        { "$n + 1", "4" },
        { "not($yes)", "false" },
        { "$yes = 'x'", "true" },
        { "concat($day, '!')", "2026-07-24!" },
        { "$letter/@kind", "surat-dinas" },
        { "letter/@kind", "surat-dinas" },
        { "string-length('a  b')", "4" },
        { "string($clock)", "2026-07-24" },
        { "count(clock/@deemed)", "1" },
        /* BPMN's functions, with and without prefix */
        { "b:getDataObject('n') = 3", "true" },
        { "getDataObject('n') = 3", "true" },
        { "b:getDataObject('proses', 'n') * 2", "6" },
        { "b:getDataInput('day')", "2026-07-24" },
        { "b:getDataOutput('day')", "2026-07-24" },
        { "b:getProcessProperty('n')", "3" },
        { "b:getProcessProperty('proses', 'n')", "3" },
        { "b:getActivityProperty('tugas', 'n')", "3" },
        { "b:getEventProperty('peristiwa', 'n')", "3" },
        { "b:getActivityInstanceAttribute('tugas', 'n')", "3" },
        { "b:getProcessInstanceAttribute('state')", "Active" },
        { "b:getProcessInstanceAttribute('proses', 'n')", "3" },
        { "b:getDataObject('letter')/@kind", "surat-dinas" },
        /* dates; 2026-07-22 is a Wednesday */
        { "n:today()", "2026-07-22" },
        { "n:now()", "2026-07-22T02:00:00.000000Z" },
        { "n:add-days('2026-02-27', 3)", "2026-03-02" },
        { "n:add-days('2026-03-02', -3)", "2026-02-27" },
        { "n:add-days(n:now(), 0)", "2026-07-22" },
        { "n:add-days(' 2026-07-22 ', $n)", "2026-07-25" },
        { "n:add-days(letter/@ends, 1)", "2026-08-18" },
        { "n:add-working-days(n:today(), 3)", "2026-07-27" },
        { "n:add-working-days(n:today(), 0)", "2026-07-22" },
        { "n:add-working-days('2026-07-27', -3)", "2026-07-22" },
        { "n:add-working-days('2026-07-25', 1)", "2026-07-27" },
        { "n:days-between('2026-02-28', '2026-03-01')", "1" },
        { "n:days-between('2024-02-28', '2024-03-01')", "2" },
        { "n:days-between('2026-07-22', '2026-07-20')", "-2" },
        { "n:days-between(n:today(), letter/@ends) > 14", "true" },
        { "n:in-role('kepala', 'signatory')", "true" },
        { "n:in-role('konseptor', 'drafter')", "true" },
        { "n:in-role('konseptor', 'signatory')", "false" },
        { "n:in-role('', 'signatory')", "false" },
    };

    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(GError) error = NULL;
        g_autofree char *got = evaluate(self, cases[i].expression, &error);

        g_assert_no_error(error);
        g_assert_cmpstr(got, ==, cases[i].wanted);
    }
}

static void
test_faults(World *self, G_GNUC_UNUSED gconstpointer data)
{
    static const struct {
        const char *expression;
        const char *word;
        bool undefined;
    } cases[] = {
        { "$none", "'$none'", true },
        { "not($none)", "'$none'", true },
        { "b:getDataObject('none')", "'none'", true },
        { "b:getActivityProperty('n', 'none')", "'none'", true },
        { "b:getDataObject()", "takes 1 to 2 arguments", false },
        { "b:getDataObject('a', 'b', 'c')", "not 3", false },
        { "n:today(1)", "takes 0 to 0", false },
        { "n:add-days('kemarin', 1)", "'kemarin'", false },
        { "n:add-days('2026-02-30', 1)", "'2026-02-30'", false },
        { "n:add-days('2026-07-22x', 1)", "'2026-07-22x'", false },
        { "n:add-days(n:today(), 1.5)", "'1.5'", false },
        { "n:add-days(n:today(), 'x')", "'x'", false },
        { "n:add-days(n:today(), 1 div 0)", "'Infinity'", false },
        { "n:add-days(n:today(), 0 div 0)", "'NaN'", false },
        { "n:add-days(n:today(), 100001)", "'100001'", false },
        { "n:add-days('9998-12-31', 99999)", "add-days", false },
        { "n:add-working-days('1000-01-04', -99999)", "add-working-days", false },
        { "n:days-between('', '')", "not a date", false },
        { "n:nothing()", "nothing", false },
        { "document('x')", "document", false },
    };

    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(GError) error = NULL;
        g_autofree char *got = evaluate(self, cases[i].expression, &error);

        if (got != NULL || strstr(error->message, cases[i].word) == NULL)
            g_error("%s gives %s: %s", cases[i].expression, got,
                    error != NULL ? error->message : "");
        g_assert_error(error, NSK_ERROR, NSK_ERROR_INVALID);
        g_assert_true(self->undefined == cases[i].undefined);
    }
}

static void
test_working_days_are_those_of_the_calendar(World *self, G_GNUC_UNUSED gconstpointer data)
{
    g_autoptr(GError) error = NULL;

    self->seen.add_working_days = add_working_days;
    g_autofree char *got = evaluate(self, "n:add-working-days(n:today(), 2)", &error);
    g_assert_no_error(error);
    g_assert_cmpstr(got, ==, "2026-07-27");

    self->seen.data = self;
    g_assert_null(evaluate(self, "n:add-working-days(n:today(), 2)", &error));
    g_assert_nonnull(strstr(error->message, "the calendar ends in 2027"));
}

static void
test_costly_expressions_are_given_up(World *self, G_GNUC_UNUSED gconstpointer data)
{
    g_autoptr(GString) many = g_string_new("<facts>");
    g_autoptr(GError) error = NULL;

    for (unsigned i = 0; i < 1000; i++)
        g_string_append(many, "<a/>");
    g_string_append(many, "</facts>");
    g_autoptr(NskXmlDoc) facts = parse(many->str);
    self->seen.facts = nsk_xml_doc_get_root(facts);
    g_assert_null(evaluate(self, "count(//a[count(//a) > 5][count(//a) > 6])", &error));
    g_assert_error(error, NSK_ERROR, NSK_ERROR_LIMIT);
}

static void
test_without_facts_there_are_variables(World *self, G_GNUC_UNUSED gconstpointer data)
{
    g_autoptr(GError) error = NULL;

    self->seen.facts = NULL;
    g_autofree char *got =
        evaluate(self, "$n + count(letter) + number(n:in-role('a', 'b'))", &error);
    g_assert_no_error(error);
    g_assert_cmpstr(got, ==, "3");
    g_assert_null(evaluate(self, "$letter", &error));
    g_assert_true(self->undefined);
}

int
main(int argc, char **argv)
{
    static const struct {
        const char *path;
        void (*run)(World *, gconstpointer);
    } tests[] = {
        { "/flow/expression/values", test_values },
        { "/flow/expression/faults", test_faults },
        { "/flow/expression/working-days-are-those-of-the-calendar",
          test_working_days_are_those_of_the_calendar },
        { "/flow/expression/costly-expressions-are-given-up",
          test_costly_expressions_are_given_up },
        { "/flow/expression/without-facts-there-are-variables",
          test_without_facts_there_are_variables },
    };

    g_test_init(&argc, &argv, NULL);
    for (size_t i = 0; i < G_N_ELEMENTS(tests); i++)
        g_test_add(tests[i].path, World, NULL, set_up, tests[i].run, tear_down);
    return g_test_run();
}
