/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "base/locked.h"
#include "office/office.h"

/*
 * The door of an office: who comes with a browser, and that it is he (signin/signin.h).  What he
 * may do follows from his positions, as for everybody; a session says only who he is.
 *
 *   nsk_office_door_enter()   name and password, then a code where the person has a second factor
 *   nsk_office_door_visit()   the token of a session, at each request: the handle acts as the
 * person
 *
 * Passwords are hashed outside the writer, for a tenth of a second: such calls belong to few
 * threads.  What is tried at the door, and every change of how somebody signs in, is in the history
 * "office/door" of the journal; accounts and sessions are kept by backups alone.
 *
 * A handle: one thread at a time, as ever.  Errors as in office.h.
 */

/* What follows is done as that person, whom the door let in.  The handle is as new: what was asked
 * of it for somebody else is forgotten.  Errors: NOT_FOUND; DENIED for a handle without a service.
 */
bool nsk_office_act_for(NskOffice *self, const char *person, GError **error);
/* Nobody acts, and no change has a name: as one that was opened for nobody. */
void nsk_office_act_for_nobody(NskOffice *self);

/* --- Visits --- */

/* All owned. */
typedef struct {
    char *session;      /* its id: no secret */
    char *person;       /* person id */
    char *name;         /* as printed */
    NskJson *positions; /* held today: position, title, unit, capacity */
    char *csrf;         /* what forms of this session carry; another in each page */
    bool is_proved;     /* showed within the last minutes that it is he */
    bool must_change;   /* his password was given by somebody else: nothing but a new one is next */
    bool administers;   /* looks after the office on its pages (admin.h) */
} NskDoorVisitor;
void nsk_door_visitor_free(NskDoorVisitor *self);
/* Whose session @token is of; the handle acts as him from now on.  *out_visitor is NULL without
 * error if it is of none that goes on.  That the session was used is noted about once a minute. */
bool nsk_office_door_visit(NskOffice *self,
                           const char *token,
                           NskDoorVisitor **out_visitor,
                           GError **error);
/* Whether @sent is a csrf of the visitor's session: that of another page is as good. */
bool nsk_office_door_sent(NskOffice *self, const NskDoorVisitor *visitor, const char *sent);

/* --- Entering --- */

typedef enum {
    NSK_DOOR_OPEN,  /* @token is of a session */
    NSK_DOOR_CODE,  /* the password is right; come again with @ticket and a code */
    NSK_DOOR_WRONG, /* name and password, or code: which is not told */
    NSK_DOOR_WAIT,  /* nothing was looked at: come again in @seconds */
    NSK_DOOR_LATE,  /* the ticket is too old, or the account changed: begin again */
} NskDoorState;
/* What a browser answered with a passkey; all borrowed, base64url as scripts give it, and none is
 * NULL. */
typedef struct {
    const char *site; /* of the office's pages, as nsk_office_door_ask_passkey() was told */
    const char *id;
    const char *client_data;
    const char *authenticator;
    const char *signature; /* "" of a new one */
} NskDoorKey;
/* All borrowed. */
typedef struct {
    const char *name;          /* as typed; and */
    const NskLocked *password; /* or: */
    const char *ticket;        /* of the first step, and */
    const char *code;          /* of the second factor, or a recovery code; or: */
    const NskDoorKey *passkey; /* which stands for password and code */
    const char *device;        /* the device's cookie; NULL: none */
    const char *address;       /* where from */
    const char *agent;         /* what the browser calls itself; NULL: nothing */
} NskDoorEntry;
/* All owned; NULL where the state has none. */
typedef struct {
    NskDoorState state;
    char *token;  /* of the session, for a cookie */
    char *device; /* for a cookie that lasts: this device is known from now on */
    char *ticket; /* for a cookie or a form: good for some minutes and for this person's code */
    int64_t seconds;
    bool must_change;
} NskDoorPass;
void nsk_door_pass_free(NskDoorPass *self);
bool nsk_office_door_enter(NskOffice *self,
                           const NskDoorEntry *entry,
                           NskDoorPass **out_pass,
                           GError **error);
/* The session ends.  Nothing if it is over already. */
bool nsk_office_door_leave(NskOffice *self, const char *token, GError **error);

/* --- What follows is for the visitor that the handle acts as --- */

/* He shows again that it is he: with a code of @entry where he has a second factor, else with his
 * password.  OPEN: the session goes on under the token of the pass. */
bool nsk_office_door_prove(NskOffice *self,
                           const char *token,
                           const NskDoorEntry *entry,
                           NskDoorPass **out_pass,
                           GError **error);
/*
 * A new password, by one who knows the old one; every session of his ends, and the pass is of a new
 * one.  WRONG if the old one is.  Errors: INVALID in words for the person if the new one cannot be
 * his.
 */
