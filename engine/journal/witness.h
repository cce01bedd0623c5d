/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "journal/note.h"

/*
 * A witness of logs (c2sp.org/tlog-witness): it signs a checkpoint only if the tree that it signed
 * before is the beginning of the new one, so that whoever knows the witness cannot be shown another
 * history than everybody else.
 *
 *   DIR/witness.key   its secret, 32 bytes
 *   DIR/witness.vkey  its public key
 *   DIR/lock          held from reading a state to answering
 *   DIR/logs/HASH     a log by the SHA-256 of its origin: the log's key, then the origin, size and
 *                     root that were signed last
 *   DIR/notes/HASH    the checkpoint that was signed last, with the log's signature and the
 *                     witness's own, as it is shown
 *
 * No database and no network.  A value of files: any thread, any number of processes.
 */
#define NSK_WITNESS_MOST_SIZE  (NSK_NOTE_MOST_SIZE + 4096) /* bytes of a request */
#define NSK_WITNESS_MOST_PROOF 63                          /* hashes of a request */

/* What is asked of a witness: "old N", the proof a line each, an empty line, the checkpoint. */
typedef struct {
    uint64_t old; /* entries that the witness signed last, as the asker believes */
    NskTreeProof proof;
    NskLogNote *note;
    NskCheckpoint said;
} NskWitnessRequest;

/* Errors: INVALID says what is wrong; LIMIT. */
NskWitnessRequest *
nsk_witness_request_parse(const void *data, size_t size, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* The request as it is read; @checkpoint is a signed note.  Freed with g_free(). */
char *
nsk_witness_request_format(uint64_t old, const NskTreeProof *proof, const NskLogNote *checkpoint);
void nsk_witness_request_free(NskWitnessRequest *self);
/* By which a witness is asked for a log's newest checkpoint: "/PLACE/checkpoint", its origin's
 * SHA-256 in hex.  Freed with g_free(). */
char *nsk_witness_place(const char *origin);

/* The statuses of an answer (RFC 9110); each but the first has no signature. */
enum {
    NSK_WITNESS_SIGNED = 200,    /* the body is the line of the cosignature */
    NSK_WITNESS_MALFORMED = 400, /* the bodies from here on are a sentence */
    NSK_WITNESS_UNTRUSTED = 403, /* the log's key did not sign it */
    NSK_WITNESS_UNKNOWN = 404,   /* a log that the witness was not told of */
    NSK_WITNESS_OTHER = 409,     /* another tree was signed last: the body is its size */
    NSK_WITNESS_UNPROVED = 422,  /* the proof does not hold */
    NSK_WITNESS_BROKEN = 500,    /* the witness' own files; the error is for its log */
};

typedef struct {
    unsigned status;
    const char *type; /* of the body; static */
    char *body;       /* ends with a line feed */
} NskWitnessAnswer;

void nsk_witness_answer_clear(NskWitnessAnswer *self);

typedef struct _NskWitness NskWitness;

/* Opens the witness of @dir; makes directory and key if it is not there, and then signs as @name,
 * which may be NULL if it is there.  Errors: INVALID if @name is none; CONFLICT if it is there by
 * another name; CORRUPT; IO. */
NskWitness *
nsk_witness_open(const char *dir, const char *name, GError **error) G_GNUC_WARN_UNUSED_RESULT;
void nsk_witness_free(NskWitness *self);
/* Its public key.  Borrowed. */
const NskLogNoteKey *nsk_witness_get_key(const NskWitness *self);
/* Trusts the log @origin, whose checkpoints @log signs, from its empty tree on.  Errors: INVALID;
 * CONFLICT if it is trusted already, by whatever key; IO. */
bool nsk_witness_trust(NskWitness *self,
                       const char *origin,
                       const NskLogNoteKey *log,
                       GError **error) G_GNUC_WARN_UNUSED_RESULT;
/*
 * Answers a request.  What it signs is on the disk before it returns; if that failed, nothing is
 * signed.  @now: seconds since 1970, of the cosignature.  False with @error only with status 500:
 * IO, CORRUPT.
 */
bool nsk_witness_answer(NskWitness *self,
                        const void *data,
                        size_t size,
                        uint64_t now,
                        NskWitnessAnswer *out,
                        GError **error) G_GNUC_WARN_UNUSED_RESULT;

/*
 * The checkpoint that was signed last of the log at @place (nsk_witness_place()), with the log's
 * signature and the witness's own, for monitors and for the log itself: status 200 or 404.  False
 * with @error only with status 500: IO, CORRUPT.
 */
bool nsk_witness_show(NskWitness *self, const char *place, NskWitnessAnswer *out, GError **error)
    G_GNUC_WARN_UNUSED_RESULT;

G_DEFINE_AUTOPTR_CLEANUP_FUNC(NskWitnessRequest, nsk_witness_request_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC(NskWitness, nsk_witness_free)
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(NskWitnessAnswer, nsk_witness_answer_clear)
