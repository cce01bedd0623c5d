/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "db/db.h"

#include <glib/gstdio.h>
#include <string.h>

#define THREADS 16
#define CHANGES 50
#define READERS 8
#define READ_US 5000

static const char sql_add[] = "INSERT INTO setting (name, value) VALUES ($1, $2)";
static const char sql_clear[] = "DELETE FROM setting";
static const char sql_values[] = "SELECT value FROM setting ORDER BY name";
static const char sql_count[] = "SELECT count(*) FROM setting WHERE value = $1";

typedef struct {
    char *folder;
    char *path;
    NskDbWriter *writer;
} Fixture;

static void
set_up(Fixture *self, G_GNUC_UNUSED gconstpointer data)
{
    GError *error = NULL;

    self->folder = g_dir_make_tmp("naskah-writer-XXXXXX", &error);
    g_assert_no_error(error);
    self->path = g_build_filename(self->folder, "office.db", NULL);
    g_assert_true(nsk_db_create(self->path, &error));
    self->writer = nsk_db_writer_open(self->path, &error);
    g_assert_no_error(error);
}

static void
tear_down(Fixture *self, G_GNUC_UNUSED gconstpointer data)
{
    static const char *const endings[] = { "", "-wal", "-shm", ".writer" };

    nsk_db_writer_free(self->writer);
    for (size_t i = 0; i < G_N_ELEMENTS(endings); i++) {
        g_autofree char *file = g_strconcat(self->path, endings[i], NULL);

        (void)g_unlink(file);
    }
    g_assert_cmpint(g_rmdir(self->folder), ==, 0);
    g_free(self->folder);
    g_free(self->path);
}

static int64_t
count(const Fixture *self, const char *value)
{
    bool has_row = false;
    g_autoptr(NskDb) db = nsk_db_open(self->path, NSK_DB_READ, NULL);
    g_autoptr(NskDbTxn) txn = nsk_db_snapshot(db, NULL);
    g_autoptr(NskDbRows) rows =
        nsk_db_query(txn, sql_count, NSK_DB_PARAMS(NSK_DB_TEXT(value)), NULL);

    g_assert_true(nsk_db_rows_next(rows, &has_row, NULL) && has_row);
    return nsk_db_rows_int(rows, 0);
}

static bool
add_row(NskDbTxn *txn, void *data, char **out_answer, GError **error)
{
    if (!nsk_db_exec(txn, sql_add, NSK_DB_PARAMS(NSK_DB_TEXT(data), NSK_DB_TEXT("row")), NULL,
                     error))
        return false;
    if (strstr(data, "bad") != NULL) {
        g_set_error_literal(error, NSK_ERROR, NSK_ERROR_DENIED, "no");
        return false;
    }
    *out_answer = g_strdup(data);
    return true;
}

typedef struct {
    const Fixture *fixture;
    int index;
} Caller;

/* Every fifth change fails; each answer must be the caller's own. */
static gpointer
commit_many(gpointer data)
{
    const Caller *self = data;

    for (int i = 0; i < CHANGES; i++) {
        bool bad = i % 5 == 4;
        g_autofree char *answer = NULL;
        g_autoptr(GError) error = NULL;
        g_autofree char *name = g_strdup_printf("%d-%d%s", self->index, i, bad ? "-bad" : "");
        NskChange change = { .apply = add_row, .data = name };
        bool ok = nsk_db_writer_commit(self->fixture->writer, &change, &answer, &error);

        g_assert_true(ok == !bad);
        if (ok)
            g_assert_cmpstr(answer, ==, name);
        else
            g_assert_error(error, NSK_ERROR, NSK_ERROR_DENIED);
    }
    return NULL;
}

static void
test_each_caller_gets_its_own_answer(Fixture *self, G_GNUC_UNUSED gconstpointer data)
{
    Caller callers[THREADS];
    GThread *threads[THREADS];
    NskDbWriterStats stats;

    for (int i = 0; i < THREADS; i++) {
        callers[i] = (Caller){ self, i };
        threads[i] = g_thread_new("caller", commit_many, &callers[i]);
    }
    for (int i = 0; i < THREADS; i++)
        (void)g_thread_join(threads[i]);
    g_assert_cmpint(count(self, "row"), ==, THREADS * CHANGES * 4 / 5);
    nsk_db_writer_get_stats(self->writer, &stats);
    g_assert_cmpuint(stats.changes, ==, THREADS * CHANGES);
    /* while one batch waited for the disk others gathered */
    g_assert_cmpuint(stats.batches, <, stats.changes);
    g_assert_cmpint(stats.syncs, >, 0);
}

/* A change that holds the writer until the test lets it go. */
typedef struct {
    GMutex lock;
    GCond turned;
    bool begun;
    bool go;
} Gate;

static bool
wait_at_gate(G_GNUC_UNUSED NskDbTxn *txn,
             void *data,
             G_GNUC_UNUSED char **out_answer,
             G_GNUC_UNUSED GError **error)
{
    Gate *gate = data;

    g_mutex_lock(&gate->lock);
    gate->begun = true;
    g_cond_broadcast(&gate->turned);
    while (!gate->go)
        g_cond_wait(&gate->turned, &gate->lock);
    g_mutex_unlock(&gate->lock);
    return true;
}

