/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A tree as HTML (WHATWG HTML, 13.3, serialising HTML fragments), in UTF-8.
 *
 * Names are written without prefixes; namespaces, comments and instructions are left out.  The head
 * begins with the encoding, so that the file says it wherever it is kept.
 */
#include "xml/style-private.h"
#include "xml/xml-private.h"

#include <libxml/parserInternals.h>
#include <string.h>

static const char *const void_elements[] = { "area",  "base",   "br",    "col",  "embed",
                                             "hr",    "img",    "input", "link", "meta",
                                             "param", "source", "track", "wbr",  NULL };
/* What stands in these is not escaped: it may not hold their end. */
static const char *const raw_elements[] = { "script", "style", NULL };

static bool
is_one_of(const xmlNode *node, const char *const *names)
{
    return g_strv_contains(names, nsk_xml_plain(node->name));
}

/* What stands for a character that would be taken for markup; NULL: it stands for itself. */
static const char *
find_entity(char c, bool in_attribute)
{
    switch (c) {
    case '&':
        return "&amp;";
    case '<':
        return "&lt;";
    case '>':
        return in_attribute ? NULL : "&gt;";
    case '"':
        return in_attribute ? "&quot;" : NULL;
    default:
        return NULL;
    }
}

static void
write_escaped(GString *out, const char *text, bool in_attribute)
{
    const char *plain = text;

    for (; *text != '\0'; text++) {
        const char *entity = *text <= '>' ? find_entity(*text, in_attribute) : NULL;

        if (entity == NULL)
            continue;
        g_string_append_len(out, plain, text - plain);
        g_string_append(out, entity);
        plain = text + 1;
    }
    g_string_append_len(out, plain, text - plain);
}

static void
write_attribute(GString *out, const xmlAttr *attribute)
{
    g_string_append_c(out, ' ');
    if (attribute->ns != NULL && attribute->ns->prefix != NULL) {
        g_string_append(out, nsk_xml_plain(attribute->ns->prefix));
        g_string_append_c(out, ':');
    }
    g_string_append(out, nsk_xml_plain(attribute->name));
    g_string_append(out, "=\"");
    for (const xmlNode *text = attribute->children; text != NULL; text = text->next) {
        if (text->content != NULL)
            write_escaped(out, nsk_xml_plain(text->content), true);
    }
    g_string_append_c(out, '"');
}

static void
write_text(GString *out, const xmlNode *text)
{
    bool is_raw = text->name == xmlStringTextNoenc ||
                  (text->parent != NULL && text->parent->type == XML_ELEMENT_NODE &&
                   is_one_of(text->parent, raw_elements));

    if (text->content == NULL)
        return;
    if (is_raw)
        g_string_append(out, nsk_xml_plain(text->content));
    else
        write_escaped(out, nsk_xml_plain(text->content), false);
}

static void
begin_element(GString *out, const xmlNode *node)
{
    g_string_append_c(out, '<');
    g_string_append(out, nsk_xml_plain(node->name));
    for (const xmlAttr *attribute = node->properties; attribute != NULL;
         attribute = attribute->next)
        write_attribute(out, attribute);
    g_string_append_c(out, '>');
    if (strcmp(nsk_xml_plain(node->name), "head") == 0)
        g_string_append(out, "<meta charset=\"UTF-8\">");
}

static void
end_element(GString *out, const xmlNode *node)
{
    if (node->type != XML_ELEMENT_NODE ||
        (node->children == NULL && is_one_of(node, void_elements)))
        return;
    g_string_append(out, "</");
    g_string_append(out, nsk_xml_plain(node->name));
    g_string_append_c(out, '>');
}

GBytes *
nsk_xml_html(const xmlDoc *doc)
{
    GString *out = g_string_sized_new(16384);
    const xmlNode *node = doc->children;
    /* the library takes no const here, but changes nothing */
    const xmlNode *root = xmlDocGetRootElement((xmlDoc *)(uintptr_t)doc);

    if (root != NULL && strcmp(nsk_xml_plain(root->name), "html") == 0)
        g_string_append(out, "<!DOCTYPE html>\n");
    /* without recursion: a tree may be deep */
    while (node != NULL) {
        if (node->type == XML_ELEMENT_NODE)
            begin_element(out, node);
        else if (node->type == XML_TEXT_NODE || node->type == XML_CDATA_SECTION_NODE)
            write_text(out, node);
        if (node->type == XML_ELEMENT_NODE && node->children != NULL) {
            node = node->children;
            continue;
        }
        end_element(out, node);
        while (node->next == NULL && node->parent != NULL &&
               node->parent->type == XML_ELEMENT_NODE) {
            node = node->parent;
            end_element(out, node);
        }
        node = node->next;
    }
    return g_string_free_to_bytes(out);
}
