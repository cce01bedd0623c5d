/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/message.h"
#include "cli/commands.h"

#include <stdio.h>
#include <string.h>

static NskWorkAsk ask;
static char *form;
static char *output;

static const GOptionEntry options[] = {
    { "person", 0, 0, G_OPTION_ARG_STRING, &ask.person, N_("whose work; yourself if none is named"),
      "PERSON" },
    { "position", 0, 0, G_OPTION_ARG_STRING, &ask.position, N_("the work of a position"),
      "POSITION" },
    { "unit", 0, 0, G_OPTION_ARG_STRING, &ask.unit, N_("the work of a unit"), "UNIT" },
    { "from", 0, 0, G_OPTION_ARG_STRING, &ask.from, N_("first day; this month's first"), "DATE" },
    { "until", 0, 0, G_OPTION_ARG_STRING, &ask.until, N_("last day; today"), "DATE" },
    { "evidence", 0, 0, G_OPTION_ARG_NONE, &ask.evidence, N_("name every event that was counted"),
      NULL },
    { "form", 0, 0, G_OPTION_ARG_STRING, &form, N_("the evidence as a sheet: pdf or csv"), "FORM" },
    { "output", 'o', 0, G_OPTION_ARG_FILENAME, &output, N_("where to write it"), "FILE" },
    { NULL, 0, 0, 0, NULL, NULL, NULL },
};

static void
print_evidence(const NskJson *evidence)
{
    for (size_t i = 0; i < nsk_json_length(evidence); i++) {
        const NskJson *line = nsk_json_at(evidence, i);
        const char *subject = nsk_json_get_text(line, "subject");

        (void)printf("%s  %-26s %s  %s\n", nsk_json_get_text(line, "local"),
                     nsk_office_word(nsk_json_get_text(line, "action")),
                     nsk_json_get_text(line, "entry"), subject != NULL ? subject : "");
    }
}

static void
print_words(const NskJson *result)
{
    (void)printf("%s\n", nsk_json_get_text(result, "name"));
    (void)printf(nsk_tr("%s until %s"), nsk_json_get_text(result, "from"),
                 nsk_json_get_text(result, "until"));
    (void)printf("\n\n");
    for (int i = 0; nsk_office_work_figures[i] != NULL; i++) {
        const char *key = nsk_office_work_figures[i];
        int64_t value = nsk_json_get_int(result, key, 0);
        g_autofree char *text = g_str_has_suffix(key, "_minutes")
                                    ? nsk_office_hours_text(value)
                                    : g_strdup_printf("%" G_GINT64_FORMAT, value);

        (void)printf("  %-28s %s\n", nsk_office_word_of("work", key), text);
    }
    if (nsk_json_length(nsk_json_get(result, "evidence")) > 0)
        (void)putchar('\n');
    print_evidence(nsk_json_get(result, "evidence"));
}

static bool
write_sheet(NskCli *cli, NskOffice *office, GError **error)
{
    bool csv = strcmp(form, "csv") == 0;
    g_autoptr(GBytes) bytes = NULL;

    if (!csv && strcmp(form, "pdf") != 0) {
        g_set_error(error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE,
                    nsk_tr("'%s' is no form of a sheet: it is pdf or csv"), form);
        return false;
    }
    if (!nsk_office_report_work_sheet(office, &ask, csv ? NSK_SHEET_CSV : NSK_SHEET_PDF, &bytes,
                                      error) ||
        !nsk_cli_write(output, bytes, error))
        return false;
    if (output != NULL) {
        NskJson *result = nsk_json_object();

        nsk_json_set_text(result, "file", output);
        nsk_json_set_int(result, "size", (int64_t)g_bytes_get_size(bytes));
        nsk_cli_print(cli, result, NULL);
    }
    return true;
}

static bool
run(NskCli *cli, GError **error)
{
    NskJson *result = NULL;
    NskOffice *office = nsk_cli_open(cli, error);

    if (office == NULL)
        return false;
    if (form != NULL)
        return write_sheet(cli, office, error);
    if (!nsk_office_report_work(office, &ask, &result, error))
        return false;
    nsk_cli_print(cli, result, print_words);
    return true;
}

const NskCommand nsk_command_report_work = {
    .group = "report",
    .name = "work",
    .summary = N_("what was done, counted from the journal, with its evidence"),
    .usage = "",
    .examples = "    naskah report work --from 2026-07-01 --until 2026-07-31\n"
                "    naskah report work --unit biro-umum --evidence\n"
                "    naskah report work --person damar --form pdf -o bukti.pdf",
    .min_args = 0,
    .max_args = 0,
    .options = options,
    .run = run,
};
