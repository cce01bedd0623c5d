/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * An engine without an office: it keeps instances, does what their steps ask for, and brings them
 * what people, senders and the clock say.
 *
 * 1. A state lives on as its JSON: after each step it is written and read again, as in an office.
 * 2. What an act asks for (a service, a message, a signal) is done in the order in which it was
 *    asked for, after the step that asked, before the next act.
 * 3. An act of a person or sender that cannot go on changes nothing.  Where nobody stands behind it
 *    (timers, services, signals, what was thrown) the failure becomes an incident.
 * 4. `waits` holds exactly what was opened or armed and not closed or disarmed.
 */
#include "base/limits.h"
#include "base/message.h"
#include "flow/simulate-private.h"

#include <string.h>

void
nsk_sim_pending_free(gpointer data)
{
    SimPending *self = data;

    g_free(self->key);
    g_free(self->name);
    g_free(self);
}

static void
wait_free(gpointer data)
{
    SimWait *self = data;

    g_free(self->key);
    g_free(self->node);
    g_free(self->name);
    g_free(self);
}

static void
instance_free(gpointer data)
{
    SimInstance *self = data;

    nsk_flow_state_unref(self->state);
    g_free(self);
}

void
nsk_sim_world_free(SimWorld *self)
{
    if (self == NULL)
        return;
    g_queue_free_full(self->pending, nsk_sim_pending_free);
    g_ptr_array_unref(self->waits);
    g_ptr_array_unref(self->starters);
    g_ptr_array_unref(self->instances);
    g_hash_table_unref(self->failing);
    g_clear_pointer(&self->tasks, nsk_json_unref);
    nsk_xml_doc_free(self->facts);
    g_free(self);
}

void
nsk_sim_tell(const NskFlowSimulation *simulation, const char *format, ...)
{
    va_list args;

    if (simulation->tell == NULL)
        return;
    va_start(args, format);
    g_autofree char *line = g_strdup_vprintf(format, args);
    va_end(args);
    simulation->tell(simulation->data, line);
}

/* 2026-01-05T01:00:00Z */
char *
nsk_sim_format_time(NskInstant at)
{
    g_autofree char *text = nsk_instant_format(at);

    return g_strdup_printf("%.19sZ", text);
}

void
nsk_sim_fill_facts(const SimWorld *self, NskFlowFacts *out_facts)
{
    NskFlowFacts facts = { .now = self->now,
                           .simulated = true,
                           .assigned = self->simulation->who != NULL };

    if (self->facts != NULL)
        facts.facts = nsk_xml_doc_get_root(self->facts);
    (void)nsk_date_at(self->now, "UTC", &facts.today, NULL);
    *out_facts = facts;
}

static bool
add_starters(SimWorld *self, NskFlow *flow, GError **error)
{
    NskFlowFacts facts;

    nsk_sim_fill_facts(self, &facts);
    for (size_t i = 0; i < nsk_flow_get_n_triggers(flow); i++) {
        SimStarter *starter = g_new0(SimStarter, 1);

        starter->flow = flow;
        starter->trigger = i;
        g_ptr_array_add(self->starters, starter);
        if (nsk_flow_get_trigger(flow, i).type == NSK_FLOW_REST_TIMER &&
            !nsk_flow_trigger_next(flow, i, NULL, &facts, &starter->next, error))
            return false;
    }
    return true;
}

SimWorld *
nsk_sim_world_new(SimModels *models,
                  const NskFlowSimulation *simulation,
                  NskInstant now,
                  GError **error)
{
    SimWorld *self = g_new0(SimWorld, 1);

    self->models = models;
    self->simulation = simulation;
    self->now = now;
    self->instances = g_ptr_array_new_with_free_func(instance_free);
    self->waits = g_ptr_array_new_with_free_func(wait_free);
    self->starters = g_ptr_array_new_with_free_func(g_free);
    self->pending = g_queue_new();
    if (simulation->who != NULL)
        self->tasks = nsk_json_array();
    self->failing = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
    for (guint i = 0; i < models->flows->len; i++) {
        if (!add_starters(self, g_ptr_array_index(models->flows, i), error)) {
            nsk_sim_world_free(self);
            return NULL;
        }
    }
    return self;
}

