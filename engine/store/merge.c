/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Merging small packs of a repository into one.
 *
 * An object is copied as it lies in its pack (gitformat-pack(5)), so that nothing is deflated
 * again; but it is inflated and hashed, and its bytes are compared with the CRC-32 of the index, so
 * that damage is not carried along.  A pack with deltas, which somebody else must have made, goes
 * through libgit2 instead.
 *
 * The new pack is durable before the old ones go; a kill between leaves objects twice, which git
 * does not mind, and the next merge removes them.
 */
#define ZLIB_CONST /* zlib.h: input is const */
#include "base/fault.h"
#include "base/limits.h"
#include "base/message.h"
#include "store/git.h"
#include "store/store-private.h"

#include <string.h>
#include <zlib.h>

#define OBJECT_LIMIT ((size_t)NSK_LIMIT_OBJECT_SIZE)
#define HEAD_SIZE    12 /* of a pack */
#define INDEX_HEAD   (8 + 4 * 256)
#define TRAILER_SIZE 20
#define BIG_OFFSET   0x80000000U

const NskPackBounds nsk_pack_bounds = { .most = 50,
                                        .big = (int64_t)64 * 1024 * 1024,
                                        .merged = (int64_t)128 * 1024 * 1024 };

/* A pack to be merged. */
typedef struct {
    GMappedFile *pack;
    GMappedFile *index;
} Source;

/* An object in one of them. */
typedef struct {
    git_oid oid;
    guint source;
    uint32_t crc;
    uint64_t offset;
    uint64_t end;
} Piece;

typedef struct {
    const char *folder;
    GArray *sources; /* Source */
    GArray *pieces;  /* Piece */
    z_stream inflate;
    GByteArray *content;
    bool foreign; /* a pack has objects of another form than ours */
} Merge;

static bool
damaged(const Merge *self, GError **error)
{
    g_set_error(error, NSK_ERROR, NSK_ERROR_CORRUPT,
                nsk_tr("a pack in '%s' is damaged: it is made anew"), self->folder);
    return false;
}

static void
clear_source(gpointer data)
{
    Source *source = data;

    g_clear_pointer(&source->pack, g_mapped_file_unref);
    g_clear_pointer(&source->index, g_mapped_file_unref);
}

static void
merge_clear(Merge *self)
{
    g_array_unref(self->sources);
    g_array_unref(self->pieces);
    g_byte_array_unref(self->content);
    if (self->inflate.state != NULL)
        (void)inflateEnd(&self->inflate);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Merge, merge_clear)

static GMappedFile *
map_file(const Merge *self, const char *name, const char *suffix, GError **error)
{
    g_autoptr(GError) fault = NULL;
    g_autofree char *path = g_strconcat(self->folder, "/", name, suffix, NULL);
    GMappedFile *file = g_mapped_file_new(path, FALSE, &fault);

    if (file == NULL)
        g_set_error(error, NSK_ERROR, NSK_ERROR_IO, nsk_tr("cannot read a pack: %s"),
                    fault->message);
    return file;
}

static uint32_t
read_u32(const uint8_t *at)
{
    uint32_t value;

    memcpy(&value, at, sizeof value);
    return GUINT32_FROM_BE(value);
}

/* Number of objects of the index, whose tables then fit into its @size; or 0. */
static uint32_t
count_objects(const uint8_t *index, size_t size)
{
    static const uint8_t magic[] = { 0xff, 't', 'O', 'c', 0, 0, 0, 2 };

    if (size < INDEX_HEAD || memcmp(index, magic, sizeof magic) != 0)
        return 0;
    uint32_t n = read_u32(index + INDEX_HEAD - 4);
    return size >= INDEX_HEAD + (uint64_t)n * 28 + 2 * TRAILER_SIZE ? n : 0;
}

