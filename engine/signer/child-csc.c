/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Keys at services that speak the Cloud Signature Consortium's API, version 2.0.
 *
 *   info -> what the service can do; credentials/list -> whose key, if a user is named;
 *   credentials/info -> certificates; credentials/authorize with the hashes -> SAD;
 *   signatures/signHash with SAD and the same hashes -> signatures, or a responseID to ask with.
 *
 * INVARIANTS:
 *   (1) a SAD is asked for the very hashes that are then sent, kept in locked memory, used once,
 *       and not after its time;
 *   (2) a signature belongs to the hash that it verifies over, whatever its place in the answer;
 *   (3) after signHash was sent, no answer means UNKNOWN and never a second try by itself.
 */
#include "base/limits.h"
#include "base/message.h"
#include "signer/answer-private.h"
#include "signer/child-service.h"

#include <string.h>

#define OID_SHA256     "2.16.840.1.101.3.4.2.1"
#define OID_ECDSA      "1.2.840.10045.4.3.2"
#define OID_RSA_PKCS1  "1.2.840.113549.1.1.11"
#define OID_RSA_PSS    "1.2.840.113549.1.1.10"
#define POLL_WAIT      10 /* seconds until it is asked again */
#define NO_BATCH_LIMIT NSK_LIMIT_SIGNER_BATCH
#define OF_USER        "user=" /* a key that is named by whose it is */
#define MOST_LISTED    10

typedef struct {
    Service service;
    CscCredential credential;
    char *id; /* of the credential */
    bool asynchronous;
    NskLocked *sad;
    int64_t sad_until; /* monotonic, microseconds */
} Own;

static bool
csc_open(ChildSession *self, GError **error)
{
    g_auto(Service) service = { .url = NULL };

    if (!service_open(self, &service, error))
        return false;
    Own *own = g_new0(Own, 1);
    own->service = service;
    service = (Service){ .url = NULL };
    self->own = own;
    return true;
}

/* Asks with a JSON object; an answer other than 200 is a fault. */
static NskJson *
ask(ChildSession *self,
    ServiceCall *call,
    const NskJson *question,
    const ServiceMarks *marks,
    GError **error)
{
    const Own *own = self->own;
    g_autofree char *text = nsk_json_canonical(question);
    g_autoptr(GBytes) body = g_bytes_new_static(text, strlen(text));
    g_auto(NskNetAnswer) answer = { .end = NSK_NET_UNSENT };
    const char *words = NULL;

    call->body = body;
    if (!service_ask(self, &own->service, call, marks, &answer, error))
        return NULL;
    g_autoptr(NskJson) json = service_json(&answer);
    if (answer.status == 200 && json != NULL && nsk_json_type(json) == NSK_JSON_OBJECT)
        return g_steal_pointer(&json);
    NskSignerFaultKind kind = csc_read_error(json, &words);
    g_autofree char *said = service_words(self, words);
    if (answer.status == 200 && call->may_sign)
        session_fail(self, NSK_SIGNER_FAULT_UNKNOWN, error,
                     nsk_tr("the service '%s' was asked to sign and its answer cannot be read; "
                            "whether a signature was made is not known, and it is not in the "
                            "letter"),
                     self->name);
    else if (answer.status == 200 || kind == NSK_SIGNER_FAULT_NONE ||
             kind == NSK_SIGNER_FAULT_LATER)
        service_fail(self, call, &answer, words, error);
    else if (kind == NSK_SIGNER_FAULT_SECRET)
        tries_wrong(self, error);
    else if (kind == NSK_SIGNER_FAULT_EXPIRED)
        session_fail(self, kind, error,
                     nsk_tr("the authorisation at '%s' is over; authorise again: %s"), self->name,
                     said);
    else if (kind == NSK_SIGNER_FAULT_LOCKED)
        session_fail(self, kind, error,
                     nsk_tr("the key at '%s' is locked; have it unlocked there: %s"), self->name,
                     said);
    else
        session_fail(self, kind, error, nsk_tr("the service '%s' refuses (status %d): %s"),
                     self->name, answer.status, said);
    return NULL;
}

static NskSignerProofKind
proof_of(const CscCredential *credential)
{
    if (credential->wants_pin && credential->wants_code)
        return NSK_SIGNER_PROOF_PIN_AND_CODE;
    if (credential->wants_code)
        return NSK_SIGNER_PROOF_CODE;
    return credential->wants_pin ? NSK_SIGNER_PROOF_PIN : NSK_SIGNER_PROOF_NONE;
}

