/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/message.h"
#include "cli/commands.h"

#include <stdio.h>
#include <string.h>

#define FINDINGS_STATUS 1

static void
print_words(const NskJson *result)
{
    const NskJson *list = nsk_json_get(result, "certificates");

    for (size_t i = 0; i < nsk_json_length(list); i++) {
        const NskJson *row = nsk_json_at(list, i);
        const char *warning = nsk_json_get_text(row, "warning");
        g_autofree char *day = g_strndup(nsk_json_get_text(row, "until"), strlen("2026-07-22"));
        const char *mark = strcmp(warning, "ended") == 0 ? nsk_tr("ENDED")
                           : warning[0] != '\0'          ? nsk_tr("ends soon")
                                                         : nsk_tr("good");

        (void)printf("%-12s %s  %5d  %-14s %s\n", mark, day, (int)nsk_json_get_int(row, "days", 0),
                     nsk_office_word_of("certificate", nsk_json_get_text(row, "what")),
                     nsk_json_get_text(row, "subject"));
    }
    if (nsk_json_length(list) == 0)
        (void)puts(nsk_tr("No certificate is known yet: nobody has signed here."));
}

static bool
run(NskCli *cli, GError **error)
{
    NskJson *result = NULL;
    NskOffice *office = nsk_cli_open_without_person(cli, error);

    if (office == NULL || !nsk_office_certificate_status(office, &result, error))
        return false;
    if (nsk_json_get_int(result, "warnings", 0) > 0)
        cli->status = FINDINGS_STATUS;
    nsk_cli_print(cli, result, print_words);
    return true;
}

static char *ca;
static char *hosts;

static const GOptionEntry stamps_options[] = {
    { "ca", 0, 0, G_OPTION_ARG_FILENAME, &ca,
      N_("PEM file of the authorities for its TLS; else the system's"), "FILE" },
    { "hosts", 0, 0, G_OPTION_ARG_FILENAME, &hosts,
      N_("names, parted by blanks, that may be asked for time and status, and no others"),
      "NAMES" },
    { NULL, 0, 0, 0, NULL, NULL, NULL },
};

static bool
run_stamps(NskCli *cli, GError **error)
{
    const NskStampSettings settings = { cli->args[0], ca, hosts };
    NskOffice *office = nsk_cli_open_without_person(cli, error);

    if (office == NULL || !nsk_office_set_time_stamps(office, &settings, error))
        return false;
    nsk_cli_say(cli, nsk_tr("Time stamps come from %s."), settings.url);
    return true;
}

const NskCommand nsk_command_certificate_stamps = {
    .group = "certificate",
    .name = "stamps",
    .summary = N_("name the authority that time stamps come from"),
    .usage = "URL",
    .examples = "    naskah certificate stamps https://tsa.example/ --dir kantor",
    .min_args = 1,
    .max_args = 1,
    .options = stamps_options,
    .run = run_stamps,
};

const NskCommand nsk_command_certificate_status = {
    .group = "certificate",
    .name = "status",
    .summary = N_("when the certificates of people, authorities and time stamps end"),
    .usage = "",
    .examples = "    naskah certificate status --dir kantor\n"
                "    naskah certificate status --json",
    .run = run,
};
