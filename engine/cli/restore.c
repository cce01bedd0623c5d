/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/message.h"
#include "cli/commands.h"

#include <stdio.h>
#include <string.h>

static gboolean replace;
static gboolean numbers_known;
static char *sha256;

static const GOptionEntry options[] = {
    { "replace", 0, 0, G_OPTION_ARG_NONE, &replace, N_("move what is there aside; it is kept"),
      NULL },
    { "numbers-known", 0, 0, G_OPTION_ARG_NONE, &numbers_known,
      N_("no number was given after the backup was made"), NULL },
    { "sha256", 0, 0, G_OPTION_ARG_STRING, &sha256,
      N_("what the manifest's SHA-256 must be, as the backup told it"), "HEX" },
    { NULL, 0, 0, 0, NULL, NULL, NULL },
};

static void
print_words(const NskJson *result)
{
    const char *office = nsk_json_get_text(result, "office");
    const char *aside = nsk_json_get_text(result, "aside");

    if (strcmp(nsk_json_get_text(result, "holds"), "keys") == 0) {
        (void)printf(nsk_tr("The keys of %s are back\n"), office);
    } else {
        (void)printf(nsk_tr("The office is in %s, as it was at %s: %lld letters\n"), office,
                     nsk_json_get_text(result, "taken"),
                     (long long)nsk_json_get_int(result, "letters", 0));
        (void)puts(nsk_tr("The keys are a backup of their own: restore that one too."));
        if (nsk_json_get_bool(result, "numbers_in_doubt", false))
            (void)printf(
                nsk_tr("Numbers given after %s are not known here and would be given again. "
                       "Before anybody signs, look for letters that went out after that, "
                       "then run 'naskah register confirm'.\n"),
                nsk_json_get_text(result, "taken"));
    }
    if (aside != NULL)
        (void)printf(nsk_tr("What was there is kept in %s\n"), aside);
}

static bool
run(NskCli *cli, GError **error)
{
    NskJson *result = NULL;
    NskRestoreOptions wanted = { .from = cli->args[0],
                                 .dir = cli->dir,
                                 .replace = replace,
                                 .numbers_known = numbers_known,
                                 .sha256 = sha256,
                                 .clock = &nsk_clock_system,
                                 .progress = nsk_cli_progress,
                                 .progress_data = cli };

    bool ok = nsk_office_restore(&wanted, &result, error);
    nsk_cli_progress_end(cli);
    if (ok)
        nsk_cli_print(cli, result, print_words);
    return ok;
}

const NskCommand nsk_command_restore = {
    .name = "restore",
    .summary = N_("make an office of a backup, after verifying all of it"),
    .usage = "BACKUP",
    .examples = "    naskah restore /cadangan/kantor-2026-07-22 --dir kantor\n"
                "    naskah restore /brankas/kunci-2026-07-22 --dir kantor   # the keys\n"
                "    naskah restore /cadangan/kantor-2026-07-22 --dir kantor --replace",
    .min_args = 1,
    .max_args = 1,
    .options = options,
    .run = run,
};
