/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The tree over all leaves, built by several threads from tile to tile and compared with the edge
 * in the database, with the tiles beside it, and with what somebody kept.
 */
#include "base/message.h"
#include "journal/audit-private.h"

#include <string.h>

static const char sql_letter_of[] = "SELECT letter, letter_seq FROM journal_leaf WHERE leaf = $1";

static const NskHash no_hash;

/* A leaf that is wrong, and what is wrong with it. */
typedef struct {
    const char *tag, *what;
    uint64_t leaf;
} Wrong;

typedef struct {
    const NskLogAudit *audit;
    const NskHash *leaves;
    NskHash *roots; /* of the whole tiles, from the leaves */
    NskHash *said;  /* the same, of the tiles as they are; zero: none */
    gint next;      /* tile; atomic */
    bool has_tiles;
} Tree;

/* What one thread does of it. */
typedef struct {
    Tree *tree;
    NskTiles *tiles, *against;
    GArray *wrong;
} Part;

bool
nsk_audit_name_leaf(NskDbTxn *txn,
                    uint64_t leaf,
                    char **out_letter,
                    int64_t *out_seq,
                    GError **error)
{
    bool has_row = false;
    g_autoptr(NskDbRows) rows =
        nsk_db_query(txn, sql_letter_of, NSK_DB_PARAMS(NSK_DB_INT((int64_t)leaf)), error);

    if (rows == NULL || !nsk_db_rows_next(rows, &has_row, error))
        return false;
    *out_letter = g_strdup(has_row ? nsk_db_rows_text(rows, 0) : "?");
    *out_seq = has_row ? nsk_db_rows_int(rows, 1) : 0;
    return true;
}

static void
find(GArray *wrong, const char *tag, uint64_t leaf, const char *what)
{
    if (wrong->len < NSK_AUDIT_MOST_TOLD)
        g_array_append_vals(wrong, &(Wrong){ tag, what, leaf }, 1);
}

#define TILE_GONE N_("begins a tile of the log that is gone or has another size")

/* Compares the leaves of one tile with the tile itself, and tells the tile's own root. */
static void
compare_tile(Part *self, NskTiles *tiles, const NskTileName *name, NskHash *out_root)
{
    NskHash hashes[NSK_TILE_WIDTH];
    uint64_t at = name->n * NSK_TILE_WIDTH;
    const NskHash *leaves = self->tree->leaves + at;

    if (!nsk_tiles_read(tiles, name, hashes, NULL)) {
        find(self->wrong, "audit-tile", at, TILE_GONE);
        return;
    }
    bool same = memcmp(hashes, leaves, name->width * sizeof *hashes) == 0;
    for (unsigned i = 0; !same && i < name->width; i++) {
        if (!nsk_hash_equal(&hashes[i], &leaves[i]))
            find(self->wrong, "audit-proved", at + i,
                 N_("is not the entry that was proved in its place, or its tile was changed"));
    }
    if (out_root != NULL && name->width == NSK_TILE_WIDTH)
        *out_root = same ? self->tree->roots[name->n] : nsk_tile_root(hashes, NSK_TILE_WIDTH);
}

static void
check_tile(Part *self, uint64_t tile)
{
    Tree *tree = self->tree;
    const NskLogAudit *audit = tree->audit;
    uint64_t size = audit->state->tree.size, at = tile * NSK_TILE_WIDTH;
    NskTileName name = { 0, tile, (unsigned)MIN(size - at, NSK_TILE_WIDTH) };

    for (unsigned i = 0; i < name.width; i++) {
        if (nsk_hash_equal(&tree->leaves[at + i], &no_hash))
            find(self->wrong, "audit-leaf", at + i,
                 N_("has a place in the log, but is not in the journal: somebody removed it"));
    }
    if (name.width == NSK_TILE_WIDTH)
        tree->roots[tile] = nsk_tile_root(tree->leaves + at, NSK_TILE_WIDTH);
    if (tree->has_tiles)
        compare_tile(self, self->tiles, &name, &tree->said[tile]);
    if (self->against == NULL || at >= audit->kept->size)
        return;
    name.width = (unsigned)MIN(MIN(audit->kept->size, size) - at, NSK_TILE_WIDTH);
    compare_tile(self, self->against, &name, NULL);
}

static void
check_tiles(void *data)
{
    Part *self = data;
    uint64_t n = (self->tree->audit->state->tree.size + NSK_TILE_WIDTH - 1) / NSK_TILE_WIDTH;

    for (uint64_t tile; (tile = (uint64_t)g_atomic_int_add(&self->tree->next, 1)) < n;)
        check_tile(self, tile);
}

/* Compares the tiles of one level above the leaves with the roots of those below it, and puts their
 * own roots in the place of these. */
static void
compare_level(NskTiles *tiles, int level, uint64_t n, NskHash *below, GArray *wrong)
{
    for (uint64_t at = 0; at < n; at += NSK_TILE_WIDTH) {
        NskHash hashes[NSK_TILE_WIDTH];
        uint64_t tile = at / NSK_TILE_WIDTH;
        NskTileName name = { level, tile, (unsigned)MIN(n - at, NSK_TILE_WIDTH) };
        bool is_there = nsk_tiles_read(tiles, &name, hashes, NULL);

        if (!is_there)
            find(wrong, "audit-tile", at << (NSK_TILE_HEIGHT * level), TILE_GONE);
        for (unsigned i = 0; is_there && i < name.width; i++) {
            if (!nsk_hash_equal(&below[at + i], &no_hash) &&
                !nsk_hash_equal(&below[at + i], &hashes[i]))
                find(wrong, "audit-tile", (at + i) << (NSK_TILE_HEIGHT * level),
                     N_("begins a part of the tree whose tile was changed"));
        }
        below[tile] = is_there && name.width == NSK_TILE_WIDTH
                          ? nsk_tile_root(hashes, NSK_TILE_WIDTH)
                          : no_hash;
    }
}

