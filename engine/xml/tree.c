/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Documents and read access to their nodes. */
#include "xml/xml-private.h"

#include <string.h>

NskXmlDoc *
nsk_xml_doc_wrap(const char *name, xmlDoc *doc)
{
    NskXmlDoc *self = g_new0(NskXmlDoc, 1);

    self->name = g_strdup(name);
    self->doc = doc;
    doc->_private = self;
    return self;
}

void
nsk_xml_doc_free(NskXmlDoc *self)
{
    if (self == NULL)
        return;
    xmlFreeDoc(self->doc);
    g_free(self->name);
    g_free(self);
}

const char *
nsk_xml_doc_get_name(const NskXmlDoc *self)
{
    return self->name;
}

NskXmlNode *
nsk_xml_doc_get_root(const NskXmlDoc *self)
{
    return xmlDocGetRootElement(self->doc);
}

xmlNode *
nsk_xml_walk(const xmlNode *node, const xmlNode *top)
{
    xmlNode *next = nsk_xml_first(node);

    while (next == NULL && node != top) {
        next = nsk_xml_next(node);
        node = node->parent;
    }
    return next;
}

/* Both trees have the same shape, so one walk serves both. */
void
nsk_xml_copy_places(xmlNode *to, const xmlNode *from)
{
    const xmlNode *source = from;

    for (xmlNode *node = to; node != NULL && source != NULL; node = nsk_xml_walk(node, to)) {
        node->_private = source->_private;
        source = nsk_xml_walk(source, from);
    }
}

xmlDoc *
nsk_xml_doc_clone(const NskXmlDoc *self)
{
    xmlDoc *copy = xmlCopyDoc(self->doc, 1);

    if (copy != NULL && xmlDocGetRootElement(copy) != NULL)
        nsk_xml_copy_places(xmlDocGetRootElement(copy), nsk_xml_doc_get_root(self));
    return copy;
}

NskXmlDoc *
nsk_xml_doc_copy(const NskXmlNode *node)
{
    const NskXmlDoc *owner = node->doc->_private;
    xmlDoc *doc = xmlNewDoc(nsk_xml_chars("1.0"));
    xmlNode *copy = xmlDocCopyNode(nsk_xml_unconst(node), doc, 1);

    xmlDocSetRootElement(doc, copy);
    nsk_xml_copy_places(copy, node);
    return nsk_xml_doc_wrap(owner != NULL ? owner->name : "", doc);
}

static NskXmlNode *
element_from(xmlNode *node)
{
    while (node != NULL && node->type != XML_ELEMENT_NODE)
        node = node->next;
    return node;
}

NskXmlNode *
nsk_xml_first(const NskXmlNode *node)
{
    return node->type == XML_ELEMENT_NODE ? element_from(node->children) : NULL;
}

NskXmlNode *
nsk_xml_next(const NskXmlNode *node)
{
    return node->type == XML_ATTRIBUTE_NODE ? NULL : element_from(node->next);
}

NskXmlNode *
nsk_xml_parent(const NskXmlNode *node)
{
    xmlNode *parent = node->parent;

    return parent != NULL && parent->type == XML_ELEMENT_NODE ? parent : NULL;
}

NskXmlNode *
nsk_xml_child(const NskXmlNode *node, const char *name)
{
    for (NskXmlNode *child = nsk_xml_first(node); child != NULL; child = nsk_xml_next(child)) {
        if (strcmp(nsk_xml_name(child), name) == 0)
            return child;
    }
    return NULL;
}

static NskXmlNode *
content_from(xmlNode *node)
{
    while (node != NULL && node->type != XML_ELEMENT_NODE && !nsk_xml_is_text(node))
        node = node->next;
    return node;
}

NskXmlNode *
nsk_xml_first_any(const NskXmlNode *node)
{
    return node->type == XML_ELEMENT_NODE ? content_from(node->children) : NULL;
}

NskXmlNode *
nsk_xml_next_any(const NskXmlNode *node)
{
    return node->type == XML_ATTRIBUTE_NODE ? NULL : content_from(node->next);
}

bool
nsk_xml_is_text(const NskXmlNode *node)
{
    return node->type == XML_TEXT_NODE || node->type == XML_CDATA_SECTION_NODE;
}

const char *
nsk_xml_name(const NskXmlNode *node)
{
    bool named = node->type == XML_ELEMENT_NODE || node->type == XML_ATTRIBUTE_NODE;

    return named ? nsk_xml_plain(node->name) : "";
}

const char *
nsk_xml_ns(const NskXmlNode *node)
{
    bool named = node->type == XML_ELEMENT_NODE || node->type == XML_ATTRIBUTE_NODE;

    return named && node->ns != NULL && node->ns->href != NULL ? nsk_xml_plain(node->ns->href) : "";
}

