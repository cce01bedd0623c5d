/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Certified copies of letters. */
#include "office/copy.h"

#include "base/message.h"
#include "cli/commands.h"

#include <stdio.h>

static char *recipient;
static char *purpose;
static char *position;

static const GOptionEntry new_options[] = {
    { "for", 0, 0, G_OPTION_ARG_FILENAME, &recipient, N_("who gets the copy"), "NAME" },
    { "purpose", 0, 0, G_OPTION_ARG_FILENAME, &purpose, N_("what the copy is for"), "TEXT" },
    { "position", 0, 0, G_OPTION_ARG_FILENAME, &position, N_("whose letter it is"), "ID" },
    { NULL, 0, 0, 0, NULL, NULL, NULL },
};

static void
print_new(const NskJson *result)
{
    (void)printf(nsk_tr("%s waits for '%s', who certifies it: 'naskah task sign %s'\n"),
                 nsk_json_get_text(result, "letter"), nsk_json_get_text(result, "certifier"),
                 nsk_json_get_text(result, "letter"));
}

static bool
run_new(NskCli *cli, GError **error)
{
    NskJson *result = NULL;
    NskOffice *office = nsk_cli_open(cli, error);
    const NskCopyAsk ask = { cli->args[0], recipient, purpose, position };

    if (office == NULL || !nsk_office_copy_draft(office, &ask, &result, error))
        return false;
    nsk_cli_print(cli, result, print_new);
    return true;
}

static void
print_list(const NskJson *result)
{
    const NskJson *list = nsk_json_get(result, "copies");

    if (nsk_json_length(list) == 0)
        (void)puts(nsk_tr("No certified copy was made of this letter."));
    for (size_t i = 0; i < nsk_json_length(list); i++) {
        const NskJson *copy = nsk_json_at(list, i);
        const char *whom = nsk_json_get_text(copy, "recipient");

        (void)printf("%s  %s  %s\n", nsk_json_get_text(copy, "letter"),
                     nsk_json_get_text(copy, "number"), nsk_json_get_text(copy, "date"));
        if (whom != NULL)
            (void)printf(nsk_tr("    certified by '%s' for %s: %s\n"),
                         nsk_json_get_text(copy, "position"), whom,
                         nsk_json_get_text(copy, "purpose"));
    }
}

static bool
run_list(NskCli *cli, GError **error)
{
    NskJson *result = NULL;
    NskOffice *office = nsk_cli_open(cli, error);

    if (office == NULL || !nsk_office_copy_list(office, cli->args[0], &result, error))
        return false;
    nsk_cli_print(cli, result, print_list);
    return true;
}

const NskCommand nsk_command_copy_new = {
    .group = "copy",
    .name = "new",
    .summary = N_("make a certified copy of a signed letter, for its certifier to sign"),
    .usage = "LETTER --for NAME --purpose TEXT",
    .examples = "    naskah copy new LETTER --for \"Budi Santosa\" --purpose \"Melamar kerja\"",
    .min_args = 1,
    .max_args = 1,
    .options = new_options,
    .run = run_new,
};

const NskCommand nsk_command_copy_list = {
    .group = "copy",
    .name = "list",
    .summary = N_("certified copies of a letter"),
    .usage = "LETTER",
    .examples = "    naskah copy list LETTER",
    .min_args = 1,
    .max_args = 1,
    .run = run_list,
};
