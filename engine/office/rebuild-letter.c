/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The rows of one letter, from what is kept of it; of one that was destroyed its record alone.
 *
 *     its record (kept.c)     most columns; with whom it was told of, who may read it
 *     its newest content      subject, classes and digest; the route; with the drafter, the parafs
 *                             and the dispatch also who may read it
 *                             and of one that came in, how
 *     its journal             when it changed last; why a number of its is void; what an incident
 *                             is in words; notes; the words of dispositions
 */
#include "base/message.h"
#include "office/delivery-private.h"
#include "office/disposition-private.h"
#include "office/reader-copy-private.h"
#include "office/rebuild-private.h"

#include <string.h>

static const char sql_read_parafs[] =
    "INSERT INTO reader (position, letter, level)"
    " SELECT DISTINCT position, letter, 'route' FROM paraf WHERE letter = $1"
    " ON CONFLICT (position, letter) DO UPDATE SET level = 'route'";
static const char sql_read_delivery[] =
    "INSERT INTO reader (position, letter, level)"
    " SELECT DISTINCT position, letter, 'delivery' FROM route"
    " WHERE letter = $1 AND role IN ('to', 'copy') AND position <> '' ON CONFLICT DO NOTHING";
static const char sql_read_notices[] =
    "INSERT INTO reader (position, letter, level)"
    " SELECT DISTINCT position, letter, 'route' FROM notice WHERE letter = $1"
    " ON CONFLICT (position, letter) DO UPDATE SET level = 'route'";
/* the journal says "NUMBER: reason" */
static const char sql_why_void[] = "UPDATE register_entry SET reason = CASE WHEN substr($3, 1, "
                                   "length(number) + 2) = number || ': '"
                                   " THEN substr($3, length(number) + 3) ELSE $3 END"
                                   " WHERE letter = $1 AND letter <> '' AND state = 2 AND at = $2";
static const char sql_why_agenda[] =
    "UPDATE register_entry SET reason = $3"
    " WHERE letter = $1 || '/agenda' AND letter <> '' AND state = 2 AND at = $2";
static const char sql_why_incident[] =
    "UPDATE incident SET reason = $4 WHERE letter = $1 AND key = $2 AND opened = $3";

static const char sql_read_dispositions[] =
    "INSERT INTO reader (position, letter, level)"
    " SELECT DISTINCT position, letter, 'route' FROM disposition_receiver"
    " WHERE letter = $1 AND task IS NOT NULL"
    " ON CONFLICT (position, letter) DO UPDATE SET level = 'route'";

void
nsk_letter_sources_clear(NskLetterSources *self)
{
    g_clear_pointer(&self->letter, nsk_letter_unref);
    g_clear_pointer(&self->record, nsk_json_unref);
    g_clear_pointer(&self->entries, g_ptr_array_unref);
}

/* The record in the newest version. */
static GBytes *
read_record(NskDbTxn *txn, const char *id, GError **error)
{
    g_autoptr(GError) fault = NULL;
    g_autofree char *name = nsk_office_file_name(id, ".json");
    g_autoptr(GBytes) record = nsk_store_read(txn, id, NULL, name, &fault);

    if (record != NULL)
        return g_steal_pointer(&record);
    if (!g_error_matches(fault, NSK_ERROR, NSK_ERROR_NOT_FOUND)) {
        g_propagate_error(error, g_steal_pointer(&fault));
        return NULL;
    }
    g_set_error(error, NSK_ERROR, NSK_ERROR_CORRUPT,
                nsk_tr("letter %s has no record of its rows: an older program wrote it last; run "
                       "'naskah migrate'"),
                id);
    return NULL;
}

bool
nsk_letter_sources_read(NskDbTxn *txn, const char *id, NskLetterSources *out, GError **error)
{
    g_auto(NskLetterSources) read = { 0 };

    read.entries = nsk_journal_read(txn, id, error);
    if (read.entries == NULL || !nsk_history_check_end(txn, id, read.entries, error))
        return false;
    g_autoptr(GBytes) record = read_record(txn, id, error);
    read.record = record != NULL ? nsk_kept_parse(id, record, error) : NULL;
    if (read.record == NULL)
        return false;
    if (!nsk_record_is_residual(read.record) &&
        (read.letter = nsk_office_read_letter(txn, id, error)) == NULL)
        return false;
    *out = read;
    read = (NskLetterSources){ 0 };
    return true;
}

