/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Checking a detached CMS signature (RFC 5652, RFC 5035) strictly.
 *
 * The structure is read by our own DER reader, so that the signature is checked over the very
 * bytes of the signed attributes; certificates, digests and signature values are OpenSSL's.
 *
 * INVARIANTS:
 *   (1) intact is true only if every check ran and none failed: it is set at the one place
 *       where the whole row of checks has passed, never derived from the list of issues;
 *   (2) a certificate found in the signature is believed in nothing before the chain check.
 */
#include "base/message.h"
#include "crypto/cms-private.h"

#include <openssl/err.h>
#include <openssl/rsa.h>
#include <openssl/x509v3.h>
#include <string.h>

#define MAX_CERTS      32
#define MAX_ATTRIBUTES 32
#define MAX_STAMPS     8

/* The parts of a SignedData with one SignerInfo; they point into the input. */
typedef struct {
    Der certs;
    uint8_t signer_tag;
    Der signer_id;
    Der digest_oid;
    Der attributes; /* content of [0] */
    Der attributes_whole;
    Der algorithm_oid;
    Der algorithm_params;
    uint8_t algorithm_params_tag; /* 0 if absent */
    Der signature;
    Der unsigned_attributes;
    Der content; /* of a token */
} Signed;

typedef struct {
    const NskCmsCheck *check;
    NskCmsVerdict *verdict;
    Signed parts;
    GPtrArray *certs; /* NskCert; the verdict's */
    const EVP_MD *md;
    bool is_token;     /* its content is a TSTInfo inside it */
    GBytes *converted; /* the CMS out of BER; NULL: it was DER */
} Checker;

typedef struct {
    uint8_t size;
    uint8_t bytes[11];
} Oid;

static const Oid oid_data = { 9, { 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x07, 0x01 } };
static const Oid oid_signed_data = { 9, { 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x07, 0x02 } };
static const Oid oid_content_type = { 9, { 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x09, 0x03 } };
static const Oid oid_message_digest = { 9,
                                        { 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x09, 0x04 } };
static const Oid oid_signing_time = { 9, { 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x09, 0x05 } };
static const Oid oid_token_content = { 11,
                                       { 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x09, 0x10, 0x01,
                                         0x04 } };
static const Oid oid_time_stamp = { 11,
                                    { 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x09, 0x10, 0x02,
                                      0x0e } };
static const Oid oid_signing_cert = { 11,
                                      { 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x09, 0x10, 0x02,
                                        0x0c } };
static const Oid oid_signing_cert_v2 = { 11,
                                         { 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x09, 0x10,
                                           0x02, 0x2f } };

/* Digests that a signature may use, with the signature algorithms that belong to each. */
static const struct {
    Oid digest;
    const char *name;
    Oid ecdsa;
    Oid rsa;
} digests[] = {
    { { 9, { 0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, 0x01 } },
      "SHA256",
      { 8, { 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x04, 0x03, 0x02 } },
      { 9, { 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x0b } } },
    { { 9, { 0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, 0x02 } },
      "SHA384",
      { 8, { 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x04, 0x03, 0x03 } },
      { 9, { 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x0c } } },
    { { 9, { 0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, 0x03 } },
      "SHA512",
      { 8, { 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x04, 0x03, 0x04 } },
      { 9, { 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x0d } } },
};
static const Oid oid_rsa = { 9, { 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x01 } };
static const Oid oid_pss = { 9, { 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x0a } };

static bool
is_oid(Der der, const Oid *oid)
{
    return der.size == oid->size && memcmp(der.data, oid->bytes, oid->size) == 0;
}

/* Adds an issue and returns false, so that a check can end with it. */
static bool
fail(Checker *self, const char *tag, const char *text)
{
    NskIssue place = { .tag = tag, .severity = NSK_SEVERITY_ERROR };

    nsk_issues_add(self->verdict->issues, &place, "%s", text);
    return false;
}

