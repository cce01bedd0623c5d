/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "base/json.h"
#include "crypto/crypto.h"
#include "signer/signer.h"

/*
 * What signing services answer, read without trust: nothing is taken from JSON but what is asked
 * for here, with its bounds.  Every function takes any JSON, also NULL.
 */

/* --- CSC API 2.0 (csc-answer.c) --- */

/* info (CSC 2.0, 11.1). */
typedef struct {
    bool speaks;       /* version 2 of the API, and all that is needed of it */
    bool asynchronous; /* signHash may answer with a responseID */
} CscService;

bool csc_read_service(const NskJson *answer, CscService *out_service);
/* credentials/list: ids, owned; at most @most; NULL if there is no such list. */
GPtrArray *csc_read_list(const NskJson *answer, size_t most);
/* credentials/info (CSC 2.0, 11.5). */
typedef struct {
    GPtrArray *chain; /* NskCert, the signer's first; owned */
    bool enabled;     /* key and certificate are in use */
    bool by_secret;   /* lets in with PIN or one-time code, and not by a page of its own */
    bool strange;     /* it wants more than PIN and code */
    bool freely;      /* lets in without anything */
    bool wants_pin;
    bool wants_code;
    char *pin_id; /* what it calls them in authData; owned */
    char *code_id;
    bool binds;         /* SCAL 2 */
    unsigned multisign; /* 1 to NSK_LIMIT_SIGNER_BATCH */
} CscCredential;

bool csc_read_credential(const NskJson *answer, CscCredential *out_credential);
void csc_credential_clear(CscCredential *self);
/* credentials/authorize: the SAD, in locked memory; NULL.  *out_seconds: how long it is good, an
 * hour if it does not say. */
NskLocked *csc_read_sad(const NskJson *answer, unsigned *out_seconds);
/* signatures/signHash: GBytes of each signature, at most @most; NULL if there is no such list.  One
 * that cannot be read is an empty GBytes. */
GPtrArray *csc_read_signatures(const NskJson *answer, size_t most);
/* signatures/signHash in asynchronous mode: what to ask with later; borrowed; NULL. */
const char *csc_read_response_id(const NskJson *answer);
/* What an error of the service means, by its code; NONE if it tells nothing.  *out_words:
 * borrowed; NULL. */
NskSignerFaultKind csc_read_error(const NskJson *answer, const char **out_words);

/* --- BSrE's e-sign client service (bsre-answer.c) --- */

/* A signed PDF out of an answer of version 2, base64 in "file"; a list of them; NULL. */
GPtrArray *bsre_read_files(const NskJson *answer, size_t most);
/* The id of a document that is to be fetched (version 1); borrowed; NULL if it is none that fits
 * into an address. */
const char *bsre_read_document_id(const NskJson *answer);
bool bsre_is_document_id(const char *text);
/* What the state of a person means; NONE: may sign. */
NskSignerFaultKind bsre_read_status(const NskJson *answer, const char **out_words);
/* What an error means. */
NskSignerFaultKind bsre_read_error(const NskJson *answer, const char **out_words);
/* Whether @answer begins with all of @sent and goes on to a PDF's end. */
bool bsre_is_update(GBytes *sent, GBytes *answer);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(CscCredential, csc_credential_clear)
