/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The SQLite driver: opening, snapshots and statements.
 *
 * INVARIANTS
 *   (1) A handle has at most one open transaction.
 *   (2) The writer's lock is an advisory lock on the file "<database>.writer", held by at most one
 *       process; SQLite's own lock would let a second writer in between two batches.
 *       A lock that was got after its office had been replaced is not kept.
 *   (3) A statement that writes is run in the writer's transaction only, and in schema steps; and
 * not once SQLite has rolled that transaction back by itself.
 */
#include "base/message.h"
#include "db/db-private.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#define BUSY_TIMEOUT_MS 10000
#define WRITER_WAIT_MS  10000
#define LOCK_POLL_MS    20
#define PID_TEXT        24

#define PARAMS_MAX 48
#define IDLE_MOST  16 /* statements of one text */

typedef struct _Statement Statement;
struct _Statement {
    sqlite3_stmt *stmt;
    bool writes;
    size_t n_params;
    uint8_t place[PARAMS_MAX]; /* of $1, $2 ... among SQLite's, which count by first appearance */
    NskTouch touch;            /* empty but on the handle that writes */
    bool too_large;            /* an answer of it was too large to be kept */
    Statement *other;          /* idle too, with the same text; owned; NULL: none */
    unsigned n_others;
};

struct _NskDbRows {
    NskDb *db;
    sqlite3_stmt *stmt; /* that of @prepared */
    Statement *prepared;
    const char *sql; /* where it goes back to in the cache */
    NskStill *still; /* the rows, where they are in memory; then there is no statement; owned */
    guint at;        /* of the row, counted from 1; 0: before the first */
};

/* Not cell_size_check: pages that are read through the map are checked each time they are looked
 * at, cell by cell, which took half of a look-up's time.  Doctor checks the whole file. */
static const char sql_pragmas[] = "PRAGMA synchronous = FULL;"
                                  "PRAGMA secure_delete = ON;"
                                  "PRAGMA foreign_keys = ON;"
                                  "PRAGMA trusted_schema = OFF;"
                                  "PRAGMA cache_size = -65536;"
                                  "PRAGMA mmap_size = 2147418112;";
static const char sql_once_pragmas[] = "PRAGMA mmap_size = 0;"
                                       "PRAGMA cache_size = -4096;";
static const char sql_new_file_pragmas[] = "PRAGMA page_size = 16384;"
                                           "PRAGMA journal_mode = WAL;";
/* Any read fixes what a deferred transaction sees. */
static const char sql_begin[] = "BEGIN";
static const char sql_fix_snapshot[] = "SELECT 1 FROM sqlite_schema LIMIT 1";
static const char sql_rollback[] = "ROLLBACK";
static const char sql_limit_log[] = "PRAGMA journal_size_limit = 134217728";
static const char sql_integrity_check[] = "PRAGMA integrity_check(20)";
static const char sql_foreign_key_check[] = "PRAGMA foreign_key_check";

/* What the library says went wrong, in the user's language where he can do something about it. */
static const char *
reason_of(NskDb *self)
{
    static const char *const known[] = {
        N_("database is locked"),
        N_("unable to open database file"),
        N_("database disk image is malformed"),
        N_("database or disk is full"),
        N_("disk I/O error"),
        N_("file is not a database"),
        N_("attempt to write a readonly database"),
    };
    const char *words = sqlite3_errmsg(self->handle);

    for (size_t i = 0; i < G_N_ELEMENTS(known); i++) {
        if (strcmp(words, known[i]) == 0)
            return nsk_tr(known[i]);
    }
    return words;
}

bool
nsk_db_check_result(NskDb *self, int rc, GError **error)
{
    NskError code = NSK_ERROR_IO;

    switch (rc & 0xff) {
    case SQLITE_OK:
    case SQLITE_ROW:
    case SQLITE_DONE:
        return true;
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
        code = NSK_ERROR_BUSY;
        break;
    case SQLITE_CONSTRAINT: /* nothing that a caller could mend by reading again */
        code = NSK_ERROR_INTERNAL;
        break;
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
        code = NSK_ERROR_CORRUPT;
        break;
    default:
        break;
    }
    g_set_error(error, NSK_ERROR, (int)code, nsk_tr("database '%s': %s"), self->path,
                reason_of(self));
    return false;
}

