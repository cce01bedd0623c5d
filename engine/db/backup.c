/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A copy of the database while others write to it, by SQLite's online backup.
 *
 *   (1) The copy is what one snapshot sees.  The snapshot is open before the first page is read and
 *       after the last one, so that a commit of somebody else neither shows in the copy nor makes
 *       the copying begin again.
 *   (2) What others commit meanwhile lies in the write-ahead log, which cannot begin again at its
 *       start while a snapshot is open.  The log therefore grows by at most what is committed
 *       during the copying; nothing but the end of the snapshot bounds that, so the copy is given
 *       up when the log has grown by more than the caller allows.
 *   (3) To keep that time short nothing waits for the disk while the snapshot is open: the copy is
 *       written without journal and without fsync.  It is worth nothing until the caller syncs it.
 */
#include "base/fault.h"
#include "base/message.h"
#include "db/db-private.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#define PAGES_A_STEP 512 /* 8 MiB */

struct _NskDbLock {
    int fd;
};

static const char sql_target_pragmas[] = "PRAGMA locking_mode = EXCLUSIVE;"
                                         "PRAGMA journal_mode = OFF;"
                                         "PRAGMA synchronous = OFF;"
                                         "PRAGMA cache_size = -8192;";

NskDbLock *
nsk_db_lock_new(const char *path, unsigned wait_ms, GError **error)
{
    int fd = nsk_db_lock_file(path, wait_ms, error);

    if (fd < 0)
        return NULL;
    NskDbLock *self = g_new(NskDbLock, 1);
    self->fd = fd;
    return self;
}

void
nsk_db_lock_free(NskDbLock *self)
{
    if (self == NULL)
        return;
    (void)close(self->fd);
    g_free(self);
}

/* Bytes of the write-ahead log of the database at @path. */
static int64_t
log_size(const char *path)
{
    struct stat st;
    g_autofree char *log = g_strconcat(path, "-wal", NULL);

    return stat(log, &st) == 0 ? st.st_size : 0;
}

/* A new empty file, for its owner alone, opened as a database that is written without waiting. */
static NskDb *
open_target(const char *path, GError **error)
{
    int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);

    if (fd < 0) {
        g_set_error(error, NSK_ERROR, errno == EEXIST ? NSK_ERROR_CONFLICT : NSK_ERROR_IO,
                    nsk_tr("cannot create '%s': %s"), path, nsk_reason(errno));
        return NULL;
    }
    (void)close(fd);
    g_autoptr(NskDb) self = g_new0(NskDb, 1);
    self->path = g_strdup(path);
    self->lock_fd = -1;
    int rc =
        sqlite3_open_v2(path, &self->handle,
                        SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE, NULL);
    if (!nsk_db_check_result(self, rc, error) || !nsk_db_run(self, sql_target_pragmas, error))
        return NULL;
    return g_steal_pointer(&self);
}

static bool
check_log(NskDb *source, const NskDbBackup *options, int64_t grown, GError **error)
{
    if (options->log_limit == 0 || grown <= options->log_limit)
        return true;
    g_set_error(error, NSK_ERROR, NSK_ERROR_BUSY,
                nsk_tr("the backup was given up: while it ran, others wrote so much that the log "
                       "'%s-wal' grew by %lld MiB, and it cannot shrink before a backup ends; "
                       "repeat it at a quieter time or allow more with --log-limit"),
                source->path, (long long)(grown >> 20));
    return false;
}

/* Copies in steps until all is done; *out_grown is kept up to date. */
static bool
copy_pages(NskDb *source,
           NskDb *target,
           const NskDbBackup *options,
           int64_t *out_grown,
           GError **error)
{
    int64_t before = log_size(source->path);
    sqlite3_backup *backup = sqlite3_backup_init(target->handle, "main", source->handle, "main");
    bool ok = backup != NULL ||
              nsk_db_check_result(target, sqlite3_extended_errcode(target->handle), error);
    int rc = SQLITE_OK;

    while (ok && rc == SQLITE_OK) {
        rc = sqlite3_backup_step(backup, PAGES_A_STEP);
        *out_grown = MAX(log_size(source->path) - before, 0);
        if (options->progress != NULL)
            options->progress(sqlite3_backup_pagecount(backup) - sqlite3_backup_remaining(backup),
                              sqlite3_backup_pagecount(backup), options->data);
        ok = NSK_FAULT("backup.pages", error) && check_log(source, options, *out_grown, error);
    }
    int end = sqlite3_backup_finish(backup);
    return ok && nsk_db_check_result(target, rc == SQLITE_DONE ? end : rc, error);
}

bool
nsk_db_backup(NskDbTxn *txn,
              const char *path,
              const NskDbBackup *options,
              int64_t *out_grown,
              GError **error)
{
    int64_t grown = 0;
    g_autoptr(NskDb) target = open_target(path, error);

    if (target == NULL)
        return false;
    bool ok = copy_pages(txn->db, target, options, &grown, error);
    g_clear_pointer(&target, nsk_db_free);
    if (!ok)
        (void)unlink(path);
    else if (out_grown != NULL)
        *out_grown = grown;
    return ok;
}
