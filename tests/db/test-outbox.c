/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Work is claimed by one worker at a time, is done at least once, and is never lost. */
#include "db/db.h"

#include <string.h>

#define SECOND ((int64_t)G_USEC_PER_SEC)
#define NOON   ((NskInstant)1784710800 * SECOND)
#define TOPIC  "test"

typedef enum { ADD, CLAIM, DONE, RELEASE } Act;

/* One call inside a change of its own. */
typedef struct {
    Act act;
    const char *letter, *word;
    NskOutboxClaim claim;
    GPtrArray *rows;
} Step;

static bool
apply(NskDbTxn *txn, void *data, char **out_answer, GError **error)
{
    Step *step = data;

    (void)out_answer;
    switch (step->act) {
    case ADD:
        return nsk_outbox_add(txn, step->claim.topic, step->letter, step->word, step->claim.now,
                              error);
    case CLAIM:
        g_clear_pointer(&step->rows, g_ptr_array_unref);
        step->rows = nsk_outbox_claim(txn, &step->claim, error);
        return step->rows != NULL;
    case DONE:
        return nsk_outbox_done(txn, &step->claim, (NskOutboxRow *const *)step->rows->pdata,
                               step->rows->len, error);
    case RELEASE:
    default:
        return nsk_outbox_release(txn, &step->claim, (NskOutboxRow *const *)step->rows->pdata,
                                  step->rows->len, error);
    }
}

static void
run(NskDb *db, Step *step)
{
    g_autoptr(GError) error = NULL;
    bool ok = nsk_db_commit(db, &(NskChange){ .apply = apply, .data = step }, NULL, &error);

    g_assert_no_error(error);
    g_assert_true(ok);
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
add(NskDb *db, const char *letter, const char *word, NskInstant at)
{
    Step step = { .act = ADD, .letter = letter, .word = word, .claim = { TOPIC, NULL, at, 0, 0 } };

    run(db, &step);
}

/* Rows that @worker gets at @now for ten seconds. */
static GPtrArray *
claim(NskDb *db, const char *worker, NskInstant now, unsigned limit)
{
    Step step = { .act = CLAIM, .claim = { TOPIC, worker, now, 10 * SECOND, limit } };

    run(db, &step);
    return step.rows;
}

/* Ends the claim of @rows, which are freed. */
static void
tell(NskDb *db, Act act, const char *worker, NskInstant now, GPtrArray *rows)
{
    Step step = { .act = act, .claim = { TOPIC, worker, now, 0, 0 }, .rows = rows };

    run(db, &step);
    g_ptr_array_unref(rows);
}

/* The letters of @rows in order, parted by blanks; @rows is freed. */
static char *
names(GPtrArray *rows)
{
    GString *text = g_string_new(NULL);

    for (guint i = 0; i < rows->len; i++)
        g_string_append_printf(text, "%s%s", i > 0 ? " " : "",
                               ((NskOutboxRow *)rows->pdata[i])->letter);
    g_ptr_array_unref(rows);
    return g_string_free(text, FALSE);
}

static void
assert_claim(NskDb *db, const char *worker, NskInstant now, const char *expected)
{
    g_autofree char *got = names(claim(db, worker, now, 100));

    g_assert_cmpstr(got, ==, expected);
}

/* The lag of the one topic that there is; *out_oldest may be NULL. */
static int64_t
lag(NskDb *db, NskInstant *out_oldest, int64_t *out_failing)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(NskDbTxn) txn = nsk_db_snapshot(db, &error);
    g_autoptr(GPtrArray) topics = nsk_outbox_lag(txn, &error);

    g_assert_no_error(error);
    g_assert_cmpuint(topics->len, <=, 1);
    if (topics->len == 0)
        return 0;
    const NskOutboxLag *topic = topics->pdata[0];
    g_assert_cmpstr(topic->topic, ==, TOPIC);
    if (out_oldest != NULL)
        *out_oldest = topic->oldest;
    if (out_failing != NULL)
        *out_failing = topic->failing;
    return topic->waiting;
}

