/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Reading the elements of a process (BPMN 2.0.2, chapters 8, 10 and 13).
 *
 * Nodes first, level by level as they lie in each other; then flows, which may stand before the
 * nodes that they join; then what joins nodes in other ways (read-attach.c).
 *
 * 1. Every element and every attribute of BPMN that would change what the process does is either
 *    understood or named in an issue; tables below say which are for people only.
 * 2. An element that is refused stays a node of the graph, so that one fault gives one issue and
 *    not a trail of dangling references.
 */
#include "base/limits.h"
#include "base/message.h"
#include "flow/read-private.h"

#include <string.h>

#define MASK(kind) (1u << (kind))
#define EVENTS                                                                                     \
    (MASK(FLOW_START_EVENT) | MASK(FLOW_END_EVENT) | MASK(FLOW_CATCH_EVENT) |                      \
     MASK(FLOW_THROW_EVENT) | MASK(FLOW_BOUNDARY_EVENT))
#define SUBS (MASK(FLOW_SUB_PROCESS) | MASK(FLOW_EVENT_SUB_PROCESS))
#define ACTIVITIES                                                                                 \
    (MASK(FLOW_USER_TASK) | MASK(FLOW_SERVICE_TASK) | MASK(FLOW_RECEIVE_TASK) |                    \
     MASK(FLOW_SEND_TASK) | MASK(FLOW_PASS_TASK) | MASK(FLOW_CALL_ACTIVITY) | SUBS)
#define ALL (~0u)

typedef struct {
    const char *name;
    FlowNodeKind kind;
} ElementKind;

static const ElementKind node_elements[] = {
    { "startEvent", FLOW_START_EVENT },
    { "endEvent", FLOW_END_EVENT },
    { "intermediateCatchEvent", FLOW_CATCH_EVENT },
    { "intermediateThrowEvent", FLOW_THROW_EVENT },
    { "boundaryEvent", FLOW_BOUNDARY_EVENT },
    { "userTask", FLOW_USER_TASK },
    { "serviceTask", FLOW_PASS_TASK }, /* FLOW_SERVICE_TASK if it names a service, as those below */
    { "businessRuleTask", FLOW_PASS_TASK },
    { "sendTask", FLOW_SEND_TASK },
    { "receiveTask", FLOW_RECEIVE_TASK },
    { "task", FLOW_PASS_TASK },
    { "manualTask", FLOW_PASS_TASK },
    { "scriptTask", FLOW_PASS_TASK },
    { "exclusiveGateway", FLOW_EXCLUSIVE },
    { "parallelGateway", FLOW_PARALLEL },
    { "inclusiveGateway", FLOW_INCLUSIVE },
    { "eventBasedGateway", FLOW_EVENT_GATEWAY },
    { "subProcess", FLOW_SUB_PROCESS },
    { "callActivity", FLOW_CALL_ACTIVITY },
};

/* Children of a process or sub-process that are read elsewhere, or for people. */
static const char *const in_container[] = {
    "documentation",
    "extensionElements",
    "auditing",
    "monitoring",
    "laneSet",
    "textAnnotation",
    "association",
    "group",
    "sequenceFlow",
    "supports",
    "ioBinding",
    "supportedInterfaceRef",
    "potentialOwner",
    "humanPerformer",
    "performer",
    "resourceRole",
    "property",
    "dataObject",
    "dataObjectReference",
    "dataStoreReference",
    "ioSpecification",
};

