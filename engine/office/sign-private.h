/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "office/office-private.h"
#include "sign/sign.h"
#include "signer/signer.h"

/*
 * What the files of signing sessions share.  (Their states: 0032-signing.sql, sign-confirm.c.)
 */

/* A row of signing_session; all owned, texts never NULL. */
typedef struct {
    char *session;                   /* id; another for every authorisation */
    char *signer;                    /* "": a key in a file */
    char *chain;                     /* PEM, the signatory's certificate first; "": not known yet */
    uint8_t digest[NSK_SHA256_SIZE]; /* what the signer signs */
    bool whole;                      /* it answers with the signed PDF */
    NskScheme scheme;
    NskInstant signed_at;
    int offset_minutes;
    char *place, *name; /* that the signature says */
    char *handle;       /* by which the signer knows it; "": none */
    int64_t tries;      /* wrong secrets in a row */
    char *waits;        /* "", "service", "time-stamp", "secret" */
    NskInstant again;   /* nothing is tried before; 0: any time */
    int64_t asked;      /* tries in vain, of what the signatory is not needed for */
    char *batch;        /* digest of all that were confirmed together; "": alone */
    GBytes *look;       /* page that the field becomes; NULL: the field stays as it is */
} NskSessionRow;
void nsk_session_row_free(NskSessionRow *self);
/* NULL without error if there is none. */
bool nsk_session_find(NskDbTxn *txn,
                      const char *letter,
                      int64_t n,
                      NskSessionRow **out_row,
                      GError **error);
bool nsk_session_save(NskDbTxn *txn,
                      const char *letter,
                      int64_t n,
                      const NskSessionRow *row,
                      GError **error);

/* The answer of the signer as it came; NULL without error if there is none. */
bool
nsk_answer_find(NskDbTxn *txn, const char *letter, int64_t n, GBytes **out_answer, GError **error);
bool nsk_answer_put(NskDbTxn *txn,
                    const char *letter,
                    int64_t n,
                    GBytes *answer,
                    NskInstant now,
                    GError **error);
bool nsk_answer_drop(NskDbTxn *txn, const char *letter, int64_t n, GError **error);
/* Keeps an answer that does not become the letter. */
bool nsk_evidence_keep(NskDbTxn *txn,
                       const char *letter,
                       const char *session,
                       GBytes *answer,
                       NskInstant now,
                       GError **error);

/* A signature that something is to be done about without the signatory; all owned. */
typedef struct {
    char *letter;
    int64_t n;
} NskOpenSigning;
void nsk_open_signing_free(gpointer signing);
/* It could not be gone on with: the next look comes after a pause, which grows. */
bool
nsk_signing_postpone(NskDbTxn *txn, const NskOpenSigning *signing, NskInstant now, GError **error);
/* Those of all letters whose time has come at @now; owned array of NskOpenSigning. */
GPtrArray *nsk_signing_list_due(NskDbTxn *txn, NskInstant now, unsigned limit, GError **error);

/* --- One signature that is being given. --- */

/* All owned but where it is said. */
typedef struct {
    NskOffice *office; /* borrowed */
    const char *task;  /* as it was named; borrowed */
    const char *batch; /* digest of all that were confirmed together; "": alone; borrowed */
    const char *part;  /* of the program that goes on with it; NULL: the office's person; static */
    char *request;     /* id under which the signature is given; NULL: none */
    NskInstant now;
    uint8_t shown[NSK_SHA256_SIZE]; /* the pages that the signatory said yes to */
    char *letter, *key;             /* the letter's id, and the task's */
    int64_t n;
    char *field;
    char *state;            /* of the signature, as it was last read or written */
    NskSessionRow *session; /* of this try; NULL before it begins */
    bool is_saved;          /* the session is in the database */
    bool was_asked;         /* the signer was asked what became of the try before */
    char *place, *name;     /* of the unit; of the signatory, without titles */
    int offset_minutes;
    size_t n_signatories, signed_before;
    bool certifies; /* it is the first, and the profile wants that one to certify the letter */
    char *post;     /* that the field is to show; NULL: it shows nothing */
    char *agency;   /* the same, where the certificate names none */
    GBytes *pages, *answer;
    GBytes *pdf;         /* made of the answer */
    NskSigning *signing; /* of a signer of digests */
    bool is_late;        /* the answer came to nobody, and is kept as evidence */
    char *result;        /* what the act answers, once it is done */
    GError *error;       /* why it is not */
} NskSignWork;
void nsk_sign_work_clear(NskSignWork *self);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(NskSignWork, nsk_sign_work_clear)

