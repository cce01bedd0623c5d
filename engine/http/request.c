/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a handler may ask of a request. */
#include "base/message.h"
#include "http/http-private.h"

#include <string.h>

void
nsk_http_request_free(NskHttpRequest *self)
{
    if (self == NULL)
        return;
    g_free(self->id);
    g_free(self->raw_target);
    g_clear_pointer(&self->headers, g_array_unref);
    nsk_http_target_clear(&self->target);
    nsk_http_match_clear(&self->match);
    g_clear_pointer(&self->cookies, g_array_unref);
    g_free(self->address);
    g_free(self->origin);
    g_clear_pointer(&self->memory, g_byte_array_unref);
    g_clear_pointer(&self->body, g_bytes_unref);
    g_clear_pointer(&self->fields, g_array_unref);
    g_clear_pointer(&self->files, g_ptr_array_unref);
    g_free(self);
}

const char *
nsk_http_request_get_id(const NskHttpRequest *self)
{
    return self->id;
}

const char *
nsk_http_request_get_method(const NskHttpRequest *self)
{
    return self->method;
}

const char *
nsk_http_request_get_path(const NskHttpRequest *self)
{
    return self->target.path != NULL ? self->target.path : "";
}

const char *
nsk_http_request_get_route(const NskHttpRequest *self)
{
    return self->match.route != NULL ? self->match.route->pattern : "";
}

const char *
nsk_http_request_get_piece(const NskHttpRequest *self, const char *name)
{
    return nsk_http_pairs_find(self->match.pieces, name, 0);
}

const char *
nsk_http_request_get_query_at(const NskHttpRequest *self, const char *name, size_t index)
{
    return nsk_http_pairs_find(self->target.query, name, index);
}

const char *
nsk_http_request_get_query(const NskHttpRequest *self, const char *name)
{
    return nsk_http_request_get_query_at(self, name, 0);
}

const char *
nsk_http_request_get_field_at(const NskHttpRequest *self, const char *name, size_t index)
{
    return nsk_http_pairs_find(self->fields, name, index);
}

const char *
nsk_http_request_get_field(const NskHttpRequest *self, const char *name)
{
    return nsk_http_request_get_field_at(self, name, 0);
}

const NskHttpFile *
nsk_http_request_get_file_at(const NskHttpRequest *self, size_t index)
{
    return self->files != NULL && index < self->files->len
               ? g_ptr_array_index(self->files, (guint)index)
               : NULL;
}

const NskHttpFile *
nsk_http_request_get_file(const NskHttpRequest *self, const char *field)
{
    for (guint i = 0; self->files != NULL && i < self->files->len; i++) {
        const NskHttpFile *file = g_ptr_array_index(self->files, i);

        if (strcmp(file->field, field) == 0)
            return file;
    }
    return NULL;
}

const char *
nsk_http_request_get_header(const NskHttpRequest *self, const char *name)
{
    return nsk_http_headers_find(self->headers, name, 0);
}

const char *
nsk_http_request_get_cookie(const NskHttpRequest *self, const char *name)
{
    NskHttpRequest *cache = (NskHttpRequest *)(uintptr_t)self;

    if (cache->cookies == NULL)
        cache->cookies = nsk_http_parse_cookies(nsk_http_request_get_header(self, "Cookie"));
    g_autofree char *strict = g_strconcat("__Host-", name, NULL);
    return nsk_http_pairs_find(self->cookies, self->is_secure ? strict : name, 0);
}

GBytes *
nsk_http_request_get_body(const NskHttpRequest *self)
{
    return self->body;
}

static const char *
known_language(const char *text)
{
    if (g_strcmp0(text, "id") == 0)
        return "id";
    return g_strcmp0(text, "en") == 0 ? "en" : NULL;
}

const char *
nsk_http_request_get_language(const NskHttpRequest *self)
{
    NskHttpRequest *cache = (NskHttpRequest *)(uintptr_t)self;

    if (cache->language == NULL)
        cache->language = known_language(nsk_http_request_get_query(self, "lang"));
    if (cache->language == NULL)
        cache->language = known_language(nsk_http_request_get_cookie(self, "lang"));
    if (cache->language == NULL)
        cache->language =
            nsk_http_choose_language(nsk_http_request_get_header(self, "Accept-Language"));
    return cache->language;
}

const char *
nsk_http_request_get_address(const NskHttpRequest *self)
{
    return self->address != NULL ? self->address : "";
}

bool
nsk_http_request_is_secure(const NskHttpRequest *self)
{
    return self->is_secure;
}

const char *
nsk_http_request_get_origin(const NskHttpRequest *self)
{
    NskHttpRequest *cache = (NskHttpRequest *)(uintptr_t)self;
    const char *host = nsk_http_request_get_header(self, "Host");

    if (cache->origin == NULL)
        cache->origin =
            g_strconcat(self->is_secure ? "https://" : "http://", host != NULL ? host : "", NULL);
    return cache->origin;
}

bool
nsk_http_request_matches(const NskHttpRequest *self, const char *header, const char *etag)
{
    return nsk_http_names_etag(nsk_http_request_get_header(self, header), etag);
}

bool
nsk_http_request_wants_html(const NskHttpRequest *self)
{
    const char *accept = nsk_http_request_get_header(self, "Accept");
    int html = nsk_http_weigh(accept, "text/html", false);

    return accept != NULL && strstr(accept, "text/html") != NULL && html > 0 &&
           html >= nsk_http_weigh(accept, "application/json", false);
}
