/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Heads, and the way from a version back to the first one.
 *
 * INVARIANT: a history is linear; a commit has no more than one parent.
 */
#include "store/store-private.h"

#include <string.h>

#define KEPT_TREE_LIMIT 512 /* bytes in a row that every change rewrites */

static const char sql_find_head[] =
    "SELECT oid, repository, version, n, tree FROM head WHERE letter = $1";

static NskHead
copy_head(const NskHead *head)
{
    NskHead copy = *head;

    copy.repository = g_strdup(head->repository);
    copy.tree = head->tree != NULL ? g_bytes_ref(head->tree) : NULL;
    return copy;
}

void
nsk_head_remember(NskDbTxn *txn, const char *letter, const NskHead *head)
{
    NskHead *kept = g_new(NskHead, 1);

    *kept = copy_head(head);
    nsk_db_remember(txn, &nsk_head_memo, letter, kept);
}

bool
nsk_head_find(NskDbTxn *txn, const char *letter, bool *out_found, NskHead *out_head, GError **error)
{
    const NskHead *known = nsk_db_recall(txn, &nsk_head_memo, letter);

    if (known != NULL) {
        *out_head = copy_head(known);
        *out_found = true;
        return true;
    }
    g_autoptr(NskDbRows) rows =
        nsk_db_query(txn, sql_find_head, NSK_DB_PARAMS(NSK_DB_TEXT(letter)), error);

    if (rows == NULL || !nsk_db_rows_next(rows, out_found, error))
        return false;
    if (!*out_found)
        return true;
    size_t size;
    NskHead head = { .version = nsk_db_rows_int(rows, 2), .n = nsk_db_rows_int(rows, 3) };
    if (!nsk_oid_from_row(rows, 0, &head.oid, error))
        return false;
    head.repository = g_strdup(nsk_db_rows_text(rows, 1));
    const void *tree = nsk_db_rows_blob(rows, 4, &size);
    head.tree = tree != NULL ? g_bytes_new(tree, size) : NULL;
    nsk_head_remember(txn, letter, &head);
    *out_head = head;
    return true;
}

void
nsk_head_clear(NskHead *self)
{
    g_clear_pointer(&self->repository, g_free);
    g_clear_pointer(&self->tree, g_bytes_unref);
}

static bool
read_links(NskDbTxn *txn,
           const char *letter,
           const git_oid *oid,
           NskCommitLinks *out_links,
           GError **error)
{
    g_autoptr(GBytes) commit = nsk_object_need(txn, letter, oid, GIT_OBJECT_COMMIT, error);

    return commit != NULL && nsk_commit_parse(commit, out_links, error);
}

static GArray *
read_tree(NskDbTxn *txn, const char *letter, const git_oid *oid, GError **error)
{
    g_autoptr(GBytes) tree = nsk_object_need(txn, letter, oid, GIT_OBJECT_TREE, error);

    return tree != NULL ? nsk_tree_parse(tree, error) : NULL;
}

GArray *
nsk_history_tree(NskDbTxn *txn, const char *letter, const git_oid *oid, GError **error)
{
    NskCommitLinks links;

    if (!read_links(txn, letter, oid, &links, error))
        return NULL;
    return read_tree(txn, letter, &links.tree, error);
}

GBytes *
nsk_head_keep_tree(const git_oid *oid, GBytes *short_tree)
{
    size_t size = 0;
    const void *data = short_tree != NULL ? g_bytes_get_data(short_tree, &size) : NULL;

    if (size == 0 || size > KEPT_TREE_LIMIT)
        return NULL;
    uint8_t *kept = g_malloc(sizeof oid->id + size);
    memcpy(kept, oid->id, sizeof oid->id);
    memcpy(kept + sizeof oid->id, data, size);
    return g_bytes_new_take(kept, sizeof oid->id + size);
}

