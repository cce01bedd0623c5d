/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Ed25519 (RFC 8032), for the notes that a log and its witnesses sign. */
#include "base/message.h"
#include "crypto/crypto-private.h"

#include <openssl/err.h>
#include <openssl/evp.h>

static bool
fail(GError **error, const char *what)
{
    ERR_clear_error();
    g_set_error(error, NSK_ERROR, NSK_ERROR_IO, "Ed25519: %s", what);
    return false;
}

bool
nsk_ed25519_public(const uint8_t secret[NSK_ED25519_KEY_SIZE],
                   uint8_t out[NSK_ED25519_KEY_SIZE],
                   GError **error)
{
    size_t size = NSK_ED25519_KEY_SIZE;
    EVP_PKEY *key =
        EVP_PKEY_new_raw_private_key(EVP_PKEY_ED25519, NULL, secret, NSK_ED25519_KEY_SIZE);
    bool ok = key != NULL && EVP_PKEY_get_raw_public_key(key, out, &size) == 1;

    EVP_PKEY_free(key);
    return ok || fail(error, nsk_tr("the key cannot be used"));
}

bool
nsk_ed25519_sign(const uint8_t secret[NSK_ED25519_KEY_SIZE],
                 const void *data,
                 size_t size,
                 uint8_t out[NSK_ED25519_SIGNATURE_SIZE],
                 GError **error)
{
    size_t out_size = NSK_ED25519_SIGNATURE_SIZE;
    EVP_MD_CTX *context = EVP_MD_CTX_new();
    EVP_PKEY *key =
        EVP_PKEY_new_raw_private_key(EVP_PKEY_ED25519, NULL, secret, NSK_ED25519_KEY_SIZE);
    bool ok = context != NULL && key != NULL &&
              EVP_DigestSignInit(context, NULL, NULL, NULL, key) == 1 &&
              EVP_DigestSign(context, out, &out_size, data, size) == 1;

    EVP_MD_CTX_free(context);
    EVP_PKEY_free(key);
    return ok || fail(error, nsk_tr("signing failed"));
}

bool
nsk_ed25519_check(const uint8_t key[NSK_ED25519_KEY_SIZE],
                  const void *data,
                  size_t size,
                  const uint8_t signature[NSK_ED25519_SIGNATURE_SIZE])
{
    EVP_MD_CTX *context = EVP_MD_CTX_new();
    EVP_PKEY *public =
        EVP_PKEY_new_raw_public_key(EVP_PKEY_ED25519, NULL, key, NSK_ED25519_KEY_SIZE);
    bool ok = context != NULL && public != NULL &&
              EVP_DigestVerifyInit(context, NULL, NULL, NULL, public) == 1 &&
              EVP_DigestVerify(context, signature, NSK_ED25519_SIGNATURE_SIZE, data, size) == 1;

    EVP_MD_CTX_free(context);
    EVP_PKEY_free(public);
    ERR_clear_error();
    return ok;
}
