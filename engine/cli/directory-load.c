/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/limits.h"
#include "base/message.h"
#include "cli/commands.h"

#include <stdio.h>

static gboolean dry_run;

static const GOptionEntry options[] = {
    { "dry-run", 0, 0, G_OPTION_ARG_NONE, &dry_run, N_("only say what would change"), NULL },
    { NULL, 0, 0, 0, NULL, NULL, NULL },
};

static void
print_preview(const NskJson *result)
{
    const NskJson *changes = nsk_json_get(result, "changes");

    for (size_t i = 0; i < nsk_json_length(changes); i++) {
        const NskJson *row = nsk_json_at(changes, i);
        const NskJson *values = nsk_json_get(row, "values");

        (void)printf("%s %s %s\n", nsk_json_get_bool(row, "is_new", false) ? "+" : "~",
                     nsk_json_get_text(row, "table"), nsk_json_get_text(row, "key"));
        for (size_t k = 0; k < nsk_json_length(values); k++) {
            const NskJson *value = nsk_json_at(values, k);

            (void)printf("    %s: %s -> %s\n", nsk_json_get_text(value, "column"),
                         nsk_json_get_text(value, "before"), nsk_json_get_text(value, "after"));
        }
    }
    (void)printf(nsk_tr("%lld new, %lld changed, %lld as they were; nothing was changed yet\n"),
                 (long long)nsk_json_get_int(result, "n_new", 0),
                 (long long)nsk_json_get_int(result, "n_changed", 0),
                 (long long)nsk_json_get_int(result, "n_same", 0));
}

static bool
preview(NskCli *cli, NskOffice *office, const NskOfficeFile *file, GError **error)
{
    NskJson *result = NULL;
    g_autoptr(NskIssues) issues = nsk_issues_new();

    if (!nsk_office_directory_preview(office, file, issues, &result, error))
        return false;
    if (!cli->json)
        nsk_cli_print_issues(cli, issues);
    nsk_cli_print(cli, result, print_preview);
    return true;
}

static bool
run(NskCli *cli, GError **error)
{
    NskOffice *office = nsk_cli_open_without_person(cli, error);
    g_autoptr(NskIssues) issues = nsk_issues_new();
    NskOfficeFile file = { .name = cli->args[0] };

    if (office == NULL)
        return false;
    file.bytes = nsk_cli_read(cli->args[0], NSK_LIMIT_XML_SIZE, error);
    if (file.bytes != NULL && dry_run) {
        bool shown = preview(cli, office, &file, error);

        g_bytes_unref(file.bytes);
        return shown;
    }
    bool ok = file.bytes != NULL && nsk_office_directory_load(office, &file, issues, error);
    g_clear_pointer(&file.bytes, g_bytes_unref);
    if (!ok)
        return false;
    nsk_cli_print_issues(cli, issues);
    if (!cli->json)
        (void)puts(nsk_tr("The directory is changed."));
    return true;
}

const NskCommand nsk_command_directory_load = {
    .group = "directory",
    .name = "load",
    .summary = N_("replace and add rows of the directory, such as who holds a position"),
    .usage = "FILE",
    .examples = "    naskah directory load mutasi.xml --dir kantor\n"
                "    naskah directory load pegawai.csv --dry-run",
    .min_args = 1,
    .max_args = 1,
    .options = options,
    .run = run,
};
