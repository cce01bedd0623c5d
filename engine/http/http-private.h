/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "http/http.h"

/* --- Texts of a request (parse.c); no state, any thread --- */

/* Owned, one block each. */
typedef struct {
    char *name;
    char *value;
} NskHttpPair;

/* Empty; clears its pairs when it goes. */
GArray *nsk_http_pairs_new(void);
void nsk_http_pairs_add(GArray *pairs, char *name, char *value); /* takes over both */
/* NULL behind the last; header names are compared without case. */
const char *nsk_http_pairs_find(const GArray *pairs, const char *name, size_t index);
const char *nsk_http_headers_find(const GArray *pairs, const char *name, size_t index);

bool nsk_http_is_token(const char *text, size_t size); /* RFC 9110, 5.6.2 */
/* Percent decoding; NULL if a '%' is not followed by two hex digits, or the result is not UTF-8
 * without NUL.  @form: '+' is a blank, and control characters may occur. */
char *nsk_http_decode(const char *text, size_t size, bool form);
/* "a=1&b=2"; NULL if a part cannot be decoded or there are too many. */
GArray *nsk_http_parse_form(const char *text, size_t size);
/* RFC 6265, 5.4 and 4.2.1; what is no cookie is passed over. */
GArray *nsk_http_parse_cookies(const char *text);

/* What a request asks for (RFC 9112, 3.2).  All owned. */
typedef struct {
    char *path;    /* as sent */
    char **pieces; /* of it, decoded; NULL-terminated; none for "/" */
    GArray *query; /* pairs */
} NskHttpTarget;
/* False if it is not in origin form, or in absolute form with another authority than @host; has an
 * empty, "." or ".." piece, a coded '/', or what cannot be decoded. */
bool nsk_http_target_parse(const char *text, const char *host, NskHttpTarget *out);
void nsk_http_target_clear(NskHttpTarget *self);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(NskHttpTarget, nsk_http_target_clear)

/* The weight of @item in a list such as Accept-Language (RFC 9110, 12.4.2), 0 to 1000; of "*" if
 * only that is there; -1 if neither.  @prefix: "id" also for "id-ID". */
int nsk_http_weigh(const char *list, const char *item, bool prefix);
const char *nsk_http_choose_language(const char *accept);
/* Whether a list of entity tags names @etag, quoted or weak or not, with "-gz" or not; or is "*".
 */
bool nsk_http_names_etag(const char *list, const char *etag);
/* The name that is stored of a file name sent by somebody: its last piece, valid UTF-8 without
 * control characters; NULL if nothing is left. */
char *nsk_http_clean_name(const char *name);
/* The value of a parameter of a header such as "form-data; name=\"x\""; NULL if there is none. */
char *nsk_http_header_param(const char *header, const char *name);

/* --- The guard (guard.c) --- */

/* Why a head is refused: a word for metrics and the log; NULL: it is not.  @headers: pairs. */
const char *nsk_http_guard_check(const GArray *headers, const char *method, const char *target);
/*
 * The head as libmicrohttpd 0.9.75 leaves it in its buffer: behind the request line, for each
 * header "name NUL value NUL NUL", and at the end "NUL NUL".  False if it does not look like that:
 * a line was folded, ended in a bare LF, or had a NUL in it.
 */
bool nsk_http_guard_raw(const char *lines, size_t size);

/* --- Routes (route.c) --- */

typedef struct _NskHttpRoutes NskHttpRoutes;
NskHttpRoutes *nsk_http_routes_new(const NskHttpRoute *const *tables);
void nsk_http_routes_free(NskHttpRoutes *self);
size_t nsk_http_routes_count(const NskHttpRoutes *self);
const NskHttpRoute *nsk_http_routes_at(const NskHttpRoutes *self, size_t index);

typedef struct {
    const NskHttpRoute *route; /* NULL: there is none */
    size_t index;              /* of it; the count of routes if there is none */
    char *allow;               /* methods of the path, for Allow; NULL: no such path.  Owned */
    GArray *pieces;            /* pairs; owned */
} NskHttpMatch;
void nsk_http_routes_find(const NskHttpRoutes *self,
                          const char *method,
                          char *const *pieces,
                          NskHttpMatch *out);
void nsk_http_match_clear(NskHttpMatch *self);

/* --- Bodies (spool.c, multipart.c) --- */

