/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Webhooks: what only the owner of the office's folder says of them. */
#include "base/message.h"
#include "cli/commands.h"
#include "office/hook.h"

#include <stdio.h>

static char *ca;
static gboolean none;

static const GOptionEntry hosts_options[] = {
    { "ca", 0, 0, G_OPTION_ARG_FILENAME, &ca,
      N_("PEM file of the authorities for their TLS; else the system's"), "FILE" },
    { "none", 0, 0, G_OPTION_ARG_NONE, &none, N_("no host may be private any more"), NULL },
    { NULL, 0, 0, 0, NULL, NULL, NULL },
};

static void
print_hosts(const NskJson *result)
{
    const NskJson *hosts = nsk_json_get(result, "hosts");
    const char *file = nsk_json_get_text(result, "ca");

    if (nsk_json_length(hosts) == 0)
        (void)puts(nsk_tr("Webhooks go to public addresses alone."));
    else
        (void)puts(nsk_tr("Beside public addresses, webhooks may go to:"));
    for (size_t i = 0; i < nsk_json_length(hosts); i++)
        (void)printf("  %s\n", nsk_json_text_at(hosts, i));
    if (file != NULL)
        (void)printf(nsk_tr("Their certificates are judged by %s.\n"), file);
}

static bool
run_hosts(NskCli *cli, GError **error)
{
    NskJson *result = NULL;
    bool sets = none || cli->n_args > 0 || ca != NULL;
    g_autofree char *hosts = cli->n_args > 0 ? g_strjoinv(" ", cli->args) : NULL;
    /* the server may run in another folder */
    g_autofree char *file = ca != NULL ? g_canonicalize_filename(ca, NULL) : NULL;
    const NskHookSettings settings = { hosts, file };

    if (none && cli->n_args > 0) {
        g_set_error_literal(error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE,
                            nsk_tr("name hosts, or say --none"));
        return false;
    }
    NskOffice *office = nsk_cli_open_without_person(cli, error);
    if (office == NULL || (sets && !nsk_office_hook_set(office, &settings, error)) ||
        !nsk_office_hook_settings(office, &result, error))
        return false;
    nsk_cli_print(cli, result, print_hosts);
    return true;
}

const NskCommand nsk_command_webhook_hosts = {
    .group = "webhook",
    .name = "hosts",
    .summary = N_("name private hosts that webhooks may go to"),
    .usage = "[HOST... [--ca FILE] | --none]",
    .examples = "    naskah webhook hosts gerbang.example.go.id --ca ca.pem\n"
                "    naskah webhook hosts",
    .max_args = 50,
    .options = hosts_options,
    .run = run_hosts,
};
