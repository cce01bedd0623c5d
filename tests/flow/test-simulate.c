/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * That the simulator can fail: it tells what is not as expected, at the right step, and every fault
 * of a scenario file in a sentence.
 */
#include "base/limits.h"
#include "flow/simulate.h"

#include <string.h>

#define HEAD "<definitions xmlns='http://www.omg.org/spec/BPMN/20100524/MODEL' id='d'>"
#define TAIL "</definitions>"
#define TWO_TASKS(process)                                                                         \
    "<process id='" process "' isExecutable='true'>"                                               \
    "<startEvent id='s'/><userTask id='a'/><userTask id='b'/><endEvent id='e'/>"                   \
    "<sequenceFlow id='f1' sourceRef='s' targetRef='a'/>"                                          \
    "<sequenceFlow id='f2' sourceRef='a' targetRef='b'/>"                                          \
    "<sequenceFlow id='f3' sourceRef='b' targetRef='e'/></process>"

typedef struct {
    const char *name;
    const char *content;
} Model;

static const Model models[] = {
    { "p.bpmn", HEAD TWO_TASKS("p") TAIL },
    { "folder/p.bpmn", HEAD TWO_TASKS("p") TAIL },
    { "again.bpmn", HEAD TWO_TASKS("p") TAIL },
    { "q.bpmn", HEAD TWO_TASKS("q") TAIL },
    { "twice.bpmn", HEAD
      "<process id='first' isExecutable='true'><startEvent id='s0'/></process>" TWO_TASKS("second")
          TAIL },
    { "complex.bpmn", HEAD "<process id='p' isExecutable='true'><startEvent id='s'/>"
                           "<complexGateway id='rumit'/><endEvent id='e'/>"
                           "<sequenceFlow id='f1' sourceRef='s' targetRef='rumit'/>"
                           "<sequenceFlow id='f2' sourceRef='rumit' targetRef='e'/>"
                           "</process>" TAIL },
    { "shown.bpmn",
      HEAD "<process id='p' isExecutable='false'><startEvent id='s'/></process>"
           "<process id='q' isExecutable='false'><startEvent id='s2'/></process>" TAIL },
    { "no.bpmn", "<definitions" },
    { "who.bpmn", "<definitions xmlns='http://www.omg.org/spec/BPMN/20100524/MODEL' id='d' "
                  "xmlns:camunda='http://camunda.org/schema/1.0/bpmn'>"
                  "<process id='p' isExecutable='true'><startEvent id='s'/>"
                  "<userTask id='a' camunda:candidateUsers='karo, kabag'/><userTask id='b'/>"
                  "<endEvent id='e'/><sequenceFlow id='f1' sourceRef='s' targetRef='a'/>"
                  "<sequenceFlow id='f2' sourceRef='a' targetRef='b'/>"
                  "<sequenceFlow id='f3' sourceRef='b' targetRef='e'/></process>" TAIL },
    { "echo.bpmn", HEAD "<signal id='sg' name='Echo'/><process id='p' isExecutable='true'>"
                        "<startEvent id='s'><signalEventDefinition signalRef='sg'/></startEvent>"
                        "<endEvent id='e'><signalEventDefinition signalRef='sg'/></endEvent>"
                        "<sequenceFlow id='f1' sourceRef='s' targetRef='e'/></process>" TAIL },
    { "timers.bpmn", HEAD "<process id='p' isExecutable='true'><startEvent id='s'/>"
                          "<userTask id='a'/><boundaryEvent id='t' attachedToRef='a' "
                          "cancelActivity='false'><timerEventDefinition><timeCycle>R/PT1S"
                          "</timeCycle></timerEventDefinition></boundaryEvent><endEvent id='e'/>"
                          "<sequenceFlow id='f1' sourceRef='s' targetRef='a'/>"
                          "<sequenceFlow id='f2' sourceRef='a' targetRef='e'/>"
                          "<sequenceFlow id='f3' sourceRef='t' targetRef='e'/></process>" TAIL },
};

