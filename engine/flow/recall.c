/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Recall: somebody takes back what he has just done, as long as nobody has touched what it led to.
 *
 * Known are the states before and after his step, and the present one.  What the step added must
 * still be there as it left it, and is taken away; what it took away comes back, where there is
 * still a place for it; what others did meanwhile stays.  So parallel branches do not stand in each
 * other's way.
 *
 * 1. What comes back has new ids, because keys are used once: its tasks are opened again.
 * 2. A step that asked for a service cannot be recalled: the service may have been carried out.
 */
#include "base/message.h"
#include "flow/step-private.h"

#include <string.h>

typedef struct {
    FlowRun *run;
    const NskFlowState *before;
    const NskFlowState *after;
    GHashTable *new_ids; /* of items and subscriptions that come back: old id -> new id */
} Recall;

static bool
set_touched(Recall *self, const char *why, GError **error)
{
    g_set_error(error, NSK_ERROR, NSK_ERROR_CONFLICT,
                nsk_tr("what was done in the workflow '%s' cannot be taken back any more: %s"),
                nsk_flow_get_id(self->run->flow), nsk_tr(why));
    return nsk_flow_run_fail(self->run, NSK_FLOW_FAULT_OTHER, FLOW_NONE);
}

static bool
same_item(const FlowItem *a, const FlowItem *b)
{
    return a != NULL && b != NULL && a->scope == b->scope && a->node == b->node &&
           a->kind == b->kind && a->edge == b->edge && a->total == b->total &&
           a->started == b->started && a->completed == b->completed &&
           a->terminated == b->terminated && a->target == b->target && a->mark == b->mark &&
           a->handled == b->handled;
}

static bool
same_variable(const FlowVariable *a, const FlowVariable *b)
{
    if (a == NULL || b == NULL)
        return a == b;
    return a->type == b->type && a->number == b->number && a->boolean == b->boolean &&
           a->kept == b->kept && a->absent == b->absent && g_strcmp0(a->text, b->text) == 0;
}

/* Everything that the step added stands as it was left, and none of it is a service. */
static bool
check_added(Recall *self, GError **error)
{
    const NskFlowState *now = self->run->state;

    for (guint i = 1; i < self->after->items->len; i++) {
        const FlowItem *item = nsk_flow_item_at(self->after, i);

        if (nsk_flow_state_item(self->before, item->id) != NULL)
            continue;
        if (!same_item(item, nsk_flow_state_item(now, item->id)))
            return set_touched(self, N_("somebody has gone on from there"), error);
        if (item->kind == FLOW_AT_TASK &&
            nsk_flow_node(self->run->flow, item->node)->kind == FLOW_SERVICE_TASK)
            return set_touched(self, N_("a service was asked for because of it"), error);
    }
    for (guint i = 0; i < self->after->subs->len; i++) {
        const FlowSub *sub = nsk_flow_sub_at(self->after, i);
        const FlowSub *there = nsk_flow_state_sub(now, sub->id);

        if (nsk_flow_state_sub(self->before, sub->id) == NULL &&
            (there == NULL || there->turn.due != sub->turn.due))
            return set_touched(self, N_("something that was waited for has come"), error);
    }
    return true;
}

/* What is before and after and now is not changed by the step or by others in a way that cannot be
 * put back: the bodies of multi-instances. */
static bool
check_kept(Recall *self, GError **error)
{
    const NskFlowState *now = self->run->state;

    for (guint i = 1; i < self->before->items->len; i++) {
        const FlowItem *item = nsk_flow_item_at(self->before, i);
        const FlowItem *left = nsk_flow_state_item(self->after, item->id);
        const FlowItem *there = nsk_flow_state_item(now, item->id);

        if (left != NULL && !same_item(item, left) && !same_item(left, there))
            return set_touched(self, N_("others have gone on beside it"), error);
        if (left == NULL && there != NULL)
            return set_touched(self, N_("the states do not belong together"), error);
    }
    return true;
}

