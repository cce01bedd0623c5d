/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Tiles: names, bundles of entries, and the files themselves.
 *
 * The last tile of each level that was read is kept: a proof asks several hashes of one tile.
 */
#include "journal/tile.h"

#include "base/bytes.h"
#include "base/message.h"

#include <errno.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define MOST_PATH 64

/* --- Names ------------------------------------------------------------------------------------ */

/* N in groups of three digits. */
static void
append_number(GString *out, uint64_t n)
{
    if (n >= 1000) {
        uint64_t high = n / 1000;
        GString *head = g_string_new(NULL);

        append_number(head, high);
        /* the last group of what stands before gets its mark too */
        char *slash = strrchr(head->str, '/');
        gssize at = slash != NULL ? slash + 1 - head->str : 0;
        g_string_insert_c(head, at, 'x');
        g_string_append_printf(out, "%s/", head->str);
        (void)g_string_free(head, TRUE);
    }
    g_string_append_printf(out, "%03u", (unsigned)(n % 1000));
}

char *
nsk_tile_path(const NskTileName *name)
{
    GString *out = g_string_new("tile/");

    if (name->level == NSK_TILE_ENTRIES)
        g_string_append(out, "entries/");
    else
        g_string_append_printf(out, "%d/", name->level);
    append_number(out, name->n);
    if (name->width < NSK_TILE_WIDTH)
        g_string_append_printf(out, ".p/%u", name->width);
    return g_string_free(out, FALSE);
}

/* Reads what is written before a character of @ends, or the end. */
static bool
read_number(const char **at, const char *ends, uint64_t *out)
{
    char *end = NULL;

    if (!g_ascii_isdigit(**at))
        return false;
    *out = g_ascii_strtoull(*at, &end, 10);
    *at = end;
    return *end == '\0' || strchr(ends, *end) != NULL;
}

/* Whether it is a name is told by writing it again. */
bool
nsk_tile_path_parse(const char *path, NskTileName *out)
{
    NskTileName name = { NSK_TILE_ENTRIES, 0, NSK_TILE_WIDTH };
    uint64_t number;
    const char *at = path;

    if (strlen(path) > MOST_PATH || !g_str_has_prefix(at, "tile/"))
        return false;
    at += strlen("tile/");
    if (g_str_has_prefix(at, "entries/")) {
        at += strlen("entries/");
    } else {
        if (!read_number(&at, "/", &number) || *at++ != '/' || number >= NSK_TILE_LEVELS)
            return false;
        name.level = (int)number;
    }
    for (bool more = true; more;) {
        more = *at == 'x';
        at += more ? 1 : 0;
        if (!read_number(&at, "/.", &number) || number > 999 || (more && *at++ != '/') ||
            name.n > NSK_TREE_MOST_SIZE / 1000)
            return false;
        name.n = name.n * 1000 + number;
    }
    if (g_str_has_prefix(at, ".p/")) {
        at += strlen(".p/");
        if (!read_number(&at, "", &number) || number == 0 || number >= NSK_TILE_WIDTH)
            return false;
        name.width = (unsigned)number;
    }
    g_autofree char *again = nsk_tile_path(&name);
    if (strcmp(again, path) != 0)
        return false;
    *out = name;
    return true;
}

NskHash
nsk_tile_root(const NskHash *hashes, size_t n)
{
    if (n == 1)
        return hashes[0];
    NskHash left = nsk_tile_root(hashes, n / 2);
    NskHash right = nsk_tile_root(hashes + n / 2, n / 2);
    return nsk_tree_node(&left, &right);
}

/* --- Entries ---------------------------------------------------------------------------------- */

bool
nsk_tile_next_entry(const uint8_t *bundle,
                    size_t size,
                    size_t *offset,
                    const uint8_t **out_entry,
                    size_t *out_size)
{
    size_t left = size - *offset;

    if (left < 2)
        return false;
    size_t length = (size_t)bundle[*offset] << 8 | bundle[*offset + 1];
    if (length > left - 2)
        return false;
    *out_entry = bundle + *offset + 2;
    *out_size = length;
    *offset += 2 + length;
    return true;
}

void
nsk_tile_add_entry(GByteArray *bundle, const void *entry, size_t size)
{
    uint8_t length[2] = { (uint8_t)(size >> 8), (uint8_t)size };

    g_return_if_fail(size <= UINT16_MAX);
    g_byte_array_append(bundle, length, sizeof length);
    g_byte_array_append(bundle, entry, (guint)size);
}

/* --- Files ------------------------------------------------------------------------------------ */

typedef struct {
    uint64_t n;
    unsigned width; /* 0: none is kept */
    NskHash hashes[NSK_TILE_WIDTH];
} Kept;

struct _NskTiles {
    char *folder;
    uint64_t size;
    bool has_edge;
    NskTree edge;
    NskTilesMissing missing;
    void *data;
    GDestroyNotify release;
    Kept kept[NSK_TILE_LEVELS];
};

NskTiles *
nsk_tiles_new(const char *folder)
{
    NskTiles *self = g_new0(NskTiles, 1);

    self->folder = g_strdup(folder);
    self->size = NSK_TREE_MOST_SIZE;
    return self;
}

void
nsk_tiles_free(NskTiles *self)
{
    if (self == NULL)
        return;
    if (self->release != NULL)
        self->release(self->data);
    g_free(self->folder);
    g_free(self);
}

void
nsk_tiles_set_missing(NskTiles *self, NskTilesMissing missing, void *data, GDestroyNotify release)
{
    self->missing = missing;
    self->data = data;
    self->release = release;
}

void
nsk_tiles_set_size(NskTiles *self, uint64_t size)
{
    self->size = size;
    self->has_edge = false;
}

