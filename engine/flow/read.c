/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Reading the elements of an executable process (BPMN 2.0, formal/13-12-09, chapters 10 and 13).
 *
 * 1. Every child element and every attribute that would change what the process does is either
 *    understood or named in an issue; tables below say which are for people only.
 * 2. An element that is refused stays a node of the graph, so that one fault gives one issue and
 *    not a trail of dangling references.
 */
#include "base/limits.h"
#include "base/message.h"
#include "flow/flow-private.h"

#include <string.h>

#define MAX_ID 64

typedef struct {
    const char *name;
    FlowNodeKind kind;
} ElementKind;

static const ElementKind node_elements[] = {
    { "startEvent", FLOW_START_EVENT },
    { "endEvent", FLOW_END_EVENT },
    { "userTask", FLOW_USER_TASK },
    { "serviceTask", FLOW_SERVICE_TASK },
    { "task", FLOW_PASS_TASK },
    { "manualTask", FLOW_PASS_TASK },
    { "exclusiveGateway", FLOW_EXCLUSIVE },
};

/* Flow nodes that BPMN has and this program does not run yet. */
static const char *const unsupported_nodes[] = {
    "adHocSubProcess",
    "boundaryEvent",
    "businessRuleTask",
    "callActivity",
    "callChoreography",
    "complexGateway",
    "eventBasedGateway",
    "inclusiveGateway",
    "intermediateCatchEvent",
    "intermediateThrowEvent",
    "parallelGateway",
    "receiveTask",
    "scriptTask",
    "sendTask",
    "subProcess",
    "transaction",
};

/* Children of a process that are for people. */
static const char *const shown_in_process[] = {
    "documentation",   "extensionElements",   "auditing",           "monitoring",  "property",
    "laneSet",         "dataObject",          "textAnnotation",     "association", "group",
    "ioSpecification", "dataObjectReference", "dataStoreReference",
};

