/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Validation material and what it says of a certificate: CRLs (RFC 5280, 6.3) and OCSP answers
 * (RFC 6960, 3.2 and 4.2.2.2).
 *
 * INVARIANTS:
 *   (1) nothing is taken from a CRL or an answer whose signature does not verify with the key of
 *       the certificate's issuer, or of a responder that this issuer certified for OCSP;
 *   (2) a piece that one program may apply and another not (delta, indirect, partial, unknown
 *       critical extension, SHA-1) tells nothing.
 */
#include "base/limits.h"
#include "base/message.h"
#include "crypto/evidence-private.h"

#include <limits.h>
#include <openssl/err.h>
#include <openssl/ocsp.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>
#include <string.h>

#define USEC     G_GINT64_CONSTANT(1000000)
#define SKEW     (300 * USEC) /* clocks of authorities differ */
#define CRL_MARK "-----BEGIN X509 CRL-----"

/* One CRL or answer. */
typedef struct {
    X509_CRL *crl;
    OCSP_BASICRESP *answer;
    NskCert *checked_with; /* the certificate whose key was tried, owned */
    bool is_good;          /* with it */
} Piece;

struct _NskEvidence {
    GPtrArray *certs;      /* NskCert */
    GPtrArray *crls;       /* GBytes */
    GPtrArray *ocsps;      /* GBytes */
    GPtrArray *crl_pieces; /* Piece, in the order of crls */
    GPtrArray *ocsp_pieces;
    GHashTable *known; /* GBytes of DER: borrowed from the lists, or from der_certs */
    GPtrArray *der_certs;
    GPtrArray *paths; /* Path */
};

/* A chain that led to a root. */
typedef struct {
    const NskTrust *trust; /* only compared */
    GPtrArray *chain;      /* NskCert, the certificate's first */
} Path;

/* When a status was told, and until when it is said to hold. */
typedef struct {
    NskInstant from;
    NskInstant until; /* 0: not said */
} Span;

static void
piece_free(gpointer data)
{
    Piece *self = data;

    X509_CRL_free(self->crl);
    OCSP_BASICRESP_free(self->answer);
    nsk_cert_unref(self->checked_with);
    g_free(self);
}

static void
path_free(gpointer data)
{
    Path *self = data;

    g_ptr_array_unref(self->chain);
    g_free(self);
}

NskEvidence *
nsk_evidence_new(void)
{
    NskEvidence *self = g_new0(NskEvidence, 1);

    self->certs = g_ptr_array_new_with_free_func((GDestroyNotify)nsk_cert_unref);
    self->crls = g_ptr_array_new_with_free_func((GDestroyNotify)g_bytes_unref);
    self->ocsps = g_ptr_array_new_with_free_func((GDestroyNotify)g_bytes_unref);
    self->der_certs = g_ptr_array_new_with_free_func((GDestroyNotify)g_bytes_unref);
    self->crl_pieces = g_ptr_array_new_with_free_func(piece_free);
    self->ocsp_pieces = g_ptr_array_new_with_free_func(piece_free);
    self->paths = g_ptr_array_new_with_free_func(path_free);
    self->known = g_hash_table_new(g_bytes_hash, g_bytes_equal);
    return self;
}

void
nsk_evidence_free(NskEvidence *self)
{
    if (self == NULL)
        return;
    g_hash_table_unref(self->known);
    g_ptr_array_unref(self->certs);
    g_ptr_array_unref(self->crls);
    g_ptr_array_unref(self->ocsps);
    g_ptr_array_unref(self->der_certs);
    g_ptr_array_unref(self->crl_pieces);
    g_ptr_array_unref(self->ocsp_pieces);
    g_ptr_array_unref(self->paths);
    g_free(self);
}

GPtrArray *
nsk_evidence_get_certs(const NskEvidence *self)
{
    return self->certs;
}

GPtrArray *
nsk_evidence_get_crls(const NskEvidence *self)
{
    return self->crls;
}

