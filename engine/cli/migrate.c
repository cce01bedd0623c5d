/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/message.h"
#include "cli/commands.h"

#include <stdio.h>

static void
print_words(const NskJson *result)
{
    int from = (int)nsk_json_get_int(result, "from", 0);
    int to = (int)nsk_json_get_int(result, "to", 0);

    if (from == to)
        (void)printf(nsk_tr("The office has schema %d already; nothing was to do\n"), to);
    else
        (void)printf(nsk_tr("The office went from schema %d to schema %d\n"), from, to);
}

static bool
run(NskCli *cli, GError **error)
{
    NskJson *result = NULL;

    if (!nsk_office_migrate(cli->dir, &result, error))
        return false;
    nsk_cli_print(cli, result, print_words);
    return true;
}

const NskCommand nsk_command_migrate = {
    .name = "migrate",
    .summary = N_("bring an office to this program's schema"),
    .usage = "",
    .examples = "    naskah migrate --dir kantor",
    .run = run,
};
