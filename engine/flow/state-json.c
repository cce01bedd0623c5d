/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The JSON form of a state, format 2:
 *
 *   {"armed":[{"at":"lewat","due":1784682000000000,"id":4,"of":3,"turns":1}],
 *    "done":[{"id":2,"in":1,"node":"nomor","serial":5}],
 *    "end":"completed","format":2,
 *    "incidents":[{"class":"uncaught","id":3,"words":"E1"}],
 *    "next":6,"process":"surat-keluar","suspended":true,
 *    "tokens":[{"id":1,"is":"sub","node":"persetujuan"},{"id":3,"in":1,"node":"paraf"}],
 *    "vars":[{"in":1,"name":"setuju","value":true}]}
 *
 * A node of a called process is "process/node", so is a flow.  What is empty, false, zero, the
 * root (`in`, `of`) or an open task (`is`) is left out.  Members are in the order of their names,
 * tokens, armed and incidents by id, variables by scope and name: one state, one form.
 *
 * Format 1, of the first releases, knew tokens at tasks only, each with a scope that was always 0.
 */
#include "base/json.h"
#include "base/limits.h"
#include "base/message.h"
#include "flow/state-private.h"

#include <math.h>
#include <string.h>

#define FORMAT     2
#define OLD_FORMAT 1
#define MAX_TEXT   200
#define MAX_NUMBER 999999999
#define MAX_PARTS  (2 * NSK_LIMIT_FLOW_TOKENS)
#define MAX_DUE    INT64_C(300000000000000000) /* microseconds, beyond the year 9999 */

static const char *const kind_words[] = {
    [FLOW_AT_TASK] = "task",        [FLOW_AT_EVENT] = "event",
    [FLOW_AT_JOIN] = "join",        [FLOW_AT_FAULT] = "fault",
    [FLOW_SCOPE_ROOT] = "root",     [FLOW_SCOPE_SUB] = "sub",
    [FLOW_SCOPE_EVENT] = "handler", [FLOW_SCOPE_CALL] = "call",
    [FLOW_SCOPE_BODY] = "body",     [FLOW_SCOPE_INSTANCE] = "instance",
    [FLOW_SCOPE_UNDO] = "undo",
};

/* Writing */

static void
put_name(GString *out, const char *name)
{
    if (out->str[out->len - 1] != '{')
        g_string_append_c(out, ',');
    g_string_append_c(out, '"');
    g_string_append(out, name);
    g_string_append(out, "\":");
}

static void
put_int(GString *out, const char *name, int64_t number)
{
    char digits[24];

    put_name(out, name);
    g_snprintf(digits, sizeof(digits), "%" G_GINT64_FORMAT, number);
    g_string_append(out, digits);
}

static void
put_int_if(GString *out, const char *name, int64_t number)
{
    if (number != 0)
        put_int(out, name, number);
}

static void
put_true_if(GString *out, const char *name, bool value)
{
    if (!value)
        return;
    put_name(out, name);
    g_string_append(out, "true");
}

static void
put_text(GString *out, const char *name, const char *text)
{
    put_name(out, name);
    nsk_json_append_text(out, text);
}

static void
open_list(GString *out, const char *name)
{
    put_name(out, name);
    g_string_append_c(out, '[');
}

static void
open_object(GString *out)
{
    if (out->str[out->len - 1] == '}')
        g_string_append_c(out, ',');
    g_string_append_c(out, '{');
}

static void
put_place(GString *out,
          const char *name,
          const NskFlowState *self,
          const char *process,
          const char *id)
{
    put_name(out, name);
    if (strcmp(process, self->process) == 0) {
        nsk_json_append_text(out, id);
        return;
    }
    g_string_append_printf(out, "\"%s/%s\"", process, id);
}

static void
put_node(GString *out, const char *name, const NskFlowState *self, unsigned node)
{
    if (self->flow == NULL) {
        put_text(out, name, g_ptr_array_index(self->names, node));
        return;
    }
    const FlowNode *at = nsk_flow_node(self->flow, node);
    put_place(out, name, self, at->task.process, at->task.id);
}

