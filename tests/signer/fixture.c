/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fixture.h"

#include <glib/gstdio.h>
#include <string.h>

#define HOUR (G_GINT64_CONSTANT(3600) * 1000000)

GBytes *
desk_issue(Desk *self, const char *name, int rsa_bits)
{
    g_autoptr(GError) error = NULL;
    NskDemoPerson person = { .name = name,
                             .staff_number = "198001012005012001",
                             .passphrase = TEST_PASS,
                             .not_before = nsk_clock_now(&nsk_clock_system) - HOUR,
                             .rsa_bits = rsa_bits };
    GBytes *p12 = nsk_demo_authority_issue(self->authority, &person, &error);

    g_assert_no_error(error);
    return p12;
}

GPtrArray *
desk_chain(GBytes *p12)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(NskIdentity) identity =
        nsk_identity_load(g_bytes_get_data(p12, NULL), g_bytes_get_size(p12), TEST_PASS, &error);

    g_assert_no_error(error);
    return g_ptr_array_ref(nsk_identity_get_chain(identity));
}

char *
fingerprint_of(GPtrArray *chain)
{
    return g_strdup(nsk_cert_facts(g_ptr_array_index(chain, 0))->fingerprint);
}

NskJson *
json_of(const char *text)
{
    g_autoptr(GError) error = NULL;
    NskJson *json = nsk_json_parse(text, strlen(text), &error);

    g_assert_no_error(error);
    return json;
}

void
desk_set_up(Desk *self)
{
    g_autoptr(GError) error = NULL;

    self->authority = nsk_demo_authority_new(nsk_clock_now(&nsk_clock_system), &error);
    g_assert_no_error(error);
    self->p12 = desk_issue(self, "Sekar Wulandari", 0);
    self->chain = desk_chain(self->p12);
    self->signers = nsk_signers_new();
    self->folder = g_dir_make_tmp("nsk-signer-XXXXXX", &error);
    g_assert_no_error(error);
}

static void
remove_folder(const char *path)
{
    GDir *dir = g_dir_open(path, 0, NULL);
    const char *name;

    while (dir != NULL && (name = g_dir_read_name(dir)) != NULL) {
        g_autofree char *child = g_build_filename(path, name, NULL);

        if (g_file_test(child, G_FILE_TEST_IS_DIR))
            remove_folder(child);
        else
            g_unlink(child);
    }
    if (dir != NULL)
        g_dir_close(dir);
    g_rmdir(path);
}

void
desk_clear(Desk *self)
{
    nsk_signers_free(self->signers);
    nsk_demo_authority_free(self->authority);
    g_bytes_unref(self->p12);
    g_ptr_array_unref(self->chain);
    remove_folder(self->folder);
    g_free(self->folder);
}

uint8_t *
make_digests(size_t n)
{
    uint8_t *digests = g_malloc(n * NSK_SHA256_SIZE);

    for (size_t i = 0; i < n; i++)
        nsk_sha256(&i, sizeof i, digests + i * NSK_SHA256_SIZE);
    return digests;
}

NskSigner *
open_signer(Desk *self, const NskSignerTarget *target)
{
    g_autoptr(GError) error = NULL;
    NskSigner *signer = nsk_signer_open(self->signers, target, &error);

    g_assert_no_error(error);
    g_assert_true(nsk_signer_describe(signer, &error));
    g_assert_no_error(error);
    return signer;
}

void
authorise(NskSigner *signer, const uint8_t *digests, size_t n, const char *secret)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(NskLocked) locked =
        secret != NULL ? nsk_locked_new(secret, strlen(secret), NULL) : NULL;
    NskSignerJob job = { .n = n, .digests = digests };
    NskSignerProof proof = { .secret = locked };

    g_assert_true(nsk_signer_authorise(signer, &job, &proof, NULL, &error));
    g_assert_no_error(error);
}

void
take_results(NskSigner *signer, NskSignerResult **out, size_t n)
{
    g_autoptr(GError) error = NULL;
    NskSignerResult *result = NULL;

    while (nsk_signer_next(signer, &result, &error) && result != NULL) {
        g_assert_cmpuint(result->index, <, n);
        g_assert_null(out[result->index]);
        out[result->index] = result;
    }
    g_assert_no_error(error);
    for (size_t i = 0; i < n; i++)
        g_assert_nonnull(out[i]);
}

void
assert_signed(NskSigner *signer, const uint8_t *digests, NskSignerResult **results, size_t n)
{
    const NskCert *cert = g_ptr_array_index(nsk_signer_get_chain(signer), 0);

    for (size_t i = 0; i < n; i++) {
        g_assert_cmpstr(results[i]->message, ==, NULL);
        g_assert_cmpint(results[i]->fault.kind, ==, NSK_SIGNER_FAULT_NONE);
        g_assert_true(nsk_cert_check_value(cert, nsk_signer_get_facts(signer)->scheme,
                                           digests + i * NSK_SHA256_SIZE, results[i]->value));
    }
}

void
assert_fault(NskSignerFault fault, NskSignerFaultKind kind, GError **error, const char *words)
{
    g_assert_nonnull(*error);
    if (strstr((*error)->message, words) == NULL)
        g_test_message("it says: %s", (*error)->message);
    g_assert_nonnull(strstr((*error)->message, words));
    g_assert_cmpstr(nsk_signer_fault_name(fault.kind), ==, nsk_signer_fault_name(kind));
    g_clear_error(error);
}

void
free_results(NskSignerResult **results, size_t n)
{
    for (size_t i = 0; i < n; i++)
        g_clear_pointer(&results[i], nsk_signer_result_free);
}
