/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/message.h"
#include "cli/commands.h"

#include <stdio.h>

#define DAMAGED_STATUS 4

static gboolean skip_damaged;

static const GOptionEntry options[] = {
    { "skip-damaged", 0, 0, G_OPTION_ARG_NONE, &skip_damaged,
      N_("leave the rows of damaged letters as they are, and go on"), NULL },
    { NULL, 0, 0, 0, NULL, NULL, NULL },
};

static void
print_words(const NskJson *result)
{
    int damaged = (int)nsk_json_length(nsk_json_get(result, "damaged"));

    (void)printf(nsk_tr("Letters whose rows were made again: %d\n"),
                 (int)nsk_json_get_int(result, "letters", 0));
    if (damaged > 0)
        (void)printf(nsk_tr("Damaged letters, whose rows stay as they were: %d\n"), damaged);
}

/* Puts the findings into the result, so that --json gives one object. */
static void
add_issues(NskJson *result, const NskIssues *issues)
{
    NskJson *list = nsk_json_array();

    for (guint i = 0; i < issues->len; i++)
        nsk_json_add(list, nsk_cli_issue_to_json(g_ptr_array_index(issues, i)));
    nsk_json_set(result, "issues", list);
}

static bool
run(NskCli *cli, GError **error)
{
    NskJson *result = NULL;
    g_autoptr(NskIssues) issues = nsk_issues_new();
    NskRebuildOptions rebuild = { .dir = cli->dir,
                                  .skip_damaged = skip_damaged,
                                  .progress = nsk_cli_progress,
                                  .progress_data = cli };
    bool ok = nsk_office_rebuild(&rebuild, issues, &result, error);

    nsk_cli_progress_end(cli);
    if (issues->len > 0 && (!ok || !cli->json))
        nsk_cli_print_issues(cli, issues);
    if (!ok)
        return false;
    if (issues->len > 0)
        cli->status = DAMAGED_STATUS;
    add_issues(result, issues);
    nsk_cli_print(cli, result, print_words);
    return true;
}

const NskCommand nsk_command_rebuild = {
    .name = "rebuild",
    .summary = N_("make the index of an office again from its histories"),
    .usage = "",
    .examples = "    naskah rebuild --dir kantor\n"
                "    naskah rebuild --dir kantor --skip-damaged    # after a backup was tried",
    .options = options,
    .run = run,
};