static bool
injected_fault(NskDb *self, GError **error)
{
    if (self->fail_nth == 0 || --self->fail_nth > 0)
        return false;
    g_set_error_literal(error, NSK_ERROR, NSK_ERROR_IO, "database: injected fault");
    return true;
}

bool
nsk_db_run(NskDb *self, const char *sql, GError **error)
{
    return !injected_fault(self, error) &&
           nsk_db_check_result(self, sqlite3_exec(self->handle, sql, NULL, NULL, NULL), error);
}

static void
statement_free(gpointer data)
{
    Statement *self = data;

    while (self != NULL) {
        Statement *other = self->other;

        (void)sqlite3_finalize(self->stmt);
        g_free(self);
        self = other;
    }
}

NskDb *
nsk_db_open_raw(const char *path, bool create, GError **error)
{
    g_autoptr(NskDb) self = g_new0(NskDb, 1);
    int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE;

    self->path = g_strdup(path);
    self->schema = NSK_DB_SCHEMA;
    self->lock_fd = -1;
    self->statements = g_hash_table_new_full(NULL, NULL, NULL, statement_free);
    if (create)
        flags |= SQLITE_OPEN_CREATE;
    else if (access(path, F_OK) != 0) {
        g_set_error(
            error, NSK_ERROR, NSK_ERROR_NOT_FOUND,
            nsk_tr("there is no office here: '%s' does not exist; make one with 'naskah init'"),
            path);
        return NULL;
    }
    if (!nsk_db_check_result(self, sqlite3_open_v2(path, &self->handle, flags, nsk_db_vfs()),
                             error))
        return NULL;
    (void)sqlite3_busy_timeout(self->handle, BUSY_TIMEOUT_MS);
    (void)sqlite3_db_config(self->handle, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
    if (create && !nsk_db_run(self, sql_new_file_pragmas, error))
        return NULL;
    if (!nsk_db_run(self, sql_pragmas, error))
        return NULL;
    return g_steal_pointer(&self);
}

/* Whether @fd still is the file at @path, and not one that was moved away while we waited. */
static bool
is_file_at(int fd, const char *path)
{
    struct stat held, there;

    return fstat(fd, &held) == 0 && stat(path, &there) == 0 && held.st_dev == there.st_dev &&
           held.st_ino == there.st_ino;
}

static bool
fail_replaced(const char *path, GError **error)
{
    g_set_error(error, NSK_ERROR, NSK_ERROR_BUSY,
                nsk_tr("the office was replaced while this waited for '%s'; try again"), path);
    return false;
}

/* Leaves the number of this process in the lock's file, for those who wait: no more than a hint. */
static void
sign_lock(int fd)
{
    char text[PID_TEXT];
    int size = g_snprintf(text, sizeof text, "%ld\n", (long)getpid());

    if (ftruncate(fd, 0) == 0)
        (void)!pwrite(fd, text, (size_t)size, 0);
}

static bool
fail_locked(int fd, const char *path, GError **error)
{
    char text[PID_TEXT];
    ssize_t size = pread(fd, text, sizeof text - 1, 0);
    guint64 holder = 0;

    text[MAX(size, 0)] = '\0';
    (void)g_strchomp(text);
    if (g_ascii_string_to_unsigned(text, 10, 1, G_MAXINT, &holder, NULL))
        g_set_error(error, NSK_ERROR, NSK_ERROR_BUSY,
                    nsk_tr("another process, number %d, is writing to the office ('%s' is locked); "
                           "try again"),
                    (int)holder, path);
    else
        g_set_error(error, NSK_ERROR, NSK_ERROR_BUSY,
                    nsk_tr("another process is writing to the office ('%s' is locked); try again"),
                    path);
    return false;
}

int
nsk_db_lock_file(const char *database, unsigned wait_ms, GError **error)
{
    g_autofree char *path = g_strconcat(database, ".writer", NULL);
    int fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);

    for (unsigned waited = 0; fd >= 0; waited += LOCK_POLL_MS) {
        if (flock(fd, LOCK_EX | LOCK_NB) == 0) {
            if (is_file_at(fd, path) || fail_replaced(path, error)) {
                sign_lock(fd);
                return fd;
            }
            (void)close(fd);
            return -1;
        }
        if (errno != EWOULDBLOCK && errno != EINTR)
            break;
        if (waited >= wait_ms) {
            fail_locked(fd, path, error);
            (void)close(fd);
            return -1;
        }
        g_usleep(LOCK_POLL_MS * 1000);
    }
    g_set_error(error, NSK_ERROR, NSK_ERROR_IO, nsk_tr("cannot lock '%s': %s"), path,
                nsk_reason(errno));
    if (fd >= 0)
        (void)close(fd);
    return -1;
}

