/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The commands that do a task: submit, approve, return, and any other outcome. */
#include "base/bytes.h"
#include "base/limits.h"
#include "base/message.h"
#include "cli/commands.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define MAX_TASKS 1000 /* of one command */

static char *note;
static char *content;
static char *batch;
static char *key;
static char *passphrase_file;
static int passphrase_fd = -1;
static gboolean with_certificate;
static gboolean ask_code;
static char *code_file;

static const GOptionEntry options[] = {
    { "note", 'n', 0, G_OPTION_ARG_FILENAME, &note, N_("words for the record"), "TEXT" },
    { "content", 0, 0, G_OPTION_ARG_FILENAME, &content,
      N_("the content that you saw, by the digits of 'letter show'; refused if it changed"),
      "SHA256" },
    { "batch", 0, 0, G_OPTION_ARG_FILENAME, &batch,
      N_("all letters of this batch that wait for it from you"), "NAME" },
    { NULL, 0, 0, 0, NULL, NULL, NULL },
};

static const GOptionEntry approve_options[] = {
    { "note", 'n', 0, G_OPTION_ARG_FILENAME, &note, N_("words for the record"), "TEXT" },
    { "content", 0, 0, G_OPTION_ARG_FILENAME, &content,
      N_("the content that you saw, by the digits of 'letter show'; refused if it changed"),
      "SHA256" },
    { "batch", 0, 0, G_OPTION_ARG_FILENAME, &batch,
      N_("all letters of this batch that wait for it from you"), "NAME" },
    { "sign", 0, 0, G_OPTION_ARG_NONE, &with_certificate,
      N_("give the paraf with your certificate, where the profile asks for that"), NULL },
    { "key", 0, 0, G_OPTION_ARG_FILENAME, &key, N_("your PKCS#12 file"), "FILE" },
    { "passphrase-file", 0, 0, G_OPTION_ARG_FILENAME, &passphrase_file,
      N_("a file whose first line is its passphrase; else it is asked for"), "FILE" },
    { "passphrase-fd", 0, 0, G_OPTION_ARG_INT, &passphrase_fd,
      N_("an open descriptor whose first line is its passphrase"), "N" },
    { "code", 0, 0, G_OPTION_ARG_NONE, &ask_code, N_("ask for a one-time code, too"), NULL },
    { "code-file", 0, 0, G_OPTION_ARG_FILENAME, &code_file,
      N_("a file whose first line is the one-time code"), "FILE" },
    { NULL, 0, 0, 0, NULL, NULL, NULL },
};

/* The secrets of a paraf with a certificate; nothing without. */
typedef struct {
    GBytes *key;
    NskLocked *passphrase, *code;
} Secrets;

static void
secrets_clear(Secrets *self)
{
    g_clear_pointer(&self->key, g_bytes_unref);
    g_clear_pointer(&self->passphrase, nsk_locked_unref);
    g_clear_pointer(&self->code, nsk_locked_unref);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Secrets, secrets_clear)

static bool
read_secrets(Secrets *self, GError **error)
{
    const NskCliSecret from = { passphrase_file, passphrase_fd };
    const NskCliSecret code_from = { code_file, -1 };

    if (!with_certificate && key == NULL && passphrase_file == NULL && passphrase_fd < 0)
        return true;
    if (key != NULL && (self->key = nsk_file_read(key, NSK_LIMIT_KEY_SIZE, error)) == NULL)
        return false;
    self->passphrase = nsk_cli_read_secret(&from, nsk_tr("Passphrase of your key: "), error);
    if (self->passphrase == NULL)
        return false;
    if (!ask_code && code_file == NULL)
        return true;
    self->code = nsk_cli_read_secret(&code_from, nsk_tr("One-time code: "), error);
    return self->code != NULL;
}

static NskTaskAct
make_act(const char *task, const char *outcome, const Secrets *secrets)
{
    return (NskTaskAct){
        .task = task,
        .outcome = outcome,
        .note = note,
        .key = secrets->key,
        .passphrase = secrets->passphrase != NULL ? nsk_locked_text(secrets->passphrase) : NULL,
        .code = secrets->code != NULL ? nsk_locked_text(secrets->code) : NULL,
    };
}

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
    g_auto(Secrets) secrets = { 0 };

    if (!read_secrets(&secrets, error))
        return false;
    for (size_t i = 0; i < n; i++)
        acts[i] = make_act(tasks[i], outcome, &secrets);
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
    g_auto(Secrets) secrets = { 0 };

    if (office != NULL && batch != NULL)
        return act_on_batch(cli, office, outcome, error);
    if (office != NULL && cli->n_args > 1)
        return act_on_all(cli, office, (const char *const *)cli->args, (size_t)cli->n_args, outcome,
                          error);
    if (office == NULL || !read_secrets(&secrets, error))
        return false;
    NskTaskAct wanted = make_act(cli->args[0], outcome, &secrets);
    wanted.content = content;
    if (!nsk_office_task_act(office, &wanted, &result, error))
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
    NskTaskAct wanted = { .task = cli->args[0],
                          .outcome = cli->args[1],
                          .note = note,
                          .content = content };

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
    .options = approve_options,
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
