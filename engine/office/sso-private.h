/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "crypto/jose.h"
#include "office/sso.h"

/* The page that the provider sends who comes in back to. */
#define NSK_SSO_BACK_ENTER "/masuk/sso/kembali"

/* The provider of the office's settings; all owned.  No issuer: there is none. */
typedef struct {
    char *issuer, *client, *name, *claim, *ca;
} NskSsoProvider;
void nsk_sso_provider_clear(NskSsoProvider *self);
bool nsk_sso_provider_load(NskDbTxn *txn, NskSsoProvider *out_provider, GError **error);
/* The office's key.  Errors: IO, INVALID. */
NskJwsKey *nsk_sso_key(const NskOffice *office, GError **error);
/* Whether it can be a provider's name of somebody. */
bool nsk_sso_is_subject(const char *name);
/* Whether @url is https, or http at this machine. */
bool nsk_sso_is_address(const char *url);

/* --- sso-wire.c: what is asked of the provider --- */

/* Where to ask what (OpenID Connect Discovery 1.0); all owned. */
typedef struct {
    char *authorize, *token, *keys;
    char *end;         /* where people sign out of it; NULL: it has none */
    bool names_itself; /* it always says "iss" (RFC 9207) */
} NskSsoPlaces;
void nsk_sso_places_clear(NskSsoPlaces *self);
bool nsk_sso_places(NskSso *self,
                    const NskSsoProvider *provider,
                    NskSsoPlaces *out_places,
                    GError **error);

/* What the provider says of itself, whoever that is; an object, owned. */
NskJson *nsk_sso_describe(const NskSsoProvider *provider, GError **error);
bool nsk_sso_read_places(const NskJson *description, NskSsoPlaces *out_places, GError **error);
/* Its keys as they are now. */
NskJwks *
nsk_sso_fetch_keys(const NskSsoProvider *provider, const NskSsoPlaces *places, GError **error);

/* A code that came back; all borrowed. */
typedef struct {
    const NskSsoProvider *provider;
    const NskSsoPlaces *places;
    const NskJwsKey *key;
    const char *code;
    const char *verifier;
    const char *back; /* the address that it came to */
    const char *nonce;
    NskInstant proved_after; /* the person proved himself not before then; 0: any time */
    NskInstant now;
} NskSsoRedeem;
/* The claims of the ID token that it is worth, and the token itself; both owned. */
NskJson *nsk_sso_redeem(NskSso *self, const NskSsoRedeem *redeem, char **out_token, GError **error);

/* What the provider answers to a code that it never gave: "invalid_grant" if it knows the office
 * by its key, "invalid_client" if it does not (RFC 6749, 5.2).  Owned. */
char *nsk_sso_try_code(const NskSsoRedeem *redeem, GError **error);

/* --- door-sso-leave.c --- */

void nsk_sso_add_query(GString *url, const char *name, const char *value);
/* What a session keeps of the provider and its token, to sign out of it; owned. */
char *nsk_sso_make_hint(const char *issuer, const char *token);

/* --- door-sso-fail.c: sign-ins by the provider that fail --- */

/* All borrowed. */
typedef struct {
    NskOffice *office;
    const NskDoorEntry *entry;
    const char *person;  /* whose account it is about; NULL: that is not known */
    const GError *fault; /* why; not needed for the wait */
} NskSsoFailure;
/* Seconds to wait before this try, by those that failed before; 0: none. */
bool nsk_sso_failure_wait(const NskSsoFailure *self, int64_t *out_seconds, GError **error);
/*
 * Counts it and writes it down, if it is a fault of who came and not of the way to the provider.
 * *out_seconds above 0: so many others failed meanwhile that this try should have waited; it is
 * neither counted nor written down then.
 */
bool nsk_sso_failure_count(const NskSsoFailure *self, int64_t *out_seconds, GError **error);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(NskSsoProvider, nsk_sso_provider_clear)
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(NskSsoPlaces, nsk_sso_places_clear)
