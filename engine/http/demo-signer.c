/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The signing service of a demo, and its switch.
 *
 *     /coba/ti/layanan (POST)       field "layanan": "mati" or "hidup"
 *     /coba/csc/v2/... (POST)       info, credentials/info, credentials/authorize and
 *                                   signatures/signHash of the CSC API 2.0
 *
 * The head of the bureau signs by it as an official signs by a real one (cli/demo-serve.c makes it
 * a signer of the office): the office asks it over HTTP, and does not know that it asks itself.
 * The key is the demo's own, made with the office.
 *
 * INVARIANTS
 *   (1) Switched off it answers 503 to everything, and keeps nothing.
 *   (2) An authorisation (SAD) is a keyed digest of the hashes that it was given for: good for
 *       these alone, and nothing need be kept between two requests.
 */
#include "base/bytes.h"
#include "base/limits.h"
#include "base/message.h"
#include "crypto/crypto.h"
#include "http/demo-path.h"

#include <string.h>

#define PAGE        "/coba/ti"
#define BASE        "/coba/csc/v2"
#define KEY_FILE    "sekar.p12"
#define PASSPHRASE  "passphrase" /* the file of the keys' folder, and what the key is opened by */
#define PIN         "PIN"        /* what the service calls it */
#define GOOD_FOR    300          /* seconds */
#define COME_AGAIN  "5"          /* seconds */
#define MOST_HASHES 50
#define OID_P256    "1.2.840.10045.3.1.7"
#define OID_ECDSA   "1.2.840.10045.4.3.2"

/* A question to the service, and what it answers with. */
typedef struct {
    const NskHttpSite *site;
    NskJson *question;
    NskJson *answer;
    const char *fault; /* the CSC code of a refusal; NULL: none */
    const char *words; /* of it */
} Call;
typedef bool (*Method)(Call *call, GError **error);

static bool
refuse(Call *call, const char *fault, const char *words)
{
    call->fault = fault;
    call->words = words;
    return true;
}

/* The key, opened by the passphrase that stands beside it. */
static NskIdentity *
load_key(const Call *call, GError **error)
{
    g_autofree char *path = g_build_filename(call->site->dir, "keys", KEY_FILE, NULL);
    g_autofree char *passphrase = nsk_http_demo_secret(call->site, PASSPHRASE, error);
    g_autoptr(GBytes) p12 =
        passphrase != NULL ? nsk_file_read(path, NSK_LIMIT_KEY_SIZE, error) : NULL;

    return p12 != NULL ? nsk_identity_load(g_bytes_get_data(p12, NULL), g_bytes_get_size(p12),
                                           passphrase, error)
                       : NULL;
}

/* --- What it is asked (CSC API 2.0, 11.1, 11.5, 11.6, 11.9) ------------------------------------
 */

static bool
tell_service(Call *call, G_GNUC_UNUSED GError **error)
{
    static const char *const methods[] = { "credentials/info", "credentials/authorize",
                                           "signatures/signHash" };
    NskJson *list = nsk_json_array();

    for (size_t i = 0; i < G_N_ELEMENTS(methods); i++)
        nsk_json_add_text(list, methods[i]);
    nsk_json_set_text(call->answer, "specs", "2.0.0.2");
    nsk_json_set_text(call->answer, "name", "DEMO");
    nsk_json_set(call->answer, "methods", list);
    return true;
}

static NskJson *
one_text(const char *text)
{
    NskJson *list = nsk_json_array();

    nsk_json_add_text(list, text);
    return list;
}

static NskJson *
tell_chain(const NskIdentity *key)
{
    const GPtrArray *chain = nsk_identity_get_chain(key);
    NskJson *list = nsk_json_array();

    for (guint i = 0; i < chain->len; i++) {
        g_autoptr(GBytes) der = nsk_cert_to_der(g_ptr_array_index(chain, i));
        g_autofree char *text = g_base64_encode(g_bytes_get_data(der, NULL), g_bytes_get_size(der));

        nsk_json_add_text(list, text);
    }
    return list;
}

static NskJson *
tell_pin(void)
{
    NskJson *list = nsk_json_array();
    NskJson *pin = nsk_json_object();
    NskJson *auth = nsk_json_object();

    nsk_json_set_text(pin, "type", "Password");
    nsk_json_set_text(pin, "id", PIN);
    nsk_json_add(list, pin);
    nsk_json_set_text(auth, "mode", "explicit");
    nsk_json_set_text(auth, "expression", PIN);
    nsk_json_set(auth, "objects", list);
    return auth;
}

