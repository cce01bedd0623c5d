/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The check of a CMS signature, and the readers of certificates, on any bytes. */
#include "crypto/crypto.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    g_autoptr(GBytes) content = g_bytes_new_static("isi naskah", 10);
    g_autoptr(NskTrust) trust = nsk_trust_new();
    NskCmsCheck check = {
        .cms = data,
        .cms_size = size,
        .content = &content,
        .n_content = 1,
        .pades = true,
        .trust = trust,
    };
    g_autoptr(NskCmsVerdict) verdict = nsk_cms_check(&check);
    g_autoptr(GPtrArray) certs = nsk_certs_parse(data, size, NULL);

    g_assert_false(verdict->trusted);
    g_assert_true(verdict->intact || verdict->issues->len > 0);
    g_assert_true(certs == NULL || certs->len > 0);
    return 0;
}
