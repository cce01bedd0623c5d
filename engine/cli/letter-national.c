/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Beside the national application: what a letter is called there. */
#include "base/message.h"
#include "cli/commands.h"

#include <stdio.h>

static char *number;
static char *id;
static char *system_name;

static const GOptionEntry options[] = {
    { "number", 0, 0, G_OPTION_ARG_FILENAME, &number, N_("the number that it has there"),
      "NUMBER" },
    { "id", 0, 0, G_OPTION_ARG_FILENAME, &id, N_("the id that it has there"), "ID" },
    { "system", 0, 0, G_OPTION_ARG_FILENAME, &system_name, N_("which application (nasional)"),
      "NAME" },
    { NULL, 0, 0, 0, NULL, NULL, NULL },
};

static void
print_words(const NskJson *result)
{
    (void)printf("%s: %s %s\n", nsk_json_get_text(result, "letter"),
                 nsk_json_get_text(result, "system"), nsk_json_get_text(result, "number"));
}

static bool
run(NskCli *cli, GError **error)
{
    NskJson *result = NULL;
    NskExternal external = { cli->args[0], system_name, number, id };

    if (number == NULL) {
        g_set_error_literal(error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE,
                            nsk_tr("say which number the letter has there, with --number"));
        return false;
    }
    NskOffice *office = nsk_cli_open(cli, error);
    if (office == NULL || !nsk_office_letter_external(office, &external, &result, error))
        return false;
    nsk_cli_print(cli, result, print_words);
    return true;
}

bool
nsk_cli_export_national(NskCli *cli, NskOffice *office, const char *folder, GError **error)
{
    NskExport pages = { .form = NSK_EXPORT_ORIGINAL };
    g_autoptr(NskJson) result = NULL;
    g_autoptr(GBytes) pdf = NULL;
    g_autoptr(GString) text = g_string_new(NULL);
    g_autofree char *pdf_path = g_build_filename(folder, "surat.pdf", NULL);
    g_autofree char *text_path = g_build_filename(folder, "isian.txt", NULL);

    if (!nsk_office_letter_national(office, cli->args[0], &result, error) ||
        !nsk_office_letter_export(office, cli->args[0], &pages, &pdf, error))
        return false;
    const NskJson *fields = nsk_json_get(result, "fields");
    for (size_t i = 0; i < nsk_json_length(fields); i++) {
        const NskJson *field = nsk_json_at(fields, i);

        g_string_append_printf(text, "%s: %s\n", nsk_json_get_text(field, "label"),
                               nsk_json_get_text(field, "value"));
    }
    g_autoptr(GBytes) words = g_string_free_to_bytes(g_steal_pointer(&text));
    if (g_mkdir_with_parents(folder, 0700) != 0 || !nsk_cli_write(pdf_path, pdf, error) ||
        !nsk_cli_write(text_path, words, error)) {
        if (error != NULL && *error == NULL)
            g_set_error(error, NSK_ERROR, NSK_ERROR_IO, nsk_tr("'%s' cannot be made a folder"),
                        folder);
        return false;
    }
    nsk_cli_print(cli, g_steal_pointer(&result), NULL);
    return true;
}

const NskCommand nsk_command_letter_record_external = {
    .group = "letter",
    .name = "record-external",
    .summary = N_("enter the number and id that a letter has in the national application"),
    .usage = "LETTER",
    .examples = "    naskah letter record-external LETTER --number B/17/2026 --id 88127",
    .min_args = 1,
    .max_args = 1,
    .options = options,
    .run = run,
};
