/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "journal/note.h"

/*
 * A proof that one entry is in the log, as one text that is checked without the log
 * (c2sp.org/tlog-proof@v1): the entry's index, the hashes from it to the root, the checkpoint.
 */
typedef struct {
    GBytes *extra; /* not covered by any signature; NULL: none */
    uint64_t index;
    NskTreeProof path;
    char *checkpoint; /* a signed note */
} NskProof;

#define NSK_PROOF_MOST_SIZE (2 * NSK_NOTE_MOST_SIZE) /* bytes */

/* Freed with g_free(). */
char *nsk_proof_format(const NskProof *self);
/* Errors: INVALID says what is wrong; LIMIT.  The checkpoint is not looked at yet. */
NskProof *nsk_proof_parse(const void *data, size_t size, GError **error) G_GNUC_WARN_UNUSED_RESULT;
void nsk_proof_free(NskProof *self);
/*
 * Checks the proof of @entry: its path, and that @log signed the checkpoint, whose origin is the
 * key's name.  *out_note (may be NULL): the checkpoint's note, for witnesses to be asked about.
 * Errors: UNTRUSTED, INVALID say what does not hold.
 */
bool nsk_proof_check(const NskProof *self,
                     const void *entry,
                     size_t size,
                     const NskLogNoteKey *log,
                     NskLogNote **out_note,
                     GError **error) G_GNUC_WARN_UNUSED_RESULT;

G_DEFINE_AUTOPTR_CLEANUP_FUNC(NskProof, nsk_proof_free)
