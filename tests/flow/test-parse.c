/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What can be run is read, from one file or several, and what is odd about it is warned of. */
#include "base/limits.h"
#include "definition-helper.h"
#include "read-helper.h"

/* What keeps no file from running, with what is said about it. */
static const Case warnings[] = {
    { "flow-condition",
      GATEWAY("default='f4'", FC("f3", "g", "t", "true()") FC("f4", "g", "e", "true()")),
      { "default flow 'f4'", "never asked" } },
    { "flow-condition",
      GATEWAY("default='f4'", FC("f3", "g", "t", "'false'") F("f4", "g", "e")),
      { "sequenceFlow 'f3'", "every text" } },
    { "flow-foreign",
      TASK("camunda:assignee='Kepala Biro!'", ""),
      { "camunda:assignee", "Kepala" } },
    { "flow-foreign",
      TASK("camunda:candidateGroups='${list.of(a, b)}'", ""),
      { "camunda:candidateGroups", "${list.of(a, b)}" } },
    { "flow-foreign", TASK("camunda:dueDate='${now().plus(1)}'", ""), { "camunda:dueDate" } },
    { "flow-foreign", TASK("camunda:followUpDate='besok'", ""), { "camunda:followUpDate" } },
    { "flow-foreign", TASK("camunda:priority='tinggi'", ""), { "camunda:priority" } },
    { "flow-foreign",
      TASK("xmlns:z='http://camunda.org/schema/zeebe/1.0' z:x='1'", ""),
      { "http://camunda.org/schema/zeebe/1.0" } },
    { "flow-assignment", TASK("", "<b:potentialOwner/>"), { "potentialOwner", "'u'" } },
};

static void
test_warns_of_what_it_can_run(void)
{
    for (size_t i = 0; i < G_N_ELEMENTS(warnings); i++) {
        const Case *row = &warnings[i];
        g_autofree char *text = helper_wrap(row->elements);
        g_autoptr(NskIssues) issues = nsk_issues_new();
        g_autoptr(GError) error = NULL;
        g_autoptr(NskFlow) flow = nsk_flow_parse("contoh.bpmn", text, strlen(text), issues, &error);

        g_assert_no_error(error);
        g_assert_nonnull(flow);
        g_assert_cmpuint(issues->len, >=, 1);
        const NskIssue *issue = g_ptr_array_index(issues, 0);
        g_assert_cmpstr(issue->tag, ==, row->tag);
        g_assert_cmpint(issue->severity, ==, NSK_SEVERITY_WARNING);
        g_assert_cmpuint(issue->line, ==, 2);
        if (!has_words(issue, row->words, G_N_ELEMENTS(row->words)))
            g_error("no \"%s\" in: %s", row->words[0], issue->text);
    }
}

