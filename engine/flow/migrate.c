/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Migration: a state of one definition becomes a state of another.
 *
 * Every token and scope goes to the node that the plan names, or to its namesake in the process of
 * the same name.  It must be of the same kind there and lie in the scope that its own scope went
 * to. What is listened to goes along where the new definition listens to the same; what the new one
 * does not know is disarmed, and what it has more is armed as of now.
 *
 * 1. Nothing is moved unless all can be moved; what cannot is named, each once.
 * 2. An open task keeps its key unless its node has another id; then it is closed and opened again.
 */
#include "base/message.h"
#include "flow/step-private.h"

#include <string.h>

#define TAG "flow-migration"

typedef struct {
    const NskFlowMigration *plan;
    const NskFlowState *old; /* bound to plan->from */
    FlowRun *run;            /* on plan->to */
    NskIssues *issues;
    guint n_faults;
} Migration;

static void G_GNUC_PRINTF(2, 3) add_fault(Migration *self, const char *format, ...)
{
    const NskXmlDoc *doc = nsk_flow_process(self->plan->to, 0)->doc;
    const NskIssue place = { .tag = (char *)(uintptr_t)TAG,
                             .file = (char *)(uintptr_t)nsk_xml_doc_get_name(doc) };
    va_list args;

    va_start(args, format);
    g_autofree char *text = g_strdup_vprintf(format, args);
    va_end(args);
    nsk_issues_add(self->issues, &place, "%s", text);
    self->n_faults++;
}

static unsigned
find_process(const NskFlow *flow, const char *id)
{
    for (unsigned i = 1; i < flow->processes->len; i++) {
        if (strcmp(nsk_flow_process(flow, i)->id, id) == 0)
            return i;
    }
    return FLOW_NONE;
}

/* Where the node goes; FLOW_NONE. */
static unsigned
map_node(const Migration *self, unsigned index)
{
    const NskFlowMigration *plan = self->plan;
    const FlowNode *node = nsk_flow_node(plan->from, index);
    bool is_root = nsk_flow_level(plan->from, node->level)->process == 0;
    const char *id = node->task.id;

    for (size_t i = 0; i < plan->n_moves; i++) {
        if (strcmp(plan->moves[i].from, id) == 0) {
            id = plan->moves[i].to;
            break;
        }
    }
    return nsk_flow_node_index(plan->to, is_root ? 0 : find_process(plan->to, node->task.process),
                               id);
}

/* The flow of the same id into the new node, else the first. */
static unsigned
map_edge(const Migration *self, unsigned edge, const FlowNode *node)
{
    const char *id = nsk_flow_edge(self->plan->from, edge)->id;

    for (guint i = 0; i < node->in->len; i++) {
        unsigned index = g_array_index(node->in, unsigned, i);

        if (strcmp(nsk_flow_edge(self->plan->to, index)->id, id) == 0)
            return index;
    }
    return node->in->len > 0 ? g_array_index(node->in, unsigned, 0) : FLOW_NONE;
}

static void
move_item(Migration *self, FlowItem *item)
{
    const FlowNode *old = nsk_flow_node(self->plan->from, item->node);
    unsigned index = map_node(self, item->node);
    const FlowNode *node;

    if (index == FLOW_NONE) {
        add_fault(self,
                  nsk_tr("'%s' (%s) is at work and is not in the new definition; name in the plan "
                         "where it goes"),
                  old->task.id, old->task.name);
        return;
    }
    node = nsk_flow_node(self->plan->to, index);
    item->node = index;
    if (item->edge != FLOW_NONE)
        item->edge = map_edge(self, item->edge, node);
    if (node->kind != old->kind || node->about != old->about)
        add_fault(self, nsk_tr("'%s' is a %s and would become '%s', a %s; choose one of its kind"),
                  old->task.id, nsk_xml_name(old->element), node->task.id,
                  nsk_xml_name(node->element));
    else if (!nsk_flow_item_fits(self->run->state, item))
        add_fault(self,
                  nsk_tr("'%s' would become '%s', which lies in another sub-process or is repeated "
                         "in another way; choose one in the same place"),
                  old->task.id, node->task.id);
}

