/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/bytes.h"
#include "fixture.h"
#include "store/store-private.h"

#include <string.h>
#include <sys/wait.h>
#include <unistd.h>
#include <utime.h>

#define REPOSITORY "umum-2026"

static const char sql_count_outbox[] = "SELECT count(*) FROM outbox WHERE topic = 'project'";
static const char *self_path;

/* An office in a folder of its own. */
typedef struct {
    char *folder;
    char *db_path;
    char *copies;
    NskDb *db;
} Office;

static void
office_open(Office *office)
{
    g_autoptr(GError) error = NULL;

    office->folder = fixture_folder();
    office->db_path = g_build_filename(office->folder, "office.db", NULL);
    office->copies = g_build_filename(office->folder, "repositories", NULL);
    g_assert_true(nsk_db_create(office->db_path, &error));
    office->db = nsk_db_open(office->db_path, NSK_DB_WRITE, &error);
    g_assert_no_error(error);
}

static void
office_clear(Office *office)
{
    g_clear_pointer(&office->db, nsk_db_free);
    g_free(office->db_path);
    g_free(office->copies);
    fixture_remove(office->folder);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Office, office_clear)

static char *
repository_path(const Office *office, const char *name)
{
    return g_strdup_printf("%s/%s.git", office->copies, name);
}

static void
put(const Office *office, const char *letter, const char *repository, const char *text)
{
    NskStoreCommit commit = fixture_commit(letter, repository);
    g_autofree char *name = g_strconcat(strchr(letter, '/') ? "office" : letter, ".xml", NULL);
    fixture_add(office->db, &commit, name, text);
}

/* A claim of all that waits; made a day later than the one before, when every lease ran out. */
typedef struct {
    NskOutboxClaim claim;
    GPtrArray *rows;
} Work;

static bool
apply_claim(NskDbTxn *txn, void *data, char **out_answer, GError **error)
{
    Work *work = data;

    (void)out_answer;
    g_clear_pointer(&work->rows, g_ptr_array_unref);
    work->rows = nsk_outbox_claim(txn, &work->claim, error);
    return work->rows != NULL;
}

static bool
apply_done(NskDbTxn *txn, void *data, char **out_answer, GError **error)
{
    const Work *work = data;

    (void)out_answer;
    return nsk_outbox_done(txn, &work->claim, (NskOutboxRow *const *)work->rows->pdata,
                           work->rows->len, error);
}

static bool
claim_rows(NskDb *db, Work *work, GError **error)
{
    static NskInstant now = TIME_1;

    now += (int64_t)24 * 3600 * G_USEC_PER_SEC;
    *work = (Work){ .claim = { NSK_STORE_TOPIC, "worker", now, G_USEC_PER_SEC, 100000 } };
    if (nsk_db_commit(db, &(NskChange){ .apply = apply_claim, .data = work }, NULL, error))
        return true;
    g_clear_pointer(&work->rows, g_ptr_array_unref);
    return false;
}

/* Merges three small packs already, and indexes what comes of it. */
static const NskPackBounds tight = { .most = 2, .big = 1500, .merged = 4000 };

/* Runs the projector and says what it did.  @bounds NULL: those of every day. */
static bool
project_within(NskDb *db, const char *folder, const NskPackBounds *bounds, GError **error)
{
    Work work;
    g_autoptr(NskProjector) projector = nsk_projector_open(folder, error);

    if (projector == NULL || !claim_rows(db, &work, error))
        return false;
    if (bounds != NULL)
        nsk_projector_set_bounds(projector, bounds);
    bool ok = nsk_projector_run(projector, db, work.rows, error);
    bool told = nsk_db_commit(db, &(NskChange){ .apply = apply_done, .data = &work }, NULL,
                              ok ? error : NULL);
    g_ptr_array_unref(work.rows);
    return ok && told;
}

static bool
project_db(NskDb *db, const char *folder, GError **error)
{
    return project_within(db, folder, NULL, error);
}

static void
project_tightly(const Office *office)
{
    g_autoptr(GError) error = NULL;
    bool ok = project_within(office->db, office->copies, &tight, &error);

    g_assert_no_error(error);
    g_assert_true(ok);
}

static void
project(const Office *office)
{
    g_autoptr(GError) error = NULL;
    bool ok = project_db(office->db, office->copies, &error);

    g_assert_no_error(error);
    g_assert_true(ok);
}

static void
rebuild(const Office *office)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(NskProjector) projector = nsk_projector_open(office->copies, &error);

    g_assert_no_error(error);
    g_assert_true(nsk_projector_rebuild(projector, office->db, &error));
}

