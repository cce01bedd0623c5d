/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What patterns become, remembered: the states of an automaton that is built while documents are
 * checked.  A state stands for a pattern; its steps lead to the states after an attribute, the end
 * of the start tag, text, or a child.
 *
 * INVARIANTS:
 *   (1) a step is remembered only where the derivative depends on nothing but the pattern and the
 *       names that lead there; so a check with remembered steps finds what one without them finds;
 *   (2) states are used by one check at a time; the pool keeps them for the next one;
 *   (3) a pool keeps at most MAX_IDLE sets of states, and none that grew above MAX_KEPT, so that
 *       documents cannot make the program grow.
 */
#include "xml/schema-private.h"

#define MAX_IDLE 16
/* Patterns and states; ordinary letters together need some hundred. */
#define MAX_KEPT 4096

struct _NskStates {
    NskPatternSet *set;
    GHashTable *by_pattern; /* pattern -> NskState */
};

struct _NskStatePool {
    GMutex lock;
    const NskPatternSet *base;
    NskStates *idle[MAX_IDLE];
    unsigned n_idle;
};

static void
free_steps(NskStep *step)
{
    while (step != NULL) {
        NskStep *next = step->next;

        g_free(step);
        step = next;
    }
}

static void
state_free(gpointer data)
{
    NskState *state = data;

    free_steps(state->attributes);
    free_steps(state->children);
    g_free(state);
}

static NskStates *
states_new(const NskPatternSet *base)
{
    NskStates *self = g_new0(NskStates, 1);

    self->set = nsk_pattern_set_new(base);
    self->by_pattern = g_hash_table_new_full(NULL, NULL, NULL, state_free);
    return self;
}

static void
states_free(NskStates *self)
{
    g_hash_table_unref(self->by_pattern);
    nsk_pattern_set_free(self->set);
    g_free(self);
}

NskStatePool *
nsk_state_pool_new(const NskPatternSet *base)
{
    NskStatePool *self = g_new0(NskStatePool, 1);

    g_mutex_init(&self->lock);
    self->base = base;
    return self;
}

void
nsk_state_pool_free(NskStatePool *self)
{
    if (self == NULL)
        return;
    while (self->n_idle > 0)
        states_free(self->idle[--self->n_idle]);
    g_mutex_clear(&self->lock);
    g_free(self);
}

NskStates *
nsk_state_pool_take(NskStatePool *self)
{
    NskStates *states = NULL;

    g_mutex_lock(&self->lock);
    if (self->n_idle > 0)
        states = self->idle[--self->n_idle];
    g_mutex_unlock(&self->lock);
    return states != NULL ? states : states_new(self->base);
}

void
nsk_state_pool_give(NskStatePool *self, NskStates *states)
{
    if (nsk_pattern_set_size(states->set) + g_hash_table_size(states->by_pattern) <= MAX_KEPT) {
        g_mutex_lock(&self->lock);
        if (self->n_idle < MAX_IDLE) {
            self->idle[self->n_idle++] = states;
            states = NULL;
        }
        g_mutex_unlock(&self->lock);
    }
    if (states != NULL)
        states_free(states);
}

NskPatternSet *
nsk_states_get_set(const NskStates *self)
{
    return self->set;
}

/* Whether text that comes next in @p must be of a certain form. */
static bool
takes_value(const NskPattern *p)
{
    g_autoptr(GPtrArray) leaves = g_ptr_array_new();

    nsk_pattern_collect_next(p, leaves);
    for (guint i = 0; i < leaves->len; i++) {
        const NskPattern *leaf = g_ptr_array_index(leaves, i);

        if (leaf->kind == NSK_PATTERN_DATA || leaf->kind == NSK_PATTERN_VALUE ||
            leaf->kind == NSK_PATTERN_LIST)
            return true;
    }
    return false;
}

NskState *
nsk_states_get(NskStates *self, const NskPattern *p)
{
    NskState *state = g_hash_table_lookup(self->by_pattern, p);

    if (state == NULL) {
        state = g_new0(NskState, 1);
        state->p = p;
        state->takes_value = takes_value(p);
        g_hash_table_insert(self->by_pattern, (gpointer)(uintptr_t)p, state);
    }
    return state;
}

