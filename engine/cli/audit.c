/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/message.h"
#include "cli/commands.h"

#include <stdio.h>

#define FAILED_STATUS 4 /* verification failed */

static char *against, *output;
static gint64 entry, every;
static gboolean now, resume;

static const GOptionEntry verify_options[] = {
    { "against", 0, 0, G_OPTION_ARG_FILENAME, &against,
      N_("a checkpoint, or a folder of 'naskah audit export', that was kept elsewhere"), "PATH" },
    { "resume", 0, 0, G_OPTION_ARG_NONE, &resume, N_("go on where an interrupted run was"), NULL },
    { "every", 0, 0, G_OPTION_ARG_INT64, &every,
      N_("after how many entries it keeps where it is (2000000)"), "N" },
    { NULL, 0, 0, 0, NULL, NULL, NULL },
};
static const GOptionEntry anchor_options[] = {
    { "now", 0, 0, G_OPTION_ARG_NONE, &now,
      N_("have the newest one time-stamped at once; a server does it once a day"), NULL },
    { NULL, 0, 0, 0, NULL, NULL, NULL },
};
static const GOptionEntry proof_options[] = {
    { "entry", 0, 0, G_OPTION_ARG_INT64, &entry, N_("which entry, from 1; the last if not given"),
      "N" },
    { "output", 'o', 0, G_OPTION_ARG_FILENAME, &output, N_("the file; standard output without it"),
      "FILE" },
    { NULL, 0, 0, 0, NULL, NULL, NULL },
};

/* --- verify ----------------------------------------------------------------------------------- */

static void
print_verdict(const NskJson *result)
{
    const NskJson *first = nsk_json_get(result, "first");
    const char *key = nsk_json_get_text(result, "key");

    (void)printf(nsk_tr("Entries of the journal: %lld, of them proved: %lld\n"),
                 (long long)nsk_json_get_int(result, "entries", 0),
                 (long long)nsk_json_get_int(result, "proved", 0));
    if (nsk_json_get_text(result, "since") != NULL)
        (void)printf(
            nsk_tr("Of them read before the interruption, from %s on, and not again: %lld\n"),
            nsk_json_get_text(result, "since"), (long long)nsk_json_get_int(result, "skipped", 0));
    if (nsk_json_get_text(result, "anchored") != NULL)
        (void)printf(nsk_tr("Time stamps on the log: %lld, the newest of %s\n"),
                     (long long)nsk_json_get_int(result, "anchors", 0),
                     nsk_json_get_text(result, "anchored"));
    if (nsk_json_get_text(result, "cosigned") != NULL)
        (void)printf(nsk_tr("Cosignatures of witnesses on the log: %lld, the newest of %s\n"),
                     (long long)nsk_json_get_int(result, "cosignatures", 0),
                     nsk_json_get_text(result, "cosigned"));
    if (key != NULL)
        (void)printf(nsk_tr("Key of the log: %s\n"), key);
    if (first != NULL)
        (void)printf(nsk_tr("The first wrong entry: %lld of '%s'\n"),
                     (long long)nsk_json_get_int(first, "entry", 0),
                     nsk_json_get_text(first, "letter"));
}

static bool
run_verify(NskCli *cli, GError **error)
{
    NskJson *result = NULL;
    NskOffice *office = nsk_cli_open_without_person(cli, error);
    g_autoptr(NskIssues) issues = nsk_issues_new();
    const NskAuditVerify ask = { .against = against,
                                 .resume = resume != FALSE,
                                 .every = every,
                                 .progress = nsk_cli_progress,
                                 .progress_data = cli };

    if (office == NULL)
        return false;
    if (every < 0 || (resume && against != NULL)) {
        g_set_error_literal(error, NSK_ERROR, NSK_ERROR_INVALID,
                            every < 0 ? nsk_tr("--every is a number of entries, from 1 on")
                                      : nsk_tr("what was kept elsewhere is compared with all "
                                               "entries: leave --resume or --against out"));
        return false;
    }
    bool ok = nsk_office_audit_verify(office, &ask, issues, &result, error);
    nsk_cli_progress_end(cli);
    if (!ok)
        return false;
    NskJson *list = nsk_json_array();
    for (guint i = 0; i < issues->len; i++)
        nsk_json_add(list, nsk_cli_issue_to_json(g_ptr_array_index(issues, i)));
    nsk_json_set(result, "issues", list);
    nsk_cli_print(cli, result, print_verdict);
    if (!cli->json)
        nsk_cli_print_issues(cli, issues);
    if (issues->len > 0)
        cli->status = FAILED_STATUS;
    else if (!cli->json)
        (void)puts(nsk_tr("Every entry is the one that was written, and none is missing."));
    return true;
}

const NskCommand nsk_command_audit_verify = {
    .group = "audit",
    .name = "verify",
    .summary = N_("check the whole journal: entries, chains, tree and signatures"),
    .usage = "",
    .examples = "    naskah audit verify --dir kantor\n"
                "    naskah audit verify --resume --dir kantor\n"
                "    naskah audit verify --against /brankas/log-2026-07 --dir kantor",
    .options = verify_options,
    .run = run_verify,
};

