/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What is asked of a provider of identities, and what of its answers is believed.
 *
 *   description   /.well-known/openid-configuration (OpenID Connect Discovery 1.0); kept an hour
 *   keys          its JWK set; kept, and fetched anew when a token names a key that is not in it
 *   token         a code for an ID token; the office proves who it is by a JWT of its own (RFC
 * 7523)
 *
 * INVARIANT  Only addresses under https, or at this machine, are asked, without redirects, within
 * seconds, for answers of a bounded size; what an answer says of itself is never shown.
 */
#include "base/bytes.h"
#include "base/message.h"
#include "net/net.h"
#include "office/door-private.h"
#include "office/sso-private.h"

#include <string.h>

#define WELL_KNOWN    "/.well-known/openid-configuration"
#define TIMEOUT_MS    10000
#define LIMIT         ((size_t)256 * 1024) /* bytes of an answer */
#define KEPT_US       ((int64_t)3600 * G_USEC_PER_SEC)
#define ASSERTION_S   60 /* seconds for which the office's proof is good */
#define NAME_BYTES    16
#define MAX_FAULT     60
#define FORM          "application/x-www-form-urlencoded"
#define ASSERTION     "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
#define OK_STATUS     200
#define REFUSE_STATUS 400
#define MOST_AT_ONCE  8 /* of those that redeem a code: a slow provider holds up nobody else */

struct _NskSso {
    GMutex lock;
    char *issuer; /* that the rest is of */
    int64_t read; /* monotonic microseconds */
    NskSsoPlaces places;
    GBytes *keys;  /* NULL: not fetched */
    int redeeming; /* how many wait for the provider */
};

NskSso *
nsk_sso_new(void)
{
    NskSso *self = g_new0(NskSso, 1);

    g_mutex_init(&self->lock);
    return self;
}

void
nsk_sso_free(NskSso *self)
{
    if (self == NULL)
        return;
    g_mutex_clear(&self->lock);
    g_free(self->issuer);
    nsk_sso_places_clear(&self->places);
    g_clear_pointer(&self->keys, g_bytes_unref);
    g_free(self);
}

void
nsk_sso_places_clear(NskSsoPlaces *self)
{
    g_clear_pointer(&self->authorize, g_free);
    g_clear_pointer(&self->token, g_free);
    g_clear_pointer(&self->keys, g_free);
    g_clear_pointer(&self->end, g_free);
}

static void
copy_places(const NskSsoPlaces *from, NskSsoPlaces *to)
{
    *to = (NskSsoPlaces){ g_strdup(from->authorize), g_strdup(from->token), g_strdup(from->keys),
                          g_strdup(from->end), from->names_itself };
}

/* --- Asking ----------------------------------------------------------------------------------- */

/* "invalid_grant" and the like (RFC 6749, 5.2); NULL if it says something else. */
static char *
read_fault(GBytes *body)
{
    gsize size;
    const char *text = g_bytes_get_data(body, &size);
    g_autoptr(NskJson) json = size > 0 ? nsk_json_parse(text, size, NULL) : NULL;
    const char *fault = json != NULL ? nsk_json_get_text(json, "error") : NULL;

    return fault != NULL && strlen(fault) <= MAX_FAULT &&
                   strspn(fault, "abcdefghijklmnopqrstuvwxyz_") == strlen(fault)
               ? g_strdup(fault)
               : NULL;
}

/* *out_fault: what it says of a request that it refused; NULL if it says nothing.  Owned. */
static bool
check_status(const NskNetAnswer *answer, char **out_fault, GError **error)
{
    if (answer->status == OK_STATUS)
        return true;
    *out_fault = answer->status >= REFUSE_STATUS ? read_fault(answer->body) : NULL;
    if (*out_fault != NULL)
        g_set_error(error, NSK_ERROR, NSK_ERROR_DENIED,
                    nsk_tr("the identity provider refused the office: %s"), *out_fault);
    else
        g_set_error(error, NSK_ERROR, NSK_ERROR_BUSY,
                    nsk_tr("the identity provider answered with the status %d"), answer->status);
    return false;
}

