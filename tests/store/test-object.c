/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/limits.h"
#include "crypto/crypto.h"
#include "fixture.h"
#include "store/store-private.h"

#include <string.h>

#define FILE_A   LETTER_A ".xml"
#define VERSIONS 20

static const char sql_deepest[] = "SELECT max(depth) FROM object";
static const char sql_whole[] = "SELECT count(*) FROM object WHERE kind = 3 AND depth = 0";
static const char sql_strange_bases[] =
    "SELECT count(*) FROM object o JOIN object b ON b.n = o.base "
    "WHERE b.history <> o.history OR b.kind <> 3 OR b.depth <> o.depth - 1";
static const char sql_count_trees[] = "SELECT count(*) FROM object WHERE kind = 2";
static const char sql_file_bytes[] = "SELECT sum(length(data)) FROM object WHERE kind = 3";
static const char sql_form_bytes[] = "SELECT max(length(data)) FROM object WHERE kind < 3";

static NskDb *
open_db(void)
{
    g_autoptr(GError) error = NULL;
    NskDb *db = nsk_db_open(":memory:", NSK_DB_WRITE, &error);

    g_assert_no_error(error);
    return db;
}

/* A text of about 4 KB that differs a little from version to version, and much from seed to seed.
 */
static char *
letter_text(uint32_t seed, int version)
{
    g_autoptr(GRand) rand = g_rand_new_with_seed(seed);
    GString *text = g_string_new("<letter xmlns=\"urn:naskah:letter:1\"><body><p>");

    for (int i = 0; i < 500; i++) {
        uint32_t word = g_rand_int(rand);

        if (i % 30 == version % 30)
            word += (uint32_t)version;
        g_string_append_printf(text, "%06x ", word & 0xffffff);
    }
    g_string_append(text, "</p></body></letter>");
    return g_string_free(text, FALSE);
}

static void
add_versions(NskDb *db, const char *letter, uint32_t seed, int n)
{
    NskStoreCommit commit = fixture_commit(letter, NULL);
    g_autofree char *name = g_strconcat(letter, ".xml", NULL);

    for (int i = 0; i < n; i++) {
        g_autofree char *text = letter_text(seed, i);

        fixture_add(db, &commit, name, text);
    }
}

/* Reads every version of @letter from the newest back. */
static void
assert_versions(NskDb *db, const char *letter, uint32_t seed, int n)
{
    g_autoptr(GError) error = NULL;
    g_autofree char *name = g_strconcat(letter, ".xml", NULL);
    g_autoptr(NskDbTxn) txn = nsk_db_snapshot(db, NULL);
    g_autoptr(GPtrArray) log = nsk_store_log(txn, letter, &error);

    g_assert_no_error(error);
    g_assert_cmpuint(log->len, ==, n);
    for (int i = 0; i < n; i++) {
        const NskStoreEntry *entry = log->pdata[n - 1 - i];
        g_autofree char *text = letter_text(seed, i);
        g_autoptr(GBytes) content = nsk_store_read(txn, letter, entry->oid, name, &error);

        g_assert_no_error(error);
        g_assert_cmpmem(g_bytes_get_data(content, NULL), g_bytes_get_size(content), text,
                        strlen(text));
    }
}

static void
assert_clean(NskDb *db)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(NskIssues) issues = nsk_issues_new();
    g_autoptr(NskDbTxn) txn = nsk_db_snapshot(db, NULL);

    g_assert_true(nsk_store_check(txn, NULL, issues, &error));
    g_assert_no_error(error);
    g_assert_cmpuint(issues->len, ==, 0);
}

static void
test_versions_lean_on_one_another_eight_at_most(void)
{
    g_autoptr(NskDb) db = open_db();

    add_versions(db, LETTER_A, 1, VERSIONS);
    add_versions(db, LETTER_B, 2, 3);
    g_assert_cmpint(fixture_number(db, sql_deepest), ==, NSK_OBJECT_CHAIN - 1);
    /* versions 1, 9 and 17 of the one, 1 of the other */
    g_assert_cmpint(fixture_number(db, sql_whole), ==, 4);
    g_assert_cmpint(fixture_number(db, sql_strange_bases), ==, 0);
    assert_versions(db, LETTER_A, 1, VERSIONS);
    assert_versions(db, LETTER_B, 2, 3);
    assert_clean(db);
}

