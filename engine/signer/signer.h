/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "base/json.h"
#include "base/locked.h"
#include "crypto/crypto.h"

#include <stddef.h>

/*
 * Signers: whoever holds a private key and lets it sign.  One interface for a key in a file
 * (PKCS#12), in a card or module (PKCS#11 2.40), at a service by the Cloud Signature Consortium's
 * API (CSC 2.0), and at BSrE's e-sign client service (its calls of version 1 and 2).
 *
 * Keys, modules and services are touched only by `naskah-signer`, a helper process of each kind
 * (of PKCS#11: of each module), started when it is first needed and kept until NskSigners is
 * freed.  Each open signer has a socket of its own to it; a helper that dies is started anew by the
 * next one.  A secret goes straight from locked memory to locked memory, and is never written,
 * logged or put into a message.  The helper is found as the worker is (worker/worker.h); the
 * environment variable NASKAH_SIGNER names another.
 *
 * In what order a signature is made:
 *
 *   nsk_signer_open
 *   nsk_signer_describe     what it can do, and the certificates if they are open to read
 *   nsk_signer_unlock       only if it gave no certificates and signs digests: proves the secret
 *   nsk_sign_prepare        (sign/sign.h) for each letter, with these certificates and the scheme
 *   nsk_signer_send_code    only if the person has no code yet and the service sends codes
 *   nsk_signer_authorise    once for all of them
 *   nsk_signer_sign         from here on a key may sign
 *   nsk_signer_next         once for each, in any order
 *   nsk_sign_complete       for a digest; a whole PDF is judged by nsk_sign_verify()
 *
 * The caller stores a result before it judges it.
 */

typedef enum {
    NSK_SIGNER_PKCS12,
    NSK_SIGNER_PKCS11,
    NSK_SIGNER_CSC,
    NSK_SIGNER_BSRE,
} NskSignerKind;

/* "pkcs12", "pkcs11", "csc", "bsre"; static. */
const char *nsk_signer_kind_name(NskSignerKind kind);
bool nsk_signer_kind_parse(const char *name, NskSignerKind *out_kind);

/*
 * What an administrator says of a signer, without any secret:
 *
 *   pkcs12  "folder": where the files are, "keys" (in the office's folder) if not given
 *   pkcs11  "module": path of the library; "token": label of the token, or "serial": its number;
 *           "environment": "NAME=VALUE", where the module needs one (may be a list);
 *           "rsa": "pss" (if not given) or "pkcs1"
 *   csc     "url": up to and with "/csc/v2"; "rsa"; "batch": fewer than the service says;
 *           "credentials"; "ca"; "timeout"
 *   bsre    "url"; "version": 1 or 2; "batch": 20 if not given; "credentials"; "ca"; "timeout"
 *
 * "credentials" is a file of the office's folder, 0600, with lines "name value": bearer, or user
 * and password; "signers/NAME.conf" if not given.  "ca" is a PEM file of authorities for TLS
 * instead of the system's.  "timeout" is in seconds, 60 if not given.
 *
 * Errors: INVALID, naming the setting.
 */
