/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Judging the signatures of a PDF, with or without an office. */
#include "base/bytes.h"
#include "base/limits.h"
#include "base/message.h"
#include "office/office-private.h"
#include "sign/sign.h"

#include <string.h>

/* Certificates for demonstrations carry this behind the name. */
#define DEMO_SUFFIX " (DEMO)"

bool
nsk_name_in_certificate(const char *name, const NskCert *signer)
{
    g_autofree char *marked = g_strconcat(name, DEMO_SUFFIX, NULL);
    const char *subject = signer != NULL ? nsk_cert_facts(signer)->subject : "";

    return strcmp(subject, name) == 0 || strcmp(subject, marked) == 0;
}

/* Adds the roots of one PEM file. */
static bool
add_roots(NskTrust *trust, const char *path, GError **error)
{
    g_autoptr(GBytes) pem = nsk_file_read(path, NSK_LIMIT_KEY_SIZE, error);
    g_autoptr(GPtrArray) roots =
        pem != NULL ? nsk_certs_parse(g_bytes_get_data(pem, NULL), g_bytes_get_size(pem), error)
                    : NULL;

    if (roots == NULL) {
        g_prefix_error(error, "'%s': ", path);
        return false;
    }
    for (guint i = 0; i < roots->len; i++)
        nsk_trust_add(trust, g_ptr_array_index(roots, i));
    return true;
}

/* Adds every certificate of a folder, in the forms they are given out in. */
static bool
add_files(NskTrust *trust, const char *folder, GError **error)
{
    static const char *const endings[] = { ".pem", ".crt", ".cer", ".der" };
    g_autoptr(GDir) dir = g_dir_open(folder, 0, error);
    const char *name;

    while (dir != NULL && (name = g_dir_read_name(dir)) != NULL) {
        g_autofree char *path = g_build_filename(folder, name, NULL);
        bool wanted = false;

        for (size_t i = 0; i < G_N_ELEMENTS(endings); i++)
            wanted = wanted || g_str_has_suffix(name, endings[i]);
        if (wanted && !add_roots(trust, path, error))
            return false;
    }
    return dir != NULL;
}

/* Adds every *.pem file of an office's folder: no folder is no trust, but a mistyped one would turn
 * good signatures into doubtful ones. */
static bool
add_folder(NskTrust *trust, const char *office, GError **error)
{
    const char *name;
    g_autofree char *folder = nsk_office_path(office, "trust");
    g_autoptr(GError) fault = NULL;
    g_autoptr(GDir) dir = g_dir_open(folder, 0, &fault);

    if (dir == NULL) {
        bool missing = g_error_matches(fault, G_FILE_ERROR, G_FILE_ERROR_NOENT) ||
                       g_error_matches(fault, G_FILE_ERROR, G_FILE_ERROR_NOTDIR);

        g_set_error(error, NSK_ERROR, missing ? NSK_ERROR_NOT_FOUND : NSK_ERROR_IO,
                    nsk_tr("cannot read the folder '%s' of certificates to believe; name an office "
                           "with --dir, or a file with --trust"),
                    folder);
        return false;
    }
    while ((name = g_dir_read_name(dir)) != NULL) {
        g_autofree char *path = g_build_filename(folder, name, NULL);

        if (g_str_has_suffix(name, ".pem") && !add_roots(trust, path, error))
            return false;
    }
    return true;
}

NskTrust *
nsk_office_load_trust(const char *dir, const char *file, GError **error)
{
    g_autoptr(NskTrust) trust = nsk_trust_new();

    if (dir != NULL && !g_file_test(dir, G_FILE_TEST_IS_DIR)) {
        g_set_error(error, NSK_ERROR, NSK_ERROR_NOT_FOUND, nsk_tr("there is no office in '%s'"),
                    dir);
        return NULL;
    }
    bool is_folder = file != NULL && g_file_test(file, G_FILE_TEST_IS_DIR);
    if (is_folder      ? !add_files(trust, file, error)
        : file != NULL ? !add_roots(trust, file, error)
                       : dir != NULL && !add_folder(trust, dir, error))
        return NULL;
    return g_steal_pointer(&trust);
}

