/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What the log proves: its verification, and its copy as static files.
 */
#include "base/bytes.h"
#include "base/message.h"
#include "journal/audit.h"
#include "office/log-day-private.h"
#include "office/vouch-private.h"

#include <string.h>

#define FILE_MODE 0644

static const char sql_entries[] = "SELECT l.leaf, j.entry FROM journal_leaf l JOIN journal j"
                                  " ON j.letter = l.letter AND j.letter_seq = l.letter_seq"
                                  " WHERE l.leaf >= $1 AND l.leaf < $2 ORDER BY l.leaf";

/* --- Verifying -------------------------------------------------------------------------------- */

typedef struct {
    NskOffice *office;
    NskIssues *issues;
    char *origin;
    NskLogState state;
    NskLogKey key;
    NskCheckpoint kept;
    char *against; /* folder of tiles */
} Verify;

static void
verify_clear(Verify *self)
{
    nsk_log_state_clear(&self->state);
    nsk_log_key_clear(&self->key);
    g_free(self->origin);
    g_free(self->against);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Verify, verify_clear)

static void
find(Verify *self, const char *tag, const char *what)
{
    nsk_issues_add(self->issues, &(NskIssue){ .tag = tag, .severity = NSK_SEVERITY_ERROR }, "%s",
                   what);
}

/* Whether a note is a checkpoint of this log, signed by its key; if not, that is a finding. */
static bool
read_checkpoint(Verify *self, const void *data, size_t size, const char *where, NskCheckpoint *out)
{
    g_autoptr(GError) fault = NULL;
    g_autoptr(NskLogNote) note = nsk_log_note_parse(data, size, &fault);

    if (note != NULL && nsk_checkpoint_parse(note->text, out, &fault) &&
        nsk_log_note_check(note, &self->key.key, NULL, &fault) &&
        strcmp(out->origin, self->origin) == 0)
        return true;
    g_autofree char *text =
        g_strdup_printf(nsk_tr("the checkpoint in %s is not one that this office signed: %s"),
                        where, fault != NULL ? fault->message : nsk_tr("it is of another log"));
    find(self, "audit-checkpoint", text);
    return false;
}

/* The newest checkpoint must be that of the tree that the database keeps. */
static void
check_newest(Verify *self)
{
    NskCheckpoint said;
    const char *text = self->state.checkpoint;
    NskHash root = nsk_tree_root(&self->state.tree);

    if (text == NULL || !read_checkpoint(self, text, strlen(text), nsk_tr("the database"), &said))
        return;
    if (said.size != self->state.tree.size || !nsk_hash_equal(&said.root, &root))
        find(self, "audit-checkpoint",
             nsk_tr("the log in the database is not the one that its checkpoint was signed for"));
}

/* @path is a checkpoint, or a folder with one. */
static bool
read_against(Verify *self, const char *path, GError **error)
{
    bool is_folder = g_file_test(path, G_FILE_TEST_IS_DIR);
    g_autofree char *file = is_folder ? g_build_filename(path, "checkpoint", NULL) : g_strdup(path);
    g_autoptr(GBytes) bytes = nsk_file_read(file, NSK_NOTE_MOST_SIZE, error);
    size_t size;

    if (bytes == NULL)
        return false;
    const void *data = g_bytes_get_data(bytes, &size);
    if (!read_checkpoint(self, data, size, file, &self->kept))
        self->kept.origin[0] = '\0';
    else if (is_folder)
        self->against = g_strdup(path);
    return true;
}

static bool
begin(Verify *self, const NskAuditVerify *ask, GError **error)
{
    g_autoptr(GError) fault = NULL;
    g_autofree char *alarm = NULL;

    if (!nsk_log_compare(self->office->dir, self->office->reader, &alarm, error))
        return false;
    g_autoptr(NskDbTxn) txn = nsk_db_snapshot(self->office->reader, error);
    if (txn == NULL || !nsk_log_load(txn, &self->state, error))
        return false;
    if (alarm != NULL)
        find(self, "log", alarm);
    self->origin = nsk_log_origin(self->office->origin, self->state.generation);
    if (self->state.checkpoint != NULL &&
        !nsk_log_key_load(self->office->dir, self->origin, &self->key, &fault))
        find(self, "audit-key", fault->message);
    check_newest(self);
    return ask->against == NULL || read_against(self, ask->against, error);
}

