/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/limits.h"
#include "base/message.h"
#include "cli/commands.h"

#include <stdio.h>

static int base;

static const GOptionEntry options[] = {
    { "base", 0, 0, G_OPTION_ARG_INT, &base,
      N_("the version that the file was made from; refused if there is a newer one"), "N" },
    { NULL, 0, 0, 0, NULL, NULL, NULL },
};

static void
print_words(const NskJson *result)
{
    const NskJson *voided = nsk_json_get(result, "voided");

    (void)printf(nsk_tr("Version %d is kept\n"), (int)nsk_json_get_int(result, "version", 0));
    for (size_t i = 0; i < nsk_json_length(voided); i++)
        (void)printf(nsk_tr("The paraf of %s no longer holds: the content changed\n"),
                     nsk_json_text_at(voided, i));
}

static bool
run(NskCli *cli, GError **error)
{
    NskJson *result = NULL;
    NskOffice *office = nsk_cli_open(cli, error);
    g_autoptr(GBytes) xml =
        office != NULL ? nsk_cli_read(cli->args[1], NSK_LIMIT_LETTER_SIZE, error) : NULL;
    NskLetterEdit edit = { .letter = cli->args[0], .name = cli->args[1], .xml = xml, .base = base };

    if (xml == NULL || !nsk_office_letter_edit(office, &edit, &result, error))
        return false;
    nsk_cli_print(cli, result, print_words);
    return true;
}

const NskCommand nsk_command_letter_edit = {
    .group = "letter",
    .name = "edit",
    .summary = N_("give a draft a new content"),
    .usage = "LETTER FILE",
    .examples = "    naskah letter export LETTER --xml -o surat.xml\n"
                "    naskah letter edit LETTER surat.xml",
    .min_args = 2,
    .max_args = 2,
    .options = options,
    .run = run,
};

static char *note;

static const GOptionEntry correct_options[] = {
    { "note", 'n', 0, G_OPTION_ARG_FILENAME, &note, N_("words for the record"), "TEXT" },
    { NULL, 0, 0, 0, NULL, NULL, NULL },
};

static void
print_corrected(const NskJson *result)
{
    const char *state = nsk_json_get_text(result, "state");

    if (state == NULL)
        print_words(result);
    else
        (void)printf(nsk_tr("Done. The letter is now: %s\n"), nsk_office_word(state));
}

static bool
run_correct(NskCli *cli, GError **error)
{
    NskJson *result = NULL;
    NskOffice *office = nsk_cli_open(cli, error);
    g_autoptr(GBytes) xml =
        office != NULL ? nsk_cli_read(cli->args[1], NSK_LIMIT_LETTER_SIZE, error) : NULL;
    NskLetterEdit edit = { .letter = cli->args[0],
                           .name = cli->args[1],
                           .xml = xml,
                           .outcome = "approve",
                           .note = note };

    if (xml == NULL || !nsk_office_letter_edit(office, &edit, &result, error))
        return false;
    nsk_cli_print(cli, result, print_corrected);
    return true;
}

const NskCommand nsk_command_task_correct = {
    .group = "task",
    .name = "correct",
    .summary = N_("change a letter in your own task, and give your paraf in the same act"),
    .usage = "TASK|LETTER FILE",
    .examples = "    naskah letter export LETTER --xml -o surat.xml\n"
                "    naskah task correct LETTER surat.xml --note \"tanggal dibetulkan\"",
    .min_args = 2,
    .max_args = 2,
    .options = correct_options,
    .run = run_correct,
};
