/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The audit's reading of the journal, by each of its threads.
 *
 * Rows are gathered until there are enough of them for their digests to be made side by side; then
 * they are judged in their order.
 *
 * An entry's form is not parsed here: its bytes are what the tree proves, and what of them binds
 * the chain is found by the spelling that canonical JSON has.  The doctor parses entries.
 */
#include "base/bytes.h"
#include "base/message.h"
#include "journal/audit-private.h"

#include <string.h>

#define NEAR 64 /* bytes by which entries differ as a rule */
#define MANY 32 /* entries that are judged together; each has two digests */

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

/* An entry that waits to be judged. */
typedef struct {
    size_t letter; /* where its letter's id begins, in bytes */
    size_t leaf;   /* where the leaf begins that it is: a mark, and the entry */
    size_t size;   /* of the entry */
    int64_t seq;
    int64_t place;                 /* in the log; -1: none */
    bool has_kept;                 /* whether a hash of it was kept */
    uint8_t kept[NSK_SHA256_SIZE]; /* that one */
    uint8_t hash[NSK_SHA256_SIZE]; /* of the entry */
    NskHash leaf_hash;
} Row;

typedef struct {
    NskAuditWalk *walk;
    NskAuditWork *work;
    NskSha256Many *digests;
    NskDbTxn *txn;
    NskDbRows *places; /* the next of journal_leaf, if there is one */
    bool has_place;
    int64_t entries; /* of the portion */
    GArray *found;   /* places of the portion, uint64_t */
    Row rows[MANY];
    size_t n;
    GByteArray *bytes; /* of the rows */
    /* the entry before */
    GString *letter;                    /* its letter; empty: there is none */
    GString *said;                      /* how an entry says of which letter it is */
    size_t said_at, prev_at;            /* where it says that, and what it is behind */
    int64_t seq;                        /* its number */
    char prev[2 * NSK_SHA256_SIZE + 1]; /* its hash, as entries write it */
} Reader;

/* --- Judging ---------------------------------------------------------------------------------- */

