/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "db/db.h"

#include <glib/gstdio.h>
#include <sqlite3.h>
#include <string.h>

static const char sql_add[] = "INSERT INTO outbox (topic, letter, at) VALUES ('test', $1, 0)";
static const char sql_count[] = "SELECT count(*) FROM outbox WHERE topic = 'test'";

/* Adds a row for each name but "bad", after which it fails. */
static bool
add_letter(NskDbTxn *txn, void *data, char **out_answer, GError **error)
{
    if (!nsk_db_exec(txn, sql_add, NSK_DB_PARAMS(NSK_DB_TEXT(data)), NULL, error))
        return false;
    if (strcmp(data, "bad") == 0) {
        g_set_error_literal(error, NSK_ERROR, NSK_ERROR_CONFLICT, "no");
        return false;
    }
    *out_answer = g_strdup_printf("added %s", (char *)data);
    return true;
}

static int64_t
count(NskDb *db)
{
    bool has_row = false;
    g_autoptr(NskDbTxn) txn = nsk_db_snapshot(db, NULL);
    g_autoptr(NskDbRows) rows = nsk_db_query(txn, sql_count, NSK_DB_NO_PARAMS, NULL);

    g_assert_true(nsk_db_rows_next(rows, &has_row, NULL) && has_row);
    return nsk_db_rows_int(rows, 0);
}

static void
test_a_change_that_fails_fails_alone(void)
{
    char one[] = "one", bad[] = "bad", two[] = "two";
    g_autoptr(GError) error = NULL;
    g_autoptr(NskDb) db = nsk_db_open(":memory:", NSK_DB_WRITE, &error);
    g_assert_no_error(error);
    NskChange changes[] = { { { "r1", "add" }, add_letter, one, NULL },
                            { { "r2", "add" }, add_letter, bad, NULL },
                            { { "r3", "add" }, add_letter, two, NULL } };
    NskChangeResult results[3];

    g_assert_true(nsk_db_commit_batch(db, changes, 3, results, &error));
    g_assert_cmpstr(results[0].answer, ==, "added one");
    g_assert_error(results[1].error, NSK_ERROR, NSK_ERROR_CONFLICT);
    g_assert_null(results[1].answer);
    g_assert_cmpstr(results[2].answer, ==, "added two");
    g_assert_cmpint(count(db), ==, 2);
    g_free(results[0].answer);
    g_error_free(results[1].error);
    g_free(results[2].answer);
}

static void
test_a_repeated_request_gets_the_first_answer(void)
{
    char one[] = "one", other[] = "other";
    g_autoptr(NskDb) db = nsk_db_open(":memory:", NSK_DB_WRITE, NULL);
    g_autofree char *first = NULL;
    g_autofree char *second = NULL;

    g_assert_true(
        nsk_db_commit(db, &(NskChange){ { "same", "add" }, add_letter, one, NULL }, &first, NULL));
    g_assert_true(nsk_db_commit(db, &(NskChange){ { "same", "add" }, add_letter, other, NULL },
                                &second, NULL));
    g_assert_cmpstr(second, ==, "added one");
    g_assert_cmpint(count(db), ==, 1);

    /* the id is good for that act alone, or somebody would be told what another did */
    g_autoptr(GError) error = NULL;
    g_autofree char *third = NULL;
    g_assert_false(nsk_db_commit(db, &(NskChange){ { "same", "other" }, add_letter, other, NULL },
                                 &third, &error));
    g_assert_error(error, NSK_ERROR, NSK_ERROR_CONFLICT);
    g_assert_null(third);
    g_assert_cmpint(count(db), ==, 1);
}

static void
test_an_error_is_in_the_language_of_its_change(void)
{
    /* the second time there is a change that fails in the middle, and savepoints are taken */
    for (size_t n = 2; n <= 3; n++) {
        char one[] = "one", bad[] = "bad";
        g_autoptr(NskDb) db = nsk_db_open(":memory:", NSK_DB_WRITE, NULL);
        const NskChange changes[] = { { { "same", "other" }, add_letter, one, "id" },
                                      { { "same", "other" }, add_letter, one, "en" },
                                      { { NULL, NULL }, add_letter, bad, NULL } };
        NskChangeResult results[3] = { { 0 } };

        g_assert_true(nsk_db_commit(db, &(NskChange){ { "same", "add" }, add_letter, one, NULL },
                                    NULL, NULL));
        g_assert_true(nsk_db_commit_batch(db, changes, n, results, NULL));
        for (size_t i = 0; i < n; i++)
            g_assert_nonnull(results[i].error);
        g_assert_nonnull(strstr(results[0].error->message, "permintaan"));
        g_assert_nonnull(strstr(results[1].error->message, "request"));
        for (size_t i = 0; i < n; i++)
            g_error_free(results[i].error);
    }
}

