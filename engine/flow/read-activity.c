/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What activities have beyond other nodes: loops (BPMN 2.0.2, 10.3.8) and called processes (10.3.6)
 * with what goes into them and comes out.
 *
 * Of a called process all variables go in and come out, unless camunda:in or camunda:out say which;
 * data associations that rename or compute are carried out besides.
 */
#include "base/limits.h"
#include "base/message.h"
#include "flow/read-private.h"

#include <string.h>

/* "$name" compiled, for data that the file names; NULL after an issue. */
static NskXPath *
compile_name(FlowReader *self, const NskXmlNode *element, const NskXmlNode *owner, const char *name)
{
    const char *data = nsk_flow_data_name(self, name);
    g_autofree char *text = g_strconcat("$", data != NULL ? data : name, NULL);

    return nsk_flow_compile(self, text, element, owner);
}

/* The data object that is copied into the input @id of the activity; NULL if none is. */
static char *
find_copied(const NskXmlNode *activity, const char *id)
{
    NskXmlNode *child = nsk_xml_first(activity);

    for (; child != NULL; child = nsk_xml_next(child)) {
        g_autofree char *target = NULL;

        if (!nsk_xml_is(child, BPMN_NS, "dataInputAssociation"))
            continue;
        target = nsk_xml_child_text(child, "targetRef");
        if (target != NULL && strcmp(nsk_flow_local_name(target), id) == 0)
            return nsk_xml_child_text(child, "sourceRef");
    }
    return NULL;
}

static void
read_collection(FlowReader *self, FlowNode *node, const NskXmlNode *element)
{
    const NskXmlNode *child = nsk_flow_only_child(self, element, "loopDataInputRef");
    g_autofree char *ref = child != NULL ? nsk_xml_text_folded(child) : NULL;
    g_autofree char *copied = NULL;

    if (ref == NULL)
        return;
    copied = find_copied(node->element, nsk_flow_local_name(ref));
    node->loop.collection = compile_name(self, child, node->element, copied != NULL ? copied : ref);
}

/* inputDataItem is what an instance calls its element. */
static void
read_item(FlowReader *self, FlowNode *node, const NskXmlNode *element)
{
    const NskXmlNode *item = nsk_flow_only_child(self, element, "inputDataItem");
    const char *name = item != NULL ? nsk_xml_attr(item, "name") : NULL;

    if (item != NULL && (name == NULL || *name == '\0'))
        name = nsk_xml_attr(item, "id");
    if (name == NULL)
        name = nsk_xml_attr_ns(element, CAMUNDA_NS, "elementVariable");
    if (name != NULL)
        node->loop.element = g_strdup(name);
}

/* camunda:collection: a name, or one in ${}. */
static void
read_camunda_collection(FlowReader *self, FlowNode *node, const NskXmlNode *element)
{
    const char *text = nsk_xml_attr_ns(element, CAMUNDA_NS, "collection");
    g_autofree char *bare = text != NULL ? nsk_flow_bare_variable(text) : NULL;

    if (text == NULL || node->loop.collection != NULL)
        return;
    if (bare == NULL && nsk_flow_is_foreign(text)) {
        nsk_flow_issue(self, element, "flow-unsupported",
                       nsk_tr("%s '%s' takes its instances from '%s', an expression of another "
                              "engine; use a loopCardinality or loopDataInputRef"),
                       nsk_xml_name(node->element), node->task.id, text);
        return;
    }
    node->loop.collection = bare != NULL ? nsk_flow_compile(self, bare, element, node->element)
                                         : compile_name(self, element, node->element, text);
}

static NskXPath *
read_part(FlowReader *self, const FlowNode *node, const NskXmlNode *element, const char *name)
{
    const NskXmlNode *child = nsk_flow_only_child(self, element, name);

    if (child == NULL)
        return NULL;
    return nsk_flow_read_expression(self, child, node->element,
                                    strcmp(name, "loopCardinality") != 0);
}

/* What would throw events or gather results, which is not carried out. */
static void
check_multi(FlowReader *self, const FlowNode *node, const NskXmlNode *element)
{
    static const char *const refused[] = { "loopDataOutputRef", "outputDataItem",
                                           "complexBehaviorDefinition" };
    const char *behavior = nsk_xml_attr(element, "behavior");

    if (behavior != NULL && strcmp(behavior, "All") != 0)
        nsk_flow_issue(self, element, "flow-loop",
                       nsk_tr("the multi-instance %s '%s' has behavior=\"%s\", which throws events "
                              "and is not carried out; remove it"),
                       nsk_xml_name(node->element), node->task.id, behavior);
    for (size_t i = 0; i < G_N_ELEMENTS(refused); i++) {
        if (nsk_xml_child(element, refused[i]) != NULL)
            nsk_flow_issue(self, element, "flow-loop",
                           nsk_tr("the multi-instance %s '%s' has a '%s', which is not carried "
                                  "out; remove it"),
                           nsk_xml_name(node->element), node->task.id, refused[i]);
    }
}

static void
read_multi(FlowReader *self, FlowNode *node, const NskXmlNode *element)
{
    FlowLoop *loop = &node->loop;
    guint before = self->issues->len;

    loop->type = nsk_flow_read_bool(self, element, NULL, "isSequential", false)
                     ? FLOW_LOOP_SEQUENTIAL
                     : FLOW_LOOP_PARALLEL;
    loop->cardinality = read_part(self, node, element, "loopCardinality");
    loop->completion = read_part(self, node, element, "completionCondition");
    read_collection(self, node, element);
    read_camunda_collection(self, node, element);
    read_item(self, node, element);
    check_multi(self, node, element);
    if (self->issues->len == before && (loop->cardinality != NULL) == (loop->collection != NULL))
        nsk_flow_issue(self, element, "flow-loop",
                       loop->cardinality == NULL
                           ? nsk_tr("the multi-instance %s '%s' does not say how many; give it a "
                                    "loopCardinality or loopDataInputRef")
                           : nsk_tr("the multi-instance %s '%s' has a loopCardinality and a "
                                    "collection; keep one"),
                       nsk_xml_name(node->element), node->task.id);
    nsk_flow_check_extensions(self, element, NULL, NULL);
}

