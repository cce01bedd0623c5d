/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What is wrong with a workflow is told by name, place and rule, and nothing wrong gets through. */
#include "base/limits.h"
#include "flow-helper.h"

#define OWNER                                                                                      \
    "<b:potentialOwner><b:resourceAssignmentExpression><b:formalExpression>drafter/@position"      \
    "</b:formalExpression></b:resourceAssignmentExpression></b:potentialOwner>"
#define OWNER_BY(expression)                                                                       \
    "<b:potentialOwner><b:resourceAssignmentExpression><b:formalExpression>" expression            \
    "</b:formalExpression></b:resourceAssignmentExpression></b:potentialOwner>"
#define START       "<b:startEvent id='s'/>"
#define END         "<b:endEvent id='e'/>"
#define USER(id)    "<b:userTask id='" id "'>" OWNER "</b:userTask>"
#define F(id, a, b) "<b:sequenceFlow id='" id "' sourceRef='" a "' targetRef='" b "'/>"
#define COND(text)  "<b:conditionExpression>" text "</b:conditionExpression>"
#define FC(id, a, b, text)                                                                         \
    "<b:sequenceFlow id='" id "' sourceRef='" a "' targetRef='" b                                  \
    "'>" COND(text) "</b:sequenceFlow>"
/* start, a user task with @inside, end */
#define TASK(attributes, inside)                                                                   \
    START "<b:userTask id='u' " attributes ">" inside "</b:userTask>" END F("f1", "s", "u")        \
        F("f2", "u", "e")
#define SERVICE(attributes, inside)                                                                \
    START "<b:serviceTask id='v' " attributes ">" inside "</b:serviceTask>" END F("f1", "s", "v")  \
        F("f2", "v", "e")
/* start, gateway with the flows @flows to t or the end */
#define GATEWAY(attributes, flows)                                                                 \
    START "<b:exclusiveGateway id='g' " attributes "/>" USER("t") END F("f1", "s", "g")            \
        F("f2", "t", "e") flows
#define NODE(element) START "<b:" element " id='x'/>" END F("f1", "s", "x") F("f2", "x", "e")

typedef struct {
    const char *tag;
    const char *elements;
    const char *words[3];
} Case;

