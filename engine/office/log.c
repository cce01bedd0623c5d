/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The office's log: its key, its sequencer, and whether the database is the one that was signed.
 *
 *   log/tile/...      tiles
 *   log/checkpoint    the newest signed checkpoint
 *   keys/log.key      what signs it; in backups of the keys
 *
 * A round of the sequencer: the entries that have no leaf are hashed from a snapshot, the tree with
 * them is signed, one change gives the leaves and keeps the signed checkpoint, then tiles and
 * checkpoint become files.
 *
 * INVARIANTS
 *   (1) A checkpoint leaves the process only when its leaves are durable: two that contradict each
 *       other are never shown.
 *   (2) The file never tells of more than the database, but where an older database was put in
 *       its place: then nothing is written any more.
 */
#include "base/bytes.h"
#include "base/fault.h"
#include "base/message.h"
#include "office/log-private.h"

#include <string.h>

#define PORTION    2048 /* entries of a round */
#define KEY_MODE   0600
#define RACES_MOST 16           /* rounds that another sequencer may be first in */
#define PART       "naskah-log" /* who acts, in the journal */

char *
nsk_log_origin(const char *office, int64_t generation)
{
    return generation == 1 ? g_strdup(office)
                           : g_strdup_printf("%s/%" G_GINT64_FORMAT, office, generation);
}

/* --- The key ---------------------------------------------------------------------------------- */

void
nsk_log_key_clear(NskLogKey *self)
{
    nsk_wipe(self->secret, sizeof self->secret);
}

bool
nsk_log_key_load(const char *dir, const char *origin, NskLogKey *out, GError **error)
{
    uint8_t public[NSK_ED25519_KEY_SIZE];
    g_autofree char *path = nsk_office_path(dir, NSK_LOG_KEY);
    g_autoptr(GBytes) bytes = nsk_file_read(path, sizeof out->secret, error);

    if (bytes == NULL)
        return false;
    if (g_bytes_get_size(bytes) != sizeof out->secret) {
        g_set_error(error, NSK_ERROR, NSK_ERROR_CORRUPT,
                    nsk_tr("'%s' is not a key of %d bytes; put the right one back from a backup "
                           "of the keys"),
                    path, NSK_ED25519_KEY_SIZE);
        return false;
    }
    memcpy(out->secret, g_bytes_get_data(bytes, NULL), sizeof out->secret);
    return nsk_ed25519_public(out->secret, public, error) &&
           nsk_log_note_key_init(&out->key, origin, NSK_NOTE_ED25519, public, error);
}

/* Makes the key of a log that has signed nothing yet. */
static bool
provide_key(NskOffice *self,
            const NskLogState *state,
            const char *origin,
            NskLogKey *out,
            GError **error)
{
    g_autoptr(GError) missing = NULL;
    g_autofree char *path = nsk_office_path(self->dir, NSK_LOG_KEY);

    if (nsk_log_key_load(self->dir, origin, out, &missing))
        return true;
    if (!g_error_matches(missing, NSK_ERROR, NSK_ERROR_NOT_FOUND) ||
        g_file_test(path, G_FILE_TEST_EXISTS)) {
        g_propagate_error(error, g_steal_pointer(&missing));
        return false;
    }
    /* a restored office gets its key back: with another nobody could tell whose log it is */
    if (state->checkpoint != NULL || state->generation > 1) {
        g_set_error(error, NSK_ERROR, NSK_ERROR_NOT_FOUND,
                    nsk_tr("the key of the log, '%s', is gone; put it back from a backup of the "
                           "keys: until then nothing new is proved"),
                    path);
        return false;
    }
    nsk_random(out->secret, sizeof out->secret);
    return nsk_office_get_service(self, error) != NULL && /* nobody else makes one meanwhile */
           nsk_file_write(path, out->secret, sizeof out->secret, KEY_MODE, error) &&
           nsk_log_key_load(self->dir, origin, out, error);
}

/* --- The sequencer ---------------------------------------------------------------------------- */

typedef struct {
    NskLogState state;
    NskLogNews news;
    char *checkpoint; /* of news.tree, signed */
} Round;

static void
round_clear(Round *round)
{
    nsk_log_state_clear(&round->state);
    g_free(round->checkpoint);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Round, round_clear)

static bool
apply_round(NskDbTxn *txn, void *data, G_GNUC_UNUSED char **out_answer, GError **error)
{
    const Round *round = data;

    return nsk_log_advance(txn, &round->state, &round->news, round->checkpoint, error);
}

/* Signs what the round's tree is; the checkpoint before must have been signed by the same key. */
static bool
sign_round(NskOffice *self, Round *round, GError **error)
{
    g_auto(NskLogKey) key = { 0 };
    g_autofree char *origin = nsk_log_origin(self->origin, round->state.generation);
    NskCheckpoint said = { .size = round->news.tree.size,
                           .root = nsk_tree_root(&round->news.tree) };

    if (!provide_key(self, &round->state, origin, &key, error))
        return false;
    if (round->state.checkpoint != NULL) {
        const char *before = round->state.checkpoint;
        g_autoptr(NskLogNote) note = nsk_log_note_parse(before, strlen(before), error);

        if (note == NULL || !nsk_log_note_check(note, &key.key, NULL, error))
            return false;
    }
    (void)g_strlcpy(said.origin, origin, sizeof said.origin);
    g_autofree char *text = nsk_checkpoint_format(&said);
    g_autoptr(NskLogNote) note = nsk_log_note_new(text);
    if (!nsk_log_note_sign(note, &key.key, key.secret, 0, error))
        return false;
    round->checkpoint = nsk_log_note_format(note);
    return true;
}

