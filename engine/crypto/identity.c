/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Private keys out of PKCS#12 files (RFC 7292), and signature values made with them.
 *
 * INVARIANTS:
 *   (1) a wrong passphrase gives one message, whatever in the file it broke;
 *   (2) the passphrase is never copied, the key only lives in OpenSSL's key object, which
 *       overwrites its numbers when it is freed.
 */
#include "base/message.h"
#include "crypto/crypto-private.h"

#include <limits.h>
#include <openssl/err.h>
#include <openssl/pkcs12.h>
#include <openssl/rsa.h>

#define MAX_P12_SIZE   (1024 * 1024)
#define MAX_ITERATIONS 10000000 /* a larger count would only stop the program */
#define MAX_P12_CERTS  32

struct _NskIdentity {
    EVP_PKEY *key;
    GPtrArray *chain;
};

G_DEFINE_AUTOPTR_CLEANUP_FUNC(PKCS12, PKCS12_free)

static PKCS12 *
p12_parse(GBytes *data, GError **error)
{
    const uint8_t *at = g_bytes_get_data(data, NULL);
    size_t size = g_bytes_get_size(data);
    g_autoptr(PKCS12) p12 =
        size > 0 && size <= MAX_P12_SIZE ? d2i_PKCS12(NULL, &at, (long)size) : NULL;

    if (p12 == NULL || !PKCS12_mac_present(p12)) {
        ERR_clear_error();
        g_set_error_literal(
            error, NSK_ERROR, NSK_ERROR_INVALID,
            nsk_tr("the key file is no PKCS#12 file with a passphrase; export it again"));
        return NULL;
    }
    const ASN1_INTEGER *iterations = NULL;
    PKCS12_get0_mac(NULL, NULL, NULL, &iterations, p12);
    int64_t count = 1;
    if (iterations != NULL &&
        (ASN1_INTEGER_get_int64(&count, iterations) != 1 || count > MAX_ITERATIONS)) {
        g_set_error_literal(
            error, NSK_ERROR, NSK_ERROR_LIMIT,
            nsk_tr("the key file asks for too many rounds of its passphrase; export it "
                   "again with fewer than 10,000,000"));
        return NULL;
    }
    return g_steal_pointer(&p12);
}

/* Moves the certificates of @stack into a list and frees the stack. */
static GPtrArray *
take_stack(STACK_OF(X509) * stack)
{
    GPtrArray *certs = g_ptr_array_new_with_free_func((GDestroyNotify)nsk_cert_unref);

    while (stack != NULL && sk_X509_num(stack) > 0) {
        X509 *x509 = sk_X509_shift(stack);

        if (certs->len < MAX_P12_CERTS)
            g_ptr_array_add(certs, cert_new(x509));
        else
            X509_free(x509);
    }
    sk_X509_free(stack);
    return certs;
}

static void
set_wrong_passphrase(GError **error)
{
    ERR_clear_error();
    g_set_error_literal(error, NSK_ERROR, NSK_ERROR_DENIED,
                        nsk_tr("the passphrase does not open the key file; type it again"));
}

bool
p12_open(GBytes *data,
         const char *passphrase,
         EVP_PKEY **out_key,
         NskCert **out_cert,
         GPtrArray **out_others,
         GError **error)
{
    g_autoptr(PKCS12) p12 = p12_parse(data, error);
    g_autoptr(EVP_PKEY) key = NULL;
    g_autoptr(X509) x509 = NULL;
    STACK_OF(X509) *stack = NULL;

    if (p12 == NULL)
        return false;
    if (passphrase == NULL || PKCS12_verify_mac(p12, passphrase, -1) != 1) {
        set_wrong_passphrase(error);
        return false;
    }
    if (PKCS12_parse(p12, passphrase, &key, &x509, &stack) != 1) {
        openssl_error(error, NSK_ERROR_UNSUPPORTED,
                      nsk_tr("cannot read the key file, export it again with AES-256"));
        return false;
    }
    g_autoptr(GPtrArray) others = take_stack(stack);
    if (key == NULL || x509 == NULL || X509_check_private_key(x509, key) != 1) {
        ERR_clear_error();
        g_set_error_literal(
            error, NSK_ERROR, NSK_ERROR_INVALID,
            nsk_tr("the key file has no private key with its certificate; export both "
                   "into one file"));
        return false;
    }
    *out_key = g_steal_pointer(&key);
    *out_cert = cert_new(g_steal_pointer(&x509));
    *out_others = g_steal_pointer(&others);
    return true;
}

