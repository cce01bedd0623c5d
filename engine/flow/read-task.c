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
#include "flow/read-private.h"

#include <string.h>

#define MAX_OUTCOMES 16
#define MAX_PRIORITY 1000

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

    node->outcomes = nsk_flow_split_words(text);
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
    node->separate = nsk_flow_split_words(text);
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

/* The name of a resource is a position. */
static void
read_resource(FlowReader *self, FlowNode *node, const NskXmlNode *element, const char *ref)
{
    const NskXmlNode *resource = nsk_flow_find_element(self, ref);
    const char *name = NULL;

    if (resource == NULL || !nsk_xml_is(resource, BPMN_NS, "resource")) {
        nsk_flow_issue(self, element, "flow-reference",
                       nsk_tr("the %s of userTask '%s' names the resource '%s', which there is "
                              "not; define it or choose another"),
                       nsk_xml_name(element), node->task.id, ref);
        return;
    }
    name = nsk_xml_attr(resource, "name");
    if (name == NULL || *name == '\0')
        name = nsk_xml_attr(resource, "id");
    if (nsk_xml_child(element, "resourceParameterBinding") != NULL || !nsk_name_is_valid(name))
        node->unread = true;
    else
        add_assignment(node, NULL, g_strsplit(name, "\n", -1));
}

/* potentialOwner, humanPerformer or performer (10.3.4). */
static void
read_resource_role(FlowReader *self, FlowNode *node, const NskXmlNode *element)
{
    const NskXmlNode *assignment =
        nsk_flow_only_child(self, element, "resourceAssignmentExpression");
    const NskXmlNode *expression = assignment != NULL ? nsk_xml_first(assignment) : NULL;
    g_autofree char *ref = nsk_xml_child_text(element, "resourceRef");

    if (ref != NULL) {
        read_resource(self, node, element, ref);
        return;
    }
    if (expression == NULL || !nsk_xml_is(expression, BPMN_NS, "formalExpression")) {
        node->unread = true;
        nsk_flow_warn(
            self, element, "flow-assignment",
            nsk_tr("the %s of userTask '%s' is not a resourceAssignmentExpression with a "
                   "formalExpression; write one in XPath 1.0 that gives ids of positions"),
            nsk_xml_name(element), node->task.id);
        return;
    }

    NskXPath *compiled = nsk_flow_read_expression(self, expression, node->element, false);
    if (compiled != NULL)
        add_assignment(node, compiled, NULL);
}

static void
warn_foreign(FlowReader *self, FlowNode *node, const char *attribute, const char *text)
{
    nsk_flow_warn(self, node->element, "flow-foreign",
                  nsk_tr("camunda:%s=\"%s\" of userTask '%s' is not understood and left out; write "
                         "plain values, or one variable as ${name}"),
                  attribute, text, node->task.id);
}

/* A word of camunda:assignee and the like: a position, or a variable that holds some. */
static void
read_candidate(FlowReader *self, FlowNode *node, const char *attribute, const char *word)
{
    g_autofree char *bare = nsk_flow_bare_variable(word);

    if (bare != NULL) {
        NskXPath *compiled = nsk_flow_compile(self, bare, node->element, node->element);

        if (compiled != NULL)
            add_assignment(node, compiled, NULL);
    } else if (nsk_flow_is_foreign(word) || !nsk_name_is_valid(word)) {
        node->unread = true;
        warn_foreign(self, node, attribute, word);
    } else {
        add_assignment(node, NULL, g_strsplit(word, "\n", -1));
    }
}

/* An expression may hold commas and blanks, so it is one word if there is any but at its ends. */
static void
read_camunda(FlowReader *self, FlowNode *node, const char *attribute)
{
    const char *text = nsk_xml_attr_ns(node->element, CAMUNDA_NS, attribute);
    g_auto(GStrv) words = NULL;

    if (text == NULL)
        return;
    words = nsk_flow_split_words(text);
    for (size_t i = 0; words[i] != NULL; i++) {
        g_autofree char *bare = nsk_flow_bare_variable(words[i]);

        if (bare == NULL && nsk_flow_is_foreign(words[i])) {
            read_candidate(self, node, attribute, text);
            return;
        }
    }
    for (size_t i = 0; words[i] != NULL; i++)
        read_candidate(self, node, attribute, words[i]);
}

