/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fixture.h"

#include <ftw.h>
#include <stdarg.h>
#include <stdio.h>
#include <unistd.h>

NskStoreCommit
fixture_commit(const char *letter, const char *repository)
{
    return (NskStoreCommit){ .letter = letter,
                             .repository = repository,
                             .message = "Draft the letter\n\nEvent: letter-drafted\n",
                             .author_name = "Sekar Wulandari",
                             .author_email = "sekar@arunika.example",
                             .at = TIME_1,
                             .offset_minutes = 420 };
}

static bool
apply_commit(NskDbTxn *txn, void *data, char **out_answer, GError **error)
{
    return nsk_store_commit(txn, data, out_answer, error);
}

char *
fixture_try(NskDb *db, const NskStoreCommit *commit, GError **error)
{
    char *oid = NULL;
    NskStoreCommit copy = *commit;
    NskChange change = { .apply = apply_commit, .data = &copy };

    return nsk_db_commit(db, &change, &oid, error) ? oid : NULL;
}

char *
fixture_put(NskDb *db, const NskStoreCommit *commit, const char *name, const char *text)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(GBytes) content = g_bytes_new(text, strlen(text));
    NskStoreFile file = { .name = name, .content = content };
    NskStoreCommit whole = *commit;

    whole.put = &file;
    whole.n_put = 1;
    char *oid = fixture_try(db, &whole, &error);
    g_assert_no_error(error);
    return oid;
}

void
fixture_add(NskDb *db, const NskStoreCommit *commit, const char *name, const char *text)
{
    g_free(fixture_put(db, commit, name, text));
}

typedef struct {
    const char *sql;
    const char *letter;
} Tamper;

static bool
apply_tamper(NskDbTxn *txn, void *data, char **out_answer, GError **error)
{
    const Tamper *tamper = data;

    (void)out_answer;
    return nsk_db_exec(txn, tamper->sql, NSK_DB_PARAMS(NSK_DB_TEXT(tamper->letter)), NULL, error);
}

void
fixture_tamper(NskDb *db, const char *sql, const char *letter)
{
    g_autoptr(GError) error = NULL;
    Tamper tamper = { sql, letter };
    NskChange change = { .apply = apply_tamper, .data = &tamper };

    bool ok = nsk_db_commit(db, &change, NULL, &error);
    g_assert_no_error(error);
    g_assert_true(ok);
}

int64_t
fixture_number(NskDb *db, const char *sql)
{
    bool has_row = false;
    g_autoptr(GError) error = NULL;
    g_autoptr(NskDbTxn) txn = nsk_db_snapshot(db, &error);
    g_assert_no_error(error);
    g_autoptr(NskDbRows) rows = nsk_db_query(txn, sql, NSK_DB_NO_PARAMS, &error);
    g_assert_no_error(error);

    g_assert_true(nsk_db_rows_next(rows, &has_row, &error));
    return has_row ? nsk_db_rows_int(rows, 0) : 0;
}

char *
fixture_git(const char *folder, int *out_status, const char *first, ...)
{
    g_autoptr(GPtrArray) argv = g_ptr_array_new_with_free_func(g_free);
    g_autoptr(GError) error = NULL;
    g_autofree char *out = NULL;
    g_autofree char *err = NULL;
    g_auto(GStrv) env = g_get_environ();
    va_list rest;

    env = g_environ_setenv(env, "GIT_CONFIG_NOSYSTEM", "1", TRUE);
    env = g_environ_setenv(env, "HOME", folder, TRUE);
    env = g_environ_setenv(env, "LC_ALL", "C", TRUE);
    g_ptr_array_add(argv, g_strdup("git"));
    va_start(rest, first);
    for (const char *arg = first; arg != NULL; arg = va_arg(rest, const char *))
        g_ptr_array_add(argv, g_strdup(arg));
    va_end(rest);
    g_ptr_array_add(argv, NULL);
    (void)g_spawn_sync(folder, (char **)argv->pdata, env, G_SPAWN_SEARCH_PATH, NULL, NULL, &out,
                       &err, out_status, &error);
    g_assert_no_error(error);
    return g_strconcat(out, err, NULL);
}

char *
fixture_folder(void)
{
    g_autoptr(GError) error = NULL;
    char *folder = g_dir_make_tmp("nsk-store-XXXXXX", &error);

    g_assert_no_error(error);
    return folder;
}

static int
remove_one(const char *path, const struct stat *st, int type, struct FTW *ftw)
{
    (void)st, (void)type, (void)ftw;
    return remove(path);
}

void
fixture_remove(char *folder)
{
    (void)nftw(folder, remove_one, 16, FTW_DEPTH | FTW_PHYS);
    g_free(folder);
}