/* --- sign-step.c: from one state to the next, each in a change of its own. --- */

/* One step's view of the letter, all authority checked anew. */
typedef struct {
    NskDuty *duty;
    NskRoutePart *part;
    NskSignatory *signatory;
    NskSigningRow *signing;
    NskSessionRow *session;
} NskSignStep;
void nsk_sign_step_clear(NskSignStep *self);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(NskSignStep, nsk_sign_step_clear)
/* Errors: as nsk_access_signature(), and what the directory says; CONFLICT for other pages than
 * those that were shown. */
bool
nsk_sign_open_step(const NskSignWork *work, NskDbTxn *txn, NskSignStep *out_step, GError **error);
/* Whether a try may begin in this state. */
bool nsk_sign_is_free(const NskSignWork *work, const char *state);

/* The signatory said yes and may sign: a new session.  Errors: CONFLICT if one goes on. */
bool nsk_sign_authorise(NskSignWork *work, GError **error);
/* The signer is asked from now on. */
bool nsk_sign_send(NskSignWork *work, GError **error);
/* Keeps the answer; is_late if nobody waits for it any more. */
bool nsk_sign_answer(NskSignWork *work, GError **error);
/* The letter is signed with work->pdf; fills the result.  Authority is checked for the last time.
 */
bool nsk_sign_store(NskSignWork *work, GError **error);

/* What else may become of a try; all borrowed. */
typedef struct {
    const char *state;  /* NULL: as it is */
    const char *action; /* of the history */
    const char *sentence;
    const char *reason; /* words */
    const char *waits;  /* as of a session */
    unsigned seconds;   /* until it is tried again; 0: whenever somebody likes */
    const char *handle; /* by which the signer knows it; NULL: as it is */
    bool is_try;        /* counts as a wrong secret */
    bool in_vain;       /* the pause before the next look grows */
    bool drops_answer;  /* it is evidence from now on, not the letter */
} NskSignTurn;
/* Tells it in the letter's history.  Does not ask who may: it is what happened.  Errors: CONFLICT
 * if another try has begun. */
bool nsk_sign_turn(NskSignWork *work, const NskSignTurn *turn, GError **error);

/* --- sign-answer.c: what is made of an answer. --- */

/* What a signer of digests is asked for; borrows from both. */
NskSignRequest nsk_sign_request(const NskSignWork *work, GPtrArray *chain);
/* From "answered" to "stored": completes, checks, has it time-stamped where the profile asks for
 * that.  An answer that does not hold is evidence, and the signature "refused". */
bool nsk_sign_finish(NskSignWork *work, GError **error);

/* --- sign-signer.c: asking a signer. --- */

/* How the signer of a person is reached; all owned. */
typedef struct {
    char *name; /* of the signer; "": a key in a file */
    NskSignerKind kind;
    NskJson *settings;
    char *key, *fingerprint; /* NULL: none */
    GPtrArray *chain;        /* NskCert, as it was assigned; NULL: not known */
} NskSignerOfPerson;
void nsk_signer_of_person_clear(NskSignerOfPerson *self);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(NskSignerOfPerson, nsk_signer_of_person_clear)
bool nsk_signer_of_person(NskDbTxn *txn,
                          const char *person,
                          NskSignerOfPerson *out_signer,
                          GError **error);

