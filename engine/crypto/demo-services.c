/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The services of the demo authority: time stamps (RFC 3161), certificates' status (RFC 6960) and
 * lists of revocations (RFC 5280), as a real one gives them over HTTP.
 */
#include "base/bytes.h"
#include "base/message.h"
#include "crypto/demo-private.h"

#include <openssl/err.h>
#include <openssl/ocsp.h>
#include <openssl/ts.h>
#include <openssl/x509v3.h>
#include <string.h>

#define DAY            (G_GINT64_CONSTANT(86400) * 1000000)
#define USEC           G_GINT64_CONSTANT(1000000)
#define STAMPER_NAME   "DEMO Naskah Time Stamps, not for real use"
#define RESPONDER_NAME "DEMO Naskah Status, not for real use"
#define STAMPER_DAYS   3650
#define RESPONDER_DAYS 365
#define POLICY         "1.2.3.4.1" /* of nobody */

static const DemoExtension stamper_extensions[] = {
    DEMO_LEAF("critical,digitalSignature", "critical,timeStamping"),
    DEMO_ADDRESSES,
    { NULL, NULL },
};
static const DemoExtension responder_extensions[] = {
    DEMO_LEAF("critical,digitalSignature", "OCSPSigning"),
    { "noCheck", "ignored" },
    { NULL, NULL },
};

static bool
open_service(NskDemoAuthority *self,
             DemoService *service,
             DemoSubject subject,
             NskInstant at,
             GError **error)
{
    if (service->cert != NULL)
        return true;
    service->key = EVP_EC_gen("P-256");
    if (service->key == NULL) {
        openssl_error(error, NSK_ERROR_IO, nsk_tr("cannot make a key"));
        return false;
    }
    subject.key = service->key;
    subject.issuer = self->cert;
    subject.issuer_key = self->key;
    subject.not_before = at - DAY;
    service->cert = demo_certify(&subject, error);
    if (service->cert == NULL)
        g_clear_pointer(&service->key, EVP_PKEY_free);
    return service->cert != NULL;
}

static ASN1_INTEGER *
next_serial(TS_RESP_CTX *context, void *data)
{
    NskDemoAuthority *self = data;
    ASN1_INTEGER *serial = ASN1_INTEGER_new();

    (void)context;
    if (serial != NULL)
        ASN1_INTEGER_set_uint64(serial, ++self->serial);
    return serial;
}

static int
give_time(TS_RESP_CTX *context, void *data, long *seconds, long *microseconds)
{
    const NskInstant *at = data;

    (void)context;
    *seconds = (long)(*at / USEC);
    *microseconds = (long)(*at % USEC);
    return 1;
}

static bool
set_up_stamper(NskDemoAuthority *self, TS_RESP_CTX *context, NskInstant *at)
{
    ASN1_OBJECT *policy = OBJ_txt2obj(POLICY, 1);
    STACK_OF(X509) *others = sk_X509_new_null();
    bool ok = others != NULL && policy != NULL && sk_X509_push(others, cert_x509(self->cert)) > 0 &&
              TS_RESP_CTX_set_signer_cert(context, cert_x509(self->stamper.cert)) == 1 &&
              TS_RESP_CTX_set_signer_key(context, self->stamper.key) == 1 &&
              TS_RESP_CTX_set_certs(context, others) == 1 &&
              TS_RESP_CTX_set_def_policy(context, policy) == 1 &&
              TS_RESP_CTX_set_signer_digest(context, EVP_sha256()) == 1 &&
              TS_RESP_CTX_set_ess_cert_id_digest(context, EVP_sha256()) == 1 &&
              TS_RESP_CTX_add_md(context, EVP_sha256()) == 1 &&
              TS_RESP_CTX_set_accuracy(context, 1, 0, 0) == 1;

    TS_RESP_CTX_set_serial_cb(context, next_serial, self);
    TS_RESP_CTX_set_time_cb(context, give_time, at);
    sk_X509_free(others);
    ASN1_OBJECT_free(policy);
    return ok;
}

GBytes *
nsk_demo_authority_time_stamp(NskDemoAuthority *self,
                              const void *request,
                              size_t size,
                              NskInstant at,
                              GError **error)
{
    DemoSubject subject = { .name = STAMPER_NAME, .extensions = stamper_extensions };

    subject.days = self->stamper_days > 0 ? self->stamper_days : STAMPER_DAYS;
    if (!open_service(self, &self->stamper, subject, at, error))
        return NULL;
    TS_RESP_CTX *context = TS_RESP_CTX_new();
    BIO *in = BIO_new_mem_buf(request, (int)size);
    TS_RESP *response = NULL;
    uint8_t *der = NULL;
    int length = -1;
    if (context != NULL && in != NULL && set_up_stamper(self, context, &at))
        response = TS_RESP_create_response(context, in);
    if (response != NULL)
        length = i2d_TS_RESP(response, &der);
    TS_RESP_free(response);
    BIO_free(in);
    TS_RESP_CTX_free(context);
    if (length <= 0) {
        openssl_error(error, NSK_ERROR_IO, nsk_tr("cannot make a time stamp"));
        return NULL;
    }
    ERR_clear_error();
    return take_der(der, length);
}

