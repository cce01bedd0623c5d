/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A certificate authority for demonstrations: root, intermediate, people, all on P-256.
 *
 * The leaf has what other programs ask of a signer's certificate: digitalSignature and
 * nonRepudiation, emailProtection, and a CRL distribution point, without which pdfsig does not
 * call a chain trusted.  The address ends in ".invalid" (RFC 2606), so that nobody asks it.
 *
 * INVARIANTS:
 *   (1) every certificate says DEMO in its subject and its issuer;
 *   (2) the root's key is never written: it goes with the handle that made it.
 */
#include "base/message.h"
#include "crypto/demo-private.h"

#include <openssl/err.h>
#include <openssl/pkcs12.h>
#include <openssl/x509v3.h>
#include <string.h>

#define DAY            (G_GINT64_CONSTANT(86400) * 1000000)
#define ORGANISATION   "DEMO Naskah, not for real use"
#define ROOT_NAME      "DEMO Naskah Root, not for real use"
#define ISSUER_NAME    "DEMO Naskah Issuer, not for real use"
#define NAME_SUFFIX    " (DEMO)"
#define MAX_COMMON     64 /* characters, RFC 5280, ub-common-name */
#define LEAF_DAYS      730
#define P12_ITERATIONS 10000 /* nothing real is protected by it */

static const DemoExtension root_extensions[] = {
    DEMO_AUTHORITY("critical,CA:TRUE"),
    { NULL, NULL },
};
static const DemoExtension issuer_extensions[] = {
    DEMO_AUTHORITY("critical,CA:TRUE,pathlen:0"),
    { "authorityKeyIdentifier", "keyid:always" },
    { "crlDistributionPoints", "URI:" DEMO_ROOT_CRL_URL },
    { NULL, NULL },
};
static const DemoExtension leaf_extensions[] = {
    DEMO_LEAF("critical,digitalSignature,nonRepudiation", "emailProtection"),
    DEMO_ADDRESSES,
    { NULL, NULL },
};

static bool
add_name(X509_NAME *name, const char *field, const char *value)
{
    return X509_NAME_add_entry_by_txt(name, field, MBSTRING_UTF8, (const uint8_t *)value, -1, -1,
                                      0) == 1;
}

static bool
set_names(X509 *x509, const DemoSubject *subject)
{
    X509_NAME *name = X509_get_subject_name(x509);
    const X509_NAME *issuer =
        subject->issuer != NULL ? X509_get_subject_name(cert_x509(subject->issuer)) : name;

    return add_name(name, "C", "ID") && add_name(name, "O", ORGANISATION) &&
           add_name(name, "CN", subject->name) &&
           (subject->staff_number == NULL ||
            add_name(name, "serialNumber", subject->staff_number)) &&
           X509_set_issuer_name(x509, issuer) == 1;
}

static bool
set_serial(X509 *x509)
{
    uint8_t random[16];
    BIGNUM *number;

    nsk_random(random, sizeof random);
    random[0] = (random[0] & 0x7f) | 0x40; /* positive, and always 16 bytes */
    number = BN_bin2bn(random, sizeof random, NULL);
    bool ok = number != NULL && BN_to_ASN1_INTEGER(number, X509_get_serialNumber(x509)) != NULL;
    BN_free(number);
    return ok;
}

static bool
set_validity(X509 *x509, const DemoSubject *subject)
{
    time_t from = (time_t)(subject->not_before / G_GINT64_CONSTANT(1000000));

    return ASN1_TIME_set(X509_getm_notBefore(x509), from) != NULL &&
           ASN1_TIME_adj(X509_getm_notAfter(x509), from, subject->days, 0) != NULL;
}

static bool
add_extensions(X509 *x509, const DemoSubject *subject)
{
    X509V3_CTX context;

    X509V3_set_ctx_nodb(&context);
    X509V3_set_ctx(&context, subject->issuer != NULL ? cert_x509(subject->issuer) : x509, x509,
                   NULL, NULL, 0);
    for (const DemoExtension *one = subject->extensions; one->name != NULL; one++) {
        X509_EXTENSION *extension = X509V3_EXT_conf(NULL, &context, one->name, one->value);
        bool ok = extension != NULL && X509_add_ext(x509, extension, -1) == 1;

        X509_EXTENSION_free(extension);
        if (!ok)
            return false;
    }
    return true;
}

NskCert *
demo_certify(const DemoSubject *subject, GError **error)
{
    g_autoptr(X509) x509 = X509_new();

    if (x509 == NULL || X509_set_version(x509, X509_VERSION_3) != 1 || !set_serial(x509) ||
        !set_names(x509, subject) || !set_validity(x509, subject) ||
        X509_set_pubkey(x509, subject->key) != 1 || !add_extensions(x509, subject) ||
        X509_sign(x509, subject->issuer_key, EVP_sha256()) <= 0) {
        openssl_error(error, NSK_ERROR_INVALID, nsk_tr("cannot make the demo certificate"));
        return NULL;
    }
    return cert_new(g_steal_pointer(&x509));
}

static EVP_PKEY *
make_key(int rsa_bits, bool p384, GError **error)
{
    EVP_PKEY *key =
        rsa_bits > 0 ? EVP_RSA_gen((unsigned)rsa_bits) : EVP_EC_gen(p384 ? "P-384" : "P-256");

    if (key == NULL)
        openssl_error(error, NSK_ERROR_IO, nsk_tr("cannot make a key"));
    return key;
}

static NskDemoAuthority *
authority_new(void)
{
    NskDemoAuthority *self = g_new0(NskDemoAuthority, 1);

    self->revoked = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
    return self;
}

