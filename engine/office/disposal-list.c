/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The list of a proposal: which letters, in which files, by their contents.
 *
 *     {"files":[{"berkas":ID,"code":"UM.01","letters":[{"content":SHA-256,"date":...,"kind":...,
 *     "letter":ID,"number":...}],"title":"..."}],"form":1,"unit":...}
 *
 * One canonical line.  No subject and no name stands in it: it stays for good.
 */
#include "base/bytes.h"
#include "base/message.h"
#include "office/disposal-private.h"

#include <string.h>

#define MOST_LETTERS 5000

static const char sql_list_letters[] =
    "SELECT l.id, l.kind, l.number, l.letter_date, l.content FROM berkas_item i"
    " JOIN letter l ON l.id = i.letter WHERE i.berkas = $1 ORDER BY i.n";
static const char sql_list_files[] =
    "SELECT berkas FROM disposal_item WHERE disposal = $1 ORDER BY n";

static void
add_letter(NskJson *letters, NskDbRows *rows)
{
    size_t size;
    const void *content = nsk_db_rows_blob(rows, 4, &size);
    g_autofree char *hex = nsk_hex(content, size);
    NskJson *letter = nsk_json_object();

    nsk_json_set_text(letter, "letter", nsk_db_rows_text(rows, 0));
    nsk_json_set_text(letter, "kind", nsk_db_rows_text(rows, 1));
    nsk_json_set_text(letter, "number", nsk_db_rows_text(rows, 2));
    nsk_json_set_text(letter, "date", nsk_db_rows_text(rows, 3));
    nsk_json_set_text(letter, "content", hex);
    nsk_json_add(letters, letter);
}

static NskJson *
describe_file(NskDbTxn *txn, const char *id, size_t *n, GError **error)
{
    bool has_row = true;
    g_autoptr(NskBerkasRow) row = nsk_berkas_load(txn, id, error);
    g_autoptr(NskJson) file = nsk_json_object();
    NskJson *letters = nsk_json_array();

    nsk_json_set(file, "letters", letters);
    if (row == NULL)
        return NULL;
    nsk_json_set_text(file, "berkas", row->id);
    nsk_json_set_text(file, "code", row->code);
    nsk_json_set_text(file, "title", row->title);
    g_autoptr(NskDbRows) rows =
        nsk_db_query(txn, sql_list_letters, NSK_DB_PARAMS(NSK_DB_TEXT(id)), error);
    while (rows != NULL && has_row) {
        if (!nsk_db_rows_next(rows, &has_row, error))
            return NULL;
        if (has_row)
            add_letter(letters, rows);
    }
    *n += nsk_json_length(letters);
    return rows != NULL ? g_steal_pointer(&file) : NULL;
}

GBytes *
nsk_disposal_make_list(NskDbTxn *txn, const char *unit, const GPtrArray *berkas, GError **error)
{
    size_t n = 0;
    g_autoptr(NskJson) list = nsk_json_object();
    NskJson *files = nsk_json_array();

    nsk_json_set_int(list, "form", 1);
    nsk_json_set_text(list, "unit", unit);
    nsk_json_set(list, "files", files);
    for (guint i = 0; i < berkas->len; i++) {
        NskJson *file = describe_file(txn, g_ptr_array_index(berkas, i), &n, error);

        if (file == NULL)
            return NULL;
        nsk_json_add(files, file);
    }
    if (n == 0 || n > MOST_LETTERS) {
        g_set_error(error, NSK_ERROR, NSK_ERROR_INVALID,
                    nsk_tr("a proposal is about 1 to %d letters; these files have %zu"),
                    MOST_LETTERS, n);
        return NULL;
    }
    char *text = nsk_json_canonical(list);
    return g_bytes_new_take(text, strlen(text));
}

GPtrArray *
nsk_disposal_files(NskDbTxn *txn, const char *id, GError **error)
{
    return nsk_db_list_texts(txn, sql_list_files, NSK_DB_PARAMS(NSK_DB_TEXT(id)), error);
}

static bool
mistrust(const NskDisposalRow *row, GError **error)
{
    g_set_error(error, NSK_ERROR, NSK_ERROR_UNTRUSTED,
                nsk_tr("the proposal %s is not what its history says; nothing is done with it; run "
                       "'naskah doctor'"),
                row->id);
    return false;
}

/* The entry of @action that speaks of the list of @digest; NULL if there is none. */
static const NskJournalEntry *
find_entry(const GPtrArray *entries, const char *action, const char *digest)
{
    for (guint i = 0; i < entries->len; i++) {
        const NskJournalEntry *entry = g_ptr_array_index(entries, i);

        if (strcmp(entry->event.action, action) != 0 || entry->event.n_objects != 1)
            continue;
        g_autofree char *hex =
            nsk_hex(entry->event.objects[0].sha256, sizeof entry->event.objects[0].sha256);
        if (strcmp(hex, digest) == 0)
            return entry;
    }
    return NULL;
}