NskIdentity *
nsk_identity_load(const void *p12, size_t size, const char *passphrase, GError **error)
{
    g_autoptr(GBytes) data = g_bytes_new_static(p12, size);
    g_autoptr(EVP_PKEY) key = NULL;
    g_autoptr(NskCert) cert = NULL;
    g_autoptr(GPtrArray) others = NULL;
    NskScheme scheme;

    if (!p12_open(data, passphrase, &key, &cert, &others, error) ||
        !scheme_for_key(key, NSK_SCHEME_DEFAULT, &scheme, error))
        return NULL;
    NskIdentity *self = g_new0(NskIdentity, 1);
    self->key = g_steal_pointer(&key);
    self->chain = chain_build(cert, others);
    return self;
}

void
nsk_identity_free(NskIdentity *self)
{
    if (self == NULL)
        return;
    EVP_PKEY_free(self->key);
    g_ptr_array_unref(self->chain);
    g_free(self);
}

GPtrArray *
nsk_identity_get_chain(const NskIdentity *self)
{
    return self->chain;
}

bool
scheme_for_key(EVP_PKEY *key, NskScheme scheme, NskScheme *out_scheme, GError **error)
{
    bool is_ec = EVP_PKEY_is_a(key, "EC");
    bool is_rsa = EVP_PKEY_is_a(key, "RSA");

    if ((!is_ec && !is_rsa) || EVP_PKEY_get_security_bits(key) < 112) {
        g_set_error_literal(
            error, NSK_ERROR, NSK_ERROR_UNSUPPORTED,
            nsk_tr("the key is not an elliptic curve key of 224 bits or an RSA key of "
                   "2048 bits or more; ask for a certificate on P-256"));
        return false;
    }
    if (scheme == NSK_SCHEME_DEFAULT)
        scheme = is_ec ? NSK_SCHEME_ECDSA : NSK_SCHEME_RSA_PSS;
    if ((scheme == NSK_SCHEME_ECDSA) != is_ec) {
        g_set_error(error, NSK_ERROR, NSK_ERROR_UNSUPPORTED,
                    nsk_tr("an %s key cannot make the kind of signature asked for"),
                    is_ec ? "EC" : "RSA");
        return false;
    }
    *out_scheme = scheme;
    return true;
}

bool
scheme_set_up(EVP_PKEY_CTX *context, NskScheme scheme)
{
    if (EVP_PKEY_CTX_set_signature_md(context, EVP_sha256()) <= 0)
        return false;
    if (scheme == NSK_SCHEME_RSA_PKCS1)
        return EVP_PKEY_CTX_set_rsa_padding(context, RSA_PKCS1_PADDING) > 0;
    if (scheme == NSK_SCHEME_RSA_PSS)
        return EVP_PKEY_CTX_set_rsa_padding(context, RSA_PKCS1_PSS_PADDING) > 0 &&
               EVP_PKEY_CTX_set_rsa_mgf1_md(context, EVP_sha256()) > 0 &&
               EVP_PKEY_CTX_set_rsa_pss_saltlen(context, RSA_PSS_SALTLEN_DIGEST) > 0;
    return true;
}

GBytes *
nsk_identity_sign(NskIdentity *self,
                  NskScheme scheme,
                  const uint8_t digest[NSK_SHA256_SIZE],
                  GError **error)
{
    g_autoptr(EVP_PKEY_CTX) context = EVP_PKEY_CTX_new(self->key, NULL);
    size_t size = 0;

    if (!scheme_for_key(self->key, scheme, &scheme, error))
        return NULL;
    if (context == NULL || EVP_PKEY_sign_init(context) <= 0 || !scheme_set_up(context, scheme) ||
        EVP_PKEY_sign(context, NULL, &size, digest, NSK_SHA256_SIZE) <= 0) {
        openssl_error(error, NSK_ERROR_IO, nsk_tr("cannot prepare the key for signing"));
        return NULL;
    }
    g_autofree uint8_t *signature = g_malloc(size);
    if (EVP_PKEY_sign(context, signature, &size, digest, NSK_SHA256_SIZE) <= 0) {
        openssl_error(error, NSK_ERROR_IO, nsk_tr("cannot sign with the key"));
        return NULL;
    }
    return g_bytes_new_take(g_steal_pointer(&signature), size);
}
