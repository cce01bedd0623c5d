/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Writing a pack and its index (gitformat-pack(5): pack version 2, index version 2), every object
 * whole, in one pass.
 *
 *   pack     "PACK", version, count; for each object type and size, then its zlib stream; SHA-1 of
 *            all that
 *   index    magic, version, fan-out of 256 counts, sorted oids, CRC-32 of each packed object,
 *            32-bit offsets (or, with the top bit, a place in a table of 64-bit ones), SHA-1 of the
 *            pack, SHA-1 of the index
 *
 * INVARIANTS
 *   (1) A pack gets its name only after its bytes are on the disk, its index only after that; a
 *       pack without an index is invisible to git.
 *   (2) The same objects in the same order give the same bytes, and so the same name.
 */
#define ZLIB_CONST /* zlib.h: input is const */
#include "base/bytes.h"
#include "base/fault.h"
#include "base/message.h"
#include "store/store-private.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zlib.h>

#define TEMPORARY    "tmp_nsk_XXXXXX"
#define BUFFER_SIZE  (256 * 1024)
#define CHUNK_SIZE   (64 * 1024)
#define LEVEL_FAST   1 /* of deflate */
#define LEVEL_STORE  0
#define FILE_MODE    0444
#define SHA1_SIZE    20
#define OFFSET_32BIT G_GUINT64_CONSTANT(0x80000000)

typedef struct {
    git_oid oid;
    uint32_t crc;
    uint64_t offset;
} IndexEntry;

struct _NskPack {
    char *folder;
    char *temporary; /* NULL once it has its name */
    int fd;
    uint32_t n;
    uint64_t offset;    /* bytes written so far */
    GByteArray *buffer; /* not yet handed to the system */
    GChecksum *sha1;
    z_stream deflate;
    GArray *index; /* IndexEntry */
};

bool
nsk_store_io_error(GError **error, const char *what, const char *path)
{
    int code = errno;

    g_set_error(error, NSK_ERROR, NSK_ERROR_IO, nsk_tr("cannot %s '%s': %s"), nsk_tr(what), path,
                nsk_reason(code));
    return false;
}

static bool
flush(NskPack *self, GError **error)
{
    if (!nsk_write_all(self->fd, self->buffer->data, self->buffer->len))
        return nsk_store_io_error(error, N_("write"), self->temporary);
    g_byte_array_set_size(self->buffer, 0);
    return true;
}

/* Adds bytes to the pack; *crc runs along (may be NULL). */
static bool
put(NskPack *self, const void *data, size_t size, uint32_t *crc, GError **error)
{
    g_byte_array_append(self->buffer, data, (guint)size);
    if (self->sha1 != NULL)
        g_checksum_update(self->sha1, data, (gssize)size);
    if (crc != NULL)
        *crc = (uint32_t)crc32(*crc, data, (uInt)size);
    self->offset += size;
    return self->buffer->len < BUFFER_SIZE || flush(self, error);
}

static void
put_u32(GByteArray *out, uint32_t value)
{
    uint32_t big = GUINT32_TO_BE(value);

    g_byte_array_append(out, (const guint8 *)&big, sizeof big);
}

NskPack *
nsk_pack_open(const char *folder, uint32_t n, GError **error)
{
    g_autoptr(NskPack) self = g_new0(NskPack, 1);
    uint32_t head[] = { GUINT32_TO_BE(0x5041434b), GUINT32_TO_BE(2), GUINT32_TO_BE(n) };

    self->folder = g_strdup(folder);
    self->temporary = g_build_filename(folder, TEMPORARY, NULL);
    self->n = n;
    self->buffer = g_byte_array_new();
    self->sha1 = g_checksum_new(G_CHECKSUM_SHA1);
    self->index = g_array_sized_new(FALSE, FALSE, sizeof(IndexEntry), n);
    self->fd = g_mkstemp_full(self->temporary, O_WRONLY | O_CLOEXEC, FILE_MODE);
    if (self->fd < 0) {
        (void)nsk_store_io_error(error, N_("create"), self->temporary);
        return NULL;
    }
    if (deflateInit(&self->deflate, LEVEL_FAST) != Z_OK) {
        g_set_error_literal(error, NSK_ERROR, NSK_ERROR_IO, nsk_tr("cannot start to deflate"));
        return NULL;
    }
    return put(self, head, sizeof head, NULL, error) ? g_steal_pointer(&self) : NULL;
}

