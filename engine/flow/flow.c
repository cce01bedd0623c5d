/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The way files become a definition: parse, find the process that is to run, read it, then those
 * that it calls, and so on; at last look for circles in all of it.
 *
 * A called process is looked for in the file of its caller first, then among files that were read
 * already, by their content, then by the caller's own find function.
 */
#include "base/limits.h"
#include "base/message.h"
#include "flow/read-private.h"

#include <stdlib.h>
#include <string.h>

#define MAX_DEPTH NSK_LIMIT_XML_DEPTH

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

/* What another engine's modeler adds is left out; once a file is enough to say so. */
static void
warn_zeebe(FlowReader *self, const NskXmlNode *element, bool *warned)
{
    bool found = false;
    const char *ns;
    const char *name;
    const char *value;
    const NskXmlNode *holder = nsk_xml_child(element, "extensionElements");
    NskXmlNode *child = holder != NULL ? nsk_xml_first(holder) : NULL;

    for (size_t i = 0; nsk_xml_attr_at(element, i, &ns, &name, &value); i++)
        found = found || strcmp(ns, ZEEBE_NS) == 0;
    for (; child != NULL; child = nsk_xml_next(child))
        found = found || strcmp(nsk_xml_ns(child), ZEEBE_NS) == 0;
    if (!found || *warned)
        return;
    *warned = true;
    nsk_flow_warn(self, element, "flow-foreign",
                  nsk_tr("the file has extensions of %s, which are left out; say the same in BPMN"),
                  ZEEBE_NS);
}

/* All ids of BPMN elements; those of diagrams and of foreign tools are nothing we refer to. */
static void
collect_ids(FlowReader *self, NskXmlNode *element, unsigned depth, bool *warned)
{
    const char *id = nsk_xml_attr(element, "id");

    if (strcmp(nsk_xml_ns(element), BPMN_NS) != 0 || depth > MAX_DEPTH)
        return;
    warn_zeebe(self, element, warned);
    if (id != NULL && !g_hash_table_insert(self->ids, (char *)(uintptr_t)id, element))
        nsk_flow_issue(self, element, "flow-id",
                       nsk_tr("the id '%s' is given twice in this file; give each element its own"),
                       id);
    for (NskXmlNode *child = nsk_xml_first(element); child != NULL; child = nsk_xml_next(child))
        collect_ids(self, child, depth + 1, warned);
}

/* What a picture needs is no matter of running, so its lack is a warning. */
static void
check_diagram(FlowReader *self, const NskXmlNode *root)
{
    NskIssue place = { .tag = "flow-diagram",
                       .severity = NSK_SEVERITY_WARNING,
                       .file = (char *)(uintptr_t)nsk_xml_doc_get_name(self->doc) };

    if (nsk_xml_child(root, "BPMNDiagram") == NULL)
        nsk_issues_add(
            self->issues, &place,
            nsk_tr("the workflow has no diagram, so that no editor shows it; lay it out in one"));
}

static void
file_free(gpointer data)
{
    FlowFile *file = data;

    g_clear_pointer(&file->ids, g_hash_table_unref);
    g_clear_pointer(&file->content, g_bytes_unref);
    g_free(file);
}

static void
turn_to(FlowReader *self, FlowFile *file)
{
    self->file = file;
    self->doc = file->doc;
    self->ids = file->ids;
    self->language = file->language;
}