static void
put_edge(GString *out, const char *name, const NskFlowState *self, unsigned edge)
{
    if (edge == FLOW_NONE)
        return;
    if (self->flow == NULL) {
        put_text(out, name, g_ptr_array_index(self->names, edge));
        return;
    }
    const FlowEdge *at = nsk_flow_edge(self->flow, edge);
    put_place(out, name, self, nsk_flow_node(self->flow, at->source)->task.process, at->id);
}

static void
put_item(GString *out, const NskFlowState *self, const FlowItem *item)
{
    open_object(out);
    put_edge(out, "by", self, item->edge);
    put_int_if(out, "completed", item->completed);
    put_true_if(out, "handled", item->handled);
    put_int(out, "id", item->id);
    put_int_if(out, "in", item->scope);
    put_int_if(out, "index", item->index);
    if (item->kind != FLOW_AT_TASK)
        put_text(out, "is", kind_words[item->kind]);
    put_int_if(out, "mark", item->mark);
    put_node(out, "node", self, item->node);
    put_true_if(out, "released", item->released);
    put_int_if(out, "started", item->started);
    put_int_if(out, "target", item->target);
    put_int_if(out, "terminated", item->terminated);
    put_int_if(out, "total", item->total);
    g_string_append_c(out, '}');
}

static void
put_items(GString *out, const NskFlowState *self)
{
    if (self->items->len < 2)
        return;
    open_list(out, "tokens");
    for (guint i = 1; i < self->items->len; i++)
        put_item(out, self, nsk_flow_item_at(self, i));
    g_string_append_c(out, ']');
}

static void
put_subs(GString *out, const NskFlowState *self)
{
    if (self->subs->len == 0)
        return;
    open_list(out, "armed");
    for (guint i = 0; i < self->subs->len; i++) {
        const FlowSub *sub = nsk_flow_sub_at(self, i);

        open_object(out);
        put_node(out, "at", self, sub->node);
        put_int_if(out, "due", sub->turn.due);
        put_int_if(out, "grid", sub->turn.grid);
        put_int(out, "id", sub->id);
        put_int_if(out, "nth", sub->turn.nth);
        put_int_if(out, "of", sub->owner);
        put_true_if(out, "true", sub->was_true);
        put_int_if(out, "turns", sub->turns);
        g_string_append_c(out, '}');
    }
    g_string_append_c(out, ']');
}

static void
put_done(GString *out, const NskFlowState *self)
{
    if (self->done->len == 0)
        return;
    open_list(out, "done");
    for (guint i = 0; i < self->done->len; i++) {
        const FlowDone *done = &g_array_index(self->done, FlowDone, i);

        open_object(out);
        put_int(out, "id", done->id);
        put_int_if(out, "in", done->scope);
        put_node(out, "node", self, done->node);
        put_int(out, "serial", done->serial);
        g_string_append_c(out, '}');
    }
    g_string_append_c(out, ']');
}

static int
compare_incidents(gconstpointer a, gconstpointer b)
{
    const FlowIncident *const *one = a;
    const FlowIncident *const *other = b;

    return (*one)->id < (*other)->id ? -1 : (*one)->id > (*other)->id;
}

static void
put_incidents(GString *out, const NskFlowState *self)
{
    g_autoptr(GPtrArray) sorted = g_ptr_array_new();

    if (self->incidents->len == 0)
        return;
    for (guint i = 0; i < self->incidents->len; i++)
        g_ptr_array_add(sorted, &g_array_index(self->incidents, FlowIncident, i));
    g_ptr_array_sort(sorted, compare_incidents);
    open_list(out, "incidents");
    for (guint i = 0; i < sorted->len; i++) {
        const FlowIncident *incident = g_ptr_array_index(sorted, i);

        open_object(out);
        put_text(out, "class", incident->what);
        put_int(out, "id", incident->id);
        if (*incident->words != '\0')
            put_text(out, "words", incident->words);
        g_string_append_c(out, '}');
    }
    g_string_append_c(out, ']');
}

