/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "crypto/crypto-private.h"
#include "crypto/jose.h"

/* How one algorithm of RFC 7518, 3.1 is done. */
typedef struct {
    const char *name;
    const char *kind; /* of key, for EVP_PKEY_is_a() */
    const char *digest;
    size_t half; /* bytes of r and of s; 0: no ECDSA */
    bool is_pss;
    int bits; /* of the key: an elliptic curve has this size, RSA at least this */
} JwsWay;

/* Indexed by NskJwsAlgorithm. */
extern const JwsWay jws_ways[4];

/* NULL if @name is NULL or none of them. */
const JwsWay *jws_way_of(const char *name);
/* Whether that key is one for the algorithm. */
bool jws_way_fits(const JwsWay *way, EVP_PKEY *key);

/* One key of a set. */
typedef struct {
    char *id;          /* NULL: it has no name */
    const JwsWay *way; /* the only algorithm it is for; NULL: any that fits */
    EVP_PKEY *key;
} Jwk;

/* Jwk; borrowed. */
const GPtrArray *jwks_list(const NskJwks *self);

/* Base64url in @text, which need not end in NUL; owned, NULL if it is something else. */
GBytes *jws_bytes(const char *text, size_t size);
/* One member of base64url as bytes; NULL if it is not there, or something else. */
GBytes *jwk_bytes(const NskJson *object, const char *name);