/* @form NULL: GET.  An object; owned.  *out_fault as above. */
static GBytes *
ask_for(const NskSsoProvider *provider,
        const char *url,
        const char *form,
        char **out_fault,
        GError **error)
{
    const NskNetPiece piece = { form, form != NULL ? strlen(form) : 0 };
    const NskNetRequest request = { .url = url,
                                    .post = form != NULL,
                                    .type = form != NULL ? FORM : NULL,
                                    .pieces = &piece,
                                    .n_pieces = form != NULL,
                                    .accept = "application/json",
                                    .secret = true,
                                    .ca = provider->ca,
                                    .timeout_ms = TIMEOUT_MS,
                                    .limit = LIMIT };
    g_auto(NskNetAnswer) answer = { 0 };
    g_autoptr(GError) fault = NULL;

    if (nsk_net_ask(&request, &answer, &fault))
        return check_status(&answer, out_fault, error) ? g_bytes_ref(answer.body) : NULL;
    g_set_error(error, NSK_ERROR, NSK_ERROR_BUSY,
                nsk_tr("the identity provider cannot be asked: %s"), fault->message);
    return NULL;
}

static GBytes *
ask(const NskSsoProvider *provider, const char *url, const char *form, GError **error)
{
    g_autofree char *fault = NULL;

    return ask_for(provider, url, form, &fault, error);
}

static NskJson *
read_object(GBytes *body, GError **error)
{
    gsize size;
    const char *text = g_bytes_get_data(body, &size);
    g_autoptr(NskJson) json = size > 0 ? nsk_json_parse(text, size, NULL) : NULL;

    if (json != NULL && nsk_json_type(json) == NSK_JSON_OBJECT)
        return g_steal_pointer(&json);
    g_set_error_literal(error, NSK_ERROR, NSK_ERROR_INVALID,
                        nsk_tr("what the identity provider answered cannot be read"));
    return NULL;
}

/* --- The description -------------------------------------------------------------------------- */

static bool
read_place(const NskJson *json, const char *name, char **out_url, GError **error)
{
    const char *url = nsk_json_get_text(json, name);

    if (url != NULL && nsk_sso_is_address(url)) {
        *out_url = g_strdup(url);
        return true;
    }
    g_set_error(error, NSK_ERROR, NSK_ERROR_UNTRUSTED,
                nsk_tr("the identity provider's description has no good address as '%s'"), name);
    return false;
}

NskJson *
nsk_sso_describe(const NskSsoProvider *provider, GError **error)
{
    size_t size = strlen(provider->issuer);
    bool has_slash = g_str_has_suffix(provider->issuer, "/");
    g_autofree char *base = g_strndup(provider->issuer, size - has_slash);
    g_autofree char *url = g_strconcat(base, WELL_KNOWN, NULL);
    g_autoptr(GBytes) body = ask(provider, url, NULL, error);

    return body != NULL ? read_object(body, error) : NULL;
}

bool
nsk_sso_read_places(const NskJson *description, NskSsoPlaces *out_places, GError **error)
{
    const char *end = nsk_json_get_text(description, "end_session_endpoint");

    /* who has none, or a bad one, lets people in all the same */
    out_places->end = end != NULL && nsk_sso_is_address(end) ? g_strdup(end) : NULL;
    out_places->names_itself =
        nsk_json_get_bool(description, "authorization_response_iss_parameter_supported", false);
    return read_place(description, "authorization_endpoint", &out_places->authorize, error) &&
           read_place(description, "token_endpoint", &out_places->token, error) &&
           read_place(description, "jwks_uri", &out_places->keys, error);
}

static bool
fetch_places(const NskSsoProvider *provider, NskSsoPlaces *out_places, GError **error)
{
    g_autoptr(NskJson) json = nsk_sso_describe(provider, error);

    if (json == NULL)
        return false;
    if (g_strcmp0(nsk_json_get_text(json, "issuer"), provider->issuer) == 0)
        return nsk_sso_read_places(json, out_places, error);
    g_set_error_literal(error, NSK_ERROR, NSK_ERROR_UNTRUSTED,
                        nsk_tr("the identity provider's description is of another provider"));
    return false;
}

/* Forgets another provider's, and what is old. */
static bool
is_known(NskSso *self, const char *issuer)
{
    bool known =
        g_strcmp0(self->issuer, issuer) == 0 && g_get_monotonic_time() - self->read < KEPT_US;

    if (!known) {
        g_clear_pointer(&self->issuer, g_free);
        nsk_sso_places_clear(&self->places);
        g_clear_pointer(&self->keys, g_bytes_unref);
    }
    return known;
}

