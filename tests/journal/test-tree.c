/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The tree against the vectors of certificate transparency and a plain one after RFC 6962. */
#include "base/bytes.h"
#include "journal/tile.h"

#include <glib/gstdio.h>
#include <string.h>

#define MOST_PLAIN 600

/* Entries and roots that implementations of RFC 6962 have in common. */
static const char *const entries[] = {
    "",
    "00",
    "10",
    "2021",
    "3031",
    "40414243",
    "5051525354555657",
    "606162636465666768696a6b6c6d6e6f",
};
static const char *const roots[] = {
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
};

static NskHash
leaf_of(size_t i)
{
    uint8_t bytes[16];
    size_t size = strlen(entries[i]) / 2;

    g_assert_true(nsk_unhex(entries[i], bytes, size));
    return nsk_tree_leaf(bytes, size);
}

/* MTH of RFC 6962, as it is written there. */
static NskHash
plain_root(const NskHash *leaves, size_t n)
{
    NskHash hash;
    size_t k = 1;

    if (n == 0) {
        nsk_sha256(NULL, 0, hash.bytes);
        return hash;
    }
    if (n == 1)
        return leaves[0];
    while (k * 2 < n)
        k *= 2;
    NskHash left = plain_root(leaves, k), right = plain_root(leaves + k, n - k);
    return nsk_tree_node(&left, &right);
}

typedef struct {
    NskHash leaves[MOST_PLAIN];
    size_t n;
} Plain;

static bool
plain_node(void *data, unsigned level, uint64_t index, NskHash *out, G_GNUC_UNUSED GError **error)
{
    const Plain *plain = data;

    g_assert_cmpuint((index + 1) << level, <=, plain->n);
    *out = plain_root(plain->leaves + (index << level), (size_t)1 << level);
    return true;
}

static Plain *
plain_new(size_t n)
{
    Plain *plain = g_new0(Plain, 1);

    plain->n = n;
    for (size_t i = 0; i < n; i++)
        plain->leaves[i] = nsk_tree_leaf(&i, sizeof i);
    return plain;
}

static void
test_roots(void)
{
    NskTree tree = { 0 };

    for (size_t n = 0; n <= G_N_ELEMENTS(entries); n++) {
        NskHash root = nsk_tree_root(&tree);
        g_autofree char *hex = nsk_hex(root.bytes, sizeof root.bytes);

        g_assert_cmpstr(hex, ==, roots[n]);
        if (n < G_N_ELEMENTS(entries)) {
            NskHash leaf = leaf_of(n);
            nsk_tree_add(&tree, &leaf);
        }
    }
}

/* The path of entry 0 of 8, as the tests of other implementations have it. */
static void
test_known_path(void)
{
    static const char *const path[] = {
        "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
        "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
        "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4",
    };
    g_autofree Plain *plain = g_new0(Plain, 1);
    NskTreeSource source = { plain_node, plain };
    NskTreeProof proof;

    plain->n = 8;
    for (size_t i = 0; i < 8; i++)
        plain->leaves[i] = leaf_of(i);
    g_assert_true(nsk_tree_prove_leaf(&source, 0, 8, &proof, NULL));
    g_assert_cmpuint(proof.n, ==, 3);
    for (size_t i = 0; i < 3; i++) {
        g_autofree char *hex = nsk_hex(proof.hashes[i].bytes, NSK_SHA256_SIZE);
        g_assert_cmpstr(hex, ==, path[i]);
    }
}

/* Every proof of every tree up to 70 leaves holds, and for nothing else. */
static void
test_leaves(void)
{
    g_autofree Plain *plain = plain_new(70);
    NskTreeSource source = { plain_node, plain };
    NskTreeProof proof;

    for (size_t n = 1; n <= 70; n++) {
        NskHash root = plain_root(plain->leaves, n);

        for (size_t i = 0; i < n; i++) {
            const NskHash *leaf = &plain->leaves[i];

            g_assert_true(nsk_tree_prove_leaf(&source, i, n, &proof, NULL));
            g_assert_true(nsk_tree_check_leaf(&proof, leaf, i, n, &root));
            if (n > 1)
                g_assert_false(nsk_tree_check_leaf(&proof, leaf, (i + 1) % n, n, &root));
            g_assert_false(nsk_tree_check_leaf(&proof, leaf, i + n, n, &root));
            if (proof.n > 0) {
                proof.hashes[proof.n - 1].bytes[7] ^= 1;
                g_assert_false(nsk_tree_check_leaf(&proof, leaf, i, n, &root));
                proof.hashes[proof.n - 1].bytes[7] ^= 1;
                proof.n--;
                g_assert_false(nsk_tree_check_leaf(&proof, leaf, i, n, &root));
                proof.n += 2;
                proof.hashes[proof.n - 1] = root;
                g_assert_false(nsk_tree_check_leaf(&proof, leaf, i, n, &root));
            }
        }
    }
    g_assert_false(nsk_tree_prove_leaf(&source, 70, 70, &proof, NULL));
}