static void
test_a_failed_request_may_be_repeated(void)
{
    char bad[] = "bad", good[] = "good";
    g_autoptr(GError) error = NULL;
    g_autoptr(NskDb) db = nsk_db_open(":memory:", NSK_DB_WRITE, NULL);

    g_assert_false(
        nsk_db_commit(db, &(NskChange){ { "same", "add" }, add_letter, bad, NULL }, NULL, &error));
    g_assert_error(error, NSK_ERROR, NSK_ERROR_CONFLICT);
    g_assert_true(
        nsk_db_commit(db, &(NskChange){ { "same", "add" }, add_letter, good, NULL }, NULL, NULL));
    g_assert_cmpint(count(db), ==, 1);
}

/* Fails every database call of a batch in turn: nothing of it may be left, and then it goes
 * through whole. */
static void
test_no_fault_leaves_half_a_batch(void)
{
    g_autoptr(NskDb) db = nsk_db_open(":memory:", NSK_DB_WRITE, NULL);

    for (unsigned nth = 1;; nth++) {
        char one[] = "one", two[] = "two";
        NskChange changes[] = { { { "a", "add" }, add_letter, one, NULL },
                                { { "b", "add" }, add_letter, two, NULL } };
        NskChangeResult results[2] = { { 0 } };

        nsk_db_fail_nth(db, nth);
        bool ok = nsk_db_commit_batch(db, changes, 2, results, NULL);
        nsk_db_fail_nth(db, 0);
        bool both = ok && results[0].error == NULL && results[1].error == NULL;
        bool none = !ok;
        bool one_only = ok && !both;
        int64_t rows = count(db);

        g_assert_cmpint(rows, ==, both ? 2 : none ? 0 : rows);
        for (int i = 0; i < 2; i++) {
            if (one_only)
                g_assert_true((results[i].error == NULL) != (results[i].answer == NULL));
            g_free(results[i].answer);
            g_clear_error(&results[i].error);
        }
        if (both) {
            g_test_message("%u places failed before the run went through", nth - 1);
            g_assert_cmpuint(nth, >, 5);
            return;
        }
        g_clear_pointer(&db, nsk_db_free);
        db = nsk_db_open(":memory:", NSK_DB_WRITE, NULL);
    }
}

/* A statement that makes SQLite roll the whole transaction back, as a full disk may. */
static bool
lose_all(NskDbTxn *txn, G_GNUC_UNUSED void *data, G_GNUC_UNUSED char **out_answer, GError **error)
{
    return nsk_db_exec(txn, sql_add, NSK_DB_PARAMS(NSK_DB_TEXT("poison")), NULL, error);
}

/* Does not look at what became of it. */
static bool
look_away(NskDbTxn *txn, void *data, char **out_answer, GError **error)
{
    (void)lose_all(txn, data, out_answer, NULL);
    return add_letter(txn, data, out_answer, error);
}

static NskDb *
open_poisoned(const char *path)
{
    static const char sql_poison[] = "CREATE TRIGGER poison BEFORE INSERT ON outbox"
                                     " WHEN NEW.letter = 'poison'"
                                     " BEGIN SELECT RAISE(ROLLBACK, 'all is rolled back'); END";
    sqlite3 *handle = NULL;

    g_assert_true(nsk_db_create(path, NULL));
    g_assert_cmpint(sqlite3_open(path, &handle), ==, SQLITE_OK);
    g_assert_cmpint(sqlite3_exec(handle, sql_poison, NULL, NULL, NULL), ==, SQLITE_OK);
    g_assert_cmpint(sqlite3_close(handle), ==, SQLITE_OK);
    return nsk_db_open(path, NSK_DB_WRITE, NULL);
}

