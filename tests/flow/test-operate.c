/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What people do to an instance from outside of its drawing, and what a step tells its caller
 * beyond tasks: armed timers, incidents, faults.
 */
#include "flow-helper.h"

#define FACTS                                                                                      \
    "<facts><letter/><outcome/><drafter position='konseptor'/><reviewers>"                         \
    "<reviewer position='kasubag'/><reviewer position='kabag'/></reviewers><signatories/></facts>"
#define USER(id, outcomes, more)                                                                   \
    "<b:userTask id='" id "' camunda:assignee='x'><b:extensionElements><n:outcomes>" outcomes      \
    "</n:outcomes></b:extensionElements>" more "</b:userTask>"
#define TASK(id)   USER(id, "ok back", "")
#define FLOW(a, b) "<b:sequenceFlow id='" a "-" b "' sourceRef='" a "' targetRef='" b "'/>"
#define WHEN(a, b, condition)                                                                      \
    "<b:sequenceFlow id='" a "-" b "' sourceRef='" a "' targetRef='" b "'>"                        \
    "<b:conditionExpression>" condition "</b:conditionExpression></b:sequenceFlow>"
#define SERVICE(id) "<b:serviceTask id='" id "' n:service='dispatch'/>"
#define START       "<b:startEvent id='s'/>"
#define END         "<b:endEvent id='e'/>"
#define BOTH(a, b)                                                                                 \
    START "<b:parallelGateway id='fork'/>" TASK(a) TASK(b)                                         \
        TASK("after") "<b:parallelGateway id='join'/>" END FLOW("s", "fork") FLOW("fork", a)       \
            FLOW("fork", b) FLOW(a, "join") FLOW(b, "join") FLOW("join", "after")                  \
                FLOW("after", "e")
#define LINE3                                                                                      \
    START TASK("a") TASK("b") TASK("c") END FLOW("s", "a") FLOW("a", "b") FLOW("b", "c")           \
        FLOW("c", "e")
#define MULTI(sequential, more)                                                                    \
    START USER("m", "ok back",                                                                     \
               "<b:multiInstanceLoopCharacteristics isSequential='" sequential "'>"                \
               "<b:loopDataInputRef>reviewers</b:loopDataInputRef>"                                \
               "<b:inputDataItem id='who' name='who'/>" more                                       \
               "</b:multiInstanceLoopCharacteristics>") END FLOW("s", "m") FLOW("m", "e")

static const NskFlowEvent start = { .type = NSK_FLOW_START };

static void
expect(Instance *self, NskFlowEvent event, const char *wanted)
{
    helper_expect(self, &event, FACTS, wanted);
}

static NskFlowEvent
done(const char *key)
{
    return (NskFlowEvent){ .type = NSK_FLOW_COMPLETE, .key = key, .outcome = "ok" };
}

static NskFlowEvent
other(NskFlowEventType type, const char *key, const char *node, const char *name)
{
    return (NskFlowEvent){ .type = type, .key = key, .node = node, .name = name };
}

static void
expect_fault(Instance *self, NskFlowEvent event, NskError code, NskFlowFaultClass class)
{
    g_autoptr(NskXmlDoc) doc = helper_facts(FACTS);
    NskFlowFacts facts = { .facts = nsk_xml_doc_get_root(doc), .today = { 2026, 7, 22 } };
    NskFlowFault fault = { 0 };
    const NskFlowStep step = { .flow = self->flow,
                               .state = self->state,
                               .event = &event,
                               .facts = &facts,
                               .fault = &fault };
    g_autoptr(NskFlowState) state = NULL;
    g_autoptr(GPtrArray) actions = NULL;
    g_autoptr(GError) error = NULL;

    g_assert_false(nsk_flow_step(&step, &state, &actions, &error));
    g_assert_error(error, NSK_ERROR, (int)code);
    g_assert_cmpint(fault.class, ==, class);
}

/* Recall */

static void
recall(Instance *self, NskFlowState *before, NskFlowState *after, const char *wanted)
{
    NskFlowEvent event = { .type = NSK_FLOW_RECALL, .before = before, .after = after };

    expect(self, event, wanted);
}