static void
put_value(GString *out, const FlowVariable *variable)
{
    char text[G_ASCII_DTOSTR_BUF_SIZE];

    if (variable->type == NSK_FLOW_TEXT) {
        put_text(out, "value", variable->text);
        return;
    }
    if (variable->type == NSK_FLOW_NUMBER && variable->number == floor(variable->number) &&
        fabs(variable->number) < 1e15) {
        put_int(out, "value", (int64_t)variable->number);
        return;
    }
    put_name(out, "value");
    if (variable->type == NSK_FLOW_BOOLEAN)
        g_string_append(out, variable->boolean ? "true" : "false");
    else
        g_string_append(out, g_ascii_formatd(text, sizeof(text), "%.15g", variable->number));
}

static int
compare_variables(gconstpointer a, gconstpointer b)
{
    const FlowVariable *const *one = a;
    const FlowVariable *const *other = b;

    if ((*one)->scope != (*other)->scope)
        return (*one)->scope < (*other)->scope ? -1 : 1;
    return strcmp((*one)->name, (*other)->name);
}

static void
put_variables(GString *out, const NskFlowState *self)
{
    g_autoptr(GPtrArray) sorted = g_ptr_array_new();

    if (self->variables->len == 0)
        return;
    for (guint i = 0; i < self->variables->len; i++)
        g_ptr_array_add(sorted, &g_array_index(self->variables, FlowVariable, i));
    g_ptr_array_sort(sorted, compare_variables);
    open_list(out, "vars");
    for (guint i = 0; i < sorted->len; i++) {
        const FlowVariable *variable = g_ptr_array_index(sorted, i);

        open_object(out);
        put_int_if(out, "in", variable->scope);
        put_true_if(out, "kept", variable->kept);
        put_text(out, "name", variable->name);
        if (!variable->absent)
            put_value(out, variable);
        g_string_append_c(out, '}');
    }
    g_string_append_c(out, ']');
}

char *
nsk_flow_state_format(const NskFlowState *self)
{
    GString *out = g_string_sized_new(256);

    g_string_append_c(out, '{');
    put_subs(out, self);
    put_done(out, self);
    if (self->end != NULL)
        put_text(out, "end", self->end);
    put_int(out, "format", FORMAT);
    put_incidents(out, self);
    put_int(out, "next", self->next);
    put_text(out, "process", self->process);
    put_true_if(out, "suspended", self->suspended);
    put_items(out, self);
    put_variables(out, self);
    g_string_append_c(out, '}');
    return g_string_free(out, FALSE);
}

/* Reading */

static NskFlowState *
set_corrupt(GError **error, const char *what)
{
    g_set_error(error, NSK_ERROR, NSK_ERROR_CORRUPT,
                nsk_tr("the stored state of a workflow is broken: %s; run doctor"), nsk_tr(what));
    return NULL;
}

static bool
is_text(const char *text)
{
    return text != NULL && *text != '\0' && strlen(text) <= MAX_TEXT;
}

/* 0 if there is no such member. */
static bool
read_number(const NskJson *object, const char *key, unsigned *out_number)
{
    int64_t number = nsk_json_get_int(object, key, 0);

    if (number < 0 || number > MAX_NUMBER ||
        (number == 0 && nsk_json_get(object, key) != NULL && nsk_json_get_int(object, key, 1) != 0))
        return false;
    *out_number = (unsigned)number;
    return true;
}

static bool
read_name(NskFlowState *self, const NskJson *object, const char *key, unsigned *out_index)
{
    const char *name = nsk_json_get_text(object, key);

    if (!is_text(name))
        return false;
    *out_index = self->names->len;
    g_ptr_array_add(self->names, g_strdup(name));
    return true;
}

static bool
read_kind(const NskJson *object, FlowItemKind *out_kind)
{
    const char *word = nsk_json_get_text(object, "is");

    *out_kind = FLOW_AT_TASK;
    if (word == NULL)
        return nsk_json_get(object, "is") == NULL;
    for (size_t i = 0; i < G_N_ELEMENTS(kind_words); i++) {
        if (i != FLOW_AT_TASK && i != FLOW_SCOPE_ROOT && strcmp(word, kind_words[i]) == 0) {
            *out_kind = (FlowItemKind)i;
            return true;
        }
    }
    return false;
}

