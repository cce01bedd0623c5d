/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * One witness is asked for its cosignature of the newest checkpoint (c2sp.org/tlog-witness).
 *
 *   POST URL/add-checkpoint      200: its signature lines
 *                                409 with a size: once more, with the proof from there
 *   GET URL/HASH/checkpoint      where it refuses: what it signed last
 *
 * That it refuses, or which size it says, is its bare word, and who answers there may be anybody:
 * it is told, and changes nothing.  A checkpoint that it shows with this log's own signature is
 * proof: nobody else could have made it.  If the log of now has not grown from it, an older
 * database was put in its place, or its history was rewritten.
 *
 * The address is what the owner of the folder named, so it may be one of this house, or of this
 * machine; no redirect leads elsewhere (net/net.h), and nothing secret is sent.
 */
#include "base/message.h"
#include "journal/witness.h"
#include "net/net.h"
#include "office/cosign-private.h"

#include <string.h>

#define TIMEOUT_MS 10000
#define SIZE_TYPE  "text/x.tlog.size"
#define SKEW       ((int64_t)300 * G_USEC_PER_SEC) /* by which clocks may differ */

void
nsk_witness_ask_clear(NskWitnessAsk *self)
{
    g_clear_pointer(&self->signed_, nsk_cosigned_free);
    g_clear_pointer(&self->contrary, nsk_cosigned_free);
}

static bool
refuse(GError **error, const char *words)
{
    g_set_error_literal(error, NSK_ERROR, NSK_ERROR_UNTRUSTED, words);
    return false;
}

static NskTiles *
open_tiles(const NskWitnessAsk *self, NskDbTxn *txn)
{
    g_autofree char *folder = nsk_office_path(self->office->dir, NSK_LOG_FOLDER);

    return nsk_log_tiles(folder, txn, &self->state->tree);
}

/* --- Over the net ----------------------------------------------------------------------------- */

static char *
make_request(const NskWitnessAsk *self, uint64_t old, GError **error)
{
    NskTreeProof proof = { 0 };
    const char *text = self->state->checkpoint;
    g_autoptr(NskLogNote) note = nsk_log_note_parse(text, strlen(text), error);
    g_autoptr(NskDbTxn) txn = note != NULL ? nsk_db_snapshot(self->office->reader, error) : NULL;

    if (txn == NULL)
        return NULL;
    g_autoptr(NskTiles) tiles = open_tiles(self, txn);
    NskTreeSource source = nsk_tiles_source(tiles);
    if (!nsk_tree_prove_growth(&source, old, self->state->tree.size, &proof, error))
        return NULL;
    return nsk_witness_request_format(old, &proof, note);
}

/* @body NULL: GET. */
static bool
fetch(const NskWitnessAsk *self,
      const char *path,
      const char *body,
      NskNetAnswer *out,
      GError **error)
{
    g_autofree char *url = g_strconcat(self->witness->url, path, NULL);
    const NskNetPiece piece = { body, body != NULL ? strlen(body) : 0 };
    const NskNetRequest request = { .url = url,
                                    .post = body != NULL,
                                    .type = body != NULL ? "text/plain; charset=utf-8" : NULL,
                                    .pieces = &piece,
                                    .n_pieces = body != NULL ? 1 : 0,
                                    .timeout_ms = TIMEOUT_MS,
                                    .limit = NSK_NOTE_MOST_SIZE };

    return nsk_net_ask(&request, out, error);
}

static bool
submit(const NskWitnessAsk *self, uint64_t old, NskNetAnswer *out, GError **error)
{
    g_autofree char *body = make_request(self, old, error);

    return body != NULL && fetch(self, "/add-checkpoint", body, out, error);
}

/* --- What it signed --------------------------------------------------------------------------- */

/* A note that this witness signed, as it is kept. */
static NskCosigned *
make_row(const NskWitnessAsk *self, uint64_t size, const NskLogNote *note, NskInstant at)
{
    NskCosigned *row = g_new0(NskCosigned, 1);

    *row = (NskCosigned){ .generation = self->state->generation,
                          .size = (int64_t)size,
                          .vkey = g_strdup(self->witness->vkey),
                          .checkpoint = nsk_log_note_format(note),
                          .at = at };
    return row;
}

/* The body's lines belong under the checkpoint that was sent; those of others are passed over. */
static bool
take_signature(NskWitnessAsk *self, GBytes *body, const NskLogNoteKey *key, GError **error)
{
    gsize size;
    uint64_t time = 0;
    const char *lines = g_bytes_get_data(body, &size);
    g_autoptr(GString) text = g_string_new(self->state->checkpoint);

    g_string_append_len(text, lines, (gssize)size);
    g_autoptr(NskLogNote) note = nsk_log_note_parse(text->str, text->len, error);
    if (note == NULL || !nsk_log_note_check(note, self->log, NULL, error) ||
        !nsk_log_note_check(note, key, &time, error))
        return false;
    int64_t most = (MAX(self->now, g_get_real_time()) + SKEW) / G_USEC_PER_SEC;
    if (time == 0 || time > (uint64_t)most)
        return refuse(error, nsk_tr("its cosignature has a time that is not possible; its clock, "
                                    "or this one, is wrong"));
    g_autoptr(NskLogNote) kept = nsk_log_note_new(note->text);
    nsk_log_note_take(kept, note, self->log);
    nsk_log_note_take(kept, note, key);
    self->signed_ = make_row(self, self->state->tree.size, kept, (NskInstant)time * G_USEC_PER_SEC);
    return true;
}

/* --- What it signed instead --------------------------------------------------------------------
 */

