/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Findings of the checker: where, what, how one comes there, what to do.
 */
#include "base/message.h"
#include "flow/check-private.h"

#include <string.h>

/* Whether this was told before. */
static bool
is_new(Checker *self, const CheckPlace *place)
{
    char *key = g_strdup_printf("%s %u %u", place->tag, place->node, place->edge);

    return g_hash_table_add(self->found, key);
}

void
nsk_check_tell(Checker *self, const CheckPlace *place, const char *format, ...)
{
    const FlowProcess *process = nsk_flow_process(self->flow, 0);
    const NskXmlNode *element = nsk_xml_doc_get_root(process->doc);
    NskIssue issue = { .tag = place->tag, .severity = place->severity };
    va_list args;

    if (self->quiet) {
        self->noticed = true;
        return;
    }
    if (!is_new(self, place))
        return;
    if (place->node != FLOW_NONE) {
        const FlowNode *node = check_node(self, place->node);

        process = nsk_flow_process(self->flow, nsk_flow_level(self->flow, node->level)->process);
        element = node->element;
    }
    if (place->edge != FLOW_NONE)
        element = nsk_flow_edge(self->flow, place->edge)->element;
    issue.file = (char *)(uintptr_t)nsk_xml_doc_get_name(process->doc);
    issue.line = nsk_xml_line(element);
    issue.column = nsk_xml_column(element);
    va_start(args, format);
    g_autofree char *text = g_strdup_vprintf(format, args);
    va_end(args);
    if (place->way != NULL && *place->way != '\0')
        nsk_issues_add(self->issues, &issue, nsk_tr("%s; the way there: %s"), text, place->way);
    else
        nsk_issues_add(self->issues, &issue, "%s", text);
    self->failed = self->failed || place->severity == NSK_SEVERITY_ERROR;
}

char *
nsk_check_name(const Checker *self, unsigned index)
{
    const FlowNode *node = check_node(self, index);

    if (strcmp(node->task.name, node->task.id) == 0)
        return g_strdup_printf("%s '%s'", nsk_xml_name(node->element), node->task.id);
    return g_strdup_printf("%s '%s' (%s)", nsk_xml_name(node->element), node->task.id,
                           node->task.name);
}
