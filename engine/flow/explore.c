/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The token game without data: what may happen next in a state, what becomes of it, and whether two
 * states are the same but for numbers.  The code is that of the step function, with a decider in
 * place of expressions.
 */
#include "flow/step-private.h"

#include <string.h>

static void
add_move(GArray *moves, NskFlowEventType type, unsigned id, unsigned node, const char *name)
{
    const FlowMove move = { .type = type, .id = id, .node = node, .name = name };

    g_array_append_val(moves, move);
}

static void
add_starts(GArray *moves, const NskFlow *flow)
{
    const FlowLevel *level = nsk_flow_level(flow, 0);

    for (guint i = 0; i < level->starts->len; i++)
        add_move(moves, NSK_FLOW_START, 0, g_array_index(level->starts, unsigned, i), NULL);
    if (level->starts->len == 0)
        add_move(moves, NSK_FLOW_START, 0, FLOW_NONE, NULL);
}

/* A service may fail with each code that somebody around it would catch. */
static void
add_failures(GArray *moves, const NskFlow *flow, const NskFlowState *state, const FlowItem *task)
{
    const FlowItem *item = task;

    for (; item->kind != FLOW_SCOPE_ROOT; item = nsk_flow_state_item(state, item->scope)) {
        const GArray *boundary = nsk_flow_node(flow, item->node)->boundary;

        for (guint i = 0; i < boundary->len; i++) {
            const FlowNode *node = nsk_flow_node(flow, g_array_index(boundary, unsigned, i));

            if (node->about == FLOW_ABOUT_ERROR)
                add_move(moves, NSK_FLOW_SERVICE_FAILED, task->id, task->node,
                         node->event_name != NULL ? node->event_name : "");
        }
    }
}

static void
add_item_moves(GArray *moves, const NskFlow *flow, const NskFlowState *state, const FlowItem *item)
{
    if (item->kind != FLOW_AT_TASK || nsk_flow_state_incident_of(state, item->id) != NULL)
        return;
    if (nsk_flow_node(flow, item->node)->kind != FLOW_SERVICE_TASK) {
        add_move(moves, NSK_FLOW_COMPLETE, item->id, item->node, NULL);
        return;
    }
    add_move(moves, NSK_FLOW_SERVICE_DONE, item->id, item->node, NULL);
    add_failures(moves, flow, state, item);
}

static void
add_sub_move(GArray *moves, const NskFlow *flow, const FlowSub *sub)
{
    const FlowNode *node = nsk_flow_node(flow, sub->node);

    if (node->about == FLOW_ABOUT_TIMER)
        add_move(moves, NSK_FLOW_TIMER, sub->id, sub->node, NULL);
    else if (node->about == FLOW_ABOUT_CONDITION)
        add_move(moves, NSK_FLOW_FACTS, sub->id, sub->node, NULL);
    else
        add_move(moves, node->about == FLOW_ABOUT_MESSAGE ? NSK_FLOW_MESSAGE : NSK_FLOW_SIGNAL,
                 sub->id, sub->node, node->event_name);
}

GArray *
nsk_flow_moves(const NskFlow *self, const NskFlowState *state)
{
    GArray *moves = g_array_new(FALSE, FALSE, sizeof(FlowMove));
    guint s = 0;

    if (state == NULL) {
        add_starts(moves, self);
        return moves;
    }
    g_assert(state->flow == self);
    for (guint i = 1; i < state->items->len; i++) {
        const FlowItem *item = nsk_flow_item_at(state, i);

        while (s < state->subs->len && nsk_flow_sub_at(state, s)->id < item->id)
            add_sub_move(moves, self, nsk_flow_sub_at(state, s++));
        add_item_moves(moves, self, state, item);
    }
    while (s < state->subs->len)
        add_sub_move(moves, self, nsk_flow_sub_at(state, s++));
    return moves;
}

static bool
fail_task(FlowRun *self, const FlowMove *move)
{
    bool caught = false;

    return nsk_flow_run_error(self, move->name, move->id, &caught, NULL);
}

static bool
make_move(FlowRun *self, const FlowMove *move)
{
    if (move->type == NSK_FLOW_START)
        return nsk_flow_run_open(self, 0, move->node, NULL);
    if (move->type == NSK_FLOW_SERVICE_FAILED)
        return fail_task(self, move);
    if (move->type == NSK_FLOW_SIGNAL)
        return nsk_flow_run_signal(self, move->name, NULL);
    if (nsk_flow_state_sub(self->state, move->id) != NULL)
        return nsk_flow_run_fire(self, move->id, NULL);
    return nsk_flow_run_complete(self, move->id, NULL);
}

