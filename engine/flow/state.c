/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Where an instance stands, and its JSON form:
 *
 *   {"end":null,"format":1,"next":4,"process":"surat-keluar",
 *    "tokens":[{"id":3,"node":"paraf","scope":0}]}
 *
 * Tokens lie in the order of their ids.
 *
 * 1. An id of a token is given once in the life of an instance, so "node#id" is unique in it.
 * 2. An instance that is over has no token and a reason; one that runs has a token and no reason.
 */
#include "base/json.h"
#include "base/limits.h"
#include "base/message.h"
#include "flow/flow-private.h"

#include <string.h>

#define FORMAT   1
#define MAX_TEXT 64

static void
token_free(gpointer data)
{
    FlowToken *token = data;

    g_free(token->node);
    g_free(token);
}

NskFlowState *
nsk_flow_state_new(const char *process)
{
    NskFlowState *self = g_atomic_rc_box_new0(NskFlowState);

    self->process = g_strdup(process);
    self->next = 1;
    self->tokens = g_ptr_array_new_with_free_func(token_free);
    return self;
}

static void
add_token(NskFlowState *self, const FlowToken *token)
{
    FlowToken *copy = g_new(FlowToken, 1);

    *copy = *token;
    copy->node = g_strdup(token->node);
    g_ptr_array_add(self->tokens, copy);
}

NskFlowState *
nsk_flow_state_copy(const NskFlowState *self)
{
    NskFlowState *copy = nsk_flow_state_new(self->process);

    copy->next = self->next;
    copy->end = g_strdup(self->end);
    for (guint i = 0; i < self->tokens->len; i++)
        add_token(copy, g_ptr_array_index(self->tokens, i));
    return copy;
}

const FlowToken *
nsk_flow_state_add(NskFlowState *self, unsigned scope, const char *node)
{
    FlowToken token = { .id = self->next++, .scope = scope, .node = (char *)(uintptr_t)node };

    add_token(self, &token);
    return g_ptr_array_index(self->tokens, self->tokens->len - 1);
}

char *
nsk_flow_token_key(const FlowToken *token)
{
    return g_strdup_printf("%s#%u", token->node, token->id);
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

    g_free(self->process);
    g_free(self->end);
    g_ptr_array_unref(self->tokens);
}

void
nsk_flow_state_unref(NskFlowState *self)
{
    if (self != NULL)
        g_atomic_rc_box_release_full(self, state_clear);
}

bool
nsk_flow_state_is_ended(const NskFlowState *self)
{
    return self->end != NULL;
}

char **
nsk_flow_state_get_keys(const NskFlowState *self)
{
    char **keys = g_new0(char *, self->tokens->len + 1);

    for (guint i = 0; i < self->tokens->len; i++)
        keys[i] = nsk_flow_token_key(g_ptr_array_index(self->tokens, i));
    return keys;
}

static NskJson *
token_to_json(const FlowToken *token)
{
    NskJson *object = nsk_json_object();

    nsk_json_set_int(object, "id", token->id);
    nsk_json_set_int(object, "scope", token->scope);
    nsk_json_set_text(object, "node", token->node);
    return object;
}

char *
nsk_flow_state_format(const NskFlowState *self)
{
    g_autoptr(NskJson) object = nsk_json_object();
    NskJson *tokens = nsk_json_array();

    for (guint i = 0; i < self->tokens->len; i++)
        nsk_json_add(tokens, token_to_json(g_ptr_array_index(self->tokens, i)));
    nsk_json_set_int(object, "format", FORMAT);
    nsk_json_set_text(object, "process", self->process);
    nsk_json_set_int(object, "next", self->next);
    nsk_json_set_text(object, "end", self->end);
    nsk_json_set(object, "tokens", tokens);
    return nsk_json_canonical(object);
}

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

static bool
read_number(const NskJson *object, const char *key, unsigned *out_number)
{
    int64_t number = nsk_json_get_int(object, key, -1);

    if (number < 0 || number > G_MAXINT32)
        return false;
    *out_number = (unsigned)number;
    return true;
}

/* Ids grow from token to token and are below @next. */
static bool
read_token(NskFlowState *self, const NskJson *object, unsigned *last_id)
{
    const char *node = nsk_json_get_text(object, "node");
    FlowToken token = { 0 };

    if (!read_number(object, "id", &token.id) || !read_number(object, "scope", &token.scope) ||
        !is_text(node) || token.id <= *last_id || token.id >= self->next)
        return false;
    *last_id = token.id;
    token.node = (char *)(uintptr_t)node;
    add_token(self, &token);
    return true;
}

static bool
read_tokens(NskFlowState *self, const NskJson *array)
{
    size_t count = nsk_json_length(array);
    unsigned last_id = 0;

    if (count > NSK_LIMIT_FLOW_NODES || (count == 0) != (self->end != NULL))
        return false;
    for (size_t i = 0; i < count; i++) {
        if (!read_token(self, nsk_json_at(array, i), &last_id))
            return false;
    }
    return true;
}

NskFlowState *
nsk_flow_state_parse(const char *json, size_t size, GError **error)
{
    g_autoptr(GError) cause = NULL;
    g_autoptr(NskJson) object = nsk_json_parse(json, size, &cause);

    if (object == NULL)
        return set_corrupt(error, cause->message);
    if (nsk_json_get_int(object, "format", 0) != FORMAT)
        return set_corrupt(error, N_("it is of no known format"));

    const char *process = nsk_json_get_text(object, "process");
    const char *end = nsk_json_get_text(object, "end");
    NskJson *tokens = nsk_json_get(object, "tokens");
    if (!is_text(process) || (end != NULL && !is_text(end)) || tokens == NULL)
        return set_corrupt(error, N_("a member is missing"));

    g_autoptr(NskFlowState) self = nsk_flow_state_new(process);
    self->end = g_strdup(end);
    if (!read_number(object, "next", &self->next) || !read_tokens(self, tokens))
        return set_corrupt(error, N_("its tokens do not fit together"));
    return g_steal_pointer(&self);
}
