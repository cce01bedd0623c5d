/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "signer/signer-private.h"

/*
 * Inside the helper: a session is one open signer, served by a thread of its own from its opening
 * to its end.  A plug does the work of one kind.
 */

/* A job as the helper keeps it; all owned. */
typedef struct {
    size_t n;
    uint8_t (*digests)[NSK_SHA256_SIZE]; /* NULL: PDFs */
    GBytes **pdfs;
    NskSignerPlace *places; /* NULL: nothing is seen */
    char *reason;
    char *location;
} ChildJob;

typedef struct _ChildSession ChildSession;

/*
 * One kind.  All functions but open and close may be NULL: then the kind does not do that.  A
 * function that fails sets @error and the session's fault by session_fail().
 */
typedef struct {
    /* Settings and key are there; nothing is touched yet. */
    bool (*open)(ChildSession *self, GError **error);
    /* Fills facts and, if it can, the chain. */
    bool (*describe)(ChildSession *self, GError **error);
    bool (*unlock)(ChildSession *self, const NskLocked *secret, GError **error);
    bool (*send_code)(ChildSession *self, GError **error);
    /* The job and the secrets are there. */
    bool (*authorise)(ChildSession *self, NskInstant *out_until, GError **error);
    /* Calls session_result() for each element.  What fails for all fails here, and is told of each
     * that has no result yet. */
    bool (*sign)(ChildSession *self, GError **error);
    bool (*poll)(ChildSession *self, const char *ticket, GError **error);
    /* The authorisation is over: forgets what came with it. */
    void (*forget)(ChildSession *self);
    void (*close)(ChildSession *self);
} ChildPlug;

extern const ChildPlug child_pkcs12, child_pkcs11, child_csc, child_bsre;

struct _ChildSession {
    int fd;
    const ChildPlug *plug;
    void *own; /* of the plug */
    /* what was opened; owned */
    char *name;
    NskSignerKind kind;
    NskJson *settings;
    char *office;
    char *key;
    char *fingerprint;
    GBytes *file;
    GPtrArray *given; /* certificates that the office has; NULL */
    NskInstant now;   /* 0: the machine's */
    /* what became of it */
    NskSignerFacts facts;
    GPtrArray *chain;
    NskSignerFault fault;
    bool described;
    bool authorised;
    ChildJob job;
    bool *told; /* which elements have a result */
    NskLocked *secret;
    NskLocked *code;
};

/* Serves one signer until its socket closes.  Takes @fd. */
void child_serve(int fd);

#define session_fail(self, kind, error, ...)                                                       \
    signer_fail(&(self)->fault, (kind), (error), __VA_ARGS__)

/* One result: @value and no fault, or a fault with words (and perhaps a value all the same).
 * False if nobody listens any more. */
bool session_result(ChildSession *self, size_t index, GBytes *value);
bool session_result_fault(ChildSession *self,
                          size_t index,
                          NskSignerFault fault,
                          const char *message,
                          GBytes *value);
/* The same with a ticket, of what is not done yet. */
bool session_result_waiting(ChildSession *self,
                            size_t index,
                            unsigned seconds,
                            const char *message,
                            const char *ticket);
/*
 * Takes the certificates: the first must be the one expected, may sign, and must be good now.  Sets
 * the scheme.  Errors: CERTIFICATE, EXPIRED, ANSWER.
 */
bool session_take_chain(ChildSession *self, GPtrArray *chain, GError **error);
/* Tells of a signature value of element @index: a result if it is one, else a fault. */
bool session_judge(ChildSession *self, size_t index, GBytes *value);
/* A text of the settings; NULL. */
const char *session_text(const ChildSession *self, const char *name);
/* A path of the settings, in the office's folder unless it is a whole one.  Freed with g_free(). */
char *session_path(const ChildSession *self, const char *path);
/* Now, as the office sees it. */
NskInstant session_now(const ChildSession *self);

/*
 * Wrong secrets, counted for each signer and key while the helper lives: after three in a row it
 * takes five minutes until the next is tried at all.
 */
bool tries_check(ChildSession *self, GError **error);
/* Forgets the wrong ones. */
void tries_right(const ChildSession *self);
/* Counts one, and fails with the one message that there is. */
bool tries_wrong(ChildSession *self, GError **error);
