/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/limits.h"
#include "fixture.h"

#include <string.h>

static const char sql_count_objects[] = "SELECT count(*) FROM object";
static const char sql_count_heads[] = "SELECT count(*) FROM head";
static const char sql_count_both[] =
    "SELECT count(*) FROM outbox WHERE body = 'umum-2026 umum-2026-tertutup'";
static const char sql_count_outbox[] = "SELECT count(*) FROM outbox WHERE topic = 'project'";
static const char sql_count_plain[] = "SELECT count(*) FROM object WHERE codec = 0 AND kind = 3";
static const char sql_damage_blob[] =
    "UPDATE object SET data = zeroblob(length(data)) WHERE history = (SELECT n FROM head WHERE "
    "letter = $1) AND kind = 3";
static const char sql_grow_size[] = "UPDATE object SET codec = 1, size = 1 << 40 WHERE history = "
                                    "(SELECT n FROM head WHERE letter = $1) AND kind = 3";
static const char sql_swap_kind[] = "UPDATE object SET kind = 2 WHERE history = (SELECT n FROM "
                                    "head WHERE letter = $1) AND kind = 3";
static const char sql_lose_blob[] =
    "DELETE FROM object WHERE history = (SELECT n FROM head WHERE letter = $1) AND kind = 3";
static const char sql_lose_tree[] =
    "DELETE FROM object WHERE history = (SELECT n FROM head WHERE letter = $1) AND kind = 2";
static const char sql_wrong_version[] = "UPDATE head SET version = 7 WHERE letter = $1";
static const char sql_wrong_tree[] = "UPDATE head SET tree = zeroblob(40) WHERE letter = $1";

static NskDb *
open_db(void)
{
    g_autoptr(GError) error = NULL;
    NskDb *db = nsk_db_open(":memory:", NSK_DB_WRITE, &error);

    g_assert_no_error(error);
    return db;
}

static void
assert_file(NskDb *db, const char *letter, const char *oid, const char *name, const char *text)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(NskDbTxn) txn = nsk_db_snapshot(db, NULL);
    g_autoptr(GBytes) content = nsk_store_read(txn, letter, oid, name, &error);

    g_assert_no_error(error);
    g_assert_cmpmem(g_bytes_get_data(content, NULL), g_bytes_get_size(content), text, strlen(text));
}

static void
test_every_version_stays_readable(void)
{
    g_autoptr(NskDb) db = open_db();
    NskStoreCommit commit = fixture_commit(LETTER_A, NULL);
    g_autofree char *first = fixture_put(db, &commit, LETTER_A ".xml", "one");
    g_autofree char *second = fixture_put(db, &commit, LETTER_A ".xml", "two");
    g_autofree char *third = fixture_put(db, &commit, LETTER_A ".pdf", "%PDF");
    g_autofree char *head = NULL;
    int64_t version = 0;

    assert_file(db, LETTER_A, first, LETTER_A ".xml", "one");
    assert_file(db, LETTER_A, second, LETTER_A ".xml", "two");
    assert_file(db, LETTER_A, third, LETTER_A ".xml", "two");
    assert_file(db, LETTER_A, NULL, LETTER_A ".pdf", "%PDF");
    g_autoptr(NskDbTxn) txn = nsk_db_snapshot(db, NULL);
    g_assert_true(nsk_store_head(txn, LETTER_A, &head, &version, NULL));
    g_assert_cmpstr(head, ==, third);
    g_assert_cmpint(version, ==, 3);
    g_auto(GStrv) files = nsk_store_list_files(txn, LETTER_A, NULL, NULL);
    g_assert_cmpuint(g_strv_length(files), ==, 2);
    g_assert_cmpstr(files[0], ==, LETTER_A ".pdf");
    g_assert_cmpstr(files[1], ==, LETTER_A ".xml");
}

