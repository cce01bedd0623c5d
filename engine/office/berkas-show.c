/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Files of records for people. */
#include "base/message.h"
#include "office/records-private.h"

#include <string.h>

static const char sql_load[] = "SELECT " NSK_BERKAS_COLUMNS " FROM berkas WHERE id = $1";
static const char sql_list[] = "SELECT " NSK_BERKAS_COLUMNS " FROM berkas"
                               " WHERE $1 = '' OR unit = $1 ORDER BY opened DESC, id LIMIT $2";
static const char sql_list_closed[] =
    "SELECT " NSK_BERKAS_COLUMNS " FROM berkas WHERE counted IS NOT NULL AND ($1 = '' OR unit = $1)"
    " ORDER BY counted, id LIMIT $2";
static const char sql_items[] =
    "SELECT i.letter, i.at, coalesce(l.number, r.number), coalesce(l.letter_date, r.letter_date),"
    " r.at FROM berkas_item i LEFT JOIN letter l ON l.id = i.letter"
    " LEFT JOIN residual r ON r.letter = i.letter WHERE i.berkas = $1 ORDER BY i.n";
static const char sql_disposal[] =
    "SELECT d.id, d.state, d.form FROM disposal_item i JOIN disposal d ON d.id = i.disposal"
    " WHERE i.berkas = $1 AND d.state IN ('proposed', 'approved', 'running', 'done')"
    " AND NOT (d.state = 'done' AND d.form = 'review') ORDER BY d.at DESC LIMIT 1";

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
    g_free(self->moved_by);
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
    self->moved = nsk_db_rows_int(rows, 11);
    self->moved_by = g_strdup(nsk_db_rows_text(rows, 12));
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

/* The rule of its class, and where the file stands by it. */
static void
set_retention(NskJson *json, const NskRecordClass *class, const NskBerkasStanding *standing)
{
    nsk_json_set_text(json, "class", class->name);
    nsk_json_set_text(json, "trigger", nsk_trigger_name(class->trigger));
    nsk_json_set_int(json, "active_years", class->active);
    nsk_json_set_int(json, "inactive_years", class->inactive);
    nsk_json_set_text(json, "fate", nsk_fate_name(class->fate));
    set_day(json, "inactive_from", standing->kept.inactive_from);
    set_day(json, "due_from", standing->kept.due_from);
    nsk_json_set_text(json, "state", nsk_record_state_name(standing->state));
}

/* What is due of a file, unless it is held. */
static const char *
find_next(const NskBerkasRow *row, const NskBerkasStanding *standing)
{
    static const char *const fates[] = { [NSK_FATE_DESTROY] = "destroy",
                                         [NSK_FATE_PERMANENT] = "transfer",
                                         [NSK_FATE_REVIEW] = "review" };

    if (standing->state == NSK_RECORD_DUE)
        return fates[standing->fate];
    return standing->state == NSK_RECORD_INACTIVE && row->moved == 0 ? "move" : NULL;
}

/* Its class; kept by *out_scheme, which is owned. */
static const NskRecordClass *
find_class(NskDbTxn *txn, const NskBerkasRow *row, NskClassScheme **out_scheme, GError **error)
{
    const NskRecordClass *class;

    *out_scheme = nsk_records_scheme(txn, row->scheme, row->version, error);
    if (*out_scheme == NULL)
        return NULL;
    class = nsk_class_scheme_find(*out_scheme, row->code);
    if (class == NULL)
        g_set_error(error, NSK_ERROR, NSK_ERROR_CORRUPT,
                    nsk_tr("the file %s is of class '%s', which version %s of its scheme does not "
                           "have"),
                    row->id, row->code, row->version);
    return class;
}

static void
stand_in_class(const NskBerkasRow *row,
               const NskRecordClass *class,
               NskDate on,
               NskBerkasStanding *out)
{
    *out = (NskBerkasStanding){ .fate = class->fate, .years = class->active + class->inactive };
    out->known = nsk_retention_reckon(class, row->counted, &out->kept);
    if (!out->known)
        out->kept = (NskRetention){ 0 };
    out->state = nsk_retention_state(row->closed != 0, out->known ? &out->kept : NULL, on);
}

/* Today, if @on is unset. */
static bool
find_day(NskOffice *self, NskDbTxn *txn, const NskBerkasRow *row, NskDate *on, GError **error)
{
    return nsk_date_is_set(*on) ||
           nsk_office_today(txn, row->unit, nsk_clock_now(self->clock), on, error);
}

