/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Whether the database is the one whose log was signed: at every start, so of the right edge alone.
 *
 * Who puts an older database back, or edits one, forgets the files beside it; who changes those too
 * is found by witnesses, by a time stamp on a checkpoint, and by whoever kept one.
 *
 * The tree must be, or have grown from, what each of these was signed for: the newest checkpoint
 * beside the database, and the newest that has a time stamp, and that a witness cosigned, in the
 * database and beside it.
 */
#include "base/bytes.h"
#include "base/message.h"
#include "journal/anchor.h"
#include "office/anchor-private.h"
#include "office/cosign-private.h"

#include <string.h>

typedef struct {
    const char *dir;
    NskDbTxn *txn;
    NskLogState *state;
    const char *origin;
    GBytes *file;  /* NULL: there is none */
    char **detail; /* more of what is wrong; owned by who compares */
} Compare;

/* A checkpoint that the tree is compared with, and how it is told that something is wrong. */
typedef struct {
    const char *broken, *foreign, *unsigned_, *older, *other, *rewritten;
} Words;

static const Words words_of_newest = {
    .broken = N_("The newest checkpoint of the log is no checkpoint any more"),
    .foreign = N_("The newest checkpoint of the log is that of another log"),
    .unsigned_ = N_("The newest checkpoint of the log is not signed by the office's key, or the "
                    "key is gone or another"),
    .older = N_("The newest checkpoint of the log tells of more entries than the database has: an "
                "older database was put in its place"),
    .other = N_("The log in the database is another than the one that was signed"),
    .rewritten = N_("The log in the database does not begin with what the newest checkpoint was "
                    "signed for"),
};
static const Words words_of_anchor = {
    .broken = N_("The newest time-stamped checkpoint of the log is not what was written"),
    .foreign = N_("The newest time-stamped checkpoint of the log is that of another log"),
    .unsigned_ = N_("The newest time-stamped checkpoint of the log is not signed by the office's "
                    "key, or the key is gone or another"),
    .older = N_("The newest time-stamped checkpoint of the log tells of more entries than the "
                "database has: an older database was put in its place"),
    .other = N_("The log in the database is another than the one that has a time stamp"),
    .rewritten = N_("The log in the database does not begin with what the newest time stamp was "
                    "given for"),
};

static const Words words_of_cosigned = {
    .broken = N_("The newest cosigned checkpoint of the log is not what was written"),
    .foreign = N_("The newest cosigned checkpoint of the log is that of another log"),
    .unsigned_ = N_("The newest cosigned checkpoint of the log is not signed by the office's key, "
                    "or the key is gone or another"),
    .older = N_("The newest cosigned checkpoint of the log tells of more entries than the database "
                "has: an older database was put in its place"),
    .other = N_("The log in the database is another than the one that a witness cosigned"),
    .rewritten = N_("The log in the database does not begin with what a witness cosigned"),
};

static char *
tell(const char *what, const char *detail)
{
    g_autofree char *whole = detail != NULL ? g_strconcat(what, " ", detail, NULL) : g_strdup(what);

    return g_strdup_printf(
        nsk_tr("%s. Nothing is written to this office any more. Find out who changed it, keep a "
               "copy of the folder as it is, and restore a backup with 'naskah restore'"),
        whole);
}

/* What the database keeps of its own tree. */
static const char *
compare_state(const Compare *self)
{
    const char *text = self->state->checkpoint;
    NskCheckpoint said;
    NskHash root = nsk_tree_root(&self->state->tree);
    g_autoptr(NskLogNote) note = nsk_log_note_parse(text, strlen(text), NULL);

    if (note == NULL || !nsk_checkpoint_parse(note->text, &said, NULL) ||
        strcmp(said.origin, self->origin) != 0)
        return N_("The checkpoint of the log in the database is not one of this office");
    if (said.size != self->state->tree.size || !nsk_hash_equal(&said.root, &root))
        return N_("The log in the database is not the one that its checkpoint was signed for");
    return NULL;
}

