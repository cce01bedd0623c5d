/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/message.h"
#include "cli/commands.h"

#include <stdio.h>

static void
print_words(G_GNUC_UNUSED const NskJson *result)
{
    (void)puts(nsk_tr("The note is kept with the letter; it is never sent."));
}

static bool
run(NskCli *cli, GError **error)
{
    NskJson *result = NULL;
    NskOffice *office = nsk_cli_open(cli, error);
    NskLetterNote note = { cli->args[0], cli->args[1] };

    if (office == NULL || !nsk_office_letter_note(office, &note, &result, error))
        return false;
    nsk_cli_print(cli, result, print_words);
    return true;
}

const NskCommand nsk_command_letter_note = {
    .group = "letter",
    .name = "note",
    .summary = N_("say what you think of a letter (catatan), beside it"),
    .usage = "LETTER TEXT",
    .examples = "    naskah letter note LETTER \"angkanya perlu diperiksa lagi\"",
    .min_args = 2,
    .max_args = 2,
    .run = run,
};
