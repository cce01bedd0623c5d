/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The commands that make right, or more, what is registered of a letter: correct, open. */
#include "base/message.h"
#include "cli/commands.h"
#include "cli/incoming-words.h"

#include <stdio.h>

static NskIncomingAsk ask;
static char *note;
static char *scan;
static gboolean not_duplicate;

static const GOptionEntry correct_options[] = {
    { "note", 0, 0, G_OPTION_ARG_STRING, &note, N_("why it is corrected (needed)"), "TEXT" },
    INCOMING_FROM,
    INCOMING_ATTENTION,
    INCOMING_PLACE,
    INCOMING_NUMBER,
    INCOMING_DATE,
    INCOMING_SUBJECT,
    INCOMING_SUMMARY,
    INCOMING_CHANNEL,
    INCOMING_CLASSIFICATION,
    INCOMING_URGENCY,
    INCOMING_DUE,
    INCOMING_WORD("received", at, N_("when it came, in the unit's zone"), "'YYYY-MM-DD HH:MM'"),
    { "scan", 0, 0, G_OPTION_ARG_FILENAME, &scan, N_("another scan, a PDF"), "FILE" },
    { "not-duplicate", 0, 0, G_OPTION_ARG_NONE, &not_duplicate,
      N_("it repeats none, though it seems so"), NULL },
    { NULL, 0, 0, 0, NULL, NULL, NULL },
};

static const GOptionEntry open_options[] = {
    INCOMING_SUBJECT,
    INCOMING_SUMMARY,
    INCOMING_NUMBER,
    INCOMING_DATE,
    INCOMING_ATTENTION,
    INCOMING_DUE,
    { NULL, 0, 0, 0, NULL, NULL, NULL },
};

static void
print_words(const NskJson *result)
{
    const NskJson *changed = nsk_json_get(result, "changed");

    (void)printf(nsk_tr("%s  agenda %s  version %d:"), nsk_json_get_text(result, "letter"),
                 nsk_json_get_text(result, "agenda"), (int)nsk_json_get_int(result, "version", 0));
    for (size_t i = 0; i < nsk_json_length(changed); i++)
        (void)printf(" %s", nsk_json_text_at(changed, i));
    (void)putchar('\n');
}

static bool
run_correct(NskCli *cli, GError **error)
{
    NskJson *result = NULL;
    NskIncomingCorrection correction = { .letter = cli->args[0], .ask = &ask, .reason = note };
    NskOffice *office = nsk_cli_open(cli, error);

    ask.path = scan;
    ask.not_duplicate = not_duplicate;
    if (office == NULL || !nsk_office_incoming_correct(office, &correction, &result, error))
        return false;
    nsk_cli_warn(result);
    nsk_cli_print(cli, result, print_words);
    return true;
}

static bool
run_open(NskCli *cli, GError **error)
{
    NskJson *result = NULL;
    NskOffice *office = nsk_cli_open(cli, error);

    ask.path = cli->n_args > 1 ? cli->args[1] : NULL;
    if (office == NULL || !nsk_office_incoming_open(office, cli->args[0], &ask, &result, error))
        return false;
    nsk_cli_warn(result);
    nsk_cli_print(cli, result, print_words);
    return true;
}

const NskCommand nsk_command_incoming_correct = {
    .group = "incoming",
    .name = "correct",
    .summary = N_("correct what was registered of a letter, for a reason; its agenda number stays"),
    .usage = "LETTER|AGENDA|NUMBER",
    .examples = "    naskah incoming correct A-17/SU/BU/2026 --number 400.3/181/DPA\n"
                "        --note 'salah ketik'\n"
                "    naskah incoming correct A-17/SU/BU/2026 --scan lengkap.pdf\n"
                "        --note 'halaman 2 tertinggal'",
    .min_args = 1,
    .max_args = 1,
    .options = correct_options,
    .run = run_correct,
};

const NskCommand nsk_command_incoming_open = {
    .group = "incoming",
    .name = "open",
    .summary = N_("open a letter that was registered by its envelope; for who it is for"),
    .usage = "LETTER|AGENDA [SCAN]",
    .examples =
        "    naskah incoming open A-18/SU/BU/2026 pindai.pdf --subject 'Hasil pemeriksaan'\n"
        "        --summary 'Tiga temuan; tanggapan diminta dalam sebulan'",
    .min_args = 1,
    .max_args = 2,
    .options = open_options,
    .run = run_open,
};