static GPtrArray *
read_entries(NskDbTxn *txn, const NskDisposalRow *row, GError **error)
{
    g_autofree char *history = g_strconcat(NSK_DISPOSAL_HISTORY, row->id, NULL);
    g_autoptr(GPtrArray) entries = nsk_journal_read(txn, history, error);

    if (entries == NULL || !nsk_history_check_end(txn, history, entries, error))
        return NULL;
    return g_steal_pointer(&entries);
}

GBytes *
nsk_disposal_read_list(NskDbTxn *txn, const NskDisposalRow *row, GError **error)
{
    g_autofree char *history = g_strconcat(NSK_DISPOSAL_HISTORY, row->id, NULL);
    g_autoptr(GPtrArray) entries = read_entries(txn, row, error);
    g_autoptr(GBytes) list =
        entries != NULL ? nsk_store_read(txn, history, NULL, NSK_DISPOSAL_LIST, error) : NULL;

    if (list == NULL)
        return NULL;
    g_autofree char *digest = nsk_sha256_hex(g_bytes_get_data(list, NULL), g_bytes_get_size(list));
    const NskJournalEntry *proposed = find_entry(entries, "disposal-proposed", digest);
    if (strcmp(digest, row->digest) != 0 || proposed == NULL ||
        strcmp(proposed->event.actor, row->by) != 0) {
        (void)mistrust(row, error);
        return NULL;
    }
    return g_steal_pointer(&list);
}

GBytes *
nsk_disposal_check_list(NskDbTxn *txn, const NskDisposalRow *row, GError **error)
{
    g_autoptr(GBytes) list = nsk_disposal_read_list(txn, row, error);
    g_autoptr(GPtrArray) files = list != NULL ? nsk_disposal_files(txn, row->id, error) : NULL;
    g_autoptr(GBytes) now =
        files != NULL ? nsk_disposal_make_list(txn, row->unit, files, error) : NULL;

    if (now == NULL || g_bytes_equal(now, list))
        return now != NULL ? g_steal_pointer(&list) : NULL;
    g_set_error(error, NSK_ERROR, NSK_ERROR_CONFLICT,
                nsk_tr("the letters of the proposal %s are not any more what they were when it was "
                       "made; withdraw it and make another"),
                row->id);
    return NULL;
}

bool
nsk_disposal_check_approved(NskDbTxn *txn, const NskDisposalRow *row, GError **error)
{
    g_autoptr(GPtrArray) entries = read_entries(txn, row, error);
    const NskJournalEntry *approved =
        entries != NULL ? find_entry(entries, "disposal-approved", row->digest) : NULL;

    if (entries == NULL)
        return false;
    if (strcmp(row->state, "approved") != 0 && strcmp(row->state, "running") != 0) {
        g_set_error(error, NSK_ERROR, NSK_ERROR_CONFLICT,
                    nsk_tr("the state of the proposal is '%s': only what was approved is carried "
                           "out"),
                    nsk_office_word_of("disposal", row->state));
        return false;
    }
    if (approved == NULL || g_strcmp0(approved->event.actor, row->decided_by) != 0 ||
        strcmp(approved->event.actor, row->by) == 0)
        return mistrust(row, error);
    return true;
}

bool
nsk_disposal_read_receipt(NskDbTxn *txn,
                          const NskDisposalRow *row,
                          char **out_receipt,
                          GError **error)
{
    g_autoptr(GPtrArray) entries = NULL;

    *out_receipt = NULL;
    if (strcmp(row->form, "transfer") != 0 || row->done == 0)
        return true;
    entries = read_entries(txn, row, error);
    for (guint i = 0; entries != NULL && i < entries->len; i++) {
        const NskJournalEntry *entry = g_ptr_array_index(entries, i);

        if (*out_receipt == NULL && strcmp(entry->event.action, "disposal-received") == 0)
            *out_receipt = g_strdup(entry->event.reason);
    }
    return entries != NULL;
}

bool
nsk_disposal_check_holds(NskDbTxn *txn, const NskDisposalRow *row, GError **error)
{
    g_autoptr(GPtrArray) files = nsk_disposal_files(txn, row->id, error);

    for (guint i = 0; files != NULL && i < files->len; i++) {
        bool held = false;
        const char *id = g_ptr_array_index(files, i);

        if (!nsk_berkas_is_held(txn, id, &held, error))
            return false;
        if (!held)
            continue;
        g_set_error(error, NSK_ERROR, NSK_ERROR_CONFLICT,
                    nsk_tr("the file %s is held: nothing becomes of it before the hold is lifted; "
                           "see 'naskah berkas show'"),
                    id);
        return false;
    }
    return files != NULL;
}
