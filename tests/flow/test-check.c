/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What the checker of definitions finds: small models, each with exactly the findings that it must
 * have, and models that must have none.
 */
#include "base/message.h"
#include "flow-helper.h"

/* Elements of a process, short enough to be read in a table. */
#define OWNER                                                                                      \
    "<b:potentialOwner><b:resourceAssignmentExpression><b:formalExpression>drafter/@position"      \
    "</b:formalExpression></b:resourceAssignmentExpression></b:potentialOwner>"
#define OUTCOMES(names)                                                                            \
    "<b:extensionElements><n:outcomes>" names "</n:outcomes></b:extensionElements>"
#define TASK(id) "<b:userTask id='" id "' name='" id "!'>" OWNER "</b:userTask>"
#define DONE(id, names)                                                                            \
    "<b:userTask id='" id "' name='" id "!'>" OUTCOMES(names) OWNER "</b:userTask>"
#define ROLE(id, role, names)                                                                      \
    "<b:userTask id='" id "' name='" id "!' n:role='" role "'>" OUTCOMES(names) OWNER              \
        "</b:userTask>"
#define SERVE(id, service) "<b:serviceTask id='" id "' name='" id "!' n:service='" service "'/>"
#define START              "<b:startEvent id='s'/>"
#define END                "<b:endEvent id='e'/>"
#define AND(id)            "<b:parallelGateway id='" id "'/>"
#define OR(id, d)          "<b:inclusiveGateway id='" id "' name='" id "!' default='" d "'/>"
#define XOR(id, d)         "<b:exclusiveGateway id='" id "' name='" id "!' default='" d "'/>"
#define MERGE(id)          "<b:exclusiveGateway id='" id "'/>"
#define FLOW(id, from, to) "<b:sequenceFlow id='" id "' sourceRef='" from "' targetRef='" to "'/>"
#define IF(id, from, to, condition)                                                                \
    "<b:sequenceFlow id='" id "' sourceRef='" from "' targetRef='" to                              \
    "'><b:conditionExpression>" condition "</b:conditionExpression></b:sequenceFlow>"
#define TIMER                                                                                      \
    "<b:timerEventDefinition><b:timeDuration>P1D</b:timeDuration>"                                 \
    "</b:timerEventDefinition>"
#define ERROR(code) "<b:errorEventDefinition errorRef='" code "'/>"
#define LETTER_SIGN ROLE("ttd", "sign", "sign return")

typedef struct {
    const char *name;
    const char *elements;
    const char *wanted; /* "tag id" of each error, then of each warning with a '~', by "; " */
    bool letter;
} Case;

/* The findings as a Case wants them; those of due dates are left out. */
static char *
describe(const NskIssues *issues, bool warnings)
{
    GString *text = g_string_new(NULL);

    for (int pass = 0; pass < (warnings ? 2 : 1); pass++) {
        for (guint i = 0; i < issues->len; i++) {
            const NskIssue *issue = g_ptr_array_index(issues, i);
            const char *from = strchr(issue->text, '\'');
            const char *to = from != NULL ? strchr(from + 1, '\'') : NULL;

            if ((issue->severity == NSK_SEVERITY_WARNING) != (pass == 1) ||
                strcmp(issue->tag, "flow-due") == 0 || strcmp(issue->tag, "flow-label") == 0)
                continue;
            g_assert_nonnull(to);
            g_string_append_printf(text, "%s%s%s %.*s", text->len > 0 ? "; " : "",
                                   pass == 1 ? "~" : "", issue->tag, (int)(to - from - 1),
                                   from + 1);
        }
    }
    return g_string_free(text, FALSE);
}

static NskFlow *
parse(const char *elements)
{
    g_autofree char *text =
        g_strconcat(HEAD "<b:error id='E1' errorCode='E1'/><b:error id='E2' errorCode='E2'/>"
                         "<b:message id='M1' name='m1'/><b:process id='pr' isExecutable='true'>",
                    elements, "</b:process>\n" TAIL, NULL);
    g_autoptr(NskIssues) issues = nsk_issues_new();
    g_autoptr(GError) error = NULL;
    NskFlow *flow = nsk_flow_parse("contoh.bpmn", text, strlen(text), issues, &error);

    g_assert_no_error(error);
    return flow;
}

static void
check_case(gconstpointer data)
{
    const Case *one = data;
    g_autoptr(NskFlow) flow = parse(one->elements);
    g_autoptr(NskIssues) issues = nsk_issues_new();
    const NskFlowCheck options = { .letter = one->letter };
    bool good = nsk_flow_check(flow, &options, issues);
    g_autofree char *got = describe(issues, true);

    g_assert_cmpstr(got, ==, one->wanted);
    g_assert_cmpint(good, ==, !nsk_issues_has_error(issues));
}

