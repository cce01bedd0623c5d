/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The projector: which repositories are to be brought up to date, one after another.
 *
 * A repository that fails does not keep the others back, nor a letter the others of its repository:
 * each row of the outbox learns whether it was done.
 */
#include "base/id.h"
#include "base/message.h"
#include "store/store-private.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

#define LOCK_NAME ".projector.lock"
#define SUFFIX    ".git"

struct _NskProjector {
    char *folder;
    int lock_fd;
    NskPackBounds bounds;
};

static const char sql_list_repositories[] =
    "SELECT DISTINCT repository FROM head WHERE repository IS NOT NULL ORDER BY repository";

NskProjector *
nsk_projector_open(const char *folder, GError **error)
{
    g_autoptr(NskProjector) self = g_new0(NskProjector, 1);
    g_autofree char *lock = g_build_filename(folder, LOCK_NAME, NULL);

    self->folder = g_strdup(folder);
    self->lock_fd = -1;
    self->bounds = nsk_pack_bounds;
    if (g_mkdir_with_parents(folder, 0700) != 0) {
        (void)nsk_store_io_error(error, N_("make the folder"), folder);
        return NULL;
    }
    self->lock_fd = open(lock, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (self->lock_fd >= 0 && flock(self->lock_fd, LOCK_EX | LOCK_NB) == 0)
        return g_steal_pointer(&self);
    if (self->lock_fd >= 0 && errno == EWOULDBLOCK)
        g_set_error(error, NSK_ERROR, NSK_ERROR_BUSY,
                    nsk_tr("another process is writing the repositories in '%s': try again"),
                    folder);
    else
        (void)nsk_store_io_error(error, N_("lock"), lock);
    return NULL;
}

void
nsk_projector_free(NskProjector *self)
{
    if (self == NULL)
        return;
    if (self->lock_fd >= 0)
        (void)close(self->lock_fd);
    g_free(self->folder);
    g_free(self);
}

void
nsk_projector_set_bounds(NskProjector *self, const NskPackBounds *bounds)
{
    self->bounds = *bounds;
}

char *
nsk_projector_path(const NskProjector *self, const char *name)
{
    return g_strconcat(self->folder, "/", name, SUFFIX, NULL);
}

/* A name comes from the database; it must be one that is safe in a path. */
static bool
check_name(const char *name, GError **error)
{
    if (name != NULL && nsk_name_is_valid(name))
        return true;
    g_set_error(error, NSK_ERROR, NSK_ERROR_CORRUPT,
                nsk_tr("the database names a repository '%s', which is no name"),
                name != NULL ? name : "");
    return false;
}

/* Keeps the first of the faults for the caller. */
static void
keep_first(const GError *fault, GError **error)
{
    if (error != NULL && *error == NULL)
        *error = g_error_copy(fault);
}

static void
fail_row(NskOutboxRow *row, const GError *fault, GError **error)
{
    if (row->fault == NULL)
        row->fault = g_strdup(fault->message);
    keep_first(fault, error);
}

static void
free_rows(gpointer rows)
{
    g_ptr_array_unref(rows);
}

/* Sorts the rows by the repositories that they name: name -> NskOutboxRow (borrowed). */
static GHashTable *
group_rows(const GPtrArray *rows, bool *out_ok, GError **error)
{
    GHashTable *groups = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, free_rows);

    for (guint i = 0; i < rows->len; i++) {
        NskOutboxRow *row = rows->pdata[i];
        g_auto(GStrv) words = g_strsplit(row->body, " ", -1);

        for (char **word = words; *word != NULL; word++) {
            g_autoptr(GError) fault = NULL;
            GPtrArray *group = g_hash_table_lookup(groups, *word);

            if (group == NULL && !check_name(*word, &fault)) {
                fail_row(row, fault, error);
                *out_ok = false;
                continue;
            }
            if (group == NULL) {
                group = g_ptr_array_new();
                g_hash_table_insert(groups, g_strdup(*word), group);
            }
            g_ptr_array_add(group, row);
        }
    }
    return groups;
}

static void
free_error(gpointer data)
{
    g_error_free(data);
}

/*
 * Projects the repository @name; @rows NULL: anew.  Returns false with the first fault if not all
 * of it could be done, and tells the rows.
 */
