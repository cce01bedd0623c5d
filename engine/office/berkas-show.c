/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Files of records for people. */
#include "base/message.h"
#include "office/records-private.h"

#include <string.h>

static const char sql_load[] = "SELECT " NSK_BERKAS_COLUMNS " FROM berkas WHERE id = $1";
static const char sql_list[] = "SELECT " NSK_BERKAS_COLUMNS " FROM berkas"
                               " WHERE $1 = '' OR unit = $1 ORDER BY opened DESC, id LIMIT $2";
static const char sql_items[] =
    "SELECT i.letter, i.at, l.number, l.letter_date FROM berkas_item i JOIN letter l"
    " ON l.id = i.letter WHERE i.berkas = $1 ORDER BY i.n";

void
nsk_berkas_row_free(NskBerkasRow *self)
{
    if (self == NULL)
        return;
    g_free(self->id);
    g_free(self->unit);
    g_free(self->scheme);
    g_free(self->version);
    g_free(self->code);
    g_free(self->title);
    g_free(self->opened_by);
    g_free(self->closed_by);
    g_free(self);
}

NskBerkasRow *
nsk_berkas_from_row(NskDbRows *rows)
{
    NskBerkasRow *self = g_new0(NskBerkasRow, 1);

    self->id = g_strdup(nsk_db_rows_text(rows, 0));
    self->unit = g_strdup(nsk_db_rows_text(rows, 1));
    self->scheme = g_strdup(nsk_db_rows_text(rows, 2));
    self->version = g_strdup(nsk_db_rows_text(rows, 3));
    self->code = g_strdup(nsk_db_rows_text(rows, 4));
    self->title = g_strdup(nsk_db_rows_text(rows, 5));
    self->opened = nsk_db_rows_int(rows, 6);
    self->opened_by = g_strdup(nsk_db_rows_text(rows, 7));
    self->closed = nsk_db_rows_int(rows, 8);
    self->closed_by = g_strdup(nsk_db_rows_text(rows, 9));
    if (!nsk_db_rows_is_null(rows, 10))
        (void)nsk_date_parse(nsk_db_rows_text(rows, 10), &self->counted, NULL);
    return self;
}

NskBerkasRow *
nsk_berkas_load(NskDbTxn *txn, const char *id, GError **error)
{
    bool has_row = false;
    g_autoptr(NskDbRows) rows = nsk_db_query(txn, sql_load, NSK_DB_PARAMS(NSK_DB_TEXT(id)), error);

    if (rows == NULL || !nsk_db_rows_next(rows, &has_row, error))
        return NULL;
    if (has_row)
        return nsk_berkas_from_row(rows);
    g_set_error(error, NSK_ERROR, NSK_ERROR_NOT_FOUND,
                nsk_tr("there is no file of records '%s'; see 'naskah berkas list'"), id);
    return NULL;
}

static void
set_instant(NskJson *json, const char *name, NskInstant at)
{
    g_autofree char *text = at != 0 ? nsk_instant_format(at) : NULL;

    nsk_json_set_text(json, name, text);
}

static void
set_day(NskJson *json, const char *name, NskDate day)
{
    g_autofree char *text = nsk_date_is_set(day) ? nsk_date_format(day) : NULL;

    nsk_json_set_text(json, name, text);
}

/* The rule of its class, and where the file stands today by it. */
static void
set_retention(NskJson *json, const NskBerkasRow *row, const NskRecordClass *class, NskDate today)
{
    NskRetention kept = { 0 };
    bool known = nsk_retention_reckon(class, row->counted, &kept);

    if (!known)
        kept = (NskRetention){ 0 };
    nsk_json_set_text(json, "class", class->name);
    nsk_json_set_text(json, "trigger", nsk_trigger_name(class->trigger));
    nsk_json_set_int(json, "active_years", class->active);
    nsk_json_set_int(json, "inactive_years", class->inactive);
    nsk_json_set_text(json, "fate", nsk_fate_name(class->fate));
    set_day(json, "inactive_from", kept.inactive_from);
    set_day(json, "due_from", kept.due_from);
    nsk_json_set_text(
        json, "state",
        nsk_record_state_name(nsk_retention_state(row->closed != 0, known ? &kept : NULL, today)));
}

NskJson *
nsk_berkas_to_json(NskOffice *self, NskDbTxn *txn, const NskBerkasRow *row, GError **error)
{
    NskDate today;
    g_autoptr(NskJson) json = nsk_json_object();
    g_autoptr(NskClassScheme) scheme = nsk_records_scheme(txn, row->scheme, row->version, error);
    const NskRecordClass *class = scheme != NULL ? nsk_class_scheme_find(scheme, row->code) : NULL;

    if (scheme == NULL ||
        !nsk_office_today(txn, row->unit, nsk_clock_now(self->clock), &today, error))
        return NULL;
    if (class == NULL) {
        g_set_error(error, NSK_ERROR, NSK_ERROR_CORRUPT,
                    nsk_tr("the file %s is of class '%s', which version %s of its scheme does not "
                           "have"),
                    row->id, row->code, row->version);
        return NULL;
    }
    nsk_json_set_text(json, "berkas", row->id);
    nsk_json_set_text(json, "unit", row->unit);
    nsk_json_set_text(json, "scheme", row->scheme);
    nsk_json_set_text(json, "version", row->version);
    nsk_json_set_text(json, "code", row->code);
    nsk_json_set_text(json, "title", row->title);
    set_instant(json, "opened", row->opened);
    nsk_json_set_text(json, "opened_by", row->opened_by);
    set_instant(json, "closed", row->closed);
    nsk_json_set_text(json, "closed_by", row->closed != 0 ? row->closed_by : NULL);
    set_day(json, "counted", row->counted);
    set_retention(json, row, class, today);
    return g_steal_pointer(&json);
}

