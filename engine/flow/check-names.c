/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What expressions name: a variable must be a fact, a data object or property of the file, of a
 * multi-instance, or set by something in the definition; a path that begins with no fact finds
 * nothing, ever.
 *
 * Names are found by a scanner of XPath 1.0's tokens (section 3.7 of the recommendation); the
 * expression itself was compiled by the reader, so it is well formed.
 */
#include "base/message.h"
#include "flow/check-private.h"

#include <string.h>

/* Scanner */

typedef struct {
    const char *at;
    unsigned depth;  /* in predicates */
    bool is_operand; /* the token before ends an operand, so a name is an operator */
    bool is_step;    /* the token before is '/', '@' or '::', so a name is no first step */
    void (*found)(void *data, CheckNameType type, const char *name);
    void *data;
} Scanner;

static bool
is_name_start(char c)
{
    return g_ascii_isalpha(c) || c == '_' || (c & 0x80) != 0;
}

static bool
is_name_char(char c)
{
    return is_name_start(c) || g_ascii_isdigit(c) || c == '-' || c == '.';
}

/* A QName: the colon of an axis does not belong to it. */
static char *
take_name(Scanner *self)
{
    const char *from = self->at;

    while (is_name_char(*self->at) ||
           (*self->at == ':' && is_name_start(self->at[1]) && self->at[-1] != ':'))
        self->at++;
    return g_strndup(from, (gsize)(self->at - from));
}

static void
skip_blanks(Scanner *self)
{
    while (g_ascii_isspace(*self->at))
        self->at++;
}

/* getDataObject('name') names a fact like $name. */
static void
take_function(Scanner *self, const char *name)
{
    const char *colon = strrchr(name, ':');
    const char *local = colon != NULL ? colon + 1 : name;
    const char *quote;
    const char *end;

    self->at++;
    skip_blanks(self);
    quote = self->at;
    self->is_operand = false;
    self->is_step = false;
    if (strcmp(local, "getDataObject") != 0 || (*quote != '\'' && *quote != '"'))
        return;
    end = strchr(quote + 1, *quote);
    if (end == NULL)
        return;
    g_autofree char *text = g_strndup(quote + 1, (gsize)(end - quote - 1));
    self->found(self->data, NAME_VARIABLE, text);
}

static bool
is_operator(const char *name)
{
    return strcmp(name, "and") == 0 || strcmp(name, "or") == 0 || strcmp(name, "div") == 0 ||
           strcmp(name, "mod") == 0;
}

static void
take_word(Scanner *self)
{
    g_autofree char *name = take_name(self);
    bool was_step = self->is_step;

    skip_blanks(self);
    if (self->is_operand && is_operator(name)) {
        self->is_operand = false;
        return;
    }
    if (*self->at == '(') {
        take_function(self, name);
        return;
    }
    if (self->at[0] == ':' && self->at[1] == ':') {
        self->at += 2;
        self->is_step = strcmp(name, "child") != 0;
        return;
    }
    self->is_operand = true;
    self->is_step = false;
    if (!was_step && self->depth == 0)
        self->found(self->data, NAME_FACT, name);
}

static void
take_literal(Scanner *self)
{
    const char *end = strchr(self->at + 1, *self->at);

    self->at = end != NULL ? end + 1 : self->at + strlen(self->at);
    self->is_operand = true;
}

static void
take_variable(Scanner *self)
{
    g_autofree char *name = NULL;

    self->at++;
    skip_blanks(self);
    name = take_name(self);
    self->is_operand = true;
    self->is_step = false;
    self->found(self->data, NAME_VARIABLE, name);
}

static void
take_symbol(Scanner *self)
{
    char c = *self->at++;

    if (c == '[')
        self->depth++;
    if (c == ']' && self->depth > 0)
        self->depth--;
    /* A star after an operand multiplies; elsewhere it is a step. */
    self->is_operand = c == ')' || c == ']' || c == '.' || (c == '*' && !self->is_operand);
    self->is_step = c == '/' || c == '@';
}

void
nsk_check_each_name(const char *text,
                    void (*found)(void *data, CheckNameType type, const char *name),
                    void *data)
{
    Scanner self = { .at = text, .found = found, .data = data };

    skip_blanks(&self);
    while (*self.at != '\0') {
        if (*self.at == '\'' || *self.at == '"') {
            take_literal(&self);
        } else if (*self.at == '$') {
            take_variable(&self);
        } else if (is_name_start(*self.at)) {
            take_word(&self);
        } else if (g_ascii_isdigit(*self.at)) {
            self.at++;
            self.is_operand = true;
        } else {
            take_symbol(&self);
        }
        skip_blanks(&self);
    }
}

/* Names that there are */

typedef struct {
    Checker *checker;
    GHashTable *known;
    GHashTable *facts;
    unsigned node;
    unsigned edge;
} Use;

static void
learn_mappings(GHashTable *known, const GPtrArray *mappings)
{
    for (guint i = 0; i < mappings->len; i++) {
        const FlowMapping *mapping = g_ptr_array_index(mappings, i);

        g_hash_table_add(known, mapping->target);
    }
}

