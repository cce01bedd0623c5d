/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The audit of the whole log.
 *
 * The journal is read in the order of its key, so that a chain is followed without remembering
 * others, in portions of letters that a thread for each processor takes one after the other; places
 * of leaves are walked beside it in the same order, and each leaf's hash is noted at its place
 * (audit-walk.c).  Then the tree is built over all places (audit-tree.c).
 */
#include "base/message.h"
#include "journal/audit-private.h"

#include <string.h>

#define PATIENCE     5000    /* microseconds */
#define EVERY        2000000 /* entries between two writings of how far it is */
#define MOST_PORTION 16384   /* entries, about */

static void
finding_free(gpointer data)
{
    NskAuditFinding *finding = data;

    g_free(finding->letter);
    g_free(finding->text);
    g_free(finding);
}

void
nsk_audit_find(GPtrArray *findings,
               const char *tag,
               const char *letter,
               int64_t seq,
               int64_t leaf,
               const char *what)
{
    if (findings->len >= NSK_AUDIT_MOST_TOLD)
        return;
    NskAuditFinding *finding = g_new0(NskAuditFinding, 1);
    *finding =
        (NskAuditFinding){ .tag = tag, .letter = g_strdup(letter), .seq = seq, .leaf = leaf };
    finding->text = g_strdup_printf(nsk_tr("journal entry %lld of '%s' (%lld of the log) %s"),
                                    (long long)seq, letter, (long long)leaf, nsk_tr(what));
    g_ptr_array_add(findings, finding);
}

/* --- All of it -------------------------------------------------------------------------------- */

typedef struct {
    void (*work)(void *part);
    void *part;
    gint *ended;
} Thread;

static gpointer
run_thread(gpointer data)
{
    const Thread *thread = data;

    thread->work(thread->part);
    (void)g_atomic_int_add(thread->ended, 1);
    return NULL;
}

void
nsk_audit_run(void (*work)(void *part),
              void *parts,
              size_t size,
              unsigned n,
              void (*meanwhile)(void *data),
              void *data)
{
    gint ended = 0;
    GThread *threads[NSK_AUDIT_MOST_THREADS];
    Thread each[NSK_AUDIT_MOST_THREADS];

    g_assert(n <= NSK_AUDIT_MOST_THREADS);
    for (unsigned i = 0; i < n; i++) {
        each[i] = (Thread){ work, (char *)parts + i * size, &ended };
        threads[i] = g_thread_new("audit", run_thread, &each[i]);
    }
    while (meanwhile != NULL && g_atomic_int_get(&ended) < (gint)n) {
        meanwhile(data);
        g_usleep(PATIENCE);
    }
    for (unsigned i = 0; i < n; i++)
        (void)g_thread_join(threads[i]);
}

unsigned
nsk_audit_threads(void)
{
    return CLAMP(g_get_num_processors(), 2, NSK_AUDIT_MOST_THREADS);
}

void
nsk_log_verdict_clear(NskLogVerdict *self)
{
    g_clear_pointer(&self->first_letter, g_free);
}

/* In the order of the log; those without a place last. */
static int
compare_findings(gconstpointer a, gconstpointer b)
{
    const NskAuditFinding *left = *(NskAuditFinding *const *)a;
    const NskAuditFinding *right = *(NskAuditFinding *const *)b;
    uint64_t first = (uint64_t)left->leaf, second = (uint64_t)right->leaf;

    return first < second ? -1 : first > second ? 1 : 0;
}

static void
tell_findings(GPtrArray *findings, NskIssues *issues, NskLogVerdict *out)
{
    g_ptr_array_sort(findings, compare_findings);
    for (guint i = 0; i < findings->len; i++) {
        const NskAuditFinding *finding = findings->pdata[i];

        nsk_issues_add(issues,
                       &(NskIssue){ .tag = finding->tag,
                                    .severity = NSK_SEVERITY_ERROR,
                                    .file = finding->letter,
                                    .line = (unsigned)CLAMP(finding->seq, 0, G_MAXINT) },
                       "%s", finding->text);
    }
    if (findings->len == 0)
        return;
    const NskAuditFinding *first = findings->pdata[0];
    out->first_letter = g_strdup(first->letter);
    out->first_seq = first->seq;
    out->first_leaf = first->leaf;
}

static void
tell_progress(void *data)
{
    NskAuditWork *work = data;
    const NskLogAudit *audit = work->audit;
    int64_t total = (int64_t)audit->state->tree.size;
    int64_t done = work->keep.skipped + (int64_t)g_atomic_int_get(&work->done);

    if (audit->progress != NULL)
        audit->progress(MIN(done, total), total, audit->data);
}

