/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Reading the steps of scenarios: all of a file before any of it runs, so that a slip of the pen at
 * the end is told at once.
 */
#include "base/limits.h"
#include "base/message.h"
#include "flow/simulate-private.h"

#include <string.h>

/* Monday, 08.00 in Jakarta. */
#define DEFAULT_NOW "2026-01-05T01:00:00.000000Z"

typedef enum { VALUE_TEXT, VALUE_TEXT_OR_NULL, VALUE_TIME, VALUE_IDS, VALUE_BOOL, VALUE_XML } Value;

typedef struct {
    const char *key;
    SimStepType type;
    Value value;
    const char *others; /* keys that may stand beside it, each between blanks */
} StepKind;

static const StepKind kinds[] = {
    { "start", SIM_START, VALUE_TEXT_OR_NULL, " vars other facts " },
    { "start_message", SIM_START_MESSAGE, VALUE_TEXT, " vars other facts " },
    { "complete", SIM_COMPLETE, VALUE_TEXT, " vars facts " },
    { "message", SIM_MESSAGE, VALUE_TEXT, " vars facts " },
    { "signal", SIM_SIGNAL, VALUE_TEXT, " vars facts " },
    { "advance_timer", SIM_ADVANCE, VALUE_TIME, " facts " },
    { "downtime", SIM_DOWNTIME, VALUE_TIME, " facts " },
    { "fail_service", SIM_FAIL_SERVICE, VALUE_TEXT, " error " },
    { "expect_active", SIM_EXPECT_ACTIVE, VALUE_IDS, " " },
    { "expect_active_includes", SIM_EXPECT_INCLUDES, VALUE_IDS, " " },
    { "expect_waiting", SIM_EXPECT_WAITING, VALUE_IDS, " " },
    { "expect_ended", SIM_EXPECT_ENDED, VALUE_BOOL, " " },
    { "expect_error", SIM_EXPECT_ERROR, VALUE_TEXT, " " },
    { "facts", SIM_FACTS, VALUE_XML, " " }, /* last: it may stand beside others */
};

static void
step_free(gpointer data)
{
    SimStep *self = data;

    g_clear_pointer(&self->ids, g_ptr_array_unref);
    g_clear_pointer(&self->variables, g_array_unref);
    g_clear_pointer(&self->facts, nsk_xml_doc_free);
    g_free(self);
}

void
nsk_sim_scenario_free(SimScenario *self)
{
    if (self == NULL)
        return;
    g_clear_pointer(&self->steps, g_ptr_array_unref);
    g_free(self);
}

static void
scenario_free(gpointer data)
{
    nsk_sim_scenario_free(data);
}

static bool
fail(GError **error, const char *sentence, const char *what)
{
    g_autofree char *text = g_strdup_printf("\"%s\" %s", what, sentence);

    g_set_error_literal(error, NSK_ERROR, NSK_ERROR_INVALID, text);
    return false;
}

static bool
has(const NskJson *json, const char *key)
{
    return nsk_json_get(json, key) != NULL;
}

static bool
is_array(const NskJson *json)
{
    return json != NULL && nsk_json_type(json) == NSK_JSON_ARRAY;
}

static bool
is_object(const NskJson *json)
{
    return json != NULL && nsk_json_type(json) == NSK_JSON_OBJECT;
}

static const StepKind *
find_kind(const NskJson *json)
{
    for (size_t i = 0; i < G_N_ELEMENTS(kinds); i++) {
        if (has(json, kinds[i].key))
            return &kinds[i];
    }
    return NULL;
}

