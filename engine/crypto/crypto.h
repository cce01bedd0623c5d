/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <naskah/issue.h>

#include "base/clock.h"

#include <stddef.h>

/*
 * Digests, keys, certificates and CMS: the only user of OpenSSL 3.0.
 *
 * Every function may be called from any thread unless its type says otherwise.  A failure of
 * OpenSSL becomes one NSK_ERROR here and its error queue is emptied; no secret ever stands in a
 * message.
 */

/* Bytes of a SHA-256 digest (FIPS 180-4). */
#define NSK_SHA256_SIZE 32

/* Bytes of a SHA-1 digest (FIPS 180-4). */
#define NSK_SHA1_SIZE 20

/*
 * SHA-1 of two pieces in a row, for the names that git gives to objects and for nothing else: it
 * no longer keeps anybody from making two texts of one digest.  Either may be NULL if its size is
 * 0.
 */
void nsk_sha1(const void *head,
              size_t head_size,
              const void *data,
              size_t size,
              uint8_t out[NSK_SHA1_SIZE]);
/* Digest of @size bytes; @data may be NULL if @size is 0. */
void nsk_sha256(const void *data, size_t size, uint8_t out[NSK_SHA256_SIZE]);
/* HMAC-SHA-256 (RFC 2104).  @key and @data may be NULL if their size is 0. */
void nsk_hmac_sha256(const void *key,
                     size_t key_size,
                     const void *data,
                     size_t size,
                     uint8_t out[NSK_SHA256_SIZE]);
/* Unpredictable bytes.  The process ends if the system has none. */
void nsk_random(void *out, size_t size);
/* Whether two blocks are equal, in a time that does not depend on where they differ. */
bool nsk_equal_secret(const void *a, const void *b, size_t size);
/* Overwrites a secret before it is freed; NULL allowed. */
void nsk_wipe(void *secret, size_t size);

/* A SHA-256 digest in steps.  A handle: one thread at a time. */
typedef struct _NskSha256 NskSha256;

