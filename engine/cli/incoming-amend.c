/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The commands that make right, or more, what is registered of a letter: correct, open. */
#include "base/message.h"
#include "cli/commands.h"

#include <stdio.h>

static NskIncomingAsk ask;
static char *note;
static char *scan;
static gboolean not_duplicate;

/* the arguments are UTF-8 already */
#define WORD(name, member, words, what)                                                            \
    {                                                                                              \
        name, 0, 0, G_OPTION_ARG_STRING, &ask.member, words, what                                  \
    }

static const GOptionEntry correct_options[] = {
    { "note", 0, 0, G_OPTION_ARG_STRING, &note, N_("why it is corrected (needed)"), "TEXT" },
    WORD("from", origin, N_("the sender as the letter names it"), "TEXT"),
    WORD("attention", attention, N_("who signed it, or for whom to ask"), "TEXT"),
    WORD("place", place, N_("the sender's place"), "TEXT"),
    WORD("number", number, N_("the sender's own number"), "TEXT"),
    WORD("date", date, N_("the date on the letter"), "YYYY-MM-DD"),
    WORD("subject", subject, N_("what it is about"), "TEXT"),
    WORD("summary", summary, N_("what it says, in a sentence or two"), "TEXT"),
    WORD("channel", channel, N_("how it came: one of the profile's channels"), "NAME"),
    WORD("classification", classification, N_("code of the archive classification"), "CODE"),
    WORD("urgency", urgency, N_("biasa, segera or sangat-segera"), "CLASS"),
    WORD("due", due, N_("by when it is to be answered"), "YYYY-MM-DD"),
    WORD("received", at, N_("when it came, in the unit's zone"), "'YYYY-MM-DD HH:MM'"),
    { "scan", 0, 0, G_OPTION_ARG_FILENAME, &scan, N_("another scan, a PDF"), "FILE" },
    { "not-duplicate", 0, 0, G_OPTION_ARG_NONE, &not_duplicate,
      N_("it repeats none, though it seems so"), NULL },
    { NULL, 0, 0, 0, NULL, NULL, NULL },
};

static const GOptionEntry open_options[] = {
    WORD("subject", subject, N_("what it is about"), "TEXT"),
    WORD("summary", summary, N_("what it says, in a sentence or two"), "TEXT"),
    WORD("number", number, N_("the sender's own number"), "TEXT"),
    WORD("date", date, N_("the date on the letter"), "YYYY-MM-DD"),
    WORD("attention", attention, N_("who signed it, or for whom to ask"), "TEXT"),
    WORD("due", due, N_("by when it is to be answered"), "YYYY-MM-DD"),
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
