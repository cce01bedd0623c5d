/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Disposal of files of records: proposals, opinions, decisions. */
#include "office/disposal.h"

#include "base/message.h"
#include "cli/commands.h"

#include <stdio.h>
#include <string.h>

#define MOST_FILES 200

static char *as;
static char *note;
static char *consent;
static char *first;
static char *second;
static char *confirm;

#define LAST                                                                                       \
    {                                                                                              \
        NULL, 0, 0, 0, NULL, NULL, NULL                                                            \
    }
#define REASON                                                                                     \
    {                                                                                              \
        "reason", 0, 0, G_OPTION_ARG_FILENAME, &note, N_("why"), "TEXT"                            \
    }

static const GOptionEntry propose_options[] = {
    { "fate", 0, 0, G_OPTION_ARG_STRING, &as,
      N_("what is to become of them: destroy, transfer or review"), "WHAT" },
    REASON,
    LAST,
};
static const GOptionEntry appraise_options[] = {
    { "view", 0, 0, G_OPTION_ARG_STRING, &as, N_("agree or disagree"), "VIEW" },
    REASON,
    LAST,
};
static const GOptionEntry approve_options[] = {
    { "consent", 0, 0, G_OPTION_ARG_FILENAME, &consent,
      N_("number of the letter by which the national archives consent"), "NUMBER" },
    REASON,
    LAST,
};
static const GOptionEntry reason_options[] = { REASON, LAST };
static const GOptionEntry certify_options[] = {
    { "first", 0, 0, G_OPTION_ARG_STRING, &first,
      N_("position that signs first; else the superior of the archivist"), "POSITION" },
    { "second", 0, 0, G_OPTION_ARG_STRING, &second,
      N_("position that signs second; else the archivist"), "POSITION" },
    LAST,
};

static const GOptionEntry destroy_options[] = {
    { "confirm", 0, 0, G_OPTION_ARG_STRING, &confirm,
      N_("the first 8 digits of the list's SHA-256: you have seen what goes"), "DIGITS" },
    LAST,
};

/* --- Printing. -------------------------------------------------------------------------------- */

static void
print_head(const NskJson *json)
{
    (void)printf("%s  %s, %s: %s\n", nsk_json_get_text(json, "disposal"),
                 nsk_json_get_text(json, "unit"),
                 nsk_office_word_of("next", nsk_json_get_text(json, "form")),
                 nsk_office_word_of("disposal", nsk_json_get_text(json, "state")));
}

static void
print_decision(const NskJson *json)
{
    const char *letter = nsk_json_get_text(json, "letter");

    (void)printf(nsk_tr("    proposed %s by %s\n"), nsk_json_get_text(json, "at"),
                 nsk_json_get_text(json, "by"));
    if (nsk_json_get_text(json, "decided") != NULL)
        (void)printf(nsk_tr("    decided %s by %s (%s)\n"), nsk_json_get_text(json, "decided"),
                     nsk_json_get_text(json, "decided_by"), nsk_json_get_text(json, "position"));
    if (nsk_json_get_text(json, "consent") != NULL)
        (void)printf(nsk_tr("    consent of the national archives: %s\n"),
                     nsk_json_get_text(json, "consent"));
    if (letter != NULL)
        (void)printf(nsk_json_get_bool(json, "signed", false)
                         ? nsk_tr("    record of destruction %s: signed\n")
                         : nsk_tr("    record of destruction %s: not signed yet\n"),
                     letter);
    if (nsk_json_get_text(json, "receipt") != NULL)
        (void)printf(nsk_tr("    receipt: %s\n"), nsk_json_get_text(json, "receipt"));
}

static void
print_letters(const NskJson *file)
{
    const NskJson *letters = nsk_json_get(file, "letters");

    (void)printf("    %s  %s %s%s\n", nsk_json_get_text(file, "berkas"),
                 nsk_json_get_text(file, "code"), nsk_json_get_text(file, "title"),
                 nsk_json_get_bool(file, "held", false) ? nsk_tr(" (held)") : "");
    for (size_t i = 0; i < nsk_json_length(letters); i++) {
        const NskJson *letter = nsk_json_at(letters, i);
        const char *number = nsk_json_get_text(letter, "number");
        const char *date = nsk_json_get_text(letter, "date");

        (void)printf("        %s  %s  %s  %s\n", nsk_json_get_text(letter, "letter"),
                     number != NULL ? number : "-", date != NULL ? date : "-",
                     nsk_json_get_text(letter, "kind"));
    }
}

