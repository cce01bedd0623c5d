/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "flow/flow.h"

#include <string.h>

#define HEAD                                                                                       \
    "<b:definitions xmlns:b='http://www.omg.org/spec/BPMN/20100524/MODEL' "                        \
    "xmlns:n='urn:naskah:bpmn:1' xmlns:xsi='http://www.w3.org/2001/XMLSchema-instance' "           \
    "xmlns:camunda='http://camunda.org/schema/1.0/bpmn' xmlns='urn:contoh' "                       \
    "targetNamespace='urn:contoh'>\n"
#define TAIL "<d:BPMNDiagram xmlns:d='http://www.omg.org/spec/BPMN/20100524/DI'/></b:definitions>"

/* A whole file around the elements of its process; the process begins on line 2. */
static inline char *
helper_wrap(const char *elements)
{
    return g_strconcat(HEAD "<b:process id='pr' isExecutable='true'>", elements,
                       "</b:process>\n" TAIL, NULL);
}

/* A file that must be right. */
static inline NskFlow *
helper_parse(const char *text)
{
    g_autoptr(NskIssues) issues = nsk_issues_new();
    g_autoptr(GError) error = NULL;
    NskFlow *flow = nsk_flow_parse("contoh.bpmn", text, strlen(text), issues, &error);

    g_assert_no_error(error);
    g_assert_cmpuint(issues->len, ==, 0);
    return flow;
}

static inline NskFlow *
helper_process(const char *elements)
{
    g_autofree char *text = helper_wrap(elements);

    return helper_parse(text);
}

static inline NskXmlDoc *
helper_facts(const char *text)
{
    g_autoptr(GError) error = NULL;
    NskXmlDoc *doc = nsk_xml_parse("facts", text, strlen(text), &error);

    g_assert_no_error(error);
    return doc;
}

/* An instance under way, with what its last step asked for. */
typedef struct {
    NskFlow *flow;
    NskFlowState *state;
    GPtrArray *actions;
    NskInstant now; /* what the next step sees as such */
} Instance;

static inline void
helper_clear(Instance *self)
{
    nsk_flow_state_unref(self->state);
    g_clear_pointer(&self->actions, g_ptr_array_unref);
    nsk_flow_unref(self->flow);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Instance, helper_clear)

/* One step; the state goes through its JSON form each time, as it will in the office. */
static inline bool
helper_step(Instance *self, const NskFlowEvent *event, const char *facts_text, GError **error)
{
    g_autoptr(NskXmlDoc) doc = helper_facts(facts_text);
    NskFlowFacts facts = { .facts = nsk_xml_doc_get_root(doc),
                           .today = { 2026, 7, 22 },
                           .now = self->now };
    NskFlowStep step = { .flow = self->flow,
                         .state = self->state,
                         .event = event,
                         .facts = &facts };
    g_autoptr(NskFlowState) state = NULL;
    g_autoptr(GPtrArray) actions = NULL;

    if (!nsk_flow_step(&step, &state, &actions, error)) {
        g_assert_null(state);
        g_assert_null(actions);
        return false;
    }

    g_autofree char *json = nsk_flow_state_format(state);
    g_assert_cmpuint(strlen(json), <, 1024);
    g_clear_pointer(&self->state, nsk_flow_state_unref);
    g_clear_pointer(&self->actions, g_ptr_array_unref);
    self->state = nsk_flow_state_parse(json, strlen(json), error);
    g_assert_nonnull(self->state);
    self->actions = g_steal_pointer(&actions);
    return true;
}

/* What is told of one action, after its verb. */
static inline void
helper_describe_one(GString *text, const NskFlowAction *action)
{
    if (action->key != NULL)
        g_string_append_printf(text, " %s", action->key);
    else if (action->node != NULL)
        g_string_append_printf(text, " %s", action->node);
    if (action->positions != NULL) {
        g_autofree char *positions = g_strjoinv(" ", action->positions);

        g_string_append_printf(text, " [%s]", positions);
    }
    if (action->service != NULL)
        g_string_append_printf(text, " %s", action->service);
    if (action->reason != NULL)
        g_string_append_printf(text, " %s", action->reason);
    if (action->message != NULL && *action->message != '\0')
        g_string_append_printf(text, " %s", action->message);
    if (action->type == NSK_FLOW_ARM && action->arm == NSK_FLOW_REST_TIMER)
        g_string_append_printf(text, " %" G_GINT64_FORMAT, action->due / 1000000);
}

/* "close paraf#2; open tanda-tangan#3 [a b]; arm lewat#4 3600; end selesai completed". */
static inline char *
helper_describe(const GPtrArray *actions)
{
    static const char *const verbs[] = {
        [NSK_FLOW_OPEN_TASK] = "open",
        [NSK_FLOW_CLOSE_TASK] = "close",
        [NSK_FLOW_SERVICE] = "serve",
        [NSK_FLOW_END] = "end",
        [NSK_FLOW_ARM] = "arm",
        [NSK_FLOW_DISARM] = "disarm",
        [NSK_FLOW_THROW_MESSAGE] = "send",
        [NSK_FLOW_THROW_SIGNAL] = "shout",
        [NSK_FLOW_OPEN_INCIDENT] = "incident",
        [NSK_FLOW_CLOSE_INCIDENT] = "healed",
    };
    static const char *const hows[] = { "close", "cancel", "recall" };
    GString *text = g_string_new(NULL);

    for (guint i = 0; i < actions->len; i++) {
        const NskFlowAction *action = g_ptr_array_index(actions, i);

        g_string_append_printf(text, "%s%s", i > 0 ? "; " : "",
                               action->type == NSK_FLOW_CLOSE_TASK ? hows[action->how]
                                                                   : verbs[action->type]);
        helper_describe_one(text, action);
    }
    return g_string_free(text, FALSE);
}

static inline void
helper_expect(Instance *self, const NskFlowEvent *event, const char *facts, const char *wanted)
{
    g_autoptr(GError) error = NULL;

    helper_step(self, event, facts, &error);
    g_assert_no_error(error);

    g_autofree char *got = helper_describe(self->actions);
    g_assert_cmpstr(got, ==, wanted);
}