bool
nsk_xml_is(const NskXmlNode *node, const char *ns, const char *name)
{
    return node->type == XML_ELEMENT_NODE && strcmp(nsk_xml_name(node), name) == 0 &&
           strcmp(nsk_xml_ns(node), ns != NULL ? ns : "") == 0;
}

/* Parsing and building both leave one text node, or none for an empty value. */
static const char *
attr_value(const xmlAttr *attr)
{
    return attr->children != NULL ? nsk_xml_plain(attr->children->content) : "";
}

static const char *
attr_ns(const xmlAttr *attr)
{
    return attr->ns != NULL && attr->ns->href != NULL ? nsk_xml_plain(attr->ns->href) : "";
}

const char *
nsk_xml_attr(const NskXmlNode *node, const char *name)
{
    return nsk_xml_attr_ns(node, "", name);
}

const char *
nsk_xml_attr_ns(const NskXmlNode *node, const char *ns, const char *name)
{
    if (node->type != XML_ELEMENT_NODE)
        return NULL;
    for (const xmlAttr *attr = node->properties; attr != NULL; attr = attr->next) {
        if (strcmp(nsk_xml_plain(attr->name), name) == 0 && strcmp(attr_ns(attr), ns) == 0)
            return attr_value(attr);
    }
    return NULL;
}

bool
nsk_xml_attr_at(const NskXmlNode *node,
                size_t index,
                const char **out_ns,
                const char **out_name,
                const char **out_value)
{
    const xmlAttr *attr = node->type == XML_ELEMENT_NODE ? node->properties : NULL;

    for (; attr != NULL && index > 0; index--)
        attr = attr->next;
    if (attr == NULL)
        return false;
    *out_ns = attr_ns(attr);
    *out_name = nsk_xml_plain(attr->name);
    *out_value = attr_value(attr);
    return true;
}

const char *
nsk_xml_text_in_place(const NskXmlNode *node)
{
    if (node->type == XML_ELEMENT_NODE) {
        node = node->children;
        if (node == NULL)
            return "";
        if (node->next != NULL)
            return NULL;
    }
    if (!nsk_xml_is_text(node))
        return NULL;
    return node->content != NULL ? nsk_xml_plain(node->content) : "";
}

/* xmlNodeGetContent() takes quadratic time.  Depth is bounded by the parser. */
static void
append_text(GString *text, const xmlNode *node)
{
    if (nsk_xml_is_text(node) && node->content != NULL)
        g_string_append(text, nsk_xml_plain(node->content));
    if (node->type != XML_ELEMENT_NODE && node->type != XML_ATTRIBUTE_NODE &&
        node->type != XML_DOCUMENT_NODE)
        return;
    for (const xmlNode *child = node->children; child != NULL; child = child->next)
        append_text(text, child);
}

char *
nsk_xml_text(const NskXmlNode *node)
{
    const char *in_place = nsk_xml_text_in_place(node);

    if (in_place != NULL)
        return g_strdup(in_place);
    GString *text = g_string_new(NULL);
    append_text(text, node);
    return g_string_free(text, FALSE);
}

static bool
is_blank(char c)
{
    return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

char *
nsk_xml_text_folded(const NskXmlNode *node)
{
    char *text = nsk_xml_text(node);
    char *to = text;

    for (const char *from = text; *from != '\0'; from++) {
        if (!is_blank(*from))
            *to++ = *from;
        else if (to > text && to[-1] != ' ')
            *to++ = ' ';
    }
    if (to > text && to[-1] == ' ')
        to--;
    *to = '\0';
    return text;
}

char *
nsk_xml_child_text(const NskXmlNode *node, const char *name)
{
    const NskXmlNode *child = nsk_xml_child(node, name);

    return child != NULL ? nsk_xml_text_folded(child) : NULL;
}

void
nsk_xml_set_place(xmlNode *node, unsigned line, unsigned column)
{
    node->_private = (void *)(uintptr_t)((uint64_t)line << 32 | column);
}

/* Text and attributes have the place of their element. */
static uint64_t
get_place(const NskXmlNode *node)
{
    if (node->type != XML_ELEMENT_NODE)
        node = nsk_xml_parent(node);
    return node != NULL ? (uint64_t)(uintptr_t)node->_private : 0;
}

unsigned
nsk_xml_line(const NskXmlNode *node)
{
    return (unsigned)(get_place(node) >> 32);
}

unsigned
nsk_xml_column(const NskXmlNode *node)
{
    return (unsigned)(get_place(node) & UINT32_MAX);
}

void
nsk_xml_issue(const NskXmlDoc *doc,
              const NskXmlNode *node,
              NskIssues *issues,
              const char *tag,
              const char *format,
              ...)
{
    NskIssue place = { tag, NSK_SEVERITY_ERROR, doc->name, nsk_xml_line(node), nsk_xml_column(node),
                       NULL };
    va_list args;

    va_start(args, format);
    g_autofree char *text = g_strdup_vprintf(format, args);
    va_end(args);
    nsk_issues_add(issues, &place, "%s", text);
}
