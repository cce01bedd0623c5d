/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * SQLite's own file layer with one thing added: it counts how often the disk was waited for, which
 * is what the speed of an office hangs on and what no other counter of the system tells.
 *
 * A file is opened by the layer below; then its table of methods is exchanged for a copy whose
 * xSync counts (sqlite3_io_methods, https://www.sqlite.org/c3ref/io_methods.html).  The layer has
 * one table for a database, which it locks, and another for a log, which it does not.
 */
#include "db/db-private.h"

#define VFS_NAME "naskah"

static sqlite3_vfs *below; /* the layer that does the work */
static gint64 syncs;

/* A table of methods and its copy that counts. */
typedef struct {
    const sqlite3_io_methods *methods;
    sqlite3_io_methods counting;
} Table;

static Table database, other;

static int
count_sync(const Table *table, sqlite3_file *file, int flags)
{
    (void)__atomic_add_fetch(&syncs, 1, __ATOMIC_RELAXED);
    return table->methods->xSync(file, flags);
}

static int
sync_database(sqlite3_file *file, int flags)
{
    return count_sync(&database, file, flags);
}

static int
sync_other(sqlite3_file *file, int flags)
{
    return count_sync(&other, file, flags);
}

/* Remembers the table of the first file of its sort; all files of a sort have the same. */
static void
learn(Table *table, const sqlite3_file *file, int (*sync)(sqlite3_file *, int))
{
    static GMutex lock;

    g_mutex_lock(&lock);
    if (table->methods == NULL) {
        table->counting = *file->pMethods;
        table->counting.xSync = sync;
        table->methods = file->pMethods;
    }
    g_mutex_unlock(&lock);
}

static int
counted_open(G_GNUC_UNUSED sqlite3_vfs *vfs,
             const char *name,
             sqlite3_file *file,
             int flags,
             int *out_flags)
{
    bool locked = (flags & SQLITE_OPEN_MAIN_DB) != 0;
    Table *table = locked ? &database : &other;
    int rc = below->xOpen(below, name, file, flags, out_flags);

    if (rc != SQLITE_OK)
        return rc;
    learn(table, file, locked ? sync_database : sync_other);
    /* on a file system that is locked in another way it keeps its methods, uncounted */
    if (file->pMethods == table->methods)
        file->pMethods = &table->counting;
    return SQLITE_OK;
}

const char *
nsk_db_vfs(void)
{
    static gsize done;
    static sqlite3_vfs counted;

    if (g_once_init_enter(&done)) {
        /* counting its memory would make all threads wait for one lock */
        (void)sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
        below = sqlite3_vfs_find(NULL);
        counted = *below;
        counted.zName = VFS_NAME;
        counted.pNext = NULL;
        counted.xOpen = counted_open;
        (void)sqlite3_vfs_register(&counted, 0);
        g_once_init_leave(&done, 1);
    }
    return VFS_NAME;
}

int64_t
nsk_db_count_syncs(void)
{
    return __atomic_load_n(&syncs, __ATOMIC_RELAXED);
}
