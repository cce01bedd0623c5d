/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Requests over HTTP with libcurl's easy interface, a handle for each.
 *
 * INVARIANTS:
 *   (1) certificate and name of the server are always verified;
 *   (2) a body with a secret, a password and a bearer go out only over TLS, or to a loopback
 *       address: looked at after the name was resolved, when the socket is opened;
 *   (3) what was received is never more than the limit, and never later than the deadline.
 *
 * libcurl brings sixteen more libraries with it, which cost a program five milliseconds and three
 * megabytes at its start.  Most commands ask nobody: it is loaded when the first request is made.
 */
#include "net/net.h"

#include "base/bytes.h"
#include "base/late.h"
#include "base/message.h"

#include <arpa/inet.h>
#include <curl/curl.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define LIBRARY         "libcurl.so.4"
#define DEFAULT_LIMIT   (1024 * 1024)
#define DEFAULT_TIMEOUT 30000 /* milliseconds */
#define CONNECT_TIMEOUT 10000
#define MAX_URL         4000 /* bytes */
#define MAX_HEADER      4096 /* bytes of a kept header */
#define MAX_HEADERS     200
#define MOST_WAIT       86400 /* seconds of a Retry-After */
#define MAX_CA_SIZE     (4 * 1024 * 1024)

typedef struct {
    const NskNetRequest *request;
    NskNetAnswer *answer;
    GByteArray *body;
    size_t limit;
    unsigned headers;
    size_t piece; /* that is being sent, and where in it */
    size_t piece_at;
    bool tls;
    bool forbidden; /* the address may not be asked */
    bool flooded;
    bool stopped;
    bool sent; /* something of the request left */
} Transfer;

/* --- The library ------------------------------------------------------------------------------ */

/* What is used of it. */
#define FUNCTIONS(X)                                                                               \
    X(easy_init)                                                                                   \
    X(easy_setopt)                                                                                 \
    X(easy_perform)                                                                                \
    X(easy_getinfo)                                                                                \
    X(easy_cleanup)                                                                                \
    X(easy_strerror)                                                                               \
    X(free)                                                                                        \
    X(global_init)                                                                                 \
    X(slist_append)                                                                                \
    X(slist_free_all)                                                                              \
    X(url)                                                                                         \
    X(url_get)                                                                                     \
    X(url_set)                                                                                     \
    X(url_cleanup)

#define MEMBER(name) __typeof__(&curl_##name) name;
static struct {
    FUNCTIONS(MEMBER)
} lib;

static void
close_curl(CURL *curl)
{
    lib.easy_cleanup(curl);
}

static void
free_url(CURLU *url)
{
    lib.url_cleanup(url);
}

typedef struct curl_slist HeaderList;