static bool
all_zero(Der der)
{
    for (size_t i = 0; i < der.size; i++)
        if (der.data[i] != 0)
            return false;
    return true;
}

/* Whether a version (RFC 5652, 5.1 and 5.3) is @plain, or 3 where a key identifier asks for it. */
static bool
is_version(Der version, uint8_t plain, bool by_key)
{
    return version.size == 1 && (version.data[0] == plain || (by_key && version.data[0] == 3));
}

/* The algorithm of a digest: no parameters, or NULL. */
static bool
read_digest(Der *in, Der *out_oid)
{
    uint8_t tag;
    Der params;

    return der_algorithm(in, out_oid, &tag, &params) &&
           (tag == 0 || (tag == DER_NULL && params.size == 0));
}

static bool
read_signer_info(Der info, Signed *parts)
{
    Der version, rest = info;
    uint8_t tag;

    if (!der_take(&rest, DER_INTEGER, &version) ||
        !der_next(&rest, &parts->signer_tag, &parts->signer_id, NULL) ||
        (parts->signer_tag != DER_SEQUENCE && parts->signer_tag != DER_IMPLICIT_0) ||
        !is_version(version, 1, parts->signer_tag == DER_IMPLICIT_0) ||
        !read_digest(&rest, &parts->digest_oid))
        return false;
    if (!der_next(&rest, &tag, &parts->attributes, &parts->attributes_whole) ||
        tag != DER_CONTEXT_0)
        return false;
    if (!der_algorithm(&rest, &parts->algorithm_oid, &parts->algorithm_params_tag,
                       &parts->algorithm_params) ||
        !der_take(&rest, DER_OCTETS, &parts->signature))
        return false;
    der_take(&rest, DER_CONTEXT_1, &parts->unsigned_attributes);
    return rest.size == 0;
}

/* The CMS in DER: older programs write lengths that are not told (BER), which means the same. PAdES
 * and time-stamp authorities are held to DER. */
static bool
open_input(Checker *self, Der *out_in, Der *out_rest)
{
    NskIssue place = { .tag = "cms-ber", .severity = NSK_SEVERITY_WARNING };

    *out_in = (Der){ self->check->cms, self->check->cms_size };
    *out_rest = (Der){ NULL, 0 };
    if (self->is_token || self->check->pades || out_in->size < 2 || out_in->data[1] != 0x80)
        return true;
    self->converted = der_from_ber(*out_in, out_rest);
    if (self->converted == NULL)
        return false;
    out_in->data = g_bytes_get_data(self->converted, &out_in->size);
    nsk_issues_add(self->verdict->issues, &place, "%s",
                   nsk_tr("the signature is written in an older form (BER) than the standard asks "
                          "for"));
    return true;
}

/* SignedData inside ContentInfo. */
static bool
read_signed_data(Checker *self, Der *out_signed)
{
    Der in, rest, info, oid, wrapped;

    if (!open_input(self, &in, &rest) || !der_take(&in, DER_SEQUENCE, &info) ||
        !der_take(&info, DER_OID, &oid) || !is_oid(oid, &oid_signed_data) ||
        !der_take(&info, DER_CONTEXT_0, &wrapped) || info.size > 0 ||
        !der_take(&wrapped, DER_SEQUENCE, out_signed) || wrapped.size > 0)
        return fail(
            self, "cms-syntax",
            nsk_tr("the signature is no CMS SignedData in DER form: it was damaged or made by a "
                   "program that does not follow the standard"));
    if (!all_zero(in) || !all_zero(rest))
        return fail(
            self, "cms-padding",
            nsk_tr("bytes other than zero follow the signature, where nothing protects them"));
    return true;
}

/* Whether the list of digests, which no signature covers, names the signer's and nothing that is
 * not one. */
