/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Signers: what the office's owner says of them, and of who signs with which key. */
#include "base/limits.h"
#include "base/message.h"
#include "cli/commands.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define MAX_SETTINGS 32 /* on one command line */

static char *certificate;
static gboolean none;

static const GOptionEntry assign_options[] = {
    { "certificate", 0, 0, G_OPTION_ARG_FILENAME, &certificate,
      N_("the person's certificate with its issuers (PEM or DER), where the signer shows none"),
      "FILE" },
    { "none", 0, 0, G_OPTION_ARG_NONE, &none, N_("the person signs with no key any more"), NULL },
    { NULL, 0, 0, 0, NULL, NULL, NULL },
};

/* --- add -------------------------------------------------------------------------------------- */

static bool
is_number(const char *text)
{
    size_t length = strlen(text);

    return length > 0 && length < 10 && strspn(text, "0123456789") == length;
}

/* Puts NAME=VALUE in; what is said twice is a list. */
static bool
add_setting(NskJson *settings, const char *word, GError **error)
{
    static const char *const numbers[] = { "version", "batch", "timeout", NULL };
    const char *value = strchr(word, '=');

    if (value == NULL || value == word) {
        g_set_error(error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE,
                    nsk_tr("'%s' is no setting: it is written NAME=VALUE"), word);
        return false;
    }
    g_autofree char *name = g_strndup(word, (size_t)(value - word));
    NskJson *before = nsk_json_get(settings, name);
    value++;
    if (g_strv_contains(numbers, name) && is_number(value)) {
        nsk_json_set_int(settings, name, g_ascii_strtoll(value, NULL, 10));
    } else if (before == NULL) {
        nsk_json_set_text(settings, name, value);
    } else if (nsk_json_type(before) == NSK_JSON_ARRAY) {
        nsk_json_add_text(before, value);
    } else {
        NskJson *list = nsk_json_array();

        nsk_json_add(list, nsk_json_ref(before));
        nsk_json_add_text(list, value);
        nsk_json_set(settings, name, list);
    }
    return true;
}

static void
print_added(const NskJson *result)
{
    (void)printf(nsk_tr("The signer '%s' is there. Say who signs with it: naskah signer assign\n"),
                 nsk_json_get_text(result, "signer"));
}

static bool
run_add(NskCli *cli, GError **error)
{
    NskJson *result = NULL;
    g_autoptr(NskJson) settings = nsk_json_object();

    for (int i = 2; i < cli->n_args; i++)
        if (!add_setting(settings, cli->args[i], error))
            return false;
    g_autofree char *text = nsk_json_canonical(settings);
    const NskSignerEntry entry = { cli->args[0], cli->args[1], text };
    NskOffice *office = nsk_cli_open_without_person(cli, error);
    if (office == NULL || !nsk_office_signer_add(office, &entry, &result, error))
        return false;
    nsk_cli_print(cli, result, print_added);
    return true;
}

/* --- assign ----------------------------------------------------------------------------------- */

static void
print_certificate(const NskJson *one, const char *before)
{
    const NskJson *json = nsk_json_get(one, "certificate");
    const char *until = nsk_json_get_text(json, "until");

    if (until != NULL)
        (void)printf(nsk_tr("%scertificate of %s, from %s, good until %.10s (%d days)\n"), before,
                     nsk_json_get_text(json, "subject"), nsk_json_get_text(json, "issuer"), until,
                     (int)nsk_json_get_int(json, "days", 0));
}

static void
print_assigned(const NskJson *result)
{
    const char *signer = nsk_json_get_text(result, "signer");

    if (signer == NULL)
        (void)puts(nsk_json_get_bool(result, "had", false)
                       ? nsk_tr("That person signs with no key any more.")
                       : nsk_tr("That person had no key."));
    else
        (void)printf(nsk_tr("'%s' signs with '%s' from now on.\n"),
                     nsk_json_get_text(result, "person"), signer);
    print_certificate(result, "");
}

static bool
run_assign(NskCli *cli, GError **error)
{
    NskJson *result = NULL;
    g_autoptr(GBytes) file = NULL;

    if (none ? cli->n_args != 1 : cli->n_args != 3) {
        g_set_error_literal(error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE,
                            nsk_tr("name the person, the signer and the key, or the person with "
                                   "--none"));
        return false;
    }
    if (certificate != NULL) {
        file = nsk_cli_read(certificate, NSK_LIMIT_KEY_SIZE, error);
        if (file == NULL)
            return false;
    }
    const NskSignerAssignment given = { .person = cli->args[0],
                                        .signer = none ? NULL : cli->args[1],
                                        .key = none ? NULL : cli->args[2],
                                        .certificate = file };
    NskOffice *office = nsk_cli_open_without_person(cli, error);
    if (office == NULL || !nsk_office_signer_assign(office, &given, &result, error))
        return false;
    nsk_cli_print(cli, result, print_assigned);
    return true;
}