/* What is compared is behind.  The tree must have grown from it. */
static bool
compare_growth(const Compare *self,
               const NskCheckpoint *said,
               const Words *words,
               const char **out_what,
               GError **error)
{
    NskTree before;
    g_autoptr(GError) fault = NULL;
    g_autofree char *folder = nsk_office_path(self->dir, NSK_LOG_FOLDER);
    g_autoptr(NskTiles) tiles = nsk_log_tiles(folder, self->txn, &self->state->tree);
    NskTreeSource source = nsk_tiles_source(tiles);

    if (!nsk_tree_read(&source, said->size, &before, &fault)) {
        if (g_error_matches(fault, NSK_ERROR, NSK_ERROR_CORRUPT)) {
            *out_what = N_("The tiles of the log are not what was written");
            return true;
        }
        g_propagate_error(error, g_steal_pointer(&fault));
        return false;
    }
    NskHash root = nsk_tree_root(&before);
    if (!nsk_hash_equal(&root, &said->root))
        *out_what = words->rewritten;
    return true;
}

/* By the log's key.  Where a backup is put back, the keys may come after it: then there is nothing
 * beside the database yet, and its rows are compared with its tree alone. */
static bool
is_signed(const Compare *self, const NskLogNote *note)
{
    g_auto(NskLogKey) key = { 0 };
    g_autoptr(GError) fault = NULL;

    if (nsk_log_key_load(self->dir, self->origin, &key, &fault))
        return nsk_log_note_check(note, &key.key, NULL, NULL);
    return self->file == NULL && g_error_matches(fault, NSK_ERROR, NSK_ERROR_NOT_FOUND);
}

/* Compares the tree with a signed checkpoint.  One of another generation, of before a restore, says
 * nothing of this one if @may_be_older. */
static bool
compare_note(const Compare *self,
             const char *text,
             bool may_be_older,
             const Words *words,
             const char **out_what,
             GError **error)
{
    NskCheckpoint said;
    NskHash root = nsk_tree_root(&self->state->tree);
    g_autoptr(NskLogNote) note = nsk_log_note_parse(text, strlen(text), NULL);

    if (note == NULL || !nsk_checkpoint_parse(note->text, &said, NULL)) {
        *out_what = words->broken;
        return true;
    }
    if (strcmp(said.origin, self->origin) != 0) {
        *out_what = may_be_older ? NULL : words->foreign;
        return true;
    }
    if (said.size > self->state->tree.size)
        *out_what = words->older;
    else if (said.size == self->state->tree.size && !nsk_hash_equal(&root, &said.root))
        *out_what = words->other;
    else if (!is_signed(self, note))
        *out_what = words->unsigned_;
    else if (said.size < self->state->tree.size)
        return compare_growth(self, &said, words, out_what, error);
    return true;
}

/* The newest checkpoint that has a time stamp, from the database or from the file beside it. */
static bool
compare_anchor(const Compare *self, const NskAnchor *anchor, const char **out_what, GError **error)
{
    g_auto(NskAnchorVerdict) verdict = { 0 };

    if (anchor == NULL)
        return true;
    if (!nsk_anchor_check(anchor->checkpoint, anchor->token, NULL, 0, &verdict, NULL)) {
        *out_what = words_of_anchor.broken;
        return true;
    }
    return compare_note(self, anchor->checkpoint, self->state->generation > 1, &words_of_anchor,
                        out_what, error);
}

static bool
compare_anchors(const Compare *self, const char **out_what, GError **error)
{
    g_autoptr(GError) fault = NULL;
    g_autoptr(NskAnchor) row = NULL;
    g_autoptr(NskAnchor) file = nsk_anchor_read(self->dir, &fault);

    if (fault != NULL) {
        *out_what = words_of_anchor.broken;
        return true;
    }
    if (!nsk_anchor_find(self->txn, self->state->generation, &row, error) ||
        !compare_anchor(self, file, out_what, error))
        return false;
    return *out_what != NULL || compare_anchor(self, row, out_what, error);
}

/* A checkpoint that a witness cosigned: if it is contradicted, whose word that is. */
static bool
compare_cosigned(const Compare *self, const char *text, const char **out_what, GError **error)
{
    NskCheckpoint said = { 0 };
    g_autofree char *name = nsk_cosigned_by(text, self->origin);
    g_autoptr(NskLogNote) note = nsk_log_note_parse(text, strlen(text), NULL);

    if (!compare_note(self, text, self->state->generation > 1, &words_of_cosigned, out_what, error))
        return false;
    if (*out_what != NULL && name != NULL && note != NULL &&
        nsk_checkpoint_parse(note->text, &said, NULL))
        *self->detail =
            g_strdup_printf(nsk_tr("(the witness '%s' signed %lld entries, the database has %lld)"),
                            name, (long long)said.size, (long long)self->state->tree.size);
    return true;
}

