/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bench/bench.h"

#include "base/message.h"
#include "cli/commands.h"

#include <stdio.h>
#include <string.h>

#define SECONDS_MAX 3600
#define LETTERS_MAX 10000000

static char *folder;
static gint clients = 64;
static gint seconds = 10;
static gint letters;

static const GOptionEntry options[] = {
    { "clients", 0, 0, G_OPTION_ARG_INT, &clients, N_("how many act at once (64)"), "N" },
    { "seconds", 0, 0, G_OPTION_ARG_INT, &seconds, N_("how long it measures (10)"), "N" },
    { "letters", 0, 0, G_OPTION_ARG_INT, &letters, N_("how many letters there are before"), "N" },
    { "folder", 0, 0, G_OPTION_ARG_FILENAME, &folder,
      N_("where to make its office, on the disk to be measured (naskah-bench)"), "FOLDER" },
    { NULL, 0, 0, 0, NULL, NULL, NULL },
};

static const struct {
    const char *name;
    bool (*run)(const NskBench *bench, NskJson **out_result, GError **error);
} benches[] = {
    { "commit", nsk_bench_commit },
};

static void
print_words(const NskJson *result)
{
    g_autofree char *text = nsk_json_pretty(result);

    (void)puts(text);
}

static bool
check_options(GError **error)
{
    if (clients >= 1 && clients <= NSK_BENCH_CLIENTS_MAX && seconds >= 1 &&
        seconds <= SECONDS_MAX && letters >= 0 && letters <= LETTERS_MAX)
        return true;
    g_set_error(error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE,
                nsk_tr("--clients is 1 to %d, --seconds 1 to %d, --letters 0 to %d"),
                NSK_BENCH_CLIENTS_MAX, SECONDS_MAX, LETTERS_MAX);
    return false;
}

static bool
run(NskCli *cli, GError **error)
{
    NskJson *result = NULL;
    NskBench bench = { .folder = folder != NULL ? folder : "naskah-bench",
                       .clients = (unsigned)clients,
                       .seconds = (unsigned)seconds,
                       .letters = (unsigned)letters };

    if (!check_options(error))
        return false;
    for (size_t i = 0; i < G_N_ELEMENTS(benches); i++) {
        if (strcmp(cli->args[0], benches[i].name) != 0)
            continue;
        if (!benches[i].run(&bench, &result, error))
            return false;
        nsk_cli_print(cli, result, print_words);
        return true;
    }
    g_set_error(error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE,
                nsk_tr("there is no bench '%s'; there are: commit"), cli->args[0]);
    return false;
}

const NskCommand nsk_command_bench = {
    .name = "bench",
    .summary = N_("measure how fast an office is on this machine"),
    .usage = "commit",
    .examples = "    naskah bench commit --folder /srv/naskah/bench\n"
                "    naskah bench commit --clients 1 --seconds 5 --json",
    .min_args = 1,
    .max_args = 1,
    .options = options,
    .run = run,
};
