/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Making a detached CMS signature (RFC 5652) as PAdES level B-B wants it (ETSI EN 319 142-1,
 * 6.3): signed attributes content-type, message-digest and signing-certificate-v2, and no
 * signing-time, because the PDF's own /M holds the claimed time.
 *
 * OpenSSL's CMS_final() would add a signing-time, so it is never called.  Instead the signed
 * attributes are encoded, sorted and hashed here, the digest goes to whoever has the key, and
 * the signature value is put into the finished structure.
 *
 * INVARIANTS:
 *   (1) the digest given out is that of the attributes as they stand in the finished DER;
 *   (2) no DER leaves this file whose signature does not verify with the signer's certificate.
 */
#include "base/message.h"
#include "crypto/crypto-private.h"

#include <limits.h>
#include <openssl/cms.h>
#include <openssl/err.h>
#include <string.h>

struct _NskCms {
    CMS_ContentInfo *cms;
    CMS_SignerInfo *signer; /* belongs to cms */
    NskCert *cert;
    NskScheme scheme;
    uint8_t digest[NSK_SHA256_SIZE]; /* of the signed attributes */
};

/* RSASSA-PSS-params (RFC 4055, 3.1): SHA-256, MGF1 with SHA-256, salt of 32 bytes. */
static const uint8_t pss_params[] = {
    0x30, 0x34, 0xa0, 0x0f, 0x30, 0x0d, 0x06, 0x09, 0x60, 0x86, 0x48, 0x01, 0x65, 0x03,
    0x04, 0x02, 0x01, 0x05, 0x00, 0xa1, 0x1c, 0x30, 0x1a, 0x06, 0x09, 0x2a, 0x86, 0x48,
    0x86, 0xf7, 0x0d, 0x01, 0x01, 0x08, 0x30, 0x0d, 0x06, 0x09, 0x60, 0x86, 0x48, 0x01,
    0x65, 0x03, 0x04, 0x02, 0x01, 0x05, 0x00, 0xa2, 0x03, 0x02, 0x01, 0x20,
};

GBytes *
nsk_scheme_params(NskScheme scheme)
{
    return scheme == NSK_SCHEME_RSA_PSS ? g_bytes_new_static(pss_params, sizeof pss_params) : NULL;
}

/* Writes the algorithm of the signature value, which OpenSSL would only do when it signs. */
static bool
set_algorithm(NskCms *self)
{
    X509_ALGOR *algorithm = NULL;

    CMS_SignerInfo_get0_algs(self->signer, NULL, NULL, NULL, &algorithm);
    if (self->scheme == NSK_SCHEME_ECDSA)
        return X509_ALGOR_set0(algorithm, OBJ_nid2obj(NID_ecdsa_with_SHA256), V_ASN1_UNDEF, NULL);
    if (self->scheme == NSK_SCHEME_RSA_PKCS1)
        return X509_ALGOR_set0(algorithm, OBJ_nid2obj(NID_rsaEncryption), V_ASN1_NULL, NULL);

    ASN1_STRING *params = ASN1_STRING_new();
    if (params == NULL || !ASN1_STRING_set(params, pss_params, sizeof pss_params) ||
        !X509_ALGOR_set0(algorithm, OBJ_nid2obj(NID_rsassaPss), V_ASN1_SEQUENCE, params)) {
        ASN1_STRING_free(params);
        return false;
    }
    return true;
}

static bool
add_attributes(NskCms *self, const uint8_t content_digest[NSK_SHA256_SIZE])
{
    return CMS_signed_add1_attr_by_NID(self->signer, NID_pkcs9_contentType, V_ASN1_OBJECT,
                                       OBJ_nid2obj(NID_pkcs7_data), -1) &&
           CMS_signed_add1_attr_by_NID(self->signer, NID_pkcs9_messageDigest, V_ASN1_OCTET_STRING,
                                       content_digest, NSK_SHA256_SIZE);
}

/* DER's order of the elements of a SET OF (X.690, 11.6). */
static gint
compare_encodings(gconstpointer a, gconstpointer b)
{
    return g_bytes_compare(*(GBytes *const *)a, *(GBytes *const *)b);
}

/* The digest of the signed attributes as DER's SET OF. */
static bool
digest_attributes(const CMS_SignerInfo *signer, uint8_t out[NSK_SHA256_SIZE])
{
    g_autoptr(GPtrArray) parts = g_ptr_array_new_with_free_func((GDestroyNotify)g_bytes_unref);
    g_autoptr(GByteArray) set = g_byte_array_new();
    int count = CMS_signed_get_attr_count(signer);
    int size = 0;

    for (int i = 0; i < count; i++) {
        uint8_t *der = NULL;
        int part = i2d_X509_ATTRIBUTE(CMS_signed_get_attr(signer, i), &der);

        if (part <= 0)
            return false;
        g_ptr_array_add(parts, take_der(der, part));
        size += part;
    }
    if (count != 3 || size < 0x80 || size > 0xffff)
        return false; /* three attributes with a digest each never are shorter or longer */
    g_ptr_array_sort(parts, compare_encodings);
    uint8_t head[] = { 0x31, 0x82, (uint8_t)(size >> 8), (uint8_t)size };
    if (size > 0xff) {
        g_byte_array_append(set, head, 4);
    } else {
        g_byte_array_append(set, (const uint8_t[]){ 0x31, 0x81, (uint8_t)size }, 3);
    }
    for (guint i = 0; i < parts->len; i++) {
        gsize part;
        const uint8_t *der = g_bytes_get_data(g_ptr_array_index(parts, i), &part);

        g_byte_array_append(set, der, (guint)part);
    }
    nsk_sha256(set->data, set->len, out);
    return true;
}