static void
test_nothing_is_written_behind_a_transaction_that_is_gone(void)
{
    static const struct {
        bool (*apply)(NskDbTxn *, void *, char **, GError **);
        const char *said;
    } table[] = { { lose_all, "all is rolled back" }, { look_away, "rolled back" } };
    char one[] = "one", two[] = "two";
    g_autofree char *folder = g_dir_make_tmp("naskah-batch-XXXXXX", NULL);
    g_autofree char *path = g_build_filename(folder, "office.db", NULL);
    g_autofree char *lock = g_strconcat(path, ".writer", NULL);

    for (size_t i = 0; i < G_N_ELEMENTS(table); i++) {
        NskChange changes[] = { { { "a", "add" }, add_letter, one, NULL },
                                { { "b", "add" }, table[i].apply, two, NULL } };
        NskChangeResult results[2] = { { 0 } };
        g_autoptr(GError) error = NULL;
        g_autoptr(NskDb) db = open_poisoned(path);

        g_assert_false(nsk_db_commit_batch(db, changes, 2, results, &error));
        g_assert_nonnull(strstr(error->message, table[i].said));
        g_assert_cmpint(count(db), ==, 0);
        g_assert_true(nsk_db_commit_batch(db, changes + 1, 1, results, NULL));
        g_assert_nonnull(strstr(results[0].error->message, table[i].said));
        g_error_free(results[0].error);
        g_assert_cmpint(count(db), ==, 0);
        g_clear_pointer(&db, nsk_db_free);
        g_assert_cmpint(g_unlink(path), ==, 0);
    }
    g_assert_cmpint(g_unlink(lock), ==, 0);
    g_assert_cmpint(g_rmdir(folder), ==, 0);
}

static const char sql_age[] = "UPDATE request SET at = CASE id WHEN 'a' THEN 30 WHEN 'b' THEN 10"
                              " WHEN 'c' THEN 20 ELSE 40 END";

/* Forgets at most two that were answered before 40. */
static bool
forget_two(NskDbTxn *txn, void *data, char **out_answer, GError **error)
{
    (void)out_answer;
    return nsk_db_forget_requests(txn, 40, 2, data, error);
}

static bool
age(NskDbTxn *txn, void *data, char **out_answer, GError **error)
{
    (void)data;
    (void)out_answer;
    return nsk_db_exec(txn, sql_age, NSK_DB_NO_PARAMS, NULL, error);
}

static bool
is_known(NskDb *db, const char *id)
{
    bool found = false;
    g_autofree char *answer = NULL;
    g_autoptr(NskDbTxn) txn = nsk_db_snapshot(db, NULL);

    g_assert_true(nsk_db_find_request(txn, &(NskRequest){ id, "add" }, &found, &answer, NULL));
    return found;
}

static void
test_the_oldest_answers_are_forgotten_first(void)
{
    static const struct {
        int64_t gone;
        const char *left; /* ids */
    } rounds[] = { { 2, "ad" }, { 1, "d" }, { 0, "d" } };
    g_autoptr(NskDb) db = nsk_db_open(":memory:", NSK_DB_WRITE, NULL);

    for (const char *id = "abcd"; *id != '\0'; id++) {
        char one[] = { *id, '\0' };
        g_assert_true(
            nsk_db_commit(db, &(NskChange){ { one, "add" }, add_letter, one, NULL }, NULL, NULL));
    }
    g_assert_true(nsk_db_commit(db, &(NskChange){ .apply = age }, NULL, NULL));
    for (size_t i = 0; i < G_N_ELEMENTS(rounds); i++) {
        int64_t gone = -1;

        g_assert_true(
            nsk_db_commit(db, &(NskChange){ .apply = forget_two, .data = &gone }, NULL, NULL));
        g_assert_cmpint(gone, ==, rounds[i].gone);
        for (const char *id = "abcd"; *id != '\0'; id++) {
            char one[] = { *id, '\0' };
            g_assert_cmpint(is_known(db, one), ==, strchr(rounds[i].left, *id) != NULL);
        }
    }
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/db/batch/a-change-that-fails-fails-alone",
                    test_a_change_that_fails_fails_alone);
    g_test_add_func("/db/batch/a-repeated-request-gets-the-first-answer",
                    test_a_repeated_request_gets_the_first_answer);
    g_test_add_func("/db/batch/an-error-is-in-the-language-of-its-change",
                    test_an_error_is_in_the_language_of_its_change);
    g_test_add_func("/db/batch/a-failed-request-may-be-repeated",
                    test_a_failed_request_may_be_repeated);
    g_test_add_func("/db/batch/the-oldest-answers-are-forgotten-first",
                    test_the_oldest_answers_are_forgotten_first);
    g_test_add_func("/db/batch/no-fault-leaves-half-a-batch", test_no_fault_leaves_half_a_batch);
    g_test_add_func("/db/batch/nothing-is-written-behind-a-transaction-that-is-gone",
                    test_nothing_is_written_behind_a_transaction_that_is_gone);
    return g_test_run();
}
