/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Random definitions, and random events on an instance of them.  The bytes of the input are drawn
 * one after another: first for a graph of all kinds of nodes, valid as the reader guarantees but
 * otherwise senseless, then for what happens.  Whatever comes, a step fails and changes nothing, or
 * gives a state of which holds:
 *
 * 1. keys that were opened are the keys that were closed and those that are open, each once; so are
 *    those that were armed;
 * 2. every token is at a node of a live scope: the state, written and read again, fits its
 *    definition and is the same byte for byte;
 * 3. an instance that is over has nothing open.
 *
 * Now and then the stored form is spoilt before a step; then it is only asked that nothing crashes.
 */
#include "flow/flow-private.h"

#include <stdint.h>
#include <string.h>

#define MAX_NODES  20
#define MAX_EVENTS 48
#define HOUR_US    INT64_C(3600000000)

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

typedef struct {
    const uint8_t *data;
    size_t size;
    size_t at;
    NskFlow *flow;
    NskFlowState *state;
    NskFlowState *before; /* of the last completion */
    NskFlowState *after;
    GHashTable *open;  /* keys of tasks */
    GHashTable *armed; /* keys of subscriptions */
    GHashTable *ever;  /* all that were ever told */
    NskInstant now;
} Game;

/* A number below @limit; 0 when the input is used up. */
static unsigned
draw(Game *self, unsigned limit)
{
    return self->at < self->size ? self->data[self->at++] % limit : 0;
}

static NskXPath *
draw_condition(Game *self)
{
    static const char *const texts[] = { "true()",
                                         "false()",
                                         "$a = 1",
                                         "$a > $b",
                                         "$none",
                                         "$loopCounter < 2",
                                         "$numberOfCompletedInstances >= 1" };

    return nsk_xpath_compile(texts[draw(self, G_N_ELEMENTS(texts))], NULL, NULL);
}

static FlowTimer *
draw_timer(Game *self)
{
    static const struct {
        FlowTimeKind kind;
        const char *text;
    } times[] = { { FLOW_TIME_DURATION, "PT1H" }, { FLOW_TIME_CYCLE, "R3/PT1H" },
                  { FLOW_TIME_CYCLE, "R/P1D" },   { FLOW_TIME_DATE, "1970-01-02" },
                  { FLOW_TIME_DURATION, "P1M" },  { FLOW_TIME_DURATION, "PT0S" } };
    unsigned i = draw(self, G_N_ELEMENTS(times));
    FlowTimer *timer = g_new0(FlowTimer, 1);

    timer->kind = times[i].kind;
    g_assert_true(nsk_flow_time_parse(times[i].kind, times[i].text, &timer->time, NULL));
    return timer;
}

/* What an event node is about, with what that needs. */
static void
set_about(Game *self, FlowNode *node, FlowAbout about)
{
    static const char *const names[] = { "p", "q" };

    node->about = about;
    if (about == FLOW_ABOUT_TIMER)
        node->timer = draw_timer(self);
    else if (about == FLOW_ABOUT_CONDITION)
        node->condition = draw_condition(self);
    else if (about != FLOW_ABOUT_NONE && about != FLOW_ABOUT_TERMINATE)
        node->event_name = names[draw(self, 2)];
    node->interrupting = about == FLOW_ABOUT_ERROR || draw(self, 2) == 0;
}

static FlowNode *
add_node(Game *self, unsigned level, FlowNodeKind kind, unsigned *out_index)
{
    static const char *const outcomes[] = { "ok", NULL };
    g_autoptr(NskXmlDoc) doc = nsk_xml_doc_new(NULL, "node");
    NskXmlNode *root = nsk_xml_doc_get_root(doc);
    g_autofree char *id = g_strdup_printf("n%u", self->flow->nodes->len);
    FlowNode *node;

    nsk_xml_set_attr(root, "id", id);
    node = nsk_flow_node_new(self->flow, root, kind);
    node->element = nsk_xml_doc_get_root(g_ptr_array_index(self->flow->docs, 0));
    node->level = level;
    if (kind == FLOW_USER_TASK)
        node->outcomes = g_strdupv((char **)(uintptr_t)outcomes);
    if (kind == FLOW_SERVICE_TASK)
        node->task.service = "serve";
    node->compensates = false;
    *out_index = nsk_flow_add_node(self->flow, node);
    return node;
}

