/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/limits.h"
#include "xml/xml.h"

#include <math.h>
#include <string.h>

static const char facts[] = "<facts xmlns:b='u:bpmn'><letter security='biasa' n='3'/>"
                            "<outcome>approve</outcome><r>1</r><r>2</r></facts>";

typedef struct {
    NskXmlDoc *doc;
    NskXmlNode *root;
} Fixture;

static void
setup(Fixture *f, G_GNUC_UNUSED gconstpointer data)
{
    g_autoptr(GError) error = NULL;

    f->doc = nsk_xml_parse("facts", facts, strlen(facts), &error);
    g_assert_no_error(error);
    f->root = nsk_xml_doc_get_root(f->doc);
}

static void
teardown(Fixture *f, G_GNUC_UNUSED gconstpointer data)
{
    nsk_xml_doc_free(f->doc);
}

/* Children of the context are variables; "one" is 1, "text" a text. */
static bool
find_variable(void *data, const char *name, NskXPathValue *out_value)
{
    NskXmlNode *child = nsk_xml_child(data, name);

    if (strcmp(name, "one") == 0) {
        *out_value = (NskXPathValue){ .type = NSK_XPATH_NUMBER, .number = 1 };
    } else if (strcmp(name, "text") == 0) {
        *out_value = (NskXPathValue){ .type = NSK_XPATH_TEXT, .text = g_strdup("teks") };
    } else if (strcmp(name, "none") == 0) {
        *out_value = (NskXPathValue){ .type = NSK_XPATH_NULL };
    } else if (child != NULL) {
        *out_value = (NskXPathValue){ .type = NSK_XPATH_NODES, .nodes = g_ptr_array_new() };
        g_ptr_array_add(out_value->nodes, child);
    }
    return child != NULL || strcmp(name, "one") == 0 || strcmp(name, "text") == 0 ||
           strcmp(name, "none") == 0;
}

static bool
call(void *data,
     const char *ns,
     const char *name,
     const NskXPathValue *args,
     size_t n_args,
     NskXPathValue *out_value)
{
    g_autofree char *first = n_args > 0 ? nsk_xpath_value_text(&args[0]) : g_strdup("");

    if (strcmp(ns, "u:bpmn") == 0 && strcmp(name, "getDataObject") == 0 && n_args == 1) {
        if (find_variable(data, first, out_value))
            return true;
        out_value->text = g_strdup_printf("there is no data object '%s'", first);
        return false;
    }
    if (strcmp(ns, "") == 0 && strcmp(name, "twice") == 0 && n_args == 1) {
        *out_value = (NskXPathValue){ .type = NSK_XPATH_TEXT };
        out_value->text = g_strconcat(first, first, NULL);
        return true;
    }
    if (strcmp(name, "is-true") == 0) {
        *out_value =
            (NskXPathValue){ .type = NSK_XPATH_BOOL, .boolean = nsk_xpath_value_bool(&args[0]) };
        return true;
    }
    return false;
}

static bool
eval(Fixture *f, const char *text, NskXPathValue *out_value, GError **error)
{
    NskXPathScope scope = { find_variable, call, f->root };
    g_autoptr(NskXPath) xpath = nsk_xpath_compile(text, f->root, error);

    return xpath != NULL && nsk_xpath_eval(xpath, f->root, &scope, out_value, error);
}

