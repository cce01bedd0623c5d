/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What an ID token and a logout token say (OpenID Connect Core 1.0, 3.1.3.7; Back-Channel Logout
 * 1.0, 2.6).  The two are told apart strictly: one with "events" never lets anybody in, and one
 * with a nonce never puts anybody out.
 */
#include "base/bytes.h"
#include "base/message.h"
#include "crypto/crypto.h"
#include "crypto/jwk-private.h"

#include <string.h>

#define LEEWAY      60    /* seconds that two clocks may differ by */
#define MAX_LIFE    86400 /* seconds; a token that lasts longer was made by mistake */
#define MAX_TEXT    255   /* bytes of a subject (Core, 2), and of other names */
#define LOGOUT      "http://schemas.openid.net/event/backchannel-logout"
#define LOGOUT_LIFE 600 /* seconds for which one that does not say may come */

static bool
refuse(GError **error, NskError code, const char *claim, const char *words)
{
    g_set_error(error, NSK_ERROR, code, nsk_tr("the provider's token, '%s': %s"), claim, words);
    return false;
}

static bool
is_text(const NskJson *claims, const char *name)
{
    const char *text = nsk_json_get_text(claims, name);

    return text != NULL && text[0] != '\0' && strlen(text) <= MAX_TEXT;
}

static NskJson *
read_claims(GBytes *payload, GError **error)
{
    gsize size;
    const char *text = g_bytes_get_data(payload, &size);
    g_autoptr(NskJson) claims = size > 0 ? nsk_json_parse(text, size, NULL) : NULL;

    if (claims != NULL && nsk_json_type(claims) == NSK_JSON_OBJECT)
        return g_steal_pointer(&claims);
    g_set_error(error, NSK_ERROR, NSK_ERROR_INVALID, "%s",
                nsk_tr("the provider's token does not hold JSON claims"));
    return NULL;
}

/* --- Claims of both -------------------------------------------------------------------------- */

static bool
check_issuer(const NskJson *claims, const char *issuer, GError **error)
{
    return g_strcmp0(nsk_json_get_text(claims, "iss"), issuer) == 0 ||
           refuse(error, NSK_ERROR_UNTRUSTED, "iss", nsk_tr("another provider made it"));
}

/* Whether it is for this office, which is the one that asked where there are several. */
static bool
check_audience(const NskJson *claims, const char *client, GError **error)
{
    const NskJson *list = nsk_json_get(claims, "aud");
    const char *party = nsk_json_get_text(claims, "azp");
    size_t n = list != NULL && nsk_json_type(list) == NSK_JSON_ARRAY ? nsk_json_length(list) : 0;
    bool found = g_strcmp0(nsk_json_get_text(claims, "aud"), client) == 0;

    for (size_t i = 0; i < n; i++)
        found = found || g_strcmp0(nsk_json_text_at(list, i), client) == 0;
    if (!found)
        return refuse(error, NSK_ERROR_UNTRUSTED, "aud", nsk_tr("it is not for this office"));
    if ((n > 1 || nsk_json_get(claims, "azp") != NULL) && g_strcmp0(party, client) != 0)
        return refuse(error, NSK_ERROR_UNTRUSTED, "azp", nsk_tr("it is not for this office"));
    return true;
}

/* A moment in seconds; @fallback where it is not there or no whole number above 0. */
static int64_t
moment(const NskJson *claims, const char *name, int64_t fallback)
{
    int64_t at = nsk_json_get_int(claims, name, 0);

    return at > 0 && at < G_MAXINT32 * (int64_t)4 ? at : fallback;
}

static bool
check_times(const NskJson *claims, int64_t now, int64_t until, GError **error)
{
    int64_t issued = moment(claims, "iat", 0);
    int64_t begins =
        moment(claims, "nbf", nsk_json_get(claims, "nbf") == NULL ? issued : G_MAXINT64);

    if (issued == 0 || issued > now + LEEWAY || begins > now + LEEWAY)
        return refuse(error, NSK_ERROR_UNTRUSTED, "iat",
                      nsk_tr("it is from a time to come, or has none; compare the clocks"));
    if (until == 0 || until > issued + MAX_LIFE)
        return refuse(error, NSK_ERROR_UNTRUSTED, "exp", nsk_tr("it lasts too long, or for ever"));
    if (until + LEEWAY <= now)
        return refuse(error, NSK_ERROR_EXPIRED, "exp", nsk_tr("its time is over"));
    return true;
}

/* --- The ID token ---------------------------------------------------------------------------- */