/* Children of nodes that are read elsewhere, or for people. */
static const struct {
    const char *name;
    unsigned kinds;
} in_node[] = {
    { "documentation", ALL },
    { "extensionElements", ALL },
    { "auditing", ALL },
    { "monitoring", ALL },
    { "categoryValueRef", ALL },
    { "incoming", ALL },
    { "outgoing", ALL },
    { "property", ACTIVITIES | EVENTS },
    { "ioSpecification", ACTIVITIES },
    { "dataInputAssociation", ACTIVITIES | MASK(FLOW_THROW_EVENT) | MASK(FLOW_END_EVENT) },
    { "dataOutputAssociation", ACTIVITIES | EVENTS },
    { "dataInput", EVENTS },
    { "dataOutput", EVENTS },
    { "inputSet", EVENTS },
    { "outputSet", EVENTS },
    { "potentialOwner", ACTIVITIES },
    { "humanPerformer", ACTIVITIES },
    { "performer", ACTIVITIES },
    { "resourceRole", ACTIVITIES },
    { "rendering", MASK(FLOW_USER_TASK) },
    { "multiInstanceLoopCharacteristics", ACTIVITIES },
    { "standardLoopCharacteristics", ACTIVITIES },
    { "eventDefinitionRef", EVENTS },
    { "messageEventDefinition", EVENTS },
    { "timerEventDefinition", EVENTS },
    { "signalEventDefinition", EVENTS },
    { "conditionalEventDefinition", EVENTS },
    { "errorEventDefinition", EVENTS },
    { "escalationEventDefinition", EVENTS },
    { "linkEventDefinition", EVENTS },
    { "compensateEventDefinition", EVENTS },
    { "terminateEventDefinition", EVENTS },
    { "cancelEventDefinition", EVENTS }, /* read-event.c refuses it */
};

static void
read_level(FlowReader *self, const NskXmlNode *container, unsigned level, unsigned depth);

static bool
is_listed(const char *name, const char *const *list, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        if (strcmp(name, list[i]) == 0)
            return true;
    }
    return false;
}

static bool
is_part_of(const char *name, FlowNodeKind kind)
{
    for (size_t i = 0; i < G_N_ELEMENTS(in_node); i++) {
        if (strcmp(name, in_node[i].name) == 0)
            return (in_node[i].kinds & MASK(kind)) != 0;
    }
    return false;
}

/* incoming and outgoing say again what the flows say; where they are given they must agree. */
static void
check_flow_reference(FlowReader *self, const FlowNode *node, const NskXmlNode *child)
{
    bool incoming = strcmp(nsk_xml_name(child), "incoming") == 0;
    g_autofree char *ref = nsk_xml_text_folded(child);
    g_autofree char *owner = nsk_flow_describe(node->element);
    const NskXmlNode *flow = nsk_flow_find_element(self, ref);

    if (flow == NULL || !nsk_xml_is(flow, BPMN_NS, "sequenceFlow")) {
        nsk_flow_issue(self, child, "flow-reference",
                       nsk_tr("%s names the %s flow '%s', which there is not; draw the flow again"),
                       owner, nsk_xml_name(child), ref);
        return;
    }
    if (g_strcmp0(nsk_xml_attr(flow, incoming ? "targetRef" : "sourceRef"), node->task.id) != 0)
        nsk_flow_issue(
            self, child, "flow-reference",
            incoming
                ? nsk_tr(
                      "%s names the %s flow '%s', which leads somewhere else; draw the flow again")
                : nsk_tr("%s names the %s flow '%s', which begins somewhere else; draw the flow "
                         "again"),
            owner, nsk_xml_name(child), ref);
}

/* Of a sub-process what is in it is read by itself. */
static void
check_children(FlowReader *self, const FlowNode *node)
{
    bool is_sub = (MASK(node->kind) & SUBS) != 0;

    for (NskXmlNode *child = nsk_xml_first(node->element); child != NULL;
         child = nsk_xml_next(child)) {
        const char *name = nsk_xml_name(child);
        g_autofree char *owner = NULL;

        if (strcmp(nsk_xml_ns(child), BPMN_NS) != 0)
            continue;
        if (strcmp(name, "incoming") == 0 || strcmp(name, "outgoing") == 0)
            check_flow_reference(self, node, child);
        if (is_sub || is_part_of(name, node->kind) ||
            (strcmp(name, "script") == 0 && nsk_xml_is(node->element, BPMN_NS, "scriptTask")))
            continue;
        owner = nsk_flow_describe(node->element);
        nsk_flow_issue(self, child, "flow-unsupported",
                       nsk_tr("%s has a '%s', which this program does not carry out; remove it or "
                              "draw the work with what is carried out"),
                       owner, name);
    }
}