static char *
git_out(const char *folder, const char *first, const char *second, const char *third)
{
    int status = 0;
    char *out = fixture_git(folder, &status, first, second, third, NULL);

    if (status != 0)
        g_test_message("git %s %s: %s", first, second, out);
    g_assert_cmpint(status, ==, 0);
    return g_strchomp(out);
}

/* The stock git finds nothing wrong, and each ref is the head in the database. */
static void
assert_in_step(const Office *office, const char *repository)
{
    g_autofree char *path = repository_path(office, repository);
    int status = 0;
    g_autofree char *fsck =
        fixture_git(path, &status, "fsck", "--strict", "--full", "--no-dangling", NULL);
    g_autofree char *refs =
        git_out(path, "for-each-ref", "--format=%(refname) %(objectname)", NULL);
    GString *expected = g_string_new(NULL);
    bool has_row = true;
    static const char sql_refs[] =
        "SELECT ref, lower(hex(oid)) FROM head WHERE repository = $1 ORDER BY ref";

    g_assert_cmpint(status, ==, 0);
    g_assert_null(strstr(fsck, "error"));
    g_assert_null(strstr(fsck, "warning"));
    g_autoptr(NskDbTxn) txn = nsk_db_snapshot(office->db, NULL);
    g_autoptr(NskDbRows) rows =
        nsk_db_query(txn, sql_refs, NSK_DB_PARAMS(NSK_DB_TEXT(repository)), NULL);
    while (nsk_db_rows_next(rows, &has_row, NULL) && has_row)
        g_string_append_printf(expected, "%s%s %s", expected->len > 0 ? "\n" : "",
                               nsk_db_rows_text(rows, 0), nsk_db_rows_text(rows, 1));
    g_assert_cmpstr(refs, ==, expected->str);
    g_string_free(expected, TRUE);
}

/* Refs and objects of a repository: the same text for the same content. */
static char *
describe(const Office *office, const char *repository)
{
    g_autofree char *path = repository_path(office, repository);
    g_autofree char *file = g_build_filename(path, "packed-refs", NULL);
    g_autofree char *refs = NULL;
    g_autofree char *objects = git_out(path, "cat-file", "--batch-all-objects", "--batch-check");

    g_assert_true(g_file_get_contents(file, &refs, NULL, NULL));
    return g_strconcat(refs, objects, NULL);
}

static guint
count_files(const Office *office, const char *repository, const char *suffix)
{
    g_autofree char *folder = g_strdup_printf("%s/%s.git/objects/pack", office->copies, repository);
    g_autoptr(GDir) dir = g_dir_open(folder, 0, NULL);
    const char *name;
    guint n = 0;

    while ((name = g_dir_read_name(dir)) != NULL)
        n += g_str_has_suffix(name, suffix);
    return n;
}

static void
test_the_stock_git_reads_a_repository(void)
{
    g_auto(Office) office;

    office_open(&office);
    put(&office, LETTER_A, REPOSITORY, "one");
    put(&office, LETTER_A, REPOSITORY, "two");
    put(&office, LETTER_B, REPOSITORY, "other");
    put(&office, "office/profiles", "office", "<profile/>");
    project(&office);
    g_assert_cmpint(fixture_number(office.db, sql_count_outbox), ==, 0);
    assert_in_step(&office, REPOSITORY);
    assert_in_step(&office, "office");
    g_autofree char *path = repository_path(&office, REPOSITORY);
    g_autofree char *log =
        git_out(path, "log", "--format=%an <%ae> %cn %cI %s", "refs/letters/" LETTER_A);
    g_assert_cmpstr(log, ==,
                    "Sekar Wulandari <sekar@arunika.example> Naskah 2026-07-22T16:00:00+07:00 "
                    "Draft the letter\n"
                    "Sekar Wulandari <sekar@arunika.example> Naskah 2026-07-22T16:00:00+07:00 "
                    "Draft the letter");
    g_autofree char *trailers =
        git_out(path, "for-each-ref", "--format=%(trailers)", "refs/letters/" LETTER_A);
    g_assert_cmpstr(trailers, ==, "Event: letter-drafted");
    g_autofree char *file =
        git_out(path, "show", "refs/letters/" LETTER_A ":" LETTER_A ".xml", "--");
    g_assert_cmpstr(file, ==, "two");
    g_autofree char *list = git_out(path, "rev-list", "--count", "--all");
    g_assert_cmpstr(list, ==, "3");
}