static bool
lists_digest(Der algorithms, Der wanted)
{
    Der oid;
    bool found = false;

    while (algorithms.size > 0) {
        if (!read_digest(&algorithms, &oid))
            return false;
        found = found || der_equal(oid, wanted);
    }
    return found;
}

/* The content of a token, an OCTET STRING inside. */
static bool
read_token_content(Checker *self, Der oid, Der rest)
{
    Der wrapped;

    return is_oid(oid, &oid_token_content) && der_take(&rest, DER_CONTEXT_0, &wrapped) &&
           rest.size == 0 && der_take(&wrapped, DER_OCTETS, &self->parts.content) &&
           wrapped.size == 0;
}

static bool
read_structure(Checker *self)
{
    Der body, version, algorithms, encapsulated, oid, crls, infos, info;
    const char *broken = nsk_tr("the signature's SignedData is not well formed");

    if (!read_signed_data(self, &body))
        return false;
    if (!der_take(&body, DER_INTEGER, &version) || !der_take(&body, DER_SET, &algorithms) ||
        !der_take(&body, DER_SEQUENCE, &encapsulated) || !der_take(&encapsulated, DER_OID, &oid))
        return fail(self, "cms-syntax", broken);
    if (self->is_token ? !read_token_content(self, oid, encapsulated)
                       : !is_oid(oid, &oid_data) || encapsulated.size > 0)
        return fail(
            self, "cms-attached",
            self->is_token
                ? nsk_tr("this is no time-stamp token: its content is of another kind")
                : nsk_tr("the signature brings its own content instead of signing this document"));
    der_take(&body, DER_CONTEXT_0, &self->parts.certs);
    der_take(&body, DER_CONTEXT_1, &crls);
    if (!der_take(&body, DER_SET, &infos) || body.size > 0)
        return fail(self, "cms-syntax", broken);
    if (!der_take(&infos, DER_SEQUENCE, &info) || infos.size > 0)
        return fail(self, "cms-signers", nsk_tr("the signature does not have exactly one signer"));
    if (!read_signer_info(info, &self->parts))
        return fail(
            self, "cms-syntax",
            nsk_tr("the signature's SignerInfo is not well formed, or has no signed attributes"));
    if (!is_version(version, 1, true) || !lists_digest(algorithms, self->parts.digest_oid))
        return fail(self, "cms-syntax", broken);
    return true;
}

static bool
read_certs(Checker *self)
{
    Der rest = self->parts.certs, content, whole;
    uint8_t tag;

    while (rest.size > 0) {
        if (!der_next(&rest, &tag, &content, &whole) || self->certs->len >= MAX_CERTS)
            return fail(
                self, "cms-certificate",
                nsk_tr("the certificates in the signature cannot be read, or are too many"));
        if (tag != DER_SEQUENCE)
            continue; /* attribute certificates and older forms prove nothing here */
        NskCert *cert = nsk_cert_pool_parse(self->check->pool, whole.data, whole.size, NULL);
        if (cert == NULL)
            return fail(self, "cms-certificate",
                        nsk_tr("a certificate in the signature is damaged"));
        g_ptr_array_add(self->certs, cert);
    }
    return true;
}

/* Whether @der spells the name exactly: OpenSSL's own comparison overlooks case and blanks, and no
 * signature covers this copy of the issuer's name. */
static bool
spells_name(Der der, const X509_NAME *name)
{
    const uint8_t *spelt = NULL;
    size_t size = 0;

    return X509_NAME_get0_der(name, &spelt, &size) == 1 && der_equal(der, (Der){ spelt, size });
}

