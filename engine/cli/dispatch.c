/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The commands of the expedition book: list, send, proof, return. */
#include "base/limits.h"
#include "base/message.h"
#include "cli/commands.h"

#include <stdio.h>

#define MAX_PARTIES 201 /* the letter, and those of one command */

static char *channel;
static char *tracking;
static char *receiver;
static char *note;
static char *file;
static char *output;
static char *unit;
static char *after;
static gboolean all;
static gint limit = 50;

static const GOptionEntry send_options[] = {
    { "channel", 0, 0, G_OPTION_ARG_FILENAME, &channel, N_("email, post, courier or hand"),
      "CHANNEL" },
    { "tracking", 0, 0, G_OPTION_ARG_FILENAME, &tracking, N_("number that the carrier gave it"),
      "NUMBER" },
    { "note", 'n', 0, G_OPTION_ARG_FILENAME, &note, N_("words for the record"), "TEXT" },
    { NULL, 0, 0, 0, NULL, NULL, NULL },
};

static const GOptionEntry proof_options[] = {
    { "receiver", 0, 0, G_OPTION_ARG_FILENAME, &receiver, N_("who took it"), "NAME" },
    { "tracking", 0, 0, G_OPTION_ARG_FILENAME, &tracking, N_("number that the carrier gave it"),
      "NUMBER" },
    { "file", 0, 0, G_OPTION_ARG_FILENAME, &file,
      N_("photograph (JPEG, PNG) or PDF of the receipt, kept with the letter"), "FILE" },
    { "note", 'n', 0, G_OPTION_ARG_FILENAME, &note, N_("words for the record"), "TEXT" },
    { "output", 'o', 0, G_OPTION_ARG_FILENAME, &output,
      N_("write the file that was kept as proof, and change nothing"), "FILE" },
    { NULL, 0, 0, 0, NULL, NULL, NULL },
};

static const GOptionEntry return_options[] = {
    { "note", 'n', 0, G_OPTION_ARG_FILENAME, &note, N_("why it came back"), "TEXT" },
    { NULL, 0, 0, 0, NULL, NULL, NULL },
};

static const GOptionEntry list_options[] = {
    { "unit", 0, 0, G_OPTION_ARG_FILENAME, &unit, N_("only of this unit"), "ID" },
    { "all", 0, 0, G_OPTION_ARG_NONE, &all, N_("also what is with its receiver"), NULL },
    { "limit", 0, 0, G_OPTION_ARG_INT, &limit, N_("how many at most (50)"), "N" },
    { "after", 0, 0, G_OPTION_ARG_STRING, &after, N_("go on after the page that gave this"),
      "KEY" },
    { NULL, 0, 0, 0, NULL, NULL, NULL },
};

static const char *
text_of(const NskJson *row, const char *key)
{
    const char *text = nsk_json_get_text(row, key);

    return text != NULL ? text : "";
}

/* "   a: b" if there is a b. */
static void
print_detail(const char *what, const char *text)
{
    if (text[0] != '\0')
        (void)printf("    %s: %s\n", what, text);
}

static void
print_words(const NskJson *result)
{
    const NskJson *list = nsk_json_get(result, "deliveries");
    const char *next = nsk_json_get_text(result, "next");

    for (size_t i = 0; i < nsk_json_length(list); i++) {
        const NskJson *row = nsk_json_at(list, i);
        const char *how = text_of(row, "channel");

        (void)printf("%s %s  %s: %s%s%s%s\n", text_of(row, "letter"), text_of(row, "party"),
                     text_of(row, "name"), nsk_office_word(text_of(row, "state")),
                     how[0] != '\0' ? " (" : "", how[0] != '\0' ? nsk_office_word(how) : "",
                     how[0] != '\0' ? ")" : "");
        print_detail(nsk_tr("tracking"), text_of(row, "tracking"));
        print_detail(nsk_tr("receiver"), text_of(row, "receiver"));
        print_detail(nsk_tr("note"), text_of(row, "note"));
        print_detail(nsk_tr("proof"), text_of(row, "proof"));
    }
    if (nsk_json_length(list) == 0)
        (void)puts(nsk_tr("Nothing waits to be sent or proved."));
    if (next != NULL)
        (void)printf(nsk_tr("More follows: naskah dispatch list --after '%s'\n"), next);
}

