/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Proofs of entries: one to be taken away and checked elsewhere, or those of a history that is
 * shown.
 */
#include "base/message.h"
#include "journal/proof.h"
#include "office/log-private.h"

#include <string.h>

static const char sql_find_entry[] =
    "SELECT entry, letter_seq FROM journal WHERE letter = $1 AND ($2 = 0 OR letter_seq = $2)"
    " ORDER BY letter_seq DESC LIMIT 1";
static const char sql_list_leaves[] =
    "SELECT letter_seq, leaf FROM journal_leaf WHERE letter = $1 ORDER BY letter_seq";

/* --- One entry -------------------------------------------------------------------------------- */

static GBytes *
find_entry(NskDbTxn *txn, const char *letter, int64_t *seq, GError **error)
{
    bool has_row = false;
    size_t size;
    g_autoptr(NskDbRows) rows = nsk_db_query(
        txn, sql_find_entry, NSK_DB_PARAMS(NSK_DB_TEXT(letter), NSK_DB_INT(*seq)), error);

    if (rows == NULL || !nsk_db_rows_next(rows, &has_row, error))
        return NULL;
    if (!has_row) {
        g_set_error(error, NSK_ERROR, NSK_ERROR_NOT_FOUND,
                    nsk_tr("'%s' has no such entry in the journal; 'naskah letter history' tells "
                           "its entries"),
                    letter);
        return NULL;
    }
    const void *data = nsk_db_rows_blob(rows, 0, &size);
    *seq = nsk_db_rows_int(rows, 1);
    return g_bytes_new(data, size);
}

/* What people write of a letter is its number or the end of its id as well. */
static char *
find_history(NskDbTxn *txn, const char *text, GError **error)
{
    if (g_str_has_prefix(text, "office/"))
        return g_strdup(text);
    g_autoptr(GPtrArray) found = nsk_letter_row_search(txn, text, error);
    if (found == NULL)
        return NULL;
    return g_strdup(found->len > 0 ? g_ptr_array_index(found, 0) : text);
}

static bool
make_proof(NskOffice *self,
           NskDbTxn *txn,
           const NskLogState *state,
           NskProof *proof,
           GError **error)
{
    g_autofree char *folder = nsk_office_path(self->dir, NSK_LOG_FOLDER);
    g_autoptr(NskTiles) tiles = nsk_log_tiles(folder, txn, &state->tree);
    NskTreeSource source = nsk_tiles_source(tiles);
    size_t size;
    const void *entry = g_bytes_get_data(proof->extra, &size);
    NskHash leaf = nsk_tree_leaf(entry, size), root = nsk_tree_root(&state->tree);

    if (!nsk_tree_prove_leaf(&source, proof->index, state->tree.size, &proof->path, error))
        return false;
    if (nsk_tree_check_leaf(&proof->path, &leaf, proof->index, state->tree.size, &root))
        return true;
    g_set_error_literal(error, NSK_ERROR, NSK_ERROR_CORRUPT,
                        nsk_tr("the entry is not the one that was proved: run 'naskah audit "
                               "verify'"));
    return false;
}

static GBytes *
prove_entry(NskOffice *self, NskDbTxn *txn, const char *history, int64_t seq, GError **error)
{
    g_auto(NskLogState) state = { 0 };
    g_autoptr(NskProof) proof = g_new0(NskProof, 1);

    if ((proof->extra = find_entry(txn, history, &seq, error)) == NULL ||
        !nsk_log_find_leaf(txn, history, seq, &proof->index, error) ||
        !nsk_log_load(txn, &state, error))
        return NULL;
    if (state.checkpoint == NULL) {
        g_set_error_literal(error, NSK_ERROR, NSK_ERROR_NOT_FOUND,
                            nsk_tr("nothing of the log is signed yet; the next change signs it"));
        return NULL;
    }
    if (!make_proof(self, txn, &state, proof, error))
        return NULL;
    proof->checkpoint = g_strdup(state.checkpoint);
    char *text = nsk_proof_format(proof);
    return g_bytes_new_take(text, strlen(text));
}

