/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "db/db.h"

#include <glib/gstdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

static const char sql_add[] = "INSERT INTO outbox (topic, letter, at) VALUES ('test', random(), 0)";
static const char sql_count[] = "SELECT count(*) FROM outbox";
static const char sql_pragmas[] = "SELECT (SELECT page_size FROM pragma_page_size),"
                                  " (SELECT journal_mode FROM pragma_journal_mode),"
                                  " (SELECT synchronous FROM pragma_synchronous),"
                                  " (SELECT secure_delete FROM pragma_secure_delete)";

typedef struct {
    char *folder;
    char *path;
} Fixture;

static void
setup(Fixture *f, G_GNUC_UNUSED gconstpointer data)
{
    g_autoptr(GError) error = NULL;

    f->folder = g_dir_make_tmp("naskah-XXXXXX", &error);
    f->path = g_build_filename(f->folder, "office.db", NULL);
    g_assert_true(nsk_db_create(f->path, &error));
    g_assert_no_error(error);
}

static void
teardown(Fixture *f, G_GNUC_UNUSED gconstpointer data)
{
    static const char *const endings[] = { "", "-wal", "-shm", ".writer" };

    for (size_t i = 0; i < G_N_ELEMENTS(endings); i++) {
        g_autofree char *path = g_strconcat(f->path, endings[i], NULL);
        (void)g_unlink(path);
    }
    g_assert_cmpint(g_rmdir(f->folder), ==, 0);
    g_free(f->folder);
    g_free(f->path);
}

static bool
add_row(NskDbTxn *txn, G_GNUC_UNUSED void *data, G_GNUC_UNUSED char **out_answer, GError **error)
{
    return nsk_db_exec(txn, sql_add, NSK_DB_NO_PARAMS, NULL, error);
}

static int64_t
count(NskDbTxn *txn)
{
    bool has_row = false;
    g_autoptr(NskDbRows) rows = nsk_db_query(txn, sql_count, NSK_DB_NO_PARAMS, NULL);

    g_assert_true(nsk_db_rows_next(rows, &has_row, NULL) && has_row);
    return nsk_db_rows_int(rows, 0);
}

static void
test_settings_are_durable(Fixture *f, G_GNUC_UNUSED gconstpointer data)
{
    bool has_row = false;
    g_autoptr(NskDb) db = nsk_db_open(f->path, NSK_DB_READ, NULL);
    g_autoptr(NskDbTxn) txn = nsk_db_snapshot(db, NULL);
    g_autoptr(NskDbRows) rows = nsk_db_query(txn, sql_pragmas, NSK_DB_NO_PARAMS, NULL);

    g_assert_true(nsk_db_rows_next(rows, &has_row, NULL) && has_row);
    g_assert_cmpint(nsk_db_rows_int(rows, 0), ==, 16384);
    g_assert_cmpstr(nsk_db_rows_text(rows, 1), ==, "wal");
    g_assert_cmpint(nsk_db_rows_int(rows, 2), ==, 2); /* FULL */
    g_assert_cmpint(nsk_db_rows_int(rows, 3), ==, 1);
}

static void
test_a_snapshot_sees_one_moment(Fixture *f, G_GNUC_UNUSED gconstpointer data)
{
    g_autoptr(NskDb) reader = nsk_db_open(f->path, NSK_DB_READ, NULL);
    g_autoptr(NskDb) writer = nsk_db_open(f->path, NSK_DB_WRITE, NULL);
    g_autoptr(NskDbTxn) before = nsk_db_snapshot(reader, NULL);

    g_assert_true(
        nsk_db_commit(writer, &(NskChange){ .apply = add_row, .data = NULL }, NULL, NULL));
    g_assert_cmpint(count(before), ==, 0);
    g_clear_pointer(&before, nsk_db_snapshot_free);
    before = nsk_db_snapshot(reader, NULL);
    g_assert_cmpint(count(before), ==, 1);
}

static void
test_a_snapshot_cannot_write(Fixture *f, G_GNUC_UNUSED gconstpointer data)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(NskDb) db = nsk_db_open(f->path, NSK_DB_WRITE, NULL);
    g_autoptr(NskDbTxn) txn = nsk_db_snapshot(db, NULL);

    g_assert_false(nsk_db_exec(txn, sql_add, NSK_DB_NO_PARAMS, NULL, &error));
    g_assert_error(error, NSK_ERROR, NSK_ERROR_IO);
}

static void
test_a_second_writer_is_refused_and_readers_are_not(Fixture *f, G_GNUC_UNUSED gconstpointer data)
{
    g_autoptr(NskDb) writer = nsk_db_open(f->path, NSK_DB_WRITE, NULL);
    pid_t child = fork();

    if (child == 0) {
        g_autoptr(NskDb) reader = nsk_db_open(f->path, NSK_DB_READ, NULL);
        g_autoptr(GError) error = NULL;
        g_autoptr(NskDb) second = nsk_db_open(f->path, NSK_DB_WRITE, &error);

        _exit(reader != NULL && second == NULL &&
                      g_error_matches(error, NSK_ERROR, NSK_ERROR_BUSY) &&
                      strstr(error->message, "another process") != NULL
                  ? 0
                  : 1);
    }
    int status = -1;
    g_assert_cmpint(waitpid(child, &status, 0), ==, child);
    g_assert_cmpint(status, ==, 0);
}

static void
test_what_is_no_office_is_refused(Fixture *f, G_GNUC_UNUSED gconstpointer data)
{
    g_autoptr(GError) error = NULL;
    g_autofree char *other = g_build_filename(f->folder, "other.db", NULL);

    g_assert_null(nsk_db_open(other, NSK_DB_READ, &error));
    g_assert_error(error, NSK_ERROR, NSK_ERROR_NOT_FOUND);
    g_clear_error(&error);

    g_assert_true(g_file_set_contents(other, "this is not a database, and long enough", -1, NULL));
    g_assert_null(nsk_db_open(other, NSK_DB_READ, &error));
    g_assert_error(error, NSK_ERROR, NSK_ERROR_CORRUPT);
    g_clear_error(&error);
    g_unlink(other);

    g_assert_false(nsk_db_create(f->path, &error));
    g_assert_error(error, NSK_ERROR, NSK_ERROR_CONFLICT);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
#define ADD(path, test) g_test_add(path, Fixture, NULL, setup, test, teardown)
    ADD("/db/open/settings-are-durable", test_settings_are_durable);
    ADD("/db/snapshot/sees-one-moment", test_a_snapshot_sees_one_moment);
    ADD("/db/snapshot/cannot-write", test_a_snapshot_cannot_write);
    ADD("/db/open/a-second-writer-is-refused-and-readers-are-not",
        test_a_second_writer_is_refused_and_readers_are_not);
    ADD("/db/open/what-is-no-office-is-refused", test_what_is_no_office_is_refused);
    return g_test_run();
}