/* Attributes that would change how a node runs, with the only value that changes nothing. */
static void
check_attributes(FlowReader *self, const FlowNode *node)
{
    static const struct {
        const char *name;
        const char *harmless;
        unsigned kinds;
    } attributes[] = {
        { "startQuantity", "1", ACTIVITIES },
        { "completionQuantity", "1", ACTIVITIES },
        { "instantiate", "false", MASK(FLOW_RECEIVE_TASK) | MASK(FLOW_EVENT_GATEWAY) },
        { "eventGatewayType", "Exclusive", MASK(FLOW_EVENT_GATEWAY) },
        { "parallelMultiple", "false", EVENTS },
    };

    for (size_t i = 0; i < G_N_ELEMENTS(attributes); i++) {
        const char *value = nsk_xml_attr(node->element, attributes[i].name);
        g_autofree char *owner = NULL;

        if ((attributes[i].kinds & MASK(node->kind)) == 0 || value == NULL ||
            strcmp(value, attributes[i].harmless) == 0)
            continue;
        owner = nsk_flow_describe(node->element);
        nsk_flow_issue(self, node->element, "flow-unsupported",
                       nsk_tr("%s has %s=\"%s\", which this program does not carry out; remove it"),
                       owner, attributes[i].name, value);
    }
}

/* Names go into tasks, messages and the audit sheet. */
static void
check_name(FlowReader *self, const NskXmlNode *element)
{
    const char *name = nsk_xml_attr(element, "name");

    if (name != NULL && strlen(name) > NSK_LIMIT_TEXT)
        nsk_flow_issue(self, element, "flow-size",
                       nsk_tr("the name of %s '%s' has %zu bytes; at most %d are read"),
                       nsk_xml_name(element), nsk_xml_attr(element, "id"), strlen(name),
                       NSK_LIMIT_TEXT);
}

static void
read_script(FlowReader *self, const FlowNode *node)
{
    const NskXmlNode *script = nsk_flow_only_child(self, node->element, "script");

    if (script != NULL)
        nsk_flow_issue(self, script, "flow-unsupported",
                       nsk_tr("scriptTask '%s' has a script, and no script is run; use "
                              "conditions and assignments in XPath, or a serviceTask"),
                       node->task.id);
}

/* What only this kind of node has. */
static void
read_kind(FlowReader *self, FlowNode *node)
{
    const NskXmlNode *element = node->element;

    if ((MASK(node->kind) & EVENTS) != 0)
        nsk_flow_read_event(self, node);
    else if (node->kind == FLOW_USER_TASK)
        nsk_flow_read_user_task(self, node);
    else if (nsk_xml_is(element, BPMN_NS, "serviceTask") ||
             nsk_xml_is(element, BPMN_NS, "businessRuleTask") || node->kind == FLOW_SEND_TASK)
        nsk_flow_read_service(self, node);
    else
        nsk_flow_check_extensions(self, element, NULL, NULL);
    if (node->kind == FLOW_RECEIVE_TASK || node->kind == FLOW_SEND_TASK)
        nsk_flow_read_message(self, node);
    else if (nsk_xml_is(element, BPMN_NS, "scriptTask"))
        read_script(self, node);
    else if (node->kind == FLOW_CALL_ACTIVITY)
        nsk_flow_read_call(self, node);
}

static FlowNodeKind
kind_of(FlowReader *self, const NskXmlNode *element, FlowNodeKind kind)
{
    if (kind == FLOW_SUB_PROCESS &&
        nsk_flow_read_bool(self, element, NULL, "triggeredByEvent", false))
        return FLOW_EVENT_SUB_PROCESS;
    return kind;
}

