/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Many letters of one text and a table, and what became of them. */
#include "base/limits.h"
#include "base/message.h"
#include "cli/commands.h"

#include <stdio.h>

static char *position;
static char *batch;
static gboolean check_only;

static const GOptionEntry options[] = {
    { "position", 0, 0, G_OPTION_ARG_FILENAME, &position, N_("whose letters they are"), "ID" },
    { "batch", 0, 0, G_OPTION_ARG_FILENAME, &batch,
      N_("name of the batch; else the same files are the same batch"), "NAME" },
    { "check", 0, 0, G_OPTION_ARG_NONE, &check_only, N_("only look at the lines, make nothing"),
      NULL },
    { NULL, 0, 0, 0, NULL, NULL, NULL },
};

static void
print_merged(const NskJson *result)
{
    (void)printf(nsk_tr("Batch %s: %d lines, %d letters made, %d were there already.\n"),
                 nsk_json_get_text(result, "batch"), (int)nsk_json_get_int(result, "lines", 0),
                 (int)nsk_json_get_int(result, "made", 0),
                 (int)nsk_json_get_int(result, "there", 0));
}

/* Findings go to where words go: what is printed is the result. */
static void
tell_issues(NskCli *cli, const NskIssues *issues)
{
    for (guint i = 0; i < issues->len && !cli->json; i++) {
        g_autofree char *line = nsk_issue_format(g_ptr_array_index(issues, i));

        (void)fprintf(stderr, "%s\n", line);
    }
}

static bool
run_merge(NskCli *cli, GError **error)
{
    NskJson *result = NULL;
    g_autoptr(NskIssues) issues = nsk_issues_new();
    NskOffice *office = nsk_cli_open(cli, error);
    g_autoptr(GBytes) xml =
        office != NULL ? nsk_cli_read(cli->args[0], NSK_LIMIT_LETTER_SIZE, error) : NULL;
    g_autoptr(GBytes) table =
        xml != NULL ? nsk_cli_read(cli->args[1], NSK_LIMIT_CSV_SIZE, error) : NULL;
    NskMerge merge = { .name = cli->args[0],
                       .xml = xml,
                       .table_name = cli->args[1],
                       .table = table,
                       .position = position,
                       .batch = batch,
                       .check_only = check_only,
                       .progress = nsk_cli_progress,
                       .progress_data = cli };

    if (table == NULL)
        return false;
    bool ok = nsk_office_letter_merge(office, &merge, issues, &result, error);
    nsk_cli_progress_end(cli);
    if (!ok && cli->json)
        nsk_cli_print_issues(cli, issues);
    tell_issues(cli, issues);
    if (ok)
        nsk_cli_print(cli, result, print_merged);
    return ok;
}

static void
print_batch(const NskJson *result)
{
    const NskJson *list = nsk_json_get(result, "letters");

    for (size_t i = 0; i < nsk_json_length(list); i++) {
        const NskJson *item = nsk_json_at(list, i);
        const char *number = nsk_json_get_text(item, "number");

        (void)printf("%5d  %s  %s  %s\n", (int)nsk_json_get_int(item, "line", 0),
                     nsk_json_get_text(item, "letter"),
                     nsk_office_word(nsk_json_get_text(item, "state")),
                     number != NULL ? number : "");
    }
}

static bool
run_batch(NskCli *cli, GError **error)
{
    NskJson *result = NULL;
    NskOffice *office = nsk_cli_open(cli, error);

    if (office == NULL || !nsk_office_batch_show(office, cli->args[0], &result, error))
        return false;
    nsk_cli_print(cli, result, print_batch);
    return true;
}

GPtrArray *
nsk_cli_batch_tasks(NskOffice *office, const char *name, const char *role, GError **error)
{
    g_autoptr(NskJson) shown = NULL;
    g_autoptr(GPtrArray) tasks = g_ptr_array_new_with_free_func(g_free);

    if (!nsk_office_batch_show(office, name, &shown, error))
        return NULL;
    const NskJson *list = nsk_json_get(shown, "letters");
    for (size_t i = 0; i < nsk_json_length(list); i++) {
        const NskJson *item = nsk_json_at(list, i);

        if (g_strcmp0(nsk_json_get_text(item, "role"), role) == 0)
            g_ptr_array_add(tasks, g_strdup(nsk_json_get_text(item, "task")));
    }
    if (tasks->len > 0)
        return g_steal_pointer(&tasks);
    g_set_error(error, NSK_ERROR, NSK_ERROR_CONFLICT,
                nsk_tr("no letter of batch '%s' waits for this from you; see 'naskah letter batch "
                       "%s'"),
                name, name);
    return NULL;
}

const NskCommand nsk_command_letter_merge = {
    .group = "letter",
    .name = "merge",
    .summary = N_("make a letter of each line of a table, after looking at all of them"),
    .usage = "FILE TABLE",
    .examples = "    naskah letter merge undangan.xml penerima.csv --check\n"
                "    naskah letter merge undangan.xml penerima.csv --batch undangan-agustus\n"
                "    naskah letter submit --batch undangan-agustus",
    .min_args = 2,
    .max_args = 2,
    .options = options,
    .run = run_merge,
};

const NskCommand nsk_command_letter_batch = {
    .group = "letter",
    .name = "batch",
    .summary = N_("what became of letters that were made of one table"),
    .usage = "BATCH",
    .examples = "    naskah letter batch undangan-agustus",
    .min_args = 1,
    .max_args = 1,
    .run = run_batch,
};
