/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "base/clock.h"
#include "base/locked.h"
#include "db/db.h"

/*
 * Who somebody is at the door: passwords, codes, sessions.  What he may do follows from his
 * positions (directory), never from here.
 *
 *   name, password, code -> throttle -> account -> password -> code -> session
 *
 * Passwords are hashed by argon2id (RFC 9106) with libsodium; second factors are time-based codes
 * (RFC 6238) by liboath, each taken once; tokens of sessions and devices are 256 random bits, of
 * which only the SHA-256 is kept; passkeys (Web Authentication) stand for password and code.  All
 * of it is kept by backups alone: rebuild knows nothing of it.
 *
 * Functions with a transaction read, or write in the writer's; none opens one.  Hashing is slow on
 * purpose and takes none.
 */

/* --- Passwords.  Any thread; a few at once, the others wait. --- */

/*
 * Whether it may be somebody's password: NSK_PASSWORD_MIN characters at least, not the name, and
 * not among the ones that are tried first.  No rule about what it is composed of.  Errors: INVALID
 * in words for the person.
 */
#define NSK_PASSWORD_MIN 10
bool nsk_password_check(const NskLocked *password, const char *name, GError **error);
/* In argon2's own notation; owned.  Errors: BUSY if there is no memory for it. */
char *nsk_password_hash(const NskLocked *password, GError **error);
/*
 * Whether @hash is of @password.  @hash may be NULL, for a name that nobody has: false, after as
 * long a time.  *out_old (may be NULL): made with a smaller cost than today's.
 */
bool nsk_password_verify(const char *hash, const NskLocked *password, bool *out_old);

/* --- Accounts --- */

typedef struct {
    char *person;     /* person id */
    char *name;       /* what is typed at the door, small letters */
    char *hash;       /* NULL: no password */
    bool is_given;    /* the password was given by somebody else, and is to be changed first */
    bool has_codes;   /* of a second factor */
    NskInstant since; /* of the password */
} NskAccount;
void nsk_account_free(NskAccount *self);

/* NULL without error if there is none.  @name as typed: blanks around it and capitals are one. */
bool nsk_account_find(NskDbTxn *txn, const char *name, NskAccount **out_account, GError **error);
bool nsk_account_of(NskDbTxn *txn, const char *person, NskAccount **out_account, GError **error);
/*
 * Makes the account of @person, or changes its name and password; every session of his ends.
 * Errors: INVALID for a name that cannot be one, CONFLICT for one that somebody else has.
 */
bool nsk_account_put(NskDbTxn *txn, const NskAccount *account, NskInstant now, GError **error);
/* The person has no account any more; his sessions and tokens end.  Nothing if he has none. */
bool nsk_account_drop(NskDbTxn *txn, const char *person, GError **error);

/* --- Codes of a second factor --- */

#define NSK_CODE_KEY_SIZE    32
#define NSK_CODE_SECRET_SIZE 20
#define NSK_RECOVERY_CODES   10
typedef struct {
    uint8_t bytes[NSK_CODE_SECRET_SIZE];
} NskCodeSecret;
/* A new one, and as an otpauth: address for an app or a QR code; owned, wiped by the caller. */
void nsk_code_secret_new(NskCodeSecret *out_secret);
char *nsk_code_secret_address(const NskCodeSecret *self, const char *agency, const char *name);
/* Whether the code is of now, or of the step beside it; *out_step: which, for nsk_codes_take(). */
bool nsk_code_check(const NskCodeSecret *self, const char *code, NskInstant now, int64_t *out_step);
/* Whose codes, and the key under which secrets are kept: it lies outside the database. */
typedef struct {
    const char *person;
    const uint8_t *key; /* NSK_CODE_KEY_SIZE bytes */
} NskCodeOwner;
/* NSK_RECOVERY_CODES of which each can be used once instead; owned, NULL-terminated. */
char **nsk_recovery_codes_new(void);
/*
 * From now on codes of @secret are asked of the person, who showed one of step @step, or one of
 * @recovery, of which only the digests are kept.
 */
bool nsk_codes_begin(NskDbTxn *txn,
                     const NskCodeOwner *owner,
                     const NskCodeSecret *secret,
                     int64_t step,
                     const char *const *recovery,
                     GError **error);
bool nsk_codes_end(NskDbTxn *txn, const char *person, GError **error);
/* Takes a code, or a recovery code: true if it was right and was not used before.  Errors: CORRUPT
 * if the key is another. */
bool nsk_codes_take(NskDbTxn *txn,
                    const NskCodeOwner *owner,
                    const char *code,
                    NskInstant now,
                    bool *out_right,
                    GError **error);
