/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What people and senders do, and what instances throw and ask for (see simulate-world.c).
 */
#include "base/limits.h"
#include "base/message.h"
#include "flow/simulate-private.h"

#include <string.h>

static const NskFlowVariable *
variables_of(const SimStep *step)
{
    return (const NskFlowVariable *)(const void *)step->variables->data;
}

static SimStarter *
find_starter(const SimWorld *self, NskFlowRestType type, const char *name)
{
    for (guint i = 0; i < self->starters->len; i++) {
        SimStarter *starter = g_ptr_array_index(self->starters, i);
        NskFlowTrigger trigger = nsk_flow_get_trigger(starter->flow, starter->trigger);

        if (trigger.type == type && strcmp(trigger.name, name) == 0)
            return starter;
    }
    return NULL;
}

static void
observe(SimWorld *self, SimInstance *instance)
{
    if (self->observed == NULL)
        self->observed = instance;
}

/* What was thrown or asked for */

static SimWait *
find_named(const SimWorld *self,
           const SimInstance *instance,
           NskFlowRestType type,
           const char *name)
{
    for (guint i = 0; i < self->waits->len; i++) {
        SimWait *wait = g_ptr_array_index(self->waits, i);

        if (wait->type == type && (instance == NULL || wait->instance == instance) &&
            g_strcmp0(wait->name, name) == 0)
            return wait;
    }
    return NULL;
}

static bool
start_by(SimWorld *self, SimStarter *starter, const SimStep *step, GError **error)
{
    NskFlowTrigger trigger = nsk_flow_get_trigger(starter->flow, starter->trigger);
    NskFlowEvent event = { .type = NSK_FLOW_START, .node = trigger.node };

    if (step != NULL) {
        event.variables = variables_of(step);
        event.n_variables = step->variables->len;
    }
    SimInstance *instance = nsk_sim_start(self, starter->flow, &event, error);
    if (instance == NULL)
        return false;
    if (step == NULL || !step->flag)
        observe(self, instance);
    return true;
}

static bool
do_thrown_message(SimWorld *self, const char *name, GError **error)
{
    const NskFlowEvent event = { .type = NSK_FLOW_MESSAGE, .name = name };
    SimWait *wait = find_named(self, NULL, NSK_FLOW_REST_MESSAGE, name);
    NskFlowEvent keyed = event;

    if (wait != NULL) {
        keyed.key = wait->key;
        return nsk_sim_apply_alone(self, wait->instance, &keyed, wait->key, error);
    }
    SimStarter *starter = find_starter(self, NSK_FLOW_REST_MESSAGE, name);
    return starter == NULL || start_by(self, starter, NULL, error);
}

/* Those that listen as the signal is thrown: later ones do not hear it. */
static bool
broadcast(SimWorld *self,
          const char *name,
          const SimInstance *thrower,
          const SimStep *step,
          GError **error)
{
    NskFlowEvent event = { .type = NSK_FLOW_SIGNAL, .name = name };
    guint n_instances = self->instances->len;
    guint n_starters = self->starters->len;

    if (step != NULL) {
        event.variables = variables_of(step);
        event.n_variables = step->variables->len;
    }
    for (guint i = 0; i < n_instances; i++) {
        SimInstance *instance = g_ptr_array_index(self->instances, i);
        const SimWait *wait = find_named(self, instance, NSK_FLOW_REST_SIGNAL, name);

        if (instance != thrower && wait != NULL &&
            !nsk_sim_apply_alone(self, instance, &event, wait->key, error))
            return false;
    }
    for (guint i = 0; i < n_starters; i++) {
        SimStarter *starter = g_ptr_array_index(self->starters, i);
        NskFlowTrigger trigger = nsk_flow_get_trigger(starter->flow, starter->trigger);

        if (trigger.type == NSK_FLOW_REST_SIGNAL && strcmp(trigger.name, name) == 0 &&
            !start_by(self, starter, step, error))
            return false;
    }
    return true;
}

