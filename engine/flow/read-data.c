/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Data (BPMN 2.0.2, 10.4) and lanes (10.8).
 *
 * Data objects, properties, inputs and outputs are names of variables; each instance has one value
 * for each, and their data associations copy nothing, for all see the same.  An association that
 * computes is carried out where something comes out of a node; where something goes in, only for a
 * call activity, because only a called process has variables of its own.
 */
#include "base/id.h"
#include "base/message.h"
#include "flow/read-private.h"

#include <string.h>

static const char *const data_elements[] = { "dataObject",    "dataObjectReference",
                                             "property",      "dataInput",
                                             "dataOutput",    "inputDataItem",
                                             "outputDataItem" };

static bool
is_data(const NskXmlNode *element)
{
    if (strcmp(nsk_xml_ns(element), BPMN_NS) != 0)
        return false;
    for (size_t i = 0; i < G_N_ELEMENTS(data_elements); i++) {
        if (strcmp(nsk_xml_name(element), data_elements[i]) == 0)
            return true;
    }
    return false;
}

/* Editors put the name on the reference, the schema on the object: either will do. */
static const char *
name_of(const FlowReader *self, const NskXmlNode *element)
{
    const char *name = nsk_xml_attr(element, "name");
    const NskXmlNode *object = NULL;

    if (name == NULL || *name == '\0')
        object = nsk_flow_find_element(self, nsk_xml_attr(element, "dataObjectRef"));
    if (object != NULL)
        name = nsk_xml_attr(object, "name");
    if (name != NULL && *name != '\0')
        return name;
    return nsk_xml_attr(object != NULL ? object : element, "id");
}

const char *
nsk_flow_data_name(const FlowReader *self, const char *ref)
{
    const NskXmlNode *element = nsk_flow_find_element(self, ref);

    return element != NULL && is_data(element) ? name_of(self, element) : NULL;
}

static void
add_data(FlowReader *self, const NskXmlNode *element, unsigned level)
{
    GPtrArray *data = nsk_flow_level(self->flow, level)->data;
    const char *name = name_of(self, element);

    if (name != NULL && !g_ptr_array_find_with_equal_func(data, name, g_str_equal, NULL))
        g_ptr_array_add(data, g_strdup(name));
}

void
nsk_flow_read_data(FlowReader *self, const NskXmlNode *element, unsigned level)
{
    if (is_data(element))
        add_data(self, element, level);
    if (!nsk_xml_is(element, BPMN_NS, "ioSpecification"))
        return;
    for (NskXmlNode *child = nsk_xml_first(element); child != NULL; child = nsk_xml_next(child)) {
        if (is_data(child))
            add_data(self, child, level);
    }
}

/* What an assignment sets: getDataObject('name'), $name or name.  Freed with g_free(). */
static char *
read_target(const NskXmlNode *to)
{
    g_autofree char *text = nsk_xml_text_folded(to);
    char *quote = strpbrk(text, "'\"");
    char *end = quote != NULL ? strchr(quote + 1, *quote) : NULL;

    if (end != NULL)
        return g_strndup(quote + 1, (gsize)(end - quote - 1));
    return g_strdup(*text == '$' ? text + 1 : text);
}

void
nsk_flow_add_mapping(GPtrArray *mappings, NskXPath *source, const char *target)
{
    FlowMapping *mapping = NULL;

    if (source == NULL)
        return;
    mapping = g_new0(FlowMapping, 1);
    mapping->source = source;
    mapping->target = g_strdup(target);
    g_ptr_array_add(mappings, mapping);
}

static bool
is_name(const char *text)
{
    if (text == NULL || (!g_ascii_isalpha(*text) && *text != '_') || strlen(text) > 64)
        return false;
    for (; *text != '\0'; text++) {
        if (!g_ascii_isalnum(*text) && strchr("_-.", *text) == NULL)
            return false;
    }
    return true;
}

static void
add_assignment(FlowReader *self, FlowNode *node, GPtrArray *mappings, const NskXmlNode *element)
{
    const NskXmlNode *from = nsk_flow_only_child(self, element, "from");
    const NskXmlNode *to = nsk_flow_only_child(self, element, "to");
    g_autofree char *target = to != NULL ? read_target(to) : NULL;
    g_autofree char *owner = nsk_flow_describe(node->element);

    if (from != NULL && is_name(target)) {
        nsk_flow_add_mapping(mappings, nsk_flow_read_expression(self, from, node->element, false),
                             target);
        return;
    }
    nsk_flow_issue(self, element, "flow-unsupported",
                   nsk_tr("an assignment of %s does not say from which expression to which "
                          "variable; give it 'from' and 'to', such as $total"),
                   owner);
}

/* A plain copy matters only where the two ends have different names, or names are not seen
 * anyway. */
static void
add_copy(FlowReader *self, FlowNode *node, bool in, const NskXmlNode *element)
{
    bool all = in ? node->all_in : node->all_out;
    g_autofree char *source = nsk_xml_child_text(element, "sourceRef");
    g_autofree char *target = nsk_xml_child_text(element, "targetRef");
    const char *from = source != NULL ? nsk_flow_data_name(self, source) : NULL;
    const char *to = target != NULL ? nsk_flow_data_name(self, target) : NULL;

    if (from == NULL || to == NULL || (all && strcmp(from, to) == 0) || !is_name(from) ||
        !is_name(to))
        return;
    g_autofree char *text = g_strconcat("$", from, NULL);
    nsk_flow_add_mapping(in ? node->inputs : node->outputs,
                         nsk_flow_compile(self, text, element, node->element), to);
}