static void
print_proposal(const NskJson *json)
{
    const NskJson *opinions = nsk_json_get(json, "opinions");
    const NskJson *files = nsk_json_get(json, "files");

    print_head(json);
    print_decision(json);
    for (size_t i = 0; i < nsk_json_length(opinions); i++) {
        const NskJson *opinion = nsk_json_at(opinions, i);

        (void)printf(nsk_tr("    opinion of %s (%s): %s\n"), nsk_json_get_text(opinion, "person"),
                     nsk_json_get_text(opinion, "position"),
                     nsk_office_word_of("view", nsk_json_get_text(opinion, "view")));
    }
    for (size_t i = 0; i < nsk_json_length(files); i++)
        print_letters(nsk_json_at(files, i));
    (void)printf(nsk_tr("    %d letters; SHA-256 of the list: %s\n"),
                 (int)nsk_json_get_int(json, "letters", 0), nsk_json_get_text(json, "digest"));
}

static void
print_proposals(const NskJson *result)
{
    const NskJson *list = nsk_json_get(result, "disposals");

    if (nsk_json_length(list) == 0)
        (void)puts(nsk_tr("There is no proposal that you may see."));
    for (size_t i = 0; i < nsk_json_length(list); i++)
        print_head(nsk_json_at(list, i));
}

/* --- Acts. ------------------------------------------------------------------------------------ */

static bool
act_on(NskCli *cli, NskDisposalAct act, GError **error)
{
    NskJson *result = NULL;
    NskOffice *office = nsk_cli_open(cli, error);

    act.as = as;
    act.note = note;
    act.consent = consent;
    act.first = first;
    act.second = second;
    act.confirm = confirm;
    if (office == NULL || !nsk_office_disposal(office, &act, &result, error))
        return false;
    nsk_cli_print(cli, result, print_proposal);
    return true;
}

static bool
run_propose(NskCli *cli, GError **error)
{
    g_autoptr(GString) berkas = g_string_new(NULL);

    for (int i = 0; i < cli->n_args; i++)
        g_string_append_printf(berkas, "%s ", cli->args[i]);
    return act_on(cli, (NskDisposalAct){ .act = "propose", .berkas = berkas->str }, error);
}

static bool
run_appraise(NskCli *cli, GError **error)
{
    return act_on(cli, (NskDisposalAct){ .act = "opinion", .disposal = cli->args[0] }, error);
}

static bool
run_approve(NskCli *cli, GError **error)
{
    return act_on(cli, (NskDisposalAct){ .act = "approve", .disposal = cli->args[0] }, error);
}

static bool
run_refuse(NskCli *cli, GError **error)
{
    return act_on(cli, (NskDisposalAct){ .act = "refuse", .disposal = cli->args[0] }, error);
}

static bool
run_withdraw(NskCli *cli, GError **error)
{
    return act_on(cli, (NskDisposalAct){ .act = "withdraw", .disposal = cli->args[0] }, error);
}

static bool
run_certify(NskCli *cli, GError **error)
{
    return act_on(cli, (NskDisposalAct){ .act = "certify", .disposal = cli->args[0] }, error);
}

static void
print_destroyed(const NskJson *json)
{
    print_proposal(json);
    (void)puts(
        nsk_tr("No file of the office has these letters any more. Out of its reach are: backups "
               "made before, until they expire; clones of the repositories; what was printed, "
               "sent or taken out as a file."));
}

static bool
run_destroy(NskCli *cli, GError **error)
{
    NskJson *result = NULL;
    NskOffice *office = nsk_cli_open(cli, error);
    const NskDisposalAct act = { .act = "destroy", .disposal = cli->args[0], .confirm = confirm };

    if (office == NULL || !nsk_office_disposal(office, &act, &result, error))
        return false;
    nsk_cli_print(cli, result, print_destroyed);
    return true;
}

static void
print_residual(const NskJson *json)
{
    const NskJson *entries = nsk_json_get(json, "entries");
    const char *number = nsk_json_get_text(json, "number");
    const char *date = nsk_json_get_text(json, "date");

    (void)printf("%s  %s, %s  %s\n", nsk_json_get_text(json, "letter"),
                 number != NULL ? number : "-", date != NULL ? date : "-",
                 nsk_json_get_text(json, "kind"));
    (void)printf(nsk_tr("    destroyed %s by %s: class %s, file %s, proposal %s\n"),
                 nsk_json_get_text(json, "destroyed"), nsk_json_get_text(json, "destroyed_by"),
                 nsk_json_get_text(json, "code"), nsk_json_get_text(json, "berkas"),
                 nsk_json_get_text(json, "disposal"));
    (void)printf(nsk_tr("    record of destruction: %s; SHA-256 of its content: %s\n"),
                 nsk_json_get_text(json, "record"), nsk_json_get_text(json, "content"));
    for (size_t i = 0; i < nsk_json_length(entries); i++) {
        const NskJson *entry = nsk_json_at(entries, i);

        (void)printf("    %d  %s  %s  %s\n", (int)nsk_json_get_int(entry, "seq", 0),
                     nsk_json_get_text(entry, "at"), nsk_json_get_text(entry, "actor"),
                     nsk_office_word(nsk_json_get_text(entry, "action")));
    }
}

