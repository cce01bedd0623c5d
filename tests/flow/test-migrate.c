/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "flow-helper.h"

#define FACTS "<facts><letter/><outcome/><reviewers/></facts>"
#define TASK(id)                                                                                   \
    "<b:userTask id='" id "' camunda:assignee='x'><b:extensionElements><n:outcomes>ok"             \
    "</n:outcomes></b:extensionElements></b:userTask>"
#define FLOW(a, b) "<b:sequenceFlow id='" a "-" b "' sourceRef='" a "' targetRef='" b "'/>"
#define START      "<b:startEvent id='s'/>"
#define END        "<b:endEvent id='e'/>"
#define LINE(a, b) START TASK(a) TASK(b) END FLOW("s", a) FLOW(a, b) FLOW(b, "e")
#define TIMER(id, host, time)                                                                      \
    "<b:boundaryEvent id='" id "' attachedToRef='" host "' cancelActivity='false'>"                \
    "<b:timerEventDefinition><b:timeDuration>" time "</b:timeDuration></b:timerEventDefinition>"   \
    "</b:boundaryEvent>"
#define INSIDE(id, inner)                                                                          \
    START "<b:subProcess id='" id "'>" inner "</b:subProcess>" END FLOW("s", id) FLOW(id, "e")
#define CORE(a)                                                                                    \
    "<b:startEvent id='is'/>" TASK(a) "<b:endEvent id='ie'/>" FLOW("is", a) FLOW(a, "ie")

static const NskFlowEvent start = { .type = NSK_FLOW_START };

typedef struct {
    const char *from;
    const char *to;
    NskFlowMove move;
    const char *started;
    const char *wanted;  /* actions; NULL: refused */
    const char *finding; /* a part of the sentence */
} Row;

/* Tries to bring an instance that has just begun over. */
static void
check_row(const Row *row)
{
    g_auto(Instance) self = { .flow = helper_process(row->from) };
    g_autoptr(NskFlow) to = helper_process(row->to);
    g_autoptr(NskXmlDoc) doc = helper_facts(FACTS);
    NskFlowFacts facts = { .facts = nsk_xml_doc_get_root(doc), .today = { 2026, 7, 22 } };
    g_autoptr(NskIssues) issues = nsk_issues_new();
    g_autoptr(NskFlowState) state = NULL;
    g_autoptr(GPtrArray) actions = NULL;
    g_autoptr(GError) error = NULL;
    const NskFlowMigration plan = { .from = self.flow,
                                    .to = to,
                                    .moves = &row->move,
                                    .n_moves = row->move.from != NULL ? 1 : 0,
                                    .facts = &facts };

    helper_expect(&self, &start, FACTS, row->started);
    bool ok = nsk_flow_migrate(self.state, &plan, issues, &state, &actions, &error);
    if (row->wanted == NULL) {
        g_assert_false(ok);
        g_assert_error(error, NSK_ERROR, NSK_ERROR_INVALID);
        g_assert_cmpuint(issues->len, ==, 1);
        const NskIssue *issue = g_ptr_array_index(issues, 0);
        g_assert_cmpstr(issue->tag, ==, "flow-migration");
        g_assert_nonnull(strstr(issue->text, row->finding));
        return;
    }
    g_assert_no_error(error);
    g_autofree char *told = helper_describe(actions);
    g_assert_cmpstr(told, ==, row->wanted);

    /* it goes on in the new definition, also from its JSON */
    g_autofree char *json = nsk_flow_state_format(state);
    g_autoptr(NskFlowState) again = nsk_flow_state_parse(json, strlen(json), NULL);
    g_auto(GStrv) keys = nsk_flow_state_get_keys(again);
    NskFlowEvent done = { .type = NSK_FLOW_COMPLETE, .key = keys[0], .outcome = "ok" };
    const NskFlowStep step = { .flow = to, .state = again, .event = &done, .facts = &facts };
    g_autoptr(NskFlowState) next = NULL;
    g_autoptr(GPtrArray) more = NULL;
    g_assert_true(nsk_flow_step(&step, &next, &more, &error));
}

