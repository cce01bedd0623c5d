/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "office/office.h"

/*
 * Tokens by which programs act for a person (signin/signin.h), at the API of the server.  What such
 * a program may do is what its token is for, of what the person himself may do; it never signs.
 *
 * Making and revoking is for the person himself.  Both are in the history "office/door" of the
 * journal; the tokens are kept by backups alone.  A handle: one thread at a time.  Errors as in
 * office.h.
 */

/* The token of a program that comes now. */
typedef struct {
    char *id;      /* no secret */
    char *person;  /* person id */
    char *name;    /* as printed */
    char **scopes; /* NULL-terminated */
} NskTokenVisitor;
void nsk_token_visitor_free(NskTokenVisitor *self);
/* Whose @token it is; the handle acts as him from now on, and signs nothing.  *out_visitor is NULL
 * without error if there is no such token, or it has ended.  That it was used is noted about once
 * an hour. */
bool nsk_office_token_visit(NskOffice *self,
                            const char *token,
                            NskTokenVisitor **out_visitor,
                            GError **error);

/* What follows is done as that person by a program, for work that goes on after its request.
 * Errors: as nsk_office_act_for(). */
bool nsk_office_act_for_program(NskOffice *self, const char *person, GError **error);

/* Borrowed. */
typedef struct {
    const char *label;  /* what it is for */
    const char *scopes; /* what it may do, parted by blanks or commas */
    int64_t days;       /* how long it lives, at most a year */
} NskTokenWish;
/* Result: id, token (told once; null if the request was repeated), label, scopes, until.  Errors:
 * INVALID, LIMIT; DENIED to a program. */
bool nsk_office_token_make(NskOffice *self,
                           const NskTokenWish *wish,
                           NskJson **out_result,
                           GError **error);
/* Result: tokens (id, label, scopes, made, until, used or null), the newest first. */
bool nsk_office_token_list(NskOffice *self, NskJson **out_result, GError **error);
/* Result: id.  Errors: NOT_FOUND. */
bool nsk_office_token_revoke(NskOffice *self, const char *id, NskJson **out_result, GError **error);

/* Who acts.  Result: person, name, positions (position, title, unit, capacity). */
bool nsk_office_me(NskOffice *self, NskJson **out_result, GError **error);

/* More of what the next change is, such as the digest of a request's body, beside what the use case
 * itself says: a request id is good for that alone. */
void nsk_office_add_to_request(NskOffice *self, const char *digest);
/* Whether a request with that id was done before, whatever it was. */
bool nsk_office_request_is_known(NskOffice *self, const char *id);
/* After an error: whether the request id @id was used for something else than what was asked. */
bool nsk_office_request_is_other(NskOffice *self, const char *id);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(NskTokenVisitor, nsk_token_visitor_free)
