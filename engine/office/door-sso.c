/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A provider of identities at the door: entering, proving, linking.
 *
 * What belongs together of one sign-in hangs on a chance, which is its state, and lies in a cookie
 * of the browser that began it: "UNTIL:CHANCE:ACT:PERSON:WAY" under a proof.  Nonce and PKCE's
 * verifier are made of the chance by keys of the office, so nothing is kept until the browser comes
 * back; then the chance's digest is, so that it comes back once.
 *
 * INVARIANTS
 *   (1) A code is redeemed only for the browser that asked for it, for the same act and person.
 *   (2) Whose account it is follows from a link that he made inside, or the owner of the folder.
 *   (3) A locked account stays shut, and a second factor of this office is asked all the same.
 *   (4) A sign-in counts as a proof just now only if the provider says that it had one just now.
 *   (5) One that fails is counted and written down as one by a password is (door-sso-fail.c).
 */
#include "base/bytes.h"
#include "base/message.h"
#include "office/door-private.h"
#include "office/sso-private.h"

#include <string.h>

#define TICKET_US   ((int64_t)10 * 60 * G_USEC_PER_SEC)
#define TICKET_MAX  3000  /* bytes */
#define CODE_MAX    2048  /* the same */
#define CHANCE_SIZE 16    /* the same */
#define PROOF_AGE   "300" /* seconds; NSK_SESSION_PROOF */
#define BACK_INSIDE "/profil/sso/kembali"

void
nsk_sso_end_clear(NskSsoEnd *self)
{
    g_clear_pointer(&self->way, g_free);
    g_clear_pointer(&self->pass, nsk_door_pass_free);
}

static bool
load(NskOffice *self, NskSsoProvider *out_provider, GError **error)
{
    g_autoptr(NskDbTxn) txn = nsk_db_snapshot(self->reader, error);

    if (txn == NULL || !nsk_sso_provider_load(txn, out_provider, error))
        return false;
    if (out_provider->issuer != NULL)
        return true;
    g_set_error_literal(error, NSK_ERROR, NSK_ERROR_NOT_FOUND,
                        nsk_tr("this office has no identity provider; sign in with your password"));
    return false;
}

/* 32 bytes made of the chance for one use, as base64url. */
static char *
derive(NskOffice *self, const char *use, const char *chance, GError **error)
{
    uint8_t key[NSK_CODE_KEY_SIZE], made[NSK_SHA256_SIZE];

    if (!nsk_door_key(self, use, key, error))
        return NULL;
    nsk_hmac_sha256(key, sizeof key, chance, strlen(chance), made);
    nsk_wipe(key, sizeof key);
    return nsk_base64url(made, sizeof made);
}

static char *
back_address(const char *site, NskSsoAct act)
{
    return g_strconcat(site, act == NSK_SSO_ENTER ? NSK_SSO_BACK_ENTER : BACK_INSIDE, NULL);
}

/* --- Asking ----------------------------------------------------------------------------------- */

/* The request of OpenID Connect Core 1.0, 3.1.2.1, with RFC 7636, 4.3. */
static char *
make_url(NskOffice *self,
         const NskSsoProvider *provider,
         const NskSsoPlaces *places,
         const NskSsoAsk *ask,
         const char *chance,
         GError **error)
{
    uint8_t digest[NSK_SHA256_SIZE];
    g_autofree char *back = back_address(ask->site, ask->act);
    g_autofree char *nonce = derive(self, "sso-nonce", chance, error);
    g_autofree char *verifier = nonce != NULL ? derive(self, "sso-verifier", chance, error) : NULL;

    if (verifier == NULL)
        return NULL;
    nsk_sha256(verifier, strlen(verifier), digest);
    g_autofree char *challenge = nsk_base64url(digest, sizeof digest);
    GString *url = g_string_new(places->authorize);
    nsk_sso_add_query(url, "response_type", "code");
    nsk_sso_add_query(url, "client_id", provider->client);
    nsk_sso_add_query(url, "redirect_uri", back);
    nsk_sso_add_query(url, "scope", "openid");
    nsk_sso_add_query(url, "state", chance);
    nsk_sso_add_query(url, "nonce", nonce);
    nsk_sso_add_query(url, "code_challenge", challenge);
    nsk_sso_add_query(url, "code_challenge_method", "S256");
    if (ask->act != NSK_SSO_ENTER) {
        nsk_sso_add_query(url, "prompt", "login");
        nsk_sso_add_query(url, "max_age", PROOF_AGE);
    }
    return g_string_free(url, FALSE);
}