static bool
take_credential(ChildSession *self, GError **error)
{
    const Own *own = self->own;
    const CscCredential *credential = &own->credential;

    if (!credential->enabled)
        return session_fail(self, NSK_SIGNER_FAULT_REFUSED, error,
                            nsk_tr("the key '%s' at '%s' is not in use: it is disabled, or its "
                                   "certificate is revoked or over"),
                            self->key, self->name);
    if (!credential->freely &&
        (!credential->by_secret || credential->strange || proof_of(credential) == 0))
        return session_fail(self, NSK_SIGNER_FAULT_SETTINGS, error,
                            nsk_tr("the key '%s' at '%s' is let in by a page of the service, and "
                                   "not by PIN or code alone; this program cannot open that page: "
                                   "ask the service for a key of authorisation mode 'explicit'"),
                            self->key, self->name);
    int64_t most = nsk_json_get_int(self->settings, "batch", NO_BATCH_LIMIT);
    self->facts = (NskSignerFacts){ .batch = MIN((unsigned)most, credential->multisign),
                                    .proof = proof_of(credential),
                                    .sends_code = credential->wants_code,
                                    .binds = credential->binds,
                                    .can_poll = own->asynchronous };
    return session_take_chain(self, credential->chain, error);
}

/* Whether the service is one that this program can speak to. */
static bool
ask_service(ChildSession *self, GError **error)
{
    Own *own = self->own;
    ServiceCall call = { .path = "/info", .anonymous = true };
    CscService service = { false, false };
    g_autoptr(NskJson) question = nsk_json_object();
    g_autoptr(NskJson) answer = ask(self, &call, question, NULL, error);

    if (answer == NULL)
        return false;
    if (!csc_read_service(answer, &service) || !service.speaks)
        return session_fail(self, NSK_SIGNER_FAULT_SETTINGS, error,
                            nsk_tr("the service '%s' does not speak version 2 of the CSC API, or "
                                   "does not sign hashes"),
                            self->name);
    own->asynchronous = service.asynchronous;
    return true;
}

/* The one key of the user whom the signer's key names. */
static bool
find_credential(ChildSession *self, GError **error)
{
    Own *own = self->own;
    ServiceCall call = { .path = "/credentials/list" };
    g_autoptr(NskJson) question = nsk_json_object();

    g_clear_pointer(&own->id, g_free);
    if (!g_str_has_prefix(self->key, OF_USER)) {
        own->id = g_strdup(self->key);
        return true;
    }
    nsk_json_set_text(question, "userID", self->key + strlen(OF_USER));
    nsk_json_set_bool(question, "onlyValid", true);
    g_autoptr(NskJson) answer = ask(self, &call, question, NULL, error);
    if (answer == NULL)
        return false;
    g_autoptr(GPtrArray) ids = csc_read_list(answer, MOST_LISTED);
    if (ids != NULL && ids->len == 1) {
        own->id = g_strdup(g_ptr_array_index(ids, 0));
        return true;
    }
    if (ids == NULL || ids->len == 0)
        return session_fail(self, NSK_SIGNER_FAULT_ABSENT, error,
                            nsk_tr("the service '%s' has no key of '%s'"), self->name,
                            self->key + strlen(OF_USER));
    g_ptr_array_add(ids, NULL);
    g_autofree char *list = g_strjoinv(", ", (char **)ids->pdata);
    g_autofree char *said = service_words(self, list);
    return session_fail(self, NSK_SIGNER_FAULT_SETTINGS, error,
                        nsk_tr("'%s' has several keys at '%s'; name the one that is meant: %s"),
                        self->key + strlen(OF_USER), self->name, said);
}

static bool
csc_describe(ChildSession *self, GError **error)
{
    Own *own = self->own;
    ServiceCall call = { .path = "/credentials/info" };

    if (!ask_service(self, error) || !find_credential(self, error))
        return false;
    g_autoptr(NskJson) question = nsk_json_object();

    nsk_json_set_text(question, "credentialID", own->id);
    nsk_json_set_text(question, "certificates", "chain");
    nsk_json_set_bool(question, "certInfo", true);
    nsk_json_set_bool(question, "authInfo", true);
    g_autoptr(NskJson) answer = ask(self, &call, question, NULL, error);
    if (answer == NULL)
        return false;
    csc_credential_clear(&own->credential);
    if (csc_read_credential(answer, &own->credential))
        return take_credential(self, error);
    return session_fail(self, NSK_SIGNER_FAULT_ANSWER, error,
                        nsk_tr("the service '%s' does not give the certificates of the key '%s'"),
                        self->name, self->key);
}