/* Whether the signer identifier (RFC 5652, 5.3) names @cert. */
static bool
names_cert(const Signed *parts, const NskCert *cert)
{
    const X509 *x509 = cert_x509(cert);
    Der id = parts->signer_id, issuer, serial;
    uint8_t tag;

    if (parts->signer_tag == DER_IMPLICIT_0) {
        const ASN1_OCTET_STRING *key_id = X509_get0_subject_key_id(cert_x509(cert));

        return key_id != NULL && der_equal(id, (Der){ ASN1_STRING_get0_data(key_id),
                                                      (size_t)ASN1_STRING_length(key_id) });
    }
    if (!der_next(&id, &tag, &serial, &issuer) || tag != DER_SEQUENCE ||
        !der_take(&id, DER_INTEGER, &serial) || id.size > 0)
        return false;
    bool same = spells_name(issuer, X509_get_issuer_name(x509));

    g_autoptr(GString) whole = g_string_new_len("\x02", 1);
    ASN1_INTEGER *number = NULL;
    g_string_append_c(whole, (char)serial.size);
    g_string_append_len(whole, (const char *)serial.data, (gssize)serial.size);
    const uint8_t *at = (const uint8_t *)whole->str;
    if (serial.size < 0x80)
        number = d2i_ASN1_INTEGER(NULL, &at, (long)whole->len);
    same = same && number != NULL && ASN1_INTEGER_cmp(number, X509_get0_serialNumber(x509)) == 0;
    ASN1_INTEGER_free(number);
    return same;
}

static bool
find_signer(Checker *self)
{
    for (guint i = 0; i < self->certs->len; i++) {
        NskCert *cert = g_ptr_array_index(self->certs, i);

        if (names_cert(&self->parts, cert)) {
            self->verdict->signer = nsk_cert_ref(cert);
            return true;
        }
    }
    return fail(self, "cms-certificate",
                nsk_tr("the signer's certificate is not in the signature"));
}

static bool
find_digest(Checker *self, size_t *out_row)
{
    for (size_t i = 0; i < G_N_ELEMENTS(digests); i++) {
        if (is_oid(self->parts.digest_oid, &digests[i].digest)) {
            self->md = EVP_get_digestbyname(digests[i].name);
            *out_row = i;
            return self->md != NULL;
        }
    }
    return fail(
        self, "cms-algorithm",
        nsk_tr("the signature uses a digest other than SHA-256, SHA-384 or SHA-512; SHA-1 and "
               "older ones can be forged"));
}

/* The one value of the attribute @oid, if it is there. */
static bool
get_attribute(const Signed *parts, const Oid *oid, Der *out_value)
{
    Der rest = parts->attributes, attribute, type, values, value, whole;
    uint8_t tag;

    while (der_take(&rest, DER_SEQUENCE, &attribute)) {
        if (!der_take(&attribute, DER_OID, &type) || !is_oid(type, oid))
            continue;
        if (!der_take(&attribute, DER_SET, &values) || attribute.size > 0 ||
            !der_next(&values, &tag, &value, &whole) || values.size > 0)
            return false;
        *out_value = whole;
        return true;
    }
    return false;
}

/* Sorted, and no type twice: otherwise two programs may see two different sets. */
static bool
check_attribute_set(Checker *self)
{
    Der rest = self->parts.attributes, content, whole, previous = { NULL, 0 };
    Der types[MAX_ATTRIBUTES];
    size_t n = 0;
    uint8_t tag;

    while (rest.size > 0) {
        if (n >= MAX_ATTRIBUTES || !der_next(&rest, &tag, &content, &whole) ||
            tag != DER_SEQUENCE || !der_take(&content, DER_OID, &types[n]))
            return fail(self, "cms-attribute", nsk_tr("the signed attributes are not well formed"));
        for (size_t i = 0; i < n; i++)
            if (der_equal(types[i], types[n]))
                return fail(self, "cms-attribute", nsk_tr("a signed attribute stands there twice"));
        if (n > 0 && der_compare(previous, whole) >= 0)
            return fail(self, "cms-attribute",
                        nsk_tr("the signed attributes are not in DER's order"));
        previous = whole;
        n++;
    }
    return true;
}

