/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <naskah/issue.h>

#include "base/clock.h"
#include "base/json.h"
#include "crypto/crypto.h"

/*
 * Signing and checking PDFs: PAdES level B-B (ETSI EN 319 142-1) as an incremental update into a
 * signature field that exists, empty, from the start (ISO 32000-2, 12.8).
 *
 * The reader behind all functions is strict: a file that two programs could read differently
 * (duplicate keys or entries, hybrid references, loops, overlapping objects) is refused with a
 * reason.  All functions work on bytes in memory, any thread, and never write to their input.
 */

/* One signature field; freed by the list. */
typedef struct {
    char *name; /* full name, parts joined by '.' */
    bool is_signed;
    unsigned page;  /* counted from 1; 0: on no page */
    double rect[4]; /* left, bottom, right, top in points; all 0: invisible */
} NskSignField;

/* The signature fields in the order of the form; NskSignField, owned by the list.
 * Errors: INVALID if the PDF cannot be read safely, UNSUPPORTED, LIMIT. */
GPtrArray *nsk_sign_fields(GBytes *pdf, GError **error);

/* Who signs what and how; all borrowed. */
typedef struct {
    const char *field; /* name of an empty signature field */
    GPtrArray *chain;  /* NskCert, signer's first; nsk_identity_get_chain() */
    NskScheme scheme;
    NskInstant at;        /* the claimed time of signing, /M */
    int offset_minutes;   /* that is shown with it, minutes east of UTC */
    const char *reason;   /* UTF-8, up to NSK_LIMIT_TEXT bytes; NULL: none */
    const char *location; /* the same */
    const char *name;     /* the same; other programs show it, nobody should believe it */
    GBytes *look;         /* a PDF of one page of the field's size, which its appearance becomes;
                           * NULL: it stays as it is */
    bool certify;         /* as first signature: certify, later only signatures (DocMDP, P 2) */
} NskSignRequest;

/*
 * A signature being made.  Preparing is deterministic: the same PDF and request give the same
 * digest, so that a session with a distant signer survives a restart by preparing again.
 * A handle.
 */
typedef struct _NskSigning NskSigning;

/*
 * Adds the update with room for the signature.  The PDF stays as it is, byte for byte, and the
 * update only fills the field's /V (and sets the form's SigFlags if the base lacks them),
 * and its appearance if the request has a look.
 * Errors: NOT_FOUND for an unknown field, CONFLICT if it is signed already, INVALID for a PDF
 * that cannot be read safely or has active content (scripts, layers, form fields), UNSUPPORTED
 * for an encrypted one, UNTRUSTED if a signature already in it does not hold, LIMIT.
 */
NskSigning *nsk_sign_prepare(GBytes *pdf, const NskSignRequest *request, GError **error);
/* What the key must sign, NSK_SHA256_SIZE bytes; borrowed. */
const uint8_t *nsk_signing_get_digest(const NskSigning *self);
/*
 * The signed PDF, checked as nsk_sign_verify() would before it is returned.  @signature is the
 * signature value of the request's scheme.  May be tried again after an error.
 * Errors: UNTRUSTED if it is not the signer's signature over the digest.
 */
