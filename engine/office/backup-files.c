/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Folders that are filled beside their place, and files copied with their digest.
 *
 *   (1) A folder with the file "unfinished" in it is worth nothing; one without it is whole and
 *       durable.  Nothing here ever removes the second sort.
 *   (2) Whoever fills a folder holds a lock on it, so that what is left of a killed process is told
 *       from what another one is at.
 */
#include "base/bytes.h"
#include "base/fault.h"
#include "base/message.h"
#include "office/backup-private.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#define MARK       "unfinished"
#define BLOCK_SIZE (1024 * 1024)
#define MAX_DEPTH  8 /* of folders in a backup */

static bool
fail(GError **error, const char *format, const char *path)
{
    int code = errno;

    g_set_error(error, NSK_ERROR, code == ENOENT ? NSK_ERROR_NOT_FOUND : NSK_ERROR_IO, "%s: %s",
                format, nsk_reason(code));
    g_prefix_error(error, "'%s': ", path);
    return false;
}

NskBackupFile *
nsk_backup_file_new(const char *path)
{
    NskBackupFile *file = g_new0(NskBackupFile, 1);

    file->path = g_strdup(path);
    return file;
}

void
nsk_backup_file_free(gpointer data)
{
    NskBackupFile *file = data;

    g_free(file->path);
    g_free(file);
}

char *
nsk_backup_stamp(NskInstant at)
{
    g_autofree char *text = nsk_instant_format(at);
    GString *stamp = g_string_new(NULL);

    for (const char *c = text; *c != '\0' && *c != '.'; c++) {
        if (*c != ':')
            g_string_append_c(stamp, *c);
    }
    return g_string_free(g_string_append_c(stamp, 'Z'), FALSE);
}

/* --- Folders ---------------------------------------------------------------------------------- */

