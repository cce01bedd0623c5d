/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Where an instance stands: its life, its parts, and what the outside may ask of it.
 *
 * 1. Ids are given once in the life of an instance, so "node#id" is unique in it.
 * 2. An instance that is over has a reason and no items; one that runs has the root and no reason.
 * 3. Numbers of variables have at most 15 digits, so that the JSON form loses nothing.
 */
#include "base/message.h"
#include "flow/state-private.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static GRefString *
hold(GRefString *text)
{
    return text != NULL ? g_ref_string_acquire(text) : NULL;
}

static void
let_go(GRefString *text)
{
    if (text != NULL)
        g_ref_string_release(text);
}

static void
variable_clear(gpointer data)
{
    FlowVariable *variable = data;

    let_go(variable->name);
    let_go(variable->text);
}

static void
incident_clear(gpointer data)
{
    FlowIncident *incident = data;

    let_go(incident->what);
    let_go(incident->words);
}

static NskFlowState *
state_alloc(const NskFlowState *like)
{
    NskFlowState *self = g_atomic_rc_box_new0(NskFlowState);
    guint n_items = like != NULL ? like->items->len : 0;
    guint n_variables = like != NULL ? like->variables->len : 0;

    self->items = g_array_sized_new(FALSE, FALSE, sizeof(FlowItem), n_items + 4);
    self->variables = g_array_sized_new(FALSE, FALSE, sizeof(FlowVariable), n_variables);
    self->subs = g_array_new(FALSE, FALSE, sizeof(FlowSub));
    self->done = g_array_new(FALSE, FALSE, sizeof(FlowDone));
    self->incidents = g_array_new(FALSE, FALSE, sizeof(FlowIncident));
    g_array_set_clear_func(self->variables, variable_clear);
    g_array_set_clear_func(self->incidents, incident_clear);
    return self;
}

NskFlowState *
nsk_flow_state_new(const char *process)
{
    NskFlowState *self = state_alloc(NULL);
    const FlowItem root = { .node = FLOW_NONE, .kind = FLOW_SCOPE_ROOT, .edge = FLOW_NONE };

    self->names = g_ptr_array_new_with_free_func(g_free);
    self->process = g_ref_string_new(process);
    self->next = 1;
    g_array_append_val(self->items, root);
    return self;
}

static void
append_all(GArray *to, const GArray *from)
{
    if (from->len > 0)
        g_array_append_vals(to, from->data, from->len);
}

NskFlowState *
nsk_flow_state_copy(const NskFlowState *self)
{
    NskFlowState *copy = state_alloc(self);

    copy->flow = self->flow != NULL ? nsk_flow_ref(self->flow) : NULL;
    copy->names = self->names != NULL ? g_ptr_array_ref(self->names) : NULL;
    copy->process = hold(self->process);
    copy->next = self->next;
    copy->end = hold(self->end);
    copy->suspended = self->suspended;
    append_all(copy->items, self->items);
    append_all(copy->variables, self->variables);
    append_all(copy->subs, self->subs);
    append_all(copy->done, self->done);
    append_all(copy->incidents, self->incidents);
    for (guint i = 0; i < copy->variables->len; i++) {
        FlowVariable *variable = &g_array_index(copy->variables, FlowVariable, i);

        variable->name = hold(variable->name);
        variable->text = hold(variable->text);
    }
    for (guint i = 0; i < copy->incidents->len; i++) {
        FlowIncident *incident = &g_array_index(copy->incidents, FlowIncident, i);

        incident->what = hold(incident->what);
        incident->words = hold(incident->words);
    }
    return copy;
}

NskFlowState *
nsk_flow_state_begin(const NskFlow *flow, const NskFlowState *from)
{
    if (from != NULL) {
        g_assert(from->flow == flow);
        return nsk_flow_state_copy(from);
    }

    NskFlowState *self = nsk_flow_state_new(nsk_flow_get_id(flow));
    g_clear_pointer(&self->names, g_ptr_array_unref);
    self->flow = nsk_flow_ref((NskFlow *)(uintptr_t)flow);
    return self;
}

NskFlowState *
nsk_flow_state_ref(NskFlowState *self)
{
    return g_atomic_rc_box_acquire(self);
}

static void
state_clear(gpointer data)
{
    NskFlowState *self = data;

    nsk_flow_unref(self->flow);
    g_clear_pointer(&self->names, g_ptr_array_unref);
    let_go(self->process);
    let_go(self->end);
    g_array_unref(self->items);
    g_array_unref(self->variables);
    g_array_unref(self->subs);
    g_array_unref(self->done);
    g_array_unref(self->incidents);
}

void
nsk_flow_state_unref(NskFlowState *self)
{
    if (self != NULL)
        g_atomic_rc_box_release_full(self, state_clear);
}