/* A letter; what it says only for who may read it. */
static bool
add_item(NskOffice *self, NskDbTxn *txn, NskDbRows *rows, NskJson *list, GError **error)
{
    g_autoptr(GError) refusal = NULL;
    const char *id = nsk_db_rows_text(rows, 0);
    g_autoptr(NskLetterRow) letter = nsk_access_letter(self, txn, id, &refusal);
    NskJson *item = nsk_json_object();

    nsk_json_add(list, item);
    if (letter == NULL && !g_error_matches(refusal, NSK_ERROR, NSK_ERROR_NOT_FOUND)) {
        g_propagate_error(error, g_steal_pointer(&refusal));
        return false;
    }
    nsk_json_set_text(item, "letter", id);
    set_instant(item, "at", nsk_db_rows_int(rows, 1));
    nsk_json_set_text(item, "subject", letter != NULL ? letter->subject : NULL);
    nsk_json_set_text(item, "number", letter != NULL ? nsk_db_rows_text(rows, 2) : NULL);
    nsk_json_set_text(item, "date", letter != NULL ? nsk_db_rows_text(rows, 3) : NULL);
    return true;
}

bool
nsk_berkas_add_items(NskOffice *self,
                     NskDbTxn *txn,
                     const NskBerkasRow *row,
                     NskJson *json,
                     GError **error)
{
    bool has_row = true;
    NskJson *list = nsk_json_array();
    g_autoptr(NskDbRows) rows =
        nsk_db_query(txn, sql_items, NSK_DB_PARAMS(NSK_DB_TEXT(row->id)), error);

    nsk_json_set(json, "letters", list);
    while (rows != NULL && has_row) {
        if (!nsk_db_rows_next(rows, &has_row, error) ||
            (has_row && !add_item(self, txn, rows, list, error)))
            return false;
    }
    return rows != NULL;
}

bool
nsk_office_berkas_show(NskOffice *self, const char *id, NskJson **out_result, GError **error)
{
    g_autoptr(NskDbTxn) txn = nsk_db_snapshot(self->reader, error);
    g_autoptr(NskBerkasRow) row = txn != NULL ? nsk_berkas_load(txn, id, error) : NULL;
    g_autoptr(NskJson) json = NULL;

    if (row == NULL || !nsk_berkas_check_archivist(self, txn, row->unit, error))
        return false;
    json = nsk_berkas_to_json(self, txn, row, error);
    if (json == NULL || !nsk_berkas_add_items(self, txn, row, json, error))
        return false;
    *out_result = g_steal_pointer(&json);
    return true;
}

/* Adds the file if the person keeps it. */
static bool
add_file(NskOffice *self, NskDbTxn *txn, const NskBerkasRow *row, NskJson *list, GError **error)
{
    g_autoptr(GError) refusal = NULL;

    if (!nsk_berkas_check_archivist(self, txn, row->unit, &refusal)) {
        /* a unit that is gone is nobody's any more */
        if (g_error_matches(refusal, NSK_ERROR, NSK_ERROR_DENIED) ||
            g_error_matches(refusal, NSK_ERROR, NSK_ERROR_NOT_FOUND))
            return true;
        g_propagate_error(error, g_steal_pointer(&refusal));
        return false;
    }
    NskJson *json = nsk_berkas_to_json(self, txn, row, error);
    if (json != NULL)
        nsk_json_add(list, json);
    return json != NULL;
}

bool
nsk_office_berkas_list(NskOffice *self, const char *unit, NskJson **out_result, GError **error)
{
    bool has_row = true;
    g_autoptr(NskJson) result = nsk_json_object();
    NskJson *list = nsk_json_array();
    g_autoptr(NskDbTxn) txn = nsk_db_snapshot(self->reader, error);
    g_autoptr(NskDbRows) rows =
        txn != NULL ? nsk_db_query(txn, sql_list,
                                   NSK_DB_PARAMS(NSK_DB_TEXT(unit != NULL ? unit : ""),
                                                 NSK_DB_INT(NSK_LIMIT_BERKAS)),
                                   error)
                    : NULL;

    nsk_json_set(result, "files", list);
    while (rows != NULL && has_row) {
        g_autoptr(NskBerkasRow) row = NULL;

        if (!nsk_db_rows_next(rows, &has_row, error))
            return false;
        row = has_row ? nsk_berkas_from_row(rows) : NULL;
        if (row != NULL && !add_file(self, txn, row, list, error))
            return false;
    }
    if (rows != NULL)
        *out_result = g_steal_pointer(&result);
    return rows != NULL;
}
