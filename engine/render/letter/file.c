/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A file of XSL-FO from anyone: the fonts that it names are looked for with fontconfig, once and
 * before anything is laid out; images are files of this machine or "data:" addresses.  The PDF has
 * no date, for the file has none.
 */
#include "base/bytes.h"
#include "base/limits.h"
#include "base/message.h"
#include "render/fo/fo.h"
#include "render/font/font.h"
#include "render/letter/letter-private.h"

#include <string.h>

static bool
has_prefix(const char *text, const char *prefix)
{
    return g_ascii_strncasecmp(text, prefix, strlen(prefix)) == 0;
}

/* data:[TYPE][;base64],DATA (RFC 2397); the type is seen from the bytes. */
static GBytes *
read_data_uri(const char *uri, GError **error)
{
    const char *comma = strchr(uri, ',');
    gsize size = 0;

    if (comma == NULL || comma - uri < 7 || !has_prefix(comma - 7, ";base64")) {
        g_set_error(error, NSK_ERROR, NSK_ERROR_UNSUPPORTED,
                    nsk_tr("a data: address of an image must be in base64"));
        return NULL;
    }
    guchar *bytes = g_base64_decode(comma + 1, &size);
    return g_bytes_new_take(bytes, size);
}

static bool
has_scheme(const char *name)
{
    const char *colon = strchr(name, ':');

    if (colon == NULL || colon - name < 2)
        return false;
    for (const char *at = name; at < colon; at++) {
        if (!g_ascii_isalnum(*at) && *at != '+' && *at != '-' && *at != '.')
            return false;
    }
    return true;
}

static GBytes *
load_image(void *data, const char *name, GError **error)
{
    const NskRenderFile *file = data;
    g_autofree char *plain = NULL, *path = NULL;

    if (has_prefix(name, "data:"))
        return read_data_uri(name, error);
    if (has_prefix(name, "file:"))
        name += has_prefix(name, "file://") ? 7 : 5;
    if (has_scheme(name)) {
        g_set_error(error, NSK_ERROR, NSK_ERROR_UNSUPPORTED,
                    nsk_tr("nothing is fetched from a network; save it beside the file and name it "
                           "there"));
        return NULL;
    }
    plain = strchr(name, '%') != NULL ? g_uri_unescape_string(name, NULL) : NULL;
    path = g_path_is_absolute(name)
               ? g_strdup(plain != NULL ? plain : name)
               : g_build_filename(file->folder, plain != NULL ? plain : name, NULL);
    return nsk_file_read(path, NSK_LIMIT_IMAGE_SIZE, error);
}

bool
nsk_render_file(const NskRenderFile *file, NskIssues *issues, GBytes **out_pdf, GError **error)
{
    g_autoptr(NskIssues) found = nsk_issues_new();
    g_auto(GStrv) families = nsk_fo_families(file->fo);
    g_autoptr(NskFontSet) fonts = nsk_font_set_open_installed((const char *const *)families, error);
    g_autofree char *title = g_path_get_basename(nsk_xml_doc_get_name(file->fo));

    if (fonts == NULL)
        return false;
    NskFoOptions options = {
        .fonts = fonts,
        .load_image = load_image,
        .load_data = (void *)(uintptr_t)file,
        .title = title,
        .issues = found,
        .lenient = file->lenient,
    };
    GBytes *pdf = nsk_fo_render(file->fo, &options, error);
    nsk_form_move_issues(found, issues);
    if (pdf == NULL)
        return false;
    *out_pdf = pdf;
    return true;
}
