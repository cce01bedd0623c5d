/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/limits.h"
#include "base/message.h"
#include "cli/commands.h"

#include <stdio.h>

static bool
run(NskCli *cli, GError **error)
{
    NskOffice *office = nsk_cli_open_without_person(cli, error);
    g_autoptr(NskIssues) issues = nsk_issues_new();
    NskOfficeFile file = { .name = cli->args[0] };

    if (office == NULL)
        return false;
    file.bytes = nsk_cli_read(cli->args[0], NSK_LIMIT_XML_SIZE, error);
    bool ok = file.bytes != NULL && nsk_office_directory_load(office, &file, issues, error);
    g_clear_pointer(&file.bytes, g_bytes_unref);
    if (!ok)
        return false;
    nsk_cli_print_issues(cli, issues);
    if (!cli->json)
        (void)puts(nsk_tr("The directory is changed."));
    return true;
}

const NskCommand nsk_command_directory_load = {
    .group = "directory",
    .name = "load",
    .summary = N_("replace and add rows of the directory, such as who holds a position"),
    .usage = "FILE",
    .examples = "    naskah directory load mutasi.xml --dir kantor",
    .min_args = 1,
    .max_args = 1,
    .run = run,
};
