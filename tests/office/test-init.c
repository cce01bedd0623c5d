/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Making an office, opening it, and bringing it to the program's schema. */
#include "base/resource.h"
#include "fixture.h"

#include <string.h>
#include <sys/stat.h>

static const char sql_lose_last_step[] = "DELETE FROM setting WHERE name = 'origin' AND $1 = ''";

/* What init says of @options; asserts that it fails and leaves no folder. */
static GError *
init_fails(const NskInitOptions *options)
{
    GError *error = NULL;
    NskJson *result = NULL;

    g_assert_false(nsk_office_init(options, &result, &error));
    g_assert_null(result);
    g_assert_nonnull(error);
    return error;
}

static int
mode_of(const char *path)
{
    struct stat st;

    g_assert_cmpint(stat(path, &st), ==, 0);
    return st.st_mode & 0777;
}

static void
write_file(const char *path, const char *text)
{
    g_autoptr(GError) error = NULL;

    g_file_set_contents(path, text, -1, &error);
    g_assert_no_error(error);
}

static void
test_only_an_empty_folder_becomes_an_office(Fixture *f, gconstpointer data)
{
    (void)data;
    g_autofree char *dir = fixture_path(f, "other");
    g_autofree char *file = g_build_filename(dir, "surat-lama.txt", NULL);
    NskInitOptions options = { .dir = dir, .demo = true, .clock = &f->clock };

    g_assert_cmpint(g_mkdir_with_parents(dir, 0755), ==, 0);
    write_file(file, "x");
    GError *error = init_fails(&options);
    fixture_refused(&error, NSK_ERROR_CONFLICT, dir);
    g_autofree char *db = g_build_filename(dir, "office.db", NULL);
    g_assert_false(g_file_test(db, G_FILE_TEST_EXISTS));

    options.dir = f->dir;
    error = init_fails(&options);
    fixture_refused(&error, NSK_ERROR_CONFLICT, "there is something in");

    options.dir = file;
    error = init_fails(&options);
    fixture_refused(&error, NSK_ERROR_NOT_FOUND, "surat-lama.txt");
}

static void
test_an_empty_folder_is_closed_to_others(Fixture *f, gconstpointer data)
{
    static const char *const closed[] = { "", "keys", "trust", "repositories" };
    static const char *const keys[] = { "keys/passphrase", "keys/sekar.p12", "keys/ni-luh.p12" };
    g_autoptr(GError) error = NULL;
    g_autoptr(NskJson) result = NULL;
    g_autofree char *dir = fixture_path(f, "other");
    NskInitOptions options = { .dir = dir, .demo = true, .clock = &f->clock };

    (void)data;
    g_assert_cmpint(g_mkdir_with_parents(dir, 0755), ==, 0);
    g_assert_true(nsk_office_init(&options, &result, &error));
    g_assert_no_error(error);
    for (size_t i = 0; i < G_N_ELEMENTS(closed); i++) {
        g_autofree char *path = g_build_filename(dir, closed[i], NULL);

        g_assert_cmpint(mode_of(path), ==, 0700);
    }
    for (size_t i = 0; i < G_N_ELEMENTS(keys); i++) {
        g_autofree char *path = g_build_filename(dir, keys[i], NULL);

        g_assert_cmpint(mode_of(path), ==, 0600);
    }
    g_assert_cmpstr(nsk_json_get_text(result, "office"), ==, dir);
    g_assert_true(nsk_json_get_bool(result, "demo", false));
    /* 29 kinds, nine workflows, one calendar, one profile */
    g_assert_cmpint(nsk_json_get_int(result, "rules", 0), ==, 41);
    g_assert_true(g_file_test(nsk_json_get_text(result, "trust"), G_FILE_TEST_IS_REGULAR));
}

