/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/bytes.h"
#include "base/limits.h"
#include "fixture.h"
#include "store/store-private.h"

#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>
#include <utime.h>

#define NAME     "lampiran.bin"
#define BIG      (INT64_C(200) * 1024 * 1024)
#define TWO_DAYS (INT64_C(48) * 60 * 60 * G_USEC_PER_SEC)

static const char sql_count_heads[] = "SELECT count(*) FROM head";
static const char sql_forget[] = "DELETE FROM blob WHERE letter = $1";

static const char *self_path;

/* An office's folder with a database, and a file to attach. */
typedef struct {
    char *folder;
    char *db_path;
    char *source;
    NskDb *db;
} Office;

static void
office_open(Office *self, int64_t size)
{
    g_autoptr(GError) error = NULL;

    self->folder = fixture_folder();
    self->db_path = g_build_filename(self->folder, "office.db", NULL);
    self->source = g_build_filename(self->folder, "source.bin", NULL);
    g_assert_true(nsk_db_create(self->db_path, &error));
    self->db = nsk_db_open(self->db_path, NSK_DB_WRITE, &error);
    g_assert_no_error(error);
    /* random pieces in a sparse file: no two are alike, and it is quick to make */
    int fd = open(self->source, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    g_assert_cmpint(ftruncate(fd, size), ==, 0);
    for (int64_t at = 0; at < size; at += 16 << 20) {
        uint8_t piece[4096];

        nsk_random(piece, sizeof piece);
        g_assert_cmpint(pwrite(fd, piece, MIN((int64_t)sizeof piece, size - at), at), >, 0);
    }
    close(fd);
}

static void
office_clear(Office *self)
{
    nsk_db_free(self->db);
    g_free(self->db_path);
    g_free(self->source);
    fixture_remove(self->folder);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Office, office_clear)

static NskStoreBlob *
prepare(Office *self, const char *letter, GError **error)
{
    g_autoptr(NskDbTxn) txn = nsk_db_snapshot(self->db, error);

    return nsk_store_prepare_file(txn, letter, NAME, self->source, error);
}

static char *
commit(Office *self, const char *letter, NskStoreBlob *blob, GError **error)
{
    NskStoreCommit version = fixture_commit(letter, "umum-2026");
    NskStoreFile file = { .name = NAME, .blob = blob };

    version.put = &file;
    version.n_put = 1;
    return fixture_try(self->db, &version, error);
}

static void
attach(Office *self, const char *letter)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(NskStoreBlob) blob = prepare(self, letter, &error);
    g_assert_no_error(error);
    g_autofree char *oid = commit(self, letter, blob, &error);

    g_assert_no_error(error);
    g_assert_nonnull(oid);
}

static GBytes *
read_file(Office *self, const char *letter, GError **error)
{
    g_autoptr(NskDbTxn) txn = nsk_db_snapshot(self->db, error);

    return nsk_store_read(txn, letter, NULL, NAME, error);
}

/* The bytes as git has them. */
static char *
read_text(Office *self, const char *letter)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(NskDbTxn) txn = nsk_db_snapshot(self->db, &error);
    g_auto(NskHead) head = { 0 };
    bool found;
    bool ok = nsk_head_find(txn, letter, &found, &head, &error);
    g_assert_true(ok && found);
    g_autoptr(GArray) tree = nsk_head_tree(txn, letter, &head, &error);
    g_autoptr(GBytes) content =
        nsk_object_find(txn, letter, &g_array_index(tree, NskTreeEntry, 0).oid, NULL, NULL, &error);
    g_assert_no_error(error);
    return g_strndup(g_bytes_get_data(content, NULL), g_bytes_get_size(content));
}

/* Path of the one large file. */
static char *
large_path(Office *self)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(NskDbTxn) txn = nsk_db_snapshot(self->db, &error);
    g_autoptr(GPtrArray) list = nsk_store_list_blobs(txn, &error);

    g_assert_no_error(error);
    g_assert_cmpuint(list->len, ==, 1);
    return g_build_filename(self->folder, ((NskStoreLarge *)list->pdata[0])->path, NULL);
}

