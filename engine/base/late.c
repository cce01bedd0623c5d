/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/late.h"

#include "base/message.h"

#include <dlfcn.h>

/* What is missing of it; NULL if nothing is. */
static const char *
load(const NskLateLibrary *library)
{
    void *handle = dlopen(library->file, RTLD_NOW | RTLD_LOCAL);

    if (handle == NULL)
        return library->file;
    for (const NskLateFunction *at = library->functions; at->name != NULL; at++) {
        *(void **)at->where = dlsym(handle, at->name);
        if (*(void **)at->where == NULL)
            return at->name;
    }
    return library->start == NULL || library->start() ? NULL : library->file;
}

bool
nsk_late_load(const NskLateLibrary *library, gsize *done, const char **missing, GError **error)
{
    if (g_once_init_enter(done)) {
        *missing = load(library);
        g_once_init_leave(done, 1);
    }
    if (*missing == NULL)
        return true;
    g_set_error(error, NSK_ERROR, NSK_ERROR_IO,
                nsk_tr("this cannot be done because '%s' is missing; install the package %s"),
                *missing, library->package);
    return false;
}