typedef struct {
    Fixture *fixture;
    NskChange change;
    bool ok;
} Waiting;

static gpointer
commit_one(gpointer data)
{
    Waiting *self = data;

    self->ok = nsk_db_writer_commit(self->fixture->writer, &self->change, NULL, NULL);
    return NULL;
}

static void
open_gate(Gate *gate)
{
    g_mutex_lock(&gate->lock);
    gate->go = true;
    g_cond_broadcast(&gate->turned);
    g_mutex_unlock(&gate->lock);
}

static void
wait_until_begun(Gate *gate)
{
    g_mutex_lock(&gate->lock);
    while (!gate->begun)
        g_cond_wait(&gate->turned, &gate->lock);
    g_mutex_unlock(&gate->lock);
}

static void
test_a_full_queue_says_when_to_come_again(Fixture *self, G_GNUC_UNUSED gconstpointer data)
{
    char name[] = "refused";
    Gate gate = { 0 };
    g_autoptr(GError) error = NULL;
    NskChange late = { .apply = add_row, .data = name };

    nsk_db_writer_limit_queue(self->writer, 0);
    g_assert_false(nsk_db_writer_commit(self->writer, &late, NULL, &error));
    g_assert_error(error, NSK_ERROR, NSK_ERROR_BUSY);
    g_assert_nonnull(strstr(error->message, "try again in 1 s"));
    g_assert_cmpint(count(self, "row"), ==, 0);

    nsk_db_writer_limit_queue(self->writer, 1);
    Waiting first = { self, { .apply = wait_at_gate, .data = &gate }, false };
    GThread *thread = g_thread_new("first", commit_one, &first);
    wait_until_begun(&gate); /* the first is at work, so there is room for one again */
    open_gate(&gate);
    g_assert_true(nsk_db_writer_commit(self->writer, &late, NULL, NULL));
    (void)g_thread_join(thread);
    g_assert_true(first.ok);
    g_assert_cmpint(count(self, "row"), ==, 1);
}

static gpointer
stop(gpointer data)
{
    nsk_db_writer_free(data);
    return NULL;
}

static void
test_stopping_does_what_is_queued(Fixture *self, G_GNUC_UNUSED gconstpointer data)
{
    char name[] = "queued";
    Gate gate = { 0 };
    Waiting first = { self, { .apply = wait_at_gate, .data = &gate }, false };
    Waiting second = { self, { .apply = add_row, .data = name }, false };
    GThread *threads[3];

    threads[0] = g_thread_new("first", commit_one, &first);
    wait_until_begun(&gate);
    threads[1] = g_thread_new("second", commit_one, &second);
    g_usleep(20000); /* the second is in the queue */
    threads[2] = g_thread_new("stop", stop, self->writer);
    g_usleep(20000);
    open_gate(&gate);
    for (size_t i = 0; i < G_N_ELEMENTS(threads); i++)
        (void)g_thread_join(threads[i]);
    self->writer = NULL;
    g_assert_true(first.ok);
    g_assert_true(second.ok);
    g_assert_cmpint(count(self, "row"), ==, 1);
    g_autoptr(NskDbWriter) again = nsk_db_writer_open(self->path, NULL);
    g_assert_nonnull(again); /* the lock was given back */
}

static bool
fill(NskDbTxn *txn, void *data, G_GNUC_UNUSED char **out_answer, GError **error)
{
    g_autofree char *value = g_strnfill(2000000, 'x');
    g_autofree char *name = g_strdup_printf("%d", (*(int *)data)++);

    return nsk_db_exec(txn, sql_add, NSK_DB_PARAMS(NSK_DB_TEXT(name), NSK_DB_TEXT(value)), NULL,
                       error);
}

/* Writes 300 MB, of which the log must not keep most. */
static void
check_log(Fixture *self)
{
    int n = 0;
    GStatBuf info;
    NskChange change = { .apply = fill, .data = &n };
    g_autofree char *log = g_strconcat(self->path, "-wal", NULL);

    for (int i = 0; i < 150; i++)
        g_assert_true(nsk_db_writer_commit(self->writer, &change, NULL, NULL));
    g_assert_cmpint(g_stat(log, &info), ==, 0);
    g_test_message("log after 300 MB: %ld MB", (long)(info.st_size >> 20));
    g_assert_cmpint(info.st_size, <, 200 << 20);
}

static void
test_the_log_does_not_grow_without_end(Fixture *self, G_GNUC_UNUSED gconstpointer data)
{
    check_log(self);
}

/* One of several who read all the time, so that there never is a moment without a snapshot. */
typedef struct {
    const Fixture *fixture;
    gint *stop;
} Reader;

static gpointer
read_again_and_again(gpointer data)
{
    const Reader *self = data;
    g_autoptr(NskDb) db = nsk_db_open(self->fixture->path, NSK_DB_READ, NULL);

    while (g_atomic_int_get(self->stop) == 0) {
        g_autoptr(NskDbTxn) txn = nsk_db_snapshot(db, NULL);

        g_assert_nonnull(txn);
        g_usleep(READ_US);
    }
    return NULL;
}