/* Tags of the doctor's findings, parted by blanks. */
static char *
findings(Office *self, int64_t later)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(NskIssues) issues = nsk_issues_new();
    g_autoptr(NskDbTxn) txn = nsk_db_snapshot(self->db, &error);
    GString *tags = g_string_new(NULL);

    g_assert_true(nsk_store_check(txn, NULL, issues, &error));
    g_assert_true(nsk_store_check_blobs(txn, g_get_real_time() + later, issues, &error));
    g_assert_no_error(error);
    for (guint i = 0; i < issues->len; i++)
        g_string_append_printf(tags, "%s%s", i > 0 ? " " : "",
                               ((const NskIssue *)issues->pdata[i])->tag);
    return g_string_free(tags, FALSE);
}

static void
assert_findings(Office *self, const char *expected)
{
    g_autofree char *tags = findings(self, 0);

    g_assert_cmpstr(tags, ==, expected);
}

/* Files below blob/. */
static guint
count_files(Office *self)
{
    guint n = 0;
    const char *top;
    g_autofree char *folder = g_build_filename(self->folder, "blob", NULL);
    g_autoptr(GDir) dir = g_dir_open(folder, 0, NULL);

    while (dir != NULL && (top = g_dir_read_name(dir)) != NULL) {
        g_autofree char *path = g_build_filename(folder, top, NULL);
        g_autoptr(GDir) below = g_dir_open(path, 0, NULL);

        n += below == NULL;
        while (below != NULL && g_dir_read_name(below) != NULL)
            n++;
    }
    return n;
}

/* Kilobytes of the process that are its own, not a file's. */
static long
own_memory(void)
{
    g_autofree char *text = NULL;

    g_assert_true(g_file_get_contents("/proc/self/status", &text, NULL, NULL));
    const char *line = strstr(text, "RssAnon:");
    g_assert_nonnull(line);
    return strtol(line + strlen("RssAnon:"), NULL, 10);
}

static void
test_two_hundred_megabytes_pass_without_memory(void)
{
    g_auto(Office) office;
    g_autoptr(GError) error = NULL;

    office_open(&office, BIG);
    long before = own_memory();
    attach(&office, LETTER_A);
    g_autoptr(GBytes) content = read_file(&office, LETTER_A, &error);
    g_assert_no_error(error);
    g_assert_cmpint(own_memory() - before, <, 32 * 1024);
    g_assert_cmpint((int64_t)g_bytes_get_size(content), ==, BIG);
    g_autoptr(GMappedFile) source = g_mapped_file_new(office.source, FALSE, NULL);
    g_assert_cmpint(
        memcmp(g_bytes_get_data(content, NULL), g_mapped_file_get_contents(source), BIG), ==, 0);
    g_autofree char *text = read_text(&office, LETTER_A);
    g_assert_true(g_str_has_prefix(text, "naskah-file 1\nname " NAME "\nsize 209715200\nsha256 "));
    assert_findings(&office, "");
}

static void
test_a_megabyte_is_the_border(void)
{
    for (int over = 0; over <= 1; over++) {
        g_auto(Office) office;
        g_autoptr(GError) error = NULL;

        office_open(&office, NSK_LIMIT_ATTACHMENT + over);
        attach(&office, LETTER_A);
        g_assert_cmpuint(count_files(&office), ==, over);
        g_autoptr(GBytes) content = read_file(&office, LETTER_A, &error);
        g_assert_no_error(error);
        g_autoptr(GBytes) source = nsk_file_read(office.source, 2 * NSK_LIMIT_ATTACHMENT, &error);
        g_assert_true(g_bytes_equal(content, source));
        /* the same from memory, inside the change */
        NskStoreCommit version = fixture_commit(LETTER_B, NULL);
        NskStoreFile file = { .name = NAME, .content = source };
        version.put = &file;
        version.n_put = 1;
        g_autofree char *oid = fixture_try(office.db, &version, &error);
        g_assert_no_error(error);
        g_assert_nonnull(oid);
        g_assert_cmpuint(count_files(&office), ==, over);
        g_autoptr(GBytes) again = read_file(&office, LETTER_B, &error);
        g_assert_true(g_bytes_equal(again, source));
        assert_findings(&office, "");
    }
}

