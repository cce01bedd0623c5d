/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "db/db.h"

#include <sqlite3.h>

struct _NskDb {
    sqlite3 *handle;
    char *path;
    const char *schema; /* folder of its schema steps; static */
    NskDbMode mode;
    int lock_fd;            /* the writer's lock; -1 if not held */
    GHashTable *statements; /* owned: address of the SQL text -> idle sqlite3_stmt */
    NskDbTxn *txn;          /* the open transaction, or NULL; borrowed */
    unsigned fail_nth;
};

struct _NskDbTxn {
    NskDb *db;
};

/* Folder of the schema of an office's database. */
#define NSK_DB_SCHEMA "engine/db/schema"

/* The one place where an SQLite result becomes an NskError. */
bool nsk_db_check_result(NskDb *self, int rc, GError **error);
/* Runs text without parameters. */
bool nsk_db_run(NskDb *self, const char *sql, GError **error);
/* The number of the newest step in a folder of schema steps. */
int nsk_db_newest_step(const char *schema);
/* Opens the file without looking at its schema; takes no lock. */
NskDb *nsk_db_open_raw(const char *path, bool create, GError **error);
/* Locks the file beside the database at @database, waiting for at most @wait_ms; what to close, or
 * -1.  Errors: BUSY, also if the office was replaced meanwhile; IO. */
int nsk_db_lock_file(const char *database, unsigned wait_ms, GError **error);
/* Takes the writer's lock of the office, waiting for at most @wait_ms.  Errors: the same. */
bool nsk_db_lock_writer(NskDb *self, unsigned wait_ms, GError **error);
/* Runs every schema step above the file's version. */
bool nsk_db_apply_schema(NskDb *self, int *out_from, int *out_to, GError **error);
bool nsk_db_read_version(NskDb *self, int *out_version, GError **error);
