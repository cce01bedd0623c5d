/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Large files, which lie outside the database: the folder blob/ beside it.
 *
 *   blob/ab/ab12...        the file, named by its SHA-256 in hex
 *   blob/.new-XXXXXX       one that is being written
 *
 * Git holds, under the file's own name, a text of four lines that stands for it:
 *
 *   naskah-file 1
 *   name surat.pdf
 *   size 209715200
 *   sha256 ab12...
 *
 * INVARIANTS
 *   (1) A file is whole and durable, with its folders, before a transaction names it.
 *   (2) A file under its final name never changes; writing it again replaces it by the same bytes,
 *       which also mends a damaged one and makes an old orphan young.
 *   (3) Content that begins like such a text is itself kept as a large file, so that what is read
 *       from git and begins so is always one.
 *   (4) What is read is hashed first, and must be a file: nothing follows a link out of the folder.
 */
#include "base/bytes.h"
#include "base/fault.h"
#include "base/limits.h"
#include "base/message.h"
#include "store/store-private.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#define FOLDER      "blob"
#define TEMPORARY   ".new-XXXXXX"
#define PIECE       ((size_t)1 << 20)
#define HEX_LEN     (2 * NSK_SHA256_SIZE)
#define FILE_MODE   0400
#define FOLDER_MODE 0700
#define TEXT_LIMIT  512
#define FIRST_LINE  "naskah-file 1\n"
#define IN_MEMORY   ":memory:"

static const char sql_add_file[] = "INSERT INTO blob (letter, sha256, size) VALUES ($1, $2, $3) "
                                   "ON CONFLICT (letter, sha256) DO NOTHING";
static const char sql_find_file[] = "SELECT size FROM blob WHERE letter = $1 AND sha256 = $2";
static const char sql_list_own[] =
    "SELECT lower(hex(b.sha256)) FROM blob b WHERE b.letter = $1"
    " AND NOT EXISTS (SELECT 1 FROM blob o WHERE o.sha256 = b.sha256 AND o.letter <> $1)"
    " ORDER BY b.sha256";
static const char sql_is_held[] = "SELECT 1 FROM blob WHERE lower(hex(sha256)) = $1 LIMIT 1";
static const char sql_list_files[] = "SELECT sha256, max(size) FROM blob GROUP BY sha256 "
                                     "ORDER BY sha256";

char *
nsk_large_folder(NskDbTxn *txn)
{
    const char *path = txn != NULL ? nsk_db_get_path(nsk_db_txn_get_db(txn)) : NULL;

    if (path == NULL || strcmp(path, IN_MEMORY) == 0)
        return NULL;
    g_autofree char *office = g_path_get_dirname(path);
    return g_build_filename(office, FOLDER, NULL);
}

/* Where the file lies below the folder that blob/ is in. */
static char *
relative_path(const uint8_t *sha256)
{
    g_autofree char *hex = nsk_hex(sha256, NSK_SHA256_SIZE);

    return g_strdup_printf(FOLDER "/%.2s/%s", hex, hex);
}

static char *
file_path(const char *folder, const uint8_t *sha256)
{
    g_autofree char *relative = relative_path(sha256);

    return g_strconcat(folder, relative + strlen(FOLDER), NULL);
}

/* ---- the text in git --------------------------------------------------------------------- */

bool
nsk_large_is_text(GBytes *content)
{
    size_t size;
    const char *data = g_bytes_get_data(content, &size);

    return size >= strlen(FIRST_LINE) && memcmp(data, FIRST_LINE, strlen(FIRST_LINE)) == 0;
}

GBytes *
nsk_large_text(const char *name, const NskLargeFile *file)
{
    g_autofree char *hex = nsk_hex(file->sha256, NSK_SHA256_SIZE);
    char *text = g_strdup_printf(FIRST_LINE "name %s\nsize %" G_GUINT64_FORMAT "\nsha256 %s\n",
                                 name, file->size, hex);

    return g_bytes_new_take(text, strlen(text));
}

