/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Reads the XML into the tree of formatting objects: elements by the table tags.def, attributes
 * into traits (traits.c), and text.
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

    /* the first letter tells most of them apart */
    while (i < NSK_FO_N_TAGS && (tags[i].name[0] != name[0] || strcmp(tags[i].name, name) != 0))
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

    self->n_refused++;
    self->failed |= !self->lenient;
    va_start(args, format);
    add_issue(self, node, (NskIssue){ .tag = tag, .severity = severity }, format, args);
    va_end(args);
}

#define NODES 64 /* of a block */

struct _NskFoNodes {
    NskFoNodes *next;
    unsigned n;
    NskFoNode nodes[NODES];
};

NskFoNode *
nsk_fo_node_new(NskFoTree *self)
{
    if (self->nodes == NULL || self->nodes->n == NODES) {
        NskFoNodes *block = g_new0(NskFoNodes, 1);

        block->next = self->nodes;
        self->nodes = block;
    }
    return &self->nodes->nodes[self->nodes->n++];
}

static NskFoNode *
add_node(NskFoTree *self, NskFoNode *parent, NskFoTag tag, const NskXmlNode *xml)
{
    NskFoNode *node = nsk_fo_node_new(self);

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

static bool
is_blank(const char *text)
{
    return text[strspn(text, " \t\r\n")] == '\0';
}

static void
read_text(NskFoTree *self, NskFoNode *parent, const NskXmlNode *xml)
{
    const char *text = nsk_xml_text_in_place(xml);

    if (nsk_fo_tag_holds(parent->tag) & IS_TEXT) {
        if (text[0] != '\0')
            add_node(self, parent, NSK_FO_TEXT, xml)->text = text;
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
    NskFoNode *node = add_node(self, parent, NSK_FO_SVG, xml);
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

    NskFoNode *node = add_node(self, parent, tag, xml);
    nsk_fo_traits_read(self, node, xml);
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
    self->by_key = g_hash_table_new(g_str_hash, g_str_equal);
    self->key = g_string_new(NULL);
    self->attributes = g_array_new(FALSE, FALSE, sizeof(NskFoAttribute));
    self->file = nsk_xml_doc_get_name(doc);
    self->issues = issues;
    self->lenient = lenient;
    self->root = add_node(self, NULL, NSK_FO_ROOT, xml);
    nsk_fo_traits_read(self, self->root, xml);
    read_children(self, self->root, xml);
    return self;
}

void
nsk_fo_tree_free(NskFoTree *self)
{
    if (self == NULL)
        return;
    nsk_fo_traits_free_all(self);
    while (self->nodes != NULL) {
        NskFoNodes *next = self->nodes->next;

        g_free(self->nodes);
        self->nodes = next;
    }
    g_hash_table_unref(self->by_key);
    g_string_free(self->key, TRUE);
    g_array_unref(self->attributes);
    g_string_chunk_free(self->strings);
    g_free(self);
}