static const Case refusals[] = {
    /* what is not carried out */
    { "flow-unsupported", NODE("parallelGateway"), { "parallelGateway 'x'" } },
    { "flow-unsupported", NODE("inclusiveGateway"), { "inclusiveGateway 'x'" } },
    { "flow-unsupported", NODE("complexGateway"), { "complexGateway 'x'" } },
    { "flow-unsupported", NODE("eventBasedGateway"), { "eventBasedGateway 'x'" } },
    { "flow-unsupported", NODE("intermediateCatchEvent"), { "intermediateCatchEvent 'x'" } },
    { "flow-unsupported", NODE("intermediateThrowEvent"), { "intermediateThrowEvent 'x'" } },
    { "flow-unsupported", NODE("scriptTask"), { "scriptTask 'x'" } },
    { "flow-unsupported", NODE("sendTask"), { "sendTask 'x'" } },
    { "flow-unsupported", NODE("receiveTask"), { "receiveTask 'x'" } },
    { "flow-unsupported", NODE("businessRuleTask"), { "businessRuleTask 'x'" } },
    { "flow-unsupported", NODE("callActivity"), { "callActivity 'x'" } },
    { "flow-unsupported", NODE("subProcess"), { "subProcess 'x'" } },
    { "flow-unsupported", NODE("adHocSubProcess"), { "adHocSubProcess 'x'" } },
    { "flow-unsupported", NODE("transaction"), { "transaction 'x'" } },
    { "flow-unsupported",
      TASK("", OWNER) "<b:boundaryEvent id='x' attachedToRef='u'/>",
      { "boundaryEvent 'x'" } },
    { "flow-unsupported", TASK("", OWNER) "<b:newThing id='x'/>", { "newThing 'x'" } },
    { "flow-unsupported",
      TASK("", OWNER "<b:multiInstanceLoopCharacteristics/>"),
      { "userTask 'u'", "multiInstanceLoopCharacteristics" } },
    { "flow-unsupported",
      TASK("", OWNER "<b:standardLoopCharacteristics/>"),
      { "userTask 'u'", "standardLoopCharacteristics" } },
    { "flow-unsupported",
      "<b:startEvent id='s'><b:timerEventDefinition/></b:startEvent>" USER("u")
          END F("f1", "s", "u") F("f2", "u", "e"),
      { "startEvent 's'", "timerEventDefinition" } },
    { "flow-unsupported",
      START USER(
          "u") "<b:endEvent id='e'><b:terminateEventDefinition/></b:endEvent>" F("f1", "s", "u")
          F("f2", "u", "e"),
      { "endEvent 'e'", "terminateEventDefinition" } },
    { "flow-unsupported", TASK("isForCompensation='true'", OWNER), { "isForCompensation" } },
    { "flow-unsupported", TASK("startQuantity='2'", OWNER), { "startQuantity" } },
    { "flow-unsupported",
      TASK("", OWNER "<b:dataInputAssociation><b:assignment/></b:dataInputAssociation>"),
      { "dataInputAssociation" } },
    { "flow-unsupported", TASK("", OWNER "<b:performer/>"), { "performer" } },
    /* more ways out than one, and conditions outside gateways */
    { "flow-unsupported",
      TASK("", OWNER) USER("t") F("f3", "u", "t") F("f4", "t", "e"),
      { "2 flows leave the userTask 'u'" } },
    { "flow-unsupported",
      START USER("u") END F("f1", "s", "u") FC("f2", "u", "e", "$outcome = 'done'"),
      { "sequenceFlow 'f2'", "exclusive gateway" } },
    /* expressions */
    { "flow-unsupported",
      GATEWAY("default='f4'", FC("f3", "g", "t", "${approved}") F("f4", "g", "e")),
      { "sequenceFlow 'f3'", "${approved}" } },
    { "flow-unsupported",
      GATEWAY(
          "default='f4'",
          "<b:sequenceFlow id='f3' sourceRef='g' targetRef='t'><b:conditionExpression "
          "language='http://www.java.com/java'>1</b:conditionExpression></b:sequenceFlow>" F("f4",
                                                                                             "g",
                                                                                             "e")),
      { "sequenceFlow 'f3'", "http://www.java.com/java" } },
    { "flow-unsupported",
      GATEWAY(
          "default='f4'",
          "<b:sequenceFlow id='f3' sourceRef='g' targetRef='t'><b:conditionExpression "
          "xsi:type='b:tExpression'>if he likes</b:conditionExpression></b:sequenceFlow>" F("f4",
                                                                                            "g",
                                                                                            "e")),
      { "sequenceFlow 'f3'", "words for people" } },
    { "flow-expression",
      GATEWAY("default='f4'", FC("f3", "g", "t", "1 +") F("f4", "g", "e")),
      { "sequenceFlow 'f3'" } },
    { "flow-expression",
      GATEWAY("default='f4'", FC("f3", "g", "t", " ") F("f4", "g", "e")),
      { "sequenceFlow 'f3'", "empty" } },
    { "flow-expression",
      GATEWAY("default='f4'", FC("f3", "g", "t", "$ready") F("f4", "g", "e")),
      { "'$ready'", "$outcome" } },
    { "flow-expression",
      GATEWAY("default='f4'", FC("f3", "g", "t", "false() and n:now()") F("f4", "g", "e")),
      { "'n:now'", "today()" } },
    { "flow-expression",
      GATEWAY("default='f4'", FC("f3", "g", "t", "false() and document('x')") F("f4", "g", "e")),
      { "'document'" } },
    { "flow-expression",
      GATEWAY("default='f4'", FC("f3", "g", "t", "b:getDataObject('nil')") F("f4", "g", "e")),
      { "no fact 'nil'" } },
    { "flow-expression",
      GATEWAY("default='f4'", FC("f3", "g", "t", "n:today('x')") F("f4", "g", "e")),
      { "no argument" } },
    { "flow-condition",
      GATEWAY("default='f4'", FC("f3", "g", "t", "'false'") F("f4", "g", "e")),
      { "sequenceFlow 'f3'", "every text" } },
    { "flow-condition",
      GATEWAY("", F("f3", "g", "t") FC("f4", "g", "e", "true()")),
      { "sequenceFlow 'f3'", "without a condition" } },
    { "flow-condition",
      GATEWAY("default='f4'", FC("f3", "g", "t", "true()") FC("f4", "g", "e", "true()")),
      { "default flow 'f4'" } },
    { "flow-reference",
      GATEWAY("default='f2'", FC("f3", "g", "t", "true()") FC("f4", "g", "e", "1=1")),
      { "default flow of exclusiveGateway 'g' is 'f2'" } },
    { "flow-reference",
      GATEWAY("default='no'", FC("f3", "g", "t", "true()") FC("f4", "g", "e", "1=1")),
      { "'no'" } },
    /* what only one can be obeyed of */
    { "flow-unsupported",
      GATEWAY("default='f4'",
              "<b:sequenceFlow id='f3' sourceRef='g' targetRef='t'>" COND("true()")
                  COND("false()") "</b:sequenceFlow>" F("f4", "g", "e")),
      { "sequenceFlow 'f3'", "second 'conditionExpression'" } },
    { "flow-unsupported",
      TASK("",
           "<b:extensionElements/><b:extensionElements><n:outcomes>a</n:outcomes>"
           "</b:extensionElements>" OWNER),
      { "userTask 'u'", "second 'extensionElements'" } },
    { "flow-unsupported",
      START USER("u") END F("f1", "s", "u") "<b:sequenceFlow id='f2' sourceRef='u' targetRef='e'>"
                                            "<b:condition/></b:sequenceFlow>",
      { "sequenceFlow 'f2'", "'condition'" } },
    { "flow-condition",
      GATEWAY("",
              "<b:sequenceFlow id='f3' sourceRef='g' targetRef='t'><conditionExpression>true()"
              "</conditionExpression></b:sequenceFlow>" FC("f4", "g", "e", "true()")),
      { "sequenceFlow 'f3'", "without a condition" } },
    /* references and ids */
    { "flow-reference",
      TASK("", OWNER) F("f3", "u", "nowhere"),
      { "targetRef", "'f3'", "'nowhere'" } },
    { "flow-reference",
      TASK("", OWNER) "<b:sequenceFlow id='f3' sourceRef='u'/>",
      { "targetRef" } },
    { "flow-reference", TASK("", OWNER) F("f3", "f1", "e"), { "sourceRef", "'f1'" } },
    { "flow-reference", TASK("", "<b:incoming>f9</b:incoming>" OWNER), { "'u'", "'f9'" } },
    { "flow-reference",
      TASK("", "<b:incoming>f2</b:incoming>" OWNER),
      { "'f2'", "somewhere else" } },
    { "flow-reference",
      TASK("", "<b:outgoing>f1</b:outgoing>" OWNER),
      { "'f1'", "somewhere else" } },
    { "flow-id", TASK("", OWNER) "<b:textAnnotation id='u'/>", { "'u'", "twice" } },
    { "flow-id", START "<b:userTask>" OWNER "</b:userTask>", { "userTask", "no usable id" } },
    { "flow-id", START "<b:userTask id='a#1'>" OWNER "</b:userTask>", { "'a#1'" } },
    /* shape of the graph */
    { "flow-start", USER("u") END F("f2", "u", "e"), { "no startEvent" } },
    { "flow-start", TASK("", OWNER) "<b:startEvent id='s2'/>" F("f3", "s2", "u"), { "'s2'" } },
    { "flow-start", TASK("", OWNER) F("f3", "u", "s"), { "leads into the startEvent 's'" } },
    { "flow-end", START USER("u") F("f1", "s", "u"), { "no flow leaves the userTask 'u'" } },
    { "flow-end", TASK("", OWNER) F("f3", "e", "u"), { "leaves the endEvent 'e'" } },
    { "flow-end",
      START USER("u") USER("t") F("f1", "s", "u") F("f2", "u", "t") F("f3", "t", "u"),
      { "to an endEvent" } },
    { "flow-unreachable", TASK("", OWNER) USER("t") F("f3", "t", "e"), { "userTask 't'" } },
    { "flow-cycle",
      START
      "<b:exclusiveGateway id='g'/><b:exclusiveGateway id='h' default='f4'/>" END F("f1", "s", "g")
          F("f2", "g", "h") FC("f3", "h", "g", "$outcome = 'x'") F("f4", "h", "e"),
      { "exclusiveGateway '", "circle" } },
    { "flow-cycle",
      START "<b:task id='g'/><b:exclusiveGateway id='h' default='f4'/>" END F("f1", "s", "g")
          F("f2", "g", "h") FC("f3", "h", "g", "$outcome = 'x'") F("f4", "h", "e"),
      { "circle" } },
    /* who */
    { "flow-assignment", TASK("", ""), { "userTask 'u' is nobody's" } },
    { "flow-assignment", TASK("camunda:assignee=''", ""), { "nobody's" } },
    { "flow-assignment", TASK("camunda:candidateGroups=' , '", ""), { "nobody's" } },
    { "flow-assignment", TASK("camunda:assignee='Kepala Biro!'", ""), { "'Kepala'" } },
    { "flow-unsupported", TASK("camunda:assignee='${drafter}'", ""), { "camunda:assignee" } },
    { "flow-unsupported", TASK("camunda:candidateGroups='#{a}'", ""), { "candidateGroups" } },
    { "flow-unsupported",
      TASK("", "<b:potentialOwner><b:resourceRef>r</b:resourceRef></b:potentialOwner>"),
      { "potentialOwner of userTask 'u'" } },
    { "flow-expression", TASK("", OWNER_BY("$boss/@position")), { "'$boss'" } },
    { "flow-unsupported", TASK("", OWNER_BY("${boss}")), { "${boss}" } },
    /* our own namespace */
    { "flow-unsupported",
      TASK("n:role='boss'", OWNER),
      { "'boss'", "draft, review, sign and confirm" } },
    { "flow-duties", TASK("n:separate=' '", OWNER), { "userTask 'u'", "names none" } },
    { "flow-duties", TASK("n:separate='u'", OWNER), { "userTask 'u'", "itself" } },
    { "flow-reference", TASK("n:separate='e'", OWNER), { "userTask 'u'", "'e'" } },
    { "flow-reference", TASK("n:separate='u2 u3'", OWNER), { "userTask 'u'", "'u2'" } },
    { "flow-unsupported", TASK("n:rol='sign'", OWNER), { "'rol'" } },
    { "flow-unsupported", TASK("n:service='dispatch'", OWNER), { "'service'" } },
    { "flow-unsupported",
      TASK("", "<b:extensionElements><n:outcome>a</n:outcome></b:extensionElements>" OWNER),
      { "'outcome'" } },
    { "flow-unsupported", TASK("", "<n:outcomes>a</n:outcomes>" OWNER), { "extensionElements" } },
    { "flow-outcomes",
      TASK("", "<b:extensionElements><n:outcomes> </n:outcomes></b:extensionElements>" OWNER),
      { "0 outcomes" } },
    { "flow-outcomes",
      TASK("", "<b:extensionElements><n:outcomes>a b a</n:outcomes></b:extensionElements>" OWNER),
      { "'a' twice" } },
    { "flow-outcomes",
      TASK("", "<b:extensionElements><n:outcomes>Ya!</n:outcomes></b:extensionElements>" OWNER),
      { "'Ya!'" } },
    { "flow-outcomes",
      TASK("",
           "<b:extensionElements><n:outcomes>a</n:outcomes><n:outcomes>b</n:outcomes>"
           "</b:extensionElements>" OWNER),
      { "two lists" } },
    { "flow-service", SERVICE("", ""), { "serviceTask 'v'" } },
    { "flow-service", SERVICE("n:service='Kirim ini'", ""), { "serviceTask 'v'" } },
    { "flow-service", SERVICE("camunda:class='org.contoh.Kirim'", ""), { "serviceTask 'v'" } },
};

