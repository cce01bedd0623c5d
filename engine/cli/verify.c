/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/limits.h"
#include "base/message.h"
#include "cli/commands.h"

#include <stdio.h>
#include <string.h>

#define FAILED_STATUS 1

static char *trust;

static const GOptionEntry options[] = {
    { "trust", 0, 0, G_OPTION_ARG_FILENAME, &trust,
      N_("certificates of authorities to believe: a file, or a folder of them"), "DIR" },
    { NULL, 0, 0, 0, NULL, NULL, NULL },
};

/* Exit statuses (architecture.md, section 6): of many files the worst of 4, 5, 1, 0. */
static const struct {
    const char *verdict;
    int status;
    const char *words;
} verdicts[] = {
    { "valid", 0, N_("VALID: signed, unchanged, and the signers are vouched for") },
    { "invalid", 4, N_("INVALID: do not believe this document") },
    { "indeterminate", 5, N_("INDETERMINATE: unchanged, but nobody here vouches for a signer") },
    { "unsigned", 5, N_("UNSIGNED: nobody signed this document") },
};

static int
worst(int a, int b)
{
    static const int order[] = { 4, 5, 1 };

    for (size_t i = 0; i < G_N_ELEMENTS(order); i++) {
        if (a == order[i] || b == order[i])
            return order[i];
    }
    return 0;
}

static void
print_findings(const NskJson *findings)
{
    for (size_t i = 0; i < nsk_json_length(findings); i++) {
        const NskJson *finding = nsk_json_at(findings, i);

        (void)printf("    %s [%s]\n", nsk_json_get_text(finding, "text"),
                     nsk_json_get_text(finding, "tag"));
    }
}

/* What the office named with --dir has of a scan. */
static void
print_paper(const NskJson *paper)
{
    if (paper == NULL)
        return;
    (void)printf(nsk_tr("  ON PAPER: the scan of letter %s, number %s of %s, signed by hand by %s; "
                        "two people of this office confirmed it, see its history\n"),
                 nsk_json_get_text(paper, "letter"), nsk_json_get_text(paper, "number"),
                 nsk_json_get_text(paper, "date"), nsk_json_get_text(paper, "signatory"));
}

/* How far the signature is proven. */
static void
print_proof(const NskJson *signature)
{
    const char *level = nsk_json_get_text(signature, "level");
    const char *proven = nsk_json_get_text(signature, "proven_at");

    if (level == NULL || level[0] == '\0')
        return;
    if (proven != NULL)
        (void)printf(nsk_tr("    %s, existed by %s\n"), level, proven);
    else
        (void)printf("    %s\n", level);
}

/* A second opinion: told, not weighed. */
static void
print_poppler(const NskJson *poppler)
{
    static const struct {
        const char *opinion;
        const char *words;
    } opinions[] = {
        { "good", N_("digest and key are right") },
        { "bad", N_("does not hold") },
        { "none", N_("no opinion") },
    };
    const NskJson *signatures = nsk_json_get(poppler, "signatures");
    const char *problem = nsk_json_get_text(poppler, "problem");

    if (problem != NULL)
        (void)printf(nsk_tr("  poppler could not be asked: %s\n"), problem);
    for (size_t i = 0; i < nsk_json_length(signatures); i++) {
        const NskJson *row = nsk_json_at(signatures, i);

        for (size_t j = 0; j < G_N_ELEMENTS(opinions); j++)
            if (strcmp(nsk_json_get_text(row, "opinion"), opinions[j].opinion) == 0)
                (void)printf(nsk_tr("  poppler, of '%s': %s\n"), nsk_json_get_text(row, "field"),
                             nsk_tr(opinions[j].words));
    }
    if (nsk_json_get_bool(poppler, "differs", false))
        (void)printf("%s", nsk_tr("  poppler judges otherwise; it looks at digests and keys alone, "
                                  "and the verdict above counts\n"));
}

static void
print_words(const NskJson *result)
{
    const NskJson *signatures = nsk_json_get(result, "signatures");
    const char *verdict = nsk_json_get_text(result, "verdict");

    for (size_t i = 0; i < G_N_ELEMENTS(verdicts); i++) {
        if (strcmp(verdict, verdicts[i].verdict) == 0)
            (void)printf("%s: %s\n", nsk_json_get_text(result, "file"), nsk_tr(verdicts[i].words));
    }
    if (nsk_json_get_text(result, "judged_as_of") != NULL)
        (void)printf(nsk_tr("  judged as of %s, as you asked, and not as of now\n"),
                     nsk_json_get_text(result, "judged_as_of"));
    print_paper(nsk_json_get(result, "paper"));
    for (size_t i = 0; i < nsk_json_length(signatures); i++) {
        const NskJson *signature = nsk_json_at(signatures, i);
        const char *signer = nsk_json_get_text(signature, "signer");
        const char *at = nsk_json_get_text(signature, "at");

        (void)printf(strcmp(nsk_json_get_text(signature, "kind"), "time-stamp") == 0
                         ? nsk_tr("  time stamp by %s at %s\n")
                         : nsk_tr("  signed by %s at %s\n"),
                     signer != NULL ? signer : "?", at != NULL ? at : "?");
        print_proof(signature);
        print_findings(nsk_json_get(signature, "findings"));
    }
    print_findings(nsk_json_get(result, "findings"));
    print_poppler(nsk_json_get(result, "poppler"));
}

static bool
verify_file(NskCli *cli, const char *path, GError **error)
{
    NskJson *result = NULL;
    NskInstant now = nsk_clock_now(&nsk_clock_system);
    g_autoptr(GBytes) pdf = nsk_cli_read(path, NSK_LIMIT_PDF_SIZE, error);

    if (pdf == NULL || (cli->at != NULL && !nsk_office_read_moment(cli->at, &now, error)) ||
        !nsk_office_verify(cli->dir_given ? cli->dir : NULL, pdf, trust, now, &result, error))
        return false;
    if (cli->at != NULL)
        nsk_json_set_text(result, "judged_as_of", cli->at);
    const char *verdict = nsk_json_get_text(result, "verdict");
    for (size_t i = 0; i < G_N_ELEMENTS(verdicts); i++) {
        if (strcmp(verdict, verdicts[i].verdict) == 0)
            cli->status = worst(cli->status, verdicts[i].status);
    }
    nsk_json_set_text(result, "file", path);
    nsk_office_add_opinion(pdf, result);
    nsk_cli_print(cli, result, print_words);
    return true;
}

static bool
run(NskCli *cli, GError **error)
{
    for (int i = 0; i < cli->n_args; i++) {
        g_autoptr(GError) fault = NULL;

        if (verify_file(cli, cli->args[i], &fault))
            continue;
        if (cli->n_args == 1) {
            g_propagate_error(error, g_steal_pointer(&fault));
            return false;
        }
        (void)fprintf(stderr, "naskah: %s: %s\n", cli->args[i], fault->message);
        cli->status = worst(cli->status, FAILED_STATUS);
    }
    return true;
}

const NskCommand nsk_command_verify = {
    .name = "verify",
    .summary = N_("judge the signatures of PDF files"),
    .usage = "FILE...",
    .examples =
        "    naskah verify surat.pdf --trust otoritas.pem\n"
        "    naskah verify surat.pdf --trust folder-otoritas --json\n"
        "    naskah verify --dir kantor *.pdf\n"
        "    naskah verify surat.pdf --at \"2046-01-01 09:00\"   # as it will be judged then",
    .min_args = 1,
    .max_args = 10000,
    .options = options,
    .run = run,
};
