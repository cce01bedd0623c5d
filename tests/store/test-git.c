/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fixture.h"
#include "store/store-private.h"

#include <string.h>

#define REF_A "refs/letters/" LETTER_A

static const char sql_lose_blob[] =
    "DELETE FROM object WHERE history = (SELECT n FROM head WHERE letter = $1) AND kind = 3";
static const char sql_damage_blob[] =
    "UPDATE object SET data = zeroblob(length(data)) WHERE history = (SELECT n FROM head WHERE "
    "letter = $1) AND kind = 3";

/* A database with a letter of two versions, and a view of it. */
typedef struct {
    NskDb *db;
    NskDbTxn *txn;
    NskGitView *view;
    git_odb *odb;
    git_oid head;
} Fixture;

static void
set_up(Fixture *self, const char *damage)
{
    g_autoptr(GError) error = NULL;
    NskStoreCommit a = fixture_commit(LETTER_A, NULL);
    NskStoreCommit b = fixture_commit(LETTER_B, NULL);

    self->db = nsk_db_open(":memory:", NSK_DB_WRITE, &error);
    g_assert_no_error(error);
    fixture_add(self->db, &a, "a.xml", "one");
    g_autofree char *two = fixture_put(self->db, &a, "a.xml", "two");
    fixture_add(self->db, &b, "a.xml", "other");
    if (damage != NULL)
        fixture_tamper(self->db, damage, LETTER_A);
    self->txn = nsk_db_snapshot(self->db, &error);
    self->view = nsk_git_view_open(self->txn, LETTER_A, &error);
    g_assert_no_error(error);
    g_assert_cmpint(git_repository_odb(&self->odb, self->view->repository), ==, 0);
    g_assert_true(nsk_oid_parse(two, &self->head));
}

static void
fixture_clear(Fixture *self)
{
    git_odb_free(self->odb);
    nsk_git_view_free(self->view);
    nsk_db_snapshot_free(self->txn);
    nsk_db_free(self->db);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Fixture, fixture_clear)

static int
count_object(const git_oid *oid, void *data)
{
    (void)oid;
    (*(int *)data)++;
    return 0;
}

static void
test_a_view_has_the_objects_of_its_letter(void)
{
    g_auto(Fixture) f = { 0 };
    git_odb_object *object = NULL;
    git_object_t kind;
    size_t size;
    git_oid other;
    int n = 0;

    set_up(&f, NULL);
    g_assert_cmpint(git_odb_foreach(f.odb, count_object, &n), ==, 0);
    g_assert_cmpint(n, ==, 6);
    g_assert_true(git_odb_exists(f.odb, &f.head));
    g_assert_cmpint(git_odb_read_header(&size, &kind, f.odb, &f.head), ==, 0);
    g_assert_cmpint(kind, ==, GIT_OBJECT_COMMIT);
    g_assert_cmpint(git_odb_read(&object, f.odb, &f.head), ==, 0);
    g_assert_cmpuint(git_odb_object_size(object), ==, size);
    git_odb_object_free(object);
    /* the blob of the other letter */
    g_assert_cmpint(git_odb_hash(&other, "other", 5, GIT_OBJECT_BLOB), ==, 0);
    g_assert_false(git_odb_exists(f.odb, &other));
    g_assert_cmpint(git_odb_read(&object, f.odb, &other), ==, GIT_ENOTFOUND);
    g_assert_cmpint(git_odb_read_header(&size, &kind, f.odb, &other), ==, GIT_ENOTFOUND);
}

static void
test_objects_are_found_by_the_beginning_of_their_id(void)
{
    g_auto(Fixture) f = { 0 };
    git_oid found;
    git_odb_object *object = NULL;

    set_up(&f, NULL);
    for (size_t len = 7; len <= NSK_OID_LEN; len += 11) {
        char text[NSK_OID_LEN + 1];
        git_oid prefix = { { 0 } };

        (void)git_oid_tostr(text, len + 1, &f.head);
        g_assert_cmpint(git_oid_fromstrn(&prefix, text, len), ==, 0);
        g_assert_cmpint(git_odb_exists_prefix(&found, f.odb, &prefix, len), ==, 0);
        g_assert_true(git_oid_equal(&found, &f.head));
        g_assert_cmpint(git_odb_read_prefix(&object, f.odb, &prefix, len), ==, 0);
        g_assert_true(git_oid_equal(git_odb_object_id(object), &f.head));
        git_odb_object_free(object);
    }
    g_assert_cmpint(git_oid_fromstrn(&found, "0000000", 7), ==, 0);
    g_assert_cmpint(git_odb_exists_prefix(&found, f.odb, &found, 7), ==, GIT_ENOTFOUND);
}

