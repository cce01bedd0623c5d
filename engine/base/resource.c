/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/resource.h"

#include "base/data.h"

#include <stdlib.h>
#include <string.h>

static int
compare_path(const void *path, const void *file)
{
    return strcmp(path, ((const NskDataFile *)file)->path);
}

static const NskDataFile *
find(const char *path)
{
    return bsearch(path, nsk_data_files, nsk_data_n_files, sizeof nsk_data_files[0], compare_path);
}

GBytes *
nsk_resource_load(const char *path, GError **error)
{
    const NskDataFile *file = find(path);

    if (file != NULL)
        return g_bytes_new_static(file->bytes, file->size);
    g_set_error(error, NSK_ERROR, NSK_ERROR_NOT_FOUND, "the program has no built-in file '%s'",
                path);
    return NULL;
}

bool
nsk_resource_holds(const char *path, const void *data)
{
    const NskDataFile *file = find(path);

    return file != NULL && file->bytes == data;
}

char **
nsk_resource_list(const char *folder, GError **error)
{
    g_autoptr(GStrvBuilder) names = g_strv_builder_new();
    g_autofree char *last = NULL;
    size_t size = strlen(folder);

    for (size_t i = 0; i < nsk_data_n_files; i++) {
        const char *path = nsk_data_files[i].path;

        if (strncmp(path, folder, size) != 0 || path[size] != '/')
            continue;
        /* a folder beneath it, with its slash, stands for all that it holds */
        const char *name = path + size + 1;
        const char *slash = strchr(name, '/');
        g_autofree char *own =
            slash != NULL ? g_strndup(name, (size_t)(slash - name) + 1) : g_strdup(name);
        if (g_strcmp0(own, last) == 0)
            continue;
        g_strv_builder_add(names, own);
        g_free(last);
        last = g_steal_pointer(&own);
    }
    if (last != NULL)
        return g_strv_builder_end(names);
    g_set_error(error, NSK_ERROR, NSK_ERROR_NOT_FOUND, "the program has no built-in folder '%s'",
                folder);
    return NULL;
}
