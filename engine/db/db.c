/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The SQLite driver: opening, snapshots and statements.
 *
 * INVARIANTS
 *   (1) A handle has at most one open transaction.
 *   (2) The writer's lock is an advisory lock on the file "<database>.writer", held by at most one
 *       process; SQLite's own lock would let a second writer in between two batches.
 *       A lock that was got after its office had been replaced is not kept.
 *   (3) Outside nsk_db_commit_batch() and the schema steps, query_only keeps a handle from writing.
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

struct _NskDbRows {
    NskDb *db;
    sqlite3_stmt *stmt;
    const char *sql; /* where it goes back to in the cache */
};

static const char sql_pragmas[] = "PRAGMA synchronous = FULL;"
                                  "PRAGMA secure_delete = ON;"
                                  "PRAGMA foreign_keys = ON;"
                                  "PRAGMA trusted_schema = OFF;"
                                  "PRAGMA cell_size_check = ON;"
                                  "PRAGMA cache_size = -65536;"
                                  "PRAGMA mmap_size = 268435456;";
static const char sql_new_file_pragmas[] = "PRAGMA page_size = 16384;"
                                           "PRAGMA journal_mode = WAL;";
static const char sql_query_only_on[] = "PRAGMA query_only = ON";
/* Any read fixes what a deferred transaction sees. */
static const char sql_begin_snapshot[] = "BEGIN; SELECT 1 FROM sqlite_schema LIMIT 1";
static const char sql_rollback[] = "ROLLBACK";
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
    case SQLITE_CONSTRAINT:
        code = NSK_ERROR_CONFLICT;
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
finalize(gpointer stmt)
{
    (void)sqlite3_finalize(stmt);
}