static void
test_letters_may_share_a_file(void)
{
    g_auto(Office) office;
    g_autoptr(GError) error = NULL;

    office_open(&office, NSK_LIMIT_ATTACHMENT * 2);
    attach(&office, LETTER_A);
    attach(&office, LETTER_B);
    attach(&office, LETTER_A);
    g_assert_cmpuint(count_files(&office), ==, 1);
    g_autofree char *path = large_path(&office);
    g_assert_true(g_file_test(path, G_FILE_TEST_IS_REGULAR));
    /* one of them lets it go */
    fixture_tamper(office.db, sql_forget, LETTER_A);
    g_autoptr(GBytes) content = read_file(&office, LETTER_B, &error);
    g_assert_no_error(error);
    g_assert_null(read_file(&office, LETTER_A, &error));
    g_assert_error(error, NSK_ERROR, NSK_ERROR_CORRUPT);
    assert_findings(&office, "store-file-missing");
}

static void
flip_byte(const char *path)
{
    g_assert_cmpint(chmod(path, 0600), ==, 0);
    int fd = open(path, O_RDWR | O_CLOEXEC);

    g_assert_cmpint(pwrite(fd, "damaged", 7, 1 << 20), ==, 7);
    close(fd);
}

static void
cut(const char *path)
{
    g_assert_cmpint(chmod(path, 0600), ==, 0);
    g_assert_cmpint(truncate(path, 100), ==, 0);
}

static void
lose(const char *path)
{
    g_assert_cmpint(unlink(path), ==, 0);
}

/* The right bytes, but somewhere else. */
static void
replace_by_link(const char *path)
{
    g_autofree char *folder = g_path_get_dirname(path);
    g_autofree char *other = g_build_filename(folder, "..", "..", "elsewhere", NULL);

    g_assert_cmpint(rename(path, other), ==, 0);
    g_assert_cmpint(symlink("../../elsewhere", path), ==, 0);
}

static void
replace_by_pipe(const char *path)
{
    g_assert_cmpint(unlink(path), ==, 0);
    g_assert_cmpint(mkfifo(path, 0600), ==, 0);
}

static void
test_damage_is_never_read_and_mended_by_the_next_copy(void)
{
    static const struct {
        const char *title;
        void (*damage)(const char *path);
        const char *tags;
    } table[] = {
        { "other bytes", flip_byte, "store-file-damaged" },
        { "cut short", cut, "store-file-damaged" },
        { "lost", lose, "store-file-missing" },
        { "a link", replace_by_link, "store-file-damaged store-file-strange" },
        { "a pipe", replace_by_pipe, "store-file-damaged store-file-strange" },
    };

    for (size_t i = 0; i < G_N_ELEMENTS(table); i++) {
        g_auto(Office) office;
        g_autoptr(GError) error = NULL;

        g_test_message("%s", table[i].title);
        office_open(&office, NSK_LIMIT_ATTACHMENT * 3);
        attach(&office, LETTER_A);
        g_autofree char *path = large_path(&office);
        table[i].damage(path);
        g_assert_null(read_file(&office, LETTER_A, &error));
        g_assert_nonnull(error);
        g_assert_nonnull(strstr(error->message, path));
        g_clear_error(&error);
        assert_findings(&office, table[i].tags);
        attach(&office, LETTER_B);
        g_autoptr(GBytes) content = read_file(&office, LETTER_A, &error);
        g_assert_no_error(error);
        assert_findings(&office, "");
    }
}

static void
test_what_is_not_ours_is_told(void)
{
    g_auto(Office) office;

    office_open(&office, NSK_LIMIT_ATTACHMENT * 2);
    attach(&office, LETTER_A);
    g_autofree char *path = large_path(&office);
    g_autofree char *folder = g_path_get_dirname(path);
    g_autofree char *beside = g_build_filename(folder, "readme.txt", NULL);
    g_autofree char *above = g_build_filename(folder, "..", "xy", NULL);
    g_assert_true(g_file_set_contents(beside, "x", 1, NULL));
    g_assert_cmpint(mkdir(above, 0700), ==, 0);
    assert_findings(&office, "store-file-strange store-file-strange");
}

static void
test_an_orphan_is_told_after_a_day(void)
{
    g_auto(Office) office;
    g_autoptr(GError) error = NULL;

    office_open(&office, NSK_LIMIT_ATTACHMENT * 2);
    g_autoptr(NskStoreBlob) blob = prepare(&office, LETTER_A, &error);
    g_assert_no_error(error);
    g_assert_cmpuint(nsk_store_blob_get_size(blob), ==, NSK_LIMIT_ATTACHMENT * 2);
    assert_findings(&office, "");
    g_autofree char *later = findings(&office, TWO_DAYS);
    g_assert_cmpstr(later, ==, "store-file-orphan");
    g_autofree char *oid = commit(&office, LETTER_A, blob, &error);
    g_assert_no_error(error);
    g_assert_nonnull(oid);
    g_autofree char *named = findings(&office, TWO_DAYS);
    g_assert_cmpstr(named, ==, "");
}