/* Reads a file and makes it the one that is being read; NULL after an issue. */
static FlowFile *
open_file(FlowReader *self, const char *name, GBytes *content, GError **error)
{
    gsize size;
    const void *data = g_bytes_get_data(content, &size);
    g_autoptr(GError) cause = NULL;
    bool warned = false;
    NskXmlDoc *doc = NULL;

    if (size > NSK_LIMIT_FLOW_SIZE)
        g_set_error(&cause, NSK_ERROR, NSK_ERROR_LIMIT,
                    nsk_tr("%s: the workflow has %zu bytes; at most %d are read"), name, size,
                    NSK_LIMIT_FLOW_SIZE);
    else
        doc = nsk_xml_parse(name, data, size, &cause);
    if (doc == NULL) {
        add_xml_issue(self->issues, name, cause);
        g_propagate_error(error, g_steal_pointer(&cause));
        return NULL;
    }
    g_ptr_array_add(self->flow->docs, doc);

    FlowFile *file = g_new0(FlowFile, 1);
    NskXmlNode *root = nsk_xml_doc_get_root(doc);
    file->doc = doc;
    file->content = g_bytes_ref(content);
    file->ids = g_hash_table_new(g_str_hash, g_str_equal);
    file->language = nsk_xml_attr(root, "expressionLanguage");
    g_ptr_array_add(self->files, file);
    turn_to(self, file);
    if (!nsk_xml_is(root, BPMN_NS, "definitions"))
        nsk_flow_issue(
            self, root, "flow-process",
            nsk_tr("the root element is '%s', not 'definitions' of BPMN 2.0; save the diagram "
                   "as BPMN 2.0 XML"),
            nsk_xml_name(root));
    collect_ids(self, root, 0, &warned);
    return file;
}

static bool
is_executable(const NskXmlNode *element)
{
    const char *text = nsk_xml_attr(element, "isExecutable");

    return text != NULL && (strcmp(text, "true") == 0 || strcmp(text, "1") == 0);
}

/* The process of that id in a file; NULL: the only executable one, or the only one. */
static const NskXmlNode *
find_process(const FlowFile *file, const char *id, unsigned *out_count)
{
    const NskXmlNode *found = NULL;
    bool found_executable = false;

    *out_count = 0;
    for (NskXmlNode *child = nsk_xml_first(nsk_xml_doc_get_root(file->doc)); child != NULL;
         child = nsk_xml_next(child)) {
        bool executable = is_executable(child);

        if (!nsk_xml_is(child, BPMN_NS, "process") ||
            (id != NULL && g_strcmp0(nsk_xml_attr(child, "id"), id) != 0) ||
            (id == NULL && found_executable && !executable))
            continue;
        *out_count = id == NULL && executable && !found_executable ? 1 : *out_count + 1;
        found_executable = found_executable || (id == NULL && executable);
        if (*out_count == 1)
            found = child;
    }
    return found;
}

/* Makes room for a process; it is read when its turn comes. */
static unsigned
add_process(FlowReader *self, FlowFile *file, const NskXmlNode *element)
{
    nsk_flow_add_process(self->flow, nsk_xml_attr(element, "id"), file->doc);
    g_ptr_array_add(self->elements, (gpointer)(uintptr_t)element);
    g_ptr_array_add(self->homes, file);
    return self->flow->processes->len - 1;
}

static bool
add_first(FlowReader *self, FlowFile *file)
{
    const NskXmlNode *root = nsk_xml_doc_get_root(file->doc);
    const char *id = self->source->process;
    unsigned count;
    const NskXmlNode *process = find_process(file, id, &count);

    check_diagram(self, root);
    if (count == 0 && id != NULL)
        nsk_flow_issue(self, root, "flow-process",
                       nsk_tr("the file has no process '%s'; name one that it has"), id);
    else if (count == 0)
        nsk_flow_issue(self, root, "flow-process",
                       nsk_tr("the file has no process; draw one and mark it with "
                              "isExecutable=\"true\""));
    else if (count > 1 && id == NULL)
        nsk_flow_issue(self, root, "flow-process",
                       nsk_tr("the file has %u processes that could run; say which one, or mark "
                              "only one with isExecutable=\"true\""),
                       count);
    else if (nsk_flow_check_id(self, process))
        add_process(self, file, process);
    return self->flow->processes->len > 0;
}

