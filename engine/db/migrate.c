/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The schema: numbered files engine/db/schema/NNNN-name.sql, built into the program.  The number of
 * the last one applied is SQLite's user_version.  A file is never edited after a release; a change
 * is a new file.
 *
 * Migrating runs all the files that an office lacks in one transaction, so that a kill leaves the
 * schema that was there or the newest one.  What a transaction cannot help against is a step that
 * does the wrong thing; for that a copy of the database is kept first.  A step must run inside a
 * transaction; references are not enforced meanwhile (as SQLite's rules for remaking a table ask)
 * but checked at its end.
 */
#include "base/bytes.h"
#include "base/fault.h"
#include "base/message.h"
#include "base/resource.h"
#include "db/db-private.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#define LOCK_WAIT_MS 10000

static const char sql_read_version[] = "PRAGMA user_version";
static const char sql_begin_steps[] = "BEGIN IMMEDIATE";
static const char sql_commit_steps[] = "COMMIT";
static const char sql_rollback_steps[] = "ROLLBACK";
static const char sql_references_off[] = "PRAGMA foreign_keys = OFF";
static const char sql_references_on[] = "PRAGMA foreign_keys = ON";
static const char sql_find_dangling[] = "PRAGMA foreign_key_check";

/* The number at the beginning of a schema file's name. */
static int
step_number(const char *name)
{
    return (int)strtol(name, NULL, 10);
}

int
nsk_db_newest_step(const char *schema)
{
    g_auto(GStrv) names = nsk_resource_list(schema, NULL);

    g_assert(names != NULL && names[0] != NULL);
    return step_number(names[g_strv_length(names) - 1]);
}

int
nsk_db_schema_newest(void)
{
    return nsk_db_newest_step(NSK_DB_SCHEMA);
}

bool
nsk_db_read_version(NskDb *self, int *out_version, GError **error)
{
    sqlite3_stmt *stmt = NULL;
    int rc = sqlite3_prepare_v2(self->handle, sql_read_version, -1, &stmt, NULL);
    bool ok = nsk_db_check_result(self, rc, error) &&
              nsk_db_check_result(self, sqlite3_step(stmt), error);

    if (ok)
        *out_version = sqlite3_column_int(stmt, 0);
    (void)sqlite3_finalize(stmt);
    return ok;
}

/* Whether every reference of every row leads somewhere. */
static bool
check_references(NskDb *self, GError **error)
{
    sqlite3_stmt *stmt = NULL;
    int rc = sqlite3_prepare_v2(self->handle, sql_find_dangling, -1, &stmt, NULL);
    bool ok = nsk_db_check_result(self, rc, error);

    if (ok) {
        rc = sqlite3_step(stmt);
        ok = nsk_db_check_result(self, rc, error);
    }
    if (ok && rc == SQLITE_ROW) {
        g_set_error(error, NSK_ERROR, NSK_ERROR_CORRUPT,
                    nsk_tr("rows of '%s' refer to rows of '%s' that are not there"),
                    (const char *)sqlite3_column_text(stmt, 0),
                    (const char *)sqlite3_column_text(stmt, 2));
        ok = false;
    }
    (void)sqlite3_finalize(stmt);
    return ok;
}

static bool
run_step(NskDb *self, const char *name, GError **error)
{
    g_autofree char *path = g_build_filename(self->schema, name, NULL);
    g_autoptr(GBytes) sql = nsk_resource_load(path, error);

    if (sql == NULL)
        return false;
    g_autofree char *text = g_strndup(g_bytes_get_data(sql, NULL), g_bytes_get_size(sql));
    g_autofree char *mark = g_strdup_printf("PRAGMA user_version = %d", step_number(name));
    if (nsk_db_run(self, text, error) && nsk_db_run(self, mark, error) &&
        NSK_FAULT("migrate.step", error))
        return true;
    g_prefix_error(error, nsk_tr("schema step '%s': "), name);
    return false;
}

/* Every step above @version, inside the transaction. */
static bool
run_steps(NskDb *self, char **names, int version, GError **error)
{
    for (int i = 0; names[i] != NULL; i++) {
        if (step_number(names[i]) > version && !run_step(self, names[i], error))
            return false;
    }
    /* a new database has no rows */
    return version == 0 || check_references(self, error);
}

bool
nsk_db_apply_schema(NskDb *self, int *out_from, int *out_to, GError **error)
{
    int version;
    int newest = nsk_db_newest_step(self->schema);
    g_auto(GStrv) names = nsk_resource_list(self->schema, error);

    if (names == NULL || !nsk_db_read_version(self, &version, error))
        return false;
    /* a table that is made anew is dropped in between, which references must not see */
    bool ok =
        version >= newest ||
        (nsk_db_run(self, sql_references_off, error) && nsk_db_run(self, sql_begin_steps, error) &&
         run_steps(self, names, version, error) && nsk_db_run(self, sql_commit_steps, error));
    if (!ok)
        (void)sqlite3_exec(self->handle, sql_rollback_steps, NULL, NULL, NULL);
    if (!nsk_db_run(self, sql_references_on, ok ? error : NULL) || !ok)
        return false;
    if (out_from != NULL)
        *out_from = version;
    if (out_to != NULL)
        *out_to = MAX(version, newest);
    return true;
}

bool
nsk_db_create(const char *path, GError **error)
{
    if (access(path, F_OK) == 0) {
        g_set_error(error, NSK_ERROR, NSK_ERROR_CONFLICT,
                    nsk_tr("'%s' exists already; choose a new folder for a new office"), path);
        return false;
    }
    g_autoptr(NskDb) self = nsk_db_open_raw(path, true, error);
    return self != NULL && nsk_db_apply_schema(self, NULL, NULL, error);
}

int
nsk_db_schema_version(const char *path, GError **error)
{
    int version;
    g_autoptr(NskDb) self = nsk_db_open_raw(path, false, error);

    return self != NULL && nsk_db_read_version(self, &version, error) ? version : -1;
}

static bool
sync_file(const char *path, GError **error)
{
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    bool ok = fd >= 0 && fsync(fd) == 0;

    if (!ok)
        g_set_error(error, NSK_ERROR, NSK_ERROR_IO, nsk_tr("cannot write '%s': %s"), path,
                    nsk_reason(errno));
    if (fd >= 0)
        (void)close(fd);
    return ok;
}

/* A whole and durable copy of the database at @copy, which takes its name when it is whole. */
static bool
keep_copy(NskDb *self, const char *copy, GError **error)
{
    g_autofree char *part = g_strconcat(copy, ".part", NULL);
    g_autofree char *folder = g_path_get_dirname(copy);
    g_autoptr(NskDbTxn) txn = nsk_db_snapshot(self, error);

    (void)unlink(part);
    if (txn == NULL || !nsk_db_backup(txn, part, &(NskDbBackup){ 0 }, NULL, error)) {
        g_prefix_error(error, nsk_tr("no copy could be kept before migrating: "));
        return false;
    }
    bool ok = sync_file(part, error) && NSK_FAULT("migrate.copy", error);
    if (ok && rename(part, copy) != 0) {
        ok = false;
        g_set_error(error, NSK_ERROR, NSK_ERROR_IO, nsk_tr("cannot write '%s': %s"), copy,
                    nsk_reason(errno));
    }
    if (!ok)
        (void)unlink(part);
    return ok && nsk_dir_sync(folder, error);
}

bool
nsk_db_migrate(const char *path, const char *copy, int *out_from, int *out_to, GError **error)
{
    g_autoptr(NskDb) self = nsk_db_open_raw(path, false, error);

    if (self == NULL || !nsk_db_lock_writer(self, LOCK_WAIT_MS, error))
        return false;
    int version;
    int newest = nsk_db_schema_newest();
    if (!nsk_db_read_version(self, &version, error))
        return false;
    if (version > newest) {
        g_set_error(
            error, NSK_ERROR, NSK_ERROR_UNSUPPORTED,
            nsk_tr("the office has schema %d, this program knows only up to %d: use the newer "
                   "program that wrote it"),
            version, newest);
        return false;
    }
    if (copy != NULL && version < newest && !keep_copy(self, copy, error))
        return false;
    return NSK_FAULT("migrate.begin", error) &&
           nsk_db_apply_schema(self, out_from, out_to, error) && NSK_FAULT("migrate.end", error);
}
