/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Reads the XML into the tree of formatting objects: elements by the table tags.def, attributes
 * into settings, and text.
 *
 * 1. A parent's settings are complete before its children are read, so that em, inherit and
 *    body-start() see computed values.
 * 2. On one element the font comes first, then shorthands by rank, then the rest.
 * 3. Nothing unknown is passed over: each is an error with its name and line.
 */
#include "render/fo/tree.h"

#include "render/fo/fo.h"

#include <string.h>

#define SVG_NS "http://www.w3.org/2000/svg"
#define XML_NS "http://www.w3.org/XML/1998/namespace"
#define FOX_NS "http://xmlgraphics.apache.org/fop/extensions"

typedef struct {
    const char *name;
    unsigned is;
    unsigned holds;
} Tag;

static const Tag tags[] = {
#define TAG(id, name, is, holds) { name, is, holds },
#include "render/fo/tags.def"
#undef TAG
};

const char *
nsk_fo_tag_name(NskFoTag tag)
{
    return tags[tag].name;
}

unsigned
nsk_fo_tag_is(NskFoTag tag)
{
    return tags[tag].is;
}

unsigned
nsk_fo_tag_holds(NskFoTag tag)
{
    return tags[tag].holds;
}

NskFoTag
nsk_fo_tag_find(const char *name)
{
    size_t i = 1;

    while (i < NSK_FO_N_TAGS && strcmp(tags[i].name, name) != 0)
        i++;
    return (NskFoTag)i;
}

static void
add_issue(NskFoTree *self, const NskFoNode *node, NskIssue place, const char *format, va_list args)
    G_GNUC_PRINTF(4, 0);

static void
add_issue(NskFoTree *self, const NskFoNode *node, NskIssue place, const char *format, va_list args)
{
    g_autofree char *text = g_strdup_vprintf(format, args);

    place.file = g_strdup(self->file);
    place.line = node->line;
    place.column = node->column;
    nsk_issues_add(self->issues, &place, "%s", text);
    g_free(place.file);
}

void
nsk_fo_error(NskFoTree *self, const NskFoNode *node, const char *tag, const char *format, ...)
{
    va_list args;

    self->failed = true;
    va_start(args, format);
    add_issue(self, node, (NskIssue){ .tag = tag, .severity = NSK_SEVERITY_ERROR }, format, args);
    va_end(args);
}

void
nsk_fo_warning(NskFoTree *self, const NskFoNode *node, const char *tag, const char *format, ...)
{
    va_list args;

    va_start(args, format);
    add_issue(self, node, (NskIssue){ .tag = tag, .severity = NSK_SEVERITY_WARNING }, format, args);
    va_end(args);
}

void
nsk_fo_refuse(NskFoTree *self, const NskFoNode *node, const char *tag, const char *format, ...)
{
    NskSeverity severity = self->lenient ? NSK_SEVERITY_WARNING : NSK_SEVERITY_ERROR;
    va_list args;

    self->failed |= !self->lenient;
    va_start(args, format);
    add_issue(self, node, (NskIssue){ .tag = tag, .severity = severity }, format, args);
    va_end(args);
}

static NskFoNode *
add_node(NskFoNode *parent, NskFoTag tag, const NskXmlNode *xml)
{
    NskFoNode *node = g_new0(NskFoNode, 1);

    node->tag = tag;
    node->line = nsk_xml_line(xml);
    node->column = nsk_xml_column(xml);
    node->parent = parent;
    if (parent == NULL)
        return node;
    if (parent->last != NULL)
        parent->last->next = node;
    else
        parent->first = node;
    parent->last = node;
    return node;
}

static void
free_node(NskFoNode *node)
{
    while (node != NULL) {
        NskFoNode *next = node->next;

        free_node(node->first);
        g_free(node->settings);
        g_free(node);
        node = next;
    }
}

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

typedef struct {
    const char *name;
    const char *text;
    int rank;
} Attribute;

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
    if (node->parent == NULL || !(nsk_fo_tag_is(node->tag) & (IS_BLOCK | IS_LIST_ITEM)) ||
        node->tag == NSK_FO_WRAPPER)
        return;
    margin_to_indent(node, NSK_P_MARGIN_LEFT, NSK_P_START_INDENT, 2);
    margin_to_indent(node, NSK_P_MARGIN_RIGHT, NSK_P_END_INDENT, 3);
    margin_to_space(node, NSK_P_MARGIN_TOP, NSK_P_SPACE_BEFORE_MIN);
    margin_to_space(node, NSK_P_MARGIN_BOTTOM, NSK_P_SPACE_AFTER_MIN);
}

