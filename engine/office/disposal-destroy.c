/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Destruction.
 *
 *     approved --begin--> running: letters go, some in each change     (rows, objects, texts)
 *                                  then the disk is cleared of them    (purge)
 *                         --------> done
 *
 * INVARIANTS
 *   (1) Nothing goes without approval by the journal, a signed record of destruction, no hold, and
 * the first digits of the list's digest from who has seen the list. (2) A letter goes whole in one
 * change: there is the letter, or what is left of it. (3) Every step may be repeated.  Killed
 * anywhere, the same command brings it to its end; until then the proposal says that it was begun,
 * and its files can be held no more. (4) It is said to be done only when no file of the office has
 * the bytes any more.
 */
#include "base/bytes.h"
#include "base/fault.h"
#include "base/message.h"
#include "office/disposal-private.h"

#include <string.h>

#define LETTERS_A_CHANGE 16
#define CONFIRM_DIGITS   8
#define MOST_WAITS       100
#define WAIT_US          (G_USEC_PER_SEC / 10)

static const char sql_begin[] =
    "UPDATE disposal SET state = 'running', done_by = $2 WHERE id = $1 AND state = 'approved'";
static const char sql_done[] = "UPDATE disposal SET state = 'done', done = $2 WHERE id = $1";
static const char sql_has_residual[] = "SELECT letter FROM residual WHERE letter = $1";
static const char sql_add_residual[] =
    "INSERT INTO residual (letter, unit, kind, security, state, created, number, letter_date,"
    " content, versions, entries, berkas, code, disposal, record, at, by, readers)"
    " SELECT id, unit, kind, security, state, created, number, letter_date, lower(hex(content)),"
    " $2, $3, $4, $5, $6, $7, $8, $9, coalesce((SELECT group_concat(position, ' ') FROM (SELECT"
    " position FROM reader WHERE letter = $1 ORDER BY position)), '') FROM letter WHERE id = $1";
static const char sql_add_blob[] =
    "INSERT INTO disposal_blob (disposal, sha256) VALUES ($1, $2) ON CONFLICT DO NOTHING";
static const char sql_list_blobs[] =
    "SELECT sha256 FROM disposal_blob WHERE disposal = $1 ORDER BY sha256";
static const char sql_drop_blobs[] = "DELETE FROM disposal_blob WHERE disposal = $1";
static const char sql_find_repository[] =
    "SELECT coalesce(repository, '') FROM head WHERE letter = $1";
/* what refers to others goes first; a void number keeps that it is void, not why */
static const char *const drop_rows[] = {
    "DELETE FROM letter_external WHERE letter = $1",
    "DELETE FROM letter_batch WHERE letter = $1",
    "DELETE FROM delivery WHERE letter = $1",
    "DELETE FROM notice WHERE letter = $1",
    "DELETE FROM term_span WHERE letter = $1",
    "DELETE FROM term_clock WHERE letter = $1",
    "DELETE FROM wait WHERE letter = $1",
    "DELETE FROM incident WHERE letter = $1",
    "DELETE FROM message WHERE letter = $1",
    "DELETE FROM letter_note WHERE letter = $1",
    "DELETE FROM reading WHERE letter = $1",
    "DELETE FROM reader_copy WHERE letter = $1",
    "DELETE FROM disposition_receiver WHERE letter = $1",
    "DELETE FROM disposition WHERE letter = $1",
    "DELETE FROM letter_link WHERE letter = $1",
    "DELETE FROM inbox WHERE letter = $1",
    "DELETE FROM reader WHERE letter = $1",
    "DELETE FROM route WHERE letter = $1",
    "DELETE FROM signing_answer WHERE letter = $1",
    "DELETE FROM signing_session WHERE letter = $1",
    "DELETE FROM signing_evidence WHERE letter = $1",
    "DELETE FROM signing WHERE letter = $1",
    "DELETE FROM preservation WHERE letter = $1",
    "DELETE FROM paraf WHERE letter = $1",
    "DELETE FROM task WHERE letter = $1",
    "DELETE FROM incoming_band WHERE letter = $1",
    "DELETE FROM incoming WHERE letter = $1",
    "DELETE FROM mail_item WHERE letter = $1",
    "DELETE FROM letter_lease WHERE letter = $1",
    "DELETE FROM typed WHERE place = $1",
    "DELETE FROM request WHERE instr(answer, $1) > 0",
    "DELETE FROM outbox WHERE letter = $1 AND topic <> 'project'",
    "UPDATE register_entry SET reason = 'erased' WHERE state = 2 AND letter <> ''"
    " AND letter IN ($1, $1 || '/agenda')",
    "DELETE FROM letter WHERE id = $1",
};