/* --- list, check ------------------------------------------------------------------------------ */

static void
print_key(const NskJson *one)
{
    const char *fault = nsk_json_get_text(one, "error");

    (void)printf("    %s  %s  %s\n", nsk_json_get_text(one, "person"),
                 nsk_json_get_text(one, "signer"), nsk_json_get_text(one, "key"));
    if (fault != NULL)
        (void)printf("        %s\n", fault);
    print_certificate(one, "        ");
}

static void
print_list(const NskJson *result)
{
    const NskJson *signers = nsk_json_get(result, "signers");

    if (nsk_json_length(signers) == 0)
        (void)puts(nsk_tr("No signer was added: people sign with the files in the folder 'keys'."));
    for (size_t i = 0; i < nsk_json_length(signers); i++) {
        const NskJson *signer = nsk_json_at(signers, i);
        const NskJson *people = nsk_json_get(signer, "people");
        g_autofree char *settings = nsk_json_canonical(nsk_json_get(signer, "settings"));

        (void)printf("%s  %s  %s\n", nsk_json_get_text(signer, "signer"),
                     nsk_json_get_text(signer, "kind"), settings);
        for (size_t k = 0; k < nsk_json_length(people); k++)
            print_key(nsk_json_at(people, k));
    }
}

static bool
run_list(NskCli *cli, GError **error)
{
    NskJson *result = NULL;
    NskOffice *office = nsk_cli_open_without_person(cli, error);

    if (office == NULL || !nsk_office_signer_list(office, &result, error))
        return false;
    nsk_cli_print(cli, result, print_list);
    return true;
}

static void
print_checked(const NskJson *result)
{
    const NskJson *keys = nsk_json_get(result, "keys");

    if (nsk_json_length(keys) == 0)
        (void)puts(nsk_tr("Nobody has a key at a signer."));
    for (size_t i = 0; i < nsk_json_length(keys); i++)
        print_key(nsk_json_at(keys, i));
}

static bool
run_check(NskCli *cli, GError **error)
{
    NskJson *result = NULL;
    NskOffice *office = nsk_cli_open_without_person(cli, error);

    if (office == NULL ||
        !nsk_office_signer_check(office, cli->n_args > 0 ? cli->args[0] : NULL, &result, error))
        return false;
    if (nsk_json_get_int(result, "failed", 0) > 0)
        cli->status = EXIT_FAILURE;
    nsk_cli_print(cli, result, print_checked);
    return true;
}

const NskCommand nsk_command_signer_add = {
    .group = "signer",
    .name = "add",
    .summary = N_("tell the office of a card, module or service that signs"),
    .usage = "NAME pkcs12|pkcs11|csc|bsre [SETTING=VALUE...]",
    .examples = "    naskah signer add bsre bsre url=https://esign.example version=2\n"
                "    naskah signer add hsm pkcs11 module=/usr/lib/libhsm.so token=naskah",
    .min_args = 2,
    .max_args = MAX_SETTINGS,
    .run = run_add,
};

const NskCommand nsk_command_signer_assign = {
    .group = "signer",
    .name = "assign",
    .summary = N_("say who signs with which key"),
    .usage = "PERSON [SIGNER KEY]",
    .examples = "    naskah signer assign sekar hsm id=a1\n"
                "    naskah signer assign sekar bsre 3175000000000001 --certificate sekar.pem\n"
                "    naskah signer assign sekar --none",
    .min_args = 1,
    .max_args = 3,
    .options = assign_options,
    .run = run_assign,
};

const NskCommand nsk_command_signer_list = {
    .group = "signer",
    .name = "list",
    .summary = N_("the signers, and who signs with which key"),
    .usage = "",
    .examples = "    naskah signer list --dir kantor",
    .run = run_list,
};

const NskCommand nsk_command_signer_check = {
    .group = "signer",
    .name = "check",
    .summary = N_("ask cards and services whether people could sign now"),
    .usage = "[SIGNER|PERSON]",
    .examples = "    naskah signer check\n"
                "    naskah signer check bsre",
    .max_args = 1,
    .run = run_check,
};
