/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "base/clock.h"

#include <stddef.h>

/*
 * Digests, keys, certificates and CMS: the only user of OpenSSL 3.0.
 *
 * Every function may be called from any thread unless its type says otherwise.  A failure of
 * OpenSSL becomes one NSK_ERROR here and its error queue is emptied; no secret ever stands in a
 * message.
 */

/* Bytes of a SHA-256 digest (FIPS 180-4). */
#define NSK_SHA256_SIZE 32

/* Digest of @size bytes; @data may be NULL if @size is 0. */
void nsk_sha256(const void *data, size_t size, uint8_t out[NSK_SHA256_SIZE]);
/* HMAC-SHA-256 (RFC 2104).  @key and @data may be NULL if their size is 0. */
void nsk_hmac_sha256(const void *key,
                     size_t key_size,
                     const void *data,
                     size_t size,
                     uint8_t out[NSK_SHA256_SIZE]);
/* Unpredictable bytes.  The process ends if the system has none. */
void nsk_random(void *out, size_t size);
/* Whether two blocks are equal, in a time that does not depend on where they differ. */
bool nsk_equal_secret(const void *a, const void *b, size_t size);
/* Overwrites a secret before it is freed; NULL allowed. */
void nsk_wipe(void *secret, size_t size);

/* A SHA-256 digest in steps.  A handle: one thread at a time. */
typedef struct _NskSha256 NskSha256;

NskSha256 *nsk_sha256_new(void);
void nsk_sha256_add(NskSha256 *self, const void *data, size_t size);
/* Writes the digest; nothing may be added afterwards. */
void nsk_sha256_finish(NskSha256 *self, uint8_t out[NSK_SHA256_SIZE]);
void nsk_sha256_free(NskSha256 *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(NskSha256, nsk_sha256_free)
