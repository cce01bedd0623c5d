/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "office/door.h"

/*
 * Signing in by a provider of identities: OpenID Connect Core 1.0, code flow, with PKCE (RFC 7636)
 * and private_key_jwt by ES512 (RFC 7523).  The provider says who comes, by its own name of him,
 * which was linked with an account here before; what he may do follows from his positions alone.
 *
 *   ask -> the browser goes to the provider with a state, a nonce and a challenge
 *       -> comes back with a code -> the office redeems it -> ID token -> account
 *
 * Nobody is found by an address of mail or a name.  Who has a second factor here is asked for it.
 */

/* What was fetched of the provider, for all handles of an office.  Any thread. */
typedef struct _NskSso NskSso;
NskSso *nsk_sso_new(void);
void nsk_sso_free(NskSso *self);

/*
 * The provider; all borrowed.  For the owner of the folder while no server of Naskah runs, and for
 * who looks after the office (admin.h), who changes no @ca and names no provider at this machine
 * that the owner did not name.
 */
typedef struct {
    const char *issuer; /* https://..., or http at this machine; NULL: there is none any more */
    const char *client; /* this office's name at it */
    const char *name;   /* what people call it */
    const char *claim;  /* of the ID token, that names somebody for ever; NULL: "sub" */
    const char *ca;     /* PEM file of authorities for TLS; NULL: the system's */
} NskSsoSettings;
/* Also makes the office's key, if there is none.  Errors: INVALID; BUSY; IO. */
bool nsk_office_sso_set(NskOffice *self, const NskSsoSettings *settings, GError **error);
/* Result: issuer (null: there is none), client, name, claim, keys (the public one, as a set of JWK,
 * to be given to the provider), ways (paths of the pages that it is to know). */
bool nsk_office_sso_show(NskOffice *self, NskJson **out_result, GError **error);
/*
 * Asks the provider that is set what a sign-in will ask of it, without anybody signing in.  For
 * the same people.  @site: of the office's pages; NULL: not known.  Result: good (whether nothing
 * was found), checks (good, says: in words for who asks), in the order in which they were made;
 * what hangs on one that failed is not asked.  Errors: NOT_FOUND if there is no provider.
 */
bool nsk_office_sso_check(NskOffice *self, const char *site, NskJson **out_result, GError **error);
/* Who somebody is at the provider; borrowed. */
typedef struct {
    const char *person;
    const char *subject; /* the provider's name of him; NULL: the link is undone */
} NskSsoLink;
/* For the owner of the folder.  Result: person.  Errors: NOT_FOUND, CONFLICT, INVALID. */
bool
nsk_office_sso_link(NskOffice *self, const NskSsoLink *link, NskJson **out_result, GError **error);
/* What people call the provider; NULL without error: there is none.  Owned.  *out_linked: whether
 * the visitor's account is linked with it. */
bool nsk_office_sso_name(NskOffice *self, char **out_name, bool *out_linked, GError **error);

/* --- At the door --- */

typedef enum {
    NSK_SSO_ENTER, /* nobody acts */
    NSK_SSO_PROVE, /* the visitor shows again that it is he, to the provider, now */
    NSK_SSO_LINK,  /* he says that this is he as well */
} NskSsoAct;
/* All borrowed. */
typedef struct {
    NskSsoAct act;
    const char *site; /* of the office's pages: "https://surat.example.go.id" */
    const char *way;  /* to go on to afterwards: a path */
} NskSsoAsk;
/* *out_url: where the browser goes; *out_ticket: what it carries as a cookie; both owned.  Errors:
 * NOT_FOUND if there is no provider; BUSY, UNTRUSTED, INVALID in words for the person. */
bool nsk_office_sso_ask(NskOffice *self,
                        NskSso *sso,
                        const NskSsoAsk *ask,
                        char **out_url,
                        char **out_ticket,
                        GError **error);

/* What the browser comes back with; all borrowed, NULL where it has none. */
typedef struct {
    NskSsoAct act; /* PROVE stands for LINK as well: the ticket says which */
    const char *site;
    const char *ticket;
    const char *state;
    const char *code;
    const char *issuer; /* RFC 9207 */
    const char *fault;  /* the provider's "error" */
    const char *token;  /* of the session that goes on; PROVE */
    const NskDoorEntry *entry;
} NskSsoAnswer;
/* All owned. */
typedef struct {
    NskSsoAct act;
    char *way;
    NskDoorPass *pass; /* NULL for LINK */
} NskSsoEnd;
void nsk_sso_end_clear(NskSsoEnd *self);
/* Errors: in words for the person: EXPIRED, DENIED, UNTRUSTED, NOT_FOUND, INVALID, CONFLICT, BUSY,
 * LIMIT, UNSUPPORTED. */
bool nsk_office_sso_answer(NskOffice *self,
                           NskSso *sso,
                           const NskSsoAnswer *answer,
                           NskSsoEnd *out_end,
                           GError **error);
/* A session that is about to end; borrowed. */
typedef struct {
    const char *token;
    const char *site; /* of the office's pages */
} NskSsoSession;
/* All owned; NULL if there is nothing to sign out of. */
typedef struct {
    char *name;  /* what people call the provider */
    char *url;   /* where the browser signs out of it; it leads back with the state */
    char *state; /* that the browser carries as a cookie */
} NskSsoLeave;
void nsk_sso_leave_clear(NskSsoLeave *self);
/* The way to sign out of the provider as well, if it began that session and has such a way (OpenID
 * Connect RP-Initiated Logout 1.0).  Errors: BUSY and others if it cannot be asked: then the person
 * signs out here alone. */
bool nsk_office_sso_leave(NskOffice *self,
                          NskSso *sso,
                          const NskSsoSession *session,
                          NskSsoLeave *out_leave,
                          GError **error);
/* The visitor's link is undone. */
bool nsk_office_sso_unlink(NskOffice *self, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(NskSso, nsk_sso_free)
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(NskSsoLeave, nsk_sso_leave_clear)
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(NskSsoEnd, nsk_sso_end_clear)