static GBytes *
load_model(G_GNUC_UNUSED void *data, const char *name, GError **error)
{
    for (size_t i = 0; i < G_N_ELEMENTS(models); i++) {
        if (strcmp(models[i].name, name) == 0)
            return g_bytes_new_static(models[i].content, strlen(models[i].content));
    }
    g_set_error(error, NSK_ERROR, NSK_ERROR_NOT_FOUND, "there is no file '%s'", name);
    return NULL;
}

static void
gather(void *data, const char *line)
{
    g_string_append_printf(data, "%s\n", line);
}

/* @trace may be NULL. */
static NskJson *
simulate(const char *model, const char *json, GString *trace, GError **error)
{
    g_autoptr(GError) fault = NULL;
    g_autoptr(NskJson) scenario = nsk_json_parse(json, strlen(json), &fault);
    const NskFlowSimulation simulation = { .scenario = scenario,
                                           .model = model,
                                           .load = load_model,
                                           .tell = trace != NULL ? gather : NULL,
                                           .data = trace };

    g_assert_no_error(fault);
    return nsk_flow_simulate(&simulation, error);
}

#define WITH(models_, steps)                                                                       \
    "{\"models\": [" models_ "], \"scenarios\": [{\"name\": \"x\", \"steps\": [" steps "]}]}"
#define P_WITH(steps) WITH("\"p.bpmn\"", steps)
#define START         "{\"start\": null}"

typedef struct {
    const char *name;
    const char *steps;
    int failed; /* index; -1: all is as expected */
    const char *expected;
    const char *got;
} Judged;

static const Judged judged[] = {
    { "all-is-as-expected",
      P_WITH(START ", {\"expect_active\": [\"a\"]}, {\"expect_ended\": false}"), -1, "null",
      "null" },
    { "another-task-is-active", P_WITH(START ", {\"expect_active\": [\"b\"]}"), 1, "[\"b\"]",
      "[\"a\"]" },
    { "a-task-too-many-is-expected", P_WITH(START ", {\"expect_active\": [\"a\", \"a\"]}"), 1,
      "[\"a\",\"a\"]", "[\"a\"]" },
    { "a-task-is-not-expected", P_WITH(START ", {\"expect_active\": []}"), 1, "[]", "[\"a\"]" },
    { "the-first-step-that-fails-is-told",
      P_WITH(START ", {\"complete\": \"a\"}, {\"expect_active\": [\"a\"]}, "
                   "{\"expect_active\": [\"x\"]}"),
      2, "[\"a\"]", "[\"b\"]" },
    { "includes-wants-each-as-often",
      P_WITH(START ", {\"expect_active_includes\": [\"a\", \"a\"]}"), 1, "[\"a\",\"a\"]",
      "[\"a\"]" },
    { "includes-does-not-mind-others",
      P_WITH(START ", {\"start\": null, \"other\": true}, {\"complete\": \"a\"}, "
                   "{\"expect_active_includes\": [\"a\"]}, {\"expect_active_includes\": []}"),
      -1, "null", "null" },
    { "nothing-waits", P_WITH(START ", {\"expect_waiting\": [\"a\"]}"), 1, "[\"a\"]", "[]" },
    { "it-has-not-ended", P_WITH(START ", {\"expect_ended\": true}"), 1, "true", "false" },
    { "it-has-ended",
      P_WITH(START ", {\"complete\": \"a\"}, {\"complete\": \"b\"}, {\"expect_ended\": false}"), 3,
      "false", "true" },
    { "what-was-not-started-has-not-ended", P_WITH("{\"expect_ended\": false}"), 0, "false",
      "\"nothing was started\"" },
    { "an-expected-error-did-not-come",
      P_WITH(START ", {\"complete\": \"a\"}, {\"expect_error\": \"no_flow\"}"), 2, "\"no_flow\"",
      "\"no error\"" },
    { "an-error-of-another-class-came",
      P_WITH(START ", {\"complete\": \"b\"}, {\"expect_error\": \"no_flow\"}"), 2, "\"no_flow\"",
      "\"no_subscription\"" },
    { "an-error-that-nobody-expects-fails-the-act",
      P_WITH(START ", {\"complete\": \"b\"}, {\"expect_active\": [\"a\"]}"), 1, "\"no error\"",
      "\"there is no open task 'b'\"" },
    { "the-right-error-came",
      P_WITH(START ", {\"message\": \"M\"}, {\"expect_error\": \"no_subscription\"}, "
                   "{\"expect_active\": [\"a\"]}"),
      -1, "null", "null" },
    { "an-error-is-of-the-step-just-before",
      P_WITH(START ", {\"message\": \"M\"}, {\"expect_error\": \"no_subscription\"}, "
                   "{\"signal\": \"S\"}, {\"expect_error\": \"no_subscription\"}"),
      4, "\"no_subscription\"", "\"no error\"" },
    { "a-process-that-there-is-not-cannot-start", P_WITH("{\"start\": \"nobody\"}"), 0,
      "\"no error\"", "\"there is no process 'nobody' in the models; correct its name\"" },
    { "the-second-instance-is-not-observed",
      P_WITH(START ", {\"start\": null, \"other\": true}, {\"complete\": \"a\"}, "
                   "{\"complete\": \"b\"}, {\"expect_ended\": true}, {\"expect_active\": [\"a\"]}"),
      -1, "null", "null" },
    { "a-process-of-another-file-may-start",
      WITH("\"p.bpmn\", \"q.bpmn\"", "{\"start\": \"q\"}, {\"expect_active\": [\"a\"]}"), -1,
      "null", "null" },
};

