/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * One repository, brought up to date.
 *
 * What a repository already has is what its packed-refs names; nothing else is remembered but its
 * packs (pack-list.c), so that a repository may be deleted, lose packs, or be older than the
 * database, at any time.
 *
 *   1. heads of the changed letters, in one snapshot  against packed-refs
 *   2. the objects between, read and hashed again     -> one pack, its index    (durable)
 *   3. packed-refs                                    -> replaced               (durable)
 *   4. small packs are merged, big ones indexed together
 *
 * A run for one letter reads the objects of that letter alone.  All heads are read, a portion at a
 * time and each portion a pack, if the repository is to be written anew: it is not there, somebody
 * else was at it, or a letter leaves it or was destroyed, which takes its objects along.  Then,
 * between 3 and 4, every other pack is removed.
 *
 * A kill between 2 and 3 leaves objects that nothing names; 2 is then repeated with the same
 * result.  A kill between 3 and 4 leaves what the next merge removes, unless a letter was to leave
 * the repository: that is known from the outbox row, which is still there, and from LEAVING, a file
 * that stands in the repository from before 3 to after 4.
 *
 * A letter whose objects are damaged is left out: its ref stays as it was, or is not there in a
 * repository that is written anew.  It holds nothing up but itself.
 */
#include "base/bytes.h"
#include "base/fault.h"
#include "base/message.h"
#include "store/store-private.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

#define SUFFIX          ".git"
#define LEAVING         "naskah-leaving"
#define LETTERS_AT_ONCE 16384 /* of a repository that is written anew: so many in one pack */

typedef struct {
    guint change; /* index in Job.changes: whose object it is */
    git_oid oid;
} Item;

/* One repository at work. */
typedef struct {
    const NskProjection *projection;
    char *path;
    NskRefs *old;     /* what it has */
    GArray *changes;  /* NskRefChange, sorted by ref: a portion of what it shall have */
    GArray *items;    /* Item: objects that it lacks */
    GPtrArray *packs; /* names of packs written */
} Job;

static const char sql_list_refs[] =
    "SELECT letter, ref, oid FROM head WHERE repository = $1 AND ref > $2 ORDER BY ref LIMIT $3";

static void
clear_change(gpointer data)
{
    NskRefChange *change = data;

    g_free(change->letter);
    g_free(change->ref);
    g_clear_error(&change->fault);
}

static void
job_clear(Job *job)
{
    g_free(job->path);
    g_clear_pointer(&job->old, nsk_refs_free);
    g_array_unref(job->changes);
    g_array_unref(job->items);
    g_ptr_array_unref(job->packs);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Job, job_clear)

/* Whether an error says that a letter's objects are not what they were. */
static bool
is_damage(const GError *fault)
{
    return g_error_matches(fault, NSK_ERROR, NSK_ERROR_CORRUPT) ||
           g_error_matches(fault, NSK_ERROR, NSK_ERROR_NOT_FOUND);
}

/* Leaves the letter out, if @fault is of its own; otherwise passes @fault on.  Takes @fault. */
static bool
leave_out(const Job *job, NskRefChange *change, GError *fault, GError **error)
{
    if (!is_damage(fault)) {
        g_propagate_error(error, fault);
        return false;
    }
    g_hash_table_replace(job->projection->damaged, g_strdup(change->letter), g_error_copy(fault));
    change->fault = fault;
    return true;
}

/* Whether the version that the repository shows was destroyed: then what leads to it goes, too. */
static bool
is_gone(const Job *job, const NskRefChange *change, bool *out_gone, GError **error)
{
    bool found = true;
    NskObjectStat stat;

    if (!nsk_oid_is_zero(&change->had) && !nsk_oid_equal(&change->had, &change->want) &&
        !nsk_object_stat(job->projection->txn, change->letter, &change->had, &found, &stat, error))
        return false;
    *out_gone = *out_gone || !found;
    return true;
}

