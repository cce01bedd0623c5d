/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Any file is a workflow or is refused with an issue; a workflow keeps what the step relies on, can
 * be checked, with a finding if it may not be deployed, and can always be started or says why not.
 */
#include "../flow/definition-helper.h"
#include "flow/flow.h"

#include <stdint.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const char facts_text[] =
    "<facts><letter id='x' kind='surat-dinas' security='biasa' urgency='biasa' unit='u'/><outcome/>"
    "<drafter position='a'/><reviewers><reviewer position='b' approved='false'/></reviewers>"
    "<signatories><signatory position='c' capacity='definitive' signed='false'/></signatories>"
    "</facts>";

static void
start(const NskFlow *flow)
{
    g_autoptr(NskXmlDoc) doc = nsk_xml_parse("facts", facts_text, sizeof(facts_text) - 1, NULL);
    NskFlowFacts facts = { .facts = nsk_xml_doc_get_root(doc), .today = { 2026, 7, 22 } };
    NskFlowEvent event = { .type = NSK_FLOW_START };
    NskFlowStep step = { .flow = flow, .event = &event, .facts = &facts };
    g_autoptr(NskFlowState) state = NULL;
    g_autoptr(GPtrArray) actions = NULL;
    g_autoptr(GError) error = NULL;

    if (!nsk_flow_step(&step, &state, &actions, &error)) {
        g_assert_nonnull(error);
        return;
    }
    g_autofree char *json = nsk_flow_state_format(state);
    G_GNUC_UNUSED g_autoptr(NskFlowState) again = nsk_flow_state_parse(json, strlen(json), &error);
    g_assert_no_error(error);
    g_assert_cmpuint(actions->len, >, 0);
}

/* Every process that is called and not there is in the same bytes, cut off a little. */
typedef struct {
    const uint8_t *data;
    size_t size;
} Called;

static GBytes *
find(void *data, const char *process, char **out_name)
{
    const Called *self = data;
    size_t cut = process[0] % 4 == 0 ? strlen(process) : 0;

    *out_name = g_strdup("called.bpmn");
    return process[0] % 4 == 3 ? NULL : g_bytes_new(self->data, self->size - MIN(cut, self->size));
}

static void
check(const NskFlow *flow)
{
    const NskFlowCheck options = { .letter = true, .max_states = 500 };
    g_autoptr(NskIssues) issues = nsk_issues_new();

    g_assert_true(nsk_flow_check(flow, &options, issues) != nsk_issues_has_error(issues));
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    g_autoptr(NskIssues) issues = nsk_issues_new();
    g_autoptr(GError) error = NULL;
    Called called = { .data = data, .size = size };
    const NskFlowSource source = { .name = "fuzz.bpmn",
                                   .content = data,
                                   .size = size,
                                   .find = find,
                                   .data = &called };
    g_autoptr(NskFlow) flow = nsk_flow_load(&source, issues, &error);

    g_assert_true((flow == NULL) == (error != NULL));
    g_assert_true(flow != NULL || issues->len > 0);
    if (flow == NULL)
        return 0;
    helper_check_definition(flow);
    check(flow);
    start(flow);
    return 0;
}
