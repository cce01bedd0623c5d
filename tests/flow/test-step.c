/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "flow-helper.h"

#define START       "<b:startEvent id='s'/>"
#define END         "<b:endEvent id='e' name='Selesai'/>"
#define F(id, a, b) "<b:sequenceFlow id='" id "' sourceRef='" a "' targetRef='" b "'/>"
#define FC(id, a, b, text)                                                                         \
    "<b:sequenceFlow id='" id "' sourceRef='" a "' targetRef='" b "'><b:conditionExpression>" text \
    "</b:conditionExpression></b:sequenceFlow>"
#define OWNER(expression)                                                                          \
    "<b:potentialOwner><b:resourceAssignmentExpression><b:formalExpression>" expression            \
    "</b:formalExpression></b:resourceAssignmentExpression></b:potentialOwner>"
#define USER(id, outcomes, expression)                                                             \
    "<b:userTask id='" id "' name='Tugas " id "'><b:extensionElements><n:outcomes>" outcomes       \
    "</n:outcomes></b:extensionElements>" OWNER(expression) "</b:userTask>"
#define LINE(node) START node END F("f1", "s", "u") F("f2", "u", "e")

#define FACTS                                                                                      \
    "<facts><letter id='x' kind='surat-dinas' security='rahasia' urgency='biasa' unit='biro'/>"    \
    "<outcome>stale</outcome><drafter position='konseptor'/><reviewers>"                           \
    "<reviewer position='kabag' approved='true'/><reviewer position='kasubag' approved='false'/>"  \
    "<reviewer position='kabag' approved='false'/></reviewers>"                                    \
    "<signatories><signatory position='kepala' signed='false'/></signatories></facts>"

static const NskFlowEvent start = { .type = NSK_FLOW_START };

static NskFlowEvent
complete(const char *key, const char *outcome)
{
    return (NskFlowEvent){ .type = NSK_FLOW_COMPLETE, .key = key, .outcome = outcome };
}

static void
expect_error(Instance *self, NskFlowEvent event, int code, const char *word)
{
    g_autofree char *before = self->state != NULL ? nsk_flow_state_format(self->state) : NULL;
    g_autofree char *after = NULL;
    g_autoptr(GError) error = NULL;

    g_assert_false(helper_step(self, &event, FACTS, &error));
    g_assert_error(error, NSK_ERROR, code);
    if (strstr(error->message, word) == NULL)
        g_error("no \"%s\" in: %s", word, error->message);
    if (self->state != NULL)
        after = nsk_flow_state_format(self->state);
    g_assert_cmpstr(before, ==, after);
}

static void
test_user_task_opens_and_closes(void)
{
    g_auto(Instance)
        self = { .flow = helper_process(LINE(
                     "<b:userTask id='u' name='Periksa' n:role='review'><b:extensionElements>"
                     "<n:outcomes>\n approve\n return </n:outcomes></b:extensionElements>" OWNER(
                         "'a, b'") "</b:userTask>")) };
    NskFlowEvent done = complete("u#1", "return");

    helper_expect(&self, &start, FACTS, "open u#1 [a b]");
    const NskFlowAction *action = g_ptr_array_index(self.actions, 0);
    g_assert_cmpstr(action->node, ==, "u");
    g_assert_cmpstr(action->name, ==, "Periksa");
    g_assert_cmpint(action->role, ==, NSK_FLOW_ROLE_REVIEW);
    g_assert_cmpstr(action->outcomes[0], ==, "approve");
    g_assert_cmpstr(action->outcomes[1], ==, "return");
    g_assert_null(action->outcomes[2]);
    g_assert_false(nsk_flow_state_is_ended(self.state));
    helper_expect(&self, &done, FACTS, "close u#1; end e completed");
    g_assert_true(nsk_flow_state_is_ended(self.state));
}

