/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Loops (BPMN 2.0.2, 13.3.6) and multi-instances (13.3.7).
 *
 * The activity has a body, and in the body an instance for each element; each instance is a scope
 * of its own, so joins never mix them.  The elements are fixed when the body begins: of a
 * sequential multi-instance those still to come are kept as variables of the body with the number
 * of the instance as name.  completionCondition is tested after each instance, while its variables
 * and the outcome of its task are still to be seen.
 */
#include "base/limits.h"
#include "base/message.h"
#include "flow/step-private.h"

#include <math.h>
#include <string.h>

static void
number_name(char *buffer, size_t size, unsigned number)
{
    g_snprintf(buffer, size, "%u", number);
}

static void
keep_element(FlowRun *self, unsigned body, unsigned index, const char *text)
{
    char name[16];
    const NskFlowVariable variable = { .name = name, .type = NSK_FLOW_TEXT, .text = text };

    number_name(name, sizeof(name), index);
    nsk_flow_state_set(self->state, body, &variable);
}

static FlowVariable *
kept_element(const FlowRun *self, unsigned body, unsigned index)
{
    char name[16];

    number_name(name, sizeof(name), index);
    return nsk_flow_state_variable(self->state, body, name);
}

/* Begins the next instance; @element may be NULL. */
static void
start_instance(FlowRun *self, unsigned body_id, const char *element)
{
    FlowItem *body = nsk_flow_state_item(self->state, body_id);
    unsigned node = body->node;
    unsigned index = body->started++;
    const FlowLoop *loop = &nsk_flow_node(self->flow, node)->loop;
    FlowItem *item = nsk_flow_state_add_item(self->state, body_id, node, FLOW_SCOPE_INSTANCE);
    unsigned id = item->id;

    item->index = index;
    if (element != NULL && loop->element != NULL) {
        const NskFlowVariable variable = { .name = loop->element,
                                           .type = NSK_FLOW_TEXT,
                                           .text = element };

        nsk_flow_state_set(self->state, id, &variable);
    }
    nsk_flow_run_visit(self, node, FLOW_NONE, id);
}

/* The next instance of a sequential multi-instance, with the element kept for it. */
static void
start_next(FlowRun *self, unsigned body_id)
{
    unsigned index = nsk_flow_state_item(self->state, body_id)->started;
    const FlowVariable *kept = kept_element(self, body_id, index);
    g_autofree char *element = kept != NULL ? g_strdup(kept->text) : NULL;

    if (kept != NULL)
        nsk_flow_state_unset(self->state, kept);
    start_instance(self, body_id, element);
}

static bool
set_bad_count(FlowRun *self, unsigned index, GError **error)
{
    const FlowNode *node = nsk_flow_node(self->flow, index);

    g_set_error(error, NSK_ERROR, NSK_ERROR_INVALID,
                nsk_tr("the number of instances of '%s' (%s) is not a whole number from 0 to %d"),
                node->task.id, node->task.name, NSK_LIMIT_FLOW_INSTANCES);
    return nsk_flow_run_fail(self, NSK_FLOW_FAULT_EXPRESSION, index);
}

static bool
check_elements(FlowRun *self, const GPtrArray *elements, GError **error)
{
    for (guint i = 0; i < elements->len; i++) {
        const NskFlowVariable variable = { .name = "element",
                                           .type = NSK_FLOW_TEXT,
                                           .text = g_ptr_array_index(elements, i) };

        if (!nsk_flow_run_check(self, &variable, error))
            return false;
    }
    return true;
}

/* How many instances, and of what: evaluated once, on entry. */
static bool
count_instances(FlowRun *self,
                unsigned index,
                unsigned scope,
                unsigned *out_count,
                GPtrArray **out_elements,
                GError **error)
{
    const FlowLoop *loop = &nsk_flow_node(self->flow, index)->loop;
    const NskXPath *expression = loop->collection != NULL ? loop->collection : loop->cardinality;
    g_auto(NskXPathValue) value = { 0 };

    if (self->decider != NULL) {
        *out_count =
            MIN(self->decider->count(self->decider->data, index), NSK_LIMIT_FLOW_INSTANCES);
        return true;
    }
    if (!nsk_flow_run_evaluate(self, expression, scope, index, &value, error))
        return false;
    if (loop->collection != NULL) {
        g_autoptr(GPtrArray) elements = nsk_flow_run_elements(&value);

        if (elements->len > NSK_LIMIT_FLOW_INSTANCES)
            return set_bad_count(self, index, error);
        if (!check_elements(self, elements, error))
            return false;
        *out_count = elements->len;
        *out_elements = g_steal_pointer(&elements);
        return true;
    }

    g_autofree char *text = nsk_xpath_value_text(&value);
    double number = value.type == NSK_XPATH_NUMBER ? value.number : g_ascii_strtod(text, NULL);
    if (!(number >= 0 && number <= NSK_LIMIT_FLOW_INSTANCES) || number != floor(number))
        return set_bad_count(self, index, error);
    *out_count = (unsigned)number;
    return true;
}

