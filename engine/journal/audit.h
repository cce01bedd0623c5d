/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "journal/log.h"

/*
 * Checking the whole log: every entry, its chain by letter, its leaf, the tree over all of them,
 * and the tiles.  Entries are read once, in portions of letters, by a thread for each processor.
 *
 * Findings: audit-entry (bytes and hash), audit-chain, audit-gap, audit-place (letter or number in
 * the entry), audit-leaf (no place in the log, or a wrong one), audit-proved (another entry than
 * the one that was proved), audit-tile, audit-root.  The file of a finding is the letter, its line
 * the entry's number.
 */
typedef struct {
    const char *path;   /* of the database */
    const char *folder; /* of the tiles; NULL: they are not compared */
    const NskLogState *state;
    const char *against;       /* another folder of tiles, kept elsewhere; NULL: none */
    const NskCheckpoint *kept; /* a checkpoint kept elsewhere; NULL: none */
    /* To go on after an interruption; audit-keep.c says what is skipped then.  Nothing is kept and
     * nothing skipped with @against or @kept. */
    const char *keep;    /* file that says how far it is; NULL: none */
    const uint8_t *seal; /* NSK_ED25519_KEY_SIZE bytes, of the key that signs checkpoints */
    const char *origin;  /* of the log */
    NskInstant now;
    int64_t every; /* entries between two writings of the file; 0: as is best */
    bool resume;   /* goes on where an earlier run was; false: from the beginning */
    void (*progress)(int64_t done, int64_t total, void *data); /* NULL: not told */
    void *data;
} NskLogAudit;

typedef struct {
    int64_t entries;    /* that were checked */
    int64_t skipped;    /* of them: read by the run that this one goes on with, and not again */
    NskInstant since;   /* when the first of them was read */
    NskHash root;       /* of the tree over them */
    char *first_letter; /* of the wrong entry with the lowest leaf; NULL: none is wrong */
    int64_t first_seq;
    int64_t first_leaf; /* -1: it has none */
} NskLogVerdict;

void nsk_log_verdict_clear(NskLogVerdict *self);
/* Errors: IO, when it could not be checked. */
bool nsk_log_audit(const NskLogAudit *audit, NskIssues *issues, NskLogVerdict *out, GError **error)
    G_GNUC_WARN_UNUSED_RESULT;

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(NskLogVerdict, nsk_log_verdict_clear)
