/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Proposals for people. */
#include "base/message.h"
#include "office/disposal-private.h"

#include <string.h>

#define MOST_LISTED 1000

static const char sql_load[] = "SELECT " NSK_DISPOSAL_COLUMNS " FROM disposal WHERE id = $1";
static const char sql_list[] =
    "SELECT " NSK_DISPOSAL_COLUMNS " FROM disposal ORDER BY at DESC, id LIMIT $1";
static const char sql_opinions[] =
    "SELECT at, person, position, view FROM disposal_opinion WHERE disposal = $1 ORDER BY n";

void
nsk_disposal_row_free(NskDisposalRow *self)
{
    if (self == NULL)
        return;
    g_free(self->id);
    g_free(self->unit);
    g_free(self->form);
    g_free(self->state);
    g_free(self->digest);
    g_free(self->by);
    g_free(self->consent);
    g_free(self->decided_by);
    g_free(self->position);
    g_free(self->capacity);
    g_free(self->letter);
    g_free(self->done_by);
    g_free(self);
}

NskDisposalRow *
nsk_disposal_from_row(NskDbRows *rows)
{
    NskDisposalRow *self = g_new0(NskDisposalRow, 1);

    self->id = g_strdup(nsk_db_rows_text(rows, 0));
    self->unit = g_strdup(nsk_db_rows_text(rows, 1));
    self->form = g_strdup(nsk_db_rows_text(rows, 2));
    self->state = g_strdup(nsk_db_rows_text(rows, 3));
    self->digest = g_strdup(nsk_db_rows_text(rows, 4));
    self->at = nsk_db_rows_int(rows, 5);
    self->by = g_strdup(nsk_db_rows_text(rows, 6));
    self->consent = g_strdup(nsk_db_rows_text(rows, 7));
    self->decided = nsk_db_rows_int(rows, 8);
    self->decided_by = g_strdup(nsk_db_rows_text(rows, 9));
    self->position = g_strdup(nsk_db_rows_text(rows, 10));
    self->capacity = g_strdup(nsk_db_rows_text(rows, 11));
    self->letter = g_strdup(nsk_db_rows_text(rows, 12));
    self->done = nsk_db_rows_int(rows, 13);
    self->done_by = g_strdup(nsk_db_rows_text(rows, 14));
    return self;
}

NskDisposalRow *
nsk_disposal_load(NskDbTxn *txn, const char *id, GError **error)
{
    bool has_row = false;
    g_autoptr(NskDbRows) rows = nsk_db_query(txn, sql_load, NSK_DB_PARAMS(NSK_DB_TEXT(id)), error);

    if (rows == NULL || !nsk_db_rows_next(rows, &has_row, error))
        return NULL;
    if (has_row)
        return nsk_disposal_from_row(rows);
    g_set_error(error, NSK_ERROR, NSK_ERROR_NOT_FOUND,
                nsk_tr("there is no proposal '%s'; see 'naskah records proposals'"), id);
    return NULL;
}

/* --- Its JSON. -------------------------------------------------------------------------------- */

static void
set_instant(NskJson *json, const char *name, NskInstant at)
{
    g_autofree char *text = at != 0 ? nsk_instant_format(at) : NULL;

    nsk_json_set_text(json, name, text);
}

static void
set_name(NskDbTxn *txn, NskJson *json, const char *name, const char *id)
{
    g_autoptr(NskPerson) person = id != NULL ? nsk_directory_get_person(txn, id, NULL) : NULL;

    nsk_json_set_text(json, name, person != NULL ? person->printed : id);
}

static void
set_title(NskDbTxn *txn, NskJson *json, const char *name, const char *id)
{
    g_autoptr(NskPosition) position = id != NULL ? nsk_directory_get_position(txn, id, NULL) : NULL;

    nsk_json_set_text(json, name, position != NULL ? position->title : id);
}

