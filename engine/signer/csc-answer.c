/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What services answer that speak the Cloud Signature Consortium's API, version 2.0. */
#include "base/limits.h"
#include "signer/answer-private.h"

#include <string.h>

#define MAX_CHAIN     16
#define MAX_CERT      (64 * 1024) /* characters of base64 */
#define MAX_SIGNATURE 8192        /* the same */
#define MAX_OBJECTS   8
#define MAX_METHODS   64
#define MAX_ID        64 /* bytes of what a service calls a secret */
#define MAX_RESPONSE  200
#define DEFAULT_GOOD  3600  /* seconds */
#define MOST_GOOD     86400 /* seconds */

static GBytes *
read_base64(const char *text, size_t most)
{
    gsize size = 0;

    if (text == NULL || text[0] == '\0' || strlen(text) > most)
        return NULL;
    guchar *data = g_base64_decode(text, &size);
    if (size > 0)
        return g_bytes_new_take(data, size);
    g_free(data);
    return NULL;
}

static bool
has_text(const NskJson *list, const char *text)
{
    size_t n = list != NULL && nsk_json_type(list) == NSK_JSON_ARRAY ? nsk_json_length(list) : 0;

    for (size_t i = 0; i < n && i < MAX_METHODS; i++)
        if (g_strcmp0(nsk_json_text_at(list, i), text) == 0)
            return true;
    return false;
}

bool
csc_read_service(const NskJson *answer, CscService *out_service)
{
    static const char *const needed[] = { "credentials/info", "credentials/authorize",
                                          "signatures/signHash" };
    const char *specs = nsk_json_get_text(answer, "specs");
    const NskJson *methods = nsk_json_get(answer, "methods");

    if (specs == NULL)
        return false;
    *out_service = (CscService){ .speaks = g_str_has_prefix(specs, "2."),
                                 .asynchronous = nsk_json_get_bool(
                                     answer, "asynchronousOperationMode", false) };
    for (size_t i = 0; i < G_N_ELEMENTS(needed); i++)
        out_service->speaks = out_service->speaks && has_text(methods, needed[i]);
    return true;
}

GPtrArray *
csc_read_list(const NskJson *answer, size_t most)
{
    const NskJson *list = nsk_json_get(answer, "credentialIDs");

    if (list == NULL || nsk_json_type(list) != NSK_JSON_ARRAY)
        return NULL;
    GPtrArray *ids = g_ptr_array_new_with_free_func(g_free);
    for (size_t i = 0; i < nsk_json_length(list) && i < most; i++) {
        const char *id = nsk_json_text_at(list, i);

        if (id != NULL && id[0] != '\0' && strlen(id) <= MAX_RESPONSE)
            g_ptr_array_add(ids, g_strdup(id));
    }
    return ids;
}

static GPtrArray *
read_chain(const NskJson *list)
{
    g_autoptr(GPtrArray) chain = g_ptr_array_new_with_free_func((GDestroyNotify)nsk_cert_unref);
    size_t n = list != NULL && nsk_json_type(list) == NSK_JSON_ARRAY ? nsk_json_length(list) : 0;

    for (size_t i = 0; i < n && i < MAX_CHAIN; i++) {
        g_autoptr(GBytes) der = read_base64(nsk_json_text_at(list, i), MAX_CERT);
        NskCert *cert =
            der != NULL ? nsk_cert_parse(g_bytes_get_data(der, NULL), g_bytes_get_size(der), NULL)
                        : NULL;

        if (cert == NULL)
            return NULL;
        g_ptr_array_add(chain, cert);
    }
    return chain->len > 0 ? g_steal_pointer(&chain) : NULL;
}

static bool
is_short(const char *text)
{
    return text != NULL && text[0] != '\0' && strlen(text) <= MAX_ID &&
           g_utf8_validate(text, -1, NULL);
}

/* One of auth.objects: a PIN or passphrase, or a code that is good once. */
static void
take_object(const NskJson *object, CscCredential *out)
{
    const char *type = nsk_json_get_text(object, "type");
    const char *id = nsk_json_get_text(object, "id");
    const char *generator = nsk_json_get_text(object, "generator");

    if (g_strcmp0(type, "Password") != 0 || !is_short(id)) {
        out->strange = true;
        return;
    }
    bool once = generator != NULL || g_ascii_strncasecmp(id, "OTP", 3) == 0;
    char **slot = once ? &out->code_id : &out->pin_id;
    if (*slot != NULL)
        return;
    *slot = g_strdup(id);
    out->wants_code = out->wants_code || once;
    out->wants_pin = out->wants_pin || !once;
}