bool
nsk_db_lock_writer(NskDb *self, unsigned wait_ms, GError **error)
{
    int moved = 0;

    self->lock_fd = nsk_db_lock_file(self->path, wait_ms, error);
    if (self->lock_fd < 0)
        return false;
    /* a restored office may have taken the place of the one whose file this handle has open */
    int rc = sqlite3_file_control(self->handle, "main", SQLITE_FCNTL_HAS_MOVED, &moved);
    return nsk_db_check_result(self, rc, error) && (!moved || fail_replaced(self->path, error));
}

static bool
check_version(NskDb *self, GError **error)
{
    int version;
    int newest = nsk_db_schema_newest();

    if (!nsk_db_read_version(self, &version, error))
        return false;
    if (version == newest)
        return true;
    g_set_error(
        error, NSK_ERROR, NSK_ERROR_UNSUPPORTED,
        version < newest
            ? nsk_tr("the office has schema %d, this program needs %d: run 'naskah migrate'")
            : nsk_tr("the office has schema %d, this program knows only up to %d: use the newer "
                     "program that wrote it"),
        version, newest);
    return false;
}

NskDb *
nsk_db_open_scratch(const char *schema, GError **error)
{
    g_autoptr(NskDb) self = nsk_db_open_raw(":memory:", true, error);

    if (self == NULL)
        return NULL;
    self->schema = schema;
    self->mode = NSK_DB_WRITE;
    nsk_touch_watch(self);
    return nsk_db_apply_schema(self, NULL, NULL, error) ? g_steal_pointer(&self) : NULL;
}

NskDb *
nsk_db_open(const char *path, NskDbMode mode, GError **error)
{
    bool in_memory = strcmp(path, ":memory:") == 0;
    g_autoptr(NskDb) self = nsk_db_open_raw(path, in_memory, error);

    if (self == NULL)
        return NULL;
    self->mode = in_memory ? NSK_DB_WRITE : mode;
    if (in_memory && !nsk_db_apply_schema(self, NULL, NULL, error))
        return NULL;
    if (!in_memory && mode == NSK_DB_WRITE && !nsk_db_lock_writer(self, WRITER_WAIT_MS, error))
        return NULL;
    if (self->mode == NSK_DB_WRITE)
        nsk_touch_watch(self);
    return check_version(self, error) ? g_steal_pointer(&self) : NULL;
}

NskDb *
nsk_db_open_once(const char *path, GError **error)
{
    g_autoptr(NskDb) self = nsk_db_open(path, NSK_DB_READ, error);

    if (self == NULL || !nsk_db_run(self, sql_once_pragmas, error))
        return NULL;
    return g_steal_pointer(&self);
}

void
nsk_db_free(NskDb *self)
{
    if (self == NULL)
        return;
    g_assert(self->txn == NULL);
    nsk_memo_clear(self);
    g_clear_pointer(&self->statements, g_hash_table_unref);
    (void)sqlite3_close(self->handle);
    if (self->lock_fd >= 0)
        (void)close(self->lock_fd);
    g_free(self->path);
    g_free(self);
}

