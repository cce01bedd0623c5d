/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Repositories that lost something: the doctor's look finds it, the projector makes it good. */
#include "base/bytes.h"
#include "fixture.h"
#include "store/store-private.h"

#include <string.h>
#include <unistd.h>

#define REPOSITORY "umum-2026"

/* An office with a repository of several packs, all of it projected. */
typedef struct {
    char *folder;
    char *copies;
    char *path; /* of the repository */
    NskDb *db;
} Office;

static bool
apply_claim(NskDbTxn *txn, void *data, char **out_answer, GError **error)
{
    static NskInstant now = TIME_1;
    NskOutboxClaim claim = { NSK_STORE_TOPIC, "worker", now += G_TIME_SPAN_DAY, 1, 1000 };
    GPtrArray **out_rows = data;

    (void)out_answer;
    *out_rows = nsk_outbox_claim(txn, &claim, error);
    return *out_rows != NULL &&
           nsk_outbox_done(txn, &claim, (NskOutboxRow *const *)(*out_rows)->pdata, (*out_rows)->len,
                           error);
}

/* Projects what waits; the rows are gone then. */
static void
project(const Office *office)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(GPtrArray) rows = NULL;
    g_autoptr(NskProjector) projector = nsk_projector_open(office->copies, &error);

    g_assert_no_error(error);
    g_assert_true(nsk_db_commit(office->db, &(NskChange){ .apply = apply_claim, .data = &rows },
                                NULL, &error));
    g_assert_true(nsk_projector_run(projector, office->db, rows, &error));
    g_assert_no_error(error);
}

static void
put(const Office *office, const char *letter, const char *text)
{
    NskStoreCommit commit = fixture_commit(letter, REPOSITORY);
    g_autofree char *name = g_strconcat(letter, ".xml", NULL);

    fixture_add(office->db, &commit, name, text);
}

static void
office_open(Office *office)
{
    g_autoptr(GError) error = NULL;

    office->folder = fixture_folder();
    office->copies = g_build_filename(office->folder, "repositories", NULL);
    office->path = g_build_filename(office->copies, REPOSITORY ".git", NULL);
    g_autofree char *path = g_build_filename(office->folder, "office.db", NULL);
    g_assert_true(nsk_db_create(path, &error));
    office->db = nsk_db_open(path, NSK_DB_WRITE, &error);
    g_assert_no_error(error);
    put(office, LETTER_A, "one");
    project(office);
    put(office, LETTER_B, "other");
    project(office);
    put(office, LETTER_A, "two");
    project(office);
}

static void
office_clear(Office *office)
{
    g_clear_pointer(&office->db, nsk_db_free);
    g_free(office->copies);
    g_free(office->path);
    fixture_remove(office->folder);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Office, office_clear)

/* Tags of the doctor's findings, parted by blanks. */
static char *
look(const Office *office)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(NskIssues) issues = nsk_issues_new();
    GString *tags = g_string_new(NULL);
    g_autoptr(NskProjector) projector = nsk_projector_open(office->copies, &error);
    g_autoptr(NskDbTxn) txn = nsk_db_snapshot(office->db, &error);
    bool ok = nsk_projector_check(projector, txn, REPOSITORY, issues, &error);

    g_assert_no_error(error);
    g_assert_true(ok);
    for (guint i = 0; i < issues->len; i++) {
        const NskIssue *issue = g_ptr_array_index(issues, i);

        g_assert_cmpstr(issue->file, ==, REPOSITORY ".git");
        g_assert_cmpint(issue->severity, ==, NSK_SEVERITY_WARNING);
        g_string_append_printf(tags, "%s%s", tags->len > 0 ? " " : "", issue->tag);
    }
    return g_string_free(tags, FALSE);
}

static void
heal(const Office *office)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(NskProjector) projector = nsk_projector_open(office->copies, &error);
    bool ok = nsk_projector_heal(projector, office->db, &error);

    g_assert_no_error(error);
    g_assert_true(ok);
}

static void
assert_whole(const Office *office)
{
    int status = 0;
    g_autofree char *fsck =
        fixture_git(office->path, &status, "fsck", "--strict", "--full", "--no-dangling", NULL);
    g_autofree char *tags = look(office);

    g_assert_cmpint(status, ==, 0);
    g_assert_null(strstr(fsck, "error"));
    g_assert_null(strstr(fsck, "missing"));
    g_assert_cmpstr(tags, ==, "");
}

/* The file of the smallest or the largest pack with that ending; owned. */
static char *
pack_file(const Office *office, bool largest, const char *suffix)
{
    g_autoptr(GArray) packs = nsk_repository_list_packs(office->path, NULL);

    g_assert_cmpuint(packs->len, ==, 3);
    const char *name = g_array_index(packs, NskPackFile, largest ? packs->len - 1 : 0).name;
    return g_strdup_printf("%s/objects/pack/%s%s", office->path, name, suffix);
}