static void
test_expressions_have_the_right_value(Fixture *f, G_GNUC_UNUSED gconstpointer data)
{
    static const struct {
        const char *text;
        NskXPathType type;
        const char *value;
        bool boolean;
    } cases[] = {
        { "outcome = 'approve'", NSK_XPATH_BOOL, "true", true },
        { "$outcome = 'return'", NSK_XPATH_BOOL, "false", false },
        { "b:getDataObject('outcome')", NSK_XPATH_NODES, "approve", true },
        { "b:getDataObject(\"letter\")/@security", NSK_XPATH_NODES, "biasa", true },
        { "r[2] | r[1]", NSK_XPATH_NODES, "1", true },
        { "r[3]", NSK_XPATH_NODES, "", false },
        { "sum(r) + $one", NSK_XPATH_NUMBER, "4", true },
        { "1 div 4", NSK_XPATH_NUMBER, "0.25", true },
        { "0 div 0", NSK_XPATH_NUMBER, "NaN", false },
        { "-0", NSK_XPATH_NUMBER, "0", false },
        { "twice(twice($text))", NSK_XPATH_TEXT, "teksteksteksteks", true },
        { "''", NSK_XPATH_TEXT, "", false },
        { "'false'", NSK_XPATH_TEXT, "false", true },
        { "is-true(//letter)", NSK_XPATH_BOOL, "true", true },
        { "is-true($none)", NSK_XPATH_BOOL, "false", false },
        { "count($none)", NSK_XPATH_NUMBER, "0", false },
        { "/facts/letter/@n * 2", NSK_XPATH_NUMBER, "6", true },
    };

    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(GError) error = NULL;
        g_auto(NskXPathValue) value = { 0 };
        g_autofree char *text = NULL;

        g_test_message("%s", cases[i].text);
        g_assert_true(eval(f, cases[i].text, &value, &error));
        g_assert_no_error(error);
        text = nsk_xpath_value_text(&value);
        g_assert_cmpint(value.type, ==, cases[i].type);
        g_assert_cmpstr(text, ==, cases[i].value);
        g_assert_true(nsk_xpath_value_bool(&value) == cases[i].boolean);
    }
}

static void
test_faults_are_named_with_their_place(Fixture *f, G_GNUC_UNUSED gconstpointer data)
{
    static const struct {
        const char *text;
        const char *message;
    } cases[] = {
        { "", "expression \"\", character 1: invalid expression" },
        { "a = ", "expression \"a = \", character 5: invalid expression" },
        { "'é' + )", "expression \"'é' + )\", character 7: invalid expression" },
        { "'open", "expression \"'open\", character 6: unfinished literal" },
        { "${approved}",
          "expression \"${approved}\", character 2: expected $ for variable reference" },
        { "z:f(1)", "expression \"z:f(1)\", character 1: the prefix 'z' is not declared" },
        { "a or z:b", "expression \"a or z:b\", character 6: the prefix 'z' is not declared" },
        { "$unknown", "expression \"$unknown\": there is no variable '$unknown'" },
        { "$b:outcome", "expression \"$b:outcome\": there is no variable '$outcome'" },
        { "document('/etc/passwd')", "expression \"document('/etc/passwd')\": "
                                     "there is no function 'document' with 1 arguments" },
        { "b:getDataObject('no')",
          "expression \"b:getDataObject('no')\": getDataObject(): there is no data object 'no'" },
        { "count(1)", "expression \"count(1)\": invalid type" },
        { "count()", "expression \"count()\": invalid number of arguments" },
    };

    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(GError) error = NULL;
        NskXPathValue value = { 0 };

        g_assert_false(eval(f, cases[i].text, &value, &error));
        g_assert_error(error, NSK_ERROR, NSK_ERROR_INVALID);
        g_assert_cmpstr(error->message, ==, cases[i].message);
        g_assert_cmpint(value.type, ==, NSK_XPATH_NULL);
    }
}

static void
test_hostile_expressions_end(Fixture *f, G_GNUC_UNUSED gconstpointer data)
{
    g_autofree char *deep = g_strnfill(2000, '(');
    g_autofree char *minus = g_strnfill(4000, '-');
    g_autofree char *slow_open = g_strnfill(40, '(');
    g_autofree char *longer = g_strnfill(NSK_LIMIT_XPATH_SIZE + 1, 'a');
    g_autoptr(NskXmlDoc) big = nsk_xml_doc_new(NULL, "a");
    g_autofree char *negated = g_strconcat(minus, "1", NULL);
    const char *const texts[] = { deep, longer };
    NskXPathValue value = { 0 };

    for (size_t i = 0; i < G_N_ELEMENTS(texts); i++) {
        g_autoptr(GError) error = NULL;

        g_assert_false(eval(f, texts[i], &value, &error));
        g_assert_error(error, NSK_ERROR, NSK_ERROR_LIMIT);
    }
    g_assert_true(eval(f, negated, &value, NULL));
    g_assert_cmpfloat(fabs(value.number), ==, 1);

    for (unsigned i = 0; i < 400; i++)
        nsk_xml_add(nsk_xml_doc_get_root(big), NULL, "b");
    g_autoptr(GError) error = NULL;
    g_autoptr(NskXPath) slow = nsk_xpath_compile("//b[//b[//b]]", NULL, &error);
    g_assert_no_error(error);
    g_assert_false(nsk_xpath_eval(slow, nsk_xml_doc_get_root(big), NULL, &value, &error));
    g_assert_error(error, NSK_ERROR, NSK_ERROR_LIMIT);
}

