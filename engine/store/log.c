/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The history of a letter, walked by libgit2 over the database.
 */
#include "base/message.h"
#include "store/git.h"
#include "store/store-private.h"

static const char *const what = N_("read the history of a letter");

static void
free_entry(gpointer data)
{
    NskStoreEntry *entry = data;

    g_free(entry->oid);
    g_free(entry->author_name);
    g_free(entry->author_email);
    g_free(entry->message);
    g_free(entry);
}

static void
add_entry(GPtrArray *log, const git_oid *oid, const git_commit *commit)
{
    const git_signature *author = nsk_git.commit_author(commit);
    NskStoreEntry *entry = g_new0(NskStoreEntry, 1);

    entry->oid = g_strdup(nsk_oid_text(oid, (char[NSK_OID_LEN + 1]){ 0 }));
    entry->author_name = g_strdup(author->name);
    entry->author_email = g_strdup(author->email);
    entry->at = author->when.time * G_USEC_PER_SEC;
    entry->offset_minutes = author->when.offset;
    entry->message = g_strdup(nsk_git.commit_message(commit));
    g_ptr_array_add(log, entry);
}

/* Adds the versions that @walk yields. */
static int
collect(NskGitView *view, git_revwalk *walk, GPtrArray *log)
{
    git_oid oid;
    int rc;

    while ((rc = nsk_git.revwalk_next(&oid, walk)) == 0) {
        git_commit *commit = NULL;

        rc = nsk_git.commit_lookup(&commit, view->repository, &oid);
        if (rc != 0)
            return rc;
        add_entry(log, &oid, commit);
        nsk_git.commit_free(commit);
    }
    return rc == GIT_ITEROVER ? 0 : rc;
}

GPtrArray *
nsk_store_log(NskDbTxn *txn, const char *letter, GError **error)
{
    git_revwalk *walk = NULL;
    g_autofree char *ref = nsk_store_ref(letter);
    g_autoptr(GPtrArray) log = g_ptr_array_new_with_free_func(free_entry);

    if (ref == NULL || !nsk_store_head(txn, letter, NULL, NULL, error)) {
        if (ref == NULL)
            g_set_error(error, NSK_ERROR, NSK_ERROR_NOT_FOUND, nsk_tr("there is no letter '%s'"),
                        letter);
        return NULL;
    }
    g_autoptr(NskGitView) view = nsk_git_view_open(txn, letter, error);
    if (view == NULL)
        return NULL;
    int rc = nsk_git.revwalk_new(&walk, view->repository);
    if (rc == 0)
        rc = nsk_git.revwalk_sorting(walk, GIT_SORT_TOPOLOGICAL);
    if (rc == 0)
        rc = nsk_git.revwalk_push_ref(walk, ref);
    if (rc == 0)
        rc = collect(view, walk, log);
    nsk_git.revwalk_free(walk);
    return nsk_git_view_check(view, rc, what, error) ? g_steal_pointer(&log) : NULL;
}
