/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/message.h"
#include "cli/commands.h"

#include <stdio.h>

void
nsk_cli_write_history(FILE *to, const NskJson *result)
{
    const NskJson *entries = nsk_json_get(result, "entries");

    for (size_t i = 0; i < nsk_json_length(entries); i++) {
        const NskJson *entry = nsk_json_at(entries, i);
        const char *reason = nsk_json_get_text(entry, "reason");
        const char *at = nsk_json_get_text(entry, "at");

        (void)fprintf(to, "%3d  %.10s %.8s  %-24s %s\n", (int)nsk_json_get_int(entry, "seq", 0), at,
                      at + 11, nsk_office_word(nsk_json_get_text(entry, "action")),
                      nsk_json_get_text(entry, "name"));
        if (reason != NULL)
            (void)fprintf(to, "     \"%s\"\n", reason);
    }
    (void)fprintf(to, nsk_tr("The history checks: %d entries, none missing, none changed.\n"),
                  (int)nsk_json_length(entries));
}

static void
print_words(const NskJson *result)
{
    nsk_cli_write_history(stdout, result);
}

static bool
run(NskCli *cli, GError **error)
{
    NskJson *result = NULL;
    NskOffice *office = nsk_cli_open(cli, error);

    if (office == NULL || !nsk_office_letter_history(office, cli->args[0], &result, error))
        return false;
    nsk_cli_print(cli, result, print_words);
    return true;
}

const NskCommand nsk_command_letter_history = {
    .group = "letter",
    .name = "history",
    .summary = N_("what happened to a letter, checked as it is read"),
    .usage = "LETTER",
    .examples = "    naskah letter history LETTER",
    .min_args = 1,
    .max_args = 1,
    .run = run,
};
