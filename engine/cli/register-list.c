/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/message.h"
#include "cli/commands.h"

#include <stdio.h>

static char *unit;
static char *csv;
static char *pdf;
static gint year;

static const GOptionEntry options[] = {
    { "unit", 0, 0, G_OPTION_ARG_FILENAME, &unit, N_("of this unit (yours)"), "ID" },
    { "year", 0, 0, G_OPTION_ARG_INT, &year, N_("of this year (the present one)"), "YEAR" },
    { "csv", 0, 0, G_OPTION_ARG_FILENAME, &csv, N_("write it as a table (CSV)"), "FILE" },
    { "pdf", 0, 0, G_OPTION_ARG_FILENAME, &pdf, N_("write it as pages (PDF)"), "FILE" },
    { NULL, 0, 0, 0, NULL, NULL, NULL },
};

/* A line a row: what there is of it, in the order of the columns. */
static void
print_row(const char *book, const NskJson *row)
{
    g_autoptr(GPtrArray) keys = nsk_json_keys(row);
    const char *parting = "";

    for (guint i = 0; i < keys->len; i++) {
        const char *key = g_ptr_array_index(keys, i);
        const char *text = nsk_json_get_text(row, key);

        if (text == NULL || text[0] == '\0')
            continue;
        (void)printf("%s%s", parting, nsk_office_word_of(book, text));
        parting = "  ";
    }
    (void)putchar('\n');
}

static void
print_words(const NskJson *result)
{
    const NskJson *rows = nsk_json_get(result, "rows");

    (void)printf("%s, %d\n", nsk_json_get_text(result, "unit_name"),
                 (int)nsk_json_get_int(result, "year", 0));
    for (size_t i = 0; i < nsk_json_length(rows); i++)
        print_row(nsk_json_get_text(result, "book"), nsk_json_at(rows, i));
    if (nsk_json_length(rows) == 0)
        (void)puts(nsk_tr("There is nothing to show."));
}

static bool
write_file(NskOffice *office, const NskRegisterAsk *ask, bool as_pdf, GError **error)
{
    g_autoptr(GBytes) bytes = NULL;

    return nsk_office_register_write(office, ask, as_pdf, &bytes, error) &&
           nsk_cli_write(as_pdf ? pdf : csv, bytes, error);
}

static bool
run(NskCli *cli, GError **error)
{
    NskJson *result = NULL;
    NskRegisterAsk ask = { .book = cli->args[0], .unit = unit, .year = year };
    NskOffice *office = nsk_cli_open(cli, error);

    if (office == NULL)
        return false;
    if (csv == NULL && pdf == NULL) {
        if (!nsk_office_register_list(office, &ask, &result, error))
            return false;
        nsk_cli_print(cli, result, print_words);
        return true;
    }
    return (csv == NULL || write_file(office, &ask, false, error)) &&
           (pdf == NULL || write_file(office, &ask, true, error));
}

const NskCommand nsk_command_register_list = {
    .group = "register",
    .name = "list",
    .summary = N_("a unit's register of a year, with what is void, reserved or skipped"),
    .usage = "outgoing|incoming|expedition|disposition|archive",
    .examples = "    naskah register list outgoing\n"
                "    naskah register list expedition --unit biro-umum --year 2026 --pdf buku.pdf\n"
                "    naskah register list outgoing --csv register.csv\n"
                "    naskah register list disposition --pdf buku-disposisi.pdf\n"
                "    naskah register list archive --year 2011 --pdf daftar-arsip.pdf",
    .min_args = 1,
    .max_args = 1,
    .options = options,
    .run = run,
};
