/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The projector: from heads in the database to bare repositories.
 *
 * What a repository already has is what its packed-refs names; nothing else is remembered, so that
 * a repository may be deleted, or be older than the database, at any time.
 *
 *   1. heads of the repository, in one snapshot     against packed-refs
 *   2. the objects between, read and hashed again   -> one pack, its index    (durable)
 *   3. packed-refs                                  -> replaced               (durable)
 *   4. packs that are of no use any more            -> removed
 *
 * A kill between 2 and 3 leaves objects that nothing names; 2 is then repeated with the same
 * result.  A kill between 3 and 4 leaves what the next merge removes, unless a letter was to leave
 * the repository: that is known from the outbox row, which is still there, and from LEAVING, a file
 * that stands in the repository from before 3 to after 4.
 */
#include "base/bytes.h"
#include "base/fault.h"
#include "base/id.h"
#include "base/message.h"
#include "store/store-private.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

#define MOST_PACKS 50
#define LOCK_NAME  ".projector.lock"
#define SUFFIX     ".git"
#define LEAVING    "naskah-leaving"
#define REFS_HEAD  "# pack-refs with: peeled fully-peeled sorted \n"

struct _NskProjector {
    char *folder;
    int lock_fd;
};

typedef struct {
    char *letter;
    char *ref;
    git_oid oid;
} Ref;

typedef struct {
    guint ref; /* index in Job.refs: whose object it is */
    git_oid oid;
} Item;

/* One repository at work. */
typedef struct {
    NskDbTxn *txn;
    const char *name;
    char *path;
    GArray *refs;     /* Ref, sorted: what the repository shall have */
    GHashTable *had;  /* ref -> git_oid: what it has */
    GArray *items;    /* Item: objects that it lacks */
    GHashTable *seen; /* git_oid of @items */
    bool whole;       /* to be written anew */
} Job;

static const char sql_list_refs[] =
    "SELECT letter, ref, oid FROM head WHERE repository = $1 ORDER BY ref";
static const char sql_list_repositories[] =
    "SELECT DISTINCT repository FROM head WHERE repository IS NOT NULL ORDER BY repository";

