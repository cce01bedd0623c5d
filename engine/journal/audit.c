/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The audit of the whole log.
 *
 * The journal is read in the order of its key, so that a chain is followed without remembering
 * others, in portions of letters that a thread for each processor takes one after the other; places
 * of leaves are walked beside it in the same order, and each leaf's hash is noted at its place.
 * Then the tree is built over all places (audit-tree.c).
 *
 * An entry's form is not parsed here: its bytes are what the tree proves, and what of them binds
 * the chain is found by the spelling that canonical JSON has.  The doctor parses entries.
 */
#include "base/bytes.h"
#include "base/message.h"
#include "journal/audit-private.h"

#include <string.h>

#define STEP         8192    /* entries between two words of progress */
#define NEAR         64      /* bytes by which entries differ as a rule */
#define PATIENCE     5000    /* microseconds */
#define EVERY        2000000 /* entries between two writings of how far it is */
#define MOST_PORTION 16384   /* entries, about */

/* With an end, and up to the end of all: a condition that were both would be looked at row by row.
 */
#define WALK   "SELECT letter, letter_seq, entry, hash FROM journal WHERE letter >= $1"
#define LEAVES "SELECT letter, letter_seq, leaf FROM journal_leaf WHERE letter >= $1"
#define SORTED " ORDER BY letter, letter_seq"

static const char sql_walk[] = WALK " AND letter < $2" SORTED;
static const char sql_walk_rest[] = WALK SORTED;
static const char sql_walk_leaves[] = LEAVES " AND letter < $2" SORTED;
static const char sql_walk_leaves_rest[] = LEAVES SORTED;
static const char sql_is_pending[] =
    "SELECT 1 FROM journal_pending WHERE letter = $1 AND letter_seq = $2";

/* What the threads share. */
typedef struct {
    const NskLogAudit *audit;
    NskHash *leaves; /* by place; each is written by one thread */
    NskAuditKeep keep;
    gint next; /* portion; atomic */
    gint done; /* entries, in steps; atomic */
} Work;

typedef struct {
    Work *work;
    GPtrArray *findings; /* NskAuditFinding */
    GError *error;
    int64_t entries; /* of the portion */
    int64_t total;   /* of all portions */
    NskDbTxn *txn;
    NskDbRows *places; /* the next of journal_leaf, if there is one */
    bool has_place;
    GArray *found; /* places of the portion, uint64_t */
    char *letter;
    int64_t seq;
    GString *said;                      /* how an entry says of which letter it is */
    size_t said_at, prev_at;            /* where the entry before says it, and what it is behind */
    uint8_t hash[NSK_SHA256_SIZE];      /* of that entry */
    char prev[2 * NSK_SHA256_SIZE + 1]; /* the same, as entries write it */
} Walk;

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

/* --- Entries ---------------------------------------------------------------------------------- */

static void
set_hash(Walk *self, const uint8_t hash[NSK_SHA256_SIZE])
{
    memcpy(self->hash, hash, NSK_SHA256_SIZE);
    nsk_hex_write(hash, NSK_SHA256_SIZE, self->prev);
}

static void
begin_letter(Walk *self, const char *letter)
{
    static const uint8_t none[NSK_SHA256_SIZE] = { 0 };

    g_free(self->letter);
    self->letter = g_strdup(letter);
    g_string_printf(self->said, ",\"letter\":\"%s\",\"letter_seq\":", letter);
    self->seq = 0;
    set_hash(self, none);
}

/* Whether the digits at @at are that number, and where they end. */
static bool
is_number(const char *at, const char *end, int64_t number, const char **out_end)
{
    int64_t value = 0;

    for (; at < end && *at >= '0' && *at <= '9' && value <= number; at++)
        value = 10 * value + (*at - '0');
    *out_end = at;
    return value == number && at < end && (*at == ',' || *at == '}');
}

/* Finds @what in the entry, first about where the entry before had it. */
static const char *
seek(const char *entry, size_t size, size_t *at, const char *what, size_t length)
{
    size_t near = MIN(*at > NEAR ? *at - NEAR : 0, size);
    const char *found = memmem(entry + near, size - near, what, length);

    if (found == NULL)
        found = memmem(entry, size, what, length);
    if (found != NULL)
        *at = (size_t)(found - entry);
    return found;
}

