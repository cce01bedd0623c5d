/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The provider of identities: which one it is, and who of the office is who there. */
#include "office/sso.h"

#include "base/message.h"
#include "cli/commands.h"

#include <stdio.h>

#define FINDINGS_STATUS 1

static char *client;
static char *name;
static char *claim;
static char *ca;
static gboolean off;

static const GOptionEntry provider_options[] = {
    { "client", 0, 0, G_OPTION_ARG_STRING, &client, N_("the office's name at the provider"), "ID" },
    { "name", 0, 0, G_OPTION_ARG_STRING, &name, N_("what people call the provider"), "NAME" },
    { "claim", 0, 0, G_OPTION_ARG_STRING, &claim,
      N_("claim of the ID token that names somebody for ever; 'sub' if it is not said"), "CLAIM" },
    { "ca", 0, 0, G_OPTION_ARG_FILENAME, &ca,
      N_("PEM file of the authorities for its TLS; else the system's"), "FILE" },
    { "off", 0, 0, G_OPTION_ARG_NONE, &off, N_("nobody signs in by a provider any more"), NULL },
    { NULL, 0, 0, 0, NULL, NULL, NULL },
};

static bool
run_provider(NskCli *cli, GError **error)
{
    const NskSsoSettings settings = { .issuer = off ? NULL : cli->args[0],
                                      .client = client,
                                      .name = name,
                                      .claim = claim,
                                      .ca = ca };

    if (off ? cli->n_args != 0 : cli->n_args != 1) {
        g_set_error_literal(error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE,
                            nsk_tr("name the issuer of the provider, or say --off"));
        return false;
    }
    NskOffice *office = nsk_cli_open_without_person(cli, error);
    if (office == NULL || !nsk_office_sso_set(office, &settings, error))
        return false;
    if (off)
        nsk_cli_say(cli, "%s", nsk_tr("Nobody signs in by a provider any more."));
    else
        nsk_cli_say(cli,
                    nsk_tr("People can sign in by %s; 'naskah sso show' says what to tell it."),
                    settings.issuer);
    return true;
}

/* --- show ------------------------------------------------------------------------------------- */

static void
print_provider(const NskJson *result)
{
    const NskJson *ways = nsk_json_get(result, "ways");
    g_autoptr(NskJson) set = nsk_json_object();

    if (nsk_json_get_text(result, "issuer") == NULL) {
        (void)puts(nsk_tr("No identity provider is named."));
        return;
    }
    nsk_json_set(set, "keys", nsk_json_ref(nsk_json_get(result, "keys")));
    g_autofree char *keys = nsk_json_pretty(set);
    (void)printf(nsk_tr("issuer %s\nclient %s\nname   %s\nclaim  %s\n"),
                 nsk_json_get_text(result, "issuer"), nsk_json_get_text(result, "client"),
                 nsk_json_get_text(result, "name"), nsk_json_get_text(result, "claim"));
    (void)puts(nsk_tr("Tell the provider these addresses, below that of the office's pages:"));
    for (size_t i = 0; i < nsk_json_length(ways); i++)
        (void)printf("  %s\n", nsk_json_text_at(ways, i));
    (void)puts(nsk_tr("and this key (ES512, private_key_jwt), also at /masuk/sso/kunci:"));
    (void)puts(keys);
}

static bool
run_show(NskCli *cli, GError **error)
{
    NskJson *result = NULL;
    NskOffice *office = nsk_cli_open_without_person(cli, error);

    if (office == NULL || !nsk_office_sso_show(office, &result, error))
        return false;
    nsk_cli_print(cli, result, print_provider);
    return true;
}

/* --- check ------------------------------------------------------------------------------------ */

static void
print_checks(const NskJson *result)
{
    const NskJson *checks = nsk_json_get(result, "checks");

    for (size_t i = 0; i < nsk_json_length(checks); i++) {
        const NskJson *row = nsk_json_at(checks, i);

        (void)printf("%-14s %s\n",
                     nsk_json_get_bool(row, "good", false) ? nsk_tr("good")
                                                           : nsk_tr("to be mended"),
                     nsk_json_get_text(row, "says"));
    }
}

static bool
run_check(NskCli *cli, GError **error)
{
    NskJson *result = NULL;
    NskOffice *office = nsk_cli_open_without_person(cli, error);

    if (office == NULL || !nsk_office_sso_check(office, NULL, &result, error))
        return false;
    if (!nsk_json_get_bool(result, "good", false))
        cli->status = FINDINGS_STATUS;
    nsk_cli_print(cli, result, print_checks);
    return true;
}

/* --- link, unlink ----------------------------------------------------------------------------- */

static bool
run_link(NskCli *cli, GError **error)
{
    const NskSsoLink wanted = { cli->args[0], cli->n_args > 1 ? cli->args[1] : NULL };
    g_autoptr(NskJson) result = NULL;
    NskOffice *office = nsk_cli_open_without_person(cli, error);

    if (office == NULL || !nsk_office_sso_link(office, &wanted, &result, error))
        return false;
    nsk_cli_say(cli,
                wanted.subject != NULL ? nsk_tr("The account of %s is linked.")
                                       : nsk_tr("The account of %s is linked no more."),
                cli->args[0]);
    return true;
}

const NskCommand nsk_command_sso_provider = {
    .group = "sso",
    .name = "provider",
    .summary = N_("name the provider of identities by which people sign in"),
    .usage = "ISSUER --client ID --name NAME | --off",
    .examples = "    naskah sso provider https://sso.example.go.id --client naskah \\\n"
                "      --name 'SSO Pemda'\n"
                "    naskah sso provider --off",
    .max_args = 1,
    .options = provider_options,
    .run = run_provider,
};

const NskCommand nsk_command_sso_show = {
    .group = "sso",
    .name = "show",
    .summary = N_("the provider of identities, and what it has to know of the office"),
    .usage = "",
    .examples = "    naskah sso show --dir kantor",
    .run = run_show,
};

const NskCommand nsk_command_sso_check = {
    .group = "sso",
    .name = "check",
    .summary = N_("ask the provider of identities what a sign-in will ask of it"),
    .usage = "",
    .examples = "    naskah sso check --dir kantor",
    .run = run_check,
};

const NskCommand nsk_command_sso_link = {
    .group = "sso",
    .name = "link",
    .summary = N_("say who of the office is whom at the provider of identities"),
    .usage = "PERSON SUBJECT",
    .examples = "    naskah sso link sekar 5f0c1d2e-7a31-4a5e-9d39-0b8f4f1f2a77",
    .min_args = 2,
    .max_args = 2,
    .run = run_link,
};

const NskCommand nsk_command_sso_unlink = {
    .group = "sso",
    .name = "unlink",
    .summary = N_("undo that link"),
    .usage = "PERSON",
    .examples = "    naskah sso unlink sekar",
    .min_args = 1,
    .max_args = 1,
    .run = run_link,
};