static void
collect_attributes(NskFoTree *self, NskFoNode *node, const NskXmlNode *xml, GArray *attributes)
{
    const char *ns, *name, *text;

    for (size_t i = 0; nsk_xml_attr_at(xml, i, &ns, &name, &text); i++) {
        const char *known = attribute_name(ns, name);
        Attribute attribute = { .name = known, .text = text };

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
    return ((const Attribute *)a)->rank - ((const Attribute *)b)->rank;
}

static void
read_attributes(NskFoTree *self, NskFoNode *node, const NskXmlNode *xml)
{
    g_autoptr(GArray) attributes = g_array_new(FALSE, FALSE, sizeof(Attribute));

    collect_attributes(self, node, xml, attributes);
    g_array_sort(attributes, compare_ranks);
    for (guint i = 0; i < attributes->len; i++) {
        const Attribute *attribute = &g_array_index(attributes, Attribute, i);

        read_attribute(self, node, attribute->name, attribute->text);
    }
    resolve_margins(node);
}

static bool
is_blank(const char *text)
{
    return text[strspn(text, " \t\r\n")] == '\0';
}

static void
read_text(NskFoTree *self, NskFoNode *parent, const NskXmlNode *xml)
{
    g_autofree char *text = nsk_xml_text(xml);

    if (nsk_fo_tag_holds(parent->tag) & IS_TEXT) {
        if (text[0] != '\0')
            add_node(parent, NSK_FO_TEXT, xml)->text = g_string_chunk_insert(self->strings, text);
    } else if (!is_blank(text)) {
        nsk_fo_error(self, parent, "fo-element", "%s cannot hold text; put it into a block",
                     nsk_fo_tag_name(parent->tag));
    }
}

static bool
is_known_element(const NskXmlNode *xml, NskFoTag tag)
{
    bool ours =
        tag < NSK_FO_N_TAGS && (tag == NSK_FO_NEXT_WORD || (nsk_fo_tag_is(tag) & IS_FOREIGN) != 0);
    const char *ns = ours ? NSK_FO_EXT_NS : NSK_FO_NS;

    return tag < NSK_FO_N_TAGS && strcmp(nsk_xml_ns(xml), ns) == 0;
}

/* A drawing is kept as text for the reader of images. */
static void
read_svg(NskFoTree *self, NskFoNode *parent, const NskXmlNode *xml)
{
    NskFoNode *node = add_node(parent, NSK_FO_SVG, xml);
    g_autoptr(GError) error = NULL;
    g_autoptr(GBytes) bytes = nsk_xml_canonical(xml, &error);
    gsize size = 0;
    const char *text = bytes != NULL ? g_bytes_get_data(bytes, &size) : "";

    if (bytes == NULL)
        nsk_fo_error(self, node, "fo-image", "%s", error->message);
    node->text = g_string_chunk_insert_len(self->strings, text, (gssize)size);
}

static void read_children(NskFoTree *self, NskFoNode *node, const NskXmlNode *xml);

static void
read_element(NskFoTree *self, NskFoNode *parent, const NskXmlNode *xml)
{
    NskFoTag tag = nsk_fo_tag_find(nsk_xml_name(xml));
    NskFoNode here = { .line = nsk_xml_line(xml), .column = nsk_xml_column(xml) };

    if (parent->tag == NSK_FO_INSTREAM_OBJECT && nsk_xml_is(xml, SVG_NS, "svg")) {
        read_svg(self, parent, xml);
        return;
    }
    if (!is_known_element(xml, tag)) {
        nsk_fo_error(self, &here, "fo-element", "element '%.60s' is not supported",
                     nsk_xml_name(xml));
        return;
    }
    if ((nsk_fo_tag_is(tag) & nsk_fo_tag_holds(parent->tag)) == 0) {
        nsk_fo_error(self, &here, "fo-element", "%s cannot stand in %s", nsk_fo_tag_name(tag),
                     nsk_fo_tag_name(parent->tag));
        return;
    }

    NskFoNode *node = add_node(parent, tag, xml);
    read_attributes(self, node, xml);
    read_children(self, node, xml);
}

static void
read_children(NskFoTree *self, NskFoNode *node, const NskXmlNode *xml)
{
    for (NskXmlNode *child = nsk_xml_first_any(xml); child != NULL;
         child = nsk_xml_next_any(child)) {
        if (nsk_xml_is_text(child))
            read_text(self, node, child);
        else
            read_element(self, node, child);
    }
}

NskFoTree *
nsk_fo_tree_read(const NskXmlDoc *doc, NskIssues *issues, bool lenient, GError **error)
{
    const NskXmlNode *xml = nsk_xml_doc_get_root(doc);

    if (!nsk_xml_is(xml, NSK_FO_NS, "root")) {
        g_set_error(error, NSK_ERROR, NSK_ERROR_INVALID,
                    "%s: the root element must be 'root' of the namespace %s",
                    nsk_xml_doc_get_name(doc), NSK_FO_NS);
        return NULL;
    }

    NskFoTree *self = g_new0(NskFoTree, 1);
    self->strings = g_string_chunk_new(4096);
    self->file = nsk_xml_doc_get_name(doc);
    self->issues = issues;
    self->lenient = lenient;
    self->root = add_node(NULL, NSK_FO_ROOT, xml);
    read_attributes(self, self->root, xml);
    read_children(self, self->root, xml);
    return self;
}

void
nsk_fo_tree_free(NskFoTree *self)
{
    if (self == NULL)
        return;
    free_node(self->root);
    g_string_chunk_free(self->strings);
    g_free(self);
}
