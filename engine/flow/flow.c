/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The way a file becomes a definition: parse, find the process that is to run, read its elements,
 * check the graph.
 */
#include "base/limits.h"
#include "base/message.h"
#include "flow/flow-private.h"

#include <stdlib.h>
#include <string.h>

#define MAX_DEPTH NSK_LIMIT_XML_DEPTH

void
nsk_flow_issue(FlowReader *self, const NskXmlNode *node, const char *tag, const char *format, ...)
{
    va_list args;

    va_start(args, format);
    g_autofree char *text = g_strdup_vprintf(format, args);
    va_end(args);
    nsk_xml_issue(self->doc, node, self->issues, tag, "%s", text);
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
read_flow(NskFlow *flow, NskXmlDoc *doc, NskIssues *issues, GError **error)
{
    g_autoptr(NskIssues) found = nsk_issues_new();
    g_autoptr(GHashTable) ids = g_hash_table_new(g_str_hash, g_str_equal);
    g_autoptr(NskXmlDoc) sample = nsk_flow_sample_facts();
    FlowReader reader = { .flow = flow, .doc = doc, .issues = found, .ids = ids, .sample = sample };
    NskXmlNode *root = nsk_xml_doc_get_root(doc);

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
nsk_flow_load(const NskFlowSource *source, NskIssues *issues, GError **error)
{
    g_autoptr(GError) cause = NULL;

    if (source->size > NSK_LIMIT_FLOW_SIZE) {
        g_set_error(error, NSK_ERROR, NSK_ERROR_LIMIT,
                    nsk_tr("%s: the workflow has %zu bytes; at most %d are read"), source->name,
                    source->size, NSK_LIMIT_FLOW_SIZE);
        return NULL;
    }

    NskXmlDoc *doc = nsk_xml_parse(source->name, source->content, source->size, &cause);
    if (doc == NULL) {
        add_xml_issue(issues, source->name, cause);
        g_propagate_error(error, g_steal_pointer(&cause));
        return NULL;
    }

    g_autoptr(NskFlow) self = nsk_flow_new();
    g_ptr_array_add(self->docs, doc);
    if (!read_flow(self, doc, issues, error))
        return NULL;
    nsk_flow_prepare(self);
    return g_steal_pointer(&self);
}

NskFlow *
nsk_flow_parse(const char *name, const void *data, size_t size, NskIssues *issues, GError **error)
{
    const NskFlowSource source = { .name = name, .content = data, .size = size };

    return nsk_flow_load(&source, issues, error);
}