static void
test_a_repository_can_be_cloned_and_not_pushed_to(void)
{
    g_auto(Office) office;
    int status = 0;

    office_open(&office);
    put(&office, LETTER_A, REPOSITORY, "one");
    project(&office);
    g_autofree char *path = repository_path(&office, REPOSITORY);
    g_autofree char *plain = git_out(office.folder, "clone", path, "plain");
    (void)plain;
    g_autofree char *mirror =
        fixture_git(office.folder, &status, "clone", "--mirror", path, "m.git", NULL);
    (void)mirror;
    g_assert_cmpint(status, ==, 0);
    g_autofree char *clone = g_build_filename(office.folder, "m.git", NULL);
    g_autofree char *file =
        git_out(clone, "show", "refs/letters/" LETTER_A ":" LETTER_A ".xml", "--");
    g_assert_cmpstr(file, ==, "one");
    g_autofree char *push =
        fixture_git(clone, &status, "push", path, "refs/letters/" LETTER_A ":refs/heads/x", NULL);
    g_assert_cmpint(status, !=, 0);
    g_assert_nonnull(strstr(push, "read-only copy"));
    put(&office, LETTER_A, REPOSITORY, "two");
    project(&office);
    g_autofree char *fetch = git_out(clone, "fetch", "origin", "+refs/*:refs/*");
    (void)fetch;
    g_autofree char *later =
        git_out(clone, "show", "refs/letters/" LETTER_A ":" LETTER_A ".xml", "--");
    g_assert_cmpstr(later, ==, "two");
}

static void
test_news_alone_are_written(void)
{
    g_auto(Office) office;

    office_open(&office);
    put(&office, LETTER_A, REPOSITORY, "one");
    put(&office, LETTER_B, REPOSITORY, "other");
    project(&office);
    g_autofree char *path = repository_path(&office, REPOSITORY);
    g_autofree char *before = git_out(path, "rev-parse", "refs/letters/" LETTER_A, NULL);
    put(&office, LETTER_A, REPOSITORY, "two");
    project(&office);
    g_assert_cmpuint(count_files(&office, REPOSITORY, ".pack"), ==, 2);
    g_autofree char *parent = git_out(path, "rev-parse", "refs/letters/" LETTER_A "^", NULL);
    g_assert_cmpstr(before, ==, parent);
    g_autofree char *count = git_out(path, "count-objects", "-v", NULL);
    /* two versions of A, one of B, three objects each, and nothing twice */
    g_assert_nonnull(strstr(count, "in-pack: 9\n"));
    g_assert_nonnull(strstr(count, "garbage: 0"));
    project(&office);
    g_assert_cmpuint(count_files(&office, REPOSITORY, ".pack"), ==, 2);
    assert_in_step(&office, REPOSITORY);
}

static void
test_secret_letters_are_nowhere(void)
{
    g_auto(Office) office;

    office_open(&office);
    put(&office, LETTER_A, NULL, "secret");
    put(&office, LETTER_B, REPOSITORY, "other");
    rebuild(&office);
    assert_in_step(&office, REPOSITORY);
    g_autofree char *path = repository_path(&office, REPOSITORY);
    g_autofree char *count = git_out(path, "count-objects", "-v", NULL);
    g_assert_nonnull(strstr(count, "in-pack: 3\n"));
}

static void
test_a_letter_that_leaves_takes_its_objects_along(void)
{
    g_auto(Office) office;

    office_open(&office);
    put(&office, LETTER_A, REPOSITORY, "to be secret");
    put(&office, LETTER_B, REPOSITORY, "other");
    project(&office);
    put(&office, LETTER_A, REPOSITORY "-tertutup", "closed now");
    project(&office);
    assert_in_step(&office, REPOSITORY);
    assert_in_step(&office, REPOSITORY "-tertutup");
    g_autofree char *path = repository_path(&office, REPOSITORY);
    g_autofree char *count = git_out(path, "count-objects", "-v", NULL);
    g_assert_nonnull(strstr(count, "in-pack: 3\n"));
    put(&office, LETTER_A, NULL, "secret now");
    put(&office, LETTER_B, NULL, "secret too");
    project(&office);
    assert_in_step(&office, REPOSITORY);
    assert_in_step(&office, REPOSITORY "-tertutup");
    g_autofree char *none = git_out(path, "count-objects", "-v", NULL);
    g_assert_nonnull(strstr(none, "in-pack: 0\n"));
    g_assert_nonnull(strstr(none, "count: 0\n"));
}

static void
test_a_deleted_or_damaged_repository_is_rebuilt(void)
{
    g_auto(Office) office;

    office_open(&office);
    put(&office, LETTER_A, REPOSITORY, "one");
    put(&office, LETTER_B, REPOSITORY, "other");
    project(&office);
    g_autofree char *path = repository_path(&office, REPOSITORY);
    fixture_remove(g_strdup(path));
    put(&office, LETTER_A, REPOSITORY, "two");
    project(&office);
    assert_in_step(&office, REPOSITORY);

    /* packs gone, refs still there */
    g_autofree char *packs = g_build_filename(path, "objects", "pack", NULL);
    fixture_remove(g_strdup(packs));
    g_assert_cmpint(g_mkdir_with_parents(packs, 0755), ==, 0);
    put(&office, LETTER_A, REPOSITORY, "three");
    project(&office);
    assert_in_step(&office, REPOSITORY);

    /* refs that are not refs */
    g_autofree char *refs = g_build_filename(path, "packed-refs", NULL);
    g_assert_true(g_file_set_contents(refs, "\0\n\n^x\n0123 \nrefs/letters/a", -1, NULL));
    put(&office, LETTER_A, REPOSITORY, "four");
    project(&office);
    assert_in_step(&office, REPOSITORY);
    rebuild(&office);
    assert_in_step(&office, REPOSITORY);
    g_assert_cmpuint(count_files(&office, REPOSITORY, ".pack"), ==, 1);
}

