/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What is answered: status, headers, content; and what every answer has.
 *
 * Nothing is kept by browsers and proxies unless a handler says so: most of what is shown is meant
 * for one person.
 */
#include "base/message.h"
#include "http/http-private.h"

#include <libdeflate.h>
#include <string.h>
#include <unistd.h>

#define GZIP_FROM  1024 /* bytes; below, compressing costs more than it saves */
#define GZIP_LEVEL 1    /* the next ones cost half as much again and save a fiftieth */

static const char ordinary_policy[] =
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; "
    "connect-src 'self'; font-src 'self'; worker-src 'self'; form-action 'self'; "
    "base-uri 'none'; frame-ancestors 'none'";

/* What every answer has. */
static const struct {
    const char *name, *value;
} every_answer[] = {
    { "X-Content-Type-Options", "nosniff" },
    { "X-Frame-Options", "DENY" },
    { "Referrer-Policy", "same-origin" },
    { "Cross-Origin-Opener-Policy", "same-origin" },
    { "Cross-Origin-Resource-Policy", "same-origin" },
    { "Permissions-Policy", "camera=(), geolocation=(), microphone=(), payment=(), usb=()" },
};

NskHttpResponse *
nsk_http_response_new(void)
{
    NskHttpResponse *self = g_new0(NskHttpResponse, 1);

    self->status = 200;
    self->fd = -1;
    self->headers = nsk_http_pairs_new();
    return self;
}

static void
drop_content(NskHttpResponse *self)
{
    g_clear_pointer(&self->bytes, g_bytes_unref);
    g_clear_pointer(&self->type, g_free);
    if (self->fd >= 0)
        (void)close(self->fd);
    self->fd = -1;
    self->size = 0;
}

void
nsk_http_response_reset(NskHttpResponse *self)
{
    drop_content(self);
    self->status = 200;
    g_array_set_size(self->headers, 0);
    g_clear_pointer(&self->etag, g_free);
    g_clear_pointer(&self->cache, g_free);
    g_clear_pointer(&self->policy, g_free);
    g_clear_pointer(&self->cause, g_free);
    self->uncompressed = false;
}

void
nsk_http_response_free(NskHttpResponse *self)
{
    if (self == NULL)
        return;
    nsk_http_response_reset(self);
    g_array_unref(self->headers);
    g_free(self);
}

void
nsk_http_response_set_cause(NskHttpResponse *self, const char *cause)
{
    g_free(self->cause);
    self->cause = g_strdup(cause);
}

void
nsk_http_response_set_status(NskHttpResponse *self, unsigned status)
{
    self->status = status;
}

void
nsk_http_response_add_header(NskHttpResponse *self, const char *name, const char *value)
{
    char *clean = g_strdup(value);

    for (char *p = clean; *p != '\0'; p++) {
        if ((guchar)*p < 0x20 || *p == 0x7f)
            *p = ' ';
    }
    nsk_http_pairs_add(self->headers, g_strdup(name), clean);
}

void
nsk_http_response_set_bytes(NskHttpResponse *self, const char *type, GBytes *bytes)
{
    drop_content(self);
    self->type = g_strdup(type);
    self->bytes = g_bytes_ref(bytes);
}

void
nsk_http_response_set_text(NskHttpResponse *self, const char *type, const char *text)
{
    g_autoptr(GBytes) bytes = g_bytes_new(text, strlen(text));

    nsk_http_response_set_bytes(self, type, bytes);
}

void
nsk_http_response_set_json(NskHttpResponse *self, NskJson *value)
{
    char *text = nsk_json_canonical(value);
    g_autoptr(GBytes) bytes = g_bytes_new_take(text, strlen(text));

    nsk_http_response_set_bytes(self, "application/json", bytes);
    nsk_json_unref(value);
}

void
nsk_http_response_set_file(NskHttpResponse *self, const char *type, int fd, uint64_t size)
{
    drop_content(self);
    self->type = g_strdup(type);
    self->fd = fd;
    self->size = size;
}

void
nsk_http_response_redirect(NskHttpResponse *self, const char *path)
{
    /* "//host" would be another server */
    bool is_own = path[0] == '/' && path[1] != '/' && path[1] != '\\';

    drop_content(self);
    self->status = 303;
    nsk_http_response_add_header(self, "Location", is_own ? path : "/");
}

void
nsk_http_response_send_away(NskHttpResponse *self, const char *url)
{
    drop_content(self);
    self->status = 303;
    nsk_http_response_add_header(self, "Location", url);
}

void
nsk_http_response_set_cookie(NskHttpResponse *self,
                             const NskHttpRequest *request,
                             const char *name,
                             const char *value,
                             int64_t seconds)
{
    g_autoptr(GString) text = g_string_new(request->is_secure ? "__Host-" : "");

    g_string_append_printf(text, "%s=%s; Path=/; HttpOnly; SameSite=Lax", name, value);
    if (seconds != 0)
        g_string_append_printf(text, "; Max-Age=%" G_GINT64_FORMAT, MAX(seconds, 0));
    if (request->is_secure)
        g_string_append(text, "; Secure");
    nsk_http_response_add_header(self, "Set-Cookie", text->str);
}