/* Files that are as they should be, though not every peer takes them. */
static const char *const accepted[] = {
    /* no start event, no end event */
    USER("u"),
    USER("u") USER("t") F("f1", "u", "t"),
    /* ways out of an activity */
    TASK("default='f3'", "") USER("t") F("f3", "u", "t"),
    START USER("u") USER("t") F("f1", "s", "u") FC("f2", "u", "t", "$outcome = 'x'"),
    /* an inclusive split may have a way that is always taken */
    START "<b:inclusiveGateway id='g'/>" USER("u") USER("t") F("f1", "s", "g") F("f2", "g", "u")
        FC("f3", "g", "t", "$x"),
    START "<b:exclusiveGateway id='g'/>" USER("u") F("f1", "s", "g") F("f2", "g", "u"),
    /* a sub-process without anything in it */
    START SUB("x", "") F("f1", "s", "x"),
    /* circles in which somebody has something to do */
    TASK("", "") F("f3", "u", "u"),
    START SUB("x", USER("u")) F("f1", "s", "x") F("f2", "x", "x"),
    START
    "<b:exclusiveGateway id='i'/><b:parallelGateway id='g'/><b:parallelGateway id='h'/>" USER("u")
        F("f0", "s", "i") F("f1", "i", "g") F("f2", "g", "h") F("f3", "g", "u") F("f4", "u", "h")
            F("f5", "h", "i"),
    SUB("x", USER("u") "<b:endEvent id='y'>" ERROR_EVENT "</b:endEvent>" F("f3", "u", "y"))
        START BOUNDARY("z", "x", ERROR_EVENT) F("f1", "s", "x") F("f2", "z", "x"),
    SUB("x",
        "<b:endEvent id='y'>" ERROR_EVENT "</b:endEvent>"
        "<b:subProcess id='h' triggeredByEvent='true'><b:startEvent id='hs'>" ERROR_EVENT
        "</b:startEvent><b:endEvent id='he'>" ERROR_EVENT
        "</b:endEvent>" F("f9", "hs", "he") "</b:subProcess>") START BOUNDARY("z", "x", ERROR_EVENT)
        USER("u") F("f1", "s", "x") F("f2", "z", "u"),
    /* a process that calls itself behind a task */
    START USER("u") "<b:callActivity id='x' calledElement='pr'/>" F("f1", "s", "u")
        F("f2", "u", "x"),
    START USER("u") "<b:callActivity id='x' calledElement='other:pr'/>" F("f1", "s", "u")
        F("f2", "u", "x"),
    /* events */
    CATCH(CONDITION("$ready")),
    CATCH(TIMER("P1Y2M3W4DT5H6M7.5S")),
    CATCH(TIMER("$wait")),
    CATCH(TIMER("concat('P', $days, 'D')")),
    CATCH(DATE("meeting/@ends")),
    CATCH(DATE("2026-07-22T09:00:00+07:00")),
    CATCH(CYCLE("R3/2026-07-22T09:00:00Z/P1D")),
    CATCH(WORKING("true", "P3D")),
    CATCH(WORKING("1", "$wait")),
    THROW(""),
    THROW("<b:escalationEventDefinition escalationRef='x:es'/>"),
    TASK("", "") BOUNDARY("x", "u", "<b:errorEventDefinition/>"),
    TASK("", "") BOUNDARY("x", "u", "<b:escalationEventDefinition/>"),
    TASK("", "") BOUNDARY("x", "u", "<b:errorEventDefinition errorRef='ee'/>"),
    TASK("", "") UNDO("x", "y") "<b:endEvent id='z'><b:compensateEventDefinition activityRef='u'/>"
                                "</b:endEvent>" F("f3", "u", "z"),
    "<b:startEvent id='s'/><b:startEvent id='s2'>" CYCLE("R/P1D") "</b:startEvent>" USER("u")
        F("f1", "s", "u") F("f2", "s2", "u"),
    START LINKS USER("u") F("f1", "s", "l1") F("f2", "l2", "u"),
    WAIT("<b:receiveTask id='x' messageRef='m'/><b:intermediateCatchEvent id='y'>" TIMER(
        "PT1H") "</b:intermediateCatchEvent>" F("f3", "g", "x") F("f4", "g", "y")),
    /* tasks of all kinds */
    NODE("serviceTask"),
    NODE("businessRuleTask n:service='retention'"),
    NODE("sendTask messageRef='m'"),
    NODE("receiveTask"),
    NODE("scriptTask"),
    NODE("manualTask"),
    TASK("camunda:candidateGroups='tata-usaha, ${group} arsip' camunda:dueDate='P3D' "
         "n:workingDays='true' camunda:followUpDate='${due}' camunda:priority='80'",
         ""),
    TASK("",
         MULTI("isSequential='true' behavior='All'",
               "<b:loopDataInputRef>reviewers</b:loopDataInputRef><b:inputDataItem "
               "name='who'/><b:completionCondition>$numberOfCompletedInstances &gt; 2"
               "</b:completionCondition>")),
    TASK("", MULTI("camunda:collection='${people}' camunda:elementVariable='who'", "")),
    TASK("", "<b:standardLoopCharacteristics testBefore='true' loopMaximum='3'/>"),
    /* expressions */
    GATEWAY("default='f4'",
            FC("f3", "g", "t", "n:add-working-days(n:today(), 5) = $due") F("f4", "g", "e")),
    GATEWAY("default='f4'",
            FC("f3",
               "g",
               "t",
               "n:days-between($a, n:now()) &gt; 3 and "
               "n:in-role($holder, 'signatory')") F("f4", "g", "e")),
    GATEWAY("default='f4'",
            FC("f3", "g", "t", "getDataObject('a') = b:getProcessProperty('p','b')")
                F("f4", "g", "e")),
    GATEWAY("default='f4'",
            FC("f3",
               "g",
               "t",
               "b:getActivityInstanceAttribute('u', "
               "'loopCounter') &gt; 0") F("f4", "g", "e")),
    GATEWAY("default='f4'",
            FC("f3",
               "g",
               "t",
               "concat('(', ',', &quot;)&quot;) = string() and count(a[position() = last()]"
               "[contains(., 'x')] | text()) &gt; number() and substring(translate('a,b', ',', "
               "''), 1, 2)") F("f4", "g", "e")),
    /* flows need no id, and may stand at the top */
    START USER("u") "<b:sequenceFlow sourceRef='s' targetRef='u'/>",
    START SUB("x", USER("u") USER("t")) F("f1", "s", "x") F("f2", "u", "t"),
    /* any letters, any prefix */
    START "<b:userTask id='tugas-é.1'/>" F("f1", "s", "tugas-é.1"),
    TASK("", "<b:incoming>tns:f1</b:incoming>"),
};