static NskJson *
head_to_json(NskDbTxn *txn, const NskDisposalRow *row)
{
    g_autoptr(NskUnit) unit = nsk_directory_get_unit(txn, row->unit, NULL);
    NskJson *json = nsk_json_object();

    nsk_json_set_text(json, "disposal", row->id);
    nsk_json_set_text(json, "unit", row->unit);
    nsk_json_set_text(json, "form", row->form);
    nsk_json_set_text(json, "state", row->state);
    nsk_json_set_text(json, "digest", row->digest);
    set_instant(json, "at", row->at);
    nsk_json_set_text(json, "by", row->by);
    nsk_json_set_text(json, "consent", row->consent);
    set_instant(json, "decided", row->decided);
    nsk_json_set_text(json, "decided_by", row->decided_by);
    nsk_json_set_text(json, "position", row->position);
    nsk_json_set_text(json, "capacity", row->capacity);
    nsk_json_set_text(json, "letter", row->letter);
    set_instant(json, "done", row->done);
    nsk_json_set_text(json, "done_by", row->done_by);
    nsk_json_set_text(json, "unit_name", unit != NULL ? unit->name : row->unit);
    set_name(txn, json, "by_name", row->by);
    return json;
}

static bool
add_opinions(NskDbTxn *txn, const NskDisposalRow *row, NskJson *json, GError **error)
{
    bool has_row = true;
    NskJson *list = nsk_json_array();
    g_autoptr(NskDbRows) rows =
        nsk_db_query(txn, sql_opinions, NSK_DB_PARAMS(NSK_DB_TEXT(row->id)), error);

    nsk_json_set(json, "opinions", list);
    while (rows != NULL && has_row) {
        if (!nsk_db_rows_next(rows, &has_row, error))
            return false;
        if (!has_row)
            break;
        NskJson *opinion = nsk_json_object();
        set_instant(opinion, "at", nsk_db_rows_int(rows, 0));
        nsk_json_set_text(opinion, "person", nsk_db_rows_text(rows, 1));
        nsk_json_set_text(opinion, "position", nsk_db_rows_text(rows, 2));
        nsk_json_set_text(opinion, "view", nsk_db_rows_text(rows, 3));
        set_name(txn, opinion, "name", nsk_db_rows_text(rows, 1));
        set_title(txn, opinion, "title", nsk_db_rows_text(rows, 2));
        nsk_json_add(list, opinion);
    }
    return rows != NULL;
}

/* What the letter is about, for who may read it; the list itself says neither subject nor name. */
static bool
add_subject(NskOffice *self, NskDbTxn *txn, NskJson *letter, GError **error)
{
    const char *id = nsk_json_get_text(letter, "letter");
    g_autoptr(GError) refusal = NULL;
    g_autoptr(NskLetterRow) row = nsk_access_letter(self, txn, id, &refusal);
    bool gone = g_error_matches(refusal, NSK_ERROR, NSK_ERROR_GONE);

    if (row == NULL && !gone && !g_error_matches(refusal, NSK_ERROR, NSK_ERROR_NOT_FOUND)) {
        g_propagate_error(error, g_steal_pointer(&refusal));
        return false;
    }
    nsk_json_set_text(letter, "subject", row != NULL ? row->subject : NULL);
    nsk_json_set_bool(letter, "destroyed", gone);
    return true;
}

static bool
add_subjects(NskOffice *self, NskDbTxn *txn, NskJson *file, GError **error)
{
    NskJson *letters = nsk_json_get(file, "letters");

    for (size_t i = 0; i < nsk_json_length(letters); i++) {
        if (!add_subject(self, txn, nsk_json_at(letters, i), error))
            return false;
    }
    return true;
}

/* The list as it was proposed, with which of its files are held today. */
static bool
add_files(NskOffice *self, NskDbTxn *txn, const NskDisposalRow *row, NskJson *json, GError **error)
{
    size_t n = 0;
    gsize size;
    g_autoptr(GBytes) bytes = nsk_disposal_read_list(txn, row, error);
    const char *text = bytes != NULL ? g_bytes_get_data(bytes, &size) : NULL;
    g_autoptr(NskJson) list = text != NULL ? nsk_json_parse(text, size, error) : NULL;
    NskJson *files = list != NULL ? nsk_json_get(list, "files") : NULL;

    if (files == NULL)
        return false;
    for (size_t i = 0; i < nsk_json_length(files); i++) {
        bool held = false;
        NskJson *file = nsk_json_at(files, i);

        n += nsk_json_length(nsk_json_get(file, "letters"));
        if (!nsk_berkas_is_held(txn, nsk_json_get_text(file, "berkas"), &held, error) ||
            !add_subjects(self, txn, file, error))
            return false;
        nsk_json_set_bool(file, "held", held);
    }
    nsk_json_set(json, "files", nsk_json_ref(files));
    nsk_json_set_int(json, "letters", (int64_t)n);
    return true;
}

