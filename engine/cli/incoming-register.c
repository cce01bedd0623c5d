/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/message.h"
#include "cli/commands.h"

#include <stdio.h>

static NskIncomingAsk ask;
static char **to;
static gboolean unopened;
static gboolean not_duplicate;

/* the arguments are UTF-8 already */
#define WORD(name, member, words, what)                                                            \
    {                                                                                              \
        name, 0, 0, G_OPTION_ARG_STRING, &ask.member, words, what                                  \
    }

static const GOptionEntry options[] = {
    WORD("from", origin, N_("the sender as the letter names it"), "TEXT"),
    WORD("attention", attention, N_("who signed it, or for whom to ask"), "TEXT"),
    WORD("place", place, N_("the sender's place"), "TEXT"),
    WORD("number", number, N_("the sender's own number"), "TEXT"),
    WORD("date", date, N_("the date on the letter"), "YYYY-MM-DD"),
    WORD("subject", subject, N_("what it is about"), "TEXT"),
    WORD("summary", summary, N_("what it says, in a sentence or two"), "TEXT"),
    { "to", 0, 0, G_OPTION_ARG_STRING_ARRAY, &to, N_("position that it is for; may be repeated"),
      "ID" },
    WORD("channel", channel, N_("how it came: one of the profile's channels"), "NAME"),
    WORD("classification", classification, N_("code of the archive classification"), "CODE"),
    WORD("security", security, N_("biasa, terbatas, rahasia or sangat-rahasia"), "CLASS"),
    WORD("urgency", urgency, N_("biasa, segera or sangat-segera"), "CLASS"),
    WORD("due", due, N_("by when it is to be answered"), "YYYY-MM-DD"),
    WORD("received", at, N_("when it came, in the unit's zone (else now)"), "'YYYY-MM-DD HH:MM'"),
    WORD("unit", unit, N_("whose TU registers it (else the nearest around the position)"), "ID"),
    WORD("kind", kind, N_("kind of letter (else surat-masuk)"), "KIND"),
    { "unopened", 0, 0, G_OPTION_ARG_NONE, &unopened,
      N_("registered by its envelope; secret letters are"), NULL },
    WORD("duplicate-of", duplicate_of, N_("it repeats this letter"), "LETTER"),
    { "not-duplicate", 0, 0, G_OPTION_ARG_NONE, &not_duplicate,
      N_("it repeats none, though it seems so"), NULL },
    { NULL, 0, 0, 0, NULL, NULL, NULL },
};

static void
print_words(const NskJson *result)
{
    (void)printf(nsk_tr("%s  agenda %s\n"), nsk_json_get_text(result, "letter"),
                 nsk_json_get_text(result, "agenda"));
}

static bool
run(NskCli *cli, GError **error)
{
    NskJson *result = NULL;
    NskOffice *office = nsk_cli_open(cli, error);

    ask.to = (const char *const *)to;
    ask.unopened = unopened;
    ask.not_duplicate = not_duplicate;
    ask.path = cli->n_args > 0 ? cli->args[0] : NULL;
    if (office == NULL || !nsk_office_incoming_register(office, &ask, &result, error))
        return false;
    nsk_cli_warn(result);
    nsk_cli_print(cli, result, print_words);
    return true;
}

const NskCommand nsk_command_incoming_register = {
    .group = "incoming",
    .name = "register",
    .summary = N_("enter a letter that came in, with its scan, in the agenda"),
    .usage = "[SCAN]",
    .examples =
        "    naskah incoming register pindai.pdf --from 'Dinas Pengairan Kabupaten Arunika'\n"
        "        --number 400.3/118/DPA --date 2026-07-14 --subject 'Permohonan narasumber'\n"
        "        --to kepala-biro-umum --channel pos --classification KP.08.1\n"
        "    naskah incoming register --unopened --security rahasia --from 'Inspektorat Arunika'\n"
        "        --to kepala-biro-umum --channel kurir --classification PW.01",
    .max_args = 1,
    .options = options,
    .run = run,
};