NskDbTxn *
nsk_db_snapshot(NskDb *self, GError **error)
{
    g_assert(self->txn == NULL);
    if (!nsk_db_control(self, sql_begin, error) || !nsk_db_control(self, sql_fix_snapshot, error)) {
        nsk_db_roll_back(self);
        return NULL;
    }
    self->txn = g_new0(NskDbTxn, 1);
    self->txn->db = self;
    return self->txn;
}

void
nsk_db_snapshot_free(NskDbTxn *self)
{
    if (self == NULL)
        return;
    g_assert(self->db->txn == self);
    nsk_db_roll_back(self->db);
    self->db->txn = NULL;
    g_free(self);
}

static int
note_log_pages(void *data, G_GNUC_UNUSED sqlite3 *handle, G_GNUC_UNUSED const char *name, int pages)
{
    ((NskDb *)data)->log_pages = pages;
    return SQLITE_OK;
}

bool
nsk_db_watch_log(NskDb *self, GError **error)
{
    /* the hook takes the place of SQLite's own, which would copy inside a commit */
    (void)sqlite3_wal_hook(self->handle, note_log_pages, self);
    return nsk_db_run(self, sql_limit_log, error);
}

int
nsk_db_log_pages(const NskDb *self)
{
    return self->log_pages;
}

bool
nsk_db_copy_log(NskDb *self, int *out_pages, int *out_copied)
{
    return sqlite3_wal_checkpoint_v2(self->handle, NULL, SQLITE_CHECKPOINT_PASSIVE, out_pages,
                                     out_copied) == SQLITE_OK;
}

void
nsk_db_restart_log(NskDb *self, int wait_ms)
{
    (void)sqlite3_busy_timeout(self->handle, wait_ms);
    (void)sqlite3_wal_checkpoint_v2(self->handle, NULL, SQLITE_CHECKPOINT_RESTART, NULL, NULL);
    (void)sqlite3_busy_timeout(self->handle, BUSY_TIMEOUT_MS);
}

NskDb *
nsk_db_txn_get_db(NskDbTxn *txn)
{
    return txn->db;
}

const char *
nsk_db_get_path(NskDb *self)
{
    return self->path;
}

static Statement *
statement_new(sqlite3_stmt *stmt)
{
    Statement *self = g_new0(Statement, 1);

    self->stmt = stmt;
    self->writes = sqlite3_stmt_readonly(stmt) == 0;
    self->n_params = (size_t)sqlite3_bind_parameter_count(stmt);
    g_assert(self->n_params <= PARAMS_MAX);
    for (size_t i = 0; i < self->n_params; i++) {
        char name[16];

        (void)g_snprintf(name, sizeof name, "$%zu", i + 1);
        self->place[i] = (uint8_t)sqlite3_bind_parameter_index(stmt, name);
        g_assert(self->place[i] > 0);
    }
    return self;
}

/* Takes an idle statement for @sql out of the cache; NULL if there is none. */
static Statement *
take_idle(NskDb *self, const char *sql)
{
    gpointer known = NULL;

    if (!g_hash_table_steal_extended(self->statements, sql, NULL, &known))
        return NULL;
    Statement *statement = known;
    Statement *other = g_steal_pointer(&statement->other);
    statement->n_others = 0;
    if (other != NULL)
        g_hash_table_insert(self->statements, (gpointer)(uintptr_t)sql, other);
    return statement;
}

/* An idle statement for @sql, or a new one. */
static Statement *
take_statement(NskDb *self, const char *sql, GError **error)
{
    Statement *known = take_idle(self, sql);

    if (known != NULL)
        return known;
    sqlite3_stmt *fresh = NULL;
    NskTouch touch = { .n_written = 0 };
    self->touch = &touch;
    int rc = sqlite3_prepare_v3(self->handle, sql, -1, SQLITE_PREPARE_PERSISTENT, &fresh, NULL);
    self->touch = NULL;
    if (!nsk_db_check_result(self, rc, error))
        return NULL;
    Statement *statement = statement_new(fresh);
    statement->touch = touch;
    return statement;
}

