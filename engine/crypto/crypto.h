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
/* Digest of two pieces in a row; either may be NULL if its size is 0. */
void nsk_sha256_pair(const void *head,
                     size_t head_size,
                     const void *data,
                     size_t size,
                     uint8_t out[NSK_SHA256_SIZE]);
/* Digest of @size bytes; @data may be NULL if @size is 0. */
void nsk_sha256(const void *data, size_t size, uint8_t out[NSK_SHA256_SIZE]);
/* The same in 64 small hexadecimal digits; owned. */
char *nsk_sha256_hex(const void *data, size_t size);
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

/* SHA-256 of many texts at once: faster than one after the other where the processor has room for
 * it.  A handle: one thread at a time. */
typedef struct _NskSha256Many NskSha256Many;

typedef struct {
    const void *data; /* borrowed */
    size_t size;      /* at least 1 */
    uint8_t *out;     /* of NSK_SHA256_SIZE bytes */
} NskSha256Text;

NskSha256Many *nsk_sha256_many_new(void);
/* Writes each text's digest to its place. */
void nsk_sha256_many(NskSha256Many *self, const NskSha256Text *texts, size_t n);
void nsk_sha256_many_free(NskSha256Many *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(NskSha256Many, nsk_sha256_many_free)

/* Ed25519 (RFC 8032).  A secret key is 32 bytes of nsk_random(), and so is its public key long. */
#define NSK_ED25519_KEY_SIZE       32
#define NSK_ED25519_SIGNATURE_SIZE 64

/* The public key of a secret one.  Errors: IO. */
bool nsk_ed25519_public(const uint8_t secret[NSK_ED25519_KEY_SIZE],
                        uint8_t out[NSK_ED25519_KEY_SIZE],
                        GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Errors: IO. */
bool nsk_ed25519_sign(const uint8_t secret[NSK_ED25519_KEY_SIZE],
                      const void *data,
                      size_t size,
                      uint8_t out[NSK_ED25519_SIGNATURE_SIZE],
                      GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Whether the signature is that of @key over the data. */
bool
nsk_ed25519_check(const uint8_t key[NSK_ED25519_KEY_SIZE],
                  const void *data,
                  size_t size,
                  const uint8_t signature[NSK_ED25519_SIGNATURE_SIZE]) G_GNUC_WARN_UNUSED_RESULT;

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
    const char *organization; /* of the subject; NULL: it names none */
    const char *serial;       /* lower-case hex */
    const char *fingerprint;  /* SHA-256 of the DER, lower-case hex */
    NskInstant not_before;
    NskInstant not_after;
    bool is_ca;
    bool is_self_issued;      /* subject and issuer are one name: a root */
    bool can_sign;            /* key usage has digitalSignature or nonRepudiation, or is absent */
    bool has_non_repudiation; /* key usage names nonRepudiation */
    bool can_time_stamp;      /* extended key usage is timeStamping alone, and critical */
    char **crl_urls;          /* where its list of revocations is; never NULL, NULL at the end */
    char **ocsp_urls;         /* whom to ask for its status; the same */
    char **issuer_urls;       /* where its issuer's certificate is; the same */
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

/* Certificates that were read, so that each is read once.  A handle: one thread at a time. */
typedef struct _NskCertPool NskCertPool;

NskCertPool *nsk_cert_pool_new(void);
void nsk_cert_pool_free(NskCertPool *self);
/* nsk_cert_parse() of bytes that may have been read before.  NULL @self: it keeps nothing. */
NskCert *nsk_cert_pool_parse(NskCertPool *self, const void *data, size_t size, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(NskCertPool, nsk_cert_pool_free)

/* How a signature value is made; all over a SHA-256 digest. */
typedef enum {
    NSK_SCHEME_DEFAULT,   /* ECDSA for an elliptic curve key, RSASSA-PSS for an RSA key */
    NSK_SCHEME_ECDSA,     /* DER of r and s */
    NSK_SCHEME_RSA_PSS,   /* MGF1 with SHA-256, salt of 32 bytes */
    NSK_SCHEME_RSA_PKCS1, /* RSASSA-PKCS1-v1_5, for services that know nothing else */
} NskScheme;

/* The scheme for the key of @cert: @wanted, or the default for its kind of key; an elliptic curve
 * key always has ECDSA.  Errors: UNSUPPORTED if that key is too weak or of no known kind. */
bool
nsk_cert_find_scheme(const NskCert *cert, NskScheme wanted, NskScheme *out_scheme, GError **error);
/* Whether @value is the signature of that certificate's key over @digest. */
bool nsk_cert_check_value(const NskCert *cert,
                          NskScheme scheme,
                          const uint8_t digest[NSK_SHA256_SIZE],
                          GBytes *value);
/* The parameters that stand beside the algorithm of @scheme (DER of RFC 4055, 3.1); NULL: it has
 * none. */
GBytes *nsk_scheme_params(NskScheme scheme);
/* An ECDSA signature as cards write it, r and s of one size in a row, in DER.  Errors: INVALID. */
GBytes *nsk_ecdsa_from_raw(const void *raw, size_t size, GError **error);

/* Bytes of a DigestInfo over SHA-256. */
#define NSK_DIGEST_INFO_SIZE 51

/* What RSASSA-PKCS1-v1_5 signs (RFC 8017, 9.2), for cards that do not make it themselves. */
void nsk_rsa_digest_info(const uint8_t digest[NSK_SHA256_SIZE], uint8_t out[NSK_DIGEST_INFO_SIZE]);

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
    bool only_integrity;   /* the caller judges the chain with nsk_path_check() */
    NskCertPool *pool;     /* where certificates are kept for the next check; NULL: nowhere */
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
    GPtrArray *certs;  /* NskCert, all that the signature brings; owned */
    GBytes *value;     /* the signature value, which a time stamp covers; NULL if not read */
    GPtrArray *stamps; /* GBytes, signature time stamps among the unsigned attributes; owned */
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
 * The same CMS with @token as a signature time stamp among its unsigned attributes (ETSI EN 319
 * 122-1, 5.3), which no signature covers.  Errors: INVALID if @cms is no CMS of one signer.
 */
GBytes *nsk_cms_add_time_stamp(const void *cms, size_t size, GBytes *token, GError **error);

/* All certificates in a CMS, of its time stamps too; NskCert, owned by the list.  What cannot be
 * read is left out. */
GPtrArray *nsk_cms_list_certs(const void *cms, size_t size);

/* Bytes of a request's nonce. */
#define NSK_NONCE_SIZE 8

/* A TimeStampReq (RFC 3161, 2.4.1) for a SHA-256 digest that asks for the authority's
 * certificate; DER, to be sent as application/timestamp-query. */
GBytes *nsk_time_stamp_request(const uint8_t imprint[NSK_SHA256_SIZE],
                               const uint8_t nonce[NSK_NONCE_SIZE]);
/*
 * The token in a TimeStampResp, checked against its request: status granted, imprint, nonce, and
 * all of nsk_token_check() but trust.  Errors: INVALID if it is no such response; DENIED if the
 * authority refused; UNTRUSTED if the token is not one for this request.
 */
GBytes *nsk_time_stamp_response(const void *response,
                                size_t size,
                                const uint8_t imprint[NSK_SHA256_SIZE],
                                const uint8_t nonce[NSK_NONCE_SIZE],
                                GError **error);

/* What to check a time-stamp token against; all borrowed. */
typedef struct {
    const void *token; /* DER; zero bytes may follow it */
    size_t token_size;
    GBytes *const *content; /* pieces of what was stamped, in order */
    size_t n_content;
    const uint8_t *imprint; /* instead of content: its SHA-256 */
    const uint8_t *nonce;   /* NSK_NONCE_SIZE bytes; NULL: any, or none */
    NskCertPool *pool;      /* as in NskCmsCheck */
} NskTokenCheck;

/*
 * What came of it.  Tags of @issues: those of NskCmsVerdict, and token-syntax, token-imprint,
 * token-nonce, token-usage (the certificate is not one for time stamps alone).
 */
typedef struct {
    bool intact; /* signature, imprint, nonce, certificate id and usage hold */
    NskInstant at;
    int64_t accuracy;   /* microseconds either way; 0 if the authority does not say */
    NskCert *authority; /* who signed it; NULL if not named; owned */
    GPtrArray *certs;   /* NskCert that it brings; owned */
    NskIssues *issues;  /* owned */
} NskTokenVerdict;

/* Never fails: every doubt is an issue. */
NskTokenVerdict *nsk_token_check(const NskTokenCheck *check);
void nsk_token_verdict_free(NskTokenVerdict *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(NskTokenVerdict, nsk_token_verdict_free)

/*
 * Validation material: certificates, lists of revocations (CRL, RFC 5280) and answers on
 * certificates' status (OCSP, RFC 6960).  Nothing in it is believed before a path check has
 * verified it.  A handle: one thread at a time.
 */
typedef struct _NskEvidence NskEvidence;

NskEvidence *nsk_evidence_new(void);
/* Twice the same is kept once.  Errors: LIMIT above 1,000 pieces. */
bool nsk_evidence_add_cert(NskEvidence *self, NskCert *cert, GError **error);
/* One CRL, DER or PEM.  Errors: INVALID, LIMIT above NSK_LIMIT_CRL_SIZE bytes. */
bool nsk_evidence_add_crl(NskEvidence *self, const void *data, size_t size, GError **error);
/* One OCSPResponse, DER.  Its certificates are added too.  Errors: INVALID if it is none, DENIED
 * if the responder gave no answer, LIMIT. */
bool nsk_evidence_add_ocsp(NskEvidence *self, const void *data, size_t size, GError **error);
/* What it holds, in the order added: NskCert, GBytes (DER), GBytes (DER); borrowed. */
GPtrArray *nsk_evidence_get_certs(const NskEvidence *self);
GPtrArray *nsk_evidence_get_crls(const NskEvidence *self);
GPtrArray *nsk_evidence_get_ocsps(const NskEvidence *self);
void nsk_evidence_free(NskEvidence *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(NskEvidence, nsk_evidence_free)

/* An OCSPRequest on one certificate; @nonce NULL: none.  DER.  Errors: INTERNAL. */
GBytes *nsk_ocsp_request(const NskCert *cert,
                         const NskCert *issuer,
                         const uint8_t nonce[NSK_NONCE_SIZE],
                         GError **error);

/* What a certificate is used for. */
typedef enum {
    NSK_PURPOSE_SIGNING,
    NSK_PURPOSE_TIME_STAMPING,
} NskPurpose;

/* The path from a certificate to a root; all borrowed. */
typedef struct {
    const NskCert *cert;
    NskPurpose purpose;
    const NskTrust *trust; /* NULL: nothing is trusted */
    NskEvidence *evidence; /* NULL: none; its signatures are verified once and remembered */
    NskInstant at;         /* when the certificate was used, as far as is proven */
    NskInstant now;        /* evidence from later than this is not believed */
} NskPathCheck;

/*
 * What came of it.  Tags: cms-usage, cms-chain, cms-expired, cms-revoked (make @trusted false);
 * none for a status that is not known: see @unknown.
 */
typedef struct {
    bool trusted;          /* a path to a root, good at that time, nothing on it revoked by then */
    NskInstant revoked_at; /* when a certificate of the path was revoked; 0: not by then */
    GPtrArray *chain;      /* NskCert, from the certificate to the root; empty without a path */
    GPtrArray *unknown;    /* NskCert of the chain whose status no evidence tells; owned */
    NskIssues *issues;
} NskPathVerdict;

/*
 * Builds and judges the path at the time given.  A status is known by a CRL of the issuer, or an
 * OCSP answer of the issuer or of a responder that the issuer certified for it, whose time is not
 * after @now and that was valid at @at or is younger than @at (but not than the certificate).
 * A responder without the nocheck extension needs a status of its own.  Never fails.
 */
NskPathVerdict *nsk_path_check(const NskPathCheck *check);
void nsk_path_verdict_free(NskPathVerdict *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(NskPathVerdict, nsk_path_verdict_free)

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
    bool p384;    /* P-384 instead of P-256 */
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

/*
 * What a real authority answers over HTTP, made here, for tests, measurements and demonstrations.
 * The certificates of the time-stamp service and of the responder are made at the first call, on
 * P-256, valid from a day before @at; all times are the caller's.
 */
/* The TimeStampResp to a TimeStampReq.  Errors: INVALID, IO. */
GBytes *nsk_demo_authority_time_stamp(NskDemoAuthority *self,
                                      const void *request,
                                      size_t size,
                                      NskInstant at,
                                      GError **error);
/* The OCSPResponse to an OCSPRequest, good for a day.  Errors: INVALID, IO. */
GBytes *nsk_demo_authority_ocsp(NskDemoAuthority *self,
                                const void *request,
                                size_t size,
                                NskInstant at,
                                GError **error);
/* The intermediate's CRL of that time, good for @days.  Errors: IO. */
GBytes *nsk_demo_authority_crl(NskDemoAuthority *self, NskInstant at, int days, GError **error);
/* The root's CRL.  Errors: UNSUPPORTED for an authority that was loaded: its root's key is gone. */
GBytes *
nsk_demo_authority_root_crl(NskDemoAuthority *self, NskInstant at, int days, GError **error);
/* From @at on, CRLs and answers call @cert revoked. */
void nsk_demo_authority_revoke(NskDemoAuthority *self, const NskCert *cert, NskInstant at);
/* The time-stamp service's certificate from now on lasts @days; 0: 3,650. */
void nsk_demo_authority_renew_time_stamps(NskDemoAuthority *self, int days);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(NskDemoAuthority, nsk_demo_authority_free)
