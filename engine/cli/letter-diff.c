/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/message.h"
#include "cli/commands.h"

#include <stdio.h>

static void
print_words(const NskJson *result)
{
    const char *text = nsk_json_get_text(result, "text");

    (void)printf(nsk_tr("From version %d to version %d\n"),
                 (int)nsk_json_get_int(result, "from", 0), (int)nsk_json_get_int(result, "to", 0));
    (void)fputs(text[0] != '\0' ? text : nsk_tr("Nothing in the letter's words is different.\n"),
                stdout);
}

/* A version that is not given is 0. */
static bool
read_version(const NskCli *cli, int at, int64_t *out_version, GError **error)
{
    *out_version = 0;
    return cli->n_args <= at ||
           g_ascii_string_to_signed(cli->args[at], 10, 1, G_MAXINT32, out_version, error);
}

static bool
run(NskCli *cli, GError **error)
{
    NskJson *result = NULL;
    NskLetterDiffAsk ask = { .letter = cli->args[0] };
    NskOffice *office = nsk_cli_open(cli, error);

    if (office == NULL || !read_version(cli, 1, &ask.from, error) ||
        !read_version(cli, 2, &ask.to, error) ||
        !nsk_office_letter_diff(office, &ask, &result, error))
        return false;
    nsk_cli_print(cli, result, print_words);
    return true;
}

const NskCommand nsk_command_letter_diff = {
    .group = "letter",
    .name = "diff",
    .summary = N_("what changed between two versions"),
    .usage = "LETTER [FROM [TO]]",
    .examples = "    naskah letter diff LETTER\n"
                "    naskah letter diff LETTER 1 4",
    .min_args = 1,
    .max_args = 3,
    .run = run,
};
