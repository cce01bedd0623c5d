/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The evidence file of a letter, for somebody who trusts neither this office nor its server: the
 * letter as it stands, its history with the proof of every entry, and what those were made by.
 *
 *   representations/letter/data/      the letter's XML, pages and attached files
 *   representations/versions/data/    versions.json: the digests of every version's files
 *   representations/journal/data/     events.jsonl: the bytes of every entry, a line each
 *                                     texts.jsonl: words that lie beside entries, with their salts
 *                                     proofs/000001.tlog-proof ... all against one checkpoint
 *                                     parafs/000006.p7s: signatures of parafs
 *                                     checkpoint: with the cosignatures that it has
 *                                     day.jsonl, day.tlog-proof, day.map: the newest day's entry of
 *                                     the log, its proof, and what its map says of the letter;
 *                                     none if the letter is younger
 *   representations/workflow/data/    the definition that the letter went by
 *   representations/comparison/data/  key of the log and roots, for comparison alone: who checks
 *                                     brings his own
 *
 * That it was taken out is an entry of the letter's journal, with the file's digest.
 */
#include "base/bytes.h"
#include "base/message.h"
#include "base/resource.h"
#include "evidence/package.h"
#include "office/disposition-private.h"
#include "office/evidence-private.h"

#include <string.h>

#define ACTION    "evidence-exported"
#define README    "templates/evidence/README.txt"
#define SCHEMA    "templates/schema/letter.rng"
#define LETTER    "representations/letter/data/"
#define VERSIONS  "representations/versions/data/versions.json"
#define WORKFLOW  "representations/workflow/data/"
#define TRUST     "trust"
#define MOST_ROOT 65536 /* bytes of a root's file */

static const char sql_texts[] = "SELECT letter_seq, name, salt, text FROM journal_text"
                                " WHERE letter = $1 ORDER BY letter_seq, name";

typedef struct {
    NskOffice *office;
    NskDbTxn *txn;
    NskLetterRow *row;
    NskTree tree;
    GPtrArray *entries;
    NskPackage *package;
} Export;

static void
export_clear(Export *self)
{
    g_clear_pointer(&self->package, nsk_package_free);
    g_clear_pointer(&self->entries, g_ptr_array_unref);
    nsk_tree_clear(&self->tree);
    nsk_letter_row_free(self->row);
    g_clear_pointer(&self->txn, nsk_db_snapshot_free);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Export, export_clear)

static bool
add_text(Export *self, const char *path, const char *text, GError **error)
{
    g_autoptr(GBytes) bytes = g_bytes_new(text, strlen(text));

    return nsk_package_add(self->package, path, bytes, error);
}

/* --- The letter and its versions -------------------------------------------------------------- */

/* What of the newest version goes out: not the record of its rows, and pages only if they may. */
static bool
is_shown(const Export *self, const char *name, bool may_take)
{
    if (g_str_has_suffix(name, ".pdf") && g_str_has_prefix(name, self->row->id))
        return may_take;
    return !(g_str_has_suffix(name, ".json") && g_str_has_prefix(name, self->row->id));
}

static bool
add_letter(Export *self, GError **error)
{
    bool may_take;
    g_auto(GStrv) names = nsk_store_list_files(self->txn, self->row->id, NULL, error);

    if (names == NULL ||
        !nsk_office_may_take_pages(self->office, self->txn, self->row, &may_take, error))
        return false;
    for (char **name = names; *name != NULL; name++) {
        g_autofree char *path = g_strconcat(LETTER, *name, NULL);

        if (!is_shown(self, *name, may_take))
            continue;
        g_autoptr(GBytes) content = nsk_store_read(self->txn, self->row->id, NULL, *name, error);
        if (content == NULL || !nsk_package_add(self->package, path, content, error))
            return false;
    }
    return true;
}

static bool
tell_files(Export *self, const char *oid, NskJson *version, GError **error)
{
    g_auto(GStrv) names = nsk_store_list_files(self->txn, self->row->id, oid, error);
    NskJson *files = nsk_json_array();

    nsk_json_set(version, "files", files);
    for (char **name = names; name != NULL && *name != NULL; name++) {
        g_autoptr(GBytes) content = nsk_store_read(self->txn, self->row->id, oid, *name, error);
        NskJson *file = nsk_json_object();
        size_t size;

        nsk_json_add(files, file);
        if (content == NULL)
            return false;
        const void *data = g_bytes_get_data(content, &size);
        g_autofree char *sha256 = nsk_sha256_hex(data, size);
        nsk_json_set_text(file, "name", *name);
        nsk_json_set_text(file, "sha256", sha256);
        nsk_json_set_int(file, "size", (int64_t)size);
    }
    return names != NULL;
}