static bool
start_multi(FlowRun *self, unsigned index, unsigned scope, GError **error)
{
    const FlowLoop *loop = &nsk_flow_node(self->flow, index)->loop;
    bool parallel = loop->type == FLOW_LOOP_PARALLEL;
    g_autoptr(GPtrArray) elements = NULL;
    unsigned count = 0;

    if (!count_instances(self, index, scope, &count, &elements, error))
        return false;
    if (count == 0)
        return nsk_flow_run_finish(self, index, scope, 0, error);
    if (elements != NULL && !nsk_flow_run_has_room(self, count, error))
        return false;

    FlowItem *body = nsk_flow_state_add_item(self->state, scope, index, FLOW_SCOPE_BODY);
    unsigned id = body->id;
    body->total = count;
    if (!nsk_flow_run_arm_boundary(self, id, error))
        return false;
    for (unsigned i = 0; i < count; i++) {
        const char *element = elements != NULL ? g_ptr_array_index(elements, i) : NULL;

        if (parallel || i == 0)
            start_instance(self, id, element);
        else if (element != NULL)
            keep_element(self, id, i, element);
    }
    return true;
}

/* Whether a standard loop goes round (again) after @rounds; -1 error. */
static int
goes_on(FlowRun *self, unsigned index, unsigned scope, unsigned rounds, GError **error)
{
    const FlowLoop *loop = &nsk_flow_node(self->flow, index)->loop;
    const FlowAsk ask = { .type = FLOW_ASK_AGAIN,
                          .node = index,
                          .edge = FLOW_NONE,
                          .expression = loop->condition,
                          .scope = scope };

    if (rounds >= (loop->maximum > 0 ? loop->maximum : NSK_LIMIT_FLOW_INSTANCES))
        return 0;
    return loop->condition != NULL ? nsk_flow_run_test(self, &ask, error) : 1;
}

bool
nsk_flow_run_loop(FlowRun *self, unsigned index, unsigned scope, GError **error)
{
    const FlowLoop *loop = &nsk_flow_node(self->flow, index)->loop;

    if (loop->type != FLOW_LOOP_STANDARD)
        return start_multi(self, index, scope, error);
    if (loop->test_before) {
        int result = goes_on(self, index, scope, 0, error);

        if (result < 0)
            return false;
        if (result == 0)
            return nsk_flow_run_finish(self, index, scope, 0, error);
    }

    FlowItem *body = nsk_flow_state_add_item(self->state, scope, index, FLOW_SCOPE_BODY);
    unsigned id = body->id;
    body->total = 1;
    if (!nsk_flow_run_arm_boundary(self, id, error))
        return false;
    start_instance(self, id, NULL);
    return true;
}

/* What was logged inside of the body is now done in the scope around it. */
static bool
complete_body(FlowRun *self, unsigned id, GError **error)
{
    unsigned scope = nsk_flow_state_item(self->state, id)->scope;

    nsk_flow_run_clear(self, id);
    for (guint i = 0; i < self->state->done->len; i++) {
        FlowDone *done = &g_array_index(self->state->done, FlowDone, i);

        if (done->scope == id)
            done->scope = scope;
    }
    return nsk_flow_run_complete(self, id, error);
}

/* 1: the multi-instance is over, by its condition or because all are done; -1: error. */
static int
test_completion(FlowRun *self, unsigned instance, unsigned body_id, GError **error)
{
    const FlowItem *body = nsk_flow_state_item(self->state, body_id);
    const FlowLoop *loop = &nsk_flow_node(self->flow, body->node)->loop;
    const FlowAsk ask = { .type = FLOW_ASK_COMPLETION,
                          .node = body->node,
                          .edge = FLOW_NONE,
                          .expression = loop->completion,
                          .scope = instance };

    if (body->completed >= body->total)
        return 1;
    return loop->completion != NULL ? nsk_flow_run_test(self, &ask, error) : 0;
}