static void
begin_letter(Reader *self, const char *letter)
{
    static const uint8_t none[NSK_SHA256_SIZE] = { 0 };

    g_string_assign(self->letter, letter);
    g_string_printf(self->said, ",\"letter\":\"%s\",\"letter_seq\":", letter);
    self->seq = 0;
    nsk_hex_write(none, NSK_SHA256_SIZE, self->prev);
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

/* Finds @what in the entry, first where the entry before had it, and about there. */
static const char *
seek(const char *entry, size_t size, size_t *at, const char *what, size_t length)
{
    if (*at + length <= size && memcmp(entry + *at, what, length) == 0)
        return entry + *at;
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
check_entry(Reader *self, const char *entry, size_t size, int64_t seq)
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

static void
find(const Reader *self, const char *tag, const Row *row, int64_t seq, const char *what)
{
    nsk_audit_find(self->walk->findings, tag, self->letter->str, seq,
                   seq == row->seq ? row->place : -1, what);
}

static void
note_leaf(Reader *self, const Row *row)
{
    uint64_t place = (uint64_t)row->place;

    if (row->place < 0 || place >= self->work->audit->state->tree.size)
        return;
    self->work->leaves[place] = row->leaf_hash;
    g_array_append_val(self->found, place);
}

static void
judge(Reader *self, const Row *row)
{
    const char *letter = (const char *)self->bytes->data + row->letter;
    const char *entry = (const char *)self->bytes->data + row->leaf + 1;

    if (strcmp(self->letter->str, letter) != 0)
        begin_letter(self, letter);
    if (row->seq != self->seq + 1)
        find(self, "audit-gap", row, self->seq + 1, N_("is missing: somebody removed it"));
    const char *fault =
        row->seq == self->seq + 1 ? check_entry(self, entry, row->size, row->seq) : NULL;
    if (fault != NULL)
        find(self, fault, row, row->seq, words_of(fault));
    if (!row->has_kept || memcmp(row->kept, row->hash, sizeof row->hash) != 0)
        find(self, "audit-entry", row, row->seq,
             N_("does not have the hash that was kept of it: somebody changed it"));
    nsk_hex_write(row->hash, sizeof row->hash, self->prev);
    note_leaf(self, row);
    self->seq = row->seq;
}

static void
judge_rows(Reader *self)
{
    NskSha256Text texts[2 * MANY];

    for (size_t i = 0; i < self->n; i++) {
        Row *row = &self->rows[i];
        const uint8_t *leaf = self->bytes->data + row->leaf;

        texts[2 * i] = (NskSha256Text){ leaf, row->size + 1, row->leaf_hash.bytes };
        texts[2 * i + 1] = (NskSha256Text){ leaf + 1, row->size, row->hash };
    }
    nsk_sha256_many(self->digests, texts, 2 * self->n);
    for (size_t i = 0; i < self->n; i++)
        judge(self, &self->rows[i]);
    self->entries += (int64_t)self->n;
    self->n = 0;
    g_byte_array_set_size(self->bytes, 0);
}

/* --- Gathering -------------------------------------------------------------------------------- */

/* Which leaf the entry is; *out_leaf is -1 if it is none. */
static bool
find_place(Reader *self, const char *letter, int64_t seq, int64_t *out_leaf, GError **error)
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
check_pending(Reader *self, const char *letter, int64_t seq, GError **error)
{
    bool waits = false;
    g_autoptr(NskDbRows) rows = nsk_db_query(
        self->txn, sql_is_pending, NSK_DB_PARAMS(NSK_DB_TEXT(letter), NSK_DB_INT(seq)), error);

    if (rows == NULL || !nsk_db_rows_next(rows, &waits, error))
        return false;
    if (!waits)
        nsk_audit_find(
            self->walk->findings, "audit-leaf", letter, seq, -1,
            N_("was never given a place in the log: somebody added it past the program"));
    return true;
}

/* Keeps @size bytes until the rows are judged; returns where they begin. */
static size_t
keep(Reader *self, const void *data, size_t size)
{
    size_t at = self->bytes->len;

    g_byte_array_append(self->bytes, data, (guint)size);
    return at;
}

static bool
gather(Reader *self, NskDbRows *rows, GError **error)
{
    static const uint8_t mark = NSK_TREE_LEAF_MARK;
    size_t size, kept_size;
    Row *row = &self->rows[self->n];
    const char *letter = nsk_db_rows_text(rows, 0);
    const void *entry = nsk_db_rows_blob(rows, 2, &size);
    const void *kept = nsk_db_rows_blob(rows, 3, &kept_size);

    row->seq = nsk_db_rows_int(rows, 1);
    if (!find_place(self, letter, row->seq, &row->place, error) ||
        (row->place < 0 && !check_pending(self, letter, row->seq, error)))
        return false;
    row->letter = keep(self, letter, strlen(letter) + 1);
    row->leaf = keep(self, &mark, sizeof mark);
    row->size = size;
    (void)keep(self, entry, size);
    row->has_kept = kept_size == sizeof row->kept;
    if (row->has_kept)
        memcpy(row->kept, kept, sizeof row->kept);
    self->n++;
    return true;
}

static bool
read_rows(Reader *self, NskDbRows *rows, GError **error)
{
    for (bool has_row = true; has_row;) {
        if (!nsk_db_rows_next(rows, &has_row, error) || (has_row && !gather(self, rows, error)))
            return false;
        if (self->n == MANY || !has_row) {
            (void)g_atomic_int_add(&self->work->done, (gint)self->n);
            judge_rows(self);
        }
    }
    return true;
}

/* --- Portions --------------------------------------------------------------------------------- */

static bool
read_portion(Reader *self, NskDb *db, unsigned portion, GError **error)
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
    g_string_truncate(self->letter, 0);
    return places != NULL && nsk_db_rows_next(places, &self->has_place, error) &&
           read_rows(self, rows, error);
}

/* Reads portions that are not read until there are none. */
static bool
read_portions(Reader *self, NskDb *db, GError **error)
{
    NskAuditKeep *keep = &self->work->keep;
    const GPtrArray *findings = self->walk->findings;

    for (unsigned i; (i = (unsigned)g_atomic_int_add(&self->work->next, 1)) < keep->n;) {
        guint before = findings->len;

        if (keep->counts[i] >= 0)
            continue;
        if (!read_portion(self, db, i, error))
            return false;
        self->walk->entries += self->entries;
        if (findings->len == before && before < NSK_AUDIT_MOST_TOLD)
            nsk_audit_keep_portion(keep, i, self->found, self->entries);
    }
    return true;
}

void
nsk_audit_walk(void *data)
{
    NskAuditWalk *walk = data;
    g_autoptr(NskDb) db = nsk_db_open_once(walk->work->audit->path, &walk->error);
    g_autoptr(NskSha256Many) digests = nsk_sha256_many_new();
    g_autofree Reader *self = g_new(Reader, 1);

    *self = (Reader){ .walk = walk,
                      .work = walk->work,
                      .digests = digests,
                      .found = g_array_new(FALSE, FALSE, sizeof(uint64_t)),
                      .bytes = g_byte_array_new(),
                      .letter = g_string_new(NULL),
                      .said = g_string_new(NULL) };
    if (db != NULL)
        (void)read_portions(self, db, &walk->error);
    g_array_unref(self->found);
    g_byte_array_unref(self->bytes);
    (void)g_string_free(self->letter, TRUE);
    (void)g_string_free(self->said, TRUE);
}