static int
compare_names(gconstpointer a, gconstpointer b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

/* Names in a folder, sorted; NULL with @error. */
static GPtrArray *
list_names(const char *path, GError **error)
{
    const char *name;
    g_autoptr(GError) fault = NULL;
    g_autoptr(GPtrArray) names = g_ptr_array_new_with_free_func(g_free);
    g_autoptr(GDir) dir = g_dir_open(path, 0, &fault);

    if (dir == NULL) {
        g_set_error(error, NSK_ERROR, NSK_ERROR_IO, nsk_tr("cannot read the folder '%s'"), path);
        return NULL;
    }
    while ((name = g_dir_read_name(dir)) != NULL)
        g_ptr_array_add(names, g_strdup(name));
    g_ptr_array_sort(names, compare_names);
    return g_steal_pointer(&names);
}

/* Does @each to everything below @path and then to @path itself; links are not followed. */
static bool
walk(const char *path, unsigned depth, bool (*each)(const char *, bool, GError **), GError **error)
{
    struct stat st;

    if (lstat(path, &st) != 0)
        return fail(error, nsk_tr("cannot be read"), path);
    if (S_ISDIR(st.st_mode) && depth > 0) {
        g_autoptr(GPtrArray) names = list_names(path, error);

        for (guint i = 0; names != NULL && i < names->len; i++) {
            g_autofree char *inner = g_build_filename(path, g_ptr_array_index(names, i), NULL);

            if (!walk(inner, depth - 1, each, error))
                return false;
        }
        if (names == NULL)
            return false;
    }
    return each(path, S_ISDIR(st.st_mode), error);
}

static bool
remove_one(const char *path, G_GNUC_UNUSED bool is_folder, GError **error)
{
    return remove(path) == 0 || fail(error, nsk_tr("cannot be removed"), path);
}

static bool
sync_folder(const char *path, bool is_folder, GError **error)
{
    return !is_folder || nsk_dir_sync(path, error);
}

/* Makes the folders above the file @path, which lies in @top. */
static bool
make_parents(const char *top, const char *path, GError **error)
{
    g_autofree char *parent = g_path_get_dirname(path);

    if (strcmp(parent, top) == 0 || mkdir(parent, 0700) == 0 || errno == EEXIST)
        return true;
    if (errno != ENOENT)
        return fail(error, nsk_tr("cannot be made"), parent);
    return make_parents(top, parent, error) &&
           (mkdir(parent, 0700) == 0 || fail(error, nsk_tr("cannot be made"), parent));
}

/* Opens and locks the folder at self->path.  Errors: BUSY, IO. */
static bool
lock_stage(NskStage *self, GError **error)
{
    self->lock_fd = open(self->path, O_RDONLY | O_DIRECTORY | O_CLOEXEC | O_NOFOLLOW);
    if (self->lock_fd >= 0 && flock(self->lock_fd, LOCK_EX | LOCK_NB) == 0)
        return true;
    if (self->lock_fd < 0 || errno != EWOULDBLOCK)
        return fail(error, nsk_tr("cannot be locked"), self->path);
    g_set_error(error, NSK_ERROR, NSK_ERROR_BUSY,
                nsk_tr("another process is at work in '%s'; wait for its end"), self->path);
    return false;
}

/* Gets what an earlier process left at self->path out of the way. */
static bool
clear_place(NskStage *self, const char *aside, GError **error)
{
    g_autofree char *mark = g_build_filename(self->path, MARK, NULL);
    bool ok = lock_stage(self, error);

    if (ok && access(mark, F_OK) == 0) {
        ok = walk(self->path, MAX_DEPTH, remove_one, error);
    } else if (ok && aside == NULL) {
        g_set_error(error, NSK_ERROR, NSK_ERROR_CONFLICT,
                    nsk_tr("'%s' is in the way; it may be a whole backup that never got its name: "
                           "rename it or remove it"),
                    self->path);
        ok = false;
    } else if (ok) {
        ok = rename(self->path, aside) == 0 || fail(error, nsk_tr("cannot be moved"), self->path);
    }
    if (self->lock_fd >= 0)
        (void)close(self->lock_fd);
    self->lock_fd = -1;
    return ok;
}

bool
nsk_stage_begin(NskStage *self, const char *path, const char *aside, GError **error)
{
    g_autofree char *mark = g_build_filename(path, MARK, NULL);
    NskStage stage = { g_strdup(path), -1 };
    bool made = mkdir(path, 0700) == 0;

    if (!made && errno == EEXIST)
        made = clear_place(&stage, aside, error) &&
               (mkdir(path, 0700) == 0 || fail(error, nsk_tr("cannot be made"), path));
    else if (!made)
        (void)fail(error, nsk_tr("cannot be made"), path);
    if (made && lock_stage(&stage, error) && nsk_file_write(mark, "", 0, 0600, error)) {
        *self = stage;
        return true;
    }
    if (made)
        (void)rmdir(path);
    if (stage.lock_fd >= 0)
        (void)close(stage.lock_fd);
    g_free(stage.path);
    return false;
}

bool
nsk_stage_finish(NskStage *self, GError **error)
{
    g_autofree char *mark = g_build_filename(self->path, MARK, NULL);

    /* the mark goes last: without it everything else is there for good */
    if (!walk(self->path, MAX_DEPTH, sync_folder, error) || !NSK_FAULT("stage.synced", error))
        return false;
    if (unlink(mark) != 0)
        return fail(error, nsk_tr("cannot be removed"), mark);
    return nsk_dir_sync(self->path, error) && NSK_FAULT("stage.finished", error);
}

void
nsk_stage_keep(NskStage *self)
{
    g_clear_pointer(&self->path, g_free);
}

void
nsk_stage_clear(NskStage *self)
{
    if (self->path != NULL)
        (void)walk(self->path, MAX_DEPTH, remove_one, NULL);
    if (self->lock_fd >= 0)
        (void)close(self->lock_fd);
    g_free(self->path);
    *self = NSK_STAGE_NONE;
}

/* --- Files ------------------------------------------------------------------------------------ */

/* Two open files; @to is -1 if the bytes are only to be read.  Paths are borrowed. */
typedef struct {
    int from, to;
    const char *from_path, *to_path;
} Pipe;

/* Reads all of a file, writes it to the other, and fills in size and digest. */
static bool
pump(const Pipe *pipe, NskBackupFile *file, int64_t max, GError **error)
{
    uint8_t digest[NSK_SHA256_SIZE];
    g_autofree uint8_t *block = g_malloc(BLOCK_SIZE);
    g_autofree char *hex = NULL;
    g_autoptr(NskSha256) sha = nsk_sha256_new();
    ssize_t n = 1;

    for (file->size = 0; n > 0; file->size += n) {
        do
            n = read(pipe->from, block, BLOCK_SIZE);
        while (n < 0 && errno == EINTR);
        if (n < 0)
            return fail(error, nsk_tr("cannot be read"), pipe->from_path);
        if (max >= 0 && file->size + n > max) {
            g_set_error(error, NSK_ERROR, NSK_ERROR_LIMIT,
                        nsk_tr("'%s' has more bytes than it should"), pipe->from_path);
            return false;
        }
        if (pipe->to >= 0 && !nsk_write_all(pipe->to, block, (size_t)n))
            return fail(error, nsk_tr("cannot be written"), pipe->to_path);
        nsk_sha256_add(sha, block, (size_t)n);
    }
    if (fsync(pipe->to >= 0 ? pipe->to : pipe->from) != 0)
        return fail(error, nsk_tr("cannot be written"),
                    pipe->to >= 0 ? pipe->to_path : pipe->from_path);
    nsk_sha256_finish(sha, digest);
    hex = nsk_hex(digest, sizeof digest);
    (void)g_strlcpy(file->sha256, hex, sizeof file->sha256);
    return true;
}

/* Opens a file, and nothing that only looks like one, for reading. */
static int
open_source(const char *path, GError **error)
{
    struct stat st;
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);

    if (fd < 0) {
        (void)fail(error, nsk_tr("cannot be opened"), path);
        return -1;
    }
    if (fstat(fd, &st) == 0 && S_ISREG(st.st_mode))
        return fd;
    g_set_error(error, NSK_ERROR, NSK_ERROR_INVALID, nsk_tr("'%s' is not a file"), path);
    (void)close(fd);
    return -1;
}