/* Type and size: 4 bits of size in the first byte, then 7 in each. */
static bool
put_head(NskPack *self, const NskPackItem *item, uint32_t *crc, GError **error)
{
    uint8_t head[16];
    size_t used = 0;
    size_t rest = item->size >> 4;

    head[0] = (uint8_t)((unsigned)item->kind << 4 | (item->size & 0x0f));
    while (rest > 0) {
        head[used++] |= 0x80;
        head[used] = (uint8_t)(rest & 0x7f);
        rest >>= 7;
    }
    return put(self, head, used + 1, crc, error);
}

static bool
put_deflated(NskPack *self, const NskPackItem *item, uint32_t *crc, GError **error)
{
    static const uint8_t nothing[1] = { 0 };
    g_autofree uint8_t *chunk = g_malloc(CHUNK_SIZE);
    z_stream *stream = &self->deflate;
    int rc = deflateReset(stream);

    if (rc == Z_OK)
        rc = deflateParams(stream, item->plain ? LEVEL_STORE : LEVEL_FAST, Z_DEFAULT_STRATEGY);
    stream->next_in = item->size > 0 ? item->data : nothing;
    stream->avail_in = (uInt)item->size;
    while (rc == Z_OK) {
        stream->next_out = chunk;
        stream->avail_out = CHUNK_SIZE;
        rc = deflate(stream, Z_FINISH);
        /* no more room in the chunk is Z_OK or Z_BUF_ERROR, and no fault */
        if (rc == Z_BUF_ERROR && stream->avail_out == 0)
            rc = Z_OK;
        if (!put(self, chunk, CHUNK_SIZE - stream->avail_out, crc, error))
            return false;
    }
    if (rc == Z_STREAM_END)
        return true;
    g_set_error(error, NSK_ERROR, NSK_ERROR_IO, nsk_tr("cannot deflate an object (%d)"), rc);
    return false;
}

bool
nsk_pack_add(NskPack *self, const NskPackItem *item, GError **error)
{
    IndexEntry entry = { .oid = item->oid,
                         .crc = (uint32_t)crc32(0, NULL, 0),
                         .offset = self->offset };

    g_assert(self->index->len < self->n);
    if (!put_head(self, item, &entry.crc, error) || !put_deflated(self, item, &entry.crc, error))
        return false;
    g_array_append_val(self->index, entry);
    return true;
}

bool
nsk_pack_add_packed(NskPack *self, const git_oid *oid, GBytes *packed, uint32_t crc, GError **error)
{
    size_t size;
    const void *data = g_bytes_get_data(packed, &size);
    IndexEntry entry = { .oid = *oid, .crc = (uint32_t)crc32(0, NULL, 0), .offset = self->offset };

    g_assert(self->index->len < self->n);
    if (!put(self, data, size, &entry.crc, error))
        return false;
    g_array_append_val(self->index, entry);
    if (entry.crc == crc)
        return true;
    g_set_error(error, NSK_ERROR, NSK_ERROR_CORRUPT,
                nsk_tr("a pack in '%s' is damaged: it is made anew"), self->folder);
    return false;
}

static void
take_digest(GChecksum *sha1, uint8_t out[SHA1_SIZE])
{
    gsize size = SHA1_SIZE;

    g_checksum_get_digest(sha1, out, &size);
}

static int
compare_entries(const void *a, const void *b)
{
    return nsk_oid_cmp(&((const IndexEntry *)a)->oid, &((const IndexEntry *)b)->oid);
}

static void
index_fan_out(GByteArray *out, const GArray *index)
{
    guint at = 0;

    for (unsigned first = 0; first < 256; first++) {
        while (at < index->len && g_array_index(index, IndexEntry, at).oid.id[0] <= first)
            at++;
        put_u32(out, at);
    }
}

