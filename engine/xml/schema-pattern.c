/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The algebra of patterns: making them in their simplest form, and their derivatives.
 *
 * Unlike Clark's algorithm an element is taken as a whole (after its own check) instead of by its
 * start and end tags; so a fault inside an element does not spoil what follows it.
 *
 * INVARIANT: within a set, two patterns of the same kind and operands are one, and a choice holds
 * no alternative twice; so the derivatives of a pattern are few, however long the document.
 */
#include "xml/schema-private.h"

#include <string.h>

struct _NskPatternSet {
    const NskPatternSet *base;
    GPtrArray *all;
    GHashTable *known; /* patterns of two operands, by kind and operands */
};

static const NskPattern empty_pattern = { .kind = NSK_PATTERN_EMPTY, .nullable = true };
static const NskPattern not_allowed_pattern = { .kind = NSK_PATTERN_NOT_ALLOWED };
static const NskPattern text_pattern = { .kind = NSK_PATTERN_TEXT, .nullable = true };

static guint
pattern_hash(gconstpointer key)
{
    const NskPattern *p = key;

    return (g_direct_hash(p->a) * 31 + g_direct_hash(p->b)) * 31 + (guint)p->kind;
}

static gboolean
pattern_equal(gconstpointer a, gconstpointer b)
{
    const NskPattern *x = a;
    const NskPattern *y = b;

    return x->kind == y->kind && x->a == y->a && x->b == y->b;
}

static void
pattern_free(gpointer data)
{
    NskPattern *p = data;

    nsk_data_type_free(p->data);
    g_free(p->value);
    g_free(p);
}

NskPatternSet *
nsk_pattern_set_new(const NskPatternSet *base)
{
    NskPatternSet *self = g_new0(NskPatternSet, 1);

    self->base = base;
    self->all = g_ptr_array_new_with_free_func(pattern_free);
    self->known = g_hash_table_new(pattern_hash, pattern_equal);
    return self;
}

void
nsk_pattern_set_free(NskPatternSet *self)
{
    if (self == NULL)
        return;
    g_hash_table_unref(self->known);
    g_ptr_array_unref(self->all);
    g_free(self);
}

size_t
nsk_pattern_set_size(const NskPatternSet *self)
{
    return self->all->len;
}

const NskPattern *
nsk_pattern_empty(void)
{
    return &empty_pattern;
}

const NskPattern *
nsk_pattern_not_allowed(void)
{
    return &not_allowed_pattern;
}

const NskPattern *
nsk_pattern_text(void)
{
    return &text_pattern;
}

NskPattern *
nsk_pattern_new(NskPatternSet *set, NskPatternKind kind)
{
    NskPattern *p = g_new0(NskPattern, 1);

    p->kind = kind;
    g_ptr_array_add(set->all, p);
    return p;
}

static const NskPattern *
intern(NskPatternSet *set, const NskPattern *wanted)
{
    for (const NskPatternSet *s = set; s != NULL; s = s->base) {
        const NskPattern *known = g_hash_table_lookup(s->known, wanted);

        if (known != NULL)
            return known;
    }
    NskPattern *p = nsk_pattern_new(set, wanted->kind);
    *p = *wanted;
    g_hash_table_add(set->known, p);
    return p;
}

static bool
has_alternative(const NskPattern *choice, const NskPattern *p)
{
    for (; choice->kind == NSK_PATTERN_CHOICE; choice = choice->b) {
        if (choice->a == p)
            return true;
    }
    return choice == p;
}

/* Choices are lists: the first operand is never itself a choice. */
const NskPattern *
nsk_pattern_choice(NskPatternSet *set, const NskPattern *a, const NskPattern *b)
{
    if (a->kind == NSK_PATTERN_NOT_ALLOWED)
        return b;
    if (b->kind == NSK_PATTERN_NOT_ALLOWED)
        return a;
    if (a->kind == NSK_PATTERN_CHOICE)
        return nsk_pattern_choice(set, a->a, nsk_pattern_choice(set, a->b, b));
    if (has_alternative(b, a))
        return b;
    return intern(set, &(NskPattern){ .kind = NSK_PATTERN_CHOICE,
                                      .nullable = a->nullable || b->nullable,
                                      .a = a,
                                      .b = b });
}