static void
read_node(FlowReader *self, NskXmlNode *element, FlowNodeKind kind, unsigned level, unsigned depth)
{
    NskFlow *flow = self->flow;

    if (!nsk_flow_check_id(self, element) ||
        nsk_flow_node_index(flow, self->process, nsk_xml_attr(element, "id")) != FLOW_NONE)
        return;

    FlowNode *node = nsk_flow_node_new(flow, element, kind_of(self, element, kind));
    node->level = level;
    unsigned index = nsk_flow_add_node(flow, node);
    if (kind == FLOW_UNSUPPORTED)
        return;
    check_name(self, element);
    check_children(self, node);
    check_attributes(self, node);
    read_kind(self, node);
    if ((MASK(node->kind) & ACTIVITIES) != 0) {
        node->compensates = nsk_flow_read_bool(self, element, NULL, "isForCompensation", false);
        nsk_flow_read_loop(self, node);
    }
    if ((MASK(node->kind) & SUBS) != 0) {
        node->body = nsk_flow_add_level(flow, self->process, level, index);
        read_level(self, element, node->body, depth + 1);
        return;
    }
    for (NskXmlNode *child = nsk_xml_first(element); child != NULL; child = nsk_xml_next(child))
        nsk_flow_read_data(self, child, level);
}

static void
read_element(FlowReader *self, NskXmlNode *element, unsigned level, unsigned depth)
{
    const char *name = nsk_xml_name(element);

    for (size_t i = 0; i < G_N_ELEMENTS(node_elements); i++) {
        if (strcmp(name, node_elements[i].name) == 0) {
            read_node(self, element, node_elements[i].kind, level, depth);
            return;
        }
    }
    if (is_listed(name, in_container, G_N_ELEMENTS(in_container)) ||
        (level != nsk_flow_process(self->flow, self->process)->level &&
         is_part_of(name, FLOW_SUB_PROCESS)))
        return;

    g_autofree char *what = nsk_flow_describe(element);
    nsk_flow_issue(self, element, "flow-unsupported",
                   nsk_tr("%s is not carried out by this program; draw the work without it"), what);
    if (nsk_xml_attr(element, "id") != NULL)
        read_node(self, element, FLOW_UNSUPPORTED, level, depth);
}

/* False once the definition is too large; told once. */
static bool
count_element(FlowReader *self, const NskXmlNode *element)
{
    self->n_elements++;
    if (self->n_elements == 2 * NSK_LIMIT_FLOW_NODES + 1)
        nsk_flow_issue(self, element, "flow-size",
                       nsk_tr("the workflow has more than %d elements; divide it"),
                       2 * NSK_LIMIT_FLOW_NODES);
    return self->n_elements <= 2 * NSK_LIMIT_FLOW_NODES;
}

static void
read_level(FlowReader *self, const NskXmlNode *container, unsigned level, unsigned depth)
{
    if (depth > NSK_LIMIT_FLOW_DEPTH) {
        nsk_flow_issue(self, container, "flow-size",
                       nsk_tr("subProcess '%s' lies more than %d sub-processes deep; draw the "
                              "work flatter"),
                       nsk_xml_attr(container, "id"), NSK_LIMIT_FLOW_DEPTH);
        return;
    }
    for (NskXmlNode *child = nsk_xml_first(container); child != NULL; child = nsk_xml_next(child)) {
        if (strcmp(nsk_xml_ns(child), BPMN_NS) != 0)
            continue;
        if (!count_element(self, child))
            return;
        nsk_flow_read_data(self, child, level);
        read_element(self, child, level, depth);
    }
}