/* Where the object @i of an index of @n lies; UINT64_MAX if the index is not well formed. */
static uint64_t
read_offset(const uint8_t *index, size_t size, uint32_t n, uint32_t i)
{
    uint64_t offsets = INDEX_HEAD + (uint64_t)n * 24;
    uint32_t offset = read_u32(index + offsets + (uint64_t)i * 4);

    if (offset < BIG_OFFSET)
        return offset;
    uint64_t big = offsets + (uint64_t)n * 4 + (uint64_t)(offset - BIG_OFFSET) * 8;
    if (big + 8 + 2 * TRAILER_SIZE > size)
        return UINT64_MAX;
    return (uint64_t)read_u32(index + big) << 32 | read_u32(index + big + 4);
}

static int
compare_places(const void *a, const void *b)
{
    const Piece *left = a;
    const Piece *right = b;

    if (left->source != right->source)
        return left->source < right->source ? -1 : 1;
    return (left->offset > right->offset) - (left->offset < right->offset);
}

static int
compare_oids(const void *a, const void *b)
{
    int order = nsk_oid_cmp(&((const Piece *)a)->oid, &((const Piece *)b)->oid);

    return order != 0 ? order : compare_places(a, b);
}

/* Says where each piece from @first on ends: where the next one, or the trailer, begins. */
static bool
find_ends(Merge *self, guint first, uint64_t pack_size)
{
    uint64_t end = pack_size - TRAILER_SIZE;

    for (guint i = self->pieces->len; i > first; i--) {
        Piece *piece = &g_array_index(self->pieces, Piece, i - 1);

        if (piece->offset < HEAD_SIZE || piece->offset >= end)
            return false;
        piece->end = end;
        end = piece->offset;
    }
    return end == HEAD_SIZE;
}

/* Adds the pieces of the pack @name. */
static bool
add_source(Merge *self, const char *name, GError **error)
{
    Source source = { map_file(self, name, ".pack", error), NULL };
    guint first = self->pieces->len;

    if (source.pack == NULL)
        return false;
    source.index = map_file(self, name, ".idx", error);
    g_array_append_val(self->sources, source);
    if (source.index == NULL)
        return false;
    const uint8_t *index = (const uint8_t *)g_mapped_file_get_contents(source.index);
    size_t index_size = g_mapped_file_get_length(source.index);
    size_t pack_size = g_mapped_file_get_length(source.pack);
    uint32_t n = count_objects(index, index_size);
    if (n == 0 || pack_size < HEAD_SIZE + TRAILER_SIZE)
        return damaged(self, error);
    for (uint32_t i = 0; i < n; i++) {
        Piece piece = { .source = self->sources->len - 1 };

        memcpy(piece.oid.id, index + INDEX_HEAD + (size_t)i * GIT_OID_RAWSZ, GIT_OID_RAWSZ);
        piece.crc = read_u32(index + INDEX_HEAD + (size_t)n * GIT_OID_RAWSZ + (size_t)i * 4);
        piece.offset = read_offset(index, index_size, n, i);
        g_array_append_val(self->pieces, piece);
    }
    qsort(&g_array_index(self->pieces, Piece, first), n, sizeof(Piece), compare_places);
    return find_ends(self, first, pack_size) || damaged(self, error);
}

/* Takes out all but the first of those that are there more than once. */
static void
drop_doubles(GArray *pieces)
{
    guint kept = 0;

    g_array_sort(pieces, compare_oids);
    for (guint i = 0; i < pieces->len; i++) {
        const Piece *piece = &g_array_index(pieces, Piece, i);

        if (kept > 0 && nsk_oid_equal(&piece->oid, &g_array_index(pieces, Piece, kept - 1).oid))
            continue;
        g_array_index(pieces, Piece, kept++) = *piece;
    }
    g_array_set_size(pieces, kept);
    g_array_sort(pieces, compare_places);
}

/* Reads type and size; returns how many bytes they take, or 0. */
static size_t
read_head(const uint8_t *at, size_t size, git_object_t *out_kind, size_t *out_size)
{
    size_t used = 1;
    unsigned shift = 4;

    *out_kind = (git_object_t)(at[0] >> 4 & 7);
    *out_size = at[0] & 0x0f;
    while (used <= size && (at[used - 1] & 0x80) != 0) {
        if (used == size || shift > 28)
            return 0;
        *out_size |= (size_t)(at[used++] & 0x7f) << shift;
        shift += 7;
    }
    return used;
}