static void
add_findings(NskJson *list, const NskIssues *issues)
{
    for (guint i = 0; i < issues->len; i++) {
        const NskIssue *issue = g_ptr_array_index(issues, i);
        NskJson *row = nsk_json_object();

        nsk_json_set_text(row, "tag", issue->tag);
        nsk_json_set_text(row, "text", issue->text);
        nsk_json_add(list, row);
    }
}

static NskJson *
signature_to_json(const NskSignature *signature)
{
    NskJson *row = nsk_json_object();
    NskJson *findings = nsk_json_array();
    g_autofree char *at = signature->at != 0 ? nsk_instant_format(signature->at) : NULL;
    g_autofree char *proven =
        signature->proven_at != 0 ? nsk_instant_format(signature->proven_at) : NULL;

    add_findings(findings, signature->issues);
    nsk_json_set_text(row, "field", signature->field);
    nsk_json_set_text(row, "signer",
                      signature->signer != NULL ? nsk_cert_facts(signature->signer)->subject
                                                : NULL);
    nsk_json_set_text(row, "issuer",
                      signature->signer != NULL ? nsk_cert_facts(signature->signer)->issuer : NULL);
    nsk_json_set_text(row, "at", at);
    nsk_json_set_text(row, "kind", signature->is_time_stamp ? "time-stamp" : "signature");
    nsk_json_set_text(row, "level", nsk_level_name(signature->level));
    nsk_json_set_text(row, "proven_at", proven);
    nsk_json_set_bool(row, "covers_document", signature->covers_document);
    nsk_json_set_bool(row, "certifies", signature->certifies);
    nsk_json_set_bool(row, "intact", signature->intact);
    nsk_json_set_bool(row, "trusted", signature->trusted);
    nsk_json_set(row, "findings", findings);
    return row;
}

bool
nsk_office_verify(const char *dir,
                  GBytes *pdf,
                  const char *trust_file,
                  NskInstant now,
                  NskJson **out_result,
                  GError **error)
{
    uint8_t digest[NSK_SHA256_SIZE];
    g_autoptr(NskJson) paper = NULL;
    g_autoptr(NskVerdict) verdict = NULL;
    g_autoptr(NskTrust) trust = nsk_office_load_trust(dir, trust_file, error);

    if (trust == NULL || !nsk_sign_verify(pdf, trust, now, &verdict, error))
        return false;
    nsk_sha256(g_bytes_get_data(pdf, NULL), g_bytes_get_size(pdf), digest);
    if (dir != NULL && verdict->result == NSK_VERDICT_UNSIGNED &&
        !nsk_paper_find(dir, digest, &paper, error))
        return false;
    g_autofree char *hex = nsk_hex(digest, sizeof digest);
    g_autofree char *name = g_ascii_strdown(nsk_verdict_result_name(verdict->result), -1);
    NskJson *result = nsk_json_object();
    NskJson *signatures = nsk_json_array();
    NskJson *findings = nsk_json_array();
    for (guint i = 0; i < verdict->signatures->len; i++)
        nsk_json_add(signatures, signature_to_json(g_ptr_array_index(verdict->signatures, i)));
    add_findings(findings, verdict->issues);
    if (paper != NULL)
        nsk_json_set(result, "paper", g_steal_pointer(&paper));
    nsk_json_set_text(result, "verdict", name);
    nsk_json_set_text(result, "sha256", hex);
    nsk_json_set(result, "signatures", signatures);
    nsk_json_set(result, "findings", findings);
    if (verdict->renew_before != 0) {
        g_autofree char *renew = nsk_instant_format(verdict->renew_before);

        nsk_json_set_text(result, "renew_before", renew);
    }
    *out_result = result;
    return true;
}