static void
test_judged(gconstpointer data)
{
    const Judged *row = data;
    g_autoptr(GError) error = NULL;
    g_autoptr(NskJson) result = simulate(NULL, row->steps, NULL, &error);

    g_assert_no_error(error);
    const NskJson *one = nsk_json_at(nsk_json_get(result, "scenarios"), 0);
    g_autofree char *expected = nsk_json_canonical(nsk_json_get(one, "expected"));
    g_autofree char *got = nsk_json_canonical(nsk_json_get(one, "got"));
    g_assert_cmpint(nsk_json_get_int(one, "failed_step", -1), ==, row->failed);
    g_assert_cmpstr(expected, ==, row->expected);
    g_assert_cmpstr(got, ==, row->got);
    g_assert_cmpint(nsk_json_get_bool(one, "ok", false), ==, row->failed < 0);
    g_assert_cmpint(nsk_json_get_bool(result, "ok", false), ==, row->failed < 0);
}

typedef struct {
    const char *name;
    const char *json;
    const char *words; /* of the message */
} Bad;

static const Bad bad[] = {
    { "is-no-object", "[]", "holds no JSON object" },
    { "has-no-scenarios", "{\"models\": [\"p.bpmn\"]}", "\"scenarios\" is missing" },
    { "has-scenarios-that-are-no-list", "{\"models\": [\"p.bpmn\"], \"scenarios\": {}}",
      "\"scenarios\" is missing, or is no list" },
    { "has-a-scenario-that-is-no-object", "{\"models\": [\"p.bpmn\"], \"scenarios\": [1]}",
      "scenario 1 '': \"scenarios\" has an entry that is no object" },
    { "has-no-steps", "{\"models\": [\"p.bpmn\"], \"scenarios\": [{\"name\": \"n\"}]}",
      "scenario 1 'n': \"steps\" is missing" },
    { "has-no-models", "{\"scenarios\": []}", "names no model" },
    { "has-a-model-that-is-no-text", "{\"models\": [1], \"scenarios\": []}",
      "entry 1 of \"models\" is no text" },
    { "names-a-model-that-is-not-there", "{\"models\": [\"gone.bpmn\"], \"scenarios\": []}",
      "there is no file 'gone.bpmn'" },
    { "names-a-process-that-is-not-there",
      "{\"models\": [\"p.bpmn\"], \"process\": \"zz\", \"scenarios\": []}",
      "\"process\" names 'zz'" },
    { "has-one-process-in-two-files",
      "{\"models\": [\"p.bpmn\", \"again.bpmn\"], \"scenarios\": []}",
      "the process 'p' is both in 'p.bpmn' and in 'again.bpmn'" },
    { "has-an-unknown-step", P_WITH(START ", {\"jump\": \"a\"}"),
      "scenario 1 'x': step 2: there is no such step: {\"jump\":\"a\"}" },
    { "has-a-step-that-is-no-object", P_WITH("3"), "step 1: there is no such step: 3" },
    { "has-two-steps-in-one", P_WITH("{\"start\": null, \"complete\": \"a\"}"),
      "\"complete\" has no meaning beside \"start\"" },
    { "has-a-slip-of-the-pen", P_WITH("{\"complete\": \"a\", \"var\": {}}"),
      "\"var\" has no meaning beside \"complete\"" },
    { "starts-a-number", P_WITH("{\"start\": 1}"), "\"start\" is neither a text nor null" },
    { "completes-a-list", P_WITH("{\"complete\": []}"), "\"complete\" is no text" },
    { "has-variables-in-a-list", P_WITH("{\"start\": null, \"vars\": []}"),
      "\"vars\" is no object" },
    { "has-a-variable-that-is-a-list", P_WITH("{\"start\": null, \"vars\": {\"v\": []}}"),
      "\"v\" is neither a number nor a text nor true or false" },
    { "has-a-variable-that-is-null", P_WITH("{\"start\": null, \"vars\": {\"v\": null}}"),
      "\"v\" is neither a number nor a text nor true or false" },
    { "says-other-in-words", P_WITH("{\"start\": null, \"other\": \"yes\"}"),
      "\"other\" is neither true nor false" },
    { "expects-a-text-active", P_WITH("{\"expect_active\": \"a\"}"),
      "\"expect_active\" is no list" },
    { "expects-a-number-active", P_WITH("{\"expect_active\": [1]}"),
      "\"expect_active\" has an entry that is no text" },
    { "expects-an-end-in-words", P_WITH("{\"expect_ended\": \"yes\"}"),
      "\"expect_ended\" is neither true nor false" },
    { "expects-an-error-that-there-is-not", P_WITH("{\"expect_error\": \"oops\"}"),
      "there is no class of errors 'oops'" },
    { "advances-by-nothing-known", P_WITH("{\"advance_timer\": \"one hour\"}"), "step 1: " },
    { "advances-by-a-number", P_WITH("{\"advance_timer\": 3}"), "\"advance_timer\" is no text" },
    { "has-facts-that-are-no-xml", P_WITH("{\"facts\": \"<facts>\"}"), "step 1: facts:1:" },
    { "has-facts-that-are-no-text", P_WITH("{\"start\": null, \"facts\": 1}"),
      "\"facts\" is no text" },
    { "has-a-clock-of-words", "{\"now\": \"noon\", \"models\": [\"p.bpmn\"], \"scenarios\": []}",
      "noon" },
    { "has-a-clock-of-numbers", "{\"now\": 12, \"models\": [\"p.bpmn\"], \"scenarios\": []}",
      "\"now\" is no text" },
    { "refuses-a-text", "{\"models\": [\"p.bpmn\"], \"refuse\": \"x\"}", "\"refuse\" is no list" },
};