/* The place of @id in an array sorted by ids, which are the first member; -1 if it is not there. */
static int
find_id(const GArray *array, unsigned id)
{
    guint size = g_array_get_element_size((GArray *)(uintptr_t)array);
    guint low = 0;
    guint high = array->len;

    while (low < high) {
        guint middle = low + (high - low) / 2;
        unsigned there;

        memcpy(&there, array->data + (gsize)middle * size, sizeof(there));
        if (there == id)
            return (int)middle;
        if (there < id)
            low = middle + 1;
        else
            high = middle;
    }
    return -1;
}

FlowItem *
nsk_flow_state_item(const NskFlowState *self, unsigned id)
{
    int at = find_id(self->items, id);

    return at >= 0 ? &g_array_index(self->items, FlowItem, at) : NULL;
}

FlowItem *
nsk_flow_state_add_item(NskFlowState *self, unsigned scope, unsigned node, FlowItemKind kind)
{
    const FlowItem item = { .id = self->next++,
                            .scope = scope,
                            .node = node,
                            .kind = kind,
                            .edge = FLOW_NONE };

    g_array_append_val(self->items, item);
    return &g_array_index(self->items, FlowItem, self->items->len - 1);
}

void
nsk_flow_state_remove_item(NskFlowState *self, unsigned id)
{
    int at = find_id(self->items, id);

    if (at >= 0)
        g_array_remove_index(self->items, (guint)at);
}

FlowSub *
nsk_flow_state_sub(const NskFlowState *self, unsigned id)
{
    int at = find_id(self->subs, id);

    return at >= 0 ? &g_array_index(self->subs, FlowSub, at) : NULL;
}

FlowSub *
nsk_flow_state_add_sub(NskFlowState *self, unsigned owner, unsigned node)
{
    const FlowSub sub = { .id = self->next++, .owner = owner, .node = node };

    g_array_append_val(self->subs, sub);
    return &g_array_index(self->subs, FlowSub, self->subs->len - 1);
}

void
nsk_flow_state_remove_sub(NskFlowState *self, unsigned id)
{
    int at = find_id(self->subs, id);

    if (at >= 0)
        g_array_remove_index(self->subs, (guint)at);
}

FlowVariable *
nsk_flow_state_variable(const NskFlowState *self, unsigned scope, const char *name)
{
    for (guint i = 0; i < self->variables->len; i++) {
        FlowVariable *variable = &g_array_index(self->variables, FlowVariable, i);

        if (variable->scope == scope && strcmp(variable->name, name) == 0)
            return variable;
    }
    return NULL;
}

/* What comes back when the JSON form is read. */
static double
rounded(double number)
{
    char text[G_ASCII_DTOSTR_BUF_SIZE];

    if (number == floor(number) && fabs(number) < 1e15)
        return number == 0 ? 0 : number;
    g_ascii_formatd(text, sizeof(text), "%.15g", number);
    return g_ascii_strtod(text, NULL);
}

void
nsk_flow_state_set(NskFlowState *self, unsigned scope, const NskFlowVariable *variable)
{
    FlowVariable *place = nsk_flow_state_variable(self, scope, variable->name);
    FlowVariable value = { .scope = scope, .type = variable->type };

    if (variable->type == NSK_FLOW_NUMBER)
        value.number = rounded(variable->number);
    else if (variable->type == NSK_FLOW_BOOLEAN)
        value.boolean = variable->boolean;
    else
        value.text = g_ref_string_new(variable->text);
    value.name = place != NULL ? hold(place->name) : g_ref_string_new(variable->name);
    if (place != NULL) {
        variable_clear(place);
        *place = value;
    } else {
        g_array_append_val(self->variables, value);
    }
}

void
nsk_flow_state_keep(NskFlowState *self, unsigned scope, const char *name, const FlowVariable *value)
{
    NskFlowVariable variable = { .name = name, .type = NSK_FLOW_BOOLEAN };
    bool absent = value == NULL || value->absent;

    if (!absent)
        variable =
            (NskFlowVariable){ name, value->type, value->number, value->boolean, value->text };
    nsk_flow_state_set(self, scope, &variable);
    FlowVariable *kept = nsk_flow_state_variable(self, scope, name);
    kept->kept = true;
    kept->absent = absent;
}

void
nsk_flow_state_forget(NskFlowState *self, unsigned scope)
{
    for (guint i = self->variables->len; i > 0; i--) {
        if (g_array_index(self->variables, FlowVariable, i - 1).scope == scope)
            g_array_remove_index(self->variables, i - 1);
    }
}

void
nsk_flow_state_unset(NskFlowState *self, const FlowVariable *variable)
{
    const FlowVariable *first = &g_array_index(self->variables, FlowVariable, 0);

    g_array_remove_index(self->variables, (guint)(variable - first));
}