static bool
csc_send_code(ChildSession *self, GError **error)
{
    const Own *own = self->own;
    ServiceCall call = { .path = "/credentials/sendOTP" };
    g_autoptr(NskJson) question = nsk_json_object();

    nsk_json_set_text(question, "credentialID", own->id);
    g_autoptr(NskJson) answer = ask(self, &call, question, NULL, error);
    return answer != NULL;
}

static NskJson *
write_hashes(const ChildJob *job)
{
    NskJson *list = nsk_json_array();

    for (size_t i = 0; i < job->n; i++) {
        g_autofree char *text = g_base64_encode(job->digests[i], NSK_SHA256_SIZE);

        nsk_json_add_text(list, text);
    }
    return list;
}

static void
add_proof(NskJson *list, const char *id, const char *mark)
{
    NskJson *object = nsk_json_object();

    nsk_json_set_text(object, "id", id);
    nsk_json_set_text(object, "value", mark);
    nsk_json_add(list, object);
}

static bool
check_proof(ChildSession *self, GError **error)
{
    const Own *own = self->own;
    const CscCredential *credential = &own->credential;

    if ((!credential->wants_pin || self->secret != NULL) &&
        (!credential->wants_code || self->code != NULL))
        return true;
    return session_fail(self, NSK_SIGNER_FAULT_SECRET, error,
                        credential->wants_code ? nsk_tr("'%s' needs the one-time code")
                                               : nsk_tr("'%s' needs the PIN"),
                        self->name);
}

/* A SAD for the hashes of the job. */
static bool
csc_authorise(ChildSession *self, NskInstant *out_until, GError **error)
{
    Own *own = self->own;
    const CscCredential *credential = &own->credential;
    ServiceCall call = { .path = "/credentials/authorize" };
    ServiceMarks marks;
    unsigned seconds = 0;
    g_autoptr(NskJson) question = nsk_json_object();
    NskJson *proofs = nsk_json_array();

    service_marks_make(&marks);
    if (credential->wants_pin)
        add_proof(proofs, credential->pin_id, marks.secret);
    if (credential->wants_code)
        add_proof(proofs, credential->code_id, marks.code);
    nsk_json_set(question, "authData", proofs);
    if (!check_proof(self, error))
        return false;
    nsk_json_set_text(question, "credentialID", own->id);
    nsk_json_set_int(question, "numSignatures", (int64_t)self->job.n);
    nsk_json_set(question, "hashes", write_hashes(&self->job));
    nsk_json_set_text(question, "hashAlgorithmOID", OID_SHA256);
    g_autoptr(NskJson) answer = ask(self, &call, question, &marks, error);
    if (answer == NULL)
        return false;
    tries_right(self);
    g_clear_pointer(&own->sad, nsk_locked_unref);
    own->sad = csc_read_sad(answer, &seconds);
    if (own->sad == NULL)
        return session_fail(self, NSK_SIGNER_FAULT_ANSWER, error,
                            nsk_tr("the service '%s' gives no authorisation (SAD)"), self->name);
    own->sad_until = g_get_monotonic_time() + (int64_t)seconds * G_USEC_PER_SEC;
    *out_until = session_now(self) + (int64_t)seconds * G_USEC_PER_SEC;
    /* from here on the secret of the session is the SAD */
    g_clear_pointer(&self->code, nsk_locked_unref);
    g_clear_pointer(&self->secret, nsk_locked_unref);
    return true;
}

/* --- Signing ---------------------------------------------------------------------------------- */

static void
set_algorithm(NskJson *question, NskScheme scheme)
{
    g_autoptr(GBytes) params = nsk_scheme_params(scheme);

    nsk_json_set_text(question, "signAlgo",
                      scheme == NSK_SCHEME_ECDSA     ? OID_ECDSA
                      : scheme == NSK_SCHEME_RSA_PSS ? OID_RSA_PSS
                                                     : OID_RSA_PKCS1);
    if (params == NULL)
        return;
    g_autofree char *text =
        g_base64_encode(g_bytes_get_data(params, NULL), g_bytes_get_size(params));
    nsk_json_set_text(question, "signAlgoParams", text);
}

/* The element that @value is the signature of, looked for from @first on; n: of none. */
static size_t
find_element(const ChildSession *self, size_t first, GBytes *value)
{
    const NskCert *cert = g_ptr_array_index(self->chain, 0);
    size_t n = self->job.n;

    for (size_t i = 0; i < n; i++) {
        size_t at = (first + i) % n;

        if (!self->told[at] &&
            nsk_cert_check_value(cert, self->facts.scheme, self->job.digests[at], value))
            return at;
    }
    return n;
}

