/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The tree as a compact range, and its proofs.
 *
 * Proofs are made top down as RFC 6962 defines them: a range is split at the greatest power of two
 * below its size, so that its left part is a whole subtree and its right part goes on.
 */
#include "journal/tree.h"

#include "base/message.h"

#include <string.h>

NskHash
nsk_tree_leaf(const void *entry, size_t size)
{
    static const uint8_t mark = NSK_TREE_LEAF_MARK;
    NskHash hash;

    nsk_sha256_pair(&mark, 1, entry, size, hash.bytes);
    return hash;
}

NskHash
nsk_tree_node(const NskHash *left, const NskHash *right)
{
    uint8_t block[1 + 2 * NSK_SHA256_SIZE] = { 1 };
    NskHash hash;

    memcpy(block + 1, left->bytes, NSK_SHA256_SIZE);
    memcpy(block + 1 + NSK_SHA256_SIZE, right->bytes, NSK_SHA256_SIZE);
    nsk_sha256(block, sizeof block, hash.bytes);
    return hash;
}

bool
nsk_hash_equal(const NskHash *a, const NskHash *b)
{
    return memcmp(a->bytes, b->bytes, NSK_SHA256_SIZE) == 0;
}

size_t
nsk_tree_peaks(uint64_t size)
{
    return (size_t)__builtin_popcountll(size);
}

void
nsk_tree_add(NskTree *self, const NskHash *leaf)
{
    size_t n = nsk_tree_peaks(self->size);
    NskHash hash = *leaf;

    /* each bit that is set at the end is a subtree as large as what is carried */
    for (uint64_t size = self->size; (size & 1) != 0; size >>= 1)
        hash = nsk_tree_node(&self->peaks[--n], &hash);
    self->peaks[n] = hash;
    self->size++;
}

NskHash
nsk_tree_root(const NskTree *self)
{
    size_t n = nsk_tree_peaks(self->size);
    NskHash hash;

    if (n == 0) {
        nsk_sha256(NULL, 0, hash.bytes);
        return hash;
    }
    hash = self->peaks[--n];
    while (n > 0)
        hash = nsk_tree_node(&self->peaks[--n], &hash);
    return hash;
}

bool
nsk_tree_read(const NskTreeSource *source, uint64_t size, NskTree *out, GError **error)
{
    size_t n = 0;
    uint64_t at = 0;

    g_return_val_if_fail(size <= NSK_TREE_MOST_SIZE, false);
    memset(out, 0, sizeof *out);
    out->size = size;
    for (unsigned level = NSK_TREE_MOST_HEIGHT; level-- > 0;) {
        if ((size >> level & 1) == 0)
            continue;
        if (!source->node(source->data, level, at >> level, &out->peaks[n++], error))
            return false;
        at += (uint64_t)1 << level;
    }
    return true;
}

/* The level of the greatest whole subtree that is smaller than a range of @size > 1 leaves. */
static unsigned
split_level(uint64_t size)
{
    return 63u - (unsigned)__builtin_clzll(size - 1);
}

static bool
is_whole(uint64_t size)
{
    return (size & (size - 1)) == 0;
}

/* The root over [begin, end), whose begin is aligned as ranges of a tree are. */
static bool
range_root(const NskTreeSource *source, uint64_t begin, uint64_t end, NskHash *out, GError **error)
{
    NskHash peaks[NSK_TREE_MOST_HEIGHT];
    size_t n = 0;

    for (; !is_whole(end - begin); n++) {
        unsigned level = split_level(end - begin);

        if (!source->node(source->data, level, begin >> level, &peaks[n], error))
            return false;
        begin += (uint64_t)1 << level;
    }
    unsigned level = (unsigned)__builtin_ctzll(end - begin);
    if (!source->node(source->data, level, begin >> level, out, error))
        return false;
    while (n > 0)
        *out = nsk_tree_node(&peaks[--n], out);
    return true;
}

/* Turns around what was gathered from the top down. */
static void
turn(NskTreeProof *proof)
{
    for (size_t i = 0; i < proof->n / 2; i++) {
        NskHash kept = proof->hashes[i];

        proof->hashes[i] = proof->hashes[proof->n - 1 - i];
        proof->hashes[proof->n - 1 - i] = kept;
    }
}

static bool
refuse(GError **error)
{
    g_set_error_literal(error, NSK_ERROR, NSK_ERROR_INVALID,
                        nsk_tr("the tree does not have so many entries"));
    return false;
}

