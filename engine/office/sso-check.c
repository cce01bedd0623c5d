/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Whether signing in by the provider will work, asked before anybody tries it:
 *
 *   description   it answers, calls itself as it is called here, and has the addresses
 *   offers        what a sign-in needs of it (OpenID Connect Discovery 1.0, 3), where it says so
 *   keys          it publishes one that is believed
 *   office        it knows the office by its name and key: a code that nobody was given is
 *                 refused as such, and not the office
 */
#include "base/message.h"
#include "office/admin-private.h"
#include "office/door-private.h"
#include "office/sso-private.h"

#include <string.h>

typedef struct {
    NskOffice *office;
    const char *site;
    NskSsoProvider provider;
    NskSsoPlaces places;
    NskJson *checks;
    bool good;
} Check;

static void
check_clear(Check *self)
{
    nsk_sso_provider_clear(&self->provider);
    nsk_sso_places_clear(&self->places);
    nsk_json_unref(self->checks);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Check, check_clear)

static bool
say(Check *self, bool good, const char *words)
{
    NskJson *row = nsk_json_object();

    nsk_json_set_bool(row, "good", good);
    nsk_json_set_text(row, "says", words);
    nsk_json_add(self->checks, row);
    self->good = self->good && good;
    return good;
}

static bool G_GNUC_PRINTF(3, 4) sayf(Check *self, bool good, const char *format, ...)
{
    va_list list;

    va_start(list, format);
    g_autofree char *words = g_strdup_vprintf(format, list);
    va_end(list);
    return say(self, good, words);
}

/* --- The description -------------------------------------------------------------------------- */

static NskJson *
check_description(Check *self)
{
    g_autoptr(GError) fault = NULL;
    g_autoptr(NskJson) json = nsk_sso_describe(&self->provider, &fault);
    const char *issuer = json != NULL ? nsk_json_get_text(json, "issuer") : NULL;

    if (json == NULL) {
        (void)sayf(self, false,
                   nsk_tr("%s; look whether the issuer is written as the provider gives it, and "
                          "whether this server reaches it"),
                   fault->message);
        return NULL;
    }
    (void)sayf(self, true, nsk_tr("The provider answers at %s."), self->provider.issuer);
    if (g_strcmp0(issuer, self->provider.issuer) != 0) {
        g_autofree char *shown = g_utf8_make_valid(issuer != NULL ? issuer : "-", -1);

        (void)sayf(self, false,
                   nsk_tr("It calls itself '%.200s'; write the issuer just so, slashes at its end "
                          "included."),
                   shown);
        return NULL;
    }
    if (nsk_sso_read_places(json, &self->places, &fault))
        return g_steal_pointer(&json);
    (void)say(self, false, fault->message);
    return NULL;
}

/* --- What it offers --------------------------------------------------------------------------- */

/* Whether a list of the description has one of @words, or is not there, which says nothing. */
static bool
offers(const NskJson *description, const char *list, const char *const *words)
{
    const NskJson *said = nsk_json_get(description, list);

    for (size_t i = 0; said != NULL && i < nsk_json_length(said); i++) {
        const char *word = nsk_json_text_at(said, i);

        if (word != NULL && g_strv_contains(words, word))
            return true;
    }
    return said == NULL;
}

static bool
check_offers(Check *self, const NskJson *description)
{
    static const struct {
        const char *list;
        const char *words[5];
        const char *lack;
    } needs[] = {
        { "response_types_supported",
          { "code", NULL },
          N_("It does not let people in by the code flow (response_type 'code').") },
        { "code_challenge_methods_supported",
          { "S256", NULL },
          N_("It knows no PKCE by S256; have it switched on for the office.") },
        { "token_endpoint_auth_methods_supported",
          { "private_key_jwt", NULL },
          N_("It does not know an office by its key (private_key_jwt); have that switched on.") },
        { "token_endpoint_auth_signing_alg_values_supported",
          { "ES512", NULL },
          N_("It takes no keys of the kind ES512, which the office's is.") },
        { "id_token_signing_alg_values_supported",
          { "RS256", "PS256", "ES256", "ES512", NULL },
          N_("It signs by no algorithm that is believed here: RS256, PS256, ES256 or ES512.") },
    };
    bool good = true;

    for (size_t i = 0; i < G_N_ELEMENTS(needs); i++) {
        if (!offers(description, needs[i].list, needs[i].words))
            good = say(self, false, nsk_tr(needs[i].lack));
    }
    return good && say(self, true, nsk_tr("It offers what a sign-in needs."));
}

