/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "base/clock.h"
#include "base/json.h"
#include "office/office.h"
#include "xml/xml.h"

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * The web server: HTTP/1.1 (RFC 9110, RFC 9112) by libmicrohttpd, whose only user this is.
 *
 *   server    listens; hands each request to the route that its method and path name
 *   site      the routes of an office: pages, API, health
 *
 * A request is refused before any route sees it if its head could be read in two ways (guard.c), if
 * it is too large or too slow.  Every size and time is bounded (base/limits.h).  Bodies are read
 * whole before a handler runs: small ones into memory, others into a file that has no name, with
 * their SHA-256.
 *
 * A handler runs in its thread's own language (nsk_tr()): that which the request asks for.
 */
typedef struct _NskHttpServer NskHttpServer;
typedef struct _NskHttpRequest NskHttpRequest;
typedef struct _NskHttpResponse NskHttpResponse;
typedef struct _NskHttpVisit NskHttpVisit;

/* --- Routes --- */

/*
 * Answers one request.  @data is that of the server's options.  False with @error set: the answer
 * is a problem (RFC 9457) of the status that belongs to the error's code, whatever was put in
 * @response before.
 */
typedef bool (*NskHttpHandler)(NskHttpRequest *request,
                               NskHttpResponse *response,
                               void *data,
                               GError **error);

/*
 * Whether a request may be asked for at all; before its body is kept, on the network's own thread:
 * neither waits nor works.  False: the response is set, and sent when the body was read and thrown
 * away, so that it reaches who is still sending.
 */
typedef bool (*NskHttpGateKeeper)(NskHttpRequest *request, NskHttpResponse *response, void *data);

/* The same for somebody who is signed in; of a site (site-private.h). */
typedef bool (*NskHttpVisitHandler)(NskHttpVisit *visit, GError **error);

/* Where a handler runs. */
typedef enum {
    NSK_HTTP_OFFICE, /* among many threads: may wait for the disk or the writer */
    NSK_HTTP_HEAVY,  /* among few: needs a processor for long (pages, passwords, pictures) */
    NSK_HTTP_QUICK,  /* on the network's own thread: neither waits nor works */
} NskHttpPlace;

/* What is done with a body. */
typedef enum {
    NSK_HTTP_BODY_NONE,   /* one that is not empty is refused */
    NSK_HTTP_BODY_MEMORY, /* nsk_http_request_get_body() */
    NSK_HTTP_BODY_FORM,   /* application/x-www-form-urlencoded or multipart/form-data */
    NSK_HTTP_BODY_FILE,   /* nsk_http_request_get_file(request, "") */
} NskHttpBody;

/*
 * A pattern is a path whose pieces in braces stand for any one piece, not empty:
 * "/api/v1/letters/{id}".  A piece that is written out goes before one in braces.  A route of GET
 * answers HEAD as well; OPTIONS and what no route takes (404, 405) is answered by the server.
 */
typedef struct {
    const char *method; /* NULL ends a table */
    const char *pattern;
    NskHttpHandler run;        /* or: */
    NskHttpVisitHandler visit; /* for who is signed in; not QUICK */
    NskHttpGateKeeper keeper;  /* NULL: every request is taken */
    const char *scope; /* of a visit by a program: what its token must be for; NULL: a page */
    bool is_early;     /* a visit also for who must first change a password given to him */
    NskHttpPlace place;
    NskHttpBody body;
    uint64_t body_limit; /* bytes; 0: NSK_LIMIT_HTTP_BODY */
    bool is_page;        /* a problem is shown as a page to who prefers HTML */
} NskHttpRoute;

/* --- The request.  All borrowed from it, as long as the handler runs; its thread only. --- */

/* A file that was sent: without a name on the disk, gone when the request is done. */
typedef struct {
    char *field;     /* of the form; "" for a body that is the file */
    char *name;      /* the last piece of what the sender calls it; NULL: nothing */
    char *type;      /* what the sender says that it is; NULL: nothing */
    uint64_t size;   /* bytes */
    char sha256[65]; /* lower-case hex */
    int fd;          /* at its beginning; readable, and by anybody under /proc/self/fd */
} NskHttpFile;

