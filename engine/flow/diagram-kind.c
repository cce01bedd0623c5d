/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The elements of BPMN that a picture shows (BPMN 2.0.2, sections 7 to 12): what they are called,
 * how large they are, which symbol they carry, and what they are named in the file.
 */
#include "base/message.h"
#include "flow/diagram-private.h"

#include <string.h>

/* Sorted by name; found by bisection. */
/* clang-format off */
static const DiagramKind kinds[] = {
    { "adHocSubProcess", N_("ad-hoc sub-process"), DIAGRAM_ACTIVITY, 100, 80, NULL },
    { "association", N_("association"), DIAGRAM_ASSOCIATION, 0, 0, NULL },
    { "boundaryEvent", N_("boundary event"), DIAGRAM_EVENT, 36, 36, NULL },
    { "businessRuleTask", N_("business rule task"), DIAGRAM_ACTIVITY, 100, 80, "rule" },
    { "callActivity", N_("call activity"), DIAGRAM_ACTIVITY, 100, 80, NULL },
    { "callChoreography", N_("call of a choreography"), DIAGRAM_ACTIVITY, 100, 80, NULL },
    { "callConversation", N_("call of a conversation"), DIAGRAM_CONVERSATION, 50, 44, NULL },
    { "choreographyTask", N_("choreography task"), DIAGRAM_ACTIVITY, 100, 80, NULL },
    { "complexGateway", N_("complex gateway"), DIAGRAM_GATEWAY, 50, 50, "complex" },
    { "conversation", N_("conversation"), DIAGRAM_CONVERSATION, 50, 44, NULL },
    { "conversationLink", N_("conversation link"), DIAGRAM_CONVERSATION_LINK, 0, 0, NULL },
    { "dataInput", N_("data input"), DIAGRAM_DATA, 36, 50, NULL },
    { "dataInputAssociation", N_("data flow"), DIAGRAM_DATA_FLOW, 0, 0, NULL },
    { "dataObject", N_("data object"), DIAGRAM_DATA, 36, 50, NULL },
    { "dataObjectReference", N_("data object"), DIAGRAM_DATA, 36, 50, NULL },
    { "dataOutput", N_("data output"), DIAGRAM_DATA, 36, 50, NULL },
    { "dataOutputAssociation", N_("data flow"), DIAGRAM_DATA_FLOW, 0, 0, NULL },
    { "dataStore", N_("data store"), DIAGRAM_STORE, 50, 50, NULL },
    { "dataStoreReference", N_("data store"), DIAGRAM_STORE, 50, 50, NULL },
    { "endEvent", N_("end event"), DIAGRAM_EVENT, 36, 36, NULL },
    { "eventBasedGateway", N_("event-based gateway"), DIAGRAM_GATEWAY, 50, 50, "event-based" },
    { "exclusiveGateway", N_("exclusive gateway"), DIAGRAM_GATEWAY, 50, 50, "exclusive" },
    { "group", N_("group"), DIAGRAM_GROUP, 140, 80, NULL },
    { "inclusiveGateway", N_("inclusive gateway"), DIAGRAM_GATEWAY, 50, 50, "inclusive" },
    { "intermediateCatchEvent", N_("intermediate event"), DIAGRAM_EVENT, 36, 36, NULL },
    { "intermediateThrowEvent", N_("intermediate event"), DIAGRAM_EVENT, 36, 36, NULL },
    { "lane", N_("lane"), DIAGRAM_LANE, 600, 120, NULL },
    { "manualTask", N_("manual task"), DIAGRAM_ACTIVITY, 100, 80, "manual" },
    { "message", N_("message"), DIAGRAM_MESSAGE, 30, 20, NULL },
    { "messageFlow", N_("message flow"), DIAGRAM_MESSAGE_FLOW, 0, 0, NULL },
    { "parallelGateway", N_("parallel gateway"), DIAGRAM_GATEWAY, 50, 50, "parallel" },
    { "participant", N_("pool"), DIAGRAM_POOL, 600, 60, NULL },
    { "receiveTask", N_("receive task"), DIAGRAM_ACTIVITY, 100, 80, "receive" },
    { "scriptTask", N_("script task"), DIAGRAM_ACTIVITY, 100, 80, "script" },
    { "sendTask", N_("send task"), DIAGRAM_ACTIVITY, 100, 80, "send" },
    { "sequenceFlow", N_("sequence flow"), DIAGRAM_SEQUENCE, 0, 0, NULL },
    { "serviceTask", N_("service task"), DIAGRAM_ACTIVITY, 100, 80, "service" },
    { "startEvent", N_("start event"), DIAGRAM_EVENT, 36, 36, NULL },
    { "subChoreography", N_("sub-choreography"), DIAGRAM_ACTIVITY, 100, 80, NULL },
    { "subConversation", N_("sub-conversation"), DIAGRAM_CONVERSATION, 50, 44, NULL },
    { "subProcess", N_("sub-process"), DIAGRAM_ACTIVITY, 100, 80, NULL },
    { "task", N_("task"), DIAGRAM_ACTIVITY, 100, 80, NULL },
    { "textAnnotation", N_("annotation"), DIAGRAM_NOTE, 100, 50, NULL },
    { "transaction", N_("transaction"), DIAGRAM_ACTIVITY, 100, 80, NULL },
    { "userTask", N_("user task"), DIAGRAM_ACTIVITY, 100, 80, "user" },
};
/* clang-format on */