static void
compare_above(const Tree *tree, NskTiles *tiles, GArray *wrong)
{
    uint64_t size = tree->audit->state->tree.size;

    for (int level = 1; size >> (NSK_TILE_HEIGHT * level) > 0; level++)
        compare_level(tiles, level, size >> (NSK_TILE_HEIGHT * level), tree->said, wrong);
}

static NskTiles *
open_tiles(const char *folder, uint64_t size)
{
    NskTiles *tiles = nsk_tiles_new(folder);

    nsk_tiles_set_size(tiles, size);
    return tiles;
}

/* The tree of the first @size leaves. */
static NskTree
grow(const Tree *self, uint64_t size)
{
    NskTree tree = { 0 };

    /* whole tiles are leaves of a tree above; its peaks are those of the tree itself */
    for (uint64_t i = 0; i < size / NSK_TILE_WIDTH; i++)
        nsk_tree_add(&tree, &self->roots[i]);
    tree.size *= NSK_TILE_WIDTH;
    for (uint64_t i = tree.size; i < size; i++)
        nsk_tree_add(&tree, &self->leaves[i]);
    return tree;
}

static void
compare_roots(const Tree *self, NskIssues *issues, NskHash *out_root)
{
    const NskLogAudit *audit = self->audit;
    NskTree tree = grow(self, audit->state->tree.size);
    NskHash said = nsk_tree_root(&audit->state->tree);
    const NskIssue place = { .tag = "audit-root", .severity = NSK_SEVERITY_ERROR };

    *out_root = nsk_tree_root(&tree);
    if (!nsk_hash_equal(out_root, &said))
        nsk_issues_add(issues, &place, "%s",
                       nsk_tr("the tree over all entries is not the one that was signed"));
    if (audit->kept == NULL)
        return;
    if (audit->kept->size > tree.size) {
        nsk_issues_add(issues, &place,
                       nsk_tr("the checkpoint that was kept tells of %lld entries, the log has "
                              "%lld: its end was cut off"),
                       (long long)audit->kept->size, (long long)tree.size);
        return;
    }
    tree = grow(self, audit->kept->size);
    said = nsk_tree_root(&tree);
    if (!nsk_hash_equal(&said, &audit->kept->root))
        nsk_issues_add(issues, &place, "%s",
                       nsk_tr("the log does not begin with what the checkpoint that was kept was "
                              "signed for: its history was rewritten"));
}

static bool
name_wrong(NskDbTxn *txn, const GArray *wrong, GPtrArray *findings, GError **error)
{
    for (guint i = 0; i < wrong->len && findings->len < NSK_AUDIT_MOST_TOLD; i++) {
        const Wrong *one = &g_array_index(wrong, Wrong, i);
        int64_t seq = 0;
        g_autofree char *letter = NULL;

        if (!nsk_audit_name_leaf(txn, one->leaf, &letter, &seq, error))
            return false;
        nsk_audit_find(findings, one->tag, letter, seq, (int64_t)one->leaf, one->what);
    }
    return true;
}

static bool
check_parts(Tree *tree, NskDbTxn *txn, GPtrArray *findings, GError **error)
{
    bool ok = true;
    const NskLogAudit *audit = tree->audit;
    uint64_t size = audit->state->tree.size;
    Part parts[NSK_AUDIT_MOST_THREADS];
    unsigned n = nsk_audit_threads();

    for (unsigned i = 0; i < n; i++)
        parts[i] = (Part){ .tree = tree,
                           .tiles = tree->has_tiles ? open_tiles(audit->folder, size) : NULL,
                           .against = audit->against != NULL && audit->kept != NULL
                                          ? open_tiles(audit->against, MIN(audit->kept->size, size))
                                          : NULL,
                           .wrong = g_array_new(FALSE, FALSE, sizeof(Wrong)) };
    nsk_audit_run(check_tiles, parts, sizeof *parts, n, NULL, NULL);
    if (tree->has_tiles)
        compare_above(tree, parts[0].tiles, parts[0].wrong);
    for (unsigned i = 0; i < n; i++) {
        ok = ok && name_wrong(txn, parts[i].wrong, findings, error);
        nsk_tiles_free(parts[i].tiles);
        nsk_tiles_free(parts[i].against);
        g_array_unref(parts[i].wrong);
    }
    return ok;
}

bool
nsk_audit_tree(const NskAuditTree *self, NskHash *out_root, GError **error)
{
    const NskLogAudit *audit = self->audit;
    size_t n = (size_t)(audit->state->tree.size / NSK_TILE_WIDTH) + 1;
    g_autofree NskHash *roots = g_new0(NskHash, n);
    g_autofree NskHash *said = g_new0(NskHash, n);
    Tree tree = { .audit = audit,
                  .leaves = self->leaves,
                  .roots = roots,
                  .said = said,
                  .has_tiles = audit->folder != NULL && audit->state->checkpoint != NULL };

    if (!check_parts(&tree, self->txn, self->findings, error))
        return false;
    compare_roots(&tree, self->issues, out_root);
    return true;
}