static const Case sound[] = {
    { "a-task-between-start-and-end", START TASK("a") END FLOW("f1", "s", "a") FLOW("f2", "a", "e"),
      "", false },
    { "a-parallel-block",
      START AND("g") TASK("a") TASK("b") AND("j") END FLOW("f1", "s", "g") FLOW("f2", "g", "a")
          FLOW("f3", "g", "b") FLOW("f4", "a", "j") FLOW("f5", "b", "j") FLOW("f6", "j", "e"),
      "", false },
    { "an-inclusive-block",
      START OR("g", "f3") TASK("a") TASK("b") OR("j", "f6") END FLOW("f1", "s", "g")
          IF("f2", "g", "a", "$letter/@x") FLOW("f3", "g", "b") FLOW("f4", "a", "j")
              FLOW("f5", "b", "j") FLOW("f6", "j", "e"),
      "", false },
    { "a-loop-until-it-is-approved",
      START DONE("a", "ok again") XOR("g", "f3") END FLOW("f1", "s", "a") FLOW("f2", "a", "g")
          FLOW("f3", "g", "a") IF("f4", "g", "e", "$outcome = 'ok'"),
      "", false },
    { "outcomes-that-all-have-a-way",
      START DONE("a", "ok again") MERGE("g") END FLOW("f1", "s", "a") FLOW("f2", "a", "g")
          IF("f3", "g", "a", "$outcome = 'again'") IF("f4", "g", "e", "$outcome = 'ok'"),
      "", false },
    { "a-condition-and-its-opposite",
      START TASK("a") MERGE("g") TASK("b") END FLOW("f1", "s", "a") FLOW("f2", "a", "g")
          IF("f3", "g", "b", "$letter/@x") IF("f4", "g", "e", "not($letter/@x)")
              FLOW("f5", "b", "e"),
      "", false },
    { "the-same-question-twice-has-the-same-answer",
      /* A second path is begun only if the letter is urgent, and waited for only then. */
      START MERGE("x1") AND("g") TASK("a") MERGE("m") MERGE("x2") AND("j") END FLOW("f1", "s", "x1")
          IF("f2", "x1", "g", "$letter/@urgent") IF("f3", "x1", "m", "not($letter/@urgent)")
              FLOW("f4", "g", "a") FLOW("f5", "a", "j") FLOW("f6", "g", "m") FLOW("f7", "m", "x2")
                  IF("f8", "x2", "j", "$letter/@urgent")
                      IF("f9", "x2", "e", "not( $letter/@urgent )") FLOW("f10", "j", "e"),
      "", false },
    { "a-reminder-that-interrupts-nothing",
      START TASK("a") TASK("b") END
      "<b:boundaryEvent id='t' attachedToRef='a' cancelActivity='false'>" TIMER
      "</b:boundaryEvent><b:endEvent id='e2'/>" FLOW("f1", "s", "a") FLOW("f2", "a", "e")
          FLOW("f3", "t", "b") FLOW("f4", "b", "e2"),
      "", false },
    { "two-reminders-that-share-a-task",
      START TASK("a") TASK("b") END
      "<b:boundaryEvent id='t' attachedToRef='a' cancelActivity='false'>" TIMER
      "</b:boundaryEvent><b:boundaryEvent id='u' attachedToRef='a' cancelActivity='false'>" TIMER
      "</b:boundaryEvent><b:endEvent id='e2'/>" FLOW("f1", "s", "a") FLOW("f2", "a", "e")
          FLOW("f3", "t", "b") FLOW("f5", "u", "b") FLOW("f4", "b", "e2"),
      "", false },
    { "a-deadline-that-leads-round",
      START TASK("a") MERGE("m") END "<b:boundaryEvent id='t' attachedToRef='a'>" TIMER
                                     "</b:boundaryEvent>" FLOW("f1", "s", "a") FLOW("f2", "a", "m")
                                         FLOW("f3", "t", "m") FLOW("f4", "m", "e"),
      "", false },
    { "an-error-that-leaves-two-sub-processes",
      START
      "<b:subProcess id='p'><b:startEvent id='s1'/><b:subProcess id='q'>"
      "<b:startEvent id='s2'/><b:endEvent id='bad'>" ERROR("E1") "</b:endEvent>" FLOW(
          "g1",
          "s2",
          "bad") "</b:subProcess>" FLOW("g2",
                                        "s1",
                                        "q") "</b:subProcess>"
                                             "<b:boundaryEvent id='t' attachedToRef='p'>" ERROR(
                                                 "E1") "</b:boundaryEvent>" TASK("a")
                                                 END FLOW("f1", "s", "p") FLOW("f2", "t", "a")
                                                     FLOW("f3", "a", "e"),
      "", false },
    { "an-event-sub-process-that-ends-all",
      START AND("g") TASK("a") TASK("b") AND("j") END
      "<b:subProcess id='w' triggeredByEvent='true'><b:startEvent id='ws'>"
      "<b:messageEventDefinition messageRef='M1'/></b:startEvent>" TASK(
          "wt") "<b:endEvent id='we'/>" FLOW("w1", "ws", "wt")
          FLOW("w2", "wt", "we") "</b:subProcess>" FLOW("f1", "s", "g") FLOW("f2", "g", "a")
              FLOW("f3", "g", "b") FLOW("f4", "a", "j") FLOW("f5", "b", "j") FLOW("f6", "j", "e"),
      "", false },
    { "parallel-paths-that-end-by-themselves",
      START AND("g") TASK("a") TASK("b") END "<b:endEvent id='e2'/>" FLOW("f1", "s", "g")
          FLOW("f2", "g", "a") FLOW("f3", "g", "b") FLOW("f4", "a", "e") FLOW("f5", "b", "e2"),
      "", false },
    { "a-reply-or-a-deadline",
      START "<b:eventBasedGateway id='g'/><b:intermediateCatchEvent id='m'>"
            "<b:messageEventDefinition messageRef='M1'/></b:intermediateCatchEvent>"
            "<b:intermediateCatchEvent id='t'>" TIMER "</b:intermediateCatchEvent>" MERGE("x")
                END FLOW("f1", "s", "g") FLOW("f2", "g", "m") FLOW("f3", "g", "t")
                    FLOW("f4", "m", "x") FLOW("f5", "t", "x") FLOW("f6", "x", "e"),
      "", false },
    { "a-variable-that-a-task-sets",
      START "<b:dataObject id='d' name='amount'/>" TASK("a") XOR("g", "f3") TASK("b")
          END FLOW("f1", "s", "a") FLOW("f2", "a", "g") FLOW("f3", "g", "e")
              IF("f4", "g", "b", "$amount &gt; 5") FLOW("f5", "b", "e"),
      "", false },
};

