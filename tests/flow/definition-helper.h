/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "flow/flow-private.h"

/* What the reader guarantees about every definition that it returns (flow-private.h): the step
 * relies on it without looking. */

static inline void
helper_check_edge(const NskFlow *flow, const FlowEdge *edge)
{
    g_assert_nonnull(edge->id);
    g_assert_cmpuint(edge->source, <, flow->nodes->len);
    g_assert_cmpuint(edge->target, <, flow->nodes->len);
    g_assert_cmpuint(nsk_flow_node(flow, edge->source)->level, ==,
                     nsk_flow_node(flow, edge->target)->level);
    g_assert_true(edge->condition != NULL || !edge->has_condition);
}

static inline void
helper_check_list(const GArray *list, unsigned limit)
{
    for (guint i = 0; i < list->len; i++) {
        g_assert_cmpuint(g_array_index(list, unsigned, i), <, limit);
        if (i > 0)
            g_assert_cmpuint(g_array_index(list, unsigned, i - 1), <,
                             g_array_index(list, unsigned, i));
    }
}

static inline bool
helper_is_event(const FlowNode *node)
{
    return node->kind <= FLOW_BOUNDARY_EVENT;
}

static inline bool
helper_is_thrown(const FlowNode *node)
{
    return node->kind == FLOW_END_EVENT || node->kind == FLOW_THROW_EVENT;
}

static inline void
helper_check_event(const NskFlow *flow, const FlowNode *node)
{
    g_assert_true((node->about == FLOW_ABOUT_TIMER) == (node->timer != NULL));
    g_assert_true((node->about == FLOW_ABOUT_CONDITION) == (node->condition != NULL));
    if (node->about == FLOW_ABOUT_MESSAGE || node->about == FLOW_ABOUT_SIGNAL ||
        node->about == FLOW_ABOUT_LINK)
        g_assert_nonnull(node->event_name);
    if (helper_is_thrown(node) &&
        (node->about == FLOW_ABOUT_ERROR || node->about == FLOW_ABOUT_ESCALATION))
        g_assert_nonnull(node->event_name);
    if (node->about == FLOW_ABOUT_ERROR && !helper_is_thrown(node))
        g_assert_true(node->interrupting);
    if (node->kind == FLOW_THROW_EVENT && node->about == FLOW_ABOUT_LINK)
        g_assert_cmpstr(nsk_flow_node(flow, node->partner)->event_name, ==, node->event_name);
    if (node->kind != FLOW_BOUNDARY_EVENT)
        return;

    const FlowNode *host = nsk_flow_node(flow, node->partner);
    g_assert_true(nsk_flow_is_activity(host));
    g_assert_cmpuint(host->level, ==, node->level);
    if (node->about == FLOW_ABOUT_COMPENSATION) {
        g_assert_cmpuint(host->handler, !=, FLOW_NONE);
        g_assert_true(nsk_flow_node(flow, host->handler)->compensates);
        g_assert_cmpuint(nsk_flow_node(flow, host->handler)->level, ==, node->level);
    }
}

static inline void
helper_check_activity(const NskFlow *flow, unsigned index, const FlowNode *node)
{
    const FlowLoop *loop = &node->loop;

    if (loop->type == FLOW_LOOP_PARALLEL || loop->type == FLOW_LOOP_SEQUENTIAL)
        g_assert_true((loop->cardinality != NULL) != (loop->collection != NULL));
    if (loop->type == FLOW_LOOP_STANDARD)
        g_assert_true(loop->condition != NULL || loop->maximum > 0);
    if (node->kind == FLOW_SERVICE_TASK)
        g_assert_nonnull(node->task.service);
    if (node->kind == FLOW_USER_TASK)
        g_assert_nonnull(node->outcomes[0]);
    if (node->kind == FLOW_SUB_PROCESS || node->kind == FLOW_EVENT_SUB_PROCESS)
        g_assert_cmpuint(nsk_flow_level(flow, node->body)->owner, ==, index);
    if (node->kind == FLOW_CALL_ACTIVITY)
        g_assert_cmpuint(nsk_flow_level(flow, node->body)->owner, ==, FLOW_NONE);
    if (node->kind == FLOW_EVENT_SUB_PROCESS) {
        const GArray *starts = nsk_flow_level(flow, node->body)->starts;

        g_assert_cmpuint(starts->len, ==, 1);
        g_assert_cmpint(nsk_flow_node(flow, g_array_index(starts, unsigned, 0))->about, !=,
                        FLOW_ABOUT_NONE);
        g_assert_cmpuint(node->in->len + node->out->len, ==, 0);
    }
}

static inline void
helper_check_node(const NskFlow *flow, unsigned index, const FlowNode *node)
{
    g_assert_cmpint(node->kind, !=, FLOW_UNSUPPORTED);
    g_assert_cmpuint(node->level, <, flow->levels->len);
    g_assert_cmpuint(
        nsk_flow_node_index(flow, nsk_flow_level(flow, node->level)->process, node->task.id), ==,
        index);
    helper_check_list(node->in, flow->edges->len);
    helper_check_list(node->out, flow->edges->len);
    helper_check_list(node->boundary, flow->nodes->len);
    if (node->default_edge != FLOW_NONE)
        g_assert_cmpuint(nsk_flow_edge(flow, node->default_edge)->source, ==, index);
    if (node->kind == FLOW_INCLUSIVE && node->in->len > 1)
        g_assert_cmpuint(node->reach->len, ==, node->in->len);
    if (helper_is_event(node))
        helper_check_event(flow, node);
    else
        helper_check_activity(flow, index, node);
}

static inline void
helper_check_definition(const NskFlow *flow)
{
    g_assert_cmpuint(flow->processes->len, >, 0);
    for (unsigned i = 0; i < flow->edges->len; i++)
        helper_check_edge(flow, nsk_flow_edge(flow, i));
    for (unsigned i = 0; i < flow->nodes->len; i++)
        helper_check_node(flow, i, nsk_flow_node(flow, i));
    for (unsigned i = 0; i < flow->levels->len; i++) {
        const FlowLevel *level = nsk_flow_level(flow, i);

        helper_check_list(level->starts, flow->nodes->len);
        helper_check_list(level->initial, flow->nodes->len);
        helper_check_list(level->handlers, flow->nodes->len);
        if (level->owner == FLOW_NONE)
            g_assert_cmpuint(level->starts->len + level->initial->len, >, 0);
    }
}
