/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What a passkey's device answers, and whether it is true.
 *
 * No attestation is asked for: which make a device is of is nobody's business here.  So of a new
 * passkey the authenticator data is enough, and no certificate is looked at.
 */
#include "base/bytes.h"
#include "base/json.h"
#include "base/late.h"
#include "base/message.h"
#include "signin/signin-private.h"

#include <fido.h>
#include <fido/eddsa.h>
#include <fido/es256.h>
#include <fido/rs256.h>
#include <string.h>

#define CLIENT_DATA_MAX   4096  /* bytes */
#define AUTHENTICATOR_MAX 16384 /* the same */
#define FLAG_PRESENT      0x01
#define FLAG_VERIFIED     0x04

#define FIDO_FUNCTIONS(X)                                                                          \
    X(fido_cred_new)                                                                               \
    X(fido_cred_free)                                                                              \
    X(fido_cred_set_type)                                                                          \
    X(fido_cred_set_authdata_raw)                                                                  \
    X(fido_cred_id_ptr)                                                                            \
    X(fido_cred_id_len)                                                                            \
    X(fido_cred_pubkey_ptr)                                                                        \
    X(fido_cred_pubkey_len)                                                                        \
    X(fido_cred_sigcount)                                                                          \
    X(fido_assert_new)                                                                             \
    X(fido_assert_free)                                                                            \
    X(fido_assert_set_rp)                                                                          \
    X(fido_assert_set_clientdata)                                                                  \
    X(fido_assert_set_count)                                                                       \
    X(fido_assert_set_authdata_raw)                                                                \
    X(fido_assert_set_sig)                                                                         \
    X(fido_assert_set_up)                                                                          \
    X(fido_assert_set_uv)                                                                          \
    X(fido_assert_sigcount)                                                                        \
    X(fido_assert_verify)                                                                          \
    X(es256_pk_new)                                                                                \
    X(es256_pk_free)                                                                               \
    X(es256_pk_from_ptr)                                                                           \
    X(eddsa_pk_new)                                                                                \
    X(eddsa_pk_free)                                                                               \
    X(eddsa_pk_from_ptr)                                                                           \
    X(rs256_pk_new)                                                                                \
    X(rs256_pk_free)                                                                               \
    X(rs256_pk_from_ptr)
#define MEMBER(name) __typeof__(&name) name;
static struct {
    FIDO_FUNCTIONS(MEMBER)
} fido;

static bool
load(GError **error)
{
#define NAMED(name) { #name, &fido.name },
    static const NskLateFunction functions[] = { FIDO_FUNCTIONS(NAMED){ NULL, NULL } };
    static const NskLateLibrary library = { "libfido2.so.1", "libfido2-1", functions, NULL };
    static const char *missing;
    static gsize done;

    return nsk_late_load(&library, &done, &missing, error);
}

static void
free_cred(fido_cred_t *cred)
{
    fido.fido_cred_free(&cred);
}

