/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Signing requests as Standard Webhooks has it:
 *
 *     webhook-id         msg_ and the event's id
 *     webhook-timestamp  seconds since 1970, of this try
 *     webhook-signature  v1,BASE64( HMAC-SHA-256( secret, ID.TIMESTAMP.BODY ) ), and after a blank
 *                        the same with the secret of before, while it is good
 *
 * A secret is made of the office's key, the webhook's id and the secret's number: no table and no
 * backup of tables has it, and an answer that was lost can be given again.
 */
#include "base/bytes.h"
#include "base/message.h"
#include "net/net.h"
#include "office/door-private.h"
#include "office/hook-private.h"

#include <string.h>

#define SETTING_HOSTS "webhook-hosts"
#define SETTING_CA    "webhook-ca"
#define MAX_URL       2000
#define USE           "webhooks" /* of the office's key */

static bool
make_secret(NskOffice *office,
            const char *id,
            int64_t n,
            uint8_t out[NSK_SHA256_SIZE],
            GError **error)
{
    uint8_t key[NSK_CODE_KEY_SIZE];
    g_autofree char *name = g_strdup_printf("%s\n%" G_GINT64_FORMAT, id, n);

    if (!nsk_door_key(office, USE, key, error))
        return false;
    nsk_hmac_sha256(key, sizeof key, name, strlen(name), out);
    nsk_wipe(key, sizeof key);
    return true;
}

char *
nsk_hook_secret(NskOffice *office, const char *id, int64_t n, GError **error)
{
    uint8_t secret[NSK_SHA256_SIZE];

    if (!make_secret(office, id, n, secret, error))
        return NULL;
    char *code = g_base64_encode(secret, sizeof secret);
    char *text = g_strconcat("whsec_", code, NULL);
    nsk_wipe(secret, sizeof secret);
    nsk_wipe(code, strlen(code));
    g_free(code);
    return text;
}

static bool
append_signature(NskOffice *office,
                 const NskHookSigning *signing,
                 int64_t n,
                 const char *text,
                 GString *into,
                 GError **error)
{
    uint8_t secret[NSK_SHA256_SIZE], proof[NSK_SHA256_SIZE];

    if (!make_secret(office, signing->id, n, secret, error))
        return false;
    nsk_hmac_sha256(secret, sizeof secret, text, strlen(text), proof);
    nsk_wipe(secret, sizeof secret);
    g_autofree char *code = g_base64_encode(proof, sizeof proof);
    g_string_append_printf(into, " v1,%s", code);
    return true;
}

char **
nsk_hook_headers(NskOffice *office, const NskHookSigning *signing, const char *body, GError **error)
{
    int64_t seconds = signing->now / G_USEC_PER_SEC;
    g_autoptr(GString) signature = g_string_new("webhook-signature:");
    g_autofree char *text =
        g_strdup_printf("msg_%s.%" G_GINT64_FORMAT ".%s", signing->event, seconds, body);
    g_autoptr(GStrvBuilder) headers = g_strv_builder_new();

    if (!append_signature(office, signing, signing->secret, text, signature, error) ||
        (signing->has_old &&
         !append_signature(office, signing, signing->secret - 1, text, signature, error)))
        return NULL;
    g_autofree char *id = g_strconcat("webhook-id: msg_", signing->event, NULL);
    g_autofree char *at = g_strdup_printf("webhook-timestamp: %" G_GINT64_FORMAT, seconds);
    g_strv_builder_add_many(headers, id, at, signature->str, NULL);
    return g_strv_builder_end(headers);
}

/* --- Where they may go ------------------------------------------------------------------------ */

bool
nsk_hook_load_settings(NskDbTxn *txn, char ***out_hosts, char **out_ca, GError **error)
{
    g_autofree char *hosts = NULL;
    g_autofree char *ca = NULL;

    if (!nsk_setting_find(txn, SETTING_HOSTS, &hosts, error) ||
        !nsk_setting_find(txn, SETTING_CA, &ca, error))
        return false;
    *out_hosts = g_strsplit(hosts != NULL ? hosts : "", " ", -1);
    *out_ca = ca != NULL && ca[0] != '\0' ? g_steal_pointer(&ca) : NULL;
    return true;
}

bool
nsk_hook_check_url(const char *url, char **hosts, GError **error)
{
    g_autofree char *host = NULL;

    if (!nsk_net_check_url(url, &host, error))
        return false;
    bool is_named = g_strv_contains((const char *const *)hosts, host);
    if (strlen(url) <= MAX_URL && (g_str_has_prefix(url, "https://") || is_named))
        return true;
    g_set_error(error, NSK_ERROR, NSK_ERROR_INVALID,
                nsk_tr("'%.200s' cannot be told: a webhook is an address with https:// of at most "
                       "%d characters"),
                url, MAX_URL);
    return false;
}

typedef struct {
    NskOffice *office;
    const char *hosts;
    const char *ca;
    NskInstant now;
} Setting;

static bool
apply_settings(NskDbTxn *txn, void *data, G_GNUC_UNUSED char **out_answer, GError **error)
{
    const Setting *self = data;
    const NskOfficeEvent event = { .origin = self->office->origin,
                                   .history = NSK_SETTINGS_HISTORY,
                                   .actor = "naskah-webhook",
                                   .action = "webhook-hosts-set",
                                   .sentence = "Name private hosts that webhooks may be at",
                                   .reason = self->hosts,
                                   .now = self->now };

    return nsk_setting_put(txn, SETTING_HOSTS, self->hosts, error) &&
           nsk_setting_put(txn, SETTING_CA, self->ca != NULL ? self->ca : "", error) &&
           nsk_record_office_rows(txn, NSK_KEPT_SETTINGS, &event, error);
}

bool
nsk_office_hook_set(NskOffice *self, const NskHookSettings *settings, GError **error)
{
    const char *hosts = settings->hosts != NULL ? settings->hosts : "";
    Setting setting = { self, hosts, settings->ca, nsk_clock_now(self->clock) };
    g_auto(GStrv) each = g_strsplit(hosts, " ", -1);

    for (char **host = each; *host != NULL && hosts[0] != '\0'; host++) {
        g_autofree char *url = g_strconcat("https://", *host, "/", NULL);
        g_autofree char *read = NULL;
        g_autoptr(GError) fault = NULL;

        if (nsk_net_check_url(url, &read, &fault) && g_strcmp0(read, *host) == 0)
            continue;
        g_set_error(error, NSK_ERROR, NSK_ERROR_INVALID,
                    nsk_tr("'%s' is no name of a host; it is like gerbang.example.go.id, without "
                           "https:// and without a port"),
                    *host);
        return false;
    }
    return nsk_office_commit(self, apply_settings, &setting, NULL, error);
}

bool
nsk_office_hook_settings(NskOffice *self, NskJson **out_result, GError **error)
{
    g_auto(GStrv) hosts = NULL;
    g_autofree char *ca = NULL;
    g_autoptr(NskDbTxn) txn = nsk_db_snapshot(self->reader, error);

    if (txn == NULL || !nsk_hook_load_settings(txn, &hosts, &ca, error))
        return false;
    NskJson *list = nsk_json_array();
    for (char **host = hosts; *host != NULL; host++)
        if (**host != '\0')
            nsk_json_add_text(list, *host);
    *out_result = nsk_json_object();
    nsk_json_set(*out_result, "hosts", list);
    nsk_json_set_text(*out_result, "ca", ca);
    return true;
}