/* The state of @p, or NULL if nothing is allowed. */
static NskState *
get_allowed(NskStates *self, const NskPattern *p)
{
    return p->kind != NSK_PATTERN_NOT_ALLOWED ? nsk_states_get(self, p) : NULL;
}

/* The only attribute in @p that may have this name; NULL if there is none or not only one. */
static const NskPattern *
find_only_attribute(const NskPattern *p, const NskXmlAttribute *attribute)
{
    g_autoptr(GPtrArray) leaves = g_ptr_array_new();
    const NskPattern *found = NULL;

    nsk_pattern_collect_attributes(p, leaves);
    for (guint i = 0; i < leaves->len; i++) {
        const NskPattern *leaf = g_ptr_array_index(leaves, i);

        if (!nsk_names_contain(leaf->names, attribute->ns, attribute->name))
            continue;
        if (found != NULL || leaf->names->kind != NSK_NAMES_ONE)
            return NULL;
        found = leaf;
    }
    return found;
}

static NskStep *
find_step(NskStep *step, const char *ns, const char *name)
{
    while (step != NULL && !(step->is_only && nsk_names_contain(step->leaf->names, ns, name)))
        step = step->next;
    return step;
}

/* The step that takes away the attribute of this name, whatever its value; NULL if what happens
 * depends on more than the name. */
static const NskStep *
attribute_step(NskStates *self, NskState *state, const NskXmlAttribute *attribute)
{
    NskStep *step = find_step(state->attributes, attribute->ns, attribute->name);
    NskXmlAttribute any = { attribute->ns, attribute->name, NULL };

    if (step != NULL)
        return step;
    const NskPattern *leaf = find_only_attribute(state->p, attribute);
    if (leaf == NULL)
        return NULL;
    step = g_new0(NskStep, 1);
    step->leaf = leaf;
    step->is_only = true;
    step->after = get_allowed(self, nsk_pattern_after_attribute(self->set, state->p, &any));
    step->next = state->attributes;
    state->attributes = step;
    return step;
}

NskState *
nsk_state_after_attribute(NskStates *self, NskState *state, const NskXmlAttribute *attribute)
{
    const NskStep *step = attribute_step(self, state, attribute);

    if (step == NULL)
        return get_allowed(self, nsk_pattern_after_attribute(self->set, state->p, attribute));
    return nsk_pattern_after_attribute(self->set, step->leaf, attribute)->nullable ? step->after
                                                                                   : NULL;
}

NskState *
nsk_state_close_tag(NskStates *self, NskState *state)
{
    if (!state->knows_closed) {
        state->closed = get_allowed(self, nsk_pattern_close_tag(self->set, state->p, false));
        state->knows_closed = true;
    }
    return state->closed;
}

NskState *
nsk_state_after_text(NskStates *self, NskState *state, const char *text)
{
    if (state->takes_value)
        return get_allowed(self, nsk_pattern_after_text(self->set, state->p, text));
    if (!state->knows_text) {
        state->after_text = get_allowed(self, nsk_pattern_after_text(self->set, state->p, text));
        state->knows_text = true;
    }
    return state->after_text;
}

NskStep *
nsk_state_step(NskStates *self, NskState *state, const NskPattern *element)
{
    NskStep *step = state->children;

    while (step != NULL && step->leaf != element)
        step = step->next;
    if (step == NULL) {
        step = g_new0(NskStep, 1);
        step->leaf = element;
        step->inside = nsk_states_get(self, element->a);
        step->after =
            nsk_states_get(self, nsk_pattern_after_element(self->set, state->p, element, false));
        step->next = state->children;
        state->children = step;
    }
    return step;
}

const NskStep *
nsk_state_find_child(const NskState *state, const NskXmlNode *child)
{
    return find_step(state->children, nsk_xml_ns(child), nsk_xml_name(child));
}