static const char joined_choice[] = START XOR("g", "f3") TASK("a") TASK("b") AND("j")
    END FLOW("f1", "s", "g") IF("f2", "g", "a", "$letter/@x") FLOW("f3", "g", "b")
        FLOW("f4", "a", "j") FLOW("f5", "b", "j") FLOW("f6", "j", "e");

static const Case unsound[] = {
    { "a-choice-that-is-joined-as-if-it-were-parallel", joined_choice, "flow-deadlock j", false },
    { "one-branch-that-may-go-elsewhere",
      START AND("g") DONE("a", "ok no") XOR("x", "f6") TASK("b") AND("j") END FLOW("f1", "s", "g")
          FLOW("f2", "g", "a") FLOW("f3", "g", "b") FLOW("f4", "a", "x")
              IF("f5", "x", "j", "$outcome = 'ok'") FLOW("f6", "x", "e") FLOW("f7", "b", "j")
                  FLOW("f8", "j", "e"),
      "flow-deadlock j", false },
    { "parallel-paths-that-are-not-joined",
      START AND("g") TASK("a") TASK("b") MERGE("m") TASK("c") END FLOW("f1", "s", "g")
          FLOW("f2", "g", "a") FLOW("f3", "g", "b") FLOW("f4", "a", "m") FLOW("f5", "b", "m")
              FLOW("f6", "m", "c") FLOW("f7", "c", "e"),
      "flow-twice c", false },
    { "parallel-paths-that-meet-in-a-task",
      START AND("g") TASK("a") TASK("b") TASK("c") END FLOW("f1", "s", "g") FLOW("f2", "g", "a")
          FLOW("f3", "g", "b") FLOW("f4", "a", "c") FLOW("f5", "b", "c") FLOW("f6", "c", "e"),
      "flow-twice c", false },
    { "a-reminder-that-goes-on-like-the-main-course",
      START TASK("a") TASK("b") END
      "<b:boundaryEvent id='t' attachedToRef='a' cancelActivity='false'>" TIMER
      "</b:boundaryEvent>" FLOW("f1", "s", "a") FLOW("f2", "a", "b") FLOW("f3", "t", "b")
          FLOW("f4", "b", "e"),
      "flow-twice b", false },
    { "a-loop-that-splits-again-and-again",
      START MERGE("m") AND("g") TASK("a") TASK("b") END FLOW("f1", "s", "m") FLOW("f2", "m", "g")
          FLOW("f3", "g", "a") FLOW("f4", "g", "b") FLOW("f5", "a", "m") FLOW("f6", "b", "e"),
      "flow-twice b", false },
    { "a-join-that-waits-for-a-reminder",
      START TASK("a") AND("j") END
      "<b:boundaryEvent id='t' attachedToRef='a' cancelActivity='false'>" TIMER
      "</b:boundaryEvent>" FLOW("f1", "s", "a") FLOW("f2", "a", "j") FLOW("f3", "t", "j")
          FLOW("f4", "j", "e"),
      "~flow-deadlock j", false },
    { "a-join-that-no-reminder-could-help",
      START XOR("g", "f3") TASK("a") TASK("b") MERGE("m") AND("j") END
      "<b:boundaryEvent id='t' attachedToRef='b' cancelActivity='false'>" TIMER
      "</b:boundaryEvent>" FLOW("f1", "s", "g") IF("f2", "g", "a", "$letter/@x")
          FLOW("f3", "g", "b") FLOW("f4", "a", "j") FLOW("f5", "t", "m") FLOW("f6", "m", "j")
              FLOW("f7", "b", "e") FLOW("f8", "j", "e"),
      "flow-deadlock j", false },
    { "a-circle-without-a-way-out",
      START TASK("a") XOR("g", "f3") TASK("b") TASK("c") MERGE("m") AND("h") AND(
          "k") END FLOW("f1", "s", "a") FLOW("f2", "a", "g") FLOW("f3", "g", "e")
          IF("f4", "g", "m", "$letter/@x") FLOW("f5", "m", "b") FLOW("f6", "b", "h")
              FLOW("f7", "h", "m") FLOW("f8", "h", "k") FLOW("f9", "k", "c") FLOW("f10", "c", "e"),
      "flow-twice c", false },
    { "an-outcome-without-a-way",
      START DONE("a", "ok no later") MERGE("g") END FLOW("f1", "s", "a") FLOW("f2", "a", "g")
          IF("f3", "g", "a", "$outcome = 'no'") IF("f4", "g", "e", "$outcome = 'ok'"),
      "flow-condition g", false },
    { "an-outcome-that-there-is-not",
      START DONE("a", "ok no") XOR("g", "f4") TASK("b") END FLOW("f1", "s", "a")
          FLOW("f2", "a", "g") IF("f3", "g", "b", "$outcome = 'oke'") FLOW("f4", "g", "e")
              FLOW("f5", "b", "e"),
      "flow-dead b", false },
    { "an-error-that-nobody-throws",
      START "<b:subProcess id='p'><b:startEvent id='s1'/>" TASK("a")
          FLOW("g1", "s1", "a") "</b:subProcess><b:boundaryEvent id='t' attachedToRef='p'>" ERROR(
              "E1") "</b:boundaryEvent>" TASK("b") END FLOW("f1", "s", "p") FLOW("f2", "p", "e")
              FLOW("f3", "t", "b") FLOW("f4", "b", "e"),
      "~flow-dead t", false },
    { "an-error-that-nobody-catches",
      START TASK("a") "<b:endEvent id='bad'>" ERROR("E1") "</b:endEvent>" FLOW("f1", "s", "a")
          FLOW("f2", "a", "bad"),
      "~flow-uncaught E1", false },
    { "a-deadlock-inside-of-a-sub-process",
      START "<b:subProcess id='p'><b:startEvent id='s1'/>" XOR("g", "h3") TASK("a") TASK("b") AND(
          "j") "<b:endEvent id='e1'/>" FLOW("h1", "s1", "g") IF("h2", "g", "a", "$letter/@x")
          FLOW("h3", "g", "b") FLOW("h4", "a", "j") FLOW("h5", "b", "j")
              FLOW("h6", "j", "e1") "</b:subProcess>" END FLOW("f1", "s", "p") FLOW("f2", "p", "e"),
      "flow-deadlock j", false },
    { "a-service-that-fails-and-is-tried-for-ever",
      START SERVE("a", "notify") MERGE("m") END "<b:boundaryEvent id='t' attachedToRef='a'>" ERROR(
          "E1") "</b:boundaryEvent>" FLOW("f1", "s", "m") FLOW("f2", "m", "a") FLOW("f3", "t", "m")
          FLOW("f4", "a", "e"),
      "flow-livelock a", false },
    { "a-sub-process-that-only-throws",
      START "<b:subProcess id='p'><b:startEvent id='s1'/>" TASK("a") "<b:endEvent id='bad'>" ERROR(
          "E1") "</b:endEvent>" FLOW("g1", "s1", "a")
          FLOW("g2", "a", "bad") "</b:subProcess><b:boundaryEvent id='t' attachedToRef='p'>" ERROR(
              "E1") "</b:boundaryEvent>" TASK("b") END FLOW("f1", "s", "p") FLOW("f2", "p", "b")
              FLOW("f3", "t", "e") FLOW("f4", "b", "e"),
      "flow-dead b", false },
    { "a-service-task-says-which-service",
      START "<b:serviceTask id='x' name='x!'/>" END FLOW("f1", "s", "x") FLOW("f2", "x", "e"),
      "flow-service x", false },
};

