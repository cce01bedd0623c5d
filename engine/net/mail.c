/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Mail over SMTP with libcurl, a connection for each.
 *
 * INVARIANT: user, password and message go out only over TLS, or to this machine.
 */
#include "base/message.h"
#include "net/net-private.h"

#include <string.h>

#define REFUSED_FOR_GOOD 500 /* and above: RFC 5321, section 4.2.1 */
#define MOST_STATUS      600

typedef struct {
    const NskNetMail *mail;
    size_t at; /* of the message */
    NskNetGuard guard;
    bool tls; /* from the beginning */
} Delivery;

/* --- Where to --------------------------------------------------------------------------------- */

static bool
check_url(Delivery *self, GError **error)
{
    const char *text = self->mail->url;
    g_autoptr(CURLU) url = nsk_curl.url();
    bool read = strlen(text) <= NSK_NET_MAX_URL &&
                nsk_curl.url_set(url, CURLUPART_URL, text, CURLU_DISALLOW_USER) == CURLUE_OK;
    g_autofree char *scheme = read ? nsk_curl_url_part(url, CURLUPART_SCHEME) : NULL;
    g_autofree char *host = read ? nsk_curl_url_part(url, CURLUPART_HOST) : NULL;

    if (host == NULL || (strcmp(scheme, "smtp") != 0 && strcmp(scheme, "smtps") != 0)) {
        g_set_error(error, NSK_ERROR, NSK_ERROR_INVALID,
                    nsk_tr("'%.200s' is no address of a mail server; it is like "
                           "smtps://mail.example.go.id or smtp://127.0.0.1:25"),
                    text);
        return false;
    }
    self->tls = strcmp(scheme, "smtps") == 0;
    self->guard.only_self =
        !self->tls && (strcmp(host, "localhost") == 0 || g_str_has_prefix(host, "127.") ||
                       strcmp(host, "[::1]") == 0);
    return true;
}

static bool
check_address(const char *address, GError **error)
{
    if (nsk_net_is_mail_address(address))
        return true;
    g_set_error(error, NSK_ERROR, NSK_ERROR_INVALID,
                nsk_tr("'%.200s' is no address of mail; it is like name@example.go.id"), address);
    return false;
}

/* --- Sending ---------------------------------------------------------------------------------- */

static size_t
give_message(char *room, size_t size, size_t n, void *user)
{
    Delivery *self = user;
    size_t whole;
    const char *data = g_bytes_get_data(self->mail->message, &whole);
    size_t part = MIN(size * n, whole - self->at);

    memcpy(room, data + self->at, part);
    self->at += part;
    return part;
}

static void
set_mail(CURL *curl, Delivery *self, NskCurlList *to)
{
    const NskNetMail *mail = self->mail;
    long encryption = self->guard.only_self || self->tls ? CURLUSESSL_NONE : CURLUSESSL_ALL;

    (void)nsk_curl.easy_setopt(curl, CURLOPT_URL, mail->url);
    (void)nsk_curl.easy_setopt(curl, CURLOPT_PROTOCOLS_STR, "smtp,smtps");
    (void)nsk_curl.easy_setopt(curl, CURLOPT_USE_SSL, encryption);
    (void)nsk_curl.easy_setopt(curl, CURLOPT_MAIL_FROM, mail->from);
    (void)nsk_curl.easy_setopt(curl, CURLOPT_MAIL_RCPT, to);
    (void)nsk_curl.easy_setopt(curl, CURLOPT_UPLOAD, 1L);
    (void)nsk_curl.easy_setopt(curl, CURLOPT_READFUNCTION, give_message);
    (void)nsk_curl.easy_setopt(curl, CURLOPT_READDATA, self);
    if (mail->user == NULL || mail->password == NULL)
        return;
    (void)nsk_curl.easy_setopt(curl, CURLOPT_USERNAME, mail->user);
    (void)nsk_curl.easy_setopt(curl, CURLOPT_PASSWORD, nsk_locked_text(mail->password));
}

static bool
fail(CURL *curl, const Delivery *self, CURLcode code, GError **error)
{
    const char *url = self->mail->url;
    long status = 0;

    (void)nsk_curl.easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &status);
    if (nsk_curl_is_untrusted(code))
        g_set_error(error, NSK_ERROR, NSK_ERROR_UNTRUSTED,
                    nsk_tr("the certificate of '%.200s' does not hold, nothing was sent: %s"), url,
                    nsk_curl_explain(code, ""));
    else if (code == CURLE_USE_SSL_FAILED)
        g_set_error(error, NSK_ERROR, NSK_ERROR_UNTRUSTED,
                    nsk_tr("the mail server '%.200s' offers no encryption; use smtps://, or one "
                           "on this machine"),
                    url);
    else if (status >= REFUSED_FOR_GOOD && status < MOST_STATUS)
        g_set_error(error, NSK_ERROR, NSK_ERROR_DENIED,
                    nsk_tr("the mail server refuses the mail for good (%ld); see to the address, "
                           "or to user and password"),
                    status);
    else
        g_set_error(error, NSK_ERROR, NSK_ERROR_BUSY,
                    nsk_tr("the mail server '%.200s' did not take the mail: %s; it is tried again"),
                    url, nsk_curl_explain(code, ""));
    return false;
}

bool
nsk_net_check_mail_server(const char *url, GError **error)
{
    const NskNetMail mail = { .url = url };
    Delivery delivery = { .mail = &mail };

    return nsk_curl_load(error) && check_url(&delivery, error);
}

bool
nsk_net_mail(const NskNetMail *mail, GError **error)
{
    Delivery delivery = { .mail = mail };

    if (!check_address(mail->from, error) || !check_address(mail->to, error) ||
        !nsk_curl_load(error) || !check_url(&delivery, error))
        return false;
    g_autoptr(CURL) curl = nsk_curl.easy_init();
    g_autoptr(NskCurlList) to = nsk_curl.slist_append(NULL, mail->to);
    g_assert(curl != NULL && to != NULL);
    nsk_curl_set_rules(curl, mail->ca, mail->timeout_ms);
    nsk_curl_set_guard(curl, &delivery.guard);
    set_mail(curl, &delivery, to);
    CURLcode code = nsk_curl.easy_perform(curl);
    return code == CURLE_OK || fail(curl, &delivery, code, error);
}