static bool
tell_credential(Call *call, GError **error)
{
    g_autoptr(NskIdentity) identity = load_key(call, error);
    NskJson *key, *cert;

    if (identity == NULL)
        return false;
    key = nsk_json_object();
    nsk_json_set_text(key, "status", "enabled");
    nsk_json_set(key, "algo", one_text(OID_ECDSA));
    nsk_json_set_int(key, "len", 256);
    nsk_json_set_text(key, "curve", OID_P256);
    cert = nsk_json_object();
    nsk_json_set_text(cert, "status", "valid");
    nsk_json_set(cert, "certificates", tell_chain(identity));
    nsk_json_set(call->answer, "key", key);
    nsk_json_set(call->answer, "cert", cert);
    nsk_json_set(call->answer, "auth", tell_pin());
    nsk_json_set_text(call->answer, "SCAL", "2");
    nsk_json_set_int(call->answer, "multisign", MOST_HASHES);
    return true;
}

/* The authorisation for the hashes of the question; owned. */
static char *
authorise(const Call *call, GError **error)
{
    g_autofree char *passphrase = nsk_http_demo_secret(call->site, PASSPHRASE, error);
    const NskJson *hashes = nsk_json_get(call->question, "hashes");
    uint8_t mac[NSK_SHA256_SIZE];

    if (passphrase == NULL)
        return NULL;
    g_autofree char *text = nsk_json_canonical(hashes);
    nsk_hmac_sha256(passphrase, strlen(passphrase), text, strlen(text), mac);
    return g_base64_encode(mac, sizeof mac);
}

static bool
has_hashes(const Call *call)
{
    const NskJson *hashes = nsk_json_get(call->question, "hashes");

    return hashes != NULL && nsk_json_type(hashes) == NSK_JSON_ARRAY &&
           nsk_json_length(hashes) >= 1 && nsk_json_length(hashes) <= MOST_HASHES;
}

static bool
give_authorisation(Call *call, GError **error)
{
    const NskJson *proofs = nsk_json_get(call->question, "authData");
    const NskJson *proof = nsk_json_length(proofs) == 1 ? nsk_json_at(proofs, 0) : NULL;
    const char *given = nsk_json_get_text(proof, "value");
    g_autofree char *passphrase = nsk_http_demo_secret(call->site, PASSPHRASE, error);

    if (passphrase == NULL)
        return false;
    if (!has_hashes(call))
        return refuse(call, "invalid_request", "hashes are missing");
    if (given == NULL || strlen(given) != strlen(passphrase) ||
        !nsk_equal_secret(given, passphrase, strlen(passphrase)))
        return refuse(call, "invalid_pin", "The PIN is invalid");
    g_autofree char *sad = authorise(call, error);
    nsk_json_set_text(call->answer, "SAD", sad);
    nsk_json_set_int(call->answer, "expiresIn", GOOD_FOR);
    return sad != NULL;
}

/* The signature over a digest in base64; NULL without error if it is none.  Owned. */
static char *
sign_one(NskIdentity *key, const char *digest, GError **error)
{
    gsize size = 0;
    g_autofree guchar *data = digest != NULL ? g_base64_decode(digest, &size) : NULL;
    g_autoptr(GBytes) value =
        size == NSK_SHA256_SIZE ? nsk_identity_sign(key, NSK_SCHEME_DEFAULT, data, error) : NULL;

    return value != NULL ? g_base64_encode(g_bytes_get_data(value, NULL), g_bytes_get_size(value))
                         : NULL;
}

static bool
sign_hashes(Call *call, GError **error)
{
    const NskJson *hashes = nsk_json_get(call->question, "hashes");
    const char *given = nsk_json_get_text(call->question, "SAD");
    g_autofree char *sad = has_hashes(call) ? authorise(call, error) : NULL;

    if (sad == NULL && error != NULL && *error != NULL)
        return false;
    if (sad == NULL || g_strcmp0(given, sad) != 0)
        return refuse(call, "invalid_request", "Invalid parameter SAD");
    g_autoptr(NskIdentity) key = load_key(call, error);
    if (key == NULL)
        return false;
    NskJson *list = nsk_json_array();
    nsk_json_set(call->answer, "signatures", list);
    for (size_t i = 0; i < nsk_json_length(hashes); i++) {
        g_autoptr(GError) fault = NULL;
        g_autofree char *text = sign_one(key, nsk_json_text_at(hashes, i), &fault);

        if (text == NULL)
            return refuse(call, "invalid_request", "Invalid parameter hashes");
        nsk_json_add_text(list, text);
    }
    return true;
}