bool
nsk_sso_places(NskSso *self,
               const NskSsoProvider *provider,
               NskSsoPlaces *out_places,
               GError **error)
{
    g_mutex_lock(&self->lock);
    bool known = is_known(self, provider->issuer);
    if (known)
        copy_places(&self->places, out_places);
    g_mutex_unlock(&self->lock);
    if (known)
        return true;
    if (!fetch_places(provider, out_places, error))
        return false;
    g_mutex_lock(&self->lock);
    if (!is_known(self, provider->issuer)) {
        self->issuer = g_strdup(provider->issuer);
        self->read = g_get_monotonic_time();
        copy_places(out_places, &self->places);
    }
    g_mutex_unlock(&self->lock);
    return true;
}

/* --- Keys ------------------------------------------------------------------------------------- */

/* The bytes that are kept; NULL: none.  Owned. */
static GBytes *
kept_keys(NskSso *self, const char *issuer)
{
    GBytes *keys = NULL;

    g_mutex_lock(&self->lock);
    if (is_known(self, issuer) && self->keys != NULL)
        keys = g_bytes_ref(self->keys);
    g_mutex_unlock(&self->lock);
    return keys;
}

static void
keep_keys(NskSso *self, const char *issuer, GBytes *keys)
{
    g_mutex_lock(&self->lock);
    if (is_known(self, issuer)) {
        g_clear_pointer(&self->keys, g_bytes_unref);
        self->keys = g_bytes_ref(keys);
    }
    g_mutex_unlock(&self->lock);
}

NskJwks *
nsk_sso_fetch_keys(const NskSsoProvider *provider, const NskSsoPlaces *places, GError **error)
{
    g_autoptr(GBytes) keys = ask(provider, places->keys, NULL, error);
    gsize size = 0;
    const char *text = keys != NULL ? g_bytes_get_data(keys, &size) : NULL;

    return text != NULL ? nsk_jwks_parse(text, size, error) : NULL;
}

static NskJwks *
read_keys(NskSso *self, const NskSsoRedeem *redeem, bool anew, GError **error)
{
    const char *issuer = redeem->provider->issuer;
    g_autoptr(GBytes) kept = anew ? NULL : kept_keys(self, issuer);
    g_autoptr(GBytes) keys =
        kept != NULL ? g_bytes_ref(kept) : ask(redeem->provider, redeem->places->keys, NULL, error);
    gsize size = 0;
    const char *text = keys != NULL ? g_bytes_get_data(keys, &size) : NULL;
    NskJwks *set = text != NULL ? nsk_jwks_parse(text, size, error) : NULL;

    if (set != NULL && kept == NULL)
        keep_keys(self, issuer, keys);
    return set;
}

/* --- The token -------------------------------------------------------------------------------- */

/* The office's proof of who it is (OpenID Connect Core 1.0, 9); owned. */
static char *
make_assertion(const NskSsoRedeem *redeem, GError **error)
{
    uint8_t chance[NAME_BYTES];
    int64_t now = redeem->now / G_USEC_PER_SEC;
    g_autoptr(NskJson) claims = nsk_json_object();

    nsk_random(chance, sizeof chance);
    g_autofree char *name = nsk_hex(chance, sizeof chance);
    nsk_json_set_text(claims, "iss", redeem->provider->client);
    nsk_json_set_text(claims, "sub", redeem->provider->client);
    nsk_json_set_text(claims, "aud", redeem->places->token);
    nsk_json_set_text(claims, "jti", name);
    nsk_json_set_int(claims, "iat", now);
    nsk_json_set_int(claims, "exp", now + ASSERTION_S);
    return nsk_jws_key_sign(redeem->key, claims, error);
}

static void
add_field(GString *form, const char *name, const char *value)
{
    g_autofree char *escaped = g_uri_escape_string(value, NULL, FALSE);

    g_string_append_printf(form, "%s%s=%s", form->len > 0 ? "&" : "", name, escaped);
}

/* The request for a token; owned, NULL on error. */
static char *
write_form(const NskSsoRedeem *redeem, GError **error)
{
    g_autofree char *assertion = make_assertion(redeem, error);
    GString *form;

    if (assertion == NULL)
        return NULL;
    form = g_string_new(NULL);
    add_field(form, "grant_type", "authorization_code");
    add_field(form, "code", redeem->code);
    add_field(form, "redirect_uri", redeem->back);
    add_field(form, "client_id", redeem->provider->client);
    add_field(form, "code_verifier", redeem->verifier);
    add_field(form, "client_assertion_type", ASSERTION);
    add_field(form, "client_assertion", assertion);
    return g_string_free(form, FALSE);
}