/* What a shape of the diagram data stands for if it is none of those. */
static const DiagramKind other = { "", N_("element"), DIAGRAM_OTHER, 100, 80, NULL };

static int
by_name(const void *key, const void *row)
{
    return strcmp(key, ((const DiagramKind *)row)->name);
}

const DiagramKind *
nsk_diagram_kind(NskXmlNode *element)
{
    if (strcmp(nsk_xml_ns(element), DIAGRAM_BPMN_NS) != 0)
        return NULL;
    return bsearch(nsk_xml_name(element), kinds, G_N_ELEMENTS(kinds), sizeof kinds[0], by_name);
}

const DiagramKind *
nsk_diagram_other_kind(void)
{
    return &other;
}

bool
nsk_diagram_is_edge(const DiagramKind *kind)
{
    return kind != NULL && kind->class >= DIAGRAM_SEQUENCE;
}

bool
nsk_diagram_is_flow_node(const DiagramKind *kind)
{
    return kind != NULL && (kind->class == DIAGRAM_ACTIVITY || kind->class == DIAGRAM_EVENT ||
                            kind->class == DIAGRAM_GATEWAY);
}

bool
nsk_diagram_is_scope(NskXmlNode *element)
{
    static const char *const names[] = { "subProcess", "transaction", "adHocSubProcess",
                                         "subChoreography" };

    if (strcmp(nsk_xml_ns(element), DIAGRAM_BPMN_NS) != 0)
        return false;
    for (size_t i = 0; i < G_N_ELEMENTS(names); i++) {
        if (strcmp(nsk_xml_name(element), names[i]) == 0)
            return true;
    }
    return false;
}

bool
nsk_diagram_is_true(NskXmlNode *element, const char *attribute, bool absent)
{
    const char *value = nsk_xml_attr(element, attribute);

    return value != NULL ? strcmp(value, "true") == 0 || strcmp(value, "1") == 0 : absent;
}

const char *
nsk_diagram_id(NskXmlNode *element)
{
    const char *id = nsk_xml_attr(element, "id");

    return id != NULL ? id : "";
}

/* A reference is a qualified name; tools write ids with and without the prefix. */
static NskXmlNode *
find_in(GHashTable *ids, const char *ref)
{
    const char *colon = ref != NULL ? strrchr(ref, ':') : NULL;
    NskXmlNode *found = ref != NULL ? g_hash_table_lookup(ids, ref) : NULL;

    return found == NULL && colon != NULL ? g_hash_table_lookup(ids, colon + 1) : found;
}

NskXmlNode *
nsk_diagram_find(const Diagram *self, const char *ref)
{
    NskXmlNode *found = find_in(self->ids, ref);

    return found != NULL ? found : find_in(self->root_ids, ref);
}

NskXmlNode *
nsk_diagram_find_root(const Diagram *self, const char *ref)
{
    NskXmlNode *found = find_in(self->root_ids, ref);

    return found != NULL ? found : find_in(self->ids, ref);
}

NskXmlNode *
nsk_diagram_find_child(const Diagram *self, NskXmlNode *element, const char *child)
{
    g_autofree char *ref = nsk_xml_child_text(element, child);

    return nsk_diagram_find(self, ref);
}

/* "Name [state]" of a data object; @reference may be the object itself. */
static char *
data_name(const Diagram *self, NskXmlNode *reference)
{
    const char *name = nsk_xml_attr(reference, "name");
    NskXmlNode *state = nsk_xml_child(reference, "dataState");
    NskXmlNode *object = nsk_diagram_find(self, nsk_xml_attr(reference, "dataObjectRef"));
    const char *state_name = state != NULL ? nsk_xml_attr(state, "name") : NULL;

    if (object == NULL)
        object = nsk_diagram_find(self, nsk_xml_attr(reference, "dataStoreRef"));
    if (name == NULL && object != NULL)
        name = nsk_xml_attr(object, "name");
    if (state_name == NULL)
        return g_strdup(name != NULL ? name : "");
    return g_strdup_printf("%s [%s]", name != NULL ? name : "", state_name);
}

static char *
group_name(const Diagram *self, NskXmlNode *group)
{
    NskXmlNode *value = nsk_diagram_find(self, nsk_xml_attr(group, "categoryValueRef"));
    const char *name = value != NULL ? nsk_xml_attr(value, "value") : NULL;

    return g_strdup(name != NULL ? name : "");
}

