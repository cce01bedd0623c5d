/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Commands that do something to a task or a workflow beside doing the task: each is the deed of its
 * name (office.h). */
#include "base/message.h"
#include "cli/commands.h"

#include <stdio.h>

static char *note;
static gint64 place;
static gint64 keep;

#define NOTE                                                                                       \
    {                                                                                              \
        "note", 'n', 0, G_OPTION_ARG_FILENAME, &note, N_("why"), "TEXT"                            \
    }
#define LAST                                                                                       \
    {                                                                                              \
        NULL, 0, 0, 0, NULL, NULL, NULL                                                            \
    }

static const GOptionEntry note_options[] = { NOTE, LAST };
static const GOptionEntry add_options[] = {
    NOTE,
    { "place", 0, 0, G_OPTION_ARG_INT64, &place,
      N_("among those that have not begun, from 0; of tasks in turn"), "N" },
    LAST,
};
static const GOptionEntry message_options[] = {
    NOTE,
    { "keep", 0, 0, G_OPTION_ARG_INT64, &keep,
      N_("how long it waits if nothing listens to it; a week if not given"), "SECONDS" },
    LAST,
};

static void
print_next(const NskJson *result)
{
    const NskJson *next = nsk_json_get(result, "next");

    (void)printf(nsk_tr("Done; the letter is: %s.\n"),
                 nsk_office_word(nsk_json_get_text(result, "state")));
    for (size_t i = 0; i < nsk_json_length(next); i++)
        (void)printf("%s  %s\n", nsk_json_get_text(nsk_json_at(next, i), "task"),
                     nsk_json_get_text(nsk_json_at(next, i), "name"));
}

static bool
run(NskCli *cli, GError **error)
{
    NskJson *result = NULL;
    NskOffice *office = nsk_cli_open(cli, error);
    NskDeed deed = { .deed = cli->command->name,
                     .task = cli->args[0],
                     .to = cli->n_args > 1 ? cli->args[1] : NULL,
                     .note = note,
                     .number = keep != 0 ? keep : place };

    if (office == NULL || !nsk_office_deed(office, &deed, &result, error))
        return false;
    nsk_cli_print(cli, result, print_next);
    return true;
}

const NskCommand nsk_command_task_recall = {
    .group = "task",
    .name = "recall",
    .summary = N_("take back what you have just done, while nobody has touched what comes next"),
    .usage = "LETTER|TASK",
    .examples = "    naskah task recall LETTER --note \"salah tekan\"",
    .min_args = 1,
    .max_args = 1,
    .options = note_options,
    .run = run,
};

const NskCommand nsk_command_task_claim = {
    .group = "task",
    .name = "claim",
    .summary = N_("take a task upon yourself, away from the others before whom it lies"),
    .usage = "TASK",
    .examples = "    naskah task claim LETTER",
    .min_args = 1,
    .max_args = 1,
    .options = note_options,
    .run = run,
};

const NskCommand nsk_command_task_unclaim = {
    .group = "task",
    .name = "unclaim",
    .summary = N_("leave a task to the others again"),
    .usage = "TASK",
    .examples = "    naskah task unclaim LETTER",
    .min_args = 1,
    .max_args = 1,
    .options = note_options,
    .run = run,
};

const NskCommand nsk_command_task_assign = {
    .group = "task",
    .name = "assign",
    .summary = N_("say which of those who may do a task is to do it"),
    .usage = "TASK PERSON",
    .examples = "    naskah task assign LETTER/KEY damar",
    .min_args = 2,
    .max_args = 2,
    .options = note_options,
    .run = run,
};

const NskCommand nsk_command_task_reassign = {
    .group = "task",
    .name = "reassign",
    .summary = N_("hand a task over to another position for good"),
    .usage = "TASK POSITION",
    .examples = "    naskah task reassign LETTER/KEY arsiparis --note \"cuti\"",
    .min_args = 2,
    .max_args = 2,
    .options = note_options,
    .run = run,
};

const NskCommand nsk_command_task_delegate = {
    .group = "task",
    .name = "delegate",
    .summary = N_("let another position work at your task and give it back"),
    .usage = "TASK POSITION",
    .examples = "    naskah task delegate LETTER kepala-bagian-tata-usaha",
    .min_args = 2,
    .max_args = 2,
    .options = note_options,
    .run = run,
};