/* The node at one end of a flow; FLOW_NONE after an issue. */
static unsigned
read_end(FlowReader *self, const NskXmlNode *element, const char *attribute)
{
    const char *ref = nsk_xml_attr(element, attribute);
    unsigned index = nsk_flow_node_index(self->flow, self->process, ref);
    const NskXmlNode *target = nsk_flow_find_element(self, ref);
    g_autofree char *owner = NULL;

    if (index != FLOW_NONE)
        return index;
    owner = nsk_flow_describe(element);
    if (target != NULL && nsk_xml_parent(target) != nsk_xml_parent(element))
        nsk_flow_issue(
            self, element, "flow-crossing",
            nsk_tr("the %s of %s is '%s', which lies in another process or sub-process; a "
                   "sequence flow stays inside one"),
            attribute, owner, ref);
    else
        nsk_flow_issue(
            self, element, "flow-reference",
            nsk_tr("the %s of %s is '%s', which is no element that a flow can join; draw the "
                   "flow again"),
            attribute, owner, ref != NULL ? ref : "");
    return FLOW_NONE;
}

static bool
can_have_condition(const FlowNode *node)
{
    return node->kind == FLOW_EXCLUSIVE || node->kind == FLOW_INCLUSIVE ||
           node->kind == FLOW_UNSUPPORTED || nsk_flow_is_activity(node);
}

static void
read_condition(FlowReader *self, FlowEdge *edge)
{
    const NskXmlNode *element = nsk_flow_only_child(self, edge->element, "conditionExpression");
    const FlowNode *source = nsk_flow_node(self->flow, edge->source);
    const char *type = NULL;

    if (element == NULL)
        return;
    edge->has_condition = true;
    type = nsk_xml_attr_ns(element, XSI_NS, "type");
    if (type != NULL && strcmp(nsk_flow_local_name(type), "tFormalExpression") != 0) {
        nsk_flow_issue(
            self, element, "flow-unsupported",
            nsk_tr("the condition of sequenceFlow '%s' is a '%s', words for people; write it as "
                   "tFormalExpression in XPath 1.0"),
            edge->id, type);
        return;
    }
    if (!can_have_condition(source))
        nsk_flow_issue(
            self, element, "flow-condition",
            nsk_tr("sequenceFlow '%s' has a condition but leaves the %s '%s', where none is "
                   "asked; remove it, or put an exclusiveGateway behind"),
            edge->id, nsk_xml_name(source->element), source->task.id);
    edge->condition = nsk_flow_read_expression(self, element, edge->element, true);
}

static void
check_edge_children(FlowReader *self, const NskXmlNode *element)
{
    for (NskXmlNode *child = nsk_xml_first(element); child != NULL; child = nsk_xml_next(child)) {
        const char *name = nsk_xml_name(child);
        g_autofree char *owner = NULL;

        if (strcmp(nsk_xml_ns(child), BPMN_NS) != 0 || strcmp(name, "conditionExpression") == 0 ||
            is_part_of(name, FLOW_EXCLUSIVE))
            continue;
        owner = nsk_flow_describe(element);
        nsk_flow_issue(self, child, "flow-unsupported",
                       nsk_tr("%s has a '%s', which this program does not carry out; remove it"),
                       owner, name);
    }
}

/* A flow needs no id in the schema; one without is called by its ends. */
static char *
name_edge(const NskXmlNode *element)
{
    const char *id = nsk_xml_attr(element, "id");

    if (id != NULL)
        return g_strdup(id);
    return g_strdup_printf("%s-%s", nsk_xml_attr(element, "sourceRef"),
                           nsk_xml_attr(element, "targetRef"));
}

static void
read_edge(FlowReader *self, NskXmlNode *element)
{
    if (nsk_xml_attr(element, "id") != NULL && !nsk_flow_check_id(self, element))
        return;
    check_edge_children(self, element);
    nsk_flow_check_extensions(self, element, NULL, NULL);

    unsigned source = read_end(self, element, "sourceRef");
    unsigned target = read_end(self, element, "targetRef");
    if (source == FLOW_NONE || target == FLOW_NONE)
        return;
    if (nsk_flow_node(self->flow, source)->level != nsk_flow_node(self->flow, target)->level) {
        g_autofree char *owner = nsk_flow_describe(element);

        nsk_flow_issue(self, element, "flow-crossing",
                       nsk_tr("%s leads from '%s' to '%s' across the border of a sub-process; end "
                              "the one and begin the other with events"),
                       owner, nsk_xml_attr(element, "sourceRef"),
                       nsk_xml_attr(element, "targetRef"));
        return;
    }

    FlowEdge *edge = g_new0(FlowEdge, 1);
    edge->id = name_edge(element);
    edge->source = source;
    edge->target = target;
    edge->element = element;
    nsk_flow_add_edge(self->flow, edge);
    read_condition(self, edge);
}