static void
test_the_same_version_has_the_oid_that_git_gives_it(void)
{
    g_autoptr(NskDb) db = open_db();
    NskStoreCommit commit = fixture_commit(LETTER_A, NULL);
    g_autofree char *oid = fixture_put(db, &commit, "a.xml", "one\n");

    /* made with: git hash-object, git mktree, git commit-tree */
    g_assert_cmpstr(oid, ==, "12bf3655f1a355e4d9fe4a02ee83bad53ea1fa4d");
}

static void
test_removed_files_are_gone_from_the_new_version_alone(void)
{
    static const char *const names[] = { "b.xml", NULL };
    g_autoptr(NskDb) db = open_db();
    NskStoreCommit commit = fixture_commit(LETTER_A, NULL);
    fixture_add(db, &commit, "a.xml", "one");
    g_autofree char *second = fixture_put(db, &commit, "b.xml", "two");
    g_autoptr(GError) error = NULL;

    commit.removed = names;
    g_autofree char *third = fixture_try(db, &commit, &error);
    (void)third;
    g_assert_no_error(error);
    assert_file(db, LETTER_A, second, "b.xml", "two");
    g_autofree char *fourth = fixture_try(db, &commit, &error);
    g_assert_null(fourth);
    g_assert_error(error, NSK_ERROR, NSK_ERROR_INVALID);
    g_clear_error(&error);
    g_autoptr(NskDbTxn) txn = nsk_db_snapshot(db, NULL);
    g_assert_null(nsk_store_read(txn, LETTER_A, NULL, "b.xml", &error));
    g_assert_error(error, NSK_ERROR, NSK_ERROR_NOT_FOUND);
}

static void
test_a_version_without_new_files_is_a_version(void)
{
    g_autoptr(NskDb) db = open_db();
    NskStoreCommit commit = fixture_commit(LETTER_A, NULL);
    g_autofree char *first = fixture_put(db, &commit, "a.xml", "one");
    g_autoptr(GError) error = NULL;

    commit.message = "Give paraf";
    g_autofree char *second = fixture_try(db, &commit, &error);
    g_assert_no_error(error);
    g_assert_cmpstr(first, !=, second);
    assert_file(db, LETTER_A, second, "a.xml", "one");
}

static void
test_a_letter_sees_no_other_letters_objects(void)
{
    g_autoptr(NskDb) db = open_db();
    NskStoreCommit a = fixture_commit(LETTER_A, NULL);
    NskStoreCommit b = fixture_commit(LETTER_B, NULL);
    g_autofree char *of_a = fixture_put(db, &a, "a.xml", "one");
    fixture_add(db, &b, "a.xml", "two");
    g_autoptr(GError) error = NULL;
    g_autoptr(NskDbTxn) txn = nsk_db_snapshot(db, NULL);

    g_assert_null(nsk_store_read(txn, LETTER_B, of_a, "a.xml", &error));
    g_assert_error(error, NSK_ERROR, NSK_ERROR_NOT_FOUND);
}

static void
test_what_is_not_there_is_not_found(void)
{
    g_autoptr(NskDb) db = open_db();
    NskStoreCommit commit = fixture_commit(LETTER_A, NULL);
    fixture_add(db, &commit, "a.xml", "one");
    g_autoptr(NskDbTxn) txn = nsk_db_snapshot(db, NULL);
    static const struct {
        const char *letter, *oid, *name;
        NskError code;
    } table[] = {
        { LETTER_B, NULL, "a.xml", NSK_ERROR_NOT_FOUND },
        { LETTER_A, NULL, "b.xml", NSK_ERROR_NOT_FOUND },
        { LETTER_A, "0123456789012345678901234567890123456789", "a.xml", NSK_ERROR_NOT_FOUND },
        { LETTER_A, "main", "a.xml", NSK_ERROR_INVALID },
        { LETTER_A, "", "a.xml", NSK_ERROR_INVALID },
        /* the blob "one": an object, but no version */
        { LETTER_A, "43dd47ea691c90a5fa7827892c70241913351963", "a.xml", NSK_ERROR_NOT_FOUND },
        { "../x", NULL, "a.xml", NSK_ERROR_NOT_FOUND },
    };

    for (size_t i = 0; i < G_N_ELEMENTS(table); i++) {
        g_autoptr(GError) error = NULL;

        g_assert_null(nsk_store_read(txn, table[i].letter, table[i].oid, table[i].name, &error));
        g_assert_error(error, NSK_ERROR, (int)table[i].code);
    }
    g_autoptr(GError) error = NULL;
    g_assert_null(nsk_store_log(txn, LETTER_B, &error));
    g_assert_error(error, NSK_ERROR, NSK_ERROR_NOT_FOUND);
}