static bool
add_versions(Export *self, GError **error)
{
    g_autoptr(NskJson) list = nsk_json_array();
    g_autoptr(GPtrArray) log = nsk_store_log(self->txn, self->row->id, error);

    for (guint n = 1; log != NULL && n <= log->len; n++) {
        const NskStoreEntry *entry = g_ptr_array_index(log, log->len - n);
        g_autofree char *at = nsk_instant_format(entry->at);
        NskJson *version = nsk_json_object();

        nsk_json_add(list, version);
        nsk_json_set_int(version, "version", n);
        nsk_json_set_text(version, "commit", entry->oid);
        nsk_json_set_text(version, "at", at);
        if (!tell_files(self, entry->oid, version, error))
            return false;
    }
    if (log == NULL)
        return false;
    g_autofree char *text = nsk_json_canonical(list);
    return add_text(self, VERSIONS, text, error);
}

/* --- Words beside the journal
 * ------------------------------------------------------------------------------ */

/* Words said in a branch of dispositions beside the person's own are not for him. */
static bool
shows_texts(const Export *self, const NskJournalEvent *event)
{
    return self->tree.dispositions->len == 0 || event->task == NULL ||
           nsk_tree_shows_task(&self->tree, event->task);
}

static bool
add_paraf(Export *self, int64_t seq, const char *cms, GError **error)
{
    size_t size;
    g_autofree char *path =
        g_strdup_printf(NSK_EVIDENCE_JOURNAL "parafs/%06" G_GINT64_FORMAT ".p7s", seq);
    guchar *data = g_base64_decode(cms, &size);
    g_autoptr(GBytes) bytes = g_bytes_new_take(data, size);

    return nsk_package_add(self->package, path, bytes, error);
}

static bool
add_row(Export *self, NskDbRows *rows, GString *out, GError **error)
{
    int64_t seq = nsk_db_rows_int(rows, 0);
    const char *name = nsk_db_rows_text(rows, 1), *text = nsk_db_rows_text(rows, 3);
    size_t size;
    const void *salt = nsk_db_rows_blob(rows, 2, &size);

    if (text == NULL || seq < 1 || seq > self->entries->len ||
        !shows_texts(self, &((const NskJournalEntry *)self->entries->pdata[seq - 1])->event))
        return true;
    g_autoptr(NskJson) row = nsk_json_object();
    g_autofree char *hex = nsk_hex(salt, size);
    nsk_json_set_int(row, "seq", seq);
    nsk_json_set_text(row, "name", name);
    nsk_json_set_text(row, "salt", hex);
    nsk_json_set_text(row, "text", text);
    g_autofree char *line = nsk_json_canonical(row);
    g_string_append_printf(out, "%s\n", line);
    return strcmp(name, NSK_PARAF_TEXT) != 0 || add_paraf(self, seq, text, error);
}

static bool
add_texts(Export *self, GError **error)
{
    bool has_row = true;
    g_autoptr(GString) out = g_string_new(NULL);
    g_autoptr(NskDbRows) rows =
        nsk_db_query(self->txn, sql_texts, NSK_DB_PARAMS(NSK_DB_TEXT(self->row->id)), error);

    while (rows != NULL && has_row) {
        if (!nsk_db_rows_next(rows, &has_row, error) ||
            (has_row && !add_row(self, rows, out, error)))
            return false;
    }
    return rows != NULL && add_text(self, NSK_EVIDENCE_JOURNAL "texts.jsonl", out->str, error);
}

/* --- What they were made by ------------------------------------------------------------------- */

static bool
add_workflow(Export *self, GError **error)
{
    const NskLetterRow *row = self->row;
    g_autofree char *path =
        g_strconcat(WORKFLOW, row->workflow, "-", row->workflow_version, ".bpmn", NULL);
    g_autoptr(GBytes) file =
        nsk_rule_read(self->txn, "workflow", row->workflow, row->workflow_version, error);

    return file != NULL && nsk_package_add(self->package, path, file, error);
}

/* The office's roots; there need be none. */
static bool
add_roots(Export *self, GError **error)
{
    g_autofree char *folder = nsk_office_path(self->office->dir, TRUST);
    g_autoptr(GDir) dir = g_dir_open(folder, 0, NULL);
    const char *name;

    while (dir != NULL && (name = g_dir_read_name(dir)) != NULL) {
        if (!g_str_has_suffix(name, ".pem"))
            continue;
        g_autofree char *file = g_build_filename(folder, name, NULL);
        g_autoptr(GBytes) pem = nsk_file_read(file, MOST_ROOT, error);
        g_autofree char *path = g_strconcat(NSK_EVIDENCE_COMPARISON, name, NULL);
        if (pem == NULL || !nsk_package_add(self->package, path, pem, error))
            return false;
    }
    return true;
}

/* A file that comes with the program. */
static bool
add_shipped(Export *self, const char *name, const char *path, GError **error)
{
    g_autoptr(GBytes) file = nsk_resource_load(name, error);

    return file != NULL && nsk_package_add(self->package, path, file, error);
}