static void
draw_loop(Game *self, FlowNode *node)
{
    static const char *const counts[] = { "0", "1", "2", "3", "-1" };

    node->loop.type = (FlowLoopType)draw(self, 6);
    if (node->loop.type > FLOW_LOOP_SEQUENTIAL)
        node->loop.type = FLOW_LOOP_NONE;
    if (node->loop.type == FLOW_LOOP_STANDARD) {
        node->loop.condition = draw_condition(self);
        node->loop.maximum = 1 + draw(self, 3);
        node->loop.test_before = draw(self, 2) == 0;
    } else if (node->loop.type != FLOW_LOOP_NONE) {
        if (draw(self, 2) == 0) {
            node->loop.collection = nsk_xpath_compile("'x y z'", NULL, NULL);
            node->loop.element = g_strdup("who");
        } else {
            node->loop.cardinality =
                nsk_xpath_compile(counts[draw(self, G_N_ELEMENTS(counts))], NULL, NULL);
        }
        if (draw(self, 2) == 0)
            node->loop.completion = draw_condition(self);
    }
}

static void build_level(Game *self, unsigned level, unsigned depth);

static void
add_boundary(Game *self, unsigned host, unsigned level)
{
    static const FlowAbout abouts[] = { FLOW_ABOUT_TIMER,  FLOW_ABOUT_MESSAGE,
                                        FLOW_ABOUT_SIGNAL, FLOW_ABOUT_CONDITION,
                                        FLOW_ABOUT_ERROR,  FLOW_ABOUT_ESCALATION };
    unsigned index;
    FlowNode *node = add_node(self, level, FLOW_BOUNDARY_EVENT, &index);

    set_about(self, node, abouts[draw(self, G_N_ELEMENTS(abouts))]);
    if (node->about >= FLOW_ABOUT_ERROR && draw(self, 3) == 0)
        node->event_name = NULL;
    node->partner = host;
    g_array_append_val(((FlowNode *)g_ptr_array_index(self->flow->nodes, host))->boundary, index);
}

static void
add_handler(Game *self, unsigned activity, unsigned level)
{
    unsigned index;

    add_node(self, level, draw(self, 2) == 0 ? FLOW_USER_TASK : FLOW_PASS_TASK, &index)
        ->compensates = true;
    ((FlowNode *)g_ptr_array_index(self->flow->nodes, activity))->handler = index;
}

static void
add_activity(Game *self, unsigned level, unsigned depth)
{
    static const FlowNodeKind kinds[] = { FLOW_USER_TASK,   FLOW_SERVICE_TASK, FLOW_RECEIVE_TASK,
                                          FLOW_SEND_TASK,   FLOW_PASS_TASK,    FLOW_SUB_PROCESS,
                                          FLOW_SUB_PROCESS, FLOW_CALL_ACTIVITY };
    FlowNodeKind kind = kinds[draw(self, G_N_ELEMENTS(kinds))];
    unsigned index;
    FlowNode *node;

    if (depth == 0 && kind >= FLOW_SUB_PROCESS)
        kind = FLOW_USER_TASK;
    node = add_node(self, level, kind, &index);
    if (kind == FLOW_RECEIVE_TASK || kind == FLOW_SEND_TASK)
        set_about(self, node, draw(self, 2) == 0 ? FLOW_ABOUT_MESSAGE : FLOW_ABOUT_NONE);
    draw_loop(self, node);
    node->all_in = draw(self, 2) == 0;
    node->all_out = draw(self, 2) == 0;
    if (kind == FLOW_SUB_PROCESS) {
        node->body = nsk_flow_add_level(self->flow, 0, level, index);
        build_level(self, node->body, depth - 1);
    } else if (kind == FLOW_CALL_ACTIVITY) {
        node->body = nsk_flow_process(self->flow, 1)->level;
    }
    for (unsigned n = draw(self, 3); n > 0; n--)
        add_boundary(self, index, level);
    if (draw(self, 4) == 0)
        add_handler(self, index, level);
}

