/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/limits.h"
#include "base/message.h"
#include "cli/commands.h"

#include <stdio.h>
#include <stdlib.h>

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
    if (nsk_json_get_bool(result, "served", false)) {
        (void)puts(nsk_tr("The server of this office does this by itself."));
        return;
    }
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

static char *letter;
static char *plan;
static gboolean dry_run;

static const GOptionEntry migrate_options[] = {
    { "letter", 0, 0, G_OPTION_ARG_STRING, &letter, N_("move this letter alone"), "LETTER" },
    { "plan", 0, 0, G_OPTION_ARG_FILENAME, &plan, N_("which nodes become which"), "FILE.json" },
    { "dry-run", 0, 0, G_OPTION_ARG_NONE, &dry_run, N_("say what would happen, and do nothing"),
      NULL },
    { NULL, 0, 0, 0, NULL, NULL, NULL },
};

static void
print_moves(const NskJson *result)
{
    const NskJson *list = nsk_json_get(result, "results");

    for (size_t i = 0; i < nsk_json_length(list); i++) {
        const NskJson *item = nsk_json_at(list, i);
        const char *fault = nsk_json_get_text(item, "error");

        (void)printf("%s  %s\n", nsk_json_get_text(item, "letter"),
                     fault != NULL ? fault : nsk_json_get_text(item, "done"));
    }
    (void)printf(nsk_tr("%d letters, %d of them not moved.\n"), (int)nsk_json_length(list),
                 (int)nsk_json_get_int(result, "failed", 0));
}

static bool
run_migrate(NskCli *cli, GError **error)
{
    NskJson *result = NULL;
    g_autofree char *text = NULL;
    NskOffice *office = nsk_cli_open(cli, error);
    NskInstanceMove move = { .workflow = cli->args[0], .letter = letter, .dry_run = dry_run };

    if (office == NULL)
        return false;
    if (plan != NULL) {
        g_autoptr(GBytes) bytes = nsk_cli_read(plan, NSK_LIMIT_FRAME_TEXT / 16, error);

        if (bytes == NULL)
            return false;
        text = g_strndup(g_bytes_get_data(bytes, NULL), g_bytes_get_size(bytes));
        move.plan = text;
    }
    if (!nsk_office_workflow_migrate(office, &move, &result, error))
        return false;
    cli->status = nsk_json_get_int(result, "failed", 0) > 0 ? EXIT_FAILURE : EXIT_SUCCESS;
    nsk_cli_print(cli, result, print_moves);
    return true;
}

const NskCommand nsk_command_workflow_migrate = {
    .group = "workflow",
    .name = "migrate",
    .summary = N_("move letters on their way to the version of their workflow that is in force"),
    .usage = "WORKFLOW",
    .examples = "    naskah workflow migrate surat-keluar --dry-run\n"
                "    naskah workflow migrate surat-keluar --plan pindah.json",
    .min_args = 1,
    .max_args = 1,
    .options = migrate_options,
    .run = run_migrate,
};