static bool
check_variables(Recall *self, const NskFlowState *from, GError **error)
{
    for (guint i = 0; i < from->variables->len; i++) {
        const FlowVariable *variable = &g_array_index(from->variables, FlowVariable, i);
        const FlowVariable *before =
            nsk_flow_state_variable(self->before, variable->scope, variable->name);
        const FlowVariable *after =
            nsk_flow_state_variable(self->after, variable->scope, variable->name);

        if (!same_variable(before, after) &&
            !same_variable(
                after, nsk_flow_state_variable(self->run->state, variable->scope, variable->name)))
            return set_touched(self, N_("what it set has been set again"), error);
    }
    return true;
}

static bool
same_log(const NskFlowState *a, const NskFlowState *b)
{
    return a->done->len == b->done->len &&
           (a->done->len == 0 ||
            memcmp(a->done->data, b->done->data, a->done->len * sizeof(FlowDone)) == 0);
}

/* Compensation that the step logged or used up is only put back as a whole. */
static bool
check_log(Recall *self, GError **error)
{
    if (same_log(self->after, self->run->state) || same_log(self->before, self->after))
        return true;
    return set_touched(self, N_("others have gone on beside it"), error);
}

/* Leaves first: an item is behind its scope. */
static void
remove_added(Recall *self)
{
    FlowRun *run = self->run;

    for (guint i = self->after->subs->len; i > 0; i--) {
        unsigned id = nsk_flow_sub_at(self->after, i - 1)->id;

        if (nsk_flow_state_sub(self->before, id) == NULL)
            (void)nsk_flow_run_disarm(run, id);
    }
    for (guint i = self->after->items->len; i > 1; i--) {
        const FlowItem *item = nsk_flow_item_at(self->after, i - 1);

        if (nsk_flow_state_item(self->before, item->id) != NULL)
            continue;
        guint told = run->actions->len;
        nsk_flow_run_remove(run, item->id);
        for (; told < run->actions->len; told++) {
            NskFlowAction *action = g_ptr_array_index(run->actions, told);

            if (action->type == NSK_FLOW_CLOSE_TASK)
                action->how = NSK_FLOW_RECALLED;
        }
    }
}

static unsigned
new_id(const Recall *self, unsigned id)
{
    gpointer found = g_hash_table_lookup(self->new_ids, GUINT_TO_POINTER(id));

    return found != NULL ? GPOINTER_TO_UINT(found) : id;
}

static bool
reopen(Recall *self, const FlowItem *item, GError **error)
{
    FlowRun *run = self->run;
    const FlowNode *node = nsk_flow_node(run->flow, item->node);

    if (item->kind != FLOW_AT_TASK)
        return true;
    if (node->kind != FLOW_SERVICE_TASK)
        return nsk_flow_run_tell_task(run, item->id, error);
    nsk_flow_run_ask_service(run, item);
    return true;
}

/* Items in the order of ids, so that a scope comes back before what is in it. */
static bool
restore_items(Recall *self, GError **error)
{
    FlowRun *run = self->run;

    for (guint i = 1; i < self->before->items->len; i++) {
        FlowItem old = *nsk_flow_item_at(self->before, i);
        FlowItem *item;

        if (nsk_flow_state_item(self->after, old.id) != NULL) {
            item = nsk_flow_state_item(run->state, old.id);
            if (item != NULL && !same_item(&old, nsk_flow_state_item(self->after, old.id)))
                *item = old;
            continue;
        }
        if (nsk_flow_state_item(run->state, new_id(self, old.scope)) == NULL)
            return set_touched(self, N_("what it was part of is over"), error);
        item = nsk_flow_state_add_item(run->state, new_id(self, old.scope), old.node, old.kind);
        g_hash_table_insert(self->new_ids, GUINT_TO_POINTER(old.id), GUINT_TO_POINTER(item->id));
        old.id = item->id;
        old.scope = item->scope;
        old.target = new_id(self, old.target);
        *item = old;
        if (!reopen(self, &old, error))
            return false;
    }
    return true;
}

