/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/limits.h"
#include "base/message.h"
#include "cli/commands.h"

#include <stdio.h>

static void
print_words(const NskJson *result)
{
    (void)printf(nsk_tr("The calendar of %s is in force.\n"), nsk_json_get_text(result, "year"));
    if (nsk_json_get_bool(result, "served", false))
        (void)puts(nsk_tr("The server of this office reckons the times of letters anew."));
    else
        (void)printf(nsk_tr("The times of %d letters were looked at.\n"),
                     (int)nsk_json_get_int(result, "letters", 0));
}

/* Without a server, what the change left to be told is told here. */
static bool
tell_letters(NskOffice *office, NskJson *result, GError **error)
{
    g_autoptr(NskJson) done = NULL;

    if (!nsk_office_run_flow(office, &done, error))
        return false;
    nsk_json_set_bool(result, "served", nsk_json_get_bool(done, "served", false));
    return true;
}

static bool
run(NskCli *cli, GError **error)
{
    NskJson *result = NULL;
    g_autoptr(GBytes) bytes = nsk_cli_read(cli->args[0], NSK_LIMIT_XML_SIZE, error);
    NskOffice *office = bytes != NULL ? nsk_cli_open_without_person(cli, error) : NULL;
    const NskOfficeFile file = { cli->args[0], bytes };

    if (office == NULL || !nsk_office_calendar_load(office, &file, &result, error))
        return false;
    if (!tell_letters(office, result, error)) {
        nsk_json_unref(result);
        return false;
    }
    nsk_cli_print(cli, result, print_words);
    return true;
}

const NskCommand nsk_command_calendar_load = {
    .group = "calendar",
    .name = "load",
    .summary = N_("put the working days of a year in force, and reckon times anew"),
    .usage = "FILE",
    .examples = "    naskah calendar load 2027.xml --dir kantor",
    .min_args = 1,
    .max_args = 1,
    .run = run,
};