/* Finds what a changed letter's ref is and shall be. */
static bool
find_change(const Job *job, NskRefChange *change, GError **error)
{
    GError *fault = NULL;
    bool found = false;
    g_auto(NskHead) head = { .version = 0 };

    (void)nsk_refs_find(job->old, change->ref, &change->had);
    if (!nsk_head_find(job->projection->txn, change->letter, &found, &head, &fault))
        return leave_out(job, change, fault, error);
    if (found && g_strcmp0(head.repository, job->projection->name) == 0)
        change->want = head.oid;
    return true;
}

static int
compare_changes(const void *a, const void *b)
{
    return strcmp(((const NskRefChange *)a)->ref, ((const NskRefChange *)b)->ref);
}

/* Reads what the rows ask for; *out_leaves is whether a letter is to leave. */
static bool
read_changes(Job *job, bool *out_leaves, GError **error)
{
    const GPtrArray *rows = job->projection->rows;

    for (guint i = 0; i < rows->len; i++) {
        const char *letter = ((const NskOutboxRow *)rows->pdata[i])->letter;
        NskRefChange change = { .letter = g_strdup(letter), .ref = nsk_store_ref(letter) };

        /* a row of something that is no letter: nothing can be done about it */
        if (change.ref == NULL)
            g_free(change.letter);
        else
            g_array_append_val(job->changes, change);
    }
    g_array_sort(job->changes, compare_changes);
    for (guint i = 0; i < job->changes->len; i++) {
        NskRefChange *change = &g_array_index(job->changes, NskRefChange, i);

        if (!find_change(job, change, error))
            return false;
        *out_leaves = *out_leaves || (change->fault == NULL && nsk_oid_is_zero(&change->want) &&
                                      !nsk_oid_is_zero(&change->had));
        if (change->fault == NULL && !is_gone(job, change, out_leaves, error))
            return false;
    }
    return true;
}

/* Reads the next heads after the last one that was read. */
static bool
read_portion(Job *job, GError **error)
{
    bool has_row = true;
    guint n = job->changes->len;
    g_autofree char *last =
        g_strdup(n > 0 ? g_array_index(job->changes, NskRefChange, n - 1).ref : "");
    g_autoptr(NskDbRows) rows =
        nsk_db_query(job->projection->txn, sql_list_refs,
                     NSK_DB_PARAMS(NSK_DB_TEXT(job->projection->name), NSK_DB_TEXT(last),
                                   NSK_DB_INT(LETTERS_AT_ONCE)),
                     error);

    g_array_set_size(job->changes, 0);
    while (rows != NULL && has_row) {
        NskRefChange change = { .fault = NULL };
        GError *fault = NULL;

        if (!nsk_db_rows_next(rows, &has_row, error))
            return false;
        if (!has_row)
            break;
        bool ok = nsk_oid_from_row(rows, 2, &change.want, &fault);
        change.letter = g_strdup(nsk_db_rows_text(rows, 0));
        change.ref = g_strdup(nsk_db_rows_text(rows, 1));
        g_array_append_val(job->changes, change);
        n = job->changes->len;
        if (!ok && !leave_out(job, &g_array_index(job->changes, NskRefChange, n - 1), fault, error))
            return false;
    }
    return rows != NULL;
}

/* The objects of one letter that the repository lacks; NULL without error if it is left out. */
static GArray *
find_objects(const Job *job, NskRefChange *change, bool look, GError **error)
{
    GError *fault = NULL;
    NskDbTxn *txn = job->projection->txn;
    g_autoptr(GArray) objects =
        nsk_history_objects(txn, change->letter, &change->want, &change->had, NULL, &fault);

    for (guint i = 0; look && objects != NULL && i < objects->len && fault == NULL; i++) {
        const git_oid *oid = &g_array_index(objects, NskReached, i).oid;
        g_autoptr(GBytes) content = nsk_object_find(txn, change->letter, oid, NULL, NULL, &fault);
    }
    if (fault == NULL)
        return g_steal_pointer(&objects);
    (void)leave_out(job, change, fault, error);
    return NULL;
}