static void
test_recall_opens_the_task_again(void)
{
    g_auto(Instance) self = { .flow = helper_process(LINE3) };

    expect(&self, start, "open a#1 [x]");
    g_autoptr(NskFlowState) before = nsk_flow_state_ref(self.state);
    expect(&self, done("a#1"), "close a#1; open b#2 [x]");
    g_autoptr(NskFlowState) after = nsk_flow_state_ref(self.state);
    recall(&self, before, after, "recall b#2; open a#3 [x]");
    expect(&self, done("a#3"), "close a#3; open b#4 [x]");
}

static void
test_recall_is_refused_once_somebody_went_on(void)
{
    g_auto(Instance) self = { .flow = helper_process(LINE3) };
    NskFlowEvent event = { .type = NSK_FLOW_RECALL };

    expect(&self, start, "open a#1 [x]");
    g_autoptr(NskFlowState) before = nsk_flow_state_ref(self.state);
    expect(&self, done("a#1"), "close a#1; open b#2 [x]");
    g_autoptr(NskFlowState) after = nsk_flow_state_ref(self.state);
    expect(&self, done("b#2"), "close b#2; open c#3 [x]");
    event.before = before;
    event.after = after;
    expect_fault(&self, event, NSK_ERROR_CONFLICT, NSK_FLOW_FAULT_OTHER);
}

/* b was done meanwhile: it stays done. */
static void
test_recall_leaves_parallel_work_alone(void)
{
    g_auto(Instance) self = { .flow = helper_process(BOTH("a", "b")) };

    expect(&self, start, "open a#1 [x]; open b#2 [x]");
    g_autoptr(NskFlowState) before = nsk_flow_state_ref(self.state);
    expect(&self, done("a#1"), "close a#1");
    g_autoptr(NskFlowState) after = nsk_flow_state_ref(self.state);
    recall(&self, before, after, "open a#4 [x]");
    expect(&self, done("a#4"), "close a#4");
    expect(&self, done("b#2"), "close b#2; open after#7 [x]");
}

static void
test_recall_after_the_join_is_refused(void)
{
    g_auto(Instance) self = { .flow = helper_process(BOTH("a", "b")) };
    NskFlowEvent event = { .type = NSK_FLOW_RECALL };

    expect(&self, start, "open a#1 [x]; open b#2 [x]");
    g_autoptr(NskFlowState) before = nsk_flow_state_ref(self.state);
    expect(&self, done("a#1"), "close a#1");
    g_autoptr(NskFlowState) after = nsk_flow_state_ref(self.state);
    expect(&self, done("b#2"), "close b#2; open after#5 [x]");
    event.before = before;
    event.after = after;
    expect_fault(&self, event, NSK_ERROR_CONFLICT, NSK_FLOW_FAULT_OTHER);
}

static void
test_recall_of_what_asked_for_a_service_is_refused(void)
{
    g_auto(Instance) self = { .flow = helper_process(START TASK("a") SERVICE("kirim") END FLOW(
                                  "s", "a") FLOW("a", "kirim") FLOW("kirim", "e")) };
    NskFlowEvent event = { .type = NSK_FLOW_RECALL };

    expect(&self, start, "open a#1 [x]");
    g_autoptr(NskFlowState) before = nsk_flow_state_ref(self.state);
    expect(&self, done("a#1"), "close a#1; serve kirim#2 dispatch");
    g_autoptr(NskFlowState) after = nsk_flow_state_ref(self.state);
    event.before = before;
    event.after = after;
    expect_fault(&self, event, NSK_ERROR_CONFLICT, NSK_FLOW_FAULT_OTHER);
}