static void
test_a_letter_has_one_row_that_gathers_words(void)
{
    static const struct {
        const char *word, *body;
    } table[] = {
        { "", "" },
        { "umum", "umum" },
        { "", "umum" },
        { "umum", "umum" },
        { "um", "umum um" },
        { "umum", "umum um" },
        { "mum", "umum um mum" },
        { "um", "umum um mum" },
    };
    g_autoptr(NskDb) db = open_db();

    for (size_t i = 0; i < G_N_ELEMENTS(table); i++) {
        add(db, "a", table[i].word, NOON);
        g_autoptr(GPtrArray) rows = claim(db, "w", NOON, 10);
        g_assert_cmpuint(rows->len, ==, 1);
        const NskOutboxRow *row = rows->pdata[0];
        g_assert_cmpstr(row->body, ==, table[i].body);
        g_assert_cmpint(row->generation, ==, (int64_t)i + 1);
        g_assert_cmpint(row->tries, ==, 1);
        tell(db, RELEASE, "w", NOON, g_ptr_array_ref(rows));
    }
    g_assert_cmpint(lag(db, NULL, NULL), ==, 1);
}

static void
test_the_oldest_come_first(void)
{
    g_autoptr(NskDb) db = open_db();

    add(db, "c", "", NOON);
    add(db, "a", "", NOON + 2);
    add(db, "b", "", NOON + 1);
    add(db, "c", "", NOON + 3); /* it waits since NOON all the same */
    g_autofree char *first = names(claim(db, "w", NOON + 9, 1));
    g_autofree char *second = names(claim(db, "w", NOON + 9, 1));
    g_autofree char *third = names(claim(db, "w", NOON + 9, 1));
    g_autofree char *none = names(claim(db, "w", NOON + 9, 1));
    g_assert_cmpstr(first, ==, "c");
    g_assert_cmpstr(second, ==, "b");
    g_assert_cmpstr(third, ==, "a");
    g_assert_cmpstr(none, ==, "");
}

static void
test_two_workers_never_hold_one_row(void)
{
    g_autoptr(NskDb) db = open_db();
    g_autoptr(GHashTable) held = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);

    for (int i = 0; i < 100; i++) {
        g_autofree char *letter = g_strdup_printf("letter-%d", i);
        add(db, letter, "", NOON + i);
    }
    for (int turn = 0; turn < 20; turn++) {
        g_autoptr(GPtrArray) rows = claim(db, turn % 2 == 0 ? "one" : "two", NOON + 200, 7);

        for (guint i = 0; i < rows->len; i++)
            g_assert_true(
                g_hash_table_add(held, g_strdup(((NskOutboxRow *)rows->pdata[i])->letter)));
    }
    g_assert_cmpuint(g_hash_table_size(held), ==, 100);
}

static void
test_a_claim_runs_out(void)
{
    g_autoptr(NskDb) db = open_db();

    add(db, "a", "", NOON);
    GPtrArray *dead = claim(db, "dead", NOON, 10);
    g_assert_cmpuint(dead->len, ==, 1);
    assert_claim(db, "two", NOON + 10 * SECOND - 1, "");
    GPtrArray *rows = claim(db, "two", NOON + 10 * SECOND, 10);
    g_assert_cmpuint(rows->len, ==, 1);
    g_assert_cmpint(((NskOutboxRow *)rows->pdata[0])->tries, ==, 2);
    /* the first one was not dead, only slow: it changes nothing, whatever it says */
    tell(db, RELEASE, "dead", NOON + 11 * SECOND, g_ptr_array_ref(dead));
    assert_claim(db, "three", NOON + 11 * SECOND, "");
    tell(db, DONE, "dead", NOON + 11 * SECOND, dead);
    g_assert_cmpint(lag(db, NULL, NULL), ==, 1);
    tell(db, DONE, "two", NOON + 11 * SECOND, rows);
    g_assert_cmpint(lag(db, NULL, NULL), ==, 0);
}

