/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A letter for reading on a screen: what templates/letters/html.xsl cannot do by itself, on the
 * formatting objects before it.  Images become data: addresses, so that the page is one file, and
 * the modules of a QR code (ISO/IEC 18004) the path of an SVG.
 */
#include "base/message.h"
#include "base/resource.h"
#include "render/letter/letter-private.h"

#include <string.h>

#define HTML_STYLE "templates/letters/html.xsl"

static const struct {
    const char *beginning;
    size_t size;
    const char *type;
} types[] = {
    { "\x89PNG", 4, "image/png" },
    { "\xff\xd8\xff", 3, "image/jpeg" },
    { "<svg", 4, "image/svg+xml" },
    { "<?xml", 5, "image/svg+xml" },
};

/* The name within "url(...)", quoted or not. */
static char *
plain_name(const char *src)
{
    g_autofree char *name = g_strdup(src);

    if (g_str_has_prefix(name, "url(") && g_str_has_suffix(name, ")")) {
        name[strlen(name) - 1] = '\0';
        memmove(name, name + 4, strlen(name + 4) + 1);
    }
    g_strstrip(name);
    g_strdelimit(name, "'\"", ' ');
    return g_strdup(g_strstrip(name));
}

static bool
inline_image(NskXmlNode *node, NskFoLoadImage load, void *data, GError **error)
{
    const char *src = nsk_xml_attr(node, "src");
    g_autofree char *name = plain_name(src != NULL ? src : "");
    g_autoptr(GBytes) bytes = load(data, name, error);
    gsize size;

    if (bytes == NULL)
        return false;
    const void *start = g_bytes_get_data(bytes, &size);
    for (size_t i = 0; i < G_N_ELEMENTS(types); i++) {
        if (size < types[i].size || memcmp(start, types[i].beginning, types[i].size) != 0)
            continue;
        g_autofree char *text = g_base64_encode(start, size);
        g_autofree char *address = g_strconcat("data:", types[i].type, ";base64,", text, NULL);
        nsk_xml_set_attr(node, "src", address);
    }
    return true;
}

static void
draw_modules(NskXmlNode *node)
{
    int modules;
    const char *text = nsk_xml_attr(node, "text");
    g_autofree char *path = text != NULL ? nsk_qr_path(text, &modules) : NULL;

    if (path == NULL)
        return;
    g_autofree char *count = g_strdup_printf("%d", modules);
    nsk_xml_set_attr(node, "path", path);
    nsk_xml_set_attr(node, "modules", count);
}

static bool
prepare(NskXmlNode *node, NskFoLoadImage load, void *data, GError **error)
{
    if (strcmp(nsk_xml_name(node), "external-graphic") == 0)
        return inline_image(node, load, data, error);
    if (nsk_xml_is(node, NSK_FO_EXT_NS, "qr"))
        draw_modules(node);
    for (NskXmlNode *child = nsk_xml_first(node); child != NULL; child = nsk_xml_next(child)) {
        if (!prepare(child, load, data, error))
            return false;
    }
    return true;
}

GBytes *
nsk_html_make(NskXmlDoc *fo, const char *title, NskFoLoadImage load, void *data, GError **error)
{
    g_autoptr(NskXmlDoc) owned = fo;
    g_autoptr(GBytes) text = nsk_resource_load(HTML_STYLE, error);
    const char *const params[] = { "title", title, NULL };
    gsize size;

    if (text == NULL || !prepare(nsk_xml_doc_get_root(fo), load, data, error))
        return NULL;
    const void *start = g_bytes_get_data(text, &size);
    g_autoptr(NskXmlStyle) style = nsk_xml_style_parse(HTML_STYLE, start, size, error);
    if (style == NULL)
        return NULL;
    g_autoptr(NskXmlDoc) html =
        nsk_xml_style_apply_once(style, g_steal_pointer(&owned), params, error);
    return html != NULL ? nsk_xml_style_write(style, html, error) : NULL;
}
