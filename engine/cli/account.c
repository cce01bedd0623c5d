/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Accounts: who signs in with a browser, as who looks after the office keeps them. */
#include "base/message.h"
#include "cli/commands.h"
#include "office/door.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

static char *name;
static char *password_file;
static int password_fd = -1;
static gboolean ask;

static const GOptionEntry password_options[] = {
    { "name", 0, 0, G_OPTION_ARG_STRING, &name,
      N_("what is typed at the door, such as an address of mail; otherwise the person's id"),
      "NAME" },
    { "ask", 0, 0, G_OPTION_ARG_NONE, &ask, N_("type the password, instead of having one made up"),
      NULL },
    { "password-file", 0, 0, G_OPTION_ARG_FILENAME, &password_file,
      N_("take the password from the first line of this file"), "FILE" },
    { "password-fd", 0, 0, G_OPTION_ARG_INT, &password_fd,
      N_("take the password from this open descriptor"), "N" },
    { NULL, 0, 0, 0, NULL, NULL, NULL },
};

/* What is typed or read; or made up, and then told.  *out_told: owned, NULL if it is not. */
static NskLocked *
find_password(char **out_told, GError **error)
{
    const NskCliSecret from = { password_file, password_fd };

    if (ask && password_file == NULL && password_fd < 0 && !isatty(STDIN_FILENO)) {
        g_set_error_literal(error, NSK_ERROR, NSK_ERROR_INVALID,
                            nsk_tr("there is no terminal to type the password at; name a file with "
                                   "--password-file, or a descriptor with --password-fd"));
        return NULL;
    }
    if (ask || password_file != NULL || password_fd >= 0)
        return nsk_cli_read_secret(&from, nsk_tr("Password: "), error);
    *out_told = nsk_office_account_invent();
    return nsk_locked_new(*out_told, strlen(*out_told), error);
}

static void
print_given(const NskJson *result)
{
    const char *password = nsk_json_get_text(result, "password");

    (void)printf(nsk_tr("'%s' signs in as '%s'"), nsk_json_get_text(result, "person"),
                 nsk_json_get_text(result, "account"));
    if (password != NULL)
        (void)printf(nsk_tr(", at first with the password %s"), password);
    (void)puts(nsk_tr("; it is to be changed at the first visit, and is not shown again"));
}

static bool
give_password(NskCli *cli, const char *act, GError **error)
{
    NskJson *result = NULL;
    g_autofree char *told = NULL;
    const char *person = cli->args[0];
    g_autoptr(NskLocked) password = find_password(&told, error);
    g_autofree char *hash =
        password != NULL ? nsk_office_account_hash(password, name != NULL ? name : person, error)
                         : NULL;
    const NskAccountAct wanted = { person, act, name, hash };
    NskOffice *office = hash != NULL ? nsk_cli_open_without_person(cli, error) : NULL;

    if (office == NULL || !nsk_office_account_act(office, &wanted, &result, error))
        return false;
    nsk_json_set_text(result, "password", told);
    nsk_cli_print(cli, result, print_given);
    return true;
}

static bool
run_add(NskCli *cli, GError **error)
{
    return give_password(cli, "add", error);
}

static bool
run_reset(NskCli *cli, GError **error)
{
    return give_password(cli, "reset", error);
}

static void
print_locked(const NskJson *result)
{
    (void)printf(nsk_tr("'%s' can sign in no more, and is signed out everywhere; 'naskah account "
                        "reset' lets him in again\n"),
                 nsk_json_get_text(result, "person"));
}

static bool
run_lock(NskCli *cli, GError **error)
{
    NskJson *result = NULL;
    const NskAccountAct wanted = { cli->args[0], "lock", NULL, NULL };
    NskOffice *office = nsk_cli_open_without_person(cli, error);

    if (office == NULL || !nsk_office_account_act(office, &wanted, &result, error))
        return false;
    nsk_cli_print(cli, result, print_locked);
    return true;
}

static void
print_appointed(const NskJson *result)
{
    (void)printf(nsk_tr("'%s' looks after the office, on its pages under /kelola\n"),
                 nsk_json_get_text(result, "person"));
}

