/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Giving a letter on, preparing that for the leader, and confirming what was prepared. */
#include "base/message.h"
#include "cli/commands.h"

#include <stdio.h>

#define MAX_RECEIVERS 64

static char *note;
static char *due;
static char **instructions;

#define LAST                                                                                       \
    {                                                                                              \
        NULL, 0, 0, 0, NULL, NULL, NULL                                                            \
    }

static const GOptionEntry options[] = {
    { "instruction", 'i', 0, G_OPTION_ARG_FILENAME_ARRAY, &instructions,
      N_("what to do, by the agency's list ('naskah disposition instructions'); may be repeated"),
      "ID" },
    { "note", 'n', 0, G_OPTION_ARG_FILENAME, &note, N_("free words"), "TEXT" },
    { "due", 0, 0, G_OPTION_ARG_FILENAME, &due,
      N_("until when to answer: working days from today, or a day"), "DAYS|DATE" },
    LAST,
};

static void
print_next(const NskJson *result)
{
    const NskJson *next = nsk_json_get(result, "next");

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
    g_autofree char *to = g_strjoinv(" ", cli->args + 1);
    g_autofree char *words = instructions != NULL ? g_strjoinv(" ", instructions) : NULL;
    NskDispositionAct act = { .act = cli->command->name,
                              .task = cli->args[0],
                              .receivers = to,
                              .instructions = words,
                              .note = note,
                              .due = due };

    if (office == NULL || !nsk_office_disposition(office, &act, &result, error))
        return false;
    nsk_cli_warn(result);
    nsk_cli_print(cli, result, print_next);
    return true;
}

const NskCommand nsk_command_disposition_give = {
    .group = "disposition",
    .name = "give",
    .summary = N_("give a letter on, to the lead first"),
    .usage = "LETTER|TASK POSITION...",
    .examples = "    naskah disposition give LETTER kepala-biro-umum -i tindak-lanjut --due 3\n"
                "    naskah disposition give LETTER kepala-biro-umum kepala-biro-sdm -i saran \\\n"
                "        --note \"bahas bersama\"",
    .min_args = 2,
    .max_args = MAX_RECEIVERS + 1,
    .options = options,
    .run = run,
};

const NskCommand nsk_command_disposition_propose = {
    .group = "disposition",
    .name = "propose",
    .summary = N_("prepare a disposition that the leader confirms"),
    .usage = "LETTER|TASK POSITION...",
    .examples = "    naskah disposition propose LETTER kepala-biro-umum -i kaji --due 5",
    .min_args = 2,
    .max_args = MAX_RECEIVERS + 1,
    .options = options,
    .run = run,
};

const NskCommand nsk_command_disposition_confirm = {
    .group = "disposition",
    .name = "confirm",
    .summary = N_("give the disposition that was prepared for you"),
    .usage = "LETTER|TASK",
    .examples = "    naskah disposition confirm LETTER",
    .min_args = 1,
    .max_args = 1,
    .run = run,
};

static void
print_instructions(const NskJson *result)
{
    const NskJson *list = nsk_json_get(result, "instructions");

    for (size_t i = 0; i < nsk_json_length(list); i++) {
        const NskJson *item = nsk_json_at(list, i);

        (void)printf("%-16s %s\n", nsk_json_get_text(item, "id"), nsk_json_get_text(item, "print"));
    }
}

static bool
run_instructions(NskCli *cli, GError **error)
{
    NskJson *result = NULL;
    NskOffice *office = nsk_cli_open(cli, error);

    if (office == NULL || !nsk_office_disposition_instructions(office, &result, error))
        return false;
    nsk_cli_print(cli, result, print_instructions);
    return true;
}

const NskCommand nsk_command_disposition_instructions = {
    .group = "disposition",
    .name = "instructions",
    .summary = N_("the agency's list of instructions"),
    .usage = "",
    .examples = "    naskah disposition instructions",
    .run = run_instructions,
};
