/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Telling people by a gateway to WhatsApp or a chat: a request signed as those of webhooks are
 * (hook-sign.c), with what a mail would say in one sentence.
 *
 *     {"type":"notice","timestamp":"...",
 *      "data":{"to":"+62...","language":"id","text":"...","link":"https://..."}}
 *
 * Its webhook-id is that of the mail in whose place it goes, so that a second one is known as such.
 */
#include "base/message.h"
#include "net/net.h"
#include "office/hook-private.h"
#include "office/mail-private.h"

#include <string.h>

#define SETTING_URL "chat-url"
#define SETTING_KEY                                                                                \
    "chat-secret"             /* "N UNTIL": the newest secret, and how long the one before it is   \
                               * good, in microseconds UTC */
#define SENDER      "gateway" /* whose secret signs */
#define OLD_GOOD    ((int64_t)24 * G_TIME_SPAN_HOUR)
#define TIMEOUT_MS  10000
#define ANSWER_SIZE 65536
#define LEAST_NAME  3
#define MOST_NAME   64
#define LEAST_PHONE 8 /* digits (E.164) */
#define MOST_PHONE  15
#define COUNTRY     "62"

bool
nsk_chat_find(NskDbTxn *txn, char **out_url, GError **error)
{
    if (!nsk_setting_find(txn, SETTING_URL, out_url, error))
        return false;
    if (*out_url != NULL && (*out_url)[0] == '\0')
        g_clear_pointer(out_url, g_free);
    return true;
}

/* Which secret signs. */
typedef struct {
    int64_t n;            /* the newest */
    NskInstant old_until; /* that the one before it is good; 0: there is none */
} Secret;

static bool
find_secret(NskDbTxn *txn, Secret *out, GError **error)
{
    g_autofree char *text = NULL;

    *out = (Secret){ 1, 0 };
    if (!nsk_setting_find(txn, SETTING_KEY, &text, error))
        return false;
    g_auto(GStrv) words = g_strsplit(text != NULL ? text : "", " ", 2);
    if (g_strv_length(words) != 2 ||
        !g_ascii_string_to_signed(words[0], 10, 1, G_MAXINT32, &out->n, NULL) ||
        !g_ascii_string_to_signed(words[1], 10, 0, G_MAXINT64, &out->old_until, NULL))
        *out = (Secret){ 1, 0 };
    return true;
}

/* --- Handles --------------------------------------------------------------------------------- */

/* "0812-3456-7890" or "+62 812 3456 7890" as "+6281234567890"; NULL if it is no number. */
static char *
read_phone(const char *text)
{
    g_autoptr(GString) digits = g_string_new(NULL);

    for (const char *c = text + (text[0] == '+'); *c != '\0'; c++) {
        if (g_ascii_isdigit(*c))
            g_string_append_c(digits, *c);
        else if (strchr(" -.()", *c) == NULL)
            return NULL;
    }
    if (text[0] != '+' && digits->len > 0 && digits->str[0] == '0') {
        g_string_erase(digits, 0, 1);
        if (digits->str[0] == '0')
            return NULL;
        g_string_prepend(digits, COUNTRY);
    }
    if (digits->len < LEAST_PHONE || digits->len > MOST_PHONE || digits->str[0] == '0')
        return NULL;
    return g_strconcat("+", digits->str, NULL);
}