static void
index_offsets(GByteArray *out, const GArray *index)
{
    uint32_t n_big = 0;

    for (guint i = 0; i < index->len; i++) {
        uint64_t offset = g_array_index(index, IndexEntry, i).offset;

        put_u32(out, offset < OFFSET_32BIT ? (uint32_t)offset : (uint32_t)OFFSET_32BIT | n_big++);
    }
    for (guint i = 0; i < index->len; i++) {
        uint64_t offset = g_array_index(index, IndexEntry, i).offset;

        if (offset < OFFSET_32BIT)
            continue;
        put_u32(out, (uint32_t)(offset >> 32));
        put_u32(out, (uint32_t)offset);
    }
}

/* The bytes of the index of a pack whose trailer is @trailer. */
static GByteArray *
format_index(GArray *index, const uint8_t trailer[SHA1_SIZE])
{
    static const uint8_t head[] = { 0xff, 't', 'O', 'c', 0, 0, 0, 2 };
    uint8_t digest[SHA1_SIZE];
    GByteArray *out = g_byte_array_new();
    g_autoptr(GChecksum) sha1 = g_checksum_new(G_CHECKSUM_SHA1);

    g_array_sort(index, compare_entries);
    g_byte_array_append(out, head, sizeof head);
    index_fan_out(out, index);
    for (guint i = 0; i < index->len; i++)
        g_byte_array_append(out, g_array_index(index, IndexEntry, i).oid.id, GIT_OID_RAWSZ);
    for (guint i = 0; i < index->len; i++)
        put_u32(out, g_array_index(index, IndexEntry, i).crc);
    index_offsets(out, index);
    g_byte_array_append(out, trailer, SHA1_SIZE);
    g_checksum_update(sha1, out->data, (gssize)out->len);
    take_digest(sha1, digest);
    g_byte_array_append(out, digest, sizeof digest);
    return out;
}

/* Writes the trailer and gives the pack its name. */
static bool
finish_pack(NskPack *self, const uint8_t trailer[SHA1_SIZE], const char *path, GError **error)
{
    if (!put(self, trailer, SHA1_SIZE, NULL, error) || !flush(self, error))
        return false;
    if (fsync(self->fd) != 0)
        return nsk_store_io_error(error, N_("sync"), self->temporary);
    if (!NSK_FAULT("project.pack", error))
        return false;
    if (rename(self->temporary, path) != 0)
        return nsk_store_io_error(error, N_("rename"), self->temporary);
    g_clear_pointer(&self->temporary, g_free);
    return true;
}

bool
nsk_pack_finish(NskPack *self, char **out_name, GError **error)
{
    uint8_t trailer[SHA1_SIZE];

    g_assert(self->index->len == self->n);
    take_digest(self->sha1, trailer);
    g_clear_pointer(&self->sha1, g_checksum_free);
    g_autofree char *hex = nsk_hex(trailer, sizeof trailer);
    g_autofree char *pack = g_strdup_printf("%s/pack-%s.pack", self->folder, hex);
    g_autofree char *index = g_strdup_printf("%s/pack-%s.idx", self->folder, hex);
    if (!finish_pack(self, trailer, pack, error) || !NSK_FAULT("project.idx", error))
        return false;
    g_autoptr(GByteArray) bytes = format_index(self->index, trailer);
    if (!nsk_file_write(index, bytes->data, bytes->len, FILE_MODE, error))
        return false;
    *out_name = g_strdup_printf("pack-%s", hex);
    return true;
}

void
nsk_pack_free(NskPack *self)
{
    if (self == NULL)
        return;
    if (self->fd >= 0)
        (void)close(self->fd);
    if (self->fd >= 0 && self->temporary != NULL)
        (void)unlink(self->temporary);
    if (self->deflate.state != NULL)
        (void)deflateEnd(&self->deflate);
    g_clear_pointer(&self->sha1, g_checksum_free);
    g_byte_array_unref(self->buffer);
    g_array_unref(self->index);
    g_free(self->temporary);
    g_free(self->folder);
    g_free(self);
}
