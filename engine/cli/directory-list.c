/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/message.h"
#include "cli/commands.h"

#include <stdio.h>

static char *after;

static const GOptionEntry options[] = {
    { "after", 0, 0, G_OPTION_ARG_STRING, &after, N_("go on behind this one"), "ID" },
    { NULL, 0, 0, 0, NULL, NULL, NULL },
};

/* Those that belong to a row: "Plt. Kepala Biro Umum (kepala-biro-umum)". */
static void
print_members(const NskJson *members, const char *id, const char *name)
{
    for (size_t i = 0; i < nsk_json_length(members); i++) {
        const NskJson *member = nsk_json_at(members, i);

        (void)printf("    %s%s (%s)\n", nsk_json_get_text(member, "prefix"),
                     nsk_json_get_text(member, name), nsk_json_get_text(member, id));
    }
}

static void
print_rows(const NskJson *result)
{
    const NskJson *rows = nsk_json_get(result, "rows");
    const char *next = nsk_json_get_text(result, "next");

    for (size_t i = 0; i < nsk_json_length(rows); i++) {
        const NskJson *row = nsk_json_at(rows, i);

        (void)printf("%-28s %s\n", nsk_json_get_text(row, "id"), nsk_json_get_text(row, "name"));
        print_members(nsk_json_get(row, "positions"), "position", "title");
        print_members(nsk_json_get(row, "holders"), "person", "name");
    }
    if (nsk_json_length(rows) == 0)
        (void)puts(nsk_tr("There is nothing to show."));
    if (next != NULL)
        (void)printf(nsk_tr("There is more: --after %s\n"), next);
}

static bool
run(NskCli *cli, GError **error)
{
    NskJson *result = NULL;
    NskDirectoryAsk ask = { .what = cli->args[0],
                            .text = cli->n_args > 1 ? cli->args[1] : NULL,
                            .after = after };
    NskOffice *office = nsk_cli_open_without_person(cli, error);

    if (office == NULL || !nsk_office_directory_list(office, &ask, &result, error))
        return false;
    nsk_cli_print(cli, result, print_rows);
    return true;
}

const NskCommand nsk_command_directory_list = {
    .group = "directory",
    .name = "list",
    .summary = N_("people with their positions, positions with their holders, or units"),
    .usage = "people|positions|units [TEXT]",
    .examples = "    naskah directory list people\n"
                "    naskah directory list positions biro-umum",
    .min_args = 1,
    .max_args = 2,
    .options = options,
    .run = run,
};
