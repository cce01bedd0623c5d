/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * SQLite's own file layer with three things added.  It counts how often the disk was waited for,
 * which is what the speed of an office hangs on and what no other counter of the system tells.  And
 * it reads of a database that is not in memory only what is asked for: the system would read up to
 * megabytes around each page that is touched through the map, or, told not to, each quarter of a
 * page by itself.  So it is told that the map is read at random, and of each page, when this handle
 * touches it first, that all of it is wanted; and more and more of what comes behind it, when pages
 * are touched one after the other, as those do who read a whole table.  And it keeps the map:
 * SQLite gives it up whenever somebody else wrote, since the file may have another size, and each
 * of the threads that read would map it anew, and fault page after page in, with every change of
 * the office.  What is in the file stands in the map as well (mmap(2), MAP_SHARED), so that it is
 * made anew only for a file that was cut, or has grown by a part of itself; what grew since is
 * read.
 *
 * A file is opened by the layer below; then its table of methods is exchanged for a copy whose
 * xSync counts (sqlite3_io_methods, https://www.sqlite.org/c3ref/io_methods.html).  The layer has
 * one table for a database, which it locks, and another for a log, which it does not.
 */
#include "db/db-private.h"

#include <string.h>
#include <sys/mman.h>

#define UNIT       16384      /* bytes of a page of the database */
#define UNITS_MOST (1u << 18) /* that are remembered, 4 GB */
#define NEAR       8          /* pages; of several tables, they lie between each other */
#define STREAK     4          /* pages one after the other, before more is asked for */
#define AHEAD_BITS 9          /* of the most pages that are: 8 MB */
#define GROWN      8          /* the part of a map by which its file may grow */

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

/* What is remembered of a database's map, behind the layer's own part of a file. */
typedef struct {
    const uint8_t *map; /* NULL: none yet */
    size_t units;       /* of the map that are in the file */
    uint8_t *touched;   /* a bit a page; made with the first map */
    size_t last;        /* page that was asked of the system last */
    unsigned streak;    /* how many of them followed each other */
} Map;

static Map *
map_of(sqlite3_file *file)
{
    return (Map *)(void *)((char *)file + below->szOsFile);
}

/* How much of the file a map may have. */
static size_t
mappable(sqlite3_file *file)
{
    sqlite3_int64 most = -1, size = 0;

    if (database.methods->xFileControl(file, SQLITE_FCNTL_MMAP_SIZE, &most) != SQLITE_OK ||
        database.methods->xFileSize(file, &size) != SQLITE_OK)
        return 0;
    return (size_t)MAX(MIN(size, most), 0);
}

static void
begin_map(sqlite3_file *file, Map *self, uint8_t *map)
{
    size_t size = mappable(file);

    self->map = map;
    self->units = MIN(size / UNIT, UNITS_MOST);
    self->streak = 0;
    if (self->touched == NULL)
        self->touched = g_malloc0(UNITS_MOST / 8);
    memset(self->touched, 0, UNITS_MOST / 8);
    if (size > 0)
        (void)madvise(map, size, MADV_RANDOM);
}

/* Asks the system for a page, and for what comes behind it once pages are read in their order. */
static void
ask_ahead(Map *self, uint8_t *page, size_t unit)
{
    size_t n = 1;

    self->streak = unit > self->last && unit - self->last <= NEAR ? self->streak + 1 : 0;
    if (self->streak >= STREAK)
        n = (size_t)1 << MIN(self->streak - STREAK + 1, AHEAD_BITS);
    n = MIN(n, MAX(self->units, unit + 1) - unit);
    for (size_t i = unit; i < unit + n; i++)
        self->touched[i / 8] |= (uint8_t)(1u << i % 8);
    self->last = unit + n - 1;
    (void)madvise(page, n * UNIT, MADV_WILLNEED);
}

static int
fetch_page(sqlite3_file *file, sqlite3_int64 at, int size, void **out_page)
{
    int rc = database.methods->xFetch(file, at, size, out_page);
    Map *self = map_of(file);
    size_t unit = (size_t)at / UNIT;

    if (rc != SQLITE_OK || *out_page == NULL || size != UNIT)
        return rc;
    uint8_t *map = (uint8_t *)*out_page - at;
    if (self->map != map)
        begin_map(file, self, map);
    if (unit < UNITS_MOST && (self->touched[unit / 8] & (1u << unit % 8)) == 0)
        ask_ahead(self, *out_page, unit);
    return rc;
}

static bool
fits_file(sqlite3_file *file, const Map *self)
{
    size_t units = MIN(mappable(file) / UNIT, UNITS_MOST);

    return self->map != NULL && units >= self->units && units - self->units <= self->units / GROWN;
}

/* Without a page: the map is given up. */
static int
give_page(sqlite3_file *file, sqlite3_int64 at, void *page)
{
    Map *self = map_of(file);

    if (page == NULL && fits_file(file, self))
        return SQLITE_OK;
    if (page == NULL)
        self->map = NULL;
    return database.methods->xUnfetch(file, at, page);
}

static int
close_database(sqlite3_file *file)
{
    g_free(map_of(file)->touched);
    return database.methods->xClose(file);
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
        if (table == &database) {
            table->counting.xFetch = fetch_page;
            table->counting.xUnfetch = give_page;
            table->counting.xClose = close_database;
        }
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
    *map_of(file) = (Map){ 0 };
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
        counted.szOsFile = below->szOsFile + (int)sizeof(Map);
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