static void
test_a_text_for_a_file_reaches_no_other_file(void)
{
    g_auto(Office) office;
    g_autoptr(GError) error = NULL;

    office_open(&office, NSK_LIMIT_ATTACHMENT * 2);
    attach(&office, LETTER_A);
    g_autofree char *text = read_text(&office, LETTER_A);
    NskStoreCommit version = fixture_commit(LETTER_B, NULL);
    fixture_add(office.db, &version, NAME, text);
    g_autoptr(GBytes) content = read_file(&office, LETTER_B, &error);
    g_assert_no_error(error);
    g_assert_cmpmem(g_bytes_get_data(content, NULL), g_bytes_get_size(content), text, strlen(text));
    g_autofree char *kept = read_text(&office, LETTER_B);
    g_assert_cmpstr(kept, !=, text);
    assert_findings(&office, "");
}

static void
test_a_database_in_memory_has_no_folder(void)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(NskDb) db = nsk_db_open(":memory:", NSK_DB_WRITE, &error);
    NskStoreCommit version = fixture_commit(LETTER_A, NULL);
    g_autoptr(GBytes) content = g_bytes_new_static("naskah-file 1\n", 14);
    NskStoreFile file = { .name = NAME, .content = content };

    version.put = &file;
    version.n_put = 1;
    g_assert_null(fixture_try(db, &version, &error));
    g_assert_error(error, NSK_ERROR, NSK_ERROR_INVALID);
}

static void
test_only_files_are_taken(void)
{
    g_auto(Office) office;
    static const struct {
        const char *path;
        NskError code;
    } table[] = { { "/nowhere/at/all", NSK_ERROR_NOT_FOUND },
                  { "/tmp", NSK_ERROR_INVALID },
                  { "/dev/null", NSK_ERROR_INVALID } };

    office_open(&office, 1);
    for (size_t i = 0; i < G_N_ELEMENTS(table); i++) {
        g_autoptr(GError) error = NULL;
        g_autoptr(NskDbTxn) txn = nsk_db_snapshot(office.db, NULL);

        g_assert_null(nsk_store_prepare_file(txn, LETTER_A, NAME, table[i].path, &error));
        g_assert_error(error, NSK_ERROR, (int)table[i].code);
    }
    g_autoptr(GError) error = NULL;
    g_assert_cmpint(truncate(office.source, NSK_LIMIT_LARGE_FILE + 1), ==, 0);
    g_assert_null(prepare(&office, LETTER_A, &error));
    g_assert_error(error, NSK_ERROR, NSK_ERROR_LIMIT);
    g_assert_cmpuint(count_files(&office), ==, 0);
}

static void
test_a_full_disk_leaves_nothing(void)
{
    g_auto(Office) office;
    g_autoptr(GError) error = NULL;
    struct rlimit old, small;

    office_open(&office, NSK_LIMIT_ATTACHMENT * 8);
    g_assert_cmpint(getrlimit(RLIMIT_FSIZE, &old), ==, 0);
    small = (struct rlimit){ 3 << 20, old.rlim_max };
    (void)signal(SIGXFSZ, SIG_IGN);
    g_assert_cmpint(setrlimit(RLIMIT_FSIZE, &small), ==, 0);
    g_autoptr(NskStoreBlob) blob = prepare(&office, LETTER_A, &error);
    g_assert_cmpint(setrlimit(RLIMIT_FSIZE, &old), ==, 0);
    g_assert_null(blob);
    g_assert_error(error, NSK_ERROR, NSK_ERROR_IO);
    g_assert_cmpuint(count_files(&office), ==, 0);
    attach(&office, LETTER_A);
    assert_findings(&office, "");
}