static bool
do_service(SimWorld *self, const SimPending *pending, GError **error)
{
    const char *code = g_hash_table_lookup(self->failing, pending->name);
    NskFlowEvent event = { .type = NSK_FLOW_SERVICE_DONE, .key = pending->key };

    if (nsk_sim_find_wait(self, pending->from, pending->key, NULL) == NULL)
        return true; /* given up before its turn came */
    if (code != NULL) {
        g_autofree char *kept = g_strdup(code);

        g_hash_table_remove(self->failing, pending->name);
        event.type = NSK_FLOW_SERVICE_FAILED;
        event.name = *kept != '\0' ? kept : NULL;
        nsk_sim_tell(self->simulation, nsk_tr("   #%u the service '%s' fails: %s"),
                     pending->from->number, pending->key, kept);
        return nsk_sim_apply_alone(self, pending->from, &event, pending->key, error);
    }
    return nsk_sim_apply_alone(self, pending->from, &event, pending->key, error);
}

static bool
drain(SimWorld *self, GError **error)
{
    SimPending *pending;

    while ((pending = g_queue_pop_head(self->pending)) != NULL) {
        bool good = true;

        switch (pending->type) {
        case SIM_PENDING_SERVICE:
            good = do_service(self, pending, error);
            break;
        case SIM_PENDING_MESSAGE:
            good = do_thrown_message(self, pending->name, error);
            break;
        case SIM_PENDING_SIGNAL:
            good = broadcast(self, pending->name, pending->from, NULL, error);
            break;
        }
        nsk_sim_pending_free(pending);
        if (!good)
            return false;
    }
    return true;
}

bool
nsk_sim_fire(SimWorld *self, SimWait *timer, GError **error)
{
    g_autofree char *key = g_strdup(timer->key);
    SimInstance *instance = timer->instance;
    const NskFlowEvent event = { .type = NSK_FLOW_TIMER, .key = key };
    g_autofree char *now = nsk_sim_format_time(self->now);

    nsk_sim_tell(self->simulation, nsk_tr("   #%u '%s' is due, at %s"), instance->number, key, now);
    return nsk_sim_apply_alone(self, instance, &event, key, error) && drain(self, error);
}

bool
nsk_sim_fire_starter(SimWorld *self, SimStarter *starter, GError **error)
{
    NskFlowFacts facts;

    nsk_sim_fill_facts(self, &facts);
    return nsk_flow_trigger_next(starter->flow, starter->trigger, &starter->next, &facts,
                                 &starter->next, error) &&
           start_by(self, starter, NULL, error) && drain(self, error);
}

/* Conditions are looked at again in all that lives. */
bool
nsk_sim_facts_changed(SimWorld *self, GError **error)
{
    const NskFlowEvent event = { .type = NSK_FLOW_FACTS };
    guint n = self->instances->len;

    for (guint i = 0; i < n; i++) {
        SimInstance *instance = g_ptr_array_index(self->instances, i);

        if (!nsk_flow_state_is_ended(instance->state) &&
            !nsk_sim_apply(self, instance, &event, error))
            return false;
    }
    return drain(self, error);
}

/* Acts */

static bool
act_start(SimWorld *self, const SimStep *step, GError **error)
{
    NskFlow *flow = step->text != NULL ? nsk_sim_models_find(self->models, step->text, error)
                                       : self->models->main;
    const NskFlowEvent event = { .type = NSK_FLOW_START,
                                 .variables = variables_of(step),
                                 .n_variables = step->variables->len };

    if (flow == NULL)
        return false;
    SimInstance *instance = nsk_sim_start(self, flow, &event, error);
    if (instance != NULL && !step->flag)
        observe(self, instance);
    return instance != NULL;
}

static bool
fail_unheard(SimWorld *self, GError **error, const char *sentence, const char *name)
{
    g_autofree char *text = g_strdup_printf("%s '%s'", sentence, name);

    self->fault = nsk_flow_fault_name(NSK_FLOW_FAULT_NO_SUBSCRIPTION);
    g_set_error_literal(error, NSK_ERROR, NSK_ERROR_CONFLICT, text);
    return false;
}

static bool
act_start_message(SimWorld *self, const SimStep *step, GError **error)
{
    SimStarter *starter = find_starter(self, NSK_FLOW_REST_MESSAGE, step->text);

    if (starter == NULL)
        return fail_unheard(self, error, nsk_tr("no process begins with the message"), step->text);
    return start_by(self, starter, step, error);
}

static SimWait *
find_task(const SimWorld *self, const char *node, bool observed)
{
    for (guint i = 0; i < self->waits->len; i++) {
        SimWait *wait = g_ptr_array_index(self->waits, i);

        if ((wait->type == NSK_FLOW_REST_USER || wait->type == NSK_FLOW_REST_RECEIVE) &&
            (wait->instance == self->observed) == observed && strcmp(wait->node, node) == 0)
            return wait;
    }
    return NULL;
}

