/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What a called process knows of its caller, and gives back (BPMN 2.0.2, 10.3.6 and 10.4.2): data
 * are copied when the call begins and when it ends, and not shared in between.
 *
 * Nothing is copied as long as it stays the same.  When the caller sets a variable, the calls that
 * see it keep what it was first.
 *
 * 1. A call has a kept variable only of a name that it has not set itself; it is as the call found
 *    it, or absent if there was none.
 * 2. What is kept never comes out.
 */
#include "flow/step-private.h"

/* Whether the call sees that variable of the scope @scope, and has nothing of its own instead. */
static bool
looks_up(const FlowRun *self, const FlowItem *call, unsigned scope, const char *name)
{
    const FlowItem *item = call;

    while (item->id != scope) {
        if (nsk_flow_state_variable(self->state, item->id, name) != NULL ||
            !nsk_flow_run_sees_outside(self, item))
            return false;
        item = nsk_flow_state_item(self->state, item->scope);
    }
    return true;
}

/* A call in another call comes behind it, and sees what that one keeps. */
bool
nsk_flow_run_keep(FlowRun *self, unsigned scope, const char *name, GError **error)
{
    for (guint i = 1; i < self->state->items->len; i++) {
        const FlowItem *item = nsk_flow_item_at(self->state, i);

        if (item->kind != FLOW_SCOPE_CALL || item->id == scope ||
            !looks_up(self, item, scope, name))
            continue;
        if (!nsk_flow_run_has_room(self, 2, error))
            return false;
        const FlowVariable *value = nsk_flow_state_variable(self->state, scope, name);
        nsk_flow_state_keep(self->state, item->id, name, value);
    }
    return true;
}

bool
nsk_flow_run_map_out(FlowRun *self, unsigned call, GError **error)
{
    const FlowItem *item = nsk_flow_state_item(self->state, call);
    const FlowNode *node = nsk_flow_node(self->flow, item->node);
    unsigned scope = item->scope;

    for (guint i = 0; node->all_out && i < self->state->variables->len; i++) {
        const FlowVariable *own = &g_array_index(self->state->variables, FlowVariable, i);
        const NskFlowVariable variable = { .name = own->name,
                                           .type = own->type,
                                           .number = own->number,
                                           .boolean = own->boolean,
                                           .text = own->text };

        if (own->scope == call && !own->kept && !nsk_flow_run_set(self, scope, &variable, error))
            return false;
    }
    return nsk_flow_run_map(self, node->outputs, call, scope, item->node, error);
}
