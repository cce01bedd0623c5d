/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Handing positions over. */
#include "base/message.h"
#include "cli/commands.h"

#include <stdio.h>

static char *giver;
static char *receiver;
static char *note;

#define LAST                                                                                       \
    {                                                                                              \
        NULL, 0, 0, 0, NULL, NULL, NULL                                                            \
    }
#define NOTE                                                                                       \
    {                                                                                              \
        "note", 'n', 0, G_OPTION_ARG_FILENAME, &note, N_("why"), "TEXT"                            \
    }

static const GOptionEntry prepare_options[] = {
    { "from", 0, 0, G_OPTION_ARG_STRING, &giver, N_("who hands it over"), "PERSON" },
    { "to", 0, 0, G_OPTION_ARG_STRING, &receiver, N_("who takes it over"), "PERSON" },
    NOTE,
    LAST,
};
static const GOptionEntry confirm_options[] = { NOTE, LAST };

static void
print_head(const NskJson *result)
{
    (void)printf("%s  %s: %s -> %s, %s\n", nsk_json_get_text(result, "handover"),
                 nsk_json_get_text(result, "position"), nsk_json_get_text(result, "giver"),
                 nsk_json_get_text(result, "receiver"),
                 nsk_office_word_of("handover", nsk_json_get_text(result, "state")));
}

static void
print_words(const NskJson *result)
{
    const NskJson *items = nsk_json_get(result, "items");
    int since = (int)nsk_json_get_int(result, "since", 0);

    print_head(result);
    for (size_t i = 0; i < nsk_json_length(items); i++) {
        const NskJson *item = nsk_json_at(items, i);
        const char *name = nsk_json_get_text(item, "name");
        const char *task = nsk_json_get_text(item, "task");
        const char *subject = nsk_json_get_text(item, "subject");

        (void)printf("    %s  %s: %s%s\n", task != NULL ? task : nsk_json_get_text(item, "letter"),
                     name != NULL ? name : nsk_tr("letter of the position"),
                     subject != NULL ? subject : nsk_tr("(not open to you)"),
                     nsk_json_get_bool(item, "open", false) ? "" : nsk_tr(" (done)"));
    }
    if (since > 0)
        (void)printf(nsk_tr("Since then %d pieces of work came.\n"), since);
}

static bool
act_on(NskCli *cli, const NskHandoverAct *act, GError **error)
{
    NskJson *result = NULL;
    NskOffice *office = nsk_cli_open(cli, error);

    if (office == NULL || !nsk_office_handover(office, act, &result, error))
        return false;
    nsk_cli_print(cli, result, print_words);
    return true;
}

static bool
run_prepare(NskCli *cli, GError **error)
{
    const NskHandoverAct act = { .position = cli->args[0],
                                 .giver = giver,
                                 .receiver = receiver,
                                 .note = note };

    if (giver != NULL && receiver != NULL)
        return act_on(cli, &act, error);
    g_set_error_literal(error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE,
                        nsk_tr("say who hands it over with --from, and who takes it over with "
                               "--to"));
    return false;
}

static bool
run_confirm(NskCli *cli, GError **error)
{
    const NskHandoverAct act = { .id = cli->args[0], .note = note };

    return act_on(cli, &act, error);
}

static bool
run_show(NskCli *cli, GError **error)
{
    NskJson *result = NULL;
    NskOffice *office = nsk_cli_open(cli, error);

    if (office == NULL || !nsk_office_handover_show(office, cli->args[0], &result, error))
        return false;
    nsk_cli_print(cli, result, print_words);
    return true;
}

static void
print_list(const NskJson *result)
{
    const NskJson *list = nsk_json_get(result, "handovers");

    if (nsk_json_length(list) == 0)
        (void)puts(nsk_tr("There is no handover."));
    for (size_t i = 0; i < nsk_json_length(list); i++)
        print_head(nsk_json_at(list, i));
}

static bool
run_list(NskCli *cli, GError **error)
{
    NskJson *result = NULL;
    NskOffice *office = nsk_cli_open(cli, error);

    if (office == NULL ||
        !nsk_office_handover_list(office, cli->n_args > 0 ? cli->args[0] : NULL, &result, error))
        return false;
    nsk_cli_print(cli, result, print_list);
    return true;
}

const NskCommand nsk_command_handover_prepare = {
    .group = "handover",
    .name = "prepare",
    .summary = N_("list the open work of a position that changes hands"),
    .usage = "POSITION --from PERSON --to PERSON",
    .examples = "    naskah handover prepare kepala-biro-sdm --from handoko --to galih",
    .min_args = 1,
    .max_args = 1,
    .options = prepare_options,
    .run = run_prepare,
};

const NskCommand nsk_command_handover_confirm = {
    .group = "handover",
    .name = "confirm",
    .summary = N_("confirm a handover as its giver or its receiver"),
    .usage = "HANDOVER",
    .examples = "    naskah handover confirm HANDOVER",
    .min_args = 1,
    .max_args = 1,
    .options = confirm_options,
    .run = run_confirm,
};

const NskCommand nsk_command_handover_show = {
    .group = "handover",
    .name = "show",
    .summary = N_("what a handover holds, and who has confirmed it"),
    .usage = "HANDOVER",
    .examples = "    naskah handover show HANDOVER",
    .min_args = 1,
    .max_args = 1,
    .run = run_show,
};

const NskCommand nsk_command_handover_list = {
    .group = "handover",
    .name = "list",
    .summary = N_("the handovers there are"),
    .usage = "[POSITION]",
    .examples = "    naskah handover list kepala-biro-sdm",
    .min_args = 0,
    .max_args = 1,
    .run = run_list,
};
