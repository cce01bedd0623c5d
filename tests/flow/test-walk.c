/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Random walks through every model of tests/flow/scenarios: whatever people, senders and the clock
 * do, in whatever order,
 *
 * 1. an act fails with a reason, or leads to a rest;
 * 2. what actions opened and closed is what the states wait for, and a state comes back from its
 *    JSON (the simulator looks after both);
 * 3. an instance that has not ended waits for something, and one that has ended for nothing.
 */
#include "flow/simulate-private.h"

#include <string.h>

#define WALKS     5
#define MAX_ACTS  30
#define MAX_WAITS 400 /* then a walk has seen enough */

static const char *const names[] = { "x",    "y",      "a",      "b",     "c",      "n",
                                     "ok",   "again",  "repeat", "legal", "budget", "outcome",
                                     "pass", "enough", "done",   "fail",  "more",   "approved",
                                     "to",   "t",      "level",  "stop",  "deep",   "amount",
                                     "wait", "yes",    "no",     "sum",   "kind",   "never" };

static const char *const texts[] = { "", "false", "approve", "return", "cross", "merge", "PT1H" };

static const char *const times[] = { "PT0S", "PT30M", "PT1H", "PT10H", "P1D", "P40D" };

typedef struct {
    char *folder;
    NskJson *scenario; /* of models and process only */
} Model;

static GBytes *
load_model(void *data, const char *name, G_GNUC_UNUSED GError **error)
{
    const Model *model = data;
    g_autofree char *path = g_build_filename(model->folder, name, NULL);
    char *text;
    gsize size;

    g_assert_true(g_file_get_contents(path, &text, &size, NULL));
    return g_bytes_new_take(text, size);
}

static NskFlowVariable
make_value(GRand *rand, const char *name)
{
    NskFlowVariable variable = { .name = name, .type = NSK_FLOW_BOOLEAN };

    switch (g_rand_int_range(rand, 0, 4)) {
    case 0:
        variable.type = NSK_FLOW_NUMBER;
        variable.number = g_rand_int_range(rand, 0, 4);
        break;
    case 1:
        variable.type = NSK_FLOW_TEXT;
        variable.text = texts[g_rand_int_range(rand, 0, G_N_ELEMENTS(texts))];
        break;
    default:
        variable.boolean = g_rand_boolean(rand);
    }
    return variable;
}

/* All names at the start, and now and then some later. */
static GArray *
make_variables(GRand *rand, bool all)
{
    GArray *variables = g_array_new(FALSE, TRUE, sizeof(NskFlowVariable));

    for (size_t i = 0; i < G_N_ELEMENTS(names); i++) {
        NskFlowVariable variable = make_value(rand, names[i]);

        if (all || g_rand_int_range(rand, 0, 6) == 0)
            g_array_append_val(variables, variable);
    }
    return variables;
}

static void
choose_wait(const SimWorld *world, GRand *rand, SimStep *step)
{
    const SimWait *wait;

    if (world->waits->len == 0)
        return;
    wait = g_ptr_array_index(world->waits, g_rand_int_range(rand, 0, (gint32)world->waits->len));
    if (wait->type == NSK_FLOW_REST_USER || wait->type == NSK_FLOW_REST_RECEIVE) {
        step->type = SIM_COMPLETE;
        step->text = wait->node;
    } else if (wait->type == NSK_FLOW_REST_MESSAGE || wait->type == NSK_FLOW_REST_SIGNAL) {
        step->type = wait->type == NSK_FLOW_REST_MESSAGE ? SIM_MESSAGE : SIM_SIGNAL;
        step->text = wait->name;
    }
}

/* A step that makes sense, most of the time. */
static void
choose_step(const SimWorld *world, GRand *rand, SimStep *out_step)
{
    SimStep step = { .type = SIM_ADVANCE,
                     .text = times[g_rand_int_range(rand, 0, G_N_ELEMENTS(times))] };
    int kind = g_rand_int_range(rand, 0, 10);

    if (kind == 0)
        step.type = SIM_DOWNTIME;
    else if (kind > 2)
        choose_wait(world, rand, &step);
    if (step.type == SIM_ADVANCE || step.type == SIM_DOWNTIME)
        g_assert_true(nsk_flow_time_parse(FLOW_TIME_DURATION, step.text, &step.time, NULL));
    step.variables = make_variables(rand, false);
    *out_step = step;
}

static void
check_world(const SimWorld *world)
{
    g_autoptr(GError) error = NULL;
    G_GNUC_UNUSED g_autoptr(GPtrArray) active = nsk_sim_active(world, &error);

    g_assert_no_error(error);
    for (guint i = 0; i < world->instances->len; i++) {
        const SimInstance *instance = g_ptr_array_index(world->instances, i);
        g_autoptr(GPtrArray) rests =
            nsk_flow_state_get_rests(instance->state, instance->flow, &error);

        g_assert_no_error(error);
        if (nsk_flow_state_is_ended(instance->state))
            g_assert_cmpuint(rests->len, ==, 0);
        else
            g_assert_cmpuint(rests->len, >, 0);
    }
}

