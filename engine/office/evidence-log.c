/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The part of a letter's evidence that the log gives: entries, proofs, checkpoint, key. */
#include "base/bytes.h"
#include "base/message.h"
#include "journal/anchor.h"
#include "journal/proof.h"
#include "office/anchor-private.h"
#include "office/cosign-private.h"
#include "office/evidence-private.h"
#include "office/log-day-private.h"

#include <string.h>

#define MOST_COSIGNED 200 /* checkpoints in one file */

typedef struct {
    NskDbTxn *txn;
    NskPackage *package;
    NskLogState state;
    NskTiles *tiles;
    GArray *leaves; /* uint64_t: of the letter's entries */
} Log;

static void
log_clear(Log *self)
{
    g_clear_pointer(&self->tiles, nsk_tiles_free);
    g_clear_pointer(&self->leaves, g_array_unref);
    nsk_log_state_clear(&self->state);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Log, log_clear)

static bool
add_text(Log *self, const char *path, const char *text, GError **error)
{
    g_autoptr(GBytes) bytes = g_bytes_new(text, strlen(text));

    return nsk_package_add(self->package, path, bytes, error);
}

/* The proof of an entry, under @path; @leaves (may be NULL) gets its leaf. */
static bool
add_proof(Log *self, const NskJournalEntry *entry, const char *path, GArray *leaves, GError **error)
{
    NskTreeSource source = nsk_tiles_source(self->tiles);
    uint64_t size = self->state.tree.size;
    NskProof proof = { .checkpoint = self->state.checkpoint };
    NskHash root = nsk_tree_root(&self->state.tree);
    NskHash leaf =
        nsk_tree_leaf(g_bytes_get_data(entry->bytes, NULL), g_bytes_get_size(entry->bytes));

    if (!nsk_log_find_leaf(self->txn, entry->event.letter, entry->seq, &proof.index, error) ||
        !nsk_tree_prove_leaf(&source, proof.index, size, &proof.path, error))
        return false;
    if (!nsk_tree_check_leaf(&proof.path, &leaf, proof.index, size, &root)) {
        g_set_error_literal(error, NSK_ERROR, NSK_ERROR_CORRUPT,
                            nsk_tr("the entry is not the one that was proved: run 'naskah audit "
                                   "verify'"));
        return false;
    }
    if (leaves != NULL)
        g_array_append_val(leaves, proof.index);
    g_autofree char *text = nsk_proof_format(&proof);
    return add_text(self, path, text, error);
}

/* The entry of the newest day that covers the letter, and what its map says. */
static bool
add_day(Log *self, const char *letter, GError **error)
{
    NskLogDay day;
    NskDayMapProof said;

    if (!nsk_log_prove_day(self->txn, self->state.tree.size, letter, &day, &said, error))
        return false;
    if (day.seq == 0)
        return true;
    g_autoptr(GPtrArray) entries = nsk_journal_read(self->txn, NSK_LOG_HISTORY, error);
    if (entries == NULL)
        return false;
    const NskJournalEntry *entry = g_ptr_array_index(entries, day.seq - 1);
    const char *data = g_bytes_get_data(entry->bytes, NULL);
    g_autofree char *text = nsk_day_map_proof_format(&said);
    g_autofree char *line = g_strdup_printf("%.*s\n", (int)g_bytes_get_size(entry->bytes), data);
    return add_text(self, NSK_EVIDENCE_JOURNAL "day.jsonl", line, error) &&
           add_proof(self, entry, NSK_EVIDENCE_JOURNAL "day.tlog-proof", NULL, error) &&
           add_text(self, NSK_EVIDENCE_JOURNAL "day.map", text, error);
}

static void
tell_event(Log *self, const NskJournalEntry *entry)
{
    g_autofree char *hash = nsk_hex(entry->hash, sizeof entry->hash);
    const NskPackageEvent event = { .seq = entry->seq,
                                    .at = entry->event.at,
                                    .action = entry->event.action,
                                    .actor = entry->event.actor,
                                    .hash = hash };

    nsk_package_add_event(self->package, &event);
}

