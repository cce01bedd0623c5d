/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Loans of records. */
#include "office/loan.h"

#include "base/message.h"
#include "cli/commands.h"

#include <stdio.h>

static char *until;
static char *note;
static char *place;
static gboolean overdue;

#define LAST                                                                                       \
    {                                                                                              \
        NULL, 0, 0, 0, NULL, NULL, NULL                                                            \
    }
#define REASON                                                                                     \
    {                                                                                              \
        "reason", 0, 0, G_OPTION_ARG_FILENAME, &note, N_("why"), "TEXT"                            \
    }
#define UNTIL                                                                                      \
    {                                                                                              \
        "until", 0, 0, G_OPTION_ARG_STRING, &until, N_("last day of the loan"), "DATE"             \
    }

static const GOptionEntry ask_options[] = { UNTIL, REASON, LAST };
static const GOptionEntry grant_options[] = {
    { "place", 0, 0, G_OPTION_ARG_FILENAME, &place, N_("where the paper is kept"), "TEXT" },
    UNTIL,
    REASON,
    LAST,
};
static const GOptionEntry reason_options[] = { REASON, LAST };
static const GOptionEntry list_options[] = {
    { "overdue", 0, 0, G_OPTION_ARG_NONE, &overdue, N_("only papers that should have come back"),
      NULL },
    LAST,
};

static void
print_loan(const NskJson *loan)
{
    const char *letter = nsk_json_get_text(loan, "letter");
    const char *shelf = nsk_json_get_text(loan, "place");

    (void)printf("%s  %s: %s (%s)\n", nsk_json_get_text(loan, "loan"),
                 nsk_json_get_text(loan, "unit"), nsk_json_get_text(loan, "what"),
                 nsk_office_word_of("loan", nsk_json_get_text(loan, "state")));
    (void)printf(nsk_tr("    %s, until %s: %s\n"), nsk_json_get_text(loan, "name"),
                 nsk_json_get_text(loan, "until"), nsk_json_get_text(loan, "why"));
    if (letter != NULL)
        (void)printf(nsk_json_get_bool(loan, "open", false) ? nsk_tr("    letter %s, open\n")
                                                            : nsk_tr("    letter %s, not open\n"),
                     letter);
    if (shelf != NULL)
        (void)printf(nsk_json_get_bool(loan, "overdue", false)
                         ? nsk_tr("    paper, kept at: %s. It should have come back.\n")
                         : nsk_tr("    paper, kept at: %s\n"),
                     shelf);
}

static bool
act_on(NskCli *cli, NskLoanAct act, GError **error)
{
    NskJson *result = NULL;
    NskOffice *office = nsk_cli_open(cli, error);

    act.until = until;
    act.note = note;
    act.place = place;
    if (office == NULL || !nsk_office_loan(office, &act, &result, error))
        return false;
    nsk_cli_print(cli, result, print_loan);
    return true;
}

static bool
run_ask(NskCli *cli, GError **error)
{
    return act_on(cli, (NskLoanAct){ .act = "ask", .unit = cli->args[0], .what = cli->args[1] },
                  error);
}

static bool
run_grant(NskCli *cli, GError **error)
{
    return act_on(cli,
                  (NskLoanAct){ .act = "grant",
                                .loan = cli->args[0],
                                .letter = cli->n_args > 1 ? cli->args[1] : NULL },
                  error);
}

static bool
run_refuse(NskCli *cli, GError **error)
{
    return act_on(cli, (NskLoanAct){ .act = "refuse", .loan = cli->args[0] }, error);
}

static bool
run_give(NskCli *cli, GError **error)
{
    return act_on(cli, (NskLoanAct){ .act = "give", .loan = cli->args[0] }, error);
}

static bool
run_return(NskCli *cli, GError **error)
{
    return act_on(cli, (NskLoanAct){ .act = "return", .loan = cli->args[0] }, error);
}

static bool
run_withdraw(NskCli *cli, GError **error)
{
    return act_on(cli, (NskLoanAct){ .act = "withdraw", .loan = cli->args[0] }, error);
}

static void
print_list(const NskJson *result)
{
    const NskJson *loans = nsk_json_get(result, "loans");

    if (nsk_json_length(loans) == 0)
        (void)puts(nsk_tr("There is no loan."));
    for (size_t i = 0; i < nsk_json_length(loans); i++)
        print_loan(nsk_json_at(loans, i));
}

static bool
run_list(NskCli *cli, GError **error)
{
    NskJson *result = NULL;
    NskOffice *office = nsk_cli_open(cli, error);

    if (office == NULL || !nsk_office_loan_list(office, overdue, &result, error))
        return false;
    nsk_cli_print(cli, result, print_list);
    return true;
}

const NskCommand nsk_command_loan_ask = {
    .group = "loan",
    .name = "ask",
    .summary = N_("ask a unit's archivist for a loan of records"),
    .usage = "UNIT WHAT --until DATE --reason TEXT",
    .examples = "    naskah loan ask biro-umum \"Undangan rapat Januari 2026\" --until 2026-12-31 "
                "--reason \"Pemeriksaan\"",
    .min_args = 2,
    .max_args = 2,
    .options = ask_options,
    .run = run_ask,
};

const NskCommand nsk_command_loan_grant = {
    .group = "loan",
    .name = "grant",
    .summary = N_("grant a loan: which letter, or where the paper is kept"),
    .usage = "LOAN [LETTER]",
    .examples = "    naskah loan grant LOAN LETTER\n"
                "    naskah loan grant LOAN --place \"Rak 3, boks 12\"",
    .min_args = 1,
    .max_args = 2,
    .options = grant_options,
    .run = run_grant,
};

const NskCommand nsk_command_loan_refuse = {
    .group = "loan",
    .name = "refuse",
    .summary = N_("refuse a loan"),
    .usage = "LOAN --reason TEXT",
    .examples = "    naskah loan refuse LOAN --reason \"Sedang diperbaiki\"",
    .min_args = 1,
    .max_args = 1,
    .options = reason_options,
    .run = run_refuse,
};

const NskCommand nsk_command_loan_give = {
    .group = "loan",
    .name = "give",
    .summary = N_("give what is lent; a letter opens to who asked"),
    .usage = "LOAN",
    .examples = "    naskah loan give LOAN",
    .min_args = 1,
    .max_args = 1,
    .options = reason_options,
    .run = run_give,
};

const NskCommand nsk_command_loan_return = {
    .group = "loan",
    .name = "return",
    .summary = N_("take back what was lent"),
    .usage = "LOAN",
    .examples = "    naskah loan return LOAN",
    .min_args = 1,
    .max_args = 1,
    .options = reason_options,
    .run = run_return,
};

const NskCommand nsk_command_loan_withdraw = {
    .group = "loan",
    .name = "withdraw",
    .summary = N_("withdraw one's own request for a loan"),
    .usage = "LOAN",
    .examples = "    naskah loan withdraw LOAN",
    .min_args = 1,
    .max_args = 1,
    .options = reason_options,
    .run = run_withdraw,
};

const NskCommand nsk_command_loan_list = {
    .group = "loan",
    .name = "list",
    .summary = N_("loans that I asked for, and those of files that I keep"),
    .usage = "[--overdue]",
    .examples = "    naskah loan list\n"
                "    naskah loan list --overdue",
    .min_args = 0,
    .max_args = 0,
    .options = list_options,
    .run = run_list,
};
