/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Attributes to traits.  A letter says the same again and again: each cell of a table, each item of
 * a list.  What an element says is read once for all elements of its name with the same
 * attributes whose parents share their traits; the others get the same traits.
 *
 * 1. Traits depend on nothing but the tag, the attributes and the parent's traits.  Those that do
 *    (from-table-column(), which looks at cells before) and those with a fault, which is to be told
 *    of each element, are shared with nobody.
 * 2. Traits do not change once all of an element's attributes are read.
 * 3. On one element the font comes first, then shorthands by rank, then the rest.
 */
#include "render/fo/fo.h"
#include "render/fo/tree.h"

#include <string.h>

#define XML_NS "http://www.w3.org/XML/1998/namespace"
#define FOX_NS "http://xmlgraphics.apache.org/fop/extensions"

#define MAX_TABLES 4096 /* traits with a table of all values; others look them up */
/* no XML has these characters */
#define KEY_NAME "\x01"
#define KEY_TEXT "\x02"

/* The name under which an attribute is known; NULL if it is none of ours. */
static const char *
attribute_name(const char *ns, const char *name)
{
    if (ns[0] == '\0')
        return name;
    if (strcmp(ns, XML_NS) == 0 && strcmp(name, "lang") == 0)
        return "xml:lang";
    if (strcmp(ns, NSK_FO_EXT_NS) == 0 &&
        (strcmp(name, "role") == 0 || strcmp(name, "alt") == 0 || strcmp(name, "min-pages") == 0))
        return name;
    if (strcmp(ns, FOX_NS) == 0 && strcmp(name, "alt-text") == 0)
        return "alt";
    return NULL;
}

/* When an attribute is read: the font and its size first, for em means it; -1 if it is unknown. */
static int
attribute_rank(const char *name)
{
    if (strcmp(name, "font") == 0)
        return 0;
    if (strcmp(name, "font-size") == 0)
        return 1;
    if (nsk_fo_property_find(name) < NSK_P_COUNT)
        return 100;

    int rank = nsk_fo_shorthand_rank(name);
    return rank < 0 ? -1 : rank + 2;
}

static void
read_attribute(NskFoTree *self, NskFoNode *node, const char *name, const char *text)
{
    NskFoProperty property = nsk_fo_property_find(name);
    NskFoValue value;

    if (property == NSK_P_COUNT)
        nsk_fo_shorthand_expand(self, node, name, text);
    else if (nsk_fo_value_parse(self, node, property, text, &value))
        nsk_fo_set(node, property, &value);
}

static void
sum_into(NskFoValue *sum, const NskFoValue *term)
{
    if (term->kind == NSK_V_LENGTH) {
        sum->number += term->number;
        sum->fraction += term->fraction;
    }
}

/* Section 5.3.2: a margin of a block that makes no reference area becomes an indent. */
static void
margin_to_indent(NskFoNode *node, NskFoProperty margin, NskFoProperty indent, int side)
{
    NskFoValue sum = { .kind = NSK_V_LENGTH };

    if (!nsk_fo_is_set(node, margin) || nsk_fo_is_set(node, indent))
        return;
    if (node->tag != NSK_FO_BLOCK_CONTAINER)
        sum_into(&sum, nsk_fo_get(node->parent, indent));
    sum_into(&sum, nsk_fo_get(node, margin));
    sum_into(&sum, nsk_fo_get(node, NSK_P_PADDING_BEFORE + (NskFoProperty)side));
    sum.number += nsk_fo_border_width(node, side);
    nsk_fo_set(node, indent, &sum);
}

static void
margin_to_space(NskFoNode *node, NskFoProperty margin, NskFoProperty space)
{
    if (!nsk_fo_is_set(node, margin) || nsk_fo_is_set(node, space + 1))
        return;
    for (NskFoProperty part = space; part < space + 3; part++)
        nsk_fo_set(node, part, nsk_fo_get(node, margin));
}

static void
resolve_margins(NskFoNode *node)
{
    if (node->parent == NULL ||
        !(nsk_fo_tag_is(node->tag) & (IS_BLOCK | IS_LIST_ITEM | IS_CAPTION)) ||
        node->tag == NSK_FO_WRAPPER)
        return;
    margin_to_indent(node, NSK_P_MARGIN_LEFT, NSK_P_START_INDENT, 2);
    margin_to_indent(node, NSK_P_MARGIN_RIGHT, NSK_P_END_INDENT, 3);
    margin_to_space(node, NSK_P_MARGIN_TOP, NSK_P_SPACE_BEFORE_MIN);
    margin_to_space(node, NSK_P_MARGIN_BOTTOM, NSK_P_SPACE_AFTER_MIN);
}

