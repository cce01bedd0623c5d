/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Requests over HTTP with libcurl's easy interface, a handle for each.
 *
 * INVARIANTS:
 *   (1) certificate and name of the server are always verified;
 *   (2) a body with a secret, a password and a bearer go out only over TLS, or to a loopback
 *       address: looked at after the name was resolved, when the socket is opened;
 *   (3) what was received is never more than the limit, and never later than the deadline.
 */
#include "base/message.h"
#include "base/pause.h"
#include "net/net-private.h"

#include <poll.h>
#include <stdio.h>
#include <string.h>

#define DEFAULT_LIMIT (1024 * 1024)
#define MAX_HEADER    4096 /* bytes of a kept header */
#define MAX_HEADERS   200
#define TOKEN_BYTES   "!#$%&'*+-.^_`|~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
#define MOST_WAIT     86400 /* seconds of a Retry-After */

typedef struct {
    const NskNetRequest *request;
    NskNetAnswer *answer;
    GByteArray *body;
    size_t limit;
    unsigned headers;
    size_t piece; /* that is being sent, and where in it */
    size_t piece_at;
    bool tls;
    bool flooded;
    bool stopped;
    bool sent; /* something of the request left */
} Transfer;

void
nsk_net_answer_clear(NskNetAnswer *self)
{
    g_clear_pointer(&self->type, g_free);
    g_clear_pointer(&self->header, g_free);
    g_clear_pointer(&self->body, g_bytes_unref);
}

/* --- Who may be asked ------------------------------------------------------------------------- */

/* Whether the list, which may be NULL, names that host. */
static bool
is_listed(const char *const *hosts, const char *host)
{
    for (size_t i = 0; hosts != NULL && hosts[i] != NULL; i++)
        if (g_ascii_strcasecmp(hosts[i], host) == 0)
            return true;
    return false;
}

/* Whether each header is a token (RFC 9110, section 5.6.2), a colon and visible characters, so that
 * none begins another line.  Errors: INVALID. */
static bool
check_headers(const char *const *headers, GError **error)
{
    for (size_t i = 0; headers != NULL && headers[i] != NULL; i++) {
        const char *text = headers[i];
        size_t name = strspn(text, TOKEN_BYTES);
        bool is_plain = name > 0 && text[name] == ':' && strlen(text) <= MAX_HEADER;

        for (const char *at = text; is_plain && *at != '\0'; at++)
            is_plain = *at >= ' ' && *at <= '~';
        if (is_plain)
            continue;
        g_set_error(error, NSK_ERROR, NSK_ERROR_INVALID,
                    nsk_tr("header %zu of the request is no name, colon and visible characters"),
                    i + 1);
        return false;
    }
    return true;
}

static bool
has_secret(const NskNetRequest *request)
{
    return request->secret || request->password != NULL || request->bearer != NULL;
}

/* Reads the URL.  Errors: INVALID. */
static bool
read_url(const char *text, bool *out_tls, char **out_host, GError **error)
{
    g_autoptr(CURLU) url = nsk_curl.url();
    bool read = strlen(text) <= NSK_NET_MAX_URL &&
                nsk_curl.url_set(url, CURLUPART_URL, text, CURLU_DISALLOW_USER) == CURLUE_OK;
    g_autofree char *scheme = read ? nsk_curl_url_part(url, CURLUPART_SCHEME) : NULL;
    g_autofree char *host = read ? nsk_curl_url_part(url, CURLUPART_HOST) : NULL;
    g_autofree char *fragment = read ? nsk_curl_url_part(url, CURLUPART_FRAGMENT) : NULL;

    if (host == NULL || fragment != NULL ||
        (g_strcmp0(scheme, "http") != 0 && g_strcmp0(scheme, "https") != 0)) {
        g_set_error(error, NSK_ERROR, NSK_ERROR_INVALID,
                    nsk_tr("'%.200s' is no address of a service; it begins with https:// or "
                           "http://, without user and password"),
                    text);
        return false;
    }
    *out_tls = strcmp(scheme, "https") == 0;
    *out_host = g_steal_pointer(&host);
    return true;
}

bool
nsk_net_check_url(const char *url, char **out_host, GError **error)
{
    bool tls;
    g_autofree char *host = NULL;

    if (!nsk_curl_load(error) || !read_url(url, &tls, &host, error))
        return false;
    if (out_host != NULL)
        *out_host = g_steal_pointer(&host);
    return true;
}