/* --- How it is reached -------------------------------------------------------------------------
 */

static void
send_refusal(NskHttpResponse *response, unsigned status, const char *fault, const char *words)
{
    NskJson *refusal = nsk_json_object();

    nsk_json_set_text(refusal, "error", fault);
    nsk_json_set_text(refusal, "error_description", words);
    nsk_http_response_set_status(response, status);
    nsk_http_response_set_json(response, refusal);
}

static bool
answer(const NskHttpDemoCall *call, Method method, GError **error)
{
    GBytes *body = nsk_http_request_get_body(call->request);
    g_autoptr(NskJson) question =
        body != NULL ? nsk_json_parse(g_bytes_get_data(body, NULL), g_bytes_get_size(body), error)
                     : nsk_json_object();
    g_autoptr(NskJson) told = nsk_json_object();
    Call own = { .site = call->site, .question = question, .answer = told };

    if (question == NULL || !method(&own, error))
        return false;
    if (own.fault != NULL)
        send_refusal(call->response, 400, own.fault, own.words);
    else
        nsk_http_response_set_json(call->response, g_steal_pointer(&told));
    return true;
}

static bool
ask(const NskHttpDemoCall *call, GError **error)
{
    static const struct {
        const char *path;
        Method method;
    } methods[] = { { BASE "/info", tell_service },
                    { BASE "/credentials/info", tell_credential },
                    { BASE "/credentials/authorize", give_authorisation },
                    { BASE "/signatures/signHash", sign_hashes } };
    const char *route = nsk_http_request_get_route(call->request);
    NskHttpDemo *demo = call->site->demo;

    if (atomic_load(&demo->signer_is_off)) {
        atomic_fetch_add(&demo->signer_missed, 1);
        send_refusal(call->response, 503, "temporarily_unavailable", nsk_tr("it is switched off"));
        nsk_http_response_add_header(call->response, "Retry-After", COME_AGAIN);
        return true;
    }
    for (size_t i = 0; i < G_N_ELEMENTS(methods); i++) {
        if (g_str_equal(methods[i].path, route))
            return answer(call, methods[i].method, error);
    }
    g_return_val_if_reached(false);
}

static bool
take_question(NskHttpRequest *request, NskHttpResponse *response, void *data, GError **error)
{
    return nsk_http_demo_call(data, request, response, ask, error);
}

/* The switch. */
static bool
turn(const NskHttpDemoCall *call, GError **error)
{
    const char *wanted = nsk_http_request_get_field(call->request, "layanan");
    bool off = g_strcmp0(wanted, "mati") == 0;

    if (!off && g_strcmp0(wanted, "hidup") != 0) {
        g_set_error_literal(error, NSK_ERROR, NSK_ERROR_INVALID,
                            nsk_tr("use the switch on the page /coba/ti"));
        return false;
    }
    if (atomic_exchange(&call->site->demo->signer_is_off, off) != off && off)
        atomic_store(&call->site->demo->signer_missed, 0);
    nsk_http_response_redirect(call->response, PAGE);
    return true;
}

static bool
take_switch(NskHttpRequest *request, NskHttpResponse *response, void *data, GError **error)
{
    return nsk_http_site_check_origin(request, error) &&
           nsk_http_demo_call(data, request, response, turn, error);
}

#define METHOD(path)                                                                               \
    {                                                                                              \
        .method = "POST", .pattern = BASE path, .run = take_question, .place = NSK_HTTP_OFFICE,    \
        .body = NSK_HTTP_BODY_MEMORY                                                               \
    }

const NskHttpRoute nsk_http_routes_demo_signer[] = {
    { .method = "POST",
      .pattern = PAGE "/layanan",
      .run = take_switch,
      .place = NSK_HTTP_OFFICE,
      .body = NSK_HTTP_BODY_FORM,
      .is_page = true },
    METHOD("/info"),
    METHOD("/credentials/info"),
    METHOD("/credentials/authorize"),
    METHOD("/signatures/signHash"),
    { .method = NULL },
};
