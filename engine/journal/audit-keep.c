/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * How far an audit is, in a file, so that it goes on after it was killed.
 *
 * The file: a line of JSON, then for each leaf of the log in two bytes the portion in which it was
 * read, counted from 1, or 0; then the HMAC-SHA-256 of both.
 *
 * WHAT IS SKIPPED, AND WHY IT MAY BE
 *   (1) A portion of letters in which nothing was wrong.  What was found is not kept: it is found
 *       again.
 *   (2) The file is sealed with the key that signs checkpoints: who can make one can sign a whole
 *       log of his own as well, which an audit passes too.  That he did is seen by comparing with
 *       what was kept elsewhere, and such an audit keeps nothing and skips nothing.
 *   (3) Leaves of what is skipped come from the tiles, and are those that were read: the file has
 *       their digest.  The tree over all leaves is built and compared each time.
 *   (4) A portion one of whose letters has got entries since is read again.
 *   (5) Everything is read again if the database is another file (a backup put back), if the log,
 *       the program or the rules of this file are others, and after a day.
 *   What was changed in a portion after it was read is not seen.  So an audit goes on only when it
 *   is told to, and tells since when it has read.
 */
#include "base/bytes.h"
#include "base/fault.h"
#include "base/json.h"
#include "base/message.h"
#include "journal/audit-private.h"

#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define RULES     1 /* one more with every change of what an audit looks at */
#define MOST_AGE  (24 * 3600 * (int64_t)G_USEC_PER_SEC)
#define MOST_SIZE ((size_t)4 << 30)
#define MODE      0600
#define UNREAD    -1

static const char sql_letters_since[] = "SELECT letter FROM journal_leaf WHERE leaf >= $1"
                                        " UNION SELECT letter FROM journal_pending";

void
nsk_audit_keep_init(NskAuditKeep *self,
                    const NskLogAudit *audit,
                    GPtrArray *bounds,
                    NskHash *leaves)
{
    *self = (NskAuditKeep){ .audit = audit,
                            .bounds = bounds,
                            .n = bounds->len + 1,
                            .leaves = leaves,
                            .since = audit->now };
    self->counts = g_new(int64_t, self->n);
    for (unsigned i = 0; i < self->n; i++)
        self->counts[i] = UNREAD;
    self->portions = g_new0(uint16_t, audit->state->tree.size + 1);
    g_mutex_init(&self->lock);
}

void
nsk_audit_keep_clear(NskAuditKeep *self)
{
    if (self->bounds == NULL)
        return;
    g_clear_pointer(&self->bounds, g_ptr_array_unref);
    g_clear_pointer(&self->counts, g_free);
    g_clear_pointer(&self->portions, g_free);
    g_mutex_clear(&self->lock);
}

/* --- What it is bound to ---------------------------------------------------------------------- */

static void
seal(const NskAuditKeep *self, const void *data, size_t size, uint8_t out[NSK_SHA256_SIZE])
{
    nsk_hmac_sha256(self->audit->seal, NSK_ED25519_KEY_SIZE, data, size, out);
}

/* Of the leaves that were read, in their order. */
static char *
digest_leaves(const NskAuditKeep *self, uint64_t size)
{
    uint8_t hash[NSK_SHA256_SIZE];
    g_autoptr(NskSha256) digest = nsk_sha256_new();

    for (uint64_t begin = 0, end; begin < size; begin = end) {
        /* as many as are read or not in a row */
        for (end = begin; end < size && !self->portions[end] == !self->portions[begin];)
            end++;
        if (self->portions[begin] != 0)
            nsk_sha256_add(digest, self->leaves + begin, (end - begin) * sizeof(NskHash));
    }
    nsk_sha256_finish(digest, hash);
    return nsk_hex(hash, sizeof hash);
}

/* What must be as it was for any of it to be skipped. */
static NskJson *
tell_binding(const NskAuditKeep *self)
{
    struct stat file = { 0 };
    NskJson *binding = nsk_json_object();

    (void)stat(self->audit->path, &file);
    nsk_json_set_int(binding, "rules", RULES);
    nsk_json_set_text(binding, "program", NSK_VERSION);
    nsk_json_set_text(binding, "log", self->audit->origin);
    nsk_json_set_int(binding, "device", (int64_t)file.st_dev);
    nsk_json_set_int(binding, "file", (int64_t)file.st_ino);
    return binding;
}