GArray *
nsk_head_tree(NskDbTxn *txn, const char *letter, const NskHead *head, GError **error)
{
    git_oid oid;
    size_t size = 0;
    const uint8_t *kept = head->tree != NULL ? g_bytes_get_data(head->tree, &size) : NULL;

    if (size > sizeof oid.id) {
        g_autoptr(GArray) tree =
            nsk_short_tree_read(kept + sizeof oid.id, size - sizeof oid.id, letter);
        g_autoptr(GBytes) content = tree != NULL ? nsk_tree_format(tree) : NULL;

        if (content != NULL)
            nsk_git_hash(GIT_OBJECT_TREE, content, &oid);
        if (content != NULL && memcmp(oid.id, kept, sizeof oid.id) == 0)
            return g_steal_pointer(&tree);
    }
    return nsk_history_tree(txn, letter, &head->oid, error);
}

static guint
hash_oid(gconstpointer key)
{
    guint hash;

    memcpy(&hash, ((const git_oid *)key)->id, sizeof hash);
    return hash;
}

static gboolean
equal_oid(gconstpointer a, gconstpointer b)
{
    return nsk_oid_equal(a, b);
}

GHashTable *
nsk_oid_set_new(void)
{
    return g_hash_table_new_full(hash_oid, equal_oid, g_free, NULL);
}

bool
nsk_oid_set_add(GHashTable *set, const git_oid *oid)
{
    if (g_hash_table_contains(set, oid))
        return false;
    g_hash_table_add(set, g_memdup2(oid, sizeof *oid));
    return true;
}

typedef struct {
    NskDbTxn *txn;
    const char *letter;
    GHashTable *seen; /* git_oid */
    GArray *found;    /* NskReached */
} Walk;

static void
reach(Walk *self, const git_oid *oid, git_object_t kind)
{
    NskReached reached = { *oid, kind };

    if (nsk_oid_set_add(self->seen, oid))
        g_array_append_val(self->found, reached);
}

/* Adds the version @oid with its tree and files. */
static bool
reach_version(Walk *self, const git_oid *oid, git_oid *out_parent, GError **error)
{
    NskCommitLinks links;

    if (!read_links(self->txn, self->letter, oid, &links, error))
        return false;
    reach(self, oid, GIT_OBJECT_COMMIT);
    *out_parent = links.parent;
    if (g_hash_table_contains(self->seen, &links.tree))
        return true;
    g_autoptr(GArray) tree = read_tree(self->txn, self->letter, &links.tree, error);
    if (tree == NULL)
        return false;
    reach(self, &links.tree, GIT_OBJECT_TREE);
    for (guint i = 0; i < tree->len; i++)
        reach(self, &g_array_index(tree, NskTreeEntry, i).oid, GIT_OBJECT_BLOB);
    return true;
}

/* Marks the objects of the version @known as seen, if the letter has that version. */
static bool
skip_known(Walk *self, const git_oid *known, GError **error)
{
    bool found = false;
    NskObjectStat stat;
    git_oid parent;

    if (nsk_oid_is_zero(known))
        return true;
    if (!nsk_object_stat(self->txn, self->letter, known, &found, &stat, error))
        return false;
    if (!found || stat.kind != GIT_OBJECT_COMMIT)
        return true;
    bool ok = reach_version(self, known, &parent, error);
    g_array_set_size(self->found, 0);
    return ok;
}

GArray *
nsk_history_objects(NskDbTxn *txn,
                    const char *letter,
                    const git_oid *from,
                    const git_oid *known,
                    int64_t *out_versions,
                    GError **error)
{
    int64_t versions = 0;
    git_oid at = *from;
    g_autoptr(GHashTable) seen = nsk_oid_set_new();
    g_autoptr(GArray) found = g_array_new(FALSE, FALSE, sizeof(NskReached));
    Walk walk = { txn, letter, seen, found };

    if (!skip_known(&walk, known, error))
        return NULL;
    /* it ends: no commit can be its own ancestor, since its id is a digest of them */
    while (!nsk_oid_is_zero(&at) && !nsk_oid_equal(&at, known)) {
        git_oid parent;

        if (!reach_version(&walk, &at, &parent, error))
            return NULL;
        versions++;
        at = parent;
    }
    if (out_versions != NULL)
        *out_versions = versions;
    return g_steal_pointer(&found);
}