static void
free_headers(HeaderList *list)
{
    lib.slist_free_all(list);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC(CURL, close_curl)
G_DEFINE_AUTOPTR_CLEANUP_FUNC(CURLU, free_url)
G_DEFINE_AUTOPTR_CLEANUP_FUNC(HeaderList, free_headers)

static bool
start_curl(void)
{
    return lib.global_init(CURL_GLOBAL_DEFAULT) == CURLE_OK;
}

static bool
load(GError **error)
{
#define NAMED(name) { "curl_" #name, &lib.name },
    static const NskLateFunction functions[] = { FUNCTIONS(NAMED){ NULL, NULL } };
    static const NskLateLibrary library = { LIBRARY, "libcurl4", functions, start_curl };
    static const char *missing;
    static gsize done;

    return nsk_late_load(&library, &done, &missing, error);
}

void
nsk_net_answer_clear(NskNetAnswer *self)
{
    g_clear_pointer(&self->type, g_free);
    g_clear_pointer(&self->header, g_free);
    g_clear_pointer(&self->body, g_bytes_unref);
}

/* --- Who may be asked ------------------------------------------------------------------------- */

static bool
is_loopback_v4(uint32_t address)
{
    return address >> 24 == 127;
}

/* Addresses of RFC 6890 that are not public. */
static bool
is_private_v4(uint32_t address)
{
    static const struct {
        uint32_t net;
        int bits;
    } nets[] = {
        { 0x00000000, 8 },  { 0x0a000000, 8 },  { 0x64400000, 10 }, { 0x7f000000, 8 },
        { 0xa9fe0000, 16 }, { 0xac100000, 12 }, { 0xc0000000, 24 }, { 0xc0a80000, 16 },
        { 0xc6120000, 15 }, { 0xe0000000, 3 },
    };

    for (size_t i = 0; i < G_N_ELEMENTS(nets); i++)
        if ((address ^ nets[i].net) >> (32 - nets[i].bits) == 0)
            return true;
    return false;
}

/* The IPv4 address in one of IPv6 (mapped, or translated by 64:ff9b::/96); false if there is none.
 */
static bool
embedded_v4(const uint8_t bytes[16], uint32_t *out_address)
{
    static const uint8_t mapped[12] = { 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff };
    static const uint8_t translated[12] = { 0x00, 0x64, 0xff, 0x9b };

    if (memcmp(bytes, mapped, sizeof mapped) != 0 &&
        memcmp(bytes, translated, sizeof translated) != 0)
        return false;
    *out_address = (uint32_t)bytes[12] << 24 | (uint32_t)bytes[13] << 16 |
                   (uint32_t)bytes[14] << 8 | bytes[15];
    return true;
}

static bool
is_loopback(const struct sockaddr *address)
{
    uint32_t v4;
    static const uint8_t one[16] = { [15] = 1 };

    if (address->sa_family == AF_INET)
        return is_loopback_v4(
            ntohl(((const struct sockaddr_in *)(const void *)address)->sin_addr.s_addr));
    if (address->sa_family != AF_INET6)
        return false;
    const uint8_t *bytes = ((const struct sockaddr_in6 *)(const void *)address)->sin6_addr.s6_addr;
    return embedded_v4(bytes, &v4) ? is_loopback_v4(v4) : memcmp(bytes, one, sizeof one) == 0;
}

static bool
is_private(const struct sockaddr *address)
{
    uint32_t v4;

    if (address->sa_family == AF_INET)
        return is_private_v4(
            ntohl(((const struct sockaddr_in *)(const void *)address)->sin_addr.s_addr));
    if (address->sa_family != AF_INET6)
        return true;
    const uint8_t *bytes = ((const struct sockaddr_in6 *)(const void *)address)->sin6_addr.s6_addr;
    /* 2000::/3 is what is public */
    return embedded_v4(bytes, &v4) ? is_private_v4(v4) : bytes[0] >> 5 != 1;
}

/* Whether the request names that host. */
static bool
is_listed(const NskNetRequest *request, const char *host)
{
    for (size_t i = 0; request->hosts != NULL && request->hosts[i] != NULL; i++)
        if (g_ascii_strcasecmp(request->hosts[i], host) == 0)
            return true;
    return false;
}

static bool
has_secret(const NskNetRequest *request)
{
    return request->secret || request->password != NULL || request->bearer != NULL;
}

static char *
url_part(CURLU *url, CURLUPart part)
{
    g_autofree char *copy = NULL;
    char *text = NULL;

    if (lib.url_get(url, part, &text, 0) != CURLUE_OK)
        return NULL;
    copy = g_strdup(text);
    lib.free(text);
    return g_steal_pointer(&copy);
}

/* Reads and judges the URL; *out_public: only public addresses may be connected to. */
static bool
check_url(const NskNetRequest *request, bool *out_tls, bool *out_public, GError **error)
{
    g_autoptr(CURLU) url = lib.url();
    bool read = strlen(request->url) <= MAX_URL &&
                lib.url_set(url, CURLUPART_URL, request->url, CURLU_DISALLOW_USER) == CURLUE_OK;
    g_autofree char *scheme = read ? url_part(url, CURLUPART_SCHEME) : NULL;
    g_autofree char *host = read ? url_part(url, CURLUPART_HOST) : NULL;
    g_autofree char *fragment = read ? url_part(url, CURLUPART_FRAGMENT) : NULL;

    if (host == NULL || fragment != NULL ||
        (g_strcmp0(scheme, "http") != 0 && g_strcmp0(scheme, "https") != 0)) {
        g_set_error(error, NSK_ERROR, NSK_ERROR_INVALID,
                    nsk_tr("'%.200s' is no address of a service; it begins with https:// or "
                           "http://, without user and password"),
                    request->url);
        return false;
    }
    if (request->hosts != NULL && !is_listed(request, host)) {
        g_set_error(error, NSK_ERROR, NSK_ERROR_DENIED,
                    nsk_tr("'%s' is not among the hosts that this office may ask; add it if it "
                           "is right"),
                    host);
        return false;
    }
    *out_tls = strcmp(scheme, "https") == 0;
    *out_public = request->public_only && !is_listed(request, host);
    return true;
}

/* --- While it runs ---------------------------------------------------------------------------- */

typedef struct {
    Transfer transfer;
    bool only_public;
    bool only_self;
} Run;

/* Opens the socket only to where the request may go. */
static curl_socket_t
open_socket(void *data, G_GNUC_UNUSED curlsocktype purpose, struct curl_sockaddr *address)
{
    Run *run = data;

    if ((run->only_public && is_private(&address->addr)) ||
        (run->only_self && !is_loopback(&address->addr))) {
        run->transfer.forbidden = true;
        return CURL_SOCKET_BAD;
    }
    return socket(address->family, address->socktype | SOCK_CLOEXEC, address->protocol);
}

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
add_header(HeaderList **list, const char *name, const char *value)
{
    g_autofree char *line = g_strdup_printf("%s: %s", name, value);
    HeaderList *longer = lib.slist_append(*list, line);

    if (longer != NULL)
        *list = longer;
}

static HeaderList *
make_headers(const NskNetRequest *request)
{
    HeaderList *list = NULL;

    if (request->type != NULL)
        add_header(&list, "Content-Type", request->type);
    if (request->accept != NULL)
        add_header(&list, "Accept", request->accept);
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
    (void)lib.easy_setopt(curl, CURLOPT_POST, 1L);
    (void)lib.easy_setopt(curl, CURLOPT_POSTFIELDSIZE_LARGE, size);
    (void)lib.easy_setopt(curl, CURLOPT_READFUNCTION, give_body);
    (void)lib.easy_setopt(curl, CURLOPT_READDATA, transfer);
    (void)lib.easy_setopt(curl, CURLOPT_SEEKFUNCTION, rewind_body);
    (void)lib.easy_setopt(curl, CURLOPT_SEEKDATA, transfer);
}

static void
set_who(CURL *curl, const NskNetRequest *request)
{
    if (request->user != NULL && request->password != NULL) {
        (void)lib.easy_setopt(curl, CURLOPT_HTTPAUTH, (long)CURLAUTH_BASIC);
        (void)lib.easy_setopt(curl, CURLOPT_USERNAME, request->user);
        (void)lib.easy_setopt(curl, CURLOPT_PASSWORD, nsk_locked_text(request->password));
    } else if (request->bearer != NULL) {
        (void)lib.easy_setopt(curl, CURLOPT_HTTPAUTH, (long)CURLAUTH_BEARER);
        (void)lib.easy_setopt(curl, CURLOPT_XOAUTH2_BEARER, nsk_locked_text(request->bearer));
    }
}

static void
set_rules(CURL *curl, const NskNetRequest *request)
{
    unsigned timeout = request->timeout_ms != 0 ? request->timeout_ms : DEFAULT_TIMEOUT;

    (void)lib.easy_setopt(curl, CURLOPT_PROTOCOLS_STR, "http,https");
    (void)lib.easy_setopt(curl, CURLOPT_FOLLOWLOCATION, 0L);
    (void)lib.easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
    (void)lib.easy_setopt(curl, CURLOPT_PROXY, "");
    (void)lib.easy_setopt(curl, CURLOPT_NETRC, (long)CURL_NETRC_IGNORED);
    (void)lib.easy_setopt(curl, CURLOPT_SSLVERSION, (long)CURL_SSLVERSION_TLSv1_2);
    (void)lib.easy_setopt(curl, CURLOPT_SSL_VERIFYPEER, 1L);
    (void)lib.easy_setopt(curl, CURLOPT_SSL_VERIFYHOST, 2L);
    (void)lib.easy_setopt(curl, CURLOPT_TIMEOUT_MS, (long)timeout);
    (void)lib.easy_setopt(curl, CURLOPT_CONNECTTIMEOUT_MS, (long)MIN(timeout, CONNECT_TIMEOUT));
    (void)lib.easy_setopt(curl, CURLOPT_HTTP_VERSION, (long)CURL_HTTP_VERSION_1_1);
    (void)lib.easy_setopt(curl, CURLOPT_FRESH_CONNECT, 1L);
    (void)lib.easy_setopt(curl, CURLOPT_FORBID_REUSE, 1L);
    (void)lib.easy_setopt(curl, CURLOPT_USERAGENT, "naskah/" NSK_VERSION);
    if (request->ca != NULL)
        (void)lib.easy_setopt(curl, CURLOPT_CAPATH, NULL);
    if (request->ca != NULL)
        (void)lib.easy_setopt(curl, CURLOPT_CAINFO, request->ca);
}

static void
set_calls(CURL *curl, Run *run)
{
    (void)lib.easy_setopt(curl, CURLOPT_OPENSOCKETFUNCTION, open_socket);
    (void)lib.easy_setopt(curl, CURLOPT_OPENSOCKETDATA, run);
    (void)lib.easy_setopt(curl, CURLOPT_WRITEFUNCTION, take_body);
    (void)lib.easy_setopt(curl, CURLOPT_WRITEDATA, &run->transfer);
    (void)lib.easy_setopt(curl, CURLOPT_HEADERFUNCTION, take_header);
    (void)lib.easy_setopt(curl, CURLOPT_HEADERDATA, &run->transfer);
    (void)lib.easy_setopt(curl, CURLOPT_NOPROGRESS, 0L);
    (void)lib.easy_setopt(curl, CURLOPT_XFERINFOFUNCTION, watch);
    (void)lib.easy_setopt(curl, CURLOPT_XFERINFODATA, &run->transfer);
}

/* --- What came of it -------------------------------------------------------------------------- */

/* Whether the other side can have got the request. */
static NskNetEnd
how_far(CURL *curl, const Transfer *transfer)
{
    long sent = 0;

    (void)lib.easy_getinfo(curl, CURLINFO_REQUEST_SIZE, &sent);
    return transfer->sent || sent > 0 ? NSK_NET_UNKNOWN : NSK_NET_UNSENT;
}

static void
keep_type(CURL *curl, NskNetAnswer *answer)
{
    char *type = NULL;

    (void)lib.easy_getinfo(curl, CURLINFO_CONTENT_TYPE, &type);
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
    const char *words = reason[0] != '\0' ? reason : lib.easy_strerror(code);

    if (transfer->stopped)
        g_set_error(error, NSK_ERROR, NSK_ERROR_CANCELLED, nsk_tr("asking '%.200s' was given up"),
                    url);
    else if (transfer->forbidden && run->only_self)
        g_set_error(error, NSK_ERROR, NSK_ERROR_DENIED,
                    nsk_tr("'%.200s' would be sent a secret without encryption; use https://"),
                    url);
    else if (transfer->forbidden)
        g_set_error(error, NSK_ERROR, NSK_ERROR_DENIED,
                    nsk_tr("'%.200s' is at a private address, which a certificate may not send "
                           "this office to; add its host if it is right"),
                    url);
    else if (transfer->flooded)
        g_set_error(error, NSK_ERROR, NSK_ERROR_LIMIT,
                    nsk_tr("'%.200s' answers with more than %zu bytes; it was broken off"), url,
                    transfer->limit);
    else if (code == CURLE_PEER_FAILED_VERIFICATION || code == CURLE_SSL_CACERT_BADFILE ||
             code == CURLE_SSL_ISSUER_ERROR)
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

    (void)lib.easy_setopt(curl, CURLOPT_ERRORBUFFER, reason);
    CURLcode code = lib.easy_perform(curl);
    if (code != CURLE_OK) {
        answer->end = how_far(curl, &run->transfer);
        return fail(run, code, reason, error);
    }
    (void)lib.easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &status);
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
    if (!load(error) || !check_url(request, &run.transfer.tls, &run.only_public, error))
        return false;
    run.only_self = has_secret(request) && !run.transfer.tls;
    g_autoptr(CURL) curl = lib.easy_init();
    g_autoptr(HeaderList) headers = make_headers(request);
    g_assert(curl != NULL);
    run.transfer.body = g_byte_array_new();
    (void)lib.easy_setopt(curl, CURLOPT_URL, request->url);
    (void)lib.easy_setopt(curl, CURLOPT_HTTPHEADER, headers);
    set_rules(curl, request);
    set_body(curl, &run.transfer);
    set_who(curl, request);
    set_calls(curl, &run);
    bool done = perform(curl, &run, error);
    g_clear_pointer(&run.transfer.body, g_byte_array_unref);
    return done;
}