char *
nsk_sso_try_code(const NskSsoRedeem *redeem, GError **error)
{
    char *said = NULL;
    g_autoptr(GError) fault = NULL;
    g_autofree char *form = write_form(redeem, error);
    g_autoptr(GBytes) body =
        form != NULL ? ask_for(redeem->provider, redeem->places->token, form, &said, &fault) : NULL;

    if (form == NULL || said != NULL)
        return said;
    if (fault != NULL)
        g_propagate_error(error, g_steal_pointer(&fault));
    else
        g_set_error_literal(error, NSK_ERROR, NSK_ERROR_UNTRUSTED,
                            nsk_tr("the identity provider takes a code that it never gave"));
    return NULL;
}

static NskJson *
ask_token(const NskSsoRedeem *redeem, GError **error)
{
    g_autofree char *form = write_form(redeem, error);
    g_autoptr(GBytes) body =
        form != NULL ? ask(redeem->provider, redeem->places->token, form, error) : NULL;
    g_autoptr(NskJson) json = body != NULL ? read_object(body, error) : NULL;
    if (json == NULL)
        return NULL;
    const char *kind = nsk_json_get_text(json, "token_type");
    if (nsk_json_get_text(json, "id_token") != NULL && kind != NULL &&
        g_ascii_strcasecmp(kind, "Bearer") == 0)
        return g_steal_pointer(&json);
    g_set_error_literal(error, NSK_ERROR, NSK_ERROR_INVALID,
                        nsk_tr("the identity provider gave no ID token"));
    return NULL;
}

static NskJson *
verify(const NskJwks *keys, const NskSsoRedeem *redeem, const NskJson *answer, GError **error)
{
    const char *token = nsk_json_get_text(answer, "id_token");
    int64_t age = (redeem->now - redeem->proved_after) / G_USEC_PER_SEC;
    const NskIdTokenCheck check = { .issuer = redeem->provider->issuer,
                                    .client = redeem->provider->client,
                                    .nonce = redeem->nonce,
                                    .access_token = nsk_json_get_text(answer, "access_token"),
                                    .max_age = redeem->proved_after > 0 ? MAX(age, 1) : 0,
                                    .now = redeem->now };

    return nsk_id_token_verify(keys, token, strlen(token), &check, error);
}

static NskJson *
redeem_code(NskSso *self, const NskSsoRedeem *redeem, char **out_token, GError **error)
{
    g_autoptr(GError) fault = NULL;
    g_autoptr(NskJson) answer = ask_token(redeem, error);
    g_autoptr(NskJwks) keys = answer != NULL ? read_keys(self, redeem, false, error) : NULL;

    if (keys == NULL)
        return NULL;
    *out_token = g_strdup(nsk_json_get_text(answer, "id_token")); /* believed if this succeeds */
    NskJson *claims = verify(keys, redeem, answer, &fault);
    if (claims != NULL)
        return claims;
    if (!g_error_matches(fault, NSK_ERROR, NSK_ERROR_NOT_FOUND)) {
        g_propagate_error(error, g_steal_pointer(&fault));
        return NULL;
    }
    /* it may sign by a new key since */
    g_autoptr(NskJwks) anew = read_keys(self, redeem, true, error);
    return anew != NULL ? verify(anew, redeem, answer, error) : NULL;
}

NskJson *
nsk_sso_redeem(NskSso *self, const NskSsoRedeem *redeem, char **out_token, GError **error)
{
    NskJson *claims = NULL;

    g_mutex_lock(&self->lock);
    bool has_room = self->redeeming < MOST_AT_ONCE;
    self->redeeming += has_room;
    g_mutex_unlock(&self->lock);
    if (!has_room) {
        g_set_error_literal(error, NSK_ERROR, NSK_ERROR_BUSY,
                            nsk_tr("too many people sign in by the identity provider just now; "
                                   "try again in a moment"));
        return NULL;
    }
    claims = redeem_code(self, redeem, out_token, error);
    g_mutex_lock(&self->lock);
    self->redeeming--;
    g_mutex_unlock(&self->lock);
    return claims;
}