/* How many recovery codes are left. */
bool nsk_codes_left(NskDbTxn *txn, const char *person, int64_t *out_left, GError **error);

/* --- Passkeys --- */

/*
 * A key that a device of the person keeps and uses only when he shows it that it is he: by
 * fingerprint, face or PIN.  So it stands for the password and the code together.  Web
 * Authentication, Level 2: section 7.1 without attestation, section 7.2; signatures are checked by
 * libfido2, which is loaded when it is first needed.
 *
 *   question   text that the office made, sent to the browser as the challenge
 *   answer     what the browser gives back; nothing of it is believed before it is checked
 */

/* Where the pages are, as browsers see it. */
typedef struct {
    const char *origin; /* "https://surat.example.go.id", without a slash at its end */
    const char *host;   /* "surat.example.go.id": what passkeys are for (the "RP ID") */
} NskPasskeySite;
/* Whether passkeys can be used there: a name, not a number, by HTTPS or at this machine.
 * *out_host: owned. */
bool nsk_passkey_site_read(const char *origin, char **out_host, GError **error);

/* All borrowed. */
typedef struct {
    GBytes *id;            /* of the credential */
    GBytes *client_data;   /* JSON, by the browser */
    GBytes *authenticator; /* "authenticator data", by the device */
    GBytes *signature;     /* of a use; NULL for a new one */
} NskPasskeyAnswer;

typedef struct {
    GBytes *id;
    char *person; /* NULL in a new one */
    char *label;  /* the same */
    int algorithm;
    GBytes *key;
    int64_t counter;
    NskInstant made;
    NskInstant used; /* 0: never */
} NskPasskey;
void nsk_passkey_free(NskPasskey *self);

/* The question that the browser says it answered; owned.  Nothing is checked but the form. */
char *nsk_passkey_question(const NskPasskeyAnswer *answer, GError **error);
/* The passkey that the answer to @question makes; owned.  Errors: INVALID, UNTRUSTED. */
NskPasskey *nsk_passkey_read(const NskPasskeySite *site,
                             const char *question,
                             const NskPasskeyAnswer *answer,
                             GError **error);
/* Whether the answer to @question was made by the passkey; *out_counter: as the device counts.
 * Errors: INVALID, UNTRUSTED. */
bool nsk_passkey_check(const NskPasskey *self,
                       const NskPasskeySite *site,
                       const char *question,
                       const NskPasskeyAnswer *answer,
                       int64_t *out_counter,
                       GError **error);

/* NULL without error if there is none. */
bool nsk_passkey_find(NskDbTxn *txn, GBytes *id, NskPasskey **out_passkey, GError **error);
/* Those of @person, the oldest first; owned array of NskPasskey. */
GPtrArray *nsk_passkey_list(NskDbTxn *txn, const char *person, GError **error);
/* Errors: CONFLICT if the device gave it before, LIMIT if the person has many, INVALID for its
 * name. */
bool nsk_passkey_keep(NskDbTxn *txn, const NskPasskey *passkey, NskInstant now, GError **error);
/* It was used, and its device counts to @counter: false in *out_right if it counted further before,
 * so that there are two of it, or if it is no more. */
bool nsk_passkey_used(NskDbTxn *txn,
                      const NskPasskey *passkey,
                      int64_t counter,
                      NskInstant now,
                      bool *out_right,
                      GError **error);
/* Ends the one with that id, or all of the person (@id NULL).  Errors: NOT_FOUND. */
bool nsk_passkey_end(NskDbTxn *txn, const char *person, GBytes *id, GError **error);
/* The question, which is good until @until, is answered now: false in *out_right if it was before.
 */
bool nsk_passkey_answered(NskDbTxn *txn,
                          const char *question,
                          NskInstant until,
                          NskInstant now,
                          bool *out_right,
                          GError **error);

/* --- Subjects --- */

/* Who somebody is by a provider of identities (OpenID Connect Core 1.0, 5.7); borrowed. */
typedef struct {
    const char *issuer;
    const char *name; /* its own name of the person, which is never another's */
} NskSubject;
/* Whose it is; NULL without error: nobody's here.  Owned. */
bool nsk_subject_find(NskDbTxn *txn, const NskSubject *subject, char **out_person, GError **error);
/* The provider's name of @person; NULL without error if he has none.  Owned. */
bool nsk_subject_of(NskDbTxn *txn,
                    const char *issuer,
                    const char *person,
                    char **out_name,
                    GError **error);
/* Errors: CONFLICT if it is somebody's, or the person has another of that provider. */
bool nsk_subject_keep(NskDbTxn *txn,
                      const NskSubject *subject,
                      const char *person,
                      NskInstant now,
                      GError **error);