static const NskPattern *
both(NskPatternSet *set, NskPatternKind kind, const NskPattern *a, const NskPattern *b)
{
    if (a->kind == NSK_PATTERN_NOT_ALLOWED || b->kind == NSK_PATTERN_NOT_ALLOWED)
        return &not_allowed_pattern;
    if (a->kind == NSK_PATTERN_EMPTY)
        return b;
    if (b->kind == NSK_PATTERN_EMPTY)
        return a;
    return intern(
        set, &(NskPattern){ .kind = kind, .nullable = a->nullable && b->nullable, .a = a, .b = b });
}

const NskPattern *
nsk_pattern_group(NskPatternSet *set, const NskPattern *a, const NskPattern *b)
{
    return both(set, NSK_PATTERN_GROUP, a, b);
}

const NskPattern *
nsk_pattern_interleave(NskPatternSet *set, const NskPattern *a, const NskPattern *b)
{
    return both(set, NSK_PATTERN_INTERLEAVE, a, b);
}

const NskPattern *
nsk_pattern_one_or_more(NskPatternSet *set, const NskPattern *a)
{
    if (a->kind <= NSK_PATTERN_TEXT || a->kind == NSK_PATTERN_ONE_OR_MORE)
        return a; /* as often as wanted is nothing new for these */
    return intern(
        set, &(NskPattern){ .kind = NSK_PATTERN_ONE_OR_MORE, .nullable = a->nullable, .a = a });
}

void
nsk_pattern_add_once(GPtrArray *array, const NskPattern *p)
{
    if (!g_ptr_array_find(array, p, NULL))
        g_ptr_array_add(array, (gpointer)(uintptr_t)p);
}

void
nsk_pattern_collect_next(const NskPattern *p, GPtrArray *leaves)
{
    if (p->kind == NSK_PATTERN_ATTRIBUTE || p->kind <= NSK_PATTERN_NOT_ALLOWED)
        return;
    if (p->kind < NSK_PATTERN_CHOICE) {
        nsk_pattern_add_once(leaves, p);
        return;
    }
    nsk_pattern_collect_next(p->a, leaves);
    if (p->kind == NSK_PATTERN_CHOICE || p->kind == NSK_PATTERN_INTERLEAVE ||
        (p->kind == NSK_PATTERN_GROUP && p->a->nullable))
        nsk_pattern_collect_next(p->b, leaves);
}

void
nsk_pattern_collect_attributes(const NskPattern *p, GPtrArray *leaves)
{
    if (p->kind == NSK_PATTERN_ATTRIBUTE)
        nsk_pattern_add_once(leaves, p);
    if (p->kind < NSK_PATTERN_CHOICE)
        return;
    nsk_pattern_collect_attributes(p->a, leaves);
    if (p->kind != NSK_PATTERN_ONE_OR_MORE)
        nsk_pattern_collect_attributes(p->b, leaves);
}

bool
nsk_names_contain(const NskNames *self, const char *ns, const char *name)
{
    if (self->kind == NSK_NAMES_CHOICE)
        return nsk_names_contain(self->a, ns, name) || nsk_names_contain(self->b, ns, name);
    if (self->kind == NSK_NAMES_ONE)
        return strcmp(self->ns, ns) == 0 && strcmp(self->name, name) == 0;
    if (self->kind == NSK_NAMES_OF_NS && strcmp(self->ns, ns) != 0)
        return false;
    return self->except == NULL || !nsk_names_contain(self->except, ns, name);
}

const NskPattern *
nsk_pattern_after_element(NskPatternSet *set,
                          const NskPattern *p,
                          const NskPattern *element,
                          bool skip)
{
    const NskPattern *a;
    const NskPattern *b;

    if (p == element)
        return &empty_pattern;
    if (p->kind < NSK_PATTERN_CHOICE)
        return &not_allowed_pattern;
    a = nsk_pattern_after_element(set, p->a, element, skip);
    if (p->kind == NSK_PATTERN_ONE_OR_MORE)
        return nsk_pattern_group(set, a, nsk_pattern_choice(set, p, &empty_pattern));
    if (p->kind == NSK_PATTERN_GROUP && !p->a->nullable && !skip)
        return nsk_pattern_group(set, a, p->b);

    b = nsk_pattern_after_element(set, p->b, element, skip);
    if (p->kind == NSK_PATTERN_CHOICE)
        return nsk_pattern_choice(set, a, b);
    if (p->kind == NSK_PATTERN_GROUP)
        return nsk_pattern_choice(set, nsk_pattern_group(set, a, p->b), b);
    return nsk_pattern_choice(set, nsk_pattern_interleave(set, a, p->b),
                              nsk_pattern_interleave(set, p->a, b));
}

