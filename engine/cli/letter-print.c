/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/message.h"
#include "cli/commands.h"

#include <stdio.h>

static char *output;

static const GOptionEntry options[] = {
    { "output", 'o', 0, G_OPTION_ARG_FILENAME, &output, N_("where to write it"), "FILE" },
    { NULL, 0, 0, 0, NULL, NULL, NULL },
};

static void
print_words(const NskJson *result)
{
    (void)printf(nsk_tr("Number %s, %d pages: %s\n"), nsk_json_get_text(result, "number"),
                 (int)nsk_json_get_int(result, "pages", 0), nsk_json_get_text(result, "file"));
}

static bool
run(NskCli *cli, GError **error)
{
    NskJson *result = NULL;
    NskExport what = { .form = NSK_EXPORT_ORIGINAL };
    g_autoptr(GBytes) pdf = NULL;
    NskOffice *office = nsk_cli_open(cli, error);

    if (office == NULL || !nsk_office_letter_print(office, cli->args[0], &result, error))
        return false;
    if (!nsk_office_letter_export(office, cli->args[0], &what, &pdf, error) ||
        !nsk_cli_write(output, pdf, error)) {
        nsk_json_unref(result);
        return false;
    }
    if (output == NULL) {
        nsk_json_unref(result);
        return true;
    }
    nsk_json_set_text(result, "file", output);
    nsk_cli_print(cli, result, print_words);
    return true;
}

const NskCommand nsk_command_letter_print = {
    .group = "letter",
    .name = "print",
    .summary = N_("write the pages of a letter that is signed on paper, with number and code"),
    .usage = "LETTER",
    .examples = "    naskah letter print LETTER -o surat.pdf\n"
                "    naskah letter print LETTER | lp",
    .min_args = 1,
    .max_args = 1,
    .options = options,
    .run = run,
};
