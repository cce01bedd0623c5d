/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Database files beside the office's: indexes that can be made again from it.
 *
 * The steps of an index's schema are for new files alone: a file of another version is made again,
 * not migrated.
 */
#include "base/message.h"
#include "db/db-private.h"

#include <errno.h>
#include <glib/gstdio.h>
#include <unistd.h>

#define LOCK_WAIT_MS 10000

/* Read through a map of the whole file, as far as SQLite maps: little memory of its own. */
static const char sql_index_pragmas[] = "PRAGMA cache_size = -8192;"
                                        "PRAGMA mmap_size = 2147418112;";
static const char sql_vacuum[] = "VACUUM";

/* A new file gets the schema; another version is refused. */
static bool
check_schema(NskDb *self, GError **error)
{
    int version;

    if (!nsk_db_read_version(self, &version, error))
        return false;
    if (version == 0 && self->mode == NSK_DB_WRITE)
        return nsk_db_apply_schema(self, NULL, NULL, error);
    if (version == nsk_db_newest_step(self->schema))
        return true;
    g_set_error(error, NSK_ERROR, NSK_ERROR_UNSUPPORTED,
                nsk_tr("'%s' was made by another version of the program"), self->path);
    return false;
}

NskDb *
nsk_db_open_index(const char *path, const char *schema, NskDbMode mode, GError **error)
{
    int lock = -1;

    if (mode == NSK_DB_READ && access(path, F_OK) != 0) {
        g_set_error(error, NSK_ERROR, NSK_ERROR_NOT_FOUND, nsk_tr("'%s' does not exist"), path);
        return NULL;
    }
    /* before the file is opened: one that waits here must not get a file that was removed */
    if (mode == NSK_DB_WRITE && (lock = nsk_db_lock_file(path, LOCK_WAIT_MS, error)) < 0)
        return NULL;
    g_autoptr(NskDb) self = nsk_db_open_raw(path, mode == NSK_DB_WRITE, error);
    if (self == NULL) {
        if (lock >= 0)
            (void)close(lock);
        return NULL;
    }
    self->schema = schema;
    self->mode = mode;
    self->lock_fd = lock;
    if (!check_schema(self, error) || !nsk_db_run(self, sql_index_pragmas, error))
        return NULL;
    return g_steal_pointer(&self);
}

bool
nsk_db_compact(NskDb *self, GError **error)
{
    g_assert(self->mode == NSK_DB_WRITE);
    g_assert(self->txn == NULL);
    return nsk_db_run(self, sql_vacuum, error) &&
           nsk_db_check_result(self,
                               sqlite3_wal_checkpoint_v2(self->handle, NULL,
                                                         SQLITE_CHECKPOINT_TRUNCATE, NULL, NULL),
                               error);
}

bool
nsk_db_remove_index(const char *path, GError **error)
{
    static const char *const endings[] = { "", "-wal", "-shm" };
    bool ok = true;
    int lock = nsk_db_lock_file(path, LOCK_WAIT_MS, error);

    if (lock < 0)
        return false;
    for (size_t i = 0; i < G_N_ELEMENTS(endings) && ok; i++) {
        g_autofree char *file = g_strconcat(path, endings[i], NULL);

        ok = g_unlink(file) == 0 || errno == ENOENT;
        if (!ok)
            g_set_error(error, NSK_ERROR, NSK_ERROR_IO, nsk_tr("cannot remove '%s': %s"), file,
                        nsk_reason(errno));
    }
    (void)close(lock);
    return ok;
}