/* The name, or what is called, or at worst the id: a task without words tells nobody anything. */
static char *
activity_name(NskXmlNode *activity)
{
    const char *name = nsk_xml_attr(activity, "name");
    const char *called = nsk_xml_attr(activity, "calledElement");

    if (name != NULL && *name != '\0')
        return g_strdup(name);
    if (nsk_diagram_is_scope(activity))
        return g_strdup("");
    return g_strdup(called != NULL ? called : nsk_diagram_id(activity));
}

static char *
pool_name(const Diagram *self, NskXmlNode *pool)
{
    const char *name = nsk_xml_attr(pool, "name");
    NskXmlNode *process = nsk_diagram_find_root(self, nsk_xml_attr(pool, "processRef"));

    if ((name == NULL || *name == '\0') && process != NULL)
        name = nsk_xml_attr(process, "name");
    return g_strdup(name != NULL ? name : "");
}

char *
nsk_diagram_name(const Diagram *self, NskXmlNode *element)
{
    const DiagramKind *kind = nsk_diagram_kind(element);
    const char *name = nsk_xml_attr(element, "name");
    char *text = NULL;

    switch (kind != NULL ? kind->class : DIAGRAM_OTHER) {
    case DIAGRAM_ACTIVITY:
        return activity_name(element);
    case DIAGRAM_POOL:
        return pool_name(self, element);
    case DIAGRAM_DATA:
    case DIAGRAM_STORE:
        return data_name(self, element);
    case DIAGRAM_GROUP:
        return group_name(self, element);
    case DIAGRAM_NOTE:
        text = nsk_xml_child_text(element, "text");
        return text != NULL ? text : g_strdup("");
    case DIAGRAM_LANE:
    case DIAGRAM_EVENT:
    case DIAGRAM_GATEWAY:
    case DIAGRAM_MESSAGE:
    case DIAGRAM_CONVERSATION:
    case DIAGRAM_SEQUENCE:
    case DIAGRAM_MESSAGE_FLOW:
    case DIAGRAM_ASSOCIATION:
    case DIAGRAM_DATA_FLOW:
    case DIAGRAM_CONVERSATION_LINK:
    case DIAGRAM_OTHER:
    default:
        return g_strdup(name != NULL ? name : "");
    }
}

/* An event definition by itself, or one that the event names from elsewhere in the file. */
static NskXmlNode *
definition_of(const Diagram *self, NskXmlNode *child)
{
    if (strcmp(nsk_xml_ns(child), DIAGRAM_BPMN_NS) != 0)
        return NULL;
    if (g_str_has_suffix(nsk_xml_name(child), "EventDefinition"))
        return child;
    if (strcmp(nsk_xml_name(child), "eventDefinitionRef") != 0)
        return NULL;
    g_autofree char *ref = nsk_xml_text_folded(child);
    return nsk_diagram_find(self, ref);
}

const char *
nsk_diagram_event_symbol(const Diagram *self, NskXmlNode *event)
{
    const char *symbol = NULL;

    for (NskXmlNode *child = nsk_xml_first(event); child != NULL; child = nsk_xml_next(child)) {
        NskXmlNode *definition = definition_of(self, child);

        if (definition == NULL)
            continue;
        if (symbol != NULL)
            return nsk_diagram_is_true(event, "parallelMultiple", false) ? "parallelMultiple"
                                                                         : "multiple";
        symbol = nsk_xml_name(definition);
    }
    return symbol;
}

bool
nsk_diagram_is_throwing(NskXmlNode *event)
{
    return nsk_xml_is(event, DIAGRAM_BPMN_NS, "endEvent") ||
           nsk_xml_is(event, DIAGRAM_BPMN_NS, "intermediateThrowEvent");
}

bool
nsk_diagram_is_boundary(NskXmlNode *element)
{
    return nsk_xml_is(element, DIAGRAM_BPMN_NS, "boundaryEvent");
}

/* Data flows stand inside the activity or event that is their other end, or inside its
 * specification of inputs and outputs, which is not drawn. */
static NskXmlNode *
data_owner(NskXmlNode *flow)
{
    NskXmlNode *owner = nsk_xml_parent(flow);

    return owner != NULL && nsk_diagram_is_flow_node(nsk_diagram_kind(owner)) ? owner : NULL;
}

bool
nsk_diagram_ends(const Diagram *self,
                 NskXmlNode *edge,
                 NskXmlNode **out_source,
                 NskXmlNode **out_target)
{
    NskXmlNode *source = nsk_diagram_find(self, nsk_xml_attr(edge, "sourceRef"));
    NskXmlNode *target = nsk_diagram_find(self, nsk_xml_attr(edge, "targetRef"));

    if (nsk_xml_is(edge, DIAGRAM_BPMN_NS, "dataInputAssociation")) {
        source = nsk_diagram_find_child(self, edge, "sourceRef");
        target = data_owner(edge);
    } else if (nsk_xml_is(edge, DIAGRAM_BPMN_NS, "dataOutputAssociation")) {
        source = data_owner(edge);
        target = nsk_diagram_find_child(self, edge, "targetRef");
    }
    if (source == NULL || target == NULL)
        return false;
    *out_source = source;
    *out_target = target;
    return true;
}