/* Inflates @packed, which must give exactly @size bytes and then end. */
static bool
inflate_piece(Merge *self, const uint8_t *packed, size_t packed_size, size_t size)
{
    z_stream *stream = &self->inflate;

    if (inflateReset(stream) != Z_OK)
        return false;
    g_byte_array_set_size(self->content, (guint)size + 1);
    stream->next_in = packed;
    stream->avail_in = (uInt)packed_size;
    stream->next_out = self->content->data;
    stream->avail_out = (uInt)size + 1; /* one more, to see that there is no more */
    return inflate(stream, Z_FINISH) == Z_STREAM_END && stream->total_out == size &&
           stream->avail_in == 0;
}

/* Whether the piece at @data is the object that the index calls it. */
static bool
check_piece(Merge *self, const Piece *piece, const uint8_t *data, GError **error)
{
    git_object_t kind;
    size_t size;
    git_oid oid;
    size_t packed_size = piece->end - piece->offset;
    size_t used = read_head(data, packed_size, &kind, &size);

    if (used == 0 || size > OBJECT_LIMIT || packed_size > 2 * OBJECT_LIMIT)
        return damaged(self, error);
    self->foreign = self->foreign || kind < GIT_OBJECT_COMMIT || kind > GIT_OBJECT_BLOB;
    if (self->foreign || !inflate_piece(self, data + used, packed_size - used, size))
        return damaged(self, error);
    g_autoptr(GBytes) content = g_bytes_new_static(self->content->data, size);
    nsk_git_hash(kind, content, &oid);
    return nsk_oid_equal(&oid, &piece->oid) || damaged(self, error);
}

/* Copies all pieces into one pack. */
static char *
copy_pieces(Merge *self, GError **error)
{
    char *name = NULL;
    g_autoptr(NskPack) pack = nsk_pack_open(self->folder, self->pieces->len, error);

    if (pack == NULL)
        return NULL;
    for (guint i = 0; i < self->pieces->len; i++) {
        const Piece *piece = &g_array_index(self->pieces, Piece, i);
        const Source *source = &g_array_index(self->sources, Source, piece->source);
        const uint8_t *data =
            (const uint8_t *)g_mapped_file_get_contents(source->pack) + piece->offset;
        g_autoptr(GBytes) packed = g_bytes_new_static(data, piece->end - piece->offset);

        if (!check_piece(self, piece, data, error) ||
            !nsk_pack_add_packed(pack, &piece->oid, packed, piece->crc, error))
            return NULL;
    }
    return nsk_pack_finish(pack, &name, error) ? name : NULL;
}

/* As copy_pieces(), but every object is read by libgit2 and packed again. */
static char *
repack_pieces(Merge *self, git_odb *odb, GError **error)
{
    char *name = NULL;
    g_autoptr(NskPack) pack = nsk_pack_open(self->folder, self->pieces->len, error);

    for (guint i = 0; pack != NULL && i < self->pieces->len; i++) {
        git_odb_object *object = NULL;
        const git_oid *oid = &g_array_index(self->pieces, Piece, i).oid;

        if (!nsk_git_check(nsk_git.odb_read(&object, odb, oid), N_("read an object of a pack"),
                           error))
            return NULL;
        NskPackItem item = { .oid = *oid,
                             .kind = nsk_git.odb_object_type(object),
                             .data = nsk_git.odb_object_data(object),
                             .size = nsk_git.odb_object_size(object) };
        bool ok = nsk_pack_add(pack, &item, error);
        nsk_git.odb_object_free(object);
        if (!ok)
            return NULL;
    }
    return pack != NULL && nsk_pack_finish(pack, &name, error) ? name : NULL;
}

