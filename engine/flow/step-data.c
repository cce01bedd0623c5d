/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Data of a run: what expressions see from a scope, what is set where, who is to do a task.
 *
 * A name is looked up from the scope outwards to the process, in a called process that takes all
 * variables of its caller further on (step-call.c), and then among the facts.  It is set where it
 * is known: in the scope that holds or declares it, else in the process (BPMN 2.0.2, 10.4.1
 * and 10.4.3).
 */
#include "base/id.h"
#include "base/limits.h"
#include "base/message.h"
#include "flow/step-private.h"

#include <math.h>
#include <string.h>

static void
set_value(NskXPathValue *out_value, const FlowVariable *variable)
{
    if (variable->type == NSK_FLOW_NUMBER) {
        out_value->type = NSK_XPATH_NUMBER;
        out_value->number = variable->number;
    } else if (variable->type == NSK_FLOW_BOOLEAN) {
        out_value->type = NSK_XPATH_BOOL;
        out_value->boolean = variable->boolean;
    } else {
        out_value->type = NSK_XPATH_TEXT;
        out_value->text = g_strdup(variable->text);
    }
}

/* Attributes of a multi-instance (table 10.29) and of one of its instances (table 10.30). */
static bool
find_loop_number(const FlowItem *item, const char *name, unsigned *out_number)
{
    if (item->kind == FLOW_SCOPE_INSTANCE && strcmp(name, "loopCounter") == 0)
        *out_number = item->index;
    else if (item->kind != FLOW_SCOPE_BODY || strncmp(name, "numberOf", 8) != 0)
        return false;
    else if (strcmp(name + 8, "Instances") == 0)
        *out_number = item->total;
    else if (strcmp(name + 8, "ActiveInstances") == 0)
        *out_number = item->started - item->completed - item->terminated;
    else if (strcmp(name + 8, "CompletedInstances") == 0)
        *out_number = item->completed;
    else if (strcmp(name + 8, "TerminatedInstances") == 0)
        *out_number = item->terminated;
    else
        return false;
    return true;
}

bool
nsk_flow_run_sees_outside(const FlowRun *self, const FlowItem *item)
{
    if (item->kind == FLOW_SCOPE_ROOT)
        return false;
    return item->kind != FLOW_SCOPE_CALL || nsk_flow_node(self->flow, item->node)->all_in;
}

static bool
find_in_scopes(const FlowRun *self, const char *name, NskXPathValue *out_value)
{
    const NskFlowState *state = self->state;
    const FlowItem *item = nsk_flow_state_item(state, self->sight_scope);
    unsigned number = 0;

    for (; item != NULL; item = nsk_flow_state_item(state, item->scope)) {
        const FlowVariable *variable =
            state->variables->len > 0 ? nsk_flow_state_variable(state, item->id, name) : NULL;

        if (variable != NULL) {
            set_value(out_value, variable);
            return !variable->absent;
        }
        if (find_loop_number(item, name, &number)) {
            out_value->type = NSK_XPATH_NUMBER;
            out_value->number = number;
            return true;
        }
        if (!nsk_flow_run_sees_outside(self, item))
            break;
    }
    return false;
}

static bool
on_variable(void *data, const char *name, NskXPathValue *out_value)
{
    const FlowRun *self = data;

    if (find_in_scopes(self, name, out_value))
        return true;
    if (strcmp(name, "outcome") != 0 || self->event->outcome == NULL)
        return false;
    out_value->type = NSK_XPATH_TEXT;
    out_value->text = g_strdup(self->event->outcome);
    return true;
}

bool
nsk_flow_run_evaluate(FlowRun *self,
                      const NskXPath *expression,
                      unsigned scope,
                      unsigned node,
                      NskXPathValue *out_value,
                      GError **error)
{
    self->sight_scope = scope;
    self->sight.flow = self->flow;
    self->sight.facts = self->facts;
    self->sight.outcome = self->event->outcome != NULL ? self->event->outcome : "";
    self->sight.variable = on_variable;
    self->sight.data = self;
    if (nsk_flow_evaluate(expression, &self->sight, out_value, error))
        return true;
    return nsk_flow_run_fail(
        self, self->sight.undefined ? NSK_FLOW_FAULT_UNDEFINED_VARIABLE : NSK_FLOW_FAULT_EXPRESSION,
        node);
}

