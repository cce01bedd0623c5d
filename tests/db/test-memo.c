/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the handle that writes remembers: that it asks once, and that it is never out of date. */
#include "db/db.h"

#include <string.h>

static const char sql_add_unit[] =
    "INSERT INTO unit (id, code, name, parent, place, zone, archivist)"
    " VALUES ($1, '', $2, '', '', 'Asia/Jakarta', '')";
static const char sql_name_of_unit[] = "SELECT name FROM unit WHERE id = $1";
static const char sql_rename_unit[] = "UPDATE unit SET name = $2 WHERE id = $1";
static const char sql_units_and_outbox[] =
    "SELECT name FROM unit WHERE id = $1 AND NOT EXISTS (SELECT 1 FROM outbox)";
static const char sql_types[] = "SELECT $1, id, NULL, length(id), X'00ff' FROM unit WHERE id = $2";
static const char sql_add_outbox[] = "INSERT INTO outbox (topic, letter, at) VALUES ('t', $1, 0)";
static const char sql_touch_outbox[] = "UPDATE outbox SET at = 1";
static const char sql_make_trigger[] = "CREATE TRIGGER follow AFTER INSERT ON outbox"
                                       " BEGIN UPDATE unit SET name = 'by trigger'; END";

/* What a change is to do. */
typedef struct {
    void (*step)(NskDbTxn *txn);
} Work;

static bool
apply_step(NskDbTxn *txn, void *data, G_GNUC_UNUSED char **out_answer, G_GNUC_UNUSED GError **error)
{
    ((const Work *)data)->step(txn);
    return true;
}

static bool
apply_and_fail(NskDbTxn *txn, void *data, G_GNUC_UNUSED char **out_answer, GError **error)
{
    ((const Work *)data)->step(txn);
    g_set_error_literal(error, NSK_ERROR, NSK_ERROR_CONFLICT, "no");
    return false;
}

static void
run(NskDb *db, void (*step)(NskDbTxn *txn))
{
    g_autoptr(GError) error = NULL;
    Work work = { step };
    NskChange change = { .apply = apply_step, .data = &work };

    g_assert_true(nsk_db_commit(db, &change, NULL, &error));
    g_assert_no_error(error);
}

static NskDb *
open_db(void)
{
    g_autoptr(GError) error = NULL;
    NskDb *db = nsk_db_open(":memory:", NSK_DB_WRITE, &error);

    g_assert_no_error(error);
    return db;
}

static void
exec(NskDbTxn *txn, const char *sql, const char *one, const char *two)
{
    g_autoptr(GError) error = NULL;
    NskDbValue values[] = { NSK_DB_TEXT(one), NSK_DB_TEXT(two) };

    g_assert_true(nsk_db_exec(txn, sql, values,
                              one == NULL   ? 0
                              : two == NULL ? 1
                                            : 2,
                              NULL, &error));
    g_assert_no_error(error);
}

/* The name of the unit, or NULL; owned. */
static char *
name_of(NskDbTxn *txn, const char *sql, const char *id)
{
    bool has_row = false;
    g_autoptr(GError) error = NULL;
    g_autoptr(NskDbRows) rows = nsk_db_query(txn, sql, NSK_DB_PARAMS(NSK_DB_TEXT(id)), &error);

    g_assert_no_error(error);
    g_assert_true(nsk_db_rows_next(rows, &has_row, &error));
    g_assert_no_error(error);
    return has_row ? g_strdup(nsk_db_rows_text(rows, 0)) : NULL;
}

static void
assert_name(NskDbTxn *txn, const char *id, const char *expected)
{
    g_autofree char *name = name_of(txn, sql_name_of_unit, id);

    g_assert_cmpstr(name, ==, expected);
}

/* The answer comes without a call of the database: the next one would fail. */
static void
assert_known(NskDbTxn *txn, const char *id, const char *expected)
{
    nsk_db_fail_nth(nsk_db_txn_get_db(txn), 1);
    assert_name(txn, id, expected);
    nsk_db_fail_nth(nsk_db_txn_get_db(txn), 0);
}

static void
add_two_units(NskDbTxn *txn)
{
    exec(txn, sql_add_unit, "umum", "Biro Umum");
    exec(txn, sql_add_unit, "hukum", "Biro Hukum");
}

static void
look(NskDbTxn *txn)
{
    assert_name(txn, "umum", "Biro Umum");
    assert_name(txn, "hukum", "Biro Hukum");
    assert_name(txn, "nowhere", NULL);
}

static void
look_again(NskDbTxn *txn)
{
    assert_known(txn, "umum", "Biro Umum");
    assert_known(txn, "hukum", "Biro Hukum");
    assert_known(txn, "nowhere", NULL);
}

static void
test_the_directory_is_asked_once(void)
{
    g_autoptr(NskDb) db = open_db();

    run(db, add_two_units);
    run(db, look);
    run(db, look_again);
}