/* --- Writing ---------------------------------------------------------------------------------- */

static NskJson *
tell_state(const NskAuditKeep *self)
{
    NskJson *state = nsk_json_object(), *bounds = nsk_json_array(), *counts = nsk_json_array();
    g_autofree char *digest = digest_leaves(self, self->audit->state->tree.size);

    for (guint i = 0; i < self->bounds->len; i++)
        nsk_json_add_text(bounds, g_ptr_array_index(self->bounds, i));
    for (unsigned i = 0; i < self->n; i++) {
        NskJson *count = nsk_json_object();

        nsk_json_set_int(count, "n", self->counts[i]);
        nsk_json_add(counts, count);
    }
    nsk_json_set(state, "binding", tell_binding(self));
    nsk_json_set_int(state, "size", (int64_t)self->audit->state->tree.size);
    nsk_json_set_int(state, "since", self->since);
    nsk_json_set_text(state, "leaves", digest);
    nsk_json_set(state, "bounds", bounds);
    nsk_json_set(state, "counts", counts);
    return state;
}

static bool
write_file(const NskAuditKeep *self, GError **error)
{
    uint8_t mark[NSK_SHA256_SIZE];
    g_autoptr(NskJson) state = tell_state(self);
    g_autofree char *line = nsk_json_canonical(state);
    g_autoptr(GByteArray) file = g_byte_array_new();

    g_byte_array_append(file, (const uint8_t *)line, (guint)strlen(line));
    g_byte_array_append(file, (const uint8_t *)"\n", 1);
    g_byte_array_append(file, (const uint8_t *)self->portions,
                        (guint)(self->audit->state->tree.size * sizeof *self->portions));
    seal(self, file->data, file->len, mark);
    g_byte_array_append(file, mark, sizeof mark);
    return nsk_file_write(self->audit->keep, file->data, file->len, MODE, error) &&
           NSK_FAULT("audit-kept", error);
}

void
nsk_audit_keep_portion(NskAuditKeep *self, unsigned portion, const GArray *places, int64_t entries)
{
    g_autoptr(GMutexLocker) locker = g_mutex_locker_new(&self->lock);

    for (guint i = 0; i < places->len; i++)
        self->portions[g_array_index(places, uint64_t, i)] = (uint16_t)(portion + 1);
    self->counts[portion] = entries;
    self->entries += entries;
    if (self->audit->keep == NULL || self->entries - self->kept < self->audit->every)
        return;
    self->kept = self->entries;
    /* in a folder that is only to be read, an audit is made as well */
    (void)write_file(self, NULL);
}

void
nsk_audit_keep_end(NskAuditKeep *self)
{
    if (self->audit->keep != NULL)
        (void)unlink(self->audit->keep);
}

/* --- Going on --------------------------------------------------------------------------------- */

/* What the file says, if it is sealed; *out_portions points into it. */
static NskJson *
read_state(const NskAuditKeep *self, GBytes *bytes, const uint8_t **out_portions, size_t *out_n)
{
    size_t size;
    uint8_t mark[NSK_SHA256_SIZE];
    const uint8_t *data = g_bytes_get_data(bytes, &size);

    if (size <= sizeof mark)
        return NULL;
    size -= sizeof mark;
    seal(self, data, size, mark);
    const uint8_t *end = memchr(data, '\n', size);
    if (!nsk_equal_secret(mark, data + size, sizeof mark) || end == NULL)
        return NULL;
    *out_portions = end + 1;
    *out_n = (size - (size_t)(end + 1 - data)) / sizeof(uint16_t);
    return nsk_json_parse((const char *)data, (size_t)(end - data), NULL);
}

/* Whether it is of this log, this program and this day. */
static bool
is_bound(const NskAuditKeep *self, const NskJson *state, size_t n)
{
    int64_t since = nsk_json_get_int(state, "since", 0), now = self->audit->now;
    g_autoptr(NskJson) binding = tell_binding(self);
    g_autofree char *mine = nsk_json_canonical(binding);
    g_autofree char *theirs = nsk_json_canonical(nsk_json_get(state, "binding"));

    return strcmp(mine, theirs) == 0 && since <= now && now - since <= MOST_AGE &&
           nsk_json_get_int(state, "size", -1) == (int64_t)n && n <= self->audit->state->tree.size;
}