static NskJson *
tell_verdict(const Verify *self, const NskLogVerdict *verdict)
{
    NskJson *result = nsk_json_object();
    g_autofree char *key =
        self->key.key.name[0] != '\0' ? nsk_log_note_key_format(&self->key.key) : NULL;

    nsk_json_set_text(result, "origin", self->origin);
    nsk_json_set_int(result, "entries", verdict->entries);
    nsk_json_set_int(result, "proved", (int64_t)self->state.tree.size);
    nsk_json_set_text(result, "key", key);
    if (verdict->skipped > 0) {
        g_autofree char *since = nsk_instant_format(verdict->since);

        nsk_json_set_int(result, "skipped", verdict->skipped);
        nsk_json_set_text(result, "since", since);
    }
    if (verdict->first_letter != NULL) {
        NskJson *first = nsk_json_object();

        nsk_json_set_text(first, "letter", verdict->first_letter);
        nsk_json_set_int(first, "entry", verdict->first_seq);
        nsk_json_set_int(first, "leaf", verdict->first_leaf);
        nsk_json_set(result, "first", first);
    }
    return result;
}

typedef struct {
    const NskAuditVerify *ask;
} Progress;

static void
tell_progress(int64_t done, int64_t total, void *data)
{
    const Progress *progress = data;

    progress->ask->progress(N_("checking the log"), done, total, progress->ask->progress_data);
}

static bool
check_days(Verify *self, const char *folder, GError **error)
{
    g_autoptr(NskDbTxn) txn = nsk_db_snapshot(self->office->reader, error);

    if (txn == NULL)
        return false;
    g_autoptr(NskTiles) tiles = nsk_log_tiles(folder, txn, &self->state.tree);
    return nsk_log_check_days(txn, tiles, self->state.tree.size, self->issues, error);
}

bool
nsk_office_audit_verify(NskOffice *self,
                        const NskAuditVerify *ask,
                        NskIssues *issues,
                        NskJson **out_result,
                        GError **error)
{
    g_auto(Verify) verify = { .office = self, .issues = issues };
    g_auto(NskLogVerdict) verdict = { 0 };
    Progress progress = { ask };

    if (!begin(&verify, ask, error))
        return false;
    g_autofree char *folder = nsk_office_path(self->dir, NSK_LOG_FOLDER);
    g_autofree char *keep = nsk_office_path(self->dir, NSK_LOG_AUDIT);
    const NskLogAudit audit = { .path = nsk_db_get_path(self->reader),
                                .folder = folder,
                                .state = &verify.state,
                                .against = verify.against,
                                .kept = verify.kept.origin[0] != '\0' ? &verify.kept : NULL,
                                .keep = keep,
                                .seal = verify.key.key.name[0] != '\0' ? verify.key.secret : NULL,
                                .origin = verify.origin,
                                .now = nsk_clock_now(self->clock),
                                .every = ask->every,
                                .resume = ask->resume,
                                .progress = ask->progress != NULL ? tell_progress : NULL,
                                .data = &progress };
    if (!nsk_log_audit(&audit, issues, &verdict, error) || !check_days(&verify, folder, error))
        return false;
    g_autoptr(NskJson) result = tell_verdict(&verify, &verdict);
    if (!nsk_log_check_vouched(self, issues, result, error))
        return false;
    *out_result = g_steal_pointer(&result);
    return true;
}

/* --- Static files ----------------------------------------------------------------------------- */

/* The bundle of entries beside one tile of level 0. */
static bool
write_entries(NskDbTxn *txn, NskTiles *to, const NskTileName *name, GError **error)
{
    bool has_row = true;
    unsigned n = 0;
    int64_t first = (int64_t)(name->n * NSK_TILE_WIDTH);
    NskTileName entries = { NSK_TILE_ENTRIES, name->n, name->width };
    g_autoptr(GByteArray) bundle = g_byte_array_new();
    g_autoptr(NskDbRows) rows = nsk_db_query(
        txn, sql_entries, NSK_DB_PARAMS(NSK_DB_INT(first), NSK_DB_INT(first + name->width)), error);

    for (; rows != NULL; n++) {
        size_t size;

        if (!nsk_db_rows_next(rows, &has_row, error))
            return false;
        if (!has_row)
            break;
        const void *entry = nsk_db_rows_blob(rows, 1, &size);
        nsk_tile_add_entry(bundle, entry, size);
    }
    if (rows == NULL || n == name->width)
        return rows != NULL && nsk_tiles_write_entries(to, &entries, bundle, error);
    g_set_error_literal(error, NSK_ERROR, NSK_ERROR_CORRUPT,
                        nsk_tr("entries of the log are gone: run 'naskah audit verify'"));
    return false;
}