static const NskIssue *
find_issue(const NskIssues *issues, const char *tag)
{
    for (guint i = 0; i < issues->len; i++) {
        const NskIssue *issue = g_ptr_array_index(issues, i);

        if (g_str_equal(issue->tag, tag))
            return issue;
    }
    return NULL;
}

static void
assert_refused(const char *text, const char *tag, const char *const *words, size_t n_words)
{
    g_autoptr(NskIssues) issues = nsk_issues_new();
    g_autoptr(GError) error = NULL;
    g_autoptr(NskFlow) flow = nsk_flow_parse("contoh.bpmn", text, strlen(text), issues, &error);
    const NskIssue *issue = find_issue(issues, tag);

    if (flow != NULL)
        g_error("no %s in: %s", tag, text);
    g_assert_error(error, NSK_ERROR, NSK_ERROR_INVALID);
    if (issue == NULL)
        g_error("no %s in: %s", tag, error->message);
    g_assert_cmpstr(issue->file, ==, "contoh.bpmn");
    g_assert_cmpint(issue->severity, ==, NSK_SEVERITY_ERROR);
    g_assert_cmpuint(issue->line, >, 0);
    for (size_t i = 0; i < n_words && words[i] != NULL; i++) {
        if (strstr(issue->text, words[i]) == NULL)
            g_error("no \"%s\" in: %s", words[i], issue->text);
    }
}