const EVP_MD *
digest_by_oid(Der oid)
{
    for (size_t i = 0; i < G_N_ELEMENTS(digests); i++)
        if (is_oid(oid, &digests[i].digest))
            return EVP_get_digestbyname(digests[i].name);
    return NULL;
}

bool
digest_pieces(const EVP_MD *md,
              GBytes *const *pieces,
              size_t n_pieces,
              uint8_t out[EVP_MAX_MD_SIZE],
              unsigned *out_size)
{
    EVP_MD_CTX *context = EVP_MD_CTX_new();
    bool ok = context != NULL && EVP_DigestInit_ex(context, md, NULL) == 1;

    for (size_t i = 0; ok && i < n_pieces; i++) {
        gsize size;
        const void *data = g_bytes_get_data(pieces[i], &size);

        ok = size == 0 || EVP_DigestUpdate(context, data, size) == 1;
    }
    ok = ok && EVP_DigestFinal_ex(context, out, out_size) == 1;
    EVP_MD_CTX_free(context);
    return ok;
}

static bool
digest_content(Checker *self, uint8_t out[EVP_MAX_MD_SIZE], unsigned *out_size)
{
    if (self->is_token)
        return EVP_Digest(self->parts.content.data, self->parts.content.size, out, out_size,
                          self->md, NULL) == 1;
    return digest_pieces(self->md, self->check->content, self->check->n_content, out, out_size);
}

static bool
check_content(Checker *self)
{
    uint8_t digest[EVP_MAX_MD_SIZE];
    unsigned size = 0;
    Der value, octets, oid;

    if (!get_attribute(&self->parts, &oid_content_type, &value) ||
        !der_take(&value, DER_OID, &oid) ||
        !is_oid(oid, self->is_token ? &oid_token_content : &oid_data))
        return fail(self, "cms-attribute",
                    nsk_tr("the content-type attribute is missing or not that of the content"));
    if (!get_attribute(&self->parts, &oid_message_digest, &value) ||
        !der_take(&value, DER_OCTETS, &octets))
        return fail(self, "cms-attribute", nsk_tr("the message-digest attribute is missing"));
    if (!digest_content(self, digest, &size))
        return fail(self, "cms-digest", nsk_tr("the content could not be digested"));
    if (!der_equal(octets, (Der){ digest, size }))
        return fail(
            self, "cms-digest",
            nsk_tr("the document was changed after it was signed: its digest is another one"));
    return true;
}

/* SigningCertificateV2 (RFC 5035, 3): the first ESSCertIDv2 is the signer's. */
static bool
matches_certificate_id(const NskCert *signer, Der value)
{
    Der body, list, id, oid = { digests[0].digest.bytes, digests[0].digest.size }, params, hash;
    uint8_t tag, digest[EVP_MAX_MD_SIZE];
    unsigned size = 0;

    if (!der_take(&value, DER_SEQUENCE, &body) || !der_take(&body, DER_SEQUENCE, &list) ||
        !der_take(&list, DER_SEQUENCE, &id))
        return false;
    if (id.size > 0 && id.data[0] == DER_SEQUENCE && !der_algorithm(&id, &oid, &tag, &params))
        return false;
    if (!der_take(&id, DER_OCTETS, &hash))
        return false;
    for (size_t i = 0; i < G_N_ELEMENTS(digests); i++) {
        if (is_oid(oid, &digests[i].digest))
            return X509_digest(cert_x509(signer), EVP_get_digestbyname(digests[i].name), digest,
                               &size) == 1 &&
                   der_equal(hash, (Der){ digest, size });
    }
    return false;
}

/* SigningCertificate (RFC 2634, 5.4) of older time-stamp authorities: SHA-1 of the certificate,
 * whose own signature is judged with the path. */
