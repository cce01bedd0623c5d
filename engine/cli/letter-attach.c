/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/message.h"
#include "cli/commands.h"

#include <stdio.h>

static char *title;
static char *name;

static const GOptionEntry options[] = {
    { "title", 0, 0, G_OPTION_ARG_STRING, &title, N_("what the letter calls it"), "TEXT" },
    { "name", 0, 0, G_OPTION_ARG_STRING, &name,
      N_("its name in the letter (else the file's own, with plain characters)"), "NAME" },
    { NULL, 0, 0, 0, NULL, NULL, NULL },
};

static void
print_voided(const NskJson *result)
{
    const NskJson *voided = nsk_json_get(result, "voided");

    for (size_t i = 0; i < nsk_json_length(voided); i++)
        (void)printf(nsk_tr("The paraf of %s no longer holds: the content changed\n"),
                     nsk_json_text_at(voided, i));
}

static void
print_attached(const NskJson *result)
{
    (void)printf(nsk_tr("'%s' is attached (%lld bytes); version %d is kept\n"),
                 nsk_json_get_text(result, "file"), (long long)nsk_json_get_int(result, "size", 0),
                 (int)nsk_json_get_int(result, "version", 0));
    print_voided(result);
}

static void
print_detached(const NskJson *result)
{
    (void)printf(nsk_tr("'%s' is no longer attached; version %d is kept\n"),
                 nsk_json_get_text(result, "file"), (int)nsk_json_get_int(result, "version", 0));
    print_voided(result);
}

static bool
attach(NskCli *cli, GError **error)
{
    NskJson *result = NULL;
    NskOffice *office = nsk_cli_open(cli, error);
    NskAttachFile file = { .letter = cli->args[0],
                           .path = cli->args[1],
                           .title = title,
                           .name = name };

    if (office == NULL || !nsk_office_letter_attach(office, &file, &result, error))
        return false;
    nsk_cli_warn(result);
    nsk_cli_print(cli, result, print_attached);
    return true;
}

static bool
detach(NskCli *cli, GError **error)
{
    NskJson *result = NULL;
    NskOffice *office = nsk_cli_open(cli, error);

    if (office == NULL ||
        !nsk_office_letter_detach(office, cli->args[0], cli->args[1], &result, error))
        return false;
    nsk_cli_print(cli, result, print_detached);
    return true;
}

const NskCommand nsk_command_letter_attach = {
    .group = "letter",
    .name = "attach",
    .summary = N_("attach a file to a draft, or a new version of one"),
    .usage = "LETTER FILE",
    .examples = "    naskah letter attach LETTER daftar-peserta.pdf --title 'Daftar peserta'\n"
                "    naskah letter export LETTER --attachment daftar-peserta.pdf -o daftar.pdf",
    .min_args = 2,
    .max_args = 2,
    .options = options,
    .run = attach,
};

const NskCommand nsk_command_letter_detach = {
    .group = "letter",
    .name = "detach",
    .summary = N_("take an attached file out of a draft"),
    .usage = "LETTER NAME",
    .examples = "    naskah letter detach LETTER daftar-peserta.pdf",
    .min_args = 2,
    .max_args = 2,
    .run = detach,
};