/* What actions say */

SimWait *
nsk_sim_find_wait(const SimWorld *self,
                  const SimInstance *instance,
                  const char *key,
                  guint *out_index)
{
    for (guint i = 0; i < self->waits->len; i++) {
        SimWait *wait = g_ptr_array_index(self->waits, i);

        if (wait->instance != instance || strcmp(wait->key, key) != 0)
            continue;
        if (out_index != NULL)
            *out_index = i;
        return wait;
    }
    return NULL;
}

static SimWait *
add_wait(SimWorld *self, SimInstance *instance, const NskFlowAction *action, NskFlowRestType type)
{
    SimWait *wait = g_new0(SimWait, 1);

    wait->instance = instance;
    wait->type = type;
    wait->key = g_strdup(action->key);
    wait->node = g_strdup(action->node);
    wait->name = g_strdup(action->message);
    wait->due = action->due;
    g_ptr_array_add(self->waits, wait);
    return wait;
}

static void
remove_wait(SimWorld *self, const SimInstance *instance, const char *key)
{
    guint index;

    if (nsk_sim_find_wait(self, instance, key, &index) != NULL)
        g_ptr_array_remove_index(self->waits, index);
}

static void
add_pending(SimWorld *self,
            SimInstance *instance,
            SimPendingType type,
            const char *key,
            const char *name)
{
    SimPending *pending = g_new0(SimPending, 1);

    pending->type = type;
    pending->from = instance;
    pending->key = g_strdup(key);
    pending->name = g_strdup(name);
    g_queue_push_tail(self->pending, pending);
}

static void
take_arm(SimWorld *self, SimInstance *instance, const NskFlowAction *action)
{
    SimWait *wait = nsk_sim_find_wait(self, instance, action->key, NULL);
    g_autofree char *due = NULL;

    if (wait != NULL)
        wait->due = action->due;
    else
        (void)add_wait(self, instance, action, action->arm);
    if (action->arm != NSK_FLOW_REST_TIMER) {
        nsk_sim_tell(self->simulation,
                     action->arm == NSK_FLOW_REST_MESSAGE
                         ? nsk_tr("   #%u '%s' waits for the message '%s'")
                         : nsk_tr("   #%u '%s' waits for the signal '%s'"),
                     instance->number, action->key, action->message);
        return;
    }
    due = nsk_sim_format_time(action->due);
    nsk_sim_tell(self->simulation, nsk_tr("   #%u '%s' waits for the clock, until %s"),
                 instance->number, action->key, due);
}

static void
tell_missed(SimWorld *self, const SimInstance *instance, const NskFlowAction *action)
{
    if (action->missed > 0)
        nsk_sim_tell(self->simulation, nsk_tr("   #%u '%s' passed over %u turns that nobody saw"),
                     instance->number, action->key, action->missed);
}

static void
take_close(SimWorld *self, SimInstance *instance, const NskFlowAction *action)
{
    static const char *const words[] = {
        [NSK_FLOW_DONE] = N_("is done"),
        [NSK_FLOW_CANCELLED] = N_("is given up"),
        [NSK_FLOW_RECALLED] = N_("is taken back"),
    };

    remove_wait(self, instance, action->key);
    nsk_sim_tell(self->simulation, "   #%u '%s' %s", instance->number, action->key,
                 nsk_tr(words[action->how]));
}

static void
take_throw(SimWorld *self, SimInstance *instance, const NskFlowAction *action)
{
    bool is_message = action->type == NSK_FLOW_THROW_MESSAGE;

    add_pending(self, instance, is_message ? SIM_PENDING_MESSAGE : SIM_PENDING_SIGNAL, NULL,
                action->message);
    nsk_sim_tell(self->simulation,
                 is_message ? nsk_tr("   #%u '%s' throws the message '%s'")
                            : nsk_tr("   #%u '%s' throws the signal '%s'"),
                 instance->number, action->node, action->message);
}

