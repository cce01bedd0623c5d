/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/limits.h"
#include "base/message.h"
#include "cli/commands.h"

#include <stdio.h>

static char *kind;
static char *output;
static char *position;
static char *reply_to;
static char *corrects;
static char *revokes;

static const GOptionEntry options[] = {
    { "kind", 0, 0, G_OPTION_ARG_FILENAME, &kind,
      N_("without a file: write what a letter of this kind starts from"), "KIND" },
    { "reply-to", 0, 0, G_OPTION_ARG_FILENAME, &reply_to,
      N_("with --kind: the letter that it answers, whose sender, subject and number it carries"),
      "LETTER" },
    { "output", 'o', 0, G_OPTION_ARG_FILENAME, &output, N_("where to write it"), "FILE" },
    { "position", 0, 0, G_OPTION_ARG_FILENAME, &position, N_("whose letter it is"), "ID" },
    { "corrects", 0, 0, G_OPTION_ARG_FILENAME, &corrects,
      N_("it corrects (ralat) this letter, which was sent"), "LETTER" },
    { "revokes", 0, 0, G_OPTION_ARG_FILENAME, &revokes,
      N_("it revokes this letter, which was sent"), "LETTER" },
    { NULL, 0, 0, 0, NULL, NULL, NULL },
};

static void
print_words(const NskJson *result)
{
    (void)printf("%s\n", nsk_json_get_text(result, "letter"));
}

static bool
write_skeleton(NskOffice *office, GError **error)
{
    g_autoptr(GBytes) xml = NULL;

    bool ok = reply_to != NULL ? nsk_office_reply_skeleton(office, kind, reply_to, &xml, error)
                               : nsk_office_letter_skeleton(office, kind, &xml, error);
    return ok && nsk_cli_write(output, xml, error);
}

/* The draft as it is to be kept: with the letter that it corrects or revokes. */
static GBytes *
read_draft(NskCli *cli, NskOffice *office, GError **error)
{
    GBytes *whole = NULL;
    g_autoptr(GBytes) xml = nsk_cli_read(cli->args[0], NSK_LIMIT_LETTER_SIZE, error);

    if (xml == NULL || (corrects == NULL && revokes == NULL))
        return g_steal_pointer(&xml);
    NskReferral referral = { cli->args[0], xml, revokes != NULL ? revokes : corrects,
                             revokes != NULL };
    return nsk_office_letter_refer(office, &referral, &whole, error) ? whole : NULL;
}

static bool
run(NskCli *cli, GError **error)
{
    NskJson *result = NULL;
    NskOffice *office = nsk_cli_open(cli, error);

    if (office == NULL)
        return false;
    if ((cli->n_args == 0) == (kind == NULL) || (kind == NULL && reply_to != NULL)) {
        g_set_error_literal(error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE,
                            nsk_tr("name the letter's file, or a --kind to get one to start from"));
        return false;
    }
    if (kind != NULL)
        return write_skeleton(office, error);
    g_autoptr(GBytes) xml = read_draft(cli, office, error);
    NskNewLetter draft = { cli->args[0], xml, position };
    if (xml == NULL || !nsk_office_letter_new(office, &draft, &result, error))
        return false;
    nsk_cli_print(cli, result, print_words);
    nsk_cli_say(cli, nsk_tr("The draft is kept. Submit it with: naskah letter submit LETTER"));
    return true;
}

const NskCommand nsk_command_letter_new = {
    .group = "letter",
    .name = "new",
    .summary = N_("begin a letter from its XML, or write what one starts from"),
    .usage = "[FILE]",
    .examples = "    naskah letter new --kind surat-dinas -o surat.xml\n"
                "    naskah letter new surat.xml\n"
                "    naskah letter new --kind surat-dinas --reply-to LETTER -o jawaban.xml\n"
                "    naskah letter new ralat.xml --corrects LETTER",
    .max_args = 1,
    .options = options,
    .run = run,
};