static void
test_a_version_costs_what_changed(void)
{
    g_autoptr(NskDb) db = open_db();

    add_versions(db, LETTER_A, 1, 1);
    int64_t first = fixture_number(db, sql_file_bytes);
    add_versions(db, LETTER_B, 1, 8);
    int64_t eight = fixture_number(db, sql_file_bytes) - first;
    g_assert_cmpint(first, >, 1000);
    g_assert_cmpint(eight - first, <, 7 * 250);
    g_assert_cmpint(fixture_number(db, sql_form_bytes), <, 130);
}

static void
test_a_version_without_files_shares_the_tree(void)
{
    g_autoptr(NskDb) db = open_db();
    g_autoptr(GError) error = NULL;
    NskStoreCommit commit = fixture_commit(LETTER_A, NULL);

    fixture_add(db, &commit, FILE_A, "one");
    commit.message = "Give the paraf\n\nEvent: paraf-given\nJournal: " LETTER_A "/2\n";
    g_autofree char *oid = fixture_try(db, &commit, &error);
    g_assert_nonnull(oid);
    g_assert_cmpint(fixture_number(db, sql_count_trees), ==, 1);
    assert_clean(db);
}

static void
test_commits_of_every_shape_come_back(void)
{
    static const char *const messages[] = {
        "x",
        "x\001y",
        LETTER_A,
        LETTER_A LETTER_A "\n" LETTER_B,
        "Change the draft\n\nEvent: letter-edited\nActor: sekar\nJournal: " LETTER_A "/1\n",
        "committer Naskah <naskah@localhost> 1 +0000\n\ncommitter x",
        "tree 12bf3655f1a355e4d9fe4a02ee83bad53ea1fa4d\nparent x\nauthor",
        "\xe2\x82\xac > <x> 12 +0700",
    };
    g_autoptr(NskDb) db = open_db();
    g_autoptr(GError) error = NULL;

    for (size_t i = 0; i < G_N_ELEMENTS(messages); i++) {
        NskStoreCommit commit = fixture_commit(LETTER_A, NULL);

        commit.message = messages[i];
        commit.author_name = i % 2 == 0 ? "Sekar " LETTER_A : "x";
        commit.offset_minutes = (int)i * -60;
        g_autofree char *oid = fixture_put(db, &commit, "a.xml", messages[i]);
        g_autoptr(NskDbTxn) txn = nsk_db_snapshot(db, NULL);
        g_autoptr(GPtrArray) log = nsk_store_log(txn, LETTER_A, &error);
        g_assert_no_error(error);
        const NskStoreEntry *entry = log->pdata[0];
        g_assert_cmpstr(entry->oid, ==, oid);
        g_assert_true(g_str_has_prefix(entry->message, messages[i]));
        g_assert_cmpstr(entry->author_name, ==, commit.author_name);
    }
    assert_clean(db);
}

/* Commits @blob as the file of LETTER_A; NULL with @error set if that fails. */
static char *
commit_blob(NskDb *db, const char *letter, NskStoreBlob *blob, GError **error)
{
    NskStoreCommit commit = fixture_commit(letter, NULL);
    NskStoreFile file = { .name = FILE_A, .blob = blob };

    commit.put = &file;
    commit.n_put = 1;
    return fixture_try(db, &commit, error);
}

static NskStoreBlob *
prepare(NskDb *db, const char *text)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(GBytes) content = g_bytes_new(text, strlen(text));
    g_autoptr(NskDbTxn) txn = nsk_db_snapshot(db, NULL);
    NskStoreBlob *blob = nsk_store_prepare(txn, LETTER_A, FILE_A, content, &error);

    g_assert_no_error(error);
    return blob;
}

