/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/limits.h"
#include "base/message.h"
#include "cli/commands.h"
#include "flow/simulate.h"

#include <stdio.h>
#include <string.h>

#define FAILED_STATUS 1

/* Where models are looked for. */
typedef struct {
    const char *model; /* as named on the command line; NULL */
    char *folder;      /* of the scenario file */
    bool silent;
} Files;

static GBytes *
load_model(void *data, const char *name, GError **error)
{
    const Files *files = data;
    bool is_named = files->model != NULL && strcmp(name, files->model) == 0;
    g_autofree char *beside =
        g_path_is_absolute(name) ? g_strdup(name) : g_build_filename(files->folder, name, NULL);

    return nsk_cli_read(is_named ? name : beside, NSK_LIMIT_FLOW_SIZE, error);
}

static void
tell(void *data, const char *line)
{
    const Files *files = data;

    if (!files->silent)
        (void)printf("%s\n", line);
}

static NskJson *
read_scenario(const char *path, GError **error)
{
    g_autoptr(GBytes) bytes = nsk_cli_read(path, NSK_LIMIT_SIMULATED_FILE, error);
    NskJson *json = NULL;
    size_t size;

    if (bytes == NULL)
        return NULL;
    const char *text = g_bytes_get_data(bytes, &size);
    json = nsk_json_parse(text != NULL ? text : "", size, error);
    if (json == NULL)
        g_prefix_error(error, "%s: ", path);
    return json;
}

static bool
run(NskCli *cli, GError **error)
{
    const char *path = cli->args[cli->n_args - 1];
    g_autofree char *folder = g_path_get_dirname(path);
    Files files = { cli->n_args > 1 ? cli->args[0] : NULL, folder, cli->json };
    g_autoptr(NskJson) scenario = read_scenario(path, error);
    const NskFlowSimulation simulation = {
        .scenario = scenario,
        .model = files.model,
        .load = load_model,
        .tell = tell,
        .data = &files,
    };

    if (scenario == NULL)
        return false;
    NskJson *result = nsk_flow_simulate(&simulation, error);
    if (result == NULL)
        return false;
    bool ok = nsk_json_get_bool(result, "ok", false);
    if (!ok)
        cli->status = FAILED_STATUS;
    nsk_cli_print(cli, result, NULL);
    nsk_cli_say(cli, "%s",
                ok ? nsk_tr("Everything is as expected.")
                   : nsk_tr("Not everything is as expected."));
    return true;
}

const NskCommand nsk_command_workflow_simulate = {
    .group = "workflow",
    .name = "simulate",
    .summary = N_("run a workflow by a scenario, without an office"),
    .usage = "[FILE.bpmn] SCENARIO.json",
    .examples = "    naskah workflow simulate surat-keluar.bpmn surat-keluar.json\n"
                "    naskah workflow simulate --json surat-keluar.json",
    .min_args = 1,
    .max_args = 2,
    .run = run,
};