/* Whether the entry says that it is this one, behind that one. */
static const char *
check_entry(Walk *self, const char *entry, size_t size, int64_t seq)
{
    static const char prev[] = ",\"prev\":\"";
    const char *end = entry + size;
    const char *at = seek(entry, size, &self->said_at, self->said->str, self->said->len);

    if (at == NULL || !is_number(at + self->said->len, end, seq, &at))
        return "audit-place";
    at = seek(entry, size, &self->prev_at, prev, strlen(prev));
    if (at == NULL || (size_t)(end - at) < strlen(prev) + sizeof self->prev)
        return "audit-chain";
    at += strlen(prev);
    return memcmp(at, self->prev, sizeof self->prev - 1) == 0 && at[sizeof self->prev - 1] == '"'
               ? NULL
               : "audit-chain";
}

static const char *
words_of(const char *tag)
{
    if (strcmp(tag, "audit-place") == 0)
        return N_("says that it is another entry: somebody changed or moved it");
    return N_("is not chained to the entry before it: one of them was changed, added or removed");
}

/* Which leaf the entry is; *out_leaf is -1 if it is none. */
static bool
find_place(Walk *self, const char *letter, int64_t seq, int64_t *out_leaf, GError **error)
{
    *out_leaf = -1;
    while (self->has_place) {
        int order = strcmp(nsk_db_rows_text(self->places, 0), letter);
        int64_t at = nsk_db_rows_int(self->places, 1);

        if (order > 0 || (order == 0 && at > seq))
            return true;
        if (order == 0 && at == seq) {
            *out_leaf = nsk_db_rows_int(self->places, 2);
            return true;
        }
        if (!nsk_db_rows_next(self->places, &self->has_place, error))
            return false;
    }
    return true;
}

/* An entry without a leaf must be one that still waits for it. */
static bool
check_pending(Walk *self, const char *letter, int64_t seq, GError **error)
{
    bool waits = false;
    g_autoptr(NskDbRows) rows = nsk_db_query(
        self->txn, sql_is_pending, NSK_DB_PARAMS(NSK_DB_TEXT(letter), NSK_DB_INT(seq)), error);

    if (rows == NULL || !nsk_db_rows_next(rows, &waits, error))
        return false;
    if (!waits)
        nsk_audit_find(
            self->findings, "audit-leaf", letter, seq, -1,
            N_("was never given a place in the log: somebody added it past the program"));
    return true;
}

static void
note_leaf(Walk *self, uint64_t place, const char *entry, size_t size)
{
    self->work->leaves[place] = nsk_tree_leaf(entry, size);
    g_array_append_val(self->found, place);
}

static bool
check_row(Walk *self, NskDbRows *rows, GError **error)
{
    size_t size, hash_size;
    uint8_t hash[NSK_SHA256_SIZE];
    int64_t place;
    const char *letter = nsk_db_rows_text(rows, 0);
    int64_t seq = nsk_db_rows_int(rows, 1);
    const char *entry = nsk_db_rows_blob(rows, 2, &size);
    const void *kept = nsk_db_rows_blob(rows, 3, &hash_size);

    if (!find_place(self, letter, seq, &place, error) ||
        (place < 0 && !check_pending(self, letter, seq, error)))
        return false;
    if (self->letter == NULL || strcmp(self->letter, letter) != 0)
        begin_letter(self, letter);
    if (seq != self->seq + 1)
        nsk_audit_find(self->findings, "audit-gap", letter, self->seq + 1, -1,
                       N_("is missing: somebody removed it"));
    const char *fault = seq == self->seq + 1 ? check_entry(self, entry, size, seq) : NULL;
    if (fault != NULL)
        nsk_audit_find(self->findings, fault, letter, seq, place, words_of(fault));
    nsk_sha256(entry, size, hash);
    if (hash_size != NSK_SHA256_SIZE || memcmp(kept, hash, NSK_SHA256_SIZE) != 0)
        nsk_audit_find(self->findings, "audit-entry", letter, seq, place,
                       N_("does not have the hash that was kept of it: somebody changed it"));
    set_hash(self, hash);
    if (place >= 0 && (uint64_t)place < self->work->audit->state->tree.size)
        note_leaf(self, (uint64_t)place, entry, size);
    self->seq = seq;
    self->entries++;
    return true;
}

