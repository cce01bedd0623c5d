/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Making and writing documents.
 *
 * INVARIANT: what is written can be read again: a character that XML 1.0 forbids (section 2.2), or
 * a byte that is not UTF-8, becomes U+FFFD on the way into the tree.
 */
#include "base/message.h"
#include "xml/xml-private.h"

#include <libxml/c14n.h>
#include <libxml/xmlsave.h>
#include <string.h>

static bool
is_allowed(gunichar c)
{
    return c >= 0x20 ? c != 0xfffe && c != 0xffff : c == '\t' || c == '\n' || c == '\r';
}

/* Whether all of it is ASCII that XML allows, as most text is.  The first loop has no branch, so
 * that the compiler takes many bytes at once; line breaks are rare enough for a second one. */
static bool
is_clean(const char *text, size_t size)
{
    unsigned char odd = 0;

    for (size_t i = 0; i < size; i++)
        odd |= (unsigned char)text[i] < 0x20 || (unsigned char)text[i] >= 0x80;
    for (size_t i = 0; odd != 0 && i < size; i++) {
        unsigned char c = (unsigned char)text[i];

        if (c >= 0x80 || !is_allowed(c))
            return false;
    }
    return true;
}

/* *out_owned keeps what had to be changed; the text itself is returned where nothing had. */
static const char *
clean_text(const char *text, char **out_owned)
{
    if (is_clean(text, strlen(text)))
        return text;
    g_autofree char *valid = g_utf8_make_valid(text, -1);
    GString *clean = g_string_sized_new(strlen(valid));

    for (char *p = valid; *p != '\0'; p = g_utf8_next_char(p)) {
        gunichar c = g_utf8_get_char(p);

        g_string_append_unichar(clean, is_allowed(c) ? c : 0xfffd);
    }
    *out_owned = g_string_free(clean, FALSE);
    return *out_owned;
}

NskXmlDoc *
nsk_xml_doc_new(const char *ns, const char *root)
{
    nsk_xml_init();
    xmlDoc *doc = xmlNewDoc(nsk_xml_chars("1.0"));
    xmlNode *node = xmlNewDocNode(doc, NULL, nsk_xml_chars(root), NULL);

    xmlDocSetRootElement(doc, node);
    if (ns != NULL && *ns != '\0')
        xmlSetNs(node, xmlNewNs(node, nsk_xml_chars(ns), NULL));
    return nsk_xml_doc_wrap("", doc);
}

/* The namespace as default or by prefix if it is declared already, else declared on @node. */
static void
set_ns(NskXmlNode *node, NskXmlNode *parent, const char *ns)
{
    if (ns == NULL) {
        xmlSetNs(node, parent->ns);
        return;
    }
    if (*ns == '\0') {
        /* undo a default namespace that would apply where there is to be none */
        if (xmlSearchNs(parent->doc, parent, NULL) != NULL)
            xmlNewNs(node, nsk_xml_chars(""), NULL);
        return;
    }
    xmlNs *known = xmlSearchNsByHref(parent->doc, parent, nsk_xml_chars(ns));
    xmlSetNs(node, known != NULL ? known : xmlNewNs(node, nsk_xml_chars(ns), NULL));
}

NskXmlNode *
nsk_xml_add(NskXmlNode *parent, const char *ns, const char *name)
{
    xmlNode *node = xmlNewDocNode(parent->doc, NULL, nsk_xml_chars(name), NULL);

    xmlAddChild(parent, node);
    set_ns(node, parent, ns);
    return node;
}

NskXmlNode *
nsk_xml_add_text_element(NskXmlNode *parent, const char *name, const char *text)
{
    NskXmlNode *node = nsk_xml_add(parent, NULL, name);

    nsk_xml_add_text(node, text);
    return node;
}

void
nsk_xml_add_text(NskXmlNode *parent, const char *text)
{
    if (text == NULL || *text == '\0')
        return;
    g_autofree char *owned = NULL;
    const char *clean = clean_text(text, &owned);
    xmlAddChild(parent, xmlNewDocTextLen(parent->doc, nsk_xml_chars(clean), (int)strlen(clean)));
}

void
nsk_xml_set_attr(NskXmlNode *node, const char *name, const char *value)
{
    bool is_xml = g_str_has_prefix(name, "xml:");
    const xmlChar *local = nsk_xml_chars(is_xml ? name + 4 : name);
    xmlNs *ns = is_xml ? xmlSearchNs(node->doc, node, nsk_xml_chars("xml")) : NULL;
    xmlAttr *old = xmlHasNsProp(node, local, ns != NULL ? ns->href : NULL);

    if (value == NULL) {
        if (old != NULL)
            xmlRemoveProp(old);
        return;
    }
    g_autofree char *owned = NULL;
    const char *clean = clean_text(value, &owned);
    xmlSetNsProp(node, ns, local, nsk_xml_chars(clean));
}

void
nsk_xml_set_place_of(NskXmlNode *node, const NskXmlNode *from)
{
    node->_private = from->_private;
}

NskXmlNode *
nsk_xml_add_before(NskXmlNode *sibling, const char *name)
{
    xmlNode *node = xmlNewDocNode(sibling->doc, NULL, nsk_xml_chars(name), NULL);

    xmlAddPrevSibling(sibling, node);
    set_ns(node, sibling->parent, NULL);
    return node;
}