bool
nsk_tree_prove_leaf(const NskTreeSource *source,
                    uint64_t index,
                    uint64_t size,
                    NskTreeProof *out,
                    GError **error)
{
    uint64_t begin = 0, end = size;

    out->n = 0;
    if (index >= size || size > NSK_TREE_MOST_SIZE)
        return refuse(error);
    while (end - begin > 1) {
        uint64_t middle = begin + ((uint64_t)1 << split_level(end - begin));
        bool is_left = index < middle;

        if (!range_root(source, is_left ? middle : begin, is_left ? end : middle,
                        &out->hashes[out->n++], error))
            return false;
        *(is_left ? &end : &begin) = middle;
    }
    turn(out);
    return true;
}

bool
nsk_tree_prove_growth(const NskTreeSource *source,
                      uint64_t old,
                      uint64_t size,
                      NskTreeProof *out,
                      GError **error)
{
    uint64_t begin = 0, end = size;
    bool is_known = true; /* the root of what is left of the old tree is the old root itself */

    out->n = 0;
    if (old > size || size > NSK_TREE_MOST_SIZE)
        return refuse(error);
    if (old == 0 || old == size)
        return true;
    while (end > old) {
        uint64_t middle = begin + ((uint64_t)1 << split_level(end - begin));
        bool is_left = old <= middle;

        if (!range_root(source, is_left ? middle : begin, is_left ? end : middle,
                        &out->hashes[out->n++], error))
            return false;
        *(is_left ? &end : &begin) = middle;
        is_known = is_known && is_left;
    }
    if (!is_known && !range_root(source, begin, end, &out->hashes[out->n++], error))
        return false;
    turn(out);
    return true;
}

bool
nsk_tree_check_leaf(const NskTreeProof *proof,
                    const NskHash *leaf,
                    uint64_t index,
                    uint64_t size,
                    const NskHash *root)
{
    NskHash hash = *leaf;
    uint64_t at = index, last = size - 1;

    if (index >= size)
        return false;
    for (size_t i = 0; i < proof->n; i++) {
        if (last == 0)
            return false;
        if ((at & 1) != 0 || at == last) {
            hash = nsk_tree_node(&proof->hashes[i], &hash);
            for (; (at & 1) == 0 && at != 0; at >>= 1)
                last >>= 1;
        } else {
            hash = nsk_tree_node(&hash, &proof->hashes[i]);
        }
        at >>= 1;
        last >>= 1;
    }
    return last == 0 && nsk_hash_equal(&hash, root);
}

/* Climbs from the old tree's last subtree; *before and *after become the two roots. */
static bool
climb(const NskTreeProof *proof,
      size_t from,
      uint64_t at,
      uint64_t last,
      NskHash *before,
      NskHash *after)
{
    for (size_t i = from; i < proof->n; i++) {
        if (last == 0)
            return false;
        if ((at & 1) != 0 || at == last) {
            *before = nsk_tree_node(&proof->hashes[i], before);
            *after = nsk_tree_node(&proof->hashes[i], after);
            for (; (at & 1) == 0 && at != 0; at >>= 1)
                last >>= 1;
        } else {
            *after = nsk_tree_node(after, &proof->hashes[i]);
        }
        at >>= 1;
        last >>= 1;
    }
    return last == 0;
}

bool
nsk_tree_check_growth(const NskTreeProof *proof,
                      uint64_t old,
                      const NskHash *old_root,
                      uint64_t size,
                      const NskHash *root)
{
    uint64_t at = old - 1, last = size - 1;
    size_t from = 0;

    if (old > size)
        return false;
    if (old == size)
        return proof->n == 0 && nsk_hash_equal(old_root, root);
    if (old == 0) {
        const NskTree none = { 0 };
        NskHash empty = nsk_tree_root(&none);

        return proof->n == 0 && nsk_hash_equal(old_root, &empty);
    }
    for (; (at & 1) != 0; at >>= 1)
        last >>= 1;
    if (!is_whole(old))
        from = 1;
    if (proof->n <= 0)
        return false;
    NskHash before = from == 1 ? proof->hashes[0] : *old_root;
    NskHash after = before;
    return climb(proof, from, at, last, &before, &after) && nsk_hash_equal(&before, old_root) &&
           nsk_hash_equal(&after, root);
}
