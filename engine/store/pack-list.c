/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Which packs a repository is to have: the file "naskah-packs" in it, a line "pack-<sha1> SIZE"
 * each, by which the next run sees that one was lost, and writes the repository anew.
 *
 * INVARIANT: what is noted is there.  A pack is noted after it is durable, and those that are to go
 * are struck out before they go; so a kill leaves packs that are not noted, which is no harm, and
 * never the other way round.
 */
#include "base/bytes.h"
#include "store/store-private.h"

#include <string.h>

#define FILE_NAME  "naskah-packs"
#define FILE_MODE  0644
#define LIST_LIMIT (1024 * 1024) /* bytes */

static bool
has_name(const GPtrArray *names, const char *name)
{
    for (guint i = 0; i < names->len; i++) {
        if (strcmp(names->pdata[i], name) == 0)
            return true;
    }
    return false;
}

/* The text for the packs that are there, but those of @gone (NULL: all) that are not in @keep. */
static char *
format_list(const GArray *packs, const GPtrArray *gone, const GPtrArray *keep)
{
    GString *text = g_string_new(NULL);

    for (guint i = 0; i < packs->len; i++) {
        const NskPackFile *pack = &g_array_index(packs, NskPackFile, i);
        bool kept = keep != NULL && has_name(keep, pack->name);

        if (kept || (gone != NULL && !has_name(gone, pack->name)))
            g_string_append_printf(text, "%s %" G_GINT64_FORMAT "\n", pack->name, pack->size);
    }
    return g_string_free(text, FALSE);
}

/* The noted text; NULL without error if there is none.  What cannot be such a text says that a pack
 * is lost. */
static bool
read_list(const char *path, char **out_text, GError **error)
{
    g_autoptr(GError) fault = NULL;
    g_autofree char *file = g_build_filename(path, FILE_NAME, NULL);
    g_autoptr(GBytes) bytes = nsk_file_read(file, LIST_LIMIT, &fault);

    *out_text = NULL;
    if (bytes != NULL) {
        *out_text = g_strndup(g_bytes_get_data(bytes, NULL), g_bytes_get_size(bytes));
        return true;
    }
    if (g_error_matches(fault, NSK_ERROR, NSK_ERROR_IO)) {
        g_propagate_error(error, g_steal_pointer(&fault));
        return false;
    }
    if (!g_error_matches(fault, NSK_ERROR, NSK_ERROR_NOT_FOUND))
        *out_text = g_strdup("?");
    return true;
}

bool
nsk_repository_note_packs(const char *path,
                          const GPtrArray *gone,
                          const GPtrArray *keep,
                          GError **error)
{
    g_autofree char *file = g_build_filename(path, FILE_NAME, NULL);
    g_autofree char *before = NULL;
    g_autoptr(GArray) packs = nsk_repository_list_packs(path, error);

    if (packs == NULL || !read_list(path, &before, error))
        return false;
    g_autofree char *text = format_list(packs, gone, keep);
    return g_strcmp0(before, text) == 0 ||
           nsk_file_write(file, text, strlen(text), FILE_MODE, error);
}

bool
nsk_repository_has_packs(const char *path, const GArray *packs, bool *out_has, GError **error)
{
    g_autofree char *text = NULL;
    g_autofree char *there = NULL;
    g_autoptr(GPtrArray) none = g_ptr_array_new();

    if (!read_list(path, &text, error))
        return false;
    *out_has = true;
    if (text == NULL)
        return true;
    /* so that a line is found with its end, and the first one with its beginning */
    g_autofree char *list = format_list(packs, none, NULL);
    there = g_strconcat("\n", list, NULL);
    g_auto(GStrv) lines = g_strsplit(text, "\n", -1);
    for (int i = 0; lines[i] != NULL && lines[i][0] != '\0'; i++) {
        g_autofree char *line = g_strconcat("\n", lines[i], "\n", NULL);

        *out_has = *out_has && strstr(there, line) != NULL;
    }
    return true;
}