static void
test_rebuilding_gives_the_same_bytes(void)
{
    g_auto(Office) office;

    office_open(&office);
    put(&office, LETTER_A, REPOSITORY, "one");
    put(&office, LETTER_B, REPOSITORY, "other");
    put(&office, LETTER_A, REPOSITORY, "two");
    rebuild(&office);
    g_autofree char *path = repository_path(&office, REPOSITORY);
    g_autoptr(GArray) first = nsk_repository_list_packs(path, NULL);
    fixture_remove(g_strdup(path));
    rebuild(&office);
    g_autoptr(GArray) second = nsk_repository_list_packs(path, NULL);
    g_assert_cmpuint(first->len, ==, 1);
    g_assert_cmpuint(second->len, ==, 1);
    /* the name is the digest of the bytes */
    g_assert_cmpstr(g_array_index(first, NskPackFile, 0).name, ==,
                    g_array_index(second, NskPackFile, 0).name);
}

static void
test_a_restored_database_is_followed_back(void)
{
    g_auto(Office) office;
    static const char sql_back[] =
        "UPDATE head SET version = 1, tree = NULL, oid = (SELECT o.oid FROM object o "
        "WHERE o.history = head.n AND o.kind = 1 ORDER BY o.n LIMIT 1) WHERE letter = $1";
    static const char sql_ask[] =
        "INSERT INTO outbox (topic, letter, body, at) VALUES ('project', $1, 'umum-2026', 0)";

    office_open(&office);
    NskStoreCommit commit = fixture_commit(LETTER_A, REPOSITORY);
    commit.message = "x"; /* short, so that the row is plain */
    g_autofree char *one = fixture_put(office.db, &commit, "a.xml", "one");
    fixture_add(office.db, &commit, "a.xml", "two");
    project(&office);
    fixture_tamper(office.db, sql_back, LETTER_A);
    fixture_tamper(office.db, sql_ask, LETTER_A);
    project(&office);
    g_autofree char *path = repository_path(&office, REPOSITORY);
    g_autofree char *head = git_out(path, "rev-parse", "refs/letters/" LETTER_A, NULL);
    g_assert_cmpstr(head, ==, one);
}

static void
test_many_packs_are_merged(void)
{
    g_auto(Office) office;

    office_open(&office);
    for (int i = 0; i < 53; i++) {
        g_autofree char *text = g_strdup_printf("version %d", i);

        put(&office, i % 2 == 0 ? LETTER_A : LETTER_B, REPOSITORY, text);
        project(&office);
    }
    g_assert_cmpuint(count_files(&office, REPOSITORY, ".pack"), <=, 4);
    g_assert_cmpuint(count_files(&office, REPOSITORY, ".idx"), ==,
                     count_files(&office, REPOSITORY, ".pack"));
    assert_in_step(&office, REPOSITORY);
    g_autofree char *path = repository_path(&office, REPOSITORY);
    g_autofree char *count = git_out(path, "rev-list", "--count", "--all");
    g_assert_cmpstr(count, ==, "53");
}