bool nsk_signer_check_settings(NskSignerKind kind,
                               const NskJson *settings,
                               GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Why something was not done, for the caller's next step; each with its NskError. */
typedef enum {
    NSK_SIGNER_FAULT_NONE,
    NSK_SIGNER_FAULT_SECRET,      /* DENIED: the secret is wrong; one message for all causes */
    NSK_SIGNER_FAULT_LOCKED,      /* DENIED: too many wrong ones; somebody must unlock it */
    NSK_SIGNER_FAULT_REFUSED,     /* DENIED: the service or card says no, and will again */
    NSK_SIGNER_FAULT_EXPIRED,     /* EXPIRED: authorisation or certificate is over; begin again */
    NSK_SIGNER_FAULT_LATER,       /* BUSY: nothing was signed; after @seconds it may work */
    NSK_SIGNER_FAULT_WAITING,     /* BUSY: accepted, not done; nsk_signer_poll() with the ticket */
    NSK_SIGNER_FAULT_UNKNOWN,     /* UNCERTAIN: a signature may have been made */
    NSK_SIGNER_FAULT_CERTIFICATE, /* UNTRUSTED: the key or certificate is another one */
    NSK_SIGNER_FAULT_ANSWER,      /* UNTRUSTED: the answer is no signature of what was sent */
    NSK_SIGNER_FAULT_ABSENT,      /* NOT_FOUND: card, key, person, or file is not there */
    NSK_SIGNER_FAULT_SETTINGS,    /* INVALID: the signer is set up wrongly */
    NSK_SIGNER_FAULT_CANCELLED,   /* CANCELLED: nsk_signer_cancel() before anything was sent */
} NskSignerFaultKind;

/* "secret", "locked", ...; "none"; static: for rows and JSON. */
const char *nsk_signer_fault_name(NskSignerFaultKind kind);

typedef struct {
    NskSignerFaultKind kind;
    unsigned seconds; /* of LATER and WAITING: when to try again */
} NskSignerFault;

/* --- The helpers.  A handle whose functions any thread may call at any time. --- */

typedef struct _NskSigners NskSigners;

NskSigners *nsk_signers_new(void);
/* Ends the helpers.  No signer of it may be open. */
void nsk_signers_free(NskSigners *self);

/* --- One person's key.  A handle: one thread at a time, but for nsk_signer_cancel(). --- */

typedef struct _NskSigner NskSigner;

/* Which key; all borrowed, and not needed after nsk_signer_open(). */
typedef struct {
    const char *name; /* of the signer, for messages and its credentials file */
    NskSignerKind kind;
    const NskJson *settings; /* as nsk_signer_check_settings() takes them */
    const char *office;      /* the office's folder: what relative paths begin at */
    /* pkcs12: name of the file; pkcs11: "id=HEX" or a label; csc: credential id, or "user=ID" for
     * the only one of that user; bsre: NIK or e-mail address */
    const char *key;
    GBytes *file;            /* pkcs12: the file itself, instead of @key; NULL */
    GPtrArray *chain;        /* NskCert, for a token that has no certificates; NULL */
    const char *fingerprint; /* of the certificate expected, as NskCertFacts has it; NULL: any */
    NskInstant now;          /* when certificates must be good; 0: the machine's time */
} NskSignerTarget;

/* Does not touch the key yet.  Errors: INVALID; NOT_FOUND if there is no helper program; IO. */
NskSigner *nsk_signer_open(NskSigners *signers,
                           const NskSignerTarget *target,
                           GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* What was authorised and not signed is forgotten, secrets are wiped. */
void nsk_signer_free(NskSigner *self);

/* What the person must give. */
typedef enum {
    NSK_SIGNER_PROOF_NONE,
    NSK_SIGNER_PROOF_PASSPHRASE,
    NSK_SIGNER_PROOF_PIN,
    NSK_SIGNER_PROOF_CODE, /* good once */
    NSK_SIGNER_PROOF_PASSPHRASE_OR_CODE,
    NSK_SIGNER_PROOF_PIN_AND_CODE,
} NskSignerProofKind;

/* "none", "passphrase", "pin", ...; static. */
const char *nsk_signer_proof_name(NskSignerProofKind kind);

/* What it can do; borrowed from the signer. */
typedef struct {
    bool whole_pdf; /* signs PDFs, not digests, and makes signature and field itself */
    unsigned batch; /* how many one authorisation is for; 1 to NSK_LIMIT_SIGNER_BATCH */
    NskSignerProofKind proof;
    bool sends_code;  /* nsk_signer_send_code() works */
    bool binds;       /* the authorisation is good for these digests alone (SCAL2) */
    bool can_poll;    /* results may come with WAITING and a ticket */
    NskScheme scheme; /* what to prepare for; of digests only */
} NskSignerFacts;

/*
 * Asks the key or service what it can do.  Errors: by nsk_signer_get_fault(): ABSENT, REFUSED,
 * LATER, CERTIFICATE if it is not the certificate of @fingerprint, EXPIRED if that is over,
 * ANSWER, SETTINGS.
 */
bool nsk_signer_describe(NskSigner *self, GError **error) G_GNUC_WARN_UNUSED_RESULT;
const NskSignerFacts *nsk_signer_get_facts(const NskSigner *self);
/* NskCert, the signer's first; NULL if they are not known (yet).  Borrowed. */
GPtrArray *nsk_signer_get_chain(const NskSigner *self);
/* Proves the secret of a file or card and reads its certificates; nsk_signer_authorise() may then
 * be given NULL.  Errors: SECRET, LOCKED, LATER after three wrong ones, and as above. */
bool nsk_signer_unlock(NskSigner *self,
                       const NskLocked *secret,
                       GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Lets the service send a one-time code to the person.  Errors: REFUSED, LATER, SETTINGS. */
bool nsk_signer_send_code(NskSigner *self, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Where a service that signs whole PDFs shows its signature. */
typedef struct {
    unsigned page;  /* counted from 1; 0: the signature is not seen */
    double rect[4]; /* left, bottom, right, top in points */
    GBytes *image;  /* PNG; NULL: what the service draws */
} NskSignerPlace;

/* What is to be signed; all borrowed until nsk_signer_sign() returns. */
typedef struct {
    size_t n;               /* up to NskSignerFacts.batch */
    const uint8_t *digests; /* n of NSK_SHA256_SIZE bytes each in a row: nsk_signing_get_digest() */
    GBytes *const *pdfs;    /* PDFs of at most NSK_LIMIT_SIGNER_PDF bytes */
    const NskSignerPlace *places; /* one a PDF; NULL: nothing is seen */
    const char *reason;           /* of PDFs; UTF-8; NULL: none */
    const char *location;         /* the same */
} NskSignerJob;

/* How the secret is to be read. */
typedef struct {
    const NskLocked *secret; /* passphrase or PIN; NULL: none needed, or unlocked before */
    const NskLocked *code;   /* one-time code; NULL: none */
} NskSignerProof;

/*
 * Binds the proof to the job.  Nothing is signed.  @out_until (may be NULL): when the authorisation
 * ends; 0: with this signer.  An authorisation is good for one nsk_signer_sign().
 * Errors: SECRET, LOCKED, REFUSED, EXPIRED, LATER, ABSENT, CERTIFICATE, ANSWER, SETTINGS.  BSrE's
 * service knows no authorising: its secret is proved when it signs, so SECRET may come with the
 * first result.
 */
bool nsk_signer_authorise(NskSigner *self,
                          const NskSignerJob *job,
                          const NskSignerProof *proof,
                          NskInstant *out_until,
                          GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Lets the key sign.  Errors: UNKNOWN if what was sent may have arrived; else nothing was sent. */
bool nsk_signer_sign(NskSigner *self, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/*
 * Asks after what an earlier signer (of the same target, perhaps before a crash) was told WAITING
 * of.  @ticket: from the result.  @job: the same again.  Then nsk_signer_next().
 * Errors: as nsk_signer_sign(); SETTINGS if this kind cannot be asked.
 */
bool nsk_signer_poll(NskSigner *self, const NskSignerJob *job, const char *ticket, GError **error)
    G_GNUC_WARN_UNUSED_RESULT;

/* What became of one; freed with nsk_signer_result_free(). */
typedef struct {
    size_t index; /* in the job */
    /* The signature value or the signed PDF; NULL if there is none.  With the faults CERTIFICATE
     * and ANSWER it is what came: evidence, never the letter. */
    GBytes *value;
    NskSignerFault fault;
    char *message; /* in the user's language; NULL if there is no fault */
    char *ticket;  /* of WAITING; else NULL */
} NskSignerResult;
void nsk_signer_result_free(NskSignerResult *self);

/*
 * Waits for the next result.  A signature value was checked against the certificate, a PDF only
 * for beginning with the bytes that were sent.  *out_result is NULL after the last.  Every element
 * of the job gets exactly one result.  Errors: UNKNOWN if the helper died or was cancelled on the
 * way: those without a result may have been signed.
 */
bool nsk_signer_next(NskSigner *self,
                     NskSignerResult **out_result,
                     GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Gives up what goes on, from any thread; the signer can then only be freed. */
void nsk_signer_cancel(NskSigner *self);
/* Why the last call that failed did. */
NskSignerFault nsk_signer_get_fault(const NskSigner *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(NskSigners, nsk_signers_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC(NskSigner, nsk_signer_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC(NskSignerResult, nsk_signer_result_free)

/* --- What others prove: time and status (fetch.c).  Any thread; blocks. --- */

/* Where material may be fetched from; all borrowed. */
typedef struct {
    const char *const *hosts; /* names that may be asked, NULL at the end; NULL: any public one */
    const char *ca;           /* PEM file of authorities for TLS; NULL: the system's */
    unsigned timeout_ms;      /* of one request; 0: 20,000 */
} NskFetch;

/*
 * The token that the time-stamp authority at @url gives for @imprint (RFC 3161 over HTTP), checked
 * as nsk_time_stamp_response() does.  @out_fault (may be NULL, written on failure): REFUSED, LATER,
 * ANSWER, SETTINGS.
 */
GBytes *nsk_fetch_time_stamp(const NskFetch *fetch,
                             const char *url,
                             const uint8_t imprint[NSK_SHA256_SIZE],
                             NskSignerFault *out_fault,
                             GError **error) G_GNUC_WARN_UNUSED_RESULT;
/*
 * Adds to @evidence what tells @cert's status: an OCSP answer, else a CRL, from where the
 * certificate says; the first that comes.  Errors: the last one's; NOT_FOUND if it names none.
 */
bool nsk_fetch_status(const NskFetch *fetch,
                      const NskCert *cert,
                      const NskCert *issuer,
                      NskEvidence *evidence,
                      GError **error) G_GNUC_WARN_UNUSED_RESULT;