typedef struct {
    const NskDisposalWork *work;
    NskJson *list;    /* as it was approved */
    GBytes *bytes;    /* the same */
    GPtrArray *files; /* borrowed: for each letter, its file in the list */
    GPtrArray *ids;   /* borrowed: of the letters */
    guint from;       /* the first of this change */
} Destruction;

static void
destruction_clear(Destruction *self)
{
    g_clear_pointer(&self->list, nsk_json_unref);
    g_clear_pointer(&self->bytes, g_bytes_unref);
    g_clear_pointer(&self->files, g_ptr_array_unref);
    g_clear_pointer(&self->ids, g_ptr_array_unref);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Destruction, destruction_clear)

static bool
refuse(int code, const char *words, GError **error)
{
    g_set_error_literal(error, NSK_ERROR, code, words);
    return false;
}

/* --- Beginning. ------------------------------------------------------------------------------- */

/* Who does it has the list before him. */
static bool
check_confirmed(const NskDisposalWork *work, const NskDisposalRow *row, GError **error)
{
    const char *said = work->act->confirm;

    if (said != NULL && strlen(said) >= CONFIRM_DIGITS && g_str_has_prefix(row->digest, said))
        return true;
    g_set_error(
        error, NSK_ERROR, NSK_ERROR_INVALID,
        nsk_tr("look at the list with 'naskah records proposals %s', then confirm that its "
               "letters are to be destroyed for good: --confirm with the first %d digits of "
               "the list's SHA-256"),
        row->id, CONFIRM_DIGITS);
    return false;
}

/* A copy of the database beside it would keep all of it. */
static bool
check_no_copies(NskOffice *self, GError **error)
{
    const char *name;
    g_autoptr(GDir) dir = g_dir_open(self->dir, 0, NULL);

    while (dir != NULL && (name = g_dir_read_name(dir)) != NULL) {
        if (!g_str_has_prefix(name, "office.db.schema-"))
            continue;
        g_set_error(error, NSK_ERROR, NSK_ERROR_CONFLICT,
                    nsk_tr("'%s' in the office's folder is a copy of the database from before a "
                           "migration and holds these letters, too; remove it first"),
                    name);
        return false;
    }
    return true;
}

static bool
check_begin(const NskDisposalWork *work, NskDbTxn *txn, const NskDisposalRow *row, GError **error)
{
    if (!nsk_berkas_check_archivist(work->office, txn, row->unit, error) ||
        !nsk_disposal_check_approved(txn, row, error))
        return false;
    if (strcmp(row->form, "destroy") != 0)
        return refuse(NSK_ERROR_CONFLICT,
                      nsk_tr("it was not approved that these files are destroyed"), error);
    /* what was begun is brought to its end */
    if (strcmp(row->state, "running") == 0)
        return check_confirmed(work, row, error);
    g_autoptr(GBytes) list = nsk_disposal_check_letter(txn, row, error)
                                 ? nsk_disposal_check_list(txn, row, error)
                                 : NULL;
    return list != NULL && nsk_disposal_check_holds(txn, row, error) &&
           check_confirmed(work, row, error);
}

static bool
apply_begin(NskDbTxn *txn, void *data, G_GNUC_UNUSED char **out_answer, GError **error)
{
    const Destruction *self = data;
    const NskDisposalWork *work = self->work;
    const NskDisposalEvent event = { .action = "disposal-begun",
                                     .sentence = "Begin to destroy what the list names",
                                     .list = self->bytes };
    g_autoptr(NskDisposalRow) row = nsk_disposal_load(txn, work->id, error);

    if (row == NULL || !check_begin(work, txn, row, error))
        return false;
    return strcmp(row->state, "running") == 0 ||
           (nsk_db_exec(txn, sql_begin,
                        NSK_DB_PARAMS(NSK_DB_TEXT(row->id), NSK_DB_TEXT(work->office->person)),
                        NULL, error) &&
            nsk_disposal_record(work, txn, &event, error));
}

/* --- Letters. --------------------------------------------------------------------------------- */