void
nsk_demo_authority_renew_time_stamps(NskDemoAuthority *self, int days)
{
    demo_service_clear(&self->stamper);
    self->stamper_days = days;
}

static char *
serial_hex(const ASN1_INTEGER *serial)
{
    return nsk_hex(ASN1_STRING_get0_data(serial), (size_t)ASN1_STRING_length(serial));
}

void
nsk_demo_authority_revoke(NskDemoAuthority *self, const NskCert *cert, NskInstant at)
{
    g_hash_table_insert(self->revoked, g_strdup(nsk_cert_facts(cert)->serial),
                        g_memdup2(&at, sizeof at));
}

/* Adds the answer on one certificate. */
static bool
add_status(NskDemoAuthority *self, OCSP_BASICRESP *answer, OCSP_CERTID *id, NskInstant at)
{
    ASN1_INTEGER *serial = NULL;

    if (OCSP_id_get0_info(NULL, NULL, NULL, &serial, id) != 1)
        return false;
    g_autofree char *hex = serial_hex(serial);
    const NskInstant *revoked = g_hash_table_lookup(self->revoked, hex);
    bool is_revoked = revoked != NULL && *revoked <= at;
    ASN1_TIME *from = ASN1_TIME_set(NULL, (time_t)(at / USEC));
    ASN1_TIME *until = ASN1_TIME_set(NULL, (time_t)((at + DAY) / USEC));
    ASN1_TIME *when = is_revoked ? ASN1_TIME_set(NULL, (time_t)(*revoked / USEC)) : NULL;
    bool ok = from != NULL && until != NULL &&
              OCSP_basic_add1_status(
                  answer, id, is_revoked ? V_OCSP_CERTSTATUS_REVOKED : V_OCSP_CERTSTATUS_GOOD,
                  OCSP_REVOKED_STATUS_KEYCOMPROMISE, when, from, until) != NULL;

    ASN1_TIME_free(from);
    ASN1_TIME_free(until);
    ASN1_TIME_free(when);
    return ok;
}

static OCSP_BASICRESP *
make_answer(NskDemoAuthority *self, OCSP_REQUEST *request, NskInstant at)
{
    OCSP_BASICRESP *answer = OCSP_BASICRESP_new();
    bool ok = answer != NULL && OCSP_copy_nonce(answer, request) > 0;

    for (int i = 0; ok && i < OCSP_request_onereq_count(request); i++)
        ok =
            add_status(self, answer, OCSP_onereq_get0_id(OCSP_request_onereq_get0(request, i)), at);
    /* the time of the answer is the caller's, as all others are */
    if (ok) {
        const ASN1_GENERALIZEDTIME *made = OCSP_resp_get0_produced_at(answer);

        ok = ASN1_GENERALIZEDTIME_set((ASN1_GENERALIZEDTIME *)(uintptr_t)made,
                                      (time_t)(at / USEC)) != NULL &&
             OCSP_basic_sign(answer, cert_x509(self->responder.cert), self->responder.key,
                             EVP_sha256(), NULL, OCSP_NOTIME) == 1;
    }
    if (!ok)
        g_clear_pointer(&answer, OCSP_BASICRESP_free);
    return answer;
}

GBytes *
nsk_demo_authority_ocsp(NskDemoAuthority *self,
                        const void *request,
                        size_t size,
                        NskInstant at,
                        GError **error)
{
    DemoSubject subject = { .name = RESPONDER_NAME, .extensions = responder_extensions };
    const uint8_t *from = request;

    subject.days = RESPONDER_DAYS;
    if (!open_service(self, &self->responder, subject, at, error))
        return NULL;
    OCSP_REQUEST *asked = d2i_OCSP_REQUEST(NULL, &from, (long)size);
    OCSP_BASICRESP *answer = asked != NULL ? make_answer(self, asked, at) : NULL;
    OCSP_RESPONSE *response =
        answer != NULL ? OCSP_response_create(OCSP_RESPONSE_STATUS_SUCCESSFUL, answer) : NULL;
    uint8_t *der = NULL;
    int length = response != NULL ? i2d_OCSP_RESPONSE(response, &der) : -1;

    OCSP_RESPONSE_free(response);
    OCSP_BASICRESP_free(answer);
    OCSP_REQUEST_free(asked);
    if (length <= 0) {
        openssl_error(error, asked == NULL ? NSK_ERROR_INVALID : NSK_ERROR_IO,
                      nsk_tr("cannot answer on a certificate's status"));
        return NULL;
    }
    return take_der(der, length);
}