/*
 * Finds the objects that the repository lacks.  With @look each of them is read, so that those
 * letters are left out whose files are damaged; commits and trees are read in any case.
 */
static bool
find_items(Job *job, bool look, GError **error)
{
    g_autoptr(GHashTable) seen = nsk_oid_set_new();

    g_array_set_size(job->items, 0);
    for (guint i = 0; i < job->changes->len; i++) {
        NskRefChange *change = &g_array_index(job->changes, NskRefChange, i);

        if (change->fault != NULL || nsk_oid_is_zero(&change->want) ||
            nsk_oid_equal(&change->want, &change->had))
            continue;
        g_autoptr(GArray) objects = find_objects(job, change, look, error);
        if (objects == NULL && change->fault == NULL)
            return false;
        for (guint j = 0; objects != NULL && j < objects->len; j++) {
            Item item = { i, g_array_index(objects, NskReached, j).oid };

            if (nsk_oid_set_add(seen, &item.oid))
                g_array_append_val(job->items, item);
        }
    }
    return true;
}

static bool
pack_item(const Job *job, NskPack *pack, const Item *item, GError **error)
{
    NskPackItem packed = { .oid = item->oid };
    const NskRefChange *change = &g_array_index(job->changes, NskRefChange, item->change);
    g_autoptr(GBytes) content = nsk_object_find(job->projection->txn, change->letter, &item->oid,
                                                &packed.kind, &packed.plain, error);

    if (content == NULL)
        return false;
    packed.data = g_bytes_get_data(content, &packed.size);
    return nsk_pack_add(pack, &packed, error);
}

/* Writes the items, if there are any, as one pack. */
static bool
write_items(Job *job, GError **error)
{
    char *name = NULL;
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
    if (!nsk_pack_finish(pack, &name, error))
        return false;
    g_ptr_array_add(job->packs, name);
    return true;
}