const char *nsk_http_request_get_id(const NskHttpRequest *self);     /* a UUIDv7, also in the log */
const char *nsk_http_request_get_method(const NskHttpRequest *self); /* "GET" for HEAD */
const char *nsk_http_request_get_path(const NskHttpRequest *self);   /* as sent, without query */
const char *nsk_http_request_get_route(const NskHttpRequest *self);  /* the pattern */
/* The piece of the path that stands for {@name}, decoded. */
const char *nsk_http_request_get_piece(const NskHttpRequest *self, const char *name);
/* NULL if there is none; the first if there are several. */
const char *nsk_http_request_get_query(const NskHttpRequest *self, const char *name);
/* The @index-th value of that name, NULL behind the last. */
const char *
nsk_http_request_get_query_at(const NskHttpRequest *self, const char *name, size_t index);
/* The same of a form's fields that are no files. */
const char *nsk_http_request_get_field(const NskHttpRequest *self, const char *name);
const char *
nsk_http_request_get_field_at(const NskHttpRequest *self, const char *name, size_t index);
const NskHttpFile *nsk_http_request_get_file(const NskHttpRequest *self, const char *field);
const NskHttpFile *nsk_http_request_get_file_at(const NskHttpRequest *self, size_t index);
const char *nsk_http_request_get_header(const NskHttpRequest *self, const char *name);
const char *nsk_http_request_get_cookie(const NskHttpRequest *self, const char *name);
/* NULL if the route keeps no body in memory, or it is empty. */
GBytes *nsk_http_request_get_body(const NskHttpRequest *self);
/* "id" or "en": by the query's "lang", the cookie "lang", Accept-Language; else "id". */
const char *nsk_http_request_get_language(const NskHttpRequest *self);
/* Who asks, as a text without port: the peer, or whom a trusted proxy names; "" on a socket without
 * a proxy that says.  For counting and throttling; never for the log. */
const char *nsk_http_request_get_address(const NskHttpRequest *self);
/* Whether it came by TLS, here or at a trusted proxy. */
bool nsk_http_request_is_secure(const NskHttpRequest *self);
/* "https://surat.example.go.id", as the browser sees this server; owned by the request. */
const char *nsk_http_request_get_origin(const NskHttpRequest *self);
/* Whether one of If-None-Match (@header) names @etag, which is without quotes. */
bool nsk_http_request_matches(const NskHttpRequest *self, const char *header, const char *etag);
/* Whether the sender wants HTML rather than JSON. */
bool nsk_http_request_wants_html(const NskHttpRequest *self);

/* --- The response.  200 without content if nothing is set. --- */

void nsk_http_response_set_status(NskHttpResponse *self, unsigned status);
/* Bytes that HTTP forbids in a value become blanks. */
void nsk_http_response_add_header(NskHttpResponse *self, const char *name, const char *value);
/* @type: "text/html; charset=utf-8". */
void nsk_http_response_set_bytes(NskHttpResponse *self, const char *type, GBytes *bytes);
void nsk_http_response_set_text(NskHttpResponse *self, const char *type, const char *text);
/* Takes over @value. */
void nsk_http_response_set_json(NskHttpResponse *self, NskJson *value);
/* Takes over @fd, which is a file of @size bytes from its beginning. */
void nsk_http_response_set_file(NskHttpResponse *self, const char *type, int fd, uint64_t size);
/* What is not for the visitor, but for who reads the log: no person, no secret. */
void nsk_http_response_set_cause(NskHttpResponse *self, const char *cause);
/* 303 to @path, of this server. */
void nsk_http_response_redirect(NskHttpResponse *self, const char *path);
/* 303 to another server, which the office's settings name and no request. */
void nsk_http_response_send_away(NskHttpResponse *self, const char *url);
/* HttpOnly, SameSite=Lax, Path=/; Secure and "__Host-" before @name where the request is secure.
 * @seconds: how long it lives; 0: as long as the browser; negative: it is removed. */
void nsk_http_response_set_cookie(NskHttpResponse *self,
                                  const NskHttpRequest *request,
                                  const char *name,
                                  const char *value,
                                  int64_t seconds);
/* A strong validator, without quotes; answers 304 to who has it. */
void nsk_http_response_set_etag(NskHttpResponse *self, const char *etag);
/* Cache-Control; "no-store" if it is never called. */
void nsk_http_response_set_cache(NskHttpResponse *self, const char *directives);
/* For a page that shows a secret beside what the sender wrote: it is not compressed (BREACH). */
void nsk_http_response_set_uncompressed(NskHttpResponse *self);
/* In place of the ordinary Content-Security-Policy. */
void nsk_http_response_set_policy(NskHttpResponse *self, const char *policy);
/* Makes it a problem (RFC 9457) for people and programs; @code is stable, of a-z and '-'; @detail
 * may be NULL. */