static void
take_auth(const NskJson *auth, CscCredential *out)
{
    const char *mode = nsk_json_get_text(auth, "mode");
    const NskJson *objects = nsk_json_get(auth, "objects");
    size_t n =
        objects != NULL && nsk_json_type(objects) == NSK_JSON_ARRAY ? nsk_json_length(objects) : 0;

    for (size_t i = 0; i < n && i < MAX_OBJECTS; i++)
        take_object(nsk_json_at(objects, i), out);
    out->by_secret = g_strcmp0(mode, "explicit") == 0;
    out->freely = g_strcmp0(mode, "implicit") == 0;
}

bool
csc_read_credential(const NskJson *answer, CscCredential *out_credential)
{
    g_auto(CscCredential) found = { 0 };
    const NskJson *key = nsk_json_get(answer, "key");
    const NskJson *cert = nsk_json_get(answer, "cert");
    const char *state = nsk_json_get_text(cert, "status");

    found.chain = read_chain(nsk_json_get(cert, "certificates"));
    if (found.chain == NULL)
        return false;
    take_auth(nsk_json_get(answer, "auth"), &found);
    found.enabled = g_strcmp0(nsk_json_get_text(key, "status"), "enabled") == 0 &&
                    (state == NULL || strcmp(state, "valid") == 0);
    found.binds = g_strcmp0(nsk_json_get_text(answer, "SCAL"), "2") == 0;
    found.multisign =
        (unsigned)CLAMP(nsk_json_get_int(answer, "multisign", 1), 1, NSK_LIMIT_SIGNER_BATCH);
    *out_credential = found;
    found = (CscCredential){ 0 };
    return true;
}

void
csc_credential_clear(CscCredential *self)
{
    g_clear_pointer(&self->chain, g_ptr_array_unref);
    g_clear_pointer(&self->pin_id, g_free);
    g_clear_pointer(&self->code_id, g_free);
}

NskLocked *
csc_read_sad(const NskJson *answer, unsigned *out_seconds)
{
    const char *sad = nsk_json_get_text(answer, "SAD");
    NskLocked *locked =
        sad != NULL && sad[0] != '\0' ? nsk_locked_new(sad, strlen(sad), NULL) : NULL;

    if (locked != NULL)
        *out_seconds =
            (unsigned)CLAMP(nsk_json_get_int(answer, "expiresIn", DEFAULT_GOOD), 0, MOST_GOOD);
    return locked;
}

GPtrArray *
csc_read_signatures(const NskJson *answer, size_t most)
{
    const NskJson *list = nsk_json_get(answer, "signatures");

    if (list == NULL || nsk_json_type(list) != NSK_JSON_ARRAY)
        return NULL;
    GPtrArray *values = g_ptr_array_new_with_free_func((GDestroyNotify)g_bytes_unref);
    for (size_t i = 0; i < nsk_json_length(list) && i < most; i++) {
        GBytes *value = read_base64(nsk_json_text_at(list, i), MAX_SIGNATURE);

        g_ptr_array_add(values, value != NULL ? value : g_bytes_new(NULL, 0));
    }
    return values;
}

const char *
csc_read_response_id(const NskJson *answer)
{
    const char *id = nsk_json_get_text(answer, "responseID");

    return id != NULL && id[0] != '\0' && strlen(id) <= MAX_RESPONSE ? id : NULL;
}

NskSignerFaultKind
csc_read_error(const NskJson *answer, const char **out_words)
{
    static const struct {
        const char *code;
        NskSignerFaultKind kind;
    } codes[] = {
        { "invalid_pin", NSK_SIGNER_FAULT_SECRET },
        { "invalid_otp", NSK_SIGNER_FAULT_SECRET },
        { "invalid_authdata", NSK_SIGNER_FAULT_SECRET },
        { "pin_locked", NSK_SIGNER_FAULT_LOCKED },
        { "otp_locked", NSK_SIGNER_FAULT_LOCKED },
        { "locked", NSK_SIGNER_FAULT_LOCKED },
        { "expired_sad", NSK_SIGNER_FAULT_EXPIRED },
        { "sad_expired", NSK_SIGNER_FAULT_EXPIRED },
        { "temporarily_unavailable", NSK_SIGNER_FAULT_LATER },
        { "access_denied", NSK_SIGNER_FAULT_REFUSED },
    };
    const char *code = nsk_json_get_text(answer, "error");
    const char *words = nsk_json_get_text(answer, "error_description");

    *out_words = words != NULL ? words : code;
    for (size_t i = 0; code != NULL && i < G_N_ELEMENTS(codes); i++)
        if (g_ascii_strcasecmp(code, codes[i].code) == 0)
            return codes[i].kind;
    /* the standard has one code for all that is wrong with a request, and says what in words */
    g_autofree char *lower = words != NULL ? g_ascii_strdown(words, -1) : g_strdup("");
    if (strstr(lower, "sad") != NULL && strstr(lower, "expired") != NULL)
        return NSK_SIGNER_FAULT_EXPIRED;
    return NSK_SIGNER_FAULT_NONE;
}