static bool
project(NskProjector *self, NskDbTxn *txn, const char *name, const GPtrArray *rows, GError **error)
{
    GHashTableIter iter;
    gpointer damage;
    g_autoptr(GError) fault = NULL;
    g_autoptr(GHashTable) damaged =
        g_hash_table_new_full(g_str_hash, g_str_equal, g_free, free_error);
    const NskProjection projection = { .txn = txn,
                                       .folder = self->folder,
                                       .name = name,
                                       .rows = rows,
                                       .bounds = &self->bounds,
                                       .damaged = damaged };
    bool ok = nsk_project(&projection, &fault);

    if (!ok)
        g_prefix_error(&fault, nsk_tr("repository '%s': "), name);
    for (guint i = 0; rows != NULL && i < rows->len; i++) {
        NskOutboxRow *row = rows->pdata[i];
        const GError *own = ok ? g_hash_table_lookup(damaged, row->letter) : fault;

        if (own != NULL)
            fail_row(row, own, error);
    }
    if (!ok)
        keep_first(fault, error);
    g_hash_table_iter_init(&iter, damaged);
    while (g_hash_table_iter_next(&iter, NULL, &damage))
        keep_first(damage, error);
    return ok && g_hash_table_size(damaged) == 0;
}

bool
nsk_projector_run(NskProjector *self, NskDb *db, const GPtrArray *rows, GError **error)
{
    bool ok = true;
    g_autoptr(GError) fault = NULL;
    g_autoptr(NskDbTxn) txn = nsk_db_snapshot(db, &fault);

    for (guint i = 0; txn == NULL && i < rows->len; i++)
        fail_row(rows->pdata[i], fault, error);
    if (txn == NULL) {
        keep_first(fault, error);
        return false;
    }
    g_autoptr(GHashTable) groups = group_rows(rows, &ok, error);
    g_autoptr(GList) names = g_list_sort(g_hash_table_get_keys(groups), (GCompareFunc)strcmp);
    for (GList *at = names; at != NULL; at = at->next)
        ok = project(self, txn, at->data, g_hash_table_lookup(groups, at->data), error) && ok;
    return ok;
}

/* Names of the repositories that the database or the folder has. */
static bool
read_repositories(NskProjector *self, NskDbTxn *txn, GHashTable *names, GError **error)
{
    bool has_row = true;
    const char *file;
    g_autoptr(GDir) dir = g_dir_open(self->folder, 0, NULL);
    g_autoptr(NskDbRows) rows = nsk_db_query(txn, sql_list_repositories, NSK_DB_NO_PARAMS, error);

    while (rows != NULL && has_row) {
        if (!nsk_db_rows_next(rows, &has_row, error) ||
            (has_row && !check_name(nsk_db_rows_text(rows, 0), error)))
            return false;
        if (has_row)
            g_hash_table_add(names, g_strdup(nsk_db_rows_text(rows, 0)));
    }
    while (dir != NULL && (file = g_dir_read_name(dir)) != NULL) {
        g_autofree char *name = g_strndup(file, strlen(file) - MIN(strlen(file), strlen(SUFFIX)));

        if (g_str_has_suffix(file, SUFFIX) && nsk_name_is_valid(name))
            g_hash_table_add(names, g_steal_pointer(&name));
    }
    return rows != NULL;
}

/* Every repository, for @rows: none of its own, or NULL, which writes them all anew. */
static bool
project_all(NskProjector *self, NskDb *db, const GPtrArray *rows, GError **error)
{
    bool ok = true;
    g_autoptr(GHashTable) names = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    g_autoptr(NskDbTxn) txn = nsk_db_snapshot(db, error);

    if (txn == NULL || !read_repositories(self, txn, names, error))
        return false;
    g_autoptr(GList) sorted = g_list_sort(g_hash_table_get_keys(names), (GCompareFunc)strcmp);
    for (GList *at = sorted; at != NULL; at = at->next)
        ok = project(self, txn, at->data, rows, error) && ok;
    return ok;
}

bool
nsk_projector_rebuild(NskProjector *self, NskDb *db, GError **error)
{
    return project_all(self, db, NULL, error);
}

bool
nsk_projector_heal(NskProjector *self, NskDb *db, GError **error)
{
    g_autoptr(GPtrArray) none = g_ptr_array_new();

    return project_all(self, db, none, error);
}