NskSha256 *nsk_sha256_new(void);
void nsk_sha256_add(NskSha256 *self, const void *data, size_t size);
/* Writes the digest; nothing may be added afterwards. */
void nsk_sha256_finish(NskSha256 *self, uint8_t out[NSK_SHA256_SIZE]);
void nsk_sha256_free(NskSha256 *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(NskSha256, nsk_sha256_free)

/*
 * A certificate (RFC 5280).  A value: immutable, any thread.
 */
typedef struct _NskCert NskCert;

/* What a certificate says; borrowed from it.  Text is UTF-8 as the certificate has it. */
typedef struct {
    const char *subject;    /* common name, or the whole name if there is none */
    const char *subject_dn; /* whole name, RFC 2253 */
    const char *issuer;     /* common name of the issuer, or its whole name */
    const char *issuer_dn;
    const char *serial;      /* lower-case hex */
    const char *fingerprint; /* SHA-256 of the DER, lower-case hex */
    NskInstant not_before;
    NskInstant not_after;
    bool is_ca;
    bool is_self_issued;      /* subject and issuer are one name: a root */
    bool can_sign;            /* key usage has digitalSignature or nonRepudiation, or is absent */
    bool has_non_repudiation; /* key usage names nonRepudiation */
} NskCertFacts;

/* Reads one certificate, DER or PEM.  Errors: INVALID. */
NskCert *nsk_cert_parse(const void *data, size_t size, GError **error);
/* Reads all certificates of a PEM file, or the one of a DER file, into a list of NskCert that
 * owns its elements.  Errors: INVALID, LIMIT above 1,000. */
GPtrArray *nsk_certs_parse(const void *data, size_t size, GError **error);
NskCert *nsk_cert_ref(NskCert *self);
void nsk_cert_unref(NskCert *self);
const NskCertFacts *nsk_cert_facts(const NskCert *self);
GBytes *nsk_cert_to_der(const NskCert *self);
/* Freed with g_free(). */
char *nsk_cert_to_pem(const NskCert *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(NskCert, nsk_cert_unref)

/* How a signature value is made; all over a SHA-256 digest. */
typedef enum {
    NSK_SCHEME_DEFAULT,   /* ECDSA for an elliptic curve key, RSASSA-PSS for an RSA key */
    NSK_SCHEME_ECDSA,     /* DER of r and s */
    NSK_SCHEME_RSA_PSS,   /* MGF1 with SHA-256, salt of 32 bytes */
    NSK_SCHEME_RSA_PKCS1, /* RSASSA-PKCS1-v1_5, for services that know nothing else */
} NskScheme;

/*
 * A private key with its certificates.  A handle: one thread at a time.  The key is overwritten
 * when it is freed.
 */
typedef struct _NskIdentity NskIdentity;

/*
 * Opens a PKCS#12 file (RFC 7292).  @passphrase is not kept.  Errors: DENIED for a wrong
 * passphrase (one message for all its causes), INVALID if it is no PKCS#12 file or key and
 * certificate do not belong together, UNSUPPORTED for its ciphers or its key.
 */
NskIdentity *
nsk_identity_load(const void *p12, size_t size, const char *passphrase, GError **error);
void nsk_identity_free(NskIdentity *self);
/* Certificates, the signer's first, then its issuers without the root; NskCert; borrowed. */
GPtrArray *nsk_identity_get_chain(const NskIdentity *self);
/* The signature value over @digest.  Errors: UNSUPPORTED if the key cannot do @scheme, IO. */
GBytes *nsk_identity_sign(NskIdentity *self,
                          NskScheme scheme,
                          const uint8_t digest[NSK_SHA256_SIZE],
                          GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(NskIdentity, nsk_identity_free)

/*
 * A detached CMS signature being made (RFC 5652; attributes of ETSI EN 319 142-1 level B-B:
 * content-type, message-digest, signing-certificate-v2 and nothing else).  Two steps, so that
 * the private key may live elsewhere.  The same input gives the same bytes.  A handle.
 */
typedef struct _NskCms NskCms;

/*
 * @chain: NskCert, signer first; a root in it is left out.  @content_digest: SHA-256 of what is
 * signed.  @out_digest is what the key must sign.  Errors: INVALID if the certificate may not
 * sign, UNSUPPORTED for its kind of key.
 */
NskCms *nsk_cms_prepare(GPtrArray *chain,
                        NskScheme scheme,
                        const uint8_t content_digest[NSK_SHA256_SIZE],
                        uint8_t out_digest[NSK_SHA256_SIZE],
                        GError **error);
/* The finished DER.  Checks the signature value first.  Errors: UNTRUSTED if it is not the
 * signer's signature over the digest that nsk_cms_prepare() gave. */
GBytes *nsk_cms_complete(NskCms *self, const void *signature, size_t size, GError **error);
void nsk_cms_free(NskCms *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(NskCms, nsk_cms_free)

/* Root certificates that are believed.  A value once filled: any thread may read it. */
typedef struct _NskTrust NskTrust;

NskTrust *nsk_trust_new(void);
void nsk_trust_add(NskTrust *self, NskCert *root);
void nsk_trust_free(NskTrust *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(NskTrust, nsk_trust_free)

/* What to check a CMS signature against; all borrowed. */
typedef struct {
    const void *cms; /* DER; zero bytes may follow it */
    size_t cms_size;
    GBytes *const *content; /* pieces of the signed content, in order */
    size_t n_content;
    bool pades;            /* demand signing-certificate-v2, warn of signing-time */
    const NskTrust *trust; /* NULL: nothing is trusted */
    NskInstant at;         /* when the chain must be good */
} NskCmsCheck;

/*
 * What came of it.  @issues has tags: cms-syntax, cms-padding, cms-signers, cms-attached,
 * cms-attribute, cms-algorithm, cms-digest, cms-certificate, cms-certificate-id, cms-signature
 * (each makes @intact false); cms-usage, cms-chain, cms-expired (make @trusted false);
 * cms-signing-time (only a warning).
 */
typedef struct {
    bool intact;       /* structure, digest, certificate id and signature hold */
    bool trusted;      /* intact, and the chain leads to a root at the time asked for */
    NskCert *signer;   /* NULL if none is named by the signature; owned */
    NskIssues *issues; /* owned */
} NskCmsVerdict;

/*
 * Checks a detached CMS signature: one SignerInfo, DER throughout, signed attributes sorted and
 * each once, SHA-256 or longer, ESSCertIDv2 of the signer, signature, key usage, chain.
 * Revocation is not looked up.  Never fails: every doubt is an issue.
 */
NskCmsVerdict *nsk_cms_check(const NskCmsCheck *check);
void nsk_cms_verdict_free(NskCmsVerdict *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(NskCmsVerdict, nsk_cms_verdict_free)

/*
 * A certificate authority for demonstrations and tests: root, intermediate and people's
 * certificates on P-256, every name of which says DEMO.  A handle.
 */
typedef struct _NskDemoAuthority NskDemoAuthority;

/* One person to certify; borrowed. */
typedef struct {
    const char *name;         /* becomes the common name "NAME (DEMO)"; cut to fit 64 characters */
    const char *staff_number; /* becomes serialNumber; NULL: none */
    const char *passphrase;   /* of the PKCS#12 file */
    NskInstant not_before;
    int days;     /* validity; 0: 730 */
    int rsa_bits; /* 0: P-256; else an RSA key of that size */
} NskDemoPerson;

/* Makes new keys.  Valid from a day before @now for 20 (root) and 10 years.  Errors: IO. */
NskDemoAuthority *nsk_demo_authority_new(NskInstant now, GError **error);
/* Writes the intermediate's key and both certificates as PKCS#12, and reads it back; the root's
 * key is never written.  Errors: as nsk_identity_load(). */
GBytes *
nsk_demo_authority_save(const NskDemoAuthority *self, const char *passphrase, GError **error);
NskDemoAuthority *
nsk_demo_authority_load(const void *p12, size_t size, const char *passphrase, GError **error);
void nsk_demo_authority_free(NskDemoAuthority *self);
/* The root to trust; borrowed. */
NskCert *nsk_demo_authority_get_root(const NskDemoAuthority *self);
/* A new key and certificate for @person as PKCS#12.  Errors: INVALID, IO. */
GBytes *
nsk_demo_authority_issue(NskDemoAuthority *self, const NskDemoPerson *person, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(NskDemoAuthority, nsk_demo_authority_free)
