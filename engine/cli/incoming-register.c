/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/message.h"
#include "cli/commands.h"
#include "cli/incoming-words.h"

#include <stdio.h>

static NskIncomingAsk ask;
static char **to;
static gboolean unopened;
static gboolean not_duplicate;

static const GOptionEntry options[] = {
    INCOMING_FROM,
    INCOMING_ATTENTION,
    INCOMING_PLACE,
    INCOMING_NUMBER,
    INCOMING_DATE,
    INCOMING_SUBJECT,
    INCOMING_SUMMARY,
    { "to", 0, 0, G_OPTION_ARG_STRING_ARRAY, &to, N_("position that it is for; may be repeated"),
      "ID" },
    INCOMING_CHANNEL,
    INCOMING_CLASSIFICATION,
    INCOMING_WORD("security", security, N_("biasa, terbatas, rahasia or sangat-rahasia"), "CLASS"),
    INCOMING_URGENCY,
    INCOMING_DUE,
    INCOMING_WORD("received",
                  at,
                  N_("when it came, in the unit's zone (else now)"),
                  "'YYYY-MM-DD HH:MM'"),
    INCOMING_WORD("unit",
                  unit,
                  N_("whose TU registers it (else the nearest around the position)"),
                  "ID"),
    INCOMING_WORD("kind", kind, N_("kind of letter (else surat-masuk)"), "KIND"),
    { "unopened", 0, 0, G_OPTION_ARG_NONE, &unopened,
      N_("registered by its envelope; secret letters are"), NULL },
    INCOMING_WORD("duplicate-of", duplicate_of, N_("it repeats this letter"), "LETTER"),
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
