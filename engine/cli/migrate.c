/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/message.h"
#include "cli/commands.h"

#include <stdio.h>

static gboolean no_copy;

static const GOptionEntry options[] = {
    { "no-copy", 0, 0, G_OPTION_ARG_NONE, &no_copy,
      N_("keep no copy of the database as it was, for want of room"), NULL },
    { NULL, 0, 0, 0, NULL, NULL, NULL },
};

static void
print_words(const NskJson *result)
{
    int from = (int)nsk_json_get_int(result, "from", 0);
    int to = (int)nsk_json_get_int(result, "to", 0);

    if (from == to)
        (void)printf(nsk_tr("The office has schema %d already; nothing was to do\n"), to);
    else
        (void)printf(nsk_tr("The office went from schema %d to schema %d\n"), from, to);
    if (nsk_json_get_text(result, "copy") != NULL)
        (void)printf(nsk_tr("The database as it was is kept in %s; remove it when all is well\n"),
                     nsk_json_get_text(result, "copy"));
}

static bool
run(NskCli *cli, GError **error)
{
    NskJson *result = NULL;

    if (!nsk_office_migrate(cli->dir, !no_copy, &result, error))
        return false;
    nsk_cli_print(cli, result, print_words);
    return true;
}

const NskCommand nsk_command_migrate = {
    .name = "migrate",
    .summary = N_("bring an office to this program's schema"),
    .usage = "",
    .examples = "    naskah migrate --dir kantor",
    .options = options,
    .run = run,
};