static int
compare_ids(gconstpointer a, gconstpointer b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static GPtrArray *
read_texts(const NskJson *json, const char *key, GError **error)
{
    NskJson *list = nsk_json_get(json, key);
    g_autoptr(GPtrArray) texts = g_ptr_array_new();

    if (!is_array(list)) {
        (void)fail(error, nsk_tr("is no list; write [\"id\", ...]"), key);
        return NULL;
    }
    for (size_t i = 0; i < nsk_json_length(list); i++) {
        const char *text = nsk_json_text_at(list, i);

        if (text == NULL) {
            (void)fail(error, nsk_tr("has an entry that is no text"), key);
            return NULL;
        }
        g_ptr_array_add(texts, (gpointer)(uintptr_t)text);
    }
    g_ptr_array_sort(texts, compare_ids);
    return g_steal_pointer(&texts);
}

static bool
read_facts(const NskJson *json, SimStep *step, GError **error)
{
    const char *text = nsk_json_get_text(json, "facts");

    if (text == NULL)
        return fail(error, nsk_tr("is no text; write \"<facts>...</facts>\""), "facts");
    step->facts = nsk_xml_parse("facts", text, strlen(text), error);
    return step->facts != NULL;
}

static bool
read_variable(const NskJson *vars, const char *name, NskFlowVariable *out, GError **error)
{
    NskFlowVariable variable = { .name = name };

    switch (nsk_json_type(nsk_json_get(vars, name))) {
    case NSK_JSON_TEXT:
        variable.type = NSK_FLOW_TEXT;
        variable.text = nsk_json_get_text(vars, name);
        break;
    case NSK_JSON_NUMBER:
        variable.type = NSK_FLOW_NUMBER;
        variable.number = nsk_json_get_real(vars, name, 0);
        break;
    case NSK_JSON_BOOL:
        variable.type = NSK_FLOW_BOOLEAN;
        variable.boolean = nsk_json_get_bool(vars, name, false);
        break;
    case NSK_JSON_NULL:
    case NSK_JSON_ARRAY:
    case NSK_JSON_OBJECT:
        return fail(error, nsk_tr("is neither a number nor a text nor true or false"), name);
    }
    *out = variable;
    return true;
}

static bool
read_variables(const NskJson *json, SimStep *step, GError **error)
{
    NskJson *vars = nsk_json_get(json, "vars");
    g_autoptr(GPtrArray) names = NULL;

    step->variables = g_array_new(FALSE, TRUE, sizeof(NskFlowVariable));
    if (!has(json, "vars"))
        return true;
    if (!is_object(vars))
        return fail(error, nsk_tr("is no object; write {\"name\": value}"), "vars");
    names = nsk_json_keys(vars);
    for (guint i = 0; i < names->len; i++) {
        NskFlowVariable variable;

        if (!read_variable(vars, g_ptr_array_index(names, i), &variable, error))
            return false;
        g_array_append_val(step->variables, variable);
    }
    step->outcome = nsk_json_get_text(vars, "outcome");
    return true;
}

static bool
is_allowed_beside(const StepKind *kind, const char *key)
{
    g_autofree char *word = g_strconcat(" ", key, " ", NULL);

    return strcmp(kind->key, key) == 0 || strstr(kind->others, word) != NULL;
}

static bool
check_keys(const NskJson *json, const StepKind *kind, GError **error)
{
    g_autoptr(GPtrArray) keys = nsk_json_keys(json);

    for (guint i = 0; i < keys->len; i++) {
        const char *key = g_ptr_array_index(keys, i);

        if (is_allowed_beside(kind, key))
            continue;
        g_set_error(error, NSK_ERROR, NSK_ERROR_INVALID,
                    nsk_tr("\"%s\" has no meaning beside \"%s\"; correct or remove it"), key,
                    kind->key);
        return false;
    }
    return true;
}

static bool
read_text(const NskJson *json, const StepKind *kind, SimStep *step, GError **error)
{
    step->text = nsk_json_get_text(json, kind->key);
    if (step->text != NULL || (kind->value == VALUE_TEXT_OR_NULL &&
                               nsk_json_type(nsk_json_get(json, kind->key)) == NSK_JSON_NULL))
        return true;
    return fail(error,
                kind->value == VALUE_TEXT_OR_NULL ? nsk_tr("is neither a text nor null")
                                                  : nsk_tr("is no text"),
                kind->key);
}

static bool
read_value(const NskJson *json, const StepKind *kind, SimStep *step, GError **error)
{
    switch (kind->value) {
    case VALUE_TEXT:
    case VALUE_TEXT_OR_NULL:
        return read_text(json, kind, step, error);
    case VALUE_TIME:
        return read_text(json, kind, step, error) &&
               nsk_flow_time_parse(FLOW_TIME_DURATION, step->text, &step->time, error);
    case VALUE_IDS:
        step->ids = read_texts(json, kind->key, error);
        return step->ids != NULL;
    case VALUE_BOOL:
        step->flag = nsk_json_get_bool(json, kind->key, false);
        return nsk_json_type(nsk_json_get(json, kind->key)) == NSK_JSON_BOOL ||
               fail(error, nsk_tr("is neither true nor false"), kind->key);
    case VALUE_XML:
        break;
    }
    return true; /* facts are read for every kind */
}

static bool
check_class(const SimStep *step, GError **error)
{
    if (step->type != SIM_EXPECT_ERROR)
        return true;
    for (int i = NSK_FLOW_FAULT_OTHER; i <= NSK_FLOW_FAULT_DEADLOCK; i++) {
        if (strcmp(step->text, nsk_flow_fault_name((NskFlowFaultClass)i)) == 0)
            return true;
    }
    g_set_error(error, NSK_ERROR, NSK_ERROR_INVALID,
                nsk_tr("there is no class of errors '%s'; there are no_flow, undefined_variable, "
                       "no_subscription, no_none_start and others of the manual"),
                step->text);
    return false;
}

static bool
read_flags(const NskJson *json, const StepKind *kind, SimStep *step, GError **error)
{
    step->error = nsk_json_get_text(json, "error");
    if (step->type == SIM_START || step->type == SIM_START_MESSAGE)
        step->flag = nsk_json_get_bool(json, "other", false);
    if (has(json, "other") && nsk_json_type(nsk_json_get(json, "other")) != NSK_JSON_BOOL)
        return fail(error, nsk_tr("is neither true nor false"), "other");
    if (kind->type != SIM_FACTS && !has(json, "facts"))
        return true;
    return read_facts(json, step, error);
}

static bool
read_step(const NskJson *json, SimStep *step, GError **error)
{
    const StepKind *kind = is_object(json) ? find_kind(json) : NULL;

    if (kind == NULL) {
        g_autofree char *text = json != NULL ? nsk_json_canonical(json) : g_strdup("null");

        g_set_error(error, NSK_ERROR, NSK_ERROR_INVALID, nsk_tr("there is no such step: %.200s"),
                    text);
        return false;
    }
    step->type = kind->type;
    return check_keys(json, kind, error) && read_value(json, kind, step, error) &&
           check_class(step, error) && read_variables(json, step, error) &&
           read_flags(json, kind, step, error);
}

static bool
read_steps(const NskJson *json, SimScenario *scenario, GError **error)
{
    NskJson *steps = nsk_json_get(json, "steps");

    if (!is_array(steps))
        return fail(error, nsk_tr("is missing, or is no list"), "steps");
    if (nsk_json_length(steps) > NSK_LIMIT_SIMULATED_STEPS) {
        g_set_error(error, NSK_ERROR, NSK_ERROR_LIMIT,
                    nsk_tr("there are %zu steps; at most %d are run"), nsk_json_length(steps),
                    NSK_LIMIT_SIMULATED_STEPS);
        return false;
    }
    for (size_t i = 0; i < nsk_json_length(steps); i++) {
        SimStep *step = g_new0(SimStep, 1);

        g_ptr_array_add(scenario->steps, step);
        if (!read_step(nsk_json_at(steps, i), step, error)) {
            g_prefix_error(error, nsk_tr("step %zu: "), i + 1);
            return false;
        }
    }
    return true;
}

/* Where the clock begins; also without fractions of a second. */
static bool
read_now(const NskJson *json, NskInstant *now, GError **error)
{
    FlowTime time;

    if (!has(json, "now"))
        return true;
    const char *text = nsk_json_get_text(json, "now");
    if (text == NULL)
        return fail(error, nsk_tr("is no text"), "now");
    if (!nsk_flow_time_parse(FLOW_TIME_DATE, text, &time, error))
        return false;
    *now = time.start;
    return true;
}

static SimScenario *
read_scenario(const NskJson *json, NskInstant now, GError **error)
{
    SimScenario *scenario = g_new0(SimScenario, 1);
    bool good = is_object(json);

    scenario->steps = g_ptr_array_new_with_free_func(step_free);
    scenario->now = now;
    if (!good)
        (void)fail(error, nsk_tr("has an entry that is no object"), "scenarios");
    else
        scenario->name = nsk_json_get_text(json, "name");
    if (scenario->name == NULL)
        scenario->name = "";
    if (!good || !read_now(json, &scenario->now, error) || !read_steps(json, scenario, error))
        g_clear_pointer(&scenario, nsk_sim_scenario_free);
    return scenario;
}

GPtrArray *
nsk_sim_read(const NskJson *file, GError **error)
{
    g_autoptr(GPtrArray) scenarios = g_ptr_array_new_with_free_func(scenario_free);
    NskJson *list = nsk_json_get(file, "scenarios");
    NskInstant now = 0;

    if (!nsk_instant_parse(DEFAULT_NOW, &now, error) || !read_now(file, &now, error))
        return NULL;
    if (list == NULL && has(file, "refuse"))
        return g_steal_pointer(&scenarios);
    if (!is_array(list)) {
        (void)fail(error, nsk_tr("is missing, or is no list"), "scenarios");
        return NULL;
    }
    for (size_t i = 0; i < nsk_json_length(list); i++) {
        const NskJson *json = nsk_json_at(list, i);
        SimScenario *scenario = read_scenario(json, now, error);

        if (scenario == NULL) {
            const char *name = json != NULL ? nsk_json_get_text(json, "name") : NULL;

            g_prefix_error(error, nsk_tr("scenario %zu '%s': "), i + 1, name != NULL ? name : "");
            return NULL;
        }
        g_ptr_array_add(scenarios, scenario);
    }
    return g_steal_pointer(&scenarios);
}

bool
nsk_sim_read_refuse(const NskJson *file, GPtrArray **out_words, GError **error)
{
    *out_words = NULL;
    if (!has(file, "refuse"))
        return true;
    *out_words = read_texts(file, "refuse", error);
    return *out_words != NULL;
}