static bool
add_revoked(X509_CRL *crl, const char *hex, NskInstant at)
{
    X509_REVOKED *entry = X509_REVOKED_new();
    BIGNUM *number = NULL;
    ASN1_TIME *when = ASN1_TIME_set(NULL, (time_t)(at / USEC));
    bool ok = entry != NULL && when != NULL && BN_hex2bn(&number, hex) > 0;
    ASN1_INTEGER *serial = ok ? BN_to_ASN1_INTEGER(number, NULL) : NULL;

    ok = serial != NULL && X509_REVOKED_set_serialNumber(entry, serial) == 1 &&
         X509_REVOKED_set_revocationDate(entry, when) == 1 &&
         X509_CRL_add0_revoked(crl, entry) == 1;
    if (!ok)
        X509_REVOKED_free(entry);
    ASN1_INTEGER_free(serial);
    ASN1_TIME_free(when);
    BN_free(number);
    return ok;
}

/* The number and the key identifier that RFC 5280, 5.2, asks for. */
static bool
add_crl_extensions(NskDemoAuthority *self, X509_CRL *crl, const NskCert *issuer)
{
    X509V3_CTX context;
    ASN1_INTEGER *number = next_serial(NULL, self);
    bool ok = number != NULL && X509_CRL_add1_ext_i2d(crl, NID_crl_number, number, 0, 0) == 1;

    ASN1_INTEGER_free(number);
    X509V3_set_ctx_nodb(&context);
    X509V3_set_ctx(&context, cert_x509(issuer), NULL, NULL, crl, 0);
    X509_EXTENSION *key_id =
        X509V3_EXT_conf(NULL, &context, "authorityKeyIdentifier", "keyid:always");
    ok = ok && key_id != NULL && X509_CRL_add_ext(crl, key_id, -1) == 1;
    X509_EXTENSION_free(key_id);
    return ok;
}

static GBytes *
make_crl(NskDemoAuthority *self, bool of_root, NskInstant at, int days, GError **error)
{
    const NskCert *issuer = of_root ? self->root : self->cert;
    X509_CRL *crl = X509_CRL_new();
    ASN1_TIME *from = ASN1_TIME_set(NULL, (time_t)(at / USEC));
    ASN1_TIME *until = ASN1_TIME_set(NULL, (time_t)((at + days * DAY) / USEC));
    GHashTableIter iter;
    gpointer hex, when;
    uint8_t *der = NULL;
    bool ok = crl != NULL && from != NULL && until != NULL && X509_CRL_set_version(crl, 1) == 1 &&
              X509_CRL_set_issuer_name(crl, X509_get_subject_name(cert_x509(issuer))) == 1 &&
              X509_CRL_set1_lastUpdate(crl, from) == 1 &&
              X509_CRL_set1_nextUpdate(crl, until) == 1 && add_crl_extensions(self, crl, issuer);

    g_hash_table_iter_init(&iter, self->revoked);
    while (ok && g_hash_table_iter_next(&iter, &hex, &when)) {
        bool is_issuer = strcmp(hex, nsk_cert_facts(self->cert)->serial) == 0;

        if (is_issuer == of_root && *(NskInstant *)when <= at)
            ok = add_revoked(crl, hex, *(NskInstant *)when);
    }
    ok = ok && X509_CRL_sort(crl) == 1 &&
         X509_CRL_sign(crl, of_root ? self->root_key : self->key, EVP_sha256()) > 0;
    int length = ok ? i2d_X509_CRL(crl, &der) : -1;
    ASN1_TIME_free(from);
    ASN1_TIME_free(until);
    X509_CRL_free(crl);
    if (length <= 0) {
        openssl_error(error, NSK_ERROR_IO, nsk_tr("cannot make a list of revocations"));
        return NULL;
    }
    return take_der(der, length);
}

GBytes *
nsk_demo_authority_crl(NskDemoAuthority *self, NskInstant at, int days, GError **error)
{
    return make_crl(self, false, at, days, error);
}

GBytes *
nsk_demo_authority_root_crl(NskDemoAuthority *self, NskInstant at, int days, GError **error)
{
    if (self->root_key == NULL) {
        g_set_error_literal(error, NSK_ERROR, NSK_ERROR_UNSUPPORTED,
                            nsk_tr("the key of the demo authority's root was never kept"));
        return NULL;
    }
    return make_crl(self, true, at, days, error);
}