static void
test_bad(gconstpointer data)
{
    const Bad *row = data;
    g_autoptr(GError) error = NULL;
    g_autoptr(NskJson) result = simulate(NULL, row->json, NULL, &error);

    g_assert_null(result);
    g_assert_nonnull(error);
    if (strstr(error->message, row->words) == NULL)
        g_error("the message is: %s", error->message);
}

typedef struct {
    const char *name;
    const char *json;
    bool ok;
    const char *got; /* of a refusal; NULL: null */
} Refusal;

static const Refusal refusals[] = {
    { "by-name-is-as-expected",
      "{\"models\": [\"complex.bpmn\"], \"refuse\": [\"complexGateway\", \"rumit\"]}", true, NULL },
    { "for-another-reason-is-a-fault",
      "{\"models\": [\"complex.bpmn\"], \"refuse\": [\"transaction\"]}", false, "complexGateway" },
    { "that-does-not-come-is-a-fault", "{\"models\": [\"p.bpmn\"], \"refuse\": [\"userTask\"]}",
      false, "not refused" },
    { "of-what-is-no-xml", "{\"models\": [\"no.bpmn\"], \"refuse\": [\"no.bpmn\"]}", true, NULL },
    { "of-what-may-not-run", "{\"models\": [\"shown.bpmn\"], \"refuse\": []}", true, NULL },
};

