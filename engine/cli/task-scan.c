/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/limits.h"
#include "base/message.h"
#include "cli/commands.h"

#include <stdio.h>

static char *note;

static const GOptionEntry options[] = {
    { "note", 'n', 0, G_OPTION_ARG_FILENAME, &note, N_("words for the record"), "TEXT" },
    { NULL, 0, 0, 0, NULL, NULL, NULL },
};

static void
print_words(const NskJson *result)
{
    const NskJson *next = nsk_json_get(result, "next");

    (void)printf(nsk_tr("The scan is in: %d pages.\n"), (int)nsk_json_get_int(result, "pages", 0));
    for (size_t i = 0; i < nsk_json_length(next); i++)
        (void)printf(nsk_tr("Next: %s\n"), nsk_json_get_text(nsk_json_at(next, i), "name"));
}

static bool
run(NskCli *cli, GError **error)
{
    NskJson *result = NULL;
    g_autoptr(GBytes) pdf = nsk_cli_read(cli->args[1], NSK_LIMIT_SCAN_SIZE, error);
    NskOffice *office = pdf != NULL ? nsk_cli_open(cli, error) : NULL;
    NskScan scan = { cli->args[0], pdf, note };

    if (office == NULL || !nsk_office_task_scan(office, &scan, &result, error))
        return false;
    nsk_cli_print(cli, result, print_words);
    return true;
}

const NskCommand nsk_command_task_scan = {
    .group = "task",
    .name = "scan",
    .summary = N_("put in the scan of a letter that was signed on paper"),
    .usage = "TASK|LETTER FILE",
    .examples = "    naskah task scan LETTER pindaian.pdf",
    .min_args = 2,
    .max_args = 2,
    .options = options,
    .run = run,
};