static void
test_recall_puts_a_sequence_of_paraf_back(void)
{
    g_auto(Instance) self = { .flow = helper_process(MULTI("true", "")) };

    expect(&self, start, "open m#3 [x]");
    g_autoptr(NskFlowState) before = nsk_flow_state_ref(self.state);
    expect(&self, done("m#3"), "close m#3; open m#5 [x]");
    g_autoptr(NskFlowState) after = nsk_flow_state_ref(self.state);
    recall(&self, before, after, "recall m#5; open m#7 [x]");
    expect(&self, done("m#7"), "close m#7; open m#9 [x]");
    expect(&self, done("m#9"), "close m#9; end e completed");
}

static void
test_recall_takes_back_what_was_set(void)
{
    g_auto(Instance) self = { .flow = helper_process(LINE3) };
    const NskFlowVariable set = { .name = "x", .type = NSK_FLOW_NUMBER, .number = 2 };
    NskFlowEvent event = done("a#1");
    NskFlowVariable got;

    expect(&self, start, "open a#1 [x]");
    g_autoptr(NskFlowState) before = nsk_flow_state_ref(self.state);
    event.variables = &set;
    event.n_variables = 1;
    expect(&self, event, "close a#1; open b#2 [x]");
    g_assert_true(nsk_flow_state_get_variable(self.state, "x", &got));
    g_autoptr(NskFlowState) after = nsk_flow_state_ref(self.state);
    recall(&self, before, after, "recall b#2; open a#3 [x]");
    g_assert_false(nsk_flow_state_get_variable(self.state, "x", &got));
}

/* Return */

static void
test_return_gives_up_all_of_the_scope(void)
{
    g_auto(Instance) self = { .flow = helper_process(BOTH("a", "b")) };

    expect(&self, start, "open a#1 [x]; open b#2 [x]");
    expect(&self, done("a#1"), "close a#1");
    expect(&self, done("b#2"), "close b#2; open after#5 [x]");
    expect(&self, other(NSK_FLOW_RETURN_TO, "after#5", "a", NULL), "cancel after#5; open a#6 [x]");
}

static void
test_return_keeps_to_the_scope_of_the_task(void)
{
    static const char inside[] =
        START TASK("outer") "<b:subProcess id='sub'>"
                            "<b:startEvent id='is'/>" TASK("p")
                                TASK("q") "<b:endEvent id='ie'/>" FLOW("is", "p") FLOW("p", "q")
                                    FLOW("q", "ie") "</b:subProcess>" END FLOW("s", "outer")
                                        FLOW("outer", "sub") FLOW("sub", "e");
    g_auto(Instance) self = { .flow = helper_process(inside) };

    expect(&self, start, "open outer#1 [x]");
    expect(&self, done("outer#1"), "close outer#1; open p#3 [x]");
    expect(&self, done("p#3"), "close p#3; open q#4 [x]");
    expect(&self, other(NSK_FLOW_RETURN_TO, "q#4", "p", NULL), "cancel q#4; open p#5 [x]");
    expect_fault(&self, other(NSK_FLOW_RETURN_TO, "p#5", "e", NULL), NSK_ERROR_INVALID,
                 NSK_FLOW_FAULT_OTHER);
    expect(&self, other(NSK_FLOW_RETURN_TO, "p#5", "outer", NULL), "cancel p#5; open outer#6 [x]");
    expect_fault(&self, other(NSK_FLOW_RETURN_TO, "outer#6", "q", NULL), NSK_ERROR_INVALID,
                 NSK_FLOW_FAULT_OTHER);
    expect_fault(&self, other(NSK_FLOW_RETURN_TO, "outer#6", "none", NULL), NSK_ERROR_INVALID,
                 NSK_FLOW_FAULT_OTHER);
}