static void
test_refusal(gconstpointer data)
{
    const Refusal *row = data;
    g_autoptr(GError) error = NULL;
    g_autoptr(NskJson) result = simulate(NULL, row->json, NULL, &error);

    g_assert_no_error(error);
    const NskJson *one = nsk_json_at(nsk_json_get(result, "scenarios"), 0);
    g_assert_cmpint(nsk_json_get_bool(result, "ok", !row->ok), ==, row->ok);
    if (row->got == NULL)
        g_assert_null(nsk_json_get_text(one, "got"));
    else
        g_assert_nonnull(strstr(nsk_json_get_text(one, "got"), row->got));
}

static void
test_unexpected_refusal(void)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(NskJson) result =
        simulate(NULL, WITH("\"p.bpmn\", \"complex.bpmn\"", START), NULL, &error);

    /* one process in two files is found first */
    g_assert_error(error, NSK_ERROR, NSK_ERROR_INVALID);
    g_clear_error(&error);
    result = simulate(NULL, WITH("\"q.bpmn\", \"complex.bpmn\"", START), NULL, &error);
    g_assert_no_error(error);
    g_assert_false(nsk_json_get_bool(result, "ok", true));
    g_assert_cmpuint(nsk_json_length(nsk_json_get(result, "scenarios")), ==, 0);
    g_assert_nonnull(strstr(nsk_json_get_text(result, "refused"), "complexGateway"));
}

/* The model of the command line stands first, for one of its name, and over what repeats it. */
static void
test_named_model(void)
{
    static const char *const files[] = {
        "{\"scenarios\": [{\"name\": \"x\", \"steps\": [" START
        ", {\"expect_active\": [\"a\"]}]}]}",
        WITH("\"p.bpmn\"", START ", {\"expect_active\": [\"a\"]}"),
        WITH("\"again.bpmn\"", START ", {\"expect_active\": [\"a\"]}"),
        WITH("\"q.bpmn\"", "{\"start\": \"p\"}, {\"expect_active\": [\"a\"]}"),
        WITH("\"q.bpmn\"", START ", {\"expect_active\": [\"a\"]}"),
    };

    for (size_t i = 0; i < G_N_ELEMENTS(files); i++) {
        g_autoptr(GError) error = NULL;
        g_autoptr(NskJson) result = simulate("folder/p.bpmn", files[i], NULL, &error);

        g_assert_no_error(error);
        g_assert_true(nsk_json_get_bool(result, "ok", false));
    }
}

static void
test_all_scenarios_run(void)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(NskJson) result =
        simulate(NULL,
                 "{\"models\": [\"twice.bpmn\"], \"process\": \"second\", \"scenarios\": ["
                 "{\"name\": \"one\", \"steps\": [" START
                 ", {\"expect_active\": []}, {\"complete\": \"a\"}]},"
                 "{\"name\": \"two\", \"steps\": [" START ", {\"expect_active\": [\"a\"]}]}]}",
                 NULL, &error);

    g_assert_no_error(error);
    const NskJson *list = nsk_json_get(result, "scenarios");
    g_assert_false(nsk_json_get_bool(result, "ok", true));
    g_assert_cmpuint(nsk_json_length(list), ==, 2);
    g_assert_cmpint(nsk_json_get_int(nsk_json_at(list, 0), "steps", 0), ==, 3);
    g_assert_cmpint(nsk_json_get_int(nsk_json_at(list, 0), "failed_step", -1), ==, 1);
    g_assert_true(nsk_json_get_bool(nsk_json_at(list, 1), "ok", false));
    g_assert_cmpstr(nsk_json_get_text(nsk_json_at(list, 1), "name"), ==, "two");
}