/* Reads the value of the line "WORD value\n" at *@at and moves on. */
static char *
take_line(const char **at, const char *word)
{
    size_t len = strlen(word);
    const char *end = strchr(*at, '\n');

    if (end == NULL || strncmp(*at, word, len) != 0 || (size_t)(end - *at) < len)
        return NULL;
    char *value = g_strndup(*at + len, (size_t)(end - *at) - len);
    *at = end + 1;
    return value;
}

bool
nsk_large_read_text(GBytes *content, NskLargeFile *out_file)
{
    size_t len = g_bytes_get_size(content);
    NskLargeFile file = { 0 };

    if (!nsk_large_is_text(content) || len > TEXT_LIMIT)
        return false;
    g_autofree char *text = g_strndup(g_bytes_get_data(content, NULL), len);
    const char *at = text + strlen(FIRST_LINE);
    g_autofree char *name = take_line(&at, "name ");
    g_autofree char *size = name != NULL ? take_line(&at, "size ") : NULL;
    g_autofree char *sha256 = size != NULL ? take_line(&at, "sha256 ") : NULL;
    if (sha256 == NULL || at != text + len || !nsk_file_name_is_valid(name) ||
        !nsk_unhex(sha256, file.sha256, sizeof file.sha256) ||
        !g_ascii_string_to_unsigned(size, 10, 0, NSK_LIMIT_LARGE_FILE, &file.size, NULL))
        return false;
    *out_file = file;
    return true;
}

/* ---- writing ------------------------------------------------------------------------------ */

/* A file that is being written. */
typedef struct {
    const char *folder;
    char *temporary; /* owned; removed unless it got its name */
    int fd;
    NskSha256 *sha;
    NskLargeFile file;
} Writing;

static void
writing_clear(Writing *self)
{
    if (self->fd >= 0)
        (void)close(self->fd);
    if (self->temporary != NULL)
        (void)unlink(self->temporary);
    g_clear_pointer(&self->temporary, g_free);
    g_clear_pointer(&self->sha, nsk_sha256_free);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Writing, writing_clear)

static bool
begin_writing(Writing *self, GError **error)
{
    if (mkdir(self->folder, FOLDER_MODE) != 0 && errno != EEXIST)
        return nsk_store_io_error(error, N_("make the folder"), self->folder);
    self->temporary = g_build_filename(self->folder, TEMPORARY, NULL);
    self->fd = g_mkstemp_full(self->temporary, O_WRONLY | O_CLOEXEC, FILE_MODE);
    if (self->fd < 0) {
        (void)nsk_store_io_error(error, N_("write"), self->temporary);
        g_clear_pointer(&self->temporary, g_free);
        return false;
    }
    self->sha = nsk_sha256_new();
    return true;
}

static bool
write_piece(Writing *self, const uint8_t *data, size_t size, GError **error)
{
    if (size > NSK_LIMIT_LARGE_FILE - self->file.size) {
        g_set_error(error, NSK_ERROR, NSK_ERROR_LIMIT,
                    nsk_tr("the file is larger than %lld bytes, the limit of a file"),
                    (long long)NSK_LIMIT_LARGE_FILE);
        return false;
    }
    nsk_sha256_add(self->sha, data, size);
    self->file.size += size;
    return nsk_write_all(self->fd, data, size) ||
           nsk_store_io_error(error, N_("write"), self->temporary);
}

/* Makes the file durable and gives it its name. */
static bool
finish_writing(Writing *self, NskLargeFile *out_file, GError **error)
{
    nsk_sha256_finish(self->sha, self->file.sha256);
    g_autofree char *path = file_path(self->folder, self->file.sha256);
    g_autofree char *below = g_path_get_dirname(path);
    if (!NSK_FAULT("blob.write", error))
        return false;
    if (fsync(self->fd) != 0)
        return nsk_store_io_error(error, N_("write"), self->temporary);
    if (mkdir(below, FOLDER_MODE) != 0 && errno != EEXIST)
        return nsk_store_io_error(error, N_("make the folder"), below);
    if (!NSK_FAULT("blob.rename", error))
        return false;
    if (rename(self->temporary, path) != 0)
        return nsk_store_io_error(error, N_("write"), path);
    g_clear_pointer(&self->temporary, g_free);
    g_autofree char *office = g_path_get_dirname(self->folder);
    if (!nsk_dir_sync(below, error) || !nsk_dir_sync(self->folder, error) ||
        !nsk_dir_sync(office, error) || !NSK_FAULT("blob.done", error))
        return false;
    *out_file = self->file;
    return true;
}