/* Reads and judges the URL; *out_public: only public addresses may be connected to. */
static bool
check_url(const NskNetRequest *request, bool *out_tls, bool *out_public, GError **error)
{
    g_autofree char *host = NULL;

    if (!read_url(request->url, out_tls, &host, error))
        return false;
    if (request->hosts != NULL && !is_listed(request->hosts, host)) {
        g_set_error(error, NSK_ERROR, NSK_ERROR_DENIED,
                    nsk_tr("'%s' is not among the hosts that this office may ask; add it if it "
                           "is right"),
                    host);
        return false;
    }
    *out_public =
        request->public_only && !is_listed(request->hosts, host) && !is_listed(request->near, host);
    return true;
}

/* --- While it runs ---------------------------------------------------------------------------- */

typedef struct {
    Transfer transfer;
    NskNetGuard guard;
} Run;

static size_t
take_body(char *data, size_t size, size_t n, void *user)
{
    Transfer *self = user;

    (void)size; /* always 1 */
    if (n > self->limit - self->body->len) {
        self->flooded = true;
        return 0;
    }
    g_byte_array_append(self->body, (const uint8_t *)data, (guint)n);
    return n;
}

/* The value of the header @name in a line; NULL if it is another one.  Freed with g_free(). */
static char *
header_value(const char *line, size_t size, const char *name)
{
    size_t length = strlen(name);

    if (size <= length || size > MAX_HEADER || line[length] != ':' ||
        g_ascii_strncasecmp(line, name, length) != 0)
        return NULL;
    return g_strstrip(g_strndup(line + length + 1, size - length - 1));
}

static size_t
take_header(char *data, size_t size, size_t n, void *user)
{
    Transfer *self = user;
    g_autofree char *wait = header_value(data, n, "retry-after");
    g_autofree char *kept = self->request->keep_header != NULL
                                ? header_value(data, n, self->request->keep_header)
                                : NULL;

    (void)size;
    if (self->headers++ > MAX_HEADERS) {
        self->flooded = true;
        return 0;
    }
    if (wait != NULL)
        self->answer->retry_after = (unsigned)MIN(g_ascii_strtoull(wait, NULL, 10), MOST_WAIT);
    if (kept != NULL) {
        g_free(self->answer->header);
        self->answer->header = g_steal_pointer(&kept);
    }
    return n;
}

static int
watch(void *data,
      G_GNUC_UNUSED curl_off_t down,
      G_GNUC_UNUSED curl_off_t down_now,
      G_GNUC_UNUSED curl_off_t up,
      curl_off_t up_now)
{
    Transfer *self = data;
    struct pollfd stop = { .fd = self->request->stop_fd, .events = POLLRDHUP };

    if (up_now > 0)
        self->sent = true;
    if (self->request->stop_fd > 0 && poll(&stop, 1, 0) == 1)
        self->stopped = true;
    return self->stopped ? 1 : 0;
}

/* --- Setting up ------------------------------------------------------------------------------- */

static void
add_line(NskCurlList **list, const char *line)
{
    NskCurlList *longer = nsk_curl.slist_append(*list, line);

    if (longer != NULL)
        *list = longer;
}

static void
add_header(NskCurlList **list, const char *name, const char *value)
{
    g_autofree char *line = g_strdup_printf("%s: %s", name, value);

    add_line(list, line);
}

static NskCurlList *
make_resolved(const NskNetRequest *request)
{
    NskCurlList *list = NULL;

    for (size_t i = 0; request->resolved != NULL && request->resolved[i] != NULL; i++)
        add_line(&list, request->resolved[i]);
    return list;
}

static NskCurlList *
make_headers(const NskNetRequest *request)
{
    NskCurlList *list = NULL;

    if (request->type != NULL)
        add_header(&list, "Content-Type", request->type);
    if (request->accept != NULL)
        add_header(&list, "Accept", request->accept);
    for (size_t i = 0; request->headers != NULL && request->headers[i] != NULL; i++)
        add_line(&list, request->headers[i]);
    /* no waiting for a server to say that it wants a long body */
    add_header(&list, "Expect", "");
    return list;
}

/* Copies what comes next of the pieces: the body as a whole stands nowhere in memory. */
static size_t
give_body(char *room, size_t size, size_t n, void *user)
{
    Transfer *self = user;
    size_t given = 0;

    (void)size; /* always 1 */
    while (given < n && self->piece < self->request->n_pieces) {
        const NskNetPiece *piece = &self->request->pieces[self->piece];
        size_t part = MIN(n - given, piece->size - self->piece_at);

        memcpy(room + given, (const char *)piece->data + self->piece_at, part);
        given += part;
        self->piece_at += part;
        if (self->piece_at == piece->size) {
            self->piece++;
            self->piece_at = 0;
        }
    }
    return given;
}

