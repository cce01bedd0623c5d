/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Errors and escalations (BPMN 2.0.2, 10.5.5, 13.5.3, 13.5.4): who catches what is thrown.
 *
 * From the thrower outwards, scope by scope: first the event sub-processes of the scope, then the
 * boundary events of its activity; at each of them one with the code before one without.  The
 * nearest catches, once.  What is thrown inside of an event sub-process is not caught by those of
 * the same scope.  A loop or multi-instance has its boundary events at the body.
 */
#include "flow/step-private.h"

#include <string.h>

typedef struct {
    FlowAbout about;
    const char *code;
} Thrown;

/* A catcher among nodes: the one with the code, else the one without; FLOW_NONE. */
static unsigned
choose(const NskFlow *flow, const Thrown *thrown, unsigned node, unsigned chosen)
{
    const FlowNode *catcher = nsk_flow_node(flow, node);

    if (catcher->about != thrown->about)
        return chosen;
    if (catcher->event_name == NULL)
        return chosen == FLOW_NONE ? node : chosen;
    if (thrown->code == NULL || strcmp(catcher->event_name, thrown->code) != 0)
        return chosen;
    return chosen == FLOW_NONE || nsk_flow_node(flow, chosen)->event_name == NULL ? node : chosen;
}

static unsigned
find_handler(const FlowRun *self, const Thrown *thrown, unsigned level_index)
{
    const FlowLevel *level = nsk_flow_level(self->flow, level_index);
    unsigned chosen = FLOW_NONE;

    for (guint i = 0; i < level->handlers->len; i++) {
        const FlowNode *handler =
            nsk_flow_node(self->flow, g_array_index(level->handlers, unsigned, i));
        const GArray *starts = nsk_flow_level(self->flow, handler->body)->starts;

        if (starts->len > 0)
            chosen = choose(self->flow, thrown, g_array_index(starts, unsigned, 0), chosen);
    }
    return chosen;
}

static unsigned
find_boundary(const FlowRun *self, const Thrown *thrown, unsigned node)
{
    const GArray *boundary = nsk_flow_node(self->flow, node)->boundary;
    unsigned chosen = FLOW_NONE;

    for (guint i = 0; i < boundary->len; i++)
        chosen = choose(self->flow, thrown, g_array_index(boundary, unsigned, i), chosen);
    return chosen;
}

static bool
has_handlers(const FlowItem *item)
{
    return item->kind == FLOW_SCOPE_ROOT || item->kind == FLOW_SCOPE_SUB ||
           item->kind == FLOW_SCOPE_CALL || item->kind == FLOW_SCOPE_EVENT;
}

/* The item has boundary events unless the body around its instance has them. */
static bool
has_boundary(const FlowRun *self, const FlowItem *item)
{
    if (item->kind == FLOW_SCOPE_ROOT || item->kind == FLOW_SCOPE_INSTANCE ||
        item->kind == FLOW_SCOPE_EVENT || item->kind == FLOW_SCOPE_UNDO)
        return false;
    return nsk_flow_state_item(self->state, item->scope)->kind != FLOW_SCOPE_INSTANCE;
}

/* The catcher, and the item it belongs to; FLOW_NONE if nobody catches. */
static unsigned
find_catcher(const FlowRun *self, const Thrown *thrown, unsigned from, unsigned *out_id)
{
    const FlowItem *item = nsk_flow_state_item(self->state, from);
    bool from_handler = false;

    for (;;) {
        unsigned catcher = FLOW_NONE;

        if (has_handlers(item) && !from_handler)
            catcher = find_handler(self, thrown, nsk_flow_item_level(self->flow, item));
        if (catcher == FLOW_NONE && has_boundary(self, item))
            catcher = find_boundary(self, thrown, item->node);
        *out_id = item->id;
        if (catcher != FLOW_NONE || item->kind == FLOW_SCOPE_ROOT)
            return catcher;
        from_handler = item->kind == FLOW_SCOPE_EVENT;
        item = nsk_flow_state_item(self->state, item->scope);
    }
}

static bool
catch_it(FlowRun *self, unsigned catcher, unsigned id, GError **error)
{
    if (nsk_flow_node(self->flow, catcher)->kind == FLOW_BOUNDARY_EVENT)
        return nsk_flow_run_boundary(self, id, catcher, error);
    return nsk_flow_run_handler(self, id, catcher, error);
}

bool
nsk_flow_run_error(FlowRun *self,
                   const char *code,
                   unsigned thrower,
                   bool *out_caught,
                   GError **error)
{
    const Thrown thrown = { .about = FLOW_ABOUT_ERROR, .code = code };
    unsigned id;
    unsigned catcher = find_catcher(self, &thrown, thrower, &id);

    *out_caught = catcher != FLOW_NONE;
    return catcher == FLOW_NONE || catch_it(self, catcher, id, error);
}

/* What nobody catches is lost; the thrower goes on. */
bool
nsk_flow_run_escalation(FlowRun *self, const char *code, unsigned thrower, GError **error)
{
    const Thrown thrown = { .about = FLOW_ABOUT_ESCALATION, .code = code };
    unsigned id;
    unsigned catcher = find_catcher(self, &thrown, thrower, &id);

    return catcher == FLOW_NONE || catch_it(self, catcher, id, error);
}
