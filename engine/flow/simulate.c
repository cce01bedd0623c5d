/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Simulation of workflows: a file of scenarios from its models to its result.  What its files hold
 * is in simulate-models.c, its steps are read in simulate-read.c, done in simulate-world.c and
 * simulate-act.c, and compared in simulate-expect.c.
 */
#include "flow/simulate.h"

#include "base/message.h"
#include "flow/simulate-private.h"

#include <string.h>

/* How a scenario ended. */
typedef struct {
    bool failed;
    guint step; /* index, if it failed */
    NskJson *expected;
    NskJson *got;
} Outcome;

static void
outcome_clear(Outcome *self)
{
    g_clear_pointer(&self->expected, nsk_json_unref);
    g_clear_pointer(&self->got, nsk_json_unref);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Outcome, outcome_clear)

static void
tell_step(const SimWorld *world, guint index, const SimStep *step)
{
    static const char *const words[] = {
        [SIM_START] = N_("start"),
        [SIM_START_MESSAGE] = N_("start by the message"),
        [SIM_COMPLETE] = N_("complete"),
        [SIM_MESSAGE] = N_("message"),
        [SIM_SIGNAL] = N_("signal"),
        [SIM_ADVANCE] = N_("the clock goes on by"),
        [SIM_DOWNTIME] = N_("nobody looks for"),
        [SIM_FAIL_SERVICE] = N_("the next service fails at"),
    };
    const char *text = step->text;

    if (step->type > SIM_FACTS)
        return;
    if (step->type == SIM_FACTS) {
        nsk_sim_tell(world->simulation, nsk_tr("%2u. the facts change"), index + 1);
        return;
    }
    if (text == NULL)
        text = nsk_flow_get_id(world->models->main);
    nsk_sim_tell(world->simulation, "%2u. %s %s", index + 1, nsk_tr(words[step->type]), text);
}

static NskJson *
text_json(const char *text)
{
    g_autoptr(NskJson) object = nsk_json_object();

    nsk_json_set_text(object, "text", text);
    return nsk_json_ref(nsk_json_get(object, "text"));
}

/* The act that failed may be what the next step expects. */
static bool
is_expected(const SimScenario *scenario, guint index)
{
    const SimStep *next =
        index + 1 < scenario->steps->len ? g_ptr_array_index(scenario->steps, index + 1) : NULL;

    return next != NULL && next->type == SIM_EXPECT_ERROR;
}

/* An act of the scenario; *out_failed if it ought not to have failed. */
static bool
run_act(SimWorld *world, const SimScenario *scenario, guint index, Outcome *outcome, GError **error)
{
    const SimStep *step = g_ptr_array_index(scenario->steps, index);
    g_autoptr(GError) fault = NULL;

    if (nsk_sim_act(world, step, &fault))
        return true;
    if (g_error_matches(fault, NSK_ERROR, NSK_ERROR_INTERNAL) ||
        g_error_matches(fault, NSK_ERROR, NSK_ERROR_CORRUPT)) {
        g_propagate_error(error, g_steal_pointer(&fault));
        return false;
    }
    nsk_sim_tell(world->simulation, nsk_tr("   it fails: %s"), fault->message);
    if (is_expected(scenario, index) && world->fault != NULL)
        return true;
    outcome->failed = true;
    outcome->step = index;
    outcome->expected = text_json(nsk_tr("no error"));
    outcome->got = text_json(fault->message);
    return true;
}

static bool
run_step(SimWorld *world,
         const SimScenario *scenario,
         guint index,
         Outcome *outcome,
         GError **error)
{
    const SimStep *step = g_ptr_array_index(scenario->steps, index);
    g_autoptr(GError) fault = NULL;

    tell_step(world, index, step);
    if (step->type <= SIM_FACTS)
        return run_act(world, scenario, index, outcome, error);
    if (nsk_sim_expect(world, step, &outcome->expected, &outcome->got, &fault))
        return true;
    if (fault != NULL) {
        g_propagate_error(error, g_steal_pointer(&fault));
        return false;
    }
    outcome->failed = true;
    outcome->step = index;
    return true;
}

static NskJson *
outcome_to_json(const char *name, size_t n_steps, const Outcome *outcome)
{
    NskJson *json = nsk_json_object();

    nsk_json_set_text(json, "name", name);
    nsk_json_set_bool(json, "ok", !outcome->failed);
    nsk_json_set_int(json, "steps", (int64_t)n_steps);
    if (outcome->failed)
        nsk_json_set_int(json, "failed_step", outcome->step);
    else
        nsk_json_set_text(json, "failed_step", NULL);
    if (outcome->expected != NULL)
        nsk_json_set(json, "expected", nsk_json_ref(outcome->expected));
    else
        nsk_json_set_text(json, "expected", NULL);
    if (outcome->got != NULL)
        nsk_json_set(json, "got", nsk_json_ref(outcome->got));
    else
        nsk_json_set_text(json, "got", NULL);
    return json;
}

