/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The commands that do a task: submit, approve, return, and any other outcome. */
#include "base/message.h"
#include "cli/commands.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define MAX_TASKS 1000 /* of one command */

static char *note;
static char *content;
static char *batch;

static const GOptionEntry options[] = {
    { "note", 'n', 0, G_OPTION_ARG_FILENAME, &note, N_("words for the record"), "TEXT" },
    { "content", 0, 0, G_OPTION_ARG_FILENAME, &content,
      N_("the content that you saw, by the digits of 'letter show'; refused if it changed"),
      "SHA256" },
    { "batch", 0, 0, G_OPTION_ARG_FILENAME, &batch,
      N_("all letters of this batch that wait for it from you"), "NAME" },
    { NULL, 0, 0, 0, NULL, NULL, NULL },
};

static void
print_batch(const NskJson *result)
{
    const NskJson *list = nsk_json_get(result, "results");

    for (size_t i = 0; i < nsk_json_length(list); i++) {
        const NskJson *item = nsk_json_at(list, i);
        const char *fault = nsk_json_get_text(item, "error");
        const char *state = nsk_json_get_text(nsk_json_get(item, "result"), "state");

        (void)printf("%s  %s\n", nsk_json_get_text(item, "task"),
                     fault != NULL ? fault : nsk_office_word(state));
    }
}

/* The same with several tasks. */
static bool
act_on_all(NskCli *cli,
           NskOffice *office,
           const char *const *tasks,
           size_t n,
           const char *outcome,
           GError **error)
{
    NskJson *result = NULL;
    g_autofree NskTaskAct *acts = g_new(NskTaskAct, n);

    for (size_t i = 0; i < n; i++)
        acts[i] = (NskTaskAct){ tasks[i], outcome, note, NULL };
    if (!nsk_office_task_batch(office, acts, n, &result, error))
        return false;
    cli->status = nsk_json_get_int(result, "failed", 0) > 0 ? EXIT_FAILURE : EXIT_SUCCESS;
    nsk_cli_print(cli, result, print_batch);
    return true;
}

/* The same with the letters of a batch. */
static bool
act_on_batch(NskCli *cli, NskOffice *office, const char *outcome, GError **error)
{
    const char *role = strcmp(outcome, "submit") == 0 ? "draft" : "review";
    g_autoptr(GPtrArray) tasks = nsk_cli_batch_tasks(office, batch, role, error);

    return tasks != NULL &&
           act_on_all(cli, office, (const char *const *)tasks->pdata, tasks->len, outcome, error);
}

static bool
act(NskCli *cli, const char *outcome, GError **error)
{
    NskJson *result = NULL;

    if ((batch != NULL) == (cli->n_args > 0)) {
        g_set_error_literal(error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE,
                            nsk_tr("name what it is about, or a --batch"));
        return false;
    }
    NskOffice *office = nsk_cli_open(cli, error);
    NskTaskAct wanted = { cli->args[0], outcome, note, content };

    if (office != NULL && batch != NULL)
        return act_on_batch(cli, office, outcome, error);
    if (office != NULL && cli->n_args > 1)
        return act_on_all(cli, office, (const char *const *)cli->args, (size_t)cli->n_args, outcome,
                          error);
    if (office == NULL || !nsk_office_task_act(office, &wanted, &result, error))
        return false;
    nsk_cli_print(cli, result, nsk_cli_write_done);
    return true;
}

static bool
run_submit(NskCli *cli, GError **error)
{
    return act(cli, "submit", error);
}

static bool
run_approve(NskCli *cli, GError **error)
{
    return act(cli, "approve", error);
}

static bool
run_return(NskCli *cli, GError **error)
{
    return act(cli, "return", error);
}

static bool
run_do(NskCli *cli, GError **error)
{
    NskJson *result = NULL;
    NskOffice *office = nsk_cli_open(cli, error);
    NskTaskAct wanted = { cli->args[0], cli->args[1], note, content };

    if (office == NULL || !nsk_office_task_act(office, &wanted, &result, error))
        return false;
    nsk_cli_print(cli, result, nsk_cli_write_done);
    return true;
}

const NskCommand nsk_command_task_do = {
    .group = "task",
    .name = "do",
    .summary = N_("do a task with one of its outcomes"),
    .usage = "TASK|LETTER OUTCOME",
    .examples = "    naskah task do LETTER done\n"
                "    naskah task do LETTER refuse --note \"pejabat tidak jadi menandatangani\"",
    .min_args = 2,
    .max_args = 2,
    .options = options,
    .run = run_do,
};

const NskCommand nsk_command_letter_submit = {
    .group = "letter",
    .name = "submit",
    .summary = N_("send a draft on its way"),
    .usage = "LETTER...",
    .examples = "    naskah letter submit LETTER\n"
                "    naskah letter submit --batch undangan-agustus",
    .max_args = MAX_TASKS,
    .options = options,
    .run = run_submit,
};

const NskCommand nsk_command_task_approve = {
    .group = "task",
    .name = "approve",
    .summary = N_("give your paraf"),
    .usage = "TASK|LETTER...",
    .examples = "    naskah task approve LETTER\n"
                "    naskah task approve LETTER --note \"sudah sesuai\"",
    .max_args = MAX_TASKS,
    .options = options,
    .run = run_approve,
};

const NskCommand nsk_command_task_return = {
    .group = "task",
    .name = "return",
    .summary = N_("send a letter back to its drafter, with the reason"),
    .usage = "TASK|LETTER...",
    .examples = "    naskah task return LETTER --note \"tanggal rapat keliru\"",
    .max_args = MAX_TASKS,
    .options = options,
    .run = run_return,
};
