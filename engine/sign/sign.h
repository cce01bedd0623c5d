/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <naskah/issue.h>

#include "base/clock.h"
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
} NskSignRequest;

/*
 * A signature being made.  Preparing is deterministic: the same PDF and request give the same
 * digest, so that a session with a distant signer survives a restart by preparing again.
 * A handle.
 */
typedef struct _NskSigning NskSigning;

/*
 * Adds the update with room for the signature.  The PDF stays as it is, byte for byte, and the
 * update only fills the field's /V (and sets the form's SigFlags if the base lacks them).
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

typedef enum {
    NSK_VERDICT_VALID,         /* every signature holds and leads to a trusted root */
    NSK_VERDICT_INVALID,       /* something was changed, or cannot be judged safely */
    NSK_VERDICT_INDETERMINATE, /* every signature holds, not every signer is trusted */
    NSK_VERDICT_UNSIGNED,      /* no signature, and no trace of one */
} NskVerdictResult;

/* One signature; freed with its verdict. */
typedef struct {
    char *field;          /* name of its field */
    NskCert *signer;      /* NULL if the signature names none */
    bool is_time_stamp;   /* a document time stamp: its place is checked, its token is not */
    NskInstant at;        /* claimed time, /M; 0 if absent or not readable */
    int offset_minutes;   /* shown with it, east of UTC */
    char *reason;         /* UTF-8 as claimed; NULL: none */
    char *location;       /* the same */
    char *name;           /* the same */
    unsigned revision;    /* the revision it was made in, counted from 1; 0 if not known */
    size_t covered_size;  /* bytes from the start of the file that it covers with that revision */
    bool covers_document; /* nothing follows that revision */
    bool intact;          /* signature and bytes hold, later revisions only added what may be */
    bool trusted;         /* intact, and the signer's chain leads to a root */
    NskIssues *issues;    /* findings on this signature */
} NskSignature;

/*
 * What came of checking.  Tags of issues: those of NskCmsVerdict, and
 *   pdf-syntax, pdf-xref, pdf-duplicate, pdf-hybrid, pdf-encrypted, pdf-limit, pdf-unsupported
 *     (the file cannot be read safely),
 *   pdf-duplicate-field, pdf-orphan-signature, pdf-signature-removed, pdf-trailing,
 *   pdf-byte-range, pdf-contents, pdf-subfilter, pdf-coverage, pdf-signature-dictionary,
 *   pdf-change (a later revision changed more than it may), pdf-docmdp: errors;
 *   pdf-time, pdf-not-pades, pdf-time-stamp: warnings.
 */
typedef struct {
    NskVerdictResult result;
    unsigned n_revisions;
    GPtrArray *signatures; /* NskSignature in the order of their revisions */
    NskIssues *issues;     /* findings on the file as a whole */
} NskVerdict;

/*
 * Judges every signature of @pdf.  @trust NULL: nobody is trusted.  @now is the time at which
 * certificates must be good: the present, or an earlier time at which the very bytes are proven
 * to have existed (the journal's entry of the signing).  Revocation is not looked up.
 * Errors: INVALID if it is no PDF at all, LIMIT for its size; every other doubt is a verdict.
 */
bool nsk_sign_verify(GBytes *pdf,
                     const NskTrust *trust,
                     NskInstant now,
                     NskVerdict **out_verdict,
                     GError **error);
/* "VALID", "INVALID", "INDETERMINATE", "UNSIGNED"; static. */
const char *nsk_verdict_result_name(NskVerdictResult result);
void nsk_verdict_free(NskVerdict *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(NskVerdict, nsk_verdict_free)