bool
nsk_flow_play(const NskFlow *self,
              const NskFlowState *state,
              const FlowMove *move,
              const FlowDecider *decider,
              NskFlowState **out_state,
              NskFlowFault *out_fault)
{
    const NskFlowEvent event = { .type = move->type };
    const NskFlowFacts facts = { .simulated = true };
    FlowRun run = { .flow = self, .event = &event, .facts = &facts, .decider = decider };

    nsk_flow_run_begin(&run);
    run.state = nsk_flow_state_begin(self, state);

    bool ok = make_move(&run, move) && nsk_flow_run_settle(&run, NULL);
    if (ok)
        *out_state = g_steal_pointer(&run.state);
    else
        *out_fault = run.fault;
    if (!ok && run.fault.class == NSK_FLOW_FAULT_NONE)
        out_fault->class = NSK_FLOW_FAULT_OTHER;
    nsk_flow_run_clear_up(&run);
    return ok;
}

/* Shapes */

static int
compare_texts(gconstpointer a, gconstpointer b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* Joins texts in the order of their letters, so that the order of ids does not matter. */
static void
append_sorted(GString *out, GPtrArray *texts)
{
    g_ptr_array_sort(texts, compare_texts);
    for (guint i = 0; i < texts->len; i++)
        g_string_append_printf(out, "%s%s", i > 0 ? "," : "",
                               (const char *)g_ptr_array_index(texts, i));
}

static void
add_log(GPtrArray *texts, const NskFlowState *state, unsigned scope)
{
    GString *log = g_string_new("L");

    for (guint i = 0; i < state->done->len; i++) {
        const FlowDone *done = &g_array_index(state->done, FlowDone, i);

        if (done->scope != scope)
            continue;
        g_string_append_printf(log, "%u", done->node);
        g_autoptr(GPtrArray) inner = g_ptr_array_new_with_free_func(g_free);
        add_log(inner, state, done->id);
        g_string_append_c(log, '<');
        append_sorted(log, inner);
        g_string_append_c(log, '>');
    }
    g_ptr_array_add(texts, g_string_free(log, FALSE));
}

static void append_item(GString *out, const NskFlowState *state, const FlowItem *item);

static void
append_inside(GString *out, const NskFlowState *state, unsigned id)
{
    g_autoptr(GPtrArray) texts = g_ptr_array_new_with_free_func(g_free);

    for (guint i = 1; i < state->items->len; i++) {
        const FlowItem *item = nsk_flow_item_at(state, i);
        GString *text;

        if (item->scope != id)
            continue;
        text = g_string_new(NULL);
        append_item(text, state, item);
        g_ptr_array_add(texts, g_string_free(text, FALSE));
    }
    for (guint i = 0; i < state->subs->len; i++) {
        const FlowSub *sub = nsk_flow_sub_at(state, i);

        if (sub->owner == id)
            g_ptr_array_add(texts, g_strdup_printf("S%u:%d", sub->node, sub->turns));
    }
    if (state->done->len > 0)
        add_log(texts, state, id);
    append_sorted(out, texts);
}

static void
append_item(GString *out, const NskFlowState *state, const FlowItem *item)
{
    g_string_append_printf(out, "%u.%d", item->node, (int)item->kind);
    if (item->edge != FLOW_NONE)
        g_string_append_printf(out, "e%u", item->edge);
    if (item->kind == FLOW_SCOPE_BODY)
        g_string_append_printf(out, "b%u/%u/%u", item->total, item->started, item->completed);
    if (nsk_flow_state_incident_of(state, item->id) != NULL)
        g_string_append_c(out, '!');
    g_string_append_c(out, '(');
    append_inside(out, state, item->id);
    g_string_append_c(out, ')');
}

char *
nsk_flow_state_shape(const NskFlowState *self, G_GNUC_UNUSED const NskFlow *flow)
{
    GString *out = g_string_new(NULL);

    if (self->end != NULL)
        g_string_append(out, "end");
    else
        append_inside(out, self, 0);
    return g_string_free(out, FALSE);
}