static void
test_what_has_a_place_goes_over(void)
{
    static const Row rows[] = {
        /* the same names: nothing to tell, but what is new behind is there */
        { LINE("a", "b"), LINE("a", "c"), { 0 }, "open a#1 [x]", "", NULL },
        /* another name: another key */
        { LINE("a", "b"),
          LINE("konsep", "b"),
          { "a", "konsep" },
          "open a#1 [x]",
          "cancel a#1; open konsep#2 [x]",
          NULL },
        /* a timer more, a timer less, another one */
        { LINE("a", "b"),
          LINE("a", "b") TIMER("t", "a", "PT1H") FLOW("t", "b"),
          { 0 },
          "open a#1 [x]",
          "arm t#2 3600",
          NULL },
        { LINE("a", "b") TIMER("t", "a", "PT1H") FLOW("t", "b"),
          LINE("a", "b"),
          { 0 },
          "open a#1 [x]; arm t#2 3600",
          "disarm t#2",
          NULL },
        { LINE("a", "b") TIMER("t", "a", "PT1H") FLOW("t", "b"),
          LINE("a", "b") TIMER("u", "a", "PT2H") FLOW("u", "b"),
          { 0 },
          "open a#1 [x]; arm t#2 3600",
          "disarm t#2; arm u#3 7200",
          NULL },
        /* a timer that stays keeps its time */
        { LINE("a", "b") TIMER("t", "a", "PT1H") FLOW("t", "b"),
          LINE("a", "b") TIMER("t", "a", "PT2H") FLOW("t", "b"),
          { 0 },
          "open a#1 [x]; arm t#2 3600",
          "",
          NULL },
        { INSIDE("sub", CORE("a")),
          INSIDE("other", CORE("a")),
          { "sub", "other" },
          "open a#2 [x]",
          "",
          NULL },
    };

    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++)
        check_row(&rows[i]);
}

static void
test_what_has_none_is_named(void)
{
    static const Row rows[] = {
        { LINE("a", "b"), LINE("c", "b"), { 0 }, "open a#1 [x]", NULL, "'a' (a) is at work" },
        { LINE("a", "b"), LINE("c", "b"), { "a", "gone" }, "open a#1 [x]", NULL, "'a' (a)" },
        { LINE("a", "b"),
          START "<b:manualTask id='a'/>" TASK("b") END FLOW("s", "a") FLOW("a", "b") FLOW("b", "e"),
          { 0 },
          "open a#1 [x]",
          NULL,
          "a manualTask" },
        { LINE("a", "b"),
          INSIDE("sub", CORE("a")),
          { 0 },
          "open a#1 [x]",
          NULL,
          "lies in another sub-process" },
    };

    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++)
        check_row(&rows[i]);
}

static void
test_instance_that_is_over_stays_where_it_is(void)
{
    g_auto(Instance) self = { .flow = helper_process(LINE("a", "b")) };
    const NskFlowEvent cancel = { .type = NSK_FLOW_CANCEL };
    const NskFlowFacts facts = { .simulated = true };
    const NskFlowMigration plan = { .from = self.flow, .to = self.flow, .facts = &facts };
    g_autoptr(NskIssues) issues = nsk_issues_new();
    g_autoptr(NskFlowState) state = NULL;
    g_autoptr(GPtrArray) actions = NULL;
    g_autoptr(GError) error = NULL;

    helper_expect(&self, &start, FACTS, "open a#1 [x]");
    helper_expect(&self, &cancel, FACTS, "cancel a#1; end cancelled");
    g_assert_false(nsk_flow_migrate(self.state, &plan, issues, &state, &actions, &error));
    g_assert_error(error, NSK_ERROR, NSK_ERROR_CONFLICT);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/flow/migrate/what-has-a-place-goes-over", test_what_has_a_place_goes_over);
    g_test_add_func("/flow/migrate/what-has-none-is-named", test_what_has_none_is_named);
    g_test_add_func("/flow/migrate/instance-that-is-over-stays-where-it-is",
                    test_instance_that_is_over_stays_where_it_is);
    return g_test_run();
}