/* Unlinks the declarations of @node that its parent has alike; to be freed when unused. */
static xmlNs *
take_known_ns(xmlNode *node)
{
    xmlNs *taken = NULL;

    for (xmlNs **at = &node->nsDef; *at != NULL;) {
        xmlNs *ns = *at;
        xmlNs *known = xmlSearchNs(node->doc, node->parent, ns->prefix);

        if (known == NULL || !xmlStrEqual(known->href, ns->href)) {
            at = &ns->next;
            continue;
        }
        *at = ns->next;
        ns->next = taken;
        taken = ns;
    }
    return taken;
}

NskXmlNode *
nsk_xml_add_copy(NskXmlNode *parent, const NskXmlNode *node)
{
    xmlNode *copy = xmlDocCopyNode(nsk_xml_unconst(node), parent->doc, 1);

    xmlAddChild(parent, copy);
    if (nsk_xml_is_text(node))
        return parent->last;
    xmlNs *known = take_known_ns(copy);
    xmlReconciliateNs(parent->doc, copy);
    xmlFreeNsList(known);
    nsk_xml_copy_places(copy, node);
    return copy;
}

void
nsk_xml_set_text(NskXmlNode *node, const char *text)
{
    while (node->children != NULL)
        nsk_xml_remove(node->children);
    nsk_xml_add_text(node, text);
}

void
nsk_xml_remove(NskXmlNode *node)
{
    xmlUnlinkNode(node);
    xmlFreeNode(node);
}

GBytes *
nsk_xml_canonical_foreign(xmlDoc *doc, GError **error)
{
    xmlChar *text = NULL;

    nsk_xml_catch_begin();
    int size = xmlC14NDocDumpMemory(doc, NULL, XML_C14N_1_0, NULL, 0, &text);
    g_autofree char *why = nsk_xml_catch_end();
    if (size < 0 || text == NULL) {
        xmlFree(text);
        g_set_error(error, NSK_ERROR, NSK_ERROR_INVALID,
                    nsk_tr("the document has no canonical form: %s"),
                    why != NULL ? why : nsk_tr("unknown reason"));
        return NULL;
    }
    GBytes *bytes = g_bytes_new(text, (gsize)size);
    xmlFree(text);
    return bytes;
}

GBytes *
nsk_xml_canonical(const NskXmlNode *node, GError **error)
{
    GBytes *simple = nsk_xml_canonical_simple(node);

    if (simple != NULL)
        return simple;
    if (node == xmlDocGetRootElement(node->doc))
        return nsk_xml_canonical_foreign(node->doc, error);

    g_autoptr(NskXmlDoc) part = nsk_xml_doc_copy(node);
    return nsk_xml_canonical_foreign(part->doc, error);
}

static bool
is_blank_text(const NskXmlNode *node)
{
    return nsk_xml_is_text(node) && xmlIsBlankNode(node);
}

/* Whether line breaks between the children would be seen by nobody. */
static bool
may_indent(const NskXmlNode *node, const char *const *mixed)
{
    if (mixed != NULL && g_strv_contains(mixed, nsk_xml_name(node)))
        return false;
    if (nsk_xml_first(node) == NULL)
        return false;
    for (const xmlNode *child = node->children; child != NULL; child = child->next) {
        if (nsk_xml_is_text(child) && !is_blank_text(child))
            return false;
    }
    return true;
}

static xmlNode *
new_break(xmlDoc *doc, unsigned depth)
{
    g_autofree char *text = g_strnfill(1 + 2 * (gsize)depth, ' ');

    text[0] = '\n';
    return xmlNewDocText(doc, nsk_xml_chars(text));
}

/* Depth is bounded by the parser for what was read. */
static void
indent(xmlNode *node, unsigned depth, const char *const *mixed)
{
    xmlNode *next;

    if (!may_indent(node, mixed))
        return;
    for (xmlNode *child = node->children; child != NULL; child = next) {
        next = child->next;
        if (is_blank_text(child))
            nsk_xml_remove(child);
    }
    for (xmlNode *child = nsk_xml_first(node); child != NULL; child = nsk_xml_next(child)) {
        indent(child, depth + 1, mixed);
        xmlAddPrevSibling(child, new_break(node->doc, depth + 1));
    }
    xmlAddChild(node, new_break(node->doc, depth));
}

GBytes *
nsk_xml_pretty_mixed(const NskXmlDoc *self, const char *const *mixed, GError **error)
{
    g_autoptr(xmlDoc) copy = nsk_xml_doc_clone(self);
    xmlChar *text = NULL;
    int size = 0;

    indent(xmlDocGetRootElement(copy), 0, mixed);
    xmlDocDumpMemoryEnc(copy, &text, &size, "UTF-8");
    if (text == NULL) {
        g_set_error_literal(error, NSK_ERROR, NSK_ERROR_IO,
                            nsk_tr("the XML library cannot write XML"));
        return NULL;
    }
    GBytes *bytes = g_bytes_new(text, (gsize)size);
    xmlFree(text);
    return bytes;
}

GBytes *
nsk_xml_pretty(const NskXmlDoc *self, GError **error)
{
    return nsk_xml_pretty_mixed(self, NULL, error);
}