/* The handler is over by the return, so it listens again. */
static void
test_return_out_of_a_handler_arms_it_again(void)
{
    static const char withdrawn[] = START TASK("a") END FLOW("s", "a")
        FLOW("a", "e") "<b:subProcess id='tarik' triggeredByEvent='true'><b:startEvent id='ts'>"
                       "<b:messageEventDefinition messageRef='msg'/></b:startEvent>" TASK(
                           "periksa") "<b:endEvent id='te'/>" FLOW("ts", "periksa")
                           FLOW("periksa", "te") "</b:subProcess>";
    g_autofree char *text = g_strconcat(HEAD "<b:message id='msg' name='tarik'/><b:process id='pr' "
                                             "isExecutable='true'>",
                                        withdrawn, "</b:process>\n" TAIL, NULL);
    g_auto(Instance) self = { .flow = helper_parse(text) };

    expect(&self, start, "arm ts#1 tarik; open a#2 [x]");
    expect(&self, other(NSK_FLOW_MESSAGE, NULL, NULL, "tarik"),
           "disarm ts#1; cancel a#2; open periksa#4 [x]");
    expect_fault(&self, other(NSK_FLOW_MESSAGE, NULL, NULL, "tarik"), NSK_ERROR_CONFLICT,
                 NSK_FLOW_FAULT_NO_SUBSCRIPTION);
    expect(&self, other(NSK_FLOW_RETURN_TO, "periksa#4", "a", NULL),
           "cancel periksa#4; arm ts#5 tarik; open a#6 [x]");
    expect(&self, done("a#6"), "close a#6; disarm ts#5; end e completed");
}

/* Adding somebody */

static void
test_reviewer_is_added_to_parallel_work_at_once(void)
{
    g_auto(Instance) self = { .flow = helper_process(MULTI("false", "")) };

    expect(&self, start, "open m#4 [x]; open m#5 [x]");
    expect(&self, other(NSK_FLOW_ADD_INSTANCE, "m#4", NULL, "kabiro"), "open m#7 [x]");
    expect(&self, done("m#4"), "close m#4");
    expect(&self, done("m#5"), "close m#5");
    expect(&self, done("m#7"), "close m#7; end e completed");
}

static void
test_reviewer_is_added_to_a_sequence_at_a_place(void)
{
    g_auto(Instance)
        self = { .flow = helper_process(MULTI("true", "<b:completionCondition>$who = 'kabiro'"
                                                      "</b:completionCondition>")) };

    expect(&self, start, "open m#3 [x]");
    expect(&self, other(NSK_FLOW_ADD_INSTANCE, NULL, "m", "kabiro"), "");
    /* he comes before the second, and with him the condition is true */
    expect(&self, done("m#3"), "close m#3; open m#5 [x]");
    expect(&self, done("m#5"), "close m#5; end e completed");
}

static void
test_adding_is_refused_where_there_are_no_several(void)
{
    g_auto(Instance) one = { .flow = helper_process(LINE3) };
    g_auto(Instance) many = { .flow = helper_process(MULTI("false", "")) };

    expect(&one, start, "open a#1 [x]");
    expect_fault(&one, other(NSK_FLOW_ADD_INSTANCE, "a#1", NULL, "x"), NSK_ERROR_CONFLICT,
                 NSK_FLOW_FAULT_NO_SUBSCRIPTION);
    expect_fault(&one, other(NSK_FLOW_ADD_INSTANCE, NULL, "a", "x"), NSK_ERROR_CONFLICT,
                 NSK_FLOW_FAULT_NO_SUBSCRIPTION);
    expect(&many, start, "open m#4 [x]; open m#5 [x]");
    expect_fault(&many, other(NSK_FLOW_ADD_INSTANCE, "m#4", NULL, NULL), NSK_ERROR_INVALID,
                 NSK_FLOW_FAULT_OTHER);
    expect_fault(&many, other(NSK_FLOW_ADD_INSTANCE, "m#4", NULL, "\xff"), NSK_ERROR_INVALID,
                 NSK_FLOW_FAULT_OTHER);
}