/* A body or part that is written to a file without a name. */
typedef struct _NskHttpSpool NskHttpSpool;
/* Errors: IO. */
NskHttpSpool *nsk_http_spool_new(const char *folder, GError **error);
bool nsk_http_spool_write(NskHttpSpool *self, const void *data, size_t size, GError **error);
/* Frees @self. */
NskHttpFile *nsk_http_spool_finish(NskHttpSpool *self, GError **error);
void nsk_http_spool_free(NskHttpSpool *self);
void nsk_http_file_free(NskHttpFile *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(NskHttpSpool, nsk_http_spool_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC(NskHttpFile, nsk_http_file_free)

/* multipart/form-data (RFC 7578, RFC 2046 5.1), in pieces as they come. */
typedef struct _NskHttpMultipart NskHttpMultipart;
/* @content_type: the header.  Errors: INVALID if it has no good boundary. */
NskHttpMultipart *
nsk_http_multipart_new(const char *content_type, const char *folder, GError **error);
void nsk_http_multipart_free(NskHttpMultipart *self);
/* Errors: INVALID, LIMIT, IO. */
bool nsk_http_multipart_feed(NskHttpMultipart *self, const char *data, size_t size, GError **error);
/* Frees nothing; what was read is the caller's.  Errors: INVALID if the end is missing. */
bool nsk_http_multipart_finish(NskHttpMultipart *self,
                               GArray **out_fields,
                               GPtrArray **out_files,
                               GError **error);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(NskHttpMultipart, nsk_http_multipart_free)

/* --- Requests and responses (request.c, response.c) --- */

struct _NskHttpRequest {
    char *id;
    const char *method; /* GET for HEAD */
    bool is_head;
    char *raw_target;
    GArray *headers;
    NskHttpTarget target;
    NskHttpMatch match;
    GArray *cookies; /* read when asked for */
    const char *language;
    char *address;
    bool is_secure;
    char *origin;
    GByteArray *memory; /* a body that is kept in memory */
    GBytes *body;       /* the same when it is there whole */
    GArray *fields;
    GPtrArray *files; /* NskHttpFile */
};

struct _NskHttpResponse {
    unsigned status;
    GArray *headers; /* pairs */
    char *type;
    GBytes *bytes; /* or */
    int fd;        /* -1: none */
    uint64_t size; /* of the file */
    char *etag;
    char *cache;
    char *policy;
    char *cause; /* for the log */
    bool uncompressed;
};

void nsk_http_request_free(NskHttpRequest *self);
NskHttpResponse *nsk_http_response_new(void);
void nsk_http_response_free(NskHttpResponse *self);
/* Back to what it was when it was new. */
void nsk_http_response_reset(NskHttpResponse *self);
/* The last step before it is sent: 304, compressing, the headers that every answer has. */
void nsk_http_response_finish(NskHttpResponse *self, const NskHttpRequest *request);
/* The status that belongs to the code of an NSK_ERROR, and its stable name; *out_code: static. */
unsigned nsk_http_fault_status(int code, const char **out_code);
/* Makes it the problem that belongs to @fault; true if that is a fault of this program or machine,
 * whose words are for the log alone. */
bool nsk_http_response_set_fault(NskHttpResponse *self,
                                 const NskHttpRequest *request,
                                 const GError *fault);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(NskHttpRequest, nsk_http_request_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC(NskHttpResponse, nsk_http_response_free)

/* --- Work off the network's threads (pool.c) --- */

typedef struct _NskHttpPool NskHttpPool;
typedef void (*NskHttpJob)(void *data);
/* @most of the threads run at once; the rest are for jobs that pause. */
NskHttpPool *
nsk_http_pool_new(const char *name, unsigned threads, unsigned most, unsigned room, NskHttpJob job);
/* False if there is no room: nothing was taken over. */
bool nsk_http_pool_push(NskHttpPool *self, void *data);
unsigned nsk_http_pool_get_waiting(NskHttpPool *self);
unsigned nsk_http_pool_get_room(const NskHttpPool *self);
/* Seconds that one who comes now would wait, guessed by what the last ones took; at least 1. */
unsigned nsk_http_pool_guess_wait(NskHttpPool *self);
/* Does what was taken, and ends the threads. */
void nsk_http_pool_free(NskHttpPool *self);

/* --- Figures and the log (metrics.c, log.c) --- */

typedef struct _NskHttpMetrics NskHttpMetrics;
NskHttpMetrics *nsk_http_metrics_new(const NskHttpRoutes *routes);
void nsk_http_metrics_free(NskHttpMetrics *self);
void nsk_http_metrics_add(NskHttpMetrics *self, size_t route, unsigned status, int64_t us);
void nsk_http_metrics_refuse(NskHttpMetrics *self, const char *reason); /* a static text */
void nsk_http_metrics_write(NskHttpMetrics *self, GString *out);

#define NSK_HTTP_TRACE_SIZE 33 /* 32 hex digits and their end */
#define NSK_HTTP_SPAN_SIZE  17
/* Whether @header is a traceparent (W3C Trace Context, level 1, section 3.2; NULL: none), and its
 * two ids. */
bool nsk_http_read_trace(const char *header,
                         char out_trace[NSK_HTTP_TRACE_SIZE],
                         char out_span[NSK_HTTP_SPAN_SIZE]);

/* What one line says of a request that is done. */
typedef struct {
    const char *id;
    const char *method;
    const char *route;  /* the pattern; "" if there is none */
    const char *reason; /* why it was refused, or what failed; NULL: neither */
    const char *trace;  /* the header traceparent, as it came; NULL: none */
    unsigned status;
    int64_t us;
    uint64_t bytes;
} NskHttpLogLine;
/* Freed with g_free(). */
char *nsk_http_log_request(const NskClock *clock, const NskHttpLogLine *line);

/* --- Addresses (listen.c) --- */

typedef struct sockaddr NskSockaddr;
/* A socket that listens; *out_name as nsk_http_server_get_address() says it without its scheme;
 * *out_public: others than this machine reach it. */
int nsk_http_listen(const char *text, char **out_name, bool *out_public, GError **error);
/* Removes a socket's file. */
void nsk_http_unlisten(const char *name);
/* "192.0.2.1", without the mapping of IPv4 into IPv6; "" for a Unix socket.  Freed with g_free().
 */
char *nsk_http_address_text(const NskSockaddr *address);
/* What connections are counted by: IPv6 by its first 64 bits.  Freed with g_free(). */
char *nsk_http_address_key(const NskSockaddr *address);
/* The same of an address as a text; what is none stays as it is. */
char *nsk_http_address_text_key(const char *text);
bool nsk_http_address_is_loopback(const char *text);
/* The address as nsk_http_address_text() would say it; NULL if it is none. */
char *nsk_http_address_normal(const char *text);
/* Whom the peers @trusted name by X-Forwarded-For: the last that is not one of them; NULL if that
 * is no address. */
char *nsk_http_forwarded_for(const char *list, const GHashTable *trusted);