/* --- anchor ----------------------------------------------------------------------------------- */

static void
print_anchors(const NskJson *result)
{
    const NskJson *list = nsk_json_get(result, "anchors");
    const char *url = nsk_json_get_text(result, "authority");
    const char *fault = nsk_json_get_text(result, "fault");

    for (size_t i = 0; i < nsk_json_length(list); i++) {
        const NskJson *anchor = nsk_json_at(list, i);
        const char *authority = nsk_json_get_text(anchor, "authority");

        (void)printf(nsk_tr("%s  the first %lld entries, by %s\n"), nsk_json_get_text(anchor, "at"),
                     (long long)nsk_json_get_int(anchor, "entries", 0),
                     authority != NULL ? authority : "?");
    }
    if (nsk_json_length(list) == 0)
        (void)puts(nsk_tr("No checkpoint of the log has a time stamp yet."));
    if (url == NULL || url[0] == '\0')
        (void)puts(nsk_tr("No time-stamp authority is named: see 'naskah certificate stamps'."));
    if (fault != NULL && fault[0] != '\0')
        (void)printf(nsk_tr("Not to be had at the last try, and tried again by itself: %s\n"),
                     fault);
}

static bool
run_anchor(NskCli *cli, GError **error)
{
    NskJson *result = NULL;
    NskOffice *office = nsk_cli_open_without_person(cli, error);

    if (office == NULL || (now && !nsk_office_anchor_now(office, error)) ||
        !nsk_office_anchors(office, &result, error))
        return false;
    nsk_cli_print(cli, result, print_anchors);
    return true;
}

const NskCommand nsk_command_audit_anchor = {
    .group = "audit",
    .name = "anchor",
    .summary = N_("which checkpoints of the journal have a time stamp of an authority outside"),
    .usage = "",
    .examples = "    naskah audit anchor --dir kantor\n"
                "    naskah audit anchor --now --dir kantor",
    .options = anchor_options,
    .run = run_anchor,
};

/* --- proof ------------------------------------------------------------------------------------ */

static bool
run_proof(NskCli *cli, GError **error)
{
    NskOffice *office = nsk_cli_open_without_person(cli, error);

    if (office == NULL)
        return false;
    g_autoptr(GBytes) proof = nsk_office_audit_proof(office, cli->args[0], entry, error);
    return proof != NULL && nsk_cli_write(output, proof, error);
}

const NskCommand nsk_command_audit_proof = {
    .group = "audit",
    .name = "proof",
    .summary = N_("write the proof that an entry is in the journal, to be checked elsewhere"),
    .usage = "LETTER",
    .examples = "    naskah audit proof LETTER -o bukti.tlog-proof\n"
                "    naskah audit proof LETTER --entry 3 -o bukti.tlog-proof",
    .min_args = 1,
    .max_args = 1,
    .options = proof_options,
    .run = run_proof,
};

/* --- day ------------------------------------------------------------------------------------- */

static void
print_day(const NskJson *result)
{
    (void)printf(nsk_tr("Map of the day: %s\nAt %s: %lld histories, %lld entries\n"),
                 nsk_json_get_text(result, "map"), nsk_json_get_text(result, "at"),
                 (long long)nsk_json_get_int(result, "histories", 0),
                 (long long)nsk_json_get_int(result, "entries", 0));
}

static bool
run_day(NskCli *cli, GError **error)
{
    NskJson *result = NULL;
    NskOffice *office = nsk_cli_open_without_person(cli, error);

    if (office == NULL || !nsk_office_audit_day(office, &result, error))
        return false;
    nsk_cli_print(cli, result, print_day);
    return true;
}

const NskCommand nsk_command_audit_day = {
    .group = "audit",
    .name = "day",
    .summary = N_("write today's map of all histories into the journal, if there is none yet"),
    .usage = "",
    .examples = "    naskah audit day --dir kantor",
    .run = run_day,
};

/* --- export ----------------------------------------------------------------------------------- */

static void
print_export(const NskJson *result)
{
    (void)printf(nsk_tr("%lld entries, their tiles and the signed checkpoint are in '%s'\n"),
                 (long long)nsk_json_get_int(result, "entries", 0),
                 nsk_json_get_text(result, "folder"));
}

static bool
run_export(NskCli *cli, GError **error)
{
    NskJson *result = NULL;
    NskOffice *office = nsk_cli_open_without_person(cli, error);

    if (office == NULL || !nsk_office_audit_export(office, cli->args[0], &result, error))
        return false;
    nsk_cli_print(cli, result, print_export);
    return true;
}

const NskCommand nsk_command_audit_export = {
    .group = "audit",
    .name = "export",
    .summary = N_("write the journal as static files, for an auditor to keep"),
    .usage = "FOLDER",
    .examples = "    naskah audit export /brankas/log-2026-07 --dir kantor",
    .min_args = 1,
    .max_args = 1,
    .run = run_export,
};