static void
restore_subs(Recall *self)
{
    NskFlowState *state = self->run->state;

    for (guint i = 0; i < self->before->subs->len; i++) {
        const FlowSub old = *nsk_flow_sub_at(self->before, i);
        FlowSub *sub;

        if (nsk_flow_state_sub(self->after, old.id) != NULL)
            continue;
        sub = nsk_flow_state_add_sub(state, new_id(self, old.owner), old.node);
        sub->turn = old.turn;
        sub->turns = old.turns;
        sub->was_true = old.was_true;
        nsk_flow_run_tell_sub(self->run, sub->id);
    }
}

static void
put_back(Recall *self, const FlowVariable *variable)
{
    const NskFlowVariable value = { .name = variable->name,
                                    .type = variable->type,
                                    .number = variable->number,
                                    .boolean = variable->boolean,
                                    .text = variable->text };

    if (variable->kept)
        nsk_flow_state_keep(self->run->state, new_id(self, variable->scope), value.name, variable);
    else
        nsk_flow_state_set(self->run->state, new_id(self, variable->scope), &value);
}

static void
restore_variables(Recall *self)
{
    NskFlowState *state = self->run->state;

    for (guint i = 0; i < self->before->variables->len; i++) {
        const FlowVariable *old = &g_array_index(self->before->variables, FlowVariable, i);

        if (!same_variable(old, nsk_flow_state_variable(self->after, old->scope, old->name)))
            put_back(self, old);
    }
    for (guint i = 0; i < self->after->variables->len; i++) {
        const FlowVariable *added = &g_array_index(self->after->variables, FlowVariable, i);
        const FlowVariable *there = nsk_flow_state_variable(state, added->scope, added->name);

        if (nsk_flow_state_variable(self->before, added->scope, added->name) == NULL &&
            there != NULL)
            nsk_flow_state_unset(state, there);
    }
}

/* An entry of a scope that has a new id needs one that is behind it, and takes its variables along.
 */
static void
renew_entry(Recall *self, FlowDone *entry)
{
    NskFlowState *state = self->run->state;
    unsigned old_id = entry->id;

    if (new_id(self, entry->scope) == entry->scope)
        return;
    entry->scope = new_id(self, entry->scope);
    entry->id = state->next++;
    g_hash_table_insert(self->new_ids, GUINT_TO_POINTER(old_id), GUINT_TO_POINTER(entry->id));
    for (guint i = 0; i < state->variables->len; i++) {
        FlowVariable *variable = &g_array_index(state->variables, FlowVariable, i);

        if (variable->scope == old_id)
            variable->scope = entry->id;
    }
}

/* A sub-process is logged behind what was logged in it, so its entry is renewed first. */
static void
restore_log(Recall *self)
{
    GArray *done = self->run->state->done;

    g_array_set_size(done, 0);
    if (self->before->done->len > 0)
        g_array_append_vals(done, self->before->done->data, self->before->done->len);
    for (guint i = done->len; i > 0; i--)
        renew_entry(self, &g_array_index(done, FlowDone, i - 1));
}

static bool
recall(Recall *self, GError **error)
{
    bool log_changed = !same_log(self->before, self->after);

    if (!check_added(self, error) || !check_kept(self, error) ||
        !check_variables(self, self->before, error) || !check_variables(self, self->after, error) ||
        !check_log(self, error))
        return false;
    remove_added(self);
    if (!restore_items(self, error))
        return false;
    restore_subs(self);
    restore_variables(self);
    if (log_changed)
        restore_log(self);
    return true;
}

bool
nsk_flow_run_recall(FlowRun *run, GError **error)
{
    g_autoptr(GHashTable) new_ids = g_hash_table_new(NULL, NULL);
    g_autoptr(NskFlowState) before = NULL;
    g_autoptr(NskFlowState) after = NULL;
    Recall self = { .run = run, .new_ids = new_ids };

    g_assert(run->event->before != NULL && run->event->after != NULL);
    before = nsk_flow_state_bind(run->event->before, run->flow, error);
    after = before != NULL ? nsk_flow_state_bind(run->event->after, run->flow, error) : NULL;
    if (after == NULL)
        return false;
    self.before = before;
    self.after = after;
    if (before->end != NULL || after->end != NULL)
        return set_touched(&self, N_("it was the last step of the workflow"), error);
    return recall(&self, error);
}
