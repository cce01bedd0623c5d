/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/resource.h"

#include "naskah-data.h"

#include <gio/gio.h>
#include <stdlib.h>
#include <string.h>

#define PREFIX "/naskah/"

static int
compare_names(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

GBytes *
nsk_resource_load(const char *path, GError **error)
{
    g_autofree char *full = g_strconcat(PREFIX, path, NULL);
    GBytes *bytes =
        g_resource_lookup_data(nsk_data_get_resource(), full, G_RESOURCE_LOOKUP_FLAGS_NONE, NULL);

    if (bytes == NULL)
        g_set_error(error, NSK_ERROR, NSK_ERROR_NOT_FOUND, "the program has no built-in file '%s'",
                    path);
    return bytes;
}

bool
nsk_resource_holds(const char *path, const void *data)
{
    g_autoptr(GBytes) bytes = nsk_resource_load(path, NULL);

    return bytes != NULL && g_bytes_get_data(bytes, NULL) == data;
}

char **
nsk_resource_list(const char *folder, GError **error)
{
    g_autofree char *full = g_strconcat(PREFIX, folder, NULL);
    char **names = g_resource_enumerate_children(nsk_data_get_resource(), full,
                                                 G_RESOURCE_LOOKUP_FLAGS_NONE, NULL);

    if (names == NULL) {
        g_set_error(error, NSK_ERROR, NSK_ERROR_NOT_FOUND,
                    "the program has no built-in folder '%s'", folder);
        return NULL;
    }
    qsort(names, g_strv_length(names), sizeof *names, compare_names);
    return names;
}