bool
nsk_berkas_stand(NskOffice *self,
                 NskDbTxn *txn,
                 const NskBerkasRow *row,
                 NskDate on,
                 NskBerkasStanding *out,
                 GError **error)
{
    g_autoptr(NskClassScheme) scheme = NULL;
    const NskRecordClass *class = find_class(txn, row, &scheme, error);

    if (class == NULL || !find_day(self, txn, row, &on, error))
        return false;
    stand_in_class(row, class, on, out);
    return true;
}

/* The proposal that it is in, or was disposed of by; *out_over: the latter, or that was begun. */
static bool
set_disposal(NskDbTxn *txn, const NskBerkasRow *row, NskJson *json, bool *out_over, GError **error)
{
    bool has_row = false;
    g_autoptr(NskDbRows) rows =
        nsk_db_query(txn, sql_disposal, NSK_DB_PARAMS(NSK_DB_TEXT(row->id)), error);

    if (rows == NULL || !nsk_db_rows_next(rows, &has_row, error))
        return false;
    const char *state = has_row ? nsk_db_rows_text(rows, 1) : NULL;
    nsk_json_set_text(json, "disposal", has_row ? nsk_db_rows_text(rows, 0) : NULL);
    nsk_json_set_text(json, "disposal_state", state);
    *out_over = has_row && (strcmp(state, "running") == 0 || strcmp(state, "done") == 0);
    return true;
}

static void
set_head(NskJson *json, const NskBerkasRow *row)
{
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
    set_instant(json, "moved", row->moved);
    nsk_json_set_text(json, "moved_by", row->moved_by);
}

NskJson *
nsk_berkas_to_json_on(NskOffice *self,
                      NskDbTxn *txn,
                      const NskBerkasRow *row,
                      NskDate on,
                      GError **error)
{
    bool over = false;
    NskBerkasStanding standing;
    g_autoptr(NskJson) json = nsk_json_object();
    g_autoptr(NskClassScheme) scheme = NULL;
    const NskRecordClass *class = find_class(txn, row, &scheme, error);

    if (class == NULL || !find_day(self, txn, row, &on, error))
        return NULL;
    stand_in_class(row, class, on, &standing);
    set_head(json, row);
    set_retention(json, class, &standing);
    if (!nsk_berkas_add_holds(txn, row->id, json, error))
        return NULL;
    if (!set_disposal(txn, row, json, &over, error))
        return NULL;
    nsk_json_set_text(json, "next",
                      !over && nsk_json_length(nsk_json_get(json, "holds")) == 0
                          ? find_next(row, &standing)
                          : NULL);
    return g_steal_pointer(&json);
}