static void
test_refuses_by_name(void)
{
    for (size_t i = 0; i < G_N_ELEMENTS(refusals); i++) {
        const Case *row = &refusals[i];
        g_autofree char *text = helper_wrap(row->elements);

        assert_refused(text, row->tag, row->words, G_N_ELEMENTS(row->words));
    }
}

static void
test_flow_into_another_process_is_refused(void)
{
    static const char *const words[] = { "targetRef", "'f3'", "'far'" };
    g_autofree char *text = g_strconcat(
        HEAD "<b:process id='p' isExecutable='true'>", TASK("", OWNER),
        F("f3", "u", "far") "</b:process><b:process id='q'><b:task id='far'/></b:process>", TAIL,
        NULL);

    assert_refused(text, "flow-crossing", words, G_N_ELEMENTS(words));
}

static void
test_flow_into_a_sub_process_is_refused(void)
{
    static const char *const words[] = { "'inside'" };
    g_autofree char *text = helper_wrap(TASK("", OWNER) F(
        "f3", "u", "inside") "<b:subProcess id='x'><b:task id='inside'/></b:subProcess>");

    assert_refused(text, "flow-crossing", words, G_N_ELEMENTS(words));
}

static void
test_documents_that_are_no_workflow(void)
{
    static const struct {
        const char *tag;
        const char *text;
        const char *word;
    } cases[] = {
        { "flow-xml", "<b:definitions", NULL },
        { "flow-xml", "<!DOCTYPE a [<!ENTITY b 'c'>]><a/>", "DOCTYPE" },
        { "flow-process", "<letter xmlns='urn:naskah:letter:1'/>", "'letter'" },
        { "flow-process", HEAD TAIL, "isExecutable" },
        { "flow-process", HEAD "<b:process id='p'/>" TAIL, "isExecutable" },
        { "flow-process", HEAD "<b:process id='p' isExecutable='false'/>" TAIL, "isExecutable" },
        { "flow-unsupported",
          HEAD
          "<b:process id='p' isExecutable='true'/><b:process id='q' isExecutable='true'/>" TAIL,
          "'q'" },
        { "flow-unsupported",
          "<definitions xmlns='http://www.omg.org/spec/BPMN/20100524/MODEL' "
          "expressionLanguage='http://www.contoh.id/feel'/>",
          "feel" },
        { "flow-start", HEAD "<b:process id='p' isExecutable='true'/>" TAIL, "'p'" },
    };

    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++)
        assert_refused(cases[i].text, cases[i].tag, &cases[i].word, 1);
}