static void
test_growth(void)
{
    g_autofree Plain *plain = plain_new(70);
    NskTreeSource source = { plain_node, plain };
    NskTreeProof proof;

    for (size_t n = 0; n <= 70; n++) {
        NskHash root = plain_root(plain->leaves, n);

        for (size_t old = 0; old <= n; old++) {
            NskHash before = plain_root(plain->leaves, old);
            NskHash other = plain_root(plain->leaves + 1, old);

            g_assert_true(nsk_tree_prove_growth(&source, old, n, &proof, NULL));
            g_assert_true(nsk_tree_check_growth(&proof, old, &before, n, &root));
            if (old > 0)
                g_assert_false(nsk_tree_check_growth(&proof, old, &other, n, &root));
            if (proof.n > 0) {
                proof.hashes[0].bytes[0] ^= 0x80;
                g_assert_false(nsk_tree_check_growth(&proof, old, &before, n, &root));
                proof.hashes[0].bytes[0] ^= 0x80;
                proof.n--;
                g_assert_false(nsk_tree_check_growth(&proof, old, &before, n, &root));
            }
        }
    }
    g_assert_false(nsk_tree_prove_growth(&source, 71, 70, &proof, NULL));
}

/* The right edge, grown leaf by leaf and read at once. */
static void
test_edge(void)
{
    g_autofree Plain *plain = plain_new(MOST_PLAIN);
    NskTreeSource source = { plain_node, plain };
    NskTree grown = { 0 }, read;

    for (size_t n = 0; n < MOST_PLAIN; n++) {
        NskHash root = plain_root(plain->leaves, n), edge = nsk_tree_root(&grown);

        g_assert_true(nsk_hash_equal(&root, &edge));
        g_assert_true(nsk_tree_read(&source, n, &read, NULL));
        edge = nsk_tree_root(&read);
        g_assert_true(nsk_hash_equal(&root, &edge));
        nsk_tree_add(&grown, &plain->leaves[n]);
    }
}

/* --- Tiles ------------------------------------------------------------------------------------ */

static void
test_names(void)
{
    static const struct {
        NskTileName name;
        const char *path;
    } known[] = {
        { { 0, 0, 256 }, "tile/0/000" },
        { { 1, 1234067, 256 }, "tile/1/x001/x234/067" },
        { { 0, 1000, 7 }, "tile/0/x001/000.p/7" },
        { { NSK_TILE_ENTRIES, 273, 255 }, "tile/entries/273.p/255" },
    };
    static const char *const wrong[] = {
        "tile/0/0",      "tile/0/1000",     "tile/0/x001/x002", "tile/8/000",
        "tile/00/000",   "tile/0/000.p/0",  "tile/0/000.p/256", "tile/0/000.p/07",
        "tile/0/000/",   "tile/0/x000/001", "tile/0/../000",    "/tile/0/000",
        "tile/data/000", "tile/0/000.p/",   "tile/0/",          "",
        "tile/0/ 01",    "tile/0/+01",      "tile/-1/000",
    };
    NskTileName name;

    for (size_t i = 0; i < G_N_ELEMENTS(known); i++) {
        g_autofree char *path = nsk_tile_path(&known[i].name);

        g_assert_cmpstr(path, ==, known[i].path);
        g_assert_true(nsk_tile_path_parse(path, &name));
        g_assert_cmpint(name.level, ==, known[i].name.level);
        g_assert_cmpuint(name.n, ==, known[i].name.n);
        g_assert_cmpuint(name.width, ==, known[i].name.width);
    }
    for (size_t i = 0; i < G_N_ELEMENTS(wrong); i++)
        g_assert_false(nsk_tile_path_parse(wrong[i], &name));
}