static void
test_a_prepared_file_outlives_other_versions(void)
{
    g_autoptr(NskDb) db = open_db();
    g_autoptr(GError) error = NULL;
    uint8_t digest[NSK_SHA256_SIZE], told[NSK_SHA256_SIZE];
    g_autofree char *text = letter_text(1, 3);

    add_versions(db, LETTER_A, 1, 2);
    g_autoptr(NskStoreBlob) blob = prepare(db, text);
    nsk_sha256(text, strlen(text), digest);
    nsk_store_blob_digest(blob, told);
    g_assert_cmpmem(told, NSK_SHA256_SIZE, digest, NSK_SHA256_SIZE);
    add_versions(db, LETTER_A, 7, 5);
    g_autofree char *oid = commit_blob(db, LETTER_A, blob, &error);
    g_assert_no_error(error);
    g_autofree char *again = commit_blob(db, LETTER_A, blob, &error);
    g_assert_no_error(error);
    g_assert_cmpstr(oid, !=, again);
    g_autoptr(NskDbTxn) txn = nsk_db_snapshot(db, NULL);
    g_autoptr(GBytes) content = nsk_store_read(txn, LETTER_A, oid, FILE_A, &error);
    g_assert_no_error(error);
    g_assert_cmpmem(g_bytes_get_data(content, NULL), g_bytes_get_size(content), text, strlen(text));
    g_clear_pointer(&txn, nsk_db_snapshot_free);
    g_assert_cmpint(fixture_number(db, sql_strange_bases), ==, 0);
    assert_clean(db);
}

/* Prepares version @i of a text after what @recent has, stores it and keeps it. */
static void
add_next(NskDb *db, NskStoreRecent *recent, int i, bool expect_known)
{
    g_autoptr(GError) error = NULL;
    g_autofree char *text = letter_text(1, i);
    g_autoptr(GBytes) content = g_bytes_new(text, strlen(text));
    g_autoptr(NskStoreBlob) blob = NULL;

    g_assert_true(nsk_store_prepare_next(recent, LETTER_A, FILE_A, content, &blob, &error));
    g_assert_no_error(error);
    g_assert_true((blob != NULL) == expect_known);
    if (blob == NULL)
        blob = prepare(db, text);
    g_autofree char *oid = commit_blob(db, LETTER_A, blob, &error);
    g_assert_no_error(error);
    nsk_store_recent_add(recent, FILE_A, blob);
}

static void
test_a_recent_file_needs_no_look_at_the_database(void)
{
    g_autoptr(NskDb) db = open_db();
    g_autoptr(NskDb) plain = open_db();
    g_autoptr(NskStoreRecent) recent = nsk_store_recent_new(100000);

    for (int i = 0; i < VERSIONS; i++)
        add_next(db, recent, i, i > 0);
    add_versions(plain, LETTER_A, 1, VERSIONS);
    assert_versions(db, LETTER_A, 1, VERSIONS);
    assert_clean(db);
    g_assert_cmpint(fixture_number(db, sql_strange_bases), ==, 0);
    g_assert_cmpint(fixture_number(db, sql_deepest), ==, NSK_OBJECT_CHAIN - 1);
    g_assert_cmpint(fixture_number(db, sql_file_bytes), ==, fixture_number(plain, sql_file_bytes));
}

static void
test_a_recent_file_is_kept_only_if_it_was_stored(void)
{
    g_autoptr(NskDb) db = open_db();
    g_autofree char *text = letter_text(1, 0), *next = letter_text(1, 1);
    g_autoptr(GBytes) content = g_bytes_new(next, strlen(next));
    g_autoptr(NskStoreRecent) recent = nsk_store_recent_new(100000);
    g_autoptr(NskStoreBlob) blob = prepare(db, text);
    g_autoptr(NskStoreBlob) made = NULL;

    nsk_store_recent_add(recent, FILE_A, blob);
    g_assert_true(nsk_store_prepare_next(recent, LETTER_A, FILE_A, content, &made, NULL));
    g_assert_null(made);

    /* the same content again adds no row, so there is no number to lean on */
    add_versions(db, LETTER_A, 1, 1);
    g_autofree char *oid = commit_blob(db, LETTER_A, blob, NULL);
    g_assert_nonnull(oid);
    nsk_store_recent_add(recent, FILE_A, blob);
    g_assert_true(nsk_store_prepare_next(recent, LETTER_A, FILE_A, content, &made, NULL));
    g_assert_null(made);
    g_assert_true(nsk_store_prepare_next(NULL, LETTER_A, FILE_A, content, &made, NULL));
    g_assert_null(made);
}