static void
test_a_row_made_anew_is_not_removed_by_an_old_worker(void)
{
    g_autoptr(NskDb) db = open_db();

    add(db, "a", "", NOON);
    GPtrArray *slow = claim(db, "slow", NOON, 10);
    tell(db, DONE, "quick", NOON + 20 * SECOND, claim(db, "quick", NOON + 20 * SECOND, 10));
    g_assert_cmpint(lag(db, NULL, NULL), ==, 0);
    add(db, "a", "", NOON + 21 * SECOND); /* generation 1 again */
    tell(db, DONE, "slow", NOON + 22 * SECOND, slow);
    g_assert_cmpint(lag(db, NULL, NULL), ==, 1);
    assert_claim(db, "quick", NOON + 22 * SECOND, "a");
}

static void
test_a_change_during_the_work_is_kept(void)
{
    NskInstant oldest = 0;
    g_autoptr(NskDb) db = open_db();

    add(db, "a", "", NOON);
    GPtrArray *rows = claim(db, "w", NOON + 1, 10);
    add(db, "a", "other", NOON + 2);
    /* nobody else works at it meanwhile */
    assert_claim(db, "two", NOON + 3, "");
    tell(db, DONE, "w", NOON + 4, rows);
    g_assert_cmpint(lag(db, &oldest, NULL), ==, 1);
    g_assert_cmpint(oldest, ==, NOON + 2);
    rows = claim(db, "two", NOON + 4, 10);
    g_assert_cmpuint(rows->len, ==, 1);
    g_assert_cmpstr(((NskOutboxRow *)rows->pdata[0])->body, ==, "other");
    g_assert_cmpint(((NskOutboxRow *)rows->pdata[0])->tries, ==, 1);
    tell(db, DONE, "two", NOON + 5, rows);
    g_assert_cmpint(lag(db, NULL, NULL), ==, 0);
}

static void
test_a_row_that_fails_rests_and_lets_others_by(void)
{
    int64_t failing = 0;
    NskInstant now = NOON;
    g_autoptr(NskDb) db = open_db();
    g_autoptr(GError) error = NULL;
    g_autofree char *lengthy = g_strnfill(2000, 'x');

    add(db, "bad", "", NOON);
    for (int tries = 1; tries <= 16; tries++) {
        GPtrArray *rows = claim(db, "w", now, 10);
        int64_t rest = MIN((int64_t)1 << (tries - 1), 600) * SECOND;

        g_assert_cmpuint(rows->len, ==, 1);
        g_assert_cmpint(((NskOutboxRow *)rows->pdata[0])->tries, ==, tries);
        ((NskOutboxRow *)rows->pdata[0])->fault =
            tries < 16 ? g_strdup("it is damaged") : g_strconcat(lengthy, "\xff", NULL);
        tell(db, DONE, "w", now, rows);
        add(db, "good", "", now);
        rows = claim(db, "w", now + rest - 1, 10);
        g_assert_cmpuint(rows->len, ==, 1);
        g_assert_cmpstr(((NskOutboxRow *)rows->pdata[0])->letter, ==, "good");
        tell(db, DONE, "w", now + rest, rows);
        now += rest;
    }
    g_assert_cmpint(lag(db, NULL, &failing), ==, 1);
    g_assert_cmpint(failing, ==, 1);
    g_autoptr(NskDbTxn) txn = nsk_db_snapshot(db, &error);
    g_autoptr(GPtrArray) stuck = nsk_outbox_list_stuck(txn, 5, 0, 10, &error);
    g_assert_cmpuint(stuck->len, ==, 1);
    const NskOutboxStuck *row = stuck->pdata[0];
    g_assert_cmpstr(row->letter, ==, "bad");
    g_assert_cmpint(row->tries, ==, 16);
    g_assert_cmpint(row->at, ==, NOON);
    g_assert_cmpuint(strlen(row->fault), <=, 500);
    g_assert_true(g_utf8_validate(row->fault, -1, NULL));
    g_autoptr(GPtrArray) old = nsk_outbox_list_stuck(txn, 100, NOON + 1, 10, &error);
    g_assert_cmpuint(old->len, ==, 1);
    g_autoptr(GPtrArray) young = nsk_outbox_list_stuck(txn, 100, NOON, 10, &error);
    g_assert_cmpuint(young->len, ==, 0);
}