/* Writes what the traits of @xml depend on to the tree's key; false if that is not all. */
static bool
write_key(NskFoTree *self, const NskFoNode *node, const NskXmlNode *xml)
{
    const NskFoTraits *parent = node->parent != NULL ? node->parent->traits : NULL;
    unsigned head[] = { (unsigned)node->tag + 1, parent != NULL ? parent->number + 1 : 1 };
    const char *ns, *name, *text;
    bool whole = true;

    g_string_truncate(self->key, 0);
    for (size_t i = 0; i < G_N_ELEMENTS(head); i++) {
        for (; head[i] >= 0x80; head[i] >>= 7)
            g_string_append_c(self->key, (char)(head[i] | 0x80));
        g_string_append_c(self->key, (char)(head[i] | 0x80));
        g_string_append_c(self->key, KEY_NAME[0]);
    }
    for (size_t i = 0; nsk_xml_attr_at(xml, i, &ns, &name, &text); i++) {
        const char *known = attribute_name(ns, name);

        whole &= known != NULL && strstr(text, "from-table-column") == NULL;
        g_string_append(self->key, known != NULL ? known : name);
        g_string_append_c(self->key, KEY_TEXT[0]);
        g_string_append(self->key, text);
        g_string_append_c(self->key, KEY_NAME[0]);
    }
    return whole;
}

static void
collect_attributes(NskFoTree *self, NskFoNode *node, const NskXmlNode *xml, GArray *attributes)
{
    const char *ns, *name, *text;

    for (size_t i = 0; nsk_xml_attr_at(xml, i, &ns, &name, &text); i++) {
        const char *known = attribute_name(ns, name);
        NskFoAttribute attribute = { .name = known, .text = text };

        attribute.rank = known != NULL ? attribute_rank(known) : -1;
        if (attribute.rank >= 0)
            g_array_append_val(attributes, attribute);
        else
            nsk_fo_refuse(self, node, "fo-property", "property '%.60s' of %s is not supported",
                          name, nsk_fo_tag_name(node->tag));
    }
}

static int
compare_ranks(const void *a, const void *b)
{
    return ((const NskFoAttribute *)a)->rank - ((const NskFoAttribute *)b)->rank;
}

static void
read_attributes(NskFoTree *self, NskFoNode *node, const NskXmlNode *xml)
{
    GArray *attributes = self->attributes;

    g_array_set_size(attributes, 0);
    collect_attributes(self, node, xml, attributes);
    if (attributes->len > 1)
        g_array_sort(attributes, compare_ranks);
    for (guint i = 0; i < attributes->len; i++) {
        const NskFoAttribute *attribute = &g_array_index(attributes, NskFoAttribute, i);

        read_attribute(self, node, attribute->name, attribute->text);
    }
    resolve_margins(node);
}

/* Puts the value of every property within reach: what the parent has, but for what it alone said
 * of what is not inherited; then what is said here. */
static void
make_table(NskFoTree *self, NskFoTraits *traits)
{
    const NskFoTraits *parent = traits->parent;

    if (self->n_tables >= MAX_TABLES || (parent != NULL && parent->values == NULL))
        return;
    self->n_tables++;
    traits->values = g_new(const NskFoValue *, NSK_P_COUNT);
    for (unsigned i = 0; parent == NULL && i < NSK_P_COUNT; i++)
        traits->values[i] = nsk_fo_initial((NskFoProperty)i);
    if (parent != NULL)
        memcpy(traits->values, parent->values, NSK_P_COUNT * sizeof *traits->values);
    for (unsigned i = 0; parent != NULL && i < parent->n_settings; i++) {
        NskFoProperty property = parent->settings[i].property;

        if (!nsk_fo_is_inherited(property))
            traits->values[property] = nsk_fo_initial(property);
    }
    for (unsigned i = 0; i < traits->n_settings; i++)
        traits->values[traits->settings[i].property] = &traits->settings[i].value;
}

void
nsk_fo_traits_read(NskFoTree *self, NskFoNode *node, const NskXmlNode *xml)
{
    bool shared = write_key(self, node, xml);
    unsigned n_refused = self->n_refused;
    NskFoTraits *traits = shared ? g_hash_table_lookup(self->by_key, self->key->str) : NULL;

    if (traits != NULL) {
        node->traits = traits;
        return;
    }
    traits = g_new0(NskFoTraits, 1);
    traits->parent = node->parent != NULL ? node->parent->traits : NULL;
    traits->number = self->n_traits++;
    traits->next = self->traits;
    self->traits = traits;
    node->traits = traits;
    read_attributes(self, node, xml);
    make_table(self, traits);
    if (shared && self->n_refused == n_refused)
        g_hash_table_insert(self->by_key, g_string_chunk_insert(self->strings, self->key->str),
                            traits);
}

void
nsk_fo_traits_free_all(NskFoTree *self)
{
    while (self->traits != NULL) {
        NskFoTraits *next = self->traits->next;

        g_free(self->traits->settings);
        g_free(self->traits->values);
        g_free(self->traits);
        self->traits = next;
    }
}
