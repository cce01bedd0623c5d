/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <naskah/error.h>
#include <naskah/issue.h>

#include "base/clock.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * The database of an office.  SQLite in WAL mode, synchronous FULL, 16 KB pages, secure_delete.
 *
 * There are two ways in: nsk_db_snapshot() to read, and nsk_db_commit_batch() to write.  Nothing
 * else opens a write transaction.  A handle, its transactions and its rows belong to one thread.
 * Statements use $1, $2, ... and are constants; values are always bound, never pasted in.
 */
typedef struct _NskDb NskDb;
/* A snapshot, or the writer's transaction inside an apply. */
typedef struct _NskDbTxn NskDbTxn;
typedef struct _NskDbRows NskDbRows;

typedef enum {
    NSK_DB_READ,  /* the file must exist and have the program's schema */
    NSK_DB_WRITE, /* as NSK_DB_READ, and takes the writer's lock until closed */
} NskDbMode;

typedef enum {
    NSK_DB_VALUE_NULL,
    NSK_DB_VALUE_TEXT,
    NSK_DB_VALUE_INT,
    NSK_DB_VALUE_BLOB
} NskDbType;

/* A bound value; everything borrowed. */
typedef struct {
    NskDbType type;
    const void *data; /* TEXT: NUL-terminated UTF-8; NULL is SQL NULL */
    int64_t num;      /* INT */
    size_t size;      /* BLOB */
} NskDbValue;

#define NSK_DB_TEXT(s)    ((NskDbValue){ .type = NSK_DB_VALUE_TEXT, .data = (s) })
#define NSK_DB_INT(n)     ((NskDbValue){ .type = NSK_DB_VALUE_INT, .num = (n) })
#define NSK_DB_BLOB(p, n) ((NskDbValue){ .type = NSK_DB_VALUE_BLOB, .data = (p), .size = (n) })
#define NSK_DB_NULL       ((NskDbValue){ .type = NSK_DB_VALUE_NULL })
#define NSK_DB_PARAMS(...)                                                                         \
    (const NskDbValue[]){ __VA_ARGS__ },                                                           \
        (sizeof((const NskDbValue[]){ __VA_ARGS__ }) / sizeof(NskDbValue))
#define NSK_DB_NO_PARAMS NULL, 0

/*
 * Makes a new database at @path with the newest schema.  Errors: CONFLICT if the file exists; IO.
 */
