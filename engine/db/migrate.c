/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The schema: numbered files engine/db/schema/NNNN-name.sql, built into the program.  The number of
 * the last one applied is SQLite's user_version.  A file is never edited after a release; a change
 * is a new file.
 */
#include "base/message.h"
#include "base/resource.h"
#include "db/db-private.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#define SCHEMA_FOLDER "engine/db/schema"
#define LOCK_WAIT_MS  10000

static const char sql_read_version[] = "PRAGMA user_version";
static const char sql_begin_step[] = "BEGIN IMMEDIATE";
static const char sql_commit_step[] = "COMMIT";
static const char sql_rollback_step[] = "ROLLBACK";

/* The number at the beginning of a schema file's name. */
static int
step_number(const char *name)
{
    return (int)strtol(name, NULL, 10);
}

int
nsk_db_schema_newest(void)
{
    g_auto(GStrv) names = nsk_resource_list(SCHEMA_FOLDER, NULL);

    g_assert(names != NULL && names[0] != NULL);
    return step_number(names[g_strv_length(names) - 1]);
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

/* One step in a transaction of its own: whole or not at all. */
static bool
apply_step(NskDb *self, const char *name, GError **error)
{
    g_autofree char *path = g_build_filename(SCHEMA_FOLDER, name, NULL);
    g_autoptr(GBytes) sql = nsk_resource_load(path, error);

    if (sql == NULL)
        return false;
    g_autofree char *text = g_strndup(g_bytes_get_data(sql, NULL), g_bytes_get_size(sql));
    g_autofree char *mark = g_strdup_printf("PRAGMA user_version = %d", step_number(name));
    if (nsk_db_run(self, sql_begin_step, error) && nsk_db_run(self, text, error) &&
        nsk_db_run(self, mark, error) && nsk_db_run(self, sql_commit_step, error))
        return true;
    g_prefix_error(error, nsk_tr("schema step '%s': "), name);
    (void)sqlite3_exec(self->handle, sql_rollback_step, NULL, NULL, NULL);
    return false;
}

bool
nsk_db_apply_schema(NskDb *self, int *out_from, int *out_to, GError **error)
{
    int version;
    g_auto(GStrv) names = nsk_resource_list(SCHEMA_FOLDER, error);

    if (names == NULL || !nsk_db_read_version(self, &version, error))
        return false;
    if (out_from != NULL)
        *out_from = version;
    for (int i = 0; names[i] != NULL; i++) {
        if (step_number(names[i]) <= version)
            continue;
        if (!apply_step(self, names[i], error))
            return false;
        version = step_number(names[i]);
    }
    if (out_to != NULL)
        *out_to = version;
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

bool
nsk_db_migrate(const char *path, int *out_from, int *out_to, GError **error)
{
    g_autoptr(NskDb) self = nsk_db_open_raw(path, false, error);

    if (self == NULL || !nsk_db_lock_writer(self, LOCK_WAIT_MS, error))
        return false;
    int version;
    if (!nsk_db_read_version(self, &version, error))
        return false;
    if (version > nsk_db_schema_newest()) {
        g_set_error(
            error, NSK_ERROR, NSK_ERROR_UNSUPPORTED,
            nsk_tr("the office has schema %d, this program knows only up to %d: use the newer "
                   "program that wrote it"),
            version, nsk_db_schema_newest());
        return false;
    }
    return nsk_db_apply_schema(self, out_from, out_to, error);
}
