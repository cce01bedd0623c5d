/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/message.h"
#include "cli/commands.h"

#include <stdio.h>

static gboolean demo;
static char *directory;
static char *profile;
static char *person;

static const GOptionEntry options[] = {
    { "demo", 0, 0, G_OPTION_ARG_NONE, &demo, N_("an invented agency of 30 people, with demo keys"),
      NULL },
    { "directory", 0, 0, G_OPTION_ARG_FILENAME, &directory,
      N_("units, positions and people: an XML file, or a folder of CSV files"), "PATH" },
    { "profile", 0, 0, G_OPTION_ARG_FILENAME, &profile, N_("the agency's profile"), "FILE" },
    { "person", 0, 0, G_OPTION_ARG_FILENAME, &person,
      N_("whom this machine's account belongs to in the office"), "ID" },
    { NULL, 0, 0, 0, NULL, NULL, NULL },
};

static void
print_words(const NskJson *result)
{
    const char *trust = nsk_json_get_text(result, "trust");

    (void)printf(nsk_tr("The office is in %s\n"), nsk_json_get_text(result, "office"));
    if (trust != NULL)
        (void)printf(nsk_tr("Demo keys are in %s; the demo authority's certificate is %s\n"),
                     nsk_json_get_text(result, "keys"), trust);
}

static bool
run(NskCli *cli, GError **error)
{
    NskJson *result = NULL;
    NskInitOptions wanted = { .dir = cli->n_args > 0 ? cli->args[0] : cli->dir,
                              .demo = demo,
                              .directory = directory,
                              .profile = profile,
                              .person = person,
                              .clock = &nsk_clock_system };

    if (!nsk_office_init(&wanted, &result, error))
        return false;
    nsk_cli_print(cli, result, print_words);
    return true;
}

const NskCommand nsk_command_init = {
    .name = "init",
    .summary = N_("make a new office"),
    .usage = "[OFFICE]",
    .examples = "    naskah init kantor --demo\n"
                "    naskah init kantor --directory pegawai.xml --person sekar",
    .max_args = 1,
    .options = options,
    .run = run,
};