static const Case rules[] = {
    { "a-task-before-nobody",
      START "<b:userTask id='a' name='A'/>" END FLOW("f1", "s", "a") FLOW("f2", "a", "e"),
      "flow-assignment a", false },
    { "a-variable-that-nothing-sets",
      START TASK("a") XOR("g", "f3") TASK("b") END FLOW("f1", "s", "a") FLOW("f2", "a", "g")
          FLOW("f3", "g", "e") IF("f4", "g", "b", "$amuont &gt; 5") FLOW("f5", "b", "e"),
      "flow-variable f4", false },
    { "a-path-that-finds-nothing",
      START TASK("a") XOR("g", "f3") TASK("b") END FLOW("f1", "s", "a") FLOW("f2", "a", "g")
          FLOW("f3", "g", "e") IF("f4", "g", "b", "reviewer/@approved = 'false'")
              FLOW("f5", "b", "e"),
      "~flow-path f4", false },
    { "names-that-look-like-others",
      /* Attributes, axes, predicates, operators, functions and texts are no names of facts. */
      START TASK("a") XOR("g", "f3") TASK("b") END FLOW("f1", "s", "a") FLOW("f2", "a", "g")
          FLOW("f3", "g", "e")
              IF("f4",
                 "g",
                 "b",
                 "count(reviewers/reviewer[@approved='no' and position()=1 or x]) div 2 &gt; 1 and "
                 "letter/descendant::y/@div mod 2 = 0 or string('$z') = \"a b\" or "
                 "b:getDataObject('drafter')/@position * 3 = 3") FLOW("f5", "b", "e"),
      "", false },
    { "a-choice-without-default",
      START TASK("a") MERGE("g") TASK("b") END FLOW("f1", "s", "a") FLOW("f2", "a", "g")
          IF("f3", "g", "b", "$letter/@x") IF("f4", "g", "e", "$letter/@y") FLOW("f5", "b", "e"),
      "~flow-default g", false },
    { "several-flows-out-of-a-task",
      START TASK("a") TASK("b") TASK("c") END FLOW("f1", "s", "a") FLOW("f2", "a", "b")
          FLOW("f3", "a", "c") FLOW("f4", "b", "e") FLOW("f5", "c", "e"),
      "~flow-split a", false },
    { "duties-before-the-same-expression",
      START TASK("a") "<b:userTask id='b' name='B' n:separate='a'>" OWNER
                      "</b:userTask>" END FLOW("f1", "s", "a") FLOW("f2", "a", "b")
                          FLOW("f3", "b", "e"),
      "~flow-duties b", false },
    { "duties-before-the-same-position",
      START "<b:userTask id='a' name='A' camunda:candidateGroups='p-1'/>"
            "<b:userTask id='b' name='B' n:separate='a' camunda:candidateGroups='p-1'/>" END
                FLOW("f1", "s", "a") FLOW("f2", "a", "b") FLOW("f3", "b", "e"),
      "flow-duties b", false },
};