static void
test_trace(void)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(GString) trace = g_string_new(NULL);
    g_autoptr(NskJson) result = simulate(
        NULL, P_WITH(START ", {\"complete\": \"a\"}, {\"expect_active\": [\"a\"]}"), trace, &error);

    g_assert_no_error(error);
    g_assert_cmpstr(trace->str, ==,
                    "Scenario 'x'\n"
                    " 1. start p\n"
                    "   #1 'a#1' is open\n"
                    " 2. complete a\n"
                    "   #1 'a#1' is done\n"
                    "   #1 'b#2' is open\n"
                    "   FAILED at step 3: expected [\"a\"], got [\"b\"]\n");
    g_assert_false(nsk_json_get_bool(result, "ok", true));
}

static char *
say_who(G_GNUC_UNUSED void *data, const char *position)
{
    return g_strdup_printf("who is %s", position);
}

/* Before whom each task is put; one that names nobody is open all the same. */
static void
test_who(void)
{
    static const char text[] =
        WITH("\"who.bpmn\"", START ", {\"complete\": \"a\"}, {\"expect_active\": [\"b\"]}");
    g_autoptr(GError) error = NULL;
    g_autoptr(NskJson) scenario = nsk_json_parse(text, strlen(text), NULL);
    const NskFlowSimulation simulation = { .scenario = scenario,
                                           .load = load_model,
                                           .who = say_who };
    g_autoptr(NskJson) result = nsk_flow_simulate(&simulation, &error);

    g_assert_no_error(error);
    g_assert_true(nsk_json_get_bool(result, "ok", false));
    g_autofree char *tasks = nsk_json_canonical(
        nsk_json_get(nsk_json_at(nsk_json_get(result, "scenarios"), 0), "tasks"));
    g_assert_cmpstr(
        tasks, ==,
        "[{\"key\":\"a#1\",\"node\":\"a\",\"position\":\"karo\",\"who\":\"who is karo\"},"
        "{\"key\":\"a#1\",\"node\":\"a\",\"position\":\"kabag\",\"who\":\"who is kabag\"}]");
}

/* What never rests is stopped and told. */
static void
test_endless(gconstpointer data)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(NskJson) result = simulate(NULL, data, NULL, &error);

    g_assert_no_error(error);
    const NskJson *one = nsk_json_at(nsk_json_get(result, "scenarios"), 0);
    g_assert_false(nsk_json_get_bool(one, "ok", true));
    g_assert_cmpint(nsk_json_get_int(one, "failed_step", -1), >=, 0);
}

static void
test_repeatable(void)
{
    g_autoptr(NskJson) first = simulate(NULL, judged[4].steps, NULL, NULL);
    g_autoptr(NskJson) second = simulate(NULL, judged[4].steps, NULL, NULL);
    g_autofree char *a = nsk_json_canonical(first);
    g_autofree char *b = nsk_json_canonical(second);

    g_assert_cmpstr(a, ==, b);
}

#define ADD_TABLE(prefix, table, function)                                                         \
    for (size_t i = 0; i < G_N_ELEMENTS(table); i++) {                                             \
        g_autofree char *path = g_strconcat("/simulate/" prefix "/", (table)[i].name, NULL);       \
        g_test_add_data_func(path, &(table)[i], function);                                         \
    }

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    ADD_TABLE("judged", judged, test_judged);
    ADD_TABLE("a-file-that", bad, test_bad);
    ADD_TABLE("refusal", refusals, test_refusal);
    g_test_add_func("/simulate/refusal/that-is-not-expected-is-told", test_unexpected_refusal);
    g_test_add_func("/simulate/models/the-named-one-stands-first", test_named_model);
    g_test_add_func("/simulate/result/all-scenarios-run", test_all_scenarios_run);
    g_test_add_func("/simulate/result/the-same-file-gives-the-same-bytes", test_repeatable);
    g_test_add_func("/simulate/trace/each-step-and-what-it-does", test_trace);
    g_test_add_func("/simulate/who/each-task-and-its-positions", test_who);
    g_test_add_data_func("/simulate/endless/a-signal-that-starts-its-thrower",
                         WITH("\"echo.bpmn\"", "{\"signal\": \"Echo\"}"), test_endless);
    g_test_add_data_func("/simulate/endless/a-timer-of-seconds-for-years",
                         WITH("\"timers.bpmn\"", START ", {\"advance_timer\": \"P10Y\"}"),
                         test_endless);
    return g_test_run();
}