static void
test_accepts(void)
{
    for (size_t i = 0; i < G_N_ELEMENTS(accepted); i++) {
        g_autofree char *text = g_strconcat(HEAD ROOTS "<b:process id='pr' isExecutable='true'>",
                                            accepted[i], "</b:process>\n" TAIL, NULL);
        g_autoptr(NskIssues) issues = nsk_issues_new();
        g_autoptr(GError) error = NULL;
        g_autoptr(NskFlow) flow = nsk_flow_parse("contoh.bpmn", text, strlen(text), issues, &error);

        if (flow == NULL || issues->len > 0)
            g_error("%s: %s", error != NULL ? error->message : "a warning", text);
        helper_check_definition(flow);
    }
}

static void
test_what_is_for_people_is_passed_over(void)
{
    static const char text[] = HEAD
        "<b:import importType='x' location='y' namespace='z'/>"
        "<b:collaboration id='c'><b:participant id='pool' processRef='p'/></b:collaboration>"
        "<b:message id='m'/>"
        "<b:process id='p' isExecutable='true'><b:documentation>Contoh  ini</b:documentation>"
        "<b:extensionElements><camunda:properties/></b:extensionElements>"
        "<b:laneSet id='ls'><b:lane id='l'><b:flowNodeRef>u</b:flowNodeRef></b:lane></b:laneSet>"
        "<b:dataObject id='d'/><b:dataObjectReference id='dr' dataObjectRef='d'/>" START
        "<b:userTask id='u' camunda:assignee='tata-usaha' camunda:dueDate='${x}'>"
        "<b:extensionElements><camunda:taskListener class='x'/></b:extensionElements>"
        "<b:dataInputAssociation id='di'><b:sourceRef>dr</b:sourceRef></b:dataInputAssociation>"
        "<b:rendering/></b:userTask>" END F("f1", "s", "u") F(
            "f2", "u", "e") "<b:textAnnotation id='ta'><b:text>Catatan</b:text></b:textAnnotation>"
                            "<b:association id='as' sourceRef='u' targetRef='ta'/></b:process>"
                            "<b:process id='other'><b:complexGateway id='z'/></b:process>" TAIL;
    g_autoptr(NskFlow) flow = helper_parse(text);
    const NskFlowTask *task = nsk_flow_get_task(flow, 0);

    g_assert_cmpstr(nsk_flow_get_name(flow), ==, "p");
    g_assert_cmpstr(nsk_flow_get_documentation(flow), ==, "Contoh ini");
    g_assert_cmpuint(nsk_flow_get_n_tasks(flow), ==, 1);
    g_assert_cmpstr(task->name, ==, "u");
    g_assert_cmpstr(task->documentation, ==, "");
    g_assert_cmpstr(task->lane, ==, "l");
    g_assert_cmpstr(task->outcomes[0], ==, "done");
    g_assert_null(task->outcomes[1]);
    g_assert_null(nsk_flow_find_task(flow, "s"));
}

