/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "crypto/crypto.h"

#include <openssl/evp.h>
#include <openssl/x509.h>

/*
 * Turns OpenSSL's error queue into one error "@what: reason" and empties it.  @what says what
 * was being done.
 */
void openssl_error(GError **error, NskError code, const char *what);

/*
 * What one of OpenSSL's i2d functions gave: @size bytes, or nothing if it is not above 0.  Takes
 * @der and overwrites it, because it may hold a key.  NULL for nothing.
 */
GBytes *take_der(uint8_t *der, int size);

/* Takes ownership of @x509. */
NskCert *cert_new(X509 *x509);
/* Borrowed. */
X509 *cert_x509(const NskCert *cert);

/* The scheme for the key of @cert: @scheme itself, or the default for that key.  Errors:
 * UNSUPPORTED if that key cannot do it. */
bool scheme_for_key(EVP_PKEY *key, NskScheme scheme, NskScheme *out_scheme, GError **error);
/* Sets digest, padding and salt on a context ready to sign or verify a SHA-256 digest. */
bool scheme_set_up(EVP_PKEY_CTX *context, NskScheme scheme);

/* Opens a PKCS#12 file; every out_ is owned by the caller.  Errors: as nsk_identity_load(). */
bool p12_open(GBytes *p12,
              const char *passphrase,
              EVP_PKEY **out_key,
              NskCert **out_cert,
              GPtrArray **out_others,
              GError **error);

/* The issuer chain of @cert out of @others, @cert first, without the root. */
GPtrArray *chain_build(NskCert *cert, GPtrArray *others);

/* Whether a chain leads to a root; borrowed. */
typedef struct {
    const NskTrust *trust;
    const NskCert *cert;
    GPtrArray *others; /* NskCert that may be its issuers */
    NskInstant at;
} TrustQuery;

/* Appends the chain from the certificate to the root to @chain (NskCert; may be NULL), if there is
 * one.  @out_reason is a static text; @out_expired tells that a time was the reason.  Never
 * fails. */
bool trust_check_chain(const TrustQuery *query,
                       GPtrArray *chain,
                       const char **out_reason,
                       bool *out_expired);

/* 0 if it cannot be read, or is NULL. */
NskInstant time_to_instant(const ASN1_TIME *time);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(EVP_PKEY, EVP_PKEY_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC(EVP_PKEY_CTX, EVP_PKEY_CTX_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC(X509, X509_free)
