/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/message.h"
#include "cli/commands.h"

#include <stdio.h>

static gboolean keys;
static gint64 log_limit; /* MiB */

static const GOptionEntry options[] = {
    { "keys", 0, 0, G_OPTION_ARG_NONE, &keys,
      N_("back up the keys alone; they are never part of another backup"), NULL },
    { "log-limit", 0, 0, G_OPTION_ARG_INT64, &log_limit,
      N_("give up when the database's log grows by more than this meanwhile"), "MIB" },
    { NULL, 0, 0, 0, NULL, NULL, NULL },
};

static void
print_words(const NskJson *result)
{
    (void)printf(nsk_tr("The backup is in %s (%lld files, %lld MiB)\n"),
                 nsk_json_get_text(result, "backup"),
                 (long long)nsk_json_get_int(result, "files", 0),
                 (long long)(nsk_json_get_int(result, "bytes", 0) >> 20));
    if (!keys)
        (void)printf(nsk_tr("It shows the office of %s: %lld letters\n"),
                     nsk_json_get_text(result, "taken"),
                     (long long)nsk_json_get_int(result, "letters", 0));
    (void)printf(nsk_tr("SHA-256 of its manifest, to be noted elsewhere: %s\n"),
                 nsk_json_get_text(result, "manifest_sha256"));
    if (keys)
        (void)puts(nsk_tr("Keep the keys where the letters are not."));
    else
        (void)puts(
            nsk_tr("The keys are not in it; 'naskah backup --keys FOLDER' keeps them apart."));
}

static bool
run(NskCli *cli, GError **error)
{
    NskJson *result = NULL;
    NskOffice *office = nsk_cli_open_without_person(cli, error);
    NskBackupOptions wanted = { .to = cli->args[0],
                                .keys = keys,
                                .log_limit = MAX(log_limit, 0) << 20,
                                .progress = nsk_cli_progress,
                                .progress_data = cli };

    if (office == NULL)
        return false;
    bool ok = nsk_office_backup(office, &wanted, &result, error);
    nsk_cli_progress_end(cli);
    if (ok)
        nsk_cli_print(cli, result, print_words);
    return ok;
}

const NskCommand nsk_command_backup = {
    .name = "backup",
    .summary = N_("copy an office while it works, all but its keys, to a new folder"),
    .usage = "FOLDER",
    .examples = "    naskah backup /cadangan/kantor-2026-07-22 --dir kantor\n"
                "    naskah backup --keys /brankas/kunci-2026-07-22 --dir kantor\n"
                "    (cd /cadangan/kantor-2026-07-22 && sha256sum -c manifest.sha256)",
    .min_args = 1,
    .max_args = 1,
    .options = options,
    .run = run,
};