/* What the file beside the database says, of this generation; zero if there is none. */
static void
read_published(const char *dir, const char *origin, NskCheckpoint *out)
{
    NskCheckpoint said;
    g_autofree char *path = nsk_office_path(dir, NSK_LOG_CHECKPOINT);
    g_autoptr(GBytes) bytes = nsk_file_read(path, NSK_NOTE_MOST_SIZE, NULL);
    size_t size = 0;
    const void *data = bytes != NULL ? g_bytes_get_data(bytes, &size) : NULL;
    g_autoptr(NskLogNote) note = bytes != NULL ? nsk_log_note_parse(data, size, NULL) : NULL;

    *out = (NskCheckpoint){ 0 };
    if (note != NULL && nsk_checkpoint_parse(note->text, &said, NULL) &&
        strcmp(said.origin, origin) == 0)
        *out = said;
}

/* Writes the files of what is durable. */
static bool
publish(NskOffice *self, GError **error)
{
    NskCheckpoint said;
    g_auto(NskLogState) state = { 0 };
    g_autofree char *folder = nsk_office_path(self->dir, NSK_LOG_FOLDER);
    g_autofree char *path = nsk_office_path(self->dir, NSK_LOG_CHECKPOINT);
    g_autoptr(NskDbTxn) txn = nsk_db_snapshot(self->reader, error);

    if (txn == NULL || !nsk_log_load(txn, &state, error))
        return false;
    g_autofree char *origin = nsk_log_origin(self->origin, state.generation);
    read_published(self->dir, origin, &said);
    if (state.checkpoint == NULL || said.size >= state.tree.size)
        return true;
    g_autoptr(NskTiles) tiles = nsk_log_tiles(folder, txn, &state.tree);
    return nsk_log_write_tiles(tiles, said.size, state.tree.size, error) &&
           NSK_FAULT("log.tiles", error) && nsk_tiles_make_folder(tiles, error) &&
           nsk_file_write(path, state.checkpoint, strlen(state.checkpoint), KEY_MODE, error);
}

/* *out_more: there may be entries left. */
static bool
run_round(NskOffice *self, bool *out_more, GError **error)
{
    g_auto(Round) round = { 0 };
    g_autoptr(NskDbTxn) txn = nsk_db_snapshot(self->reader, error);

    *out_more = false;
    if (txn == NULL || !nsk_log_load(txn, &round.state, error) ||
        !nsk_log_gather(txn, &round.state, PORTION, &round.news, error))
        return false;
    g_clear_pointer(&txn, nsk_db_snapshot_free);
    if (round.news.n == 0)
        return true;
    *out_more = round.news.n == PORTION;
    return sign_round(self, &round, error) && NSK_FAULT("log.signed", error) &&
           nsk_office_commit(self, apply_round, &round, NULL, error) &&
           NSK_FAULT("log.advanced", error);
}

bool
nsk_office_sequence(NskOffice *self, GError **error)
{
    bool more = true;

    for (unsigned races = 0; more && races < RACES_MOST;) {
        g_autoptr(GError) fault = NULL;

        if (run_round(self, &more, &fault))
            continue;
        if (!g_error_matches(fault, NSK_ERROR, NSK_ERROR_CONFLICT)) {
            g_propagate_error(error, g_steal_pointer(&fault));
            return false;
        }
        more = true;
        races++;
    }
    return publish(self, error);
}

/* --- After a restore -------------------------------------------------------------------------- */

typedef struct {
    const NskOffice *office;
    const char *taken;
    NskInstant now;
} Restore;

static bool
apply_restore(NskDbTxn *txn, void *data, G_GNUC_UNUSED char **out_answer, GError **error)
{
    const Restore *restore = data;
    NskJournalNext next;
    g_auto(NskLogState) state = { 0 };

    if (!nsk_log_load(txn, &state, error))
        return false;
    g_autofree char *old = nsk_log_origin(restore->office->origin, state.generation);
    g_autofree char *new = nsk_log_origin(restore->office->origin, state.generation + 1);
    const NskJournalEvent entry = { .origin = restore->office->origin,
                                    .letter = NSK_LOG_HISTORY,
                                    .at = restore->now,
                                    .actor = PART,
                                    .action = "office-restored",
                                    .state_from = old,
                                    .state_to = new,
                                    .reason = restore->taken };

    return nsk_log_begin_generation(txn, error) &&
           nsk_journal_next(txn, NSK_LOG_HISTORY, &next, error) &&
           nsk_journal_append(txn, &entry, &next, error);
}

bool
nsk_log_record_restore(NskOffice *self, const char *taken, GError **error)
{
    Restore restore = { self, taken, nsk_clock_now(self->clock) };

    return nsk_office_commit(self, apply_restore, &restore, NULL, error);
}