static bool
matches_old_id(const NskCert *signer, Der value)
{
    Der body, list, id, hash;
    uint8_t digest[NSK_SHA1_SIZE];
    g_autoptr(GBytes) der = nsk_cert_to_der(signer);

    nsk_sha1(NULL, 0, g_bytes_get_data(der, NULL), g_bytes_get_size(der), digest);
    return der_take(&value, DER_SEQUENCE, &body) && der_take(&body, DER_SEQUENCE, &list) &&
           der_take(&list, DER_SEQUENCE, &id) && der_take(&id, DER_OCTETS, &hash) &&
           der_equal(hash, (Der){ digest, sizeof digest });
}

static bool
check_certificate_id(Checker *self)
{
    Der value;

    if (self->is_token && !get_attribute(&self->parts, &oid_signing_cert_v2, &value) &&
        get_attribute(&self->parts, &oid_signing_cert, &value))
        return matches_old_id(self->verdict->signer, value) ||
               fail(self, "cms-certificate-id",
                    nsk_tr("the signature names another certificate than the one it brings"));
    if (!get_attribute(&self->parts, &oid_signing_cert_v2, &value))
        return (!self->check->pades && !self->is_token) ||
               fail(self, "cms-attribute",
                    nsk_tr("the signing-certificate-v2 attribute is missing: the "
                           "certificate could have been exchanged"));
    if (!matches_certificate_id(self->verdict->signer, value))
        return fail(self, "cms-certificate-id",
                    nsk_tr("the signature names another certificate than the one it brings"));
    return true;
}

/* RSASSA-PSS-params (RFC 4055): digest and MGF1 digest must both be @digest. */
static bool
read_pss(Der params, const Oid *digest, int *out_salt)
{
    Der field, oid, inner, salt;
    uint8_t tag;

    if (!der_take(&params, DER_CONTEXT_0, &field) || !der_algorithm(&field, &oid, &tag, &inner) ||
        !is_oid(oid, digest))
        return false;
    if (!der_take(&params, DER_CONTEXT_1, &field) || !der_algorithm(&field, &oid, &tag, &inner) ||
        tag != DER_SEQUENCE || !der_take(&inner, DER_OID, &oid) || !is_oid(oid, digest))
        return false;
    *out_salt = 20;
    if (der_take(&params, DER_CONTEXT_2, &field)) {
        /* as long as the key allows, for some: two bytes, the first of which may be 0 */
        if (!der_take(&field, DER_INTEGER, &salt) || salt.size < 1 || salt.size > 2 ||
            salt.data[0] >= 0x80)
            return false;
        *out_salt = salt.size == 1 ? salt.data[0] : salt.data[0] * 256 + salt.data[1];
    }
    return params.size == 0;
}

/* Sets the padding that the algorithm asks for; false if algorithm, key and digest disagree. */
static bool
set_padding(const Signed *parts, size_t row, EVP_PKEY *key, EVP_PKEY_CTX *context)
{
    int salt;

    if (EVP_PKEY_is_a(key, "EC"))
        return is_oid(parts->algorithm_oid, &digests[row].ecdsa) &&
               parts->algorithm_params_tag == 0;
    if (!EVP_PKEY_is_a(key, "RSA"))
        return false;
    if (is_oid(parts->algorithm_oid, &oid_rsa) || is_oid(parts->algorithm_oid, &digests[row].rsa))
        return EVP_PKEY_CTX_set_rsa_padding(context, RSA_PKCS1_PADDING) > 0;
    return is_oid(parts->algorithm_oid, &oid_pss) && parts->algorithm_params_tag == DER_SEQUENCE &&
           read_pss(parts->algorithm_params, &digests[row].digest, &salt) &&
           EVP_PKEY_CTX_set_rsa_padding(context, RSA_PKCS1_PSS_PADDING) > 0 &&
           EVP_PKEY_CTX_set_rsa_pss_saltlen(context, salt) > 0;
}