/* Notes what only this letter holds under blob/. */
static bool
note_blobs(const Destruction *self, NskDbTxn *txn, const char *id, GError **error)
{
    g_autoptr(GPtrArray) own = nsk_store_list_own_large(txn, id, error);

    for (guint i = 0; own != NULL && i < own->len; i++) {
        if (!nsk_db_exec(
                txn, sql_add_blob,
                NSK_DB_PARAMS(NSK_DB_TEXT(self->work->id), NSK_DB_TEXT(g_ptr_array_index(own, i))),
                NULL, error))
            return false;
    }
    return own != NULL;
}

static bool
add_residual(const Destruction *self,
             NskDbTxn *txn,
             const NskDisposalRow *row,
             guint at,
             GError **error)
{
    int64_t versions;
    NskJournalNext next;
    const char *id = g_ptr_array_index(self->ids, at);
    const NskJson *file = g_ptr_array_index(self->files, at);

    return nsk_store_head(txn, id, NULL, &versions, error) &&
           nsk_journal_next(txn, id, &next, error) &&
           nsk_db_exec(
               txn, sql_add_residual,
               NSK_DB_PARAMS(NSK_DB_TEXT(id), NSK_DB_INT(versions), NSK_DB_INT(next.seq - 1),
                             NSK_DB_TEXT(nsk_json_get_text(file, "berkas")),
                             NSK_DB_TEXT(nsk_json_get_text(file, "code")), NSK_DB_TEXT(row->id),
                             NSK_DB_TEXT(row->letter), NSK_DB_INT(self->work->now),
                             NSK_DB_TEXT(self->work->office->person)),
               NULL, error);
}

static bool
drop_letter(NskDbTxn *txn, const char *id, GError **error)
{
    for (size_t i = 0; i < G_N_ELEMENTS(drop_rows); i++) {
        if (!nsk_db_exec(txn, drop_rows[i], NSK_DB_PARAMS(NSK_DB_TEXT(id)), NULL, error))
            return false;
    }
    return nsk_journal_erase_texts(txn, id, 0, NULL, error);
}

/* Puts the record of what is left in place of the history, and says so in the journal. */
static bool
replace_history(const Destruction *self, NskDbTxn *txn, const char *id, GError **error)
{
    gsize size;
    const NskDisposalWork *work = self->work;
    const void *list = g_bytes_get_data(self->bytes, &size);
    NskJournalObject object = { .kind = "disposal-list", .size = (int64_t)size };
    g_autofree char *name = nsk_office_file_name(id, ".json");
    g_autoptr(GBytes) record = nsk_kept_write(txn, NSK_KEPT_RESIDUAL, id, error);
    NskStoreFile file = { .name = name, .content = record };
    g_autoptr(GPtrArray) shown =
        nsk_db_list_texts(txn, sql_find_repository, NSK_DB_PARAMS(NSK_DB_TEXT(id)), error);
    const char *repository = shown != NULL && shown->len > 0 ? g_ptr_array_index(shown, 0) : "";
    const NskOfficeEvent event = { .origin = work->office->origin,
                                   .history = id,
                                   .actor = work->office->person,
                                   .auth = work->office->auth,
                                   .action = "letter-destroyed",
                                   .sentence = "Destroy the letter after its retention",
                                   .files = &file,
                                   .n_files = 1,
                                   .objects = &object,
                                   .n_objects = 1,
                                   .of_letter = true,
                                   .replaces = true,
                                   .repository = repository[0] != '\0' ? repository : NULL,
                                   .now = work->now };

    nsk_sha256(list, size, object.sha256);
    return record != NULL && shown != NULL && nsk_record_office(txn, &event, error) &&
           nsk_outbox_add(txn, NSK_SEARCH_TOPIC, id, "", work->now, error);
}

static bool
destroy_letter(const Destruction *self,
               NskDbTxn *txn,
               const NskDisposalRow *row,
               guint at,
               GError **error)
{
    const char *id = g_ptr_array_index(self->ids, at);
    g_autoptr(GPtrArray) gone =
        nsk_db_list_texts(txn, sql_has_residual, NSK_DB_PARAMS(NSK_DB_TEXT(id)), error);

    if (gone == NULL || gone->len > 0)
        return gone != NULL;
    return note_blobs(self, txn, id, error) && add_residual(self, txn, row, at, error) &&
           drop_letter(txn, id, error) && NSK_FAULT("destroy.rows", error) &&
           replace_history(self, txn, id, error) && NSK_FAULT("destroy.letter", error);
}

