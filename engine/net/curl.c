/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * libcurl: loading it, and what holds for every transfer.
 *
 * It brings sixteen more libraries with it, which cost a program five milliseconds and three
 * megabytes at its start.  Most commands ask nobody: it is loaded when the first request is made.
 */
#include "base/late.h"
#include "base/message.h"
#include "net/net-private.h"

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

/*
 * Opens the socket only to where the request may go.  It is asked about each address that the name
 * was resolved to, and the connection is made to that very address: what the name says a moment
 * later changes nothing.
 */
static curl_socket_t
open_socket(void *data, G_GNUC_UNUSED curlsocktype purpose, struct curl_sockaddr *address)
{
    NskNetGuard *guard = data;

    if ((guard->only_public && !nsk_net_is_public(&address->addr)) ||
        (guard->only_self && !nsk_net_is_self(&address->addr))) {
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

const char *
nsk_curl_explain(CURLcode code, const char *reason)
{
    static const struct {
        CURLcode code;
        const char *words;
    } known[] = {
        { CURLE_COULDNT_RESOLVE_HOST, N_("no address is known for its name") },
        { CURLE_COULDNT_CONNECT, N_("nobody answers there") },
        { CURLE_SSL_CONNECT_ERROR, N_("no encrypted connection could be agreed with it") },
        { CURLE_SEND_ERROR, N_("the connection broke off") },
        { CURLE_RECV_ERROR, N_("the connection broke off") },
        { CURLE_GOT_NOTHING, N_("the connection broke off") },
        { CURLE_PARTIAL_FILE, N_("the connection broke off") },
    };

    for (size_t i = 0; i < G_N_ELEMENTS(known); i++) {
        if (known[i].code == code)
            return nsk_tr(known[i].words);
    }
    /* rare, and for who looks after the office: as libcurl says it */
    return reason[0] != '\0' ? reason : nsk_curl.easy_strerror(code);
}