static void
test_recent_files_have_a_bound(void)
{
    g_autoptr(NskDb) db = open_db();
    g_autofree char *text = letter_text(1, 9);
    g_autoptr(GBytes) content = g_bytes_new(text, strlen(text));
    g_autoptr(NskStoreRecent) small = nsk_store_recent_new(strlen(text) / 2);
    g_autoptr(NskStoreRecent) one = nsk_store_recent_new(strlen(text) * 3 / 2);
    g_autoptr(NskStoreBlob) first = prepare(db, text);
    g_autoptr(NskStoreBlob) made = NULL;

    g_autofree char *oid = commit_blob(db, LETTER_A, first, NULL);
    g_assert_nonnull(oid);
    nsk_store_recent_add(small, FILE_A, first);
    g_assert_true(nsk_store_prepare_next(small, LETTER_A, FILE_A, content, &made, NULL));
    g_assert_null(made);
    nsk_store_recent_add(one, FILE_A, first);
    nsk_store_recent_add(one, "lampiran.xml", first);
    g_assert_true(nsk_store_prepare_next(one, LETTER_A, FILE_A, content, &made, NULL));
    g_assert_null(made);
    g_assert_true(nsk_store_prepare_next(one, LETTER_A, "lampiran.xml", content, &made, NULL));
    g_assert_nonnull(made);
}

static void
test_a_prepared_version_is_the_one_made_inside(void)
{
    g_autoptr(NskDb) inside = open_db();
    g_autoptr(NskDb) outside = open_db();
    g_autoptr(GError) error = NULL;
    NskStoreCommit commit = fixture_commit(LETTER_A, NULL);

    for (int i = 0; i < 10; i++) {
        g_autofree char *text = letter_text(1, i);
        g_autofree char *first = fixture_put(inside, &commit, FILE_A, text);
        g_autoptr(NskStoreBlob) blob = prepare(outside, text);
        g_autofree char *second = commit_blob(outside, LETTER_A, blob, &error);

        g_assert_no_error(error);
        g_assert_cmpstr(first, ==, second);
    }
    g_assert_cmpint(fixture_number(inside, sql_file_bytes), ==,
                    fixture_number(outside, sql_file_bytes));
}

static void
test_a_prepared_file_is_of_its_letter_alone(void)
{
    g_autoptr(NskDb) db = open_db();
    g_autoptr(GError) error = NULL;

    add_versions(db, LETTER_A, 1, 1);
    g_autoptr(NskStoreBlob) blob = prepare(db, "two");
    g_assert_null(commit_blob(db, LETTER_B, blob, &error));
    g_assert_error(error, NSK_ERROR, NSK_ERROR_INVALID);
}

static void
test_what_cannot_be_stored_is_not_prepared(void)
{
    static const struct {
        const char *letter, *name;
        size_t size;
        NskError code;
    } table[] = {
        { "x", "a.xml", 1, NSK_ERROR_INVALID },
        { LETTER_A, "../a", 1, NSK_ERROR_INVALID },
        { LETTER_A, "a.xml", NSK_LIMIT_OBJECT_SIZE + 1, NSK_ERROR_LIMIT },
    };
    g_autofree char *big = g_malloc0(NSK_LIMIT_OBJECT_SIZE + 1);

    for (size_t i = 0; i < G_N_ELEMENTS(table); i++) {
        g_autoptr(GError) error = NULL;
        g_autoptr(GBytes) content = g_bytes_new_static(big, table[i].size);

        g_assert_null(nsk_store_prepare(NULL, table[i].letter, table[i].name, content, &error));
        g_assert_error(error, NSK_ERROR, (int)table[i].code);
    }
}