bool
nsk_office_sso_ask(NskOffice *self,
                   NskSso *sso,
                   const NskSsoAsk *ask,
                   char **out_url,
                   char **out_ticket,
                   GError **error)
{
    uint8_t chance[CHANCE_SIZE];
    g_auto(NskSsoProvider) provider = { 0 };
    g_auto(NskSsoPlaces) places = { 0 };

    g_return_val_if_fail(ask->act == NSK_SSO_ENTER || self->person != NULL, false);
    if (!load(self, &provider, error) || !nsk_sso_places(sso, &provider, &places, error))
        return false;
    nsk_random(chance, sizeof chance);
    g_autofree char *hex = nsk_hex(chance, sizeof chance);
    const char *person = ask->act == NSK_SSO_ENTER ? "" : self->person;
    g_autofree char *text =
        g_strdup_printf("%" G_GINT64_FORMAT ":%s:%d:%s:%s", nsk_clock_now(self->clock) + TICKET_US,
                        hex, (int)ask->act, person, ask->way);
    g_autofree char *ticket = nsk_door_seal(self, "sso", text, error);
    if (ticket == NULL)
        return false;
    *out_url = make_url(self, &provider, &places, ask, hex, error);
    *out_ticket = *out_url != NULL ? g_steal_pointer(&ticket) : NULL;
    return *out_url != NULL;
}

/* --- Answers ---------------------------------------------------------------------------------- */

/* What a browser came back with, read; all owned. */
typedef struct {
    NskOffice *office;
    const NskSsoAnswer *answer;
    NskInstant now;
    NskInstant until;
    NskSsoAct act;
    char *chance;
    char *person; /* for whom it was begun; "": for nobody yet */
    char *way;
    NskSsoProvider provider;
    NskSsoPlaces places;
    char *subject; /* the provider's name of who comes */
    NskInstant proved;
    char *token; /* the ID token that said so */
    char *known; /* whose account that is; NULL: that is not known yet */
} Coming;

static void
coming_clear(Coming *self)
{
    g_free(self->chance);
    g_free(self->person);
    g_free(self->way);
    nsk_sso_provider_clear(&self->provider);
    nsk_sso_places_clear(&self->places);
    g_free(self->subject);
    g_free(self->token);
    g_free(self->known);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Coming, coming_clear)

static bool
refuse(GError **error, NskError code, const char *words)
{
    g_set_error_literal(error, NSK_ERROR, code, words);
    return false;
}

/* Whether the ticket is one of this office for that act, browser and visitor, and in time. */
static bool
read_ticket(Coming *self, GError **error)
{
    const NskSsoAnswer *answer = self->answer;
    const char *here = self->office->person != NULL ? self->office->person : "";
    const char *state = answer->state != NULL ? answer->state : "";
    const char *ticket = answer->ticket != NULL ? answer->ticket : "";
    g_autoptr(GError) fault = NULL;
    g_autofree char *text =
        strlen(ticket) <= TICKET_MAX ? nsk_door_unseal(self->office, "sso", ticket, &fault) : NULL;
    g_auto(GStrv) parts = text != NULL ? g_strsplit(text, ":", 5) : NULL;

    if (fault != NULL) {
        g_propagate_error(error, g_steal_pointer(&fault));
        return false;
    }
    if (parts != NULL && g_strv_length(parts) == 5) {
        self->until = g_ascii_strtoll(parts[0], NULL, 10);
        self->chance = g_strdup(parts[1]);
        self->act = (NskSsoAct)g_ascii_strtoll(parts[2], NULL, 10);
        self->person = g_strdup(parts[3]);
        self->way = g_strdup(parts[4]);
    }
    if (self->chance != NULL && self->until >= self->now &&
        (self->act == NSK_SSO_ENTER) == (answer->act == NSK_SSO_ENTER) &&
        strcmp(self->person, here) == 0 && strlen(state) == strlen(self->chance) &&
        nsk_equal_secret(state, self->chance, strlen(state)))
        return true;
    return refuse(error, NSK_ERROR_EXPIRED,
                  nsk_tr("this was not begun in this browser, or took too long; begin again"));
}

/* The answer is "again" if it came before. */
static bool
apply_take(NskDbTxn *txn, void *data, char **out_answer, GError **error)
{
    const Coming *coming = data;
    bool is_first = false;
    g_autofree char *question = g_strconcat("sso:", coming->chance, NULL);

    if (!nsk_passkey_answered(txn, question, coming->until, coming->now, &is_first, error))
        return false;
    *out_answer = is_first ? NULL : g_strdup("again");
    return true;
}

static bool
take_ticket(Coming *self, GError **error)
{
    g_autofree char *said = NULL;

    if (!nsk_office_commit(self->office, apply_take, self, &said, error))
        return false;
    return said == NULL ||
           refuse(error, NSK_ERROR_EXPIRED, nsk_tr("this sign-in was used already; begin again"));
}

