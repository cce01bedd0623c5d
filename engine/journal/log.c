/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Leaves of the log.
 *
 * INVARIANTS
 *   (1) A leaf is given once and never changes: the schema's keys and the size that an advance is
 *       made for see to it, whoever else sequences.
 *   (2) Tiles are written after the leaves are durable, and follow from them alone.
 */
#include "journal/log.h"

#include "base/message.h"
#include "journal/journal-private.h"

#include <string.h>

static const char sql_load[] = "SELECT generation, size, edge, checkpoint FROM journal_tree";
static const char sql_pending[] =
    "SELECT p.n, j.entry, p.letter, p.letter_seq FROM (SELECT n, letter, letter_seq"
    " FROM journal_pending ORDER BY n LIMIT $1) p"
    " LEFT JOIN journal j ON j.letter = p.letter AND j.letter_seq = p.letter_seq ORDER BY p.n";
static const char sql_give_leaves[] =
    "INSERT INTO journal_leaf (leaf, letter, letter_seq)"
    " SELECT $1 - 1 + row_number() OVER (ORDER BY n), letter, letter_seq FROM journal_pending"
    " WHERE n BETWEEN $2 AND $3";
static const char sql_drop_pending[] = "DELETE FROM journal_pending WHERE n BETWEEN $1 AND $2";
static const char sql_advance[] = "UPDATE journal_tree SET size = $1, edge = $2, checkpoint = $3"
                                  " WHERE size = $4 AND generation = $5";
static const char sql_begin_generation[] =
    "UPDATE journal_tree SET generation = generation + 1, checkpoint = ''";
static const char sql_leaves[] = "SELECT l.leaf, j.entry FROM journal_leaf l LEFT JOIN journal j"
                                 " ON j.letter = l.letter AND j.letter_seq = l.letter_seq"
                                 " WHERE l.leaf >= $1 AND l.leaf < $2 ORDER BY l.leaf";
static const char sql_find_leaf[] =
    "SELECT leaf FROM journal_leaf WHERE letter = $1 AND letter_seq = $2";

void
nsk_log_state_clear(NskLogState *self)
{
    g_clear_pointer(&self->checkpoint, g_free);
}

static bool
fail(GError **error, int code, const char *what)
{
    g_set_error_literal(error, NSK_ERROR, code, what);
    return false;
}

bool
nsk_log_load(NskDbTxn *txn, NskLogState *out, GError **error)
{
    bool has_row = false;
    size_t size = 0;
    g_autoptr(NskDbRows) rows = nsk_db_query(txn, sql_load, NSK_DB_NO_PARAMS, error);

    if (rows == NULL || !nsk_db_rows_next(rows, &has_row, error))
        return false;
    const void *edge = has_row ? nsk_db_rows_blob(rows, 2, &size) : NULL;
    memset(out, 0, sizeof *out);
    out->tree.size = has_row ? (uint64_t)nsk_db_rows_int(rows, 1) : 0;
    if (!has_row || out->tree.size > NSK_TREE_MOST_SIZE ||
        size != nsk_tree_peaks(out->tree.size) * sizeof(NskHash))
        return fail(error, NSK_ERROR_CORRUPT,
                    nsk_tr("the log's row in the database is not what was written: compare with a "
                           "backup"));
    if (size > 0)
        memcpy(out->tree.peaks, edge, size);
    out->generation = nsk_db_rows_int(rows, 0);
    const char *checkpoint = nsk_db_rows_text(rows, 3);
    out->checkpoint = checkpoint[0] != '\0' ? g_strdup(checkpoint) : NULL;
    return true;
}

/* --- Giving leaves ---------------------------------------------------------------------------- */

bool
nsk_log_gather(NskDbTxn *txn,
               const NskLogState *state,
               unsigned limit,
               NskLogNews *out,
               GError **error)
{
    bool has_row = true;
    g_autoptr(NskDbRows) rows =
        nsk_db_query(txn, sql_pending, NSK_DB_PARAMS(NSK_DB_INT(limit)), error);

    *out = (NskLogNews){ .tree = state->tree };
    while (rows != NULL && has_row) {
        size_t size;

        if (!nsk_db_rows_next(rows, &has_row, error))
            return false;
        if (!has_row)
            break;
        if (nsk_db_rows_is_null(rows, 1)) {
            g_set_error(error, NSK_ERROR, NSK_ERROR_CORRUPT,
                        nsk_tr("journal entry %lld of '%s' is gone before it was proved: somebody "
                               "changed the database; compare with a backup"),
                        (long long)nsk_db_rows_int(rows, 3), nsk_db_rows_text(rows, 2));
            return false;
        }
        const void *entry = nsk_db_rows_blob(rows, 1, &size);
        NskHash leaf = nsk_tree_leaf(entry, size);
        nsk_tree_add(&out->tree, &leaf);
        out->last = nsk_db_rows_int(rows, 0);
        if (out->n++ == 0)
            out->first = out->last;
    }
    return rows != NULL;
}

static bool
other_was_first(GError **error)
{
    return fail(error, NSK_ERROR_CONFLICT,
                nsk_tr("another process gave these entries their place in the log"));
}