/* Packs what the changes bring; where a file turns out to be damaged, once more without it. */
static bool
write_pack(Job *job, GError **error)
{
    g_autoptr(GError) fault = NULL;

    if (!find_items(job, false, error))
        return false;
    if (write_items(job, &fault))
        return true;
    if (is_damage(fault))
        return find_items(job, true, error) && write_items(job, error);
    g_propagate_error(error, g_steal_pointer(&fault));
    return false;
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

/* Writes packs of all heads, and puts their refs. */
static bool
write_portions(Job *job, NskRefWriter *writer, GError **error)
{
    g_array_set_size(job->changes, 0);
    do {
        if (!read_portion(job, error) || !write_pack(job, error))
            return false;
        for (guint i = 0; i < job->changes->len; i++) {
            const NskRefChange *change = &g_array_index(job->changes, NskRefChange, i);

            if (change->fault == NULL &&
                !nsk_ref_writer_put(writer, change->ref, &change->want, error))
                return false;
        }
    } while (job->changes->len == LETTERS_AT_ONCE);
    return true;
}

static bool
write_whole(Job *job, GError **error)
{
    g_autoptr(NskRefWriter) writer = NULL;

    if (!mark_leaving(job, true, error))
        return false;
    writer = nsk_ref_writer_new(job->path, error);
    return writer != NULL && write_portions(job, writer, error) &&
           NSK_FAULT("project.refs", error) && nsk_ref_writer_finish(writer, error) &&
           NSK_FAULT("project.done", error) &&
           nsk_repository_drop_packs(job->path, NULL, job->packs, error) &&
           nsk_repository_drop_loose(job->path, error) && mark_leaving(job, false, error);
}

/* Whether a ref is to be changed: it may be without any new object. */
static bool
has_news(const Job *job)
{
    for (guint i = 0; i < job->changes->len; i++) {
        const NskRefChange *change = &g_array_index(job->changes, NskRefChange, i);

        if (change->fault == NULL && !nsk_oid_is_zero(&change->want) &&
            !nsk_oid_equal(&change->want, &change->had))
            return true;
    }
    return false;
}

static bool
write_news(Job *job, GError **error)
{
    g_autoptr(NskRefWriter) writer = NULL;

    if (!write_pack(job, error))
        return false;
    if (!has_news(job))
        return true;
    writer = nsk_ref_writer_new(job->path, error);
    return writer != NULL && nsk_ref_writer_merge(writer, job->old, job->changes, error) &&
           NSK_FAULT("project.refs", error) && nsk_ref_writer_finish(writer, error) &&
           NSK_FAULT("project.done", error);
}

/* Whether an earlier run did not end, or somebody else was here: refs that are not ours, refs
 * without any pack, packs without any ref, or a pack that is lost. */
static bool
is_unfinished(const Job *job, bool *out_unfinished, GError **error)
{
    g_autofree char *mark = g_build_filename(job->path, LEAVING, NULL);
    bool has_all = false;
    g_autoptr(GArray) packs = nsk_repository_list_packs(job->path, error);

    if (packs == NULL || !nsk_repository_has_packs(job->path, packs, &has_all, error))
        return false;
    *out_unfinished = !job->old->sound || !has_all || g_file_test(mark, G_FILE_TEST_EXISTS) ||
                      (packs->len == 0) != (job->old->n == 0);
    return true;
}

/* A pack that is damaged is no loss: everything is in the database. */
static bool
tend_packs(Job *job, GError **error)
{
    const NskPackBounds *bounds = job->projection->bounds;
    g_autoptr(GError) fault = NULL;

    if (!nsk_repository_merge_packs(job->path, bounds, &fault)) {
        if (!is_damage(fault)) {
            g_propagate_error(error, g_steal_pointer(&fault));
            return false;
        }
        g_ptr_array_set_size(job->packs, 0);
        if (!write_whole(job, error))
            return false;
    }
    return nsk_repository_index_packs(job->path, bounds, error);
}

static bool
run_job(Job *job, GError **error)
{
    bool whole = job->projection->rows == NULL;
    bool unfinished = false;

    if (!nsk_repository_prepare(job->path, job->projection->name, error) ||
        !nsk_repository_sweep(job->path, error))
        return false;
    job->old = nsk_refs_open(job->path, error);
    if (job->old == NULL || !is_unfinished(job, &unfinished, error) ||
        (!whole && !read_changes(job, &whole, error)))
        return false;
    whole = whole || unfinished;
    g_autoptr(GPtrArray) none = g_ptr_array_new();
    return (whole ? write_whole(job, error) : write_news(job, error)) && tend_packs(job, error) &&
           nsk_repository_note_packs(job->path, none, NULL, error);
}

/* Whether the repository is to be: a letter is in it, or it is there. */
static bool
is_wanted(const Job *job, bool *out_wanted, GError **error)
{
    g_autoptr(NskDbRows) rows = nsk_db_query(
        job->projection->txn, sql_list_refs,
        NSK_DB_PARAMS(NSK_DB_TEXT(job->projection->name), NSK_DB_TEXT(""), NSK_DB_INT(1)), error);

    if (rows == NULL || !nsk_db_rows_next(rows, out_wanted, error))
        return false;
    *out_wanted = *out_wanted || g_file_test(job->path, G_FILE_TEST_EXISTS);
    return true;
}

bool
nsk_project(const NskProjection *projection, GError **error)
{
    bool wanted = false;
    g_auto(Job) job = { .projection = projection };

    job.path = g_strconcat(projection->folder, "/", projection->name, SUFFIX, NULL);
    job.changes = g_array_new(FALSE, FALSE, sizeof(NskRefChange));
    g_array_set_clear_func(job.changes, clear_change);
    job.items = g_array_new(FALSE, FALSE, sizeof(Item));
    job.packs = g_ptr_array_new_with_free_func(g_free);
    return is_wanted(&job, &wanted, error) && (!wanted || run_job(&job, error));
}
