/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Files that are ready to be stored: hashed and compressed, so that a change has no more to do than
 * to add a row.
 *
 * A file leans on the newest version of its name that the caller's snapshot shows.  That version
 * may have a successor by the time the file is stored; it stays a good base, since no object of a
 * history goes before the history does.
 */
#include "base/bytes.h"
#include "base/limits.h"
#include "base/message.h"
#include "crypto/crypto.h"
#include "store/store-private.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

struct _NskStoreBlob {
    char *letter;
    NskObject object;
    GBytes *content;    /* of the object */
    NskLargeFile large; /* what lies beside the database */
    bool is_large;      /* then the object is the text for it */
    int64_t n;          /* number of the object's row; 0 until it is stored */
};

static void
free_blob(gpointer data)
{
    NskStoreBlob *self = data;

    g_free(self->letter);
    nsk_object_clear(&self->object);
    g_bytes_unref(self->content);
}

NskStoreBlob *
nsk_store_blob_ref(NskStoreBlob *self)
{
    return g_atomic_rc_box_acquire(self);
}

void
nsk_store_blob_unref(NskStoreBlob *self)
{
    if (self != NULL)
        g_atomic_rc_box_release_full(self, free_blob);
}

void
nsk_store_blob_digest(const NskStoreBlob *self, uint8_t out_sha256[static NSK_SHA256_SIZE])
{
    size_t size;
    const void *data = g_bytes_get_data(self->content, &size);

    if (self->is_large)
        memcpy(out_sha256, self->large.sha256, sizeof self->large.sha256);
    else
        nsk_sha256(data, size, out_sha256);
}

uint64_t
nsk_store_blob_get_size(const NskStoreBlob *self)
{
    return self->is_large ? self->large.size : self->object.size;
}

const NskLargeFile *
nsk_blob_get_large(const NskStoreBlob *self)
{
    return self->is_large ? &self->large : NULL;
}

GBytes *
nsk_blob_get_content(const NskStoreBlob *self)
{
    return self->content;
}

int64_t
nsk_blob_get_number(const NskStoreBlob *self)
{
    return self->n;
}

void
nsk_blob_set_number(NskStoreBlob *self, int64_t n)
{
    self->n = n;
}

const NskObject *
nsk_blob_get_object(const NskStoreBlob *self)
{
    return &self->object;
}

const char *
nsk_blob_get_letter(const NskStoreBlob *self)
{
    return self->letter;
}

static const NskTreeEntry *
find_name(const GArray *tree, const char *name)
{
    for (guint i = 0; tree != NULL && i < tree->len; i++) {
        const NskTreeEntry *entry = &g_array_index(tree, NskTreeEntry, i);

        if (strcmp(entry->name, name) == 0)
            return entry;
    }
    return NULL;
}

/*
 * The version before, if a new one can lean on it; *out_found false if not.  One that is damaged is
 * none: the new version is then whole in itself.
 */
static bool
find_base(NskDbTxn *txn,
          const char *letter,
          const NskTreeEntry *before,
          bool *out_found,
          NskObjectFound *out_base,
          GError **error)
{
    g_autoptr(GError) fault = NULL;
    g_auto(NskObjectFound) base = { 0 };

    *out_found = false;
    if (before == NULL)
        return true;
    if (!nsk_object_open(txn, letter, &before->oid, &base, &fault)) {
        if (g_error_matches(fault, NSK_ERROR, NSK_ERROR_CORRUPT) ||
            g_error_matches(fault, NSK_ERROR, NSK_ERROR_NOT_FOUND))
            return true;
        g_propagate_error(error, g_steal_pointer(&fault));
        return false;
    }
    if (base.kind != GIT_OBJECT_BLOB)
        return true;
    *out_base = base;
    base.content = NULL;
    *out_found = true;
    return true;
}

/* Chooses how @content is kept; @base may be NULL. */
static void
pack_content(NskObject *object, GBytes *content, const NskObjectFound *base)
{
    size_t size;
    const void *data = g_bytes_get_data(content, &size);

    if (base != NULL && base->depth + 1 < NSK_OBJECT_CHAIN && size <= NSK_LIMIT_ATTACHMENT &&
        g_bytes_get_size(base->content) <= NSK_LIMIT_ATTACHMENT) {
        object->data = nsk_codec_squeeze(data, size, base->content);
        object->codec = NSK_CODEC_BASE;
        object->base = base->n;
        object->depth = base->depth + 1;
    } else {
        object->data = nsk_codec_squeeze_shipped(data, size, NSK_SHIPPED_LETTER);
        object->codec = NSK_CODEC_SHIPPED;
    }
    if (object->data != NULL)
        return;
    object->data = g_bytes_ref(content);
    object->codec = NSK_CODEC_PLAIN;
    object->base = 0;
    object->depth = 0;
}