static bool
check_access(const NskJson *claims, NskJwsAlgorithm algorithm, const char *token, GError **error)
{
    uint8_t digest[EVP_MAX_MD_SIZE];
    unsigned size = 0;
    const char *given = nsk_json_get_text(claims, "at_hash");

    if (nsk_json_get(claims, "at_hash") == NULL || token == NULL)
        return true;
    if (EVP_Digest(token, strlen(token), digest, &size,
                   EVP_get_digestbyname(jws_ways[algorithm].digest), NULL) != 1)
        size = 0;
    g_autofree char *left = nsk_base64url(digest, size / 2);
    return (size > 0 && g_strcmp0(left, given) == 0) ||
           refuse(error, NSK_ERROR_UNTRUSTED, "at_hash", nsk_tr("another token came with it"));
}

static bool
check_nonce(const NskJson *claims, const char *nonce, GError **error)
{
    const char *given = nsk_json_get_text(claims, "nonce");
    size_t size = strlen(nonce);

    return (given != NULL && size > 0 && strlen(given) == size &&
            nsk_equal_secret(given, nonce, size)) ||
           refuse(error, NSK_ERROR_UNTRUSTED, "nonce", nsk_tr("it answers another question"));
}

static bool
check_freshness(const NskJson *claims, const NskIdTokenCheck *check, int64_t now, GError **error)
{
    int64_t proved = moment(claims, "auth_time", 0);

    if (check->max_age == 0)
        return true;
    return (proved > 0 && proved <= now + LEEWAY && proved + check->max_age + LEEWAY > now) ||
           refuse(error, NSK_ERROR_UNTRUSTED, "auth_time",
                  nsk_tr("the person did not prove just now who it is"));
}

NskJson *
nsk_id_token_verify(const NskJwks *keys,
                    const char *token,
                    size_t size,
                    const NskIdTokenCheck *check,
                    GError **error)
{
    NskJwsAlgorithm algorithm;
    int64_t now = check->now / G_USEC_PER_SEC;
    g_autoptr(GBytes) payload = nsk_jws_verify(keys, token, size, &algorithm, error);
    g_autoptr(NskJson) claims = payload != NULL ? read_claims(payload, error) : NULL;

    if (claims == NULL || !check_issuer(claims, check->issuer, error) ||
        !check_audience(claims, check->client, error) ||
        !check_times(claims, now, moment(claims, "exp", 0), error) ||
        !check_nonce(claims, check->nonce, error) ||
        !check_access(claims, algorithm, check->access_token, error) ||
        !check_freshness(claims, check, now, error))
        return NULL;
    if (nsk_json_get(claims, "events") != NULL) {
        (void)refuse(error, NSK_ERROR_UNTRUSTED, "events", nsk_tr("it is no ID token"));
        return NULL;
    }
    if (!is_text(claims, "sub")) {
        (void)refuse(error, NSK_ERROR_UNTRUSTED, "sub", nsk_tr("it names nobody"));
        return NULL;
    }
    return g_steal_pointer(&claims);
}

/* --- The logout token ------------------------------------------------------------------------ */

static bool
check_event(const NskJson *claims, GError **error)
{
    const NskJson *events = nsk_json_get(claims, "events");
    const NskJson *event = events != NULL ? nsk_json_get(events, LOGOUT) : NULL;

    if (event == NULL || nsk_json_type(event) != NSK_JSON_OBJECT ||
        nsk_json_get(claims, "nonce") != NULL)
        return refuse(error, NSK_ERROR_UNTRUSTED, "events", nsk_tr("it is no logout token"));
    if (!is_text(claims, "jti"))
        return refuse(error, NSK_ERROR_UNTRUSTED, "jti", nsk_tr("it has no name of its own"));
    if ((nsk_json_get(claims, "sub") != NULL && !is_text(claims, "sub")) ||
        (nsk_json_get(claims, "sid") != NULL && !is_text(claims, "sid")) ||
        (!is_text(claims, "sub") && !is_text(claims, "sid")))
        return refuse(error, NSK_ERROR_UNTRUSTED, "sub", nsk_tr("it names nobody"));
    return true;
}

NskJson *
nsk_logout_token_verify(const NskJwks *keys,
                        const char *token,
                        size_t size,
                        const NskLogoutTokenCheck *check,
                        GError **error)
{
    g_autoptr(GBytes) payload = nsk_jws_verify(keys, token, size, NULL, error);
    g_autoptr(NskJson) claims = payload != NULL ? read_claims(payload, error) : NULL;

    if (claims == NULL)
        return NULL;
    /* Keycloak and others of before the final text leave "exp" out. */
    int64_t until = nsk_json_get(claims, "exp") != NULL ? moment(claims, "exp", 0)
                                                        : moment(claims, "iat", 0) + LOGOUT_LIFE;
    return check_issuer(claims, check->issuer, error) &&
                   check_audience(claims, check->client, error) &&
                   check_times(claims, check->now / G_USEC_PER_SEC, until, error) &&
                   check_event(claims, error)
               ? g_steal_pointer(&claims)
               : NULL;
}