static void
test_assignment_gives_positions(void)
{
    static const struct {
        const char *node;
        const char *wanted;
    } cases[] = {
        { USER("u", "ok", "drafter/@position"), "open u#1 [konseptor]" },
        { USER("u", "ok", "$drafter/@position"), "open u#1 [konseptor]" },
        { USER("u", "ok", "b:getDataObject('drafter')/@position"), "open u#1 [konseptor]" },
        { USER("u", "ok", "reviewers/reviewer/@position"), "open u#1 [kabag kasubag]" },
        { USER("u", "ok", "reviewers/reviewer[@approved='false'][1]/@position"),
          "open u#1 [kasubag]" },
        { USER("u", "ok", "concat('kepala-', letter/@unit)"), "open u#1 [kepala-biro]" },
        { USER("u", "ok", "' c,b  c '"), "open u#1 [c b]" },
        { "<b:userTask id='u'>" OWNER("'x'") OWNER("'y x'") "</b:userTask>", "open u#1 [x y]" },
        { "<b:userTask id='u'><b:humanPerformer><b:resourceAssignmentExpression>"
          "<b:formalExpression>'x'</b:formalExpression></b:resourceAssignmentExpression>"
          "</b:humanPerformer></b:userTask>",
          "open u#1 [x]" },
        { "<b:userTask id='u' camunda:assignee='a' camunda:candidateUsers='b,c' "
          "camunda:candidateGroups='c, d'/>",
          "open u#1 [a b c d]" },
    };

    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autofree char *elements =
            g_strconcat(START, cases[i].node, END F("f1", "s", "u"), F("f2", "u", "e"), NULL);
        g_auto(Instance) self = { .flow = helper_process(elements) };

        helper_expect(&self, &start, FACTS, cases[i].wanted);
    }
}

static void
test_assignment_that_fails_stops_the_act(void)
{
    static const struct {
        const char *expression;
        int code;
        const char *word;
    } cases[] = {
        { "reviewers/reviewer[@approved='x']/@position", NSK_ERROR_INVALID, "'u' (Tugas u)" },
        { "' , '", NSK_ERROR_INVALID, "before nobody" },
        { "letter/@id = 'y'", NSK_ERROR_INVALID, NULL },
        { "'Kepala'", NSK_ERROR_INVALID, "no id of a position" },
        { "concat('a/', letter/@unit)", NSK_ERROR_INVALID, "'a/biro'" },
    };

    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autofree char *elements = g_strconcat(
            START "<b:userTask id='u' name='Tugas u'>"
                  "<b:potentialOwner><b:resourceAssignmentExpression><b:formalExpression>",
            cases[i].expression,
            "</b:formalExpression></b:resourceAssignmentExpression></b:potentialOwner>"
            "</b:userTask>" END F("f1", "s", "u") F("f2", "u", "e"),
            NULL);
        g_auto(Instance) self = { .flow = helper_process(elements) };

        if (cases[i].word != NULL)
            expect_error(&self, start, cases[i].code, cases[i].word);
        else /* a truth value is read as a word */
            helper_expect(&self, &start, FACTS, "open u#1 [false]");
    }
}

static void
test_too_many_positions_are_refused(void)
{
    g_autoptr(GString) facts = g_string_new("<facts><letter/><reviewers>");
    g_auto(Instance)
        self = { .flow = helper_process(LINE(USER("u", "ok", "reviewers/reviewer/@position"))) };
    g_autoptr(GError) error = NULL;

    for (unsigned i = 0; i < 101; i++)
        g_string_append_printf(facts, "<reviewer position='p%u'/>", i);
    g_string_append(facts, "</reviewers></facts>");
    g_assert_false(helper_step(&self, &start, facts->str, &error));
    g_assert_error(error, NSK_ERROR, NSK_ERROR_LIMIT);
}

static void
test_service_waits_until_it_is_done(void)
{
    g_auto(Instance)
        self = { .flow = helper_process(LINE("<b:serviceTask id='u' n:service='dispatch'/>")) };
    NskFlowEvent done = { .type = NSK_FLOW_SERVICE_DONE, .key = "u#1" };

    helper_expect(&self, &start, FACTS, "serve u#1 dispatch");
    expect_error(&self, complete("u#1", "done"), NSK_ERROR_CONFLICT, "u#1");
    helper_expect(&self, &done, FACTS, "close u#1; end e completed");
}

