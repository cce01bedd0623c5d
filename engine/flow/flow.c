/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A definition: its life, what the outside may ask of it, and the way a file becomes one: parse,
 * find the one executable process, read its elements, check the graph.
 *
 * 1. A flow that exists has had no error of any check; the step function relies on it.
 */
#include "base/limits.h"
#include "base/message.h"
#include "flow/flow-private.h"

#include <stdlib.h>
#include <string.h>

#define MAX_DEPTH NSK_LIMIT_XML_DEPTH

static void
edge_free(gpointer data)
{
    FlowEdge *edge = data;

    nsk_xpath_free(edge->condition);
    g_free(edge->id);
    g_free(edge);
}

static void
node_free(gpointer data)
{
    FlowNode *node = data;

    g_strfreev(node->outcomes);
    for (size_t i = 0; i < G_N_ELEMENTS(node->texts); i++)
        g_free(node->texts[i]);
    g_array_unref(node->in);
    g_array_unref(node->out);
    g_ptr_array_unref(node->assignments);
    g_free(node);
}

static NskFlow *
flow_new(NskXmlDoc *doc)
{
    NskFlow *self = g_atomic_rc_box_new0(NskFlow);

    self->doc = doc;
    self->nodes = g_ptr_array_new_with_free_func(node_free);
    self->edges = g_ptr_array_new_with_free_func(edge_free);
    self->tasks = g_ptr_array_new();
    self->node_by_id = g_hash_table_new(g_str_hash, g_str_equal);
    self->start = FLOW_NONE;
    return self;
}

static void
flow_clear(gpointer data)
{
    NskFlow *self = data;

    g_hash_table_unref(self->node_by_id);
    g_ptr_array_unref(self->tasks);
    g_ptr_array_unref(self->edges);
    g_ptr_array_unref(self->nodes);
    g_free(self->id);
    g_free(self->name);
    g_free(self->documentation);
    nsk_xml_doc_free(self->doc);
}

NskFlow *
nsk_flow_ref(NskFlow *self)
{
    return g_atomic_rc_box_acquire(self);
}

void
nsk_flow_unref(NskFlow *self)
{
    if (self != NULL)
        g_atomic_rc_box_release_full(self, flow_clear);
}

const char *
nsk_flow_get_id(const NskFlow *self)
{
    return self->id;
}

const char *
nsk_flow_get_name(const NskFlow *self)
{
    return self->name;
}

const char *
nsk_flow_get_documentation(const NskFlow *self)
{
    return self->documentation;
}

size_t
nsk_flow_get_n_tasks(const NskFlow *self)
{
    return self->tasks->len;
}

const NskFlowTask *
nsk_flow_get_task(const NskFlow *self, size_t index)
{
    g_return_val_if_fail(index < self->tasks->len, NULL);
    return g_ptr_array_index(self->tasks, index);
}

const NskFlowTask *
nsk_flow_find_task(const NskFlow *self, const char *id)
{
    for (guint i = 0; i < self->tasks->len; i++) {
        const NskFlowTask *task = g_ptr_array_index(self->tasks, i);

        if (strcmp(task->id, id) == 0)
            return task;
    }
    return NULL;
}

const FlowNode *
nsk_flow_node(const NskFlow *self, unsigned index)
{
    return g_ptr_array_index(self->nodes, index);
}

const FlowEdge *
nsk_flow_edge(const NskFlow *self, unsigned index)
{
    return g_ptr_array_index(self->edges, index);
}

unsigned
nsk_flow_node_index(const NskFlow *self, const char *id)
{
    gpointer index = NULL;

    if (id == NULL || !g_hash_table_lookup_extended(self->node_by_id, id, NULL, &index))
        return FLOW_NONE;
    return GPOINTER_TO_UINT(index);
}

void
nsk_flow_issue(FlowReader *self, const NskXmlNode *node, const char *tag, const char *format, ...)
{
    va_list args;

    va_start(args, format);
    g_autofree char *text = g_strdup_vprintf(format, args);
    va_end(args);
    nsk_xml_issue(self->flow->doc, node, self->issues, tag, "%s", text);
}

char *
nsk_flow_describe(const NskXmlNode *element)
{
    const char *id = nsk_xml_attr(element, "id");

    if (id == NULL)
        return g_strdup_printf(nsk_tr("%s without id"), nsk_xml_name(element));
    return g_strdup_printf("%s '%s'", nsk_xml_name(element), id);
}

/* Before the tree there is only an error "name:line:column: why". */
static void
add_xml_issue(NskIssues *issues, const char *name, const GError *error)
{
    NskIssue place = { .tag = "flow-xml", .file = (char *)(uintptr_t)name };
    size_t size = strlen(name);
    const char *text = error->message;
    char *end = NULL;

    if (strncmp(text, name, size) == 0 && text[size] == ':') {
        place.line = (unsigned)strtoul(text + size + 1, &end, 10);
        if (*end == ':')
            place.column = (unsigned)strtoul(end + 1, &end, 10);
        text = *end == ':' ? end + 1 : text;
        while (*text == ' ')
            text++;
    }
    nsk_issues_add(issues, &place, "%s", text);
}

