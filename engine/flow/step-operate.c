/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What people do to an instance from outside of the drawing: return to a stage, report that
 * something failed, try it again.
 */
#include "base/message.h"
#include "flow/step-private.h"

#include <string.h>

/* The innermost live scope around the task of the event's key that has the node in its level; any
 * live one, if no task is named. */
static bool
find_stage(FlowRun *self, unsigned *out_node, unsigned *out_scope, GError **error)
{
    const NskFlowEvent *event = self->event;
    const FlowItem *item = event->key != NULL ? nsk_flow_run_find(self, event->key, error) : NULL;
    guint count = self->state->items->len;

    if (event->key != NULL && item == NULL)
        return false;
    for (guint i = 0; event->node != NULL && i < count; i++) {
        const FlowItem *scope = item != NULL ? item : nsk_flow_item_at(self->state, i);
        unsigned level = nsk_flow_item_level(self->flow, scope);
        bool holds = level != FLOW_NONE && scope->kind != FLOW_SCOPE_BODY &&
                     scope->kind != FLOW_SCOPE_INSTANCE && scope->kind != FLOW_SCOPE_UNDO;
        unsigned node =
            holds ? nsk_flow_node_index(self->flow, nsk_flow_level(self->flow, level)->process,
                                        event->node)
                  : FLOW_NONE;

        if (node != FLOW_NONE && nsk_flow_node(self->flow, node)->level == level) {
            *out_node = node;
            *out_scope = scope->id;
            return true;
        }
        if (item != NULL && item->kind == FLOW_SCOPE_ROOT)
            break;
        if (item != NULL)
            item = nsk_flow_state_item(self->state, item->scope);
    }
    g_set_error(error, NSK_ERROR, NSK_ERROR_INVALID,
                nsk_tr("the workflow '%s' has no stage '%s' to return to where it stands"),
                nsk_flow_get_id(self->flow), event->node != NULL ? event->node : "");
    return nsk_flow_run_fail(self, NSK_FLOW_FAULT_OTHER, FLOW_NONE);
}

bool
nsk_flow_run_return(FlowRun *self, GError **error)
{
    unsigned node = FLOW_NONE;
    unsigned scope = 0;

    if (!find_stage(self, &node, &scope, error))
        return false;
    if (!nsk_flow_is_activity(nsk_flow_node(self->flow, node)) ||
        nsk_flow_node(self->flow, node)->compensates) {
        g_set_error(error, NSK_ERROR, NSK_ERROR_INVALID,
                    nsk_tr("'%s' is no task or sub-process, so that nobody can be sent back to "
                           "it"),
                    self->event->node);
        return nsk_flow_run_fail(self, NSK_FLOW_FAULT_OTHER, FLOW_NONE);
    }
    if (!nsk_flow_run_set_all(self, scope, error))
        return false;
    nsk_flow_run_clear(self, scope);
    nsk_flow_run_visit(self, node, FLOW_NONE, scope);
    return nsk_flow_run_rearm(self, scope, error);
}

/* The node of the item or subscription of that key; FLOW_NONE. */
static unsigned
find_node(const FlowRun *self, const char *key, unsigned *out_id)
{
    unsigned id = nsk_flow_key_id(key);
    const FlowItem *item = nsk_flow_state_item(self->state, id);
    const FlowSub *sub = nsk_flow_state_sub(self->state, id);
    unsigned node = item != NULL ? item->node : sub != NULL ? sub->node : FLOW_NONE;

    if (id == 0 || node == FLOW_NONE ||
        !nsk_flow_key_is(key, nsk_flow_node(self->flow, node)->task.id, id))
        return FLOW_NONE;
    *out_id = id;
    return node;
}

static bool
set_no_incident(FlowRun *self, GError **error)
{
    g_set_error(error, NSK_ERROR, NSK_ERROR_CONFLICT,
                nsk_tr("'%s' of the workflow '%s' is not waiting to be tried again"),
                self->event->key != NULL ? self->event->key : "", nsk_flow_get_id(self->flow));
    return nsk_flow_run_fail(self, NSK_FLOW_FAULT_NO_SUBSCRIPTION, FLOW_NONE);
}

bool
nsk_flow_run_report(FlowRun *self, GError **error)
{
    unsigned id = 0;
    unsigned node = find_node(self, self->event->key, &id);
    const char *name = self->event->name != NULL ? self->event->name : "other";
    NskFlowAction *action;

    if (node == FLOW_NONE || nsk_flow_state_incident_of(self->state, id) != NULL || *name == '\0' ||
        strlen(name) > 64 || !g_utf8_validate(name, -1, NULL)) {
        g_set_error(error, NSK_ERROR, NSK_ERROR_CONFLICT,
                    nsk_tr("'%s' is nothing that the workflow '%s' waits for without an incident"),
                    self->event->key != NULL ? self->event->key : "", nsk_flow_get_id(self->flow));
        return nsk_flow_run_fail(self, NSK_FLOW_FAULT_NO_SUBSCRIPTION, FLOW_NONE);
    }
    action = nsk_flow_run_act_at(self, NSK_FLOW_OPEN_INCIDENT, node, id);
    action->reason = g_strdup(name);
    action->message = g_strdup("");
    nsk_flow_state_add_incident(self->state, id, name, "");
    return true;
}

/* A timer that could not be obeyed is due still; what else is listened to still is. */
static void
retry_sub(FlowRun *self, FlowSub *sub)
{
    if (nsk_flow_node(self->flow, sub->node)->about != FLOW_ABOUT_TIMER)
        return;
    sub->turn.due = MIN(sub->turn.due, self->facts->now);
    (void)nsk_flow_run_tell_sub(self, sub->id);
}

bool
nsk_flow_run_retry(FlowRun *self, GError **error)
{
    unsigned id = 0;
    unsigned node = find_node(self, self->event->key, &id);

    if (node == FLOW_NONE || !nsk_flow_state_remove_incident(self->state, id))
        return set_no_incident(self, error);
    (void)nsk_flow_run_act_at(self, NSK_FLOW_CLOSE_INCIDENT, node, id);

    FlowSub *sub = nsk_flow_state_sub(self->state, id);
    if (sub != NULL) {
        retry_sub(self, sub);
        return true;
    }
    const FlowItem item = *nsk_flow_state_item(self->state, id);
    if (item.kind == FLOW_AT_TASK &&
        nsk_flow_node(self->flow, item.node)->kind == FLOW_SERVICE_TASK)
        nsk_flow_run_ask_service(self, &item);
    if (item.kind == FLOW_AT_FAULT) {
        nsk_flow_run_remove(self, id);
        nsk_flow_run_visit(self, item.node, FLOW_NONE, item.scope);
    }
    return true;
}
