/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/limits.h"
#include "base/message.h"
#include "cli/commands.h"

#include <stdio.h>

#define FINDINGS_STATUS 1

static bool
run(NskCli *cli, GError **error)
{
    NskOffice *office = NULL;
    g_autoptr(NskIssues) issues = nsk_issues_new();
    bool done = nsk_cli_open_if_named(cli, &office, error);

    for (int i = 0; done && i < cli->n_args; i++) {
        g_autoptr(GBytes) bytes = nsk_cli_read(cli->args[i], NSK_LIMIT_FORM_SIZE, error);
        const NskOfficeFile file = { cli->args[i], bytes };

        done = bytes != NULL && nsk_office_profile_check(office, &file, issues, error);
    }
    if (done || issues->len > 0)
        nsk_cli_print_issues(cli, issues);
    if (nsk_issues_has_error(issues))
        cli->status = FINDINGS_STATUS;
    else if (done)
        nsk_cli_say(cli, nsk_tr("Nothing stands in the way of using this."));
    return done;
}

const NskCommand nsk_command_profile_check = {
    .group = "profile",
    .name = "check",
    .summary = N_("say what is wrong with an agency's profile, and what to do"),
    .usage = "FILE...",
    .examples = "    naskah profile check instansi.xml\n"
                "    naskah profile check instansi.xml --dir kantor",
    .min_args = 1,
    .max_args = 100,
    .run = run,
};

static void
print_deployed(const NskJson *result)
{
    (void)printf(
        nsk_tr("The profile is in force, version %s, for letters that begin from now on.\n"),
        nsk_json_get_text(result, "version"));
}

static bool
run_deploy(NskCli *cli, GError **error)
{
    NskJson *result = NULL;
    g_autoptr(GBytes) whole = NULL;
    g_autoptr(GBytes) content = nsk_cli_read(cli->args[0], NSK_LIMIT_FORM_SIZE, error);
    const NskOfficeFile file = { cli->args[0], content };

    if (content == NULL || !nsk_office_profile_pack(&file, &whole, error))
        return false;
    NskOffice *office = nsk_cli_open(cli, error);
    const NskDeployment deployment = { cli->args[0], whole };
    if (office == NULL || !nsk_office_profile_deploy(office, &deployment, &result, error))
        return false;
    nsk_cli_print(cli, result, print_deployed);
    return true;
}

const NskCommand nsk_command_profile_deploy = {
    .group = "profile",
    .name = "deploy",
    .summary = N_("check an agency's profile and put it in force for new letters"),
    .usage = "FILE",
    .examples = "    naskah profile deploy instansi.xml",
    .min_args = 1,
    .max_args = 1,
    .run = run_deploy,
};
