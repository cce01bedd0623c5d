/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A definition: its life, its parts, and what is worked out once so that a step need not: which
 * activity can be compensated, and for each inclusive gateway which nodes lead to it.
 *
 * A path goes along sequence flows, from an activity to its boundary events, and from a link that
 * jumps to the one that it jumps to (BPMN 2.0.2, 10.6.3 and 13.4.3).
 *
 * 1. A flow that exists has had no error of any check of the reader; the step relies on it.
 */
#include "flow/flow-private.h"

#include <string.h>

#define BITS 64

static void
edge_free(gpointer data)
{
    FlowEdge *edge = data;

    nsk_xpath_free(edge->condition);
    g_free(edge->id);
    g_free(edge);
}

void
nsk_flow_timer_free(FlowTimer *timer)
{
    if (timer == NULL)
        return;
    nsk_xpath_free(timer->expression);
    g_free(timer);
}

void
nsk_flow_assignment_free(gpointer data)
{
    FlowAssignment *assignment = data;

    nsk_xpath_free(assignment->expression);
    g_strfreev(assignment->literal);
    g_free(assignment);
}

void
nsk_flow_mapping_free(gpointer data)
{
    FlowMapping *mapping = data;

    nsk_xpath_free(mapping->source);
    g_free(mapping->target);
    g_free(mapping);
}

static void
loop_clear(FlowLoop *loop)
{
    nsk_xpath_free(loop->cardinality);
    nsk_xpath_free(loop->collection);
    nsk_xpath_free(loop->completion);
    nsk_xpath_free(loop->condition);
    g_free(loop->element);
}

static void
node_free(gpointer data)
{
    FlowNode *node = data;

    g_strfreev(node->outcomes);
    g_strfreev(node->separate);
    g_array_unref(node->in);
    g_array_unref(node->out);
    g_ptr_array_unref(node->assignments);
    nsk_flow_timer_free(node->due);
    nsk_flow_timer_free(node->follow_up);
    nsk_flow_timer_free(node->timer);
    nsk_xpath_free(node->condition);
    loop_clear(&node->loop);
    g_array_unref(node->boundary);
    g_ptr_array_unref(node->inputs);
    g_ptr_array_unref(node->outputs);
    g_clear_pointer(&node->reach, g_ptr_array_unref);
    g_free(node);
}

static void
level_free(gpointer data)
{
    FlowLevel *level = data;

    g_array_unref(level->starts);
    g_array_unref(level->initial);
    g_array_unref(level->handlers);
    g_ptr_array_unref(level->data);
    g_free(level);
}

static void
process_free(gpointer data)
{
    FlowProcess *process = data;

    g_hash_table_unref(process->node_by_id);
    g_free(process);
}

static void
doc_free(gpointer data)
{
    nsk_xml_doc_free(data);
}

NskFlow *
nsk_flow_new(void)
{
    NskFlow *self = g_atomic_rc_box_new0(NskFlow);

    self->docs = g_ptr_array_new_with_free_func(doc_free);
    self->strings = g_string_chunk_new(1024);
    self->processes = g_ptr_array_new_with_free_func(process_free);
    self->levels = g_ptr_array_new_with_free_func(level_free);
    self->nodes = g_ptr_array_new_with_free_func(node_free);
    self->edges = g_ptr_array_new_with_free_func(edge_free);
    self->tasks = g_ptr_array_new();
    self->no_facts = nsk_xml_doc_new(NULL, "facts");
    return self;
}

static void
flow_clear(gpointer data)
{
    NskFlow *self = data;

    g_ptr_array_unref(self->tasks);
    g_ptr_array_unref(self->edges);
    g_ptr_array_unref(self->nodes);
    g_ptr_array_unref(self->levels);
    g_ptr_array_unref(self->processes);
    g_string_chunk_free(self->strings);
    nsk_xml_doc_free(self->no_facts);
    g_ptr_array_unref(self->docs);
}

NskFlow *
nsk_flow_ref(NskFlow *self)
{
    return g_atomic_rc_box_acquire(self);
}

void
nsk_flow_unref(NskFlow *self)
{
    if (self != NULL)
        g_atomic_rc_box_release_full(self, flow_clear);
}

const char *
nsk_flow_keep(NskFlow *self, const char *text)
{
    return text != NULL ? g_string_chunk_insert_const(self->strings, text) : NULL;
}