static void
rename_and_look(NskDbTxn *txn)
{
    look(txn);
    exec(txn, sql_rename_unit, "umum", "Biro Lain");
    assert_name(txn, "umum", "Biro Lain");
    assert_known(txn, "umum", "Biro Lain");
}

static void
test_whatever_writes_the_directory_is_seen(void)
{
    g_autoptr(NskDb) db = open_db();

    run(db, add_two_units);
    run(db, rename_and_look);
}

static void
make_trigger(NskDbTxn *txn)
{
    exec(txn, sql_make_trigger, NULL, NULL);
}

static void
write_by_trigger(NskDbTxn *txn)
{
    assert_name(txn, "umum", "Biro Umum");
    exec(txn, sql_add_outbox, "a", NULL);
    assert_name(txn, "umum", "by trigger");
}

static void
test_what_a_trigger_writes_is_seen(void)
{
    g_autoptr(NskDb) db = open_db();

    run(db, add_two_units);
    run(db, make_trigger);
    run(db, write_by_trigger);
}

static void
look_with_outbox(NskDbTxn *txn)
{
    g_autofree char *before = name_of(txn, sql_units_and_outbox, "umum");

    exec(txn, sql_add_outbox, "a", NULL);
    g_autofree char *after = name_of(txn, sql_units_and_outbox, "umum");
    g_assert_cmpstr(before, ==, "Biro Umum");
    g_assert_null(after);
}

static void
test_what_other_tables_say_is_asked_each_time(void)
{
    g_autoptr(NskDb) db = open_db();

    run(db, add_two_units);
    run(db, look_with_outbox);
}

static void
rename_unit(NskDbTxn *txn)
{
    exec(txn, sql_rename_unit, "umum", "Biro Lain");
    assert_name(txn, "umum", "Biro Lain");
}

static void
test_what_was_rolled_back_is_forgotten(void)
{
    g_autoptr(NskDb) db = open_db();
    Work renaming = { rename_unit }, looking = { look };
    NskChange alone = { .apply = apply_and_fail, .data = &renaming };
    NskChange three[] = { { .apply = apply_step, .data = &looking },
                          { .apply = apply_and_fail, .data = &renaming },
                          { .apply = apply_step, .data = &looking } };
    NskChangeResult results[3];
    g_autoptr(GError) error = NULL;

    run(db, add_two_units);
    g_assert_false(nsk_db_commit(db, &alone, NULL, &error));
    run(db, look);
    /* in a savepoint of its own, among others */
    g_assert_true(nsk_db_commit_batch(db, three, 3, results, NULL));
    g_assert_error(results[1].error, NSK_ERROR, NSK_ERROR_CONFLICT);
    g_clear_error(&results[1].error);
    run(db, look);
}

static void
check_types(NskDbTxn *txn)
{
    size_t size;

    for (int i = 0; i < 3; i++) {
        bool has_row = false;
        NskDbValue given = i == 0 ? NSK_DB_INT(7) : i == 1 ? NSK_DB_TEXT("7") : NSK_DB_NULL;
        g_autoptr(NskDbRows) rows =
            nsk_db_query(txn, sql_types, NSK_DB_PARAMS(given, NSK_DB_TEXT("umum")), NULL);

        g_assert_true(nsk_db_rows_next(rows, &has_row, NULL) && has_row);
        g_assert_true(nsk_db_rows_is_null(rows, 0) == (i == 2));
        g_assert_cmpint(nsk_db_rows_int(rows, 0), ==, i == 2 ? 0 : 7);
        g_assert_cmpstr(nsk_db_rows_text(rows, 0), ==, i == 2 ? NULL : "7");
        g_assert_cmpstr(nsk_db_rows_text(rows, 1), ==, "umum");
        g_assert_true(nsk_db_rows_is_null(rows, 2));
        g_assert_cmpint(nsk_db_rows_int(rows, 3), ==, 4);
        const void *blob = nsk_db_rows_blob(rows, 4, &size);
        g_assert_cmpmem(blob, size, "\0\xff", 2);
        g_assert_true(nsk_db_rows_next(rows, &has_row, NULL) && !has_row);
    }
}

static void
test_rows_in_memory_are_as_those_of_the_database(void)
{
    g_autoptr(NskDb) db = open_db();

    run(db, add_two_units);
    run(db, check_types);
    run(db, check_types);
}

static void
add_large_unit(NskDbTxn *txn)
{
    g_autofree char *name = g_strnfill(20000, 'x');

    exec(txn, sql_add_unit, "besar", name);
}

static void
look_at_large(NskDbTxn *txn)
{
    g_autofree char *expected = g_strnfill(20000, 'x');

    for (int i = 0; i < 3; i++)
        assert_name(txn, "besar", expected);
}

static void
test_an_answer_of_any_size_is_whole(void)
{
    g_autoptr(NskDb) db = open_db();

    run(db, add_two_units);
    run(db, add_large_unit);
    run(db, look_at_large);
    run(db, look);
}