static void
test_a_task_is_kept_apart_from_others(void)
{
    g_autofree char *text =
        helper_wrap(START USER("u") USER("t") "<b:userTask id='c' n:role='confirm' n:separate='t,"
                                              " u'/>" END F("f1", "s", "u") F("f2", "u", "t")
                                                  F("f3", "t", "c") F("f4", "c", "e"));
    g_autoptr(NskFlow) flow = helper_parse(text);
    const NskFlowTask *task = nsk_flow_find_task(flow, "c");

    g_assert_cmpint(task->role, ==, NSK_FLOW_ROLE_CONFIRM);
    g_assert_cmpuint(g_strv_length((char **)(uintptr_t)task->separate), ==, 2);
    g_assert_cmpstr(task->separate[0], ==, "t");
    g_assert_cmpstr(task->separate[1], ==, "u");
    g_assert_null(nsk_flow_find_task(flow, "u")->separate);
}

static void
test_tasks_tell_what_the_file_says(void)
{
    g_autofree char *text = helper_wrap(
        START
        "<b:userTask id='u' name='Telaah' n:role='review' camunda:formKey='telaah' "
        "camunda:priority='80'><b:documentation>Baca.</b:documentation></b:userTask>" SUB(
            "x", "<b:laneSet><b:lane name='Dalam'><b:flowNodeRef>v</b:flowNodeRef></b:lane>"
                 "</b:laneSet><b:sendTask id='v' n:service='notify'/>") F("f1", "s", "u")
            F("f2", "u", "x") "<b:laneSet><b:lane name='Luar'><b:flowNodeRef>x"
                              "</b:flowNodeRef><b:flowNodeRef>v</b:flowNodeRef><b:flowNodeRef>"
                              "u</b:flowNodeRef></b:lane></b:laneSet>");
    g_autoptr(NskFlow) flow = helper_parse(text);
    const NskFlowTask *task = nsk_flow_get_task(flow, 0);

    g_assert_cmpuint(nsk_flow_get_n_tasks(flow), ==, 2);
    g_assert_cmpstr(task->name, ==, "Telaah");
    g_assert_cmpstr(task->documentation, ==, "Baca.");
    g_assert_cmpstr(task->form, ==, "telaah");
    g_assert_cmpint(task->priority, ==, 80);
    g_assert_cmpint(task->role, ==, NSK_FLOW_ROLE_REVIEW);
    g_assert_cmpstr(task->lane, ==, "Luar");
    g_assert_cmpstr(task->process, ==, "pr");
    task = nsk_flow_get_task(flow, 1);
    g_assert_cmpstr(task->service, ==, "notify");
    g_assert_cmpstr(task->lane, ==, "Dalam");
}

/* A source of other files. */
typedef struct {
    unsigned asked;
} Library;

static GBytes *
find_in_library(void *data, const char *process, char **out_name)
{
    static const char called[] =
        HEAD "<b:process id='q'><b:userTask id='a'/><b:callActivity id='b' calledElement='r'/>" F(
            "q1", "a", "b") "</b:process><b:process id='r'><b:userTask id='c'/></b:process>" TAIL;
    static const char bad[] =
        HEAD "<b:process id='bad'><b:complexGateway id='k'/></b:process>" TAIL;
    static const char same[] =
        HEAD "<b:process id='same'><b:callActivity id='b' calledElement='pr'/></b:process>"
             "<b:process id='pr'><b:userTask id='c'/></b:process>" TAIL;
    Library *self = data;
    const char *text = NULL;

    self->asked++;
    if (g_str_equal(process, "q") || g_str_equal(process, "r"))
        text = called;
    else if (g_str_equal(process, "bad"))
        text = bad;
    else if (g_str_equal(process, "same"))
        text = same;
    else if (g_str_equal(process, "broken"))
        text = "<x";
    else
        return NULL;
    *out_name = g_strdup_printf("%s.bpmn", process);
    return g_bytes_new_static(text, strlen(text));
}