static void
test_readers_who_never_pause_do_not_make_the_log_grow(Fixture *self,
                                                      G_GNUC_UNUSED gconstpointer data)
{
    gint stop = 0;
    Reader reader = { self, &stop };
    GThread *threads[READERS];

    for (int i = 0; i < READERS; i++)
        threads[i] = g_thread_new("reader", read_again_and_again, &reader);
    check_log(self);
    g_atomic_int_set(&stop, 1);
    for (int i = 0; i < READERS; i++)
        (void)g_thread_join(threads[i]);
}

/* Rows of a letter of the alphabet, of a megabyte each. */
typedef struct {
    int n;
    char letter;
} Rows;

static bool
put_rows(NskDbTxn *txn, void *data, G_GNUC_UNUSED char **out_answer, GError **error)
{
    const Rows *rows = data;
    g_autofree char *value = g_strnfill(1000000, rows->letter);

    if (!nsk_db_exec(txn, sql_clear, NSK_DB_NO_PARAMS, NULL, error))
        return false;
    for (int i = 0; i < rows->n; i++) {
        g_autofree char *name = g_strdup_printf("%d", i);

        if (!nsk_db_exec(txn, sql_add, NSK_DB_PARAMS(NSK_DB_TEXT(name), NSK_DB_TEXT(value)), NULL,
                         error))
            return false;
    }
    return true;
}

/* The reader, which has read before, reads what the writer wrote. */
static void
check_rows(NskDb *reader, const Rows *rows)
{
    int n = 0;
    g_autoptr(NskDbTxn) txn = nsk_db_snapshot(reader, NULL);
    g_autoptr(NskDbRows) found = nsk_db_query(txn, sql_values, NSK_DB_NO_PARAMS, NULL);
    g_autofree char *value = g_strnfill(1000000, rows->letter);

    for (bool has_row = true;; n++) {
        g_assert_true(nsk_db_rows_next(found, &has_row, NULL));
        if (!has_row)
            break;
        g_assert_cmpstr(nsk_db_rows_text(found, 0), ==, value);
    }
    g_assert_cmpint(n, ==, rows->n);
}

static void
test_a_reader_follows_a_file_that_grows_and_is_cut(Fixture *self, G_GNUC_UNUSED gconstpointer data)
{
    static const int sizes[] = { 1, 40, 42, 43, 2, 60, 1, 41, 3 };
    g_autoptr(NskDb) reader = nsk_db_open(self->path, NSK_DB_READ, NULL);

    for (size_t i = 0; i < G_N_ELEMENTS(sizes); i++) {
        Rows rows = { sizes[i], (char)('a' + i) };
        NskChange change = { .apply = put_rows, .data = &rows };

        g_assert_true(nsk_db_writer_commit(self->writer, &change, NULL, NULL));
        check_rows(reader, &rows); /* partly from the log */
        if (i % 2 == 0)
            g_assert_true(nsk_db_writer_compact(self->writer, NULL));
        check_rows(reader, &rows); /* from the file */
    }
}

static void
test_the_file_is_compacted_while_its_log_is_copied(Fixture *self, G_GNUC_UNUSED gconstpointer data)
{
    Rows many = { 60, 'm' }, few = { 1, 'f' };
    NskChange grow = { .apply = put_rows, .data = &many };
    NskChange empty = { .apply = put_rows, .data = &few };

    for (int i = 0; i < 5; i++) {
        g_autoptr(GError) error = NULL;

        g_assert_true(nsk_db_writer_commit(self->writer, &grow, NULL, NULL));
        g_assert_true(nsk_db_writer_commit(self->writer, &empty, NULL, NULL));
        /* quick, for there is little in the file; the second thread still copies the many */
        bool ok = nsk_db_writer_compact(self->writer, &error);
        g_assert_no_error(error);
        g_assert_true(ok);
    }
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
#define ADD(path, test) g_test_add(path, Fixture, NULL, set_up, test, tear_down)
    ADD("/db/writer/each-caller-gets-its-own-answer", test_each_caller_gets_its_own_answer);
    ADD("/db/writer/a-full-queue-says-when-to-come-again",
        test_a_full_queue_says_when_to_come_again);
    ADD("/db/writer/stopping-does-what-is-queued", test_stopping_does_what_is_queued);
    ADD("/db/writer/the-log-does-not-grow-without-end", test_the_log_does_not_grow_without_end);
    ADD("/db/writer/readers-who-never-pause-do-not-make-the-log-grow",
        test_readers_who_never_pause_do_not_make_the_log_grow);
    ADD("/db/writer/a-reader-follows-a-file-that-grows-and-is-cut",
        test_a_reader_follows_a_file_that_grows_and_is_cut);
    ADD("/db/writer/the-file-is-compacted-while-its-log-is-copied",
        test_the_file_is_compacted_while_its_log_is_copied);
    return g_test_run();
}