GPtrArray *
nsk_evidence_get_ocsps(const NskEvidence *self)
{
    return self->ocsps;
}

static bool
is_same(const NskCert *a, const NskCert *b)
{
    return a != NULL && strcmp(nsk_cert_facts(a)->fingerprint, nsk_cert_facts(b)->fingerprint) == 0;
}

/* Whether each certificate of @chain is within its validity, as the path check judges it: by full
 * seconds, the last of which no longer counts. */
static bool
is_in_time(GPtrArray *chain, NskInstant at)
{
    NskInstant second = at - at % USEC;

    for (guint i = 0; i < chain->len; i++) {
        const NskCertFacts *facts = nsk_cert_facts(g_ptr_array_index(chain, i));

        if (second < facts->not_before || second >= facts->not_after)
            return false;
    }
    return true;
}

GPtrArray *
evidence_find_chain(const NskEvidence *self, const TrustQuery *query)
{
    for (guint i = 0; i < self->paths->len; i++) {
        const Path *path = g_ptr_array_index(self->paths, i);

        if (path->trust == query->trust && is_same(path->chain->pdata[0], query->cert) &&
            is_in_time(path->chain, query->at))
            return path->chain;
    }
    return NULL;
}

void
evidence_keep_chain(NskEvidence *self, const NskTrust *trust, GPtrArray *chain)
{
    Path *path = g_new0(Path, 1);

    path->trust = trust;
    path->chain = g_ptr_array_ref(chain);
    g_ptr_array_add(self->paths, path);
}

static bool
has_room(const NskEvidence *self, GError **error)
{
    if (g_hash_table_size(self->known) < NSK_LIMIT_EVIDENCE)
        return true;
    g_set_error(error, NSK_ERROR, NSK_ERROR_LIMIT,
                nsk_tr("there are more than %d certificates, lists of revocations and answers; "
                       "give only those of this document"),
                NSK_LIMIT_EVIDENCE);
    return false;
}

bool
nsk_evidence_add_cert(NskEvidence *self, NskCert *cert, GError **error)
{
    g_autoptr(GBytes) der = nsk_cert_to_der(cert);

    if (g_hash_table_contains(self->known, der))
        return true;
    if (!has_room(self, error))
        return false;
    g_ptr_array_add(self->certs, nsk_cert_ref(cert));
    g_hash_table_add(self->known, der);
    g_ptr_array_add(self->der_certs, g_steal_pointer(&der));
    return true;
}

/* Adds what was read as @piece to one of the two pairs of lists; takes both. */
static void
add_piece(NskEvidence *self, GPtrArray *list, GPtrArray *pieces, GBytes *der, Piece piece)
{
    if (g_hash_table_contains(self->known, der)) {
        piece_free(g_memdup2(&piece, sizeof piece));
        g_bytes_unref(der);
        return;
    }
    g_hash_table_add(self->known, der);
    g_ptr_array_add(list, der);
    g_ptr_array_add(pieces, g_memdup2(&piece, sizeof piece));
}

static X509_CRL *
parse_crl(const void *data, size_t size)
{
    const uint8_t *at = data;
    X509_CRL *crl = d2i_X509_CRL(NULL, &at, (long)size);

    if (crl != NULL && at == (const uint8_t *)data + size)
        return crl;
    X509_CRL_free(crl);
    if (memmem(data, size, CRL_MARK, strlen(CRL_MARK)) == NULL)
        return NULL;
    BIO *bio = BIO_new_mem_buf(data, (int)size);
    crl = bio != NULL ? PEM_read_bio_X509_CRL(bio, NULL, NULL, NULL) : NULL;
    BIO_free(bio);
    return crl;
}

