/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Certificates read once.  A letter with lasting signatures brings the same few certificates in
 * every signature, in every time stamp and in its validation data, and reading one takes as long
 * as verifying a signature.
 *
 * INVARIANT: what is found is what reading the very same bytes gave.
 */
#include "base/limits.h"
#include "crypto/crypto-private.h"

struct _NskCertPool {
    GHashTable *certs; /* GBytes as they were given -> NskCert */
};

NskCertPool *
nsk_cert_pool_new(void)
{
    NskCertPool *self = g_new0(NskCertPool, 1);

    self->certs = g_hash_table_new_full(g_bytes_hash, g_bytes_equal, (GDestroyNotify)g_bytes_unref,
                                        (GDestroyNotify)nsk_cert_unref);
    return self;
}

void
nsk_cert_pool_free(NskCertPool *self)
{
    if (self == NULL)
        return;
    g_hash_table_unref(self->certs);
    g_free(self);
}

NskCert *
nsk_cert_pool_parse(NskCertPool *self, const void *data, size_t size, GError **error)
{
    if (self == NULL)
        return nsk_cert_parse(data, size, error);
    g_autoptr(GBytes) borrowed = g_bytes_new_static(data, size);
    NskCert *cert = g_hash_table_lookup(self->certs, borrowed);
    if (cert != NULL)
        return nsk_cert_ref(cert);
    cert = nsk_cert_parse(data, size, error);
    if (cert != NULL && g_hash_table_size(self->certs) < NSK_LIMIT_EVIDENCE)
        g_hash_table_insert(self->certs, g_bytes_new(data, size), nsk_cert_ref(cert));
    return cert;
}