void
nsk_flow_state_add_done(NskFlowState *self, unsigned id, unsigned scope, unsigned node)
{
    const FlowDone done = { .id = id, .scope = scope, .node = node, .serial = self->next++ };

    g_array_append_val(self->done, done);
}

void
nsk_flow_state_drop_done(NskFlowState *self, unsigned id)
{
    g_autoptr(GArray) ids = g_array_new(FALSE, FALSE, sizeof(unsigned));

    g_array_append_val(ids, id);
    for (guint n = 0; n < ids->len; n++) {
        unsigned gone = g_array_index(ids, unsigned, n);

        if (nsk_flow_state_item(self, gone) == NULL)
            nsk_flow_state_forget(self, gone);
        for (guint i = self->done->len; i > 0; i--) {
            const FlowDone done = g_array_index(self->done, FlowDone, i - 1);

            if (done.id != gone && done.scope != gone)
                continue;
            if (done.id != gone)
                g_array_append_val(ids, done.id);
            g_array_remove_index(self->done, i - 1);
        }
    }
}

FlowIncident *
nsk_flow_state_incident_of(const NskFlowState *self, unsigned id)
{
    for (guint i = 0; i < self->incidents->len; i++) {
        FlowIncident *incident = &g_array_index(self->incidents, FlowIncident, i);

        if (incident->id == id)
            return incident;
    }
    return NULL;
}

void
nsk_flow_state_add_incident(NskFlowState *self, unsigned id, const char *what, const char *words)
{
    const FlowIncident incident = { .id = id,
                                    .what = g_ref_string_new(what),
                                    .words = g_ref_string_new(words != NULL ? words : "") };

    g_array_append_val(self->incidents, incident);
}

bool
nsk_flow_state_remove_incident(NskFlowState *self, unsigned id)
{
    const FlowIncident *incident = nsk_flow_state_incident_of(self, id);

    if (incident == NULL)
        return false;
    g_array_remove_index(self->incidents,
                         (guint)(incident - &g_array_index(self->incidents, FlowIncident, 0)));
    return true;
}

char *
nsk_flow_key(const char *node, unsigned id)
{
    char digits[16];
    char *end = digits + sizeof(digits);
    char *at = end;
    size_t size = strlen(node);

    *--at = '\0';
    do
        *--at = (char)('0' + id % 10);
    while ((id /= 10) > 0);
    *--at = '#';

    char *key = g_malloc(size + (size_t)(end - at));
    memcpy(key, node, size);
    memcpy(key + size, at, (size_t)(end - at));
    return key;
}

unsigned
nsk_flow_key_id(const char *key)
{
    const char *hash = key != NULL ? strrchr(key, '#') : NULL;
    unsigned id = 0;

    if (hash == NULL || hash[1] == '0' || strlen(hash + 1) > 9)
        return 0;
    for (const char *at = hash + 1; *at != '\0'; at++) {
        if (!g_ascii_isdigit(*at))
            return 0;
        id = id * 10 + (unsigned)(*at - '0');
    }
    return id;
}

bool
nsk_flow_key_is(const char *key, const char *node, unsigned id)
{
    size_t size = strlen(node);

    return strncmp(key, node, size) == 0 && key[size] == '#' && strrchr(key, '#') == key + size &&
           nsk_flow_key_id(key) == id;
}

bool
nsk_flow_state_is_ended(const NskFlowState *self)
{
    return self->end != NULL;
}

bool
nsk_flow_state_is_suspended(const NskFlowState *self)
{
    return self->suspended;
}

static const char *
plain_name(const NskFlowState *self, unsigned node)
{
    if (self->flow != NULL)
        return nsk_flow_node(self->flow, node)->task.id;

    const char *name = g_ptr_array_index(self->names, node);
    const char *slash = strrchr(name, '/');
    return slash != NULL ? slash + 1 : name;
}

char **
nsk_flow_state_get_keys(const NskFlowState *self)
{
    g_autoptr(GPtrArray) keys = g_ptr_array_new();

    for (guint i = 0; i < self->items->len; i++) {
        const FlowItem *item = nsk_flow_item_at(self, i);

        if (item->kind == FLOW_AT_TASK)
            g_ptr_array_add(keys, nsk_flow_key(plain_name(self, item->node), item->id));
    }
    g_ptr_array_add(keys, NULL);
    return (char **)g_ptr_array_free(g_steal_pointer(&keys), FALSE);
}

bool
nsk_flow_state_get_variable(const NskFlowState *self,
                            const char *name,
                            NskFlowVariable *out_variable)
{
    const FlowVariable *variable = nsk_flow_state_variable(self, 0, name);

    if (variable == NULL)
        return false;
    *out_variable = (NskFlowVariable){ .name = variable->name,
                                       .type = variable->type,
                                       .number = variable->number,
                                       .boolean = variable->boolean,
                                       .text = variable->text };
    return true;
}
