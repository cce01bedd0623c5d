/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What one element shows by itself: who does a task, whether its service is known, duties that are
 * to be kept apart, gateways without a way for every case, names that readers of the picture want.
 */
#include "base/message.h"
#include "flow/check-private.h"

#include <string.h>

#define MANY_INSTANCES 10 /* of a multi-instance task that all must be done */

static CheckPlace
warning(unsigned node, const char *tag)
{
    return (CheckPlace){ .node = node,
                         .edge = FLOW_NONE,
                         .tag = tag,
                         .severity = NSK_SEVERITY_WARNING };
}

static CheckPlace
fault(unsigned node, const char *tag)
{
    return (CheckPlace){ .node = node, .edge = FLOW_NONE, .tag = tag };
}

static void
check_position(Checker *self, unsigned index, const char *position)
{
    g_autofree char *name = nsk_check_name(self, index);
    const CheckPlace place = fault(index, "flow-assignment");

    if (self->options->knows_position == NULL ||
        self->options->knows_position(self->options->data, position))
        return;
    nsk_check_tell(self, &place,
                   nsk_tr("%s is put before '%s', which is no position or group of the directory; "
                          "correct it, or add the position first"),
                   name, position);
}

static void
check_assignment(Checker *self, unsigned index)
{
    const FlowNode *node = check_node(self, index);
    const CheckPlace place = fault(index, "flow-assignment");
    g_autofree char *name = nsk_check_name(self, index);

    if (node->kind != FLOW_USER_TASK)
        return;
    if (node->unread)
        nsk_check_tell(self, &place,
                       nsk_tr("%s is put before somebody in a way that this program does not "
                              "read; name positions, or write the expression in XPath 1.0"),
                       name);
    else if (node->assignments->len == 0)
        nsk_check_tell(self, &place,
                       nsk_tr("%s is put before nobody; name a position in its potentialOwner, "
                              "humanPerformer or candidateGroups, or put it into a lane"),
                       name);
    for (guint i = 0; i < node->assignments->len; i++) {
        const FlowAssignment *assignment = g_ptr_array_index(node->assignments, i);

        for (size_t k = 0; assignment->literal != NULL && assignment->literal[k] != NULL; k++)
            check_position(self, index, assignment->literal[k]);
    }
}

/* A task of a machine that no machine does would be passed over as if it were done. */
static bool
is_idle(const FlowNode *node)
{
    return node->kind == FLOW_PASS_TASK && (nsk_xml_is(node->element, BPMN_NS, "serviceTask") ||
                                            nsk_xml_is(node->element, BPMN_NS, "businessRuleTask"));
}

static void
check_service(Checker *self, unsigned index)
{
    const FlowNode *node = check_node(self, index);
    const CheckPlace place = fault(index, "flow-service");
    g_autofree char *name = nsk_check_name(self, index);

    if (is_idle(node))
        nsk_check_tell(self, &place,
                       nsk_tr("%s does not say which service it is; give it the attribute service "
                              "of %s, such as dispatch or archive"),
                       name, NSK_FLOW_NS);
    if (node->kind != FLOW_SERVICE_TASK || self->options->knows_service == NULL ||
        self->options->knows_service(self->options->data, node->task.service))
        return;
    nsk_check_tell(self, &place, nsk_tr("%s asks for the service '%s', which this office has not"),
                   name, node->task.service);
}

/* The one assignment of a task; NULL if it has several. */
static const FlowAssignment *
only_assignment(const FlowNode *node)
{
    return node->assignments->len == 1 ? g_ptr_array_index(node->assignments, 0) : NULL;
}

static bool
is_one_position(const FlowAssignment *assignment)
{
    return assignment->literal != NULL && assignment->literal[0] != NULL &&
           assignment->literal[1] == NULL;
}

/* Whoever did @other may not do @index: two tasks before the same single position can never both
 * be done. */