static void
read_assignments(FlowReader *self, FlowNode *node)
{
    static const char *const roles[] = { "potentialOwner", "humanPerformer", "performer" };
    static const char *const attributes[] = { "assignee", "candidateUsers", "candidateGroups" };
    NskXmlNode *child = nsk_xml_first(node->element);

    for (; child != NULL; child = nsk_xml_next(child)) {
        for (size_t i = 0; i < G_N_ELEMENTS(roles); i++) {
            if (nsk_xml_is(child, BPMN_NS, roles[i]))
                read_resource_role(self, node, child);
        }
    }
    for (size_t i = 0; i < G_N_ELEMENTS(attributes); i++)
        read_camunda(self, node, attributes[i]);
}

/* camunda:dueDate and followUpDate: a date, a duration from the opening, or a variable with one. */
static FlowTimer *
read_due(FlowReader *self, FlowNode *node, const char *attribute)
{
    const char *text = nsk_xml_attr_ns(node->element, CAMUNDA_NS, attribute);
    g_autofree char *bare = text != NULL ? nsk_flow_bare_variable(text) : NULL;
    FlowTimer *timer = NULL;
    FlowTime time;

    if (text == NULL)
        return NULL;
    if (bare != NULL) {
        timer = nsk_flow_read_time(self, node->element, node->element, FLOW_TIME_DATE, bare);
        if (timer != NULL)
            timer->either = true;
        return timer;
    }
    if (nsk_flow_is_foreign(text)) {
        warn_foreign(self, node, attribute, text);
        return NULL;
    }
    FlowTimeKind kind = *text == 'P' ? FLOW_TIME_DURATION : FLOW_TIME_DATE;
    if (!nsk_flow_time_parse(kind, text, &time, NULL)) {
        warn_foreign(self, node, attribute, text);
        return NULL;
    }
    timer = g_new0(FlowTimer, 1);
    timer->kind = kind;
    timer->time = time;
    return timer;
}

static void
read_dates(FlowReader *self, FlowNode *node)
{
    bool working = nsk_flow_read_bool(self, node->element, NSK_FLOW_NS, "workingDays", false);

    node->due = read_due(self, node, "dueDate");
    node->follow_up = read_due(self, node, "followUpDate");
    if (node->due != NULL) {
        node->due->working = working;
        node->due->time.working = working;
    } else if (working) {
        nsk_flow_issue(self, node->element, "flow-timer",
                       nsk_tr("userTask '%s' counts working days but has no camunda:dueDate; give "
                              "it one such as P3D"),
                       node->task.id);
    }
}

static void
read_form(FlowReader *self, FlowNode *node)
{
    const char *form = nsk_xml_attr_ns(node->element, CAMUNDA_NS, "formKey");
    const char *priority = nsk_xml_attr_ns(node->element, CAMUNDA_NS, "priority");
    gint64 number = 0;

    if (form != NULL)
        node->task.form = nsk_flow_keep(self->flow, form);
    if (priority == NULL)
        return;
    if (g_ascii_string_to_signed(priority, 10, 0, MAX_PRIORITY, &number, NULL))
        node->task.priority = (int)number;
    else
        warn_foreign(self, node, "priority", priority);
}

void
nsk_flow_read_user_task(FlowReader *self, FlowNode *node)
{
    nsk_flow_check_extensions(self, node->element, "role separate workingDays", "outcomes");
    read_role(self, node);
    read_separate(self, node);
    read_outcomes(self, node);
    read_assignments(self, node);
    read_dates(self, node);
    read_form(self, node);
    g_ptr_array_add(self->flow->tasks, &node->task);
}

void
nsk_flow_read_service(FlowReader *self, FlowNode *node)
{
    const char *service = nsk_xml_attr_ns(node->element, NSK_FLOW_NS, "service");
    g_autofree char *owner = NULL;

    nsk_flow_check_extensions(self, node->element, "service", NULL);
    if (service == NULL)
        return;
    if (!nsk_name_is_valid(service)) {
        owner = nsk_flow_describe(node->element);
        nsk_flow_issue(self, node->element, "flow-service",
                       nsk_tr("%s has the service '%s', which is no name; use a-z, 0-9, '-', '.' "
                              "and '_', such as dispatch or archive"),
                       owner, service);
        return;
    }
    node->kind = FLOW_SERVICE_TASK;
    node->task.service = nsk_flow_keep(self->flow, service);
    g_ptr_array_add(self->flow->tasks, &node->task);
}