static void
test_a_view_has_one_ref(void)
{
    g_auto(Fixture) f = { 0 };
    git_oid oid;
    git_reference_iterator *iterator = NULL;
    const char *name;

    set_up(&f, NULL);
    git_repository *repository = f.view->repository;
    g_assert_cmpint(git_reference_name_to_id(&oid, repository, REF_A), ==, 0);
    g_assert_true(git_oid_equal(&oid, &f.head));
    g_assert_cmpint(git_reference_name_to_id(&oid, repository, "refs/letters/" LETTER_B), ==,
                    GIT_ENOTFOUND);
    g_assert_cmpint(git_reference_iterator_new(&iterator, repository), ==, 0);
    g_assert_cmpint(git_reference_next_name(&name, iterator), ==, 0);
    g_assert_cmpstr(name, ==, REF_A);
    g_assert_cmpint(git_reference_next_name(&name, iterator), ==, GIT_ITEROVER);
    git_reference_iterator_free(iterator);
    iterator = NULL;
    g_assert_cmpint(git_reference_iterator_glob_new(&iterator, repository, "refs/heads/*"), ==, 0);
    g_assert_cmpint(git_reference_next_name(&name, iterator), ==, GIT_ITEROVER);
    git_reference_iterator_free(iterator);
}

static void
test_every_write_is_refused(void)
{
    g_auto(Fixture) f = { 0 };
    git_oid oid;
    git_reference *ref = NULL;
    git_reference *other = NULL;

    set_up(&f, NULL);
    g_assert_cmpint(git_odb_write(&oid, f.odb, "new", 3, GIT_OBJECT_BLOB), <, 0);
    g_assert_cmpint(git_reference_lookup(&ref, f.view->repository, REF_A), ==, 0);
    g_assert_cmpint(git_reference_delete(ref), <, 0);
    g_assert_cmpint(git_reference_rename(&other, ref, "refs/letters/x", 1, "no"), <, 0);
    g_assert_cmpint(
        git_reference_create(&other, f.view->repository, "refs/heads/x", &f.head, 1, "no"), <, 0);
    git_reference_free(ref);
    git_reference_free(other);
}

static void
test_damage_comes_through_with_our_words(void)
{
    static const struct {
        const char *sql;
        NskError code;
    } table[] = { { sql_damage_blob, NSK_ERROR_CORRUPT }, { sql_lose_blob, NSK_ERROR_NOT_FOUND } };

    for (size_t i = 0; i < G_N_ELEMENTS(table); i++) {
        g_auto(Fixture) f = { 0 };
        git_oid blob;
        git_odb_object *object = NULL;
        g_autoptr(GError) error = NULL;

        set_up(&f, table[i].sql);
        g_assert_cmpint(git_odb_hash(&blob, "two", 3, GIT_OBJECT_BLOB), ==, 0);
        int rc = git_odb_read(&object, f.odb, &blob);
        g_assert_false(nsk_git_view_check(f.view, rc, "read a file", &error));
        g_assert_error(error, NSK_ERROR, (int)table[i].code);
    }
}

static void
test_a_failing_database_comes_through(void)
{
    g_auto(Fixture) f = { 0 };
    git_odb_object *object = NULL;
    g_autoptr(GError) error = NULL;
    int n = 0;

    set_up(&f, NULL);
    nsk_db_fail_nth(f.db, 1);
    int rc = git_odb_foreach(f.odb, count_object, &n);
    g_assert_false(nsk_git_view_check(f.view, rc, "list", &error));
    g_assert_error(error, NSK_ERROR, NSK_ERROR_IO);
    g_clear_error(&error);
    nsk_db_fail_nth(f.db, 2);
    rc = git_odb_read(&object, f.odb, &f.head);
    g_assert_false(nsk_git_view_check(f.view, rc, "read", &error));
    g_assert_error(error, NSK_ERROR, NSK_ERROR_IO);
    nsk_db_fail_nth(f.db, 0);
}

#define ADD(NAME, FUNCTION) g_test_add_func("/store/git/" NAME, FUNCTION)

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_assert_true(nsk_git_init(NULL));
    ADD("a-view-has-the-objects-of-its-letter", test_a_view_has_the_objects_of_its_letter);
    ADD("objects-are-found-by-the-beginning-of-their-id",
        test_objects_are_found_by_the_beginning_of_their_id);
    ADD("a-view-has-one-ref", test_a_view_has_one_ref);
    ADD("every-write-is-refused", test_every_write_is_refused);
    ADD("damage-comes-through-with-our-words", test_damage_comes_through_with_our_words);
    ADD("a-failing-database-comes-through", test_a_failing_database_comes_through);
    return g_test_run();
}