static void
test_a_repository_has_the_text_alone(void)
{
    g_auto(Office) office;
    g_autoptr(GError) error = NULL;
    int status = 0;

    office_open(&office, NSK_LIMIT_ATTACHMENT * 2);
    attach(&office, LETTER_A);
    g_autofree char *copies = g_build_filename(office.folder, "copies", NULL);
    g_autoptr(NskProjector) projector = nsk_projector_open(copies, &error);
    g_assert_no_error(error);
    g_assert_true(nsk_projector_rebuild(projector, office.db, &error));
    g_assert_no_error(error);
    g_autofree char *path = g_build_filename(copies, "umum-2026.git", NULL);
    g_autofree char *shown =
        fixture_git(path, &status, "show", "refs/letters/" LETTER_A ":" NAME, NULL);
    g_autofree char *text = read_text(&office, LETTER_A);
    g_assert_cmpstr(shown, ==, text);
}

/* As a child: attaches the file, to be killed on the way. */
static int
attach_as_child(char **argv)
{
    Office office = { .db_path = argv[2], .source = argv[3] };

    office.db = nsk_db_open(office.db_path, NSK_DB_WRITE, NULL);
    attach(&office, LETTER_A);
    nsk_db_free(office.db);
    return 0;
}

static void
test_a_kill_leaves_the_old_or_the_new(void)
{
#ifdef NSK_FAULTS
    guint killed = 0;

    for (int nth = 1; nth < 100; nth++) {
        g_auto(Office) office;
        g_autoptr(GError) error = NULL;
        g_auto(GStrv) env = g_get_environ();
        g_autofree char *fault = g_strdup_printf("*:%d:kill", nth);
        int status = 0;

        office_open(&office, NSK_LIMIT_ATTACHMENT * 2);
        const char *argv[] = { self_path, "attach", office.db_path, office.source, NULL };
        g_clear_pointer(&office.db, nsk_db_free);
        env = g_environ_setenv(env, "NASKAH_FAULT", fault, TRUE);
        (void)g_spawn_sync(NULL, (char **)(gpointer)argv, env, G_SPAWN_DEFAULT, NULL, NULL, NULL,
                           NULL, &status, &error);
        g_assert_no_error(error);
        office.db = nsk_db_open(office.db_path, NSK_DB_WRITE, &error);
        g_assert_no_error(error);
        /* a version is there with its file, or neither is */
        assert_findings(&office, "");
        if (fixture_number(office.db, sql_count_heads) == 1) {
            g_autoptr(GBytes) content = read_file(&office, LETTER_A, &error);
            g_assert_no_error(error);
        }
        g_autofree char *later = findings(&office, TWO_DAYS);
        g_assert_true(*later == '\0' || strcmp(later, "store-file-orphan") == 0);
        attach(&office, LETTER_A);
        assert_findings(&office, "");
        if (WIFEXITED(status)) {
            g_assert_cmpint(WEXITSTATUS(status), ==, 0);
            break;
        }
        killed++;
    }
    g_test_message("killed at %u places", killed);
    g_assert_cmpuint(killed, >=, 5);
#else
    g_test_skip("built without fault points");
#endif
}

#define ADD(NAME, FUNCTION) g_test_add_func("/store/large/" NAME, FUNCTION)

int
main(int argc, char **argv)
{
    if (argc == 4 && strcmp(argv[1], "attach") == 0)
        return attach_as_child(argv);
    self_path = argv[0];
    g_test_init(&argc, &argv, NULL);
    ADD("two-hundred-megabytes-pass-without-memory",
        test_two_hundred_megabytes_pass_without_memory);
    ADD("a-megabyte-is-the-border", test_a_megabyte_is_the_border);
    ADD("letters-may-share-a-file", test_letters_may_share_a_file);
    ADD("damage-is-never-read-and-mended-by-the-next-copy",
        test_damage_is_never_read_and_mended_by_the_next_copy);
    ADD("what-is-not-ours-is-told", test_what_is_not_ours_is_told);
    ADD("an-orphan-is-told-after-a-day", test_an_orphan_is_told_after_a_day);
    ADD("a-text-for-a-file-reaches-no-other-file", test_a_text_for_a_file_reaches_no_other_file);
    ADD("a-database-in-memory-has-no-folder", test_a_database_in_memory_has_no_folder);
    ADD("only-files-are-taken", test_only_files_are_taken);
    ADD("a-full-disk-leaves-nothing", test_a_full_disk_leaves_nothing);
    ADD("a-repository-has-the-text-alone", test_a_repository_has_the_text_alone);
    ADD("a-kill-leaves-the-old-or-the-new", test_a_kill_leaves_the_old_or_the_new);
    return g_test_run();
}