static void
add_event(Game *self, unsigned level)
{
    static const FlowAbout catches[] = { FLOW_ABOUT_TIMER, FLOW_ABOUT_MESSAGE, FLOW_ABOUT_SIGNAL,
                                         FLOW_ABOUT_CONDITION };
    static const FlowAbout throws[] = { FLOW_ABOUT_NONE, FLOW_ABOUT_MESSAGE, FLOW_ABOUT_SIGNAL,
                                        FLOW_ABOUT_ESCALATION, FLOW_ABOUT_COMPENSATION };
    bool is_throw = draw(self, 2) == 0;
    unsigned index;
    FlowNode *node = add_node(self, level, is_throw ? FLOW_THROW_EVENT : FLOW_CATCH_EVENT, &index);

    set_about(self, node,
              is_throw ? throws[draw(self, G_N_ELEMENTS(throws))]
                       : catches[draw(self, G_N_ELEMENTS(catches))]);
    node->waits = draw(self, 2) == 0;
}

static void
add_end(Game *self, unsigned level)
{
    static const FlowAbout abouts[] = { FLOW_ABOUT_NONE,       FLOW_ABOUT_NONE,
                                        FLOW_ABOUT_TERMINATE,  FLOW_ABOUT_ERROR,
                                        FLOW_ABOUT_ESCALATION, FLOW_ABOUT_COMPENSATION,
                                        FLOW_ABOUT_SIGNAL };
    unsigned index;

    set_about(self, add_node(self, level, FLOW_END_EVENT, &index),
              abouts[draw(self, G_N_ELEMENTS(abouts))]);
}

static void
add_event_sub_process(Game *self, unsigned level, unsigned depth)
{
    static const FlowAbout abouts[] = { FLOW_ABOUT_TIMER,       FLOW_ABOUT_MESSAGE,
                                        FLOW_ABOUT_SIGNAL,      FLOW_ABOUT_ERROR,
                                        FLOW_ABOUT_ESCALATION,  FLOW_ABOUT_CONDITION,
                                        FLOW_ABOUT_COMPENSATION };
    unsigned index;
    FlowNode *node = add_node(self, level, FLOW_EVENT_SUB_PROCESS, &index);
    unsigned about = draw(self, G_N_ELEMENTS(abouts));

    /* compensation belongs into a sub-process */
    if (abouts[about] == FLOW_ABOUT_COMPENSATION &&
        nsk_flow_level(self->flow, level)->owner == FLOW_NONE)
        about = 0;
    node->body = nsk_flow_add_level(self->flow, 0, level, index);
    build_level(self, node->body, depth - 1);

    unsigned start = g_array_index(nsk_flow_level(self->flow, node->body)->starts, unsigned, 0);
    set_about(self, g_ptr_array_index(self->flow->nodes, start), abouts[about]);
}

static void
add_gateway(Game *self, unsigned level)
{
    static const FlowNodeKind kinds[] = { FLOW_EXCLUSIVE, FLOW_PARALLEL, FLOW_INCLUSIVE,
                                          FLOW_PARALLEL, FLOW_INCLUSIVE };
    unsigned index;

    (void)add_node(self, level, kinds[draw(self, G_N_ELEMENTS(kinds))], &index);
}

static bool
can_be_entered(const FlowNode *node, unsigned level)
{
    return node->level == level && !node->compensates && node->kind != FLOW_START_EVENT &&
           node->kind != FLOW_BOUNDARY_EVENT && node->kind != FLOW_EVENT_SUB_PROCESS;
}

static bool
can_be_left(const FlowNode *node, unsigned level)
{
    return node->level == level && !node->compensates && node->kind != FLOW_END_EVENT &&
           node->kind != FLOW_EVENT_SUB_PROCESS;
}