static const NskPattern *
after_list(NskPatternSet *set, const NskPattern *list, const char *text)
{
    g_auto(GStrv) words = g_strsplit_set(text, " \t\r\n", -1);
    const NskPattern *p = list->a;

    for (char **word = words; *word != NULL; word++) {
        if (**word != '\0')
            p = nsk_pattern_after_text(set, p, *word);
    }
    return p->nullable ? &empty_pattern : &not_allowed_pattern;
}

static const NskPattern *
leaf_after_text(NskPatternSet *set, const NskPattern *p, const char *text)
{
    bool allowed = false;

    if (p->kind == NSK_PATTERN_TEXT)
        return p;
    if (p->kind == NSK_PATTERN_LIST)
        return after_list(set, p, text);
    if (p->kind == NSK_PATTERN_DATA)
        allowed = nsk_data_type_allows(p->data, text);
    else if (p->kind == NSK_PATTERN_VALUE)
        allowed = nsk_data_type_equal(p->data, p->value, text);
    return allowed ? &empty_pattern : &not_allowed_pattern;
}

const NskPattern *
nsk_pattern_after_text(NskPatternSet *set, const NskPattern *p, const char *text)
{
    const NskPattern *a;
    const NskPattern *b;

    if (p->kind < NSK_PATTERN_CHOICE)
        return leaf_after_text(set, p, text);
    a = nsk_pattern_after_text(set, p->a, text);
    if (p->kind == NSK_PATTERN_ONE_OR_MORE)
        return nsk_pattern_group(set, a, nsk_pattern_choice(set, p, &empty_pattern));
    if (p->kind == NSK_PATTERN_GROUP && !p->a->nullable)
        return nsk_pattern_group(set, a, p->b);

    b = nsk_pattern_after_text(set, p->b, text);
    if (p->kind == NSK_PATTERN_CHOICE)
        return nsk_pattern_choice(set, a, b);
    if (p->kind == NSK_PATTERN_GROUP)
        return nsk_pattern_choice(set, nsk_pattern_group(set, a, p->b), b);
    return nsk_pattern_choice(set, nsk_pattern_interleave(set, a, p->b),
                              nsk_pattern_interleave(set, p->a, b));
}

static bool
is_blank(const char *text)
{
    return text[strspn(text, " \t\r\n")] == '\0';
}

static bool
attribute_allows(NskPatternSet *set, const NskPattern *p, const NskXmlAttribute *attribute)
{
    if (!nsk_names_contain(p->names, attribute->ns, attribute->name))
        return false;
    if (attribute->value == NULL)
        return true;
    return nsk_pattern_after_text(set, p->a, attribute->value)->nullable ||
           (p->a->nullable && is_blank(attribute->value));
}

const NskPattern *
nsk_pattern_after_attribute(NskPatternSet *set,
                            const NskPattern *p,
                            const NskXmlAttribute *attribute)
{
    const NskPattern *a;
    const NskPattern *b;

    if (p->kind == NSK_PATTERN_ATTRIBUTE)
        return attribute_allows(set, p, attribute) ? &empty_pattern : &not_allowed_pattern;
    if (p->kind < NSK_PATTERN_CHOICE)
        return &not_allowed_pattern;
    a = nsk_pattern_after_attribute(set, p->a, attribute);
    if (p->kind == NSK_PATTERN_ONE_OR_MORE)
        return nsk_pattern_group(set, a, nsk_pattern_choice(set, p, &empty_pattern));

    b = nsk_pattern_after_attribute(set, p->b, attribute);
    if (p->kind == NSK_PATTERN_CHOICE)
        return nsk_pattern_choice(set, a, b);
    /* attributes have no order, so a group is an interleaving to them */
    return nsk_pattern_choice(set, both(set, p->kind, a, p->b), both(set, p->kind, p->a, b));
}

const NskPattern *
nsk_pattern_close_tag(NskPatternSet *set, const NskPattern *p, bool forgive)
{
    const NskPattern *a;

    if (p->kind == NSK_PATTERN_ATTRIBUTE)
        return forgive ? &empty_pattern : &not_allowed_pattern;
    if (p->kind < NSK_PATTERN_CHOICE)
        return p;
    a = nsk_pattern_close_tag(set, p->a, forgive);
    if (p->kind == NSK_PATTERN_ONE_OR_MORE)
        return nsk_pattern_one_or_more(set, a);
    if (p->kind == NSK_PATTERN_CHOICE)
        return nsk_pattern_choice(set, a, nsk_pattern_close_tag(set, p->b, forgive));
    return both(set, p->kind, a, nsk_pattern_close_tag(set, p->b, forgive));
}