GBytes *nsk_sign_complete(NskSigning *self, GBytes *signature, GError **error);
void nsk_signing_free(NskSigning *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(NskSigning, nsk_signing_free)

/*
 * The higher levels (ETSI EN 319 142-1).  The network is the caller's: it fetches tokens, CRLs and
 * OCSP answers and hands them in.  Each function gives a new PDF, checked before it is returned.
 *
 *   B-T    nsk_sign_get_imprint, ask a time-stamp authority, nsk_sign_add_time_stamp
 *   B-LT   nsk_sign_list_missing, fetch, nsk_sign_add_validation
 *   B-LTA  nsk_sign_prepare_time_stamp, ask the authority, nsk_sign_complete with the token
 *
 * Renewing a B-LTA is B-LT and B-LTA again, before NskVerdict.renew_before.
 */

/*
 * What a signature time stamp must cover: the SHA-256 of the signature value in @field.
 * Errors: NOT_FOUND; CONFLICT if it has a time stamp, or is not the last thing in the file (then
 * a document time stamp serves); INVALID, UNTRUSTED.
 */
bool nsk_sign_get_imprint(GBytes *pdf,
                          const char *field,
                          uint8_t out_imprint[NSK_SHA256_SIZE],
                          GError **error);
/* The PDF, of the same size, with @token in that signature.  Errors: those, LIMIT if there is no
 * room for it. */
GBytes *nsk_sign_add_time_stamp(GBytes *pdf, const char *field, GBytes *token, GError **error);

/* A certificate whose status no material in the PDF tells; freed by its list. */
typedef struct {
    NskCert *cert;
    NskCert *issuer;
} NskSignMissing;

/*
 * What must be fetched for B-LT at @now: NskSignMissing for each certificate of each path (of
 * signers and time-stamp authorities) without a fresh status.  With @evidence (may be NULL) taken
 * as if it were in the PDF.  An empty list: nsk_sign_add_validation() makes it complete.
 * Errors: UNTRUSTED if a signature does not hold or no path leads to a root; as nsk_sign_verify().
 */
GPtrArray *nsk_sign_list_missing(GBytes *pdf,
                                 const NskTrust *trust,
                                 const NskEvidence *evidence,
                                 NskInstant now,
                                 GError **error);
/*
 * Adds a revision whose DSS (ISO 32000-2, 12.8.4.3; without VRI) has all that the one before has,
 * and what of @evidence and of the signatures' own certificates is not in it yet.  Errors:
 * CONFLICT if nothing is new; as nsk_sign_prepare().
 */
GBytes *nsk_sign_add_validation(GBytes *pdf, const NskEvidence *evidence, GError **error);
/*
 * A document time stamp in a new, invisible field; nsk_signing_get_digest() is its imprint, and
 * nsk_sign_complete() takes the token.  Errors: as nsk_sign_prepare().
 */
NskSigning *nsk_sign_prepare_time_stamp(GBytes *pdf, GError **error);

typedef enum {
    NSK_VERDICT_VALID,         /* every signature holds and leads to a trusted root */
    NSK_VERDICT_INVALID,       /* something was changed, or cannot be judged safely */
    NSK_VERDICT_INDETERMINATE, /* every signature holds, not every signer is trusted */
    NSK_VERDICT_UNSIGNED,      /* no signature, and no trace of one */
} NskVerdictResult;

/* How long a signature can be judged (ETSI EN 319 142-1). */
typedef enum {
    NSK_LEVEL_NONE, /* not of the PAdES kind */
    NSK_LEVEL_B,    /* while the certificates are good */
    NSK_LEVEL_T,    /* the time is proven */
    NSK_LEVEL_LT,   /* and the file has what proves the certificates' status */
    NSK_LEVEL_LTA,  /* and a later time stamp covers that */
} NskLevel;

/* One signature; freed with its verdict. */
typedef struct {
    char *field;           /* name of its field */
    NskCert *signer;       /* NULL if the signature names none; a time stamp's authority */
    bool is_time_stamp;    /* a document time stamp */
    NskLevel level;        /* reached in fact; NONE for a time stamp */
    NskInstant proven_at;  /* it existed by then: the earliest trusted time stamp; 0: not proven */
    NskInstant stamped_at; /* what its own time stamp says; 0: none, or none that holds */
    NskInstant at;         /* claimed time, /M; 0 if absent or not readable */
    int offset_minutes;    /* shown with it, east of UTC */
    char *reason;          /* UTF-8 as claimed; NULL: none */
    char *location;        /* the same */
    char *name;            /* the same */
    unsigned revision;     /* the revision it was made in, counted from 1; 0 if not known */
    size_t covered_size;   /* bytes from the start of the file that it covers with that revision */
    bool covers_document;  /* nothing follows that revision */
    bool intact;           /* signature and bytes hold, later revisions only added what may be */
    bool trusted;          /* intact, and the signer's chain leads to a root at the proven time */
    bool is_pades;         /* its SubFilter is ETSI.CAdES.detached */
    bool certifies;        /* a certification, DocMDP */
    int permits;           /* its P: 1 nothing, 2 filling and signing, 3 annotations too; else 0 */
    NskIssues *issues;     /* findings on this signature */
} NskSignature;

/*
 * What came of checking.  Tags of issues: those of NskCmsVerdict, and
 *   pdf-syntax, pdf-xref, pdf-duplicate, pdf-hybrid, pdf-encrypted, pdf-limit, pdf-unsupported
 *     (the file cannot be read safely),
 *   pdf-duplicate-field, pdf-orphan-signature, pdf-signature-removed, pdf-trailing,
 *   pdf-byte-range, pdf-contents, pdf-subfilter, pdf-coverage, pdf-signature-dictionary,
 *   pdf-change (a later revision changed more than it may), pdf-docmdp, pdf-fieldmdp: errors;
 *   pdf-time, pdf-not-pades, pdf-time-stamp (a time stamp that proves nothing), pdf-revocation
 *     (no material tells whether a certificate was revoked): warnings;
 *   pdf-unsealed (the last document time stamp is older than what proves the signature),
 *   pdf-certificate (one that a signature brings has no part in its path),
 *   pdf-dss (a piece of the validation data is of no use),
 *   pdf-new-field (a later signature brought its own field; the words say where),
 *   pdf-annotation (annotations were added, as the certification allows): warnings, the second
 *     of which makes a file INDETERMINATE at best.
 */
typedef struct {
    NskVerdictResult result;
    unsigned n_revisions;
    GPtrArray *signatures;   /* NskSignature in the order of their revisions */
    NskInstant renew_before; /* when the certificate of the last time stamp ends; 0: has none */
    NskIssues *issues;       /* findings on the file as a whole */
} NskVerdict;

/*
 * Judges every signature of @pdf.  @trust NULL: nobody is trusted.  @now is the present, or an
 * earlier time at which the very bytes are proven to have existed (the journal's entry of the
 * signing).  A certificate must be good at the time that trusted time stamps prove for its use,
 * else at @now.  Revocation is judged from the material in the file; nothing is fetched.
 * Errors: INVALID if it is no PDF at all, LIMIT for its size; every other doubt is a verdict.
 */
bool nsk_sign_verify(GBytes *pdf,
                     const NskTrust *trust,
                     NskInstant now,
                     NskVerdict **out_verdict,
                     GError **error);
/* "VALID", "INVALID", "INDETERMINATE", "UNSIGNED"; static. */
const char *nsk_verdict_result_name(NskVerdictResult result);
/* "PAdES-BASELINE-LTA" and so on; "" for NSK_LEVEL_NONE; static. */
const char *nsk_level_name(NskLevel level);
/* verdict ("valid" ...), signatures (field, signer, issuer, at, kind, level, proven_at,
 * covers_document, certifies, intact, trusted, findings), findings (tag, text), renew_before. */
NskJson *nsk_verdict_to_json(const NskVerdict *self);
void nsk_verdict_free(NskVerdict *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(NskVerdict, nsk_verdict_free)