static void
free_assert(fido_assert_t *assertion)
{
    fido.fido_assert_free(&assertion);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC(fido_cred_t, free_cred)
G_DEFINE_AUTOPTR_CLEANUP_FUNC(fido_assert_t, free_assert)

static bool
refuse(GError **error, int code, const char *words)
{
    g_set_error_literal(error, NSK_ERROR, code, words);
    return false;
}

/* --- The site -------------------------------------------------------------------------------- */

bool
nsk_passkey_site_read(const char *origin, char **out_host, GError **error)
{
    g_autoptr(GUri) uri = g_uri_parse(origin, G_URI_FLAGS_NONE, NULL);
    const char *host = uri != NULL ? g_uri_get_host(uri) : NULL;
    bool is_tls = uri != NULL && strcmp(g_uri_get_scheme(uri), "https") == 0;
    bool is_here = g_strcmp0(host, "localhost") == 0;
    const char *end = uri != NULL ? g_uri_get_path(uri) : "";

    if (host != NULL && end[0] == '\0' && g_uri_get_query(uri) == NULL &&
        g_uri_get_userinfo(uri) == NULL && !g_hostname_is_ip_address(host) &&
        (is_here || (is_tls && strchr(host, '.') != NULL))) {
        *out_host = g_ascii_strdown(host, -1);
        return true;
    }
    g_set_error(error, NSK_ERROR, NSK_ERROR_INVALID,
                nsk_tr("passkeys do not work at '%.200s'; they need a name under HTTPS, such as "
                       "https://surat.example.go.id"),
                origin);
    return false;
}

/* --- What the browser says ------------------------------------------------------------------- */

static NskJson *
read_client_data(const NskPasskeyAnswer *answer, GError **error)
{
    gsize size;
    const char *text = g_bytes_get_data(answer->client_data, &size);
    g_autoptr(NskJson) data =
        size > 0 && size <= CLIENT_DATA_MAX ? nsk_json_parse(text, size, NULL) : NULL;

    if (data != NULL && nsk_json_get_text(data, "challenge") != NULL)
        return g_steal_pointer(&data);
    (void)refuse(error, NSK_ERROR_INVALID,
                 nsk_tr("what the browser sent of the passkey is broken"));
    return NULL;
}

char *
nsk_passkey_question(const NskPasskeyAnswer *answer, GError **error)
{
    gsize size = 0;
    g_autoptr(NskJson) data = read_client_data(answer, error);
    g_autoptr(GBytes) bytes =
        data != NULL ? nsk_base64url_read(nsk_json_get_text(data, "challenge")) : NULL;
    const char *text = bytes != NULL ? g_bytes_get_data(bytes, &size) : NULL;

    if (size > 0 && nsk_utf8_is_valid(text, size))
        return g_strndup(text, size);
    if (data != NULL)
        (void)refuse(error, NSK_ERROR_INVALID,
                     nsk_tr("what the browser sent of the passkey is broken"));
    return NULL;
}

/* Sections 7.1 and 7.2, steps about the client data. */
static bool
check_client_data(const NskPasskeySite *site,
                  const char *type,
                  const char *question,
                  const NskPasskeyAnswer *answer,
                  GError **error)
{
    g_autoptr(NskJson) data = read_client_data(answer, error);
    g_autofree char *challenge = nsk_base64url(question, strlen(question));

    if (data == NULL)
        return false;
    if (g_strcmp0(nsk_json_get_text(data, "type"), type) != 0 ||
        strcmp(nsk_json_get_text(data, "challenge"), challenge) != 0)
        return refuse(error, NSK_ERROR_UNTRUSTED,
                      nsk_tr("the passkey answered another question; try again"));
    if (g_strcmp0(nsk_json_get_text(data, "origin"), site->origin) == 0 &&
        !nsk_json_get_bool(data, "crossOrigin", false))
        return true;
    g_set_error(error, NSK_ERROR, NSK_ERROR_UNTRUSTED,
                nsk_tr("the passkey was used on the pages of '%.200s', and this office's are at "
                       "'%s'; open that address"),
                nsk_json_get_text(data, "origin") != NULL ? nsk_json_get_text(data, "origin") : "",
                site->origin);
    return false;
}

/* --- CBOR (RFC 8949) ---
 *
 * libcbor makes room for as many members as a head claims before it reads the first.  So nothing
 * goes there whose heads claim more than there are bytes. */

typedef struct {
    const uint8_t *at;
    const uint8_t *end;
} Cbor;

/* Reads a head; indefinite lengths, which devices must not send (CTAP 2, section 6), are refused.
 */
static bool
read_cbor_head(Cbor *self, unsigned *out_type, uint64_t *out_value)
{
    if (self->at == self->end)
        return false;
    unsigned more = *self->at & 0x1f;
    size_t size = more < 24 ? 0 : (size_t)1 << (more - 24);

    *out_type = *self->at++ >> 5;
    *out_value = more;
    if (more > 27 || (size_t)(self->end - self->at) < size)
        return false;
    if (size > 0)
        *out_value = 0;
    for (; size > 0; size--)
        *out_value = *out_value << 8 | *self->at++;
    return true;
}

/* Walks over one item, and what is in it down to @depth. */
static bool
skip_cbor(Cbor *self, unsigned depth)
{
    enum { BYTES = 2, TEXT = 3, ARRAY = 4, MAP = 5, TAG = 6 };
    unsigned type;
    uint64_t value;

    if (depth == 0 || !read_cbor_head(self, &type, &value))
        return false;
    uint64_t left = (uint64_t)(self->end - self->at);
    if (type >= BYTES && type <= MAP && value > left)
        return false;
    if (type == BYTES || type == TEXT)
        self->at += value;
    uint64_t members = type == ARRAY ? value : type == MAP ? 2 * value : type == TAG ? 1 : 0;
    for (; members > 0; members--) {
        if (!skip_cbor(self, depth - 1))
            return false;
    }
    return true;
}

/* Whether all behind the head of authenticator data (section 6.1) is CBOR whose sizes are true. */
static bool
is_sound(const uint8_t *data, size_t size)
{
    enum { HEAD = NSK_SHA256_SIZE + 5, MAKER = 16, ATTESTED = 0x40, DEPTH = 8 };
    Cbor cbor = { data + HEAD, data + size };

    if ((data[NSK_SHA256_SIZE] & ATTESTED) != 0) {
        if (size < HEAD + MAKER + 2)
            return false;
        size_t length = (size_t)data[HEAD + MAKER] << 8 | data[HEAD + MAKER + 1];
        if (size - HEAD - MAKER - 2 < length)
            return false;
        cbor.at += MAKER + 2 + length;
    }
    while (cbor.at < cbor.end) {
        if (!skip_cbor(&cbor, DEPTH))
            return false;
    }
    return true;
}

/* --- What the device says -------------------------------------------------------------------- */

/* The head that every authenticator data begins with: for whom, and how the person was met. */
static bool
check_head(const NskPasskeySite *site, const NskPasskeyAnswer *answer, GError **error)
{
    gsize size;
    const uint8_t *data = g_bytes_get_data(answer->authenticator, &size);
    uint8_t digest[NSK_SHA256_SIZE];

    nsk_sha256(site->host, strlen(site->host), digest);
    if (size < sizeof digest + 5 || size > AUTHENTICATOR_MAX || !is_sound(data, size))
        return refuse(error, NSK_ERROR_INVALID,
                      nsk_tr("what the device sent of the passkey is broken"));
    if (memcmp(data, digest, sizeof digest) != 0)
        return refuse(error, NSK_ERROR_UNTRUSTED, nsk_tr("the passkey is one of other pages"));
    uint8_t flags = data[sizeof digest];
    if ((flags & FLAG_PRESENT) != 0 && (flags & FLAG_VERIFIED) != 0)
        return true;
    return refuse(error, NSK_ERROR_UNTRUSTED,
                  nsk_tr("the device did not ask for a fingerprint, face or PIN; a passkey counts "
                         "here only if it does"));
}

static bool
is_known_algorithm(int algorithm)
{
    return algorithm == COSE_ES256 || algorithm == COSE_EDDSA || algorithm == COSE_RS256;
}

/* The new credential, if its key is of @algorithm. */
static NskPasskey *
read_credential(const NskPasskeyAnswer *answer, int algorithm)
{
    gsize size;
    const uint8_t *data = g_bytes_get_data(answer->authenticator, &size);
    g_autoptr(fido_cred_t) cred = fido.fido_cred_new();
    NskPasskey *passkey;

    if (cred == NULL || fido.fido_cred_set_type(cred, algorithm) != FIDO_OK ||
        fido.fido_cred_set_authdata_raw(cred, data, size) != FIDO_OK ||
        fido.fido_cred_id_len(cred) == 0 || fido.fido_cred_pubkey_len(cred) == 0)
        return NULL;
    passkey = g_new(NskPasskey, 1);
    *passkey = (NskPasskey){
        .id = g_bytes_new(fido.fido_cred_id_ptr(cred), fido.fido_cred_id_len(cred)),
        .algorithm = algorithm,
        .key = g_bytes_new(fido.fido_cred_pubkey_ptr(cred), fido.fido_cred_pubkey_len(cred)),
        .counter = fido.fido_cred_sigcount(cred),
    };
    return passkey;
}

NskPasskey *
nsk_passkey_read(const NskPasskeySite *site,
                 const char *question,
                 const NskPasskeyAnswer *answer,
                 GError **error)
{
    static const int algorithms[] = { COSE_ES256, COSE_EDDSA, COSE_RS256 };

    if (!load(error) || !check_client_data(site, "webauthn.create", question, answer, error) ||
        !check_head(site, answer, error))
        return NULL;
    for (size_t i = 0; i < G_N_ELEMENTS(algorithms); i++) {
        g_autoptr(NskPasskey) passkey = read_credential(answer, algorithms[i]);

        if (passkey != NULL && (answer->id == NULL || g_bytes_equal(answer->id, passkey->id)))
            return g_steal_pointer(&passkey);
    }
    (void)refuse(error, NSK_ERROR_INVALID,
                 nsk_tr("the device made a passkey of a kind that is not known here; take another "
                        "device"));
    return NULL;
}

/* --- A use ----------------------------------------------------------------------------------- */

static bool
fill_assertion(fido_assert_t *assertion, const NskPasskeySite *site, const NskPasskeyAnswer *answer)
{
    gsize client_size, data_size, signature_size;
    const uint8_t *client = g_bytes_get_data(answer->client_data, &client_size);
    const uint8_t *data = g_bytes_get_data(answer->authenticator, &data_size);
    const uint8_t *signature = g_bytes_get_data(answer->signature, &signature_size);

    return fido.fido_assert_set_rp(assertion, site->host) == FIDO_OK &&
           fido.fido_assert_set_clientdata(assertion, client, client_size) == FIDO_OK &&
           fido.fido_assert_set_up(assertion, FIDO_OPT_TRUE) == FIDO_OK &&
           fido.fido_assert_set_uv(assertion, FIDO_OPT_TRUE) == FIDO_OK &&
           fido.fido_assert_set_count(assertion, 1) == FIDO_OK &&
           fido.fido_assert_set_authdata_raw(assertion, 0, data, data_size) == FIDO_OK &&
           fido.fido_assert_set_sig(assertion, 0, signature, signature_size) == FIDO_OK;
}

static bool
verify_es256(const fido_assert_t *assertion, const uint8_t *key, size_t size)
{
    es256_pk_t *pk = fido.es256_pk_new();
    bool ok = pk != NULL && fido.es256_pk_from_ptr(pk, key, size) == FIDO_OK &&
              fido.fido_assert_verify(assertion, 0, COSE_ES256, pk) == FIDO_OK;

    fido.es256_pk_free(&pk);
    return ok;
}

static bool
verify_eddsa(const fido_assert_t *assertion, const uint8_t *key, size_t size)
{
    eddsa_pk_t *pk = fido.eddsa_pk_new();
    bool ok = pk != NULL && fido.eddsa_pk_from_ptr(pk, key, size) == FIDO_OK &&
              fido.fido_assert_verify(assertion, 0, COSE_EDDSA, pk) == FIDO_OK;

    fido.eddsa_pk_free(&pk);
    return ok;
}

static bool
verify_rs256(const fido_assert_t *assertion, const uint8_t *key, size_t size)
{
    rs256_pk_t *pk = fido.rs256_pk_new();
    bool ok = pk != NULL && fido.rs256_pk_from_ptr(pk, key, size) == FIDO_OK &&
              fido.fido_assert_verify(assertion, 0, COSE_RS256, pk) == FIDO_OK;

    fido.rs256_pk_free(&pk);
    return ok;
}

static bool
verify(const NskPasskey *self, const fido_assert_t *assertion)
{
    gsize size;
    const uint8_t *key = g_bytes_get_data(self->key, &size);

    switch (self->algorithm) {
    case COSE_ES256:
        return verify_es256(assertion, key, size);
    case COSE_EDDSA:
        return verify_eddsa(assertion, key, size);
    case COSE_RS256:
        return verify_rs256(assertion, key, size);
    default:
        return false;
    }
}

bool
nsk_passkey_check(const NskPasskey *self,
                  const NskPasskeySite *site,
                  const char *question,
                  const NskPasskeyAnswer *answer,
                  int64_t *out_counter,
                  GError **error)
{
    if (answer->signature == NULL || !is_known_algorithm(self->algorithm))
        return refuse(error, NSK_ERROR_INVALID,
                      nsk_tr("what the device sent of the passkey is broken"));
    if (!load(error) || !check_client_data(site, "webauthn.get", question, answer, error) ||
        !check_head(site, answer, error))
        return false;
    g_autoptr(fido_assert_t) assertion = fido.fido_assert_new();
    if (assertion == NULL || !fill_assertion(assertion, site, answer) || !verify(self, assertion))
        return refuse(error, NSK_ERROR_UNTRUSTED,
                      nsk_tr("the signature is not one of this passkey"));
    *out_counter = fido.fido_assert_sigcount(assertion, 0);
    return true;
}
