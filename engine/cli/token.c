/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Tokens by which programs act for a person at the server's API. */
#include "office/token.h"

#include "base/message.h"
#include "cli/commands.h"

#include <stdio.h>

#define DEFAULT_DAYS 90

static char *label;
static int days = DEFAULT_DAYS;

static const GOptionEntry make_options[] = {
    { "label", 0, 0, G_OPTION_ARG_STRING, &label, N_("what the token is for"), "TEXT" },
    { "days", 0, 0, G_OPTION_ARG_INT, &days, N_("how long it lives, at most a year (90)"), "N" },
    { NULL, 0, 0, 0, NULL, NULL, NULL },
};

/* --- make ------------------------------------------------------------------------------------- */

static void
print_made(const NskJson *result)
{
    const char *token = nsk_json_get_text(result, "token");

    if (token == NULL) {
        (void)puts(nsk_tr("This request was done before; the token was told then, and is not told "
                          "again."));
        return;
    }
    (void)puts(token);
    (void)fprintf(stderr,
                  nsk_tr("Keep it as a password: it is not shown again. It is good until "
                         "%.10s.\n"),
                  nsk_json_get_text(result, "until"));
}

static bool
run_make(NskCli *cli, GError **error)
{
    NskJson *result = NULL;
    g_autofree char *scopes = g_strjoinv(" ", cli->args);
    const NskTokenWish wish = { label != NULL ? label : "", scopes, days };
    NskOffice *office = nsk_cli_open(cli, error);

    if (office == NULL || !nsk_office_token_make(office, &wish, &result, error))
        return false;
    nsk_cli_print(cli, result, print_made);
    return true;
}

/* --- list ------------------------------------------------------------------------------------- */

static void
print_token(const NskJson *token)
{
    const char *used = nsk_json_get_text(token, "used");
    const NskJson *scopes = nsk_json_get(token, "scopes");

    (void)printf("%s  %.10s  %.10s  %s\n   ", nsk_json_get_text(token, "id"),
                 nsk_json_get_text(token, "until"), used != NULL ? used : nsk_tr("not used"),
                 nsk_json_get_text(token, "label"));
    for (size_t i = 0; i < nsk_json_length(scopes); i++)
        (void)printf(" %s", nsk_json_text_at(scopes, i));
    (void)puts("");
}

static void
print_list(const NskJson *result)
{
    const NskJson *tokens = nsk_json_get(result, "tokens");

    if (nsk_json_length(tokens) == 0)
        (void)puts(nsk_tr("No program has a token of yours."));
    for (size_t i = 0; i < nsk_json_length(tokens); i++)
        print_token(nsk_json_at(tokens, i));
}

static bool
run_list(NskCli *cli, GError **error)
{
    NskJson *result = NULL;
    NskOffice *office = nsk_cli_open(cli, error);

    if (office == NULL || !nsk_office_token_list(office, &result, error))
        return false;
    nsk_cli_print(cli, result, print_list);
    return true;
}

/* --- revoke ----------------------------------------------------------------------------------- */

static void
print_revoked(G_GNUC_UNUSED const NskJson *result)
{
    (void)puts(nsk_tr("The token is revoked: the program that has it is refused from now on."));
}

static bool
run_revoke(NskCli *cli, GError **error)
{
    NskJson *result = NULL;
    NskOffice *office = nsk_cli_open(cli, error);

    if (office == NULL || !nsk_office_token_revoke(office, cli->args[0], &result, error))
        return false;
    nsk_cli_print(cli, result, print_revoked);
    return true;
}

const NskCommand nsk_command_token_make = {
    .group = "token",
    .name = "make",
    .summary = N_("make a token by which a program acts for you, but never signs"),
    .usage = "SCOPE...",
    .examples = "    naskah token make letters:read tasks:decide --label \"aplikasi ponsel\"\n"
                "    naskah token make incoming:write --label pemindai --days 30",
    .min_args = 1,
    .max_args = 10,
    .options = make_options,
    .run = run_make,
};

const NskCommand nsk_command_token_list = {
    .group = "token",
    .name = "list",
    .summary = N_("list the tokens that programs have of you"),
    .examples = "    naskah token list",
    .run = run_list,
};

const NskCommand nsk_command_token_revoke = {
    .group = "token",
    .name = "revoke",
    .summary = N_("revoke a token at once"),
    .usage = "ID",
    .examples = "    naskah token revoke 3f2a9c1d5e7b8a60",
    .min_args = 1,
    .max_args = 1,
    .run = run_revoke,
};