/* A signature of the service; ECDSA may come as two numbers in a row. */
static GBytes *
take_value(const ChildSession *self, GBytes *value)
{
    gsize size;
    const uint8_t *data = g_bytes_get_data(value, &size);
    GBytes *der = NULL;

    if (self->facts.scheme == NSK_SCHEME_ECDSA && (size == 64 || size == 96) && data[0] != 0x30)
        der = nsk_ecdsa_from_raw(data, size, NULL);
    return der != NULL ? der : g_bytes_ref(value);
}

/* Gives each signature to the hash that it is of; what fits nowhere is evidence. */
static void
hand_out(ChildSession *self, GPtrArray *signatures)
{
    for (guint i = 0; i < signatures->len; i++) {
        g_autoptr(GBytes) value = take_value(self, g_ptr_array_index(signatures, i));
        size_t at = find_element(self, i, value);

        if (at < self->job.n)
            (void)session_result(self, at, value);
    }
    for (guint i = 0; i < signatures->len && i < self->job.n; i++)
        if (!self->told[i])
            (void)session_judge(self, i, g_ptr_array_index(signatures, i));
}

/* What signHash or signPolling answered. */
static bool
take_answer(ChildSession *self, const NskJson *answer, GError **error)
{
    g_autoptr(GPtrArray) signatures = csc_read_signatures(answer, self->job.n);
    const char *id = csc_read_response_id(answer);

    if (signatures != NULL) {
        hand_out(self, signatures);
        return session_fail(self, NSK_SIGNER_FAULT_UNKNOWN, error,
                            nsk_tr("the service '%s' gave no signature for this letter; whether "
                                   "one was made is not known"),
                            self->name);
    }
    if (id == NULL)
        return session_fail(self, NSK_SIGNER_FAULT_UNKNOWN, error,
                            nsk_tr("the service '%s' was asked to sign and its answer cannot be "
                                   "read; whether a signature was made is not known, and it is "
                                   "not in the letter"),
                            self->name);
    g_autofree char *words = g_strdup_printf(
        nsk_tr("the service '%s' is still signing; ask again in %d s"), self->name, POLL_WAIT);
    for (size_t i = 0; i < self->job.n; i++)
        (void)session_result_waiting(self, i, POLL_WAIT, words, id);
    return true;
}

static bool
csc_sign(ChildSession *self, GError **error)
{
    Own *own = self->own;
    ServiceCall call = { .path = "/signatures/signHash", .may_sign = true };
    ServiceMarks marks;
    g_autoptr(NskJson) question = nsk_json_object();

    if (g_get_monotonic_time() >= own->sad_until)
        return session_fail(self, NSK_SIGNER_FAULT_EXPIRED, error,
                            nsk_tr("the authorisation at '%s' is over; nothing was signed, "
                                   "authorise again"),
                            self->name);
    service_marks_make(&marks);
    self->secret = g_steal_pointer(&own->sad);
    nsk_json_set_text(question, "credentialID", own->id);
    nsk_json_set_text(question, "SAD", marks.secret);
    nsk_json_set(question, "hashes", write_hashes(&self->job));
    nsk_json_set_text(question, "hashAlgorithmOID", OID_SHA256);
    nsk_json_set_text(question, "operationMode", "S");
    set_algorithm(question, self->facts.scheme);
    g_autoptr(NskJson) answer = ask(self, &call, question, &marks, error);
    return answer != NULL && take_answer(self, answer, error);
}

static bool
csc_poll(ChildSession *self, const char *ticket, GError **error)
{
    ServiceCall call = { .path = "/signatures/signPolling", .may_sign = true };
    g_autoptr(NskJson) question = nsk_json_object();

    nsk_json_set_text(question, "responseID", ticket);
    g_autoptr(NskJson) answer = ask(self, &call, question, NULL, error);
    return answer != NULL && take_answer(self, answer, error);
}

static void
csc_forget(ChildSession *self)
{
    Own *own = self->own;

    g_clear_pointer(&own->sad, nsk_locked_unref);
}

static void
csc_close(ChildSession *self)
{
    Own *own = self->own;

    csc_forget(self);
    csc_credential_clear(&own->credential);
    g_free(own->id);
    service_clear(&own->service);
    g_free(own);
}

const ChildPlug child_csc = {
    .open = csc_open,
    .describe = csc_describe,
    .send_code = csc_send_code,
    .authorise = csc_authorise,
    .sign = csc_sign,
    .poll = csc_poll,
    .forget = csc_forget,
    .close = csc_close,
};
