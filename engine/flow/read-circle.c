/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Circles in which nothing ever waits: an instance that came into one would run for ever
 * (BPMN 2.0.2 leaves that open; here it is refused).
 *
 * Each node has two places, before and behind it; a way leads from the one to the other if the node
 * does not wait, and from behind a node to before the next: along flows and links, into
 * sub-processes and out of them again, and from what throws an error or escalation to what catches
 * it.  A way leads into each called process, so that a process that calls itself is a circle like
 * any other, and past the call if the process can end without waiting.
 *
 * Places that no way leads to are taken away, again and again; a place before a parallel join as
 * soon as one of its ways in is gone, because it would wait there.  What is left at the end holds
 * a circle.
 */
#include "base/message.h"
#include "flow/read-private.h"

#include <string.h>

#define MAX_SHOWN 10

typedef struct {
    const NskFlow *flow;
    GPtrArray *out;   /* of GArray of unsigned: where ways lead to from a place */
    unsigned *count;  /* ways that lead to a place */
    unsigned *source; /* a place that leads to a place, of those that are left */
    bool *gone;
} Circles;

static unsigned
before(unsigned node)
{
    return 2 * node;
}

static unsigned
behind(unsigned node)
{
    return 2 * node + 1;
}

static unsigned
value_at(const GArray *array, guint i)
{
    return g_array_index(array, unsigned, i);
}

static void
add_way(Circles *self, unsigned from, unsigned to)
{
    g_array_append_val(g_ptr_array_index(self->out, from), to);
    self->count[to]++;
}

static bool
does_wait(const FlowNode *node)
{
    if (node->kind == FLOW_CATCH_EVENT)
        return node->about != FLOW_ABOUT_LINK;
    return node->kind == FLOW_USER_TASK || node->kind == FLOW_SERVICE_TASK ||
           node->kind == FLOW_RECEIVE_TASK || node->kind == FLOW_EVENT_GATEWAY ||
           node->kind == FLOW_UNSUPPORTED || node->about == FLOW_ABOUT_COMPENSATION;
}

/* From @place into a level: to its start events, or what begins without one. */
static void
enter(Circles *self, unsigned place, unsigned index)
{
    const FlowLevel *level = nsk_flow_level(self->flow, index);
    const GArray *starts = level->starts->len > 0 ? level->starts : level->initial;

    for (guint i = 0; i < starts->len; i++)
        add_way(self, place, before(value_at(starts, i)));
}

/* Where a process has ended. */
static unsigned
exit_of(const Circles *self, unsigned process)
{
    return 2 * self->flow->nodes->len + process;
}

/* From @place out of a level, which ends: behind its sub-process, or out of the process. */
static void
leave(Circles *self, unsigned place, unsigned index)
{
    const FlowLevel *level = nsk_flow_level(self->flow, index);

    while (level->owner != FLOW_NONE &&
           nsk_flow_node(self->flow, level->owner)->kind == FLOW_EVENT_SUB_PROCESS)
        level = nsk_flow_level(self->flow, level->parent);
    add_way(self, place,
            level->owner != FLOW_NONE ? behind(level->owner) : exit_of(self, level->process));
}

static bool
catches(const FlowNode *catcher, const FlowNode *thrower)
{
    return catcher->about == thrower->about &&
           (catcher->event_name == NULL ||
            g_strcmp0(catcher->event_name, thrower->event_name) == 0);
}

static void
throw_to_handlers(Circles *self, unsigned thrower, const FlowLevel *level)
{
    const FlowNode *node = nsk_flow_node(self->flow, thrower);

    for (guint i = 0; i < level->handlers->len; i++) {
        const FlowNode *handler = nsk_flow_node(self->flow, value_at(level->handlers, i));
        const GArray *starts = nsk_flow_level(self->flow, handler->body)->starts;

        if (starts->len > 0 && catches(nsk_flow_node(self->flow, value_at(starts, 0)), node))
            add_way(self, before(thrower), before(value_at(starts, 0)));
    }
}

/*
 * All that may catch what is thrown, outwards in its process; more than would, to be short.  What
 * comes out of a handler is not caught by those beside it.
 */