/* *out_contrary: the log of now has not grown from what @said says. */
static bool
compare(const NskWitnessAsk *self, const NskCheckpoint *said, bool *out_contrary, GError **error)
{
    NskTree before;

    *out_contrary = said->size > self->state->tree.size;
    if (*out_contrary)
        return true;
    g_autoptr(NskDbTxn) txn = nsk_db_snapshot(self->office->reader, error);
    if (txn == NULL)
        return false;
    g_autoptr(NskTiles) tiles = open_tiles(self, txn);
    NskTreeSource source = nsk_tiles_source(tiles);
    if (!nsk_tree_read(&source, said->size, &before, error))
        return false;
    NskHash root = nsk_tree_root(&before);
    *out_contrary = !nsk_hash_equal(&root, &said->root);
    return true;
}

/* What the witness shows, if this log signed it; NULL without error if it shows nothing like it. */
static NskLogNote *
look(const NskWitnessAsk *self, NskCheckpoint *said)
{
    gsize size;
    g_auto(NskNetAnswer) answer = { .end = NSK_NET_UNSENT };
    g_autofree char *place = nsk_witness_place(self->log->name);
    g_autofree char *path = g_strconcat("/", place, "/checkpoint", NULL);

    if (!fetch(self, path, NULL, &answer, NULL) || answer.status != NSK_WITNESS_SIGNED)
        return NULL;
    const void *data = g_bytes_get_data(answer.body, &size);
    g_autoptr(NskLogNote) note = nsk_log_note_parse(data, size, NULL);
    return note != NULL && nsk_checkpoint_parse(note->text, said, NULL) && said->size > 0 &&
                   strcmp(said->origin, self->log->name) == 0 &&
                   nsk_log_note_check(note, self->log, NULL, NULL)
               ? g_steal_pointer(&note)
               : NULL;
}

/* It signed another log than this one is now, says the witness: @size entries of it. */
static bool
contradict(NskWitnessAsk *self, uint64_t size, const NskLogNoteKey *key, GError **error)
{
    uint64_t time = 0;
    NskCheckpoint said;
    bool contrary = false;
    g_autoptr(NskLogNote) note = look(self, &said);

    if (note != NULL && !compare(self, &said, &contrary, error))
        return false;
    if (!contrary) {
        self->claims = (int64_t)size;
        g_set_error(error, NSK_ERROR, NSK_ERROR_UNTRUSTED,
                    nsk_tr("it says that it signed %lld entries of another history than this log "
                           "of %lld has, and shows no proof; compare with what was kept elsewhere "
                           "('naskah audit verify --against'), and ask who looks after it"),
                    (long long)size, (long long)self->state->tree.size);
        return false;
    }
    bool cosigned = nsk_log_note_check(note, key, &time, NULL);
    self->contrary =
        make_row(self, said.size, note, cosigned ? (NskInstant)time * G_USEC_PER_SEC : self->now);
    return refuse(error, nsk_tr("it shows a checkpoint that this office signed, and its log does "
                                "not continue"));
}

/* --- Its answer ------------------------------------------------------------------------------- */

/* The size in the body of a 409; false if there is none. */
static bool
read_size(const NskNetAnswer *answer, uint64_t *out_size)
{
    gsize size;
    const char *text = g_bytes_get_data(answer->body, &size);

    return answer->status == NSK_WITNESS_OTHER && g_strcmp0(answer->type, SIZE_TYPE) == 0 &&
           size > 1 && text[size - 1] == '\n' &&
           nsk_tree_number_parse(text, size - 1, NSK_TREE_MOST_SIZE, out_size);
}

static bool
refuse_unknown(const NskWitnessAsk *self, GError **error)
{
    g_autofree char *vkey = nsk_log_note_key_format(self->log);

    g_set_error(error, NSK_ERROR, NSK_ERROR_NOT_FOUND,
                nsk_tr("it does not know this log yet; who looks after it runs 'naskah witness add "
                       "%s %s'"),
                self->log->name, vkey);
    return false;
}

static bool
judge(NskWitnessAsk *self,
      const NskNetAnswer *answer,
      uint64_t old,
      const NskLogNoteKey *key,
      GError **error)
{
    uint64_t size = old;

    switch (answer->status) {
    case NSK_WITNESS_SIGNED:
        return take_signature(self, answer->body, key, error);
    case NSK_WITNESS_UNKNOWN:
        return refuse_unknown(self, error);
    case NSK_WITNESS_UNPROVED:
        return contradict(self, old, key, error);
    case NSK_WITNESS_OTHER:
        if (read_size(answer, &size) || g_strcmp0(answer->type, SIZE_TYPE) != 0)
            return contradict(self, size, key, error);
        return refuse(error, nsk_tr("it answers with a size that is none"));
    default:
        g_set_error(error, NSK_ERROR, NSK_ERROR_BUSY, nsk_tr("it answers with status %d"),
                    answer->status);
        return false;
    }
}

bool
nsk_witness_ask(NskWitnessAsk *self, GError **error)
{
    NskLogNoteKey key;
    uint64_t size, old = (uint64_t)self->before;
    g_auto(NskNetAnswer) answer = { .end = NSK_NET_UNSENT };

    if (!nsk_log_note_key_parse(self->witness->vkey, &key, error) ||
        !submit(self, old, &answer, error))
        return false;
    /* it knows best what it signed: an answer that was lost, or another copy of this office */
    if (read_size(&answer, &size) && size != old && size <= self->state->tree.size) {
        old = size;
        nsk_net_answer_clear(&answer);
        answer = (NskNetAnswer){ .end = NSK_NET_UNSENT };
        if (!submit(self, old, &answer, error))
            return false;
    }
    return judge(self, &answer, old, &key, error);
}