static int
compare_texts(gconstpointer a, gconstpointer b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

/* Letters that part the journal into portions of about as many entries. */
static GPtrArray *
find_bounds(const NskLogAudit *audit, NskDbTxn *txn, GError **error)
{
    int64_t seq;
    uint64_t size = audit->state->tree.size;
    uint64_t portion = (uint64_t)MIN(audit->every / 4 + 1, MOST_PORTION);
    uint64_t n = MIN(size / portion + 1, NSK_AUDIT_MOST_PORTIONS);
    g_autoptr(GPtrArray) bounds = g_ptr_array_new_with_free_func(g_free);

    for (uint64_t i = 1; i < n; i++) {
        char *letter = NULL;

        if (!nsk_audit_name_leaf(txn, size / n * i, &letter, &seq, error))
            return NULL;
        g_ptr_array_add(bounds, letter);
    }
    g_ptr_array_sort(bounds, compare_texts);
    for (guint i = bounds->len; i > 1; i--) {
        if (strcmp(bounds->pdata[i - 1], bounds->pdata[i - 2]) == 0)
            g_ptr_array_remove_index(bounds, i - 1);
    }
    return g_steal_pointer(&bounds);
}

static bool
run_walks(NskAuditWork *work, GPtrArray *findings, NskLogVerdict *out, GError **error)
{
    bool ok = true;
    NskAuditWalk walks[NSK_AUDIT_MOST_THREADS] = { 0 };
    unsigned n = nsk_audit_threads();

    for (unsigned i = 0; i < n; i++)
        walks[i] = (NskAuditWalk){ .work = work,
                                   .findings = g_ptr_array_new_with_free_func(finding_free) };
    nsk_audit_run(nsk_audit_walk, walks, sizeof *walks, n, tell_progress, work);
    out->skipped = work->keep.skipped;
    out->entries = out->skipped;
    out->since = work->keep.since;
    for (unsigned i = 0; i < n; i++) {
        out->entries += walks[i].entries;
        if (walks[i].error != NULL && ok) {
            g_propagate_error(error, g_steal_pointer(&walks[i].error));
            ok = false;
        }
        g_clear_error(&walks[i].error);
        g_ptr_array_extend_and_steal(findings, walks[i].findings);
    }
    return ok;
}

static bool
audit_once(const NskLogAudit *audit, NskIssues *issues, NskLogVerdict *out, GError **error)
{
    g_autofree NskHash *leaves = g_new0(NskHash, MAX(audit->state->tree.size, 1));
    g_autoptr(GPtrArray) findings = g_ptr_array_new_with_free_func(finding_free);
    g_autoptr(NskDb) db = nsk_db_open(audit->path, NSK_DB_READ, error);
    g_autoptr(NskDbTxn) txn = db != NULL ? nsk_db_snapshot(db, error) : NULL;
    GPtrArray *bounds = txn != NULL ? find_bounds(audit, txn, error) : NULL;
    NskAuditWork work = { .audit = audit, .leaves = leaves };
    const NskAuditTree tree = { audit, txn, leaves, findings, issues };

    *out = (NskLogVerdict){ .first_leaf = -1 };
    if (bounds == NULL)
        return false;
    nsk_audit_keep_init(&work.keep, audit, bounds, leaves);
    bool ok =
        (!audit->resume || audit->keep == NULL || nsk_audit_keep_load(&work.keep, txn, error)) &&
        run_walks(&work, findings, out, error) && nsk_audit_tree(&tree, &out->root, error);
    if (ok)
        nsk_audit_keep_end(&work.keep);
    nsk_audit_keep_clear(&work.keep);
    if (ok)
        tell_findings(findings, issues, out);
    return ok;
}

bool
nsk_log_audit(const NskLogAudit *audit, NskIssues *issues, NskLogVerdict *out, GError **error)
{
    guint before = issues->len;
    NskLogAudit exact = *audit;

    if (exact.every <= 0)
        exact.every = EVERY;
    if (audit->kept != NULL || audit->against != NULL || audit->seal == NULL)
        exact.keep = NULL;
    if (!audit_once(&exact, issues, out, error))
        return false;
    if (out->skipped == 0 || issues->len == before)
        return true;
    /* what is wrong is named by who read all of it */
    g_ptr_array_set_size(issues, (gint)before);
    nsk_log_verdict_clear(out);
    exact.resume = false;
    return audit_once(&exact, issues, out, error);
}
