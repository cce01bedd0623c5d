/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The tree of dispositions of a letter, and its sheet. */
#include "base/message.h"
#include "cli/commands.h"

#include <stdio.h>

#define INDENT    4
#define MAX_DEPTH 32 /* of what is shown */

static char *output;
static gint64 number;

static const GOptionEntry sheet_options[] = {
    { "output", 'o', 0, G_OPTION_ARG_FILENAME, &output, N_("where to write it"), "FILE" },
    { "number", 0, 0, G_OPTION_ARG_INT64, &number,
      N_("which disposition, as 'disposition show' counts them; the last if not given"), "N" },
    { NULL, 0, 0, 0, NULL, NULL, NULL },
};

static void print_list(const NskJson *list, int depth);

static void
print_words(const char *label, const char *text, int depth)
{
    if (text != NULL)
        (void)printf("%*s%s: %s\n", INDENT * depth, "", label, text);
}

static void
print_receiver(const NskJson *receiver, int depth)
{
    const char *state = nsk_json_get_text(receiver, "state");
    const char *holder = nsk_json_get_text(receiver, "holder");

    (void)printf("%*s%s %s%s%s%s", INDENT * depth, "",
                 nsk_json_get_bool(receiver, "lead", false) ? "1" : "-",
                 nsk_json_get_text(receiver, "title"), holder != NULL ? " (" : "",
                 holder != NULL ? holder : "", holder != NULL ? ")" : "");
    if (state != NULL)
        (void)printf(": %s", nsk_office_word_of("disposition", state));
    if (nsk_json_get_bool(receiver, "overdue", false))
        (void)printf(", %s", nsk_tr("overdue"));
    (void)putchar('\n');
    print_words(nsk_tr("Report"), nsk_json_get_text(receiver, "report"), depth + 1);
    print_list(nsk_json_get(receiver, "dispositions"), depth + 1);
}

static void
print_disposition(const NskJson *disposition, int depth)
{
    const NskJson *instructions = nsk_json_get(disposition, "instructions");
    const NskJson *receivers = nsk_json_get(disposition, "receivers");
    const char *name = nsk_json_get_text(disposition, "name");

    (void)printf("%*s%d. %s%s%s%s: %s\n", INDENT * depth, "",
                 (int)nsk_json_get_int(disposition, "n", 0),
                 nsk_json_get_text(disposition, "title"), name != NULL ? " (" : "",
                 name != NULL ? name : "", name != NULL ? ")" : "",
                 nsk_office_word_of("disposition", nsk_json_get_text(disposition, "state")));
    for (size_t i = 0; i < nsk_json_length(instructions); i++)
        (void)printf("%*s[x] %s\n", INDENT * (depth + 1), "",
                     nsk_json_get_text(nsk_json_at(instructions, i), "print"));
    print_words(nsk_tr("Note"), nsk_json_get_text(disposition, "note"), depth + 1);
    print_words(nsk_tr("Due"), nsk_json_get_text(disposition, "due"), depth + 1);
    print_words(nsk_tr("Recalled"), nsk_json_get_text(disposition, "why"), depth + 1);
    for (size_t i = 0; i < nsk_json_length(receivers); i++)
        print_receiver(nsk_json_at(receivers, i), depth + 1);
}

static void
print_list(const NskJson *list, int depth)
{
    for (size_t i = 0; depth < MAX_DEPTH && i < nsk_json_length(list); i++)
        print_disposition(nsk_json_at(list, i), depth);
}

static void
print_tree(const NskJson *result)
{
    const NskJson *list = nsk_json_get(result, "dispositions");

    (void)printf("%s  %s\n", nsk_json_get_text(result, "letter"),
                 nsk_json_get_text(result, "subject"));
    if (nsk_json_length(list) == 0)
        (void)puts(nsk_tr("The letter has no disposition that you may see."));
    print_list(list, 0);
}

static bool
run_show(NskCli *cli, GError **error)
{
    g_autoptr(NskJson) result = NULL;
    NskOffice *office = nsk_cli_open(cli, error);

    if (office == NULL || !nsk_office_disposition_show(office, cli->args[0], &result, error))
        return false;
    nsk_cli_see(office, nsk_json_get_text(result, "letter"));
    nsk_cli_print(cli, g_steal_pointer(&result), print_tree);
    return true;
}

const NskCommand nsk_command_disposition_show = {
    .group = "disposition",
    .name = "show",
    .summary = N_("to whom a letter was given, and what became of it"),
    .usage = "LETTER",
    .examples = "    naskah disposition show LETTER",
    .min_args = 1,
    .max_args = 1,
    .run = run_show,
};

static bool
run_sheet(NskCli *cli, GError **error)
{
    g_autoptr(GBytes) pdf = NULL;
    NskOffice *office = nsk_cli_open(cli, error);

    return office != NULL &&
           nsk_office_disposition_sheet(office, cli->args[0], number, &pdf, error) &&
           nsk_cli_write(output, pdf, error);
}

const NskCommand nsk_command_disposition_sheet = {
    .group = "disposition",
    .name = "sheet",
    .summary = N_("the sheet of a disposition (lembar disposisi) as PDF"),
    .usage = "LETTER",
    .examples = "    naskah disposition sheet LETTER -o disposisi.pdf",
    .min_args = 1,
    .max_args = 1,
    .options = sheet_options,
    .run = run_sheet,
};
