/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Styles and scripts, by names that change with what they hold. */
#include "base/message.h"
#include "base/resource.h"
#include "crypto/crypto.h"
#include "page/page-private.h"

#include <string.h>

#define FOLDER  NSK_PAGE_FOLDER "/assets"
#define ADDRESS "/aset/"
#define DIGITS  8

static const struct {
    const char *file;
    const char *type;
} assets[] = {
    { "naskah.css", "text/css; charset=utf-8" },
    { "naskah.js", "text/javascript; charset=utf-8" },
    { "editor.js", "text/javascript; charset=utf-8" },
};

/* "naskah-01234567.css"; owned. */
static char *
dated_name(const char *file, GBytes *bytes)
{
    const char *ending = strrchr(file, '.');
    g_autofree char *digest =
        nsk_sha256_hex(g_bytes_get_data(bytes, NULL), g_bytes_get_size(bytes));

    return g_strdup_printf("%.*s-%.*s%s", (int)(ending - file), file, DIGITS, digest, ending);
}

static GBytes *
load(const char *file)
{
    g_autofree char *path = g_strconcat(FOLDER "/", file, NULL);
    GBytes *bytes = nsk_resource_load(path, NULL);

    g_assert(bytes != NULL); /* built in */
    return bytes;
}

char *
nsk_page_asset_address(const char *file)
{
    g_autoptr(GBytes) bytes = load(file);
    g_autofree char *name = dated_name(file, bytes);

    return g_strconcat(ADDRESS, name, NULL);
}

GBytes *
nsk_page_asset(const char *name, const char **out_type, GError **error)
{
    for (size_t i = 0; i < G_N_ELEMENTS(assets); i++) {
        g_autoptr(GBytes) bytes = load(assets[i].file);
        g_autofree char *dated = dated_name(assets[i].file, bytes);

        if (strcmp(dated, name) == 0) {
            *out_type = assets[i].type;
            return g_steal_pointer(&bytes);
        }
    }
    g_set_error(error, NSK_ERROR, NSK_ERROR_NOT_FOUND, nsk_tr("there is no file '%s'"), name);
    return NULL;
}