static void
test_a_damaged_letter_holds_up_only_itself(void)
{
    g_auto(Office) office;
    g_autoptr(GError) error = NULL;
    static const char sql_damage_newest[] =
        "UPDATE object SET data = zeroblob(length(data)) WHERE history = "
        "(SELECT n FROM head WHERE letter = $1) AND kind = 3 AND instr(data, 'two') > 0";
    static const char sql_repair[] =
        "UPDATE object SET data = CAST('two' AS BLOB) WHERE history = "
        "(SELECT n FROM head WHERE letter = $1) AND kind = 3 AND data = zeroblob(3)";
    static const char sql_stuck[] =
        "SELECT count(*) FROM outbox WHERE letter = '" LETTER_A "' AND tries = 2 "
        "AND fault LIKE '%" LETTER_A "%'";

    office_open(&office);
    put(&office, LETTER_A, REPOSITORY, "one");
    project(&office);
    g_autofree char *path = repository_path(&office, REPOSITORY);
    g_autofree char *before = git_out(path, "rev-parse", "refs/letters/" LETTER_A, NULL);
    put(&office, LETTER_A, REPOSITORY, "two");
    put(&office, LETTER_B, REPOSITORY, "other");
    put(&office, LETTER_C, "other", "other");
    fixture_tamper(office.db, sql_damage_newest, LETTER_A);
    for (int i = 0; i < 2; i++) {
        g_assert_false(project_db(office.db, office.copies, &error));
        g_assert_error(error, NSK_ERROR, NSK_ERROR_CORRUPT);
        g_assert_nonnull(strstr(error->message, LETTER_A));
        g_clear_error(&error);
        g_assert_cmpint(fixture_number(office.db, sql_count_outbox), ==, 1);
    }
    g_assert_cmpint(fixture_number(office.db, sql_stuck), ==, 1);
    assert_in_step(&office, "other");
    g_autofree char *mate = git_out(path, "cat-file", "-t", "refs/letters/" LETTER_B);
    g_assert_cmpstr(mate, ==, "commit");
    g_autofree char *after = git_out(path, "rev-parse", "refs/letters/" LETTER_A, NULL);
    g_assert_cmpstr(before, ==, after);
    g_autofree char *fsck = git_out(path, "fsck", "--strict", NULL);
    g_assert_null(strstr(fsck, "missing"));

    /* written anew without it, and whole again once it is repaired */
    g_autoptr(NskProjector) projector = nsk_projector_open(office.copies, &error);
    g_assert_false(nsk_projector_rebuild(projector, office.db, &error));
    g_assert_error(error, NSK_ERROR, NSK_ERROR_CORRUPT);
    g_clear_pointer(&projector, nsk_projector_free);
    g_autofree char *refs = git_out(path, "for-each-ref", "--format=%(refname)", NULL);
    g_assert_cmpstr(refs, ==, "refs/letters/" LETTER_B);
    fixture_tamper(office.db, sql_repair, LETTER_A);
    project(&office);
    assert_in_step(&office, REPOSITORY);
    g_assert_cmpint(fixture_number(office.db, sql_count_outbox), ==, 0);
}

static void
test_there_is_one_projector(void)
{
    g_auto(Office) office;
    g_autoptr(GError) error = NULL;

    office_open(&office);
    g_autoptr(NskProjector) one = nsk_projector_open(office.copies, &error);
    g_assert_no_error(error);
    g_assert_null(nsk_projector_open(office.copies, &error));
    g_assert_error(error, NSK_ERROR, NSK_ERROR_BUSY);
    g_clear_error(&error);
    g_clear_pointer(&one, nsk_projector_free);
    one = nsk_projector_open(office.copies, &error);
    g_assert_no_error(error);
    g_autoptr(GPtrArray) none = g_ptr_array_new();
    g_assert_true(nsk_projector_run(one, office.db, none, &error));
}

/* Fails every database call of a run in turn, then lets it through. */
static void
test_a_failing_database_is_made_good(void)
{
    g_auto(Office) office;
    unsigned nth = 1;

    office_open(&office);
    put(&office, LETTER_A, REPOSITORY, "one");
    put(&office, LETTER_B, REPOSITORY, "other");
    for (;; nth++) {
        Work work;
        g_autoptr(GError) error = NULL;
        g_autoptr(NskProjector) projector = nsk_projector_open(office.copies, &error);

        g_assert_true(claim_rows(office.db, &work, &error));
        g_assert_cmpuint(work.rows->len, ==, 2);
        nsk_db_fail_nth(office.db, nth);
        bool ok = nsk_projector_run(projector, office.db, work.rows, &error);
        nsk_db_fail_nth(office.db, 0);
        const NskOutboxRow *row = work.rows->pdata[0];
        g_assert_true(ok == (row->fault == NULL));
        g_ptr_array_unref(work.rows);
        if (ok)
            break;
        g_assert_nonnull(error);
    }
    g_assert_cmpuint(nth, >, 20);
    g_assert_cmpuint(count_files(&office, REPOSITORY, ".pack"), ==, 1);
    assert_in_step(&office, REPOSITORY);
}