static void
take_state(NskAuditKeep *self, const NskJson *state, const uint8_t *portions, size_t n)
{
    const NskJson *bounds = nsk_json_get(state, "bounds"), *counts = nsk_json_get(state, "counts");

    g_ptr_array_set_size(self->bounds, 0);
    for (size_t i = 0; i < nsk_json_length(bounds); i++)
        g_ptr_array_add(self->bounds, g_strdup(nsk_json_text_at(bounds, i)));
    self->n = self->bounds->len + 1;
    g_free(self->counts);
    self->counts = g_new(int64_t, self->n);
    for (unsigned i = 0; i < self->n; i++)
        self->counts[i] = nsk_json_get_int(nsk_json_at(counts, i), "n", UNREAD);
    if (n > 0)
        memcpy(self->portions, portions, n * sizeof *self->portions);
    self->since = nsk_json_get_int(state, "since", 0);
}

/* Leaves that were read are in the tiles. */
static bool
read_leaves(NskAuditKeep *self, uint64_t size)
{
    g_autoptr(NskTiles) tiles = nsk_tiles_new(self->audit->folder);

    nsk_tiles_set_size(tiles, self->audit->state->tree.size);
    for (uint64_t at = 0; at < size; at += NSK_TILE_WIDTH) {
        NskHash hashes[NSK_TILE_WIDTH];
        NskTileName name = { 0, at / NSK_TILE_WIDTH,
                             (unsigned)MIN(self->audit->state->tree.size - at, NSK_TILE_WIDTH) };

        if (!nsk_tiles_read(tiles, &name, hashes, NULL))
            return false;
        for (unsigned i = 0; i < name.width; i++) {
            if (self->portions[at + i] != 0)
                self->leaves[at + i] = hashes[i];
        }
    }
    return true;
}

/* Which portion a letter is in. */
static unsigned
find_portion(const NskAuditKeep *self, const char *letter)
{
    unsigned low = 0, high = self->bounds->len;

    while (low < high) {
        unsigned middle = (low + high) / 2;

        if (strcmp(letter, g_ptr_array_index(self->bounds, middle)) < 0)
            high = middle;
        else
            low = middle + 1;
    }
    return low;
}

/* Portions that have got entries are not read any more. */
static bool
drop_changed(NskAuditKeep *self, NskDbTxn *txn, uint64_t size, GError **error)
{
    g_autoptr(GPtrArray) letters =
        nsk_db_list_texts(txn, sql_letters_since, NSK_DB_PARAMS(NSK_DB_INT((int64_t)size)), error);

    for (guint i = 0; letters != NULL && i < letters->len; i++)
        self->counts[find_portion(self, g_ptr_array_index(letters, i))] = UNREAD;
    for (uint64_t i = 0; letters != NULL && i < size; i++) {
        if (self->portions[i] != 0 && self->counts[self->portions[i] - 1] == UNREAD) {
            self->portions[i] = 0;
            self->leaves[i] = (NskHash){ 0 };
        }
    }
    return letters != NULL;
}

/* As if there had been no file. */
static void
forget(NskAuditKeep *self)
{
    memset(self->portions, 0, self->audit->state->tree.size * sizeof *self->portions);
    memset(self->leaves, 0, self->audit->state->tree.size * sizeof *self->leaves);
    for (unsigned i = 0; i < self->n; i++)
        self->counts[i] = UNREAD;
    self->since = self->audit->now;
}

bool
nsk_audit_keep_load(NskAuditKeep *self, NskDbTxn *txn, GError **error)
{
    size_t n = 0;
    const uint8_t *portions = NULL;
    g_autoptr(GBytes) bytes = nsk_file_read(self->audit->keep, MOST_SIZE, NULL);
    g_autoptr(NskJson) state = bytes != NULL ? read_state(self, bytes, &portions, &n) : NULL;

    if (state == NULL || self->audit->folder == NULL || !is_bound(self, state, n))
        return true;
    take_state(self, state, portions, n);
    g_autofree char *digest = read_leaves(self, n) ? digest_leaves(self, n) : NULL;
    if (g_strcmp0(digest, nsk_json_get_text(state, "leaves")) != 0) {
        forget(self);
        return true;
    }
    if (!drop_changed(self, txn, n, error))
        return false;
    for (unsigned i = 0; i < self->n; i++)
        self->entries += MAX(self->counts[i], 0);
    self->kept = self->skipped = self->entries;
    return true;
}
