/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Expressions of a workflow: XPath 1.0, BPMN's own default language (formal/13-12-09, 10.4.3), over
 * the facts of a letter.
 *
 * 1. An expression that was read without an issue names no variable and no function that is not
 *    there, and was tried once on the facts of an imaginary letter.
 * 2. What an expression sees are the facts and today's date, both given by the caller.
 */
#include "base/message.h"
#include "flow/flow-private.h"

#include <string.h>

static const char *const fact_names[] = { "letter", "outcome", "drafter", "reviewers",
                                          "signatories" };

static const char *const xpath_languages[] = { "http://www.w3.org/1999/XPath",
                                               "http://www.w3.org/TR/xpath",
                                               "http://www.w3.org/TR/1999/REC-xpath-19991116" };

bool
nsk_flow_language_is_xpath(const char *language)
{
    if (language == NULL || *language == '\0')
        return true;
    for (size_t i = 0; i < G_N_ELEMENTS(xpath_languages); i++) {
        if (strcmp(language, xpath_languages[i]) == 0)
            return true;
    }
    return false;
}

NskXmlDoc *
nsk_flow_sample_facts(void)
{
    NskXmlDoc *doc = nsk_xml_doc_new(NULL, "facts");

    for (size_t i = 0; i < G_N_ELEMENTS(fact_names); i++)
        nsk_xml_add(nsk_xml_doc_get_root(doc), NULL, fact_names[i]);
    return doc;
}

NskXmlNode *
nsk_flow_find_fact(const NskXmlNode *facts, const char *name)
{
    NskXmlNode *child = nsk_xml_first(facts);

    while (child != NULL && !nsk_xml_is(child, "", name))
        child = nsk_xml_next(child);
    return child;
}

/* What $name and getDataObject('name') are: a variable of the instance, or a node set of one. */
static bool
find_name(const FlowSight *sight, const char *name, NskXPathValue *out_value)
{
    if (sight->variable != NULL && sight->variable(sight->data, name, out_value))
        return true;

    NskXmlNode *child = sight->facts != NULL && sight->facts->facts != NULL
                            ? nsk_flow_find_fact(sight->facts->facts, name)
                            : NULL;
    if (child == NULL)
        return false;
    out_value->type = NSK_XPATH_NODES;
    out_value->nodes = g_ptr_array_new();
    g_ptr_array_add(out_value->nodes, child);
    return true;
}

static bool
on_variable(void *data, const char *name, NskXPathValue *out_value)
{
    FlowSight *sight = data;

    if (find_name(sight, name, out_value))
        return true;
    sight->undefined = true;
    return false;
}

static bool
call_get_data_object(FlowSight *sight,
                     const NskXPathValue *args,
                     size_t n_args,
                     NskXPathValue *out_value)
{
    if (n_args != 1) {
        out_value->text = g_strdup(nsk_tr("takes one argument, the name of a fact"));
        return false;
    }

    g_autofree char *name = nsk_xpath_value_text(&args[0]);
    if (find_name(sight, name, out_value))
        return true;
    sight->undefined = true;
    out_value->text = g_strdup_printf(nsk_tr("there is no fact '%s'"), name);
    return false;
}

static bool
call_today(const FlowSight *sight, size_t n_args, NskXPathValue *out_value)
{
    if (n_args != 0) {
        out_value->text = g_strdup(nsk_tr("takes no argument"));
        return false;
    }
    out_value->type = NSK_XPATH_TEXT;
    out_value->text = nsk_date_format(sight->facts->today);
    return true;
}

static bool
is_known_function(const char *ns, const char *name)
{
    return (strcmp(ns, BPMN_NS) == 0 && strcmp(name, "getDataObject") == 0) ||
           (strcmp(ns, NSK_FLOW_NS) == 0 && strcmp(name, "today") == 0);
}

static bool
on_call(void *data,
        const char *ns,
        const char *name,
        const NskXPathValue *args,
        size_t n_args,
        NskXPathValue *out_value)
{
    if (!is_known_function(ns, name))
        return false;
    if (strcmp(name, "today") == 0)
        return call_today(data, n_args, out_value);
    return call_get_data_object(data, args, n_args, out_value);
}

bool
nsk_flow_evaluate(const NskXPath *expression,
                  FlowSight *sight,
                  NskXPathValue *out_value,
                  GError **error)
{
    const NskXPathScope scope = { .variable = on_variable, .call = on_call, .data = sight };
    const NskXmlNode *context = sight->facts != NULL ? sight->facts->facts : NULL;

    sight->undefined = false;
    if (context == NULL)
        context = nsk_xml_doc_get_root(sight->flow->no_facts);
    return nsk_xpath_eval(expression, context, &scope, out_value, error);
}