static void
test_abstract_and_manual_tasks_pass_through(void)
{
    static const char *const kinds[] = { "task", "manualTask" };

    for (size_t i = 0; i < G_N_ELEMENTS(kinds); i++) {
        g_autofree char *elements = g_strdup_printf(
            START "<b:%s id='u'/>" END F("f1", "s", "u") F("f2", "u", "e"), kinds[i]);
        g_auto(Instance) self = { .flow = helper_process(elements) };

        helper_expect(&self, &start, FACTS, "end e completed");
        const NskFlowAction *action = g_ptr_array_index(self.actions, 0);
        g_assert_cmpstr(action->name, ==, "Selesai");
    }
}

#define CHOICE(first, second, more)                                                                \
    START USER("u", "a b c", "'x'") "<b:exclusiveGateway id='g' name='Ke mana?'" more              \
                                    "/>" USER("p", "ok", "'p'") USER("q", "ok", "'q'")             \
                                        END F("f1", "s", "u") F("f2", "u", "g")                    \
                                            FC("f3", "g", "p", first) FC("f4", "g", "q", second)   \
                                                F("f5", "p", "e") F("f6", "q", "e")

static void
test_gateway_takes_the_first_true_flow(void)
{
    static const struct {
        const char *elements;
        const char *outcome;
        const char *wanted;
    } cases[] = {
        { CHOICE("$outcome = 'a'", "$outcome = 'b'", ""), "a", "close u#1; open p#2 [p]" },
        { CHOICE("$outcome = 'a'", "$outcome = 'b'", ""), "b", "close u#1; open q#2 [q]" },
        { CHOICE("$outcome != ''", "true()", ""), "a", "close u#1; open p#2 [p]" },
        { CHOICE("outcome = 'stale'", "outcome = 'c'", ""), "c", "close u#1; open q#2 [q]" },
        { CHOICE("b:getDataObject('outcome') = 'c'", "true()", ""), "c",
          "close u#1; open p#2 [p]" },
        { CHOICE("letter/@security = 'rahasia'", "true()", ""), "a", "close u#1; open p#2 [p]" },
        { CHOICE("n:today() = '2026-07-22'", "true()", ""), "a", "close u#1; open p#2 [p]" },
        { CHOICE("n:today() = '2026-07-23'", "true()", ""), "a", "close u#1; open q#2 [q]" },
        { CHOICE("count($reviewers/reviewer) = 3", "true()", ""), "a", "close u#1; open p#2 [p]" },
        { CHOICE("number('x')", "1", ""), "a", "close u#1; open q#2 [q]" },
        { CHOICE("$signatories/signatory[@signed='true']", "not($outcome = 'b')", ""), "a",
          "close u#1; open q#2 [q]" },
    };

    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_auto(Instance) self = { .flow = helper_process(cases[i].elements) };
        NskFlowEvent done = complete("u#1", cases[i].outcome);

        helper_expect(&self, &start, FACTS, "open u#1 [x]");
        helper_expect(&self, &done, FACTS, cases[i].wanted);
    }
}

static void
test_default_flow_is_taken_when_nothing_is_true(void)
{
    g_auto(Instance)
        self = { .flow = helper_process(
                     START USER("u", "a b", "'x'") "<b:exclusiveGateway id='g' default='f3'/>" USER(
                         "p", "ok", "'p'") USER("q", "ok", "'q'") END F("f1", "s", "u")
                         F("f2", "u", "g") F("f3", "g", "p") FC("f4", "g", "q", "$outcome = 'b'")
                             F("f5", "p", "e") F("f6", "q", "e")) };
    Instance other = { .flow = nsk_flow_ref(self.flow) };
    NskFlowEvent a = complete("u#1", "a");
    NskFlowEvent b = complete("u#1", "b");

    helper_expect(&self, &start, FACTS, "open u#1 [x]");
    helper_expect(&self, &a, FACTS, "close u#1; open p#2 [p]");
    helper_expect(&other, &start, FACTS, "open u#1 [x]");
    helper_expect(&other, &b, FACTS, "close u#1; open q#2 [q]");
    helper_clear(&other);
}

