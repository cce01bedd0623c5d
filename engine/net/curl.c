/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * libcurl: loading it, and what holds for every transfer.
 *
 * It brings sixteen more libraries with it, which cost a program five milliseconds and three
 * megabytes at its start.  Most commands ask nobody: it is loaded when the first request is made.
 */
#include "base/late.h"
#include "net/net-private.h"

#include <arpa/inet.h>
#include <string.h>
#include <sys/socket.h>

#define LIBRARY "libcurl.so.4"

NskCurl nsk_curl;

void
nsk_curl_close(CURL *curl)
{
    nsk_curl.easy_cleanup(curl);
}

void
nsk_curl_free_url(CURLU *url)
{
    nsk_curl.url_cleanup(url);
}

void
nsk_curl_free_list(NskCurlList *list)
{
    nsk_curl.slist_free_all(list);
}

static bool
start_curl(void)
{
    return nsk_curl.global_init(CURL_GLOBAL_DEFAULT) == CURLE_OK;
}

bool
nsk_curl_load(GError **error)
{
#define NAMED(name) { "curl_" #name, &nsk_curl.name },
    static const NskLateFunction functions[] = { NSK_CURL_FUNCTIONS(NAMED){ NULL, NULL } };
    static const NskLateLibrary library = { LIBRARY, "libcurl4", functions, start_curl };
    static const char *missing;
    static gsize done;

    return nsk_late_load(&library, &done, &missing, error);
}

char *
nsk_curl_url_part(CURLU *url, CURLUPart part)
{
    g_autofree char *copy = NULL;
    char *text = NULL;

    if (nsk_curl.url_get(url, part, &text, 0) != CURLUE_OK)
        return NULL;
    copy = g_strdup(text);
    nsk_curl.free(text);
    return g_steal_pointer(&copy);
}

/* --- Where a socket may be opened to ------------------------------------------------------------
 */

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

/* Opens the socket only to where the request may go. */
static curl_socket_t
open_socket(void *data, G_GNUC_UNUSED curlsocktype purpose, struct curl_sockaddr *address)
{
    NskNetGuard *guard = data;

    if ((guard->only_public && is_private(&address->addr)) ||
        (guard->only_self && !is_loopback(&address->addr))) {
        guard->forbidden = true;
        return CURL_SOCKET_BAD;
    }
    return socket(address->family, address->socktype | SOCK_CLOEXEC, address->protocol);
}

void
nsk_curl_set_guard(CURL *curl, NskNetGuard *guard)
{
    (void)nsk_curl.easy_setopt(curl, CURLOPT_OPENSOCKETFUNCTION, open_socket);
    (void)nsk_curl.easy_setopt(curl, CURLOPT_OPENSOCKETDATA, guard);
}

void
nsk_curl_set_rules(CURL *curl, const char *ca, unsigned timeout_ms)
{
    unsigned timeout = timeout_ms != 0 ? timeout_ms : NSK_NET_TIMEOUT;

    (void)nsk_curl.easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
    (void)nsk_curl.easy_setopt(curl, CURLOPT_PROXY, "");
    (void)nsk_curl.easy_setopt(curl, CURLOPT_NETRC, (long)CURL_NETRC_IGNORED);
    (void)nsk_curl.easy_setopt(curl, CURLOPT_SSLVERSION, (long)CURL_SSLVERSION_TLSv1_2);
    (void)nsk_curl.easy_setopt(curl, CURLOPT_SSL_VERIFYPEER, 1L);
    (void)nsk_curl.easy_setopt(curl, CURLOPT_SSL_VERIFYHOST, 2L);
    (void)nsk_curl.easy_setopt(curl, CURLOPT_TIMEOUT_MS, (long)timeout);
    (void)nsk_curl.easy_setopt(curl, CURLOPT_CONNECTTIMEOUT_MS,
                               (long)MIN(timeout, NSK_NET_CONNECT_TIMEOUT));
    (void)nsk_curl.easy_setopt(curl, CURLOPT_FRESH_CONNECT, 1L);
    (void)nsk_curl.easy_setopt(curl, CURLOPT_FORBID_REUSE, 1L);
    if (ca != NULL)
        (void)nsk_curl.easy_setopt(curl, CURLOPT_CAPATH, NULL);
    if (ca != NULL)
        (void)nsk_curl.easy_setopt(curl, CURLOPT_CAINFO, ca);
}

bool
nsk_curl_is_untrusted(CURLcode code)
{
    return code == CURLE_PEER_FAILED_VERIFICATION || code == CURLE_SSL_CACERT_BADFILE ||
           code == CURLE_SSL_ISSUER_ERROR;
}
