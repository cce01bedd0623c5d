/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The audit of the whole log.
 *
 * Two threads walk the journal in the order of its key, each over a half of the letters, so that a
 * chain is followed without remembering others; places of leaves are walked beside it in the same
 * order, and each leaf's hash is noted at its place.  Then the tree is built over all places and
 * compared with tiles, edge and checkpoints.
 *
 * An entry's form is not parsed here: its bytes are what the tree proves, and what of them binds
 * the chain is found by the spelling that canonical JSON has.  The doctor parses entries.
 */
#include "journal/audit.h"

#include "base/bytes.h"
#include "base/message.h"

#include <string.h>

#define MOST_TOLD 200  /* findings; the first ones of each thread */
#define STEP      8192 /* entries between two words of progress */
#define PATIENCE  5000 /* microseconds */

static const char sql_walk[] = "SELECT letter, letter_seq, entry, hash FROM journal"
                               " WHERE letter >= $1 AND ($2 = '' OR letter < $2)"
                               " ORDER BY letter, letter_seq";
static const char sql_walk_leaves[] = "SELECT letter, letter_seq, leaf FROM journal_leaf"
                                      " WHERE letter >= $1 AND ($2 = '' OR letter < $2)"
                                      " ORDER BY letter, letter_seq";
static const char sql_is_pending[] =
    "SELECT 1 FROM journal_pending WHERE letter = $1 AND letter_seq = $2";
static const char sql_letter_of[] = "SELECT letter, letter_seq FROM journal_leaf WHERE leaf = $1";

/* A finding with what sorts it. */
typedef struct {
    char *letter, *text;
    const char *tag;
    int64_t seq, leaf;
} Finding;

typedef struct {
    const NskLogAudit *audit;
    NskHash *leaves; /* by place; shared, each is written by one thread */
    gint *done;      /* entries, in steps; of both threads */
    gint *ended;     /* threads */
    char *from, *until;
    GPtrArray *findings;
    GError *error;
    int64_t entries, seq;
    NskDbTxn *txn;
    NskDbRows *places; /* the next of journal_leaf, if there is one */
    bool has_place;
    char *letter;
    GString *said; /* how an entry says of which letter it is */
    uint8_t hash[NSK_SHA256_SIZE];
    char prev[2 * NSK_SHA256_SIZE + 1]; /* the same, as entries write it */
} Walk;

static const NskHash no_hash;

static void
finding_free(gpointer data)
{
    Finding *finding = data;

    g_free(finding->letter);
    g_free(finding->text);
    g_free(finding);
}

static void
find(GPtrArray *findings,
     const char *tag,
     const char *letter,
     int64_t seq,
     int64_t leaf,
     const char *what)
{
    if (findings->len >= MOST_TOLD)
        return;
    Finding *finding = g_new0(Finding, 1);
    *finding = (Finding){ .tag = tag, .letter = g_strdup(letter), .seq = seq, .leaf = leaf };
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

/* Whether the entry says that it is this one, behind that one. */
static const char *
check_entry(const Walk *self, const char *entry, size_t size, int64_t seq)
{
    static const char prev[] = ",\"prev\":\"";
    const char *end = entry + size, *at = memmem(entry, size, self->said->str, self->said->len);

    if (at == NULL || !is_number(at + self->said->len, end, seq, &at))
        return "audit-place";
    at = memmem(at, (size_t)(end - at), prev, strlen(prev));
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
        find(self->findings, "audit-leaf", letter, seq, -1,
             N_("was never given a place in the log: somebody added it past the program"));
    return true;
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
        find(self->findings, "audit-gap", letter, self->seq + 1, -1,
             N_("is missing: somebody removed it"));
    const char *fault = seq == self->seq + 1 ? check_entry(self, entry, size, seq) : NULL;
    if (fault != NULL)
        find(self->findings, fault, letter, seq, place, words_of(fault));
    nsk_sha256(entry, size, hash);
    if (hash_size != NSK_SHA256_SIZE || memcmp(kept, hash, NSK_SHA256_SIZE) != 0)
        find(self->findings, "audit-entry", letter, seq, place,
             N_("does not have the hash that was kept of it: somebody changed it"));
    set_hash(self, hash);
    if (place >= 0 && (uint64_t)place < self->audit->state->tree.size)
        self->leaves[place] = nsk_tree_leaf(entry, size);
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
        if (self->entries % STEP == 0)
            (void)g_atomic_int_add(self->done, has_row ? 1 : 0);
    }
    return true;
}

