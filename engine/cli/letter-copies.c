/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Every copy of a letter to many, as files that are printed and sent. */
#include "base/message.h"
#include "cli/commands.h"

#include <stdio.h>

static void
print_words(const NskJson *result)
{
    const NskJson *files = nsk_json_get(result, "files");

    for (size_t i = 0; i < nsk_json_length(files); i++)
        (void)puts(nsk_json_text_at(files, i));
}

/* Writes the copy @n; *out_made stays false, without error, behind the last. */
static bool
write_copy(NskOffice *office,
           const char *letter,
           unsigned n,
           const char *path,
           bool *out_made,
           GError **error)
{
    NskExport what = { .form = NSK_EXPORT_COPY, .page = n };
    g_autoptr(GBytes) pdf = NULL;
    g_autoptr(GError) fault = NULL;

    if (nsk_office_letter_export(office, letter, &what, &pdf, &fault)) {
        *out_made = true;
        return nsk_cli_write(path, pdf, error);
    }
    if (n > 1 && g_error_matches(fault, NSK_ERROR, NSK_ERROR_NOT_FOUND))
        return true;
    g_propagate_error(error, g_steal_pointer(&fault));
    return false;
}

bool
nsk_cli_export_copies(NskCli *cli, NskOffice *office, const char *folder, GError **error)
{
    NskJson *files = nsk_json_array();
    g_autoptr(NskJson) result = nsk_json_object();

    nsk_json_set(result, "files", files);
    if (g_mkdir_with_parents(folder, 0700) != 0) {
        g_set_error(error, NSK_ERROR, NSK_ERROR_IO, nsk_tr("'%s' cannot be made a folder"), folder);
        return false;
    }
    for (unsigned n = 1;; n++) {
        bool made = false;
        g_autofree char *name = g_strdup_printf("salinan-%03u.pdf", n);
        g_autofree char *path = g_build_filename(folder, name, NULL);

        if (!write_copy(office, cli->args[0], n, path, &made, error))
            return false;
        if (!made)
            break;
        nsk_json_add_text(files, path);
    }
    nsk_cli_print(cli, g_steal_pointer(&result), print_words);
    return true;
}