/* Which versions, of LETTER_A's eight (the first leans on nothing), a damage makes unreadable. */
static const struct {
    const char *title, *sql;
    int from; /* first version that cannot be read; the last is 7 */
    guint findings;
} damages[] = {
    { "a bit of a frame",
      "UPDATE object SET data = substr(data, 1, 30) || X'00' || substr(data, 32) "
      "WHERE n = (SELECT n FROM object WHERE kind = 3 AND depth = 2) AND $1 = $1",
      2, 6 },
    { "a frame cut short",
      "UPDATE object SET data = substr(data, 1, 9) "
      "WHERE n = (SELECT n FROM object WHERE kind = 3 AND depth = 4) AND $1 = $1",
      4, 4 },
    { "another base",
      "UPDATE object SET base = (SELECT n FROM object WHERE kind = 3 AND depth = 1) "
      "WHERE kind = 3 AND depth = 5 AND $1 = $1",
      5, 3 },
    { "a base of the right depth in another letter",
      "UPDATE object SET base = (SELECT min(n) FROM object WHERE kind = 3) "
      "WHERE kind = 3 AND depth = 1 AND $1 = $1",
      1, 7 },
    { "a base that is a commit",
      "UPDATE object SET base = (SELECT min(o.n) FROM object o JOIN head h ON h.n = o.history "
      "WHERE o.kind = 1 AND h.letter = $1) WHERE kind = 3 AND depth = 1",
      1, 7 },
    { "a base that is missing",
      "DELETE FROM object WHERE n = (SELECT n FROM object WHERE kind = 3 AND depth = 3) AND $1 = "
      "$1",
      3, 5 },
    { "a base that is nowhere",
      "UPDATE object SET base = -1 WHERE kind = 3 AND depth = 7 AND $1 = $1", 7, 1 },
    { "another depth", "UPDATE object SET depth = 3 WHERE kind = 3 AND depth = 6 AND $1 = $1", 6,
      2 },
    { "another size", "UPDATE object SET size = size + 1 WHERE kind = 3 AND depth = 7 AND $1 = $1",
      7, 1 },
    { "a size that no memory holds",
      "UPDATE object SET size = 1 << 40 WHERE kind = 3 AND depth = 7 AND $1 = $1", 7, 1 },
    { "another codec",
      "UPDATE object SET codec = 3, base = NULL, depth = 0 WHERE kind = 3 AND depth = 7 "
      "AND $1 = $1",
      7, 1 },
    { "a short form that is none",
      "UPDATE object SET codec = 4, base = NULL, depth = 0 WHERE kind = 3 AND depth = 7 "
      "AND $1 = $1",
      7, 1 },
};

static void
test_damage_of_a_chain_is_found_and_never_read(void)
{
    for (size_t i = 0; i < G_N_ELEMENTS(damages); i++) {
        g_autoptr(NskDb) db = open_db();
        g_autoptr(GError) error = NULL;
        g_autoptr(NskIssues) issues = nsk_issues_new();

        g_test_message("%s", damages[i].title);
        add_versions(db, LETTER_B, 9, 1);
        add_versions(db, LETTER_A, 1, 8);
        fixture_tamper(db, damages[i].sql, LETTER_A);
        assert_versions(db, LETTER_B, 9, 1);
        g_autoptr(NskDbTxn) txn = nsk_db_snapshot(db, NULL);
        g_autoptr(GPtrArray) log = nsk_store_log(txn, LETTER_A, &error);
        g_assert_no_error(error);
        for (int version = 0; version < 8; version++) {
            const NskStoreEntry *entry = log->pdata[7 - version];
            g_autoptr(GBytes) content = nsk_store_read(txn, LETTER_A, entry->oid, FILE_A, &error);

            g_assert_true((content == NULL) == (version >= damages[i].from));
            if (content == NULL) {
                g_assert_error(error, NSK_ERROR, NSK_ERROR_CORRUPT);
                g_assert_nonnull(strstr(error->message, LETTER_A));
                g_clear_error(&error);
            }
        }
        g_assert_true(nsk_store_check(txn, LETTER_A, issues, &error));
        g_assert_cmpuint(issues->len, ==, damages[i].findings);
    }
}

static void
test_a_damaged_version_does_not_stop_the_next(void)
{
    g_autoptr(NskDb) db = open_db();
    g_autoptr(GError) error = NULL;
    static const char sql_damage[] = "UPDATE object SET data = zeroblob(length(data)) "
                                     "WHERE kind = 3 AND $1 = $1";

    add_versions(db, LETTER_A, 1, 3);
    fixture_tamper(db, sql_damage, LETTER_A);
    NskStoreCommit commit = fixture_commit(LETTER_A, NULL);
    g_autofree char *text = letter_text(1, 9);
    fixture_add(db, &commit, FILE_A, text);
    g_autoptr(NskDbTxn) txn = nsk_db_snapshot(db, NULL);
    g_autoptr(GBytes) content = nsk_store_read(txn, LETTER_A, NULL, FILE_A, &error);
    g_assert_no_error(error);
    g_assert_cmpmem(g_bytes_get_data(content, NULL), g_bytes_get_size(content), text, strlen(text));
}

