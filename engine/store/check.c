/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The doctor's look at the store: every object, every head, every history.
 */
#include "base/message.h"
#include "store/store-private.h"

static const char sql_list_heads[] = "SELECT letter, ref, oid, version FROM head ORDER BY letter";
static const char sql_one_head[] = "SELECT letter, ref, oid, version FROM head WHERE letter = $1";

typedef struct {
    NskDbTxn *txn;
    NskIssues *issues;
    char *letter;
} Check;

static void
report(Check *self, const char *tag, const char *text)
{
    nsk_issues_add(self->issues,
                   &(NskIssue){ .tag = tag, .severity = NSK_SEVERITY_ERROR, .file = self->letter },
                   "%s", text);
}

/* Every file that the history names must be there; its bytes were hashed before. */
static bool
check_files(Check *self, const GArray *objects, GError **error)
{
    for (guint i = 0; i < objects->len; i++) {
        const NskReached *reached = &g_array_index(objects, NskReached, i);
        char oid[NSK_OID_LEN + 1];
        bool found = false;
        NskObjectStat stat = { 0 };

        if (!nsk_object_stat(self->txn, self->letter, &reached->oid, &found, &stat, error))
            return false;
        if (found && stat.kind == reached->kind)
            continue;
        g_autofree char *text =
            g_strdup_printf(nsk_tr("file %s of '%s' is missing: restore it from a backup"),
                            nsk_oid_text(&reached->oid, oid), self->letter);
        report(self, "store-object-missing", text);
    }
    return true;
}

static bool
check_history(Check *self, const git_oid *oid, int64_t version, GError **error)
{
    int64_t versions = 0;
    git_oid none = { { 0 } };
    g_autoptr(GError) fault = NULL;
    g_autoptr(GArray) objects =
        nsk_history_objects(self->txn, self->letter, oid, &none, &versions, &fault);

    if (objects == NULL && !g_error_matches(fault, NSK_ERROR, NSK_ERROR_CORRUPT)) {
        g_propagate_error(error, g_steal_pointer(&fault));
        return false;
    }
    if (objects == NULL) {
        report(self, "store-history-broken", fault->message);
        return true;
    }
    if (versions != version) {
        g_autofree char *text =
            g_strdup_printf(nsk_tr("'%s' should have %lld versions but its history has %lld: run "
                                   "'naskah rebuild', and compare with a backup"),
                            self->letter, (long long)version, (long long)versions);
        report(self, "store-head-wrong", text);
    }
    return check_files(self, objects, error);
}

/* The head's own copy of its tree must be the one that the history has. */
static bool
check_kept_tree(Check *self, GError **error)
{
    bool found = false;
    git_oid oid;
    g_auto(NskHead) head = { 0 };
    g_autoptr(GError) fault = NULL;

    if (!nsk_head_find(self->txn, self->letter, &found, &head, error))
        return false;
    if (!found || head.tree == NULL)
        return true;
    g_autoptr(GArray) tree = nsk_history_tree(self->txn, self->letter, &head.oid, &fault);
    if (tree == NULL && !g_error_matches(fault, NSK_ERROR, NSK_ERROR_CORRUPT)) {
        g_propagate_error(error, g_steal_pointer(&fault));
        return false;
    }
    if (tree == NULL) /* found by the check of its history */
        return true;
    g_autoptr(GBytes) content = nsk_tree_format(tree);
    g_autoptr(GBytes) short_tree = nsk_short_tree(tree, self->letter);
    nsk_git_hash(GIT_OBJECT_TREE, content, &oid);
    g_autoptr(GBytes) kept = nsk_head_keep_tree(&oid, short_tree);
    if (kept == NULL || !g_bytes_equal(kept, head.tree)) {
        g_autofree char *text = g_strdup_printf(
            nsk_tr("the files of '%s' are not those of its newest version: restore a backup"),
            self->letter);
        report(self, "store-head-wrong", text);
    }
    return true;
}

static bool
check_head(NskDbTxn *txn, NskDbRows *rows, NskIssues *issues, GError **error)
{
    git_oid oid;
    g_autofree char *letter = g_strdup(nsk_db_rows_text(rows, 0));
    g_autofree char *ref = nsk_store_ref(letter);
    Check check = { txn, issues, letter };

    if (!nsk_oid_from_row(rows, 2, &oid, error))
        return false;
    if (g_strcmp0(ref, nsk_db_rows_text(rows, 1)) != 0) {
        g_autofree char *text = g_strdup_printf(
            nsk_tr("the ref of '%s' is '%s'; it should be '%s'"), letter, nsk_db_rows_text(rows, 1),
            ref != NULL ? ref : nsk_tr("none: this is no letter id"));
        report(&check, "store-head-wrong", text);
    }
    return check_history(&check, &oid, nsk_db_rows_int(rows, 3), error) &&
           check_kept_tree(&check, error);
}

bool
nsk_store_check(NskDbTxn *txn, const char *letter, NskIssues *issues, GError **error)
{
    bool has_row = true;

    if (!nsk_object_check_all(txn, letter, issues, error))
        return false;
    g_autoptr(NskDbRows) rows =
        letter != NULL ? nsk_db_query(txn, sql_one_head, NSK_DB_PARAMS(NSK_DB_TEXT(letter)), error)
                       : nsk_db_query(txn, sql_list_heads, NSK_DB_NO_PARAMS, error);
    while (rows != NULL && has_row) {
        if (!nsk_db_rows_next(rows, &has_row, error) ||
            (has_row && !check_head(txn, rows, issues, error)))
            return false;
    }
    return rows != NULL;
}