static bool
apply_letters(NskDbTxn *txn, void *data, G_GNUC_UNUSED char **out_answer, GError **error)
{
    const Destruction *self = data;
    const NskDisposalEvent event = { .action = "disposal-carried",
                                     .sentence = "Destroy a part of what the list names" };
    g_autoptr(NskDisposalRow) row = nsk_disposal_load(txn, self->work->id, error);

    if (row == NULL || !nsk_disposal_check_approved(txn, row, error))
        return false;
    for (guint i = self->from; i < MIN(self->ids->len, self->from + LETTERS_A_CHANGE); i++) {
        if (!destroy_letter(self, txn, row, i, error))
            return false;
    }
    return nsk_disposal_record(self->work, txn, &event, error);
}

/* --- The disk. -------------------------------------------------------------------------------- */

static bool
apply_blobs(NskDbTxn *txn, void *data, G_GNUC_UNUSED char **out_answer, GError **error)
{
    const Destruction *self = data;
    g_autoptr(GPtrArray) blobs =
        nsk_db_list_texts(txn, sql_list_blobs, NSK_DB_PARAMS(NSK_DB_TEXT(self->work->id)), error);

    for (guint i = 0; blobs != NULL && i < blobs->len; i++) {
        if (!nsk_store_remove_large(txn, g_ptr_array_index(blobs, i), error))
            return false;
    }
    return blobs != NULL;
}

static bool
is_busy(const GError *fault)
{
    return g_error_matches(fault, NSK_ERROR, NSK_ERROR_BUSY);
}

/* Does what others may be at, again and again for some seconds. */
static bool
insist(const Destruction *self, bool (*step)(const Destruction *, GError **), GError **error)
{
    for (int i = 0;; i++) {
        g_autoptr(GError) fault = NULL;

        if (step(self, &fault))
            return true;
        if (!is_busy(fault) || i >= MOST_WAITS) {
            g_propagate_error(error, g_steal_pointer(&fault));
            return false;
        }
        g_usleep(WAIT_US);
    }
}

static void
free_row(gpointer data)
{
    NskOutboxRow *row = data;

    g_free(row->letter);
    g_free(row->body);
    g_free(row->fault);
    g_free(row);
}

/* What the projector is asked for, as from the outbox: whoever claimed that may have died. */
static GPtrArray *
list_projections(const Destruction *self, GError **error)
{
    g_autoptr(GPtrArray) rows = g_ptr_array_new_with_free_func(free_row);
    g_autoptr(NskDbTxn) txn = nsk_db_snapshot(self->work->office->reader, error);

    for (guint i = 0; txn != NULL && i < self->ids->len; i++) {
        const char *id = g_ptr_array_index(self->ids, i);
        g_autoptr(GPtrArray) shown =
            nsk_db_list_texts(txn, sql_find_repository, NSK_DB_PARAMS(NSK_DB_TEXT(id)), error);

        if (shown == NULL)
            return NULL;
        const char *repository = shown->len > 0 ? g_ptr_array_index(shown, 0) : "";
        NskOutboxRow *row = g_new0(NskOutboxRow, 1);
        row->letter = g_strdup(id);
        row->body = g_strdup(repository);
        if (repository[0] != '\0')
            g_ptr_array_add(rows, row);
        else
            free_row(row);
    }
    return txn != NULL ? g_steal_pointer(&rows) : NULL;
}

/* The repositories show what is left, and nothing of the letters lies in their packs. */
static bool
clear_repositories(const Destruction *self, GError **error)
{
    NskOffice *office = self->work->office;
    g_autofree char *folder = nsk_office_path(office->dir, "repositories");
    g_autoptr(GPtrArray) rows = list_projections(self, error);
    g_autoptr(NskProjector) projector = rows != NULL ? nsk_projector_open(folder, error) : NULL;

    return projector != NULL &&
           (rows->len == 0 || nsk_projector_run(projector, office->reader, rows, error));
}

static bool
clear_search(const Destruction *self, GError **error)
{
    return nsk_office_search_take_out(self->work->office, self->ids, error);
}