bool nsk_db_create(const char *path, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/*
 * Opens a database.  @path may be ":memory:" (a new one with the newest schema, for tests).
 * Errors: NOT_FOUND; BUSY if another process has the writer's lock for over 10 seconds;
 * UNSUPPORTED if the schema is older (says to run "naskah migrate") or newer than the program's;
 * CORRUPT; IO.
 */
NskDb *nsk_db_open(const char *path, NskDbMode mode, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* The same for reading whole tables once: pages are read into a small cache, not through a map of
 * the file, each of whose pages would be faulted in and met with cold. */
NskDb *nsk_db_open_once(const char *path, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* A database in memory with a part of the newest schema: a folder of its steps among the built-in
 * resources. */
NskDb *nsk_db_open_scratch(const char *schema, GError **error) G_GNUC_WARN_UNUSED_RESULT;
void nsk_db_free(NskDb *self);

/* The newest schema this program knows, and the one in the file at @path (-1 on error). */
int nsk_db_schema_newest(void);
int nsk_db_schema_version(const char *path, GError **error);
/*
 * Brings the file at @path to the newest schema: all the steps that it lacks in one transaction, so
 * that it has the old schema or the newest and never one between.  References are checked before
 * the commit.  Takes the writer's lock.  @copy: where a whole copy of the database as it was is
 * kept first, if there is a step to do (a file there is replaced); NULL: nowhere.
 * Errors: as nsk_db_open(); CORRUPT if the rows do not fit the new schema.
 */
bool nsk_db_migrate(const char *path, const char *copy, int *out_from, int *out_to, GError **error);
/*
 * An index: a database file beside the office's that can be made again from it, with a schema of
 * its own (a folder of numbered steps among the built-in resources) and a writer's lock of its own,
 * "<path>.writer".  Reading and writing are as for an office.  NSK_DB_WRITE makes the file if it is
 * not there.  Errors: NOT_FOUND; BUSY; UNSUPPORTED if it was made by another program version;
 * CORRUPT; IO.
 */
NskDb *nsk_db_open_index(const char *path, const char *schema, NskDbMode mode, GError **error)
    G_GNUC_WARN_UNUSED_RESULT;
/* Writes every page of the file anew and empties the write-ahead log, so that no byte of what was
 * deleted is left in either.  Needs NSK_DB_WRITE and no open transaction.  Errors: BUSY while
 * others read what is to go: try again; IO. */
bool nsk_db_compact(NskDb *self, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Removes the file of an index, with its log, under the writer's lock; one that is not there is no
 * error.  Handles that are open on it keep what they had.  Errors: BUSY, IO. */
bool nsk_db_remove_index(const char *path, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Adds SQLite's own findings (integrity_check, foreign_key_check) to @issues. */
bool nsk_db_check(NskDb *self, NskIssues *issues, GError **error);

/* A consistent view for reading; sees nothing written after this call.  Errors: IO, BUSY. */
NskDbTxn *nsk_db_snapshot(NskDb *self, GError **error) G_GNUC_WARN_UNUSED_RESULT;
void nsk_db_snapshot_free(NskDbTxn *self);

/* Copying the database; all borrowed, zero is the default. */
typedef struct {
    int64_t log_limit; /* bytes by which the write-ahead log may grow meanwhile; 0: any */
    void (*progress)(int64_t done, int64_t total, void *data); /* pages; may be NULL */
    void *data;
} NskDbBackup;
/*
 * Copies the database, as @txn (a snapshot) sees it, to the new file @path, while others write. The
 * log cannot shrink while the snapshot is open: end it soon afterwards.  The file is not synced,
 * and must be before it counts.  *out_grown: by how much the log grew; may be NULL.  What fails
 * leaves no file.  Errors: CONFLICT if the file exists; BUSY if the log grew over the limit; IO.
 */
bool nsk_db_backup(NskDbTxn *txn,
                   const char *path,
                   const NskDbBackup *options,
                   int64_t *out_grown,
                   GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* The writer's lock of the database at @path, which need not be whole.  Errors: BUSY, IO. */
typedef struct _NskDbLock NskDbLock;
NskDbLock *
nsk_db_lock_new(const char *path, unsigned wait_ms, GError **error) G_GNUC_WARN_UNUSED_RESULT;
void nsk_db_lock_free(NskDbLock *self);

/* What makes a change repeatable: the caller's id, and what he asked for under it.  Borrowed. */
typedef struct {
    const char *id;  /* NULL: none */
    const char *act; /* digest of who asked for what; not NULL with an id */
} NskRequest;

/*
 * One change (architecture.md, section 2).  Everything borrowed for the length of the commit.
 *
 * @apply reads and writes through @txn only, sees what the changes before it in the batch did, does
 * nothing slow, and may be called again after being rolled back.  It sets *out_answer (owned by the
 * caller, may stay NULL) on success, or returns false with @error set, and then leaves no trace.
 */
typedef struct {
    NskRequest request; /* a repeated one gets the first answer, and apply is not called; the same
                         * id for another act is CONFLICT */
    bool (*apply)(NskDbTxn *txn, void *data, char **out_answer, GError **error);
    void *data;
    const char *language; /* of its errors (base/message.h); NULL: the environment's */
} NskChange;

/* What became of a change: error is NULL on success. */
typedef struct {
    char *answer;  /* owned, may be NULL */
    GError *error; /* owned */
} NskChangeResult;

/*
 * Applies @changes in order in one durable transaction.  A change that fails, fails alone.
 * @results: @n of them, filled in only when this returns true.
 * Errors (nothing was written): BUSY, IO; UNCERTAIN if the commit itself failed half-way: ask
 * again with the same request ids.
 */
bool nsk_db_commit_batch(NskDb *self,
                         const NskChange *changes,
                         size_t n,
                         NskChangeResult *results,
                         GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Commits one change.  *out_answer: owned, may be NULL; out_answer itself may be NULL. */
bool nsk_db_commit(NskDb *self, const NskChange *change, char **out_answer, GError **error)
    G_GNUC_WARN_UNUSED_RESULT;

/*
 * The writer: a thread that owns the handle that writes, and commits in groups what any number of
 * threads ask for.  While a batch is written the next one gathers; nothing waits for a timer.
 */
typedef struct _NskDbWriter NskDbWriter;

/* Takes the writer's lock and starts the thread.  Errors: as nsk_db_open(). */
NskDbWriter *nsk_db_writer_open(const char *path, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Refuses what comes from now on, finishes what is queued, and gives the lock back. */
void nsk_db_writer_free(NskDbWriter *self);
/*
 * Commits one change and returns when it is durable.  Any thread.  apply is called on the writer's
 * thread, while the caller waits.  *out_answer: owned, may be NULL; out_answer itself may be NULL.
 * Errors: those of apply; BUSY, with the seconds to wait, when 2,048 changes wait already or the
 * writer is being stopped; as nsk_db_commit_batch().
 */
bool nsk_db_writer_commit(NskDbWriter *self,
                          const NskChange *change,
                          char **out_answer,
                          GError **error) G_GNUC_WARN_UNUSED_RESULT;

/*
 * Writes every page of the file anew and empties the log, as nsk_db_compact(), between two batches:
 * no byte of what was deleted is left in either.  Changes wait meanwhile, a second for 100 MB or
 * so. Any thread.  Errors: BUSY while others read what is to go, or as a commit: try again; IO.
 */
bool nsk_db_writer_compact(NskDbWriter *self, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Counted since the writer was opened. */
typedef struct {
    uint64_t changes; /* answered */
    uint64_t batches;
    uint64_t refused; /* with BUSY */
    int64_t busy_us;  /* spent in batches */
    int64_t syncs;    /* of all databases of the process, since it began: fsync and fdatasync */
} NskDbWriterStats;
void nsk_db_writer_get_stats(NskDbWriter *self, NskDbWriterStats *out_stats);

/*
 * Whether the request was committed before, and then its answer (owned, may be NULL).  For use
 * cases that look around before they commit: a repeated request no longer finds what it found.
 */
bool nsk_db_find_request(NskDbTxn *txn,
                         const NskRequest *request,
                         bool *out_found,
                         char **out_answer,
                         GError **error) G_GNUC_WARN_UNUSED_RESULT;

/*
 * Forgets what was answered before @before, the oldest first, at most @limit requests: repeated
 * after that, they are done again.  Inside an apply.  *out_gone: how many went.
 */
bool nsk_db_forget_requests(NskDbTxn *txn,
                            NskInstant before,
                            unsigned limit,
                            int64_t *out_gone,
                            GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* The database that a transaction belongs to. */
NskDb *nsk_db_txn_get_db(NskDbTxn *txn);
/* The path that it was opened with; borrowed. */
const char *nsk_db_get_path(NskDb *self);

/* Starts a query.  @sql must be a static string: statements are cached by its address. */
NskDbRows *nsk_db_query(NskDbTxn *txn,
                        const char *sql,
                        const NskDbValue *params,
                        size_t n_params,
                        GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Runs a statement to its end and drops its rows.  *out_changed (may be NULL): rows changed. */
bool nsk_db_exec(NskDbTxn *txn,
                 const char *sql,
                 const NskDbValue *params,
                 size_t n_params,
                 int64_t *out_changed,
                 GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Number that the last INSERT of this transaction gave its row; not after one that did nothing. */
int64_t nsk_db_inserted_id(const NskDbTxn *txn);
/* Moves to the next row; *out_row is false after the last one. */
bool nsk_db_rows_next(NskDbRows *rows, bool *out_row, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/*
 * A list of what @make makes of each row, freed with g_ptr_array_unref(), which calls @release for
 * each.  Takes @rows, which may be NULL with @error set: then so is the result.
 */
GPtrArray *nsk_db_collect(NskDbRows *rows,
                          gpointer (*make)(NskDbRows *row),
                          GDestroyNotify release,
                          GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* The first column of every row: texts, freed with g_ptr_array_unref(). */
GPtrArray *nsk_db_list_texts(NskDbTxn *txn,
                             const char *sql,
                             const NskDbValue *params,
                             size_t n_params,
                             GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Column values, counted from 0; borrowed until the next step. */
const char *nsk_db_rows_text(NskDbRows *rows, int column); /* NULL for SQL NULL */
int64_t nsk_db_rows_int(NskDbRows *rows, int column);      /* 0 for SQL NULL */
const void *nsk_db_rows_blob(NskDbRows *rows, int column, size_t *out_size);
bool nsk_db_rows_is_null(NskDbRows *rows, int column);
void nsk_db_rows_free(NskDbRows *rows);

/* ---- memo.c: what need not be asked again ------------------------------------------------- */

/*
 * A module may remember what its rows say, by key, for the changes that follow: the handle that
 * writes is the only one that changes them.  A snapshot remembers nothing and recalls nothing.
 *
 * Whatever statement writes one of @tables drops all that is remembered under the memo, but for the
 * statements @keepers (by address): after these the module itself remembers, or forgets, the key
 * that they were about.  What is rolled back drops everything.  Rows of the directory, the rules
 * and the settings need no memo: what is asked of them inside a change is kept as a whole.
 */
typedef struct {
    const char *const *tables;  /* up to four; NULL-terminated */
    const char *const *keepers; /* NULL-terminated */
    GDestroyNotify release;
    unsigned limit; /* keys; one more, and it begins anew */
} NskDbMemo;

/* What is remembered under @key; borrowed until the next statement, remember or forget; or NULL. */
gconstpointer nsk_db_recall(NskDbTxn *txn, const NskDbMemo *memo, const char *key);
/* Takes @value. */
void nsk_db_remember(NskDbTxn *txn, const NskDbMemo *memo, const char *key, gpointer value);
void nsk_db_forget(NskDbTxn *txn, const NskDbMemo *memo, const char *key);

/* ---- outbox.c: work to be done after the commit ------------------------------------------- */

/*
 * The outbox: what is to be done about a letter once a change of it is durable (projection, search
 * index, later mail), written in the change's own transaction.  A topic has one row a letter at
 * most, however often the letter changes before a worker comes.
 *
 * Workers claim rows for a time, do the work from a snapshot that is taken after the claim, and
 * say in another change what became of it.  Done at least once: a worker may die after the work,
 * and its claim runs out; so effects are idempotent.  A letter that changed while it was worked at
 * stays in the outbox.  Every function here belongs inside an apply, but nsk_outbox_lag() and
 * nsk_outbox_list_stuck(), which a snapshot serves too.
 */

/* A claimed row.  The worker sets @fault (owned by the row) if it could not do it. */
typedef struct {
    char *letter;
    char *body;         /* words parted by a blank; "" if none */
    int64_t generation; /* the state that was claimed */
    int64_t tries;      /* how often it was claimed, this time included, and not done */
    char *fault;        /* why it failed; NULL: it was done */
} NskOutboxRow;

/* Who claims what; all borrowed. */
typedef struct {
    const char *topic;
    const char *worker; /* unique among all workers that ever were, as nsk_id_new() makes it */
    NskInstant now;
    int64_t lease;  /* microseconds until others may claim the rows; at most an hour */
    unsigned limit; /* rows at most; a claim holds the writer for some 5 us a row */
} NskOutboxClaim;

/*
 * Asks for work of @topic about @letter: one statement, cheap enough for every change.  If a row
 * is there it is renewed, so that a worker that saw the state before does not remove it.  @word
 * ("" or one word without blanks) joins the words that the row has.
 */
bool nsk_outbox_add(NskDbTxn *txn,
                    const char *topic,
                    const char *letter,
                    const char *word,
                    NskInstant at,
                    GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Claims the rows that waited longest: NskOutboxRow, freed with g_ptr_array_unref(); empty if none
 * waits.  Two workers never hold one row, unless the lease of the first ran out. */
GPtrArray *nsk_outbox_claim(NskDbTxn *txn,
                            const NskOutboxClaim *claim,
                            GError **error) G_GNUC_WARN_UNUSED_RESULT;
/*
 * Says what became of @n claimed rows.  One without fault is removed, or is made free at once if
 * it was renewed meanwhile.  One with a fault keeps its count of tries and its fault and is free
 * after a time that grows from a second to ten minutes, so that it does not hold up the others.  A
 * row that another worker has claimed since is left alone.  Only topic, worker and now of @claim
 * count.
 */
bool nsk_outbox_done(NskDbTxn *txn,
                     const NskOutboxClaim *claim,
                     NskOutboxRow *const *rows,
                     size_t n,
                     GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Gives rows back that were not tried: free at once, and not counted. */
bool nsk_outbox_release(NskDbTxn *txn,
                        const NskOutboxClaim *claim,
                        NskOutboxRow *const *rows,
                        size_t n,
                        GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* How far a topic is behind. */
typedef struct {
    char *topic;
    int64_t waiting;   /* rows, those included that a worker has now */
    NskInstant oldest; /* the first change that is not done */
    int64_t failing;   /* rows whose last try failed */
    int64_t tries;     /* the most of any row */
} NskOutboxLag;

/* NskOutboxLag of each topic that has rows, sorted by topic; freed with g_ptr_array_unref(). */
GPtrArray *nsk_outbox_lag(NskDbTxn *txn, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* A row that needs somebody's look; all owned. */
typedef struct {
    char *topic;
    char *letter;
    NskInstant at;
    int64_t tries;
    char *fault; /* NULL: not known */
} NskOutboxStuck;

/* NskOutboxStuck: rows that were tried at least @tries times, or wait since before @since; oldest
 * first, @limit at most; freed with g_ptr_array_unref(). */
GPtrArray *nsk_outbox_list_stuck(NskDbTxn *txn,
                                 int64_t tries,
                                 NskInstant since,
                                 unsigned limit,
                                 GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Tests only: makes the @nth call from now that reaches the database fail; 0 for none. */
void nsk_db_fail_nth(NskDb *self, unsigned nth);
/* Tests only: refuses what comes when @room changes wait. */
void nsk_db_writer_limit_queue(NskDbWriter *self, unsigned room);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(NskDb, nsk_db_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC(NskDbLock, nsk_db_lock_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC(NskDbWriter, nsk_db_writer_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC(NskDbTxn, nsk_db_snapshot_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC(NskDbRows, nsk_db_rows_free)
