/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "http/site-private.h"

/*
 * What the resources of the API /api/v1 share (api.c).  Its description is
 * templates/api/openapi.json, which tests compare with the tables of routes.
 *
 * An answer is the result of a use case as office.h describes it.  A handler that refuses has set
 * the response to a problem (RFC 9457) and returns true.
 */

/* --- What is asked --- */

typedef enum {
    NSK_API_TEXT,
    NSK_API_NUMBER, /* an integer */
    NSK_API_BOOL,
    NSK_API_TEXTS,   /* an array of texts */
    NSK_API_OBJECTS, /* an array of objects, for nsk_api_check() */
} NskApiType;
typedef struct {
    const char *name; /* NULL ends a table */
    NskApiType type;
    bool needed;
} NskApiMember;
/*
 * Whether @object has no other members than those, each of its type; else the response is the
 * problem "members" (422), whose errors name each by a JSON pointer that begins with @pointer.
 */
bool nsk_api_check(NskHttpVisit *visit,
                   const NskJson *object,
                   const NskApiMember *members,
                   const char *pointer);
/* The object of the request's body, checked; owned.  Also names the change by Idempotency-Key, as
 * nsk_api_begin().  NULL: the response is a problem. */
NskJson *nsk_api_read(NskHttpVisit *visit, const NskApiMember *members);
/*
 * What the header Idempotency-Key asks for: the same request with the same key, of the same person,
 * is done once and gets the first answer; another with that key is refused with 422
 * (nsk_api_finish()).  False: the response is a problem.
 */
bool nsk_api_begin(NskHttpVisit *visit);
/* Whether a request with that key was done before: what was seen then need not be there any more.
 */
bool nsk_api_is_repeated(NskHttpVisit *visit);
/* Whether the query has no other names than those (NULL-terminated), "lang", and of a list, which
 * has a "limit", "fields"; else 400. */
bool nsk_api_check_query(NskHttpVisit *visit, const char *const *names);
/* The query's number of that name, 0 if there is none; false: the response is a problem. */
bool nsk_api_query_number(NskHttpVisit *visit, const char *name, int64_t most, int64_t *out);
/* The path's {letter}, which is an id; NULL: the response is 404. */
const char *nsk_api_letter(NskHttpVisit *visit);
/* "LETTER/KEY" of the path's {letter} and {key}; owned.  NULL: the response is 404. */
char *nsk_api_task(NskHttpVisit *visit);
/* The one entity tag of If-Match, without quotes; owned.  NULL: the response is 428 or 400. */
char *nsk_api_if_match(NskHttpVisit *visit);
/* An array of texts as a NULL-terminated list of borrowed texts; NULL of none. */
const char **nsk_api_texts(const NskJson *array);
/* The same as one text, parted by blanks; owned, NULL of none. */
char *nsk_api_words(const NskJson *array);

/* --- What is answered --- */

/* Takes over @result.  @ok false: @error is set, and may become a problem of the API's own. */
bool nsk_api_finish(NskHttpVisit *visit, bool ok, NskJson *result, GError **error);
/* The same for what was made at the path that is @base and the result's member "letter": 201. */
bool nsk_api_finish_made(NskHttpVisit *visit,
                         bool ok,
                         NskJson *result,
                         const char *base,
                         GError **error);
/* The same of a list: of its things only the members that the query's "fields" name, and a link to
 * the next page, if the result has a "next". */
bool nsk_api_finish_page(NskHttpVisit *visit, bool ok, NskJson *result, GError **error);
/* Takes over @bytes. */
bool
nsk_api_finish_bytes(NskHttpVisit *visit, bool ok, const char *type, GBytes *bytes, GError **error);
/* A strong validator of what is shown: 32 hex digits; owned. */
char *nsk_api_etag(const NskJson *shown);
/* Makes the response a problem; @errors (taken over) may be NULL. */
void nsk_api_refuse(NskHttpVisit *visit,
                    unsigned status,
                    const char *code,
                    const char *detail,
                    NskJson *errors);
/* What somebody else changed meanwhile: 412, with the way to what is different. */
void nsk_api_refuse_stale(NskHttpVisit *visit, const char *letter);
/* What came of one of several tasks: "result", or "problem" if that is NULL. */
NskJson *nsk_api_told(const char *task, const NskJson *result, const GError *fault);

/* --- Jobs (api-jobs.c) --- */

/* Whether the answer need not wait for what is done (Prefer: respond-async). */
bool nsk_api_wants_job(const NskHttpVisit *visit);
/* The request's id and digest, of which the parts have theirs (nsk_api_begin()); owned, NULL if it
 * has no Idempotency-Key. */
void nsk_api_name_parts(const NskHttpVisit *visit, char **out_id, char **out_digest);
/* Does @acts one after the other, after this answer: 202, or 503 if there are too many jobs.  Takes
 * over @acts, and @body from which they borrow. */
bool nsk_api_job_decide(NskHttpVisit *visit, NskJson *body, NskTaskAct *acts, size_t n);
