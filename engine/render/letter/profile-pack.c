/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A profile as one file: its emblems' bytes stand in it, in base64. */
#include "base/message.h"
#include "base/resource.h"
#include "render/letter/letter-private.h"

#include <string.h>

/* Lines of 76 characters, as MIME has them. */
enum { LINE_BYTES = 57 };

static void
write_bytes(NskXmlNode *logo, GBytes *png)
{
    GString *text = g_string_new("\n");
    gsize size;
    const guchar *data = g_bytes_get_data(png, &size);

    for (gsize at = 0; at < size; at += LINE_BYTES) {
        g_autofree char *line = g_base64_encode(data + at, MIN((gsize)LINE_BYTES, size - at));

        g_string_append_printf(text, "%s\n", line);
    }
    nsk_xml_set_text(logo, text->str);
    g_string_free(text, TRUE);
}

/* Whether the image of @logo need not be packed: it is in the profile, or in the program. */
static bool
is_there(const NskXmlNode *logo)
{
    g_autofree char *text = nsk_xml_text(logo);
    g_autofree char *path = g_strconcat("templates/profiles/", nsk_xml_attr(logo, "file"), NULL);

    if (*g_strstrip(text) != '\0')
        return true;
    g_autoptr(GBytes) shipped = nsk_resource_load(path, NULL);
    return shipped != NULL;
}

bool
nsk_profile_pack(const NskProfileProof *request, GBytes **out_bytes, GError **error)
{
    gsize size;
    const void *data = g_bytes_get_data(request->bytes, &size);
    g_autoptr(NskProfile) profile = nsk_profile_parse(request->name, data, size, NULL, error);
    g_autoptr(NskXmlDoc) doc =
        profile != NULL ? nsk_xml_parse(request->name, data, size, error) : NULL;
    bool changed = false;

    if (doc == NULL)
        return false;
    NskXmlNode *root = nsk_xml_doc_get_root(doc);
    for (NskXmlNode *node = nsk_xml_first(root); node != NULL; node = nsk_xml_next(node)) {
        NskXmlNode *logo = nsk_xml_child(node, "logo");

        if (logo == NULL || is_there(logo))
            continue;
        const char *file = nsk_xml_attr(logo, "file");
        g_autoptr(GBytes) png = request->load != NULL ? request->load(request->data, file) : NULL;
        if (png == NULL) {
            g_set_error(error, NSK_ERROR, NSK_ERROR_NOT_FOUND,
                        nsk_tr("%s:%u: there is no emblem '%s'; put it beside the profile"),
                        request->name, nsk_xml_line(logo), file);
            return false;
        }
        write_bytes(logo, png);
        changed = true;
    }
    GBytes *packed = changed ? nsk_xml_canonical(root, error) : g_bytes_ref(request->bytes);
    if (packed == NULL)
        return false;
    g_autoptr(NskProfile) again = nsk_profile_parse(request->name, g_bytes_get_data(packed, NULL),
                                                    g_bytes_get_size(packed), NULL, error);
    if (again == NULL) {
        g_bytes_unref(packed);
        return false;
    }
    *out_bytes = packed;
    return true;
}