NskJson *
nsk_berkas_to_json(NskOffice *self, NskDbTxn *txn, const NskBerkasRow *row, GError **error)
{
    return nsk_berkas_to_json_on(self, txn, row, (NskDate){ 0 }, error);
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
    bool gone = g_error_matches(refusal, NSK_ERROR, NSK_ERROR_GONE);

    if (letter == NULL && !gone && !g_error_matches(refusal, NSK_ERROR, NSK_ERROR_NOT_FOUND)) {
        g_propagate_error(error, g_steal_pointer(&refusal));
        return false;
    }
    nsk_json_set_text(item, "letter", id);
    set_instant(item, "at", nsk_db_rows_int(rows, 1));
    nsk_json_set_text(item, "subject", letter != NULL ? letter->subject : NULL);
    nsk_json_set_text(item, "number", letter != NULL || gone ? nsk_db_rows_text(rows, 2) : NULL);
    nsk_json_set_text(item, "date", letter != NULL || gone ? nsk_db_rows_text(rows, 3) : NULL);
    set_instant(item, "destroyed", nsk_db_rows_int(rows, 4));
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

/* Whether the person keeps the file. */
static bool
is_kept(NskOffice *self, NskDbTxn *txn, const NskBerkasRow *row, bool *out_kept, GError **error)
{
    g_autoptr(GError) refusal = NULL;

    *out_kept = nsk_berkas_check_archivist(self, txn, row->unit, &refusal);
    /* a unit that is gone is nobody's any more */
    if (*out_kept || g_error_matches(refusal, NSK_ERROR, NSK_ERROR_DENIED) ||
        g_error_matches(refusal, NSK_ERROR, NSK_ERROR_NOT_FOUND))
        return true;
    g_propagate_error(error, g_steal_pointer(&refusal));
    return false;
}

/* What a list is of. */
typedef struct {
    NskOffice *office;
    NskDbTxn *txn;
    NskDate on;    /* unset: today */
    bool due_only; /* those alone that something is due of, with words */
    NskJson *list;
} Listing;

/* The rule and the reckoning in plain words. */
static void
set_words(NskJson *file)
{
    const char *next = nsk_json_get_text(file, "next");
    g_autofree char *words = g_strdup_printf(
        nsk_tr("class %s (%s): %d years active and %d inactive %s, counted from %s; inactive from "
               "%s, retention over from %s; now it is to be: %s"),
        nsk_json_get_text(file, "code"), nsk_json_get_text(file, "class"),
        (int)nsk_json_get_int(file, "active_years", 0),
        (int)nsk_json_get_int(file, "inactive_years", 0),
        nsk_office_word_of("trigger", nsk_json_get_text(file, "trigger")),
        nsk_json_get_text(file, "counted"), nsk_json_get_text(file, "inactive_from"),
        nsk_json_get_text(file, "due_from"),
        nsk_office_word_of("next", next != NULL ? next : "held"));

    nsk_json_set_text(file, "words", words);
}

/* Adds the file, if it is of what is listed. */
static bool
add_file(const Listing *listing, const NskBerkasRow *row, GError **error)
{
    bool kept = false;

    if (!is_kept(listing->office, listing->txn, row, &kept, error))
        return false;
    if (!kept)
        return true;
    g_autoptr(NskJson) json =
        nsk_berkas_to_json_on(listing->office, listing->txn, row, listing->on, error);
    if (json == NULL)
        return false;
    if (listing->due_only) {
        const char *state = nsk_json_get_text(json, "state");
        bool held = nsk_json_length(nsk_json_get(json, "holds")) > 0;
        bool over =
            strcmp(state, "due") == 0 || (strcmp(state, "inactive") == 0 && row->moved == 0);

        if (nsk_json_get_text(json, "next") == NULL && !(held && over))
            return true;
        set_words(json);
    }
    nsk_json_add(listing->list, g_steal_pointer(&json));
    return true;
}

static bool
list_files(const Listing *listing, const char *sql, const char *unit, GError **error)
{
    bool has_row = true;
    g_autoptr(NskDbRows) rows = nsk_db_query(
        listing->txn, sql,
        NSK_DB_PARAMS(NSK_DB_TEXT(unit != NULL ? unit : ""), NSK_DB_INT(NSK_LIMIT_BERKAS)), error);

    while (rows != NULL && has_row) {
        g_autoptr(NskBerkasRow) row = NULL;

        if (!nsk_db_rows_next(rows, &has_row, error))
            return false;
        row = has_row ? nsk_berkas_from_row(rows) : NULL;
        if (row != NULL && !add_file(listing, row, error))
            return false;
    }
    return rows != NULL;
}

bool
nsk_office_berkas_list(NskOffice *self, const char *unit, NskJson **out_result, GError **error)
{
    g_autoptr(NskJson) result = nsk_json_object();
    g_autoptr(NskDbTxn) txn = nsk_db_snapshot(self->reader, error);
    const Listing listing = { .office = self, .txn = txn, .list = nsk_json_array() };

    nsk_json_set(result, "files", listing.list);
    if (txn == NULL || !list_files(&listing, sql_list, unit, error))
        return false;
    *out_result = g_steal_pointer(&result);
    return true;
}

bool
nsk_office_records_due(NskOffice *self,
                       const char *unit,
                       const char *on,
                       NskJson **out_result,
                       GError **error)
{
    g_autoptr(NskJson) result = nsk_json_object();
    g_autoptr(NskDbTxn) txn = nsk_db_snapshot(self->reader, error);
    Listing listing = { .office = self, .txn = txn, .due_only = true, .list = nsk_json_array() };

    nsk_json_set(result, "files", listing.list);
    nsk_json_set_text(result, "on", on);
    if (txn == NULL || (on != NULL && !nsk_date_parse(on, &listing.on, error)) ||
        !list_files(&listing, sql_list_closed, unit, error))
        return false;
    *out_result = g_steal_pointer(&result);
    return true;
}
