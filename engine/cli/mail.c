/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Mail: the server that takes it, how it goes, and what a person wants of it. */
#include "base/message.h"
#include "cli/commands.h"

#include <stdio.h>
#include <string.h>

#define FINDINGS_STATUS 1

/* --- server ----------------------------------------------------------------------------------- */

static char *from;
static char *site;
static char *user;
static char *password_file;
static char *ca;
static gboolean off, renew;

static const GOptionEntry server_options[] = {
    { "from", 0, 0, G_OPTION_ARG_STRING, &from, N_("address that the office writes from"),
      "ADDRESS" },
    { "site", 0, 0, G_OPTION_ARG_STRING, &site,
      N_("where people open the office's pages, such as https://surat.example.go.id"), "URL" },
    { "user", 0, 0, G_OPTION_ARG_STRING, &user, N_("the office's name at that server"), "NAME" },
    { "password-file", 0, 0, G_OPTION_ARG_FILENAME, &password_file,
      N_("file whose first line is its password"), "FILE" },
    { "ca", 0, 0, G_OPTION_ARG_FILENAME, &ca,
      N_("PEM file of the authorities for its TLS; else the system's"), "FILE" },
    { "off", 0, 0, G_OPTION_ARG_NONE, &off, N_("send no mail any more"), NULL },
    { NULL, 0, 0, 0, NULL, NULL, NULL },
};

static bool
check_words(const NskCli *cli, GError **error)
{
    if (off ? cli->n_args == 0 : cli->n_args == 1)
        return true;
    g_set_error_literal(error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE,
                        nsk_tr("name the server that takes mail, or say --off"));
    return false;
}

static bool
run_server(NskCli *cli, GError **error)
{
    const NskCliSecret where = { password_file, -1 };
    g_autoptr(NskLocked) password = NULL;

    if (!check_words(cli, error))
        return false;
    if (user != NULL && !off) {
        password = nsk_cli_read_secret(&where, nsk_tr("Password of the mail server: "), error);
        if (password == NULL)
            return false;
    }
    const NskMailSettings settings = { .url = off ? NULL : cli->args[0],
                                       .from = from,
                                       .site = site,
                                       .user = user,
                                       .password = password,
                                       .ca = ca };
    NskOffice *office = nsk_cli_open_without_person(cli, error);
    if (office == NULL || !nsk_office_set_mail(office, &settings, error))
        return false;
    if (off)
        nsk_cli_say(cli, "%s", nsk_tr("No mail is sent any more."));
    else
        nsk_cli_say(cli, nsk_tr("Mail goes through %s while the office is served."), settings.url);
    return true;
}

/* --- gateway ---------------------------------------------------------------------------------- */

static const GOptionEntry gateway_options[] = {
    { "site", 0, 0, G_OPTION_ARG_STRING, &site,
      N_("where people open the office's pages, such as https://surat.example.go.id"), "URL" },
    { "renew", 0, 0, G_OPTION_ARG_NONE, &renew,
      N_("a new secret; the one before is good for 24 hours more"), NULL },
    { "off", 0, 0, G_OPTION_ARG_NONE, &off, N_("tell nobody by a chat any more"), NULL },
    { NULL, 0, 0, 0, NULL, NULL, NULL },
};

static void
print_gateway(const NskJson *result)
{
    const char *secret = nsk_json_get_text(result, "secret");

    if (secret == NULL)
        (void)puts(nsk_tr("Nobody is told by a chat any more."));
    else if (nsk_json_get_text(result, "url") == NULL)
        (void)printf(
            nsk_tr("The new secret, beside which the one before is good for 24 hours: %s\n"),
            secret);
    else
        (void)printf(nsk_tr("Chats go through %s while the office is served.\n"
                            "It knows the office's requests by this secret: %s\n"),
                     nsk_json_get_text(result, "url"), secret);
}

static bool
run_gateway(NskCli *cli, GError **error)
{
    g_autofree char *secret = NULL;
    const char *url = cli->n_args > 0 ? cli->args[0] : NULL;

    if ((url == NULL) != (off || renew) || (off && renew)) {
        g_set_error_literal(error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE,
                            nsk_tr("name the gateway for chats, or say --off or --renew"));
        return false;
    }
    NskOffice *office = nsk_cli_open_without_person(cli, error);
    if (office == NULL || !(renew ? nsk_office_renew_chat(office, &secret, error)
                                  : nsk_office_set_chat(office, url, site, &secret, error)))
        return false;
    NskJson *result = nsk_json_object();
    nsk_json_set_text(result, "url", url);
    nsk_json_set_text(result, "secret", secret);
    nsk_cli_print(cli, result, print_gateway);
    return true;
}

/* --- status ----------------------------------------------------------------------------------- */

