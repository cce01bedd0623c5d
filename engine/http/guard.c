/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The guard: a request whose head two programs could read in two ways is no request.  What a proxy
 * takes for one request must never be two here (CWE-444).
 *
 *   (1) a header's name is a token (RFC 9110, 5.1); "Content-Length : 3" is no header
 *   (2) no control byte stands in a value but the tab
 *   (3) there is at most one Content-Length, and it is digits
 *   (4) there is at most one Transfer-Encoding, it is "chunked", and then no Content-Length
 *   (5) there is exactly one Host, and it looks like one (RFC 9112, 3.2)
 *   (6) lines end in CR LF, none is folded, none has a NUL: seen in the bytes themselves where the
 *       library does not look (0.9.75)
 *   (7) the method is a token, the target is of visible ASCII
 */
#include "http/http-private.h"

#include <string.h>

static bool
is_value(const char *value)
{
    for (; *value != '\0'; value++) {
        if (((guchar)*value < 0x20 && *value != '\t') || *value == 0x7f)
            return false;
    }
    return true;
}

static bool
is_digits(const char *text)
{
    size_t size = strspn(text, "0123456789");

    return size > 0 && size < 19 && text[size] == '\0';
}

/* A name or address with or without port. */
static bool
is_host(const char *text)
{
    static const char allowed[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"
                                  "-._:[]";
    size_t size = strlen(text);

    return size >= 1 && size <= 255 && strspn(text, allowed) == size;
}

static bool
is_target(const char *text)
{
    for (; *text != '\0'; text++) {
        if ((guchar)*text <= 0x20 || (guchar)*text >= 0x7f)
            return false;
    }
    return true;
}

static const char *
check_framing(const GArray *headers)
{
    const char *length = nsk_http_headers_find(headers, "Content-Length", 0);
    const char *coding = nsk_http_headers_find(headers, "Transfer-Encoding", 0);
    const char *host = nsk_http_headers_find(headers, "Host", 0);

    if (length != NULL &&
        (!is_digits(length) || nsk_http_headers_find(headers, "Content-Length", 1) != NULL))
        return "content-length";
    if (coding != NULL && (g_ascii_strcasecmp(coding, "chunked") != 0 ||
                           nsk_http_headers_find(headers, "Transfer-Encoding", 1) != NULL))
        return "transfer-encoding";
    if (coding != NULL && length != NULL)
        return "two-lengths";
    if (host == NULL || !is_host(host) || nsk_http_headers_find(headers, "Host", 1) != NULL)
        return "host";
    return NULL;
}

const char *
nsk_http_guard_check(const GArray *headers, const char *method, const char *target)
{
    if (!nsk_http_is_token(method, strlen(method)) || !is_target(target))
        return "request-line";
    for (guint i = 0; i < headers->len; i++) {
        const NskHttpPair *pair = &g_array_index(headers, NskHttpPair, i);

        if (!nsk_http_is_token(pair->name, strlen(pair->name)))
            return "header-name";
        if (!is_value(pair->value))
            return "header-value";
    }
    return check_framing(headers);
}

/* Behind the NUL that ends a text at @at; @size if there is none. */
static size_t
skip_text(const char *lines, size_t at, size_t size)
{
    const char *end = memchr(lines + at, '\0', size - at);

    return end != NULL ? (size_t)(end - lines) + 1 : size;
}

bool
nsk_http_guard_raw(const char *lines, size_t size)
{
    size_t at = 0;

    while (at < size && lines[at] != '\0') {
        if (lines[at] == ' ' || lines[at] == '\t')
            return false;
        at = skip_text(lines, at, size); /* the colon */
        at = skip_text(lines, at, size); /* CR */
        if (at >= size || lines[at] != '\0')
            return false;
        at++; /* LF */
    }
    return size - at == 2 && lines[at] == '\0' && lines[at + 1] == '\0';
}