const NskCommand nsk_command_task_hand_back = {
    .group = "task",
    .name = "hand-back",
    .summary = N_("give back a task that was delegated, or take back one that you delegated"),
    .usage = "TASK",
    .examples = "    naskah task hand-back LETTER --note \"sudah diperiksa\"",
    .min_args = 1,
    .max_args = 1,
    .options = note_options,
    .run = run,
};

const NskCommand nsk_command_task_return_to = {
    .group = "task",
    .name = "return-to",
    .summary = N_("send the letter back to an earlier stage of its workflow"),
    .usage = "TASK STAGE",
    .examples = "    naskah task return-to LETTER konsep --note \"tanggal salah\"",
    .min_args = 2,
    .max_args = 2,
    .options = note_options,
    .run = run,
};

const NskCommand nsk_command_task_add = {
    .group = "task",
    .name = "add",
    .summary = N_("let one more position do a task that several do"),
    .usage = "TASK POSITION",
    .examples = "    naskah task add LETTER/KEY kepala-biro-sdm",
    .min_args = 2,
    .max_args = 2,
    .options = add_options,
    .run = run,
};

const NskCommand nsk_command_letter_urge = {
    .group = "letter",
    .name = "urge",
    .summary = N_("remind those who have a letter before them"),
    .usage = "LETTER",
    .examples = "    naskah letter urge LETTER --note \"rapat besok\"",
    .min_args = 1,
    .max_args = 1,
    .options = note_options,
    .run = run,
};

const NskCommand nsk_command_letter_suspend = {
    .group = "letter",
    .name = "suspend",
    .summary = N_("let a letter rest: nothing goes on until it is resumed"),
    .usage = "LETTER",
    .examples = "    naskah letter suspend LETTER --note \"menunggu anggaran\"",
    .min_args = 1,
    .max_args = 1,
    .options = note_options,
    .run = run,
};

const NskCommand nsk_command_letter_resume = {
    .group = "letter",
    .name = "resume",
    .summary = N_("let a suspended letter go on"),
    .usage = "LETTER",
    .examples = "    naskah letter resume LETTER",
    .min_args = 1,
    .max_args = 1,
    .options = note_options,
    .run = run,
};

const NskCommand nsk_command_letter_message = {
    .group = "letter",
    .name = "message",
    .summary = N_("give the workflow of a letter a message that it waits for"),
    .usage = "LETTER NAME",
    .examples = "    naskah letter message LETTER balasan-diterima",
    .min_args = 2,
    .max_args = 2,
    .options = message_options,
    .run = run,
};

const NskCommand nsk_command_incident_retry = {
    .group = "incident",
    .name = "retry",
    .summary = N_("try again what went wrong in a workflow"),
    .usage = "LETTER/KEY",
    .examples = "    naskah incident retry LETTER/KEY",
    .min_args = 1,
    .max_args = 1,
    .options = note_options,
    .run = run,
};

static void
print_incidents(const NskJson *result)
{
    const NskJson *list = nsk_json_get(result, "incidents");

    if (nsk_json_length(list) == 0)
        (void)puts(nsk_tr("No workflow has an incident."));
    for (size_t i = 0; i < nsk_json_length(list); i++) {
        const NskJson *incident = nsk_json_at(list, i);

        (void)printf("%s  %s  %s: %s\n", nsk_json_get_text(incident, "task"),
                     nsk_json_get_text(incident, "opened"), nsk_json_get_text(incident, "class"),
                     nsk_json_get_text(incident, "reason"));
    }
}

static bool
run_incidents(NskCli *cli, GError **error)
{
    NskJson *result = NULL;
    NskOffice *office = nsk_cli_open(cli, error);

    if (office == NULL ||
        !nsk_office_incidents(office, cli->n_args > 0 ? cli->args[0] : NULL, &result, error))
        return false;
    nsk_cli_print(cli, result, print_incidents);
    return true;
}

const NskCommand nsk_command_incident_list = {
    .group = "incident",
    .name = "list",
    .summary = N_("what went wrong in workflows where nobody stood behind it"),
    .usage = "[LETTER]",
    .examples = "    naskah incident list",
    .min_args = 0,
    .max_args = 1,
    .run = run_incidents,
};