void nsk_http_response_set_problem(NskHttpResponse *self,
                                   const NskHttpRequest *request,
                                   unsigned status,
                                   const char *code,
                                   const char *detail);

/* --- The server --- */

/* 0 in a number: what base/limits.h says.  All borrowed until the server is started, but @data. */
typedef struct {
    const char *listen;   /* "127.0.0.1:8080", "[::1]:8080", "unix:PATH"; port 0: any */
    const char *tls_cert; /* PEM files; both or NULL */
    const char *tls_key;
    const char *const *proxies; /* addresses of peers that are believed; NULL-terminated, or NULL */
    const char *folder;         /* where bodies are put that do not fit into memory */
    const NskHttpRoute *const *tables; /* NULL-terminated; as long as the server */
    NskHttpHandler visit;              /* runs the routes that have a visit; NULL: there are none */
    void *data;                        /* for the handlers */
    const NskClock *clock;
    void (*log)(const char *line, void *log_data); /* one line of JSON a request; any thread */
    void *log_data;
    unsigned network_threads, office_threads, heavy_threads;
    unsigned room;        /* requests that wait for a thread, of each kind */
    unsigned head_ms;     /* for a whole head */
    unsigned idle_ms;     /* between two requests */
    unsigned body_ms;     /* for a body, and for an answer, besides its size */
    unsigned connections; /* in all */
    unsigned per_address; /* loopback is free of it unless this is set */
} NskHttpOptions;

/* Errors: INVALID for an address or certificate that is none; DENIED for a public address that has
 * neither TLS nor a proxy; IO. */
NskHttpServer *nsk_http_server_start(const NskHttpOptions *options,
                                     GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Listens no more, answers what is begun, for some seconds, and closes. */
void nsk_http_server_stop(NskHttpServer *self);
/* Reads certificate and key again; connections that are open keep the old ones.  Nothing changes
 * after an error.  Errors: as at the start. */
bool nsk_http_server_reload(NskHttpServer *self, GError **error);
/* "http://127.0.0.1:8080", or "unix:PATH". */
const char *nsk_http_server_get_address(const NskHttpServer *self);
/* The share of its room that the fuller of its queues uses, 0 to 100. */
unsigned nsk_http_server_get_load(NskHttpServer *self);
/* Prometheus text format 0.0.4, without labels of persons. */
void nsk_http_server_write_metrics(NskHttpServer *self, GString *out);

/* --- The site of an office --- */

typedef struct _NskHttpSite NskHttpSite;

/* What a demo's server shares with the process that watches it, so that it is there when the server
 * was killed (demo-kill.c).  All zero at first; moments are of g_get_monotonic_time(). */
typedef struct {
    _Atomic uint64_t asked;    /* changes of the last run */
    _Atomic uint64_t answered; /* of them */
    _Atomic bool is_running;
    int64_t began, killed, back; /* 0: not yet */
    unsigned runs;
    char letter[40];                /* on which they wrote */
    _Atomic bool signer_is_off;     /* the demo's signing service (demo-signer.c) */
    _Atomic uint64_t signer_missed; /* questions that came while it was off */
} NskHttpDemo;

typedef struct {
    NskOfficeService *service; /* as long as the site */
    const char *dir;           /* the office's folder */
    const char *listen, *tls_cert, *tls_key;
    const char *const *proxies;
    NskHttpDemo *demo; /* a demo office for who wants to try it: everybody may be anybody of it; as
                        * long as the site; NULL: none */
    const char *pages; /* "https://surat.example.go.id": where people open the pages, for passkeys;
                        * NULL: none can be used */
    const char *admin; /* where metrics are told, on loopback; NULL: nowhere */
    unsigned wait_ms;  /* for a head, a body, an answer, and between requests; 0, as the three
                        * that follow: what base/limits.h says */
    unsigned connections;
    unsigned per_address;
    unsigned per_token; /* requests of a program's token in a minute */
    const NskClock *clock;
    void (*log)(const char *line, void *log_data);
    void *log_data;
} NskHttpSiteOptions;

/* Errors: as nsk_http_server_start(); DENIED for a demo that is none, or that other machines could
 * reach. */
NskHttpSite *nsk_http_site_start(const NskHttpSiteOptions *options,
                                 GError **error) G_GNUC_WARN_UNUSED_RESULT;
bool nsk_http_site_reload(NskHttpSite *self, GError **error);
void nsk_http_site_stop(NskHttpSite *self);
const char *nsk_http_site_get_address(const NskHttpSite *self);
const char *nsk_http_site_get_admin(const NskHttpSite *self); /* NULL if there is none */