/* Flows from each node to one to three others of its level, often the next. */
static void
add_flows(Game *self, unsigned level, unsigned first)
{
    unsigned count = self->flow->nodes->len;

    for (unsigned i = first; i < count; i++) {
        unsigned ways = can_be_left(nsk_flow_node(self->flow, i), level) ? 1 + draw(self, 3) : 0;

        for (unsigned n = 0; n < ways; n++) {
            unsigned target =
                draw(self, 8) == 7 ? first + draw(self, count - first) : i + 1 + draw(self, 3);
            FlowEdge *edge;

            while (target < count && !can_be_entered(nsk_flow_node(self->flow, target), level))
                target++;
            if (target >= count)
                continue;
            edge = g_new0(FlowEdge, 1);
            edge->id = g_strdup_printf("f%u", self->flow->edges->len);
            edge->source = i;
            edge->target = target;
            edge->condition = draw(self, 3) == 0 ? draw_condition(self) : NULL;
            (void)nsk_flow_add_edge(self->flow, edge);
        }
    }
}

static void
build_level(Game *self, unsigned level, unsigned depth)
{
    unsigned first;

    (void)add_node(self, level, FLOW_START_EVENT, &first);
    for (unsigned n = 1 + draw(self, 6); n > 0 && self->flow->nodes->len < MAX_NODES; n--) {
        unsigned what = draw(self, 8);

        if (what < 3)
            add_activity(self, level, depth);
        else if (what < 5)
            add_gateway(self, level);
        else if (what < 7)
            add_event(self, level);
        else if (depth > 0)
            add_event_sub_process(self, level, depth);
    }
    add_end(self, level);
    add_flows(self, level, first);
}

/* A gateway of the parallel kind becomes event-based if all that is behind it can be listened to.
 */
static void
draw_event_gateways(Game *self)
{
    for (unsigned i = 0; i < self->flow->nodes->len; i++) {
        FlowNode *node = g_ptr_array_index(self->flow->nodes, i);
        bool good = node->kind == FLOW_PARALLEL && node->out->len > 0;

        for (guint k = 0; good && k < node->out->len; k++) {
            const FlowEdge *edge = nsk_flow_edge(self->flow, g_array_index(node->out, unsigned, k));
            const FlowNode *target = nsk_flow_node(self->flow, edge->target);

            good = target->kind == FLOW_CATCH_EVENT ||
                   (target->kind == FLOW_RECEIVE_TASK && target->loop.type == FLOW_LOOP_NONE &&
                    target->about == FLOW_ABOUT_MESSAGE && target->boundary->len == 0);
        }
        if (good)
            node->kind = FLOW_EVENT_GATEWAY;
    }
}

static void
build(Game *self)
{
    unsigned index;

    self->flow = nsk_flow_new();
    g_ptr_array_add(self->flow->docs, nsk_xml_doc_new(NULL, "definition"));
    (void)nsk_flow_add_process(self->flow, "p", g_ptr_array_index(self->flow->docs, 0));
    (void)nsk_flow_add_process(self->flow, "q", g_ptr_array_index(self->flow->docs, 0));
    build_level(self, nsk_flow_process(self->flow, 0)->level, 3);
    unsigned called = nsk_flow_process(self->flow, 1)->level;
    index = self->flow->nodes->len;
    (void)add_node(self, called, FLOW_START_EVENT, &index);
    unsigned task;
    (void)add_node(self, called, FLOW_USER_TASK, &task);
    add_end(self, called);
    add_flows(self, called, index);
    draw_event_gateways(self);
    nsk_flow_prepare(self->flow);
}

/* Invariants */

static void
tell_key(Game *self, GHashTable *keys, const char *key)
{
    g_assert_true(g_hash_table_add(self->ever, g_strdup(key)));
    g_assert_true(g_hash_table_add(keys, g_strdup(key)));
}