static bool
run_list(NskCli *cli, GError **error)
{
    NskJson *result = NULL;
    NskDispatchAsk ask = { .letter = cli->n_args > 0 ? cli->args[0] : NULL,
                           .unit = unit,
                           .all = all,
                           .limit = (unsigned)limit,
                           .after = after };

    if (limit < 1 || limit > NSK_LIMIT_TASK_PAGE) {
        g_set_error(error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE, nsk_tr("--limit is 1 to %d"),
                    NSK_LIMIT_TASK_PAGE);
        return false;
    }
    NskOffice *office = nsk_cli_open(cli, error);
    if (office == NULL || !nsk_office_dispatch_list(office, &ask, &result, error))
        return false;
    nsk_cli_print(cli, result, print_words);
    return true;
}

static bool
take_step(NskCli *cli, const char *name, GError **error)
{
    NskJson *result = NULL;
    g_autofree char *parties = cli->n_args > 1 ? g_strjoinv(" ", cli->args + 1) : NULL;
    NskDispatchStep step = { .step = name,
                             .letter = cli->args[0],
                             .parties = parties,
                             .channel = channel,
                             .tracking = tracking,
                             .receiver = receiver,
                             .note = note,
                             .path = file };
    NskOffice *office = nsk_cli_open(cli, error);

    if (office == NULL || !nsk_office_dispatch(office, &step, &result, error))
        return false;
    nsk_cli_print(cli, result, print_words);
    return true;
}

static bool
run_send(NskCli *cli, GError **error)
{
    return take_step(cli, "send", error);
}

static bool
run_return(NskCli *cli, GError **error)
{
    return take_step(cli, "return", error);
}

static bool
run_proof(NskCli *cli, GError **error)
{
    g_autoptr(GBytes) bytes = NULL;

    if (output == NULL)
        return take_step(cli, "proof", error);
    if (cli->n_args != 2) {
        g_set_error_literal(error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE,
                            nsk_tr("name the party whose proof to write, such as to-1"));
        return false;
    }
    NskOffice *office = nsk_cli_open(cli, error);
    return office != NULL &&
           nsk_office_dispatch_proof(office, cli->args[0], cli->args[1], &bytes, error) &&
           nsk_cli_write(output, bytes, error);
}

const NskCommand nsk_command_dispatch_list = {
    .group = "dispatch",
    .name = "list",
    .summary = N_("the expedition book: what is still to be sent, or what became of a letter"),
    .usage = "[LETTER]",
    .examples = "    naskah dispatch list\n"
                "    naskah dispatch list LETTER\n"
                "    naskah dispatch list --unit biro-umum --all --json",
    .max_args = 1,
    .options = list_options,
    .run = run_list,
};

const NskCommand nsk_command_dispatch_send = {
    .group = "dispatch",
    .name = "send",
    .summary = N_("give a sent letter to a carrier, for all who wait for it or those named"),
    .usage = "LETTER [PARTY...]",
    .examples = "    naskah dispatch send LETTER --channel post\n"
                "    naskah dispatch send LETTER to-2 --channel courier --tracking KX-0417",
    .min_args = 1,
    .max_args = MAX_PARTIES,
    .options = send_options,
    .run = run_send,
};

const NskCommand nsk_command_dispatch_proof = {
    .group = "dispatch",
    .name = "proof",
    .summary = N_("enter what shows that a letter reached its receiver"),
    .usage = "LETTER [PARTY...]",
    .examples = "    naskah dispatch proof LETTER to-2 --receiver \"Bagian Umum\" --file resi.jpg\n"
                "    naskah dispatch proof LETTER to-2 -o resi.jpg",
    .min_args = 1,
    .max_args = MAX_PARTIES,
    .options = proof_options,
    .run = run_proof,
};

const NskCommand nsk_command_dispatch_return = {
    .group = "dispatch",
    .name = "return",
    .summary = N_("enter that a letter came back, with the reason"),
    .usage = "LETTER [PARTY...]",
    .examples = "    naskah dispatch return LETTER to-2 --note \"alamat tidak dikenal\"",
    .min_args = 1,
    .max_args = MAX_PARTIES,
    .options = return_options,
    .run = run_return,
};