/* The file that has a called process: that of the caller, one that was read, or a new one. */
static FlowFile *
find_file(FlowReader *self, const char *process)
{
    g_autofree char *name = NULL;
    g_autoptr(GBytes) content = NULL;
    unsigned count;

    if (find_process(self->file, process, &count) != NULL)
        return self->file;
    if (self->source->find == NULL || self->files->len >= NSK_LIMIT_FLOW_FILES)
        return NULL;
    content = self->source->find(self->source->data, process, &name);
    if (content == NULL)
        return NULL;
    for (guint i = 0; i < self->files->len; i++) {
        FlowFile *file = g_ptr_array_index(self->files, i);

        if (g_bytes_equal(file->content, content))
            return file;
    }

    FlowFile *caller = self->file;
    FlowFile *file = open_file(self, name != NULL ? name : process, content, NULL);
    turn_to(self, caller);
    return file;
}

/* The index of the process that @id names, as seen from the file that is being read. */
static unsigned
link_process(FlowReader *self, const NskXmlNode *call, const char *id)
{
    FlowFile *file = find_file(self, id);
    unsigned count;
    const NskXmlNode *element = file != NULL ? find_process(file, id, &count) : NULL;

    if (element == NULL) {
        nsk_flow_issue(
            self, call, "flow-reference",
            nsk_tr("callActivity '%s' calls the process '%s', which there is not; deploy "
                   "it first or choose another"),
            nsk_xml_attr(call, "id"), id);
        return FLOW_NONE;
    }
    for (guint i = 0; i < self->elements->len; i++) {
        if (g_ptr_array_index(self->elements, i) == element)
            return i;
        if (strcmp(nsk_flow_process(self->flow, i)->id, id) == 0) {
            nsk_flow_issue(self, call, "flow-id",
                           nsk_tr("callActivity '%s' calls the process '%s', of which two files "
                                  "have one; give them different ids"),
                           nsk_xml_attr(call, "id"), id);
            return FLOW_NONE;
        }
    }
    return add_process(self, file, element);
}

static void
link_calls(FlowReader *self, guint first_node)
{
    for (guint i = first_node; i < self->flow->nodes->len; i++) {
        FlowNode *node = g_ptr_array_index(self->flow->nodes, i);
        const char *called = nsk_xml_attr(node->element, "calledElement");

        if (node->kind != FLOW_CALL_ACTIVITY || called == NULL || *called == '\0' ||
            nsk_flow_is_foreign(called))
            continue;
        unsigned process = link_process(self, node->element, nsk_flow_local_name(called));
        if (process != FLOW_NONE)
            node->body = nsk_flow_process(self->flow, process)->level;
    }
}

/* Processes are read in the order in which calls name them, each once. */
static void
read_processes(FlowReader *self)
{
    for (self->process = 0; self->process < self->flow->processes->len; self->process++) {
        guint first_node = self->flow->nodes->len;

        turn_to(self, g_ptr_array_index(self->homes, self->process));
        nsk_flow_read_process(self, g_ptr_array_index(self->elements, self->process));
        link_calls(self, first_node);
    }
    nsk_flow_check_circles(self);
}

static bool
read_flow(FlowReader *self, GError **error)
{
    const NskFlowSource *source = self->source;
    g_autoptr(GBytes) content = g_bytes_new(source->content, source->size);
    FlowFile *file = open_file(self, source->name, content, error);

    if (file == NULL)
        return false;
    if (nsk_xml_is(nsk_xml_doc_get_root(file->doc), BPMN_NS, "definitions") &&
        add_first(self, file))
        read_processes(self);
    return nsk_issues_to_error(self->issues, error);
}

NskFlow *
nsk_flow_load(const NskFlowSource *source, NskIssues *issues, GError **error)
{
    g_autoptr(NskFlow) self = nsk_flow_new();
    g_autoptr(NskIssues) found = nsk_issues_new();
    g_autoptr(NskXmlDoc) sample = nsk_flow_sample_facts();
    g_autoptr(GPtrArray) files = g_ptr_array_new_with_free_func(file_free);
    g_autoptr(GPtrArray) elements = g_ptr_array_new();
    g_autoptr(GPtrArray) homes = g_ptr_array_new();
    FlowReader reader = { .flow = self,
                          .issues = found,
                          .source = source,
                          .sample = sample,
                          .files = files,
                          .elements = elements,
                          .homes = homes };
    bool good = read_flow(&reader, error);

    nsk_issues_add_all(issues, found);
    if (!good)
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
