/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Loans of records for people, and what they open. */
#include "base/message.h"
#include "office/loan-private.h"

#include <string.h>

#define MOST_LISTED 1000

#define COLUMNS                                                                                    \
    "id, unit, person, what, why, until, state, letter, place, asked, decided, decided_by, given," \
    " given_by, ended, ended_by"

static const char sql_load[] = "SELECT " COLUMNS " FROM loan WHERE id = $1";
static const char sql_list[] = "SELECT " COLUMNS " FROM loan ORDER BY asked DESC, id DESC LIMIT $1";
static const char sql_opens[] = "SELECT 1 FROM loan WHERE letter = $1 AND person = $2"
                                " AND state = 'given' AND until >= $3 LIMIT 1";

void
nsk_loan_row_free(NskLoanRow *self)
{
    if (self == NULL)
        return;
    g_free(self->id);
    g_free(self->unit);
    g_free(self->person);
    g_free(self->what);
    g_free(self->why);
    g_free(self->until);
    g_free(self->state);
    g_free(self->letter);
    g_free(self->place);
    g_free(self->decided_by);
    g_free(self->given_by);
    g_free(self->ended_by);
    g_free(self);
}

static char *
take_text(NskDbRows *rows, int at)
{
    return nsk_db_rows_is_null(rows, at) ? NULL : g_strdup(nsk_db_rows_text(rows, at));
}

static NskLoanRow *
from_row(NskDbRows *rows)
{
    NskLoanRow *self = g_new0(NskLoanRow, 1);

    self->id = take_text(rows, 0);
    self->unit = take_text(rows, 1);
    self->person = take_text(rows, 2);
    self->what = take_text(rows, 3);
    self->why = take_text(rows, 4);
    self->until = take_text(rows, 5);
    self->state = take_text(rows, 6);
    self->letter = take_text(rows, 7);
    self->place = take_text(rows, 8);
    self->asked = nsk_db_rows_int(rows, 9);
    self->decided = nsk_db_rows_int(rows, 10);
    self->decided_by = take_text(rows, 11);
    self->given = nsk_db_rows_int(rows, 12);
    self->given_by = take_text(rows, 13);
    self->ended = nsk_db_rows_int(rows, 14);
    self->ended_by = take_text(rows, 15);
    return self;
}

NskLoanRow *
nsk_loan_load(NskDbTxn *txn, const char *id, GError **error)
{
    bool has_row = false;
    g_autoptr(NskDbRows) rows = nsk_db_query(txn, sql_load, NSK_DB_PARAMS(NSK_DB_TEXT(id)), error);

    if (rows == NULL || !nsk_db_rows_next(rows, &has_row, error))
        return NULL;
    if (has_row)
        return from_row(rows);
    g_set_error(error, NSK_ERROR, NSK_ERROR_NOT_FOUND,
                nsk_tr("there is no loan '%s'; see 'naskah loan list'"), id);
    return NULL;
}

bool
nsk_loan_opens(NskDbTxn *txn,
               const char *letter,
               const char *person,
               NskDate today,
               bool *out_opens,
               GError **error)
{
    g_autofree char *day = nsk_date_format(today);
    g_autoptr(NskDbRows) rows = nsk_db_query(
        txn, sql_opens, NSK_DB_PARAMS(NSK_DB_TEXT(letter), NSK_DB_TEXT(person), NSK_DB_TEXT(day)),
        error);

    *out_opens = false;
    return rows != NULL && nsk_db_rows_next(rows, out_opens, error);
}

/* --- Its JSON. -------------------------------------------------------------------------------- */

static void
set_instant(NskJson *json, const char *name, NskInstant at)
{
    g_autofree char *text = at != 0 ? nsk_instant_format(at) : NULL;

    nsk_json_set_text(json, name, text);
}

