/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Judging the signatures of a PDF, with or without an office. */
#include "base/bytes.h"
#include "base/limits.h"
#include "base/message.h"
#include "office/office-private.h"
#include "sign/sign.h"
#include "worker/worker.h"

#include <string.h>

/* What a stranger's file may cost: one that is sound takes milliseconds. */
#define JUDGE_SECONDS 5
#define JUDGE_WALL_MS 20000

/* Certificates for demonstrations carry this behind the name. */
#define DEMO_SUFFIX " (DEMO)"

bool
nsk_name_in_certificate(const char *name, const NskCert *signer)
{
    g_autofree char *marked = g_strconcat(name, DEMO_SUFFIX, NULL);
    const char *subject = signer != NULL ? nsk_cert_facts(signer)->subject : "";

    return strcmp(subject, name) == 0 || strcmp(subject, marked) == 0;
}

/* Adds the certificates of one PEM file to @all, which owns them. */
static bool
add_roots(GPtrArray *all, const char *path, GError **error)
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
        g_ptr_array_add(all, nsk_cert_ref(g_ptr_array_index(roots, i)));
    return true;
}

/* Adds every certificate of a folder, in the forms they are given out in. */
static bool
add_files(GPtrArray *all, const char *folder, GError **error)
{
    static const char *const endings[] = { ".pem", ".crt", ".cer", ".der" };
    g_autoptr(GDir) dir = g_dir_open(folder, 0, error);
    const char *name;

    while (dir != NULL && (name = g_dir_read_name(dir)) != NULL) {
        g_autofree char *path = g_build_filename(folder, name, NULL);
        bool wanted = false;

        for (size_t i = 0; i < G_N_ELEMENTS(endings); i++)
            wanted = wanted || g_str_has_suffix(name, endings[i]);
        if (wanted && !add_roots(all, path, error))
            return false;
    }
    return dir != NULL;
}

/* Adds every *.pem file of an office's folder: no folder is no trust, but a mistyped one would turn
 * good signatures into doubtful ones. */
static bool
add_folder(GPtrArray *all, const char *office, GError **error)
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

        if (g_str_has_suffix(name, ".pem") && !add_roots(all, path, error))
            return false;
    }
    return true;
}

/* The roots that are believed: NskCert, owned by the list. */
static GPtrArray *
load_roots(const char *dir, const char *file, GError **error)
{
    g_autoptr(GPtrArray) all = g_ptr_array_new_with_free_func((GDestroyNotify)nsk_cert_unref);

    if (dir != NULL && !g_file_test(dir, G_FILE_TEST_IS_DIR)) {
        g_set_error(error, NSK_ERROR, NSK_ERROR_NOT_FOUND, nsk_tr("there is no office in '%s'"),
                    dir);
        return NULL;
    }
    bool is_folder = file != NULL && g_file_test(file, G_FILE_TEST_IS_DIR);
    if (is_folder      ? !add_files(all, file, error)
        : file != NULL ? !add_roots(all, file, error)
                       : dir != NULL && !add_folder(all, dir, error))
        return NULL;
    return g_steal_pointer(&all);
}

NskTrust *
nsk_office_load_trust(const char *dir, const char *file, GError **error)
{
    g_autoptr(GPtrArray) all = load_roots(dir, file, error);

    if (all == NULL)
        return NULL;
    NskTrust *trust = nsk_trust_new();
    for (guint i = 0; i < all->len; i++)
        nsk_trust_add(trust, g_ptr_array_index(all, i));
    return trust;
}

/* What the office knows of the very bytes: their digest, and a scan of what was signed on paper. */
static bool
add_paper(const char *dir, GBytes *pdf, NskJson *result, GError **error)
{
    uint8_t digest[NSK_SHA256_SIZE];
    g_autoptr(NskJson) paper = NULL;
    bool is_unsigned = g_strcmp0(nsk_json_get_text(result, "verdict"), "unsigned") == 0;

    nsk_sha256(g_bytes_get_data(pdf, NULL), g_bytes_get_size(pdf), digest);
    if (dir != NULL && is_unsigned && !nsk_paper_find(dir, digest, &paper, error))
        return false;
    g_autofree char *hex = nsk_hex(digest, sizeof digest);
    nsk_json_set_text(result, "sha256", hex);
    if (paper != NULL)
        nsk_json_set(result, "paper", g_steal_pointer(&paper));
    return true;
}

bool
nsk_office_verify(const char *dir,
                  GBytes *pdf,
                  const char *trust_file,
                  NskInstant now,
                  NskJson **out_result,
                  GError **error)
{
    g_autoptr(NskVerdict) verdict = NULL;
    g_autoptr(NskTrust) trust = nsk_office_load_trust(dir, trust_file, error);

    if (trust == NULL || !nsk_sign_verify(pdf, trust, now, &verdict, error))
        return false;
    g_autoptr(NskJson) result = nsk_verdict_to_json(verdict);
    if (!add_paper(dir, pdf, result, error))
        return false;
    *out_result = g_steal_pointer(&result);
    return true;
}

bool
nsk_office_judge(const char *dir, GBytes *pdf, NskInstant now, NskJson **out_result, GError **error)
{
    static const NskWorkerLimits limits = { .cpu_seconds = JUDGE_SECONDS,
                                            .wall_ms = JUDGE_WALL_MS };
    NskJson *judged = NULL;
    g_autoptr(GPtrArray) roots = load_roots(dir, NULL, error);

    if (roots == NULL)
        return false;
    g_autoptr(GString) pem = g_string_new(NULL);
    for (guint i = 0; i < roots->len; i++) {
        g_autofree char *text = nsk_cert_to_pem(g_ptr_array_index(roots, i));

        g_string_append(pem, text);
    }
    const NskWorkerBelief belief = { .roots = pem->str, .now = now };
    if (!nsk_worker_judge(pdf, &belief, &limits, &judged, error))
        return false;
    g_autoptr(NskJson) result = judged;
    if (!add_paper(dir, pdf, result, error))
        return false;
    *out_result = g_steal_pointer(&result);
    return true;
}