int
nsk_flow_run_test(FlowRun *self, const FlowAsk *ask, GError **error)
{
    g_auto(NskXPathValue) value = { 0 };

    if (self->decider != NULL)
        return self->decider->test(self->decider->data, ask) ? 1 : 0;
    if (!nsk_flow_run_evaluate(self, ask->expression, ask->scope, ask->node, &value, error)) {
        if (ask->edge != FLOW_NONE)
            g_prefix_error(error, nsk_tr("the condition of the flow '%s': "),
                           nsk_flow_edge(self->flow, ask->edge)->id);
        else
            g_prefix_error(error, nsk_tr("a condition of '%s': "),
                           nsk_flow_node(self->flow, ask->node)->task.id);
        return -1;
    }
    return nsk_xpath_value_bool(&value) ? 1 : 0;
}

static bool
declares(const FlowRun *self, const FlowItem *item, const char *name)
{
    unsigned index = nsk_flow_item_level(self->flow, item);

    if (item->kind != FLOW_SCOPE_SUB && item->kind != FLOW_SCOPE_EVENT)
        return false;
    const GPtrArray *names = nsk_flow_level(self->flow, index)->data;
    for (guint i = 0; i < names->len; i++) {
        if (strcmp(g_ptr_array_index(names, i), name) == 0)
            return true;
    }
    return false;
}

bool
nsk_flow_run_set(FlowRun *self, unsigned scope, const NskFlowVariable *variable, GError **error)
{
    const FlowItem *item = nsk_flow_state_item(self->state, scope);

    while (item->kind != FLOW_SCOPE_ROOT && item->kind != FLOW_SCOPE_CALL &&
           !declares(self, item, variable->name) &&
           nsk_flow_state_variable(self->state, item->id, variable->name) == NULL)
        item = nsk_flow_state_item(self->state, item->scope);
    if (!nsk_flow_run_keep(self, item->id, variable->name, error))
        return false;
    nsk_flow_state_set(self->state, item->id, variable);
    return true;
}

static bool
is_name(const char *name)
{
    if (name == NULL || (!g_ascii_isalpha(*name) && *name != '_' && (*name & 0x80) == 0) ||
        strlen(name) > 64 || !g_utf8_validate(name, -1, NULL))
        return false;
    for (; *name != '\0'; name++) {
        if (!g_ascii_isalnum(*name) && strchr("_-.", *name) == NULL && (*name & 0x80) == 0)
            return false;
    }
    return true;
}

bool
nsk_flow_run_has_room(FlowRun *self, unsigned more, GError **error)
{
    if (self->state->variables->len + more <= NSK_LIMIT_FLOW_VARIABLES)
        return true;
    g_set_error(error, NSK_ERROR, NSK_ERROR_LIMIT,
                nsk_tr("the workflow '%s' would have more than %d variables"),
                nsk_flow_get_id(self->flow), NSK_LIMIT_FLOW_VARIABLES);
    return nsk_flow_run_fail(self, NSK_FLOW_FAULT_OTHER, FLOW_NONE);
}

bool
nsk_flow_run_check(FlowRun *self, const NskFlowVariable *variable, GError **error)
{
    bool good = is_name(variable->name);

    if (variable->type == NSK_FLOW_NUMBER)
        good = good && isfinite(variable->number);
    if (variable->type == NSK_FLOW_TEXT)
        good = good && variable->text != NULL && g_utf8_validate(variable->text, -1, NULL) &&
               strlen(variable->text) <= NSK_LIMIT_FLOW_TEXT;
    if (!good) {
        g_set_error(error, NSK_ERROR, NSK_ERROR_INVALID,
                    nsk_tr("a variable of the workflow cannot be set: a name is a word of at most "
                           "64 bytes, a number is finite, a text has at most %d bytes of UTF-8"),
                    NSK_LIMIT_FLOW_TEXT);
        return nsk_flow_run_fail(self, NSK_FLOW_FAULT_OTHER, FLOW_NONE);
    }
    return nsk_flow_run_has_room(self, 1, error);
}