static bool
add_key(Log *self, const NskOffice *office, GError **error)
{
    g_auto(NskLogKey) key = { 0 };
    g_autofree char *origin = nsk_log_origin(office->origin, self->state.generation);

    if (!nsk_log_key_load(office->dir, origin, &key, error))
        return false;
    g_autofree char *vkey = nsk_log_note_key_format(&key.key);
    g_autofree char *line = g_strconcat(vkey, "\n", NULL);
    return add_text(self, NSK_EVIDENCE_COMPARISON "log.vkey", line, error);
}

/* An older checkpoint that others vouched for, and that the one of the proofs grew from it. */
static bool
add_older(Log *self, const char *folder, const char *checkpoint, GError **error)
{
    NskCheckpoint said;
    NskTreeProof growth = { 0 };
    NskTreeSource source = nsk_tiles_source(self->tiles);
    NskHash root = nsk_tree_root(&self->state.tree);
    g_autofree char *note = g_strconcat(folder, "checkpoint", NULL);
    g_autofree char *path = g_strconcat(folder, "growth.txt", NULL);

    if (!nsk_checkpoint_parse(checkpoint, &said, error) ||
        !nsk_tree_prove_growth(&source, said.size, self->state.tree.size, &growth, error))
        return false;
    if (!nsk_tree_check_growth(&growth, said.size, &said.root, self->state.tree.size, &root)) {
        g_set_error_literal(error, NSK_ERROR, NSK_ERROR_CORRUPT,
                            nsk_tr("the log does not begin with what others vouched for: run "
                                   "'naskah audit verify'"));
        return false;
    }
    g_autofree char *text = nsk_growth_format(&growth);
    return add_text(self, note, checkpoint, error) && add_text(self, path, text, error);
}

/* The newest checkpoint that has a time stamp. */
static bool
add_anchor(Log *self, GError **error)
{
    g_autoptr(NskAnchor) anchor = NULL;

    if (!nsk_anchor_find(self->txn, self->state.generation, &anchor, error))
        return false;
    return anchor == NULL ||
           (add_older(self, NSK_EVIDENCE_JOURNAL "anchor/", anchor->checkpoint, error) &&
            nsk_package_add(self->package, NSK_EVIDENCE_JOURNAL "anchor/token.tst", anchor->token,
                            error));
}

/* The note of rows [first, end), which are of one checkpoint, with all their signatures. */
static char *
join_cosigned(const GPtrArray *rows, guint first, guint end, GError **error)
{
    g_autoptr(NskLogNote) note = NULL;

    for (guint i = first; i < end; i++) {
        NskLogNoteKey key;
        const NskCosigned *row = rows->pdata[i];
        const char *text = row->checkpoint;
        g_autoptr(NskLogNote) one = nsk_log_note_parse(text, strlen(text), error);

        if (one == NULL || !nsk_log_note_key_parse(row->vkey, &key, error))
            return NULL;
        if (note == NULL)
            note = g_steal_pointer(&one);
        else if (strcmp(note->text, one->text) == 0)
            nsk_log_note_take(note, one, &key);
    }
    return nsk_log_note_format(note);
}

/* How many entries of the letter are among the first @size of the log. */
static unsigned
count_entries(const Log *self, int64_t size)
{
    unsigned n = 0;

    for (guint i = 0; i < self->leaves->len; i++)
        n += g_array_index(self->leaves, uint64_t, i) < (uint64_t)size ? 1 : 0;
    return n;
}

static int
compare_size(gconstpointer a, gconstpointer b)
{
    const NskCosigned *left = *(const NskCosigned *const *)a;
    const NskCosigned *right = *(const NskCosigned *const *)b;

    if (left->size != right->size)
        return left->size > right->size ? -1 : 1;
    return strcmp(left->vkey, right->vkey);
}

/* Of every witness the first checkpoint with each entry of the letter, which tells when it was
 * there, and the newest; the largest first.  Borrowed from @all, the smallest first. */