static void
test_a_clock_that_was_set_back_holds_nothing_up_for_long(void)
{
    g_autoptr(NskDb) db = open_db();
    NskInstant before = NOON - (int64_t)48 * 3600 * SECOND;

    add(db, "a", "", NOON);
    assert_claim(db, "dead", NOON, "a");
    add(db, "b", "", NOON);
    /* what nobody had claimed is there at once, and so is a claim that lies too far ahead */
    assert_claim(db, "w", before, "a b");
}

static void
test_topics_do_not_meet(void)
{
    g_autoptr(NskDb) db = open_db();
    Step step = { .act = ADD, .letter = "a", .word = "", .claim = { "other", NULL, NOON, 0, 0 } };

    run(db, &step);
    assert_claim(db, "w", NOON, "");
    add(db, "a", "", NOON);
    tell(db, DONE, "w", NOON, claim(db, "w", NOON, 10));
    g_autoptr(NskDbTxn) txn = nsk_db_snapshot(db, NULL);
    g_autoptr(GPtrArray) topics = nsk_outbox_lag(txn, NULL);
    g_assert_cmpuint(topics->len, ==, 1);
    g_assert_cmpstr(((NskOutboxLag *)topics->pdata[0])->topic, ==, "other");
}

static void
test_a_database_that_fails_loses_nothing(void)
{
    static const Act acts[] = { ADD, CLAIM, DONE, RELEASE };

    for (size_t i = 0; i < G_N_ELEMENTS(acts); i++) {
        bool ok = false;

        for (unsigned nth = 1; !ok; nth++) {
            g_autoptr(NskDb) db = open_db();
            g_autoptr(GError) error = NULL;

            add(db, "a", "", NOON);
            Step step = { .act = acts[i],
                          .letter = "b",
                          .word = "",
                          .claim = { TOPIC, "w", NOON, SECOND, 10 } };
            if (acts[i] == DONE || acts[i] == RELEASE)
                step.rows = claim(db, "w", NOON, 10);
            if (acts[i] == DONE)
                add(db, "a", "", NOON);
            nsk_db_fail_nth(db, nth);
            ok = nsk_db_commit(db, &(NskChange){ .apply = apply, .data = &step }, NULL, &error);
            nsk_db_fail_nth(db, 0);
            g_assert_true(ok == (error == NULL));
            g_assert_cmpint(lag(db, NULL, NULL), ==, ok && acts[i] == ADD ? 2 : 1);
            g_clear_pointer(&step.rows, g_ptr_array_unref);
        }
    }
}

#define TEST(NAME, FUNCTION) g_test_add_func("/db/outbox/" NAME, FUNCTION)

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    TEST("a-letter-has-one-row-that-gathers-words", test_a_letter_has_one_row_that_gathers_words);
    TEST("the-oldest-come-first", test_the_oldest_come_first);
    TEST("two-workers-never-hold-one-row", test_two_workers_never_hold_one_row);
    TEST("a-claim-runs-out", test_a_claim_runs_out);
    TEST("a-row-made-anew-is-not-removed-by-an-old-worker",
         test_a_row_made_anew_is_not_removed_by_an_old_worker);
    TEST("a-change-during-the-work-is-kept", test_a_change_during_the_work_is_kept);
    TEST("a-row-that-fails-rests-and-lets-others-by",
         test_a_row_that_fails_rests_and_lets_others_by);
    TEST("a-clock-that-was-set-back-holds-nothing-up-for-long",
         test_a_clock_that_was_set_back_holds_nothing_up_for_long);
    TEST("topics-do-not-meet", test_topics_do_not_meet);
    TEST("a-database-that-fails-loses-nothing", test_a_database_that_fails_loses_nothing);
    return g_test_run();
}
