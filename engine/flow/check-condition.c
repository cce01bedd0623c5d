/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Conditions of sequence flows as the exploration decides them.  None is evaluated on a letter; but
 *
 * 1. what depends on nothing but the outcome of the act is exact: it is evaluated for each outcome;
 * 2. the same text has the same value wherever it is asked, and not(text) the opposite, until
 *    something is done that may write what it names;
 * 3. every other condition may be true or false.
 */
#include "flow/check-private.h"

#include <string.h>

#define UNKNOWN (-2)

void
nsk_check_condition_free(gpointer data)
{
    CheckCondition *self = data;

    g_free(self->text);
    nsk_xpath_free(self->expression);
    g_ptr_array_unref(self->names);
    g_free(self->values);
    g_free(self);
}

/* Whether the parenthesis that @text begins with is closed by its last character. */
static bool
is_one_group(const char *text)
{
    int depth = 0;
    char quote = '\0';

    for (const char *at = text; *at != '\0'; at++) {
        if (quote != '\0') {
            quote = *at == quote ? '\0' : quote;
            continue;
        }
        if (*at == '\'' || *at == '"')
            quote = *at;
        depth += (*at == '(') - (*at == ')');
        if (depth == 0)
            return at[1] == '\0';
    }
    return false;
}

/* The text without blanks at its ends and without not( ) around it. */
static char *
strip_not(const char *text, bool *out_negated)
{
    char *rest = g_strstrip(g_strdup(text));

    *out_negated = false;
    while (g_str_has_prefix(rest, "not")) {
        const char *group = rest + 3;

        while (g_ascii_isspace(*group))
            group++;
        if (*group != '(' || !is_one_group(group))
            break;

        char *inner = g_strstrip(g_strndup(group + 1, strlen(group) - 2));
        g_free(rest);
        rest = inner;
        *out_negated = !*out_negated;
    }
    return rest;
}

static void
on_name(void *data, G_GNUC_UNUSED CheckNameType type, const char *name)
{
    g_ptr_array_add(data, g_strdup(name));
}

/* Whether the expression is a function of the outcome alone. */
static bool
is_of_outcome(const CheckCondition *condition)
{
    g_auto(GStrv) functions = nsk_xpath_functions(condition->expression);

    for (size_t i = 0; functions[i] != NULL; i++) {
        if (!g_str_has_suffix(functions[i], "getDataObject"))
            return false;
    }
    for (guint i = 0; i < condition->names->len; i++) {
        if (strcmp(g_ptr_array_index(condition->names, i), "outcome") != 0)
            return false;
    }
    return condition->names->len > 0;
}

static CheckCondition *
condition_new(Checker *self, const FlowEdge *edge, char *text)
{
    CheckCondition *condition = g_new0(CheckCondition, 1);

    condition->text = text;
    condition->names = g_ptr_array_new_with_free_func(g_free);
    condition->gateway = edge->source;
    condition->expression = nsk_xpath_compile(text, edge->element, NULL);
    nsk_check_each_name(text, on_name, condition->names);
    if (condition->expression != NULL && is_of_outcome(condition)) {
        condition->of_outcome = true;
        condition->values = g_new(int8_t, self->outcomes->len);
        memset(condition->values, UNKNOWN, self->outcomes->len);
    }
    return condition;
}

static void
add_condition(Checker *self, GHashTable *by_text, unsigned index)
{
    const FlowEdge *edge = nsk_flow_edge(self->flow, index);
    bool negated;
    gpointer found = NULL;
    char *text = strip_not(nsk_xpath_get_text(edge->condition), &negated);

    if (!g_hash_table_lookup_extended(by_text, text, NULL, &found)) {
        CheckCondition *condition = condition_new(self, edge, text);

        found = GUINT_TO_POINTER(self->conditions->len);
        g_hash_table_insert(by_text, condition->text, found);
        g_ptr_array_add(self->conditions, condition);
    } else {
        CheckCondition *condition = g_ptr_array_index(self->conditions, GPOINTER_TO_UINT(found));

        condition->kept = condition->kept || condition->gateway != edge->source;
        g_free(text);
    }
    g_hash_table_insert(self->condition_of, GUINT_TO_POINTER(index),
                        GUINT_TO_POINTER(GPOINTER_TO_UINT(found) * 2 + (negated ? 1 : 0)));
}