/* Each instance has a gateway that waits; none looks at the others' tokens. */
static void
test_thousand_instances_do_not_mix(void)
{
    g_autoptr(NskFlow) flow = helper_process(
        START "<b:subProcess id='m'><b:multiInstanceLoopCharacteristics><b:loopCardinality>1000"
              "</b:loopCardinality></b:multiInstanceLoopCharacteristics>"
              "<b:startEvent id='is'/><b:inclusiveGateway id='g'/>" TASK("a")
                  TASK("c") "<b:inclusiveGateway id='j'/><b:endEvent id='ie'/>" FLOW("is", "g")
                      WHEN("g", "a", "true()") WHEN("g", "j", "true()") FLOW("a", "j")
                          FLOW("j", "c") FLOW("c", "ie") "</b:subProcess>" END FLOW("s", "m")
                              FLOW("m", "e"));
    const NskFlowFacts facts = { .simulated = true };
    const NskFlowStep first = { .flow = flow, .event = &start, .facts = &facts };
    g_autoptr(NskFlowState) state = NULL;
    g_autoptr(NskFlowState) next = NULL;
    g_autoptr(GPtrArray) opened = NULL;
    g_autoptr(GPtrArray) told = NULL;

    g_assert_true(nsk_flow_step(&first, &state, &opened, NULL));
    g_assert_cmpuint(opened->len, ==, 1000);
    const NskFlowAction *last = g_ptr_array_index(opened, 999);
    const NskFlowEvent event = done(last->key);
    const NskFlowStep second = { .flow = flow, .state = state, .event = &event, .facts = &facts };
    g_assert_true(nsk_flow_step(&second, &next, &told, NULL));
    g_assert_cmpuint(told->len, ==, 2);
    g_assert_cmpstr(((NskFlowAction *)g_ptr_array_index(told, 1))->node, ==, "c");
}

/* A state that was written can be read, however long its list is. */
static void
test_sequence_of_a_thousand_is_kept(void)
{
    g_autoptr(NskFlow) flow = helper_process(MULTI("true", ""));
    g_autoptr(GString) text = g_string_new("<facts><outcome/><reviewers>");
    g_autoptr(NskFlowState) state = NULL;
    g_autoptr(GPtrArray) told = NULL;

    for (unsigned i = 0; i < 1000; i++)
        g_string_append_printf(text, "<reviewer position='p%u'/>", i);
    g_string_append(text, "</reviewers></facts>");
    g_autoptr(NskXmlDoc) doc = helper_facts(text->str);
    const NskFlowFacts facts = { .facts = nsk_xml_doc_get_root(doc) };
    const NskFlowStep step = { .flow = flow, .event = &start, .facts = &facts };
    g_assert_true(nsk_flow_step(&step, &state, &told, NULL));

    g_autoptr(GError) error = NULL;
    g_autofree char *json = nsk_flow_state_format(state);
    g_autoptr(NskFlowState) again = nsk_flow_state_parse(json, strlen(json), &error);
    g_assert_no_error(error);
    g_autofree char *second = nsk_flow_state_format(again);
    g_assert_cmpstr(json, ==, second);
}

/* Suspending */

static void
test_suspended_instance_takes_nothing_but_resume_and_cancel(void)
{
    g_auto(Instance) self = { .flow = helper_process(LINE3) };

    expect(&self, start, "open a#1 [x]");
    expect_fault(&self, other(NSK_FLOW_RESUME, NULL, NULL, NULL), NSK_ERROR_CONFLICT,
                 NSK_FLOW_FAULT_SUSPENDED);
    expect(&self, other(NSK_FLOW_SUSPEND, NULL, NULL, NULL), "");
    g_assert_true(nsk_flow_state_is_suspended(self.state));
    expect_fault(&self, done("a#1"), NSK_ERROR_CONFLICT, NSK_FLOW_FAULT_SUSPENDED);
    expect_fault(&self, other(NSK_FLOW_SUSPEND, NULL, NULL, NULL), NSK_ERROR_CONFLICT,
                 NSK_FLOW_FAULT_SUSPENDED);
    expect(&self, other(NSK_FLOW_RESUME, NULL, NULL, NULL), "");
    expect(&self, done("a#1"), "close a#1; open b#2 [x]");
    expect(&self, other(NSK_FLOW_SUSPEND, NULL, NULL, NULL), "");
    expect(&self, other(NSK_FLOW_CANCEL, NULL, NULL, NULL), "cancel b#2; end cancelled");
}

/* Services that fail, incidents */

#define SERVED(more)                                                                               \
    START SERVICE("kirim") TASK("ulang") END FLOW("s", "kirim") FLOW("kirim", "e")                 \
        FLOW("ulang", "e") more
