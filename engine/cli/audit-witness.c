/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Witnesses of this office's log: who they are, and what they signed. */
#include "base/message.h"
#include "cli/commands.h"
#include "office/cosign.h"

#include <stdio.h>
#include <string.h>

#define FAILED_STATUS 75 /* a witness did not sign; try again later */

static void
print_witness(const NskJson *witness)
{
    const char *at = nsk_json_get_text(witness, "at");
    const char *fault = nsk_json_get_text(witness, "fault");
    long long tries = nsk_json_get_int(witness, "tries", 0);

    (void)printf("%s  %s\n", nsk_json_get_text(witness, "name"), nsk_json_get_text(witness, "url"));
    if (at != NULL)
        (void)printf(nsk_tr("  cosigned the first %lld entries at %s\n"),
                     (long long)nsk_json_get_int(witness, "entries", 0), at);
    else
        (void)puts(nsk_tr("  has cosigned nothing of this log yet"));
    if (tries > 0)
        (void)printf(nsk_tr("  not in the last %lld tries, and asked again by itself: %s\n"), tries,
                     fault);
}

static void
print_witnesses(const NskJson *result)
{
    const NskJson *list = nsk_json_get(result, "witnesses");

    for (size_t i = 0; i < nsk_json_length(list); i++)
        print_witness(nsk_json_at(list, i));
    if (nsk_json_length(list) == 0)
        (void)puts(nsk_tr("The log has no witness: 'naskah audit witness add KEY URL' names one."));
    if (nsk_json_get_text(result, "key") != NULL)
        (void)printf(nsk_tr("Who looks after a witness tells it of this log: naskah witness add %s "
                            "%s\n"),
                     nsk_json_get_text(result, "origin"), nsk_json_get_text(result, "key"));
}

/* Whether one of them did not sign when it was asked. */
static bool
has_failed(const NskJson *result)
{
    const NskJson *list = nsk_json_get(result, "witnesses");

    for (size_t i = 0; i < nsk_json_length(list); i++)
        if (nsk_json_get_int(nsk_json_at(list, i), "tries", 0) > 0)
            return true;
    return false;
}

static bool
act(NskCli *cli, NskOffice *office, GError **error)
{
    const char *verb = cli->n_args > 0 ? cli->args[0] : "";

    if (strcmp(verb, "add") == 0 && cli->n_args == 3)
        return nsk_office_add_witness(office, cli->args[1], cli->args[2], error);
    if (strcmp(verb, "remove") == 0 && cli->n_args == 2)
        return nsk_office_remove_witness(office, cli->args[1], error);
    if (strcmp(verb, "now") == 0 && cli->n_args == 1)
        return nsk_office_ask_witnesses(office, error);
    if (verb[0] == '\0' || (strcmp(verb, "list") == 0 && cli->n_args == 1))
        return true;
    g_set_error_literal(error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE,
                        nsk_tr("say 'add KEY URL', 'remove NAME', 'now', or 'list'"));
    return false;
}

static bool
run_witness(NskCli *cli, GError **error)
{
    NskJson *result = NULL;
    NskOffice *office = nsk_cli_open_without_person(cli, error);

    if (office == NULL || !act(cli, office, error) || !nsk_office_witnesses(office, &result, error))
        return false;
    if (cli->n_args > 0 && strcmp(cli->args[0], "now") == 0 && has_failed(result))
        cli->status = FAILED_STATUS;
    nsk_cli_print(cli, result, print_witnesses);
    return true;
}

const NskCommand nsk_command_audit_witness = {
    .group = "audit",
    .name = "witness",
    .summary = N_("the witnesses who cosign the log: list them, add, remove, or ask them now"),
    .usage = "[list | add KEY URL | remove NAME | now]",
    .examples = "    naskah audit witness add KEY https://saksi.example.go.id --dir kantor\n"
                "    naskah audit witness --dir kantor\n"
                "    naskah audit witness now --dir kantor\n"
                "    naskah audit witness remove saksi.example.go.id/1 --dir kantor",
    .max_args = 3,
    .run = run_witness,
};