static bool
standard_done(FlowRun *self, unsigned instance, unsigned body_id, GError **error)
{
    FlowItem *body = nsk_flow_state_item(self->state, body_id);
    int result = goes_on(self, body->node, instance, body->started, error);

    if (result < 0)
        return false;
    nsk_flow_run_remove(self, instance);
    if (result == 0)
        return complete_body(self, body_id, error);
    body = nsk_flow_state_item(self->state, body_id);
    body->total++;
    start_instance(self, body_id, NULL);
    return true;
}

bool
nsk_flow_run_instance_done(FlowRun *self, unsigned instance, GError **error)
{
    unsigned body_id = nsk_flow_state_item(self->state, instance)->scope;
    FlowItem *body = nsk_flow_state_item(self->state, body_id);
    FlowLoopType type = nsk_flow_node(self->flow, body->node)->loop.type;

    body->completed++;
    if (type == FLOW_LOOP_STANDARD)
        return standard_done(self, instance, body_id, error);

    int over = test_completion(self, instance, body_id, error);
    if (over < 0)
        return false;
    nsk_flow_run_remove(self, instance);
    if (over > 0)
        return complete_body(self, body_id, error);
    body = nsk_flow_state_item(self->state, body_id);
    if (type == FLOW_LOOP_SEQUENTIAL && body->started < body->total)
        start_next(self, body_id);
    return true;
}

/* The body of the event's node: around the task of the key, or the only one. */
static unsigned
find_body(FlowRun *self, GError **error)
{
    const NskFlowEvent *event = self->event;
    const FlowItem *item = event->key != NULL ? nsk_flow_run_find(self, event->key, error) : NULL;
    unsigned found = 0;

    if (event->key != NULL && item == NULL)
        return 0;
    for (; item != NULL && item->kind != FLOW_SCOPE_ROOT;
         item = nsk_flow_state_item(self->state, item->scope)) {
        if (item->kind == FLOW_SCOPE_BODY)
            return item->id;
    }
    for (guint i = 1; event->node != NULL && event->key == NULL && i < self->state->items->len;
         i++) {
        item = nsk_flow_item_at(self->state, i);
        if (item->kind == FLOW_SCOPE_BODY &&
            strcmp(nsk_flow_node(self->flow, item->node)->task.id, event->node) == 0)
            found = item->id;
    }
    if (found == 0) {
        g_set_error(error, NSK_ERROR, NSK_ERROR_CONFLICT,
                    nsk_tr("'%s' is not at work with more than one; nobody can be added to it"),
                    event->node != NULL ? event->node : event->key);
        (void)nsk_flow_run_fail(self, NSK_FLOW_FAULT_NO_SUBSCRIPTION, FLOW_NONE);
    }
    return found;
}

/* Puts the element before the @place-th of those that have not begun. */
static void
insert_element(FlowRun *self, unsigned body_id, unsigned place)
{
    const FlowItem *body = nsk_flow_state_item(self->state, body_id);
    unsigned at = body->started + MIN(place, body->total - body->started);

    for (unsigned i = body->total; i > at; i--) {
        const FlowVariable *kept = kept_element(self, body_id, i - 1);
        g_autofree char *text = kept != NULL ? g_strdup(kept->text) : NULL;

        if (text != NULL)
            keep_element(self, body_id, i, text);
    }
    if (self->event->name != NULL)
        keep_element(self, body_id, at, self->event->name);
}

bool
nsk_flow_run_add_instance(FlowRun *self, GError **error)
{
    unsigned id = find_body(self, error);
    const char *element = self->event->name;

    if (id == 0)
        return false;

    FlowItem *body = nsk_flow_state_item(self->state, id);
    const FlowLoop *loop = &nsk_flow_node(self->flow, body->node)->loop;
    if (loop->type == FLOW_LOOP_STANDARD || body->total >= NSK_LIMIT_FLOW_INSTANCES ||
        (loop->element != NULL &&
         (element == NULL || *element == '\0' || strlen(element) > NSK_LIMIT_TEXT ||
          !g_utf8_validate(element, -1, NULL)))) {
        g_set_error(error, NSK_ERROR, NSK_ERROR_INVALID,
                    nsk_tr("'%s' takes nobody more; name whom to add to an activity that is done "
                           "by several"),
                    nsk_flow_node(self->flow, body->node)->task.id);
        return nsk_flow_run_fail(self, NSK_FLOW_FAULT_OTHER, body->node);
    }
    if (!nsk_flow_run_has_room(self, 1, error))
        return false;
    if (loop->type == FLOW_LOOP_SEQUENTIAL)
        insert_element(self, id, self->event->place);
    body = nsk_flow_state_item(self->state, id);
    body->total++;
    if (loop->type == FLOW_LOOP_PARALLEL)
        start_instance(self, id, element);
    return true;
}
