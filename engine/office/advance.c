/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The workflow of a letter: gathers the facts that its conditions see, makes the step, and carries
 * out what the step asks for.  Services are carried out in the same change, one after another,
 * until somebody has to act or the letter's life is over.
 */
#include "base/message.h"
#include "office/office-private.h"

#include <string.h>

/* One child of <facts> with the parts of a role. */
static bool
add_parts(NskXmlNode *facts, NskDbTxn *txn, const char *id, const char *role, GError **error)
{
    bool is_signatory = strcmp(role, "signatory") == 0;
    g_autoptr(GPtrArray) parts = nsk_route_load(txn, id, role, error);

    if (parts == NULL)
        return false;
    NskXmlNode *list = nsk_xml_add(facts, NULL, is_signatory ? "signatories" : "reviewers");
    for (guint i = 0; i < parts->len; i++) {
        const NskRoutePart *part = g_ptr_array_index(parts, i);
        NskXmlNode *node = nsk_xml_add(list, NULL, role);

        nsk_xml_set_attr(node, "position", part->position);
        if (is_signatory)
            nsk_xml_set_attr(node, "capacity", part->capacity);
        nsk_xml_set_attr(node, is_signatory ? "signed" : "approved", part->done ? "true" : "false");
    }
    return true;
}

static NskXmlDoc *
gather_facts(const NskAct *act, const char *outcome, GError **error)
{
    const NskLetterRow *row = act->row;
    g_autoptr(NskXmlDoc) doc = nsk_xml_doc_new(NULL, "facts");
    NskXmlNode *facts = nsk_xml_doc_get_root(doc);
    NskXmlNode *letter = nsk_xml_add(facts, NULL, "letter");

    nsk_xml_set_attr(letter, "id", row->id);
    nsk_xml_set_attr(letter, "kind", row->kind);
    nsk_xml_set_attr(letter, "security", row->security);
    nsk_xml_set_attr(letter, "urgency", row->urgency);
    nsk_xml_set_attr(letter, "unit", row->unit);
    (void)nsk_xml_add_text_element(facts, "outcome", outcome != NULL ? outcome : "");
    NskXmlNode *drafter = nsk_xml_add(facts, NULL, "drafter");
    nsk_xml_set_attr(drafter, "position", row->drafter);
    nsk_xml_set_attr(drafter, "person", row->drafter_person);
    if (!add_parts(facts, act->txn, row->id, "reviewer", error) ||
        !add_parts(facts, act->txn, row->id, "signatory", error))
        return NULL;
    return g_steal_pointer(&doc);
}

/* The state of a letter in front of a task of that role. */
static const char *
state_for(NskFlowRole role, const char *otherwise)
{
    switch (role) {
    case NSK_FLOW_ROLE_DRAFT:
        return "draft";
    case NSK_FLOW_ROLE_REVIEW:
        return "review";
    case NSK_FLOW_ROLE_SIGN:
        return "signing";
    case NSK_FLOW_ROLE_CONFIRM: /* like any other task until an office knows letters on paper */
    case NSK_FLOW_ROLE_NONE:
    default:
        return otherwise;
    }
}

static void
set_state(NskAct *act, const char *state)
{
    g_autofree char *old = act->row->state;

    act->row->state = g_strdup(state);
}

/* Lets addressees and copies read the letter, which is how it reaches positions of the office. */
static bool
deliver_inside(NskAct *act, const char *role, GError **error)
{
    g_autoptr(GPtrArray) parts = nsk_route_load(act->txn, act->row->id, role, error);

    if (parts == NULL)
        return false;
    for (guint i = 0; i < parts->len; i++) {
        const NskRoutePart *part = g_ptr_array_index(parts, i);

        if (part->position[0] != '\0' &&
            !nsk_reader_deliver(act->txn, act->row->id, part->position, error))
            return false;
    }
    return true;
}

/* Carries out a service; @event says what was done. */
static bool
serve(NskAct *act, const char *service, NskEvent *event, GError **error)
{
    if (strcmp(service, "dispatch") == 0) {
        event->action = "letter-dispatched";
        event->sentence = "Send the letter to its addressees";
        act->row->dispatched = act->now;
        return deliver_inside(act, "to", error) && deliver_inside(act, "copy", error);
    }
    if (strcmp(service, "archive") == 0) {
        event->action = "letter-archived";
        event->sentence = "File the letter in the archive";
        set_state(act, "archived");
        return true;
    }
    g_set_error(error, NSK_ERROR, NSK_ERROR_UNSUPPORTED,
                nsk_tr("the workflow asks for the service '%s', which this program does not have"),
                service);
    return false;
}

