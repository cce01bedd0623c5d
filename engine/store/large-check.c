/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The doctor's look at large files: what the database names must lie in the folder and be whole,
 * and what lies there must be named.  And the table of their names, made again from the texts that
 * stand for them in git.
 *
 * A file that nobody names is left by a change that did not come to its end.  One of the last day
 * may belong to a change that is under way, and is not reported.
 */
#include "base/bytes.h"
#include "base/message.h"
#include "store/store-private.h"

#include <string.h>
#include <sys/stat.h>

#define YOUNG_US  (INT64_C(24) * 60 * 60 * G_USEC_PER_SEC)
#define MOST_LIST 100 /* findings of one kind */

/* texts that stand for large files are short */
static const char sql_list_short[] = "SELECT o.oid FROM head h JOIN object o ON o.history = h.n"
                                     " WHERE h.letter = $1 AND o.kind = 3 AND o.size <= 512";

typedef struct {
    const char *folder;
    NskInstant now;
    GHashTable *named; /* hex digests; borrowed from the list */
    NskIssues *issues;
    guint found;
} Check;

static void
report(Check *self, const char *tag, const char *file, const char *text)
{
    g_autofree char *copy = g_strdup(file);
    bool broken = strcmp(tag, "store-file-damaged") == 0 || strcmp(tag, "store-file-missing") == 0;

    if (!broken && ++self->found > MOST_LIST)
        return;
    nsk_issues_add(self->issues,
                   &(NskIssue){ .tag = tag,
                                .severity = broken ? NSK_SEVERITY_ERROR : NSK_SEVERITY_WARNING,
                                .file = copy },
                   "%s", text);
}

/* Reads the file, which hashes it. */
static bool
check_file(Check *self, const NskStoreLarge *large, GError **error)
{
    g_autoptr(GError) fault = NULL;
    NskLargeFile file = { .size = (uint64_t)large->size };

    if (!nsk_unhex(large->sha256, file.sha256, sizeof file.sha256)) {
        report(self, "store-file-damaged", large->path, large->sha256);
        return true;
    }
    g_autoptr(GBytes) content = nsk_large_read(self->folder, &file, &fault);
    if (content != NULL)
        return true;
    if (g_error_matches(fault, NSK_ERROR, NSK_ERROR_CORRUPT) ||
        g_error_matches(fault, NSK_ERROR, NSK_ERROR_IO)) {
        g_autofree char *path = g_strconcat(self->folder, large->path + strlen("blob"), NULL);
        struct stat st;

        report(self, lstat(path, &st) != 0 ? "store-file-missing" : "store-file-damaged",
               large->path, fault->message);
        return true;
    }
    g_propagate_error(error, g_steal_pointer(&fault));
    return false;
}

/* Whether @path (of which @name is the last part) is old enough to be called left behind. */
static bool
is_old(const Check *self, const struct stat *st)
{
    NskInstant changed = (NskInstant)st->st_mtime * G_USEC_PER_SEC;

    return self->now - changed > YOUNG_US;
}

/* Judges what lies at @path. */
static void
check_entry(Check *self, const char *path, const char *name, const char *above)
{
    struct stat st;
    uint8_t digest[NSK_SHA256_SIZE];
    bool half = g_str_has_prefix(name, ".new-");

    if (lstat(path, &st) != 0)
        return;
    bool ours = S_ISREG(st.st_mode) && (half || (nsk_unhex(name, digest, sizeof digest) &&
                                                 above != NULL && strncmp(name, above, 2) == 0));
    if (!ours) {
        g_autofree char *text =
            g_strdup_printf(nsk_tr("'%s' is none of the office's large files: move it away"), path);
        report(self, "store-file-strange", path, text);
        return;
    }
    if (g_hash_table_contains(self->named, name) || !is_old(self, &st))
        return;
    g_autofree char *text = g_strdup_printf(
        nsk_tr("'%s' belongs to no letter; it is left of a change that did not end and may be "
               "removed"),
        path);
    report(self, "store-file-orphan", path, text);
}

static int
compare_names(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* Names in a folder, sorted; empty if it is none. */
static GPtrArray *
list_names(const char *path)
{
    const char *name;
    GPtrArray *names = g_ptr_array_new_with_free_func(g_free);
    g_autoptr(GDir) dir = g_dir_open(path, 0, NULL);

    while (dir != NULL && (name = g_dir_read_name(dir)) != NULL)
        g_ptr_array_add(names, g_strdup(name));
    g_ptr_array_sort(names, compare_names);
    return names;
}

static bool
is_folder(const char *path)
{
    struct stat st;

    return lstat(path, &st) == 0 && S_ISDIR(st.st_mode);
}

static void
check_folder(Check *self)
{
    g_autoptr(GPtrArray) tops = list_names(self->folder);

    for (guint i = 0; i < tops->len; i++) {
        const char *top = tops->pdata[i];
        g_autofree char *path = g_build_filename(self->folder, top, NULL);
        uint8_t byte;

        if (!nsk_unhex(top, &byte, 1) || !is_folder(path)) {
            check_entry(self, path, top, NULL);
            continue;
        }
        g_autoptr(GPtrArray) names = list_names(path);
        for (guint j = 0; j < names->len; j++) {
            g_autofree char *file = g_build_filename(path, names->pdata[j], NULL);

            check_entry(self, file, names->pdata[j], top);
        }
    }
}

bool
nsk_store_check_blobs(NskDbTxn *txn, NskInstant now, NskIssues *issues, GError **error)
{
    g_autofree char *folder = nsk_large_folder(txn);
    g_autoptr(GPtrArray) list = nsk_store_list_blobs(txn, error);
    g_autoptr(GHashTable) named = g_hash_table_new(g_str_hash, g_str_equal);
    Check check = { .folder = folder, .now = now, .named = named, .issues = issues };

    for (guint i = 0; list != NULL && i < list->len; i++) {
        const NskStoreLarge *large = list->pdata[i];

        g_hash_table_add(named, large->sha256);
        if (folder != NULL && !check_file(&check, large, error))
            return false;
    }
    if (list != NULL && folder != NULL)
        check_folder(&check);
    return list != NULL;
}

/* Notes the large file that the object stands for, if it does. */
static bool
note_object(NskDbTxn *txn, const char *letter, const git_oid *oid, GError **error)
{
    NskLargeFile file;
    g_autoptr(GError) fault = NULL;
    g_autoptr(GBytes) content = nsk_object_find(txn, letter, oid, NULL, NULL, &fault);

    if (content != NULL)
        return !nsk_large_read_text(content, &file) || nsk_large_note(txn, letter, &file, error);
    if (g_error_matches(fault, NSK_ERROR, NSK_ERROR_CORRUPT))
        return true;
    g_propagate_error(error, g_steal_pointer(&fault));
    return false;
}

bool
nsk_store_note_blobs(NskDbTxn *txn, const char *letter, GError **error)
{
    bool has_row = true;
    g_autoptr(NskDbRows) rows =
        nsk_db_query(txn, sql_list_short, NSK_DB_PARAMS(NSK_DB_TEXT(letter)), error);

    while (rows != NULL && has_row) {
        git_oid oid;

        if (!nsk_db_rows_next(rows, &has_row, error) ||
            (has_row &&
             (!nsk_oid_from_row(rows, 0, &oid, error) || !note_object(txn, letter, &oid, error))))
            return false;
    }
    return rows != NULL;
}