static void
check_duty(Checker *self, unsigned index, unsigned other)
{
    const FlowAssignment *one = only_assignment(check_node(self, index));
    const FlowAssignment *two = only_assignment(check_node(self, other));
    g_autofree char *name = nsk_check_name(self, index);
    CheckPlace place = fault(index, "flow-duties");

    if (one == NULL || two == NULL)
        return;
    if (is_one_position(one) && is_one_position(two) &&
        strcmp(one->literal[0], two->literal[0]) == 0) {
        nsk_check_tell(self, &place,
                       nsk_tr("%s is kept apart from '%s', but both are put before the one "
                              "position '%s'; put one of them before another"),
                       name, check_node(self, other)->task.id, one->literal[0]);
    } else if (one->expression != NULL && two->expression != NULL &&
               strcmp(nsk_xpath_get_text(one->expression), nsk_xpath_get_text(two->expression)) ==
                   0) {
        place.severity = NSK_SEVERITY_WARNING;
        nsk_check_tell(self, &place,
                       nsk_tr("%s is kept apart from '%s', but both are put before %s, which may "
                              "be one person alone"),
                       name, check_node(self, other)->task.id, nsk_xpath_get_text(one->expression));
    }
}

static void
check_duties(Checker *self, unsigned index)
{
    const FlowNode *node = check_node(self, index);
    unsigned process = nsk_flow_level(self->flow, node->level)->process;

    for (size_t i = 0; node->separate != NULL && node->separate[i] != NULL; i++) {
        unsigned other = nsk_flow_node_index(self->flow, process, node->separate[i]);

        if (other != FLOW_NONE)
            check_duty(self, index, other);
    }
}

/* Whether one flow of the gateway has the condition and another its opposite. */
static bool
is_total(const Checker *self, const FlowNode *node)
{
    for (guint i = 0; i < node->out->len; i++) {
        bool negated;
        unsigned condition =
            nsk_check_condition(self, g_array_index(node->out, unsigned, i), &negated);

        for (guint k = 0; k < i; k++) {
            bool other;

            if (nsk_check_condition(self, g_array_index(node->out, unsigned, k), &other) ==
                    condition &&
                other != negated)
                return true;
        }
    }
    return false;
}

/* Whether what happens at the gateway is known by the outcome alone: then the token game sees a
 * missing way. */
static bool
is_of_outcome(const Checker *self, const FlowNode *node)
{
    for (guint i = 0; i < node->out->len; i++) {
        bool negated;
        unsigned index = nsk_check_condition(self, g_array_index(node->out, unsigned, i), &negated);

        if (index == FLOW_NONE ||
            !((const CheckCondition *)g_ptr_array_index(self->conditions, index))->of_outcome)
            return false;
    }
    return true;
}

static bool
has_unconditional(const Checker *self, const FlowNode *node)
{
    for (guint i = 0; i < node->out->len; i++) {
        if (nsk_flow_edge(self->flow, g_array_index(node->out, unsigned, i))->condition == NULL)
            return true;
    }
    return false;
}

static void
check_default(Checker *self, unsigned index)
{
    const FlowNode *node = check_node(self, index);
    const CheckPlace place = warning(index, "flow-default");
    g_autofree char *name = nsk_check_name(self, index);

    if ((node->kind != FLOW_EXCLUSIVE && node->kind != FLOW_INCLUSIVE) || node->out->len < 2 ||
        node->default_edge != FLOW_NONE || has_unconditional(self, node) || is_total(self, node) ||
        is_of_outcome(self, node))
        return;
    nsk_check_tell(self, &place,
                   nsk_tr("%s has no default flow; if none of its conditions is true, the act "
                          "before it is refused; mark one flow as default"),
                   name);
}

/* Whether a way leads from the gateway back to it without passing what splits into parallel paths:
 * one that does is the circle of a whole block. */
static bool
leads_back(const NskFlow *flow, unsigned from)
{
    g_autofree bool *seen = g_new0(bool, flow->nodes->len + 1);
    g_autoptr(GArray) stack = g_array_new(FALSE, FALSE, sizeof(unsigned));

    g_array_append_val(stack, from);
    while (stack->len > 0) {
        unsigned index = g_array_index(stack, unsigned, stack->len - 1);
        const FlowNode *node = nsk_flow_node(flow, index);

        g_array_set_size(stack, stack->len - 1);
        if (index != from && node->out->len > 1 && node->kind != FLOW_EXCLUSIVE)
            continue;
        for (guint i = 0; i < node->out->len; i++) {
            unsigned next = nsk_flow_edge(flow, g_array_index(node->out, unsigned, i))->target;

            if (next == from)
                return true;
            if (!seen[next])
                g_array_append_val(stack, next);
            seen[next] = true;
        }
    }
    return false;
}