/* The letters of one confirmation, and who signs them. */
typedef struct {
    NskOffice *office; /* borrowed */
    GPtrArray *works;  /* NskSignWork that one authorisation is for; its elements borrowed */
    NskSignerOfPerson who;
    GBytes *key_file;         /* borrowed; NULL: the key that the person has in the office */
    NskLocked *secret, *code; /* NULL: none */
    NskSigner *signer;        /* NULL: not opened yet */
    bool is_unlocked;
} NskSignDesk;
void nsk_sign_desk_clear(NskSignDesk *self);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(NskSignDesk, nsk_sign_desk_clear)
/* Whether the key is a file or card here, which has no state of its own: what it did not answer is
 * not there. */
bool nsk_sign_desk_is_here(const NskSignDesk *desk);
bool nsk_sign_desk_open(NskSignDesk *desk, GError **error);
/* Has the letters @works (NskSignWork) signed, as many at once as the signer takes.  Each then has
 * its answer stored, or its error, which its history tells. */
void nsk_sign_desk_sign(NskSignDesk *desk, const GPtrArray *works);
/* Asks the signer what became of a try whose end nobody saw.  True: there is an answer, or he was
 * asked and another try may begin (was_asked). */
bool nsk_sign_ask(NskSignDesk *desk, NskSignWork *work, GError **error);

/* Reads whose key it is and locks the secrets of @act. */
bool nsk_sign_desk_fill(NskSignDesk *desk, const NskSignAct *act, GError **error);
/* A detached CMS over @content, a digest.  *out_cms: owned.  Errors: those of the signer;
 * UNSUPPORTED if he signs whole PDFs alone. */
bool nsk_sign_desk_detached(NskSignDesk *desk,
                            const uint8_t content[NSK_SHA256_SIZE],
                            GBytes **out_cms,
                            GError **error);

/* --- sign-look.c --- */

/* Fills post and agency of the work where the profile wants the field to show the certificate. */
void nsk_sign_look_load(NskSignWork *work,
                        const NskProfile *profile,
                        const NskKind *kind,
                        const NskSignatory *signatory);
/* The page that the field becomes, from the certificate and the work's session; *out_look: NULL if
 * the profile does not ask for it, or the field is too small; else owned. */
bool nsk_sign_look(const NskSignWork *work, GPtrArray *chain, GBytes **out_look, GError **error);

/* --- preserve.c --- */

/* What the profile asks of the letter's signatures; *out_level: static. */
bool nsk_preserve_level(NskOffice *office,
                        NskDbTxn *txn,
                        const NskLetterRow *row,
                        const char **out_level,
                        GError **error);
/* The letter has every signature; what @level needs beyond a time stamp comes from now on. */
bool nsk_preserve_begin(NskAct *act, const char *level, GError **error);

/* --- paraf.c --- */

/* What a paraf is given for; all borrowed. */
typedef struct {
    const NskTaskAct *act;
    const NskDuty *duty;
    const char *name; /* of the reviewer, without titles */
    const NskBond *bond;
    NskInstant now; /* of the journal's entry */
} NskParafAsk;
/* *out_cms: base64, owned.  A try that fails is told in the letter's history. */
bool nsk_paraf_sign(NskOffice *office, const NskParafAsk *ask, char **out_cms, GError **error);

/* Asks the signer once more for a signature of a letter that went back: an answer is evidence, and
 * nothing else.  False, perhaps without error, if there was none. */
bool nsk_sign_fetch_late(NskOffice *office, const NskOpenSigning *open, GError **error);

/* --- sign-confirm.c --- */

/* Reads what the signature is about, and where it stands.  *out_done is set if the request was done
 * before; then work->result is its answer. */
bool nsk_sign_load(NskSignWork *work, bool *out_done, GError **error);
/* Goes on with a try that began before, as far as that needs no signatory: then it is done (there
 * is a result), or another try may begin. */
bool nsk_sign_go_on(NskSignDesk *desk, NskSignWork *work, GError **error);
/* Signs the letters @works, whose tasks and pages are set; each gets its result or its error. */
bool nsk_sign_run(NskOffice *office,
                  const NskSignAct *act,
                  NskSignWork *works,
                  size_t n,
                  GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(NskSessionRow, nsk_session_row_free)