static bool
check_size(size_t size, GError **error)
{
    if (size <= NSK_LIMIT_CRL_SIZE)
        return true;
    g_set_error(error, NSK_ERROR, NSK_ERROR_LIMIT,
                nsk_tr("a list of revocations or an answer has %zu bytes; at most %d are read"),
                size, NSK_LIMIT_CRL_SIZE);
    return false;
}

bool
nsk_evidence_add_crl(NskEvidence *self, const void *data, size_t size, GError **error)
{
    if (!check_size(size, error) || !has_room(self, error))
        return false;
    Piece piece = { .crl = size > 0 ? parse_crl(data, size) : NULL };
    uint8_t *der = NULL;
    int length = piece.crl != NULL ? i2d_X509_CRL(piece.crl, &der) : -1;

    ERR_clear_error();
    if (length <= 0) {
        X509_CRL_free(piece.crl);
        g_set_error_literal(error, NSK_ERROR, NSK_ERROR_INVALID,
                            nsk_tr("this is no list of revocations (CRL) in DER or PEM form"));
        return false;
    }
    add_piece(self, self->crls, self->crl_pieces, take_der(der, length), piece);
    return true;
}

/* The answer in a response of status "successful". */
static OCSP_BASICRESP *
read_answer(const void *data, size_t size, GError **error)
{
    const uint8_t *at = data;
    OCSP_RESPONSE *response = size > 0 ? d2i_OCSP_RESPONSE(NULL, &at, (long)size) : NULL;
    bool whole = response != NULL && at == (const uint8_t *)data + size;
    int status = whole ? OCSP_response_status(response) : OCSP_RESPONSE_STATUS_SUCCESSFUL;
    OCSP_BASICRESP *answer = whole && status == OCSP_RESPONSE_STATUS_SUCCESSFUL
                                 ? OCSP_response_get1_basic(response)
                                 : NULL;

    OCSP_RESPONSE_free(response);
    ERR_clear_error();
    if (answer == NULL && status != OCSP_RESPONSE_STATUS_SUCCESSFUL)
        g_set_error(error, NSK_ERROR, NSK_ERROR_DENIED,
                    nsk_tr("the service for certificates' status gave no answer: %s; ask later"),
                    OCSP_response_status_str(status));
    else if (answer == NULL)
        g_set_error_literal(error, NSK_ERROR, NSK_ERROR_INVALID,
                            nsk_tr("this is no answer on a certificate's status (OCSP)"));
    return answer;
}

bool
nsk_evidence_add_ocsp(NskEvidence *self, const void *data, size_t size, GError **error)
{
    if (!check_size(size, error) || !has_room(self, error))
        return false;
    Piece piece = { .answer = read_answer(data, size, error) };
    if (piece.answer == NULL)
        return false;
    const STACK_OF(X509) *certs = OCSP_resp_get0_certs(piece.answer);
    for (int i = 0; certs != NULL && i < sk_X509_num(certs); i++) {
        X509 *x509 = sk_X509_value(certs, i);

        X509_up_ref(x509);
        g_autoptr(NskCert) cert = cert_new(x509);
        if (!nsk_evidence_add_cert(self, cert, error)) {
            OCSP_BASICRESP_free(piece.answer);
            return false;
        }
    }
    add_piece(self, self->ocsps, self->ocsp_pieces, g_bytes_new(data, size), piece);
    return true;
}

/* Whether a signature algorithm is one that cannot be forged today. */
static bool
is_strong(int nid)
{
    int digest = NID_undef;

    if (OBJ_find_sigid_algs(nid, &digest, NULL) != 1)
        return false;
    return digest == NID_undef || /* RSASSA-PSS and EdDSA have it in their parameters */
           digest == NID_sha256 || digest == NID_sha384 || digest == NID_sha512;
}

/* Whether the span says something of a certificate at @at: it was told around then, or later while
 * the certificate was still listed. */