NskDb *
nsk_db_open_raw(const char *path, bool create, GError **error)
{
    g_autoptr(NskDb) self = g_new0(NskDb, 1);
    int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE;

    self->path = g_strdup(path);
    self->schema = NSK_DB_SCHEMA;
    self->lock_fd = -1;
    self->statements = g_hash_table_new_full(NULL, NULL, NULL, finalize);
    if (create)
        flags |= SQLITE_OPEN_CREATE;
    else if (access(path, F_OK) != 0) {
        g_set_error(
            error, NSK_ERROR, NSK_ERROR_NOT_FOUND,
            nsk_tr("there is no office here: '%s' does not exist; make one with 'naskah init'"),
            path);
        return NULL;
    }
    if (!nsk_db_check_result(self, sqlite3_open_v2(path, &self->handle, flags, NULL), error))
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

int
nsk_db_lock_file(const char *database, unsigned wait_ms, GError **error)
{
    g_autofree char *path = g_strconcat(database, ".writer", NULL);
    int fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);

    for (unsigned waited = 0; fd >= 0; waited += LOCK_POLL_MS) {
        if (flock(fd, LOCK_EX | LOCK_NB) == 0) {
            if (is_file_at(fd, path) || fail_replaced(path, error))
                return fd;
            (void)close(fd);
            return -1;
        }
        if (errno != EWOULDBLOCK && errno != EINTR)
            break;
        if (waited >= wait_ms) {
            g_set_error(
                error, NSK_ERROR, NSK_ERROR_BUSY,
                nsk_tr("another process is writing to the office ('%s' is locked); try again"),
                path);
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
    if (!check_version(self, error) || !nsk_db_run(self, sql_query_only_on, error))
        return NULL;
    return g_steal_pointer(&self);
}

void
nsk_db_free(NskDb *self)
{
    if (self == NULL)
        return;
    g_assert(self->txn == NULL);
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
    if (!nsk_db_run(self, sql_begin_snapshot, error)) {
        (void)sqlite3_exec(self->handle, sql_rollback, NULL, NULL, NULL);
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
    (void)sqlite3_exec(self->db->handle, sql_rollback, NULL, NULL, NULL);
    self->db->txn = NULL;
    g_free(self);
}

NskDb *
nsk_db_txn_get_db(NskDbTxn *txn)
{
    return txn->db;
}

/* Takes the idle statement for @sql out of the cache, or prepares one. */
static sqlite3_stmt *
take_statement(NskDb *self, const char *sql, GError **error)
{
    gpointer stmt = NULL;

    if (g_hash_table_steal_extended(self->statements, sql, NULL, &stmt))
        return stmt;
    sqlite3_stmt *fresh = NULL;
    int rc = sqlite3_prepare_v3(self->handle, sql, -1, SQLITE_PREPARE_PERSISTENT, &fresh, NULL);
    if (!nsk_db_check_result(self, rc, error))
        return NULL;
    return fresh;
}

static int
bind(sqlite3_stmt *stmt, int at, const NskDbValue *value)
{
    switch (value->type) {
    case NSK_DB_VALUE_TEXT:
        return value->data != NULL ? sqlite3_bind_text(stmt, at, value->data, -1, SQLITE_TRANSIENT)
                                   : sqlite3_bind_null(stmt, at);
    case NSK_DB_VALUE_INT:
        return sqlite3_bind_int64(stmt, at, value->num);
    case NSK_DB_VALUE_BLOB:
        return sqlite3_bind_blob64(stmt, at, value->data != NULL ? value->data : "", value->size,
                                   SQLITE_TRANSIENT);
    case NSK_DB_VALUE_NULL:
    default:
        return sqlite3_bind_null(stmt, at);
    }
}

NskDbRows *
nsk_db_query(NskDbTxn *txn,
             const char *sql,
             const NskDbValue *params,
             size_t n_params,
             GError **error)
{
    NskDb *self = txn->db;

    if (injected_fault(self, error))
        return NULL;
    sqlite3_stmt *stmt = take_statement(self, sql, error);
    if (stmt == NULL)
        return NULL;

    g_autoptr(NskDbRows) rows = g_new0(NskDbRows, 1);
    rows->db = self;
    rows->stmt = stmt;
    rows->sql = sql;
    /* a statement may name fewer parameters than it is given only by a mistake */
    g_assert((size_t)sqlite3_bind_parameter_count(stmt) == n_params);
    for (size_t i = 0; i < n_params; i++) {
        char name[16];

        (void)g_snprintf(name, sizeof name, "$%zu", i + 1);
        int at = sqlite3_bind_parameter_index(stmt, name);
        g_assert(at > 0);
        if (!nsk_db_check_result(self, bind(stmt, at, &params[i]), error))
            return NULL;
    }
    return g_steal_pointer(&rows);
}

bool
nsk_db_rows_next(NskDbRows *rows, bool *out_row, GError **error)
{
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
    g_autoptr(NskDbRows) rows = nsk_db_query(txn, sql, params, n_params, error);

    while (rows != NULL && has_row) {
        if (!nsk_db_rows_next(rows, &has_row, error))
            return false;
    }
    if (rows != NULL && out_changed != NULL)
        *out_changed = sqlite3_changes64(txn->db->handle);
    return rows != NULL;
}

const char *
nsk_db_rows_text(NskDbRows *rows, int column)
{
    return (const char *)sqlite3_column_text(rows->stmt, column);
}

int64_t
nsk_db_rows_int(NskDbRows *rows, int column)
{
    return sqlite3_column_int64(rows->stmt, column);
}

const void *
nsk_db_rows_blob(NskDbRows *rows, int column, size_t *out_size)
{
    const void *data = sqlite3_column_blob(rows->stmt, column);

    *out_size = (size_t)sqlite3_column_bytes(rows->stmt, column);
    return data;
}

bool
nsk_db_rows_is_null(NskDbRows *rows, int column)
{
    return sqlite3_column_type(rows->stmt, column) == SQLITE_NULL;
}

void
nsk_db_rows_free(NskDbRows *rows)
{
    if (rows == NULL)
        return;
    (void)sqlite3_reset(rows->stmt);
    (void)sqlite3_clear_bindings(rows->stmt);
    /* a second query with the same text while this one ran leaves two: the table keeps the last */
    g_hash_table_replace(rows->db->statements, (gpointer)(uintptr_t)rows->sql, rows->stmt);
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