static bool
walk_half(Walk *self, NskDb *db, GError **error)
{
    const NskDbValue half[] = { NSK_DB_TEXT(self->from), NSK_DB_TEXT(self->until) };
    g_autoptr(NskDbTxn) txn = nsk_db_snapshot(db, error);
    g_autoptr(NskDbRows) rows =
        txn != NULL ? nsk_db_query(txn, sql_walk, half, G_N_ELEMENTS(half), error) : NULL;
    g_autoptr(NskDbRows) places =
        rows != NULL ? nsk_db_query(txn, sql_walk_leaves, half, G_N_ELEMENTS(half), error) : NULL;

    self->txn = txn;
    self->places = places;
    return places != NULL && nsk_db_rows_next(places, &self->has_place, error) &&
           walk_rows(self, rows, error);
}

static gpointer
walk(gpointer data)
{
    Walk *self = data;
    g_autoptr(NskDb) db = nsk_db_open(self->audit->path, NSK_DB_READ, &self->error);

    self->said = g_string_new(NULL);
    if (db != NULL)
        (void)walk_half(self, db, &self->error);
    (void)g_string_free(self->said, TRUE);
    g_clear_pointer(&self->letter, g_free);
    (void)g_atomic_int_add(self->ended, 1);
    return NULL;
}

/* --- The tree --------------------------------------------------------------------------------- */

/* Whose leaf @leaf is, as far as the database says; owned. */
static bool
name_leaf(NskDbTxn *txn, uint64_t leaf, char **out_letter, int64_t *out_seq, GError **error)
{
    bool has_row = false;
    g_autoptr(NskDbRows) rows =
        nsk_db_query(txn, sql_letter_of, NSK_DB_PARAMS(NSK_DB_INT((int64_t)leaf)), error);

    if (rows == NULL || !nsk_db_rows_next(rows, &has_row, error))
        return false;
    *out_letter = g_strdup(has_row ? nsk_db_rows_text(rows, 0) : "?");
    *out_seq = has_row ? nsk_db_rows_int(rows, 1) : 0;
    return true;
}

typedef struct {
    const NskLogAudit *audit;
    NskDbTxn *txn;
    const NskHash *leaves;
    GPtrArray *findings;
} Tree;

static bool
find_leaf(const Tree *self, const char *tag, uint64_t leaf, const char *what, GError **error)
{
    int64_t seq = 0;
    g_autofree char *letter = NULL;

    if (self->findings->len >= MOST_TOLD)
        return true;
    if (!name_leaf(self->txn, leaf, &letter, &seq, error))
        return false;
    find(self->findings, tag, letter, seq, (int64_t)leaf, what);
    return true;
}

/* Compares the leaves with tiles of level 0 in @folder, as far as they are there. */
static bool
compare_leaves(const Tree *self, const char *folder, uint64_t size, GError **error)
{
    g_autoptr(NskTiles) tiles = nsk_tiles_new(folder);

    nsk_tiles_set_size(tiles, size);
    for (uint64_t at = 0; at < size; at += NSK_TILE_WIDTH) {
        NskHash hashes[NSK_TILE_WIDTH];
        NskTileName name = { 0, at / NSK_TILE_WIDTH, (unsigned)MIN(size - at, NSK_TILE_WIDTH) };
        g_autoptr(GError) fault = NULL;

        if (!nsk_tiles_read(tiles, &name, hashes, &fault)) {
            if (!find_leaf(self, "audit-tile", at,
                           N_("begins a tile of the log that is gone or has another size"), error))
                return false;
            continue;
        }
        for (unsigned i = 0; i < name.width; i++) {
            if (!nsk_hash_equal(&hashes[i], &self->leaves[at + i]) &&
                !find_leaf(self, "audit-proved", at + i,
                           N_("is not the entry that was proved in its place, or its tile was "
                              "changed"),
                           error))
                return false;
        }
    }
    return true;
}