/* The outcome, if it is one that the task knows; strangers' variables may have the same name. */
static const char *
allowed_outcome(const SimWait *wait, const char *outcome)
{
    const NskFlowTask *task = nsk_flow_find_task(wait->instance->flow, wait->node);

    if (task == NULL || task->outcomes == NULL || outcome == NULL)
        return NULL;
    return g_strv_contains(task->outcomes, outcome) ? outcome : NULL;
}

static bool
act_complete(SimWorld *self, const SimStep *step, GError **error)
{
    SimWait *wait = find_task(self, step->text, true);

    if (wait == NULL)
        wait = find_task(self, step->text, false);
    if (wait == NULL)
        return fail_unheard(self, error, nsk_tr("there is no open task"), step->text);
    g_autofree char *key = g_strdup(wait->key);
    const NskFlowEvent event = { .type = NSK_FLOW_COMPLETE,
                                 .key = key,
                                 .outcome = allowed_outcome(wait, step->outcome),
                                 .variables = variables_of(step),
                                 .n_variables = step->variables->len };
    return nsk_sim_apply(self, wait->instance, &event, error);
}

static bool
act_message(SimWorld *self, const SimStep *step, GError **error)
{
    SimWait *wait = find_named(self, NULL, NSK_FLOW_REST_MESSAGE, step->text);

    if (wait == NULL)
        return fail_unheard(self, error, nsk_tr("nobody waits for the message"), step->text);
    g_autofree char *key = g_strdup(wait->key);
    const NskFlowEvent event = { .type = NSK_FLOW_MESSAGE,
                                 .key = key,
                                 .name = step->text,
                                 .variables = variables_of(step),
                                 .n_variables = step->variables->len };
    return nsk_sim_apply(self, wait->instance, &event, error);
}

/* Each child takes the place of the fact of its name. */
static void
merge_facts(SimWorld *self, const SimStep *step)
{
    NskXmlNode *root;

    if (self->facts == NULL)
        self->facts = nsk_xml_doc_new(NULL, "facts");
    root = nsk_xml_doc_get_root(self->facts);
    for (NskXmlNode *child = nsk_xml_first(nsk_xml_doc_get_root(step->facts)); child != NULL;
         child = nsk_xml_next(child)) {
        NskXmlNode *old = nsk_flow_find_fact(root, nsk_xml_name(child));

        if (old != NULL)
            nsk_xml_remove(old);
        (void)nsk_xml_add_copy(root, child);
    }
}

static bool
act(SimWorld *self, const SimStep *step, GError **error)
{
    FlowTime time = step->time;
    NskFlowFacts facts;
    FlowTurn turn;

    switch (step->type) {
    case SIM_START:
        return act_start(self, step, error);
    case SIM_START_MESSAGE:
        return act_start_message(self, step, error);
    case SIM_COMPLETE:
        return act_complete(self, step, error);
    case SIM_MESSAGE:
        return act_message(self, step, error);
    case SIM_SIGNAL:
        return broadcast(self, step->text, NULL, step, error);
    case SIM_ADVANCE:
    case SIM_DOWNTIME:
        nsk_sim_fill_facts(self, &facts);
        if (!nsk_flow_time_first(&time, self->now, &facts, &turn, error))
            return false;
        if (step->type == SIM_ADVANCE)
            return nsk_sim_advance(self, turn.due, error);
        self->now = turn.due;
        return true;
    case SIM_FAIL_SERVICE:
        g_hash_table_insert(self->failing, g_strdup(step->text),
                            g_strdup(step->error != NULL ? step->error : ""));
        return true;
    case SIM_FACTS:
        return nsk_sim_facts_changed(self, error);
    case SIM_EXPECT_ACTIVE:
    case SIM_EXPECT_INCLUDES:
    case SIM_EXPECT_WAITING:
    case SIM_EXPECT_ENDED:
    case SIM_EXPECT_ERROR:
        break;
    }
    g_assert_not_reached();
}

bool
nsk_sim_act(SimWorld *self, const SimStep *step, GError **error)
{
    self->fault = NULL;
    self->left = NSK_LIMIT_SIMULATED_EVENTS;
    if (step->facts != NULL)
        merge_facts(self, step);
    if (act(self, step, error) && drain(self, error) && nsk_sim_advance(self, self->now, error))
        return true;
    g_queue_clear_full(self->pending, nsk_sim_pending_free);
    return false;
}
