/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Where the programs are that this one starts. */
#include "base/program.h"

#include <glib.h>
#include <unistd.h>

char *
nsk_program_find(const NskProgram *program, char **out_folder)
{
    const char *named = program->variable != NULL ? g_getenv(program->variable) : NULL;
    g_autofree char *self = g_file_read_link("/proc/self/exe", NULL);
    g_autofree char *folder = g_path_get_dirname(self != NULL ? self : "/usr/bin/naskah");
    const char *const places[] = { ".", program->folder, "../libexec/naskah" };
    char *found = NULL;

    if (named != NULL && *named != '\0')
        found = g_strdup(named);
    for (size_t i = 0; i < G_N_ELEMENTS(places) && found == NULL; i++) {
        g_autofree char *path = g_build_filename(folder, places[i], program->name, NULL);

        if (access(path, X_OK) == 0)
            found = g_steal_pointer(&path);
    }
    if (out_folder != NULL)
        *out_folder = g_steal_pointer(&folder);
    return found;
}