static void
set_stuck(SimWorld *self, SimInstance *instance, const char *key, bool stuck)
{
    SimWait *wait = nsk_sim_find_wait(self, instance, key, NULL);

    if (wait != NULL)
        wait->stuck = stuck;
}

static void
take_incident(SimWorld *self, SimInstance *instance, const NskFlowAction *action)
{
    set_stuck(self, instance, action->key, true);
    for (int i = NSK_FLOW_FAULT_OTHER; i <= NSK_FLOW_FAULT_DEADLOCK; i++) {
        if (g_strcmp0(action->reason, nsk_flow_fault_name((NskFlowFaultClass)i)) == 0)
            self->fault = nsk_flow_fault_name((NskFlowFaultClass)i);
    }
    nsk_sim_tell(self->simulation, nsk_tr("   #%u incident at '%s': %s"), instance->number,
                 action->node, action->reason);
}

/* Before whom a task is put. */
static void
take_positions(SimWorld *self, const SimInstance *instance, const NskFlowAction *action)
{
    for (size_t i = 0; action->positions != NULL && action->positions[i] != NULL; i++) {
        const char *position = action->positions[i];
        g_autofree char *who = self->simulation->who(self->simulation->data, position);
        NskJson *task = nsk_json_object();

        nsk_json_set_text(task, "key", action->key);
        nsk_json_set_text(task, "node", action->node);
        nsk_json_set_text(task, "position", position);
        nsk_json_set_text(task, "who", who);
        nsk_json_add(self->tasks, task);
        nsk_sim_tell(self->simulation, nsk_tr("   #%u '%s' is for %s: %s"), instance->number,
                     action->key, position, who);
    }
}

static void
take_action(SimWorld *self, SimInstance *instance, const NskFlowAction *action)
{
    switch (action->type) {
    case NSK_FLOW_OPEN_TASK:
        (void)add_wait(self, instance, action,
                       action->outcomes != NULL ? NSK_FLOW_REST_USER : NSK_FLOW_REST_RECEIVE);
        nsk_sim_tell(self->simulation, nsk_tr("   #%u '%s' is open"), instance->number,
                     action->key);
        if (self->tasks != NULL)
            take_positions(self, instance, action);
        break;
    case NSK_FLOW_SERVICE:
        (void)add_wait(self, instance, action, NSK_FLOW_REST_SERVICE);
        add_pending(self, instance, SIM_PENDING_SERVICE, action->key, action->node);
        break;
    case NSK_FLOW_CLOSE_TASK:
        take_close(self, instance, action);
        break;
    case NSK_FLOW_ARM:
        take_arm(self, instance, action);
        tell_missed(self, instance, action);
        break;
    case NSK_FLOW_DISARM:
        remove_wait(self, instance, action->key);
        nsk_sim_tell(self->simulation, nsk_tr("   #%u '%s' waits no longer"), instance->number,
                     action->key);
        tell_missed(self, instance, action);
        break;
    case NSK_FLOW_THROW_MESSAGE:
    case NSK_FLOW_THROW_SIGNAL:
        take_throw(self, instance, action);
        break;
    case NSK_FLOW_OPEN_INCIDENT:
        take_incident(self, instance, action);
        break;
    case NSK_FLOW_CLOSE_INCIDENT:
        set_stuck(self, instance, action->key, false);
        break;
    case NSK_FLOW_END:
        nsk_sim_tell(self->simulation, nsk_tr("   #%u has ended: %s"), instance->number,
                     action->reason);
        break;
    }
}

/* Steps */

static bool
spend_event(SimWorld *self, GError **error)
{
    if (self->left > 0) {
        self->left--;
        return true;
    }
    g_set_error(error, NSK_ERROR, NSK_ERROR_LIMIT,
                nsk_tr("more than %d events follow from one step of the scenario; is there a "
                       "circle without a person in it?"),
                NSK_LIMIT_SIMULATED_EVENTS);
    return false;
}

