/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The commands by which TU passes a letter on, or files it. */
#include "base/message.h"
#include "cli/commands.h"

#include <stdio.h>

static char **to;
static char *note;

#define NOTE                                                                                       \
    {                                                                                              \
        "note", 'n', 0, G_OPTION_ARG_STRING, &note, N_("words for the record"), "TEXT"             \
    }

static const GOptionEntry forward_options[] = {
    { "to", 0, 0, G_OPTION_ARG_STRING_ARRAY, &to,
      N_("another position than it was registered for; may be repeated"), "ID" },
    NOTE,
    { NULL, 0, 0, 0, NULL, NULL, NULL },
};

static const GOptionEntry file_options[] = {
    NOTE,
    { NULL, 0, 0, 0, NULL, NULL, NULL },
};

static bool
run_forward(NskCli *cli, GError **error)
{
    NskJson *result = NULL;
    NskOffice *office = nsk_cli_open(cli, error);

    if (office == NULL || !nsk_office_incoming_forward(
                              office, cli->args[0], (const char *const *)to, note, &result, error))
        return false;
    nsk_cli_print(cli, result, nsk_cli_write_done);
    return true;
}

static bool
run_file(NskCli *cli, GError **error)
{
    NskJson *result = NULL;
    NskOffice *office = nsk_cli_open(cli, error);

    if (office == NULL || !nsk_office_incoming_file(office, cli->args[0], note, &result, error))
        return false;
    nsk_cli_print(cli, result, nsk_cli_write_done);
    return true;
}

const NskCommand nsk_command_incoming_forward = {
    .group = "incoming",
    .name = "forward",
    .summary = N_("pass a letter that came in on to those it is for"),
    .usage = "LETTER|AGENDA|TASK",
    .examples = "    naskah incoming forward A-17/SU/BU/2026\n"
                "    naskah incoming forward LETTER --to kepala-biro-umum --to kepala-biro-sdm",
    .min_args = 1,
    .max_args = 1,
    .options = forward_options,
    .run = run_forward,
};

const NskCommand nsk_command_incoming_file = {
    .group = "incoming",
    .name = "file",
    .summary = N_("file a letter with which nothing is to be done"),
    .usage = "LETTER|AGENDA|TASK",
    .examples = "    naskah incoming file A-17/SU/BU/2026 --note 'Brosur'",
    .min_args = 1,
    .max_args = 1,
    .options = file_options,
    .run = run_file,
};