void
demo_service_clear(DemoService *service)
{
    g_clear_pointer(&service->key, EVP_PKEY_free);
    g_clear_pointer(&service->cert, nsk_cert_unref);
}

NskDemoAuthority *
nsk_demo_authority_new(NskInstant now, GError **error)
{
    g_autoptr(EVP_PKEY) root_key = make_key(0, false, error);
    if (root_key == NULL)
        return NULL;
    g_autoptr(EVP_PKEY) key = make_key(0, false, error);
    if (key == NULL)
        return NULL;

    g_autoptr(NskCert) root =
        demo_certify(&(DemoSubject){ ROOT_NAME, NULL, root_key, NULL, root_key, now - DAY, 20 * 365,
                                     root_extensions },
                     error);
    if (root == NULL)
        return NULL;
    g_autoptr(NskCert) cert = demo_certify(&(DemoSubject){ ISSUER_NAME, NULL, key, root, root_key,
                                                           now - DAY, 10 * 365, issuer_extensions },
                                           error);
    if (cert == NULL)
        return NULL;

    NskDemoAuthority *self = authority_new();
    self->key = g_steal_pointer(&key);
    self->cert = g_steal_pointer(&cert);
    self->root = g_steal_pointer(&root);
    self->root_key = g_steal_pointer(&root_key);
    return self;
}

/* @others: NskCert, NULL at the end. */
static GBytes *
write_p12(EVP_PKEY *key,
          NskCert *cert,
          NskCert *const *others,
          const char *passphrase,
          GError **error)
{
    STACK_OF(X509) *stack = sk_X509_new_null();
    uint8_t *der = NULL;
    int size = -1;

    for (size_t i = 0; stack != NULL && others[i] != NULL; i++)
        sk_X509_push(stack, cert_x509(others[i]));
    PKCS12 *p12 =
        PKCS12_create(passphrase, "DEMO Naskah", key, cert_x509(cert), stack, NID_aes_256_cbc,
                      NID_aes_256_cbc, P12_ITERATIONS, P12_ITERATIONS, 0);
    sk_X509_free(stack);
    if (p12 != NULL)
        size = i2d_PKCS12(p12, &der);
    PKCS12_free(p12);
    if (size <= 0) {
        openssl_error(error, NSK_ERROR_IO, nsk_tr("cannot write the key file"));
        return NULL;
    }
    return take_der(der, size);
}

GBytes *
nsk_demo_authority_save(const NskDemoAuthority *self, const char *passphrase, GError **error)
{
    return write_p12(self->key, self->cert, (NskCert *const[]){ self->root, NULL }, passphrase,
                     error);
}

NskDemoAuthority *
nsk_demo_authority_load(const void *p12, size_t size, const char *passphrase, GError **error)
{
    g_autoptr(GBytes) data = g_bytes_new_static(p12, size);
    g_autoptr(EVP_PKEY) key = NULL;
    g_autoptr(NskCert) cert = NULL;
    g_autoptr(GPtrArray) others = NULL;

    if (!p12_open(data, passphrase, &key, &cert, &others, error))
        return NULL;
    NskCert *root = others->len == 1 ? g_ptr_array_index(others, 0) : NULL;
    if (root == NULL || !nsk_cert_facts(root)->is_self_issued || !nsk_cert_facts(cert)->is_ca ||
        strcmp(nsk_cert_facts(cert)->subject, ISSUER_NAME) != 0) {
        g_set_error_literal(error, NSK_ERROR, NSK_ERROR_INVALID,
                            nsk_tr("the key file is not that of a demo authority"));
        return NULL;
    }
    NskDemoAuthority *self = authority_new();
    self->root = nsk_cert_ref(root);
    self->key = g_steal_pointer(&key);
    self->cert = g_steal_pointer(&cert);
    return self;
}

void
nsk_demo_authority_free(NskDemoAuthority *self)
{
    if (self == NULL)
        return;
    EVP_PKEY_free(self->key);
    EVP_PKEY_free(self->root_key);
    nsk_cert_unref(self->cert);
    nsk_cert_unref(self->root);
    demo_service_clear(&self->stamper);
    demo_service_clear(&self->responder);
    g_hash_table_unref(self->revoked);
    g_free(self);
}

NskCert *
nsk_demo_authority_get_root(const NskDemoAuthority *self)
{
    return self->root;
}

GBytes *
nsk_demo_authority_issue(NskDemoAuthority *self, const NskDemoPerson *person, GError **error)
{
    if (person->name == NULL || !g_utf8_validate(person->name, -1, NULL) ||
        person->name[0] == '\0' || person->passphrase == NULL || person->passphrase[0] == '\0') {
        g_set_error_literal(error, NSK_ERROR, NSK_ERROR_INVALID,
                            nsk_tr("a demo certificate needs a name in UTF-8 and a passphrase"));
        return NULL;
    }
    g_autoptr(EVP_PKEY) key = make_key(person->rsa_bits, person->p384, error);
    if (key == NULL)
        return NULL;

    long room = MAX_COMMON - (long)strlen(NAME_SUFFIX);
    g_autofree char *cut =
        g_utf8_substring(person->name, 0, MIN(g_utf8_strlen(person->name, -1), room));
    g_autofree char *name = g_strconcat(cut, NAME_SUFFIX, NULL);
    g_autoptr(NskCert) cert = demo_certify(
        &(DemoSubject){ name, person->staff_number, key, self->cert, self->key, person->not_before,
                        person->days > 0 ? person->days : LEAF_DAYS, leaf_extensions },
        error);
    if (cert == NULL)
        return NULL;
    return write_p12(key, cert, (NskCert *const[]){ self->cert, NULL }, person->passphrase, error);
}