static NskFlowState *
write_and_read(const NskFlowState *state, GError **error)
{
    g_autofree char *json = nsk_flow_state_format(state);
    g_autoptr(NskFlowState) again = nsk_flow_state_parse(json, strlen(json), error);

    if (again == NULL)
        return NULL;
    g_autofree char *second = nsk_flow_state_format(again);
    if (strcmp(json, second) == 0)
        return g_steal_pointer(&again);
    g_set_error(error, NSK_ERROR, NSK_ERROR_INTERNAL,
                "the state is not the same once it is read again: %s, %s", json, second);
    return NULL;
}

/* One event of one instance. */
bool
nsk_sim_apply(SimWorld *self, SimInstance *instance, const NskFlowEvent *event, GError **error)
{
    NskFlowFacts facts;
    NskFlowFault fault = { 0 };
    g_autoptr(NskFlowState) state = NULL;
    g_autoptr(GPtrArray) actions = NULL;
    const NskFlowStep step = { .flow = instance->flow,
                               .state = instance->state,
                               .event = event,
                               .facts = &facts,
                               .fault = &fault };

    nsk_sim_fill_facts(self, &facts);
    if (!spend_event(self, error))
        return false;
    if (!nsk_flow_step(&step, &state, &actions, error)) {
        self->fault = nsk_flow_fault_name(
            fault.class != NSK_FLOW_FAULT_NONE ? fault.class : NSK_FLOW_FAULT_OTHER);
        return false;
    }
    NskFlowState *kept = write_and_read(state, error);
    if (kept == NULL)
        return false;
    nsk_flow_state_unref(instance->state);
    instance->state = kept;
    for (guint i = 0; i < actions->len; i++)
        take_action(self, instance, g_ptr_array_index(actions, i));
    return true;
}

/* A failure that is of the program or of the scenario's size, and no matter for an incident. */
static bool
is_beyond_help(const GError *error)
{
    return !g_error_matches(error, NSK_ERROR, NSK_ERROR_INVALID) &&
           !g_error_matches(error, NSK_ERROR, NSK_ERROR_CONFLICT);
}

/* Nobody stands behind the event: a failure becomes an incident at @key. */
bool
nsk_sim_apply_alone(SimWorld *self,
                    SimInstance *instance,
                    const NskFlowEvent *event,
                    const char *key,
                    GError **error)
{
    g_autoptr(GError) fault = NULL;
    g_autofree char *kept_key = g_strdup(key); /* of a wait that the event may remove */

    if (nsk_sim_apply(self, instance, event, &fault))
        return true;
    if (is_beyond_help(fault)) {
        g_propagate_error(error, g_steal_pointer(&fault));
        return false;
    }
    nsk_sim_tell(self->simulation, nsk_tr("   it fails: %s"), fault->message);
    const NskFlowEvent incident = { .type = NSK_FLOW_INCIDENT,
                                    .key = kept_key,
                                    .name = self->fault,
                                    .reason = fault->message };
    return nsk_sim_apply(self, instance, &incident, error);
}

/* A new instance; it is there only if it could start. */
SimInstance *
nsk_sim_start(SimWorld *self, NskFlow *flow, const NskFlowEvent *event, GError **error)
{
    SimInstance *instance;

    if (self->instances->len >= NSK_LIMIT_SIMULATED_INSTANCES) {
        g_set_error(error, NSK_ERROR, NSK_ERROR_LIMIT,
                    nsk_tr("there are %d instances; no more are simulated"),
                    NSK_LIMIT_SIMULATED_INSTANCES);
        return NULL;
    }
    instance = g_new0(SimInstance, 1);
    instance->number = self->instances->len + 1;
    instance->flow = flow;
    if (!nsk_sim_apply(self, instance, event, error)) {
        instance_free(instance);
        return NULL;
    }
    g_ptr_array_add(self->instances, instance);
    return instance;
}
