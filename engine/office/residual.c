/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What is left of destroyed letters.
 *
 * Who could read the letter, and the archivist of its unit, is told that it was destroyed, by what
 * rule and when; to others it does not exist, as before.
 */
#include "base/bytes.h"
#include "base/message.h"
#include "office/disposal-private.h"
#include "office/log-private.h"

#include <string.h>

static const char sql_search[] =
    "SELECT letter, unit, kind, security, state, created, number, letter_date, content, versions,"
    " entries, berkas, code, disposal, record, at, by, readers FROM residual WHERE letter = $1"
    " OR number = $1 OR substr(letter, -12) = $1 ORDER BY letter LIMIT 100";

static void
set_instant(NskJson *json, const char *name, NskInstant at)
{
    g_autofree char *text = nsk_instant_format(at);

    nsk_json_set_text(json, name, text);
}

static NskJson *
row_to_json(NskDbRows *rows)
{
    static const struct {
        const char *name;
        int column;
    } texts[] = { { "letter", 0 },       { "unit", 1 },   { "kind", 2 },      { "security", 3 },
                  { "state", 4 },        { "number", 6 }, { "date", 7 },      { "content", 8 },
                  { "berkas", 11 },      { "code", 12 },  { "disposal", 13 }, { "record", 14 },
                  { "destroyed_by", 16 } };
    NskJson *json = nsk_json_object();

    for (size_t i = 0; i < G_N_ELEMENTS(texts); i++)
        nsk_json_set_text(json, texts[i].name, nsk_db_rows_text(rows, texts[i].column));
    set_instant(json, "created", nsk_db_rows_int(rows, 5));
    set_instant(json, "destroyed", nsk_db_rows_int(rows, 15));
    nsk_json_set_int(json, "versions", nsk_db_rows_int(rows, 9));
    return json;
}

/* Whether one of the readings would have opened the letter. */
static bool
may_know(NskDbRows *rows, const GPtrArray *readings)
{
    bool secret = nsk_security_is_secret(nsk_db_rows_text(rows, 3));
    g_auto(GStrv) readers = g_strsplit(nsk_db_rows_text(rows, 17), " ", -1);

    for (guint i = 0; i < readings->len; i++) {
        const NskReading *reading = g_ptr_array_index(readings, i);

        if (reading->as != NSK_READS_AS_HOLDER && secret)
            continue;
        if (reading->as == NSK_READS_AS_ARCHIVIST
                ? strcmp(reading->unit, nsk_db_rows_text(rows, 1)) == 0
                : g_strv_contains((const char *const *)readers, reading->position))
            return true;
    }
    return false;
}

bool
nsk_residual_find(NskOffice *self,
                  NskDbTxn *txn,
                  const char *text,
                  NskJson **out_found,
                  GError **error)
{
    bool has_row = true;
    NskDate today;
    g_autoptr(NskDbRows) rows =
        nsk_db_query(txn, sql_search, NSK_DB_PARAMS(NSK_DB_TEXT(text)), error);

    *out_found = NULL;
    while (rows != NULL && *out_found == NULL) {
        if (!nsk_db_rows_next(rows, &has_row, error))
            return false;
        if (!has_row)
            return true;
        if (!nsk_office_today(txn, nsk_db_rows_text(rows, 1), nsk_clock_now(self->clock), &today,
                              error))
            return false;
        g_autoptr(GPtrArray) readings = nsk_directory_readings(txn, self->person, today, error);
        if (readings == NULL)
            return false;
        if (may_know(rows, readings))
            *out_found = row_to_json(rows);
    }
    return rows != NULL;
}

bool
nsk_residual_refuse(NskOffice *self, NskDbTxn *txn, const char *text, GError **error)
{
    g_autoptr(NskJson) found = NULL;

    if (!nsk_residual_find(self, txn, text, &found, error))
        return true;
    if (found == NULL)
        return false;
    g_autofree char *day = g_strndup(nsk_json_get_text(found, "destroyed"), strlen("2026-07-22"));
    g_set_error(
        error, NSK_ERROR, NSK_ERROR_GONE,
        nsk_tr("letter %s was destroyed on %s, when its retention was over (class %s, "
               "proposal %s, record of destruction %s); what is left of it: 'naskah records "
               "residual %s'"),
        nsk_json_get_text(found, "letter"), day, nsk_json_get_text(found, "code"),
        nsk_json_get_text(found, "disposal"), nsk_json_get_text(found, "record"),
        nsk_json_get_text(found, "letter"));
    return true;
}

/* The journal that is left, and its proofs. */
static bool
add_entries(NskOffice *self, NskDbTxn *txn, NskJson *json, GError **error)
{
    const char *id = nsk_json_get_text(json, "letter");
    NskJson *list = nsk_json_array();
    g_autoptr(GPtrArray) entries = nsk_journal_read(txn, id, error);

    nsk_json_set(json, "entries", list);
    if (entries == NULL || !nsk_history_check_end(txn, id, entries, error))
        return false;
    for (guint i = 0; i < entries->len; i++) {
        const NskJournalEntry *entry = g_ptr_array_index(entries, i);
        g_autofree char *hash = nsk_hex(entry->hash, sizeof entry->hash);
        NskJson *row = nsk_json_object();

        nsk_json_set_int(row, "seq", entry->seq);
        set_instant(row, "at", entry->event.at);
        nsk_json_set_text(row, "actor", entry->event.actor);
        nsk_json_set_text(row, "position", entry->event.position);
        nsk_json_set_text(row, "action", entry->event.action);
        nsk_json_set_text(row, "hash", hash);
        nsk_json_add(list, row);
    }
    return nsk_log_prove_history(self, txn, id, entries, json, error);
}

bool
nsk_office_residual(NskOffice *self, const char *letter, NskJson **out_result, GError **error)
{
    g_autoptr(NskJson) found = NULL;
    g_autoptr(NskDbTxn) txn = nsk_db_snapshot(self->reader, error);

    if (txn == NULL || !nsk_residual_find(self, txn, letter, &found, error))
        return false;
    if (found == NULL) {
        g_set_error(error, NSK_ERROR, NSK_ERROR_NOT_FOUND,
                    nsk_tr("no letter '%s' was destroyed, or it is not one you may know of"),
                    letter);
        return false;
    }
    if (!add_entries(self, txn, found, error))
        return false;
    *out_result = g_steal_pointer(&found);
    return true;
}