/* What stands in the address itself (OpenID Connect Core 1.0, 3.1.2.6; RFC 9207, 2.4). */
static bool
check_address(const Coming *self, GError **error)
{
    const NskSsoAnswer *answer = self->answer;

    if (answer->issuer != NULL ? strcmp(answer->issuer, self->provider.issuer) != 0
                               : self->places.names_itself)
        return refuse(error, NSK_ERROR_UNTRUSTED,
                      nsk_tr("the answer is of another identity provider than the one asked"));
    if (answer->fault != NULL)
        return refuse(error, NSK_ERROR_DENIED,
                      strcmp(answer->fault, "access_denied") == 0
                          ? nsk_tr("the identity provider says that you did not agree")
                          : nsk_tr("the identity provider could not let you in"));
    if (answer->code != NULL && answer->code[0] != '\0' && strlen(answer->code) <= CODE_MAX)
        return true;
    return refuse(error, NSK_ERROR_INVALID, nsk_tr("the identity provider sent no code"));
}

/* Who it is, from the claims. */
static bool
read_claims(Coming *self, const NskJson *claims, GError **error)
{
    const char *claim = self->provider.claim != NULL ? self->provider.claim : "sub";
    const char *name = nsk_json_get_text(claims, claim);
    int64_t proved = nsk_json_get_int(claims, "auth_time", 0);

    if (!nsk_sso_is_subject(name)) {
        g_set_error(error, NSK_ERROR, NSK_ERROR_UNTRUSTED,
                    nsk_tr("the identity provider does not say who you are (claim '%s')"), claim);
        return false;
    }
    self->subject = g_strdup(name);
    if (proved > 0 && proved < self->now / G_USEC_PER_SEC)
        self->proved = proved * G_USEC_PER_SEC;
    else
        self->proved = proved > 0 ? self->now : 0;
    return true;
}

static bool
redeem(Coming *self, NskSso *sso, GError **error)
{
    NskOffice *office = self->office;
    g_autofree char *nonce = derive(office, "sso-nonce", self->chance, error);
    g_autofree char *verifier =
        nonce != NULL ? derive(office, "sso-verifier", self->chance, error) : NULL;
    g_autofree char *back = back_address(self->answer->site, self->act);
    g_autoptr(NskJwsKey) key = verifier != NULL ? nsk_sso_key(office, error) : NULL;

    if (key == NULL)
        return false;
    const NskSsoRedeem work = { .provider = &self->provider,
                                .places = &self->places,
                                .key = key,
                                .code = self->answer->code,
                                .verifier = verifier,
                                .back = back,
                                .nonce = nonce,
                                .proved_after =
                                    self->act != NSK_SSO_ENTER ? self->until - TICKET_US : 0,
                                .now = nsk_clock_now(office->clock) };
    g_autoptr(NskJson) claims = nsk_sso_redeem(sso, &work, &self->token, error);
    return claims != NULL && read_claims(self, claims, error);
}

/* --- What comes of it ------------------------------------------------------------------------- */

/* Whose account it is; owned. */
static bool
find_person(const Coming *self, const NskSubject *subject, char **out_person, GError **error)
{
    g_autoptr(NskDbTxn) txn = nsk_db_snapshot(self->office->reader, error);

    if (txn == NULL || !nsk_subject_find(txn, subject, out_person, error))
        return false;
    if (*out_person == NULL)
        return refuse(error, NSK_ERROR_NOT_FOUND,
                      nsk_tr("no account of this office is linked with this identity; sign in with "
                             "your password, and link it in your profile"));
    if (self->act == NSK_SSO_ENTER || strcmp(*out_person, self->office->person) == 0)
        return true;
    return refuse(error, NSK_ERROR_UNTRUSTED, nsk_tr("this is somebody else's identity"));
}

/* The account is read and need not wait: whether it lets him in. */
static bool
go_on(const Coming *self, NskDoorWork *work, NskDoorPass **out_pass, GError **error)
{
    if (work->account == NULL || work->account->hash == NULL)
        return refuse(error, NSK_ERROR_DENIED,
                      nsk_tr("this account is locked; ask who looks after the office"));
    if (!work->account->has_codes)
        return nsk_door_work_pass(work, out_pass, error);
    if (self->act == NSK_SSO_ENTER)
        return nsk_door_work_ask_code(work, out_pass, error);
    return refuse(error, NSK_ERROR_UNSUPPORTED,
                  nsk_tr("show by a code of your telephone that it is you"));
}