static void
test_issue_has_line_and_column(void)
{
    g_autofree char *text = helper_wrap(TASK("", OWNER) "\n\n  <b:scriptTask id='x'/>");
    g_autoptr(NskIssues) issues = nsk_issues_new();

    g_assert_null(nsk_flow_parse("contoh.bpmn", text, strlen(text), issues, NULL));
    const NskIssue *issue = find_issue(issues, "flow-unsupported");
    g_assert_cmpuint(issue->line, ==, 4);
    g_assert_cmpuint(issue->column, ==, 3);
}

static void
test_all_faults_are_told_at_once(void)
{
    g_autofree char *text =
        helper_wrap(START "<b:scriptTask id='a'/><b:userTask id='b'/><b:serviceTask id='c'/>" END F(
            "f1", "s", "a") F("f2", "a", "b") F("f3", "b", "c") F("f4", "c", "e"));
    g_autoptr(NskIssues) issues = nsk_issues_new();

    g_assert_null(nsk_flow_parse("contoh.bpmn", text, strlen(text), issues, NULL));
    g_assert_cmpuint(issues->len, ==, 3);
    g_assert_nonnull(find_issue(issues, "flow-unsupported"));
    g_assert_nonnull(find_issue(issues, "flow-assignment"));
    g_assert_nonnull(find_issue(issues, "flow-service"));
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
                            "<b:process id='other'><b:scriptTask id='z'/></b:process>" TAIL;
    g_autoptr(NskFlow) flow = helper_parse(text);
    const NskFlowTask *task = nsk_flow_get_task(flow, 0);

    g_assert_cmpstr(nsk_flow_get_name(flow), ==, "p");
    g_assert_cmpstr(nsk_flow_get_documentation(flow), ==, "Contoh ini");
    g_assert_cmpuint(nsk_flow_get_n_tasks(flow), ==, 1);
    g_assert_cmpstr(task->name, ==, "u");
    g_assert_cmpstr(task->documentation, ==, "");
    g_assert_cmpstr(task->outcomes[0], ==, "done");
    g_assert_null(task->outcomes[1]);
    g_assert_null(nsk_flow_find_task(flow, "s"));
}