#define CAUGHT                                                                                     \
    "<b:boundaryEvent id='salah' attachedToRef='kirim'><b:errorEventDefinition errorRef='er'/>"    \
    "</b:boundaryEvent>" FLOW("salah", "ulang")

static void
test_failed_service_is_an_incident_that_can_be_retried(void)
{
    g_auto(Instance) self = { .flow = helper_process(START SERVICE("kirim") END FLOW("s", "kirim")
                                                         FLOW("kirim", "e")) };

    expect(&self, start, "serve kirim#1 dispatch");
    expect(&self, other(NSK_FLOW_SERVICE_FAILED, "kirim#1", NULL, "E1"),
           "incident kirim#1 uncaught E1");
    expect_fault(&self, other(NSK_FLOW_RETRY, "kirim#9", NULL, NULL), NSK_ERROR_CONFLICT,
                 NSK_FLOW_FAULT_NO_SUBSCRIPTION);
    expect(&self, other(NSK_FLOW_SERVICE_FAILED, "kirim#1", NULL, "E1"), "");
    expect(&self, other(NSK_FLOW_RETRY, "kirim#1", NULL, NULL),
           "healed kirim#1; serve kirim#1 dispatch");
    expect(&self, other(NSK_FLOW_INCIDENT, "kirim#1", NULL, "no_flow"), "incident kirim#1 no_flow");
    /* it was carried out after all */
    expect(&self, other(NSK_FLOW_SERVICE_DONE, "kirim#1", NULL, NULL),
           "close kirim#1; healed kirim#1; end e completed");
}

static void
test_failure_that_is_caught_goes_its_way(void)
{
    g_autofree char *process =
        g_strconcat(HEAD "<b:error id='er' errorCode='E1'/><b:process id='pr' "
                         "isExecutable='true'>" SERVED(CAUGHT) "</b:process>\n" TAIL,
                    NULL);
    g_auto(Instance) self = { .flow = helper_parse(process) };

    expect(&self, start, "serve kirim#1 dispatch");
    expect(&self, other(NSK_FLOW_SERVICE_FAILED, "kirim#1", NULL, "E2"),
           "incident kirim#1 uncaught E2");
    expect(&self, other(NSK_FLOW_SERVICE_FAILED, "kirim#1", NULL, "E1"),
           "cancel kirim#1; healed kirim#1; open ulang#2 [x]");
}

/* Timers */

#define REMINDED                                                                                   \
    START TASK("a") TASK("ingat") END FLOW("s", "a") FLOW("a", "e") FLOW(                          \
        "ingat",                                                                                   \
        "e") "<b:boundaryEvent id='lewat' attachedToRef='a' cancelActivity='false'>"               \
             "<b:timerEventDefinition><b:timeCycle>R3/PT1H</b:timeCycle></b:timerEventDefinition>" \
             "</b:boundaryEvent>" FLOW("lewat", "ingat")

static void
test_cycle_fires_by_its_count_and_passes_over_what_was_missed(void)
{
    g_auto(Instance) self = { .flow = helper_process(REMINDED) };
    const int64_t hour = INT64_C(3600000000);

    expect(&self, start, "open a#1 [x]; arm lewat#2 3600");
    expect_fault(&self, other(NSK_FLOW_TIMER, "lewat#2", NULL, NULL), NSK_ERROR_CONFLICT,
                 NSK_FLOW_FAULT_OTHER);
    self.now = hour;
    expect(&self, other(NSK_FLOW_TIMER, "lewat#2", NULL, NULL),
           "arm lewat#2 7200; open ingat#3 [x]");
    /* the same firing again, by another who looked at the same time */
    expect_fault(&self, other(NSK_FLOW_TIMER, "lewat#2", NULL, NULL), NSK_ERROR_CONFLICT,
                 NSK_FLOW_FAULT_OTHER);
    self.now = 2 * hour;
    expect(&self, other(NSK_FLOW_TIMER, "lewat#2", NULL, NULL),
           "arm lewat#2 10800; open ingat#4 [x]");
    self.now = 9 * hour;
    expect(&self, other(NSK_FLOW_TIMER, "lewat#2", NULL, NULL), "disarm lewat#2; open ingat#5 [x]");
    expect_fault(&self, other(NSK_FLOW_TIMER, "lewat#2", NULL, NULL), NSK_ERROR_CONFLICT,
                 NSK_FLOW_FAULT_NO_SUBSCRIPTION);
}

