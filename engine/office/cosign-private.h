/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "office/cosign.h"
#include "office/log-private.h"

/* What the files about witnesses of the log share; see cosign.c. */

#define NSK_COSIGNED_FILE "log/cosigned" /* the newest cosigned checkpoint, beside the database */

/* A row of table witness; all owned. */
typedef struct {
    char *name, *vkey, *url;
    NskInstant since, due;
    int64_t tries;
    char *fault;
    int64_t claims;
} NskWitnessRow;

/* A row of table cosignature; all owned. */
typedef struct {
    int64_t generation, size;
    char *vkey, *checkpoint;
    NskInstant at;
} NskCosigned;
void nsk_cosigned_free(NskCosigned *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(NskCosigned, nsk_cosigned_free)

/* --- cosign-rows.c --- */

/* All of them by name; owned. */
GPtrArray *nsk_witness_rows(NskDbTxn *txn, GError **error);
/* Inserts or updates. */
bool nsk_witness_save(NskDbTxn *txn, const NskWitnessRow *row, GError **error);
bool nsk_witness_delete(NskDbTxn *txn, const char *name, GError **error);
/* What all witnesses signed, the smallest first; owned. */
GPtrArray *nsk_cosigned_list(NskDbTxn *txn, GError **error);
/* Of a generation of the log, the newest of each witness, the largest first; owned. */
GPtrArray *nsk_cosigned_newest(NskDbTxn *txn, int64_t generation, GError **error);
/* Keeps it in the place of those of the same witness and day. */
bool nsk_cosigned_keep(NskDbTxn *txn, const NskCosigned *row, GError **error);

/* Whose signature the note has beside the log's own, @origin; NULL: nobody's.  Freed with g_free().
 */
char *nsk_cosigned_by(const char *checkpoint, const char *origin);
/* Whether the witness signed it, and said that time.  Errors: UNTRUSTED, INVALID say what does not
 * hold. */
bool nsk_cosigned_check(const NskCosigned *row, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* --- cosign.c --- */

/* Adds what keeps the office from getting cosignatures.  Errors: IO. */
bool
nsk_witness_examine(NskDbTxn *txn, NskIssues *issues, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* --- cosign-ask.c: one witness is asked, with no transaction open --- */

typedef struct {
    NskOffice *office;
    const NskLogState *state; /* with a checkpoint */
    const NskLogNoteKey *log; /* its key */
    NskInstant now;
    const NskWitnessRow *witness;
    int64_t before; /* entries that it signed last; 0: none */
    /* what came of it: */
    NskCosigned *signed_;  /* NULL: it did not */
    NskCosigned *contrary; /* what this log signed and the witness shows, which the log of now
                              contradicts */
    int64_t claims;        /* as NskWitnessRow */
} NskWitnessAsk;
void nsk_witness_ask_clear(NskWitnessAsk *self);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(NskWitnessAsk, nsk_witness_ask_clear)
/* True if it signed.  Errors: why not, for people. */
bool nsk_witness_ask(NskWitnessAsk *self, GError **error) G_GNUC_WARN_UNUSED_RESULT;