bool
nsk_flow_run_set_all(FlowRun *self, unsigned scope, GError **error)
{
    for (size_t i = 0; i < self->event->n_variables; i++) {
        if (!nsk_flow_run_check(self, &self->event->variables[i], error) ||
            !nsk_flow_run_set(self, scope, &self->event->variables[i], error))
            return false;
    }
    return true;
}

/* A node set is set as the text of its first node. */
static bool
map_one(FlowRun *self,
        const FlowMapping *mapping,
        const NskXPathValue *value,
        unsigned to,
        GError **error)
{
    g_autofree char *text = NULL;
    NskFlowVariable variable = { .name = mapping->target };

    if (value->type == NSK_XPATH_NUMBER) {
        variable.type = NSK_FLOW_NUMBER;
        variable.number = value->number;
    } else if (value->type == NSK_XPATH_BOOL) {
        variable.type = NSK_FLOW_BOOLEAN;
        variable.boolean = value->boolean;
    } else {
        text = nsk_xpath_value_text(value);
        variable.type = NSK_FLOW_TEXT;
        variable.text = text;
    }
    if (!nsk_flow_run_check(self, &variable, error))
        return false;

    const FlowItem *item = nsk_flow_state_item(self->state, to);
    if (item->kind != FLOW_SCOPE_CALL)
        return nsk_flow_run_set(self, to, &variable, error);
    nsk_flow_state_set(self->state, to, &variable);
    return true;
}

bool
nsk_flow_run_map(FlowRun *self,
                 const GPtrArray *mappings,
                 unsigned from,
                 unsigned to,
                 unsigned node,
                 GError **error)
{
    for (guint i = 0; self->decider == NULL && i < mappings->len; i++) {
        const FlowMapping *mapping = g_ptr_array_index(mappings, i);
        g_auto(NskXPathValue) value = { 0 };

        if (!nsk_flow_run_evaluate(self, mapping->source, from, node, &value, error)) {
            g_prefix_error(error, nsk_tr("data of '%s' for '%s': "),
                           nsk_flow_node(self->flow, node)->task.id, mapping->target);
            return false;
        }
        if (!map_one(self, mapping, &value, to, error))
            return false;
    }
    return true;
}

/* The words of the values that an expression gives: each node, or each word of a text. */
static char **
words_of_value(const NskXPathValue *value)
{
    g_autoptr(GString) all = g_string_new(NULL);
    bool is_nodes = value->type == NSK_XPATH_NODES;

    for (guint i = 0; is_nodes && i < value->nodes->len; i++) {
        g_autofree char *text = nsk_xml_text(g_ptr_array_index(value->nodes, i));

        g_string_append_printf(all, "%s ", text);
    }
    if (!is_nodes) {
        g_autofree char *text = nsk_xpath_value_text(value);

        g_string_append(all, text);
    }
    return g_strsplit_set(all->str, " \t\r\n,", -1);
}

static bool
set_no_position(const FlowNode *node, const char *word, GError **error)
{
    g_autofree char *shown = g_strndup(word, MIN(strlen(word), 80));
    g_autofree char *valid = g_utf8_make_valid(shown, -1);

    g_set_error(error, NSK_ERROR, NSK_ERROR_INVALID,
                nsk_tr("the task '%s' (%s) would go to '%s', which is no id of a position; have "
                       "the workflow corrected"),
                node->task.id, node->task.name, valid);
    return false;
}

static bool
add_positions(char **words, const FlowNode *node, GPtrArray *positions, GError **error)
{
    for (size_t i = 0; words[i] != NULL; i++) {
        if (*words[i] == '\0' ||
            g_ptr_array_find_with_equal_func(positions, words[i], g_str_equal, NULL))
            continue;
        if (!nsk_name_is_valid(words[i]))
            return set_no_position(node, words[i], error);
        if (positions->len >= NSK_LIMIT_FLOW_POSITIONS) {
            g_set_error(error, NSK_ERROR, NSK_ERROR_LIMIT,
                        nsk_tr("the task '%s' (%s) would go to more than %d positions"),
                        node->task.id, node->task.name, NSK_LIMIT_FLOW_POSITIONS);
            return false;
        }
        g_ptr_array_add(positions, g_strdup(words[i]));
    }
    return true;
}