void
nsk_tiles_set_tree(NskTiles *self, const NskTree *tree)
{
    self->size = tree->size;
    self->edge = *tree;
    self->has_edge = true;
}

static char *
path_of(const NskTiles *self, const NskTileName *name)
{
    g_autofree char *path = nsk_tile_path(name);

    return g_build_filename(self->folder, path, NULL);
}

/* Reads the file of exactly that name. */
static bool
read_file(NskTiles *self, const NskTileName *name, NskHash *out, size_t n, GError **error)
{
    g_autofree char *path = path_of(self, name);
    g_autoptr(GBytes) bytes = nsk_file_read(path, sizeof(NskHash) * NSK_TILE_WIDTH, error);

    if (bytes == NULL)
        return false;
    if (g_bytes_get_size(bytes) != sizeof(NskHash) * name->width) {
        g_set_error(error, NSK_ERROR, NSK_ERROR_CORRUPT,
                    nsk_tr("'%s' has %zu bytes where %zu were written"), path,
                    g_bytes_get_size(bytes), sizeof(NskHash) * name->width);
        return false;
    }
    memcpy(out, g_bytes_get_data(bytes, NULL), sizeof(NskHash) * n);
    return true;
}

/* The same from a tile that was written since: a partial one gives way to wider ones. */
static bool
read_wider(NskTiles *self, const NskTileName *name, NskHash *out)
{
    NskTileName wider = *name;

    while (++wider.width <= NSK_TILE_WIDTH) {
        if (read_file(self, &wider, out, name->width, NULL))
            return true;
    }
    return false;
}

bool
nsk_tiles_read(NskTiles *self, const NskTileName *name, NskHash *out, GError **error)
{
    Kept *kept = &self->kept[name->level];
    g_autoptr(GError) none = NULL;
    bool ok = kept->width >= name->width && kept->n == name->n;

    if (!ok) {
        kept->width = 0;
        kept->n = name->n;
        ok = read_file(self, name, kept->hashes, name->width, &none) ||
             (g_error_matches(none, NSK_ERROR, NSK_ERROR_NOT_FOUND) &&
              read_wider(self, name, kept->hashes));
        if (!ok && self->missing != NULL && g_error_matches(none, NSK_ERROR, NSK_ERROR_NOT_FOUND)) {
            g_clear_error(&none);
            ok = self->missing(self->data, name, kept->hashes, &none);
        }
    }
    if (!ok) {
        g_propagate_error(error, g_steal_pointer(&none));
        return false;
    }
    kept->width = MAX(kept->width, name->width);
    if (out != NULL)
        memcpy(out, kept->hashes, sizeof(NskHash) * name->width);
    return true;
}

/* How many hashes tile @n of @level has in the tree that is asked about. */
static unsigned
width_of(const NskTiles *self, int level, uint64_t n)
{
    uint64_t all = self->size >> (NSK_TILE_HEIGHT * level);
    uint64_t before = n * NSK_TILE_WIDTH;

    return all > before ? (unsigned)MIN(all - before, NSK_TILE_WIDTH) : 0;
}

static bool
read_node(void *data, unsigned level, uint64_t index, NskHash *out, GError **error)
{
    NskTiles *self = data;
    int tile_level = (int)(level / NSK_TILE_HEIGHT);
    unsigned above = level % NSK_TILE_HEIGHT;
    uint64_t first = index << above;
    uint64_t n = first / NSK_TILE_WIDTH;
    unsigned at = (unsigned)(first % NSK_TILE_WIDTH), count = 1U << above;
    NskTileName name = { tile_level, n, width_of(self, tile_level, n) };

    if (self->has_edge && (self->size >> level & 1) != 0 && index == (self->size >> level) - 1) {
        *out = self->edge.peaks[nsk_tree_peaks(self->size >> level) - 1];
        return true;
    }
    if (name.width < at + count) {
        g_set_error_literal(error, NSK_ERROR, NSK_ERROR_INVALID,
                            nsk_tr("the tree does not have so many entries"));
        return false;
    }
    if (!nsk_tiles_read(self, &name, NULL, error))
        return false;
    *out = nsk_tile_root(self->kept[tile_level].hashes + at, count);
    return true;
}

NskTreeSource
nsk_tiles_source(NskTiles *self)
{
    return (NskTreeSource){ read_node, self };
}

static bool
make_folder(const char *path, GError **error)
{
    if (g_mkdir_with_parents(path, 0700) == 0)
        return true;
    g_set_error(error, NSK_ERROR, NSK_ERROR_IO, nsk_tr("cannot make the folder '%s': %s"), path,
                nsk_reason(errno));
    return false;
}

bool
nsk_tiles_make_folder(NskTiles *self, GError **error)
{
    return make_folder(self->folder, error);
}

static bool
write_bytes(NskTiles *self, const NskTileName *name, const void *data, size_t size, GError **error)
{
    g_autofree char *path = path_of(self, name);
    g_autofree char *parent = g_path_get_dirname(path);

    return make_folder(parent, error) && nsk_file_write(path, data, size, 0600, error);
}

bool
nsk_tiles_write(NskTiles *self, const NskTileName *name, const NskHash *hashes, GError **error)
{
    return write_bytes(self, name, hashes, sizeof(NskHash) * name->width, error);
}

bool
nsk_tiles_write_entries(NskTiles *self,
                        const NskTileName *name,
                        const GByteArray *bundle,
                        GError **error)
{
    return write_bytes(self, name, bundle->data, bundle->len, error);
}

void
nsk_tiles_remove(NskTiles *self, const NskTileName *name)
{
    g_autofree char *path = path_of(self, name);

    (void)unlink(path);
}