/* All ids of BPMN elements; those of diagrams and of foreign tools are nothing we refer to. */
static void
collect_ids(FlowReader *self, NskXmlNode *element, unsigned depth)
{
    const char *id = nsk_xml_attr(element, "id");

    if (strcmp(nsk_xml_ns(element), BPMN_NS) != 0 || depth > MAX_DEPTH)
        return;
    if (id != NULL && !g_hash_table_insert(self->ids, (char *)(uintptr_t)id, element))
        nsk_flow_issue(self, element, "flow-id",
                       nsk_tr("the id '%s' is given twice in this file; give each element its own"),
                       id);
    for (NskXmlNode *child = nsk_xml_first(element); child != NULL; child = nsk_xml_next(child))
        collect_ids(self, child, depth + 1);
}

static bool
check_definitions(FlowReader *self, const NskXmlNode *root)
{
    const char *language = nsk_xml_attr(root, "expressionLanguage");

    if (!nsk_xml_is(root, BPMN_NS, "definitions")) {
        nsk_flow_issue(
            self, root, "flow-process",
            nsk_tr("the root element is '%s', not 'definitions' of BPMN 2.0; save the diagram "
                   "as BPMN 2.0 XML"),
            nsk_xml_name(root));
        return false;
    }
    if (!nsk_flow_language_is_xpath(language))
        nsk_flow_issue(self, root, "flow-unsupported",
                       nsk_tr("the file's expressionLanguage is '%s'; only XPath 1.0 "
                              "(http://www.w3.org/1999/XPath) is read"),
                       language);
    return true;
}

static bool
is_executable(const NskXmlNode *element)
{
    const char *text = nsk_xml_attr(element, "isExecutable");

    return nsk_xml_is(element, BPMN_NS, "process") && text != NULL &&
           (strcmp(text, "true") == 0 || strcmp(text, "1") == 0);
}

/* The one process that runs; others are shown only. */
static const NskXmlNode *
find_process(FlowReader *self, const NskXmlNode *root)
{
    const NskXmlNode *process = NULL;

    for (NskXmlNode *child = nsk_xml_first(root); child != NULL; child = nsk_xml_next(child)) {
        if (!is_executable(child))
            continue;
        if (process != NULL)
            nsk_flow_issue(
                self, child, "flow-unsupported",
                nsk_tr("the file has a second executable process, '%s'; put it into a file of "
                       "its own"),
                nsk_xml_attr(child, "id") != NULL ? nsk_xml_attr(child, "id") : "");
        else
            process = child;
    }
    if (process == NULL)
        nsk_flow_issue(
            self, root, "flow-process",
            nsk_tr("the file has no process with isExecutable=\"true\"; mark the one that is to "
                   "run"));
    return process;
}

static bool
read_flow(NskFlow *flow, NskIssues *issues, GError **error)
{
    g_autoptr(NskIssues) found = nsk_issues_new();
    g_autoptr(GHashTable) ids = g_hash_table_new(g_str_hash, g_str_equal);
    g_autoptr(NskXmlDoc) sample = nsk_flow_sample_facts();
    FlowReader reader = { .flow = flow, .issues = found, .ids = ids, .sample = sample };
    NskXmlNode *root = nsk_xml_doc_get_root(flow->doc);

    if (check_definitions(&reader, root)) {
        const NskXmlNode *process = find_process(&reader, root);

        collect_ids(&reader, root, 0);
        if (process != NULL) {
            nsk_flow_read_process(&reader, process);
            nsk_flow_check_graph(&reader);
        }
    }
    for (guint i = 0; i < found->len; i++) {
        const NskIssue *issue = g_ptr_array_index(found, i);

        nsk_issues_add(issues, issue, "%s", issue->text);
    }
    return nsk_issues_to_error(found, error);
}

NskFlow *
nsk_flow_parse(const char *name, const void *data, size_t size, NskIssues *issues, GError **error)
{
    g_autoptr(GError) cause = NULL;

    if (size > NSK_LIMIT_FLOW_SIZE) {
        g_set_error(error, NSK_ERROR, NSK_ERROR_LIMIT,
                    nsk_tr("%s: the workflow has %zu bytes; at most %d are read"), name, size,
                    NSK_LIMIT_FLOW_SIZE);
        return NULL;
    }

    NskXmlDoc *doc = nsk_xml_parse(name, data, size, &cause);
    if (doc == NULL) {
        add_xml_issue(issues, name, cause);
        g_propagate_error(error, g_steal_pointer(&cause));
        return NULL;
    }

    g_autoptr(NskFlow) self = flow_new(doc);
    if (!read_flow(self, issues, error))
        return NULL;
    return g_steal_pointer(&self);
}