/* --- Keys, and the office --------------------------------------------------------------------- */

static bool
check_keys(Check *self)
{
    g_autoptr(GError) fault = NULL;
    g_autoptr(NskJwks) keys = nsk_sso_fetch_keys(&self->provider, &self->places, &fault);

    return keys != NULL ? say(self, true, nsk_tr("Its keys can be read."))
                        : say(self, false, fault->message);
}

static bool
judge_office(Check *self, const char *said)
{
    static const char *const unknown[] = { "invalid_client", "unauthorized_client", NULL };

    if (strcmp(said, "invalid_grant") == 0)
        return say(self, true, nsk_tr("It knows the office by its name and key."));
    if (g_strv_contains(unknown, said))
        return sayf(self, false,
                    nsk_tr("It does not know the office as '%s' with this key: register the name "
                           "and the public key there, or mend the name here. Its answer: %s"),
                    self->provider.client, said);
    return sayf(self, false,
                nsk_tr("It refuses what the office asks, and says '%s'; ask who looks after it."),
                said);
}

static bool
check_office(Check *self, GError **error)
{
    g_autoptr(GError) fault = NULL;
    g_autoptr(NskJwsKey) key = nsk_sso_key(self->office, error);
    g_autofree char *back = g_strconcat(self->site != NULL ? self->site : "https://naskah.invalid",
                                        NSK_SSO_BACK_ENTER, NULL);
    const NskSsoRedeem redeem = { .provider = &self->provider,
                                  .places = &self->places,
                                  .key = key,
                                  .code = "naskah-tries-whether-it-is-known",
                                  .verifier = "naskah-tries-whether-it-is-known-and-asks-nothing",
                                  .back = back,
                                  .now = nsk_clock_now(self->office->clock) };

    if (key == NULL)
        return false;
    g_autofree char *said = nsk_sso_try_code(&redeem, &fault);
    (void)(said != NULL ? judge_office(self, said) : say(self, false, fault->message));
    return true;
}

static void
check_end(Check *self)
{
    if (self->places.end != NULL)
        (void)say(self, true, nsk_tr("Who signs out here can sign out there as well."));
    else
        (void)say(
            self, true,
            nsk_tr("It has no way to sign out by: who signs out here stays signed in there."));
}

bool
nsk_office_sso_check(NskOffice *self, const char *site, NskJson **out_result, GError **error)
{
    g_auto(Check)
        check = { .office = self, .site = site, .checks = nsk_json_array(), .good = true };
    g_autoptr(NskDbTxn) txn = nsk_db_snapshot(self->reader, error);
    bool ok = txn != NULL && nsk_admin_check(self, txn, error) &&
              nsk_sso_provider_load(txn, &check.provider, error);

    if (!ok)
        return false;
    g_clear_pointer(&txn, nsk_db_snapshot_free); /* nothing is open while others are asked */
    if (check.provider.issuer == NULL) {
        g_set_error_literal(error, NSK_ERROR, NSK_ERROR_NOT_FOUND,
                            nsk_tr("No identity provider is named."));
        return false;
    }
    g_autoptr(NskJson) description = check_description(&check);
    bool goes_on = description != NULL;
    if (goes_on && check_offers(&check, description) && check_keys(&check) &&
        !check_office(&check, error))
        return false;
    if (goes_on && check.good)
        check_end(&check);
    *out_result = nsk_json_object();
    nsk_json_set_bool(*out_result, "good", check.good);
    nsk_json_set(*out_result, "checks", nsk_json_ref(check.checks));
    return true;
}
