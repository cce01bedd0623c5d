/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The doctor's look at a repository: whether it shows what the database has.
 *
 * Objects are looked up in the indexes of the packs, not read: what a pack holds is covered by its
 * name and size (pack-list.c) and by "git fsck".
 */
#include "base/message.h"
#include "store/git.h"
#include "store/store-private.h"

static const char sql_list_heads[] =
    "SELECT h.letter, h.ref, h.oid, h.n FROM head h WHERE h.repository = $1 AND NOT EXISTS"
    " (SELECT 1 FROM outbox o WHERE o.topic = 'project' AND o.letter = h.letter) ORDER BY h.ref";
static const char sql_list_objects[] = "SELECT oid FROM object WHERE history = $1";
static const char sql_count_waiting[] = "SELECT count(*) FROM outbox WHERE topic = 'project'";
static const char sql_list_names[] =
    "SELECT DISTINCT repository FROM head WHERE repository IS NOT NULL ORDER BY repository";

/* What was found so far. */
typedef struct {
    NskDbTxn *txn;
    const NskRefs *refs;
    git_odb *odb;
    int64_t letters; /* that are to be here */
    int64_t behind;  /* whose ref is another */
    int64_t damaged; /* that lack objects */
} Check;

static void
check_clear(Check *self)
{
    if (self->odb != NULL)
        nsk_git.odb_free(self->odb);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Check, check_clear)

GPtrArray *
nsk_store_list_repositories(NskDbTxn *txn, GError **error)
{
    return nsk_db_list_texts(txn, sql_list_names, NSK_DB_NO_PARAMS, error);
}

/* Whether every object of a history is in the repository. */
static bool
has_objects(const Check *self, int64_t history, bool *out_has, GError **error)
{
    bool has_row = true;
    g_autoptr(NskDbRows) rows =
        nsk_db_query(self->txn, sql_list_objects, NSK_DB_PARAMS(NSK_DB_INT(history)), error);

    *out_has = true;
    while (rows != NULL && has_row && *out_has) {
        git_oid oid;

        if (!nsk_db_rows_next(rows, &has_row, error) ||
            (has_row && !nsk_oid_from_row(rows, 0, &oid, error)))
            return false;
        if (has_row)
            *out_has = nsk_git.odb_exists_ext(self->odb, &oid, GIT_ODB_LOOKUP_NO_REFRESH) != 0;
    }
    return rows != NULL;
}

static bool
check_letter(Check *self, NskDbRows *row, GError **error)
{
    git_oid want, had;
    bool has = false;

    self->letters++;
    if (!nsk_oid_from_row(row, 2, &want, error) ||
        !has_objects(self, nsk_db_rows_int(row, 3), &has, error))
        return false;
    self->damaged += has ? 0 : 1;
    if (!nsk_refs_find(self->refs, nsk_db_rows_text(row, 1), &had) || !nsk_oid_equal(&want, &had))
        self->behind++;
    return true;
}

static bool
check_letters(Check *self, const char *name, GError **error)
{
    bool has_row = true;
    g_autoptr(NskDbRows) rows =
        nsk_db_query(self->txn, sql_list_heads, NSK_DB_PARAMS(NSK_DB_TEXT(name)), error);

    while (rows != NULL && has_row) {
        if (!nsk_db_rows_next(rows, &has_row, error) ||
            (has_row && !check_letter(self, rows, error)))
            return false;
    }
    return rows != NULL;
}

/* Whether any letter waits to be projected: refs may then be here that are to go. */
static bool
is_waiting(NskDbTxn *txn, bool *out_waiting, GError **error)
{
    bool has_row = false;
    g_autoptr(NskDbRows) rows = nsk_db_query(txn, sql_count_waiting, NSK_DB_NO_PARAMS, error);

    if (rows == NULL || !nsk_db_rows_next(rows, &has_row, error))
        return false;
    *out_waiting = nsk_db_rows_int(rows, 0) > 0;
    return true;
}

static void
warn(NskIssues *issues, const char *tag, char *file, const char *text)
{
    nsk_issues_add(issues,
                   &(NskIssue){ .tag = tag, .severity = NSK_SEVERITY_WARNING, .file = file }, "%s",
                   text);
}

static void
report(const Check *self, bool waiting, char *file, NskIssues *issues)
{
    if (self->damaged > 0) {
        g_autofree char *text = g_strdup_printf(
            nsk_tr("the repository lacks objects of %lld letters: a running server writes it anew "
                   "within the hour, 'naskah rebuild' at once"),
            (long long)self->damaged);
        warn(issues, "store-repository-damaged", file, text);
    }
    if (self->behind > 0) {
        g_autofree char *text = g_strdup_printf(
            nsk_tr(
                "the repository does not show %lld letters as they are, and nothing is under way "
                "to mend it: run 'naskah rebuild'"),
            (long long)self->behind);
        warn(issues, "store-repository-behind", file, text);
    }
    if (!waiting && self->refs->n > (size_t)self->letters)
        warn(issues, "store-repository-strange", file,
             nsk_tr("the repository has letters that do not belong in it: run 'naskah rebuild'"));
}

bool
nsk_projector_check(NskProjector *self,
                    NskDbTxn *txn,
                    const char *name,
                    NskIssues *issues,
                    GError **error)
{
    bool waiting = false;
    g_auto(Check) check = { .txn = txn };
    g_autofree char *path = nsk_projector_path(self, name);
    g_autofree char *head = g_build_filename(path, "HEAD", NULL);
    g_autofree char *objects = g_build_filename(path, "objects", NULL);
    g_autofree char *file = g_strconcat(name, ".git", NULL);
    g_autoptr(NskRefs) refs = nsk_refs_open(path, error);

    if (refs == NULL || !is_waiting(txn, &waiting, error))
        return false;
    if (!g_file_test(head, G_FILE_TEST_EXISTS) || !g_file_test(objects, G_FILE_TEST_IS_DIR)) {
        if (!waiting)
            warn(issues, "store-repository-missing", file,
                 nsk_tr("the repository is not there: a running server writes it within the hour, "
                        "'naskah rebuild' at once"));
        return true;
    }
    if (!nsk_git_init(error))
        return false;
    check.refs = refs;
    if (!nsk_git_check(nsk_git.odb_open(&check.odb, objects), N_("open a repository"), error) ||
        !check_letters(&check, name, error))
        return false;
    report(&check, waiting, file, issues);
    return true;
}