FlowProcess *
nsk_flow_add_process(NskFlow *self, const char *id, NskXmlDoc *doc)
{
    FlowProcess *process = g_new0(FlowProcess, 1);

    process->id = nsk_flow_keep(self, id);
    process->name = process->id;
    process->documentation = "";
    process->doc = doc;
    process->node_by_id = g_hash_table_new(g_str_hash, g_str_equal);
    g_ptr_array_add(self->processes, process);
    process->level = nsk_flow_add_level(self, self->processes->len - 1, FLOW_NONE, FLOW_NONE);
    return process;
}

unsigned
nsk_flow_add_level(NskFlow *self, unsigned process, unsigned parent, unsigned owner)
{
    FlowLevel *level = g_new0(FlowLevel, 1);

    level->process = process;
    level->parent = parent;
    level->owner = owner;
    level->starts = g_array_new(FALSE, FALSE, sizeof(unsigned));
    level->initial = g_array_new(FALSE, FALSE, sizeof(unsigned));
    level->handlers = g_array_new(FALSE, FALSE, sizeof(unsigned));
    level->data = g_ptr_array_new_with_free_func(g_free);
    g_ptr_array_add(self->levels, level);
    return self->levels->len - 1;
}

unsigned
nsk_flow_add_node(NskFlow *self, FlowNode *node)
{
    const FlowLevel *level = nsk_flow_level(self, node->level);
    const FlowProcess *process = nsk_flow_process(self, level->process);
    unsigned index = self->nodes->len;

    node->task.process = process->id;
    g_ptr_array_add(self->nodes, node);
    g_hash_table_insert(process->node_by_id, (char *)(uintptr_t)node->task.id,
                        GUINT_TO_POINTER(index));
    if (node->kind == FLOW_START_EVENT)
        g_array_append_val(level->starts, index);
    else if (node->kind == FLOW_EVENT_SUB_PROCESS)
        g_array_append_val(level->handlers, index);
    return index;
}

unsigned
nsk_flow_add_edge(NskFlow *self, FlowEdge *edge)
{
    unsigned index = self->edges->len;

    g_ptr_array_add(self->edges, edge);
    g_array_append_val(nsk_flow_node(self, edge->source)->out, index);
    g_array_append_val(nsk_flow_node(self, edge->target)->in, index);
    return index;
}

FlowNode *
nsk_flow_node_new(NskFlow *self, NskXmlNode *element, FlowNodeKind kind)
{
    FlowNode *node = g_new0(FlowNode, 1);
    const char *name = nsk_xml_attr(element, "name");
    g_autofree char *documentation = nsk_xml_child_text(element, "documentation");

    node->kind = kind;
    node->element = element;
    node->default_edge = FLOW_NONE;
    node->partner = FLOW_NONE;
    node->handler = FLOW_NONE;
    node->body = FLOW_NONE;
    node->activity = FLOW_NONE;
    node->interrupting = true;
    node->waits = true;
    node->in = g_array_new(FALSE, FALSE, sizeof(unsigned));
    node->out = g_array_new(FALSE, FALSE, sizeof(unsigned));
    node->boundary = g_array_new(FALSE, FALSE, sizeof(unsigned));
    node->assignments = g_ptr_array_new_with_free_func(nsk_flow_assignment_free);
    node->inputs = g_ptr_array_new_with_free_func(nsk_flow_mapping_free);
    node->outputs = g_ptr_array_new_with_free_func(nsk_flow_mapping_free);
    node->task.id = nsk_flow_keep(self, nsk_xml_attr(element, "id"));
    node->task.name = name != NULL && *name != '\0' ? nsk_flow_keep(self, name) : node->task.id;
    node->task.documentation = documentation != NULL ? nsk_flow_keep(self, documentation) : "";
    node->task.lane = "";
    node->task.form = "";
    node->task.priority = 50;
    return node;
}

const char *
nsk_flow_get_id(const NskFlow *self)
{
    return nsk_flow_process(self, 0)->id;
}

const char *
nsk_flow_get_name(const NskFlow *self)
{
    return nsk_flow_process(self, 0)->name;
}

const char *
nsk_flow_get_documentation(const NskFlow *self)
{
    return nsk_flow_process(self, 0)->documentation;
}

size_t
nsk_flow_get_n_tasks(const NskFlow *self)
{
    return self->tasks->len;
}

