/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A definition run from start to end again and again, in memory: what the step function can do when
 * nothing else is done.
 */
#include "base/message.h"
#include "flow/step-private.h"

#define MAX_ROUNDS 1000

/* The facts for each outcome, made once. */
typedef struct {
    const NskFlow *flow;
    NskFlowFacts facts;
    GHashTable *by_outcome; /* const char * -> NskXmlDoc */
} Drill;

static void
use_outcome(Drill *self, const NskFlowFacts *facts, const char *outcome)
{
    const char *key = outcome != NULL ? outcome : "";
    NskXmlDoc *doc = g_hash_table_lookup(self->by_outcome, key);

    if (facts->facts == NULL)
        return;
    if (doc == NULL) {
        doc = nsk_xml_doc_copy(facts->facts);
        NskXmlNode *root = nsk_xml_doc_get_root(doc);
        NskXmlNode *said = nsk_flow_find_fact(root, "outcome");

        nsk_xml_set_text(said != NULL ? said : nsk_xml_add(root, "", "outcome"), key);
        g_hash_table_insert(self->by_outcome, g_strdup(key), doc);
    }
    self->facts.facts = nsk_xml_doc_get_root(doc);
}

/* What to do about the first thing that was opened; false if there is none. */
static bool
find_next(const GPtrArray *actions, NskFlowEvent *event)
{
    for (guint i = 0; i < actions->len; i++) {
        const NskFlowAction *action = g_ptr_array_index(actions, i);

        if (action->type != NSK_FLOW_OPEN_TASK && action->type != NSK_FLOW_SERVICE)
            continue;
        event->type = action->type == NSK_FLOW_SERVICE ? NSK_FLOW_SERVICE_DONE : NSK_FLOW_COMPLETE;
        event->key = action->key;
        event->outcome = action->outcomes != NULL ? action->outcomes[0] : NULL;
        return true;
    }
    return false;
}

static bool
run_instance(Drill *self, const NskFlowFacts *facts, size_t *completions, GError **error)
{
    g_autoptr(NskFlowState) state = NULL;
    g_autoptr(GPtrArray) actions = NULL;
    NskFlowEvent event = { .type = NSK_FLOW_START };

    for (unsigned round = 0; round < MAX_ROUNDS; round++) {
        g_autoptr(NskFlowState) next = NULL;
        g_autoptr(GPtrArray) told = NULL;

        use_outcome(self, facts, event.outcome);
        const NskFlowStep step = { .flow = self->flow,
                                   .state = state,
                                   .event = &event,
                                   .facts = &self->facts };
        if (!nsk_flow_step(&step, &next, &told, error))
            return false;
        *completions += event.type == NSK_FLOW_COMPLETE;
        g_clear_pointer(&state, nsk_flow_state_unref);
        g_clear_pointer(&actions, g_ptr_array_unref);
        state = g_steal_pointer(&next);
        actions = g_steal_pointer(&told);
        if (nsk_flow_state_is_ended(state))
            return true;
        if (!find_next(actions, &event))
            break;
    }
    g_set_error(error, NSK_ERROR, NSK_ERROR_INVALID,
                nsk_tr("the workflow '%s' does not end by doing each task in turn"),
                nsk_flow_get_id(self->flow));
    return false;
}

static void
free_doc(gpointer data)
{
    nsk_xml_doc_free(data);
}

bool
nsk_flow_drill(const NskFlow *self,
               const NskFlowFacts *facts,
               size_t n_instances,
               size_t *out_completions,
               GError **error)
{
    g_autoptr(GHashTable) docs = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, free_doc);
    Drill drill = { .flow = self, .facts = *facts, .by_outcome = docs };
    size_t completions = 0;

    for (size_t i = 0; i < n_instances; i++) {
        if (!run_instance(&drill, facts, &completions, error))
            return false;
    }
    *out_completions = completions;
    return true;
}