NskJson *
nsk_disposal_to_json(NskOffice *self, NskDbTxn *txn, const NskDisposalRow *row, GError **error)
{
    g_autofree char *receipt = NULL;
    g_autoptr(NskJson) json = head_to_json(txn, row);

    if (!nsk_disposal_read_receipt(txn, row, &receipt, error))
        return NULL;
    nsk_json_set_text(json, "receipt", receipt);
    set_name(txn, json, "decided_name", row->decided_by);
    set_title(txn, json, "position_title", row->position);
    nsk_json_set_bool(json, "signed", nsk_disposal_check_letter(txn, row, NULL));
    return add_opinions(txn, row, json, error) && add_files(self, txn, row, json, error) &&
                   nsk_disposal_add_acts(self, txn, row, json, error)
               ? g_steal_pointer(&json)
               : NULL;
}

/* --- Who may see it. -------------------------------------------------------------------------- */

static bool
acts_as(NskOffice *self, NskDbTxn *txn, const char *position, NskDate today)
{
    NskCapacity capacity;

    return position[0] != '\0' &&
           nsk_directory_may_act(txn, self->person, position, today, &capacity, NULL);
}

/* Archivists of the unit and those above it, the superior of its archivist, and the head. */
static bool
may_see(NskOffice *self, NskDbTxn *txn, const NskDisposalRow *row, bool *out_may, GError **error)
{
    NskDate today;
    g_autofree char *own = nsk_disposal_archivist(txn, row->unit, error);
    g_autofree char *head = own != NULL ? nsk_disposal_head(txn, row->unit, error) : NULL;
    g_autoptr(NskPosition) archivist =
        head != NULL ? nsk_directory_get_position(txn, own, error) : NULL;
    g_autofree char *unit = g_strdup(row->unit);

    if (archivist == NULL ||
        !nsk_office_today(txn, row->unit, nsk_clock_now(self->clock), &today, error))
        return false;
    *out_may = acts_as(self, txn, head, today) || acts_as(self, txn, archivist->superior, today);
    while (!*out_may && unit[0] != '\0') {
        g_autoptr(NskUnit) at = nsk_directory_get_unit(txn, unit, error);

        if (at == NULL)
            return false;
        *out_may = acts_as(self, txn, at->archivist, today);
        g_free(unit);
        unit = g_strdup(at->parent);
    }
    return true;
}

bool
nsk_office_disposal_show(NskOffice *self, const char *id, NskJson **out_result, GError **error)
{
    bool may = false;
    g_autoptr(NskDbTxn) txn = nsk_db_snapshot(self->reader, error);
    g_autoptr(NskDisposalRow) row = txn != NULL ? nsk_disposal_load(txn, id, error) : NULL;

    if (row == NULL || !may_see(self, txn, row, &may, error))
        return false;
    if (!may) {
        g_set_error_literal(error, NSK_ERROR, NSK_ERROR_DENIED,
                            nsk_tr("proposals are for the archivists of the unit and above it, the "
                                   "superior of its archivist, and the head of the agency"));
        return false;
    }
    *out_result = nsk_disposal_to_json(self, txn, row, error);
    return *out_result != NULL;
}

bool
nsk_office_disposal_list(NskOffice *self, NskJson **out_result, GError **error)
{
    bool has_row = true;
    g_autoptr(NskJson) result = nsk_json_object();
    NskJson *list = nsk_json_array();
    g_autoptr(NskDbTxn) txn = nsk_db_snapshot(self->reader, error);
    g_autoptr(NskDbRows) rows =
        txn != NULL ? nsk_db_query(txn, sql_list, NSK_DB_PARAMS(NSK_DB_INT(MOST_LISTED)), error)
                    : NULL;

    nsk_json_set(result, "disposals", list);
    while (rows != NULL && has_row) {
        bool may = false;

        if (!nsk_db_rows_next(rows, &has_row, error))
            return false;
        g_autoptr(NskDisposalRow) row = has_row ? nsk_disposal_from_row(rows) : NULL;
        if (row != NULL && !may_see(self, txn, row, &may, error))
            return false;
        if (may)
            nsk_json_add(list, head_to_json(txn, row));
    }
    if (rows != NULL)
        *out_result = g_steal_pointer(&result);
    return rows != NULL;
}