static NskFlow *
load_calling(const char *called, Library *library, NskIssues *issues, GError **error)
{
    g_autofree char *elements = g_strdup_printf(
        START USER("u") "<b:callActivity id='x' calledElement='%s'/>"
                        "<b:callActivity id='y' calledElement='r'/>" F("f1", "s", "u")
                            F("f2", "u", "x") F("f3", "x", "y"),
        called);
    g_autofree char *text = helper_wrap(elements);
    const NskFlowSource source = { .name = "contoh.bpmn",
                                   .content = text,
                                   .size = strlen(text),
                                   .find = find_in_library,
                                   .data = library };

    return nsk_flow_load(&source, issues, error);
}

static void
test_called_processes_come_from_elsewhere(void)
{
    static const char *const tasks[] = { "u", "a", "c" };
    static const char *const processes[] = { "pr", "q", "r" };
    g_autoptr(NskIssues) issues = nsk_issues_new();
    g_autoptr(GError) error = NULL;
    Library library = { 0 };
    g_autoptr(NskFlow) flow = load_calling("q", &library, issues, &error);

    g_assert_no_error(error);
    g_assert_cmpuint(issues->len, ==, 0);
    g_assert_cmpuint(nsk_flow_get_n_tasks(flow), ==, G_N_ELEMENTS(tasks));
    for (size_t i = 0; i < G_N_ELEMENTS(tasks); i++) {
        g_assert_cmpstr(nsk_flow_get_task(flow, i)->id, ==, tasks[i]);
        g_assert_cmpstr(nsk_flow_get_task(flow, i)->process, ==, processes[i]);
    }
    g_assert_cmpuint(library.asked, ==, 2);
}

static void
test_faults_of_called_processes_name_their_file(void)
{
    static const struct {
        const char *called;
        const char *file;
        const char *tag;
        const char *word;
    } cases[] = {
        { "bad", "bad.bpmn", "flow-unsupported", "complexGateway 'k'" },
        { "broken", "broken.bpmn", "flow-xml", "" },
        { "none", "contoh.bpmn", "flow-reference", "'none'" },
        { "same", "same.bpmn", "flow-id", "two files" },
    };

    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(NskIssues) issues = nsk_issues_new();
        Library library = { 0 };
        g_autoptr(NskFlow) flow = load_calling(cases[i].called, &library, issues, NULL);
        const NskIssue *issue = find_issue(issues, cases[i].tag);

        g_assert_null(flow);
        g_assert_nonnull(issue);
        g_assert_cmpstr(issue->file, ==, cases[i].file);
        g_assert_nonnull(strstr(issue->text, cases[i].word));
    }
}

static void
test_the_process_that_is_named_is_read(void)
{
    static const char text[] = HEAD "<b:process id='p' isExecutable='true'>" USER(
        "u") "</b:process><b:process id='q' isExecutable='true'>" USER("t") "</b:process>" TAIL;
    static const char *const ids[] = { "p", "q", "none" };

    for (size_t i = 0; i < G_N_ELEMENTS(ids); i++) {
        const NskFlowSource source = { .name = "contoh.bpmn",
                                       .content = text,
                                       .size = strlen(text),
                                       .process = ids[i] };
        g_autoptr(NskIssues) issues = nsk_issues_new();
        g_autoptr(NskFlow) flow = nsk_flow_load(&source, issues, NULL);

        if (i < 2)
            g_assert_cmpstr(nsk_flow_get_id(flow), ==, ids[i]);
        else
            g_assert_nonnull(strstr(find_issue(issues, "flow-process")->text, "'none'"));
    }
}