/* What content and journal say of the letter's own row. */
static void
take_content(NskLetterRow *row, const NskLetterSources *sources)
{
    nsk_letter_row_take_content(row, sources->letter);
    for (guint i = sources->entries->len; i > 0; i--) {
        const NskJournalEntry *entry = g_ptr_array_index(sources->entries, i - 1);

        row->changed = entry->event.at;
        if (!nsk_reading_is(entry->event.action))
            break;
    }
}

/* Puts the words of an entry into the row that it tells of. */
static bool
restore_reason(NskDbTxn *txn, const char *id, const NskJournalEvent *event, GError **error)
{
    if (strcmp(event->action, "number-voided") == 0)
        return nsk_db_exec(
            txn, sql_why_void,
            NSK_DB_PARAMS(NSK_DB_TEXT(id), NSK_DB_INT(event->at), NSK_DB_TEXT(event->reason)), NULL,
            error);
    if (strcmp(event->action, "agenda-voided") == 0)
        return nsk_db_exec(
            txn, sql_why_agenda,
            NSK_DB_PARAMS(NSK_DB_TEXT(id), NSK_DB_INT(event->at), NSK_DB_TEXT(event->reason)), NULL,
            error);
    if (strcmp(event->action, "incident-opened") == 0 && event->task != NULL)
        return nsk_db_exec(txn, sql_why_incident,
                           NSK_DB_PARAMS(NSK_DB_TEXT(id), NSK_DB_TEXT(event->task),
                                         NSK_DB_INT(event->at), NSK_DB_TEXT(event->reason)),
                           NULL, error);
    return nsk_disposition_restore_words(txn, id, event, error);
}

static bool
restore_reasons(NskDbTxn *txn, const char *id, const GPtrArray *entries, GError **error)
{
    for (guint i = 0; i < entries->len; i++) {
        const NskJournalEntry *entry = g_ptr_array_index(entries, i);

        if (!nsk_note_restore(txn, id, entry, error) ||
            !nsk_reading_restore(txn, id, entry, error) ||
            !nsk_copy_restore(txn, id, entry, error) ||
            (entry->event.reason != NULL && !restore_reason(txn, id, &entry->event, error)))
            return false;
    }
    return true;
}

static bool
restore_readers(NskDbTxn *txn, const NskLetterRow *row, GError **error)
{
    return nsk_incoming_add_readers(txn, row, error) &&
           nsk_db_exec(txn, sql_read_dispositions, NSK_DB_PARAMS(NSK_DB_TEXT(row->id)), NULL,
                       error) &&
           nsk_db_exec(txn, sql_read_notices, NSK_DB_PARAMS(NSK_DB_TEXT(row->id)), NULL, error) &&
           nsk_db_exec(txn, sql_read_parafs, NSK_DB_PARAMS(NSK_DB_TEXT(row->id)), NULL, error) &&
           (row->dispatched == 0 ||
            nsk_db_exec(txn, sql_read_delivery, NSK_DB_PARAMS(NSK_DB_TEXT(row->id)), NULL, error));
}

bool
nsk_rebuild_letter(NskDbTxn *txn, const char *id, GError **error)
{
    g_auto(NskLetterSources) sources = { 0 };

    if (!nsk_letter_sources_read(txn, id, &sources, error))
        return false;
    if (nsk_record_is_residual(sources.record))
        return nsk_kept_restore(txn, NSK_KEPT_RESIDUAL, id, sources.record, error);
    if (!nsk_kept_restore(txn, NSK_KEPT_LETTER, id, sources.record, error))
        return false;
    g_autoptr(NskLetterRow) row = nsk_letter_row_load(txn, id, error);
    if (row == NULL)
        return false;
    take_content(row, &sources);
    return nsk_letter_row_save(txn, row, error) && nsk_route_save(txn, id, sources.letter, error) &&
           nsk_link_save(txn, id, sources.letter, error) &&
           nsk_incoming_rebuild(txn, row, sources.letter, error) &&
           restore_readers(txn, row, error) && restore_reasons(txn, id, sources.entries, error) &&
           nsk_delivery_restore(txn, id, sources.letter, sources.entries, error) &&
           nsk_supersede_restore(txn, id, error);
}