static void
test_gateway_without_a_way_names_itself(void)
{
    g_auto(Instance)
        self = { .flow = helper_process(CHOICE("$outcome = 'a'", "$outcome = 'b'", "")) };
    NskFlowEvent a = complete("u#1", "a");

    helper_expect(&self, &start, FACTS, "open u#1 [x]");
    expect_error(&self, complete("u#1", "c"), NSK_ERROR_INVALID, "exclusiveGateway 'g' (Ke mana?)");
    helper_expect(&self, &a, FACTS, "close u#1; open p#2 [p]");
}

static void
test_circle_gives_each_round_its_own_key(void)
{
    g_auto(Instance) self = {
        .flow = helper_process(
            START USER("u", "again enough",
                       "'x'") "<b:exclusiveGateway id='g' default='f3'/>" END F("f1", "s", "u")
                F("f2", "u", "g") F("f3", "g", "e") FC("f4", "g", "u", "$outcome = 'again'"))
    };

    helper_expect(&self, &start, FACTS, "open u#1 [x]");
    for (unsigned i = 1; i < 50; i++) {
        g_autofree char *key = g_strdup_printf("u#%u", i);
        g_autofree char *wanted = g_strdup_printf("close u#%u; open u#%u [x]", i, i + 1);
        NskFlowEvent again = complete(key, "again");

        helper_expect(&self, &again, FACTS, wanted);
        expect_error(&self, again, NSK_ERROR_CONFLICT, key);
    }
}

static void
test_wrong_acts_change_nothing(void)
{
    g_auto(Instance) self = { .flow = helper_process(LINE(USER("u", "approve return", "'x'"))) };
    NskFlowEvent done = complete("u#1", "approve");
    NskFlowEvent service = { .type = NSK_FLOW_SERVICE_DONE, .key = "u#1" };
    NskFlowEvent cancel = { .type = NSK_FLOW_CANCEL };

    helper_expect(&self, &start, FACTS, "open u#1 [x]");
    expect_error(&self, complete("u#2", "approve"), NSK_ERROR_CONFLICT, "'u#2' is not open");
    expect_error(&self, complete("", "approve"), NSK_ERROR_CONFLICT, "not open");
    expect_error(&self, complete("u", "approve"), NSK_ERROR_CONFLICT, "not open");
    expect_error(&self, service, NSK_ERROR_CONFLICT, "not open");
    expect_error(&self, complete("u#1", "reject"), NSK_ERROR_INVALID, "approve, return");
    expect_error(&self, complete("u#1", NULL), NSK_ERROR_INVALID, "approve, return");
    helper_expect(&self, &done, FACTS, "close u#1; end e completed");
    expect_error(&self, done, NSK_ERROR_CONFLICT, "is over (completed)");
    expect_error(&self, cancel, NSK_ERROR_CONFLICT, "is over (completed)");
}

static void
test_cancel_closes_all_and_keeps_the_reason(void)
{
    g_auto(Instance) self = { .flow = helper_process(LINE(USER("u", "ok", "'x'"))) };
    NskFlowEvent withdrawn = { .type = NSK_FLOW_CANCEL, .reason = "withdrawn" };
    NskFlowEvent empty = { .type = NSK_FLOW_CANCEL, .reason = "" };
    NskFlowEvent broken = { .type = NSK_FLOW_CANCEL, .reason = "\xff" };

    helper_expect(&self, &start, FACTS, "open u#1 [x]");
    expect_error(&self, empty, NSK_ERROR_INVALID, "1 to 64");
    expect_error(&self, broken, NSK_ERROR_INVALID, "1 to 64");
    helper_expect(&self, &withdrawn, FACTS, "cancel u#1; end withdrawn");
    expect_error(&self, complete("u#1", "ok"), NSK_ERROR_CONFLICT, "is over (withdrawn)");
}