static void
test_the_log_is_newest_first(void)
{
    g_autoptr(NskDb) db = open_db();
    NskStoreCommit commit = fixture_commit(LETTER_A, NULL);
    g_autofree char *first = fixture_put(db, &commit, "a.xml", "one");
    /* an earlier clock must not change the order */
    commit.at -= 5 * G_USEC_PER_SEC;
    commit.offset_minutes = -210;
    commit.message = "Correct the letter";
    commit.author_name = "Bagus Prakoso";
    g_autofree char *second = fixture_put(db, &commit, "a.xml", "two");
    g_autoptr(GError) error = NULL;
    g_autoptr(NskDbTxn) txn = nsk_db_snapshot(db, NULL);
    g_autoptr(GPtrArray) log = nsk_store_log(txn, LETTER_A, &error);

    g_assert_no_error(error);
    g_assert_cmpuint(log->len, ==, 2);
    const NskStoreEntry *entry = log->pdata[0];
    g_assert_cmpstr(entry->oid, ==, second);
    g_assert_cmpstr(entry->author_name, ==, "Bagus Prakoso");
    g_assert_cmpstr(entry->author_email, ==, "sekar@arunika.example");
    g_assert_cmpstr(entry->message, ==, "Correct the letter\n");
    g_assert_cmpint(entry->at, ==, TIME_1 - 5 * G_USEC_PER_SEC);
    g_assert_cmpint(entry->offset_minutes, ==, -210);
    entry = log->pdata[1];
    g_assert_cmpstr(entry->oid, ==, first);
    g_assert_cmpint(entry->offset_minutes, ==, 420);
}

static void
test_histories_of_the_office_have_refs_of_their_own(void)
{
    g_autoptr(NskDb) db = open_db();
    NskStoreCommit commit = fixture_commit("office/profiles", "office");
    g_autofree char *oid = fixture_put(db, &commit, "arunika.xml", "<profile/>");
    g_autofree char *ref = nsk_store_ref("office/profiles");
    g_autofree char *letter = nsk_store_ref(LETTER_A);

    g_assert_cmpstr(ref, ==, "refs/office/profiles");
    g_assert_cmpstr(letter, ==, "refs/letters/" LETTER_A);
    g_assert_null(nsk_store_ref("office/"));
    g_assert_null(nsk_store_ref("office/a/b"));
    g_assert_null(nsk_store_ref("x"));
    assert_file(db, "office/profiles", oid, "arunika.xml", "<profile/>");
}

typedef struct {
    const char *title;
    NskStoreCommit commit;
    const char *name;
    NskError code;
} BadCommit;