static void
move_items(Migration *self)
{
    GArray *items = self->run->state->items;

    for (guint i = 1; i < items->len; i++)
        move_item(self, &g_array_index(items, FlowItem, i));
    for (guint i = 0; i < self->run->state->done->len; i++) {
        FlowDone *done = &g_array_index(self->run->state->done, FlowDone, i);
        unsigned index = map_node(self, done->node);

        if (index == FLOW_NONE || !nsk_flow_is_activity(nsk_flow_node(self->plan->to, index)))
            add_fault(self,
                      nsk_tr("'%s' is done and may have to be compensated, and is not in the new "
                             "definition; name in the plan where it goes"),
                      nsk_flow_node(self->plan->from, done->node)->task.id);
        else
            done->node = index;
    }
}

/* An action about a node of the old definition. */
static void
tell_old(Migration *self, NskFlowActionType type, unsigned node, unsigned id)
{
    const NskFlow *flow = self->run->flow;

    self->run->flow = self->plan->from;
    nsk_flow_run_act_at(self->run, type, node, id)->how = NSK_FLOW_CANCELLED;
    self->run->flow = flow;
}

/* Drops the incident of what goes; it is told of by its old name. */
static void
drop_incident(Migration *self, unsigned id, unsigned old_node)
{
    if (nsk_flow_state_remove_incident(self->run->state, id))
        tell_old(self, NSK_FLOW_CLOSE_INCIDENT, old_node, id);
}

/* Subscriptions that stay; others are disarmed by their old names. */
static void
move_subs(Migration *self)
{
    GArray *subs = self->run->state->subs;

    for (guint i = subs->len; i > 0; i--) {
        FlowSub *sub = &g_array_index(subs, FlowSub, i - 1);
        const FlowNode *old = nsk_flow_node(self->plan->from, sub->node);
        unsigned old_index = sub->node;
        unsigned index = map_node(self, sub->node);
        const FlowNode *node = index != FLOW_NONE ? nsk_flow_node(self->plan->to, index) : NULL;

        if (node != NULL && node->kind == old->kind && node->about == old->about &&
            g_strcmp0(node->event_name, old->event_name) == 0 &&
            strcmp(node->task.id, old->task.id) == 0) {
            sub->node = index;
            if (nsk_flow_sub_fits(self->run->state, sub))
                continue;
        }
        drop_incident(self, sub->id, old_index);
        if (old->about != FLOW_ABOUT_CONDITION)
            tell_old(self, NSK_FLOW_DISARM, old_index, sub->id);
        g_array_remove_index(subs, i - 1);
    }
}

static bool
arm_missing(Migration *self, unsigned owner, unsigned node, GError **error)
{
    return nsk_flow_run_listens(self->run, owner, node) ||
           nsk_flow_run_arm(self->run, owner, node, error);
}

static bool
arm_boundary(Migration *self, const FlowItem *item, GError **error)
{
    NskFlowState *state = self->run->state;
    const FlowItem *scope = nsk_flow_state_item(state, item->scope);
    unsigned id = item->id;
    bool is_activity = item->kind == FLOW_AT_TASK || item->kind == FLOW_SCOPE_SUB ||
                       item->kind == FLOW_SCOPE_CALL || item->kind == FLOW_SCOPE_BODY;

    if (item->kind == FLOW_AT_EVENT &&
        nsk_flow_node(state->flow, item->node)->kind == FLOW_CATCH_EVENT)
        return arm_missing(self, id, item->node, error);
    if (!is_activity || scope->kind == FLOW_SCOPE_INSTANCE)
        return true;

    const GArray *boundary = nsk_flow_node(state->flow, item->node)->boundary;
    for (guint i = 0; i < boundary->len; i++) {
        if (!arm_missing(self, id, g_array_index(boundary, unsigned, i), error))
            return false;
    }
    return true;
}