static bool
walk_rows(Walk *self, NskDbRows *rows, GError **error)
{
    for (bool has_row = true; has_row;) {
        if (!nsk_db_rows_next(rows, &has_row, error))
            return false;
        if (has_row && !check_row(self, rows, error))
            return false;
        if (has_row && self->entries % STEP == 0)
            (void)g_atomic_int_add(&self->work->done, 1);
    }
    return true;
}

static bool
walk_portion(Walk *self, NskDb *db, unsigned portion, GError **error)
{
    const GPtrArray *bounds = self->work->keep.bounds;
    bool is_last = portion == bounds->len;
    const char *from = portion > 0 ? g_ptr_array_index(bounds, portion - 1) : "";
    const char *until = is_last ? NULL : g_ptr_array_index(bounds, portion);
    const NskDbValue ends[] = { NSK_DB_TEXT(from), NSK_DB_TEXT(until) };
    size_t n = is_last ? 1 : 2;
    /* one for each, so that the write-ahead log can shrink meanwhile */
    g_autoptr(NskDbTxn) txn = nsk_db_snapshot(db, error);
    g_autoptr(NskDbRows) rows =
        txn != NULL ? nsk_db_query(txn, is_last ? sql_walk_rest : sql_walk, ends, n, error) : NULL;
    g_autoptr(NskDbRows) places =
        rows != NULL
            ? nsk_db_query(txn, is_last ? sql_walk_leaves_rest : sql_walk_leaves, ends, n, error)
            : NULL;

    self->txn = txn;
    self->places = places;
    self->entries = 0;
    g_array_set_size(self->found, 0);
    g_clear_pointer(&self->letter, g_free);
    return places != NULL && nsk_db_rows_next(places, &self->has_place, error) &&
           walk_rows(self, rows, error);
}

/* Reads portions that are not read until there are none. */
static bool
walk_portions(Walk *self, NskDb *db, GError **error)
{
    NskAuditKeep *keep = &self->work->keep;

    for (unsigned i; (i = (unsigned)g_atomic_int_add(&self->work->next, 1)) < keep->n;) {
        guint before = self->findings->len;

        if (keep->counts[i] >= 0)
            continue;
        if (!walk_portion(self, db, i, error))
            return false;
        self->total += self->entries;
        if (self->findings->len == before && before < NSK_AUDIT_MOST_TOLD)
            nsk_audit_keep_portion(keep, i, self->found, self->entries);
    }
    return true;
}

static void
walk(void *data)
{
    Walk *self = data;
    g_autoptr(NskDb) db = nsk_db_open(self->work->audit->path, NSK_DB_READ, &self->error);

    self->said = g_string_new(NULL);
    self->found = g_array_new(FALSE, FALSE, sizeof(uint64_t));
    if (db != NULL)
        (void)walk_portions(self, db, &self->error);
    (void)g_string_free(self->said, TRUE);
    g_array_unref(self->found);
    g_clear_pointer(&self->letter, g_free);
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
    Work *work = data;
    const NskLogAudit *audit = work->audit;
    int64_t total = (int64_t)audit->state->tree.size;
    int64_t done = work->keep.skipped + (int64_t)g_atomic_int_get(&work->done) * STEP;

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
run_walks(Work *work, GPtrArray *findings, NskLogVerdict *out, GError **error)
{
    bool ok = true;
    Walk walks[NSK_AUDIT_MOST_THREADS] = { 0 };
    unsigned n = nsk_audit_threads();

    for (unsigned i = 0; i < n; i++)
        walks[i] = (Walk){ .work = work, .findings = g_ptr_array_new_with_free_func(finding_free) };
    nsk_audit_run(walk, walks, sizeof *walks, n, tell_progress, work);
    out->skipped = work->keep.skipped;
    out->entries = out->skipped;
    out->since = work->keep.since;
    for (unsigned i = 0; i < n; i++) {
        out->entries += walks[i].total;
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
    Work work = { .audit = audit, .leaves = leaves };
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