static void
test_litter_is_swept_and_nothing_else(void)
{
    static const struct {
        const char *name;
        bool litter;
    } table[] = {
        { "packed-refs.aB3x9Z", true },
        { "HEAD.abcdef", true },
        { "packed-refs.lock", false },
        { "objects/pack/tmp_nsk_abcdef", true },
        { "objects/pack/tmp_pack_abcdef", false },
        { "objects/pack/pack-1.idx", true },
        { "objects/pack/pack-2.idx.abcdef", true },
        { "objects/pack/pack-3.pack", true },
        { "objects/pack/multi-pack-index", false },
        { "objects/pack/multi-pack-index.abcdef", true },
        { "hooks/pre-receive.abcdef", true },
        { "hooks/post-update.sample", false },
    };
    g_auto(Office) office;
    g_autoptr(GError) error = NULL;

    office_open(&office);
    put(&office, LETTER_A, REPOSITORY, "one");
    project(&office);
    g_autofree char *path = repository_path(&office, REPOSITORY);
    for (size_t i = 0; i < G_N_ELEMENTS(table); i++) {
        g_autofree char *file = g_build_filename(path, table[i].name, NULL);

        g_assert_true(g_file_set_contents(file, "x", 1, NULL));
        g_assert_cmpint(utime(file, &(struct utimbuf){ 1000, 1000 }), ==, 0);
    }
    g_assert_true(nsk_repository_sweep(path, &error));
    for (size_t i = 0; i < G_N_ELEMENTS(table); i++) {
        g_autofree char *file = g_build_filename(path, table[i].name, NULL);

        g_test_message("%s", table[i].name);
        g_assert_true(g_file_test(file, G_FILE_TEST_EXISTS) != table[i].litter);
    }
    g_assert_cmpuint(count_files(&office, REPOSITORY, ".pack"), ==, 1);
}

/* Runs this program as a projector, to be killed at the @nth pass of a fault point. */
static int
project_in_child(const Office *office, const char *role, const char *fault)
{
    const char *argv[] = { self_path, role, office->db_path, office->copies, NULL };
    g_auto(GStrv) env = g_get_environ();
    g_autoptr(GError) error = NULL;
    int status = 0;

    env = g_environ_setenv(env, "NASKAH_FAULT", fault, TRUE);
    (void)g_spawn_sync(NULL, (char **)(gpointer)argv, env, G_SPAWN_DEFAULT, NULL, NULL, NULL, NULL,
                       &status, &error);
    g_assert_no_error(error);
    return status;
}

/* Kills or fails the projector at every point of a run that moves a letter out of one repository
 * and into another, then runs it again. */
static void
die_everywhere(const char *how)
{
#ifdef NSK_FAULTS
    g_autofree char *expected = NULL; /* content of one that is written anew */

    for (int nth = 1;; nth++) {
        g_auto(Office) office;
        g_autofree char *fault = g_strdup_printf("*:%d:%s", nth, how);

        office_open(&office);
        put(&office, LETTER_A, REPOSITORY, "one");
        put(&office, LETTER_B, REPOSITORY, "other");
        project(&office);
        put(&office, LETTER_A, "umum-2026-tertutup", "two");
        put(&office, LETTER_B, REPOSITORY, "more");
        put(&office, LETTER_C, "baru", "new");
        g_clear_pointer(&office.db, nsk_db_free);
        int status = project_in_child(&office, "project", fault);
        office.db = nsk_db_open(office.db_path, NSK_DB_WRITE, NULL);
        g_autofree char *old = repository_path(&office, REPOSITORY);
        int fsck_status = 0;
        g_autofree char *fsck = fixture_git(old, &fsck_status, "fsck", "--strict", NULL);
        (void)fsck;
        g_assert_cmpint(fsck_status, ==, 0);
        project(&office);
        assert_in_step(&office, REPOSITORY);
        assert_in_step(&office, "umum-2026-tertutup");
        assert_in_step(&office, "baru");
        g_autofree char *count = git_out(old, "count-objects", "-v", NULL);
        g_assert_nonnull(strstr(count, "garbage: 0"));
        g_autofree char *content = describe(&office, REPOSITORY);
        if (nth == 1) {
            rebuild(&office);
            expected = describe(&office, REPOSITORY);
        }
        g_assert_cmpstr(content, ==, expected);
        if (WIFEXITED(status) && WEXITSTATUS(status) == 0) {
            g_test_message("%d places", nth - 1);
            g_assert_cmpint(nth, >, 12);
            return;
        }
    }
#else
    (void)how;
    (void)project_in_child;
    g_test_skip("needs a build with -Dfaults=true");
#endif
}

static void
test_a_kill_anywhere_is_made_good(void)
{
    die_everywhere("kill");
}

static void
test_a_failure_anywhere_is_made_good(void)
{
    die_everywhere("fail");
}

/* A letter of @n lines, each of them random. */
static char *
random_text(guint seed, int n)
{
    GString *text = g_string_new("letter\n");
    g_autoptr(GRand) random = g_rand_new_with_seed(seed);

    for (int i = 0; i < n; i++)
        g_string_append_printf(text, "%u\n", g_rand_int(random));
    return g_string_free(text, FALSE);
}