static void
test_cancel_needs_no_facts(void)
{
    g_auto(Instance) self = { .flow = helper_process(LINE(USER("u", "ok", "'x'"))) };
    NskFlowEvent cancel = { .type = NSK_FLOW_CANCEL };
    g_autoptr(NskFlowState) state = NULL;
    g_autoptr(GPtrArray) actions = NULL;

    helper_expect(&self, &start, FACTS, "open u#1 [x]");
    NskFlowStep step = { .flow = self.flow, .state = self.state, .event = &cancel };
    g_assert_true(nsk_flow_step(&step, &state, &actions, NULL));
    g_assert_true(nsk_flow_state_is_ended(state));
}

static void
test_step_is_repeatable_and_changes_no_input(void)
{
    g_autoptr(NskFlow) flow = helper_process(CHOICE("$outcome = 'a'", "true()", ""));
    g_autoptr(NskXmlDoc) doc = helper_facts(FACTS);
    NskXmlNode *root = nsk_xml_doc_get_root(doc);
    g_autoptr(GBytes) facts_before = nsk_xml_canonical(root, NULL);
    static const char json[] = "{\"format\":2,\"next\":2,\"process\":\"pr\","
                               "\"tokens\":[{\"id\":1,\"node\":\"u\"}]}";
    g_autoptr(NskFlowState) state = nsk_flow_state_parse(json, strlen(json), NULL);
    NskFlowEvent event = complete("u#1", "a");
    NskFlowFacts facts = { .facts = root, .today = { 2026, 7, 22 } };
    NskFlowStep step = { .flow = flow, .state = state, .event = &event, .facts = &facts };
    g_autofree char *first = NULL;

    for (unsigned i = 0; i < 3; i++) {
        g_autoptr(NskFlowState) next = NULL;
        g_autoptr(GPtrArray) actions = NULL;

        g_assert_true(nsk_flow_step(&step, &next, &actions, NULL));
        g_autofree char *told = helper_describe(actions);
        g_autofree char *stored = nsk_flow_state_format(next);
        g_autofree char *all = g_strconcat(told, " ", stored, NULL);
        if (first == NULL)
            first = g_steal_pointer(&all);
        else
            g_assert_cmpstr(first, ==, all);
    }
    g_autofree char *after = nsk_flow_state_format(state);
    g_autoptr(GBytes) facts_after = nsk_xml_canonical(root, NULL);
    g_assert_cmpstr(after, ==, json);
    g_assert_true(g_bytes_equal(facts_before, facts_after));
}

static void
test_state_of_another_definition_is_refused(void)
{
    static const char *const states[] = {
        "{\"end\":null,\"format\":1,\"next\":2,\"process\":\"other\","
        "\"tokens\":[{\"id\":1,\"node\":\"u\",\"scope\":0}]}",
        "{\"end\":null,\"format\":1,\"next\":2,\"process\":\"pr\","
        "\"tokens\":[{\"id\":1,\"node\":\"gone\",\"scope\":0}]}",
        "{\"end\":null,\"format\":1,\"next\":2,\"process\":\"pr\","
        "\"tokens\":[{\"id\":1,\"node\":\"e\",\"scope\":0}]}",
        "{\"format\":2,\"next\":2,\"process\":\"pr\","
        "\"tokens\":[{\"id\":1,\"is\":\"event\",\"node\":\"u\"}]}",
        "{\"format\":2,\"next\":2,\"process\":\"pr\","
        "\"tokens\":[{\"id\":1,\"is\":\"sub\",\"node\":\"u\"}]}",
        "{\"format\":2,\"next\":3,\"process\":\"pr\",\"armed\":[{\"at\":\"u\",\"id\":2,\"of\":1}],"
        "\"tokens\":[{\"id\":1,\"node\":\"u\"}]}",
    };

    for (size_t i = 0; i < G_N_ELEMENTS(states); i++) {
        g_auto(Instance) self = { .flow = helper_process(LINE(USER("u", "ok", "'x'"))) };

        self.state = nsk_flow_state_parse(states[i], strlen(states[i]), NULL);
        expect_error(&self, complete("u#1", "ok"), NSK_ERROR_CORRUPT, "does not fit");
    }
}