GBytes *
nsk_office_audit_proof(NskOffice *self, const char *letter, int64_t seq, GError **error)
{
    g_autoptr(NskDbTxn) txn = nsk_db_snapshot(self->reader, error);
    g_autofree char *history = txn != NULL ? find_history(txn, letter, error) : NULL;

    return history != NULL ? prove_entry(self, txn, history, seq, error) : NULL;
}

GBytes *
nsk_office_letter_proof(NskOffice *self, const char *letter, int64_t seq, GError **error)
{
    g_autoptr(NskDbTxn) txn = nsk_db_snapshot(self->reader, error);
    g_autoptr(NskLetterRow) row = txn != NULL ? nsk_access_route(self, txn, letter, error) : NULL;

    if (row == NULL || !nsk_reading_keep(self, &txn, row, NSK_READING_HISTORY, error))
        return NULL;
    return prove_entry(self, txn, row->id, seq, error);
}

/* --- A whole history -------------------------------------------------------------------------- */

typedef struct {
    NskLogState state;
    NskTreeSource source;
    NskHash root;
    GPtrArray *entries;
    NskJson *list; /* their rows */
    int64_t proved;
} History;

/* Whether the entry is what the tree has at @leaf. */
static bool
check_entry(const History *self, const NskJournalEntry *entry, uint64_t leaf, GError **error)
{
    NskTreeProof path;
    size_t size;
    uint64_t leaves = self->state.tree.size;
    const void *bytes = g_bytes_get_data(entry->bytes, &size);
    NskHash hash = nsk_tree_leaf(bytes, size);

    if (!nsk_tree_prove_leaf(&self->source, leaf, leaves, &path, error))
        return false;
    if (nsk_tree_check_leaf(&path, &hash, leaf, leaves, &self->root))
        return true;
    g_set_error(error, NSK_ERROR, NSK_ERROR_UNTRUSTED,
                nsk_tr("entry %lld of this history is not the one that was proved: run 'naskah "
                       "audit verify'"),
                (long long)entry->seq);
    return false;
}

/* Checks the entries against the tree as far as they have leaves; adds "leaf" to their rows. */
static bool
check_leaves(History *self, NskDbTxn *txn, const char *letter, GError **error)
{
    g_autoptr(NskDbRows) rows =
        nsk_db_query(txn, sql_list_leaves, NSK_DB_PARAMS(NSK_DB_TEXT(letter)), error);

    for (bool has_row = rows != NULL; has_row;) {
        if (!nsk_db_rows_next(rows, &has_row, error))
            return false;
        int64_t seq = has_row ? nsk_db_rows_int(rows, 0) : 0;
        uint64_t leaf = has_row ? (uint64_t)nsk_db_rows_int(rows, 1) : 0;
        if (seq < 1 || seq > (int64_t)self->entries->len || leaf >= self->state.tree.size)
            continue;
        if (!check_entry(self, g_ptr_array_index(self->entries, seq - 1), leaf, error))
            return false;
        nsk_json_set_int(nsk_json_at(self->list, (size_t)(seq - 1)), "leaf", (int64_t)leaf);
        self->proved++;
    }
    return rows != NULL;
}

bool
nsk_log_prove_history(NskOffice *self,
                      NskDbTxn *txn,
                      const char *letter,
                      GPtrArray *entries,
                      NskJson *result,
                      GError **error)
{
    History history = { .entries = entries, .list = nsk_json_get(result, "entries") };
    g_autofree char *folder = nsk_office_path(self->dir, NSK_LOG_FOLDER);
    bool ok = true;

    if (!nsk_log_load(txn, &history.state, error))
        return false;
    g_autoptr(NskTiles) tiles = nsk_log_tiles(folder, txn, &history.state.tree);
    history.source = nsk_tiles_source(tiles);
    history.root = nsk_tree_root(&history.state.tree);
    if (history.state.checkpoint != NULL)
        ok = check_leaves(&history, txn, letter, error);
    nsk_json_set_int(result, "proved", history.proved);
    nsk_log_state_clear(&history.state);
    return ok;
}