static void
test_a_damaged_copy_of_the_tree_is_not_used(void)
{
    g_autoptr(NskDb) db = open_db();
    NskStoreCommit commit = fixture_commit(LETTER_A, NULL);
    static const char sql_damage[] =
        "UPDATE head SET tree = substr(tree, 1, 30) || X'ffff' || substr(tree, 33) "
        "WHERE letter = $1";
    g_autoptr(GError) error = NULL;

    fixture_add(db, &commit, "a.xml", "one");
    fixture_add(db, &commit, "b.xml", "two");
    fixture_tamper(db, sql_damage, LETTER_A);
    fixture_add(db, &commit, "c.xml", "three");
    g_autoptr(NskDbTxn) txn = nsk_db_snapshot(db, NULL);
    g_auto(GStrv) names = nsk_store_list_files(txn, LETTER_A, NULL, &error);
    g_assert_no_error(error);
    g_autofree char *joined = g_strjoinv(" ", names);
    g_assert_cmpstr(joined, ==, "a.xml b.xml c.xml");
    g_clear_pointer(&txn, nsk_db_snapshot_free);
    assert_clean(db);
}

static void
test_short_forms_hold_against_any_bytes(void)
{
    g_autoptr(GRand) rand = g_rand_new_with_seed(5);
    uint8_t bytes[200];

    for (int i = 0; i < 20000; i++) {
        size_t size = (size_t)g_rand_int_range(rand, 0, sizeof bytes);

        for (size_t j = 0; j < size; j++)
            bytes[j] = (uint8_t)g_rand_int_range(rand, 0, i % 3 == 0 ? 4 : 256);
        if (i % 2 == 0)
            bytes[0] &= 7; /* all sorts of commits */
        g_autoptr(GArray) tree = nsk_short_tree_read(bytes, size, LETTER_A);
        g_autoptr(GBytes) commit = nsk_short_commit_read(bytes, size, LETTER_A, 300);
        g_assert_true(commit == NULL || g_bytes_get_size(commit) == 300);
        g_assert_true(tree == NULL || tree->len <= size / 21);
    }
}

static void
assert_packed(const char *text, size_t size)
{
    g_autoptr(GByteArray) packed = g_byte_array_new();
    g_autofree char *out = g_malloc(size + 1);

    nsk_phrase_pack(packed, text, size);
    g_assert_cmpuint(packed->len, <=, size + size / 128 + 1);
    g_assert_cmpuint(nsk_phrase_unpack(packed->data, packed->len, out, size + 1), ==, size);
    g_assert_cmpmem(out, size, text, size);
    if (size > 0)
        g_assert_cmpuint(nsk_phrase_unpack(packed->data, packed->len, out, size - 1), ==, SIZE_MAX);
}

static void
test_texts_of_every_sort_are_packed(void)
{
    g_autoptr(GRand) rand = g_rand_new_with_seed(9);
    size_t before = strlen(nsk_prefix_commit);
    char text[3000];

    for (int i = 0; i < 3000; i++) {
        size_t size = (size_t)g_rand_int_range(rand, 0, i % 10 == 0 ? sizeof text : 300);
        int letters = i % 3 == 0 ? 2 : i % 3 == 1 ? 256 : 20;

        for (size_t j = 0; j < size; j++)
            text[j] = (char)g_rand_int_range(rand, 0, letters);
        /* pieces of the program's own text, and of this one again */
        for (int k = 0; k < 4 && size > 20; k++) {
            size_t n = (size_t)g_rand_int_range(rand, 1, 20);
            size_t to = (size_t)g_rand_int_range(rand, 0, (int)(size - n) + 1);
            size_t from = (size_t)g_rand_int_range(rand, 0, (int)(before - n));

            memmove(text + to, k % 2 == 0 ? nsk_prefix_commit + from : text, n);
        }
        assert_packed(text, size);
    }
    memset(text, 'x', sizeof text);
    assert_packed(text, sizeof text);
    assert_packed(nsk_prefix_commit, before);
}

