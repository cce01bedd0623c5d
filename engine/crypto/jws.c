/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Signatures of tokens (RFC 7515), checked and made.
 *
 * What a token says of itself is used for two things only: its algorithm, which must be one of
 * four and fit the key's kind, and the name of the key in the set that the caller has.  Keys and
 * addresses of keys in a token (jwk, jku, x5c, x5u) are not read at all.
 */
#include "base/bytes.h"
#include "base/message.h"
#include "crypto/crypto.h"
#include "crypto/jwk-private.h"

#include <openssl/core_names.h>
#include <openssl/ec.h>
#include <openssl/ecdsa.h>
#include <openssl/err.h>
#include <openssl/rsa.h>
#include <string.h>

#define HALF 66 /* bytes of a number of P-521 */

struct _NskJwsKey {
    EVP_PKEY *key;
    char *id;
};

G_DEFINE_AUTOPTR_CLEANUP_FUNC(EVP_MD_CTX, EVP_MD_CTX_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC(ECDSA_SIG, ECDSA_SIG_free)

static gpointer
fail(GError **error, NskError code, const char *words)
{
    g_set_error(error, NSK_ERROR, code, nsk_tr("the provider's token: %s"), words);
    return NULL;
}

/* --- Checking -------------------------------------------------------------------------------- */

/* A token in its pieces; borrowed from it. */
typedef struct {
    const char *token;
    size_t head;    /* bytes of the header */
    size_t signed_; /* bytes of header, dot and payload */
    size_t size;
} Pieces;

static bool
split(const char *token, size_t size, Pieces *out, GError **error)
{
    const char *first = memchr(token, '.', size);
    size_t head = first != NULL ? (size_t)(first - token) : 0;
    const char *second = first != NULL ? memchr(first + 1, '.', size - head - 1) : NULL;
    size_t body = second != NULL ? (size_t)(second - token) : 0;

    if (second == NULL || memchr(second + 1, '.', size - body - 1) != NULL) {
        (void)fail(error, NSK_ERROR_INVALID, nsk_tr("it does not have three parts"));
        return false;
    }
    *out = (Pieces){ token, head, body, size };
    return true;
}

static NskJson *
read_header(const Pieces *pieces, GError **error)
{
    g_autoptr(GBytes) bytes = jws_bytes(pieces->token, pieces->head);
    gsize size = 0;
    const char *text = bytes != NULL ? g_bytes_get_data(bytes, &size) : NULL;
    g_autoptr(NskJson) header = size > 0 ? nsk_json_parse(text, size, NULL) : NULL;

    if (header == NULL || nsk_json_type(header) != NSK_JSON_OBJECT)
        return fail(error, NSK_ERROR_INVALID, nsk_tr("its header cannot be read"));
    if (nsk_json_get(header, "crit") != NULL)
        return fail(error, NSK_ERROR_UNSUPPORTED, nsk_tr("it demands an extension (crit)"));
    if (jws_way_of(nsk_json_get_text(header, "alg")) == NULL)
        return fail(error, NSK_ERROR_UNSUPPORTED,
                    nsk_tr("its algorithm is none of RS256, PS256, ES256 and ES512"));
    return g_steal_pointer(&header);
}

static bool
set_up(EVP_PKEY_CTX *context, const JwsWay *way)
{
    if (way->half > 0)
        return true;
    if (!way->is_pss)
        return EVP_PKEY_CTX_set_rsa_padding(context, RSA_PKCS1_PADDING) == 1;
    return EVP_PKEY_CTX_set_rsa_padding(context, RSA_PKCS1_PSS_PADDING) == 1 &&
           EVP_PKEY_CTX_set_rsa_pss_saltlen(context, RSA_PSS_SALTLEN_DIGEST) == 1;
}

static bool
check_value(const Jwk *key, const JwsWay *way, const Pieces *pieces, GBytes *value)
{
    EVP_PKEY_CTX *inner = NULL; /* of the context */
    g_autoptr(EVP_MD_CTX) context = EVP_MD_CTX_new();
    g_autoptr(GBytes) der = NULL;
    gsize size = g_bytes_get_size(value);
    const void *data = g_bytes_get_data(value, NULL);

    if (way->half > 0) {
        der = size == 2 * way->half ? nsk_ecdsa_from_raw(data, size, NULL) : NULL;
        if (der == NULL)
            return false;
        data = g_bytes_get_data(der, &size);
    }
    bool good =
        context != NULL &&
        EVP_DigestVerifyInit_ex(context, &inner, way->digest, NULL, NULL, key->key, NULL) == 1 &&
        set_up(inner, way) &&
        EVP_DigestVerify(context, data, size, (const uint8_t *)pieces->token, pieces->signed_) == 1;
    ERR_clear_error();
    return good;
}

/* The keys that may have made it; Jwk, borrowed. */
static GPtrArray *
find_keys(const NskJwks *keys, const NskJson *header, const JwsWay *way)
{
    const char *id = nsk_json_get_text(header, "kid");
    const GPtrArray *all = jwks_list(keys);
    GPtrArray *found = g_ptr_array_new();

    for (guint i = 0; i < all->len; i++) {
        Jwk *key = all->pdata[i];
        bool is_named = id == NULL || g_strcmp0(id, key->id) == 0;

        if (is_named && (key->way == NULL || key->way == way) && jws_way_fits(way, key->key))
            g_ptr_array_add(found, key);
    }
    return found;
}

static bool
check_signature(const NskJwks *keys, const NskJson *header, const Pieces *pieces, GError **error)
{
    const JwsWay *way = jws_way_of(nsk_json_get_text(header, "alg"));
    g_autoptr(GPtrArray) found = find_keys(keys, header, way);
    g_autoptr(GBytes) value =
        jws_bytes(pieces->token + pieces->signed_ + 1, pieces->size - pieces->signed_ - 1);
    bool is_named = nsk_json_get(header, "kid") != NULL;

    if (value == NULL || g_bytes_get_size(value) == 0 ||
        (is_named && nsk_json_get_text(header, "kid") == NULL))
        return fail(error, NSK_ERROR_INVALID, nsk_tr("its signature cannot be read")) != NULL;
    if (found->len == 0)
        return fail(error, NSK_ERROR_NOT_FOUND,
                    nsk_tr("its key is not in the provider's set of keys")) != NULL;
    if (!is_named && found->len > 1) /* OpenID Connect Core 1.0, 10.1 */
        return fail(error, NSK_ERROR_INVALID,
                    nsk_tr("it does not name its key, and there is more than one")) != NULL;
    for (guint i = 0; i < found->len; i++) {
        if (check_value(found->pdata[i], way, pieces, value))
            return true;
    }
    return fail(error, NSK_ERROR_UNTRUSTED, nsk_tr("its signature does not hold")) != NULL;
}

GBytes *
nsk_jws_verify(const NskJwks *keys,
               const char *token,
               size_t size,
               NskJwsAlgorithm *out_algorithm,
               GError **error)
{
    Pieces pieces;

    if (size > NSK_JWS_MAX_SIZE)
        return fail(error, NSK_ERROR_LIMIT, nsk_tr("it is too large"));
    if (!split(token, size, &pieces, error))
        return NULL;
    g_autoptr(NskJson) header = read_header(&pieces, error);
    if (header == NULL || !check_signature(keys, header, &pieces, error))
        return NULL;
    GBytes *payload = jws_bytes(token + pieces.head + 1, pieces.signed_ - pieces.head - 1);
    if (payload == NULL)
        return fail(error, NSK_ERROR_INVALID, nsk_tr("its content cannot be read"));
    if (out_algorithm != NULL)
        *out_algorithm = (NskJwsAlgorithm)(jws_way_of(nsk_json_get_text(header, "alg")) - jws_ways);
    return payload;
}

/* --- An own key ------------------------------------------------------------------------------ */

static char *
coordinate(const EVP_PKEY *key, const char *name)
{
    uint8_t bytes[HALF];
    BIGNUM *number = NULL;
    bool ok = EVP_PKEY_get_bn_param(key, name, &number) == 1 &&
              BN_bn2binpad(number, bytes, sizeof bytes) == (int)sizeof bytes;

    BN_free(number);
    return ok ? nsk_base64url(bytes, sizeof bytes) : NULL;
}

/* The members that a thumbprint is of (RFC 7638, 3.2). */
static NskJson *
bare_public(const EVP_PKEY *key)
{
    g_autofree char *x = coordinate(key, OSSL_PKEY_PARAM_EC_PUB_X);
    g_autofree char *y = coordinate(key, OSSL_PKEY_PARAM_EC_PUB_Y);

    if (x == NULL || y == NULL)
        return NULL;
    NskJson *object = nsk_json_object();
    nsk_json_set_text(object, "crv", "P-521");
    nsk_json_set_text(object, "kty", "EC");
    nsk_json_set_text(object, "x", x);
    nsk_json_set_text(object, "y", y);
    return object;
}

/* Takes @key. */
static NskJwsKey *
wrap_key(EVP_PKEY *key, NskError code, GError **error)
{
    uint8_t digest[NSK_SHA256_SIZE];
    bool fits = key != NULL && jws_way_fits(&jws_ways[NSK_JWS_ES512], key);
    g_autoptr(NskJson) object = fits ? bare_public(key) : NULL;

    if (object == NULL) {
        EVP_PKEY_free(key);
        openssl_error(error, code, nsk_tr("a key on P-521"));
        return NULL;
    }
    g_autofree char *text = nsk_json_canonical(object);
    NskJwsKey *self = g_new0(NskJwsKey, 1);
    nsk_sha256(text, strlen(text), digest);
    self->key = key;
    self->id = nsk_base64url(digest, sizeof digest);
    return self;
}

NskJwsKey *
nsk_jws_key_new(GError **error)
{
    return wrap_key(EVP_EC_gen("P-521"), NSK_ERROR_IO, error);
}

NskJwsKey *
nsk_jws_key_load(const void *der, size_t size, GError **error)
{
    const uint8_t *at = der;
    bool fits = size <= NSK_JWS_MAX_SIZE;

    return wrap_key(fits ? d2i_PrivateKey(EVP_PKEY_EC, NULL, &at, (long)size) : NULL,
                    NSK_ERROR_INVALID, error);
}

GBytes *
nsk_jws_key_save(const NskJwsKey *self, GError **error)
{
    uint8_t *der = NULL;
    int size = i2d_PrivateKey(self->key, &der);
    GBytes *bytes = take_der(der, size);

    if (bytes == NULL)
        openssl_error(error, NSK_ERROR_IO, nsk_tr("a key on P-521"));
    return bytes;
}

const char *
nsk_jws_key_get_id(const NskJwsKey *self)
{
    return self->id;
}

NskJson *
nsk_jws_key_public(const NskJwsKey *self)
{
    NskJson *object = bare_public(self->key);

    nsk_json_set_text(object, "kid", self->id);
    nsk_json_set_text(object, "use", "sig");
    nsk_json_set_text(object, "alg", "ES512");
    return object;
}

/* r and s in a row, as JWS has them (RFC 7518, 3.4). */
static bool
to_raw(const uint8_t *der, size_t size, uint8_t out[2 * HALF])
{
    g_autoptr(ECDSA_SIG) signature = d2i_ECDSA_SIG(NULL, &der, (long)size);

    return signature != NULL && BN_bn2binpad(ECDSA_SIG_get0_r(signature), out, HALF) == HALF &&
           BN_bn2binpad(ECDSA_SIG_get0_s(signature), out + HALF, HALF) == HALF;
}

char *
nsk_jws_key_sign(const NskJwsKey *self, const NskJson *claims, GError **error)
{
    uint8_t der[2 * HALF + 16], raw[2 * HALF];
    size_t size = sizeof der;
    g_autoptr(NskJson) header = nsk_json_object();
    g_autoptr(EVP_MD_CTX) context = EVP_MD_CTX_new();

    nsk_json_set_text(header, "alg", "ES512");
    nsk_json_set_text(header, "kid", self->id);
    nsk_json_set_text(header, "typ", "JWT");
    g_autofree char *head = nsk_json_canonical(header);
    g_autofree char *body = nsk_json_canonical(claims);
    g_autofree char *head64 = nsk_base64url(head, strlen(head));
    g_autofree char *body64 = nsk_base64url(body, strlen(body));
    g_autofree char *text = g_strconcat(head64, ".", body64, NULL);
    if (context == NULL ||
        EVP_DigestSignInit_ex(context, NULL, "SHA512", NULL, NULL, self->key, NULL) != 1 ||
        EVP_DigestSign(context, der, &size, (const uint8_t *)text, strlen(text)) != 1 ||
        !to_raw(der, size, raw)) {
        openssl_error(error, NSK_ERROR_IO, nsk_tr("a key on P-521"));
        return NULL;
    }
    g_autofree char *value = nsk_base64url(raw, sizeof raw);
    return g_strconcat(text, ".", value, NULL);
}

void
nsk_jws_key_free(NskJwsKey *self)
{
    if (self == NULL)
        return;
    EVP_PKEY_free(self->key);
    g_free(self->id);
    g_free(self);
}
