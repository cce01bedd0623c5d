/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What tasks have beyond other nodes: who does them, in which role, with which outcomes; which
 * service they are.
 *
 * Who: potentialOwner and humanPerformer with an XPath expression (BPMN 2.0, 10.3.4), and the
 * attributes of Camunda Modeler (assignee, candidateUsers, candidateGroups) as plain lists, for an
 * editor that everybody has.  All of them name positions; the task is put before the union.
 */
#include "base/id.h"
#include "base/message.h"
#include "flow/flow-private.h"

#include <string.h>

#define MAX_OUTCOMES 16
#define WORD_PARTERS " \t\r\n,"

/* The words of a list, in order; empty ones left out.  Freed with g_strfreev(). */
static char **
split_words(const char *text)
{
    g_auto(GStrv) parts = g_strsplit_set(text, WORD_PARTERS, -1);
    g_autoptr(GPtrArray) words = g_ptr_array_new();

    for (size_t i = 0; parts[i] != NULL; i++) {
        if (*parts[i] != '\0')
            g_ptr_array_add(words, g_strdup(parts[i]));
    }
    g_ptr_array_add(words, NULL);
    return (char **)g_ptr_array_free(g_steal_pointer(&words), FALSE);
}

static void
read_role(FlowReader *self, FlowNode *node)
{
    static const struct {
        const char *name;
        NskFlowRole role;
    } roles[] = {
        { "draft", NSK_FLOW_ROLE_DRAFT },
        { "review", NSK_FLOW_ROLE_REVIEW },
        { "sign", NSK_FLOW_ROLE_SIGN },
        { "confirm", NSK_FLOW_ROLE_CONFIRM },
    };
    const char *name = nsk_xml_attr_ns(node->element, NSK_FLOW_NS, "role");

    if (name == NULL)
        return;
    for (size_t i = 0; i < G_N_ELEMENTS(roles); i++) {
        if (strcmp(name, roles[i].name) == 0) {
            node->task.role = roles[i].role;
            return;
        }
    }
    nsk_flow_issue(
        self, node->element, "flow-unsupported",
        nsk_tr("userTask '%s' has the role '%s'; there are draft, review, sign and confirm"),
        node->task.id, name);
}

static const NskXmlNode *
find_outcomes(FlowReader *self, const FlowNode *node)
{
    const NskXmlNode *holder = nsk_xml_child(node->element, "extensionElements");
    NskXmlNode *child = holder != NULL ? nsk_xml_first(holder) : NULL;
    const NskXmlNode *found = NULL;

    for (; child != NULL; child = nsk_xml_next(child)) {
        if (!nsk_xml_is(child, NSK_FLOW_NS, "outcomes"))
            continue;
        if (found != NULL)
            nsk_flow_issue(self, child, "flow-outcomes",
                           nsk_tr("userTask '%s' has two lists of outcomes; keep one"),
                           node->task.id);
        found = child;
    }
    return found;
}

static void
check_outcomes(FlowReader *self, const FlowNode *node, const NskXmlNode *place)
{
    unsigned count = g_strv_length(node->outcomes);

    if (count == 0 || count > MAX_OUTCOMES)
        nsk_flow_issue(self, place, "flow-outcomes",
                       nsk_tr("userTask '%s' has %u outcomes; name 1 to %d"), node->task.id, count,
                       MAX_OUTCOMES);
    for (unsigned i = 0; i < count; i++) {
        if (!nsk_name_is_valid(node->outcomes[i]))
            nsk_flow_issue(
                self, place, "flow-outcomes",
                nsk_tr("userTask '%s' has the outcome '%s'; use a-z, 0-9, '-', '.' and '_'"),
                node->task.id, node->outcomes[i]);
        for (unsigned k = 0; k < i; k++) {
            if (strcmp(node->outcomes[i], node->outcomes[k]) == 0)
                nsk_flow_issue(self, place, "flow-outcomes",
                               nsk_tr("userTask '%s' names the outcome '%s' twice; name it once"),
                               node->task.id, node->outcomes[i]);
        }
    }
}

/* A task that names no outcome can only be "done". */
static void
read_outcomes(FlowReader *self, FlowNode *node)
{
    const NskXmlNode *element = find_outcomes(self, node);
    g_autofree char *text = element != NULL ? nsk_xml_text(element) : g_strdup("done");

    node->outcomes = split_words(text);
    node->task.outcomes = (const char *const *)node->outcomes;
    check_outcomes(self, node, element != NULL ? element : node->element);
}

/* Whom the doer must not be. */
static void
read_separate(FlowReader *self, FlowNode *node)
{
    const char *text = nsk_xml_attr_ns(node->element, NSK_FLOW_NS, "separate");

    if (text == NULL)
        return;
    node->separate = split_words(text);
    node->task.separate = (const char *const *)node->separate;
    if (node->separate[0] == NULL)
        nsk_flow_issue(self, node->element, "flow-duties",
                       nsk_tr("userTask '%s' is to be kept apart from other tasks but names none; "
                              "give their ids in the attribute separate, or remove it"),
                       node->task.id);
}

static const FlowNode *
find_user_task(const FlowReader *self, const char *id)
{
    unsigned index = nsk_flow_node_index(self->flow, self->process, id);
    const FlowNode *node = index != FLOW_NONE ? nsk_flow_node(self->flow, index) : NULL;

    return node != NULL && node->kind == FLOW_USER_TASK ? node : NULL;
}