typedef struct {
    const NskLocked *next;
    NskDoorEntry entry; /* its password is the old one; address, agent, device */
} NskDoorChange;
bool nsk_office_door_change(NskOffice *self,
                            const NskDoorChange *change,
                            NskDoorPass **out_pass,
                            GError **error);
/* Result: person, name (as printed), nip, rank, positions, account (what is typed at the door),
 * since (of the password), codes (whether there is a second factor), recovery (how many codes are
 * left), passkeys (id, label, made, used), sessions (session, agent, address, begun, seen). */
bool nsk_office_door_profile(NskOffice *self, NskJson **out_result, GError **error);
/* Ends his session with that id, or all but the one with that token (@id NULL). */
bool
nsk_office_door_end_session(NskOffice *self, const char *id, const char *token, GError **error);
/* What happened at his door in the last months.  Result: events (at, action, says, agent, address;
 * the last two "" where they are not known), the newest first. */
bool nsk_office_door_history(NskOffice *self, NskJson **out_result, GError **error);
/* Something of that was not he: all his sessions but the one with @token end, and the tokens of his
 * programs; no device of his is known any more.  What is left to do is a new password. */
bool nsk_office_door_disown(NskOffice *self, const char *token, GError **error);
/* A second factor is begun, which an app shows under the name @agency: result: address (otpauth:),
 * secret (to type), picture (of the address: an SVG path), modules (its size), ticket.  Nothing is
 * kept.  @ticket: goes on with that one, if it is good still; NULL: a new secret. */
bool nsk_office_door_begin_codes(NskOffice *self,
                                 const char *agency,
                                 const char *ticket,
                                 NskJson **out_result,
                                 GError **error);
/* From now on codes are asked: @code is a first one.  Result: recovery (the codes for who lost his
 * telephone; told once).  Errors: INVALID for a code that is not of the ticket's secret, EXPIRED.
 */
bool nsk_office_door_confirm_codes(NskOffice *self,
                                   const char *ticket,
                                   const char *code,
                                   NskJson **out_result,
                                   GError **error);
bool nsk_office_door_end_codes(NskOffice *self, GError **error);

/* --- Passkeys: signin/signin.h; each question is for one answer, within some minutes --- */

typedef enum {
    NSK_PASSKEY_ENTER, /* nobody acts */
    NSK_PASSKEY_PROVE, /* the visitor shows again that it is he */
    NSK_PASSKEY_ADD,   /* he makes a new one */
} NskPasskeyAct;
/* Whether passkeys can be used at pages of that address.  Errors: INVALID says why not. */
bool nsk_office_passkeys_work_at(const char *site, GError **error);
/* Result: host (the "RP ID"), question (the challenge), keys (ids that may answer, or that the
 * device must not have yet; empty for ENTER); for ADD also handle, account, name.  Bytes are
 * base64url.  Errors: INVALID as above. */
bool nsk_office_door_ask_passkey(NskOffice *self,
                                 NskPasskeyAct act,
                                 const char *site,
                                 NskJson **out_result,
                                 GError **error);
/* The visitor's new passkey, which he calls @label.  Errors: INVALID, UNTRUSTED, EXPIRED, CONFLICT,
 * LIMIT, in words for him. */
bool nsk_office_door_add_passkey(NskOffice *self,
                                 const NskDoorKey *answer,
                                 const char *label,
                                 GError **error);
/* Errors: NOT_FOUND. */
bool nsk_office_door_end_passkey(NskOffice *self, const char *id, GError **error);

/* --- Accounts: for the owner of the office's folder, and who looks after it (admin.h) --- */

/* What is done with an account. */
typedef struct {
    const char *person;
    const char *act;  /* "add", "reset" (a new password, and no second factor), "lock"; "appoint" to
                       * look after the office (admin.h), "dismiss" */
    const char *name; /* add: what is typed at the door; NULL: the person's id */
    const char *hash; /* of nsk_office_account_hash(); add and reset */
} NskAccountAct;
/* Checks a password that is given to @name, and hashes it; owned.  Errors: INVALID. */
char *nsk_office_account_hash(const NskLocked *password, const char *name, GError **error);
/* A password to give, that is typed easily; freed and wiped by the caller. */
char *nsk_office_account_invent(void);
/* Result: person, name.  Errors: NOT_FOUND, CONFLICT, INVALID. */
bool nsk_office_account_act(NskOffice *self,
                            const NskAccountAct *act,
                            NskJson **out_result,
                            GError **error);
/* Result: accounts (person, name (as printed), account, state ("open", "given", "locked"), codes,
 * since, administers (whether he looks after the office on its pages)). */
bool nsk_office_account_list(NskOffice *self, NskJson **out_result, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(NskDoorVisitor, nsk_door_visitor_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC(NskDoorPass, nsk_door_pass_free)
