/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/limits.h"
#include "base/message.h"
#include "cli/commands.h"

#include <stdio.h>

static void
print_deployed(const NskJson *result)
{
    const NskJson *warnings = nsk_json_get(result, "warnings");

    for (size_t i = 0; i < nsk_json_length(warnings); i++)
        (void)fprintf(stderr, "%s\n", nsk_json_get_text(nsk_json_at(warnings, i), "text"));
    (void)printf(nsk_tr("The workflow '%s' is in force, version %s, for letters that begin from "
                        "now on.\n"),
                 nsk_json_get_text(result, "workflow"), nsk_json_get_text(result, "version"));
}

static bool
run_deploy(NskCli *cli, GError **error)
{
    NskJson *result = NULL;
    g_autoptr(GBytes) content = nsk_cli_read(cli->args[0], NSK_LIMIT_FLOW_SIZE, error);
    NskOffice *office = content != NULL ? nsk_cli_open(cli, error) : NULL;
    NskDeployment deployment = { cli->args[0], content };

    if (office == NULL || !nsk_office_workflow_deploy(office, &deployment, &result, error))
        return false;
    nsk_cli_print(cli, result, print_deployed);
    return true;
}

const NskCommand nsk_command_workflow_deploy = {
    .group = "workflow",
    .name = "deploy",
    .summary = N_("check a workflow and put it in force"),
    .usage = "FILE.bpmn",
    .examples = "    naskah workflow deploy surat-keluar.bpmn",
    .min_args = 1,
    .max_args = 1,
    .run = run_deploy,
};

static void
print_done(const NskJson *result)
{
    (void)printf(nsk_tr("%d timers fired, %d letters told.\n"),
                 (int)nsk_json_get_int(result, "timers", 0),
                 (int)nsk_json_get_int(result, "letters", 0));
}

static bool
run_flow(NskCli *cli, GError **error)
{
    NskJson *result = NULL;
    NskOffice *office = nsk_cli_open_without_person(cli, error);

    if (office == NULL || !nsk_office_run_flow(office, &result, error))
        return false;
    nsk_cli_print(cli, result, print_done);
    return true;
}

const NskCommand nsk_command_workflow_run = {
    .group = "workflow",
    .name = "run",
    .summary = N_("fire the timers that are due, where no server does it"),
    .examples = "    naskah workflow run",
    .min_args = 0,
    .max_args = 0,
    .run = run_flow,
};