/*
 * Files from outside might be made to collide under SHA-1, so git's own hash that knows the known
 * attacks looks at them, and refuses them.  Those need blocks of bytes that are no UTF-8: text, as
 * all that we write ourselves, is hashed in a sixth of the time.
 */
static bool
hash_content(GBytes *content, git_oid *out_oid, GError **error)
{
    size_t size;
    const char *data = g_bytes_get_data(content, &size);

    if (!nsk_utf8_is_valid(data, size))
        return nsk_git_hash_strange(content, out_oid, error);
    nsk_git_hash(GIT_OBJECT_BLOB, content, out_oid);
    return true;
}

/* The object that git is to have. */
static NskStoreBlob *
pack_blob(const char *letter, GBytes *content, const NskObjectFound *base, GError **error)
{
    NskObject object = { .kind = GIT_OBJECT_BLOB, .size = g_bytes_get_size(content) };

    if (!hash_content(content, &object.oid, error))
        return NULL;
    pack_content(&object, content, base);
    NskStoreBlob *self = g_atomic_rc_box_new0(NskStoreBlob);
    self->letter = g_strdup(letter);
    self->object = object;
    self->content = g_bytes_ref(content);
    return self;
}

static NskStoreBlob *
make_blob(NskDbTxn *txn,
          const char *letter,
          const GArray *tree,
          const NskStoreFile *file,
          GError **error)
{
    bool has_base;
    g_auto(NskObjectFound) base = { 0 };

    if (!find_base(txn, letter, find_name(tree, file->name), &has_base, &base, error))
        return NULL;
    return pack_blob(letter, file->content, has_base ? &base : NULL, error);
}

/* Prepares the text for a large file. */
static NskStoreBlob *
make_text(NskDbTxn *txn,
          const char *letter,
          const char *name,
          const NskLargeFile *large,
          GError **error)
{
    g_autoptr(GBytes) text = nsk_large_text(name, large);
    NskStoreFile file = { .name = name, .content = text };
    NskStoreBlob *self = make_blob(txn, letter, NULL, &file, error);

    if (self != NULL) {
        self->large = *large;
        self->is_large = true;
    }
    return self;
}

NskStoreBlob *
nsk_blob_make(NskDbTxn *txn,
              const char *letter,
              const GArray *tree,
              const NskStoreFile *file,
              GError **error)
{
    size_t size = g_bytes_get_size(file->content);
    bool is_text = nsk_large_is_text(file->content);
    NskLargeFile large;
    g_autofree char *folder = nsk_large_folder(txn);

    if (folder != NULL && (size > NSK_LIMIT_ATTACHMENT || is_text))
        return nsk_large_write(folder, file->content, &large, error)
                   ? make_text(txn, letter, file->name, &large, error)
                   : NULL;
    if (size <= NSK_LIMIT_OBJECT_SIZE && !is_text)
        return make_blob(txn, letter, tree, file, error);
    if (is_text)
        g_set_error(error, NSK_ERROR, NSK_ERROR_INVALID,
                    nsk_tr("'%s' begins as the text that stands for a large file"), file->name);
    else
        g_set_error(error, NSK_ERROR, NSK_ERROR_LIMIT,
                    nsk_tr("'%s' has %zu bytes; a file of a version has at most %d"), file->name,
                    size, NSK_LIMIT_OBJECT_SIZE);
    return NULL;
}

/* The files of the newest version of @letter; *out_tree NULL if it has none. */
static bool
find_tree(NskDbTxn *txn, const char *letter, GArray **out_tree, GError **error)
{
    bool found = false;
    g_auto(NskHead) head = { 0 };

    *out_tree = NULL;
    if (txn == NULL)
        return true;
    if (!nsk_head_find(txn, letter, &found, &head, error))
        return false;
    if (found)
        *out_tree = nsk_head_tree(txn, letter, &head, error);
    return !found || *out_tree != NULL;
}