static const Case letters[] = {
    { "signed-sent-and-archived",
      START LETTER_SIGN XOR("g", "f3") SERVE("k", "dispatch") SERVE("r", "archive")
          END FLOW("f1", "s", "ttd") FLOW("f2", "ttd", "g") FLOW("f3", "g", "ttd")
              IF("f4", "g", "k", "$outcome = 'sign'") FLOW("f5", "k", "r") FLOW("f6", "r", "e"),
      "", true },
    { "sent-without-a-signature",
      START TASK("a") SERVE("k", "dispatch") SERVE("r", "archive") END FLOW("f1", "s", "a")
          FLOW("f2", "a", "k") FLOW("f3", "k", "r") FLOW("f4", "r", "e"),
      "flow-sign k", true },
    { "the-same-is-nothing-wrong-without-letters",
      START TASK("a") SERVE("k", "dispatch") SERVE("r", "archive") END FLOW("f1", "s", "a")
          FLOW("f2", "a", "k") FLOW("f3", "k", "r") FLOW("f4", "r", "e"),
      "", false },
    { "sent-although-the-signing-was-refused",
      START LETTER_SIGN SERVE("k", "dispatch") SERVE("r", "archive") END FLOW("f1", "s", "ttd")
          FLOW("f2", "ttd", "k") FLOW("f3", "k", "r") FLOW("f4", "r", "e"),
      "flow-sign k; flow-refused k; flow-refused e", true },
    { "a-signature-on-paper-that-was-confirmed",
      START SERVE("n", "number") TASK("u") ROLE("c", "confirm", "match mismatch") XOR("g", "f5")
          SERVE("k", "dispatch") SERVE("r", "archive") END FLOW("f1", "s", "n") FLOW("f2", "n", "u")
              FLOW("f3", "u", "c") FLOW("f4", "c", "g") FLOW("f5", "g", "u")
                  IF("f6", "g", "k", "$outcome = 'match'") FLOW("f7", "k", "r")
                      FLOW("f8", "r", "e"),
      "", true },
    { "a-signature-on-paper-without-a-number",
      START TASK("u") ROLE("c", "confirm", "match mismatch") XOR("g", "f5") SERVE("k", "dispatch")
          SERVE("r", "archive") END FLOW("f1", "s", "u") FLOW("f3", "u", "c") FLOW("f4", "c", "g")
              FLOW("f5", "g", "u") IF("f6", "g", "k", "$outcome = 'match'") FLOW("f7", "k", "r")
                  FLOW("f8", "r", "e"),
      "flow-number c", true },
    { "a-signature-on-paper-whose-number-was-made-void",
      START SERVE("n", "number") SERVE("v", "void-number") ROLE("c", "confirm", "match")
          SERVE("r", "archive") END FLOW("f1", "s", "n") FLOW("f2", "n", "v") FLOW("f3", "v", "c")
              FLOW("f4", "c", "r") FLOW("f5", "r", "e"),
      "flow-number c", true },
    { "a-signature-on-paper-numbered-on-one-way-alone",
      START DONE("a", "ok no") XOR("g", "f4") SERVE("n", "number") MERGE(
          "m") ROLE("c", "confirm", "match") SERVE("r", "archive") END FLOW("f1", "s", "a")
          FLOW("f2", "a", "g") IF("f3", "g", "n", "$outcome = 'ok'") FLOW("f4", "g", "m")
              FLOW("f5", "n", "m") FLOW("f6", "m", "c") FLOW("f7", "c", "r") FLOW("f8", "r", "e"),
      "flow-number c", true },
    { "a-signature-on-paper-after-an-electronic-one",
      START ROLE("ttd", "sign", "sign") ROLE("c", "confirm", "match") SERVE("r", "archive")
          END FLOW("f1", "s", "ttd") FLOW("f2", "ttd", "c") FLOW("f3", "c", "r")
              FLOW("f4", "r", "e"),
      "", true },
    { "numbered-after-the-signature",
      START ROLE("ttd", "sign", "sign") SERVE("n", "number") SERVE("r", "archive")
          END FLOW("f1", "s", "ttd") FLOW("f2", "ttd", "n") FLOW("f3", "n", "r")
              FLOW("f4", "r", "e"),
      "flow-number n", true },
    { "numbered-in-two-places",
      START SERVE("n", "number") TASK("a") SERVE("o", "number") SERVE("r", "archive")
          END FLOW("f1", "s", "n") FLOW("f2", "n", "a") FLOW("f3", "a", "o") FLOW("f4", "o", "r")
              FLOW("f5", "r", "e"),
      "flow-number o", true },
    { "numbered-anew-after-the-first-was-void",
      START SERVE("n", "number") TASK("a") SERVE("v", "void-number") SERVE("o", "number")
          SERVE("r", "archive") END FLOW("f1", "s", "n") FLOW("f2", "n", "a") FLOW("f3", "a", "v")
              FLOW("f4", "v", "o") FLOW("f5", "o", "r") FLOW("f6", "r", "e"),
      "", true },
    { "numbered-while-it-is-signed",
      START AND("g") SERVE("n", "number") ROLE("ttd", "sign", "sign") AND("j") SERVE("r", "archive")
          END FLOW("f1", "s", "g") FLOW("f2", "g", "n") FLOW("f3", "g", "ttd") FLOW("f4", "n", "j")
              FLOW("f5", "ttd", "j") FLOW("f6", "j", "r") FLOW("f7", "r", "e"),
      "flow-number n", true },
    { "one-way-that-is-not-archived",
      START DONE("a", "ok no") XOR("g", "f4") SERVE("r", "archive") END
      "<b:endEvent id='e2'/>" FLOW("f1", "s", "a") FLOW("f2", "a", "g")
          IF("f3", "g", "r", "$outcome = 'ok'") FLOW("f4", "g", "e2") FLOW("f5", "r", "e"),
      "flow-archive e2", true },
    { "a-return-that-nobody-receives",
      START ROLE("p", "review", "approve return") SERVE("r", "archive") END FLOW("f1", "s", "p")
          FLOW("f2", "p", "r") FLOW("f3", "r", "e"),
      "flow-refused e", true },
    { "drafted-anew-after-it-was-signed",
      START ROLE("ttd", "sign", "sign") ROLE("d", "draft", "submit") SERVE("k", "dispatch")
          SERVE("r", "archive") END FLOW("f1", "s", "ttd") FLOW("f2", "ttd", "d")
              FLOW("f3", "d", "k") FLOW("f4", "k", "r") FLOW("f5", "r", "e"),
      "flow-sign k", true },
    { "signed-inside-of-a-sub-process",
      START "<b:subProcess id='p'><b:startEvent id='s1'/>" LETTER_SIGN XOR(
          "g",
          "g3") "<b:endEvent id='e1'/>" FLOW("g1", "s1", "ttd") FLOW("g2", "ttd", "g")
          FLOW("g3", "g", "ttd")
              IF("g4", "g", "e1", "$outcome = 'sign'") "</b:subProcess>" SERVE("k", "dispatch")
                  SERVE("r", "archive") END FLOW("f1", "s", "p") FLOW("f2", "p", "k")
                      FLOW("f3", "k", "r") FLOW("f4", "r", "e"),
      "", true },
    { "sent-when-the-sub-process-was-interrupted",
      START "<b:subProcess id='p'><b:startEvent id='s1'/>" ROLE("ttd", "sign", "sign")
          FLOW("g1", "s1", "ttd") "</b:subProcess><b:boundaryEvent id='t' attachedToRef='p'>" TIMER
                                  "</b:boundaryEvent>" MERGE("m") SERVE("k", "dispatch")
                                      SERVE("r", "archive") END FLOW("f1", "s", "p")
                                          FLOW("f2", "p", "m") FLOW("f3", "t", "m")
                                              FLOW("f4", "m", "k") FLOW("f5", "k", "r")
                                                  FLOW("f6", "r", "e"),
      "flow-sign k", true },
    { "an-end-that-takes-a-signing-away",
      START AND("g") ROLE("ttd", "sign", "sign") SERVE("r", "archive") END
      "<b:endEvent id='x'><b:terminateEventDefinition/></b:endEvent>" FLOW("f1", "s", "r")
          FLOW("f2", "r", "g") FLOW("f3", "g", "ttd") FLOW("f4", "ttd", "e") TASK("a")
              FLOW("f5", "g", "a") FLOW("f6", "a", "x"),
      "~flow-terminate x", true },
};