static void
read_association(FlowReader *self, FlowNode *node, const NskXmlNode *element, bool in)
{
    GPtrArray *mappings = in ? node->inputs : node->outputs;
    const NskXmlNode *transformation = nsk_flow_only_child(self, element, "transformation");
    const NskXmlNode *child = nsk_xml_child(element, "assignment");
    g_autofree char *target = nsk_xml_child_text(element, "targetRef");
    const char *name = target != NULL ? nsk_flow_data_name(self, target) : NULL;
    g_autofree char *owner = nsk_flow_describe(node->element);

    if (transformation == NULL && child == NULL) {
        if (node->kind == FLOW_CALL_ACTIVITY)
            add_copy(self, node, in, element);
        return;
    }
    if (in && node->kind != FLOW_CALL_ACTIVITY) {
        nsk_flow_issue(self, element, "flow-unsupported",
                       nsk_tr("%s has a dataInputAssociation that computes, which is carried out "
                              "only of a call activity; compute it where it comes out"),
                       owner);
        return;
    }
    if (transformation != NULL && !is_name(name))
        nsk_flow_issue(self, element, "flow-reference",
                       nsk_tr("a data association of %s leads to '%s', which is no data; draw it "
                              "again"),
                       owner, target != NULL ? target : "");
    else if (transformation != NULL)
        nsk_flow_add_mapping(
            mappings, nsk_flow_read_expression(self, transformation, node->element, false), name);
    for (; child != NULL; child = nsk_xml_next(child)) {
        if (nsk_xml_is(child, BPMN_NS, "assignment"))
            add_assignment(self, node, mappings, child);
    }
}

void
nsk_flow_read_associations(FlowReader *self, FlowNode *node)
{
    NskXmlNode *child = nsk_xml_first(node->element);

    for (; child != NULL; child = nsk_xml_next(child)) {
        if (nsk_xml_is(child, BPMN_NS, "dataInputAssociation"))
            read_association(self, node, child, true);
        else if (nsk_xml_is(child, BPMN_NS, "dataOutputAssociation"))
            read_association(self, node, child, false);
    }
}

/* "Tata Usaha" is the group tata-usaha; NULL if nothing of the kind can be made.  Freed with
 * g_free(). */
static char *
group_of_lane(const char *name)
{
    GString *group = g_string_new(NULL);

    for (const char *at = name; *at != '\0'; at++) {
        if (g_ascii_isalnum(*at) || *at == '_' || *at == '.')
            g_string_append_c(group, g_ascii_tolower(*at));
        else if (group->len > 0 && group->str[group->len - 1] != '-')
            g_string_append_c(group, '-');
    }
    while (group->len > 0 && group->str[group->len - 1] == '-')
        g_string_truncate(group, group->len - 1);
    return g_string_free(group, FALSE);
}

/* Whoever is of the lane may do what lies in it, if the task itself names nobody. */
static void
put_into_lane(FlowReader *self, FlowNode *node, const char *name)
{
    g_autofree char *group = group_of_lane(name);
    FlowAssignment *assignment = NULL;

    if (*node->task.lane != '\0')
        return;
    node->task.lane = nsk_flow_keep(self->flow, name);
    if (node->kind != FLOW_USER_TASK || node->assignments->len > 0 || node->unread ||
        !nsk_name_is_valid(group))
        return;
    assignment = g_new0(FlowAssignment, 1);
    assignment->literal = g_strsplit(group, "\n", -1);
    g_ptr_array_add(node->assignments, assignment);
}

static void
read_lane_member(FlowReader *self, const NskXmlNode *element, const char *lane)
{
    g_autofree char *ref = nsk_xml_text_folded(element);
    unsigned index = nsk_flow_node_index(self->flow, self->process, nsk_flow_local_name(ref));

    if (index != FLOW_NONE)
        put_into_lane(self, g_ptr_array_index(self->flow->nodes, index), lane);
    else if (nsk_flow_find_element(self, ref) == NULL)
        nsk_flow_issue(self, element, "flow-reference",
                       nsk_tr("the lane '%s' holds '%s', which there is not; put the element into "
                              "the lane again"),
                       lane, ref);
}

/* Inner lanes first: the innermost counts.  Depth is that of the document, which is bounded. */
static void
read_lane_set(FlowReader *self, const NskXmlNode *set)
{
    for (NskXmlNode *lane = nsk_xml_first(set); lane != NULL; lane = nsk_xml_next(lane)) {
        const NskXmlNode *inner = nsk_xml_child(lane, "childLaneSet");
        const char *name = nsk_xml_attr(lane, "name");

        if (!nsk_xml_is(lane, BPMN_NS, "lane"))
            continue;
        if (name == NULL || *name == '\0')
            name = nsk_xml_attr(lane, "id");
        if (inner != NULL)
            read_lane_set(self, inner);
        for (NskXmlNode *child = nsk_xml_first(lane); child != NULL; child = nsk_xml_next(child)) {
            if (nsk_xml_is(child, BPMN_NS, "flowNodeRef"))
                read_lane_member(self, child, name != NULL ? name : "");
        }
    }
}

void
nsk_flow_read_lanes(FlowReader *self)
{
    for (unsigned i = self->flow->levels->len; i > 0; i--) {
        NskXmlNode *child = NULL;

        if (nsk_flow_level(self->flow, i - 1)->process != self->process)
            continue;
        child = nsk_xml_first(nsk_flow_level_element(self, i - 1));
        for (; child != NULL; child = nsk_xml_next(child)) {
            if (nsk_xml_is(child, BPMN_NS, "laneSet"))
                read_lane_set(self, child);
        }
    }
}