static void
tell_outcome(const NskFlowSimulation *self, const Outcome *outcome)
{
    if (!outcome->failed) {
        nsk_sim_tell(self, "%s", nsk_tr("   all as expected"));
        return;
    }
    g_autofree char *expected = nsk_json_canonical(outcome->expected);
    g_autofree char *got = nsk_json_canonical(outcome->got);
    nsk_sim_tell(self, nsk_tr("   FAILED at step %u: expected %s, got %s"), outcome->step + 1,
                 expected, got);
}

static NskJson *
run_scenario(const NskFlowSimulation *self,
             SimModels *models,
             const SimScenario *scenario,
             GError **error)
{
    g_auto(Outcome) outcome = { 0 };
    NskJson *result;
    SimWorld *world = nsk_sim_world_new(models, self, scenario->now, error);

    if (world == NULL)
        return NULL;
    nsk_sim_tell(self, nsk_tr("Scenario '%s'"), scenario->name);
    for (guint i = 0; i < scenario->steps->len && !outcome.failed; i++) {
        if (!run_step(world, scenario, i, &outcome, error)) {
            g_prefix_error(error, nsk_tr("scenario '%s', step %u: "), scenario->name, i + 1);
            nsk_sim_world_free(world);
            return NULL;
        }
    }
    tell_outcome(self, &outcome);
    result = outcome_to_json(scenario->name, scenario->steps->len, &outcome);
    if (world->tasks != NULL)
        nsk_json_set(result, "tasks", nsk_json_ref(world->tasks));
    nsk_sim_world_free(world);
    return result;
}

static NskJson *
run_scenarios(const NskFlowSimulation *self,
              SimModels *models,
              const GPtrArray *scenarios,
              GError **error)
{
    g_autoptr(NskJson) list = nsk_json_array();
    NskJson *result;
    bool ok = true;

    for (guint i = 0; i < scenarios->len; i++) {
        NskJson *one = run_scenario(self, models, g_ptr_array_index(scenarios, i), error);

        if (one == NULL)
            return NULL;
        ok = ok && nsk_json_get_bool(one, "ok", false);
        nsk_json_add(list, one);
    }
    result = nsk_json_object();
    nsk_json_set_bool(result, "ok", ok);
    nsk_json_set(result, "scenarios", nsk_json_ref(list));
    return result;
}

/* Refusal was expected: is each word in what was said? */
static NskJson *
judge_refusal(const NskFlowSimulation *self, const GPtrArray *words, const char *refused)
{
    g_auto(Outcome) outcome = { 0 };
    NskJson *result = nsk_json_object();
    NskJson *list = nsk_json_array();
    g_autoptr(NskJson) expected = nsk_json_array();

    nsk_sim_tell(self, nsk_tr("The models are refused: %s"),
                 refused != NULL ? refused : nsk_tr("no, they are not"));
    outcome.failed = refused == NULL;
    for (guint i = 0; i < words->len; i++) {
        const char *word = g_ptr_array_index(words, i);

        nsk_json_add_text(expected, word);
        outcome.failed = outcome.failed || strstr(refused, word) == NULL;
    }
    if (outcome.failed) {
        outcome.expected = nsk_json_ref(expected);
        outcome.got = text_json(refused != NULL ? refused : nsk_tr("not refused"));
    }
    tell_outcome(self, &outcome);
    nsk_json_add(list, outcome_to_json("refuse", 1, &outcome));
    nsk_json_set_bool(result, "ok", !outcome.failed);
    nsk_json_set(result, "scenarios", list);
    return result;
}

static NskJson *
tell_refusal(const NskFlowSimulation *self, const char *refused)
{
    NskJson *result = nsk_json_object();

    nsk_sim_tell(self, nsk_tr("The models are refused: %s"), refused);
    nsk_json_set_bool(result, "ok", false);
    nsk_json_set_text(result, "refused", refused);
    nsk_json_set(result, "scenarios", nsk_json_array());
    return result;
}

static NskJson *
simulate(const NskFlowSimulation *self, SimModels *models, GError **error)
{
    g_autoptr(GPtrArray) scenarios = nsk_sim_read(self->scenario, error);
    g_autoptr(GPtrArray) words = NULL;
    g_autofree char *refused = NULL;

    if (scenarios == NULL || !nsk_sim_read_refuse(self->scenario, &words, error) ||
        !nsk_sim_models_load(models, self, &refused, error))
        return NULL;
    if (refused == NULL && !nsk_sim_models_deploy(models, self->scenario, &refused, error))
        return NULL;
    if (words != NULL)
        return judge_refusal(self, words, refused);
    if (refused != NULL)
        return tell_refusal(self, refused);
    return run_scenarios(self, models, scenarios, error);
}

NskJson *
nsk_flow_simulate(const NskFlowSimulation *self, GError **error)
{
    SimModels *models = nsk_sim_models_new();
    NskJson *result = NULL;

    if (nsk_json_type(self->scenario) == NSK_JSON_OBJECT)
        result = simulate(self, models, error);
    else
        g_set_error(error, NSK_ERROR, NSK_ERROR_INVALID, "%s",
                    nsk_tr("the scenario file holds no JSON object"));
    nsk_sim_models_free(models);
    return result;
}
