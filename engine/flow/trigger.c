/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What begins instances by itself: start events of the process with a message, a signal or a timer
 * (BPMN 2.0.2, 10.5.2).
 */
#include "base/message.h"
#include "flow/flow-private.h"

static bool
is_trigger(const FlowNode *node)
{
    return node->about == FLOW_ABOUT_TIMER || node->about == FLOW_ABOUT_MESSAGE ||
           node->about == FLOW_ABOUT_SIGNAL;
}

/* NULL behind the last; *out_n counts them. */
static const FlowNode *
find_trigger(const NskFlow *self, size_t index, size_t *out_n)
{
    const FlowLevel *level = nsk_flow_level(self, nsk_flow_process(self, 0)->level);
    const FlowNode *found = NULL;
    size_t n = 0;

    for (guint i = 0; i < level->starts->len; i++) {
        const FlowNode *node = nsk_flow_node(self, g_array_index(level->starts, unsigned, i));

        if (!is_trigger(node))
            continue;
        if (n == index)
            found = node;
        n++;
    }
    *out_n = n;
    return found;
}

bool
nsk_flow_has_plain_start(const NskFlow *self)
{
    const FlowLevel *level = nsk_flow_level(self, nsk_flow_process(self, 0)->level);

    for (guint i = 0; i < level->starts->len; i++) {
        if (nsk_flow_node(self, g_array_index(level->starts, unsigned, i))->about ==
            FLOW_ABOUT_NONE)
            return true;
    }
    return level->starts->len == 0;
}

size_t
nsk_flow_get_n_triggers(const NskFlow *self)
{
    size_t n;

    (void)find_trigger(self, 0, &n);
    return n;
}

NskFlowTrigger
nsk_flow_get_trigger(const NskFlow *self, size_t index)
{
    size_t n;
    const FlowNode *node = find_trigger(self, index, &n);

    g_assert(node != NULL);
    if (node->about == FLOW_ABOUT_TIMER)
        return (NskFlowTrigger){ node->task.id, NSK_FLOW_REST_TIMER, "" };
    return (NskFlowTrigger){ node->task.id,
                             node->about == FLOW_ABOUT_MESSAGE ? NSK_FLOW_REST_MESSAGE
                                                               : NSK_FLOW_REST_SIGNAL,
                             node->event_name };
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
        if (!nsk_flow_time_parse(node->timer->kind, g_strstrip(text), &time, error)) {
            g_prefix_error(error, nsk_tr("the time of '%s': "), node->task.id);
            return false;
        }
    }
    time.working = node->timer->working;
    *out_time = time;
    return true;
}

/* What is left of the turns of a cycle, as nsk_flow_step() counts them. */
static void
count_turn(NskFlowTurn *turn, int left)
{
    if (left < 0)
        return;
    if (turn->missed >= (unsigned)left)
        *turn = (NskFlowTurn){ .missed = (unsigned)left };
    else
        turn->turns = left - 1 - (int)turn->missed;
}

bool
nsk_flow_trigger_next(const NskFlow *self,
                      size_t index,
                      const NskFlowTurn *last,
                      const NskFlowFacts *facts,
                      NskFlowTurn *out_turn,
                      GError **error)
{
    size_t n;
    const FlowNode *node = find_trigger(self, index, &n);
    FlowTurn at = { 0 };
    NskFlowTurn turn = { .turns = -1 };
    FlowTime time;

    g_assert(node != NULL && node->about == FLOW_ABOUT_TIMER);
    if (last != NULL && (last->due == 0 || last->turns == 0)) {
        *out_turn = (NskFlowTurn){ 0 };
        return true;
    }
    if (!read_time(self, node, facts, &time, error))
        return false;
    if (last == NULL) {
        if (!nsk_flow_time_first(&time, facts->now, facts, &at, error))
            return false;
        turn.turns = time.kind == FLOW_TIME_CYCLE ? MAX(time.turns - 1, -1) : 0;
    } else {
        at = (FlowTurn){ last->due, last->grid, last->nth };
        if (!nsk_flow_time_next(&time, facts, &at, &turn.missed, error))
            return false;
    }
    turn.due = at.due;
    turn.grid = at.grid;
    turn.nth = at.nth;
    if (last != NULL)
        count_turn(&turn, last->turns);
    *out_turn = turn;
    return true;
}