/* Whether the letter's own row says what its content says. */
static bool
row_is_right(const NskLetterRow *row, const NskLetterSources *sources)
{
    g_autoptr(NskLetterRow) right = g_new0(NskLetterRow, 1);

    take_content(right, sources);
    return row->changed == right->changed && strcmp(row->subject, right->subject) == 0 &&
           strcmp(row->security, right->security) == 0 &&
           strcmp(row->urgency, right->urgency) == 0 &&
           memcmp(row->content, right->content, sizeof row->content) == 0;
}

static bool
rows_are_right(NskDbTxn *txn, const char *id, bool *out_right, GError **error)
{
    g_auto(NskLetterSources) sources = { 0 };
    g_autoptr(GBytes) kept = read_record(txn, id, error);
    g_autoptr(NskJson) record = kept != NULL ? nsk_kept_parse(id, kept, error) : NULL;
    if (record == NULL)
        return false;
    bool residual = nsk_record_is_residual(record);
    g_autoptr(GBytes) rows =
        nsk_kept_write(txn, residual ? NSK_KEPT_RESIDUAL : NSK_KEPT_LETTER, id, error);

    if (rows == NULL)
        return false;
    *out_right = g_bytes_equal(kept, rows);
    if (!*out_right || residual)
        return true;
    g_autoptr(NskLetterRow) row = nsk_letter_row_load(txn, id, error);
    if (row == NULL || !nsk_letter_sources_read(txn, id, &sources, error))
        return false;
    *out_right = row_is_right(row, &sources);
    return !*out_right ||
           (nsk_route_is_right(txn, id, sources.letter, out_right, error) &&
            (!*out_right || nsk_readings_are_right(txn, id, sources.entries, out_right, error)) &&
            (!*out_right || nsk_copies_are_right(txn, id, sources.entries, out_right, error)));
}

/* A row without a history is wrong as well. */
static bool
has_head(NskDbTxn *txn, const char *id, bool *out_has, GError **error)
{
    g_autoptr(GError) fault = NULL;

    *out_has = nsk_store_head(txn, id, NULL, NULL, &fault);
    if (*out_has || g_error_matches(fault, NSK_ERROR, NSK_ERROR_NOT_FOUND))
        return true;
    g_propagate_error(error, g_steal_pointer(&fault));
    return false;
}

bool
nsk_check_letter_rows(NskDbTxn *txn, const char *id, NskIssues *issues, GError **error)
{
    bool found = false, right = false;
    g_autofree char *file = g_strdup(id);
    g_autoptr(GError) fault = NULL;
    NskIssue place = { "index-differs", NSK_SEVERITY_ERROR, file, 0, 0, NULL };

    if (!has_head(txn, id, &found, error))
        return false;
    if (found && !rows_are_right(txn, id, &right, &fault)) {
        if (g_error_matches(fault, NSK_ERROR, NSK_ERROR_IO) ||
            g_error_matches(fault, NSK_ERROR, NSK_ERROR_BUSY)) {
            g_propagate_error(error, g_steal_pointer(&fault));
            return false;
        }
        place.tag = "index-unchecked";
        place.severity = NSK_SEVERITY_WARNING;
        nsk_issues_add(issues, &place, "%s", fault->message);
        return true;
    }
    if (!right)
        nsk_issues_add(issues, &place,
                       nsk_tr("the rows of letter %s are not what its history says; run 'naskah "
                              "rebuild'"),
                       id);
    return !right || nsk_check_readers(txn, id, issues, error);
}
