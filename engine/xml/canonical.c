/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Canonical XML 1.0 (https://www.w3.org/TR/xml-c14n) of documents that have one default namespace,
 * declared at the root, and no attributes but plain ones and those of xml: which is what our own
 * writers make.  Every other document is left to libxml2, whose canonical form of ours is the same.
 *
 * Section 2.3: an element's namespace declaration comes first, then its attributes in the order of
 * namespace and name; no element is empty; text and values have the escapes below and no others.
 */
#include "xml/xml-private.h"

#include <stdlib.h>
#include <string.h>

#define MAX_ATTRIBUTES 16

typedef struct {
    GString *out;
    const xmlNs *ns; /* the one namespace; NULL: none */
} Writer;

/* Whether the attribute is one that this writer knows: plain text, of no namespace or of xml. */
static bool
attribute_is_simple(const xmlAttr *attribute)
{
    const xmlNode *value = attribute->children;

    return (attribute->ns == NULL || xmlStrEqual(attribute->ns->href, XML_XML_NAMESPACE)) &&
           (value == NULL || (value->type == XML_TEXT_NODE && value->next == NULL));
}

static bool
element_is_simple(const xmlNode *node, const xmlNs *ns)
{
    int n = 0;

    if (node->ns != ns || node->nsDef != (node->parent->type == XML_DOCUMENT_NODE ? ns : NULL))
        return false;
    for (const xmlAttr *at = node->properties; at != NULL; at = at->next) {
        if (++n > MAX_ATTRIBUTES || !attribute_is_simple(at))
            return false;
    }
    return true;
}

/* @node and all beneath it; depth is bounded by the parser. */
static bool
tree_is_simple(const xmlNode *node, const xmlNs *ns)
{
    if (node->type == XML_TEXT_NODE)
        return true;
    if (node->type != XML_ELEMENT_NODE || !element_is_simple(node, ns))
        return false;
    for (const xmlNode *child = node->children; child != NULL; child = child->next) {
        if (!tree_is_simple(child, ns))
            return false;
    }
    return true;
}

/* A relative namespace has no canonical form, which libxml2 says. */
static bool
is_simple(const xmlNode *root)
{
    const xmlNs *ns = root->nsDef;

    return (ns == NULL || (ns->next == NULL && ns->prefix == NULL &&
                           strchr(nsk_xml_plain(ns->href), ':') != NULL &&
                           strpbrk(nsk_xml_plain(ns->href), "&<\"\t\n\r") == NULL)) &&
           tree_is_simple(root, ns);
}

/* Appends @text with the characters of @special as its escapes say. */
static void
append_escaped(GString *out, const char *text, const char *special)
{
    while (*text != '\0') {
        size_t plain = strcspn(text, special);

        g_string_append_len(out, text, (gssize)plain);
        text += plain;
        switch (*text) {
        case '&':
            g_string_append(out, "&amp;");
            break;
        case '<':
            g_string_append(out, "&lt;");
            break;
        case '>':
            g_string_append(out, "&gt;");
            break;
        case '"':
            g_string_append(out, "&quot;");
            break;
        case '\0':
            return;
        default:
            g_string_append_printf(out, "&#x%X;", (unsigned)(unsigned char)*text);
            break;
        }
        text++;
    }
}

static int
compare_attributes(const void *a, const void *b)
{
    const xmlAttr *x = *(const xmlAttr *const *)a, *y = *(const xmlAttr *const *)b;

    if ((x->ns == NULL) != (y->ns == NULL))
        return x->ns == NULL ? -1 : 1;
    return strcmp(nsk_xml_plain(x->name), nsk_xml_plain(y->name));
}

static void
append_attributes(GString *out, const xmlNode *node)
{
    const xmlAttr *sorted[MAX_ATTRIBUTES];
    size_t n = 0;

    for (const xmlAttr *at = node->properties; at != NULL; at = at->next)
        sorted[n++] = at;
    if (n > 1)
        qsort(sorted, n, sizeof sorted[0], compare_attributes);
    for (size_t i = 0; i < n; i++) {
        const xmlNode *value = sorted[i]->children;

        g_string_append(out, sorted[i]->ns != NULL ? " xml:" : " ");
        g_string_append(out, nsk_xml_plain(sorted[i]->name));
        g_string_append(out, "=\"");
        append_escaped(out, value != NULL ? nsk_xml_plain(value->content) : "", "&<\"\t\n\r");
        g_string_append_c(out, '"');
    }
}

static void
append_element(const Writer *writer, const xmlNode *node)
{
    GString *out = writer->out;

    g_string_append_c(out, '<');
    g_string_append(out, nsk_xml_plain(node->name));
    if (node->nsDef != NULL) {
        g_string_append(out, " xmlns=\"");
        g_string_append(out, nsk_xml_plain(writer->ns->href));
        g_string_append_c(out, '"');
    }
    append_attributes(out, node);
    g_string_append_c(out, '>');
    for (const xmlNode *child = node->children; child != NULL; child = child->next) {
        if (child->type == XML_TEXT_NODE)
            append_escaped(out, nsk_xml_plain(child->content), "&<>\r");
        else
            append_element(writer, child);
    }
    g_string_append(out, "</");
    g_string_append(out, nsk_xml_plain(node->name));
    g_string_append_c(out, '>');
}

/* Whether attributes stand in canonical order, and no text beside a text, in @node and beneath. */
static bool
tree_is_in_order(const xmlNode *node)
{
    for (const xmlAttr *at = node->properties; at != NULL && at->next != NULL; at = at->next) {
        const xmlAttr *next = at->next;

        if (compare_attributes(&at, &next) > 0)
            return false;
    }
    for (const xmlNode *child = node->children; child != NULL; child = child->next) {
        bool in_order = child->type == XML_TEXT_NODE
                            ? child->next == NULL || child->next->type != XML_TEXT_NODE
                            : tree_is_in_order(child);

        if (!in_order)
            return false;
    }
    return true;
}

/* Makes the first @n of @sorted the list of the element's attributes. */
static void
link_attributes(xmlNode *node, xmlAttr **sorted, size_t n)
{
    node->properties = sorted[0];
    for (size_t i = 0; i < n; i++) {
        sorted[i]->prev = i > 0 ? sorted[i - 1] : NULL;
        sorted[i]->next = i + 1 < n ? sorted[i + 1] : NULL;
    }
}

void
nsk_xml_sort_attributes(NskXmlNode *node)
{
    xmlAttr *sorted[MAX_ATTRIBUTES];
    size_t n = 0;
    bool in_order = true;

    if (node->type != XML_ELEMENT_NODE)
        return;
    for (xmlAttr *at = node->properties; at != NULL; at = at->next) {
        /* more are no writer's of ours: then they stay as they are, which tidy says */
        if (n == MAX_ATTRIBUTES)
            return;
        in_order = in_order && (n == 0 || compare_attributes(&sorted[n - 1], &at) <= 0);
        sorted[n++] = at;
    }
    if (!in_order) {
        qsort(sorted, n, sizeof sorted[0], compare_attributes);
        link_attributes(node, sorted, n);
    }
    for (xmlNode *child = node->children; child != NULL; child = child->next)
        nsk_xml_sort_attributes(child);
}

static bool
is_alone(const xmlNode *root)
{
    return root->parent != NULL && root->parent->type == XML_DOCUMENT_NODE && root->prev == NULL &&
           root->next == NULL;
}

bool
nsk_xml_is_tidy(const NskXmlNode *root)
{
    return is_alone(root) && is_simple(root) && tree_is_in_order(root);
}

GBytes *
nsk_xml_canonical_simple(const NskXmlNode *root)
{
    if (!is_alone(root) || !is_simple(root))
        return NULL;
    Writer writer = { g_string_sized_new(8192), root->nsDef };
    append_element(&writer, root);
    return g_string_free_to_bytes(writer.out);
}
