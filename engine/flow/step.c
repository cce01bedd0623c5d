/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The step function: one event moves an instance from where it rests to where it rests next.
 *
 * A token rests at a user or service task, under a key.  An event takes it from there; the run then
 * visits node after node until every token rests again or has ended.  What a node does when a token
 * comes is one row of a table by kind, so that further kinds are further rows; the visits still to
 * be made are a list, so that a node may send more than one token on.
 *
 * 1. The run works on copies; the caller's state and facts are never changed.
 * 2. A run ends: each visit counts, NSK_LIMIT_FLOW_STEPS at most.
 * 3. When the last token of the process is gone, the instance is over, and END is the last action.
 */
#include "base/id.h"
#include "base/limits.h"
#include "base/message.h"
#include "flow/flow-private.h"

#include <string.h>

#define MAX_REASON 64

/* A token under way. */
typedef struct {
    unsigned node;
    unsigned scope;
} Visit;

typedef struct {
    const NskFlow *flow;
    NskFlowState *state;
    GPtrArray *actions;
    NskFlowFacts facts;
    FlowSight sight;
    GArray *visits; /* of Visit, still to be made, in order */
} Run;

typedef bool (*Enter)(Run *self, const FlowNode *node, GError **error);

static void
action_free(gpointer data)
{
    NskFlowAction *action = data;

    g_free(action->key);
    g_free(action->node);
    g_free(action->name);
    g_strfreev(action->outcomes);
    g_strfreev(action->positions);
    g_free(action->service);
    g_free(action->reason);
    g_free(action);
}

static NskFlowAction *
add_action(Run *self, NskFlowActionType type)
{
    NskFlowAction *action = g_new0(NskFlowAction, 1);

    action->type = type;
    g_ptr_array_add(self->actions, action);
    return action;
}

static void
close_token(Run *self, const FlowToken *token)
{
    NskFlowAction *action = add_action(self, NSK_FLOW_CLOSE_TASK);

    action->key = nsk_flow_token_key(token);
    action->node = g_strdup(token->node);
}

static void
follow(Run *self, unsigned edge_index)
{
    unsigned target = nsk_flow_edge(self->flow, edge_index)->target;
    Visit visit = { .node = target, .scope = nsk_flow_node(self->flow, target)->level };

    g_array_append_val(self->visits, visit);
}

/* Out of a node with one way out, as all nodes but gateways and ends have. */
static void
leave(Run *self, const FlowNode *node)
{
    follow(self, g_array_index(node->out, unsigned, 0));
}

static bool
enter_pass(Run *self, const FlowNode *node, G_GNUC_UNUSED GError **error)
{
    leave(self, node);
    return true;
}

static bool
enter_end(Run *self, const FlowNode *node, G_GNUC_UNUSED GError **error)
{
    if (self->state->tokens->len > 0 || self->visits->len > 0)
        return true;

    NskFlowAction *action = add_action(self, NSK_FLOW_END);
    action->node = g_strdup(node->task.id);
    action->name = g_strdup(node->task.name);
    action->reason = g_strdup("completed");
    self->state->end = g_strdup("completed");
    return true;
}

/* 1: true, 0: false, -1: error. */
static int
test_condition(Run *self, const FlowEdge *edge, GError **error)
{
    g_auto(NskXPathValue) value = { 0 };

    if (!nsk_flow_evaluate(edge->condition, &self->sight, &value, error)) {
        g_prefix_error(error, nsk_tr("the condition of the flow '%s': "), edge->id);
        return -1;
    }
    return nsk_xpath_value_bool(&value);
}

