/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * SHA-256, SHA-1, HMAC and random bytes.  A digest is fetched from the provider once: fetching
 * costs more than digesting a short entry.
 */
#include "crypto/crypto.h"

#include <limits.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/rand.h>

struct _NskSha256 {
    EVP_MD_CTX *context;
};

static const EVP_MD *
sha256_md(void)
{
    static gsize fetched;

    if (g_once_init_enter(&fetched)) {
        EVP_MD *md = EVP_MD_fetch(NULL, "SHA256", NULL);

        g_assert(md != NULL); /* without SHA-256 nothing here can be trusted */
        g_once_init_leave(&fetched, (gsize)md);
    }
    return (const EVP_MD *)fetched;
}

static void
free_context(gpointer context)
{
    EVP_MD_CTX_free(context);
}

/* A context costs more to make than a short text to digest: one a thread, kept. */
static EVP_MD_CTX *
sha1_context(void)
{
    static GPrivate slot = G_PRIVATE_INIT(free_context);
    static gsize fetched;
    EVP_MD_CTX *context = g_private_get(&slot);

    if (g_once_init_enter(&fetched)) {
        EVP_MD *md = EVP_MD_fetch(NULL, "SHA1", NULL);

        g_assert(md != NULL);
        g_once_init_leave(&fetched, (gsize)md);
    }
    if (context == NULL) {
        context = EVP_MD_CTX_new();
        g_assert(context != NULL);
        int ok = EVP_DigestInit_ex2(context, (const EVP_MD *)fetched, NULL);
        g_assert(ok == 1);
        g_private_set(&slot, context);
    }
    return context;
}

void
nsk_sha1(const void *head,
         size_t head_size,
         const void *data,
         size_t size,
         uint8_t out[NSK_SHA1_SIZE])
{
    EVP_MD_CTX *context = sha1_context();
    int ok = EVP_DigestInit_ex2(context, NULL, NULL) == 1 &&
             (head_size == 0 || EVP_DigestUpdate(context, head, head_size) == 1) &&
             (size == 0 || EVP_DigestUpdate(context, data, size) == 1) &&
             EVP_DigestFinal_ex(context, out, NULL) == 1;

    g_assert(ok);
}

void
nsk_sha256(const void *data, size_t size, uint8_t out[NSK_SHA256_SIZE])
{
    int ok = EVP_Digest(size > 0 ? data : "", size, out, NULL, sha256_md(), NULL);

    g_assert(ok == 1);
}

void
nsk_hmac_sha256(const void *key,
                size_t key_size,
                const void *data,
                size_t size,
                uint8_t out[NSK_SHA256_SIZE])
{
    g_assert(key_size <= INT_MAX);
    const uint8_t *mac = HMAC(sha256_md(), key_size > 0 ? key : "", (int)key_size,
                              size > 0 ? data : (const uint8_t *)"", size, out, NULL);

    g_assert(mac != NULL);
}

void
nsk_random(void *out, size_t size)
{
    uint8_t *bytes = out;

    while (size > 0) {
        int part = (int)MIN(size, (size_t)1 << 20);
        int ok = RAND_bytes(bytes, part);

        g_assert(ok == 1); /* a guessable token would be worse than no service */
        bytes += part;
        size -= (size_t)part;
    }
}

bool
nsk_equal_secret(const void *a, const void *b, size_t size)
{
    return CRYPTO_memcmp(a, b, size) == 0;
}

void
nsk_wipe(void *secret, size_t size)
{
    if (secret != NULL)
        OPENSSL_cleanse(secret, size);
}

NskSha256 *
nsk_sha256_new(void)
{
    NskSha256 *self = g_new0(NskSha256, 1);

    self->context = EVP_MD_CTX_new();
    int ok = self->context != NULL && EVP_DigestInit_ex(self->context, sha256_md(), NULL);
    g_assert(ok);
    return self;
}

void
nsk_sha256_add(NskSha256 *self, const void *data, size_t size)
{
    int ok = size == 0 || EVP_DigestUpdate(self->context, data, size) == 1;

    g_assert(ok);
}

void
nsk_sha256_finish(NskSha256 *self, uint8_t out[NSK_SHA256_SIZE])
{
    int ok = EVP_DigestFinal_ex(self->context, out, NULL);

    g_assert(ok == 1);
}

void
nsk_sha256_free(NskSha256 *self)
{
    if (self == NULL)
        return;
    EVP_MD_CTX_free(self->context);
    g_free(self);
}
