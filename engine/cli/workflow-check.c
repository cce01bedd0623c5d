/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/limits.h"
#include "base/message.h"
#include "cli/commands.h"

#define FINDINGS_STATUS 1

static void
clear_file(gpointer data)
{
    NskOfficeFile *file = data;

    g_bytes_unref(file->bytes);
}

static bool
run(NskCli *cli, GError **error)
{
    NskOffice *office = NULL;
    g_autoptr(NskIssues) issues = nsk_issues_new();
    g_autoptr(GArray) files = g_array_new(FALSE, FALSE, sizeof(NskOfficeFile));
    bool done;

    g_array_set_clear_func(files, clear_file);
    for (int i = 0; i < cli->n_args; i++) {
        GBytes *bytes = nsk_cli_read(cli->args[i], NSK_LIMIT_FLOW_SIZE, error);
        const NskOfficeFile file = { cli->args[i], bytes };

        if (bytes == NULL)
            return false;
        g_array_append_val(files, file);
    }
    if (!nsk_cli_open_if_named(cli, &office, error))
        return false;
    done = nsk_office_workflow_check(office, &g_array_index(files, NskOfficeFile, 0), files->len,
                                     issues, error);
    if (done || issues->len > 0)
        nsk_cli_print_issues(cli, issues);
    if (nsk_issues_has_error(issues))
        cli->status = FINDINGS_STATUS;
    else if (done)
        nsk_cli_say(cli, nsk_tr("These workflows can be deployed."));
    return done;
}

const NskCommand nsk_command_workflow_check = {
    .group = "workflow",
    .name = "check",
    .summary = N_("say what is wrong with workflows, and prove that they cannot get stuck"),
    .usage = "FILE.bpmn...",
    .examples = "    naskah workflow check surat-keluar.bpmn\n"
                "    naskah workflow check alur/*.bpmn --dir kantor",
    .min_args = 1,
    .max_args = 1000,
    .run = run,
};
