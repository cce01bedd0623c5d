/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Public keys as a provider publishes them (RFC 7517, 7518 section 6).
 *
 * A set has keys for other purposes beside those for signing, and a provider may add kinds that
 * nobody knows here: a key that is of no use is passed over, and a set without one is refused.
 */
#include "base/bytes.h"
#include "base/message.h"
#include "crypto/jwk-private.h"

#include <openssl/core_names.h>
#include <openssl/err.h>
#include <openssl/param_build.h>
#include <string.h>

#define MIN_RSA 2048 /* bits; RFC 7518, 3.3 */
#define MAX_RSA 8192 /* bits; more would only cost time */
#define MAX_E   8    /* bytes of a public exponent; the same */

struct _NskJwks {
    GPtrArray *keys; /* Jwk */
};

G_DEFINE_AUTOPTR_CLEANUP_FUNC(OSSL_PARAM_BLD, OSSL_PARAM_BLD_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC(OSSL_PARAM, OSSL_PARAM_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC(BIGNUM, BN_free)

const JwsWay jws_ways[4] = {
    [NSK_JWS_RS256] = { "RS256", "RSA", "SHA256", 0, false, MIN_RSA },
    [NSK_JWS_PS256] = { "PS256", "RSA", "SHA256", 0, true, MIN_RSA },
    [NSK_JWS_ES256] = { "ES256", "EC", "SHA256", 32, false, 256 },
    [NSK_JWS_ES512] = { "ES512", "EC", "SHA512", 66, false, 521 },
};

const JwsWay *
jws_way_of(const char *name)
{
    for (size_t i = 0; name != NULL && i < G_N_ELEMENTS(jws_ways); i++) {
        if (strcmp(jws_ways[i].name, name) == 0)
            return &jws_ways[i];
    }
    return NULL;
}

bool
jws_way_fits(const JwsWay *way, EVP_PKEY *key)
{
    return EVP_PKEY_is_a(key, way->kind) && (way->half == 0 || EVP_PKEY_get_bits(key) == way->bits);
}

static void
jwk_free(Jwk *self)
{
    g_free(self->id);
    EVP_PKEY_free(self->key);
    g_free(self);
}

/* --- Bytes ----------------------------------------------------------------------------------- */

GBytes *
jws_bytes(const char *text, size_t size)
{
    g_autofree char *copy = memchr(text, '\0', size) == NULL ? g_strndup(text, size) : NULL;

    return copy != NULL ? nsk_base64url_read(copy) : NULL;
}

GBytes *
jwk_bytes(const NskJson *object, const char *name)
{
    const char *text = nsk_json_get_text(object, name);

    return text != NULL ? nsk_base64url_read(text) : NULL;
}

/* --- One key --------------------------------------------------------------------------------- */

static EVP_PKEY *
build(const char *kind, OSSL_PARAM_BLD *builder)
{
    EVP_PKEY *key = NULL;
    g_autoptr(OSSL_PARAM) params = OSSL_PARAM_BLD_to_param(builder);
    g_autoptr(EVP_PKEY_CTX) context = EVP_PKEY_CTX_new_from_name(NULL, kind, NULL);

    if (params == NULL || context == NULL || EVP_PKEY_fromdata_init(context) != 1 ||
        EVP_PKEY_fromdata(context, &key, EVP_PKEY_PUBLIC_KEY, params) != 1)
        return NULL;
    g_autoptr(EVP_PKEY_CTX) check = EVP_PKEY_CTX_new(key, NULL);
    if (check != NULL && EVP_PKEY_public_check(check) == 1)
        return key;
    EVP_PKEY_free(key);
    return NULL;
}

static BIGNUM *
to_number(GBytes *bytes)
{
    gsize size;
    const uint8_t *data = g_bytes_get_data(bytes, &size);

    return BN_bin2bn(data, (int)size, NULL);
}

static EVP_PKEY *
read_rsa(const NskJson *object)
{
    g_autoptr(GBytes) n = jwk_bytes(object, "n");
    g_autoptr(GBytes) e = jwk_bytes(object, "e");
    g_autoptr(OSSL_PARAM_BLD) builder = OSSL_PARAM_BLD_new();

    if (builder == NULL || n == NULL || e == NULL || g_bytes_get_size(n) > MAX_RSA / 8 ||
        g_bytes_get_size(e) > MAX_E)
        return NULL;
    g_autoptr(BIGNUM) modulus = to_number(n);
    g_autoptr(BIGNUM) exponent = to_number(e);
    if (modulus == NULL || exponent == NULL || BN_num_bits(modulus) < MIN_RSA ||
        !BN_is_odd(exponent) || BN_is_one(exponent) ||
        OSSL_PARAM_BLD_push_BN(builder, OSSL_PKEY_PARAM_RSA_N, modulus) != 1 ||
        OSSL_PARAM_BLD_push_BN(builder, OSSL_PKEY_PARAM_RSA_E, exponent) != 1)
        return NULL;
    return build("RSA", builder);
}

static EVP_PKEY *
read_ec(const NskJson *object)
{
    const char *curve = nsk_json_get_text(object, "crv");
    size_t half = g_strcmp0(curve, "P-256") == 0 ? 32 : g_strcmp0(curve, "P-521") == 0 ? 66 : 0;
    g_autoptr(GBytes) x = jwk_bytes(object, "x");
    g_autoptr(GBytes) y = jwk_bytes(object, "y");
    g_autoptr(OSSL_PARAM_BLD) builder = OSSL_PARAM_BLD_new();
    uint8_t point[1 + 2 * 66] = { 0x04 }; /* SEC 1, 2.3.3: both halves follow */

    if (builder == NULL || half == 0 || x == NULL || y == NULL || g_bytes_get_size(x) != half ||
        g_bytes_get_size(y) != half)
        return NULL;
    memcpy(point + 1, g_bytes_get_data(x, NULL), half);
    memcpy(point + 1 + half, g_bytes_get_data(y, NULL), half);
    if (OSSL_PARAM_BLD_push_utf8_string(builder, OSSL_PKEY_PARAM_GROUP_NAME, curve, 0) != 1 ||
        OSSL_PARAM_BLD_push_octet_string(builder, OSSL_PKEY_PARAM_PUB_KEY, point, 1 + 2 * half) !=
            1)
        return NULL;
    return build("EC", builder);
}

/* Whether the set says that the key is for checking signatures, or says nothing. */
static bool
is_for_checking(const NskJson *object)
{
    const NskJson *uses = nsk_json_get(object, "key_ops");
    const char *use = nsk_json_get_text(object, "use");
    bool found = uses == NULL;

    for (size_t i = 0; uses != NULL && i < nsk_json_length(uses); i++)
        found = found || g_strcmp0(nsk_json_text_at(uses, i), "verify") == 0;
    return found && (use != NULL ? strcmp(use, "sig") == 0 : nsk_json_get(object, "use") == NULL);
}

/* NULL without error for a key of no use. */
static Jwk *
read_key(const NskJson *object)
{
    const char *kind = nsk_json_get_text(object, "kty");
    const char *algorithm = nsk_json_get_text(object, "alg");
    const JwsWay *way = jws_way_of(algorithm);

    if (kind == NULL || nsk_json_get(object, "d") != NULL || !is_for_checking(object) ||
        (nsk_json_get(object, "alg") != NULL && way == NULL))
        return NULL;
    EVP_PKEY *key = strcmp(kind, "RSA") == 0  ? read_rsa(object)
                    : strcmp(kind, "EC") == 0 ? read_ec(object)
                                              : NULL;
    ERR_clear_error();
    if (key != NULL && way != NULL && !jws_way_fits(way, key)) {
        EVP_PKEY_free(key);
        key = NULL;
    }
    if (key == NULL)
        return NULL;
    Jwk *self = g_new0(Jwk, 1);
    self->id = g_strdup(nsk_json_get_text(object, "kid"));
    self->way = way;
    self->key = key;
    return self;
}

/* --- The set --------------------------------------------------------------------------------- */

NskJwks *
nsk_jwks_parse(const char *text, size_t size, GError **error)
{
    if (size > NSK_JWKS_MAX_SIZE) {
        g_set_error(error, NSK_ERROR, NSK_ERROR_LIMIT,
                    nsk_tr("the provider's set of keys is larger than %d bytes"),
                    NSK_JWKS_MAX_SIZE);
        return NULL;
    }
    g_autoptr(NskJson) json = nsk_json_parse(text, size, error);
    if (json == NULL)
        return NULL;
    const NskJson *list = nsk_json_get(json, "keys");
    if (list == NULL || nsk_json_length(list) > NSK_JWKS_MAX_KEYS) {
        g_set_error(error, NSK_ERROR, NSK_ERROR_INVALID,
                    nsk_tr("this is no set of at most %d keys (member 'keys')"), NSK_JWKS_MAX_KEYS);
        return NULL;
    }
    g_autoptr(NskJwks) self = g_new0(NskJwks, 1);
    self->keys = g_ptr_array_new_with_free_func((GDestroyNotify)jwk_free);
    for (size_t i = 0; i < nsk_json_length(list); i++) {
        Jwk *key = read_key(nsk_json_at(list, i));

        if (key != NULL)
            g_ptr_array_add(self->keys, key);
    }
    if (self->keys->len > 0)
        return g_steal_pointer(&self);
    g_set_error(error, NSK_ERROR, NSK_ERROR_INVALID, "%s",
                nsk_tr("no key of the provider is one for RS256, PS256, ES256 or ES512"));
    return NULL;
}

const GPtrArray *
jwks_list(const NskJwks *self)
{
    return self->keys;
}

size_t
nsk_jwks_length(const NskJwks *self)
{
    return self->keys->len;
}

void
nsk_jwks_free(NskJwks *self)
{
    if (self == NULL)
        return;
    g_ptr_array_unref(self->keys);
    g_free(self);
}
