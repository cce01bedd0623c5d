/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What errors and escalations can leave a level, and so which boundary events and event
 * sub-processes can ever be reached (BPMN 2.0.2, 10.5.5, 13.5.3, 13.5.4): a code is thrown by an
 * event, any error at all by a service that fails; the nearest that catches it takes it.
 */
#include "flow/check-private.h"

#include <string.h>

static void
throws_init(CheckThrows *self)
{
    self->errors = g_ptr_array_new();
    self->escalations = g_ptr_array_new();
}

static void
throws_clear(CheckThrows *self)
{
    g_ptr_array_unref(self->errors);
    g_ptr_array_unref(self->escalations);
}

static void
add_code(GPtrArray *codes, const char *code)
{
    for (guint i = 0; i < codes->len; i++) {
        if (g_strcmp0(g_ptr_array_index(codes, i), code) == 0)
            return;
    }
    g_ptr_array_add(codes, (char *)(uintptr_t)code);
}

static void
add_all(GPtrArray *codes, const GPtrArray *more)
{
    for (guint i = 0; i < more->len; i++)
        add_code(codes, g_ptr_array_index(more, i));
}

/* Takes away what an event with that code catches; NULL catches all. */
static void
remove_code(GPtrArray *codes, const char *code)
{
    for (guint i = codes->len; i-- > 0;) {
        if (code == NULL || g_strcmp0(g_ptr_array_index(codes, i), code) == 0)
            g_ptr_array_remove_index(codes, i);
    }
}

static void
catch_by(CheckThrows *self, const FlowNode *event)
{
    if (event->about == FLOW_ABOUT_ESCALATION)
        remove_code(self->escalations, event->event_name);
    if (event->about != FLOW_ABOUT_ERROR)
        return;
    remove_code(self->errors, event->event_name);
    self->any_error = self->any_error && event->event_name != NULL;
}

static bool
has_code(const GPtrArray *codes, const char *code)
{
    for (guint i = 0; i < codes->len; i++) {
        if (code == NULL || g_strcmp0(g_ptr_array_index(codes, i), code) == 0)
            return true;
    }
    return false;
}

static bool
can_be_caught(const CheckThrows *self, const FlowNode *event)
{
    if (event->about == FLOW_ABOUT_ERROR)
        return self->any_error || has_code(self->errors, event->event_name);
    return has_code(self->escalations, event->event_name);
}

static const CheckThrows *find_throws(Checker *self, unsigned level);

/* Adds what @node, with its boundary events, throws at the level around it. */
static void
add_node(Checker *self, CheckThrows *sum, const FlowNode *node)
{
    CheckThrows own = { .any_error = node->kind == FLOW_SERVICE_TASK };
    unsigned body = nsk_check_body(node);

    throws_init(&own);
    if (node->about == FLOW_ABOUT_ERROR && node->kind == FLOW_END_EVENT)
        add_code(own.errors, node->event_name);
    if (node->about == FLOW_ABOUT_ESCALATION &&
        (node->kind == FLOW_END_EVENT || node->kind == FLOW_THROW_EVENT))
        add_code(own.escalations, node->event_name);
    if (body != FLOW_NONE) {
        const CheckThrows *inner = find_throws(self, body);

        add_all(own.errors, inner->errors);
        add_all(own.escalations, inner->escalations);
        own.any_error = inner->any_error;
    }
    for (guint i = 0; i < node->boundary->len; i++)
        catch_by(&own, check_node(self, g_array_index(node->boundary, unsigned, i)));
    add_all(sum->errors, own.errors);
    add_all(sum->escalations, own.escalations);
    sum->any_error = sum->any_error || own.any_error;
    throws_clear(&own);
}

/* What is thrown in the level, whether or not it is caught there, by event sub-processes or by all
 * else. */
static void
add_level(Checker *self, CheckThrows *sum, unsigned level, bool handlers)
{
    for (unsigned i = 0; i < self->flow->nodes->len; i++) {
        const FlowNode *node = check_node(self, i);

        if (node->level == level && (node->kind == FLOW_EVENT_SUB_PROCESS) == handlers)
            add_node(self, sum, node);
    }
}

static const FlowNode *
start_of(const Checker *self, unsigned handler)
{
    const FlowLevel *level = nsk_flow_level(self->flow, check_node(self, handler)->body);

    return level->starts->len > 0 ? check_node(self, g_array_index(level->starts, unsigned, 0))
                                  : NULL;
}

static void
catch_by_handlers(const Checker *self, CheckThrows *throws, unsigned level)
{
    const GArray *handlers = nsk_flow_level(self->flow, level)->handlers;

    for (guint i = 0; i < handlers->len; i++) {
        const FlowNode *start = start_of(self, g_array_index(handlers, unsigned, i));

        if (start != NULL)
            catch_by(throws, start);
    }
}

/* An error that an event sub-process throws is not caught by one beside it, but goes outwards. */
static const CheckThrows *
find_throws(Checker *self, unsigned level)
{
    CheckThrows *throws = &self->throws[level];

    if (throws->busy)
        return throws;
    throws->busy = true;
    add_level(self, throws, level, false);
    catch_by_handlers(self, throws, level);
    add_level(self, throws, level, true);
    return throws;
}

void
nsk_check_find_throws(Checker *self)
{
    self->throws = g_new0(CheckThrows, self->flow->levels->len);
    for (unsigned i = 0; i < self->flow->levels->len; i++)
        throws_init(&self->throws[i]);
    for (unsigned i = 0; i < self->flow->levels->len; i++)
        (void)find_throws(self, i);
}

void
nsk_check_free_throws(Checker *self)
{
    for (unsigned i = 0; i < self->flow->levels->len; i++)
        throws_clear(&self->throws[i]);
    g_free(self->throws);
}

bool
nsk_check_can_happen(const Checker *self, unsigned index)
{
    const FlowNode *event = check_node(self, index);
    const FlowNode *host = check_node(self, event->partner);
    unsigned body = nsk_check_body(host);

    if (event->about == FLOW_ABOUT_COMPENSATION || !nsk_check_rests(host))
        return false;
    if (event->about != FLOW_ABOUT_ERROR && event->about != FLOW_ABOUT_ESCALATION)
        return true;
    if (body == FLOW_NONE)
        return event->about == FLOW_ABOUT_ERROR && host->kind == FLOW_SERVICE_TASK;
    return can_be_caught(&self->throws[body], event);
}

bool
nsk_check_can_begin(Checker *self, unsigned handler)
{
    const FlowNode *start = start_of(self, handler);
    CheckThrows raw = { 0 };
    bool can;

    if (start == NULL || start->about == FLOW_ABOUT_COMPENSATION)
        return false;
    if (start->about != FLOW_ABOUT_ERROR && start->about != FLOW_ABOUT_ESCALATION)
        return true;
    throws_init(&raw);
    add_level(self, &raw, check_node(self, handler)->level, false);
    can = can_be_caught(&raw, start);
    throws_clear(&raw);
    return can;
}

bool
nsk_check_escapes(Checker *self, unsigned index)
{
    const FlowNode *node = check_node(self, index);
    CheckThrows own = { 0 };
    bool escapes;

    if (nsk_check_body(node) == FLOW_NONE)
        return false;
    throws_init(&own);
    add_node(self, &own, node);
    if (node->kind != FLOW_EVENT_SUB_PROCESS)
        catch_by_handlers(self, &own, node->level);
    escapes = own.errors->len > 0;
    throws_clear(&own);
    return escapes;
}
