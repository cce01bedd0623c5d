/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/limits.h"
#include "base/message.h"
#include "cli/commands.h"

#include <stdio.h>
#include <stdlib.h>

static char *files;
static char *former;
static char *unit;
static char *report;
static gboolean dry_run;

static const GOptionEntry options[] = {
    { "files", 0, 0, G_OPTION_ARG_FILENAME, &files,
      N_("folder of the PDFs (else that of the table)"), "DIR" },
    { "system", 0, 0, G_OPTION_ARG_FILENAME, &former,
      N_("name of the former system, which its ids are of (lama)"), "NAME" },
    { "unit", 0, 0, G_OPTION_ARG_FILENAME, &unit, N_("whose archive it is, where a row names none"),
      "ID" },
    { "dry-run", 0, 0, G_OPTION_ARG_NONE, &dry_run, N_("look at everything, take in nothing"),
      NULL },
    { "report", 0, 0, G_OPTION_ARG_FILENAME, &report,
      N_("write what was refused and why as a table (CSV)"), "FILE" },
    { NULL, 0, 0, 0, NULL, NULL, NULL },
};

#define MOST_SHOWN 20 /* faults on the terminal; the report has all */

static void
print_words(const NskJson *result)
{
    const NskJson *faults = nsk_json_get(result, "faults");

    for (size_t i = 0; i < nsk_json_length(faults) && i < MOST_SHOWN; i++) {
        const NskJson *fault = nsk_json_at(faults, i);
        const char *what = nsk_json_get_text(fault, "what");

        (void)printf(nsk_tr("line %d, %s: %s; %s\n"), (int)nsk_json_get_int(fault, "line", 0),
                     what[0] != '\0' ? what : "-", nsk_json_get_text(fault, "why"),
                     nsk_json_get_text(fault, "todo"));
    }
    if (nsk_json_length(faults) > MOST_SHOWN)
        (void)printf(nsk_tr("... and %d more faults, which --report FILE writes.\n"),
                     (int)(nsk_json_length(faults) - MOST_SHOWN));
    (void)printf(
        nsk_json_get_bool(result, "dry_run", false)
            ? nsk_tr("%d rows: %d could be taken in, %d are there already, %d would be "
                     "refused.\n")
            : nsk_tr("%d rows: %d taken in, %d there already, %d refused.\n"),
        (int)nsk_json_get_int(result, "rows", 0), (int)nsk_json_get_int(result, "imported", 0),
        (int)nsk_json_get_int(result, "there", 0), (int)nsk_json_get_int(result, "refused", 0));
}

static bool
write_report(const NskJson *result, GError **error)
{
    if (report == NULL)
        return true;
    g_autoptr(GBytes) bytes = nsk_office_import_report(result);

    return nsk_cli_write(report, bytes, error);
}

static bool
run(NskCli *cli, GError **error)
{
    NskJson *result = NULL;
    g_autofree char *beside = g_path_get_dirname(cli->args[0]);
    NskOffice *office = nsk_cli_open(cli, error);
    g_autoptr(GBytes) table =
        office != NULL ? nsk_cli_read(cli->args[0], NSK_LIMIT_CSV_SIZE, error) : NULL;
    NskImport import = { .table_name = cli->args[0],
                         .table = table,
                         .files = files != NULL ? files : beside,
                         .system = former,
                         .unit = unit,
                         .dry_run = dry_run,
                         .progress = nsk_cli_progress,
                         .progress_data = cli };

    if (table == NULL)
        return false;
    bool ok = nsk_office_archive_import(office, &import, &result, error);
    nsk_cli_progress_end(cli);
    if (!ok)
        return false;
    if (!write_report(result, error)) {
        nsk_json_unref(result);
        return false;
    }
    cli->status = nsk_json_get_int(result, "refused", 0) > 0 ? EXIT_FAILURE : EXIT_SUCCESS;
    nsk_cli_print(cli, result, print_words);
    return true;
}

const NskCommand nsk_command_archive_import = {
    .group = "archive",
    .name = "import",
    .summary = N_("take in the archive of a former system: a table, and a PDF for each row"),
    .usage = "TABLE",
    .examples = "    naskah archive import daftar.csv --files pindaian --dry-run\n"
                "    naskah archive import daftar.csv --files pindaian --system sisurat\n"
                "        --report ditolak.csv",
    .min_args = 1,
    .max_args = 1,
    .options = options,
    .run = run,
};