/* Compares a tile above level 0 with the one below it. */
static bool
compare_above(const Tree *self, GError **error)
{
    uint64_t size = self->audit->state->tree.size;
    g_autoptr(NskTiles) tiles = nsk_tiles_new(self->audit->folder);

    for (int level = 1; size >> (NSK_TILE_HEIGHT * level) > 0; level++) {
        uint64_t n = size >> (NSK_TILE_HEIGHT * level);

        for (uint64_t at = 0; at < n; at++) {
            NskHash below[NSK_TILE_WIDTH], above[NSK_TILE_WIDTH];
            uint64_t tile = at / NSK_TILE_WIDTH;
            NskTileName name = { level, tile,
                                 (unsigned)MIN(n - tile * NSK_TILE_WIDTH, NSK_TILE_WIDTH) };
            NskTileName lower = { level - 1, at, NSK_TILE_WIDTH };

            if (!nsk_tiles_read(tiles, &name, above, NULL) ||
                !nsk_tiles_read(tiles, &lower, below, NULL))
                return find_leaf(self, "audit-tile", at << (NSK_TILE_HEIGHT * level),
                                 N_("begins a tile of the log that is gone or has another size"),
                                 error);
            NskHash root = nsk_tile_root(below, NSK_TILE_WIDTH);
            if (!nsk_hash_equal(&root, &above[at % NSK_TILE_WIDTH]))
                return find_leaf(self, "audit-tile", at << (NSK_TILE_HEIGHT * level),
                                 N_("begins a part of the tree whose tile was changed"), error);
        }
    }
    return true;
}

/* Grows the tree; *out_kept: its root where it had the size of the checkpoint that was kept. */
static bool
grow(const Tree *self, NskTree *out, NskHash *out_kept, GError **error)
{
    const NskCheckpoint *kept = self->audit->kept;
    uint64_t size = self->audit->state->tree.size;

    *out = (NskTree){ 0 };
    for (uint64_t i = 0; i < size; i++) {
        if (kept != NULL && kept->size == i)
            *out_kept = nsk_tree_root(out);
        if (nsk_hash_equal(&self->leaves[i], &no_hash) &&
            !find_leaf(self, "audit-leaf", i,
                       N_("has a place in the log, but is not in the journal: somebody removed it"),
                       error))
            return false;
        nsk_tree_add(out, &self->leaves[i]);
    }
    if (kept != NULL && kept->size == size)
        *out_kept = nsk_tree_root(out);
    return true;
}

static bool
check_tree(const Tree *self, NskIssues *issues, NskLogVerdict *out, GError **error)
{
    NskTree tree;
    NskHash at_kept = { { 0 } };
    const NskLogAudit *audit = self->audit;
    NskHash said = nsk_tree_root(&audit->state->tree);
    const NskIssue place = { .tag = "audit-root", .severity = NSK_SEVERITY_ERROR };

    if (!grow(self, &tree, &at_kept, error))
        return false;
    if (audit->folder != NULL && audit->state->checkpoint != NULL &&
        (!compare_leaves(self, audit->folder, tree.size, error) || !compare_above(self, error)))
        return false;
    if (audit->against != NULL && audit->kept != NULL &&
        !compare_leaves(self, audit->against, MIN(audit->kept->size, tree.size), error))
        return false;
    out->root = nsk_tree_root(&tree);
    if (!nsk_hash_equal(&out->root, &said))
        nsk_issues_add(issues, &place, "%s",
                       nsk_tr("the tree over all entries is not the one that was signed"));
    if (audit->kept != NULL && audit->kept->size > tree.size)
        nsk_issues_add(issues, &place,
                       nsk_tr("the checkpoint that was kept tells of %lld entries, the log has "
                              "%lld: its end was cut off"),
                       (long long)audit->kept->size, (long long)tree.size);
    else if (audit->kept != NULL && !nsk_hash_equal(&at_kept, &audit->kept->root))
        nsk_issues_add(issues, &place, "%s",
                       nsk_tr("the log does not begin with what the checkpoint that was kept was "
                              "signed for: its history was rewritten"));
    return true;
}