static bool
clear_database(const Destruction *self, GError **error)
{
    NskOfficeService *service = nsk_office_get_service(self->work->office, error);

    return service != NULL && nsk_office_service_compact(service, error);
}

static bool
purge(Destruction *self, GError **error)
{
    NskOffice *office = self->work->office;

    for (guint i = 0; i < self->ids->len; i++) {
        if (!nsk_publish_remove(office, g_ptr_array_index(self->ids, i), error))
            return false;
    }
    return nsk_office_commit(office, apply_blobs, self, NULL, error) &&
           NSK_FAULT("destroy.files", error) && insist(self, clear_repositories, error) &&
           NSK_FAULT("destroy.repositories", error) && insist(self, clear_search, error) &&
           NSK_FAULT("destroy.search", error) && insist(self, clear_database, error) &&
           NSK_FAULT("destroy.database", error) && nsk_preview_forget(office, error);
}

/* --- The end. --------------------------------------------------------------------------------- */

static bool
apply_done(NskDbTxn *txn, void *data, char **out_answer, GError **error)
{
    const Destruction *self = data;
    const NskDisposalWork *work = self->work;
    const NskDisposalEvent event = { .action = "disposal-done",
                                     .sentence = "All that the list names is destroyed",
                                     .list = self->bytes };

    if (!nsk_db_exec(txn, sql_done, NSK_DB_PARAMS(NSK_DB_TEXT(work->id), NSK_DB_INT(work->now)),
                     NULL, error) ||
        !nsk_db_exec(txn, sql_drop_blobs, NSK_DB_PARAMS(NSK_DB_TEXT(work->id)), NULL, error) ||
        !nsk_disposal_record(work, txn, &event, error))
        return false;
    g_autoptr(NskDisposalRow) row = nsk_disposal_load(txn, work->id, error);
    g_autoptr(NskJson) answer =
        row != NULL ? nsk_disposal_to_json(work->office, txn, row, error) : NULL;
    if (answer == NULL)
        return false;
    *out_answer = nsk_json_canonical(answer);
    return true;
}

/* Reads the list, and which letters it names. */
static bool
read_list(Destruction *self, GError **error)
{
    gsize size;
    g_autoptr(NskDbTxn) txn = nsk_db_snapshot(self->work->office->reader, error);
    g_autoptr(NskDisposalRow) row =
        txn != NULL ? nsk_disposal_load(txn, self->work->id, error) : NULL;

    self->bytes = row != NULL ? nsk_disposal_read_list(txn, row, error) : NULL;
    const char *text = self->bytes != NULL ? g_bytes_get_data(self->bytes, &size) : NULL;
    self->list = text != NULL ? nsk_json_parse(text, size, error) : NULL;
    if (self->list == NULL)
        return false;
    self->files = g_ptr_array_new();
    self->ids = g_ptr_array_new();
    const NskJson *files = nsk_json_get(self->list, "files");
    for (size_t i = 0; i < nsk_json_length(files); i++) {
        NskJson *file = nsk_json_at(files, i);
        const NskJson *letters = nsk_json_get(file, "letters");

        for (size_t k = 0; k < nsk_json_length(letters); k++) {
            const char *id = nsk_json_get_text(nsk_json_at(letters, k), "letter");

            g_ptr_array_add(self->files, file);
            g_ptr_array_add(self->ids, (gpointer)(uintptr_t)id);
        }
    }
    return true;
}

bool
nsk_disposal_destroy(const NskDisposalWork *work, NskJson **out_result, GError **error)
{
    NskOffice *office = work->office;
    g_autofree char *answer = NULL;
    g_auto(Destruction) self = { .work = work };

    /* asked again, it goes on where it was, or says that it is done */
    g_clear_pointer(&office->request_id, g_free);
    if (!check_no_copies(office, error) || !read_list(&self, error) ||
        !nsk_office_commit(office, apply_begin, &self, NULL, error) ||
        !NSK_FAULT("destroy.begun", error))
        return false;
    for (; self.from < self.ids->len; self.from += LETTERS_A_CHANGE) {
        if (!nsk_office_commit(office, apply_letters, &self, NULL, error) ||
            !NSK_FAULT("destroy.portion", error))
            return false;
    }
    if (!purge(&self, error) || !nsk_office_commit(office, apply_done, &self, &answer, error))
        return false;
    *out_result = nsk_office_read_answer(answer, error);
    return *out_result != NULL;
}
