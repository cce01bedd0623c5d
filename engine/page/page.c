/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The frame around a view, and the stylesheets, each compiled when a page is first asked for. */
#include "page/page.h"

#include "base/message.h"
#include "base/resource.h"
#include "page/page-private.h"

#include <string.h>

static GMutex styles_lock;
static GHashTable *styles; /* "language/name" -> NskXmlStyle, which stay */

static bool
is_page(const char *file)
{
    return g_str_has_suffix(file, ".xsl") && strcmp(file, "base.xsl") != 0 &&
           strcmp(file, "parts.xsl") != 0;
}

char **
nsk_page_list(GError **error)
{
    g_auto(GStrv) files = nsk_resource_list(NSK_PAGE_FOLDER, error);
    g_autoptr(GStrvBuilder) names = g_strv_builder_new();

    if (files == NULL)
        return NULL;
    for (int i = 0; files[i] != NULL; i++) {
        if (is_page(files[i])) {
            g_autofree char *name = g_strndup(files[i], strlen(files[i]) - strlen(".xsl"));

            g_strv_builder_add(names, name);
        }
    }
    return g_strv_builder_end(names);
}

static bool
check_name(const char *name, GError **error)
{
    g_auto(GStrv) names = nsk_page_list(error);

    if (names == NULL)
        return false;
    if (g_strv_contains((const char *const *)names, name))
        return true;
    g_set_error(error, NSK_ERROR, NSK_ERROR_NOT_FOUND, nsk_tr("there is no page '%s'"), name);
    return false;
}

static NskXmlStyle *
find_style(const char *name, const char *language, GError **error)
{
    g_autoptr(GMutexLocker) locker = g_mutex_locker_new(&styles_lock);
    g_autofree char *key = g_strconcat(language, "/", name, NULL);

    if (styles == NULL)
        styles = g_hash_table_new(g_str_hash, g_str_equal);
    NskXmlStyle *style = g_hash_table_lookup(styles, key);
    if (style == NULL && check_name(name, error)) {
        style = nsk_page_style(name, language, error);
        if (style != NULL)
            g_hash_table_insert(styles, g_steal_pointer(&key), style);
    }
    return style;
}

/* The addresses of what the frame names; found once. */
typedef struct {
    char *style;
    char *script;
    char *editor;
} Addresses;

static const Addresses *
find_addresses(void)
{
    static Addresses *found;

    if (g_once_init_enter(&found)) {
        Addresses *made = g_new(Addresses, 1);

        *made =
            (Addresses){ nsk_page_asset_address("naskah.css"), nsk_page_asset_address("naskah.js"),
                         nsk_page_asset_address("editor.js") };
        g_once_init_leave(&found, made);
    }
    return found;
}

static NskXmlDoc *
make_source(const char *name, const NskPageFrame *frame, const NskJson *view, GError **error)
{
    g_autoptr(NskXmlDoc) doc = nsk_xml_doc_new(NULL, "page");
    NskXmlNode *page = nsk_xml_doc_get_root(doc);
    const Addresses *addresses = find_addresses();

    nsk_xml_set_attr(page, "name", name);
    nsk_xml_set_attr(page, "language", frame->language);
    nsk_xml_set_attr(page, "theme", frame->theme);
    nsk_xml_set_attr(page, "size", frame->size != NULL ? frame->size : "usual");
    nsk_xml_set_attr(page, "path", frame->path);
    nsk_xml_set_attr(page, "token", frame->token);
    nsk_xml_set_attr(page, "style", addresses->style);
    nsk_xml_set_attr(page, "script", addresses->script);
    nsk_xml_set_attr(page, "editor", addresses->editor);
    nsk_xml_set_attr(page, "fragment", frame->is_fragment ? "yes" : NULL);
    if (frame->facts != NULL &&
        !nsk_page_add_view(nsk_xml_add(page, "", "frame"), frame, frame->facts, error))
        return NULL;
    if (!nsk_page_add_view(nsk_xml_add(page, "", "view"), frame, view, error))
        return NULL;
    return g_steal_pointer(&doc);
}

GBytes *
nsk_page_render(const char *name, const NskPageFrame *frame, const NskJson *view, GError **error)
{
    NskXmlStyle *style = find_style(name, frame->language, error);
    const char *before = nsk_language_use(frame->language);
    NskXmlDoc *source = style != NULL ? make_source(name, frame, view, error) : NULL;
    g_autoptr(NskXmlDoc) result =
        source != NULL ? nsk_xml_style_apply_once(style, source, NULL, error) : NULL;

    nsk_language_use(before);
    return result != NULL ? nsk_xml_style_write(style, result, error) : NULL;
}