/* A way is told by the names on it, and so in the user's language. */
static void
test_way(void)
{
    g_autoptr(NskFlow) flow = parse(joined_choice);
    g_autoptr(NskIssues) issues = nsk_issues_new();
    const NskIssue *issue;

    g_assert_false(nsk_flow_check(flow, NULL, issues));
    issue = g_ptr_array_index(issues, issues->len - 1);
    g_assert_cmpuint(issue->line, ==, 2);
    g_assert_cmpstr(issue->text, ==,
                    "parallelGateway 'j' waits for ever for a token on 'f5', which can no longer "
                    "come; join there what was split by a gateway of the same kind, or make it an "
                    "exclusiveGateway; the way there: 's' -> 'g!' -> 'a!'");
}

static void
test_language(void)
{
    const char *before = nsk_language_use("id");
    g_autoptr(NskFlow) flow = parse(joined_choice);
    g_autoptr(NskIssues) issues = nsk_issues_new();
    const NskIssue *issue;

    g_assert_false(nsk_flow_check(flow, NULL, issues));
    issue = g_ptr_array_index(issues, issues->len - 1);
    g_assert_true(g_str_has_suffix(issue->text, "; jalan ke sana: 's' -> 'g!' -> 'a!'"));
    nsk_language_use(before);
}