static bool
is_fresh(Span span, const NskCert *cert, const NskCert *issuer, const StatusQuery *query)
{
    if (span.from == 0 || span.from > query->now + SKEW ||
        span.from > nsk_cert_facts(issuer)->not_after)
        return false;
    if (span.from > query->at)
        return span.from <= MAX(nsk_cert_facts(cert)->not_after, query->at + SKEW);
    return span.until != 0 ? span.until >= query->at : span.from >= query->at - SKEW;
}

/* Only extensions that are understood may be critical. */
static bool
has_known_extensions(const X509_CRL *crl)
{
    for (int i = 0; i < X509_CRL_get_ext_count(crl); i++) {
        X509_EXTENSION *extension = X509_CRL_get_ext(crl, i);
        int nid = OBJ_obj2nid(X509_EXTENSION_get_object(extension));

        if (nid == NID_delta_crl ||
            (X509_EXTENSION_get_critical(extension) && nid != NID_issuing_distribution_point))
            return false;
    }
    return true;
}

/* Whether one of @names is an address at which @cert's list is. */
static bool
names_list(const GENERAL_NAMES *names, const NskCert *cert)
{
    char **urls = nsk_cert_facts(cert)->crl_urls;

    for (int i = 0; i < sk_GENERAL_NAME_num(names); i++) {
        const GENERAL_NAME *name = sk_GENERAL_NAME_value(names, i);
        const ASN1_IA5STRING *uri =
            name->type == GEN_URI ? name->d.uniformResourceIdentifier : NULL;

        for (size_t j = 0; uri != NULL && urls[j] != NULL; j++)
            if (strlen(urls[j]) == (size_t)ASN1_STRING_length(uri) &&
                memcmp(urls[j], ASN1_STRING_get0_data(uri), strlen(urls[j])) == 0)
                return true;
    }
    return false;
}

/* Whether the CRL's scope (RFC 5280, 5.2.5) has @cert for all reasons. */
static bool
covers(const X509_CRL *crl, const NskCert *cert)
{
    int critical = 0;
    ISSUING_DIST_POINT *point =
        X509_CRL_get_ext_d2i(crl, NID_issuing_distribution_point, &critical, NULL);

    if (point == NULL)
        return critical == -1; /* absent; else damaged or twice */
    bool is_ca = nsk_cert_facts(cert)->is_ca;
    bool ok = point->onlysomereasons == NULL && point->indirectCRL <= 0 && point->onlyattr <= 0 &&
              !(point->onlyuser > 0 && is_ca) && !(point->onlyCA > 0 && !is_ca);
    if (ok && point->distpoint != NULL)
        ok = point->distpoint->type == 0 && names_list(point->distpoint->name.fullname, cert);
    ISSUING_DIST_POINT_free(point);
    return ok;
}

/* Invariant (1); the answer is remembered, because a long list takes long to digest. */
static bool
crl_is_by(Piece *piece, const NskCert *issuer)
{
    X509 *x509 = cert_x509(issuer);

    if (X509_NAME_cmp(X509_CRL_get_issuer(piece->crl), X509_get_subject_name(x509)) != 0)
        return false;
    if (is_same(piece->checked_with, issuer))
        return piece->is_good;
    nsk_cert_unref(piece->checked_with);
    piece->checked_with = nsk_cert_ref((NskCert *)(uintptr_t)issuer);
    piece->is_good = (X509_get_key_usage(x509) & KU_CRL_SIGN) != 0 &&
                     is_strong(X509_CRL_get_signature_nid(piece->crl)) &&
                     has_known_extensions(piece->crl) &&
                     X509_CRL_verify(piece->crl, X509_get0_pubkey(x509)) == 1;
    ERR_clear_error();
    return piece->is_good;
}

/* Takes note of a revocation at @at; one that came after the time asked for proves that the
 * certificate was good then. */
static CertStatus
note_revoked(NskInstant at, const StatusQuery *query, NskInstant *out_revoked_at)
{
    if (at > query->at)
        return CERT_GOOD;
    *out_revoked_at = at;
    return CERT_REVOKED;
}