static bool
arm_all(Migration *self, GError **error)
{
    guint count = self->run->state->items->len;

    for (guint i = 0; i < count; i++) {
        if (!nsk_flow_run_rearm(self->run, nsk_flow_item_at(self->run->state, i)->id, error))
            return false;
        if (i > 0 && !arm_boundary(self, nsk_flow_item_at(self->run->state, i), error))
            return false;
    }
    return true;
}

/* A task whose node has another id has another key. */
static bool
reopen(Migration *self, unsigned id, GError **error)
{
    NskFlowState *state = self->run->state;
    const FlowItem item = *nsk_flow_state_item(state, id);
    const FlowItem *old = nsk_flow_state_item(self->old, id);
    const char *old_name = nsk_flow_node(self->plan->from, old->node)->task.id;
    const FlowNode *node = nsk_flow_node(self->plan->to, item.node);
    FlowItem *new_item;

    if (strcmp(old_name, node->task.id) == 0)
        return true;
    tell_old(self, NSK_FLOW_CLOSE_TASK, old->node, id);
    drop_incident(self, id, old->node);
    new_item = nsk_flow_state_add_item(state, item.scope, item.node, item.kind);
    new_item->target = item.target;
    id = new_item->id;
    for (guint i = 0; i < state->subs->len; i++) {
        FlowSub *sub = &g_array_index(state->subs, FlowSub, i);

        if (sub->owner == item.id)
            sub->owner = id;
    }
    nsk_flow_state_remove_item(state, item.id);
    if (node->kind != FLOW_SERVICE_TASK)
        return nsk_flow_run_tell_task(self->run, id, error);
    nsk_flow_run_ask_service(self->run, nsk_flow_state_item(state, id));
    return true;
}

static bool
reopen_all(Migration *self, GError **error)
{
    for (guint i = 1; i < self->old->items->len; i++) {
        const FlowItem *item = nsk_flow_item_at(self->old, i);

        if (item->kind == FLOW_AT_TASK && !reopen(self, item->id, error))
            return false;
    }
    return true;
}

static bool
migrate(Migration *self, GError **error)
{
    NskFlowState *state = self->run->state;

    move_items(self);
    if (self->n_faults > 0) {
        g_set_error(error, NSK_ERROR, NSK_ERROR_INVALID,
                    nsk_tr("the workflow '%s' cannot go over to the new definition: %u things have "
                           "no place in it"),
                    nsk_flow_get_id(self->plan->from), self->n_faults);
        return false;
    }
    g_ref_string_release(state->process);
    state->process = g_ref_string_new(nsk_flow_get_id(self->plan->to));
    move_subs(self);
    return reopen_all(self, error) && arm_all(self, error) &&
           (state->suspended || nsk_flow_run_settle(self->run, error));
}

bool
nsk_flow_migrate(const NskFlowState *state,
                 const NskFlowMigration *migration,
                 NskIssues *issues,
                 NskFlowState **out_state,
                 GPtrArray **out_actions,
                 GError **error)
{
    const NskFlowEvent event = { .type = NSK_FLOW_FACTS };
    FlowRun run = { .flow = migration->to, .event = &event, .facts = migration->facts };
    g_autoptr(NskFlowState) old = nsk_flow_state_bind(state, migration->from, error);
    Migration self = { .plan = migration, .old = old, .run = &run, .issues = issues };
    bool ok;

    if (old == NULL)
        return false;
    if (old->end != NULL) {
        g_set_error(error, NSK_ERROR, NSK_ERROR_CONFLICT,
                    nsk_tr("the workflow '%s' is over (%s); read the letter again"),
                    nsk_flow_get_id(migration->from), old->end);
        return false;
    }
    nsk_flow_run_begin(&run);
    run.state = nsk_flow_state_copy(old);
    nsk_flow_unref(run.state->flow);
    run.state->flow = nsk_flow_ref((NskFlow *)(uintptr_t)migration->to);
    ok = migrate(&self, error);
    if (ok) {
        *out_state = g_steal_pointer(&run.state);
        *out_actions = g_steal_pointer(&run.actions);
    }
    nsk_flow_run_clear_up(&run);
    return ok;
}
