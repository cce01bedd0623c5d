/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/message.h"
#include "cli/commands.h"

#include <stdio.h>

static char *note;

static const GOptionEntry options[] = {
    { "note", 'n', 0, G_OPTION_ARG_FILENAME, &note, N_("why"), "TEXT" },
    { NULL, 0, 0, 0, NULL, NULL, NULL },
};

static void
print_words(G_GNUC_UNUSED const NskJson *result)
{
    (void)puts(nsk_tr("The letter is withdrawn."));
}

static bool
run(NskCli *cli, GError **error)
{
    NskJson *result = NULL;
    NskOffice *office = nsk_cli_open(cli, error);

    if (office == NULL || !nsk_office_letter_withdraw(office, cli->args[0], note, &result, error))
        return false;
    nsk_cli_print(cli, result, print_words);
    return true;
}

const NskCommand nsk_command_letter_withdraw = {
    .group = "letter",
    .name = "withdraw",
    .summary = N_("give up a letter that is not signed yet; a number it had is void"),
    .usage = "LETTER",
    .examples = "    naskah letter withdraw LETTER --note \"acara dibatalkan\"",
    .min_args = 1,
    .max_args = 1,
    .options = options,
    .run = run,
};