static void
check_separate(FlowReader *self, const FlowNode *node)
{
    for (size_t i = 0; node->separate != NULL && node->separate[i] != NULL; i++) {
        const FlowNode *other = find_user_task(self, node->separate[i]);

        if (other == NULL)
            nsk_flow_issue(self, node->element, "flow-reference",
                           nsk_tr("userTask '%s' is kept apart from '%s', and the process has no "
                                  "user task of that id; correct the attribute separate"),
                           node->task.id, node->separate[i]);
        else if (other == node)
            nsk_flow_issue(self, node->element, "flow-duties",
                           nsk_tr("userTask '%s' is kept apart from itself; name other tasks"),
                           node->task.id);
    }
}

void
nsk_flow_check_separate(FlowReader *self)
{
    for (guint i = 0; i < self->flow->nodes->len; i++) {
        const FlowNode *node = nsk_flow_node(self->flow, i);

        if (nsk_flow_level(self->flow, node->level)->process == self->process)
            check_separate(self, node);
    }
}

static void
add_assignment(FlowNode *node, NskXPath *expression, char **literal)
{
    FlowAssignment *assignment = g_new0(FlowAssignment, 1);

    assignment->expression = expression;
    assignment->literal = literal;
    g_ptr_array_add(node->assignments, assignment);
}

/* potentialOwner or humanPerformer. */
static void
read_resource_role(FlowReader *self, FlowNode *node, const NskXmlNode *element)
{
    const NskXmlNode *assignment =
        nsk_flow_only_child(self, element, "resourceAssignmentExpression");
    const NskXmlNode *expression =
        assignment != NULL ? nsk_flow_only_child(self, assignment, "formalExpression") : NULL;

    if (expression == NULL || nsk_xml_child(element, "resourceRef") != NULL) {
        nsk_flow_issue(
            self, element, "flow-unsupported",
            nsk_tr("the %s of userTask '%s' is not a resourceAssignmentExpression with a "
                   "formalExpression; write one in XPath 1.0 that gives ids of positions"),
            nsk_xml_name(element), node->task.id);
        return;
    }

    NskXPath *compiled = nsk_flow_read_expression(self, expression, node->element, false);
    if (compiled != NULL)
        add_assignment(node, compiled, NULL);
}

/* Whether the attribute said anything, be it right or wrong. */
static bool
read_camunda(FlowReader *self, FlowNode *node, const char *attribute)
{
    const char *text = nsk_xml_attr_ns(node->element, CAMUNDA_NS, attribute);

    if (text == NULL)
        return false;
    if (strstr(text, "${") != NULL || strstr(text, "#{") != NULL) {
        nsk_flow_issue(
            self, node->element, "flow-unsupported",
            nsk_tr("userTask '%s' has camunda:%s=\"%s\", an expression of another engine; name "
                   "positions, or use a potentialOwner with XPath"),
            node->task.id, attribute, text);
        return true;
    }

    g_auto(GStrv) words = split_words(text);
    for (size_t i = 0; words[i] != NULL; i++) {
        if (!nsk_name_is_valid(words[i]))
            nsk_flow_issue(
                self, node->element, "flow-assignment",
                nsk_tr("userTask '%s' has camunda:%s with '%s', which is no id of a position"),
                node->task.id, attribute, words[i]);
    }
    if (words[0] == NULL)
        return false;
    add_assignment(node, NULL, g_steal_pointer(&words));
    return true;
}

static void
read_assignments(FlowReader *self, FlowNode *node)
{
    static const char *const attributes[] = { "assignee", "candidateUsers", "candidateGroups" };
    NskXmlNode *child = nsk_xml_first(node->element);
    bool said = false;

    for (; child != NULL; child = nsk_xml_next(child)) {
        if (nsk_xml_is(child, BPMN_NS, "potentialOwner") ||
            nsk_xml_is(child, BPMN_NS, "humanPerformer")) {
            read_resource_role(self, node, child);
            said = true;
        }
    }
    for (size_t i = 0; i < G_N_ELEMENTS(attributes); i++)
        said = read_camunda(self, node, attributes[i]) || said;
    if (!said)
        nsk_flow_issue(
            self, node->element, "flow-assignment",
            nsk_tr("userTask '%s' is nobody's; add a potentialOwner with an XPath expression "
                   "that gives ids of positions"),
            node->task.id);
}

void
nsk_flow_read_user_task(FlowReader *self, FlowNode *node)
{
    nsk_flow_check_extensions(self, node->element, "role separate", "outcomes");
    read_role(self, node);
    read_separate(self, node);
    read_outcomes(self, node);
    read_assignments(self, node);
    g_ptr_array_add(self->flow->tasks, &node->task);
}

void
nsk_flow_read_service_task(FlowReader *self, FlowNode *node)
{
    const char *service = nsk_xml_attr_ns(node->element, NSK_FLOW_NS, "service");

    nsk_flow_check_extensions(self, node->element, "service", NULL);
    if (service == NULL || !nsk_name_is_valid(service)) {
        nsk_flow_issue(
            self, node->element, "flow-service",
            nsk_tr("serviceTask '%s' does not say which service it is; give it the attribute "
                   "service of %s, such as dispatch or archive"),
            node->task.id, NSK_FLOW_NS);
        return;
    }
    node->task.service = nsk_flow_keep(self->flow, service);
    g_ptr_array_add(self->flow->tasks, &node->task);
}
