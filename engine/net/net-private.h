/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "net/net.h"

#include <curl/curl.h>
#include <sys/socket.h>

/* What the protocols share (curl.c): the library, whom a socket may be opened to, and the rules of
 * every transfer. */

#define NSK_NET_CONNECT_TIMEOUT 10000 /* milliseconds */
#define NSK_NET_TIMEOUT         30000
#define NSK_NET_MAX_URL         4000 /* bytes */

/* What is used of libcurl. */
#define NSK_CURL_FUNCTIONS(X)                                                                      \
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

#define NSK_CURL_MEMBER(name) __typeof__(&curl_##name) name;
typedef struct {
    NSK_CURL_FUNCTIONS(NSK_CURL_MEMBER)
} NskCurl;
/* Its functions, once nsk_curl_load() has said true. */
extern NskCurl nsk_curl;

/* Loads the library at the first call.  Errors: IO, naming the package. */
bool nsk_curl_load(GError **error);

typedef struct curl_slist NskCurlList;
void nsk_curl_close(CURL *curl);
void nsk_curl_free_url(CURLU *url);
void nsk_curl_free_list(NskCurlList *list);

/* A part of @url; freed with g_free(); NULL if it has none. */
char *nsk_curl_url_part(CURLU *url, CURLUPart part);

/* --- address.c --- */

/* Whether the address is one that the world's machines share (RFC 6890 and the registries that it
 * began): not of this machine, a private network, a link, a group, a test or a tunnel.  An IPv4
 * address within one of IPv6 (mapped, RFC 4291; translated, RFC 6052) is judged for itself. */
bool nsk_net_is_public(const struct sockaddr *address);
/* Whether it is this machine. */
bool nsk_net_is_self(const struct sockaddr *address);

/* --- curl.c --- */

/* Where a socket may be opened to. */
typedef struct {
    bool only_public;
    bool only_self; /* this machine */
    bool forbidden; /* set when an address was refused */
} NskNetGuard;
/* @guard borrowed as long as @curl. */
void nsk_curl_set_guard(CURL *curl, NskNetGuard *guard);

/* TLS with the server's certificate and name verified, by the authorities of the file @ca (NULL:
 * the system's); no proxy, no connection of before; @timeout_ms for the whole, 0: the usual. */
void nsk_curl_set_rules(CURL *curl, const char *ca, unsigned timeout_ms);
/* Whether @code says that the certificate does not hold. */
bool nsk_curl_is_untrusted(CURLcode code);
/* What went wrong, for people; @reason: as libcurl told it, or "". */
const char *nsk_curl_explain(CURLcode code, const char *reason);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(CURL, nsk_curl_close)
G_DEFINE_AUTOPTR_CLEANUP_FUNC(CURLU, nsk_curl_free_url)
G_DEFINE_AUTOPTR_CLEANUP_FUNC(NskCurlList, nsk_curl_free_list)
