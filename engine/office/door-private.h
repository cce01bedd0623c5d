/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "office/door.h"
#include "office/office-private.h"
#include "signin/signin.h"

#define NSK_DOOR_KEY  "keys/door.key"
#define NSK_DOOR_HINT "sso-hint" /* use of that key: nsk_session_find_hint() */

/* --- door.c --- */

/*
 * The key under which secrets of second factors are sealed and tickets are made: a file of the
 * office, made at the first need, kept in backups of keys.  A key of its own for each @use.
 */
bool nsk_door_key(NskOffice *self, const char *use, uint8_t out[NSK_CODE_KEY_SIZE], GError **error);
/* @text and what proves that it was made here for @use, as "TEXT.PROOF"; owned, NULL on error. */
char *nsk_door_seal(NskOffice *self, const char *use, const char *text, GError **error);
/* The text of one that was; owned.  NULL without error if it was not made here for @use. */
char *nsk_door_unseal(NskOffice *self, const char *use, const char *sealed, GError **error);
/* What the person holds today: position, title, unit, capacity. */
NskJson *nsk_door_positions(NskDbTxn *txn, const char *person, NskInstant now, GError **error);

/* What happened at the door, as an entry of its history. */
typedef struct {
    const char *origin; /* name of the journal */
    const char *action;
    const char *actor;         /* whom it is about, or a part of the program */
    const char *auth;          /* as NskOffice has it; NULL: nobody was let in yet */
    const char *detail;        /* kept beside the entry; NULL: nothing */
    const char *person;        /* who is to see it in his profile; NULL: nobody */
    const NskDoorEntry *entry; /* with which it was done; NULL: none */
    NskInstant now;
} NskDoorEvent;
bool nsk_door_record(NskDbTxn *txn, const NskDoorEvent *event, GError **error);

/* --- door-self.c --- */

/* Errors: DENIED if nobody acts. */
bool nsk_door_check_person(const NskOffice *self, GError **error);
/* @at 0: null. */
void nsk_door_add_instant(NskJson *row, const char *key, NskInstant at);

/* --- door-account.c --- */

/* "open", "given" (a password to be changed) or "locked"; static. */
const char *nsk_door_account_state(const NskAccount *account);

/* A password for everybody of a demo, written to the file @note; its hash, both owned. */
char *nsk_door_demo_hash(const char *note, char **out_password, GError **error);
/* All borrowed. */
typedef struct {
    const char *origin; /* name of the journal */
    const char *hash;
    NskInstant now;
} NskDoorDemo;
/* Everybody of a demo office has an account under his id. */
bool nsk_door_demo_add(NskDbTxn *txn, const NskDoorDemo *demo, GError **error);

/* --- door-enter.c --- */

/* A change by which somebody shows who he is. */
typedef struct {
    NskOffice *office;
    const NskDoorEntry *entry;
    NskTry attempt;
    NskAccount *account; /* as it was read; NULL: nobody has that name */
    NskInstant now;
    char *hash;          /* to keep from now on; NULL: the one that is there */
    bool is_given;       /* the same of that it was given */
    const char *session; /* token that goes on; NULL: a session is begun */
    bool takes_code;     /* @entry's code is to be right */
    NskPasskey *passkey; /* that answered; NULL: none */
    int64_t counter;     /* what it counts to now */
    char *question;      /* what it answered; good until: */
    NskInstant until;
    const NskSubject *subject; /* by which a provider says who it is; NULL: none */
    const NskInstant *proved;  /* when that was shown to it; NULL: just now */
    const char *hint;          /* that it is told when he signs out of it; NULL: none */
    uint8_t hint_key[NSK_CODE_KEY_SIZE];
    uint8_t key[NSK_CODE_KEY_SIZE]; /* of codes */
    char *token;                    /* new ones */
    char *device;
    bool is_new_device;
    bool is_right;      /* what came of it */
    int64_t seconds;    /* he waits so long: others failed since it was read */
    const char *action; /* for the history */
} NskDoorWork;
void nsk_door_work_clear(NskDoorWork *self);
/* Reads the account by its name (@person NULL) or person, and whether this try has to wait. */
bool
nsk_door_work_read(NskDoorWork *self, const char *person, int64_t *out_seconds, GError **error);
/* --- door-passkey.c --- */

/* Enters or proves by the entry's passkey. */
bool nsk_door_passkey_enter(NskDoorWork *self, NskDoorPass **out_pass, GError **error);
bool nsk_door_passkey_prove(NskDoorWork *self, NskDoorPass **out_pass, GError **error);
/* The answer counts, once; else *out_right is false. */
bool nsk_door_passkey_take(const NskDoorWork *self, NskDbTxn *txn, bool *out_right, GError **error);
/* Passkeys of @person for his profile: id, label, made, used; NULL with @error. */
NskJson *nsk_door_passkeys(NskDbTxn *txn, const char *person, GError **error);

/* --- door-enter.c --- */

NskDoorPass *nsk_door_pass_new(NskDoorState state);
/* *out_pass: CODE, with a ticket for the second step. */
bool nsk_door_work_ask_code(NskDoorWork *self, NskDoorPass **out_pass, GError **error);
/* Counts a failure, and writes it down.  *out_pass: WRONG; or WAIT, and nothing is counted, if so
 * many others failed meanwhile that this try should have waited. */
bool nsk_door_work_fail(NskDoorWork *self, NskDoorPass **out_pass, GError **error);
/* Takes the code, if one is to be taken, and begins or goes on with the session.  *out_pass: OPEN,
 * or WRONG, which is counted then, or WAIT as above, or LATE if the account is another since it was
 * read. */
bool nsk_door_work_pass(NskDoorWork *self, NskDoorPass **out_pass, GError **error);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(NskDoorWork, nsk_door_work_clear)