/* Ids grow from item to item and are below `next`; the scope is there already. */
static bool
read_item(NskFlowState *self, const NskJson *object)
{
    FlowItem item = { .edge = FLOW_NONE };
    unsigned old_scope;
    const FlowItem *last = nsk_flow_item_at(self, self->items->len - 1);

    if (!read_number(object, "id", &item.id) || item.id <= last->id || item.id >= self->next ||
        !read_number(object, "in", &item.scope) || !read_name(self, object, "node", &item.node) ||
        !read_kind(object, &item.kind) || !read_number(object, "total", &item.total) ||
        !read_number(object, "started", &item.started) ||
        !read_number(object, "completed", &item.completed) ||
        !read_number(object, "terminated", &item.terminated) ||
        !read_number(object, "index", &item.index) || !read_number(object, "mark", &item.mark) ||
        !read_number(object, "target", &item.target) || !read_number(object, "scope", &old_scope))
        return false;

    const FlowItem *scope = nsk_flow_state_item(self, item.scope);
    item.released = nsk_json_get_bool(object, "released", false);
    item.handled = nsk_json_get_bool(object, "handled", false);
    if (nsk_json_get(object, "by") != NULL && !read_name(self, object, "by", &item.edge))
        return false;
    if (scope == NULL || scope->kind < FLOW_SCOPE_ROOT)
        return false;
    g_array_append_val(self->items, item);
    return true;
}

static bool
read_sub(NskFlowState *self, const NskJson *object)
{
    FlowSub sub = { .was_true = nsk_json_get_bool(object, "true", false) };
    guint count = self->subs->len;
    int64_t turns = nsk_json_get_int(object, "turns", 0);
    int64_t nth = nsk_json_get_int(object, "nth", 0);

    if (!read_number(object, "id", &sub.id) || !read_number(object, "of", &sub.owner) ||
        !read_name(self, object, "at", &sub.node) || sub.id == 0 || sub.id >= self->next ||
        (count > 0 && sub.id <= nsk_flow_sub_at(self, count - 1)->id) || turns < -1 ||
        turns > G_MAXINT32 || nsk_flow_state_item(self, sub.owner) == NULL ||
        nsk_flow_state_item(self, sub.id) != NULL)
        return false;
    sub.turns = (int)turns;
    sub.turn.due = nsk_json_get_int(object, "due", 0);
    sub.turn.grid = nsk_json_get_int(object, "grid", 0);
    if (sub.turn.due < -MAX_DUE || sub.turn.due > MAX_DUE || sub.turn.grid < -MAX_DUE ||
        sub.turn.grid > MAX_DUE || nth < 0 || nth > G_MAXINT32)
        return false;
    sub.turn.nth = (unsigned)nth;
    g_array_append_val(self->subs, sub);
    return true;
}

static bool
read_done(NskFlowState *self, const NskJson *object)
{
    FlowDone done = { 0 };
    guint count = self->done->len;

    if (!read_number(object, "id", &done.id) || !read_number(object, "in", &done.scope) ||
        !read_name(self, object, "node", &done.node) ||
        !read_number(object, "serial", &done.serial) || done.id == 0 || done.id >= self->next ||
        done.scope >= done.id || done.serial >= self->next ||
        nsk_flow_state_item(self, done.id) != NULL ||
        (count > 0 && done.serial <= g_array_index(self->done, FlowDone, count - 1).serial))
        return false;
    g_array_append_val(self->done, done);
    return true;
}

static bool
read_incident(NskFlowState *self, const NskJson *object)
{
    const char *what = nsk_json_get_text(object, "class");
    const char *words = nsk_json_get_text(object, "words");
    unsigned id;

    if (!read_number(object, "id", &id) || !is_text(what) || (words != NULL && !is_text(words)) ||
        nsk_flow_state_incident_of(self, id) != NULL || id == 0 ||
        (nsk_flow_state_item(self, id) == NULL && nsk_flow_state_sub(self, id) == NULL))
        return false;
    nsk_flow_state_add_incident(self, id, what, words);
    return true;
}

static bool
is_done(const NskFlowState *self, unsigned id)
{
    for (guint i = 0; i < self->done->len; i++) {
        if (g_array_index(self->done, FlowDone, i).id == id)
            return true;
    }
    return false;
}

