/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The commands that show letters that came in: list, show, receipt. */
#include "base/message.h"
#include "cli/commands.h"

#include <stdio.h>

static char *unit;
static gboolean all;
static char *output;

static const GOptionEntry list_options[] = {
    { "unit", 0, 0, G_OPTION_ARG_STRING, &unit, N_("whose agenda"), "ID" },
    { "all", 0, 0, G_OPTION_ARG_NONE, &all, N_("also those that are filed"), NULL },
    { NULL, 0, 0, 0, NULL, NULL, NULL },
};

static const GOptionEntry receipt_options[] = {
    { "output", 'o', 0, G_OPTION_ARG_FILENAME, &output, N_("where to write it"), "FILE" },
    { NULL, 0, 0, 0, NULL, NULL, NULL },
};

static const char *
text_of(const NskJson *letter, const char *name)
{
    const char *text = nsk_json_get_text(letter, name);

    return text != NULL ? text : "-";
}

static void
print_line(const NskJson *letter)
{
    (void)printf("%s  %s  %.10s  %s, %s  %s\n", text_of(letter, "letter"),
                 text_of(letter, "agenda"), text_of(letter, "at"), text_of(letter, "origin"),
                 text_of(letter, "number"), text_of(letter, "subject"));
}

static void
print_list(const NskJson *result)
{
    const NskJson *letters = nsk_json_get(result, "letters");

    for (size_t i = 0; i < nsk_json_length(letters); i++)
        print_line(nsk_json_at(letters, i));
    if (nsk_json_length(letters) == 0)
        (void)puts(nsk_tr("There is nothing to show."));
}

static bool
run_list(NskCli *cli, GError **error)
{
    NskJson *result = NULL;
    NskIncomingList ask = { .unit = unit, .all = all };
    NskOffice *office = nsk_cli_open(cli, error);

    if (office == NULL || !nsk_office_incoming_list(office, &ask, &result, error))
        return false;
    nsk_cli_print(cli, result, print_list);
    return true;
}

static void
print_letter(const NskJson *letter)
{
    const struct {
        const char *label, *name;
    } lines[] = {
        { N_("Letter"), "letter" },           { N_("Agenda number"), "agenda" },
        { N_("Received at"), "at" },          { N_("Channel"), "channel" },
        { N_("Sender"), "origin" },           { N_("Number of the letter"), "number" },
        { N_("Date of the letter"), "date" }, { N_("Subject"), "subject" },
        { N_("Summary"), "summary" },         { N_("Due"), "due" },
        { N_("Security class"), "security" }, { N_("File"), "file" },
    };
    const NskJson *to = nsk_json_get(letter, "to");

    for (size_t i = 0; i < G_N_ELEMENTS(lines); i++)
        (void)printf("%s: %s\n", nsk_tr(lines[i].label), text_of(letter, lines[i].name));
    (void)printf("%s:", nsk_tr("For"));
    for (size_t i = 0; i < nsk_json_length(to); i++)
        (void)printf(" %s", nsk_json_text_at(to, i));
    (void)printf("\n%s: %s\n", nsk_tr("State"), nsk_office_word(text_of(letter, "state")));
}

static bool
run_show(NskCli *cli, GError **error)
{
    NskJson *result = NULL;
    NskOffice *office = nsk_cli_open(cli, error);

    if (office == NULL || !nsk_office_incoming_show(office, cli->args[0], &result, error))
        return false;
    /* who has only the envelope of it has not seen it */
    if (nsk_json_get_text(result, "subject") != NULL)
        nsk_cli_see(office, nsk_json_get_text(result, "letter"));
    nsk_cli_print(cli, result, print_letter);
    return true;
}

static bool
run_receipt(NskCli *cli, GError **error)
{
    g_autoptr(GBytes) pdf = NULL;
    NskOffice *office = nsk_cli_open(cli, error);

    return office != NULL && nsk_office_incoming_receipt(office, cli->args[0], &pdf, error) &&
           nsk_cli_write(output, pdf, error);
}

const NskCommand nsk_command_incoming_list = {
    .group = "incoming",
    .name = "list",
    .summary = N_("letters that came in and are not filed yet, the newest first"),
    .usage = "",
    .examples = "    naskah incoming list\n"
                "    naskah incoming list --unit biro-umum --all",
    .options = list_options,
    .run = run_list,
};

const NskCommand nsk_command_incoming_show = {
    .group = "incoming",
    .name = "show",
    .summary = N_("what is known of a letter that came in"),
    .usage = "LETTER|AGENDA|NUMBER",
    .examples = "    naskah incoming show A-17/SU/BU/2026",
    .min_args = 1,
    .max_args = 1,
    .run = run_show,
};

const NskCommand nsk_command_incoming_receipt = {
    .group = "incoming",
    .name = "receipt",
    .summary = N_("a receipt for the sender, as PDF"),
    .usage = "LETTER|AGENDA|NUMBER",
    .examples = "    naskah incoming receipt A-17/SU/BU/2026 -o tanda-terima.pdf",
    .min_args = 1,
    .max_args = 1,
    .options = receipt_options,
    .run = run_receipt,
};
