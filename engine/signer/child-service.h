/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "net/net.h"
#include "signer/child-private.h"

/*
 * What the kinds that sign at a service share: its address, what the office shows to be let in, and
 * what its refusals mean.
 */
typedef struct {
    char *url; /* without a slash at its end */
    char *ca;  /* NULL: the system's */
    char *user;
    NskLocked *password;
    NskLocked *bearer;
    unsigned timeout_ms;
} Service;

/* Reads settings and credentials.  Errors: SETTINGS. */
bool service_open(ChildSession *self, Service *out_service, GError **error);
void service_clear(Service *self);

/* One question.  A secret stands in the body where @marks has its mark. */
typedef struct {
    const char *path; /* behind the URL */
    bool get;
    GBytes *body;     /* NULL: {} of JSON */
    const char *type; /* of the body; NULL: application/json */
    const char *accept;
    const char *keep_header;
    size_t limit;   /* of the answer; 0: NSK_LIMIT_SIGNER_FACTS */
    bool may_sign;  /* if it got there a signature may be made: UNKNOWN, not LATER */
    bool anonymous; /* without what lets the office in */
} ServiceCall;

/* Where a secret goes in a body: 32 hexadecimal digits in the text, in its place. */
#define SERVICE_MARK_SIZE 32
typedef struct {
    char secret[SERVICE_MARK_SIZE + 1];
    char code[SERVICE_MARK_SIZE + 1];
} ServiceMarks;
void service_marks_make(ServiceMarks *out_marks);

/*
 * Asks, with the session's secrets (escaped for JSON unless the type is another) in the places of
 * @marks (NULL: there are none).  Any status of HTTP is an answer.  Errors: LATER if it cannot have
 * got there, or cannot have done anything; UNKNOWN; ANSWER for too long an answer; SETTINGS.
 */
bool service_ask(ChildSession *self,
                 const Service *service,
                 const ServiceCall *call,
                 const ServiceMarks *marks,
                 NskNetAnswer *out_answer,
                 GError **error);
/*
 * Turns an answer that is not 200 into a fault: 401 and 403 SETTINGS, 429 and 503 LATER, 408, 5xx
 * LATER (or UNKNOWN if it may have signed), others REFUSED, with the service's own @words (NULL).
 */
bool service_fail(ChildSession *self,
                  const ServiceCall *call,
                  const NskNetAnswer *answer,
                  const char *words,
                  GError **error);
/* What the service says, fit for a message: short, printable, and without our secrets.  Freed with
 * g_free(). */
char *service_words(const ChildSession *self, const char *words);
/* The JSON of an answer; NULL without an error. */
NskJson *service_json(const NskNetAnswer *answer);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Service, service_clear)
