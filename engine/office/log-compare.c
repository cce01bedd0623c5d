/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Whether the database is the one whose log was signed: at every start, so of the right edge alone.
 *
 * Who puts an older database back, or edits one, forgets the files beside it; who changes those too
 * is found by witnesses, and by whoever kept a checkpoint.
 */
#include "base/bytes.h"
#include "base/message.h"
#include "office/log-private.h"

#include <string.h>

typedef struct {
    const char *dir;
    NskDbTxn *txn;
    NskLogState *state;
    const char *origin;
    GBytes *file;     /* NULL: there is none */
    NskLogNote *note; /* the file's */
    NskCheckpoint said;
} Compare;

static char *
tell(const char *what)
{
    return g_strdup_printf(
        nsk_tr("%s. Nothing is written to this office any more. Find out who changed it, keep a "
               "copy of the folder as it is, and restore a backup with 'naskah restore'"),
        what);
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

/* The file is behind: a process died before it wrote it.  The tree must have grown from it. */
static bool
compare_growth(const Compare *self, const char **out_what, GError **error)
{
    NskTree before;
    g_autoptr(GError) fault = NULL;
    g_autofree char *folder = nsk_office_path(self->dir, NSK_LOG_FOLDER);
    g_autoptr(NskTiles) tiles = nsk_log_tiles(folder, self->txn, &self->state->tree);
    NskTreeSource source = nsk_tiles_source(tiles);

    if (!nsk_tree_read(&source, self->said.size, &before, &fault)) {
        if (g_error_matches(fault, NSK_ERROR, NSK_ERROR_CORRUPT)) {
            *out_what = N_("The tiles of the log are not what was written");
            return true;
        }
        g_propagate_error(error, g_steal_pointer(&fault));
        return false;
    }
    NskHash root = nsk_tree_root(&before);
    if (!nsk_hash_equal(&root, &self->said.root))
        *out_what = N_("The log in the database does not begin with what the newest checkpoint "
                       "was signed for");
    return true;
}

static bool
compare_file(Compare *self, const char **out_what, GError **error)
{
    g_auto(NskLogKey) key = { 0 };
    NskHash root = nsk_tree_root(&self->state->tree);
    g_autoptr(GError) fault = NULL;

    if (self->said.size > self->state->tree.size) {
        *out_what = N_("The newest checkpoint of the log tells of more entries than the database "
                       "has: an older database was put in its place");
        return true;
    }
    if (self->said.size == self->state->tree.size && !nsk_hash_equal(&root, &self->said.root)) {
        *out_what = N_("The log in the database is another than the one that was signed");
        return true;
    }
    if (!nsk_log_key_load(self->dir, self->origin, &key, &fault) ||
        !nsk_log_note_check(self->note, &key.key, NULL, &fault)) {
        *out_what = N_("The newest checkpoint of the log is not signed by the office's key, or "
                       "the key is gone or another");
        return true;
    }
    return self->said.size == self->state->tree.size || compare_growth(self, out_what, error);
}

static bool
compare(Compare *self, const char **out_what, GError **error)
{
    size_t size = 0;
    const char *data = self->file != NULL ? g_bytes_get_data(self->file, &size) : NULL;
    const char *kept = self->state->checkpoint;

    if (kept != NULL && (*out_what = compare_state(self)) != NULL)
        return true;
    /* none yet, or lost: it is written anew */
    if (data == NULL || (kept != NULL && size == strlen(kept) && memcmp(data, kept, size) == 0))
        return true;
    self->note = nsk_log_note_parse(data, size, NULL);
    if (self->note == NULL || !nsk_checkpoint_parse(self->note->text, &self->said, NULL)) {
        *out_what = N_("The newest checkpoint of the log is no checkpoint any more");
        return true;
    }
    /* one of before a restore says nothing of this generation */
    if (strcmp(self->said.origin, self->origin) != 0 && self->state->generation > 1 && kept == NULL)
        return true;
    if (strcmp(self->said.origin, self->origin) != 0) {
        *out_what = N_("The newest checkpoint of the log is that of another log");
        return true;
    }
    return compare_file(self, out_what, error);
}

bool
nsk_log_compare(const char *dir, NskDb *db, char **out_alarm, GError **error)
{
    const char *what = NULL;
    g_auto(NskLogState) state = { 0 };
    g_autofree char *name = NULL;
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
        *out_alarm = tell(fault->message);
        return true;
    }
    g_autofree char *origin = nsk_log_origin(name, state.generation);
    Compare self = { .dir = dir, .txn = txn, .state = &state, .origin = origin, .file = file };
    bool ok = compare(&self, &what, error);
    nsk_log_note_free(self.note);
    if (ok && what != NULL)
        *out_alarm = tell(nsk_tr(what));
    return ok;
}
