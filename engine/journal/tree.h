/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "crypto/crypto.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * The Merkle tree over all entries (RFC 6962 section 2.1, RFC 9162 section 2.1): leaves are
 * SHA-256(0x00, entry), inner nodes SHA-256(0x01, left, right), the tree without leaves is
 * SHA-256 of nothing.  Values; any thread.  Nothing here knows a database or a file: a stand-alone
 * verifier uses this file as it is.
 */
#define NSK_TREE_MOST_HEIGHT 63                         /* of a tree: sizes are below 2^63 */
#define NSK_TREE_MOST_SIZE   ((uint64_t)1 << 62)        /* leaves */
#define NSK_TREE_MOST_PROOF  (NSK_TREE_MOST_HEIGHT + 1) /* hashes of a proof */

/* Before an entry, in the leaf that it is. */
#define NSK_TREE_LEAF_MARK 0x00

typedef struct {
    uint8_t bytes[NSK_SHA256_SIZE];
} NskHash;

/*
 * A tree by its right edge (a compact range): the roots of the whole subtrees that it is made of,
 * the largest first; as many as @size has bits set.
 */
typedef struct {
    uint64_t size; /* leaves */
    NskHash peaks[NSK_TREE_MOST_HEIGHT];
} NskTree;

/* A path of hashes, from the leaf up. */
typedef struct {
    size_t n;
    NskHash hashes[NSK_TREE_MOST_PROOF];
} NskTreeProof;

NskHash nsk_tree_leaf(const void *entry, size_t size);
NskHash nsk_tree_node(const NskHash *left, const NskHash *right);
bool nsk_hash_equal(const NskHash *a, const NskHash *b);

/* Adds a leaf's hash; @self zero is the tree without leaves. */
void nsk_tree_add(NskTree *self, const NskHash *leaf);
NskHash nsk_tree_root(const NskTree *self);
/* How many peaks a tree of @size leaves has. */
size_t nsk_tree_peaks(uint64_t size);

/*
 * Where hashes of whole subtrees come from: @level counts from 0 for leaves, the subtree covers the
 * leaves [index << level, (index + 1) << level).  False with @error set if it is not to be had.
 */
typedef struct {
    bool (*node)(void *data, unsigned level, uint64_t index, NskHash *out, GError **error);
    void *data;
} NskTreeSource;

/* The right edge of the first @size leaves.  Errors: those of the source. */
bool nsk_tree_read(const NskTreeSource *source, uint64_t size, NskTree *out, GError **error)
    G_GNUC_WARN_UNUSED_RESULT;
/* The proof that leaf @index is in the tree of @size leaves.  Errors: INVALID if @index is not
 * below @size; those of the source. */
bool nsk_tree_prove_leaf(const NskTreeSource *source,
                         uint64_t index,
                         uint64_t size,
                         NskTreeProof *out,
                         GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* The proof that the tree of @size leaves begins with that of @old; empty if @old is 0 or @size.
 * Errors: INVALID if @old is above @size; those of the source. */
bool nsk_tree_prove_growth(const NskTreeSource *source,
                           uint64_t old,
                           uint64_t size,
                           NskTreeProof *out,
                           GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Whether @proof leads from @leaf at @index to @root (RFC 9162 2.1.3.2). */
bool nsk_tree_check_leaf(const NskTreeProof *proof,
                         const NskHash *leaf,
                         uint64_t index,
                         uint64_t size,
                         const NskHash *root) G_GNUC_WARN_UNUSED_RESULT;
/* Whether @proof shows that the tree of @size leaves begins with that of @old (RFC 9162 2.1.4.2).
 */
bool nsk_tree_check_growth(const NskTreeProof *proof,
                           uint64_t old,
                           const NskHash *old_root,
                           uint64_t size,
                           const NskHash *root) G_GNUC_WARN_UNUSED_RESULT;
