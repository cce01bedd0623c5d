/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Stored states and events, as a broken database or a caller might give them, to a shipped
 * workflow. The input is a line each: state as JSON ("" to start), event ("complete KEY OUTCOME",
 * "done KEY", "cancel REASON"), facts as XML.  Whatever comes, the step fails with an error, or
 * gives a state that comes back from its JSON and closes only what was open.
 */
#include "base/resource.h"
#include "flow/flow.h"

#include <stdint.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const NskFlow *
shipped_flow(void)
{
    static NskFlow *flow;

    if (flow == NULL) {
        g_autoptr(GBytes) bytes = nsk_resource_load("workflows/surat-keluar.bpmn", NULL);
        g_autoptr(NskIssues) issues = nsk_issues_new();
        gsize size;
        const void *data = g_bytes_get_data(bytes, &size);

        flow = nsk_flow_parse("surat-keluar", data, size, issues, NULL);
        g_assert_nonnull(flow);
    }
    return flow;
}

static NskFlowEvent
read_event(char **words)
{
    unsigned count = g_strv_length(words);
    const char *second = count > 1 ? words[1] : "";

    if (count > 0 && g_str_equal(words[0], "complete"))
        return (NskFlowEvent){ .type = NSK_FLOW_COMPLETE,
                               .key = second,
                               .outcome = count > 2 ? words[2] : NULL };
    if (count > 0 && g_str_equal(words[0], "done"))
        return (NskFlowEvent){ .type = NSK_FLOW_SERVICE_DONE, .key = second };
    return (NskFlowEvent){ .type = NSK_FLOW_CANCEL, .reason = second };
}

static void
check_result(const NskFlowStep *step, const NskFlowState *state, const GPtrArray *actions)
{
    g_auto(GStrv) before =
        step->state != NULL ? nsk_flow_state_get_keys(step->state) : g_new0(char *, 1);
    g_auto(GStrv) after = nsk_flow_state_get_keys(state);
    g_autofree char *json = nsk_flow_state_format(state);
    g_autoptr(NskFlowState) again = nsk_flow_state_parse(json, strlen(json), NULL);

    g_assert_nonnull(again);
    for (guint i = 0; i < actions->len; i++) {
        const NskFlowAction *action = g_ptr_array_index(actions, i);
        bool opens = action->type == NSK_FLOW_OPEN_TASK || action->type == NSK_FLOW_SERVICE;

        if (action->key == NULL)
            continue;
        g_assert_true(g_strv_contains((const char *const *)after, action->key) == opens);
        g_assert_true(g_strv_contains((const char *const *)before, action->key) == !opens);
    }
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    g_autofree char *text = g_strndup((const char *)data, size);
    g_auto(GStrv) lines = g_strsplit(text, "\n", 3);

    if (g_strv_length(lines) != 3)
        return 0;

    g_autoptr(NskFlowState) state = nsk_flow_state_parse(lines[0], strlen(lines[0]), NULL);
    g_auto(GStrv) words = g_strsplit(lines[1], " ", 3);
    g_autoptr(NskXmlDoc) doc = nsk_xml_parse("facts", lines[2], strlen(lines[2]), NULL);
    NskFlowEvent event = state != NULL ? read_event(words) : (NskFlowEvent){ .key = NULL };
    NskFlowFacts facts = { .today = { 2026, 7, 22 } };
    NskFlowStep step = { .flow = shipped_flow(), .state = state, .event = &event, .facts = &facts };
    g_autoptr(NskFlowState) out_state = NULL;
    g_autoptr(GPtrArray) actions = NULL;
    g_autoptr(GError) error = NULL;

    if (doc == NULL)
        return 0;
    facts.facts = nsk_xml_doc_get_root(doc);
    if (nsk_flow_step(&step, &out_state, &actions, &error))
        check_result(&step, out_state, actions);
    else
        g_assert_nonnull(error);
    return 0;
}