static GPtrArray *
choose_cosigned(const Log *self, const GPtrArray *all)
{
    GPtrArray *chosen = g_ptr_array_new();
    g_autoptr(GHashTable) newest = g_hash_table_new(g_str_hash, g_str_equal);
    g_autoptr(GHashTable) counts = g_hash_table_new(g_str_hash, g_str_equal);
    GHashTableIter iter;
    gpointer row;

    for (guint i = 0; i < all->len; i++) {
        NskCosigned *at = all->pdata[i];
        unsigned n = count_entries(self, at->size);

        if (at->generation != self->state.generation || (uint64_t)at->size > self->state.tree.size)
            continue;
        g_hash_table_insert(newest, at->vkey, at);
        if (n > GPOINTER_TO_UINT(g_hash_table_lookup(counts, at->vkey)))
            g_ptr_array_add(chosen, at);
        g_hash_table_insert(counts, at->vkey, GUINT_TO_POINTER(n));
    }
    g_hash_table_iter_init(&iter, newest);
    while (g_hash_table_iter_next(&iter, NULL, &row))
        if (!g_ptr_array_find(chosen, row, NULL))
            g_ptr_array_add(chosen, row);
    g_ptr_array_sort(chosen, compare_size);
    return chosen;
}

/* What witnesses cosigned; those who cosigned the same checkpoint stand under it together. */
static bool
add_cosigned(Log *self, GError **error)
{
    unsigned number = 0;
    g_autoptr(GPtrArray) all = nsk_cosigned_list(self->txn, error);
    g_autoptr(GPtrArray) rows = all != NULL ? choose_cosigned(self, all) : NULL;

    for (guint i = 0, end; rows != NULL && i < rows->len && number < MOST_COSIGNED; i = end) {
        const NskCosigned *row = rows->pdata[i];

        for (end = i + 1; end < rows->len; end++)
            if (((const NskCosigned *)rows->pdata[end])->size != row->size)
                break;
        g_autofree char *folder = g_strdup_printf(NSK_EVIDENCE_JOURNAL "cosigned/%u/", ++number);
        g_autofree char *note = join_cosigned(rows, i, end, error);
        if (note == NULL || !add_older(self, folder, note, error))
            return false;
    }
    return rows != NULL;
}

bool
nsk_evidence_add_log(NskOffice *office,
                     NskDbTxn *txn,
                     const GPtrArray *entries,
                     NskPackage *package,
                     GError **error)
{
    g_auto(Log) self = { .txn = txn,
                         .package = package,
                         .leaves = g_array_new(FALSE, FALSE, sizeof(uint64_t)) };
    g_autofree char *folder = nsk_office_path(office->dir, NSK_LOG_FOLDER);
    g_autoptr(GString) lines = g_string_new(NULL);

    const char *letter = ((const NskJournalEntry *)g_ptr_array_index(entries, 0))->event.letter;

    if (!nsk_log_load(txn, &self.state, error))
        return false;
    if (self.state.checkpoint == NULL) {
        g_set_error_literal(error, NSK_ERROR, NSK_ERROR_NOT_FOUND,
                            nsk_tr("nothing of the log is signed yet; the next change signs it"));
        return false;
    }
    self.tiles = nsk_log_tiles(folder, txn, &self.state.tree);
    for (guint i = 0; i < entries->len; i++) {
        const NskJournalEntry *entry = g_ptr_array_index(entries, i);
        g_autofree char *path = g_strdup_printf(
            NSK_EVIDENCE_JOURNAL "proofs/%06" G_GINT64_FORMAT ".tlog-proof", entry->seq);
        size_t size;
        const char *data = g_bytes_get_data(entry->bytes, &size);

        g_string_append_len(lines, data, (gssize)size);
        g_string_append_c(lines, '\n');
        tell_event(&self, entry);
        if (!add_proof(&self, entry, path, self.leaves, error))
            return false;
    }
    return add_text(&self, NSK_EVIDENCE_JOURNAL "events.jsonl", lines->str, error) &&
           add_text(&self, NSK_EVIDENCE_JOURNAL "checkpoint", self.state.checkpoint, error) &&
           add_day(&self, letter, error) && add_anchor(&self, error) &&
           add_cosigned(&self, error) && add_key(&self, office, error);
}
