/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Which time-stamp authority the office asks, and what it may ask for the status of certificates:
 * settings of the office. */
#include "base/message.h"
#include "office/preserve-private.h"

#include <string.h>

#define SETTING_URL   "time-stamp-url"
#define SETTING_CA    "time-stamp-ca"
#define SETTING_HOSTS "time-stamp-hosts"

void
nsk_stamp_source_clear(NskStampSource *self)
{
    g_free(self->url);
    g_free(self->ca);
    g_strfreev(self->hosts);
}

bool
nsk_stamp_source_load(NskDbTxn *txn, NskStampSource *out_source, GError **error)
{
    g_autofree char *hosts = NULL;

    if (!nsk_setting_find(txn, SETTING_URL, &out_source->url, error) ||
        !nsk_setting_find(txn, SETTING_CA, &out_source->ca, error) ||
        !nsk_setting_find(txn, SETTING_HOSTS, &hosts, error))
        return false;
    if (hosts != NULL && hosts[0] != '\0')
        out_source->hosts = g_strsplit(hosts, " ", -1);
    if (out_source->ca != NULL && out_source->ca[0] == '\0')
        g_clear_pointer(&out_source->ca, g_free);
    return true;
}

GBytes *
nsk_stamp_source_ask(const NskStampSource *self,
                     const uint8_t imprint[NSK_SHA256_SIZE],
                     GError **error)
{
    const NskFetch fetch = { .hosts = (const char *const *)self->hosts, .ca = self->ca };

    if (self->url != NULL && self->url[0] != '\0')
        return nsk_fetch_time_stamp(&fetch, self->url, imprint, NULL, error);
    g_set_error_literal(error, NSK_ERROR, NSK_ERROR_INVALID,
                        nsk_tr("the profile asks for time stamps and the office knows no "
                               "authority for them; name one with 'naskah certificate stamps'"));
    return NULL;
}

/* --- Setting it. -------------------------------------------------------------------------------
 */

typedef struct {
    NskOffice *office;
    const NskStampSettings *settings;
    NskInstant now;
} Work;

static bool
apply_settings(NskDbTxn *txn, void *data, G_GNUC_UNUSED char **out_answer, GError **error)
{
    const Work *work = data;
    const NskStampSettings *settings = work->settings;
    const NskOfficeEvent event = { .origin = work->office->origin,
                                   .history = NSK_SETTINGS_HISTORY,
                                   .actor = "naskah-certificate",
                                   .action = "time-stamps-set",
                                   .sentence = "Name the time-stamp authority",
                                   .reason = settings->url,
                                   .now = work->now };

    return nsk_setting_put(txn, SETTING_URL, settings->url, error) &&
           nsk_setting_put(txn, SETTING_CA, settings->ca != NULL ? settings->ca : "", error) &&
           nsk_setting_put(txn, SETTING_HOSTS, settings->hosts != NULL ? settings->hosts : "",
                           error) &&
           nsk_record_office_rows(txn, NSK_KEPT_SETTINGS, &event, error);
}

static bool
is_url(const char *url)
{
    return g_str_has_prefix(url, "https://") || g_str_has_prefix(url, "http://");
}

bool
nsk_office_set_time_stamps(NskOffice *self, const NskStampSettings *settings, GError **error)
{
    Work work = { self, settings, nsk_clock_now(self->clock) };

    if (is_url(settings->url) && strlen(settings->url) <= 1000)
        return nsk_office_commit(self, apply_settings, &work, NULL, error);
    g_set_error(error, NSK_ERROR, NSK_ERROR_INVALID,
                nsk_tr("'%s' is no address of a time-stamp authority; it begins with https:// or "
                       "http://"),
                settings->url);
    return false;
}
