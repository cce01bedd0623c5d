/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Whether a definition may be deployed (reference: workflow.md, section 6): what single elements
 * show, what expressions name, circles without a pause, then the token game of every level, and
 * last what no token ever came to.
 */
#include "base/message.h"
#include "flow/check-net-private.h"

#include <string.h>

#define MAX_STATES 65536
#define MAX_WORK   400000 /* token moves of a whole check, which take some 50 ms */

/* All outcomes that tasks have, each once; the first is that of what nobody decides. */
static void
list_outcomes(Checker *self)
{
    g_ptr_array_add(self->outcomes, (char *)(uintptr_t) "");
    for (unsigned i = 0; i < self->flow->nodes->len; i++) {
        const FlowNode *node = check_node(self, i);

        if (node->kind != FLOW_USER_TASK)
            continue;
        for (size_t k = 0; node->task.outcomes[k] != NULL; k++) {
            const char *outcome = node->task.outcomes[k];

            if (*outcome != '\0' && nsk_check_outcome(self, outcome) == 0)
                g_ptr_array_add(self->outcomes, (char *)(uintptr_t)outcome);
        }
    }
}

static void
init(Checker *self)
{
    size_t n_nodes = self->flow->nodes->len + 1;
    size_t n_levels = self->flow->levels->len + 1;

    self->found = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    self->outcomes = g_ptr_array_new();
    self->conditions = g_ptr_array_new_with_free_func(nsk_check_condition_free);
    self->condition_of = g_hash_table_new(NULL, NULL);
    self->summaries = g_hash_table_new_full(NULL, NULL, NULL, g_free);
    self->effects_in = g_new0(bool, n_levels);
    self->explored = g_new0(bool, n_levels);
    self->broken = g_new0(bool, n_levels);
    self->visited = g_new0(bool, n_nodes);
    self->effects = g_new0(uint8_t, n_nodes);
    self->ordinals = g_new0(uint8_t, n_nodes);
    self->lowest_busy = G_MAXUINT;
    self->pass = 1;
    self->work = MAX_WORK;
    self->max_states = self->options->max_states > 0 ? self->options->max_states : MAX_STATES;
}

static void
clear(Checker *self)
{
    nsk_check_free_throws(self);
    g_hash_table_unref(self->found);
    g_ptr_array_unref(self->outcomes);
    g_ptr_array_unref(self->conditions);
    g_hash_table_unref(self->condition_of);
    g_hash_table_unref(self->summaries);
    g_free(self->effects_in);
    g_free(self->explored);
    g_free(self->broken);
    g_free(self->visited);
    g_free(self->effects);
    g_free(self->ordinals);
}

/* Whether a token came to something that leads here, so that this is where it stops. */
static bool
is_first_dead(const Checker *self, const FlowNode *node)
{
    if (node->in->len == 0)
        return true;
    for (guint i = 0; i < node->in->len; i++) {
        const FlowEdge *edge = nsk_flow_edge(self->flow, g_array_index(node->in, unsigned, i));

        if (self->visited[edge->source])
            return true;
    }
    return false;
}

/* An event that nothing causes is superfluous rather than wrong. */
static void
tell_dead(Checker *self, unsigned index)
{
    const FlowNode *node = check_node(self, index);
    g_autofree char *name = nsk_check_name(self, index);
    CheckPlace place = { .node = index, .edge = FLOW_NONE, .tag = "flow-dead" };

    if (node->kind == FLOW_BOUNDARY_EVENT || node->kind == FLOW_EVENT_SUB_PROCESS) {
        place.severity = NSK_SEVERITY_WARNING;
        nsk_check_tell(self, &place,
                       nsk_tr("nothing in the workflow causes %s; take it away, or throw what it "
                              "waits for"),
                       name);
        return;
    }
    if (is_first_dead(self, node))
        nsk_check_tell(self, &place,
                       nsk_tr("nothing ever comes to %s, whatever is decided; correct the "
                              "conditions before it, or take it away"),
                       name);
}

void
nsk_check_dead(Checker *self)
{
    for (unsigned i = 0; i < self->flow->nodes->len; i++) {
        const FlowNode *node = check_node(self, i);

        if (self->visited[i] || !self->explored[node->level] || self->broken[node->level] ||
            nsk_check_is_apart(node))
            continue;
        tell_dead(self, i);
    }
}

bool
nsk_flow_check(const NskFlow *flow, const NskFlowCheck *options, NskIssues *issues)
{
    static const NskFlowCheck nothing = { .letter = false };
    Checker self = { .flow = flow,
                     .options = options != NULL ? options : &nothing,
                     .issues = issues };

    init(&self);
    list_outcomes(&self);
    nsk_check_find_conditions(&self);
    nsk_check_find_throws(&self);
    nsk_check_find_effects(&self);
    nsk_check_rules(&self);
    nsk_check_names(&self);
    nsk_check_circles(&self);
    (void)nsk_check_level(&self, 0, 0, NULL);
    nsk_check_dead(&self);
    clear(&self);
    return !self.failed;
}