/* A service is asked for again by RETRY, and a timer is armed again for its next turn. */
static void
check_action(Game *self, const NskFlowAction *action)
{
    switch (action->type) {
    case NSK_FLOW_OPEN_TASK:
        tell_key(self, self->open, action->key);
        break;
    case NSK_FLOW_SERVICE:
        if (!g_hash_table_contains(self->open, action->key))
            tell_key(self, self->open, action->key);
        break;
    case NSK_FLOW_CLOSE_TASK:
        g_assert_true(g_hash_table_remove(self->open, action->key));
        break;
    case NSK_FLOW_ARM:
        if (!g_hash_table_contains(self->armed, action->key))
            tell_key(self, self->armed, action->key);
        break;
    case NSK_FLOW_DISARM:
        g_assert_true(g_hash_table_remove(self->armed, action->key));
        break;
    case NSK_FLOW_END:
    case NSK_FLOW_THROW_MESSAGE:
    case NSK_FLOW_THROW_SIGNAL:
    case NSK_FLOW_OPEN_INCIDENT:
    case NSK_FLOW_CLOSE_INCIDENT:
    default:
        break;
    }
}

static void
check_rests(const Game *self, const NskFlowState *state)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(GPtrArray) rests = nsk_flow_state_get_rests(state, self->flow, &error);
    unsigned open = 0;
    unsigned armed = 0;

    g_assert_no_error(error);
    for (guint i = 0; i < rests->len; i++) {
        const NskFlowRest *rest = g_ptr_array_index(rests, i);

        if (rest->type <= NSK_FLOW_REST_SERVICE) {
            g_assert_true(g_hash_table_contains(self->open, rest->key));
            open++;
        } else if (rest->type <= NSK_FLOW_REST_SIGNAL) {
            g_assert_true(g_hash_table_contains(self->armed, rest->key));
            armed++;
        }
    }
    g_assert_cmpuint(open, ==, g_hash_table_size(self->open));
    g_assert_cmpuint(armed, ==, g_hash_table_size(self->armed));
}

static void
check_state(const Game *self, const NskFlowState *state)
{
    g_autofree char *json = nsk_flow_state_format(state);
    g_autoptr(GError) error = NULL;
    g_autoptr(NskFlowState) again = nsk_flow_state_parse(json, strlen(json), &error);

    g_assert_no_error(error);
    g_autofree char *second = nsk_flow_state_format(again);
    g_assert_cmpstr(json, ==, second);
    check_rests(self, again);
    if (nsk_flow_state_is_ended(state)) {
        g_assert_cmpuint(g_hash_table_size(self->open), ==, 0);
        g_assert_cmpuint(g_hash_table_size(self->armed), ==, 0);
    }
}

/* Events */

static void
take_result(Game *self, NskFlowState *state, GPtrArray *actions, bool completed)
{
    for (guint i = 0; i < actions->len; i++)
        check_action(self, g_ptr_array_index(actions, i));
    check_state(self, state);
    if (completed) {
        g_clear_pointer(&self->before, nsk_flow_state_unref);
        g_clear_pointer(&self->after, nsk_flow_state_unref);
        self->before = nsk_flow_state_ref(self->state);
        self->after = nsk_flow_state_ref(state);
    }
    g_clear_pointer(&self->state, nsk_flow_state_unref);
    self->state = nsk_flow_state_ref(state);
}

static void
step(Game *self, const NskFlowEvent *event)
{
    const NskFlowFacts facts = { .now = self->now, .simulated = true };
    NskFlowFault fault = { 0 };
    const NskFlowStep one = { .flow = self->flow,
                              .state = self->state,
                              .event = event,
                              .facts = &facts,
                              .fault = &fault };
    g_autoptr(NskFlowState) state = NULL;
    g_autoptr(GPtrArray) actions = NULL;
    g_autoptr(GError) error = NULL;

    if (nsk_flow_step(&one, &state, &actions, &error)) {
        take_result(self, state, actions, event->type == NSK_FLOW_COMPLETE);
        return;
    }
    g_assert_nonnull(error);
    /* circles in which nothing waits cost much time and show little */
    if (g_error_matches(error, NSK_ERROR, NSK_ERROR_LIMIT))
        self->at = self->size;
    g_assert_cmpint(fault.class, !=, NSK_FLOW_FAULT_NONE);
}