static void
describe(Export *self)
{
    const NskLetterRow *row = self->row;
    const char *const facts[][2] = { { "title", row->subject },     { "identifier", row->id },
                                     { "identifier", row->number }, { "date", row->letter_date },
                                     { "type", row->kind },         { "publisher", row->unit },
                                     { "rights", row->security } };

    for (size_t i = 0; i < G_N_ELEMENTS(facts); i++) {
        if (facts[i][1] != NULL)
            nsk_package_describe(self->package, facts[i][0], facts[i][1]);
    }
}

/* --- Taking it out ---------------------------------------------------------------------------- */

static bool
load(Export *self, const char *letter, GError **error)
{
    NskOffice *office = self->office;

    self->txn = nsk_db_snapshot(office->reader, error);
    if (self->txn == NULL ||
        (self->row = nsk_access_route(office, self->txn, letter, error)) == NULL ||
        (self->entries = nsk_journal_read(self->txn, self->row->id, error)) == NULL ||
        !nsk_history_check_end(self->txn, self->row->id, self->entries, error) ||
        !nsk_tree_load(&self->tree, self->txn, self->row->id, error) ||
        !nsk_tree_look(&self->tree, office, self->txn, self->row, error))
        return false;
    return true;
}

static bool
gather(Export *self, GError **error)
{
    const NskJournalEntry *last = g_ptr_array_index(self->entries, self->entries->len - 1);

    /* as of the last entry: what says the same is the same file */
    self->package = nsk_package_new(self->row->id, last->event.at);
    describe(self);
    return add_letter(self, error) && add_versions(self, error) && add_texts(self, error) &&
           nsk_evidence_add_log(self->office, self->txn, self->entries, self->package, error) &&
           add_workflow(self, error) && add_roots(self, error) &&
           add_shipped(self, README, "documentation/README.txt", error) &&
           add_shipped(self, SCHEMA, "schemas/letter.rng", error);
}

/* Told once there is a file; what cannot be told is not given out. */
typedef struct {
    NskOffice *office;
    const NskEvidenceRecord *record;
    NskInstant now;
} Work;

static bool
apply_record(NskDbTxn *txn, void *data, char **out_answer, GError **error)
{
    Work *work = data;
    NskDate today;
    NskNotePlace place = { 0 };
    g_autoptr(NskLetterRow) row = nsk_access_route(work->office, txn, work->record->letter, error);
    NskJournalObject object = { .kind = "evidence", .size = work->record->size };

    if (row != NULL &&
        (object.size < 0 || !nsk_unhex(work->record->sha256, object.sha256, NSK_SHA256_SIZE))) {
        g_set_error_literal(error, NSK_ERROR, NSK_ERROR_INVALID,
                            nsk_tr("the digest of the file is none"));
        return false;
    }
    if (row == NULL || !nsk_office_today(txn, row->unit, work->now, &today, error) ||
        !nsk_note_place(work->office, txn, row, today, &place, error))
        return false;
    g_autofree char *position = place.position;
    NskAct act = { .office = work->office,
                   .txn = txn,
                   .row = row,
                   .now = work->now,
                   .today = today };
    NskEvent event = { .action = ACTION,
                       .sentence = "Take out the evidence",
                       .position = position,
                       .capacity = place.capacity,
                       .state_from = row->state,
                       .kept = NSK_RECORD_SAME,
                       .objects = &object,
                       .n_objects = 1 };
    if (!nsk_record(&act, &event, error))
        return false;
    *out_answer = nsk_act_answer(&act, NULL, "export", error);
    return *out_answer != NULL;
}

bool
nsk_do_evidence_record(NskOffice *self, const void *arguments, NskJson **out_result, GError **error)
{
    Work work = { self, arguments, nsk_clock_now(self->clock) };
    g_autofree char *answer = NULL;

    NSK_REQUEST(self, "evidence-record", work.record->letter, work.record->sha256);
    if (!nsk_office_commit(self, apply_record, &work, &answer, error))
        return false;
    *out_result = nsk_office_read_answer(answer, error);
    return *out_result != NULL;
}

bool
nsk_office_archive_export(NskOffice *self, const char *letter, GBytes **out_zip, GError **error)
{
    size_t size;
    g_autoptr(NskJson) told = NULL;
    g_auto(Export) export = { .office = self };

    if (!load(&export, letter, error) || !gather(&export, error))
        return false;
    g_autoptr(GBytes) zip = nsk_package_write(export.package, error);
    if (zip == NULL)
        return false;
    g_clear_pointer(&export.txn, nsk_db_snapshot_free);
    const void *data = g_bytes_get_data(zip, &size);
    g_autofree char *sha256 = nsk_sha256_hex(data, size);
    const NskEvidenceRecord record = { export.row->id, sha256, (int64_t)size };
    if (!nsk_call_evidence_record(self, &record, &told, error))
        return false;
    *out_zip = g_steal_pointer(&zip);
    return true;
}