static void
read_standard(FlowReader *self, FlowNode *node, const NskXmlNode *element)
{
    FlowLoop *loop = &node->loop;
    const char *text = nsk_xml_attr(element, "loopMaximum");
    guint64 maximum = 0;

    loop->type = FLOW_LOOP_STANDARD;
    loop->test_before = nsk_flow_read_bool(self, element, NULL, "testBefore", false);
    loop->condition = read_part(self, node, element, "loopCondition");
    if (text != NULL &&
        !g_ascii_string_to_unsigned(text, 10, 1, NSK_LIMIT_FLOW_INSTANCES, &maximum, NULL))
        nsk_flow_issue(self, element, "flow-loop",
                       nsk_tr("the loop of %s '%s' has loopMaximum=\"%s\"; write a number from 1 "
                              "to %d"),
                       nsk_xml_name(node->element), node->task.id, text, NSK_LIMIT_FLOW_INSTANCES);
    loop->maximum = (unsigned)maximum;
    if (text == NULL && nsk_xml_child(element, "loopCondition") == NULL)
        nsk_flow_issue(self, element, "flow-loop",
                       nsk_tr("the loop of %s '%s' never ends; give it a loopCondition or "
                              "loopMaximum"),
                       nsk_xml_name(node->element), node->task.id);
    nsk_flow_check_extensions(self, element, NULL, NULL);
}

void
nsk_flow_read_loop(FlowReader *self, FlowNode *node)
{
    const NskXmlNode *multi =
        nsk_flow_only_child(self, node->element, "multiInstanceLoopCharacteristics");
    const NskXmlNode *standard =
        nsk_flow_only_child(self, node->element, "standardLoopCharacteristics");

    if ((multi != NULL && standard != NULL) ||
        (node->kind == FLOW_EVENT_SUB_PROCESS && (multi != NULL || standard != NULL))) {
        nsk_flow_issue(self, multi != NULL ? multi : standard, "flow-loop",
                       nsk_tr("%s '%s' cannot have this loop: an event sub-process has none, other "
                              "activities one; remove it"),
                       nsk_xml_name(node->element), node->task.id);
        return;
    }
    if (multi != NULL)
        read_multi(self, node, multi);
    else if (standard != NULL)
        read_standard(self, node, standard);
}

/* camunda:in or camunda:out; *all: whether it takes all variables. */
static void
read_camunda_data(FlowReader *self, FlowNode *node, const NskXmlNode *element, bool *all)
{
    bool in = strcmp(nsk_xml_name(element), "in") == 0;
    const char *source = nsk_xml_attr(element, "source");
    const char *expression = nsk_xml_attr(element, "sourceExpression");
    const char *target = nsk_xml_attr(element, "target");
    g_autofree char *bare = expression != NULL ? nsk_flow_bare_variable(expression) : NULL;

    if (nsk_xml_attr(element, "businessKey") != NULL)
        return;
    if (g_strcmp0(nsk_xml_attr(element, "variables"), "all") == 0) {
        *all = true;
    } else if (target == NULL || (source == NULL && bare == NULL)) {
        nsk_flow_warn(self, element, "flow-foreign",
                      nsk_tr("camunda:%s of callActivity '%s' is not understood and left out; use "
                             "source and target"),
                      nsk_xml_name(element), node->task.id);
    } else {
        g_autofree char *text = source != NULL ? g_strconcat("$", source, NULL) : g_strdup(bare);

        nsk_flow_add_mapping(in ? node->inputs : node->outputs,
                             nsk_flow_compile(self, text, element, node->element), target);
    }
}

void
nsk_flow_read_call_data(FlowReader *self, FlowNode *node)
{
    const NskXmlNode *holder = nsk_xml_child(node->element, "extensionElements");
    NskXmlNode *child = holder != NULL ? nsk_xml_first(holder) : NULL;
    bool any = false;
    bool all_in = false;
    bool all_out = false;

    for (; child != NULL; child = nsk_xml_next(child)) {
        bool in = nsk_xml_is(child, CAMUNDA_NS, "in");

        if (!in && !nsk_xml_is(child, CAMUNDA_NS, "out"))
            continue;
        any = any || nsk_xml_attr(child, "businessKey") == NULL;
        read_camunda_data(self, node, child, in ? &all_in : &all_out);
    }
    node->all_in = !any || all_in;
    node->all_out = !any || all_out;
}

/* The process itself is looked for when the file has been read (flow.c). */
void
nsk_flow_read_call(FlowReader *self, FlowNode *node)
{
    const char *called = nsk_xml_attr(node->element, "calledElement");

    nsk_flow_read_call_data(self, node);
    if (called == NULL || *called == '\0')
        nsk_flow_issue(self, node->element, "flow-reference",
                       nsk_tr("callActivity '%s' names no process; name one by calledElement"),
                       node->task.id);
    else if (nsk_flow_is_foreign(called))
        nsk_flow_issue(self, node->element, "flow-unsupported",
                       nsk_tr("callActivity '%s' calls '%s', an expression of another engine; name "
                              "a process"),
                       node->task.id, called);
}