static bool
enter(Coming *self, NskDoorPass **out_pass, GError **error)
{
    int64_t seconds;
    g_autofree char *person = NULL;
    g_autofree char *hint = nsk_sso_make_hint(self->provider.issuer, self->token);
    const NskSubject subject = { self->provider.issuer, self->subject };
    bool is_new = self->act == NSK_SSO_ENTER;
    g_auto(NskDoorWork) work = { .office = self->office,
                                 .entry = self->answer->entry,
                                 .now = nsk_clock_now(self->office->clock),
                                 .subject = &subject,
                                 .proved = &self->proved,
                                 .hint = hint,
                                 .session = is_new ? NULL : self->answer->token,
                                 .action = is_new ? "signed-in-by-provider" : "proof-given" };

    if (!find_person(self, &subject, &person, error))
        return false;
    self->known = g_strdup(person);
    if (!nsk_door_work_read(&work, person, &seconds, error))
        return false;
    if (seconds == 0)
        return go_on(self, &work, out_pass, error);
    *out_pass = nsk_door_pass_new(NSK_DOOR_WAIT);
    (*out_pass)->seconds = seconds;
    return true;
}

/* Who comes, by the provider. */
static bool
identify(Coming *self, NskSso *sso, GError **error)
{
    return nsk_sso_places(sso, &self->provider, &self->places, error) &&
           check_address(self, error) && redeem(self, sso, error);
}

static bool
enter_counted(Coming *self, NskSso *sso, NskDoorPass **out_pass, GError **error)
{
    int64_t seconds = 0;
    g_autoptr(GError) fault = NULL;
    NskSsoFailure failure = { .office = self->office,
                              .entry = self->answer->entry,
                              .person = self->office->person };

    if (!nsk_sso_failure_wait(&failure, &seconds, error))
        return false;
    if (seconds == 0 && identify(self, sso, &fault) && enter(self, out_pass, &fault))
        return true;
    if (failure.person == NULL)
        failure.person = self->known;
    failure.fault = fault;
    if (fault != NULL && !nsk_sso_failure_count(&failure, &seconds, error))
        return false;
    if (seconds == 0) {
        g_propagate_error(error, g_steal_pointer(&fault));
        return false;
    }
    *out_pass = nsk_door_pass_new(NSK_DOOR_WAIT);
    (*out_pass)->seconds = seconds;
    return true;
}

/* A link of the visitor, made or undone. */
typedef struct {
    NskOffice *office;
    const NskSubject *subject; /* NULL: it is undone */
    const NskDoorEntry *entry;
    NskInstant now;
} Link;

static bool
apply_link(NskDbTxn *txn, void *data, G_GNUC_UNUSED char **out_answer, GError **error)
{
    const Link *link = data;
    const char *person = link->office->person;
    const NskDoorEvent event = { .origin = link->office->origin,
                                 .action = link->subject != NULL ? "provider-linked"
                                                                 : "provider-unlinked",
                                 .actor = person,
                                 .person = person,
                                 .entry = link->entry,
                                 .auth = link->office->auth,
                                 .now = link->now };

    return (link->subject != NULL ? nsk_subject_keep(txn, link->subject, person, link->now, error)
                                  : nsk_subject_end(txn, person, error)) &&
           nsk_door_record(txn, &event, error);
}

bool
nsk_office_sso_unlink(NskOffice *self, GError **error)
{
    Link link = { self, NULL, NULL, nsk_clock_now(self->clock) };

    return nsk_door_check_person(self, error) &&
           nsk_office_commit(self, apply_link, &link, NULL, error);
}

bool
nsk_office_sso_answer(NskOffice *self,
                      NskSso *sso,
                      const NskSsoAnswer *answer,
                      NskSsoEnd *out_end,
                      GError **error)
{
    g_auto(Coming) coming = { .office = self, .answer = answer, .now = nsk_clock_now(self->clock) };

    if (answer->act == NSK_SSO_ENTER)
        nsk_office_act_for_nobody(self);
    else if (!nsk_door_check_person(self, error))
        return false;
    if (!load(self, &coming.provider, error) || !read_ticket(&coming, error) ||
        !take_ticket(&coming, error))
        return false;
    out_end->act = coming.act;
    out_end->way = g_strdup(coming.way);
    if (coming.act != NSK_SSO_LINK)
        return enter_counted(&coming, sso, &out_end->pass, error);
    if (!identify(&coming, sso, error))
        return false;
    const NskSubject subject = { coming.provider.issuer, coming.subject };
    Link link = { self, &subject, answer->entry, nsk_clock_now(self->clock) };
    return nsk_office_commit(self, apply_link, &link, NULL, error);
}
