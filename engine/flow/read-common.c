/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What all that reads a workflow uses: findings, references, lists and attributes.
 *
 * References of BPMN are XML ids in some places and qualified names in others (8.1, schema
 * Semantic.xsd); editors write the latter with and without prefix.  One file has one target
 * namespace, so the prefix says nothing that the id does not.
 */
#include "base/message.h"
#include "flow/read-private.h"

#include <string.h>

#define MAX_ID       64
#define WORD_PARTERS " \t\r\n,"

void
nsk_flow_issue(FlowReader *self, const NskXmlNode *node, const char *tag, const char *format, ...)
{
    va_list args;

    va_start(args, format);
    g_autofree char *text = g_strdup_vprintf(format, args);
    va_end(args);
    nsk_xml_issue(self->doc, node, self->issues, tag, "%s", text);
}

void
nsk_flow_warn(FlowReader *self, const NskXmlNode *node, const char *tag, const char *format, ...)
{
    NskIssue place = { .tag = tag,
                       .severity = NSK_SEVERITY_WARNING,
                       .file = (char *)(uintptr_t)nsk_xml_doc_get_name(self->doc),
                       .line = nsk_xml_line(node),
                       .column = nsk_xml_column(node) };
    va_list args;

    va_start(args, format);
    g_autofree char *text = g_strdup_vprintf(format, args);
    va_end(args);
    nsk_issues_add(self->issues, &place, "%s", text);
}

char *
nsk_flow_describe(const NskXmlNode *element)
{
    const char *id = nsk_xml_attr(element, "id");

    if (id == NULL)
        return g_strdup_printf(nsk_tr("%s without id"), nsk_xml_name(element));
    return g_strdup_printf("%s '%s'", nsk_xml_name(element), id);
}

/* Letters and digits of any script; never '#', which keys of tasks are made with. */
static bool
is_usable_id(const char *id)
{
    if (id == NULL || *id == '\0' || strlen(id) > MAX_ID)
        return false;
    for (const char *at = id; *at != '\0'; at += g_utf8_skip[(unsigned char)*at]) {
        gunichar c = g_utf8_get_char(at);

        if (!g_unichar_isalnum(c) && !g_unichar_ismark(c) && c != '_' && c != '-' && c != '.')
            return false;
    }
    return true;
}

bool
nsk_flow_check_id(FlowReader *self, const NskXmlNode *element)
{
    const char *id = nsk_xml_attr(element, "id");

    if (is_usable_id(id))
        return true;
    nsk_flow_issue(
        self, element, "flow-id",
        nsk_tr("%s has no usable id '%s'; give it one of at most %d bytes of letters, digits, '_', "
               "'-' and '.'"),
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
    const char *ns;
    const char *name;
    const char *value;

    for (size_t i = 0; nsk_xml_attr_at(element, i, &ns, &name, &value); i++) {
        g_autofree char *owner = NULL;

        if (strcmp(ns, NSK_FLOW_NS) != 0 || g_strv_contains((const char *const *)allowed, name))
            continue;
        owner = nsk_flow_describe(element);
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

bool
nsk_flow_read_bool(FlowReader *self,
                   const NskXmlNode *element,
                   const char *ns,
                   const char *name,
                   bool otherwise)
{
    const char *text =
        ns != NULL ? nsk_xml_attr_ns(element, ns, name) : nsk_xml_attr(element, name);
    g_autofree char *owner = NULL;

    if (text == NULL)
        return otherwise;
    if (strcmp(text, "true") == 0 || strcmp(text, "1") == 0)
        return true;
    if (strcmp(text, "false") == 0 || strcmp(text, "0") == 0)
        return false;
    owner = nsk_flow_describe(element);
    nsk_flow_issue(self, element, "flow-unsupported",
                   nsk_tr("%s has %s=\"%s\"; write true or false"), owner, name, text);
    return otherwise;
}

const char *
nsk_flow_local_name(const char *ref)
{
    const char *colon = strrchr(ref, ':');

    return colon != NULL ? colon + 1 : ref;
}

NskXmlNode *
nsk_flow_find_element(const FlowReader *self, const char *ref)
{
    NskXmlNode *found = ref != NULL ? g_hash_table_lookup(self->ids, ref) : NULL;

    if (found == NULL && ref != NULL)
        found = g_hash_table_lookup(self->ids, nsk_flow_local_name(ref));
    return found;
}

char **
nsk_flow_split_words(const char *text)
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

bool
nsk_flow_is_foreign(const char *text)
{
    return strstr(text, "${") != NULL || strstr(text, "#{") != NULL;
}

char *
nsk_flow_bare_variable(const char *text)
{
    size_t size = strlen(text);

    if (size < 4 || !nsk_flow_is_foreign(text) || text[1] != '{' || text[size - 1] != '}')
        return NULL;

    g_autofree char *name = g_strndup(text + 2, size - 3);
    g_strstrip(name);
    if (!g_ascii_isalpha(*name) && *name != '_')
        return NULL;
    for (const char *at = name; *at != '\0'; at++) {
        if (!g_ascii_isalnum(*at) && *at != '_')
            return NULL;
    }
    return g_strconcat("$", name, NULL);
}