static bool
check_signature(Checker *self, size_t row)
{
    EVP_PKEY *key = X509_get0_pubkey(cert_x509(self->verdict->signer));
    EVP_MD_CTX *context = EVP_MD_CTX_new();
    EVP_PKEY_CTX *key_context = NULL;
    Der whole = self->parts.attributes_whole;
    g_autofree uint8_t *set = g_memdup2(whole.data, whole.size);
    bool known = key != NULL && context != NULL && EVP_PKEY_get_security_bits(key) >= 112 &&
                 EVP_DigestVerifyInit(context, &key_context, self->md, NULL, key) == 1 &&
                 set_padding(&self->parts, row, key, key_context);

    set[0] = DER_SET; /* what is signed is the SET OF, not the [0] that stands for it */
    bool good = known && EVP_DigestVerify(context, self->parts.signature.data,
                                          self->parts.signature.size, set, whole.size) == 1;
    EVP_MD_CTX_free(context);
    ERR_clear_error();
    if (!known)
        return fail(self, "cms-algorithm",
                    nsk_tr("the signature's algorithm is not one for its key, or is too weak"));
    return good || fail(self, "cms-signature",
                        nsk_tr("the signature was not made with the key of the certificate in it"));
}

static void
check_trust(Checker *self)
{
    NskCmsVerdict *verdict = self->verdict;
    NskIssue place = { .tag = "cms-chain", .severity = NSK_SEVERITY_WARNING };
    const char *reason = nsk_tr("no root certificates are trusted");
    bool expired = false;

    if (!nsk_cert_facts(verdict->signer)->can_sign) {
        place.tag = "cms-usage";
        nsk_issues_add(verdict->issues, &place,
                       nsk_tr("the certificate of '%s' is not for signing documents"),
                       nsk_cert_facts(verdict->signer)->subject);
        return;
    }
    if (self->check->trust != NULL &&
        trust_check_chain(
            &(TrustQuery){ self->check->trust, verdict->signer, self->certs, self->check->at },
            NULL, &reason, &expired)) {
        verdict->trusted = true;
        return;
    }
    g_autofree char *at = nsk_instant_format(self->check->at);
    if (expired)
        place.tag = "cms-expired";
    nsk_issues_add(verdict->issues, &place,
                   nsk_tr("the certificate of '%s' does not lead to a trusted root at %s: %s"),
                   nsk_cert_facts(verdict->signer)->subject, at, reason);
}

static void
warn_signing_time(Checker *self)
{
    NskIssue place = { .tag = "cms-signing-time", .severity = NSK_SEVERITY_WARNING };
    Der value;

    if (get_attribute(&self->parts, &oid_signing_time, &value))
        nsk_issues_add(
            self->verdict->issues, &place,
            nsk_tr("the signature has a signing-time of its own, which PAdES does not allow; "
                   "the time in the PDF is shown"));
}

/* The unsigned attributes: time stamps are handed on, of others the reader is told. */
static bool
read_unsigned(Checker *self)
{
    Der rest = self->parts.unsigned_attributes, attribute, type, values, content, whole;
    NskIssue place = { .tag = "cms-unsigned-attribute", .severity = NSK_SEVERITY_WARNING };
    uint8_t tag;

    while (rest.size > 0) {
        if (!der_take(&rest, DER_SEQUENCE, &attribute) || !der_take(&attribute, DER_OID, &type) ||
            !der_take(&attribute, DER_SET, &values) || attribute.size > 0)
            return fail(self, "cms-syntax",
                        nsk_tr("the signature's unsigned attributes are not well formed"));
        if (!is_oid(type, &oid_time_stamp)) {
            nsk_issues_add(self->verdict->issues, &place, "%s",
                           nsk_tr("the signature carries an addition of a kind that is not known "
                                  "here, which nothing protects"));
            continue;
        }
        while (values.size > 0) {
            if (self->verdict->stamps->len >= MAX_STAMPS ||
                !der_next(&values, &tag, &content, &whole) || tag != DER_SEQUENCE)
                return fail(self, "cms-syntax",
                            nsk_tr("the signature's time stamps cannot be read"));
            g_ptr_array_add(self->verdict->stamps, g_bytes_new(whole.data, whole.size));
        }
    }
    return true;
}