bool
nsk_large_write(const char *folder, GBytes *content, NskLargeFile *out_file, GError **error)
{
    size_t size;
    const uint8_t *data = g_bytes_get_data(content, &size);
    g_auto(Writing) writing = { .folder = folder, .fd = -1 };

    return begin_writing(&writing, error) && write_piece(&writing, data, size, error) &&
           finish_writing(&writing, out_file, error);
}

bool
nsk_large_copy(const char *folder, int fd, const char *from, NskLargeFile *out_file, GError **error)
{
    ssize_t n;
    g_auto(Writing) writing = { .folder = folder, .fd = -1 };
    g_autofree uint8_t *piece = g_malloc(PIECE);

    if (!begin_writing(&writing, error))
        return false;
    while ((n = read(fd, piece, PIECE)) != 0) {
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0)
            return nsk_store_io_error(error, N_("read"), from);
        if (!write_piece(&writing, piece, (size_t)n, error))
            return false;
    }
    return finish_writing(&writing, out_file, error);
}

bool
nsk_large_note(NskDbTxn *txn, const char *letter, const NskLargeFile *file, GError **error)
{
    return nsk_db_exec(txn, sql_add_file,
                       NSK_DB_PARAMS(NSK_DB_TEXT(letter),
                                     NSK_DB_BLOB(file->sha256, sizeof file->sha256),
                                     NSK_DB_INT((int64_t)file->size)),
                       NULL, error);
}

/* ---- reading ------------------------------------------------------------------------------ */

/* A file in memory that is the disk's, not the heap's. */
typedef struct {
    void *data;
    size_t size;
} Mapping;

static void
free_mapping(gpointer data)
{
    Mapping *self = data;

    (void)munmap(self->data, self->size);
    g_free(self);
}

/* Maps the file of @fd if it has @size bytes; NULL if it has not, or cannot be mapped. */
static GBytes *
map_file(int fd, uint64_t size)
{
    struct stat st;

    if (fstat(fd, &st) != 0 || !S_ISREG(st.st_mode) || (uint64_t)st.st_size != size)
        return NULL;
    if (size == 0)
        return g_bytes_new(NULL, 0);
    void *data = mmap(NULL, size, PROT_READ, MAP_PRIVATE, fd, 0);
    if (data == MAP_FAILED)
        return NULL;
    Mapping *mapping = g_new(Mapping, 1);
    *mapping = (Mapping){ data, size };
    return g_bytes_new_with_free_func(data, size, free_mapping, mapping);
}

GBytes *
nsk_large_read(const char *folder, const NskLargeFile *file, GError **error)
{
    uint8_t digest[NSK_SHA256_SIZE];
    size_t size;
    g_autofree char *path = file_path(folder, file->sha256);
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NOCTTY | O_NONBLOCK);

    if (fd < 0) {
        if (errno == ENOENT)
            g_set_error(error, NSK_ERROR, NSK_ERROR_CORRUPT,
                        nsk_tr("'%s' is missing: restore it from a backup"), path);
        else
            (void)nsk_store_io_error(error, N_("read"), path);
        return NULL;
    }
    g_autoptr(GBytes) content = map_file(fd, file->size);
    (void)close(fd);
    if (content != NULL) {
        const void *data = g_bytes_get_data(content, &size);

        nsk_sha256(data, size, digest);
        if (memcmp(digest, file->sha256, sizeof digest) == 0)
            return g_steal_pointer(&content);
    }
    g_set_error(error, NSK_ERROR, NSK_ERROR_CORRUPT,
                nsk_tr("'%s' is not what was stored: restore it from a backup"), path);
    return NULL;
}

bool
nsk_large_measure(const char *folder, NskLargeFile *file)
{
    struct stat st;
    g_autofree char *path = file_path(folder, file->sha256);

    if (lstat(path, &st) != 0 || !S_ISREG(st.st_mode))
        return false;
    file->size = (uint64_t)st.st_size;
    return true;
}