/* A variable that is kept for a called process; without value there was none. */
static bool
read_kept(NskFlowState *self, unsigned scope, const char *name, bool absent)
{
    const FlowItem *call = nsk_flow_state_item(self, scope);
    FlowVariable *variable = nsk_flow_state_variable(self, scope, name);

    if (call == NULL || call->kind != FLOW_SCOPE_CALL)
        return false;
    if (absent) {
        nsk_flow_state_keep(self, scope, name, NULL);
        return true;
    }
    variable->kept = true;
    return true;
}

static bool
read_variable(NskFlowState *self, const NskJson *object)
{
    bool kept = nsk_json_get_bool(object, "kept", false);
    NskFlowVariable variable = { .name = nsk_json_get_text(object, "name"),
                                 .text = nsk_json_get_text(object, "value") };
    unsigned scope;

    if (!read_number(object, "in", &scope) || !is_text(variable.name) ||
        (scope != 0 && nsk_flow_state_item(self, scope) == NULL && !is_done(self, scope)) ||
        nsk_flow_state_variable(self, scope, variable.name) != NULL)
        return false;
    if (kept && nsk_json_get(object, "value") == NULL)
        return read_kept(self, scope, variable.name, true);
    variable.number = nsk_json_get_real(object, "value", NAN);
    variable.boolean = nsk_json_get_bool(object, "value", false);
    if (variable.text != NULL)
        variable.type = NSK_FLOW_TEXT;
    else if (isfinite(variable.number))
        variable.type = NSK_FLOW_NUMBER;
    else if (variable.boolean == nsk_json_get_bool(object, "value", true))
        variable.type = NSK_FLOW_BOOLEAN;
    else
        return false;
    if (variable.text != NULL && strlen(variable.text) > NSK_LIMIT_FLOW_TEXT)
        return false;
    nsk_flow_state_set(self, scope, &variable);
    return !kept || read_kept(self, scope, variable.name, false);
}

typedef bool (*ReadPart)(NskFlowState *self, const NskJson *object);

static bool
read_list(NskFlowState *self, const NskJson *object, const char *name, size_t limit, ReadPart part)
{
    const NskJson *list = nsk_json_get(object, name);
    size_t count = list != NULL ? nsk_json_length(list) : 0;

    if (count > limit)
        return false;
    for (size_t i = 0; i < count; i++) {
        if (!part(self, nsk_json_at(list, i)))
            return false;
    }
    return true;
}

static bool
read_parts(NskFlowState *self, const NskJson *object)
{
    if (!read_number(object, "next", &self->next) || self->next == 0 ||
        !read_list(self, object, "tokens", MAX_PARTS, read_item) ||
        !read_list(self, object, "armed", MAX_PARTS, read_sub) ||
        !read_list(self, object, "done", MAX_PARTS, read_done) ||
        !read_list(self, object, "incidents", MAX_PARTS, read_incident) ||
        !read_list(self, object, "vars", NSK_LIMIT_FLOW_VARIABLES, read_variable))
        return false;
    if (self->end == NULL)
        return self->items->len > 1;
    if (self->items->len > 1 || self->subs->len > 0)
        return false;
    g_array_set_size(self->items, 0);
    return true;
}

NskFlowState *
nsk_flow_state_parse(const char *json, size_t size, GError **error)
{
    g_autoptr(GError) cause = NULL;
    g_autoptr(NskJson) object = nsk_json_parse(json, size, &cause);

    if (object == NULL)
        return set_corrupt(error, cause->message);

    int64_t format = nsk_json_get_int(object, "format", 0);
    if (format != FORMAT && format != OLD_FORMAT)
        return set_corrupt(error, N_("it is of no known format"));

    const char *process = nsk_json_get_text(object, "process");
    const char *end = nsk_json_get_text(object, "end");
    if (!is_text(process) || (end != NULL && !is_text(end)))
        return set_corrupt(error, N_("a member is missing"));

    g_autoptr(NskFlowState) self = nsk_flow_state_new(process);
    self->end = end != NULL ? g_ref_string_new(end) : NULL;
    self->suspended = nsk_json_get_bool(object, "suspended", false);
    if (!read_parts(self, object))
        return set_corrupt(error, N_("its tokens do not fit together"));
    return g_steal_pointer(&self);
}