/* Gives a statement back.  Those with the same text that ran beside it are kept as well. */
static void
give_statement(NskDb *self, const char *sql, Statement *statement)
{
    gpointer known = NULL;

    (void)sqlite3_reset(statement->stmt);
    (void)g_hash_table_steal_extended(self->statements, sql, NULL, &known);
    Statement *other = known;
    if (other != NULL && other->n_others + 1 == IDLE_MOST) {
        statement_free(statement);
        statement = other;
    } else if (other != NULL) {
        statement->other = other;
        statement->n_others = other->n_others + 1;
    }
    g_hash_table_insert(self->statements, (gpointer)(uintptr_t)sql, statement);
}

static bool
run_control(NskDb *self, const char *sql, GError **error)
{
    Statement *statement = take_statement(self, sql, error);
    if (statement == NULL)
        return false;
    int rc = sqlite3_step(statement->stmt);
    bool ok = nsk_db_check_result(self, rc, error);
    give_statement(self, sql, statement);
    return ok;
}

bool
nsk_db_control(NskDb *self, const char *sql, GError **error)
{
    return !injected_fault(self, error) && run_control(self, sql, error);
}

void
nsk_db_roll_back(NskDb *self)
{
    g_autoptr(GError) ignored = NULL;

    nsk_memo_drop(self);
    /* there is none where SQLite has rolled back by itself */
    if (sqlite3_get_autocommit(self->handle) == 0)
        (void)run_control(self, sql_rollback, &ignored);
}

/* @copied: whether SQLite is to copy the value, which is else borrowed until the statement's end.
 */
static int
bind(sqlite3_stmt *stmt, int at, const NskDbValue *value, bool copied)
{
    sqlite3_destructor_type life = copied ? SQLITE_TRANSIENT : SQLITE_STATIC;

    switch (value->type) {
    case NSK_DB_VALUE_TEXT:
        return value->data != NULL ? sqlite3_bind_text(stmt, at, value->data, -1, life)
                                   : sqlite3_bind_null(stmt, at);
    case NSK_DB_VALUE_INT:
        return sqlite3_bind_int64(stmt, at, value->num);
    case NSK_DB_VALUE_BLOB:
        return sqlite3_bind_blob64(stmt, at, value->data != NULL ? value->data : "", value->size,
                                   life);
    case NSK_DB_VALUE_NULL:
    default:
        return sqlite3_bind_null(stmt, at);
    }
}

/* What a query is asked with; all borrowed. */
typedef struct {
    const char *sql;
    const NskDbValue *params;
    size_t n_params;
} Ask;

/* After some faults SQLite rolls a transaction back by itself; a statement would then be one of its
 * own. */
static bool
is_gone(const NskDbTxn *txn, GError **error)
{
    if (!txn->writes || sqlite3_get_autocommit(txn->db->handle) == 0)
        return false;
    g_set_error(error, NSK_ERROR, NSK_ERROR_IO,
                nsk_tr("database '%s': the transaction was rolled back after a fault"),
                txn->db->path);
    return true;
}

static NskDbRows *
start_query(NskDbTxn *txn, const Ask *ask, bool copied, GError **error)
{
    NskDb *self = txn->db;

    if (injected_fault(self, error) || is_gone(txn, error))
        return NULL;
    Statement *statement = take_statement(self, ask->sql, error);
    if (statement == NULL)
        return NULL;

    g_autoptr(NskDbRows) rows = g_new0(NskDbRows, 1);
    rows->db = self;
    rows->stmt = statement->stmt;
    rows->prepared = statement;
    rows->sql = ask->sql;
    if (!txn->writes && statement->writes) {
        g_set_error(error, NSK_ERROR, NSK_ERROR_IO, nsk_tr("database '%s': %s"), self->path,
                    nsk_tr("attempt to write a readonly database"));
        return NULL;
    }
    /* a statement may name fewer parameters than it is given only by a mistake */
    g_assert(statement->n_params == ask->n_params);
    for (size_t i = 0; i < ask->n_params; i++) {
        int rc = bind(statement->stmt, statement->place[i], &ask->params[i], copied);

        if (!nsk_db_check_result(self, rc, error))
            return NULL;
    }
    if (statement->writes)
        nsk_memo_touch(self, ask->sql, &statement->touch);
    return g_steal_pointer(&rows);
}