/* A scope that only tells whether the one function of a probe is known. */
static bool
on_probe(void *data,
         const char *ns,
         const char *name,
         G_GNUC_UNUSED const NskXPathValue *args,
         G_GNUC_UNUSED size_t n_args,
         NskXPathValue *out_value)
{
    bool *known = data;

    *known = is_known_function(ns, name);
    out_value->type = NSK_XPATH_BOOL;
    return true;
}

/* Prefixes mean what they mean at @element, so the name is looked up by calling it there. */
static bool
probe_function(FlowReader *self, const NskXmlNode *element, const char *name)
{
    bool known = false;
    const NskXPathScope scope = { .call = on_probe, .data = &known };
    g_autofree char *text = g_strconcat(name, "()", NULL);
    g_autoptr(NskXPath) probe = nsk_xpath_compile(text, element, NULL);
    g_auto(NskXPathValue) value = { 0 };

    return probe != NULL &&
           nsk_xpath_eval(probe, nsk_xml_doc_get_root(self->sample), &scope, &value, NULL) && known;
}

static bool
check_names(FlowReader *self,
            const NskXPath *expression,
            const NskXmlNode *element,
            const char *owner)
{
    g_auto(GStrv) variables = nsk_xpath_variables(expression);
    g_auto(GStrv) functions = nsk_xpath_functions(expression);
    bool good = true;

    for (size_t i = 0; variables[i] != NULL; i++) {
        if (nsk_flow_find_fact(nsk_xml_doc_get_root(self->sample), variables[i]) != NULL)
            continue;
        nsk_flow_issue(self, element, "flow-expression",
                       nsk_tr("%s uses the variable '$%s', which there is not; there are $letter, "
                              "$outcome, $drafter, $reviewers and $signatories"),
                       owner, variables[i]);
        good = false;
    }
    for (size_t i = 0; functions[i] != NULL; i++) {
        if (probe_function(self, element, functions[i]))
            continue;
        nsk_flow_issue(
            self, element, "flow-expression",
            nsk_tr("%s calls '%s', which there is not; beside those of XPath 1.0 there are "
                   "getDataObject('name') of BPMN's namespace and today() of %s"),
            owner, functions[i], NSK_FLOW_NS);
        good = false;
    }
    return good;
}

static bool
try_on_sample(FlowReader *self,
              const NskXPath *expression,
              const NskXmlNode *element,
              const char *owner,
              bool is_condition)
{
    NskFlowFacts facts = { .facts = nsk_xml_doc_get_root(self->sample), .today = { 2026, 1, 1 } };
    FlowSight sight = { .flow = self->flow, .facts = &facts, .outcome = "" };
    g_auto(NskXPathValue) value = { 0 };
    g_autoptr(GError) error = NULL;

    if (!nsk_flow_evaluate(expression, &sight, &value, &error)) {
        nsk_flow_issue(self, element, "flow-expression", nsk_tr("%s cannot be evaluated: %s"),
                       owner, error->message);
        return false;
    }
    if (is_condition && value.type == NSK_XPATH_TEXT) {
        nsk_flow_issue(
            self, element, "flow-condition",
            nsk_tr("the condition of %s is a text, and every text that is not empty is true, "
                   "even 'false'; compare it with something"),
            owner);
        return false;
    }
    return true;
}

/* Things that look like expressions of other engines are refused before XPath sees them. */
static bool
check_language(FlowReader *self, const NskXmlNode *element, const char *text, const char *owner)
{
    const char *language = nsk_xml_attr(element, "language");

    if (!nsk_flow_language_is_xpath(language)) {
        nsk_flow_issue(self, element, "flow-unsupported",
                       nsk_tr("%s has an expression in the language '%s'; write it in XPath 1.0"),
                       owner, language);
        return false;
    }
    if (strstr(text, "${") != NULL || strstr(text, "#{") != NULL) {
        nsk_flow_issue(
            self, element, "flow-unsupported",
            nsk_tr("%s has the expression '%s' of another engine; write it in XPath 1.0, such "
                   "as $outcome = 'approve'"),
            owner, text);
        return false;
    }
    if (*text == '\0') {
        nsk_flow_issue(self, element, "flow-expression",
                       nsk_tr("%s has an empty expression; write it or take it away"), owner);
        return false;
    }
    return true;
}

NskXPath *
nsk_flow_read_expression(FlowReader *self,
                         const NskXmlNode *element,
                         const NskXmlNode *owner,
                         bool is_condition)
{
    g_autofree char *text = nsk_xml_text_folded(element);
    g_autofree char *name = nsk_flow_describe(owner);
    g_autoptr(GError) error = NULL;

    if (!check_language(self, element, text, name))
        return NULL;

    g_autoptr(NskXPath) expression = nsk_xpath_compile(text, element, &error);
    if (expression == NULL) {
        nsk_flow_issue(self, element, "flow-expression", "%s: %s", name, error->message);
        return NULL;
    }
    if (!check_names(self, expression, element, name) ||
        !try_on_sample(self, expression, element, name, is_condition))
        return NULL;
    return g_steal_pointer(&expression);
}