bool
nsk_backup_copy(NskBackupFile *file, const char *from, const char *to, int64_t max, GError **error)
{
    g_autofree char *source = g_build_filename(from, file->path, NULL);
    g_autofree char *target = g_build_filename(to, file->path, NULL);
    Pipe pipe = { -1, -1, source, target };

    if (!make_parents(to, target, error))
        return false;
    pipe.from = open_source(source, error);
    if (pipe.from < 0)
        return false;
    pipe.to = open(target, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    bool ok = pipe.to >= 0 ? pump(&pipe, file, max, error)
                           : fail(error, nsk_tr("cannot be made"), target);
    (void)close(pipe.from);
    if (pipe.to >= 0 && close(pipe.to) != 0 && ok)
        ok = fail(error, nsk_tr("cannot be written"), target);
    return ok && NSK_FAULT("backup.file", error);
}

bool
nsk_backup_measure(NskBackupFile *file, const char *folder, GError **error)
{
    g_autofree char *path = g_build_filename(folder, file->path, NULL);
    Pipe pipe = { open_source(path, error), -1, path, NULL };
    bool ok = pipe.from >= 0 && pump(&pipe, file, -1, error);

    if (pipe.from >= 0)
        (void)close(pipe.from);
    return ok;
}

static bool
list_below(GPtrArray *files, const char *folder, const char *path, unsigned depth, GError **error)
{
    struct stat st;
    g_autofree char *whole = g_build_filename(folder, path, NULL);

    if (stat(whole, &st) != 0)
        return fail(error, nsk_tr("cannot be read"), whole);
    if (!g_utf8_validate(path, -1, NULL) || depth == 0 ||
        !(S_ISREG(st.st_mode) || S_ISDIR(st.st_mode))) {
        g_set_error(error, NSK_ERROR, NSK_ERROR_INVALID,
                    nsk_tr("'%s' cannot be part of a backup: it is no file, or its name is not "
                           "UTF-8, or it lies too deep; move it elsewhere"),
                    whole);
        return false;
    }
    if (S_ISREG(st.st_mode)) {
        g_ptr_array_add(files, nsk_backup_file_new(path));
        return true;
    }
    g_autoptr(GPtrArray) names = list_names(whole, error);
    for (guint i = 0; names != NULL && i < names->len; i++) {
        g_autofree char *inner = g_strconcat(path, "/", g_ptr_array_index(names, i), NULL);

        if (!list_below(files, folder, inner, depth - 1, error))
            return false;
    }
    return names != NULL;
}

bool
nsk_backup_list(GPtrArray *files, const char *folder, const char *top, GError **error)
{
    g_autofree char *path = g_build_filename(folder, top, NULL);

    return access(path, F_OK) != 0 || list_below(files, folder, top, MAX_DEPTH, error);
}

GPtrArray *
nsk_backup_list_blobs(NskDbTxn *txn, GError **error)
{
    g_autoptr(GPtrArray) large = nsk_store_list_blobs(txn, error);

    if (large == NULL)
        return NULL;
    GPtrArray *files = g_ptr_array_new_with_free_func(nsk_backup_file_free);
    for (guint i = 0; i < large->len; i++) {
        const NskStoreLarge *each = large->pdata[i];
        NskBackupFile *file = nsk_backup_file_new(each->path);

        (void)g_strlcpy(file->sha256, each->sha256, sizeof file->sha256);
        g_ptr_array_add(files, file);
    }
    return files;
}