/* Called when curl wants to begin again: only from the beginning. */
static int
rewind_body(void *user, curl_off_t offset, int origin)
{
    Transfer *self = user;

    if (offset != 0 || origin != SEEK_SET)
        return CURL_SEEKFUNC_CANTSEEK;
    self->piece = 0;
    self->piece_at = 0;
    return CURL_SEEKFUNC_OK;
}

static void
set_body(CURL *curl, Transfer *transfer)
{
    const NskNetRequest *request = transfer->request;
    curl_off_t size = 0;

    if (!request->post)
        return;
    for (size_t i = 0; i < request->n_pieces; i++)
        size += (curl_off_t)request->pieces[i].size;
    (void)nsk_curl.easy_setopt(curl, CURLOPT_POST, 1L);
    (void)nsk_curl.easy_setopt(curl, CURLOPT_POSTFIELDSIZE_LARGE, size);
    (void)nsk_curl.easy_setopt(curl, CURLOPT_READFUNCTION, give_body);
    (void)nsk_curl.easy_setopt(curl, CURLOPT_READDATA, transfer);
    (void)nsk_curl.easy_setopt(curl, CURLOPT_SEEKFUNCTION, rewind_body);
    (void)nsk_curl.easy_setopt(curl, CURLOPT_SEEKDATA, transfer);
}

static void
set_who(CURL *curl, const NskNetRequest *request)
{
    if (request->user != NULL && request->password != NULL) {
        (void)nsk_curl.easy_setopt(curl, CURLOPT_HTTPAUTH, (long)CURLAUTH_BASIC);
        (void)nsk_curl.easy_setopt(curl, CURLOPT_USERNAME, request->user);
        (void)nsk_curl.easy_setopt(curl, CURLOPT_PASSWORD, nsk_locked_text(request->password));
    } else if (request->bearer != NULL) {
        (void)nsk_curl.easy_setopt(curl, CURLOPT_HTTPAUTH, (long)CURLAUTH_BEARER);
        (void)nsk_curl.easy_setopt(curl, CURLOPT_XOAUTH2_BEARER, nsk_locked_text(request->bearer));
    }
}

static void
set_rules(CURL *curl, const NskNetRequest *request)
{
    nsk_curl_set_rules(curl, request->ca, request->timeout_ms);
    (void)nsk_curl.easy_setopt(curl, CURLOPT_PROTOCOLS_STR, "http,https");
    (void)nsk_curl.easy_setopt(curl, CURLOPT_FOLLOWLOCATION, 0L);
    (void)nsk_curl.easy_setopt(curl, CURLOPT_HTTP_VERSION, (long)CURL_HTTP_VERSION_1_1);
    (void)nsk_curl.easy_setopt(curl, CURLOPT_USERAGENT, "naskah/" NSK_VERSION);
}

static void
set_calls(CURL *curl, Run *run)
{
    nsk_curl_set_guard(curl, &run->guard);
    (void)nsk_curl.easy_setopt(curl, CURLOPT_WRITEFUNCTION, take_body);
    (void)nsk_curl.easy_setopt(curl, CURLOPT_WRITEDATA, &run->transfer);
    (void)nsk_curl.easy_setopt(curl, CURLOPT_HEADERFUNCTION, take_header);
    (void)nsk_curl.easy_setopt(curl, CURLOPT_HEADERDATA, &run->transfer);
    (void)nsk_curl.easy_setopt(curl, CURLOPT_NOPROGRESS, 0L);
    (void)nsk_curl.easy_setopt(curl, CURLOPT_XFERINFOFUNCTION, watch);
    (void)nsk_curl.easy_setopt(curl, CURLOPT_XFERINFODATA, &run->transfer);
}

/* --- What came of it -------------------------------------------------------------------------- */

/* Whether the other side can have got the request. */
static NskNetEnd
how_far(CURL *curl, const Transfer *transfer)
{
    long sent = 0;

    (void)nsk_curl.easy_getinfo(curl, CURLINFO_REQUEST_SIZE, &sent);
    return transfer->sent || sent > 0 ? NSK_NET_UNKNOWN : NSK_NET_UNSENT;
}