void
nsk_check_find_conditions(Checker *self)
{
    g_autoptr(GHashTable) by_text = g_hash_table_new(g_str_hash, g_str_equal);

    for (unsigned i = 0; i < self->flow->edges->len; i++) {
        if (nsk_flow_edge(self->flow, i)->condition != NULL)
            add_condition(self, by_text, i);
    }
}

unsigned
nsk_check_condition(const Checker *self, unsigned edge, bool *out_negated)
{
    gpointer found = NULL;

    *out_negated = false;
    if (edge == FLOW_NONE ||
        !g_hash_table_lookup_extended(self->condition_of, GUINT_TO_POINTER(edge), NULL, &found))
        return FLOW_NONE;
    *out_negated = GPOINTER_TO_UINT(found) % 2 != 0;
    return GPOINTER_TO_UINT(found) / 2;
}

static int8_t
evaluate(const Checker *self, const CheckCondition *condition, const char *outcome)
{
    g_autoptr(NskXmlDoc) doc = nsk_xml_doc_new(NULL, "facts");
    NskFlowFacts facts = { .facts = nsk_xml_doc_get_root(doc) };
    FlowSight sight = { .flow = self->flow, .facts = &facts, .outcome = outcome };
    g_auto(NskXPathValue) value = { 0 };

    (void)nsk_xml_add_text_element(nsk_xml_doc_get_root(doc), "outcome", outcome);
    if (!nsk_flow_evaluate(condition->expression, &sight, &value, NULL))
        return -1;
    return nsk_xpath_value_bool(&value) ? 1 : 0;
}

int
nsk_check_condition_value(Checker *self, unsigned index, unsigned outcome)
{
    CheckCondition *condition = g_ptr_array_index(self->conditions, index);

    if (!condition->of_outcome)
        return -1;
    if (condition->values[outcome] == UNKNOWN)
        condition->values[outcome] =
            evaluate(self, condition, g_ptr_array_index(self->outcomes, outcome));
    return condition->values[outcome];
}

unsigned
nsk_check_outcome(const Checker *self, const char *outcome)
{
    for (guint i = 0; i < self->outcomes->len; i++) {
        if (strcmp(g_ptr_array_index(self->outcomes, i), outcome) == 0)
            return i;
    }
    return 0;
}

static bool
maps(const FlowNode *node, const char *name)
{
    for (guint i = 0; i < node->outputs->len; i++) {
        if (strcmp(((const FlowMapping *)g_ptr_array_index(node->outputs, i))->target, name) == 0)
            return true;
    }
    return false;
}

/* Facts that nothing but drafting changes, and facts that a letter's way changes. */
static bool
is_written_by(const Checker *self, const FlowNode *node, const char *name)
{
    static const char *const drafted[] = { "drafter", "addressees", "desks" };
    static const char *const worked[] = { "letter", "reviewers", "signatories" };
    bool has_setter = false;

    for (size_t i = 0; i < G_N_ELEMENTS(drafted); i++) {
        if (strcmp(drafted[i], name) == 0)
            return node->task.role == NSK_FLOW_ROLE_DRAFT;
    }
    for (size_t i = 0; i < G_N_ELEMENTS(worked); i++) {
        if (strcmp(worked[i], name) == 0)
            return node->task.role != NSK_FLOW_ROLE_NONE || node->kind == FLOW_SERVICE_TASK;
    }
    for (unsigned i = 0; i < self->flow->nodes->len && !has_setter; i++)
        has_setter = maps(check_node(self, i), name);
    return has_setter ? maps(node, name)
                      : node->kind == FLOW_USER_TASK || node->kind == FLOW_RECEIVE_TASK ||
                            node->kind == FLOW_CATCH_EVENT || node->kind == FLOW_SERVICE_TASK;
}

bool
nsk_check_may_write(const Checker *self, unsigned node, unsigned index)
{
    const CheckCondition *condition = g_ptr_array_index(self->conditions, index);
    unsigned body = nsk_check_body(check_node(self, node));

    if (body != FLOW_NONE || check_node(self, node)->kind == FLOW_EVENT_GATEWAY)
        return true;
    for (guint i = 0; i < condition->names->len; i++) {
        const char *name = g_ptr_array_index(condition->names, i);

        if (strcmp(name, "outcome") == 0 || is_written_by(self, check_node(self, node), name))
            return true;
    }
    return false;
}