NskJson *
nsk_loan_to_json(NskOffice *self, NskDbTxn *txn, const NskLoanRow *row, bool keeps, GError **error)
{
    NskDate today;
    g_autoptr(NskPerson) person = nsk_directory_get_person(txn, row->person, NULL);
    g_autoptr(NskUnit) unit = nsk_directory_get_unit(txn, row->unit, NULL);

    if (!nsk_office_today(txn, row->unit, nsk_clock_now(self->clock), &today, error))
        return NULL;
    NskJson *json = nsk_json_object();
    g_autofree char *day = nsk_date_format(today);
    bool given = strcmp(row->state, "given") == 0;
    bool over = strcmp(row->until, day) < 0;
    nsk_json_set_text(json, "loan", row->id);
    nsk_json_set_text(json, "unit", row->unit);
    nsk_json_set_text(json, "unit_name", unit != NULL ? unit->name : row->unit);
    nsk_json_set_text(json, "person", row->person);
    nsk_json_set_text(json, "name", person != NULL ? person->printed : row->person);
    nsk_json_set_text(json, "what", row->what);
    nsk_json_set_text(json, "why", row->why);
    nsk_json_set_text(json, "until", row->until);
    nsk_json_set_text(json, "state", row->state);
    /* until it is given he does not learn which letter it is */
    nsk_json_set_text(json, "letter", keeps || given ? row->letter : NULL);
    nsk_json_set_text(json, "place", row->place);
    set_instant(json, "asked", row->asked);
    set_instant(json, "decided", row->decided);
    nsk_json_set_text(json, "decided_by", row->decided_by);
    set_instant(json, "given", row->given);
    nsk_json_set_text(json, "given_by", row->given_by);
    set_instant(json, "ended", row->ended);
    nsk_json_set_text(json, "ended_by", row->ended_by);
    nsk_json_set_bool(json, "overdue", given && over && row->place != NULL);
    nsk_json_set_bool(json, "open", given && !over && row->letter != NULL);
    nsk_json_set_bool(json, "keeps", keeps);
    return json;
}

/* Adds the loan, if the person asked for it or keeps its unit's files. */
static bool
add_loan(NskOffice *self,
         NskDbTxn *txn,
         GHashTable *kept,
         const NskLoanRow *row,
         NskJson *list,
         GError **error)
{
    bool keeps = g_hash_table_contains(kept, row->unit);

    if (!keeps && strcmp(row->person, self->person) != 0)
        return true;
    g_autoptr(NskJson) json = nsk_loan_to_json(self, txn, row, keeps, error);
    if (json != NULL)
        nsk_json_add(list, nsk_json_ref(json));
    return json != NULL;
}

bool
nsk_office_loan_show(NskOffice *self, const char *id, NskJson **out_result, GError **error)
{
    g_autoptr(NskDbTxn) txn = nsk_db_snapshot(self->reader, error);
    g_autoptr(NskLoanRow) row = txn != NULL ? nsk_loan_load(txn, id, error) : NULL;
    g_autoptr(GHashTable) kept = row != NULL ? nsk_berkas_list_kept(self, txn, error) : NULL;

    if (kept == NULL)
        return false;
    bool keeps = g_hash_table_contains(kept, row->unit);
    if (!keeps && strcmp(row->person, self->person) != 0) {
        g_set_error(error, NSK_ERROR, NSK_ERROR_NOT_FOUND,
                    nsk_tr("there is no loan '%s'; see 'naskah loan list'"), id);
        return false;
    }
    *out_result = nsk_loan_to_json(self, txn, row, keeps, error);
    return *out_result != NULL;
}

/* Of the loans those alone that should have come back. */
static void
keep_overdue(NskJson *result)
{
    NskJson *late = nsk_json_array();
    const NskJson *all = nsk_json_get(result, "loans");

    for (size_t i = 0; i < nsk_json_length(all); i++) {
        if (nsk_json_get_bool(nsk_json_at(all, i), "overdue", false))
            nsk_json_add(late, nsk_json_ref(nsk_json_at(all, i)));
    }
    nsk_json_set(result, "loans", late);
}

bool
nsk_office_loan_list(NskOffice *self, bool overdue, NskJson **out_result, GError **error)
{
    bool has_row = true;
    NskJson *list = nsk_json_array();
    g_autoptr(NskJson) result = nsk_json_object();
    g_autoptr(NskDbTxn) txn = nsk_db_snapshot(self->reader, error);
    g_autoptr(GHashTable) kept = txn != NULL ? nsk_berkas_list_kept(self, txn, error) : NULL;
    g_autoptr(NskDbRows) rows =
        kept != NULL ? nsk_db_query(txn, sql_list, NSK_DB_PARAMS(NSK_DB_INT(MOST_LISTED)), error)
                     : NULL;

    nsk_json_set(result, "loans", list);
    while (rows != NULL && has_row) {
        g_autoptr(NskLoanRow) row = NULL;

        if (!nsk_db_rows_next(rows, &has_row, error))
            return false;
        row = has_row ? from_row(rows) : NULL;
        if (row != NULL && !add_loan(self, txn, kept, row, list, error))
            return false;
    }
    if (rows == NULL)
        return false;
    if (overdue)
        keep_overdue(result);
    *out_result = g_steal_pointer(&result);
    return true;
}