/* Rows that are in memory; takes @still. */
static NskDbRows *
rows_of_still(NskDb *db, NskStill *still)
{
    NskDbRows *rows = g_new0(NskDbRows, 1);

    rows->db = db;
    rows->still = still;
    return rows;
}

/* Reads all rows of a query into memory, to be kept, if they are not too many. */
static NskDbRows *
keep_rows(NskDbRows *rows, const Ask *ask, GError **error)
{
    NskDb *self = rows->db;
    NskStill *still = NULL;

    if (injected_fault(self, error)) {
        nsk_db_rows_free(rows);
        return NULL;
    }
    int rc = nsk_still_read(rows->stmt, &still);
    if (rc == SQLITE_ROW) {
        /* from the beginning, row by row */
        rows->prepared->too_large = true;
        (void)sqlite3_reset(rows->stmt);
        return rows;
    }
    bool ok = nsk_db_check_result(self, rc, error);
    nsk_db_rows_free(rows);
    if (!ok)
        return NULL;
    nsk_still_keep(self, ask->sql, ask->params, ask->n_params, still);
    return rows_of_still(self, still);
}

/* Whether an answer of the statement is to be kept. */
static bool
is_still(const Statement *statement)
{
    return statement->touch.reads_still && !statement->touch.reads_other && !statement->writes &&
           !statement->too_large;
}

/* The answer, if it is known; owned. */
static NskStill *
find_answer(NskDbTxn *txn, const Ask *ask)
{
    const Statement *statement =
        txn->writes ? g_hash_table_lookup(txn->db->statements, ask->sql) : NULL;

    return statement != NULL && is_still(statement)
               ? nsk_still_find(txn->db, ask->sql, ask->params, ask->n_params)
               : NULL;
}

NskDbRows *
nsk_db_query(NskDbTxn *txn,
             const char *sql,
             const NskDbValue *params,
             size_t n_params,
             GError **error)
{
    Ask ask = { sql, params, n_params };
    NskStill *still = find_answer(txn, &ask);

    if (still != NULL)
        return rows_of_still(txn->db, still);
    NskDbRows *rows = start_query(txn, &ask, true, error);
    return rows != NULL && txn->writes && is_still(rows->prepared) ? keep_rows(rows, &ask, error)
                                                                   : rows;
}

bool
nsk_db_rows_next(NskDbRows *rows, bool *out_row, GError **error)
{
    if (rows->still != NULL) {
        *out_row = rows->at < nsk_still_count(rows->still);
        rows->at += *out_row ? 1 : 0;
        return true;
    }
    if (injected_fault(rows->db, error))
        return false;
    int rc = sqlite3_step(rows->stmt);
    if (!nsk_db_check_result(rows->db, rc, error))
        return false;
    *out_row = rc == SQLITE_ROW;
    return true;
}

bool
nsk_db_exec(NskDbTxn *txn,
            const char *sql,
            const NskDbValue *params,
            size_t n_params,
            int64_t *out_changed,
            GError **error)
{
    bool has_row = true;
    g_autoptr(NskDbRows) rows = start_query(txn, &(Ask){ sql, params, n_params }, false, error);

    while (rows != NULL && has_row) {
        if (!nsk_db_rows_next(rows, &has_row, error))
            return false;
    }
    if (rows != NULL && out_changed != NULL)
        *out_changed = sqlite3_changes64(txn->db->handle);
    return rows != NULL;
}

int64_t
nsk_db_inserted_id(const NskDbTxn *txn)
{
    return sqlite3_last_insert_rowid(txn->db->handle);
}