bool
nsk_log_advance(NskDbTxn *txn,
                const NskLogState *state,
                const NskLogNews *news,
                const char *checkpoint,
                GError **error)
{
    int64_t changed = 0;
    size_t edge = nsk_tree_peaks(news->tree.size) * sizeof(NskHash);

    if (!nsk_db_exec(txn, sql_advance,
                     NSK_DB_PARAMS(NSK_DB_INT((int64_t)news->tree.size),
                                   NSK_DB_BLOB(news->tree.peaks, edge), NSK_DB_TEXT(checkpoint),
                                   NSK_DB_INT((int64_t)state->tree.size),
                                   NSK_DB_INT(state->generation)),
                     &changed, error))
        return false;
    if (changed != 1)
        return other_was_first(error);
    if (!nsk_db_exec(txn, sql_give_leaves,
                     NSK_DB_PARAMS(NSK_DB_INT((int64_t)state->tree.size), NSK_DB_INT(news->first),
                                   NSK_DB_INT(news->last)),
                     &changed, error))
        return false;
    if (changed != (int64_t)news->n)
        return other_was_first(error);
    return nsk_db_exec(txn, sql_drop_pending,
                       NSK_DB_PARAMS(NSK_DB_INT(news->first), NSK_DB_INT(news->last)), NULL, error);
}

bool
nsk_log_begin_generation(NskDbTxn *txn, GError **error)
{
    return nsk_db_exec(txn, sql_begin_generation, NSK_DB_NO_PARAMS, NULL, error);
}

bool
nsk_log_find_leaf(NskDbTxn *txn,
                  const char *letter,
                  int64_t seq,
                  uint64_t *out_leaf,
                  GError **error)
{
    bool has_row = false;
    g_autoptr(NskDbRows) rows = nsk_db_query(
        txn, sql_find_leaf, NSK_DB_PARAMS(NSK_DB_TEXT(letter), NSK_DB_INT(seq)), error);

    if (rows == NULL || !nsk_db_rows_next(rows, &has_row, error))
        return false;
    if (has_row) {
        *out_leaf = (uint64_t)nsk_db_rows_int(rows, 0);
        return true;
    }
    g_set_error(error, NSK_ERROR, NSK_ERROR_NOT_FOUND,
                nsk_tr("entry %lld of '%s' is not in the log yet; try again in a second"),
                (long long)seq, letter);
    return false;
}

/* --- Tiles ------------------------------------------------------------------------------------ */

/* What the tiles ask for that are not in files. */
typedef struct {
    NskDbTxn *txn;
    NskTiles *tiles;
} Missing;

static bool
hash_entries(NskDbTxn *txn, const NskTileName *name, NskHash *out, GError **error)
{
    bool has_row = true;
    int64_t first = (int64_t)(name->n * NSK_TILE_WIDTH);
    int64_t at = first, end = first + name->width;
    g_autoptr(NskDbRows) rows =
        nsk_db_query(txn, sql_leaves, NSK_DB_PARAMS(NSK_DB_INT(first), NSK_DB_INT(end)), error);

    while (rows != NULL && has_row) {
        size_t size;

        if (!nsk_db_rows_next(rows, &has_row, error))
            return false;
        if (!has_row || nsk_db_rows_int(rows, 0) != at || nsk_db_rows_is_null(rows, 1))
            break;
        const void *entry = nsk_db_rows_blob(rows, 1, &size);
        out[at++ - first] = nsk_tree_leaf(entry, size);
    }
    if (rows == NULL || at == end)
        return rows != NULL;
    g_set_error(error, NSK_ERROR, NSK_ERROR_CORRUPT,
                nsk_tr("entry %lld of the log is gone: somebody changed the database; compare with "
                       "a backup"),
                (long long)at);
    return false;
}

/* Level 0 from the entries, each other level from the one below. */
static bool
make_tile(void *data, const NskTileName *name, NskHash *out, GError **error)
{
    Missing *missing = data;

    if (name->level == 0)
        return hash_entries(missing->txn, name, out, error);
    for (unsigned i = 0; i < name->width; i++) {
        NskHash below[NSK_TILE_WIDTH];
        NskTileName lower = { name->level - 1, name->n * NSK_TILE_WIDTH + i, NSK_TILE_WIDTH };

        if (!nsk_tiles_read(missing->tiles, &lower, below, error))
            return false;
        out[i] = nsk_tile_root(below, NSK_TILE_WIDTH);
    }
    return true;
}

NskTiles *
nsk_log_tiles(const char *folder, NskDbTxn *txn, const NskTree *tree)
{
    NskTiles *tiles = nsk_tiles_new(folder);
    Missing *missing = g_new0(Missing, 1);

    *missing = (Missing){ txn, tiles };
    nsk_tiles_set_missing(tiles, make_tile, missing, g_free);
    nsk_tiles_set_tree(tiles, tree);
    return tiles;
}

/* The tiles of one level; a partial one is written in place of the one before. */
static bool
write_level(NskTiles *tiles, int level, uint64_t from, uint64_t to, GError **error)
{
    NskHash hashes[NSK_TILE_WIDTH];

    for (uint64_t n = from / NSK_TILE_WIDTH; n * NSK_TILE_WIDTH < to; n++) {
        uint64_t first = n * NSK_TILE_WIDTH;
        NskTileName name = { level, n, (unsigned)MIN(to - first, NSK_TILE_WIDTH) };

        if (!nsk_tiles_read(tiles, &name, hashes, error) ||
            !nsk_tiles_write(tiles, &name, hashes, error))
            return false;
        if (from > first && from < first + NSK_TILE_WIDTH)
            nsk_tiles_remove(tiles, &(NskTileName){ level, n, (unsigned)(from - first) });
    }
    return true;
}

bool
nsk_log_write_tiles(NskTiles *tiles, uint64_t from, uint64_t to, GError **error)
{
    for (int level = 0; level < NSK_TILE_LEVELS && to > 0; level++) {
        if (from < to && !write_level(tiles, level, from, to, error))
            return false;
        from /= NSK_TILE_WIDTH;
        to /= NSK_TILE_WIDTH;
    }
    return true;
}