/* What the file beside the database says, and what the newest rows of all witnesses do. */
static bool
compare_witnessed(const Compare *self, const char **out_what, GError **error)
{
    size_t size;
    g_autofree char *path = nsk_office_path(self->dir, NSK_COSIGNED_FILE);
    g_autoptr(GBytes) file = nsk_file_read(path, NSK_NOTE_MOST_SIZE, NULL);
    const char *data = file != NULL ? g_bytes_get_data(file, &size) : NULL;
    g_autofree char *text = data != NULL ? g_strndup(data, size) : NULL;
    g_autoptr(GPtrArray) rows = nsk_cosigned_newest(self->txn, self->state->generation, error);

    if (rows == NULL || (text != NULL && !compare_cosigned(self, text, out_what, error)))
        return false;
    for (guint i = 0; i < rows->len && *out_what == NULL; i++) {
        const NskCosigned *row = rows->pdata[i];

        if (!nsk_cosigned_check(row, NULL))
            *out_what = words_of_cosigned.broken;
        else if (!compare_cosigned(self, row->checkpoint, out_what, error))
            return false;
    }
    return true;
}

/* The newest checkpoint, from the file beside the database; none yet, or lost: it is written anew.
 */
static bool
compare_file(const Compare *self, const char **out_what, GError **error)
{
    size_t size = 0;
    const char *data = self->file != NULL ? g_bytes_get_data(self->file, &size) : NULL;
    const char *kept = self->state->checkpoint;

    if (data == NULL || (kept != NULL && size == strlen(kept) && memcmp(data, kept, size) == 0))
        return true;
    g_autofree char *text = g_strndup(data, size);
    if (strlen(text) != size) {
        *out_what = words_of_newest.broken;
        return true;
    }
    return compare_note(self, text, self->state->generation > 1 && kept == NULL, &words_of_newest,
                        out_what, error);
}

static bool
compare(const Compare *self, const char **out_what, GError **error)
{
    if (self->state->checkpoint != NULL && (*out_what = compare_state(self)) != NULL)
        return true;
    return compare_file(self, out_what, error) &&
           (*out_what != NULL || compare_anchors(self, out_what, error)) &&
           (*out_what != NULL || compare_witnessed(self, out_what, error));
}

bool
nsk_log_compare(const char *dir, NskDb *db, char **out_alarm, GError **error)
{
    const char *what = NULL;
    g_auto(NskLogState) state = { 0 };
    g_autofree char *name = NULL;
    g_autofree char *detail = NULL;
    g_autoptr(GError) fault = NULL;
    g_autofree char *path = nsk_office_path(dir, NSK_LOG_CHECKPOINT);
    /* before the snapshot, or the database could seem to be behind it */
    g_autoptr(GBytes) file = nsk_file_read(path, NSK_NOTE_MOST_SIZE, NULL);
    g_autoptr(NskDbTxn) txn = nsk_db_snapshot(db, error);

    *out_alarm = NULL;
    if (txn == NULL || !nsk_setting_find(txn, "origin", &name, error))
        return false;
    if (name == NULL)
        return true;
    if (!nsk_log_load(txn, &state, &fault)) {
        if (!g_error_matches(fault, NSK_ERROR, NSK_ERROR_CORRUPT)) {
            g_propagate_error(error, g_steal_pointer(&fault));
            return false;
        }
        *out_alarm = tell(fault->message, NULL);
        return true;
    }
    g_autofree char *origin = nsk_log_origin(name, state.generation);
    const Compare self = { .dir = dir,
                           .txn = txn,
                           .state = &state,
                           .origin = origin,
                           .file = file,
                           .detail = &detail };
    bool ok = compare(&self, &what, error);
    if (ok && what != NULL)
        *out_alarm = tell(nsk_tr(what), detail);
    return ok;
}