void
nsk_http_response_set_etag(NskHttpResponse *self, const char *etag)
{
    g_free(self->etag);
    self->etag = g_strdup(etag);
}

void
nsk_http_response_set_cache(NskHttpResponse *self, const char *directives)
{
    g_free(self->cache);
    self->cache = g_strdup(directives);
}

void
nsk_http_response_set_uncompressed(NskHttpResponse *self)
{
    self->uncompressed = true;
}

void
nsk_http_response_set_policy(NskHttpResponse *self, const char *policy)
{
    g_free(self->policy);
    self->policy = g_strdup(policy);
}

/* --- The last step --------------------------------------------------------------------------- */

static bool
is_compressible(const char *type)
{
    static const char *const types[] = { "text/html",        "text/css",
                                         "text/javascript",  "text/plain",
                                         "application/json", "image/svg+xml",
                                         "application/xml",  "application/problem+json" };

    for (size_t i = 0; type != NULL && i < G_N_ELEMENTS(types); i++) {
        size_t size = strlen(types[i]);

        if (strncmp(type, types[i], size) == 0 && (type[size] == '\0' || type[size] == ';'))
            return true;
    }
    return false;
}

static void
free_compressor(gpointer compressor)
{
    libdeflate_free_compressor(compressor);
}

/* NULL if that failed, or would not be smaller. */
static GBytes *
compress_bytes(GBytes *bytes)
{
    /* one for each thread: it is larger than most pages */
    static GPrivate kept = G_PRIVATE_INIT(free_compressor);
    size_t size;
    const void *data = g_bytes_get_data(bytes, &size);
    struct libdeflate_compressor *compressor = g_private_get(&kept);

    if (compressor == NULL) {
        compressor = libdeflate_alloc_compressor(GZIP_LEVEL);
        if (compressor == NULL)
            return NULL;
        g_private_set(&kept, compressor);
    }
    g_autofree uint8_t *out = g_malloc(size);
    size_t used = libdeflate_gzip_compress(compressor, data, size, out, size);
    return used > 0 ? g_bytes_new(out, used) : NULL;
}

/* Whether it was compressed. */
static bool
compress_content(NskHttpResponse *self, const NskHttpRequest *request)
{
    const char *accept = nsk_http_request_get_header(request, "Accept-Encoding");

    if (self->uncompressed || self->bytes == NULL || !is_compressible(self->type) ||
        nsk_http_headers_find(self->headers, "Content-Encoding", 0) != NULL)
        return false;
    nsk_http_response_add_header(self, "Vary", "Accept-Encoding");
    if (g_bytes_get_size(self->bytes) < GZIP_FROM || g_bytes_get_size(self->bytes) > G_MAXINT32 ||
        nsk_http_weigh(accept, "gzip", false) <= 0)
        return false;
    g_autoptr(GBytes) smaller = compress_bytes(self->bytes);
    if (smaller == NULL)
        return false;
    g_bytes_unref(self->bytes);
    self->bytes = g_steal_pointer(&smaller);
    nsk_http_response_add_header(self, "Content-Encoding", "gzip");
    return true;
}

static void
add_headers(NskHttpResponse *self, const NskHttpRequest *request, bool compressed)
{
    g_autofree char *etag = self->etag != NULL
                                ? g_strdup_printf("\"%s%s\"", self->etag, compressed ? "-gz" : "")
                                : NULL;

    for (size_t i = 0; i < G_N_ELEMENTS(every_answer); i++)
        nsk_http_response_add_header(self, every_answer[i].name, every_answer[i].value);
    nsk_http_response_add_header(self, "Content-Security-Policy",
                                 self->policy != NULL ? self->policy : ordinary_policy);
    nsk_http_response_add_header(self, "Cache-Control",
                                 self->cache != NULL ? self->cache : "no-store");
    if (self->type != NULL)
        nsk_http_response_add_header(self, "Content-Type", self->type);
    if (etag != NULL)
        nsk_http_response_add_header(self, "ETag", etag);
    if (request->is_secure)
        nsk_http_response_add_header(self, "Strict-Transport-Security", "max-age=31536000");
    if (request->id != NULL)
        nsk_http_response_add_header(self, "X-Request-Id", request->id);
}

void
nsk_http_response_finish(NskHttpResponse *self, const NskHttpRequest *request)
{
    if (self->etag != NULL && self->status == 200 && strcmp(request->method, "GET") == 0 &&
        nsk_http_request_matches(request, "If-None-Match", self->etag)) {
        drop_content(self);
        self->status = 304;
    }
    bool compressed = compress_content(self, request);
    add_headers(self, request, compressed);
}