static bool
knows_position(void *data, const char *position)
{
    return strcmp(position, data) == 0;
}

static bool
knows_service(G_GNUC_UNUSED void *data, const char *service)
{
    return strcmp(service, "archive") == 0;
}

static void
test_office(void)
{
    g_autoptr(NskFlow) flow =
        parse(START "<b:userTask id='a' name='A' camunda:candidateGroups='p-1,p-2'/>" SERVE(
            "r", "archive") SERVE("x", "sing") END FLOW("f1", "s", "a") FLOW("f2", "a", "r")
                  FLOW("f3", "r", "x") FLOW("f4", "x", "e"));
    g_autoptr(NskIssues) issues = nsk_issues_new();
    const NskFlowCheck options = { .knows_position = knows_position,
                                   .knows_service = knows_service,
                                   .data = (char *)(uintptr_t) "p-1" };

    g_assert_false(nsk_flow_check(flow, &options, issues));
    g_autofree char *got = describe(issues, false);
    g_assert_cmpstr(got, ==, "flow-assignment a; flow-service x");
    g_assert_nonnull(strstr(((NskIssue *)g_ptr_array_index(issues, 0))->text, "'p-2'"));
}

/* @n parallel branches of two tasks each, which is 3^n markings and more; all but the last lead to
 * the join, that one to @last.  @first is about the first task of each, @more goes beside them. */