static GHashTable *
list_known(const NskFlow *flow)
{
    static const char *const of_loops[] = { "loopCounter", "numberOfInstances",
                                            "numberOfActiveInstances", "numberOfCompletedInstances",
                                            "numberOfTerminatedInstances" };
    GHashTable *known = g_hash_table_new(g_str_hash, g_str_equal);

    for (size_t i = 0; i < G_N_ELEMENTS(of_loops); i++)
        g_hash_table_add(known, (char *)(uintptr_t)of_loops[i]);
    for (unsigned i = 0; i < flow->levels->len; i++) {
        const GPtrArray *data = nsk_flow_level(flow, i)->data;

        for (guint k = 0; k < data->len; k++)
            g_hash_table_add(known, g_ptr_array_index(data, k));
    }
    for (unsigned i = 0; i < flow->nodes->len; i++) {
        const FlowNode *node = nsk_flow_node(flow, i);

        learn_mappings(known, node->inputs);
        learn_mappings(known, node->outputs);
        if (node->loop.element != NULL)
            g_hash_table_add(known, node->loop.element);
    }
    return known;
}

static void
tell_variable(const Use *use, const char *name)
{
    g_autofree char *owner =
        use->edge != FLOW_NONE
            ? g_strdup_printf("sequenceFlow '%s'", nsk_flow_edge(use->checker->flow, use->edge)->id)
            : nsk_check_name(use->checker, use->node);
    const CheckPlace place = { .node = use->node, .edge = use->edge, .tag = "flow-variable" };

    nsk_check_tell(use->checker, &place,
                   nsk_tr("%s uses the variable '$%s', which is no fact and which nothing in the "
                          "workflow sets; declare a dataObject of that name, or correct the name"),
                   owner, name);
}

static void
tell_path(const Use *use, const char *name)
{
    g_autofree char *owner =
        use->edge != FLOW_NONE
            ? g_strdup_printf("sequenceFlow '%s'", nsk_flow_edge(use->checker->flow, use->edge)->id)
            : nsk_check_name(use->checker, use->node);
    const CheckPlace place = { .node = use->node,
                               .edge = use->edge,
                               .tag = "flow-path",
                               .severity = NSK_SEVERITY_WARNING };

    nsk_check_tell(use->checker, &place,
                   nsk_tr("%s has a path that begins with '%s', which is no fact, so that it finds "
                          "nothing; correct it, or write $%s for a variable"),
                   owner, name, name);
}

static void
on_name(void *data, CheckNameType type, const char *name)
{
    const Use *use = data;

    if (g_hash_table_contains(use->facts, name))
        return;
    if (type == NAME_FACT)
        tell_path(use, name);
    else if (!g_hash_table_contains(use->known, name))
        tell_variable(use, name);
}

static void
check_expression(Use *use, const NskXPath *expression)
{
    if (expression != NULL)
        nsk_check_each_name(nsk_xpath_get_text(expression), on_name, use);
}

static void
check_timer(Use *use, const FlowTimer *timer)
{
    if (timer != NULL)
        check_expression(use, timer->expression);
}

static void
check_mappings(Use *use, const GPtrArray *mappings)
{
    for (guint i = 0; i < mappings->len; i++)
        check_expression(use, ((const FlowMapping *)g_ptr_array_index(mappings, i))->source);
}

static void
check_node_names(Use *use, const FlowNode *node)
{
    for (guint i = 0; i < node->assignments->len; i++)
        check_expression(
            use, ((const FlowAssignment *)g_ptr_array_index(node->assignments, i))->expression);
    check_timer(use, node->due);
    check_timer(use, node->follow_up);
    check_timer(use, node->timer);
    check_expression(use, node->condition);
    check_expression(use, node->loop.cardinality);
    check_expression(use, node->loop.collection);
    check_expression(use, node->loop.completion);
    check_expression(use, node->loop.condition);
    check_mappings(use, node->inputs);
    check_mappings(use, node->outputs);
}

void
nsk_check_names(Checker *self)
{
    g_autoptr(GHashTable) known = list_known(self->flow);
    g_autoptr(GHashTable) facts = g_hash_table_new(g_str_hash, g_str_equal);
    Use use = { .checker = self, .known = known, .facts = facts, .edge = FLOW_NONE };

    for (size_t i = 0; nsk_flow_fact_names[i] != NULL; i++)
        g_hash_table_add(facts, (char *)(uintptr_t)nsk_flow_fact_names[i]);
    for (unsigned i = 0; i < self->flow->nodes->len; i++) {
        use.node = i;
        check_node_names(&use, check_node(self, i));
    }
    for (unsigned i = 0; i < self->flow->edges->len; i++) {
        use.edge = i;
        use.node = nsk_flow_edge(self->flow, i)->source;
        check_expression(&use, nsk_flow_edge(self->flow, i)->condition);
    }
}
