/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/limits.h"
#include "base/message.h"
#include "cli/commands.h"

#include <stdio.h>

#define FINDINGS_STATUS 1

/* A file if there is one of that name, else a letter of the office. */
static bool
check(NskCli *cli, const char *what, NskIssues *issues, GError **error)
{
    NskOffice *office = NULL;

    if (!g_file_test(what, G_FILE_TEST_EXISTS) && strcmp(what, "-") != 0) {
        office = nsk_cli_open(cli, error);
        return office != NULL && nsk_office_letter_check(office, what, issues, error);
    }
    g_autoptr(GBytes) xml = nsk_cli_read(what, NSK_LIMIT_LETTER_SIZE, error);
    return xml != NULL && nsk_cli_open_if_named(cli, &office, error) &&
           nsk_office_file_check(office, what, xml, issues, error);
}

/* Keeps the worse of two failures, by exit status, and tells the other; takes over @fault. */
static void
keep_worse(const char *what, GError *fault, GError **worst)
{
    g_prefix_error(&fault, "%s: ", what);
    if (*worst == NULL) {
        *worst = fault;
        return;
    }
    if (nsk_cli_exit_status(fault) > nsk_cli_exit_status(*worst)) {
        GError *milder = *worst;

        *worst = fault;
        fault = milder;
    }
    (void)fprintf(stderr, "naskah: %s\n", fault->message);
    g_error_free(fault);
}

/* Checks all, whatever is wrong with one of them; a failure is told after all findings. */
static bool
run(NskCli *cli, GError **error)
{
    g_autoptr(GError) worst = NULL;
    g_autoptr(NskIssues) all = nsk_issues_new();

    for (int i = 0; i < cli->n_args; i++) {
        GError *fault = NULL;
        NskIssues *issues = nsk_issues_new(); /* each has its own, and its own limit of them */

        if (!check(cli, cli->args[i], issues, &fault))
            keep_worse(cli->args[i], fault, &worst);
        g_ptr_array_extend_and_steal(all, issues);
    }
    if (worst == NULL || all->len > 0)
        nsk_cli_print_issues(cli, all);
    if (worst != NULL) {
        g_propagate_error(error, g_steal_pointer(&worst));
        return false;
    }
    if (nsk_issues_has_error(all))
        cli->status = FINDINGS_STATUS;
    else if (all->len == 0)
        nsk_cli_say(cli, nsk_tr("Nothing is wrong."));
    return true;
}

const NskCommand nsk_command_letter_check = {
    .group = "letter",
    .name = "check",
    .summary = N_("say what is wrong with a letter, of the office or in a file"),
    .usage = "LETTER|FILE...",
    .examples = "    naskah letter check surat.xml\n"
                "    naskah letter check LETTER --dir kantor",
    .min_args = 1,
    .max_args = 1000,
    .run = run,
};