static void
test_fact_that_is_missing_is_told(void)
{
    g_auto(Instance) self = { .flow = helper_process(LINE(USER("u", "ok", "$drafter/@position"))) };
    g_autoptr(GError) error = NULL;

    g_assert_false(helper_step(&self, &start, "<facts><letter/></facts>", &error));
    g_assert_error(error, NSK_ERROR, NSK_ERROR_INVALID);
    g_assert_nonnull(strstr(error->message, "'u'"));
    g_assert_nonnull(strstr(error->message, "$drafter"));
}

static gpointer
run_once(gpointer data)
{
    Instance self = { .flow = nsk_flow_ref(data) };
    NskFlowEvent done = complete("u#1", "b");

    for (unsigned i = 0; i < 50; i++) {
        helper_expect(&self, &start, FACTS, "open u#1 [x]");
        helper_expect(&self, &done, FACTS, "close u#1; open q#2 [q]");
        g_clear_pointer(&self.state, nsk_flow_state_unref);
    }
    helper_clear(&self);
    return NULL;
}

static void
test_definition_works_from_many_threads(void)
{
    g_autoptr(NskFlow) flow = helper_process(CHOICE("$outcome = 'a'", "$outcome = 'b'", ""));
    GThread *threads[4];

    for (size_t i = 0; i < G_N_ELEMENTS(threads); i++)
        threads[i] = g_thread_new("step", run_once, flow);
    for (size_t i = 0; i < G_N_ELEMENTS(threads); i++)
        g_thread_join(threads[i]);
}

int
main(int argc, char **argv)
{
    static const struct {
        const char *path;
        GTestFunc test;
    } tests[] = {
        { "/flow/step/user-task-opens-and-closes", test_user_task_opens_and_closes },
        { "/flow/step/assignment-gives-positions", test_assignment_gives_positions },
        { "/flow/step/assignment-that-fails-stops-the-act",
          test_assignment_that_fails_stops_the_act },
        { "/flow/step/too-many-positions-are-refused", test_too_many_positions_are_refused },
        { "/flow/step/service-waits-until-it-is-done", test_service_waits_until_it_is_done },
        { "/flow/step/abstract-and-manual-tasks-pass-through",
          test_abstract_and_manual_tasks_pass_through },
        { "/flow/step/gateway-takes-the-first-true-flow", test_gateway_takes_the_first_true_flow },
        { "/flow/step/default-flow-is-taken-when-nothing-is-true",
          test_default_flow_is_taken_when_nothing_is_true },
        { "/flow/step/gateway-without-a-way-names-itself",
          test_gateway_without_a_way_names_itself },
        { "/flow/step/circle-gives-each-round-its-own-key",
          test_circle_gives_each_round_its_own_key },
        { "/flow/step/wrong-acts-change-nothing", test_wrong_acts_change_nothing },
        { "/flow/step/cancel-closes-all-and-keeps-the-reason",
          test_cancel_closes_all_and_keeps_the_reason },
        { "/flow/step/cancel-needs-no-facts", test_cancel_needs_no_facts },
        { "/flow/step/step-is-repeatable-and-changes-no-input",
          test_step_is_repeatable_and_changes_no_input },
        { "/flow/step/state-of-another-definition-is-refused",
          test_state_of_another_definition_is_refused },
        { "/flow/step/fact-that-is-missing-is-told", test_fact_that_is_missing_is_told },
        { "/flow/step/definition-works-from-many-threads",
          test_definition_works_from_many_threads },
    };

    g_test_init(&argc, &argv, NULL);
    for (size_t i = 0; i < G_N_ELEMENTS(tests); i++)
        g_test_add_func(tests[i].path, tests[i].test);
    return g_test_run();
}