/* An office with two big packs and three small ones, and a letter that waits. */
static void
fill_for_merging(const Office *office)
{
    for (guint i = 0; i < 6; i++) {
        g_autofree char *same = random_text(i % 2, i < 2 ? 400 : 30);
        g_autofree char *text = g_strdup_printf("%sversion %u\n", same, i);

        put(office, i % 2 == 0 ? LETTER_A : LETTER_B, REPOSITORY, text);
        if (i < 5)
            project(office);
    }
    g_assert_cmpuint(count_files(office, REPOSITORY, ".pack"), ==, 5);
    g_assert_cmpuint(count_files(office, REPOSITORY, "multi-pack-index"), ==, 0);
}

static void
assert_sound(const Office *office)
{
    g_autofree char *path = repository_path(office, REPOSITORY);
    int status = -1;
    g_autofree char *index = fixture_git(path, &status, "multi-pack-index", "verify", NULL);

    g_test_message("%s", index);
    g_assert_cmpint(status, ==, 0);
    g_autofree char *fsck = fixture_git(path, &status, "fsck", "--strict", "--full", NULL);
    g_assert_cmpint(status, ==, 0);
    g_assert_null(strstr(fsck, "error"));
    g_assert_null(strstr(fsck, "warning"));
}

static bool
has_index(const Office *office)
{
    return count_files(office, REPOSITORY, "multi-pack-index") == 1;
}

static void
test_big_packs_are_indexed_together_and_small_ones_merged(void)
{
    g_auto(Office) office;

    office_open(&office);
    fill_for_merging(&office);
    project_tightly(&office);
    assert_sound(&office);
    assert_in_step(&office, REPOSITORY);
    g_assert_true(has_index(&office));
    g_assert_cmpuint(count_files(&office, REPOSITORY, ".pack"), ==, 3);
    g_autofree char *content = describe(&office, REPOSITORY);
    /* a letter leaves: then nothing of the index is left, nor of the packs */
    put(&office, LETTER_C, REPOSITORY, "new");
    put(&office, LETTER_C, NULL, "secret");
    project_tightly(&office);
    put(&office, LETTER_C, REPOSITORY, "open again");
    project_tightly(&office);
    put(&office, LETTER_C, NULL, "secret again");
    project_tightly(&office);
    assert_sound(&office);
    g_autofree char *after = describe(&office, REPOSITORY);
    g_assert_cmpstr(content, ==, after);
    g_assert_cmpuint(count_files(&office, REPOSITORY, ".pack"), ==, 1);
    g_assert_false(has_index(&office));
}

/* Kills the projector at every point of a run that merges packs and indexes them. */
static void
test_a_kill_while_packs_are_tended_is_made_good(void)
{
#ifdef NSK_FAULTS
    g_autofree char *expected = NULL;

    for (int nth = 1;; nth++) {
        g_auto(Office) office;
        g_autofree char *fault = g_strdup_printf("*:%d:kill", nth);

        office_open(&office);
        fill_for_merging(&office);
        g_clear_pointer(&office.db, nsk_db_free);
        int status = project_in_child(&office, "project-tightly", fault);
        office.db = nsk_db_open(office.db_path, NSK_DB_WRITE, NULL);
        assert_sound(&office);
        project_tightly(&office);
        assert_sound(&office);
        g_assert_true(has_index(&office));
        g_autofree char *content = describe(&office, REPOSITORY);
        if (nth == 1) {
            rebuild(&office);
            expected = describe(&office, REPOSITORY);
        }
        g_assert_cmpstr(content, ==, expected);
        if (WIFEXITED(status) && WEXITSTATUS(status) == 0) {
            g_test_message("%d places", nth - 1);
            g_assert_cmpint(nth, >, 14);
            return;
        }
    }
#else
    g_test_skip("needs a build with -Dfaults=true");
#endif
}

/* The packs that stand there, by what somebody does to them: each is merged or made anew. */
static void
test_packs_of_others_and_damaged_ones_are_no_loss(void)
{
    for (int damage = 0; damage < 3; damage++) {
        g_auto(Office) office;

        office_open(&office);
        fill_for_merging(&office);
        g_autofree char *path = repository_path(&office, REPOSITORY);
        g_autofree char *folder = g_build_filename(path, "objects", "pack", NULL);
        if (damage == 0) { /* an administrator packs it with deltas */
            g_autofree char *out = git_out(path, "repack", "-adfq", "--depth=10");
            (void)out;
        }
        g_autoptr(GArray) packs = nsk_repository_list_packs(path, NULL);
        const char *smallest = g_array_index(packs, NskPackFile, 0).name;
        g_autofree char *index = g_strconcat(folder, "/", smallest, ".idx", NULL);
        g_autofree char *chains = git_out(path, "verify-pack", "-v", index);
        g_assert_true((strstr(chains, "chain length") != NULL) == (damage == 0));
        g_autofree char *file =
            g_strconcat(folder, "/", smallest, damage == 1 ? ".pack" : ".idx", NULL);
        g_autofree char *bytes = NULL;
        gsize size = 0;
        if (damage > 0) {
            g_assert_true(g_file_get_contents(file, &bytes, &size, NULL));
            /* inside the last object; the count of the index */
            bytes[damage == 1 ? size - 30 : 8 + 255 * 4 + 3] ^= 1;
            g_assert_true(g_file_set_contents(file, bytes, (gssize)size, NULL));
        }
        NskPackBounds all = { .most = 1, .big = G_MAXINT64, .merged = G_MAXINT64 };
        g_autoptr(GError) error = NULL;
        g_autofree char *more = random_text(7, 800);
        put(&office, LETTER_C, REPOSITORY, more);
        bool ok = project_within(office.db, office.copies, &all, &error);
        g_assert_no_error(error);
        g_assert_true(ok);
        assert_sound(&office);
        assert_in_step(&office, REPOSITORY);
        g_assert_cmpuint(count_files(&office, REPOSITORY, ".pack"), ==, 1);
    }
}