static NskCmsVerdict *
verdict_new(void)
{
    NskCmsVerdict *verdict = g_new0(NskCmsVerdict, 1);

    verdict->issues = nsk_issues_new();
    verdict->certs = g_ptr_array_new_with_free_func((GDestroyNotify)nsk_cert_unref);
    verdict->stamps = g_ptr_array_new_with_free_func((GDestroyNotify)g_bytes_unref);
    return verdict;
}

/* Runs every check but that of the path. */
static void
check_integrity(Checker *self)
{
    NskCmsVerdict *verdict = self->verdict;
    size_t row = 0;

    verdict->intact = read_structure(self) && read_certs(self) && read_unsigned(self) &&
                      find_signer(self) && find_digest(self, &row) && check_attribute_set(self) &&
                      check_content(self) && check_certificate_id(self) &&
                      check_signature(self, row);
    if (self->parts.signature.size > 0)
        verdict->value = g_bytes_new(self->parts.signature.data, self->parts.signature.size);
    g_clear_pointer(&self->converted, g_bytes_unref);
    ERR_clear_error();
}

NskCmsVerdict *
nsk_cms_check(const NskCmsCheck *check)
{
    NskCmsVerdict *verdict = verdict_new();
    Checker self = { .check = check, .verdict = verdict, .certs = verdict->certs };

    check_integrity(&self);
    if (verdict->intact && check->pades)
        warn_signing_time(&self);
    if (verdict->intact && !check->only_integrity)
        check_trust(&self);
    return verdict;
}

static void
list_certs(const void *cms, size_t size, bool is_token, GPtrArray *out)
{
    g_autoptr(NskCmsVerdict) verdict = verdict_new();
    NskCmsCheck check = { .cms = cms, .cms_size = size };
    Checker self = { .check = &check, .verdict = verdict, .certs = verdict->certs };

    self.is_token = is_token;
    if (read_structure(&self) && read_certs(&self) && read_unsigned(&self)) {
        for (guint i = 0; i < verdict->certs->len; i++)
            g_ptr_array_add(out, nsk_cert_ref(g_ptr_array_index(verdict->certs, i)));
    }
    g_clear_pointer(&self.converted, g_bytes_unref);
    for (guint i = 0; !is_token && i < verdict->stamps->len; i++) {
        GBytes *stamp = g_ptr_array_index(verdict->stamps, i);

        list_certs(g_bytes_get_data(stamp, NULL), g_bytes_get_size(stamp), true, out);
    }
}

GPtrArray *
nsk_cms_list_certs(const void *cms, size_t size)
{
    GPtrArray *certs = g_ptr_array_new_with_free_func((GDestroyNotify)nsk_cert_unref);

    list_certs(cms, size, false, certs);
    if (certs->len == 0) /* a document time stamp is a token itself */
        list_certs(cms, size, true, certs);
    ERR_clear_error();
    return certs;
}

NskCmsVerdict *
cms_check_token(const NskTokenCheck *token, Der *out_content)
{
    NskCmsVerdict *verdict = verdict_new();
    NskCmsCheck check = { .cms = token->token, .cms_size = token->token_size };
    Checker self = { .check = &check, .verdict = verdict, .certs = verdict->certs };

    check.pool = token->pool;
    self.is_token = true;
    check_integrity(&self);
    *out_content = self.parts.content;
    return verdict;
}

void
nsk_cms_verdict_free(NskCmsVerdict *self)
{
    if (self == NULL)
        return;
    nsk_cert_unref(self->signer);
    g_clear_pointer(&self->value, g_bytes_unref);
    g_ptr_array_unref(self->certs);
    g_ptr_array_unref(self->stamps);
    g_ptr_array_unref(self->issues);
    g_free(self);
}
