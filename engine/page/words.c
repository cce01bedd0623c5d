/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A page's stylesheet: the frame, the components and the page itself in one, with every sentence in
 * the page's language, so that a page costs nothing for being told in two.
 */
#include "base/message.h"
#include "base/resource.h"
#include "page/page-private.h"

#include <string.h>

#define XSL_NS   "http://www.w3.org/1999/XSL/Transform"
#define WORDS_NS "urn:naskah:words:1"
#define ENDING   ".xsl"

static NskXmlDoc *
read_part(const char *name, GError **error)
{
    gsize size;
    g_autofree char *path = g_strconcat(NSK_PAGE_FOLDER "/", name, ENDING, NULL);
    g_autoptr(GBytes) bytes = nsk_resource_load(path, error);

    if (bytes == NULL)
        return NULL;
    const void *data = g_bytes_get_data(bytes, &size);
    return nsk_xml_parse(path, data, size, error);
}

/* The English sentence with {1}, {2} ... for what stands in it; @holes: its w:v, borrowed. */
static char *
read_sentence(const NskXmlNode *words, GPtrArray *holes)
{
    g_autoptr(GString) sentence = g_string_new(NULL);

    for (NskXmlNode *piece = nsk_xml_first_any(words); piece != NULL;
         piece = nsk_xml_next_any(piece)) {
        if (nsk_xml_is_text(piece)) {
            g_autofree char *text = nsk_xml_text(piece);

            g_string_append(sentence, text);
            continue;
        }
        g_ptr_array_add(holes, piece);
        g_string_append_printf(sentence, "{%u}", holes->len);
    }
    return g_string_free(g_steal_pointer(&sentence), FALSE);
}

/* Runs of white space made one blank; those at the ends stay as one. */
static char *
fold(const char *text)
{
    GString *folded = g_string_new(NULL);

    for (; *text != '\0'; text++) {
        bool is_blank = g_ascii_isspace(*text);

        if (!is_blank || folded->len == 0 || folded->str[folded->len - 1] != ' ')
            g_string_append_c(folded, is_blank ? ' ' : *text);
    }
    return g_string_free(folded, FALSE);
}

/* A hole "{n}" at the beginning of @text; NULL if there is none.  *out_rest: behind it. */
static const NskXmlNode *
find_hole(const char *text, const GPtrArray *holes, const char **out_rest)
{
    char *end = NULL;
    guint64 n = text[0] == '{' ? g_ascii_strtoull(text + 1, &end, 10) : 0;

    if (n == 0 || n > holes->len || *end != '}')
        return NULL;
    *out_rest = end + 1;
    return holes->pdata[n - 1];
}

/* Adds the sentence that is in use: xsl:text and, for holes, xsl:value-of. */
static void
add_sentence(NskXmlNode *to, const NskXmlNode *words)
{
    g_autoptr(GPtrArray) holes = g_ptr_array_new();
    g_autofree char *raw = read_sentence(words, holes);
    g_autofree char *english = fold(raw);
    g_autoptr(GString) text = g_string_new(NULL);
    const char *rest = nsk_tr(english);

    while (*rest != '\0') {
        const NskXmlNode *hole = find_hole(rest, holes, &rest);

        if (hole == NULL) {
            g_string_append_c(text, *rest++);
            continue;
        }
        nsk_xml_add_text(nsk_xml_add(to, XSL_NS, "text"), text->str);
        g_string_truncate(text, 0);
        nsk_xml_set_attr(nsk_xml_add(to, XSL_NS, "value-of"), "select",
                         nsk_xml_attr(hole, "select"));
    }
    if (text->len > 0)
        nsk_xml_add_text(nsk_xml_add(to, XSL_NS, "text"), text->str);
}

static void
copy_attributes(NskXmlNode *to, const NskXmlNode *from)
{
    const char *ns, *name, *value;

    for (size_t i = 0; nsk_xml_attr_at(from, i, &ns, &name, &value); i++)
        nsk_xml_set_attr(to, name, value);
}

/* Copies what stands in @from, words in the language that is in use. */
static void
copy_content(NskXmlNode *to, const NskXmlNode *from)
{
    for (const NskXmlNode *node = nsk_xml_first_any(from); node != NULL;
         node = nsk_xml_next_any(node)) {
        if (nsk_xml_is_text(node)) {
            g_autofree char *text = nsk_xml_text(node);

            nsk_xml_add_text(to, text);
        } else if (nsk_xml_is(node, WORDS_NS, "t")) {
            add_sentence(to, node);
        } else if (nsk_xml_is(node, WORDS_NS, "attr")) {
            NskXmlNode *attribute = nsk_xml_add(to, XSL_NS, "attribute");

            copy_attributes(attribute, node);
            add_sentence(attribute, node);
        } else {
            NskXmlNode *copy = nsk_xml_add(to, nsk_xml_ns(node), nsk_xml_name(node));

            copy_attributes(copy, node);
            copy_content(copy, node);
        }
    }
}

NskXmlStyle *
nsk_page_style(const char *name, const char *language, GError **error)
{
    const char *const parts[] = { "base", "parts", name };
    g_autoptr(NskXmlDoc) whole = nsk_xml_doc_new(XSL_NS, "stylesheet");
    NskXmlNode *root = nsk_xml_doc_get_root(whole);
    const char *before = nsk_language_use(language);
    bool ok = true;

    nsk_xml_set_attr(root, "version", "1.0");
    for (size_t i = 0; ok && i < G_N_ELEMENTS(parts); i++) {
        g_autoptr(NskXmlDoc) part = read_part(parts[i], error);

        ok = part != NULL;
        if (ok)
            copy_content(root, nsk_xml_doc_get_root(part));
    }
    nsk_language_use(before);
    g_autoptr(GBytes) bytes = ok ? nsk_xml_canonical(root, error) : NULL;
    return bytes != NULL ? nsk_xml_style_parse(name, g_bytes_get_data(bytes, NULL),
                                               g_bytes_get_size(bytes), error)
                         : NULL;
}
