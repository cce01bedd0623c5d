/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Validation material (CRL, OCSP answer, certificate) and a time-stamp authority's answer, on any
 * bytes. */
#include "crypto/crypto.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const uint8_t imprint[NSK_SHA256_SIZE] = { 0 };
    static const uint8_t nonce[NSK_NONCE_SIZE] = { 0 };
    g_autoptr(NskEvidence) evidence = nsk_evidence_new();
    g_autoptr(NskTrust) trust = nsk_trust_new();
    g_autoptr(GPtrArray) certs = nsk_certs_parse(data, size, NULL);
    g_autoptr(GPtrArray) inside = nsk_cms_list_certs(data, size);
    g_autoptr(GBytes) stamp = nsk_time_stamp_response(data, size, imprint, nonce, NULL);
    g_autoptr(NskTokenVerdict) token =
        nsk_token_check(&(NskTokenCheck){ .token = data, .token_size = size, .imprint = imprint });

    g_assert_null(stamp);
    g_assert_false(token->intact);
    nsk_evidence_add_crl(evidence, data, size, NULL);
    nsk_evidence_add_ocsp(evidence, data, size, NULL);
    for (guint i = 0; certs != NULL && i < certs->len; i++) {
        g_autoptr(NskPathVerdict) path = nsk_path_check(
            &(NskPathCheck){ .cert = certs->pdata[i], .trust = trust, .evidence = evidence });

        g_assert_false(path->trusted);
    }
    return 0;
}