GPtrArray *
nsk_db_collect(NskDbRows *rows,
               gpointer (*make)(NskDbRows *row),
               GDestroyNotify release,
               GError **error)
{
    bool has_row = true;
    g_autoptr(NskDbRows) taken = rows;
    g_autoptr(GPtrArray) list = g_ptr_array_new_with_free_func(release);

    while (taken != NULL && has_row) {
        if (!nsk_db_rows_next(taken, &has_row, error))
            return NULL;
        if (has_row)
            g_ptr_array_add(list, make(taken));
    }
    return taken != NULL ? g_steal_pointer(&list) : NULL;
}

static gpointer
take_text(NskDbRows *row)
{
    return g_strdup(nsk_db_rows_text(row, 0));
}

GPtrArray *
nsk_db_list_texts(NskDbTxn *txn,
                  const char *sql,
                  const NskDbValue *params,
                  size_t n_params,
                  GError **error)
{
    return nsk_db_collect(nsk_db_query(txn, sql, params, n_params, error), take_text, g_free,
                          error);
}

const char *
nsk_db_rows_text(NskDbRows *rows, int column)
{
    if (rows->still != NULL)
        return nsk_still_bytes(rows->still, rows->at - 1, column, NULL);
    return (const char *)sqlite3_column_text(rows->stmt, column);
}

int64_t
nsk_db_rows_int(NskDbRows *rows, int column)
{
    if (rows->still != NULL)
        return nsk_still_int(rows->still, rows->at - 1, column);
    return sqlite3_column_int64(rows->stmt, column);
}

const void *
nsk_db_rows_blob(NskDbRows *rows, int column, size_t *out_size)
{
    if (rows->still != NULL)
        return nsk_still_bytes(rows->still, rows->at - 1, column, out_size);
    const void *data = sqlite3_column_blob(rows->stmt, column);

    *out_size = (size_t)sqlite3_column_bytes(rows->stmt, column);
    return data;
}

bool
nsk_db_rows_is_null(NskDbRows *rows, int column)
{
    if (rows->still != NULL)
        return nsk_still_bytes(rows->still, rows->at - 1, column, NULL) == NULL;
    return sqlite3_column_type(rows->stmt, column) == SQLITE_NULL;
}

void
nsk_db_rows_free(NskDbRows *rows)
{
    if (rows == NULL)
        return;
    if (rows->still != NULL) {
        nsk_still_unref(rows->still);
        g_free(rows);
        return;
    }
    if (rows->prepared->writes)
        nsk_memo_touch(rows->db, rows->sql, &rows->prepared->touch);
    (void)sqlite3_reset(rows->stmt);
    (void)sqlite3_clear_bindings(rows->stmt);
    give_statement(rows->db, rows->sql, rows->prepared);
    g_free(rows);
}

/* Adds the rows of a check to @issues; @clean is what a row says when there is no fault. */
static bool
report_rows(NskDbTxn *txn, const char *sql, const char *clean, NskIssues *issues, GError **error)
{
    bool has_row = false;
    g_autoptr(NskDbRows) rows = nsk_db_query(txn, sql, NSK_DB_NO_PARAMS, error);
    NskIssue place = { "db-integrity", NSK_SEVERITY_ERROR, txn->db->path, 0, 0, NULL };

    if (rows == NULL || !nsk_db_rows_next(rows, &has_row, error))
        return false;
    while (has_row) {
        const char *text = nsk_db_rows_text(rows, 0);

        if (clean == NULL || g_strcmp0(text, clean) != 0)
            nsk_issues_add(issues, &place,
                           nsk_tr("the database is damaged (%s): restore the last good backup"),
                           text);
        if (!nsk_db_rows_next(rows, &has_row, error))
            return false;
    }
    return true;
}

bool
nsk_db_check(NskDb *self, NskIssues *issues, GError **error)
{
    g_autoptr(NskDbTxn) txn = nsk_db_snapshot(self, error);

    return txn != NULL && report_rows(txn, sql_integrity_check, "ok", issues, error) &&
           report_rows(txn, sql_foreign_key_check, NULL, issues, error);
}

void
nsk_db_fail_nth(NskDb *self, unsigned nth)
{
    self->fail_nth = nth;
}