static void
print_dismissed(const NskJson *result)
{
    (void)printf(nsk_tr("'%s' looks after the office no more\n"),
                 nsk_json_get_text(result, "person"));
}

static bool
name_administrator(NskCli *cli, const char *act, void (*print)(const NskJson *), GError **error)
{
    NskJson *result = NULL;
    const NskAccountAct wanted = { cli->args[0], act, NULL, NULL };
    NskOffice *office = nsk_cli_open_without_person(cli, error);

    if (office == NULL || !nsk_office_account_act(office, &wanted, &result, error))
        return false;
    nsk_cli_print(cli, result, print);
    return true;
}

static bool
run_appoint(NskCli *cli, GError **error)
{
    return name_administrator(cli, "appoint", print_appointed, error);
}

static bool
run_dismiss(NskCli *cli, GError **error)
{
    return name_administrator(cli, "dismiss", print_dismissed, error);
}

static void
print_list(const NskJson *result)
{
    const NskJson *accounts = nsk_json_get(result, "accounts");

    if (nsk_json_length(accounts) == 0)
        (void)puts(nsk_tr("Nobody has an account: make one with 'naskah account add'."));
    for (size_t i = 0; i < nsk_json_length(accounts); i++) {
        const NskJson *row = nsk_json_at(accounts, i);
        const char *state = nsk_json_get_text(row, "state");

        (void)printf(
            "%s  %s  %s%s%s%s\n", nsk_json_get_text(row, "account"),
            nsk_json_get_text(row, "person"), nsk_json_get_text(row, "name"),
            strcmp(state, "locked") == 0  ? nsk_tr("  locked")
            : strcmp(state, "given") == 0 ? nsk_tr("  with a password that was given")
                                          : "",
            nsk_json_get_bool(row, "codes", false) ? nsk_tr("  with codes") : "",
            nsk_json_get_bool(row, "administers", false) ? nsk_tr("  looks after the office") : "");
    }
}

static bool
run_list(NskCli *cli, GError **error)
{
    NskJson *result = NULL;
    NskOffice *office = nsk_cli_open_without_person(cli, error);

    if (office == NULL || !nsk_office_account_list(office, &result, error))
        return false;
    nsk_cli_print(cli, result, print_list);
    return true;
}

const NskCommand nsk_command_account_add = {
    .group = "account",
    .name = "add",
    .summary = N_("let a person sign in with a browser"),
    .usage = "PERSON",
    .examples = "    naskah account add sekar\n"
                "    naskah account add sekar --name sekar@example.go.id --ask",
    .min_args = 1,
    .max_args = 1,
    .options = password_options,
    .run = run_add,
};

const NskCommand nsk_command_account_reset = {
    .group = "account",
    .name = "reset",
    .summary = N_("give a person a new password, and no second factor"),
    .usage = "PERSON",
    .examples = "    naskah account reset sekar",
    .min_args = 1,
    .max_args = 1,
    .options = password_options + 1,
    .run = run_reset,
};

const NskCommand nsk_command_account_lock = {
    .group = "account",
    .name = "lock",
    .summary = N_("end a person's sessions, and let him in no more"),
    .usage = "PERSON",
    .examples = "    naskah account lock sekar",
    .min_args = 1,
    .max_args = 1,
    .run = run_lock,
};

const NskCommand nsk_command_account_appoint = {
    .group = "account",
    .name = "appoint",
    .summary = N_("let a person look after the office on its pages"),
    .usage = "PERSON",
    .examples = "    naskah account appoint ratna",
    .min_args = 1,
    .max_args = 1,
    .run = run_appoint,
};

const NskCommand nsk_command_account_dismiss = {
    .group = "account",
    .name = "dismiss",
    .summary = N_("have a person look after the office no more"),
    .usage = "PERSON",
    .examples = "    naskah account dismiss ratna",
    .min_args = 1,
    .max_args = 1,
    .run = run_dismiss,
};

const NskCommand nsk_command_account_list = {
    .group = "account",
    .name = "list",
    .summary = N_("who can sign in with a browser"),
    .usage = "",
    .examples = "    naskah account list --dir kantor",
    .run = run_list,
};