/* Children of a node that are for people, or read elsewhere. */
static const char *const shown_in_node[] = {
    "documentation", "extensionElements", "auditing", "monitoring",      "categoryValueRef",
    "incoming",      "outgoing",          "property", "ioSpecification",
};

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
check_id(FlowReader *self, const NskXmlNode *element)
{
    static const char allowed[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
                                  "0123456789_-.";
    const char *id = nsk_xml_attr(element, "id");
    size_t size = id != NULL ? strlen(id) : 0;

    if (size > 0 && size <= MAX_ID && strspn(id, allowed) == size)
        return true;
    nsk_flow_issue(
        self, element, "flow-id",
        nsk_tr("%s has no usable id '%s'; give it one of 1 to %d letters, digits, '_', '-' and "
               "'.'"),
        nsk_xml_name(element), id != NULL ? id : "", MAX_ID);
    return false;
}

NskXmlNode *
nsk_flow_only_child(FlowReader *self, const NskXmlNode *element, const char *name)
{
    NskXmlNode *found = NULL;

    for (NskXmlNode *child = nsk_xml_first(element); child != NULL; child = nsk_xml_next(child)) {
        g_autofree char *owner = NULL;

        if (!nsk_xml_is(child, BPMN_NS, name))
            continue;
        if (found == NULL) {
            found = child;
            continue;
        }
        owner = nsk_flow_describe(element);
        nsk_flow_issue(self, child, "flow-unsupported",
                       nsk_tr("%s has a second '%s', and only one can be obeyed; keep one"), owner,
                       name);
    }
    return found;
}

static void
check_extension_attributes(FlowReader *self, const NskXmlNode *element, const char *attributes)
{
    g_auto(GStrv) allowed = g_strsplit(attributes != NULL ? attributes : "", " ", -1);
    g_autofree char *owner = nsk_flow_describe(element);
    const char *ns;
    const char *name;
    const char *value;

    for (size_t i = 0; nsk_xml_attr_at(element, i, &ns, &name, &value); i++) {
        if (strcmp(ns, NSK_FLOW_NS) == 0 && !g_strv_contains((const char *const *)allowed, name))
            nsk_flow_issue(self, element, "flow-unsupported",
                           nsk_tr("%s has the attribute '%s' of %s, which has no meaning there; "
                                  "correct or remove it"),
                           owner, name, NSK_FLOW_NS);
    }
}

void
nsk_flow_check_extensions(FlowReader *self,
                          const NskXmlNode *element,
                          const char *attributes,
                          const char *child)
{
    const NskXmlNode *holder = nsk_flow_only_child(self, element, "extensionElements");
    NskXmlNode *extension = holder != NULL ? nsk_xml_first(holder) : NULL;
    g_autofree char *owner = nsk_flow_describe(element);

    for (; extension != NULL; extension = nsk_xml_next(extension)) {
        if (strcmp(nsk_xml_ns(extension), NSK_FLOW_NS) == 0 &&
            g_strcmp0(nsk_xml_name(extension), child) != 0)
            nsk_flow_issue(self, extension, "flow-unsupported",
                           nsk_tr("%s has the extension '%s' of %s, which has no meaning there; "
                                  "correct or remove it"),
                           owner, nsk_xml_name(extension), NSK_FLOW_NS);
    }
    for (NskXmlNode *inner = nsk_xml_first(element); inner != NULL; inner = nsk_xml_next(inner)) {
        if (strcmp(nsk_xml_ns(inner), NSK_FLOW_NS) == 0)
            nsk_flow_issue(
                self, inner, "flow-unsupported",
                nsk_tr("the extension '%s' of %s stands outside extensionElements; move it there"),
                nsk_xml_name(inner), owner);
    }
    check_extension_attributes(self, element, attributes);
}

/* Drawn data flows copy nothing here, so one that says how to copy is refused. */
static bool
is_drawn_data(const NskXmlNode *child)
{
    const char *name = nsk_xml_name(child);

    return (strcmp(name, "dataInputAssociation") == 0 ||
            strcmp(name, "dataOutputAssociation") == 0) &&
           nsk_xml_child(child, "assignment") == NULL &&
           nsk_xml_child(child, "transformation") == NULL;
}

static bool
is_user_task_part(const FlowNode *node, const char *name)
{
    return node->kind == FLOW_USER_TASK &&
           (strcmp(name, "potentialOwner") == 0 || strcmp(name, "humanPerformer") == 0 ||
            strcmp(name, "rendering") == 0);
}

/* incoming and outgoing say again what the flows say; where they are given they must agree. */
static void
check_flow_reference(FlowReader *self, const FlowNode *node, const NskXmlNode *child)
{
    bool incoming = strcmp(nsk_xml_name(child), "incoming") == 0;
    g_autofree char *ref = nsk_xml_text_folded(child);
    g_autofree char *owner = nsk_flow_describe(node->element);
    const NskXmlNode *flow = g_hash_table_lookup(self->ids, ref);

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

static void
check_children(FlowReader *self, const FlowNode *node)
{
    NskXmlNode *child = nsk_xml_first(node->element);
    g_autofree char *owner = nsk_flow_describe(node->element);

    for (; child != NULL; child = nsk_xml_next(child)) {
        const char *name = nsk_xml_name(child);

        if (strcmp(nsk_xml_ns(child), BPMN_NS) != 0)
            continue;
        if (strcmp(name, "incoming") == 0 || strcmp(name, "outgoing") == 0)
            check_flow_reference(self, node, child);
        else if (!is_listed(name, shown_in_node, G_N_ELEMENTS(shown_in_node)) &&
                 !is_user_task_part(node, name) && !is_drawn_data(child))
            nsk_flow_issue(
                self, child, "flow-unsupported",
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
    } attributes[] = {
        { "isForCompensation", "false" },
        { "startQuantity", "1" },
        { "completionQuantity", "1" },
    };
    g_autofree char *owner = nsk_flow_describe(node->element);

    for (size_t i = 0; i < G_N_ELEMENTS(attributes); i++) {
        const char *value = nsk_xml_attr(node->element, attributes[i].name);

        if (value != NULL && strcmp(value, attributes[i].harmless) != 0)
            nsk_flow_issue(
                self, node->element, "flow-unsupported",
                nsk_tr("%s has %s=\"%s\", which this program does not carry out; remove it"), owner,
                attributes[i].name, value);
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

static FlowNode *
add_node(FlowReader *self, NskXmlNode *element, FlowNodeKind kind)
{
    NskFlow *flow = self->flow;
    FlowNode *node = nsk_flow_node_new(flow, element, kind);

    node->level = nsk_flow_process(flow, self->process)->level;
    nsk_flow_add_node(flow, node);
    return node;
}

static void
read_node(FlowReader *self, NskXmlNode *element, FlowNodeKind kind)
{
    if (!check_id(self, element) ||
        nsk_flow_node_index(self->flow, self->process, nsk_xml_attr(element, "id")) != FLOW_NONE)
        return;

    FlowNode *node = add_node(self, element, kind);
    if (kind == FLOW_UNSUPPORTED)
        return;
    check_name(self, element);
    check_children(self, node);
    check_attributes(self, node);
    if (kind == FLOW_USER_TASK)
        nsk_flow_read_user_task(self, node);
    else if (kind == FLOW_SERVICE_TASK)
        nsk_flow_read_service_task(self, node);
    else
        nsk_flow_check_extensions(self, element, NULL, NULL);
}

/* The node at one end of a flow; FLOW_NONE after an issue. */
static unsigned
read_end(FlowReader *self, const NskXmlNode *element, const char *attribute)
{
    const char *ref = nsk_xml_attr(element, attribute);
    g_autofree char *owner = nsk_flow_describe(element);
    const NskXmlNode *target = ref != NULL ? g_hash_table_lookup(self->ids, ref) : NULL;
    unsigned index = nsk_flow_node_index(self->flow, self->process, ref);

    if (index != FLOW_NONE)
        return index;
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

static void
read_condition(FlowReader *self, FlowEdge *edge)
{
    const NskXmlNode *element = nsk_flow_only_child(self, edge->element, "conditionExpression");
    const FlowNode *source = nsk_flow_node(self->flow, edge->source);
    const char *type = NULL;

    if (element == NULL)
        return;
    edge->has_condition = true;
    type = nsk_xml_attr_ns(element, "http://www.w3.org/2001/XMLSchema-instance", "type");
    if (type != NULL && !g_str_equal(type, "tFormalExpression") &&
        !g_str_has_suffix(type, ":tFormalExpression")) {
        nsk_flow_issue(
            self, element, "flow-unsupported",
            nsk_tr("the condition of sequenceFlow '%s' is a '%s', words for people; write it as "
                   "tFormalExpression in XPath 1.0"),
            edge->id, type);
        return;
    }
    if (source->kind != FLOW_EXCLUSIVE && source->kind != FLOW_UNSUPPORTED)
        nsk_flow_issue(
            self, element, "flow-unsupported",
            nsk_tr("sequenceFlow '%s' has a condition but does not leave an exclusive gateway; "
                   "put a gateway behind '%s'"),
            edge->id, source->task.id);
    edge->condition = nsk_flow_read_expression(self, element, edge->element, true);
}

static void
check_edge_children(FlowReader *self, const NskXmlNode *element)
{
    for (NskXmlNode *child = nsk_xml_first(element); child != NULL; child = nsk_xml_next(child)) {
        const char *name = nsk_xml_name(child);

        if (strcmp(nsk_xml_ns(child), BPMN_NS) == 0 && strcmp(name, "conditionExpression") != 0 &&
            !is_listed(name, shown_in_node, G_N_ELEMENTS(shown_in_node)))
            nsk_flow_issue(
                self, child, "flow-unsupported",
                nsk_tr("sequenceFlow '%s' has a '%s', which this program does not carry out; "
                       "remove it"),
                nsk_xml_attr(element, "id"), name);
    }
}

static void
read_edge(FlowReader *self, NskXmlNode *element)
{
    if (!check_id(self, element))
        return;
    check_edge_children(self, element);
    nsk_flow_check_extensions(self, element, NULL, NULL);

    unsigned source = read_end(self, element, "sourceRef");
    unsigned target = read_end(self, element, "targetRef");
    if (source == FLOW_NONE || target == FLOW_NONE)
        return;

    FlowEdge *edge = g_new0(FlowEdge, 1);
    edge->id = g_strdup(nsk_xml_attr(element, "id"));
    edge->source = source;
    edge->target = target;
    edge->element = element;
    nsk_flow_add_edge(self->flow, edge);
    read_condition(self, edge);
}

/* `default` of a gateway, once all flows are known. */
static void
read_default(FlowReader *self, FlowNode *node)
{
    const char *ref = nsk_xml_attr(node->element, "default");
    g_autofree char *owner = nsk_flow_describe(node->element);

    if (ref == NULL || node->kind == FLOW_UNSUPPORTED)
        return;
    for (guint i = 0; i < node->out->len; i++) {
        unsigned index = g_array_index(node->out, unsigned, i);

        if (strcmp(nsk_flow_edge(self->flow, index)->id, ref) == 0)
            node->default_edge = index;
    }
    if (node->default_edge == FLOW_NONE)
        nsk_flow_issue(
            self, node->element, "flow-reference",
            nsk_tr("the default flow of %s is '%s', which does not leave it; choose one that "
                   "does"),
            owner, ref);
}

static void
read_element(FlowReader *self, NskXmlNode *element)
{
    const char *name = nsk_xml_name(element);
    g_autofree char *what = nsk_flow_describe(element);

    for (size_t i = 0; i < G_N_ELEMENTS(node_elements); i++) {
        if (strcmp(name, node_elements[i].name) == 0) {
            read_node(self, element, node_elements[i].kind);
            return;
        }
    }
    if (strcmp(name, "sequenceFlow") == 0 ||
        is_listed(name, shown_in_process, G_N_ELEMENTS(shown_in_process)))
        return;
    nsk_flow_issue(self, element, "flow-unsupported",
                   nsk_tr("%s is not carried out by this program; draw the work without it"), what);
    if (is_listed(name, unsupported_nodes, G_N_ELEMENTS(unsupported_nodes)))
        read_node(self, element, FLOW_UNSUPPORTED);
}

static bool
check_size(FlowReader *self, const NskXmlNode *process)
{
    unsigned count = 0;

    for (NskXmlNode *child = nsk_xml_first(process); child != NULL; child = nsk_xml_next(child))
        count++;
    if (count <= 2 * NSK_LIMIT_FLOW_NODES)
        return true;
    nsk_flow_issue(self, process, "flow-size",
                   nsk_tr("the process has %u elements; at most %d are read"), count,
                   2 * NSK_LIMIT_FLOW_NODES);
    return false;
}

void
nsk_flow_read_process(FlowReader *self, const NskXmlNode *process)
{
    NskFlow *flow = self->flow;
    const char *name = nsk_xml_attr(process, "name");

    if (!check_id(self, process) || !check_size(self, process))
        return;
    check_name(self, process);
    FlowProcess *read = nsk_flow_add_process(flow, nsk_xml_attr(process, "id"), self->doc);
    g_autofree char *documentation = nsk_xml_child_text(process, "documentation");
    if (name != NULL && *name != '\0')
        read->name = nsk_flow_keep(flow, name);
    if (documentation != NULL)
        read->documentation = nsk_flow_keep(flow, documentation);
    nsk_flow_check_extensions(self, process, NULL, NULL);
    for (NskXmlNode *child = nsk_xml_first(process); child != NULL; child = nsk_xml_next(child)) {
        if (strcmp(nsk_xml_ns(child), BPMN_NS) == 0)
            read_element(self, child);
    }
    for (NskXmlNode *child = nsk_xml_first(process); child != NULL; child = nsk_xml_next(child)) {
        if (nsk_xml_is(child, BPMN_NS, "sequenceFlow"))
            read_edge(self, child);
    }
    for (guint i = 0; i < flow->nodes->len; i++)
        read_default(self, g_ptr_array_index(flow->nodes, i));
    nsk_flow_check_separate(self);
}
