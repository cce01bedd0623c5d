/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/message.h"
#include "cli/commands.h"

#include <stdio.h>

static void
print_words(const NskJson *result)
{
    const NskJson *tasks = nsk_json_get(result, "tasks");

    if (nsk_json_length(tasks) == 0)
        (void)puts(nsk_tr("Nothing waits for you."));
    for (size_t i = 0; i < nsk_json_length(tasks); i++) {
        const NskJson *task = nsk_json_at(tasks, i);

        (void)printf("%s\n    %s: %s\n", nsk_json_get_text(task, "task"),
                     nsk_json_get_text(task, "name"), nsk_json_get_text(task, "subject"));
    }
}

static bool
run(NskCli *cli, GError **error)
{
    NskJson *result = NULL;
    NskOffice *office = nsk_cli_open(cli, error);

    if (office == NULL || !nsk_office_task_list(office, &result, error))
        return false;
    nsk_cli_print(cli, result, print_words);
    return true;
}

const NskCommand nsk_command_task_list = {
    .group = "task",
    .name = "list",
    .summary = N_("what waits for you"),
    .usage = "",
    .examples = "    naskah task list",
    .run = run,
};