/* ---- removing ----------------------------------------------------------------------------- */

bool
nsk_large_check_there(NskDbTxn *txn, const NskLargeFile *file, GError **error)
{
    NskLargeFile found = *file;
    g_autofree char *folder = nsk_large_folder(txn);

    if (folder == NULL || nsk_large_measure(folder, &found))
        return true;
    g_set_error_literal(
        error, NSK_ERROR, NSK_ERROR_CONFLICT,
        nsk_tr("a file of this version was removed from the disk while it was being "
               "stored; store it again"));
    return false;
}

GPtrArray *
nsk_store_list_own_large(NskDbTxn *txn, const char *letter, GError **error)
{
    return nsk_db_list_texts(txn, sql_list_own, NSK_DB_PARAMS(NSK_DB_TEXT(letter)), error);
}

bool
nsk_store_remove_large(NskDbTxn *txn, const char *sha256, GError **error)
{
    bool held = false;
    g_autofree char *folder = nsk_large_folder(txn);

    if (strlen(sha256) != HEX_LEN || strspn(sha256, "0123456789abcdef") != HEX_LEN) {
        g_set_error(error, NSK_ERROR, NSK_ERROR_INVALID,
                    nsk_tr("'%.80s' is no SHA-256 in small hex digits"), sha256);
        return false;
    }
    g_autoptr(NskDbRows) rows =
        nsk_db_query(txn, sql_is_held, NSK_DB_PARAMS(NSK_DB_TEXT(sha256)), error);
    if (rows == NULL || !nsk_db_rows_next(rows, &held, error))
        return false;
    if (held || folder == NULL)
        return true;
    g_autofree char *path = g_strdup_printf("%s/%.2s/%s", folder, sha256, sha256);
    g_autofree char *below = g_path_get_dirname(path);
    if (unlink(path) != 0)
        return errno == ENOENT || nsk_store_io_error(error, N_("remove"), path);
    return NSK_FAULT("blob.removed", error) && nsk_dir_sync(below, error);
}

/* ---- lists -------------------------------------------------------------------------------- */

bool
nsk_large_is_noted(NskDbTxn *txn,
                   const char *letter,
                   const NskLargeFile *file,
                   bool *out_noted,
                   GError **error)
{
    bool has_row = false;
    g_autoptr(NskDbRows) rows = nsk_db_query(
        txn, sql_find_file,
        NSK_DB_PARAMS(NSK_DB_TEXT(letter), NSK_DB_BLOB(file->sha256, sizeof file->sha256)), error);

    if (rows == NULL || !nsk_db_rows_next(rows, &has_row, error))
        return false;
    *out_noted = has_row && (uint64_t)nsk_db_rows_int(rows, 0) == file->size;
    return true;
}

static void
free_large(gpointer data)
{
    NskStoreLarge *self = data;

    g_free(self->path);
    g_free(self->sha256);
    g_free(self);
}

GPtrArray *
nsk_store_list_blobs(NskDbTxn *txn, GError **error)
{
    bool has_row = true;
    g_autoptr(GPtrArray) list = g_ptr_array_new_with_free_func(free_large);
    g_autoptr(NskDbRows) rows = nsk_db_query(txn, sql_list_files, NSK_DB_NO_PARAMS, error);

    if (rows == NULL)
        return NULL;
    for (;;) {
        size_t size;

        if (!nsk_db_rows_next(rows, &has_row, error))
            return NULL;
        if (!has_row)
            return g_steal_pointer(&list);
        const void *digest = nsk_db_rows_blob(rows, 0, &size);
        if (size != NSK_SHA256_SIZE) {
            g_set_error_literal(error, NSK_ERROR, NSK_ERROR_CORRUPT,
                                nsk_tr("the database names a large file by what is no SHA-256"));
            return NULL;
        }
        NskStoreLarge *large = g_new0(NskStoreLarge, 1);
        large->path = relative_path(digest);
        large->sha256 = nsk_hex(digest, size);
        large->size = nsk_db_rows_int(rows, 1);
        g_ptr_array_add(list, large);
    }
}