/* How much of the log an older export in the folder has. */
static uint64_t
read_exported(const char *folder, const char *origin)
{
    NskCheckpoint said;
    size_t size = 0;
    g_autofree char *path = g_build_filename(folder, "checkpoint", NULL);
    g_autoptr(GBytes) bytes = nsk_file_read(path, NSK_NOTE_MOST_SIZE, NULL);
    const void *data = bytes != NULL ? g_bytes_get_data(bytes, &size) : NULL;
    g_autoptr(NskLogNote) note = data != NULL ? nsk_log_note_parse(data, size, NULL) : NULL;

    return note != NULL && nsk_checkpoint_parse(note->text, &said, NULL) &&
                   strcmp(said.origin, origin) == 0
               ? said.size
               : 0;
}

/* Tiles and bundles that an export of @from entries lacks. */
static bool
write_files(NskDbTxn *txn,
            NskTiles *from_tiles,
            NskTiles *to,
            uint64_t from,
            uint64_t size,
            GError **error)
{
    for (int level = 0; size >> (NSK_TILE_HEIGHT * level) > 0; level++) {
        uint64_t n = size >> (NSK_TILE_HEIGHT * level);

        for (uint64_t tile = (from >> (NSK_TILE_HEIGHT * level)) / NSK_TILE_WIDTH;
             tile * NSK_TILE_WIDTH < n; tile++) {
            NskHash hashes[NSK_TILE_WIDTH];
            NskTileName name = { level, tile,
                                 (unsigned)MIN(n - tile * NSK_TILE_WIDTH, NSK_TILE_WIDTH) };

            if (!nsk_tiles_read(from_tiles, &name, hashes, error) ||
                !nsk_tiles_write(to, &name, hashes, error) ||
                (level == 0 && !write_entries(txn, to, &name, error)))
                return false;
        }
    }
    return true;
}

static bool
write_key(NskOffice *self, const char *folder, const char *origin, GError **error)
{
    g_auto(NskLogKey) key = { 0 };
    g_autofree char *path = g_build_filename(folder, "key", NULL);

    if (!nsk_log_key_load(self->dir, origin, &key, error))
        return false;
    g_autofree char *vkey = nsk_log_note_key_format(&key.key);
    g_autofree char *line = g_strconcat(vkey, "\n", NULL);
    return nsk_file_write(path, line, strlen(line), FILE_MODE, error);
}

bool
nsk_office_audit_export(NskOffice *self, const char *folder, NskJson **out_result, GError **error)
{
    g_auto(NskLogState) state = { 0 };
    g_autofree char *log = nsk_office_path(self->dir, NSK_LOG_FOLDER);
    g_autofree char *path = g_build_filename(folder, "checkpoint", NULL);
    g_autoptr(NskTiles) to = nsk_tiles_new(folder);
    g_autoptr(NskDbTxn) txn = nsk_db_snapshot(self->reader, error);

    if (txn == NULL || !nsk_log_load(txn, &state, error))
        return false;
    if (state.checkpoint == NULL) {
        g_set_error_literal(error, NSK_ERROR, NSK_ERROR_NOT_FOUND,
                            nsk_tr("nothing of the log is signed yet; the next change signs it"));
        return false;
    }
    g_autofree char *origin = nsk_log_origin(self->origin, state.generation);
    g_autoptr(NskTiles) tiles = nsk_log_tiles(log, txn, &state.tree);
    uint64_t from = read_exported(folder, origin);
    /* the checkpoint comes last: what it tells of is there */
    if (!nsk_tiles_make_folder(to, error) || !write_key(self, folder, origin, error) ||
        !write_files(txn, tiles, to, MIN(from, state.tree.size), state.tree.size, error) ||
        !nsk_file_write(path, state.checkpoint, strlen(state.checkpoint), FILE_MODE, error))
        return false;
    *out_result = nsk_json_object();
    nsk_json_set_text(*out_result, "folder", folder);
    nsk_json_set_int(*out_result, "entries", (int64_t)state.tree.size);
    return true;
}