static void
test_what_git_forbids_is_refused_and_leaves_nothing(void)
{
    const NskStoreCommit good = fixture_commit(LETTER_A, NULL);
    g_autofree char *long_name = g_strnfill(NSK_LIMIT_TREE_FILES, 'a');
    g_autofree char *long_message = g_strnfill(NSK_LIMIT_COMMIT_MESSAGE + 1, 'a');
    g_autoptr(NskDb) db = open_db();
    g_autoptr(GPtrArray) bad = g_ptr_array_new_with_free_func(g_free);
#define BAD(NAME, CODE, FIELD, VALUE)                                                              \
    do {                                                                                           \
        BadCommit *b = g_new0(BadCommit, 1);                                                       \
        b->title = #FIELD " " #VALUE;                                                              \
        b->commit = good;                                                                          \
        b->commit.FIELD = VALUE;                                                                   \
        b->name = NAME;                                                                            \
        b->code = CODE;                                                                            \
        g_ptr_array_add(bad, b);                                                                   \
    } while (0)

    BAD("a.xml", NSK_ERROR_INVALID, letter, NULL);
    BAD("a.xml", NSK_ERROR_INVALID, letter, "x");
    BAD("a.xml", NSK_ERROR_INVALID, letter, "office/..");
    BAD("a.xml", NSK_ERROR_INVALID, repository, "../x");
    BAD("a.xml", NSK_ERROR_INVALID, repository, "");
    BAD("a.xml", NSK_ERROR_INVALID, message, NULL);
    BAD("a.xml", NSK_ERROR_INVALID, message, " \n ");
    BAD("a.xml", NSK_ERROR_INVALID, message, "\xff");
    BAD("a.xml", NSK_ERROR_LIMIT, message, long_message);
    BAD("a.xml", NSK_ERROR_INVALID, author_name, "");
    BAD("a.xml", NSK_ERROR_INVALID, author_name, "a\nparent x");
    BAD("a.xml", NSK_ERROR_INVALID, author_name, "a <b>");
    BAD("a.xml", NSK_ERROR_INVALID, author_name, " a");
    BAD("a.xml", NSK_ERROR_INVALID, author_email, "a b");
    BAD("a.xml", NSK_ERROR_INVALID, author_email, NULL);
    BAD("a.xml", NSK_ERROR_INVALID, at, -1);
    BAD("a.xml", NSK_ERROR_INVALID, at, INT64_MAX);
    BAD("a.xml", NSK_ERROR_INVALID, offset_minutes, 900);
    BAD("", NSK_ERROR_INVALID, n_put, 1);
    BAD(".git", NSK_ERROR_INVALID, n_put, 1);
    BAD("..", NSK_ERROR_INVALID, n_put, 1);
    BAD("a/b", NSK_ERROR_INVALID, n_put, 1);
    BAD("a b", NSK_ERROR_INVALID, n_put, 1);
    BAD("-a", NSK_ERROR_INVALID, n_put, 1);
    BAD(long_name, NSK_ERROR_INVALID, n_put, 1);
    BAD(NULL, NSK_ERROR_INVALID, n_put, 1);
    BAD("a.xml", NSK_ERROR_LIMIT, n_put, NSK_LIMIT_TREE_FILES + 1);
#undef BAD
    for (guint i = 0; i < bad->len; i++) {
        BadCommit *b = bad->pdata[i];
        g_autoptr(GError) error = NULL;
        g_autoptr(GBytes) content = g_bytes_new_static("x", 1);
        NskStoreFile file = { .name = b->name, .content = content };

        b->commit.put = &file;
        b->commit.n_put = MAX(b->commit.n_put, 1);
        g_test_message("%s, name %s", b->title, b->name);
        g_assert_null(fixture_try(db, &b->commit, &error));
        g_assert_error(error, NSK_ERROR, (int)b->code);
    }
    g_assert_cmpint(fixture_number(db, sql_count_objects), ==, 0);
    g_assert_cmpint(fixture_number(db, sql_count_heads), ==, 0);
}