/* --- All of it -------------------------------------------------------------------------------- */

void
nsk_log_verdict_clear(NskLogVerdict *self)
{
    g_clear_pointer(&self->first_letter, g_free);
}

/* In the order of the log; those without a place last. */
static int
compare_findings(gconstpointer a, gconstpointer b)
{
    const Finding *left = *(Finding *const *)a, *right = *(Finding *const *)b;
    uint64_t first = (uint64_t)left->leaf, second = (uint64_t)right->leaf;

    return first < second ? -1 : first > second ? 1 : 0;
}

static void
tell_findings(GPtrArray *findings, NskIssues *issues, NskLogVerdict *out)
{
    g_ptr_array_sort(findings, compare_findings);
    for (guint i = 0; i < findings->len; i++) {
        const Finding *finding = findings->pdata[i];

        nsk_issues_add(issues,
                       &(NskIssue){ .tag = finding->tag,
                                    .severity = NSK_SEVERITY_ERROR,
                                    .file = finding->letter,
                                    .line = (unsigned)CLAMP(finding->seq, 0, G_MAXINT) },
                       "%s", finding->text);
    }
    if (findings->len == 0)
        return;
    const Finding *first = findings->pdata[0];
    out->first_letter = g_strdup(first->letter);
    out->first_seq = first->seq;
    out->first_leaf = first->leaf;
}

/* Until both are through. */
static void
tell_progress(const NskLogAudit *audit, gint *done, gint *ended)
{
    int64_t total = (int64_t)audit->state->tree.size;

    while (g_atomic_int_get(ended) < 2) {
        if (audit->progress != NULL)
            audit->progress(MIN((int64_t)g_atomic_int_get(done) * STEP, total), total, audit->data);
        g_usleep(PATIENCE);
    }
}

static bool
join(Walk *walks, GThread **threads, GPtrArray *findings, NskLogVerdict *out, GError **error)
{
    bool ok = true;

    for (size_t i = 0; i < 2; i++) {
        (void)g_thread_join(threads[i]);
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

bool
nsk_log_audit(const NskLogAudit *audit, NskIssues *issues, NskLogVerdict *out, GError **error)
{
    int64_t seq;
    gint done = 0, ended = 0;
    uint64_t size = audit->state->tree.size;
    g_autofree char *middle = NULL;
    g_autofree NskHash *leaves = g_new0(NskHash, MAX(size, 1));
    g_autoptr(GPtrArray) findings = g_ptr_array_new_with_free_func(finding_free);
    g_autoptr(NskDb) db = nsk_db_open(audit->path, NSK_DB_READ, error);
    g_autoptr(NskDbTxn) txn = db != NULL ? nsk_db_snapshot(db, error) : NULL;
    GThread *threads[2];

    *out = (NskLogVerdict){ .first_leaf = -1 };
    if (txn == NULL || !name_leaf(txn, size / 2, &middle, &seq, error))
        return false;
    char none[] = "";
    Walk walks[2] = { { .from = none, .until = middle }, { .from = middle, .until = none } };
    for (size_t i = 0; i < 2; i++) {
        walks[i].audit = audit;
        walks[i].leaves = leaves;
        walks[i].done = &done;
        walks[i].ended = &ended;
        walks[i].findings = g_ptr_array_new_with_free_func(finding_free);
        threads[i] = g_thread_new("audit", walk, &walks[i]);
    }
    tell_progress(audit, &done, &ended);
    Tree tree = { audit, txn, leaves, findings };
    if (!join(walks, threads, findings, out, error) || !check_tree(&tree, issues, out, error))
        return false;
    tell_findings(findings, issues, out);
    return true;
}