/* The last action of the firing at @now, and the turns that it says nobody saw. */
static unsigned
missed_at(Instance *self, NskInstant now, NskFlowActionType type)
{
    const NskFlowEvent event = other(NSK_FLOW_TIMER, "lewat#2", NULL, NULL);
    g_autoptr(GError) error = NULL;

    self->now = now;
    helper_step(self, &event, "<facts/>", &error);
    g_assert_no_error(error);
    const NskFlowAction *first = g_ptr_array_index(self->actions, 0);
    g_assert_cmpint(first->type, ==, type);
    return first->missed;
}

static void
test_turns_missed_are_told_even_of_a_cycle_that_is_used_up(void)
{
    const int64_t hour = INT64_C(3600000000);
    g_auto(Instance) once = { .flow = helper_process(REMINDED) };
    g_auto(Instance) twice = { .flow = helper_process(REMINDED) };

    expect(&once, start, "open a#1 [x]; arm lewat#2 3600");
    g_assert_cmpuint(missed_at(&once, 9 * hour, NSK_FLOW_DISARM), ==, 2);
    expect(&twice, start, "open a#1 [x]; arm lewat#2 3600");
    g_assert_cmpuint(missed_at(&twice, 2 * hour + 1, NSK_FLOW_ARM), ==, 1);
    g_assert_cmpuint(missed_at(&twice, 3 * hour, NSK_FLOW_DISARM), ==, 0);
}

static void
test_timer_goes_with_its_activity(void)
{
    g_auto(Instance) self = { .flow = helper_process(REMINDED) };

    expect(&self, start, "open a#1 [x]; arm lewat#2 3600");
    expect(&self, done("a#1"), "close a#1; disarm lewat#2; end e completed");
}

/* Faults */

static void
test_faults_have_a_class(void)
{
    g_auto(Instance) self = { .flow = helper_process(LINE3) };

    expect(&self, start, "open a#1 [x]");
    expect_fault(&self, done("a#2"), NSK_ERROR_CONFLICT, NSK_FLOW_FAULT_NO_SUBSCRIPTION);
    expect_fault(&self, other(NSK_FLOW_MESSAGE, NULL, NULL, "pesan"), NSK_ERROR_CONFLICT,
                 NSK_FLOW_FAULT_NO_SUBSCRIPTION);
    expect_fault(&self, other(NSK_FLOW_TIMER, "a#1", NULL, NULL), NSK_ERROR_CONFLICT,
                 NSK_FLOW_FAULT_NO_SUBSCRIPTION);
    expect(&self, other(NSK_FLOW_SIGNAL, NULL, NULL, "isyarat"), "");
    g_clear_pointer(&self.state, nsk_flow_state_unref);
    expect_fault(&self, other(NSK_FLOW_START, NULL, NULL, "pesan"), NSK_ERROR_INVALID,
                 NSK_FLOW_FAULT_NO_SUBSCRIPTION);
}

static void
test_variables_are_bounded(void)
{
    g_auto(Instance) self = { .flow = helper_process(LINE3) };
    g_autofree char *big = g_strnfill(5000, 'x');
    const NskFlowVariable bad[] = {
        { .name = "a b", .type = NSK_FLOW_NUMBER },
        { .name = "", .type = NSK_FLOW_NUMBER },
        { .name = "1a", .type = NSK_FLOW_NUMBER },
        { .name = "a", .type = NSK_FLOW_NUMBER, .number = 1e308 * 10 },
        { .name = "a", .type = NSK_FLOW_TEXT, .text = "\xff" },
        { .name = "a", .type = NSK_FLOW_TEXT, .text = big },
        { .name = "a", .type = NSK_FLOW_TEXT },
    };

    expect(&self, start, "open a#1 [x]");
    for (size_t i = 0; i < G_N_ELEMENTS(bad); i++) {
        NskFlowEvent event = done("a#1");

        event.variables = &bad[i];
        event.n_variables = 1;
        expect_fault(&self, event, NSK_ERROR_INVALID, NSK_FLOW_FAULT_OTHER);
    }
}