static void
test_bundle(void)
{
    g_autoptr(GByteArray) bundle = g_byte_array_new();
    const uint8_t *entry;
    size_t size, offset = 0;

    nsk_tile_add_entry(bundle, "satu", 4);
    nsk_tile_add_entry(bundle, "", 0);
    nsk_tile_add_entry(bundle, "dua", 3);
    g_assert_true(nsk_tile_next_entry(bundle->data, bundle->len, &offset, &entry, &size));
    g_assert_cmpmem(entry, size, "satu", 4);
    g_assert_true(nsk_tile_next_entry(bundle->data, bundle->len, &offset, &entry, &size));
    g_assert_cmpuint(size, ==, 0);
    /* one byte short */
    size_t kept = offset;
    g_assert_false(nsk_tile_next_entry(bundle->data, bundle->len - 1, &offset, &entry, &size));
    g_assert_cmpuint(offset, ==, kept);
    g_assert_true(nsk_tile_next_entry(bundle->data, bundle->len, &offset, &entry, &size));
    g_assert_cmpmem(entry, size, "dua", 3);
    g_assert_false(nsk_tile_next_entry(bundle->data, bundle->len, &offset, &entry, &size));
    g_assert_cmpuint(offset, ==, bundle->len);
}

static void
remove_tree(const char *path)
{
    const char *name;
    g_autoptr(GDir) dir = g_dir_open(path, 0, NULL);

    while (dir != NULL && (name = g_dir_read_name(dir)) != NULL) {
        g_autofree char *inner = g_build_filename(path, name, NULL);
        remove_tree(inner);
    }
    (void)g_remove(path);
}

/* Writes the tiles of a tree of @plain->n leaves. */
static void
write_tiles(NskTiles *tiles, Plain *plain)
{
    size_t n = plain->n;

    for (int level = 0; n > 0; level++, n /= NSK_TILE_WIDTH) {
        for (size_t at = 0; at < n; at += NSK_TILE_WIDTH) {
            NskHash hashes[NSK_TILE_WIDTH];
            NskTileName name = { level, at / NSK_TILE_WIDTH,
                                 (unsigned)MIN(n - at, NSK_TILE_WIDTH) };

            for (size_t i = 0; i < name.width; i++)
                g_assert_true(plain_node(plain, (unsigned)(8 * level), at + i, &hashes[i], NULL));
            g_assert_true(nsk_tiles_write(tiles, &name, hashes, NULL));
        }
    }
}

/* What tiles give is what the tree has, also while it was smaller. */
static void
test_files(void)
{
    g_autofree char *folder = g_dir_make_tmp("naskah-tiles-XXXXXX", NULL);
    g_autofree Plain *plain = plain_new(MOST_PLAIN);
    g_autoptr(NskTiles) tiles = nsk_tiles_new(folder);
    g_autoptr(GError) error = NULL;
    NskTreeSource source = nsk_tiles_source(tiles);
    NskHash root = plain_root(plain->leaves, plain->n);
    NskTreeProof proof;

    write_tiles(tiles, plain);
    nsk_tiles_set_size(tiles, plain->n);
    for (size_t i = 0; i < plain->n; i++) {
        g_assert_true(nsk_tree_prove_leaf(&source, i, plain->n, &proof, &error));
        g_assert_true(nsk_tree_check_leaf(&proof, &plain->leaves[i], i, plain->n, &root));
    }
    NskHash before = plain_root(plain->leaves, 512);
    g_assert_true(nsk_tree_prove_growth(&source, 512, plain->n, &proof, &error));
    g_assert_true(nsk_tree_check_growth(&proof, 512, &before, plain->n, &root));
    g_assert_false(nsk_tree_prove_leaf(&source, 0, plain->n + 1, &proof, &error));
    g_clear_error(&error);
    g_autoptr(NskTiles) fresh = nsk_tiles_new(folder);
    nsk_tiles_remove(fresh, &(NskTileName){ 0, 0, NSK_TILE_WIDTH });
    nsk_tiles_set_size(fresh, plain->n);
    source = nsk_tiles_source(fresh);
    g_assert_false(nsk_tree_prove_leaf(&source, 1, plain->n, &proof, &error));
    g_assert_error(error, NSK_ERROR, NSK_ERROR_NOT_FOUND);
    remove_tree(folder);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/tree/roots", test_roots);
    g_test_add_func("/tree/known-path", test_known_path);
    g_test_add_func("/tree/leaves", test_leaves);
    g_test_add_func("/tree/growth", test_growth);
    g_test_add_func("/tree/edge", test_edge);
    g_test_add_func("/tile/names", test_names);
    g_test_add_func("/tile/bundle", test_bundle);
    g_test_add_func("/tile/files", test_files);
    return g_test_run();
}