static void
keep_type(CURL *curl, NskNetAnswer *answer)
{
    char *type = NULL;

    (void)nsk_curl.easy_getinfo(curl, CURLINFO_CONTENT_TYPE, &type);
    if (type == NULL)
        return;
    answer->type = g_ascii_strdown(type, (gssize)strcspn(type, ";"));
    g_strstrip(answer->type);
}

static bool
fail(const Run *run, CURLcode code, const char *reason, GError **error)
{
    const Transfer *transfer = &run->transfer;
    const char *url = transfer->request->url;
    const char *words = nsk_curl_explain(code, reason);

    if (transfer->stopped)
        g_set_error(error, NSK_ERROR, NSK_ERROR_CANCELLED, nsk_tr("asking '%.200s' was given up"),
                    url);
    else if (run->guard.forbidden && run->guard.only_self)
        g_set_error(error, NSK_ERROR, NSK_ERROR_DENIED,
                    nsk_tr("'%.200s' would be sent a secret without encryption; use https://"),
                    url);
    else if (run->guard.forbidden)
        g_set_error(error, NSK_ERROR, NSK_ERROR_DENIED,
                    nsk_tr("'%.200s' is at a private address, and was not asked; name its host "
                           "to this office if it is right"),
                    url);
    else if (transfer->flooded)
        g_set_error(error, NSK_ERROR, NSK_ERROR_LIMIT,
                    nsk_tr("'%.200s' answers with more than %zu bytes; it was broken off"), url,
                    transfer->limit);
    else if (nsk_curl_is_untrusted(code))
        g_set_error(error, NSK_ERROR, NSK_ERROR_UNTRUSTED,
                    nsk_tr("the certificate of '%.200s' does not hold, nothing was sent: %s"), url,
                    words);
    else if (code == CURLE_OPERATION_TIMEDOUT)
        g_set_error(error, NSK_ERROR, NSK_ERROR_BUSY,
                    nsk_tr("'%.200s' did not answer in time; try again later"), url);
    else
        g_set_error(error, NSK_ERROR, NSK_ERROR_BUSY,
                    nsk_tr("'%.200s' cannot be asked: %s; try again later"), url, words);
    return false;
}

static bool
perform(CURL *curl, Run *run, GError **error)
{
    char reason[CURL_ERROR_SIZE] = "";
    NskNetAnswer *answer = run->transfer.answer;
    long status = 0;

    (void)nsk_curl.easy_setopt(curl, CURLOPT_ERRORBUFFER, reason);
    nsk_pause_begin();
    CURLcode code = nsk_curl.easy_perform(curl);
    nsk_pause_end();
    if (code != CURLE_OK) {
        answer->end = how_far(curl, &run->transfer);
        return fail(run, code, reason, error);
    }
    (void)nsk_curl.easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &status);
    answer->end = NSK_NET_DONE;
    answer->status = (int)status;
    keep_type(curl, answer);
    answer->body = g_byte_array_free_to_bytes(g_steal_pointer(&run->transfer.body));
    return true;
}

bool
nsk_net_ask(const NskNetRequest *request, NskNetAnswer *out_answer, GError **error)
{
    Run run = { .transfer = { .request = request,
                              .answer = out_answer,
                              .limit = request->limit != 0 ? request->limit : DEFAULT_LIMIT } };

    *out_answer = (NskNetAnswer){ .end = NSK_NET_UNSENT };
    if (!nsk_curl_load(error) || !check_headers(request->headers, error) ||
        !check_url(request, &run.transfer.tls, &run.guard.only_public, error))
        return false;
    run.guard.only_self = has_secret(request) && !run.transfer.tls;
    g_autoptr(CURL) curl = nsk_curl.easy_init();
    g_autoptr(NskCurlList) headers = make_headers(request);
    g_autoptr(NskCurlList) resolved = make_resolved(request);
    g_assert(curl != NULL);
    run.transfer.body = g_byte_array_new();
    (void)nsk_curl.easy_setopt(curl, CURLOPT_URL, request->url);
    (void)nsk_curl.easy_setopt(curl, CURLOPT_HTTPHEADER, headers);
    (void)nsk_curl.easy_setopt(curl, CURLOPT_RESOLVE, resolved);
    set_rules(curl, request);
    set_body(curl, &run.transfer);
    set_who(curl, request);
    set_calls(curl, &run);
    bool done = perform(curl, &run, error);
    g_clear_pointer(&run.transfer.body, g_byte_array_unref);
    return done;
}