/* --- Memos. ----------------------------------------------------------------------------------- */

static const char *const tables[] = { "outbox", NULL };
static const char *const keepers[] = { sql_add_outbox, NULL };
static const NskDbMemo memo = { tables, keepers, g_free, 3 };

static void
remember(NskDbTxn *txn)
{
    nsk_db_remember(txn, &memo, "a", g_strdup("one"));
    nsk_db_remember(txn, &memo, "b", g_strdup("two"));
    nsk_db_remember(txn, &memo, "a", g_strdup("three"));
}

static void
recall_all(NskDbTxn *txn)
{
    g_assert_cmpstr(nsk_db_recall(txn, &memo, "a"), ==, "three");
    g_assert_cmpstr(nsk_db_recall(txn, &memo, "b"), ==, "two");
    g_assert_null(nsk_db_recall(txn, &memo, "c"));
    nsk_db_forget(txn, &memo, "a");
    g_assert_null(nsk_db_recall(txn, &memo, "a"));
}

static void
recall_none(NskDbTxn *txn)
{
    g_assert_null(nsk_db_recall(txn, &memo, "a"));
    g_assert_null(nsk_db_recall(txn, &memo, "b"));
}

static void
test_what_is_remembered_is_there_in_the_next_change(void)
{
    g_autoptr(NskDb) db = open_db();
    g_autoptr(NskDbTxn) txn = NULL;

    run(db, remember);
    run(db, recall_all);
    txn = nsk_db_snapshot(db, NULL);
    remember(txn);
    recall_none(txn);
}

static void
write_as_keeper(NskDbTxn *txn)
{
    exec(txn, sql_add_outbox, "a", NULL);
    g_assert_cmpstr(nsk_db_recall(txn, &memo, "a"), ==, "three");
}

static void
write_as_stranger(NskDbTxn *txn)
{
    exec(txn, sql_add_unit, "umum", "Biro Umum");
    g_assert_cmpstr(nsk_db_recall(txn, &memo, "a"), ==, "three");
    exec(txn, sql_touch_outbox, NULL, NULL);
    recall_none(txn);
}

static void
test_only_keepers_leave_a_memo_alone(void)
{
    g_autoptr(NskDb) db = open_db();

    run(db, remember);
    run(db, write_as_keeper);
    run(db, write_as_stranger);
}

static void
test_a_memo_is_forgotten_with_what_is_rolled_back(void)
{
    g_autoptr(NskDb) db = open_db();
    Work work = { write_as_keeper };
    NskChange change = { .apply = apply_and_fail, .data = &work };

    run(db, remember);
    g_assert_false(nsk_db_commit(db, &change, NULL, NULL));
    run(db, recall_none);
}

static void
remember_too_many(NskDbTxn *txn)
{
    for (char c = 'a'; c <= 'z'; c++)
        nsk_db_remember(txn, &memo, (char[]){ c, '\0' }, g_strdup("x"));
    int known = 0;
    for (char c = 'a'; c <= 'z'; c++)
        known += nsk_db_recall(txn, &memo, (char[]){ c, '\0' }) != NULL;
    g_assert_cmpint(known, >=, 1);
    g_assert_cmpint(known, <=, 3);
}

static void
test_a_memo_has_a_limit(void)
{
    g_autoptr(NskDb) db = open_db();

    run(db, remember_too_many);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/db/still/the-directory-is-asked-once", test_the_directory_is_asked_once);
    g_test_add_func("/db/still/whatever-writes-the-directory-is-seen",
                    test_whatever_writes_the_directory_is_seen);
    g_test_add_func("/db/still/what-a-trigger-writes-is-seen", test_what_a_trigger_writes_is_seen);
    g_test_add_func("/db/still/what-other-tables-say-is-asked-each-time",
                    test_what_other_tables_say_is_asked_each_time);
    g_test_add_func("/db/still/what-was-rolled-back-is-forgotten",
                    test_what_was_rolled_back_is_forgotten);
    g_test_add_func("/db/still/rows-in-memory-are-as-those-of-the-database",
                    test_rows_in_memory_are_as_those_of_the_database);
    g_test_add_func("/db/still/an-answer-of-any-size-is-whole",
                    test_an_answer_of_any_size_is_whole);
    g_test_add_func("/db/memo/what-is-remembered-is-there-in-the-next-change",
                    test_what_is_remembered_is_there_in_the_next_change);
    g_test_add_func("/db/memo/only-keepers-leave-a-memo-alone",
                    test_only_keepers_leave_a_memo_alone);
    g_test_add_func("/db/memo/is-forgotten-with-what-is-rolled-back",
                    test_a_memo_is_forgotten_with_what_is_rolled_back);
    g_test_add_func("/db/memo/has-a-limit", test_a_memo_has_a_limit);
    return g_test_run();
}