/* It was used; false in *out_right if it is not the person's any more. */
bool nsk_subject_used(NskDbTxn *txn,
                      const NskSubject *subject,
                      const char *person,
                      NskInstant now,
                      bool *out_right,
                      GError **error);
/* Ends those of the person. */
bool nsk_subject_end(NskDbTxn *txn, const char *person, GError **error);

/* --- Throttling --- */

/*
 * Who tries.  Whoever comes with a device that the person signed in with before is counted by that
 * device alone, so nobody can shut him out by trying his name.
 */
typedef struct {
    const char *name;    /* as typed; NULL: he comes by a provider, nobody knows yet who it is */
    const char *address; /* where from; "": that is not known, and is not counted */
    const char *device;  /* token of a device, as its cookie has it; NULL: none */
} NskTry;
/* Seconds to wait before this try; 0: none. */
bool nsk_try_wait(NskDbTxn *txn,
                  const NskTry *attempt,
                  NskInstant now,
                  int64_t *out_seconds,
                  GError **error);
bool nsk_try_failed(NskDbTxn *txn, const NskTry *attempt, NskInstant now, GError **error);
/* The person signed in: what was counted against this try is forgotten. */
bool nsk_try_passed(NskDbTxn *txn, const NskTry *attempt, GError **error);
/* Forgets what is too old to count.  For a worker. */
bool nsk_tries_forget(NskDbTxn *txn, NskInstant now, GError **error);

/* --- Sessions and devices --- */

/* A new token for a cookie, made before the change that keeps its digest; owned. */
char *nsk_token_new(void);

#define NSK_SESSION_IDLE    ((int64_t)30 * 60 * 1000000)      /* microseconds */
#define NSK_SESSION_LONGEST ((int64_t)12 * 60 * 60 * 1000000) /* the same */
#define NSK_SESSION_PROOF   ((int64_t)5 * 60 * 1000000)       /* how long a proof counts as fresh */

typedef struct {
    char *id; /* for lists and for ending it: no secret */
    char *person;
    char *agent; /* what the browser calls itself, shortened */
    char *address;
    NskInstant begun;
    NskInstant seen;
    NskInstant proved; /* when the person last showed that it is he */
} NskSession;
void nsk_session_free(NskSession *self);

/* What a provider of identities is told when he signs out of it; kept under a key that lies outside
 * the database; borrowed. */
typedef struct {
    const char *text;
    const uint8_t *key; /* NSK_CODE_KEY_SIZE bytes */
} NskSessionHint;
typedef struct {
    const char *person;
    const char *agent; /* may be NULL */
    const char *address;
    const NskInstant *proved;   /* when he showed that it is he; NULL: just now */
    const NskSessionHint *hint; /* NULL: no provider let him in */
} NskSessionNew;
bool nsk_session_begin(NskDbTxn *txn,
                       const char *token,
                       const NskSessionNew *session,
                       NskInstant now,
                       GError **error);
/* NULL without error if @token is of no session, or of one that is over. */
bool nsk_session_by_token(NskDbTxn *txn,
                          const char *token,
                          NskInstant now,
                          NskSession **out_session,
                          GError **error);
/* The text that was kept with it; NULL without error if there is none, or the key is another.
 * Owned. */
bool nsk_session_find_hint(NskDbTxn *txn,
                           const char *token,
                           const uint8_t *key,
                           char **out_text,
                           GError **error);
/* Whether it is worth a change to say that the session was used. */
bool nsk_session_is_stale(const NskSession *self, NskInstant now);
bool nsk_session_touch(NskDbTxn *txn, const char *token, NskInstant now, GError **error);
/* Whether the person showed just now that it is he. */
bool nsk_session_is_proved(const NskSession *self, NskInstant now);
/* He showed it: the session goes on under the token @next.  Errors: NOT_FOUND. */
bool nsk_session_prove(NskDbTxn *txn,
                       const char *token,
                       const char *next,
                       NskInstant now,
                       GError **error);
/* Those of @person that are not over, the last seen first; owned array of NskSession. */
GPtrArray *nsk_session_list(NskDbTxn *txn, const char *person, NskInstant now, GError **error);
/* Ends the one with that id, or all but the one with that token (@id NULL; @token may be NULL).
 * *out_ended (may be NULL): how many that were. */
bool nsk_session_end(NskDbTxn *txn,
                     const char *person,
                     const char *id,
                     const char *token,
                     int64_t *out_ended,
                     GError **error);
/* Sessions that are over. */
bool nsk_sessions_forget(NskDbTxn *txn, NskInstant now, GError **error);
/* From now on the device with the cookie @token is known as one of @person. */
bool nsk_device_begin(NskDbTxn *txn,
                      const char *token,
                      const char *person,
                      NskInstant now,
                      GError **error);
