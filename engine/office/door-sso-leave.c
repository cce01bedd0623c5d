/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Signing out of the provider of identities (OpenID Connect RP-Initiated Logout 1.0).
 *
 * A session that it began keeps "ISSUER LF ID-TOKEN", sealed: the token is the hint by which the
 * provider knows whom to sign out, and that it may send him back.  It is good for that after its
 * time is over (section 2).  One that is too long for an address is left out.
 *
 * INVARIANT  Whatever the provider does, who signs out here is out: this only finds the way on.
 */
#include "base/bytes.h"
#include "office/door-private.h"
#include "office/sso-private.h"

#include <string.h>

#define BACK       "/keluar/sso/kembali"
#define TOKEN_MAX  4000 /* bytes; addresses of 8,000 are taken nearly everywhere */
#define STATE_SIZE 16   /* bytes */

void
nsk_sso_leave_clear(NskSsoLeave *self)
{
    g_clear_pointer(&self->name, g_free);
    g_clear_pointer(&self->url, g_free);
    g_clear_pointer(&self->state, g_free);
}

void
nsk_sso_add_query(GString *url, const char *name, const char *value)
{
    g_autofree char *escaped = g_uri_escape_string(value, NULL, FALSE);

    g_string_append_printf(url, "%c%s=%s", strchr(url->str, '?') != NULL ? '&' : '?', name,
                           escaped);
}

char *
nsk_sso_make_hint(const char *issuer, const char *token)
{
    return g_strconcat(issuer, "\n", strlen(token) <= TOKEN_MAX ? token : "", NULL);
}

/* The provider and the token of the session; *out_token stays NULL if another, or none, began it.
 */
static bool
read_session(NskOffice *self,
             const char *session,
             NskSsoProvider *out_provider,
             char **out_token,
             GError **error)
{
    uint8_t key[NSK_CODE_KEY_SIZE];
    g_autofree char *hint = NULL;
    g_autoptr(NskDbTxn) txn = nsk_db_snapshot(self->reader, error);

    if (txn == NULL || !nsk_door_key(self, NSK_DOOR_HINT, key, error))
        return false;
    bool ok = nsk_session_find_hint(txn, session, key, &hint, error) &&
              nsk_sso_provider_load(txn, out_provider, error);
    nsk_wipe(key, sizeof key);
    if (!ok || hint == NULL || out_provider->issuer == NULL)
        return ok;
    const char *token = strchr(hint, '\n');
    if (token != NULL && strlen(out_provider->issuer) == (size_t)(token - hint) &&
        g_str_has_prefix(hint, out_provider->issuer))
        *out_token = g_strdup(token + 1);
    return true;
}

static char *
make_url(const NskSsoProvider *provider,
         const NskSsoPlaces *places,
         const char *token,
         const char *site,
         const char *state)
{
    g_autofree char *back = g_strconcat(site, BACK, NULL);
    GString *url = g_string_new(places->end);

    if (token[0] != '\0')
        nsk_sso_add_query(url, "id_token_hint", token);
    nsk_sso_add_query(url, "client_id", provider->client);
    nsk_sso_add_query(url, "post_logout_redirect_uri", back);
    nsk_sso_add_query(url, "state", state);
    return g_string_free(url, FALSE);
}

bool
nsk_office_sso_leave(NskOffice *self,
                     NskSso *sso,
                     const NskSsoSession *session,
                     NskSsoLeave *out_leave,
                     GError **error)
{
    uint8_t state[STATE_SIZE];
    g_autofree char *token = NULL;
    g_auto(NskSsoProvider) provider = { 0 };
    g_auto(NskSsoPlaces) places = { 0 };

    if (!read_session(self, session->token, &provider, &token, error))
        return false;
    if (token == NULL)
        return true;
    if (!nsk_sso_places(sso, &provider, &places, error))
        return false;
    if (places.end == NULL)
        return true;
    nsk_random(state, sizeof state);
    out_leave->name = g_steal_pointer(&provider.name);
    out_leave->state = nsk_hex(state, sizeof state);
    out_leave->url = make_url(&provider, &places, token, session->site, out_leave->state);
    return true;
}