/* What one step of the workflow left to do. */
typedef struct {
    char *service_key; /* owned; NULL: no service was asked for */
    char *service;     /* owned */
    bool opened;       /* a task was opened */
} StepResult;

static void
step_result_clear(StepResult *result)
{
    g_clear_pointer(&result->service_key, g_free);
    g_clear_pointer(&result->service, g_free);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(StepResult, step_result_clear)

static bool
take_action(NskAct *act,
            const NskFlowAction *action,
            const NskTaskEnd *end,
            StepResult *result,
            GError **error)
{
    switch (action->type) {
    case NSK_FLOW_OPEN_TASK:
        result->opened = true;
        set_state(act, state_for(action->role, act->row->state));
        return nsk_task_open(act->txn, act->row->id, action, act->now, error);
    case NSK_FLOW_CLOSE_TASK:
        return nsk_task_close(act->txn, act->row->id, action->key, end, error);
    case NSK_FLOW_SERVICE:
        result->service_key = g_strdup(action->key);
        result->service = g_strdup(action->service);
        return true;
    case NSK_FLOW_ARM:
    case NSK_FLOW_DISARM:
    case NSK_FLOW_THROW_MESSAGE:
    case NSK_FLOW_THROW_SIGNAL:
    case NSK_FLOW_OPEN_INCIDENT:
    case NSK_FLOW_CLOSE_INCIDENT:
    case NSK_FLOW_END:
    default:
        return true;
    }
}

/* One step of the workflow and what it asks for, but for services. */
static bool
step_once(NskAct *act,
          const NskFlowEvent *event,
          const char *person,
          StepResult *result,
          GError **error)
{
    NskTaskEnd end = { event->outcome, person, act->now };
    size_t flow_size = strlen(act->row->flow);
    g_autoptr(NskFlowState) before = NULL;
    g_autoptr(NskFlowState) after = NULL;
    g_autoptr(GPtrArray) actions = NULL;
    g_autoptr(NskXmlDoc) facts = gather_facts(act, event->outcome, error);
    const NskFlow *flow = nsk_office_flow(act->office, act->txn, act->row->workflow,
                                          act->row->workflow_version, error);

    if (facts == NULL || flow == NULL)
        return false;
    if (flow_size > 0 && (before = nsk_flow_state_parse(act->row->flow, flow_size, error)) == NULL)
        return false;
    NskFlowFacts seen = { .facts = nsk_xml_doc_get_root(facts),
                          .today = act->today,
                          .now = act->now };
    NskFlowStep step = { .flow = flow, .state = before, .event = event, .facts = &seen };
    if (!nsk_flow_step(&step, &after, &actions, error))
        return false;

    g_free(act->row->flow);
    act->row->flow = nsk_flow_state_format(after);
    for (guint i = 0; i < actions->len; i++) {
        if (!take_action(act, g_ptr_array_index(actions, i), &end, result, error))
            return false;
    }
    return true;
}

bool
nsk_advance(NskAct *act, const NskAdvance *advance, GError **error)
{
    g_auto(StepResult) result = { 0 };
    NskEvent event = advance->record;

    if (!step_once(act, &advance->flow_event, advance->person, &result, error))
        return false;
    if (!result.opened && advance->state_if_done != NULL)
        set_state(act, advance->state_if_done);
    event.kept = result.service != NULL ? NSK_RECORD_LATER : NSK_RECORD_WRITE;
    if (!nsk_record(act, &event, error))
        return false;
    while (result.service != NULL) {
        g_autofree char *key = g_steal_pointer(&result.service_key);
        g_autofree char *service = g_steal_pointer(&result.service);
        g_autofree char *state = g_strdup(act->row->state);
        NskFlowEvent done = { .type = NSK_FLOW_SERVICE_DONE, .key = key };

        /* the step comes before the record, which is to say where the workflow stands after it */
        event = (NskEvent){ .task = key, .state_from = state };
        if (!serve(act, service, &event, error) || !step_once(act, &done, NULL, &result, error))
            return false;
        event.kept = result.service != NULL ? NSK_RECORD_LATER : NSK_RECORD_WRITE;
        if (!nsk_record(act, &event, error))
            return false;
    }
    return true;
}