static void
test_names_are_found_outside_literals(Fixture *f, G_GNUC_UNUSED gconstpointer data)
{
    static const struct {
        const char *text;
        const char *variables;
        const char *functions;
    } cases[] = {
        { "$a + $b - $a", "a,b", "" },
        { "'$no' = \"f($no)\" or $yes", "yes", "" },
        { "b:now() and f (1) or (2) div (3)", "", "b:now,f" },
        { "and(1) and and(2)", "", "and" },
        { "div div div (4)", "", "div" },
        { "text() | comment() | node() | processing-instruction('x')", "", "" },
        { "count(child::text()/ancestor-or-self :: x)", "", "" },
        { "* * div", "", "" },
        { "a[f($x)]/@g and $y-z.w", "x,y-z.w", "f" },
        { ". or f(..)", "", "f" },
        { "1.or f(.5)", "", "f" },
        { "concat(b:*, '')", "", "" },
    };

    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(GError) error = NULL;
        g_autoptr(NskXPath) xpath = nsk_xpath_compile(cases[i].text, f->root, &error);

        g_test_message("%s", cases[i].text);
        g_assert_no_error(error);
        g_assert_cmpstr(nsk_xpath_get_text(xpath), ==, cases[i].text);
        g_auto(GStrv) variables = nsk_xpath_variables(xpath);
        g_auto(GStrv) functions = nsk_xpath_functions(xpath);
        g_autofree char *joined_variables = g_strjoinv(",", variables);
        g_autofree char *joined_functions = g_strjoinv(",", functions);
        g_assert_cmpstr(joined_variables, ==, cases[i].variables);
        g_assert_cmpstr(joined_functions, ==, cases[i].functions);
    }
}

static void *
eval_often(void *data)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(NskXmlDoc) doc = nsk_xml_parse("facts", facts, strlen(facts), &error);
    NskXPathScope scope = { find_variable, call, nsk_xml_doc_get_root(doc) };

    for (unsigned i = 0; i < 2000; i++) {
        g_auto(NskXPathValue) value = { 0 };
        bool ok = nsk_xpath_eval(data, nsk_xml_doc_get_root(doc), &scope, &value, &error);

        g_assert_no_error(error);
        g_assert_true(ok && value.boolean);
    }
    return NULL;
}

static void
test_threads_share_an_expression(Fixture *f, G_GNUC_UNUSED gconstpointer data)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(NskXPath) xpath =
        nsk_xpath_compile("b:getDataObject('outcome') = 'approve'", f->root, &error);
    GThread *other;

    g_assert_no_error(error);
    g_clear_pointer(&f->doc, nsk_xml_doc_free); /* the expression needs no document */
    other = g_thread_new("other", eval_often, xpath);
    eval_often(xpath);
    g_thread_join(other);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add("/xml/xpath/expressions-have-the-right-value", Fixture, NULL, setup,
               test_expressions_have_the_right_value, teardown);
    g_test_add("/xml/xpath/faults-are-named-with-their-place", Fixture, NULL, setup,
               test_faults_are_named_with_their_place, teardown);
    g_test_add("/xml/xpath/hostile-expressions-end", Fixture, NULL, setup,
               test_hostile_expressions_end, teardown);
    g_test_add("/xml/xpath/names-are-found-outside-literals", Fixture, NULL, setup,
               test_names_are_found_outside_literals, teardown);
    g_test_add("/xml/xpath/threads-share-an-expression", Fixture, NULL, setup,
               test_threads_share_an_expression, teardown);
    return g_test_run();
}
