/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "base/clock.h"
#include "base/json.h"

/*
 * Signed tokens of identity providers: JWS in its compact form (RFC 7515), public keys (RFC 7517,
 * 7518), JWT (RFC 7519), and what OpenID Connect Core 1.0 and Back-Channel
 * Logout 1.0 ask of theirs.
 *
 * RS256, PS256, ES256 and ES512 are believed, and nothing else: never "none", never a key that
 * both sides know (HS*).  A key comes from the set that the caller fetched, never from the token.
 * Every function may be called from any thread.  No token ever stands in a message.
 */
typedef enum {
    NSK_JWS_RS256,
    NSK_JWS_PS256,
    NSK_JWS_ES256,
    NSK_JWS_ES512,
} NskJwsAlgorithm;

/* Bytes of a token, and of a set of keys; keys of a set. */
#define NSK_JWS_MAX_SIZE  16384
#define NSK_JWKS_MAX_SIZE 262144
#define NSK_JWKS_MAX_KEYS 100

/* The public keys of a provider.  A value: immutable, any thread. */
typedef struct _NskJwks NskJwks;

/*
 * Reads a JWK set.  Keys that are of no use here (other kinds, for encryption, RSA below 2,048
 * bits, points off their curve, with their private part) are left out; @text need not end in NUL.
 * Errors: INVALID if it is no set or no key of it is of use; LIMIT.
 */
NskJwks *nsk_jwks_parse(const char *text, size_t size, GError **error);
/* How many keys of use there are. */
size_t nsk_jwks_length(const NskJwks *self);
void nsk_jwks_free(NskJwks *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(NskJwks, nsk_jwks_free)

/*
 * The payload of a token whose signature one of @keys made; owned.  @out_algorithm may be NULL.
 * Errors: INVALID if it is no such token, LIMIT, UNSUPPORTED for its algorithm or for extensions
 * that must be understood ("crit"), NOT_FOUND if the set has no key of the name that it gives (a
 * set that is fetched anew may have it), UNTRUSTED if the signature does not hold.
 */
GBytes *nsk_jws_verify(const NskJwks *keys,
                       const char *token,
                       size_t size,
                       NskJwsAlgorithm *out_algorithm,
                       GError **error);

/* What an ID token must be (OpenID Connect Core 1.0, 3.1.3.7); all borrowed. */
typedef struct {
    const char *issuer;
    const char *client;
    const char *nonce;
    const char *access_token; /* that came with it, for at_hash; NULL: none */
    int64_t max_age;          /* seconds since the person proved himself; 0: any */
    NskInstant now;
} NskIdTokenCheck;

/*
 * The claims of an ID token that holds; they have a subject of 1 to 255 bytes.  Clocks may differ
 * by 60 seconds.  Errors: as nsk_jws_verify(), EXPIRED, UNTRUSTED naming the claim.
 */
NskJson *nsk_id_token_verify(const NskJwks *keys,
                             const char *token,
                             size_t size,
                             const NskIdTokenCheck *check,
                             GError **error);

/* What a logout token must be (OpenID Connect Back-Channel Logout 1.0, 2.6); all borrowed. */
typedef struct {
    const char *issuer;
    const char *client;
    NskInstant now;
} NskLogoutTokenCheck;

/* The claims of a logout token that holds: jti, and sub or sid or both.  That a jti comes once
 * only is the caller's to see, for as long as the token lasts.  Errors: the same. */
NskJson *nsk_logout_token_verify(const NskJwks *keys,
                                 const char *token,
                                 size_t size,
                                 const NskLogoutTokenCheck *check,
                                 GError **error);

/*
 * An own key on P-521, for ES512, by which the office proves to a provider who it is (RFC 7523).
 * A value: immutable, any thread.  The key is overwritten when it is freed.
 */
typedef struct _NskJwsKey NskJwsKey;

/* Errors: IO. */
NskJwsKey *nsk_jws_key_new(GError **error);
/* What nsk_jws_key_save() gave.  Errors: INVALID. */
NskJwsKey *nsk_jws_key_load(const void *der, size_t size, GError **error);
/* The private key as DER; a secret.  Errors: IO. */
GBytes *nsk_jws_key_save(const NskJwsKey *self, GError **error);
/* Its name: the thumbprint of RFC 7638; borrowed. */
const char *nsk_jws_key_get_id(const NskJwsKey *self);
/* Its public part as a JWK, to be published; owned. */
NskJson *nsk_jws_key_public(const NskJwsKey *self);
/* A JWT of these claims.  Freed with g_free().  Errors: IO. */
char *nsk_jws_key_sign(const NskJwsKey *self, const NskJson *claims, GError **error);
void nsk_jws_key_free(NskJwsKey *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(NskJwsKey, nsk_jws_key_free)
