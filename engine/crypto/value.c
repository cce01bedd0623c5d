/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Signature values that were made elsewhere: by cards, modules and services, each of which has its
 * own way of writing them down.
 */
#include "base/message.h"
#include "crypto/crypto-private.h"

#include <limits.h>
#include <openssl/ec.h>
#include <openssl/ecdsa.h>
#include <openssl/err.h>
#include <string.h>

#define MAX_VALUE 4096 /* bytes; an RSA key of 32,768 bits */

G_DEFINE_AUTOPTR_CLEANUP_FUNC(ECDSA_SIG, ECDSA_SIG_free)

bool
nsk_cert_find_scheme(const NskCert *cert, NskScheme wanted, NskScheme *out_scheme, GError **error)
{
    EVP_PKEY *key = X509_get0_pubkey(cert_x509(cert));

    if (key != NULL && wanted != NSK_SCHEME_DEFAULT && EVP_PKEY_is_a(key, "EC"))
        wanted = NSK_SCHEME_ECDSA;
    if (key != NULL)
        return scheme_for_key(key, wanted, out_scheme, error);
    openssl_error(error, NSK_ERROR_INVALID, nsk_tr("the certificate's key cannot be read"));
    return false;
}

bool
nsk_cert_check_value(const NskCert *cert,
                     NskScheme scheme,
                     const uint8_t digest[NSK_SHA256_SIZE],
                     GBytes *value)
{
    EVP_PKEY *key = X509_get0_pubkey(cert_x509(cert));
    g_autoptr(EVP_PKEY_CTX) context = key != NULL ? EVP_PKEY_CTX_new(key, NULL) : NULL;
    size_t size;
    const uint8_t *data = g_bytes_get_data(value, &size);
    bool good = context != NULL && size > 0 && size <= MAX_VALUE &&
                scheme_for_key(key, scheme, &scheme, NULL) && EVP_PKEY_verify_init(context) > 0 &&
                scheme_set_up(context, scheme) &&
                EVP_PKEY_verify(context, data, size, digest, NSK_SHA256_SIZE) == 1;

    ERR_clear_error();
    return good;
}

GBytes *
nsk_ecdsa_from_raw(const void *raw, size_t size, GError **error)
{
    const uint8_t *data = raw;
    int half = (int)(size / 2);
    uint8_t *der = NULL;
    g_autoptr(ECDSA_SIG) signature = ECDSA_SIG_new();
    bool whole = size > 0 && size <= MAX_VALUE && size % 2 == 0;
    BIGNUM *r = whole ? BN_bin2bn(data, half, NULL) : NULL;
    BIGNUM *s = whole ? BN_bin2bn(data + half, half, NULL) : NULL;

    if (signature == NULL || r == NULL || s == NULL || ECDSA_SIG_set0(signature, r, s) != 1) {
        BN_free(r);
        BN_free(s);
        openssl_error(error, NSK_ERROR_INVALID, nsk_tr("this is no ECDSA signature"));
        return NULL;
    }
    int length = i2d_ECDSA_SIG(signature, &der);
    GBytes *bytes = length > 0 ? g_bytes_new(der, (size_t)length) : NULL;
    OPENSSL_free(der);
    if (bytes == NULL)
        openssl_error(error, NSK_ERROR_INVALID, nsk_tr("this is no ECDSA signature"));
    return bytes;
}

void
nsk_rsa_digest_info(const uint8_t digest[NSK_SHA256_SIZE], uint8_t out[NSK_DIGEST_INFO_SIZE])
{
    static const uint8_t head[NSK_DIGEST_INFO_SIZE - NSK_SHA256_SIZE] = {
        0x30, 0x31, 0x30, 0x0d, 0x06, 0x09, 0x60, 0x86, 0x48, 0x01,
        0x65, 0x03, 0x04, 0x02, 0x01, 0x05, 0x00, 0x04, 0x20,
    };

    memcpy(out, head, sizeof head);
    memcpy(out + sizeof head, digest, NSK_SHA256_SIZE);
}