/* BPMN 2.0, 13.4.2: the first true condition in the file's order; the default flow if none is. */
static bool
enter_exclusive(Run *self, const FlowNode *node, GError **error)
{
    for (guint i = 0; i < node->out->len; i++) {
        unsigned index = g_array_index(node->out, unsigned, i);
        const FlowEdge *edge = nsk_flow_edge(self->flow, index);
        int result = index == node->default_edge ? 0
                     : edge->condition == NULL   ? 1
                                                 : test_condition(self, edge, error);

        if (result < 0)
            return false;
        if (result > 0) {
            follow(self, index);
            return true;
        }
    }
    if (node->default_edge != FLOW_NONE) {
        follow(self, node->default_edge);
        return true;
    }
    g_set_error(
        error, NSK_ERROR, NSK_ERROR_INVALID,
        nsk_tr("the workflow '%s' has no way on at the gateway '%s' (%s): none of its conditions "
               "is true and it has no default flow; have the workflow corrected"),
        nsk_flow_get_id(self->flow), node->task.id, node->task.name);
    return false;
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
add_positions(char **words, const FlowNode *node, GPtrArray *positions, GError **error)
{
    for (size_t i = 0; words[i] != NULL; i++) {
        if (*words[i] == '\0' ||
            g_ptr_array_find_with_equal_func(positions, words[i], g_str_equal, NULL))
            continue;
        if (!nsk_name_is_valid(words[i])) {
            g_autofree char *shown = g_strndup(words[i], MIN(strlen(words[i]), 80));
            g_autofree char *valid = g_utf8_make_valid(shown, -1);

            g_set_error(
                error, NSK_ERROR, NSK_ERROR_INVALID,
                nsk_tr("the task '%s' (%s) would go to '%s', which is no id of a position; have "
                       "the workflow corrected"),
                node->task.id, node->task.name, valid);
            return false;
        }
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
add_assignment(Run *self,
               const FlowNode *node,
               const FlowAssignment *assignment,
               GPtrArray *positions,
               GError **error)
{
    g_auto(NskXPathValue) value = { 0 };

    if (assignment->expression == NULL)
        return add_positions(assignment->literal, node, positions, error);
    if (!nsk_flow_evaluate(assignment->expression, &self->sight, &value, error)) {
        g_prefix_error(error, nsk_tr("who does the task '%s': "), node->task.id);
        return false;
    }

    g_auto(GStrv) words = words_of_value(&value);
    return add_positions(words, node, positions, error);
}

/* Whom a task is put before; NULL-terminated, freed with g_strfreev(). */
static char **
find_positions(Run *self, const FlowNode *node, GError **error)
{
    g_autoptr(GPtrArray) positions = g_ptr_array_new_with_free_func(g_free);

    for (guint i = 0; i < node->assignments->len; i++) {
        if (!add_assignment(self, node, g_ptr_array_index(node->assignments, i), positions, error))
            return NULL;
    }
    if (positions->len == 0) {
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

static bool
enter_user_task(Run *self, const FlowNode *node, GError **error)
{
    char **positions = find_positions(self, node, error);

    if (positions == NULL)
        return false;

    NskFlowAction *action = add_action(self, NSK_FLOW_OPEN_TASK);
    action->key = nsk_flow_token_key(nsk_flow_state_add(self->state, node->level, node->task.id));
    action->node = g_strdup(node->task.id);
    action->name = g_strdup(node->task.name);
    action->role = node->task.role;
    action->outcomes = g_strdupv(node->outcomes);
    action->positions = positions;
    return true;
}

static bool
enter_service_task(Run *self, const FlowNode *node, G_GNUC_UNUSED GError **error)
{
    NskFlowAction *action = add_action(self, NSK_FLOW_SERVICE);

    action->key = nsk_flow_token_key(nsk_flow_state_add(self->state, node->level, node->task.id));
    action->node = g_strdup(node->task.id);
    action->name = g_strdup(node->task.name);
    action->service = g_strdup(node->task.service);
    return true;
}

static const Enter enter_table[] = {
    [FLOW_START_EVENT] = enter_pass,    [FLOW_END_EVENT] = enter_end,
    [FLOW_USER_TASK] = enter_user_task, [FLOW_SERVICE_TASK] = enter_service_task,
    [FLOW_PASS_TASK] = enter_pass,      [FLOW_EXCLUSIVE] = enter_exclusive,
};

/* Makes all visits; those that a visit adds come after those already waiting. */
static bool
run_visits(Run *self, GError **error)
{
    for (unsigned steps = 0; self->visits->len > 0; steps++) {
        Visit visit = g_array_index(self->visits, Visit, 0);
        const FlowNode *node = nsk_flow_node(self->flow, visit.node);

        if (steps >= NSK_LIMIT_FLOW_STEPS) {
            g_set_error(
                error, NSK_ERROR, NSK_ERROR_LIMIT,
                nsk_tr("the workflow '%s' makes more than %d steps at once; have it corrected"),
                nsk_flow_get_id(self->flow), NSK_LIMIT_FLOW_STEPS);
            return false;
        }
        g_array_remove_index(self->visits, 0);
        if (!enter_table[node->kind](self, node, error))
            return false;
    }
    return true;
}

static bool
set_not_open(const NskFlowEvent *event, GError **error)
{
    g_set_error(
        error, NSK_ERROR, NSK_ERROR_CONFLICT,
        nsk_tr("'%s' is not open any more, somebody was faster; read the letter's tasks again"),
        event->key);
    return false;
}

/* The token that the event speaks of, at a node of @kind. */
static bool
find_token(const Run *self, const NskFlowEvent *event, FlowNodeKind kind, guint *out_index)
{
    for (guint i = 0; i < self->state->tokens->len; i++) {
        const FlowToken *token = g_ptr_array_index(self->state->tokens, i);
        g_autofree char *key = nsk_flow_token_key(token);
        const FlowNode *node =
            nsk_flow_node(self->flow, nsk_flow_node_index(self->flow, 0, token->node));

        if (strcmp(key, event->key) == 0 && node->kind == kind) {
            *out_index = i;
            return true;
        }
    }
    return false;
}

static bool
check_outcome(const FlowNode *node, const NskFlowEvent *event, GError **error)
{
    if (event->outcome != NULL &&
        g_strv_contains((const char *const *)node->outcomes, event->outcome))
        return true;

    g_autofree char *allowed = g_strjoinv(", ", node->outcomes);
    g_set_error(error, NSK_ERROR, NSK_ERROR_INVALID,
                nsk_tr("the task '%s' (%s) cannot end in '%s'; it ends in one of: %s"),
                node->task.id, node->task.name, event->outcome != NULL ? event->outcome : "",
                allowed);
    return false;
}

/* Takes the token from where it rests and sends it on. */
static bool
resume(Run *self, const NskFlowEvent *event, FlowNodeKind kind, GError **error)
{
    guint index;

    if (!find_token(self, event, kind, &index))
        return set_not_open(event, error);

    const FlowToken *token = g_ptr_array_index(self->state->tokens, index);
    const FlowNode *node =
        nsk_flow_node(self->flow, nsk_flow_node_index(self->flow, 0, token->node));
    if (kind == FLOW_USER_TASK && !check_outcome(node, event, error))
        return false;
    close_token(self, token);
    g_ptr_array_remove_index(self->state->tokens, index);
    leave(self, node);
    return run_visits(self, error);
}

static bool
begin(Run *self, GError **error)
{
    Visit visit = { .node = g_array_index(nsk_flow_level(self->flow, 0)->starts, unsigned, 0) };

    g_array_append_val(self->visits, visit);
    return run_visits(self, error);
}

static bool
cancel(Run *self, const NskFlowEvent *event, GError **error)
{
    const char *reason = event->reason != NULL ? event->reason : "cancelled";

    if (*reason == '\0' || strlen(reason) > MAX_REASON || !g_utf8_validate(reason, -1, NULL)) {
        g_set_error(
            error, NSK_ERROR, NSK_ERROR_INVALID,
            nsk_tr("the reason for giving up the workflow '%s' is not a word of 1 to %d bytes"),
            nsk_flow_get_id(self->flow), MAX_REASON);
        return false;
    }
    for (guint i = 0; i < self->state->tokens->len; i++)
        close_token(self, g_ptr_array_index(self->state->tokens, i));
    g_ptr_array_set_size(self->state->tokens, 0);
    self->state->end = g_strdup(reason);
    add_action(self, NSK_FLOW_END)->reason = g_strdup(reason);
    return true;
}

static bool
check_state(const NskFlow *flow, const NskFlowState *state, GError **error)
{
    bool fits = strcmp(state->process, nsk_flow_get_id(flow)) == 0;

    for (guint i = 0; fits && i < state->tokens->len; i++) {
        const FlowToken *token = g_ptr_array_index(state->tokens, i);
        unsigned index = nsk_flow_node_index(flow, 0, token->node);
        FlowNodeKind kind =
            index != FLOW_NONE ? nsk_flow_node(flow, index)->kind : FLOW_UNSUPPORTED;

        fits = (kind == FLOW_USER_TASK || kind == FLOW_SERVICE_TASK) &&
               token->scope == nsk_flow_node(flow, index)->level;
    }
    if (!fits) {
        g_set_error(
            error, NSK_ERROR, NSK_ERROR_CORRUPT,
            nsk_tr("the stored state of the workflow '%s' does not fit the definition '%s'; run "
                   "doctor"),
            state->process, nsk_flow_get_id(flow));
        return false;
    }
    if (state->end != NULL) {
        g_set_error(error, NSK_ERROR, NSK_ERROR_CONFLICT,
                    nsk_tr("the workflow '%s' is over (%s); read the letter again"),
                    nsk_flow_get_id(flow), state->end);
        return false;
    }
    return true;
}

static bool
dispatch(Run *self, const NskFlowEvent *event, GError **error)
{
    if (event->type == NSK_FLOW_START)
        return begin(self, error);
    if (event->type == NSK_FLOW_COMPLETE)
        return resume(self, event, FLOW_USER_TASK, error);
    if (event->type == NSK_FLOW_SERVICE_DONE)
        return resume(self, event, FLOW_SERVICE_TASK, error);
    if (event->type == NSK_FLOW_CANCEL)
        return cancel(self, event, error);
    g_set_error_literal(error, NSK_ERROR, NSK_ERROR_UNSUPPORTED,
                        nsk_tr("this program cannot do that with a workflow"));
    return false;
}

/* The facts with the event's outcome in them; NULL if the event needs none. */
static NskXmlDoc *
copy_facts(const NskFlowStep *step)
{
    if (step->event->type == NSK_FLOW_CANCEL)
        return NULL;
    g_assert(step->facts != NULL && step->facts->facts != NULL);

    NskXmlDoc *doc = nsk_xml_doc_copy(step->facts->facts);
    NskXmlNode *root = nsk_xml_doc_get_root(doc);
    NskXmlNode *outcome = nsk_flow_find_fact(root, "outcome");
    if (outcome == NULL)
        outcome = nsk_xml_add(root, "", "outcome");
    nsk_xml_set_text(outcome, step->event->outcome != NULL ? step->event->outcome : "");
    return doc;
}

bool
nsk_flow_step(const NskFlowStep *step,
              NskFlowState **out_state,
              GPtrArray **out_actions,
              GError **error)
{
    g_assert((step->state == NULL) == (step->event->type == NSK_FLOW_START));
    g_assert(step->event->key != NULL || (step->event->type != NSK_FLOW_COMPLETE &&
                                          step->event->type != NSK_FLOW_SERVICE_DONE));
    if (step->state != NULL && !check_state(step->flow, step->state, error))
        return false;

    g_autoptr(NskXmlDoc) facts = copy_facts(step);
    g_autoptr(NskFlowState) state = step->state != NULL
                                        ? nsk_flow_state_copy(step->state)
                                        : nsk_flow_state_new(nsk_flow_get_id(step->flow));
    g_autoptr(GPtrArray) actions = g_ptr_array_new_with_free_func(action_free);
    g_autoptr(GArray) visits = g_array_new(FALSE, FALSE, sizeof(Visit));
    Run run = { .flow = step->flow, .state = state, .actions = actions, .visits = visits };
    if (facts != NULL)
        run.facts =
            (NskFlowFacts){ .facts = nsk_xml_doc_get_root(facts), .today = step->facts->today };
    run.sight = (FlowSight){ .flow = step->flow, .facts = &run.facts, .outcome = "" };
    if (!dispatch(&run, step->event, error))
        return false;
    *out_state = g_steal_pointer(&state);
    *out_actions = g_steal_pointer(&actions);
    return true;
}