static void throw(Circles * self, unsigned thrower)
{
    const FlowNode *node = nsk_flow_node(self->flow, thrower);
    const FlowLevel *level = nsk_flow_level(self->flow, node->level);
    bool handled = false;

    for (;;) {
        if (!handled)
            throw_to_handlers(self, thrower, level);
        if (level->owner == FLOW_NONE)
            return;

        const FlowNode *around = nsk_flow_node(self->flow, level->owner);
        for (guint i = 0; i < around->boundary->len; i++) {
            unsigned event = value_at(around->boundary, i);

            if (catches(nsk_flow_node(self->flow, event), node))
                add_way(self, before(thrower), before(event));
        }
        handled = around->kind == FLOW_EVENT_SUB_PROCESS;
        level = nsk_flow_level(self->flow, level->parent);
    }
}

static void
add_node(Circles *self, unsigned index)
{
    const FlowNode *node = nsk_flow_node(self->flow, index);
    bool is_inner = node->kind == FLOW_SUB_PROCESS || node->kind == FLOW_CALL_ACTIVITY;

    if (node->about == FLOW_ABOUT_ERROR || node->about == FLOW_ABOUT_ESCALATION) {
        if (node->kind == FLOW_END_EVENT || node->kind == FLOW_THROW_EVENT)
            throw(self, index);
    }
    if (is_inner && node->body != FLOW_NONE) {
        const FlowLevel *level = nsk_flow_level(self->flow, node->body);

        enter(self, before(index), node->body);
        if (node->kind == FLOW_SUB_PROCESS && level->starts->len == 0 && level->initial->len == 0)
            add_way(self, before(index), behind(index));
    } else if (!is_inner && !does_wait(node) && node->about != FLOW_ABOUT_ERROR) {
        add_way(self, before(index), behind(index));
    } else if (node->kind == FLOW_BOUNDARY_EVENT || node->kind == FLOW_START_EVENT) {
        add_way(self, before(index), behind(index));
    }
    if (node->kind == FLOW_THROW_EVENT && node->about == FLOW_ABOUT_LINK &&
        node->partner != FLOW_NONE)
        add_way(self, behind(index), before(node->partner));
    else if (node->out->len == 0 && node->kind != FLOW_EVENT_SUB_PROCESS && !node->compensates)
        leave(self, behind(index), node->level);
    for (guint i = 0; i < node->out->len; i++)
        add_way(self, behind(index),
                before(nsk_flow_edge(self->flow, value_at(node->out, i))->target));
}

static bool
is_join(const Circles *self, unsigned place)
{
    const FlowNode *node = NULL;

    if (place % 2 != 0 || place >= exit_of(self, 0))
        return false;
    node = nsk_flow_node(self->flow, place / 2);
    return node->kind == FLOW_PARALLEL && node->in->len > 1;
}

/* Whether the process can come to its end without waiting. */
static bool
does_pass(const Circles *self, unsigned process, unsigned n_places)
{
    const FlowLevel *level =
        nsk_flow_level(self->flow, nsk_flow_process(self->flow, process)->level);
    const GArray *starts = level->starts->len > 0 ? level->starts : level->initial;
    g_autofree unsigned *hits = g_new0(unsigned, n_places + 1);
    g_autoptr(GArray) ready = g_array_new(FALSE, FALSE, sizeof(unsigned));

    for (guint i = 0; i < starts->len; i++) {
        unsigned place = before(value_at(starts, i));

        hits[place] = 1;
        g_array_append_val(ready, place);
    }
    for (guint done = 0; done < ready->len; done++) {
        const GArray *out = g_ptr_array_index(self->out, value_at(ready, done));

        for (guint i = 0; i < out->len; i++) {
            unsigned next = value_at(out, i);

            hits[next]++;
            if (hits[next] == (is_join(self, next) ? self->count[next] : 1))
                g_array_append_val(ready, next);
        }
    }
    return hits[exit_of(self, process)] > 0;
}

/* Ways past the calls of processes that do not wait; one that is found may make another pass. */
static void
pass_calls(Circles *self, unsigned n_places)
{
    unsigned n_processes = self->flow->processes->len;
    g_autofree bool *passes = g_new0(bool, n_processes + 1);
    bool found = true;

    while (found) {
        found = false;
        for (unsigned i = 0; i < n_processes; i++) {
            if (passes[i] || !does_pass(self, i, n_places))
                continue;
            passes[i] = true;
            found = true;
            for (unsigned k = 0; k < self->flow->nodes->len; k++) {
                const FlowNode *node = nsk_flow_node(self->flow, k);

                if (node->kind == FLOW_CALL_ACTIVITY &&
                    node->body == nsk_flow_process(self->flow, i)->level)
                    add_way(self, before(k), behind(k));
            }
        }
    }
}