static void
test_a_letter_that_moves_twice_is_in_the_last_place_alone(void)
{
    g_auto(Office) office;

    office_open(&office);
    put(&office, LETTER_A, REPOSITORY, "one");
    put(&office, LETTER_B, REPOSITORY, "other");
    project(&office);
    put(&office, LETTER_A, "second", "two");
    put(&office, LETTER_A, "third", "three");
    g_assert_cmpint(fixture_number(office.db, sql_count_outbox), ==, 1);
    project(&office);
    g_assert_cmpint(fixture_number(office.db, sql_count_outbox), ==, 0);
    assert_in_step(&office, REPOSITORY);
    assert_in_step(&office, "third");
    g_autofree char *second = repository_path(&office, "second");
    g_assert_false(g_file_test(second, G_FILE_TEST_EXISTS));
}

/* The child of project_in_child(). */
static int
run_child(const char *role, const char *db_path, const char *folder)
{
    const NskPackBounds *bounds = strcmp(role, "project-tightly") == 0 ? &tight : NULL;

    g_autoptr(GError) error = NULL;
    g_autoptr(NskDb) db = nsk_db_open(db_path, NSK_DB_WRITE, &error);

    return db != NULL && project_within(db, folder, bounds, &error) ? 0 : 1;
}

#define ADD(NAME, FUNCTION) g_test_add_func("/store/projector/" NAME, FUNCTION)

int
main(int argc, char **argv)
{
    if (argc == 4 && g_str_has_prefix(argv[1], "project"))
        return run_child(argv[1], argv[2], argv[3]);
    self_path = argv[0];
    g_test_init(&argc, &argv, NULL);
    ADD("the-stock-git-reads-a-repository", test_the_stock_git_reads_a_repository);
    ADD("a-repository-can-be-cloned-and-not-pushed-to",
        test_a_repository_can_be_cloned_and_not_pushed_to);
    ADD("news-alone-are-written", test_news_alone_are_written);
    ADD("secret-letters-are-nowhere", test_secret_letters_are_nowhere);
    ADD("a-letter-that-leaves-takes-its-objects-along",
        test_a_letter_that_leaves_takes_its_objects_along);
    ADD("a-deleted-or-damaged-repository-is-rebuilt",
        test_a_deleted_or_damaged_repository_is_rebuilt);
    ADD("rebuilding-gives-the-same-bytes", test_rebuilding_gives_the_same_bytes);
    ADD("a-restored-database-is-followed-back", test_a_restored_database_is_followed_back);
    ADD("many-packs-are-merged", test_many_packs_are_merged);
    ADD("a-damaged-letter-holds-up-only-itself", test_a_damaged_letter_holds_up_only_itself);
    ADD("there-is-one-projector", test_there_is_one_projector);
    ADD("a-failing-database-is-made-good", test_a_failing_database_is_made_good);
    ADD("litter-is-swept-and-nothing-else", test_litter_is_swept_and_nothing_else);
    ADD("a-kill-anywhere-is-made-good", test_a_kill_anywhere_is_made_good);
    ADD("a-failure-anywhere-is-made-good", test_a_failure_anywhere_is_made_good);
    ADD("a-kill-while-packs-are-tended-is-made-good",
        test_a_kill_while_packs_are_tended_is_made_good);
    ADD("big-packs-are-indexed-together-and-small-ones-merged",
        test_big_packs_are_indexed_together_and_small_ones_merged);
    ADD("packs-of-others-and-damaged-ones-are-no-loss",
        test_packs_of_others_and_damaged_ones_are_no_loss);
    ADD("a-letter-that-moves-twice-is-in-the-last-place-alone",
        test_a_letter_that_moves_twice_is_in_the_last_place_alone);
    return g_test_run();
}