static bool
run_residual(NskCli *cli, GError **error)
{
    NskJson *result = NULL;
    NskOffice *office = nsk_cli_open(cli, error);

    if (office == NULL || !nsk_office_residual(office, cli->args[0], &result, error))
        return false;
    nsk_cli_print(cli, result, print_residual);
    return true;
}

static bool
run_proposals(NskCli *cli, GError **error)
{
    NskJson *result = NULL;
    NskOffice *office = nsk_cli_open(cli, error);

    if (office == NULL)
        return false;
    if (cli->n_args > 0) {
        if (!nsk_office_disposal_show(office, cli->args[0], &result, error))
            return false;
        nsk_cli_print(cli, result, print_proposal);
        return true;
    }
    if (!nsk_office_disposal_list(office, &result, error))
        return false;
    nsk_cli_print(cli, result, print_proposals);
    return true;
}

const NskCommand nsk_command_records_propose = {
    .group = "records",
    .name = "propose",
    .summary = N_("propose what becomes of files whose retention is over, with a fixed list"),
    .usage = "BERKAS... --fate destroy|transfer|review",
    .examples = "    naskah records propose BERKAS --fate destroy",
    .min_args = 1,
    .max_args = MOST_FILES,
    .options = propose_options,
    .run = run_propose,
};

const NskCommand nsk_command_records_appraise = {
    .group = "records",
    .name = "appraise",
    .summary = N_("give an opinion on a proposal"),
    .usage = "PROPOSAL --view agree|disagree --reason TEXT",
    .examples =
        "    naskah records appraise PROPOSAL --view agree --reason \"Tidak bernilai guna\"",
    .min_args = 1,
    .max_args = 1,
    .options = appraise_options,
    .run = run_appraise,
};

const NskCommand nsk_command_records_approve = {
    .group = "records",
    .name = "approve",
    .summary = N_("approve a proposal, as the head of the agency"),
    .usage = "PROPOSAL",
    .examples = "    naskah records approve PROPOSAL\n"
                "    naskah records approve PROPOSAL --consent B-AR.01/12/2036",
    .min_args = 1,
    .max_args = 1,
    .options = approve_options,
    .run = run_approve,
};

const NskCommand nsk_command_records_refuse = {
    .group = "records",
    .name = "refuse",
    .summary = N_("refuse a proposal, as the head of the agency"),
    .usage = "PROPOSAL --reason TEXT",
    .examples = "    naskah records refuse PROPOSAL --reason \"Masih diperlukan\"",
    .min_args = 1,
    .max_args = 1,
    .options = reason_options,
    .run = run_refuse,
};

const NskCommand nsk_command_records_withdraw = {
    .group = "records",
    .name = "withdraw",
    .summary = N_("withdraw a proposal of one's own"),
    .usage = "PROPOSAL",
    .examples = "    naskah records withdraw PROPOSAL",
    .min_args = 1,
    .max_args = 1,
    .options = reason_options,
    .run = run_withdraw,
};

const NskCommand nsk_command_records_certify = {
    .group = "records",
    .name = "certify",
    .summary = N_("draft the record of destruction (berita acara) as a letter"),
    .usage = "PROPOSAL",
    .examples = "    naskah records certify PROPOSAL\n"
                "    naskah records certify PROPOSAL --second kepala-biro-umum",
    .min_args = 1,
    .max_args = 1,
    .options = certify_options,
    .run = run_certify,
};

const NskCommand nsk_command_records_destroy = {
    .group = "records",
    .name = "destroy",
    .summary = N_("destroy what an approved proposal lists, for good; cut off, it goes on"),
    .usage = "PROPOSAL --confirm DIGITS",
    .examples = "    naskah records destroy PROPOSAL --confirm 3f9a01bc",
    .min_args = 1,
    .max_args = 1,
    .options = destroy_options,
    .run = run_destroy,
};

const NskCommand nsk_command_records_residual = {
    .group = "records",
    .name = "residual",
    .summary = N_("what is left of a destroyed letter, and what proves it"),
    .usage = "LETTER",
    .examples = "    naskah records residual LETTER",
    .min_args = 1,
    .max_args = 1,
    .run = run_residual,
};

const NskCommand nsk_command_records_proposals = {
    .group = "records",
    .name = "proposals",
    .summary = N_("proposals of disposal, or one of them with its list"),
    .usage = "[PROPOSAL]",
    .examples = "    naskah records proposals\n"
                "    naskah records proposals PROPOSAL --json",
    .min_args = 0,
    .max_args = 1,
    .run = run_proposals,
};