NskStoreBlob *
nsk_store_prepare(NskDbTxn *txn,
                  const char *letter,
                  const char *name,
                  GBytes *content,
                  GError **error)
{
    NskStoreFile file = { .name = name, .content = content };
    g_autoptr(GArray) tree = NULL;

    if (!nsk_store_check_file(letter, &file, error) || !find_tree(txn, letter, &tree, error))
        return NULL;
    return nsk_blob_make(txn, letter, tree, &file, error);
}

bool
nsk_store_prepare_next(NskStoreRecent *recent,
                       const char *letter,
                       const char *name,
                       GBytes *content,
                       NskStoreBlob **out_blob,
                       GError **error)
{
    NskStoreFile file = { .name = name, .content = content };
    g_autoptr(NskStoreBlob) before =
        recent != NULL ? nsk_store_recent_find(recent, letter, name) : NULL;

    *out_blob = NULL;
    if (before == NULL || g_bytes_get_size(content) > NSK_LIMIT_ATTACHMENT ||
        nsk_large_is_text(content))
        return true;
    const NskObjectFound base = { .n = before->n,
                                  .kind = GIT_OBJECT_BLOB,
                                  .depth = before->object.depth,
                                  .content = before->content };
    if (nsk_store_check_file(letter, &file, error))
        *out_blob = pack_blob(letter, content, &base, error);
    return *out_blob != NULL;
}

/* Opens a file of the user's for reading. */
static int
open_file(const char *path, struct stat *out_st, GError **error)
{
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);

    if (fd < 0 || fstat(fd, out_st) != 0) {
        g_set_error(error, NSK_ERROR, NSK_ERROR_NOT_FOUND, nsk_tr("cannot open '%s': %s"), path,
                    nsk_reason(errno));
    } else if (!S_ISREG(out_st->st_mode)) {
        g_set_error(error, NSK_ERROR, NSK_ERROR_INVALID, nsk_tr("'%s' is not a file"), path);
    } else if (out_st->st_size > NSK_LIMIT_LARGE_FILE) {
        g_set_error(error, NSK_ERROR, NSK_ERROR_LIMIT,
                    nsk_tr("'%s' has %lld bytes; the limit here is %zu"), path,
                    (long long)out_st->st_size, (size_t)NSK_LIMIT_LARGE_FILE);
    } else {
        return fd;
    }
    if (fd >= 0)
        (void)close(fd);
    return -1;
}

NskStoreBlob *
nsk_store_prepare_file(NskDbTxn *txn,
                       const char *letter,
                       const char *name,
                       const char *path,
                       GError **error)
{
    struct stat st;
    NskLargeFile large;
    NskStoreFile file = { .name = name };
    g_autofree char *folder = nsk_large_folder(txn);

    if (!nsk_store_check_file(letter, &file, error))
        return NULL;
    int fd = open_file(path, &st, error);
    if (fd < 0)
        return NULL;
    bool copied = folder != NULL && st.st_size > NSK_LIMIT_ATTACHMENT;
    bool ok = !copied || nsk_large_copy(folder, fd, path, &large, error);
    (void)close(fd);
    if (copied)
        return ok ? make_text(txn, letter, name, &large, error) : NULL;
    g_autoptr(GBytes) content = nsk_file_read(path, NSK_LIMIT_OBJECT_SIZE, error);
    return content != NULL ? nsk_store_prepare(txn, letter, name, content, error) : NULL;
}

NskStoreBlob *
nsk_store_prepare_kept(NskDbTxn *txn,
                       const char *letter,
                       const char *name,
                       const char *sha256,
                       GError **error)
{
    NskLargeFile large = { 0 };
    NskStoreFile file = { .name = name };
    g_autofree char *folder = nsk_large_folder(txn);

    if (!nsk_store_check_file(letter, &file, error))
        return NULL;
    if (folder == NULL || sha256 == NULL || !nsk_unhex(sha256, large.sha256, sizeof large.sha256) ||
        !nsk_large_measure(folder, &large)) {
        g_set_error(error, NSK_ERROR, NSK_ERROR_NOT_FOUND,
                    nsk_tr("there is no large file %s: attach it again"),
                    sha256 != NULL ? sha256 : "");
        return NULL;
    }
    g_autoptr(GBytes) content = nsk_large_read(folder, &large, error);
    return content != NULL ? make_text(txn, letter, name, &large, error) : NULL;
}