static void
test_files_have_limits(void)
{
    g_autoptr(NskDb) db = open_db();
    NskStoreCommit commit = fixture_commit(LETTER_A, NULL);
    g_autofree char *big = g_malloc0(NSK_LIMIT_OBJECT_SIZE + 1);
    g_autoptr(GBytes) over = g_bytes_new_static(big, NSK_LIMIT_OBJECT_SIZE + 1);
    g_autoptr(GBytes) most = g_bytes_new_static(big, NSK_LIMIT_OBJECT_SIZE);
    NskStoreFile file = { .name = "a.bin", .content = over };
    NskStoreFile twice[] = { { .name = "a.bin", .content = most },
                             { .name = "a.bin", .content = most } };
    g_autoptr(GError) error = NULL;

    commit.put = &file;
    commit.n_put = 1;
    g_assert_null(fixture_try(db, &commit, &error));
    g_assert_error(error, NSK_ERROR, NSK_ERROR_LIMIT);
    g_clear_error(&error);
    file.content = most;
    g_autofree char *oid = fixture_try(db, &commit, &error);
    (void)oid;
    g_assert_no_error(error);
    g_autoptr(NskDbTxn) txn = nsk_db_snapshot(db, NULL);
    g_autoptr(GBytes) back = nsk_store_read(txn, LETTER_A, NULL, "a.bin", &error);
    g_assert_true(g_bytes_equal(back, most));
    g_clear_pointer(&txn, nsk_db_snapshot_free);
    commit.put = twice;
    commit.n_put = 2;
    g_assert_null(fixture_try(db, &commit, &error));
    g_assert_error(error, NSK_ERROR, NSK_ERROR_INVALID);
}

static void
test_a_tree_has_a_limit_over_versions(void)
{
    g_autoptr(NskDb) db = open_db();
    NskStoreCommit commit = fixture_commit(LETTER_A, NULL);
    g_autoptr(GBytes) content = g_bytes_new_static("x", 1);
    NskStoreFile files[NSK_LIMIT_TREE_FILES];
    g_autoptr(GPtrArray) names = g_ptr_array_new_with_free_func(g_free);
    g_autoptr(GError) error = NULL;

    for (int i = 0; i < NSK_LIMIT_TREE_FILES; i++) {
        g_ptr_array_add(names, g_strdup_printf("f%d", i));
        files[i] = (NskStoreFile){ .name = names->pdata[i], .content = content };
    }
    commit.put = files;
    commit.n_put = NSK_LIMIT_TREE_FILES;
    g_autofree char *oid = fixture_try(db, &commit, &error);
    (void)oid;
    g_assert_no_error(error);
    files[0].name = "g";
    commit.n_put = 1;
    g_assert_null(fixture_try(db, &commit, &error));
    g_assert_error(error, NSK_ERROR, NSK_ERROR_LIMIT);
    g_clear_error(&error);
    files[0].name = "f7";
    g_autofree char *again = fixture_try(db, &commit, &error);
    (void)again;
    g_assert_no_error(error);
}

static void
test_contents_of_every_shape_come_back(void)
{
    g_autoptr(NskDb) db = open_db();
    NskStoreCommit commit = fixture_commit(LETTER_A, NULL);
    g_autoptr(GRand) rand = g_rand_new_with_seed(7);
    static const size_t sizes[] = { 0, 1, 63, 64, 65, 4096, 100000 };

    for (size_t i = 0; i < G_N_ELEMENTS(sizes) * 2; i++) {
        size_t size = sizes[i / 2];
        g_autofree uint8_t *data = g_malloc0(size + 1);
        g_autoptr(GError) error = NULL;

        for (size_t j = 0; i % 2 == 1 && j < size; j++)
            data[j] = (uint8_t)g_rand_int(rand);
        g_autoptr(GBytes) content = g_bytes_new(data, size);
        NskStoreFile file = { .name = "a.bin", .content = content };
        commit.put = &file;
        commit.n_put = 1;
        g_autofree char *oid = fixture_try(db, &commit, &error);
        g_assert_no_error(error);
        g_autoptr(NskDbTxn) txn = nsk_db_snapshot(db, NULL);
        g_autoptr(GBytes) back = nsk_store_read(txn, LETTER_A, oid, "a.bin", &error);
        g_assert_no_error(error);
        g_assert_true(g_bytes_equal(back, content));
    }
    /* random bytes and tiny files are not worth a frame; zeros from 64 on are; one file is empty,
     * whichever way it was made */
    g_assert_cmpint(fixture_number(db, sql_count_plain), ==, 3 + 2 + 4);
}

