/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/message.h"
#include "cli/commands.h"

#include <stdio.h>

static char **lasts;

static const GOptionEntry options[] = {
    { "last", 0, 0, G_OPTION_ARG_STRING_ARRAY, &lasts,
      N_("the last number that a register really gave; may be repeated"),
      "UNIT/SERIES/SCOPE:NUMBER" },
    { NULL, 0, 0, 0, NULL, NULL, NULL },
};

static void
print_words(const NskJson *result)
{
    const NskJson *registers = nsk_json_get(result, "registers");

    (void)printf(nsk_tr("The registers are confirmed after the restore of a backup of %s:\n"),
                 nsk_json_get_text(result, "taken"));
    for (size_t i = 0; i < nsk_json_length(registers); i++) {
        const NskJson *row = nsk_json_at(registers, i);

        (void)printf("%s/%s/%s:%lld\n", nsk_json_get_text(row, "unit"),
                     nsk_json_get_text(row, "series"), nsk_json_get_text(row, "scope"),
                     (long long)nsk_json_get_int(row, "last", 0));
    }
}

static bool
run(NskCli *cli, GError **error)
{
    NskJson *result = NULL;
    NskOffice *office = nsk_cli_open_without_person(cli, error);

    if (office == NULL ||
        !nsk_office_register_confirm(office, (const char *const *)lasts, &result, error))
        return false;
    nsk_cli_print(cli, result, print_words);
    return true;
}

const NskCommand nsk_command_register_confirm = {
    .group = "register",
    .name = "confirm",
    .summary = N_("say, after a restore, which numbers were really given last"),
    .usage = "",
    .examples = "    naskah register confirm --dir kantor\n"
                "    naskah register confirm --last biro-umum/keluar/year=2026:57 --dir kantor",
    .options = options,
    .run = run,
};