static NskFlow *
make_wide(unsigned n, const char *last, const char *first, const char *more)
{
    g_autoptr(GString) text = g_string_new(
        START AND("g") AND("j") MERGE("m") TASK("c") SERVE("r", "archive") END FLOW("f1", "s", "g")
            FLOW("f2", "j", "m") FLOW("f3", "m", "c") FLOW("f4", "c", "r") FLOW("f5", "r", "e"));

    for (unsigned i = 0; i < n; i++) {
        g_autofree char *branch = g_strdup_printf(
            "<b:userTask id='a#' name='a!' %s>" OWNER
            "</b:userTask><b:userTask id='b#' name='b!'>" OWNER
            "</b:userTask>" FLOW("x#", "g", "a#")
                FLOW("y#", "a#", "b#") "<b:sequenceFlow id='z#' sourceRef='b#' targetRef='%s'/>%s",
            first, i + 1 < n ? "j" : last, more);
        g_auto(GStrv) parts = g_strsplit(branch, "#", -1);
        g_autofree char *number = g_strdup_printf("%u", i);
        g_autofree char *whole = g_strjoinv(number, parts);

        g_string_append(text, whole);
    }
    return parse(text->str);
}

static void
expect_wide(NskFlow *flow, unsigned max_states, const char *wanted)
{
    g_autoptr(NskIssues) issues = nsk_issues_new();
    const NskFlowCheck options = { .max_states = max_states, .letter = true };

    (void)nsk_flow_check(flow, &options, issues);
    g_autofree char *got = describe(issues, true);
    g_assert_cmpstr(got, ==, wanted);
    nsk_flow_unref(flow);
}

#define LATE                                                                                       \
    "<b:boundaryEvent id='t#' attachedToRef='a#'>" TIMER "</b:boundaryEvent>" FLOW("l#", "t#", "b#")
#define REVIEW "n:role='review'"

static void
test_wide(void)
{
    expect_wide(make_wide(40, "j", "", ""), 2, "");
    expect_wide(make_wide(40, "j", "", LATE), 2, "");
}

/* A fault in what is too much as it is drawn, but not as a small net. */
static void
test_wide_fault(void)
{
    expect_wide(make_wide(30, "m", "", ""), 0, "flow-twice r");
}

static void
test_unproved(void)
{
    expect_wide(make_wide(3, "j", REVIEW, ""), 0, "");
    expect_wide(make_wide(3, "j", REVIEW, ""), 5, "~flow-unproved pr");
    expect_wide(make_wide(24, "j", REVIEW, ""), 0, "~flow-unproved pr");
}

static void
add_cases(const char *group, const Case *cases, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        g_autofree char *path = g_strdup_printf("/flow/check/%s/%s", group, cases[i].name);

        g_test_add_data_func(path, &cases[i], check_case);
    }
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    add_cases("sound", sound, G_N_ELEMENTS(sound));
    add_cases("unsound", unsound, G_N_ELEMENTS(unsound));
    add_cases("rules", rules, G_N_ELEMENTS(rules));
    add_cases("letter", letters, G_N_ELEMENTS(letters));
    g_test_add_func("/flow/check/words/a-way-is-told-by-names", test_way);
    g_test_add_func("/flow/check/words/a-way-is-told-in-the-language-of-the-user", test_language);
    g_test_add_func("/flow/check/office/positions-and-services-are-asked-for", test_office);
    g_test_add_func("/flow/check/size/many-parallel-branches-are-folded", test_wide);
    g_test_add_func("/flow/check/size/a-fault-among-many-branches-is-found", test_wide_fault);
    g_test_add_func("/flow/check/size/what-is-too-much-is-not-proved", test_unproved);
    return g_test_run();
}
