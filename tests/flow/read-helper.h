/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "flow-helper.h"

/* Pieces of workflows, right and wrong, and what is said about them. */
/* Elements of the file itself, which events name. */
#define ROOTS                                                                                      \
    "<b:message id='m' name='Surat'/><b:message id='mx' name='${who}'/><b:signal id='sg' "         \
    "name='Libur'/><b:error id='e1' errorCode='E1'/><b:error id='ee'/><b:escalation id='ec'/>"     \
    "<b:escalation id='es' escalationCode='naik'/>"
#define OWNER_BY(expression)                                                                       \
    "<b:potentialOwner><b:resourceAssignmentExpression><b:formalExpression>" expression            \
    "</b:formalExpression></b:resourceAssignmentExpression></b:potentialOwner>"
#define OWNER       OWNER_BY("drafter/@position")
#define START       "<b:startEvent id='s'/>"
#define END         "<b:endEvent id='e'/>"
#define USER(id)    "<b:userTask id='" id "'/>"
#define F(id, a, b) "<b:sequenceFlow id='" id "' sourceRef='" a "' targetRef='" b "'/>"
#define COND(text)  "<b:conditionExpression>" text "</b:conditionExpression>"
#define FC(id, a, b, text)                                                                         \
    "<b:sequenceFlow id='" id "' sourceRef='" a "' targetRef='" b                                  \
    "'>" COND(text) "</b:sequenceFlow>"
/* start, a user task with @inside, end */
#define TASK(attributes, inside)                                                                   \
    START "<b:userTask id='u' " attributes ">" inside "</b:userTask>" END F("f1", "s", "u")        \
        F("f2", "u", "e")
/* start, gateway with the flows @flows to t or the end */
#define GATEWAY(attributes, flows)                                                                 \
    START "<b:exclusiveGateway id='g' " attributes "/>" USER("t") END F("f1", "s", "g")            \
        F("f2", "t", "e") flows
#define NODE(element) START "<b:" element " id='x'/>" END F("f1", "s", "x") F("f2", "x", "e")
#define CATCH(inside)                                                                              \
    START "<b:intermediateCatchEvent id='x'>" inside                                               \
          "</b:intermediateCatchEvent>" END F("f1", "s", "x") F("f2", "x", "e")
#define THROW(inside)                                                                              \
    START "<b:intermediateThrowEvent id='x'>" inside "</b:intermediateThrowEvent>" F("f1", "s", "x")
#define TIMED(name, text)                                                                          \
    "<b:timerEventDefinition><b:" name ">" text "</b:" name "></b:timerEventDefinition>"
#define TIMER(text) TIMED("timeDuration", text)
#define DATE(text)  TIMED("timeDate", text)
#define CYCLE(text) TIMED("timeCycle", text)
#define WORKING(value, text)                                                                       \
    "<b:timerEventDefinition n:workingDays='" value "'><b:timeDuration>" text                      \
    "</b:timeDuration></b:timerEventDefinition>"
#define CONDITION(text)                                                                            \
    "<b:conditionalEventDefinition><b:condition>" text                                             \
    "</b:condition></b:conditionalEventDefinition>"
#define ERROR_EVENT     "<b:errorEventDefinition errorRef='e1'/>"
#define SUB(id, inside) "<b:subProcess id='" id "'>" inside "</b:subProcess>"
#define SUBEV(id, event)                                                                           \
    "<b:subProcess id='" id "' triggeredByEvent='true'><b:startEvent id='" id "s'>" event          \
    "</b:startEvent></b:subProcess>"
#define BOUNDARY(id, host, event)                                                                  \
    "<b:boundaryEvent id='" id "' attachedToRef='" host "'>" event "</b:boundaryEvent>"
/* the two ends of a link, l1 and l2 */
#define LINKS                                                                                      \
    "<b:intermediateThrowEvent id='l1'><b:linkEventDefinition name='L'/>"                          \
    "</b:intermediateThrowEvent><b:intermediateCatchEvent id='l2'><b:linkEventDefinition "         \
    "name='L'/></b:intermediateCatchEvent>"
/* compensation of u by the task @task */
#define UNDO(id, task)                                                                             \
    BOUNDARY(id, "u", "<b:compensateEventDefinition/>")                                            \
    "<b:task id='" task "' isForCompensation='true'/><b:association sourceRef='" id                \
    "' targetRef='" task "'/>"
#define WAIT(rest) START "<b:eventBasedGateway id='g'/>" F("f1", "s", "g") rest
#define MULTI(attributes, inside)                                                                  \
    "<b:multiInstanceLoopCharacteristics " attributes ">" inside                                   \
    "</b:multiInstanceLoopCharacteristics>"

typedef struct {
    const char *tag;
    const char *elements;
    const char *words[3];
} Case;

static inline const NskIssue *
find_issue(const NskIssues *issues, const char *tag)
{
    for (guint i = 0; i < issues->len; i++) {
        const NskIssue *issue = g_ptr_array_index(issues, i);

        if (g_str_equal(issue->tag, tag))
            return issue;
    }
    return NULL;
}

static inline bool
has_words(const NskIssue *issue, const char *const *words, size_t n_words)
{
    for (size_t i = 0; i < n_words && words[i] != NULL; i++) {
        if (strstr(issue->text, words[i]) == NULL)
            return false;
    }
    return true;
}

/* The finding of that tag that has all words, or else the first of that tag. */
static inline const NskIssue *
find_worded(const NskIssues *issues, const char *tag, const char *const *words, size_t n_words)
{
    for (guint i = 0; i < issues->len; i++) {
        const NskIssue *issue = g_ptr_array_index(issues, i);

        if (g_str_equal(issue->tag, tag) && has_words(issue, words, n_words))
            return issue;
    }
    return find_issue(issues, tag);
}

static inline void
assert_refused(const char *text, const char *tag, const char *const *words, size_t n_words)
{
    g_autoptr(NskIssues) issues = nsk_issues_new();
    g_autoptr(GError) error = NULL;
    g_autoptr(NskFlow) flow = nsk_flow_parse("contoh.bpmn", text, strlen(text), issues, &error);
    const NskIssue *issue = find_worded(issues, tag, words, n_words);

    if (flow != NULL)
        g_error("no %s in: %s", tag, text);
    g_assert_error(error, NSK_ERROR, NSK_ERROR_INVALID);
    if (issue == NULL)
        g_error("no %s in: %s", tag, error->message);
    g_assert_cmpstr(issue->file, ==, "contoh.bpmn");
    g_assert_cmpint(issue->severity, ==, NSK_SEVERITY_ERROR);
    g_assert_cmpuint(issue->line, >, 0);
    if (!has_words(issue, words, n_words))
        g_error("no \"%s\" in: %s", words[0], issue->text);
}