static void
lose_pack(const Office *office, bool largest)
{
    g_autofree char *pack = pack_file(office, largest, ".pack");
    g_autofree char *index = pack_file(office, largest, ".idx");

    g_assert_cmpint(unlink(index), ==, 0);
    g_assert_cmpint(unlink(pack), ==, 0);
}

static void
lose_smallest(const Office *office)
{
    lose_pack(office, false);
}

static void
lose_largest(const Office *office)
{
    lose_pack(office, true);
}

static void
lose_index(const Office *office)
{
    g_autofree char *index = pack_file(office, false, ".idx");

    g_assert_cmpint(unlink(index), ==, 0);
}

static void
cut_pack(const Office *office)
{
    g_autofree char *pack = pack_file(office, true, ".pack");

    g_assert_cmpint(truncate(pack, 40), ==, 0);
}

static void
remove_below(const Office *office, const char *name)
{
    fixture_remove(g_build_filename(office->path, name, NULL));
}

static void
lose_objects(const Office *office)
{
    remove_below(office, "objects");
}

static void
lose_packs(const Office *office)
{
    remove_below(office, "objects/pack");
}

static void
lose_refs(const Office *office)
{
    g_autofree char *refs = g_build_filename(office->path, "packed-refs", NULL);

    g_assert_cmpint(unlink(refs), ==, 0);
}

static void
lose_all(const Office *office)
{
    fixture_remove(g_strdup(office->path));
}

static void
lose_nothing(const Office *office)
{
    (void)office;
}

static const struct {
    const char *name;
    void (*lose)(const Office *);
    const char *found;
} losses[] = {
    { "nothing", lose_nothing, "" },
    { "the smallest pack", lose_smallest, "store-repository-damaged" },
    { "the largest pack", lose_largest, "store-repository-damaged" },
    { "an index", lose_index, "store-repository-damaged" },
    { "the end of a pack", cut_pack, "store-repository-damaged" },
    { "all packs", lose_packs, "store-repository-damaged" },
    { "all objects", lose_objects, "store-repository-missing" },
    { "the refs", lose_refs, "store-repository-behind" },
    { "the repository", lose_all, "store-repository-missing" },
};

/* Once by looking at all repositories, once by the next letter that comes. */
static void
test_what_is_lost_is_found_and_made_good(void)
{
    for (size_t i = 0; i < 2 * G_N_ELEMENTS(losses); i++) {
        g_auto(Office) office;

        office_open(&office);
        g_test_message("%s, %s", losses[i / 2].name, i % 2 == 0 ? "healed" : "next letter");
        losses[i / 2].lose(&office);
        g_autofree char *tags = look(&office);
        g_assert_cmpstr(tags, ==, losses[i / 2].found);
        if (i % 2 == 0) {
            heal(&office);
        } else {
            put(&office, LETTER_C, "new");
            project(&office);
        }
        assert_whole(&office);
    }
}

static void
test_what_waits_is_no_finding(void)
{
    g_auto(Office) office;

    office_open(&office);
    put(&office, LETTER_A, "three");
    put(&office, LETTER_C, "new");
    g_autofree char *tags = look(&office);
    g_assert_cmpstr(tags, ==, "");
    project(&office);
    assert_whole(&office);
}

static void
test_a_ref_too_many_is_told(void)
{
    g_auto(Office) office;
    static const char sql_forget[] = "UPDATE head SET repository = NULL WHERE letter = $1";

    office_open(&office);
    fixture_tamper(office.db, sql_forget, LETTER_B);
    g_autofree char *tags = look(&office);
    g_assert_cmpstr(tags, ==, "store-repository-strange");
}

/* A healthy repository is not written again, whatever stands beside its packs. */
static void
test_what_is_whole_is_left_alone(void)
{
    g_auto(Office) office;

    office_open(&office);
    g_autofree char *smallest = pack_file(&office, false, ".pack");
    heal(&office);
    g_autofree char *still = pack_file(&office, false, ".pack");
    g_assert_cmpstr(smallest, ==, still);
    /* a list of packs that is none is as a pack that is lost */
    g_autofree char *list = g_build_filename(office.path, "naskah-packs", NULL);
    g_assert_true(g_file_set_contents(list, "pack-0 1\n", -1, NULL));
    heal(&office);
    assert_whole(&office);
    g_autoptr(GArray) packs = nsk_repository_list_packs(office.path, NULL);
    g_assert_cmpuint(packs->len, ==, 1);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/store/heal/what-is-lost-is-found-and-made-good",
                    test_what_is_lost_is_found_and_made_good);
    g_test_add_func("/store/heal/what-waits-is-no-finding", test_what_waits_is_no_finding);
    g_test_add_func("/store/heal/a-ref-too-many-is-told", test_a_ref_too_many_is_told);
    g_test_add_func("/store/heal/what-is-whole-is-left-alone", test_what_is_whole_is_left_alone);
    return g_test_run();
}