NskProjector *
nsk_projector_open(const char *folder, GError **error)
{
    g_autoptr(NskProjector) self = g_new0(NskProjector, 1);
    g_autofree char *lock = g_build_filename(folder, LOCK_NAME, NULL);

    self->folder = g_strdup(folder);
    self->lock_fd = -1;
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

static void
clear_ref(gpointer data)
{
    Ref *ref = data;

    g_free(ref->letter);
    g_free(ref->ref);
}

static void
job_clear(Job *job)
{
    g_free(job->path);
    g_array_unref(job->refs);
    g_array_unref(job->items);
    g_hash_table_unref(job->seen);
    g_clear_pointer(&job->had, g_hash_table_unref);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Job, job_clear)

static bool
read_refs(Job *job, GError **error)
{
    bool has_row = true;
    g_autoptr(NskDbRows) rows =
        nsk_db_query(job->txn, sql_list_refs, NSK_DB_PARAMS(NSK_DB_TEXT(job->name)), error);

    while (rows != NULL && has_row) {
        Ref ref;

        if (!nsk_db_rows_next(rows, &has_row, error))
            return false;
        if (!has_row)
            break;
        if (!nsk_oid_from_row(rows, 2, &ref.oid, error))
            return false;
        ref.letter = g_strdup(nsk_db_rows_text(rows, 0));
        ref.ref = g_strdup(nsk_db_rows_text(rows, 1));
        g_array_append_val(job->refs, ref);
    }
    return rows != NULL;
}

/* A letter that left takes its objects along; then the repository is written anew. */
static bool
has_left(const Job *job)
{
    guint kept = 0;

    for (guint i = 0; i < job->refs->len; i++)
        kept += g_hash_table_contains(job->had, g_array_index(job->refs, Ref, i).ref) ? 1 : 0;
    return kept < g_hash_table_size(job->had);
}

/* Whether an earlier run did not end, or somebody else was here: refs without any pack, or packs
 * without any ref. */
static bool
is_unfinished(const Job *job, bool *out_unfinished, GError **error)
{
    g_autofree char *mark = g_build_filename(job->path, LEAVING, NULL);
    g_autoptr(GPtrArray) packs = nsk_repository_list_packs(job->path, error);

    if (packs == NULL)
        return false;
    *out_unfinished = g_file_test(mark, G_FILE_TEST_EXISTS) ||
                      (packs->len == 0) != (g_hash_table_size(job->had) == 0);
    return true;
}

/* Finds the objects of @index that the repository lacks. */
static bool
find_items(Job *job, guint index, GError **error)
{
    const git_oid none = { { 0 } };
    const Ref *ref = &g_array_index(job->refs, Ref, index);
    const git_oid *known = job->whole ? NULL : g_hash_table_lookup(job->had, ref->ref);

    if (known != NULL && git_oid_equal(known, &ref->oid))
        return true;
    g_autoptr(GArray) objects = nsk_history_objects(job->txn, ref->letter, &ref->oid,
                                                    known != NULL ? known : &none, NULL, error);
    if (objects == NULL)
        return false;
    for (guint i = 0; i < objects->len; i++) {
        Item item = { index, g_array_index(objects, NskReached, i).oid };

        if (nsk_oid_set_add(job->seen, &item.oid))
            g_array_append_val(job->items, item);
    }
    return true;
}

static bool
pack_item(const Job *job, NskPack *pack, const Item *item, GError **error)
{
    NskPackItem packed = { .oid = item->oid };
    const Ref *ref = &g_array_index(job->refs, Ref, item->ref);
    g_autoptr(GBytes) content =
        nsk_object_find(job->txn, ref->letter, &item->oid, &packed.kind, &packed.plain, error);

    if (content == NULL)
        return false;
    packed.data = g_bytes_get_data(content, &packed.size);
    return nsk_pack_add(pack, &packed, error);
}

/* Writes the items as one pack; *out_name stays NULL if there are none. */
static bool
write_pack(const Job *job, char **out_name, GError **error)
{
    g_autofree char *folder = g_build_filename(job->path, "objects/pack", NULL);

    if (job->items->len == 0)
        return true;
    g_autoptr(NskPack) pack = nsk_pack_open(folder, job->items->len, error);
    if (pack == NULL)
        return false;
    for (guint i = 0; i < job->items->len; i++) {
        if (!pack_item(job, pack, &g_array_index(job->items, Item, i), error))
            return false;
    }
    return nsk_pack_finish(pack, out_name, error);
}

static bool
write_refs(const Job *job, GError **error)
{
    g_autoptr(GString) text = g_string_new(REFS_HEAD);

    for (guint i = 0; i < job->refs->len; i++) {
        const Ref *ref = &g_array_index(job->refs, Ref, i);
        char oid[NSK_OID_LEN + 1];

        g_string_append_printf(text, "%s %s\n", nsk_oid_text(&ref->oid, oid), ref->ref);
    }
    return NSK_FAULT("project.refs", error) && nsk_repository_write_refs(job->path, text, error) &&
           NSK_FAULT("project.done", error);
}

/* Sets or takes away the mark that old packs are still to be removed. */
static bool
mark_leaving(const Job *job, bool leaving, GError **error)
{
    g_autofree char *mark = g_build_filename(job->path, LEAVING, NULL);

    if (leaving)
        return nsk_file_write(mark, "", 0, 0644, error);
    if (unlink(mark) != 0 && errno != ENOENT)
        return nsk_store_io_error(error, N_("remove"), mark);
    return nsk_dir_sync(job->path, error);
}

static bool
write_whole(const Job *job, GError **error)
{
    g_autofree char *pack = NULL;

    return mark_leaving(job, true, error) && write_pack(job, &pack, error) &&
           write_refs(job, error) && nsk_repository_drop_packs(job->path, NULL, pack, error) &&
           nsk_repository_drop_loose(job->path, error) && mark_leaving(job, false, error);
}

static bool
write_news(const Job *job, GError **error)
{
    g_autofree char *pack = NULL;

    if (!write_pack(job, &pack, error))
        return false;
    if (pack != NULL && !write_refs(job, error))
        return false;
    return nsk_repository_merge_packs(job->path, MOST_PACKS, error);
}

static bool
run_job(Job *job, GError **error)
{
    bool unfinished = false;

    if (!read_refs(job, error))
        return false;
    /* a repository that never was, of letters that went elsewhere */
    if (job->refs->len == 0 && !g_file_test(job->path, G_FILE_TEST_EXISTS))
        return true;
    if (!nsk_repository_prepare(job->path, job->name, error) ||
        !nsk_repository_sweep(job->path, error))
        return false;
    job->had = nsk_repository_read_refs(job->path, error);
    if (job->had == NULL || !is_unfinished(job, &unfinished, error))
        return false;
    job->whole = job->whole || unfinished || has_left(job);
    for (guint i = 0; i < job->refs->len; i++) {
        if (!find_items(job, i, error))
            return false;
    }
    return job->whole ? write_whole(job, error) : write_news(job, error);
}

static bool
project(NskProjector *self, NskDbTxn *txn, const char *name, bool whole, GError **error)
{
    g_auto(Job) job = { .txn = txn, .name = name, .whole = whole };

    job.path = g_strconcat(self->folder, "/", name, SUFFIX, NULL);
    job.refs = g_array_new(FALSE, FALSE, sizeof(Ref));
    g_array_set_clear_func(job.refs, clear_ref);
    job.items = g_array_new(FALSE, FALSE, sizeof(Item));
    job.seen = nsk_oid_set_new();
    if (run_job(&job, error))
        return true;
    g_prefix_error(error, nsk_tr("repository '%s': "), name);
    return false;
}

/* Projects each of the names; a repository that fails does not keep the others back, but is in
 * @faults (name -> what went wrong). */
static bool
project_all(NskProjector *self, NskDbTxn *txn, GHashTable *names, GHashTable *faults, bool whole)
{
    g_autoptr(GList) sorted = g_list_sort(g_hash_table_get_keys(names), (GCompareFunc)strcmp);

    for (GList *at = sorted; at != NULL; at = at->next) {
        g_autoptr(GError) fault = NULL;

        if (!project(self, txn, at->data, whole, &fault))
            g_hash_table_replace(faults, g_strdup(at->data), g_steal_pointer(&fault));
    }
    return g_hash_table_size(faults) == 0;
}

/* Adds a name from the database, which must be one that is safe in a path. */
static bool
add_name(GHashTable *names, const char *name, GError **error)
{
    if (name != NULL && nsk_name_is_valid(name)) {
        g_hash_table_add(names, g_strdup(name));
        return true;
    }
    g_set_error(error, NSK_ERROR, NSK_ERROR_CORRUPT,
                nsk_tr("the database names a repository '%s', which is no name"),
                name != NULL ? name : "");
    return false;
}

static void
fail_row(NskOutboxRow *row, const GError *fault, GError **error)
{
    if (row->fault == NULL)
        row->fault = g_strdup(fault->message);
    if (error != NULL && *error == NULL)
        *error = g_error_copy(fault);
}

/* Gathers the repositories that the rows name. */
static bool
read_rows(const GPtrArray *rows, GHashTable *names, GError **error)
{
    bool ok = true;

    for (guint i = 0; i < rows->len; i++) {
        NskOutboxRow *row = rows->pdata[i];
        g_auto(GStrv) words = g_strsplit(row->body, " ", -1);

        for (char **word = words; *word != NULL; word++) {
            g_autoptr(GError) fault = NULL;

            if (add_name(names, *word, &fault))
                continue;
            fail_row(row, fault, error);
            ok = false;
        }
    }
    return ok;
}

/* Tells each row whose repository failed. */
static void
fail_rows(const GPtrArray *rows, GHashTable *faults, GError **error)
{
    for (guint i = 0; i < rows->len; i++) {
        NskOutboxRow *row = rows->pdata[i];
        g_auto(GStrv) words = g_strsplit(row->body, " ", -1);

        for (char **word = words; *word != NULL; word++) {
            const GError *fault = g_hash_table_lookup(faults, *word);

            if (fault != NULL)
                fail_row(row, fault, error);
        }
    }
}

static void
free_error(gpointer data)
{
    g_error_free(data);
}

bool
nsk_projector_run(NskProjector *self, NskDb *db, const GPtrArray *rows, GError **error)
{
    g_autoptr(GError) fault = NULL;
    g_autoptr(GHashTable) names = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    g_autoptr(GHashTable) faults =
        g_hash_table_new_full(g_str_hash, g_str_equal, g_free, free_error);
    g_autoptr(NskDbTxn) txn = nsk_db_snapshot(db, &fault);

    for (guint i = 0; txn == NULL && i < rows->len; i++)
        fail_row(rows->pdata[i], fault, error);
    if (txn == NULL)
        return false;
    bool ok = read_rows(rows, names, error);
    if (!project_all(self, txn, names, faults, false))
        fail_rows(rows, faults, error);
    return ok && g_hash_table_size(faults) == 0;
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
            (has_row && !add_name(names, nsk_db_rows_text(rows, 0), error)))
            return false;
    }
    while (dir != NULL && (file = g_dir_read_name(dir)) != NULL) {
        g_autofree char *name = g_strndup(file, strlen(file) - MIN(strlen(file), strlen(SUFFIX)));

        if (g_str_has_suffix(file, SUFFIX) && nsk_name_is_valid(name))
            g_hash_table_add(names, g_steal_pointer(&name));
    }
    return rows != NULL;
}

bool
nsk_projector_rebuild(NskProjector *self, NskDb *db, GError **error)
{
    GHashTableIter iter;
    gpointer fault = NULL;
    g_autoptr(GHashTable) names = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    g_autoptr(GHashTable) faults =
        g_hash_table_new_full(g_str_hash, g_str_equal, g_free, free_error);
    g_autoptr(NskDbTxn) txn = nsk_db_snapshot(db, error);

    if (txn == NULL || !read_repositories(self, txn, names, error))
        return false;
    if (project_all(self, txn, names, faults, true))
        return true;
    g_hash_table_iter_init(&iter, faults);
    (void)g_hash_table_iter_next(&iter, NULL, &fault);
    g_propagate_error(error, g_error_copy(fault));
    return false;
}