/* The language of the file counts where an expression says nothing of its own. */
static void
test_the_language_of_the_file_counts(void)
{
    static const struct {
        const char *language;
        bool good;
    } cases[] = {
        { "http://www.w3.org/1999/XPath", true },
        { "http://www.w3.org/TR/XPath", true },
        { "", true },
        { "http://www.w3.org/TR/xpath-31/", false },
        { "http://www.omg.org/spec/FEEL/20140401", false },
        { "http://www.java.com/javaTypes", false },
    };

    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autofree char *text = g_strdup_printf(
            "<definitions xmlns='http://www.omg.org/spec/BPMN/20100524/MODEL' "
            "expressionLanguage='%s'><process id='p'><startEvent id='s'/><task id='t'/>"
            "<exclusiveGateway id='g' default='f3'/><sequenceFlow id='f1' sourceRef='s' "
            "targetRef='g'/><sequenceFlow id='f2' sourceRef='g' targetRef='t'>"
            "<conditionExpression>$a</conditionExpression></sequenceFlow><sequenceFlow id='f3' "
            "sourceRef='g' targetRef='t'/></process></definitions>",
            cases[i].language);
        g_autoptr(NskIssues) issues = nsk_issues_new();
        g_autoptr(NskFlow) flow = nsk_flow_parse("x", text, strlen(text), issues, NULL);
        const NskIssue *issue = find_issue(issues, "flow-unsupported");

        g_assert_true((flow != NULL) == cases[i].good);
        g_assert_true((issue == NULL) == cases[i].good);
        if (issue != NULL)
            g_assert_nonnull(strstr(issue->text, "sequenceFlow 'f2'"));
    }
}

static void
test_missing_diagram_is_a_warning(void)
{
    static const char text[] =
        HEAD "<b:process id='p' isExecutable='true'>" TASK("", OWNER) "</b:process>"
                                                                      "</b:definitions>";
    g_autoptr(NskIssues) issues = nsk_issues_new();
    g_autoptr(NskFlow) flow = nsk_flow_parse("contoh.bpmn", text, strlen(text), issues, NULL);

    g_assert_nonnull(flow);
    g_assert_cmpuint(issues->len, ==, 1);
    g_assert_nonnull(find_issue(issues, "flow-diagram"));
    g_assert_false(nsk_issues_has_error(issues));
}

/* The most that the limits allow, of what costs most to prepare. */
static void
test_dense_graphs_are_read_in_good_time(void)
{
    g_autoptr(GString) text = g_string_new(START "<b:userTask id='u'/>" F("fs", "s", "u"));

    for (unsigned i = 0; i < NSK_LIMIT_FLOW_NODES / 2 - 10; i++)
        g_string_append_printf(text,
                               "<b:inclusiveGateway id='g%u'/><b:sequenceFlow sourceRef='%s%u' "
                               "targetRef='g%u'/><b:sequenceFlow id='f%u' sourceRef='u' "
                               "targetRef='g%u'/>",
                               i, i > 0 ? "g" : "u' name='", i > 0 ? i - 1 : 0, i, i, i);
    g_autofree char *whole = helper_wrap(text->str);
    gint64 before = g_get_monotonic_time();
    g_autoptr(NskFlow) flow = helper_parse(whole);

    g_assert_nonnull(flow);
    g_assert_cmpint(g_get_monotonic_time() - before, <, 20 * G_USEC_PER_SEC);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/flow/parse/warns-of-what-it-can-run", test_warns_of_what_it_can_run);
    g_test_add_func("/flow/parse/accepts", test_accepts);
    g_test_add_func("/flow/parse/what-is-for-people-is-passed-over",
                    test_what_is_for_people_is_passed_over);
    g_test_add_func("/flow/parse/a-task-is-kept-apart-from-others",
                    test_a_task_is_kept_apart_from_others);
    g_test_add_func("/flow/parse/tasks-tell-what-the-file-says",
                    test_tasks_tell_what_the_file_says);
    g_test_add_func("/flow/parse/called-processes-come-from-elsewhere",
                    test_called_processes_come_from_elsewhere);
    g_test_add_func("/flow/parse/faults-of-called-processes-name-their-file",
                    test_faults_of_called_processes_name_their_file);
    g_test_add_func("/flow/parse/the-process-that-is-named-is-read",
                    test_the_process_that_is_named_is_read);
    g_test_add_func("/flow/parse/the-language-of-the-file-counts",
                    test_the_language_of_the_file_counts);
    g_test_add_func("/flow/parse/missing-diagram-is-a-warning", test_missing_diagram_is_a_warning);
    g_test_add_func("/flow/parse/dense-graphs-are-read-in-good-time",
                    test_dense_graphs_are_read_in_good_time);
    return g_test_run();
}