static void
test_projection_is_asked_for_with_the_version(void)
{
    g_autoptr(NskDb) db = open_db();
    NskStoreCommit commit = fixture_commit(LETTER_A, NULL);
    fixture_add(db, &commit, "a.xml", "one");

    g_assert_cmpint(fixture_number(db, sql_count_outbox), ==, 0);
    commit.repository = "umum-2026";
    fixture_add(db, &commit, "a.xml", "two");
    g_assert_cmpint(fixture_number(db, sql_count_outbox), ==, 1);
    commit.repository = "umum-2026-tertutup";
    fixture_add(db, &commit, "a.xml", "three");
    g_assert_cmpint(fixture_number(db, sql_count_outbox), ==, 1);
    commit.repository = NULL;
    fixture_add(db, &commit, "a.xml", "four");
    g_assert_cmpint(fixture_number(db, sql_count_outbox), ==, 1);
    g_assert_cmpint(fixture_number(db, sql_count_both), ==, 1);
}

static void
test_damage_is_never_read_and_always_found(void)
{
    static const struct {
        const char *sql, *tag;
        bool unreadable;
    } table[] = {
        { sql_damage_blob, "store-object-damaged", true },
        { sql_grow_size, "store-object-damaged", true },
        { sql_swap_kind, "store-object-damaged", true },
        { sql_lose_blob, "store-object-missing", true },
        { sql_lose_tree, "store-history-broken", true },
        { sql_wrong_version, "store-head-wrong", false },
        { sql_wrong_tree, "store-head-wrong", false },
    };

    for (size_t i = 0; i < G_N_ELEMENTS(table); i++) {
        g_autoptr(NskDb) db = open_db();
        NskStoreCommit commit = fixture_commit(LETTER_A, NULL);
        NskStoreCommit other = fixture_commit(LETTER_B, NULL);
        fixture_add(db, &commit, "a.xml", "some text that is here");
        fixture_add(db, &other, "a.xml", "some text that is there");
        g_autoptr(NskIssues) issues = nsk_issues_new();
        g_autoptr(NskIssues) none = nsk_issues_new();
        g_autoptr(GError) error = NULL;

        fixture_tamper(db, table[i].sql, LETTER_A);
        assert_file(db, LETTER_B, NULL, "a.xml", "some text that is there");
        g_autoptr(NskDbTxn) txn = nsk_db_snapshot(db, NULL);
        g_autoptr(GBytes) content = nsk_store_read(txn, LETTER_A, NULL, "a.xml", &error);
        g_assert_true((content == NULL) == table[i].unreadable);
        if (table[i].unreadable) {
            g_assert_error(error, NSK_ERROR, NSK_ERROR_CORRUPT);
            g_assert_nonnull(strstr(error->message, LETTER_A));
            g_clear_error(&error);
        }
        g_assert_true(nsk_store_check(txn, NULL, issues, &error));
        g_assert_cmpuint(issues->len, >=, 1);
        const NskIssue *issue = issues->pdata[0];
        g_assert_cmpstr(issue->tag, ==, table[i].tag);
        g_assert_cmpstr(issue->file, ==, LETTER_A);
        g_assert_true(nsk_store_check(txn, LETTER_B, none, &error));
        g_assert_cmpuint(none->len, ==, 0);
    }
}