static void
print_status(const NskJson *result)
{
    const NskJson *faults = nsk_json_get(result, "faults");
    const char *url = nsk_json_get_text(nsk_json_get(result, "server"), "url");

    if (url == NULL)
        (void)puts(nsk_tr("No server for mail is named; nobody is told by mail."));
    else
        (void)printf(nsk_tr("Mail goes through %s.\n"), url);
    (void)printf(nsk_tr("sent %lld, waiting %lld, with a fault %lld\n"),
                 (long long)nsk_json_get_int(result, "sent", 0),
                 (long long)nsk_json_get_int(result, "waiting", 0),
                 (long long)nsk_json_get_int(result, "failing", 0));
    for (size_t i = 0; i < nsk_json_length(faults); i++) {
        const NskJson *row = nsk_json_at(faults, i);

        (void)printf("  %-12s %s\n", nsk_json_get_text(row, "person"),
                     nsk_json_get_text(row, "fault"));
    }
}

static bool
run_status(NskCli *cli, GError **error)
{
    NskJson *result = NULL;
    NskOffice *office = nsk_cli_open_without_person(cli, error);

    if (office == NULL || !nsk_office_mail_status(office, &result, error))
        return false;
    if (nsk_json_get_int(result, "failing", 0) > 0)
        cli->status = FINDINGS_STATUS;
    nsk_cli_print(cli, result, print_status);
    return true;
}

/* --- choose ----------------------------------------------------------------------------------- */

static char *language;
static char *handle;

static const GOptionEntry choose_options[] = {
    { "language", 0, 0, G_OPTION_ARG_STRING, &language, N_("id or en"), "LANGUAGE" },
    { "chat", 0, 0, G_OPTION_ARG_STRING, &handle,
      N_("number or name in a chat, in place of mail; '' for mail"), "HANDLE" },
    { NULL, 0, 0, 0, NULL, NULL, NULL },
};

static void
print_choice(const NskJson *result)
{
    const char *tasks = nsk_json_get_text(result, "tasks");
    const char *chat = nsk_json_get_text(result, "handle");
    const char *address = chat != NULL ? chat : nsk_json_get_text(result, "address");

    if (address == NULL || address[0] == '\0')
        (void)puts(nsk_tr("The directory knows no address of yours: nothing is sent to you."));
    else if (strcmp(tasks, "never") == 0)
        (void)puts(nsk_tr("Nothing is sent to you."));
    else if (strcmp(tasks, "daily") == 0)
        (void)printf(nsk_tr("Once a day, in the morning, %s is told what waits.\n"), address);
    else
        (void)printf(nsk_tr("%s is told of each task within a minute or two.\n"), address);
}

static bool
run_choose(NskCli *cli, GError **error)
{
    const NskMailWish wish = { .tasks = cli->n_args > 0 ? cli->args[0] : NULL,
                               .language = language,
                               .handle = handle };
    bool asks = wish.tasks == NULL && wish.language == NULL && handle == NULL;
    NskJson *result = NULL;
    NskOffice *office = nsk_cli_open(cli, error);

    if (office == NULL || !(asks ? nsk_office_mail_show(office, &result, error)
                                 : nsk_office_mail_choose(office, &wish, &result, error)))
        return false;
    nsk_cli_print(cli, result, print_choice);
    return true;
}

const NskCommand nsk_command_mail_server = {
    .group = "mail",
    .name = "server",
    .summary = N_("name the server that takes the office's mail"),
    .usage = "URL --from ADDRESS --site URL | --off",
    .examples = "    naskah mail server smtps://mail.example.go.id --from naskah@example.go.id \\\n"
                "      --site https://surat.example.go.id --user naskah --password-file sandi\n"
                "    naskah mail server --off",
    .max_args = 1,
    .options = server_options,
    .run = run_server,
};

const NskCommand nsk_command_mail_gateway = {
    .group = "mail",
    .name = "gateway",
    .summary = N_("name the gateway to WhatsApp or a chat"),
    .usage = "URL [--site URL] | --off",
    .examples = "    naskah mail gateway https://wa.example.go.id/kirim --site "
                "https://surat.example.go.id\n"
                "    naskah mail gateway --off",
    .max_args = 1,
    .options = gateway_options,
    .run = run_gateway,
};

const NskCommand nsk_command_mail_status = {
    .group = "mail",
    .name = "status",
    .summary = N_("how mail goes, and what failed"),
    .usage = "",
    .examples = "    naskah mail status --dir kantor",
    .run = run_status,
};

const NskCommand nsk_command_mail_choose = {
    .group = "mail",
    .name = "choose",
    .summary = N_("how often you are told by mail that something waits for you"),
    .usage = "[now|daily|never]",
    .examples = "    naskah mail choose daily\n"
                "    naskah mail choose --language en\n"
                "    naskah mail choose --chat 0812-3456-7890",
    .max_args = 1,
    .options = choose_options,
    .run = run_choose,
};
