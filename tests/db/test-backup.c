/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Copies of the database are one moment of it, whatever others write meanwhile. */
#include "db/db.h"

#include <glib/gstdio.h>
#include <sqlite3.h>
#include <string.h>
#include <sys/stat.h>

#define BODY_SIZE    4096
#define COPIES       8
#define FILL_ROWS    5000 /* of BODY_SIZE: three steps of copying */
#define BURST_ROWS   600
#define LOG_LIMIT    (1024 * 1024)
#define MOVE_WAIT_US 500000

static const char sql_add[] = "INSERT INTO rule (type, name, version, content, at, in_force)"
                              " VALUES ('kind', 'test', random(), $1, 0, 0)";
static const char sql_note[] = "INSERT INTO setting (name, value) VALUES ('rows', '1')"
                               " ON CONFLICT (name) DO UPDATE SET value = value + 1";
static const char sql_count[] = "SELECT (SELECT count(*) FROM rule WHERE name = 'test'),"
                                " coalesce((SELECT value FROM setting WHERE name = 'rows'), 0)";

typedef struct {
    char *folder;
    char *path; /* of the database */
    char *copy;
    NskDb *reader;
    GThread *thread; /* the one that writes, or NULL */
    gint stop;
    gint acknowledged;
} Fixture;

static void
remove_database(const char *path)
{
    static const char *const endings[] = { "", "-wal", "-shm", ".writer" };

    for (size_t i = 0; i < G_N_ELEMENTS(endings); i++) {
        g_autofree char *file = g_strconcat(path, endings[i], NULL);
        (void)g_unlink(file);
    }
}

static void
setup(Fixture *f, G_GNUC_UNUSED gconstpointer data)
{
    g_autoptr(GError) error = NULL;

    f->folder = g_dir_make_tmp("naskah-XXXXXX", &error);
    f->path = g_build_filename(f->folder, "office.db", NULL);
    f->copy = g_build_filename(f->folder, "copy.db", NULL);
    g_assert_true(nsk_db_create(f->path, &error));
    f->reader = nsk_db_open(f->path, NSK_DB_READ, &error);
    g_assert_no_error(error);
}

static void
teardown(Fixture *f, G_GNUC_UNUSED gconstpointer data)
{
    nsk_db_free(f->reader);
    remove_database(f->path);
    remove_database(f->copy);
    g_assert_cmpint(g_rmdir(f->folder), ==, 0);
    g_free(f->folder);
    g_free(f->path);
    g_free(f->copy);
}

/* A row, and the number of rows beside it: two facts that a torn copy would part. */
static bool
add_row(NskDbTxn *txn, G_GNUC_UNUSED void *data, G_GNUC_UNUSED char **out_answer, GError **error)
{
    char body[BODY_SIZE + 1];

    for (size_t i = 0; i < BODY_SIZE; i++)
        body[i] = (char)g_random_int_range('a', 'z');
    body[BODY_SIZE] = '\0';
    return nsk_db_exec(txn, sql_add, NSK_DB_PARAMS(NSK_DB_TEXT(body)), NULL, error) &&
           nsk_db_exec(txn, sql_note, NSK_DB_NO_PARAMS, NULL, error);
}

static void
add_rows(const char *path, size_t n)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(NskDb) db = nsk_db_open(path, NSK_DB_WRITE, &error);
    g_autofree NskChange *changes = g_new0(NskChange, n);
    g_autofree NskChangeResult *results = g_new0(NskChangeResult, n);

    g_assert_no_error(error);
    for (size_t i = 0; i < n; i++)
        changes[i].apply = add_row;
    bool ok = nsk_db_commit_batch(db, changes, n, results, &error);
    g_assert_no_error(error);
    g_assert_true(ok);
}

/* Empties the log, whose file otherwise keeps the size that it once had. */
static void
empty_log(const char *path)
{
    sqlite3 *handle = NULL;

    g_assert_cmpint(sqlite3_open(path, &handle), ==, SQLITE_OK);
    g_assert_cmpint(sqlite3_exec(handle, "PRAGMA wal_checkpoint(TRUNCATE)", NULL, NULL, NULL), ==,
                    SQLITE_OK);
    (void)sqlite3_close(handle);
}