char *
nsk_chat_read_handle(const char *text, GError **error)
{
    g_autofree char *stripped = g_strstrip(g_strdup(text));
    size_t size = strlen(stripped);
    char *phone = read_phone(stripped);

    if (phone != NULL)
        return phone;
    if (size >= LEAST_NAME && size <= MOST_NAME &&
        (g_ascii_isalpha(stripped[0]) || stripped[0] == '@') &&
        strspn(stripped, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789@._:-") ==
            size)
        return g_steal_pointer(&stripped);
    g_set_error(error, NSK_ERROR, NSK_ERROR_INVALID,
                nsk_tr("'%.100s' is no number or name that can be written to; a number is like "
                       "0812-3456-7890, a name like @budi"),
                text);
    return NULL;
}

/* --- Telling --------------------------------------------------------------------------------- */

static char *
make_body(const NskChatNotice *notice)
{
    g_autoptr(NskJson) body = nsk_json_object();
    NskJson *data = nsk_json_object();
    g_autofree char *at = nsk_instant_format(notice->at);

    nsk_json_set_text(body, "type", "notice");
    nsk_json_set_text(body, "timestamp", at);
    nsk_json_set(body, "data", data);
    nsk_json_set_text(data, "to", notice->to);
    nsk_json_set_text(data, "language", notice->language);
    nsk_json_set_text(data, "text", notice->text);
    nsk_json_set_text(data, "link", notice->link);
    return nsk_json_canonical(body);
}

/* DENIED of what will not be taken later either, else BUSY. */
static bool
judge(const NskNetAnswer *answer, GError **error)
{
    bool is_refused = answer->status == 400 || answer->status == 404 || answer->status == 422;

    if (answer->status >= 200 && answer->status < 300)
        return true;
    g_set_error(error, NSK_ERROR, is_refused ? NSK_ERROR_DENIED : NSK_ERROR_BUSY,
                nsk_tr("the gateway for chats answers with status %d"), answer->status);
    return false;
}

/* What a notice is given by; all owned. */
typedef struct {
    char *url; /* NULL: there is no gateway */
    char **hosts;
    char *ca;
    Secret secret;
} Gateway;

static void
gateway_clear(Gateway *self)
{
    g_free(self->url);
    g_strfreev(self->hosts);
    g_free(self->ca);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Gateway, gateway_clear)

static bool
load(NskOffice *office, Gateway *out, GError **error)
{
    g_autoptr(NskDbTxn) txn = nsk_db_snapshot(office->reader, error);

    return txn != NULL && nsk_chat_find(txn, &out->url, error) &&
           find_secret(txn, &out->secret, error) &&
           nsk_hook_load_settings(txn, &out->hosts, &out->ca, error);
}

bool
nsk_chat_give(NskOffice *office, const NskChatNotice *notice, GError **error)
{
    g_auto(Gateway) gateway = { 0 };
    g_autofree char *body = make_body(notice);

    if (!load(office, &gateway, error))
        return false;
    const NskHookSigning signing = { SENDER, gateway.secret.n,
                                     gateway.secret.old_until > nsk_clock_now(office->clock),
                                     notice->id, nsk_clock_now(&nsk_clock_system) };
    const NskNetPiece piece = { body, strlen(body) };
    g_auto(NskNetAnswer) answer = { .end = NSK_NET_UNSENT };
    g_auto(GStrv) headers = nsk_hook_headers(office, &signing, body, error);

    if (headers == NULL)
        return false;
    const NskNetRequest request = { .url = gateway.url != NULL ? gateway.url : "",
                                    .post = true,
                                    .type = "application/json",
                                    .pieces = &piece,
                                    .n_pieces = 1,
                                    .headers = (const char *const *)headers,
                                    .secret = true,
                                    .public_only = true,
                                    .near = (const char *const *)gateway.hosts,
                                    .ca = gateway.ca,
                                    .timeout_ms = TIMEOUT_MS,
                                    .limit = ANSWER_SIZE };
    g_autoptr(GError) fault = NULL;
    if (nsk_net_ask(&request, &answer, &fault))
        return judge(&answer, error);
    /* what keeps the gateway from being asked may be mended, and is no fault of this notice */
    g_set_error_literal(error, NSK_ERROR, NSK_ERROR_BUSY, fault->message);
    return false;
}

/* --- Setting it ------------------------------------------------------------------------------ */

typedef struct {
    NskOffice *office;
    const char *url;
    const char *site; /* NULL: as it is */
    NskInstant now;
} Setting;

static bool
check_setting(NskDbTxn *txn, const Setting *self, GError **error)
{
    g_auto(GStrv) hosts = NULL;
    g_autofree char *ca = NULL;
    g_autofree char *site = NULL;

    if (self->url == NULL)
        return true;
    if (!nsk_hook_load_settings(txn, &hosts, &ca, error) ||
        !nsk_hook_check_url(self->url, hosts, error) || !nsk_mail_site_find(txn, &site, error))
        return false;
    return nsk_mail_check_site(self->site != NULL ? self->site : site, error);
}

static bool
apply_set(NskDbTxn *txn, void *data, G_GNUC_UNUSED char **out_answer, GError **error)
{
    const Setting *self = data;
    const NskOfficeEvent event = { .origin = self->office->origin,
                                   .history = NSK_SETTINGS_HISTORY,
                                   .actor = "naskah-mail",
                                   .action = "chat-gateway-set",
                                   .sentence = "Name the gateway for chats",
                                   .reason = self->url,
                                   .now = self->now };

    return check_setting(txn, self, error) &&
           nsk_setting_put(txn, SETTING_URL, self->url != NULL ? self->url : "", error) &&
           (self->site == NULL || nsk_mail_site_put(txn, self->site, error)) &&
           nsk_record_office_rows(txn, NSK_KEPT_SETTINGS, &event, error);
}

/* The secret that is the newest now. */
static char *
tell_secret(NskOffice *self, GError **error)
{
    Secret secret;
    g_autoptr(NskDbTxn) txn = nsk_db_snapshot(self->reader, error);

    return txn != NULL && find_secret(txn, &secret, error)
               ? nsk_hook_secret(self, SENDER, secret.n, error)
               : NULL;
}

bool
nsk_office_set_chat(NskOffice *self, const char *url, const char *site, char **out, GError **error)
{
    Setting setting = { self, url, site, nsk_clock_now(self->clock) };

    if (!nsk_office_commit(self, apply_set, &setting, NULL, error))
        return false;
    *out = url != NULL ? tell_secret(self, error) : NULL;
    return url == NULL || *out != NULL;
}

static bool
apply_renew(NskDbTxn *txn, void *data, G_GNUC_UNUSED char **out_answer, GError **error)
{
    const Setting *self = data;
    Secret secret;
    g_autofree char *url = NULL;
    const NskOfficeEvent event = { .origin = self->office->origin,
                                   .history = NSK_SETTINGS_HISTORY,
                                   .actor = "naskah-mail",
                                   .action = "chat-secret-renewed",
                                   .sentence = "Renew the secret of the gateway for chats",
                                   .now = self->now };

    if (!nsk_chat_find(txn, &url, error) || !find_secret(txn, &secret, error))
        return false;
    if (url == NULL) {
        g_set_error_literal(error, NSK_ERROR, NSK_ERROR_NOT_FOUND,
                            nsk_tr("there is no gateway for chats; name it first: naskah mail "
                                   "gateway URL"));
        return false;
    }
    g_autofree char *text = g_strdup_printf("%" G_GINT64_FORMAT " %" G_GINT64_FORMAT, secret.n + 1,
                                            self->now + OLD_GOOD);
    return nsk_setting_put(txn, SETTING_KEY, text, error) &&
           nsk_record_office_rows(txn, NSK_KEPT_SETTINGS, &event, error);
}

bool
nsk_office_renew_chat(NskOffice *self, char **out_secret, GError **error)
{
    Setting setting = { .office = self, .now = nsk_clock_now(self->clock) };

    if (!nsk_office_commit(self, apply_renew, &setting, NULL, error))
        return false;
    *out_secret = tell_secret(self, error);
    return *out_secret != NULL;
}