static CertStatus
ask_crl(Piece *piece, const StatusQuery *query, NskInstant *out_revoked_at)
{
    X509_REVOKED *entry = NULL;

    if (!crl_is_by(piece, query->issuer) || !covers(piece->crl, query->cert))
        return CERT_UNKNOWN;
    Span span = { time_to_instant(X509_CRL_get0_lastUpdate(piece->crl)),
                  time_to_instant(X509_CRL_get0_nextUpdate(piece->crl)) };
    if (span.from > query->now + SKEW)
        return CERT_UNKNOWN;
    int found = X509_CRL_get0_by_cert(piece->crl, &entry, cert_x509(query->cert));
    ERR_clear_error();
    if (found == 1)
        return note_revoked(time_to_instant(X509_REVOKED_get0_revocationDate(entry)), query,
                            out_revoked_at);
    return is_fresh(span, query->cert, query->issuer, query) ? CERT_GOOD : CERT_UNKNOWN;
}

/* A delegated responder: certified by the issuer for this, good at that time, not revoked. */
static bool
may_answer(NskEvidence *self, X509 *responder, const StatusQuery *query, NskInstant at)
{
    X509 *issuer = cert_x509(query->issuer);

    if (X509_cmp(responder, issuer) == 0)
        return true;
    if (X509_check_issued(issuer, responder) != X509_V_OK ||
        X509_verify(responder, X509_get0_pubkey(issuer)) != 1 ||
        !is_strong(X509_get_signature_nid(responder)) ||
        (X509_get_extension_flags(responder) & EXFLAG_XKUSAGE) == 0 ||
        (X509_get_extended_key_usage(responder) & XKU_OCSP_SIGN) == 0)
        return false;
    X509_up_ref(responder);
    g_autoptr(NskCert) cert = cert_new(responder);
    if (at < nsk_cert_facts(cert)->not_before || at > nsk_cert_facts(cert)->not_after)
        return false;
    if (X509_get_ext_by_NID(responder, NID_id_pkix_OCSP_noCheck, -1) >= 0)
        return true;
    StatusQuery own = { cert, query->issuer, at, query->now, true };
    NskInstant revoked_at;
    return evidence_status(self, &own, &revoked_at) == CERT_GOOD;
}

static bool
answer_is_by(NskEvidence *self, Piece *piece, const StatusQuery *query, NskInstant at)
{
    STACK_OF(X509) *others = sk_X509_new_null();
    X509 *signer = NULL;
    bool ok = others != NULL;

    if (is_same(piece->checked_with, query->issuer)) {
        sk_X509_free(others);
        return piece->is_good;
    }
    for (guint i = 0; ok && i < self->certs->len; i++)
        ok = sk_X509_push(others, cert_x509(g_ptr_array_index(self->certs, i))) > 0;
    ok = ok && sk_X509_push(others, cert_x509(query->issuer)) > 0;
    const X509_ALGOR *algorithm = OCSP_resp_get0_tbs_sigalg(piece->answer);
    const ASN1_OBJECT *oid = NULL;
    X509_ALGOR_get0(&oid, NULL, NULL, algorithm);
    ok = ok && is_strong(OBJ_obj2nid(oid)) &&
         OCSP_resp_get0_signer(piece->answer, &signer, others) == 1 &&
         OCSP_basic_verify(piece->answer, others, NULL, OCSP_NOVERIFY) == 1 &&
         may_answer(self, signer, query, at);
    sk_X509_free(others);
    ERR_clear_error();
    nsk_cert_unref(piece->checked_with);
    piece->checked_with = nsk_cert_ref((NskCert *)(uintptr_t)query->issuer);
    piece->is_good = ok;
    return ok;
}