static void
migrate_to_itself(Game *self)
{
    const NskFlowFacts facts = { .now = self->now, .simulated = true };
    const NskFlowMigration plan = { .from = self->flow, .to = self->flow, .facts = &facts };
    g_autoptr(NskIssues) issues = nsk_issues_new();
    g_autoptr(NskFlowState) state = NULL;
    g_autoptr(GPtrArray) actions = NULL;

    if (nsk_flow_migrate(self->state, &plan, issues, &state, &actions, NULL))
        take_result(self, state, actions, false);
    g_assert_cmpuint(issues->len, ==, 0);
}

/* Changes a number or a letter of the stored form, as a broken disk might. */
static void
spoil(Game *self, char *json)
{
    static const char others[] = "0123456789abnp\"{}[],:-";
    size_t size = strlen(json);

    for (unsigned n = 1 + draw(self, 3); n > 0; n--) {
        size_t place = (draw(self, 256) * 256 + draw(self, 256)) % size;
        size_t digit = strcspn(json + place, "0123456789");

        if (json[place + digit] != '\0' && draw(self, 4) > 0)
            json[place + digit] = (char)('0' + draw(self, 10));
        else
            json[place] = others[draw(self, sizeof(others) - 1)];
    }
}

/* A state that is not of this game is refused, or the step goes on from it; its books are its own.
 */
static void
step_from_spoilt(Game *self, const NskFlowEvent *event)
{
    const NskFlowFacts facts = { .now = self->now, .simulated = true };
    g_autofree char *json = nsk_flow_state_format(self->state);
    g_autoptr(NskFlowState) state = NULL;
    g_autoptr(NskFlowState) next = NULL;
    g_autoptr(GPtrArray) actions = NULL;

    spoil(self, json);
    state = nsk_flow_state_parse(json, strlen(json), NULL);
    const NskFlowStep one = { .flow = self->flow, .state = state, .event = event, .facts = &facts };
    if (state == NULL || !nsk_flow_step(&one, &next, &actions, NULL))
        return;
    g_autofree char *first = nsk_flow_state_format(next);
    g_autoptr(NskFlowState) again = nsk_flow_state_parse(first, strlen(first), NULL);
    g_assert_nonnull(again);
    g_autofree char *second = nsk_flow_state_format(again);
    g_assert_cmpstr(first, ==, second);
}

/* What one rest may lead to. */
static NskFlowEvent
event_for(Game *self, const NskFlowRest *rest)
{
    NskFlowEvent event = { .type = NSK_FLOW_COMPLETE, .key = rest->key };

    switch (rest->type) {
    case NSK_FLOW_REST_SERVICE:
        event.type = draw(self, 3) == 0 ? NSK_FLOW_SERVICE_FAILED : NSK_FLOW_SERVICE_DONE;
        event.name = "p";
        break;
    case NSK_FLOW_REST_TIMER:
        event.type = NSK_FLOW_TIMER;
        self->now = MAX(self->now, rest->due + (NskInstant)draw(self, 4) * HOUR_US);
        break;
    case NSK_FLOW_REST_MESSAGE:
        event.type = NSK_FLOW_MESSAGE;
        break;
    case NSK_FLOW_REST_SIGNAL:
        event.type = NSK_FLOW_SIGNAL;
        event.key = NULL;
        event.name = rest->name;
        break;
    case NSK_FLOW_REST_CONDITION:
    case NSK_FLOW_REST_JOIN:
        event.type = NSK_FLOW_FACTS;
        break;
    case NSK_FLOW_REST_INCIDENT:
        event.type = NSK_FLOW_RETRY;
        break;
    case NSK_FLOW_REST_USER:
    case NSK_FLOW_REST_RECEIVE:
    default:
        break;
    }
    return event;
}

