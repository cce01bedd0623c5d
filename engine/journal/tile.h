/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "journal/tree.h"

#include <glib.h>

/*
 * A tree in files that never change (c2sp.org/tlog-tiles): a tile holds up to 256 hashes of one
 * level of every eighth; one with fewer is partial and named by its width.
 *
 *   tile/LEVEL/N        tile/LEVEL/N.p/WIDTH        tile/entries/N
 *
 * N is written in groups of three digits, all but the last behind an "x": 1234067 is
 * x001/x234/067.  A bundle of entries has each behind its length in two bytes, the greater first.
 */
#define NSK_TILE_WIDTH   256
#define NSK_TILE_HEIGHT  8
#define NSK_TILE_LEVELS  8  /* levels of tiles in the largest tree */
#define NSK_TILE_ENTRIES -1 /* in place of a level: the bundle of entries */

/* Which tile; @width from 1 to NSK_TILE_WIDTH, the last of which is a whole one. */
typedef struct {
    int level;
    uint64_t n;
    unsigned width;
} NskTileName;

/* Freed with g_free(). */
char *nsk_tile_path(const NskTileName *name);
/* Reads exactly what nsk_tile_path() writes. */
bool nsk_tile_path_parse(const char *path, NskTileName *out);

/* The root over @n hashes, a power of two. */
NskHash nsk_tile_root(const NskHash *hashes, size_t n);

/*
 * The next entry of a bundle from *@offset on, which is moved behind it.  False at the end, and if
 * what is left is no entry: then *@offset is not @size.  *out_entry is borrowed.
 */
bool nsk_tile_next_entry(const uint8_t *bundle,
                         size_t size,
                         size_t *offset,
                         const uint8_t **out_entry,
                         size_t *out_size);
/* Adds an entry of at most 65,535 bytes to a bundle. */
void nsk_tile_add_entry(GByteArray *bundle, const void *entry, size_t size);

/* Reads hashes of whole subtrees from the tiles in a folder.  A handle: one thread at a time. */
typedef struct _NskTiles NskTiles;

/* @folder is the one that has "tile" in it; it need not be there. */
NskTiles *nsk_tiles_new(const char *folder);
void nsk_tiles_free(NskTiles *self);
/*
 * What does not lie in files yet: hashes of a tile that is not written.  NULL: every tile must be
 * there.  False with @error set if they are not to be had.
 */
typedef bool (*NskTilesMissing)(void *data, const NskTileName *name, NskHash *out, GError **error);
/* Calls @release with @data at the end, if it is not NULL. */
void
nsk_tiles_set_missing(NskTiles *self, NskTilesMissing missing, void *data, GDestroyNotify release);
/* How large the tree is that is asked about: says how wide the last tiles are. */
void nsk_tiles_set_size(NskTiles *self, uint64_t size);
/* The same with its right edge, for which no tile is read then. */
void nsk_tiles_set_tree(NskTiles *self, const NskTree *tree);
/* As the source of a tree.  Errors: NOT_FOUND, CORRUPT name the tile; IO. */
NskTreeSource nsk_tiles_source(NskTiles *self);
/* Reads a tile whole, or the first @name->width hashes of a wider one.  Errors: as above. */
bool nsk_tiles_read(NskTiles *self, const NskTileName *name, NskHash *out, GError **error)
    G_GNUC_WARN_UNUSED_RESULT;
/* Writes a tile so that it is there whole or not at all, and for good.  Errors: IO. */
bool nsk_tiles_write(NskTiles *self, const NskTileName *name, const NskHash *hashes, GError **error)
    G_GNUC_WARN_UNUSED_RESULT;
/* Writes a bundle likewise; name->level is NSK_TILE_ENTRIES. */
bool nsk_tiles_write_entries(NskTiles *self,
                             const NskTileName *name,
                             const GByteArray *bundle,
                             GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Makes the folder itself, if it is not there.  Errors: IO. */
bool nsk_tiles_make_folder(NskTiles *self, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Removes the partial tile of that name, if it is there. */
void nsk_tiles_remove(NskTiles *self, const NskTileName *name);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(NskTiles, nsk_tiles_free)