static void
test_a_task_is_kept_apart_from_others(void)
{
    g_autofree char *text = helper_wrap(
        START USER("u") USER("t") "<b:userTask id='c' n:role='confirm' n:separate='t,"
                                  " u'>" OWNER "</b:userTask>" END F("f1", "s", "u")
                                      F("f2", "u", "t") F("f3", "t", "c") F("f4", "c", "e"));
    g_autoptr(NskFlow) flow = helper_parse(text);
    const NskFlowTask *task = nsk_flow_find_task(flow, "c");

    g_assert_cmpint(task->role, ==, NSK_FLOW_ROLE_CONFIRM);
    g_assert_cmpuint(g_strv_length((char **)(uintptr_t)task->separate), ==, 2);
    g_assert_cmpstr(task->separate[0], ==, "t");
    g_assert_cmpstr(task->separate[1], ==, "u");
    g_assert_null(nsk_flow_find_task(flow, "u")->separate);
}

static void
test_missing_diagram_is_a_warning(void)
{
    static const char text[] = HEAD
        "<b:process id='p' isExecutable='true'>" TASK("", OWNER) "</b:process></b:definitions>";
    g_autoptr(NskIssues) issues = nsk_issues_new();
    g_autoptr(NskFlow) flow = nsk_flow_parse("contoh.bpmn", text, strlen(text), issues, NULL);

    g_assert_nonnull(flow);
    g_assert_cmpuint(issues->len, ==, 1);
    g_assert_nonnull(find_issue(issues, "flow-diagram"));
    g_assert_false(nsk_issues_has_error(issues));
}

static void
test_sizes_are_bounded(void)
{
    g_autoptr(GString) many = g_string_new(HEAD "<b:process id='p' isExecutable='true'>");
    g_autofree char *big = g_strnfill(NSK_LIMIT_FLOW_SIZE + 1, ' ');
    g_autoptr(NskIssues) issues = nsk_issues_new();
    g_autoptr(GError) error = NULL;

    for (unsigned i = 0; i < 2 * NSK_LIMIT_FLOW_NODES + 1; i++)
        g_string_append_printf(many, "<b:task id='t%u'/>", i);
    g_string_append(many, "</b:process>" TAIL);
    assert_refused(many->str, "flow-size", NULL, 0);
    g_assert_null(nsk_flow_parse("big", big, strlen(big), issues, &error));
    g_assert_error(error, NSK_ERROR, NSK_ERROR_LIMIT);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/flow/parse/refuses-by-name", test_refuses_by_name);
    g_test_add_func("/flow/parse/flow-into-another-process-is-refused",
                    test_flow_into_another_process_is_refused);
    g_test_add_func("/flow/parse/flow-into-a-sub-process-is-refused",
                    test_flow_into_a_sub_process_is_refused);
    g_test_add_func("/flow/parse/documents-that-are-no-workflow",
                    test_documents_that_are_no_workflow);
    g_test_add_func("/flow/parse/issue-has-line-and-column", test_issue_has_line_and_column);
    g_test_add_func("/flow/parse/all-faults-are-told-at-once", test_all_faults_are_told_at_once);
    g_test_add_func("/flow/parse/what-is-for-people-is-passed-over",
                    test_what_is_for_people_is_passed_over);
    g_test_add_func("/flow/parse/a-task-is-kept-apart-from-others",
                    test_a_task_is_kept_apart_from_others);
    g_test_add_func("/flow/parse/missing-diagram-is-a-warning", test_missing_diagram_is_a_warning);
    g_test_add_func("/flow/parse/sizes-are-bounded", test_sizes_are_bounded);
    return g_test_run();
}
