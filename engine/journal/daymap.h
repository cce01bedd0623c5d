/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "journal/tree.h"

#include <glib.h>

/*
 * The map of a day: from each letter to how many entries it has and the hash of the last, under
 * one root.  A letter has one place in the map, told by the bits of SHA-256(0x02, letter) from the
 * root down, so that no map holds two answers for it: who trusts the root knows of n entries that
 * there are no more.
 *
 * A leaf is SHA-256(0x03, place, n as eight bytes with the greatest first, hash of the last), an
 * inner node that of the tree of the log.  A part with one letter is its leaf, a part with none is
 * 32 bytes of zero.  Nothing here knows a database or a file.
 */
#define NSK_DAY_MAP_MOST_PATH  256   /* hashes from a leaf to the root */
#define NSK_DAY_MAP_MOST_PROOF 16384 /* bytes of a proof's text */

/* What a map says of one letter, and the way from there to its root.  A value; any thread. */
typedef struct {
    uint64_t events; /* 1 to NSK_TREE_MOST_SIZE */
    NskHash last;    /* hash of the last entry */
    size_t n;
    NskHash path[NSK_DAY_MAP_MOST_PATH]; /* from the leaf up */
} NskDayMapProof;

/* A map that is made.  One thread at a time. */
typedef struct _NskDayMap NskDayMap;

NskDayMap *nsk_day_map_new(void);
void nsk_day_map_free(NskDayMap *self);
/* Each letter once, in any order; no letters are added after a root or a proof was asked for. */
void nsk_day_map_add(NskDayMap *self, const char *letter, uint64_t events, const NskHash *last);
NskHash nsk_day_map_root(NskDayMap *self);
/* False if the map does not have the letter. */
bool nsk_day_map_prove(NskDayMap *self, const char *letter, NskDayMapProof *out);

/* Whether a map with @root says of @letter what the proof says. */
bool nsk_day_map_check(const NskDayMapProof *self,
                       const char *letter,
                       const NskHash *root) G_GNUC_WARN_UNUSED_RESULT;

/* Lines: "naskah-day-map@v1", "events N", the last entry's hash, the path.  Freed with g_free(). */
char *nsk_day_map_proof_format(const NskDayMapProof *self);
/* Errors: INVALID, LIMIT say what is wrong. */
bool nsk_day_map_proof_parse(const void *data, size_t size, NskDayMapProof *out, GError **error)
    G_GNUC_WARN_UNUSED_RESULT;

G_DEFINE_AUTOPTR_CLEANUP_FUNC(NskDayMap, nsk_day_map_free)
