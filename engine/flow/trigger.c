/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Start events with a trigger: what an office listens to so that instances begin by themselves.
 */
#include "flow/flow-private.h"

static bool
is_trigger(const FlowNode *node)
{
    return node->about == FLOW_ABOUT_TIMER || node->about == FLOW_ABOUT_MESSAGE ||
           node->about == FLOW_ABOUT_SIGNAL;
}

/* The @index-th of them; NULL behind the last. */
static const FlowNode *
find_trigger(const NskFlow *self, size_t index)
{
    const GArray *starts = nsk_flow_level(self, 0)->starts;

    for (guint i = 0; i < starts->len; i++) {
        const FlowNode *node = nsk_flow_node(self, g_array_index(starts, unsigned, i));

        if (is_trigger(node) && index-- == 0)
            return node;
    }
    return NULL;
}

size_t
nsk_flow_get_n_triggers(const NskFlow *self)
{
    size_t count = 0;

    while (find_trigger(self, count) != NULL)
        count++;
    return count;
}

NskFlowTrigger
nsk_flow_get_trigger(const NskFlow *self, size_t index)
{
    const FlowNode *node = find_trigger(self, index);

    g_assert(node != NULL);
    return (NskFlowTrigger){
        .node = node->task.id,
        .type = node->about == FLOW_ABOUT_TIMER     ? NSK_FLOW_REST_TIMER
                : node->about == FLOW_ABOUT_MESSAGE ? NSK_FLOW_REST_MESSAGE
                                                    : NSK_FLOW_REST_SIGNAL,
        .name = node->event_name != NULL ? node->event_name : "",
    };
}

static bool
read_time(const NskFlow *self,
          const FlowNode *node,
          const NskFlowFacts *facts,
          FlowTime *out_time,
          GError **error)
{
    FlowSight sight = { .flow = self, .facts = facts, .outcome = "" };
    g_auto(NskXPathValue) value = { 0 };
    FlowTime time = node->timer->time;

    if (node->timer->expression != NULL) {
        if (!nsk_flow_evaluate(node->timer->expression, &sight, &value, error))
            return false;
        g_autofree char *text = nsk_xpath_value_text(&value);
        if (!nsk_flow_time_parse(node->timer->kind, g_strstrip(text), &time, error))
            return false;
    }
    time.working = node->timer->working;
    *out_time = time;
    return true;
}

bool
nsk_flow_trigger_due(const NskFlow *self,
                     size_t index,
                     NskInstant last,
                     const NskFlowFacts *facts,
                     NskInstant *out_due,
                     unsigned *out_missed,
                     GError **error)
{
    const FlowNode *node = find_trigger(self, index);
    FlowTime time;

    g_assert(node != NULL && node->about == FLOW_ABOUT_TIMER);
    if (!read_time(self, node, facts, &time, error))
        return false;
    *out_missed = 0;
    if (last == 0)
        return nsk_flow_time_first(&time, facts->now, facts, out_due, error);
    if (time.kind == FLOW_TIME_CYCLE && time.turns != 1)
        return nsk_flow_time_next(&time, last, facts, out_due, out_missed, error);
    *out_due = 0;
    return true;
}
