/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * SHA-256, SHA-1, HMAC and random bytes.
 *
 * Digests are called by their own names and not fetched from a provider.  The first fetch makes the
 * library read its configuration and build all its tables, which takes as long as a page of a
 * letter, and most commands want nothing else of it.
 */
#define OPENSSL_SUPPRESS_DEPRECATED

#include "base/bytes.h"
#include "crypto/crypto.h"

#include <limits.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/rand.h>
#include <openssl/sha.h>
#include <string.h>
#include <unistd.h>

#define POOL_SIZE  512
#define SMALL_DRAW 32 /* bytes */

struct _NskSha256 {
    SHA256_CTX context;
};

void
nsk_sha1(const void *head,
         size_t head_size,
         const void *data,
         size_t size,
         uint8_t out[NSK_SHA1_SIZE])
{
    SHA_CTX context;
    int ok = SHA1_Init(&context) == 1 &&
             (head_size == 0 || SHA1_Update(&context, head, head_size) == 1) &&
             (size == 0 || SHA1_Update(&context, data, size) == 1) &&
             SHA1_Final(out, &context) == 1;

    g_assert(ok);
}

void
nsk_sha256_pair(const void *head,
                size_t head_size,
                const void *data,
                size_t size,
                uint8_t out[NSK_SHA256_SIZE])
{
    SHA256_CTX context;
    int ok = SHA256_Init(&context) == 1 &&
             (head_size == 0 || SHA256_Update(&context, head, head_size) == 1) &&
             (size == 0 || SHA256_Update(&context, data, size) == 1) &&
             SHA256_Final(out, &context) == 1;

    g_assert(ok);
}

void
nsk_sha256(const void *data, size_t size, uint8_t out[NSK_SHA256_SIZE])
{
    nsk_sha256_pair(NULL, 0, data, size, out);
}

char *
nsk_sha256_hex(const void *data, size_t size)
{
    uint8_t digest[NSK_SHA256_SIZE];

    nsk_sha256(data, size, digest);
    return nsk_hex(digest, sizeof digest);
}

/* Fetched once: that costs more than the code of a short text. */
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

static void
draw(uint8_t *bytes, size_t size)
{
    while (size > 0) {
        int part = (int)MIN(size, (size_t)1 << 20);
        int ok = RAND_bytes(bytes, part);

        g_assert(ok == 1); /* a guessable token would be worse than no service */
        bytes += part;
        size -= (size_t)part;
    }
}

/* Random bytes drawn at once, for small takers: drawing 16 takes as long as drawing hundreds. */
typedef struct {
    uint8_t bytes[POOL_SIZE];
    size_t left; /* bytes at the end that nobody got yet */
    pid_t owner; /* a child of fork() must not give out what its parent does */
} Pool;

static void
free_pool(gpointer pool)
{
    OPENSSL_cleanse(pool, sizeof(Pool));
    g_free(pool);
}

static void
take_from_pool(uint8_t *out, size_t size)
{
    static GPrivate slot = G_PRIVATE_INIT(free_pool);
    Pool *pool = g_private_get(&slot);

    if (pool == NULL) {
        pool = g_new0(Pool, 1);
        g_private_set(&slot, pool);
    }
    if (pool->left < size || pool->owner != getpid()) {
        draw(pool->bytes, sizeof pool->bytes);
        pool->left = sizeof pool->bytes;
        pool->owner = getpid();
    }
    uint8_t *from = pool->bytes + sizeof pool->bytes - pool->left;
    memcpy(out, from, size);
    OPENSSL_cleanse(from, size);
    pool->left -= size;
}

void
nsk_random(void *out, size_t size)
{
    if (size <= SMALL_DRAW)
        take_from_pool(out, size);
    else
        draw(out, size);
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

    int ok = SHA256_Init(&self->context);

    g_assert(ok == 1);
    return self;
}

void
nsk_sha256_add(NskSha256 *self, const void *data, size_t size)
{
    int ok = size == 0 || SHA256_Update(&self->context, data, size) == 1;

    g_assert(ok);
}

void
nsk_sha256_finish(NskSha256 *self, uint8_t out[NSK_SHA256_SIZE])
{
    int ok = SHA256_Final(out, &self->context);

    g_assert(ok == 1);
}

void
nsk_sha256_free(NskSha256 *self)
{
    g_free(self);
}