static gpointer
write_until_stopped(gpointer data)
{
    Fixture *f = data;
    g_autoptr(GError) error = NULL;
    g_autoptr(NskDb) db = nsk_db_open(f->path, NSK_DB_WRITE, &error);

    g_assert_no_error(error);
    while (!g_atomic_int_get(&f->stop)) {
        bool ok = nsk_db_commit(db, &(NskChange){ .apply = add_row }, NULL, &error);

        g_assert_no_error(error);
        g_assert_true(ok);
        g_atomic_int_inc(&f->acknowledged);
    }
    return NULL;
}

/* Asserts that the copy is whole, and returns how many rows it has. */
static int64_t
examine(const char *path)
{
    bool has_row = false;
    g_autoptr(GError) error = NULL;
    g_autoptr(NskIssues) issues = nsk_issues_new();
    g_autoptr(NskDb) db = nsk_db_open(path, NSK_DB_READ, &error);

    g_assert_no_error(error);
    g_assert_true(nsk_db_check(db, issues, &error));
    g_assert_cmpint(issues->len, ==, 0);
    g_autoptr(NskDbTxn) txn = nsk_db_snapshot(db, &error);
    g_autoptr(NskDbRows) rows = nsk_db_query(txn, sql_count, NSK_DB_NO_PARAMS, &error);
    g_assert_true(nsk_db_rows_next(rows, &has_row, &error) && has_row);
    g_assert_cmpint(nsk_db_rows_int(rows, 0), ==, nsk_db_rows_int(rows, 1));
    return nsk_db_rows_int(rows, 0);
}

static void
test_a_copy_is_one_moment(Fixture *f, G_GNUC_UNUSED gconstpointer data)
{
    gint all = 0;
    int64_t grown_most = 0;

    add_rows(f->path, FILL_ROWS);
    empty_log(f->path);
    f->thread = g_thread_new("writer", write_until_stopped, f);
    for (int i = 0; i < COPIES; i++) {
        int64_t grown = -1;
        gint before = FILL_ROWS + g_atomic_int_get(&f->acknowledged);
        g_autoptr(GError) error = NULL;
        g_autoptr(NskDbTxn) txn = nsk_db_snapshot(f->reader, &error);
        bool ok = nsk_db_backup(txn, f->copy, &(NskDbBackup){ 0 }, &grown, &error);

        g_assert_no_error(error);
        g_assert_true(ok);
        g_clear_pointer(&txn, nsk_db_snapshot_free);
        gint after = FILL_ROWS + g_atomic_int_get(&f->acknowledged);
        int64_t rows = examine(f->copy);
        g_assert_cmpint(rows, >=, before);
        g_assert_cmpint(rows, <=, after + 1); /* one may be committed and not counted yet */
        g_assert_cmpint(grown, >=, 0);
        all += before;
        grown_most = MAX(grown_most, grown);
        remove_database(f->copy);
    }
    g_atomic_int_set(&f->stop, 1);
    (void)g_thread_join(f->thread);
    g_test_message("%d copies, %d acknowledged rows looked for, %d written meanwhile, the log grew "
                   "by at most %d KiB",
                   COPIES, all, f->acknowledged, (int)(grown_most / 1024));
    g_assert_cmpint(f->acknowledged, >, COPIES);
}

typedef struct {
    const char *path;
    int steps;
} Burst;

static void
write_a_burst(int64_t done, int64_t total, void *data)
{
    Burst *burst = data;

    g_assert_cmpint(done, <=, total);
    burst->steps++;
    add_rows(burst->path, BURST_ROWS);
}