/* A reader of the packs @names alone; freed with git_odb_free(). */
static git_odb *
open_packs(const char *folder, const GPtrArray *names, GError **error)
{
    git_odb *odb = NULL;
    int rc;

    if (!nsk_git_init(error))
        return NULL;
    rc = nsk_git.odb_new(&odb);
    for (guint i = 0; rc == 0 && i < names->len; i++) {
        git_odb_backend *backend = NULL;
        g_autofree char *index =
            g_strconcat(folder, "/", (const char *)names->pdata[i], ".idx", NULL);

        rc = nsk_git.odb_backend_one_pack(&backend, index);
        if (rc == 0)
            rc = nsk_git.odb_add_backend(odb, backend, 1);
    }
    if (nsk_git_check(rc, N_("open the packs of a repository"), error))
        return odb;
    nsk_git.odb_free(odb);
    return NULL;
}

/* Writes the packs @names as one; returns its name. */
static char *
write_merged(const char *folder, const GPtrArray *names, GError **error)
{
    g_autoptr(GError) fault = NULL;
    g_auto(Merge) merge = { .folder = folder };

    merge.sources = g_array_new(FALSE, FALSE, sizeof(Source));
    g_array_set_clear_func(merge.sources, clear_source);
    merge.pieces = g_array_new(FALSE, FALSE, sizeof(Piece));
    merge.content = g_byte_array_new();
    for (guint i = 0; i < names->len; i++) {
        if (!add_source(&merge, names->pdata[i], error))
            return NULL;
    }
    drop_doubles(merge.pieces);
    if (inflateInit(&merge.inflate) != Z_OK) {
        g_set_error_literal(error, NSK_ERROR, NSK_ERROR_IO, nsk_tr("cannot start to inflate"));
        return NULL;
    }
    char *name = copy_pieces(&merge, &fault);
    if (name == NULL && !merge.foreign)
        g_propagate_error(error, g_steal_pointer(&fault));
    if (name != NULL || !merge.foreign)
        return name;
    git_odb *odb = open_packs(folder, names, error);
    if (odb == NULL)
        return NULL;
    name = repack_pieces(&merge, odb, error);
    nsk_git.odb_free(odb);
    return name;
}

/* The packs to merge: of the first @n, so many that those left grow by halves, within the bounds.
 */
static guint
count_small(const GArray *packs, guint n, const NskPackBounds *bounds)
{
    int64_t total = 0;
    guint within = 0;

    for (guint i = 0; i < n; i++)
        total += g_array_index(packs, NskPackFile, i).size;
    for (; n > 0; n--) {
        int64_t size = g_array_index(packs, NskPackFile, n - 1).size;

        if (size < 2 * (total - size))
            break;
        total -= size;
    }
    total = 0;
    for (; within < n; within++) {
        total += g_array_index(packs, NskPackFile, within).size;
        if (within >= 2 && total > bounds->merged)
            break;
    }
    return within;
}

bool
nsk_repository_merge_packs(const char *path, const NskPackBounds *bounds, GError **error)
{
    guint n = 0;
    g_autoptr(GPtrArray) keep = g_ptr_array_new_with_free_func(g_free);
    g_autoptr(GPtrArray) names = g_ptr_array_new();
    g_autofree char *folder = g_build_filename(path, "objects/pack", NULL);
    g_autoptr(GArray) packs = nsk_repository_list_packs(path, error);

    if (packs == NULL)
        return false;
    while (n < packs->len && g_array_index(packs, NskPackFile, n).size < bounds->big)
        n++;
    guint small = n > bounds->most ? count_small(packs, n, bounds) : 0;
    for (guint i = 0; i < small; i++)
        g_ptr_array_add(names, g_array_index(packs, NskPackFile, i).name);
    if (names->len < 2)
        return true;
    char *merged = write_merged(folder, names, error);
    if (merged == NULL)
        return false;
    g_ptr_array_add(keep, merged);
    return NSK_FAULT("project.merge", error) && nsk_repository_drop_packs(path, names, keep, error);
}