const NskFlowTask *
nsk_flow_get_task(const NskFlow *self, size_t index)
{
    g_return_val_if_fail(index < self->tasks->len, NULL);
    return g_ptr_array_index(self->tasks, index);
}

const NskFlowTask *
nsk_flow_find_task(const NskFlow *self, const char *id)
{
    for (guint i = 0; i < self->tasks->len; i++) {
        const NskFlowTask *task = g_ptr_array_index(self->tasks, i);

        if (strcmp(task->id, id) == 0)
            return task;
    }
    return NULL;
}

unsigned
nsk_flow_node_index(const NskFlow *self, unsigned process, const char *id)
{
    gpointer index = NULL;

    if (id == NULL || process >= self->processes->len ||
        !g_hash_table_lookup_extended(nsk_flow_process(self, process)->node_by_id, id, NULL,
                                      &index))
        return FLOW_NONE;
    return GPOINTER_TO_UINT(index);
}

static void
push_back(GArray *stack, uint64_t *bits, unsigned node, unsigned stop)
{
    if (node == stop || (bits[node / BITS] >> (node % BITS) & 1) != 0)
        return;
    bits[node / BITS] |= UINT64_C(1) << (node % BITS);
    g_array_append_val(stack, node);
}

/* Where a token may come from that stands at @index next: sources of flows, hosts, jumping links.
 */
static void
push_sources(const NskFlow *self, GArray *stack, uint64_t *bits, unsigned index, unsigned stop)
{
    const FlowNode *node = nsk_flow_node(self, index);

    for (guint i = 0; i < node->in->len; i++)
        push_back(stack, bits, nsk_flow_edge(self, g_array_index(node->in, unsigned, i))->source,
                  stop);
    if (node->kind == FLOW_BOUNDARY_EVENT && node->partner != FLOW_NONE)
        push_back(stack, bits, node->partner, stop);
    for (unsigned i = 0; node->about == FLOW_ABOUT_LINK && i < self->nodes->len; i++) {
        const FlowNode *other = nsk_flow_node(self, i);

        if (other->kind == FLOW_THROW_EVENT && other->about == FLOW_ABOUT_LINK &&
            other->partner == index)
            push_back(stack, bits, i, stop);
    }
}

/* One bit for each node that leads to the flow @edge without passing @gateway. */
static uint64_t *
find_reach(const NskFlow *self, unsigned gateway, unsigned edge)
{
    uint64_t *bits = g_new0(uint64_t, self->nodes->len / BITS + 1);
    g_autoptr(GArray) stack = g_array_new(FALSE, FALSE, sizeof(unsigned));

    push_back(stack, bits, nsk_flow_edge(self, edge)->source, gateway);
    while (stack->len > 0) {
        unsigned index = g_array_index(stack, unsigned, stack->len - 1);

        g_array_set_size(stack, stack->len - 1);
        push_sources(self, stack, bits, index, gateway);
    }
    return bits;
}

static void
prepare_gateway(NskFlow *self, unsigned index)
{
    FlowNode *node = g_ptr_array_index(self->nodes, index);

    if (node->kind != FLOW_INCLUSIVE || node->in->len < 2 || node->reach != NULL)
        return;
    node->reach = g_ptr_array_new_with_free_func(g_free);
    for (guint i = 0; i < node->in->len; i++)
        g_ptr_array_add(node->reach, find_reach(self, index, g_array_index(node->in, unsigned, i)));
}

/* A sub-process with a compensation event inside is compensated by what is inside of it. */
static void
prepare_compensation(NskFlow *self, const FlowNode *node)
{
    unsigned index = node->level;

    while (index != FLOW_NONE && node->handler != FLOW_NONE) {
        FlowLevel *level = g_ptr_array_index(self->levels, index);

        level->may_compensate = true;
        index = level->parent;
    }
}

void
nsk_flow_prepare(NskFlow *self)
{
    for (unsigned i = 0; i < self->nodes->len; i++) {
        FlowNode *node = g_ptr_array_index(self->nodes, i);
        const FlowLevel *level = nsk_flow_level(self, node->level);

        if (node->kind == FLOW_START_EVENT && level->owner != FLOW_NONE &&
            nsk_flow_node(self, level->owner)->kind == FLOW_EVENT_SUB_PROCESS)
            node->activity = level->owner;
        prepare_gateway(self, i);
        prepare_compensation(self, node);
    }
}