static void
test_a_packed_text_stays_readable(void)
{
    /* "Hi", seven bytes of the prefix */
    static const uint8_t kept[] = { 0x01, 'H', 'i', 0xa0, 0x00 };
    static const uint8_t ahead[] = { 0x80 | 7, 0xff };
    char out[64] = { 0 };
    size_t before = strlen(nsk_prefix_commit);
    uint8_t again[] = { 0x01, 'H', 'i', (uint8_t)(0x80 | 3 << 3 | before >> 8), (uint8_t)before };

    size_t n = nsk_phrase_unpack(kept, 5, out, sizeof out);
    g_assert_cmpmem(out, n, "HiVoid th", 9);
    n = nsk_phrase_unpack(again, sizeof again, out, sizeof out);
    g_assert_cmpmem(out, n, "HiHiHiHi", 8);
    /* a place that is not there yet, and one cut short */
    g_assert_cmpuint(nsk_phrase_unpack(ahead, 2, out, sizeof out), ==, SIZE_MAX);
    g_assert_cmpuint(nsk_phrase_unpack(kept, 4, out, sizeof out), ==, SIZE_MAX);
    g_assert_cmpuint(nsk_phrase_unpack(kept, 2, out, sizeof out), ==, SIZE_MAX);
}

static void
test_the_programs_own_texts_never_change(void)
{
    const struct {
        const char *text, *sha256;
    } table[] = {
        { nsk_prefix_letter, "e8973781a3bf0b1b13a166cf7955c454744b9a12647d062e8cf0e42c662e61f3" },
        { nsk_prefix_commit, "8609df85c5e9c700fde5317c384998ebe74cab886ae81235afd107daf422dc8e" },
    };

    for (size_t i = 0; i < G_N_ELEMENTS(table); i++) {
        g_autofree char *sha256 =
            g_compute_checksum_for_string(G_CHECKSUM_SHA256, table[i].text, -1);

        /* what was stored with them can be read with nothing else */
        g_assert_cmpstr(sha256, ==, table[i].sha256);
    }
}

#define ADD(NAME, FUNCTION) g_test_add_func("/store/object/" NAME, FUNCTION)

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    ADD("texts-of-every-sort-are-packed", test_texts_of_every_sort_are_packed);
    ADD("a-packed-text-stays-readable", test_a_packed_text_stays_readable);
    ADD("versions-lean-on-one-another-eight-at-most",
        test_versions_lean_on_one_another_eight_at_most);
    ADD("a-version-costs-what-changed", test_a_version_costs_what_changed);
    ADD("a-version-without-files-shares-the-tree", test_a_version_without_files_shares_the_tree);
    ADD("commits-of-every-shape-come-back", test_commits_of_every_shape_come_back);
    ADD("a-prepared-file-outlives-other-versions", test_a_prepared_file_outlives_other_versions);
    ADD("a-recent-file-needs-no-look-at-the-database",
        test_a_recent_file_needs_no_look_at_the_database);
    ADD("a-recent-file-is-kept-only-if-it-was-stored",
        test_a_recent_file_is_kept_only_if_it_was_stored);
    ADD("recent-files-have-a-bound", test_recent_files_have_a_bound);
    ADD("a-prepared-version-is-the-one-made-inside",
        test_a_prepared_version_is_the_one_made_inside);
    ADD("a-prepared-file-is-of-its-letter-alone", test_a_prepared_file_is_of_its_letter_alone);
    ADD("what-cannot-be-stored-is-not-prepared", test_what_cannot_be_stored_is_not_prepared);
    ADD("damage-of-a-chain-is-found-and-never-read",
        test_damage_of_a_chain_is_found_and_never_read);
    ADD("a-damaged-version-does-not-stop-the-next", test_a_damaged_version_does_not_stop_the_next);
    ADD("a-damaged-copy-of-the-tree-is-not-used", test_a_damaged_copy_of_the_tree_is_not_used);
    ADD("short-forms-hold-against-any-bytes", test_short_forms_hold_against_any_bytes);
    ADD("the-programs-own-texts-never-change", test_the_programs_own_texts_never_change);
    return g_test_run();
}
