/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Answering a disposition, taking one back, and reminding those who have it. */
#include "base/message.h"
#include "cli/commands.h"

#include <stdio.h>

static char *note;
static char *to;

#define NOTE(words)                                                                                \
    {                                                                                              \
        "note", 'n', 0, G_OPTION_ARG_FILENAME, &note, words, "TEXT"                                \
    }
#define LAST                                                                                       \
    {                                                                                              \
        NULL, 0, 0, 0, NULL, NULL, NULL                                                            \
    }

static const GOptionEntry report_options[] = { NOTE(N_("what was done")), LAST };
static const GOptionEntry why_options[] = { NOTE(N_("why")), LAST };
static const GOptionEntry recall_options[] = {
    NOTE(N_("why")),
    { "from", 0, 0, G_OPTION_ARG_FILENAME, &to, N_("from this position alone"), "POSITION" },
    LAST,
};
static const GOptionEntry urge_options[] = {
    NOTE(N_("words for the record")),
    { "to", 0, 0, G_OPTION_ARG_FILENAME, &to, N_("only this position"), "POSITION" },
    LAST,
};

static void
print_state(const NskJson *result)
{
    const NskJson *next = nsk_json_get(result, "next");

    (void)printf(nsk_tr("Done; the letter is: %s.\n"),
                 nsk_office_word(nsk_json_get_text(result, "state")));
    for (size_t i = 0; i < nsk_json_length(next); i++) {
        const NskJson *task = nsk_json_at(next, i);

        (void)printf("%s  %s  %s\n", nsk_json_get_text(task, "task"),
                     nsk_json_text_at(nsk_json_get(task, "positions"), 0),
                     nsk_json_get_text(task, "name"));
    }
}

static bool
run(NskCli *cli, GError **error)
{
    NskJson *result = NULL;
    NskOffice *office = nsk_cli_open(cli, error);
    NskDispositionAct act = { .act = cli->command->name,
                              .task = cli->args[0],
                              .receivers = to,
                              .note = note };

    if (office == NULL || !nsk_office_disposition(office, &act, &result, error))
        return false;
    nsk_cli_print(cli, result, print_state);
    return true;
}

const NskCommand nsk_command_disposition_done = {
    .group = "disposition",
    .name = "done",
    .summary = N_("say what was done, or accept what those below have answered"),
    .usage = "LETTER|TASK",
    .examples = "    naskah disposition done LETTER --note \"data sudah dikirim\"",
    .min_args = 1,
    .max_args = 1,
    .options = report_options,
    .run = run,
};

const NskCommand nsk_command_disposition_return = {
    .group = "disposition",
    .name = "return",
    .summary = N_("return a letter to who gave it to you, with the reason"),
    .usage = "LETTER|TASK",
    .examples = "    naskah disposition return LETTER --note \"bukan tugas kami\"",
    .min_args = 1,
    .max_args = 1,
    .options = why_options,
    .run = run,
};

const NskCommand nsk_command_disposition_none = {
    .group = "disposition",
    .name = "none",
    .summary = N_("say that a letter needs no disposition"),
    .usage = "LETTER|TASK",
    .examples = "    naskah disposition none LETTER --note \"untuk diketahui\"",
    .min_args = 1,
    .max_args = 1,
    .options = why_options,
    .run = run,
};

const NskCommand nsk_command_disposition_recall = {
    .group = "disposition",
    .name = "recall",
    .summary = N_("take your last disposition back, while nobody has answered it"),
    .usage = "LETTER|TASK",
    .examples =
        "    naskah disposition recall LETTER --from kepala-biro-umum --note \"salah alamat\"\n"
        "    naskah disposition recall LETTER --note \"salah alamat\"",
    .min_args = 1,
    .max_args = 1,
    .options = recall_options,
    .run = run,
};

const NskCommand nsk_command_disposition_urge = {
    .group = "disposition",
    .name = "urge",
    .summary = N_("remind those below you who have not answered"),
    .usage = "LETTER",
    .examples = "    naskah disposition urge LETTER --to kepala-biro-umum",
    .min_args = 1,
    .max_args = 1,
    .options = urge_options,
    .run = run,
};