/* Whether an answer's CertID names the certificate asked for. */
static bool
is_about(const OCSP_SINGLERESP *single, const StatusQuery *query)
{
    const OCSP_CERTID *id = OCSP_SINGLERESP_get0_id(single);
    ASN1_OBJECT *oid = NULL;

    if (OCSP_id_get0_info(NULL, &oid, NULL, NULL, (OCSP_CERTID *)(uintptr_t)id) != 1)
        return false;
    const EVP_MD *md = EVP_get_digestbyobj(oid);
    OCSP_CERTID *own =
        md != NULL ? OCSP_cert_to_id(md, cert_x509(query->cert), cert_x509(query->issuer)) : NULL;
    bool same = own != NULL && OCSP_id_cmp(own, id) == 0;
    OCSP_CERTID_free(own);
    return same;
}

static CertStatus
ask_answer(NskEvidence *self, Piece *piece, const StatusQuery *query, NskInstant *out_revoked_at)
{
    for (int i = 0; i < OCSP_resp_count(piece->answer); i++) {
        OCSP_SINGLERESP *single = OCSP_resp_get0(piece->answer, i);
        ASN1_GENERALIZEDTIME *revoked = NULL, *from = NULL, *until = NULL;
        int reason = 0;

        if (!is_about(single, query))
            continue;
        int status = OCSP_single_get0_status(single, &reason, &revoked, &from, &until);
        Span span = { time_to_instant(from), time_to_instant(until) };
        NskInstant made = time_to_instant(OCSP_resp_get0_produced_at(piece->answer));
        if (span.from > query->now + SKEW || made > query->now + SKEW || made < span.from - SKEW ||
            !answer_is_by(self, piece, query, made))
            return CERT_UNKNOWN;
        if (status == V_OCSP_CERTSTATUS_REVOKED)
            return note_revoked(time_to_instant(revoked), query, out_revoked_at);
        return status == V_OCSP_CERTSTATUS_GOOD && is_fresh(span, query->cert, query->issuer, query)
                   ? CERT_GOOD
                   : CERT_UNKNOWN;
    }
    return CERT_UNKNOWN;
}

CertStatus
evidence_status(NskEvidence *self, const StatusQuery *query, NskInstant *out_revoked_at)
{
    CertStatus known = CERT_UNKNOWN;

    *out_revoked_at = 0;
    for (guint i = 0; i < self->crl_pieces->len && known != CERT_REVOKED; i++) {
        CertStatus told = ask_crl(self->crl_pieces->pdata[i], query, out_revoked_at);

        known = told != CERT_UNKNOWN ? told : known;
    }
    for (guint i = 0; !query->only_lists && i < self->ocsp_pieces->len && known != CERT_REVOKED;
         i++) {
        CertStatus told = ask_answer(self, self->ocsp_pieces->pdata[i], query, out_revoked_at);

        known = told != CERT_UNKNOWN ? told : known;
    }
    return known;
}

GBytes *
nsk_ocsp_request(const NskCert *cert,
                 const NskCert *issuer,
                 const uint8_t nonce[NSK_NONCE_SIZE],
                 GError **error)
{
    OCSP_REQUEST *request = OCSP_REQUEST_new();
    /* SHA-1 only names the issuer here, and responders prepare their answers for it. */
    OCSP_CERTID *id = OCSP_cert_to_id(EVP_sha1(), cert_x509(cert), cert_x509(issuer));
    uint8_t *der = NULL;
    int size = -1;
    bool ok = request != NULL && id != NULL && OCSP_request_add0_id(request, id) != NULL;

    if (!ok)
        OCSP_CERTID_free(id);
    if (ok && (nonce == NULL ||
               OCSP_request_add1_nonce(request, (uint8_t *)(uintptr_t)nonce, NSK_NONCE_SIZE) == 1))
        size = i2d_OCSP_REQUEST(request, &der);
    OCSP_REQUEST_free(request);
    if (size <= 0) {
        openssl_error(error, NSK_ERROR_INTERNAL, "cannot ask for a certificate's status");
        return NULL;
    }
    return take_der(der, size);
}