static void
test_drill_counts_what_is_completed(void)
{
    g_autoptr(NskFlow) flow = helper_process(LINE3);
    g_autoptr(NskXmlDoc) doc = helper_facts(FACTS);
    NskFlowFacts facts = { .facts = nsk_xml_doc_get_root(doc), .today = { 2026, 7, 22 } };
    g_autoptr(GError) error = NULL;
    size_t count = 0;

    g_assert_true(nsk_flow_drill(flow, &facts, 7, &count, &error));
    g_assert_cmpuint(count, ==, 21);
}

int
main(int argc, char **argv)
{
    static const struct {
        const char *path;
        GTestFunc test;
    } tests[] = {
        { "recall-opens-the-task-again", test_recall_opens_the_task_again },
        { "recall-is-refused-once-somebody-went-on", test_recall_is_refused_once_somebody_went_on },
        { "recall-leaves-parallel-work-alone", test_recall_leaves_parallel_work_alone },
        { "recall-after-the-join-is-refused", test_recall_after_the_join_is_refused },
        { "recall-of-what-asked-for-a-service-is-refused",
          test_recall_of_what_asked_for_a_service_is_refused },
        { "recall-puts-a-sequence-of-paraf-back", test_recall_puts_a_sequence_of_paraf_back },
        { "recall-takes-back-what-was-set", test_recall_takes_back_what_was_set },
        { "return-gives-up-all-of-the-scope", test_return_gives_up_all_of_the_scope },
        { "return-keeps-to-the-scope-of-the-task", test_return_keeps_to_the_scope_of_the_task },
        { "return-out-of-a-handler-arms-it-again", test_return_out_of_a_handler_arms_it_again },
        { "reviewer-is-added-to-parallel-work-at-once",
          test_reviewer_is_added_to_parallel_work_at_once },
        { "reviewer-is-added-to-a-sequence-at-a-place",
          test_reviewer_is_added_to_a_sequence_at_a_place },
        { "adding-is-refused-where-there-are-no-several",
          test_adding_is_refused_where_there_are_no_several },
        { "thousand-instances-do-not-mix", test_thousand_instances_do_not_mix },
        { "sequence-of-a-thousand-is-kept", test_sequence_of_a_thousand_is_kept },
        { "suspended-instance-takes-nothing-but-resume-and-cancel",
          test_suspended_instance_takes_nothing_but_resume_and_cancel },
        { "failed-service-is-an-incident-that-can-be-retried",
          test_failed_service_is_an_incident_that_can_be_retried },
        { "failure-that-is-caught-goes-its-way", test_failure_that_is_caught_goes_its_way },
        { "turns-missed-are-told-even-of-a-cycle-that-is-used-up",
          test_turns_missed_are_told_even_of_a_cycle_that_is_used_up },
        { "cycle-fires-by-its-count-and-passes-over-what-was-missed",
          test_cycle_fires_by_its_count_and_passes_over_what_was_missed },
        { "timer-goes-with-its-activity", test_timer_goes_with_its_activity },
        { "faults-have-a-class", test_faults_have_a_class },
        { "variables-are-bounded", test_variables_are_bounded },
        { "drill-counts-what-is-completed", test_drill_counts_what_is_completed },
    };

    g_test_init(&argc, &argv, NULL);
    for (size_t i = 0; i < G_N_ELEMENTS(tests); i++) {
        g_autofree char *path = g_strconcat("/flow/operate/", tests[i].path, NULL);

        g_test_add_func(path, tests[i].test);
    }
    return g_test_run();
}