static void
test_a_broken_history_has_no_log(void)
{
    g_autoptr(NskDb) db = open_db();
    NskStoreCommit commit = fixture_commit(LETTER_A, NULL);
    g_autofree char *oid = fixture_put(db, &commit, "a.xml", "one");
    g_autoptr(GError) error = NULL;
    static const char sql_damage_commit[] =
        "UPDATE object SET codec = 0, size = 3, data = 'abc' WHERE history = (SELECT n FROM head "
        "WHERE letter = $1) AND kind = 1";

    fixture_tamper(db, sql_damage_commit, LETTER_A);
    g_autoptr(NskDbTxn) txn = nsk_db_snapshot(db, NULL);
    g_assert_null(nsk_store_log(txn, LETTER_A, &error));
    g_assert_error(error, NSK_ERROR, NSK_ERROR_CORRUPT);
    g_assert_nonnull(strstr(error->message, LETTER_A));
    g_assert_nonnull(strstr(error->message, oid));
}

/* Fails every database call of a version in turn: nothing of it may be left, and then it goes
 * through whole. */
static void
test_no_fault_leaves_half_a_version(void)
{
    g_autoptr(NskDb) db = open_db();
    NskStoreCommit commit = fixture_commit(LETTER_A, "umum-2026");
    fixture_add(db, &commit, "a.xml", "one");
    g_autoptr(GBytes) content = g_bytes_new_static("two", 3);
    NskStoreFile file = { .name = "a.xml", .content = content };
    unsigned nth = 1;

    commit.put = &file;
    commit.n_put = 1;
    for (;; nth++) {
        g_autoptr(GError) error = NULL;

        nsk_db_fail_nth(db, nth);
        g_autofree char *second = fixture_try(db, &commit, &error);
        nsk_db_fail_nth(db, 0);
        if (second != NULL)
            break;
        g_assert_nonnull(error);
        g_assert_cmpint(fixture_number(db, sql_count_objects), ==, 3);
        g_assert_cmpint(fixture_number(db, sql_count_outbox), ==, 1);
        assert_file(db, LETTER_A, NULL, "a.xml", "one");
    }
    g_assert_cmpuint(nth, >, 12);
    g_assert_cmpint(fixture_number(db, sql_count_objects), ==, 6);
    assert_file(db, LETTER_A, NULL, "a.xml", "two");
}

#define ADD(NAME, FUNCTION) g_test_add_func("/store/store/" NAME, FUNCTION)

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    ADD("every-version-stays-readable", test_every_version_stays_readable);
    ADD("the-same-version-has-the-oid-that-git-gives-it",
        test_the_same_version_has_the_oid_that_git_gives_it);
    ADD("removed-files-are-gone-from-the-new-version-alone",
        test_removed_files_are_gone_from_the_new_version_alone);
    ADD("a-version-without-new-files-is-a-version", test_a_version_without_new_files_is_a_version);
    ADD("a-letter-sees-no-other-letters-objects", test_a_letter_sees_no_other_letters_objects);
    ADD("what-is-not-there-is-not-found", test_what_is_not_there_is_not_found);
    ADD("the-log-is-newest-first", test_the_log_is_newest_first);
    ADD("histories-of-the-office-have-refs-of-their-own",
        test_histories_of_the_office_have_refs_of_their_own);
    ADD("what-git-forbids-is-refused-and-leaves-nothing",
        test_what_git_forbids_is_refused_and_leaves_nothing);
    ADD("files-have-limits", test_files_have_limits);
    ADD("a-tree-has-a-limit-over-versions", test_a_tree_has_a_limit_over_versions);
    ADD("contents-of-every-shape-come-back", test_contents_of_every_shape_come_back);
    ADD("projection-is-asked-for-with-the-version", test_projection_is_asked_for_with_the_version);
    ADD("damage-is-never-read-and-always-found", test_damage_is_never_read_and_always_found);
    ADD("a-broken-history-has-no-log", test_a_broken_history_has_no_log);
    ADD("no-fault-leaves-half-a-version", test_no_fault_leaves_half_a_version);
    return g_test_run();
}