static bool
add_assignment(FlowRun *self,
               const FlowNode *node,
               const FlowAssignment *assignment,
               unsigned scope,
               GPtrArray *positions,
               GError **error)
{
    g_auto(NskXPathValue) value = { 0 };

    if (assignment->expression == NULL)
        return add_positions(assignment->literal, node, positions, error);
    if (!nsk_flow_run_evaluate(self, assignment->expression, scope, FLOW_NONE, &value, error)) {
        g_prefix_error(error, nsk_tr("who does the task '%s': "), node->task.id);
        return false;
    }

    g_auto(GStrv) words = words_of_value(&value);
    return add_positions(words, node, positions, error);
}

char **
nsk_flow_run_positions(FlowRun *self, const FlowNode *node, unsigned scope, GError **error)
{
    g_autoptr(GPtrArray) positions = g_ptr_array_new_with_free_func(g_free);
    bool simulated = self->decider != NULL || self->facts->simulated;
    bool asked = self->decider == NULL && (!self->facts->simulated || self->facts->assigned);

    for (guint i = 0; asked && i < node->assignments->len; i++) {
        if (!add_assignment(self, node, g_ptr_array_index(node->assignments, i), scope, positions,
                            error))
            return NULL;
    }
    if (positions->len == 0 && !simulated) {
        g_set_error(
            error, NSK_ERROR, NSK_ERROR_INVALID,
            nsk_tr("the task '%s' (%s) would be put before nobody; see that the letter names who "
                   "is to do it"),
            node->task.id, node->task.name);
        return NULL;
    }
    g_ptr_array_set_free_func(positions, NULL);
    g_ptr_array_add(positions, NULL);
    return (char **)g_ptr_array_free(g_steal_pointer(&positions), FALSE);
}

/* What is empty is no element. */
static void
add_element(GPtrArray *elements, const NskXmlNode *node)
{
    const char *position = nsk_xml_attr(node, "position");
    char *text = position != NULL ? g_strdup(position) : nsk_xml_text_folded(node);

    if (*text != '\0')
        g_ptr_array_add(elements, text);
    else
        g_free(text);
}

GPtrArray *
nsk_flow_run_elements(const NskXPathValue *value)
{
    g_autoptr(GPtrArray) elements = g_ptr_array_new_with_free_func(g_free);
    guint count = value->type == NSK_XPATH_NODES ? value->nodes->len : 0;
    const NskXmlNode *child = count == 1 ? nsk_xml_first(g_ptr_array_index(value->nodes, 0)) : NULL;

    if (value->type != NSK_XPATH_NODES) {
        g_auto(GStrv) words = words_of_value(value);

        for (size_t i = 0; words[i] != NULL; i++) {
            if (*words[i] != '\0')
                g_ptr_array_add(elements, g_strdup(words[i]));
        }
    }
    for (guint i = 0; child == NULL && i < count; i++)
        add_element(elements, g_ptr_array_index(value->nodes, i));
    for (; child != NULL; child = nsk_xml_next(child))
        add_element(elements, child);
    return g_steal_pointer(&elements);
}

bool
nsk_flow_run_time(FlowRun *self,
                  const FlowTimer *timer,
                  unsigned scope,
                  unsigned node,
                  FlowTime *out_time,
                  GError **error)
{
    g_auto(NskXPathValue) value = { 0 };
    FlowTime time = timer->time;

    if (timer->expression != NULL && self->decider == NULL) {
        if (!nsk_flow_run_evaluate(self, timer->expression, scope, node, &value, error))
            return false;
        g_autofree char *text = nsk_xpath_value_text(&value);
        FlowTimeKind kind =
            timer->either && *g_strstrip(text) == 'P' ? FLOW_TIME_DURATION : timer->kind;
        if (!nsk_flow_time_parse(kind, g_strstrip(text), &time, error)) {
            g_prefix_error(error, nsk_tr("the time of '%s': "),
                           nsk_flow_node(self->flow, node)->task.id);
            return nsk_flow_run_fail(self, NSK_FLOW_FAULT_EXPRESSION, node);
        }
    }
    time.working = timer->working;
    *out_time = time;
    return true;
}
