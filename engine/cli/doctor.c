/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/message.h"
#include "cli/commands.h"

#include <stdio.h>

#define FINDINGS_STATUS 1

/* How much the workers have still to do. */
static void
print_lag(const NskJson *topics)
{
    for (size_t i = 0; i < nsk_json_length(topics); i++) {
        const NskJson *topic = nsk_json_at(topics, i);

        (void)printf(nsk_tr("Work that waits for '%s': %d letters, the oldest for %d seconds\n"),
                     nsk_json_get_text(topic, "topic"), (int)nsk_json_get_int(topic, "waiting", 0),
                     (int)(nsk_json_get_int(topic, "lag_ms", 0) / 1000));
    }
}

static void
print_words(const NskJson *result)
{
    const NskJson *sandbox = nsk_json_get(result, "sandbox");
    int64_t abi = nsk_json_get_int(sandbox, "landlock_abi", 0);

    (void)printf(nsk_tr("Letters: %d\n"), (int)nsk_json_get_int(result, "letters", 0));
    print_lag(nsk_json_get(result, "outbox"));
    if (abi > 0)
        (void)printf(nsk_tr("Reading of PDFs is held by: seccomp, Landlock %d, limits\n"),
                     (int)abi);
    else
        (void)printf(nsk_tr("Reading of PDFs is held by: seccomp, limits; this kernel has no "
                            "Landlock\n"));
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
    NskOffice *office = nsk_cli_open_without_person(cli, error);
    g_autoptr(NskIssues) issues = nsk_issues_new();

    if (office == NULL || !nsk_office_doctor(office, issues, &result, error))
        return false;
    add_issues(result, issues);
    nsk_cli_print(cli, result, print_words);
    if (!cli->json)
        nsk_cli_print_issues(cli, issues);
    if (issues->len > 0)
        cli->status = FINDINGS_STATUS;
    else if (!cli->json)
        (void)puts(nsk_tr("Nothing is wrong."));
    return true;
}

const NskCommand nsk_command_doctor = {
    .name = "doctor",
    .summary = N_("look for everything that is wrong with an office"),
    .usage = "",
    .examples = "    naskah doctor --dir kantor",
    .run = run,
};
