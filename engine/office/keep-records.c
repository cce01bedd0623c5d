/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Records for an office that was written before there were any (schema 8 and older).  Each letter
 * gets a version with its record, a few hundred in a change; the settings come last, and say that
 * all of it was done.  It may be cut off anywhere and repeated.
 */
#include "base/fault.h"
#include "office/rebuild-private.h"

#define LETTERS_A_CHANGE 256

static const char sql_list_letters[] =
    "SELECT letter FROM head WHERE letter NOT LIKE 'office/%' ORDER BY letter";
static const char sql_is_done[] = "SELECT letter FROM head WHERE letter = 'office/settings'";

typedef struct {
    const char *origin;
    GPtrArray *letters;
    guint from; /* the first of this change */
    NskInstant now;
} Work;

static NskOfficeEvent
make_event(const Work *work, const char *history, const char *sentence)
{
    return (NskOfficeEvent){ .origin = work->origin,
                             .history = history,
                             .actor = "naskah-migrate",
                             .action = "record-kept",
                             .sentence = sentence,
                             .now = work->now };
}

/* A version of the letter with its record. */
static bool
keep_letter(NskDbTxn *txn, const Work *work, const char *id, GError **error)
{
    g_autofree char *repository = NULL;
    g_autofree char *name = nsk_office_file_name(id, ".json");
    g_auto(GStrv) files = nsk_store_list_files(txn, id, NULL, error);

    if (files == NULL || g_strv_contains((const char *const *)files, name))
        return files != NULL;
    g_autoptr(NskLetterRow) row = nsk_letter_row_load(txn, id, error);
    g_autoptr(GBytes) record = row != NULL ? nsk_kept_write(txn, NSK_KEPT_LETTER, id, error) : NULL;
    g_autoptr(NskUnit) unit = record != NULL ? nsk_directory_get_unit(txn, row->unit, error) : NULL;
    if (unit == NULL || !nsk_letter_repository(row, unit, &repository, error))
        return false;
    NskStoreFile file = { .name = name, .content = record };
    NskOfficeEvent event = make_event(work, id, "Keep the letter's rows");
    event.files = &file;
    event.n_files = 1;
    event.of_letter = true;
    event.repository = repository;
    row->changed = work->now;
    return nsk_letter_row_save(txn, row, error) && nsk_record_office(txn, &event, error);
}

static bool
apply_letters(NskDbTxn *txn, void *data, G_GNUC_UNUSED char **out_answer, GError **error)
{
    const Work *work = data;

    for (guint i = work->from; i < MIN(work->letters->len, work->from + LETTERS_A_CHANGE); i++) {
        if (!keep_letter(txn, work, g_ptr_array_index(work->letters, i), error))
            return false;
    }
    return true;
}

static bool
apply_settings(NskDbTxn *txn, void *data, G_GNUC_UNUSED char **out_answer, GError **error)
{
    NskOfficeEvent event = make_event(data, NSK_SETTINGS_HISTORY, "Keep the settings");

    return nsk_record_office_rows(txn, NSK_KEPT_SETTINGS, &event, error);
}

/* *out_letters is NULL if there is nothing to do, or no whole office; both outs are owned. */
static bool
look(NskDb *db, char **out_origin, GPtrArray **out_letters, GError **error)
{
    g_autoptr(NskDbTxn) txn = nsk_db_snapshot(db, error);
    g_autoptr(GPtrArray) done =
        txn != NULL ? nsk_db_list_texts(txn, sql_is_done, NSK_DB_NO_PARAMS, error) : NULL;

    if (done == NULL || !nsk_setting_find(txn, "origin", out_origin, error))
        return false;
    if (done->len > 0 || *out_origin == NULL)
        return true;
    *out_letters = nsk_db_list_texts(txn, sql_list_letters, NSK_DB_NO_PARAMS, error);
    return *out_letters != NULL;
}

bool
nsk_office_keep_records(const char *dir, NskInstant now, GError **error)
{
    g_autofree char *origin = NULL;
    g_autoptr(GPtrArray) letters = NULL;
    g_autofree char *path = nsk_office_path(dir, "office.db");
    g_autoptr(NskDb) db = nsk_db_open(path, NSK_DB_WRITE, error);

    if (db == NULL || !look(db, &origin, &letters, error))
        return false;
    if (letters == NULL)
        return true;
    Work work = { .origin = origin, .letters = letters, .now = now };
    for (; work.from < letters->len; work.from += LETTERS_A_CHANGE) {
        if (!nsk_db_commit(db, &(NskChange){ .apply = apply_letters, .data = &work }, NULL,
                           error) ||
            !NSK_FAULT("migrate.kept", error))
            return false;
    }
    return nsk_db_commit(db, &(NskChange){ .apply = apply_settings, .data = &work }, NULL, error);
}