/* Whether the place is gone for good now that a way to it is. */
static bool
loses_way(Circles *self, unsigned place)
{
    self->count[place]--;
    if (self->gone[place])
        return false;
    return self->count[place] == 0 || is_join(self, place);
}

static void
take_away(Circles *self, unsigned n_places)
{
    g_autoptr(GArray) ready = g_array_new(FALSE, FALSE, sizeof(unsigned));

    for (unsigned i = 0; i < n_places; i++) {
        if (self->count[i] > 0)
            continue;
        self->gone[i] = true;
        g_array_append_val(ready, i);
    }
    for (guint done = 0; done < ready->len; done++) {
        const GArray *out = g_ptr_array_index(self->out, value_at(ready, done));

        for (guint i = 0; i < out->len; i++) {
            unsigned next = value_at(out, i);

            if (!loses_way(self, next))
                continue;
            self->gone[next] = true;
            g_array_append_val(ready, next);
        }
    }
}

/* For each place that is left another that leads to it. */
static void
find_sources(Circles *self, unsigned n_places)
{
    for (unsigned i = 0; i < n_places; i++) {
        const GArray *out = g_ptr_array_index(self->out, i);

        for (guint k = 0; !self->gone[i] && k < out->len; k++)
            self->source[value_at(out, k)] = i;
    }
}

/* A walk back comes to a place that it was at: that is on a circle for certain. */
static unsigned
find_on_circle(const Circles *self, unsigned n_places, unsigned place)
{
    g_autofree bool *seen = g_new0(bool, n_places);

    while (!seen[place]) {
        seen[place] = true;
        place = self->source[place];
    }
    return place;
}

/* The nodes of the circle in the order of tokens, each once. */
static GPtrArray *
list_circle(const Circles *self, unsigned on)
{
    GPtrArray *nodes = g_ptr_array_new();
    unsigned place = on;

    do {
        const FlowNode *node = nsk_flow_node(self->flow, place / 2);

        if (!g_ptr_array_find(nodes, node, NULL))
            g_ptr_array_insert(nodes, 0, (gpointer)(uintptr_t)node);
        place = self->source[place];
    } while (place != on);
    return nodes;
}

static void
tell(FlowReader *reader, Circles *self, unsigned n_places, unsigned left)
{
    find_sources(self, n_places);

    unsigned on = find_on_circle(self, n_places, left);
    g_autoptr(GPtrArray) nodes = list_circle(self, on);
    const FlowNode *first = g_ptr_array_index(nodes, 0);
    g_autoptr(GString) names = g_string_new(NULL);

    for (guint i = 0; i < nodes->len && i < MAX_SHOWN; i++) {
        const FlowNode *node = g_ptr_array_index(nodes, i);
        g_autofree char *name = nsk_flow_describe(node->element);

        g_string_append_printf(names, "%s%s", i > 0 ? ", " : "", name);
    }
    if (nodes->len > MAX_SHOWN)
        g_string_append(names, ", ...");
    reader->doc =
        nsk_flow_process(self->flow, nsk_flow_level(self->flow, first->level)->process)->doc;
    nsk_flow_issue(reader, first->element, "flow-cycle",
                   nsk_tr("the process goes in a circle in which nobody has anything to do and "
                          "nothing is waited for: %s; put a task for somebody into it"),
                   names->str);
}

void
nsk_flow_check_circles(FlowReader *reader)
{
    unsigned n_nodes = reader->flow->nodes->len;
    unsigned n_places = 2 * n_nodes + reader->flow->processes->len;
    g_autofree unsigned *count = g_new0(unsigned, n_places + 1);
    g_autofree unsigned *source = g_new0(unsigned, n_places + 1);
    g_autofree bool *gone = g_new0(bool, n_places + 1);
    g_autoptr(GPtrArray) out = g_ptr_array_new_with_free_func((GDestroyNotify)g_array_unref);
    Circles self = { .flow = reader->flow,
                     .out = out,
                     .count = count,
                     .source = source,
                     .gone = gone };

    for (unsigned i = 0; i < n_places; i++)
        g_ptr_array_add(out, g_array_new(FALSE, FALSE, sizeof(unsigned)));
    for (unsigned i = 0; i < n_nodes; i++)
        add_node(&self, i);
    pass_calls(&self, n_places);
    take_away(&self, n_places);
    for (unsigned i = 0; i < n_places; i++) {
        if (!gone[i]) {
            tell(reader, &self, n_places, i);
            return;
        }
    }
}
