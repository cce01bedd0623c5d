/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Expressions of a workflow: XPath 1.0, BPMN's own default language (BPMN 2.0.2, 10.4.3), over the
 * facts of a letter and the variables of an instance.
 *
 * 1. An expression that was read without an issue names no function that is not there, and was
 *    tried once on the facts of an imaginary letter, where every variable is there and empty.
 * 2. Which variables there are is known only when it is evaluated; nsk_flow_check() says which of
 *    them nothing ever sets.
 * 3. What an expression sees are variables, facts and the time, all given by the caller.
 */
#include "base/message.h"
#include "flow/read-private.h"

#include <string.h>

const char *const nsk_flow_fact_names[] = { "letter",      "outcome",     "drafter",
                                            "reviewers",   "signatories", "coordinators",
                                            "consultants", "desks",       "assignees",
                                            "addressees",  "disposition", "meeting",
                                            "assignment",  "clock",       NULL };

static const char *const xpath_languages[] = { "http://www.w3.org/1999/XPath",
                                               "http://www.w3.org/1999/XPath/",
                                               "http://www.w3.org/TR/xpath",
                                               "http://www.w3.org/TR/xpath/",
                                               "http://www.w3.org/TR/1999/REC-xpath-19991116",
                                               "XPath" };

static bool
is_xpath(const char *language)
{
    if (language == NULL || *language == '\0')
        return true;
    for (size_t i = 0; i < G_N_ELEMENTS(xpath_languages); i++) {
        if (g_ascii_strcasecmp(language, xpath_languages[i]) == 0)
            return true;
    }
    return false;
}

NskXmlDoc *
nsk_flow_sample_facts(void)
{
    NskXmlDoc *doc = nsk_xml_doc_new(NULL, "facts");

    for (size_t i = 0; nsk_flow_fact_names[i] != NULL; i++)
        nsk_xml_add(nsk_xml_doc_get_root(doc), NULL, nsk_flow_fact_names[i]);
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

bool
nsk_flow_find_name(FlowSight *sight, const char *name, NskXPathValue *out_value)
{
    const NskXmlNode *facts = sight->facts != NULL ? sight->facts->facts : NULL;
    NskXmlNode *child = NULL;

    if (sight->variable != NULL && sight->variable(sight->data, name, out_value))
        return true;
    child = facts != NULL ? nsk_flow_find_fact(facts, name) : NULL;
    if (child == NULL && !sight->trial) {
        sight->undefined = true;
        return false;
    }
    out_value->type = NSK_XPATH_NODES;
    out_value->nodes = g_ptr_array_new();
    if (child != NULL)
        g_ptr_array_add(out_value->nodes, child);
    return true;
}

static bool
on_variable(void *data, const char *name, NskXPathValue *out_value)
{
    return nsk_flow_find_name(data, name, out_value);
}

bool
nsk_flow_evaluate(const NskXPath *expression,
                  FlowSight *sight,
                  NskXPathValue *out_value,
                  GError **error)
{
    const NskXPathScope scope = { .variable = on_variable, .call = nsk_flow_call, .data = sight };
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

    *known = nsk_flow_has_function(ns, name);
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
check_functions(FlowReader *self,
                const NskXPath *expression,
                const NskXmlNode *element,
                const char *owner)
{
    g_auto(GStrv) functions = nsk_xpath_functions(expression);
    bool good = true;
    size_t least;
    size_t most;
    size_t count;
    g_autofree char *bad =
        nsk_flow_find_bad_call(nsk_xpath_get_text(expression), &least, &most, &count);

    if (bad != NULL) {
        nsk_flow_issue(self, element, "flow-expression",
                       nsk_tr("%s calls %s() with %zu arguments, and it takes %zu to %zu; correct "
                              "the call"),
                       owner, bad, count, least, most);
        return false;
    }
    for (size_t i = 0; functions[i] != NULL; i++) {
        if (probe_function(self, element, functions[i]))
            continue;
        nsk_flow_issue(
            self, element, "flow-expression",
            nsk_tr("%s calls '%s', which there is not; beside those of XPath 1.0 there are "
                   "getDataObject() and its like of BPMN's namespace, and today(), now(), "
                   "add-days(), add-working-days(), days-between() and in-role() of %s"),
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
    FlowSight sight = { .flow = self->flow, .facts = &facts, .outcome = "", .trial = true };
    g_auto(NskXPathValue) value = { 0 };
    g_autoptr(GError) error = NULL;

    if (!nsk_flow_evaluate(expression, &sight, &value, &error)) {
        nsk_flow_issue(self, element, "flow-expression", nsk_tr("%s cannot be evaluated: %s"),
                       owner, error->message);
        return false;
    }
    if (is_condition && value.type == NSK_XPATH_TEXT)
        nsk_flow_warn(
            self, element, "flow-condition",
            nsk_tr("the condition of %s is a text, and every text that is not empty is true, "
                   "even 'false'; compare it with something"),
            owner);
    return true;
}

/* Things that look like expressions of other engines are refused before XPath sees them. */
static bool
check_language(FlowReader *self, const NskXmlNode *element, const char *text, const char *owner)
{
    const char *language = nsk_xml_attr(element, "language");

    if (language == NULL)
        language = self->language;
    if (!is_xpath(language) && strspn(text, "0123456789") < strlen(text)) {
        nsk_flow_issue(self, element, "flow-unsupported",
                       nsk_tr("%s has an expression in the language '%s'; write it in XPath 1.0"),
                       owner, language);
        return false;
    }
    if (nsk_flow_is_foreign(text)) {
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

/* @text itself, whatever language the file is in. */
static NskXPath *
compile(FlowReader *self,
        const char *text,
        const NskXmlNode *element,
        const char *owner,
        bool is_condition)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(NskXPath) expression = nsk_xpath_compile(text, element, &error);

    if (expression == NULL) {
        nsk_flow_issue(self, element, "flow-expression", "%s: %s", owner, error->message);
        return NULL;
    }
    if (!check_functions(self, expression, element, owner) ||
        !try_on_sample(self, expression, element, owner, is_condition))
        return NULL;
    return g_steal_pointer(&expression);
}

NskXPath *
nsk_flow_compile(FlowReader *self,
                 const char *text,
                 const NskXmlNode *element,
                 const NskXmlNode *owner)
{
    g_autofree char *name = nsk_flow_describe(owner);

    return compile(self, text, element, name, false);
}

NskXPath *
nsk_flow_read_expression(FlowReader *self,
                         const NskXmlNode *element,
                         const NskXmlNode *owner,
                         bool is_condition)
{
    g_autofree char *text = nsk_xml_text(element);
    g_autofree char *name = nsk_flow_describe(owner);

    if (!check_language(self, element, g_strstrip(text), name))
        return NULL;
    return compile(self, text, element, name, is_condition);
}