/* `default` of a gateway or activity, once all flows are known. */
static void
read_default(FlowReader *self, FlowNode *node)
{
    const char *ref = nsk_xml_attr(node->element, "default");
    g_autofree char *owner = NULL;

    if (ref == NULL || node->kind == FLOW_UNSUPPORTED)
        return;
    for (guint i = 0; i < node->out->len; i++) {
        unsigned index = g_array_index(node->out, unsigned, i);

        if (strcmp(nsk_flow_edge(self->flow, index)->id, ref) == 0)
            node->default_edge = index;
    }
    owner = nsk_flow_describe(node->element);
    if (node->default_edge == FLOW_NONE)
        nsk_flow_issue(
            self, node->element, "flow-reference",
            nsk_tr("the default flow of %s is '%s', which does not leave it; choose one that "
                   "does"),
            owner, ref);
    else if (!can_have_condition(node))
        nsk_flow_issue(self, node->element, "flow-condition",
                       nsk_tr("%s has the default flow '%s', but goes all its ways anyhow; remove "
                              "the attribute default"),
                       owner, ref);
}

const NskXmlNode *
nsk_flow_level_element(const FlowReader *self, unsigned level)
{
    unsigned owner = nsk_flow_level(self->flow, level)->owner;

    if (owner != FLOW_NONE)
        return nsk_flow_node(self->flow, owner)->element;
    return g_ptr_array_index(self->elements, nsk_flow_level(self->flow, level)->process);
}

static void
read_edges(FlowReader *self, unsigned level)
{
    NskXmlNode *child = nsk_xml_first(nsk_flow_level_element(self, level));

    for (; child != NULL; child = nsk_xml_next(child)) {
        if (nsk_xml_is(child, BPMN_NS, "sequenceFlow"))
            read_edge(self, child);
    }
}

static void
read_about_process(FlowReader *self, const NskXmlNode *process)
{
    FlowProcess *read = g_ptr_array_index(self->flow->processes, self->process);
    const char *name = nsk_xml_attr(process, "name");
    g_autofree char *documentation = nsk_xml_child_text(process, "documentation");

    check_name(self, process);
    if (name != NULL && *name != '\0')
        read->name = nsk_flow_keep(self->flow, name);
    if (documentation != NULL)
        read->documentation = nsk_flow_keep(self->flow, documentation);
    nsk_flow_check_extensions(self, process, NULL, NULL);
}

void
nsk_flow_read_process(FlowReader *self, const NskXmlNode *process)
{
    NskFlow *flow = self->flow;
    unsigned first_level = nsk_flow_process(flow, self->process)->level;
    guint first_node = flow->nodes->len;

    read_about_process(self, process);
    read_level(self, process, first_level, 0);
    read_edges(self, first_level);
    for (unsigned i = first_level + 1; i < flow->levels->len; i++) {
        if (nsk_flow_level(flow, i)->process == self->process)
            read_edges(self, i);
    }
    for (guint i = first_node; i < flow->nodes->len; i++) {
        FlowNode *node = g_ptr_array_index(flow->nodes, i);

        read_default(self, node);
        if (node->kind != FLOW_UNSUPPORTED)
            nsk_flow_read_associations(self, node);
    }
    nsk_flow_read_lanes(self);
    nsk_flow_attach(self);
    nsk_flow_check_separate(self);
    nsk_flow_check_graph(self);
}