static void
take_step(SimWorld *world, SimStep *step)
{
    g_autoptr(GError) error = NULL;

    if (!nsk_sim_act(world, step, &error)) {
        g_assert_false(g_error_matches(error, NSK_ERROR, NSK_ERROR_INTERNAL));
        g_assert_false(g_error_matches(error, NSK_ERROR, NSK_ERROR_CORRUPT));
    }
    check_world(world);
    g_array_unref(step->variables);
}

/* Something may still happen, and not too much. */
static bool
has_work(const SimWorld *world)
{
    return (world->waits->len > 0 || world->starters->len > 0) && world->waits->len < MAX_WAITS;
}

static void
walk(SimModels *models, const NskFlowSimulation *simulation, guint32 seed)
{
    g_autoptr(GRand) rand = g_rand_new_with_seed(seed);
    SimStep start = { .type = SIM_START, .variables = make_variables(rand, true) };
    NskInstant now = 0;
    g_autoptr(GError) error = NULL;

    g_assert_true(nsk_instant_parse("2026-01-05T01:00:00.000000Z", &now, NULL));
    SimWorld *world = nsk_sim_world_new(models, simulation, now, &error);
    g_assert_no_error(error);
    take_step(world, &start);
    for (int i = 0; i < MAX_ACTS && has_work(world); i++) {
        SimStep step;

        choose_step(world, rand, &step);
        take_step(world, &step);
    }
    nsk_sim_world_free(world);
}

static void
test_walks(gconstpointer data)
{
    Model *model = (Model *)(uintptr_t)data;
    const NskFlowSimulation simulation = { .scenario = model->scenario,
                                           .load = load_model,
                                           .data = model };
    SimModels *models = nsk_sim_models_new();
    g_autofree char *refused = NULL;
    g_autoptr(GError) error = NULL;

    g_assert_true(nsk_sim_models_load(models, &simulation, &refused, &error));
    g_assert_null(refused);
    g_assert_true(nsk_sim_models_deploy(models, model->scenario, &refused, &error));
    g_assert_null(refused);
    for (guint32 seed = 1; seed <= WALKS; seed++)
        walk(models, &simulation, seed);
    nsk_sim_models_free(models);
}

static void
model_free(gpointer data)
{
    Model *self = data;

    g_free(self->folder);
    nsk_json_unref(self->scenario);
    g_free(self);
}

static void
add_model(const char *folder, const char *name)
{
    g_autofree char *path = g_build_filename(folder, name, NULL);
    g_autofree char *group = g_path_get_basename(folder);
    g_autofree char *title = NULL;
    g_autofree char *text = NULL;
    gsize size;
    Model *model = g_new0(Model, 1);

    g_assert_true(g_file_get_contents(path, &text, &size, NULL));
    model->folder = g_strdup(folder);
    model->scenario = nsk_json_parse(text, size, NULL);
    title = g_strdup_printf("/walk/%s/%.*s", group, (int)(strlen(name) - strlen(".json")), name);
    g_test_add_data_func_full(title, model, test_walks, model_free);
}

static int
compare_names(gconstpointer a, gconstpointer b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* Sorted, so that walks are the same everywhere. */
static GPtrArray *
list_folder(const char *folder)
{
    GPtrArray *found = g_ptr_array_new_with_free_func(g_free);
    GDir *dir = g_dir_open(folder, 0, NULL);
    const char *name;

    while (dir != NULL && (name = g_dir_read_name(dir)) != NULL)
        g_ptr_array_add(found, g_strdup(name));
    g_clear_pointer(&dir, g_dir_close);
    g_ptr_array_sort(found, compare_names);
    return found;
}

int
main(int argc, char **argv)
{
    g_autofree char *root = g_build_filename(g_getenv("G_TEST_SRCDIR"), "flow", "scenarios", NULL);
    g_autoptr(GPtrArray) groups = list_folder(root);

    g_test_init(&argc, &argv, NULL);
    for (guint i = 0; i < groups->len; i++) {
        g_autofree char *folder = g_build_filename(root, g_ptr_array_index(groups, i), NULL);
        g_autoptr(GPtrArray) files = list_folder(folder);

        for (guint j = 0; j < files->len; j++) {
            const char *name = g_ptr_array_index(files, j);

            if (g_str_has_suffix(name, ".json") && strcmp(g_ptr_array_index(groups, i), "refuse"))
                add_model(folder, name);
        }
    }
    return g_test_run();
}