static void
check_inclusive(Checker *self, unsigned index)
{
    const FlowNode *node = check_node(self, index);
    const CheckPlace place = warning(index, "flow-inclusive");
    g_autofree char *name = nsk_check_name(self, index);

    if (node->kind != FLOW_INCLUSIVE || node->in->len < 2 || !leads_back(self->flow, index))
        return;
    nsk_check_tell(self, &place,
                   nsk_tr("%s joins on a circle, where it is hard to see what it waits for; let "
                          "the circle begin and end outside of what it joins"),
                   name);
}

static bool
is_activity(const FlowNode *node)
{
    return node->kind == FLOW_USER_TASK || node->kind == FLOW_SERVICE_TASK ||
           node->kind == FLOW_RECEIVE_TASK || node->kind == FLOW_SEND_TASK ||
           node->kind == FLOW_PASS_TASK || node->kind == FLOW_SUB_PROCESS ||
           node->kind == FLOW_CALL_ACTIVITY;
}

static void
check_ways(Checker *self, unsigned index)
{
    const FlowNode *node = check_node(self, index);
    CheckPlace place = warning(index, "flow-split");
    g_autofree char *name = nsk_check_name(self, index);

    if (is_activity(node) && node->out->len > 1)
        nsk_check_tell(self, &place,
                       nsk_tr("%u flows leave %s, and several may be taken at once; say so with a "
                              "parallelGateway or inclusiveGateway"),
                       node->out->len, name);
    place.tag = "flow-boundary";
    if (node->kind == FLOW_BOUNDARY_EVENT && node->out->len == 0 && !nsk_check_is_apart(node))
        nsk_check_tell(self, &place,
                       nsk_tr("nothing happens behind %s; lead it to what is to be done then"),
                       name);
}

static void
check_instances(Checker *self, unsigned index)
{
    const FlowNode *node = check_node(self, index);
    const CheckPlace place = warning(index, "flow-instances");
    g_autofree char *name = nsk_check_name(self, index);
    double n;

    if (node->loop.cardinality == NULL || node->loop.completion != NULL)
        return;
    n = g_ascii_strtod(nsk_xpath_get_text(node->loop.cardinality), NULL);
    if (n > MANY_INSTANCES)
        nsk_check_tell(self, &place,
                       nsk_tr("%s waits for all of %.0f instances; give it a completionCondition"),
                       name, n);
}

static void
check_label(Checker *self, unsigned index)
{
    const FlowNode *node = check_node(self, index);
    const CheckPlace place = warning(index, "flow-label");
    bool decides =
        (node->kind == FLOW_EXCLUSIVE || node->kind == FLOW_INCLUSIVE) && node->out->len > 1;

    if ((node->kind != FLOW_USER_TASK && !decides) || strcmp(node->task.name, node->task.id) != 0)
        return;
    nsk_check_tell(self, &place,
                   nsk_tr("the %s '%s' has no name, so that people see its id; name it"),
                   nsk_xml_name(node->element), node->task.id);
}

/* One finding for each process, not for each task: few workflows say when everything is due. */
static void
check_due(Checker *self, unsigned process)
{
    g_autoptr(GString) text = g_string_new(NULL);
    CheckPlace place = warning(FLOW_NONE, "flow-due");

    for (unsigned i = 0; i < self->flow->nodes->len; i++) {
        const FlowNode *node = check_node(self, i);

        if (node->kind != FLOW_USER_TASK || node->due != NULL || node->boundary->len > 0 ||
            nsk_flow_level(self->flow, node->level)->process != process)
            continue;
        if (place.node == FLOW_NONE)
            place.node = i;
        g_string_append_printf(text, "%s'%s'", text->len > 0 ? ", " : "", node->task.id);
    }
    if (text->len > 0)
        nsk_check_tell(self, &place,
                       nsk_tr("nothing says until when these tasks are to be done: %s; give them a "
                              "dueDate or a timer"),
                       text->str);
}

void
nsk_check_rules(Checker *self)
{
    for (unsigned i = 0; i < self->flow->nodes->len; i++) {
        check_assignment(self, i);
        check_service(self, i);
        check_duties(self, i);
        check_default(self, i);
        check_inclusive(self, i);
        check_ways(self, i);
        check_instances(self, i);
        check_label(self, i);
    }
    for (unsigned i = 0; i < self->flow->processes->len; i++)
        check_due(self, i);
}