static void
act_on_rest(Game *self, bool operate)
{
    static const NskFlowEventType operations[] = {
        NSK_FLOW_RETURN_TO, NSK_FLOW_ADD_INSTANCE, NSK_FLOW_INCIDENT, NSK_FLOW_RETRY,
        NSK_FLOW_SUSPEND,   NSK_FLOW_RESUME,       NSK_FLOW_RECALL,
    };
    g_autoptr(GPtrArray) rests = nsk_flow_state_get_rests(self->state, self->flow, NULL);
    const NskFlowRest *rest =
        rests->len > 0 ? g_ptr_array_index(rests, draw(self, rests->len)) : NULL;
    const NskFlowVariable variables[] = {
        { .name = "a", .type = NSK_FLOW_NUMBER, .number = draw(self, 3) },
        { .name = "b", .type = NSK_FLOW_NUMBER, .number = 1.5 },
    };
    NskFlowEvent event = { .type = NSK_FLOW_FACTS };

    if (!operate && rest != NULL) {
        event = event_for(self, rest);
    } else if (operate) {
        event.type = operations[draw(self, G_N_ELEMENTS(operations))];
        event.key = rest != NULL && draw(self, 2) == 0 ? rest->key : NULL;
        event.node = nsk_flow_node(self->flow, draw(self, self->flow->nodes->len))->task.id;
        event.name = "x";
        event.place = draw(self, 3);
        event.before = self->before;
        event.after = self->after;
        if (event.type == NSK_FLOW_RECALL && self->before == NULL)
            return;
    }
    event.variables = variables;
    event.n_variables = draw(self, 3);
    if (draw(self, 4) == 3)
        step_from_spoilt(self, &event);
    else
        step(self, &event);
}

static void
play_instance(Game *self)
{
    const NskFlowEvent start = { .type = NSK_FLOW_START };
    const NskFlowEvent cancel = { .type = NSK_FLOW_CANCEL };

    step(self, &start);
    for (unsigned i = 0; i < MAX_EVENTS && self->state != NULL; i++) {
        unsigned what = draw(self, 16);

        if (nsk_flow_state_is_ended(self->state) || self->at >= self->size)
            break;
        if (what == 15)
            migrate_to_itself(self);
        else
            act_on_rest(self, what > 10);
    }
    if (self->state != NULL)
        step(self, &cancel);
}

/* The same without data */

static bool
decide(void *data, G_GNUC_UNUSED const FlowAsk *ask)
{
    return draw(data, 2) == 0;
}

static unsigned
decide_count(void *data, G_GNUC_UNUSED unsigned node)
{
    return draw(data, 4);
}

static void
explore(Game *self)
{
    const FlowDecider decider = { .test = decide, .count = decide_count, .data = self };
    g_autoptr(NskFlowState) state = NULL;

    for (unsigned i = 0; i < MAX_EVENTS; i++) {
        g_autoptr(GArray) moves = nsk_flow_moves(self->flow, state);
        g_autoptr(NskFlowState) next = NULL;
        NskFlowFault fault = { 0 };

        if (moves->len == 0 || self->at >= self->size)
            break;
        const FlowMove *move = &g_array_index(moves, FlowMove, draw(self, moves->len));
        if (!nsk_flow_play(self->flow, state, move, &decider, &next, &fault)) {
            g_assert_cmpint(fault.class, !=, NSK_FLOW_FAULT_NONE);
            break;
        }
        g_autofree char *shape = nsk_flow_state_shape(next, self->flow);
        g_assert_cmpuint(strlen(shape), >, 0);
        g_clear_pointer(&state, nsk_flow_state_unref);
        state = g_steal_pointer(&next);
    }
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    Game self = { .data = data, .size = size };

    self.open = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    self.armed = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    self.ever = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    bool only_explore = draw(&self, 4) == 0;
    build(&self);
    if (only_explore)
        explore(&self);
    else
        play_instance(&self);
    g_clear_pointer(&self.state, nsk_flow_state_unref);
    g_clear_pointer(&self.before, nsk_flow_state_unref);
    g_clear_pointer(&self.after, nsk_flow_state_unref);
    g_hash_table_unref(self.open);
    g_hash_table_unref(self.armed);
    g_hash_table_unref(self.ever);
    nsk_flow_unref(self.flow);
    return 0;
}
