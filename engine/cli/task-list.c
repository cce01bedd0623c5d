/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/limits.h"
#include "base/message.h"
#include "cli/commands.h"

#include <stdio.h>

static gint limit = 20;
static char *after;
static char *position;

static const GOptionEntry options[] = {
    { "limit", 0, 0, G_OPTION_ARG_INT, &limit, N_("how many at most (20)"), "N" },
    { "after", 0, 0, G_OPTION_ARG_STRING, &after, N_("go on after the page that gave this"),
      "KEY" },
    { "position", 'p', 0, G_OPTION_ARG_STRING, &position,
      N_("all that lies before this position, for its assistants and substitutes too"),
      "POSITION" },
    { NULL, 0, 0, 0, NULL, NULL, NULL },
};

/* Who had the application, and for how long. */
static void
print_holders(const NskJson *held)
{
    for (size_t i = 0; i < nsk_json_length(held); i++) {
        const NskJson *task = nsk_json_at(held, i);

        if (nsk_json_get_text(task, "position") != NULL)
            (void)printf(nsk_json_get_text(task, "closed") == NULL
                             ? nsk_tr("    lies with %s: %d working days\n")
                             : nsk_tr("    lay with %s: %d working days\n"),
                         nsk_json_get_text(task, "position"),
                         (int)nsk_json_get_int(task, "days", 0));
    }
}

static void
print_notices(const NskJson *notices)
{
    if (nsk_json_length(notices) > 0)
        (void)puts(nsk_tr("Legal terms that end, of which you were told:"));
    for (size_t i = 0; i < nsk_json_length(notices); i++) {
        const NskJson *notice = nsk_json_at(notices, i);

        (void)printf("%s  %s\n    ", nsk_json_get_text(notice, "letter"),
                     nsk_json_get_text(notice, "subject"));
        nsk_cli_print_clock(notice);
        print_holders(nsk_json_get(notice, "held"));
    }
}

/* What a signature that was begun waits for. */
static void
print_signing(const char *signing)
{
    if (signing != NULL)
        (void)printf("    %s: %s\n", nsk_tr("Signature"), nsk_office_word_of("signing", signing));
}

static void
print_words(const NskJson *result)
{
    const NskJson *tasks = nsk_json_get(result, "tasks");
    const char *next = nsk_json_get_text(result, "next");

    if (nsk_json_length(tasks) == 0)
        (void)puts(after == NULL ? nsk_tr("Nothing waits for you.")
                                 : nsk_tr("Nothing more waits for you."));
    for (size_t i = 0; i < nsk_json_length(tasks); i++) {
        const NskJson *task = nsk_json_at(tasks, i);

        (void)printf("%s\n    %s: %s%s%s\n", nsk_json_get_text(task, "task"),
                     nsk_json_get_text(task, "name"), nsk_json_get_text(task, "subject"),
                     nsk_cli_alarm(nsk_json_get_text(task, "alarm")),
                     g_strcmp0(nsk_json_get_text(task, "as"), "substitute") == 0
                         ? nsk_tr(" (you stand in for its holder)")
                         : "");
        print_signing(nsk_json_get_text(task, "signing"));
    }
    if (next != NULL)
        (void)printf(nsk_tr("More waits: naskah task list --after '%s'\n"), next);
    print_notices(nsk_json_get(result, "notices"));
}

static bool
run(NskCli *cli, GError **error)
{
    NskJson *result = NULL;
    NskTaskListAsk ask = { .limit = (unsigned)limit, .after = after, .position = position };

    if (limit < 1 || limit > NSK_LIMIT_TASK_PAGE) {
        g_set_error(error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE, nsk_tr("--limit is 1 to %d"),
                    NSK_LIMIT_TASK_PAGE);
        return false;
    }
    NskOffice *office = nsk_cli_open(cli, error);
    if (office == NULL || !nsk_office_task_list(office, &ask, &result, error))
        return false;
    nsk_cli_print(cli, result, print_words);
    return true;
}

const NskCommand nsk_command_task_list = {
    .group = "task",
    .name = "list",
    .summary = N_("what waits for you"),
    .usage = "",
    .examples = "    naskah task list\n"
                "    naskah task list --limit 100 --json\n"
                "    naskah task list --position kepala-biro-umum",
    .options = options,
    .run = run,
};
