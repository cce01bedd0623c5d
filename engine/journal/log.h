/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "db/db.h"
#include "journal/note.h"
#include "journal/tile.h"

/*
 * The journal as a transparency log: entries get their leaf of one Merkle tree after the commit, in
 * the order of commits.
 *
 *   journal_pending -> nsk_log_gather() -> sign -> nsk_log_advance(), in one change
 *                                                     -> nsk_log_write_tiles(), files
 *
 * Leaves, edge and checkpoint are in the database, of one size always.  Tiles are files, the last
 * of each level a partial one, and can be made again from the journal.
 */
typedef struct {
    int64_t generation;
    NskTree tree;
    char *checkpoint; /* signed note; NULL: none yet */
} NskLogState;

void nsk_log_state_clear(NskLogState *self);
/* Errors: CORRUPT if the edge is not one of that size; IO. */
bool nsk_log_load(NskDbTxn *txn, NskLogState *out, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* What is to become leaves. */
typedef struct {
    NskTree tree;  /* with them */
    int64_t first; /* of journal_pending */
    int64_t last;
    unsigned n;
} NskLogNews;

/* Hashes at most @limit entries that have no leaf.  Errors: CORRUPT if one of them is gone; IO. */
bool nsk_log_gather(NskDbTxn *txn,
                    const NskLogState *state,
                    unsigned limit,
                    NskLogNews *out,
                    GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Gives them their leaves, and keeps @checkpoint, which is of news->tree.  Inside an apply.
 * Errors: CONFLICT if another sequencer was first: gather again; IO. */
bool nsk_log_advance(NskDbTxn *txn,
                     const NskLogState *state,
                     const NskLogNews *news,
                     const char *checkpoint,
                     GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Begins a new generation: the tree stays, what was signed of it goes.  Inside an apply. */
bool nsk_log_begin_generation(NskDbTxn *txn, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* The tiles of the log in @folder, those that are not there from the entries; @txn is borrowed for
 * as long. */
NskTiles *nsk_log_tiles(const char *folder, NskDbTxn *txn, const NskTree *tree);
/* Writes the tiles that a tree of @to leaves has and one of @from had not.  Errors: IO. */
bool nsk_log_write_tiles(NskTiles *tiles, uint64_t from, uint64_t to, GError **error)
    G_GNUC_WARN_UNUSED_RESULT;
/* The leaf of an entry.  Errors: NOT_FOUND if it has none yet; IO. */
bool nsk_log_find_leaf(NskDbTxn *txn,
                       const char *letter,
                       int64_t seq,
                       uint64_t *out_leaf,
                       GError **error) G_GNUC_WARN_UNUSED_RESULT;

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(NskLogState, nsk_log_state_clear)