static bool
build(NskCms *self, GPtrArray *chain, const uint8_t content_digest[NSK_SHA256_SIZE])
{
    unsigned flags = CMS_PARTIAL | CMS_BINARY;
    X509 *x509 = cert_x509(self->cert);

    self->cms = CMS_sign(NULL, NULL, NULL, NULL, flags | CMS_DETACHED);
    if (self->cms == NULL)
        return false;
    self->signer = CMS_add1_signer(self->cms, x509, X509_get0_pubkey(x509), EVP_sha256(),
                                   flags | CMS_CADES | CMS_NOSMIMECAP);
    if (self->signer == NULL)
        return false;
    for (guint i = 1; i < chain->len; i++) {
        const NskCert *issuer = g_ptr_array_index(chain, i);

        if (!nsk_cert_facts(issuer)->is_self_issued &&
            CMS_add1_cert(self->cms, cert_x509(issuer)) != 1)
            return false;
    }
    return set_algorithm(self) && add_attributes(self, content_digest) &&
           digest_attributes(self->signer, self->digest);
}

NskCms *
nsk_cms_prepare(GPtrArray *chain,
                NskScheme scheme,
                const uint8_t content_digest[NSK_SHA256_SIZE],
                uint8_t out_digest[NSK_SHA256_SIZE],
                GError **error)
{
    g_assert(chain->len > 0);
    g_autoptr(NskCms) self = g_new0(NskCms, 1);
    self->cert = nsk_cert_ref(g_ptr_array_index(chain, 0));
    const NskCertFacts *facts = nsk_cert_facts(self->cert);

    if (!facts->can_sign || facts->is_ca) {
        g_set_error(
            error, NSK_ERROR, NSK_ERROR_INVALID,
            nsk_tr("the certificate of '%s' is not one for signing documents; use one whose key "
                   "usage is nonRepudiation or digitalSignature"),
            facts->subject);
        return NULL;
    }
    EVP_PKEY *key = X509_get0_pubkey(cert_x509(self->cert));
    if (key == NULL) {
        openssl_error(error, NSK_ERROR_UNSUPPORTED, nsk_tr("cannot read the public key"));
        return NULL;
    }
    if (!scheme_for_key(key, scheme, &self->scheme, error))
        return NULL;
    if (!build(self, chain, content_digest)) {
        openssl_error(error, NSK_ERROR_INTERNAL, "cannot build the signature");
        return NULL;
    }
    memcpy(out_digest, self->digest, NSK_SHA256_SIZE);
    return g_steal_pointer(&self);
}

static bool
verify_value(const NskCms *self, const void *signature, size_t size)
{
    g_autoptr(EVP_PKEY_CTX) context =
        EVP_PKEY_CTX_new(X509_get0_pubkey(cert_x509(self->cert)), NULL);

    return context != NULL && EVP_PKEY_verify_init(context) > 0 &&
           scheme_set_up(context, self->scheme) &&
           EVP_PKEY_verify(context, signature, size, self->digest, NSK_SHA256_SIZE) == 1;
}

GBytes *
nsk_cms_complete(NskCms *self, const void *signature, size_t size, GError **error)
{
    uint8_t *der = NULL;

    if (size > 4096 || !verify_value(self, signature, size)) {
        ERR_clear_error();
        g_set_error(error, NSK_ERROR, NSK_ERROR_UNTRUSTED,
                    nsk_tr("the signature value is not one of '%s' over this document; nothing was "
                           "signed, sign again"),
                    nsk_cert_facts(self->cert)->subject);
        return NULL;
    }
    int length = -1;
    if (ASN1_OCTET_STRING_set(CMS_SignerInfo_get0_signature(self->signer), signature, (int)size))
        length = i2d_CMS_ContentInfo(self->cms, &der);
    if (length <= 0) {
        openssl_error(error, NSK_ERROR_INTERNAL, "cannot encode the signature");
        return NULL;
    }
    return take_der(der, length);
}

GBytes *
nsk_cms_add_time_stamp(const void *cms, size_t size, GBytes *token, GError **error)
{
    const uint8_t *at = cms;
    CMS_ContentInfo *info = size <= LONG_MAX ? d2i_CMS_ContentInfo(NULL, &at, (long)size) : NULL;
    STACK_OF(CMS_SignerInfo) *signers = info != NULL ? CMS_get0_SignerInfos(info) : NULL;
    uint8_t *der = NULL;
    int length = -1;

    if (signers != NULL && sk_CMS_SignerInfo_num(signers) == 1 &&
        g_bytes_get_size(token) <= INT_MAX &&
        CMS_unsigned_add1_attr_by_NID(
            sk_CMS_SignerInfo_value(signers, 0), NID_id_smime_aa_timeStampToken, V_ASN1_SEQUENCE,
            g_bytes_get_data(token, NULL), (int)g_bytes_get_size(token)) == 1)
        length = i2d_CMS_ContentInfo(info, &der);
    CMS_ContentInfo_free(info);
    if (length <= 0) {
        openssl_error(error, NSK_ERROR_INVALID,
                      nsk_tr("cannot put a time stamp into the signature"));
        return NULL;
    }
    ERR_clear_error();
    return take_der(der, length);
}

void
nsk_cms_free(NskCms *self)
{
    if (self == NULL)
        return;
    CMS_ContentInfo_free(self->cms);
    nsk_cert_unref(self->cert);
    g_free(self);
}