static void
test_a_faulty_directory_makes_nothing_and_tells_all(Fixture *f, gconstpointer data)
{
    static const char xml[] =
        "<directory xmlns=\"urn:naskah:directory:1\">\n"
        "<units><unit id=\"a\" code=\"A\" name=\"A\" place=\"Arunika\" zone=\"Asia/Jakarta\"/>\n"
        "</units>\n"
        "<positions><position id=\"p\" unit=\"tidak-ada\" title=\"P\"/></positions>\n"
        "<people><person id=\"x\" name=\"X\" printed=\"X\"/></people>\n"
        "<holdings>\n"
        "<holding person=\"hilang\" position=\"p\" capacity=\"definitive\" from=\"2026-01-01\"/>\n"
        "<holding person=\"x\" position=\"q\" capacity=\"definitive\" from=\"2026-01-01\"/>\n"
        "</holdings><mandates/><assistants/></directory>\n";
    g_autofree char *path = fixture_path(f, "directory.xml");
    g_autofree char *dir = fixture_path(f, "other");
    NskInitOptions options = { .dir = dir, .directory = path, .clock = &f->clock };

    (void)data;
    write_file(path, xml);
    GError *error = init_fails(&options);
    g_test_message("%s", error->message);
    g_assert_nonnull(strstr(error->message, "directory.xml:4:"));
    g_assert_nonnull(strstr(error->message, "tidak-ada"));
    g_assert_nonnull(strstr(error->message, "directory.xml:7:"));
    g_assert_nonnull(strstr(error->message, "hilang"));
    g_assert_nonnull(strstr(error->message, "directory.xml:8:"));
    g_assert_error(error, NSK_ERROR, NSK_ERROR_INVALID);
    g_clear_error(&error);
    g_assert_false(g_file_test(dir, G_FILE_TEST_EXISTS));
}

static void
test_what_is_missing_is_named_before_anything_is_made(Fixture *f, gconstpointer data)
{
    g_autofree char *dir = fixture_path(f, "other");
    g_autofree char *none = fixture_path(f, "tidak-ada.xml");
    g_autofree char *bad = fixture_path(f, "profil.xml");
    const struct {
        NskInitOptions options;
        int code;
        const char *said;
    } cases[] = {
        { { .dir = dir }, NSK_ERROR_INVALID, "--directory" },
        { { .dir = dir, .directory = none }, NSK_ERROR_NOT_FOUND, "tidak-ada.xml" },
        { { .dir = dir, .demo = true, .profile = none }, NSK_ERROR_NOT_FOUND, "tidak-ada.xml" },
        { { .dir = dir, .demo = true, .profile = bad }, NSK_ERROR_INVALID, "profil.xml" },
        { { .dir = dir, .demo = true, .person = "siapa" }, NSK_ERROR_NOT_FOUND, "siapa" },
    };

    (void)data;
    write_file(bad, "<profile xmlns=\"urn:naskah:profile:1\" id=\"x\"/>");
    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        NskInitOptions options = cases[i].options;

        options.clock = &f->clock;
        GError *error = init_fails(&options);
        fixture_refused(&error, cases[i].code, cases[i].said);
        g_assert_false(g_file_test(dir, G_FILE_TEST_EXISTS));
    }
}

/* An office with a directory of its own, which is no demo. */
static void
test_a_real_office_lets_nobody_act_as_another(Fixture *f, gconstpointer data)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(NskJson) result = NULL;
    g_autofree char *path = fixture_path(f, "directory.xml");
    g_autofree char *dir = fixture_path(f, "other");
    g_autoptr(GBytes) xml = nsk_resource_load("templates/demo/directory.xml", &error);
    NskInitOptions options = { .dir = dir,
                               .directory = path,
                               .person = "sekar",
                               .clock = &f->clock };
    NskOfficeOptions open = { .dir = dir, .clock = &f->clock };

    (void)data;
    g_assert_no_error(error);
    g_file_set_contents(path, g_bytes_get_data(xml, NULL), (gssize)g_bytes_get_size(xml), NULL);
    g_assert_true(nsk_office_init(&options, &result, &error));
    g_assert_no_error(error);
    g_assert_false(nsk_json_get_bool(result, "demo", true));
    g_assert_null(nsk_json_get_text(result, "trust"));
    g_autofree char *key = g_build_filename(dir, "keys/sekar.p12", NULL);
    g_assert_false(g_file_test(key, G_FILE_TEST_EXISTS));

    g_autoptr(NskOffice) office = nsk_office_open(&open, &error);
    g_assert_no_error(error);
    g_assert_cmpstr(nsk_office_get_dir(office), ==, dir);
    g_assert_false(nsk_office_act_as(office, "damar", &error));
    fixture_refused(&error, NSK_ERROR_DENIED, "demo offices only");
    open.as = "damar";
    g_assert_null(nsk_office_open(&open, &error));
    fixture_refused(&error, NSK_ERROR_DENIED, "demo offices only");
}

