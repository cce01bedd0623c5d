/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/message.h"
#include "cli/commands.h"

#include <stdio.h>

static char *output;

static const GOptionEntry options[] = {
    { "output", 'o', 0, G_OPTION_ARG_FILENAME, &output, N_("where to write it"), "FILE.zip" },
    { NULL, 0, 0, 0, NULL, NULL, NULL },
};

static void
print_words(const NskJson *result)
{
    (void)printf(nsk_tr("The evidence of the letter is in '%s'; whoever gets it checks it without "
                        "this office.\n"),
                 nsk_json_get_text(result, "file"));
}

static bool
run(NskCli *cli, GError **error)
{
    g_autoptr(GBytes) zip = NULL;

    if (output == NULL) {
        g_set_error_literal(error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE,
                            nsk_tr("name the file with -o FILE.zip"));
        return false;
    }
    NskOffice *office = nsk_cli_open(cli, error);
    if (office == NULL || !nsk_office_archive_export(office, cli->args[0], &zip, error) ||
        !nsk_cli_write(output, zip, error))
        return false;
    nsk_cli_see(office, cli->args[0]);
    NskJson *result = nsk_json_object();
    nsk_json_set_text(result, "file", output);
    nsk_json_set_int(result, "size", (int64_t)g_bytes_get_size(zip));
    nsk_cli_print(cli, result, print_words);
    return true;
}

const NskCommand nsk_command_archive_export = {
    .group = "archive",
    .name = "export",
    .summary = N_("write a letter, its history and the proofs of it as one file"),
    .usage = "LETTER",
    .examples = "    naskah archive export LETTER -o bukti.zip",
    .min_args = 1,
    .max_args = 1,
    .options = options,
    .run = run,
};
