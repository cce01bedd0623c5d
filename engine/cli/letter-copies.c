/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Every copy of a letter to many, as files that are printed and sent. */
#include "base/message.h"
#include "cli/commands.h"

#include <stdio.h>
#include <string.h>

static void
print_words(const NskJson *result)
{
    const NskJson *copies = nsk_json_get(result, "copies");

    for (size_t i = 0; i < nsk_json_length(copies); i++) {
        const NskJson *copy = nsk_json_at(copies, i);

        (void)printf("%s  %s%s\n", nsk_json_get_text(copy, "file"),
                     nsk_json_get_text(copy, "party"),
                     strcmp(nsk_json_get_text(copy, "role"), "copy") == 0 ? nsk_tr(" (copy)") : "");
    }
}

/* Writes one copy, named by its number. */
static bool
write_copy(NskOffice *office, const char *letter, NskJson *copy, const char *folder, GError **error)
{
    NskExport what = { .form = NSK_EXPORT_COPY, .page = (unsigned)nsk_json_get_int(copy, "n", 0) };
    g_autofree char *name =
        g_strdup_printf("salinan-%03d.pdf", (int)nsk_json_get_int(copy, "number", 0));
    g_autofree char *path = g_build_filename(folder, name, NULL);
    g_autoptr(GBytes) pdf = NULL;

    if (!nsk_office_letter_export(office, letter, &what, &pdf, error) ||
        !nsk_cli_write(path, pdf, error))
        return false;
    nsk_json_set_text(copy, "file", path);
    return true;
}

bool
nsk_cli_export_copies(NskCli *cli, NskOffice *office, const char *folder, GError **error)
{
    NskJson *files = nsk_json_array();
    g_autoptr(NskJson) result = NULL;

    if (!nsk_office_letter_copies(office, cli->args[0], &result, error)) {
        nsk_json_unref(files);
        return false;
    }
    nsk_json_set(result, "files", files);
    if (g_mkdir_with_parents(folder, 0700) != 0) {
        g_set_error(error, NSK_ERROR, NSK_ERROR_IO, nsk_tr("'%s' cannot be made a folder"), folder);
        return false;
    }
    const NskJson *copies = nsk_json_get(result, "copies");
    for (size_t i = 0; i < nsk_json_length(copies); i++) {
        NskJson *copy = nsk_json_at(copies, i);

        if (!write_copy(office, cli->args[0], copy, folder, error))
            return false;
        nsk_json_add_text(files, nsk_json_get_text(copy, "file"));
    }
    nsk_cli_print(cli, g_steal_pointer(&result), print_words);
    return true;
}
