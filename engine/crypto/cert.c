/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Certificates and the chain from one to a trusted root (RFC 5280), with OpenSSL's own path
 * building.  Only the roots of an NskTrust are anchors; the system's certificate store is never
 * read, because an office decides itself whose signatures it believes.
 */
#include "base/bytes.h"
#include "base/limits.h"
#include "base/message.h"
#include "crypto/crypto-private.h"

#include <limits.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>
#include <string.h>

#define MAX_CERTS  1000
#define MAX_CHAIN  16
#define MAX_URLS   8
#define MAX_URL    1024 /* bytes */
#define USEC       G_GINT64_CONSTANT(1000000)
#define AUTH_LEVEL 2 /* 112 bits: no SHA-1, no RSA below 2048 */
#define PEM_MARK   "-----BEGIN CERTIFICATE-----"

struct _NskCert {
    X509 *x509;
    GBytes *der; /* as OpenSSL writes it */
    NskCertFacts facts;
    char *texts[7]; /* what facts point to */
};

struct _NskTrust {
    X509_STORE *store;
    GPtrArray *roots; /* NskCert, those in the store */
};

typedef STACK_OF(X509) X509Stack;

static void
stack_free(X509Stack *stack)
{
    sk_X509_free(stack);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC(X509Stack, stack_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC(X509_STORE_CTX, X509_STORE_CTX_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC(BIO, BIO_free_all)

void
openssl_error(GError **error, NskError code, const char *what)
{
    unsigned long last = ERR_peek_last_error();
    const char *reason = last != 0 ? ERR_reason_error_string(last) : NULL;

    g_set_error(error, NSK_ERROR, (int)code, "%s: %s", what,
                reason != NULL ? reason : nsk_tr("the library gave no reason"));
    ERR_clear_error();
}

GBytes *
take_der(uint8_t *der, int size)
{
    if (size <= 0)
        return NULL;
    GBytes *bytes = g_bytes_new(der, (size_t)size);
    OPENSSL_clear_free(der, (size_t)size);
    return bytes;
}

/* The whole name in RFC 2253 form, UTF-8. */
static char *
name_to_dn(const X509_NAME *name)
{
    g_autoptr(BIO) bio = BIO_new(BIO_s_mem());
    char *data = NULL;

    if (bio == NULL ||
        X509_NAME_print_ex(bio, name, 0, XN_FLAG_RFC2253 & ~(unsigned long)ASN1_STRFLGS_ESC_MSB) <
            0)
        return g_strdup("");
    long size = BIO_get_mem_data(bio, &data);
    return g_utf8_make_valid(data, (gssize)size);
}

/* The last part of that kind, or NULL. */
static char *
name_to_part(const X509_NAME *name, int nid)
{
    int at = -1, last = -1;
    uint8_t *utf8 = NULL;

    while ((at = X509_NAME_get_index_by_NID(name, nid, at)) >= 0)
        last = at;
    if (last < 0)
        return NULL;
    int size =
        ASN1_STRING_to_UTF8(&utf8, X509_NAME_ENTRY_get_data(X509_NAME_get_entry(name, last)));
    if (size < 0)
        return NULL;
    char *text = g_utf8_make_valid((const char *)utf8, size);
    OPENSSL_free(utf8);
    return text;
}

NskInstant
time_to_instant(const ASN1_TIME *time)
{
    struct tm tm = { 0 };

    if (time == NULL || ASN1_TIME_to_tm(time, &tm) != 1)
        return 0;
    g_autoptr(GDateTime) utc = g_date_time_new_utc(tm.tm_year + 1900, tm.tm_mon + 1, tm.tm_mday,
                                                   tm.tm_hour, tm.tm_min, tm.tm_sec);
    return utc != NULL ? g_date_time_to_unix(utc) * USEC : 0;
}

static char *
serial_to_hex(const X509 *x509)
{
    const ASN1_INTEGER *serial = X509_get0_serialNumber(x509);

    return nsk_hex(ASN1_STRING_get0_data(serial), (size_t)ASN1_STRING_length(serial));
}

/* Adds an address if it is one of HTTP in plain signs. */
static void
add_url(GPtrArray *urls, const GENERAL_NAME *name)
{
    const ASN1_IA5STRING *uri = name->type == GEN_URI ? name->d.uniformResourceIdentifier : NULL;
    int size = uri != NULL ? ASN1_STRING_length(uri) : 0;

    if (size == 0 || size > MAX_URL || urls->len >= MAX_URLS)
        return;
    g_autofree char *text = g_strndup((const char *)ASN1_STRING_get0_data(uri), (gsize)size);
    for (int i = 0; i < size; i++)
        if (!g_ascii_isgraph(text[i]))
            return;
    if (g_str_has_prefix(text, "http://") || g_str_has_prefix(text, "https://"))
        g_ptr_array_add(urls, g_steal_pointer(&text));
}

static char **
end_urls(GPtrArray *urls)
{
    g_ptr_array_add(urls, NULL);
    return (char **)g_ptr_array_free(urls, FALSE);
}

/* Where lists of revocations are (RFC 5280, 4.2.1.13). */
static char **
read_crl_urls(const X509 *x509)
{
    GPtrArray *urls = g_ptr_array_new();
    CRL_DIST_POINTS *points = X509_get_ext_d2i(x509, NID_crl_distribution_points, NULL, NULL);

    for (int i = 0; points != NULL && i < sk_DIST_POINT_num(points); i++) {
        const DIST_POINT *point = sk_DIST_POINT_value(points, i);
        const GENERAL_NAMES *names = point->distpoint != NULL && point->distpoint->type == 0
                                         ? point->distpoint->name.fullname
                                         : NULL;

        for (int j = 0; names != NULL && j < sk_GENERAL_NAME_num(names); j++)
            add_url(urls, sk_GENERAL_NAME_value(names, j));
    }
    CRL_DIST_POINTS_free(points);
    return end_urls(urls);
}

/* Addresses of one kind in the authority information access (RFC 5280, 4.2.2.1). */
static char **
read_access_urls(const X509 *x509, int kind)
{
    GPtrArray *urls = g_ptr_array_new();
    AUTHORITY_INFO_ACCESS *access = X509_get_ext_d2i(x509, NID_info_access, NULL, NULL);

    for (int i = 0; access != NULL && i < sk_ACCESS_DESCRIPTION_num(access); i++) {
        const ACCESS_DESCRIPTION *way = sk_ACCESS_DESCRIPTION_value(access, i);

        if (OBJ_obj2nid(way->method) == kind)
            add_url(urls, way->location);
    }
    AUTHORITY_INFO_ACCESS_free(access);
    return end_urls(urls);
}

/* RFC 3161, 2.3: the usage is there once, alone and critical. */
static bool
is_for_time_stamps(X509 *x509, uint32_t usage)
{
    int at = X509_get_ext_by_NID(x509, NID_ext_key_usage, -1);

    return at >= 0 && X509_EXTENSION_get_critical(X509_get_ext(x509, at)) == 1 &&
           X509_get_extended_key_usage(x509) == XKU_TIMESTAMP &&
           (usage & (KU_DIGITAL_SIGNATURE | KU_NON_REPUDIATION)) != 0;
}

static void
fill_usage(NskCertFacts *facts, X509 *x509)
{
    uint32_t usage = X509_get_key_usage(x509); /* all bits set if there is no such extension */

    facts->is_ca = X509_check_ca(x509) == 1;
    facts->is_self_issued =
        X509_NAME_cmp(X509_get_subject_name(x509), X509_get_issuer_name(x509)) == 0;
    facts->can_sign = (usage & (KU_DIGITAL_SIGNATURE | KU_NON_REPUDIATION)) != 0;
    facts->has_non_repudiation = usage != UINT32_MAX && (usage & KU_NON_REPUDIATION) != 0;
    facts->can_time_stamp = is_for_time_stamps(x509, usage);
    facts->crl_urls = read_crl_urls(x509);
    facts->ocsp_urls = read_access_urls(x509, NID_ad_OCSP);
    facts->issuer_urls = read_access_urls(x509, NID_ad_ca_issuers);
}

NskCert *
cert_new(X509 *x509)
{
    NskCert *self = g_atomic_rc_box_new0(NskCert);
    uint8_t digest[NSK_SHA256_SIZE];
    uint8_t *der = NULL;
    int size = i2d_X509(x509, &der);

    self->der = size > 0 ? take_der(der, size) : g_bytes_new(NULL, 0);
    nsk_sha256(g_bytes_get_data(self->der, NULL), g_bytes_get_size(self->der), digest);
    self->x509 = x509;
    char *subject_dn = name_to_dn(X509_get_subject_name(x509));
    char *issuer_dn = name_to_dn(X509_get_issuer_name(x509));
    self->texts[0] = subject_dn;
    self->texts[1] = issuer_dn;
    self->texts[2] = name_to_part(X509_get_subject_name(x509), NID_commonName);
    self->texts[3] = name_to_part(X509_get_issuer_name(x509), NID_commonName);
    self->texts[4] = serial_to_hex(x509);
    self->texts[5] = nsk_hex(digest, sizeof digest);
    self->texts[6] = name_to_part(X509_get_subject_name(x509), NID_organizationName);
    self->facts = (NskCertFacts){
        .subject = self->texts[2] != NULL ? self->texts[2] : subject_dn,
        .subject_dn = subject_dn,
        .issuer = self->texts[3] != NULL ? self->texts[3] : issuer_dn,
        .issuer_dn = issuer_dn,
        .serial = self->texts[4],
        .fingerprint = self->texts[5],
        .organization = self->texts[6],
        .not_before = time_to_instant(X509_get0_notBefore(x509)),
        .not_after = time_to_instant(X509_get0_notAfter(x509)),
    };
    fill_usage(&self->facts, x509);
    ERR_clear_error();
    return self;
}

X509 *
cert_x509(const NskCert *cert)
{
    return cert->x509;
}

static NskCert *
parse_der(const void *data, size_t size)
{
    const uint8_t *at = data;
    X509 *x509 = size <= LONG_MAX ? d2i_X509(NULL, &at, (long)size) : NULL;

    if (x509 == NULL)
        return NULL;
    if (at != (const uint8_t *)data + size) {
        X509_free(x509);
        return NULL;
    }
    return cert_new(x509);
}

static GPtrArray *
parse_pem(const void *data, size_t size, GError **error)
{
    g_autoptr(GPtrArray) certs = g_ptr_array_new_with_free_func((GDestroyNotify)nsk_cert_unref);
    g_autoptr(BIO) bio = size <= INT_MAX ? BIO_new_mem_buf(data, (int)size) : NULL;
    X509 *x509;

    while (bio != NULL && (x509 = PEM_read_bio_X509(bio, NULL, NULL, NULL)) != NULL) {
        g_ptr_array_add(certs, cert_new(x509));
        if (certs->len > MAX_CERTS) {
            g_set_error(error, NSK_ERROR, NSK_ERROR_LIMIT,
                        nsk_tr("the file has more than %d certificates; split it"), MAX_CERTS);
            return NULL;
        }
    }
    /* The end of the file is the only good reason to stop. */
    if (certs->len == 0 || ERR_GET_REASON(ERR_peek_last_error()) != PEM_R_NO_START_LINE) {
        openssl_error(error, NSK_ERROR_INVALID,
                      nsk_tr("cannot read a certificate in the PEM file"));
        return NULL;
    }
    ERR_clear_error();
    return g_steal_pointer(&certs);
}

GPtrArray *
nsk_certs_parse(const void *data, size_t size, GError **error)
{
    if (size > NSK_LIMIT_KEY_SIZE) {
        g_set_error(error, NSK_ERROR, NSK_ERROR_LIMIT,
                    nsk_tr("certificates have %zu bytes; at most %d are read"), size,
                    NSK_LIMIT_KEY_SIZE);
        return NULL;
    }
    /* DER first: a certificate in DER may hold the mark of PEM in a name. */
    NskCert *cert = size > 0 ? parse_der(data, size) : NULL;

    if (cert == NULL && size > 0 && memmem(data, size, PEM_MARK, strlen(PEM_MARK)) != NULL) {
        ERR_clear_error();
        return parse_pem(data, size, error);
    }
    if (cert == NULL) {
        openssl_error(error, NSK_ERROR_INVALID,
                      nsk_tr("this is no certificate in DER or PEM form"));
        return NULL;
    }
    GPtrArray *certs = g_ptr_array_new_with_free_func((GDestroyNotify)nsk_cert_unref);
    g_ptr_array_add(certs, cert);
    return certs;
}

NskCert *
nsk_cert_parse(const void *data, size_t size, GError **error)
{
    g_autoptr(GPtrArray) certs = nsk_certs_parse(data, size, error);

    if (certs == NULL)
        return NULL;
    if (certs->len != 1) {
        g_set_error(error, NSK_ERROR, NSK_ERROR_INVALID,
                    nsk_tr("expected one certificate, the file has %u; keep only the one meant"),
                    certs->len);
        return NULL;
    }
    return nsk_cert_ref(g_ptr_array_index(certs, 0));
}

NskCert *
nsk_cert_ref(NskCert *self)
{
    return g_atomic_rc_box_acquire(self);
}

static void
cert_clear(gpointer data)
{
    NskCert *self = data;

    X509_free(self->x509);
    g_bytes_unref(self->der);
    g_strfreev(self->facts.crl_urls);
    g_strfreev(self->facts.ocsp_urls);
    g_strfreev(self->facts.issuer_urls);
    for (size_t i = 0; i < G_N_ELEMENTS(self->texts); i++)
        g_free(self->texts[i]);
}

void
nsk_cert_unref(NskCert *self)
{
    if (self != NULL)
        g_atomic_rc_box_release_full(self, cert_clear);
}

const NskCertFacts *
nsk_cert_facts(const NskCert *self)
{
    return &self->facts;
}

GBytes *
nsk_cert_to_der(const NskCert *self)
{
    return g_bytes_ref(self->der);
}

char *
nsk_cert_to_pem(const NskCert *self)
{
    g_autoptr(BIO) bio = BIO_new(BIO_s_mem());
    char *data = NULL;

    int ok = bio != NULL && PEM_write_bio_X509(bio, self->x509) == 1;
    g_assert(ok);
    long size = BIO_get_mem_data(bio, &data);
    return g_strndup(data, (gsize)size);
}

GPtrArray *
chain_build(NskCert *cert, GPtrArray *others)
{
    GPtrArray *chain = g_ptr_array_new_with_free_func((GDestroyNotify)nsk_cert_unref);
    NskCert *last = cert;

    g_ptr_array_add(chain, nsk_cert_ref(cert));
    while (chain->len < MAX_CHAIN) {
        NskCert *issuer = NULL;

        for (guint i = 0; issuer == NULL && i < others->len; i++) {
            NskCert *other = g_ptr_array_index(others, i);

            if (!other->facts.is_self_issued && !g_ptr_array_find(chain, other, NULL) &&
                X509_check_issued(other->x509, last->x509) == X509_V_OK)
                issuer = other;
        }
        if (issuer == NULL)
            break;
        g_ptr_array_add(chain, nsk_cert_ref(issuer));
        last = issuer;
    }
    ERR_clear_error();
    return chain;
}

NskTrust *
nsk_trust_new(void)
{
    NskTrust *self = g_new0(NskTrust, 1);

    self->store = X509_STORE_new();
    g_assert(self->store != NULL);
    self->roots = g_ptr_array_new_with_free_func((GDestroyNotify)nsk_cert_unref);
    return self;
}

void
nsk_trust_add(NskTrust *self, NskCert *root)
{
    X509_STORE_add_cert(self->store, root->x509); /* twice the same is no error */
    g_ptr_array_add(self->roots, nsk_cert_ref(root));
    ERR_clear_error();
}

void
nsk_trust_free(NskTrust *self)
{
    if (self == NULL)
        return;
    X509_STORE_free(self->store);
    g_ptr_array_unref(self->roots);
    g_free(self);
}

/* Why a chain does not hold, in the user's language for the reasons that are met in practice. */
static const char *
chain_reason(int code)
{
    static const struct {
        int code;
        const char *words; /* of the library */
    } reasons[] = {
        { X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY,
          N_("unable to get local issuer certificate") },
        { X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT, N_("unable to get issuer certificate") },
        { X509_V_ERR_SELF_SIGNED_CERT_IN_CHAIN,
          N_("self-signed certificate in certificate chain") },
        { X509_V_ERR_DEPTH_ZERO_SELF_SIGNED_CERT, N_("self-signed certificate") },
        { X509_V_ERR_CERT_HAS_EXPIRED, N_("certificate has expired") },
        { X509_V_ERR_CERT_NOT_YET_VALID, N_("certificate is not yet valid") },
        { X509_V_ERR_CERT_SIGNATURE_FAILURE, N_("certificate signature failure") },
        { X509_V_ERR_INVALID_CA, N_("invalid CA certificate") },
    };

    for (size_t i = 0; i < G_N_ELEMENTS(reasons); i++) {
        if (reasons[i].code == code)
            return nsk_tr(reasons[i].words);
    }
    return X509_verify_cert_error_string(code);
}

/* The certificate of @certs that has @x509; NULL: none. */
static NskCert *
find_cert(GPtrArray *certs, const X509 *x509)
{
    for (guint i = 0; i < certs->len; i++) {
        NskCert *cert = g_ptr_array_index(certs, i);

        if (cert->x509 == x509)
            return nsk_cert_ref(cert);
    }
    return NULL;
}

static void
copy_chain(const TrustQuery *query, X509_STORE_CTX *context, GPtrArray *chain)
{
    STACK_OF(X509) *found = X509_STORE_CTX_get0_chain(context);

    for (int i = 0; i < sk_X509_num(found); i++) {
        X509 *x509 = sk_X509_value(found, i);

        NskCert *cert = find_cert(query->others, x509);

        if (cert == NULL)
            cert = find_cert(query->trust->roots, x509);
        if (cert == NULL && X509_up_ref(x509) == 1) /* not of these lists: read once more */
            cert = cert_new(x509);
        g_ptr_array_add(chain, cert);
    }
}

bool
trust_check_chain(const TrustQuery *query,
                  GPtrArray *chain,
                  const char **out_reason,
                  bool *out_expired)
{
    g_autoptr(X509_STORE_CTX) context = X509_STORE_CTX_new();
    g_autoptr(X509Stack) untrusted = sk_X509_new_null();

    *out_expired = false;
    *out_reason = "out of memory";
    if (context == NULL || untrusted == NULL)
        return false;
    for (guint i = 0; i < query->others->len; i++) {
        const NskCert *other = g_ptr_array_index(query->others, i);

        if (sk_X509_push(untrusted, other->x509) == 0)
            return false;
    }
    if (X509_STORE_CTX_init(context, query->trust->store, query->cert->x509, untrusted) != 1)
        return false;
    X509_VERIFY_PARAM *param = X509_STORE_CTX_get0_param(context);
    X509_VERIFY_PARAM_set_time(param, (time_t)(query->at / USEC));
    X509_VERIFY_PARAM_set_depth(param, MAX_CHAIN);
    X509_VERIFY_PARAM_set_auth_level(param, AUTH_LEVEL);
    bool ok = X509_verify_cert(context) == 1;
    int code = X509_STORE_CTX_get_error(context);
    *out_expired = code == X509_V_ERR_CERT_HAS_EXPIRED || code == X509_V_ERR_CERT_NOT_YET_VALID;
    *out_reason = chain_reason(code);
    if (ok && chain != NULL)
        copy_chain(query, context, chain);
    ERR_clear_error();
    return ok;
}