static void
test_the_log_stays_bounded(Fixture *f, G_GNUC_UNUSED gconstpointer data)
{
    Burst burst = { f->path, 0 };
    int64_t grown = 0;
    g_autoptr(GError) error = NULL;

    add_rows(f->path, FILL_ROWS);
    empty_log(f->path);
    g_autoptr(NskDbTxn) txn = nsk_db_snapshot(f->reader, &error);
    NskDbBackup options = { .log_limit = LOG_LIMIT, .progress = write_a_burst, .data = &burst };
    g_assert_false(nsk_db_backup(txn, f->copy, &options, NULL, &error));
    g_assert_error(error, NSK_ERROR, NSK_ERROR_BUSY);
    g_assert_nonnull(strstr(error->message, "--log-limit"));
    g_assert_false(g_file_test(f->copy, G_FILE_TEST_EXISTS));
    g_clear_error(&error);
    g_clear_pointer(&txn, nsk_db_snapshot_free);

    /* what was written while it was copied is not in it, and made nothing begin again */
    burst.steps = 0;
    options.log_limit = 0;
    txn = nsk_db_snapshot(f->reader, &error);
    g_assert_true(nsk_db_backup(txn, f->copy, &options, &grown, &error));
    g_assert_no_error(error);
    g_assert_cmpint(burst.steps, >=, 3);
    g_assert_cmpint(burst.steps, <=, 6);
    g_assert_cmpint(grown, >, 0);
    g_clear_pointer(&txn, nsk_db_snapshot_free);
    g_assert_cmpint(examine(f->path) - examine(f->copy), ==, burst.steps * BURST_ROWS);
}

static void
test_nothing_is_overwritten(Fixture *f, G_GNUC_UNUSED gconstpointer data)
{
    struct stat st;
    g_autoptr(GError) error = NULL;
    g_autoptr(NskDbTxn) txn = nsk_db_snapshot(f->reader, &error);

    g_assert_true(nsk_db_backup(txn, f->copy, &(NskDbBackup){ 0 }, NULL, &error));
    g_assert_cmpint(stat(f->copy, &st), ==, 0);
    g_assert_cmpint(st.st_mode & 0777, ==, 0600);
    g_assert_false(nsk_db_backup(txn, f->copy, &(NskDbBackup){ 0 }, NULL, &error));
    g_assert_error(error, NSK_ERROR, NSK_ERROR_CONFLICT);
    g_assert_true(g_file_test(f->copy, G_FILE_TEST_EXISTS));
}

static gpointer
open_to_write(gpointer path)
{
    GError *error = NULL;

    nsk_db_free(nsk_db_open(path, NSK_DB_WRITE, &error));
    return error;
}

static void
test_nobody_writes_to_an_office_that_was_replaced(Fixture *f, G_GNUC_UNUSED gconstpointer data)
{
    g_autoptr(GError) error = NULL;
    g_autofree char *lock_path = g_strconcat(f->path, ".writer", NULL);
    g_autofree char *old_lock = g_strconcat(f->path, ".old.writer", NULL);
    g_autofree char *old = g_strconcat(f->path, ".old", NULL);
    g_autoptr(NskDbLock) lock = nsk_db_lock_new(f->path, 0, &error);

    g_assert_no_error(error);
    g_assert_null(nsk_db_lock_new(f->path, 0, &error));
    g_assert_error(error, NSK_ERROR, NSK_ERROR_BUSY);
    g_clear_error(&error);

    /* somebody waits for the lock, and gets it when the office has gone elsewhere */
    f->thread = g_thread_new("waiting", open_to_write, f->path);
    g_usleep(MOVE_WAIT_US);
    g_assert_cmpint(g_rename(f->path, old), ==, 0);
    g_assert_cmpint(g_rename(lock_path, old_lock), ==, 0);
    g_clear_pointer(&lock, nsk_db_lock_free);
    error = g_thread_join(f->thread);
    g_assert_error(error, NSK_ERROR, NSK_ERROR_BUSY);
    g_assert_nonnull(strstr(error->message, "replaced"));
    remove_database(old);
}

int
main(int argc, char **argv)
{
    static const struct {
        const char *path;
        void (*run)(Fixture *f, gconstpointer data);
    } tests[] = {
        { "/db/backup/a-copy-is-one-moment", test_a_copy_is_one_moment },
        { "/db/backup/the-log-stays-bounded", test_the_log_stays_bounded },
        { "/db/backup/nothing-is-overwritten", test_nothing_is_overwritten },
        { "/db/backup/nobody-writes-to-an-office-that-was-replaced",
          test_nobody_writes_to_an_office_that_was_replaced },
    };

    g_test_init(&argc, &argv, NULL);
    for (size_t i = 0; i < G_N_ELEMENTS(tests); i++)
        g_test_add(tests[i].path, Fixture, NULL, setup, tests[i].run, teardown);
    return g_test_run();
}