static void
test_an_account_of_nobody_is_told_so(Fixture *f, gconstpointer data)
{
    g_autoptr(GError) error = NULL;
    NskOfficeOptions open = { .dir = f->dir, .clock = &f->clock };

    (void)data;
    g_assert_null(nsk_office_open(&open, &error));
    fixture_refused(&error, NSK_ERROR_DENIED, "--as");
    open.as = "siapa";
    g_assert_null(nsk_office_open(&open, &error));
    fixture_refused(&error, NSK_ERROR_NOT_FOUND, "siapa");
}

static void
test_an_office_without_its_last_step_does_not_open(Fixture *f, gconstpointer data)
{
    g_autoptr(GError) error = NULL;
    g_autofree char *path = g_build_filename(f->dir, "office.db", NULL);
    NskOfficeOptions open = { .dir = f->dir, .as = "damar", .clock = &f->clock };

    (void)data;
    fixture_damage(f, sql_lose_last_step, "");
    g_assert_null(nsk_office_open(&open, &error));
    fixture_refused(&error, NSK_ERROR_CORRUPT, "was not made to its end");
    open.as = NULL;
    open.nobody = true;
    g_assert_null(nsk_office_open(&open, &error));
    fixture_refused(&error, NSK_ERROR_CORRUPT, f->dir);
}

static void
test_what_is_no_office_does_not_open(Fixture *f, gconstpointer data)
{
    g_autoptr(GError) error = NULL;
    g_autofree char *dir = fixture_path(f, "other");
    g_autofree char *path = g_build_filename(dir, "office.db", NULL);
    NskOfficeOptions open = { .dir = dir, .nobody = true, .clock = &f->clock };

    (void)data;
    g_assert_null(nsk_office_open(&open, &error));
    g_assert_error(error, NSK_ERROR, NSK_ERROR_NOT_FOUND);
    g_clear_error(&error);
    g_assert_cmpint(g_mkdir_with_parents(dir, 0700), ==, 0);
    write_file(path, "ini bukan basis data, hanya tulisan");
    g_assert_null(nsk_office_open(&open, &error));
    g_assert_error(error, NSK_ERROR, NSK_ERROR_CORRUPT);
}

static void
test_migrating_tells_from_and_to(Fixture *f, gconstpointer data)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(NskJson) result = NULL;
    g_autofree char *none = fixture_path(f, "other");
    NskJson *nothing = NULL;

    (void)data;
    g_clear_pointer(&f->office, nsk_office_free);
    g_assert_true(nsk_office_migrate(f->dir, true, &result, &error));
    g_assert_no_error(error);
    g_assert_cmpint(nsk_json_get_int(result, "from", 0), ==, nsk_db_schema_newest());
    g_assert_cmpint(nsk_json_get_int(result, "to", 0), ==, nsk_db_schema_newest());

    g_assert_false(nsk_office_migrate(none, true, &nothing, &error));
    g_assert_error(error, NSK_ERROR, NSK_ERROR_NOT_FOUND);
    g_assert_null(nothing);
}

int
main(int argc, char **argv)
{
    static const FixtureTest tests[] = {
        { "/office/init/only-an-empty-folder-becomes-an-office",
          test_only_an_empty_folder_becomes_an_office, NULL },
        { "/office/init/an-empty-folder-is-closed-to-others",
          test_an_empty_folder_is_closed_to_others, NULL },
        { "/office/init/a-faulty-directory-makes-nothing-and-tells-all",
          test_a_faulty_directory_makes_nothing_and_tells_all, NULL },
        { "/office/init/what-is-missing-is-named-before-anything-is-made",
          test_what_is_missing_is_named_before_anything_is_made, NULL },
        { "/office/init/a-real-office-lets-nobody-act-as-another",
          test_a_real_office_lets_nobody_act_as_another, NULL },
        { "/office/init/an-account-of-nobody-is-told-so", test_an_account_of_nobody_is_told_so,
          NULL },
        { "/office/init/an-office-without-its-last-step-does-not-open",
          test_an_office_without_its_last_step_does_not_open, NULL },
        { "/office/init/what-is-no-office-does-not-open", test_what_is_no_office_does_not_open,
          NULL },
        { "/office/init/migrating-tells-from-and-to", test_migrating_tells_from_and_to, NULL },
    };

    return fixture_main(argc, argv, tests, G_N_ELEMENTS(tests));
}