/* No device of @person is known any more. */
bool nsk_devices_end(NskDbTxn *txn, const char *person, GError **error);
/* Whether @token is of a device of the person who has that name; of anybody's (@name NULL). */
bool nsk_device_is_known(NskDbTxn *txn,
                         const char *token,
                         const char *name,
                         bool *out_known,
                         GError **error);

/* --- What happened to an account, for the person himself --- */

#define NSK_LOGIN_EVENT_KEPT ((int64_t)90 * 24 * 3600 * 1000000) /* microseconds */

typedef struct {
    NskInstant at;
    char *action;  /* as in the journal */
    char *agent;   /* what the browser called itself, shortened; "": not known */
    char *address; /* "": not known */
} NskLoginEvent;
void nsk_login_event_free(NskLoginEvent *self);
/* The same, borrowed; agent and address may be NULL. */
typedef struct {
    NskInstant at;
    const char *action;
    const char *agent;
    const char *address;
} NskLoginNews;
/* Also forgets what is too old of @person. */
bool
nsk_login_event_add(NskDbTxn *txn, const char *person, const NskLoginNews *news, GError **error);
/* The last hundred, the newest first; owned array of NskLoginEvent. */
GPtrArray *nsk_login_event_list(NskDbTxn *txn, const char *person, NskInstant now, GError **error);
bool nsk_login_events_end(NskDbTxn *txn, const char *person, GError **error);

/* --- Tokens of programs --- */

#define NSK_API_TOKEN_DAYS 366
#define NSK_API_TOKEN_LONGEST                                                                      \
    ((int64_t)NSK_API_TOKEN_DAYS * 24 * 3600 * 1000000) /* microseconds                            \
                                                         */

/* What a token may do, sorted, NULL-terminated.  None of it is signing. */
extern const char *const nsk_api_scopes[];
/* Those of @text, which are parted by blanks or commas: each once, sorted, parted by a blank;
 * owned.  Errors: INVALID for another word, or none. */
char *nsk_api_scopes_read(const char *text, GError **error);

typedef struct {
    char *id; /* for lists and for ending it: no secret */
    char *person;
    char *label; /* what it is for, in the person's words */
    char *scopes;
    NskInstant made;
    NskInstant until;
    NskInstant used; /* to an hour; 0: never */
} NskApiToken;
void nsk_api_token_free(NskApiToken *self);

/* A new one, made before the change that keeps its digest; owned, wiped by the caller. */
char *nsk_api_token_new(void);
/* The id that it has in lists; owned. */
char *nsk_api_token_id(const char *token);
/* Whether it could be one: it was not cut off, and is nothing else. */
bool nsk_api_token_is_whole(const char *token);
/* Keeps @text as a token of @token (whose id is not looked at).  Errors: INVALID; LIMIT if the
 * person has many. */
bool nsk_api_token_keep(NskDbTxn *txn, const char *text, const NskApiToken *token, GError **error);
/* NULL without error if there is none, or it has ended. */
bool nsk_api_token_find(NskDbTxn *txn,
                        const char *text,
                        NskInstant now,
                        NskApiToken **out_token,
                        GError **error);
/* @scope "": any token does. */
bool nsk_api_token_allows(const NskApiToken *self, const char *scope);
/* Those of @person that have not ended, the newest first; owned array of NskApiToken. */
GPtrArray *nsk_api_token_list(NskDbTxn *txn, const char *person, NskInstant now, GError **error);
/* Whether it is worth a change to say that it was used. */
bool nsk_api_token_is_stale(const NskApiToken *self, NskInstant now);
bool nsk_api_token_touch(NskDbTxn *txn, const char *id, NskInstant now, GError **error);
/* Ends the one with that id, or all of the person (@id NULL).  Errors: NOT_FOUND. */
bool nsk_api_token_end(NskDbTxn *txn, const char *person, const char *id, GError **error);
/* Those of anybody that have ended; also done whenever one is kept. */
bool nsk_api_tokens_forget(NskDbTxn *txn, NskInstant now, GError **error);

/* --- sealed.c: texts that a copy of the database alone does not give away. --- */

GBytes *nsk_text_seal(const char *text, const uint8_t key[NSK_CODE_KEY_SIZE]); /* owned */
/* The text; owned.  NULL: it is none that was sealed under @key. */
char *nsk_text_unseal(const void *sealed, size_t size, const uint8_t key[NSK_CODE_KEY_SIZE]);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(NskAccount, nsk_account_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC(NskApiToken, nsk_api_token_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC(NskLoginEvent, nsk_login_event_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC(NskPasskey, nsk_passkey_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC(NskSession, nsk_session_free)
