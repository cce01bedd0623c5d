/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "db/db.h"

#include <sqlite3.h>

/* The tables that a statement touches. */
typedef struct {
    GQuark written[12];
    guint n_written;
    bool stirs;       /* writes a table that mostly stands still; see touch.c */
    bool reads_still; /* reads such a table */
    bool reads_other; /* reads another one */
} NskTouch;

struct _NskDb {
    sqlite3 *handle;
    char *path;
    const char *schema; /* folder of its schema steps; static */
    NskDbMode mode;
    int lock_fd;            /* the writer's lock; -1 if not held */
    GHashTable *statements; /* owned: address of the SQL text -> idle Statement */
    NskDbTxn *txn;          /* the open transaction, or NULL; borrowed */
    int log_pages;          /* see nsk_db_log_pages() */
    bool remembers;         /* it knows what its statements touch: see touch.c */
    NskTouch *touch;        /* of the statement that is being prepared, or NULL; borrowed */
    GHashTable *answers;    /* see still.c; NULL: none yet */
    GByteArray *ask;        /* what is asked of them just now */
    GPtrArray *shelves;     /* see memo.c; NULL: none yet */
    unsigned fail_nth;
};

struct _NskDbTxn {
    NskDb *db;
    bool writes; /* the writer's; else a snapshot */
};

/* Folder of the schema of an office's database. */
#define NSK_DB_SCHEMA "engine/db/schema"

/* The one place where an SQLite result becomes an NskError. */
bool nsk_db_check_result(NskDb *self, int rc, GError **error);
/* Runs text without parameters. */
bool nsk_db_run(NskDb *self, const char *sql, GError **error);
/* The number of the newest step in a folder of schema steps. */
int nsk_db_newest_step(const char *schema);
/* Runs one statement without parameters or rows, prepared once; @sql as for nsk_db_query(). */
bool nsk_db_control(NskDb *self, const char *sql, GError **error);
/* Ends the open transaction, if there is one, without a trace. */
void nsk_db_roll_back(NskDb *self);
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

/* ---- touch.c, still.c, memo.c: what the handle that writes remembers ---- */

/* From now on fills in self->touch whenever a statement is prepared. */
void nsk_touch_watch(NskDb *self);

/* The rows of an answer. */
typedef struct _NskStill NskStill;
NskStill *nsk_still_ref(NskStill *self);
void nsk_still_unref(NskStill *self);
/* Steps to the end.  SQLITE_DONE, and then *out_still, owned; SQLITE_ROW if that is too much to
 * keep; else what failed. */
int nsk_still_read(sqlite3_stmt *stmt, NskStill **out_still);
guint nsk_still_count(const NskStill *self);
int64_t nsk_still_int(const NskStill *self, guint row, int column);
/* NULL for SQL NULL; a text with its NUL.  @out_size may be NULL. */
const void *nsk_still_bytes(const NskStill *self, guint row, int column, size_t *out_size);
/* Owned; NULL if it is not known. */
NskStill *nsk_still_find(NskDb *self, const char *sql, const NskDbValue *params, size_t n_params);
void nsk_still_keep(NskDb *self,
                    const char *sql,
                    const NskDbValue *params,
                    size_t n_params,
                    NskStill *still);
void nsk_still_drop(NskDb *self);
void nsk_still_clear(NskDb *self);

/* Drops what a statement that writes may have made untrue; to be called before and after it. */
void nsk_memo_touch(NskDb *self, const char *sql, const NskTouch *touch);
/* Drops all that is remembered: something is rolled back. */
void nsk_memo_drop(NskDb *self);
void nsk_memo_clear(NskDb *self);

/* ---- batch.c ---- */

/* Gives the caller what became of his change; takes what @result owns. */
bool nsk_db_take_result(NskChangeResult *result, char **out_answer, GError **error);

/* ---- vfs.c ---- */

/* Name of the file layer that counts; registers it the first time.  Any thread. */
const char *nsk_db_vfs(void);
/* How often a file of a database was brought to the disk, in this process. */
int64_t nsk_db_count_syncs(void);

/* ---- db.c: the write-ahead log, for writer.c ---- */

/* From now on the log is copied by nsk_db_copy_log() only, not inside this handle's commits. */
bool nsk_db_watch_log(NskDb *self, GError **error);
/* Pages in the log after this handle's last commit. */
int nsk_db_log_pages(const NskDb *self);
/* Copies back what no reader needs any more, waiting for nobody.  Both out may be NULL. */
bool nsk_db_copy_log(NskDb *self, int *out_pages, int *out_copied);
/* Copies all of it back, and waits for at most @wait_ms for the snapshots that read from it, so
 * that the next commit begins it anew.  It may fail, and be tried again.  The writer's handle only.
 */
void nsk_db_restart_log(NskDb *self, int wait_ms);
