/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "db/db.h"

#include <glib/gstdio.h>
#include <sqlite3.h>
#include <string.h>

typedef struct {
    char *folder;
    char *path;
} Fixture;

static void
setup(Fixture *f, G_GNUC_UNUSED gconstpointer data)
{
    f->folder = g_dir_make_tmp("naskah-XXXXXX", NULL);
    f->path = g_build_filename(f->folder, "office.db", NULL);
}

static void
teardown(Fixture *f, G_GNUC_UNUSED gconstpointer data)
{
    static const char *const endings[] = { "", "-wal", "-shm", ".writer" };

    for (size_t i = 0; i < G_N_ELEMENTS(endings); i++) {
        g_autofree char *path = g_strconcat(f->path, endings[i], NULL);
        (void)g_unlink(path);
    }
    g_assert_cmpint(g_rmdir(f->folder), ==, 0);
    g_free(f->folder);
    g_free(f->path);
}

/* The whole schema as text, in a fixed order. */
static char *
schema_of(const char *path)
{
    sqlite3 *handle = NULL;
    sqlite3_stmt *stmt = NULL;
    g_autoptr(GString) text = g_string_new(NULL);

    g_assert_cmpint(sqlite3_open(path, &handle), ==, SQLITE_OK);
    g_assert_cmpint(sqlite3_prepare_v2(handle,
                                       "SELECT type, name, sql FROM sqlite_schema ORDER BY 1, 2",
                                       -1, &stmt, NULL),
                    ==, SQLITE_OK);
    while (sqlite3_step(stmt) == SQLITE_ROW)
        g_string_append_printf(text, "%s %s %s\n", sqlite3_column_text(stmt, 0),
                               sqlite3_column_text(stmt, 1), sqlite3_column_text(stmt, 2));
    (void)sqlite3_finalize(stmt);
    (void)sqlite3_close(handle);
    return g_string_free(g_steal_pointer(&text), FALSE);
}

static void
run_sql(const char *path, const char *sql)
{
    sqlite3 *handle = NULL;

    g_assert_cmpint(sqlite3_open(path, &handle), ==, SQLITE_OK);
    g_assert_cmpint(sqlite3_exec(handle, sql, NULL, NULL, NULL), ==, SQLITE_OK);
    (void)sqlite3_close(handle);
}

/* The first column of the first row. */
static char *
text_of(const char *path, const char *sql)
{
    sqlite3 *handle = NULL;
    sqlite3_stmt *stmt = NULL;

    g_assert_cmpint(sqlite3_open(path, &handle), ==, SQLITE_OK);
    g_assert_cmpint(sqlite3_prepare_v2(handle, sql, -1, &stmt, NULL), ==, SQLITE_OK);
    g_assert_cmpint(sqlite3_step(stmt), ==, SQLITE_ROW);
    char *text = g_strdup((const char *)sqlite3_column_text(stmt, 0));
    (void)sqlite3_finalize(stmt);
    (void)sqlite3_close(handle);
    return text;
}

/* A file with only the first steps, as an older program left it. */
static void
make_old_office(const char *path)
{
    g_autofree char *source =
        g_build_filename(g_getenv("NASKAH_SOURCE"), "engine/db/schema/0001-requests.sql", NULL);
    g_autofree char *sql = NULL;

    g_assert_true(g_file_get_contents(source, &sql, NULL, NULL));
    run_sql(path, sql);
    run_sql(path, "PRAGMA user_version = 1");
}

static void
test_an_old_office_becomes_as_a_new_one(Fixture *f, G_GNUC_UNUSED gconstpointer data)
{
    int from = -1, to = -1;
    g_autoptr(GError) error = NULL;

    g_assert_true(nsk_db_create(f->path, &error));
    g_autofree char *fresh = schema_of(f->path);
    g_unlink(f->path);

    make_old_office(f->path);
    g_assert_cmpint(nsk_db_schema_version(f->path, NULL), ==, 1);
    run_sql(f->path,
            "INSERT INTO outbox (topic, letter, body, at) VALUES ('project', 'a', 'x', 5),"
            " ('project', 'b', 'x', 6), ('project', 'a', 'y', 7), ('project', 'a', 'x', 8)");
    g_assert_true(nsk_db_migrate(f->path, NULL, &from, &to, &error));
    g_assert_no_error(error);
    g_assert_cmpint(from, ==, 1);
    g_assert_cmpint(to, ==, nsk_db_schema_newest());
    g_autofree char *migrated = schema_of(f->path);
    g_assert_cmpstr(fresh, ==, migrated);

    g_autofree char *work =
        text_of(f->path, "SELECT group_concat(letter || ':' || body || ':' || at"
                         " || ':' || latest, ' ') FROM outbox");
    g_assert_cmpstr(work, ==, "a:x y:5:8 b:x:6:6");
    g_assert_true(nsk_db_migrate(f->path, NULL, &from, &to, &error));
    g_assert_cmpint(from, ==, to);
}

static void
test_another_schema_is_refused(Fixture *f, G_GNUC_UNUSED gconstpointer data)
{
    g_autoptr(GError) error = NULL;

    g_assert_true(nsk_db_create(f->path, NULL));
    run_sql(f->path, "PRAGMA user_version = 9999");
    g_assert_null(nsk_db_open(f->path, NSK_DB_READ, &error));
    g_assert_error(error, NSK_ERROR, NSK_ERROR_UNSUPPORTED);
    g_assert_nonnull(strstr(error->message, "newer"));
    g_clear_error(&error);
    g_assert_false(nsk_db_migrate(f->path, NULL, NULL, NULL, &error));
    g_assert_error(error, NSK_ERROR, NSK_ERROR_UNSUPPORTED);
    g_clear_error(&error);

    run_sql(f->path, "PRAGMA user_version = 0");
    g_assert_null(nsk_db_open(f->path, NSK_DB_READ, &error));
    g_assert_error(error, NSK_ERROR, NSK_ERROR_UNSUPPORTED);
    g_assert_nonnull(strstr(error->message, "naskah migrate"));
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add("/db/migrate/an-old-office-becomes-as-a-new-one", Fixture, NULL, setup,
               test_an_old_office_becomes_as_a_new_one, teardown);
    g_test_add("/db/migrate/another-schema-is-refused", Fixture, NULL, setup,
               test_another_schema_is_refused, teardown);
    return g_test_run();
}
